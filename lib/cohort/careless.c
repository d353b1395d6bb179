/*
 * careless.c -- the policy of validity, in a screening: evidence of sheets, weighed per case.
 *
 * In two steps, as the run goes: what a sheet says by itself before anybody is matched; what
 * it says beside the others after the norms are frozen, so that no norm rests on it.  The
 * others are the chosen sheets of students who consent and whose sheet is not set aside.
 * Families are counted, never signs; the verdict never looks at a score, and a tier never at
 * the verdict (but "none" needs a valid sheet).
 */
#include "base/fail.h"
#include "base/spill.h"
#include "cohort/assembly.h"
#include "cohort/wave_parts.h"
#include "table/collect.h"
#include "validity/evidence.h"

#include <math.h>
#include <string.h>

/* ---- the list ---- */

static psy_status index_evidence(psyi_results *r, psy_error *error)
{
    const size_t n = r->intake->n_records;
    const psy_status status = psyi_evidence_sort(&r->evidence, error);
    if (status != PSY_OK)
        return status;
    if (r->evidence_first == NULL)
        r->evidence_first = psyi_arena_alloc(&r->arena, n + 1, sizeof *r->evidence_first);
    if (r->evidence_first == NULL)
        return psyi_fail_memory(error, "evidence");
    size_t at = 0;
    for (size_t record = 0; record <= n; record++) {
        psyi_spill_pass(r->allocator, record);
        while (at < r->evidence.n && r->evidence.list[at].sheet < record)
            at++;
        r->evidence_first[record] = (uint32_t)at;
    }
    return PSY_OK;
}

/* ---- before matching ---- */

double psyi_record_pace(const psyi_results *r, size_t record)
{
    const int32_t seconds = r->intake->records[record].seconds;
    size_t answered = 0;
    if (seconds < 0)
        return NAN;
    for (size_t use = 0; use < r->plan->n_uses; use++)
        if (r->scores[use] != NULL && psyi_sheets_given(r->intake->sheets[use], record))
            answered += psyi_sheets_answered(r->intake->sheets[use], record);
    return answered > 0 ? (double)seconds / (double)answered : NAN;
}

static psy_status add_pace(psyi_assembly *a, size_t record, unsigned sign, double value,
                           psy_error *error)
{
    const psyi_validity_policy *const policy = a->plan->policy;
    const double rounded = psyi_sign_round(sign, value);
    const psyi_evidence evidence = {.sheet = (uint32_t)record,
                                    .use = PSYI_NO_INDEX,
                                    .sign = (uint8_t)sign,
                                    .value = rounded,
                                    .mark = psyi_ratio_double(policy->mark[sign])};
    if (isnan(value) || !psyi_sign_fires(policy, sign, rounded))
        return PSY_OK;
    return psyi_evidence_add(&a->results->evidence, &evidence, error);
}

/* Answers are turned into columns for so many sheets at a time: the columns of all sheets would
 * take as much memory again as the answers, twice. */
#define SHEETS_A_GRID 2048

static psy_status look_at_use(psyi_assembly *a, unsigned use, uint32_t *rows, psy_error *error)
{
    psyi_results *const r = a->results;
    const psyi_sheets *const sheets = r->intake->sheets[use];
    psy_status status = PSY_OK;
    if (r->scores[use] == NULL)
        return PSY_OK;
    for (size_t first = 0, n; first < r->intake->n_records && status == PSY_OK; first += n) {
        const size_t left = r->intake->n_records - first;
        psyi_use_grid grid;
        n = left < SHEETS_A_GRID ? left : SHEETS_A_GRID;
        for (size_t i = 0; i < n; i++)
            rows[i] = (uint32_t)(first + i);
        status = psyi_use_grid_make(&grid, sheets, use, a->plan->policy, rows, n, a->n_threads,
                                    a->allocator, error);
        if (status != PSY_OK)
            break;
        status =
            psyi_sheet_signs(&grid, sheets, a->plan->policy, a->n_threads, &r->evidence, error);
        psyi_use_grid_done(&grid);
    }
    return status;
}

