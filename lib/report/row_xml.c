/*
 * row_xml.c -- rows of lists as the XML of a sheet.
 *
 * Nine tenths of a district's workbooks are such rows.  Cells come in ascending order; the
 * tag of a row is printed when the row is complete, because its height is known then.
 *
 * A cell is <c s="13" t="s" r="AA200"><v>7</v></c>, with its reference last: XML does not mind
 * the order, and so all that repeats from row to row stands together, from the value of a
 * cell to the column of the next, which packs smaller.  The compressor is told where these
 * pieces begin (squeeze.h).  Words that repeat are shared strings of the library's table,
 * found by their bytes in a table of our own; long texts are at once; short ones that come
 * once stay in line.
 */
#include "report/book_parts.h"
#include "report/digits.h"
#include "report/squeeze.h"

#include "base/number.h"
#include "base/spill.h"

#include <string.h>

/* Rows are packed when there are so many bytes of them (nothing is found again across chunks: with
 * half as many the sheet is 1 % larger). */
#define CHUNK (512u * 1024u)
/* A sheet of texts is packed as a whole, for these are found again farther away; beyond this
 * size like the others. */
#define MOST_TEXT (4u * 1024u * 1024u)

static size_t decimal(uint64_t value, char *out)
{
    return (size_t)(psyi_integer_digits(out, (int64_t)value) - out);
}

/* ---- cuts ---- */

static bool room_for_cuts(psyi_cuts *cuts, size_t n)
{
    void *places = cuts->at;
    if (n > cuts->capacity - cuts->n &&
        !psyi_grow_raw(cuts->allocator, &places, &cuts->capacity, cuts->n + n, sizeof *cuts->at)) {
        cuts->failed = true;
        return false;
    }
    cuts->at = places;
    return true;
}

static void add_cut(psyi_cuts *cuts, size_t at)
{
    if (room_for_cuts(cuts, 1))
        cuts->at[cuts->n++] = (uint32_t)at;
}

/* ---- packing ---- */

bool psyi_mostly_text(const psyi_sheet *sheet)
{
    return sheet->text_bytes * 6 > sheet->unpacked + sheet->xml.length;
}

bool psyi_rows_pack(psyi_sheet *sheet)
{
    psyi_book *const book = sheet->book;
    if (sheet->xml.length == 0)
        return true;
    if (book->squeezer == NULL)
        book->squeezer = psyi_squeezer_new(book->fast, book->allocator);
    if (book->squeezer == NULL)
        return false;
    psyi_squeeze(book->squeezer, sheet->xml.data, sheet->xml.length, sheet->cuts.at, sheet->cuts.n,
                 &sheet->packed);
    sheet->crc = psyi_package_crc(sheet->crc, sheet->xml.data, sheet->xml.length);
    sheet->unpacked += sheet->xml.length;
    psyi_buffer_clear(&sheet->xml);
    sheet->cuts.n = 0;
    return !sheet->packed.failed;
}

void psyi_row_end(psyi_sheet *sheet)
{
    psyi_buffer *const out = &sheet->xml;
    const bool high = sheet->height > 0;
    psyi_spill_pass(sheet->book->allocator, sheet->row);
    sheet->next_column = 0;
    if (sheet->cells.length == 0 && !sheet->cells.failed && !high && sheet->row_style < 0)
        return;
    char tag[64];
    size_t n = 8;
    memcpy(tag, "<row r=\"", 8);
    n += decimal(sheet->row + 1, tag + n);
    tag[n++] = '"';
    add_cut(&sheet->cuts, out->length + 8);
    psyi_buffer_add(out, tag, n);
    if (sheet->row_style >= 0) {
        psyi_buffer_text(out, " s=\"");
        psyi_buffer_integer(out, sheet->row_style);
        psyi_buffer_text(out, "\" customFormat=\"1\"");
    }
    if (high) {
        psyi_buffer_text(out, " ht=\"");
        psyi_buffer_number(out, sheet->height);
        psyi_buffer_text(out, "\" customHeight=\"1\"");
    }
    psyi_buffer_char(out, '>');
    if (room_for_cuts(&sheet->cuts, sheet->cell_cuts.n)) {
        uint32_t *const cuts = sheet->cuts.at + sheet->cuts.n;
        for (size_t i = 0; i < sheet->cell_cuts.n; i++)
            cuts[i] = (uint32_t)out->length + sheet->cell_cuts.at[i];
        sheet->cuts.n += sheet->cell_cuts.n;
    }
    psyi_buffer_add(out, sheet->cells.length > 0 ? sheet->cells.data : "", sheet->cells.length);
    psyi_buffer_text(out, "</row>");
    /* Clearing forgets a failure, which must be kept. */
    if (sheet->cells.failed || sheet->cell_cuts.failed || sheet->cuts.failed)
        out->failed = true;
    else
        psyi_buffer_clear(&sheet->cells);
    sheet->cell_cuts.n = 0;
    sheet->rows = sheet->row + 1;
    sheet->height = 0;
    sheet->row_style = -1;
    if (out->length >= CHUNK && !out->failed &&
        (!psyi_mostly_text(sheet) || sheet->book->fast || out->length >= MOST_TEXT) &&
        !psyi_rows_pack(sheet))
        out->failed = true;
}

