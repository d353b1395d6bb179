/*
 * local_set.c -- pooling and shrinking the groups of a local norm.
 *
 * A group with enough scores judges its own.  Below that a plan chooses: the wider group that
 * is left when the last key is dropped, then the next; or, down to a second limit, the group's
 * own mean and deviation drawn towards what all groups have in common.  Means shrink by
 * lambda = tau^2/(tau^2 + s^2/n); deviations do so on the logarithm, whose sampling variance is
 * 1/(2(n - 1)).  A rank cannot be shrunk, so percentiles of such a group are pooled.
 *
 * Sources: psyscreen/shrinkage.h; the limits are those of continuous norming programs, which
 * warn below 30 scores a group.
 */
#include "norm/local_set.h"

#include "base/fail.h"
#include "norm/local_round.h"

#include <psyscreen/shrinkage.h>

#include <math.h>
#include <string.h>

enum { LEAST_GROUPS = 3 }; /* a variance between groups is not seen in two */

psyi_local_set *psyi_local_set_new(const psyi_local_rule *rule, const psy_allocator *allocator)
{
    psyi_local_set *const set = psyi_alloc(allocator, 1, sizeof *set);
    if (set == NULL)
        return NULL;
    set->allocator = allocator;
    set->rule = *rule;
    psyi_arena_init(&set->arena, allocator);
    return set;
}

void psyi_local_set_free(psyi_local_set *set)
{
    if (set == NULL)
        return;
    for (size_t i = 0; i < PSYI_LOCAL_GROUPS; i++) {
        if (set->full[i] != NULL)
            psyi_histogram_done(set->full[i]);
        if (set->wider[i] != NULL)
            psyi_histogram_done(set->wider[i]);
    }
    psyi_arena_done(&set->arena);
    psyi_free(set->allocator, set);
}

static psy_status histogram_at(psyi_local_set *set, psyi_histogram **at, psy_error *error)
{
    if (*at != NULL)
        return PSY_OK;
    psyi_histogram *const made = psyi_arena_alloc(&set->arena, 1, sizeof *made);
    if (made == NULL)
        return psyi_fail_memory(error, "local norms");
    psyi_histogram_init(made, set->allocator);
    *at = made;
    return PSY_OK;
}

psy_status psyi_local_set_add(psyi_local_set *set, psyi_local_group group, psyi_ratio score,
                              uint64_t count, psy_error *error)
{
    psyi_histogram **const at = &set->full[psyi_local_slot(group)];
    const psy_status status = histogram_at(set, at, error);
    return status == PSY_OK ? psyi_histogram_add(*at, score, count, error) : status;
}

psy_status psyi_local_set_replace(psyi_local_set *set, size_t slot, const psyi_histogram *counts,
                                  psy_error *error)
{
    psyi_histogram **const at = &set->full[slot];
    if (*at != NULL)
        psyi_histogram_done(*at);
    if (counts->n == 0) {
        *at = NULL;
        return PSY_OK;
    }
    const psy_status status = histogram_at(set, at, error);
    return status == PSY_OK ? psyi_histogram_merge(*at, counts, error) : status;
}

/* A mask of one bit is its number; 0 where the file does not ask. */
static unsigned only(unsigned mask)
{
    return mask == 0 ? 0 : (unsigned)__builtin_ctz(mask);
}

psy_status psyi_local_set_take(psyi_local_set *set, const psyi_norm *norm, const char *scale,
                               psy_error *error)
{
    for (size_t i = 0; i < norm->n_groups; i++) {
        const psyi_norm_group *const from = &norm->groups[i];
        if (strcmp(from->scale, scale) != 0)
            continue;
        const psyi_who *const who = &from->who;
        if (who->grade_low != who->grade_high || who->age_low != -1 || who->informants != 0)
            return psyi_fail(error, PSY_E_DATA, NULL,
                             "the counts of '%s' are not by stage, grade and sex alone", norm->id);
        const psyi_local_group group = {
            .stage = only(who->stages), .grade = (unsigned)who->grade_low, .sex = only(who->sexes)};
        for (size_t j = 0; j < from->n_cells; j++) {
            const psy_status status =
                psyi_local_set_add(set, group, from->cells[j].raw, from->cells[j].count, error);
            if (status != PSY_OK)
                return status;
        }
    }
    return PSY_OK;
}

