/*
 * codes.c -- compiling and asking codebooks.
 *
 * Texts come in levels: what the plan says goes before the texts for missing answers, these
 * before declared codes, and codes before labels and aliases.  Two meanings of one text on
 * one level are refused.  Texts are compared without blanks at the ends, full-width forms
 * narrowed, ASCII letters in any case (an exact match is preferred).
 */
#include "intake/codes.h"
#include "base/fail.h"
#include "base/text.h"
#include "intake/cell.h"

#include <stdio.h>
#include <string.h>

enum { LEVEL_PLAN = 1, LEVEL_MISSING, LEVEL_LABEL };

struct psyi_code_word {
    const char *text; /* NULL: a free slot */
    size_t length;
    const char *value; /* number and clock items: what to read in its place, or NULL */
    uint8_t byte, level;
};

static const struct {
    const char *name;
    uint8_t byte;
} missing_words[] = {{"blank", PSYI_BLANK},
                     {"skipped", PSYI_SKIPPED},
                     {"refused", PSYI_REFUSED},
                     {"not_applicable", PSYI_NOT_APPLICABLE}};

static unsigned char fold(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

/* Up to eight bytes with the bit cleared that tells ASCII cases apart. */
static uint64_t folded_bytes(const char *text, size_t length)
{
    uint64_t bytes = 0;
    memcpy(&bytes, text, length < sizeof bytes ? length : sizeof bytes);
    return bytes & ~UINT64_C(0x2020202020202020);
}

/* The two ends and the length tell texts of one questionnaire apart well enough. */
static size_t hash(const char *text, size_t length)
{
    uint64_t h = folded_bytes(text, length) * UINT64_C(0x9E3779B97F4A7C15);
    if (length > 8)
        h = (h ^ h >> 29 ^ folded_bytes(text + length - 8, 8)) * UINT64_C(0xBF58476D1CE4E5B9);
    h = (h ^ length) * UINT64_C(0x94D049BB133111EB);
    return (size_t)(h ^ h >> 31);
}

static bool folded_equal(const char *a, const char *b, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (fold(a[i]) != fold(b[i]))
            return false;
    return true;
}

static const psyi_code_word *find(const psyi_codebook *book, const char *text, size_t length)
{
    const psyi_code_word *near = NULL;
    if (book->n_words == 0)
        return NULL;
    for (size_t i = hash(text, length) & book->mask;; i = (i + 1) & book->mask) {
        const psyi_code_word *const word = &book->words[i];
        if (word->text == NULL)
            return near;
        if (word->length != length)
            continue;
        if (memcmp(word->text, text, length) == 0)
            return word;
        if (near == NULL && folded_equal(word->text, text, length))
            near = word;
    }
}

/* The word for an integer that is written with zeros it does not need: "1.0", "01". */
static const psyi_code_word *find_integer(const psyi_codebook *book, const char *text,
                                          size_t length, int64_t code)
{
    const char *const digits = text[0] == '-' ? text + 1 : text;
    if (memchr(text, '.', length) == NULL && (digits[0] != '0' || length == 1))
        return NULL;
    char plain[24];
    const int written = snprintf(plain, sizeof plain, "%lld", (long long)code);
    return find(book, plain, (size_t)written);
}

/* A byte a coded response knows for a value without the help of words; false for none. */
static bool code_of(const psyi_coding *coding, const char *text, size_t length, uint8_t *out)
{
    int64_t code;
    if (coding->response->kind != PSYI_CODED || !psyi_cell_integer(text, length, &code))
        return false;
    *out = psyi_coding_byte(coding, code);
    return *out != PSYI_OUT_OF_RANGE;
}

typedef struct compilation {
    psyi_codebook *book;
    psyi_arena *arena;
    const psy_instrument *instrument;
    psy_error *error;
} compilation;

static psy_status insert(const compilation *in, const char *text, uint8_t level, uint8_t byte,
                         const char *value)
{
    char room[PSYI_CELL_ROOM];
    size_t length = strlen(text);
    psyi_cell_clean(&text, &length, room);
    if (length == 0)
        return PSY_OK; /* an empty cell is blank whatever else is said */
    uint8_t code;
    if (level == LEVEL_LABEL && code_of(&in->book->coding, text, length, &code))
        return PSY_OK;
    size_t i = hash(text, length) & in->book->mask;
    for (; in->book->words[i].text != NULL; i = (i + 1) & in->book->mask) {
        const psyi_code_word *const word = &in->book->words[i];
        if (word->length != length || memcmp(word->text, text, length) != 0)
            continue;
        if (word->level == level && word->byte != byte)
            return psyi_fail(in->error, PSY_E_DATA, NULL,
                             "'%.*s' would stand for two different answers of %s",
                             (int)psyi_utf8_prefix(text, length, 40), text, in->instrument->id);
        return PSY_OK; /* the earlier level holds */
    }
    const char *const copy = psyi_arena_text(in->arena, text, length);
    if (copy == NULL)
        return psyi_fail_memory(in->error, "codes");
    in->book->words[i] = (psyi_code_word){copy, length, value, byte, level};
    in->book->n_words++;
    return PSY_OK;
}

/* What a value of the plan is to this response: a byte, or a text to read as a number. */
static bool resolve(const psyi_codebook *book, const char *value, uint8_t *byte, const char **text)
{
    const psyi_response *const response = book->coding.response;
    const size_t length = strlen(value);
    *text = NULL;
    for (size_t i = 0; i < sizeof missing_words / sizeof *missing_words; i++)
        if (strcmp(value, missing_words[i].name) == 0) {
            *byte = missing_words[i].byte;
            return true;
        }
    if (code_of(&book->coding, value, length, byte))
        return true;
    if (response->kind != PSYI_CODED) {
        int32_t seconds;
        psyi_ratio ratio;
        *text = value;
        *byte = 0;
        return response->kind == PSYI_CLOCK
                   ? psyi_clock_read(value, length, &seconds) == PSYI_CLOCK_OK
                   : psyi_ratio_parse(value, length, &ratio);
    }
    for (size_t i = 0; i < response->n_codes; i++) {
        const psyi_label label =
            response->labels != NULL ? response->labels[i] : (psyi_label){NULL, NULL};
        if ((label.en != NULL && strcmp(label.en, value) == 0) ||
            (label.zh != NULL && strcmp(label.zh, value) == 0)) {
            *byte = (uint8_t)i;
            return true;
        }
    }
    return false;
}

bool psyi_codebook_knows(const psyi_codebook *book, const char *value)
{
    uint8_t byte;
    const char *text;
    return resolve(book, value, &byte, &text);
}

static psy_status insert_list(const compilation *in, const psyi_text_list *list, uint8_t byte)
{
    psy_status status = PSY_OK;
    for (size_t i = 0; i < list->n_texts && status == PSY_OK; i++)
        status = insert(in, list->texts[i], LEVEL_MISSING, byte, NULL);
    return status;
}

/* Whether the plan turns an integer into the answer of another one. */
static bool renames(const psyi_codebook *book, const char *text, uint8_t byte)
{
    char room[PSYI_CELL_ROOM];
    size_t length = strlen(text);
    int64_t code;
    psyi_cell_clean(&text, &length, room);
    return book->coding.response->kind == PSYI_CODED && byte < PSYI_BLANK &&
           psyi_cell_integer(text, length, &code) && psyi_coding_byte(&book->coding, code) != byte;
}

static psy_status insert_plan(const compilation *in, const psyi_input *input, const char *use)
{
    psy_status status = PSY_OK;
    for (size_t i = 0; i < input->n_codes; i++) {
        const psyi_code_map *const map = &input->codes[i];
        if (strcmp(map->of, use) != 0)
            continue;
        for (size_t j = 0; j < map->n_texts && status == PSY_OK; j++) {
            uint8_t byte;
            const char *value;
            if (!resolve(in->book, map->texts[j].value, &byte, &value))
                continue;
            in->book->recoded = in->book->recoded || renames(in->book, map->texts[j].text, byte);
            status = insert(in, map->texts[j].text, LEVEL_PLAN, byte, value);
        }
    }
    if (status == PSY_OK)
        status = insert_list(in, &input->blank, PSYI_BLANK);
    if (status == PSY_OK)
        status = insert_list(in, &input->skipped, PSYI_SKIPPED);
    if (status == PSY_OK)
        status = insert_list(in, &input->refused, PSYI_REFUSED);
    if (status == PSY_OK)
        status = insert_list(in, &input->not_applicable, PSYI_NOT_APPLICABLE);
    return status;
}

static psy_status insert_labels(const compilation *in)
{
    const psyi_response *const response = in->book->coding.response;
    psy_status status = PSY_OK;
    for (size_t i = 0; response->labels != NULL && i < response->n_codes; i++) {
        const psyi_label label = response->labels[i];
        if (status == PSY_OK && label.en != NULL)
            status = insert(in, label.en, LEVEL_LABEL, (uint8_t)i, NULL);
        if (status == PSY_OK && label.zh != NULL)
            status = insert(in, label.zh, LEVEL_LABEL, (uint8_t)i, NULL);
    }
    for (size_t i = 0; i < response->n_aliases && status == PSY_OK; i++)
        status =
            insert(in, response->aliases[i].text, LEVEL_LABEL, response->aliases[i].code, NULL);
    return status;
}

static void fill_quick(psyi_codebook *book)
{
    memset(book->quick, PSYI_NOT_QUICK, sizeof book->quick);
    if (book->coding.response->kind != PSYI_CODED)
        return;
    for (int c = '!'; c <= '~'; c++) {
        const char text = (char)c;
        int32_t ignored;
        if (c == '"' || c == ',' || c == ';')
            continue;
        const uint8_t byte = psyi_codebook_read(book, NULL, &text, 1, &ignored);
        if (byte < PSYI_BLANK)
            book->quick[c] = byte;
    }
}

psy_status psyi_codebook_make(psyi_codebook *out, const psy_instrument *instrument,
                              unsigned variant, unsigned response, const psyi_input *input,
                              const char *use, psyi_arena *arena, psy_error *error)
{
    const psyi_response *const format = &instrument->responses[response];
    size_t n = format->n_aliases + (format->labels != NULL ? 2u * format->n_codes : 0);
    for (size_t i = 0; input != NULL && i < input->n_codes; i++)
        n += input->codes[i].n_texts;
    if (input != NULL)
        n += input->blank.n_texts + input->skipped.n_texts + input->refused.n_texts +
             input->not_applicable.n_texts;
    size_t slots = 16;
    while (slots < 2 * n)
        slots *= 2;

    memset(out, 0, sizeof *out);
    psyi_coding_init(&out->coding, instrument, variant, response);
    out->mask = slots - 1;
    out->words = psyi_arena_alloc(arena, slots, sizeof *out->words);
    if (out->words == NULL)
        return psyi_fail_memory(error, "codes");
    const compilation in = {out, arena, instrument, error};
    psy_status status = input != NULL ? insert_plan(&in, input, use) : PSY_OK;
    if (status == PSY_OK && format->kind == PSYI_CODED)
        status = insert_labels(&in);
    if (status == PSY_OK)
        fill_quick(out);
    return status;
}

static uint8_t read_clock(const psyi_codebook *book, const psyi_item *item, const char *text,
                          size_t length, int32_t *number)
{
    int32_t seconds;
    switch (psyi_clock_read(text, length, &seconds)) {
    case PSYI_CLOCK_OK:
        return psyi_number_byte(book->coding.response, item, psyi_ratio_make(seconds / 60, 1),
                                number);
    case PSYI_CLOCK_OUTSIDE:
        return PSYI_OUT_OF_RANGE;
    default:
        return PSYI_UNREADABLE;
    }
}

static bool is_one_of(const int32_t *codes, size_t n, int64_t code)
{
    for (size_t i = 0; i < n; i++)
        if (codes[i] == code)
            return true;
    return false;
}

uint8_t psyi_codebook_read(const psyi_codebook *book, const psyi_item *item, const char *text,
                           size_t length, int32_t *number)
{
    const psyi_response *const response = book->coding.response;
    char room[PSYI_CELL_ROOM];
    *number = 0;
    psyi_cell_clean(&text, &length, room);
    if (length == 0)
        return PSYI_BLANK;
    int64_t code;
    bool whole = psyi_cell_integer(text, length, &code);
    const psyi_code_word *word = find(book, text, length);
    if (word == NULL && whole)
        word = find_integer(book, text, length, code);
    if (word != NULL && word->value == NULL)
        return word->byte;
    if (word != NULL) {
        text = word->value;
        length = strlen(text);
        whole = psyi_cell_integer(text, length, &code);
    }
    if (response->kind == PSYI_CODED) {
        const uint8_t byte = whole ? psyi_coding_byte(&book->coding, code) : PSYI_UNREADABLE;
        return byte < PSYI_BLANK && book->recoded ? (uint8_t)PSYI_OUT_OF_RANGE : byte;
    }
    if (whole && is_one_of(response->refused, response->n_refused, code))
        return PSYI_REFUSED;
    if (whole && is_one_of(response->not_applicable, response->n_not_applicable, code))
        return PSYI_NOT_APPLICABLE;
    if (response->kind == PSYI_CLOCK)
        return read_clock(book, item, text, length, number);
    psyi_ratio value;
    if (!psyi_ratio_parse(text, length, &value))
        return PSYI_UNREADABLE;
    return psyi_number_byte(response, item, value, number);
}

const char *psyi_code_map_find(const psyi_input *input, const char *of, const char *text,
                               size_t length)
{
    for (size_t i = 0; input != NULL && i < input->n_codes; i++) {
        const psyi_code_map *const map = &input->codes[i];
        if (strcmp(map->of, of) != 0)
            continue;
        for (size_t j = 0; j < map->n_texts; j++) {
            char room[PSYI_CELL_ROOM];
            const char *key = map->texts[j].text;
            size_t key_length = strlen(key);
            psyi_cell_clean(&key, &key_length, room);
            if (key_length == length && folded_equal(key, text, length))
                return map->texts[j].value;
        }
    }
    return NULL;
}
