/*
 * release_parts.c -- schools by stage and battery, with what is expected of each.
 *
 * A school of small children and one of big ones do not compare, nor do schools that answered
 * different questionnaires.  Within a part a school's expected number is that of its own
 * pupils, each with the rate of his grade and sex in all schools of the part (indirect
 * standardisation).
 *
 * The rate of a grade and sex is two numbers of 年级性别.  From what is expected of some schools,
 * and from who is in them, it can be worked out: so it is used only where it is shown there.  Where
 * one of them is hidden, or is of more schools than those of the part, the rates of grades are;
 * where one of these is, nothing is expected of anybody.
 */
#include "report/release_parts.h"
#include "base/spill.h"

#include <string.h>

#define STAGES    5
#define BATTERIES 256

static size_t part_of(const psyi_student *who)
{
    return (size_t)psyi_stage_of(who->grade) * BATTERIES + who->battery;
}

static bool is_valid(const psyi_student *who)
{
    return who->status == PSYI_STATUS_VALID || who->status == PSYI_STATUS_DOUBTFUL;
}

static bool is_found(const psyi_student *who)
{
    return is_valid(who) && who->tier > 0;
}

/* The schools of one part, in the order of their codes. */
static void add_schools(const psyi_results *results, size_t key, psyi_release_part *part)
{
    for (size_t s = 0; s < results->n_schools; s++) {
        const psyi_school *const school = &results->schools[s];
        psyi_release_school *const at = &part->schools[part->n];
        bool any = false;
        *at = (psyi_release_school){.school = (uint32_t)s};
        for (size_t i = school->first_student; i < school->first_student + school->n_students;
             i++) {
            const psyi_student *const who = &results->students[i];
            psyi_spill_pass(results->allocator, i);
            if (part_of(who) != key)
                continue;
            any = true;
            at->due += !(who->exempt && !who->tested);
            at->tested += who->tested;
            at->valid += is_valid(who);
            at->found += is_found(who);
        }
        part->n += any;
    }
}

psyi_release_part *psyi_parts_make(psyi_report *report, size_t *n)
{
    const psyi_results *const results = report->results;
    bool *const seen = psyi_arena_alloc(&report->arena, STAGES * BATTERIES, sizeof *seen);
    size_t n_parts = 0;
    for (size_t i = 0; seen != NULL && i < results->n_students; i++) {
        psyi_spill_pass(results->allocator, i);
        if (!seen[part_of(&results->students[i])]) {
            seen[part_of(&results->students[i])] = true;
            n_parts++;
        }
    }
    psyi_release_part *const parts = psyi_arena_alloc(&report->arena, n_parts + 1, sizeof *parts);
    *n = 0;
    for (size_t key = 0; seen != NULL && parts != NULL && key < STAGES * BATTERIES; key++) {
        if (!seen[key])
            continue;
        psyi_release_part *const part = &parts[(*n)++];
        part->stage = (uint8_t)(key / BATTERIES);
        part->battery = (uint8_t)(key % BATTERIES);
        part->schools =
            psyi_arena_alloc(&report->arena, results->n_schools + 1, sizeof *part->schools);
        if (part->schools == NULL)
            break;
        add_schools(results, key, part);
    }
    if (seen != NULL && parts != NULL && *n == n_parts &&
        (n_parts == 0 || parts[n_parts - 1].schools != NULL))
        return parts;
    psyi_book_fail(report->book, PSY_E_NOMEM, "out of memory: schools by stage");
    return NULL;
}

typedef struct expecting {
    psyi_report *report;
    const psyi_groups *groups;
    const psyi_outcomes *grades;
    uint64_t *valid, *found; /* per group, in the part */
} expecting;

static size_t key_of(const psyi_release_part *part)
{
    return (size_t)part->stage * BATTERIES + part->battery;
}

/* Does 年级性别 show all of them? */
static bool are_shown(expecting *e, const psyi_release_part *part, const uint32_t *group_of)
{
    const psyi_results *const results = e->report->results;
    memset(e->valid, 0, e->groups->n * sizeof *e->valid);
    memset(e->found, 0, e->groups->n * sizeof *e->found);
    for (size_t i = 0; i < results->n_students; i++) {
        const psyi_student *const who = &results->students[i];
        psyi_spill_pass(results->allocator, i);
        if (part_of(who) != key_of(part))
            continue;
        e->valid[group_of[i]] += is_valid(who);
        e->found[group_of[i]] += is_found(who);
    }
    const size_t column = 2 * e->grades->n_ranks + PSYI_OUT_ANY_VALID;
    for (size_t i = 0; i < e->groups->n; i++) {
        const size_t at = i * e->grades->n_columns + column;
        if (e->valid[i] > 0 &&
            (e->grades->hidden[at] || e->valid[i] != e->groups->groups[i].counts.valid ||
             e->found[i] != e->grades->counts[at]))
            return false;
    }
    return true;
}

static void expect(const expecting *e, psyi_release_part *part, const uint32_t *group_of)
{
    const psyi_results *const results = e->report->results;
    for (size_t k = 0; k < part->n; k++) {
        const psyi_school *const school = &results->schools[part->schools[k].school];
        for (size_t i = school->first_student; i < school->first_student + school->n_students;
             i++) {
            const psyi_student *const who = &results->students[i];
            psyi_spill_pass(results->allocator, i);
            if (part_of(who) == key_of(part) && is_valid(who))
                part->schools[k].expected +=
                    (double)e->found[group_of[i]] / (double)e->valid[group_of[i]];
        }
    }
}

void psyi_parts_expect(psyi_report *report, psyi_release_part *parts, size_t n,
                       const psyi_groups *groups, const psyi_outcomes *grades)
{
    expecting e = {.report = report, .groups = groups, .grades = grades};
    e.valid = psyi_arena_alloc(&report->arena, groups->n + 1, sizeof *e.valid);
    e.found = psyi_arena_alloc(&report->arena, groups->n + 1, sizeof *e.found);
    if (e.valid == NULL || e.found == NULL) {
        psyi_book_fail(report->book, PSY_E_NOMEM, "out of memory: schools by stage");
        return;
    }
    for (size_t i = 0; i < n && grades->n_ranks > 0; i++) {
        psyi_release_part *const part = &parts[i];
        const uint32_t *group_of = groups->group_of;
        part->basis = PSYI_BASIS_GRADE_SEX;
        if (!are_shown(&e, part, group_of)) {
            group_of = groups->grade_of;
            part->basis = are_shown(&e, part, group_of) ? PSYI_BASIS_GRADE : PSYI_BASIS_NONE;
        }
        if (part->basis != PSYI_BASIS_NONE)
            expect(&e, part, group_of);
    }
}
