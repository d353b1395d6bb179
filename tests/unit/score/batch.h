/* batch.h -- many random sheets of one instrument, scored. */
#ifndef PSYSCREEN_TEST_BATCH_H
#define PSYSCREEN_TEST_BATCH_H

#include "catalogue.h"
#include "score/scorer.h"

typedef struct batch {
    const psy_instrument *instrument;
    unsigned variant;
    size_t n;
    psyi_sheets *sheets;
    psyi_person *people;
    psyi_scorer *scorer;
    psyi_scores *scores;
    psyi_events events;
} batch;

void batch_open(batch *b, const psy_instrument *instrument, unsigned variant, size_t n);
void batch_close(batch *b);
/* Answers with gaps of all kinds, persons of all kinds, now and then a sheet not given. */
void batch_fill(batch *b, dice *from);
bool batch_same(psyi_ratio a, psyi_ratio b);
/* Fails the test with the answers of the sheet. */
void batch_differ(const batch *b, size_t sheet, const char *what, const char *which);

#endif
