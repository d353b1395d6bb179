/*
 * people.c -- sex, grade, class and age of every student and every sheet.
 *
 * The roster knows; where it is silent, the sheets do.  Sheets that disagree with the roster
 * or among themselves are said so and never averaged: the roster counts, else the earliest
 * sheet that says anything.  Age is that of the day of the sheet.
 */
#include "cohort/people.h"
#include "base/fail.h"
#include "base/spill.h"
#include "base/text.h"
#include "cohort/row_order.h"
#include "intake/cell.h"
#include "table/collect.h"

#include <string.h>

#define DAY INT64_C(86400)

int psyi_compare_records(const psyi_record *a, const psyi_record *b)
{
    if (a->submitted_at != b->submitted_at) {
        if (a->submitted_at == PSYI_NO_TIME || b->submitted_at == PSYI_NO_TIME)
            return a->submitted_at == PSYI_NO_TIME ? 1 : -1; /* unknown times come last */
        return a->submitted_at < b->submitted_at ? -1 : 1;
    }
    const int numbers[][2] = {
        {a->grade, b->grade},     {a->class_number, b->class_number}, {a->sex, b->sex},
        {a->age, b->age},         {a->seconds, b->seconds},           {a->born, b->born},
        {a->consent, b->consent}, {a->informant, b->informant},
    };
    const char *const texts[][2] = {{a->class_text, b->class_text},
                                    {a->grade_text, b->grade_text},
                                    {a->name, b->name},
                                    {a->school, b->school}};
    return psyi_row_order(numbers, sizeof numbers / sizeof *numbers, texts,
                          sizeof texts / sizeof *texts);
}

static int16_t months_on(int32_t born, int64_t day)
{
    int y0, m0, d0, y1, m1, d1;
    psyi_civil(born, &y0, &m0, &d0);
    psyi_civil(day, &y1, &m1, &d1);
    const int months = 12 * (y1 - y0) + m1 - m0 - (d1 < d0);
    return months >= 0 && months < 121 * 12 ? (int16_t)months : -1;
}

/* Completed months on the day of the test; -1 unknown. */
static int16_t months_at(const psyi_assembly *a, int32_t born, int64_t time)
{
    if (time == PSYI_NO_TIME)
        time = a->results->as_of;
    if (born == INT32_MIN || time == PSYI_NO_TIME)
        return -1;
    return months_on(born, time >= 0 ? time / DAY : -((-time + DAY - 1) / DAY));
}

int16_t psyi_age_at(const psyi_assembly *a, int32_t born, int64_t time)
{
    const int16_t months = months_at(a, born, time);
    return months >= 0 ? (int16_t)(months / 12) : -1;
}

/* The record that speaks first, of those for which `known` holds. */
static const psyi_record *earliest(const psyi_assembly *a, const psyi_student *student,
                                   bool (*known)(const psyi_record *))
{
    const psyi_record *best = NULL;
    for (uint32_t i = 0; i < student->n_records; i++) {
        const psyi_record *const at = &a->results->intake->records[student->records[i]];
        if (known(at) && (best == NULL || psyi_compare_records(at, best) < 0))
            best = at;
    }
    return best;
}

static bool has_grade(const psyi_record *record)
{
    return record->grade > 0;
}

static bool has_sex(const psyi_record *record)
{
    return record->sex != PSYI_SEX_UNKNOWN;
}

static bool has_class(const psyi_record *record)
{
    return record->class_number > 0 ||
           (record->class_text != NULL && record->class_text[0] != '\0');
}

static bool has_name(const psyi_record *record)
{
    return record->name != NULL && record->name[0] != '\0';
}

static bool has_age(const psyi_record *record)
{
    return record->age >= 0 || record->born != INT32_MIN;
}

static const char *text_or_empty(const char *text)
{
    return text != NULL ? text : "";
}

static void from_roster(const psyi_assembly *a, psyi_student *student, const psyi_roster_row *row)
{
    student->in_roster = true;
    student->grade = row->grade;
    student->class_number = row->class_number;
    student->class_text = text_or_empty(row->class_text);
    student->grade_text = text_or_empty(row->grade_text);
    student->name = text_or_empty(row->name);
    student->exempt_reason = text_or_empty(row->exempt_reason);
    student->exempt = !row->required;
    student->sex = row->sex;
    student->age = psyi_age_at(a, row->born, student->submitted_at);
    if (student->age < 0)
        student->age = row->age;
}

/* What the roster does not know, from the sheets. */
static void fill_gaps(const psyi_assembly *a, psyi_student *student)
{
    const psyi_record *record;
    if (student->grade <= 0 && (record = earliest(a, student, has_grade)) != NULL) {
        student->grade = record->grade;
        if (student->grade_text[0] == '\0')
            student->grade_text = text_or_empty(record->grade_text);
    }
    if (student->sex == PSYI_SEX_UNKNOWN && (record = earliest(a, student, has_sex)) != NULL)
        student->sex = record->sex;
    if (student->class_number <= 0 && student->class_text[0] == '\0' &&
        (record = earliest(a, student, has_class)) != NULL) {
        student->class_number = record->class_number;
        student->class_text = text_or_empty(record->class_text);
    }
    if (student->name[0] == '\0' && (record = earliest(a, student, has_name)) != NULL)
        student->name = record->name;
    if (student->age < 0 && (record = earliest(a, student, has_age)) != NULL) {
        student->age = psyi_age_at(a, record->born, record->submitted_at);
        if (student->age < 0)
            student->age = record->age;
    }
}

