/*
 * draft_codes.c -- what the observed texts and numbers stand for.
 *
 * A text must be an answer of the definition; one with a letter or points around it
 * ("A.完全不会(0分)") is given its meaning in the plan, so that a person can read it there.
 */
#include "base/fail.h"
#include "base/markup.h"
#include "base/text.h"
#include "intake/cell.h"
#include "intake/tally.h"
#include "screening/drafting.h"

#include <stdio.h>
#include <string.h>

/* Behind a leading "A.", "1、", "0=", "(1)" or circled number, or `at`. */
static const char *behind_number(const char *at, const char *end)
{
    static const char *const marks[] = {".", "、", "．", ":", "：", ")", "）", " ", "=", "-", ","};
    const size_t length = (size_t)(end - at);
    const bool bracket = length > 3 && at[0] == '(';
    const char *const number = at + bracket;
    if (length > 3 && memcmp(at, "\xE2\x91", 2) == 0 && (unsigned char)at[2] >= 0xA0 &&
        (unsigned char)at[2] <= 0xB3)
        return at + 3; /* ① to ⑳ */
    if (length < 3 || !((*number >= 'A' && *number <= 'Z') || (*number >= 'a' && *number <= 'z') ||
                        (*number >= '0' && *number <= '9')))
        return at;
    if (bracket)
        return number[1] == ')' ? number + 2 : at;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        const size_t n = strlen(marks[i]);
        if (length > n + 1 && memcmp(at + 1, marks[i], n) == 0)
            return at + 1 + n;
    }
    return at;
}

/* Before a trailing "(3分)", "[3分]" or ",3分", or the sign that ends a sentence, or `end`. */
static const char *before_points(const char *at, const char *end)
{
    static const char *const signs[] = {"。", "；", "，", "！", ";", ",", ".", "!"};
    static const char points[] = "分";
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        const size_t n = strlen(signs[i]);
        if ((size_t)(end - at) > n && memcmp(end - n, signs[i], n) == 0)
            return end - n;
    }
    const char *last = end; /* behind 分 */
    if (end - at > 4 && (end[-1] == ')' || end[-1] == ']'))
        last--;
    if ((size_t)(last - at) < sizeof points || memcmp(last - 3, points, 3) != 0)
        return end;
    const char *digits = last - 3;
    while (digits > at && digits[-1] >= '0' && digits[-1] <= '9')
        digits--;
    if (digits < at + 2 || digits == last - 3)
        return end;
    const char open = digits[-1];
    const bool pair = last < end ? (*last == ')' && open == '(') || (*last == ']' && open == '[')
                                 : open == ',' || open == ' ' || open == '-' || open == ':';
    return pair ? digits - 1 : end;
}

void psyi_draft_strip(const char **text, size_t *length)
{
    const char *at = behind_number(*text, *text + *length);
    size_t left = (size_t)(*text + *length - at);
    psyi_trim(&at, &left);
    const char *end = before_points(at, at + left);
    end = before_points(at, end); /* "(3分)。" */
    *text = at;
    *length = (size_t)(end - at);
    psyi_trim(text, length);
}

/* The text without blanks within it, where it is Chinese: those mean nothing there. */
static size_t squeeze(const char *text, size_t length, char room[PSYI_CELL_ROOM])
{
    size_t n = 0;
    bool chinese = false;
    if (length > PSYI_CELL_ROOM)
        return 0;
    for (size_t at = 0, used; at < length; at += used) {
        uint32_t c;
        used = psyi_utf8_decode(text + at, length - at, &c);
        chinese = chinese || (c >= 0x4E00 && c <= 0x9FFF);
        if (c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == 0xA0 || c == 0x3000)
            continue;
        memcpy(room + n, text + at, used);
        n += used;
    }
    return chinese ? n : 0;
}

uint8_t psyi_draft_byte(const psyi_draft_use *use, size_t item, const char *text, bool *bare)
{
    const psyi_item *const it = &use->use.instrument->items[item];
    int32_t number;
    size_t length = strlen(text);
    *bare = false;
    uint8_t byte = psyi_codebook_read(&use->books[it->response], it, text, length, &number);
    if (byte < PSYI_OUT_OF_RANGE)
        return byte;
    char room[PSYI_CELL_ROOM], narrow[PSYI_CELL_ROOM], plain[PSYI_CELL_ROOM];
    const char *at = text;
    size_t left = length;
    int64_t whole;
    if (psyi_has_markup(at, left) && left <= sizeof plain) {
        left = psyi_without_markup(at, left, plain);
        at = plain;
    }
    if (!psyi_cell_clean(&at, &left, narrow))
        return byte;
    psyi_draft_strip(&at, &left);
    /* What is left of "1.2" is no text that proves anything. */
    if (left == 0 || psyi_cell_integer(at, left, &whole))
        return byte;
    uint8_t other = psyi_codebook_read(&use->books[it->response], it, at, left, &number);
    if (other >= PSYI_BLANK) {
        const size_t squeezed = squeeze(at, left, room);
        if (squeezed > 0)
            other = psyi_codebook_read(&use->books[it->response], it, room, squeezed, &number);
    }
    *bare = other < PSYI_BLANK;
    return *bare ? other : byte;
}

