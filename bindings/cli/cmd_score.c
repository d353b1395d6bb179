/* cmd_score.c -- psyscreen score: a whole plan, or instruments over one CSV. */
#include "commands.h"
#include "exitcode.h"
#include "rosters.h"
#include "session.h"
#include "show.h"

#include <string.h>
#include <unistd.h>

static const command_help help = {
    "score",
    "psyscreen score --plan PLAN [--roster FILE|DIR]... --out DIR RESPONSES...\n"
    "       psyscreen score --instrument ID[@EDITION][:VARIANT][,...] [--keep COL,...] [FILE]",
    "With --plan: run a whole screening and write run.json, scores.csv, findings.csv, a\n"
    "workbook per school and one for the district into DIR.\n"
    "With --instrument: score a CSV (or standard input) whose answers stand in columns\n"
    "<instrument>_<item> (phq9_1, psqi_q1_bed, ...) and print a CSV.  Optional columns sex,\n"
    "grade, age, informant choose bands and norms."};

typedef struct score_arguments {
    session s;
    const char *plan, *external, *previous, *counts, *entries, *out, *population, *encoding,
        *writer;
    const char *passwords, *new_passwords, *mapping, *tmpdir, *memory_text;
    text_list rosters, uses, keep, roles, published;
    uint64_t threads, capacity, memory;
    bool force, no_workbooks, fast, what_if;
} score_arguments;

static size_t read_stdin(void *context, void *buffer, size_t size)
{
    (void)context;
    const size_t got = fread(buffer, 1, size, stdin);
    return got == 0 && ferror(stdin) ? (size_t)-1 : got;
}

static int score_instrument(score_arguments *a, const char *file)
{
    const bool standard_input = !file || strcmp(file, "-") == 0;
    const psy_source source = {read_stdin, NULL, "<stdin>"};
    const psy_sink out = file_sink(stdout);
    const psy_score_options options = {.version = PSY_SCORE_OPTIONS_VERSION,
                                       .n_threads = (uint32_t)a->threads,
                                       .population = a->population,
                                       .encoding = a->encoding};
    psy_table *table = NULL;
    psy_error error = {0};
    int code = EXIT_DONE;

    if (psy_score_csv(&table, a->s.catalog, a->uses.texts, a->uses.n, a->keep.texts, a->keep.n,
                      standard_input ? NULL : file, standard_input ? &source : NULL, &options,
                      a->s.findings, &error) != PSY_OK) {
        show_findings(a->s.findings, PSY_WARNING, 3, false);
        const int code_of_error = session_fail(&error);
        if (strstr(error.message, "declare encoding"))
            fprintf(stderr, "   here that is --encoding NAME\n");
        return code_of_error;
    }
    if ((a->s.json ? psy_table_write_json(table, &out, &error)
                   : psy_table_write_csv(table, &out, &error)) != PSY_OK)
        code = session_fail(&error);
    else if (!finish_stdout())
        code = EXIT_OUTPUT;
    psy_table_free(table);
    if (code != EXIT_DONE)
        return code;
    if (!a->s.quiet)
        show_findings(a->s.findings, PSY_NOTE, 3, false);
    return session_code(&a->s);
}

/* A rank is never printed without its name and the legend of its scheme. */
static void print_tiers(const psy_screening_summary *m, const psy_plan *plan)
{
    if (!psy_plan_highest_rank(plan))
        return;
    printf("tiers       ");
    for (int rank = psy_plan_highest_rank(plan); rank >= 0; rank--)
        printf(" %s: %llu,", psy_plan_tier_name(plan, rank, "en"),
               (unsigned long long)m->tier[rank]);
    printf(" not judged: %llu\n             (%s)\n", (unsigned long long)m->not_judged,
           psy_plan_tier_legend(plan, "en"));
}

