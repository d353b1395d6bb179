/*
 * draft_items.c -- a column for every item, or a question.
 *
 * First names that can be nothing else: the generated ones (phq9_1), and one complete series
 * of numbers behind a word that begins like the instrument (PHQ_001).  Then runs of columns
 * all of whose cells are answers of the items in turn.  A run holds a questionnaire only
 * where it can hold it in one place; several questionnaires fill it in the order in which
 * they were named, and nothing of it may be left over.  Where a few cells alone are in the
 * way ("-", a row of means), these are asked about, and not the place.
 */
#include "answers/needed.h"
#include "base/fail.h"
#include "base/text.h"
#include "intake/question.h"
#include "screening/drafting.h"

#include <stdio.h>
#include <string.h>

/* ---- by name ----------------------------------------------------------------------------- */

static uint32_t column_named(const psyi_draft *d, const char *name)
{
    uint32_t found = PSYI_NO_COLUMN;
    for (uint32_t c = 0; c < d->survey.n_columns; c++)
        if (!d->taken[c] && psyi_ascii_compare(d->survey.columns[c].name, name) == 0)
            found = found == PSYI_NO_COLUMN ? c : PSYI_NO_COLUMN - 1;
    return found < d->survey.n_columns ? found : PSYI_NO_COLUMN;
}

/* All needed items have a column. */
static bool complete(const psyi_draft *d, const psyi_draft_use *use)
{
    const psy_instrument *const instrument = use->use.instrument;
    uint8_t need[1024];
    (void)d;
    if (instrument->n_items > sizeof need)
        return false;
    psyi_items_needed(instrument, use->use.variant, use->use.informant, need);
    for (size_t i = 0; i < instrument->n_items; i++)
        if (need[i] == PSYI_NEED_ALWAYS && use->column[i] == PSYI_NO_COLUMN)
            return false;
    return true;
}

static void forget(psyi_draft_use *use)
{
    for (size_t i = 0; i < use->use.instrument->n_items; i++)
        use->column[i] = PSYI_NO_COLUMN;
    use->pattern = NULL;
}

static void take(psyi_draft *d, psyi_draft_use *use)
{
    for (size_t i = 0; i < use->use.instrument->n_items; i++)
        if (use->column[i] != PSYI_NO_COLUMN)
            d->taken[use->column[i]] = true;
}

static bool by_generated_names(psyi_draft *d, psyi_draft_use *use)
{
    const psy_instrument *const instrument = use->use.instrument;
    for (size_t i = 0; i < instrument->n_items; i++) {
        char name[200];
        snprintf(name, sizeof name, "%s_%s", instrument->id, instrument->items[i].id);
        use->column[i] = column_named(d, name);
    }
    if (!complete(d, use))
        forget(use);
    return complete(d, use);
}

/* A header that is a word and a number: "PHQ_001". */
typedef struct numbered {
    size_t prefix; /* bytes */
    unsigned number, width;
} numbered;

static bool split(const char *name, numbered *out)
{
    const size_t length = strlen(name);
    size_t at = length;
    while (at > 0 && name[at - 1] >= '0' && name[at - 1] <= '9')
        at--;
    if (at == 0 || at == length || length - at > 4 || at > 60 || psyi_question_number(name, NULL))
        return false;
    *out = (numbered){at, 0, (unsigned)(length - at)};
    for (size_t i = at; i < length; i++)
        out->number = out->number * 10 + (unsigned)(name[i] - '0');
    return true;
}

/* The letters of a prefix are those the instrument's id begins with. */
static bool is_like(const char *prefix, size_t length, const char *id)
{
    size_t at = 0, letters = 0;
    for (size_t i = 0; i < length; i++) {
        const char c =
            prefix[i] >= 'A' && prefix[i] <= 'Z' ? (char)(prefix[i] - 'A' + 'a') : prefix[i];
        if (c == '_' || c == '-' || c == '.' || c == ' ')
            continue;
        while (id[at] == '_')
            at++;
        if (id[at] != c)
            return false;
        at++;
        letters += c >= 'a' && c <= 'z';
    }
    return letters >= 2 && (id[at] == '\0' || (id[at] >= '0' && id[at] <= '9') || id[at] == '_');
}

