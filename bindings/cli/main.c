/* main.c -- psyscreen on the command line: a table of commands. */
#include "commands.h"
#include "exitcode.h"
#include "heap.h"

#include <psyscreen/psyscreen.h>

#include <stdio.h>
#include <string.h>

static const command commands[] = {
    {"check", cmd_check, "lint instruments, plans and norm tables; run their examples"},
    {"list", cmd_list, "the catalogue"},
    {"norms", cmd_norms, "local norms as files: build, show, merge, freeze"},
    {"describe", cmd_describe, "one scoring key, in words"},
    {"schema", cmd_schema, "the JSON Schema of a kind of definition, for editors"},
    {"plan", cmd_plan, "a first plan for an export"},
    {"score", cmd_score, "score responses: a whole plan, or one instrument"},
    {"critical", cmd_critical, "the critical list alone, from item columns only"},
    {"collect", cmd_collect, "what schools wrote into their workbooks, brought together"},
    {"dossier", cmd_dossier, "one student over several waves, as a workbook"},
    {"key", cmd_key, "make or name the key of the pseudonyms"},
    {"keycheck", cmd_keycheck, "does the scoring key fit the data"},
    {"quality", cmd_quality, "how scales and sheets of a wave worked"},
    {"simulate", cmd_simulate, "make a plausible district to try things out"},
    {0},
};

static void usage(FILE *out)
{
    fputs("psyscreen scores psychological screenings and says what it could not judge.\n\n"
          "Usage: psyscreen COMMAND [OPTIONS] ...\n\nCommands:\n",
          out);
    for (const command *c = commands; c->name; c++)
        fprintf(out, "  %-10s %s\n", c->name, c->brief);
    fputs("\npsyscreen COMMAND --help explains one command; psyscreen --version prints the "
          "version.\n",
          out);
}

int main(int argc, char **argv)
{
    heap_settings();
    if (argc < 2) {
        usage(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        usage(stdout);
        return EXIT_DONE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("psyscreen %s\n", psy_version());
        return EXIT_DONE;
    }
    for (const command *c = commands; c->name; c++)
        if (strcmp(argv[1], c->name) == 0)
            return c->run(argc - 1, argv + 1);
    fprintf(stderr, "psyscreen: there is no command '%s'\n\n", argv[1]);
    usage(stderr);
    return EXIT_USAGE;
}
