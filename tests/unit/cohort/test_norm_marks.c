/*
 * test_norm_marks.c -- no standard score that is the end of a table, of a wider or shrunk group,
 * of another time or of other people stands there like an exact one.
 */
#include "screening_ward.h"

#include "norm/norm_marks.h"
#include "report/report.h"
#include "tier/case_marks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint8_t mark_of(const ward *w, unsigned column, const char *student)
{
    const psyi_results *const r = w->results;
    return psyi_case_marks(&r->cases, r->students[ward_student(w, NULL, student)].first_case,
                           psyi_column(PSYI_COLUMN_LOCAL, 0, 0, column));
}

static int keep(void *context, const void *text, size_t length)
{
    psyi_buffer_add(context, text, length);
    return 0;
}

/* The cell of a student in scores.csv. */
static void check_cell(const ward *w, const char *student, const char *column, const char *expected)
{
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    const psy_sink sink = {.context = &text, .write = keep};
    assert_int_equal(psyi_report_scores(w->results, &sink, NULL), PSY_OK);
    size_t at = 0, wanted = SIZE_MAX;
    char *lines = text.data, *line;
    bool found = false;
    while ((line = strsep(&lines, "\n")) != NULL && *line != '\0') {
        char *cells = line, *cell;
        bool his = false;
        for (at = 0; (cell = strsep(&cells, ",")) != NULL; at++) {
            if (wanted == SIZE_MAX && strcmp(cell, column) == 0)
                wanted = at;
            his = his || (at == 0 && strcmp(cell, student) == 0);
            if (his && at == wanted) {
                assert_string_equal(cell, expected);
                found = true;
            }
        }
    }
    if (!found)
        fail_msg("no column %s", column);
    psyi_buffer_done(&text);
}

static void check_reason(const ward *w, const char *student, const char *expected)
{
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    psyi_explain(w->results, ward_student(w, NULL, student), w->results->book->n_critical, PSYI_ZH,
                 &text);
    if (strstr(text.data, expected) == NULL)
        fail_msg("'%s' is not in: %s", expected, text.data);
    psyi_buffer_done(&text);
}

#define RULE "    - {id: high, rank: 1, when: \"mht.total.t@here >= 40\", text: {zh: 高}}\n"

static void test_pooled_and_clipped(void **state)
{
    (void)state;
    ward_crowd c = {.n = 0};
    for (unsigned i = 0; i < 5; i++)
        ward_add(&c, "7", 10 * i, 0);
    ward_add(&c, "8", 30, 0); /* alone: judged by all juniors */
    ward_add(&c, "7", 80, 8); /* makes no norm, lies beyond all that do */
    ward w;
    ward_open(&w, &(ward_plan){.rules = RULE,
                               .norms = "{id: here, scale: mht.total, local: {by: [stage, grade], "
                                        "min_n: 5, below: pool}, metrics: [t, percentile, "
                                        "t_blom]}"});
    ward_run(&w, NULL, c.rows, c.n, 1);
    for (unsigned column = 0; column < 3; column++) {
        assert_int_equal(mark_of(&w, column, "S04"), 0); /* the highest that was counted */
        assert_int_equal(mark_of(&w, column, "S05"), PSYI_NORM_POOLED);
    }
    assert_int_equal(mark_of(&w, 0, "S06"), 0); /* mean and deviation have no end */
    assert_int_equal(mark_of(&w, 1, "S06"), PSYI_NORM_CLIPPED);
    assert_int_equal(mark_of(&w, 2, "S06"), PSYI_NORM_CLIPPED);
    check_cell(&w, "S04", "mht.total.mark@here", "");
    check_cell(&w, "S05", "mht.total.mark@here", "pooled");
    check_cell(&w, "S06", "mht.total.mark@here", "clipped");
    check_reason(&w, "S05", "（合并组）");
    ward_close(&w);
}

static void test_shrunk(void **state)
{
    (void)state;
    ward_crowd c = {.n = 0};
    for (unsigned i = 0; i < 30; i++)
        ward_add(&c, i % 3 == 0 ? "7" : i % 3 == 1 ? "8" : "9", 2 * i + i % 3 * 9, 0);
    for (unsigned i = 0; i < 6; i++)
        ward_add(&c, "10", 10 * i, 0);
    ward w;
    ward_open(&w, &(ward_plan){.rules = RULE,
                               .norms = "{id: here, scale: mht.total, local: {by: [grade], min_n: "
                                        "8, below: shrink, pool_below: 4}, metrics: [t, "
                                        "percentile]}"});
    ward_run(&w, NULL, c.rows, c.n, 1);
    assert_int_equal(mark_of(&w, 0, c.codes[35]), PSYI_NORM_SHRUNK);
    assert_int_equal(mark_of(&w, 1, c.codes[35]), PSYI_NORM_POOLED); /* ranks by everybody */
    assert_int_equal(mark_of(&w, 0, c.codes[0]), 0);
    check_cell(&w, c.codes[35], "mht.total.mark@here", "pooled;shrunk");
    check_reason(&w, c.codes[35], "（收缩组）");
    ward_close(&w);
}

