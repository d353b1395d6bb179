/* rosters.c -- the rosters that schools sent, in a directory.
 *
 * What is left out in silence would be a school nobody misses, so whatever is no table by its name
 * is refused, and what a file is in truth the library sees from its first bytes.  Only files that
 * programs hide are passed over, and the marks of workbooks that are open ("~$..."). */
#include "rosters.h"

#include "exitcode.h"
#include "session.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_table_name(const char *name)
{
    static const char *const ends[] = {".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".sav", ".zsav"};
    const char *const dot = strrchr(name, '.');
    for (size_t i = 0; dot && i < sizeof ends / sizeof *ends; i++)
        if (strcasecmp(dot, ends[i]) == 0)
            return true;
    return false;
}

static int refuse(const char *path, const char *what, const char *more)
{
    psy_error error = {.status = PSY_E_DATA};
    snprintf(error.where.source, sizeof error.where.source, "%s", path);
    snprintf(error.message, sizeof error.message, "%s%s", what, more);
    return session_fail(&error);
}

/* Takes `path` over; NULL: there was no memory for it. */
static bool add(roster_paths *rosters, char *path)
{
    char **const grown =
        path ? realloc((void *)rosters->paths, (rosters->n + 1) * sizeof *grown) : NULL;
    if (!grown) {
        free(path);
        return false;
    }
    rosters->paths = grown;
    rosters->paths[rosters->n++] = path;
    return true;
}

static char *join(const char *directory, const char *name)
{
    const size_t n = strlen(directory), size = n + strlen(name) + 2;
    char *const path = malloc(size);
    if (path)
        snprintf(path, size, "%s%s%s", directory, n > 0 && directory[n - 1] == '/' ? "" : "/",
                 name);
    return path;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* All that a directory shows; false without memory. */
static bool list(DIR *directory, const char *path, roster_paths *out)
{
    const size_t first = out->n;
    for (const struct dirent *entry; (entry = readdir(directory));)
        if (entry->d_name[0] != '.' && strncmp(entry->d_name, "~$", 2) != 0 &&
            !add(out, join(path, entry->d_name)))
            return false;
    if (out->n > first)
        qsort((void *)(out->paths + first), out->n - first, sizeof *out->paths, by_bytes);
    return true;
}

static int check(const char *path)
{
    if (is_directory(path))
        return refuse(path, "a directory in one of rosters: give it a --roster of its own", "");
    if (!is_table_name(path))
        return refuse(path,
                      "a directory of rosters holds nothing else, and this is not called .csv, "
                      ".tsv, .txt, .xlsx, .xlsm, .sav or .zsav: save it as one of these, or move "
                      "it elsewhere",
                      "");
    return EXIT_DONE;
}

static int add_directory(roster_paths *out, const char *path)
{
    const size_t first = out->n;
    DIR *const directory = opendir(path);
    if (!directory)
        return refuse(path, "cannot read this directory: ", strerror(errno));
    const bool good = list(directory, path, out);
    closedir(directory);
    int code = EXIT_DONE;
    if (!good) {
        fputs("psyscreen: out of memory\n", stderr);
        code = EXIT_OUTPUT;
    } else if (out->n == first) {
        code = refuse(path, "this directory holds no roster", "");
    }
    for (size_t i = first; i < out->n && code == EXIT_DONE; i++)
        code = check(out->paths[i]);
    return code;
}

int rosters_find(const text_list *given, roster_paths *out)
{
    int code = EXIT_DONE;
    for (size_t i = 0; i < given->n && code == EXIT_DONE; i++) {
        const char *const path = given->texts[i];
        if (is_directory(path)) {
            code = add_directory(out, path);
        } else if (!add(out, strdup(path))) {
            fputs("psyscreen: out of memory\n", stderr);
            code = EXIT_OUTPUT;
        }
    }
    return code;
}

void rosters_release(roster_paths *rosters)
{
    for (size_t i = 0; i < rosters->n; i++)
        free(rosters->paths[i]);
    free((void *)rosters->paths);
    *rosters = (roster_paths){0};
}
