/*
 * match_ladder.c -- students of sheets whose code says nothing.
 *
 * The plan declares which fields together make a student known, in the order they are tried.
 * A rung counts where the sheet has all of its fields; the one student of the roster who
 * agrees in all of them is the sheet's.  Several who agree are told apart by a later rung or
 * not at all: then all of them are kept as candidates, and nobody is chosen.  Names are
 * compared without blanks and dots, classes by their number, everything else as it stands.
 */
#include "base/fail.h"
#include "base/hash.h"
#include "base/sort.h"
#include "base/spill.h"
#include "base/text.h"
#include "cohort/assembly.h"
#include "cohort/people.h"

#include <stdlib.h>
#include <string.h>

#define BIT(field) (1u << (field))
#define NONE       UINT32_MAX

/* A student under his name (or local number), for looking up. */
struct psyi_name_place {
    uint64_t hash;
    uint32_t student;
};

static int by_hash(const void *x, const void *y, void *context)
{
    (void)context;
    const psyi_name_place *const a = x, *const b = y;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return a->student < b->student ? -1 : a->student > b->student;
}

static const psyi_roster_row *row_of(const psyi_assembly *a, uint32_t student)
{
    return &a->results->roster->rows[a->row_of[student]];
}

/* Without the blanks and dots that names are written with or without. */
static uint64_t name_hash(const char *name)
{
    uint64_t hash = PSYI_HASH_BEGIN;
    for (uint32_t letter; (letter = psyi_next_letter(&name)) != 0;)
        hash = psyi_hash_add(hash, letter);
    return hash;
}

static psy_status make_index(psyi_assembly *a, bool names, psyi_name_place **out, psy_error *error)
{
    const psyi_results *const r = a->results;
    psyi_name_place *const places = psyi_alloc(a->allocator, r->n_students, sizeof *places);
    *out = places;
    if (places == NULL)
        return psyi_fail_memory(error, "names");
    for (uint32_t s = 0; s < r->n_students; s++) {
        psyi_spill_pass(a->allocator, (size_t)s * 8); /* every step jumps */
        const psyi_roster_row *const row = row_of(a, s);
        places[s] =
            (psyi_name_place){names ? name_hash(row->name) : psyi_code_hash(row->local_no), s};
    }
    return psyi_merge_sort(places, r->n_students, sizeof *places, by_hash, NULL, a->allocator)
               ? PSY_OK
               : psyi_fail_memory(error, "names");
}

psy_status psyi_ladder_begin(psyi_assembly *a, psy_error *error)
{
    uint32_t fields = 0;
    psy_status status = PSY_OK;
    for (size_t i = 0; i < a->plan->n_rungs; i++)
        fields |= a->plan->rungs[i].fields;
    if (fields & BIT(PSYI_FIELD_NAME))
        status = make_index(a, true, &a->by_name, error);
    if (status == PSY_OK && (fields & BIT(PSYI_FIELD_LOCAL_NO)))
        status = make_index(a, false, &a->by_local, error);
    return status;
}

static bool same_text(psyi_assembly *a, const char *x, const char *y)
{
    const char *const m = psyi_canonical(&a->results->arena, x);
    const char *const n = psyi_canonical(&a->results->arena, y);
    return m != NULL && n != NULL && m[0] != '\0' && strcmp(m, n) == 0;
}

static bool same_class(psyi_assembly *a, const psyi_record *record, int number, const char *text)
{
    if (record->class_number > 0 && number > 0)
        return record->class_number == number;
    return same_text(a, record->class_text, text);
}

