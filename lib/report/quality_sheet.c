/*
 * quality_sheet.c -- 数据质量: what was noticed about this school's rows and students, so
 * that somebody can repair it.  A finding belongs to a school by the student it names or by
 * the line of the file it stands on.
 */
#include "report/layout.h"

#include <stdlib.h>
#include <string.h>

/* What the kinds of findings about pupils' data are called; others keep their names. */
const char *psyi_finding_words(const psyi_report *report, const char *rule)
{
    static const struct {
        const char *rule, *zh;
    } words[] = {
        {"blind_to_suicide", "量表组合看不到自杀风险"},
        {"closed_gate", "前提为否却作答"},
        {"code_case", "编号大小写不同"},
        {"code_in_two_schools", "同一编号在两校"},
        {"columns_absent", "缺少列"},
        {"columns_unused", "有未用的列"},
        {"consent_differs", "同意情况前后不一"},
        {"contradiction", "前后矛盾"},
        {"duplicate_identical", "重复答卷（相同）"},
        {"duplicate_undecided", "重复答卷不一致，待定"},
        {"empty_rows", "空行"},
        {"exempt_tested", "免测却有答卷"},
        {"informant_differs", "填写人不一致"},
        {"items_absent", "缺少题目列"},
        {"long_row", "该行列数过多"},
        {"name_differs", "姓名与名册不一致"},
        {"no_battery", "没有对应的量表组合"},
        {"no_norm", "缺常模、性别或年级"},
        {"no_rows", "文件没有数据行"},
        {"norm_pooled", "本区常模人数不足，已并入上一层"},
        {"norm_too_few", "本区常模人数不足"},
        {"out_of_range", "答案超出范围"},
        {"outside_use", "超出量表适用年级"},
        {"rule_not_applied", "规则未适用"},
        {"school_differs", "学校不一致"},
        {"school_unknown", "学校不在名册"},
        {"short_row", "该行列数不足"},
        {"text_mended", "文字已修整"},
        {"undefined", "无法计算"},
        {"unmatched", "答卷无法匹配"},
        {"unmatched_critical", "无法匹配且有重点题"},
        {"unreadable", "答案无法识别"},
        {"use_absent", "量表没有数据"},
        {"weak_cutoff", "分界未经核实"},
    };
    for (size_t i = 0; report->language == PSYI_ZH && i < sizeof words / sizeof words[0]; i++)
        if (rule != NULL && strcmp(words[i].rule, rule) == 0)
            return words[i].zh;
    return rule;
}

typedef struct place { /* a physical line of an input file */
    const char *file;
    uint64_t row;
} place;

static int compare_places(const void *a, const void *b)
{
    const place *const x = a, *const y = b;
    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    return strcmp(x->file, y->file);
}

/* Lines of the school's records and roster, sorted. */
static place *find_places(psyi_report *report, size_t *n)
{
    const psyi_results *const results = report->results;
    size_t most = 1;
    for (size_t i = report->first; i < report->first + report->n; i++)
        most += results->students[i].n_records + 1;
    place *const places = psyi_arena_alloc(&report->arena, most, sizeof *places);
    *n = 0;
    for (size_t i = report->first; places != NULL && i < report->first + report->n; i++) {
        const psyi_student *const who = &results->students[i];
        for (uint32_t j = 0; j < who->n_records; j++) {
            const psyi_record *const record = &results->intake->records[who->records[j]];
            places[(*n)++] = (place){results->intake->files[record->file].name, record->row};
        }
        if (results->roster != NULL && who->roster_row > 0)
            places[(*n)++] = (place){results->roster->file.name, who->roster_row};
    }
    if (places == NULL)
        psyi_book_fail(report->book, PSY_E_NOMEM, "out of memory: findings of a school");
    else
        qsort(places, *n, sizeof *places, compare_places);
    return places;
}

