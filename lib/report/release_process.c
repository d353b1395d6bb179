/*
 * release_process.c -- how far schools have come with their cases, as numbers that may be hidden.
 */
#include "base/spill.h"
#include "report/release_table.h"

#include "cohort/process_counts.h"

/* Whose ledgers have come.  A file of counts has no line of a school that sent none; a school
 * without a case sent nothing, either, and what was done for nobody is known. */
static void find_collected(const psyi_results *results, const psyi_process *from,
                           psyi_progress *out)
{
    for (size_t i = 0; i < from->n_rows; i++)
        out->collected[from->rows[i].school] = true;
    for (size_t school = 0; school < results->n_schools; school++) {
        const psyi_school *const of = &results->schools[school];
        bool any = false;
        for (size_t i = of->first_student; i < of->first_student + of->n_students; i++) {
            psyi_spill_pass(results->allocator, i);
            any = any || psyi_listed(results, i);
        }
        out->collected[school] = out->collected[school] || !any;
        out->n_collected += out->collected[school];
    }
}

static void add_value(int64_t *to, uint64_t value)
{
    /* Not known of one: not known of all. */
    *to = value == PSYI_PROCESS_UNKNOWN || *to < 0 ? -1 : *to + (int64_t)value;
}

/* The cases of a school that has sent nothing are those on its list; the rest is not known, and
 * is never 0. */
static void fill_missing(const psyi_results *results, psyi_progress *out)
{
    for (size_t row = 0; row < out->n; row++) {
        const uint32_t school = out->rows[row].school;
        int64_t *const values = out->table.values + row * PSYI_PROCESS_COUNTS;
        if (school == results->n_schools || out->collected[school])
            continue;
        const psyi_school *const of = &results->schools[school];
        for (size_t i = of->first_student; i < of->first_student + of->n_students; i++) {
            psyi_spill_pass(results->allocator, i);
            values[PSYI_PROCESS_CASES] +=
                psyi_listed(results, i) && results->students[i].tier == out->rows[row].tier;
        }
        for (size_t k = PSYI_PROCESS_CASES + 1; k < PSYI_PROCESS_COUNTS; k++)
            values[k] = -1;
    }
}

static const size_t handled_from[PSYI_HANDLED_COLUMNS] = {
    PSYI_PROCESS_CASES, PSYI_PROCESS_INTERVIEWED, PSYI_PROCESS_REFERRED};

/* Over all tiers, for 学校汇总. */
static void add_handled(const psyi_results *results, psyi_progress *out)
{
    for (size_t school = 0; school <= results->n_schools; school++)
        for (size_t k = 0; k < PSYI_HANDLED_COLUMNS; k++) {
            int64_t *const to = &out->handled.values[school * PSYI_HANDLED_COLUMNS + k];
            *to = out->n == 0 ? -1 : 0;
            for (size_t row = 0; row < out->n; row++) {
                const int64_t value =
                    out->table.values[row * PSYI_PROCESS_COUNTS + handled_from[k]];
                if (out->rows[row].school == school)
                    add_value(to, value < 0 ? PSYI_PROCESS_UNKNOWN : (uint64_t)value);
            }
        }
}

/* A school without a case of a tier has a line, too: that it had none would give away as much as
 * a number. */
bool psyi_progress_make(psyi_report *report, psyi_progress *out)
{
    const psyi_results *const results = report->results;
    const psyi_process *const from = results->process;
    const psyi_scheme *const scheme = results->plan->scheme;
    bool wanted[17] = {false}; /* tier + 1 */
    size_t n_tiers = 0;
    if (!psyi_release_table_make(report, &out->handled, results->n_schools + 1,
                                 PSYI_HANDLED_COLUMNS))
        return false;
    if (from == NULL) {
        add_handled(results, out);
        return true;
    }
    out->collected =
        psyi_arena_alloc(&report->arena, results->n_schools + 1, sizeof *out->collected);
    if (out->collected == NULL) {
        psyi_book_fail(report->book, PSY_E_NOMEM, "out of memory: counts of ledgers");
        return false;
    }
    find_collected(results, from, out);
    for (size_t i = 0; i < results->n_students; i++) {
        psyi_spill_pass(results->allocator, i);
        if (!out->collected[results->students[i].school] && psyi_listed(results, i))
            wanted[results->students[i].tier + 1] = true;
    }
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
            for (size_t k = 0; k < PSYI_PROCESS_COUNTS; k++)
                add_value(&out->table.values[row * PSYI_PROCESS_COUNTS + k],
                          from->rows[i].counts[k]);
        }
    fill_missing(results, out);
    add_handled(results, out);
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

/* What 学校汇总 has of it: sums over the tiers. */
static void handled_cells(psyi_progress *of, const psyi_release_ties *ties,
                          psyi_release_cells *cells, uint32_t *room)
{
    const psyi_release_table *const table = &of->handled;
    for (size_t school = 0; school < table->n_rows && of->n > 0; school++) {
        const int64_t *const values = table->values + school * PSYI_HANDLED_COLUMNS;
        const uint64_t tested = ties->schools->rows[school]->tested;
        const uint64_t cases = (uint64_t)values[PSYI_HANDLED_CASES];
        for (size_t k = 0; k < PSYI_HANDLED_COLUMNS; k++) {
            size_t n = 0;
            if (values[k] < 0)
                continue;
            table->cells[school * PSYI_HANDLED_COLUMNS + k] = room[n++] = psyi_release_count(
                cells, (uint64_t)values[k],
                k == PSYI_HANDLED_CASES && tested > cases ? tested : cases, k == PSYI_HANDLED_CASES,
                school + 1 == table->n_rows ? PSYI_PRICE_ALL : PSYI_PRICE_SUM);
            psyi_release_order(cells, room[0], table->cells[school * PSYI_HANDLED_COLUMNS]);
            for (size_t row = 0; row < of->n; row++)
                if (of->rows[row].school == school)
                    room[n++] = of->table.cells[row * PSYI_PROCESS_COUNTS + handled_from[k]];
            psyi_release_sum(cells, room, n);
        }
    }
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
                if (of->rows[row].school != district &&
                    of->rows[row].tier == of->rows[whole].tier &&
                    of->collected[of->rows[row].school])
                    room[n++] = of->table.cells[row * PSYI_PROCESS_COUNTS + k];
            psyi_release_sum(cells, room, n);
        }
    handled_cells(of, ties, cells, room);
}

/* The sum over tiers of which one part alone was hidden beside its cases: with the other parts
 * it would give that one away. */
static void hide_sum(psyi_progress *of, const psyi_release_cells *cells, size_t school, size_t k)
{
    size_t n_hidden = 0, n_beside = 0;
    for (size_t row = 0; row < of->n; row++) {
        const size_t at = row * PSYI_PROCESS_COUNTS + handled_from[k];
        if (of->rows[row].school != school || !of->table.hidden[at])
            continue;
        n_hidden++;
        n_beside += !psyi_release_hidden(cells, of->table.cells[at]);
    }
    if (n_hidden != 1 || n_beside != 1)
        return;
    of->handled.hidden[school * PSYI_HANDLED_COLUMNS + k] = true;
    of->handled.hidden[(of->handled.n_rows - 1) * PSYI_HANDLED_COLUMNS + k] = true;
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
    psyi_release_table_hide(&of->handled, cells);
    /* A sum whose parts were hidden just now gives none of them away, unless it is one part. */
    for (size_t school = 0; school < of->handled.n_rows && of->n > 0; school++)
        for (size_t k = 1; k < PSYI_HANDLED_COLUMNS; k++)
            hide_sum(of, cells, school, k);
}
