/* show.h -- errors, findings and progress on a terminal. */
#ifndef PSYSCREEN_CLI_SHOW_H
#define PSYSCREEN_CLI_SHOW_H

#include <psyscreen/psyscreen.h>

#include <stdbool.h>
#include <stdio.h>

/* An error on stderr with the line it points at and a caret. */
void show_error(const psy_error *error);
/* Findings of at least `least` on stderr, at most `most` of each rule (0: all); with `carets`
 * the line of a definition under each. */
void show_findings(const psy_findings *findings, psy_severity least, size_t most, bool carets);
/* A progress bar on stderr, where that is a terminal; also ends the run after Ctrl-C. */
int show_progress(void *context, const psy_progress *progress);
void show_progress_end(void);
/* After this, Ctrl-C stops a run at its next progress report. */
void show_catch_interrupt(void);
/* A sink on a FILE *. */
psy_sink file_sink(FILE *file);
/* "" for one thing, else the "s" of a plural. */
const char *plural(uint64_t n);
/* Flush stdout; false (and said so) when not everything was written. */
bool finish_stdout(void);

#endif
