/* definition_fixture.h -- one small sound instrument and plan, and single changes to them. */
#ifndef PSYSCREEN_DEFINITION_FIXTURE_H
#define PSYSCREEN_DEFINITION_FIXTURE_H

#include "definition/load.h"
#include "test_support.h"

extern const char fixture_instrument[]; /* id mine: items 1..4, scale total, flag critical_4 */
extern const char fixture_plan[];       /* uses phq9 of the catalogue */

/* `text` with the first `from` replaced by `to` (which must be there); to be freed. */
char *fixture_replace(const char *text, const char *from, const char *to);
/* Load a text; fails the test with the message when it does not load. */
psy_instrument *fixture_load(const char *text);
/* The shipped catalogue. */
psy_catalog *fixture_catalog(void);
/* Load a plan text from a file in the test directory. */
psy_plan *fixture_load_plan(const char *text, const psy_catalog *catalog, psy_findings *findings);

/* Finding with this rule name, or SIZE_MAX. */
size_t fixture_find(const psy_findings *findings, const char *rule);

#endif
