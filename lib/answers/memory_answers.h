/* memory_answers.h -- what is inside psy_answers, for the floors that score it. */
#ifndef PSYSCREEN_ANSWERS_MEMORY_ANSWERS_H
#define PSYSCREEN_ANSWERS_MEMORY_ANSWERS_H

#include "answers/coding.h"
#include "answers/sheets.h"

#include <psyscreen/answers.h>

struct psy_answers {
    const psy_allocator *allocator;
    const psy_instrument *instrument;
    unsigned variant;    /* the codes were given in; the bytes are canonical */
    psyi_sheets *sheets; /* one a row */
    uint8_t *sex, *informant;
    int16_t *grade, *age; /* 0 and -1 where unknown */
    bool *set;            /* per item: its column was set */
};

/* Numbers somewhere in memory, one a row. */
typedef struct psyi_strided {
    const unsigned char *data;
    psy_number_type type;
    ptrdiff_t stride;
    const double *missing; /* a value that means blank, or NULL */
    const uint8_t *valid;  /* bit per row from valid_offset, or NULL (Arrow only) */
    size_t valid_offset;
    const uint8_t *also_valid; /* of the struct around the column */
    size_t also_valid_offset;
    const uint8_t *bits; /* one bit a row instead of data (Arrow booleans), or NULL */
    size_t bits_offset;
} psyi_strided;

/* The column of one item while it is filled: in one piece, or in several that follow each
 * other.  Wrong values are told row by row until there are too many of a kind. */
typedef struct psyi_filling {
    psy_answers *answers;
    size_t item;
    const char *name; /* what findings call the column */
    psyi_coding coding;
    psy_findings *findings;
    size_t n_wrong[2]; /* out of range, unreadable */
} psyi_filling;

/* What one value is: the byte, and the number of a number item. */
typedef struct psyi_value {
    uint8_t byte;
    int32_t number;
} psyi_value;

void psyi_filling_begin(psyi_filling *filling, psy_answers *answers, size_t item, const char *name,
                        psy_findings *findings);
/* Rows first .. first + n - 1, which are the column's rows 0 .. n - 1. */
psy_status psyi_filling_numbers(psyi_filling *filling, size_t first, size_t n,
                                const psyi_strided *column, psy_error *error);
/* One row.  `words` says what was given and why that is no answer ("'x' is ..."), where the
 * byte is a complaint; asked for only when it is told. */
psy_status psyi_filling_put(psyi_filling *filling, size_t row, psyi_value value,
                            psy_status (*tell)(const void *about, const psy_finding *finding,
                                               psy_findings *findings, psy_error *error),
                            const void *about, psy_error *error);
psy_status psyi_filling_end(const psyi_filling *filling, psy_error *error);
/* One integer; PSY_UINT64 beyond INT64_MAX becomes that. */
int64_t psyi_strided_integer(psy_number_type type, const unsigned char *at);

psy_status psyi_answers_set_person(psy_answers *answers, psy_person_field field, size_t first,
                                   size_t n, const psyi_strided *column, psy_error *error);

#endif
