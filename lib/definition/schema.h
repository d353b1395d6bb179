/* schema.h -- from located tree to structures by tables, with every problem reported.
 *
 * A mapping is described by one table: key, shape of the value, where it goes.  Reading a
 * mapping reports unknown and missing keys and values of the wrong shape, each with its place
 * and path, and goes on, so that an author sees all mistakes at once. */
#ifndef PSYSCREEN_DEFINITION_SCHEMA_H
#define PSYSCREEN_DEFINITION_SCHEMA_H

#include "base/memory.h"
#include "base/number.h"
#include "definition/model.h"
#include "definition/tree.h"

#include <psyscreen/error.h>
#include <psyscreen/findings.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

/* ---- tables -------------------------------------------------------------------------- */

typedef enum psyi_shape {
    PSYI_SHAPE_TEXT = 1, /* const char *, not empty */
    PSYI_SHAPE_ID,       /* const char *, [a-z][a-z0-9_]* */
    PSYI_SHAPE_FILE_ID,  /* const char *, [A-Za-z0-9_-]+ */
    PSYI_SHAPE_LABEL,    /* psyi_label: text or {en, zh} */
    PSYI_SHAPE_BOOL,     /* bool */
    PSYI_SHAPE_INTEGER,  /* integer of `size` bytes within low..high */
    PSYI_SHAPE_NUMBER,   /* psyi_ratio */
    PSYI_SHAPE_WORD,     /* one of `words`: its value in `size` bytes */
    PSYI_SHAPE_WORD_SET, /* list of words: a mask of 1 << value in `size` bytes */
    PSYI_SHAPE_TEXTS,    /* text or list: const char *const * and the count behind it */
    PSYI_SHAPE_JOINED,   /* text or list: const char *, joined by ", " */
    PSYI_SHAPE_RANGE,    /* "3..7" or "3": two integers of `size` bytes each */
    PSYI_SHAPE_NUMBERS,  /* "0..2.5": two psyi_ratio */
    PSYI_SHAPE_MAP,      /* a mapping: the struct at offset, by `keys` */
    PSYI_SHAPE_LIST,     /* list of mappings: pointer and count behind it, by `keys` */
    PSYI_SHAPE_NODE,     /* const psyi_node *, read later by code */
    PSYI_SHAPE_PLACE     /* psyi_place of the mapping itself; no key */
} psyi_shape;

/* How the value of a NODE holds mappings of its `keys`, for the printed schema. */
typedef enum psyi_holds {
    PSYI_HOLDS_ANYTHING,
    PSYI_HOLDS_ONE,
    PSYI_HOLDS_LIST,
    PSYI_HOLDS_BY_NAME, /* a mapping from ids */
    PSYI_HOLDS_CHANGES  /* the same, with no key required */
} psyi_holds;

typedef struct psyi_word {
    const char *word; /* NULL ends a list */
    int value;
} psyi_word;

typedef struct psyi_key psyi_key;
struct psyi_key {
    const char *name; /* NULL ends a table */
    psyi_shape shape;
    bool required;
    uint16_t offset, size; /* where the value goes; size of the member */
    int64_t low, high;     /* integers and ranges */
    const psyi_word *words;
    const psyi_key *keys; /* MAP, LIST; of a NODE what it will be read by, if one table */
    uint16_t item_size;   /* LIST */
    psyi_holds holds;     /* NODE */
    const void *initial;  /* LIST: what an element is before it is read; NULL: zero */
};

#define PSYI_AT(type, member)                                                                      \
    .offset = (uint16_t)offsetof(type, member), .size = (uint16_t)sizeof(((type *)0)->member)

extern const psyi_word psyi_confidence_words[];
extern const psyi_word psyi_informant_words[];
extern const psyi_word psyi_sex_words[];
extern const psyi_word psyi_stage_words[];
extern const psyi_key psyi_silence_keys[]; /* of psyi_silence */
/* Tables that others refer to; each is read into the structure of its own file. */
extern const psyi_key psyi_instrument_keys[], psyi_norm_keys[], psyi_plan_keys[];
extern const psyi_key psyi_response_keys[], psyi_item_row_keys[], psyi_part_keys[];
extern const psyi_key psyi_gate_keys[], psyi_scale_keys[], psyi_missing_keys[], psyi_band_set_keys[];
extern const psyi_key psyi_flag_keys[], psyi_unanswered_keys[], psyi_example_keys[], psyi_variant_keys[];
extern const psyi_key psyi_use_keys[], psyi_battery_keys[], psyi_local_norm_keys[];
extern const psyi_key psyi_validity_keys[],
    psyi_change_keys[];
extern const psyi_key psyi_counts_keys[], psyi_people_keys[], psyi_grid_keys[];

/* Read a mapping into `target`.  `at` is where missing keys are reported (the mapping's own
 * key); NULL: the mapping.  With `update`, required keys may be missing. */
void psyi_read_map(psyi_loader *loader, const psyi_node *node, const psyi_node *at,
                   const psyi_key *keys, void *target, bool update);

/* Single values; false after a problem was reported. */
bool psyi_want(psyi_loader *loader, const psyi_node *node, psyi_node_kind kind,
               const char *expected);
bool psyi_read_text(psyi_loader *loader, const psyi_node *node, const char **out);
bool psyi_read_label(psyi_loader *loader, const psyi_node *node, psyi_label *out);
bool psyi_read_integer(psyi_loader *loader, const psyi_node *node, int64_t low, int64_t high,
                       int64_t *out);
bool psyi_read_number(psyi_loader *loader, const psyi_node *node, psyi_ratio *out);
bool psyi_read_word(psyi_loader *loader, const psyi_node *node, const psyi_word *words, int *out);
bool psyi_read_texts(psyi_loader *loader, const psyi_node *node, const char *const **out,
                     size_t *n_out);
/* Check an id used as the key of a map; reports and returns false when it is none. */
bool psyi_check_id(psyi_loader *loader, const psyi_node *node);
/* "a..b" into its halves (as offsets into the text); false when there is no "..". */
bool psyi_split_range(const char *text, size_t length, size_t *first_length, size_t *second_offset);

/* ---- expressions --------------------------------------------------------------------- */

/* Compile a text node; NULL after a reported problem.  When the scope refused a name for a
 * reason of its own, *refusal says it (refusal may be NULL). */
psyi_program *psyi_compile(psyi_loader *loader, const psyi_node *node, const psyi_scope *scope,
                           psyi_type wanted, const char *const *refusal);
/* An error that counted lines and columns within the text of a node, moved into the file. */
void psyi_relocate(const psyi_loader *loader, const psyi_node *node, psy_error *error);
/* Put a program on the list by which its document frees it; frees it itself without memory. */
bool psyi_keep_program(psyi_loader *loader, psyi_program *program, psyi_program ***programs,
                       size_t *n, size_t *capacity);

#endif
