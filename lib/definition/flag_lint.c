/*
 * flag_lint.c -- flags and gates: those that can never come out otherwise, and critical flags
 * that something could keep from firing.
 */
#include "base/fail.h"
#include "definition/lint.h"
#include "definition/scope.h"

#include <stdio.h>
#include <string.h>

static const psyi_lint_rule never_fires = {"never_fires", PSY_ERROR, false,
                                           "correct the limit or the items"};
static const psyi_lint_rule always_fires = {"always_fires", PSY_ERROR, false,
                                            "correct the limit or the items"};
static const psyi_lint_rule critical_filter = {
    "critical_filter", PSY_ERROR, true,
    "let it read items and scales alone; put every condition about the child elsewhere"};
static const psyi_lint_rule variant_flag = {
    "variant_metric", PSY_ERROR, false,
    "read items instead: item() and items() are the same in every variant"};
static const psyi_lint_rule gate_value = {"gate_value", PSY_WARNING, false,
                                          "declare a score these items can have"};
static const psyi_lint_rule only_remembered = {"only_remembered", PSY_NOTE, false,
                                               "check it against a page and say `verified`"};
static const psyi_lint_rule nothing_listed = {
    "critical_items_missing", PSY_WARNING, false,
    "name the items whose blank must be asked for, or say why none is"};
static const psyi_lint_rule reserved_name = {"reserved_name", PSY_WARNING, false,
                                             "choose another id"};

/* ---- what a program could be kept from by --------------------------------------------------- */

/* Words for the first thing that is neither an item nor a score of items; NULL when none. */
static const char *filter_of(const struct psy_instrument *instrument, const psyi_program *program,
                             unsigned depth);

static const char *filter_of_scale(const struct psy_instrument *instrument, unsigned index,
                                   unsigned depth)
{
    const psyi_scale *const scale = &instrument->scales[index];
    if (scale->informants != 0 && (instrument->informants & ~scale->informants) != 0)
        return "who answered";
    for (size_t i = 0; i < scale->n_parts && depth < 64; i++) {
        const char *const found = filter_of_scale(instrument, scale->parts[i], depth + 1);
        if (found != NULL)
            return found;
    }
    return depth < 64 ? filter_of(instrument, scale->program, depth + 1) : NULL;
}

static const char *filter_of_bands(const struct psy_instrument *instrument, unsigned index,
                                   unsigned depth)
{
    const psyi_scale *const scale = &instrument->scales[index];
    for (size_t i = 0; i < scale->n_band_sets; i++) {
        const psyi_band_set *const set = &scale->band_sets[i];
        if (set->standard != PSYI_NO_INDEX)
            return "a norm";
        if (set->who.informants != 0 || set->who.sexes != 0 || set->who.stages != 0 ||
            set->who.grade_high != 0 || set->who.age_high >= 0)
            return "cut-offs that are not for everybody";
    }
    return filter_of_scale(instrument, index, depth);
}

static const char *filter_of(const struct psy_instrument *instrument, const psyi_program *program,
                             unsigned depth)
{
    static const char *const student[] = {"sex", "grade", "age", "stage", "who answered"};
    const psyi_operand *operands = NULL;
    const size_t n = program == NULL ? 0 : psyi_program_operands(program, &operands);
    for (size_t i = 0; i < n; i++) {
        const char *found = NULL;
        if (operands[i].is_item)
            continue;
        const unsigned index = psyi_column_index(operands[i].id);
        switch (psyi_column_kind_of(operands[i].id)) {
        case PSYI_COLUMN_SCORE:
        case PSYI_COLUMN_ANSWERED:
            found = filter_of_scale(instrument, index, depth);
            break;
        case PSYI_COLUMN_BAND:
            found = filter_of_bands(instrument, index, depth);
            break;
        case PSYI_COLUMN_STANDARD:
            found = "a norm";
            break;
        case PSYI_COLUMN_FLAG:
            if (instrument->flags[index].kind == PSYI_FLAG_VALIDITY)
                found = "validity";
            else if (depth < 64)
                found = filter_of(instrument, instrument->flags[index].when, depth + 1);
            break;
        case PSYI_COLUMN_STUDENT:
            found = index < PSYI_STUDENT_FIELDS ? student[index] : "the student";
            break;
        default:
            found = "something outside the form";
            break;
        }
        if (found != NULL)
            return found;
    }
    return NULL;
}

/* The first scale a program reads whose range differs between variants, or NULL. */
static const psyi_scale *metric_of(const struct psy_instrument *instrument,
                                   const psyi_program *program)
{
    const psyi_operand *operands = NULL;
    const size_t n = program == NULL ? 0 : psyi_program_operands(program, &operands);
    for (size_t i = 0; i < n; i++) {
        if (operands[i].is_item || psyi_column_kind_of(operands[i].id) != PSYI_COLUMN_SCORE)
            continue;
        const unsigned index = psyi_column_index(operands[i].id);
        for (size_t v = 1; v < instrument->n_variants; v++) {
            const psyi_scale *const a = &instrument->scales[index];
            const psyi_scale *const b = &instrument->variants[v].scales[index];
            if (instrument->variants[v].shift != 0 &&
                (a->low.num != b->low.num || a->high.num != b->high.num))
                return a;
        }
    }
    return NULL;
}

