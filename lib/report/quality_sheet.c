/*
 * quality_sheet.c -- 数据质量: what was noticed about this school's students, so that
 * somebody can repair it.
 *
 * A finding belongs to the student it names or on whose line of a file it stands; lines
 * themselves are in findings.csv, because their order must not change a workbook.  Answers
 * that were out of range or not readable are told from the sheets: the findings about them
 * stop at twenty a column.
 */
#include "base/spill.h"
#include "report/layout.h"
#include "report/school_findings.h"

#include <stdlib.h>
#include <string.h>

typedef struct place { /* a physical line of an input file, and whose it is */
    const psyi_input_file *file;
    uint64_t row;
    uint32_t student;
} place;

static int compare_places(const void *a, const void *b)
{
    const place *const x = a, *const y = b;
    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    return strcmp(x->file->name, y->file->name);
}

/* Findings call a file by the end of its path, or by "./" and all of it. */
static bool is_called(const char *path, const char *name)
{
    const size_t length = strlen(path), end = strlen(name);
    if (strncmp(name, "./", 2) == 0 && strcmp(path, name + 2) == 0)
        return true;
    return end > 0 && end <= length && strcmp(path + length - end, name) == 0 &&
           (end == length || path[length - end - 1] == '/');
}

/* The first place on the line of a finding in its file, or NULL. */
static const place *find_place(const place *places, size_t n, const char *file, uint64_t row)
{
    size_t low = 0, high = n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (places[middle].row < row)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < n && places[low].row == row; low++)
        if (is_called(places[low].file->name, file))
            return &places[low];
    return NULL;
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
        psyi_spill_pass(results->allocator, i);
        for (uint32_t j = 0; j < who->n_records; j++) {
            const psyi_record *const record = &results->intake->records[who->records[j]];
            places[(*n)++] =
                (place){&results->intake->files[record->file], record->row, (uint32_t)i};
        }
        if (results->roster != NULL && who->roster_row > 0)
            places[(*n)++] =
                (place){&results->roster->files[who->roster_file], who->roster_row, (uint32_t)i};
    }
    if (places != NULL)
        qsort(places, *n, sizeof *places, compare_places);
    return places;
}

/* Students are sorted by printed id within their school; SIZE_MAX when he is not one. */
static size_t find_student(const psyi_report *report, const char *id)
{
    size_t low = report->first, high = report->first + report->n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = strcmp(report->results->students[middle].id, id);
        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return SIZE_MAX;
}

typedef struct quality_row {
    const char *rule, *field, *message, *remedy;
    size_t student; /* SIZE_MAX: the workbook itself */
    size_t times;
    int severity;
} quality_row;

static int compare_text(const char *a, const char *b)
{
    return strcmp(a != NULL ? a : "", b != NULL ? b : "");
}

static int compare_rows(const void *a, const void *b)
{
    const quality_row *const x = a, *const y = b;
    if (x->student != y->student)
        return x->student < y->student ? -1 : 1;
    if (x->severity != y->severity)
        return y->severity - x->severity;
    int order = compare_text(x->rule, y->rule);
    if (order == 0)
        order = compare_text(x->field, y->field);
    return order != 0 ? order : compare_text(x->message, y->message);
}

