/*
 * journal.c -- taking up, refusing and finishing the run of a directory.
 *
 * A directory belongs to the run whose journal or manifest stands in it.  Another run may
 * only go over it when it is told to, and even then it knows from the old hashes which files
 * nobody has touched since.
 */
#include "screening/journal.h"
#include "base/fail.h"
#include "base/file.h"
#include "table/collect.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEAD       "psyscreen/journal/1 "
#define MOST_BYTES ((size_t)64 << 20)

struct psyi_journal {
    const psy_allocator *allocator;
    char *directory, *folder, *path, *lock_path, *manifest;
    int lock, file;
    pthread_mutex_t turn;
    bool has_turn, locked;
    bool was_there; /* a run before this one had begun */
    bool added;     /* something is, or may be, in its place */
    char exactly[65];
    psyi_known_files known, finished, plain;
    const char *const *told;
    size_t n_told;
};

const psyi_known_files *psyi_journal_known(const psyi_journal *journal)
{
    return &journal->known;
}

bool psyi_journal_finished(const psyi_journal *journal, const char *name, const char *digest)
{
    return psyi_known_has(&journal->finished, name, digest);
}

/* Before its name goes: a file that is open without one looks like what is kept from others. */
static void close_file(psyi_journal *journal)
{
    if (journal->file >= 0)
        close(journal->file);
    journal->file = -1;
}

/* A run that wrote nothing leaves nothing behind. */
static void undo_folder(const psyi_journal *journal, bool begun)
{
    if (begun && !journal->added && !journal->was_there)
        unlink(journal->path);
    if (!journal->locked || psyi_file_exists(journal->path))
        return;
    unlink(journal->lock_path);
    rmdir(journal->folder);
}

void psyi_journal_leave(psyi_journal *journal)
{
    if (journal == NULL)
        return;
    const bool begun = journal->file >= 0;
    close_file(journal);
    undo_folder(journal, begun);
    if (journal->lock >= 0)
        close(journal->lock); /* lets the lock go */
    if (journal->has_turn)
        pthread_mutex_destroy(&journal->turn);
    psyi_known_done(&journal->known);
    psyi_known_done(&journal->finished);
    psyi_known_done(&journal->plain);
    psyi_free(journal->allocator, journal->directory);
    psyi_free(journal->allocator, journal->folder);
    psyi_free(journal->allocator, journal->path);
    psyi_free(journal->allocator, journal->lock_path);
    psyi_free(journal->allocator, journal->manifest);
    psyi_free(journal->allocator, journal);
}

