/*
 * dossier_book.c -- 一生一策: the workbook of one student over several waves.
 *
 * What the screenings know is filled in; the rest is room for the people who know the child.
 */
#include "report/dossier_tables.h"

#include "cohort/carried.h"
#include "intake/cell.h"

#include <psyscreen/version.h>

#include <string.h>

/* ---- the workbook ---- */

#define W(zh, en) PSYI_WORD(report, zh, en)

static void write_cover(psyi_report *report, const psyi_dossier *dossier)
{
    psyi_sheet *const sheet = psyi_book_sheet(report->book, W("说明", "Read me"), true);
    size_t row = 3;
    psyi_sheet_column(sheet, 0, 20, PSYI_STYLE_PLAIN);
    psyi_sheet_column(sheet, 1, 100, PSYI_STYLE_PLAIN);
    psyi_sheet_gridlines_hidden(sheet);
    psyi_put_text(sheet, 0, 0, W("一生一策 学生心理成长档案", "Dossier of one student"),
                  PSYI_STYLE_TITLE);
    psyi_put_text(sheet, 1, 0,
                  W("筛查结果不是诊断。档案用于帮助，不用于评优、排名、处分。",
                    "Screening is not a diagnosis. The dossier is for help, never for ranking."),
                  PSYI_STYLE_WARN);
    const struct {
        const char *key, *text;
    } lines[] = {
        {W("档案编号", "Dossier"), report->whose},
        {W("保密级别", "Confidentiality"),
         W("仅供本校心理教师；班主任经授权、监护人可查阅，每次查阅记入“查阅记录”。",
           "for the school's psychology teacher; whoever else looks is entered in 'Access log'")},
        {W("怎样填写", "How to use"), W("测评记录、等级历程、变化（及汇总来的跟进记录）由程序填写；"
                                        "黄色列与其余各表由人填写。不记父母收入、单位、街道"
                                        "以下住址、"
                                        "考试名次。",
                                        "the program fills in the screenings and the "
                                        "contacts that were collected; people fill in the rest. "
                                        "Leave out income, employer, ranks, and the address "
                                        "below the street.")},
        {W("转学、升学", "When the child moves"),
         W("移交时填“移交记录”，连同文件校验值交接收校签收。",
           "fill in 'Transfers', and hand over the file with its SHA-256")},
        {W("软件", "Software"), psyi_report_format(report, "psyscreen %s", psy_version())},
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        psyi_put_text(sheet, row, 0, lines[i].key, PSYI_STYLE_KEY);
        psyi_put_text(sheet, row++, 1, lines[i].text, PSYI_STYLE_SAY);
    }
    for (size_t i = 0; i < dossier->n_waves; i++) {
        const psyi_dossier_wave *const wave = dossier->waves[i];
        psyi_put_text(sheet, row, 0, i == 0 ? W("来自", "Made from") : "", PSYI_STYLE_KEY);
        psyi_put_text(
            sheet, row++, 1,
            psyi_report_format(report,
                               W("%s，%s，方案 %s（%.12s…），psyscreen %s",
                                 "%s, %s, plan %s (%.12s…), psyscreen %s"),
                               wave->wave != NULL ? wave->wave : "",
                               wave->as_of != NULL ? wave->as_of : "",
                               wave->plan != NULL ? wave->plan : "",
                               wave->plan_fingerprint != NULL ? wave->plan_fingerprint : "",
                               wave->version != NULL ? wave->version : ""),
            PSYI_STYLE_SAY);
    }
    for (size_t i = 0; i < dossier->n_entries; i++) {
        psyi_put_text(sheet, row, 0, i == 0 ? W("跟进记录来自", "Contacts from") : "",
                      PSYI_STYLE_KEY);
        psyi_put_text(sheet, row++, 1,
                      psyi_report_format(report,
                                         W("跟进台账汇总（SHA-256 %.12s…）",
                                           "entries of ledgers (SHA-256 %.12s…)"),
                                         dossier->entries[i]->digest),
                      PSYI_STYLE_SAY);
    }
    const psyi_print page = {
        .last_row = row, .last_column = 1, .pages_wide = 1, .footer = psyi_not_a_diagnosis(report)};
    psyi_sheet_print(sheet, &page);
}

/* The day of the latest wave, which is the only time in the file. */
static int64_t day_of(const psyi_dossier *dossier)
{
    const char *const text = dossier->waves[dossier->n_waves - 1]->as_of;
    int32_t days = 0, seconds = 0;
    return text != NULL &&
                   psyi_date_read(text, strlen(text), "ymd", &days, &seconds) == PSYI_DATE_OK
               ? (int64_t)days * 86400
               : PSYI_NO_TIME;
}

psy_status psyi_report_dossier(const psyi_dossier *dossier, const char *path,
                               const psy_allocator *allocator, psy_error *error)
{
    psyi_report report;
    psyi_intake nothing = {.n_records = 0};
    psyi_results about = {.allocator = allocator,
                          .plan = dossier->plan,
                          .intake = &nothing,
                          .as_of = day_of(dossier)};
    const psy_status status =
        psyi_report_open(&report, &about, NULL, PSYI_ALL_SCHOOLS, "dossier", path, error);
    if (status != PSY_OK)
        return status;
    report.reader = (psyi_label)PSYI_LABEL("仅供心理教师按职责使用，请勿外传。",
                                           "For the psychology teacher only.");
    report.whose = psyi_dossier_id(&report, dossier);
    write_cover(&report, dossier);
    psyi_dossier_basics(&report, dossier);
    psyi_dossier_records(&report, dossier);
    psyi_dossier_history(&report, dossier);
    psyi_dossier_changes(&report, dossier);
    psyi_dossier_blanks(&report, &about, dossier);
    psyi_layout_dictionary(&report);
    return psyi_report_close(&report, error);
}
