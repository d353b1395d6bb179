/*
 * cohort.c -- from records to results, step after step in the order of design.
 *
 * Norms are frozen after validity is known and before anybody is judged; validity rules that
 * read a local norm are asked again afterwards, but what they say never re-enters a norm.
 */
#include "base/fail.h"
#include "base/spill.h"
#include "base/text.h"
#include "cohort/assembly.h"
#include "cohort/previous_wave.h"
#include "cohort/wave_parts.h"
#include "intake/external.h"
#include "norm/local_set.h"

#include <stdlib.h>
#include <string.h>

#define DAY INT64_C(86400)

/* Days from 1970-01-01 to a date written YYYY-MM-DD (checked when the plan was loaded). */
static int64_t day_of(const char *date)
{
    const int64_t year = strtol(date, NULL, 10);
    const int64_t month = strtol(date + 5, NULL, 10);
    const int64_t day = strtol(date + 8, NULL, 10);
    const int64_t y = month <= 2 ? year - 1 : year;
    const int64_t era = y / 400, of_era = y - era * 400;
    const int64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static int64_t as_of(const psy_plan *plan, const psyi_intake *intake)
{
    if (plan->as_of == NULL && intake->link != NULL && intake->link->given != NULL &&
        intake->link->n_shares == 0) /* a share reads everything */
        return intake->link->given->latest;
    if (plan->as_of != NULL && strlen(plan->as_of) >= 10)
        return day_of(plan->as_of) * DAY;
    int64_t latest = PSYI_NO_TIME;
    for (size_t i = 0; i < intake->n_records; i++) {
        psyi_spill_pass(intake->allocator, i);
        if (intake->records[i].submitted_at > latest) /* PSYI_NO_TIME is the smallest */
            latest = intake->records[i].submitted_at;
    }
    return latest;
}

static psy_status read_codes(psyi_assembly *a, psy_error *error)
{
    psyi_results *const r = a->results;
    const size_t n = r->intake->n_records;
    a->codes = psyi_alloc(a->allocator, n, sizeof *a->codes);
    a->school_codes = psyi_alloc(a->allocator, n, sizeof *a->school_codes);
    if (a->codes == NULL || a->school_codes == NULL)
        return psyi_fail_memory(error, "records");
    for (size_t i = 0; i < n; i++) {
        psyi_spill_pass(a->allocator, i);
        a->codes[i] = psyi_canonical(&r->arena, r->intake->records[i].student);
        if (a->codes[i] != NULL)
            a->codes[i] = psyi_newest_number(a, a->codes[i]);
        a->school_codes[i] = psyi_canonical(&r->arena, r->intake->records[i].school);
        if (a->codes[i] == NULL || a->school_codes[i] == NULL)
            return psyi_fail_memory(error, "records");
    }
    return PSY_OK;
}

static bool validity_reads_norms(const psy_plan *plan)
{
    for (size_t i = 0; i < plan->n_validity_rules; i++) {
        const psyi_operand *operands;
        const size_t n = psyi_program_operands(plan->validity_rules[i].when, &operands);
        for (size_t j = 0; j < n; j++)
            if (!operands[j].is_item && psyi_column_kind_of(operands[j].id) == PSYI_COLUMN_LOCAL)
                return true;
    }
    return false;
}

static psy_status freeze(psyi_assembly *a, psy_error *error)
{
    psy_status status = psyi_judge_validity(a, error);
    if (status == PSY_OK)
        status = psyi_freeze_norms(a, error);
    if (status == PSY_OK)
        status = psyi_cohort_validity(a, error);
    if (status == PSY_OK && (validity_reads_norms(a->plan) || a->plan->policy != NULL))
        status = psyi_judge_validity(a, error);
    return status == PSY_OK ? psyi_ask_second(a, error) : status;
}

/* The last to ask for lines of the roster; what is known of its students is theirs now. */
static psy_status settle_consent(psyi_assembly *a, psy_error *error)
{
    const psy_status status = psyi_settle_consent(a, error);
    psyi_roster_forget(a->results->roster);
    return status;
}

/* The last to look for a pupil by his number. */
static psy_status settle_outside(psyi_assembly *a, psy_error *error)
{
    const psy_status status = psyi_settle_outside(a, error);
    psyi_free(a->allocator, a->seats);
    psyi_free(a->allocator, a->index);
    psyi_free(a->allocator, a->rank);
    a->seats = NULL;
    a->index = NULL;
    a->rank = NULL;
    return status;
}

typedef struct step {
    const char *phase;
    psy_status (*run)(psyi_assembly *a, psy_error *error);
} step;

static const step steps[] = {
    {"score", psyi_link_numbers}, {"score", read_codes},          {"score", psyi_roll_call},
    {"score", psyi_match},        {"score", psyi_settle_people},  {"score", settle_consent},
    {"score", psyi_keep_share},   {"score", psyi_settle_texts},   {"score", psyi_score_all},
    {"score", psyi_check_totals}, {"score", psyi_sheet_validity}, {"score", psyi_select},
    {"score", psyi_make_cases},   {"score", settle_outside},      {"norms", freeze},
    {"tiers", psyi_judge},        {"tiers", psyi_settle_status},  {"tiers", psyi_settle_worse},
    {"tiers", psyi_tell},
};
enum { STEPS = sizeof steps / sizeof *steps };

/* Of the phase of step `first`: scoring is one for each use. */
static uint64_t steps_of_phase(const psyi_assembly *a, size_t first)
{
    uint64_t n = 0;
    for (size_t i = first; i < STEPS && strcmp(steps[i].phase, steps[first].phase) == 0; i++)
        n += steps[i].run == psyi_score_all ? a->plan->n_uses : 1;
    return n;
}

static psy_status take_step(psyi_assembly *a, size_t i, psy_error *error)
{
    if (i == 0 || strcmp(steps[i].phase, steps[i - 1].phase) != 0) {
        a->done = 0;
        a->total = steps_of_phase(a, i);
    }
    psy_status status = psyi_watch_tell(a->watch, steps[i].phase, a->done, a->total, error);
    if (status == PSY_OK)
        status = steps[i].run(a, error);
    a->done += steps[i].run != psyi_score_all;
    return status;
}

static psy_status assemble(psyi_assembly *a, psy_error *error)
{
    psyi_results *const r = a->results;
    psy_status status = psyi_consent_required(a, error);
    r->as_of = as_of(a->plan, r->intake);
    if (status == PSY_OK)
        status = psyi_rulebook_new(&r->book, a->plan, a->allocator, error);
    const bool counted = r->intake->link != NULL && r->intake->link->counts != NULL;
    for (size_t i = 0; i < STEPS && status == PSY_OK; i++) {
        status = take_step(a, i, error);
        if (counted && steps[i].run == freeze)
            break; /* the rest is for those who know the whole wave */
    }
    return status;
}

static void disassemble(psyi_assembly *a)
{
    void *const blocks[] = {
        a->seats,        a->index,          a->rank,          a->codes,
        a->school_codes, a->record_student, a->row_of,        a->chosen,
        a->candidates,   a->disputes,       a->effect,        a->effect_rule,
        a->effect_use,   a->effect_flag,    a->record_school, a->by_ladder,
        a->links,        a->by_name,        a->by_local,      a->hopefuls,
        a->hopeful_ends, a->families,       a->classes.list,  a->classes.of_school,
        a->hits};
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++)
        psyi_free(a->allocator, blocks[i]);
}

