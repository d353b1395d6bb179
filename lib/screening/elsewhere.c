/*
 * elsewhere.c -- workbooks of schools that the caller makes, on other machines perhaps.
 *
 * They come into the journal's folder, where nobody takes them for results, and go from there
 * the way of every workbook: digest, journal, place.
 */
#include "base/fail.h"
#include "base/file.h"
#include "screening/outputs.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PLACE ".psyscreen"

static bool any_school(const psyi_outputs *outputs)
{
    for (size_t i = 0; i < outputs->n_tasks; i++)
        if (outputs->tasks[i].kind == PSYI_OUTPUT_SCHOOL)
            return true;
    return false;
}

/* The workbooks and the directory around them, whoever began them. */
static void clear(const psyi_outputs *outputs, const char *schools)
{
    char **names = NULL;
    size_t n = 0;
    if (psyi_directory_list(schools, outputs->allocator, &names, &n, NULL) != PSY_OK)
        return;
    for (size_t i = 0; i < n; i++) {
        char *const path = psyi_path_join(outputs->allocator, schools, names[i]);
        if (path != NULL)
            unlink(path);
        psyi_free(outputs->allocator, path);
    }
    psyi_free(outputs->allocator, names);
    rmdir(schools);
}

psy_status psyi_outputs_elsewhere(psyi_outputs *outputs, const psy_screening_options *options,
                                  psy_error *error)
{
    if (options->schools == NULL || outputs->passwords != NULL || !any_school(outputs))
        return PSY_OK;
    const char *const place = psyi_arena_format(&outputs->arena, "%s/" PLACE, outputs->directory);
    const char *const schools =
        place != NULL ? psyi_arena_format(&outputs->arena, "%s/schools", place) : NULL;
    if (schools == NULL)
        return psyi_fail_memory(error, "outputs");
    clear(outputs, schools);
    psy_status status = psyi_directory_make(schools, error);
    if (status != PSY_OK)
        return status;
    outputs->elsewhere = schools;
    if (options->schools(options->schools_context, place, outputs->findings) != 0)
        status = psyi_fail(error, PSY_E_CANCELLED, NULL, "stopped at the workbooks of schools");
    return status;
}

void psyi_outputs_elsewhere_done(const psyi_outputs *outputs)
{
    if (outputs->elsewhere != NULL)
        clear(outputs, outputs->elsewhere);
}

psy_status psyi_output_fetch(const psyi_outputs *outputs, const psyi_output_task *task,
                             const char *draft, psy_error *error)
{
    char *const made =
        psyi_path_join(outputs->allocator, outputs->elsewhere, psyi_base_name(task->name));
    if (made == NULL)
        return psyi_fail_memory(error, "outputs");
    psy_status status = PSY_OK;
    if (rename(made, draft) != 0)
        status = errno == ENOENT
                     ? psyi_fail(error, PSY_E_OUTPUT, NULL,
                                 "the workbook '%s' was not made: whoever makes the workbooks of "
                                 "schools has to make all of them",
                                 task->name)
                     : psyi_fail_file(error, PSY_E_OUTPUT, "cannot write", draft, errno);
    psyi_free(outputs->allocator, made);
    return status;
}
