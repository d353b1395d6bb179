/* cmd_critical.c -- psyscreen critical PLAN RESPONSES... */
#include "commands.h"
#include "exitcode.h"
#include "session.h"
#include "show.h"

static const command_help help = {
    "critical", "psyscreen critical [OPTIONS] PLAN RESPONSES...",
    "The critical list alone, most urgent first, from item columns only: works on partial\n"
    "exports in the middle of a testing day, without roster or norms.  Prints a CSV; with --out\n"
    "also writes a workbook with due times and columns for the interview.  A file that cannot be\n"
    "read is left out and named, and the exit is 1."};

int cmd_critical(int argc, char **argv)
{
    session s = {0};
    const char *workbook = NULL, *passwords = NULL, *new_passwords = NULL, *tmpdir = NULL;
    const option_spec specs[] = {
        {"out", 'o', OPTION_TEXT, "FILE.xlsx", "also a workbook, which must not be there yet",
         &workbook},
        PASSWORD_OPTIONS(passwords, new_passwords, tmpdir),
        STRICT_OPTION(s),
        SESSION_OPTIONS(s),
        {0}};
    const psy_sink out = file_sink(stdout);
    psy_plan *plan = NULL;
    psy_error error = {0};
    uint64_t listed = 0;
    int code = EXIT_DONE;
    const int first = options_parse(argc, argv, &help, specs, &code);

    if (first < 0)
        goto done;
    if (argc - first < 2) {
        code = usage_error(&help, "name a plan and at least one file of responses");
        goto done;
    }
    if (!workbook && (passwords || new_passwords)) {
        code = usage_error(&help, "a password is for the workbook: name it with --out");
        goto done;
    }
    const psy_screening_options options = {.version = PSY_SCREENING_OPTIONS_VERSION,
                                           .progress = show_progress,
                                           .progress_context = &s.quiet,
                                           .passwords = passwords,
                                           .new_passwords = new_passwords,
                                           .tmpdir = tmpdir};
    if ((code = session_open(&s)) != EXIT_DONE ||
        (code = session_plan(&s, argv[first], &plan)) != EXIT_DONE)
        goto done;
    if (psy_critical_write(plan, (const char *const *)argv + first + 1, (size_t)(argc - first - 1),
                           &out, workbook, &options, s.findings, &listed, &error) != PSY_OK) {
        show_findings(s.findings, PSY_WARNING, 3, false);
        code = session_fail(&error);
        goto done;
    }
    show_progress_end();
    if (!s.quiet) {
        show_findings(s.findings, PSY_WARNING, 3, false);
        fprintf(stderr, "%llu sheet%s on the critical list\n", (unsigned long long)listed,
                plural(listed));
    }
    code = finish_stdout() ? session_code(&s) : EXIT_OUTPUT;
done:
    psy_plan_free(plan);
    session_close(&s);
    options_release(specs);
    return code;
}
