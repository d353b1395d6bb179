/*
 * suppression.c -- auditing tables with hidden cells, and hiding what the audit asks for.
 */
#include "base/fail.h"
#include "stats/hidden_system.h"

#include <string.h>

/* What a number without an upper bound may grow by. */
#define FAR INT64_C(1000000)

static uint8_t judge(const psyi_range *range, const psy_cell *cell)
{
    int64_t spread, reach;
    psyi_cell_wants(cell, &spread, &reach);
    if (range->seen_high - range->seen_low >= spread && range->seen_high >= reach)
        return PSY_CELL_SAFE;
    if (range->low == range->high)
        return PSY_CELL_EXPOSED;
    if (range->gave_up)
        return PSY_CELL_UNPROVED;
    return PSY_CELL_NARROW;
}

static psy_status search_all(const psyi_hidden *h, const psy_tables *tables, const uint8_t *sure,
                             psyi_thorough depth, psyi_range *ranges,
                             const psy_allocator *allocator, psy_error *error)
{
    psy_status status = PSY_OK;
    for (size_t x = 0; x < h->n; x++)
        ranges[x] = (psyi_range){h->value[x], h->value[x], h->low[x], h->high[x], false};
    for (size_t group = 0; group < h->n_groups && status == PSY_OK; group++) {
        if (!psyi_hidden_has_open(h, tables, group, sure, ranges))
            continue;
        if (!psyi_hidden_narrow(h, group, h->low, h->high))
            return psyi_fail(error, PSY_E_INTERNAL, NULL, "tables contradict themselves");
        for (size_t i = h->first_member[group]; i < h->first_member[group + 1]; i++) {
            ranges[h->member[i]].low = h->low[h->member[i]];
            ranges[h->member[i]].high = h->high[h->member[i]];
        }
        status = psyi_hidden_search(h, tables, group, sure, depth, ranges, allocator, error);
    }
    return status;
}

/* The audit; cells that are `sure` are safe without being looked at. */
static psy_status audit(const psy_tables *tables, const uint8_t *hidden, const uint8_t *sure,
                        psyi_thorough depth, uint8_t *exposure, int64_t *low, int64_t *high,
                        size_t *n_leaks, const psy_allocator *allocator, psy_error *error)
{
    psyi_hidden h;
    psy_status status = psyi_hidden_make(&h, tables, hidden, allocator, error);
    if (status != PSY_OK)
        return status;
    psyi_range *const ranges = psyi_alloc(allocator, h.n + 1, sizeof *ranges);
    if (ranges == NULL)
        status = psyi_fail_memory(error, "an audit of tables");
    if (status == PSY_OK)
        status = search_all(&h, tables, sure, depth, ranges, allocator, error);
    size_t leaks = 0;
    for (size_t i = 0; i < tables->n_cells && status == PSY_OK; i++) {
        const uint32_t x = h.unknown[i];
        const bool is_hidden = hidden[i] != 0;
        exposure[i] = !is_hidden                     ? PSY_CELL_SHOWN
                      : sure != NULL && sure[i] != 0 ? PSY_CELL_SAFE
                                                     : judge(&ranges[x], &tables->cells[i]);
        leaks += exposure[i] >= PSY_CELL_NARROW;
        const bool safe = exposure[i] == PSY_CELL_SAFE;
        if (low != NULL)
            low[i] = !is_hidden ? tables->cells[i].value
                     : safe     ? ranges[x].seen_low
                                : ranges[x].low;
        if (high != NULL)
            high[i] = !is_hidden ? tables->cells[i].value
                      : safe     ? ranges[x].seen_high
                                 : ranges[x].high;
    }
    if (status == PSY_OK)
        *n_leaks = leaks;
    psyi_free(allocator, ranges);
    psyi_hidden_done(&h);
    return status;
}

