/*
 * standard_mark.c -- whether a standard score is the end of its norm, or of other people.
 *
 * Found again from the printed score.  Of a shifted coding variant the score that the norm was
 * asked for is not kept; there the standard score itself says whether it is an end.
 */
#include "score/standard_mark.h"
#include "norm/norm_marks.h"
#include "score/compiled.h"

static uint8_t clipped(const psyi_scores *scores, const psyi_standard_plan *plan, size_t standard,
                       size_t sheet, const psyi_person *person)
{
    const psyi_scorer *const scorer = scores->scorer;
    if (!psyi_norm_clips(plan->norm))
        return 0;
    if (scorer->shifted)
        return psyi_norm_at_end(plan->norm, plan->metric,
                                psyi_scores_standard(scores, standard, sheet));
    const int group = psyi_norm_group_of(scorer, plan, person);
    return group < 0 ? 0
                     : psyi_norm_clipped(plan->norm, plan->groups[group], plan->metric,
                                         psyi_scores_value(scores, plan->scale, sheet),
                                         psyi_norm_age(plan->norm, person->age, person->months));
}

uint8_t psyi_standard_mark(const psyi_scores *scores, size_t standard, size_t sheet,
                           const psyi_person *person)
{
    const psyi_standard_plan *const plan = &scores->scorer->standard[standard];
    const psyi_norm *const norm = plan->norm;
    if (psyi_standard_of(scores, standard, sheet) == PSYI_NO_STANDARD)
        return 0;
    uint8_t marks = clipped(scores, plan, standard, sheet, person);
    const uint8_t only = scores->scorer->only_informant;
    if (norm->has_people &&
        psyi_who_fit(&norm->people,
                     (psyi_informant)(person->informant == PSYI_INFORMANT_UNKNOWN
                                          ? only
                                          : person->informant),
                     (psyi_sex)person->sex, person->grade, person->age) == PSYI_FIT_NO)
        marks |= PSYI_NORM_OTHERS;
    return marks;
}
