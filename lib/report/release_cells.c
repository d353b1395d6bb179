/*
 * release_cells.c -- the cells of published tables, and which of them are hidden.
 */
#include "report/release_cells.h"

#include "base/fail.h"
#include "base/shelf.h"
#include "base/spill.h"

#include <string.h>

void psyi_release_cells_init(psyi_release_cells *to, uint64_t least, const psy_allocator *allocator)
{
    memset(to, 0, sizeof *to);
    to->allocator = allocator;
    to->least = least;
    psyi_arena_init(&to->arena, allocator);
}

void psyi_release_cells_done(psyi_release_cells *to)
{
    psyi_free(to->allocator, to->cells);
    psyi_free(to->allocator, to->hidden);
    psyi_free(to->allocator, to->sums);
    psyi_free(to->allocator, to->orders);
    psyi_arena_done(&to->arena);
}

static uint32_t add(psyi_release_cells *to, const psy_cell *cell, bool hide)
{
    void *cells = to->cells, *hidden = to->hidden;
    const bool grown =
        to->n_cells < PSYI_NO_CELL &&
        psyi_grow(to->allocator, &cells, &to->room_cells, to->n_cells + 1, sizeof *to->cells);
    to->cells = cells;
    if (!grown || !psyi_grow(to->allocator, &hidden, &to->room_hidden, to->n_cells + 1, 1)) {
        to->failed = true;
        return PSYI_NO_CELL;
    }
    to->hidden = hidden;
    to->cells[to->n_cells] = *cell;
    to->hidden[to->n_cells] = hide;
    to->n_primary += hide;
    return (uint32_t)to->n_cells++;
}

bool psyi_release_is_small(const psyi_release_cells *to, uint64_t value, uint64_t base,
                           bool both_ways)
{
    const uint64_t least = to->least;
    const bool small = value > 0 && value < least;
    const bool nearly_all = both_ways && base > 0 && base - value < least;
    return (base > 0 && base < least) || small || nearly_all;
}

uint32_t psyi_release_count(psyi_release_cells *to, uint64_t value, uint64_t base, bool both_ways,
                            uint8_t price)
{
    const uint64_t least = to->least;
    const bool hide = psyi_release_is_small(to, value, base, both_ways);
    const psy_cell cell = {.value = (int64_t)value,
                           .high = (int64_t)base,
                           .spread = hide ? (int64_t)least : 1,
                           /* A 0 that is hidden beside others, too: else it says "hardly any". */
                           .reach = value < least ? (int64_t)least : 0,
                           /* None of none hides nothing. */
                           .price = base == 0 ? (uint8_t)PSY_CELL_FIXED : price};
    return add(to, &cell, hide);
}

void psyi_release_none_of_few(psyi_release_cells *to, uint32_t cell, uint64_t base)
{
    if (cell == PSYI_NO_CELL || to->cells[cell].value != 0 || base == 0 || base >= 4 * to->least ||
        to->hidden[cell] != 0)
        return;
    to->hidden[cell] = 1;
    to->n_primary++;
    to->cells[cell].spread = to->cells[cell].reach = (int64_t)to->least;
}

uint32_t psyi_release_value(psyi_release_cells *to, int64_t value, int64_t low, int64_t high,
                            bool hide, uint8_t price)
{
    const bool really = hide && to->least > 0;
    const psy_cell cell = {.value = value,
                           .low = low,
                           .high = high,
                           .spread = really ? (high - low) / 2 : 1,
                           .price = price};
    return add(to, &cell, really);
}

uint32_t psyi_release_unprinted(psyi_release_cells *to, int64_t value, int64_t low, int64_t high)
{
    const psy_cell cell = {.value = value,
                           .low = low,
                           .high = high,
                           .spread = PSY_SPREAD_NONE,
                           .price = PSYI_PRICE_ASIDE};
    const uint32_t made = add(to, &cell, to->least > 0);
    to->n_primary -= made != PSYI_NO_CELL && to->least > 0;
    return made;
}

uint32_t psyi_release_fixed(psyi_release_cells *to, uint64_t value)
{
    const psy_cell cell = {
        .value = (int64_t)value, .high = INT64_MAX, .spread = 1, .price = PSY_CELL_FIXED};
    return add(to, &cell, false);
}

void psyi_release_sum(psyi_release_cells *to, const uint32_t *cells, size_t n)
{
    void *sums = to->sums;
    if (n < 2 || to->failed)
        return;
    uint32_t *const copy = psyi_arena_alloc(&to->arena, n, sizeof *copy);
    if (copy == NULL ||
        !psyi_grow(to->allocator, &sums, &to->room_sums, to->n_sums + 1, sizeof *to->sums)) {
        to->failed = true;
        return;
    }
    memcpy(copy, cells, n * sizeof *copy);
    to->sums = sums;
    to->sums[to->n_sums++] = (psy_sum){copy, n};
}

