/*
 * test_what_if.c -- whatif.csv against runs whose plan really has the other cut.
 */
#include "run_directory.h"

#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RULES(mht, phq, both)                                                                      \
    "    - {id: mht_hi, rank: 2, when: \"mht.total >= " mht "\"}\n"                                \
    "    - {id: phq_hi, rank: 1, when: \"phq9.total >= " phq "\"}\n"                               \
    "    - {id: both, rank: 2, when: \"phq9.total > " both " and mht.total >= 1\"}\n"

typedef struct line {
    unsigned long long fires, decides, listed, waiting, schools;
    bool current;
} line;

/* The line of a rule, a score and a cut; fails the test where there is none. */
static line find_line(const char *text, const char *rule, const char *score, int cut)
{
    char start[80], yes[8];
    line out = {0};
    for (int rank = 1; rank <= 3; rank++) {
        snprintf(start, sizeof start, "\n%s,%d,%s,%d,", rule, rank, score, cut);
        const char *const at = strstr(text, start);
        if (at == NULL)
            continue;
        assert_int_equal(sscanf(at + strlen(start), "%7[a-z],%llu,%llu,%llu,%llu,%llu", yes,
                                &out.fires, &out.decides, &out.listed, &out.waiting, &out.schools),
                         6);
        out.current = strcmp(yes, "true") == 0;
        return out;
    }
    fail_msg("no line %s %s %d", rule, score, cut);
    return out;
}

/* What a run with this plan says: students with the rule, and students on the list. */
static void count(const char *rules, const char *rule, uint64_t *fires, uint64_t *listed)
{
    run_directory d;
    run_open(&d, &(ward_plan){.rules = rules}, 60);
    ward *const w = &d.ward;
    psyi_intake *intake;
    psyi_roster *roster;
    psy_error error;
    const char *const paths[] = {d.responses};
    const psyi_intake_options options = {
        .input = &w->plan->responses, .uses = w->plan->uses, .n_uses = w->plan->n_uses};
    assert_int_equal(psyi_intake_read(&intake, &options, paths, NULL, 1, NULL, NULL, &error),
                     PSY_OK);
    assert_int_equal(
        psyi_roster_read(&roster, &w->plan->roster, d.roster, NULL, NULL, NULL, &error), PSY_OK);
    assert_int_equal(
        psyi_cohort_run(&w->results, w->plan, intake, roster, NULL, 0, 1, NULL, NULL, &error),
        PSY_OK);
    *fires = *listed = 0;
    for (size_t s = 0; s < w->results->n_students; s++) {
        *listed += psyi_listed(w->results, s);
        for (size_t r = 0; r < w->results->book->n_rules; r++)
            *fires +=
                strcmp(w->results->book->rules[r].id, rule) == 0 && psyi_fired(w->results, s, r);
    }
    run_close(&d);
}

static void test_every_line_is_what_a_run_would_say(void **state)
{
    (void)state;
    run_directory d;
    run_open(&d, &(ward_plan){.rules = RULES("40", "10", "11")}, 60);
    d.options.no_workbooks = true;
    d.options.what_if = true;
    d.options.capacity = 3;
    assert_int_equal(run_go(&d), PSY_OK);
    char *const text = psy_test_read_file(run_path(&d, "whatif.csv"), NULL);
    char *const manifest = psy_test_read_file(run_path(&d, "run.json"), NULL);
    assert_non_null(strstr(manifest, "\"whatif.csv\""));
    free(manifest);
    run_close(&d);
    static const struct {
        const char *rules, *rule, *score;
        int cut;
        bool current;
    } cases[] = {{RULES("40", "10", "11"), "mht_hi", "mht.total", 40, true},
                 {RULES("20", "10", "11"), "mht_hi", "mht.total", 20, false},
                 {RULES("55", "10", "11"), "mht_hi", "mht.total", 55, false},
                 {RULES("90", "10", "11"), "mht_hi", "mht.total", 90, false},
                 {RULES("40", "2", "11"), "phq_hi", "phq9.total", 2, false},
                 {RULES("40", "13", "11"), "phq_hi", "phq9.total", 13, false},
                 {RULES("40", "10", "1"), "both", "phq9.total", 1, false},
                 {RULES("40", "10", "11"), "both", "phq9.total", 11, true},
                 {RULES("40", "10", "12"), "both", "phq9.total", 12, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t fires, listed;
        count(cases[i].rules, cases[i].rule, &fires, &listed);
        const line one = find_line(text, cases[i].rule, cases[i].score, cases[i].cut);
        assert_int_equal(one.fires, fires);
        assert_int_equal(one.listed, listed);
        assert_int_equal(one.current, cases[i].current);
        /* Three schools, three interviews each. */
        assert_true(one.waiting <= listed && one.waiting + 9 >= listed);
        assert_true(one.schools <= 3);
        assert_true(one.decides <= one.fires);
    }
    free(text);
}

static void test_only_where_asked(void **state)
{
    (void)state;
    run_directory d;
    run_open(&d, &(ward_plan){.rules = RULES("40", "10", "11")}, 30);
    d.options.no_workbooks = true;
    assert_int_equal(run_go(&d), PSY_OK);
    assert_false(psyi_file_exists(run_path(&d, "whatif.csv")));
    run_close(&d);
}

static void test_every_allocation_may_fail(void **state)
{
    (void)state;
    run_directory swept;
    run_open(&swept,
             &(ward_plan){.rules = RULES("40", "10", "11"),
                          .batteries = "  - {id: two, uses: [mht], second: {when: "
                                       "\"mht.total >= 30\", uses: [phq9]}}\n"},
             6);
    swept.options.no_workbooks = true;
    swept.options.what_if = true;
    psy_sweep(run_once, &swept);
    run_close(&swept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_line_is_what_a_run_would_say),
        cmocka_unit_test(test_only_where_asked),
        cmocka_unit_test(test_every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
