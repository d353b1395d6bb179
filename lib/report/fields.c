/*
 * fields.c -- columns about a student that several sheets share.
 *
 * A cell about a child without consent stays empty but for identity and status; a tier that
 * was not judged is written out as such and looks like no tier.
 */
#include "report/layout.h"

#include "tier/rule_block.h"

#include <math.h>
#include <string.h>

static const psyi_student *student_of(const psyi_line *line)
{
    return &line->report->results->students[line->student];
}

static psyi_buffer *scratch(const psyi_line *line)
{
    psyi_buffer *const text = &line->report->text;
    psyi_buffer_clear(text);
    return text;
}

void psyi_fill_number(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                      const psyi_cell_field *field)
{
    (void)field;
    psyi_put_integer(sheet, row, column, (int64_t)line->number, PSYI_STYLE_PLAIN);
}

void psyi_fill_grade(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                     const psyi_cell_field *field)
{
    const psyi_student *const student = student_of(line);
    (void)field;
    if (student->grade > 0)
        psyi_put_integer(sheet, row, column, student->grade, PSYI_STYLE_PLAIN);
    else
        psyi_put_text(sheet, row, column, student->grade_text, PSYI_STYLE_PLAIN);
}

void psyi_fill_class(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                     const psyi_cell_field *field)
{
    (void)field;
    psyi_put_text(sheet, row, column, student_of(line)->class_text, PSYI_STYLE_PLAIN);
}

void psyi_fill_name(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                    const psyi_cell_field *field)
{
    (void)field;
    psyi_put_text(sheet, row, column, student_of(line)->name, PSYI_STYLE_PLAIN);
}

void psyi_fill_id(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                  const psyi_cell_field *field)
{
    (void)field;
    psyi_put_text(sheet, row, column, student_of(line)->id, PSYI_STYLE_PLAIN);
}

void psyi_fill_sex(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                   const psyi_cell_field *field)
{
    const psyi_student *const student = student_of(line);
    (void)field;
    psyi_put_text(sheet, row, column,
                  student->sex == PSYI_SEX_MALE     ? PSYI_WORD(line->report, "男", "male")
                  : student->sex == PSYI_SEX_FEMALE ? PSYI_WORD(line->report, "女", "female")
                                                    : "",
                  PSYI_STYLE_PLAIN);
}

void psyi_fill_age(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                   const psyi_cell_field *field)
{
    const psyi_student *const student = student_of(line);
    (void)field;
    if (student->age >= 0)
        psyi_put_integer(sheet, row, column, student->age, PSYI_STYLE_PLAIN);
}

const char *psyi_status_text(const psyi_report *report, size_t student)
{
    return psyi_text(report,
                     psyi_status_label((psyi_status)report->results->students[student].status));
}

void psyi_fill_status(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                      const psyi_cell_field *field)
{
    const uint8_t status = student_of(line)->status;
    (void)field;
    psyi_put_text(sheet, row, column, psyi_status_text(line->report, line->student),
                  status == PSYI_STATUS_VALID ? PSYI_STYLE_PLAIN : PSYI_STYLE_GREY);
}

void psyi_fill_why(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                   const psyi_cell_field *field)
{
    psyi_buffer *const text = scratch(line);
    (void)field;
    if (student_of(line)->why == 0)
        return;
    psyi_status_words(line->report->results, line->student, line->report->language, text);
    psyi_put_text(sheet, row, column, psyi_report_take(line->report, text), PSYI_STYLE_PLAIN);
}

/* ---- tiers ---- */

const psyi_tier *psyi_tier_of(const psy_plan *plan, int rank)
{
    for (size_t i = 0; plan->scheme != NULL && i < plan->scheme->n_tiers; i++)
        if (plan->scheme->tiers[i].rank == rank)
            return &plan->scheme->tiers[i];
    return NULL;
}

const char *psyi_tier_words(const psyi_report *report, int rank)
{
    const psyi_tier *const tier = psyi_tier_of(report->results->plan, rank);
    if (rank == PSYI_NOT_JUDGED || tier == NULL)
        return PSYI_WORD(report, "未能判定", "not judged");
    return psyi_text(report, tier->name);
}

int psyi_tier_style(int rank)
{
    return rank >= 0 && rank < PSYI_STYLE_RANKS ? PSYI_STYLE_TIER + rank : PSYI_STYLE_MUTED;
}

void psyi_fill_tier(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                    const psyi_cell_field *field)
{
    const psyi_student *const student = student_of(line);
    (void)field;
    /* Who took no part has no tier, which is no verdict. */
    if (!psyi_printable(line->report->results, line->student) ||
        (student->status == PSYI_STATUS_ABSENT && student->tier == PSYI_NOT_JUDGED))
        return;
    psyi_put_text(sheet, row, column, psyi_tier_words(line->report, student->tier),
                  psyi_tier_style(student->tier));
}

void psyi_fill_tier_upper(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                          const psyi_cell_field *field)
{
    const psyi_student *const student = student_of(line);
    (void)field;
    if (psyi_printable(line->report->results, line->student) &&
        student->tier_upper > student->tier && student->tier_upper > 0)
        psyi_put_text(sheet, row, column, psyi_tier_words(line->report, student->tier_upper),
                      PSYI_STYLE_MUTED);
}

