/*
 * cell.c -- cleaning a cell; integers, clocks and durations.
 *
 * All readers want the whole cell and nothing else: what is left over makes it unreadable,
 * never partly right.  Input methods for Chinese type full-width digits and colons, so these
 * are narrowed before anything is compared.
 */
#include "intake/cell.h"
#include "base/text.h"
#include "intake/cursor.h"

#include <string.h>

/* Full-width forms are U+FF01..FF5E and U+3000: EF BC.., EF BD.. and E3 80 80. */
static bool has_wide(const char *text, size_t length)
{
    const char *const end = text + length;
    for (const char *at = text; (at = memchr(at, 0xEF, (size_t)(end - at))) != NULL; at++)
        if (end - at >= 3 && ((unsigned char)at[1] == 0xBC || (unsigned char)at[1] == 0xBD))
            return true;
    for (const char *at = text; (at = memchr(at, 0xE3, (size_t)(end - at))) != NULL; at++)
        if (end - at >= 3 && memcmp(at, "\xE3\x80\x80", 3) == 0)
            return true;
    return false;
}

bool psyi_cell_clean(const char **text, size_t *length, char room[PSYI_CELL_ROOM])
{
    if (psyi_cell_plain(*text, *length))
        return true;
    psyi_cell_trim(text, length);
    if (!has_wide(*text, *length))
        return true;
    if (*length > PSYI_CELL_ROOM)
        return false;
    *length = psyi_narrow(*text, *length, room);
    *text = room;
    psyi_cell_trim(text, length);
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool psyi_cell_integer(const char *text, size_t length, int64_t *out)
{
    size_t at = length > 0 && text[0] == '-' ? 1 : 0;
    const size_t first = at;
    int64_t value = 0;
    for (; at < length && is_digit(text[at]); at++) {
        if (at - first >= 18)
            return false;
        value = value * 10 + (text[at] - '0');
    }
    if (at == first)
        return false;
    if (at < length && text[at] == '.') {
        at++;
        while (at < length && text[at] == '0')
            at++;
    }
    if (at < length)
        return false;
    *out = text[0] == '-' ? -value : value;
    return true;
}

static void skip_blanks(psyi_cursor *c)
{
    while (c->at < c->end && *c->at == ' ')
        c->at++;
}

/* One to `most` digits; -1 for none or more. */
static int64_t take_number(psyi_cursor *c, int most)
{
    int64_t value = 0;
    int n = 0;
    for (; c->at < c->end && is_digit(*c->at); c->at++, n++) {
        if (n == most)
            return -1;
        value = value * 10 + (*c->at - '0');
    }
    return n == 0 ? -1 : value;
}

typedef enum half { WHOLE_DAY, MORNING, AFTERNOON } half;

static half take_half(psyi_cursor *c)
{
    static const struct {
        const char *word;
        half which;
    } words[] = {{"AM", MORNING},   {"am", MORNING},    {"a.m.", MORNING}, {"Am", MORNING},
                 {"上午", MORNING}, {"PM", AFTERNOON},  {"pm", AFTERNOON}, {"p.m.", AFTERNOON},
                 {"Pm", AFTERNOON}, {"下午", AFTERNOON}};
    skip_blanks(c);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (psyi_cursor_take(c, words[i].word)) {
            skip_blanks(c);
            return words[i].which;
        }
    return WHOLE_DAY;
}

psyi_clock_outcome psyi_clock_read(const char *text, size_t length, int32_t *seconds)
{
    psyi_cursor c = {text, text + length};
    half which = take_half(&c);
    const char *const hours_at = c.at;
    int64_t hours = take_number(&c, 2), minutes = 0, rest = 0;
    if (hours < 0)
        return PSYI_CLOCK_UNREADABLE;
    if (c.at < c.end && *c.at == '.' && c.end - c.at == 3 && is_digit(c.at[1]) && is_digit(c.at[2]))
        return PSYI_CLOCK_DOTTED;
    const size_t hour_digits = (size_t)(c.at - hours_at);
    if (psyi_cursor_take(&c, ":")) {
        const char *const minutes_at = c.at;
        minutes = take_number(&c, 2);
        if (minutes < 0 || c.at - minutes_at != 2 || hour_digits > 2)
            return PSYI_CLOCK_UNREADABLE;
        if (psyi_cursor_take(&c, ":")) {
            const char *const rest_at = c.at;
            rest = take_number(&c, 2);
            if (rest < 0 || c.at - rest_at != 2)
                return PSYI_CLOCK_UNREADABLE;
            if (psyi_cursor_take(&c, ".")) /* fractions of a second, as databases print them */
                while (c.at < c.end && is_digit(*c.at))
                    c.at++;
        }
    } else if (psyi_cursor_take(&c, "点") || psyi_cursor_take(&c, "时")) {
        if (c.at < c.end && is_digit(*c.at)) {
            minutes = take_number(&c, 2);
            if (!psyi_cursor_take(&c, "分") && c.at < c.end)
                return PSYI_CLOCK_UNREADABLE;
        }
    } else {
        return PSYI_CLOCK_UNREADABLE;
    }
    if (which == WHOLE_DAY)
        which = take_half(&c);
    if (c.at != c.end || minutes < 0)
        return PSYI_CLOCK_UNREADABLE;
    if (hours > 23 || minutes > 59 || rest > 59)
        return PSYI_CLOCK_OUTSIDE;
    if (which != WHOLE_DAY) {
        if (hours < 1 || hours > 12) /* 下午 with a clock of 24 hours says two things */
            return PSYI_CLOCK_OUTSIDE;
        hours = hours % 12 + (which == AFTERNOON ? 12 : 0);
    }
    *seconds = (int32_t)(hours * 3600 + minutes * 60 + rest);
    return PSYI_CLOCK_OK;
}

/* A unit at the cursor: 3600, 60, 1, or 0 for none. */
static int64_t take_unit(psyi_cursor *c)
{
    static const struct {
        const char *word;
        int64_t seconds;
    } units[] = {{"小时", 3600}, {"时", 3600}, {"hours", 3600}, {"hour", 3600}, {"h", 3600},
                 {"分钟", 60},   {"分", 60},   {"minutes", 60}, {"minute", 60}, {"min", 60},
                 {"m", 60},      {"秒钟", 1},  {"秒", 1},       {"seconds", 1}, {"second", 1},
                 {"secs", 1},    {"sec", 1},   {"s", 1}};
    skip_blanks(c);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (psyi_cursor_take(c, units[i].word))
            return units[i].seconds;
    return 0;
}

static bool read_colons(psyi_cursor c, int32_t *seconds)
{
    const int64_t hours = take_number(&c, 4);
    if (hours < 0 || !psyi_cursor_take(&c, ":"))
        return false;
    const int64_t minutes = take_number(&c, 2);
    if (minutes < 0 || minutes > 59 || !psyi_cursor_take(&c, ":"))
        return false; /* two numbers could be minutes and seconds, or hours and minutes */
    const int64_t rest = take_number(&c, 2);
    if (rest < 0 || rest > 59 || c.at != c.end)
        return false;
    *seconds = (int32_t)(hours * 3600 + minutes * 60 + rest);
    return true;
}

bool psyi_duration_read(const char *text, size_t length, int32_t *seconds)
{
    psyi_cursor c = {text, text + length};
    if (read_colons(c, seconds))
        return true;
    int64_t total = 0, smallest = INT64_MAX;
    bool any = false;
    while (c.at < c.end) {
        const int64_t number = take_number(&c, 9);
        int64_t tenths = 0;
        if (number < 0)
            return false;
        if (psyi_cursor_take(&c, ".")) {
            if (c.at == c.end || !is_digit(*c.at))
                return false;
            tenths = *c.at - '0';
            while (c.at < c.end && is_digit(*c.at))
                c.at++;
        }
        int64_t unit = take_unit(&c);
        if (unit == 0) { /* a bare number is seconds, when it is all there is */
            if (any || c.at != c.end)
                return false;
            unit = 1;
        }
        if (unit >= smallest || (tenths != 0 && unit != 1))
            return false;
        smallest = unit;
        total += number * unit + (tenths >= 5);
        any = true;
        skip_blanks(&c);
    }
    if (!any || total > INT32_MAX)
        return false;
    *seconds = (int32_t)total;
    return true;
}
