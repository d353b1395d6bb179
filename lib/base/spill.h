/* spill.h -- memory beyond a budget: large blocks that lie in a file instead of in memory. */
#ifndef PSYSCREEN_BASE_SPILL_H
#define PSYSCREEN_BASE_SPILL_H

#include <psyscreen/allocator.h>
#include <psyscreen/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct psyi_spill psyi_spill;

/* An allocator whose blocks stay within `budget` bytes of memory, as far as they are large: a
 * quarter of it is for blocks in memory, a quarter for those pages of the file that are being
 * looked at, the rest for what comes late (psyi_spill_ease) and for what other libraries take.  The
 * file is made in `directory` (0600) when it is needed, and has no name: nothing is left of it when
 * the process ends, however it ends.  `below` gives the small blocks and must outlive the spill. */
psy_status psyi_spill_open(psyi_spill **out, const char *directory, uint64_t budget,
                           const psy_allocator *below, psy_error *error);
/* After everything that was taken from it is freed; NULL is fine. */
void psyi_spill_close(psyi_spill *spill);
/* Any thread; blocks from it are zeroed. */
const psy_allocator *psyi_spill_allocator(const psyi_spill *spill);
/* From here on three eighths of the budget are for blocks in memory: what is made now lives
 * shortly. */
void psyi_spill_ease(psyi_spill *spill);
/* What is left lives longer than the run it was made in: no thread looks any more, only whoever
 * calls psyi_spill_look, and the file system has the free room of the file back.  No other thread
 * may use it while this is called. */
void psyi_spill_rest(psyi_spill *spill);
/* To be called often where much memory is looked at and little is asked for: lets go of pages when
 * there are too many, four times a millisecond at most.  Cheap; any allocator will do. */
void psyi_spill_look(const psy_allocator *allocator);
/* The same at once, for step i of a loop over students or records.  A fault brings sixteen pages
 * into memory: on a busy machine, or while another thread lets go of many, more of them come than
 * any clock can follow, so every loop looks at its own steps. */
void psyi_spill_look_now(const psy_allocator *allocator);
static inline void psyi_spill_pass(const psy_allocator *allocator, size_t i)
{
    if (i % 32 == 0)
        psyi_spill_look_now(allocator);
}
/* memset and memcpy over all students: a piece at a time, with a look before each. */
void psyi_spill_fill(const psy_allocator *allocator, void *to, unsigned char byte, size_t size);
void psyi_spill_copy(const psy_allocator *allocator, void *to, const void *from, size_t size);
/* Its blocks come zeroed, so that zeroing need not touch every page once more. */
bool psyi_spill_zeroes(const psy_allocator *allocator);
/* What the file held at most, in bytes; 0: there was none. */
uint64_t psyi_spill_most(const psyi_spill *spill);
/* PSY_E_NOMEM because the file had no room becomes PSY_E_IO that says so; others stay. */
psy_status psyi_spill_explain(const psyi_spill *spill, psy_status status, psy_error *error);

#endif
