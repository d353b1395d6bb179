/* answer_words.h -- why a text is no answer, in one sentence. */
#ifndef PSYSCREEN_INTAKE_ANSWER_WORDS_H
#define PSYSCREEN_INTAKE_ANSWER_WORDS_H

#include "base/memory.h"
#include "intake/codes.h"

/* "'7' is not one of the codes 0, 1, 2, 3" for a text that the book read as `byte`,
 * PSYI_OUT_OF_RANGE or PSYI_UNREADABLE.  Appended; at most 40 code points are quoted. */
void psyi_answer_words(const psyi_codebook *book, uint8_t byte, const char *text, size_t length,
                       psyi_buffer *out);

#endif
