/*
 * groups.c -- groups of students.
 *
 * Counts come from the cohort, one student at a time, so that every table counts by the
 * same rule.
 */
#include "report/groups.h"

#include "base/spill.h"

#include <stdlib.h>
#include <string.h>

void psyi_counts_add(psyi_counts *to, const psyi_counts *from)
{
    _Static_assert(sizeof(psyi_counts) % sizeof(uint64_t) == 0, "counts are all of one type");
    uint64_t sums[sizeof(psyi_counts) / sizeof(uint64_t)];
    uint64_t more[sizeof(psyi_counts) / sizeof(uint64_t)];
    memcpy(sums, to, sizeof sums);
    memcpy(more, from, sizeof more);
    for (size_t i = 0; i < sizeof sums / sizeof sums[0]; i++)
        sums[i] += more[i];
    memcpy(to, sums, sizeof sums);
}

/* ---- groups ---- */

static const psyi_student *student_of(const psyi_results *results, uint32_t student)
{
    return &results->students[student];
}

static int compare_class(const psyi_results *results, uint32_t a, uint32_t b)
{
    return psyi_class_order(student_of(results, a), student_of(results, b));
}

static int compare_sex(const psyi_results *results, uint32_t a, uint32_t b)
{
    const psyi_student *const x = student_of(results, a), *const y = student_of(results, b);
    if (x->grade != y->grade)
        return x->grade < y->grade ? -1 : 1;
    /* Unknown last. */
    const int p = x->sex == PSYI_SEX_UNKNOWN ? 9 : x->sex;
    const int q = y->sex == PSYI_SEX_UNKNOWN ? 9 : y->sex;
    return p - q;
}

/* Stable, with n log n comparisons and no state beside it. */
static void merge_sort(const psyi_results *results, psyi_compare_items *compare, uint32_t *items,
                       uint32_t *room, size_t n)
{
    if (n < 2)
        return;
    const size_t half = n / 2;
    merge_sort(results, compare, items, room, half);
    merge_sort(results, compare, items + half, room, n - half);
    memcpy(room, items, half * sizeof *items);
    size_t left = 0, right = half, at = 0;
    while (left < half && right < n)
        items[at++] =
            compare(results, items[right], room[left]) < 0 ? items[right++] : room[left++];
    while (left < half)
        items[at++] = room[left++];
}

bool psyi_sort(psyi_report *report, psyi_compare_items *compare, uint32_t *items, size_t n)
{
    uint32_t *const room = psyi_arena_alloc(&report->arena, n + 1, sizeof *room);
    if (room == NULL)
        return false;
    merge_sort(report->results, compare, items, room, n);
    return true;
}

static uint32_t *order_by(psyi_report *report, psyi_compare_items *compare)
{
    const size_t n = report->n;
    uint32_t *const order = psyi_arena_alloc(&report->arena, n + 1, sizeof *order);
    for (size_t i = 0; order != NULL && i < n; i++)
        order[i] = (uint32_t)(report->first + i);
    return order != NULL && psyi_sort(report, compare, order, n) ? order : NULL;
}

uint32_t *psyi_order_by_class(psyi_report *report)
{
    return order_by(report, compare_class);
}

/* ---- making groups ---- */

/* The finest groups as they are met, each known by its first student; `sorted` holds their numbers
 * in order.  Students are passed once, in their own order: sorting a million of them would jump
 * through all that is known of them. */
typedef struct finding {
    psyi_report *report;
    psyi_compare_items *compare;
    uint32_t *firsts, *sorted;
    psyi_counts *counts;
    bool *spelt; /* the class in more than one way: 3班, 高一(3)班 */
    size_t n, room;
} finding;

static bool grow(finding *f)
{
    psyi_arena *const arena = &f->report->arena;
    const size_t room = f->room == 0 ? 64 : 2 * f->room;
    uint32_t *const firsts = psyi_arena_alloc(arena, room, sizeof *firsts);
    uint32_t *const sorted = psyi_arena_alloc(arena, room, sizeof *sorted);
    psyi_counts *const counts = psyi_arena_alloc(arena, room, sizeof *counts);
    bool *const spelt = psyi_arena_alloc(arena, room, sizeof *spelt);
    if (firsts == NULL || sorted == NULL || counts == NULL || spelt == NULL)
        return false;
    if (f->n > 0) {
        memcpy(firsts, f->firsts, f->n * sizeof *firsts);
        memcpy(sorted, f->sorted, f->n * sizeof *sorted);
        memcpy(counts, f->counts, f->n * sizeof *counts);
        memcpy(spelt, f->spelt, f->n * sizeof *spelt);
    }
    f->firsts = firsts;
    f->sorted = sorted;
    f->counts = counts;
    f->spelt = spelt;
    f->room = room;
    return true;
}

