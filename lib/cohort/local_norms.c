/*
 * local_norms.c -- norms made of this wave, or brought along, and frozen before anybody is
 * judged by them.
 *
 * Into a group go the printed scores of students who are matched, consent, and whose sheets
 * are not set aside; disputed sheets stay out.  Counts are integers, so the order of students
 * cannot matter.  What becomes of groups that are too small is decided in norm/local_set.c
 * and told here, never silently.  Who lacks a key (grade unknown) has no group and no norm.
 * A norm that was frozen at an earlier release, or that the plan names as a file, is taken as
 * it is: then nobody of this wave changes it.
 */
#include "base/fail.h"
#include "base/spill.h"
#include "cohort/assembly.h"
#include "cohort/wave_parts.h"
#include "norm/local_set.h"
#include "norm/norm_marks.h"
#include "table/collect.h"
#include "tier/rule_block.h"

/* One local norm while it is made. */
typedef struct local_work {
    psyi_assembly *a;
    size_t index;
    const psyi_local_norm *norm;
    const psyi_norm *given; /* counts, or a norm of another kind, brought along; or NULL */
    psyi_local_set *set;    /* NULL: `given` is no set of counts */
    psyi_arena arena;
    bool occupied[PSYI_LOCAL_GROUPS];      /* somebody who gave the use is in it */
    psyi_ratio *tables[PSYI_LOCAL_GROUPS]; /* of one metric, beside the bins of a group */
} local_work;

static bool counts(const local_work *work, size_t student)
{
    const psyi_student *const s = &work->a->results->students[student];
    const uint8_t effect = work->a->effect[s->first_case];
    return effect != PSYI_EFFECT_INVALID && effect != PSYI_EFFECT_RETEST &&
           psyi_consents(work->a, student) && (s->undecided_uses >> work->norm->use & 1u) == 0;
}

static const psyi_local_rule *rule_of(const local_work *work)
{
    return work->given != NULL ? &work->given->local.rule : &work->norm->rule;
}

/* The sheet of a case and whose it is; false when there is none. */
static bool sheet_of(const local_work *work, size_t item, uint32_t *sheet, psyi_person *person)
{
    const psyi_cases *const cases = &work->a->results->cases;
    *sheet = cases->sheets[work->norm->use * cases->n + item];
    *person = cases->people[item];
    if (*sheet == PSYI_NO_SHEET)
        return false;
    /* As old as on the day of this sheet. */
    person->age = cases->sheet_people[*sheet].age;
    person->months = cases->sheet_people[*sheet].months;
    return true;
}

static bool group_of(const local_work *work, const psyi_person *person, psyi_local_group *group)
{
    return psyi_local_group_of(rule_of(work), person->grade, (psyi_sex)person->sex, group);
}

static psy_status fold(local_work *work, psy_error *error)
{
    const psyi_results *const r = work->a->results;
    const psyi_scores *const scores = r->scores[work->norm->use];
    for (size_t item = 0; item < r->cases.n; item++) {
        psyi_local_group group;
        psyi_person person;
        uint32_t sheet;
        psyi_spill_pass(r->allocator, item);
        if (!sheet_of(work, item, &sheet, &person) || !group_of(work, &person, &group))
            continue;
        work->occupied[psyi_local_slot(group)] = true;
        const psyi_ratio score = psyi_scores_value(scores, work->norm->scale, sheet);
        const uint32_t student = r->case_student[item];
        if (work->given != NULL || score.den == 0 || r->students[student].first_case != item ||
            !counts(work, student))
            continue;
        const psy_status status = psyi_local_set_add(work->set, group, score, 1, error);
        if (status != PSY_OK)
            return status;
    }
    return PSY_OK;
}

/* A part of a screening: its counts go to the wave, or the wave's take their place.  A norm
 * that was brought along is the same for all parts. */
