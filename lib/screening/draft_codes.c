/*
 * draft_codes.c -- what the observed texts and numbers stand for.
 *
 * A text must be an answer of the definition; one with a letter or points around it
 * ("A.完全不会(0分)") is given its meaning in the plan, so that a person can read it there.
 * Numbers are read in the coding in which all of them are codes; where several codings hold
 * all of them and mean different things, the question is asked.
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

/* ---- numbers ----------------------------------------------------------------------------- */

typedef struct numbers { /* of all coded items of a use */
    bool seen[64];       /* -8 .. 55 */
    bool any, outside;
} numbers;

static void gather(const psyi_draft *d, size_t u, numbers *out)
{
    const psyi_draft_use *const use = &d->uses[u];
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < use->use.instrument->n_items; i++) {
        const psyi_item *const item = &use->use.instrument->items[i];
        const psyi_response *const response = &use->use.instrument->responses[item->response];
        if (use->column[i] == PSYI_NO_COLUMN || response->kind != PSYI_CODED)
            continue;
        const psyi_seen_column *const column = &d->survey.columns[use->column[i]];
        for (size_t t = 0; t < column->n_texts; t++) {
            const char *const text = column->texts[t].text;
            int64_t value;
            int32_t ignored;
            if (!psyi_cell_integer(text, strlen(text), &value) ||
                psyi_codebook_read(&use->books[item->response], item, text, strlen(text),
                                   &ignored) == PSYI_SKIPPED ||
                value == -2 || value == -3)
                continue;
            out->any = true;
            if (value >= -8 && value <= 55)
                out->seen[value + 8] = true;
            else
                out->outside = true;
        }
    }
}

/* Whether all numbers are codes of every coded response that has columns. */
static bool fits(const psyi_draft *d, size_t u, const numbers *n, unsigned variant, bool index)
{
    const psyi_draft_use *const use = &d->uses[u];
    const psy_instrument *const instrument = use->use.instrument;
    for (size_t r = 0; r < instrument->n_responses; r++) {
        psyi_coding coding;
        bool here = false;
        for (size_t i = 0; i < instrument->n_items; i++)
            here = here || (instrument->items[i].response == r && use->column[i] != PSYI_NO_COLUMN);
        if (!here || instrument->responses[r].kind != PSYI_CODED)
            continue;
        psyi_coding_init(&coding, instrument, variant, (unsigned)r);
        for (int v = 0; v < 64; v++) {
            const int value = v - 8;
            if (!n->seen[v])
                continue;
            if (index ? value < 1 || value > (int)instrument->responses[r].n_codes
                      : psyi_coding_byte(&coding, value) == PSYI_OUT_OF_RANGE)
                return false;
        }
    }
    return !n->outside;
}

/* Whether option numbers mean the same as the codes of the definition themselves. */
static bool index_is_code(const psy_instrument *instrument)
{
    for (size_t r = 0; r < instrument->n_responses; r++)
        for (size_t i = 0; i < instrument->responses[r].n_codes; i++)
            if (instrument->responses[r].kind == PSYI_CODED &&
                instrument->responses[r].codes[i] != (int32_t)i + 1)
                return false;
    return true;
}

/* Numbers that were seen, as in "0, 1, 4". */
static psy_status say_numbers(const numbers *n, psyi_buffer *out, psy_error *error)
{
    for (int v = 0; v < 64; v++)
        if (n->seen[v])
            psyi_buffer_format(out, "%s%d", out->length > 0 ? ", " : "", v - 8);
    if (n->outside)
        psyi_buffer_text(out, out->length > 0 ? ", and larger ones" : "larger than 55");
    return out->failed ? psyi_fail_memory(error, "a plan") : PSY_OK;
}

static psy_status ask_unknown(psyi_draft *d, size_t u, const numbers *seen)
{
    const psyi_draft_use *const use = &d->uses[u];
    psyi_buffer words, remedy;
    psyi_buffer_init(&words, d->allocator);
    psyi_buffer_init(&remedy, d->allocator);
    /* With the coding stated, each cell that does not fit is named with its row. */
    psyi_buffer_format(&remedy,
                       "if a few cells are wrong, --instrument %s:%s names each of them; else "
                       "declare `codes:` in a plan of your own, or export the texts of the options",
                       use->use.id, use->use.instrument->variants[0].id);
    psy_status status = say_numbers(seen, &words, d->error);
    if (status == PSY_OK && remedy.failed)
        status = psyi_fail_memory(d->error, "a plan");
    if (status == PSY_OK)
        status = psyi_draft_ask(d, PSYI_NO_COLUMN, 0, "coding_unknown", remedy.data,
                                "no coding of %s has all the numbers of the file: %s", use->use.id,
                                words.data);
    psyi_buffer_done(&remedy);
    psyi_buffer_done(&words);
    return status;
}

static psy_status ask_coding(psyi_draft *d, size_t u, const numbers *seen, const char *readings,
                             size_t n)
{
    const psyi_draft_use *const use = &d->uses[u];
    if (n == 1)
        return psyi_draft_ask(d, PSYI_NO_COLUMN, 0, "coding_open",
                              "look at the form: where its options stand in the order of the "
                              "definition (psyscreen describe), write --instrument ID:index; "
                              "else export the texts of the options",
                              "the numbers of %s are no codes of it, but could be the numbers of "
                              "its options, in an order the file does not tell",
                              use->use.id);
    if (n > 1)
        return psyi_draft_ask(d, PSYI_NO_COLUMN, 0, "coding_open",
                              "name the one of this file behind the instrument, as in "
                              "--instrument ID:VARIANT",
                              "the numbers of %s can be read in %zu ways: %s", use->use.id, n,
                              readings);
    return ask_unknown(d, u, seen);
}

static psy_status choose_coding(psyi_draft *d, size_t u)
{
    psyi_draft_use *const use = &d->uses[u];
    const psy_instrument *const instrument = use->use.instrument;
    numbers n;
    gather(d, u, &n);
    if (!n.any || use->stated || use->index)
        return PSY_OK;
    psyi_buffer words;
    psyi_buffer_init(&words, d->allocator);
    size_t found = 0;
    unsigned chosen = 0;
    bool index = false;
    for (unsigned v = 0; v < instrument->n_variants; v++)
        if (fits(d, u, &n, v, false)) {
            psyi_buffer_format(&words, "%s:%s", found > 0 ? ", " : "", instrument->variants[v].id);
            found++;
            chosen = v;
        }
    if (!index_is_code(instrument) && fits(d, u, &n, 0, true)) {
        psyi_buffer_format(&words, "%s:index (1 is the first option)", found > 0 ? ", " : "");
        found++;
        index = true;
    }
    psy_status status = words.failed ? psyi_fail_memory(d->error, "a plan") : PSY_OK;
    if (status == PSY_OK && (found != 1 || index))
        /* Option numbers alone do not say in which order the options stood on the form. */
        status = ask_coding(d, u, &n, words.data != NULL ? words.data : "", found);
    if (status == PSY_OK && found == 1)
        use->use.variant = (uint16_t)chosen;
    psyi_buffer_done(&words);
    return status;
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
        status = choose_coding(d, u);
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
