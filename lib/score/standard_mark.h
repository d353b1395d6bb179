/* standard_mark.h -- what keeps a standard score of a sheet from being exact. */
#ifndef PSYSCREEN_SCORE_STANDARD_MARK_H
#define PSYSCREEN_SCORE_STANDARD_MARK_H

#include "score/scorer.h"

/* PSYI_NORM_CLIPPED and PSYI_NORM_OTHERS of a standard score that was given out.  Whose sheet it
 * is as it was when it was scored. */
uint8_t psyi_standard_mark(const psyi_scores *scores, size_t standard, size_t sheet,
                           const psyi_person *person);

#endif