/* ---- pooling ------------------------------------------------------------------------- */

static psy_status pool(psyi_local_set *set, psy_error *error)
{
    for (size_t slot = 0; slot < PSYI_LOCAL_GROUPS; slot++)
        for (size_t n_by = set->rule.n_by; set->full[slot] != NULL && n_by-- > 0;) {
            const psyi_local_group group =
                psyi_local_dropped(&set->rule, n_by, psyi_local_group_at(slot));
            psyi_histogram **const at = &set->wider[psyi_local_slot(group)];
            psy_status status = histogram_at(set, at, error);
            if (status == PSY_OK)
                status = psyi_histogram_merge(*at, set->full[slot], error);
            if (status != PSY_OK)
                return status;
        }
    return PSY_OK;
}

static const psyi_histogram *counts_of(const psyi_local_set *set, psyi_local_group group,
                                       size_t n_by, size_t *slot)
{
    *slot = psyi_local_slot(psyi_local_dropped(&set->rule, n_by, group));
    return n_by == set->rule.n_by ? set->full[*slot] : set->wider[*slot];
}

/* The group itself or the first wider one that is large enough. */
static psyi_local_serving served_by_counts(const psyi_local_set *set, psyi_local_group group,
                                           size_t most_keys)
{
    psyi_local_serving out = {.slot = SIZE_MAX, .mean = NAN, .sd = NAN};
    for (size_t n_by = most_keys + 1; n_by-- > 0;) {
        size_t slot;
        const psyi_histogram *const counts = counts_of(set, group, n_by, &slot);
        if (counts == NULL || counts->n < set->rule.min_n)
            continue;
        double variance;
        out.way = n_by == set->rule.n_by ? PSYI_LOCAL_OWN : PSYI_LOCAL_POOLED;
        out.slot = slot;
        out.keys_left = n_by;
        psyi_histogram_moments(counts, &out.mean, &variance);
        out.sd = sqrt(variance);
        break;
    }
    return out;
}

/* ---- shrinking ----------------------------------------------------------------------- */

/* Is this slot a group by all keys of the rule, with people in it or not? */
static bool is_full(const psyi_local_rule *rule, size_t slot)
{
    const psyi_local_group group = psyi_local_group_at(slot);
    bool by_stage = false, by_grade = false, by_sex = false;
    for (size_t i = 0; i < rule->n_by; i++) {
        by_stage = by_stage || rule->by[i] == PSYI_BY_STAGE;
        by_grade = by_grade || rule->by[i] == PSYI_BY_GRADE;
        by_sex = by_sex || rule->by[i] == PSYI_BY_SEX;
    }
    return by_stage == (group.stage != 0) && by_grade == (group.grade != 0) &&
           by_sex == (group.sex != 0) &&
           (!by_stage || !by_grade || (unsigned)psyi_stage_of((int)group.grade) == group.stage);
}

typedef struct shrink_work { /* groups that are large enough to be looked at */
    size_t slot[PSYI_LOCAL_GROUPS], n;
    double mean[PSYI_LOCAL_GROUPS], variance[PSYI_LOCAL_GROUPS], log_sd[PSYI_LOCAL_GROUPS];
    double of_log[PSYI_LOCAL_GROUPS], lambda[PSYI_LOCAL_GROUPS], shrunk[PSYI_LOCAL_GROUPS];
    double shrunk_log[PSYI_LOCAL_GROUPS];
} shrink_work;

