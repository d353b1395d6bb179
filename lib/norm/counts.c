/*
 * counts.c -- counted scores as norms: made, merged, frozen.
 *
 * Counting is adding integers, so it does not matter who counted first.  A merged norm names
 * its parts in ascending order, and says nothing that depends on which part came first.
 */
#include "norm/counts.h"

#include "base/fail.h"
#include "definition/fingerprint.h"
#include "definition/load.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_PARTS = 10000 };

/* ---- making ---------------------------------------------------------------------------- */

static bool copy_head(psyi_norm *norm, const psyi_counts_head *head)
{
    psyi_arena *const arena = &norm->arena;
    norm->id = psyi_arena_copy(arena, head->id);
    norm->instrument = psyi_arena_copy(arena, head->instrument);
    norm->edition = psyi_arena_copy(arena, head->edition);
    norm->source = psyi_arena_copy(arena, head->source);
    norm->population.en = psyi_arena_copy(arena, head->population.en);
    norm->population.zh = psyi_arena_copy(arena, head->population.zh);
    norm->file = norm->csv_file = norm->id;
    norm->kind = PSYI_NORM_HISTOGRAM;
    norm->metrics = (uint16_t)head->metrics;
    for (unsigned m = 0; m < PSYI_METRICS; m++)
        norm->decimals[m] = psyi_metric_decimals((psyi_metric)m);
    norm->rounding = PSYI_ROUND_HALF_UP;
    norm->year = head->year;
    norm->confidence = PSYI_VERIFIED; /* counted here */
    norm->local = head->local;
    norm->local.present = true;
    norm->local.variant = psyi_arena_copy(arena, head->local.variant);
    const char **const parts = psyi_arena_alloc(arena, head->local.n_parts, sizeof *parts);
    bool good = norm->id != NULL && norm->instrument != NULL && norm->source != NULL &&
                norm->local.variant != NULL && parts != NULL &&
                (norm->edition != NULL) == (head->edition != NULL) &&
                (norm->population.en != NULL) == (head->population.en != NULL) &&
                (norm->population.zh != NULL) == (head->population.zh != NULL);
    for (size_t i = 0; good && i < head->local.n_parts; i++) {
        parts[i] = psyi_arena_copy(arena, head->local.parts[i]);
        good = parts[i] != NULL;
    }
    norm->local.parts = parts;
    return good;
}

static bool copy_group(psyi_norm *norm, psyi_norm_group *to, const char *scale,
                       psyi_local_group group, const psyi_histogram *counts)
{
    psyi_norm_cell *const cells = psyi_arena_alloc(&norm->arena, counts->n_bins, sizeof *cells);
    if (cells == NULL)
        return false;
    for (size_t i = 0; i < counts->n_bins; i++)
        cells[i] = (psyi_norm_cell){.raw = counts->bins[i].score, .count = counts->bins[i].count};
    *to = (psyi_norm_group){.scale = scale,
                            .who = {.stages = (uint8_t)(group.stage != 0 ? 1u << group.stage : 0),
                                    .grade_low = (int16_t)group.grade,
                                    .grade_high = (int16_t)group.grade,
                                    .sexes = (uint8_t)(group.sex != 0 ? 1u << group.sex : 0),
                                    .age_low = -1,
                                    .age_high = -1},
                            .cells = cells,
                            .n_cells = counts->n_bins,
                            .confidence = norm->confidence};
    norm->n += counts->n;
    return true;
}

static bool copy_groups(psyi_norm *norm, const char *scale_id, const psyi_local_set *set)
{
    size_t n = 0;
    for (size_t slot = 0; slot < PSYI_LOCAL_GROUPS; slot++)
        n += set->full[slot] != NULL && set->full[slot]->n > 0;
    const char *const scale = psyi_arena_copy(&norm->arena, scale_id);
    norm->groups = psyi_arena_alloc(&norm->arena, n, sizeof *norm->groups);
    if (scale == NULL || norm->groups == NULL)
        return false;
    for (size_t slot = 0; slot < PSYI_LOCAL_GROUPS; slot++)
        if (set->full[slot] != NULL && set->full[slot]->n > 0 &&
            !copy_group(norm, &norm->groups[norm->n_groups++], scale, psyi_local_group_at(slot),
                        set->full[slot]))
            return false;
    return true;
}

