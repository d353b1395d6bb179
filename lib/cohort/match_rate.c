/*
 * match_rate.c -- how many sheets of each school found their student, and by what.
 *
 * A sheet is of the school it names, else of the school of its student.  Schools all of whose
 * sheets were matched by code are one finding together; each other school has its own.
 */
#include "base/fail.h"
#include "base/spill.h"
#include "cohort/assembly.h"
#include "table/collect.h"

enum { FEW_PERCENT = 90 }; /* below it something is wrong with the file, not with a sheet */

typedef struct rate {
    uint32_t sheets, by_code, otherwise;
} rate;

static psy_status tell_school(const psyi_assembly *a, const psyi_school *school, const rate *at,
                              psy_error *error)
{
    const uint32_t matched = at->by_code + at->otherwise;
    const bool few = (uint64_t)matched * 100 < (uint64_t)at->sheets * FEW_PERCENT;
    const uint64_t tenths = ((uint64_t)matched * 2000 + at->sheets) / (2 * (uint64_t)at->sheets);
    const psy_finding finding = {.field = "school",
                                 .rule = "match_rate",
                                 .severity = few ? PSY_WARNING : PSY_NOTE,
                                 .subject = school->code,
                                 .remedy = few ? "compare the columns of the school's file with "
                                                 "the roster's"
                                               : NULL};
    return psyi_find(
        a->findings, &finding, error,
        "matched: %u of %u of the sheets of this school (%llu.%llu %%): %u by code, %u "
        "otherwise",
        matched, at->sheets, (unsigned long long)(tenths / 10), (unsigned long long)(tenths % 10),
        at->by_code, at->otherwise);
}

psy_status psyi_tell_match_rates(const psyi_assembly *a, psy_error *error)
{
    const psyi_results *const r = a->results;
    if (r->roster == NULL || r->intake->n_records == 0)
        return PSY_OK;
    rate *const rates = psyi_alloc(a->allocator, r->n_schools + 1, sizeof *rates);
    if (rates == NULL)
        return psyi_fail_memory(error, "match rates");
    rate all = {0};
    for (uint32_t i = 0; i < r->intake->n_records; i++) {
        psyi_spill_pass(a->allocator, i);
        const uint32_t student = a->record_student[i];
        uint32_t school = a->record_school[i];
        if (school == UINT32_MAX)
            school =
                student != PSYI_NO_STUDENT ? r->students[student].school : (uint32_t)r->n_schools;
        rate *const at = &rates[school];
        at->sheets++;
        all.sheets++;
        at->by_code += student != PSYI_NO_STUDENT && !a->by_ladder[i];
        at->otherwise += student != PSYI_NO_STUDENT && a->by_ladder[i];
    }
    psy_status status = PSY_OK;
    size_t full = 0;
    for (size_t i = 0; i < r->n_schools && status == PSY_OK; i++) {
        all.by_code += rates[i].by_code;
        all.otherwise += rates[i].otherwise;
        full += rates[i].sheets > 0 && rates[i].by_code == rates[i].sheets;
        if (rates[i].sheets > 0 && rates[i].by_code < rates[i].sheets)
            status = tell_school(a, &r->schools[i], &rates[i], error);
    }
    if (status == PSY_OK) {
        const psy_finding finding = {.field = "school", .rule = "match_rate", .severity = PSY_NOTE};
        status = psyi_find(a->findings, &finding, error,
                           "matched: %u of %u sheets in all, %u otherwise than by code; schools "
                           "with all sheets matched by code: %zu",
                           all.by_code + all.otherwise, all.sheets, all.otherwise, full);
    }
    psyi_free(a->allocator, rates);
    return status;
}
