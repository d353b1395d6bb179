/*
 * test_cohort_memory.c -- every allocation of the cohort fails once and for good: an error,
 * no leak, no result; and one code on every row must not take all day.
 */
#include "screening_ward.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static ward shared;
static ward_row rows[12];
static const char ROSTER[] = WARD_ROSTER "A,S1,8,1,f,1,y,\nA,S1,8,2,f,1,y,\nA,S2,6,1,m,1,n,\n"
                                         "B,S1,9,1,f,1,u,\nB,S4,7,1,f,0,y,\nB,,7,1,f,1,y,\n";

static psy_status run_once(const psy_allocator *allocator, void *context)
{
    (void)context;
    const psy_status status =
        ward_try(&shared, ROSTER, rows, sizeof rows / sizeof rows[0], 2, allocator, NULL);
    if (status == PSY_OK) {
        psyi_buffer text;
        psyi_buffer_init(&text, NULL);
        for (size_t s = 0; s < shared.results->n_students; s++)
            for (size_t rule = 0; rule < shared.results->book->n_rules; rule++)
                psyi_explain(shared.results, s, rule, PSYI_ZH, &text);
        for (size_t s = 0; s < shared.results->n_students; s++)
            psyi_status_words(shared.results, s, PSYI_EN, &text);
        const bool failed = text.failed; /* words need a little memory of their own */
        psyi_buffer_done(&text);
        psyi_results_free(shared.results);
        shared.results = NULL;
        return failed ? PSY_E_NOMEM : PSY_OK;
    }
    assert_null(shared.results);
    return status;
}

static void test_every_allocation_may_fail(void **state)
{
    (void)state;
    static const char *const codes[] = {"S1", "s2", "S4", "S9", "", "S1"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        rows[i] = (ward_row){.student = codes[i % 6],
                             .school = i % 5 == 0  ? ""
                                       : i % 6 < 2 ? "A"
                                                   : "B",
                             .grade = i % 4 == 0 ? "" : "8",
                             .class_text = "2",
                             .time = i % 3 == 0 ? "" : "2026-10-01 08:00:01",
                             .seconds = i % 2 ? "40" : "400",
                             .mht = mht((unsigned)(7 * i), (unsigned)i % 9, i % 2 ? "85=1" : "7=."),
                             .phq = i % 2 ? "33333333." : "000000001"};
    ward_open(&shared,
              &(ward_plan){.identity = "{output: pseudonym, key_file: k}",
                           .consent = "{no_consent: critical_only, unanswered: refuse}",
                           .norms = "{id: here, scale: mht.total, local: {by: [stage, sex], min_n: "
                                    "3, below: shrink, pool_below: 2}, metrics: [t, percentile]}",
                           .policy =
                               "{attention: {items: [{use: phq9, item: 1, pass: 0}]}, pattern: "
                               "{min_items: 9, directions: any, irv: 0.1, average_run: 3}, "
                               "time: {relative_speed: 2}, inconsistency: {min_items: 9, "
                               "min_n: 3, synonyms: 0.2, antonyms: 0, even_odd: 0.3, min_pairs: "
                               "3, pair_r: 0.1, guttman: 0.9, u3: 0.2}, notes: {burst_n: 2, "
                               "copies_items: 9}}",
                           .validity = "{id: odd, when: \"mht.total.t@here > 62\", status: "
                                       "retest, text: {en: odd}}"});
    assert_true(psy_sweep(run_once, NULL) > 50);
    ward_close(&shared);
}

static void test_one_code_on_every_row(void **state)
{
    (void)state;
    enum { MANY = 6000 };
    ward_row *const all = calloc(MANY, sizeof *all);
    char(*const phqs)[10] = calloc(MANY, sizeof *phqs);
    for (unsigned i = 0; i < MANY; i++) {
        snprintf(phqs[i], sizeof phqs[i], "%u%u%u%u%u%u%u00", i % 4, i / 4 % 4, i / 16 % 4,
                 i / 64 % 4, i / 256 % 4, i / 1024 % 4, i / 4096 % 4);
        all[i] = (ward_row){
            .student = "none", .school = "A", .grade = "8", .phq = phqs[i], .mht = mht(0, 0, NULL)};
    }
    ward w;
    ward_open(&w, &(ward_plan){.rules = NULL});
    ward_run(&w, NULL, all, MANY, 2);
    assert_int_equal(w.results->n_students, 1);
    assert_int_equal(w.results->students[0].n_cases, MANY);
    assert_string_equal(ward_line(&w, NULL, "none"), "doubtful 2 2 phq_15;phq_10 -");
    free(all);
    free(phqs);
    ward_close(&w);
}

static void test_nothing_at_all(void **state)
{
    (void)state;
    ward w;
    ward_open(&w, &(ward_plan){.rules = NULL});
    ward_run(&w, NULL, rows, 0, 2);
    assert_int_equal(w.results->n_students, 0);
    ward_run(&w, WARD_ROSTER "A,S1,8,1,f,1,,\n", rows, 0, 2);
    assert_string_equal(ward_line(&w, NULL, "S1"), "absent - - - -");
    ward_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_allocation_may_fail),
        cmocka_unit_test(test_one_code_on_every_row),
        cmocka_unit_test(test_nothing_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
