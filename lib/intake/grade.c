/*
 * grade.c -- grades and classes in the spellings of school offices.
 *
 * Grades run 1..9 through primary and junior school, 10..12 through senior and vocational
 * school, 13..16 through university.  初四 is not read: which grade it means depends on the
 * district; years of entry (初中2023级) are grade_year.c's.  A three-digit class such as 704 is
 * class 4 only beside grade 7; beside another grade it contradicts.
 */
#include "intake/grade.h"
#include "intake/cell.h"
#include "intake/cursor.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* 1 to 9 in Chinese, or 0. */
static int take_figure(psyi_cursor *c)
{
    static const char *const figures[] = {"一", "二", "三", "四", "五", "六", "七", "八", "九"};
    for (int i = 0; i < 9; i++)
        if (psyi_cursor_take(c, figures[i]))
            return i + 1;
    return 0;
}

/* A number of up to four digits, or 一 to 九十九; 0 for none. */
static int take_number(psyi_cursor *c)
{
    if (c->at < c->end && is_digit(*c->at)) {
        int value = 0;
        for (int n = 0; c->at < c->end && is_digit(*c->at) && n < 4; n++, c->at++)
            value = value * 10 + (*c->at - '0');
        return c->at < c->end && is_digit(*c->at) ? 0 : value;
    }
    const int first = take_figure(c);
    if (!psyi_cursor_take(c, "十"))
        return first;
    return (first == 0 ? 10 : first * 10) + take_figure(c);
}

/* School types and the grade before their first year; years beyond `years` are read as the
 * grade itself where that lies in the school (初中七年级). */
static const struct {
    const char *word;
    int before, years;
} schools[] = {{"小学", 0, 6}, {"小", 0, 6},    {"初中", 6, 3}, {"初", 6, 3},
               {"高中", 9, 3}, {"高", 9, 3},    {"中职", 9, 3}, {"职高", 9, 3},
               {"中专", 9, 3}, {"大学", 12, 4}, {"大", 12, 4}};

/* A grade in words; 0 when there is none, with the psyi_cursor where it was. */
static int take_grade(psyi_cursor *c)
{
    const psyi_cursor start = *c;
    for (size_t i = 0; i < sizeof schools / sizeof *schools; i++) {
        if (!psyi_cursor_take(c, schools[i].word))
            continue;
        const int year = take_number(c);
        const int before = schools[i].before;
        if (!psyi_cursor_take(c, "年级"))
            psyi_cursor_take(c, "年");
        if (year >= 1 && year <= schools[i].years)
            return before + year;
        if (year > before && year <= before + schools[i].years)
            return year;
        *c = start;
        return 0;
    }
    const bool lettered = psyi_cursor_take(c, "Grade") || psyi_cursor_take(c, "grade") ||
                          psyi_cursor_take(c, "G") || psyi_cursor_take(c, "g");
    const int number = take_number(c);
    const bool worded = psyi_cursor_take(c, "年级") || psyi_cursor_take(c, "年");
    if (number >= 1 && number <= 16 && (lettered || worded))
        return number;
    *c = start;
    return 0;
}

/* "一班", "第1班", "(1)班", "-1", and "1" when something before it was a grade. */
static int take_class(psyi_cursor *c, bool after_grade)
{
    const psyi_cursor start = *c;
    const bool bracket = psyi_cursor_take(c, "(");
    const bool dash = !bracket && after_grade && psyi_cursor_take(c, "-");
    if (!bracket)
        psyi_cursor_take(c, "第");
    const int number = take_number(c);
    const bool closed = !bracket || psyi_cursor_take(c, ")");
    const bool worded = psyi_cursor_take(c, "班");
    if (number > 0 && closed && (worded || ((bracket || dash) && after_grade)))
        return number;
    *c = start;
    return 0;
}

bool psyi_grade_words_read(const char *text, size_t length, psyi_grade_words *out)
{
    char squeezed[PSYI_CELL_ROOM], room[PSYI_CELL_ROOM];
    *out = (psyi_grade_words){.grade = 0};
    if (!psyi_cell_clean(&text, &length, room) || length > sizeof squeezed)
        return false;
    psyi_cursor c = {squeezed, squeezed};
    for (size_t i = 0; i < length; i++)
        if (text[i] != ' ') /* "Grade 7", "初一 3班" */
            squeezed[c.end++ - squeezed] = text[i];
    if (c.at == c.end)
        return false;
    int64_t whole;
    if (psyi_cell_integer(c.at, (size_t)(c.end - c.at), &whole)) { /* also "7.0" */
        out->bare = whole > 0 && whole <= 9999 ? (int)whole : 0;
        return out->bare > 0;
    }

    out->grade = take_grade(&c);
    if (out->grade > 0) {
        const psyi_cursor before = c;
        if (psyi_cursor_take(&c, "(")) { /* 七年级(初一), but 七年级(1)班 */
            const int other = take_grade(&c);
            if (other > 0 && psyi_cursor_take(&c, ")"))
                out->contradicts = other != out->grade;
            else
                c = before;
        }
        if (c.at < c.end)
            out->class_number = take_class(&c, true);
        return c.at == c.end;
    }
    out->class_number = take_class(&c, false);
    if (out->class_number > 0)
        return c.at == c.end;
    const int number = take_number(&c);
    if (number == 0)
        return false;
    if (c.at == c.end) { /* 七 */
        out->bare = number;
        return true;
    }
    out->class_number = take_class(&c, true); /* 七(1)班, 7-1, 七1班 */
    out->grade = number;
    return out->class_number > 0 && c.at == c.end && number <= 16;
}

psyi_grade_outcome psyi_grade_read(const char *text, size_t length, int *grade)
{
    psyi_grade_words words;
    *grade = 0;
    if (!psyi_grade_words_read(text, length, &words))
        return PSYI_GRADE_UNREADABLE;
    if (words.contradicts)
        return PSYI_GRADE_CONTRADICTS;
    if (words.grade == 0 && words.bare >= 1 && words.bare <= 16)
        words.grade = words.bare;
    *grade = words.grade;
    return words.grade > 0 ? PSYI_GRADE_OK : PSYI_GRADE_UNREADABLE;
}

psyi_grade_outcome psyi_class_read(const char *text, size_t length, int *grade, int *class_number)
{
    psyi_grade_words words;
    *class_number = 0;
    if (!psyi_grade_words_read(text, length, &words))
        return PSYI_GRADE_UNREADABLE;
    int number = words.class_number > 0 ? words.class_number : words.bare;
    if (words.contradicts || (words.grade > 0 && *grade > 0 && words.grade != *grade))
        return PSYI_GRADE_CONTRADICTS;
    if (*grade == 0)
        *grade = words.grade;
    if (number > 99) { /* 704: grade 7, class 4 */
        if (*grade == 0 || number / 100 > 16 || number % 100 == 0)
            return PSYI_GRADE_UNREADABLE;
        if (number / 100 != *grade)
            return PSYI_GRADE_CONTRADICTS;
        number %= 100;
    }
    *class_number = number;
    return number > 0 ? PSYI_GRADE_OK : PSYI_GRADE_UNREADABLE;
}
