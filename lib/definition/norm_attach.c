/*
 * norm_attach.c -- the norms beside an instrument become its standard-score columns.
 *
 * Every instrument loads its own copy of a norm, so that it can be freed with it and two
 * editions may share a file.
 */
#include "definition/norm_files.h"

#include "base/fail.h"
#include "base/file.h"
#include "definition/load.h"

#include <string.h>

/* ---- which files there are -------------------------------------------------------------- */

/* The value of the line "instrument: <id>", in the arena; NULL when there is none. */
static const char *instrument_of(const psyi_buffer *file, psyi_arena *arena, bool *failed)
{
    static const char key[] = "instrument:";
    const char *line = file->data != NULL ? file->data : "";
    const char *const end = line + file->length;
    while (line < end) {
        const char *stop = line;
        while (stop < end && *stop != '\n' && *stop != '\r')
            stop++;
        if ((size_t)(stop - line) > sizeof key - 1 && memcmp(line, key, sizeof key - 1) == 0) {
            const char *at = line + sizeof key - 1;
            while (at < stop && (*at == ' ' || *at == '"' || *at == '\''))
                at++;
            const char *until = at;
            while (until < stop && ((*until >= 'a' && *until <= 'z') || *until == '_' ||
                                    (*until >= '0' && *until <= '9')))
                until++;
            const char *const id = psyi_arena_text(arena, at, (size_t)(until - at));
            *failed = id == NULL;
            return id;
        }
        line = stop < end ? stop + 1 : end;
    }
    return NULL;
}

static psy_status add_file(psyi_norm_index *index, const char *directory, const char *name,
                           psy_error *error)
{
    const psy_allocator *const allocator = index->arena.allocator;
    psyi_buffer file;
    psyi_buffer_init(&file, allocator);
    const char *const path = psyi_arena_format(&index->arena, "%s/%s", directory, name);
    psy_status status = path == NULL ? psyi_fail_memory(error, "norms") : PSY_OK;
    const char *instrument = NULL;
    bool failed = false;
    if (status == PSY_OK) {
        /* A file that cannot be read is nobody's norm; checking it by name says why. */
        psy_error ignored;
        status = psyi_file_read(path, 1 << 20, &file, &ignored);
        if (status == PSY_OK)
            instrument = instrument_of(&file, &index->arena, &failed);
        if (status == PSY_E_NOMEM || failed)
            status = psyi_fail_memory(error, "norms");
        else
            status = PSY_OK;
    }
    if (status == PSY_OK && instrument != NULL) {
        if (psyi_grow(allocator, (void **)&index->entries, &index->capacity, index->n + 1,
                      sizeof *index->entries))
            index->entries[index->n++] = (psyi_norm_entry){path, instrument};
        else
            status = psyi_fail_memory(error, "norms");
    }
    psyi_buffer_done(&file);
    return status;
}

psy_status psyi_norm_index_open(psyi_norm_index *index, const char *directory,
                                const psy_allocator *allocator, psy_error *error)
{
    memset(index, 0, sizeof *index);
    psyi_arena_init(&index->arena, allocator);
    const char *const folder = psyi_arena_format(&index->arena, "%s/norms", directory);
    if (folder == NULL)
        return psyi_fail_memory(error, "norms");
    if (!psyi_is_directory(folder))
        return PSY_OK;
    char **names = NULL;
    size_t n = 0;
    psy_status status = psyi_directory_list(folder, allocator, &names, &n, error);
    for (size_t i = 0; status == PSY_OK && i < n; i++) {
        const size_t length = strlen(names[i]);
        if (length > 5 && names[i][0] != '.' && strcmp(names[i] + length - 5, ".yaml") == 0)
            status = add_file(index, folder, names[i], error);
    }
    psyi_free(allocator, names);
    return status;
}

void psyi_norm_index_close(psyi_norm_index *index)
{
    psyi_free(index->arena.allocator, index->entries);
    psyi_arena_done(&index->arena);
    memset(index, 0, sizeof *index);
}

/* ---- taking them up ----------------------------------------------------------------------- */

static unsigned find_raw(const psyi_raw_scale *scales, size_t n, const char *id)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(scales[i].id, id) == 0)
            return (unsigned)i;
    return PSYI_NO_INDEX;
}

