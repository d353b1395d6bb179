/*
 * simulate_files.c -- simulated files as other programs write them: UTF-8, GB18030, a workbook.
 *
 * A district of ten million is four gigabytes of rows: they are written a quarter of a MiB at a
 * time, whole rows always, so that each piece can be converted or cut into cells by itself.
 */
#include "screening/simulate_files.h"

#include "base/fail.h"
#include "base/number.h"
#include "intake/cell.h"
#include "intake/csv.h"

#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

#define PIECE ((size_t)256 << 10)

struct psyi_simulated_book {
    psyi_buffer path, part; /* where it shall stand, and meanwhile */
    lxw_workbook *workbook;
    lxw_worksheet *sheet;
    lxw_format *moment;
    uint32_t row;
};

/* ---- GB18030 ---- */

static psy_status write_gb18030(psyi_simulated_file *file, psy_error *error)
{
    char *at = file->text.data, block[4096];
    size_t left = file->text.length;
    psy_status status = PSY_OK;
    while (status == PSY_OK && left > 0) {
        char *to = block;
        size_t room = sizeof block;
        const size_t before = left;
        iconv(file->conversion, &at, &left, &to, &room);
        status = left < before ? psyi_file_write(file->writer, block, sizeof block - room, error)
                               : psyi_fail(error, PSY_E_INTERNAL, NULL,
                                           "a simulated file has no GB18030 form");
    }
    return status;
}

/* ---- a workbook ---- */

/* A cell as a person would have typed it: a moment, a number, or text. */
static void write_cell(lxw_worksheet *sheet, uint32_t row, uint16_t column, const char *text,
                       lxw_format *moment)
{
    const size_t length = strlen(text);
    int32_t days, seconds;
    int64_t number;
    if (strchr(text, '/') != NULL && strchr(text, ':') != NULL &&
        psyi_date_read(text, length, NULL, &days, &seconds) == PSYI_DATE_OK) {
        int year, month, day;
        psyi_civil(days, &year, &month, &day);
        lxw_datetime time = {.year = year,
                             .month = month,
                             .day = day,
                             .hour = seconds / 3600,
                             .min = seconds / 60 % 60,
                             .sec = seconds % 60};
        worksheet_write_datetime(sheet, row, column, &time, moment);
    } else if (length <= 15 && (text[0] != '0' || length == 1) &&
               psyi_integer_parse(text, length, &number)) {
        worksheet_write_number(sheet, row, column, (double)number, NULL);
    } else if (length > 0) {
        worksheet_write_string(sheet, row, column, text, NULL);
    }
}

static psy_status write_rows(psyi_simulated_file *file, psy_error *error)
{
    struct psyi_simulated_book *const book = file->book;
    psyi_csv in;
    psyi_buffer cell_text;
    psy_status status = PSY_OK;
    psyi_csv_init(&in, file->text.data, file->text.length, ',', "simulated", file->allocator);
    psyi_buffer_init(&cell_text, file->allocator);
    for (; status == PSY_OK && psyi_csv_record(&in); book->row++) {
        bool last = false;
        for (uint16_t column = 0; !last && status == PSY_OK; column++) {
            psyi_cell cell;
            status = psyi_csv_read(&in, &cell, &last, error);
            psyi_buffer_clear(&cell_text);
            psyi_buffer_add(&cell_text, cell.text, cell.length);
            if (status == PSY_OK && cell_text.failed)
                status = psyi_fail_memory(error, "simulated files");
            if (status == PSY_OK && cell.length > 0)
                write_cell(book->sheet, book->row, column, cell_text.data, book->moment);
        }
    }
    psyi_buffer_done(&cell_text);
    psyi_csv_done(&in);
    return status;
}

