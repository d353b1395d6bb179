/*
 * test_decisions.c -- filters by sex, the second pass, errors of measurement, nearness to the
 * next tier, and the line a capacity draws.
 */
#include "screening_ward.h"

#include "tier/interval_words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define PHQ_0 "000000000"

/* ---- sex ---- */

static void test_a_rule_for_one_sex(void **state)
{
    (void)state;
    static const ward_row rows[] = {
        {.student = "G", .school = "A", .grade = "8", .sex = "f", .phq = "222220000"},
        {.student = "B", .school = "A", .grade = "8", .sex = "m", .phq = "222220000"},
        {.student = "N", .school = "A", .grade = "8", .sex = "", .phq = "222220000"},
        {.student = "L", .school = "A", .grade = "8", .sex = "", .phq = "000000000"},
        {.student = "P", .school = "A", .grade = "5", .sex = "f", .phq = "222220000"}};
    ward w;
    ward_open(&w, &(ward_plan){.batteries = "  - {id: all, uses: [phq9]}\n",
                               .rules = "    - {id: girls, rank: 1, when: \"phq9.total >= 10\", "
                                        "sex: female, stages: [junior]}\n"});
    ward_run(&w, NULL, rows, 5, 1);
    assert_string_equal(ward_line(&w, NULL, "G"), "valid 1 1 girls -");
    assert_string_equal(ward_line(&w, NULL, "B"),
                        "valid 0 0 - -"); /* the flags still speak of him */
    /* Nobody knows whether it speaks about this child: a gap in the data, never "none". */
    assert_string_equal(ward_line(&w, NULL, "N"), "valid - - - girls:no_norm");
    assert_string_equal(ward_line(&w, NULL, "L"), "valid 0 0 - -");
    assert_string_equal(ward_line(&w, NULL, "P"), "valid 0 0 - -");
    ward_close(&w);
}

/* ---- the second pass ---- */

#define SECOND "  - {id: two, uses: [mht], second: {when: \"mht.total >= 56\", uses: [phq9]}}\n"

static void test_the_second_pass_is_asked_of_whom_the_first_points_at(void **state)
{
    (void)state;
    const ward_row rows[] = {
        {.student = "LOW", .school = "A", .grade = "8", .sex = "f", .mht = mht(10, 0, NULL)},
        {.student = "HIGH", .school = "A", .grade = "8", .sex = "f", .mht = mht(60, 0, NULL)},
        {.student = "DONE",
         .school = "A",
         .grade = "8",
         .sex = "f",
         .mht = mht(60, 0, NULL),
         .phq = PHQ_0},
        /* 55 and a blank: may be 56, so the second look is not spared. */
        {.student = "OPEN", .school = "A", .grade = "8", .sex = "f", .mht = mht(55, 0, "80=.")},
        /* Not asked, but answered: counts. */
        {.student = "MORE",
         .school = "A",
         .grade = "8",
         .sex = "f",
         .mht = mht(10, 0, NULL),
         .phq = "333333333"}};
    ward w;
    ward_open(&w,
              &(ward_plan){.batteries = SECOND,
                           .rules = "    - {id: phq_10, rank: 1, when: \"phq9.total >= 10\"}\n"
                                    "    - {id: mht_65, rank: 2, when: \"mht.total >= 65\"}\n"});
    ward_run(&w, NULL, rows, 5, 2);
    /* What was not asked is not missing. */
    assert_string_equal(ward_line(&w, NULL, "LOW"), "valid 0 0 - -");
    assert_string_equal(ward_line(&w, NULL, "HIGH"),
                        "incomplete - 3 - phq9.critical_9;phq9.urgent_9;phq_10");
    assert_string_equal(ward_line(&w, NULL, "DONE"), "valid 0 0 - -");
    assert_string_equal(ward_line(&w, NULL, "OPEN"),
                        "incomplete - 3 - phq9.critical_9;phq9.urgent_9;phq_10");
    assert_string_equal(ward_line(&w, NULL, "MORE"),
                        "valid 3 3 phq9.critical_9;phq9.urgent_9;phq_10 -");
    const size_t high = ward_student(&w, NULL, "HIGH"), low = ward_student(&w, NULL, "LOW");
    assert_true((w.results->students[high].why & PSYI_WHY_SECOND_PASS) != 0);
    assert_true((w.results->students[high].why & PSYI_WHY_USE_NOT_GIVEN) == 0);
    assert_true(psyi_listed(w.results, high)); /* somebody has to give it */
    assert_false(psyi_listed(w.results, low));
    ward_close(&w);
}

