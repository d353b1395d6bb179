/* tree.h -- YAML as a located tree: libyaml's events, our limits, text left as text. */
#ifndef PSYSCREEN_DEFINITION_TREE_H
#define PSYSCREEN_DEFINITION_TREE_H

#include "base/memory.h"

#include <psyscreen/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum psyi_node_kind { PSYI_NODE_TEXT, PSYI_NODE_LIST, PSYI_NODE_MAP } psyi_node_kind;

typedef struct psyi_node psyi_node;
struct psyi_node {
    psyi_node_kind kind;
    uint32_t line, column;         /* of the first character (after an opening quote) */
    uint32_t end_line, end_column; /* behind the last one */
    size_t at;                     /* byte offset of line:column in the file */
    bool plain;       /* text written without quotes: null, true and numbers mean themselves */
    bool exact;       /* offsets in `text` are offsets in the file from line:column */
    bool folded;      /* not exact, but only blanks differ: psyi_node_locate finds the place */
    const char *text; /* NUL-terminated UTF-8 */
    size_t length;
    size_t n;           /* children; of a map, pairs */
    psyi_node **keys;   /* maps: text nodes, unique */
    psyi_node **values; /* maps and lists */
};

/* Parse one document: nodes into `arena`, their texts into `texts` (which may be the same), so
 * that a definition can keep the texts only.  Limits of methods: 1 MiB, depth 64, 20,000 nodes;
 * aliases, anchors, tags, duplicate keys, several documents and broken UTF-8 are located errors. */
psy_status psyi_tree_parse(psyi_node **out, const char *text, size_t length, const char *source,
                           psyi_arena *arena, psyi_arena *texts, psy_error *error);
/* Value of `key` in a map, or NULL. */
const psyi_node *psyi_node_get(const psyi_node *map, const char *key);
/* Plain nothing, `null` or `~`: the same as not writing the key at all. */
bool psyi_node_is_null(const psyi_node *node);

/* The whole node: a text to its end on the first line, anything else its first character. */
psy_location psyi_node_location(const psyi_node *node, const char *source);
/* `length` bytes at `offset` of a text node; `file` is the text the tree was parsed from.
 * Where the node was escaped in the file, the whole node. */
psy_location psyi_node_locate(const psyi_node *node, const char *file, size_t file_length,
                              const char *source, size_t offset, size_t length);

#endif
