/* cmd_schema.c -- psyscreen schema instrument|norms|plan */
#include "commands.h"
#include "exitcode.h"
#include "session.h"
#include "show.h"

static const command_help help = {
    "schema", "psyscreen schema instrument|norms|plan",
    "The JSON Schema of a kind of definition, for editors.  It names the keys that are read;\n"
    "psyscreen check is stricter."};

int cmd_schema(int argc, char **argv)
{
    const option_spec specs[] = {{0}};
    const psy_sink out = file_sink(stdout);
    psy_error error = {0};
    int code = EXIT_DONE;
    const int first = options_parse(argc, argv, &help, specs, &code);

    if (first < 0)
        return code;
    if (argc - first != 1)
        return usage_error(&help, "name one kind: instrument, norms or plan");
    if (psy_definition_schema(argv[first], &out, &error) != PSY_OK)
        return session_fail(&error);
    return finish_stdout() ? EXIT_DONE : EXIT_OUTPUT;
}
