/*
 * class_rooms.c -- sheets of one class that are alike, and classes that hand in at once.
 *
 * Neither is evidence against a child: of two equal sheets nobody can say which was copied,
 * and a class shares one network and one bell.  Both become findings, about the sheets or
 * the class room.
 */
#include "base/fail.h"
#include "base/sort.h"
#include "base/spill.h"
#include "cohort/assembly.h"
#include "table/collect.h"
#include "validity/evidence.h"

#include <stdlib.h>
#include <string.h>

/* Equal sheets tell something only when there is something on them: so many answers above
 * the lowest.  Sheets of well children are alike, all near the floor. */
#define LEAST_RAISED 10

typedef struct class_rooms {
    psyi_assembly *a;
    uint32_t *class_of; /* student -> class; a student of unknown class is one of his own */
    uint32_t n_classes;
    uint32_t *order;
} class_rooms;

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

/* 高一 and 中职一年级 are both the tenth year, and may both have a third class. */
static bool is_vocational(const psyi_student *student)
{
    return strstr(or_empty(student->class_text), "职") != NULL ||
           strstr(or_empty(student->grade_text), "职") != NULL;
}

int psyi_class_order(const psyi_student *a, const psyi_student *b)
{
    if (a->grade != b->grade)
        return a->grade < b->grade ? -1 : 1;
    if (a->class_number != b->class_number)
        return a->class_number < b->class_number ? -1 : 1;
    const int order = a->grade == 0 /* of 2023级 and 2022级 */
                          ? strcmp(or_empty(a->grade_text), or_empty(b->grade_text))
                          : 0;
    if (order != 0)
        return order;
    if (a->class_number <= 0)
        return strcmp(or_empty(a->class_text), or_empty(b->class_text));
    return a->grade >= 10 ? (int)is_vocational(a) - (int)is_vocational(b) : 0;
}

static int compare_rooms(const psyi_student *a, const psyi_student *b)
{
    if (a->school != b->school)
        return a->school < b->school ? -1 : 1;
    return psyi_class_order(a, b);
}

static int by_room(const void *x, const void *y, void *context)
{
    const psyi_results *const r = context;
    const uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    const int order = compare_rooms(&r->students[a], &r->students[b]);
    return order != 0 ? order : (a < b ? -1 : a > b);
}

static bool knows_class(const psyi_student *s)
{
    return s->class_number > 0 || (s->class_text != NULL && s->class_text[0] != '\0');
}

static bool number_classes(class_rooms *rooms)
{
    psyi_results *const r = rooms->a->results;
    for (size_t s = 0; s < r->n_students; s++) {
        psyi_spill_pass(r->allocator, s);
        rooms->order[s] = (uint32_t)s;
    }
    if (!psyi_merge_sort(rooms->order, r->n_students, sizeof *rooms->order, by_room, r,
                         rooms->a->allocator))
        return false;
    for (size_t i = 0; i < r->n_students; i++) {
        const psyi_student *const s = &r->students[rooms->order[i]];
        psyi_spill_pass(r->allocator, i);
        const bool same =
            i > 0 && knows_class(s) && compare_rooms(s, &r->students[rooms->order[i - 1]]) == 0;
        rooms->n_classes += !same;
        rooms->class_of[rooms->order[i]] = rooms->n_classes - 1;
    }
    return true;
}

/* The submission of a student that is looked at: of the first use that has a chosen sheet. */
static uint32_t record_of(const psyi_assembly *a, size_t student)
{
    if (!psyi_consents(a, student))
        return PSYI_NO_SHEET;
    for (unsigned use = 0; use < a->plan->n_uses; use++)
        if (a->chosen[use * a->results->n_students + student] != PSYI_NO_SHEET)
            return a->chosen[use * a->results->n_students + student];
    return PSYI_NO_SHEET;
}

/* ---- sheets that are alike ---- */

/* Classes do not reach beyond their school: so many students are looked at together, and the
 * last school of them as a whole. */
#define STUDENTS_A_GRID 2048

typedef struct copies {
    size_t first, n; /* students */
    psyi_use_grid *grids;
    const int8_t **items;
    size_t n_items;
    uint32_t *rows; /* [use * n + student - first] */
    double *same;
    uint8_t *state;
} copies;

