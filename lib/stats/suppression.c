/*
 * suppression.c -- auditing tables with hidden cells, and hiding what the audit asks for.
 */
#include "base/fail.h"
#include "stats/companion.h"
#include "stats/hidden_system.h"
#include "stats/reopen.h"

#include <string.h>

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
        if (depth == PSYI_SEARCH_TRIAL && psyi_hidden_has_open(h, tables, group, sure, ranges))
            break;
    }
    return status;
}

psy_status psyi_tables_audit(const psy_tables *tables, const uint8_t *hidden, const uint8_t *sure,
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
    return psyi_tables_audit(tables, hidden, NULL, PSYI_SEARCH_LONG, exposure, low, high, n_leaks,
                             allocator, error);
}

/* ---- hiding more ---- */

static void mark_near(const psyi_companions *c, uint8_t *near, uint32_t cell)
{
    for (uint32_t at = c->first[cell]; at < c->first[cell + 1]; at++) {
        const psy_sum *const sum = &c->tables->sums[c->sums[at]];
        for (size_t i = 0; i < sum->n && sum->n <= PSYI_LONG_SUM; i++)
            near[sum->cells[i]] = 1;
    }
}

/* Many leaks have one cause that lies far away: so many ask for it in a round. */
#define MOST_FAR 16u

/* For every leak a companion, then audit again; leaks beside one that was helped wait.  false: no
 * leak has one. */
static bool hide_for(psyi_companions *c, uint8_t *near, const uint8_t *exposure)
{
    bool any = false;
    unsigned n_far = 0;
    memset(near, 0, c->tables->n_cells);
    for (uint32_t i = 0; i < c->tables->n_cells; i++) {
        if (exposure[i] < PSY_CELL_NARROW)
            continue;
        const bool waits = near[i] != 0;
        uint32_t with = psyi_companion_of(c, i);
        if (with == PSYI_NO_COMPANION && !waits)
            with = psyi_companion_near(c, i);
        if (with == PSYI_NO_COMPANION && !waits && n_far < MOST_FAR) {
            with = psyi_companion_far(c, i);
            n_far++;
        }
        if (with == PSYI_NO_COMPANION)
            continue;
        psyi_companions_hide(c, with);
        mark_near(c, near, with);
        mark_near(c, near, i);
        any = true;
    }
    return any;
}

/* What was shown again is hidden once more only with everything, and then stays so: else it could
 * be shown and hidden in turns without an end. */
static bool hide_one(psyi_companions *c, uint8_t *stays, uint32_t cell, bool again)
{
    if (again && c->shown[cell] != 0) {
        c->shown[cell] = 0;
        stays[cell] = 1;
    }
    if (!psyi_companions_may_hide(c, cell))
        return false;
    psyi_companions_hide(c, cell);
    return true;
}

/* How much at once, where cell by cell does not come to an end. */
typedef enum amount { BESIDE_LEAKS, ALONG_LEAKS, EVERYTHING } amount;

/* All that may be hidden in sums of leaks (beside: not in long ones), or anywhere. */
static bool hide_much(psyi_companions *c, uint8_t *stays, const uint8_t *exposure, amount much)
{
    bool any = false;
    for (uint32_t i = 0; i < c->tables->n_cells; i++) {
        if (much == EVERYTHING)
            any = hide_one(c, stays, i, true) || any;
        if (much == EVERYTHING || exposure[i] < PSY_CELL_NARROW)
            continue;
        for (uint32_t at = c->first[i]; at < c->first[i + 1]; at++) {
            const psy_sum *const sum = &c->tables->sums[c->sums[at]];
            for (size_t k = 0; k < sum->n && (much == ALONG_LEAKS || sum->n <= PSYI_LONG_SUM); k++)
                any = hide_one(c, stays, sum->cells[k], false) || any;
        }
    }
    return any;
}

#define PATIENCE   4u
#define MOST_LOOKS 100000u /* then all is hidden: each costs a search of bounded length */

