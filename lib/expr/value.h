/* value.h -- what the rule language computes with: 64 lanes at a time, exact numbers that
 * know their bounds, and truths of three values.
 *
 * A lane is one sheet (or student).  A number may be known, or only bounded by what its
 * blank items could still add, or neither; a truth is decided or not, and says what could
 * still come out.  Causes tell why something is not known. */
#ifndef PSYSCREEN_EXPR_VALUE_H
#define PSYSCREEN_EXPR_VALUE_H

#include "base/number.h"

#include <stdint.h>

#define PSYI_LANES 64
typedef uint64_t psyi_mask; /* bit i belongs to lane i */

/* How a number is compared with constants. */
typedef enum psyi_compare {
    PSYI_LT = 1,
    PSYI_LE,
    PSYI_GT,
    PSYI_GE,
    PSYI_EQ,
    PSYI_NE,
    PSYI_IN,    /* in low..high */
    PSYI_ONE_OF /* in a list */
} psyi_compare;

typedef struct psyi_numbers {
    psyi_ratio value[PSYI_LANES];               /* where known */
    psyi_ratio low[PSYI_LANES], high[PSYI_LANES]; /* where bounded */
    psyi_mask known;
    /* low and high hold.  Where the number is known and they differ, the value decides and
     * the bounds say what else could have come out (a prorated score). */
    psyi_mask bounded;
    psyi_mask absent;    /* not administered: the operand leaves its and/or */
    psyi_mask blank;     /* a blank, refused, out of range or unreadable answer is in it */
    psyi_mask no_norm;   /* unknown for want of a norm, sex, grade or age */
    psyi_mask no_record; /* no previous or external record: every comparison is false */
} psyi_numbers;

typedef struct psyi_truths {
    psyi_mask yes, no;             /* decided; never both */
    psyi_mask maybe_yes, maybe_no; /* what blanks could still make of it; contain yes / no
                                      unless a known value has wider bounds; neither where
                                      something else than a blank leaves it undecided */
    psyi_mask absent;              /* nothing left to decide: the rule does not apply */
    psyi_mask blank, no_norm;      /* causes, meaningful where undecided */
} psyi_truths;

typedef struct psyi_tokens { /* a category or a band */
    uint8_t value[PSYI_LANES]; /* index into the symbol's tokens, where known */
    /* Where not known: the range it may lie in (bands of a score with blanks). */
    uint8_t low[PSYI_LANES], high[PSYI_LANES];
    psyi_mask known, bounded, absent, blank, no_norm, no_record;
} psyi_tokens;

/* The scores of one item over 64 lanes.  `scale` is 1 for coded items; number and clock
 * items are integers over it (thousandths, minutes with scale 1). */
typedef struct psyi_item_lanes {
    int32_t value[PSYI_LANES]; /* where known */
    int32_t scale;
    int32_t low, high; /* what a blank could be; low > high: unbounded */
    psyi_mask known;   /* answered, or skipped by a gate that declares a value */
    psyi_mask blank;   /* blank, refused, out of range, unreadable */
    psyi_mask refused; /* those of `blank` that were refused */
    psyi_mask absent;  /* skipped without a value, not applicable, not administered */
} psyi_item_lanes;

#endif
