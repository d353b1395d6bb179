/*
 * select.c -- which sheet of each use counts for each student.
 *
 * One sheet is that sheet.  Of several with identical answers the earliest counts and the
 * others are said.  Where they differ the plan's policy decides; `first` and `last` go by
 * the time of submission alone, and where that is missing or tied, or the plan says
 * `manual`, a person must decide: the student keeps every candidate, as a case each.
 */
#include "base/fail.h"
#include "base/spill.h"
#include "cohort/assembly.h"
#include "table/collect.h"

#include <stdlib.h>

/* What is looked at while one use of one student is settled. */
typedef struct choice {
    psyi_assembly *a;
    size_t student;
    unsigned use;
    const psyi_sheets *sheets;
    uint32_t *found; /* candidates, at the end of a->candidates */
    uint32_t n;
} choice;

static bool push(psyi_assembly *a, uint32_t sheet)
{
    void *candidates = a->candidates;
    const bool good = psyi_grow(a->allocator, &candidates, &a->candidates_room, a->n_candidates + 1,
                                sizeof *a->candidates);
    a->candidates = candidates;
    if (good)
        a->candidates[a->n_candidates++] = sheet;
    return good;
}

static const psyi_record *record_of(const psyi_assembly *a, uint32_t sheet)
{
    return &a->results->intake->records[sheet];
}

/* By answers, and among the same answers as the records stand: the earliest first. */
static int by_answers(const void *x, const void *y, void *context)
{
    const uint32_t *const a = x, *const b = y;
    const choice *const c = context;
    const int order = psyi_compare_answers(c->sheets, *a, *b);
    if (order != 0)
        return order;
    return psyi_compare_records(record_of(c->a, *a), record_of(c->a, *b));
}

/* Earlier first; what was submitted at the same time in the order of its content. */
static int by_submission(const void *x, const void *y, void *context)
{
    const uint32_t *const a = x, *const b = y;
    const choice *const c = context;
    const int order = psyi_compare_records(record_of(c->a, *a), record_of(c->a, *b));
    return order != 0 ? order : psyi_compare_answers(c->sheets, *a, *b);
}

/* Does `later` stand for the sheet before it, which answers the same?  Where the last counts, a
 * sheet handed in again was handed in last; one without a time stays, and nothing decides. */
static bool takes_over(const choice *c, uint32_t earlier, uint32_t later)
{
    return c->a->plan->duplicates == PSYI_DUPLICATES_LAST &&
           record_of(c->a, earlier)->submitted_at != PSYI_NO_TIME &&
           record_of(c->a, later)->submitted_at != PSYI_NO_TIME;
}

/* Keep one of those that answer the same: the earliest, or the last where the last counts; the
 * kept ones in order of submission. */
static psy_status drop_identical(choice *c, psy_error *error)
{
    uint32_t kept = 0;
    qsort_r(c->found, c->n, sizeof *c->found, by_answers, c);
    for (uint32_t i = 0; i < c->n; i++) {
        if (kept == 0 || !psyi_same_answers(c->sheets, c->found[i], c->found[kept - 1])) {
            c->found[kept++] = c->found[i];
            continue;
        }
        uint32_t dropped = c->found[i];
        if (takes_over(c, c->found[kept - 1], dropped)) {
            dropped = c->found[kept - 1];
            c->found[kept - 1] = c->found[i];
        }
        const psy_finding finding = psyi_record_finding(
            c->a, dropped, PSY_NOTE, "duplicate_identical", c->a->plan->uses[c->use].id);
        const psy_status status =
            psyi_find(c->a->findings, &finding, error,
                      "another sheet of the student has the same answers; counted once");
        if (status != PSY_OK)
            return status;
    }
    c->n = kept;
    qsort_r(c->found, c->n, sizeof *c->found, by_submission, c);
    return PSY_OK;
}

/* By time of submission, of all sheets: nobody who answers otherwise ties with the winner, and
 * nobody who does has no time, for that may have been the one.  (A sheet without a time that
 * answers like the winner changes nothing.) */
static uint32_t by_time(const choice *c, bool last)
{
    uint32_t best = PSYI_NO_SHEET;
    for (uint32_t i = 0; i < c->n; i++) {
        const int64_t time = record_of(c->a, c->found[i])->submitted_at;
        if (time == PSYI_NO_TIME)
            continue;
        const int64_t leader =
            best != PSYI_NO_SHEET ? record_of(c->a, best)->submitted_at : PSYI_NO_TIME;
        if (best == PSYI_NO_SHEET || (last ? time > leader : time < leader))
            best = c->found[i];
    }
    for (uint32_t i = 0; i < c->n && best != PSYI_NO_SHEET; i++) {
        const int64_t time = record_of(c->a, c->found[i])->submitted_at;
        if ((time == PSYI_NO_TIME || time == record_of(c->a, best)->submitted_at) &&
            !psyi_same_answers(c->sheets, c->found[i], best))
            return PSYI_NO_SHEET;
    }
    return best;
}

static uint32_t most_complete(const choice *c)
{
    uint32_t best = c->found[0];
    size_t most = psyi_sheets_answered(c->sheets, best);
    bool tied = false;
    for (uint32_t i = 1; i < c->n; i++) {
        const size_t answered = psyi_sheets_answered(c->sheets, c->found[i]);
        if (answered == most) {
            tied = true;
        } else if (answered > most) {
            best = c->found[i];
            most = answered;
            tied = false;
        }
    }
    return tied ? PSYI_NO_SHEET : best;
}

