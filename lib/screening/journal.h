/* journal.h -- DIR/.psyscreen: how far a run has come, so that it can be finished.
 *
 * One line a fact: the fingerprint of the run, then "old <sha256> <name>" for what earlier
 * runs wrote, then "done <sha256> <name>" for each finished output ("plain <sha256> <name>"
 * before it says what an encrypted one decrypts to); "told <school>" for what psyi_journal_tell()
 * says.  A
 * last line that was cut off does not count.  While it is open no other run gets it. */
#ifndef PSYSCREEN_SCREENING_JOURNAL_H
#define PSYSCREEN_SCREENING_JOURNAL_H

#include "screening/earlier_run.h"

#include <psyscreen/findings.h>

typedef struct psyi_journal psyi_journal;

/* Make or take up the journal of `directory`, which exists.  PSY_E_OUTPUT when the directory
 * belongs to another run (and not `force`), or another run is at work in it.
 * `fingerprint` is of version, plan and inputs; `exactly` of all that, down to labels. */
psy_status psyi_journal_open(psyi_journal **out, const char *directory, const char *fingerprint,
                             const char *exactly, bool force, const psy_allocator *allocator,
                             psy_error *error);
/* Everything that is known to have been written by us, finished or replaced. */
const psyi_known_files *psyi_journal_known(const psyi_journal *journal);
/* What this very run had finished before it was stopped. */
bool psyi_journal_finished(const psyi_journal *journal, const char *name, const char *digest);
/* Schools of which `published_before` is said: remembered, until run.json says them again.  The
 * list must outlive the next call. */
void psyi_journal_tell(psyi_journal *journal, const char *const *schools, size_t n);
/* Call before the first output is made. */
psy_status psyi_journal_begin(psyi_journal *journal, psy_error *error);
/* Where output `index` is made before it is known by its digest; one block to psyi_free. */
char *psyi_journal_draft(const psyi_journal *journal, size_t index);
typedef struct psyi_journal_entry { /* a finished output */
    const char *name, *digest;
    const char *plain; /* of an encrypted workbook: the digest of what it decrypts to; or NULL */
} psyi_journal_entry;

/* From any thread.  A workbook is put into its place after this, once a later one (or this one)
 * with `sync` has returned: whatever stands there has then a digest that is known.  The first
 * forgets run.json: from there on the directory is unfinished; a run that ends before leaves it
 * as it was. */
psy_status psyi_journal_add(psyi_journal *journal, const psyi_journal_entry *entry, bool sync,
                            psy_error *error);
/* What an encrypted workbook decrypts to. */
bool psyi_journal_plain_of(const psyi_journal *journal, const char *name, char digest[65]);
/* The run is complete: remove the journal and what earlier runs left that this one has not
 * written again.  What people have edited stays, with a finding, and so is told when files of
 * roles go. */
psy_status psyi_journal_close(psyi_journal *journal, const psyi_output_file *outputs, size_t n,
                              psy_findings *findings, psy_error *error);
/* Names of what earlier runs wrote into `directory`, and what they told, as far as it says; nothing is
 * changed. */
psy_status psyi_journal_peek(const char *directory, psyi_known_files *out,
                             const psy_allocator *allocator, psy_error *error);
/* Leave it for the next call. */
void psyi_journal_leave(psyi_journal *journal);

#endif
