/*
 * roll_call.c -- who the students and schools are.
 *
 * With a roster its rows are the students, answered or not; without one, everybody who sent
 * a sheet with a student code is.  A code names one student of one school; the same code in
 * two schools makes two students and an error, because a sheet that does not say its school
 * could then be either's.  Seats are taken in seats.c; here they get printed ids (pupils without
 * a code: numberless.c) and places.
 */
#include "base/fail.h"
#include "base/hash.h"
#include "base/parallel.h"
#include "base/sort.h"
#include "base/spill.h"
#include "base/text.h"
#include "cohort/assembly.h"
#include "cohort/pseudonym.h"
#include "cohort/roll.h"
#include "table/collect.h"

#include <string.h>

#define IDS_A_TASK 4096

const char *psyi_canonical(psyi_arena *arena, const char *text)
{
    size_t length = strlen(text);
    bool plain = true;
    for (size_t i = 0; i < length; i++)
        plain = plain && (unsigned char)text[i] < 0x80;
    if (plain && (length == 0 || (text[0] > ' ' && text[length - 1] > ' ')))
        return text;
    const char *at = text;
    psyi_trim(&at, &length);
    char *const copy = psyi_arena_alloc(arena, length + 1, 1);
    if (copy == NULL)
        return NULL;
    size_t narrow = psyi_narrow(at, length, copy);
    const char *start = copy;
    psyi_trim(&start, &narrow); /* a wide blank is one only now */
    copy[(start - copy) + (ptrdiff_t)narrow] = '\0';
    return start;
}

uint64_t psyi_code_hash(const char *code)
{
    uint64_t hash = PSYI_HASH_BEGIN;
    for (const char *c = code; *c != '\0'; c++) {
        /* Upper and lower case hash alike: see psyi_match. */
        const unsigned char letter =
            *c >= 'a' && *c <= 'z' ? (unsigned char)(*c - 'a' + 'A') : (unsigned char)*c;
        hash = psyi_hash_add(hash, letter);
    }
    return hash ^ hash >> 29;
}

/* ---- ids and order ---- */

static psy_status make_ids(void *context, size_t index, psy_error *error)
{
    const psyi_roll *const roll = context;
    const psyi_assembly *const a = roll->a;
    psyi_pseudonyms *pseudonyms;
    psy_status status =
        psyi_pseudonyms_new(&pseudonyms, a->key, a->key_length, a->plan->id, a->allocator, error);
    if (status != PSY_OK)
        return status;
    const size_t end = (index + 1) * IDS_A_TASK;
    for (size_t i = index * IDS_A_TASK; i < a->n_seats && i < end && status == PSY_OK; i++) {
        psyi_spill_pass(a->allocator, i);
        if (a->seats[i].code[0] == '\0')
            continue;
        status = psyi_pseudonym_of(pseudonyms, a->seats[i].code, roll->ids[i], error);
        a->seats[i].id = roll->ids[i];
    }
    psyi_pseudonyms_free(pseudonyms);
    return status;
}

static int by_school(const void *x, const void *y, void *context)
{
    (void)context;
    return strcmp(((const psyi_school_order *)x)->code, ((const psyi_school_order *)y)->code);
}

static int by_id(const void *x, const void *y, void *context)
{
    (void)context;
    const psyi_seat_order *const a = x, *const b = y;
    if (a->school != b->school)
        return a->school < b->school ? -1 : 1;
    if (a->prefix != b->prefix)
        return a->prefix < b->prefix ? -1 : 1;
    const int order = strcmp(a->id, b->id);
    return order != 0 ? order : a->seat < b->seat ? -1 : a->seat > b->seat;
}

