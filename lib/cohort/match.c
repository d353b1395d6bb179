/*
 * match.c -- which student each record belongs to, and whose data count.
 *
 * A code must be the student's, letter for letter; only where nobody has it, the one student
 * whose code differs in upper and lower case is taken, and said so.  A code that several
 * schools have is decided by the school the record names.  Sheets whose code says nothing go
 * up the plan's ladder (match_ladder.c).  What stays open is not guessed:
 * the record is unmatched, it is still scored, and its critical answers are still seen.
 */
#include "base/fail.h"
#include "base/spill.h"
#include "base/text.h"
#include "cohort/assembly.h"
#include "cohort/roll.h"
#include "table/collect.h"

#include <stdlib.h>
#include <string.h>

psy_finding psyi_record_finding(const psyi_assembly *a, uint32_t record, psy_severity severity,
                                const char *rule, const char *field)
{
    const psyi_results *const r = a->results;
    const psyi_record *const at = &r->intake->records[record];
    const uint32_t student =
        a->record_student != NULL ? a->record_student[record] : PSYI_NO_STUDENT;
    return (psy_finding){
        .file = r->intake->files[at->file].name,
        .row = at->row,
        .field = field,
        .rule = rule,
        .severity = severity,
        .subject = student != PSYI_NO_STUDENT ? r->students[student].id : NULL,
    };
}

psy_finding psyi_student_finding(const psyi_assembly *a, size_t student, psy_severity severity,
                                 const char *rule, const char *field)
{
    const psyi_results *const r = a->results;
    psy_finding finding = {
        .field = field, .rule = rule, .severity = severity, .subject = r->students[student].id};
    if (r->roster != NULL && a->row_of[student] != UINT32_MAX) {
        finding.file = r->roster->files[r->students[student].roster_file].name;
        finding.row = r->students[student].roster_row;
    } else if (r->students[student].n_records > 0) {
        const psyi_record *const at = &r->intake->records[r->students[student].records[0]];
        finding.file = r->intake->files[at->file].name;
        finding.row = at->row;
    }
    return finding;
}

typedef struct code_matches {
    uint32_t seat, n;             /* exactly this code */
    uint32_t in_school;           /* and the school the record names; UINT32_MAX none */
    uint32_t other_case, n_other; /* this code in other letters */
} code_matches;

/* Those whose code hashes as the record's; looked up before, or now. */
static const psyi_code_entry *alike_of(const psyi_assembly *a, uint32_t record, size_t *n)
{
    const psyi_code_hit *const hit = a->hits != NULL ? &a->hits[record % PSYI_HITS_AT_ONCE] : NULL;
    if (hit == NULL || hit->n > 1)
        return psyi_index_find(a, a->codes[record], n);
    *n = hit->n;
    return &hit->only;
}

static code_matches look_up(const psyi_assembly *a, uint32_t record)
{
    const char *const code = a->codes[record];
    code_matches found = {.seat = UINT32_MAX, .in_school = UINT32_MAX};
    size_t n;
    const psyi_code_entry *const alike = alike_of(a, record, &n);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(alike[i].code, code) == 0) {
            found.seat = alike[i].seat;
            found.n++;
            if (alike[i].school == a->record_school[record])
                found.in_school = alike[i].seat;
        } else if (psyi_ascii_compare(alike[i].code, code) == 0) {
            found.other_case = alike[i].seat;
            found.n_other++;
        }
    }
    return found;
}

/* A code is looked for first of all where the plan says so, or says nothing. */
static bool codes_count(const psy_plan *plan)
{
    for (size_t i = 0; i < plan->n_rungs; i++)
        if (plan->rungs[i].fields == 1u << PSYI_FIELD_STUDENT)
            return true;
    return plan->n_rungs == 0;
}

static psy_status match_by_code(psyi_assembly *a, uint32_t record, psyi_unmatched_why *why,
                                psy_error *error)
{
    uint32_t *const out = &a->record_student[record];
    *why = PSYI_UNMATCHED_NO_CODE;
    if (a->codes[record][0] == '\0' || !codes_count(a->plan))
        return PSY_OK;
    const code_matches found = look_up(a, record);
    *why = found.n > 1 ? PSYI_UNMATCHED_AMBIGUOUS : PSYI_UNMATCHED_UNKNOWN;
    if (found.in_school != UINT32_MAX) {
        *out = a->rank[found.in_school];
        return PSY_OK;
    }
    if (found.n == 1) {
        *out = a->rank[found.seat];
        const psyi_seat *const seat = &a->seats[found.seat];
        /* A roster that names no school for him contradicts nothing: told once, of the roster. */
        if (a->results->roster == NULL || a->school_codes[record][0] == '\0' ||
            a->results->schools[seat->school].code[0] == '\0')
            return PSY_OK;
        const psy_finding finding =
            psyi_record_finding(a, record, PSY_WARNING, "school_differs", "school");
        return psyi_find(a->findings, &finding, error,
                         "the sheet names another school than the roster; the roster's counts");
    }
    if (found.n == 0 && found.n_other == 1 && a->results->roster != NULL) {
        *out = a->rank[found.other_case];
        const psy_finding finding =
            psyi_record_finding(a, record, PSY_WARNING, "code_case", "student");
        return psyi_find(a->findings, &finding, error,
                         "the student code differs from the roster's in upper and lower case");
    }
    return PSY_OK;
}