psy_status psyi_sheet_validity(psyi_assembly *a, psy_error *error)
{
    psyi_results *const r = a->results;
    psy_status status = PSY_OK;
    r->evidence.allocator = a->allocator;
    if (a->plan->policy == NULL)
        return PSY_OK;
    uint32_t *const rows = psyi_alloc(a->allocator, SHEETS_A_GRID, sizeof *rows);
    if (rows == NULL)
        return psyi_fail_memory(error, "sheets");
    for (unsigned use = 0; use < a->plan->n_uses && status == PSY_OK; use++)
        status = look_at_use(a, use, rows, error);
    psyi_free(a->allocator, rows);
    for (size_t i = 0; i < r->intake->n_records && status == PSY_OK; i++) {
        psyi_spill_pass(a->allocator, i);
        if (a->plan->policy->on[PSYI_SIGN_SECONDS])
            status = add_pace(a, i, PSYI_SIGN_SECONDS, psyi_record_pace(r, i), error);
    }
    return status == PSY_OK ? index_evidence(r, error) : status;
}

/* ---- beside the others ---- */

/* The sheet of a student that others are held against, or PSYI_NO_SHEET. */
static uint32_t compared_sheet(const psyi_assembly *a, size_t student, unsigned use)
{
    const psyi_results *const r = a->results;
    const psyi_student *const s = &r->students[student];
    if (!psyi_consents(a, student) || (s->undecided_uses >> use & 1u) != 0 ||
        a->effect[s->first_case] >= PSYI_EFFECT_RETEST)
        return PSYI_NO_SHEET;
    return a->chosen[use * r->n_students + student];
}

static psy_status tell_few(const psyi_assembly *a, unsigned use, size_t n, psy_error *error)
{
    const psy_finding finding = {.rule = "careless_few",
                                 .severity = PSY_NOTE,
                                 .field = a->plan->uses[use].id,
                                 .subject = a->plan->uses[use].id};
    return psyi_find(a->findings, &finding, error,
                     "%zu complete sheet%s too few to hold each against the others (%u are "
                     "needed): answers of %s are only held against themselves",
                     n, psyi_one_many(n, " is", "s are"), a->plan->policy->min_n,
                     a->plan->uses[use].id);
}

static bool compares(const psyi_validity_policy *policy)
{
    for (unsigned sign = PSYI_SIGN_PERSON_TOTAL; sign <= PSYI_SIGN_U3; sign++)
        if (policy->on[sign])
            return true;
    return false;
}

/* Do signs ask for all sheets at once, and not for their sums alone? */
static bool ranks_sheets(const psyi_validity_policy *policy)
{
    return policy->on[PSYI_SIGN_SYNONYMS] || policy->on[PSYI_SIGN_ANTONYMS] ||
           policy->on[PSYI_SIGN_GUTTMAN] || policy->on[PSYI_SIGN_U3];
}

/* The sheets of one use that are compared, some at a time. */
typedef struct comparison {
    psyi_assembly *a;
    unsigned use;
    const uint32_t *rows;
    size_t n, at_a_time;
    size_t n_items;                  /* of the grids */
    psyi_reference *counted;         /* sums are added here ... */
    const psyi_reference *reference; /* ... or sheets are held against these; NULL: each other */
    size_t complete;
} comparison;

static psy_status compare_some(comparison *c, const psyi_use_grid *grid, psy_error *error)
{
    psyi_assembly *const a = c->a;
    psyi_reference own;
    if (c->counted == NULL)
        return psyi_cohort_signs(grid, a->plan->policy, c->reference, a->n_threads, &c->complete,
                                 &a->results->evidence, error);
    psy_status status = psyi_use_reference(&own, grid, a->plan->policy, a->n_threads, error);
    if (status == PSY_OK) {
        status = psyi_reference_add(c->counted, &own, a->allocator, error);
        psyi_reference_done(&own, a->allocator);
    }
    return status;
}

