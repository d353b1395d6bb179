/*
 * small_arena.c -- arenas whose every block is an allocation of its own.
 *
 * A test adds this file to its sources; it stands in for the library's arena.c, so that the
 * allocation sweep meets every block that is taken from an arena, not only those that happen
 * to need a new chunk.
 */
#define FIRST_CHUNK ((size_t)1)
#define LARGE_CHUNK ((size_t)1)
#include "../../lib/base/arena.c" /* NOLINT: the same code with other sizes */