static void print_summary(const psy_screening_summary *m, const psy_plan *plan, const char *out)
{
    static const char *const statuses[] = {"no consent", "absent",   "invalid", "retest",
                                           "incomplete", "doubtful", "valid"};

    printf(
        "students     target T %llu   exempt E %llu   due D %llu   tested C %llu   valid V %llu\n",
        (unsigned long long)m->target, (unsigned long long)m->exempt, (unsigned long long)m->due,
        (unsigned long long)m->tested, (unsigned long long)m->valid);
    printf("status      ");
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        printf(" %s %llu%s", statuses[i], (unsigned long long)m->status[i],
               i + 1 < sizeof statuses / sizeof *statuses ? "," : "\n");
    printf("critical     urgent %llu, review %llu, critical item unanswered %llu\n",
           (unsigned long long)m->urgent, (unsigned long long)m->review,
           (unsigned long long)m->critical_unanswered);
    print_tiers(m, plan);
    printf("sheets       %llu record%s, %llu unmatched, %llu student%s with several papers\n",
           (unsigned long long)m->records, plural(m->records), (unsigned long long)m->unmatched,
           (unsigned long long)m->duplicates, plural(m->duplicates));
    printf("written      %llu workbook%s of %llu school%s in %s\n",
           (unsigned long long)m->workbooks, plural(m->workbooks), (unsigned long long)m->schools,
           plural(m->schools), out);
}

static void print_json_text(const char *text)
{
    putchar('"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            putchar('\\');
        if ((unsigned char)*text >= ' ')
            putchar(*text);
    }
    putchar('"');
}

static void print_summary_json(const psy_screening_summary *m, const psy_plan *plan)
{
    printf("{\"target\":%llu,\"exempt\":%llu,\"due\":%llu,\"tested\":%llu,\"valid\":%llu,"
           "\"records\":%llu,\"unmatched\":%llu,\"duplicates\":%llu,\"schools\":%llu,"
           "\"workbooks\":%llu,\"urgent\":%llu,\"review\":%llu,\"critical_unanswered\":%llu,"
           "\"not_judged\":%llu,\"seconds_read\":%.3f,\"seconds_score\":%.3f,"
           "\"seconds_write\":%.3f,\"tier\":[",
           (unsigned long long)m->target, (unsigned long long)m->exempt, (unsigned long long)m->due,
           (unsigned long long)m->tested, (unsigned long long)m->valid,
           (unsigned long long)m->records, (unsigned long long)m->unmatched,
           (unsigned long long)m->duplicates, (unsigned long long)m->schools,
           (unsigned long long)m->workbooks, (unsigned long long)m->urgent,
           (unsigned long long)m->review, (unsigned long long)m->critical_unanswered,
           (unsigned long long)m->not_judged, m->seconds_read, m->seconds_score, m->seconds_write);
    for (size_t rank = 0; rank < sizeof m->tier / sizeof *m->tier; rank++)
        printf("%s%llu", rank ? "," : "", (unsigned long long)m->tier[rank]);
    printf("],\"tier_names\":[");
    for (int rank = 0; psy_plan_tier_name(plan, rank, "en"); rank++) {
        printf(rank ? "," : "");
        print_json_text(psy_plan_tier_name(plan, rank, "en"));
    }
    printf("],\"tier_legend\":");
    if (psy_plan_tier_legend(plan, "en"))
        print_json_text(psy_plan_tier_legend(plan, "en"));
    else
        printf("null");
    printf("}\n");
}

static int read_roles(const score_arguments *a, uint32_t *roles)
{
    for (size_t i = 0; i < a->roles.n; i++) {
        const uint32_t role = psy_role_named(a->roles.texts[i]);
        if (role == 0)
            return usage_error(&help,
                               "--for knows homeroom, leader, centre, bureau and psychology, "
                               "not '%s'",
                               a->roles.texts[i]);
        *roles |= role;
    }
    return EXIT_DONE;
}

/* "128M": bytes, or with K, M, G, T of 1024 each. */
static bool read_size(const char *text, uint64_t *out)
{
    static const char units[] = "KMGT";
    uint64_t value = 0;
    const char *at = text;

    for (; *at >= '0' && *at <= '9'; at++) {
        if (value > UINT64_MAX / 100)
            return false;
        value = value * 10 + (uint64_t)(*at - '0');
    }
    if (at == text)
        return false;
    if (*at) {
        const char *const unit = strchr(units, *at >= 'a' ? *at - 'a' + 'A' : *at);
        const unsigned shift = unit ? 10 * (unsigned)(unit - units + 1) : 0;
        if (!unit || value > UINT64_MAX >> shift)
            return false;
        value <<= shift;
        at++;
    }
    *out = value;
    return !*at && value >= 1u << 20;
}

