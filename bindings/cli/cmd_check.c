/* cmd_check.c -- psyscreen check PATH... */
#include "commands.h"
#include "exitcode.h"
#include "session.h"
#include "show.h"

static const command_help help = {
    "check", "psyscreen check [OPTIONS] PATH...",
    "Lint instruments, plans and norm tables (files or directories) and run their worked\n"
    "examples.  Exit 0: fine; 1: with --strict, warnings or blocks that are only remembered;\n"
    "3: errors or failing examples."};

static void print_counts(const psy_check_counts *counts, bool json)
{
    if (json) {
        printf("{\"files\":%llu,\"instruments\":%llu,\"plans\":%llu,\"norms\":%llu,"
               "\"scales\":%llu,\"flags\":%llu,\"examples\":%llu,\"examples_failed\":%llu,"
               "\"errors\":%llu,\"warnings\":%llu,\"notes\":%llu,\"remembered\":%llu}\n",
               (unsigned long long)counts->files, (unsigned long long)counts->instruments,
               (unsigned long long)counts->plans, (unsigned long long)counts->norms,
               (unsigned long long)counts->scales, (unsigned long long)counts->flags,
               (unsigned long long)counts->examples, (unsigned long long)counts->examples_failed,
               (unsigned long long)counts->errors, (unsigned long long)counts->warnings,
               (unsigned long long)counts->notes, (unsigned long long)counts->remembered);
        return;
    }
    const struct {
        uint64_t n;
        const char *what;
    } lines[] = {{counts->instruments, "instrument"},
                 {counts->scales, "scale"},
                 {counts->flags, "flag"},
                 {counts->norms, "norm"},
                 {counts->plans, "plan"}};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        printf("%s%llu %s%s", i ? ", " : "", (unsigned long long)lines[i].n, lines[i].what,
               plural(lines[i].n));
    printf("\n%llu worked example%s run, %llu failed\n"
           "%llu error%s, %llu warning%s, %llu note%s; %llu block%s remembered, not verified%s\n",
           (unsigned long long)counts->examples, plural(counts->examples),
           (unsigned long long)counts->examples_failed, (unsigned long long)counts->errors,
           plural(counts->errors), (unsigned long long)counts->warnings, plural(counts->warnings),
           (unsigned long long)counts->notes, plural(counts->notes),
           (unsigned long long)counts->remembered, counts->remembered == 1 ? " is" : "s are",
           counts->remembered ? " (--strict lists them)" : "");
}

int cmd_check(int argc, char **argv)
{
    session s = {0};
    const option_spec specs[] = {{"strict", 0, OPTION_FLAG, NULL,
                                  "list what is only remembered; warnings make the exit 1",
                                  &s.strict},
                                 SESSION_OPTIONS(s),
                                 {0}};
    psy_check_counts counts = {0};
    psy_error error = {0};
    const psy_sink out = file_sink(stdout);
    int code = EXIT_DONE;
    const int first = options_parse(argc, argv, &help, specs, &code);

    if (first < 0)
        goto done;
    if (first >= argc) {
        code = usage_error(&help, "name at least one file or directory");
        goto done;
    }
    if ((code = session_open(&s)) != EXIT_DONE)
        goto done;
    if (psy_check((const char *const *)argv + first, (size_t)(argc - first), s.directories,
                  s.n_directories, NULL, s.findings, &counts, &error) != PSY_OK) {
        code = session_fail(&error);
        goto done;
    }
    if (s.json) {
        if (psy_findings_write_json(s.findings, &out, &error) != PSY_OK) {
            code = session_fail(&error);
            goto done;
        }
    } else {
        show_findings(s.findings, s.strict ? PSY_NOTE : PSY_WARNING, 0, true);
    }
    if (!s.quiet)
        print_counts(&counts, s.json);
    if (counts.errors || counts.examples_failed)
        code = EXIT_REFUSED;
    else if (s.strict && (counts.warnings || counts.remembered))
        code = EXIT_LEFT_OUT;
    if (!finish_stdout())
        code = EXIT_OUTPUT;
done:
    session_close(&s);
    options_release(specs);
    return code;
}
