/*
 * release_table.c -- tables of numbers that may be hidden.
 */
#include "report/release_table.h"

bool psyi_release_table_make(psyi_report *report, psyi_release_table *table, size_t n_rows,
                             size_t n_columns)
{
    const size_t n = n_rows * n_columns + 1;
    table->n_rows = n_rows;
    table->n_columns = n_columns;
    table->values = psyi_arena_alloc(&report->arena, n, sizeof *table->values);
    table->cells = psyi_arena_alloc(&report->arena, n, sizeof *table->cells);
    table->hidden = psyi_arena_alloc(&report->arena, n, sizeof *table->hidden);
    if (table->values == NULL || table->cells == NULL || table->hidden == NULL) {
        psyi_book_fail(report->book, PSY_E_NOMEM, "out of memory: a table of the district");
        return false;
    }
    for (size_t i = 0; i < n; i++)
        table->cells[i] = PSYI_NO_CELL;
    return true;
}

void psyi_release_table_hide(psyi_release_table *table, const psyi_release_cells *cells)
{
    for (size_t i = 0; i < table->n_rows * table->n_columns; i++)
        table->hidden[i] = psyi_release_hidden(cells, table->cells[i]);
}

void psyi_release_rest(psyi_release_cells *to, uint32_t whole, uint32_t part, uint64_t base)
{
    if (whole == PSYI_NO_CELL || part == PSYI_NO_CELL || to->failed || whole == part)
        return;
    const int64_t value = to->cells[whole].value - to->cells[part].value;
    if (value < 0)
        return;
    const uint64_t room = base > (uint64_t)value ? base : (uint64_t)value;
    /* A 0 that may be shown says already that none of the few is among them. */
    const bool said = to->cells[whole].value == 0 && to->hidden[whole] == 0;
    const uint32_t sum[3] = {
        whole, part,
        said || !psyi_release_is_small(to, (uint64_t)value, room, true)
            ? psyi_release_unprinted(to, value, 0, (int64_t)room)
            : psyi_release_count(to, (uint64_t)value, room, true, PSYI_PRICE_ASIDE)};
    psyi_release_sum(to, sum, 3);
}
