/* session.h -- what every command shares: the catalogue, findings, how errors end. */
#ifndef PSYSCREEN_CLI_SESSION_H
#define PSYSCREEN_CLI_SESSION_H

#include "options.h"

#include <psyscreen/psyscreen.h>

typedef struct session {
    text_list instruments; /* --instruments */
    bool quiet, json, strict;
    const char *directories[20]; /* searched, in order */
    size_t n_directories;
    char paths[2][4096]; /* PATH_MAX: realpath fills it */
    psy_catalog *catalog;
    psy_findings *findings;
} session;

/* Of a command whose findings are the user's to look at. */
#define STRICT_OPTION(s)                                                                           \
    {                                                                                              \
        "strict", 0, OPTION_FLAG, NULL, "warnings make the exit 1", &(s).strict                    \
    }

/* Rows of an option table that every command has. */
#define SESSION_OPTIONS(s)                                                                         \
    {"instruments",                                                                                \
     'i',                                                                                          \
     OPTION_LIST,                                                                                  \
     "DIR",                                                                                        \
     "search this directory for definitions first (may be repeated)",                              \
     &(s).instruments},                                                                            \
        {"quiet", 'q', OPTION_FLAG, NULL, "no progress, no notes, no summary", &(s).quiet},        \
    {                                                                                              \
        "json", 0, OPTION_FLAG, NULL, "JSON lines for machines", &(s).json                         \
    }

/* Rows of the option table of a command that writes one workbook. */
#define PASSWORD_OPTIONS(passwords, new_passwords, tmpdir)                                         \
    {"passwords",                                                                                  \
     0,                                                                                            \
     OPTION_TEXT,                                                                                  \
     "FILE",                                                                                       \
     "encrypt the workbook; CSV school,password, a line with the file's name",                     \
     &(passwords)},                                                                                \
        {"new-passwords",                                                                          \
         0,                                                                                        \
         OPTION_TEXT,                                                                              \
         "FILE",                                                                                   \
         "encrypt, with a new passphrase written to this file",                                    \
         &(new_passwords)},                                                                        \
    {                                                                                              \
        "tmpdir", 0, OPTION_TEXT, "DIR", "where an encrypted workbook is made (default: a tmpfs)", \
            &(tmpdir)                                                                              \
    }

bool is_directory(const char *path);
/* Finds the directories, opens the catalogue and a list of findings; EXIT_DONE or the code
 * to end with, having said why. */
int session_open(session *s);
void session_close(session *s);
/* Where the path or id of a plan is; NULL (and said so) when nowhere. */
const char *session_plan_path(const session *s, const char *plan);
/* Load the plan; its findings go to s->findings. */
int session_plan(session *s, const char *plan, psy_plan **out);
/* Print an error with its place and caret, and return the exit code for its status. */
int session_fail(const psy_error *error);
/* 1 when a finding left something out (with --strict also for warnings), else 0. */
int session_code(const session *s);

#endif