/* A column of the input by what stands in it, a use by its short name; others as they are. */
static const char *field_words(psyi_report *report, const char *key)
{
    static const struct {
        const char *key;
        psyi_label words;
    } fields[] = {
        {"student", PSYI_LABEL("学籍号", "student number")},
        {"school", PSYI_LABEL("学校", "school")},
        {"grade", PSYI_LABEL("年级", "grade")},
        {"class", PSYI_LABEL("班级", "class")},
        {"name", PSYI_LABEL("姓名", "name")},
        {"sex", PSYI_LABEL("性别", "sex")},
        {"age", PSYI_LABEL("年龄", "age")},
        {"birth_date", PSYI_LABEL("出生日期", "date of birth")},
        {"submitted_at", PSYI_LABEL("提交时间", "time of submission")},
        {"duration", PSYI_LABEL("用时", "duration")},
        {"consent", PSYI_LABEL("知情同意", "consent")},
        {"required", PSYI_LABEL("应测", "whether due")},
        {"exempt_reason", PSYI_LABEL("非应测原因", "reason of the exemption")},
        {"informant", PSYI_LABEL("填写人", "informant")},
    };
    const psy_plan *const plan = report->results->plan;
    for (size_t i = 0; key != NULL && i < sizeof fields / sizeof fields[0]; i++)
        if (strcmp(key, fields[i].key) == 0)
            return psyi_text(report, fields[i].words);
    for (size_t i = 0; key != NULL && i < plan->n_uses; i++)
        if (strcmp(key, plan->uses[i].id) == 0)
            return psyi_use_name(report, i);
    return key;
}

static void fill_part(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                      const psyi_cell_field *field)
{
    static const psyi_label severities[] = {
        PSYI_LABEL("提示", "note"), PSYI_LABEL("警告", "warning"), PSYI_LABEL("错误", "error")};
    const quality_row *const subject = line->data;
    const char *text = NULL;
    switch (field->a) {
    case 0:
        psyi_put_text(sheet, row, column, psyi_text(line->report, severities[subject->severity]),
                      subject->severity == PSY_ERROR ? PSYI_STYLE_ALARM : PSYI_STYLE_PLAIN);
        return;
    case 1:
        text = psyi_finding_words(line->report, subject->rule);
        break;
    case 2:
        if (subject->student != SIZE_MAX)
            text = line->report->results->students[subject->student].id;
        break;
    case 3:
        psyi_put_integer(sheet, row, column, (int64_t)subject->times, PSYI_STYLE_PLAIN);
        return;
    case 4:
        text = field_words(line->report, subject->field);
        break;
    case 5:
        text = psyi_finding_says(line->report, subject->rule, false, subject->message);
        break;
    default:
        text = psyi_finding_says(line->report, subject->rule, true, subject->remedy);
        break;
    }
    psyi_put_text(sheet, row, column, text, PSYI_STYLE_PLAIN);
}

/* Whom to look for: a pseudonym says nothing to a teacher. */
static void fill_who(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                     const psyi_cell_field *field)
{
    static psyi_fill *const fills[] = {psyi_fill_grade, psyi_fill_class, psyi_fill_name};
    if (line->student != SIZE_MAX)
        fills[field->a](sheet, row, column, line, field);
}

static const psyi_cell_field columns[] = {
    {.key = "severity",
     .head = PSYI_LABEL("级别", "Severity"),
     .width = 8,
     .fill = fill_part,
     .a = 0,
     .note = PSYI_LABEL("提示：不影响结果；警告：有数值因此改为空；错误：有内容未进入结果",
                        "note: nothing changed; warning: a value became blank; error: something "
                        "was left out")},
    {.key = "check",
     .head = PSYI_LABEL("检查项", "Check"),
     .width = 20,
     .style = PSYI_STYLE_WRAP,
     .fill = fill_part,
     .a = 1},
    {.key = "grade",
     .head = PSYI_LABEL("年级", "Grade"),
     .width = 7.5,
     .style = PSYI_STYLE_GRADE,
     .fill = fill_who,
     .a = 0},
    {.key = "class",
     .head = PSYI_LABEL("班级", "Class"),
     .width = 7.5,
     .style = PSYI_STYLE_ID_WRAP,
     .fill = fill_who,
     .a = 1},
    {.key = "name",
     .head = PSYI_LABEL("姓名", "Name"),
     .width = 10,
     .style = PSYI_STYLE_ID_WRAP,
     .fill = fill_who,
     .a = 2},
    {.key = "ref",
     .head = PSYI_LABEL("学生编号", "Student"),
     .width = 28,
     .style = PSYI_STYLE_ID,
     .fill = fill_part,
     .a = 2},
    {.key = "times",
     .head = PSYI_LABEL("次数", "Times"),
     .width = 6,
     .fill = fill_part,
     .a = 3,
     .note = PSYI_LABEL("所在文件与行见 findings.csv", "files and lines are in findings.csv")},
    {.key = "column",
     .head = PSYI_LABEL("列或量表", "Column or use"),
     .width = 12,
     .style = PSYI_STYLE_WRAP,
     .fill = fill_part,
     .a = 4},
    {.key = "detail",
     .head = PSYI_LABEL("说明", "Detail"),
     .width = 42,
     .style = PSYI_STYLE_WRAP,
     .fill = fill_part,
     .a = 5},
    {.key = "remedy",
     .head = PSYI_LABEL("建议", "Remedy"),
     .width = 30,
     .style = PSYI_STYLE_WRAP,
     .fill = fill_part,
     .a = 6},
    {.key = "action",
     .head = PSYI_LABEL("处理", "Action taken"),
     .width = 15,
     .style = PSYI_STYLE_FILL},
};

