/*
 * findings_names.c -- files of findings by their names, not by how somebody typed the path.
 *
 * The same files give the same findings.csv from whichever directory the program was called.
 */
#include "base/fail.h"
#include "base/file_names.h"
#include "table/collect.h"
#include "table/findings_internal.h"

#include <string.h>

psy_status psyi_findings_short_names(psy_findings *findings, const char *const *others,
                                     size_t n_others, psy_error *error)
{
    if (findings == NULL)
        return PSY_OK;
    psyi_file_names names;
    psyi_file_names_init(&names, findings->texts.allocator);
    bool good = true;
    const char *last = NULL, *name = NULL;
    for (size_t i = 0; i < n_others && good; i++)
        good = psyi_file_names_add(&names, others[i]);
    for (size_t i = 0; i < findings->n_records && good; i++) {
        psyi_spill_pass(findings->room, i);
        const char *const file = findings->records[i].file;
        if (file == NULL || file == last)
            continue;
        last = file;
        good = psyi_file_names_add(&names, file);
    }
    good = good && psyi_file_names_make(&names);
    last = NULL;
    for (size_t i = 0; i < findings->n_records && good; i++) {
        psyi_spill_pass(findings->room, i);
        const char *const file = findings->records[i].file;
        if (file == NULL)
            continue;
        if (file != last) {
            /* Of the findings' own text: the others may go before them. */
            name = psyi_file_name(&names, file);
            name = strncmp(name, "./", 2) == 0 ? name : file + strlen(file) - strlen(name);
        }
        last = file;
        findings->records[i].file = name;
    }
    psyi_arena_join(&findings->texts, &names.texts);
    psyi_file_names_done(&names);
    return good ? PSY_OK : psyi_fail_memory(error, "findings");
}
