/*
 * test_shipped_precision.c -- every standard error of measurement that the catalogue ships makes
 * the interval of a score, under its name, and says that it is only remembered.
 *
 * The ends were computed with Python's statistics.NormalDist from the reliabilities and standard
 * deviations as cited: x -+ 1.95996 sd sqrt(1 - r), within the range of the score.
 */
#include "screening_ward.h"
#include "tier/interval_words.h"
#include "tier/shifted.h"

#include <psyscreen/interval.h>

#include <math.h>
#include <string.h>

static const char PLAN[] =
    "format: psyscreen/plan/1\nid: ward\nname: {en: Ward}\nwave: 2026-autumn\nas_of: 2026-10-15\n"
    "identity: {output: plain}\n"
    "inputs:\n"
    "  responses:\n"
    "    encoding: utf-8\n"
    "    columns: {student: student, school: school, grade: grade}\n"
    "    items: {pss10: \"A{n}\", pss14: \"B{n}\", swls: \"C{n}\", dass21: \"D{n}\", "
    "dass42: \"E{n}\", phq9: \"P{n}\"}\n"
    "    missing: {blank: [\"\"]}\n"
    "uses:\n"
    "  pss10: {instrument: pss10}\n  pss14: {instrument: pss14}\n  swls: {instrument: swls}\n"
    "  dass21: {instrument: dass21}\n  dass42: {instrument: dass42}\n"
    "  phq9: {instrument: phq9, edition: \"2001\"}\n"
    "batteries: [{id: all, uses: [pss10, pss14, swls, dass21, dass42, phq9]}]\n"
    "tiers:\n  scheme: three_first_worst\n"
    "  rules: [{id: score, rank: 1, when: \"phq9.total >= 10\"}]\n"
    "duty: {urgent: {hours: 24, who: a}, review: {hours: 72, who: b}}\n"
    "outputs: {language: [zh, en], small_cell: 5}\n";

static const char *const INSTRUMENTS[] = {"pss10",  "pss14", "swls", "dass21",
                                          "dass42", "phq9",  NULL};

static const struct {
    unsigned use;
    const char *scale;
    double score, sem;
    const char *from, *to;
} known[] = {
    {0, "total", 20, 2.9784140074878773, "14.2", "25.8"},
    {1, "total", 55, 3.745, "47.7", "56"},
    {2, "total", 12, 2.3183694701233453, "7.5", "16.5"},
    {3, "depression", 14, 2.681214650116622, "8.7", "19.3"},
    {3, "anxiety", 2, 2.503158005400379, "0", "6.9"},
    {3, "stress", 26, 2.656313234541438, "20.8", "31.2"},
    {4, "depression", 21, 1.722025319209913, "17.6", "24.4"},
    {4, "anxiety", 9, 1.7298457445679944, "5.6", "12.4"},
    {4, "stress", 40, 2.0811024001716003, "35.9", "42"},
};

static void test_intervals(void **state)
{
    (void)state;
    ward w;
    psyi_buffer text, want;
    ward_open_text(&w, PLAN, INSTRUMENTS);
    psyi_buffer_init(&text, NULL);
    psyi_buffer_init(&want, NULL);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        bool stated = false;
        const unsigned use = known[i].use;
        const int scale = (int)psyi_find_scale(w.plan->uses[use].instrument, known[i].scale);
        assert_true(scale >= 0);
        assert_true(fabs(psyi_sem(w.plan, use, (unsigned)scale, &stated) - known[i].sem) < 1e-12);
        assert_true(stated);

        psyi_buffer_clear(&text);
        psyi_buffer_clear(&want);
        psyi_sem_words(w.plan, use, (unsigned)scale, known[i].score, false, PSYI_EN, &text);
        psyi_buffer_format(&want, " (SEM 95 %% interval %s to %s)", known[i].from, known[i].to);
        assert_string_equal(text.data, want.data);

        psyi_buffer_clear(&text);
        psyi_buffer_clear(&want);
        psyi_interval_words(w.plan, use, (unsigned)scale, known[i].score, PSYI_EN, &text);
        psyi_buffer_format(&want, "%s: %s to %s\n(reliability from memory, not checked)",
                           psy_interval_name(PSY_INTERVAL_OBSERVED, "en"), known[i].from,
                           known[i].to);
        assert_string_equal(text.data, want.data);
        psyi_buffer_clear(&text);
        psyi_interval_words(w.plan, use, (unsigned)scale, known[i].score, PSYI_ZH, &text);
        assert_non_null(strstr(text.data, psy_interval_name(PSY_INTERVAL_OBSERVED, "zh")));
        assert_non_null(strstr(text.data, "凭记忆"));
    }
    psyi_buffer_done(&text);
    psyi_buffer_done(&want);
    ward_close(&w);
}

/* The table above is whole: no other scale of these instruments states one, and one without a
 * source prints no interval. */
static void test_no_other(void **state)
{
    (void)state;
    ward w;
    size_t n = 0;
    psyi_buffer text;
    ward_open_text(&w, PLAN, INSTRUMENTS);
    for (unsigned use = 0; use < w.plan->n_uses; use++)
        for (unsigned s = 0; s < w.plan->uses[use].instrument->n_scales; s++)
            n += psyi_plan_precision(w.plan, use, s) != NULL ? 1 : 0;
    assert_int_equal(n, sizeof known / sizeof *known);
    psyi_buffer_init(&text, NULL);
    psyi_sem_words(w.plan, 5, 0, 9, false, PSYI_EN, &text);
    psyi_interval_words(w.plan, 5, 0, 9, PSYI_EN, &text);
    assert_int_equal(text.length, 0);
    psyi_buffer_done(&text);
    ward_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_intervals),
        cmocka_unit_test(test_no_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
