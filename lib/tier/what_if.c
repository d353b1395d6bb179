/*
 * what_if.c -- rules with another cut.
 *
 * "score >= 60 instead of 65" is "score + 5 >= 65": the score is moved and the rule asked as
 * it stands, so that the rest of the rule, blanks and bounds mean what they always mean.
 */
#include "tier/what_if.h"
#include "base/fail.h"
#include "tier/shifted.h"

psy_status psyi_cuts(const psyi_rulebook *book, psyi_arena *arena, psyi_cut **out, size_t *n_out,
                     psy_error *error)
{
    size_t room = 0, n = 0;
    for (size_t r = book->n_critical; r < book->n_rules; r++) {
        const psyi_comparison *comparisons;
        room += psyi_program_comparisons(book->rules[r].rule->when, &comparisons);
    }
    psyi_cut *const cuts = psyi_arena_alloc(arena, room, sizeof *cuts);
    if (cuts == NULL)
        return psyi_fail_memory(error, "what-if table");
    for (size_t r = book->n_critical; r < book->n_rules; r++) {
        const psyi_comparison *comparisons;
        const size_t first = n;
        const size_t n_comparisons =
            psyi_program_comparisons(book->rules[r].rule->when, &comparisons);
        for (size_t i = 0; i < n_comparisons; i++) {
            size_t same = first;
            if (!psyi_is_cut(book, &comparisons[i]))
                continue;
            while (same < n && cuts[same].comparison.id != comparisons[i].id)
                same++;
            if (same < n)
                cuts[same].same++;
            else
                cuts[n++] = (psyi_cut){.rule = r, .comparison = comparisons[i]};
        }
    }
    *out = cuts;
    *n_out = n;
    return PSY_OK;
}

psyi_mask psyi_fires_at(const psyi_rulebook *book, const psyi_cases *cases, size_t block,
                        const psyi_cut *cut, psyi_ratio at, psyi_workspace *workspace)
{
    const psyi_rule *const rule = book->rules[cut->rule].rule;
    const size_t base = block * PSYI_LANES;
    const psyi_rule_block lanes = psyi_rule_block_at(book, cases, base, cases->n - base);
    const psyi_comparison *const comparison = &cut->comparison;
    const bool worse_low = psyi_use_scale(book->plan, psyi_column_use(comparison->id),
                                          psyi_column_index(comparison->id))
                               ->worse_low;
    const psyi_ratio now =
        comparison->compare == PSYI_IN && worse_low ? comparison->upper : comparison->constant;
    const psyi_block base_values = psyi_rule_block_values(&lanes);
    psyi_numbers moved;
    base_values.number(base_values.context, comparison->id, &moved);
    for (unsigned lane = 0; lane < PSYI_LANES; lane++)
        psyi_shift(&moved, lane, psyi_ratio_sub(now, at));
    const psyi_shifted shifted = {.base = base_values, .column = comparison->id, .numbers = &moved};
    const psyi_block values = psyi_shifted_values(&shifted);
    psyi_truths truths;
    psyi_program_truth(rule->when, &values, workspace, &truths, NULL);
    psyi_mask fires = truths.yes & ~truths.absent & lanes.there;
    for (psyi_mask rest = fires; rest != 0; rest &= rest - 1) {
        const unsigned lane = (unsigned)__builtin_ctzll(rest);
        const psyi_person *const person = &cases->people[base + lane];
        if (psyi_rule_concerns(rule, person->grade, person->sex) != 1)
            fires &= ~((psyi_mask)1 << lane);
    }
    return fires;
}
