/* validity_policy.h -- when a sheet is doubtful or to be taken again: signs, families, policy.
 *
 * A sign is an index of careless responding with a mark; signs belong to families, and the
 * policy counts families, never signs, because signs of one family see the same thing twice.
 * All of it is data of the plan; what a plan leaves out has the defaults of the table here. */
#ifndef PSYSCREEN_DEFINITION_VALIDITY_POLICY_H
#define PSYSCREEN_DEFINITION_VALIDITY_POLICY_H

#include "definition/model.h"

typedef enum psyi_family {
    PSYI_FAMILY_TIME,
    PSYI_FAMILY_PATTERN,
    PSYI_FAMILY_INCONSISTENCY,
    PSYI_FAMILY_ATTENTION, /* lie scales and items that ask for attention */
    PSYI_FAMILIES,
    PSYI_FAMILY_NOTE = PSYI_FAMILIES /* shown, never evidence */
} psyi_family;
psyi_label psyi_family_label(psyi_family family);

typedef enum psyi_sign {
    PSYI_SIGN_SECONDS,      /* seconds per answered item of the submission */
    PSYI_SIGN_SPEED,        /* median seconds per item of all / own */
    PSYI_SIGN_LONGSTRING,   /* share of a block in one run */
    PSYI_SIGN_AVERAGE_RUN,  /* mean run, in items */
    PSYI_SIGN_REPEATING,    /* share of a block in one pattern of period 2 to 5 */
    PSYI_SIGN_IRV,          /* standard deviation over a block, in codes */
    PSYI_SIGN_EVEN_ODD,
    PSYI_SIGN_PERSON_TOTAL,
    PSYI_SIGN_MAHALANOBIS,  /* p */
    PSYI_SIGN_SYNONYMS,
    PSYI_SIGN_ANTONYMS,
    PSYI_SIGN_GUTTMAN,      /* share of the wave with fewer Guttman errors */
    PSYI_SIGN_U3,
    PSYI_SIGN_LZ,           /* person fit by the item parameters of a norm */
    PSYI_SIGN_LZ_STAR,
    PSYI_SIGN_FAILED_ITEMS, /* attention items failed */
    PSYI_SIGN_LIE_SCALE,    /* the instrument's own validity flag, where it says doubtful */
    PSYI_SIGN_FLOOR,        /* note: every answer the lowest */
    PSYI_SIGN_CEILING,      /* note: every answer the highest */
    PSYI_SIGN_BLANKS,       /* note: share of blank items */
    PSYI_SIGNS
} psyi_sign;

typedef struct psyi_sign_rule {
    const char *key; /* in a plan; NULL: no mark of its own */
    psyi_family family;
    bool above; /* fires at the mark and above; else below it */
    bool on;    /* part of the default policy */
    psyi_ratio mark, lowest, highest;
    unsigned decimals; /* values are rounded half up to these before they are compared */
    psyi_label name;
} psyi_sign_rule;
extern const psyi_sign_rule psyi_sign_rules[PSYI_SIGNS];

typedef struct psyi_attention_item {
    uint16_t use, item;
    uint8_t low, high; /* code indices that pass */
} psyi_attention_item;

typedef struct psyi_use_order { /* items of a use as they were shown; NULL: as they stand */
    const uint16_t *items;
} psyi_use_order;

typedef struct psyi_validity_policy {
    uint8_t needed;            /* families for `then` */
    psyi_effect then, single;  /* single: fewer than needed, at least one; NONE: nothing */
    bool on[PSYI_SIGNS];
    psyi_ratio mark[PSYI_SIGNS];
    uint16_t pattern_items;    /* fewest consecutive items of one response format */
    bool any_direction;        /* patterns also where no item is turned round */
    uint16_t consistency_items; /* fewest items of a use */
    uint8_t consistency_needed; /* signs of one use that make the family */
    uint32_t min_n;             /* fewest complete sheets for what compares with others */
    psyi_ratio pair_r;          /* synonyms: r above it; antonyms: below its negative */
    uint16_t min_pairs;
    const psyi_attention_item *attention; /* by use */
    size_t n_attention;
    uint16_t copies_items; /* near-copies: fewest items both answered; 0: not looked for */
    psyi_ratio copies_share;
    uint32_t burst_n; /* fewest sheets of a class within the window; 0: not looked for */
    uint32_t burst_seconds;
    const psyi_use_order *order; /* per use */
    const psyi_norm *const *fit; /* per use: the norm with item parameters, or NULL; NULL: of none */
} psyi_validity_policy;
/* What a plan leaves out. */
psyi_validity_policy psyi_validity_defaults(void);

#endif
