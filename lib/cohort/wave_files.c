/*
 * wave_files.c -- the files of a wave, which are the same in every part: how long they are as a
 * whole, and in which of them parts differ.
 */
#include "base/fail.h"
#include "base/spill.h"
#include "cohort/wave_parts.h"

#include <string.h>

psy_status psyi_wave_make_files(psy_wave *wave, size_t n, size_t n_rosters, psy_error *error)
{
    wave->files = psyi_alloc(wave->allocator, n, sizeof *wave->files);
    if (wave->files == NULL)
        return psyi_fail_memory(error, "a wave");
    wave->n_files = n;
    wave->n_rosters = n_rosters;
    return PSY_OK;
}

psy_status psyi_wave_add_file(psy_wave *wave, size_t index, const char *name, uint64_t rows,
                              psy_error *error)
{
    psyi_wave_file *const file = &wave->files[index];
    if (file->name == NULL &&
        (file->name = psyi_text_copy(wave->allocator, name, strlen(name))) == NULL)
        return psyi_fail_memory(error, "a wave");
    file->rows += rows;
    return PSY_OK;
}

/* ---- are they the same? ---- */

/* The rosters of a part or of a wave, or its files of responses. */
typedef struct file_list {
    const psyi_input_file *of_part; /* or NULL: */
    const psyi_wave_file *of_wave;
    size_t first, n;
} file_list;

static const char *name_of(const file_list *list, size_t i)
{
    const char *const name =
        list->of_part != NULL ? list->of_part[i].name : list->of_wave[list->first + i].name;
    return name != NULL ? name : "";
}

/* The first file that the other list has not, or NULL. */
static const char *only_in(const file_list *list, const file_list *other)
{
    for (size_t i = 0; i < list->n; i++) {
        size_t k = i < other->n && strcmp(name_of(other, i), name_of(list, i)) == 0 ? i : 0;
        while (k < other->n && strcmp(name_of(other, k), name_of(list, i)) != 0)
            k++;
        if (k == other->n)
            return name_of(list, i);
    }
    return NULL;
}

static psy_status differ(const char *what, const file_list *here, const file_list *there,
                         psy_error *error)
{
    const char *const more = only_in(here, there), *const less = only_in(there, here);
    if (more != NULL && less != NULL && here->n == there->n)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "the parts of a wave have the same %s: '%s' here, '%s' elsewhere", what,
                         more, less);
    if (more != NULL || less != NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "the parts of a wave have the same %s: %zu here, %zu elsewhere; '%s' is "
                         "%s only",
                         what, here->n, there->n, more != NULL ? more : less,
                         more != NULL ? "here" : "elsewhere");
    if (here->n != there->n)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "the parts of a wave have the same %s: %zu here, %zu elsewhere", what,
                         here->n, there->n);
    size_t i = 0;
    while (strcmp(name_of(here, i), name_of(there, i)) == 0)
        i++;
    return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                     "the parts of a wave have the same %s in the same order: '%s' here, '%s' "
                     "elsewhere",
                     what, name_of(here, i), name_of(there, i));
}

static psy_status compare(const char *what, const file_list *here, const file_list *there,
                          bool names, psy_error *error)
{
    bool same = here->n == there->n;
    for (size_t i = 0; i < here->n && same && names; i++)
        same = strcmp(name_of(here, i), name_of(there, i)) == 0;
    return same ? PSY_OK : differ(what, here, there, error);
}

static void lists_of(const psy_wave *wave, file_list *rosters, file_list *responses)
{
    *rosters = (file_list){.of_wave = wave->files, .n = wave->n_rosters};
    *responses = (file_list){
        .of_wave = wave->files, .first = wave->n_rosters, .n = wave->n_files - wave->n_rosters};
}

/* What is not among the rosters may be among the responses: they are told first. */
static psy_status compare_both(const psy_wave *wave, const file_list *rosters,
                               const file_list *responses, bool names, psy_error *error)
{
    file_list known_rosters, known;
    lists_of(wave, &known_rosters, &known);
    const psy_status status = compare("rosters", rosters, &known_rosters, names, error);
    return status == PSY_OK ? compare("files of responses", responses, &known, names, error)
                            : status;
}

/* ---- the files of a part, and of waves ---- */

psy_status psyi_wave_files(const psyi_wave_link *link, psyi_intake *intake, psyi_roster *roster,
                           psy_error *error)
{
    const file_list rosters = {.of_part = roster != NULL ? roster->files : NULL,
                               .n = roster != NULL ? roster->n_files : 0};
    const file_list responses = {.of_part = intake->files, .n = intake->n_files};
    const size_t n = rosters.n + responses.n;
    const bool is_first = link->counts != NULL && link->counts->files == NULL;
    const psy_wave *const wave = link->counts != NULL ? link->counts : link->given;
    psy_status status = is_first
                            ? psyi_wave_make_files(link->counts, n, rosters.n, error)
                            /* What is run may lie elsewhere than what was counted. */
                            : compare_both(wave, &rosters, &responses, wave != link->given, error);
    for (size_t i = 0; i < n && status == PSY_OK; i++) {
        psyi_input_file *const file =
            i < rosters.n ? &roster->files[i] : &intake->files[i - rosters.n];
        if (link->counts != NULL)
            status = psyi_wave_add_file(link->counts, i, file->name, file->rows, error);
        else
            file->rows = wave->files[i].rows;
    }
    if (link->counts != NULL)
        for (size_t i = 0; i < intake->n_records; i++) {
            psyi_spill_pass(intake->allocator, i);
            if (intake->records[i].submitted_at > link->counts->latest)
                link->counts->latest = intake->records[i].submitted_at;
        }
    return status;
}

psy_status psyi_wave_files_merge(psy_wave *to, const psy_wave *from, psy_error *error)
{
    if (from->files == NULL)
        return PSY_OK;
    file_list rosters, responses;
    lists_of(from, &rosters, &responses);
    psy_status status = to->files == NULL
                            ? psyi_wave_make_files(to, from->n_files, from->n_rosters, error)
                            : compare_both(to, &rosters, &responses, true, error);
    for (size_t i = 0; i < from->n_files && status == PSY_OK; i++)
        status = psyi_wave_add_file(to, i, from->files[i].name, from->files[i].rows, error);
    return status;
}
