/* cmd_keycheck.c -- psyscreen keycheck --instrument ID FILE */
#include "commands.h"
#include "exitcode.h"
#include "session.h"
#include "show.h"

#include <string.h>

static const command_help help = {
    "keycheck", "psyscreen keycheck --instrument ID[@EDITION][:VARIANT] [OPTIONS] [FILE]",
    "Does the scoring key fit the data?  Reads a CSV (or standard input) whose answers stand\n"
    "in columns <instrument>_<item> and prints, for each item of each scale, n, the corrected\n"
    "item-rest correlation with its interval, the loading on the first principal component\n"
    "and a verdict: fits, against (looks mis-keyed), weak, unclear, few (fewer than 30 rows),\n"
    "constant.  Nothing is changed.  Exit 0; with --strict 1 when an item looks mis-keyed."};

static size_t standard_input(void *context, void *buffer, size_t size)
{
    (void)context;
    const size_t got = fread(buffer, 1, size, stdin);
    return got == 0 && ferror(stdin) ? (size_t)-1 : got;
}

static int print_table(const session *s, const psy_table *table)
{
    const psy_sink out = file_sink(stdout);
    psy_error error = {0};

    if ((s->json ? psy_table_write_json(table, &out, &error)
                 : psy_table_write_csv(table, &out, &error)) != PSY_OK)
        return session_fail(&error);
    if (!finish_stdout())
        return EXIT_OUTPUT;
    if (!s->quiet)
        show_findings(s->findings, PSY_WARNING, 0, false);
    return session_code(s);
}

int cmd_keycheck(int argc, char **argv)
{
    session s = {0};
    const char *use = NULL, *encoding = NULL;
    const option_spec specs[] = {
        {"instrument", 0, OPTION_TEXT, "ID", "whose key, with edition and variant", &use},
        {"encoding", 'e', OPTION_TEXT, "NAME", "encoding of the file (default utf-8)", &encoding},
        STRICT_OPTION(s),
        SESSION_OPTIONS(s),
        {0}};
    const psy_source source = {standard_input, NULL, "<stdin>"};
    psy_table *table = NULL;
    psy_error error = {0};
    int code = EXIT_DONE;
    const int first = options_parse(argc, argv, &help, specs, &code);

    if (first < 0)
        goto done;
    if (!use)
        code = usage_error(&help, "name the instrument with --instrument");
    else if (argc - first > 1)
        code = usage_error(&help, "one file is read");
    if (code != EXIT_DONE || (code = session_open(&s)) != EXIT_DONE)
        goto done;
    const char *const file = first < argc && strcmp(argv[first], "-") != 0 ? argv[first] : NULL;
    const psy_keycheck_options options = {.version = PSY_KEYCHECK_OPTIONS_VERSION,
                                          .encoding = encoding};
    if (psy_keycheck_csv(&table, s.catalog, use, file, file ? NULL : &source, &options, s.findings,
                         &error) != PSY_OK) {
        show_findings(s.findings, PSY_WARNING, 3, false);
        code = session_fail(&error);
    } else {
        code = print_table(&s, table);
    }
    psy_table_free(table);
done:
    session_close(&s);
    options_release(specs);
    return code;
}
