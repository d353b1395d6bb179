/* session.c -- opening the catalogue and ending with the right code.
 *
 * Definitions are searched in --instruments, then beside the program (<exe>/../share), then
 * where it was installed.  The library itself never guesses a directory. */
#include "session.h"

#include "exitcode.h"
#include "show.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool is_directory(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* Add a directory once, whatever name it goes by. */
static void add_directory(session *s, const char *path)
{
    struct stat mine, other;

    if (s->n_directories >= sizeof s->directories / sizeof *s->directories || stat(path, &mine) != 0)
        return;
    for (size_t i = 0; i < s->n_directories; i++)
        if (stat(s->directories[i], &other) == 0 && other.st_dev == mine.st_dev &&
            other.st_ino == mine.st_ino)
            return;
    s->directories[s->n_directories++] = path;
}

static void find_directories(session *s)
{
    char exe[PATH_MAX];
    const ssize_t length = readlink("/proc/self/exe", exe, sizeof exe - 1);

    for (size_t i = 0; i < s->instruments.n; i++)
        add_directory(s, s->instruments.texts[i]);
    if (length > 0) {
        exe[length] = '\0';
        char *slash = strrchr(exe, '/');
        if (slash) {
            *slash = '\0';
            char beside[PATH_MAX + 32];
            snprintf(beside, sizeof beside, "%s/../share/psyscreen", exe);
            /* Resolved, so that messages name a path a person can read. */
            if (realpath(beside, s->paths[0]) && is_directory(s->paths[0]))
                add_directory(s, s->paths[0]);
        }
    }
    snprintf(s->paths[1], sizeof s->paths[1], "%s", PSY_DATADIR);
    if (is_directory(s->paths[1]))
        add_directory(s, s->paths[1]);
}

int session_open(session *s)
{
    psy_error error = {0};

    for (size_t i = 0; i < s->instruments.n; i++)
        if (!is_directory(s->instruments.texts[i])) {
            fprintf(stderr, "psyscreen: --instruments: '%s' is not a directory\n",
                    s->instruments.texts[i]);
            return EXIT_REFUSED;
        }
    find_directories(s);
    if (psy_findings_new(&s->findings, NULL, &error) != PSY_OK ||
        psy_catalog_open(&s->catalog, s->directories, s->n_directories, NULL, &error) != PSY_OK)
        return session_fail(&error);
    return EXIT_DONE;
}

void session_close(session *s)
{
    psy_catalog_free(s->catalog);
    psy_findings_free(s->findings);
    s->catalog = NULL;
    s->findings = NULL;
}

const char *session_plan_path(const session *s, const char *plan)
{
    const char *path = NULL;

    if (strchr(plan, '/') || access(plan, F_OK) == 0)
        return plan;
    if ((path = psy_catalog_plan_path(s->catalog, plan)))
        return path;
    fprintf(stderr,
            "psyscreen: there is no plan '%s': give the path of a plan file, or the id of one "
            "in a `plans` folder (psyscreen list --plans shows them)\n",
            plan);
    return NULL;
}

int session_plan(session *s, const char *plan, psy_plan **out)
{
    psy_error error = {0};
    const char *path = session_plan_path(s, plan);

    if (!path)
        return EXIT_REFUSED;
    if (psy_plan_load_file(out, path, s->catalog, NULL, s->findings, &error) == PSY_OK)
        return EXIT_DONE;
    /* The findings hold every problem; the error only the first. */
    if (psy_findings_count_severity(s->findings, PSY_ERROR) > 0) {
        show_findings(s->findings, PSY_ERROR, 0, true);
        fprintf(stderr, "psyscreen: the plan was refused\n");
        return EXIT_REFUSED;
    }
    return session_fail(&error);
}

int session_fail(const psy_error *error)
{
    show_error(error);
    if (error->status == PSY_E_NOT_FOUND)
        fprintf(stderr, "   (psyscreen list prints the instruments there are, list --plans the plans)\n");
    if (error->status == PSY_E_INTERNAL)
        fprintf(stderr, "   (an error of psyscreen itself: please report it with this message)\n");
    switch (error->status) {
    case PSY_OK:
        return EXIT_DONE;
    case PSY_E_ARGUMENT:
        return EXIT_USAGE;
    case PSY_E_OUTPUT:
    case PSY_E_NOMEM:
    case PSY_E_CANCELLED:
        return EXIT_OUTPUT;
    case PSY_E_INTERNAL:
        return EXIT_BUG;
    default:
        return EXIT_REFUSED;
    }
}

int session_code(const session *s)
{
    const size_t errors = psy_findings_count_severity(s->findings, PSY_ERROR);
    const size_t warnings = psy_findings_count_severity(s->findings, PSY_WARNING);
    return errors > 0 || (s->strict && warnings > 0) ? EXIT_LEFT_OUT : EXIT_DONE;
}
