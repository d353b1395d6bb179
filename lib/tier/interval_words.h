/* interval_words.h -- how exactly a score measures, in numbers that say which interval they are. */
#ifndef PSYSCREEN_TIER_INTERVAL_WORDS_H
#define PSYSCREEN_TIER_INTERVAL_WORDS_H

#include "tier/rulebook.h"

#define PSYI_Z95 1.959963984540054 /* normal quantile of .975 */

/* " (SEM 95 % interval 45.2 to 64.8)", `brief` " (SEM 45.2 to 64.8)": observed scores of somebody
 * of this true score (Dudek 1979), within the range of the scale.  Nothing where no source states a
 * precision. */
void psyi_sem_words(const psy_plan *plan, unsigned use, unsigned scale, double score, bool brief,
                    psyi_language language, psyi_buffer *out);
/* All that can be said of a score, each interval by its name: SEM, and where the mean of the
 * sample is stated the true score by Kelley and a second testing.  Lines. */
void psyi_interval_words(const psy_plan *plan, unsigned use, unsigned scale, double score,
                         psyi_language language, psyi_buffer *out);
/* Scales that rules compare with cuts and of which nobody states a precision, "MHT 总分、PHQ-9
 * 总分": a share of their range stands in for it when lists are ordered.  Only of `uses`; at most
 * `most` by name.  Returns how many there are. */
size_t psyi_stand_in_words(const psyi_rulebook *book, uint64_t uses, size_t most,
                           psyi_language language, psyi_buffer *out);

#endif
