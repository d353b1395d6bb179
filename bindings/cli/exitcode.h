/* exitcode.h -- what the program's exit means; the man page and tests/cli say the same. */
#ifndef PSYSCREEN_CLI_EXITCODE_H
#define PSYSCREEN_CLI_EXITCODE_H

enum {
    EXIT_DONE = 0,     /* done, notes and warnings included */
    EXIT_LEFT_OUT = 1, /* done, but something was left out of a result */
    EXIT_USAGE = 2,
    EXIT_REFUSED = 3, /* an input or definition */
    EXIT_OUTPUT = 4,  /* not written */
    EXIT_BUG = 70
};

#endif