psy_status psy_tables_audit(const psy_tables *tables, const uint8_t *hidden, uint8_t *exposure,
                            int64_t *low, int64_t *high, size_t *n_leaks,
                            const psy_allocator *allocator, psy_error *error)
{
    if (tables == NULL || hidden == NULL || exposure == NULL || n_leaks == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "an audit needs tables, what is hidden, and room for its verdicts");
    return audit(tables, hidden, NULL, PSYI_SEARCH_LONG, exposure, low, high, n_leaks, allocator,
                 error);
}

/* ---- hiding more ---- */

/* Is cell a better companion than b?  The cheaper; then one large enough to cover what is
 * wanted, and of those the smallest; else the largest. */
static bool is_better(const psy_tables *t, uint32_t a, uint32_t b, int64_t wanted)
{
    const psy_cell *const x = &t->cells[a], *const y = &t->cells[b];
    if (x->price != y->price)
        return x->price < y->price;
    const bool covers_x = x->value >= wanted, covers_y = y->value >= wanted;
    if (covers_x != covers_y)
        return covers_x;
    if (x->value != y->value)
        return covers_x ? x->value < y->value : x->value > y->value;
    return a < b;
}

/* The sums a cell stands in: sums[first[cell]] .. sums[first[cell + 1] - 1], ascending. */
typedef struct where {
    uint32_t *first, *sums;
} where;

static bool find_sums(where *of, const psy_tables *t, const psy_allocator *allocator)
{
    size_t n = 0;
    for (size_t i = 0; i < t->n_sums; i++)
        n += t->sums[i].n;
    of->first = psyi_alloc(allocator, t->n_cells + 2, sizeof *of->first);
    of->sums = psyi_alloc(allocator, n + 1, sizeof *of->sums);
    if (of->first == NULL || of->sums == NULL)
        return false;
    memset(of->first, 0, (t->n_cells + 2) * sizeof *of->first);
    for (size_t i = 0; i < t->n_sums; i++)
        for (size_t j = 0; j < t->sums[i].n; j++)
            of->first[t->sums[i].cells[j] + 2]++;
    for (size_t i = 2; i < t->n_cells + 2; i++)
        of->first[i] += of->first[i - 1];
    for (uint32_t i = 0; i < t->n_sums; i++)
        for (size_t j = 0; j < t->sums[i].n; j++)
            of->sums[of->first[t->sums[i].cells[j] + 1]++] = i;
    return true;
}

/* How far one sum alone lets a hidden cell of it go, up and down together. */
static int64_t room_in(const psy_tables *t, const uint8_t *hidden, const psy_sum *sum,
                       uint32_t cell, int64_t reach)
{
    const psy_cell *const own = &t->cells[cell];
    int64_t grow = 0, shrink = 0;
    for (size_t i = 0; i < sum->n; i++) {
        const psy_cell *const other = &t->cells[sum->cells[i]];
        if (sum->cells[i] == cell || hidden[sum->cells[i]] == 0)
            continue;
        const int64_t more = other->high == INT64_MAX ? FAR : other->high - other->value;
        const int64_t less = other->value - other->low;
        /* A part grows with its sum, and at the cost of the other parts. */
        const bool together = i == 0 || sum->cells[0] == cell;
        grow += together ? more : less;
        shrink += together ? less : more;
    }
    const int64_t up = own->high == INT64_MAX ? FAR : own->high - own->value;
    const int64_t down = own->value - own->low;
    grow = grow < up ? grow : up;
    shrink = shrink < down ? shrink : down;
    /* What does not reach far enough up is no room, however far it goes down. */
    return own->value + grow < reach ? grow : grow + shrink;
}

/* The sum that protects the cell least, and the best cell to hide in it.  `sated`: none is asked
 * for where every sum leaves as much room as is wanted, as a cell hidden meanwhile may do. */