/* Whether the sheet says all that a rung asks for. */
static bool says(const psyi_assembly *a, uint32_t index, uint32_t fields)
{
    const psyi_record *const record = &a->results->intake->records[index];
    const struct {
        psyi_field field;
        bool said;
    } all[] = {
        {PSYI_FIELD_STUDENT, a->codes[index][0] != '\0'},
        {PSYI_FIELD_LOCAL_NO, record->local_no[0] != '\0'},
        {PSYI_FIELD_SCHOOL, a->record_school[index] != NONE},
        {PSYI_FIELD_GRADE, record->grade > 0},
        {PSYI_FIELD_CLASS, record->class_number > 0 || record->class_text[0] != '\0'},
        {PSYI_FIELD_NAME, record->name[0] != '\0'},
        {PSYI_FIELD_SEX, record->sex != PSYI_SEX_UNKNOWN},
        {PSYI_FIELD_AGE, record->age >= 0 || record->born != INT32_MIN},
        {PSYI_FIELD_BIRTH_DATE, record->born != INT32_MIN},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if ((fields & BIT(all[i].field)) && !all[i].said)
            return false;
    return true;
}

static bool same_age(const psyi_assembly *a, const psyi_record *record, const psyi_roster_row *row)
{
    int age = record->age, other = row->age;
    if (record->born != INT32_MIN)
        age = psyi_age_at(a, record->born, record->submitted_at);
    if (row->born != INT32_MIN)
        other = psyi_age_at(a, row->born, record->submitted_at);
    return age >= 0 && age == other;
}

static bool agrees(psyi_assembly *a, uint32_t index, uint32_t student, uint32_t fields)
{
    const psyi_results *const r = a->results;
    const psyi_record *const record = &r->intake->records[index];
    if ((fields & BIT(PSYI_FIELD_STUDENT)) &&
        strcmp(r->students[student].code, a->codes[index]) != 0)
        return false;
    if (fields == BIT(PSYI_FIELD_STUDENT)) /* all that is asked where there is no roster */
        return true;
    const psyi_roster_row *const row = row_of(a, student);
    if ((fields & BIT(PSYI_FIELD_SCHOOL)) && r->students[student].school != a->record_school[index])
        return false;
    if ((fields & BIT(PSYI_FIELD_GRADE)) && row->grade != record->grade)
        return false;
    if ((fields & BIT(PSYI_FIELD_SEX)) && row->sex != record->sex)
        return false;
    if ((fields & BIT(PSYI_FIELD_BIRTH_DATE)) && row->born != record->born)
        return false;
    if ((fields & BIT(PSYI_FIELD_NAME)) && !psyi_same_name(row->name, record->name))
        return false;
    if ((fields & BIT(PSYI_FIELD_LOCAL_NO)) && !same_text(a, row->local_no, record->local_no))
        return false;
    if ((fields & BIT(PSYI_FIELD_CLASS)) &&
        !same_class(a, record, row->class_number, row->class_text))
        return false;
    return (fields & BIT(PSYI_FIELD_AGE)) == 0 || same_age(a, record, row);
}

static bool push(psyi_assembly *a, uint32_t student)
{
    void *hopefuls = a->hopefuls;
    const bool good = psyi_grow(a->allocator, &hopefuls, &a->hopefuls_room, a->n_hopefuls + 1,
                                sizeof *a->hopefuls);
    a->hopefuls = hopefuls;
    if (good)
        a->hopefuls[a->n_hopefuls++] = student;
    return good;
}

/* All students that agree with the sheet on a rung, onto a->hopefuls. */
static psy_status step(psyi_assembly *a, uint32_t index, uint32_t fields, psy_error *error)
{
    const psyi_record *const record = &a->results->intake->records[index];
    if ((fields & (BIT(PSYI_FIELD_NAME) | BIT(PSYI_FIELD_LOCAL_NO))) == 0) {
        size_t n;
        const psyi_code_entry *const alike = psyi_index_find(a, a->codes[index], &n);
        for (; n > 0; n--) {
            const uint32_t student = a->rank[alike[n - 1].seat];
            if (agrees(a, index, student, fields) && !push(a, student))
                return psyi_fail_memory(error, "matching");
        }
        return PSY_OK;
    }
    const bool names = (fields & BIT(PSYI_FIELD_NAME)) != 0;
    const psyi_name_place *const places = names ? a->by_name : a->by_local;
    const char *const number = psyi_canonical(&a->results->arena, record->local_no);
    if (number == NULL)
        return psyi_fail_memory(error, "matching");
    const uint64_t hash = names ? name_hash(record->name) : psyi_code_hash(number);
    /* Of one hash students stand in their order, and that is by school: thousands share the name
     * or the number in a large district, few in a school. */
    uint32_t from = 0, end = UINT32_MAX;
    if ((fields & BIT(PSYI_FIELD_SCHOOL)) != 0) {
        const psyi_school *const school = &a->results->schools[a->record_school[index]];
        from = school->first_student;
        end = from + school->n_students;
    }
    size_t low = 0, high = a->results->n_students;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (places[middle].hash < hash ||
            (places[middle].hash == hash && places[middle].student < from))
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < a->results->n_students && places[low].hash == hash && places[low].student < end;
         low++) {
        psyi_spill_pass(a->allocator, low * 8); /* every step jumps */
        if (agrees(a, index, places[low].student, fields) && !push(a, places[low].student))
            return psyi_fail_memory(error, "matching");
    }
    return PSY_OK;
}

