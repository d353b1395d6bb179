/* vectors.h -- which files have a half for SSE2 and AVX2: they ask here, so that one definition,
 * PSYI_PORTABLE, compiles the half for all other machines, which tests do on every machine. */
#ifndef PSYSCREEN_BASE_VECTORS_H
#define PSYSCREEN_BASE_VECTORS_H

#if defined __x86_64__ && !defined PSYI_PORTABLE
#define PSYI_X86 1
#endif

#endif
