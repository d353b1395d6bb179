/* options.h -- options as data: one table parses, prints the usage and the help. */
#ifndef PSYSCREEN_CLI_OPTIONS_H
#define PSYSCREEN_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef enum option_kind {
    OPTION_FLAG,   /* bool */
    OPTION_TEXT,   /* const char *; a second one is refused */
    OPTION_LIST,   /* text_list; may be given again */
    OPTION_COMMAS, /* text_list; one text with commas between */
    OPTION_COUNT   /* uint64_t */
} option_kind;

typedef struct text_list {
    const char **texts;
    size_t n;
} text_list;

typedef struct option_spec {
    const char *name; /* without the dashes; NULL ends a table */
    char letter;      /* 0: none */
    option_kind kind;
    const char *value; /* what the help calls it, "DIR" */
    const char *help;
    void *target;
} option_spec;

typedef struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *brief;
} command;

typedef struct command_help {
    const char *name, *usage, *about; /* usage may hold several lines */
} command_help;

/* Parse argv[1..].  Returns the index of the first operand (operands are moved behind the
 * options), or -1 when the program should end with *code (help was printed, or the usage
 * was wrong and said so). */
int options_parse(int argc, char **argv, const command_help *help, const option_spec *specs,
                  int *code);
void options_release(const option_spec *specs);
/* One line about wrong usage, and where to look; returns EXIT_USAGE. */
int usage_error(const command_help *help, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
