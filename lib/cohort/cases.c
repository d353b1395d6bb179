/*
 * cases.c -- students as the rules see them: one case each, more where sheets are disputed.
 *
 * Case i of a student takes candidate i of every disputed use (the last one where there are
 * fewer) and the chosen sheet of all others, so that sheets of one submission stay together.
 * The validity of each case is settled here too, because norms must know whom to leave out.
 */
#include "base/fail.h"
#include "base/parallel.h"
#include "base/spill.h"
#include "cohort/assembly.h"

#define BLOCKS_A_TASK 16

/* The disputes of one student stand together; *at moves behind them. */
static uint32_t cases_of(const psyi_assembly *a, size_t student, size_t *at)
{
    uint32_t most = 1;
    for (; *at < a->n_disputes && a->disputes[*at].student == student; ++*at)
        if (a->disputes[*at].n > most)
            most = a->disputes[*at].n;
    return most;
}

static psy_status allocate(psyi_assembly *a, size_t n, psy_error *error)
{
    psyi_results *const r = a->results;
    psyi_arena *const arena = &r->arena;
    psyi_cases *const cases = &r->cases;
    cases->plan = a->plan;
    cases->n = n;
    cases->scores = (const psyi_scores *const *)r->scores;
    cases->sheet_people = r->people;
    cases->year = psyi_year_of(r->as_of);
    cases->sheets = psyi_arena_alloc(arena, n * a->plan->n_uses, sizeof *cases->sheets);
    cases->people = psyi_arena_alloc(arena, n, sizeof *cases->people);
    cases->battery = psyi_arena_alloc(arena, n, sizeof *cases->battery);
    cases->seconds = psyi_arena_alloc(arena, n, sizeof *cases->seconds);
    cases->records = psyi_arena_alloc(arena, n, sizeof *cases->records);
    cases->n_records = psyi_arena_alloc(arena, n, sizeof *cases->n_records);
    r->case_student = psyi_arena_alloc(arena, n, sizeof *r->case_student);
    a->effect = psyi_alloc(a->allocator, n, sizeof *a->effect);
    a->effect_rule = psyi_alloc(a->allocator, n, sizeof *a->effect_rule);
    a->effect_use = psyi_alloc(a->allocator, n, sizeof *a->effect_use);
    a->effect_flag = psyi_alloc(a->allocator, n, sizeof *a->effect_flag);
    a->families = psyi_alloc(a->allocator, n, sizeof *a->families);
    if (cases->sheets == NULL || cases->people == NULL || cases->battery == NULL ||
        cases->seconds == NULL || cases->records == NULL || cases->n_records == NULL ||
        r->case_student == NULL || a->effect == NULL || a->families == NULL ||
        a->effect_rule == NULL || a->effect_use == NULL || a->effect_flag == NULL)
        return psyi_fail_memory(error, "cases");
    return PSY_OK;
}

static uint32_t sheet_of(const psyi_assembly *a, size_t student, size_t first_dispute, unsigned use,
                         uint32_t which)
{
    for (size_t d = first_dispute; d < a->n_disputes && a->disputes[d].student == student; d++)
        if (a->disputes[d].use == use) {
            const uint32_t n = a->disputes[d].n;
            return a->candidates[a->disputes[d].first + (which < n ? which : n - 1)];
        }
    return a->chosen[use * a->results->n_students + student];
}

/* Seconds over the different records of a case; -1 when one of them does not say. */
static int32_t seconds_of(const psyi_assembly *a, const uint32_t *sheets, size_t n)
{
    int64_t sum = 0;
    bool any = false;
    for (size_t use = 0; use < a->plan->n_uses; use++) {
        const uint32_t sheet = sheets[use * n];
        bool counted = sheet == PSYI_NO_SHEET;
        for (size_t earlier = 0; earlier < use && !counted; earlier++)
            counted = sheets[earlier * n] == sheet;
        if (counted)
            continue;
        const int32_t seconds = a->results->intake->records[sheet].seconds;
        if (seconds < 0)
            return -1;
        any = true;
        sum += seconds;
    }
    return !any ? -1 : sum > INT32_MAX ? INT32_MAX : (int32_t)sum;
}

static psyi_person person_of(const psyi_assembly *a, const psyi_student *student,
                             const uint32_t *sheets, size_t n)
{
    for (size_t use = 0; use < a->plan->n_uses; use++)
        if (sheets[use * n] != PSYI_NO_SHEET)
            return a->results->people[sheets[use * n]];
    return (psyi_person){.sex = student->sex, .grade = student->grade, .age = student->age};
}

static void fill(psyi_assembly *a)
{
    psyi_results *const r = a->results;
    const size_t n = r->cases.n;
    uint32_t *const sheets = (uint32_t *)r->cases.sheets;
    psyi_person *const people = (psyi_person *)r->cases.people;
    int32_t *const seconds = (int32_t *)r->cases.seconds;
    const uint32_t **const records = (const uint32_t **)r->cases.records;
    uint32_t *const n_records = (uint32_t *)r->cases.n_records;
    size_t dispute = 0, at = 0;
    for (size_t s = 0; s < r->n_students; s++) {
        psyi_student *const student = &r->students[s];
        psyi_spill_pass(a->allocator, s);
        const size_t first_dispute = dispute;
        student->first_case = (uint32_t)at;
        student->n_cases = cases_of(a, s, &dispute);
        for (uint32_t i = 0; i < student->n_cases; i++, at++) {
            for (unsigned use = 0; use < a->plan->n_uses; use++)
                sheets[use * n + at] = sheet_of(a, s, first_dispute, use, i);
            r->case_student[at] = (uint32_t)s;
            people[at] = person_of(a, student, sheets + at, n);
            seconds[at] = seconds_of(a, sheets + at, n);
            records[at] = student->records;
            n_records[at] = student->n_records;
        }
    }
}

