/*
 * catalog.c -- every instrument, norm and plan in the directories a caller names.
 *
 * Opening lists the files; an instrument is loaded when its id is asked for, since a screening
 * names a few of many and reading them all took longer than scoring a school.  A file's name is
 * its instrument's id, so nothing has to be read to know which files an id can be in.  Files of
 * one id in one directory are loaded at once, since two of one edition are an error of opening.
 *
 * A definition that does not load is remembered with its error: it must not stop a screening
 * that does not use it, and must not be passed over in silence when it is asked for (not even
 * for a sound definition of the same name in a later directory).
 */
#include <psyscreen/catalog.h>

#include "base/fail.h"
#include "base/file.h"
#include "base/text.h"
#include "definition/document.h"
#include "definition/norm_files.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* A file that was found, in the order of directories and names. */
typedef struct catalog_file {
    const char *path, *id;
    size_t directory;
    bool loaded; /* or tried in vain */
} catalog_file;

typedef struct catalog_entry {
    psy_instrument *instrument; /* NULL: it does not load */
    const char *id;
    psy_error error;
    size_t directory; /* in which it was found; SIZE_MAX: added by itself */
} catalog_entry;

typedef struct catalog_plan {
    const char *id, *path;
} catalog_plan;

struct psy_catalog {
    const psy_allocator *allocator;
    psyi_arena arena;
    catalog_entry *entries;
    size_t n_entries, entries_capacity;
    catalog_plan *plans;
    size_t n_plans, plans_capacity;
    const psy_instrument **loaded; /* by id and edition */
    size_t n_loaded, loaded_capacity;
    catalog_file *files;
    size_t n_files, files_capacity;
    psyi_norm_index *norms; /* by directory */
    size_t n_norms;
    pthread_mutex_t lock; /* of all above, since asking loads */
};

/* ---- adding ------------------------------------------------------------------------------ */

static int by_id_and_edition(const void *a, const void *b)
{
    const psy_instrument *const x = *(const psy_instrument *const *)a;
    const psy_instrument *const y = *(const psy_instrument *const *)b;
    const int order = strcmp(x->id, y->id);
    return order != 0 ? order : strcmp(x->edition, y->edition);
}

/* The entry with this id and edition, or NULL. */
static const catalog_entry *find_entry(const psy_catalog *catalog, const char *id,
                                       const char *edition)
{
    for (size_t i = 0; i < catalog->n_entries; i++) {
        const catalog_entry *const entry = &catalog->entries[i];
        if (entry->instrument != NULL && strcmp(entry->id, id) == 0 &&
            strcmp(entry->instrument->edition, edition) == 0)
            return entry;
    }
    return NULL;
}

static psy_status add_entry(psy_catalog *catalog, const catalog_entry *entry, psy_error *error)
{
    if (!psyi_grow(catalog->allocator, (void **)&catalog->entries, &catalog->entries_capacity,
                   catalog->n_entries + 1, sizeof *catalog->entries))
        return psyi_fail_memory(error, "the catalogue");
    if (entry->instrument != NULL) {
        if (!psyi_grow(catalog->allocator, (void **)&catalog->loaded, &catalog->loaded_capacity,
                       catalog->n_loaded + 1, sizeof *catalog->loaded))
            return psyi_fail_memory(error, "the catalogue");
        catalog->loaded[catalog->n_loaded++] = entry->instrument;
    }
    catalog->entries[catalog->n_entries++] = *entry;
    return PSY_OK;
}

static psy_status refuse_twice(const psy_instrument *instrument, const char *path, psy_error *error)
{
    const psy_location where = psyi_location(path, 0, 0, 0);
    return psyi_fail(error, PSY_E_SCHEMA, &where,
                     "instrument '%s' edition '%s' stands in %s already", instrument->id,
                     instrument->edition, instrument->file);
}

static psy_status load_into(psy_catalog *catalog, const catalog_file *file, psy_error *error)
{
    const char *const path = file->path;
    const size_t directory = file->directory;
    catalog_entry entry = {.directory = directory};
    psy_status status =
        psyi_instrument_read(&entry.instrument, path, NULL, 0, NULL, &catalog->norms[directory],
                             catalog->allocator, NULL, &entry.error);
    if (status == PSY_E_NOMEM)
        return psyi_fail_memory(error, "the catalogue");
    if (status != PSY_OK) {
        entry.id = file->id;
        return add_entry(catalog, &entry, error);
    }
    entry.id = entry.instrument->id;
    const catalog_entry *const same = find_entry(catalog, entry.id, entry.instrument->edition);
    if (same != NULL && same->directory != directory) {
        psy_instrument_free(entry.instrument); /* the first directory wins */
        return PSY_OK;
    }
    status = same != NULL ? refuse_twice(same->instrument, path, error)
                          : add_entry(catalog, &entry, error);
    if (status != PSY_OK)
        psy_instrument_free(entry.instrument);
    return status;
}

