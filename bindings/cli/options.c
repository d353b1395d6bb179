/* options.c -- getopt_long driven by a table per command. */
#include "options.h"

#include "exitcode.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_OPTIONS = 32 };

static size_t count(const option_spec *specs)
{
    size_t n = 0;
    while (specs[n].name)
        n++;
    return n;
}

static void print_help(const command_help *help, const option_spec *specs)
{
    printf("Usage: %s\n\n%s\n\nOptions:\n", help->usage, help->about);
    for (const option_spec *spec = specs; spec->name; spec++) {
        char left[64];
        snprintf(left, sizeof left, "%s%c%s--%s%s%s", spec->letter ? "-" : " ",
                 spec->letter ? spec->letter : ' ', spec->letter ? ", " : "  ", spec->name,
                 spec->value ? " " : "", spec->value ? spec->value : "");
        printf("  %-28s %s\n", left, spec->help);
    }
    printf("  %-28s %s\n", "-h, --help", "print this and end");
}

int usage_error(const command_help *help, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "psyscreen %s: ", help->name);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fprintf(stderr, "\nusage: %s\n(psyscreen %s --help explains the options)\n", help->usage,
            help->name);
    return EXIT_USAGE;
}

static bool list_add(text_list *list, const char *text)
{
    const char **grown = realloc((void *)list->texts, (list->n + 1) * sizeof *grown);
    if (!grown)
        return false;
    list->texts = grown;
    list->texts[list->n++] = text;
    return true;
}

/* Cut `text` at its commas, in place: argv belongs to the program. */
static bool list_split(text_list *list, char *text)
{
    for (;;) {
        char *comma = strchr(text, ',');
        if (comma)
            *comma = '\0';
        if (*text && !list_add(list, text))
            return false;
        if (!comma)
            return true;
        text = comma + 1;
    }
}

static int take(const command_help *help, const option_spec *spec, char *value)
{
    char *end = NULL;

    switch (spec->kind) {
    case OPTION_FLAG:
        *(bool *)spec->target = true;
        return EXIT_DONE;
    case OPTION_TEXT:
        *(const char **)spec->target = value;
        return EXIT_DONE;
    case OPTION_LIST:
        return list_add(spec->target, value) ? EXIT_DONE : EXIT_OUTPUT;
    case OPTION_COMMAS:
        return list_split(spec->target, value) ? EXIT_DONE : EXIT_OUTPUT;
    case OPTION_COUNT:
        errno = 0;
        *(uint64_t *)spec->target = strtoull(value, &end, 10);
        if (errno || end == value || *end || *value == '-')
            return usage_error(help, "--%s takes a whole number, not '%s'", spec->name, value);
        return EXIT_DONE;
    }
    return EXIT_BUG;
}

/* Of two values the first would be passed over in silence. */
static int refuse_second(const command_help *help, const option_spec *spec)
{
    return usage_error(help, "--%s is given twice, and takes one value", spec->name);
}

int options_parse(int argc, char **argv, const command_help *help, const option_spec *specs,
                  int *code)
{
    struct option longs[MOST_OPTIONS + 2] = {{0}};
    char letters[2 * MOST_OPTIONS + 4] = ":h";
    const size_t n = count(specs);
    bool given[MOST_OPTIONS] = {false};
    int found = 0, at = 0;

    for (size_t i = 0; i < n && i < MOST_OPTIONS; i++) {
        const bool takes = specs[i].kind != OPTION_FLAG;
        longs[i] = (struct option){specs[i].name, takes ? required_argument : no_argument, NULL,
                                   256 + (int)i};
        if (specs[i].letter) {
            const size_t end = strlen(letters);
            letters[end] = specs[i].letter;
            letters[end + 1] = takes ? ':' : '\0';
            letters[end + 2] = '\0';
        }
    }
    longs[n] = (struct option){"help", no_argument, NULL, 'h'};
    optind = 0;
    opterr = 0;
    while ((found = getopt_long(argc, argv, letters, longs, &at)) != -1) {
        const option_spec *spec = NULL;

        if (found == 'h') {
            print_help(help, specs);
            *code = EXIT_DONE;
            return -1;
        }
        if (found == ':') {
            *code = usage_error(help, "'%s' needs a value", argv[optind - 1]);
            return -1;
        }
        if (found == '?') {
            *code = usage_error(help, "there is no option '%s'", argv[optind - 1]);
            return -1;
        }
        if (found >= 256)
            spec = &specs[found - 256];
        else
            for (size_t i = 0; i < n; i++)
                if (specs[i].letter == found)
                    spec = &specs[i];
        const bool single = spec->kind == OPTION_TEXT || spec->kind == OPTION_COUNT;
        *code =
            single && given[spec - specs] ? refuse_second(help, spec) : take(help, spec, optarg);
        if (*code != EXIT_DONE)
            return -1;
        given[spec - specs] = true;
    }
    return optind;
}

void options_release(const option_spec *specs)
{
    for (const option_spec *spec = specs; spec->name; spec++)
        if (spec->kind == OPTION_LIST || spec->kind == OPTION_COMMAS) {
            text_list *list = spec->target;
            free((void *)list->texts);
            *list = (text_list){0};
        }
}
