/*
 * encoding.c -- whole files to UTF-8, from the encodings Chinese offices really save.
 *
 * The encoding is declared, never guessed: bytes that do not decode are refused with their
 * line and column, and the message says what they look like and what to declare.  Declared
 * encodings that contradict a byte order mark are refused too, because single-byte and GB
 * decoders would turn it into plausible rubbish; so is what is UTF-8 beyond doubt.  UTF-8, UTF-16
 * and Latin-1 are decoded here; GBK, GB18030 and windows-1252 by iconv.
 */
#include "base/fail.h"
#include "base/text.h"

#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    psyi_encoding encoding;
} names[] = {
    {"utf-8", PSYI_ENCODING_UTF8},
    {"utf8", PSYI_ENCODING_UTF8},
    {"utf-8-sig", PSYI_ENCODING_UTF8},
    {"utf-16", PSYI_ENCODING_UTF16},
    {"utf16", PSYI_ENCODING_UTF16},
    {"gb18030", PSYI_ENCODING_GB18030},
    {"gbk", PSYI_ENCODING_GBK},
    {"gb2312", PSYI_ENCODING_GBK},
    {"cp936", PSYI_ENCODING_GBK},
    {"windows-1252", PSYI_ENCODING_WINDOWS1252},
    {"cp1252", PSYI_ENCODING_WINDOWS1252},
    {"iso-8859-1", PSYI_ENCODING_LATIN1},
    {"latin1", PSYI_ENCODING_LATIN1},
};

bool psyi_encoding_find(const char *name, psyi_encoding *out)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (psyi_ascii_compare(name, names[i].name) == 0) {
            *out = names[i].encoding;
            return true;
        }
    return false;
}

const char *psyi_encoding_name(psyi_encoding encoding)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].encoding == encoding)
            return names[i].name;
    return "unknown";
}

/* What is being decoded, for messages. */
typedef struct decode_job {
    const char *bytes;
    size_t length;
    psyi_encoding encoding;
    const char *source;
    psyi_buffer *out;
    size_t start; /* length of *out before */
    psy_error *error;
} decode_job;

/* How iconv calls an encoding; NULL for those decoded here. */
static const char *iconv_name(psyi_encoding encoding)
{
    switch (encoding) {
    case PSYI_ENCODING_GB18030:
        return "GB18030";
    case PSYI_ENCODING_GBK:
        return "GBK";
    case PSYI_ENCODING_WINDOWS1252:
        return "CP1252";
    default:
        return NULL;
    }
}

/* Whether `bytes` decode as GB18030 throughout (the last character may be cut off). */
static bool looks_like_gb(const char *bytes, size_t length)
{
    const iconv_t to = iconv_open("UTF-8", "GB18030");
    if (to == (iconv_t)-1)
        return false;
    char *in = (char *)bytes; /* iconv's signature lacks a const, it only reads */
    size_t left = length;
    bool good = true;
    while (good && left > 0) {
        char room[512];
        char *out = room;
        size_t free_bytes = sizeof room;
        if (iconv(to, &in, &left, &out, &free_bytes) != (size_t)-1 || errno == EINVAL)
            break;
        good = errno == E2BIG;
    }
    iconv_close(to);
    return good;
}

/* So many sequences of UTF-8, and not one byte against it, are no accident. */
#define CERTAINTY 8

/* At least CERTAINTY sequences of UTF-8 that begin with a byte of `least` or more. */
static bool has_many(const char *bytes, size_t length, unsigned least)
{
    size_t n = 0;
    for (size_t i = 0; i < length && n < CERTAINTY; i++)
        n += (unsigned char)bytes[i] >= least;
    return n == CERTAINTY;
}

/* UTF-8 as far as byte `at`, and something else in its line: two files put together. */
static bool is_two_files(const decode_job *job, size_t at)
{
    size_t begin = at;
    while (begin > 0 && job->bytes[begin - 1] != '\n' && job->bytes[begin - 1] != '\r')
        begin--;
    const size_t left = job->length - begin;
    return has_many(job->bytes, begin, 0xE0) &&
           looks_like_gb(job->bytes + begin, left < 65536 ? left : 65536);
}

