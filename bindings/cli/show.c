/* show.c -- what a person sees on the terminal.  Results go to stdout, all else to stderr. */
#include "show.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t interrupted; /* set by Ctrl-C, read by show_progress */
static bool bar_shown;

/* The whole file, or NULL; only to print the line an error points at. */
static char *slurp(const char *path, size_t *length)
{
    enum { MOST = 1 << 21 };
    FILE *file = *path ? fopen(path, "rb") : NULL;
    char *text = file ? malloc(MOST) : NULL;

    *length = text ? fread(text, 1, MOST, file) : 0;
    if (file)
        fclose(file);
    return text;
}

static bool is_definition(const char *path)
{
    const size_t length = strlen(path);
    return length > 5 && strcmp(path + length - 5, ".yaml") == 0;
}

void show_error(const psy_error *error)
{
    char out[4096];
    size_t length = 0;
    char *text = is_definition(error->where.source) ? slurp(error->where.source, &length) : NULL;

    show_progress_end();
    psy_error_format(error, text, length, out, sizeof out);
    fprintf(stderr, "%s%s", out, *out && out[strlen(out) - 1] == '\n' ? "" : "\n");
    free(text);
}

static const char *severity_name(psy_severity severity)
{
    return severity == PSY_ERROR ? "error" : severity == PSY_WARNING ? "warning" : "note";
}

/* The source line and a caret, as psy_error_format prints them behind its first line. */
static void show_caret(const psy_finding *finding)
{
    psy_error error = {.status = PSY_E_SCHEMA};
    char out[4096];
    size_t length = 0;
    char *text = slurp(finding->file, &length), *rest = NULL;

    snprintf(error.where.source, sizeof error.where.source, "%s", finding->file);
    error.where.line = (uint32_t)finding->row;
    error.where.column = finding->column;
    error.where.length = finding->length ? finding->length : 1;
    if (text && psy_error_format(&error, text, length, out, sizeof out) &&
        (rest = strchr(out, '\n')))
        fprintf(stderr, "%s%s", rest + 1, rest[strlen(rest) - 1] == '\n' ? "" : "\n");
    free(text);
}

static void show_finding(const psy_finding *finding, bool carets)
{
    fprintf(stderr, "%s", finding->file ? finding->file : "psyscreen");
    if (finding->row)
        fprintf(stderr, ":%llu", (unsigned long long)finding->row);
    if (finding->row && finding->column)
        fprintf(stderr, ":%u", finding->column);
    fprintf(stderr, ": %s: %s", severity_name(finding->severity),
            finding->message ? finding->message : "");
    if (finding->field && *finding->field && !finding->column)
        fprintf(stderr, " (column %s)", finding->field);
    fprintf(stderr, " [%s]\n", finding->rule ? finding->rule : "");
    if (carets && finding->row && finding->column && finding->file)
        show_caret(finding);
    if (finding->remedy && *finding->remedy)
        fprintf(stderr, "   remedy: %s\n", finding->remedy);
}

/* How often a rule was shown; a run over a district has thousands of findings of few kinds. */
typedef struct rule_tally {
    const char *rule;
    psy_severity severity;
    size_t shown, left;
} rule_tally;

static rule_tally *tally_of(rule_tally *tallies, size_t n, const psy_finding *finding)
{
    const char *rule = finding->rule ? finding->rule : "";

    for (size_t i = 0; i < n; i++) {
        if (!tallies[i].rule)
            tallies[i] = (rule_tally){rule, finding->severity, 0, 0};
        if (tallies[i].severity == finding->severity && strcmp(tallies[i].rule, rule) == 0)
            return &tallies[i];
    }
    return &tallies[n - 1]; /* more kinds than there are: they share the last */
}

void show_findings(const psy_findings *findings, psy_severity least, size_t most, bool carets)
{
    enum { RULES = 128 };
    rule_tally tallies[RULES] = {{0}};
    const size_t n = psy_findings_count(findings);

    show_progress_end();
    for (int severity = PSY_ERROR; severity >= (int)least; severity--) {
        for (size_t i = 0; i < n; i++) {
            const psy_finding finding = psy_findings_get(findings, i);
            if ((int)finding.severity != severity)
                continue;
            rule_tally *tally = tally_of(tallies, RULES, &finding);
            if (most && tally->shown >= most) {
                tally->left++;
                continue;
            }
            show_finding(&finding, carets);
            tally->shown++;
        }
        for (size_t i = 0; i < RULES && tallies[i].rule; i++)
            if ((int)tallies[i].severity == severity && tallies[i].left)
                fprintf(stderr, "... and %zu more [%s]\n", tallies[i].left, tallies[i].rule);
    }
}

static void on_interrupt(int signal_number)
{
    (void)signal_number;
    interrupted = 1;
}

void show_catch_interrupt(void)
{
    struct sigaction action = {0};
    action.sa_handler = on_interrupt;
    action.sa_flags = (int)SA_RESETHAND; /* a second Ctrl-C ends at once */
    sigaction(SIGINT, &action, NULL);
}

int show_progress(void *context, const psy_progress *progress)
{
    const bool *quiet = context;

    if (!(quiet && *quiet) && isatty(STDERR_FILENO)) {
        enum { WIDTH = 32 };
        char bar[WIDTH + 1];
        const uint64_t total = progress->total;
        const size_t filled =
            total ? (size_t)((progress->done < total ? progress->done : total) * WIDTH / total) : 0;
        memset(bar, '.', WIDTH);
        memset(bar, '#', filled);
        bar[WIDTH] = '\0';
        fprintf(stderr, "\r%-6s [%s] %llu", progress->phase, bar,
                (unsigned long long)progress->done);
        if (total)
            fprintf(stderr, "/%llu", (unsigned long long)total);
        fputs("   ", stderr);
        bar_shown = true;
    }
    return interrupted;
}

void show_progress_end(void)
{
    if (bar_shown)
        fputs("\r\033[K", stderr);
    bar_shown = false;
}

static int write_file(void *context, const void *bytes, size_t size)
{
    return fwrite(bytes, 1, size, context) == size ? 0 : -1;
}

psy_sink file_sink(FILE *file)
{
    return (psy_sink){write_file, file};
}

const char *plural(uint64_t n)
{
    return n == 1 ? "" : "s";
}

bool finish_stdout(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return true;
    fprintf(stderr, "psyscreen: standard output could not be written\n");
    return false;
}