static psy_status sort_schools(psyi_roll *roll, psy_error *error)
{
    psyi_assembly *const a = roll->a;
    psyi_results *const r = a->results;
    psyi_school_order *const order = psyi_alloc(a->allocator, roll->n_schools, sizeof *order);
    r->schools = psyi_arena_alloc(&r->arena, roll->n_schools, sizeof *r->schools);
    roll->school_rank = psyi_alloc(a->allocator, roll->n_schools, sizeof *roll->school_rank);
    if (order == NULL || r->schools == NULL || roll->school_rank == NULL) {
        psyi_free(a->allocator, order);
        return psyi_fail_memory(error, "schools");
    }
    for (size_t i = 0; i < roll->n_schools; i++)
        order[i] = (psyi_school_order){.code = roll->schools[i].code, .at = (uint32_t)i};
    size_t bytes = 1;
    for (size_t i = 0; i < roll->n_schools; i++) {
        psyi_spill_pass(a->allocator, i);
        bytes += strlen(order[i].code) + 1;
    }
    /* Codes are looked up for every sheet: in one place, and not where each was first met. */
    char *codes = psyi_arena_alloc(&r->arena, bytes, 1);
    if (codes == NULL ||
        !psyi_merge_sort(order, roll->n_schools, sizeof *order, by_school, NULL, a->allocator)) {
        psyi_free(a->allocator, order);
        return psyi_fail_memory(error, "schools");
    }
    for (size_t i = 0; i < roll->n_schools; i++) {
        psyi_spill_pass(a->allocator, i * 8); /* each code lies where its first pupil does */
        const size_t length = strlen(order[i].code) + 1;
        r->schools[i] = roll->schools[order[i].at];
        r->schools[i].code = memcpy(codes, order[i].code, length);
        codes += length;
        roll->school_rank[order[i].at] = (uint32_t)i;
    }
    r->n_schools = roll->n_schools;
    for (size_t i = 0; i < a->n_seats; i++) {
        psyi_spill_pass(a->allocator, i);
        a->seats[i].school = roll->school_rank[a->seats[i].school];
    }
    for (size_t i = 0; i < a->n_index; i++) {
        psyi_spill_pass(a->allocator, i);
        a->index[i].school = roll->school_rank[a->index[i].school];
    }
    psyi_free(a->allocator, order);
    return PSY_OK;
}

static uint64_t prefix_of(const char *id)
{
    uint64_t prefix = 0;
    for (unsigned i = 0; i < 8; i++) {
        prefix = prefix << 8 | (unsigned char)*id;
        id += *id != '\0';
    }
    return prefix;
}

static psy_status sort_seats(psyi_roll *roll, psy_error *error)
{
    psyi_assembly *const a = roll->a;
    psyi_results *const r = a->results;
    psyi_seat_order *const order = psyi_alloc(a->allocator, a->n_seats, sizeof *order);
    a->rank = psyi_alloc(a->allocator, a->n_seats, sizeof *a->rank);
    a->row_of = psyi_alloc(a->allocator, a->n_seats, sizeof *a->row_of);
    r->students = psyi_arena_alloc(&r->arena, a->n_seats, sizeof *r->students);
    if (order == NULL || a->rank == NULL || a->row_of == NULL || r->students == NULL) {
        psyi_free(a->allocator, order);
        return psyi_fail_memory(error, "students");
    }
    for (size_t i = 0; i < a->n_seats; i++) {
        psyi_spill_pass(a->allocator, i);
        const psyi_seat *const seat = &a->seats[i];
        order[i] = (psyi_seat_order){
            .prefix = prefix_of(seat->id),
            .id = seat->id,
            .school = seat->school,
            .seat = (uint32_t)i,
        };
    }
    psy_status status = PSY_OK;
    if (!psyi_merge_sort(order, a->n_seats, sizeof *order, by_id, NULL, a->allocator))
        status = psyi_fail_memory(error, "students");
    for (size_t i = 0; i < a->n_seats && status == PSY_OK; i++) {
        const psyi_seat *const seat = &a->seats[order[i].seat];
        psyi_spill_pass(a->allocator, i * 8); /* every step jumps */
        psyi_student *const student = &r->students[i];
        a->rank[order[i].seat] = (uint32_t)i;
        a->row_of[i] = r->roster != NULL ? seat->source : UINT32_MAX;
        if (r->roster != NULL) {
            student->roster_row = r->roster->rows[seat->source].row;
            student->roster_file = (uint16_t)r->roster->rows[seat->source].file;
        }
        student->code = seat->code;
        student->id = seat->id;
        student->school = seat->school;
        if (r->schools[seat->school].n_students++ == 0)
            r->schools[seat->school].first_student = (uint32_t)i;
        /* One id for two pupils would merge them on every list. */
        if (i > 0 && student->school == student[-1].school &&
            strcmp(student->id, student[-1].id) == 0)
            status = psyi_fail(error, PSY_E_INTERNAL, NULL,
                               "two students of one school got the same printed id");
    }
    r->n_students = a->n_seats;
    psyi_free(a->allocator, order);
    return status;
}

