/*
 * score_sheet.c -- 得分总表: every student of the school, one line each.
 *
 * Scores are numbers, bands are words.  A cell is empty where a scale has no score; why
 * stands in the columns of the status.  The header is in row 1, so that other programs can
 * read the sheet as it is.
 */
#include "base/spill.h"
#include "report/common_fields.h"

#include <psyscreen/standard_score.h>

#include <string.h>

/* field->a use, b scale, c population or standard column. */
static void fill_score(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                       const psyi_cell_field *field)
{
    uint32_t from;
    const psyi_results *const results = line->report->results;
    if (!psyi_printable(results, line->student) ||
        !psyi_score_at(results, line->student, field->a, field->b, &from))
        return;
    const psyi_scores *const scores = results->scores[field->a];
    psyi_put_ratio(sheet, row, column, psyi_scores_value(scores, field->b, from), 2,
                   scores->status[psyi_scale_at(scores, field->b, from)] == PSYI_PRORATED
                       ? PSYI_STYLE_PRORATED
                       : PSYI_STYLE_PLAIN);
}

/* A percentile is within "<1" and ">99" for people; other metrics are numbers. */
static void put_standard(psyi_sheet *sheet, size_t row, size_t column, psyi_metric metric,
                         unsigned decimals, psyi_ratio value)
{
    char words[8] = "";
    if (metric == PSYI_METRIC_PERCENTILE && value.den > 0)
        psy_percentile_text(psyi_ratio_double(value), words);
    if (words[0] == '<' || words[0] == '>')
        psyi_put_text(sheet, row, column, words, PSYI_STYLE_PLAIN);
    else /* as many decimals from row to row: the eye compares them by their points */
        psyi_put_ratio(sheet, row, column, value, 2,
                       decimals == 1   ? PSYI_STYLE_ONE
                       : decimals == 2 ? PSYI_STYLE_TWO
                                       : PSYI_STYLE_PLAIN);
}

static void fill_standard(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                          const psyi_cell_field *field)
{
    const psyi_results *const results = line->report->results;
    const psyi_scores *const scores = results->scores[field->a];
    const uint32_t from = psyi_selected(results, line->student, field->a);
    if (scores == NULL || from == PSYI_NO_SHEET || !psyi_printable(results, line->student))
        return;
    const psy_instrument *const instrument = results->plan->uses[field->a].instrument;
    const psyi_standard *const standard = &instrument->standards[field->c];
    put_standard(sheet, row, column, (psyi_metric)standard->metric,
                 instrument->norms[standard->norm]->decimals[standard->metric],
                 psyi_scores_standard(scores, field->c, from));
}

#define WIDEST_BAND 30.0

/* Names of the bands a scale can have, from the set a band id is found in. */
static const char *band_words(psyi_report *report, const psyi_scale *scale, unsigned population,
                              const char *id)
{
    for (size_t i = 0; i < scale->n_band_sets; i++) {
        const psyi_band_set *const set = &scale->band_sets[i];
        for (size_t j = 0; set->population == population && j < set->n_bands; j++)
            if (strcmp(set->bands[j].id, id) == 0)
                return psyi_band_text(report, &set->bands[j]);
    }
    return id;
}

/* So that the longest name of a band stands on one line, where that is not too much. */
static double band_width(psyi_report *report, const psyi_scale *scale, unsigned population)
{
    double width = 9;
    for (size_t i = 0; i < scale->n_band_sets; i++) {
        const psyi_band_set *const set = &scale->band_sets[i];
        for (size_t j = 0; set->population == population && j < set->n_bands; j++)
            while (width < WIDEST_BAND &&
                   psyi_text_lines(psyi_band_text(report, &set->bands[j]), width) > 1)
                width++;
    }
    return width;
}

