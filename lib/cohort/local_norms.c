/*
 * local_norms.c -- norms made of this wave, and frozen before anybody is judged by them.
 *
 * Into a group go the printed scores of students who are matched, consent, and whose sheets
 * are not set aside; disputed sheets stay out.  Counts are integers, so the order of students
 * cannot matter.  A group below the plan's minimum is judged by the group that is left when
 * its last key is dropped, then the next; where even everybody is too few there is no norm.
 * Who lacks a key (grade unknown) has no group and no norm.
 */
#include "base/fail.h"
#include "cohort/local_groups.h"
#include "cohort/wave_parts.h"
#include "table/collect.h"
#include "tier/rule_block.h"

/* One local norm while it is made. */
typedef struct local_work {
    psyi_assembly *a;
    size_t index;
    const psyi_local_norm *norm;
    psyi_arena arena;
    psyi_histogram *at[PSYI_LOCAL_GROUPS]; /* full groups and what is left of them */
    bool full[PSYI_LOCAL_GROUPS];          /* somebody who gave the use is in it */
    uint32_t serves[PSYI_LOCAL_GROUPS];    /* index into results->locals, or UINT32_MAX */
} local_work;

static void work_done(local_work *work)
{
    for (size_t i = 0; i < PSYI_LOCAL_GROUPS; i++)
        if (work->at[i] != NULL)
            psyi_histogram_done(work->at[i]);
    psyi_arena_done(&work->arena);
}

static psy_status histogram_at(local_work *work, psyi_local_group group, psyi_histogram **out,
                               psy_error *error)
{
    psyi_histogram **const at = &work->at[psyi_local_slot(group)];
    if (*at == NULL) {
        psyi_histogram *const made = psyi_arena_alloc(&work->arena, 1, sizeof *made);
        if (made == NULL)
            return psyi_fail_memory(error, "local norms");
        psyi_histogram_init(made, work->a->allocator);
        *at = made;
    }
    *out = *at;
    return PSY_OK;
}

static bool counts(const local_work *work, size_t student)
{
    const psyi_student *const s = &work->a->results->students[student];
    const uint8_t effect = work->a->effect[s->first_case];
    return effect != PSYI_EFFECT_INVALID && effect != PSYI_EFFECT_RETEST &&
           psyi_consents(work->a, student) && (s->undecided_uses >> work->norm->use & 1u) == 0;
}

/* The sheet and the full group of a case; false when it has no sheet or no group. */
static bool place_of(const local_work *work, size_t item, uint32_t *sheet, psyi_local_group *group)
{
    const psyi_cases *const cases = &work->a->results->cases;
    *sheet = cases->sheets[work->norm->use * cases->n + item];
    return *sheet != PSYI_NO_SHEET && psyi_local_group_of(work->norm, &cases->people[item], group);
}

static psy_status fold(local_work *work, psy_error *error)
{
    const psyi_results *const r = work->a->results;
    const psyi_scores *const scores = r->scores[work->norm->use];
    for (size_t item = 0; item < r->cases.n; item++) {
        psyi_local_group group;
        psyi_histogram *histogram;
        uint32_t sheet;
        if (!place_of(work, item, &sheet, &group))
            continue;
        psy_status status = histogram_at(work, group, &histogram, error);
        if (status != PSY_OK)
            return status;
        work->full[psyi_local_slot(group)] = true;
        const psyi_ratio score = psyi_scores_value(scores, work->norm->scale, sheet);
        const uint32_t student = r->case_student[item];
        if (score.den == 0 || r->students[student].first_case != item || !counts(work, student))
            continue;
        status = psyi_histogram_add(histogram, score, 1, error);
        if (status != PSY_OK)
            return status;
    }
    return PSY_OK;
}

/* A part of a screening: its counts go to the wave, or the wave's take their place. */
static psy_status exchange(local_work *work, psy_error *error)
{
    const psyi_wave_link *const link = work->a->results->intake->link;
    psy_status status = PSY_OK;
    for (size_t slot = 0; link != NULL && slot < PSYI_LOCAL_GROUPS && status == PSY_OK; slot++) {
        psyi_histogram *histogram;
        if (link->counts != NULL) {
            psyi_wave_norm *const norm = &link->counts->norms[work->index];
            norm->full[slot] = norm->full[slot] || work->full[slot];
            if (work->at[slot] != NULL)
                status = psyi_histogram_merge(&norm->at[slot], work->at[slot], error);
            continue;
        }
        const psyi_wave_norm *const norm = &link->given->norms[work->index];
        work->full[slot] = norm->full[slot];
        if (work->at[slot] != NULL)
            psyi_histogram_done(work->at[slot]);
        if (!norm->full[slot] && work->at[slot] == NULL)
            continue;
        status = histogram_at(work, psyi_local_group_at(slot), &histogram, error);
        if (status == PSY_OK)
            status = psyi_histogram_merge(histogram, &norm->at[slot], error);
    }
    return status;
}

