/* file_names.c -- what tells a path from all others. */
#include "base/file_names.h"

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
static size_t place_of(const psyi_file_names *f, const char *path)
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

void psyi_file_names_init(psyi_file_names *names, const psy_allocator *allocator)
{
    *names = (psyi_file_names){.n = 0};
    psyi_arena_init(&names->texts, allocator);
}

void psyi_file_names_done(psyi_file_names *names)
{
    psyi_free(names->texts.allocator, (void *)names->paths);
    psyi_free(names->texts.allocator, (void *)names->names);
    psyi_arena_done(&names->texts);
}

bool psyi_file_names_add(psyi_file_names *names, const char *path)
{
    const size_t at = place_of(names, path);
    if (at < names->n && strcmp(names->paths[at], path) == 0)
        return true;
    void *paths = (void *)names->paths;
    const bool good =
        psyi_grow(names->texts.allocator, &paths, &names->room, names->n + 1, sizeof *names->paths);
    names->paths = paths;
    if (!good)
        return false;
    memmove((void *)(names->paths + at + 1), (const void *)(names->paths + at),
            (names->n - at) * sizeof *names->paths);
    names->paths[at] = path;
    names->n++;
    return true;
}

/* One that ends with the same names as another does so with the next before or behind it. */
static bool is_shared(const psyi_file_names *f, size_t which, unsigned parts)
{
    const char *const name = tail(f->paths[which], parts);
    return (which > 0 && strcmp(tail(f->paths[which - 1], parts), name) == 0) ||
           (which + 1 < f->n && strcmp(tail(f->paths[which + 1], parts), name) == 0);
}

static const char *name_of(psyi_file_names *f, size_t which)
{
    unsigned parts = 1;
    while (is_shared(f, which, parts)) {
        const char *const name = tail(f->paths[which], parts);
        if (name == tail(f->paths[which], ++parts))
            return psyi_arena_format(&f->texts, "./%s", name);
    }
    return tail(f->paths[which], parts);
}

bool psyi_file_names_make(psyi_file_names *names)
{
    names->names = psyi_alloc(names->texts.allocator, names->n, sizeof *names->names);
    bool good = names->names != NULL;
    for (size_t i = 0; i < names->n && good; i++)
        good = (names->names[i] = name_of(names, i)) != NULL;
    return good;
}

const char *psyi_file_name(const psyi_file_names *names, const char *path)
{
    return names->names[place_of(names, path)];
}
