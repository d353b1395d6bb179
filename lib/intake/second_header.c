/*
 * second_header.c -- a header of two rows, of which one was declared.
 *
 * Offices write the scale above and the number of the item below it, or the words of an item above
 * and "0-3" below.  The second row then reads like a child who answered nothing that exists.
 */
#include "intake/second_header.h"
#include "base/text.h"
#include "table/collect.h"

enum { LEAST_FILLED = 3, ROWS_BELOW = 5 };

typedef struct answers_seen {
    size_t filled, read;
} answers_seen;

/* The coded answers of the next row; false where there is none, or none that can be read whole. */
static bool look_at(psyi_csv *csv, const psyi_intake_options *options, const psyi_row_codes *codes,
                    const psyi_header *header, answers_seen *out)
{
    uint32_t target = 0;
    bool last = !psyi_csv_record(csv);
    if (last)
        return false;
    *out = (answers_seen){0, 0};
    for (uint32_t column = 0; !last; column++) {
        psyi_cell cell;
        if (psyi_csv_read(csv, &cell, &last, NULL) != PSY_OK)
            return false;
        psyi_trim(&cell.text, &cell.length);
        for (; target < header->n_targets && header->targets[target].column <= column; target++) {
            const psyi_target *const at = &header->targets[target];
            if (at->kind != PSYI_WANT_ITEM || at->column != column || cell.length == 0)
                continue;
            const psy_instrument *const instrument = options->uses[at->use].instrument;
            const psyi_item *const item = &instrument->items[at->index];
            int32_t number;
            if (instrument->responses[item->response].kind != PSYI_CODED)
                continue;
            out->filled++;
            out->read += psyi_codebook_read(&codes->books[at->use][item->response], item, cell.text,
                                            cell.length, &number) < PSYI_OUT_OF_RANGE;
        }
    }
    return true;
}

psy_status psyi_second_header_tell(const psyi_intake_options *options, const psyi_row_codes *codes,
                                   const psyi_header *header, const psyi_csv *csv,
                                   psy_findings *findings, psy_error *error)
{
    psyi_csv again;
    answers_seen first, below = {0, 0};
    if (findings == NULL || csv->at >= csv->end)
        return PSY_OK;
    psyi_csv_init(&again, csv->at, (size_t)(csv->end - csv->at), csv->separator, csv->file,
                  csv->allocator);
    again.stop[','] = csv->separator == ',';
    again.stop[(unsigned char)csv->separator] = true;
    again.grid = csv->grid;
    again.line = csv->line;
    bool found = look_at(&again, options, codes, header, &first) && first.filled >= LEAST_FILLED &&
                 first.read == 0;
    const uint64_t line = again.record_line;
    for (size_t i = 0; found && i < ROWS_BELOW && 2 * below.read <= below.filled; i++)
        if (!look_at(&again, options, codes, header, &below))
            break;
    psyi_csv_done(&again);
    if (!found || 2 * below.read <= below.filled)
        return PSY_OK;
    const psy_finding finding = {
        .file = csv->file,
        .row = line,
        .rule = "second_header",
        .severity = PSY_WARNING,
        .remedy = options->input != NULL
                      ? "delete the row; if it has the names of the columns, declare "
                        "`header_row:` with its number under inputs/responses"
                      : "delete the row"};
    return psyi_find(findings, &finding, error,
                     "row %llu looks like a second header row: none of its %zu answers is one, and "
                     "those of the rows below it are; it was read as the row of a student",
                     (unsigned long long)line, first.filled);
}
