/*
 * findings_names.c -- files of findings by their names, not by how somebody typed the path.
 *
 * The same files give the same findings.csv from whichever directory the program was called:
 * a file is called by its last name, and where two share it by as much of the path as tells
 * them apart.
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
    const char **paths, **names;
    size_t n, room, names_room;
} file_names;

static size_t find(const file_names *f, const char *path)
{
    for (size_t i = 0; i < f->n; i++)
        if (f->paths[i] == path || strcmp(f->paths[i], path) == 0)
            return i;
    return SIZE_MAX;
}

static bool add(const psy_findings *findings, file_names *f, const char *path)
{
    if (find(f, path) != SIZE_MAX)
        return true;
    void *paths = (void *)f->paths, *names = (void *)f->names;
    const psy_allocator *const allocator = findings->texts.allocator;
    bool good = psyi_grow(allocator, &paths, &f->room, f->n + 1, sizeof *f->paths);
    f->paths = paths;
    good = good && psyi_grow(allocator, &names, &f->names_room, f->n + 1, sizeof *f->names);
    f->names = names;
    if (good)
        f->paths[f->n++] = path;
    return good;
}

static bool is_shared(const file_names *f, size_t which, unsigned parts)
{
    const char *const name = tail(f->paths[which], parts);
    for (size_t i = 0; i < f->n; i++)
        if (i != which && strcmp(tail(f->paths[i], parts), name) == 0)
            return true;
    return false;
}

psy_status psyi_findings_short_names(psy_findings *findings, psy_error *error)
{
    file_names f = {.n = 0};
    bool good = true;
    const char *last = NULL;
    for (size_t i = 0; findings != NULL && i < findings->n_records && good; i++) {
        psyi_spill_pass(findings->room, i);
        const char *const file = findings->records[i].file;
        if (file == NULL || file == last)
            continue;
        last = file;
        good = add(findings, &f, file);
    }
    for (size_t i = 0; i < f.n && good; i++) {
        unsigned parts = 1;
        while (is_shared(&f, i, parts) && tail(f.paths[i], parts) != tail(f.paths[i], parts + 1))
            parts++;
        f.names[i] = tail(f.paths[i], parts);
    }
    for (size_t i = 0; findings != NULL && i < findings->n_records && good; i++) {
        psyi_spill_pass(findings->room, i);
        if (findings->records[i].file != NULL)
            findings->records[i].file = f.names[find(&f, findings->records[i].file)];
    }
    if (findings != NULL) {
        psyi_free(findings->texts.allocator, (void *)f.paths);
        psyi_free(findings->texts.allocator, (void *)f.names);
    }
    return good ? PSY_OK : psyi_fail_memory(error, "findings");
}
