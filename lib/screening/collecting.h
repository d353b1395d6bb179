/* collecting.h -- rows that people wrote, between the workbooks and the tables. */
#ifndef PSYSCREEN_SCREENING_COLLECTING_H
#define PSYSCREEN_SCREENING_COLLECTING_H

#include "cohort/previous_wave.h"
#include "report/case_progress.h"
#include "report/entry_columns.h"
#include "screening/passwords.h"

#include <psyscreen/collected.h>

/* Columns of a row, whichever sheet it stands on. */
typedef enum psyi_entry_key {
    PSYI_KEY_CASE,
    PSYI_KEY_STUDENT,
    PSYI_KEY_GRADE,
    PSYI_KEY_CLASS,
    PSYI_KEY_SCHOOL,
    PSYI_KEY_WAVE,
    PSYI_KEY_DUE,
    PSYI_KEY_TIER_AUTO,
    PSYI_KEY_OPENED,
    PSYI_KEY_ORIGIN,
    PSYI_KEY_TIER_FINAL,
    PSYI_KEY_STATUS,
    PSYI_KEY_OWNER,
    PSYI_KEY_SEQ,
    PSYI_KEY_DATE,
    PSYI_KEY_MODE,
    PSYI_KEY_INTERVIEWER,
    PSYI_KEY_PRESENT,
    PSYI_KEY_FACTS,
    PSYI_KEY_IDEATION,
    PSYI_KEY_PLAN,
    PSYI_KEY_MEANS,
    PSYI_KEY_HISTORY,
    PSYI_KEY_SUPPORT,
    PSYI_KEY_CONCLUSION,
    PSYI_KEY_ACTION,
    PSYI_KEY_GUARDIAN,
    PSYI_KEY_INFORMED_ON,
    PSYI_KEY_REFERRAL,
    PSYI_KEY_REFERRED_TO,
    PSYI_KEY_SLIP,
    PSYI_KEY_FEEDBACK,
    PSYI_KEY_RETURN,
    PSYI_KEY_NEXT,
    PSYI_KEY_CLOSE_REASON,
    PSYI_KEY_CLOSED_ON,
    PSYI_KEY_BY,
    PSYI_KEY_AT,
    PSYI_KEY_NOTE,
    PSYI_ENTRY_KEYS
} psyi_entry_key;
/* "case_id", ... */
const char *psyi_entry_key_name(psyi_entry_key key);

#define PSYI_NO_CASE SIZE_MAX

typedef struct psyi_entry { /* a row of a sheet */
    const char *file;       /* its name without directories */
    psyi_entry_sheet sheet;
    uint64_t row;
    const char *cells[PSYI_ENTRY_KEYS]; /* as written, without blanks at the ends; NULL: empty */
    int32_t days[PSYI_ENTRY_KEYS];      /* of dates that are one; PSYI_NO_DAY */
    int8_t choices[PSYI_ENTRY_KEYS];    /* of choices and tiers (rank); -1: none, or unknown */
    bool touched;
    const char *problem; /* rule of the finding that keeps it out of the counts */
    size_t at;           /* its case, PSYI_NO_CASE */
} psyi_entry;

typedef struct psyi_case { /* a student of the run */
    char number[PSYI_CASE_NUMBER];
    uint32_t row; /* of the previous wave's rows */
    bool listed;  /* stands on a warning list that was read */
    bool present; /* has a row in a ledger that was read */
    int32_t due;  /* day, PSYI_NO_DAY */
} psyi_case;

typedef struct psyi_collecting {
    psyi_arena arena;
    const psy_allocator *allocator;
    const psy_plan *plan;
    psyi_previous *run; /* the run whose workbooks these are */
    psyi_case *cases;   /* by number */
    size_t n_cases;
    uint32_t *case_of_row; /* by row of the run */
    psyi_entry *entries;
    size_t n_entries, room;
    const char **schools; /* codes of which a row was seen; room for one a case */
    size_t n_schools;
    const psyi_passwords *passwords; /* NULL: none */
    bool with_as_of;
    int32_t as_of;
    psy_findings *findings;
} psyi_collecting;

/* ---- collect_read.c ---- */

/* All rows of one workbook; `digest` is that of its bytes. */
psy_status psyi_collect_read(psyi_collecting *c, const char *path, const psyi_buffer *bytes,
                             psy_error *error);
/* The workbook's bytes, decrypted where they need it. */
psy_status psyi_collect_bytes(const psyi_collecting *c, const char *path, psyi_buffer *out,
                              psy_error *error);

/* ---- collect_check.c ---- */

/* Give every row its case, and say what is wrong. */
psy_status psyi_collect_check(psyi_collecting *c, psy_error *error);
/* The case of this number, PSYI_NO_CASE. */
size_t psyi_case_find(const psyi_collecting *c, const char *number);

/* ---- collect_tables.c ---- */

psy_status psyi_collect_entries(const psyi_collecting *c, psy_table **out, psy_error *error);
psy_status psyi_collect_counts(const psyi_collecting *c, psy_table **out, psy_error *error);

#endif
