/*
 * school_names.c -- file names of the schools' workbooks.
 *
 * A name is the school's code where that is one on every system: letters, digits, "_" and
 * "-".  Anything else gets a name made of the digest of the code, and a finding, because
 * somebody will look for the file.  Systems that do not tell letters apart by case must not
 * put two schools into one file, so the later one gets a suffix.
 */
#include "base/digest.h"
#include "base/fail.h"
#include "base/text.h"
#include "screening/outputs.h"
#include "table/collect.h"

#include <string.h>

/* Names that mean a device somewhere, or that are ours. */
static bool is_reserved(const char *name)
{
    static const char *const words[] = {"con", "prn", "aux", "nul", "_unmatched", "_sealed", "_unknown"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (psyi_ascii_compare(name, words[i]) == 0)
            return true;
    if (strlen(name) != 4 || name[3] < '0' || name[3] > '9')
        return false;
    const char port[4] = {name[0], name[1], name[2], '\0'};
    return psyi_ascii_compare(port, "com") == 0 || psyi_ascii_compare(port, "lpt") == 0;
}

static psy_status base_name(const psyi_school *school, psyi_arena *arena, const char **out,
                            psy_findings *findings, psy_error *error)
{
    psy_finding finding = {
        .field = "school", .rule = "school_unknown", .severity = PSY_NOTE, .subject = school->code};
    if (school->code[0] == '\0') {
        *out = "_unknown";
        return psyi_find(findings, &finding, error,
                         "students whose school is not known stand in schools/_unknown.xlsx");
    }
    if (psyi_is_file_id(school->code, strlen(school->code)) && !is_reserved(school->code)) {
        *out = school->code;
        return PSY_OK;
    }
    char digest[65];
    if (!psyi_sha256_bytes(school->code, strlen(school->code), digest))
        return psyi_fail_memory(error, "school names");
    *out = psyi_arena_format(arena, "school-%.16s", digest);
    if (*out == NULL)
        return psyi_fail_memory(error, "school names");
    finding.rule = "school_file_name";
    finding.severity = PSY_WARNING;
    finding.remedy = "give schools numbers or short codes (letters, digits, - and _) of their own";
    return psyi_find(findings, &finding, error,
                     "the code '%.*s' of a school is no safe file name; its workbook is %s.xlsx",
                     (int)psyi_utf8_prefix(school->code, strlen(school->code), 90), school->code,
                     *out);
}

static bool is_taken(const char *const *names, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (psyi_ascii_compare(names[i], name) == 0)
            return true;
    return false;
}

psy_status psyi_school_names(const psyi_results *results, psyi_arena *arena, const char ***out,
                             psy_findings *findings, psy_error *error)
{
    const size_t n = results->n_schools;
    const char **const names = psyi_arena_alloc(arena, n, sizeof *names);
    const char **const bases = psyi_arena_alloc(arena, n, sizeof *bases);
    psy_status status =
        names == NULL || bases == NULL ? psyi_fail_memory(error, "school names") : PSY_OK;
    for (size_t i = 0; i < n && status == PSY_OK; i++)
        status = base_name(&results->schools[i], arena, &bases[i], findings, error);
    for (size_t i = 0; i < n && status == PSY_OK; i++) {
        names[i] = bases[i];
        for (unsigned k = 2; names[i] != NULL && is_taken(names, i, names[i]); k++) {
            names[i] = psyi_arena_format(arena, "%s-%u", bases[i], k);
            /* Not one that another school has by right. */
            while (names[i] != NULL && is_taken(bases, n, names[i]))
                names[i] = psyi_arena_format(arena, "%s-%u", bases[i], ++k);
        }
        if (names[i] == NULL)
            return psyi_fail_memory(error, "school names");
        if (names[i] == bases[i])
            continue;
        const psy_finding finding = {.field = "school",
                                     .rule = "school_file_name",
                                     .severity = PSY_WARNING,
                                     .subject = results->schools[i].code};
        status = psyi_find(findings, &finding, error,
                           "another school's code differs only in upper and lower case; the "
                           "workbook of this one is %s.xlsx",
                           names[i]);
    }
    *out = names;
    return status;
}
