/*
 * tier_lint.c -- the rules of a plan together: over the scores of one scale their tiers must
 * not get milder as the score gets worse.
 *
 * Rules that read one whole score and nothing else are asked about every score it can have.
 * Where a worse score gets a milder tier than a better one, there is a gap between two limits
 * or a wrong rank; where limits with two ends overlap in different tiers, one of them does
 * not mean what it says.
 */
#include "definition/lint.h"
#include "definition/scope.h"

#include <stdio.h>
#include <string.h>

static const psyi_lint_rule tier_gap = {
    "tier_gap", PSY_ERROR, false,
    "close the gap between the limits, or correct the ranks: a worse score must not get a milder "
    "tier"};
static const psyi_lint_rule tier_overlap = {"tier_overlap", PSY_WARNING, false,
                                            "let one range end where the next begins"};

enum { MOST_SCORES = 4096 };

typedef struct tier_check {
    psyi_lint *lint;
    const struct psy_plan *plan;
    psyi_probe *probe;
    uint32_t column; /* of the scale that is looked at */
    const psyi_scale *scale;
    const psyi_rule *like; /* whose filters say who is meant */
} tier_check;

static const psyi_scale *scale_of(const struct psy_plan *plan, uint32_t column)
{
    const psyi_use *const use = &plan->uses[psyi_column_use(column)];
    return &use->instrument->variants[use->variant].scales[psyi_column_index(column)];
}

/* The one score a rule reads, if it reads one whole score and nothing else; 0 otherwise. */
static uint32_t only_score(const struct psy_plan *plan, const psyi_rule *rule)
{
    const psyi_operand *operands = NULL;
    if (psyi_program_operands(rule->when, &operands) != 1 || operands->is_item ||
        psyi_column_kind_of(operands->id) != PSYI_COLUMN_SCORE)
        return 0;
    const psyi_scale *const scale = scale_of(plan, operands->id);
    const bool whole = psyi_scale_is_whole(scale) && scale->low.den == 1 && scale->high.den == 1 &&
                       scale->high.num - scale->low.num < MOST_SCORES;
    return whole ? operands->id : 0;
}

static bool alike(const psyi_rule *a, const psyi_rule *b)
{
    return a->stages == b->stages && a->grade_low == b->grade_low &&
           a->grade_high == b->grade_high && a->sex == b->sex;
}

/* Speaks `a` about everybody about whom `b` speaks? */
/* The worst rank of 64 scores from `first`, by lane. */
static void ranks_from(const tier_check *c, int64_t first, int out[PSYI_LANES])
{
    for (unsigned lane = 0; lane < PSYI_LANES; lane++)
        out[lane] = 0;
    for (size_t i = 0; i < c->plan->n_rules; i++) {
        const psyi_rule *const rule = &c->plan->rules[i];
        if (only_score(c->plan, rule) != c->column || !psyi_rule_covers(rule, c->like))
            continue;
        const psyi_mask yes = psyi_probe_scores(c->probe, rule, first);
        for (unsigned lane = 0; lane < PSYI_LANES; lane++)
            if ((yes >> lane & 1u) != 0 && rule->rank > out[lane])
                out[lane] = rule->rank;
    }
}

static void check_gap(const tier_check *c)
{
    const int64_t n = c->scale->high.num - c->scale->low.num + 1;
    int64_t worst_at = 0;
    int worst = 0;
    char at[96];
    snprintf(at, sizeof at, "tiers/rules/%.64s", c->like->id);
    for (int64_t i = 0; i < n; i += PSYI_LANES) {
        int ranks[PSYI_LANES];
        /* From the best score to the worst. */
        const int64_t first =
            c->scale->worse_low ? c->scale->high.num - i - PSYI_LANES + 1 : c->scale->low.num + i;
        ranks_from(c, first, ranks);
        for (int64_t k = 0; k < PSYI_LANES && i + k < n; k++) {
            const int rank = ranks[c->scale->worse_low ? PSYI_LANES - 1 - k : k];
            const int64_t score =
                c->scale->worse_low ? c->scale->high.num - i - k : c->scale->low.num + i + k;
            if (i + k == 0 && rank > 0)
                return; /* fires at the good end: wrong_direction or always_fires says so */
            if (rank < worst) {
                psyi_lint_find(c->lint, &tier_gap, c->like->place, at, c->like->id,
                               "%s.%s %lld gets rank %d, %s, but the better score %lld rank %d, %s",
                               c->plan->uses[psyi_column_use(c->column)].id, c->scale->id,
                               (long long)score, rank, psyi_lint_tier(c->plan, rank),
                               (long long)worst_at, worst, psyi_lint_tier(c->plan, worst));
                return;
            }
            if (rank > worst)
                worst = rank, worst_at = score;
        }
    }
}

/* "total in 20..24": a range with both ends, and nothing else. */
static const psyi_comparison *range_of(const psyi_rule *rule)
{
    const psyi_comparison *comparisons = NULL;
    if (psyi_program_comparisons(rule->when, &comparisons) != 1 ||
        comparisons->compare != PSYI_IN || comparisons->negated || comparisons->constant.den == 0 ||
        comparisons->upper.den == 0)
        return NULL;
    return comparisons;
}

static void check_overlap(const tier_check *c, size_t index)
{
    const psyi_rule *const rule = &c->plan->rules[index];
    const psyi_comparison *const mine = range_of(rule);
    char at[96];
    snprintf(at, sizeof at, "tiers/rules/%.64s", rule->id);
    for (size_t i = 0; mine != NULL && i < index; i++) {
        const psyi_rule *const other = &c->plan->rules[i];
        const psyi_comparison *const theirs = range_of(other);
        if (theirs == NULL || other->rank == rule->rank || theirs->subject != mine->subject ||
            theirs->id != mine->id || !alike(rule, other) ||
            psyi_ratio_compare(theirs->upper, mine->constant) < 0 ||
            psyi_ratio_compare(mine->upper, theirs->constant) < 0)
            continue;
        psyi_lint_find(c->lint, &tier_overlap, rule->place, at, rule->id,
                       "the ranges of rules '%s' (rank %d, %s) and '%s' (rank %d, %s) overlap",
                       other->id, other->rank, psyi_lint_tier(c->plan, other->rank), rule->id,
                       rule->rank, psyi_lint_tier(c->plan, rule->rank));
    }
}

void psyi_lint_tier_order(psyi_lint *lint, const struct psy_plan *plan, psyi_probe *probe)
{
    for (size_t i = 0; i < plan->n_rules; i++) {
        tier_check c = {.lint = lint, .plan = plan, .probe = probe, .like = &plan->rules[i]};
        check_overlap(&c, i);
        c.column = only_score(plan, c.like);
        if (c.column == 0)
            continue;
        c.scale = scale_of(plan, c.column);
        /* Once for each scale and filter, at the first of its rules. */
        bool first = true;
        for (size_t j = 0; j < i; j++)
            first = first && !(only_score(plan, &plan->rules[j]) == c.column &&
                               alike(&plan->rules[j], c.like));
        if (first)
            check_gap(&c);
    }
}