static bool is_shared(const psyi_code_entry *group, size_t n, size_t i)
{
    for (size_t j = 0; j < n; j++)
        if (j != i && strcmp(group[j].code, group[i].code) == 0)
            return true;
    return false;
}

static psy_status tell_shared_code(psyi_assembly *a, uint32_t seat, psy_error *error)
{
    psy_finding finding =
        psyi_student_finding(a, a->rank[seat], PSY_ERROR, "code_in_two_schools", "student");
    if (a->results->roster == NULL) {
        const psyi_record *const record = &a->results->intake->records[a->seats[seat].source];
        finding.file = a->results->intake->files[record->file].name;
        finding.row = record->row;
    }
    finding.remedy = "correct the code, or remove the pupil from the school he has left";
    return psyi_find(a->findings, &finding, error,
                     "this student code stands in several schools; a sheet with it is "
                     "matched only where it names the school");
}

/* A code that stands in several schools: an error at each of its places. */
static psy_status tell_shared_codes(psyi_assembly *a, psy_error *error)
{
    psy_status status = PSY_OK;
    for (size_t first = 0, end; first < a->n_index && status == PSY_OK; first = end) {
        psyi_spill_pass(a->allocator, first);
        end = psyi_index_group(a, first);
        for (size_t i = first; i < end && end - first > 1 && status == PSY_OK; i++) {
            psyi_spill_pass(a->allocator, i * 8); /* texts are anywhere */
            if (is_shared(&a->index[first], end - first, i - first))
                status = tell_shared_code(a, a->index[i].seat, error);
        }
    }
    return status;
}

static psy_status call(psyi_roll *roll, psy_error *error)
{
    psyi_assembly *const a = roll->a;
    psyi_results *const r = a->results;
    psy_status status = PSY_OK;
    if (r->roster != NULL) {
        status = psyi_seats_from_roster(roll, error);
    } else {
        status = psyi_seats_from_records(roll, error);
    }
    if (status == PSY_OK && a->plan->pseudonym) {
        roll->ids = psyi_arena_alloc(&r->arena, a->n_seats, sizeof *roll->ids);
        if (roll->ids == NULL)
            return psyi_fail_memory(error, "pseudonyms");
        status = psyi_parallel(a->n_threads, (a->n_seats + IDS_A_TASK - 1) / IDS_A_TASK, make_ids,
                               roll, a->allocator, error);
    }
    if (status == PSY_OK)
        status = psyi_name_numberless(roll, error);
    if (status == PSY_OK)
        status = sort_schools(roll, error);
    if (status == PSY_OK)
        status = sort_seats(roll, error);
    return status;
}

psy_status psyi_roll_call(psyi_assembly *a, psy_error *error)
{
    const psyi_results *const r = a->results;
    const size_t most = r->roster != NULL ? r->roster->n_rows : r->intake->n_records;
    psyi_roll roll = {.a = a, .n_slots = 64};
    while (roll.n_slots < 2 * most) /* there may be as many schools as rows */
        roll.n_slots *= 2;
    roll.slots = psyi_alloc(a->allocator, roll.n_slots, sizeof *roll.slots);
    psy_status status = PSY_OK;
    if (roll.slots == NULL)
        status = psyi_fail_memory(error, "students");
    if (status == PSY_OK)
        status = call(&roll, error);
    if (status == PSY_OK)
        status = tell_shared_codes(a, error);
    psyi_free(a->allocator, roll.slots);
    psyi_free(a->allocator, roll.schools);
    psyi_free(a->allocator, roll.school_rank);
    return status;
}
