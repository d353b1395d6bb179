/*
 * cell_format.c -- numbers of spreadsheets as text.
 *
 * A workbook keeps a date as days since 1900 (or 1904, in those of old Macs) and only the
 * number format says that it is one.  The day 60 of 1900 is 29 February, which never was:
 * days before it count from 31 December 1899, later ones from 30 December (ECMA-376 part 1,
 * 18.17.4.1), and day 60 itself stays a number that no reader of dates takes.
 */
#include "intake/cell_format.h"
#include "base/number.h"
#include "base/text.h"
#include "intake/cell.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define DAY      86400
#define LAST_DAY 2958465 /* 9999-12-31 */

psyi_number_format psyi_format_of_id(uint32_t id)
{
    static const struct {
        uint8_t first, last, kind;
    } known[] = {
        {14, 17, PSYI_NUMBER_DATE}, {18, 21, PSYI_NUMBER_TIME},    {22, 22, PSYI_NUMBER_DATE},
        {27, 31, PSYI_NUMBER_DATE}, {32, 35, PSYI_NUMBER_TIME},    {36, 36, PSYI_NUMBER_DATE},
        {45, 45, PSYI_NUMBER_TIME}, {46, 46, PSYI_NUMBER_ELAPSED}, {47, 47, PSYI_NUMBER_TIME},
        {50, 54, PSYI_NUMBER_DATE}, {55, 56, PSYI_NUMBER_TIME},    {57, 58, PSYI_NUMBER_DATE},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (id >= known[i].first && id <= known[i].last)
            return (psyi_number_format){known[i].kind, 0};
    return (psyi_number_format){PSYI_NUMBER_PLAIN, 0};
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Behind what stands in a format only to be shown: "...", \x, _x, *x and [...]; an elapsed
 * unit in brackets is told by *elapsed.  NULL where nothing of this begins. */
static const char *skip_shown(const char *at, bool *elapsed)
{
    const char *close = NULL;
    switch (*at) {
    case '"':
        close = strchr(at + 1, '"');
        return close != NULL ? close + 1 : at + strlen(at);
    case '\\':
    case '_':
    case '*': {
        uint32_t c;
        return at[1] != '\0' ? at + 1 + psyi_utf8_decode(at + 1, strlen(at + 1), &c) : at + 1;
    }
    case '[':
        close = strchr(at, ']');
        if (close == NULL)
            return at + strlen(at);
        const char unit = lower(at[1]);
        bool same = unit == 'h' || unit == 'm' || unit == 's';
        for (const char *c = at + 1; c < close; c++)
            same = same && lower(*c) == unit;
        *elapsed = *elapsed || same;
        return close + 1;
    default:
        return NULL;
    }
}

psyi_number_format psyi_format_of_code(const char *code)
{
    bool day = false, time = false, month = false, elapsed = false, zeros = code[0] == '0';
    const size_t length = strlen(code);
    for (const char *at = code; *at != '\0' && *at != ';';) { /* the rest is for negatives */
        const char *const behind = skip_shown(at, &elapsed);
        if (behind != NULL) {
            zeros = false;
            at = behind;
            continue;
        }
        const char c = lower(*at);
        day = day || c == 'y' || c == 'd';
        time = time || c == 'h' || c == 's';
        month = month || c == 'm';
        zeros = zeros && c == '0';
        at++;
    }
    if (elapsed)
        return (psyi_number_format){PSYI_NUMBER_ELAPSED, 0};
    if (day || (month && !time))
        return (psyi_number_format){PSYI_NUMBER_DATE, 0};
    if (time)
        return (psyi_number_format){PSYI_NUMBER_TIME, 0};
    if (zeros && length > 1 && length <= 32)
        return (psyi_number_format){PSYI_NUMBER_PADDED, (uint8_t)length};
    return (psyi_number_format){PSYI_NUMBER_PLAIN, 0};
}

/* The 15 digits of a value and its decimal exponent, whatever the locale. */
static int digits_of(double value, char digits[16])
{
    char text[64];
    size_t n = 0;
    int exponent = 0;
    snprintf(text, sizeof text, "%.14e", fabs(value));
    const char *at = text;
    for (; *at != 'e' && *at != '\0'; at++)
        if (*at >= '0' && *at <= '9' && n < 15)
            digits[n++] = *at;
    digits[n] = '\0';
    if (*at == 'e') {
        const bool negative = at[1] == '-';
        for (at += 2; *at >= '0' && *at <= '9'; at++)
            exponent = exponent * 10 + (*at - '0');
        exponent = negative ? -exponent : exponent;
    }
    return exponent;
}

size_t psyi_format_plain(double value, char out[PSYI_NUMBER_ROOM])
{
    char digits[16], text[64];
    const int exponent = digits_of(value, digits);
    size_t n = strlen(digits);
    while (n > 1 && digits[n - 1] == '0')
        digits[--n] = '\0';
    if (value == floor(value) && fabs(value) >= 1e15)
        return (size_t)snprintf(out, PSYI_NUMBER_ROOM, "%s%c.%sE+%d", value < 0 ? "-" : "",
                                digits[0], n > 1 ? digits + 1 : "0", exponent);
    double rounded = value;
    const int length = snprintf(text, sizeof text, "%s%c.%se%d", value < 0 ? "-" : "", digits[0],
                                n > 1 ? digits + 1 : "0", exponent);
    psyi_number_parse(text, (size_t)length, &rounded);
    return psyi_number_print(rounded, out);
}

size_t psyi_format_elapsed(int64_t seconds, bool padded, char out[PSYI_NUMBER_ROOM])
{
    return (size_t)snprintf(out, PSYI_NUMBER_ROOM, padded ? "%02lld:%02d:%02d" : "%lld:%02d:%02d",
                            (long long)(seconds / 3600), (int)(seconds / 60 % 60),
                            (int)(seconds % 60));
}

size_t psyi_format_moment(int64_t days, int64_t seconds, char out[PSYI_NUMBER_ROOM])
{
    int year, month, day;
    psyi_civil(days, &year, &month, &day);
    if (seconds == 0)
        return (size_t)snprintf(out, PSYI_NUMBER_ROOM, "%04d-%02d-%02d", year, month, day);
    return (size_t)snprintf(out, PSYI_NUMBER_ROOM, "%04d-%02d-%02d %02d:%02d:%02d", year, month,
                            day, (int)(seconds / 3600), (int)(seconds / 60 % 60),
                            (int)(seconds % 60));
}

/* Days since 1970 of 1904-01-01, 1899-12-31 or 1899-12-30: see above. */
static int64_t first_day(int64_t days, bool from_1904)
{
    return from_1904 ? -24107 : days < 60 ? -25568 : -25569;
}

size_t psyi_format_number(const char *text, size_t length, psyi_number_format format,
                          bool from_1904, char out[PSYI_NUMBER_ROOM])
{
    double value;
    if (length >= PSYI_NUMBER_ROOM || !psyi_number_parse(text, length, &value)) {
        const size_t shown = psyi_utf8_prefix(text, length, 15); /* at most 60 bytes */
        memcpy(out, text, shown);
        out[shown] = '\0';
        return shown;
    }
    const bool date = format.kind == PSYI_NUMBER_DATE || format.kind == PSYI_NUMBER_TIME;
    if (value >= 0 && value <= LAST_DAY && (date || format.kind == PSYI_NUMBER_ELAPSED)) {
        const int64_t seconds = (int64_t)floor(value * DAY + 0.5);
        if (format.kind == PSYI_NUMBER_ELAPSED)
            return psyi_format_elapsed(seconds, false, out);
        if (format.kind == PSYI_NUMBER_TIME && seconds < DAY)
            return psyi_format_elapsed(seconds, true, out);
        const int64_t days = seconds / DAY;
        if (from_1904 || (days >= 1 && days != 60))
            return psyi_format_moment(days + first_day(days, from_1904), seconds % DAY, out);
    }
    if (format.kind == PSYI_NUMBER_PADDED && value >= 0 && value < 1e15 && value == floor(value))
        return (size_t)snprintf(out, PSYI_NUMBER_ROOM, "%0*lld", (int)format.width,
                                (long long)value);
    return psyi_format_plain(value, out);
}
