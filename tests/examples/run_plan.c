/* run_plan.c -- a whole screening from C, with a progress report.
 *
 *     run_plan CATALOGUE PLAN ROSTER RESPONSES OUT */
#include <psyscreen/psyscreen.h>

#include <stdio.h>
#include <stdlib.h>

static int progress(void *context, const psy_progress *now)
{
    const char **phase = context;
    if (*phase != now->phase)
        printf("%s\n", now->phase);
    *phase = now->phase;
    return 0; /* anything else would stop the run */
}

int main(int argc, char **argv)
{
    const char *phase = NULL;
    psy_screening_options options = {.version = PSY_SCREENING_OPTIONS_VERSION,
                                     .progress = progress,
                                     .progress_context = &phase};
    psy_screening_summary summary = {0};
    psy_catalog *catalog = NULL;
    psy_plan *plan = NULL;
    psy_error error;
    psy_status status;

    if (argc != 6) {
        fprintf(stderr, "usage: %s CATALOGUE PLAN ROSTER RESPONSES OUT\n", argv[0]);
        return EXIT_FAILURE;
    }
    const char *directories[] = {argv[1]}, *rosters[] = {argv[3]}, *responses[] = {argv[4]};
    if ((status = psy_catalog_open(&catalog, directories, 1, NULL, &error)) == PSY_OK &&
        (status = psy_plan_load_file(&plan, argv[2], catalog, NULL, NULL, &error)) == PSY_OK &&
        (status = psy_screening_run(plan, rosters, 1, responses, 1, argv[5], &options, NULL,
                                    &summary, &error)) == PSY_OK)
        printf("%llu of %llu students tested, %llu urgent, %llu to review\n",
               (unsigned long long)summary.tested, (unsigned long long)summary.due,
               (unsigned long long)summary.urgent, (unsigned long long)summary.review);
    if (status != PSY_OK) {
        char text[1024];
        psy_error_format(&error, NULL, 0, text, sizeof text);
        fprintf(stderr, "%s\n", text);
    }
    psy_plan_free(plan);
    psy_catalog_free(catalog);
    return status == PSY_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
