/*
 * lexer.c -- text to tokens, one at a time.
 *
 * Names are plain ASCII with dots and one '@'; numbers are plain decimals.  What people type
 * from habit (&&, =, quotes, full-width punctuation of a Chinese keyboard) is refused by
 * name with the spelling that works, because a rule that reads almost right is worse than
 * one that is refused.
 */
#include "base/fail.h"
#include "base/locale.h"
#include "base/text.h"
#include "expr/syntax.h"

#include <stdio.h>
#include <string.h>

#define MANY UINT16_MAX

const psyi_op_info psyi_op_table[PSYI_OP_COUNT_OF] = {
    [0] = {.name = ""},
#define PSYI_OP(id, name, kind, level, least, most, takes, gives, usage, meaning, missing, bounds) \
    [PSYI_OP_##id] = {                                                                             \
        name,  PSYI_KIND_##kind, level,   least, most, PSYI_TAKES_##takes, PSYI_GIVES_##gives,     \
        usage, meaning,          missing, bounds},
#include "expr/opcodes.def"
};

psyi_compare psyi_compare_of(psyi_op op, bool mirrored)
{
    switch (op) {
    case PSYI_OP_LT:
        return mirrored ? PSYI_GT : PSYI_LT;
    case PSYI_OP_LE:
        return mirrored ? PSYI_GE : PSYI_LE;
    case PSYI_OP_GT:
        return mirrored ? PSYI_LT : PSYI_GT;
    case PSYI_OP_GE:
        return mirrored ? PSYI_LE : PSYI_GE;
    case PSYI_OP_NE:
        return PSYI_NE;
    default:
        return PSYI_EQ;
    }
}

/* Spellings that mean an operation. */
static const struct {
    const char *spelling;
    psyi_op op;
} synonyms[] = {{"\xE2\x89\xA4", PSYI_OP_LE},  /* U+2264 */
                {"\xE2\x89\xA5", PSYI_OP_GE},  /* U+2265 */
                {"\xE2\x89\xA0", PSYI_OP_NE}}; /* U+2260 */

