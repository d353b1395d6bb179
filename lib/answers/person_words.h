/* person_words.h -- the few words about a person that need no declaration. */
#ifndef PSYSCREEN_ANSWERS_PERSON_WORDS_H
#define PSYSCREEN_ANSWERS_PERSON_WORDS_H

#include "definition/columns.h"

#include <stddef.h>

/* male, female, 男, 女; unknown for everything else.  ASCII case does not matter. */
psyi_sex psyi_sex_word(const char *text, size_t length);
/* self, parent, teacher, 学生, 本人, 家长, 教师. */
psyi_informant psyi_informant_word(const char *text, size_t length);

#endif
