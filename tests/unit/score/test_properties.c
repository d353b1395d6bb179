/*
 * test_properties.c -- thousands of random sheets of every instrument: the tile scorer
 * against the naive one, and on any number of threads.
 */
#include "answers/sheets.h"
#include "batch.h"
#include "naive.h"
#include "test_support.h"

#include <stdlib.h>
#include <string.h>

/* ---- against the naive scorer ----------------------------------------------------------- */

static void compare_scale(const batch *b, const naive_sheet *naive, size_t sheet, size_t scale)
{
    const psyi_scores *const scores = b->scores;
    const naive_score *const from = &naive->scores[scale];
    const char *const id = b->instrument->scales[scale].id;
    psyi_ratio low, high;
    if (scores->status[psyi_scale_at(scores, scale, sheet)] != from->status)
        batch_differ(b, sheet, "status", id);
    if (!batch_same(psyi_scores_value(scores, scale, sheet), from->value))
        batch_differ(b, sheet, "score", id);
    if (psyi_score_of(scores, scale, sheet).answered != from->answered)
        batch_differ(b, sheet, "answered", id);
    psyi_scores_bounds(scores, scale, sheet, &low, &high);
    const psyi_ratio expected_low = from->bounded ? from->low : from->value;
    const psyi_ratio expected_high = from->bounded ? from->high : from->value;
    if (from->why != NAIVE_WHY_ABSENT && !batch_same(low, expected_low))
        batch_differ(b, sheet, "low bound", id);
    if (from->why != NAIVE_WHY_ABSENT && !batch_same(high, expected_high))
        batch_differ(b, sheet, "high bound", id);
    for (size_t p = 0; p < psyi_scorer_scale(b->scorer, scale)->n_populations; p++) {
        const char *const *ids;
        const char *const band = psyi_scores_band(scores, scale, p, sheet);
        psyi_scale_bands(psyi_scorer_scale(b->scorer, scale), (unsigned)p, &ids);
        const int expected = naive->bands[scale * NAIVE_POPULATIONS + p];
        if (expected < 0 ? band != NULL : band == NULL || strcmp(band, ids[expected]) != 0)
            batch_differ(b, sheet, "band", id);
    }
}

static void compare_token(const batch *b, const naive_sheet *naive, size_t scale, size_t population,
                          const uint32_t *sheets, unsigned lane)
{
    psyi_tokens tokens;
    const psyi_mask bit = (psyi_mask)1 << lane;
    const size_t at = scale * NAIVE_POPULATIONS + population;
    const naive_why why = naive->scores[scale].why;
    /* The first population is also the one that the use names, here. */
    const unsigned sub = population == 0 ? 0 : (unsigned)population + 1;
    psyi_scores_token(b->scores, psyi_column(PSYI_COLUMN_BAND, 0, (unsigned)scale, sub), sheets,
                      ~(psyi_mask)0, &tokens);
    assert_int_equal((tokens.known & bit) != 0, naive->bands[at] >= 0);
    assert_int_equal((tokens.absent & bit) != 0, why == NAIVE_WHY_ABSENT);
    if (naive->bands[at] >= 0) {
        assert_int_equal(tokens.value[lane], naive->bands[at]);
    } else if (why != NAIVE_WHY_ABSENT) {
        assert_int_equal((tokens.blank & bit) != 0, why == NAIVE_WHY_BLANK);
        if (why != NAIVE_WHY_BLANK)
            assert_true((tokens.no_norm & bit) != 0);
    }
    if (naive->band_low[at] >= 0 && why != NAIVE_WHY_ABSENT && (tokens.bounded & bit) != 0) {
        assert_int_equal(tokens.low[lane], naive->band_low[at]);
        assert_int_equal(tokens.high[lane], naive->band_high[at]);
    }
}

