/*
 * test_kept_scores.c -- what is kept of a tile says what the tile said, whether it fits or not.
 */
#include "test_support.h"

#include "score/compiled.h"

#include <stdlib.h>
#include <string.h>

enum { SCALES = 3, STANDARDS = 5, TILES = 3, CELLS = SCALES * PSYI_LANES };

static const int32_t nums[] = {0, 1, -1, 32767, 32768, -32768, -32769, 65535, INT32_MAX, INT32_MIN};
static const uint16_t small[] = {0, 1, 9, 255, 256, 257, 65535};
static const int32_t standards[] = {0,      501,    -12,    32767,     32768,           -32767,
                                    -32768, -32769, 100000, INT32_MAX, PSYI_NO_STANDARD};
#define SIZE(table) (sizeof(table) / sizeof *(table))

typedef struct kept {
    psyi_scores scores;
    psyi_tile *tile;
    psyi_score score[TILES][CELLS];
    int32_t standard[TILES][STANDARDS * PSYI_LANES];
} kept;

static void open_kept(kept *k, const psy_allocator *allocator)
{
    memset(k, 0, sizeof *k);
    k->scores = (psyi_scores){
        .allocator = allocator, .n_scales = SCALES, .n_standards = STANDARDS, .n_tiles = TILES};
    k->scores.score = calloc(TILES * CELLS, sizeof *k->scores.score);
    k->scores.standard = calloc((size_t)TILES * STANDARDS * PSYI_LANES, sizeof(int16_t));
    k->scores.wide = calloc(TILES, sizeof *k->scores.wide);
    k->tile = calloc(1, sizeof *k->tile);
    assert_true(k->scores.score != NULL && k->scores.standard != NULL && k->scores.wide != NULL &&
                k->tile != NULL);
    k->tile->scores = &k->scores;
}

static void close_kept(kept *k)
{
    for (size_t t = 0; t < TILES; t++)
        psyi_free(k->scores.allocator, k->scores.wide[t]);
    free(k->scores.score);
    free(k->scores.standard);
    free(k->scores.wide);
    free(k->tile);
}

static bool keep(kept *k, size_t t)
{
    k->tile->tile = t;
    k->tile->score = k->score[t];
    k->tile->standard = k->standard[t];
    return psyi_keep_scores(k->tile);
}

static bool fits(const kept *k, size_t t)
{
    for (size_t i = 0; i < CELLS; i++)
        if (k->score[t][i].num < INT16_MIN || k->score[t][i].num > INT16_MAX ||
            k->score[t][i].den > 255 || k->score[t][i].answered > 255)
            return false;
    for (size_t i = 0; i < (size_t)STANDARDS * PSYI_LANES; i++)
        if (k->standard[t][i] != PSYI_NO_STANDARD &&
            (k->standard[t][i] <= INT16_MIN || k->standard[t][i] > INT16_MAX))
            return false;
    return true;
}

static void check(const kept *k, size_t t)
{
    assert_int_equal(k->scores.wide[t] == NULL, fits(k, t));
    for (size_t lane = 0; lane < PSYI_LANES; lane++) {
        for (size_t s = 0; s < SCALES; s++) {
            const psyi_score got = psyi_score_of(&k->scores, s, t * PSYI_LANES + lane);
            assert_memory_equal(&got, &k->score[t][s * PSYI_LANES + lane], sizeof got);
        }
        for (size_t s = 0; s < STANDARDS; s++)
            assert_int_equal(psyi_standard_of(&k->scores, s, t * PSYI_LANES + lane),
                             k->standard[t][s * PSYI_LANES + lane]);
    }
}

/* Each limit alone, in any place of a tile whose rest fits; then the tile again without it. */
static void test_every_limit(void **state)
{
    (void)state;
    kept *const k = malloc(sizeof *k);
    assert_non_null(k);
    psy_test_heap *const heap = psy_test_heap_new();
    open_kept(k, psy_test_heap_allocator(heap));
    uint64_t chance = 7;
    for (size_t round = 0; round < 4000; round++) {
        const size_t t = round % TILES;
        psyi_score *const score = &k->score[t][psy_test_below(&chance, CELLS)];
        int32_t *const standard = &k->standard[t][psy_test_below(&chance, STANDARDS * PSYI_LANES)];
        const psyi_score score_before = *score;
        const int32_t standard_before = *standard;
        switch (psy_test_below(&chance, 4)) {
        case 0:
            score->num = nums[psy_test_below(&chance, SIZE(nums))];
            break;
        case 1:
            score->den = small[psy_test_below(&chance, SIZE(small))];
            break;
        case 2:
            score->answered = small[psy_test_below(&chance, SIZE(small))];
            break;
        default:
            *standard = standards[psy_test_below(&chance, SIZE(standards))];
        }
        assert_true(keep(k, t));
        check(k, t);
        if (!fits(k, t)) {
            *score = score_before;
            *standard = standard_before;
            assert_true(keep(k, t));
            check(k, t);
        }
        for (size_t other = 0; other < round && other < TILES; other++)
            check(k, other);
    }
    /* Nobody's tile has no standard scores, whatever it had. */
    k->standard[1][0] = 1000000;
    assert_true(keep(k, 1));
    psyi_keep_no_scores(&k->scores, 1);
    for (size_t i = 0; i < (size_t)STANDARDS * PSYI_LANES; i++)
        k->standard[1][i] = PSYI_NO_STANDARD;
    check(k, 1);
    check(k, 2);
    close_kept(k);
    psy_test_heap_free(heap);
    free(k);
}

static psy_status keep_one(const psy_allocator *allocator, void *context)
{
    kept *const k = context;
    open_kept(k, allocator);
    k->score[1][70].answered = 300;
    const bool good = keep(k, 0) && keep(k, 1);
    if (good)
        check(k, 1);
    close_kept(k);
    return good ? PSY_OK : PSY_E_NOMEM;
}

static void test_sweep(void **state)
{
    (void)state;
    kept *const k = malloc(sizeof *k);
    assert_non_null(k);
    assert_int_equal(psy_sweep(keep_one, k), 1);
    free(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_limit),
        cmocka_unit_test(test_sweep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
