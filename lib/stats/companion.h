/* companion.h -- which cell to hide beside one that its sums do not protect.
 *
 * A choice of good taste, not of safety: the audit says what is safe. */
#ifndef PSYSCREEN_STATS_COMPANION_H
#define PSYSCREEN_STATS_COMPANION_H

#include <psyscreen/suppression.h>

#include <stdbool.h>

#define PSYI_NO_COMPANION UINT32_MAX

/* What hidden cells leave open in a sum, and whom it could still hide. */
typedef struct psyi_sum_room {
    int64_t more, less;   /* by how much its hidden parts may grow and shrink together */
    uint32_t *candidates; /* cells that may be hidden: the free before the stuck, and these by
                             price, value, number */
    size_t n_candidates, n_free;
    bool is_bare; /* all its parts are at their lower ends */
} psyi_sum_room;

typedef struct psyi_companions {
    const psy_tables *tables;
    const psy_allocator *allocator;
    uint8_t *hidden;        /* the caller's */
    uint32_t *first, *sums; /* sums of a cell: sums[first[cell]] .. sums[first[cell + 1] - 1] */
    uint32_t *first_order, *orders; /* orders of a cell, likewise */
    psyi_sum_room *rooms;           /* one a sum */
    uint32_t *candidates;           /* of all sums */
    uint32_t *queue;                /* [cells] */
    uint8_t *seen;                  /* [cells] */
    uint8_t *shown;                 /* [cells]: were hidden, and are only with everything */
} psyi_companions;

/* `tables` are well formed; false without memory (psyi_companions_done all the same). */
bool psyi_companions_make(psyi_companions *to, const psy_tables *tables, uint8_t *hidden,
                          const psy_allocator *allocator);
void psyi_companions_done(psyi_companions *companions);
void psyi_companions_hide(psyi_companions *companions, uint32_t cell);
/* A hidden cell, for good. */
void psyi_companions_show(psyi_companions *companions, uint32_t cell);
bool psyi_companions_may_hide(const psyi_companions *companions, uint32_t cell);

/* A sum with more terms is one over many schools. */
#define PSYI_LONG_SUM 40u

/* The best cell of the sum that leaves `cell` least room, if that is less than is wanted. */
uint32_t psyi_companion_of(const psyi_companions *companions, uint32_t cell);
/* Where every sum alone leaves room, but not all together: what holds a cell fast is mostly beside
 * it (a sum over all schools has room for one more), so the companion of the nearest hidden cell by
 * short sums that has one. */
uint32_t psyi_companion_near(psyi_companions *companions, uint32_t cell);
/* By sums of any length, and at last one that alone gives nothing.  May look at all cells. */
uint32_t psyi_companion_far(psyi_companions *companions, uint32_t cell);
#endif
