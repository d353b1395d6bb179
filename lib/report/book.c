/*
 * book.c -- making, finishing and giving up a workbook.
 *
 * The library is Debian's libxlsxwriter; only the rows of lists are printed here (row_xml.c)
 * and put into its package (splice.c).  What it does not guard is guarded here: numbers
 * are printed by locale, so the thread is pinned to the C locale while a book is open; the
 * parts of the package go through temporary files, so they are sent to memory where there
 * is a tmpfs; misuse is told on stderr, so nothing it would complain about reaches it.  Its
 * memory is its own, and it does not survive running out of it.  (Its helper for temporary
 * names keeps an unguarded seed; a clash of names is caught by O_EXCL, nothing else hangs
 * on it.)
 */
#include "report/book_parts.h"

#include "base/fail.h"
#include "base/locale.h"
#include "base/text.h"

#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#define MEMORY_DIRECTORY "/dev/shm"
#define NO_TIME          946684800 /* 2000-01-01, for workbooks of no date */

void psyi_book_fail(psyi_book *book, psy_status status, const char *message)
{
    if (book->status == PSY_OK)
        book->status = psyi_fail(&book->error, status, NULL, "%s", message);
}

void psyi_book_fail_with(psyi_book *book, const psy_error *error)
{
    if (book->status != PSY_OK)
        return;
    book->status = error->status;
    book->error = *error;
}

bool psyi_book_failed(const psyi_book *book)
{
    return book->status != PSY_OK;
}

size_t psyi_book_mended(const psyi_book *book)
{
    return book->n_mended;
}

bool psyi_book_check(psyi_book *book, lxw_error code, const char *doing)
{
    if (code == LXW_NO_ERROR)
        return true;
    if (book->status == PSY_OK)
        book->status = psyi_fail(
            &book->error, code == LXW_ERROR_MEMORY_MALLOC_FAILED ? PSY_E_NOMEM : PSY_E_OUTPUT, NULL,
            "cannot %s: %s", doing, lxw_strerror(code));
    return false;
}

static bool is_tmpfs(const char *directory)
{
    struct statfs about;
    return statfs(directory, &about) == 0 && about.f_type == TMPFS_MAGIC &&
           access(directory, W_OK | X_OK) == 0;
}

/* Where the parts go meanwhile: never /tmp, which may be on a disk others read. */
static bool choose_tmpdir(psyi_book *book, const psyi_book_options *options)
{
    const char *directory = options->tmpdir;
    size_t length = directory != NULL ? strlen(directory) : 0;
    if (directory == NULL && is_tmpfs(MEMORY_DIRECTORY)) {
        directory = MEMORY_DIRECTORY;
        length = strlen(directory);
    }
    if (directory == NULL) {
        const char *const slash = strrchr(options->path, '/');
        directory = slash != NULL ? options->path : ".";
        length = slash == NULL ? 1 : slash == options->path ? 1 : (size_t)(slash - options->path);
    }
    book->tmpdir = psyi_text_copy(book->allocator, directory, length);
    return book->tmpdir != NULL;
}

static psy_status open_workbook(psyi_book *book, const psyi_book_options *options, psy_error *error)
{
    if (!choose_tmpdir(book, options))
        return psyi_fail_memory(error, options->path);
    book->locale = psyi_c_locale_enter();
    if (book->locale == NULL)
        return psyi_fail_memory(error, options->path);
    /* The package of the library goes where its parts go, and is assembled anew from there. */
    char *const path = psyi_path_join(book->allocator, book->tmpdir, "workbook.xlsx");
    /* A run that is killed leaves none of it behind. */
    const psy_status status =
        path != NULL ? psyi_file_create_unnamed(&book->draft, path, book->allocator, error)
                     : psyi_fail_memory(error, options->path);
    psyi_free(book->allocator, path);
    if (status != PSY_OK)
        return status;
    lxw_workbook_options how = {0};
    how.tmpdir = book->tmpdir;
    book->workbook = workbook_new_opt(psyi_file_temporary(book->draft), &how);
    if (book->workbook == NULL)
        return psyi_fail_memory(error, options->path);
    lxw_doc_properties about = {0};
    char title[128];
    const char *const clean =
        psyi_book_clean(book, options->title != NULL ? options->title : "", 100);
    snprintf(title, sizeof title, "%.*s", (int)psyi_utf8_prefix(clean, strlen(clean), 30), clean);
    about.title = title;
    /* Without it the clock would be in the file; splice.c puts the true time. */
    about.created = NO_TIME;
    book->created = options->created > 0 ? options->created : NO_TIME;
    if (!psyi_book_check(book, workbook_set_properties(book->workbook, &about),
                         "set document properties")) {
        if (error != NULL)
            *error = book->error;
        return book->status;
    }
    psyi_book_formats(book, options->scheme);
    return PSY_OK;
}

