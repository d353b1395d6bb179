/*
 * draft_words.c -- forms whose options are worded otherwise than the definition.
 *
 * A form made from a translation of its own says 偶有几天 where the definition says 好几天.  No
 * likeness of words proves a meaning, so the texts are shown and their meaning is asked; who
 * knows the form answers with `answers`, which are read like the codes of a plan and written
 * into it.
 */
#include "base/fail.h"
#include "base/text.h"
#include "screening/drafting.h"

#include <string.h>

enum { TEXT_ROOM = 64 }; /* characters of a text that are shown */

static int shown(const char *text)
{
    return (int)psyi_utf8_prefix(text, strlen(text), TEXT_ROOM);
}

/* ---- what was said ------------------------------------------------------------------------ */

/* "phq9:偶有几天=1": up to the first colon, and behind the last equals sign. */
static bool split(psyi_draft *d, const char *answer, const char **of, psyi_code_text *out)
{
    const char *const colon = strchr(answer, ':'), *const equals = strrchr(answer, '=');
    if (colon == NULL || equals == NULL || colon == answer || equals <= colon + 1 ||
        equals[1] == '\0')
        return false;
    *of = psyi_arena_text(&d->arena, answer, (size_t)(colon - answer));
    *out = (psyi_code_text){.text =
                                psyi_arena_text(&d->arena, colon + 1, (size_t)(equals - colon - 1)),
                            .value = psyi_arena_text(&d->arena, equals + 1, strlen(equals + 1))};
    return true;
}

psy_status psyi_draft_read_answers(psyi_draft *d)
{
    const size_t n = d->options->n_answers;
    if (n == 0)
        return PSY_OK;
    psyi_code_map *const maps = psyi_arena_alloc(&d->arena, n, sizeof *maps);
    if (maps == NULL)
        return psyi_fail_memory(d->error, "a plan");
    for (size_t i = 0; i < n; i++) {
        psyi_code_text *const text = psyi_arena_alloc(&d->arena, 1, sizeof *text);
        const char *of = NULL;
        if (text == NULL)
            return psyi_fail_memory(d->error, "a plan");
        if (!split(d, d->options->answers[i], &of, text))
            return psyi_fail(d->error, PSY_E_ARGUMENT, NULL,
                             "'%.*s' does not say what a text of the file stands for, as in "
                             "phq9:好几天=1",
                             shown(d->options->answers[i]), d->options->answers[i]);
        if (of == NULL || text->text == NULL || text->value == NULL)
            return psyi_fail_memory(d->error, "a plan");
        for (size_t j = 0; j < i; j++)
            if (strcmp(maps[j].of, of) == 0 && strcmp(maps[j].texts->text, text->text) == 0)
                return psyi_fail(d->error, PSY_E_ARGUMENT, NULL,
                                 "what '%.*s' stands for in %s is said twice", shown(text->text),
                                 text->text, of);
        maps[i] = (psyi_code_map){of, text, 1};
    }
    d->input.codes = maps;
    d->input.n_codes = n;
    return PSY_OK;
}

psy_status psyi_draft_check_answers(psyi_draft *d)
{
    for (size_t i = 0; i < d->input.n_codes; i++) {
        const psyi_code_map *const map = &d->input.codes[i];
        const char *const value = map->texts->value;
        size_t u = 0;
        bool known = false;
        while (u < d->n_uses && strcmp(d->uses[u].use.id, map->of) != 0)
            u++;
        if (u == d->n_uses)
            return psyi_fail(d->error, PSY_E_ARGUMENT, NULL,
                             "'%.*s', of which an answer is explained, is none of the instruments "
                             "asked for",
                             shown(map->of), map->of);
        for (size_t r = 0; r < d->uses[u].use.instrument->n_responses; r++)
            known = known || psyi_codebook_knows(&d->uses[u].books[r], value);
        if (!known)
            return psyi_fail(d->error, PSY_E_ARGUMENT, NULL,
                             "'%.*s' is no code and no answer of %s: psyscreen describe shows "
                             "them",
                             shown(value), value, map->of);
    }
    return PSY_OK;
}

/* ---- what is asked ------------------------------------------------------------------------ */

enum {
    SPARE = 3, /* texts that a block may have beyond the options of the definition */
    SHOWN = 10 /* texts that a question quotes */
};

typedef struct block { /* columns beside one another that could be the items of a use */
    uint32_t first, last;
    size_t n;
    uint32_t odd; /* the one column all unknown texts stand in, or PSYI_NO_COLUMN */
    psyi_seen_text unknown[PSYI_SURVEY_TEXTS]; /* over all of its columns */
    size_t n_unknown, n_texts;
} block;

static size_t most_codes(const psy_instrument *instrument)
{
    size_t most = 0;
    for (size_t r = 0; r < instrument->n_responses; r++)
        if (instrument->responses[r].kind == PSYI_CODED && instrument->responses[r].n_codes > most)
            most = instrument->responses[r].n_codes;
    return most;
}

static bool is_among(const char *const *texts, size_t n, const char *text)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(texts[i], text) == 0)
            return true;
    return false;
}

static void add_unknown(block *out, const psyi_seen_text *text)
{
    for (size_t i = 0; i < out->n_unknown; i++) {
        psyi_seen_text *const seen = &out->unknown[i];
        if (strcmp(seen->text, text->text) != 0)
            continue;
        seen->count += text->count;
        seen->row = text->row < seen->row ? text->row : seen->row;
        return;
    }
    out->unknown[out->n_unknown++] = *text;
}

