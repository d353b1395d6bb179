/*
 * outside.c -- the wave before and reports from outside, laid beside this wave's cases.
 *
 * A student is found in the wave before by the id that was printed then: the code itself, or
 * its pseudonym under the plan of then.  Another key finds nobody, which is said once and
 * loudly, because "no record" decides rules false.
 */
#include "base/fail.h"
#include "base/spill.h"
#include "cohort/assembly.h"
#include "cohort/previous_wave.h"
#include "cohort/pseudonym.h"
#include "cohort/roll.h"
#include "intake/external.h"
#include "table/collect.h"

#include <stdlib.h>
#include <string.h>

/* ---- the wave before ---- */

static psy_finding about_previous(const psyi_assembly *a, const char *rule, psy_severity severity)
{
    return (psy_finding){.file = a->plan->file,
                         .row = a->plan->previous_place.line,
                         .column = a->plan->previous_place.column,
                         .field = "inputs/previous",
                         .rule = rule,
                         .severity = severity};
}

/* Can its ids be made again?  Says so when not. */
static psy_status same_ids(const psyi_assembly *a, bool *out, psy_error *error)
{
    const psyi_previous *const p = a->results->previous;
    char mark[27] = "";
    psy_status status = PSY_OK;
    *out = true;
    if (!p->pseudonym)
        return PSY_OK;
    psy_finding finding = about_previous(a, "previous_key", PSY_ERROR);
    if (a->key == NULL) {
        *out = false;
        finding.remedy = "give the key of that wave: identity: {output: pseudonym, key_file: ...}";
        return psyi_find(a->findings, &finding, error,
                         "the wave before printed pseudonyms, and this plan has no key to make "
                         "them: nobody is found in it");
    }
    status = psyi_pseudonym(a->key, a->key_length, p->plan_id, "", mark, error);
    if (status != PSY_OK || p->key_mark[0] == '\0' || strcmp(mark, p->key_mark) == 0)
        return status;
    *out = false;
    finding.remedy = "use the key of that wave";
    return psyi_find(a->findings, &finding, error,
                     "the wave before was printed with another key: nobody is found in it");
}

static psy_status find_row(const psyi_assembly *a, psyi_student *student, const char *code,
                           psyi_pseudonyms *pseudonyms, psy_error *error)
{
    const psyi_results *const r = a->results;
    char made[27];
    const psy_status status =
        pseudonyms != NULL ? psyi_pseudonym_of(pseudonyms, code, made, error) : PSY_OK;
    if (status == PSY_OK)
        student->previous = psyi_previous_find(r->previous, pseudonyms != NULL ? made : code,
                                               r->schools[student->school].code);
    return status;
}

static psy_status find_rows(psyi_assembly *a, size_t *n_found, psy_error *error)
{
    psyi_results *const r = a->results;
    const psyi_previous *const p = r->previous;
    psyi_pseudonyms *pseudonyms = NULL;
    psy_status status = PSY_OK;
    *n_found = 0;
    if (p->pseudonym)
        status = psyi_pseudonyms_new(&pseudonyms, a->key, a->key_length, p->plan_id, a->allocator,
                                     error);
    for (size_t s = 0; s < r->n_students && status == PSY_OK; s++) {
        psyi_spill_pass(a->allocator, s);
        psyi_student *const student = &r->students[s];
        status = find_row(a, student, student->code, pseudonyms, error);
        /* Under a number that has changed since. */
        for (size_t i = 0; i < a->n_links && status == PSY_OK; i++)
            if (student->previous == PSYI_NO_PREVIOUS &&
                strcmp(psyi_newest_number(a, a->links[i].former), student->code) == 0)
                status = find_row(a, student, a->links[i].former, pseudonyms, error);
        *n_found += status == PSY_OK && student->previous != PSYI_NO_PREVIOUS;
    }
    psyi_pseudonyms_free(pseudonyms);
    return status;
}