static uint32_t find_companion(const psy_tables *t, const where *of, const uint8_t *hidden,
                               uint32_t cell, bool sated)
{
    int64_t spread, reach;
    psyi_cell_wants(&t->cells[cell], &spread, &reach);
    const int64_t wanted = spread > reach ? spread : reach;
    int64_t least = sated ? wanted : INT64_MAX;
    uint32_t best = UINT32_MAX;
    for (uint32_t at = of->first[cell]; at < of->first[cell + 1]; at++) {
        const psy_sum *const sum = &t->sums[of->sums[at]];
        const int64_t room = room_in(t, hidden, sum, cell, reach);
        uint32_t found = UINT32_MAX;
        for (size_t j = 0; j < sum->n; j++) {
            const uint32_t one = sum->cells[j];
            if (hidden[one] == 0 && t->cells[one].price != PSY_CELL_FIXED &&
                (found == UINT32_MAX || is_better(t, one, found, wanted)))
                found = one;
        }
        if (found != UINT32_MAX && room < least) {
            least = room;
            best = found;
        }
    }
    if (best != UINT32_MAX || sated)
        return best;
    /* Only orders hold it: the cell on the other side of one. */
    for (size_t i = 0; i < t->n_orders; i++) {
        const psy_order *const order = &t->orders[i];
        const uint32_t other = order->part == cell    ? order->whole
                               : order->whole == cell ? order->part
                                                      : UINT32_MAX;
        if (other != UINT32_MAX && hidden[other] == 0 && t->cells[other].price != PSY_CELL_FIXED &&
            (best == UINT32_MAX || is_better(t, other, best, wanted)))
            best = other;
    }
    return best;
}

/* Any cell that may still be hidden, nearest in the order of the tables: better too much than
 * a leak. */
static uint32_t find_any(const psy_tables *t, const uint8_t *hidden)
{
    uint32_t best = UINT32_MAX;
    for (uint32_t i = 0; i < t->n_cells; i++)
        if (hidden[i] == 0 && t->cells[i].price != PSY_CELL_FIXED &&
            (best == UINT32_MAX || t->cells[i].price < t->cells[best].price))
            best = i;
    return best;
}

/* What hiding is done with, beside the tables. */
typedef struct hiding {
    where of;
    uint8_t *near;   /* cells beside one that was hidden in this round */
    uint32_t *queue; /* [cells] */
    uint8_t *seen;   /* [cells] */
} hiding;

static void mark_near(const psy_tables *t, const hiding *h, uint32_t cell)
{
    for (uint32_t at = h->of.first[cell]; at < h->of.first[cell + 1]; at++) {
        const psy_sum *const sum = &t->sums[h->of.sums[at]];
        for (size_t i = 0; i < sum->n; i++)
            h->near[sum->cells[i]] = 1;
    }
}

/* A leak whose own sums are used up: the nearest hidden cell, by sums they share, that has a
 * companion left. */
static uint32_t find_far_companion(const psy_tables *t, const hiding *h, const uint8_t *hidden,
                                   uint32_t cell)
{
    size_t n = 0;
    memset(h->seen, 0, t->n_cells);
    h->queue[n++] = cell;
    h->seen[cell] = 1;
    for (size_t i = 0; i < n; i++) {
        const uint32_t from = h->queue[i];
        const uint32_t with = find_companion(t, &h->of, hidden, from, false);
        if (with != UINT32_MAX)
            return with;
        for (uint32_t at = h->of.first[from]; at < h->of.first[from + 1]; at++) {
            const psy_sum *const sum = &t->sums[h->of.sums[at]];
            for (size_t k = 0; k < sum->n; k++)
                if (hidden[sum->cells[k]] != 0 && h->seen[sum->cells[k]] == 0) {
                    h->seen[sum->cells[k]] = 1;
                    h->queue[n++] = sum->cells[k];
                }
        }
    }
    return UINT32_MAX;
}

