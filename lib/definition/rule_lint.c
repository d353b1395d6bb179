/*
 * rule_lint.c -- rules of a plan that cannot mean what they say: limits no score reaches, the
 * wrong end of a scale, rules that another rule makes idle, tiers on cut-offs or norms that do
 * not carry them.
 */
#include "definition/lint.h"
#include "definition/scope.h"

#include <stdio.h>
#include <string.h>

static const psyi_lint_rule limit_outside = {"limit_outside", PSY_ERROR, false,
                                             "compare with a value the score can have"};
static const psyi_lint_rule never_fires = {"never_fires", PSY_ERROR, false,
                                           "correct its limits, or delete the rule"};
static const psyi_lint_rule always_fires = {"always_fires", PSY_ERROR, false,
                                            "correct its limits, or delete the rule"};
static const psyi_lint_rule wrong_direction = {"wrong_direction", PSY_ERROR, false,
                                               "turn the comparison round, or say why it is right"};
static const psyi_lint_rule dominated = {"dominated", PSY_WARNING, false,
                                         "delete it, or change its rank or limit"};
static const psyi_lint_rule not_given = {"not_given", PSY_WARNING, false,
                                         "put the use into a battery, or delete the rule"};
static const psyi_lint_rule one_subscale = {
    "one_subscale", PSY_WARNING, false,
    "require several content scales, or the total: most pupils exceed the limit of one"};
static const psyi_lint_rule weak_cutoff = {"weak_cutoff", PSY_WARNING, false,
                                           "hold the cut-off against its source before it decides"};
static const psyi_lint_rule sex_norm = {"sex_norm", PSY_WARNING, false,
                                        "boys and girls with equal scores get different tiers"};
static const psyi_lint_rule local_rank = {
    "local_rank", PSY_ERROR, false,
    "order within a tier or raise to rank 1; more needs a written reason in `silence:`"};
static const psyi_lint_rule external_lowers = {
    "external_lowers", PSY_ERROR, true,
    "what others report may raise a tier, never lower it; a person lowers it, with name and date"};
static const psyi_lint_rule print_only = {"print_only", PSY_WARNING, false,
                                          "build the tier on another norm or on the raw score"};
static const psyi_lint_rule text_missing = {
    "label_missing", PSY_WARNING, false, "write text: {zh: ..., en: ...}, it stands on the lists"};
static const psyi_lint_rule no_duration = {"no_duration", PSY_WARNING, false,
                                           "declare the column `duration`"};

typedef struct rule_check {
    psyi_lint *lint;
    const struct psy_plan *plan;
    const psyi_rule *rule;
    const char *at;
    bool validity;
} rule_check;

static const psyi_scale *scale_of(const struct psy_plan *plan, uint32_t column)
{
    const psyi_use *const use = &plan->uses[psyi_column_use(column)];
    return &use->instrument->variants[use->variant].scales[psyi_column_index(column)];
}

static bool is_of_scale(psyi_column_kind kind)
{
    return kind == PSYI_COLUMN_SCORE || kind == PSYI_COLUMN_BAND || kind == PSYI_COLUMN_STANDARD ||
           kind == PSYI_COLUMN_LOCAL;
}

/* The place of a comparison within `when`, where that is on one line. */
static psyi_place place_of(const rule_check *c, const psyi_comparison *comparison)
{
    psyi_place place = c->rule->place;
    const char *const text = psyi_program_text(c->rule->when);
    if (place.length == strlen(text)) { /* written without escapes, folding or wide letters */
        place.column += comparison->offset;
        place.length = comparison->length;
    }
    return place;
}

/* ---- limits ------------------------------------------------------------------------------- */

static bool range_of(const rule_check *c, const psyi_comparison *one, psyi_ratio *low,
                     psyi_ratio *high)
{
    if (one->subject == PSYI_SUBJECT_ITEM) {
        psyi_scope_item_range(c->plan->uses[psyi_item_use(one->id)].instrument,
                              psyi_item_index(one->id), low, high);
    } else if (one->subject == PSYI_SUBJECT_COLUMN &&
               psyi_column_kind_of(one->id) == PSYI_COLUMN_SCORE) {
        *low = scale_of(c->plan, one->id)->low;
        *high = scale_of(c->plan, one->id)->high;
    } else {
        return false;
    }
    return low->den != 0 && high->den != 0;
}