static psy_status gather(class_rooms *rooms, copies *c, psy_error *error)
{
    psyi_assembly *const a = rooms->a;
    psyi_results *const r = a->results;
    psy_status status = PSY_OK;
    size_t n = 0;
    for (unsigned use = 0; use < a->plan->n_uses && status == PSY_OK; use++) {
        uint32_t *const rows = c->rows + use * c->n;
        if (r->scores[use] == NULL)
            continue;
        for (size_t i = 0; i < c->n; i++) {
            psyi_spill_pass(r->allocator, i);
            rows[i] = psyi_consents(a, c->first + i) ? a->chosen[use * r->n_students + c->first + i]
                                                     : PSYI_NO_SHEET;
        }
        status = psyi_use_grid_make(&c->grids[use], r->intake->sheets[use], use, a->plan->policy,
                                    rows, c->n, a->n_threads, a->allocator, error);
        n += status == PSY_OK ? c->grids[use].n_items : 0;
    }
    if (status != PSY_OK)
        return status;
    c->items = psyi_alloc(a->allocator, n + 1, sizeof *c->items);
    if (c->items == NULL)
        return psyi_fail_memory(error, "answers of classes");
    for (unsigned use = 0; use < a->plan->n_uses; use++)
        for (size_t i = 0; i < c->grids[use].n_items; i++)
            c->items[c->n_items++] = c->grids[use].given[i];
    return PSY_OK;
}

static size_t raised(const copies *c, unsigned n_uses, size_t row)
{
    size_t n = 0;
    for (unsigned use = 0; use < n_uses; use++)
        for (size_t i = 0; i < c->grids[use].n_items; i++)
            n += c->grids[use].scored[i][row] > 0;
    return n;
}

static psy_status tell_copies(class_rooms *rooms, const copies *c, psy_error *error)
{
    psyi_assembly *const a = rooms->a;
    const double mark = psyi_ratio_double(a->plan->policy->copies_share);
    psy_status status = PSY_OK;
    for (size_t i = 0; i < c->n && status == PSY_OK; i++) {
        const double same = psyi_sign_round(PSYI_SIGN_LONGSTRING, c->same[i]);
        if (c->state[i] != PSY_INDEX_DEFINED || !(same >= mark) ||
            raised(c, (unsigned)a->plan->n_uses, i) < LEAST_RAISED)
            continue;
        const psy_finding finding =
            psyi_student_finding(a, c->first + i, PSY_NOTE, "near_copies", "answers");
        status = psyi_find(a->findings, &finding, error,
                           "another sheet of the class has the same answer to %.1f %% of the items "
                           "both answered; the sheets alone do not say which, or why",
                           100 * same);
    }
    return status;
}

enum { MOST_ITEMS = 4096 }; /* of a grid */

static psy_status tell_too_many(const class_rooms *rooms, size_t n_items, psy_error *error)
{
    const psy_finding finding = {
        .field = "answers", .rule = "copies_many_items", .severity = PSY_NOTE};
    return psyi_find(rooms->a->findings, &finding, error,
                     "sheets of a class were not held against each other: all questionnaires have "
                     "%zu items, and at most %d can be compared",
                     n_items, (int)MOST_ITEMS);
}

static psy_status find_copies_of(class_rooms *rooms, size_t first, size_t n, psy_error *error)
{
    psyi_assembly *const a = rooms->a;
    const size_t n_uses = a->plan->n_uses;
    copies c = {.first = first,
                .n = n,
                .grids = psyi_alloc(a->allocator, n_uses, sizeof *c.grids),
                .rows = psyi_alloc(a->allocator, n_uses * n + 1, sizeof *c.rows),
                .same = psyi_alloc(a->allocator, n + 1, sizeof *c.same),
                .state = psyi_alloc(a->allocator, n + 1, 1)};
    psy_status status = PSY_OK;
    if (c.grids == NULL || c.rows == NULL || c.same == NULL || c.state == NULL)
        status = psyi_fail_memory(error, "answers of classes");
    if (status == PSY_OK)
        status = gather(rooms, &c, error);
    if (status == PSY_OK && c.n_items > MOST_ITEMS && first == 0)
        status = tell_too_many(rooms, c.n_items, error);
    if (status == PSY_OK && c.n_items >= a->plan->policy->copies_items && c.n_items <= MOST_ITEMS) {
        const psy_answer_grid grid = {.version = PSY_ANSWER_GRID_VERSION,
                                      .n_threads = a->n_threads,
                                      .n_items = c.n_items,
                                      .n_rows = n,
                                      .items = c.items,
                                      .allocator = a->allocator};
        status =
            psy_validity_near_copies(&grid, rooms->class_of + first, a->plan->policy->copies_items,
                                     c.same, NULL, c.state, error);
        if (status == PSY_OK)
            status = tell_copies(rooms, &c, error);
    }
    for (size_t use = 0; use < n_uses && c.grids != NULL; use++)
        if (c.grids[use].instrument != NULL)
            psyi_use_grid_done(&c.grids[use]);
    psyi_free(a->allocator, c.grids);
    psyi_free(a->allocator, c.items);
    psyi_free(a->allocator, c.rows);
    psyi_free(a->allocator, c.same);
    psyi_free(a->allocator, c.state);
    return status;
}

