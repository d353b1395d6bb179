/* cmd_quality.c -- psyscreen quality --plan PLAN RESPONSES... */
#include "commands.h"
#include "exitcode.h"
#include "rosters.h"
#include "session.h"
#include "show.h"

#include <string.h>

static const command_help help = {
    "quality", "psyscreen quality --plan PLAN [--roster FILE|DIR]... [--out DIR] RESPONSES...",
    "The psychometric report of a wave: for each scale and group n, mean, SD, floor and ceiling,\n"
    "reliability (alpha with its interval, omega, lambda 6, halves, SEM); items that want a look;\n"
    "how the indices of careless answering lie; whether the numbers look like those of other\n"
    "surveys.  Prints Markdown; with --out also writes scales.csv, items.csv, validity.csv,\n"
    "checks.csv and the report in both languages.  Decides nothing about anybody."};

typedef struct arguments {
    session s;
    const char *plan, *out, *language;
    text_list rosters, by;
    uint64_t few;
    bool pairwise;
} arguments;

static bool groups_of(const text_list *by, uint32_t *out)
{
    static const struct {
        const char *word;
        psy_quality_by by;
    } words[] = {{"stage", PSY_QUALITY_BY_STAGE},
                 {"grade", PSY_QUALITY_BY_GRADE},
                 {"sex", PSY_QUALITY_BY_SEX},
                 {"nothing", PSY_QUALITY_BY_NOTHING}};
    for (size_t i = 0; i < by->n; i++) {
        size_t w = 0;
        while (w < 4 && strcmp(words[w].word, by->texts[i]) != 0)
            w++;
        if (w == 4)
            return false;
        *out |= (uint32_t)words[w].by;
    }
    return true;
}

/* Tables as JSON lines, each behind a line that names it. */
static psy_status print_json(const psy_quality *quality, psy_error *error)
{
    static const char *const names[] = {"scales", "items", "validity", "checks"};
    const psy_sink out = file_sink(stdout);
    psy_status status = PSY_OK;
    for (unsigned part = 0; part < PSY_QUALITY_PARTS && status == PSY_OK; part++) {
        const psy_table *const table = psy_quality_table(quality, (psy_quality_part)part);
        printf("{\"table\": \"%s\", \"rows\": %zu}\n", names[part], psy_table_row_count(table));
        status = psy_table_write_json(table, &out, error);
    }
    return status;
}

static int report(const arguments *a, const psy_quality *quality)
{
    const psy_sink out = file_sink(stdout);
    psy_error error = {0};
    psy_status status = PSY_OK;
    if (a->out != NULL)
        status = psy_quality_save(quality, a->out, &error);
    if (status == PSY_OK)
        status = a->s.json ? print_json(quality, &error)
                           : psy_quality_write(quality, a->language, &out, &error);
    if (status != PSY_OK)
        return session_fail(&error);
    if (!finish_stdout())
        return EXIT_OUTPUT;
    if (!a->s.quiet)
        show_findings(a->s.findings, PSY_WARNING, 3, false);
    return session_code(&a->s);
}

int cmd_quality(int argc, char **argv)
{
    arguments a = {.language = "en"};
    const option_spec specs[] = {
        {"plan", 'p', OPTION_TEXT, "PLAN", "a plan, by path or id", &a.plan},
        {"roster", 'r', OPTION_LIST, "FILE|DIR",
         "who should have answered; may be given again; of a directory every file", &a.rosters},
        {"out", 'o', OPTION_TEXT, "DIR", "also write tables and reports here", &a.out},
        {"by", 0, OPTION_COMMAS, "KEY,...",
         "groups: stage, grade, sex or nothing (default stage,sex)", &a.by},
        {"few", 0, OPTION_COUNT, "N", "mark groups of fewer (default 100)", &a.few},
        {"pairwise", 0, OPTION_FLAG, NULL, "reliability from pairs, not complete sheets only",
         &a.pairwise},
        {"language", 'l', OPTION_TEXT, "en|zh", "of what is printed (default en)", &a.language},
        STRICT_OPTION(a.s),
        SESSION_OPTIONS(a.s),
        {0}};
    psy_quality_options options = {.version = PSY_QUALITY_OPTIONS_VERSION};
    psy_quality *quality = NULL;
    psy_plan *plan = NULL;
    roster_paths rosters = {0};
    psy_error error = {0};
    int code = EXIT_DONE;
    const int first = options_parse(argc, argv, &help, specs, &code);

    if (first < 0)
        goto done;
    if (!a.plan)
        code = usage_error(&help, "name the plan with --plan");
    else if (first >= argc)
        code = usage_error(&help, "name at least one file of responses");
    else if (!groups_of(&a.by, &options.by))
        code = usage_error(&help, "--by knows stage, grade, sex and nothing");
    else if (strcmp(a.language, "en") != 0 && strcmp(a.language, "zh") != 0)
        code = usage_error(&help, "--language is en or zh");
    if (code != EXIT_DONE || (code = session_open(&a.s)) != EXIT_DONE ||
        (code = session_plan(&a.s, a.plan, &plan)) != EXIT_DONE ||
        (code = rosters_find(&a.rosters, &rosters)) != EXIT_DONE)
        goto done;
    options.few = a.few > UINT32_MAX ? UINT32_MAX : (uint32_t)a.few;
    options.rows = a.pairwise ? PSY_ROWS_PAIRWISE : PSY_ROWS_LISTWISE;
    if (psy_quality_run(&quality, plan, (const char *const *)rosters.paths, rosters.n,
                        (const char *const *)argv + first, (size_t)(argc - first), &options,
                        a.s.findings, &error) != PSY_OK) {
        show_findings(a.s.findings, PSY_WARNING, 3, false);
        code = session_fail(&error);
    } else {
        code = report(&a, quality);
    }
done:
    psy_quality_free(quality);
    psy_plan_free(plan);
    rosters_release(&rosters);
    session_close(&a.s);
    options_release(specs);
    return code;
}