/* Students are sorted by printed id within their school. */
static bool is_student(const psyi_report *report, const char *id)
{
    size_t low = report->first, high = report->first + report->n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = strcmp(report->results->students[middle].id, id);
        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

typedef struct quality_row {
    const char *rule, *field, *message, *remedy, *file, *subject;
    uint64_t row;
    int severity;
} quality_row;

static void fill_part(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                      const psyi_cell_field *field)
{
    static const psyi_label severities[] = {
        PSYI_LABEL("提示", "note"), PSYI_LABEL("警告", "warning"), PSYI_LABEL("错误", "error")};
    const quality_row *const subject = line->data;
    switch (field->a) {
    case 0:
        psyi_put_text(sheet, row, column, psyi_text(line->report, severities[subject->severity]),
                      subject->severity == PSY_ERROR ? PSYI_STYLE_ALARM : PSYI_STYLE_PLAIN);
        break;
    case 1:
        psyi_put_text(sheet, row, column, psyi_finding_words(line->report, subject->rule),
                      PSYI_STYLE_PLAIN);
        break;
    case 2:
        psyi_put_text(sheet, row, column, subject->subject, PSYI_STYLE_PLAIN);
        break;
    case 3:
        psyi_put_text(sheet, row, column, subject->file, PSYI_STYLE_PLAIN);
        break;
    case 4:
        if (subject->row > 0)
            psyi_put_integer(sheet, row, column, (int64_t)subject->row, PSYI_STYLE_PLAIN);
        break;
    case 5:
        psyi_put_text(sheet, row, column, subject->field, PSYI_STYLE_PLAIN);
        break;
    case 6:
        psyi_put_text(sheet, row, column, subject->message, PSYI_STYLE_PLAIN);
        break;
    default:
        psyi_put_text(sheet, row, column, subject->remedy, PSYI_STYLE_PLAIN);
        break;
    }
}

static const psyi_cell_field columns[] = {
    {.key = "severity",
     .head = PSYI_LABEL("级别", "Severity"),
     .width = 9,
     .fill = fill_part,
     .a = 0,
     .note = PSYI_LABEL(
         "提示：不影响结果；警告：有数值因此改为空；错误：有内容未进入结果",
         "note: nothing changed; warning: a value became blank; error: something was left out")},
    {.key = "check", .head = PSYI_LABEL("检查项", "Check"), .width = 22, .fill = fill_part, .a = 1},
    {.key = "student",
     .head = PSYI_LABEL("学生编号", "Student"),
     .width = 29,
     .style = PSYI_STYLE_ID,
     .fill = fill_part,
     .a = 2},
    {.key = "file", .head = PSYI_LABEL("文件", "File"), .width = 22, .fill = fill_part, .a = 3},
    {.key = "row", .head = PSYI_LABEL("行", "Row"), .width = 8, .fill = fill_part, .a = 4},
    {.key = "column", .head = PSYI_LABEL("列", "Column"), .width = 16, .fill = fill_part, .a = 5},
    {.key = "detail",
     .head = PSYI_LABEL("说明", "Detail"),
     .width = 60,
     .style = PSYI_STYLE_WRAP,
     .fill = fill_part,
     .a = 6},
    {.key = "remedy",
     .head = PSYI_LABEL("建议", "Remedy"),
     .width = 34,
     .style = PSYI_STYLE_WRAP,
     .fill = fill_part,
     .a = 7},
    {.key = "action",
     .head = PSYI_LABEL("处理", "Action taken"),
     .width = 20,
     .style = PSYI_STYLE_FILL},
};

static size_t write_findings(psyi_report *report, psyi_sheet *sheet, const psyi_layout *layout,
                             size_t n)
{
    size_t n_places;
    const place *const places = find_places(report, &n_places);
    const size_t n_findings =
        report->findings != NULL && places != NULL ? psy_findings_count(report->findings) : 0;
    for (size_t i = 0; i < n_findings; i++) {
        const psy_finding one = psy_findings_get(report->findings, i);
        const place at = {one.file != NULL ? one.file : "", one.row};
        if (!(one.subject != NULL && is_student(report, one.subject)) &&
            (one.row == 0 ||
             bsearch(&at, places, n_places, sizeof *places, compare_places) == NULL))
            continue;
        const quality_row subject = {
            .rule = one.rule,
            .field = one.field,
            .message = one.message,
            .remedy = one.remedy,
            .file = psyi_base_name(one.file),
            .subject = one.subject,
            .row = one.row,
            .severity = one.severity <= PSY_ERROR ? (int)one.severity : PSY_ERROR,
        };
        const psyi_line line = {.report = report, .data = &subject};
        psyi_layout_row(sheet, ++n, layout, &line);
    }
    return n;
}

void psyi_quality_sheet(psyi_report *report)
{
    psyi_layout *const layout =
        psyi_layout_new(report, "data_quality", (psyi_label)PSYI_LABEL("数据质量", "Data quality"));
    psyi_layout_add_all(report, layout, columns, sizeof columns / sizeof columns[0]);
    psyi_sheet *const sheet = psyi_layout_sheet(report, layout, true);
    psyi_layout_head(report, sheet, layout, 0);
    size_t n = write_findings(report, sheet, layout, 0);
    if (psyi_book_mended(report->book) > 0) {
        const quality_row subject = {
            .rule = "text_mended",
            .message = psyi_report_format(
                report,
                PSYI_WORD(
                    report, "本工作簿中有 %zu 处文字含不可显示的字符或过长，已替换或截短",
                    "%zu texts of this workbook held unprintable characters or were too long"),
                psyi_book_mended(report->book)),
            .severity = PSY_WARNING,
        };
        const psyi_line line = {.report = report, .data = &subject};
        psyi_layout_row(sheet, ++n, layout, &line);
    }
    psyi_layout_end(report, sheet, layout, 0, n, 3, n + 1);
}
