/* cmd_plan.c -- psyscreen plan: a first plan for an export. */
#include "commands.h"
#include "exitcode.h"
#include "session.h"
#include "show.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const command_help help = {
    "plan", "psyscreen plan [OPTIONS] --from FILE --instrument ID[@EDITION][:VARIANT][,...]",
    "Writes a first plan for an export (CSV, XLSX, SPSS): finds the columns of persons and\n"
    "items, proves that every answer is one of the definition's, and prints what was found.\n"
    "Where two readings are possible it asks and writes nothing.  Several instruments are named\n"
    "in the order in which they stand in the file; ID:index reads option numbers, 1 for the\n"
    "first answer of the definition."};

/* Print to a file that appears only when all is well, or to standard output. */
typedef struct kept_text {
    char *text;
    size_t length, room;
} kept_text;

static int keep(void *context, const void *bytes, size_t size)
{
    kept_text *const kept = context;
    if (kept->room - kept->length < size) {
        const size_t room = (kept->length + size) * 2;
        char *const text = realloc(kept->text, room);
        if (text == NULL)
            return 1;
        kept->text = text;
        kept->room = room;
    }
    memcpy(kept->text + kept->length, bytes, size);
    kept->length += size;
    return 0;
}

static int cannot(const char *out)
{
    fprintf(stderr,
            errno == EEXIST
                ? "psyscreen: '%s' is there already, and is not overwritten: choose another "
                  "name, or take it away\n"
                : "psyscreen: '%s' cannot be written: %s\n",
            out, strerror(errno));
    return EXIT_OUTPUT;
}

/* All of it, on the disk. */
static bool write_all(int descriptor, const kept_text *kept)
{
    for (size_t done = 0; done < kept->length;) {
        const ssize_t n = write(descriptor, kept->text + done, kept->length - done);
        if (n < 0 && errno != EINTR)
            return false;
        done += n > 0 ? (size_t)n : 0;
    }
    return fsync(descriptor) == 0;
}

/* The name `to`, which nothing has yet.  rename() would replace what is there, and link() is not
 * for sticks with FAT. */
static bool give_name(const char *from, const char *to)
{
    struct stat about;
    if (link(from, to) == 0)
        return unlink(from) == 0;
    if (errno == EEXIST)
        return false;
    if (lstat(to, &about) == 0) {
        errno = EEXIST;
        return false;
    }
    return rename(from, to) == 0;
}

/* Under another name first: a plan that is cut off could be one that leaves a rule out. */
static int write_plan(const kept_text *kept, const char *out)
{
    if (out == NULL) {
        const bool good = fwrite(kept->text, 1, kept->length, stdout) == kept->length;
        return finish_stdout() && good ? EXIT_DONE : EXIT_OUTPUT;
    }
    static const char ending[] = ".XXXXXX";
    const size_t length = strlen(out);
    char *const meanwhile = malloc(length + sizeof ending);
    if (meanwhile == NULL)
        return cannot(out);
    memcpy(meanwhile, out, length);
    memcpy(meanwhile + length, ending, sizeof ending);
    const mode_t mask = umask(0);
    umask(mask);
    const int descriptor = mkstemp(meanwhile);
    bool good = descriptor >= 0;
    if (good) {
        (void)fchmod(descriptor, 0666 & ~mask); /* FAT has no modes */
        good = write_all(descriptor, kept);
        good = close(descriptor) == 0 && good;
        good = good && give_name(meanwhile, out);
        const int why = errno;
        if (!good)
            unlink(meanwhile);
        errno = why;
    }
    free(meanwhile);
    return good ? EXIT_DONE : cannot(out);
}

