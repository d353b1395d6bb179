/*
 * exceedance.c -- how far beyond its cut the worst score of a case lies.
 *
 * It orders a list inside a tier, so it is counted per score, not per rule: the largest
 * (score - cut) / SEM among the comparisons with a constant that hold in a rule that fired,
 * whichever number of rules read that score.  The SEM is the one its source states (plan or
 * definition); where nobody states one, a tenth of the score's range stands in, which lists
 * name as such.  A score with blanks counts with what is certain.
 */
#include "tier/shifted.h"

/* How far a comparison that holds lies beyond its constant, in errors of measurement;
 * negative when it does not hold or does not point at the score's bad end. */
static double beyond(const psyi_rulebook *book, const psyi_comparison *comparison,
                     const psyi_numbers *value)
{
    const unsigned use = psyi_column_use(comparison->id);
    const unsigned index = psyi_column_index(comparison->id);
    const psyi_scale *const scale = psyi_use_scale(book->plan, use, index);
    const bool known = (value->known & 1u) != 0, bounded = (value->bounded & 1u) != 0;
    bool stated;
    if (!known && !bounded)
        return -1;
    const psyi_ratio least = known ? value->value[0] : value->low[0];
    const psyi_ratio most = known ? value->value[0] : value->high[0];
    psyi_ratio over;
    if (comparison->compare == PSYI_IN && scale->worse_low)
        over = psyi_ratio_sub(comparison->upper, most);
    else if (scale->worse_low)
        over = psyi_ratio_sub(comparison->constant, most);
    else
        over = psyi_ratio_sub(least, comparison->constant);
    const double sem = psyi_sem(book->plan, use, index, &stated);
    if (over.den == 0 || over.num < 0 || !(sem > 0))
        return -1;
    return psyi_ratio_double(over) / sem;
}

static double of_rule(const psyi_rulebook *book, const psyi_rule_block *block, size_t rule)
{
    const psyi_comparison *comparisons;
    const size_t n = psyi_program_comparisons(book->rules[rule].rule->when, &comparisons);
    const psyi_block values = psyi_rule_block_values(block);
    double worst = 0;
    for (size_t i = 0; i < n; i++) {
        if (!psyi_is_cut(book, &comparisons[i]))
            continue;
        psyi_numbers value;
        values.number(values.context, comparisons[i].id, &value);
        const double over = beyond(book, &comparisons[i], &value);
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
