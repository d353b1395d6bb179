/*
 * malloc_sweep.h -- the allocation sweep for memory that does not pass through psy_allocator:
 * libyaml's, libcrypto's, and what psyscreen takes with a NULL allocator.
 *
 * A test that wants it adds malloc_sweep.c to its sources; that file replaces malloc in the
 * whole program.  Under a sanitizer, which has replaced malloc already, the sweep runs the
 * function once, undisturbed.
 */
#ifndef PSYSCREEN_MALLOC_SWEEP_H
#define PSYSCREEN_MALLOC_SWEEP_H

#include <psyscreen/status.h>

#include <stddef.h>

/* As psy_sweep() of test_support.h, for the calling thread's malloc, calloc and realloc.
 * `leaks`: whether memory still held afterwards is a failure (libraries that keep caches
 * hold some). Returns the allocations of an undisturbed run; 0 under a sanitizer. */
size_t psy_malloc_sweep(psy_status (*function)(void *context), void *context, int leaks);

#endif
