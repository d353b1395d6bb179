/*
 * findings.c -- a list of findings that may grow to millions.
 *
 * Texts live in an arena; file, field, rule, message and remedy repeat a lot and are kept
 * once (a small hash set that stops taking texts when it is full, so that a million
 * different messages cost their bytes and no more).  Texts that are not UTF-8 (a file name
 * may be anything) are repaired when they come in.  The order is total: what is equal in
 * all that counts stays in the order of adding.
 */
#include "base/fail.h"
#include "base/hash.h"
#include "base/locale.h"
#include "base/sort.h"
#include "base/text.h"
#include "table/collect.h"
#include "table/findings_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Texts kept in the set, and slots for them. */
#define MOST_KNOWN ((size_t)8192)
#define SLOTS      (2 * MOST_KNOWN)

psy_status psy_findings_new(psy_findings **out, const psy_allocator *allocator, psy_error *error)
{
    psy_findings *const findings = psyi_alloc(allocator, 1, sizeof *findings);
    if (findings == NULL)
        return psyi_fail_memory(error, "findings");
    psyi_arena_init(&findings->texts, allocator);
    findings->room = allocator;
    *out = findings;
    return PSY_OK;
}

void psy_findings_free(psy_findings *findings)
{
    if (findings == NULL)
        return;
    const psy_allocator *const allocator = findings->texts.allocator;
    psyi_free(findings->room, findings->records);
    psyi_free(allocator, findings->known);
    psyi_arena_done(&findings->texts);
    for (psyi_taken *taken = findings->taken, *next; taken != NULL; taken = next) {
        next = taken->next;
        psyi_arena_done(&taken->texts);
        psyi_spill_close(taken->spill);
        psyi_free(allocator, taken);
    }
    psyi_free(allocator, findings);
}

/* Copy into the arena; bytes that are not UTF-8 become U+FFFD. */
static const char *keep(psy_findings *findings, const char *text, size_t length)
{
    if (psyi_utf8_check(text, length) == length)
        return psyi_arena_text(&findings->texts, text, length);
    char *const repaired = psyi_arena_alloc(&findings->texts, length + 1, 3);
    if (repaired == NULL)
        return NULL;
    size_t n = 0;
    for (size_t at = 0; at < length;) {
        uint32_t c;
        const size_t used = psyi_utf8_decode(text + at, length - at, &c);
        n += psyi_utf8_encode(c, repaired + n);
        at += used;
    }
    return repaired;
}

static uint64_t hash(const char *text, size_t length)
{
    uint64_t value = PSYI_HASH_BEGIN;
    for (size_t i = 0; i < length; i++)
        value = psyi_hash_add(value, (unsigned char)text[i]);
    return value ^ value >> 32;
}

/* The text as the list keeps it: shared when it is known.  false without memory. */
static bool intern(psy_findings *findings, const char *text, const char **out)
{
    *out = NULL;
    if (text == NULL)
        return true;
    const size_t length = strlen(text);
    if (findings->known == NULL) {
        findings->known = psyi_alloc(findings->texts.allocator, SLOTS, sizeof *findings->known);
        if (findings->known == NULL)
            return false;
    }
    size_t slot = (size_t)hash(text, length) % SLOTS;
    for (; findings->known[slot] != NULL; slot = (slot + 1) % SLOTS)
        if (strcmp(findings->known[slot], text) == 0) {
            *out = findings->known[slot];
            return true;
        }
    *out = keep(findings, text, length);
    if (*out == NULL)
        return false;
    /* A repaired text differs from what was looked up, and would never be found again. */
    if (findings->n_known < MOST_KNOWN && strcmp(*out, text) == 0) {
        findings->known[slot] = *out;
        findings->n_known++;
    }
    return true;
}

