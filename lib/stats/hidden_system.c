/*
 * hidden_system.c -- from tables and hidden cells to unknowns, rows and bounds.
 */
#include "stats/hidden_system.h"

#include "base/fail.h"

#include <string.h>

#define NOT_HIDDEN UINT32_MAX

void psyi_hidden_done(psyi_hidden *hidden)
{
    psyi_arena_done(&hidden->arena);
}

/* ---- do the tables hold? ---- */

static psy_status check_tables(const psy_tables *t, psy_error *error)
{
    for (size_t i = 0; i < t->n_cells; i++) {
        const psy_cell *const cell = &t->cells[i];
        if (cell->value < cell->low || cell->value > cell->high)
            return psyi_fail(error, PSY_E_ARGUMENT, NULL, "cell %zu is outside its own bounds", i);
    }
    for (size_t i = 0; i < t->n_sums; i++) {
        const psy_sum *const sum = &t->sums[i];
        int64_t rest = 0;
        for (size_t j = 0; j < sum->n; j++) {
            if (sum->cells[j] >= t->n_cells)
                return psyi_fail(error, PSY_E_ARGUMENT, NULL, "sum %zu names no cell", i);
            rest += j == 0 ? t->cells[sum->cells[j]].value : -t->cells[sum->cells[j]].value;
        }
        if (rest != 0)
            return psyi_fail(error, PSY_E_ARGUMENT, NULL, "sum %zu does not add up", i);
    }
    for (size_t i = 0; i < t->n_orders; i++) {
        const psy_order *const order = &t->orders[i];
        if (order->part >= t->n_cells || order->whole >= t->n_cells ||
            t->cells[order->part].value > t->cells[order->whole].value)
            return psyi_fail(error, PSY_E_ARGUMENT, NULL, "order %zu does not hold", i);
    }
    return PSY_OK;
}

/* ---- unknowns ---- */

static bool make_unknowns(psyi_hidden *h, const psy_tables *t, const uint8_t *hidden)
{
    size_t n_slacks = 0, n_cells = 0;
    for (size_t i = 0; i < t->n_cells; i++)
        n_cells += hidden[i] != 0;
    for (size_t i = 0; i < t->n_orders; i++)
        n_slacks += hidden[t->orders[i].part] != 0 && hidden[t->orders[i].whole] != 0;
    const size_t n = n_cells + n_slacks;
    h->unknown = psyi_arena_alloc(&h->arena, t->n_cells + 1, sizeof *h->unknown);
    h->cell = psyi_arena_alloc(&h->arena, n_cells + 1, sizeof *h->cell);
    h->value = psyi_arena_alloc(&h->arena, n + 1, sizeof *h->value);
    h->low = psyi_arena_alloc(&h->arena, n + 1, sizeof *h->low);
    h->high = psyi_arena_alloc(&h->arena, n + 1, sizeof *h->high);
    h->group = psyi_arena_alloc(&h->arena, n + 1, sizeof *h->group);
    h->rows = psyi_arena_alloc(&h->arena, t->n_sums + n_slacks + 1, sizeof *h->rows);
    if (h->unknown == NULL || h->cell == NULL || h->value == NULL || h->low == NULL ||
        h->high == NULL || h->group == NULL || h->rows == NULL)
        return false;
    for (size_t i = 0; i < t->n_cells; i++) {
        const psy_cell *const cell = &t->cells[i];
        h->unknown[i] = NOT_HIDDEN;
        if (hidden[i] == 0)
            continue;
        h->unknown[i] = (uint32_t)h->n_cells;
        h->cell[h->n_cells] = (uint32_t)i;
        h->value[h->n_cells] = cell->value;
        h->low[h->n_cells] = cell->low;
        h->high[h->n_cells] = cell->high == INT64_MAX ? cell->value + PSYI_FAR : cell->high;
        h->n_cells++;
    }
    h->n = h->n_cells;
    return true;
}

