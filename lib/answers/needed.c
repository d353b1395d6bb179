/*
 * needed.c -- which items must be there.
 *
 * A file without the column of an item that is scored or guards a life is refused; one
 * without a merely recorded question is not.  What is read is followed through programs
 * and the scales and flags they name.  Definitions have no cycles, and each object is
 * visited from few places, so plain recursion with a depth limit is enough.
 */
#include "answers/needed.h"

#define DEEPEST 32 /* of references; compiled definitions stay far below */

typedef struct survey {
    const psy_instrument *instrument;
    const psyi_scale *scales;
    uint8_t *need;
} survey;

static void visit_scale(const survey *at, size_t scale, unsigned depth);

static void visit_item(const survey *at, size_t index)
{
    if (index >= at->instrument->n_items)
        return;
    const psyi_item *const item = &at->instrument->items[index];
    const bool optional = item->part != PSYI_NO_INDEX && at->instrument->parts[item->part].optional;
    at->need[index] = optional ? PSYI_NEED_PART : PSYI_NEED_ALWAYS;
}

static void visit_program(const survey *at, const psyi_program *program, unsigned depth)
{
    if (program == NULL || depth == 0)
        return;
    const psyi_operand *operands;
    const size_t n = psyi_program_operands(program, &operands);
    for (size_t i = 0; i < n; i++) {
        const uint32_t id = operands[i].id;
        if (operands[i].is_item) {
            visit_item(at, psyi_item_index(id));
            continue;
        }
        switch (psyi_column_kind_of(id)) {
        case PSYI_COLUMN_SCORE:
        case PSYI_COLUMN_ANSWERED:
        case PSYI_COLUMN_BAND:
            visit_scale(at, psyi_column_index(id), depth - 1);
            break;
        case PSYI_COLUMN_STANDARD:
            if (psyi_column_sub(id) < at->instrument->n_standards)
                visit_scale(at, at->instrument->standards[psyi_column_sub(id)].scale, depth - 1);
            break;
        case PSYI_COLUMN_FLAG:
            if (psyi_column_index(id) < at->instrument->n_flags)
                visit_program(at, at->instrument->flags[psyi_column_index(id)].when, depth - 1);
            break;
        default: /* students, quality and earlier waves are no items */
            break;
        }
    }
}

static void visit_scale(const survey *at, size_t index, unsigned depth)
{
    if (index >= at->instrument->n_scales || depth == 0)
        return;
    const psyi_scale *const scale = &at->scales[index];
    for (size_t i = 0; i < scale->n_items; i++)
        visit_item(at, scale->items[i]);
    for (size_t i = 0; i < scale->n_parts; i++)
        visit_scale(at, scale->parts[i], depth - 1);
    visit_program(at, scale->program, depth);
}

void psyi_items_needed(const psy_instrument *instrument, unsigned variant, psyi_informant informant,
                       uint8_t *need)
{
    const psyi_scale *scales = instrument->scales;
    if (variant < instrument->n_variants && instrument->variants[variant].scales != NULL)
        scales = instrument->variants[variant].scales;
    const survey at = {instrument, scales, need};

    for (size_t i = 0; i < instrument->n_items; i++)
        need[i] = PSYI_NEED_NOT;
    for (size_t i = 0; i < instrument->n_scales; i++) {
        const uint8_t whose = scales[i].informants;
        if (scales[i].derived ||
            (whose != 0 && informant != PSYI_INFORMANT_UNKNOWN && !(whose >> informant & 1)))
            continue;
        visit_scale(&at, i, DEEPEST);
    }
    for (size_t i = 0; i < instrument->n_flags; i++)
        if (instrument->flags[i].kind == PSYI_FLAG_URGENT ||
            instrument->flags[i].kind == PSYI_FLAG_REVIEW)
            visit_program(&at, instrument->flags[i].when, DEEPEST);
}