/* A norm of a model, old and of other grades, that ends at T 60: whoever is beyond has 60. */
static void write_model(const char *directory)
{
    static const char head[] =
        "format: psyscreen/norms/1\nid: here\ninstrument: mht\nkind: regression\nmetrics: [t]\n"
        "population: {en: somebody else, zh: 别人}\nyear: 1991\nsource: made up\nconfidence: "
        "memory\noutside: none\nages: 5..18\nnorm_range: 40..60\nraw_range: 0..90\n"
        "completed_years: start\npeople: {grades: 7..9}\n";
    /* raw = T - 30 at any age: T 40 is 10, T 60 is 30. */
    static const char rows[] = "scale,power_l,power_a,coefficient\ntotal,0,0,-30\ntotal,1,0,1\n";
    psy_test_write_file(psy_test_path(directory, "here.yaml"), head, strlen(head));
    psy_test_write_file(psy_test_path(directory, "here.csv"), rows, strlen(rows));
}

static const char MODEL_PLAN[] =
    "format: psyscreen/plan/1\nid: ward\nname: {en: Ward}\nwave: 2026-autumn\nas_of: 2026-10-15\n"
    "identity: {output: plain}\n"
    "inputs:\n"
    "  responses:\n"
    "    encoding: utf-8\n"
    "    columns: {student: student, school: school, grade: grade, birth_date: name, age: class, "
    "submitted_at: time}\n"
    "    items: {mht: \"M{n}\"}\n"
    "    dates: ymd\n"
    "uses: {mht: {instrument: mht, informant: self}}\n"
    "batteries: [{id: all, uses: [mht]}]\n"
    "norms: [{id: here, scale: mht.total, file: %s/here.yaml, max_years: %d, metrics: [t]}]\n"
    "tiers:\n  scheme: three_first_worst\n  rules:\n" RULE
    "duty: {urgent: {hours: 24, who: a}, review: {hours: 72, who: b}}\n"
    "outputs: {language: [zh, en], small_cell: 5}\n";

static void test_a_model_that_ends(void **state)
{
    (void)state;
    static const char *const instruments[] = {"mht", NULL};
    char directory[512], text[2048];
    ward_crowd c = {.n = 0};
    ward_add(&c, "7", 10, 0); /* T 40, the end itself */
    ward_add(&c, "7", 5, 0);  /* below the end */
    ward_add(&c, "7", 60, 0); /* above the other */
    ward_add(&c, "10", 20, 0);
    for (size_t i = 0; i < c.n; i++)
        c.rows[i].name = "2012-05-05";
    for (int years = 10; years <= 100; years += 90) {
        const uint8_t old = years == 10 ? PSYI_NORM_STALE : 0;
        snprintf(directory, sizeof directory, "%s/model-XXXXXX", PSY_BINARY_DIR);
        assert_non_null(mkdtemp(directory));
        write_model(directory);
        snprintf(text, sizeof text, MODEL_PLAN, directory, years);
        ward w;
        ward_open_text(&w, text, instruments);
        ward_run(&w, NULL, c.rows, c.n, 1);
        check_cell(&w, "S01", "mht.total.t@here", "40");
        check_cell(&w, "S02", "mht.total.t@here", "60");
        assert_int_equal(mark_of(&w, 0, "S00"), old);
        assert_int_equal(mark_of(&w, 0, "S01"), PSYI_NORM_CLIPPED | old);
        assert_int_equal(mark_of(&w, 0, "S02"), PSYI_NORM_CLIPPED | old);
        assert_int_equal(mark_of(&w, 0, "S03"), PSYI_NORM_OTHERS | old);
        check_cell(&w, "S02", "mht.total.mark@here", old ? "clipped;stale" : "clipped");
        check_cell(&w, "S03", "mht.total.mark@here", old ? "stale;others" : "others");
        check_reason(&w, "S02", old ? "（超出常模端点、常模过旧）" : "（超出常模端点）");
        ward_close(&w);
        remove(psy_test_path(directory, "here.yaml"));
        remove(psy_test_path(directory, "here.csv"));
        remove(directory);
    }
}

