/*
 * code_near.c -- numbers of sheets that nobody has as they are written, and somebody has otherwise.
 *
 * A spreadsheet takes the zeros off 0012 and puts .0 behind 12; a pupil writes the number of his
 * identity card where the roster has G before it.  Who is meant is not decided by that: 12 may be
 * another child.  The files are mended, and this says which of them and how.
 */
#include "base/fail.h"
#include "base/spill.h"
#include "base/text.h"
#include "cohort/assembly.h"
#include "table/collect.h"

#include <string.h>

enum { LONGEST = 40, MOST_ZEROS = 12 };

typedef enum way {
    ZEROS_MISSING,   /* the sheet has 12, the roster 0012 */
    ZEROS_TOO_MANY,  /* the other way round */
    LETTER_MISSING,  /* the roster has G before the number */
    LETTER_TOO_MUCH, /* the sheet has it */
    DECIMALS,        /* 12.0 */
    MARKS,           /* blanks, dashes, an apostrophe */
    WAYS
} way;

static const struct {
    const char *words, *remedy;
} ways[WAYS] = {
    {"with zeros before it: a spreadsheet takes them away",
     "format the column of the file as text, and enter or export the numbers again with their "
     "zeros"},
    {"without the zeros before it: a spreadsheet takes them away",
     "format the column of the roster as text, and enter or export the numbers again with their "
     "zeros"},
    {"with a G before it", "write the G of the 学籍号 before the numbers of this file, or take the "
                           "column for local_no where it is the 学号"},
    {"without the G before it", "write the G of the 学籍号 into the roster"},
    {"without the decimals behind it: a program has read the numbers as amounts",
     "format the column of the file as text, and take the decimals away"},
    {"without the blanks, dashes or apostrophes in it",
     "write the numbers of the file and of the roster alike"},
};

typedef struct seen {
    uint32_t n, row;
} seen;

/* Whether exactly one pupil (of the school the sheet names, where several have it) has the number.
 */
static bool somebody_has(const psyi_assembly *a, uint32_t record, const char *code)
{
    size_t n = 0, in_school = 0, n_alike;
    const psyi_code_entry *const alike = psyi_index_find(a, code, &n_alike);
    for (size_t i = 0; i < n_alike; i++) {
        if (psyi_ascii_compare(alike[i].code, code) != 0)
            continue;
        n++;
        in_school += alike[i].school == a->record_school[record];
    }
    return n == 1 || in_school == 1;
}

static bool is_number(const char *text)
{
    return text[0] != '\0' && strspn(text, "0123456789") == strlen(text);
}

/* With more zeros before it, or fewer. */
static bool by_zeros(const psyi_assembly *a, uint32_t record, const char *code, way *out)
{
    char text[LONGEST + MOST_ZEROS + 1];
    const size_t zeros = strspn(code, "0");
    const char *const rest = code + zeros;
    if (!is_number(code) || *rest == '\0')
        return false;
    memset(text, '0', MOST_ZEROS);
    memcpy(text + MOST_ZEROS, rest, strlen(rest) + 1);
    size_t found = 0;
    for (size_t n = 0; n <= MOST_ZEROS; n++) {
        if (n == zeros || !somebody_has(a, record, text + MOST_ZEROS - n))
            continue;
        found++;
        *out = n > zeros ? ZEROS_MISSING : ZEROS_TOO_MANY;
    }
    return found == 1;
}

/* The code without what stands within it and means nothing. */
static void without_marks(const char *code, char out[LONGEST + 1])
{
    size_t n = 0;
    for (const char *at = code; *at != '\0'; at++)
        if (strchr(" -_'`\t.", *at) == NULL)
            out[n++] = *at;
    out[n] = '\0';
}

static bool is_otherwise(const psyi_assembly *a, uint32_t record, const char *code, way *out)
{
    char text[LONGEST + 2];
    const size_t length = strlen(code);
    if (length == 0 || length > LONGEST)
        return false;
    if (by_zeros(a, record, code, out))
        return true;
    const size_t digits = strspn(code, "0123456789");
    if (digits > 0 && code[digits] == '.' && code[digits + 1] != '\0' &&
        strspn(code + digits + 1, "0") == length - digits - 1) {
        memcpy(text, code, digits);
        text[digits] = '\0';
        *out = DECIMALS;
        way ignored;
        return somebody_has(a, record, text) || by_zeros(a, record, text, &ignored);
    }
    if (code[0] == 'G' || code[0] == 'g') {
        *out = LETTER_TOO_MUCH;
        if (somebody_has(a, record, code + 1))
            return true;
    } else {
        text[0] = 'G';
        memcpy(text + 1, code, length + 1);
        *out = LETTER_MISSING;
        if (somebody_has(a, record, text))
            return true;
    }
    without_marks(code, text);
    *out = MARKS;
    return text[0] != '\0' && strcmp(text, code) != 0 && somebody_has(a, record, text);
}

static psy_status tell(const psyi_assembly *a, const seen *counts, psy_error *error)
{
    const psyi_intake *const intake = a->results->intake;
    psy_status status = PSY_OK;
    for (size_t i = 0; i < intake->n_files * WAYS && status == PSY_OK; i++) {
        if (counts[i].n == 0)
            continue;
        const psy_finding finding = {.file = intake->files[i / WAYS].name,
                                     .row = counts[i].row,
                                     .field = "student",
                                     .rule = "code_near",
                                     .severity = PSY_WARNING,
                                     .remedy = ways[i % WAYS].remedy};
        status =
            psyi_find(a->findings, &finding, error,
                      "%u sheet%s of this file would be of somebody on the roster if %s number "
                      "were written %s. Nothing was matched by it; this is the first",
                      counts[i].n, psyi_s(counts[i].n), counts[i].n == 1 ? "its" : "their",
                      ways[i % WAYS].words);
    }
    return status;
}

psy_status psyi_tell_code_near(const psyi_assembly *a, psy_error *error)
{
    const psyi_results *const r = a->results;
    if (r->roster == NULL || r->n_unmatched == 0 || a->n_index == 0)
        return PSY_OK;
    seen *const counts = psyi_alloc(a->allocator, r->intake->n_files * WAYS, sizeof *counts);
    if (counts == NULL)
        return psyi_fail_memory(error, "findings");
    for (size_t i = 0; i < r->n_unmatched; i++) {
        const uint32_t record = r->unmatched[i];
        way how;
        psyi_spill_pass(a->allocator, i * 32); /* looked for in many ways, each of them a jump */
        if (!is_otherwise(a, record, a->codes[record], &how))
            continue;
        const psyi_record *const at = &r->intake->records[record];
        seen *const count = &counts[at->file * WAYS + how];
        if (count->n++ == 0 || at->row < count->row)
            count->row = (uint32_t)at->row;
    }
    const psy_status status = tell(a, counts, error);
    psyi_free(a->allocator, counts);
    return status;
}