static bool norms_scale(const psyi_norm *norm, const char *id)
{
    for (size_t i = 0; i < norm->n_groups; i++)
        if (strcmp(norm->groups[i].scale, id) == 0)
            return true;
    return false;
}

static void check_scales(psyi_build *build, const psyi_raw_scale *scales, const psyi_norm *norm)
{
    psyi_loader *const loader = build->loader;
    const char *before = NULL;
    for (size_t i = 0; i < norm->n_groups; i++) {
        const psyi_norm_group *const group = &norm->groups[i];
        if (before != NULL && strcmp(before, group->scale) == 0)
            continue;
        before = group->scale;
        if (find_raw(scales, build->instrument->n_scales, group->scale) != PSYI_NO_INDEX)
            continue;
        const psy_location where = psyi_location(norm->csv_file, group->place.line,
                                                 group->place.column, group->place.length);
        psy_error error;
        psyi_fail(&error, PSY_E_SCHEMA, &where, "'%s' is not a scale of instrument '%s'",
                  group->scale, build->instrument->id);
        const char *const head = loader->source;
        loader->source = norm->csv_file;
        psyi_problem_error(loader, &error, PSYI_PROBLEM_NAME);
        loader->source = head;
    }
}

/* The items of a model must be items of the instrument, with as many scores. */
static void check_items(psyi_build *build, const psyi_norm *norm)
{
    psyi_loader *const loader = build->loader;
    const struct psy_instrument *const instrument = build->instrument;
    for (size_t g = 0; g < norm->n_groups; g++) {
        const psyi_norm_group *const group = &norm->groups[g];
        for (size_t i = 0;
             group->model != NULL && group->model->items != NULL && i < group->model->n; i++) {
            const char *const name = group->model->items[i];
            const unsigned item = psyi_find_item(instrument, name);
            psy_error error;
            const psy_location where = psyi_location(norm->csv_file, group->place.line,
                                                     group->place.column, group->place.length);
            if (item == PSYI_NO_INDEX)
                psyi_fail(&error, PSY_E_SCHEMA, &where, "'%s' is not an item of instrument '%s'",
                          name, instrument->id);
            else if (instrument->items[item].high - instrument->items[item].low !=
                     (int32_t)group->model->highest[i] * instrument->items[item].scale)
                psyi_fail(&error, PSY_E_SCHEMA, &where,
                          "item '%s' has %u step%s in the norm, and scores from %d to %d in '%s'",
                          name, group->model->highest[i], psyi_s(group->model->highest[i]),
                          (int)instrument->items[item].low, (int)instrument->items[item].high,
                          instrument->id);
            else
                continue;
            const char *const head = loader->source;
            loader->source = norm->csv_file;
            psyi_problem_error(loader, &error, PSYI_PROBLEM_NAME);
            loader->source = head;
        }
    }
}

static void load_norms(psyi_build *build, const psyi_norm_index *index)
{
    psyi_loader *const loader = build->loader;
    struct psy_instrument *const instrument = build->instrument;
    psyi_norm **const norms = psyi_loader_alloc(loader, index->n, sizeof *norms);
    instrument->norms = norms;
    for (size_t i = 0; i < index->n && norms != NULL && instrument->id != NULL; i++) {
        if (strcmp(index->entries[i].instrument, instrument->id) != 0)
            continue;
        psyi_norm *norm = NULL;
        psy_error error = {.status = PSY_OK};
        const psy_status status = psyi_norm_load_file(&norm, index->entries[i].path,
                                                      loader->allocator, loader->findings, &error);
        if (status == PSY_E_NOMEM) {
            psyi_loader_nomem(loader);
            return;
        }
        if (status != PSY_OK) {
            /* Its problems are among the findings already. */
            if (loader->status == PSY_OK) {
                loader->status = status;
                if (loader->error != NULL)
                    *loader->error = error;
            }
            continue;
        }
        if (norm->edition != NULL && instrument->edition != NULL &&
            strcmp(norm->edition, instrument->edition) != 0)
            psyi_norm_free(norm);
        else
            norms[instrument->n_norms++] = norm;
    }
}

