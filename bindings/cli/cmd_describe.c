/* cmd_describe.c -- psyscreen describe ID */
#include "commands.h"
#include "exitcode.h"
#include "session.h"
#include "show.h"

#include <string.h>

static const command_help help = {
    "describe", "psyscreen describe [OPTIONS] ID[@EDITION]",
    "The scoring key of one instrument in words, to be held against the manual: items and\n"
    "reversals, formulas, missing rules, bands, norms, flags, sources, confidence."};

int cmd_describe(int argc, char **argv)
{
    session s = {0};
    const char *language = "en";
    const option_spec specs[] = {
        {"language", 'l', OPTION_TEXT, "en|zh", "language of the description", &language},
        SESSION_OPTIONS(s),
        {0}};
    const psy_instrument *instrument = NULL;
    const psy_sink out = file_sink(stdout);
    psy_error error = {0};
    int code = EXIT_DONE;
    const int first = options_parse(argc, argv, &help, specs, &code);

    if (first < 0)
        goto done;
    if (argc - first != 1) {
        code = usage_error(&help, "name one instrument");
        goto done;
    }
    if ((code = session_open(&s)) != EXIT_DONE)
        goto done;
    char *edition = strchr(argv[first], '@');
    if (edition)
        *edition++ = '\0';
    if (psy_catalog_find(s.catalog, argv[first], edition, &instrument, &error) != PSY_OK ||
        psy_instrument_describe(instrument, language, &out, &error) != PSY_OK)
        code = session_fail(&error);
    else if (!finish_stdout())
        code = EXIT_OUTPUT;
done:
    session_close(&s);
    options_release(specs);
    return code;
}