static void sort_loaded(psy_catalog *catalog)
{
    if (catalog->n_loaded > 1)
        qsort(catalog->loaded, catalog->n_loaded, sizeof *catalog->loaded, by_id_and_edition);
}

/* Whatever is not loaded yet: of one id, or (NULL) all.  The lock is held. */
static psy_status load_files(psy_catalog *catalog, const char *id, psy_error *error)
{
    const size_t before = catalog->n_loaded;
    psy_status status = PSY_OK;
    for (size_t i = 0; i < catalog->n_files && status == PSY_OK; i++) {
        catalog_file *const file = &catalog->files[i];
        if (file->loaded || (id != NULL && strcmp(file->id, id) != 0))
            continue;
        status = load_into(catalog, file, error);
        file->loaded = status == PSY_OK;
    }
    if (catalog->n_loaded > before)
        sort_loaded(catalog);
    return status;
}

/* Asking changes nothing that anybody sees, so that it takes a constant catalogue. */
static psy_status load_for(const psy_catalog *catalog, const char *id, psy_error *error)
{
    return load_files((psy_catalog *)catalog, id, error);
}

static void lock(const psy_catalog *catalog)
{
    pthread_mutex_lock(&((psy_catalog *)catalog)->lock);
}

static void unlock(const psy_catalog *catalog)
{
    pthread_mutex_unlock(&((psy_catalog *)catalog)->lock);
}

static psy_status add_file(psy_catalog *catalog, const char *path, size_t directory,
                           psy_error *error)
{
    size_t length = 0;
    const char *const stem = psyi_file_stem(path, &length);
    const char *const id = psyi_arena_text(&catalog->arena, stem, length);
    if (id == NULL ||
        !psyi_grow(catalog->allocator, (void **)&catalog->files, &catalog->files_capacity,
                   catalog->n_files + 1, sizeof *catalog->files))
        return psyi_fail_memory(error, "the catalogue");
    catalog->files[catalog->n_files++] = (catalog_file){path, id, directory, false};
    return PSY_OK;
}

static bool is_yaml(const char *name)
{
    const size_t length = strlen(name);
    return length > 5 && name[0] != '.' && strcmp(name + length - 5, ".yaml") == 0;
}

/* Files of one id beside each other in a directory: none of them may be like another. */
static psy_status load_twins(psy_catalog *catalog, size_t first, psy_error *error)
{
    psy_status status = PSY_OK;
    for (size_t i = first; i < catalog->n_files && status == PSY_OK; i++)
        for (size_t j = i + 1; j < catalog->n_files && status == PSY_OK; j++)
            if (strcmp(catalog->files[i].id, catalog->files[j].id) == 0)
                status = load_files(catalog, catalog->files[i].id, error);
    return status;
}

static psy_status find_instruments(psy_catalog *catalog, const char *directory, size_t index,
                                   psy_error *error)
{
    const size_t first = catalog->n_files;
    char **names = NULL;
    size_t n = 0;
    psy_status status =
        psyi_norm_index_open(&catalog->norms[index], directory, catalog->allocator, error);
    catalog->n_norms = index + 1;
    if (status == PSY_OK)
        status = psyi_directory_list(directory, catalog->allocator, &names, &n, error);
    for (size_t i = 0; status == PSY_OK && i < n; i++) {
        if (!is_yaml(names[i]))
            continue;
        const char *const path = psyi_arena_format(&catalog->arena, "%s/%s", directory, names[i]);
        status = path == NULL ? psyi_fail_memory(error, "the catalogue")
                              : add_file(catalog, path, index, error);
    }
    psyi_free(catalog->allocator, names);
    return status == PSY_OK ? load_twins(catalog, first, error) : status;
}

static psy_status add_plan(psy_catalog *catalog, const char *folder, const char *name,
                           psy_error *error)
{
    const char *const id = psyi_arena_text(&catalog->arena, name, strlen(name) - 5);
    const char *const path = psyi_arena_format(&catalog->arena, "%s/%s", folder, name);
    if (id == NULL || path == NULL ||
        !psyi_grow(catalog->allocator, (void **)&catalog->plans, &catalog->plans_capacity,
                   catalog->n_plans + 1, sizeof *catalog->plans))
        return psyi_fail_memory(error, "the catalogue");
    if (psy_catalog_plan_path(catalog, id) == NULL) /* the first directory wins */
        catalog->plans[catalog->n_plans++] = (catalog_plan){id, path};
    return PSY_OK;
}

