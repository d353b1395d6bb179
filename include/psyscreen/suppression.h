/**
 * @file suppression.h
 * Tables of counts that are published with some cells hidden: which more cells must be hidden,
 * and whether somebody who has all the tables can work a hidden one out.
 *
 * A *cell* is a number that one or more tables print; a number that stands in several tables is
 * one cell.  *Sums* say which cells add up to which, within a table and between tables; an
 * *order* says that one cell is never larger than another (a tier among the valid).  From
 * these, from what is shown, and from the bounds that anybody knows (a count is not below 0),
 * follows an interval for every hidden cell.  Hiding the small cells alone is never enough: in
 * a table with totals they are found by subtraction.
 *
 * Sources: Willenborg & de Waal (2001), Elements of statistical disclosure control, ch. 4-5
 * (primary and secondary suppression, feasibility intervals); Fischetti & Salazar (2000),
 * Management Science 46:1604-1614 (protection levels).
 */
#ifndef PSYSCREEN_SUPPRESSION_H
#define PSYSCREEN_SUPPRESSION_H

#include <psyscreen/allocator.h>
#include <psyscreen/error.h>
#include <psyscreen/export.h>

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The price of a cell that is shown whatever happens. */
#define PSY_CELL_FIXED 255u

/** The spread of a hidden cell that may be known. */
#define PSY_SPREAD_NONE (-1)

/** A number that is printed, or would be. */
typedef struct psy_cell {
    int64_t value;
    int64_t low, high; /**< what anybody knows of it beforehand; INT64_MAX: no upper bound */
    /** How far apart the ends of its interval must be when it is hidden, as far as `low` and `high`
     * allow: at least 1, that is, more than one value, and less is taken as that.  PSY_SPREAD_NONE
     * alone lets it be known: a number that no table prints and that nothing is hidden for. */
    int64_t spread;
    int64_t reach; /**< what the upper end must reach, as far as `high` allows */
    uint8_t price; /**< cheap cells are hidden first; PSY_CELL_FIXED: never */
} psy_cell;

/** cells[0] is the sum of cells[1] to cells[n - 1]. */
typedef struct psy_sum {
    const uint32_t *cells;
    size_t n;
} psy_sum;

/** The value of one cell is at most that of another. */
typedef struct psy_order {
    uint32_t part, whole;
} psy_order;

/** Everything that is published together. */
typedef struct psy_tables {
    const psy_cell *cells;
    size_t n_cells;
    const psy_sum *sums;
    size_t n_sums;
    const psy_order *orders;
    size_t n_orders;
} psy_tables;

/** What an audit says about a cell; larger is worse, from PSY_CELL_NARROW on it is a leak. */
typedef enum psy_exposure {
    PSY_CELL_SHOWN = 0,
    PSY_CELL_SAFE = 1,     /**< two tables were found that agree with all that is shown and differ
                                in this cell by as much as it asks for */
    PSY_CELL_NARROW = 2,   /**< several values are possible, but closer together */
    PSY_CELL_UNPROVED = 3, /**< the search was given up: taken for a leak */
    PSY_CELL_EXPOSED = 4   /**< only one value is possible */
} psy_exposure;

/**
 * Try to work out every hidden cell.
 *
 * "Safe" is never a matter of rounding: it rests on whole tables that were checked in integers.
 * The extremes are sought by linear programming, and by a search over integers, of bounded
 * length, where that gives fractions.
 *
 * @param tables    consistent: every sum and order holds (else PSY_E_ARGUMENT)
 * @param hidden    one byte a cell, not 0: hidden
 * @param exposure  receives a psy_exposure for each cell
 * @param low,high  receive the ends of each interval: for safe cells values that were found
 *                  possible, for exposed ones the value, for others the ends that were proved;
 *                  shown cells have their value; may be NULL
 * @param n_leaks   receives how many cells are PSY_CELL_NARROW or worse
 *
 * Cost: for each group of hidden cells that hang together, two small linear programs a cell at
 * most. Any thread; nothing is kept.
 */
PSY_API psy_status psy_tables_audit(const psy_tables *tables, const uint8_t *hidden,
                                    uint8_t *exposure, int64_t *low, int64_t *high, size_t *n_leaks,
                                    const psy_allocator *allocator, psy_error *error);

/**
 * Hide more cells until an audit finds no leak.
 *
 * The last audit takes nothing from the ones before it: psy_tables_audit of the same tables and the
 * same cells finds no leak among the cells that were hidden for their own sake.  Of their
 * companions, which may be known, one that can be worked out is shown again (that tells nobody
 * anything); one that has less room than it asks for, or was not proved to have it, stays hidden.
 *
 * Cells that cost least are hidden first, and of these the smallest that protects.  At the end each
 * companion is shown again, the dearest first, without which all others are still proved safe, as
 * many as a bound of work allows; those of price 0 cost nothing and stay.  The same tables always
 * give the same cells.  (The number of cells hidden is not the least possible.)
 *
 * Cost is bounded: where round by round leaks do not become fewer, leaks are looked at more
 * closely, then whole sums around them are hidden, then everything; what is not proved safe is
 * hidden, never the other way round.
 *
 * @param hidden  in: the cells that are hidden for their own sake; out: all that must be
 * @retval PSY_E_INTERNAL  everything that may be hidden is (`hidden` says so), and something still
 *                         leaks, or was not proved not to: nothing of these tables should be
 *                         published
 */
PSY_API psy_status psy_tables_suppress(const psy_tables *tables, uint8_t *hidden,
                                       const psy_allocator *allocator, psy_error *error);

#ifdef __cplusplus
}
#endif
#endif