/* The scores that rules read or that are compared, one column a scale. */
static psy_status lay_scores(psyi_assembly *a, psy_error *error)
{
    psyi_results *const r = a->results;
    const psyi_previous *const p = r->previous;
    const size_t n = r->cases.n;
    const psyi_ratio **const uses = psyi_arena_alloc(&r->arena, a->plan->n_uses, sizeof *uses);
    int8_t *const tiers = psyi_arena_alloc(&r->arena, n, sizeof *tiers);
    if (uses == NULL || tiers == NULL)
        return psyi_fail_memory(error, "the wave before");
    for (size_t i = 0; i < n; i++) {
        const uint32_t row = r->students[r->case_student[i]].previous;
        tiers[i] = row != PSYI_NO_PREVIOUS && p->ranks_alike ? p->rows[row].tier : -1;
    }
    for (unsigned use = 0; use < a->plan->n_uses; use++) {
        const size_t n_scales = a->plan->uses[use].instrument->n_scales;
        if ((p->uses_alike >> use & 1u) == 0)
            continue;
        psyi_ratio *const scores = psyi_arena_alloc(&r->arena, n_scales * n, sizeof *scores);
        if (scores == NULL)
            return psyi_fail_memory(error, "the wave before");
        for (unsigned scale = 0; scale < n_scales; scale++)
            for (size_t i = 0; i < n; i++)
                scores[scale * n + i] =
                    psyi_previous_score(p, r->students[r->case_student[i]].previous, use, scale);
        uses[use] = scores;
    }
    r->cases.previous_tier = tiers;
    r->cases.previous_scores = uses;
    return PSY_OK;
}

static bool plan_reads(const psy_plan *plan, psyi_column_kind kind)
{
    for (size_t i = 0; i < plan->n_programs; i++) {
        const psyi_operand *operands = NULL;
        const size_t n = psyi_program_operands(plan->programs[i], &operands);
        for (size_t j = 0; j < n; j++)
            if (!operands[j].is_item && psyi_column_kind_of(operands[j].id) == kind)
                return true;
    }
    return false;
}

static psy_status no_previous(const psyi_assembly *a, psy_error *error)
{
    psy_finding finding = about_previous(a, "no_previous", PSY_WARNING);
    if (a->plan->previous == NULL || !plan_reads(a->plan, PSYI_COLUMN_PREVIOUS))
        return PSY_OK;
    finding.remedy = "name the directory of its results";
    return psyi_find(a->findings, &finding, error,
                     "rules read the wave before, but its results were not given: these parts of "
                     "the rules are false for everybody");
}

static psy_status settle_previous(psyi_assembly *a, psy_error *error)
{
    psyi_results *const r = a->results;
    bool alike = false;
    size_t n_found = 0;
    for (size_t s = 0; s < r->n_students; s++) {
        psyi_spill_pass(a->allocator, s);
        r->students[s].previous = PSYI_NO_PREVIOUS;
    }
    if (r->previous == NULL)
        return no_previous(a, error);
    psy_status status = same_ids(a, &alike, error);
    if (status == PSY_OK && alike)
        status = find_rows(a, &n_found, error);
    if (status == PSY_OK && alike && n_found < r->n_students) {
        psy_finding finding = about_previous(
            a, "previous_unknown", n_found > 0 || r->previous->n_rows == 0 ? PSY_NOTE : PSY_ERROR);
        finding.remedy = n_found > 0
                             ? NULL
                             : "is it the right directory, and are ids written as they were then?";
        status = psyi_find(a->findings, &finding, error,
                           "of %zu student%s %zu %s not in the wave before: what rules read of it "
                           "is false there",
                           r->n_students, psyi_s(r->n_students), r->n_students - n_found,
                           psyi_one_many(r->n_students - n_found, "is", "are"));
    }
    return status == PSY_OK ? lay_scores(a, error) : status;
}

/* ---- reports from outside ---- */

