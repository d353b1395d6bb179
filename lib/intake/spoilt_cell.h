/* spoilt_cell.h -- what spreadsheets make of numbers of students: rounded, dates, errors. */
#ifndef PSYSCREEN_INTAKE_SPOILT_CELL_H
#define PSYSCREEN_INTAKE_SPOILT_CELL_H

#include "intake/tally.h"

/* 1.10101E+17: what is left of a long number after a spreadsheet showed it. */
bool psyi_is_rounded(const char *text, size_t length);
/* #N/A and its like: what a formula that found nobody leaves behind; #FORMULA! is one that was
 * never worked out. */
bool psyi_is_formula_error(const char *text, size_t length);
/* 2026-03-12, 2026/3/12, 3月12日, 12-Mar: what a spreadsheet makes of 3-12. */
bool psyi_is_date_text(const char *text, size_t length);
/* Count a number of 17 digits and more, and apart those that end in zeros behind the fifteenth. */
void psyi_count_digits(psyi_tally *tally, uint32_t column, const char *text, size_t length);
/* At the end of a file: PSY_E_DATA where the numbers of a column have lost digits: of at least
 * three, half end in zeros behind the fifteenth (of true numbers one in a hundred does). */
psy_status psyi_check_digits(const psyi_tally *tally, psy_error *error);

#endif