static bool has_no_number(const psyi_assembly *a, uint32_t student)
{
    return a->results->roster->rows[a->row_of[student]].student[0] == '\0';
}

/* By the other rungs of the plan.  A sheet with a code that nobody has may be a slip of the pen
 * or another child of the same name: whoever agrees in all else is a candidate, no more. */
static psy_status match_by_ladder(psyi_assembly *a, uint32_t record, psyi_unmatched_why *why,
                                  psy_error *error)
{
    size_t n;
    uint32_t student;
    const psy_status status = psyi_climb(a, record, &student, &n, error);
    if (status != PSY_OK)
        return status;
    const bool coded = a->codes[record][0] != '\0' && codes_count(a->plan);
    if (student != PSYI_NO_STUDENT && !coded) {
        a->record_student[record] = student;
        a->by_ladder[record] = true;
        a->n_hopefuls--;
        const psy_finding finding =
            psyi_record_finding(a, record, PSY_NOTE, "matched_otherwise", "student");
        return psyi_find(a->findings, &finding, error,
                         "the sheet was matched without a code, by the fields of the plan's "
                         "`match:`");
    }
    /* A pupil of whom the roster has no number contradicts none. */
    if (student != PSYI_NO_STUDENT && *why == PSYI_UNMATCHED_UNKNOWN && has_no_number(a, student)) {
        a->record_student[record] = student;
        a->by_ladder[record] = true;
        a->n_hopefuls--;
        const psy_finding finding =
            psyi_record_finding(a, record, PSY_WARNING, "matched_otherwise", "student");
        return psyi_find(a->findings, &finding, error,
                         "the roster has no number for this pupil: the sheet was matched by the "
                         "other fields of the plan's `match:`, and its own number is not known "
                         "to be right");
    }
    const bool no_code = *why == PSYI_UNMATCHED_NO_CODE && a->plan->n_rungs == 1;
    if (n > 0)
        *why = PSYI_UNMATCHED_AMBIGUOUS;
    else if (!no_code)
        return psyi_who_is_unknown(a, record, why, error);
    return PSY_OK;
}

static psy_status match_one(psyi_assembly *a, uint32_t record, psyi_unmatched_why *why,
                            psy_error *error)
{
    psy_status status = match_by_code(a, record, why, error);
    /* Without a roster there is no ladder, but several students may have the code. */
    if (status == PSY_OK && a->record_student[record] == PSYI_NO_STUDENT &&
        (a->results->roster != NULL || *why == PSYI_UNMATCHED_AMBIGUOUS))
        status = match_by_ladder(a, record, why, error);
    return status;
}

/* The school a record names, by its code or, where one school alone is called so, its name. */
static uint32_t find_school(const psyi_results *r, const char *text)
{
    if (text[0] == '\0') /* nobody need name the only school of a roster */
        return r->roster != NULL && r->n_schools == 1 ? 0 : UINT32_MAX;
    const size_t by_code = psyi_school_of_code(r, text, strlen(text));
    if (by_code < r->n_schools)
        return (uint32_t)by_code;
    uint32_t found = UINT32_MAX;
    for (uint32_t i = 0; i < r->n_schools; i++) {
        psyi_spill_pass(r->allocator, i);
        if (strcmp(r->schools[i].name, text) != 0)
            continue;
        if (found != UINT32_MAX)
            return UINT32_MAX;
        found = i;
    }
    return found;
}

/* Earlier first; what was submitted at the same time by its content, never by its row. */
static int by_submission(const void *x, const void *y, void *context)
{
    const psyi_intake *const intake = ((const psyi_assembly *)context)->results->intake;
    const uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    int order = psyi_compare_records(&intake->records[a], &intake->records[b]);
    for (size_t use = 0; use < intake->n_uses && order == 0; use++)
        if (intake->use_present[use])
            order = psyi_compare_answers(intake->sheets[use], a, b);
    return order != 0 ? order : a < b ? -1 : a > b;
}