/* Does the comparison lie wholly outside the range of what it reads? */
static bool check_limit(const rule_check *c, const psyi_comparison *one)
{
    psyi_ratio low, high;
    char a[32], b[32], limit[32];
    if (one->token != NULL || one->constant.den == 0 || !range_of(c, one, &low, &high))
        return false;
    const psyi_ratio last = one->compare == PSYI_IN ? one->upper : one->constant;
    const bool below = last.den != 0 && psyi_ratio_compare(last, low) < 0;
    if (!below && psyi_ratio_compare(one->constant, high) <= 0)
        return false;
    psyi_ratio_print(low, a);
    psyi_ratio_print(high, b);
    psyi_ratio_print(below ? last : one->constant, limit);
    psyi_lint_find(c->lint, &limit_outside, place_of(c, one), c->at, c->rule->id,
                   "'%s' lies between %s and %s: %s is outside", one->text, a, b, limit);
    return true;
}

static void check_limits(const rule_check *c, psyi_probe *probe)
{
    const psyi_comparison *comparisons = NULL;
    const size_t n = psyi_program_comparisons(c->rule->when, &comparisons);
    bool outside = false;
    for (size_t i = 0; i < n; i++)
        outside = check_limit(c, &comparisons[i]) || outside;
    if (outside)
        return; /* which is why it never or always fires */
    bool can_fire = psyi_program_can_be(c->rule->when, true);
    bool can_rest = psyi_program_can_be(c->rule->when, false);
    psyi_probe_sweep(probe, c->rule, &can_fire, &can_rest);
    if (!can_fire)
        psyi_lint_find(c->lint, &never_fires, c->rule->place, c->at, c->rule->id,
                       "rule '%s' can never fire", c->rule->id);
    else if (!can_rest)
        psyi_lint_find(c->lint, &always_fires, c->rule->place, c->at, c->rule->id,
                       "rule '%s' fires for everybody", c->rule->id);
}

/* ---- direction ---------------------------------------------------------------------------- */

/* 1: fires for high values, -1: for low ones, 0: neither. */
static int direction(const psyi_comparison *one)
{
    int way = 0;
    if (one->compare == PSYI_GT || one->compare == PSYI_GE)
        way = 1;
    else if (one->compare == PSYI_LT || one->compare == PSYI_LE)
        way = -1;
    return one->negated ? -way : way;
}

/* The direction of the bad end, 0 where there is none. */
static int bad_end(const rule_check *c, const psyi_comparison *one)
{
    if (one->subject != PSYI_SUBJECT_COLUMN || !is_of_scale(psyi_column_kind_of(one->id)))
        return 0;
    if (psyi_column_kind_of(one->id) == PSYI_COLUMN_BAND)
        return 1; /* bands run from best to worst whatever the numbers do */
    return scale_of(c->plan, one->id)->worse_low ? -1 : 1;
}

static void check_directions(const rule_check *c)
{
    const psyi_comparison *comparisons = NULL;
    const size_t n = psyi_program_comparisons(c->rule->when, &comparisons);
    for (size_t i = 0; i < n; i++) {
        const psyi_comparison *const one = &comparisons[i];
        const int bad = bad_end(c, one);
        if (bad == 0 || direction(one) != -bad)
            continue;
        /* "20 <= total and total < 25" cuts out a piece: the other end is there, too. */
        bool both = false;
        for (size_t j = 0; j < n; j++)
            both = both || (comparisons[j].subject == one->subject &&
                            comparisons[j].id == one->id && direction(&comparisons[j]) == bad);
        if (both)
            continue;
        psyi_lint_find(c->lint, &wrong_direction, place_of(c, one), c->at, c->rule->id,
                       "'%s' is worse the %s it is, but the rule fires for %s values", one->text,
                       bad > 0 ? "higher" : "lower", bad > 0 ? "low" : "high");
    }
}

/* ---- rules that decide nothing ------------------------------------------------------------- */

/* The only comparison of a rule that is nothing else. */
static const psyi_comparison *simple(const psyi_rule *rule)
{
    const psyi_comparison *comparisons = NULL;
    if (rule->when == NULL || psyi_program_comparisons(rule->when, &comparisons) != 1)
        return NULL;
    return comparisons->offset == 0 &&
                   comparisons->length == strlen(psyi_program_text(rule->when)) &&
                   !comparisons->negated && comparisons->subject != PSYI_SUBJECT_OTHER &&
                   direction(comparisons) != 0
               ? comparisons
               : NULL;
}

