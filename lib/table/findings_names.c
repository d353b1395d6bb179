/*
 * findings_names.c -- files of findings by their names, not by how somebody typed the path.
 *
 * The same files give the same findings.csv from whichever directory the program was called:
 * a file is called by its last name, and where two share it by as much of the path as tells
 * them apart.  A path that is the end of another one has no more to tell: it begins with "./".
 */
#include "base/fail.h"
#include "table/collect.h"
#include "table/findings_internal.h"

#include <string.h>

/* The last `parts` names of a path. */
static const char *tail(const char *path, unsigned parts)
{
    const char *at = path + strlen(path);
    while (at > path && parts > 0) {
        while (at > path && at[-1] != '/')
            at--;
        if (--parts > 0 && at > path)
            at--;
    }
    while (at[0] == '.' && at[1] == '/')
        at += 2;
    return at;
}

typedef struct file_names {
    const char **paths, **names; /* paths in the order of `backwards`, each once */
    size_t n, room;
} file_names;

/* From the end, a slash before everything else: paths that end with the same names lie together. */
static int backwards(const char *a, const char *b)
{
    size_t i = strlen(a), j = strlen(b);
    while (i > 0 && j > 0 && a[i - 1] == b[j - 1]) {
        i--;
        j--;
    }
    if (i == 0 || j == 0)
        return (i > 0) - (j > 0);
    if (a[i - 1] == '/' || b[j - 1] == '/')
        return a[i - 1] == '/' ? -1 : 1;
    return (unsigned char)a[i - 1] < (unsigned char)b[j - 1] ? -1 : 1;
}

/* Where it is, or belongs. */
static size_t place_of(const file_names *f, const char *path)
{
    size_t low = 0, high = f->n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (f->paths[middle] != path && backwards(f->paths[middle], path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool add(const psy_allocator *allocator, file_names *f, const char *path)
{
    const size_t at = place_of(f, path);
    if (at < f->n && strcmp(f->paths[at], path) == 0)
        return true;
    void *paths = (void *)f->paths;
    const bool good = psyi_grow(allocator, &paths, &f->room, f->n + 1, sizeof *f->paths);
    f->paths = paths;
    if (!good)
        return false;
    memmove((void *)(f->paths + at + 1), (const void *)(f->paths + at),
            (f->n - at) * sizeof *f->paths);
    f->paths[at] = path;
    f->n++;
    return true;
}

/* One that ends with the same names as another does so with the next before or behind it. */
static bool is_shared(const file_names *f, size_t which, unsigned parts)
{
    const char *const name = tail(f->paths[which], parts);
    return (which > 0 && strcmp(tail(f->paths[which - 1], parts), name) == 0) ||
           (which + 1 < f->n && strcmp(tail(f->paths[which + 1], parts), name) == 0);
}

static const char *name_of(const file_names *f, size_t which, psyi_arena *texts)
{
    unsigned parts = 1;
    while (is_shared(f, which, parts)) {
        const char *const name = tail(f->paths[which], parts);
        if (name == tail(f->paths[which], ++parts))
            return psyi_arena_format(texts, "./%s", name);
    }
    return tail(f->paths[which], parts);
}

static bool name_all(const psy_allocator *allocator, file_names *f, psyi_arena *texts)
{
    bool good = (f->names = psyi_alloc(allocator, f->n, sizeof *f->names)) != NULL;
    for (size_t i = 0; i < f->n && good; i++)
        good = (f->names[i] = name_of(f, i, texts)) != NULL;
    return good;
}

psy_status psyi_findings_short_names(psy_findings *findings, const char *const *others,
                                     size_t n_others, psy_error *error)
{
    if (findings == NULL)
        return PSY_OK;
    const psy_allocator *const allocator = findings->texts.allocator;
    file_names f = {.n = 0};
    bool good = true;
    const char *last = NULL, *name = NULL;
    for (size_t i = 0; i < n_others && good; i++)
        good = add(allocator, &f, others[i]);
    for (size_t i = 0; i < findings->n_records && good; i++) {
        psyi_spill_pass(findings->room, i);
        const char *const file = findings->records[i].file;
        if (file == NULL || file == last)
            continue;
        last = file;
        good = add(allocator, &f, file);
    }
    good = good && name_all(allocator, &f, &findings->texts);
    last = NULL;
    for (size_t i = 0; i < findings->n_records && good; i++) {
        psyi_spill_pass(findings->room, i);
        const char *const file = findings->records[i].file;
        if (file == NULL)
            continue;
        if (file != last) {
            /* Of the findings' own text: the others may go before them. */
            name = f.names[place_of(&f, file)];
            name = strncmp(name, "./", 2) == 0 ? name : file + strlen(file) - strlen(name);
        }
        last = file;
        findings->records[i].file = name;
    }
    psyi_free(allocator, (void *)f.paths);
    psyi_free(allocator, (void *)f.names);
    return good ? PSY_OK : psyi_fail_memory(error, "findings");
}
