/*
 * carried_rows.c -- rows of 跟进台账 and 预警名单 with what people had written before.
 *
 * A value goes back where it came from: dates as dates, words of a list in the language of the
 * sheet, anything else as text.  Never as a formula.  A case that is not on the list any more
 * keeps its rows in the ledger, below the others.
 */
#include "cohort/carried.h"
#include "intake/cell.h"
#include "report/layout.h"

#include <string.h>

/* The key a column is collected under (screening/collect_read.c). */
static const char *collected_key(const char *key)
{
    return strcmp(key, "interview_date") == 0     ? "date"
           : strcmp(key, "interview_result") == 0 ? "conclusion"
                                                  : key;
}

static const char *value_of(const psyi_line *line, const psyi_cell_field *field)
{
    const psyi_carried *const carried = line->report->results->carried;
    const char *const own = psyi_carried_cell(carried, line->carried, collected_key(field->key));
    /* The ledger has no column for the notes of the warning list. */
    return own[0] == '\0' && line->carried->of_list && strcmp(field->key, "facts") == 0
               ? psyi_carried_cell(carried, line->carried, "note")
               : own;
}

static bool put_day(psyi_sheet *sheet, size_t row, size_t column, const char *text, int style)
{
    int32_t days, seconds;
    if (psyi_date_read(text, strlen(text), "ymd", &days, &seconds) != PSYI_DATE_OK)
        return false;
    psyi_put_date(sheet, row, column, (int64_t)days * 86400, style);
    return true;
}

bool psyi_put_carried(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                      const psyi_cell_field *field)
{
    const bool opened = strcmp(field->key, "opened_on") == 0;
    if (field->style != PSYI_STYLE_FILL && field->style != PSYI_STYLE_FILL_DATE && !opened)
        return false;
    const char *const text = value_of(line, field);
    int64_t number;
    if (text[0] == '\0') { /* what people left empty stays so: no state, no day is made up */
        psyi_put_blank(sheet, row, column, field->style);
        return true;
    }
    if ((opened || field->style == PSYI_STYLE_FILL_DATE) &&
        put_day(sheet, row, column, text, opened ? PSYI_STYLE_PLAIN : field->style))
        return true;
    for (const psyi_label *word = field->choices;
         word != NULL && (word->zh != NULL || word->en != NULL); word++)
        if ((word->en != NULL && strcmp(word->en, text) == 0) ||
            (word->zh != NULL && strcmp(word->zh, text) == 0)) {
            psyi_put_text(sheet, row, column, psyi_text(line->report, *word), field->style);
            return true;
        }
    if (strcmp(field->key, "seq") == 0 && psyi_integer_parse(text, strlen(text), &number))
        psyi_put_integer(sheet, row, column, number, field->style);
    else
        psyi_put_text(sheet, row, column, text, opened ? PSYI_STYLE_PLAIN : field->style);
    return true;
}

/* The student of a case, or SIZE_MAX. */
static size_t student_of(psyi_report *report, const char *case_id)
{
    for (size_t i = report->first; i < report->first + report->n; i++)
        if (strcmp(psyi_case_id(report, i), case_id) == 0)
            return i;
    return SIZE_MAX;
}

static bool is_listed(const psyi_report *report, size_t student)
{
    for (size_t i = 0; i < report->n_list; i++)
        if (report->list[i] == student)
            return true;
    return false;
}

/* A case of nobody the results know: what was collected of it, as text. */
static void put_stranger(psyi_sheet *sheet, size_t row, const psyi_layout *layout,
                         const psyi_line *line)
{
    for (size_t i = 0; i < layout->n; i++) {
        const psyi_cell_field *const field = &layout->fields[i];
        const char *const text =
            psyi_carried_cell(line->report->results->carried, line->carried, field->key);
        if (psyi_put_carried(sheet, row, i, line, field))
            continue;
        if (strcmp(field->key, "no") == 0)
            psyi_put_integer(sheet, row, i, (int64_t)line->number, PSYI_STYLE_PLAIN);
        else if (strcmp(field->key, "tier_auto") != 0 && text[0] != '\0')
            psyi_put_text(sheet, row, i, text, PSYI_STYLE_PLAIN);
        else
            psyi_put_blank(sheet, row, i, field->style);
    }
}

size_t psyi_put_left_cases(psyi_report *report, psyi_sheet *sheet, const psyi_layout *layout,
                           size_t n)
{
    const psyi_carried_row *rows;
    if (report->results->carried == NULL || report->school == PSYI_ALL_SCHOOLS)
        return n;
    const size_t most = psyi_carried_of_school(report->results->carried, report->school, &rows);
    const char *of = ""; /* the case that `student` is about: rows of a case stand together */
    size_t student = SIZE_MAX;
    for (size_t i = 0; i < most; i++) {
        if (!rows[i].touched)
            continue;
        if (strcmp(of, rows[i].case_id) != 0) {
            of = rows[i].case_id;
            student = student_of(report, of);
        }
        const psyi_line line = {
            .report = report, .student = student, .number = n + 1, .carried = &rows[i]};
        if (student == SIZE_MAX)
            put_stranger(sheet, ++n, layout, &line);
        else if (!is_listed(report, student))
            psyi_layout_row(sheet, ++n, layout, &line);
    }
    return n;
}

size_t psyi_put_case(psyi_report *report, psyi_sheet *sheet, const psyi_layout *layout, size_t n,
                     size_t student)
{
    const psyi_carried_row *rows = NULL;
    size_t most = 0;
    if (report->results->carried != NULL)
        most = psyi_carried_of_case(report->results->carried, report->school,
                                    psyi_case_id(report, student), false, &rows);
    for (size_t i = 0; i < (most > 0 ? most : 1); i++) {
        const psyi_line line = {.report = report,
                                .student = student,
                                .number = n + 1,
                                .carried = most > 0 ? &rows[i] : NULL};
        psyi_layout_row(sheet, ++n, layout, &line);
    }
    return n;
}

const struct psyi_carried_row *psyi_carried_of_list(psyi_report *report, size_t student)
{
    const psyi_carried_row *rows;
    return report->results->carried != NULL &&
                   psyi_carried_of_case(report->results->carried, report->school,
                                        psyi_case_id(report, student), true, &rows) > 0
               ? rows
               : NULL;
}

const struct psyi_carried_row *psyi_carried_together(psyi_report *report, size_t student)
{
    const psyi_carried *const carried = report->results->carried;
    if (carried == NULL)
        return NULL;
    psyi_carried_row *const all = psyi_arena_alloc(&report->arena, 1, sizeof *all);
    const char **const cells = psyi_arena_alloc(&report->arena, carried->n_keys, sizeof *cells);
    if (all == NULL || cells == NULL) {
        psyi_book_fail(report->book, PSY_E_NOMEM, "out of memory: entries of a case");
        return NULL;
    }
    for (size_t key = 0; key < carried->n_keys; key++)
        cells[key] = "";
    const size_t school = report->results->students[student].school;
    const char *const id = psyi_case_id(report, student);
    for (int of_list = 1; of_list >= 0; of_list--) {
        const psyi_carried_row *rows;
        const size_t n = psyi_carried_of_case(carried, school, id, of_list != 0, &rows);
        for (size_t i = 0; i < n; i++)
            for (size_t key = 0; key < carried->n_keys; key++)
                if (rows[i].touched && rows[i].cells[key][0] != '\0')
                    cells[key] = rows[i].cells[key];
    }
    *all = (psyi_carried_row){
        .school = (uint32_t)school, .touched = true, .case_id = id, .cells = cells};
    return all;
}