static psy_status compare_all(comparison *c, psy_error *error)
{
    psyi_assembly *const a = c->a;
    psy_status status = PSY_OK;
    for (size_t first = 0, n; first < c->n && status == PSY_OK; first += n) {
        psyi_use_grid grid;
        n = c->n - first < c->at_a_time ? c->n - first : c->at_a_time;
        status =
            psyi_use_grid_make(&grid, a->results->intake->sheets[c->use], c->use, a->plan->policy,
                               c->rows + first, n, a->n_threads, a->allocator, error);
        if (status != PSY_OK)
            break;
        c->n_items = grid.n_items;
        status = compare_some(c, &grid, error);
        psyi_use_grid_done(&grid);
    }
    return status;
}

/* A part of a wave adds what others are held against; a whole one first adds that up, unless
 * its sheets fit into one grid. */
static psy_status compare_use(psyi_assembly *a, unsigned use, uint32_t *rows, psy_error *error)
{
    psyi_results *const r = a->results;
    const psyi_validity_policy *const policy = a->plan->policy;
    const psyi_wave_link *const link = r->intake->link;
    comparison c = {.a = a, .use = use, .rows = rows, .at_a_time = SHEETS_A_GRID};
    psyi_reference sums = {.n = 0};
    psy_status status = PSY_OK;
    if (r->scores[use] == NULL)
        return PSY_OK;
    for (size_t s = 0; s < r->n_students; s++) {
        psyi_spill_pass(a->allocator, s);
        rows[c.n] = compared_sheet(a, s, use);
        c.n += rows[c.n] != PSYI_NO_SHEET;
    }
    if (ranks_sheets(policy))
        c.at_a_time = c.n;
    if (link != NULL && link->counts != NULL) {
        c.counted = &sums;
        status = compare_all(&c, error);
        /* Too few or not is for those who know the whole wave. */
        if (status == PSY_OK)
            status = psyi_reference_add(&link->counts->references[use], &sums,
                                        link->counts->allocator, error);
        psyi_reference_done(&sums, a->allocator);
        return status;
    }
    if (link == NULL && c.n > c.at_a_time) {
        c.counted = &sums;
        status = compare_all(&c, error);
        c.counted = NULL;
    }
    c.reference = link != NULL ? &link->given->references[use] : sums.sums != NULL ? &sums : NULL;
    if (status == PSY_OK)
        status = compare_all(&c, error);
    psyi_reference_done(&sums, a->allocator);
    const bool few = c.n > 0 && c.n_items >= policy->consistency_items &&
                     c.complete < policy->min_n && compares(policy);
    return status == PSY_OK && few ? tell_few(a, use, c.complete, error) : status;
}

/* How much faster than the middle submission. */
static psy_status compare_pace(psyi_assembly *a, psy_error *error)
{
    psyi_results *const r = a->results;
    const size_t n = r->intake->n_records;
    double *const pace = psyi_alloc(a->allocator, n, sizeof *pace);
    double *const relative = psyi_alloc(a->allocator, n, sizeof *relative);
    uint32_t *const one = psyi_alloc(a->allocator, n, sizeof *one);
    psy_status status = PSY_OK;
    if (pace == NULL || relative == NULL || one == NULL)
        status = psyi_fail_memory(error, "times");
    for (size_t i = 0; i < n && status == PSY_OK; i++) {
        const uint32_t student = a->record_student[i];
        const bool counts = student != PSYI_NO_STUDENT && psyi_consents(a, student);
        pace[i] = counts ? psyi_record_pace(r, i) : NAN;
        one[i] = 1;
    }
    if (status == PSY_OK)
        status = psy_validity_time(pace, one, n, NULL, relative, NULL, a->allocator, error);
    for (size_t i = 0; i < n && status == PSY_OK; i++)
        status = add_pace(a, i, PSYI_SIGN_SPEED, relative[i], error);
    psyi_free(a->allocator, pace);
    psyi_free(a->allocator, relative);
    psyi_free(a->allocator, one);
    return status;
}