static void compare_standard(const batch *b, const naive_sheet *naive, size_t standard,
                             const uint32_t *sheets, unsigned lane)
{
    psyi_numbers numbers;
    const psyi_mask bit = (psyi_mask)1 << lane;
    const unsigned scale = b->instrument->standards[standard].scale;
    const naive_why why = naive->scores[scale].why;
    psyi_scores_number(b->scores, psyi_column(PSYI_COLUMN_STANDARD, 0, scale, (unsigned)standard),
                       sheets, ~(psyi_mask)0, &numbers);
    const bool known = naive->standards[standard].den != 0;
    assert_int_equal((numbers.known & bit) != 0, known);
    assert_int_equal((numbers.absent & bit) != 0, why == NAIVE_WHY_ABSENT);
    if (known)
        assert_true(batch_same(numbers.value[lane], naive->standards[standard]));
    else if (why == NAIVE_THERE || why == NAIVE_WHY_OTHER)
        assert_true((numbers.no_norm & bit) != 0 && (numbers.blank & bit) == 0);
    else
        assert_int_equal((numbers.blank & bit) != 0, why == NAIVE_WHY_BLANK);
    if (naive->standard_low[standard].den != 0 && (numbers.bounded & bit) != 0) {
        assert_true(batch_same(numbers.low[lane], naive->standard_low[standard]));
        assert_true(batch_same(numbers.high[lane], naive->standard_high[standard]));
    }
}

static void compare_truth(const batch *b, const naive_sheet *naive, size_t flag,
                          const uint32_t *sheets, unsigned lane)
{
    psyi_truths truths;
    const psyi_mask bit = (psyi_mask)1 << lane;
    const int expected = naive->flags[flag];
    const bool soft = naive->flag_soft[flag];
    psyi_scores_truth(b->scores, psyi_column(PSYI_COLUMN_FLAG, 0, (unsigned)flag, 0), sheets,
                      ~(psyi_mask)0, &truths);
    assert_int_equal((truths.yes & bit) != 0, expected == 1);
    assert_int_equal((truths.no & bit) != 0, expected == 0);
    assert_int_equal((truths.absent & bit) != 0, expected == -2);
    if (expected == -2)
        return;
    assert_int_equal((truths.maybe_yes & bit) != 0, expected != 0 || soft);
    assert_int_equal((truths.maybe_no & bit) != 0, expected != 1 || soft);
    if (expected == -1)
        assert_true(((truths.blank | truths.no_norm) & bit) != 0);
}

/* What rules above the sheet are told must be the same as what is printed. */
static void compare_gathered(const batch *b, const naive_sheet *naive, size_t sheet)
{
    uint32_t sheets[PSYI_LANES];
    psyi_numbers numbers;
    psyi_item_lanes lanes;
    const psyi_mask bit = (psyi_mask)1 << (sheet % PSYI_LANES);
    const unsigned lane = (unsigned)(sheet % PSYI_LANES);
    for (size_t i = 0; i < PSYI_LANES; i++)
        sheets[i] = i == lane ? (uint32_t)sheet : UINT32_MAX;
    for (size_t s = 0; s < b->instrument->n_scales; s++) {
        const naive_score *const from = &naive->scores[s];
        psyi_scores_number(b->scores, psyi_column(PSYI_COLUMN_SCORE, 0, (unsigned)s, 0), sheets,
                           ~(psyi_mask)0, &numbers);
        assert_int_equal((numbers.known & bit) != 0, from->why == NAIVE_THERE);
        assert_int_equal((numbers.absent & bit) != 0, from->why == NAIVE_WHY_ABSENT);
        assert_int_equal((numbers.blank & bit) != 0, from->why == NAIVE_WHY_BLANK);
        assert_int_equal((numbers.no_norm & bit) != 0, from->why == NAIVE_WHY_OTHER);
        assert_true(numbers.absent == ~bit || numbers.absent == ~(psyi_mask)0);
        if (from->why == NAIVE_THERE)
            assert_true(batch_same(numbers.value[lane], from->value));
        if (from->bounded && from->why != NAIVE_WHY_ABSENT)
            assert_true((numbers.bounded & bit) != 0 && batch_same(numbers.low[lane], from->low) &&
                        batch_same(numbers.high[lane], from->high));
    }
    for (size_t s = 0; s < b->instrument->n_scales; s++) {
        const bool absent = naive->scores[s].why == NAIVE_WHY_ABSENT;
        psyi_scores_number(b->scores, psyi_column(PSYI_COLUMN_ANSWERED, 0, (unsigned)s, 0), sheets,
                           ~(psyi_mask)0, &numbers);
        assert_int_equal((numbers.absent & bit) != 0, absent);
        assert_int_equal((numbers.known & bit) != 0, !absent);
        if (!absent)
            assert_int_equal(numbers.value[lane].num, naive->scores[s].answered);
    }
    for (size_t s = 0; s < b->instrument->n_scales; s++)
        for (size_t p = 0; p < psyi_scorer_scale(b->scorer, s)->n_populations; p++)
            compare_token(b, naive, s, p, sheets, lane);
    for (size_t s = 0; s < b->instrument->n_standards; s++)
        compare_standard(b, naive, s, sheets, lane);
    for (size_t f = 0; f < b->instrument->n_flags; f++)
        compare_truth(b, naive, f, sheets, lane);
    for (size_t i = 0; i < b->instrument->n_items; i++) {
        const naive_item *const item = &naive->items[i];
        psyi_scores_item(b->scores, (unsigned)i, false, sheets, ~(psyi_mask)0, &lanes);
        const bool known = item->state == NAIVE_ANSWERED || item->state == NAIVE_VALUED;
        assert_int_equal((lanes.known & bit) != 0, known);
        assert_int_equal((lanes.blank & bit) != 0, item->state == NAIVE_BLANK);
        assert_int_equal((lanes.absent & bit) != 0, item->state == NAIVE_ABSENT);
        assert_int_equal((lanes.refused & bit) != 0, item->refused && item->state == NAIVE_BLANK);
        if (known)
            assert_true(batch_same(psyi_ratio_make(lanes.value[lane], lanes.scale), item->score));
    }
}