psy_status psyi_cohort_run_with(psyi_results **out, const psy_plan *plan, psyi_intake *intake,
                                psyi_roster *roster, const psyi_outside_inputs *outside,
                                const unsigned char *key, size_t key_length, unsigned n_threads,
                                const psy_allocator *allocator, psy_findings *findings,
                                psy_error *error)
{
    psyi_results *const results = psyi_alloc(allocator, 1, sizeof *results);
    if (results == NULL) {
        psyi_intake_free(intake);
        psyi_roster_free(roster);
        psyi_previous_free(outside->previous);
        psyi_external_free(outside->external);
        return psyi_fail_memory(error, "results");
    }
    psyi_arena_init(&results->arena, allocator);
    results->allocator = allocator;
    results->plan = plan;
    results->intake = intake;
    results->roster = roster;
    results->released = outside->released;
    results->previous = outside->previous;
    results->external = outside->external;
    results->capacity = plan->capacity;
    psyi_assembly a = {.results = results,
                       .plan = plan,
                       .findings = findings,
                       .key = key,
                       .key_length = key_length,
                       .released = outside->released,
                       .watch = outside->watch,
                       .n_threads = n_threads,
                       .allocator = allocator};
    psy_status status = PSY_OK;
    if (plan->pseudonym && key == NULL)
        status = psyi_fail(error, PSY_E_DATA, NULL,
                           "the plan prints pseudonyms, which need a key (identity: key_file)");
    if (status == PSY_OK && plan->pseudonym)
        status = psyi_pseudonym(key, key_length, plan->id, "", results->key_mark, error);
    if (status == PSY_OK)
        status = assemble(&a, error);
    disassemble(&a);
    if (status != PSY_OK) {
        psyi_results_free(results);
        return status;
    }
    *out = results;
    return PSY_OK;
}

psy_status psyi_cohort_run(psyi_results **out, const psy_plan *plan, psyi_intake *intake,
                           psyi_roster *roster, const unsigned char *key, size_t key_length,
                           unsigned n_threads, const psy_allocator *allocator,
                           psy_findings *findings, psy_error *error)
{
    const psyi_outside_inputs nothing = {.watch = NULL};
    return psyi_cohort_run_with(out, plan, intake, roster, &nothing, key, key_length, n_threads,
                                allocator, findings, error);
}

void psyi_results_free(psyi_results *results)
{
    if (results == NULL)
        return;
    const size_t n_uses = results->plan->n_uses;
    for (size_t use = 0; use < n_uses; use++) {
        if (results->scores != NULL)
            psyi_scores_free(results->scores[use]);
        if (results->scorers != NULL)
            psyi_scorer_free(results->scorers[use]);
    }
    for (size_t i = 0; results->local_sets != NULL && i < results->plan->n_locals; i++)
        psyi_local_set_free(results->local_sets[i]);
    psyi_free(results->allocator, results->locals);
    psyi_evidence_done(&results->evidence);
    psyi_verdicts_free(results->verdicts);
    psyi_rulebook_free(results->book);
    psyi_intake_free(results->intake);
    psyi_roster_free(results->roster);
    psyi_previous_free(results->previous);
    psyi_external_free(results->external);
    psyi_arena_done(&results->arena);
    psyi_free(results->allocator, results);
}
