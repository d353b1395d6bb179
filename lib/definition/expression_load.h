/* expression_load.h -- expressions of a document: compiled, with problems at their place in the
 * file. */
#ifndef PSYSCREEN_DEFINITION_EXPRESSION_LOAD_H
#define PSYSCREEN_DEFINITION_EXPRESSION_LOAD_H

#include "definition/loader.h"

/* Compile a text node; NULL after a reported problem.  When the scope refused a name for a
 * reason of its own, *refusal says it (refusal may be NULL). */
psyi_program *psyi_compile(psyi_loader *loader, const psyi_node *node, const psyi_scope *scope,
                           psyi_type wanted, const char *const *refusal);
/* Put a program on the list by which its document frees it; frees it itself without memory. */
bool psyi_keep_program(psyi_loader *loader, psyi_program *program, psyi_program ***programs,
                       size_t *n, size_t *capacity);

#endif