psy_status psyi_counts_make(psyi_norm **out, const psyi_counts_head *head,
                            const psyi_local_set *set, const psy_allocator *allocator,
                            psy_error *error)
{
    psyi_norm *const norm = psyi_alloc(allocator, 1, sizeof *norm);
    if (norm == NULL)
        return psyi_fail_memory(error, "a norm");
    psyi_arena_init(&norm->arena, allocator);
    psy_status status = PSY_OK;
    if (!copy_head(norm, head) || !copy_groups(norm, head->scale, set))
        status = psyi_fail_memory(error, "a norm");
    else if (norm->n_groups == 0)
        status = psyi_fail(error, PSY_E_DATA, NULL, "norm '%s': nobody has a score of '%s'",
                           head->id, head->scale);
    if (status == PSY_OK)
        status = psyi_norm_fingerprint(norm, allocator, error);
    if (status == PSY_OK)
        *out = norm;
    else
        psyi_norm_free(norm);
    return status;
}

/* ---- merging --------------------------------------------------------------------------- */

static bool same_text(const char *a, const char *b)
{
    return (a == NULL) == (b == NULL) && (a == NULL || strcmp(a, b) == 0);
}

static bool same_rule(const psyi_local_rule *a, const psyi_local_rule *b)
{
    bool same = a->n_by == b->n_by && a->min_n == b->min_n && a->pool_below == b->pool_below &&
                a->shrink == b->shrink && a->moments == b->moments;
    for (size_t i = 0; same && i < a->n_by; i++)
        same = a->by[i] == b->by[i];
    return same;
}

