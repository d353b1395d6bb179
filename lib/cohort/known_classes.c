/*
 * known_classes.c -- which classes a school has.
 *
 * A sheet of nobody known is told apart by what is not there: the pupil, or his whole class.  The
 * rows of a school's pupils lie as the roster was written; to go through a thousand of them for
 * each such sheet brought in 60 MiB each time, and was most of what matching did beyond a memory
 * budget.  They are gone through once a school.
 */
#include "base/fail.h"
#include "base/spill.h"
#include "cohort/assembly.h"

#include <string.h>

static bool is_row(const psyi_known_class *known, const psyi_roster_row *row)
{
    return known->grade == row->grade && known->number == row->class_number &&
           (known->text == row->class_text || strcmp(known->text, row->class_text) == 0);
}

static bool add_classes(psyi_assembly *a, const psyi_school *school)
{
    psyi_known_classes *const k = &a->classes;
    const size_t first = k->n;
    size_t last = first; /* neighbours are often of one class */
    for (uint32_t i = 0; i < school->n_students; i++) {
        psyi_spill_pass(a->allocator, (size_t)i * 8); /* every step jumps */
        const psyi_roster_row *const row =
            &a->results->roster->rows[a->row_of[school->first_student + i]];
        if (last < k->n && is_row(&k->list[last], row))
            continue;
        for (last = first; last < k->n && !is_row(&k->list[last], row);)
            last++;
        if (last < k->n)
            continue;
        void *list = k->list;
        const bool good = psyi_grow_raw(a->allocator, &list, &k->room, k->n + 1, sizeof *k->list);
        k->list = list;
        if (!good)
            return false;
        k->list[k->n++] = (psyi_known_class){
            .text = row->class_text, .grade = row->grade, .number = row->class_number};
    }
    return true;
}

psy_status psyi_classes_of(psyi_assembly *a, uint32_t school, const psyi_known_class **out,
                           size_t *n, psy_error *error)
{
    psyi_known_classes *const k = &a->classes;
    if (k->of_school == NULL) {
        k->of_school = psyi_alloc(a->allocator, a->results->n_schools, sizeof *k->of_school);
        if (k->of_school == NULL)
            return psyi_fail_memory(error, "classes");
    }
    psyi_classes_at *const at = &k->of_school[school];
    if (at->n == 0) {
        at->first = k->n;
        if (!add_classes(a, &a->results->schools[school]))
            return psyi_fail_memory(error, "classes");
        at->n = k->n - at->first;
    }
    *out = k->list + at->first;
    *n = at->n;
    return PSY_OK;
}