static psy_status tell_report(const psyi_assembly *a, const psyi_external_row *row, bool several,
                              psy_error *error)
{
    const psy_finding finding = {.file = a->results->external->file.name,
                                 .row = row->row,
                                 .field = "student",
                                 .rule = "external_unmatched",
                                 .severity = PSY_ERROR,
                                 .remedy = "find out today about whom it is"};
    if (a->results->intake->link != NULL)
        return PSY_OK; /* of a part: he may be in another */
    return psyi_find(a->findings, &finding, error, "%s",
                     several ? "several students have the code of this report, and it names no "
                               "school that decides: it is left out"
                             : "nobody has the code of this report: it is left out");
}

static psy_status match_report(psyi_assembly *a, const psyi_external_row *row, uint32_t *out,
                               psy_error *error)
{
    psyi_arena *const arena = &a->results->arena;
    const char *code = psyi_canonical(arena, row->student);
    const char *const school = psyi_canonical(arena, row->school);
    uint32_t seat = UINT32_MAX, in_school = UINT32_MAX;
    size_t n = 0, n_alike;
    if (code == NULL || school == NULL)
        return psyi_fail_memory(error, "external information");
    code = psyi_newest_number(a, code);
    const psyi_code_entry *const alike = psyi_index_find(a, code, &n_alike);
    for (size_t i = 0; i < n_alike; i++) {
        if (strcmp(alike[i].code, code) != 0)
            continue;
        seat = alike[i].seat;
        n++;
        if (strcmp(a->results->schools[alike[i].school].code, school) == 0)
            in_school = seat;
    }
    *out = PSYI_NO_STUDENT;
    if (in_school != UINT32_MAX)
        seat = in_school;
    else if (n != 1)
        return tell_report(a, row, n > 1, error);
    *out = a->rank[seat];
    return PSY_OK;
}

static int by_content(const void *x, const void *y, void *context)
{
    const psyi_external *const external = context;
    const uint32_t i = *(const uint32_t *)x, j = *(const uint32_t *)y;
    const psyi_external_row *const a = &external->rows[i], *const b = &external->rows[j];
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    if (a->code != b->code)
        return a->code < b->code ? -1 : 1;
    if (a->source != b->source)
        return a->source < b->source ? -1 : 1;
    int order = strcmp(a->text, b->text);
    if (order == 0)
        order = strcmp(a->by, b->by);
    return order != 0 ? order : i < j ? -1 : i > j;
}

/* Rows of each student together, in an order that the file's order does not change. */
static psy_status list_reports(psyi_assembly *a, const uint32_t *who, psy_error *error)
{
    psyi_results *const r = a->results;
    psyi_external *const external = r->external;
    uint32_t *const reports = psyi_arena_alloc(&r->arena, external->n_rows, sizeof *reports);
    if (reports == NULL)
        return psyi_fail_memory(error, "external information");
    for (size_t i = 0; i < external->n_rows; i++)
        if (who[i] != PSYI_NO_STUDENT)
            r->students[who[i]].n_reports++;
    uint32_t at = 0;
    for (size_t s = 0; s < r->n_students; s++) {
        psyi_spill_pass(a->allocator, s);
        r->students[s].first_report = at;
        at += r->students[s].n_reports;
        r->students[s].n_reports = 0;
    }
    for (uint32_t i = 0; i < external->n_rows; i++)
        if (who[i] != PSYI_NO_STUDENT) {
            psyi_student *const student = &r->students[who[i]];
            reports[student->first_report + student->n_reports++] = i;
        }
    for (size_t s = 0; s < r->n_students; s++) {
        psyi_spill_pass(a->allocator, s);
        if (r->students[s].n_reports > 1)
            qsort_r(reports + r->students[s].first_report, r->students[s].n_reports,
                    sizeof *reports, by_content, external);
    }
    r->reports = reports;
    return PSY_OK;
}

