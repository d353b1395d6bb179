/*
 * tell.c -- what the cohort noticed about the data: findings, never names or answers.
 *
 * An unmatched sheet is an error: something was left out.  One with a positive critical
 * answer says so, because somebody must find the child.
 */
#include "base/fail.h"
#include "base/spill.h"
#include "cohort/assembly.h"
#include "table/collect.h"

static const char *why_unmatched(const psyi_assembly *a, uint8_t why)
{
    switch ((psyi_unmatched_why)why) {
    case PSYI_UNMATCHED_NO_CODE:
        return "the row has no student code, and nothing else that makes a student known";
    case PSYI_UNMATCHED_AMBIGUOUS:
        return "several students may be meant and the row does not decide between them";
    case PSYI_UNMATCHED_SCHOOL:
        return "the school this sheet names is not on the roster";
    case PSYI_UNMATCHED_CLASS:
        return "the school has no such class on the roster";
    case PSYI_UNMATCHED_REASONS:
    case PSYI_UNMATCHED_UNKNOWN:
        break;
    }
    return a->results->roster != NULL ? "nobody on the roster has this student code"
                                      : "this student code belongs to nobody";
}

/* Under `ignore` an answer without consent is not looked at, wherever it stands. */
static bool may_look(const psyi_assembly *a, uint32_t record)
{
    const uint8_t consent = a->results->intake->records[record].consent;
    const bool refused = consent == PSYI_CONSENT_NO || (consent == PSYI_CONSENT_UNANSWERED &&
                                                        !a->plan->consent_unanswered_allowed);
    return !refused || a->plan->no_consent == PSYI_CONSENT_CRITICAL_ONLY;
}

static psy_status tell_unmatched(const psyi_assembly *a, psy_error *error)
{
    const psyi_results *const r = a->results;
    for (size_t i = 0; i < r->n_unmatched; i++) {
        const uint32_t record = r->unmatched[i];
        psyi_spill_pass(r->allocator, i);
        const bool critical = may_look(a, record) && psyi_record_critical(r, record) > 0;
        psy_finding finding = psyi_record_finding(
            a, record, PSY_ERROR, critical ? "unmatched_critical" : "unmatched", "student");
        finding.remedy = critical ? "find out today whose sheet this is" : NULL;
        const psy_status status =
            psyi_find(a->findings, &finding, error, "%s%s", why_unmatched(a, r->unmatched_why[i]),
                      critical ? "; a critical item of the sheet is positive" : "");
        if (status != PSY_OK)
            return status;
    }
    return PSY_OK;
}

/* Who is excused is not looked for any more: somebody must have said why. */
static psy_status tell_excuse(const psyi_assembly *a, size_t s, psy_error *error)
{
    const psyi_student *const student = &a->results->students[s];
    if (!student->exempt || student->exempt_reason[0] != '\0')
        return PSY_OK;
    psy_finding finding =
        psyi_student_finding(a, s, PSY_WARNING, "exempt_no_reason", "exempt_reason");
    finding.remedy = "write why into the roster, and declare its column";
    return psyi_find(a->findings, &finding, error,
                     "the roster excuses this student, and does not say why");
}

static psy_status tell_students(const psyi_assembly *a, psy_error *error)
{
    const psyi_results *const r = a->results;
    psy_status status = PSY_OK;
    for (size_t s = 0; s < r->n_students && status == PSY_OK; s++) {
        const psyi_student *const student = &r->students[s];
        psyi_spill_pass(r->allocator, s);
        if (!psyi_printable(r, s))
            continue;
        if (student->status == PSYI_STATUS_ABSENT) {
            status = tell_excuse(a, s, error);
            continue;
        }
        if (student->why & PSYI_WHY_NO_NORM) {
            const psy_finding finding = psyi_student_finding(a, s, PSY_WARNING, "no_norm", NULL);
            status = psyi_find(a->findings, &finding, error,
                               "a rule cannot be decided for want of a norm, sex or grade");
        }
        if (status == PSY_OK && (student->why & PSYI_WHY_NO_BATTERY)) {
            const psy_finding finding =
                psyi_student_finding(a, s, PSY_WARNING, "no_battery", "grade");
            status = psyi_find(a->findings, &finding, error,
                               student->grade > 0
                                   ? "no battery of the plan is for this student: not judged"
                                   : "the grade is not known, so no battery fits: not judged");
        }
        if (status == PSY_OK && student->exempt && student->tested) {
            const psy_finding finding =
                psyi_student_finding(a, s, PSY_NOTE, "exempt_tested", "required");
            status = psyi_find(a->findings, &finding, error,
                               "the roster excuses this student, but there are answers: they "
                               "count");
        }
    }
    return status;
}

/* Students a rule would concern, but to whom nothing it reads was administered; and those for
 * whom it met a division by zero. */
static psy_status tell_rule(const psyi_assembly *a, size_t rule, psy_error *error)
{
    const psyi_results *const r = a->results;
    const psyi_book_rule *const at = &r->book->rules[rule];
    unsigned long long absent = 0, trouble = 0;
    for (size_t s = 0; s < r->n_students; s++) {
        psyi_spill_pass(r->allocator, s);
        if (r->students[s].status > PSYI_STATUS_ABSENT && r->students[s].battery != 0xFF &&
            psyi_rule_concerns(at->rule, r->students[s].grade, r->students[s].sex) != 0 &&
            !psyi_plane_get(r->applied, r->n_blocks, rule, s))
            absent++;
    }
    for (size_t b = 0; b < r->verdicts->n_blocks; b++)
        trouble +=
            (unsigned)__builtin_popcountll(r->verdicts->trouble[rule * r->verdicts->n_blocks + b]);
    psy_finding finding = {.file = a->plan->file,
                           .row = at->rule->place.line,
                           .column = at->rule->place.column,
                           .rule = "rule_not_applied",
                           .severity = PSY_NOTE,
                           .subject = at->id};
    psy_status status = PSY_OK;
    if (absent > 0)
        status = psyi_find(a->findings, &finding, error,
                           "the rule does not speak about %llu student%s: nothing it reads was "
                           "administered to them",
                           absent, psyi_s(absent));
    finding.rule = "undefined";
    finding.severity = PSY_WARNING;
    if (status == PSY_OK && trouble > 0)
        status =
            psyi_find(a->findings, &finding, error,
                      "the rule met a division by zero or an overflow %llu time%s: not decided "
                      "there",
                      trouble, psyi_s(trouble));
    return status;
}

psy_status psyi_tell(psyi_assembly *a, psy_error *error)
{
    psy_status status = tell_unmatched(a, error);
    if (status == PSY_OK)
        status = psyi_tell_links(a, error);
    if (status == PSY_OK)
        status = psyi_tell_match_rates(a, error);
    if (status == PSY_OK)
        status = psyi_tell_norms(a, error);
    if (status == PSY_OK)
        status = tell_students(a, error);
    for (size_t rule = a->results->book->n_critical;
         rule < a->results->book->n_rules && status == PSY_OK; rule++)
        status = tell_rule(a, rule, error);
    return status;
}