/* Fill the columns of the series that the header of column `first` belongs to. */
static void follow(psyi_draft *d, psyi_draft_use *use, uint32_t first)
{
    const psy_instrument *const instrument = use->use.instrument;
    const char *const name = d->survey.columns[first].name;
    numbered head, other;
    split(name, &head);
    bool padded = true;
    for (uint32_t c = 0; c < d->survey.n_columns; c++) {
        const char *const at = d->survey.columns[c].name;
        if (d->taken[c] || !split(at, &other) || other.prefix != head.prefix ||
            memcmp(at, name, head.prefix) != 0)
            continue;
        padded = padded && other.width == head.width;
        for (size_t i = 0; i < instrument->n_items; i++)
            if (instrument->items[i].number == other.number && other.number > 0)
                use->column[i] = c;
    }
    use->pattern =
        padded && head.width > 1
            ? psyi_arena_format(&d->arena, "%.*s{n:0%u}", (int)head.prefix, name, head.width)
            : psyi_arena_format(&d->arena, "%.*s{n}", (int)head.prefix, name);
}

static bool by_series(psyi_draft *d, psyi_draft_use *use)
{
    uint32_t found = PSYI_NO_COLUMN;
    size_t n = 0;
    for (uint32_t c = 0; c < d->survey.n_columns; c++) {
        numbered head;
        const char *const name = d->survey.columns[c].name;
        if (d->taken[c] || !split(name, &head) || head.number != 1 ||
            !is_like(name, head.prefix, use->use.instrument->id))
            continue;
        forget(use);
        follow(d, use, c);
        if (complete(d, use)) {
            found = c;
            n++;
        }
    }
    forget(use);
    if (n == 1)
        follow(d, use, found);
    return n == 1;
}

/* ---- by what stands in the columns -------------------------------------------------------- */

enum { ODD_ONE_IN = 10 };

/* All cells of a column are answers (or option numbers) of an item, and some are there; of a
 * lenient draft nearly all. */
static bool answers(const psyi_draft *d, const psyi_draft_use *use, size_t item, uint32_t c)
{
    const psyi_seen_column *const column = &d->survey.columns[c];
    const psyi_response *const response =
        &use->use.instrument->responses[use->use.instrument->items[item].response];
    if (d->taken[c] || column->many || column->n_texts == 0)
        return false;
    bool some = false;
    uint64_t odd = 0;
    for (size_t t = 0; t < column->n_texts; t++) {
        bool bare;
        const uint8_t byte = psyi_draft_byte(use, item, column->texts[t].text, &bare);
        int64_t value;
        const bool option =
            response->kind == PSYI_CODED &&
            psyi_integer_parse(column->texts[t].text, strlen(column->texts[t].text), &value) &&
            value >= 0 && value <= (int64_t)response->n_codes;
        if (byte >= PSYI_OUT_OF_RANGE && !option)
            odd += column->texts[t].count;
        some = some || byte < PSYI_BLANK || option;
    }
    return some && (odd == 0 || (d->lenient && ODD_ONE_IN * odd <= column->filled));
}

/* How many items a form must have: those before the first that may be absent, where none of the
 * later ones is needed; else all. */
static size_t needed_length(const psyi_draft_use *use)
{
    const psy_instrument *const instrument = use->use.instrument;
    uint8_t need[1024];
    size_t needed = 0;
    if (instrument->n_items > sizeof need)
        return instrument->n_items;
    psyi_items_needed(instrument, use->use.variant, use->use.informant, need);
    while (needed < instrument->n_items && need[needed] == PSYI_NEED_ALWAYS)
        needed++;
    for (size_t i = needed; i < instrument->n_items; i++)
        if (need[i] == PSYI_NEED_ALWAYS)
            return instrument->n_items; /* not only at the end: all must be there */
    return needed;
}

/* How many items fit the columns from `c` on in turn; those that were left out are stepped over. */
static size_t fitting(const psyi_draft *d, const psyi_draft_use *use, uint32_t c)
{
    size_t n = 0;
    while (n < use->use.instrument->n_items && c < d->survey.n_columns && answers(d, use, n, c)) {
        n++;
        c = d->after[c];
    }
    return n;
}

/* The column behind `n` of them. */
static uint32_t behind_columns(const psyi_draft *d, uint32_t c, size_t n)
{
    for (size_t i = 0; i < n; i++)
        c = d->after[c];
    return c;
}

