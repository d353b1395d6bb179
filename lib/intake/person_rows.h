/* person_rows.h -- the rows of a file about persons, cell by cell. */
#ifndef PSYSCREEN_INTAKE_PERSON_ROWS_H
#define PSYSCREEN_INTAKE_PERSON_ROWS_H

#include "intake/decode_input.h"
#include "intake/header.h"
#include "intake/row_fields.h"

typedef struct psyi_person_rows {
    const psyi_input *input;
    const char *where; /* "inputs/roster" */
    psyi_arena *arena; /* texts of the rows */
    psy_findings *findings;
    void *context;
    /* The header is read: are the columns enough?  May be NULL. */
    psy_status (*header)(const psyi_fields *fields, const psyi_header *header, psy_error *error);
    /* One row that holds something; its first physical line. */
    psy_status (*row)(void *context, psyi_fields *fields, uint32_t line, psy_error *error);
} psyi_person_rows;

/* Read `path`, or `source` where it is NULL; name, digest and size go to *file. */
psy_status psyi_person_rows_read(const psyi_person_rows *job, const char *path,
                                 const psy_source *source, psyi_input_file *file, psy_error *error);

#endif