static psy_status list_records(psyi_assembly *a, psy_error *error)
{
    psyi_results *const r = a->results;
    const size_t n = r->intake->n_records;
    uint32_t *const records = psyi_arena_alloc(&r->arena, n, sizeof *records);
    if (records == NULL)
        return psyi_fail_memory(error, "records");
    for (size_t i = 0; i < n; i++) {
        psyi_spill_pass(a->allocator, i);
        if (a->record_student[i] != PSYI_NO_STUDENT)
            r->students[a->record_student[i]].n_records++;
    }
    size_t at = 0;
    for (size_t s = 0; s < r->n_students; s++) {
        psyi_spill_pass(a->allocator, s);
        r->students[s].records = records + at;
        at += r->students[s].n_records;
        r->students[s].n_records = 0;
    }
    for (uint32_t i = 0; i < n; i++) {
        psyi_spill_pass(a->allocator, i);
        if (a->record_student[i] != PSYI_NO_STUDENT) {
            psyi_student *const student = &r->students[a->record_student[i]];
            student->records[student->n_records++] = i;
        }
    }
    for (size_t s = 0; s < r->n_students; s++) {
        psyi_spill_pass(a->allocator, s);
        if (r->students[s].n_records > 1)
            qsort_r(r->students[s].records, r->students[s].n_records, sizeof *records,
                    by_submission, a);
    }
    return PSY_OK;
}

psy_status psyi_match(psyi_assembly *a, psy_error *error)
{
    psyi_results *const r = a->results;
    const size_t n = r->intake->n_records;
    a->record_student = psyi_alloc(a->allocator, n, sizeof *a->record_student);
    r->unmatched = psyi_arena_alloc(&r->arena, n, sizeof *r->unmatched);
    r->unmatched_why = psyi_arena_alloc(&r->arena, n, sizeof *r->unmatched_why);
    if (a->record_student == NULL || r->unmatched == NULL || r->unmatched_why == NULL)
        return psyi_fail_memory(error, "records");
    a->by_ladder = psyi_alloc(a->allocator, n, sizeof *a->by_ladder);
    a->record_school = psyi_alloc(a->allocator, n, sizeof *a->record_school);
    a->hopeful_ends = psyi_alloc(a->allocator, n, sizeof *a->hopeful_ends);
    if (a->by_ladder == NULL || a->record_school == NULL || a->hopeful_ends == NULL)
        return psyi_fail_memory(error, "records");
    for (uint32_t i = 0; i < n; i++) {
        psyi_spill_pass(a->allocator, i);
        a->record_school[i] = i > 0 && a->school_codes[i] == a->school_codes[i - 1]
                                  ? a->record_school[i - 1]
                                  : find_school(r, a->school_codes[i]);
    }
    psy_status begun = r->roster != NULL ? psyi_ladder_begin(a, error) : PSY_OK;
    if (begun != PSY_OK)
        return begun;
    /* A finding about one record looks up the student of that record. */
    psyi_spill_fill(a->allocator, a->record_student, 0xFF, n * sizeof *a->record_student);
    if (psyi_spill_zeroes(a->allocator)) { /* beyond a budget each look-up brings pages back */
        a->hits = psyi_alloc(a->allocator, PSYI_HITS_AT_ONCE, sizeof *a->hits);
        if (a->hits == NULL)
            return psyi_fail_memory(error, "records");
    }
    for (uint32_t i = 0; i < n; i++) {
        psyi_unmatched_why why;
        psyi_spill_pass(a->allocator, (size_t)i * 8); /* every step jumps, several times */
        if (a->hits != NULL && i % PSYI_HITS_AT_ONCE == 0 &&
            !psyi_index_find_many(a, a->codes + i,
                                  n - i < PSYI_HITS_AT_ONCE ? n - i : PSYI_HITS_AT_ONCE, a->hits))
            return psyi_fail_memory(error, "records");
        const psy_status status = match_one(a, i, &why, error);
        if (status != PSY_OK)
            return status;
        if (a->record_student[i] == PSYI_NO_STUDENT) {
            r->unmatched_why[r->n_unmatched] = (uint8_t)why;
            a->hopeful_ends[r->n_unmatched] = (uint32_t)a->n_hopefuls;
            r->unmatched[r->n_unmatched++] = i;
        }
    }
    psyi_free(a->allocator, a->hits);
    a->hits = NULL;
    psy_status ordered = psyi_tell_code_near(a, error);
    if (ordered == PSY_OK)
        ordered = psyi_order_records(a, error);
    if (ordered == PSY_OK)
        ordered = psyi_unmatched_by_school(a, error);
    return ordered == PSY_OK ? list_records(a, error) : ordered;
}