typedef struct gathered {
    quality_row *rows;
    size_t n, capacity;
    bool failed;
} gathered;

static void add_row(psyi_report *report, gathered *all, const quality_row *row)
{
    void *rows = all->rows;
    if (!psyi_grow(report->results->allocator, &rows, &all->capacity, all->n + 1,
                   sizeof *all->rows)) {
        all->failed = true;
        return;
    }
    all->rows = rows;
    all->rows[all->n++] = *row;
}

/* Answers that are not understood come by sheet and item, below; a grade that is not, here. */
static bool is_answer(const place *at, const psy_finding *finding)
{
    const char *const rule = finding->rule != NULL ? finding->rule : "";
    if (strcmp(rule, "out_of_range") != 0 && strcmp(rule, "unreadable") != 0)
        return false;
    for (size_t i = 0; at != NULL && finding->field != NULL && i < at->file->n_own; i++)
        if (strcmp(at->file->own[i], finding->field) == 0)
            return false;
    return true;
}

static void gather_findings(psyi_report *report, gathered *all)
{
    size_t n_places, n = 0;
    const place *const places = find_places(report, &n_places);
    const uint32_t *const own = psyi_findings_of_school(report->results, report->school, &n);
    if (own == NULL)
        n = report->findings != NULL ? psy_findings_count(report->findings) : 0;
    all->failed = all->failed || places == NULL;
    for (size_t i = 0; i < n && !all->failed; i++) {
        const psy_finding one = psy_findings_get(report->findings, own != NULL ? own[i] : i);
        psyi_spill_pass(report->results->allocator, i);
        size_t student = one.subject != NULL ? find_student(report, one.subject) : SIZE_MAX;
        const place *const found =
            student == SIZE_MAX && one.row > 0
                ? find_place(places, n_places, one.file != NULL ? one.file : "", one.row)
                : NULL;
        if (found != NULL)
            student = found->student;
        /* About a class room of this school, and no child of it. */
        const bool of_school =
            one.rule != NULL && strcmp(one.rule, "burst") == 0 && one.subject != NULL &&
            report->school != PSYI_ALL_SCHOOLS &&
            strcmp(report->results->schools[report->school].code, one.subject) == 0;
        if ((student == SIZE_MAX && !of_school) || is_answer(found, &one))
            continue;
        add_row(
            report, all,
            &(quality_row){.rule = one.rule,
                           .field = one.field,
                           .message = one.message,
                           .remedy = one.remedy,
                           .student = student,
                           .times = 1,
                           .severity = one.severity <= PSY_ERROR ? (int)one.severity : PSY_ERROR});
    }
}