psy_status psy_findings_add(psy_findings *findings, const psy_finding *finding, psy_error *error)
{
    if (findings == NULL)
        return PSY_OK;
    if ((unsigned)finding->severity > PSY_ERROR)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "no severity has the number %d",
                         (int)finding->severity);
    if (findings->n_records == UINT32_MAX)
        return psyi_fail(error, PSY_E_LIMIT, NULL, "more than %u findings", UINT32_MAX);
    psyi_finding record = {.row = finding->row,
                           .column = finding->column,
                           .length = finding->length,
                           .severity = (uint32_t)finding->severity,
                           .order = findings->n_records};
    void *records = findings->records;
    bool good = psyi_grow_raw(findings->room, &records, &findings->capacity,
                              (size_t)findings->n_records + 1, sizeof record);
    findings->records = records;
    good = good && intern(findings, finding->file, &record.file) &&
           intern(findings, finding->field, &record.field) &&
           intern(findings, finding->rule, &record.rule) &&
           intern(findings, finding->message, &record.message) &&
           intern(findings, finding->remedy, &record.remedy);
    if (good && finding->subject != NULL) {
        /* Neighbouring findings are about the same student; others hardly repeat. */
        if (findings->last_subject == NULL || strcmp(findings->last_subject, finding->subject) != 0)
            findings->last_subject = keep(findings, finding->subject, strlen(finding->subject));
        record.subject = findings->last_subject;
        good = record.subject != NULL;
    }
    if (!good)
        return psyi_fail_memory(error, "findings");
    findings->records[findings->n_records++] = record;
    findings->n_severity[record.severity]++;
    return PSY_OK;
}

size_t psy_findings_count(const psy_findings *findings)
{
    return findings == NULL ? 0 : findings->n_records;
}

psy_finding psy_findings_get(const psy_findings *findings, size_t index)
{
    if (index >= psy_findings_count(findings))
        return (psy_finding){.row = 0};
    psyi_spill_look(findings->room); /* whoever asks for one may ask for a million */
    const psyi_finding *const record = &findings->records[index];
    return (psy_finding){.file = record->file,
                         .row = record->row,
                         .column = record->column,
                         .length = record->length,
                         .field = record->field,
                         .rule = record->rule,
                         .severity = (psy_severity)record->severity,
                         .subject = record->subject,
                         .message = record->message,
                         .remedy = record->remedy};
}

size_t psy_findings_count_severity(const psy_findings *findings, psy_severity severity)
{
    if (findings == NULL || (unsigned)severity > PSY_ERROR)
        return 0;
    return findings->n_severity[severity];
}

/* NULL before any text; strcmp is bytewise in every locale. */
static int compare_texts(const char *a, const char *b)
{
    if (a == b)
        return 0;
    if (a == NULL || b == NULL)
        return a == NULL ? -1 : 1;
    return strcmp(a, b);
}

static int by_place(const void *a, const void *b, void *context)
{
    (void)context;
    const psyi_finding *const x = a, *const y = b;
    int result = compare_texts(x->file, y->file);
    if (result == 0)
        result = (x->row > y->row) - (x->row < y->row);
    if (result == 0)
        result = (x->column > y->column) - (x->column < y->column);
    if (result == 0)
        result = compare_texts(x->field, y->field);
    if (result == 0)
        result = compare_texts(x->rule, y->rule);
    if (result == 0)
        result = compare_texts(x->subject, y->subject);
    if (result == 0)
        result = compare_texts(x->message, y->message);
    if (result == 0)
        result = (x->order > y->order) - (x->order < y->order);
    return result;
}

void psy_findings_sort(psy_findings *findings)
{
    if (findings == NULL || findings->n_records < 2)
        return;
    /* qsort takes its room from nobody's budget; without room for ours it has to do. */
    if (findings->room == NULL || !psyi_spill_zeroes(findings->room) ||
        !psyi_merge_sort(findings->records, findings->n_records, sizeof *findings->records,
                         by_place, NULL, findings->room))
        qsort_r(findings->records, findings->n_records, sizeof *findings->records, by_place, NULL);
}

psy_status psyi_find(psy_findings *findings, const psy_finding *finding, psy_error *error,
                     const char *format, ...)
{
    if (findings == NULL)
        return PSY_OK;
    char message[512];
    va_list arguments;
    va_start(arguments, format);
    const int length = psyi_vformat(message, sizeof message, format, arguments);
    va_end(arguments);
    if (length < 0)
        return psyi_fail(error, PSY_E_INTERNAL, NULL, "a finding could not be formatted");
    psyi_text_printable(message);
    psy_finding copy = *finding;
    copy.message = message;
    return psy_findings_add(findings, &copy, error);
}

psy_status psyi_findings_merge(psy_findings *to, const psy_findings *from, psy_error *error)
{
    if (to == NULL || from == NULL)
        return PSY_OK;
    const uint32_t before = to->n_records;
    for (uint32_t i = 0; i < from->n_records; i++) {
        const psy_finding finding = psy_findings_get(from, i);
        const psy_status status = psy_findings_add(to, &finding, error);
        if (status != PSY_OK) {
            for (; to->n_records > before; to->n_records--)
                to->n_severity[to->records[to->n_records - 1].severity]--;
            return status;
        }
    }
    return PSY_OK;
}