/* ---- flags ------------------------------------------------------------------------------------
 */

static void lint_flag(psyi_lint *lint, const struct psy_instrument *instrument,
                      const psyi_flag *flag)
{
    char at[96], what[96];
    snprintf(at, sizeof at, "flags/%.64s", flag->id);
    snprintf(what, sizeof what, "flag '%.64s'", flag->id);
    psyi_lint_label(lint, flag->place, at, what, flag->name);
    if (!psyi_program_can_be(flag->when, true))
        psyi_lint_find(lint, &never_fires, flag->place, at, flag->id, "%s can never fire", what);
    else if (!psyi_program_can_be(flag->when, false))
        psyi_lint_find(lint, &always_fires, flag->place, at, flag->id,
                       "%s fires whatever is answered", what);
    if (flag->kind == PSYI_FLAG_URGENT || flag->kind == PSYI_FLAG_REVIEW) {
        const char *const filter = filter_of(instrument, flag->when, 0);
        if (filter != NULL)
            psyi_lint_find(lint, &critical_filter, flag->place, at, flag->id,
                           "a critical flag takes no filter, but %s depends on %s", what, filter);
    }
    const psyi_scale *const metric = metric_of(instrument, flag->when);
    if (metric != NULL)
        psyi_lint_find(lint, &variant_flag, flag->place, at, flag->id,
                       "%s reads '%s', which is printed in another metric in a coding variant",
                       what, metric->id);
    if (flag->confidence == PSYI_MEMORY)
        psyi_lint_find(lint, &only_remembered, flag->place, at, flag->id,
                       "%s is remembered, not verified", what);
}

static void lint_gate(psyi_lint *lint, const struct psy_instrument *instrument,
                      const psyi_gate *gate)
{
    char at[96];
    snprintf(at, sizeof at, "gates/%.64s", gate->id);
    if (!psyi_program_can_be(gate->when, true))
        psyi_lint_find(lint, &never_fires, gate->place, at, gate->id, "gate '%s' can never close",
                       gate->id);
    else if (!psyi_program_can_be(gate->when, false))
        psyi_lint_find(lint, &always_fires, gate->place, at, gate->id, "gate '%s' is never open",
                       gate->id);
    for (size_t i = 0; gate->has_value && i < gate->n_items; i++) {
        const psyi_item *const item = &instrument->items[gate->items[i]];
        if (gate->value * item->scale >= item->low && gate->value * item->scale <= item->high)
            continue;
        psyi_lint_find(lint, &gate_value, gate->place, at, gate->id,
                       "skipped items of gate '%s' count %d, a score item '%s' cannot have",
                       gate->id, (int)gate->value, item->id);
        return;
    }
}

/* A word of the rule language as an id loads, but no rule can ever name it. */
static void lint_name(psyi_lint *lint, const struct psy_instrument *instrument, const char *id,
                      psyi_place place, const char *section)
{
    const psyi_instrument_scope names = {.instrument = instrument, .scales = instrument->scales};
    const psyi_scope scope = psyi_scope_of_instrument(&names);
    psyi_program *program = NULL;
    char at[96];
    snprintf(at, sizeof at, "%s/%.64s", section, id);
    psy_error error;
    const psy_status status = psyi_program_compile(&program, id, strlen(id), &scope, (psyi_type)0,
                                                   NULL, instrument->arena.allocator, &error);
    if (status == PSY_E_NOMEM)
        lint->status = psyi_fail_memory(lint->error, "lint");
    else if (status != PSY_OK)
        psyi_lint_find(lint, &reserved_name, place, at, id,
                       "'%s' is a word of the rule language: no rule can name it", id);
    psyi_program_free(program);
}

void psyi_lint_flags(psyi_lint *lint, const struct psy_instrument *instrument)
{
    for (size_t i = 0; i < instrument->n_gates; i++)
        lint_gate(lint, instrument, &instrument->gates[i]);
    for (size_t i = 0; i < instrument->n_flags && lint->status == PSY_OK; i++) {
        const psyi_flag *const flag = &instrument->flags[i];
        if (flag->kind != PSYI_FLAG_UNANSWERED) {
            lint_flag(lint, instrument, flag);
            lint_name(lint, instrument, flag->id, flag->place, "flags");
        } else if (instrument->n_critical_items == 0) {
            psyi_lint_find(lint, &nothing_listed, flag->place, "critical_unanswered", flag->id,
                           "there are critical flags, but no blank item is ever listed");
        }
    }
    for (size_t i = 0; i < instrument->n_scales && lint->status == PSY_OK; i++)
        lint_name(lint, instrument, instrument->scales[i].id, instrument->scales[i].place,
                  instrument->scales[i].derived ? "derived" : "scales");
}
