/* made_norm.h -- a norm file of a few lines, written for one test. */
#ifndef PSYSCREEN_TEST_MADE_NORM_H
#define PSYSCREEN_TEST_MADE_NORM_H

#include <psyscreen/norms.h>

/* The path of mine.yaml in a fresh directory (psy_test_directory_remove ends it): `head` are
 * the keys of the kind of norm, `rows` its table, mine.csv. */
const char *made_norm_write(const char *head, const char *rows);
/* The same, loaded; fails the test where it does not load. */
psy_norms *made_norm_open(const char *head, const char *rows);

#endif