static void fill_band(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                      const psyi_cell_field *field)
{
    const psyi_results *const results = line->report->results;
    const psyi_scores *const scores = results->scores[field->a];
    const uint32_t from = psyi_selected(results, line->student, field->a);
    if (scores == NULL || from == PSYI_NO_SHEET || !psyi_printable(results, line->student))
        return;
    const char *const id = psyi_scores_band(scores, field->b, field->c, from);
    if (id != NULL)
        psyi_put_text(sheet, row, column,
                      band_words(line->report,
                                 psyi_scorer_scale(results->scorers[field->a], field->b), field->c,
                                 id),
                      PSYI_STYLE_PLAIN);
}

static void fill_local(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                       const psyi_cell_field *field)
{
    const psyi_results *const results = line->report->results;
    const psyi_cases *const cases = &results->cases;
    const psyi_student *const student = &results->students[line->student];
    if (cases->local == NULL || student->n_cases != 1 || !psyi_printable(results, line->student))
        return;
    const int32_t value = cases->local[(size_t)field->c * cases->n + student->first_case];
    if (value == PSYI_NO_STANDARD)
        return;
    const unsigned decimals = psyi_metric_decimals((psyi_metric)field->b);
    int64_t scale = 1;
    for (unsigned i = decimals; i > 0; i--)
        scale *= 10;
    put_standard(sheet, row, column, (psyi_metric)field->b, decimals,
                 psyi_ratio_make(value, scale));
}

/* Blank, refused, out of range or unreadable answers to items that are scored, over the
 * uses of the student's battery. */
static void fill_missing(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                         const psyi_cell_field *field)
{
    const psyi_results *const results = line->report->results;
    const psy_plan *const plan = results->plan;
    size_t missing = 0;
    bool given = false;
    (void)field;
    if (!psyi_printable(results, line->student))
        return;
    for (size_t use = 0; use < plan->n_uses; use++) {
        const uint32_t from = psyi_selected(results, line->student, use);
        if (results->scores[use] == NULL || from == PSYI_NO_SHEET)
            continue;
        const psyi_sheets *const sheets = results->intake->sheets[use];
        const psy_instrument *const instrument = plan->uses[use].instrument;
        given = true;
        for (size_t item = 0; item < instrument->n_items; item++) {
            const uint8_t answer = *psyi_sheets_byte(sheets, from, item);
            missing += instrument->items[item].scored && answer >= PSYI_BLANK &&
                       psyi_was_asked(&instrument->items[item], answer);
        }
    }
    if (given)
        psyi_put_integer(sheet, row, column, (int64_t)missing, PSYI_STYLE_PLAIN);
}

/* field->a use, b item: the canonical score of what was answered; a blank is no "no". */
static void fill_item(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                      const psyi_cell_field *field)
{
    const psyi_results *const results = line->report->results;
    const psyi_scores *const scores = results->scores[field->a];
    const uint32_t from = psyi_selected(results, line->student, field->a);
    if (scores == NULL || from == PSYI_NO_SHEET || !psyi_printable(results, line->student) ||
        *psyi_sheets_byte(results->intake->sheets[field->a], from, field->b) >= PSYI_BLANK)
        return;
    uint32_t lanes[PSYI_LANES] = {from};
    psyi_item_lanes item;
    psyi_scores_item(scores, field->b, false, lanes, 1, &item);
    if ((item.known & 1) != 0)
        psyi_put_ratio(sheet, row, column, psyi_ratio_make(item.value[0], item.scale), 2,
                       PSYI_STYLE_PLAIN);
}

/* ---- columns ---- */

