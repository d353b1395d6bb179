/*
 * district_book.c -- the district workbook: no names, small counts hidden.
 */
#include "report/release.h"
#include "report/report.h"

psy_status psyi_report_district(const psyi_results *results, const char *path,
                                const psy_findings *findings, psy_error *error)
{
    psyi_report report;
    const psy_status status =
        psyi_report_open(&report, results, findings, PSYI_ALL_SCHOOLS, "district", path, error);
    if (status != PSY_OK)
        return status;
    psyi_cover(&report, PSYI_COVER_DISTRICT);
    report.release = psyi_release_make(&report);
    if (report.release != NULL) {
        psyi_district_school_sheet(&report);
        psyi_district_grade_sheet(&report);
        psyi_district_scale_sheet(&report);
        psyi_district_rule_sheet(&report);
        psyi_district_funnel_sheet(&report);
        psyi_district_process_sheet(&report);
        psyi_district_wave_sheet(&report);
        psyi_district_untested_sheet(&report);
        psyi_district_check_sheet(&report);
    }
    psyi_layout_dictionary(&report);
    return psyi_report_close(&report, error);
}
