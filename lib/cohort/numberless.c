/*
 * numberless.c -- printed ids of pupils to whom the roster gives no number.
 *
 * Without one they would share a case number, and what a school writes about one of them would
 * come back to another.  So their id is made from what the ladder knows them by: the local
 * number where there is one, else name, grade, class, sex and birth date, always with the school.
 * Consent, exemption and age are left out, so that a second release of the wave finds the same id;
 * so is the row, so that the order of rows does not matter.  Those who agree in all of it are
 * numbered in the order of the rest of their rows, and a finding says that only numbers can
 * tell them apart.
 */
#include "base/digest.h"
#include "base/fail.h"
#include "base/sort.h"
#include "base/spill.h"
#include "cohort/pseudonym.h"
#include "cohort/roll.h"
#include "table/collect.h"

#include <string.h>

#define ID_DIGITS 20 /* hexadecimal */

typedef struct nameless {
    const char *known_by;
    const psyi_roster_row *row;
    uint32_t seat;
} nameless;

static int by_knowledge(const void *x, const void *y, void *context)
{
    const nameless *const a = x, *const b = y;
    (void)context;
    const int order = strcmp(a->known_by, b->known_by);
    return order != 0 ? order : psyi_compare_rows(a->row, b->row);
}

/* Every part behind its length, so that no two pupils give the same text. */
static void add_part(psyi_buffer *out, psyi_arena *arena, const char *text)
{
    const char *const plain = psyi_canonical(arena, text != NULL ? text : "");
    if (plain == NULL)
        out->failed = true;
    else
        psyi_buffer_format(out, "%zu:%s", strlen(plain), plain);
}

static const char *known_by(psyi_arena *arena, psyi_buffer *text, const char *school,
                            const psyi_roster_row *row)
{
    text->length = 0;
    psyi_buffer_text(text, "no number|");
    add_part(text, arena, school);
    if (row->local_no != NULL && row->local_no[0] != '\0') {
        psyi_buffer_text(text, "local");
        add_part(text, arena, row->local_no);
    } else {
        add_part(text, arena, row->name);
        psyi_buffer_format(text, "|%d|", row->grade);
        add_part(text, arena, row->grade == 0 ? row->grade_text : "");
        psyi_buffer_format(text, "|%d|", row->class_number);
        add_part(text, arena, row->class_number == 0 ? row->class_text : "");
        psyi_buffer_format(text, "|%d|%ld", row->sex, (long)row->born);
    }
    return text->failed ? NULL : psyi_arena_text(arena, text->data, text->length);
}

static psy_status tell_alike(const psyi_roll *roll, const nameless *one, psy_error *error)
{
    const psyi_roster *const roster = roll->a->results->roster;
    const psy_finding finding = {
        .file = roster->files[one->row->file].name,
        .row = one->row->row,
        .field = "student",
        .rule = "no_code_alike",
        .severity = PSY_WARNING,
        .message = "another pupil without a student code has the same school, grade, class, name, "
                   "sex and birth date, or local number: a later roster may exchange their ids",
        .remedy = "write the numbers into the roster before anything is noted about them"};
    return psy_findings_add(roll->a->findings, &finding, error);
}

/* A hash, keyed where ids are pseudonyms. */
static psy_status make_id(psyi_arena *arena, psyi_pseudonyms *pseudonyms, const char *text,
                          const char **out, psy_error *error)
{
    static const char prefix[] = "no-number-";
    char digest[65];
    char *const id = psyi_arena_alloc(arena, 27 + sizeof prefix + ID_DIGITS, 1);
    if (id == NULL)
        return psyi_fail_memory(error, "ids");
    *out = id;
    if (pseudonyms != NULL)
        return psyi_pseudonym_of(pseudonyms, text, id, error);
    if (!psyi_sha256_bytes(text, strlen(text), digest))
        return psyi_fail_memory(error, "ids");
    memcpy(id, prefix, sizeof prefix);
    memcpy(id + sizeof prefix - 1, digest, ID_DIGITS);
    return PSY_OK;
}

static psy_status name_all(psyi_roll *roll, const nameless *all, size_t n,
                           psyi_pseudonyms *pseudonyms, psyi_buffer *text, psy_error *error)
{
    psy_status status = PSY_OK;
    size_t same = 0; /* how many before this one are known by the same */
    for (size_t i = 0; i < n && status == PSY_OK; i++) {
        same = i > 0 && strcmp(all[i].known_by, all[i - 1].known_by) == 0 ? same + 1 : 0;
        if (same > 0)
            status = tell_alike(roll, &all[i], error);
        text->length = 0;
        psyi_buffer_format(text, "%s|%zu", all[i].known_by, same);
        if (status == PSY_OK)
            status = text->failed ? psyi_fail_memory(error, "ids")
                                  : make_id(&roll->a->results->arena, pseudonyms, text->data,
                                            &roll->a->seats[all[i].seat].id, error);
    }
    return status;
}

psy_status psyi_name_numberless(psyi_roll *roll, psy_error *error)
{
    psyi_assembly *const a = roll->a;
    const psyi_roster *const roster = a->results->roster;
    size_t n = 0;
    for (size_t i = 0; i < a->n_seats; i++) {
        psyi_spill_pass(a->allocator, i);
        n += a->seats[i].code[0] == '\0';
    }
    if (n == 0 || roster == NULL) /* without a roster nobody has a seat without a number */
        return PSY_OK;
    nameless *const all = psyi_alloc(a->allocator, n, sizeof *all);
    psyi_pseudonyms *pseudonyms = NULL;
    psyi_buffer text;
    psyi_buffer_init(&text, a->allocator);
    psy_status status = all != NULL ? PSY_OK : psyi_fail_memory(error, "ids");
    if (status == PSY_OK && a->plan->pseudonym)
        status = psyi_pseudonyms_new(&pseudonyms, a->key, a->key_length, a->plan->id, a->allocator,
                                     error);
    n = 0;
    for (size_t i = 0; i < a->n_seats && status == PSY_OK; i++) {
        psyi_spill_pass(a->allocator, i);
        const psyi_seat *const seat = &a->seats[i];
        if (seat->code[0] != '\0')
            continue;
        const psyi_roster_row *const row = &roster->rows[seat->source];
        const char *const by =
            known_by(&a->results->arena, &text, roll->schools[seat->school].code, row);
        if (by == NULL)
            status = psyi_fail_memory(error, "ids");
        all[n++] = (nameless){.known_by = by, .row = row, .seat = (uint32_t)i};
    }
    if (status == PSY_OK && !psyi_merge_sort(all, n, sizeof *all, by_knowledge, NULL, a->allocator))
        status = psyi_fail_memory(error, "ids");
    if (status == PSY_OK)
        status = name_all(roll, all, n, pseudonyms, &text, error);
    psyi_pseudonyms_free(pseudonyms);
    psyi_buffer_done(&text);
    psyi_free(a->allocator, all);
    return status;
}