static psy_status pool(local_work *work, psy_error *error)
{
    for (size_t slot = 0; slot < PSYI_LOCAL_GROUPS; slot++)
        for (size_t n_by = work->norm->n_by; work->full[slot] && n_by-- > 0;) {
            psyi_histogram *histogram;
            psy_status status =
                histogram_at(work, psyi_local_dropped(work->norm, n_by, psyi_local_group_at(slot)),
                             &histogram, error);
            if (status == PSY_OK)
                status = psyi_histogram_merge(histogram, work->at[slot], error);
            if (status != PSY_OK)
                return status;
        }
    return PSY_OK;
}

/* How many keys are left of a group that is large enough; SIZE_MAX when none is. */
static size_t keys_left(const local_work *work, psyi_local_group group)
{
    for (size_t n_by = work->norm->n_by + 1; n_by-- > 0;) {
        const size_t slot = psyi_local_slot(psyi_local_dropped(work->norm, n_by, group));
        if (work->at[slot]->n >= work->norm->min_n)
            return n_by;
    }
    return SIZE_MAX;
}

static psy_status tell_small(const local_work *work, psyi_local_group group, size_t left,
                             psy_error *error)
{
    const unsigned long long n = (unsigned long long)work->at[psyi_local_slot(group)]->n;
    const psy_finding finding = {
        .field = work->norm->id,
        .rule = left == SIZE_MAX ? "norm_too_few" : "norm_pooled",
        .severity = left == SIZE_MAX ? PSY_WARNING : PSY_NOTE,
        .subject = work->norm->id,
    };
    psyi_buffer text;
    psyi_buffer_init(&text, work->a->allocator);
    psyi_local_group_words(work->norm, group, &text);
    if (left == SIZE_MAX) {
        psyi_buffer_text(&text, ": no wider group has enough either, no norm");
    } else {
        psyi_buffer_text(&text, ": judged by the group without regard to");
        for (size_t i = left; i < work->norm->n_by; i++)
            psyi_buffer_format(&text, " %s", psyi_local_key_name(work->norm->by[i]));
    }
    const psy_status status = text.failed ? psyi_fail_memory(error, "local norms")
                                          : psyi_find(work->a->findings, &finding, error,
                                                      "%llu scores of the %u needed in %s", n,
                                                      work->norm->min_n, text.data);
    psyi_buffer_done(&text);
    return status;
}

/* Take the histogram of a group over into the results, once; its index there. */
static psy_status keep(local_work *work, psyi_local_group group, uint32_t *out, psy_error *error)
{
    psyi_results *const r = work->a->results;
    for (size_t i = 0; i < r->n_locals; i++)
        if (r->locals[i].norm == work->index && r->locals[i].stage == group.stage &&
            r->locals[i].grade == group.grade && r->locals[i].sex == group.sex) {
            *out = (uint32_t)i;
            return PSY_OK;
        }
    void *locals = r->locals;
    const bool good = psyi_grow(work->a->allocator, &locals, &work->a->locals_room, r->n_locals + 1,
                                sizeof *r->locals);
    r->locals = locals;
    if (!good)
        return psyi_fail_memory(error, "local norms");
    psyi_local_result *const frozen = &r->locals[r->n_locals];
    *frozen = (psyi_local_result){.norm = (uint16_t)work->index,
                                  .stage = (uint8_t)group.stage,
                                  .grade = (uint8_t)group.grade,
                                  .sex = (uint8_t)group.sex};
    psyi_histogram_init(&frozen->histogram, work->a->allocator);
    *out = (uint32_t)r->n_locals++;
    return psyi_histogram_merge(&frozen->histogram, work->at[psyi_local_slot(group)], error);
}

