/*
 * exceedance.c -- how far beyond its cut the worst score of a case lies.
 *
 * It orders a list inside a tier, so it is counted per score, not per rule: the largest
 * (score - cut) over the width of the score's range, among the comparisons with a constant
 * that hold in a rule that fired.  A score with blanks counts with what is certain.
 */
#include "tier/rule_block.h"

/* How far a comparison that holds lies beyond its constant; negative when it does not hold
 * or does not point at the score's bad end. */
static double beyond(const psyi_comparison *comparison, const psyi_scale *scale,
                     const psyi_numbers *value)
{
    const bool known = (value->known & 1u) != 0, bounded = (value->bounded & 1u) != 0;
    if (!known && !bounded)
        return -1;
    const psyi_ratio least = known ? value->value[0] : value->low[0];
    const psyi_ratio most = known ? value->value[0] : value->high[0];
    psyi_ratio over = PSYI_RATIO_NONE;
    if (comparison->compare == PSYI_GE || comparison->compare == PSYI_GT ||
        comparison->compare == PSYI_IN || comparison->compare == PSYI_EQ) {
        if (!scale->worse_low)
            over = psyi_ratio_sub(least, comparison->constant);
    }
    if (comparison->compare == PSYI_LE || comparison->compare == PSYI_LT) {
        if (scale->worse_low)
            over = psyi_ratio_sub(comparison->constant, most);
    } else if (comparison->compare == PSYI_IN && scale->worse_low) {
        over = psyi_ratio_sub(comparison->upper, most);
    }
    const psyi_ratio width = psyi_ratio_sub(scale->high, scale->low);
    if (over.den == 0 || over.num < 0 || width.den == 0 || width.num <= 0)
        return -1;
    return psyi_ratio_double(psyi_ratio_div(over, width));
}

static double of_rule(const psyi_rulebook *book, const psyi_rule_block *block, size_t rule)
{
    const psyi_comparison *comparisons;
    const size_t n = psyi_program_comparisons(book->rules[rule].rule->when, &comparisons);
    const psyi_block values = psyi_rule_block_values(block);
    double worst = 0;
    for (size_t i = 0; i < n; i++) {
        const uint32_t id = comparisons[i].id;
        if (comparisons[i].subject != PSYI_SUBJECT_COLUMN || comparisons[i].negated ||
            comparisons[i].token != NULL || psyi_column_kind_of(id) != PSYI_COLUMN_SCORE)
            continue;
        psyi_numbers value;
        values.number(values.context, id, &value);
        const double over =
            beyond(&comparisons[i],
                   psyi_use_scale(book->plan, psyi_column_use(id), psyi_column_index(id)), &value);
        if (over > worst)
            worst = over;
    }
    return worst;
}

double psyi_exceedance_of(const psyi_rulebook *book, const psyi_cases *cases,
                          const psyi_verdicts *verdicts, size_t item)
{
    const psyi_rule_block block = psyi_rule_block_at(book, cases, item, 1);
    double worst = 0;
    for (size_t r = book->n_critical; r < book->n_rules; r++) {
        if (!psyi_verdict(verdicts->yes, verdicts, r, item))
            continue;
        const double over = of_rule(book, &block, r);
        if (over > worst)
            worst = over;
    }
    return worst;
}

double psyi_exceedance(const psyi_rulebook *book, const psyi_cases *cases, size_t item)
{
    const psyi_rule_block block = psyi_rule_block_at(book, cases, item, 1);
    const psyi_block values = psyi_rule_block_values(&block);
    psyi_workspace *workspace;
    double worst = 0;
    if (psyi_workspace_new(&workspace, book->programs, book->n_programs, book->allocator, NULL) !=
        PSY_OK)
        return 0;
    for (size_t r = book->n_critical; r < book->n_rules; r++) {
        const psyi_rule *const rule = book->rules[r].rule;
        psyi_truths truths;
        if (psyi_rule_concerns(rule, cases->people[item].grade) != 1)
            continue;
        psyi_program_truth(rule->when, &values, workspace, &truths, NULL);
        if ((truths.yes & ~truths.absent & 1u) == 0)
            continue;
        const double over = of_rule(book, &block, r);
        if (over > worst)
            worst = over;
    }
    psyi_workspace_free(workspace);
    return worst;
}
