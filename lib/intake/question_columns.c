/*
 * question_columns.c -- columns by the numbers of their questions.
 *
 * A platform exports a matrix question as one column a row, all of which carry the number of
 * the question.  Where the rows have numbers of their own these count; where none has, they
 * count in the order in which they stand, side by side.  A mixture of both is refused.
 */
#include "intake/question_columns.h"

#include "base/fail.h"
#include "intake/question.h"

#include <string.h>

bool psyi_question_columns_make(psyi_question_columns *out, const psyi_header *header,
                                const char *file, psyi_arena *arena)
{
    *out = (psyi_question_columns){.header = header, .file = file};
    out->of = psyi_arena_alloc(arena, header->n_columns, sizeof *out->of);
    if (out->of == NULL)
        return false;
    for (size_t i = 0; i < header->n_columns; i++) {
        psyi_question_name *const it = &out->of[i];
        it->question = psyi_question_row(header->names[i], &it->row);
        if (it->question == 0 && i < header->n_labels)
            it->question = psyi_question_row(header->labels[i], &it->row);
    }
    return true;
}

static psy_status refuse(const psyi_question_columns *columns, uint32_t column, unsigned question,
                         const char *why, psy_error *error)
{
    const psy_location where = psyi_location(columns->file, (size_t)columns->header->line, 1, 1);
    return psyi_fail(error, PSY_E_DATA, &where, "question %u: column %u ('%.80s') %s", question,
                     column + 1, columns->header->names[column], why);
}

psy_status psyi_question_column(const psyi_question_columns *columns,
                                const psyi_question_name *name, uint32_t *out, psy_error *error)
{
    uint32_t first = PSYI_NO_COLUMN, last = 0, found = PSYI_NO_COLUMN;
    size_t n = 0, numbered = 0;
    *out = PSYI_NO_COLUMN;
    for (uint32_t i = 0; i < columns->header->n_columns; i++) {
        const psyi_question_name *const it = &columns->of[i];
        if (it->question != name->question)
            continue;
        if (name->row == 0 && n > 0)
            return refuse(columns, i, name->question,
                          "is a second one of this number: rows of a matrix question are named "
                          "{question:7}{row}, single columns by their header",
                          error);
        first = n == 0 ? i : first;
        last = i;
        n++;
        numbered += it->row > 0;
        if (name->row > 0 && it->row == name->row) {
            if (found != PSYI_NO_COLUMN)
                return refuse(columns, i, name->question, "is a second row of its number", error);
            found = i;
        }
    }
    if (n == 0)
        return PSY_OK;
    if (name->row == 0) {
        *out = first;
        return PSY_OK;
    }
    if (numbered > 0 && numbered < n)
        return refuse(columns, first, name->question,
                      "begins a matrix only some of whose rows have numbers: name its columns by "
                      "their headers",
                      error);
    if (numbered == n) {
        *out = found;
        return PSY_OK;
    }
    if (last - first + 1 != n)
        return refuse(columns, last, name->question,
                      "does not stand beside the other rows, which have no numbers: name the "
                      "columns by their headers",
                      error);
    if (name->row > n)
        return PSY_OK;
    *out = first + name->row - 1;
    for (uint32_t i = first; i <= last; i++)
        if (i != *out && strcmp(columns->header->names[i], columns->header->names[*out]) == 0)
            return refuse(columns, i, name->question,
                          "stands there twice, and rows without numbers count by their order",
                          error);
    return PSY_OK;
}
