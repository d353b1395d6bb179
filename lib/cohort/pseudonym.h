/* pseudonym.h -- many pseudonyms with one key.  One thread at a time. */
#ifndef PSYSCREEN_COHORT_PSEUDONYM_H
#define PSYSCREEN_COHORT_PSEUDONYM_H

#include <psyscreen/allocator.h>
#include <psyscreen/error.h>

#include <stddef.h>

typedef struct psyi_pseudonyms psyi_pseudonyms;
psy_status psyi_pseudonyms_new(psyi_pseudonyms **out, const unsigned char *key,
                               size_t key_length, const char *district,
                               const psy_allocator *allocator, psy_error *error);
psy_status psyi_pseudonym_of(psyi_pseudonyms *pseudonyms, const char *id, char out[27],
                             psy_error *error);
void psyi_pseudonyms_free(psyi_pseudonyms *pseudonyms);

#endif
