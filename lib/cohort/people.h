/* people.h -- comparing persons: names and ages. */
#ifndef PSYSCREEN_COHORT_PEOPLE_H
#define PSYSCREEN_COHORT_PEOPLE_H

#include "cohort/assembly.h"

/* The next letter of a name, narrow; 0 at its end.  Blanks and the dots between the parts of
 * a name do not count. */
uint32_t psyi_next_letter(const char **name);
bool psyi_same_name(const char *x, const char *y);
/* Completed years at a moment (of the screening where that is not known), or -1. */
int16_t psyi_age_at(const psyi_assembly *a, int32_t born, int64_t time);

#endif