/* ---- cells ---- */

typedef enum cell_type { NUMBER, SHARED, IN_LINE } cell_type;

/* `<c s="13" t="s" r="AA`: all of a cell up to the digits of its row.  A column has the same in
 * nearly every row, so the last one is kept. */
static const psyi_cell_start *start_of(psyi_sheet *sheet, size_t column, int style, cell_type type)
{
    const int32_t index = psyi_style_index(sheet, column, style);
    psyi_cell_start *const kept = &sheet->book->starts[column % PSYI_MAX_FITTED];
    if (kept->length > 0 && kept->column == column && kept->index == index && kept->type == type)
        return kept;
    char *at = kept->text;
    memcpy(at, "<c", 2);
    at += 2;
    if (index > 0) {
        memcpy(at, " s=\"", 4);
        at += 4 + decimal((uint64_t)index, at + 4);
        *at++ = '"';
    }
    if (type == SHARED) {
        memcpy(at, " t=\"s\"", 6);
        at += 6;
    } else if (type == IN_LINE) {
        memcpy(at, " t=\"inlineStr\"", 14);
        at += 14;
    }
    memcpy(at, " r=\"", 4);
    at += 4;
    at += psyi_column_letters(column, at);
    kept->length = (uint8_t)(at - kept->text);
    kept->column = (uint32_t)column;
    kept->index = index;
    kept->type = (uint8_t)type;
    return kept;
}

/* Everything before the value, with room for `more` bytes behind it; where they go, or NULL. */
static char *begin_cell(psyi_sheet *sheet, size_t column, int style, cell_type type, size_t more)
{
    psyi_buffer *const out = &sheet->cells;
    if (!psyi_buffer_reserve(out, more + 128))
        return NULL;
    const psyi_cell_start *const start = start_of(sheet, column, style, type);
    char *at = out->data + out->length;
    memcpy(at, start->text, sizeof start->text);
    at += start->length;
    add_cut(&sheet->cell_cuts, out->length + start->length);
    if (sheet->digits_row != sheet->row + 1) {
        sheet->digits_row = sheet->row + 1;
        sheet->n_digits = (uint8_t)decimal(sheet->digits_row, sheet->digits);
    }
    memcpy(at, sheet->digits, sizeof sheet->digits);
    at += sheet->n_digits;
    *at++ = '"';
    if (column + 1 > sheet->columns)
        sheet->columns = column + 1;
    sheet->next_column = column + 1;
    return at;
}

static void end_cell(psyi_sheet *sheet, char *at)
{
    *at = '\0';
    sheet->cells.length = (size_t)(at - sheet->cells.data);
}

static void cut_here(psyi_sheet *sheet, const char *at)
{
    add_cut(&sheet->cell_cuts, (size_t)(at - sheet->cells.data));
}

void psyi_cell_blank_xml(psyi_sheet *sheet, size_t column, int style)
{
    char *at = begin_cell(sheet, column, style, NUMBER, 2);
    if (at == NULL)
        return;
    memcpy(at, "/>", 2);
    cut_here(sheet, at + 2);
    end_cell(sheet, at + 2);
}

static char *begin_value(psyi_sheet *sheet, char *at)
{
    memcpy(at, "><v>", 4);
    cut_here(sheet, at + 4);
    return at + 4;
}

static void end_value(psyi_sheet *sheet, char *at)
{
    cut_here(sheet, at);
    memcpy(at, "</v></c>", 8);
    end_cell(sheet, at + 8);
}

/* Digits of hundredths, without zeros at the end. */
static size_t print_hundredths(int64_t hundredths, char *out)
{
    size_t n = 0;
    if (hundredths < 0)
        out[n++] = '-';
    const uint64_t size = hundredths < 0 ? (uint64_t)-hundredths : (uint64_t)hundredths;
    n += decimal(size / 100, out + n);
    const unsigned rest = (unsigned)(size % 100);
    if (rest > 0) {
        out[n++] = '.';
        out[n++] = (char)('0' + rest / 10);
        if (rest % 10 > 0)
            out[n++] = (char)('0' + rest % 10);
    }
    return n;
}

void psyi_cell_number_xml(psyi_sheet *sheet, size_t column, double value, int style)
{
    char *at = begin_cell(sheet, column, style, NUMBER, 64);
    if (at == NULL)
        return;
    at = begin_value(sheet, at);
    /* With at most fifteen digits the decimal that reads back is the shortest that does. */
    const double hundredths = value * 100;
    if (hundredths > -1e15 && hundredths < 1e15 && value != 0 &&
        (double)(int64_t)hundredths == hundredths && hundredths / 100 == value)
        at += print_hundredths((int64_t)hundredths, at);
    else if (value == 0)
        *at++ = '0';
    else
        at += psyi_number_print(value, at);
    end_value(sheet, at);
}