/* ---- alerts ---- */

void psyi_fill_class_of_alert(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                              const psyi_cell_field *field)
{
    const psyi_results *const results = line->report->results;
    const int class = psyi_critical_class(results, line->student);
    const int verify = results->students[line->student].verify;
    (void)field;
    if (class == 0 && verify == 0) {
        if (psyi_critical_unanswered(results, line->student))
            psyi_put_text(sheet, row, column, PSYI_WORD(line->report, "重点题缺答", "item blank"),
                          PSYI_STYLE_REVIEW);
    } else if (class == 2)
        psyi_put_text(sheet, row, column, PSYI_WORD(line->report, "紧急", "urgent"),
                      PSYI_STYLE_URGENT);
    else if (class == 1)
        psyi_put_text(sheet, row, column, PSYI_WORD(line->report, "复核", "review"),
                      PSYI_STYLE_REVIEW);
    else if (verify > 0)
        psyi_put_text(sheet, row, column, PSYI_WORD(line->report, "需当面核实", "verify in person"),
                      verify == 2 ? PSYI_STYLE_URGENT : PSYI_STYLE_REVIEW);
}

/* Two flags of one item say the same of it, and the more urgent one says it with the higher
 * limit: the other is left out of the words (not of the ids in scores.csv). */
static bool said_by_a_worse(const psyi_report *report, size_t student, size_t rule)
{
    const psyi_rulebook *const book = report->results->book;
    const psyi_book_rule *const mild = &book->rules[rule];
    if (!mild->critical)
        return false;
    for (size_t i = 0; i < book->n_critical; i++) {
        const psyi_book_rule *const worse = &book->rules[i];
        const char *const text = psyi_text(report, worse->text);
        if (worse->use == mild->use && worse->rank > mild->rank && text[0] != '\0' &&
            strcmp(text, psyi_text(report, mild->text)) == 0 &&
            psyi_fired(report->results, student, i))
            return true;
    }
    return false;
}

void psyi_fill_rules(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                     const psyi_cell_field *field)
{
    const psyi_results *const results = line->report->results;
    psyi_buffer *const text = scratch(line);
    if (!psyi_printable(results, line->student))
        return;
    for (size_t rule = 0; rule < results->book->n_rules; rule++) {
        if (!psyi_fired(results, line->student, rule) ||
            said_by_a_worse(line->report, line->student, rule))
            continue;
        if (text->length > 0)
            psyi_buffer_text(text, field->a != 0 ? PSYI_WORD(line->report, "；", "; ") : "\n");
        if (field->a != 0)
            psyi_buffer_text(text, psyi_label_text(results->book->rules[rule].text,
                                                   line->report->language,
                                                   results->book->rules[rule].id));
        else
            psyi_explain(results, line->student, rule, line->report->language, text);
    }
    if (text->length > 0 || text->failed)
        psyi_put_text(sheet, row, column, psyi_report_take(line->report, text), PSYI_STYLE_PLAIN);
}

void psyi_fill_ask(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                   const psyi_cell_field *field)
{
    const psyi_student *const student = student_of(line);
    psyi_buffer *const text = scratch(line);
    (void)field;
    if (!psyi_printable(line->report->results, line->student) ||
        student->tier_upper <= student->tier)
        return;
    psyi_items_to_ask(line->report->results, line->student, line->report->language, text);
    if (text->length > 0 || text->failed)
        psyi_put_text(sheet, row, column, psyi_report_take(line->report, text), PSYI_STYLE_PLAIN);
}

void psyi_fill_submitted(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                         const psyi_cell_field *field)
{
    int hours;
    (void)field;
    int64_t since = psyi_critical_since(line->report->results, line->student, &hours);
    if (since == PSYI_NO_TIME)
        since = student_of(line)->submitted_at;
    if (since != PSYI_NO_TIME)
        psyi_put_time(sheet, row, column, since, PSYI_STYLE_PLAIN);
}

bool psyi_critical_unanswered(const psyi_results *results, size_t student)
{
    for (size_t rule = 0; rule < results->book->n_critical; rule++)
        if (results->book->rules[rule].kind == PSYI_FLAG_UNANSWERED &&
            psyi_fired(results, student, rule))
            return true;
    return false;
}

int64_t psyi_critical_since(const psyi_results *results, size_t student, int *hours)
{
    const psyi_student *const who = &results->students[student];
    const psy_plan *const plan = results->plan;
    const int class = psyi_critical_class(results, student);
    const int urgency = class > 0 ? class : who->verify;
    *hours = urgency == 2 ? plan->urgent.hours : urgency == 1 ? plan->review.hours : 0;
    int64_t since = PSYI_NO_TIME;
    if (urgency == 0 && psyi_critical_unanswered(results, student)) {
        *hours = plan->review.hours; /* the clock of a review */
        return who->submitted_at;
    }
    /* The clock starts with the first sheet that shows it. */
    for (uint32_t i = 0; i < who->n_records; i++) {
        const uint32_t record = who->records[i];
        const int64_t at = results->intake->records[record].submitted_at;
        if (at != PSYI_NO_TIME && psyi_record_critical(results, record) >= urgency && urgency > 0 &&
            (since == PSYI_NO_TIME || at < since))
            since = at;
    }
    return since;
}