/* One plane a code, a bit a case. */
static psy_status lay_codes(psyi_assembly *a, psy_error *error)
{
    psyi_results *const r = a->results;
    const size_t n_blocks = (r->cases.n + PSYI_LANES - 1) / PSYI_LANES;
    psyi_mask *const planes =
        psyi_arena_alloc(&r->arena, a->plan->n_external_codes * n_blocks, sizeof *planes);
    if (planes == NULL)
        return psyi_fail_memory(error, "external information");
    for (size_t i = 0; i < r->cases.n; i++) {
        psyi_spill_pass(r->allocator, i);
        const psyi_student *const student = &r->students[r->case_student[i]];
        for (uint32_t k = 0; k < student->n_reports; k++) {
            const uint16_t code = r->external->rows[r->reports[student->first_report + k]].code;
            psyi_plane_set(planes, n_blocks, code, i);
        }
    }
    r->cases.external = planes;
    return PSY_OK;
}

static psy_status settle_external(psyi_assembly *a, psy_error *error)
{
    psyi_results *const r = a->results;
    const psy_finding finding = {.file = a->plan->file,
                                 .field = "inputs/external",
                                 .rule = "no_external",
                                 .severity = PSY_WARNING,
                                 .remedy = "give the file of reports"};
    if (r->external == NULL)
        return a->plan->external.present
                   ? psyi_find(a->findings, &finding, error,
                               "the plan describes reports from outside, but none were given: "
                               "what rules read of them is false for everybody")
                   : PSY_OK;
    uint32_t *const who = psyi_alloc(a->allocator, r->external->n_rows, sizeof *who);
    psy_status status = who != NULL ? PSY_OK : psyi_fail_memory(error, "external information");
    for (size_t i = 0; i < r->external->n_rows && status == PSY_OK; i++)
        status = match_report(a, &r->external->rows[i], &who[i], error);
    if (status == PSY_OK)
        status = list_reports(a, who, error);
    if (status == PSY_OK)
        status = lay_codes(a, error);
    psyi_free(a->allocator, who);
    return status;
}

psy_status psyi_settle_outside(psyi_assembly *a, psy_error *error)
{
    const psy_status status = settle_previous(a, error);
    return status == PSY_OK ? settle_external(a, error) : status;
}

/* ---- worse than before ---- */

/* How far a score moved to its bad end, as a share of its range. */
static double moved(const psyi_results *r, size_t student, unsigned use, unsigned scale)
{
    const psyi_scale *const about = psyi_scorer_scale(r->scorers[use], scale);
    const uint32_t sheet = psyi_selected(r, student, use);
    const psyi_ratio before =
        psyi_previous_score(r->previous, r->students[student].previous, use, scale);
    if (sheet == PSYI_NO_SHEET || before.den == 0)
        return 0;
    const psyi_ratio now = psyi_scores_value(r->scores[use], scale, sheet);
    const psyi_ratio width = psyi_ratio_sub(about->high, about->low);
    const psyi_ratio step =
        about->worse_low ? psyi_ratio_sub(before, now) : psyi_ratio_sub(now, before);
    if (now.den == 0 || step.den == 0 || step.num <= 0 || width.den == 0 || width.num <= 0)
        return 0;
    return psyi_ratio_double(psyi_ratio_div(step, width));
}

psy_status psyi_settle_worse(psyi_assembly *a, psy_error *error)
{
    psyi_results *const r = a->results;
    (void)error;
    for (size_t s = 0; r->previous != NULL && s < r->n_students; s++) {
        psyi_spill_pass(a->allocator, s);
        psyi_student *const student = &r->students[s];
        if (student->previous == PSYI_NO_PREVIOUS || !psyi_printable(r, s))
            continue;
        for (unsigned use = 0; use < a->plan->n_uses; use++) {
            const psy_instrument *const instrument = a->plan->uses[use].instrument;
            if (r->scores[use] == NULL)
                continue;
            for (unsigned scale = 0; scale < instrument->n_scales; scale++) {
                const double step = moved(r, s, use, scale);
                if (step > student->scores_worse)
                    student->scores_worse = step;
            }
        }
    }
    return PSY_OK;
}
