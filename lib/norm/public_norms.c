/*
 * public_norms.c -- norm files for callers of the library.
 *
 * A raw score comes as a double and stands for the decimal that prints it, because that is
 * what a published table means by it.
 */
#include "norm/public_norms.h"
#include "base/fail.h"
#include "base/file.h"
#include "base/number.h"
#include "definition/load.h"
#include "norm/counts.h"

#include <math.h>
#include <string.h>

psy_status psyi_norms_wrap(psy_norms **out, psyi_norm *norm, const psy_allocator *allocator,
                           psy_error *error)
{
    psy_norms *const norms = psyi_alloc(allocator, 1, sizeof *norms);
    if (norms == NULL) {
        psyi_norm_free(norm);
        return psyi_fail_memory(error, "norms");
    }
    *norms = (psy_norms){.allocator = allocator, .norm = norm};
    psy_status status = PSY_OK;
    if (norm->local.present) {
        norms->set = psyi_local_set_new(&norm->local.rule, allocator);
        status = norms->set == NULL
                     ? psyi_fail_memory(error, "norms")
                     : psyi_local_set_take(norms->set, norm, norm->groups[0].scale, error);
        if (status == PSY_OK)
            status = psyi_local_set_settle(norms->set, error);
    }
    if (status != PSY_OK) {
        psy_norms_free(norms);
        return status;
    }
    *out = norms;
    return PSY_OK;
}

psy_status psy_norms_load_file(psy_norms **out, const char *path, const psy_allocator *allocator,
                               psy_findings *findings, psy_error *error)
{
    psyi_norm *norm = NULL;
    if (out == NULL || path == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "norms need a path");
    const psy_status status = psyi_norm_load_file(&norm, path, allocator, findings, error);
    return status == PSY_OK ? psyi_norms_wrap(out, norm, allocator, error) : status;
}

void psy_norms_free(psy_norms *norms)
{
    if (norms == NULL)
        return;
    psyi_local_set_free(norms->set);
    psyi_norm_free(norms->norm);
    psyi_free(norms->allocator, norms);
}

const char *psy_norms_id(const psy_norms *norms)
{
    return norms->norm->id;
}

const char *psy_norms_population(const psy_norms *norms, const char *language)
{
    const psyi_language which = language != NULL && strcmp(language, "zh") == 0 ? PSYI_ZH : PSYI_EN;
    return psyi_label_text(norms->norm->population, which, norms->norm->id);
}

static psy_status find_metric(const psyi_norm *norm, const char *name, psyi_metric *out,
                              psy_error *error)
{
    unsigned n = 0;
    /* Counts give every metric, whatever they were counted for. */
    const unsigned metrics =
        norm->local.present && name != NULL ? PSYI_LINE_METRICS | PSYI_RANK_METRICS : norm->metrics;
    for (unsigned i = 0; i < PSYI_METRICS; i++) {
        if ((metrics >> i & 1u) == 0 ||
            (name != NULL && strcmp(name, psyi_metric_name((psyi_metric)i)) != 0))
            continue;
        *out = (psyi_metric)i;
        n++;
    }
    if (n == 1)
        return PSY_OK;
    if (n > 1)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "the norms %s have several metrics: name one",
                         norm->id);
    return psyi_fail(error, PSY_E_NOT_FOUND, NULL, "the norms %s have no metric '%.20s'", norm->id,
                     name == NULL ? "" : name);
}

