/*
 * item_pattern.c -- patterns of column names, and names of questions.
 *
 * A pattern either makes the text of a header ("PHQ_{n}") or says which question of a form an
 * item is: {question} (question n), {question+4} (the questionnaire begins at question 5),
 * {question:7}{row} (row n of matrix question 7).  How the form writes the number of a question
 * is no matter of the plan: intake/question.c knows the spellings.
 */
#include "definition/item_pattern.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { MOST = 9999 }; /* questions of a form; items have at most as many */

/* ---- questions --------------------------------------------------------------------------- */

typedef struct number { /* "", ":7", "+7" or "-7" behind a word */
    char sign;          /* 0, ':', '+', '-' */
    unsigned value;
} number;

/* "{word}", "{word:7}", "{word+7}" or "{word-7}" at *at, which moves behind it. */
static bool read_word(const char **at, const char *word, number *out)
{
    const char *c = *at;
    const size_t length = strlen(word);
    *out = (number){0, 0};
    if (*c != '{' || strncmp(c + 1, word, length) != 0)
        return false;
    c += 1 + length;
    if (*c == ':' || *c == '+' || *c == '-') {
        out->sign = *c++;
        const char *const digits = c;
        for (; *c >= '0' && *c <= '9' && c - digits < 5; c++)
            out->value = out->value * 10 + (unsigned)(*c - '0');
        if (c == digits || *digits == '0' || out->value > MOST)
            return false;
    }
    if (*c != '}')
        return false;
    *at = c + 1;
    return true;
}

typedef struct reference {
    number question, row;
    bool has_row;
} reference;

static bool read_reference(const char *text, reference *out)
{
    *out = (reference){.has_row = false};
    if (!read_word(&text, "question", &out->question))
        return false;
    out->has_row = *text != '\0';
    if (out->has_row && (out->question.sign != ':' || !read_word(&text, "row", &out->row)))
        return false;
    return *text == '\0';
}

static bool is_question(const char *text)
{
    return strncmp(text, "{question", 9) == 0;
}

const char *psyi_question_name_problem(const char *name)
{
    psyi_question_name found;
    return !is_question(name) || psyi_question_name_read(name, &found)
               ? NULL
               : "a question is named {question:7}, a row of a matrix question {question:7}{row:3}";
}

bool psyi_question_name_read(const char *name, psyi_question_name *out)
{
    reference read;
    if (!read_reference(name, &read) || read.question.sign != ':' ||
        (read.has_row && read.row.sign != ':'))
        return false;
    *out = (psyi_question_name){read.question.value, read.has_row ? read.row.value : 0};
    return true;
}

/* Item `n` moved by "+4" or "-4"; 0 where that is no number. */
static unsigned moved(unsigned n, number by)
{
    return by.sign == '-' ? (n > by.value ? n - by.value : 0) : n + by.value;
}

static bool fill_question(psyi_arena *arena, const char *pattern, const psyi_item *item,
                          const char **out)
{
    reference read;
    const unsigned n = item->number;
    if (n == 0 || !read_reference(pattern, &read))
        return true;
    const unsigned question = read.has_row ? read.question.value : moved(n, read.question);
    const unsigned row = read.has_row ? moved(n, read.row) : 0;
    if (question == 0 || (read.has_row && row == 0))
        return true;
    *out = read.has_row ? psyi_arena_format(arena, "{question:%u}{row:%u}", question, row)
                        : psyi_arena_format(arena, "{question:%u}", question);
    return *out != NULL;
}

/* ---- texts ------------------------------------------------------------------------------- */

const char *psyi_pattern_problem(const char *pattern)
{
    if (is_question(pattern)) {
        reference read;
        return read_reference(pattern, &read) &&
                       (read.has_row ? read.row.sign : read.question.sign) != ':'
                   ? NULL
                   : "a pattern of questions is {question}, {question+4} or {question-4}, "
                     "for the rows of a matrix question {question:7}{row}, {question:7}{row+4} "
                     "or {question:7}{row-4}, and nothing beside it";
    }
    bool found = false;
    for (const char *at = pattern; *at != '\0'; at++) {
        if (*at == '}')
            return "a '}' without '{'";
        if (*at != '{')
            continue;
        const char *const close = strchr(at, '}');
        const size_t length = close != NULL ? (size_t)(close - at - 1) : 0;
        const bool word = (length == 1 && at[1] == 'n') ||
                          (length == 2 && !strncmp(at + 1, "id", 2)) ||
                          (length == 4 && !strncmp(at + 1, "name", 4));
        const bool wide = length == 4 && !strncmp(at + 1, "n:0", 3) && at[4] >= '1' && at[4] <= '9';
        if (!word && !wide)
            return "the placeholders of a pattern are {n}, {n:03}, {id} and {name}, or a whole "
                   "{question} or {question:7}{row}";
        found = true;
        at = close;
    }
    return found ? NULL : "it names one column for all items: use {n}, {id} or {name}";
}

/* The decimal digits of `{n}` or `{n:03}` at `at` (behind the brace); NULL if it is none. */
static const char *number_width(const char *at, unsigned *width)
{
    *width = 1;
    if (*at++ != 'n')
        return NULL;
    if (*at == ':') {
        at++;
        if (*at == '0')
            at++;
        if (*at < '1' || *at > '9')
            return NULL;
        *width = (unsigned)(*at++ - '0');
    }
    return *at == '}' ? at + 1 : NULL;
}

bool psyi_pattern_fill(psyi_arena *arena, const char *pattern, const psyi_item *item,
                       const char **out)
{
    psyi_buffer text;
    psyi_buffer_init(&text, arena->allocator);
    bool fits = true;
    *out = NULL;
    if (is_question(pattern))
        return fill_question(arena, pattern, item, out);
    for (const char *at = pattern; *at != '\0' && fits;) {
        unsigned width;
        const char *const behind = *at == '{' ? number_width(at + 1, &width) : NULL;
        if (behind != NULL) {
            fits = item->number > 0;
            psyi_buffer_format(&text, "%0*u", (int)width, (unsigned)item->number);
            at = behind;
        } else if (strncmp(at, "{id}", 4) == 0) {
            psyi_buffer_text(&text, item->id);
            at += 4;
        } else if (strncmp(at, "{name}", 6) == 0) {
            fits = item->name != NULL;
            psyi_buffer_text(&text, fits ? item->name : "");
            at += 6;
        } else {
            psyi_buffer_char(&text, *at++);
        }
    }
    bool good = !text.failed;
    if (good && fits && text.length > 0) {
        *out = psyi_arena_text(arena, text.data, text.length);
        good = *out != NULL;
    }
    psyi_buffer_done(&text);
    return good;
}
