/*
 * text.c -- identifiers, comparing, trimming, near misses.
 *
 * All of it is ASCII or Unicode by number; nothing asks the locale, so that a definition
 * means the same on every machine.
 */
#include "base/text.h"

#include <stdint.h>
#include <string.h>

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool psyi_is_id(const char *text)
{
    if (text == NULL || !is_lower(text[0]))
        return false;
    size_t length = 1;
    for (; text[length] != '\0'; length++) {
        const char c = text[length];
        if (length >= 64 || !(is_lower(c) || is_digit(c) || c == '_'))
            return false;
    }
    return true;
}

bool psyi_is_file_id(const char *text, size_t length)
{
    if (length == 0 || length > 64)
        return false;
    for (size_t i = 0; i < length; i++) {
        const char c = text[i];
        if (!(is_lower(c) || is_upper(c) || is_digit(c) || c == '_' || c == '-'))
            return false;
    }
    return true;
}

int psyi_ascii_compare(const char *a, const char *b)
{
    for (;; a++, b++) {
        const int x = is_upper(*a) ? *a - 'A' + 'a' : (unsigned char)*a;
        const int y = is_upper(*b) ? *b - 'A' + 'a' : (unsigned char)*b;
        if (x != y)
            return x < y ? -1 : 1;
        if (x == 0)
            return 0;
    }
}

static bool is_blank(uint32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x00A0 || c == 0x3000 || c == 0x202F ||
           c == 0x2060 || c == 0xFEFF || (c >= 0x2000 && c <= 0x200D);
}

void psyi_trim(const char **text, size_t *length)
{
    const char *at = *text;
    size_t left = *length;
    while (left > 0) {
        uint32_t c;
        const size_t used = psyi_utf8_decode(at, left, &c);
        if (!is_blank(c))
            break;
        at += used;
        left -= used;
    }
    while (left > 0) {
        size_t start = left - 1;
        while (start > 0 && left - start < 4 && ((unsigned char)at[start] & 0xC0) == 0x80)
            start--;
        uint32_t c;
        if (psyi_utf8_decode(at + start, left - start, &c) != left - start || !is_blank(c))
            break;
        left = start;
    }
    *text = at;
    *length = left;
}

size_t psyi_narrow(const char *text, size_t length, char *out)
{
    size_t at = 0, written = 0;
    while (at < length) {
        uint32_t c;
        const size_t used = psyi_utf8_decode(text + at, length - at, &c);
        if (c >= 0xFF01 && c <= 0xFF5E) {
            out[written++] = (char)(c - 0xFF01 + '!');
        } else if (c == 0x3000) {
            out[written++] = ' ';
        } else {
            memmove(out + written, text + at, used);
            written += used;
        }
        at += used;
    }
    return written;
}

/* Names longer than this are never "nearly" another one. */
#define LONGEST_NAME 128

size_t psyi_edit_distance(const char *a, const char *b, size_t limit)
{
    const size_t n = strlen(a), m = strlen(b);
    const size_t apart = n > m ? n - m : m - n;
    if (apart > limit)
        return limit + 1;
    if (n > LONGEST_NAME || m > LONGEST_NAME)
        return strcmp(a, b) == 0 ? 0 : limit + 1;
    size_t row[LONGEST_NAME + 1];
    for (size_t j = 0; j <= m; j++)
        row[j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t diagonal = row[0], least = i;
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            const size_t above = row[j];
            size_t best = diagonal + (a[i - 1] != b[j - 1]);
            if (above + 1 < best)
                best = above + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            diagonal = above;
            row[j] = best;
            if (best < least)
                least = best;
        }
        if (least > limit)
            return limit + 1;
    }
    return row[m] > limit ? limit + 1 : row[m];
}

/* Letters and digits, whatever their case; nothing of what stands between them. */
static bool same_but_for_marks(const char *a, const char *b)
{
    static const char marks[] = "-_ ";
    for (;; a++, b++) {
        a += strspn(a, marks);
        b += strspn(b, marks);
        const char x = *a >= 'A' && *a <= 'Z' ? (char)(*a - 'A' + 'a') : *a;
        const char y = *b >= 'A' && *b <= 'Z' ? (char)(*b - 'A' + 'a') : *b;
        if (x != y || x == '\0')
            return x == y;
    }
}

size_t psyi_nearest(const char *name, const char *const *names, size_t n_names)
{
    /* Two letters exchanged are two edits: a third of a short word would forbid them. */
    const size_t length = strlen(name);
    size_t limit = length < 3 ? 0 : length == 3 ? 1 : length <= 8 ? 2 : length / 3;
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < n_names && length > 0; i++)
        if (same_but_for_marks(name, names[i])) /* PHQ-9 is phq9 */
            return i;
    for (size_t i = 0; i < n_names; i++) {
        const size_t distance = psyi_edit_distance(name, names[i], limit);
        if (distance > limit)
            continue;
        best = i;
        if (distance == 0)
            break;
        limit = distance - 1; /* the first of equally near ones stays */
    }
    return best;
}
