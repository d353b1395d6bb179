/*
 * release_school.c -- the tables of one school beside those of the district.
 *
 * Its head has both: the number of the school stands in the one, the numbers of its grades and
 * sexes in the other, and those of all schools together in the first again.  What the district
 * hides of the school is hidden here with all its parts, and what it hides of a grade or sex
 * here, too: then this file adds nothing to what anybody knows of a number that is hidden there.
 * What is left of a shown number of the district when that of the school is taken off it is a
 * cell as well: few others are few pupils.
 *
 * Where the number in V is hidden, the parts of the listed are, too: a grade with more listed than
 * invalid sheets says of V that it is not 0, and several such grades say more than their sum.
 */
#include "report/release_school.h"

/* The column of V beside that of the listed, or the column itself. */
static size_t valid_of(const psyi_outcomes *table, size_t column)
{
    const size_t others = 2 * table->n_ranks;
    return column < others                          ? column / 2 * 2 + 1
           : column == others + PSYI_OUT_ANY_LISTED ? others + PSYI_OUT_ANY_VALID
                                                    : column;
}

static uint64_t base_of(const psyi_counts *counts, const psyi_outcomes *table, size_t column)
{
    const size_t others = 2 * table->n_ranks;
    return column == others + PSYI_OUT_RETEST ? counts->tested - counts->valid
           : valid_of(table, column) == column && column <= others + PSYI_OUT_ANY_VALID
               ? counts->valid
               : counts->tested;
}

/* The same grade and sex of the district, or SIZE_MAX. */
static size_t find_group(const psyi_groups *all, const psyi_group *own)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->groups[i].whole == own->whole && all->groups[i].grade == own->grade &&
            all->groups[i].sex == own->sex)
            return i;
    return SIZE_MAX;
}

static void tie_group(psyi_release_cells *cells, const psyi_release *all,
                      const psyi_outcomes *table, size_t row, size_t group, const uint32_t *own)
{
    for (size_t column = 0; column < table->n_columns; column++) {
        const size_t there = group * all->grades.n_columns + column;
        if (all->grades.hidden[there] ||
            all->grades.hidden[group * all->grades.n_columns + valid_of(table, column)]) {
            psyi_release_hide(cells, own[column]);
            continue;
        }
        const uint64_t base = base_of(all->grades.rows[group], table, column);
        const uint64_t mine = base_of(table->rows[row], table, column);
        psyi_release_rest(cells, psyi_release_fixed(cells, all->grades.counts[there]), own[column],
                          base > mine ? base - mine : 0);
    }
}

void psyi_release_of_school(const psyi_release *all, const psyi_release *own, size_t school,
                            const uint32_t *school_cells, const uint32_t *grade_cells,
                            psyi_release_cells *cells)
{
    const psyi_outcomes *const table = &own->grades;
    const size_t n = table->n_columns;
    if (cells->failed)
        return;
    for (size_t column = 0; column < n; column++) {
        const bool *const there = all->schools.hidden + school * n;
        if (there[column] || there[valid_of(table, column)])
            for (size_t row = 0; row + 1 < own->groups.n; row++)
                psyi_release_hide(cells, grade_cells[row * n + column]);
        if (there[column])
            psyi_release_hide(cells, school_cells[column]);
        else
            cells->cells[school_cells[column]].price = PSY_CELL_FIXED;
    }
    for (size_t row = 0; row + 1 < own->groups.n && !cells->failed; row++) {
        const size_t group = find_group(&all->groups, &own->groups.groups[row]);
        if (group != SIZE_MAX)
            tie_group(cells, all, table, row, group, grade_cells + row * n);
    }
}
