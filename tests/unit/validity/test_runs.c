/*
 * test_runs.c -- runs and repeating patterns, by hand and against every stretch tried.
 */
#include "small_grid.h"
#include "test_support.h"

#include <math.h>

static small_grid g;

static const struct {
    const char *sheet;
    psy_run_blanks blanks;
    uint32_t longest;
    double mean;
    psy_index_state state;
} runs[] = {
    {"1112", PSY_BLANKS_END_RUNS, 3, 2, PSY_INDEX_DEFINED},
    {"2111", PSY_BLANKS_END_RUNS, 3, 2, PSY_INDEX_DEFINED},
    {"1111", PSY_BLANKS_END_RUNS, 4, 4, PSY_INDEX_DEFINED},
    {"0", PSY_BLANKS_END_RUNS, 1, 1, PSY_INDEX_DEFINED},
    {"11.1", PSY_BLANKS_END_RUNS, 2, 1.5, PSY_INDEX_DEFINED},
    {"11.1", PSY_BLANKS_ARE_RUNS, 2, 4.0 / 3, PSY_INDEX_DEFINED},
    {"11.1", PSY_BLANKS_SKIPPED, 3, 3, PSY_INDEX_DEFINED},
    {"11..2", PSY_BLANKS_ARE_RUNS, 2, 1.25, PSY_INDEX_DEFINED},
    {"....", PSY_BLANKS_END_RUNS, 0, NAN, PSY_INDEX_TOO_FEW},
    {"....", PSY_BLANKS_ARE_RUNS, 1, 1, PSY_INDEX_DEFINED},
    {"....", PSY_BLANKS_SKIPPED, 0, NAN, PSY_INDEX_TOO_FEW},
    {".1..", PSY_BLANKS_SKIPPED, 1, 1, PSY_INDEX_DEFINED},
};

static void test_runs_by_hand(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        uint32_t longest;
        double mean;
        uint8_t why;
        small_grid_text(&g, runs[i].sheet);
        assert_int_equal(psy_validity_runs(&g.grid, runs[i].blanks, &longest, &mean, &why, NULL),
                         PSY_OK);
        if (longest != runs[i].longest || why != runs[i].state ||
            !(mean == runs[i].mean || (isnan(mean) && isnan(runs[i].mean))))
            fail_msg("%s: longest %u, mean %g, state %d", runs[i].sheet, longest, mean, why);
    }
}

static const struct {
    const char *sheet;
    uint32_t length;
    uint8_t period;
} patterns[] = {
    {"1212", 4, 2},      {"121", 0, 0},         {"111111", 0, 0},      {"12121", 5, 2},
    {"123123", 6, 3},    {"12341234", 8, 4},    {"1234512345", 10, 5}, {"123456123456", 0, 0},
    {"333313131", 6, 2}, {"12.1212", 4, 2},     {"1.1.1.1.", 0, 0},    {"112112112", 9, 3},
    {"11221122", 8, 4},  {"1112111211", 10, 4}, {"5512125", 4, 2},     {"", 0, 0},
};

static void test_patterns_by_hand(void **state)
{
    (void)state;
    for (size_t i = 0; i + 1 < sizeof patterns / sizeof *patterns; i++) {
        uint32_t length;
        uint8_t period;
        small_grid_text(&g, patterns[i].sheet);
        assert_int_equal(psy_validity_patterns(&g.grid, &length, &period, NULL), PSY_OK);
        if (length != patterns[i].length || period != patterns[i].period)
            fail_msg("%s: %u items of period %u", patterns[i].sheet, length, period);
    }
}

/* The definition, read literally: all stretches of all periods. */
static void tried(const int8_t *x, size_t n, uint32_t *length, uint8_t *period)
{
    *length = 0;
    *period = 0;
    for (size_t p = 2; p <= 5; p++)
        for (size_t begin = 0; begin < n; begin++)
            for (size_t end = begin + 2 * p; end <= n; end++) {
                bool good = true, same = true;
                for (size_t i = begin; i < end; i++) {
                    good = good && x[i] >= 0 && (i < begin + p || x[i] == x[i - p]);
                    same = same && x[i] == x[begin];
                }
                if (good && !same && end - begin > *length) {
                    *length = (uint32_t)(end - begin);
                    *period = (uint8_t)p;
                }
            }
}

static void test_patterns_agree_with_every_stretch(void **state)
{
    (void)state;
    static uint32_t length[1500];
    static uint8_t period[1500];
    for (uint64_t seed = 1; seed <= 3; seed++) {
        small_grid_random(&g, 1500, 24, 2, seed == 1 ? 0 : 12, seed);
        assert_int_equal(psy_validity_patterns(&g.grid, length, period, NULL), PSY_OK);
        for (size_t row = 0; row < 1500; row++) {
            int8_t x[24];
            uint32_t want;
            uint8_t want_period;
            for (size_t i = 0; i < 24; i++)
                x[i] = g.answers[i][row];
            tried(x, 24, &want, &want_period);
            assert_int_equal(length[row], want);
            assert_int_equal(period[row], want_period);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_runs_by_hand),
        cmocka_unit_test(test_patterns_by_hand),
        cmocka_unit_test(test_patterns_agree_with_every_stretch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
