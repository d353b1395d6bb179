/* limit_words.h -- the limits that a rule holds a value against, in words. */
#ifndef PSYSCREEN_TIER_LIMIT_WORDS_H
#define PSYSCREEN_TIER_LIMIT_WORDS_H

#include "tier/rule_block.h"

/* Append " [≥65]": what `program` compares the operand `id` of its own with, but for what `text`,
 * the rule's own words, says already ("MHT ≥ 65").  `moved` is the operand's column or item in
 * the plan.  Nothing where it is not compared with a constant. */
void psyi_limit_words(const psy_plan *plan, const psyi_program *program, bool is_item, uint32_t id,
                      uint32_t moved, const char *text, psyi_language language, psyi_buffer *out);
/* The same for what the program counts or computes: "count ≥3", parts of a list in brackets. */
void psyi_computed_limit_words(const psyi_program *program, const char *text,
                               psyi_language language, psyi_buffer *out);

#endif
