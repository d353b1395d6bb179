/* catalogue.h -- every instrument of the project, for tests that run over all of them. */
#ifndef PSYSCREEN_TEST_CATALOGUE_H
#define PSYSCREEN_TEST_CATALOGUE_H

#include <psyscreen/instrument.h>

#include <stddef.h>

enum { CATALOGUE_ROOM = 200 };

typedef struct catalogue {
    psy_instrument *instruments[CATALOGUE_ROOM];
    size_t n;
} catalogue;

/* Load all that load, and those of this folder; the others are named and left to the tests of
 * definitions. */
void catalogue_open(catalogue *all);
void catalogue_close(catalogue *all);
/* One from tests/unit/score/; fails the test when it does not load. */
psy_instrument *instrument_of_test(const char *name);
/* One from a text. */
psy_instrument *instrument_of_text(const char *text);

/* Random numbers that are the same everywhere. */
typedef struct dice {
    uint64_t state;
} dice;
unsigned roll(dice *from, unsigned sides); /* 0 .. sides - 1 */

#endif
