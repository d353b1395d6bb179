/*
 * released.c -- the first release of a wave freezes its local norms.
 *
 * A child who is interviewed after the first release must not change tier because others
 * were tested later.  So the counts are written into the run's directory as the last thing
 * before run.json, and a later run over the same directory reads them instead of counting.
 * Removing the folder norms/ is how a person thaws them.
 */
#include "screening/released.h"

#include "base/fail.h"
#include "base/file.h"
#include "cohort/cohort.h"
#include "definition/load.h"
#include "table/collect.h"

#include <string.h>

const char *psyi_counts_id(const psy_plan *plan, size_t local, psyi_arena *arena)
{
    const psyi_local_norm *const norm = &plan->locals[local];
    const psyi_use *const use = &plan->uses[norm->use];
    return psyi_arena_format(arena, "%s_%s_%s", norm->id, use->id,
                             use->instrument->scales[norm->scale].id);
}

static psy_status make(psyi_norm **out, const psyi_results *results, size_t local, bool frozen,
                       psyi_arena *arena, const psy_allocator *allocator, psy_error *error)
{
    const psy_plan *const plan = results->plan;
    const psyi_local_norm *const norm = &plan->locals[local];
    const psyi_use *const use = &plan->uses[norm->use];
    const char **const schools = psyi_arena_alloc(arena, results->n_schools, sizeof *schools);
    if (schools == NULL)
        return psyi_fail_memory(error, "norms");
    for (size_t i = 0; i < results->n_schools; i++)
        schools[i] = results->schools[i].code;
    const char *part =
        psyi_counts_part(results->local_sets[local], plan->id,
                         plan->wave != NULL ? plan->wave : "-", schools, results->n_schools);
    psyi_counts_head head = {
        .id = psyi_counts_id(plan, local, arena),
        .instrument = use->instrument->id,
        .edition = use->instrument->edition,
        .scale = use->instrument->scales[norm->scale].id,
        .source = "counted by psyscreen",
        .population = {.en = psyi_arena_format(arena, "%s, %s", plan->id,
                                               plan->wave != NULL ? plan->wave : "-"),
                       .zh = psyi_arena_format(arena, "%s，%s", plan->id,
                                               plan->wave != NULL ? plan->wave : "-")},
        .year = psyi_year_of(results->as_of),
        .metrics = norm->metrics,
        .local = {.frozen = frozen,
                  .rule = norm->rule,
                  .variant = use->instrument->variants[use->variant].id,
                  .informant = (int)use->informant,
                  .parts = &part,
                  .n_parts = 1}};
    if (part == NULL || head.id == NULL || head.population.en == NULL || head.population.zh == NULL)
        return psyi_fail_memory(error, "norms");
    return psyi_counts_make(out, &head, results->local_sets[local], allocator, error);
}

psy_status psyi_counts_of(psyi_norm **out, const psyi_results *results, size_t local, bool frozen,
                          const psy_allocator *allocator, psy_error *error)
{
    const psyi_local_set *const set =
        results->local_sets != NULL ? results->local_sets[local] : NULL;
    uint64_t n = 0;
    *out = NULL;
    for (size_t slot = 0; set != NULL && slot < PSYI_LOCAL_GROUPS; slot++)
        n += set->full[slot] != NULL ? set->full[slot]->n : 0;
    if (n == 0 || results->plan->locals[local].given != NULL)
        return PSY_OK;
    psyi_arena arena;
    psyi_arena_init(&arena, allocator);
    const psy_status status = make(out, results, local, frozen, &arena, allocator, error);
    psyi_arena_done(&arena);
    return status;
}

/* ---- an earlier release ---------------------------------------------------------------- */

static psy_status check(const psy_plan *plan, size_t local, const psyi_norm *norm,
                        psy_findings *findings, psy_error *error)
{
    const psyi_local_norm *const of = &plan->locals[local];
    const psyi_use *const use = &plan->uses[of->use];
    const psyi_scale *const scale = &use->instrument->scales[of->scale];
    const char *const wave = plan->wave != NULL ? plan->wave : "-";
    const char *const part = norm->local.n_parts == 1 ? norm->local.parts[0] : "";
    const size_t plan_length = strlen(plan->id), wave_length = strlen(wave);
    if (!norm->local.present || !norm->local.frozen || strncmp(part, plan->id, plan_length) != 0 ||
        part[plan_length] != ' ' || strncmp(part + plan_length + 1, wave, wave_length) != 0 ||
        part[plan_length + 1 + wave_length] != ' ')
        return psyi_fail(error, PSY_E_OUTPUT, NULL,
                         "'%s' was frozen by another plan or wave than %s, %s: give this wave a "
                         "directory of its own",
                         norm->file, plan->id, wave);
    if (strcmp(norm->instrument, use->instrument->id) != 0 ||
        strcmp(norm->groups[0].scale, scale->id) != 0 ||
        (norm->edition != NULL && strcmp(norm->edition, use->instrument->edition) != 0))
        return psyi_fail(error, PSY_E_OUTPUT, NULL,
                         "'%s' was frozen for another instrument, edition or scale", norm->file);
    const psy_finding finding = {
        .field = of->id, .rule = "norm_frozen", .severity = PSY_NOTE, .subject = of->id};
    return psyi_find(findings, &finding, error,
                     "norm '%s' is the one of this wave's first release: %llu score%s", of->id,
                     (unsigned long long)norm->n, psyi_s(norm->n));
}

