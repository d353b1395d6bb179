/*
 * test_local_norms.c -- who makes a local norm, whom it judges, and what happens to groups
 * that are too small.
 */
#include "screening_ward.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define NORM                                                                                       \
    "{id: here, scale: mht.total, local: {by: [stage, grade], min_n: 5, below: pool}, metrics: "   \
    "[t, percentile]}"

static int32_t local_of(const ward *w, unsigned column, const char *student)
{
    const psyi_results *const r = w->results;
    const size_t s = ward_student(w, NULL, student);
    return r->cases.local[column * r->cases.n + r->students[s].first_case];
}

static const psyi_local_result *group(const ward *w, unsigned stage, unsigned grade)
{
    for (size_t i = 0; i < w->results->n_locals; i++)
        if (w->results->locals[i].stage == stage && w->results->locals[i].grade == grade)
            return &w->results->locals[i];
    return NULL;
}

static void test_standard_scores_of_a_group(void **state)
{
    (void)state;
    ward_crowd c = {.n = 0};
    for (unsigned i = 0; i < 5; i++)
        ward_add(&c, "7", 10 * i, 0); /* mean 20, sd sqrt(250) = 15.811... */
    ward w;
    ward_open(&w, &(ward_plan){.norms = NORM});
    ward_run(&w, NULL, c.rows, c.n, 1);
    assert_int_equal(local_of(&w, 0, "S00"), 374); /* 50 - 10 * 20/15.811 = 37.351 */
    assert_int_equal(local_of(&w, 0, "S02"), 500);
    assert_int_equal(local_of(&w, 0, "S04"), 626);
    assert_int_equal(local_of(&w, 1, "S00"), 100); /* (0 + 1/2)/5 */
    assert_int_equal(local_of(&w, 1, "S04"), 900);
    assert_int_equal(w.results->n_locals, 1);
    ward_close(&w);
}

static void test_small_groups_are_pooled_by_their_last_key(void **state)
{
    (void)state;
    ward_crowd c = {.n = 0};
    for (unsigned i = 0; i < 5; i++)
        ward_add(&c, "7", 10 * i, 0);
    ward_add(&c, "8", 30, 0);  /* alone in grade 8: judged by junior */
    ward_add(&c, "10", 30, 0); /* alone in senior: judged by everybody */
    ward w;
    ward_open(&w, &(ward_plan){.norms = NORM});
    ward_run(&w, NULL, c.rows, c.n, 1);
    assert_int_equal(group(&w, PSYI_STAGE_JUNIOR, 7)->histogram->n, 5);
    assert_int_equal(group(&w, PSYI_STAGE_JUNIOR, 0)->histogram->n, 6);
    assert_int_equal(group(&w, 0, 0)->histogram->n, 7);
    assert_int_equal(w.results->n_locals, 3);
    assert_int_equal(ward_findings(&w, "norm_pooled", "here"), 2);
    assert_int_equal(local_of(&w, 1, "S05"), 667); /* below 30: 3, at it: 2, of 6 */
    assert_int_equal(local_of(&w, 1, "S06"), 643); /* below 30: 3, at it: 3, of 7 */
    ward_close(&w);
}

static void test_small_groups_are_shrunk_when_the_plan_says_so(void **state)
{
    (void)state;
    ward_crowd c = {.n = 0};
    for (unsigned i = 0; i < 30; i++)
        ward_add(&c, i % 3 == 0 ? "7" : i % 3 == 1 ? "8" : "9", 2 * i + i % 3 * 9, 0);
    for (unsigned i = 0; i < 6; i++)
        ward_add(&c, "10", 10 * i, 0);
    ward_add(&c, "11", 50, 0);
    ward w;
    ward_open(&w, &(ward_plan){.norms = "{id: here, scale: mht.total, local: {by: [grade], min_n: "
                                        "8, below: shrink, pool_below: 4}, metrics: [t, "
                                        "percentile, stanine_linear, t_blom]}"});
    ward_run(&w, NULL, c.rows, c.n, 1);
    assert_int_equal(ward_findings(&w, "norm_shrunk", "here"), 1);
    assert_int_equal(ward_findings(&w, "norm_pooled", "here"), 1); /* grade 11, alone */
    const psyi_local_result *const ten = group(&w, 0, 10);
    assert_non_null(ten);
    assert_true(ten->shrunk && !ten->pooled && ten->lambda > 0 && ten->lambda < 1);
    assert_int_equal(ten->histogram->n, 6);
    /* Its mean is 25; the others lie higher, so it is drawn up and 50 scores below what it
     * would have alone (50 + 10 (50 - 25)/18.71 = 63.4). */
    assert_true(ten->mean > 25);
    const int32_t t = local_of(&w, 0, c.codes[35]);
    assert_true(t > 500 && t < 634);
    assert_true(t == (int32_t)floor(500 + 100 * (50 - ten->mean) / ten->sd + 0.5));
    assert_int_equal(local_of(&w, 2, c.codes[35]),
                     (int32_t)floor(2 * (50 - ten->mean) / ten->sd + 5.5));
    /* Ranks by everybody: 37 scores. */
    assert_true(local_of(&w, 1, c.codes[35]) != PSYI_NO_STANDARD);
    assert_true(local_of(&w, 3, c.codes[35]) != PSYI_NO_STANDARD);
    ward_close(&w);
}

