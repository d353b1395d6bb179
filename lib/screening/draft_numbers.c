/*
 * draft_numbers.c -- in which coding the numbers of a questionnaire are written.
 *
 * Numbers are read in the coding in which all of them are codes; where several codings hold
 * all of them and mean different things, or they could be numbers of options, it is asked.
 */
#include "base/fail.h"
#include "base/text.h"
#include "intake/cell.h"
#include "screening/drafting.h"

#include <string.h>

typedef struct numbers { /* of all coded items of a use */
    bool seen[64];       /* -8 .. 55 */
    bool any, outside;
} numbers;

/* Whether `answers` of the options say what the text stands for. */
static bool explained(const psyi_draft *d, const psyi_draft_use *use, const char *text)
{
    for (size_t i = 0; i < d->input.n_codes; i++)
        if (strcmp(d->input.codes[i].of, use->use.id) == 0 &&
            strcmp(d->input.codes[i].texts->text, text) == 0)
            return true;
    return false;
}

static void gather(const psyi_draft *d, size_t u, numbers *out)
{
    const psyi_draft_use *const use = &d->uses[u];
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < use->use.instrument->n_items; i++) {
        const psyi_item *const item = &use->use.instrument->items[i];
        const psyi_response *const response = &use->use.instrument->responses[item->response];
        if (use->column[i] == PSYI_NO_COLUMN || response->kind != PSYI_CODED)
            continue;
        const psyi_seen_column *const column = &d->survey.columns[use->column[i]];
        for (size_t t = 0; t < column->n_texts; t++) {
            const char *const text = column->texts[t].text;
            int64_t value;
            int32_t ignored;
            if (!psyi_cell_integer(text, strlen(text), &value) ||
                psyi_codebook_read(&use->books[item->response], item, text, strlen(text),
                                   &ignored) == PSYI_SKIPPED ||
                value == -2 || value == -3 || explained(d, use, text))
                continue;
            out->any = true;
            if (value >= -8 && value <= 55)
                out->seen[value + 8] = true;
            else
                out->outside = true;
        }
    }
}

/* Whether all numbers are codes of every coded response that has columns. */
static bool fits(const psyi_draft *d, size_t u, const numbers *n, unsigned variant, bool index)
{
    const psyi_draft_use *const use = &d->uses[u];
    const psy_instrument *const instrument = use->use.instrument;
    for (size_t r = 0; r < instrument->n_responses; r++) {
        psyi_coding coding;
        bool here = false;
        for (size_t i = 0; i < instrument->n_items; i++)
            here = here || (instrument->items[i].response == r && use->column[i] != PSYI_NO_COLUMN);
        if (!here || instrument->responses[r].kind != PSYI_CODED)
            continue;
        psyi_coding_init(&coding, instrument, variant, (unsigned)r);
        for (int v = 0; v < 64; v++) {
            const int value = v - 8;
            if (!n->seen[v])
                continue;
            if (index ? value < 1 || value > (int)instrument->responses[r].n_codes
                      : psyi_coding_byte(&coding, value) == PSYI_OUT_OF_RANGE)
                return false;
        }
    }
    return !n->outside;
}

/* Whether option numbers mean the same as the codes of the definition themselves. */
static bool index_is_code(const psy_instrument *instrument)
{
    for (size_t r = 0; r < instrument->n_responses; r++)
        for (size_t i = 0; i < instrument->responses[r].n_codes; i++)
            if (instrument->responses[r].kind == PSYI_CODED &&
                instrument->responses[r].codes[i] != (int32_t)i + 1)
                return false;
    return true;
}

/* Numbers that were seen, as in "0, 1, 4". */
static psy_status say_numbers(const numbers *n, psyi_buffer *out, psy_error *error)
{
    for (int v = 0; v < 64; v++)
        if (n->seen[v])
            psyi_buffer_format(out, "%s%d", out->length > 0 ? ", " : "", v - 8);
    if (n->outside)
        psyi_buffer_text(out, out->length > 0 ? ", and larger ones" : "larger than 55");
    return out->failed ? psyi_fail_memory(error, "a plan") : PSY_OK;
}

static psy_status ask_unknown(psyi_draft *d, size_t u, const numbers *seen)
{
    const psyi_draft_use *const use = &d->uses[u];
    psyi_buffer words, remedy;
    psyi_buffer_init(&words, d->allocator);
    psyi_buffer_init(&remedy, d->allocator);
    /* With the coding stated, each cell that does not fit is named with its row. */
    psyi_buffer_format(&remedy,
                       "if a few cells are wrong, --instrument %s:%s names each of them; else "
                       "declare `codes:` in a plan of your own, or export the texts of the options",
                       use->use.id, use->use.instrument->variants[0].id);
    psy_status status = say_numbers(seen, &words, d->error);
    if (status == PSY_OK && remedy.failed)
        status = psyi_fail_memory(d->error, "a plan");
    if (status == PSY_OK)
        status = psyi_draft_ask(d, PSYI_NO_COLUMN, 0, "coding_unknown", remedy.data,
                                "no coding of %s has all the numbers of the file: %s", use->use.id,
                                words.data);
    psyi_buffer_done(&remedy);
    psyi_buffer_done(&words);
    return status;
}

