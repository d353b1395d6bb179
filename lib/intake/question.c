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

/* A digit, also one as wide as a Chinese character (EF BC 90 to 99); NULL: there is none. */
static const char *skip_digit(const char *at, unsigned *digit)
{
    if (*at >= '0' && *at <= '9') {
        *digit = (unsigned)(*at - '0');
        return at + 1;
    }
    const char *const wide = skip(at, "\xEF\xBC");
    if (wide == NULL || (unsigned char)*wide < 0x90 || (unsigned char)*wide > 0x99)
        return NULL;
    *digit = (unsigned char)*wide - 0x90u;
    return wide + 1;
}

/* The star that platforms put before a question that must be answered. */
static const char *behind_star(const char *at)
{
    const char *star = skip(at, "*");
    star = star != NULL ? star : skip(at, "＊");
    while (star != NULL && *star == ' ')
        star++;
    return star != NULL ? star : at;
}

unsigned psyi_question_number(const char *header, const char **rest)
{
    unsigned number = 0, digit = 0, n = 0;
    const char *at = behind_star(header);
    const char *const ordinal = skip(at, "第");
    const bool letter = ordinal == NULL && (*at == 'Q' || *at == 'q');
    if (ordinal != NULL)
        at = ordinal;
    else if (letter)
        at++;
    for (const char *next; n < 4 && (next = skip_digit(at, &digit)) != NULL; at = next, n++)
        number = number * 10 + digit;
    if (n == 0 || skip_digit(at, &digit) != NULL)
        return 0;
    const char *behind = skip(at, "题");
    if (ordinal != NULL && behind == NULL)
        return 0;
    if (ordinal == NULL && behind != NULL && *behind != '\0' && skip_mark(behind) == NULL)
        behind = NULL; /* Q9题干: the text begins with it */
    if (behind == NULL)
        behind = at;
    const char *mark = skip_mark(behind);
    if (mark == NULL && letter && *behind == '_' && (unsigned char)behind[1] >= 0x80)
        mark = behind + 1; /* Q6_题干; Q7_3 is a row of a matrix */
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

/* "(3)", "（3）", "_3" or "_R3" at `at`: 3; anything else: 0. */
static unsigned bracketed(const char *at)
{
    static const struct {
        const char *open, *close;
    } pairs[] = {{"(", ")"}, {"（", "）"}, {"_R", ""}, {"_r", ""}, {"_", ""}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        const char *const digits = skip(at, pairs[i].open);
        if (digits == NULL || *digits < '1' || *digits > '9')
            continue;
        unsigned number = 0;
        const char *c = digits;
        for (; *c >= '0' && *c <= '9' && c - digits < 4; c++)
            number = number * 10 + (unsigned)(*c - '0');
        const char *const behind = skip(c, pairs[i].close);
        const bool ends = behind != NULL &&
                          (*behind == '\0' || *pairs[i].close != '\0' || skip_mark(behind) != NULL);
        return ends ? number : 0;
    }
    return 0;
}

/* Behind the last dash of a text; NULL: there is none. */
static const char *behind_dash(const char *text)
{
    const char *found = NULL;
    for (const char *at = text; (at = strstr(at, "—")) != NULL;)
        found = at += strlen("—");
    return found;
}

unsigned psyi_question_row(const char *header, unsigned *row)
{
    const char *rest = NULL;
    unsigned number = psyi_question_number(header, &rest);
    *row = 0;
    if (number == 0) { /* 7(3), Q7_3: no mark behind the number of the question */
        const char *at = header + (*header == 'Q' || *header == 'q');
        const char *const digits = at;
        for (; *at >= '0' && *at <= '9' && at - digits < 4; at++)
            number = number * 10 + (unsigned)(*at - '0');
        *row = at > digits ? bracketed(at) : 0;
        return *row > 0 ? number : 0;
    }
    *row = bracketed(rest);
    if (*row == 0)
        *row = psyi_question_number(rest, NULL);
    const char *const behind = behind_dash(rest);
    if (*row == 0 && behind != NULL)
        *row = psyi_question_number(behind, NULL);
    return number;
}
