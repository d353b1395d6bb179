/* entry_columns.h -- the columns that people fill in, for whoever reads them back; and the
 * number by which a row is known. */
#ifndef PSYSCREEN_REPORT_ENTRY_COLUMNS_H
#define PSYSCREEN_REPORT_ENTRY_COLUMNS_H

#include "definition/model.h"

#include <stdbool.h>
#include <stddef.h>

typedef enum psyi_entry_sheet {
    PSYI_ENTRY_LEDGER, /* 跟进台账 */
    PSYI_ENTRY_ALERTS, /* 预警名单 */
    PSYI_ENTRY_SHEETS
} psyi_entry_sheet;

typedef enum psyi_entry_kind {
    PSYI_ENTRY_GIVEN, /* written by the program, not to be changed */
    PSYI_ENTRY_TEXT,
    PSYI_ENTRY_DATE,
    PSYI_ENTRY_CHOICE,
    PSYI_ENTRY_TIER
} psyi_entry_kind;

typedef struct psyi_entry_column {
    const char *key;
    psyi_label head;
    psyi_entry_kind kind;
    const psyi_label *choices; /* ends with {NULL, NULL}; the first is what rows begin with,
                                  where `begun` */
    bool begun;
} psyi_entry_column;

const char *psyi_entry_sheet_key(psyi_entry_sheet sheet); /* "follow_up", "alert_list" */
psyi_label psyi_entry_sheet_name(psyi_entry_sheet sheet);
/* Column `i` of a sheet, those that say who a row is about first; false behind the last. */
bool psyi_entry_column_at(psyi_entry_sheet sheet, size_t i, psyi_entry_column *out);

/* "C-1f0a-93cc-07be": the same for a student, school, plan and wave; false without memory. */
enum { PSYI_CASE_NUMBER = 17 };
bool psyi_case_number(const char *plan, const char *wave, const char *school, const char *student,
                      const psy_allocator *allocator, char out[PSYI_CASE_NUMBER]);

#endif
