/*
 * public_norms.c -- norm files for callers of the library.
 *
 * A raw score comes as a double and stands for the decimal that prints it, because that is
 * what a published table means by it.
 */
#include "base/fail.h"
#include "base/number.h"
#include "definition/load.h"
#include "norm/apply.h"

#include <psyscreen/norms.h>

#include <math.h>
#include <string.h>

struct psy_norms {
    const psy_allocator *allocator;
    psyi_norm *norm;
};

psy_status psy_norms_load_file(psy_norms **out, const char *path, const psy_allocator *allocator,
                               psy_findings *findings, psy_error *error)
{
    psy_norms *const norms = psyi_alloc(allocator, 1, sizeof *norms);
    if (norms == NULL)
        return psyi_fail_memory(error, "norms");
    norms->allocator = allocator;
    const psy_status status = psyi_norm_load_file(&norms->norm, path, allocator, findings, error);
    if (status != PSY_OK) {
        psyi_free(allocator, norms);
        return status;
    }
    *out = norms;
    return PSY_OK;
}

void psy_norms_free(psy_norms *norms)
{
    if (norms == NULL)
        return;
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
    for (unsigned i = 0; i < PSYI_METRICS; i++) {
        if ((norm->metrics >> i & 1) == 0 ||
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
    const psyi_norm_group *const group =
        psyi_norm_group_for(norm, scale, (psyi_informant)person->informant, (psyi_sex)person->sex,
                            person->grade, person->has_age != 0 ? person->age : -1);
    *out = psyi_ratio_double(psyi_norm_standard(norm, group, which, value));
    return PSY_OK;
}
