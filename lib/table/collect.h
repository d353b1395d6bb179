/* collect.h -- adding findings with formatted sentences. */
#ifndef PSYSCREEN_TABLE_COLLECT_H
#define PSYSCREEN_TABLE_COLLECT_H

#include <psyscreen/findings.h>

struct psyi_spill;

/* `finding` without its message; the message is formatted, cut at 511 bytes. */
psy_status psyi_find(psy_findings *findings, const psy_finding *finding, psy_error *error,
                     const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Move all findings of `from` behind those of `to` (thread-local lists into one). */
psy_status psyi_findings_merge(psy_findings *to, const psy_findings *from, psy_error *error);
/* The same at the end of a run with a memory budget, where *from was made by the allocator of
 * *spill: many are not copied, but stay where they are; `to` owns both then, *from and *spill are
 * NULL, and nothing else may be taken from the spill.  A few are copied, and both stay. */
psy_status psyi_findings_take(psy_findings *to, psy_findings **from, struct psyi_spill **spill,
                              psy_error *error);
/* Call every file by its last name, or by as much of its path as tells it from all others, among
 * them `others`, of which there may be no finding. */
psy_status psyi_findings_short_names(psy_findings *findings, const char *const *others,
                                     size_t n_others, psy_error *error);
/* RFC 4180 cell with quoting when needed; `text` may be NULL.  A text that a spreadsheet would
 * run as a formula (=..., @..., +... and -... unless a number) gets an apostrophe in front. */
struct psyi_buffer;
void psyi_csv_cell(struct psyi_buffer *out, const char *text, size_t length);

#endif
