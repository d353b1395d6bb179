/* cmd_collect.c -- psyscreen collect --plan PLAN --out FILE RESULTS [WORKBOOK...] */
#include "commands.h"
#include "exitcode.h"
#include "session.h"
#include "show.h"

static const command_help help = {
    "collect", "psyscreen collect --plan PLAN --out FILE.csv [OPTIONS] RESULTS [WORKBOOK...]",
    "What schools wrote into the follow-up ledger (跟进台账) and the warning list (预警名单) of "
    "their\n"
    "workbooks, as one CSV, and counts by school, tier and state without anybody's name.\n"
    "RESULTS is the directory of the run; WORKBOOKs are the copies that came back (without any:\n"
    "those of RESULTS/schools).  Workbooks are never changed.  Rows that were changed, are "
    "missing\n"
    "or stand twice, and words that are not of their list, are findings with the name of the "
    "cell."};

typedef struct arguments {
    session s;
    const char *plan, *out, *counts, *passwords, *as_of;
} arguments;

static int save(const arguments *a, const psy_collected *collected)
{
    psy_error error = {0};
    if (psy_collected_save(collected, PSY_COLLECT_ENTRIES, a->out, &error) != PSY_OK ||
        (a->counts &&
         psy_collected_save(collected, PSY_COLLECT_COUNTS, a->counts, &error) != PSY_OK))
        return session_fail(&error);
    const psy_sink out = file_sink(stdout);
    const psy_table *const counts = psy_collected_table(collected, PSY_COLLECT_COUNTS);
    if (a->s.json && psy_table_write_json(counts, &out, &error) != PSY_OK)
        return session_fail(&error);
    if (!a->s.quiet) {
        show_findings(a->s.findings, PSY_NOTE, 20, false);
        const size_t n = psy_table_row_count(psy_collected_table(collected, PSY_COLLECT_ENTRIES));
        fprintf(stderr, "%zu row%s of ledgers and lists in %s\n", n, plural(n), a->out);
    }
    return finish_stdout() ? session_code(&a->s) : EXIT_OUTPUT;
}

int cmd_collect(int argc, char **argv)
{
    arguments a = {0};
    const option_spec specs[] = {
        {"plan", 'p', OPTION_TEXT, "PLAN", "path or id of the run's plan: names of tiers", &a.plan},
        {"out", 'o', OPTION_TEXT, "FILE.csv", "every row, with the names of its columns", &a.out},
        {"counts", 0, OPTION_TEXT, "FILE.csv", "also counts by school and tier, nameless",
         &a.counts},
        {"passwords", 0, OPTION_TEXT, "FILE",
         "of workbooks that have one; CSV school,password, school at the head of the file's name",
         &a.passwords},
        {"as-of", 0, OPTION_TEXT, "DATE", "count what was due before this day as overdue",
         &a.as_of},
        STRICT_OPTION(a.s),
        SESSION_OPTIONS(a.s),
        {0}};
    psy_collected *collected = NULL;
    psy_plan *plan = NULL;
    psy_error error = {0};
    int code = EXIT_DONE;
    const int first = options_parse(argc, argv, &help, specs, &code);

    if (first < 0)
        goto done;
    if (!a.plan || !a.out || first >= argc) {
        code = usage_error(&help, "give --plan, --out and the directory of the results");
        goto done;
    }
    if ((code = session_open(&a.s)) != EXIT_DONE ||
        (code = session_plan(&a.s, a.plan, &plan)) != EXIT_DONE)
        goto done;
    const psy_collect_options options = {
        .version = PSY_COLLECT_OPTIONS_VERSION, .passwords = a.passwords, .as_of = a.as_of};
    if (psy_collect_run(&collected, plan, argv[first], (const char *const *)argv + first + 1,
                        (size_t)(argc - first - 1), &options, a.s.findings, &error) != PSY_OK) {
        show_findings(a.s.findings, PSY_WARNING, 3, false);
        code = session_fail(&error);
    } else {
        code = save(&a, collected);
    }
done:
    psy_collected_free(collected);
    psy_plan_free(plan);
    session_close(&a.s);
    options_release(specs);
    return code;
}