static psy_status open_book(psyi_simulated_file *file, const char *path, psy_error *error)
{
    struct psyi_simulated_book *const book = psyi_alloc(file->allocator, 1, sizeof *book);
    if (book == NULL)
        return psyi_fail_memory(error, "a workbook");
    file->book = book;
    psyi_buffer_init(&book->path, file->allocator);
    psyi_buffer_init(&book->part, file->allocator);
    psyi_buffer_text(&book->path, path);
    psyi_buffer_format(&book->part, "%s.part", path);
    if (book->path.failed || book->part.failed)
        return psyi_fail_memory(error, "path");
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    book->workbook = workbook_new_opt(book->part.data, &options);
    if (book->workbook == NULL)
        return psyi_fail_memory(error, "a workbook");
    /* A seed gives the same bytes at any time. */
    lxw_doc_properties properties = {.created = 1767225600};
    workbook_set_properties(book->workbook, &properties);
    book->sheet = workbook_add_worksheet(book->workbook, "答卷");
    book->moment = workbook_add_format(book->workbook);
    format_set_num_format(book->moment, "yyyy/m/d h:mm:ss");
    return PSY_OK;
}

static psy_status commit_book(struct psyi_simulated_book *book, psy_error *error)
{
    lxw_workbook *const workbook = book->workbook;
    book->workbook = NULL;
    if (workbook_close(workbook) == LXW_NO_ERROR && rename(book->part.data, book->path.data) == 0)
        return PSY_OK;
    unlink(book->part.data);
    return psyi_fail(error, PSY_E_OUTPUT, NULL, "'%s' cannot be written", book->path.data);
}

static void close_book(struct psyi_simulated_book *book, const psy_allocator *allocator)
{
    if (book == NULL)
        return;
    if (book->workbook != NULL) {
        workbook_close(book->workbook);
        unlink(book->part.data);
    }
    psyi_buffer_done(&book->path);
    psyi_buffer_done(&book->part);
    psyi_free(allocator, book);
}

/* ---- any of them ---- */

psy_status psyi_simulated_open(psyi_simulated_file *file, const char *directory, const char *name,
                               psyi_simulated_kind kind, const psy_allocator *allocator,
                               psy_error *error)
{
    *file = (psyi_simulated_file){.kind = kind, .allocator = allocator};
    psyi_buffer_init(&file->text, allocator);
    if (kind == PSYI_SIMULATED_GB18030) {
        file->conversion = iconv_open("GB18030", "UTF-8");
        file->converting = file->conversion != (iconv_t)-1;
        if (!file->converting)
            return psyi_fail(error, PSY_E_UNSUPPORTED, NULL, "this system cannot write GB18030");
    }
    char *const path = psyi_path_join(allocator, directory, name);
    const psy_status status = path == NULL ? psyi_fail_memory(error, "path")
                              : kind == PSYI_SIMULATED_WORKBOOK
                                  ? open_book(file, path, error)
                                  : psyi_file_create(&file->writer, path, 0644, allocator, error);
    psyi_free(allocator, path);
    return status;
}

static psy_status write_piece(psyi_simulated_file *file, psy_error *error)
{
    if (file->text.failed)
        return psyi_fail_memory(error, "simulated files");
    const psy_status status =
        file->kind == PSYI_SIMULATED_GB18030    ? write_gb18030(file, error)
        : file->kind == PSYI_SIMULATED_WORKBOOK ? write_rows(file, error)
        : file->text.length > 0
            ? psyi_file_write(file->writer, file->text.data, file->text.length, error)
            : PSY_OK;
    psyi_buffer_clear(&file->text);
    return status;
}

psy_status psyi_simulated_row(psyi_simulated_file *file, psy_error *error)
{
    return file->text.length < PIECE && !file->text.failed ? PSY_OK : write_piece(file, error);
}

psy_status psyi_simulated_commit(psyi_simulated_file *file, psy_error *error)
{
    psy_status status = write_piece(file, error);
    if (status == PSY_OK && file->kind == PSYI_SIMULATED_WORKBOOK)
        return commit_book(file->book, error);
    if (status == PSY_OK) {
        status = psyi_file_commit(file->writer, error);
        file->writer = NULL;
    }
    return status;
}

void psyi_simulated_close(psyi_simulated_file *file)
{
    if (file->converting)
        iconv_close(file->conversion);
    psyi_file_abort(file->writer);
    close_book(file->book, file->allocator);
    psyi_buffer_done(&file->text);
    *file = (psyi_simulated_file){.writer = NULL};
}
