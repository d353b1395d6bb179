/*
 * memory_budget.c -- where a run keeps what its memory budget has no room for.
 *
 * Answers lie there as plain as in the responses files, so beside the results is good enough
 * for them, unless the results are encrypted: then nothing plain may reach a disk, and the
 * place is a tmpfs, or what the caller names.  The directory of the results is not made for
 * it: a run that fails while it reads leaves nothing behind.
 */
#include "screening/memory_budget.h"
#include "base/fail.h"
#include "base/file.h"
#include "definition/model.h"
#include "screening/private_place.h"

#include <inttypes.h>
#include <string.h>

#define LEAST_BUDGET (UINT64_C(1) << 20)

/* The directory a path stands in; NULL without memory. */
static char *parent_of(const char *path, const psy_allocator *allocator)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    while (length > 0 && path[length - 1] != '/')
        length--;
    while (length > 1 && path[length - 1] == '/')
        length--;
    return length == 0 ? psyi_text_copy(allocator, ".", 1)
                       : psyi_text_copy(allocator, path, length);
}

psy_status psyi_memory_open(psyi_spill **out, const psy_screening_options *options,
                            const psy_plan *plan, const char *directory, psy_error *error)
{
    *out = NULL;
    if (options->memory == 0)
        return PSY_OK;
    if (options->memory < LEAST_BUDGET)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "a memory budget of %" PRIu64 " bytes is too small: at least %" PRIu64
                         " (a MiB)",
                         options->memory, LEAST_BUDGET);
    const bool sealed =
        options->passwords != NULL || options->new_passwords != NULL || plan->passwords != NULL;
    const psy_allocator *const allocator = options->allocator;
    char *made = NULL;
    const char *place = options->tmpdir;
    psy_status status = PSY_OK;
    if (place == NULL && sealed) {
        status = psyi_private_parent(allocator, &made, error);
        place = made;
    } else if (place == NULL && psyi_is_directory(directory)) {
        place = directory;
    } else if (place == NULL) {
        place = made = parent_of(directory, allocator);
        status = made != NULL ? PSY_OK : psyi_fail_memory(error, "a memory budget");
    }
    if (status == PSY_OK)
        status = psyi_spill_open(out, place, options->memory, allocator, error);
    psyi_free(allocator, made);
    return status;
}
