/* report_fixture.h -- a small run with every status, from the files in tests/golden/report. */
#ifndef PSYSCREEN_TEST_REPORT_FIXTURE_H
#define PSYSCREEN_TEST_REPORT_FIXTURE_H

#include "cohort/cohort.h"

#include <psyscreen/catalog.h>
#include <psyscreen/findings.h>
#include <psyscreen/plan.h>

typedef struct report_fixture {
    psy_catalog *catalog;
    psy_plan *plan;
    psy_findings *findings;
    psyi_results *results;
} report_fixture;

/* Definitions from `directory`, roster.csv and responses.csv from `data`.  false with a
 * message on stderr when something does not load. */
bool report_fixture_make(report_fixture *fixture, const char *directory, const char *data);
void report_fixture_free(report_fixture *fixture);

#endif