static void compare_events(const batch *b, const naive_sheet *naive, size_t sheet)
{
    const psyi_event *const events = b->events.events;
    size_t low = 0, high = b->events.n, expected = 0, found = 0;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (events[middle].sheet < sheet)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < b->events.n && events[low].sheet == sheet; low++) {
        if (events[low].kind != PSYI_EVENT_CLOSED_GATE)
            continue;
        found++;
        if (!naive->closed_positive[events[low].index])
            batch_differ(b, sheet, "closed gate", b->instrument->items[events[low].index].id);
    }
    for (size_t i = 0; i < b->instrument->n_items; i++)
        expected += naive->closed_positive[i];
    assert_int_equal(found, expected);
}

static void compare_sheet(const batch *b, naive_sheet *naive, size_t sheet)
{
    uint8_t *const bytes = calloc(b->instrument->n_items + 1, 1);
    int32_t *const numbers = calloc(b->instrument->n_items + 1, sizeof *numbers);
    for (size_t i = 0; i < b->instrument->n_items; i++) {
        bytes[i] = *psyi_sheets_byte(b->sheets, sheet, i);
        if (b->sheets->numbers[i] != NULL)
            numbers[i] = b->sheets->numbers[i][sheet];
    }
    naive->bytes = bytes;
    naive->numbers = numbers;
    naive->person = b->people[sheet];
    naive_run(naive);
    for (size_t s = 0; s < b->instrument->n_scales; s++)
        compare_scale(b, naive, sheet, s);
    for (size_t s = 0; s < b->instrument->n_standards; s++)
        if (!batch_same(psyi_scores_standard(b->scores, s, sheet), naive->standards[s]))
            batch_differ(b, sheet, "standard score", b->instrument->standards[s].name);
    for (size_t f = 0; f < b->instrument->n_flags; f++) {
        const int expected = naive->flags[f] < 0 ? -1 : naive->flags[f];
        if (psyi_scores_flag(b->scores, f, sheet) != expected)
            batch_differ(b, sheet, "flag", b->instrument->flags[f].id);
    }
    compare_gathered(b, naive, sheet);
    compare_events(b, naive, sheet);
    free(bytes);
    free(numbers);
}

/* A sheet that is not given has nothing: no score, no band, no flag. */
static void expect_nothing(const batch *b, size_t sheet)
{
    const psyi_scores *const scores = b->scores;
    for (size_t s = 0; s < scores->n_scales; s++) {
        assert_int_equal(scores->status[psyi_scale_at(scores, s, sheet)], PSYI_NOT_GIVEN);
        assert_int_equal(psyi_scores_value(scores, s, sheet).den, 0);
        for (size_t p = 0; p < psyi_scorer_scale(b->scorer, s)->n_populations; p++)
            assert_null(psyi_scores_band(scores, s, p, sheet));
    }
    for (size_t s = 0; s < scores->n_standards; s++)
        assert_int_equal(psyi_scores_standard(scores, s, sheet).den, 0);
    for (size_t f = 0; f < scores->n_flags; f++)
        assert_int_equal(psyi_scores_flag(scores, f, sheet), -1);
}

