/*
 * batch.c -- see batch.h.
 */
#include "batch.h"
#include "answers/sheets.h"
#include "test_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static psyi_person random_person(dice *from)
{
    return (psyi_person){.sex = (uint8_t)roll(from, 3),
                         .informant = (uint8_t)roll(from, 4),
                         .grade = (int16_t)roll(from, 17),
                         .age = (int16_t)(roll(from, 30) - 1)};
}

static int32_t random_number(dice *from, const psyi_item *item)
{
    return item->low + (int32_t)roll(from, (unsigned)(item->high - item->low) + 1);
}

/* Missing answers of all kinds, about `rate` in a thousand of each. */
static void random_answer(dice *from, const batch *b, size_t sheet, size_t i, unsigned rate)
{
    const psyi_item *const item = &b->instrument->items[i];
    const psyi_response *const response = &b->instrument->responses[item->response];
    static const uint8_t gaps[] = {PSYI_BLANK,          PSYI_BLANK,   PSYI_SKIPPED,
                                   PSYI_NOT_APPLICABLE, PSYI_REFUSED, PSYI_OUT_OF_RANGE,
                                   PSYI_UNREADABLE};
    uint8_t *const byte = psyi_sheets_byte(b->sheets, sheet, i);
    if (roll(from, 1000) < rate) {
        *byte = gaps[roll(from, sizeof gaps)];
        return;
    }
    if (response->kind == PSYI_CODED) {
        *byte = (uint8_t)roll(from, response->n_codes);
    } else {
        *byte = 0;
        b->sheets->numbers[i][sheet] = random_number(from, item);
    }
}

void batch_open(batch *b, const psy_instrument *instrument, unsigned variant, size_t n)
{
    memset(b, 0, sizeof *b);
    b->instrument = instrument;
    b->variant = variant;
    b->n = n;
    b->people = calloc(n + 1, sizeof *b->people);
    assert_int_equal(psyi_sheets_new(&b->sheets, instrument, n, NULL, NULL), PSY_OK);
    assert_int_equal(psyi_scorer_new(&b->scorer, instrument, variant, NULL, NULL, NULL), PSY_OK);
    assert_int_equal(psyi_scores_new(&b->scores, b->scorer, b->sheets, NULL, NULL), PSY_OK);
}

void batch_close(batch *b)
{
    free(b->people);
    psyi_free(NULL, b->events.events);
    psyi_scores_free(b->scores);
    psyi_scorer_free(b->scorer);
    psyi_sheets_free(b->sheets);
}

void batch_fill(batch *b, dice *from)
{
    static const unsigned rates[] = {0, 5, 30, 200, 600};
    for (size_t sheet = 0; sheet < b->n; sheet++) {
        const unsigned rate = rates[roll(from, 5)];
        b->people[sheet] = random_person(from);
        for (size_t i = 0; i < b->instrument->n_items; i++)
            random_answer(from, b, sheet, i, rate);
        if (roll(from, 20) != 0)
            psyi_sheets_mark(b->sheets, sheet);
    }
}

bool batch_same(psyi_ratio a, psyi_ratio b)
{
    return a.den == 0 || b.den == 0 ? a.den == b.den : psyi_ratio_compare(a, b) == 0;
}

void batch_differ(const batch *b, size_t sheet, const char *what, const char *which)
{
    char answers[2000];
    size_t at = 0;
    for (size_t i = 0; i < b->instrument->n_items && at + 8 < sizeof answers; i++)
        at += (size_t)snprintf(answers + at, sizeof answers - at, "%d ",
                               *psyi_sheets_byte(b->sheets, sheet, i));
    fail_msg("%s variant %u sheet %zu: %s of %s differs; bytes %s", b->instrument->id, b->variant,
             sheet, what, which, answers);
}