static psy_status exchange(local_work *work, psy_error *error)
{
    const psyi_wave_link *const link = work->a->results->intake->link;
    psy_status status = PSY_OK;
    if (link == NULL)
        return PSY_OK;
    for (size_t slot = 0; slot < PSYI_LOCAL_GROUPS && status == PSY_OK; slot++) {
        if (link->counts != NULL) {
            psyi_wave_norm *const norm = &link->counts->norms[work->index];
            norm->full[slot] = norm->full[slot] || work->occupied[slot];
            if (work->given == NULL && work->set->full[slot] != NULL)
                status = psyi_histogram_merge(&norm->at[slot], work->set->full[slot], error);
            continue;
        }
        const psyi_wave_norm *const norm = &link->given->norms[work->index];
        work->occupied[slot] = norm->full[slot];
        if (work->given == NULL)
            status = psyi_local_set_replace(work->set, slot, &norm->at[slot], error);
    }
    return status;
}

/* ---- what is told ---------------------------------------------------------------------- */

static void tell_way(const local_work *work, const psyi_local_serving *serving, psyi_buffer *text)
{
    const psyi_local_rule *const rule = rule_of(work);
    if (serving->way == PSYI_LOCAL_SHRUNK) {
        psyi_buffer_format(text,
                           ": mean and deviation shrunk towards %zu groups (share of its own mean "
                           "%.2f)",
                           work->set->n_shrunk_from, serving->lambda);
        if (serving->slot == SIZE_MAX)
            psyi_buffer_text(text, "; no wider group has enough for ranks");
        else
            psyi_buffer_text(text, "; ranks by a wider group");
    } else if (serving->way == PSYI_LOCAL_NONE) {
        psyi_buffer_text(text, ": no wider group has enough either, no norm");
    } else {
        psyi_buffer_text(text, ": judged by the group without regard to");
        for (size_t i = serving->keys_left; i < rule->n_by; i++)
            psyi_buffer_format(text, " %s", psyi_local_key_name(rule->by[i]));
    }
}

static psy_status tell_group(const local_work *work, size_t slot, psy_error *error)
{
    const psyi_local_rule *const rule = rule_of(work);
    const psyi_local_serving *const serving = &work->set->serving[slot];
    const psyi_histogram *const own = work->set->full[slot];
    if (serving->way == PSYI_LOCAL_OWN)
        return PSY_OK;
    const bool none = serving->way == PSYI_LOCAL_NONE;
    const psy_finding finding = {
        .field = work->norm->id,
        .rule = none                                ? "norm_too_few"
                : serving->way == PSYI_LOCAL_SHRUNK ? "norm_shrunk"
                                                    : "norm_pooled",
        .severity = none ? PSY_WARNING : PSY_NOTE,
        .subject = work->norm->id,
    };
    const uint64_t n = own != NULL ? own->n : 0;
    psyi_buffer text;
    psyi_buffer_init(&text, work->a->allocator);
    psyi_local_group_words(rule, psyi_local_group_at(slot), &text);
    tell_way(work, serving, &text);
    const psy_status status =
        text.failed
            ? psyi_fail_memory(error, "local norms")
            : psyi_find(work->a->findings, &finding, error, "%llu score%s of the %u needed in %s",
                        (unsigned long long)n, psyi_s(n), rule->min_n, text.data);
    psyi_buffer_done(&text);
    return status;
}

static psy_status tell_groups(const local_work *work, psy_error *error)
{
    psy_status status = PSY_OK;
    for (size_t slot = 0; slot < PSYI_LOCAL_GROUPS && status == PSY_OK; slot++)
        if (work->occupied[slot])
            status = tell_group(work, slot, error);
    return status;
}

static psy_status tell_unserved(const local_work *work, size_t n, psy_error *error)
{
    const psy_finding finding = {.field = work->norm->id,
                                 .rule = "norm_group",
                                 .severity = PSY_WARNING,
                                 .subject = work->norm->id,
                                 .remedy = "see whether sex, grade and age are known, and whom "
                                           "the norm speaks of"};
    if (n == 0)
        return PSY_OK;
    return psyi_find(work->a->findings, &finding, error,
                     "%zu score%s no group in norm '%s', and no standard score", n,
                     psyi_one_many(n, " has", "s have"), work->norm->id);
}

