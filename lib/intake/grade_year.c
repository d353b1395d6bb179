/*
 * grade_year.c -- grades written as the year of entry or of leaving.
 *
 * 初中2023级 entered junior school in autumn 2023; 高2026届 leaves senior school in summer 2026.
 * The grade follows from the school year in which the screening lies, which the plan's `as_of`
 * gives, and from the school type, which the text must name: 2023级 alone can be any of three.
 * Primary school has six years here; districts with five and four declare `codes:`.
 */
#include "intake/grade.h"

#include "intake/cell.h"

#include <string.h>

static const struct {
    const char *word;
    int first, last; /* grades */
} types[] = {{"小学", 1, 6},   {"初中", 7, 9}, {"高中", 10, 12}, {"中职", 10, 12}, {"职高", 10, 12},
             {"中专", 10, 12}, {"小", 1, 6},   {"初", 7, 9},     {"高", 10, 12}};
enum { N_TYPES = sizeof types / sizeof *types };

static bool take(const char **at, const char *end, const char *word)
{
    const size_t length = strlen(word);
    if ((size_t)(end - *at) < length || memcmp(*at, word, length) != 0)
        return false;
    *at += length;
    return true;
}

/* Index of a school type at *at, or N_TYPES. */
static size_t take_type(const char **at, const char *end)
{
    size_t i = 0;
    while (i < N_TYPES && !take(at, end, types[i].word))
        i++;
    return i;
}

static int take_year(const char **at, const char *end)
{
    int year = 0;
    const char *const start = *at;
    for (; *at < end && **at >= '0' && **at <= '9' && *at - start < 4; ++*at)
        year = year * 10 + (**at - '0');
    return *at - start == 4 ? year : 0;
}

psyi_year_outcome psyi_grade_of_year(const char *text, size_t length, int school_year, int *grade)
{
    char room[PSYI_CELL_ROOM];
    *grade = 0;
    if (!psyi_cell_clean(&text, &length, room))
        return PSYI_YEAR_NONE;
    const char *at = text;
    const char *const end = text + length;
    size_t type = take_type(&at, end);
    const int year = take_year(&at, end);
    const bool entry = year > 0 && take(&at, end, "级");
    if (year == 0 || (!entry && !take(&at, end, "届")))
        return PSYI_YEAR_NONE;
    if (type == N_TYPES)
        type = take_type(&at, end);
    if (at != end)
        return PSYI_YEAR_NONE;
    if (type == N_TYPES)
        return PSYI_YEAR_OF_NO_SCHOOL;
    if (school_year == 0)
        return PSYI_YEAR_WITHOUT_DATE;
    const int found = entry ? types[type].first + (school_year - year)
                            : types[type].last - (year - (school_year + 1));
    if (found < types[type].first || found > types[type].last)
        return PSYI_YEAR_OUTSIDE;
    *grade = found;
    return PSYI_YEAR_OK;
}