/* While no file of the second pass is there, whoever waits for it is not "none". */
static void test_before_the_second_pass(void **state)
{
    (void)state;
    ward w;
    psy_error error;
    ward_open(&w,
              &(ward_plan){.batteries = SECOND,
                           .rules = "    - {id: mht_65, rank: 2, when: \"mht.total >= 65\"}\n"});
    psyi_buffer csv;
    psyi_buffer_init(&csv, NULL);
    psyi_buffer_text(&csv, "student,school,grade,class,sex,name,time,seconds,consent,informant");
    for (unsigned i = 1; i <= 100; i++)
        psyi_buffer_format(&csv, ",M%u", i);
    static const char *const who[] = {"LOW", "HIGH"};
    for (unsigned k = 0; k < 2; k++) {
        const char *const answers = mht(k == 0 ? 3 : 60, 0, NULL);
        psyi_buffer_format(&csv, "\n%s,A,8,1,f,,,,,", who[k]);
        for (unsigned i = 0; i < 100; i++)
            psyi_buffer_format(&csv, ",%c", answers[i]);
    }
    psyi_buffer_text(&csv, "\n");
    assert_int_equal(ward_try_text(&w, NULL, csv.data, 1, NULL, &error), PSY_OK);
    assert_string_equal(ward_line(&w, NULL, "LOW"), "valid 0 0 - -");
    assert_string_equal(ward_line(&w, NULL, "HIGH"), "incomplete - - - -");
    assert_true(psyi_listed(w.results, ward_student(&w, NULL, "HIGH")));
    psyi_buffer words;
    psyi_buffer_init(&words, NULL);
    psyi_status_words(w.results, ward_student(&w, NULL, "HIGH"), PSYI_ZH, &words);
    assert_string_equal(words.data, "待做第二轮评估");
    psyi_buffer_done(&words);
    psyi_buffer_done(&csv);
    ward_close(&w);
}

/* ---- errors of measurement ---- */

static void test_exceedance_in_errors_of_measurement(void **state)
{
    (void)state;
    const ward_row rows[] = {{.student = "M",
                              .school = "A",
                              .grade = "8",
                              .sex = "f",
                              .mht = mht(80, 0, NULL),
                              .phq = PHQ_0},
                             {.student = "P",
                              .school = "A",
                              .grade = "8",
                              .sex = "f",
                              .mht = mht(0, 0, NULL),
                              .phq = "333330000"}};
    ward w;
    ward_open(&w, &(ward_plan){.tiers = "  precision:\n"
                                        "    mht.total: {reliability: 0.84, sd: 15, cite: a}\n"
                                        "    phq9.total: {sem: 2.5, cite: b}\n"});
    ward_run(&w, NULL, rows, 2, 1);
    /* SEM = 15 sqrt(1 - .84) = 6; (80 - 56)/6 = 4.  (15 - 10)/2.5 = 2. */
    const double m = w.results->students[ward_student(&w, NULL, "M")].exceedance;
    const double p = w.results->students[ward_student(&w, NULL, "P")].exceedance;
    assert_true(fabs(m - 4) < 1e-12);
    assert_true(fabs(p - 2) < 1e-12);
    ward_close(&w);
}

static psyi_near_told near_of(const ward *w, const char *student)
{
    psyi_near_told list;
    psy_error error;
    assert_int_equal(
        psyi_near_students(w->results, ward_student(w, NULL, student), 1, &list, &error), PSY_OK);
    return list;
}

static void assert_near(const ward *w, const char *student, psyi_language language,
                        const char *expect)
{
    const psyi_near_told list = near_of(w, student);
    psyi_buffer words;
    psyi_buffer_init(&words, NULL);
    psyi_buffer_text(&words, "");
    psyi_near_words(w->results, ward_student(w, NULL, student), &list, language, &words);
    assert_string_equal(words.data, expect);
    psyi_buffer_done(&words);
}

