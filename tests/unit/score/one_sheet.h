/* one_sheet.h -- a few sheets of a small instrument, written in the test itself. */
#ifndef PSYSCREEN_TEST_ONE_SHEET_H
#define PSYSCREEN_TEST_ONE_SHEET_H

#include "score/scorer.h"

/* Sheets scored at once.  `answers`: one text a sheet, one character an item: 0..9 and a..z
 * are indices of codes, '.' blank, 's' skipped, 'n' not applicable, 'r' refused, 'o' out of
 * range, 'u' unreadable; an empty text is a sheet that was not given. */
typedef struct few_sheets {
    psy_instrument *instrument;
    psyi_sheets *sheets;
    psyi_scorer *scorer;
    psyi_scores *scores;
    psyi_events events;
} few_sheets;

few_sheets few_sheets_score(psy_instrument *instrument, unsigned variant, const char *population,
                            const psyi_person *people, const char *const *answers, size_t n);
void few_sheets_free(few_sheets *few); /* and the instrument */

/* "12.5", "-" where there is none, "12 (10..14)" where it has bounds of its own. */
const char *few_sheets_value(const few_sheets *few, const char *scale, size_t sheet);
const char *few_sheets_band(const few_sheets *few, const char *scale, size_t sheet);
psyi_score_status few_sheets_status(const few_sheets *few, const char *scale, size_t sheet);
int few_sheets_flag(const few_sheets *few, const char *flag, size_t sheet);

#endif