static psy_status find_copies(class_rooms *rooms, psy_error *error)
{
    const psyi_results *const r = rooms->a->results;
    psy_status status = PSY_OK;
    for (size_t school = 0, first = 0, n; school < r->n_schools && status == PSY_OK; first += n) {
        for (n = 0; school < r->n_schools && n < STUDENTS_A_GRID; school++)
            n += r->schools[school].n_students;
        if (n > 0)
            status = find_copies_of(rooms, first, n, error);
    }
    return status;
}

/* ---- classes that hand in at once ---- */

static psy_status tell_burst(class_rooms *rooms, size_t student, uint32_t most, uint32_t of,
                             psy_error *error)
{
    const psyi_results *const r = rooms->a->results;
    const psyi_student *const s = &r->students[student];
    psy_finding finding = {.rule = "burst",
                           .severity = PSY_NOTE,
                           .field = "submitted_at",
                           .subject = r->schools[s->school].code};
    finding.remedy = "ask how the class was tested; nothing is held against a child";
    return psyi_find(rooms->a->findings, &finding, error,
                     "grade %d, class %d: %u of %u sheets were handed in within %u s", s->grade,
                     s->class_number, most, of, rooms->a->plan->policy->burst_seconds);
}

static psy_status find_bursts(class_rooms *rooms, psy_error *error)
{
    psyi_assembly *const a = rooms->a;
    psyi_results *const r = a->results;
    const size_t n = r->n_students;
    int64_t *const time = psyi_alloc(a->allocator, n + 1, sizeof *time);
    uint32_t *const count = psyi_alloc(a->allocator, n + 1, sizeof *count);
    bool fine = false; /* a time that is no full minute */
    psy_status status = PSY_OK;
    if (time == NULL || count == NULL)
        status = psyi_fail_memory(error, "times of classes");
    for (size_t s = 0; s < n && status == PSY_OK; s++) {
        psyi_spill_pass(r->allocator, s);
        const uint32_t record = record_of(a, s);
        time[s] = record != PSYI_NO_SHEET ? r->intake->records[record].submitted_at : PSY_NO_TIME;
        fine = fine || (time[s] != PSY_NO_TIME && time[s] % 60 != 0);
    }
    /* Times to the minute put every class into one moment: they say nothing here. */
    if (status == PSY_OK && fine)
        status = psy_validity_bursts(time, rooms->class_of, n, a->plan->policy->burst_seconds,
                                     count, a->allocator, error);
    for (size_t i = 0; i < n && status == PSY_OK && fine;) {
        const uint32_t class = rooms->class_of[rooms->order[i]];
        const size_t first = i;
        uint32_t most = 0, of = 0;
        for (; i < n && rooms->class_of[rooms->order[i]] == class; i++) {
            psyi_spill_pass(r->allocator, i);
            of += count[rooms->order[i]] > 0;
            most = count[rooms->order[i]] > most ? count[rooms->order[i]] : most;
        }
        if (most >= a->plan->policy->burst_n)
            status = tell_burst(rooms, rooms->order[first], most, of, error);
    }
    psyi_free(a->allocator, time);
    psyi_free(a->allocator, count);
    return status;
}

psy_status psyi_look_at_classes(psyi_assembly *a, psy_error *error)
{
    const psyi_validity_policy *const policy = a->plan->policy;
    const size_t n = a->results->n_students;
    class_rooms rooms = {.a = a};
    if (n == 0 || (policy->copies_items == 0 && policy->burst_n == 0))
        return PSY_OK;
    rooms.class_of = psyi_alloc(a->allocator, n, sizeof *rooms.class_of);
    rooms.order = psyi_alloc(a->allocator, n, sizeof *rooms.order);
    psy_status status = PSY_OK;
    if (rooms.class_of == NULL || rooms.order == NULL || !number_classes(&rooms))
        status = psyi_fail_memory(error, "classes");
    if (status == PSY_OK) {
        if (policy->copies_items > 0)
            status = find_copies(&rooms, error);
        if (status == PSY_OK && policy->burst_n > 0)
            status = find_bursts(&rooms, error);
    }
    psyi_free(a->allocator, rooms.class_of);
    psyi_free(a->allocator, rooms.order);
    return status;
}