/* ---- what is kept ---------------------------------------------------------------------- */

static psy_status keep_group(local_work *work, size_t slot, psy_error *error)
{
    psyi_results *const r = work->a->results;
    const psyi_local_serving *const serving = &work->set->serving[slot];
    const bool shrunk = serving->way == PSYI_LOCAL_SHRUNK;
    const psyi_local_group group = psyi_local_group_at(shrunk ? slot : serving->slot);
    for (size_t i = 0; i < r->n_locals; i++)
        if (r->locals[i].norm == work->index && r->locals[i].stage == group.stage &&
            r->locals[i].grade == group.grade && r->locals[i].sex == group.sex)
            return PSY_OK;
    void *locals = r->locals;
    const bool good = psyi_grow(work->a->allocator, &locals, &work->a->locals_room, r->n_locals + 1,
                                sizeof *r->locals);
    r->locals = locals;
    if (!good)
        return psyi_fail_memory(error, "local norms");
    r->locals[r->n_locals++] = (psyi_local_result){
        .norm = (uint16_t)work->index,
        .stage = (uint8_t)group.stage,
        .grade = (uint8_t)group.grade,
        .sex = (uint8_t)group.sex,
        .pooled = serving->way == PSYI_LOCAL_POOLED,
        .shrunk = shrunk,
        .mean = serving->mean,
        .sd = serving->sd,
        .lambda = shrunk ? serving->lambda : 1,
        .histogram = serving->way == PSYI_LOCAL_POOLED ? work->set->wider[serving->slot]
                                                       : work->set->full[slot]};
    return PSY_OK;
}

static psy_status keep_groups(local_work *work, psy_error *error)
{
    psy_status status = PSY_OK;
    for (size_t slot = 0; slot < PSYI_LOCAL_GROUPS && status == PSY_OK; slot++)
        if (work->occupied[slot] && work->set->serving[slot].way != PSYI_LOCAL_NONE)
            status = keep_group(work, slot, error);
    return status;
}

/* ---- applying -------------------------------------------------------------------------- */

static int32_t printed(psyi_ratio value, int64_t scale)
{
    return value.den == 0 ? PSYI_NO_STANDARD : (int32_t)(value.num * (scale / value.den));
}

/* The counts that decide about this metric in a group; NULL where a line does. */
static const psyi_histogram *counts_for(const local_work *work, size_t slot, psyi_metric metric)
{
    const psyi_local_serving *const serving = &work->set->serving[slot];
    if (serving->way == PSYI_LOCAL_NONE || serving->slot == SIZE_MAX ||
        (serving->way == PSYI_LOCAL_SHRUNK && (PSYI_RANK_METRICS >> metric & 1u) == 0))
        return NULL;
    return serving->keys_left == work->set->rule.n_by ? work->set->full[serving->slot]
                                                      : work->set->wider[serving->slot];
}

static psy_status table_of(local_work *work, size_t slot, const psyi_histogram *counted,
                           psyi_metric metric, psy_error *error)
{
    if (work->tables[slot] != NULL)
        return PSY_OK;
    work->tables[slot] = psyi_arena_alloc(&work->arena, counted->n_bins, sizeof(psyi_ratio));
    if (work->tables[slot] == NULL)
        return psyi_fail_memory(error, "local norms");
    psyi_histogram_table(counted, metric, work->tables[slot]);
    return PSY_OK;
}

/* Out of the group's table where the score is in it, which it is unless its own sheet was
 * left out of the norm, or the norm is older than the sheet. */
