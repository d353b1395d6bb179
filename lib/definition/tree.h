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
    uint32_t end_line, end_column;
    bool plain;        /* text written without quotes: null, true and numbers mean themselves */
    bool exact;        /* offsets in `text` are offsets in the file from line:column */
    const char *text;  /* NUL-terminated UTF-8 */
    size_t length;
    size_t n;          /* children; of a map, pairs */
    psyi_node **keys;  /* maps: text nodes, unique */
    psyi_node **values; /* maps and lists */
};

/* Parse one document.  Limits of methods: 1 MiB, depth 64, 20,000 nodes; aliases, anchors,
 * tags, duplicate keys, several documents and broken UTF-8 are located errors. */
psy_status psyi_tree_parse(psyi_node **out, const char *text, size_t length,
                           const char *source, psyi_arena *arena, psy_error *error);
/* Value of `key` in a map, or NULL. */
const psyi_node *psyi_node_get(const psyi_node *map, const char *key);

#endif