static void test_tiles_equal_the_naive_scorer(void **state)
{
    (void)state;
    catalogue all;
    dice from = {1};
    size_t n_sheets = 0;
    catalogue_open(&all);
    for (size_t i = 0; i < all.n; i++)
        for (unsigned v = 0; v < all.instruments[i]->n_variants; v++) {
            batch b;
            naive_sheet naive;
            batch_open(&b, all.instruments[i], v, 1500);
            batch_fill(&b, &from);
            assert_int_equal(psyi_scores_run_all(b.scores, b.people, 2, &b.events, NULL), PSY_OK);
            naive_new(&naive, all.instruments[i], v);
            for (size_t sheet = 0; sheet < b.n; sheet++) {
                if (psyi_sheets_given(b.sheets, sheet))
                    compare_sheet(&b, &naive, sheet);
                else
                    expect_nothing(&b, sheet);
                n_sheets++;
            }
            naive_free(&naive);
            batch_close(&b);
        }
    print_message("  %zu instruments, %zu sheets\n", all.n, n_sheets);
    assert_true(all.n > 0);
    catalogue_close(&all);
}

/* ---- any number of threads -------------------------------------------------------------- */

static void same_results(const psyi_scores *a, const psyi_scores *b)
{
    const size_t lanes = a->n_tiles * PSYI_LANES, cells = a->n_scales * lanes,
                 masks = a->n_flags * a->n_tiles;
    assert_memory_equal(a->score, b->score, cells * sizeof *a->score);
    assert_memory_equal(a->status, b->status, cells);
    assert_memory_equal(a->standard, b->standard, a->n_standards * lanes * sizeof *a->standard);
    assert_memory_equal(a->band, b->band, a->n_bands * lanes);
    assert_memory_equal(a->flag_yes, b->flag_yes, masks * sizeof(psyi_mask));
    assert_memory_equal(a->flag_no, b->flag_no, masks * sizeof(psyi_mask));
    assert_memory_equal(a->flag_blank, b->flag_blank, masks * sizeof(psyi_mask));
    for (size_t s = 0; s < a->n_scales; s++)
        for (size_t sheet = 0; sheet < a->n_sheets; sheet++) {
            psyi_ratio low[2], high[2];
            assert_int_equal(psyi_scores_bounds(a, s, sheet, &low[0], &high[0]),
                             psyi_scores_bounds(b, s, sheet, &low[1], &high[1]));
            assert_memory_equal(&low[0], &low[1], sizeof low[0]);
            assert_memory_equal(&high[0], &high[1], sizeof high[0]);
        }
}

static void test_results_do_not_depend_on_threads(void **state)
{
    (void)state;
    catalogue all;
    dice from = {2};
    catalogue_open(&all);
    for (size_t i = 0; i < all.n; i++) {
        batch b;
        batch_open(&b, all.instruments[i], 0, 2777);
        batch_fill(&b, &from);
        assert_int_equal(psyi_scores_run_all(b.scores, b.people, 1, &b.events, NULL), PSY_OK);
        static const unsigned threads[] = {2, 3, 8};
        for (size_t t = 0; t < 3; t++) {
            psyi_scores *again;
            psyi_events events = {0};
            assert_int_equal(psyi_scores_new(&again, b.scorer, b.sheets, NULL, NULL), PSY_OK);
            assert_int_equal(psyi_scores_run_all(again, b.people, threads[t], &events, NULL),
                             PSY_OK);
            same_results(b.scores, again);
            assert_int_equal(events.n, b.events.n);
            for (size_t e = 0; e < events.n; e++) {
                assert_int_equal(events.events[e].sheet, b.events.events[e].sheet);
                assert_int_equal(events.events[e].kind, b.events.events[e].kind);
                assert_int_equal(events.events[e].index, b.events.events[e].index);
            }
            psyi_free(NULL, events.events);
            psyi_scores_free(again);
        }
        batch_close(&b);
    }
    catalogue_close(&all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tiles_equal_the_naive_scorer),
        cmocka_unit_test(test_results_do_not_depend_on_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