/* For every leak a companion, then audit again; leaks beside one that was helped wait. */
static psy_status hide_for(const psy_tables *t, const hiding *h, uint8_t *hidden,
                           const uint8_t *exposure, psy_error *error)
{
    bool any = false;
    memset(h->near, 0, t->n_cells);
    for (uint32_t i = 0; i < t->n_cells; i++) {
        if (exposure[i] < PSY_CELL_NARROW)
            continue;
        const bool waits = h->near[i] != 0;
        uint32_t with = find_companion(t, &h->of, hidden, i, waits);
        if (with == UINT32_MAX && !waits)
            with = find_far_companion(t, h, hidden, i);
        if (with == UINT32_MAX)
            continue;
        hidden[with] = 1;
        mark_near(t, h, with);
        mark_near(t, h, i);
        any = true;
    }
    if (any)
        return PSY_OK;
    const uint32_t with = find_any(t, hidden);
    if (with == UINT32_MAX)
        return psyi_fail(error, PSY_E_INTERNAL, NULL,
                         "everything that may be hidden is, and a hidden number can still be "
                         "worked out: these tables must not be published");
    hidden[with] = 1;
    return PSY_OK;
}

/* Where a sum alone does not leave a hidden cell what it asks for: no need to search. */
static bool hide_beside(const psy_tables *t, const hiding *h, uint8_t *hidden)
{
    bool any = false;
    for (uint32_t i = 0; i < t->n_cells; i++) {
        const uint32_t with =
            hidden[i] != 0 ? find_companion(t, &h->of, hidden, i, true) : UINT32_MAX;
        if (with != UINT32_MAX) {
            hidden[with] = 1;
            any = true;
        }
    }
    return any;
}

psy_status psy_tables_suppress(const psy_tables *tables, uint8_t *hidden,
                               const psy_allocator *allocator, psy_error *error)
{
    if (tables == NULL || hidden == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "a suppression needs tables, and what is hidden in them");
    uint8_t *const exposure = psyi_alloc(allocator, 2 * (tables->n_cells + 1), 1);
    hiding h = {{NULL, NULL}, NULL, NULL, NULL};
    psy_status status = PSY_OK;
    /* (The audit would say so, but later.) */
    for (size_t i = 0; i < tables->n_sums; i++)
        for (size_t j = 0; j < tables->sums[i].n; j++)
            if (tables->sums[i].cells[j] >= tables->n_cells)
                status = psyi_fail(error, PSY_E_ARGUMENT, NULL, "sum %zu names no cell", i);
    h.near = psyi_alloc(allocator, 2 * (tables->n_cells + 1), 1);
    h.seen = h.near != NULL ? h.near + tables->n_cells + 1 : NULL;
    h.queue = psyi_alloc(allocator, tables->n_cells + 1, sizeof *h.queue);
    if (status == PSY_OK && (exposure == NULL || h.near == NULL || h.queue == NULL ||
                             !find_sums(&h.of, tables, allocator)))
        status = psyi_fail_memory(error, "a suppression");
    /* What is safe stays so when more is hidden: the tables that showed it still agree. */
    uint8_t *const sure = exposure != NULL ? exposure + tables->n_cells + 1 : NULL;
    bool quick = true;
    /* Each round hides at least one more cell, so this ends. */
    while (status == PSY_OK) {
        size_t n_leaks;
        status = audit(tables, hidden, quick ? sure : NULL,
                       quick ? PSYI_SEARCH_QUICK : PSYI_SEARCH_SHORT, exposure, NULL, NULL,
                       &n_leaks, allocator, error);
        if (status != PSY_OK || (n_leaks == 0 && !quick))
            break;
        /* At last the audit that others will make, which must find its own tables. */
        quick = n_leaks > 0;
        for (size_t i = 0; i < tables->n_cells; i++)
            sure[i] = exposure[i] == PSY_CELL_SAFE;
        if (n_leaks > 0)
            status = hide_for(tables, &h, hidden, exposure, error);
        while (status == PSY_OK && n_leaks > 0 && hide_beside(tables, &h, hidden)) {
        }
    }
    psyi_free(allocator, h.of.first);
    psyi_free(allocator, h.of.sums);
    psyi_free(allocator, h.near);
    psyi_free(allocator, h.queue);
    psyi_free(allocator, exposure);
    return status;
}