/* Before identical sheets are dropped: their times count. */
static uint32_t by_policy(const choice *c)
{
    switch (c->a->plan->duplicates) {
    case PSYI_DUPLICATES_FIRST:
        return by_time(c, false);
    case PSYI_DUPLICATES_LAST:
        return by_time(c, true);
    case PSYI_DUPLICATES_MOST_COMPLETE:
    case PSYI_DUPLICATES_MANUAL:
        break;
    }
    return PSYI_NO_SHEET;
}

/* The sheet that counts among those that are left. */
static uint32_t winner(const choice *c, uint32_t by_time)
{
    if (c->n == 1)
        return c->found[0];
    if (c->a->plan->duplicates == PSYI_DUPLICATES_MOST_COMPLETE)
        return most_complete(c);
    for (uint32_t i = 0; i < c->n && by_time != PSYI_NO_SHEET; i++)
        if (psyi_same_answers(c->sheets, c->found[i], by_time))
            return c->found[i];
    return PSYI_NO_SHEET;
}

static psy_status tell_losers(const choice *c, uint32_t winner, psy_error *error)
{
    psy_status status = PSY_OK;
    for (uint32_t i = 0; i < c->n && status == PSY_OK; i++) {
        if (c->found[i] == winner)
            continue;
        const psy_finding finding = psyi_record_finding(
            c->a, c->found[i], PSY_NOTE, "duplicate_set_aside", c->a->plan->uses[c->use].id);
        status = psyi_find(c->a->findings, &finding, error,
                           "another sheet of the student counts, by the plan's rule for "
                           "duplicates; critical answers of this one count all the same");
    }
    return status;
}

static psy_status open_dispute(const choice *c, psy_error *error)
{
    psyi_assembly *const a = c->a;
    void *disputes = a->disputes;
    const bool good = psyi_grow(a->allocator, &disputes, &a->disputes_room, a->n_disputes + 1,
                                sizeof *a->disputes);
    a->disputes = disputes;
    if (!good)
        return psyi_fail_memory(error, "duplicates");
    a->disputes[a->n_disputes++] = (psyi_dispute){.student = (uint32_t)c->student,
                                                  .use = (uint16_t)c->use,
                                                  .first = (uint32_t)(c->found - a->candidates),
                                                  .n = c->n};
    a->results->students[c->student].undecided_uses |= (uint64_t)1 << c->use;
    psy_status status = PSY_OK;
    for (uint32_t i = 0; i < c->n && status == PSY_OK; i++) {
        psy_finding finding = psyi_record_finding(a, c->found[i], PSY_WARNING,
                                                  "duplicate_undecided", a->plan->uses[c->use].id);
        finding.remedy = "decide which sheet counts and take the others out";
        status = psyi_find(a->findings, &finding, error,
                           "the student's sheets differ and nothing decides between them: the "
                           "worst counts, the scores stay empty");
    }
    return status;
}

/* A sheet that says it is somebody else's (a parent's, for the child's use) is not this use. */
static bool is_of_use(const psyi_assembly *a, unsigned use, uint32_t sheet)
{
    const psyi_informant wanted = a->plan->uses[use].informant;
    const uint8_t said = record_of(a, sheet)->informant;
    return wanted == PSYI_INFORMANT_UNKNOWN || said == PSYI_INFORMANT_UNKNOWN || said == wanted;
}

static psy_status tell_stranger(const psyi_assembly *a, unsigned use, uint32_t sheet,
                                psy_error *error)
{
    const psy_finding finding =
        psyi_record_finding(a, sheet, PSY_WARNING, "informant_differs", a->plan->uses[use].id);
    return psyi_find(a->findings, &finding, error,
                     "the sheet was filled in by somebody else than the plan says; its scores do "
                     "not count, its critical answers do");
}

static psy_status choose(psyi_assembly *a, size_t s, unsigned use, uint32_t *out, psy_error *error)
{
    psyi_student *const student = &a->results->students[s];
    choice c = {.a = a, .student = s, .use = use, .sheets = a->results->intake->sheets[use]};
    const size_t mark = a->n_candidates;
    *out = PSYI_NO_SHEET;
    for (uint32_t i = 0; i < student->n_records; i++) {
        const uint32_t sheet = student->records[i];
        if (!psyi_sheets_given(c.sheets, sheet))
            continue;
        if (!is_of_use(a, use, sheet)) {
            const psy_status told = tell_stranger(a, use, sheet, error);
            if (told != PSY_OK)
                return told;
            continue;
        }
        if (!push(a, sheet))
            return psyi_fail_memory(error, "duplicates");
        *out = sheet;
        c.n++;
    }
    psy_status status = PSY_OK;
    c.found = a->candidates + mark;
    if (c.n > 1) {
        student->duplicate = true;
        const uint32_t timely = by_policy(&c);
        status = drop_identical(&c, error);
        *out = winner(&c, timely);
    }
    if (status == PSY_OK && c.n > 1)
        status = *out != PSYI_NO_SHEET ? tell_losers(&c, *out, error) : open_dispute(&c, error);
    a->n_candidates = *out == PSYI_NO_SHEET ? mark + c.n : mark;
    return status;
}

psy_status psyi_select(psyi_assembly *a, psy_error *error)
{
    psyi_results *const r = a->results;
    a->chosen = psyi_alloc(a->allocator, a->plan->n_uses * r->n_students, sizeof *a->chosen);
    if (a->chosen == NULL)
        return psyi_fail_memory(error, "sheets");
    for (size_t s = 0; s < r->n_students; s++) {
        psyi_spill_pass(a->allocator, s);
        for (unsigned use = 0; use < a->plan->n_uses; use++) {
            uint32_t *const out = &a->chosen[use * r->n_students + s];
            *out = PSYI_NO_SHEET;
            if (r->scores[use] == NULL)
                continue;
            const psy_status status = choose(a, s, use, out, error);
            if (status != PSY_OK)
                return status;
        }
    }
    return PSY_OK;
}
