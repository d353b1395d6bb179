/* rule_block.h -- sixty-four cases as the rule language sees them, and names in words.
 *
 * A rule reads what was administered: what the student handed in, and what his battery asks
 * for.  Of that, what was not handed in is blank; everything else is absent. */
#ifndef PSYSCREEN_TIER_RULE_BLOCK_H
#define PSYSCREEN_TIER_RULE_BLOCK_H

#include "tier/rulebook.h"

typedef struct psyi_rule_block {
    const psyi_rulebook *book;
    const psyi_cases *cases;
    size_t first;    /* case of lane 0 */
    psyi_mask there; /* lanes that hold a case */
} psyi_rule_block;

/* At most 64 cases from `first`. */
psyi_rule_block psyi_rule_block_at(const psyi_rulebook *book, const psyi_cases *cases,
                                   size_t first, size_t n);
/* Values for programs; borrows `block`. */
psyi_block psyi_rule_block_values(const psyi_rule_block *block);

/* Lanes of a use: `sheets` has one entry a lane. */
typedef struct psyi_use_lanes {
    uint32_t sheets[PSYI_LANES];
    psyi_mask given;   /* there is a sheet */
    psyi_mask missing; /* the battery asks for it and there is none */
    psyi_mask outside; /* neither */
} psyi_use_lanes;
void psyi_use_lanes_of(const psyi_rule_block *block, unsigned use, psyi_use_lanes *out);

/* The scale of a use as its coding variant has it. */
const psyi_scale *psyi_use_scale(const psy_plan *plan, unsigned use, unsigned scale);
/* Which local norm a local column belongs to, and its metric; NULL if none. */
const psyi_local_norm *psyi_local_of(const psy_plan *plan, unsigned column, psyi_metric *metric);
int64_t psyi_power_of_ten(unsigned exponent); /* up to 18 */
/* "PHQ-9", "SDQ（家长）": the instrument's abbreviation and, where it has several uses, whose. */
void psyi_use_words(const psy_plan *plan, unsigned use, psyi_language language,
                    psyi_buffer *out);
/* "第9题" or "item 9". */
void psyi_item_words(const psy_instrument *instrument, unsigned item, psyi_language language,
                     psyi_buffer *out);

/* ---- what a rule read (reason.c, reason_values.c) ---- */

size_t psyi_reason_operands(const psyi_book_rule *rule, const psy_plan *plan,
                            const psyi_operand **out);
/* Operand `id` of a flag's program, moved to the use it stands for. */
uint32_t psyi_reason_moved(bool is_item, uint32_t id, unsigned use);
/* The label of a band in any of the scale's sets; else the id in words. */
void psyi_band_words(const psyi_scale *scale, const char *id, psyi_language language,
                     psyi_buffer *out);
bool psyi_reason_is_token(uint32_t column);
/* Whether the score of a SCORE column was prorated in this case. */
bool psyi_reason_prorated(const psyi_rule_block *block, uint32_t column);
/* The critical rule as it reads one sheet: a case of its own around that sheet.  `sheets` has
 * room for all uses and must outlive the case. */
psyi_cases psyi_reason_critical_case(const psyi_rulebook *book, const psyi_cases *cases,
                                     size_t item, const psyi_book_rule *rule, uint32_t *sheets);

#endif
