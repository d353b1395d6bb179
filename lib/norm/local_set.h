/* local_set.h -- all groups of one local norm: what was counted, and who is judged by what.
 *
 * A set is filled with scores by group (or from a file of counts), then settled once; from then
 * on it answers.  Nothing in it depends on the order of filling. */
#ifndef PSYSCREEN_NORM_LOCAL_SET_H
#define PSYSCREEN_NORM_LOCAL_SET_H

#include "norm/apply.h"
#include "norm/local_groups.h"

/* By what a group is judged. */
typedef enum psyi_local_way {
    PSYI_LOCAL_NONE,   /* too few, and no wider group has enough */
    PSYI_LOCAL_OWN,    /* its own counts */
    PSYI_LOCAL_SHRUNK, /* its own moments, shrunk towards those of all groups; ranks pooled */
    PSYI_LOCAL_POOLED  /* the counts of a wider group */
} psyi_local_way;

typedef struct psyi_local_serving { /* of one full group */
    psyi_local_way way;
    size_t slot;      /* the group whose counts serve; of SHRUNK: for ranks, SIZE_MAX none */
    size_t keys_left; /* keys of that group */
    double mean, sd;  /* SHRUNK: shrunk; otherwise of the serving counts */
    double lambda;    /* SHRUNK: the share of the group's own mean */
} psyi_local_serving;

typedef struct psyi_local_set {
    const psy_allocator *allocator;
    psyi_arena arena;
    psyi_local_rule rule;
    psyi_histogram *full[PSYI_LOCAL_GROUPS];       /* by all keys; NULL: nobody */
    psyi_histogram *wider[PSYI_LOCAL_GROUPS];      /* once settled: with keys dropped */
    psyi_local_serving serving[PSYI_LOCAL_GROUPS]; /* of full groups, those without counts too */
    size_t n_shrunk_from; /* groups that the shrinkage looked at; 0: none shrunk */
    double tau2, mu;
} psyi_local_set;

/* NULL without memory. */
psyi_local_set *psyi_local_set_new(const psyi_local_rule *rule, const psy_allocator *allocator);
void psyi_local_set_free(psyi_local_set *set);
/* Before settling. */
psy_status psyi_local_set_add(psyi_local_set *set, psyi_local_group group, psyi_ratio score,
                              uint64_t count, psy_error *error);
/* Other counts in place of what a group has; no counts: as if nobody had been there. */
psy_status psyi_local_set_replace(psyi_local_set *set, size_t slot, const psyi_histogram *counts,
                                  psy_error *error);
/* The counts of one scale of a norm file.  PSY_E_DATA when its groups are not such groups. */
psy_status psyi_local_set_take(psyi_local_set *set, const psyi_norm *norm, const char *scale,
                               psy_error *error);
/* Pool and shrink: groups in ascending order, so the same counts give the same bits. */
psy_status psyi_local_set_settle(psyi_local_set *set, psy_error *error);
/* After settling: standard score of somebody in a full group, at the metric's decimals. */
psyi_ratio psyi_local_set_standard(const psyi_local_set *set, psyi_local_group group,
                                   psyi_metric metric, psyi_ratio score);

#endif
