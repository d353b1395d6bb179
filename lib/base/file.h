/* file.h -- whole files in, and files that appear complete or not at all out. */
#ifndef PSYSCREEN_BASE_FILE_H
#define PSYSCREEN_BASE_FILE_H

#include "base/memory.h"

#include <psyscreen/error.h>
#include <psyscreen/stream.h>

#include <stdbool.h>
#include <stddef.h>

/* Append the file to `out`; PSY_E_LIMIT beyond `max` bytes (0: no limit).  A directory,
 * a missing file and a device are PSY_E_IO with a sentence that says so. */
psy_status psyi_file_read(const char *path, size_t max, psyi_buffer *out, psy_error *error);
psy_status psyi_source_read(const psy_source *source, size_t max, psyi_buffer *out,
                            psy_error *error);
/* For reading in pieces: a descriptor to close, and the size it announces (0 for a pipe), or -1;
 * and as read(2), past signals, 0 bytes at the end. */
int psyi_file_open(const char *path, size_t *size, psy_error *error);
psy_status psyi_file_some(int descriptor, const char *path, void *out, size_t size, size_t *n,
                          psy_error *error);
/* The size of a regular file; false for everything else. */
bool psyi_file_size(const char *path, size_t *out);
bool psyi_file_exists(const char *path);
bool psyi_is_directory(const char *path);
/* Make one directory (parents must exist); it is fine if it is there already. */
psy_status psyi_directory_make(const char *path, psy_error *error);
/* With all directories above it. */
psy_status psyi_directory_make_all(const char *path, const psy_allocator *allocator,
                                   psy_error *error);
/* Whether what is there lets it be made, or written into; nothing is made. */
psy_status psyi_directory_can_be(const char *path, const psy_allocator *allocator,
                                 psy_error *error);
/* Names in a directory, bytewise sorted, without "." and ".."; one block to psyi_free. */
psy_status psyi_directory_list(const char *path, const psy_allocator *allocator, char ***names,
                               size_t *n_names, psy_error *error);
/* A path without its directories, which are nobody's business; "" of NULL. */
const char *psyi_base_name(const char *path);
/* "dir/name"; NULL without memory. */
char *psyi_path_join(const psy_allocator *allocator, const char *directory, const char *name);

/* A file under a temporary name in the same directory; commit fsyncs and renames, abort
 * removes.  Mode is 0600 while written and `mode` after.  One of the two must be called. */
typedef struct psyi_file_writer psyi_file_writer;
psy_status psyi_file_create(psyi_file_writer **out, const char *path, unsigned mode,
                            const psy_allocator *allocator, psy_error *error);
/* A file that has no name in the directory of `path`: what is in it dies with the process, however
 * that ends.  psyi_file_temporary is a path to it meanwhile, and it can only be aborted.  Where the
 * system has no such files (O_TMPFILE, /proc) it is one as above. */
psy_status psyi_file_create_unnamed(psyi_file_writer **out, const char *path,
                                    const psy_allocator *allocator, psy_error *error);
psy_status psyi_file_write(psyi_file_writer *writer, const void *bytes, size_t length,
                           psy_error *error);
/* All bytes to an open descriptor that messages call `name`, past signals and short writes. */
psy_status psyi_descriptor_write(int descriptor, const char *name, const void *bytes, size_t length,
                                 psy_error *error);
int psyi_file_descriptor(const psyi_file_writer *writer);
const char *psyi_file_temporary(const psyi_file_writer *writer); /* its path meanwhile */
psy_status psyi_file_commit(psyi_file_writer *writer, psy_error *error);
/* Complete for everybody who looks, but not past a power cut: its caller syncs it. */
psy_status psyi_file_commit_unsynced(psyi_file_writer *writer, psy_error *error);
void psyi_file_abort(psyi_file_writer *writer);
/* All of the above for bytes at hand. */
psy_status psyi_file_replace(const char *path, const void *bytes, size_t length, unsigned mode,
                             const psy_allocator *allocator, psy_error *error);
/* A new file that only its owner may read (0600, whatever the umask), synced; PSY_E_OUTPUT where
 * something of that name stands, a dangling link too.  On failure nothing is left. */
psy_status psyi_file_new_secret(const char *path, const void *bytes, size_t length,
                                psy_error *error);
/* SHA-256 of a file's bytes as hex. */
psy_status psyi_file_digest(const char *path, char out[65], psy_error *error);

#endif
