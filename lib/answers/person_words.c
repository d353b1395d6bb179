/*
 * person_words.c -- sex and informant in words.
 *
 * Only words that mean the same in every file are here.  Codes such as 1 and 2 are not:
 * two files of one district were seen to use them in opposite meanings.
 */
#include "answers/person_words.h"

#include <stdbool.h>

typedef struct word {
    const char *text;
    int value;
} word;

static bool same(const char *text, size_t length, const char *wanted)
{
    for (size_t i = 0; i < length; i++) {
        const char c = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] - 'A' + 'a') : text[i];
        if (c != wanted[i]) /* also where `wanted` ends */
            return false;
    }
    return wanted[length] == '\0';
}

static int find(const word *words, size_t n, const char *text, size_t length)
{
    for (size_t i = 0; i < n; i++)
        if (same(text, length, words[i].text))
            return words[i].value;
    return 0;
}

psyi_sex psyi_sex_word(const char *text, size_t length)
{
    static const word words[] = {{"male", PSYI_SEX_MALE}, {"female", PSYI_SEX_FEMALE},
                                 {"男", PSYI_SEX_MALE},   {"女", PSYI_SEX_FEMALE},
                                 {"男生", PSYI_SEX_MALE}, {"女生", PSYI_SEX_FEMALE}};
    return (psyi_sex)find(words, sizeof words / sizeof *words, text, length);
}

psyi_informant psyi_informant_word(const char *text, size_t length)
{
    static const word words[] = {
        {"self", PSYI_INFORMANT_SELF},    {"学生", PSYI_INFORMANT_SELF},
        {"本人", PSYI_INFORMANT_SELF},    {"parent", PSYI_INFORMANT_PARENT},
        {"家长", PSYI_INFORMANT_PARENT},  {"teacher", PSYI_INFORMANT_TEACHER},
        {"教师", PSYI_INFORMANT_TEACHER},
    };
    return (psyi_informant)find(words, sizeof words / sizeof *words, text, length);
}
