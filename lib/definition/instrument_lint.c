/*
 * instrument_lint.c -- what is well formed in an instrument but cannot be right, or is not
 * yet good enough: items nobody reads, missing names, sources and examples.
 */
#include "definition/lint.h"
#include "definition/load.h"

#include "base/fail.h"

#include <stdio.h>
#include <string.h>

static const psyi_lint_rule item_unused = {"item_unused", PSY_WARNING, false,
                                           "put it into a scale, or say `scored: false`"};
static const psyi_lint_rule item_unscored = {"item_unscored", PSY_WARNING, false,
                                             "take it out of the scale, or let it be scored"};
static const psyi_lint_rule reverse_unused = {"reverse_unused", PSY_WARNING, false,
                                              "check the number: no score reads this item"};
static const psyi_lint_rule response_unused = {"response_unused", PSY_NOTE, false, "delete it"};
static const psyi_lint_rule option_unlabelled = {
    "option_unlabelled", PSY_WARNING, false, "write its label, or take the code out of `codes:`"};
static const psyi_lint_rule option_unreachable = {
    "option_unreachable", PSY_WARNING, false,
    "let a variant give it, or take the code out of `codes:`"};
static const psyi_lint_rule sources_missing = {"sources_missing", PSY_WARNING, false,
                                               "name where the key was printed"};
static const psyi_lint_rule licence_missing = {"licence_missing", PSY_WARNING, false,
                                               "say who owns the item texts"};
static const psyi_lint_rule few_examples = {"few_examples", PSY_WARNING, false,
                                            "write at least three worked examples"};
static const psyi_lint_rule sensitive_grades = {"sensitive_grades", PSY_WARNING, false,
                                                "state `grades:` for an instrument of this kind"};
static const psyi_lint_rule informants = {"informants", PSY_WARNING, false,
                                          "correct one of the two"};

static const psyi_place top = {1, 1, 1};

typedef struct reading { /* which items something reads */
    const struct psy_instrument *instrument;
    uint8_t *read;   /* by anything */
    uint8_t *summed; /* by a score */
} reading;

static void mark(const reading *r, const psyi_program *program)
{
    const psyi_operand *operands = NULL;
    const size_t n = program == NULL ? 0 : psyi_program_operands(program, &operands);
    for (size_t i = 0; i < n; i++)
        if (operands[i].is_item)
            r->read[psyi_item_index(operands[i].id)] = 1;
}

static void mark_all(const reading *r)
{
    const struct psy_instrument *const it = r->instrument;
    for (size_t v = 0; v < it->n_variants; v++)
        for (size_t i = 0; i < it->n_scales; i++) {
            const psyi_scale *const scale = &it->variants[v].scales[i];
            const bool sum = scale->score == PSYI_SCORE_SUM || scale->score == PSYI_SCORE_MEAN;
            for (size_t j = 0; j < scale->n_items; j++) {
                r->read[scale->items[j]] = 1;
                r->summed[scale->items[j]] |= sum;
            }
            mark(r, scale->program);
        }
    for (size_t i = 0; i < it->n_flags; i++)
        mark(r, it->flags[i].when);
    for (size_t i = 0; i < it->n_gates; i++)
        mark(r, it->gates[i].when);
    for (size_t i = 0; i < it->n_critical_items; i++)
        r->read[it->critical_items[i]] = 1;
}

static void lint_items(psyi_lint *lint, const reading *r)
{
    const struct psy_instrument *const it = r->instrument;
    for (size_t i = 0; i < it->n_items; i++) {
        const psyi_item *const item = &it->items[i];
        char at[96];
        snprintf(at, sizeof at, "items/%.64s", item->id);
        if (item->reversed && !r->read[i])
            psyi_lint_find(lint, &reverse_unused, item->place, at, item->id,
                           "item '%s' is reverse-keyed, but nothing reads it", item->id);
        else if (item->scored && !r->read[i])
            psyi_lint_find(lint, &item_unused, item->place, at, item->id,
                           "item '%s' is scored, but nothing reads it", item->id);
        else if (!item->scored && r->summed[i])
            psyi_lint_find(lint, &item_unscored, item->place, at, item->id,
                           "item '%s' is said not to be scored, but a scale adds it up", item->id);
    }
}

/* Whether some form of the instrument has the code. */
static bool is_given(const struct psy_instrument *it, int32_t code)
{
    for (size_t v = 0; v < it->n_variants; v++) {
        const psyi_variant *const variant = &it->variants[v];
        if (variant->given == NULL)
            return true;
        for (size_t c = 0; c < variant->n_codes; c++)
            if (variant->canonical[c] == code)
                return true;
    }
    return false;
}

