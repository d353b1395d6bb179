/* records.h -- what a responses file becomes: records with their sheets, and a roster. */
#ifndef PSYSCREEN_INTAKE_RECORDS_H
#define PSYSCREEN_INTAKE_RECORDS_H

#include "answers/sheets.h"
#include "base/watch.h"
#include "definition/model.h"

#include <psyscreen/findings.h>
#include <psyscreen/stream.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum psyi_consent {
    PSYI_CONSENT_UNKNOWN = 0, /* no column, or an empty cell */
    PSYI_CONSENT_YES,
    PSYI_CONSENT_NO,
    PSYI_CONSENT_UNANSWERED
} psyi_consent;

#define PSYI_NO_TIME INT64_MIN

/* One row of a responses file.  Texts live in the intake's `texts`; "" where absent. */
typedef struct psyi_record {
    uint32_t file; /* index into files */
    uint32_t row;  /* physical line of the record's first line, 1-based */
    const char *student, *school, *class_text, *grade_text, *name, *local_no;
    int16_t grade;        /* 1..16, 0 unknown */
    int16_t class_number; /* 0 unknown */
    int16_t age;          /* completed years, -1 unknown */
    uint8_t sex, informant, consent;
    int64_t submitted_at;    /* seconds since 1970 in the local time of the file, or PSYI_NO_TIME */
    int32_t seconds;         /* duration, -1 unknown */
    int32_t born;            /* days since 1970, INT32_MIN unknown */
    const char *const *kept; /* texts of kept columns (ad-hoc scoring), or NULL */
} psyi_record;

typedef struct psyi_input_file {
    const char *name; /* as the caller named it */
    char digest[65];
    uint64_t bytes, rows;
    const char *const
        *own; /* headers of its columns about persons, whatever they were declared by */
    size_t n_own;
} psyi_input_file;

typedef struct psyi_intake {
    psyi_arena arena, texts; /* texts: of the records */
    const psy_allocator *allocator;
    psyi_record *records;
    size_t n_records;
    psyi_sheets **sheets; /* one per use, n_records sheets each */
    bool *use_present;    /* the use's columns are in at least one file */
    size_t n_uses;
    psyi_input_file *files;
    size_t n_files;
    const char **kept_names;
    size_t n_kept;
    const struct psyi_wave_link *link; /* of a part of a screening to the rest; NULL: a whole */
} psyi_intake;

/* What to read: a plan's inputs, or the generated names of ad-hoc scoring. */
typedef struct psyi_intake_options {
    const psyi_input *input;
    const psyi_use *uses;
    size_t n_uses;
    bool generated_names; /* <instrument>_<item>; optional sex, grade, age, informant */
    const char *encoding; /* with generated names: declared by the caller, or NULL */
    bool partial;         /* `critical`: missing columns are notes */
    const char *const *keep;
    size_t n_keep;
    const psyi_watch *watch; /* told before each of `n_files` files, the roster's among them */
    size_t n_files;
    bool general_only;  /* read every cell the general way (tests compare the two) */
    unsigned n_threads; /* 0: one per core */
    /* Of the ranges that threads read, and of the windows that files come in; 0: as is best. */
    size_t range_bytes, window_bytes;
} psyi_intake_options;

/* Read all files, in order, into one intake.  PSY_E_DATA for what cannot be known (encoding,
 * header, duplicate columns, missing needed columns, ids in scientific notation); findings
 * for what can be worked around.  Where paths[i] is NULL, sources[i] is read; either array
 * may be NULL. */
psy_status psyi_intake_read(psyi_intake **out, const psyi_intake_options *options,
                            const char *const *paths, const psy_source *sources, size_t n_inputs,
                            const psy_allocator *allocator, psy_findings *findings,
                            psy_error *error);
void psyi_intake_free(psyi_intake *intake);

/* One line of the roster. */
typedef struct psyi_roster_row {
    uint32_t row;
    uint32_t file; /* index into files */
    const char *student, *school, *school_name, *class_text, *grade_text, *name, *area;
    const char *exempt_reason, *local_no, *former;
    int16_t grade, class_number, age;
    uint8_t sex, consent;
    bool required; /* false: exempt */
    int32_t born;
} psyi_roster_row;
typedef struct psyi_roster {
    psyi_arena arena;
    const psy_allocator *allocator;
    psyi_roster_row *rows; /* of the first file, then of the next */
    size_t n_rows, room;
    psyi_input_file *files; /* at least one */
    size_t n_files, files_room;
    struct psyi_roster *links; /* a table of earlier numbers, or NULL; freed with the roster */
} psyi_roster;
psy_status psyi_roster_read(psyi_roster **out, const psyi_input *input, const char *path,
                            const psy_source *source, const psy_allocator *allocator,
                            psy_findings *findings, psy_error *error);
/* The rows of a table of students behind those of *to, which is made where it is NULL; `where` is
 * its place in the plan, "inputs/links".  What was there is the caller's on failure, too. */
psy_status psyi_students_read(psyi_roster **to, const psyi_input *input, const char *where,
                              const char *path, const psy_source *source,
                              const psy_allocator *allocator, psy_findings *findings,
                              psy_error *error);
/* Its lines are needed no more, their texts are; NULL is fine. */
void psyi_roster_forget(psyi_roster *roster);
void psyi_roster_free(psyi_roster *roster);

#endif