static int score_plan(score_arguments *a, const char *const *responses, size_t n_responses)
{
    psy_screening_options options = {.version = PSY_SCREENING_OPTIONS_VERSION,
                                     .n_threads = (uint32_t)a->threads,
                                     .force = a->force,
                                     .no_workbooks = a->no_workbooks,
                                     .reference_writer =
                                         a->writer != NULL && strcmp(a->writer, "reference") == 0,
                                     .fast = a->fast,
                                     .passwords = a->passwords,
                                     .new_passwords = a->new_passwords,
                                     .mapping = a->mapping,
                                     .tmpdir = a->tmpdir,
                                     .progress = show_progress,
                                     .progress_context = &a->s.quiet,
                                     .external = a->external,
                                     .counts = a->counts,
                                     .entries = a->entries,
                                     .previous_publications = a->published.texts,
                                     .n_previous_publications = a->published.n,
                                     .previous = a->previous,
                                     .capacity = (uint32_t)a->capacity,
                                     .what_if = a->what_if,
                                     .memory = a->memory};
    psy_screening_summary summary = {0};
    psy_plan *plan = NULL;
    roster_paths rosters = {0};
    psy_error error = {0};
    int code = read_roles(a, &options.roles);

    if (code == EXIT_DONE)
        code = session_plan(&a->s, a->plan, &plan);
    if (code == EXIT_DONE)
        code = rosters_find(&a->rosters, &rosters);
    if (code != EXIT_DONE)
        goto done;
    /* What the plan's lint says is about no data, and not in findings.csv. */
    size_t before[3], found[3];
    for (int i = 0; i < 3; i++)
        before[i] = psy_findings_count_severity(a->s.findings, (psy_severity)i);
    show_catch_interrupt();
    if (psy_screening_run(plan, (const char *const *)rosters.paths, rosters.n, responses,
                          n_responses, a->out, &options, a->s.findings, &summary,
                          &error) != PSY_OK) {
        show_progress_end();
        show_findings(a->s.findings, PSY_WARNING, 3, false);
        code = session_fail(&error);
    } else {
        show_progress_end();
        if (!a->s.quiet) {
            show_findings(a->s.findings, PSY_WARNING, 3, false);
            for (int i = 0; i < 3; i++)
                found[i] = psy_findings_count_severity(a->s.findings, (psy_severity)i) - before[i];
            fprintf(stderr,
                    "findings: %zu error%s, %zu warning%s, %zu note%s, all in %s/findings.csv\n",
                    found[PSY_ERROR], plural(found[PSY_ERROR]), found[PSY_WARNING],
                    plural(found[PSY_WARNING]), found[PSY_NOTE], plural(found[PSY_NOTE]), a->out);
            if (a->new_passwords)
                fprintf(stderr,
                        "passphrases: one for each workbook in %s: hand them over by "
                        "another way than the workbooks\n",
                        a->new_passwords);
            fprintf(stderr, "seconds: read %.2f, score %.2f, write %.2f\n", summary.seconds_read,
                    summary.seconds_score, summary.seconds_write);
        }
        if (a->s.json)
            print_summary_json(&summary, plan);
        else if (!a->s.quiet)
            print_summary(&summary, plan, a->out);
        code = finish_stdout() ? session_code(&a->s) : EXIT_OUTPUT;
    }
done:
    rosters_release(&rosters);
    psy_plan_free(plan);
    return code;
}