static void test_too_few_altogether_is_no_norm(void **state)
{
    (void)state;
    ward_crowd c = {.n = 0};
    for (unsigned i = 0; i < 4; i++)
        ward_add(&c, "7", 10 * i, 0);
    ward w;
    ward_open(&w, &(ward_plan){.norms = NORM});
    ward_run(&w, NULL, c.rows, c.n, 1);
    assert_int_equal(w.results->n_locals, 0);
    assert_int_equal(ward_findings(&w, "norm_too_few", NULL), 1);
    assert_int_equal(local_of(&w, 0, "S00"), PSYI_NO_STANDARD);
    ward_close(&w);
}

static void test_who_does_not_make_a_norm_is_judged_by_it(void **state)
{
    (void)state;
    ward_crowd c = {.n = 0};
    for (unsigned i = 0; i < 5; i++)
        ward_add(&c, "7", 10 * i, 0);
    ward_add(&c, "7", 80, 8); /* lie scale: retest */
    ward_add(&c, "7", 50, 0); /* two papers that differ */
    ward_add(&c, "7", 60, 0);
    c.rows[c.n - 1].student = c.codes[c.n - 2];
    ward_add(&c, "7", 45, 0); /* a blank: no printed score */
    c.rows[c.n - 1].mht = mht(45, 0, "80=.");
    ward_add(&c, "7", 5, 0); /* nobody asked him */
    c.rows[c.n - 1].consent = "n";
    ward_add(&c, "", 40, 0); /* grade unknown */
    for (size_t i = 0; i < c.n; i++)
        if (c.rows[i].consent == NULL)
            c.rows[i].consent = "y";
    ward w;
    ward_open(&w, &(ward_plan){.norms = NORM,
                               .consent = "{no_consent: critical_only, unanswered: refuse}"});
    ward_run(&w, NULL, c.rows, c.n, 1);
    assert_int_equal(group(&w, PSYI_STAGE_JUNIOR, 7)->histogram->n, 5);
    assert_int_equal(local_of(&w, 0, "S05"), 879); /* 50 + 10 (80 - 20)/15.811 = 87.947 */
    assert_int_equal(local_of(&w, 0, "S08"), PSYI_NO_STANDARD);
    assert_int_equal(local_of(&w, 0, "S10"), PSYI_NO_STANDARD);
    ward_close(&w);
}

static void test_rule_on_a_local_norm(void **state)
{
    (void)state;
    static const char rules[] =
        "    - {id: high_here, rank: 1, when: \"mht.total.t@here >= 60\", text: {en: high here}}\n"
        "    - {id: mht_65, rank: 2, when: \"mht.total >= 65\"}\n";
    ward_crowd c = {.n = 0};
    for (unsigned i = 0; i < 5; i++)
        ward_add(&c, "7", 10 * i, 0);
    ward_add(&c, "7", 40, 0); /* a blank leaves the rule open for a blank */
    c.rows[5].mht = mht(40, 0, "80=.");
    ward_add(&c, "", 70, 0);
    ward w;
    ward_open(&w, &(ward_plan){
                      .norms = NORM, .rules = rules, .batteries = "  - {id: all, uses: [mht]}\n"});
    ward_run(&w, NULL, c.rows, c.n, 1);
    assert_string_equal(ward_line(&w, NULL, "S04"), "valid 1 1 high_here -");
    assert_string_equal(ward_line(&w, NULL, "S00"), "valid 0 0 - -");
    assert_string_equal(ward_line(&w, NULL, "S05"), "incomplete - 1 - high_here");
    /* No grade, no group: the data are to be repaired, the rest is decided. */
    assert_string_equal(ward_line(&w, NULL, "S06"), "valid 2 2 mht_65 high_here:no_norm");
    assert_int_equal(ward_findings(&w, "no_norm", "S06"), 1);
    ward_close(&w);
}

