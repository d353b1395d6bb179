/* schema.h -- from located tree to structures by tables, with every problem reported.
 *
 * A mapping is described by one table: key, shape of the value, where it goes.  Reading a
 * mapping reports unknown and missing keys and values of the wrong shape, each with its place
 * and path, and goes on, so that an author sees all mistakes at once. */
#ifndef PSYSCREEN_DEFINITION_SCHEMA_H
#define PSYSCREEN_DEFINITION_SCHEMA_H

#include "base/number.h"
#include "definition/loader.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

#endif
