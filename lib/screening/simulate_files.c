/*
 * simulate_files.c -- simulated files as other programs write them: GB18030, and a workbook.
 */
#include "screening/simulate.h"

#include "base/fail.h"
#include "base/file.h"
#include "base/number.h"
#include "intake/cell.h"
#include "intake/csv.h"

#include <iconv.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

psy_status psyi_to_gb18030(const psyi_buffer *text, psyi_buffer *out, psy_error *error)
{
    const iconv_t conversion = iconv_open("GB18030", "UTF-8");
    if (conversion == (iconv_t)-1)
        return psyi_fail(error, PSY_E_UNSUPPORTED, NULL, "this system cannot write GB18030");
    char *at = text->data, block[4096];
    size_t left = text->length;
    bool good = true;
    while (good && left > 0) {
        char *to = block;
        size_t room = sizeof block;
        const size_t before = left;
        iconv(conversion, &at, &left, &to, &room);
        good = left < before;
        psyi_buffer_add(out, block, sizeof block - room);
    }
    iconv_close(conversion);
    if (!good)
        return psyi_fail(error, PSY_E_INTERNAL, NULL, "a simulated file has no GB18030 form");
    return out->failed ? psyi_fail_memory(error, "simulated files") : PSY_OK;
}

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

static psy_status write_rows(const psyi_buffer *csv, lxw_worksheet *sheet, lxw_format *moment,
                             const psy_allocator *allocator, psy_error *error)
{
    psyi_csv in;
    psyi_buffer cell_text;
    psy_status status = PSY_OK;
    psyi_csv_init(&in, csv->data, csv->length, ',', "simulated", allocator);
    psyi_buffer_init(&cell_text, allocator);
    for (uint32_t row = 0; status == PSY_OK && psyi_csv_record(&in); row++) {
        bool last = false;
        for (uint16_t column = 0; !last && status == PSY_OK; column++) {
            psyi_cell cell;
            status = psyi_csv_read(&in, &cell, &last, error);
            psyi_buffer_clear(&cell_text);
            psyi_buffer_add(&cell_text, cell.text, cell.length);
            if (status == PSY_OK && cell_text.failed)
                status = psyi_fail_memory(error, "simulated files");
            if (status == PSY_OK && cell.length > 0)
                write_cell(sheet, row, column, cell_text.data, moment);
        }
    }
    psyi_buffer_done(&cell_text);
    psyi_csv_done(&in);
    return status;
}

psy_status psyi_to_workbook(const psyi_buffer *csv, const char *path,
                            const psy_allocator *allocator, psy_error *error)
{
    psyi_buffer part;
    psyi_buffer_init(&part, allocator);
    psyi_buffer_format(&part, "%s.part", path);
    if (part.failed)
        return psyi_fail_memory(error, "path");
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    lxw_workbook *const workbook = workbook_new_opt(part.data, &options);
    psy_status status = workbook != NULL ? PSY_OK : psyi_fail_memory(error, "a workbook");
    if (status == PSY_OK) {
        /* A seed gives the same bytes at any time. */
        lxw_doc_properties properties = {.created = 1767225600};
        workbook_set_properties(workbook, &properties);
        lxw_worksheet *const sheet = workbook_add_worksheet(workbook, "答卷");
        lxw_format *const moment = workbook_add_format(workbook);
        format_set_num_format(moment, "yyyy/m/d h:mm:ss");
        status = write_rows(csv, sheet, moment, allocator, error);
        if (workbook_close(workbook) != LXW_NO_ERROR && status == PSY_OK)
            status = psyi_fail(error, PSY_E_OUTPUT, NULL, "'%s' cannot be written", path);
    }
    if (status == PSY_OK && rename(part.data, path) != 0)
        status = psyi_fail(error, PSY_E_OUTPUT, NULL, "'%s' cannot be written", path);
    if (status != PSY_OK)
        unlink(part.data);
    psyi_buffer_done(&part);
    return status;
}
