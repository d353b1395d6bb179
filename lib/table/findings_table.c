/* findings_table.c -- a list of findings as a table. */
#include "base/fail.h"

#include <psyscreen/findings.h>

#include <string.h>

enum { FILE_, ROW, COLUMN, RULE, SEVERITY, SUBJECT, MESSAGE, REMEDY, POSITION, LENGTH, COLUMNS };

static const struct {
    const char *name;
    psy_column_type type;
} columns[COLUMNS] = {
    [FILE_] = {"file", PSY_COLUMN_TEXT},         [ROW] = {"row", PSY_COLUMN_INT64},
    [COLUMN] = {"column", PSY_COLUMN_TEXT},      [RULE] = {"rule", PSY_COLUMN_TEXT},
    [SEVERITY] = {"severity", PSY_COLUMN_TEXT},  [SUBJECT] = {"subject", PSY_COLUMN_TEXT},
    [MESSAGE] = {"message", PSY_COLUMN_TEXT},    [REMEDY] = {"remedy", PSY_COLUMN_TEXT},
    [POSITION] = {"position", PSY_COLUMN_INT64}, [LENGTH] = {"length", PSY_COLUMN_INT64},
};

static psy_status fill_row(psy_table *table, size_t row, const psy_finding *finding,
                           psy_error *error)
{
    static const char *const severities[] = {"note", "warning", "error"};
    const char *const texts[COLUMNS] = {
        [FILE_] = finding->file,      [COLUMN] = finding->field,
        [RULE] = finding->rule,       [SEVERITY] = severities[finding->severity],
        [SUBJECT] = finding->subject, [MESSAGE] = finding->message,
        [REMEDY] = finding->remedy};
    const uint64_t numbers[COLUMNS] = {
        [ROW] = finding->row, [POSITION] = finding->column, [LENGTH] = finding->length};
    psy_status status = PSY_OK;
    for (size_t i = 0; i < COLUMNS && status == PSY_OK; i++) {
        if (columns[i].type == PSY_COLUMN_INT64 && numbers[i] > 0)
            status = psy_table_set_int(table, i, row, (int64_t)numbers[i]);
        else if (texts[i] != NULL && texts[i][0] != '\0')
            status = psy_table_set_text(table, i, row, texts[i], strlen(texts[i]), error);
    }
    return status;
}

psy_status psy_findings_table(psy_table **out, const psy_findings *findings,
                              const psy_allocator *allocator, psy_error *error)
{
    if (out == NULL || findings == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "no findings to make a table of");
    const size_t n = psy_findings_count(findings);
    psy_table *table = NULL;
    psy_status status = psy_table_new(&table, n, allocator, error);
    for (size_t i = 0; i < COLUMNS && status == PSY_OK; i++)
        status = psy_table_add_column(table, columns[i].name, columns[i].type, NULL, error);
    for (size_t row = 0; row < n && status == PSY_OK; row++) {
        const psy_finding finding = psy_findings_get(findings, row);
        status = fill_row(table, row, &finding, error);
    }
    if (status == PSY_OK)
        *out = table;
    else
        psy_table_free(table);
    return status;
}
