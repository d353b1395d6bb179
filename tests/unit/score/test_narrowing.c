/*
 * test_narrowing.c -- an answer more never widens what a score can be: random sheets of every
 * instrument with as many blanks as there are, one of which is filled.
 */
#include "answers/sheets.h"
#include "batch.h"
#include "test_support.h"

#include <string.h>

enum { SHEETS = 700 };

/* Rules that ask whether something is blank, blanks that count 0 and forms that are void by
 * blanks are about the answers as they are, not about what they could be. */
static bool reads_blanks(const psy_instrument *instrument)
{
    static const char *const words[] = {"is_missing", "ifna", "refused", "answered"};
    for (size_t i = 0; i < instrument->n_programs; i++)
        for (size_t w = 0; w < 4; w++)
            if (strstr(psyi_program_text(instrument->programs[i]), words[w]) != NULL)
                return true;
    for (size_t v = 0; v < instrument->n_variants; v++)
        for (size_t s = 0; s < instrument->n_scales; s++)
            if (instrument->variants[v].scales[s].missing == PSYI_MISSING_ZERO)
                return true;
    return instrument->has_form_gate;
}

/* A blank item of a sheet, drawn evenly; SIZE_MAX where there is none. */
static size_t draw_blank(const batch *b, size_t sheet, dice *from)
{
    uint32_t sheets[PSYI_LANES];
    size_t found = SIZE_MAX;
    unsigned n = 0;
    memset(sheets, 0xFF, sizeof sheets);
    sheets[0] = (uint32_t)sheet;
    for (size_t i = 0; i < b->instrument->n_items; i++) {
        const psyi_item *const item = &b->instrument->items[i];
        psyi_item_lanes lanes;
        psyi_scores_item(b->scores, (unsigned)i, false, sheets, ~(psyi_mask)0, &lanes);
        if ((lanes.blank & 1) != 0 && b->instrument->responses[item->response].kind == PSYI_CODED &&
            roll(from, ++n) == 0)
            found = i;
    }
    return found;
}

static void copy_sheet(const batch *from, batch *to, size_t sheet)
{
    to->people[sheet] = from->people[sheet];
    if (!psyi_sheets_given(from->sheets, sheet))
        return;
    psyi_sheets_mark(to->sheets, sheet);
    for (size_t i = 0; i < from->instrument->n_items; i++) {
        *psyi_sheets_byte(to->sheets, sheet, i) = *psyi_sheets_byte(from->sheets, sheet, i);
        if (from->sheets->numbers[i] != NULL)
            to->sheets->numbers[i][sheet] = from->sheets->numbers[i][sheet];
    }
}

static void check_scales(const batch *before, const batch *after, size_t sheet)
{
    for (size_t s = 0; s < before->instrument->n_scales; s++) {
        psyi_ratio low, high, now_low, now_high;
        psyi_scores_bounds(before->scores, s, sheet, &low, &high);
        psyi_scores_bounds(after->scores, s, sheet, &now_low, &now_high);
        if (low.den == 0)
            continue; /* anything was possible */
        if (now_low.den == 0 || psyi_ratio_compare(now_low, low) < 0 ||
            psyi_ratio_compare(now_high, high) > 0)
            batch_differ(after, sheet, "bounds (wider with an answer more)",
                         before->instrument->scales[s].id);
    }
}

static void check_flags(const batch *before, const batch *after, size_t sheet)
{
    for (size_t f = 0; f < before->instrument->n_flags; f++) {
        const size_t at = psyi_flag_at(before->scores, f, sheet / PSYI_LANES);
        const bool soft = (before->scores->flag_maybe[at] >> (sheet % PSYI_LANES) & 1) != 0;
        const int decided = psyi_scores_flag(before->scores, f, sheet);
        if (before->instrument->flags[f].when == NULL) /* asks whether an item is blank */
            continue;
        if (decided >= 0 && !soft && psyi_scores_flag(after->scores, f, sheet) != decided)
            batch_differ(after, sheet, "flag (an answer more turns it)",
                         before->instrument->flags[f].id);
    }
}

static size_t try_instrument(const psy_instrument *instrument, unsigned variant, dice *from)
{
    batch before, after;
    static size_t filled[SHEETS];
    size_t tried = 0;
    batch_open(&before, instrument, variant, SHEETS);
    batch_open(&after, instrument, variant, SHEETS);
    batch_fill(&before, from);
    assert_int_equal(psyi_scores_run_all(before.scores, before.people, 1, &before.events, NULL),
                     PSY_OK);
    for (size_t sheet = 0; sheet < SHEETS; sheet++) {
        copy_sheet(&before, &after, sheet);
        filled[sheet] =
            psyi_sheets_given(before.sheets, sheet) ? draw_blank(&before, sheet, from) : SIZE_MAX;
        if (filled[sheet] == SIZE_MAX)
            continue;
        const psyi_item *const item = &instrument->items[filled[sheet]];
        *psyi_sheets_byte(after.sheets, sheet, filled[sheet]) =
            (uint8_t)roll(from, (unsigned)instrument->responses[item->response].n_codes);
    }
    assert_int_equal(psyi_scores_run_all(after.scores, after.people, 1, &after.events, NULL),
                     PSY_OK);
    for (size_t sheet = 0; sheet < SHEETS; sheet++) {
        if (filled[sheet] == SIZE_MAX)
            continue;
        check_scales(&before, &after, sheet);
        check_flags(&before, &after, sheet);
        tried++;
    }
    batch_close(&after);
    batch_close(&before);
    return tried;
}

static void test_an_answer_more_never_widens_bounds(void **state)
{
    (void)state;
    catalogue all;
    dice from = {4};
    size_t tried = 0, instruments = 0;
    catalogue_open(&all);
    for (size_t i = 0; i < all.n; i++) {
        if (reads_blanks(all.instruments[i]))
            continue;
        instruments++;
        for (unsigned v = 0; v < all.instruments[i]->n_variants; v++)
            tried += try_instrument(all.instruments[i], v, &from);
    }
    print_message("  %zu of %zu instruments, %zu sheets\n", instruments, all.n, tried);
    assert_true(instruments > 20 && tried > 5000);
    catalogue_close(&all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_answer_more_never_widens_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