static void discard(psyi_book *book)
{
    if (book->workbook != NULL)
        lxw_workbook_free(book->workbook);
    psyi_c_locale_leave(book->locale);
    psyi_file_abort(book->writer);
    psyi_file_abort(book->draft);
    for (size_t i = 0; i < book->n_sheets; i++) {
        psyi_sheet *const sheet = &book->sheets[i];
        psyi_buffer_done(&sheet->xml);
        psyi_buffer_done(&sheet->cells);
        psyi_buffer_done(&sheet->packed);
        psyi_free(book->allocator, sheet->cuts.at);
        psyi_free(book->allocator, sheet->cell_cuts.at);
    }
    psyi_squeezer_free(book->squeezer);
    psyi_buffer_done(&book->scratch);
    psyi_free(book->allocator, book->tmpdir);
    psyi_free(book->allocator, book);
}

psy_status psyi_book_new(psyi_book **out, const psyi_book_options *options, psy_error *error)
{
    psyi_book *const book = psyi_alloc(options->allocator, 1, sizeof *book);
    if (book == NULL)
        return psyi_fail_memory(error, options->path);
    book->allocator = options->allocator;
    book->language = options->language;
    book->reference = options->reference;
    book->fast = options->fast;
    book->is_draft = options->draft;
    book->nowhere.book = book;
    memset(book->indices, 0xFF, sizeof book->indices); /* -1 */
    psyi_buffer_init(&book->scratch, options->allocator);
    psy_status status =
        psyi_file_create(&book->writer, options->path, 0600, options->allocator, error);
    if (status == PSY_OK)
        status = open_workbook(book, options, error);
    if (status != PSY_OK) {
        discard(book);
        return status;
    }
    *out = book;
    return PSY_OK;
}

void psyi_book_abort(psyi_book *book)
{
    if (book != NULL)
        discard(book);
}

/* What the library wrote, with the rows of streaming sheets, into the file. */
static psy_status put_rows(psyi_book *book, psy_error *error)
{
    psyi_rows rows[PSYI_MAX_SHEETS];
    memset(rows, 0, sizeof rows);
    for (size_t i = 0; i < book->n_sheets; i++) {
        psyi_sheet *const sheet = &book->sheets[i];
        if (!sheet->streaming)
            continue;
        if (sheet->xml.failed || sheet->cells.failed || sheet->packed.failed)
            return psyi_fail_memory(error, "rows of a workbook");
        rows[i] = (psyi_rows){.ours = true,
                              .packed = &sheet->packed,
                              .unpacked = sheet->unpacked,
                              .crc = sheet->crc,
                              .xml = &sheet->xml,
                              .cuts = sheet->cuts.at,
                              .n_cuts = sheet->cuts.n,
                              .text = psyi_mostly_text(sheet)};
        psyi_sheet_dimension(sheet, rows[i].dimension);
    }
    if (book->squeezer == NULL)
        book->squeezer = psyi_squeezer_new(book->fast, book->allocator);
    psyi_buffer draft;
    psyi_buffer_init(&draft, book->allocator);
    psy_status status = psyi_file_read(psyi_file_temporary(book->draft), 0, &draft, error);
    const psyi_splicing how = {.rows = rows,
                               .n_sheets = book->n_sheets,
                               .created = book->created,
                               .fast = book->fast,
                               .squeezer = book->squeezer,
                               .allocator = book->allocator};
    if (status == PSY_OK && book->squeezer == NULL)
        status = psyi_fail_memory(error, "rows of a workbook");
    if (status == PSY_OK)
        status = psyi_package_splice(book->writer, &draft, &how, error);
    psyi_buffer_done(&draft);
    return status;
}

