/*
 * utf8.c -- reading UTF-8.
 *
 * One strict decoder (no overlong forms, no surrogates, nothing beyond U+10FFFF) serves
 * all; checking skips runs of ASCII eight or sixteen bytes at a time, since most data is ASCII.
 */
#include "base/text.h"
#include "base/vectors.h"

#include <string.h>

#ifdef PSYI_X86
#include <emmintrin.h>
#endif

/* Length of the sequence at `text`, or 0 when it is not valid (or cut off). */
static size_t sequence(const unsigned char *text, size_t length, uint32_t *out)
{
    const unsigned char lead = text[0];
    if (lead < 0x80) {
        *out = lead;
        return 1;
    }
    size_t need;
    uint32_t value, least;
    if (lead >= 0xC2 && lead <= 0xDF) {
        need = 2, value = lead & 0x1Fu, least = 0x80;
    } else if ((lead & 0xF0) == 0xE0) {
        need = 3, value = lead & 0x0Fu, least = 0x800;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
        need = 4, value = lead & 0x07u, least = 0x10000;
    } else {
        return 0;
    }
    if (length < need)
        return 0;
    for (size_t i = 1; i < need; i++) {
        if ((text[i] & 0xC0) != 0x80)
            return 0;
        value = value << 6 | (text[i] & 0x3Fu);
    }
    if (value < least || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return 0;
    *out = value;
    return need;
}

size_t psyi_ascii_run(const char *text, size_t at, size_t length)
{
    const unsigned char *const bytes = (const unsigned char *)text;
#ifdef PSYI_X86
    while (length - at >= 16) {
        const int high =
            _mm_movemask_epi8(_mm_loadu_si128((const __m128i *)(const void *)(bytes + at)));
        if (high != 0)
            return at + (unsigned)__builtin_ctz((unsigned)high);
        at += 16;
    }
#endif
    uint64_t word;
    while (length - at >= sizeof word) {
        memcpy(&word, bytes + at, sizeof word);
        if ((word & UINT64_C(0x8080808080808080)) != 0)
            break;
        at += sizeof word;
    }
    while (at < length && bytes[at] < 0x80)
        at++;
    return at;
}

size_t psyi_utf8_check(const char *text, size_t length)
{
    const unsigned char *const bytes = (const unsigned char *)text;
    size_t at = 0;
    while ((at = psyi_ascii_run(text, at, length)) < length) {
        /* Chinese comes in runs of three bytes, of which E1..EC and EE, EF have no exceptions. */
        while (length - at >= 3 && bytes[at] >= 0xE1 && bytes[at] <= 0xEF && bytes[at] != 0xED &&
               (bytes[at + 1] & 0xC0) == 0x80 && (bytes[at + 2] & 0xC0) == 0x80)
            at += 3;
        if (at == length || bytes[at] < 0x80)
            continue;
        uint32_t ignored;
        const size_t used = sequence(bytes + at, length - at, &ignored);
        if (used == 0)
            return at;
        at += used;
    }
    return length;
}

size_t psyi_utf8_count(const char *text, size_t length)
{
    size_t count = 0;
    for (size_t i = 0; i < length; i++)
        count += ((unsigned char)text[i] & 0xC0) != 0x80;
    return count;
}

size_t psyi_utf8_prefix(const char *text, size_t length, size_t n)
{
    size_t at = 0;
    for (; n > 0 && at < length; n--) {
        uint32_t ignored;
        at += psyi_utf8_decode(text + at, length - at, &ignored);
    }
    return at;
}

size_t psyi_utf8_decode(const char *text, size_t length, uint32_t *out)
{
    if (length == 0) {
        *out = 0xFFFD;
        return 0;
    }
    const size_t used = sequence((const unsigned char *)text, length, out);
    if (used == 0) {
        *out = 0xFFFD;
        return 1;
    }
    return used;
}

bool psyi_utf8_cut(const char *text, size_t length)
{
    const unsigned char *const bytes = (const unsigned char *)text;
    if (length == 0)
        return false;
    const size_t need = bytes[0] >= 0xF0 && bytes[0] <= 0xF4   ? 4
                        : (bytes[0] & 0xF0) == 0xE0            ? 3
                        : bytes[0] >= 0xC2 && bytes[0] <= 0xDF ? 2
                                                               : 0;
    if (length >= need)
        return false;
    for (size_t i = 1; i < length; i++)
        if ((bytes[i] & 0xC0) != 0x80)
            return false;
    return true;
}

size_t psyi_utf8_encode(uint32_t c, char *out)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

void psyi_text_printable(char *text)
{
    size_t length = strlen(text), at = 0;
    while (at < length) {
        uint32_t c;
        const size_t used = psyi_utf8_decode(text + at, length - at, &c);
        const bool bad = used == 1 && (unsigned char)text[at] >= 0x80;
        if (bad && length - at < 4 && psyi_utf8_cut(text + at, length - at)) {
            text[at] = '\0';
            return;
        }
        if (bad)
            text[at] = '?';
        else if (c < 0x20 || (c >= 0x7F && c < 0xA0))
            memset(text + at, ' ', used);
        at += used;
    }
}