psy_status psy_norms_standard(const psy_norms *norms, const char *scale, const char *metric,
                              const psy_norm_person *person, double raw, double *out,
                              psy_error *error)
{
    const psyi_norm *const norm = norms->norm;
    psyi_metric which = PSYI_METRIC_T;
    const psy_status status = find_metric(norm, metric, &which, error);
    if (status != PSY_OK)
        return status;
    if (person->sex < 0 || person->sex > PSYI_SEX_FEMALE || person->informant < 0 ||
        person->informant > PSYI_INFORMANT_TEACHER || person->grade < 0 || person->grade > 16)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "sex is 0 to 2, informant 0 to 3, grade 0 to 16, not %d, %d and %d",
                         (int)person->sex, (int)person->informant, (int)person->grade);
    bool known = false;
    for (size_t i = 0; i < norm->n_groups && !known; i++)
        known = strcmp(norm->groups[i].scale, scale) == 0;
    if (!known)
        return psyi_fail(error, PSY_E_NOT_FOUND, NULL, "the norms %s have no scale '%.60s'",
                         norm->id, scale);
    char text[40];
    psyi_ratio value = PSYI_RATIO_NONE;
    *out = NAN;
    if (!psyi_ratio_parse(text, psyi_number_print(raw, text), &value))
        return PSY_OK; /* NaN, or a number no table prints */
    if (norms->set != NULL) {
        psyi_local_group group;
        if (psyi_local_group_of(&norm->local.rule, person->grade, (psyi_sex)person->sex, &group))
            *out = psyi_ratio_double(psyi_local_set_standard(norms->set, group, which, value));
        return PSY_OK;
    }
    const psyi_norm_group *const group = psyi_norm_group_for(
        norm, scale, (psyi_informant)person->informant, (psyi_sex)person->sex, person->grade,
        person->has_age != 0 ? person->age : -1, person->has_age != 0 ? person->months : 0);
    const psyi_ratio age =
        person->has_age == 0 ? PSYI_RATIO_NONE : psyi_norm_age(norm, person->age, person->months);
    *out = psyi_ratio_double(psyi_norm_standard_at(norm, group, which, value, age));
    return PSY_OK;
}

/* ---- counts ---------------------------------------------------------------------------- */

bool psy_norms_are_counts(const psy_norms *norms)
{
    return norms->norm->local.present;
}

bool psy_norms_are_frozen(const psy_norms *norms)
{
    return !norms->norm->local.present || norms->norm->local.frozen;
}

psy_status psy_norms_merge(psy_norms **out, const psy_norms *const *parts, size_t n_parts,
                           const char *id, const psy_allocator *allocator, psy_error *error)
{
    if (n_parts == 0 || id == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "merging needs norms and an id");
    for (const char *at = id; *at != '\0'; at++)
        if (!((*at >= 'a' && *at <= 'z') ||
              (at > id && ((*at >= '0' && *at <= '9') || *at == '_'))))
            return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                             "'%.40s' is no id: small letters, digits and _, a letter first", id);
    if (*id == '\0')
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "an id is not empty");
    const psyi_norm **const norms = psyi_alloc(allocator, n_parts, sizeof *norms);
    if (norms == NULL)
        return psyi_fail_memory(error, "norms");
    for (size_t i = 0; i < n_parts; i++)
        norms[i] = parts[i]->norm;
    psyi_norm *made = NULL;
    psy_status status = psyi_counts_merge(&made, norms, n_parts, id, allocator, error);
    psyi_free(allocator, norms);
    if (status == PSY_OK)
        status = psyi_norms_wrap(out, made, allocator, error);
    return status;
}

psy_status psy_norms_freeze(psy_norms **out, const psy_norms *norms, const psy_allocator *allocator,
                            psy_error *error)
{
    psyi_norm *made = NULL;
    const psy_status status = psyi_counts_freeze(&made, norms->norm, allocator, error);
    return status == PSY_OK ? psyi_norms_wrap(out, made, allocator, error) : status;
}

psy_status psy_norms_write_file(const psy_norms *norms, const char *path, psy_error *error)
{
    if (!norms->norm->local.present)
        return psyi_fail(error, PSY_E_DATA, NULL,
                         "norm '%s' was not counted by psyscreen, and is not written by it",
                         norms->norm->id);
    const char *const name = psyi_base_name(path);
    const size_t length = strlen(norms->norm->id);
    if (strncmp(name, norms->norm->id, length) != 0 || strcmp(name + length, ".yaml") != 0)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "norm '%s' is written to a file called %s.yaml", norms->norm->id,
                         norms->norm->id);
    return psyi_counts_write(norms->norm, path, norms->allocator, error);
}
