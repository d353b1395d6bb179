/* earlier_run.h -- what stands in a directory from an earlier run: its manifest read back. */
#ifndef PSYSCREEN_SCREENING_EARLIER_RUN_H
#define PSYSCREEN_SCREENING_EARLIER_RUN_H

#include "report/report.h"

typedef struct psyi_known_file {
    const char *name;
    char digest[65];
} psyi_known_file;

/* Hashes of files we wrote, by name; several of one name may stand. */
typedef struct psyi_known_files {
    psyi_arena arena;
    psyi_known_file *files;
    size_t n, capacity;
    const char **told; /* schools of which `published_before` was said */
    size_t n_told, room_told;
    bool no_memory;
} psyi_known_files;
void psyi_known_init(psyi_known_files *known, const psy_allocator *allocator);
void psyi_known_done(psyi_known_files *known);
bool psyi_known_add(psyi_known_files *known, const char *name, const char *digest);
/* A school, once. */
bool psyi_known_tell(psyi_known_files *known, const char *school);
/* Did we write this? */
bool psyi_known_has(const psyi_known_files *known, const char *name, const char *digest);

/* SHA-256 over what a run depends on: version, plan and inputs, in any order. */
psy_status psyi_run_fingerprint(const char *version, const char *plan,
                                const psyi_known_files *inputs, char out[65], psy_error *error);

/* Read DIR/run.json: its outputs, and the fingerprint of its run.  PSY_E_OUTPUT when it is
 * not a manifest of ours. */
psy_status psyi_manifest_read(const char *path, psyi_known_files *outputs, char fingerprint[65],
                              const psy_allocator *allocator, psy_error *error);

#endif