/* Spellings of other languages and keyboards; longer ones first. */
static const struct {
    const char *spelling, *instead;
} refused[] = {
    {"===", "=="},
    {"!==", "!="},
    {"&&", "and"},
    {"||", "or"},
    {"<>", "!="},
    {"=>", ">="},
    {"=<", "<="},
    {"=", "=="},
    {"!", "not"},
    {"&", "and"},
    {"|", "or"},
    {";", ","},
    {"[", "("},
    {"]", ")"},
    {"{", "("},
    {"}", ")"},
    {"\xEF\xBC\x9D", "=="},  /* U+FF1D = */
    {"\xEF\xBC\x9B", ","},   /* U+FF1B ; */
    {"\xEF\xBC\x81", "not"}, /* U+FF01 ! */
    {"\xEF\xBC\x86", "and"}, /* U+FF06 & */
    {"\xEF\xBD\x9C", "or"},  /* U+FF5C | */
    {"\xE2\x89\xA6", "<="},  /* U+2266 */
    {"\xE2\x89\xA7", ">="},  /* U+2267 */
    {"\xE2\x88\x92", "-"},   /* U+2212 minus */
    {"\xE2\x80\x93", "-"},   /* U+2013 en dash */
    {"\xC3\x97", "*"},       /* U+00D7 times */
    {"\xC3\xB7", "/"},       /* U+00F7 divided by */
    {"\xE2\x80\xA6", ".."},  /* U+2026 ellipsis */
    {"\xE3\x80\x81", ","},   /* U+3001 ideographic comma */
    {"\xE3\x80\x82", "."},   /* U+3002 ideographic full stop */
    {"\xE3\x80\x90", "("},   /* U+3010 */
    {"\xE3\x80\x91", ")"},   /* U+3011 */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_word(char c)
{
    return is_letter(c) || is_digit(c);
}

/* The byte at `at`, NUL behind the end (a NUL within the text is refused as a character). */
static char peek(const psyi_expr_text *text, size_t at)
{
    return at < text->length ? text->bytes[at] : '\0';
}

static bool begins(const psyi_expr_text *text, size_t at, const char *with)
{
    const size_t length = strlen(with);
    return text->length - at >= length && memcmp(text->bytes + at, with, length) == 0;
}

psy_status psyi_expr_fail(const psyi_expr_text *text, size_t offset, size_t length,
                          const char *format, ...)
{
    psy_location where = text->where;
    char message[sizeof text->error->message];
    va_list arguments;

    if (length > text->length - offset)
        length = text->length - offset;
    for (size_t i = 0; i < offset; i++) {
        const unsigned char byte = (unsigned char)text->bytes[i];
        if (byte == '\n') {
            where.line++;
            where.column = 1;
        } else if ((byte & 0xC0) != 0x80) { /* not a continuation byte */
            where.column++;
        }
    }
    where.length = 0;
    for (size_t i = offset; i < offset + length && text->bytes[i] != '\n'; i++)
        if (((unsigned char)text->bytes[i] & 0xC0) != 0x80)
            where.length++;
    if (where.length == 0)
        where.length = 1;
    va_start(arguments, format);
    psyi_vformat(message, sizeof message, format, arguments);
    va_end(arguments);
    return psyi_fail(text->error, PSY_E_EXPR, &where, "%s", message);
}

const char *psyi_expr_shown(const psyi_expr_text *text, size_t offset, size_t length, char *out)
{
    size_t n = psyi_utf8_prefix(text->bytes + offset, length, 40);
    snprintf(out, PSYI_SHOWN, "'%.*s%s'", (int)n, text->bytes + offset, n < length ? "..." : "");
    return out;
}

psyi_op psyi_expr_call_named(const char *name, size_t length)
{
    for (int op = 1; op < PSYI_OP_COUNT_OF; op++)
        if (psyi_op_table[op].kind == PSYI_KIND_CALL && strlen(psyi_op_table[op].name) == length &&
            memcmp(psyi_op_table[op].name, name, length) == 0)
            return (psyi_op)op;
    return PSYI_OP_NONE;
}

/* An operation spelled with letters (and, or, not, in) or, at `at`, with signs. */
static psyi_op operator_word(const char *word, size_t length)
{
    for (int op = 1; op < PSYI_OP_COUNT_OF; op++)
        if (psyi_op_table[op].kind != PSYI_KIND_CALL && strlen(psyi_op_table[op].name) == length &&
            memcmp(psyi_op_table[op].name, word, length) == 0)
            return (psyi_op)op;
    return PSYI_OP_NONE;
}

static psyi_op operator_sign(const psyi_expr_text *text, size_t at, size_t *length)
{
    psyi_op found = PSYI_OP_NONE;
    *length = 0;
    for (int op = 1; op < PSYI_OP_COUNT_OF; op++) {
        const char *const name = psyi_op_table[op].name;
        if (psyi_op_table[op].kind != PSYI_KIND_CALL && !is_letter(name[0]) &&
            strlen(name) > *length && begins(text, at, name)) {
            found = (psyi_op)op;
            *length = strlen(name);
        }
    }
    for (size_t i = 0; found == PSYI_OP_NONE && i < sizeof synonyms / sizeof *synonyms; i++)
        if (begins(text, at, synonyms[i].spelling)) {
            found = synonyms[i].op;
            *length = strlen(synonyms[i].spelling);
        }
    return found;
}

static psy_status lex_number(const psyi_expr_text *text, psyi_token *token)
{
    size_t at = token->offset, digits;
    char shown[PSYI_SHOWN];

    while (peek(text, at) == '0') /* zeros in front do not count */
        at++;
    const size_t first = at;
    while (is_digit(peek(text, at)))
        at++;
    digits = at - first;
    /* "1..9" is a range of two numbers, not "1." and ".9". */
    if (peek(text, at) == '.' && peek(text, at + 1) != '.') {
        const size_t point = at++;
        while (is_digit(peek(text, at)))
            at++;
        digits += at - point - 1;
        if (at == point + 1 && !is_word(peek(text, at)))
            return psyi_expr_fail(text, token->offset, at - token->offset,
                                  "%s ends in a point: write '%.*s'",
                                  psyi_expr_shown(text, token->offset, at - token->offset, shown),
                                  (int)(point - token->offset < 20 ? point - token->offset : 20),
                                  text->bytes + token->offset);
    }
    if (is_word(peek(text, at))) {
        while (is_word(peek(text, at)))
            at++;
        return psyi_expr_fail(text, token->offset, at - token->offset,
                              "%s begins like a number and goes on like a name",
                              psyi_expr_shown(text, token->offset, at - token->offset, shown));
    }
    token->kind = PSYI_TOKEN_NUMBER;
    token->length = at - token->offset;
    if (digits > 18)
        return psyi_expr_fail(text, token->offset, token->length,
                              "%s has %zu digits: at most 18 are exact",
                              psyi_expr_shown(text, token->offset, token->length, shown), digits);
    return PSY_OK;
}

static psy_status lex_name(const psyi_expr_text *text, psyi_token *token)
{
    static const char *const words[] = {"and", "or", "not", "in", "true", "false"};
    size_t at = token->offset;
    char shown[PSYI_SHOWN];

    while (is_word(peek(text, at)))
        at++;
    while (peek(text, at) == '.' && is_letter(peek(text, at + 1))) {
        at++;
        while (is_word(peek(text, at)))
            at++;
    }
    if (peek(text, at) == '@') {
        const size_t sign = at++;
        while (is_word(peek(text, at)))
            at++;
        if (at == sign + 1)
            return psyi_expr_fail(text, sign, 1,
                                  "after '@' comes the id of a norm or population, as in "
                                  "'total.t@local26'");
    }
    const char *const name = text->bytes + token->offset;
    const size_t length = at - token->offset;
    token->kind = PSYI_TOKEN_NAME;
    token->length = length;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        char lower[8] = {0};
        if (length != strlen(words[i]))
            continue;
        for (size_t c = 0; c < length; c++)
            lower[c] = (char)(name[c] >= 'A' && name[c] <= 'Z' ? name[c] + 32 : name[c]);
        if (strcmp(lower, words[i]) != 0)
            continue;
        if (memcmp(name, words[i], length) != 0)
            return psyi_expr_fail(text, token->offset, length,
                                  "%s is not used here: write '%s' in small letters",
                                  psyi_expr_shown(text, token->offset, length, shown), words[i]);
        token->op = operator_word(name, length);
        token->kind = token->op != PSYI_OP_NONE ? PSYI_TOKEN_OP
                      : name[0] == 't'          ? PSYI_TOKEN_TRUE
                                                : PSYI_TOKEN_FALSE;
    }
    return PSY_OK;
}

