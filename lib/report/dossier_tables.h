/* dossier_tables.h -- the sheets of a dossier. */
#ifndef PSYSCREEN_REPORT_DOSSIER_TABLES_H
#define PSYSCREEN_REPORT_DOSSIER_TABLES_H

#include "report/dossier_book.h"
#include "report/layout.h"

/* dossier_records.c, dossier_history.c, dossier_changes.c: what the program fills in. */
void psyi_dossier_records(psyi_report *report, const psyi_dossier *dossier);
void psyi_dossier_history(psyi_report *report, const psyi_dossier *dossier);
void psyi_dossier_changes(psyi_report *report, const psyi_dossier *dossier);
/* dossier_blanks.c: 基本信息, and the tables people fill in. */
/* The number of the file, which tells nothing about the student. */
const char *psyi_dossier_id(psyi_report *report, const psyi_dossier *dossier);
void psyi_dossier_basics(psyi_report *report, const psyi_dossier *dossier);
void psyi_dossier_blanks(psyi_report *report, psyi_results *about, const psyi_dossier *dossier);
/* Empty rows behind row `n`, and the end of the sheet. */
void psyi_dossier_room(psyi_report *report, psyi_sheet *sheet, psyi_layout *layout, size_t n);
/* dossier_contacts.c; `about` is what the report is about, in which the file of a row is set. */
void psyi_dossier_contacts(psyi_report *report, psyi_results *about, const psyi_dossier *dossier);

#endif