static bool add_row(psyi_hidden *h, const psyi_term *terms, size_t n)
{
    psyi_row *const row = &h->rows[h->n_rows];
    row->terms = psyi_arena_alloc(&h->arena, n, sizeof *row->terms);
    if (row->terms == NULL)
        return false;
    memcpy(row->terms, terms, n * sizeof *terms);
    row->n = n;
    row->value = 0;
    for (size_t i = 0; i < n; i++)
        row->value += terms[i].sign * h->value[terms[i].unknown];
    h->n_rows++;
    return true;
}

static bool add_sums(psyi_hidden *h, const psy_tables *t, psyi_term *terms)
{
    for (size_t i = 0; i < t->n_sums; i++) {
        size_t n = 0;
        for (size_t j = 0; j < t->sums[i].n; j++) {
            const uint32_t unknown = h->unknown[t->sums[i].cells[j]];
            if (unknown != NOT_HIDDEN)
                terms[n++] = (psyi_term){unknown, j == 0 ? 1 : -1};
        }
        if (n > 0 && !add_row(h, terms, n))
            return false;
    }
    return true;
}

static bool add_orders(psyi_hidden *h, const psy_tables *t)
{
    for (size_t i = 0; i < t->n_orders; i++) {
        const psy_order *const order = &t->orders[i];
        const uint32_t part = h->unknown[order->part], whole = h->unknown[order->whole];
        if (part != NOT_HIDDEN && whole == NOT_HIDDEN) {
            const int64_t most = t->cells[order->whole].value;
            h->high[part] = h->high[part] < most ? h->high[part] : most;
        } else if (part == NOT_HIDDEN && whole != NOT_HIDDEN) {
            const int64_t least = t->cells[order->part].value;
            h->low[whole] = h->low[whole] > least ? h->low[whole] : least;
        } else if (part != NOT_HIDDEN) {
            const uint32_t slack = (uint32_t)h->n++;
            h->value[slack] = h->value[whole] - h->value[part];
            h->high[slack] = h->value[slack] + PSYI_FAR;
            const psyi_term terms[] = {{whole, 1}, {part, -1}, {slack, -1}};
            if (!add_row(h, terms, 3))
                return false;
        }
    }
    return true;
}

/* ---- groups ---- */

static uint32_t find(uint32_t *parent, uint32_t at)
{
    while (parent[at] != at) {
        parent[at] = parent[parent[at]];
        at = parent[at];
    }
    return at;
}

static bool find_groups(psyi_hidden *h)
{
    uint32_t *const number = psyi_arena_alloc(&h->arena, h->n + 1, sizeof *number);
    if (number == NULL)
        return false;
    for (size_t i = 0; i < h->n; i++)
        h->group[i] = (uint32_t)i;
    for (size_t i = 0; i < h->n_rows; i++)
        for (size_t j = 1; j < h->rows[i].n; j++) {
            const uint32_t a = find(h->group, h->rows[i].terms[0].unknown);
            const uint32_t b = find(h->group, h->rows[i].terms[j].unknown);
            h->group[a > b ? a : b] = a > b ? b : a;
        }
    for (size_t i = 0; i < h->n; i++) {
        const uint32_t root = find(h->group, (uint32_t)i);
        if (root == i)
            number[i] = (uint32_t)h->n_groups++;
        else
            number[i] = number[root];
    }
    memcpy(h->group, number, h->n * sizeof *number);
    return true;
}

/* Rows of a group beside each other, else in the order they were made in. */
static bool sort_rows(psyi_hidden *h)
{
    h->first_row = psyi_arena_alloc(&h->arena, h->n_groups + 2, sizeof *h->first_row);
    psyi_row *const sorted = psyi_arena_alloc(&h->arena, h->n_rows + 1, sizeof *sorted);
    if (h->first_row == NULL || sorted == NULL)
        return false;
    for (size_t i = 0; i < h->n_rows; i++)
        h->first_row[h->group[h->rows[i].terms[0].unknown] + 2]++;
    for (size_t i = 1; i < h->n_groups + 2; i++)
        h->first_row[i] += h->first_row[i - 1];
    /* One too far, until each was filled. */
    for (size_t i = 0; i < h->n_rows; i++)
        sorted[h->first_row[h->group[h->rows[i].terms[0].unknown] + 1]++] = h->rows[i];
    h->rows = sorted;
    return true;
}

