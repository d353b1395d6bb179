/* cell.h -- the small languages of cells: integers, clocks, dates, durations. */
#ifndef PSYSCREEN_INTAKE_CELL_H
#define PSYSCREEN_INTAKE_CELL_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* psyi_trim, but hardly anything for the many cells that need none: a blank at an end is
 * either ASCII or begins with one of four bytes and ends in one of these. */
static inline void psyi_cell_trim(const char **text, size_t *length)
{
    if (*length == 0)
        return;
    const unsigned char first = (unsigned char)(*text)[0];
    const unsigned char last = (unsigned char)(*text)[*length - 1];
    const bool front = first <= ' ' || first == 0xC2 || (first >= 0xE2 && first <= 0xEF);
    const bool back = last <= ' ' || (last >= 0x80 && last <= 0x8D) || last == 0xA0 ||
                      last == 0xAF || last == 0xBF;
    if (front || back)
        psyi_trim(text, length);
}

/* Nothing but ASCII that can be seen: neither to be trimmed nor to be narrowed. */
static inline bool psyi_cell_plain(const char *text, size_t length)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
    uint64_t odd = 0, eight;
    for (; length >= sizeof eight; text += sizeof eight, length -= sizeof eight) {
        memcpy(&eight, text, sizeof eight);
        odd |= eight | (eight - ones * 0x21) | (eight + ones);
    }
    for (; length > 0; text++, length--)
        odd |= (uint64_t)(*text <= ' ' || *text >= 0x7F) << 7;
    return (odd & high) == 0;
}

/* Nothing but digits, at least one. */
static inline bool psyi_cell_digits(const char *text, size_t length)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
    uint64_t odd = length == 0 ? high : 0, eight;
    for (; length >= sizeof eight; text += sizeof eight, length -= sizeof eight) {
        memcpy(&eight, text, sizeof eight);
        odd |= eight | (eight + ones * 0x46) | (((eight | high) - ones * 0x30) ^ high);
    }
    for (; length > 0; text++, length--)
        odd |= (uint64_t)(*text < '0' || *text > '9') << 7;
    return (odd & high) == 0;
}

enum { PSYI_CELL_ROOM = 256 }; /* longer cells are no number, date or word of ours */

/* Trimmed and narrowed to ASCII forms where there are any.  `room` holds the narrowed text
 * when it had to be written; false when the cell is longer than the room and would need it
 * (the text is then trimmed only). */
bool psyi_cell_clean(const char **text, size_t *length, char room[PSYI_CELL_ROOM]);

/* "3", "-2", "3.0": a whole number of at most 18 digits. */
bool psyi_cell_integer(const char *text, size_t length, int64_t *out);

typedef enum psyi_clock_outcome {
    PSYI_CLOCK_OK,
    PSYI_CLOCK_DOTTED,  /* "23.30": the writer is asked for 23:30 */
    PSYI_CLOCK_OUTSIDE, /* "25:00" */
    PSYI_CLOCK_UNREADABLE
} psyi_clock_outcome;
/* H:MM, HH:MM, HH:MM:SS, each also with AM, PM, 上午 or 下午, and 23点30分.  Seconds after
 * midnight; the colon may be full-width in the file (psyi_cell_clean narrows it). */
psyi_clock_outcome psyi_clock_read(const char *text, size_t length, int32_t *seconds);

typedef enum psyi_date_outcome {
    PSYI_DATE_OK,
    PSYI_DATE_AMBIGUOUS, /* 03/09/2026 with no declared order */
    PSYI_DATE_UNREADABLE
} psyi_date_outcome;
/* 2026-09-03, 2026/9/3, 2026.09.03, 20260903, 2026年9月3日, 03/09/2026 in a declared or only
 * possible order; then, after blanks or a T, a clock.  `order` is "ymd", "dmy", "mdy" or
 * NULL.  Without a clock *seconds is 0. */
psyi_date_outcome psyi_date_read(const char *text, size_t length, const char *order, int32_t *days,
                                 int32_t *seconds);
/* Days since 1970-01-01 of a valid date. */
int32_t psyi_days(int year, int month, int day);
/* The other way: the date of a day number, proleptic Gregorian. */
void psyi_civil(int64_t days, int *year, int *month, int *day);

/* "123秒", "3600s", "3600", "2分3秒", "1小时5分", "00:12:30": seconds, rounded half up. */
bool psyi_duration_read(const char *text, size_t length, int32_t *seconds);

#endif