static psy_status open_one(psyi_released *released, const psy_plan *plan, const char *folder,
                           size_t local, psyi_arena *arena, psy_findings *findings,
                           psy_error *error)
{
    const char *const id = psyi_counts_id(plan, local, arena);
    const char *const path = id != NULL ? psyi_arena_format(arena, "%s/%s.yaml", folder, id) : NULL;
    if (path == NULL)
        return psyi_fail_memory(error, "norms");
    if (!psyi_file_exists(path))
        return PSY_OK;
    psy_status status =
        psyi_norm_load_file(&released->norms[local], path, released->allocator, NULL, error);
    if (status == PSY_OK)
        status = check(plan, local, released->norms[local], findings, error);
    return status;
}

psy_status psyi_released_open(psyi_released *released, const psy_plan *plan, const char *directory,
                              const psy_allocator *allocator, psy_findings *findings,
                              psy_error *error)
{
    psyi_arena arena;
    psyi_arena_init(&arena, allocator);
    *released = (psyi_released){.allocator = allocator, .n = plan->n_locals};
    released->norms = psyi_alloc(allocator, plan->n_locals, sizeof *released->norms);
    const char *const folder = psyi_arena_format(&arena, "%s/norms", directory);
    psy_status status =
        released->norms == NULL || folder == NULL ? psyi_fail_memory(error, "norms") : PSY_OK;
    for (size_t i = 0; i < plan->n_locals && status == PSY_OK; i++)
        if (plan->locals[i].freeze)
            status = open_one(released, plan, folder, i, &arena, findings, error);
    psyi_arena_done(&arena);
    return status;
}

void psyi_released_close(psyi_released *released)
{
    for (size_t i = 0; released->norms != NULL && i < released->n; i++)
        psyi_norm_free(released->norms[i]);
    psyi_free(released->allocator, released->norms);
    *released = (psyi_released){.n = 0};
}

/* ---- this release ---------------------------------------------------------------------- */

static psy_status enter(psyi_outputs *outputs, const char *id, const char *suffix, psy_error *error)
{
    psyi_output_file *const file = &outputs->files[outputs->n_files];
    file->name = psyi_arena_format(&outputs->arena, "norms/%s.%s", id, suffix);
    if (file->name == NULL)
        return psyi_fail_memory(error, "norms");
    char *const path = psyi_path_join(outputs->allocator, outputs->directory, file->name);
    if (path == NULL)
        return psyi_fail_memory(error, "norms");
    const psy_status status = psyi_file_digest(path, file->digest, error);
    outputs->n_files += status == PSY_OK;
    psyi_free(outputs->allocator, path);
    return status;
}

static psy_status freeze(psyi_outputs *outputs, size_t local, const char *id, bool *written,
                         psy_error *error)
{
    psyi_norm *norm = NULL;
    psy_status status =
        psyi_counts_of(&norm, outputs->results, local, true, outputs->allocator, error);
    if (status != PSY_OK || norm == NULL)
        return status;
    const char *const folder = psyi_arena_format(&outputs->arena, "%s/norms", outputs->directory);
    const char *const path =
        folder != NULL ? psyi_arena_format(&outputs->arena, "%s/%s.yaml", folder, id) : NULL;
    status = path == NULL ? psyi_fail_memory(error, "norms") : psyi_directory_make(folder, error);
    if (status == PSY_OK)
        status = psyi_counts_write(norm, path, outputs->allocator, error);
    *written = status == PSY_OK;
    psyi_norm_free(norm);
    return status;
}

psy_status psyi_released_write(const psyi_released *released, psyi_outputs *outputs,
                               psy_error *error)
{
    const psy_plan *const plan = outputs->results->plan;
    psy_status status = PSY_OK;
    for (size_t i = 0; i < plan->n_locals && status == PSY_OK; i++) {
        if (!plan->locals[i].freeze)
            continue;
        const char *const id = psyi_counts_id(plan, i, &outputs->arena);
        bool there = released->norms[i] != NULL;
        if (id == NULL)
            return psyi_fail_memory(error, "norms");
        if (!there)
            status = freeze(outputs, i, id, &there, error);
        if (status == PSY_OK && there)
            status = enter(outputs, id, "csv", error);
        if (status == PSY_OK && there)
            status = enter(outputs, id, "yaml", error);
    }
    return status;
}