/* The items that critical flags read: what a talk begins with. */
static void add_critical_items(psyi_report *report, psyi_layout *layout, size_t use)
{
    const psyi_use *const what = &report->results->plan->uses[use];
    const psy_instrument *const instrument = what->instrument;
    for (size_t i = 0; i < instrument->n_critical_items; i++) {
        const unsigned item = instrument->critical_items[i];
        const psyi_cell_field field = {
            .key = psyi_report_format(report, "%s.item(%s)", what->id, instrument->items[item].id),
            .head = psyi_operand_label(report, true, psyi_item_of((unsigned)use, item)),
            .note = PSYI_LABEL("重点题得分（已按计分方向）；空白为缺答，不等于“否”",
                               "score of a critical item; empty is blank, which is not \"no\""),
            .width = 9,
            .fill = fill_item,
            .a = (uint16_t)use,
            .b = (uint16_t)item};
        psyi_layout_add(report, layout, &field);
    }
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* An id as words, so that a head breaks between them, and ages from-to; the key has it as it is. */
static const char *as_words(psyi_report *report, const char *id)
{
    psyi_buffer_clear(&report->text);
    for (const char *at = id; *at != '\0'; at++)
        psyi_buffer_text(&report->text, *at != '_' ? (char[]){*at, '\0'}
                                        : at > id && is_digit(at[-1]) && is_digit(at[1]) ? "–"
                                                                                         : " ");
    return psyi_report_format(report, "%s", psyi_report_take(report, &report->text));
}

/* Whom a set of cut-offs is for has no label in a definition, but an id, and where that is not
 * stated either, "default", which says nothing to anybody. */
static psyi_label population_label(const char *id, const char *words)
{
    if (strcmp(id, "default") == 0)
        return (psyi_label)PSYI_LABEL("未注明", "not stated");
    return (psyi_label){.zh = words, .en = words};
}

static void add_scale(psyi_report *report, psyi_layout *layout, size_t use, size_t scale)
{
    const psyi_results *const results = report->results;
    const psy_plan *const plan = results->plan;
    const psyi_use *const what = &plan->uses[use];
    const psyi_scale *const about = psyi_scorer_scale(results->scorers[use], scale);
    const psy_instrument *const instrument = what->instrument;
    const psyi_label head = psyi_scale_label(report, use, scale);
    const bool lie = psyi_scale_is_lie(instrument, scale), worse_low = about->worse_low;
    const psyi_label matters = {.zh = lie ? worse_low ? "越低答卷越不可信" : "越高答卷越不可信"
                                      : worse_low ? "越低越需关注"
                                                  : "越高越需关注",
                                .en = lie ? worse_low ? "the lower, the less to be relied on"
                                                      : "the higher, the less to be relied on"
                                      : worse_low ? "low scores matter"
                                                  : "high scores matter"};
    char low[32] = "?", high[32] = "?";
    low[about->low.den > 0 ? psyi_ratio_print(about->low, low) : 1] = '\0';
    high[about->high.den > 0 ? psyi_ratio_print(about->high, high) : 1] = '\0';
    psyi_cell_field field = {
        .key = psyi_report_format(report, "%s.%s", what->id, about->id),
        .head = head,
        .note = {.zh = psyi_report_format(report, "范围 %s–%s，%s；蓝色斜体为折算分；空白为未计分",
                                          low, high, matters.zh),
                 .en = psyi_report_format(report,
                                          "range %s–%s, %s; blue italics: prorated; "
                                          "empty: not scored",
                                          low, high, matters.en)},
        .width = 9,
        .fill = fill_score,
        .a = (uint16_t)use,
        .b = (uint16_t)scale,
    };
    psyi_layout_add(report, layout, &field);
    const size_t own = psyi_scorer_population(results->scorers[use], scale);
    for (size_t i = 0; i < about->n_populations; i++) {
        /* The one the use names comes first. */
        const size_t population = i == 0 ? own : i <= own ? i - 1 : i;
        const char *const name = about->populations[population];
        const psyi_label words = population_label(name, as_words(report, name));
        const psyi_label note = population_label(name, name);
        field.key = i == 0 ? psyi_report_format(report, "%s.%s.band", what->id, about->id)
                           : psyi_report_format(report, "%s.%s.band@%s", what->id, about->id, name);
        field.head.zh = i == 0 ? psyi_report_format(report, "%s 等次", head.zh)
                               : psyi_report_format(report, "%s 等次（%s）", head.zh, words.zh);
        field.head.en = i == 0 ? psyi_report_format(report, "%s band", head.en)
                               : psyi_report_format(report, "%s band (%s)", head.en, words.en);
        field.note.zh = psyi_report_format(report, "分界人群：%s", note.zh);
        field.note.en = psyi_report_format(report, "cut-offs of: %s", note.en);
        field.width = band_width(report, about, (unsigned)population);
        field.style = field.width < WIDEST_BAND ? PSYI_STYLE_PLAIN : PSYI_STYLE_WRAP;
        field.fill = fill_band;
        field.c = (uint16_t)population;
        psyi_layout_add(report, layout, &field);
    }
    field.width = 9;
    field.style = PSYI_STYLE_PLAIN;
    for (size_t i = 0; i < instrument->n_standards; i++) {
        const psyi_standard *const standard = &instrument->standards[i];
        if (standard->scale != scale)
            continue;
        field.key = psyi_report_format(report, "%s.%s.%s", what->id, about->id, standard->name);
        field.head = psyi_operand_label(
            report, false,
            psyi_column(PSYI_COLUMN_STANDARD, (unsigned)use, (unsigned)scale, (unsigned)i));
        field.note.zh =
            psyi_report_format(report, "常模：%s",
                               psyi_label_text(instrument->norms[standard->norm]->population,
                                               PSYI_ZH, instrument->norms[standard->norm]->id));
        field.note.en =
            psyi_report_format(report, "norm: %s",
                               psyi_label_text(instrument->norms[standard->norm]->population,
                                               PSYI_EN, instrument->norms[standard->norm]->id));
        field.fill = fill_standard;
        field.c = (uint16_t)i;
        psyi_layout_add(report, layout, &field);
        if (psyi_last_of_norm(instrument, i))
            psyi_add_mark_field(report, layout, use, scale, standard->norm);
    }
    for (size_t i = 0; i < plan->n_locals; i++) {
        const psyi_local_norm *const local = &plan->locals[i];
        unsigned next = local->first_column;
        for (unsigned metric = 0; metric < PSYI_METRICS; metric++) {
            if ((local->metrics & 1u << metric) == 0)
                continue;
            const unsigned number = next++;
            if (local->use != use || local->scale != scale)
                continue;
            const char *const name = psyi_metric_name((psyi_metric)metric);
            field.key =
                psyi_report_format(report, "%s.%s.%s@%s", what->id, about->id, name, local->id);
            field.head = psyi_operand_label(
                report, false,
                psyi_column(PSYI_COLUMN_LOCAL, (unsigned)use, (unsigned)scale, number));
            field.note = (psyi_label)PSYI_LABEL(
                "本区本次常模；百分等级为该参照组中得分更低者所占比例（同分计半），"
                "不是答对率，也不是“有问题”的可能性",
                "norm of this district and wave; a percentile is the "
                "share of the reference group below, ties half");
            field.fill = fill_local;
            field.b = (uint16_t)metric;
            field.c = (uint16_t)number;
            psyi_layout_add(report, layout, &field);
        }
        if (local->use == use && local->scale == scale)
            psyi_add_mark_field(report, layout, use, scale, instrument->n_norms + i);
    }
}

static const psyi_cell_field before_scores[] = {
    {.key = "age", .head = PSYI_LABEL("年龄", "Age"), .width = 6, .fill = psyi_fill_age},
    {.key = "test_date",
     .head = PSYI_LABEL("测评日期", "Tested on"),
     .width = 11,
     .style = PSYI_STYLE_DATE,
     .fill = psyi_fill_test_date},
    {.key = "duration_s",
     .head = PSYI_LABEL("用时（秒）", "Seconds"),
     .width = 8,
     .fill = psyi_fill_duration},
    {.key = "validity",
     .head = PSYI_LABEL("效度状态", "Validity"),
     .width = 10,
     .fill = psyi_fill_status,
     .note = PSYI_LABEL("有效、存疑、未完成、建议重测、无效、未测、未同意", "see the first sheet")},
    {.key = "validity_reason",
     .head = PSYI_LABEL("效度原因", "Validity reason"),
     .width = 26,
     .style = PSYI_STYLE_WRAP,
     .fill = psyi_fill_why},
    {.key = "tier_auto",
     .head = PSYI_LABEL("系统等级", "Tier"),
     .width = 17.5,
     .fill = psyi_fill_tier,
     .note = PSYI_LABEL("命中规则中最重的等级；未能判定不等于正常",
                        "the worst rule that fired; not judged does not mean that all is well")},
    {.key = "tier_upper",
     .head = PSYI_LABEL("可能等级", "Possible tier"),
     .width = 12,
     .fill = psyi_fill_tier_upper,
     .note = PSYI_LABEL("若缺答题补答，最重可能到的等级；与系统等级相同时留空",
                        "what blank items could still make it; empty when the same")},
};
static const psyi_cell_field after_scores[] = {
    {.key = "missing_n",
     .head = PSYI_LABEL("缺答题数", "Blank items"),
     .width = 8,
     .fill = fill_missing,
     .note = PSYI_LABEL("所选答卷中未作答、拒答、超范围或不可读的计分题",
                        "scored items blank, refused, out of range or unreadable")},
    {.key = "rules_fired",
     .head = PSYI_LABEL("命中规则", "Rules fired"),
     .width = 48,
     .style = PSYI_STYLE_WRAP,
     .a = 1, /* without the values, which stand in the columns before */
     .fill = psyi_fill_rules,
     .note = PSYI_LABEL(
         "规则的文字；编号见“说明”的“规则全文”，scores.csv 中是编号",
         "the rules in words; their ids stand under 'All rules' on the first sheet, and in "
         "scores.csv")},
    {.key = "to_next_tier",
     .head = PSYI_LABEL("距更重等级", "To a worse tier"),
     .width = 90,
     .style = PSYI_STYLE_WRAP,
     .fill = psyi_fill_near,
     .note = PSYI_LABEL("各得分还差多少即达更重等级；有出处的测量误差时附测量标准误（SEM）95%区间",
                        "how far each score is from a worse tier; with the 95 % SEM interval where "
                        "a source states its error")},
    PSYI_FIELD_TIER_PREV,
};

void psyi_score_sheet(psyi_report *report)
{
    const psyi_results *const results = report->results;
    psyi_layout *const layout =
        psyi_layout_new(report, "scores", (psyi_label)PSYI_LABEL("得分总表", "Scores"));
    const size_t keep = psyi_person_columns(report, layout, PSYI_PERSON_WIDE);
    psyi_layout_add_all(report, layout, before_scores,
                        sizeof before_scores / sizeof before_scores[0]);
    for (size_t use = 0; use < results->plan->n_uses; use++)
        for (size_t i = 0;
             (report->uses >> use & 1) != 0 && i < results->plan->uses[use].instrument->n_scales;
             i++)
            add_scale(report, layout, use, i);
    for (size_t use = 0; use < results->plan->n_uses; use++)
        if ((report->uses >> use & 1) != 0)
            add_critical_items(report, layout, use);
    psyi_layout_add_all(report, layout, after_scores, sizeof after_scores / sizeof after_scores[0]);

    psyi_sheet *const sheet = psyi_layout_sheet(report, layout, true);
    psyi_layout_head(report, sheet, layout, 0);
    for (size_t i = 0; i < report->n; i++) {
        psyi_spill_pass(report->results->allocator, i);
        const psyi_line line = {.report = report, .student = report->by_class[i], .number = i + 1};
        psyi_layout_row(sheet, i + 1, layout, &line);
    }
    psyi_layout_end(report, sheet, layout, 0, report->n, keep, report->n + 1);
}
