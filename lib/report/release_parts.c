/*
 * release_parts.c -- schools by stage and battery, with what is expected of each.
 *
 * A school of small children and one of big ones do not compare, nor do schools that answered
 * different questionnaires.  Within a part a school's expected number is that of its own
 * pupils, each with the rate of his grade and sex in all schools of the part (indirect
 * standardisation).
 */
#include "report/release_parts.h"
#include "base/spill.h"

#include <string.h>

#define STAGES    5
#define BATTERIES 256
#define GRADES    17
#define SEXES     3

typedef struct rates {
    uint64_t valid[GRADES][SEXES], found[GRADES][SEXES];
} rates;

static size_t part_of(const psyi_student *who)
{
    return (size_t)psyi_stage_of(who->grade) * BATTERIES + who->battery;
}

static size_t grade_of(const psyi_student *who)
{
    return who->grade > 0 && who->grade < GRADES ? (size_t)who->grade : 0;
}

static size_t sex_of(const psyi_student *who)
{
    return who->sex == PSYI_SEX_MALE ? 1 : who->sex == PSYI_SEX_FEMALE ? 2 : 0;
}

static bool is_valid(const psyi_student *who)
{
    return who->status == PSYI_STATUS_VALID || who->status == PSYI_STATUS_DOUBTFUL;
}

/* The schools of one part, in the order of their codes. */
static void add_schools(const psyi_results *results, size_t key, psyi_release_part *part,
                        rates *all)
{
    memset(all, 0, sizeof *all);
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
            const bool found = is_valid(who) && who->tier > 0;
            any = true;
            at->due += !(who->exempt && !who->tested);
            at->tested += who->tested;
            at->valid += is_valid(who);
            at->found += found;
            all->valid[grade_of(who)][sex_of(who)] += is_valid(who);
            all->found[grade_of(who)][sex_of(who)] += found;
        }
        part->n += any;
    }
    for (size_t i = 0; i < part->n; i++) {
        const psyi_school *const school = &results->schools[part->schools[i].school];
        for (size_t j = school->first_student; j < school->first_student + school->n_students;
             j++) {
            const psyi_student *const who = &results->students[j];
            psyi_spill_pass(results->allocator, j);
            const size_t grade = grade_of(who), sex = sex_of(who);
            if (part_of(who) == key && is_valid(who))
                part->schools[i].expected +=
                    (double)all->found[grade][sex] / (double)all->valid[grade][sex];
        }
    }
}

psyi_release_part *psyi_parts_make(psyi_report *report, size_t *n)
{
    const psyi_results *const results = report->results;
    bool *const seen = psyi_arena_alloc(&report->arena, STAGES * BATTERIES, sizeof *seen);
    rates *const all = psyi_arena_alloc(&report->arena, 1, sizeof *all);
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
    for (size_t key = 0; seen != NULL && all != NULL && parts != NULL && key < STAGES * BATTERIES;
         key++) {
        if (!seen[key])
            continue;
        psyi_release_part *const part = &parts[(*n)++];
        part->stage = (uint8_t)(key / BATTERIES);
        part->battery = (uint8_t)(key % BATTERIES);
        part->schools =
            psyi_arena_alloc(&report->arena, results->n_schools + 1, sizeof *part->schools);
        if (part->schools == NULL)
            break;
        add_schools(results, key, part, all);
    }
    if (seen != NULL && all != NULL && parts != NULL && *n == n_parts &&
        (n_parts == 0 || parts[n_parts - 1].schools != NULL))
        return parts;
    psyi_book_fail(report->book, PSY_E_NOMEM, "out of memory: schools by stage");
    return NULL;
}