void psyi_put_due(const psyi_report *report, psyi_sheet *sheet, size_t row, size_t column,
                  int hours, int64_t since)
{
    if (hours > 0 && since != PSYI_NO_TIME)
        psyi_put_time(sheet, row, column, since + (int64_t)hours * 3600, PSYI_STYLE_PLAIN);
    else if (hours > 0)
        psyi_put_text(sheet, row, column, PSYI_WORD(report, "立即", "at once"), PSYI_STYLE_PLAIN);
}

void psyi_fill_due(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                   const psyi_cell_field *field)
{
    int hours;
    (void)field;
    const int64_t since = psyi_critical_since(line->report->results, line->student, &hours);
    psyi_put_due(line->report, sheet, row, column, hours, since);
}

/* ---- scores ---- */

static const psyi_record *main_record(const psyi_line *line)
{
    const psyi_results *const results = line->report->results;
    for (size_t use = 0; use < results->plan->n_uses; use++) {
        const uint32_t sheet = psyi_selected(results, line->student, use);
        if (sheet != PSYI_NO_SHEET)
            return &results->intake->records[sheet];
    }
    /* The oldest, whatever the order of rows. */
    const psyi_student *const student = student_of(line);
    const psyi_record *oldest = NULL;
    for (uint32_t i = 0; i < student->n_records; i++) {
        const psyi_record *const one = &results->intake->records[student->records[i]];
        if (one->submitted_at != PSYI_NO_TIME &&
            (oldest == NULL || one->submitted_at < oldest->submitted_at ||
             (one->submitted_at == oldest->submitted_at && one->seconds < oldest->seconds)))
            oldest = one;
    }
    return oldest;
}

void psyi_fill_test_date(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                         const psyi_cell_field *field)
{
    const psyi_record *const record = main_record(line);
    (void)field;
    if (record != NULL && record->submitted_at != PSYI_NO_TIME)
        psyi_put_date(sheet, row, column, record->submitted_at, PSYI_STYLE_PLAIN);
}

void psyi_fill_duration(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                        const psyi_cell_field *field)
{
    const psyi_record *const record = main_record(line);
    (void)field;
    if (record != NULL && record->seconds >= 0 &&
        psyi_printable(line->report->results, line->student))
        psyi_put_integer(sheet, row, column, record->seconds, PSYI_STYLE_PLAIN);
}

size_t psyi_headline(const psy_plan *plan, size_t use)
{
    const psy_instrument *const instrument = plan->uses[use].instrument;
    size_t banded = SIZE_MAX;
    for (size_t i = 0; i < instrument->n_scales; i++) {
        if (strcmp(instrument->scales[i].id, "total") == 0)
            return i;
        if (banded == SIZE_MAX && instrument->scales[i].n_populations > 0)
            banded = i;
    }
    return banded != SIZE_MAX ? banded : 0;
}

psyi_label psyi_scale_label(psyi_report *report, size_t use, size_t scale)
{
    return psyi_operand_label(report, false,
                              psyi_column(PSYI_COLUMN_SCORE, (unsigned)use, (unsigned)scale, 0));
}

const char *psyi_use_name(psyi_report *report, size_t use)
{
    psyi_buffer *const text = &report->more;
    psyi_buffer_clear(text);
    psyi_use_words(report->results->plan, (unsigned)use, report->language, text);
    return psyi_report_format(report, "%s", psyi_report_take(report, text));
}

const char *psyi_band_text(psyi_report *report, const psyi_band *band)
{
    if (report->language == PSYI_ZH || band->name.en != NULL)
        return psyi_label_text(band->name, report->language, band->id);
    psyi_buffer *const text = &report->more;
    psyi_buffer_clear(text);
    for (const char *at = band->id; *at != '\0'; at++)
        psyi_buffer_char(text, *at == '_' ? ' ' : *at);
    return psyi_report_take(report, text);
}

psyi_label psyi_operand_label(psyi_report *report, bool is_item, uint32_t id)
{
    psyi_buffer *const text = &report->more;
    psyi_label label;
    psyi_buffer_clear(text);
    psyi_operand_words(report->results->plan, is_item, id, PSYI_ZH, text);
    label.zh = psyi_report_format(report, "%s", psyi_report_take(report, text));
    psyi_buffer_clear(text);
    psyi_operand_words(report->results->plan, is_item, id, PSYI_EN, text);
    label.en = psyi_report_format(report, "%s", psyi_report_take(report, text));
    return label;
}

bool psyi_score_at(const psyi_results *results, size_t student, size_t use, size_t scale,
                   uint32_t *sheet)
{
    const psyi_scores *const scores = results->scores[use];
    *sheet = scores != NULL ? psyi_selected(results, student, use) : PSYI_NO_SHEET;
    return *sheet != PSYI_NO_SHEET &&
           scores->status[psyi_scale_at(scores, scale, *sheet)] >= PSYI_SCORED;
}