/* Is it among the candidates of an earlier rung, if there were any? */
static bool was_candidate(const psyi_assembly *a, size_t first, size_t n, uint32_t student)
{
    for (size_t i = 0; i < n; i++)
        if (a->hopefuls[first + i] == student)
            return true;
    return n == 0;
}

psy_status psyi_climb(psyi_assembly *a, uint32_t index, uint32_t *student, size_t *n_candidates,
                      psy_error *error)
{
    const size_t first = a->n_hopefuls; /* the narrowest set of candidates so far */
    size_t n = 0;
    psyi_spill_look_now(a->allocator); /* one sheet jumps a hundred times */
    *student = PSYI_NO_STUDENT;
    for (size_t i = 0; i < a->plan->n_rungs; i++) {
        const uint32_t fields = a->plan->rungs[i].fields;
        if (!says(a, index, fields))
            continue;
        const size_t mark = a->n_hopefuls;
        const psy_status status = step(a, index, fields, error);
        if (status != PSY_OK)
            return status;
        size_t kept = 0;
        for (size_t j = mark; j < a->n_hopefuls; j++)
            if (was_candidate(a, first, n, a->hopefuls[j]))
                a->hopefuls[mark + kept++] = a->hopefuls[j];
        if (kept > 0) {
            memmove(&a->hopefuls[first], &a->hopefuls[mark], kept * sizeof *a->hopefuls);
            n = kept;
        }
        a->n_hopefuls = first + n;
        if (n == 1) {
            *student = a->hopefuls[first];
            break;
        }
    }
    *n_candidates = n;
    return PSY_OK;
}

/* What is not there: the school, the class, or only the student in it. */
psy_status psyi_who_is_unknown(psyi_assembly *a, uint32_t index, psyi_unmatched_why *why,
                               psy_error *error)
{
    const psyi_record *const record = &a->results->intake->records[index];
    const uint32_t school = a->record_school[index];
    *why = PSYI_UNMATCHED_UNKNOWN;
    if (a->school_codes[index][0] != '\0' && school == NONE)
        *why = PSYI_UNMATCHED_SCHOOL;
    if (school == NONE || record->grade <= 0 ||
        (record->class_number <= 0 && record->class_text[0] == '\0'))
        return PSY_OK;
    const psyi_known_class *classes;
    size_t n;
    const psy_status status = psyi_classes_of(a, school, &classes, &n, error);
    if (status != PSY_OK)
        return status;
    *why = PSYI_UNMATCHED_CLASS;
    for (size_t i = 0; i < n; i++)
        if (classes[i].grade == record->grade &&
            same_class(a, record, classes[i].number, classes[i].text))
            *why = PSYI_UNMATCHED_UNKNOWN;
    return PSY_OK;
}
