/*
 * question.c -- the number of a question at the beginning of a header.
 *
 * A number counts only where something behind it says that it is one: a mark, a blank, 题, or
 * the end.  "1班人数" and "2026年" begin with a number of something else.
 */
#include "intake/question.h"

#include <stdbool.h>
#include <string.h>

static const char *const marks[] = {"、", ".",  "．", ")", "）", ":",  "：", "】",
                                    "]",  "。", "-",  "—", " ",  "\t", "　", ","};

static const char *skip(const char *at, const char *word)
{
    const size_t length = strlen(word);
    return strncmp(at, word, length) == 0 ? at + length : NULL;
}

static const char *skip_mark(const char *at)
{
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        const char *const behind = skip(at, marks[i]);
        if (behind != NULL)
            return behind;
    }
    return NULL;
}

unsigned psyi_question_number(const char *header, const char **rest)
{
    unsigned number = 0;
    const char *at = header;
    const char *const ordinal = skip(at, "第");
    const bool letter = ordinal == NULL && (*at == 'Q' || *at == 'q');
    if (ordinal != NULL)
        at = ordinal;
    else if (letter)
        at++;
    const char *const digits = at;
    for (; *at >= '0' && *at <= '9' && at - digits < 4; at++)
        number = number * 10 + (unsigned)(*at - '0');
    if (at == digits || (*at >= '0' && *at <= '9'))
        return 0;
    const char *behind = skip(at, "题");
    if (ordinal != NULL && behind == NULL)
        return 0;
    if (ordinal == NULL && behind != NULL && *behind != '\0' && skip_mark(behind) == NULL)
        behind = NULL; /* Q9题干: the text begins with it */
    if (behind == NULL)
        behind = at;
    const char *const mark = skip_mark(behind);
    if (mark == NULL && *behind != '\0' && ordinal == NULL && !letter && behind == at)
        return 0;
    if (mark == NULL && letter && *behind != '\0' && (unsigned char)*behind < 0x80)
        return 0; /* Q1a is a name of its own */
    if (rest != NULL) {
        *rest = mark != NULL ? mark : behind;
        for (const char *more = *rest; (more = skip_mark(*rest)) != NULL;)
            *rest = more;
    }
    return number;
}
