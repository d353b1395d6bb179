/*
 * test_support.h -- what the unit tests share: an allocator that fails on request, the
 * allocation sweep, scratch directories, and places of data outside the project.
 */
#ifndef PSYSCREEN_TEST_SUPPORT_H
#define PSYSCREEN_TEST_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"

#include <psyscreen/allocator.h>
#include <psyscreen/status.h>
#include <psyscreen/stream.h>

/* ---- an allocator that counts and fails ---- */

/* Every new byte is 0xA5, every resize moves, every freed block is overwritten, so that
 * code which relies on luck shows.  May be used from several threads. */
typedef struct psy_test_heap psy_test_heap;

psy_test_heap *psy_test_heap_new(void);
/* Fails the test when blocks are still alive. */
void psy_test_heap_free(psy_test_heap *heap);
const psy_allocator *psy_test_heap_allocator(psy_test_heap *heap);
size_t psy_test_heap_live(psy_test_heap *heap);  /* blocks not yet released */
size_t psy_test_heap_calls(psy_test_heap *heap); /* allocations asked for so far */
/* Fail the n-th allocation from now (1 = the next one; 0 = none), and all after it when
 * `persistent`. */
void psy_test_heap_fail(psy_test_heap *heap, size_t n, int persistent);

/* ---- the allocation sweep ---- */

/* One use of the library that takes all memory from `allocator`, frees everything it made
 * and returns the status of the call under test.  Objects it needs beforehand are best
 * made with another allocator. */
typedef psy_status psy_sweep_function(const psy_allocator *allocator, void *context);

/* Run `function` with the 1st, 2nd, ... allocation failing, once and persistently, until it
 * runs through without a failure.  Each failing run must return PSY_E_NOMEM and leave no
 * block behind; the last must return PSY_OK.  (Beyond 2000 allocations the step grows.)
 * Returns the number of allocations of an undisturbed run. */
size_t psy_sweep(psy_sweep_function *function, void *context);
/* The same for every `step`th allocation, where a run is long. */
size_t psy_sweep_every(size_t step, psy_sweep_function *function, void *context);

/* The sweep cannot see `*out`.  Initialise it with PSY_UNTOUCHED and, after a failure, check
 * with psy_assert_untouched(out). */
extern char psy_untouched_place;
#define PSY_UNTOUCHED             ((void *)&psy_untouched_place)
#define psy_assert_untouched(out) assert_ptr_equal((const void *)(out), PSY_UNTOUCHED)

/* ---- files ---- */

/* A fresh empty directory; returns its path in a static buffer of the calling test program
 * (one at a time).  psy_test_directory_remove() removes it with everything in it. */
const char *psy_test_directory(void);
void psy_test_directory_remove(void);
/* "<directory>/<name>" in one of eight static buffers that take turns. */
const char *psy_test_path(const char *directory, const char *name);
void psy_test_write_file(const char *path, const void *bytes, size_t length);
/* The whole file, NUL-terminated; to be freed with free().  Fails the test if unreadable. */
char *psy_test_read_file(const char *path, size_t *length);
/* A path inside the project, as psy_test_path does. */
const char *psy_test_source(const char *path_in_project);
/* A path in the data folder beside the project ("data/..." or "methods/..."), or NULL when
 * it is not there; then skip the test, by name. */
const char *psy_test_shared(const char *path_in_shared);

/* ---- chance ---- */

/* The next number after `*state`, the same on every run: splitmix64 of Steele, Lea and Flood
 * (2014), doi:10.1145/2660193.2660195. */
uint64_t psy_test_random(uint64_t *state);
unsigned psy_test_below(uint64_t *state, unsigned n); /* 0 to n - 1 */

/* ---- streams ---- */

/* Bytes in memory that are read as a stream, in pieces of `step` (0: all at once). */
typedef struct psy_test_bytes {
    const char *bytes;
    size_t length, at, step;
} psy_test_bytes;
/* From where `bytes` stands; both must outlive the source. */
psy_source psy_test_source_of(psy_test_bytes *bytes, const char *name);
/* A sink that collects into `buffer`. */
psy_sink psy_test_sink(psyi_buffer *buffer);
/* A sink that takes `room` bytes (pointed to) and then refuses. */
psy_sink psy_test_full_sink(size_t *room);

#endif