static void test_nearness_in_words(void **state)
{
    (void)state;
    const ward_row rows[] = {{.student = "JUST",
                              .school = "A",
                              .grade = "8",
                              .sex = "f",
                              .mht = mht(55, 0, NULL),
                              .phq = PHQ_0},
                             {.student = "TOP",
                              .school = "A",
                              .grade = "8",
                              .sex = "f",
                              .mht = mht(70, 0, NULL),
                              .phq = "333333322"},
                             {.student = "MID",
                              .school = "A",
                              .grade = "8",
                              .sex = "f",
                              .mht = mht(58, 0, NULL),
                              .phq = PHQ_0},
                             {.student = "BLANK",
                              .school = "A",
                              .grade = "8",
                              .sex = "f",
                              .mht = mht(5, 0, "80=."),
                              .phq = PHQ_0}};
    ward w;
    ward_open(&w, &(ward_plan){.tiers = "  precision: {mht.total: {sem: 5, cite: a}}\n"});
    ward_run(&w, NULL, rows, 4, 1);
    assert_near(&w, "JUST", PSYI_ZH,
                "MHT 全量表分 55（测量标准误95%区间 45.2–64.8）：还差 1 "
                "分即达三级预警，在误差范围内；PHQ-9 总分 0：还差 "
                "10 分即达三级预警");
    assert_near(&w, "MID", PSYI_EN,
                "MHT Full-scale score 58 (SEM 95 % interval 48.2 to 67.8): 7 below level 2, "
                "within the error; "
                "PHQ-9 Total 0: 15 below level 2");
    assert_near(&w, "TOP", PSYI_EN, ""); /* nothing is worse */
    /* A score that is not given out is near nothing; its blanks are asked for instead. */
    assert_near(&w, "BLANK", PSYI_EN, "PHQ-9 Total 0: 10 below level 3");
    ward_close(&w);
}

static void assert_words(psyi_buffer *words, const char *expect)
{
    assert_string_equal(words->data != NULL ? words->data : "", expect);
    psyi_buffer_clear(words);
}

/* The psychometric package of R, for x = 65, rho = .85, mean 50, SD 10 (methods, intervals):
 * observed 57.41 to 72.59; true score 62.75, 55.75 to 69.75; second testing 52.43 to 73.07. */
static void test_intervals_name_themselves(void **state)
{
    (void)state;
    ward w;
    psyi_buffer words;
    psyi_buffer_init(&words, NULL);
    ward_open(&w,
              &(ward_plan){.tiers = "  precision:\n"
                                    "    mht.total: {reliability: 0.85, sd: 10, mean: 50, cite: a, "
                                    "confidence: memory}\n"
                                    "    phq9.total: {sem: 2.5, cite: b}\n"});
    const unsigned total = psyi_find_scale(w.plan->uses[0].instrument, "total");
    const unsigned other = psyi_find_scale(w.plan->uses[0].instrument, "study_anxiety");
    psyi_sem_words(w.plan, 0, total, 65, true, PSYI_EN, &words);
    assert_words(&words, " (SEM 57.4 to 72.6)");
    psyi_interval_words(w.plan, 0, total, 65, PSYI_EN, &words);
    assert_words(&words, "observed scores, given this true score (SEM): 57.4 to 72.6\n"
                         "true score (Kelley): 55.8 to 69.7\n" /* 55.7518, 69.7482 */
                         "score of a second testing (prediction): 52.4 to 73.1\n"
                         "(reliability from memory, not checked)");
    psyi_interval_words(w.plan, 1, 0, 26, PSYI_ZH, &words);
    /* No reliability, no other interval; nothing beyond the 27 points there are. */
    assert_words(&words, "真分数为该值时观察分的范围(测量标准误)：21.1–27");
    assert_null(psyi_plan_precision(w.plan, 0, other));
    psyi_interval_words(w.plan, 0, other, 5, PSYI_ZH, &words);
    psyi_sem_words(w.plan, 0, other, 5, false, PSYI_ZH, &words);
    assert_words(&words, "");
    psyi_buffer_done(&words);
    ward_close(&w);
}

static void test_stand_ins_are_named(void **state)
{
    (void)state;
    psyi_buffer words;
    psyi_buffer_init(&words, NULL);
    ward w;
    ward_open(&w, &(ward_plan){.tiers = "  precision: {phq9.total: {sem: 2.5, cite: b}}\n",
                               .rules = "    - {id: a, rank: 2, when: \"mht.total >= 65 or "
                                        "phq9.total >= 10\"}\n"
                                        "    - {id: b, rank: 1, when: \"mht.total >= 56 or "
                                        "mht.study_anxiety >= 8 or phq9.item(1) >= 2\"}\n"});
    const ward_row rows[] = {
        {.student = "A", .school = "A", .grade = "8", .mht = mht(0, 0, NULL), .phq = PHQ_0}};
    ward_run(&w, NULL, rows, 1, 1);
    assert_int_equal(psyi_stand_in_words(w.results->book, 3, 4, PSYI_ZH, &words), 2);
    assert_words(&words, "MHT 全量表分、MHT 学习焦虑");
    assert_int_equal(psyi_stand_in_words(w.results->book, 3, 1, PSYI_EN, &words), 2);
    assert_words(&words, "MHT Full-scale score and 1 more");
    assert_int_equal(psyi_stand_in_words(w.results->book, 2, 4, PSYI_EN, &words), 0);
    assert_words(&words, "");
    psyi_buffer_done(&words);
    ward_close(&w);
}

