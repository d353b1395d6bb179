/* commands.h -- the commands; each parses its own options and returns an exit code. */
#ifndef PSYSCREEN_CLI_COMMANDS_H
#define PSYSCREEN_CLI_COMMANDS_H

#include "options.h"

int cmd_check(int argc, char **argv);
int cmd_collect(int argc, char **argv);
int cmd_critical(int argc, char **argv);
int cmd_describe(int argc, char **argv);
int cmd_dossier(int argc, char **argv);
int cmd_key(int argc, char **argv);
int cmd_keycheck(int argc, char **argv);
int cmd_list(int argc, char **argv);
int cmd_norms(int argc, char **argv);
int cmd_plan(int argc, char **argv);
int cmd_quality(int argc, char **argv);
int cmd_schema(int argc, char **argv);
int cmd_score(int argc, char **argv);
int cmd_simulate(int argc, char **argv);

#endif
