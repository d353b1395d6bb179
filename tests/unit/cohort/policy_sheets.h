/* policy_sheets.h -- made-up respondents for tests of the policy of validity: who is
 * attentive, and who answers at random, in one line or in a pattern. */
#ifndef PSYSCREEN_POLICY_SHEETS_H
#define PSYSCREEN_POLICY_SHEETS_H

#include "screening_ward.h"

#include "screening/simulate.h"

enum { MANNERS = 4 }; /* psyi_manner */
typedef struct made_up {
    const char *title;
    const char *instruments[6]; /* also the ids of the uses; NULL ends them */
} made_up;

/* The plan of a battery with this `validity:` block (NULL: none). */
void made_up_plan(psyi_buffer *out, const made_up *battery, const char *validity);
/* Responses of so many attentive and so many others of each manner and each pace; codes of
 * students are "A00001" with the manner's letter (A, S, P, R), small for those who hurry. */
void made_up_responses(psyi_buffer *out, const ward *w, size_t attentive, size_t others,
                       uint64_t seed);

#endif
