/*
 * naive_block.c -- a naive sheet as programs read it: every lane holds the same sheet.
 */
#include "answers/sheets.h"
#include "naive.h"
#include "test_support.h"

#include <stdlib.h>
#include <string.h>

const psyi_response *naive_response(const naive_sheet *sheet, size_t item)
{
    return &sheet->instrument->responses[sheet->instrument->items[item].response];
}

bool naive_coded(const naive_sheet *sheet, size_t item)
{
    return naive_response(sheet, item)->kind == PSYI_CODED;
}

static psyi_mask all(bool condition)
{
    return condition ? ~(psyi_mask)0 : 0;
}

static void fill(psyi_ratio *lanes, psyi_ratio value)
{
    for (size_t i = 0; i < PSYI_LANES; i++)
        lanes[i] = value;
}

static void block_number(const void *context, uint32_t column, psyi_numbers *out)
{
    const naive_sheet *const sheet = context;
    const unsigned index = psyi_column_index(column);
    psyi_ratio value = PSYI_RATIO_NONE, low = PSYI_RATIO_NONE, high = PSYI_RATIO_NONE;
    naive_why why = NAIVE_THERE;
    bool no_norm = false;
    switch (psyi_column_kind_of(column)) {
    case PSYI_COLUMN_SCORE: {
        const naive_score *const score = &sheet->scores[index];
        value = score->value;
        why = score->why;
        low = score->bounded ? score->low : value;
        high = score->bounded ? score->high : value;
        break;
    }
    case PSYI_COLUMN_ANSWERED:
        value = psyi_ratio_make(sheet->scores[index].answered, 1);
        why = sheet->scores[index].why == NAIVE_WHY_ABSENT ? NAIVE_WHY_ABSENT : NAIVE_THERE;
        low = high = value;
        break;
    case PSYI_COLUMN_STANDARD:
        value = sheet->standards[psyi_column_sub(column)];
        low = sheet->standard_low[psyi_column_sub(column)];
        high = sheet->standard_high[psyi_column_sub(column)];
        why = sheet->scores[index].why;
        no_norm = why == NAIVE_THERE && value.den == 0;
        break;
    case PSYI_COLUMN_STUDENT: {
        const int number = index == PSYI_STUDENT_GRADE ? sheet->person.grade : sheet->person.age;
        const bool known = index == PSYI_STUDENT_GRADE ? number > 0 : number >= 0;
        if (known)
            value = low = high = psyi_ratio_make(number, 1);
        no_norm = !known;
        break;
    }
    default:
        why = NAIVE_WHY_ABSENT;
    }
    fill(out->value, value);
    fill(out->low, low);
    fill(out->high, high);
    out->known = all(why == NAIVE_THERE && value.den > 0);
    out->bounded = all(low.den > 0 && why != NAIVE_WHY_ABSENT);
    out->absent = all(why == NAIVE_WHY_ABSENT);
    out->blank = all(why == NAIVE_WHY_BLANK);
    out->no_norm = all(why == NAIVE_WHY_OTHER || no_norm);
    out->no_record = 0;
}

static void block_truth(const void *context, uint32_t column, psyi_truths *out)
{
    const naive_sheet *const sheet = context;
    const int flag = sheet->flags[psyi_column_index(column)];
    const bool soft = sheet->flag_soft[psyi_column_index(column)];
    memset(out, 0, sizeof *out);
    out->yes = all(flag == 1);
    out->no = all(flag == 0);
    out->absent = all(flag == -2);
    out->maybe_yes = all(flag == 1 || flag == -1 || (flag == 0 && soft));
    out->maybe_no = all(flag == 0 || flag == -1 || (flag == 1 && soft));
    out->blank = all(flag == -1);
}

static void block_token(const void *context, uint32_t column, psyi_tokens *out)
{
    const naive_sheet *const sheet = context;
    const unsigned index = psyi_column_index(column), sub = psyi_column_sub(column);
    int value = -1, low = -1, high = -1;
    naive_why why = NAIVE_THERE;
    if (psyi_column_kind_of(column) == PSYI_COLUMN_STUDENT) {
        value = (index == PSYI_STUDENT_SEX     ? (int)sheet->person.sex
                 : index == PSYI_STUDENT_STAGE ? (int)psyi_stage_of(sheet->person.grade)
                                               : (int)sheet->person.informant) -
                1;
    } else {
        const size_t at = index * NAIVE_POPULATIONS + (sub > 0 ? sub - 1 : 0);
        value = sheet->bands[at];
        low = sheet->band_low[at];
        high = sheet->band_high[at];
        why = sheet->scores[index].why;
    }
    memset(out, 0, sizeof *out);
    memset(out->value, value < 0 ? 0 : value, sizeof out->value);
    memset(out->low, low < 0 ? 0 : low, sizeof out->low);
    memset(out->high, high < 0 ? 0 : high, sizeof out->high);
    out->known = all(value >= 0);
    out->bounded = all(low >= 0 && high >= 0 && why != NAIVE_WHY_ABSENT);
    out->absent = all(value < 0 && why == NAIVE_WHY_ABSENT);
    out->blank = all(value < 0 && why == NAIVE_WHY_BLANK);
    out->no_norm = all(value < 0 && (why == NAIVE_THERE || why == NAIVE_WHY_OTHER));
}

static int32_t given_code(const naive_sheet *sheet, unsigned item)
{
    const psyi_variant *const variant = &sheet->instrument->variants[sheet->variant];
    const int32_t code = naive_response(sheet, item)->codes[sheet->bytes[item]];
    for (size_t i = 0; i < variant->n_codes; i++)
        if (variant->canonical[i] == code)
            return variant->given[i];
    return code;
}

static void block_item(const void *context, uint32_t which, bool answer, psyi_item_lanes *out)
{
    const naive_sheet *const sheet = context;
    const unsigned index = psyi_item_index(which);
    const psyi_item *const item = &sheet->instrument->items[index];
    const naive_item *const from = &sheet->items[index];
    const bool known = from->state == NAIVE_ANSWERED || (from->state == NAIVE_VALUED && !answer);
    int32_t value = 0;
    if (known && answer && naive_coded(sheet, index))
        value = given_code(sheet, index);
    else if (known && answer)
        value = sheet->numbers[index];
    else if (known)
        value = (int32_t)(from->score.num * (item->scale / from->score.den));
    for (size_t i = 0; i < PSYI_LANES; i++)
        out->value[i] = value;
    out->scale = item->scale;
    out->low = item->low;
    out->high = item->high;
    if (answer && naive_coded(sheet, index)) {
        const psyi_response *const response = naive_response(sheet, index);
        uint8_t byte = 0;
        naive_sheet probe = *sheet;
        uint8_t *const bytes = calloc(sheet->instrument->n_items, 1);
        probe.bytes = bytes;
        out->low = INT32_MAX;
        out->high = INT32_MIN;
        for (; byte < response->n_codes; byte++) {
            bytes[index] = byte;
            const int32_t code = given_code(&probe, index);
            out->low = code < out->low ? code : out->low;
            out->high = code > out->high ? code : out->high;
        }
        free(bytes);
    }
    out->known = all(known);
    out->blank = all(from->state == NAIVE_BLANK);
    out->refused = all(from->state == NAIVE_BLANK && from->refused);
    out->absent = all(!known && from->state != NAIVE_BLANK);
}

psyi_block naive_block(const naive_sheet *sheet)
{
    return (psyi_block){.context = sheet,
                        .number = block_number,
                        .truth = block_truth,
                        .token = block_token,
                        .item = block_item};
}
