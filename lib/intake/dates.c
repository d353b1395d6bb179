/*
 * dates.c -- dates with and without a clock.
 *
 * The year first is understood everywhere.  Day and month behind each other are read only in
 * the declared order, or where just one order makes a date; 03/09/2026 without a declaration
 * is reported as ambiguous, and the caller refuses the file.  Serial numbers of a
 * spreadsheet are not dates: nothing in the cell says so.
 */
#include "intake/cell.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_length(int year, int month)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return lengths[month - 1] + (month == 2 && is_leap(year));
}

static bool is_date(int year, int month, int day)
{
    return year >= 1900 && year <= 2199 && month >= 1 && month <= 12 && day >= 1 &&
           day <= month_length(year, month);
}

/* Leap days from year 1 to the end of `year`. */
static int leap_days(int year)
{
    return year / 4 - year / 100 + year / 400;
}

int32_t psyi_days(int year, int month, int day)
{
    int32_t days = (year - 1970) * 365 + leap_days(year - 1) - leap_days(1969) + day - 1;
    for (int m = 1; m < month; m++)
        days += month_length(year, m);
    return days;
}

/* Year, month and day of a day number (days since 1970-01-01), proleptic Gregorian. */
void psyi_civil(int64_t days, int *year, int *month, int *day)
{
    const int64_t z = days + 719468; /* days since 0000-03-01 */
    const int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    const int64_t of_era = z - era * 146097;
    const int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    const int64_t of_year = of_era - (365 * y + y / 4 - y / 100);
    const int64_t m = (5 * of_year + 2) / 153; /* months since March */
    *day = (int)(of_year - (153 * m + 2) / 5 + 1);
    *month = (int)(m < 10 ? m + 3 : m - 9);
    *year = (int)(y + era * 400 + (*month <= 2));
}

/* Up to four digits from *at; their number in *n. */
static int number(const char **at, const char *end, int *n)
{
    int value = 0;
    for (*n = 0; *at < end && is_digit(**at) && *n < 4; ++*at, ++*n)
        value = value * 10 + (**at - '0');
    return value;
}

static bool word(const char **at, const char *end, const char *wanted)
{
    const size_t length = strlen(wanted);
    if ((size_t)(end - *at) < length || memcmp(*at, wanted, length) != 0)
        return false;
    *at += length;
    return true;
}

typedef struct date {
    int year, month, day;
} date;

/* Day and month in some order behind which the year stands. */
static psyi_date_outcome year_last(int a, int b, int year, const char *order, date *out)
{
    const date dmy = {year, b, a}, mdy = {year, a, b};
    const bool day_first = is_date(year, b, a), month_first = is_date(year, a, b);
    if (order != NULL) {
        *out = strcmp(order, "dmy") == 0 ? dmy : mdy;
        return strcmp(order, "ymd") == 0 ? PSYI_DATE_UNREADABLE : PSYI_DATE_OK;
    }
    if (day_first && month_first && a != b)
        return PSYI_DATE_AMBIGUOUS;
    *out = day_first ? dmy : mdy;
    return PSYI_DATE_OK;
}

static psyi_date_outcome read_day(const char **at, const char *end, const char *order, date *out)
{
    int n[3];
    const char *const start = *at;
    if (end - start >= 8) { /* 20260903 */
        int run = 0;
        while (start + run < end && is_digit(start[run]))
            run++;
        if (run == 8) {
            *at = start + 4;
            const int rest = number(at, end, &n[1]);
            const char *again = start;
            *out = (date){number(&again, end, &n[0]), rest / 100, rest % 100};
            return PSYI_DATE_OK;
        }
    }
    const int first = number(at, end, &n[0]);
    if (n[0] == 4 && word(at, end, "年")) {
        const int month = number(at, end, &n[1]);
        if (!word(at, end, "月"))
            return PSYI_DATE_UNREADABLE;
        const int day = number(at, end, &n[2]);
        if (!word(at, end, "日") || n[1] == 0 || n[2] == 0 || n[1] > 2 || n[2] > 2)
            return PSYI_DATE_UNREADABLE;
        *out = (date){first, month, day};
        return PSYI_DATE_OK;
    }
    if (*at == end || (**at != '-' && **at != '/' && **at != '.'))
        return PSYI_DATE_UNREADABLE;
    const char mark = *(*at)++;
    const int second = number(at, end, &n[1]);
    if (*at == end || **at != mark)
        return PSYI_DATE_UNREADABLE;
    ++*at;
    const int third = number(at, end, &n[2]);
    if (n[1] < 1 || n[1] > 2)
        return PSYI_DATE_UNREADABLE;
    if (n[0] == 4 && n[2] >= 1 && n[2] <= 2) {
        *out = (date){first, second, third};
        return PSYI_DATE_OK;
    }
    if (n[2] == 4 && n[0] >= 1 && n[0] <= 2)
        return year_last(first, second, third, order, out);
    return PSYI_DATE_UNREADABLE;
}

psyi_date_outcome psyi_date_read(const char *text, size_t length, const char *order, int32_t *days,
                                 int32_t *seconds)
{
    const char *at = text, *const end = text + length;
    date day;
    const psyi_date_outcome outcome = read_day(&at, end, order, &day);
    if (outcome != PSYI_DATE_OK)
        return outcome;
    if (!is_date(day.year, day.month, day.day))
        return PSYI_DATE_UNREADABLE;
    *seconds = 0;
    if (at < end) {
        const char *clock = at;
        while (clock < end && *clock == ' ')
            clock++;
        if (clock == at && clock + 1 < end && *clock == 'T' && is_digit(clock[1]))
            clock++;
        if ((clock == at && is_digit(at[-1])) ||
            psyi_clock_read(clock, (size_t)(end - clock), seconds) != PSYI_CLOCK_OK)
            return PSYI_DATE_UNREADABLE;
    }
    *days = psyi_days(day.year, day.month, day.day);
    return PSYI_DATE_OK;
}