/* The number of a student's group, a new one where he is the first of it; f->n without memory. */
static size_t find_group(finding *f, uint32_t student)
{
    const psyi_results *const results = f->report->results;
    size_t low = 0, high = f->n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = f->compare(results, f->firsts[f->sorted[middle]], student);
        if (order == 0)
            return f->sorted[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (f->n == f->room && !grow(f))
        return f->n;
    memmove(&f->sorted[low + 1], &f->sorted[low], (f->n - low) * sizeof *f->sorted);
    f->firsts[f->n] = student;
    f->sorted[low] = (uint32_t)f->n;
    memset(&f->counts[f->n], 0, sizeof f->counts[f->n]);
    return f->n++;
}

/* Every student's group by its number, and what the groups count. */
static bool find_groups(finding *f, uint32_t *group_of)
{
    const psyi_report *const report = f->report;
    for (size_t i = 0; i < report->n; i++) {
        const uint32_t student = (uint32_t)(report->first + i);
        psyi_spill_pass(report->results->allocator, i);
        const size_t group = find_group(f, student);
        if (group == f->n)
            return false;
        psyi_counts one;
        psyi_count(report->results, student, 1, NULL, NULL, &one);
        psyi_counts_add(&f->counts[group], &one);
        const char *const text = student_of(report->results, student)->class_text;
        const char *const first = student_of(report->results, f->firsts[group])->class_text;
        f->spelt[group] = f->spelt[group] || (text != first && strcmp(text, first) != 0);
        group_of[i] = (uint32_t)group;
    }
    return true;
}

/* As everybody writes it, else by its number. */
static const char *class_label(const finding *f, uint32_t first, bool spelt)
{
    const psyi_student *const who = student_of(f->report->results, first);
    return spelt && who->class_number > 0
               ? psyi_arena_format(&f->report->arena, "%d班", who->class_number)
               : who->class_text;
}

/* The groups in order, behind those of a grade the whole grade, everybody last; `place` and `grade`
 * receive where a group, and the whole of its grade, has come to stand. */
static bool put_in_order(const finding *f, bool by_sex, uint32_t *place, uint32_t *grade,
                         psyi_groups *out)
{
    const psyi_results *const results = f->report->results;
    psyi_counts everybody;
    memset(&everybody, 0, sizeof everybody);
    for (size_t from = 0; from < f->n;) {
        const int16_t of = student_of(results, f->firsts[f->sorted[from]])->grade;
        psyi_group whole = {.grade = of, .sex = PSYI_ANY, .whole = 1, .class_text = ""};
        size_t to = from;
        for (; to < f->n; to++) {
            const uint32_t group = f->sorted[to];
            const psyi_student *const first = student_of(results, f->firsts[group]);
            if (first->grade != of)
                break;
            const char *const class =
                by_sex ? "" : class_label(f, f->firsts[group], f->spelt[group]);
            if (class == NULL)
                return false;
            place[group] = (uint32_t)out->n;
            out->groups[out->n++] = (psyi_group){.grade = of,
                                                 .sex = by_sex ? first->sex : PSYI_ANY,
                                                 .class_text = class,
                                                 .counts = f->counts[group]};
            psyi_counts_add(&whole.counts, &f->counts[group]);
        }
        for (; from < to; from++)
            grade[f->sorted[from]] = (uint32_t)out->n;
        psyi_counts_add(&everybody, &whole.counts);
        out->groups[out->n++] = whole;
    }
    out->groups[out->n++] =
        (psyi_group){.sex = PSYI_ANY, .whole = 2, .class_text = "", .counts = everybody};
    return true;
}

static bool make_groups(psyi_report *report, psyi_compare_items *compare, bool by_sex,
                        psyi_groups *out)
{
    finding f = {.report = report, .compare = compare};
    psyi_arena *const arena = &report->arena;
    out->n = 0;
    out->group_of = psyi_arena_alloc(arena, report->n + 1, sizeof *out->group_of);
    out->grade_of = psyi_arena_alloc(arena, report->n + 1, sizeof *out->grade_of);
    bool done = out->group_of != NULL && out->grade_of != NULL && find_groups(&f, out->group_of);
    uint32_t *const place = done ? psyi_arena_alloc(arena, f.n + 1, sizeof *place) : NULL;
    uint32_t *const grade = done ? psyi_arena_alloc(arena, f.n + 1, sizeof *grade) : NULL;
    /* At most as many grades as groups. */
    out->groups = done ? psyi_arena_alloc(arena, 2 * f.n + 1, sizeof *out->groups) : NULL;
    done = place != NULL && grade != NULL && out->groups != NULL &&
           put_in_order(&f, by_sex, place, grade, out);
    if (!done) {
        psyi_book_fail(report->book, PSY_E_NOMEM, "out of memory: groups of students");
        return false;
    }
    for (size_t i = 0; i < report->n; i++) {
        psyi_spill_pass(report->results->allocator, i);
        out->grade_of[i] = grade[out->group_of[i]];
        out->group_of[i] = place[out->group_of[i]];
    }
    return true;
}

bool psyi_groups_by_class(psyi_report *report, psyi_groups *groups)
{
    return make_groups(report, compare_class, false, groups);
}

bool psyi_groups_by_sex(psyi_report *report, psyi_groups *groups)
{
    return make_groups(report, compare_sex, true, groups);
}

size_t psyi_groups_parent(const psyi_groups *groups, size_t group)
{
    if (groups->groups[group].whole == 2)
        return SIZE_MAX;
    if (groups->groups[group].whole == 1)
        return groups->n - 1;
    while (groups->groups[group].whole == 0)
        group++;
    return group;
}