static bool sort_members(psyi_hidden *h)
{
    h->first_member = psyi_arena_alloc(&h->arena, h->n_groups + 2, sizeof *h->first_member);
    h->member = psyi_arena_alloc(&h->arena, h->n + 1, sizeof *h->member);
    if (h->first_member == NULL || h->member == NULL)
        return false;
    for (size_t x = 0; x < h->n; x++)
        h->first_member[h->group[x] + 2]++;
    for (size_t i = 1; i < h->n_groups + 2; i++)
        h->first_member[i] += h->first_member[i - 1];
    for (size_t x = 0; x < h->n; x++)
        h->member[h->first_member[h->group[x] + 1]++] = (uint32_t)x;
    return true;
}

psy_status psyi_hidden_make(psyi_hidden *out, const psy_tables *tables, const uint8_t *hidden,
                            const psy_allocator *allocator, psy_error *error)
{
    memset(out, 0, sizeof *out);
    psyi_arena_init(&out->arena, allocator);
    const psy_status status = check_tables(tables, error);
    if (status != PSY_OK)
        return status;
    size_t longest = 1;
    for (size_t i = 0; i < tables->n_sums; i++)
        longest = tables->sums[i].n > longest ? tables->sums[i].n : longest;
    psyi_term *const terms = psyi_arena_alloc(&out->arena, longest, sizeof *terms);
    if (terms == NULL || !make_unknowns(out, tables, hidden) || !add_sums(out, tables, terms) ||
        !add_orders(out, tables) || !find_groups(out) || !sort_rows(out) || !sort_members(out)) {
        psyi_hidden_done(out);
        return psyi_fail_memory(error, "an audit of tables");
    }
    return PSY_OK;
}

/* ---- bounds ---- */

bool psyi_hidden_narrow_row(const psyi_row *row, int64_t *low, int64_t *high, uint32_t *changed,
                            size_t *n_changed)
{
    int64_t least = 0, most = 0;
    *n_changed = 0;
    for (size_t i = 0; i < row->n; i++) {
        const uint32_t x = row->terms[i].unknown;
        least += row->terms[i].sign > 0 ? low[x] : -high[x];
        most += row->terms[i].sign > 0 ? high[x] : -low[x];
    }
    if (least > row->value || most < row->value)
        return false;
    for (size_t i = 0; i < row->n; i++) {
        const uint32_t x = row->terms[i].unknown;
        const bool plus = row->terms[i].sign > 0;
        /* sign * x lies between value - (most - its own most) and value - (least - its least) */
        const int64_t from = row->value - most + (plus ? high[x] : -low[x]);
        const int64_t to = row->value - least + (plus ? low[x] : -high[x]);
        const int64_t new_low = plus ? from : -to, new_high = plus ? to : -from;
        if (new_low > low[x] || new_high < high[x]) {
            if (changed != NULL)
                changed[*n_changed] = x;
            ++*n_changed;
        }
        if (new_low > low[x]) {
            if (plus)
                least += new_low - low[x];
            else
                most -= new_low - low[x];
            low[x] = new_low;
        }
        if (new_high < high[x]) {
            if (plus)
                most -= high[x] - new_high;
            else
                least += high[x] - new_high;
            high[x] = new_high;
        }
        if (low[x] > high[x])
            return false;
    }
    return true;
}

bool psyi_hidden_narrow(const psyi_hidden *hidden, size_t group, int64_t *low, int64_t *high)
{
    const size_t from = hidden->first_row[group], to = hidden->first_row[group + 1];
    bool changed = true;
    for (unsigned pass = 0; changed && pass < PSYI_MOST_PASSES; pass++) {
        changed = false;
        for (size_t i = from; i < to; i++) {
            size_t n;
            if (!psyi_hidden_narrow_row(&hidden->rows[i], low, high, NULL, &n))
                return false;
            changed = changed || n > 0;
        }
    }
    return true;
}