psy_status psyi_cohort_validity(psyi_assembly *a, psy_error *error)
{
    psyi_results *const r = a->results;
    if (a->plan->policy == NULL)
        return PSY_OK;
    uint32_t *const rows = psyi_alloc(a->allocator, r->n_students + 1, sizeof *rows);
    psy_status status = rows != NULL ? PSY_OK : psyi_fail_memory(error, "sheets");
    for (unsigned use = 0; use < a->plan->n_uses && status == PSY_OK; use++)
        status = compare_use(a, use, rows, error);
    psyi_free(a->allocator, rows);
    if (status == PSY_OK && a->plan->policy->on[PSYI_SIGN_SPEED])
        status = compare_pace(a, error);
    if (status == PSY_OK)
        status = index_evidence(r, error);
    return status == PSY_OK ? psyi_look_at_classes(a, error) : status;
}

/* ---- weighing ---- */

/* The first use of the case that rests on this sheet: so that a submission counts once. */
static bool is_first_use(const psyi_cases *cases, size_t item, unsigned use)
{
    for (unsigned earlier = 0; earlier < use; earlier++)
        if (cases->sheets[earlier * cases->n + item] == cases->sheets[use * cases->n + item])
            return false;
    return true;
}

/* Validity flags of the instruments are evidence, whatever they lead to by themselves. */
static bool lie_flag(const psyi_results *r, unsigned use, uint32_t sheet)
{
    const psy_instrument *const instrument = r->plan->uses[use].instrument;
    for (unsigned flag = 0; flag < instrument->n_flags; flag++)
        if (instrument->flags[flag].kind == PSYI_FLAG_VALIDITY &&
            psyi_scores_flag(r->scores[use], flag, sheet) == 1)
            return true;
    return false;
}

/* What speaks against a sheet by one use of it; a submission as a whole with its first use. */
static const psyi_evidence *next_of_use(const psyi_results *r, size_t item, unsigned use,
                                        uint32_t *next)
{
    const uint32_t sheet = r->cases.sheets[use * r->cases.n + item];
    if (sheet == PSYI_NO_SHEET)
        return NULL;
    const bool first = is_first_use(&r->cases, item, use);
    if (*next == 0)
        *next = r->evidence_first[sheet];
    while (*next < r->evidence_first[sheet + 1]) {
        const psyi_evidence *const at = &r->evidence.list[(*next)++];
        if (at->use == PSYI_NO_INDEX ? first : at->use == use)
            return at;
    }
    return NULL;
}

const psyi_evidence *psyi_next_evidence(const psyi_results *r, size_t item, psyi_evidence_place *at)
{
    for (; at->use < r->plan->n_uses; at->use++, at->next = 0) {
        const psyi_evidence *const found = next_of_use(r, item, at->use, &at->next);
        if (found != NULL)
            return found;
    }
    return NULL;
}

uint8_t psyi_case_families(const psyi_results *r, size_t item)
{
    const psyi_validity_policy *const policy = r->plan->policy;
    uint8_t families = 0;
    for (unsigned use = 0; use < r->plan->n_uses && policy != NULL; use++) {
        const uint32_t sheet = r->cases.sheets[use * r->cases.n + item];
        const psyi_evidence *at;
        unsigned inconsistent = 0;
        uint32_t next = 0;
        if (sheet == PSYI_NO_SHEET)
            continue;
        while ((at = next_of_use(r, item, use, &next)) != NULL) {
            const psyi_family family = psyi_sign_rules[at->sign].family;
            /* One answer throughout, above the floor, is enough by itself. */
            if (family == PSYI_FAMILY_INCONSISTENCY)
                inconsistent +=
                    at->sign == PSYI_SIGN_PERSON_TOTAL && at->state == PSY_INDEX_NO_VARIANCE
                        ? policy->consistency_needed
                        : 1u;
            else if (family != PSYI_FAMILY_NOTE)
                families |= (uint8_t)(1u << family);
        }
        if (inconsistent >= policy->consistency_needed)
            families |= 1u << PSYI_FAMILY_INCONSISTENCY;
        if (lie_flag(r, use, sheet))
            families |= 1u << PSYI_FAMILY_ATTENTION;
    }
    return families;
}

psyi_effect psyi_weigh(const psyi_validity_policy *policy, uint8_t families)
{
    const unsigned n = (unsigned)__builtin_popcount(families);
    return n >= policy->needed ? policy->then : n > 0 ? policy->single : PSYI_EFFECT_NONE;
}