static psy_status find_plans(psy_catalog *catalog, const char *directory, psy_error *error)
{
    const char *const folder = psyi_arena_format(&catalog->arena, "%s/plans", directory);
    if (folder == NULL)
        return psyi_fail_memory(error, "the catalogue");
    if (!psyi_is_directory(folder))
        return PSY_OK;
    char **names = NULL;
    size_t n = 0;
    psy_status status = psyi_directory_list(folder, catalog->allocator, &names, &n, error);
    for (size_t i = 0; status == PSY_OK && i < n; i++)
        if (is_yaml(names[i]))
            status = add_plan(catalog, folder, names[i], error);
    psyi_free(catalog->allocator, names);
    return status;
}

psy_status psy_catalog_open(psy_catalog **out, const char *const *directories, size_t n_directories,
                            const psy_allocator *allocator, psy_error *error)
{
    if (out == NULL || (directories == NULL && n_directories > 0))
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "no place for the catalogue");
    psy_catalog *const catalog = psyi_alloc(allocator, 1, sizeof *catalog);
    if (catalog == NULL)
        return psyi_fail_memory(error, "the catalogue");
    if (pthread_mutex_init(&catalog->lock, NULL) != 0) {
        psyi_free(allocator, catalog);
        return psyi_fail_memory(error, "a lock");
    }
    catalog->allocator = allocator;
    psyi_arena_init(&catalog->arena, allocator);
    catalog->norms = psyi_alloc(allocator, n_directories, sizeof *catalog->norms);
    psy_status status = catalog->norms != NULL ? PSY_OK : psyi_fail_memory(error, "the catalogue");
    for (size_t i = 0; status == PSY_OK && i < n_directories; i++) {
        status = find_instruments(catalog, directories[i], i, error);
        if (status == PSY_OK)
            status = find_plans(catalog, directories[i], error);
    }
    if (status != PSY_OK) {
        psy_catalog_free(catalog);
        return status;
    }
    *out = catalog;
    return PSY_OK;
}

void psy_catalog_free(psy_catalog *catalog)
{
    if (catalog == NULL)
        return;
    for (size_t i = 0; i < catalog->n_entries; i++)
        psy_instrument_free(catalog->entries[i].instrument);
    for (size_t i = 0; i < catalog->n_norms; i++)
        psyi_norm_index_close(&catalog->norms[i]);
    const psy_allocator *const allocator = catalog->allocator;
    pthread_mutex_destroy(&catalog->lock);
    psyi_free(allocator, catalog->norms);
    psyi_free(allocator, catalog->files);
    psyi_free(allocator, catalog->entries);
    psyi_free(allocator, catalog->plans);
    psyi_free(allocator, catalog->loaded);
    psyi_arena_done(&catalog->arena);
    psyi_free(allocator, catalog);
}

psy_status psy_catalog_add(psy_catalog *catalog, const char *path, psy_error *error)
{
    catalog_entry entry = {.directory = SIZE_MAX};
    psy_status status =
        psy_instrument_load_file(&entry.instrument, path, catalog->allocator, NULL, error);
    if (status != PSY_OK)
        return status;
    entry.id = entry.instrument->id;
    lock(catalog);
    status = load_files(catalog, entry.id, error);
    if (status == PSY_OK) {
        const catalog_entry *const same = find_entry(catalog, entry.id, entry.instrument->edition);
        status = same != NULL ? refuse_twice(same->instrument, path, error)
                              : add_entry(catalog, &entry, error);
    }
    if (status == PSY_OK)
        sort_loaded(catalog);
    unlock(catalog);
    if (status != PSY_OK)
        psy_instrument_free(entry.instrument);
    return status;
}

/* ---- asking ------------------------------------------------------------------------------ */

size_t psy_catalog_count(const psy_catalog *catalog)
{
    lock(catalog);
    const size_t n = load_for(catalog, NULL, NULL) == PSY_OK ? catalog->n_loaded : 0;
    unlock(catalog);
    return n;
}

const psy_instrument *psy_catalog_get(const psy_catalog *catalog, size_t index)
{
    lock(catalog);
    const psy_status status = load_for(catalog, NULL, NULL);
    const psy_instrument *const found =
        status == PSY_OK && index < catalog->n_loaded ? catalog->loaded[index] : NULL;
    unlock(catalog);
    return found;
}

