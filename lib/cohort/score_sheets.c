/*
 * score_sheets.c -- every sheet of every use is scored, whoever sent it.
 *
 * Losers of duplicates, invalid and unmatched sheets too: a positive critical answer must be
 * seen wherever it stands.  What scoring noticed on the way becomes findings here, because
 * only here it is known whose sheet it was.
 */
#include "base/fail.h"
#include "cohort/assembly.h"
#include "table/collect.h"

static psy_status tell_event(const psyi_assembly *a, unsigned use, const psyi_event *event,
                             psy_error *error)
{
    const psy_instrument *const instrument = a->plan->uses[use].instrument;
    if (event->kind == PSYI_EVENT_CLOSED_GATE) {
        psy_finding finding = psyi_record_finding(a, event->sheet, PSY_NOTE, "closed_gate",
                                                  instrument->items[event->index].id);
        return psyi_find(a->findings, &finding, error,
                         "%s: an item is answered although an earlier answer skips it; the answer "
                         "counts",
                         a->plan->uses[use].id);
    }
    const psy_finding finding =
        psyi_record_finding(a, event->sheet, PSY_WARNING, "undefined", a->plan->uses[use].id);
    return psyi_find(a->findings, &finding, error,
                     "a number of %s is undefined here (division by zero or overflow)",
                     a->plan->uses[use].id);
}

/* The people of one use: its own informant where it names one. */
static psyi_person *people_of(const psyi_assembly *a, unsigned use)
{
    const size_t n = a->results->intake->n_records;
    psyi_person *const people = psyi_alloc(a->allocator, n, sizeof *people);
    const psyi_informant informant = a->plan->uses[use].informant;
    for (size_t i = 0; people != NULL && i < n; i++) {
        people[i] = a->results->people[i];
        if (informant != PSYI_INFORMANT_UNKNOWN)
            people[i].informant = (uint8_t)informant;
    }
    return people;
}

static psy_status score_use(psyi_assembly *a, unsigned use, psy_error *error)
{
    psyi_results *const r = a->results;
    const psyi_use *const at = &a->plan->uses[use];
    psy_status status = psyi_scorer_new(&r->scorers[use], at->instrument, at->variant,
                                        at->population, a->allocator, error);
    if (status != PSY_OK)
        return status;
    if (!r->intake->use_present[use])
        return PSY_OK; /* told once, where the files were read */
    psyi_person *const people = people_of(a, use);
    psyi_events events = {.n = 0};
    if (people == NULL)
        return psyi_fail_memory(error, "people");
    status = psyi_scores_new(&r->scores[use], r->scorers[use], r->intake->sheets[use], a->allocator,
                             error);
    if (status == PSY_OK)
        status = psyi_scores_run_all(r->scores[use], people, a->n_threads, &events, error);
    for (size_t i = 0; i < events.n && status == PSY_OK; i++)
        status = tell_event(a, use, &events.events[i], error);
    psyi_free(a->allocator, events.events);
    psyi_free(a->allocator, people);
    return status;
}

psy_status psyi_score_all(psyi_assembly *a, psy_error *error)
{
    psyi_results *const r = a->results;
    r->scorers = psyi_arena_alloc(&r->arena, a->plan->n_uses, sizeof *r->scorers);
    r->scores = psyi_arena_alloc(&r->arena, a->plan->n_uses, sizeof *r->scores);
    if (r->scorers == NULL || r->scores == NULL)
        return psyi_fail_memory(error, "scores");
    for (unsigned use = 0; use < a->plan->n_uses; use++) {
        psy_status status =
            use > 0 ? psyi_watch_tell(a->watch, "score", a->done, a->total, error) : PSY_OK;
        if (status == PSY_OK)
            status = score_use(a, use, error);
        if (status != PSY_OK)
            return status;
        a->done++;
    }
    return PSY_OK;
}
