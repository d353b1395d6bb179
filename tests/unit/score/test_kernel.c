/*
 * test_kernel.c -- the byte kernels of this processor against plain loops.
 */
#include "answers/sheets.h"
#include "catalogue.h"
#include "score/kernel.h"
#include "test_support.h"

#include <string.h>

enum { ITEMS = 700 };

static const psyi_kernels *kernels[4];
static size_t n_kernels;

static int find_kernels(void **state)
{
    (void)state;
    n_kernels = psyi_kernels_all(kernels, 4);
    print_message("  %zu sets of kernels\n", n_kernels);
    return n_kernels > 0 ? 0 : -1;
}

static void test_map_shifts_reverses_and_marks_gaps(void **state)
{
    (void)state;
    uint8_t in[PSYI_LANES], out[PSYI_LANES];
    dice from = {5};
    for (unsigned round = 0; round < 3000; round++) {
        const bool reversed = round % 2 != 0, gaps = round % 3 == 0;
        const uint8_t add = (uint8_t)(reversed ? 100 + roll(&from, 100) : roll(&from, 100));
        bool any = false;
        for (size_t i = 0; i < PSYI_LANES; i++) {
            in[i] =
                (uint8_t)(gaps && roll(&from, 10) == 0 ? 250 + roll(&from, 6) : roll(&from, 100));
            any = any || in[i] >= PSYI_BLANK;
        }
        for (size_t k = 0; k < n_kernels; k++) {
            bool marks[2] = {!any, true};
            kernels[k]->map(in, out, 1, reversed, add, marks);
            assert_int_equal(marks[0], any);
            assert_true(marks[1]);
            for (size_t i = 0; i < PSYI_LANES; i++)
                assert_int_equal(out[i], in[i] >= PSYI_BLANK ? (int)PSYI_NO_SCORE
                                         : reversed          ? add - in[i]
                                                             : add + in[i]);
        }
    }
}

static void test_sums_and_gaps_of_any_number_of_items(void **state)
{
    (void)state;
    static uint8_t tile[ITEMS * PSYI_LANES];
    static const unsigned widest[] = {1, 2, 3, 5, 9, 84, 127, 128, 254};
    uint16_t items[ITEMS], sums[PSYI_LANES], missing[PSYI_LANES];
    dice from = {6};
    for (size_t w = 0; w < sizeof widest / sizeof *widest; w++)
        for (unsigned round = 0; round < 40; round++) {
            const size_t most = 65535u / widest[w] < ITEMS ? 65535u / widest[w] : ITEMS;
            const size_t n = round == 0 ? 0 : round == 1 ? most : 1 + roll(&from, (unsigned)most);
            for (size_t i = 0; i < sizeof tile; i++)
                tile[i] = (uint8_t)(roll(&from, 8) == 0 ? PSYI_NO_SCORE
                                    : round % 5 == 0    ? widest[w]
                                                        : roll(&from, widest[w] + 1));
            for (size_t i = 0; i < n; i++)
                items[i] = (uint16_t)roll(&from, ITEMS);
            for (size_t k = 0; k < n_kernels; k++) {
                kernels[k]->sum(tile, items, n, 255 / widest[w], sums, missing);
                for (size_t lane = 0; lane < PSYI_LANES; lane++) {
                    unsigned sum = 0, gaps = 0;
                    for (size_t i = 0; i < n; i++) {
                        const uint8_t byte = tile[items[i] * (size_t)PSYI_LANES + lane];
                        gaps += byte == PSYI_NO_SCORE;
                        sum += byte == PSYI_NO_SCORE ? 0 : byte;
                    }
                    assert_int_equal(missing[lane], gaps);
                    assert_int_equal(sums[lane], sum);
                }
            }
        }
}

static void test_mask_has_a_bit_for_every_lane(void **state)
{
    (void)state;
    uint8_t bytes[PSYI_LANES];
    dice from = {7};
    for (unsigned lane = 0; lane < PSYI_LANES; lane++) {
        memset(bytes, 249, sizeof bytes);
        bytes[lane] = 250;
        assert_true(psyi_mask_from(bytes, 250) == (psyi_mask)1 << lane);
    }
    for (unsigned round = 0; round < 1000; round++) {
        psyi_mask expected = 0;
        for (unsigned lane = 0; lane < PSYI_LANES; lane++) {
            bytes[lane] = (uint8_t)roll(&from, 256);
            expected |= (psyi_mask)(bytes[lane] >= 100) << lane;
        }
        assert_true(psyi_mask_from(bytes, 100) == expected);
        assert_true(psyi_mask_from_plain(bytes, 100) == expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_map_shifts_reverses_and_marks_gaps),
        cmocka_unit_test(test_sums_and_gaps_of_any_number_of_items),
        cmocka_unit_test(test_mask_has_a_bit_for_every_lane),
    };
    return cmocka_run_group_tests(tests, find_kernels, NULL);
}