int cmd_plan(int argc, char **argv)
{
    session s = {0};
    text_list uses = {0}, answers = {0};
    const char *from = NULL, *to = NULL;
    uint64_t header_row = 0;
    psy_draft_options o = {.version = PSY_DRAFT_OPTIONS_VERSION};
    const option_spec specs[] = {
        {"from", 0, OPTION_TEXT, "FILE", "the export", &from},
        {"instrument", 0, OPTION_COMMAS, "ID,...", "its questionnaires, in their order", &uses},
        {"out", 'o', OPTION_TEXT, "FILE", "write the plan here (default: standard output)", &to},
        {"encoding", 0, OPTION_TEXT, "NAME", "of a text file that is not UTF-8: gb18030",
         &o.encoding},
        {"sheet", 0, OPTION_TEXT, "NAME", "of a workbook with several", &o.sheet},
        {"header-row", 0, OPTION_COUNT, "N", "where the header stands (default: found)",
         &header_row},
        {"at", 0, OPTION_TEXT, "ID=N,...", "column of the first item of a questionnaire", &o.at},
        {"without", 0, OPTION_TEXT, "N,...",
         "columns that belong to no questionnaire: own questions among its items", &o.without},
        {"answer", 0, OPTION_LIST, "ID:TEXT=CODE",
         "what a text that is not the definition's stands for (may be repeated)", &answers},
        {"student", 0, OPTION_TEXT, "HEADER", "the column that tells students apart", &o.student},
        {"sex", 0, OPTION_TEXT, "CODES", "what its codes mean: 1=male,2=female", &o.sex},
        {"dates", 0, OPTION_TEXT, "ORDER", "ymd, dmy or mdy", &o.dates},
        {"consent", 0, OPTION_TEXT, "POLICY", "critical_only or ignore", &o.consent},
        {"id", 0, OPTION_TEXT, "ID", "of the plan (default draft)", &o.id},
        {"wave", 0, OPTION_TEXT, "NAME", "of the plan (default draft)", &o.wave},
        {"key-file", 0, OPTION_TEXT, "FILE", "pseudonyms by this key (default: plain ids)",
         &o.key_file},
        SESSION_OPTIONS(s),
        {0}};
    kept_text plan = {0};
    const psy_sink out = {keep, &plan}, report = file_sink(stderr);
    psy_error error = {0};
    int code = EXIT_DONE;
    const int first = options_parse(argc, argv, &help, specs, &code);

    if (first < 0)
        goto done;
    if (from == NULL || uses.n == 0 || first < argc) {
        code = usage_error(&help, "give --from FILE and --instrument ID");
        goto done;
    }
    o.header_row = header_row;
    o.answers = answers.texts;
    o.n_answers = answers.n;
    if ((code = session_open(&s)) != EXIT_DONE)
        goto done;
    if (psy_plan_draft(s.catalog, from, uses.texts, uses.n, &out, s.quiet ? NULL : &report, &o,
                       s.findings, &error) != PSY_OK) {
        const size_t n = psy_findings_count_severity(s.findings, PSY_ERROR);
        if (n > 0)
            show_findings(s.findings, PSY_NOTE, n, false);
        code = n > 0 ? EXIT_REFUSED : session_fail(&error);
        /* There is no plan yet in which it could be declared. */
        static const char declare[] = "declare encoding: ";
        const char *const encoding = strstr(error.message, declare);
        if (n == 0 && o.encoding == NULL && encoding != NULL)
            fprintf(stderr, "   remedy: give --encoding %s\n", encoding + sizeof declare - 1);
        if (n == 0 && o.sheet == NULL && strstr(error.message, "several sheets of the workbook"))
            fprintf(stderr, "   remedy: say which one: --sheet NAME\n");
        if (n > 0)
            fprintf(stderr, "psyscreen: %zu open question%s: no plan was written\n", n,
                    n > 1 ? "s" : "");
        goto done;
    }
    if (!s.quiet)
        show_findings(s.findings, PSY_WARNING, 3, false);
    code = write_plan(&plan, to);
done:
    free(plan.text);
    session_close(&s);
    options_release(specs);
    return code;
}
