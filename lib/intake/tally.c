/*
 * tally.c -- keeping findings readable.
 *
 * A column in the wrong coding has as many wrong cells as rows.  Twenty of a kind show what
 * is wrong; the rest is one finding with a count.  What leaves a row out is an error and
 * always told, since somebody has to look at each of them.
 */
#include "intake/tally.h"
#include "base/fail.h"
#include "base/locale.h"
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
    [PSYI_DATE_CELL] = {"date_cell", PSY_ERROR,
                        "format the column as text and enter what stood there before"},
    [PSYI_LONG_ROW] = {"long_row", PSY_ERROR, "quote cells that hold the separator"},
};

struct psyi_held {
    uint32_t column;
    psyi_complaint complaint;
    uint64_t row;
    char *message;
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

static psy_status hold(psyi_tally *tally, size_t column, psyi_complaint complaint, uint64_t row,
                       const char *message, psy_error *error)
{
    void *held = tally->held;
    if (!psyi_grow(tally->allocator, &held, &tally->held_room, tally->n_held + 1,
                   sizeof *tally->held))
        return psyi_fail_memory(error, "findings");
    tally->held = held;
    char *const copy = psyi_text_copy(tally->allocator, message, strlen(message));
    if (copy == NULL)
        return psyi_fail_memory(error, "findings");
    tally->held[tally->n_held++] = (psyi_held){(uint32_t)column, complaint, row, copy};
    return PSY_OK;
}

psy_status psyi_tally_tell(psyi_tally *tally, size_t column, psyi_complaint complaint, uint64_t row,
                           psy_error *error, const char *format, ...)
{
    char message[512], cell[34] = "", sheet[31 * 4 + 2] = "";
    va_list arguments;
    va_start(arguments, format);
    if (psyi_vformat(message, sizeof message, format, arguments) < 0)
        message[0] = '\0';
    va_end(arguments);
    if (tally->holds)
        return hold(tally, column, complaint, row, message, error);
    if (tally->cells && row > 0 && column < tally->n_columns)
        memcpy(cell + strlen(psyi_cell_name(row, (uint32_t)column + 1, cell)), ": ", 3);
    if (cell[0] != '\0' && tally->sheet != NULL)
        snprintf(sheet, sizeof sheet, "%s!", tally->sheet);
    const psy_finding finding = about(tally, column, complaint, row);
    return psyi_find(tally->findings, &finding, error, "%s%s%s", sheet, cell, message);
}

psy_status psyi_tally_finish(const psyi_tally *tally, psy_error *error)
{
    if (tally->findings == NULL)
        return PSY_OK;
    for (size_t column = 0; column <= tally->n_columns; column++)
        for (unsigned kind = 0; kind < PSYI_COMPLAINTS; kind++) {
            const uint32_t count = tally->counts[column * PSYI_COMPLAINTS + kind];
            if (count <= PSYI_TALLY_SHOWN || kinds[kind].severity == PSY_ERROR ||
                kinds[kind].rule == NULL)
                continue;
            const psy_finding finding = about(tally, column, (psyi_complaint)kind, 0);
            const psy_status status =
                psyi_find(tally->findings, &finding, error, "%u further row%s%s",
                          count - PSYI_TALLY_SHOWN, psyi_s(count - PSYI_TALLY_SHOWN),
                          column < tally->n_columns ? " of this column" : "");
            if (status != PSY_OK)
                return status;
        }
    return PSY_OK;
}

void psyi_tally_done(psyi_tally *tally)
{
    if (tally->held != NULL)
        psyi_tally_restart(tally);
    psyi_free(tally->allocator, tally->held);
    psyi_free(tally->allocator, tally->counts);
    tally->held = NULL;
    tally->counts = NULL;
}

psy_status psyi_tally_hold(psyi_tally *part, const psyi_tally *of, psy_error *error)
{
    const psy_status status = psyi_tally_begin(part, of->file, of->names, of->n_columns,
                                               of->findings, of->allocator, error);
    part->cells = of->cells;
    part->sheet = of->sheet;
    part->holds = true;
    return status;
}

void psyi_tally_restart(psyi_tally *part)
{
    for (size_t i = 0; i < part->n_held; i++)
        psyi_free(part->allocator, part->held[i].message);
    part->n_held = 0;
    memset(part->counts, 0, (part->n_columns + 1) * PSYI_COMPLAINTS * sizeof *part->counts);
}

/* A part keeps as many of a kind as the whole would tell if it began with it, so that what it
 * only counted is only counted in the whole, too. */
psy_status psyi_tally_take(psyi_tally *tally, psyi_tally *part, uint64_t lines, psy_error *error)
{
    for (size_t i = 0; i < part->n_held; i++) {
        const psyi_held *const held = &part->held[i];
        part->counts[held->column * PSYI_COMPLAINTS + held->complaint]--;
        if (!psyi_tally_count(tally, held->column, held->complaint))
            continue;
        const psy_status status = psyi_tally_tell(tally, held->column, held->complaint,
                                                  held->row + lines, error, "%s", held->message);
        if (status != PSY_OK)
            return status;
    }
    for (size_t i = 0; i < (part->n_columns + 1) * PSYI_COMPLAINTS; i++)
        if (__builtin_add_overflow(tally->counts[i], part->counts[i], &tally->counts[i]))
            tally->counts[i] = UINT32_MAX;
    return PSY_OK;
}

int psyi_quotable(const char *text, size_t length)
{
    return (int)psyi_utf8_prefix(text, length, 40);
}
