/*
 * rule_run.c -- every rule over every case.
 *
 * A rule fires, is decided false, stays open or does not apply.  What stays open knows why:
 * a blank answer concerns the child, a missing norm, sex or grade concerns the data.  Stage,
 * grade and sex filters belong to rules of the plan only; where these are not known a rule
 * that would fire stays open, because nobody can say whether it speaks about this child.
 */
#include "base/fail.h"
#include "tier/gathered.h"
#include "tier/rule_block.h"
#include "tier/rulebook.h"

int psyi_rule_concerns(const psyi_rule *rule, int grade, unsigned sex)
{
    const bool by_grade = rule->grade_low != 0 || rule->grade_high != 0;
    int answer = 1;
    if (rule->sex != PSYI_SEX_UNKNOWN && sex != PSYI_SEX_UNKNOWN && sex != rule->sex)
        return 0;
    if (rule->sex != PSYI_SEX_UNKNOWN && sex == PSYI_SEX_UNKNOWN)
        answer = -1;
    if (rule->stages == 0 && !by_grade)
        return answer;
    if (grade <= 0)
        return -1;
    if (by_grade && (grade < rule->grade_low || grade > rule->grade_high))
        return 0;
    return rule->stages == 0 || (rule->stages >> psyi_stage_of(grade) & 1u) != 0 ? answer : 0;
}

/* The truth of one rule in one block, after its filter. */
static psyi_truths judge(const psyi_rule *rule, const psyi_rule_block *block,
                         const psyi_block *values, psyi_workspace *workspace, psyi_mask *trouble)
{
    psyi_mask out = ~block->there, unknown = 0;
    for (psyi_mask rest = block->there; rest != 0; rest &= rest - 1) {
        const unsigned lane = (unsigned)__builtin_ctzll(rest);
        const psyi_person *const person = &block->cases->people[block->first + lane];
        const int concerns = psyi_rule_concerns(rule, person->grade, person->sex);
        if (concerns == 0)
            out |= (psyi_mask)1 << lane;
        else if (concerns < 0)
            unknown |= (psyi_mask)1 << lane;
    }
    psyi_truths truths = {.absent = ~(psyi_mask)0};
    *trouble = 0;
    if (~out != 0)
        psyi_program_truth(rule->when, values, workspace, &truths, trouble);
    truths.absent |= out;
    truths.yes &= ~truths.absent;
    truths.no &= ~truths.absent;
    truths.maybe_yes &= ~truths.absent;
    truths.no_norm |= truths.yes & unknown;
    truths.yes &= ~unknown;
    *trouble &= ~truths.absent;
    return truths;
}

/* What one kind of run does with a block of cases. */
typedef void visit(const psyi_rulebook *book, const psyi_rule_block *block,
                   const psyi_block *values, psyi_workspace *workspace, void *context);

static psy_status each_block(const psyi_rulebook *book, const psyi_cases *cases, size_t first,
                             size_t n, visit *one, void *context, psy_error *error)
{
    psyi_workspace *workspace;
    psyi_gathered *gathered;
    psy_status status = psyi_gathered_new(&gathered, book->allocator, error);
    if (status != PSY_OK)
        return status;
    status =
        psyi_workspace_new(&workspace, book->programs, book->n_programs, book->allocator, error);
    if (status != PSY_OK) {
        psyi_gathered_free(gathered);
        return status;
    }
    const size_t n_blocks = (cases->n + PSYI_LANES - 1) / PSYI_LANES;
    for (size_t b = first; b < first + n && b < n_blocks; b++) {
        const size_t base = b * PSYI_LANES;
        const psyi_rule_block block = psyi_rule_block_at(book, cases, base, cases->n - base);
        const psyi_block base_values = psyi_rule_block_values(&block);
        const psyi_block values = psyi_gathered_values(gathered, &base_values);
        one(book, &block, &values, workspace, context);
    }
    psyi_workspace_free(workspace);
    psyi_gathered_free(gathered);
    return PSY_OK;
}

static void judge_rules(const psyi_rulebook *book, const psyi_rule_block *block,
                        const psyi_block *values, psyi_workspace *workspace, void *context)
{
    psyi_verdicts *const verdicts = context;
    for (size_t r = book->n_critical; r < book->n_rules; r++) {
        psyi_mask trouble;
        const psyi_truths truths = judge(book->rules[r].rule, block, values, workspace, &trouble);
        const size_t at = r * verdicts->n_blocks + block->first / PSYI_LANES;
        const psyi_mask open = ~(truths.yes | truths.no | truths.absent);
        const psyi_mask no_norm = open & truths.no_norm & ~truths.blank;
        verdicts->yes[at] = truths.yes;
        verdicts->undecided[at] = open;
        verdicts->no_norm[at] = no_norm;
        /* What is open for another reason than the norm may come out either way. */
        verdicts->maybe[at] = (truths.maybe_yes | open) & ~truths.yes & ~no_norm;
        verdicts->applies[at] = ~truths.absent;
        verdicts->trouble[at] = trouble;
    }
}