/* Items of a sheet with this code: "1、5、9"; NULL when there are none. */
static const char *items_with(psyi_report *report, size_t use, uint32_t record, uint8_t code)
{
    const psy_instrument *const instrument = report->results->plan->uses[use].instrument;
    const psyi_sheets *const sheets = report->results->intake->sheets[use];
    psyi_buffer *const text = &report->text;
    psyi_buffer_clear(text);
    for (size_t item = 0; item < instrument->n_items; item++) {
        if (*psyi_sheets_byte(sheets, record, item) != code)
            continue;
        psyi_buffer_text(text, text->length > 0 ? PSYI_WORD(report, "、", ", ")
                                                : PSYI_WORD(report, "题 ", "items "));
        psyi_buffer_text(text, instrument->items[item].id);
    }
    return text->length > 0 || text->failed
               ? psyi_report_format(report, "%s", psyi_report_take(report, text))
               : NULL;
}

static bool has_trouble(const psyi_sheets *sheets, uint32_t record)
{
    for (size_t item = 0; item < sheets->n_items; item++)
        if (*psyi_sheets_byte(sheets, record, item) >= PSYI_OUT_OF_RANGE)
            return true;
    return false;
}

static void gather_answers(psyi_report *report, gathered *all)
{
    static const struct {
        uint8_t code;
        const char *rule;
    } kinds[] = {{PSYI_OUT_OF_RANGE, "out_of_range"}, {PSYI_UNREADABLE, "unreadable"}};
    const psyi_results *const results = report->results;
    for (size_t i = report->first; i < report->first + report->n; i++) {
        psyi_spill_pass(results->allocator, i);
        const psyi_student *const who = &results->students[i];
        for (uint32_t j = 0; psyi_printable(results, i) && j < who->n_records; j++)
            for (size_t use = 0; use < results->plan->n_uses; use++) {
                if (results->scores[use] == NULL ||
                    !has_trouble(results->intake->sheets[use], who->records[j]))
                    continue;
                for (size_t kind = 0; kind < 2; kind++) {
                    const char *const items =
                        items_with(report, use, who->records[j], kinds[kind].code);
                    if (items != NULL)
                        add_row(report, all,
                                &(quality_row){.rule = kinds[kind].rule,
                                               .field = results->plan->uses[use].id,
                                               .message = items,
                                               .student = i,
                                               .times = 1,
                                               .severity = PSY_WARNING});
                }
            }
    }
}

void psyi_quality_sheet(psyi_report *report)
{
    gathered all = {NULL, 0, 0, false};
    psyi_layout *const layout =
        psyi_layout_new(report, "data_quality", (psyi_label)PSYI_LABEL("数据质量", "Data quality"));
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
        if (report->names || strcmp(columns[i].key, "name") != 0)
            psyi_layout_add(report, layout, &columns[i]);
    psyi_sheet *const sheet = psyi_layout_sheet(report, layout, true);
    psyi_layout_head(report, sheet, layout, 0);
    gather_findings(report, &all);
    gather_answers(report, &all);
    if (psyi_book_mended(report->book) > 0)
        add_row(report, &all,
                &(quality_row){.rule = "text_mended",
                               .message =
                                   PSYI_WORD(report, "有文字含不可显示的字符或过长，已替换或截短",
                                             "texts with unprintable characters, or too "
                                             "long, were mended"),
                               .student = SIZE_MAX,
                               .times = psyi_book_mended(report->book),
                               .severity = PSY_WARNING});
    if (all.failed)
        psyi_book_fail(report->book, PSY_E_NOMEM, "out of memory: findings of a school");
    if (all.n > 0)
        qsort(all.rows, all.n, sizeof *all.rows, compare_rows);
    size_t n = 0;
    for (size_t i = 0; i < all.n;) {
        quality_row *const row = &all.rows[i];
        for (i++; i < all.n && compare_rows(row, &all.rows[i]) == 0; i++)
            row->times += all.rows[i].times;
        const psyi_line line = {.report = report, .student = row->student, .data = row};
        psyi_layout_row(sheet, ++n, layout, &line);
    }
    psyi_free(report->results->allocator, all.rows);
    psyi_layout_end(report, sheet, layout, 0, n, 3, n + 1);
}
