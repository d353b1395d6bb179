/*
 * school_book.c -- the workbook of one school, and the one of sheets nobody owns.
 */
#include "report/layout.h"
#include "report/report.h"

psy_status psyi_report_school(const psyi_results *results, size_t school, const char *path,
                              const psy_findings *findings, psy_error *error)
{
    psyi_report report;
    const psy_status status = psyi_report_open(&report, results, findings, school,
                                               results->schools[school].code, path, error);
    if (status != PSY_OK)
        return status;
    const uint8_t sheets = results->plan->sheets;
    psyi_cover(&report, PSYI_COVER_SCHOOL);
    psyi_alert_sheet(&report);
    psyi_retest_sheet(&report);
    psyi_untested_sheet(&report);
    if ((sheets & PSYI_SHEET_LEDGER) != 0)
        psyi_ledger_sheet(&report);
    if ((sheets & PSYI_SHEET_PARTICIPATION) != 0)
        psyi_participation_sheet(&report);
    if ((sheets & PSYI_SHEET_SCORES) != 0)
        psyi_score_sheet(&report);
    if ((sheets & PSYI_SHEET_PROFILE) != 0)
        psyi_profile_sheet(&report);
    if ((sheets & PSYI_SHEET_CLASSES) != 0)
        psyi_class_sheet(&report);
    if ((sheets & PSYI_SHEET_CLASS_SCALES) != 0)
        psyi_class_scale_sheet(&report);
    size_t n_unmatched;
    psyi_unmatched_of(results, school, &n_unmatched);
    if (n_unmatched > 0)
        psyi_unmatched_sheet(&report, school);
    if ((sheets & PSYI_SHEET_QUALITY) != 0)
        psyi_quality_sheet(&report);
    if ((sheets & PSYI_SHEET_DICTIONARY) != 0)
        psyi_layout_dictionary(&report);
    return psyi_report_close(&report, error);
}

psy_status psyi_report_unmatched(const psyi_results *results, const char *path, psy_error *error)
{
    psyi_report report;
    const psy_status status =
        psyi_report_open(&report, results, NULL, PSYI_ALL_SCHOOLS, "_unmatched", path, error);
    if (status != PSY_OK)
        return status;
    report.reader = (psyi_label)PSYI_LABEL("仅供区里负责查找的人员。",
                                           "For those who look for the children only.");
    psyi_cover(&report, PSYI_COVER_UNMATCHED);
    psyi_unmatched_sheet(&report, PSYI_ALL_SCHOOLS);
    psyi_layout_dictionary(&report);
    return psyi_report_close(&report, error);
}