static const char *standard_name(psyi_loader *loader, psyi_metric metric, const char *norm)
{
    const char *const name =
        psyi_arena_format(loader->arena, "%s@%s", psyi_metric_name(metric), norm);
    if (name == NULL)
        psyi_loader_nomem(loader);
    return name;
}

/* Call with standards NULL to count. */
static size_t list_standards(psyi_build *build, const psyi_raw_scale *scales,
                             psyi_standard *standards)
{
    const struct psy_instrument *const instrument = build->instrument;
    size_t n = 0;
    for (size_t s = 0; s < instrument->n_scales; s++)
        for (size_t i = 0; i < instrument->n_norms; i++) {
            const psyi_norm *const norm = instrument->norms[i];
            if (!norms_scale(norm, scales[s].id))
                continue;
            for (unsigned m = 0; m < PSYI_METRICS; m++) {
                if ((norm->metrics >> m & 1u) == 0)
                    continue;
                if (standards != NULL)
                    standards[n] = (psyi_standard){
                        .scale = (uint16_t)s,
                        .norm = (uint16_t)i,
                        .metric = (uint8_t)m,
                        .decimals = (uint8_t)norm->decimals[m],
                        .name = standard_name(build->loader, (psyi_metric)m, norm->id)};
                n++;
            }
        }
    return n;
}

/* Standard scores that band sets ask for, when there are no norms to give them. */
static size_t list_missing(psyi_build *build, const psyi_raw_scale *scales,
                           psyi_standard *standards)
{
    size_t n = 0;
    for (size_t s = 0; s < build->instrument->n_scales; s++) {
        const psyi_node *const bands = scales[s].bands;
        const size_t first = n;
        for (size_t i = 0; bands != NULL && bands->kind == PSYI_NODE_LIST && i < bands->n; i++) {
            const psyi_node *const of = psyi_node_get(bands->values[i], "of");
            const size_t length =
                of != NULL && of->kind == PSYI_NODE_TEXT ? strcspn(of->text, "@") : 0;
            if (length == 0 || of->text[length] != '@')
                continue;
            unsigned metric = 0;
            while (metric < PSYI_METRICS &&
                   (strlen(psyi_metric_name((psyi_metric)metric)) != length ||
                    strncmp(psyi_metric_name((psyi_metric)metric), of->text, length) != 0))
                metric++;
            bool again = metric == PSYI_METRICS;
            for (size_t j = first; standards != NULL && j < n; j++)
                again = again || strcmp(standards[j].name, of->text) == 0;
            if (again)
                continue;
            if (standards != NULL)
                standards[n] =
                    (psyi_standard){.scale = (uint16_t)s,
                                    .norm = PSYI_NO_INDEX,
                                    .metric = (uint8_t)metric,
                                    .decimals = (uint8_t)psyi_metric_decimals((psyi_metric)metric),
                                    .name = of->text};
            n++;
        }
    }
    return n;
}

void psyi_build_norms(psyi_build *build, const psyi_raw_scale *scales, const psyi_norm_index *index)
{
    psyi_loader *const loader = build->loader;
    struct psy_instrument *const instrument = build->instrument;
    if (index != NULL) {
        const bool sound = loader->status == PSY_OK;
        load_norms(build, index);
        for (size_t i = 0; i < instrument->n_norms; i++) {
            check_scales(build, scales, instrument->norms[i]);
            check_items(build, instrument->norms[i]);
        }
        /* Norms that do not load would only be reported once more for each of their columns. */
        if (sound && loader->status != PSY_OK)
            build->have_norms = false;
    }
    size_t (*const list)(psyi_build *, const psyi_raw_scale *, psyi_standard *) =
        build->have_norms ? list_standards : list_missing;
    const size_t n = list(build, scales, NULL);
    if (n > PSYI_MAX_STANDARDS) {
        psyi_problem(loader, NULL, PSYI_PROBLEM_LIMIT,
                     "%zu standard scores; at most %d are possible", n, PSYI_MAX_STANDARDS);
        return;
    }
    psyi_standard *const standards = psyi_loader_alloc(loader, n, sizeof *standards);
    if (standards == NULL)
        return;
    const size_t listed = list(build, scales, standards);
    if (!psyi_loader_ok(loader))
        return;
    instrument->standards = standards;
    instrument->n_standards = listed;
}
