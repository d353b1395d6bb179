/*
 * answer_words.c -- why a text is no answer.
 *
 * Only here are cells quoted: what is outside the declared answers of an item is no answer
 * and tells nobody anything about the child.
 */
#include "intake/answer_words.h"
#include "intake/cell.h"
#include "intake/spoilt_cell.h"
#include "intake/tally.h"

static void coded(const psyi_codebook *book, bool range, psyi_buffer *out)
{
    if (book->recoded) {
        psyi_buffer_text(out, range ? "is not one of the codes the plan declares"
                                    : "is neither a label nor one of the codes the plan declares");
        return;
    }
    psyi_buffer_text(out, range ? "is not one of the codes "
                                : "is neither a label nor one of the codes ");
    psyi_coding_words(&book->coding, out);
}

static void number(const psyi_response *response, bool range, psyi_buffer *out)
{
    char low[40], high[40];
    if (!range) {
        psyi_buffer_format(out, "is no number with at most %u decimals", response->decimals);
        return;
    }
    const size_t low_length = psyi_ratio_print(response->low, low);
    const size_t high_length = psyi_ratio_print(response->high, high);
    psyi_buffer_format(out, "is outside %.*s to %.*s", (int)low_length, low, (int)high_length,
                       high);
}

static void clock_time(bool range, const char *text, size_t length, psyi_buffer *out)
{
    int32_t seconds;
    if (range)
        psyi_buffer_text(out, "is no time of a day");
    else if (psyi_clock_read(text, length, &seconds) == PSYI_CLOCK_DOTTED)
        psyi_buffer_format(out, "could be a time or a number of hours: write %.*s:%.2s",
                           (int)(length - 3), text, text + length - 2);
    else
        psyi_buffer_text(out, "is no clock time: write hours and minutes as 23:30");
}

void psyi_answer_words(const psyi_codebook *book, uint8_t byte, const char *text, size_t length,
                       psyi_buffer *out)
{
    const psyi_response *const response = book->coding.response;
    const bool range = byte == PSYI_OUT_OF_RANGE;
    char room[PSYI_CELL_ROOM];
    psyi_cell_clean(&text, &length, room);
    if (psyi_is_formula_error(text, length)) {
        psyi_buffer_text(out, length > 2 && text[1] == 'F'
                                  ? "the formula here has no stored result: open the file in a "
                                    "spreadsheet and save it"
                                  : "a formula of the spreadsheet failed here: correct it, or "
                                    "paste the value");
        return;
    }
    psyi_buffer_format(out, "'%.*s' ", psyi_quotable(text, length), text);
    switch (response->kind) {
    case PSYI_CODED:
        coded(book, range, out);
        break;
    case PSYI_NUMBER:
        number(response, range, out);
        break;
    default:
        clock_time(range, text, length, out);
    }
}