static psy_status give_batteries(psyi_assembly *a, psy_error *error)
{
    psyi_results *const r = a->results;
    uint8_t *const battery = (uint8_t *)r->cases.battery;
    const size_t n_blocks = (r->cases.n + PSYI_LANES - 1) / PSYI_LANES;
    psyi_cases people = r->cases; /* the conditions of batteries read nothing else */
    people.battery = NULL;
    const psy_status status = psyi_battery_run(r->book, &people, 0, n_blocks, battery, error);
    if (status != PSY_OK)
        return status;
    for (size_t s = 0; s < r->n_students; s++) {
        psyi_spill_pass(a->allocator, s);
        psyi_student *const student = &r->students[s];
        student->battery = battery[student->first_case];
        for (uint32_t i = 1; i < student->n_cases; i++)
            battery[student->first_case + i] = student->battery;
    }
    return PSY_OK;
}

psy_status psyi_make_cases(psyi_assembly *a, psy_error *error)
{
    size_t n = 0, dispute = 0;
    for (size_t s = 0; s < a->results->n_students; s++) {
        psyi_spill_pass(a->allocator, s);
        n += cases_of(a, s, &dispute);
    }
    psy_status status = allocate(a, n, error);
    if (status != PSY_OK)
        return status;
    fill(a);
    return give_batteries(a, error);
}

/* ---- validity ---- */

/* The worst validity flag of the sheets of a case. */
static void flags_of(psyi_assembly *a, size_t item)
{
    const psyi_results *const r = a->results;
    for (unsigned use = 0; use < a->plan->n_uses; use++) {
        const uint32_t sheet = r->cases.sheets[use * r->cases.n + item];
        const psy_instrument *const instrument = a->plan->uses[use].instrument;
        if (sheet == PSYI_NO_SHEET)
            continue;
        for (unsigned flag = 0; flag < instrument->n_flags; flag++) {
            const psyi_flag *const at = &instrument->flags[flag];
            if (at->kind != PSYI_FLAG_VALIDITY || (uint8_t)at->effect <= a->effect[item] ||
                psyi_scores_flag(r->scores[use], flag, sheet) != 1)
                continue;
            a->effect[item] = (uint8_t)at->effect;
            a->effect_rule[item] = PSYI_NO_RULE;
            a->effect_use[item] = (uint16_t)use;
            a->effect_flag[item] = (uint16_t)flag;
        }
    }
}

/* What the families of evidence lead to, where that is worse than flags and rules. */
static void evidence_of(psyi_assembly *a, size_t item)
{
    a->families[item] = 0;
    if (a->plan->policy == NULL)
        return;
    a->families[item] = psyi_case_families(a->results, item);
    const psyi_effect effect = psyi_weigh(a->plan->policy, a->families[item]);
    if ((uint8_t)effect <= a->effect[item])
        return;
    a->effect[item] = (uint8_t)effect;
    a->effect_rule[item] = a->effect_use[item] = a->effect_flag[item] = PSYI_NO_RULE;
}

static psy_status judge_some(void *context, size_t index, psy_error *error)
{
    psyi_assembly *const a = context;
    const psyi_cases *const cases = &a->results->cases;
    const size_t first = index * BLOCKS_A_TASK;
    const psy_status status = psyi_validity_run(a->results->book, cases, first, BLOCKS_A_TASK,
                                                a->effect, a->effect_rule, error);
    if (status != PSY_OK)
        return status;
    for (size_t i = first * PSYI_LANES; i < cases->n && i < (first + BLOCKS_A_TASK) * PSYI_LANES;
         i++) {
        psyi_spill_pass(a->allocator, i);
        a->effect_use[i] = a->effect_flag[i] = PSYI_NO_RULE;
        flags_of(a, i);
        evidence_of(a, i);
    }
    return PSY_OK;
}

psy_status psyi_judge_validity(psyi_assembly *a, psy_error *error)
{
    const size_t per_task = BLOCKS_A_TASK * PSYI_LANES;
    return psyi_parallel(a->n_threads, (a->results->cases.n + per_task - 1) / per_task, judge_some,
                         a, a->allocator, error);
}

/* ---- the second pass ---- */

static psy_status ask_some(void *context, size_t index, psy_error *error)
{
    psyi_results *const r = ((psyi_assembly *)context)->results;
    psyi_cases first = r->cases; /* what is asked is not yet part of the question */
    first.second = NULL;
    return psyi_second_run(r->book, &first, index * BLOCKS_A_TASK, BLOCKS_A_TASK,
                           (uint8_t *)r->cases.second, error);
}

psy_status psyi_ask_second(psyi_assembly *a, psy_error *error)
{
    psyi_results *const r = a->results;
    const size_t per_task = BLOCKS_A_TASK * PSYI_LANES;
    bool any = false;
    for (size_t i = 0; i < a->plan->n_batteries; i++)
        any = any || a->plan->batteries[i].second_when != NULL;
    if (!any)
        return PSY_OK;
    r->cases.second = psyi_arena_alloc(&r->arena, r->cases.n, sizeof *r->cases.second);
    if (r->cases.second == NULL)
        return psyi_fail_memory(error, "the second pass");
    return psyi_parallel(a->n_threads, (r->cases.n + per_task - 1) / per_task, ask_some, a,
                         a->allocator, error);
}
