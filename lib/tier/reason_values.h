/* reason_values.h -- what a rule read in one case, as data: reason.c says it in words. */
#ifndef PSYSCREEN_TIER_REASON_VALUES_H
#define PSYSCREEN_TIER_REASON_VALUES_H

#include "tier/rule_block.h"

typedef struct psyi_reason_value {
    bool is_item;
    uint32_t id; /* column or item of the plan */
    /* "known", "prorated", "blank", "refused", "no_norm", "no_record", "unknown" */
    const char *state;
    psyi_ratio value;     /* den 0: no number */
    psyi_ratio low, high; /* what it could be; den 0: not bounded */
    const char *word;     /* a band, a category, "true" or "false"; NULL */
    uint8_t marks;        /* psyi_norm_mark of a standard score */
} psyi_reason_value;

typedef psy_status psyi_reason_told(void *context, const psyi_reason_value *value,
                                    psy_error *error);
/* Each operand of the rule that took part, in order of appearance; of a critical rule, on the
 * sheet it fired on. */
psy_status psyi_reason_values(const psyi_rulebook *book, const psyi_cases *cases, size_t item,
                              size_t rule, psyi_reason_told *told, void *context, psy_error *error);
/* The operand as a plan writes it: "mht.total", "phq9.item(9)", "student.grade". */
void psyi_operand_name(const psy_plan *plan, bool is_item, uint32_t id, psyi_buffer *out);

#endif