static void check_words(const ward *w, const char *student, const char *expected)
{
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    psyi_explain(w->results, ward_student(w, NULL, student), w->results->book->n_critical, PSYI_ZH,
                 &text);
    assert_string_equal(text.data, expected);
    psyi_buffer_done(&text);
}

static void test_local_norms_in_words(void **state)
{
    (void)state;
    static const char rules[] = "    - {id: high_here, rank: 1, when: \"mht.total.t@here >= 60 or "
                                "mht.critical_85\", text: {zh: 本地高}}\n";
    ward_crowd c = {.n = 0};
    for (unsigned i = 0; i < 5; i++)
        ward_add(&c, "7", 10 * i, 0);
    ward_add(&c, "7", 40, 0);
    c.rows[5].mht = mht(40, 0, "3=.,85=.");
    ward w;
    ward_open(&w, &(ward_plan){.norms = NORM, .rules = rules});
    ward_run(&w, NULL, c.rows, c.n, 1);
    check_words(
        &w, "S04",
        "本地高（MHT 全量表分 T分（本地常模 here） = 62.6 [≥60]；MHT 第85题（消极轻生意念） = 否）");
    check_words(&w, "S05",
                "本地高（MHT 全量表分 T分（本地常模 here） = 未计分 [≥60]；MHT "
                "第85题（消极轻生意念） = 未能判定；缺答：MHT 第3、85题）");
    ward_close(&w);
}

static void test_no_norm_prevents_none(void **state)
{
    (void)state;
    static const char rules[] =
        "    - {id: high_here, rank: 1, when: \"mht.total.t@here >= 60\", text: {en: high here}}\n";
    ward_crowd c = {.n = 0};
    ward_add(&c, "7", 10, 0);
    ward w;
    ward_open(&w, &(ward_plan){.norms = NORM, .rules = rules});
    ward_run(&w, NULL, c.rows, c.n, 1);
    assert_string_equal(ward_line(&w, NULL, "S00"), "valid - - - high_here:no_norm");
    assert_true((w.results->students[0].why & PSYI_WHY_NO_NORM) != 0);
    ward_close(&w);
}

static void test_validity_rule_on_a_norm_never_re_enters_it(void **state)
{
    (void)state;
    ward_crowd c = {.n = 0};
    for (unsigned i = 0; i < 6; i++)
        ward_add(&c, "7", 10 * i, 0);
    ward w;
    ward_open(&w, &(ward_plan){.norms = NORM,
                               .validity = "{id: odd, when: \"mht.total.t@here > 62\", "
                                           "status: retest, text: {en: odd}}"});
    ward_run(&w, NULL, c.rows, c.n, 1);
    assert_int_equal(group(&w, PSYI_STAGE_JUNIOR, 7)->histogram->n, 6);
    assert_int_equal(w.results->students[5].status, PSYI_STATUS_RETEST);
    assert_int_equal(w.results->students[5].validity_rule, 0);
    assert_int_equal(w.results->students[0].status, PSYI_STATUS_VALID);
    ward_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_standard_scores_of_a_group),
        cmocka_unit_test(test_small_groups_are_pooled_by_their_last_key),
        cmocka_unit_test(test_small_groups_are_shrunk_when_the_plan_says_so),
        cmocka_unit_test(test_too_few_altogether_is_no_norm),
        cmocka_unit_test(test_who_does_not_make_a_norm_is_judged_by_it),
        cmocka_unit_test(test_rule_on_a_local_norm),
        cmocka_unit_test(test_local_norms_in_words),
        cmocka_unit_test(test_no_norm_prevents_none),
        cmocka_unit_test(test_validity_rule_on_a_norm_never_re_enters_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
