/*
 * intake_fixture.h -- small questionnaires built by hand, and reading text through the
 * intake, for the tests of the answers and intake floors.
 */
#ifndef PSYSCREEN_INTAKE_FIXTURE_H
#define PSYSCREEN_INTAKE_FIXTURE_H

#include "intake/records.h"

#include <psyscreen/findings.h>

/* phq9: items 1..9 (0..3, 8 refused, 9 not applicable, labels), 10 unscored; one scale. */
extern const psy_instrument fixture_phq9;
/* psqi: q1_bed (clock), q2_minutes (0..600), q4_hours (0..24, one decimal), 5 (0..3). */
extern const psy_instrument fixture_psqi;
/* k2: items 1, 2 with codes 1..5; variants "1-5" and "0-4". */
extern const psy_instrument fixture_k2;
/* sdq: items 1, 2 (0..2) and the optional part `impact` with distress, home (0..3). */
extern const psy_instrument fixture_sdq;

/* A use of an instrument under its own id. */
psyi_use fixture_use(const psy_instrument *instrument);

/* Everything one reading needs and gives. */
typedef struct fixture_reading {
    psyi_intake_options options;
    psyi_use uses[4];
    psyi_input input;
    const psy_allocator *allocator;
    psyi_intake *intake;
    psy_findings *findings;
    psy_error error;
    psy_status status;
} fixture_reading;

/* Options for plan input (`reading->input`, present, nothing declared) over instruments. */
void fixture_plan(fixture_reading *reading, const psy_instrument *const *instruments, size_t n);
/* Options for ad-hoc scoring of one instrument. */
void fixture_ad_hoc(fixture_reading *reading, const psy_instrument *instrument);
/* Declare one header text for a field; the text must stay alive. */
void fixture_column(fixture_reading *reading, psyi_field field, const char *const *names,
                    size_t n_names);
/* Read `text` as file "answers.csv"; may be called again after fixture_done. */
psy_status fixture_read(fixture_reading *reading, const char *text, size_t length);
psy_status fixture_read_text(fixture_reading *reading, const char *text);
void fixture_done(fixture_reading *reading);

/* Two readings of one text are alike: status, error and its place, findings, records, answers. */
void fixture_assert_same(const fixture_reading *a, const fixture_reading *b);

/* The byte of an answer. */
unsigned fixture_byte(const fixture_reading *reading, size_t use, size_t record, size_t item);
/* First finding with this rule, or NULL (its message is then in a static buffer). */
const psy_finding *fixture_finding(const psy_findings *findings, const char *rule);
size_t fixture_count(const psy_findings *findings, const char *rule);

#endif