/* Index of a band among the tokens of its column. */
static int64_t token_index(const struct psy_plan *plan, const psyi_comparison *one)
{
    const psyi_scale *const scale = scale_of(plan, one->id);
    const unsigned sub = psyi_column_sub(one->id);
    const char *const *ids = NULL;
    const size_t n = psyi_scale_bands(
        scale,
        sub > 0 ? sub - 1
                : psyi_scale_population(scale, plan->uses[psyi_column_use(one->id)].population),
        &ids);
    for (size_t i = 0; i < n; i++)
        if (strcmp(ids[i], one->token) == 0)
            return (int64_t)i;
    return -1;
}

/* Does `a` imply `b`?  Both read the same thing in the same direction. */
static bool implies(const struct psy_plan *plan, const psyi_comparison *a, const psyi_comparison *b)
{
    if (a->subject != b->subject || a->id != b->id || direction(a) != direction(b) ||
        (a->token == NULL) != (b->token == NULL))
        return false;
    int order;
    if (a->token != NULL) {
        const int64_t x = token_index(plan, a), y = token_index(plan, b);
        order = x < y ? -1 : x > y;
    } else {
        if (a->constant.den == 0 || b->constant.den == 0)
            return false;
        order = psyi_ratio_compare(a->constant, b->constant);
    }
    order *= direction(a);
    const bool a_strict = a->compare == PSYI_GT || a->compare == PSYI_LT;
    const bool b_strict = b->compare == PSYI_GT || b->compare == PSYI_LT;
    return order > 0 || (order == 0 && (a_strict || !b_strict));
}

/* Whether one of two rules makes the other idle, both ways: by their one comparison, or by
 * running both. */
static void compare_rules(const rule_check *c, const psyi_rule *other, psyi_probe *probe,
                          bool *forward, bool *backward)
{
    const psyi_comparison *const mine = simple(c->rule), *const theirs = simple(other);
    *forward = *backward = false;
    if (mine != NULL && theirs != NULL) {
        *forward = implies(c->plan, mine, theirs);
        *backward = implies(c->plan, theirs, mine);
    } else if (c->rule->when != NULL && other->when != NULL && c->lint->status == PSY_OK) {
        c->lint->status = psyi_rule_implies(c->plan, psyi_probe_workspace(probe), c->rule->when,
                                            other->when, forward, backward, c->lint->error);
    }
}

/* No single rule makes it idle; several together may: those with a higher rank, and those before it
 * with its own, so that of rules which make each other idle the first stay. */
static void check_covered(const rule_check *c, size_t index, psyi_probe *probe)
{
    enum { MOST = 63, MOST_NAMED = 4 };
    const psyi_program *others[MOST];
    const psyi_rule *rules[MOST];
    char names[MOST_NAMED * 70 + 16] = "";
    size_t n = 0, n_named = 0, length = 0;
    uint64_t needed = 0;
    int rank = 0;
    for (size_t i = 0; i < c->plan->n_rules && n < MOST; i++) {
        const psyi_rule *const other = &c->plan->rules[i];
        if (i == index || other->when == NULL || other->rank < c->rule->rank ||
            (other->rank == c->rule->rank && i > index) || !psyi_rule_covers(other, c->rule))
            continue;
        rules[n] = other;
        others[n++] = other->when;
    }
    if (n < 2 || c->rule->when == NULL || c->lint->status != PSY_OK)
        return;
    c->lint->status = psyi_rule_covered(c->plan, psyi_probe_workspace(probe), c->rule->when, others,
                                        n, &needed, c->lint->error);
    for (size_t i = 0; i < n; i++) {
        if ((needed >> i & 1u) == 0)
            continue;
        if (n_named == 0 || rules[i]->rank < rank)
            rank = rules[i]->rank;
        if (n_named < MOST_NAMED)
            length += (size_t)snprintf(names + length, sizeof names - length, "%s'%.64s'",
                                       n_named == 0 ? "" : ", ", rules[i]->id);
        else if (n_named == MOST_NAMED)
            snprintf(names + length, sizeof names - length, " and more");
        n_named++;
    }
    if (needed != 0)
        psyi_lint_find(c->lint, &dominated, c->rule->place, c->at, c->rule->id,
                       "rule '%s' never decides: whenever it fires, one of %s fires with rank %d, "
                       "%s, or worse",
                       c->rule->id, names, rank, psyi_lint_tier(c->plan, rank));
}

