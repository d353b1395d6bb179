/*
 * case_marks.c -- what keeps a standard score of a case from being exact.
 *
 * Marks of the plan's own norms are kept when the scores are made; those of an instrument's
 * norms are found again from the sheet, as reasons are.
 */
#include "tier/case_marks.h"
#include "norm/norm_marks.h"
#include "score/standard_mark.h"
#include "tier/rule_block.h"

static uint8_t local_marks(const psyi_cases *cases, size_t item, unsigned column)
{
    const size_t at = (size_t)column * cases->n + item;
    if (cases->local == NULL || cases->local_marks == NULL || cases->local[at] == PSYI_NO_STANDARD)
        return 0;
    return cases->local_marks[at];
}

static uint8_t standard_marks(const psyi_cases *cases, size_t item, unsigned use, unsigned standard)
{
    const psyi_scores *const scores = cases->scores[use];
    const uint32_t sheet = cases->sheets[use * cases->n + item];
    if (scores == NULL || sheet == PSYI_NO_SHEET ||
        psyi_standard_of(scores, standard, sheet) == PSYI_NO_STANDARD)
        return 0;
    const psy_instrument *const instrument = cases->plan->uses[use].instrument;
    const psyi_norm *const norm = instrument->norms[instrument->standards[standard].norm];
    psyi_person person =
        cases->sheet_people != NULL ? cases->sheet_people[sheet] : cases->people[item];
    if (cases->plan->uses[use].informant != PSYI_INFORMANT_UNKNOWN)
        person.informant = (uint8_t)cases->plan->uses[use].informant;
    uint8_t marks = psyi_standard_mark(scores, standard, sheet, &person);
    if (psyi_norm_too_old(norm, cases->plan->norm_years, cases->year))
        marks |= PSYI_NORM_STALE;
    return marks;
}

uint8_t psyi_case_marks(const psyi_cases *cases, size_t item, uint32_t column)
{
    switch (psyi_column_kind_of(column)) {
    case PSYI_COLUMN_LOCAL:
        return local_marks(cases, item, psyi_column_sub(column));
    case PSYI_COLUMN_STANDARD:
        return standard_marks(cases, item, psyi_column_use(column), psyi_column_sub(column));
    default:
        return 0;
    }
}

uint8_t psyi_case_norm_marks(const psyi_cases *cases, size_t item, unsigned use, unsigned scale,
                             size_t norm)
{
    const psy_instrument *const instrument = cases->plan->uses[use].instrument;
    uint8_t marks = 0;
    for (size_t i = 0; norm < instrument->n_norms && i < instrument->n_standards; i++)
        if (instrument->standards[i].norm == norm && instrument->standards[i].scale == scale)
            marks |= standard_marks(cases, item, use, (unsigned)i);
    if (norm < instrument->n_norms)
        return marks;
    const psyi_local_norm *const local = &cases->plan->locals[norm - instrument->n_norms];
    unsigned column = local->first_column;
    for (unsigned metric = 0; metric < PSYI_METRICS; metric++)
        if ((local->metrics >> metric & 1u) != 0)
            marks |= local_marks(cases, item, column++);
    return marks;
}

bool psyi_norm_markable(const psy_plan *plan, unsigned use, size_t norm)
{
    const psy_instrument *const instrument = plan->uses[use].instrument;
    if (norm >= instrument->n_norms)
        return true; /* a small group can always be pooled, a file be old */
    return psyi_norm_clips(instrument->norms[norm]) || instrument->norms[norm]->has_people ||
           (plan->norm_years != 0 && instrument->norms[norm]->year != 0);
}
