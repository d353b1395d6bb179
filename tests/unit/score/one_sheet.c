/*
 * one_sheet.c -- see one_sheet.h.
 */
#include "one_sheet.h"
#include "answers/sheets.h"
#include "catalogue.h"
#include "test_support.h"

#include <stdio.h>
#include <string.h>

static uint8_t byte_of(char c)
{
    switch (c) {
    case '.':
        return PSYI_BLANK;
    case 's':
        return PSYI_SKIPPED;
    case 'n':
        return PSYI_NOT_APPLICABLE;
    case 'r':
        return PSYI_REFUSED;
    case 'o':
        return PSYI_OUT_OF_RANGE;
    case 'u':
        return PSYI_UNREADABLE;
    default:
        return (uint8_t)(c - '0');
    }
}

few_sheets few_sheets_score(psy_instrument *instrument, unsigned variant, const char *population,
                            const psyi_person *people, const char *const *answers, size_t n)
{
    few_sheets few = {.instrument = instrument};
    assert_int_equal(psyi_sheets_new(&few.sheets, instrument, n, NULL, NULL), PSY_OK);
    for (size_t sheet = 0; sheet < n; sheet++) {
        if (answers[sheet][0] == '\0')
            continue;
        assert_int_equal(strlen(answers[sheet]), instrument->n_items);
        psyi_sheets_mark(few.sheets, sheet);
        for (size_t i = 0; i < instrument->n_items; i++)
            *psyi_sheets_byte(few.sheets, sheet, i) = byte_of(answers[sheet][i]);
    }
    assert_int_equal(psyi_scorer_new(&few.scorer, instrument, variant, population, NULL, NULL),
                     PSY_OK);
    assert_int_equal(psyi_scores_new(&few.scores, few.scorer, few.sheets, NULL, NULL), PSY_OK);
    assert_int_equal(psyi_scores_run_all(few.scores, people, 1, &few.events, NULL), PSY_OK);
    return few;
}

void few_sheets_free(few_sheets *few)
{
    psyi_free(NULL, few->events.events);
    psyi_scores_free(few->scores);
    psyi_scorer_free(few->scorer);
    psyi_sheets_free(few->sheets);
    psy_instrument_free(few->instrument);
}

static size_t scale_of(const few_sheets *few, const char *scale)
{
    const unsigned index = psyi_find_scale(few->instrument, scale);
    assert_int_not_equal(index, PSYI_NO_INDEX);
    return index;
}

const char *few_sheets_value(const few_sheets *few, const char *scale, size_t sheet)
{
    static char texts[4][160];
    static size_t next;
    char value[40] = "-", low[40], high[40];
    psyi_ratio from, to;
    char *const text = texts[next++ % 4];
    const size_t index = scale_of(few, scale);
    const psyi_ratio score = psyi_scores_value(few->scores, index, sheet);
    if (score.den != 0)
        psyi_ratio_print(score, value);
    if (psyi_scores_bounds(few->scores, index, sheet, &from, &to)) {
        psyi_ratio_print(from, low);
        psyi_ratio_print(to, high);
        snprintf(text, sizeof texts[0], "%s (%s..%s)", value, low, high);
    } else {
        snprintf(text, sizeof texts[0], "%s", value);
    }
    return text;
}

const char *few_sheets_band(const few_sheets *few, const char *scale, size_t sheet)
{
    const size_t index = scale_of(few, scale);
    const char *const band =
        psyi_scores_band(few->scores, index, psyi_scorer_population(few->scorer, index), sheet);
    return band == NULL ? "-" : band;
}

psyi_score_status few_sheets_status(const few_sheets *few, const char *scale, size_t sheet)
{
    return (psyi_score_status)
        few->scores->status[psyi_scale_at(few->scores, scale_of(few, scale), sheet)];
}

int few_sheets_flag(const few_sheets *few, const char *flag, size_t sheet)
{
    const unsigned index = psyi_find_flag(few->instrument, flag);
    assert_int_not_equal(index, PSYI_NO_INDEX);
    return psyi_scores_flag(few->scores, index, sheet);
}