/* "1 否, 2 是": what :index makes of the numbers of the first question that has a column. */
static void say_options(const psyi_draft_use *use, psyi_buffer *out)
{
    const psy_instrument *const instrument = use->use.instrument;
    size_t i = 0;
    while (i + 1 < instrument->n_items &&
           (use->column[i] == PSYI_NO_COLUMN ||
            instrument->responses[instrument->items[i].response].kind != PSYI_CODED))
        i++;
    const psyi_response *const response = &instrument->responses[instrument->items[i].response];
    for (size_t c = 0; c < response->n_codes; c++) {
        const psyi_label label =
            response->labels != NULL ? response->labels[c] : (psyi_label){NULL, NULL};
        const char *const word = label.zh != NULL ? label.zh : label.en;
        psyi_buffer_format(out, "%s%zu ", c > 0 ? ", " : "", c + 1);
        if (word != NULL)
            psyi_buffer_text(out, word);
        else
            psyi_buffer_format(out, "= %d", (int)response->codes[c]);
    }
}

static psy_status ask_coding(psyi_draft *d, size_t u, const numbers *seen, const char *readings,
                             size_t n, bool index)
{
    const psyi_draft_use *const use = &d->uses[u];
    const char *const id = use->use.id;
    if (n == 0)
        return ask_unknown(d, u, seen);
    psyi_buffer remedy;
    psyi_buffer_init(&remedy, d->allocator);
    psyi_buffer_text(&remedy, "look at the form: ");
    if (n > 1)
        psyi_buffer_format(&remedy, "say which it is, as in --instrument %s:%s; ", id,
                           use->use.instrument->variants[0].id);
    if (index) {
        psyi_buffer_format(&remedy, "if the numbers are those of options that stand there as ");
        say_options(use, &remedy);
        psyi_buffer_format(&remedy,
                           ", write --instrument %s:index; if the options stand in another order, "
                           "say what each number is, as in --answer '%s:1=CODE'; ",
                           id, id);
    }
    psyi_buffer_text(&remedy, "or export the texts of the options");
    psy_status status = PSY_OK;
    if (remedy.failed)
        status = psyi_fail_memory(d->error, "a plan");
    else if (n == 1)
        status = psyi_draft_ask(d, PSYI_NO_COLUMN, 0, "coding_open", remedy.data,
                                "the numbers of %s are no codes of it, but could be the numbers "
                                "of its options, in an order the file does not tell",
                                id);
    else
        status = psyi_draft_ask(d, PSYI_NO_COLUMN, 0, "coding_open", remedy.data,
                                "the numbers of %s can be read in %zu ways: %s", id, n, readings);
    psyi_buffer_done(&remedy);
    return status;
}

psy_status psyi_draft_coding(psyi_draft *d, size_t u)
{
    psyi_draft_use *const use = &d->uses[u];
    const psy_instrument *const instrument = use->use.instrument;
    numbers n;
    gather(d, u, &n);
    if (!n.any || use->stated || use->index)
        return PSY_OK;
    psyi_buffer words;
    psyi_buffer_init(&words, d->allocator);
    size_t found = 0;
    unsigned chosen = 0;
    bool index = false;
    for (unsigned v = 0; v < instrument->n_variants; v++)
        if (fits(d, u, &n, v, false)) {
            psyi_buffer_format(&words, "%s%s:%s", found > 0 ? ", " : "", use->use.id,
                               instrument->variants[v].id);
            found++;
            chosen = v;
        }
    if (!index_is_code(instrument) && fits(d, u, &n, 0, true)) {
        psyi_buffer_format(&words, "%s%s:index (1 is the first option)", found > 0 ? ", " : "",
                           use->use.id);
        found++;
        index = true;
    }
    psy_status status = words.failed ? psyi_fail_memory(d->error, "a plan") : PSY_OK;
    if (status == PSY_OK && (found != 1 || index))
        /* Option numbers alone do not say in which order the options stood on the form. */
        status = ask_coding(d, u, &n, words.data != NULL ? words.data : "", found, index);
    if (status == PSY_OK && found == 1)
        use->use.variant = (uint16_t)chosen;
    psyi_buffer_done(&words);
    return status;
}