static bool has_label(const psyi_response *response, size_t code)
{
    return response->labels[code].en != NULL || response->labels[code].zh != NULL;
}

static void lint_options(psyi_lint *lint, const struct psy_instrument *it,
                         const psyi_response *response, const char *at)
{
    size_t labelled = 0;
    for (size_t c = 0; response->labels != NULL && c < response->n_codes; c++)
        labelled += has_label(response, c);
    for (size_t c = 0; response->kind == PSYI_CODED && c < response->n_codes; c++) {
        /* Steps between two anchors need no words, the ends do. */
        const bool end = c == 0 || c + 1u == response->n_codes;
        if (labelled > 0 && end && !has_label(response, c))
            psyi_lint_find(lint, &option_unlabelled, top, at, response->id,
                           "code %d is an end of response '%s' and has no label, others have",
                           (int)response->codes[c], response->id);
        if (!is_given(it, response->codes[c]))
            psyi_lint_find(lint, &option_unreachable, top, at, response->id,
                           "no variant gives code %d of response '%s': nobody can answer it",
                           (int)response->codes[c], response->id);
    }
}

static void lint_responses(psyi_lint *lint, const struct psy_instrument *it)
{
    for (size_t i = 0; i < it->n_responses; i++) {
        char at[96];
        bool used = false;
        snprintf(at, sizeof at, "responses/%.64s", it->responses[i].id);
        for (size_t j = 0; j < it->n_items; j++)
            used = used || it->items[j].response == i;
        if (!used)
            psyi_lint_find(lint, &response_unused, top, at, it->responses[i].id,
                           "no item is answered by response '%s'", it->responses[i].id);
        lint_options(lint, it, &it->responses[i], at);
    }
}

static void lint_head(psyi_lint *lint, const struct psy_instrument *it)
{
    psyi_lint_label(lint, top, "name", "the instrument", it->name);
    if (it->n_sources == 0)
        psyi_lint_find(lint, &sources_missing, top, "sources", it->id, "no source is named");
    if (it->text_licence == NULL)
        psyi_lint_find(lint, &licence_missing, top, "text_licence", it->id,
                       "nothing is said about the licence of the item texts");
    if (it->n_examples < 3)
        psyi_lint_find(lint, &few_examples, top, "examples", it->id,
                       "%zu worked examples prove little", it->n_examples);
    if (it->sensitive && it->grade_high == 0)
        psyi_lint_find(lint, &sensitive_grades, top, "grades", it->id,
                       "the instrument asks about suicide or self-harm, but no grades limit it");
    for (size_t i = 0; i < it->n_parts; i++) {
        char at[96], what[96];
        snprintf(at, sizeof at, "parts/%.64s", it->parts[i].id);
        snprintf(what, sizeof what, "part '%.64s'", it->parts[i].id);
        psyi_lint_label(lint, top, at, what, it->parts[i].name);
    }
    for (size_t i = 0; i < it->n_scales; i++) {
        const psyi_scale *const scale = &it->scales[i];
        char at[96];
        snprintf(at, sizeof at, "%s/%.64s", scale->derived ? "derived" : "scales", scale->id);
        if ((scale->informants & ~it->informants) != 0)
            psyi_lint_find(lint, &informants, scale->place, at, scale->id,
                           "scale '%s' is for persons who do not answer this instrument",
                           scale->id);
    }
    for (size_t i = 0; i < it->n_notes; i++)
        psyi_lint_wording(lint, top, "notes", it->notes[i]);
}

psy_status psyi_instrument_lint(const psy_instrument *instrument, psy_findings *findings,
                                psy_error *error)
{
    const psy_allocator *const allocator = instrument->arena.allocator;
    psyi_lint lint;
    psyi_lint_open(&lint, instrument->file, instrument->silences, instrument->n_silences, allocator,
                   findings, error);
    const reading r = {.instrument = instrument,
                       .read = psyi_alloc(allocator, instrument->n_items, 1),
                       .summed = psyi_alloc(allocator, instrument->n_items, 1)};
    if (r.read == NULL || r.summed == NULL)
        lint.status = psyi_fail_memory(error, "lint");
    if (lint.status == PSY_OK) {
        mark_all(&r);
        lint_head(&lint, instrument);
        lint_items(&lint, &r);
        lint_responses(&lint, instrument);
        psyi_lint_bands(&lint, instrument);
        psyi_lint_flags(&lint, instrument);
    }
    psyi_free(allocator, r.read);
    psyi_free(allocator, r.summed);
    return psyi_lint_close(&lint, allocator);
}