/* A count of scales, an "and", a strict limit: asked, not imitated. */
static void test_nearness_through_rules_of_several_parts(void **state)
{
    (void)state;
    const ward_row rows[] = {{.student = "A",
                              .school = "A",
                              .grade = "8",
                              .sex = "f",
                              .mht = mht(9, 0, NULL),
                              .phq = "222220000"},
                             {.student = "B",
                              .school = "A",
                              .grade = "8",
                              .sex = "f",
                              .mht = mht(9, 0, NULL),
                              .phq = PHQ_0}};
    ward w;
    ward_open(&w, &(ward_plan){.rules = "    - {id: both, rank: 2, when: \"mht.total > 20 and "
                                        "phq9.total >= 10\"}\n"
                                        "    - {id: two, rank: 1, when: \"count(mht.study_anxiety "
                                        ">= 9, mht.social_anxiety >= 2) >= 2\"}\n"});
    ward_run(&w, NULL, rows, 2, 1);
    /* 9 of study anxiety, none of social anxiety: two more there make the second rule. */
    psyi_near_told list = near_of(&w, "A");
    assert_int_equal(list.n, 2);
    const psy_instrument *const m = w.plan->uses[0].instrument;
    /* 12 of 90 are less than 2 of 8. */
    assert_int_equal(list.near[0].scale, psyi_find_scale(m, "total"));
    assert_int_equal(list.near[1].scale, psyi_find_scale(m, "social_anxiety"));
    for (size_t i = 0; i < list.n; i++) {
        const bool total = list.near[i].scale == psyi_find_scale(m, "total");
        assert_int_equal(list.near[i].distance.num, total ? 12 : 2); /* 9 -> 21 is above 20 */
        assert_int_equal(list.near[i].rank, total ? 2 : 1);
    }
    list = near_of(&w, "B");
    assert_int_equal(list.n, 1); /* neither part of the first rule is enough alone */
    ward_close(&w);
}

/* ---- capacity ---- */

static void test_the_line_of_a_capacity(void **state)
{
    (void)state;
    ward_row rows[10];
    static char codes[10][4];
    for (unsigned i = 0; i < 10; i++) {
        snprintf(codes[i], sizeof codes[i], "S%u", i);
        rows[i] = (ward_row){.student = codes[i],
                             .school = "A",
                             .grade = "8",
                             .sex = "f",
                             .mht = mht(57 + i, 0, NULL),
                             .phq = i < 3 ? "000000002" : PHQ_0};
    }
    ward w;
    ward_open(&w, &(ward_plan){.tiers = "  capacity: 5\n"});
    ward_run(&w, NULL, rows, 10, 1);
    uint32_t order[10];
    assert_int_equal(psyi_list_order(w.results, 0, order), 10); /* nobody is dropped */
    assert_int_equal(psyi_list_line(w.results, order, 10), 5);
    w.results->capacity = 2; /* three are urgent */
    assert_int_equal(psyi_list_line(w.results, order, 10), 3);
    w.results->capacity = 20;
    assert_int_equal(psyi_list_line(w.results, order, 10), 10);
    w.results->capacity = 0;
    assert_int_equal(psyi_list_line(w.results, order, 10), 10);
    ward_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_rule_for_one_sex),
        cmocka_unit_test(test_the_second_pass_is_asked_of_whom_the_first_points_at),
        cmocka_unit_test(test_before_the_second_pass),
        cmocka_unit_test(test_exceedance_in_errors_of_measurement),
        cmocka_unit_test(test_nearness_in_words),
        cmocka_unit_test(test_intervals_name_themselves),
        cmocka_unit_test(test_stand_ins_are_named),
        cmocka_unit_test(test_nearness_through_rules_of_several_parts),
        cmocka_unit_test(test_the_line_of_a_capacity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
