/*
 * tally.c -- keeping findings readable.
 *
 * A column in the wrong coding has as many wrong cells as rows.  Twenty of a kind show what
 * is wrong; the rest is one finding with a count.  What leaves a row out is an error and
 * always told, since somebody has to look at each of them.
 */
#include "intake/tally.h"
#include "base/fail.h"
#include "base/text.h"
#include "intake/cell_grid.h"
#include "table/collect.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *rule;
    psy_severity severity;
    const char *remedy;
} kinds[PSYI_COMPLAINTS] = {
    [PSYI_OUT_OF_RANGE_CELL] = {"out_of_range", PSY_WARNING, NULL},
    [PSYI_UNREADABLE_ANSWER] = {"unreadable", PSY_WARNING,
                                "declare what it means under `codes:` or `missing:`"},
    [PSYI_UNREADABLE_CELL] = {"unreadable", PSY_WARNING, NULL},
    [PSYI_CONTRADICTION] = {"contradiction", PSY_ERROR, "correct the cell, or the grade beside it"},
    [PSYI_TEXT_AFTER_QUOTE] = {"text_after_quote", PSY_WARNING,
                               "write \"\" for a quote within a quoted cell"},
    [PSYI_SHORT_ROW] = {"short_row", PSY_WARNING, NULL},
    [PSYI_FORMULA_ERROR] = {"formula_error", PSY_ERROR,
                            "correct the formula, or paste values in place of it"},
    [PSYI_LONG_ROW] = {"long_row", PSY_ERROR, "quote cells that hold the separator"},
};

psy_status psyi_tally_begin(psyi_tally *tally, const char *file, const char **names,
                            size_t n_columns, psy_findings *findings,
                            const psy_allocator *allocator, psy_error *error)
{
    *tally = (psyi_tally){.findings = findings,
                          .file = file,
                          .names = names,
                          .n_columns = n_columns,
                          .allocator = allocator};
    tally->counts = psyi_alloc(allocator, (n_columns + 1) * PSYI_COMPLAINTS, sizeof *tally->counts);
    return tally->counts != NULL ? PSY_OK : psyi_fail_memory(error, "findings");
}

bool psyi_tally_count(psyi_tally *tally, size_t column, psyi_complaint complaint)
{
    if (tally->findings == NULL)
        return false;
    uint32_t *const count = &tally->counts[column * PSYI_COMPLAINTS + complaint];
    if (*count < UINT32_MAX)
        ++*count;
    return *count <= PSYI_TALLY_SHOWN || kinds[complaint].severity == PSY_ERROR;
}

uint32_t psyi_tally_total(const psyi_tally *tally, size_t column, psyi_complaint complaint)
{
    return tally->counts[column * PSYI_COMPLAINTS + complaint];
}

static psy_finding about(const psyi_tally *tally, size_t column, psyi_complaint complaint,
                         uint64_t row)
{
    return (psy_finding){.file = tally->file,
                         .row = row,
                         .field = column < tally->n_columns ? tally->names[column] : NULL,
                         .rule = kinds[complaint].rule,
                         .severity = kinds[complaint].severity,
                         .remedy = kinds[complaint].remedy};
}

psy_status psyi_tally_tell(const psyi_tally *tally, size_t column, psyi_complaint complaint,
                           uint64_t row, psy_error *error, const char *format, ...)
{
    char message[512], cell[34] = "";
    va_list arguments;
    va_start(arguments, format);
    if (vsnprintf(message, sizeof message, format, arguments) < 0)
        message[0] = '\0';
    va_end(arguments);
    if (tally->cells && row > 0 && column < tally->n_columns)
        memcpy(cell + strlen(psyi_cell_name(row, (uint32_t)column + 1, cell)), ": ", 3);
    const psy_finding finding = about(tally, column, complaint, row);
    return psyi_find(tally->findings, &finding, error, "%s%s", cell, message);
}

psy_status psyi_tally_finish(const psyi_tally *tally, psy_error *error)
{
    if (tally->findings == NULL)
        return PSY_OK;
    for (size_t column = 0; column <= tally->n_columns; column++)
        for (unsigned kind = 0; kind < PSYI_COMPLAINTS; kind++) {
            const uint32_t count = tally->counts[column * PSYI_COMPLAINTS + kind];
            if (count <= PSYI_TALLY_SHOWN || kinds[kind].severity == PSY_ERROR)
                continue;
            const psy_finding finding = about(tally, column, (psyi_complaint)kind, 0);
            const psy_status status = psyi_find(tally->findings, &finding, error,
                                                "%u further rows%s", count - PSYI_TALLY_SHOWN,
                                                column < tally->n_columns ? " of this column" : "");
            if (status != PSY_OK)
                return status;
        }
    return PSY_OK;
}

void psyi_tally_done(psyi_tally *tally)
{
    psyi_free(tally->allocator, tally->counts);
    tally->counts = NULL;
}

int psyi_quotable(const char *text, size_t length)
{
    return (int)psyi_utf8_prefix(text, length, 40);
}
