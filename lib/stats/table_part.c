/*
 * table_part.c -- the part of tables in which a group of hidden cells stands.
 *
 * To try whether one cell may be shown again is to audit its group.  Made for all tables of a
 * district, the system of rows took longer than the search in it.
 */
#include "stats/table_part.h"

#include <stdlib.h>
#include <string.h>

bool psyi_part_room_make(psyi_part_room *to, const psyi_companions *of, psyi_arena *arena)
{
    const psy_tables *const t = of->tables;
    *to = (psyi_part_room){.of = of};
    to->seen_sum = psyi_arena_alloc(arena, t->n_sums + 1, 1);
    to->seen_order = psyi_arena_alloc(arena, t->n_orders + 1, 1);
    to->seen_cell = psyi_arena_alloc(arena, t->n_cells + 1, 1);
    to->sums = psyi_arena_alloc(arena, t->n_sums + 1, sizeof *to->sums);
    to->orders = psyi_arena_alloc(arena, t->n_orders + 1, sizeof *to->orders);
    to->cells = psyi_arena_alloc(arena, t->n_cells + 1, sizeof *to->cells);
    to->number = psyi_arena_alloc(arena, t->n_cells + 1, sizeof *to->number);
    return to->seen_sum != NULL && to->seen_order != NULL && to->seen_cell != NULL &&
           to->sums != NULL && to->orders != NULL && to->cells != NULL && to->number != NULL;
}

static void take(uint8_t *seen, uint32_t *list, size_t *n, uint32_t which)
{
    if (seen[which] != 0)
        return;
    seen[which] = 1;
    list[(*n)++] = which;
}

static int ascending(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static void in_order(uint8_t *seen, uint32_t *list, size_t n)
{
    qsort(list, n, sizeof *list, ascending);
    for (size_t i = 0; i < n; i++)
        seen[list[i]] = 0;
}

typedef struct sizes {
    size_t sums, orders, cells, terms;
} sizes;

static sizes gather(psyi_part_room *room, const uint32_t *cells, size_t n)
{
    const psyi_companions *const of = room->of;
    const psy_tables *const t = of->tables;
    sizes all = {0, 0, 0, 0};
    for (size_t i = 0; i < n; i++) {
        const uint32_t cell = cells[i];
        take(room->seen_cell, room->cells, &all.cells, cell);
        for (uint32_t at = of->first[cell]; at < of->first[cell + 1]; at++)
            take(room->seen_sum, room->sums, &all.sums, of->sums[at]);
        for (uint32_t at = of->first_order[cell]; at < of->first_order[cell + 1]; at++)
            take(room->seen_order, room->orders, &all.orders, of->orders[at]);
    }
    for (size_t i = 0; i < all.sums; i++) {
        const psy_sum *const sum = &t->sums[room->sums[i]];
        all.terms += sum->n;
        for (size_t k = 0; k < sum->n; k++)
            take(room->seen_cell, room->cells, &all.cells, sum->cells[k]);
    }
    for (size_t i = 0; i < all.orders; i++) {
        take(room->seen_cell, room->cells, &all.cells, t->orders[room->orders[i]].part);
        take(room->seen_cell, room->cells, &all.cells, t->orders[room->orders[i]].whole);
    }
    in_order(room->seen_cell, room->cells, all.cells);
    in_order(room->seen_sum, room->sums, all.sums);
    in_order(room->seen_order, room->orders, all.orders);
    return all;
}

psyi_table_part *psyi_table_part_make(psyi_part_room *room, const uint32_t *cells, size_t n,
                                      psyi_arena *arena)
{
    const psy_tables *const t = room->of->tables;
    const sizes all = gather(room, cells, n);
    psyi_table_part *const part = psyi_arena_alloc(arena, 1, sizeof *part);
    psy_cell *const own = psyi_arena_alloc(arena, all.cells + 1, sizeof *own);
    psy_sum *const sums = psyi_arena_alloc(arena, all.sums + 1, sizeof *sums);
    psy_order *const orders = psyi_arena_alloc(arena, all.orders + 1, sizeof *orders);
    uint32_t *terms = psyi_arena_alloc(arena, all.terms + 1, sizeof *terms);
    uint32_t *const which = psyi_arena_alloc(arena, all.cells + 1, sizeof *which);
    if (part == NULL || own == NULL || sums == NULL || orders == NULL || terms == NULL ||
        which == NULL)
        return NULL;
    for (uint32_t i = 0; i < all.cells; i++) {
        which[i] = room->cells[i];
        own[i] = t->cells[which[i]];
        room->number[which[i]] = i;
    }
    for (size_t i = 0; i < all.sums; i++) {
        const psy_sum *const sum = &t->sums[room->sums[i]];
        sums[i] = (psy_sum){terms, sum->n};
        for (size_t k = 0; k < sum->n; k++)
            *terms++ = room->number[sum->cells[k]];
    }
    for (size_t i = 0; i < all.orders; i++) {
        const psy_order *const order = &t->orders[room->orders[i]];
        orders[i] = (psy_order){room->number[order->part], room->number[order->whole]};
    }
    *part = (psyi_table_part){{own, all.cells, sums, all.sums, orders, all.orders}, which};
    return part;
}
