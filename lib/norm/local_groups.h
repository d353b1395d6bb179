/* local_groups.h -- the groups of a local norm: stage, grade and sex, and what is left when
 * keys are dropped. */
#ifndef PSYSCREEN_NORM_LOCAL_GROUPS_H
#define PSYSCREEN_NORM_LOCAL_GROUPS_H

#include "base/memory.h"
#include "definition/model.h"

typedef struct psyi_local_group { /* values of the keys; 0: pooled over it */
    unsigned stage, grade, sex;
} psyi_local_group;

/* Groups are numbered; numbers ascend by stage, grade, sex. */
#define PSYI_LOCAL_GROUPS (5 * 17 * 3)
size_t psyi_local_slot(psyi_local_group group);
psyi_local_group psyi_local_group_at(size_t slot);
/* The group of a person by all keys of the rule; false when one of them is not known. */
bool psyi_local_group_of(const psyi_local_rule *rule, int grade, psyi_sex sex,
                         psyi_local_group *out);
/* The same group with its keys from number `n_by` on dropped. */
psyi_local_group psyi_local_dropped(const psyi_local_rule *rule, size_t n_by,
                                    psyi_local_group group);
/* "junior grade 7". */
void psyi_local_group_words(const psyi_local_rule *rule, psyi_local_group group, psyi_buffer *out);
const char *psyi_local_key_name(psyi_group_key key);

#endif