/* What keeps `b` from being added to `a`; NULL: nothing. */
static const char *difference(const psyi_norm *a, const psyi_norm *b)
{
    return !b->local.present                                     ? "holds no counts of psyscreen"
           : strcmp(a->instrument, b->instrument) != 0           ? "is of another instrument"
           : !same_text(a->edition, b->edition)                  ? "is of another edition"
           : strcmp(a->groups[0].scale, b->groups[0].scale) != 0 ? "is of another scale"
           : !same_text(a->local.variant, b->local.variant)      ? "is of another coding variant"
           : a->local.informant != b->local.informant            ? "is of another informant"
           : !same_rule(&a->local.rule, &b->local.rule) ? "has other groups or other limits"
           : a->metrics != b->metrics                   ? "has other metrics"
                                                        : NULL;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* All parts of all norms, ascending; *n of them, in a block of their own. */
static psy_status collect_parts(const psyi_norm *const *norms, size_t n_norms,
                                const psy_allocator *allocator, const char ***out, size_t *n,
                                psy_error *error)
{
    *n = 0;
    for (size_t i = 0; i < n_norms; i++)
        *n += norms[i]->local.n_parts;
    if (*n > MOST_PARTS)
        return psyi_fail(error, PSY_E_LIMIT, NULL, "%zu parts; at most %d can be merged", *n,
                         (int)MOST_PARTS);
    const char **const parts = psyi_alloc(allocator, *n, sizeof *parts);
    if (parts == NULL)
        return psyi_fail_memory(error, "norms");
    for (size_t i = 0, at = 0; i < n_norms; i++)
        for (size_t j = 0; j < norms[i]->local.n_parts; j++)
            parts[at++] = norms[i]->local.parts[j];
    qsort(parts, *n, sizeof *parts, by_text);
    for (size_t i = 1; i < *n; i++)
        if (strcmp(parts[i - 1], parts[i]) == 0) {
            const psy_status status =
                psyi_fail(error, PSY_E_DATA, NULL,
                          "'%.80s' is in two of the norms: it would count twice", parts[i]);
            psyi_free(allocator, parts);
            return status;
        }
    const psy_status status = psyi_parts_apart(parts, *n, allocator, error);
    if (status != PSY_OK) {
        psyi_free(allocator, parts);
        return status;
    }
    *out = parts;
    return PSY_OK;
}

/* The head of a sum: nothing in it depends on the order of its parts. */
static psy_status merged_head(psyi_local_set *set, const psyi_norm *const *norms, size_t n,
                              const char *id, const char **parts, size_t n_parts,
                              psyi_counts_head *head, psy_error *error)
{
    uint64_t total = 0;
    const psyi_norm *const first = norms[0];
    *head = (psyi_counts_head){.id = id,
                               .instrument = first->instrument,
                               .edition = first->edition,
                               .scale = first->groups[0].scale,
                               .source = "counted by psyscreen",
                               .year = first->year,
                               .metrics = first->metrics,
                               .local = first->local};
    for (size_t i = 0; i < n; i++) {
        total += norms[i]->n;
        /* As old as its oldest part; not known of one, not known of all. */
        if (norms[i]->year < head->year)
            head->year = norms[i]->year;
    }
    head->population.en = psyi_arena_format(&set->arena, "%llu score%s of %zu waves or districts",
                                            (unsigned long long)total, psyi_s(total), n_parts);
    head->population.zh = psyi_arena_format(&set->arena, "%zu个批次或地区的%llu个分数", n_parts,
                                            (unsigned long long)total);
    head->local.frozen = false;
    head->local.parts = parts;
    head->local.n_parts = n_parts;
    return head->population.en == NULL || head->population.zh == NULL
               ? psyi_fail_memory(error, "norms")
               : PSY_OK;
}

psy_status psyi_counts_merge(psyi_norm **out, const psyi_norm *const *norms, size_t n,
                             const char *id, const psy_allocator *allocator, psy_error *error)
{
    if (n < 1 || !norms[0]->local.present)
        return psyi_fail(error, PSY_E_DATA, NULL, "there are no counts of psyscreen to merge");
    for (size_t i = 1; i < n; i++) {
        const char *const why = difference(norms[0], norms[i]);
        if (why != NULL)
            return psyi_fail(error, PSY_E_DATA, NULL, "norm '%s' cannot be added to '%s': it %s",
                             norms[i]->id, norms[0]->id, why);
    }
    const char **parts = NULL;
    size_t n_parts = 0;
    psyi_counts_head head;
    psyi_local_set *const set = psyi_local_set_new(&norms[0]->local.rule, allocator);
    psy_status status = set == NULL ? psyi_fail_memory(error, "norms") : PSY_OK;
    if (status == PSY_OK)
        status = collect_parts(norms, n, allocator, &parts, &n_parts, error);
    for (size_t i = 0; i < n && status == PSY_OK; i++)
        status = psyi_local_set_take(set, norms[i], norms[i]->groups[0].scale, error);
    if (status == PSY_OK)
        status = merged_head(set, norms, n, id, parts, n_parts, &head, error);
    if (status == PSY_OK)
        status = psyi_counts_make(out, &head, set, allocator, error);
    psyi_free(allocator, parts);
    psyi_local_set_free(set);
    return status;
}

psy_status psyi_counts_freeze(psyi_norm **out, const psyi_norm *norm,
                              const psy_allocator *allocator, psy_error *error)
{
    if (!norm->local.present)
        return psyi_fail(error, PSY_E_DATA, NULL,
                         "norm '%s' was not counted by psyscreen: there is nothing to freeze",
                         norm->id);
    psyi_counts_head head = {.id = norm->id,
                             .instrument = norm->instrument,
                             .edition = norm->edition,
                             .scale = norm->groups[0].scale,
                             .source = norm->source,
                             .population = norm->population,
                             .year = norm->year,
                             .metrics = norm->metrics,
                             .local = norm->local};
    head.local.frozen = true;
    psyi_local_set *const set = psyi_local_set_new(&norm->local.rule, allocator);
    if (set == NULL)
        return psyi_fail_memory(error, "norms");
    psy_status status = psyi_local_set_take(set, norm, head.scale, error);
    if (status == PSY_OK)
        status = psyi_counts_make(out, &head, set, allocator, error);
    psyi_local_set_free(set);
    return status;
}
