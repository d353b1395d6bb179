/*
 * draft_order.c -- questionnaires side by side whose answers are the same.
 *
 * PHQ-9 and GAD-7 have the same options: which of them comes first is known from nothing but the
 * order in which they were named.  A border within a matrix question says that it was the wrong
 * one; where the file does not say, a person is told to look.
 */
#include "intake/question.h"
#include "screening/drafting.h"

#include "base/fail.h"
#include "base/text.h"
#include "table/collect.h"

#include <string.h>

/* The rows of one matrix question stand on both sides. */
static bool within_matrix(const psyi_draft *d, uint32_t left, uint32_t right)
{
    const unsigned number = psyi_question_number(d->survey.columns[left].name, NULL);
    return number > 0 && number == psyi_question_number(d->survey.columns[right].name, NULL);
}

static const psyi_draft_use *beginning_at(const psyi_draft *d, uint32_t column)
{
    for (size_t u = 0; u < d->n_uses; u++)
        if (d->uses[u].column[0] == column)
            return &d->uses[u];
    return NULL;
}

static size_t length_of(const psyi_draft_use *use)
{
    size_t n = 0;
    while (n < use->use.instrument->n_items && use->column[n] != PSYI_NO_COLUMN)
        n++;
    return n;
}

/* All texts of the column are answers of the item, or could be numbers of its options. */
static bool could_be(const psyi_draft *d, const psyi_draft_use *use, size_t item, uint32_t column)
{
    const psyi_seen_column *const seen = &d->survey.columns[column];
    const psyi_response *const response =
        &use->use.instrument->responses[use->use.instrument->items[item].response];
    for (size_t t = 0; t < seen->n_texts; t++) {
        const char *const text = seen->texts[t].text;
        bool bare;
        int64_t value;
        if (psyi_draft_byte(use, item, text, &bare) >= PSYI_OUT_OF_RANGE &&
            !(psyi_integer_parse(text, strlen(text), &value) && value >= 0 &&
              value <= (int64_t)response->n_codes))
            return false;
    }
    return true;
}

/* Whether the columns of both would hold `second`, and then `first`, as well. */
static bool exchangeable(const psyi_draft *d, const psyi_draft_use *first,
                         const psyi_draft_use *second, uint32_t *border)
{
    const size_t n = length_of(first), m = length_of(second);
    for (size_t i = 0; i < n + m; i++) {
        const uint32_t column = i < n ? first->column[i] : second->column[i - n];
        if (i == m)
            *border = column;
        if (!(i < m ? could_be(d, second, i, column) : could_be(d, first, i - m, column)))
            return false;
    }
    return true;
}

static int shown(const psyi_draft *d, uint32_t column)
{
    const char *const name = d->survey.columns[column].name;
    return (int)psyi_utf8_prefix(name, strlen(name), 30);
}

static psy_status look_at(psyi_draft *d, const psyi_draft_use *first, const psyi_draft_use *second)
{
    uint32_t other = 0; /* where the border would be the other way round */
    if (!exchangeable(d, first, second, &other))
        return PSY_OK;
    const uint32_t border = second->column[0];
    const bool cut = within_matrix(d, d->before[border], border);
    const bool other_cut = within_matrix(d, d->before[other], other);
    if (!cut && other_cut)
        return PSY_OK; /* the questions themselves say where the one ends */
    const char *const a = first->use.id, *const b = second->use.id;
    const char *const head = d->survey.columns[first->column[0]].name;
    const char *const next = d->survey.columns[border].name;
    if (cut && !other_cut)
        return psyi_draft_ask(
            d, border, 0, "order_open",
            "name them in the order in which they stand in the file; if this is their order, say "
            "where each begins: --at ID=COLUMN,ID=COLUMN",
            "where %s would end and %s begin, a matrix question goes on: their answers are the "
            "same, and the other way round none would be cut",
            a, b);
    const psy_finding finding = {.file = d->survey.text.name,
                                 .row = d->survey.header_row,
                                 .rule = "order_named",
                                 .severity = PSY_WARNING,
                                 .remedy = "hold these two questions against the form; if they are "
                                           "the other way round, name them so"};
    return psyi_find(d->findings, &finding, d->error,
                     "%s and %s have the same answers: that %s comes first, with '%.*s', and %s "
                     "second, with '%.*s', is known only from the order in which they were named",
                     a, b, a, shown(d, first->column[0]), head, b, shown(d, border), next);
}

psy_status psyi_draft_order(psyi_draft *d)
{
    psy_status status = PSY_OK;
    for (size_t u = 0; u < d->n_uses && status == PSY_OK; u++) {
        const psyi_draft_use *const use = &d->uses[u];
        const size_t n = use->placed ? length_of(use) : 0;
        if (n == 0 || d->after[use->column[n - 1]] >= d->survey.n_columns)
            continue;
        const psyi_draft_use *const second = beginning_at(d, d->after[use->column[n - 1]]);
        if (second != NULL && second->placed)
            status = look_at(d, use, second);
    }
    return status;
}