static psyi_ratio looked_up(const psyi_histogram *counted, const psyi_ratio *table,
                            psyi_metric metric, psyi_ratio score)
{
    size_t low = 0, high = counted->n_bins;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = psyi_ratio_compare(counted->bins[middle].score, score);
        if (order == 0)
            return table[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return psyi_histogram_standard(counted, metric, score);
}

/* What the group's counts make of a score, beside its value. */
static uint8_t marks_in_set(const local_work *work, const psyi_person *person, psyi_metric metric,
                            psyi_ratio score)
{
    psyi_local_group group;
    if (!group_of(work, person, &group))
        return 0;
    const size_t slot = psyi_local_slot(group);
    const psyi_local_serving *const serving = &work->set->serving[slot];
    const uint8_t clipped = psyi_counts_clipped(counts_for(work, slot, metric), metric, score);
    const bool rank = (PSYI_RANK_METRICS >> metric & 1u) != 0;
    if (serving->way == PSYI_LOCAL_POOLED || (serving->way == PSYI_LOCAL_SHRUNK && rank))
        return clipped | PSYI_NORM_POOLED;
    return serving->way == PSYI_LOCAL_SHRUNK ? clipped | PSYI_NORM_SHRUNK : clipped;
}

static psyi_informant informant_of(const local_work *work, const psyi_person *person)
{
    const psyi_use *const use = &work->a->plan->uses[work->norm->use];
    return use->informant != PSYI_INFORMANT_UNKNOWN ? use->informant
                                                    : (psyi_informant)person->informant;
}

static const psyi_norm_group *given_group(const local_work *work, const psyi_person *person)
{
    const psyi_use *const use = &work->a->plan->uses[work->norm->use];
    return psyi_norm_group_for(work->given, use->instrument->scales[work->norm->scale].id,
                               informant_of(work, person), (psyi_sex)person->sex, person->grade,
                               person->age, person->months);
}

static uint8_t marks_of(const local_work *work, const psyi_person *person, psyi_metric metric,
                        psyi_ratio score)
{
    const psyi_norm *const given = work->given;
    uint8_t marks = 0;
    if (work->set != NULL)
        marks = marks_in_set(work, person, metric, score);
    else
        marks = psyi_norm_clipped(given, given_group(work, person), metric, score,
                                  psyi_norm_age(given, person->age, person->months));
    if (given == NULL)
        return marks;
    if (psyi_norm_too_old(
            given, work->norm->max_years > 0 ? work->norm->max_years : work->a->plan->norm_years,
            work->a->results->cases.year))
        marks |= PSYI_NORM_STALE;
    if (given->has_people &&
        psyi_who_fit(&given->people, informant_of(work, person), (psyi_sex)person->sex,
                     person->grade, person->age) == PSYI_FIT_NO)
        marks |= PSYI_NORM_OTHERS;
    return marks;
}

static psy_status standard_in_set(local_work *work, const psyi_person *person, psyi_metric metric,
                                  psyi_ratio score, psyi_ratio *out, psy_error *error)
{
    psyi_local_group group;
    *out = PSYI_RATIO_NONE;
    if (!group_of(work, person, &group))
        return PSY_OK;
    const size_t slot = psyi_local_slot(group);
    const psyi_histogram *const counted = counts_for(work, slot, metric);
    if (counted == NULL) {
        *out = psyi_local_set_standard(work->set, group, metric, score);
        return PSY_OK;
    }
    const psy_status status = table_of(work, slot, counted, metric, error);
    if (status == PSY_OK)
        *out = looked_up(counted, work->tables[slot], metric, score);
    return status;
}

static psyi_ratio standard_given(const local_work *work, const psyi_person *person,
                                 psyi_metric metric, psyi_ratio score)
{
    return psyi_norm_standard_at(work->given, given_group(work, person), metric, score,
                                 psyi_norm_age(work->given, person->age, person->months));
}

static psy_status apply_metric(local_work *work, psyi_metric metric, unsigned column,
                               size_t *unserved, psy_error *error)
{
    const psyi_results *const r = work->a->results;
    const psyi_scores *const scores = r->scores[work->norm->use];
    const int64_t scale = psyi_power_of_ten(psyi_metric_decimals(metric));
    int32_t *const out = (int32_t *)r->cases.local + (size_t)column * r->cases.n;
    uint8_t *const marks = (uint8_t *)r->cases.local_marks + (size_t)column * r->cases.n;
    for (size_t i = 0; i < PSYI_LOCAL_GROUPS; i++)
        work->tables[i] = NULL;
    *unserved = 0;
    for (size_t item = 0; item < r->cases.n; item++) {
        psyi_person person;
        psyi_ratio standard = PSYI_RATIO_NONE;
        uint32_t sheet;
        psyi_spill_pass(r->allocator, item);
        if (!sheet_of(work, item, &sheet, &person))
            continue;
        const psyi_ratio score = psyi_scores_value(scores, work->norm->scale, sheet);
        if (score.den <= 0)
            continue;
        psy_status status = PSY_OK;
        if (work->set != NULL)
            status = standard_in_set(work, &person, metric, score, &standard, error);
        else
            standard = standard_given(work, &person, metric, score);
        if (status != PSY_OK)
            return status;
        *unserved += standard.den == 0;
        out[item] = printed(standard, scale);
        if (out[item] != PSYI_NO_STANDARD)
            marks[item] = marks_of(work, &person, metric, score);
    }
    return PSY_OK;
}

/* ---- one norm --------------------------------------------------------------------------- */

static psy_status make_set(local_work *work, psy_error *error)
{
    const psyi_use *const use = &work->a->plan->uses[work->norm->use];
    work->set = psyi_local_set_new(rule_of(work), work->a->allocator);
    if (work->set == NULL)
        return psyi_fail_memory(error, "local norms");
    work->a->results->local_sets[work->index] = work->set; /* owned by the results */
    psy_status status = PSY_OK;
    if (work->given != NULL)
        status = psyi_local_set_take(work->set, work->given,
                                     use->instrument->scales[work->norm->scale].id, error);
    if (status == PSY_OK)
        status = fold(work, error);
    if (status == PSY_OK)
        status = exchange(work, error);
    if (status == PSY_OK)
        status = psyi_local_set_settle(work->set, error);
    if (status == PSY_OK)
        status = tell_groups(work, error);
    if (status == PSY_OK)
        status = keep_groups(work, error);
    return status;
}

static psy_status make_norm(local_work *work, psy_error *error)
{
    psy_status status = PSY_OK;
    if (work->given == NULL || work->given->local.present)
        status = make_set(work, error);
    unsigned column = work->norm->first_column;
    size_t unserved = 0;
    for (unsigned m = 0; m < PSYI_METRICS && status == PSY_OK; m++)
        if ((unsigned)work->norm->metrics >> m & 1u)
            status = apply_metric(work, (psyi_metric)m, column++, &unserved, error);
    if (status == PSY_OK && work->set == NULL)
        status = tell_unserved(work, unserved, error);
    psyi_arena_done(&work->arena);
    return status;
}

psy_status psyi_freeze_norms(psyi_assembly *a, psy_error *error)
{
    psyi_results *const r = a->results;
    const size_t n = a->plan->n_local_columns * r->cases.n;
    if (a->plan->n_local_columns == 0)
        return PSY_OK;
    int32_t *const local = psyi_arena_alloc(&r->arena, n, sizeof *local);
    r->cases.local_marks = psyi_arena_alloc(&r->arena, n, 1);
    r->local_sets = psyi_arena_alloc(&r->arena, a->plan->n_locals, sizeof *r->local_sets);
    local_work *const work = psyi_alloc(a->allocator, 1, sizeof *work);
    psy_status status = PSY_OK;
    if (local == NULL || work == NULL || r->local_sets == NULL || r->cases.local_marks == NULL)
        status = psyi_fail_memory(error, "local norms");
    for (size_t i = 0; i < n && status == PSY_OK; i++)
        local[i] = PSYI_NO_STANDARD;
    if (status == PSY_OK)
        r->cases.local = local;
    for (size_t i = 0; i < a->plan->n_locals && status == PSY_OK; i++) {
        const psyi_local_norm *const norm = &a->plan->locals[i];
        if (r->scores[norm->use] == NULL)
            continue;
        const psyi_norm *const released = a->released != NULL ? a->released[i] : NULL;
        *work = (local_work){
            .a = a, .index = i, .norm = norm, .given = released != NULL ? released : norm->given};
        psyi_arena_init(&work->arena, a->allocator);
        status = make_norm(work, error);
    }
    psyi_free(a->allocator, work);
    return status;
}
