/* memory_answers.h -- what is inside psy_answers, for the floors that score it. */
#ifndef PSYSCREEN_ANSWERS_MEMORY_ANSWERS_H
#define PSYSCREEN_ANSWERS_MEMORY_ANSWERS_H

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
    bool is_unsigned;      /* of the same width as `type` (Arrow only) */
    const uint8_t *valid;  /* bit per row from valid_offset, or NULL (Arrow only) */
    size_t valid_offset;
    const uint8_t *also_valid; /* of the struct around the column */
    size_t also_valid_offset;
} psyi_strided;

psy_status psyi_answers_set_column(psy_answers *answers, size_t item, const psyi_strided *column,
                                   const char *name, psy_findings *findings, psy_error *error);
psy_status psyi_answers_set_person(psy_answers *answers, psy_person_field field,
                                   const psyi_strided *column, psy_error *error);

#endif
