/*
 * release_process.c -- how far schools have come with their cases, as numbers that may be hidden.
 */
#include "report/release_table.h"

#include "cohort/process_counts.h"

/* A school without a case of a tier has a line, too: that it had none would give away as much as
 * a number. */
bool psyi_progress_make(psyi_report *report, psyi_progress *out)
{
    const psyi_results *const results = report->results;
    const psyi_process *const from = results->process;
    const psyi_scheme *const scheme = results->plan->scheme;
    bool wanted[17] = {false}; /* tier + 1 */
    size_t n_tiers = 0;
    if (from == NULL)
        return true;
    for (size_t i = 0; i < from->n_rows; i++)
        wanted[from->rows[i].tier + 1] = true;
    for (size_t i = 0; scheme != NULL && i < scheme->n_tiers; i++)
        if (scheme->tiers[i].rank > 0 && scheme->tiers[i].rank < 16)
            wanted[scheme->tiers[i].rank + 1] = true;
    for (size_t i = 0; i < 17; i++)
        n_tiers += wanted[i];
    const size_t n = n_tiers * (results->n_schools + 1);
    out->rows = psyi_arena_alloc(&report->arena, n + 1, sizeof *out->rows);
    if (out->rows == NULL) {
        psyi_book_fail(report->book, PSY_E_NOMEM, "out of memory: counts of ledgers");
        return false;
    }
    if (!psyi_release_table_make(report, &out->table, n, PSYI_PROCESS_COUNTS))
        return false;
    for (uint32_t school = 0; school <= results->n_schools; school++)
        for (int tier = 15; tier >= PSYI_NOT_JUDGED; tier--)
            if (wanted[tier + 1])
                out->rows[out->n++] = (psyi_progress_row){school, (int8_t)tier};
    for (size_t i = 0; i < from->n_rows; i++)
        for (size_t row = 0; row < out->n; row++) {
            if (out->rows[row].tier != from->rows[i].tier ||
                (out->rows[row].school != results->n_schools &&
                 out->rows[row].school != from->rows[i].school))
                continue;
            for (size_t k = 0; k < PSYI_PROCESS_COUNTS; k++) {
                int64_t *const to = &out->table.values[row * PSYI_PROCESS_COUNTS + k];
                const uint64_t value = from->rows[i].counts[k];
                /* Not known of one: not known of all. */
                *to = value == PSYI_PROCESS_UNKNOWN || *to < 0 ? -1 : *to + (int64_t)value;
            }
        }
    return true;
}

/* The listed of a tier stand in 学校汇总. */
static void tie(const psyi_release_ties *ties, psyi_release_cells *cells,
                const psyi_progress_row *row, uint32_t cell)
{
    const psyi_outcomes *const table = ties->schools;
    for (size_t i = 0; i < table->n_ranks; i++)
        if (table->ranks[i] == row->tier)
            psyi_release_same(cells, cell,
                              ties->school_cells[row->school * table->n_columns + 2 * i]);
}

void psyi_progress_cells(psyi_report *report, psyi_progress *of, const psyi_release_ties *ties,
                         psyi_release_cells *cells)
{
    const uint32_t district = (uint32_t)report->results->n_schools;
    uint32_t *const room = psyi_arena_alloc(&report->arena, of->n + 1, sizeof *room);
    if (room == NULL) {
        cells->failed = true;
        return;
    }
    for (size_t row = 0; row < of->n; row++) {
        const int64_t *const values = of->table.values + row * PSYI_PROCESS_COUNTS;
        uint32_t *const own = of->table.cells + row * PSYI_PROCESS_COUNTS;
        const uint64_t cases = (uint64_t)values[PSYI_PROCESS_CASES];
        const uint64_t tested = ties->schools->rows[of->rows[row].school]->tested;
        const uint8_t price = of->rows[row].school == district ? PSYI_PRICE_SUM : PSYI_PRICE_PART;
        for (size_t k = 0; k < PSYI_PROCESS_COUNTS; k++) {
            if (values[k] < 0)
                continue;
            const uint64_t base = k == PSYI_PROCESS_CASES     ? (tested > cases ? tested : cases)
                                  : k == PSYI_PROCESS_ON_TIME ? (uint64_t)values[PSYI_PROCESS_DUE]
                                                              : cases;
            own[k] = psyi_release_count(cells, (uint64_t)values[k], base, k == PSYI_PROCESS_CASES,
                                        price);
            if (k == PSYI_PROCESS_CASES)
                tie(ties, cells, &of->rows[row], own[k]);
        }
    }
    for (size_t whole = 0; whole < of->n; whole++)
        for (size_t k = 0; k < PSYI_PROCESS_COUNTS && of->rows[whole].school == district; k++) {
            size_t n = 0;
            if (of->table.values[whole * PSYI_PROCESS_COUNTS + k] < 0)
                continue;
            room[n++] = of->table.cells[whole * PSYI_PROCESS_COUNTS + k];
            for (size_t row = 0; row < of->n; row++)
                if (of->rows[row].school != district && of->rows[row].tier == of->rows[whole].tier)
                    room[n++] = of->table.cells[row * PSYI_PROCESS_COUNTS + k];
            psyi_release_sum(cells, room, n);
        }
}

/* Hide a number that others hide with them; of the district, too, or it could be subtracted (that
 * nobody is in it tells nothing). */
static void hide_beside(psyi_progress *of, size_t row, size_t k)
{
    if (of->table.hidden[row * PSYI_PROCESS_COUNTS + k])
        return;
    of->table.hidden[row * PSYI_PROCESS_COUNTS + k] = true;
    const uint32_t district = of->rows[of->n - 1].school;
    for (size_t whole = 0; whole < of->n; whole++)
        if (of->rows[whole].school == district && of->rows[whole].tier == of->rows[row].tier &&
            of->table.values[row * PSYI_PROCESS_COUNTS + k] > 0)
            of->table.hidden[whole * PSYI_PROCESS_COUNTS + k] = true;
}

/* Nobody learns of a hidden number that it is at least another one: what is out of it is hidden
 * with it.  (Hiding more never gives anything away.) */
void psyi_progress_hide(psyi_progress *of, const psyi_release_cells *cells)
{
    psyi_release_table_hide(&of->table, cells);
    for (size_t row = 0; row < of->n; row++) {
        const bool *const own = of->table.hidden + row * PSYI_PROCESS_COUNTS;
        for (size_t k = 0; k < PSYI_PROCESS_COUNTS && own[PSYI_PROCESS_CASES]; k++)
            hide_beside(of, row, k);
        if (own[PSYI_PROCESS_DUE])
            hide_beside(of, row, PSYI_PROCESS_ON_TIME);
    }
}
