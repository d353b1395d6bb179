/* header.h -- which column of a file is what. */
#ifndef PSYSCREEN_INTAKE_HEADER_H
#define PSYSCREEN_INTAKE_HEADER_H

#include "intake/csv.h"
#include "intake/decode_input.h"
#include "intake/records.h"

#define PSYI_NO_COLUMN UINT32_MAX

typedef enum psyi_wanted_kind { PSYI_WANT_FIELD, PSYI_WANT_ITEM, PSYI_WANT_KEEP } psyi_wanted_kind;

/* One thing to be found in a header. */
typedef struct psyi_wanted {
    psyi_wanted_kind kind;
    uint16_t use;   /* of items */
    uint16_t index; /* field, item or kept column */
    bool runs_on;   /* items: numbered by the pattern of a whole form, {question+4} */
    uint8_t need;   /* items: psyi_need; fields and kept columns: 1 must be there, 2 warn */
    const char *const
        *names; /* accepted header texts, "#3", "{question:1}", or "1、*" (see psyi_starred) */
    size_t n_names;
} psyi_wanted;

/* Everything that is looked for, the same for all files of an intake. */
typedef struct psyi_wanted_list {
    const psyi_intake_options *options;
    const char *where;  /* "inputs/responses"; NULL: there is no plan to declare it in */
    psyi_wanted *items; /* fields first, then items by use, then kept columns */
    size_t n;
    const char **sorted; /* every accepted text, bytewise, for choosing a separator */
    size_t n_sorted;
    const char **starred; /* those that only say how a header begins */
    size_t n_starred;
    bool has_questions;    /* some are numbers of questions, see definition/item_pattern.h */
    const char **prefixes; /* per use: what its generated names begin with, or "" */
} psyi_wanted_list;

/* All memory from `arena`; the lists live as long. */
psy_status psyi_wanted_make(psyi_wanted_list *out, const psyi_intake_options *options, bool roster,
                            psyi_arena *arena, psy_error *error);
/* Bytes before the star of a declared name that ends in one and says how a header begins;
 * 0 for all other names. */
size_t psyi_starred(const psyi_wanted *wanted, const char *name);

/* What a column of one file is; several targets may read one column. */
typedef struct psyi_target {
    uint32_t column; /* from 0 */
    psyi_wanted_kind kind;
    uint16_t use, index;
} psyi_target;

typedef struct psyi_absent_item {
    uint16_t use, item;
} psyi_absent_item;

typedef struct psyi_header {
    const char **names; /* trimmed, overrides applied */
    size_t n_columns;
    bool overridden; /* some names are not what stands there */
    uint64_t line;
    const char *const *labels; /* second names of columns, "" where there is none */
    size_t n_labels;
    bool cells;                 /* of a workbook: columns have letters */
    const char *sheet;          /* of a workbook with several: its name, borrowed; else NULL */
    const psyi_target *targets; /* by column */
    size_t n_targets;
    bool *use_here;                 /* at least one of its items has a column */
    const psyi_absent_item *absent; /* items of such uses without a column */
    size_t n_absent;
} psyi_header;

/* Find the separator, skip to the header row, read and map it; `csv` is initialised here and
 * left at the first record.  The header's memory is the arena's. */
psy_status psyi_header_read(psyi_header *out, psyi_csv *csv, const psyi_input_text *text,
                            const char *file, const psyi_wanted_list *wanted, psyi_arena *arena,
                            psy_findings *findings, psy_error *error);

/* Remember the columns about persons in file->own, in `arena`. */
psy_status psyi_header_own(const psyi_header *header, psyi_input_file *file, psyi_arena *arena,
                           psy_error *error);

/* header_map.c: match names to columns. */
psy_status psyi_header_map(psyi_header *header, const char *file, const psyi_wanted_list *wanted,
                           psyi_arena *arena, psy_findings *findings, psy_error *error);
/* header_words.c: sentences about what is missing or not used.  `column[i]` is where wanted
 * item i was found, `used[c]` whether column c is used. */
psy_status psyi_header_missing(const psyi_header *header, const char *file,
                               const psyi_wanted_list *wanted, const uint32_t *column,
                               const bool *used, psyi_arena *arena, psy_findings *findings,
                               psy_error *error);
psy_status psyi_header_notes(const psyi_header *header, const char *file,
                             const psyi_wanted_list *wanted, const uint32_t *column,
                             const bool *used, psyi_arena *arena, psy_findings *findings,
                             psy_error *error);

#endif
