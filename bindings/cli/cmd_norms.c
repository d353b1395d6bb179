/* cmd_norms.c -- psyscreen norms build|show|merge|freeze */
#include "commands.h"
#include "exitcode.h"
#include "rosters.h"
#include "session.h"
#include "show.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const command_help help = {
    "norms",
    "psyscreen norms build --plan PLAN [--roster FILE|DIR]... --out DIR RESPONSES...\n"
    "       psyscreen norms show FILE.yaml...\n"
    "       psyscreen norms merge --out ID.yaml FILE.yaml...\n"
    "       psyscreen norms freeze --out ID.yaml FILE.yaml",
    "Local norms as files of counts.  `build` counts the scores of a wave, group by group, for\n"
    "every local norm of the plan and writes DIR/<norm>_<use>_<scale>.yaml with its CSV.\n"
    "`merge` adds the counts of districts or waves: integers, so the order leaves no trace, and\n"
    "the same counts are never added twice.  `freeze` declares counts final; only then may a\n"
    "plan name them (norms: [{id: ..., scale: ..., file: ID.yaml, metrics: [...]}]).  `show`\n"
    "prints the groups as CSV: n, mean, sd, and by what each group is judged.\n"
    "Counts of children's scores are data about children: a group of one is a child."};

/* ---- files ---- */

static int out_of_memory(void)
{
    fputs("psyscreen: out of memory\n", stderr);
    return EXIT_OUTPUT;
}

static void release(psy_norms **norms, size_t n)
{
    for (size_t i = 0; norms && i < n; i++)
        psy_norms_free(norms[i]);
    free(norms);
}

static int load(const session *s, char **files, size_t n, psy_norms ***out)
{
    psy_error error = {0};
    psy_norms **const norms = calloc(n, sizeof *norms);

    if (!norms)
        return out_of_memory();
    for (size_t i = 0; i < n; i++)
        if (psy_norms_load_file(&norms[i], files[i], NULL, s->findings, &error) != PSY_OK) {
            show_findings(s->findings, PSY_WARNING, 3, false);
            release(norms, n);
            return session_fail(&error);
        }
    *out = norms;
    return EXIT_DONE;
}

/* "dir/x.yaml" -> "x"; NULL when it does not end so. */
static char *id_of(const char *path)
{
    const char *const slash = strrchr(path, '/'), *const name = slash ? slash + 1 : path;
    const size_t length = strlen(name);

    if (length < 6 || strcmp(name + length - 5, ".yaml") != 0)
        return NULL;
    char *const id = strdup(name);
    if (id)
        id[length - 5] = '\0';
    return id;
}

/* ---- build ---- */

static int write_built(const session *s, psy_norms *const *norms, size_t n, const char *directory)
{
    psy_error error = {0};
    size_t written = 0;

    /* Where it cannot be made, writing into it says why. */
    (void)mkdir(directory, 0777);
    for (size_t i = 0; i < n; i++) {
        if (!norms[i])
            continue;
        const char *const id = psy_norms_id(norms[i]);
        const size_t length = strlen(directory) + strlen(id) + 7;
        char *const path = malloc(length);
        if (!path)
            return out_of_memory();
        snprintf(path, length, "%s/%s.yaml", directory, id);
        const psy_status status = psy_norms_write_file(norms[i], path, &error);
        if (status == PSY_OK && !s->quiet)
            printf("%s\n", path);
        free(path);
        if (status != PSY_OK)
            return session_fail(&error);
        written++;
    }
    if (written == 0) {
        fputs("psyscreen: the plan has no local norm that anybody has a score for\n", stderr);
        return EXIT_REFUSED;
    }
    return EXIT_DONE;
}

static int build(session *s, const char *plan_name, const text_list *rosters, const char *directory,
                 char **files, size_t n_files)
{
    psy_plan *plan = NULL;
    roster_paths lists = {0};
    psy_error error = {0};
    int code = session_plan(s, plan_name, &plan);

    if (code == EXIT_DONE)
        code = rosters_find(rosters, &lists);
    if (code != EXIT_DONE)
        goto done;
    const size_t n = psy_norms_build_count(plan);
    psy_norms **const norms = calloc(n > 0 ? n : 1, sizeof *norms);
    const psy_screening_options options = {.version = PSY_SCREENING_OPTIONS_VERSION};
    if (!norms)
        code = out_of_memory();
    else if (psy_norms_build(norms, plan, (const char *const *)lists.paths, lists.n,
                             (const char *const *)files, n_files, &options, s->findings,
                             &error) != PSY_OK)
        code = session_fail(&error);
    else
        code = write_built(s, norms, n, directory);
    if (!s->quiet)
        show_findings(s->findings, PSY_WARNING, 10, false);
    release(norms, n);
    if (code == EXIT_DONE)
        code = session_code(s);
done:
    rosters_release(&lists);
    psy_plan_free(plan);
    return code;
}