/* What to do about bytes that are not in the declared encoding; the first of them is at `at`. */
static const char *advice(const decode_job *job, size_t at)
{
    const unsigned char *const b = (const unsigned char *)job->bytes;
    const size_t n = job->length;
    /* Enough to see what it is; the whole of a large file would only cost time. */
    const size_t sample = n < 65536 ? n : 65536;
    if (n >= 2 && ((b[0] == 0xFF && b[1] == 0xFE) || (b[0] == 0xFE && b[1] == 0xFF)))
        return "; it begins with a UTF-16 byte order mark: declare encoding: utf-16";
    const bool marked = n >= 3 && memcmp(b, "\xEF\xBB\xBF", 3) == 0;
    if (job->encoding == PSYI_ENCODING_UTF8 && at > 0 && psyi_utf8_cut(job->bytes + at, n - at))
        return "; the file ends within a character: it was cut off, copy or export it again";
    if (job->encoding == PSYI_ENCODING_UTF8 && is_two_files(job, at))
        return "; what stands before is UTF-8, from this line on it looks like GBK: two exports "
               "stand one below the other, hand them over as files of their own";
    if (marked && psyi_utf8_check(job->bytes, sample) < sample - 3 &&
        looks_like_gb(job->bytes + 3, sample - 3))
        return "; it begins with the mark of UTF-8, and what follows looks like GBK: open it in "
               "the program that wrote it and save it as UTF-8";
    if (marked && job->encoding != PSYI_ENCODING_UTF8)
        return "; it begins with a UTF-8 byte order mark: declare encoding: utf-8";
    if (memchr(b, 0, sample) != NULL)
        return "; NUL bytes look like UTF-16 without a byte order mark, or like no text at all: "
               "save it as UTF-8";
    const size_t valid = psyi_utf8_check(job->bytes, sample);
    if (job->encoding != PSYI_ENCODING_UTF8 &&
        (valid == sample || (sample < n && psyi_utf8_cut(job->bytes + valid, sample - valid))))
        return "; the file looks like UTF-8: declare encoding: utf-8";
    if (job->encoding != PSYI_ENCODING_GB18030 && looks_like_gb(job->bytes, sample))
        return "; the file looks like GBK: declare encoding: gb18030";
    if (job->encoding == PSYI_ENCODING_UTF8)
        return "; if it comes from a western Windows, declare encoding: windows-1252";
    return "";
}

/* PSY_E_DATA at the end of what was decoded so far. */
static psy_status refuse_at(const decode_job *job, size_t at, const char *what)
{
    size_t line = 1, begin = job->start;
    for (size_t i = job->start; i < job->out->length; i++)
        if (job->out->data[i] == '\n') {
            line++;
            begin = i + 1;
        }
    const size_t column =
        begin == job->out->length
            ? 1
            : psyi_utf8_count(job->out->data + begin, job->out->length - begin) + 1;
    const psy_location where = psyi_location(job->source, line, column, 1);
    return psyi_fail(job->error, PSY_E_DATA, &where, "%s%s", what, advice(job, at));
}

static psy_status refuse(const decode_job *job, const char *what)
{
    return refuse_at(job, 0, what);
}

static psy_status refuse_byte(const decode_job *job, size_t at)
{
    char what[64];
    snprintf(what, sizeof what, "byte 0x%02X is not valid %s", (unsigned char)job->bytes[at],
             psyi_encoding_name(job->encoding));
    return refuse_at(job, at, what);
}

static psy_status refuse_file(const decode_job *job)
{
    char what[64];
    snprintf(what, sizeof what, "the file is not %s", psyi_encoding_name(job->encoding));
    return refuse(job, what);
}

static psy_status no_memory(const decode_job *job)
{
    return psyi_fail_memory(job->error, "decoding a file");
}

static psy_status decode_utf8(const decode_job *job, size_t from)
{
    const size_t length = job->length - from;
    const size_t good = psyi_utf8_check(job->bytes + from, length);
    psyi_buffer_add(job->out, job->bytes + from, good);
    if (job->out->failed)
        return no_memory(job);
    return good == length ? PSY_OK : refuse_byte(job, from + good);
}

