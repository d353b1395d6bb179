/*
 * roles_there.c -- which roles a directory has files of.
 *
 * A run that names no roles keeps those that are there: whoever adds an option the second time
 * does not mean that the class teachers' files should go, or stay as they were.
 */
#include "report/role_cut.h"
#include "screening/outputs.h"

#include <string.h>

psy_status psyi_roles_there(const psy_plan *plan, const char *directory, uint32_t *roles,
                            const psy_allocator *allocator, psy_error *error)
{
    psyi_known_files known;
    psyi_known_init(&known, allocator);
    const psy_status status = psyi_journal_peek(directory, &known, allocator, error);
    const bool names = !plan->pseudonym || plan->school_names;
    for (size_t i = 0; i < known.n && status == PSY_OK; i++)
        for (uint32_t bit = 1; bit <= PSY_ROLE_PSYCHOLOGY; bit *= 2) {
            const psyi_role_cut *const cut = psyi_role_cut_of((psy_role)bit);
            const size_t length = cut != NULL ? strlen(cut->id) : 0;
            const char *const name = known.files[i].name;
            if (cut != NULL && (names || !cut->names) && strncmp(name, "roles/", 6) == 0 &&
                strncmp(name + 6, cut->id, length) == 0 && name[6 + length] == '/')
                *roles |= bit;
        }
    psyi_known_done(&known);
    return status;
}