/* What is not part of the language, by name where people are likely to type it. */
static psy_status lex_other(const psyi_expr_text *text, size_t at)
{
    char shown[PSYI_SHOWN], narrow[8];
    uint32_t point = 0;
    const size_t length = psyi_utf8_decode(text->bytes + at, text->length - at, &point);

    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (begins(text, at, refused[i].spelling)) {
            const size_t bytes = strlen(refused[i].spelling);
            return psyi_expr_fail(text, at, bytes, "%s is not used here: write '%s'",
                                  psyi_expr_shown(text, at, bytes, shown), refused[i].instead);
        }
    if (point == '"' || point == '\'' || (point >= 0x2018 && point <= 0x201F) || point == 0xFF02 ||
        point == 0xFF07)
        return psyi_expr_fail(text, at, length,
                              "texts in quotes are not used here: write the bare word, as in "
                              "'student.sex == female'");
    if (point == 0x3000 || point == 0xA0 || (point >= 0x2000 && point <= 0x200B) || point == 0xFEFF)
        return psyi_expr_fail(text, at, length,
                              "a blank of another kind (U+%04X): write an ordinary blank",
                              (unsigned)point);
    psyi_narrow(text->bytes + at, length, narrow);
    if (point >= 0xFF01 && point <= 0xFF5E &&
        (is_word(narrow[0]) || strchr("()<>+-*/,.@", narrow[0]) != NULL))
        return psyi_expr_fail(text, at, length, "%s is full-width: write '%c'",
                              psyi_expr_shown(text, at, length, shown), narrow[0]);
    if (point < 0x20 || point == 0x7F)
        return psyi_expr_fail(text, at, length, "a control character (U+%04X) in the text",
                              (unsigned)point);
    return psyi_expr_fail(text, at, length, "%s is not part of the rule language",
                          psyi_expr_shown(text, at, length, shown));
}

psy_status psyi_expr_lex(const psyi_expr_text *text, size_t offset, psyi_token *out)
{
    static const struct {
        const char *sign;
        psyi_token_kind kind;
    } marks[] = {{"(", PSYI_TOKEN_OPEN},
                 {")", PSYI_TOKEN_CLOSE},
                 {",", PSYI_TOKEN_COMMA},
                 {"..", PSYI_TOKEN_RANGE},
                 {".", PSYI_TOKEN_DOT}};
    while (offset < text->length && strchr(" \t\r\n", text->bytes[offset]) != NULL &&
           text->bytes[offset] != '\0')
        offset++;
    *out = (psyi_token){.kind = PSYI_TOKEN_END, .offset = offset};
    if (offset == text->length)
        return PSY_OK;

    const char c = text->bytes[offset];
    if (is_digit(c))
        return lex_number(text, out);
    if (is_letter(c))
        return lex_name(text, out);
    if (c == '.' && is_digit(peek(text, offset + 1))) {
        size_t end = offset + 1;
        while (is_digit(peek(text, end)))
            end++;
        const int digits = (int)(end - offset < 20 ? end - offset : 20);
        if (offset > 0 && is_word(text->bytes[offset - 1]))
            return psyi_expr_fail(text, offset, end - offset,
                                  "'%.*s' does not belong to a name: an item is written "
                                  "'phq9.item(9)'",
                                  digits, text->bytes + offset);
        return psyi_expr_fail(text, offset, end - offset,
                              "'%.*s' needs a digit before the point: write '0%.*s'", digits,
                              text->bytes + offset, digits, text->bytes + offset);
    }
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (begins(text, offset, marks[i].sign)) {
            out->kind = marks[i].kind;
            out->length = strlen(marks[i].sign);
            return PSY_OK;
        }
    /* "=>" and "<>" begin like operators that exist, so the refused ones come first. */
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (strlen(refused[i].spelling) > 1 && begins(text, offset, refused[i].spelling))
            return lex_other(text, offset);
    out->op = operator_sign(text, offset, &out->length);
    out->kind = PSYI_TOKEN_OP;
    return out->op == PSYI_OP_NONE ? lex_other(text, offset) : PSY_OK;
}
