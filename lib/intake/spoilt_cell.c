/*
 * spoilt_cell.c -- numbers of students that a spreadsheet has spoilt.
 *
 * A spreadsheet keeps 15 digits of a number, shows a long one as 1.10101E+17, and takes 3-12
 * for a date.  What is left looks like a number of somebody and is nobody's.
 */
#include "intake/spoilt_cell.h"
#include "base/fail.h"
#include "base/text.h"

#include <string.h>

enum { KEPT_DIGITS = 15, LONG_DIGITS = 17, LEAST_LOST = 3 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool psyi_is_rounded(const char *text, size_t length)
{
    size_t at = 0;
    bool point = false;
    for (; at < length && (is_digit(text[at]) || text[at] == '.'); at++)
        point = point || text[at] == '.';
    if (at == 0 || at == length || (text[at] != 'E' && text[at] != 'e'))
        return false;
    at++;
    const bool sign = at < length && text[at] == '+';
    at += sign;
    if (at == length || !(point || sign))
        return false; /* 12E3 may be an id */
    for (; at < length; at++)
        if (!is_digit(text[at]))
            return false;
    return true;
}

bool psyi_is_formula_error(const char *text, size_t length)
{
    static const char *const errors[] = {"#N/A",  "#REF!",  "#VALUE!",   "#NAME?", "#DIV/0!",
                                         "#NUM!", "#NULL!", "#FORMULA!", "#SPILL!"};
    char word[16];
    if (length == 0 || text[0] != '#' || length >= sizeof word)
        return false;
    memcpy(word, text, length);
    word[length] = '\0';
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        if (psyi_ascii_compare(word, errors[i]) == 0)
            return true;
    return false;
}

/* Behind `least` to `most` digits, or NULL. */
static const char *digits(const char *at, const char *end, int least, int most)
{
    int n = 0;
    while (at < end && n < most && is_digit(*at)) {
        at++;
        n++;
    }
    return n >= least && (at == end || !is_digit(*at)) ? at : NULL;
}

static const char *take(const char *at, const char *end, const char *word)
{
    const size_t length = strlen(word);
    return at != NULL && (size_t)(end - at) >= length && memcmp(at, word, length) == 0 ? at + length
                                                                                       : NULL;
}

static bool is_month_name(const char *at, const char *end)
{
    static const char *const names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (take(at, end, names[i]) == end)
            return true;
    return false;
}

bool psyi_is_date_text(const char *text, size_t length)
{
    const char *const end = text + length;
    if (length < 5 || !is_digit(text[0]))
        return false;
    /* Numbers of pupils, most of what is asked about: no sign where a date has its first. */
    if (is_digit(text[1]) && is_digit(text[2]) && is_digit(text[4]))
        return false;
    const char *at = digits(text, end, 4, 4);
    if (at != NULL && at < end && (*at == '-' || *at == '/')) {
        const char sign = *at;
        at = digits(at + 1, end, 1, 2);
        if (at == NULL || at == end || *at != sign)
            return false;
        at = digits(at + 1, end, 1, 2);
        return at != NULL && (at == end || *at == ' ');
    }
    at = digits(text, end, 1, 2);
    if (at != NULL && at < end && *at == '-')
        return is_month_name(at + 1, end);
    at = take(at, end, "月");
    at = at != NULL ? digits(at, end, 1, 2) : NULL;
    return take(at, end, "日") == end;
}

void psyi_count_digits(psyi_tally *tally, uint32_t column, const char *text, size_t length)
{
    if (length < LONG_DIGITS || !is_digit(text[0]))
        return;
    bool zeros = true;
    for (size_t i = 1; i < length; i++) {
        if (!is_digit(text[i]))
            return;
        zeros = zeros && (i < KEPT_DIGITS || text[i] == '0');
    }
    psyi_tally_count(tally, column, PSYI_LONG_NUMBER);
    if (zeros)
        psyi_tally_count(tally, column, PSYI_LOST_DIGITS);
}

psy_status psyi_check_digits(const psyi_tally *tally, psy_error *error)
{
    for (uint32_t column = 0; tally->findings != NULL && column < tally->n_columns; column++) {
        const uint32_t n = psyi_tally_total(tally, column, PSYI_LONG_NUMBER);
        const uint32_t lost = psyi_tally_total(tally, column, PSYI_LOST_DIGITS);
        if (lost < LEAST_LOST || lost < n - lost)
            continue;
        const psy_location where = psyi_location(tally->file, 0, 0, 0);
        return psyi_fail(error, PSY_E_DATA, &where,
                         "column %u ('%.80s'): %u of %u long numbers end in zeros from the 16th "
                         "digit on, as a spreadsheet leaves them that keeps 15: format the column "
                         "as text and enter the numbers again from where they are right",
                         column + 1, tally->names[column], lost, n);
    }
    return PSY_OK;
}