static psy_status freeze(local_work *work, psy_error *error)
{
    for (size_t slot = 0; slot < PSYI_LOCAL_GROUPS; slot++) {
        work->serves[slot] = UINT32_MAX;
        if (!work->full[slot])
            continue;
        const psyi_local_group group = psyi_local_group_at(slot);
        const size_t left = keys_left(work, group);
        psy_status status = PSY_OK;
        if (left != work->norm->n_by)
            status = tell_small(work, group, left, error);
        if (status == PSY_OK && left != SIZE_MAX)
            status =
                keep(work, psyi_local_dropped(work->norm, left, group), &work->serves[slot], error);
        if (status != PSY_OK)
            return status;
    }
    return PSY_OK;
}

static int32_t printed(psyi_ratio value, int64_t scale)
{
    return value.den == 0 ? PSYI_NO_STANDARD : (int32_t)(value.num * (scale / value.den));
}

/* The standard score of one case: out of the group's table where the score is in it, which
 * it is unless its own sheet was left out of the norm. */
static int32_t standard_of(const psyi_histogram *histogram, const psyi_ratio *table,
                           psyi_metric metric, psyi_ratio score, int64_t scale)
{
    size_t low = 0, high = histogram->n_bins;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = psyi_ratio_compare(histogram->bins[middle].score, score);
        if (order == 0)
            return printed(table[middle], scale);
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return printed(psyi_histogram_standard(histogram, metric, score), scale);
}

static psy_status apply_metric(local_work *work, psyi_metric metric, unsigned column,
                               psy_error *error)
{
    const psyi_results *const r = work->a->results;
    const psyi_scores *const scores = r->scores[work->norm->use];
    const int64_t scale = psyi_power_of_ten(psyi_metric_decimals(metric));
    int32_t *const out = (int32_t *)r->cases.local + (size_t)column * r->cases.n;
    psyi_ratio **const tables = psyi_arena_alloc(&work->arena, r->n_locals, sizeof *tables);
    if (tables == NULL)
        return psyi_fail_memory(error, "local norms");
    for (size_t i = 0; i < r->n_locals; i++) {
        if (r->locals[i].norm != work->index)
            continue;
        tables[i] =
            psyi_arena_alloc(&work->arena, r->locals[i].histogram.n_bins, sizeof *tables[i]);
        if (tables[i] == NULL)
            return psyi_fail_memory(error, "local norms");
        psyi_histogram_table(&r->locals[i].histogram, metric, tables[i]);
    }
    for (size_t item = 0; item < r->cases.n; item++) {
        psyi_local_group group;
        uint32_t sheet;
        if (!place_of(work, item, &sheet, &group))
            continue;
        const uint32_t frozen = work->serves[psyi_local_slot(group)];
        const psyi_ratio score = psyi_scores_value(scores, work->norm->scale, sheet);
        if (frozen != UINT32_MAX && score.den > 0)
            out[item] =
                standard_of(&r->locals[frozen].histogram, tables[frozen], metric, score, scale);
    }
    return PSY_OK;
}

static psy_status make_norm(local_work *work, psy_error *error)
{
    psy_status status = fold(work, error);
    if (status == PSY_OK)
        status = exchange(work, error);
    if (status == PSY_OK)
        status = pool(work, error);
    if (status == PSY_OK)
        status = freeze(work, error);
    unsigned column = work->norm->first_column;
    for (unsigned m = 0; m < PSYI_METRICS && status == PSY_OK; m++)
        if (work->norm->metrics >> m & 1u)
            status = apply_metric(work, (psyi_metric)m, column++, error);
    work_done(work);
    return status;
}

psy_status psyi_freeze_norms(psyi_assembly *a, psy_error *error)
{
    psyi_results *const r = a->results;
    const size_t n = a->plan->n_local_columns * r->cases.n;
    if (a->plan->n_local_columns == 0)
        return PSY_OK;
    int32_t *const local = psyi_arena_alloc(&r->arena, n, sizeof *local);
    local_work *const work = psyi_alloc(a->allocator, 1, sizeof *work);
    psy_status status = PSY_OK;
    if (local == NULL || work == NULL)
        status = psyi_fail_memory(error, "local norms");
    for (size_t i = 0; i < n && status == PSY_OK; i++)
        local[i] = PSYI_NO_STANDARD;
    if (status == PSY_OK)
        r->cases.local = local;
    for (size_t i = 0; i < a->plan->n_locals && status == PSY_OK; i++) {
        if (r->scores[a->plan->locals[i].use] == NULL)
            continue;
        *work = (local_work){.a = a, .index = i, .norm = &a->plan->locals[i]};
        psyi_arena_init(&work->arena, a->allocator);
        status = make_norm(work, error);
    }
    psyi_free(a->allocator, work);
    return status;
}