static void check_dominated(const rule_check *c, size_t index, psyi_probe *probe)
{
    for (size_t i = 0; i < c->plan->n_rules; i++) {
        const psyi_rule *const other = &c->plan->rules[i];
        bool forward, backward;
        if (i == index || other->rank < c->rule->rank || !psyi_rule_covers(other, c->rule))
            continue;
        compare_rules(c, other, probe, &forward, &backward);
        /* Of two rules that say the same, the later one is idle. */
        if (!forward || (other->rank == c->rule->rank && backward &&
                         psyi_rule_covers(c->rule, other) && index < i))
            continue;
        psyi_lint_find(c->lint, &dominated, c->rule->place, c->at, c->rule->id,
                       "rule '%s' never decides: whenever it fires, '%s' fires with rank %d, %s",
                       c->rule->id, other->id, other->rank, psyi_lint_tier(c->plan, other->rank));
        return;
    }
    check_covered(c, index, probe);
}

static void check_given(const rule_check *c)
{
    const psyi_operand *operands = NULL;
    const size_t n = psyi_program_operands(c->rule->when, &operands);
    for (size_t i = 0; i < n; i++) {
        const psyi_column_kind kind = psyi_column_kind_of(operands[i].id);
        unsigned use = PSYI_NO_INDEX;
        if (operands[i].is_item)
            use = psyi_item_use(operands[i].id);
        else if (kind != PSYI_COLUMN_STUDENT && kind != PSYI_COLUMN_QUALITY &&
                 kind != PSYI_COLUMN_PREVIOUS && kind != PSYI_COLUMN_EXTERNAL)
            use = psyi_column_use(operands[i].id);
        if (use == PSYI_NO_INDEX)
            continue;
        bool given = false;
        for (size_t j = 0; j < c->plan->n_batteries; j++)
            given = given || psyi_battery_gives(&c->plan->batteries[j], use);
        if (given)
            continue;
        psyi_lint_find(c->lint, &not_given, c->rule->place, c->at, c->rule->id,
                       "rule '%s' reads '%s', which no battery gives", c->rule->id,
                       c->plan->uses[use].id);
        return;
    }
}

/* ---- what a tier rests on -------------------------------------------------------------------- */

static bool is_weak(psyi_confidence confidence)
{
    return confidence == PSYI_MEMORY || confidence == PSYI_CONFLICT;
}

static const char *weakness(psyi_confidence confidence)
{
    return confidence == PSYI_MEMORY ? "remembered, not verified" : "in conflict among sources";
}

static bool for_use(const psyi_band_set *set, const psyi_use *use)
{
    return set->who.informants == 0 || use->informant == PSYI_INFORMANT_UNKNOWN ||
           (set->who.informants >> use->informant & 1u) != 0;
}

/* The unproven cut-off of the instrument that a comparison uses, by its band or by its number;
 * NULL when there is none. */
static const psyi_band_set *weak_set(const rule_check *c, const psyi_comparison *one)
{
    const psyi_column_kind kind = psyi_column_kind_of(one->id);
    if (one->subject != PSYI_SUBJECT_COLUMN ||
        (kind != PSYI_COLUMN_SCORE && kind != PSYI_COLUMN_BAND))
        return NULL;
    const psyi_use *const use = &c->plan->uses[psyi_column_use(one->id)];
    const psyi_scale *const scale = scale_of(c->plan, one->id);
    const unsigned sub = psyi_column_sub(one->id);
    const unsigned population = sub > 0 ? sub - 1 : psyi_scale_population(scale, use->population);
    const psyi_band_set *weak = NULL;
    for (size_t i = 0; i < scale->n_band_sets; i++) {
        const psyi_band_set *const set = &scale->band_sets[i];
        if (!for_use(set, use))
            continue;
        if (kind == PSYI_COLUMN_BAND) {
            if (set->population == population && is_weak(set->confidence))
                weak = set;
            continue;
        }
        for (size_t j = 1; j < set->n_bands && set->standard == PSYI_NO_INDEX; j++)
            if (one->constant.den != 0 &&
                psyi_ratio_compare(set->bands[j].from, one->constant) == 0) {
                if (!is_weak(set->confidence))
                    return NULL; /* somebody has verified this number */
                weak = weak != NULL ? weak : set;
            }
    }
    return weak;
}

static void report_cutoff(const rule_check *c, const psyi_comparison *one,
                          const psyi_band_set *weak)
{
    const psyi_scale *const scale = scale_of(c->plan, one->id);
    psyi_lint_find(c->lint, &weak_cutoff, place_of(c, one), c->at, c->rule->id,
                   "the cut-off '%s' of %s.%s is %s", scale->populations[weak->population],
                   c->plan->uses[psyi_column_use(one->id)].id, scale->id,
                   weakness(weak->confidence));
}

