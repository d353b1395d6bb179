/* cell_format.h -- what a number of a spreadsheet cell looks like to the person who sees it. */
#ifndef PSYSCREEN_INTAKE_CELL_FORMAT_H
#define PSYSCREEN_INTAKE_CELL_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum psyi_number_kind {
    PSYI_NUMBER_PLAIN = 0,
    PSYI_NUMBER_DATE,    /* a day, with a time where it is not midnight */
    PSYI_NUMBER_TIME,    /* a time of a day */
    PSYI_NUMBER_ELAPSED, /* hours, minutes and seconds that may pass a day */
    PSYI_NUMBER_PADDED   /* a number with leading zeros: a code */
} psyi_number_kind;

typedef struct psyi_number_format {
    uint8_t kind, width; /* width of a padded one */
} psyi_number_format;

/* The kind of a built-in format number (ECMA-376 part 1, 18.8.30, with those of Chinese). */
psyi_number_format psyi_format_of_id(uint32_t id);
/* The kind of a written format code: "yyyy/m/d h:mm", "0000000000", "[h]:mm". */
psyi_number_format psyi_format_of_code(const char *code);

enum { PSYI_NUMBER_ROOM = 64 };
/* The text of a stored number as it would be exported to CSV: days as 2026-09-03, moments as
 * 2026-09-03 12:00:00, times as 23:30:00, other numbers with at most the 15 digits a
 * spreadsheet shows.  A whole number of more digits keeps its exponent, so that a code which
 * has lost its end is seen.  Text that is no number is given back as it is (cut to fit).
 * Returns the length. */
size_t psyi_format_number(const char *text, size_t length, psyi_number_format format,
                          bool from_1904, char out[PSYI_NUMBER_ROOM]);
/* A number of its own: at most 15 digits, or with an exponent (see above). */
size_t psyi_format_plain(double value, char out[PSYI_NUMBER_ROOM]);
/* 2026-09-03, or with a time that is not midnight 2026-09-03 12:00:00; days since 1970. */
size_t psyi_format_moment(int64_t days, int64_t seconds, char out[PSYI_NUMBER_ROOM]);
/* 1:02:03, or 01:02:03. */
size_t psyi_format_elapsed(int64_t seconds, bool padded, char out[PSYI_NUMBER_ROOM]);

#endif