static psy_status add_code(psyi_draft *d, size_t use, const char *text, uint8_t byte, int32_t code)
{
    for (size_t i = 0; i < d->n_codes; i++) {
        if (d->codes[i].use != use || strcmp(d->codes[i].text, text) != 0)
            continue;
        if (d->codes[i].code == code)
            return PSY_OK;
        return psyi_draft_ask(d, PSYI_NO_COLUMN, 0, "text_of_two_codes",
                              "write the plan by hand, with codes of their own for these items",
                              "'%.*s' would be %d for one item of %s and %d for another",
                              psyi_quotable(text, strlen(text)), text, (int)d->codes[i].code,
                              d->uses[use].use.id, (int)code);
    }
    void *codes = d->codes;
    const bool good =
        psyi_grow(d->allocator, &codes, &d->codes_room, d->n_codes + 1, sizeof *d->codes);
    d->codes = codes;
    if (!good)
        return psyi_fail_memory(d->error, "a plan");
    d->codes[d->n_codes++] = (psyi_draft_code){(uint16_t)use, byte, text, code};
    return PSY_OK;
}

/* ---- texts ------------------------------------------------------------------------------- */

/* One question for a text, in whatever columns of the use it stands. */
static psy_status ask_text(psyi_draft *d, const psyi_draft_use *use, size_t item,
                           const psyi_seen_text *text)
{
    const psy_instrument *const instrument = use->use.instrument;
    uint64_t cells = 0, row = text->row;
    size_t columns = 0;
    for (size_t i = 0; i < instrument->n_items; i++) {
        if (use->column[i] == PSYI_NO_COLUMN)
            continue;
        const psyi_seen_column *const column = &d->survey.columns[use->column[i]];
        for (size_t t = 0; t < column->n_texts; t++) {
            bool bare;
            const psyi_seen_text *const seen = &column->texts[t];
            if (strcmp(seen->text, text->text) != 0 ||
                psyi_draft_byte(use, i, seen->text, &bare) < PSYI_OUT_OF_RANGE)
                continue;
            if (i < item)
                return PSY_OK;
            cells += seen->count;
            columns++;
            row = seen->row < row ? seen->row : row;
        }
    }
    char remedy[600];
    const int length = psyi_quotable(text->text, strlen(text->text));
    snprintf(remedy, sizeof remedy,
             "correct %s; or, if all who have '%.*s' mean the same, say what: --answer "
             "'%s:%.*s=CODE', or =blank",
             columns > 1 ? "the cells (sums and names of columns are to be taken out)"
             : cells > 1 ? "the cells"
                         : "the cell",
             length, text->text, use->use.id, length, text->text);
    if (columns > 1)
        return psyi_draft_ask(d, use->column[item], row, "answer_unknown", remedy,
                              "'%.*s' is no answer of item %s of %s and of %zu more; %llu cells "
                              "have it, this is the first",
                              length, text->text, instrument->items[item].id, use->use.id,
                              columns - 1, (unsigned long long)cells);
    return psyi_draft_ask(d, use->column[item], row, "answer_unknown", remedy,
                          "'%.*s' is no answer of item %s of %s; %llu row%s it, this is the first",
                          length, text->text, instrument->items[item].id, use->use.id,
                          (unsigned long long)cells, psyi_one_many(cells, " has", "s have"));
}

static psy_status check_text(psyi_draft *d, size_t u, size_t item, const psyi_seen_text *text)
{
    const psyi_draft_use *const use = &d->uses[u];
    const psy_instrument *const instrument = use->use.instrument;
    const psyi_response *const response = &instrument->responses[instrument->items[item].response];
    int64_t value;
    if (use->index && response->kind == PSYI_CODED &&
        psyi_cell_integer(text->text, strlen(text->text), &value) && value >= 1 &&
        value <= (int64_t)response->n_codes)
        return add_code(d, u, text->text, (uint8_t)(value - 1), response->codes[value - 1]);
    bool bare;
    const uint8_t byte = psyi_draft_byte(use, item, text->text, &bare);
    if (byte < PSYI_OUT_OF_RANGE) {
        if (!bare)
            return PSY_OK;
        return add_code(d, u, text->text, byte, response->codes[byte]);
    }
    return ask_text(d, use, item, text);
}

static psy_status make_books(psyi_draft *d, size_t u)
{
    psyi_draft_use *const use = &d->uses[u];
    psy_status status = PSY_OK;
    for (unsigned r = 0; r < use->use.instrument->n_responses && status == PSY_OK; r++)
        status = psyi_codebook_make(&use->books[r], use->use.instrument, use->use.variant, r,
                                    &d->input, use->use.id, &d->arena, d->error);
    return status;
}

psy_status psyi_draft_codes(psyi_draft *d)
{
    psy_status status = PSY_OK;
    for (size_t u = 0; u < d->n_uses && status == PSY_OK; u++) {
        const size_t open = d->n_open;
        status = psyi_draft_coding(d, u);
        if (status == PSY_OK)
            status = make_books(d, u);
        const size_t n = d->n_open == open ? d->uses[u].use.instrument->n_items : 0;
        for (size_t i = 0; i < n && status == PSY_OK; i++) {
            if (d->uses[u].column[i] == PSYI_NO_COLUMN)
                continue;
            const psyi_seen_column *const column = &d->survey.columns[d->uses[u].column[i]];
            for (size_t t = 0; t < column->n_texts && status == PSY_OK; t++)
                status = check_text(d, u, i, &column->texts[t]);
        }
    }
    return status;
}