psy_status psyi_rulebook_run(const psyi_rulebook *book, const psyi_cases *cases, size_t first,
                             size_t n, psyi_verdicts *verdicts, psy_error *error)
{
    return each_block(book, cases, first, n, judge_rules, verdicts, error);
}

typedef struct validity {
    uint8_t *effect;
    uint16_t *which;
} validity;

static void judge_validity(const psyi_rulebook *book, const psyi_rule_block *block,
                           const psyi_block *values, psyi_workspace *workspace, void *context)
{
    const validity *const out = context;
    uint8_t *const effect = out->effect + block->first;
    uint16_t *const which = out->which + block->first;
    for (psyi_mask rest = block->there; rest != 0; rest &= rest - 1) {
        const size_t lane = (size_t)__builtin_ctzll(rest);
        effect[lane] = PSYI_EFFECT_NONE;
        which[lane] = PSYI_NO_RULE;
    }
    for (size_t r = 0; r < book->plan->n_validity_rules; r++) {
        const psyi_rule *const rule = &book->plan->validity_rules[r];
        psyi_mask trouble;
        const psyi_truths truths = judge(rule, block, values, workspace, &trouble);
        for (psyi_mask rest = truths.yes; rest != 0; rest &= rest - 1) {
            const size_t lane = (size_t)__builtin_ctzll(rest);
            if ((uint8_t)rule->status <= effect[lane])
                continue;
            effect[lane] = (uint8_t)rule->status;
            which[lane] = (uint16_t)r;
        }
    }
}

psy_status psyi_validity_run(const psyi_rulebook *book, const psyi_cases *cases, size_t first,
                             size_t n, uint8_t *effect, uint16_t *which, psy_error *error)
{
    validity out = {effect, which};
    return each_block(book, cases, first, n, judge_validity, &out, error);
}

static void choose_battery(const psyi_rulebook *book, const psyi_rule_block *block,
                           const psyi_block *values, psyi_workspace *workspace, void *context)
{
    const psy_plan *const plan = book->plan;
    uint8_t *const battery = (uint8_t *)context + block->first;
    for (psyi_mask rest = block->there; rest != 0; rest &= rest - 1)
        battery[__builtin_ctzll(rest)] = 0xFF;
    psyi_mask waiting = block->there;
    for (size_t i = 0; i < plan->n_batteries && waiting != 0; i++) {
        psyi_truths truths = {.yes = ~(psyi_mask)0};
        if (plan->batteries[i].when != NULL)
            psyi_program_truth(plan->batteries[i].when, values, workspace, &truths, NULL);
        for (psyi_mask rest = truths.yes & waiting; rest != 0; rest &= rest - 1)
            battery[__builtin_ctzll(rest)] = (uint8_t)i;
        /* After one that cannot be decided, a later one would be a guess. */
        waiting &= truths.no & ~truths.absent;
    }
}

psy_status psyi_battery_run(const psyi_rulebook *book, const psyi_cases *cases, size_t first,
                            size_t n, uint8_t *battery, psy_error *error)
{
    return each_block(book, cases, first, n, choose_battery, battery, error);
}

static void ask_second(const psyi_rulebook *book, const psyi_rule_block *block,
                       const psyi_block *values, psyi_workspace *workspace, void *context)
{
    const psy_plan *const plan = book->plan;
    uint8_t *const second = (uint8_t *)context + block->first;
    const uint8_t *const battery = block->cases->battery + block->first;
    for (size_t i = 0; i < plan->n_batteries; i++) {
        psyi_truths truths;
        if (plan->batteries[i].second_when == NULL)
            continue;
        psyi_program_truth(plan->batteries[i].second_when, values, workspace, &truths, NULL);
        const psyi_mask asked = block->there & ~truths.no & ~truths.absent;
        for (psyi_mask rest = asked; rest != 0; rest &= rest - 1) {
            const size_t lane = (size_t)__builtin_ctzll(rest);
            second[lane] = second[lane] || battery[lane] == i;
        }
    }
}

psy_status psyi_second_run(const psyi_rulebook *book, const psyi_cases *cases, size_t first,
                           size_t n, uint8_t *second, psy_error *error)
{
    return each_block(book, cases, first, n, ask_second, second, error);
}