/* Cell by cell leaks become fewer round by round.  Where they do not (mostly many that are only
 * not proved safe, in a district of a thousand small schools), more is hidden at once. */
typedef struct course {
    uint8_t *own;   /* [cells]: hidden for their own sake, not as companions */
    uint8_t *left;  /* [cells]: companions that are looked at no more */
    uint8_t *stays; /* [cells]: companions that are not shown any more */
    psyi_thorough depth;
    size_t fewest;   /* leaks at the latest halving */
    unsigned rounds; /* since then */
    unsigned late;   /* rounds for companions alone */
    amount much;
    size_t looks; /* leaks that were looked at, over all rounds */
} course;

/* ---- companions that leak ---- */

/* What a companion is may be known: it is not hidden for its own sake.  One that can be worked out
 * is shown again.  Everybody knows it already, and whoever is safe beside it is so by tables in
 * which it is what it is.  One that is closer than it would like to be, or not proved to have room,
 * stays hidden as it is. */
static void settle(psyi_companions *c, course *to, const uint8_t *exposure, bool narrow)
{
    for (uint32_t i = 0; i < c->tables->n_cells; i++) {
        if (exposure[i] < PSY_CELL_NARROW || to->own[i] != 0)
            continue;
        if (exposure[i] == PSY_CELL_EXPOSED && to->stays[i] == 0)
            psyi_companions_show(c, i);
        else if (narrow || exposure[i] != PSY_CELL_NARROW)
            to->left[i] = 1;
    }
}

static size_t n_narrow(const psy_tables *tables, const uint8_t *exposure)
{
    size_t n = 0;
    for (size_t i = 0; i < tables->n_cells; i++)
        n += exposure[i] == PSY_CELL_NARROW;
    return n;
}

static size_t leaks_among(const psy_tables *tables, const uint8_t *exposure, const uint8_t *own)
{
    size_t n = 0;
    for (size_t i = 0; i < tables->n_cells; i++)
        n += exposure[i] >= PSY_CELL_NARROW && own[i] != 0;
    return n;
}

/* Most of them are hidden well enough, perhaps: nobody has looked. */
static bool are_unproved(const psy_tables *tables, const uint8_t *exposure, size_t n_leaks)
{
    size_t n = 0;
    for (size_t i = 0; i < tables->n_cells; i++)
        n += exposure[i] == PSY_CELL_UNPROVED;
    return n > n_leaks / 2;
}

static psy_status hide_more(psyi_companions *c, course *to, uint8_t *near, const uint8_t *exposure,
                            size_t n_leaks, psy_error *error)
{
    to->looks += n_leaks;
    const size_t n_own = leaks_among(c->tables, exposure, to->own);
    if (n_own == 0) {
        const bool none = n_narrow(c->tables, exposure) == 0;
        const bool more = !none && to->late < 4 * PATIENCE && hide_for(c, near, exposure);
        to->late += more;
        settle(c, to, exposure, !more);
        return PSY_OK;
    }
    if (to->looks > MOST_LOOKS) {
        hide_much(c, to->stays, exposure, EVERYTHING);
        return psyi_fail(error, PSY_E_INTERNAL, NULL,
                         "tables of so many small numbers were not proved safe within the bounds "
                         "of the search: everything that may be hidden is");
    }
    if (to->depth == PSYI_SEARCH_QUICK && are_unproved(c->tables, exposure, n_leaks)) {
        to->depth = PSYI_SEARCH_SHORT;
        return PSY_OK;
    }
    const bool any = hide_for(c, near, exposure);
    to->rounds++;
    if (n_leaks <= to->fewest / 2) {
        to->fewest = n_leaks;
        to->rounds = 0;
    }
    if (any && to->rounds < PATIENCE)
        return PSY_OK;
    to->rounds = 0;
    /* Are they leaks?  A closer look costs less than what would be hidden. */
    if (to->depth == PSYI_SEARCH_QUICK) {
        to->depth = PSYI_SEARCH_SHORT;
        return PSY_OK;
    }
    if (n_own < n_leaks && to->much < EVERYTHING) {
        settle(c, to, exposure, true);
        return PSY_OK;
    }
    bool more = hide_much(c, to->stays, exposure, to->much) || any;
    while (!more && to->much < EVERYTHING)
        more = hide_much(c, to->stays, exposure, ++to->much);
    if (to->much < EVERYTHING)
        to->much++; /* the next time */
    return more ? PSY_OK
                : psyi_fail(error, PSY_E_INTERNAL, NULL,
                            "everything that may be hidden is, and a hidden number can still be "
                            "worked out: these tables must not be published");
}