static bool by_sex(const psyi_norm *norm)
{
    for (size_t i = 0; i < norm->n_groups; i++)
        if (norm->groups[i].who.sexes != 0)
            return true;
    return false;
}

static void check_standard(const rule_check *c, uint32_t column)
{
    const psyi_use *const use = &c->plan->uses[psyi_column_use(column)];
    const psyi_standard *const standard = &use->instrument->standards[psyi_column_sub(column)];
    if (standard->norm == PSYI_NO_INDEX)
        return;
    const psyi_norm *const norm = use->instrument->norms[standard->norm];
    if (norm->print_only)
        psyi_lint_find(c->lint, &print_only, c->rule->place, c->at, c->rule->id,
                       "norm '%s' is for print only, but rule '%s' builds a tier on it", norm->id,
                       c->rule->id);
    if (by_sex(norm))
        psyi_lint_find(c->lint, &sex_norm, c->rule->place, c->at, c->rule->id,
                       "rule '%s' rests on norm '%s', which differs by sex", c->rule->id, norm->id);
    if (is_weak(norm->confidence))
        psyi_lint_find(c->lint, &weak_cutoff, c->rule->place, c->at, c->rule->id, "norm '%s' is %s",
                       norm->id, weakness(norm->confidence));
}

static void check_local(const rule_check *c, uint32_t column)
{
    const psyi_local_norm *norm = NULL;
    for (size_t i = 0; i < c->plan->n_locals; i++)
        if (c->plan->locals[i].first_column <= psyi_column_sub(column))
            norm = &c->plan->locals[i];
    if (norm == NULL)
        return;
    if (c->rule->rank > 1)
        psyi_lint_find(c->lint, &local_rank, c->rule->place, c->at, c->rule->id,
                       "rule '%s' raises to rank %d, %s, by local norm '%s': it flags a fixed "
                       "share of the children and hides a district's worsening",
                       c->rule->id, c->rule->rank, psyi_lint_tier(c->plan, c->rule->rank),
                       norm->id);
    for (size_t i = 0; i < norm->rule.n_by; i++)
        if (norm->rule.by[i] == PSYI_BY_SEX)
            psyi_lint_find(c->lint, &sex_norm, c->rule->place, c->at, c->rule->id,
                           "rule '%s' rests on local norm '%s', which differs by sex", c->rule->id,
                           norm->id);
}

/* A report from outside must not be what keeps a rule from firing. */
static void check_external(const rule_check *c)
{
    const psyi_operand *operands = NULL;
    const size_t n = psyi_program_operands(c->rule->when, &operands);
    for (size_t i = 0; i < n; i++)
        if (!operands[i].is_item && psyi_column_kind_of(operands[i].id) == PSYI_COLUMN_EXTERNAL &&
            (operands[i].ways & PSYI_WAY_DOWN) != 0)
            psyi_lint_find(c->lint, &external_lowers, c->rule->place, c->at, c->rule->id,
                           "rule '%s' could fire less often because of 'external.%s'", c->rule->id,
                           c->plan->external_codes[psyi_column_index(operands[i].id)].id);
}

static void check_basis(const rule_check *c)
{
    const psyi_comparison *comparisons = NULL;
    const psyi_operand *operands = NULL;
    const size_t n_comparisons = psyi_program_comparisons(c->rule->when, &comparisons);
    const size_t n_operands = psyi_program_operands(c->rule->when, &operands);
    for (size_t i = 0; i < n_comparisons; i++)
        if (weak_set(c, &comparisons[i]) != NULL) {
            /* One is enough: eight scales of one test share a source and a weakness. */
            report_cutoff(c, &comparisons[i], weak_set(c, &comparisons[i]));
            break;
        }
    for (size_t i = 0; i < n_operands; i++) {
        if (operands[i].is_item)
            continue;
        const uint32_t column = operands[i].id;
        if (psyi_column_kind_of(column) == PSYI_COLUMN_STANDARD) {
            check_standard(c, column);
        } else if (psyi_column_kind_of(column) == PSYI_COLUMN_LOCAL) {
            check_local(c, column);
        } else if (psyi_column_kind_of(column) == PSYI_COLUMN_FLAG) {
            const psyi_use *const use = &c->plan->uses[psyi_column_use(column)];
            const psyi_flag *const flag = &use->instrument->flags[psyi_column_index(column)];
            if (is_weak(flag->confidence))
                psyi_lint_find(c->lint, &weak_cutoff, c->rule->place, c->at, c->rule->id,
                               "flag %s.%s is %s", use->id, flag->id, weakness(flag->confidence));
        }
    }
}