uint32_t psyi_next_letter(const char **name)
{
    while (**name != '\0') {
        uint32_t c;
        *name += psyi_utf8_decode(*name, strlen(*name), &c);
        if (c == ' ' || c == 0x3000 || c == 0xB7 || c == 0x2022 || c == 0x30FB || c == 0xFF0E)
            continue;
        return c >= 0xFF01 && c <= 0xFF5E ? c - 0xFEE0 : c;
    }
    return 0;
}

bool psyi_same_name(const char *x, const char *y)
{
    uint32_t letter;
    do {
        letter = psyi_next_letter(&x);
        if (letter != psyi_next_letter(&y))
            return false;
    } while (letter != 0);
    return true;
}

static psy_status differs(const psyi_assembly *a, uint32_t record, psy_severity severity,
                          const char *rule, const char *field, psy_error *error)
{
    const psy_finding finding = psyi_record_finding(a, record, severity, rule, field);
    return psyi_find(a->findings, &finding, error, "the sheet says another %s than %s", field,
                     a->results->roster != NULL ? "the roster, whose word counts"
                                                : "an earlier one of the same student");
}

static psy_status compare(const psyi_assembly *a, psyi_student *student, uint32_t index,
                          psy_error *error)
{
    const psyi_record *const record = &a->results->intake->records[index];
    psy_status status = PSY_OK;
    if (record->grade > 0 && student->grade > 0 && record->grade != student->grade)
        status = differs(a, index, PSY_WARNING, "grade_differs", "grade", error);
    if (status == PSY_OK && record->sex != 0 && student->sex != 0 && record->sex != student->sex)
        status = differs(a, index, PSY_WARNING, "sex_differs", "sex", error);
    if (status == PSY_OK && record->class_number > 0 && student->class_number > 0 &&
        record->class_number != student->class_number) {
        student->why |= PSYI_WHY_CLASS_DIFFERS;
        status = differs(a, index, PSY_NOTE, "class_differs", "class", error);
    }
    /* A year apart is a birthday between two days. */
    if (status == PSY_OK && record->age >= 0 && student->age >= 0 &&
        (record->age > student->age + 1 || record->age < student->age - 1))
        status = differs(a, index, PSY_NOTE, "age_differs", "age", error);
    if (status == PSY_OK && has_name(record) && student->name[0] != '\0' &&
        !psyi_same_name(record->name, student->name))
        status = differs(a, index, PSY_WARNING, "name_differs", "name", error);
    return status;
}

static void person_of(const psyi_assembly *a, const psyi_student *student, uint32_t index)
{
    const psyi_record *const record = &a->results->intake->records[index];
    psyi_person *const person = &a->results->people[index];
    *person = (psyi_person){.sex = record->sex,
                            .informant = record->informant,
                            .grade = record->grade,
                            .age = record->age};
    int32_t born = record->born;
    if (student != NULL) {
        if (student->sex != PSYI_SEX_UNKNOWN)
            person->sex = student->sex;
        if (student->grade > 0)
            person->grade = student->grade;
        const uint32_t row = a->row_of[student - a->results->students];
        const psyi_roster_row *const at = row != UINT32_MAX ? &a->results->roster->rows[row] : NULL;
        if (at != NULL && at->born != INT32_MIN)
            born = at->born;
        if (at != NULL && at->age >= 0)
            person->age = at->age;
        else if (person->age < 0)
            person->age = student->age;
    }
    const int16_t months = months_at(a, born, record->submitted_at);
    if (months >= 0) {
        person->age = (int16_t)(months / 12);
        person->months = months;
    }
}

static void oldest_submission(const psyi_assembly *a, psyi_student *student)
{
    student->submitted_at = PSYI_NO_TIME;
    for (uint32_t i = 0; i < student->n_records; i++) {
        const int64_t time = a->results->intake->records[student->records[i]].submitted_at;
        if (time != PSYI_NO_TIME &&
            (student->submitted_at == PSYI_NO_TIME || time < student->submitted_at))
            student->submitted_at = time;
    }
}

psy_status psyi_settle_people(psyi_assembly *a, psy_error *error)
{
    psyi_results *const r = a->results;
    const size_t n = r->intake->n_records;
    r->people = psyi_arena_alloc(&r->arena, n, sizeof *r->people);
    if (r->people == NULL)
        return psyi_fail_memory(error, "people");
    for (size_t s = 0; s < r->n_students; s++) {
        psyi_student *const student = &r->students[s];
        psyi_spill_pass(a->allocator, s * 8); /* every step jumps */
        student->grade = student->class_number = 0;
        student->age = -1;
        student->class_text = student->grade_text = student->name = student->exempt_reason = "";
        oldest_submission(a, student);
        if (r->roster != NULL)
            from_roster(a, student, &r->roster->rows[a->row_of[s]]);
        fill_gaps(a, student);
        for (uint32_t i = 0; i < student->n_records; i++) {
            const psy_status status = compare(a, student, student->records[i], error);
            if (status != PSY_OK)
                return status;
            person_of(a, student, student->records[i]);
        }
    }
    for (size_t i = 0; i < r->n_unmatched; i++) {
        psyi_spill_pass(r->allocator, i);
        person_of(a, NULL, r->unmatched[i]);
    }
    return PSY_OK;
}
