/*
 * test_completions.c -- sheets with up to three blanks: bounds and decided flags hold for
 * every way of filling them in.
 */
#include "answers/sheets.h"
#include "batch.h"
#include "test_support.h"

#include <string.h>

enum { MOST_BLANKS = 3 };

typedef struct gap_list {
    size_t items[MOST_BLANKS], n;
    bool fits; /* not more than that, all of them coded */
} gap_list;

/* Items that are blank on the sheet after gates. */
static gap_list find_gaps(const batch *b, size_t sheet)
{
    gap_list gaps = {.fits = true};
    uint32_t sheets[PSYI_LANES];
    for (size_t i = 0; i < PSYI_LANES; i++)
        sheets[i] = UINT32_MAX;
    sheets[0] = (uint32_t)sheet;
    for (size_t i = 0; i < b->instrument->n_items; i++) {
        psyi_item_lanes lanes;
        psyi_scores_item(b->scores, (unsigned)i, false, sheets, ~(psyi_mask)0, &lanes);
        if ((lanes.blank & 1) == 0)
            continue;
        const psyi_response *const response =
            &b->instrument->responses[b->instrument->items[i].response];
        if (gaps.n == MOST_BLANKS || response->kind != PSYI_CODED || response->n_codes > 10) {
            gaps.fits = false;
            return gaps;
        }
        gaps.items[gaps.n++] = i;
    }
    return gaps;
}

static size_t n_codes(const batch *b, size_t item)
{
    return b->instrument->responses[b->instrument->items[item].response].n_codes;
}

typedef struct reach {
    psyi_ratio low, high;
    bool some;
} reach;

static void widen(reach *r, psyi_ratio value)
{
    if (value.den == 0)
        return;
    if (!r->some || psyi_ratio_compare(value, r->low) < 0)
        r->low = value;
    if (!r->some || psyi_ratio_compare(value, r->high) > 0)
        r->high = value;
    r->some = true;
}

static bool reads_refusal_or_blank(const psy_instrument *instrument)
{
    for (size_t i = 0; i < instrument->n_programs; i++) {
        const char *const text = psyi_program_text(instrument->programs[i]);
        if (strstr(text, "is_missing") != NULL || strstr(text, "ifna") != NULL ||
            strstr(text, "refused") != NULL || strstr(text, "answered") != NULL)
            return true;
    }
    return false;
}

static void try_completions(const batch *b, size_t sheet, const gap_list *gaps)
{
    size_t n = 1;
    for (size_t i = 0; i < gaps->n; i++)
        n *= n_codes(b, gaps->items[i]);
    batch full;
    batch_open(&full, b->instrument, b->variant, n);
    for (size_t c = 0; c < n; c++) {
        size_t rest = c;
        full.people[c] = b->people[sheet];
        psyi_sheets_mark(full.sheets, c);
        for (size_t i = 0; i < b->instrument->n_items; i++) {
            *psyi_sheets_byte(full.sheets, c, i) = *psyi_sheets_byte(b->sheets, sheet, i);
            if (b->sheets->numbers[i] != NULL)
                full.sheets->numbers[i][c] = b->sheets->numbers[i][sheet];
        }
        for (size_t i = 0; i < gaps->n; i++) {
            *psyi_sheets_byte(full.sheets, c, gaps->items[i]) =
                (uint8_t)(rest % n_codes(b, gaps->items[i]));
            rest /= n_codes(b, gaps->items[i]);
        }
    }
    assert_int_equal(psyi_scores_run_all(full.scores, full.people, 1, &full.events, NULL), PSY_OK);
    for (size_t s = 0; s < b->instrument->n_scales; s++) {
        const psyi_scale *const scale = psyi_scorer_scale(b->scorer, s);
        reach r = {.some = false};
        psyi_ratio low, high;
        for (size_t c = 0; c < n; c++)
            widen(&r, psyi_scores_value(full.scores, s, c));
        psyi_scores_bounds(b->scores, s, sheet, &low, &high);
        if (!r.some || low.den == 0)
            continue;
        if (scale->missing == PSYI_MISSING_ZERO || b->instrument->has_form_gate)
            continue; /* a blank that counts 0 is not one of the completions */
        if (psyi_ratio_compare(r.low, low) < 0 || psyi_ratio_compare(r.high, high) > 0)
            batch_differ(b, sheet, "bounds (not wide enough)", scale->id);
        /* A gate whose question is blank closes in some completions and not in others. */
        if (scale->score != PSYI_SCORE_EXPRESSION && scale->score != PSYI_SCORE_PARTS &&
            b->instrument->n_gates == 0 && (!batch_same(low, r.low) || !batch_same(high, r.high)))
            batch_differ(b, sheet, "bounds (too wide)", scale->id);
    }
    for (size_t f = 0; f < b->instrument->n_flags; f++) {
        const size_t at = psyi_flag_at(b->scores, f, sheet / PSYI_LANES);
        const bool soft = (b->scores->flag_maybe[at] >> (sheet % PSYI_LANES) & 1) != 0;
        const int decided = psyi_scores_flag(b->scores, f, sheet);
        if (b->instrument->flags[f].when == NULL || decided < 0 || soft)
            continue;
        for (size_t c = 0; c < n; c++) {
            const int completed = psyi_scores_flag(full.scores, f, c);
            if (completed >= 0 && completed != decided)
                batch_differ(b, sheet, "flag (a completion turns it)", b->instrument->flags[f].id);
        }
    }
    batch_close(&full);
}

static void test_bounds_hold_for_every_completion(void **state)
{
    (void)state;
    catalogue all;
    dice from = {3};
    size_t tried = 0;
    catalogue_open(&all);
    for (size_t i = 0; i < all.n; i++) {
        /* A rule that asks whether something is blank is not about completions. */
        if (reads_refusal_or_blank(all.instruments[i]))
            continue;
        batch b;
        batch_open(&b, all.instruments[i], 0, 400);
        batch_fill(&b, &from);
        assert_int_equal(psyi_scores_run_all(b.scores, b.people, 2, &b.events, NULL), PSY_OK);
        for (size_t sheet = 0; sheet < b.n; sheet++) {
            if (!psyi_sheets_given(b.sheets, sheet))
                continue;
            const gap_list gaps = find_gaps(&b, sheet);
            if (!gaps.fits || gaps.n == 0)
                continue;
            try_completions(&b, sheet, &gaps);
            tried++;
        }
        batch_close(&b);
    }
    print_message("  %zu incomplete sheets\n", tried);
    assert_true(all.n == 0 || tried > 0);
    catalogue_close(&all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bounds_hold_for_every_completion),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
