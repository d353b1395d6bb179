/*
 * write_report_run.c -- the run of the report tests as files, for compare_report.py.
 *
 *     write_report_run INPUTS OUT [own | fast | reference]
 */
#include "report_fixture.h"

#include "base/file.h"
#include "report/report.h"

#include <stdio.h>
#include <string.h>

static int take(void *context, const void *bytes, size_t size)
{
    return fwrite(bytes, 1, size, context) != size;
}

static int complain(const char *what, const psy_error *error)
{
    fprintf(stderr, "%s: %s\n", what, error->message);
    return 1;
}

int main(int argc, char **argv)
{
    psy_error error = {0};
    report_fixture run;
    char path[1024];
    if (argc < 3 || !report_fixture_make(&run, argv[1], argv[1]))
        return 1;
    run.results->fast = argc > 3 && strcmp(argv[3], "fast") == 0;
    run.results->reference_writer = argc > 3 && strcmp(argv[3], "reference") == 0;
    const psyi_results *const results = run.results;
    for (size_t i = 0; i < results->n_schools; i++) {
        snprintf(path, sizeof path, "%s/%s.xlsx", argv[2], results->schools[i].code);
        if (psyi_report_school(results, i, path, run.findings, &error) != PSY_OK)
            return complain(path, &error);
    }
    snprintf(path, sizeof path, "%s/district.xlsx", argv[2]);
    if (psyi_report_district(results, path, run.findings, &error) != PSY_OK)
        return complain(path, &error);
    snprintf(path, sizeof path, "%s/_unmatched.xlsx", argv[2]);
    if (psyi_report_unmatched(results, path, &error) != PSY_OK)
        return complain(path, &error);
    snprintf(path, sizeof path, "%s/_sealed.xlsx", argv[2]);
    if (psyi_report_sealed(results, path, &error) != PSY_OK)
        return complain(path, &error);
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", argv[2], i == 0 ? "scores.csv" : "run.json");
        FILE *const file = fopen(path, "wb");
        if (file == NULL)
            return 1;
        const psy_sink sink = {take, file};
        const psy_status status =
            i == 0 ? psyi_report_scores(results, &sink, &error)
                   : psyi_report_manifest(results, NULL, 0, run.findings, &sink, &error);
        fclose(file);
        if (status != PSY_OK)
            return complain(path, &error);
    }
    report_fixture_free(&run);
    return 0;
}
