/*
 * item_tests.h -- what sums over sets need of items and their tests; part of the machine.
 */
#ifndef PSYSCREEN_EXPR_ITEM_TESTS_H
#define PSYSCREEN_EXPR_ITEM_TESTS_H

#include "expr/machine.h"

#define PSYI_LARGEST_SCALE (INT64_C(1) << 16)

/* One item into the workspace, put in order: known, blank and absent share the lanes out. */
psyi_item_lanes *psyi_item_fetch(const psyi_reader *reader, uint32_t id, bool answer);

/* What a blank answer can be, seen by a test. */
typedef struct psyi_outlook {
    bool bounded, can_yes, can_no;
    int64_t low, high; /* of the values that meet the test, when can_yes */
} psyi_outlook;

psyi_outlook psyi_item_look_ahead(const psyi_item_lanes *item, const psyi_intervals *in);
/* Lanes whose value meets the test; meaningful where known. */
psyi_mask psyi_item_meets(const psyi_item_lanes *item, const psyi_intervals *in);
/* Intervals belong to a scale; nearly always all items have the same, so those at hand stay
 * while `*have` is the scale. */
const psyi_intervals *psyi_intervals_for(const psyi_test *test, int64_t scale,
                                         psyi_intervals *intervals, int64_t *have);
void psyi_count_mask(int32_t *counts, psyi_mask mask); /* counts[i] += bit i */

#endif
