/*
 * consent.c -- whose answers may be looked at, and how far.
 *
 * Where the data say anything about consent the plan must say what follows; there is no
 * default.  A refusal counts wherever it stands; else the roster's word, else that of the
 * sheets, and of several the strictest: an empty cell in a consent column is not an answer, so it
 * is read as "unanswered".
 */
#include "base/fail.h"
#include "base/spill.h"
#include "cohort/assembly.h"
#include "table/collect.h"

#include <string.h>

/* The first row of the roster that does, or NULL. */
static const psyi_roster_row *roster_says(const psyi_roster *roster)
{
    for (size_t i = 0; roster != NULL && i < roster->n_rows; i++) {
        psyi_spill_pass(roster->allocator, i);
        if (roster->rows[i].consent != PSYI_CONSENT_UNKNOWN)
            return &roster->rows[i];
    }
    return NULL;
}

static bool records_say(const psyi_intake *intake)
{
    for (size_t i = 0; i < intake->n_records; i++) {
        psyi_spill_pass(intake->allocator, i);
        if (intake->records[i].consent != PSYI_CONSENT_UNKNOWN)
            return true;
    }
    return false;
}

psy_status psyi_consent_policy(const psy_plan *plan, bool in_roster, bool in_records,
                               const char *roster, psy_error *error)
{
    if ((!in_roster && !in_records) ||
        (plan->consent_stated && plan->no_consent != PSYI_CONSENT_UNSET))
        return PSY_OK;
    const psy_location where = psyi_location(plan->file, 0, 0, 0);
    return psyi_fail(error, PSY_E_DATA, &where,
                     "%s%s%s a consent column, but the plan does not say what follows from it: "
                     "declare consent: {no_consent: critical_only | ignore, unanswered: refuse | "
                     "allow}",
                     in_roster ? "'" : "", in_roster ? roster : "the responses",
                     in_roster ? "' has" : " have");
}

psy_status psyi_consent_required(const psyi_assembly *a, psy_error *error)
{
    const psyi_roster *const roster = a->results->roster;
    const psyi_roster_row *const says = roster_says(roster);
    return psyi_consent_policy(a->plan, says != NULL, records_say(a->results->intake),
                               says != NULL ? roster->files[says->file].name : "", error);
}

/* How strictly to take it; the larger wins. */
static unsigned strictness(uint8_t consent)
{
    switch (consent) {
    case PSYI_CONSENT_NO:
        return 3;
    case PSYI_CONSENT_UNANSWERED:
        return 2;
    case PSYI_CONSENT_YES:
        return 1;
    default:
        return 0;
    }
}

/* Files whose records say something: there an empty cell means nobody answered. */
static bool *files_that_ask(const psyi_assembly *a)
{
    const psyi_intake *const intake = a->results->intake;
    bool *const asks = psyi_alloc(a->allocator, intake->n_files, sizeof *asks);
    for (size_t i = 0; asks != NULL && i < intake->n_records; i++) {
        psyi_spill_pass(intake->allocator, i);
        if (intake->records[i].consent != PSYI_CONSENT_UNKNOWN)
            asks[intake->records[i].file] = true;
    }
    return asks;
}

static uint8_t from_records(const psyi_assembly *a, const psyi_student *student, const bool *asks)
{
    uint8_t strictest = PSYI_CONSENT_UNKNOWN;
    bool silent = false; /* an empty cell where the file has the column */
    for (uint32_t i = 0; i < student->n_records; i++) {
        const psyi_record *const record = &a->results->intake->records[student->records[i]];
        if (strictness(record->consent) > strictness(strictest))
            strictest = record->consent;
        silent = silent || (record->consent == PSYI_CONSENT_UNKNOWN && asks[record->file]);
    }
    return strictest == PSYI_CONSENT_UNKNOWN && silent ? PSYI_CONSENT_UNANSWERED : strictest;
}

psy_status psyi_settle_consent(psyi_assembly *a, psy_error *error)
{
    psyi_results *const r = a->results;
    const bool roster = roster_says(r->roster) != NULL;
    bool *const asks = files_that_ask(a);
    psy_status status = asks == NULL ? psyi_fail_memory(error, "consent") : PSY_OK;
    for (size_t s = 0; s < r->n_students && status == PSY_OK; s++) {
        psyi_student *const student = &r->students[s];
        psyi_spill_pass(a->allocator, s * 8); /* every step jumps */
        const uint8_t said = from_records(a, student, asks);
        student->consent = said;
        if (!roster)
            continue;
        student->consent = r->roster->rows[a->row_of[s]].consent;
        if (student->consent == PSYI_CONSENT_UNKNOWN)
            student->consent = said != PSYI_CONSENT_UNKNOWN ? said : PSYI_CONSENT_UNANSWERED;
        /* Whoever says no is heard, wherever it is written. */
        const uint8_t roster_said = r->roster->rows[a->row_of[s]].consent;
        const bool refused_here = said == PSYI_CONSENT_NO && roster_said == PSYI_CONSENT_YES;
        const bool refused_there = roster_said == PSYI_CONSENT_NO && said == PSYI_CONSENT_YES;
        if (said == PSYI_CONSENT_NO)
            student->consent = PSYI_CONSENT_NO;
        if (refused_here || refused_there) {
            psy_finding finding =
                psyi_student_finding(a, s, PSY_WARNING, "consent_differs", "consent");
            finding.remedy = "ask the parents, and correct the one that is wrong";
            status = psyi_find(a->findings, &finding, error,
                               refused_here ? "the roster has consent, a sheet of the student "
                                              "refuses it: it counts as refused"
                                            : "a sheet of the student gives consent, the roster "
                                              "refuses it: it counts as refused");
        }
    }
    psyi_free(a->allocator, asks);
    return status;
}

bool psyi_consents(const psyi_assembly *a, size_t student)
{
    const uint8_t consent = a->results->students[student].consent;
    if (consent == PSYI_CONSENT_UNANSWERED)
        return a->plan->consent_unanswered_allowed;
    return consent != PSYI_CONSENT_NO;
}
