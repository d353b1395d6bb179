/* outputs.h -- the files of a run: their names, and writing them on several threads. */
#ifndef PSYSCREEN_SCREENING_OUTPUTS_H
#define PSYSCREEN_SCREENING_OUTPUTS_H

#include "cohort/cohort.h"
#include "screening/journal.h"
#include "screening/passwords.h"

#include <psyscreen/screening.h>

typedef enum psyi_output_kind {
    PSYI_OUTPUT_SCORES,
    PSYI_OUTPUT_WHAT_IF,
    PSYI_OUTPUT_PUBLISHED,
    PSYI_OUTPUT_DISTRICT,
    PSYI_OUTPUT_UNMATCHED,
    PSYI_OUTPUT_SEALED,
    PSYI_OUTPUT_SCHOOL,
    PSYI_OUTPUT_ROLE
} psyi_output_kind;

/* Text that nobody edits and nothing encrypts, unlike workbooks. */
static inline bool psyi_is_text(psyi_output_kind kind)
{
    return kind == PSYI_OUTPUT_SCORES || kind == PSYI_OUTPUT_WHAT_IF ||
           kind == PSYI_OUTPUT_PUBLISHED;
}

typedef struct psyi_output_task {
    psyi_output_kind kind;
    size_t school;
    const char *name; /* in the directory: "schools/510802.xlsx" */
    const char *lock; /* whose password it has: a school's code, else the name */
    size_t weight;    /* students */
    psyi_role_file role;
} psyi_output_task;

/* Tables that several files need (see beside.h). */
typedef struct psyi_tables_task {
    psy_status (*make)(void *context, psy_error *error);
    bool (*has_news)(const void *context);              /* once made: is there anything to say? */
    psy_status (*tell)(void *context, psy_error *error); /* what there is to say, among the findings */
    void *context;
} psyi_tables_task;

typedef struct psyi_outputs {
    psyi_arena arena;
    const psy_allocator *allocator;
    const psyi_results *results;
    const psy_findings *findings; /* sorted; set before writing */
    const char *directory;
    const psyi_passwords *passwords; /* NULL: workbooks are not encrypted */
    const char *place;               /* where they then stand before they are */
    const char *elsewhere;           /* where others made the workbooks of schools; NULL: nobody */
    psyi_output_task *tasks;         /* in the order of starting: what takes longest first */
    size_t n_tasks, n_workbooks;
    const psyi_tables_task *tables; /* to be made beside workbooks; NULL: nobody needs them, or
                                     * they are made */
    psyi_output_file *files;        /* beside tasks, then findings.csv */
    size_t n_files;
} psyi_outputs;

/* Which files there will be.  Schools whose code is no file name get one, with a finding. */
psy_status psyi_outputs_plan(psyi_outputs *out, const psyi_results *results, bool workbooks,
                             uint32_t roles, bool what_if, const char *directory,
                             const psy_allocator *allocator,
                             psy_findings *findings, psy_error *error);
void psyi_outputs_done(psyi_outputs *outputs);
/* Are there files whose numbers must agree with what the district's workbook hides? */
bool psyi_outputs_share(const psyi_outputs *outputs);

/* ---- sealed_output.c ---- */

/* Passwords for all workbooks that have none yet, into a new file. */
psy_status psyi_outputs_make_passwords(const psyi_outputs *outputs, const char *path,
                                       psy_error *error);
/* PSY_E_DATA naming the workbooks that have no password. */
psy_status psyi_outputs_have_passwords(const psyi_outputs *outputs, const char *path,
                                       psy_error *error);
/* Encrypt the workbook at `plain` to `path`; the digest of the plain bytes. */
psy_status psyi_seal_file(const char *plain, const char *path, const char *password,
                          char digest[65], const psy_allocator *allocator, psy_error *error);
/* Encrypt the workbook of a task from `plain` to `path`; the digest of the plain bytes. */
psy_status psyi_output_seal(const psyi_outputs *outputs, const psyi_output_task *task,
                            const char *plain, const char *path, char digest[65], psy_error *error);
/* Does the workbook at `path` open with the password of its task? */
bool psyi_output_opens(const psyi_outputs *outputs, const psyi_output_task *task, const char *path);
/* Safe, unique names for the schools' workbooks, without ".xlsx". */
psy_status psyi_school_names(const psyi_results *results, psyi_arena *arena, const char ***out,
                             psy_findings *findings, psy_error *error);
/* role_files.c: whether the plan prints what the files of these roles (psy_role bits) are for. */
psy_status psyi_roles_check(const psy_plan *plan, uint32_t roles, psy_error *error);
/* Files of roles (psy_role bits): counted, and with `tasks` put there; `names` are those of the
 * schools' workbooks. */
psy_status psyi_role_tasks(const psyi_results *results, uint32_t roles, const char *const *names,
                           psyi_arena *arena, psyi_output_task *tasks, size_t *n, psy_error *error);
/* roles_there.c: roles (psy_role bits) of which earlier runs wrote files into `directory`, as far
 * as the plan allows them. */
psy_status psyi_roles_there(const psy_plan *plan, const char *directory, uint32_t *roles,
                            const psy_allocator *allocator, psy_error *error);
/* outside_inputs.c: the wave before (of the options, else of the plan) and reports. */
psy_status psyi_outside_read(psyi_outside_inputs *out, const psy_plan *plan,
                             const psy_screening_options *options,
                             const psy_allocator *allocator, psy_findings *findings,
                             psy_error *error);
/* PSY_E_OUTPUT naming a workbook that is there and that we did not write. */
psy_status psyi_outputs_untouched(const psyi_outputs *outputs, const psyi_journal *journal,
                                  psy_error *error);
/* Directories, and no half-written files of a run that was killed. */
psy_status psyi_outputs_prepare(const psyi_outputs *outputs, psy_error *error);
psy_status psyi_outputs_write(psyi_outputs *outputs, psyi_journal *journal,
                              const psy_screening_options *options, psy_error *error);
/* elsewhere.c: have the workbooks of schools made by the caller, if he wants to; and take away
 * what is left of it. */
psy_status psyi_outputs_elsewhere(psyi_outputs *outputs, const psy_screening_options *options,
                                  psy_error *error);
void psyi_outputs_elsewhere_done(const psyi_outputs *outputs);
/* The workbook of a task, made elsewhere, gets the name `draft`. */
psy_status psyi_output_fetch(const psyi_outputs *outputs, const psyi_output_task *task,
                             const char *draft, psy_error *error);
/* Write one file of the directory through a sink, atomically; its digest. */
/* Options with their defaults; PSY_E_ARGUMENT for a version from the future. */
psy_status psyi_options_check(const psy_screening_options *options, psy_screening_options *out,
                              psy_error *error);
psy_status psyi_output_stream(const psyi_outputs *outputs, const char *name,
                              psy_status (*write)(const void *what, const psy_sink *sink,
                                                  psy_error *error),
                              const void *what, char digest[65], psy_error *error);

#endif
