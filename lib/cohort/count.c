/*
 * count.c -- the denominators, and people by what became of them.
 *
 * T is everybody of the roster, E those excused who did not come (whoever came was due after
 * all), D = T - E, C those with at least one answered item, V those whose status is valid or
 * doubtful.  Every person counts once in every number.
 */
#include "base/spill.h"
#include "cohort/assembly.h"

static void count_lists(const psyi_results *results, size_t student, psyi_counts *out)
{
    const psyi_student *const s = &results->students[student];
    const int class = psyi_critical_class(results, student);
    if (s->sealed)
        out->sealed++;
    if (!psyi_printable(results, student))
        return;
    if (class == 2)
        out->urgent++;
    else if (class == 1)
        out->review++;
    for (size_t rule = 0; class == 0 && rule < results->book->n_critical; rule++)
        if (results->book->rules[rule].kind == PSYI_FLAG_UNANSWERED &&
            psyi_fired(results, student, rule)) {
            out->critical_unanswered++;
            break;
        }
}

static void count_student(const psyi_results *results, size_t student, psyi_counts *out)
{
    const psyi_student *const s = &results->students[student];
    const bool valid = s->status == PSYI_STATUS_VALID || s->status == PSYI_STATUS_DOUBTFUL;
    out->target++;
    out->exempt += s->exempt && !s->tested;
    out->tested += s->tested;
    out->valid += valid;
    out->status[s->status]++;
    out->records += s->n_records;
    out->duplicates += s->duplicate;
    if (s->tier >= 0 && s->tier < 16) {
        out->tier[s->tier]++;
        out->tier_valid[s->tier] += valid;
    } else if (s->status != PSYI_STATUS_NO_CONSENT && s->status != PSYI_STATUS_ABSENT) {
        out->not_judged++;
    }
    count_lists(results, student, out);
}

void psyi_count(const psyi_results *results, size_t first, size_t n, psyi_student_filter filter,
                void *context, psyi_counts *out)
{
    *out = (psyi_counts){.target = 0};
    for (size_t s = first; s < first + n && s < results->n_students; s++) {
        psyi_spill_pass(results->allocator, s);
        if (filter == NULL || filter(results, s, context))
            count_student(results, s, out);
    }
    out->due = out->target - out->exempt;
    /* Sheets of nobody belong to the whole, not to a part of it. */
    if (filter == NULL && first == 0 && n >= results->n_students) {
        out->unmatched = results->n_unmatched;
        out->records = results->intake->n_records;
    }
}