static psy_status decode_utf16(const decode_job *job)
{
    const unsigned char *const b = (const unsigned char *)job->bytes;
    if (job->length < 2 || !((b[0] == 0xFF && b[1] == 0xFE) || (b[0] == 0xFE && b[1] == 0xFF)))
        return refuse(job, "utf-16 needs a byte order mark");
    const size_t high = b[0] == 0xFF; /* which byte of a pair is the high one */
    for (size_t at = 2; at < job->length; at += 2) {
        if (at + 1 == job->length)
            return refuse(job, "the last UTF-16 character is cut off");
        uint32_t c = (uint32_t)b[at + high] << 8 | b[at + 1 - high];
        if (c >= 0xD800 && c <= 0xDFFF) {
            uint32_t low = 0;
            if (c < 0xDC00 && job->length - at >= 4)
                low = (uint32_t)b[at + 2 + high] << 8 | b[at + 3 - high];
            if (low < 0xDC00 || low > 0xDFFF)
                return refuse(job, "unpaired UTF-16 surrogate");
            c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
            at += 2;
        }
        char text[4];
        psyi_buffer_add(job->out, text, psyi_utf8_encode(c, text));
        if (job->out->failed)
            return no_memory(job);
    }
    return PSY_OK;
}

static psy_status decode_latin1(const decode_job *job)
{
    for (size_t at = 0; at < job->length; at++) {
        char text[4];
        psyi_buffer_add(job->out, text, psyi_utf8_encode((unsigned char)job->bytes[at], text));
    }
    return job->out->failed ? no_memory(job) : PSY_OK;
}

/* Bytes from `at` to `end` by iconv.  A character is never cut off at `end`, unless it is none. */
static psy_status decode_piece(const decode_job *job, iconv_t to, size_t at, size_t end)
{
    char *in = (char *)job->bytes + at; /* iconv's signature lacks a const, it only reads */
    size_t left = end - at;
    while (left > 0) {
        char room[4096];
        char *out = room;
        size_t free_bytes = sizeof room;
        const size_t result = iconv(to, &in, &left, &out, &free_bytes);
        const int code = errno;
        psyi_buffer_add(job->out, room, sizeof room - free_bytes);
        if (job->out->failed)
            return no_memory(job);
        if (result != (size_t)-1 || code == E2BIG)
            continue;
        if (code == EINVAL && end == job->length)
            return refuse(job, "the last character is cut off");
        return refuse_byte(job, (size_t)(in - job->bytes));
    }
    return PSY_OK;
}

/* Most of a file is ASCII, which is the same in all these encodings and copied (iconv would
 * take ten times as long).  The rest goes to iconv in pieces that end before a byte below '0':
 * commas, line ends and quotes are never the later half of a character. */
static psy_status decode_iconv(const decode_job *job, iconv_t to)
{
    const unsigned char *const bytes = (const unsigned char *)job->bytes;
    psy_status status = PSY_OK;
    for (size_t at = 0, end; at < job->length && status == PSY_OK; at = end) {
        end = psyi_ascii_run(job->bytes, at, job->length);
        psyi_buffer_add(job->out, job->bytes + at, end - at);
        if (job->out->failed)
            return no_memory(job);
        at = end;
        while (end < job->length && bytes[end] >= '0')
            end++;
        status = decode_piece(job, to, at, end);
    }
    return status;
}

/* Whether text that was declared otherwise is UTF-8 beyond doubt.  A girls' school in GBK has
 * the same two bytes for every pupil, and they are valid UTF-8: for the GB encodings only
 * sequences of three bytes count, which pairs of GB bytes form by rare chance. */
static bool is_really_utf8(const decode_job *job)
{
    if (psyi_utf8_check(job->bytes, job->length) != job->length)
        return false;
    const unsigned least =
        job->encoding == PSYI_ENCODING_GB18030 || job->encoding == PSYI_ENCODING_GBK ? 0xE0 : 0xC2;
    return has_many(job->bytes, job->length, least);
}