/* ---- show, merge, freeze ---- */

static int show(const session *s, psy_norms *const *norms, size_t n)
{
    const psy_sink out = file_sink(stdout);
    psy_error error = {0};

    for (size_t i = 0; i < n; i++) {
        psy_table *table = NULL;
        psy_status status = psy_norms_table(&table, norms[i], NULL, &error);
        if (status == PSY_OK)
            status = s->json ? psy_table_write_json(table, &out, &error)
                             : psy_table_write_csv(table, &out, &error);
        psy_table_free(table);
        if (status != PSY_OK)
            return session_fail(&error);
    }
    return finish_stdout() ? EXIT_DONE : EXIT_OUTPUT;
}

static int merge(psy_norms *const *norms, size_t n, const char *id, const char *path)
{
    psy_norms *sum = NULL;
    psy_error error = {0};
    psy_status status = psy_norms_merge(&sum, (const psy_norms *const *)norms, n, id, NULL, &error);

    if (status == PSY_OK)
        status = psy_norms_write_file(sum, path, &error);
    psy_norms_free(sum);
    return status == PSY_OK ? EXIT_DONE : session_fail(&error);
}

static int freeze(const psy_norms *norms, const char *path)
{
    psy_norms *frozen = NULL;
    psy_error error = {0};
    psy_status status = psy_norms_freeze(&frozen, norms, NULL, &error);

    if (status == PSY_OK)
        status = psy_norms_write_file(frozen, path, &error);
    psy_norms_free(frozen);
    return status == PSY_OK ? EXIT_DONE : session_fail(&error);
}

int cmd_norms(int argc, char **argv)
{
    session s = {0};
    const char *plan = NULL, *out = NULL;
    text_list rosters = {0};
    const option_spec specs[] = {
        {"plan", 'p', OPTION_TEXT, "PLAN", "build: a path or an id", &plan},
        {"roster", 'r', OPTION_LIST, "FILE|DIR",
         "build: who should have answered; may be given again; of a directory every file",
         &rosters},
        {"out", 'o', OPTION_TEXT, "PATH",
         "build: a directory, made if it is not there; merge, freeze: ID.yaml", &out},
        STRICT_OPTION(s),
        SESSION_OPTIONS(s),
        {0}};
    int code = EXIT_DONE;
    psy_norms **norms = NULL;
    size_t n_loaded = 0;
    char *id = NULL;
    const int first = options_parse(argc, argv, &help, specs, &code);

    if (first < 0)
        goto done;
    const char *const what = first < argc ? argv[first] : "";
    char **const files = argv + first + (first < argc);
    const size_t n = first < argc ? (size_t)(argc - first - 1) : 0;
    const bool building = strcmp(what, "build") == 0, showing = strcmp(what, "show") == 0;
    const bool merging = strcmp(what, "merge") == 0, freezing = strcmp(what, "freeze") == 0;
    if (!building && !showing && !merging && !freezing)
        code = usage_error(&help, "say build, show, merge or freeze");
    else if (n == 0)
        code = usage_error(&help, "name at least one file");
    else if (!showing && !out)
        code = usage_error(&help, "say with --out where to write");
    else if (building && !plan)
        code = usage_error(&help, "name the plan with --plan");
    else if (freezing && n != 1)
        code = usage_error(&help, "one file is frozen at a time");
    else if ((merging || freezing) && !(id = id_of(out)))
        code = usage_error(&help, "--out is a file called <id>.yaml");
    if (code != EXIT_DONE || (code = session_open(&s)) != EXIT_DONE)
        goto done;
    if (building)
        code = build(&s, plan, &rosters, out, files, n);
    else if ((code = load(&s, files, n, &norms)) == EXIT_DONE) {
        n_loaded = n;
        code = showing   ? show(&s, norms, n)
               : merging ? merge(norms, n, id, out)
                         : freeze(norms[0], out);
    }
done:
    release(norms, n_loaded);
    free(id);
    session_close(&s);
    options_release(specs);
    return code;
}
