/*
 * xlsx_in.c -- which sheet of a workbook is read.
 *
 * The declared one, or the only visible one that has anything in it.  Between several
 * nobody chooses: the message names them.
 */
#include "base/fail.h"
#include "base/text.h"
#include "intake/workbook.h"

#include <string.h>

static void name_sheets(const psyi_book *book, const bool *full, psyi_buffer *words)
{
    bool first = true;
    for (size_t i = 0; i < book->n_sheets; i++) {
        if (book->sheets[i].part == NULL || (full != NULL && !full[i]))
            continue;
        const char *const name = book->sheets[i].name;
        psyi_buffer_text(words, first ? "'" : ", '");
        psyi_buffer_add(words, name, psyi_utf8_prefix(name, strlen(name), 31));
        psyi_buffer_char(words, '\'');
        first = false;
    }
}

static psy_status refuse(const psyi_book *book, const bool *full, const char *before,
                         const char *behind, const char *where_declared, psy_error *error)
{
    const psy_location where = psyi_location(book->unpack.file, 0, 0, 0);
    psyi_buffer words;
    psyi_buffer_init(&words, book->allocator);
    name_sheets(book, full, &words);
    const psy_status status = words.failed
                                  ? psyi_fail_memory(error, "a message")
                                  : psyi_fail(error, PSY_E_DATA, &where, "%s (%.300s)%s%s", before,
                                              words.data != NULL ? words.data : "", behind,
                                              where_declared != NULL ? where_declared : "");
    psyi_buffer_done(&words);
    return status;
}

static psy_status find_declared(const psyi_book *book, const char *sheet, const char *where,
                                size_t *out, psy_error *error)
{
    for (size_t i = 0; i < book->n_sheets; i++)
        if (book->sheets[i].part != NULL && strcmp(book->sheets[i].name, sheet) == 0) {
            *out = i;
            return PSY_OK;
        }
    return refuse(book, NULL, "the workbook has no sheet of the declared name",
                  where != NULL ? ": correct `sheet:` under " : "", where, error);
}

static psy_status find_only(psyi_book *book, const char *where, size_t *out, psy_error *error)
{
    bool *const full = psyi_arena_alloc(&book->arena, book->n_sheets, sizeof *full);
    size_t n = 0, shown = 0;
    if (full == NULL)
        return psyi_fail_memory(error, "a workbook");
    for (size_t i = 0; i < book->n_sheets; i++)
        if (book->sheets[i].part != NULL && !book->sheets[i].hidden) {
            shown++;
            *out = i;
        }
    if (shown == 1)
        return PSY_OK;
    for (size_t i = 0; i < book->n_sheets; i++) {
        if (book->sheets[i].part == NULL || book->sheets[i].hidden)
            continue;
        const psy_status status = psyi_book_cells(book, &book->sheets[i], NULL, &full[i], error);
        if (status != PSY_OK)
            return status;
        if (full[i]) {
            n++;
            *out = i;
        }
    }
    if (n == 1)
        return PSY_OK;
    if (shown == 0 || n == 0)
        return refuse(book, NULL, "no visible sheet of the workbook has anything in it", "", NULL,
                      error);
    return refuse(book, full, "several sheets of the workbook have something in them",
                  where != NULL ? ": declare `sheet:` with the name of the one to read under "
                                : ": keep the one to read",
                  where, error);
}

psy_status psyi_xlsx_read(const psyi_buffer *bytes, const char *file, const char *sheet,
                          const char *where, psyi_buffer *out, psyi_sheet_facts *facts,
                          psy_error *error)
{
    psyi_book book;
    size_t chosen = 0;
    bool any;
    psy_status status =
        psyi_book_open(&book, bytes->data, bytes->length, file, out->allocator, error);
    if (status == PSY_OK)
        status = sheet != NULL ? find_declared(&book, sheet, where, &chosen, error)
                               : find_only(&book, where, &chosen, error);
    if (status == PSY_OK) {
        psyi_grid grid;
        psyi_grid_init(&grid, out, file);
        grid.merged = facts != NULL ? &facts->merged : NULL;
        if (facts != NULL && book.n_sheets > 1) {
            const char *const name = book.sheets[chosen].name;
            psyi_buffer_add(&facts->name, name, psyi_utf8_prefix(name, strlen(name), 31));
        }
        status = psyi_book_cells(&book, &book.sheets[chosen], &grid, &any, error);
        if (status == PSY_OK && facts != NULL && facts->name.failed)
            status = psyi_fail_memory(error, "a workbook");
    }
    psyi_book_done(&book);
    return status;
}
