/* layout.h -- sheets as tables of columns.
 *
 * A column is data: its key, names, width, look, choices, and the function that fills it.
 * Sheets are written from such tables, and so is the sheet that explains them, which can
 * therefore not fall behind. */
#ifndef PSYSCREEN_REPORT_LAYOUT_H
#define PSYSCREEN_REPORT_LAYOUT_H

#include "cohort/results.h"
#include "report/book.h"

#include <psyscreen/findings.h>

#define PSYI_LABEL(zh_, en_)                                                                       \
    {                                                                                              \
        .en = (en_), .zh = (zh_)                                                                   \
    }
#define PSYI_WORD(report, zh_, en_)                                                                \
    psyi_label_text((psyi_label)PSYI_LABEL(zh_, en_), (report)->language, "")

#define PSYI_ALL_SCHOOLS  SIZE_MAX
#define PSYI_MOST_LAYOUTS 24

typedef struct psyi_cell_field psyi_cell_field;
typedef struct psyi_layout {
    const char *key;
    psyi_label name; /* of the sheet */
    psyi_cell_field *fields;
    size_t n, capacity;
} psyi_layout;

typedef struct psyi_report { /* one workbook being written */
    const psyi_results *results;
    const psy_findings *findings; /* may be NULL */
    psyi_book *book;
    psyi_arena arena;
    psyi_buffer text, more; /* scratch of one cell */
    psyi_language language; /* of the cells: the plan's first */
    bool both;              /* headers in two languages */
    uint64_t uses;          /* bit per use that is given to, or by, any of the students */
    bool names;             /* names may be printed: the plan prints plain ids */
    psyi_label reader;      /* whom it is for: at the foot of every page */
    const char *whose;      /* at the head of every page; NULL: the school's name */
    size_t school;          /* or PSYI_ALL_SCHOOLS */
    size_t first, n;        /* its students */
    psyi_counts counts;
    const uint32_t *by_class; /* the students by grade and class; NULL for the district */
    psyi_near_told *near;     /* of each student, by index from `first`; NULL for the district */
    uint32_t *counted;        /* group_moments.c: sheets of one use that count; NULL: none asked */
    size_t counted_use;
    uint32_t *list; /* students of the warning list, in its order */
    size_t n_list;
    const psyi_layout *layouts[PSYI_MOST_LAYOUTS]; /* for the dictionary */
    size_t n_layouts;
    size_t note_column;                 /* of sentences below the table that was ended last */
    double note_width;                  /* what there is room for: its columns from there on */
    const struct psyi_role_cut *role;   /* whose columns alone exist; NULL: all */
    const struct psyi_release *release; /* the district's tables; NULL elsewhere */
    psyi_layout spare;                  /* stands in for a layout there was no memory for */
} psyi_report;

typedef struct psyi_line { /* what a row is about */
    psyi_report *report;
    size_t student;
    size_t number;                          /* from 1 */
    const void *data;                       /* other subjects */
    const struct psyi_carried_row *carried; /* what people had written into it; NULL: nothing */
    int bold;                               /* PSYI_BOLD in rows of totals */
} psyi_line;

typedef void psyi_fill(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                       const psyi_cell_field *field);
struct psyi_cell_field {
    const char *key;
    psyi_label head, note;
    double width;
    int style;
    psyi_fill *fill;           /* NULL: people fill it in */
    const psyi_label *choices; /* drop-down; ends with {NULL, NULL} */
    uint16_t a, b, c;          /* parameters of `fill` */
};