/* Median 10 at 11 years, 20 at 12, 30 at 13; L = 1, S = .5: T = 50 + 20 (y/M - 1). */
static void write_growth(const char *directory)
{
    static const char head[] =
        "format: psyscreen/norms/1\nid: here\ninstrument: mht\nkind: lms\nmetrics: [t]\n"
        "population: {en: made up, zh: 虚构}\nyear: 2026\nsource: made up\nconfidence: "
        "memory\noutside: none\ntails: plain\ncompleted_years: start\n";
    static const char rows[] =
        "scale,age,l,m,s\ntotal,11,1,10,0.5\ntotal,12,1,20,0.5\ntotal,13,1,30,0.5\n";
    psy_test_write_file(psy_test_path(directory, "here.yaml"), head, strlen(head));
    psy_test_write_file(psy_test_path(directory, "here.csv"), rows, strlen(rows));
}

/* Completed months between birth date and the day of the test, of each sheet. */
static void test_age_is_exact_to_the_month(void **state)
{
    (void)state;
    static const char *const instruments[] = {"mht", NULL};
    static const struct {
        const char *born, *time, *t; /* of raw score 20 */
    } cases[] = {
        {"2014-10-01", "2026-10-01 08:00", "50"},   /* 12 years to the day */
        {"2014-10-02", "2026-10-01 08:00", "50.9"}, /* 143 months: median 19.17 */
        {"2014-04-01", "2026-10-01 08:00", "46"},   /* 150 months: median 25 */
        {"2014-04-02", "2026-10-01 08:00", "46.6"}, /* 149: median 24.17, 46.55 */
        {"2015-10-01", "2026-10-01 08:00", "70"},   /* 11 years: median 10 */
        {"2015-10-02", "2026-10-01 08:00", ""},     /* before the first age there is no norm */
        {"2013-10-01", "2026-10-01 08:00", "43.3"}, /* 13 years: median 30 */
        {"2013-08-31", "2026-10-01 08:00", ""},     /* 157 months: after the last */
        {"2014-08-31", "2026-09-30 08:00", "50"},   /* the 31st has not come yet: 144 */
        {"2014-02-28", "2026-02-28 08:00", "50"},   /* by the date of the sheet */
        {"", "2026-10-01 08:00", "50"},             /* the file says 12 years: from their start */
    };
    enum { N = sizeof cases / sizeof *cases };
    char directory[512], text[2048];
    ward_crowd c = {.n = 0};
    for (size_t i = 0; i < N; i++) {
        ward_add(&c, "7", 20, 0);
        c.rows[i].name = cases[i].born;
        c.rows[i].time = cases[i].time;
        c.rows[i].class_text = cases[i].born[0] == '\0' ? "12" : "";
    }
    snprintf(directory, sizeof directory, "%s/growth-XXXXXX", PSY_BINARY_DIR);
    assert_non_null(mkdtemp(directory));
    write_growth(directory);
    snprintf(text, sizeof text, MODEL_PLAN, directory, 100);
    ward w;
    ward_open_text(&w, text, instruments);
    ward_run(&w, NULL, c.rows, c.n, 1);
    for (size_t i = 0; i < N; i++)
        check_cell(&w, c.codes[i], "mht.total.t@here", cases[i].t);
    assert_int_equal(ward_findings(&w, "norm_years", "here"), 1);
    ward_close(&w);
    remove(psy_test_path(directory, "here.yaml"));
    remove(psy_test_path(directory, "here.csv"));
    remove(directory);
}

static void test_words_and_ids(void **state)
{
    (void)state;
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    psyi_norm_mark_ids(31, &text);
    assert_string_equal(text.data, "clipped;pooled;shrunk;stale;others");
    for (unsigned i = 0; i < PSYI_NORM_MARKS; i++) {
        psyi_buffer_clear(&text);
        psyi_norm_mark_ids((uint8_t)(1u << i), &text);
        assert_int_equal(psyi_norm_mark_of(text.data, text.length), 1u << i);
        for (int language = PSYI_EN; language <= PSYI_ZH; language++) {
            psyi_buffer_clear(&text);
            psyi_norm_mark_words((uint8_t)(1u << i), (psyi_language)language, &text);
            /* What a cell says is explained by the legend. */
            assert_non_null(strstr(
                psyi_label_text(psyi_norm_mark_legend, (psyi_language)language, ""), text.data));
        }
    }
    assert_int_equal(psyi_norm_mark_of("pool", 4), 0);
    psyi_buffer_clear(&text);
    psyi_norm_mark_words(PSYI_NORM_CLIPPED | PSYI_NORM_STALE, PSYI_ZH, &text);
    assert_string_equal(text.data, "超出常模端点、常模过旧");
    psyi_buffer_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pooled_and_clipped), cmocka_unit_test(test_shrunk),
        cmocka_unit_test(test_a_model_that_ends),  cmocka_unit_test(test_age_is_exact_to_the_month),
        cmocka_unit_test(test_words_and_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