void psyi_cell_ratio_xml(psyi_sheet *sheet, size_t column, int64_t num, int64_t den, int style)
{
    char *at = begin_cell(sheet, column, style, NUMBER, 64);
    if (at == NULL)
        return;
    at = begin_value(sheet, at);
    at += print_hundredths(num * (100 / den), at);
    end_value(sheet, at);
}

/* ---- texts ---- */

static uint32_t hash_text(const char *text, size_t length)
{
    uint64_t hash = 0x9E3779B97F4A7C15u ^ length;
    for (size_t i = 0; i < length; i += 8) {
        uint64_t part = 0;
        memcpy(&part, text + i, length - i < 8 ? length - i : 8);
        hash = (hash ^ part) * 0xD6E8FEB86659FD93u;
        hash ^= hash >> 29;
    }
    return (uint32_t)(hash >> 32);
}

/* The place of this text in our table, its entry empty if it is not known. */
static psyi_word *find_word(psyi_book *book, const char *text, size_t length)
{
    const uint32_t hash = hash_text(text, length);
    for (uint32_t i = hash;; i++) {
        psyi_word *const word = &book->words[i % PSYI_WORDS];
        if (word->text == NULL ||
            (word->hash == hash && word->length == length && memcmp(word->text, text, length) == 0))
            return word;
    }
}

bool psyi_cell_shared_xml(psyi_sheet *sheet, size_t column, const char *text, int style)
{
    /* (Asking counts a use.) */
    const struct sst_element *const shared = lxw_get_sst_index(sheet->book->workbook->sst, text, 0);
    if (shared == NULL)
        return false;
    char *at = begin_cell(sheet, column, style, SHARED, 64);
    if (at == NULL)
        return true;
    at = begin_value(sheet, at);
    at += decimal((uint64_t)shared->index, at);
    end_value(sheet, at);
    return true;
}

bool psyi_cell_word_xml(psyi_sheet *sheet, size_t column, const char *text, size_t length,
                        int style)
{
    psyi_book *const book = sheet->book;
    if (length > PSYI_MOST_WORD)
        return false;
    const psyi_word *const word = find_word(book, text, length);
    if (word->text == NULL)
        return false;
    char *at = begin_cell(sheet, column, style, SHARED, 64);
    if (at == NULL)
        return true;
    at = begin_value(sheet, at);
    at += decimal((uint64_t)word->index, at);
    end_value(sheet, at);
    book->workbook->sst->string_count++;
    return true;
}

void psyi_book_word(psyi_book *book, const char *text, size_t length)
{
    if (length > PSYI_MOST_WORD || book->n_words >= PSYI_WORDS / 2)
        return;
    /* The first time only its hash is kept, in place of an older one: texts that do not
     * come back must not fill the table.  (Two texts of one hash share a little early.) */
    const uint32_t hash = hash_text(text, length);
    uint32_t *const seen = &book->seen[hash % PSYI_SEEN];
    if (*seen != hash) {
        *seen = hash;
        return;
    }
    psyi_word *const word = find_word(book, text, length);
    const struct sst_element *const shared = lxw_get_sst_index(book->workbook->sst, text, 0);
    if (shared == NULL || word->text != NULL)
        return;
    book->workbook->sst->string_count--; /* it counts uses, and this is none yet */
    *word = (psyi_word){shared->string, (uint32_t)length, hash, (int32_t)shared->index};
    book->n_words++;
}

void psyi_cell_text_xml(psyi_sheet *sheet, size_t column, const char *text, size_t length,
                        int style)
{
    const bool blanks = (unsigned char)text[0] <= ' ' || (unsigned char)text[length - 1] <= ' ';
    /* Five bytes for one at most. */
    char *at = begin_cell(sheet, column, style, IN_LINE, length * 5 + 64);
    if (at == NULL)
        return;
    static const char plain[] = "><is><t>", kept[] = "><is><t xml:space=\"preserve\">";
    const size_t n_open = (blanks ? sizeof kept : sizeof plain) - 1;
    memcpy(at, blanks ? kept : plain, n_open);
    at += n_open;
    cut_here(sheet, at);
    const char *const start = at;
    for (size_t i = 0; i < length; i++) {
        const char c = text[i];
        const char *const entity = c == '&'   ? "&amp;"
                                   : c == '<' ? "&lt;"
                                   : c == '>' ? "&gt;"
                                              : NULL;
        if (entity == NULL) {
            *at++ = c;
            continue;
        }
        const size_t n = strlen(entity);
        memcpy(at, entity, n);
        at += n;
    }
    sheet->text_bytes += (size_t)(at - start);
    cut_here(sheet, at);
    memcpy(at, "</t></is></c>", 13);
    end_cell(sheet, at + 13);
}

void psyi_sheet_dimension(const psyi_sheet *sheet, char out[32])
{
    size_t n = 2;
    memcpy(out, "A1", 2);
    if (sheet->rows > 1 || sheet->columns > 1) {
        out[n++] = ':';
        n += psyi_column_letters(sheet->columns > 0 ? sheet->columns - 1 : 0, out + n);
        n += decimal(sheet->rows > 0 ? sheet->rows : 1, out + n);
    }
    out[n] = '\0';
}