static psy_status finish(psyi_book *book, psy_error *error)
{
    for (size_t i = 0; i < book->n_sheets && book->status == PSY_OK; i++) {
        psyi_sheet_fit(&book->sheets[i]);
        if (book->sheets[i].streaming)
            psyi_row_end(&book->sheets[i]);
    }
    if (book->status != PSY_OK) {
        if (error != NULL)
            *error = book->error;
        return book->status;
    }
    /* Closing frees the workbook, also when it fails. */
    lxw_workbook *const workbook = book->workbook;
    book->workbook = NULL;
    const char *const path = psyi_file_temporary(book->writer);
    if (!psyi_book_check(book, workbook_close(workbook), "finish a workbook")) {
        if (error != NULL)
            *error = book->error;
        return book->status;
    }
    psy_status status = put_rows(book, error);
    psyi_expected_sheet expected[PSYI_MAX_SHEETS];
    for (size_t i = 0; i < book->n_sheets; i++)
        expected[i] = (psyi_expected_sheet){book->sheets[i].name, book->sheets[i].rows};
    if (status == PSY_OK)
        status = psyi_readback(path, expected, book->n_sheets, book->allocator, error);
    if (status == PSY_OK) {
        psyi_file_writer *const writer = book->writer;
        book->writer = NULL;
        status = book->is_draft ? psyi_file_commit_unsynced(writer, error)
                                : psyi_file_commit(writer, error);
    }
    return status;
}

psy_status psyi_book_close(psyi_book *book, psy_error *error)
{
    const psy_status status = finish(book, error);
    discard(book);
    return status;
}

/* ---- sheets ---- */

/* Excel's rules; the library would complain aloud. */
static bool good_name(const psyi_book *book, const char *name)
{
    const size_t length = strlen(name);
    if (length == 0 || length >= sizeof book->sheets[0].name ||
        psyi_utf8_check(name, length) < length || psyi_utf8_count(name, length) > 31 ||
        strpbrk(name, "[]:*?/\\") != NULL || name[0] == '\'' || name[length - 1] == '\'')
        return false;
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)name[i] < 0x20)
            return false;
    for (size_t i = 0; i < book->n_sheets; i++)
        if (psyi_ascii_compare(book->sheets[i].name, name) == 0)
            return false;
    return true;
}

/* A sheet that is packed in pieces is packed to its end when another begins: its rows need not
 * wait in memory for the last one.  Should it go on after all, that is one piece more. */
static void finish_rows(psyi_sheet *sheet)
{
    if (!sheet->streaming || sheet->packed.length == 0 || sheet->xml.failed || sheet->cells.failed)
        return;
    psyi_sheet_fit(sheet); /* its latest row stands in `cells` still */
    psyi_row_end(sheet);
    const bool packed = !sheet->xml.failed && psyi_rows_pack(sheet);
    psyi_buffer_done(&sheet->xml);
    psyi_buffer_done(&sheet->cells);
    psyi_free(sheet->book->allocator, sheet->cuts.at);
    psyi_free(sheet->book->allocator, sheet->cell_cuts.at);
    sheet->cuts = sheet->cell_cuts = (psyi_cuts){.allocator = sheet->book->allocator};
    psyi_buffer_init(&sheet->xml, sheet->book->allocator);
    psyi_buffer_init(&sheet->cells, sheet->book->allocator);
    sheet->xml.failed = !packed;
}

psyi_sheet *psyi_book_sheet(psyi_book *book, const char *name, bool streaming)
{
    if (psyi_book_failed(book))
        return &book->nowhere;
    if (book->n_sheets == PSYI_MAX_SHEETS) {
        psyi_book_fail(book, PSY_E_LIMIT, "too many sheets in a workbook");
        return &book->nowhere;
    }
    if (!good_name(book, name)) {
        if (book->status == PSY_OK)
            book->status = psyi_fail(&book->error, PSY_E_ARGUMENT, NULL,
                                     "'%.60s' cannot be the name of a sheet", name);
        return &book->nowhere;
    }
    psyi_sheet *const sheet = &book->sheets[book->n_sheets];
    sheet->sheet = workbook_add_worksheet(book->workbook, name);
    if (sheet->sheet == NULL) {
        psyi_book_fail(book, PSY_E_OUTPUT, "cannot add a sheet to a workbook");
        return &book->nowhere;
    }
    if (book->n_sheets > 0)
        finish_rows(&book->sheets[book->n_sheets - 1]);
    book->n_sheets++;
    sheet->book = book;
    sheet->streaming = streaming && !book->reference;
    sheet->row_style = -1;
    psyi_buffer_init(&sheet->xml, book->allocator);
    psyi_buffer_init(&sheet->cells, book->allocator);
    psyi_buffer_init(&sheet->packed, book->allocator);
    sheet->cuts.allocator = sheet->cell_cuts.allocator = book->allocator;
    snprintf(sheet->name, sizeof sheet->name, "%s", name);
    return sheet;
}

psyi_book *psyi_sheet_book(const psyi_sheet *sheet)
{
    return sheet->book;
}

const char *psyi_sheet_name(const psyi_sheet *sheet)
{
    return sheet->name;
}
