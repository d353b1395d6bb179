/* describe.h -- pieces of a description that more than one part needs. */
#ifndef PSYSCREEN_DEFINITION_DESCRIBE_H
#define PSYSCREEN_DEFINITION_DESCRIBE_H

#include "base/memory.h"
#include "definition/model.h"

typedef struct psyi_words {
    psyi_buffer *out;
    psyi_language language;
    const struct psy_instrument *instrument;
} psyi_words;

void psyi_say(psyi_words *words, const char *en, const char *zh);
void psyi_say_ratio(psyi_words *words, psyi_ratio value);
void psyi_say_confidence(psyi_words *words, psyi_confidence confidence); /* " (memory)" or "" */
/* "1 to 9, 12R": runs of numbered items together, reverse-keyed items marked. */
void psyi_say_items(psyi_words *words, const uint16_t *items, size_t n, bool mark_reversed);
void psyi_say_who(psyi_words *words, const psyi_who *who); /* "; boys, grades 3 to 4" or "" */

/* describe_scales.c */
void psyi_describe_scales(psyi_words *words);
/* What is different in a coding variant. */
void psyi_describe_variant(psyi_words *words, const psyi_variant *variant);

/* describe_people.c */
void psyi_say_informants(psyi_words *words); /* "self parent" */
void psyi_say_grades(psyi_words *words);     /* "grades 7..12: junior senior", or "" */

#endif