/* Whether `out->n` columns from `out->first` on, but for those left out, hold so few texts as the
 * options of a form have. */
static bool is_block(const psyi_draft *d, const psyi_draft_use *use, size_t limit, block *out)
{
    const char *known[PSYI_SURVEY_TEXTS];
    size_t n_known = 0;
    out->n_unknown = 0;
    uint32_t c = out->first;
    bool several = false;
    for (size_t i = 0; i < out->n; i++, c = d->after[c]) {
        const psyi_seen_column *const column = &d->survey.columns[c];
        if (c >= d->survey.n_columns || d->taken[c] || column->many || column->n_texts == 0)
            return false;
        out->last = c;
        for (size_t t = 0; t < column->n_texts; t++) {
            const char *const text = column->texts[t].text;
            bool bare;
            const uint8_t byte = psyi_draft_byte(use, i, text, &bare);
            if (byte >= PSYI_BLANK && byte < PSYI_OUT_OF_RANGE)
                continue;
            if (byte < PSYI_BLANK && !is_among(known, n_known, text))
                known[n_known++] = text;
            else if (byte >= PSYI_OUT_OF_RANGE) {
                add_unknown(out, &column->texts[t]);
                several = several || (out->odd != PSYI_NO_COLUMN && out->odd != c);
                out->odd = c;
            }
            if (n_known + out->n_unknown > limit)
                return false;
        }
    }
    out->n_texts = n_known + out->n_unknown;
    if (several)
        out->odd = PSYI_NO_COLUMN;
    return true;
}

/* The block with fewest texts that are no answers, then with fewest texts, then the first. */
static bool find_block(const psyi_draft *d, const psyi_draft_use *use, size_t n, uint32_t behind,
                       block *best)
{
    const size_t limit = most_codes(use->use.instrument) + SPARE;
    bool found = false;
    /* Names of so few students would look like options. */
    if (n < 2 || limit >= PSYI_SURVEY_TEXTS || d->survey.n_rows <= 2 * limit)
        return false;
    for (uint32_t c = behind; c + n <= d->survey.n_columns; c++) {
        block here = {.first = c, .n = n, .odd = PSYI_NO_COLUMN};
        if (!is_block(d, use, limit, &here) || here.n_unknown == 0)
            continue;
        if (!found || here.n_unknown < best->n_unknown ||
            (here.n_unknown == best->n_unknown && here.n_texts < best->n_texts))
            *best = here;
        found = true;
    }
    return found;
}

/* "0 完全不会, 1 好几天, ..." */
static void say_codes(const psyi_response *response, psyi_buffer *out)
{
    for (size_t i = 0; i < response->n_codes; i++) {
        const psyi_label label =
            response->labels != NULL ? response->labels[i] : (psyi_label){NULL, NULL};
        const char *const word = label.zh != NULL ? label.zh : label.en;
        psyi_buffer_format(out, "%s%d%s%s", i > 0 ? ", " : "", (int)response->codes[i],
                           word != NULL ? " " : "", word != NULL ? word : "");
    }
}

psy_status psyi_draft_ask_words(psyi_draft *d, const psyi_draft_use *use, size_t n,
                                uint32_t *behind, bool *asked)
{
    const psy_instrument *const instrument = use->use.instrument;
    const psyi_response *const response = &instrument->responses[instrument->items[0].response];
    block found;
    *asked = response->kind == PSYI_CODED && find_block(d, use, n, *behind, &found);
    if (!*asked)
        return PSY_OK;
    *behind = found.last + 1;
    psyi_buffer words, remedy;
    psyi_buffer_init(&words, d->allocator);
    psyi_buffer_init(&remedy, d->allocator);
    for (size_t i = 0; i < found.n_unknown && i < SHOWN; i++)
        psyi_buffer_format(&words, "%s'%.*s' (%llu time%s, first in row %llu)", i > 0 ? ", " : "",
                           shown(found.unknown[i].text), found.unknown[i].text,
                           (unsigned long long)found.unknown[i].count,
                           psyi_s(found.unknown[i].count),
                           (unsigned long long)found.unknown[i].row);
    if (found.odd != PSYI_NO_COLUMN)
        psyi_buffer_format(&remedy,
                           "if column %u, in which all of these stand, is a question of the form's "
                           "own, leave it out: --without %u; ",
                           found.odd + 1, found.odd + 1);
    psyi_buffer_format(&remedy,
                       "if these are its options in other words, say what each of them stands for: "
                       "--answer '%s:%.*s=CODE' and so on, where the codes are ",
                       use->use.id, shown(found.unknown[0].text), found.unknown[0].text);
    say_codes(response, &remedy);
    psyi_buffer_text(&remedy, "; if a few cells are wrong, correct them");
    psy_status status = PSY_OK;
    if (words.failed || remedy.failed)
        status = psyi_fail_memory(d->error, "a plan");
    else
        status = psyi_draft_ask(
            d, found.first, 0, "items_not_found", remedy.data,
            "columns %u to %u could be %s, but %zu of the %zu texts in them %s no answer%s of "
            "it: %s%s",
            found.first + 1, found.last + 1, use->use.id, found.n_unknown, found.n_texts,
            found.n_unknown == 1 ? "is" : "are", found.n_unknown == 1 ? "" : "s", words.data,
            found.n_unknown > SHOWN ? ", ..." : "");
    psyi_buffer_done(&remedy);
    psyi_buffer_done(&words);
    return status;
}
