/*
 * role_files.c -- which files there are for which role, and what they are called.
 *
 * Names are made of school codes, grades and class numbers, never of a class's own text,
 * which may hold anything.
 */
#include "base/fail.h"
#include "report/role_cut.h"
#include "screening/outputs.h"

#include <stdlib.h>
#include <string.h>

static int by_class(const void *x, const void *y, void *context)
{
    const psyi_results *const results = context;
    const uint32_t i = *(const uint32_t *)x, j = *(const uint32_t *)y;
    const psyi_student *const a = &results->students[i], *const b = &results->students[j];
    const int order = psyi_class_order(a, b);
    return order != 0 ? order : i < j ? -1 : i > j;
}

/* "07-03"; another class of the same number, or of none, counts on: "07-03-2", "07-x-2". */
static const char *class_name(psyi_arena *arena, const psyi_student *who, unsigned which)
{
    const char *const end = which > 1 ? psyi_arena_format(arena, "-%u", which) : "";
    if (end == NULL)
        return NULL;
    return who->class_number > 0
               ? psyi_arena_format(arena, "%02d-%02d%s", who->grade, who->class_number, end)
               : psyi_arena_format(arena, "%02d-x%s", who->grade, end);
}

static psy_status add_classes(const psyi_results *results, size_t school, const char *name,
                              psyi_arena *arena, psyi_output_task *tasks, size_t *n,
                              psy_error *error)
{
    const psyi_school *const at = &results->schools[school];
    uint32_t *const order = psyi_arena_alloc(arena, at->n_students + 1, sizeof *order);
    if (order == NULL)
        return psyi_fail_memory(error, "classes");
    for (uint32_t i = 0; i < at->n_students; i++)
        order[i] = at->first_student + i;
    if (at->n_students > 1)
        qsort_r(order, at->n_students, sizeof *order, by_class, (void *)results);
    unsigned which = 1;
    for (size_t first = 0, next; first < at->n_students; first = next) {
        const psyi_student *const who = &results->students[order[first]];
        for (next = first + 1;
             next < at->n_students && psyi_class_order(who, &results->students[order[next]]) == 0;)
            next++;
        const psyi_student *const before = first > 0 ? &results->students[order[first - 1]] : NULL;
        which = before != NULL && before->grade == who->grade &&
                        before->class_number == who->class_number
                    ? which + 1
                    : 1;
        if (tasks != NULL) {
            const char *const class = class_name(arena, who, which);
            const char *const path =
                class != NULL ? psyi_arena_format(arena, "roles/homeroom/%s/%s.xlsx", name, class)
                              : NULL;
            if (path == NULL)
                return psyi_fail_memory(error, "classes");
            tasks[*n] = (psyi_output_task){.kind = PSYI_OUTPUT_ROLE,
                                           .name = path,
                                           .weight = next - first,
                                           .role = {.role = PSY_ROLE_HOMEROOM,
                                                    .school = school,
                                                    .students = order + first,
                                                    .n_students = next - first}};
        }
        ++*n;
    }
    return PSY_OK;
}

static void add_one(psyi_output_task *tasks, size_t *n, psy_role role, const char *name,
                    size_t weight)
{
    if (tasks != NULL)
        tasks[*n] = (psyi_output_task){.kind = PSYI_OUTPUT_ROLE,
                                       .name = name,
                                       .weight = weight,
                                       .role = {.role = role, .school = SIZE_MAX}};
    ++*n;
}

psy_status psyi_roles_check(const psy_plan *plan, uint32_t roles, psy_error *error)
{
    for (uint32_t bit = 1; bit <= PSY_ROLE_PSYCHOLOGY; bit *= 2) {
        const psyi_role_cut *const cut =
            (roles & bit) != 0 ? psyi_role_cut_of((psy_role)bit) : NULL;
        if (cut != NULL && cut->names && plan->pseudonym && !plan->school_names)
            return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                             "a file for '%s' is of no use without the children's names, and the "
                             "plan prints none: say identity: {schools: names}, or leave it out",
                             cut->id);
    }
    return PSY_OK;
}

psy_status psyi_role_tasks(const psyi_results *results, uint32_t roles, const char *const *names,
                           psyi_arena *arena, psyi_output_task *tasks, size_t *n, psy_error *error)
{
    for (size_t school = 0; school < results->n_schools; school++) {
        const char *const name = names != NULL ? names[school] : "";
        psy_status status = PSY_OK;
        if ((roles & PSY_ROLE_HOMEROOM) != 0)
            status = add_classes(results, school, name, arena, tasks, n, error);
        if (status != PSY_OK)
            return status;
        if ((roles & PSY_ROLE_LEADER) == 0)
            continue;
        const char *const path = psyi_arena_format(arena, "roles/leader/%s.xlsx", name);
        if (path == NULL)
            return psyi_fail_memory(error, "files of roles");
        add_one(tasks, n, PSY_ROLE_LEADER, path, results->schools[school].n_students);
        if (tasks != NULL)
            tasks[*n - 1].role.school = school;
    }
    if ((roles & PSY_ROLE_CENTRE) != 0)
        add_one(tasks, n, PSY_ROLE_CENTRE, "roles/centre/key_list.xlsx", results->n_students);
    if ((roles & PSY_ROLE_BUREAU) != 0)
        add_one(tasks, n, PSY_ROLE_BUREAU, "roles/bureau/summary.xlsx", results->n_students);
    return PSY_OK;
}