/* How many items in turn stand from column `c` on: all of them, or all that are needed. */
static size_t length_at(const psyi_draft *d, const psyi_draft_use *use, uint32_t c)
{
    const psy_instrument *const instrument = use->use.instrument;
    const size_t needed = needed_length(use), n = fitting(d, use, c);
    return n == instrument->n_items ? n : n >= needed ? needed : 0;
}

static void put(const psyi_draft *d, psyi_draft_use *use, uint32_t first, size_t n)
{
    uint32_t column = first;
    for (size_t i = 0; i < n; i++, column = d->after[column])
        use->column[i] = column;
}

/* Is the column an answer to anything that was asked for? */
static bool like_any(const psyi_draft *d, const bool *waiting, uint32_t c)
{
    for (size_t u = 0; u < d->n_uses; u++)
        for (size_t i = 0; waiting[u] && i < d->uses[u].use.instrument->n_items; i++)
            if (answers(d, &d->uses[u], i, c))
                return true;
    return false;
}

typedef struct tiling {
    psyi_draft *draft;
    const bool *waiting;
    uint32_t at[PSYI_DRAFT_USES], best[PSYI_DRAFT_USES];
    size_t length[PSYI_DRAFT_USES], best_length[PSYI_DRAFT_USES];
    size_t found, steps;
} tiling;

/* Place the uses from `u` on behind column `c`, so that every column that looks like an
 * answer belongs to one of them. */
static void place(tiling *t, size_t u, uint32_t c)
{
    const psyi_draft *const d = t->draft;
    if (t->steps++ > 100000 || t->found > 1)
        return;
    while (u < d->n_uses && !t->waiting[u])
        u++;
    for (; c < d->survey.n_columns; c++) {
        const size_t n = u < d->n_uses ? length_at(d, &d->uses[u], c) : 0;
        if (n > 0) {
            t->at[u] = c;
            t->length[u] = n;
            place(t, u + 1, behind_columns(d, c, n));
            /* What looks like an item that may be absent may be the next questionnaire's. */
            const size_t needed = needed_length(&d->uses[u]);
            if (needed > 0 && needed < n) {
                t->length[u] = needed;
                place(t, u + 1, behind_columns(d, c, needed));
            }
        }
        if (like_any(d, t->waiting, c))
            return; /* nothing may be left over */
    }
    if (u == d->n_uses && t->found++ == 0) {
        memcpy(t->best, t->at, sizeof t->at);
        memcpy(t->best_length, t->length, sizeof t->length);
    }
}

/* The beginning that comes nearest: its first column and how many items fit. */
static uint32_t nearest(const psyi_draft *d, const psyi_draft_use *use, size_t *fits)
{
    uint32_t best = PSYI_NO_COLUMN;
    *fits = 0;
    for (uint32_t c = 0; c < d->survey.n_columns; c++) {
        const size_t n = fitting(d, use, c);
        if (n > *fits && behind_columns(d, c, n) < d->survey.n_columns) {
            *fits = n;
            best = c;
        }
    }
    return best;
}

/* Nothing but blanks and the like in it. */
static bool is_blank(const psyi_draft *d, const psyi_draft_use *use, size_t item, uint32_t c)
{
    const psyi_seen_column *const column = &d->survey.columns[c];
    bool bare, blank = !d->taken[c] && !column->many;
    for (size_t t = 0; t < column->n_texts && blank; t++) {
        const uint8_t byte = psyi_draft_byte(use, item, column->texts[t].text, &bare);
        blank = byte >= PSYI_BLANK && byte < PSYI_OUT_OF_RANGE;
    }
    return blank;
}

static psy_status ask_missing(psyi_draft *d, const psyi_draft_use *use, uint32_t *behind)
{
    static const char remedy[] = "correct the cells; or, if the column is a question of the form's "
                                 "own, leave it out: --without N with its number; psyscreen "
                                 "describe shows the answers";
    const psy_instrument *const instrument = use->use.instrument;
    size_t fits;
    bool asked;
    const psy_status status = psyi_draft_ask_words(d, use, needed_length(use), behind, &asked);
    if (status != PSY_OK || asked)
        return status;
    const uint32_t first = nearest(d, use, &fits);
    if (first == PSYI_NO_COLUMN)
        return psyi_draft_ask(d, PSYI_NO_COLUMN, 0, "items_not_found", remedy,
                              "no column is called %s_%s or alike, and none holds answers of %s",
                              use->use.id, instrument->items[0].id, use->use.id);
    const uint32_t next = behind_columns(d, first, fits);
    if (is_blank(d, use, fits, next))
        return psyi_draft_ask(d, next, 0, "items_not_found",
                              "export the answers of more students, or write the columns of its "
                              "items into a plan by hand",
                              "no columns in a row hold all of %s: %zu items fit from column %u "
                              "on, and column %u has no answer in any row",
                              use->use.id, fits, first + 1, next + 1);
    return psyi_draft_ask(d, next, 0, "items_not_found", remedy,
                          "no columns in a row hold all of %s: %zu items fit from column %u on, "
                          "and column %u does not hold answers of item %s",
                          use->use.id, fits, first + 1, next + 1, instrument->items[fits].id);
}

