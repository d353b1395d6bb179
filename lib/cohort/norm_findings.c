/*
 * norm_findings.c -- norms that are old, that speak of other people, or that have no group for
 * somebody.
 *
 * A score is printed all the same: whoever reads it must know what it was held against.
 */
#include "base/fail.h"
#include "base/spill.h"
#include "cohort/assembly.h"
#include "intake/cell.h"
#include "norm/norm_marks.h"
#include "table/collect.h"

int psyi_year_of(int64_t seconds)
{
    int year = 0, month, day;
    if (seconds == PSYI_NO_TIME)
        return 0;
    psyi_civil(seconds / 86400 - (seconds % 86400 < 0), &year, &month, &day);
    return year;
}

/* ---- old norms -------------------------------------------------------------------------- */

static psy_status tell_age(const psyi_assembly *a, const psyi_norm *norm, uint32_t most,
                           psy_error *error)
{
    const int now = psyi_year_of(a->results->as_of);
    if (!psyi_norm_too_old(norm, most, now))
        return PSY_OK;
    const psy_finding finding = {.field = norm->id,
                                 .rule = "norm_stale",
                                 .severity = PSY_WARNING,
                                 .subject = norm->id,
                                 .remedy = "look for a newer norm, or say in the plan that this "
                                           "age is accepted"};
    return psyi_find(a->findings, &finding, error,
                     "norm '%s' is of %d, %d year%s old; the plan allows %u", norm->id, norm->year,
                     now - norm->year, psyi_s((uint64_t)(now - norm->year)), most);
}

/* ---- other people ----------------------------------------------------------------------- */

static bool is_scored(const psyi_results *r, size_t use, size_t scale, size_t item)
{
    const uint32_t sheet = r->cases.sheets[use * r->cases.n + item];
    return sheet != PSYI_NO_SHEET && psyi_scores_value(r->scores[use], scale, sheet).den > 0;
}

static bool speaks_of(const psyi_norm *norm, const psyi_use *use, const psyi_person *person)
{
    const psyi_informant informant = use->informant != PSYI_INFORMANT_UNKNOWN
                                         ? use->informant
                                         : (psyi_informant)person->informant;
    return psyi_who_fit(&norm->people, informant, (psyi_sex)person->sex, person->grade,
                        person->age) != PSYI_FIT_NO;
}

/* Students scored on `scale` whom the reference group of the norm does not hold. */
static psy_status tell_people(const psyi_assembly *a, const psyi_norm *norm, size_t use,
                              size_t scale, psy_error *error)
{
    const psyi_results *const r = a->results;
    size_t n = 0, others = 0;
    if (!norm->has_people)
        return PSY_OK;
    for (size_t item = 0; item < r->cases.n; item++) {
        psyi_spill_pass(r->allocator, item);
        if (is_scored(r, use, scale, item)) {
            n++;
            others += !speaks_of(norm, &a->plan->uses[use], &r->cases.people[item]);
        }
    }
    if (others == 0)
        return PSY_OK;
    const psy_finding finding = {.field = norm->id,
                                 .rule = "norm_people",
                                 .severity = PSY_WARNING,
                                 .subject = norm->id,
                                 .remedy = "read these standard scores as those of another "
                                           "population, or take a norm of these students"};
    return psyi_find(a->findings, &finding, error,
                     "%zu of %zu scores of %s.%s %s of people whom norm '%s' does not speak of "
                     "(%s)",
                     others, n, a->plan->uses[use].id,
                     a->plan->uses[use].instrument->scales[scale].id,
                     psyi_one_many(others, "is", "are"), norm->id,
                     psyi_label_text(norm->population, PSYI_EN, norm->id));
}

/* ---- no group --------------------------------------------------------------------------- */

