/*
 * local_groups.c -- which group of a local norm somebody belongs to.
 *
 * A group is a value of every key; who lacks one of them belongs to none.  Dropping keys
 * from the end leads to the wider groups a small one is judged by.
 */
#include "norm/local_groups.h"

#define GRADES 17
#define SEXES  3

size_t psyi_local_slot(psyi_local_group group)
{
    return (group.stage * GRADES + group.grade) * SEXES + group.sex;
}

psyi_local_group psyi_local_group_at(size_t slot)
{
    return (psyi_local_group){.stage = (unsigned)(slot / (GRADES * SEXES)),
                              .grade = (unsigned)(slot / SEXES % GRADES),
                              .sex = (unsigned)(slot % SEXES)};
}

static unsigned *key_of(psyi_local_group *group, psyi_group_key key)
{
    switch (key) {
    case PSYI_BY_STAGE:
        return &group->stage;
    case PSYI_BY_GRADE:
        return &group->grade;
    case PSYI_BY_SEX:
        break;
    }
    return &group->sex;
}

bool psyi_local_group_of(const psyi_local_rule *rule, int grade, psyi_sex sex,
                         psyi_local_group *out)
{
    const unsigned known = grade > 0 && grade < GRADES ? (unsigned)grade : 0;
    psyi_local_group all = {
        .stage = (unsigned)psyi_stage_of((int)known), .grade = known, .sex = (unsigned)sex};
    *out = (psyi_local_group){.stage = 0};
    for (size_t i = 0; i < rule->n_by; i++) {
        const unsigned value = *key_of(&all, rule->by[i]);
        if (value == 0)
            return false;
        *key_of(out, rule->by[i]) = value;
    }
    return true;
}

psyi_local_group psyi_local_dropped(const psyi_local_rule *rule, size_t n_by,
                                    psyi_local_group group)
{
    for (size_t i = n_by; i < rule->n_by; i++)
        *key_of(&group, rule->by[i]) = 0;
    return group;
}

const char *psyi_local_key_name(psyi_group_key key)
{
    switch (key) {
    case PSYI_BY_STAGE:
        return "stage";
    case PSYI_BY_GRADE:
        return "grade";
    case PSYI_BY_SEX:
        break;
    }
    return "sex";
}

void psyi_local_group_words(const psyi_local_rule *rule, psyi_local_group group, psyi_buffer *out)
{
    static const char *const stages[] = {"any stage", "primary", "junior", "senior", "tertiary"};
    if (rule->n_by == 0)
        psyi_buffer_text(out, "everybody");
    for (size_t i = 0; i < rule->n_by; i++) {
        if (i > 0)
            psyi_buffer_char(out, ' ');
        if (rule->by[i] == PSYI_BY_STAGE)
            psyi_buffer_text(out, stages[group.stage]);
        else if (rule->by[i] == PSYI_BY_GRADE)
            psyi_buffer_format(out, "grade %u", group.grade);
        else
            psyi_buffer_text(out, group.sex == PSYI_SEX_MALE ? "male" : "female");
    }
}