static psy_status lock(psyi_journal *journal, psy_error *error)
{
    psy_status status = psyi_directory_make(journal->folder, error);
    if (status != PSY_OK)
        return status;
    journal->lock = open(journal->lock_path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (journal->lock < 0)
        return psyi_fail_file(error, PSY_E_OUTPUT, "cannot write", journal->lock_path, errno);
    struct stat held, named;
    /* A file system without locks has none to wait for.  A run that has just finished may have
     * removed the file this lock is on. */
    const bool busy = flock(journal->lock, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    journal->locked = !busy && fstat(journal->lock, &held) == 0 &&
                      stat(journal->lock_path, &named) == 0 && held.st_ino == named.st_ino;
    if (!journal->locked)
        return psyi_fail(error, PSY_E_OUTPUT, NULL, "another run is at work in '%s'",
                         journal->directory);
    return PSY_OK;
}

void psyi_journal_tell(psyi_journal *journal, const char *const *schools, size_t n)
{
    journal->told = schools;
    journal->n_told = n;
}

/* One line "old|done|plain <sha256> <name>", or "told <school>"; others are not ours. */
static bool take_line(psyi_journal *journal, char *line, bool same_run)
{
    if (strncmp(line, "plain ", 6) == 0) {
        char *const plain = line + 6;
        if (!same_run || strlen(plain) < 66 || plain[64] != ' ')
            return true;
        plain[64] = '\0';
        return psyi_known_add(&journal->plain, plain + 65, plain);
    }
    if (strncmp(line, "told ", 5) == 0)
        return psyi_known_tell(&journal->known, line + 5);
    const bool done = strncmp(line, "done ", 5) == 0;
    char *const digest = line + (done ? 5 : 4);
    if ((!done && strncmp(line, "old ", 4) != 0) || strlen(digest) < 66 || digest[64] != ' ')
        return true;
    digest[64] = '\0';
    return psyi_known_add(&journal->known, digest + 65, digest) &&
           (!done || !same_run || psyi_known_add(&journal->finished, digest + 65, digest));
}

static psy_status read_journal(psyi_journal *journal, bool *there, bool *same, psy_error *error)
{
    psyi_buffer text;
    psyi_buffer_init(&text, journal->allocator);
    *there = psyi_file_exists(journal->path);
    *same = false;
    psy_status status = PSY_OK;
    if (*there)
        status = psyi_file_read(journal->path, MOST_BYTES, &text, error);
    char *line = text.data;
    bool first = true, good = true;
    for (char *end; status == PSY_OK && good && line != NULL && (end = strchr(line, '\n')) != NULL;
         line = end + 1) {
        *end = '\0';
        if (first)
            *same = strncmp(line, HEAD, strlen(HEAD)) == 0 &&
                    strcmp(line + strlen(HEAD), journal->exactly) == 0;
        else
            good = take_line(journal, line, *same);
        first = false;
    }
    if (!good)
        status = psyi_fail_memory(error, "journal");
    psyi_buffer_done(&text);
    return status;
}

static psy_status foreign(const psyi_journal *journal, psy_error *error)
{
    return psyi_fail(error, PSY_E_OUTPUT, NULL,
                     "'%s' belongs to another run: use --force to go over it", journal->directory);
}

/* Results without a manifest are not known to be ours. */
static psy_status refuse_strays(const psyi_journal *journal, psy_error *error)
{
    static const char *const names[] = {"scores.csv", "findings.csv", "district.xlsx"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char *const path = psyi_path_join(journal->allocator, journal->directory, names[i]);
        if (path == NULL)
            return psyi_fail_memory(error, "journal");
        const bool there = psyi_file_exists(path);
        psyi_free(journal->allocator, path);
        if (there)
            return foreign(journal, error);
    }
    return PSY_OK;
}

static psy_status look_around(psyi_journal *journal, const char *fingerprint, bool force,
                              psy_error *error)
{
    bool there, same;
    psy_status status = read_journal(journal, &there, &same, error);
    if (status != PSY_OK)
        return status;
    journal->was_there = there;
    if (there && !same && !force)
        return foreign(journal, error);
    if (!psyi_file_exists(journal->manifest))
        return there || force ? PSY_OK : refuse_strays(journal, error);
    char earlier[65] = "";
    status =
        psyi_manifest_read(journal->manifest, &journal->known, earlier, journal->allocator, error);
    if (status == PSY_E_OUTPUT && force)
        return PSY_OK; /* not ours: nothing is known about the files beside it */
    if (status == PSY_OK && !there && !force && strcmp(earlier, fingerprint) != 0)
        status = foreign(journal, error);
    return status;
}

static psy_status prepare(psyi_journal *journal, const char *directory, psy_error *error)
{
    journal->directory = psyi_text_copy(journal->allocator, directory, strlen(directory));
    journal->folder = psyi_path_join(journal->allocator, directory, ".psyscreen");
    journal->manifest = psyi_path_join(journal->allocator, directory, "run.json");
    if (journal->folder != NULL) {
        journal->path = psyi_path_join(journal->allocator, journal->folder, "journal");
        journal->lock_path = psyi_path_join(journal->allocator, journal->folder, "lock");
    }
    if (journal->directory == NULL || journal->path == NULL || journal->lock_path == NULL ||
        journal->manifest == NULL || pthread_mutex_init(&journal->turn, NULL) != 0)
        return psyi_fail_memory(error, "journal");
    journal->has_turn = true;
    return PSY_OK;
}

psy_status psyi_journal_open(psyi_journal **out, const char *directory, const char *fingerprint,
                             const char *exactly, bool force, const psy_allocator *allocator,
                             psy_error *error)
{
    psyi_journal *const journal = psyi_alloc(allocator, 1, sizeof *journal);
    if (journal == NULL)
        return psyi_fail_memory(error, "journal");
    journal->allocator = allocator;
    journal->lock = journal->file = -1;
    memcpy(journal->exactly, exactly, sizeof journal->exactly);
    psyi_known_init(&journal->known, allocator);
    psyi_known_init(&journal->finished, allocator);
    psyi_known_init(&journal->plain, allocator);
    psy_status status = prepare(journal, directory, error);
    if (status == PSY_OK)
        status = lock(journal, error);
    if (status == PSY_OK)
        status = look_around(journal, fingerprint, force, error);
    if (status != PSY_OK) {
        psyi_journal_leave(journal);
        return status;
    }
    *out = journal;
    return PSY_OK;
}

/* What a killed run was writing lies in the folder. */
static psy_status clear_folder(const psyi_journal *journal, psy_error *error)
{
    char **names = NULL;
    size_t n = 0;
    psy_status status = psyi_directory_list(journal->folder, journal->allocator, &names, &n, error);
    for (size_t i = 0; i < n && status == PSY_OK; i++) {
        if (strcmp(names[i], "journal") == 0 || strcmp(names[i], "lock") == 0)
            continue;
        char *const path = psyi_path_join(journal->allocator, journal->folder, names[i]);
        if (path == NULL)
            status = psyi_fail_memory(error, "journal");
        else
            unlink(path);
        psyi_free(journal->allocator, path);
    }
    psyi_free(journal->allocator, names);
    return status;
}

char *psyi_journal_draft(const psyi_journal *journal, size_t index)
{
    psyi_buffer path;
    psyi_buffer_init(&path, journal->allocator);
    psyi_buffer_format(&path, "%s/%zu.xlsx", journal->folder, index);
    if (!path.failed)
        return path.data;
    psyi_buffer_done(&path);
    return NULL;
}

psy_status psyi_journal_begin(psyi_journal *journal, psy_error *error)
{
    const psy_status cleared = clear_folder(journal, error);
    if (cleared != PSY_OK)
        return cleared;
    psyi_buffer text;
    psyi_buffer_init(&text, journal->allocator);
    psyi_buffer_format(&text, HEAD "%s\n", journal->exactly);
    for (size_t i = 0; i < journal->known.n; i++)
        psyi_buffer_format(&text, "old %s %s\n", journal->known.files[i].digest,
                           journal->known.files[i].name);
    for (size_t i = 0; i < journal->plain.n; i++)
        psyi_buffer_format(&text, "plain %s %s\n", journal->plain.files[i].digest,
                           journal->plain.files[i].name);
    for (size_t i = 0; i < journal->finished.n; i++)
        psyi_buffer_format(&text, "done %s %s\n", journal->finished.files[i].digest,
                           journal->finished.files[i].name);
    for (size_t i = 0; i < journal->n_told; i++)
        if (strchr(journal->told[i], '\n') == NULL) /* else the line would be two */
            psyi_buffer_format(&text, "told %s\n", journal->told[i]);
    psy_status status = PSY_OK;
    if (text.failed)
        status = psyi_fail_memory(error, "journal");
    if (status == PSY_OK)
        status = psyi_file_replace(journal->path, text.data, text.length, 0600, journal->allocator,
                                   error);
    psyi_buffer_done(&text);
    if (status != PSY_OK)
        return status;
    journal->file = open(journal->path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
    return journal->file >= 0
               ? PSY_OK
               : psyi_fail_file(error, PSY_E_OUTPUT, "cannot write", journal->path, errno);
}

/* Before the first output takes its place: what the directory held until now was whole. */
static psy_status forget_manifest(psyi_journal *journal, psy_error *error)
{
    if (journal->added)
        return PSY_OK;
    if (unlink(journal->manifest) != 0 && errno != ENOENT)
        return psyi_fail_file(error, PSY_E_OUTPUT, "cannot remove", journal->manifest, errno);
    journal->added = true;
    return PSY_OK;
}

psy_status psyi_journal_add(psyi_journal *journal, const psyi_journal_entry *entry, bool sync,
                            psy_error *error)
{
    psyi_buffer lines;
    psyi_buffer_init(&lines, journal->allocator);
    if (entry->plain != NULL)
        psyi_buffer_format(&lines, "plain %s %s\n", entry->plain, entry->name);
    psyi_buffer_format(&lines, "done %s %s\n", entry->digest, entry->name);
    psy_status status = lines.failed ? psyi_fail_memory(error, "journal") : PSY_OK;
    if (status == PSY_OK) {
        pthread_mutex_lock(&journal->turn);
        status = forget_manifest(journal, error);
        if (status == PSY_OK)
            status = psyi_descriptor_write(journal->file, journal->path, lines.data, lines.length,
                                           error);
        if (status == PSY_OK && sync && fdatasync(journal->file) != 0)
            status = psyi_fail_file(error, PSY_E_OUTPUT, "cannot write", journal->path, errno);
        pthread_mutex_unlock(&journal->turn);
    }
    psyi_buffer_done(&lines);
    return status;
}

bool psyi_journal_plain_of(const psyi_journal *journal, const char *name, char digest[65])
{
    /* The last word counts: a file may have been made twice before it took its place. */
    for (size_t i = journal->plain.n; i-- > 0;)
        if (strcmp(journal->plain.files[i].name, name) == 0) {
            memcpy(digest, journal->plain.files[i].digest, sizeof journal->plain.files[i].digest);
            return true;
        }
    return false;
}

static bool is_current(const char *name, const psyi_output_file *outputs, size_t n)
{
    if (strcmp(name, "run.json") == 0 || strstr(name, "..") != NULL || name[0] == '/')
        return true;
    for (size_t i = 0; i < n; i++)
        if (strcmp(outputs[i].name, name) == 0)
            return true;
    return false;
}

static bool is_of_a_role(const char *name)
{
    return strncmp(name, "roles/", 6) == 0;
}

static psy_status tell_edited(const char *name, psy_findings *findings, psy_error *error)
{
    const psy_finding finding = {.file = name,
                                 .rule = "stale_edited",
                                 .severity = PSY_WARNING,
                                 .remedy = "collect what is in it, and move it away"};
    return psyi_find(findings, &finding, error,
                     "people have written into this file of an earlier run; it was left where it "
                     "is, and is no result of this one");
}

/* What earlier runs wrote and this one did not would pass for a result of this one. */
static psy_status remove_stale(const psyi_journal *journal, const psyi_output_file *outputs,
                               size_t n, psy_findings *findings, psy_error *error)
{
    size_t n_roles = 0;
    psy_status status = PSY_OK;
    for (size_t i = 0; i < journal->known.n && status == PSY_OK; i++) {
        const char *const name = journal->known.files[i].name;
        if (is_current(name, outputs, n))
            continue;
        char digest[65];
        char *const path = psyi_path_join(journal->allocator, journal->directory, name);
        if (path == NULL)
            return psyi_fail_memory(error, "journal");
        if (psyi_file_exists(path) && psyi_file_digest(path, digest, NULL) == PSY_OK) {
            if (psyi_known_has(&journal->known, name, digest)) {
                unlink(path);
                n_roles += is_of_a_role(name);
            } else if (i == 0 || strcmp(journal->known.files[i - 1].name, name) != 0) {
                status = tell_edited(name, findings, error);
            }
        }
        psyi_free(journal->allocator, path);
    }
    const psy_finding finding = {.file = journal->directory,
                                 .field = "roles",
                                 .rule = "roles_removed",
                                 .severity = PSY_NOTE,
                                 .remedy = "name every role that is wanted, or none to keep those "
                                           "that are there"};
    if (status == PSY_OK && n_roles > 0)
        status = psyi_find(findings, &finding, error,
                           "%zu file%s by role of an earlier run %s removed: this one was asked "
                           "for others",
                           n_roles, psyi_s(n_roles), psyi_one_many(n_roles, "was", "were"));
    return status;
}

psy_status psyi_journal_close(psyi_journal *journal, const psyi_output_file *outputs, size_t n,
                              psy_findings *findings, psy_error *error)
{
    const psy_status status = remove_stale(journal, outputs, n, findings, error);
    close_file(journal);
    if (status == PSY_OK)
        unlink(journal->path); /* the rest goes with it: nothing is left to resume */
    psyi_journal_leave(journal);
    return status;
}

psy_status psyi_journal_peek(const char *directory, psyi_known_files *out,
                             const psy_allocator *allocator, psy_error *error)
{
    psyi_journal journal = {.allocator = allocator, .lock = -1, .file = -1};
    bool there, same;
    char fingerprint[65];
    psyi_known_init(&journal.known, allocator);
    psyi_known_init(&journal.finished, allocator);
    psyi_known_init(&journal.plain, allocator);
    journal.path = psyi_path_join(allocator, directory, ".psyscreen/journal");
    journal.manifest = psyi_path_join(allocator, directory, "run.json");
    psy_status status = journal.path != NULL && journal.manifest != NULL
                            ? read_journal(&journal, &there, &same, error)
                            : psyi_fail_memory(error, "journal");
    /* A file that is no manifest says nothing; whoever goes over it is told elsewhere. */
    if (status == PSY_OK && psyi_file_exists(journal.manifest) &&
        psyi_manifest_read(journal.manifest, &journal.known, fingerprint, allocator, error) ==
            PSY_E_NOMEM)
        status = PSY_E_NOMEM;
    for (size_t i = 0; i < journal.known.n && status == PSY_OK; i++)
        if (!psyi_known_add(out, journal.known.files[i].name, journal.known.files[i].digest))
            status = psyi_fail_memory(error, "journal");
    for (size_t i = 0; i < journal.known.n_told && status == PSY_OK; i++)
        if (!psyi_known_tell(out, journal.known.told[i]))
            status = psyi_fail_memory(error, "journal");
    psyi_known_done(&journal.known);
    psyi_known_done(&journal.finished);
    psyi_known_done(&journal.plain);
    psyi_free(allocator, journal.path);
    psyi_free(allocator, journal.manifest);
    return status;
}