/* A content scale: one of those a composite of its instrument adds up. */
static bool is_content_scale(const struct psy_instrument *instrument, unsigned scale)
{
    for (size_t i = 0; i < instrument->n_scales; i++)
        for (size_t j = 0; j < instrument->scales[i].n_parts; j++)
            if (instrument->scales[i].parts[j] == scale)
                return true;
    return false;
}

static void check_one_subscale(const rule_check *c, psyi_probe *probe)
{
    for (unsigned use = 0; use < c->plan->n_uses; use++) {
        const struct psy_instrument *const instrument = c->plan->uses[use].instrument;
        /* The manual and its critics say so of this instrument; elsewhere one subscale may be
         * just what a rule is about. */
        if (strcmp(instrument->id, "mht") != 0)
            continue;
        for (unsigned scale = 0; scale < instrument->n_scales; scale++) {
            if (!is_content_scale(instrument, scale) ||
                !psyi_probe_scale(probe, c->rule, use, scale))
                continue;
            psyi_lint_find(c->lint, &one_subscale, c->rule->place, c->at, c->rule->id,
                           "rule '%s' fires by one content scale alone (%s.%s)", c->rule->id,
                           c->plan->uses[use].id, instrument->scales[scale].id);
            return;
        }
    }
}

/* ---- all --------------------------------------------------------------------------------------
 */

static void check_duration(const rule_check *c)
{
    const psyi_operand *operands = NULL;
    const size_t n = psyi_program_operands(c->rule->when, &operands);
    if (c->plan->responses.columns[PSYI_FIELD_DURATION].n_names > 0)
        return;
    for (size_t i = 0; i < n; i++)
        if (!operands[i].is_item && psyi_column_kind_of(operands[i].id) == PSYI_COLUMN_QUALITY &&
            psyi_column_index(operands[i].id) >= PSYI_QUALITY_SECONDS) {
            psyi_lint_find(c->lint, &no_duration, c->rule->place, c->at, c->rule->id,
                           "rule '%s' asks how long it took, but the responses do not say",
                           c->rule->id);
            return;
        }
}

static void check_rule(const rule_check *c, size_t index, psyi_probe *probe)
{
    const psyi_label text = c->rule->text;
    check_limits(c, probe);
    check_given(c);
    check_duration(c);
    if (text.en == NULL || text.zh == NULL)
        psyi_lint_find(c->lint, &text_missing, c->rule->place, c->at, c->rule->id,
                       "rule '%s' has no %stext", c->rule->id,
                       text.en == NULL && text.zh == NULL ? ""
                       : text.zh == NULL                  ? "Chinese "
                                                          : "English ");
    psyi_lint_wording(c->lint, c->rule->place, c->at, text.en);
    if (text.zh != text.en)
        psyi_lint_wording(c->lint, c->rule->place, c->at, text.zh);
    if (c->validity)
        return;
    check_directions(c);
    check_dominated(c, index, probe);
    check_basis(c);
    check_external(c);
    if (c->rule->sex != PSYI_SEX_UNKNOWN)
        psyi_lint_find(c->lint, &sex_norm, c->rule->place, c->at, c->rule->id,
                       "rule '%s' is for one sex", c->rule->id);
    check_one_subscale(c, probe);
}

void psyi_lint_rules(psyi_lint *lint, const struct psy_plan *plan)
{
    psyi_probe *probe = NULL;
    if (lint->status == PSY_OK)
        lint->status = psyi_probe_new(&probe, plan, plan->arena.allocator, lint->error);
    for (size_t i = 0; i < plan->n_rules + plan->n_validity_rules && lint->status == PSY_OK; i++) {
        const bool validity = i >= plan->n_rules;
        const size_t index = validity ? i - plan->n_rules : i;
        char at[96];
        rule_check c = {.lint = lint, .plan = plan, .at = at, .validity = validity};
        c.rule = validity ? &plan->validity_rules[index] : &plan->rules[index];
        snprintf(at, sizeof at, "%s/rules/%.64s", validity ? "validity" : "tiers", c.rule->id);
        check_rule(&c, index, probe);
    }
    if (lint->status == PSY_OK)
        psyi_lint_tier_order(lint, plan, probe);
    psyi_probe_free(probe);
}
