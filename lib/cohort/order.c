/*
 * order.c -- who is on the warning list, and in which order.
 *
 * On the list is whoever fired a rule that sets a tier, left a critical item unanswered, may
 * be the sender of a critical sheet that could not be matched, has sheets between which nobody
 * has decided, or waits for the second pass.  Students without consent are on no list but the
 * sealed one.
 */
#include "cohort/assembly.h"
#include "cohort/previous_wave.h"

#include <stdlib.h>
#include <string.h>

bool psyi_fired(const psyi_results *results, size_t student, size_t rule)
{
    return psyi_plane_get(results->fired, results->n_blocks, rule, student);
}

bool psyi_open(const psyi_results *results, size_t student, size_t rule, bool *no_norm)
{
    if (no_norm != NULL)
        *no_norm = psyi_plane_get(results->open_norm, results->n_blocks, rule, student);
    return psyi_plane_get(results->open, results->n_blocks, rule, student);
}

uint32_t psyi_selected(const psyi_results *results, size_t student, size_t use)
{
    const psyi_student *const s = &results->students[student];
    if (s->undecided_uses >> use & 1u)
        return PSYI_NO_SHEET;
    return results->cases.sheets[use * results->cases.n + s->first_case];
}

bool psyi_printable(const psyi_results *results, size_t student)
{
    return results->students[student].status != PSYI_STATUS_NO_CONSENT;
}

static bool flag_kind_fired(const psyi_results *results, size_t student, psyi_flag_kind kind)
{
    for (size_t rule = 0; rule < results->book->n_critical; rule++)
        if (results->book->rules[rule].kind == kind && psyi_fired(results, student, rule))
            return true;
    return false;
}

int psyi_critical_class(const psyi_results *results, size_t student)
{
    if (flag_kind_fired(results, student, PSYI_FLAG_URGENT))
        return 2;
    return flag_kind_fired(results, student, PSYI_FLAG_REVIEW);
}

bool psyi_listed(const psyi_results *results, size_t student)
{
    return (psyi_printable(results, student) && results->students[student].tier > 0) ||
           psyi_listed_anyhow(results, student);
}

bool psyi_listed_anyhow(const psyi_results *results, size_t student)
{
    const psyi_student *const s = &results->students[student];
    if (!psyi_printable(results, student))
        return false;
    return s->verify > 0 || s->undecided_uses != 0 || (s->why & PSYI_WHY_SECOND_PASS) != 0 ||
           psyi_critical_class(results, student) > 0 ||
           flag_kind_fired(results, student, PSYI_FLAG_UNANSWERED);
}

/* Twice the critical class; an unanswered critical item, which has the clock of a review,
 * stands right behind the reviews. */
static int urgency(const psyi_results *results, size_t student)
{
    int class = psyi_critical_class(results, student);
    if (results->students[student].verify > class)
        class = results->students[student].verify;
    if (class == 0 && flag_kind_fired(results, student, PSYI_FLAG_UNANSWERED))
        return 1;
    return 2 * class;
}

static int compare_students(const void *x, const void *y, void *context)
{
    const psyi_results *const results = context;
    const uint32_t i = *(const uint32_t *)x, j = *(const uint32_t *)y;
    const psyi_student *const a = &results->students[i], *const b = &results->students[j];
    const int urgent_a = urgency(results, i), urgent_b = urgency(results, j);
    if (urgent_a != urgent_b)
        return urgent_a > urgent_b ? -1 : 1;
    if (a->tier != b->tier)
        return a->tier > b->tier ? -1 : 1;
    if (a->exceedance > b->exceedance || a->exceedance < b->exceedance)
        return a->exceedance > b->exceedance ? -1 : 1;
    const int worse_a = psyi_ranks_worse(results, i), worse_b = psyi_ranks_worse(results, j);
    if (worse_a != worse_b)
        return worse_a > worse_b ? -1 : 1;
    if (a->scores_worse > b->scores_worse || a->scores_worse < b->scores_worse)
        return a->scores_worse > b->scores_worse ? -1 : 1;
    if (a->submitted_at != b->submitted_at) {
        if (a->submitted_at == PSYI_NO_TIME || b->submitted_at == PSYI_NO_TIME)
            return a->submitted_at == PSYI_NO_TIME ? 1 : -1;
        return a->submitted_at < b->submitted_at ? -1 : 1;
    }
    const int ids = strcmp(a->id, b->id);
    if (ids != 0)
        return ids;
    return i < j ? -1 : i > j;
}

size_t psyi_list_order(const psyi_results *results, size_t school, uint32_t *order)
{
    const psyi_school *const at = &results->schools[school];
    size_t n = 0;
    for (uint32_t s = at->first_student; s < at->first_student + at->n_students; s++)
        if (psyi_listed(results, s))
            order[n++] = s;
    if (n > 1)
        qsort_r(order, n, sizeof *order, compare_students, (void *)results);
    return n;
}