static psy_status refuse_id(const psy_catalog *catalog, const char *id, psy_error *error)
{
    const size_t n = catalog->n_files + catalog->n_entries;
    const char **const ids = psyi_alloc(catalog->allocator, n, sizeof *ids);
    if (ids == NULL)
        return psyi_fail_memory(error, "the catalogue");
    for (size_t i = 0; i < catalog->n_files; i++)
        ids[i] = catalog->files[i].id;
    for (size_t i = 0; i < catalog->n_entries; i++) /* those from elsewhere are in no list */
        ids[catalog->n_files + i] = catalog->entries[i].id;
    const size_t nearest = psyi_nearest(id, ids, n);
    const int length = (int)psyi_utf8_prefix(id, strlen(id), 40);
    if (nearest == SIZE_MAX)
        psyi_fail(error, PSY_E_NOT_FOUND, NULL, "there is no instrument '%.*s'", length, id);
    else
        psyi_fail(error, PSY_E_NOT_FOUND, NULL, "there is no instrument '%.*s'; did you mean '%s'?",
                  length, id, ids[nearest]);
    psyi_free(catalog->allocator, ids);
    return PSY_E_NOT_FOUND;
}

static psy_status refuse_edition(const psy_catalog *catalog, const char *id, const char *edition,
                                 psy_status status, psy_error *error)
{
    char list[200] = "";
    size_t length = 0;
    for (size_t i = 0; i < catalog->n_loaded; i++) {
        const char *const one = catalog->loaded[i]->edition;
        if (strcmp(catalog->loaded[i]->id, id) != 0 || length + strlen(one) + 6 > sizeof list)
            continue;
        if (length > 0) {
            memcpy(list + length, ", ", 2);
            length += 2;
        }
        list[length++] = '\'';
        memcpy(list + length, one, strlen(one));
        length += strlen(one);
        list[length++] = '\'';
        list[length] = '\0';
    }
    if (edition == NULL)
        return psyi_fail(error, status, NULL, "instrument '%s' has several editions: %s", id, list);
    return psyi_fail(error, status, NULL, "instrument '%s' has no edition '%.*s': there is %s", id,
                     (int)psyi_utf8_prefix(edition, strlen(edition), 40), edition, list);
}

/* Among what is loaded. */
static psy_status find(const psy_catalog *catalog, const char *id, const char *edition,
                       const psy_instrument **out, psy_error *error)
{
    const psy_instrument *found = NULL;
    const catalog_entry *broken = NULL;
    size_t n = 0;
    bool known = false;
    for (size_t i = 0; i < catalog->n_entries; i++) {
        const catalog_entry *const entry = &catalog->entries[i];
        if (strcmp(entry->id, id) != 0)
            continue;
        known = true;
        if (entry->instrument == NULL) {
            broken = broken != NULL ? broken : entry;
        } else if (edition == NULL || strcmp(entry->instrument->edition, edition) == 0) {
            found = entry->instrument;
            n++;
        }
    }
    if (broken != NULL && (edition == NULL || n == 0)) {
        if (error != NULL)
            *error = broken->error;
        return broken->error.status;
    }
    if (!known)
        return refuse_id(catalog, id, error);
    if (n == 0)
        return refuse_edition(catalog, id, edition, PSY_E_NOT_FOUND, error);
    if (n > 1)
        return refuse_edition(catalog, id, NULL, PSY_E_ARGUMENT, error);
    *out = found;
    return PSY_OK;
}

psy_status psy_catalog_find(const psy_catalog *catalog, const char *id, const char *edition,
                            const psy_instrument **out, psy_error *error)
{
    lock(catalog);
    psy_status status = load_for(catalog, id, error);
    if (status == PSY_OK)
        status = find(catalog, id, edition, out, error);
    unlock(catalog);
    return status;
}

size_t psy_catalog_plan_count(const psy_catalog *catalog)
{
    return catalog->n_plans;
}

const char *psy_catalog_plan_id(const psy_catalog *catalog, size_t index)
{
    return index < catalog->n_plans ? catalog->plans[index].id : NULL;
}

const char *psy_catalog_plan_path(const psy_catalog *catalog, const char *id)
{
    for (size_t i = 0; i < catalog->n_plans; i++)
        if (strcmp(catalog->plans[i].id, id) == 0)
            return catalog->plans[i].path;
    return NULL;
}