void psyi_release_order(psyi_release_cells *to, uint32_t part, uint32_t whole)
{
    void *orders = to->orders;
    if (part == PSYI_NO_CELL || whole == PSYI_NO_CELL)
        return;
    if (!psyi_grow(to->allocator, &orders, &to->room_orders, to->n_orders + 1,
                   sizeof *to->orders)) {
        to->failed = true;
        return;
    }
    to->orders = orders;
    to->orders[to->n_orders++] = (psy_order){part, whole};
}

void psyi_release_same(psyi_release_cells *to, uint32_t a, uint32_t b)
{
    const uint32_t both[2] = {a, b};
    if (a != PSYI_NO_CELL && b != PSYI_NO_CELL && a != b &&
        to->cells[a].value == to->cells[b].value)
        psyi_release_sum(to, both, 2);
}

void psyi_release_none_of_all(psyi_release_cells *to)
{
    bool any = !to->failed;
    while (any) {
        any = false;
        for (size_t i = 0; i < to->n_sums; i++) {
            const psy_sum *const sum = &to->sums[i];
            const bool none = to->hidden[sum->cells[0]] == 0 && to->cells[sum->cells[0]].value == 0;
            for (size_t k = 1; k < sum->n && none; k++) {
                psy_cell *const part = &to->cells[sum->cells[k]];
                if (to->hidden[sum->cells[k]] == 0 || part->low < 0 ||
                    part->spread == PSY_SPREAD_NONE)
                    continue;
                to->hidden[sum->cells[k]] = 0;
                to->n_primary--;
                part->spread = 1;
                any = true;
            }
        }
    }
}

bool psyi_release_hide(psyi_release_cells *to, uint32_t cell)
{
    if (cell == PSYI_NO_CELL || to->hidden[cell] != 0 || to->cells[cell].price == PSY_CELL_FIXED)
        return false;
    to->hidden[cell] = 1;
    return true;
}

bool psyi_release_hidden(const psyi_release_cells *from, uint32_t cell)
{
    return cell != PSYI_NO_CELL && from->hidden[cell] != 0;
}

/* Nothing is left to hide.  What can be worked out then follows from the numbers that are never
 * hidden, of who was to take part and who did: no table adds to it. */
bool psyi_release_all_hidden(const psyi_release_cells *from)
{
    for (size_t i = 0; i < from->n_cells; i++)
        if (from->hidden[i] == 0 && from->cells[i].price != PSY_CELL_FIXED)
            return false;
    return true;
}

static psy_status audit(const psyi_release_cells *to, const psy_tables *tables, size_t *n_leaks,
                        psy_error *error)
{
    uint8_t *const exposure = psyi_alloc(to->allocator, to->n_cells, 1);
    if (exposure == NULL)
        return psyi_fail_memory(error, "tables of the district");
    const psy_status status =
        psy_tables_audit(tables, to->hidden, exposure, NULL, NULL, n_leaks, to->allocator, error);
    psyi_free(to->allocator, exposure);
    return status;
}

/* The search for what must be hidden makes the same systems of rows some hundred times. */
#define KEPT_BETWEEN ((size_t)4 << 20)

static psy_status suppress(psyi_release_cells *to, const psy_tables *tables, psy_error *error)
{
    /* (A budget has better things to keep.) */
    if (to->allocator != NULL && psyi_spill_zeroes(to->allocator))
        return psy_tables_suppress(tables, to->hidden, to->allocator, error);
    psyi_shelf *const shelf = psyi_shelf_new(KEPT_BETWEEN, to->allocator);
    if (shelf == NULL)
        return psyi_fail_memory(error, "tables of the district");
    const psy_status status =
        psy_tables_suppress(tables, to->hidden, psyi_shelf_allocator(shelf), error);
    psyi_shelf_free(shelf);
    return status;
}

psy_status psyi_release_cells_close(psyi_release_cells *to, psy_error *error)
{
    if (to->failed)
        return psyi_fail_memory(error, "tables of the district");
    if (to->least == 0 || to->n_cells == 0)
        return PSY_OK;
    const psy_tables tables = {to->cells,  to->n_cells, to->sums,
                               to->n_sums, to->orders,  to->n_orders};
    /* What was enough then may be enough now: whoever begins to hide looks less closely. */
    if (to->held) {
        size_t n_leaks = 1;
        const psy_status status = audit(to, &tables, &n_leaks, error);
        if (status != PSY_OK || n_leaks == 0)
            return status;
    }
    /* Ends with an audit that starts from nothing: what it does not pass is not published. */
    const psy_status status = suppress(to, &tables, error);
    return status == PSY_E_INTERNAL && psyi_release_all_hidden(to) ? PSY_OK : status;
}