static psy_status tell_group(const psyi_assembly *a, size_t use, size_t standard, psy_error *error)
{
    const psyi_results *const r = a->results;
    const psyi_scores *const scores = r->scores[use];
    const psy_instrument *const instrument = a->plan->uses[use].instrument;
    const psyi_standard *const column = &instrument->standards[standard];
    size_t n = 0, none = 0;
    for (size_t item = 0; item < r->cases.n; item++) {
        psyi_spill_pass(r->allocator, item);
        if (is_scored(r, use, column->scale, item)) {
            const uint32_t sheet = r->cases.sheets[use * r->cases.n + item];
            n++;
            none += psyi_standard_of(scores, standard, sheet) == PSYI_NO_STANDARD;
        }
    }
    if (none == 0)
        return PSY_OK;
    const psy_finding finding = {.field = instrument->norms[column->norm]->id,
                                 .rule = "norm_group",
                                 .severity = PSY_NOTE,
                                 .subject = instrument->norms[column->norm]->id,
                                 .remedy = "see whether sex, grade and age are known, and whom "
                                           "the norm speaks of"};
    return psyi_find(a->findings, &finding, error,
                     "%zu of %zu scores of %s.%s %s no %s: no group of the norm, or outside its "
                     "table",
                     none, n, a->plan->uses[use].id, instrument->scales[column->scale].id,
                     psyi_one_many(none, "has", "have"), column->name);
}

/* ---- no birth date ---------------------------------------------------------------------- */

/* A norm for a point in time was asked with completed years. */
static psy_status tell_years(const psyi_assembly *a, const psyi_norm *norm, size_t use,
                             size_t scale, psy_error *error)
{
    const psyi_results *const r = a->results;
    size_t n = 0, years = 0;
    if (!psyi_norm_asks_age(norm))
        return PSY_OK;
    for (size_t item = 0; item < r->cases.n; item++) {
        psyi_spill_pass(r->allocator, item);
        if (is_scored(r, use, scale, item)) {
            const psyi_person *const person = &r->people[r->cases.sheets[use * r->cases.n + item]];
            n++;
            years += person->age >= 0 && person->months <= 0;
        }
    }
    if (years == 0)
        return PSY_OK;
    const psy_finding finding = {.field = norm->id,
                                 .rule = "norm_years",
                                 .severity = PSY_NOTE,
                                 .subject = norm->id,
                                 .remedy = "give the birth date: the roster or the responses may "
                                           "have it"};
    return psyi_find(a->findings, &finding, error,
                     "%zu of %zu scores of %s.%s %s held against norm '%s' by completed years: no "
                     "birth date is known, so the age within the year is not",
                     years, n, a->plan->uses[use].id,
                     a->plan->uses[use].instrument->scales[scale].id,
                     psyi_one_many(years, "is", "are"), norm->id);
}

/* ---- all norms -------------------------------------------------------------------------- */

/* The first standard-score column of a norm stands for all of them. */
static bool is_first(const psy_instrument *instrument, size_t standard)
{
    for (size_t i = 0; i < standard; i++)
        if (instrument->standards[i].norm == instrument->standards[standard].norm)
            return false;
    return instrument->standards[standard].norm != PSYI_NO_INDEX;
}

static psy_status tell_use(const psyi_assembly *a, size_t use, psy_error *error)
{
    const psy_instrument *const instrument = a->plan->uses[use].instrument;
    psy_status status = PSY_OK;
    for (size_t i = 0; i < instrument->n_standards && status == PSY_OK; i++) {
        if (!is_first(instrument, i))
            continue;
        const psyi_norm *const norm = instrument->norms[instrument->standards[i].norm];
        status = tell_age(a, norm, a->plan->norm_years, error);
        if (status == PSY_OK)
            status = tell_people(a, norm, use, instrument->standards[i].scale, error);
        if (status == PSY_OK)
            status = tell_group(a, use, i, error);
        if (status == PSY_OK)
            status = tell_years(a, norm, use, instrument->standards[i].scale, error);
    }
    return status;
}

psy_status psyi_tell_norms(const psyi_assembly *a, psy_error *error)
{
    psy_status status = PSY_OK;
    for (size_t use = 0; use < a->plan->n_uses && status == PSY_OK; use++)
        if (a->results->scores[use] != NULL)
            status = tell_use(a, use, error);
    for (size_t i = 0; i < a->plan->n_locals && status == PSY_OK; i++) {
        const psyi_local_norm *const norm = &a->plan->locals[i];
        if (norm->given == NULL || a->results->scores[norm->use] == NULL)
            continue;
        status = tell_age(a, norm->given,
                          norm->max_years > 0 ? norm->max_years : a->plan->norm_years, error);
        if (status == PSY_OK)
            status = tell_people(a, norm->given, norm->use, norm->scale, error);
        if (status == PSY_OK)
            status = tell_years(a, norm->given, norm->use, norm->scale, error);
    }
    return status;
}
