/* build.h -- an instrument while it is being loaded: what the parts of the loader share. */
#ifndef PSYSCREEN_DEFINITION_BUILD_H
#define PSYSCREEN_DEFINITION_BUILD_H

#include "definition/model.h"
#include "definition/schema.h"
#include "definition/scope.h"

enum {
    PSYI_MAX_ITEMS = 2000,
    PSYI_MAX_ITEM_NUMBER = 9999,
    PSYI_MAX_SCALES = 500,
    PSYI_MAX_FLAGS = 500,
    PSYI_MAX_STANDARDS = 1000, /* column numbers have 10 bits for each of the three */
    PSYI_MAX_CODE = 1000000,
    PSYI_MAX_NESTING = 32 /* scales that read scales that read scales */
};

/* A scale as its mapping says it; variants overwrite single keys. */
typedef struct psyi_raw_scale {
    const char *id;
    const psyi_node *at; /* its key */
    psyi_label name;
    const psyi_node *items, *score, *parts, *missing, *steps, *bands;
    int worse; /* 0 unstated, 1 high, 2 low */
    psyi_ratio range[2];
    const char *metric;
    const psyi_node *precision;
    psyi_confidence confidence;
    uint8_t informants;
    bool derived;
} psyi_raw_scale;

typedef enum psyi_progress { PSYI_TODO, PSYI_DOING, PSYI_DONE } psyi_progress;

/* The scales of one variant on their way. */
typedef struct psyi_scale_build {
    psyi_raw_scale *raw;
    psyi_scale *scales;
    uint8_t *progress;
    uint32_t **item_lists; /* items of each scale, for the rule language */
    const psyi_variant *of;
} psyi_scale_build;

typedef struct psyi_raw_flag {
    const psyi_node *at, *when;
    psyi_label name;
    int kind, effect;
    psyi_confidence confidence;
} psyi_raw_flag;

typedef struct psyi_build {
    psyi_loader *loader;
    struct psy_instrument *instrument;
    psyi_item *items;       /* what instrument->items points at */
    uint16_t *by_number;    /* item number -> index + 1 */
    uint8_t *seen;          /* scratch, one per item */
    uint16_t *chosen;       /* scratch, one per item */
    const char **selectors; /* ids and names of items that are words */
    size_t n_selectors;
    psyi_scale_build *variant; /* the one being built */
    const psyi_raw_flag *raw_flags;
    psyi_flag *flags;
    uint8_t *flag_progress;
    const char *chain[PSYI_MAX_NESTING]; /* scales and flags being built within one another */
    size_t depth;
    const char *refusal; /* why the last psyi_ready_... said false, in the scratch arena */
    bool have_norms;     /* norms were looked for: a missing one is a problem */
    psyi_instrument_scope scope;
} psyi_build;

/* item_load.c */
typedef struct psyi_raw_items {
    const psyi_node *responses, *items, *reverse, *parts;
} psyi_raw_items;
void psyi_build_items(psyi_build *build, const psyi_raw_items *raw);
/* Items by "1..9", [1, 3, 5..7], names; in the order given, each once.  With `all_of`, also
 * {all_of: [scales]}. */
bool psyi_select_items(psyi_build *build, const psyi_node *node, bool all_of, const uint16_t **out,
                       size_t *n_out);
unsigned psyi_build_item(psyi_build *build, const psyi_node *node); /* reports; or no index */

/* scale_load.c */
bool psyi_collect_scales(psyi_build *build, const psyi_node *scales, const psyi_node *derived,
                         psyi_raw_scale **out, size_t *n_out);
/* All scales of a variant; `overrides` is its `scales:` or NULL. */
void psyi_build_scales(psyi_build *build, psyi_scale_build *made, const psyi_raw_scale *raw,
                       const psyi_node *overrides, const psyi_variant *variant);
/* Make sure scale `scale` of the variant being built is there; false (and build->refusal) when
 * it reads itself. */
bool psyi_ready_scale(psyi_build *build, unsigned scale);
/* Begin with the scale or flag `id` unless that is a circle or too deep. */
bool psyi_descend(psyi_build *build, const char *id, uint8_t *progress);
void psyi_ascend(psyi_build *build, uint8_t *progress);
unsigned psyi_build_scale(psyi_build *build, const psyi_node *node);

/* range.c */
void psyi_scale_range(psyi_build *build, psyi_scale *scale, const psyi_variant *variant);
/* Without what the missing rule and the steps add: for lint.  den 0 where unknown. */
void psyi_complete_range(const struct psy_instrument *instrument, const psyi_variant *variant,
                         const psyi_scale *scale, psyi_ratio *low, psyi_ratio *high, bool *integer);

/* band_load.c */
void psyi_build_bands(psyi_build *build, psyi_scale *scale, const psyi_node *node);

/* flag_load.c */
void psyi_build_gates(psyi_build *build, const psyi_node *node);
/* Ids and kinds come first (anything may name a flag), programs when they are asked for. */
bool psyi_collect_flags(psyi_build *build, const psyi_node *node, const psyi_raw_scale *scales,
                        size_t n_scales);
void psyi_build_flags(psyi_build *build, const psyi_node *unanswered);
extern const psyi_word psyi_effect_words[];
bool psyi_ready_flag(psyi_build *build, unsigned flag);

/* column_order.c */
void psyi_build_order(psyi_build *build);

/* example_load.c */
void psyi_build_examples(psyi_build *build, const psyi_node *node);

/* instrument_load.c */
/* Compile the text of a node in the instrument's scope; NULL after a reported problem. */
psyi_program *psyi_build_program(psyi_build *build, const psyi_node *node, psyi_type wanted);

#endif
