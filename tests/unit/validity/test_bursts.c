/*
 * test_bursts.c -- submissions close in time, by hand and against every window tried.
 */
#include "small_grid.h"
#include "test_support.h"

static uint32_t count[500];

static void test_bursts_by_hand(void **state)
{
    (void)state;
    const int64_t times[] = {100, 0, 10, 105, PSY_NO_TIME, 20, 10, 1000};
    const uint32_t want[] = {2, 3, 4, 2, 0, 3, 4, 1};
    assert_int_equal(psy_validity_bursts(times, NULL, 8, 10, count, NULL, NULL), PSY_OK);
    /* 0, 10, 10 and 10, 10, 20 lie within 10; 0 and 20 do not. */
    const uint32_t within_ten[] = {2, 3, 3, 2, 0, 3, 3, 1};
    for (size_t row = 0; row < 8; row++)
        assert_int_equal(count[row], within_ten[row]);
    assert_int_equal(psy_validity_bursts(times, NULL, 8, 20, count, NULL, NULL), PSY_OK);
    for (size_t row = 0; row < 8; row++)
        assert_int_equal(count[row], row == 1 || row == 5 ? 4 : want[row]);
    assert_int_equal(psy_validity_bursts(times, NULL, 8, 0, count, NULL, NULL), PSY_OK);
    assert_true(count[2] == 2 && count[6] == 2 && count[0] == 1);
}

static void test_bursts_agree_with_every_window(void **state)
{
    (void)state;
    int64_t times[500];
    uint32_t group_of[500];
    uint64_t seed = 3;
    for (size_t row = 0; row < 500; row++) {
        times[row] = small_grid_draw(&seed, 20) == 0 ? PSY_NO_TIME
                                                     : (int64_t)small_grid_draw(&seed, 600) - 300;
        group_of[row] = small_grid_draw(&seed, 4);
    }
    const int64_t windows[] = {0, 1, 7, 60, 5000, INT64_MAX};
    for (size_t w = 0; w < sizeof windows / sizeof *windows; w++) {
        assert_int_equal(psy_validity_bursts(times, group_of, 500, windows[w], count, NULL, NULL),
                         PSY_OK);
        for (size_t row = 0; row < 500; row++) {
            uint32_t most = 0;
            for (size_t from = 0; from < 500 && times[row] != PSY_NO_TIME; from++) {
                uint32_t n = 0;
                if (times[from] == PSY_NO_TIME || group_of[from] != group_of[row] ||
                    times[from] > times[row] || times[row] - times[from] > windows[w])
                    continue;
                for (size_t other = 0; other < 500; other++)
                    n += group_of[other] == group_of[row] && times[other] >= times[from] &&
                         times[other] - times[from] <= windows[w];
                most = n > most ? n : most;
            }
            assert_int_equal(count[row], most);
        }
    }
}

static void test_bursts_at_the_edges(void **state)
{
    (void)state;
    const int64_t far[] = {INT64_MIN + 1, INT64_MAX, 0};
    assert_int_equal(psy_validity_bursts(far, NULL, 3, INT64_MAX, count, NULL, NULL), PSY_OK);
    assert_true(count[0] == 2 && count[1] == 2 && count[2] == 2);
    assert_int_equal(psy_validity_bursts(NULL, NULL, 0, 5, NULL, NULL, NULL), PSY_OK);
    assert_int_equal(psy_validity_bursts(far, NULL, 3, -1, count, NULL, NULL), PSY_E_ARGUMENT);
    assert_int_equal(psy_validity_bursts(NULL, NULL, 3, 1, count, NULL, NULL), PSY_E_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bursts_by_hand),
        cmocka_unit_test(test_bursts_agree_with_every_window),
        cmocka_unit_test(test_bursts_at_the_edges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
