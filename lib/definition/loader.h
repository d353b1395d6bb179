/* loader.h -- one document being loaded: its memory, where in it the reader is, and every problem
 * that was found. */
#ifndef PSYSCREEN_DEFINITION_LOADER_H
#define PSYSCREEN_DEFINITION_LOADER_H

#include "base/memory.h"
#include "definition/model.h"
#include "definition/tree.h"

#include <psyscreen/error.h>
#include <psyscreen/findings.h>

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* One document being loaded.  `status` is PSY_OK until the first problem; after
 * PSY_E_NOMEM everything returns at once. */
typedef struct psyi_loader {
    const char *source; /* what messages call the file */
    const char *text;   /* the file, without a byte order mark */
    size_t length;
    psyi_arena *arena;   /* what is kept */
    psyi_arena *scratch; /* what only loading needs: the tree, texts of messages */
    const psy_allocator *allocator;
    psy_findings *findings; /* every problem; may be NULL */
    psy_error *error;       /* the first; may be NULL */
    psy_status status;
    size_t n_problems;
    char path[160]; /* "scales/total/items" */
    size_t path_length;
} psyi_loader;

/* Rule names of problems in findings. */
#define PSYI_PROBLEM_KEY     "unknown_key"
#define PSYI_PROBLEM_MISSING "missing_key"
#define PSYI_PROBLEM_SHAPE   "wrong_shape"
#define PSYI_PROBLEM_VALUE   "bad_value"
#define PSYI_PROBLEM_NAME    "unknown_name"
#define PSYI_PROBLEM_TWICE   "defined_twice"
#define PSYI_PROBLEM_LIMIT   "limit"

bool psyi_loader_ok(const psyi_loader *loader); /* memory has not run out */
void psyi_loader_nomem(psyi_loader *loader);
/* Zeroed, from the arena; NULL (and out of memory) on failure. */
void *psyi_loader_alloc(psyi_loader *loader, size_t count, size_t size);
void *psyi_loader_scratch(psyi_loader *loader, size_t count, size_t size);
/* Report a problem at a node; loading goes on. */
void psyi_problem(psyi_loader *loader, const psyi_node *at, const char *rule, const char *format,
                  ...) __attribute__((format(printf, 4, 5)));
/* The same at a place that is no node's (a table beside the file). */
void psyi_problem_at(psyi_loader *loader, const psy_location *where, const char *rule,
                     const char *format, va_list arguments) __attribute__((format(printf, 4, 0)));
/* The same with a ready error (an expression that does not compile). */
void psyi_problem_error(psyi_loader *loader, const psy_error *error, const char *rule);
/* "; did you mean 'x'?" or "", in the scratch arena. */
const char *psyi_meant(psyi_loader *loader, const char *name, const char *const *names,
                       size_t n_names);
/* At most 40 code points of a text, in the scratch arena, for messages. */
const char *psyi_shown(psyi_loader *loader, const char *text);
/* Append a segment to the path; returns what psyi_leave needs. */
size_t psyi_enter(psyi_loader *loader, const char *segment);
size_t psyi_enter_index(psyi_loader *loader, size_t index); /* "[2]", from 1 */
void psyi_leave(psyi_loader *loader, size_t length);
/* For what another place asks for: the path is section/id until psyi_come_back. */
typedef struct psyi_away {
    char path[sizeof((psyi_loader *)0)->path];
    size_t length;
} psyi_away;
void psyi_go_to(psyi_loader *loader, const char *section, const char *id, psyi_away *from);
void psyi_come_back(psyi_loader *loader, const psyi_away *from);
psyi_place psyi_place_of(const psyi_node *node);

#endif