/* Where a sum alone does not leave a hidden cell what it asks for: no need to search. */
static bool hide_beside(psyi_companions *c)
{
    bool any = false;
    for (uint32_t i = 0; i < c->tables->n_cells; i++) {
        const uint32_t with = c->hidden[i] != 0 ? psyi_companion_of(c, i) : PSYI_NO_COMPANION;
        if (with != PSYI_NO_COMPANION) {
            psyi_companions_hide(c, with);
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
    /* (The audit would say so, but later.) */
    for (size_t i = 0; i < tables->n_sums; i++)
        for (size_t j = 0; j < tables->sums[i].n; j++)
            if (tables->sums[i].cells[j] >= tables->n_cells)
                return psyi_fail(error, PSY_E_ARGUMENT, NULL, "sum %zu names no cell", i);
    for (size_t i = 0; i < tables->n_orders; i++)
        if (tables->orders[i].part >= tables->n_cells || tables->orders[i].whole >= tables->n_cells)
            return psyi_fail(error, PSY_E_ARGUMENT, NULL, "order %zu does not hold", i);
    uint8_t *const exposure = psyi_alloc(allocator, 6 * (tables->n_cells + 1), 1);
    psyi_companions companions;
    psy_status status = PSY_OK;
    if (!psyi_companions_make(&companions, tables, hidden, allocator) || exposure == NULL)
        status = psyi_fail_memory(error, "a suppression");
    /* What is safe stays so when more is hidden: the tables that showed it still agree. */
    uint8_t *const sure = exposure != NULL ? exposure + tables->n_cells + 1 : NULL;
    uint8_t *const near = sure != NULL ? sure + tables->n_cells + 1 : NULL;
    uint8_t *const own = near != NULL ? near + tables->n_cells + 1 : NULL;
    if (own != NULL)
        memcpy(own, hidden, tables->n_cells);
    uint8_t *const left = own != NULL ? own + tables->n_cells + 1 : NULL;
    uint8_t *const stays = left != NULL ? left + tables->n_cells + 1 : NULL;
    course way = {
        .own = own, .left = left, .stays = stays, .depth = PSYI_SEARCH_QUICK, .fewest = SIZE_MAX};
    bool last = false;
    /* Each round hides more, looks closer, or shows a companion, each once: so this ends. */
    while (status == PSY_OK) {
        size_t n_leaks;
        status = psyi_tables_audit(tables, hidden, last ? left : sure,
                                   last ? PSYI_SEARCH_SHORT : way.depth, exposure, NULL, NULL,
                                   &n_leaks, allocator, error);
        if (status != PSY_OK || (n_leaks == 0 && last))
            break;
        /* At last the audit that others will make, which must find its own tables. */
        last = n_leaks == 0;
        if (n_leaks > 0)
            status = hide_more(&companions, &way, near, exposure, n_leaks, error);
        for (size_t i = 0; i < tables->n_cells; i++)
            sure[i] = exposure[i] == PSY_CELL_SAFE || left[i] != 0;
        while (status == PSY_OK && n_leaks > 0 && hide_beside(&companions)) {
        }
    }
    if (status == PSY_OK)
        status = psyi_tables_reopen(&companions, own, left, error);
    psyi_companions_done(&companions);
    psyi_free(allocator, exposure);
    return status;
}
