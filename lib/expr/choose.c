/*
 * choose.c -- if and case: the first condition that is true picks the value.
 *
 * Arms pass one by one.  A lane stays open while all conditions were decided false, and
 * becomes vague at the first undecided one: then no value is known, but the result lies
 * within the ranges of all values that can still come out.  A condition that was not given
 * leaves, and a choice without any condition left is not given itself.
 */
#include "expr/lanes.h"

static bool lane(psyi_mask mask, unsigned i)
{
    return (mask >> i & 1) != 0;
}

void psyi_choice_begin(psyi_choice *choice)
{
    *choice = (psyi_choice){
        .open = PSYI_ALL_LANES,
        .maybe_open = PSYI_ALL_LANES,
        .all_absent = PSYI_ALL_LANES,
        .may_absent = PSYI_ALL_LANES,
    };
}

void psyi_choice_otherwise(const psyi_choice *choice, psyi_verdict_lanes *out)
{
    /* Where perhaps no condition was given, the last value is not for sure either. */
    const psyi_mask open = choice->may_absent & ~choice->all_absent;
    *out = (psyi_verdict_lanes){.absent = choice->all_absent, .maybe_absent = open};
    out->yes = ~choice->may_absent;
    out->maybe_yes = ~choice->all_absent;
    out->maybe_no = open;
}

typedef struct arm {
    psyi_mask take;     /* this value it is */
    psyi_mask possible; /* this value it could be */
    psyi_mask vague;    /* ... in a lane that is not decided */
} arm;

/* Pass a condition: what its value is good for, and the causes it leaves behind. */
static arm pass(psyi_choice *choice, const psyi_verdict_lanes *condition)
{
    const psyi_mask undecided = psyi_undecided(condition);
    const psyi_mask doubt = undecided & (choice->open | (choice->vague & choice->maybe_open));
    arm result = {.take = choice->open & condition->yes,
                  .possible = choice->maybe_open & condition->maybe_yes};

    choice->vague |= doubt;
    choice->blank |= condition->blank & doubt;
    choice->no_norm |= condition->no_norm & doubt;
    choice->trouble |= condition->trouble & doubt;
    choice->open &= ~(result.take | doubt);
    choice->maybe_open &= condition->maybe_no | condition->absent;
    choice->all_absent &= condition->absent;
    choice->may_absent &= condition->absent | condition->maybe_absent;
    result.vague = result.possible & choice->vague;
    return result;
}

static void unite_bounds(psyi_lanes *result, const psyi_lanes *value, psyi_mask lanes)
{
    for (unsigned i = 0; i < PSYI_LANES; i++) {
        if (!lane(lanes, i))
            continue;
        const bool first = !lane(result->bounded, i);
        if (result->ratios) {
            if (first || psyi_ratio_compare(value->ratio_low[i], result->ratio_low[i]) < 0)
                result->ratio_low[i] = value->ratio_low[i];
            if (first || psyi_ratio_compare(value->ratio_high[i], result->ratio_high[i]) > 0)
                result->ratio_high[i] = value->ratio_high[i];
        } else if (!result->tight) {
            if (first || value->low[i] < result->low[i])
                result->low[i] = value->low[i];
            if (first || value->high[i] > result->high[i])
                result->high[i] = value->high[i];
        }
    }
    result->bounded |= lanes;
}

void psyi_choice_number(psyi_choice *choice, const psyi_verdict_lanes *condition, psyi_lanes *value,
                        psyi_lanes *result)
{
    const arm now = pass(choice, condition);

    psyi_lanes_align(result, value);
    if (now.possible != now.take) { /* more than one value can come out of a lane */
        psyi_lanes_loosen(result);
        psyi_lanes_loosen(value);
    }
    for (unsigned i = 0; i < PSYI_LANES; i++) {
        if (!lane(now.take & value->known, i))
            continue;
        if (result->ratios)
            result->ratio[i] = value->ratio[i];
        else
            result->value[i] = value->value[i];
    }
    if (!result->ratios && value->size > result->size)
        result->size = value->size;
    unite_bounds(result, value, now.possible & value->bounded);
    choice->loose |= now.possible & ~value->bounded;
    result->known |= now.take & value->known;
    result->absent |= now.take & value->absent;
    result->maybe_absent |= now.possible & (value->absent | value->maybe_absent);
    result->no_record |= now.take & value->no_record;
    result->blank |= (now.take & value->blank) | (now.vague & value->blank & ~value->known);
    result->no_norm |= (now.take & value->no_norm) | (now.vague & value->no_norm & ~value->known);
    result->trouble |= (now.take & value->trouble) | (now.vague & value->trouble & ~value->known);
}

void psyi_choice_end_number(const psyi_choice *choice, psyi_lanes *result)
{
    result->absent |= choice->all_absent;
    const psyi_mask live = ~(result->absent | result->no_record);
    const psyi_mask loose = choice->loose | choice->may_absent;
    result->bounded &= (~loose | result->known) & live;
    result->maybe_absent = (result->maybe_absent | choice->may_absent) & live & ~result->known;
    result->blank = (result->blank | choice->blank) & live;
    result->no_norm = (result->no_norm | choice->no_norm) & live;
    result->trouble = (result->trouble | choice->trouble) & live;
}

void psyi_choice_truth(psyi_choice *choice, const psyi_verdict_lanes *condition,
                       const psyi_verdict_lanes *value, psyi_verdict_lanes *result)
{
    const arm now = pass(choice, condition);

    result->yes |= now.take & value->yes;
    result->no |= now.take & value->no;
    result->absent |= now.take & value->absent;
    result->maybe_yes |= now.possible & (value->maybe_yes | value->absent);
    result->maybe_no |= now.possible & (value->maybe_no | value->absent);
    result->maybe_absent |= now.possible & (value->absent | value->maybe_absent);
    result->blank |= (now.take | now.vague) & value->blank;
    result->no_norm |= (now.take | now.vague) & value->no_norm;
    result->trouble |= (now.take | now.vague) & value->trouble;
}

void psyi_choice_end_truth(const psyi_choice *choice, psyi_verdict_lanes *result)
{
    /* Where it does not matter which value comes out, the result is decided. */
    const psyi_mask vague = choice->vague & ~choice->may_absent;
    result->yes |= vague & result->maybe_yes & ~result->maybe_no;
    result->no |= vague & result->maybe_no & ~result->maybe_yes;
    result->absent |= choice->all_absent;
    const psyi_mask undecided = psyi_undecided(result);
    result->maybe_absent = (result->maybe_absent | choice->may_absent) & undecided;
    result->maybe_yes = (result->maybe_yes | undecided) & ~result->absent;
    result->maybe_no = (result->maybe_no | undecided) & ~result->absent;
    result->blank = (result->blank | choice->blank) & undecided;
    result->no_norm = (result->no_norm | choice->no_norm) & undecided;
    result->trouble = (result->trouble | choice->trouble) & undecided;
}