static psy_status ask_place(psyi_draft *d, size_t u, uint32_t *behind)
{
    const psyi_draft_use *const use = &d->uses[u];
    psyi_buffer words;
    psyi_buffer_init(&words, d->allocator);
    size_t n = 0;
    for (uint32_t c = 0; c < d->survey.n_columns; c++)
        if (length_at(d, use, c) > 0 && ++n <= 6)
            psyi_buffer_format(&words, "%scolumn %u ('%.*s')", n > 1 ? ", " : "", c + 1,
                               (int)psyi_utf8_prefix(d->survey.columns[c].name,
                                                     strlen(d->survey.columns[c].name), 30),
                               d->survey.columns[c].name);
    psy_status status;
    if (words.failed)
        status = psyi_fail_memory(d->error, "a plan");
    else if (n == 0)
        status = ask_missing(d, use, behind);
    else
        status = psyi_draft_ask(d, PSYI_NO_COLUMN, 0, "items_open",
                                "name all questionnaires of the file in their order, say where "
                                "the first item stands: --at ID=COLUMN, and leave out questions "
                                "of the form's own among them: --without N, the number of the "
                                "column",
                                "%s could begin in %zu places: %s%s", use->use.id, n, words.data,
                                n > 6 ? ", ..." : "");
    psyi_buffer_done(&words);
    return status;
}

static bool any_place(const psyi_draft *d, const bool *waiting)
{
    for (size_t u = 0; u < d->n_uses; u++)
        for (uint32_t c = 0; waiting[u] && c < d->survey.n_columns; c++)
            if (length_at(d, &d->uses[u], c) > 0)
                return true;
    return false;
}

psy_status psyi_draft_items(psyi_draft *d)
{
    bool waiting[PSYI_DRAFT_USES] = {false};
    size_t n_waiting = 0;
    psy_status status = PSY_OK;
    for (size_t u = 0; u < d->n_uses; u++) {
        psyi_draft_use *const use = &d->uses[u];
        if (use->at > 0) {
            const size_t n = length_at(d, use, use->at - 1);
            put(d, use, use->at - 1, n);
            waiting[u] = n == 0;
        } else if (!by_generated_names(d, use) && !by_series(d, use)) {
            waiting[u] = true;
        }
        if (waiting[u])
            n_waiting++;
        else
            take(d, use);
    }
    if (n_waiting == 0)
        return PSY_OK;
    tiling t = {.draft = d, .waiting = waiting};
    place(&t, 0, 0);
    if (t.found == 0 && any_place(d, waiting)) {
        /* All would be clear but for some cells: psyi_draft_codes asks about these. */
        d->lenient = true;
        t = (tiling){.draft = d, .waiting = waiting};
        place(&t, 0, 0);
        d->lenient = false;
        t.found = t.found == 1;
    }
    uint32_t behind = 0;
    for (size_t u = 0; u < d->n_uses && status == PSY_OK; u++) {
        if (!waiting[u])
            continue;
        if (t.found == 1) {
            put(d, &d->uses[u], t.best[u], t.best_length[u]);
            d->uses[u].placed = true;
            continue;
        }
        /* Left-over columns do not matter where there is one place in the whole file. */
        uint32_t only = PSYI_NO_COLUMN;
        size_t places = 0;
        for (uint32_t c = 0; c < d->survey.n_columns; c++)
            if (length_at(d, &d->uses[u], c) > 0) {
                places++;
                only = c;
            }
        if (places == 1 && n_waiting == 1)
            put(d, &d->uses[u], only, length_at(d, &d->uses[u], only));
        else
            status = ask_place(d, u, &behind);
    }
    for (size_t u = 0; u < d->n_uses; u++)
        take(d, &d->uses[u]);
    return status;
}