static void look_at_groups(const psyi_local_set *set, shrink_work *work)
{
    for (size_t slot = 0; slot < PSYI_LOCAL_GROUPS; slot++) {
        const psyi_histogram *const counts = set->full[slot];
        double mean, variance;
        if (counts == NULL || counts->n < 2 || counts->n < set->rule.pool_below)
            continue;
        psyi_histogram_moments(counts, &mean, &variance);
        if (!(variance > 0)) /* all alike: no deviation whose logarithm could shrink */
            continue;
        work->slot[work->n] = slot;
        work->mean[work->n] = mean;
        work->variance[work->n] = variance / (double)counts->n;
        work->log_sd[work->n] = log(variance) / 2;
        work->of_log[work->n] = 1 / (2 * ((double)counts->n - 1));
        work->n++;
    }
}

static void shrink(psyi_local_set *set, shrink_work *work)
{
    psy_shrinkage means, deviations;
    const psy_shrinkage_method method = set->rule.moments ? PSY_SHRINKAGE_DL : PSY_SHRINKAGE_REML;
    look_at_groups(set, work);
    if (work->n < LEAST_GROUPS)
        return; /* pooled instead, and said so */
    psy_error ignored;
    if (psy_shrink(method, work->mean, work->variance, work->n, &means, work->lambda, work->shrunk,
                   NULL, &ignored) != PSY_OK ||
        psy_shrink(method, work->log_sd, work->of_log, work->n, &deviations, NULL, work->shrunk_log,
                   NULL, &ignored) != PSY_OK)
        return; /* not converged: the same */
    set->n_shrunk_from = work->n;
    set->tau2 = means.tau2;
    set->mu = means.mu;
    for (size_t i = 0; i < work->n; i++) {
        psyi_local_serving *const serving = &set->serving[work->slot[i]];
        if (set->full[work->slot[i]]->n >= set->rule.min_n)
            continue;
        serving->way = PSYI_LOCAL_SHRUNK;
        serving->mean = work->shrunk[i];
        serving->sd = exp(work->shrunk_log[i]);
        serving->lambda = work->lambda[i];
    }
}

psy_status psyi_local_set_settle(psyi_local_set *set, psy_error *error)
{
    psy_status status = pool(set, error);
    for (size_t slot = 0; slot < PSYI_LOCAL_GROUPS && status == PSY_OK; slot++)
        if (is_full(&set->rule, slot))
            set->serving[slot] = served_by_counts(set, psyi_local_group_at(slot), set->rule.n_by);
    if (status != PSY_OK || !set->rule.shrink)
        return status;
    shrink_work *const work = psyi_alloc(set->allocator, 1, sizeof *work);
    if (work == NULL)
        return psyi_fail_memory(error, "local norms");
    shrink(set, work);
    psyi_free(set->allocator, work);
    return status;
}

/* ---- answering ----------------------------------------------------------------------- */

static psyi_ratio on_the_line(const psyi_local_serving *serving, psyi_metric metric,
                              psyi_ratio score)
{
    int64_t centre, unit;
    if (!psyi_metric_line(metric, &centre, &unit) || !(serving->sd > 0))
        return PSYI_RATIO_NONE;
    const double z = (psyi_ratio_double(score) - serving->mean) / serving->sd;
    return psyi_metric_within(
        metric, psyi_round_double((double)centre + (double)unit * z, psyi_metric_decimals(metric),
                                  psyi_metric_rounding(metric, PSYI_ROUND_HALF_UP)));
}

psyi_ratio psyi_local_set_standard(const psyi_local_set *set, psyi_local_group group,
                                   psyi_metric metric, psyi_ratio score)
{
    const psyi_local_serving *const serving = &set->serving[psyi_local_slot(group)];
    if (serving->way == PSYI_LOCAL_NONE || score.den <= 0)
        return PSYI_RATIO_NONE;
    if (serving->way == PSYI_LOCAL_SHRUNK && (PSYI_RANK_METRICS >> metric & 1u) == 0)
        return on_the_line(serving, metric, score);
    if (serving->slot == SIZE_MAX)
        return PSYI_RATIO_NONE;
    const psyi_histogram *const counts =
        serving->keys_left == set->rule.n_by ? set->full[serving->slot] : set->wider[serving->slot];
    return psyi_histogram_standard(counts, metric, score);
}