int cmd_score(int argc, char **argv)
{
    score_arguments a = {0};
    const option_spec specs[] = {
        {"plan", 'p', OPTION_TEXT, "PLAN", "path or id of a plan", &a.plan},
        {"roster", 'r', OPTION_LIST, "FILE|DIR",
         "who should have answered; may be given again, one of each school; of a directory every "
         "file",
         &a.rosters},
        {"external", 0, OPTION_TEXT, "FILE", "reports of teachers, parents and others",
         &a.external},
        {"previous", 0, OPTION_TEXT, "DIR", "results of the wave before (else the plan's)",
         &a.previous},
        {"previous-publication", 0, OPTION_LIST, "FILE",
         "published.csv of an earlier run of this wave that was handed out; may be given again",
         &a.published},
        {"counts", 0, OPTION_TEXT, "FILE", "of the ledgers: what collect --counts wrote",
         &a.counts},
        {"entries", 0, OPTION_TEXT, "FILE",
         "of the ledgers: what collect --out wrote, for new workbooks and the district's progress",
         &a.entries},
        {"out", 'o', OPTION_TEXT, "DIR", "where results go; made if it is not there", &a.out},
        {"for", 0, OPTION_COMMAS, "ROLE,...",
         "also files for homeroom, leader, centre, bureau, in DIR/roles", &a.roles},
        {"instrument", 0, OPTION_COMMAS, "ID,...", "score without a plan", &a.uses},
        {"keep", 'k', OPTION_COMMAS, "COL,...", "hand these columns through", &a.keep},
        {"population", 0, OPTION_TEXT, "NAME", "cut-off set that .band takes", &a.population},
        {"encoding", 'e', OPTION_TEXT, "NAME",
         "encoding of the file, with --instrument (default utf-8)", &a.encoding},
        {"threads", 't', OPTION_COUNT, "N", "threads (default: one per core)", &a.threads},
        {"force", 0, OPTION_FLAG, NULL, "go on over a directory of another run", &a.force},
        {"no-workbooks", 0, OPTION_FLAG, NULL, "scores.csv, findings.csv and run.json only",
         &a.no_workbooks},
        {"fast", 0, OPTION_FLAG, NULL, "compress workbooks lightly: a little larger, sooner",
         &a.fast},
        {"writer", 0, OPTION_TEXT, "NAME",
         "own (default), or reference: libxlsxwriter alone, to compare with", &a.writer},
        {"passwords", 0, OPTION_TEXT, "FILE", "encrypt every workbook; CSV school,password",
         &a.passwords},
        {"new-passwords", 0, OPTION_TEXT, "FILE",
         "encrypt, with new passphrases written to this file", &a.new_passwords},
        {"mapping", 0, OPTION_TEXT, "FILE", "write which pseudonym is which student", &a.mapping},
        {"tmpdir", 0, OPTION_TEXT, "DIR", "where encrypted workbooks are made (default: a tmpfs)",
         &a.tmpdir},
        {"memory", 'm', OPTION_TEXT, "SIZE",
         "about how much memory to take (128M, 2G); more lies in a file meanwhile", &a.memory_text},
        {"capacity", 0, OPTION_COUNT, "N", "interviews a school can hold: a line in its list",
         &a.capacity},
        {"what-if", 0, OPTION_FLAG, NULL, "whatif.csv: how many students with every other cut",
         &a.what_if},
        STRICT_OPTION(a.s),
        SESSION_OPTIONS(a.s),
        {0}};
    int code = EXIT_DONE;
    const int first = options_parse(argc, argv, &help, specs, &code);

    if (first < 0)
        goto done;
    if (!a.plan == !a.uses.n)
        code = usage_error(&help, "give either --plan or --instrument");
    else if (a.plan && !a.out)
        code = usage_error(&help, "--plan needs --out DIR for the results");
    else if (a.plan && first >= argc)
        code = usage_error(&help, "name at least one file of responses");
    else if (a.uses.n && argc - first > 1)
        code = usage_error(&help, "--instrument reads one file");
    else if (a.uses.n && (a.rosters.n || a.out || a.external || a.previous || a.counts ||
                          a.entries || a.published.n))
        code = usage_error(&help, "--roster, --external, --previous and --out go with --plan");
    else if (a.plan && a.encoding)
        code = usage_error(&help, "with --plan the encoding is declared in the plan");
    else if (a.writer && strcmp(a.writer, "own") != 0 && strcmp(a.writer, "reference") != 0)
        code = usage_error(&help, "--writer is own or reference");
    else if (a.uses.n && (a.passwords || a.new_passwords || a.mapping))
        code = usage_error(&help, "--passwords, --new-passwords and --mapping go with --plan");
    else if (a.passwords && a.new_passwords)
        code = usage_error(&help, "give either --passwords or --new-passwords");
    else if (a.memory_text && !read_size(a.memory_text, &a.memory))
        code = usage_error(&help, "--memory takes a size of at least 1M, like 64M or 2G, not '%s'",
                           a.memory_text);
    else if (a.memory && a.uses.n)
        code = usage_error(&help, "--memory goes with --plan");
    else if (a.capacity > 1000000)
        code = usage_error(&help, "--capacity takes at most 1000000");
    else if (a.threads > 256)
        code = usage_error(&help, "--threads takes at most 256");
    else if ((code = session_open(&a.s)) == EXIT_DONE)
        code = a.plan ? score_plan(&a, (const char *const *)argv + first, (size_t)(argc - first))
                      : score_instrument(&a, first < argc ? argv[first] : NULL);
done:
    session_close(&a.s);
    options_release(specs);
    return code;
}