/* A line of a GB file that is UTF-8 beyond doubt: *at is where it begins. */
static bool has_utf8_line(const decode_job *job, size_t *at)
{
    if (job->encoding != PSYI_ENCODING_GB18030 && job->encoding != PSYI_ENCODING_GBK)
        return false;
    for (size_t begin = 0; begin < job->length;) {
        const char *const end = memchr(job->bytes + begin, '\n', job->length - begin);
        const size_t length =
            end != NULL ? (size_t)(end - job->bytes) - begin : job->length - begin;
        if (psyi_utf8_check(job->bytes + begin, length) == length &&
            has_many(job->bytes + begin, length, 0xE0)) {
            *at = begin;
            return true;
        }
        begin += length + 1;
    }
    return false;
}

/* The text before is decoded, so that the place can be told. */
static psy_status refuse_utf8_line(const decode_job *job, size_t at)
{
    for (size_t i = 0; i < at; i++)
        psyi_buffer_char(job->out, job->bytes[i] == '\n' ? '\n' : ' ');
    return job->out->failed
               ? no_memory(job)
               : refuse_at(job, at,
                           "this line is UTF-8, though the file is declared as GBK: two exports "
                           "stand one below the other, hand them over as files of their own");
}

static psy_status decode_other(const decode_job *job)
{
    if (is_really_utf8(job)) {
        size_t ascii = 0;
        while ((unsigned char)job->bytes[ascii] < 0x80)
            ascii++;
        psyi_buffer_add(job->out, job->bytes, ascii);
        return job->out->failed ? no_memory(job) : refuse_file(job);
    }
    const unsigned char *const b = (const unsigned char *)job->bytes;
    /* These encodings would read a foreign byte order mark as letters. */
    if ((job->length >= 3 && memcmp(b, "\xEF\xBB\xBF", 3) == 0) ||
        (job->length >= 2 && ((b[0] == 0xFF && b[1] == 0xFE) || (b[0] == 0xFE && b[1] == 0xFF))))
        return refuse_file(job);
    size_t at;
    if (has_utf8_line(job, &at))
        return refuse_utf8_line(job, at);
    if (job->encoding == PSYI_ENCODING_LATIN1)
        return decode_latin1(job);
    const iconv_t to = iconv_open("UTF-8", iconv_name(job->encoding));
    if (to == (iconv_t)-1) {
        if (errno == ENOMEM)
            return no_memory(job);
        const psy_location where = psyi_location(job->source, 0, 0, 0);
        return psyi_fail(job->error, PSY_E_UNSUPPORTED, &where, "this system has no decoder for %s",
                         psyi_encoding_name(job->encoding));
    }
    const psy_status status = decode_iconv(job, to);
    iconv_close(to);
    return status;
}

psy_status psyi_decode(const char *bytes, size_t length, psyi_encoding encoding, const char *source,
                       psyi_buffer *out, psy_error *error)
{
    if ((unsigned)encoding >= PSYI_ENCODING_COUNT)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "no encoding has the number %d",
                         (int)encoding);
    const decode_job job = {bytes, length, encoding, source, out, out->length, error};
    psy_status status;
    if (encoding == PSYI_ENCODING_UTF8)
        status = decode_utf8(&job, length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0);
    else if (encoding == PSYI_ENCODING_UTF16)
        status = decode_utf16(&job);
    else
        status = decode_other(&job);
    const size_t start = job.start;
    const char *const nul =
        out->length > start ? memchr(out->data + start, 0, out->length - start) : NULL;
    if (nul != NULL && (status == PSY_OK || status == PSY_E_DATA)) {
        /* The first bad place counts, and it is this one. */
        out->length = (size_t)(nul - out->data);
        status = refuse(&job, "NUL byte in the text");
    }
    if (status != PSY_OK) {
        out->length = start;
        if (out->data != NULL)
            out->data[start] = '\0';
        return status;
    }
    /* GB18030 has a byte order mark of its own. */
    if (encoding == PSYI_ENCODING_GB18030 && out->length - start >= 3 &&
        memcmp(out->data + start, "\xEF\xBB\xBF", 3) == 0) {
        memmove(out->data + start, out->data + start + 3, out->length - start - 2);
        out->length -= 3;
    }
    return PSY_OK;
}
