/*
 * row_cells.c -- a cell of an item by the general way, and what to say when it is none.
 */
#include "base/fail.h"
#include "intake/answer_words.h"
#include "intake/rows.h"
#include "intake/spoilt_cell.h"
#include "table/collect.h"

/* A file in another coding (1-4 for 0-3) has its highest or lowest code out of range
 * everywhere; a slip of the pen is rarer than one answer in twenty. */
enum { DOUBTFUL_SHARE = 20, DOUBTFUL_LEAST = 20 };

static psy_status complain(psyi_range *range, const psyi_target *target, const psyi_codebook *book,
                           uint8_t byte, const char *text, size_t length)
{
    const psyi_response_kind kind = book->coding.response->kind;
    const psyi_complaint complaint = byte == PSYI_OUT_OF_RANGE ? PSYI_OUT_OF_RANGE_CELL
                                     : kind == PSYI_CODED && !psyi_is_formula_error(text, length)
                                         ? PSYI_UNREADABLE_ANSWER
                                         : PSYI_UNREADABLE_CELL;
    if (!psyi_tally_count(&range->tally, target->column, complaint))
        return PSY_OK;
    psyi_buffer words;
    psyi_buffer_init(&words, range->arena.allocator);
    psyi_answer_words(book, byte, text, length, &words);
    const psy_status status =
        words.failed ? psyi_fail_memory(&range->error, "a finding")
                     : psyi_tally_tell(&range->tally, target->column, complaint,
                                       range->csv.record_line, &range->error, "%s", words.data);
    psyi_buffer_done(&words);
    return status;
}

psy_status psyi_range_item(psyi_range *range, uint32_t target, const psyi_cell *cell)
{
    const psyi_rows *const rows = range->rows;
    const psyi_target *const at = &rows->header->targets[target];
    const psyi_row_slot *const slot = &rows->slots[rows->slot_of[target]];
    const psy_instrument *const instrument = rows->options->uses[at->use].instrument;
    const psyi_item *const item = &instrument->items[at->index];
    const psyi_codebook *const book = &rows->codes->books[at->use][item->response];
    int32_t number;
    const uint8_t byte = psyi_codebook_read(book, item, cell->text, cell->length, &number);
    range->stage[range->n_records * rows->width + slot->place] = byte;
    if (slot->number != PSYI_NO_COLUMN)
        range->numbers[range->n_records * rows->n_numbers + slot->number] = number;
    if (byte < PSYI_OUT_OF_RANGE || psyi_range_is_odd(range))
        return PSY_OK;
    return complain(range, at, book, byte, cell->text, cell->length);
}

psy_status psyi_rows_doubt(psyi_rows *rows, size_t n_records, psy_error *error)
{
    if (rows->tally.findings == NULL)
        return PSY_OK;
    for (size_t use = 0; use < rows->options->n_uses; use++) {
        const psy_instrument *const instrument = rows->options->uses[use].instrument;
        uint64_t outside = 0, columns = 0;
        unsigned response = 0;
        for (size_t i = 0; i < rows->header->n_targets; i++) {
            const psyi_target *const target = &rows->header->targets[i];
            if (target->kind != PSYI_WANT_ITEM || target->use != use)
                continue;
            const uint32_t n =
                psyi_tally_total(&rows->tally, target->column, PSYI_OUT_OF_RANGE_CELL);
            columns++;
            outside += n;
            if (n > 0)
                response = instrument->items[target->index].response;
        }
        const psyi_codebook *const book = &rows->codes->books[use][response];
        if (outside < DOUBTFUL_LEAST || outside < columns * n_records / DOUBTFUL_SHARE ||
            book->coding.response->kind != PSYI_CODED)
            continue;
        psyi_buffer words;
        psyi_buffer_init(&words, rows->intake->allocator);
        psyi_coding_words(&book->coding, &words);
        const psy_finding finding = {.file = rows->tally.file,
                                     .rule = "coding_doubtful",
                                     .severity = PSY_WARNING,
                                     .remedy =
                                         "choose another coding variant, or declare `codes:`"};
        const psy_status status =
            words.failed
                ? psyi_fail_memory(error, "a finding")
                : psyi_find(rows->tally.findings, &finding, error,
                            "%llu answer%s to %s %s none of its codes (%s): if the file is "
                            "written in another coding, the others are misread too",
                            (unsigned long long)outside, psyi_s(outside), instrument->id,
                            psyi_one_many(outside, "is", "are"), words.data);
        psyi_buffer_done(&words);
        if (status != PSY_OK)
            return status;
    }
    return PSY_OK;
}