/* `name` in the report's language; two lines in both. */
const char *psyi_text(const psyi_report *report, psyi_label name);
const char *psyi_text_both(psyi_report *report, psyi_label name);
/* Formatted text in the report's arena; "" and a failed book without memory. */
const char *psyi_report_format(psyi_report *report, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The contents of a scratch buffer as a cell; a failed buffer fails the book. */
const char *psyi_report_take(const psyi_report *report, psyi_buffer *buffer);

psyi_layout *psyi_layout_new(psyi_report *report, const char *key, psyi_label name);
void psyi_layout_add(psyi_report *report, psyi_layout *layout, const psyi_cell_field *field);
void psyi_layout_add_all(psyi_report *report, psyi_layout *layout, const psyi_cell_field *fields,
                         size_t n);
/* Add fields with this key? (no names under pseudonyms, no tiers without a scheme) */
bool psyi_field_wanted(const psyi_report *report, const psyi_cell_field *field);

psyi_sheet *psyi_layout_sheet(psyi_report *report, const psyi_layout *layout, bool streaming);
void psyi_layout_head(psyi_report *report, psyi_sheet *sheet, const psyi_layout *layout,
                      size_t row);
void psyi_layout_row(psyi_sheet *sheet, size_t row, const psyi_layout *layout,
                     const psyi_line *line);
/* Filter, drop-downs and page of a table with its header in `head` and `n` rows below;
 * `keep` columns stay when the sheet is scrolled; the sheet reaches down to `end` (row
 * after the last).  A hint stands where there are no rows.  On a streaming sheet it comes
 * right after the last row, before any note below the table. */
void psyi_layout_end(psyi_report *report, psyi_sheet *sheet, const psyi_layout *layout, size_t head,
                     size_t n, size_t keep, size_t end);
/* How many of `keep` columns are printed again on every page: none where the table is as wide as
 * one.  Sentences begin behind them, or what is repeated of a sentence is cut off. */
size_t psyi_layout_repeated(const psyi_layout *layout, size_t keep);
/* How wide the sentences of such a table may be, so that no page cuts them. */
double psyi_layout_note_width(const psyi_layout *layout, size_t keep);
/* The column of this key, or SIZE_MAX. */
size_t psyi_layout_column(const psyi_layout *layout, const char *key);
/* The parts of it: the drop-downs in rows first .. last; what colours itself there (the tier
 * that people choose, what is overdue, what is closed); the rest. */
void psyi_layout_choices(psyi_report *report, psyi_sheet *sheet, const psyi_layout *layout,
                         size_t first, size_t last);
void psyi_layout_marks(psyi_report *report, psyi_sheet *sheet, const psyi_layout *layout,
                       size_t first, size_t last);
void psyi_layout_end_filled(psyi_report *report, psyi_sheet *sheet, const psyi_layout *layout,
                            size_t head, size_t n, size_t keep, size_t end);
/* psyi_layout_end of a table from row 0 on, with rows that begin new pages. */
void psyi_layout_end_pages(psyi_report *report, psyi_sheet *sheet, const psyi_layout *layout,
                           size_t n, const size_t *breaks, size_t n_breaks, size_t end);
/* notes.c: the text below a table from `row` on, in PSYI_NOTE_ROWS rows. */
#define PSYI_NOTE_ROWS 4
void psyi_notes(psyi_report *report, psyi_sheet *sheet, size_t row, const char *text);
/* A text of this width in as many rows from `row` on as it takes; returns the row after them. */
size_t psyi_note_lines(psyi_report *report, psyi_sheet *sheet, size_t row, size_t column,
                       double width, const char *text, int style);
/* 字段说明: all layouts of the report. */
void psyi_layout_dictionary(psyi_report *report);

/* ---- fields.c: columns of a student, used by several sheets ---- */

psyi_fill psyi_fill_number, psyi_fill_grade, psyi_fill_class, psyi_fill_name, psyi_fill_id,
    psyi_fill_sex, psyi_fill_age, psyi_fill_status, psyi_fill_why, psyi_fill_tier,
    psyi_fill_tier_upper, psyi_fill_class_of_alert, psyi_fill_rules, psyi_fill_ask,
    psyi_fill_submitted, psyi_fill_test_date, psyi_fill_duration, psyi_fill_due,
    psyi_fill_key_scores;
/* ---- outside_fields.c: the wave before and reports from outside ---- */
psyi_fill psyi_fill_previous, psyi_fill_external, psyi_fill_near, psyi_fill_queue;
/* "容量 20：先访谈 20 人，排队 15 人" behind what stands in `text`; nothing without a capacity. */
void psyi_add_line_words(psyi_report *report, psyi_buffer *text);
/* ---- mark_fields.c: what keeps a standard score from being exact ---- */
/* Is no later standard score of its scale by the same norm? */
bool psyi_last_of_norm(const psy_instrument *instrument, size_t standard);
/* The column of marks behind the standard scores of a norm, counted as psyi_case_norm_marks
 * does; none where it could never be filled. */
void psyi_add_mark_field(psyi_report *report, psyi_layout *layout, size_t use, size_t scale,
                         size_t norm);
/* Marks in the words of the report: of ids as scores.csv has them. */
void psyi_add_mark_words(const char *ids, psyi_language language, psyi_buffer *out);
/* ---- key_scores.c ---- */
/* How the warning list is ordered, and which errors of measurement had to be made up for it. */
void psyi_add_order_words(const psyi_report *report, psyi_buffer *text);
bool psyi_outside_wanted(const psyi_report *report, const psyi_cell_field *field);
psyi_label psyi_previous_head(psyi_report *report); /* with the name of that wave */

const psyi_tier *psyi_tier_of(const psy_plan *plan, int rank);
/* "二级预警"; 未能判定 for none. */
const char *psyi_tier_words(const psyi_report *report, int rank);
int psyi_tier_style(int rank);
const char *psyi_status_text(const psyi_report *report, size_t student);
/* The scale a use is known by: `total`, else the first with bands, else the first. */
size_t psyi_headline(const psy_plan *plan, size_t use);
/* "MHT": the whole name is on 说明, and would make every line of a table four lines high. */
const char *psyi_use_name(psyi_report *report, size_t use);
/* "MHT 总分" */
psyi_label psyi_scale_label(psyi_report *report, size_t use, size_t scale);
/* A band's name; where it has none in English its id, which is one in lower case. */
const char *psyi_band_text(psyi_report *report, const psyi_band *band);
/* "PHQ-9 第9题": any operand of a rule. */
psyi_label psyi_operand_label(psyi_report *report, bool is_item, uint32_t id);
/* Was the score of the selected sheet given out?  The sheet through *sheet. */
bool psyi_score_at(const psyi_results *results, size_t student, size_t use, size_t scale,
                   uint32_t *sheet);
/* A critical item was left blank on a form that is at least half answered. */
/* `since` and so many hours as a time; "at once" where it is not known when; nothing without
 * hours. */
void psyi_put_due(const psyi_report *report, psyi_sheet *sheet, size_t row, size_t column,
                  int hours, int64_t since);
bool psyi_critical_unanswered(const psyi_results *results, size_t student);
/* When the submission behind a critical flag was made, PSYI_NO_TIME unknown; the hours of
 * the duty, 0 unset. */
int64_t psyi_critical_since(const psyi_results *results, size_t student, int *hours);

/* ---- person_columns.c ---- */

typedef enum psyi_person_look {
    PSYI_PERSON_WIDE,   /* one line a student */
    PSYI_PERSON_COMPACT /* rows of several lines */
} psyi_person_look;
/* no, grade, class, name, student_code, sex: the first columns of every sheet of students.
 * How many of them stay when the sheet is scrolled. */
size_t psyi_person_columns(psyi_report *report, psyi_layout *layout, psyi_person_look look);
/* The fields of these columns, of 跟进台账 and of 预警名单, for entry_columns.c. */
const psyi_cell_field *psyi_person_fields(size_t *n);
const psyi_cell_field *psyi_ledger_fields(size_t *n);
const psyi_cell_field *psyi_alert_fields(size_t *n);
extern const psyi_label psyi_ledger_name, psyi_alert_name;

/* ---- ledger.c ---- */

/* A number that stays the same for a student, school and wave: "C-1f0a-93cc-07be". */
const char *psyi_case_id(psyi_report *report, size_t student);
psyi_fill psyi_fill_case_id, psyi_fill_school;
extern const psyi_label psyi_case_states[], psyi_conclusions[], psyi_guardian_told[], psyi_yes_no[];
/* The tiers of the scheme as a drop-down of the columns people decide in. */
void psyi_offer_tiers(psyi_report *report, const psyi_layout *layout);

/* ---- carried_rows.c: what people had written before ---- */

/* The cell of a carried row; false: it says nothing about this column. */
bool psyi_put_carried(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                      const psyi_cell_field *field);
/* The rows of a student's case in the ledger, behind row `n`; the new last row. */
size_t psyi_put_case(psyi_report *report, psyi_sheet *sheet, const psyi_layout *layout, size_t n,
                     size_t student);
/* Those of cases that are not on the list any more. */
size_t psyi_put_left_cases(psyi_report *report, psyi_sheet *sheet, const psyi_layout *layout,
                           size_t n);
const struct psyi_carried_row *psyi_carried_of_list(psyi_report *report, size_t student);
/* All of a case in one row: of each column what was written last, in the ledger before the list. */
const struct psyi_carried_row *psyi_carried_together(psyi_report *report, size_t student);

/* ---- report_base.c ---- */

psy_status psyi_report_open(psyi_report *report, const psyi_results *results,
                            const psy_findings *findings, size_t school, const char *title,
                            const char *path, psy_error *error);
psy_status psyi_report_close(psyi_report *report, psy_error *error);
/* "筛查结果不是诊断" with its reader, and the legend, for page heads and feet. */
const char *psyi_not_a_diagnosis(psyi_report *report);
const char *psyi_legend(const psyi_report *report);
/* The same without its full stop. */
const char *psyi_legend_phrase(psyi_report *report);
/* Whose the pages are, beside the name of their sheet: the school, or what `whose` says; may be
 * NULL. */
const char *psyi_report_about(const psyi_report *report);
/* Header label of a tier column: "系统等级\n(一级=最重)". */
psyi_label psyi_tier_head(psyi_report *report, psyi_label name);

/* ---- cover.c: 说明 ---- */

typedef enum psyi_cover_kind {
    PSYI_COVER_SCHOOL,
    PSYI_COVER_DISTRICT,
    PSYI_COVER_UNMATCHED,
    PSYI_COVER_SEALED
} psyi_cover_kind;
void psyi_cover(psyi_report *report, psyi_cover_kind kind);

/* ---- sheets of the school workbook ---- */

void psyi_participation_sheet(psyi_report *report);
void psyi_score_sheet(psyi_report *report);
void psyi_alert_sheet(psyi_report *report);
/* People on the warning list, each once by urgency and once by tier. */
typedef struct psyi_list_counts {
    size_t urgent, review, verify, unanswered;
    size_t tiers[PSYI_STYLE_RANKS], no_tier;
} psyi_list_counts;
psyi_list_counts psyi_list_counts_of(const psyi_report *report);
void psyi_retest_sheet(psyi_report *report);
void psyi_untested_sheet(psyi_report *report);
void psyi_ledger_sheet(psyi_report *report);
/* How many are on 复测名单 and 未测名单. */
size_t psyi_retest_count(const psyi_report *report);
size_t psyi_untested_count(const psyi_report *report);
void psyi_profile_sheet(psyi_report *report);
void psyi_class_sheet(psyi_report *report);
/* 班级图表 of the first `n_rows` rows of 班级汇总. */
void psyi_class_charts(psyi_report *report, const psyi_sheet *data, const psyi_layout *layout,
                       size_t n_rows);
void psyi_class_scale_sheet(psyi_report *report);
void psyi_quality_sheet(psyi_report *report);
/* "重复答卷不一致，待定" of "duplicate_undecided". */
const char *psyi_finding_words(const psyi_report *report, const char *rule);
/* The sentence of a finding, or its remedy, in the words of the report; `otherwise` where these
 * tables have none. */
const char *psyi_finding_says(const psyi_report *report, const char *rule, bool remedy,
                              const char *otherwise);
/* Records of unknown students, of one school code or (NULL) all. */
void psyi_unmatched_sheet(psyi_report *report, size_t school);

/* ---- sheets of the district workbook ---- */

void psyi_district_school_sheet(psyi_report *report);
void psyi_district_grade_sheet(psyi_report *report);
void psyi_district_scale_sheet(psyi_report *report);
void psyi_district_rule_sheet(psyi_report *report);
void psyi_district_process_sheet(psyi_report *report);
void psyi_district_wave_sheet(psyi_report *report);
void psyi_district_untested_sheet(psyi_report *report);
void psyi_district_check_sheet(psyi_report *report);
void psyi_district_funnel_sheet(psyi_report *report);

#endif
