/*
 * release_process.c -- how far schools have come with their cases, as numbers that may be hidden.
 *
 * By tier of the whole district, and by school over all tiers.  Tiers of a school are not told:
 * most of such counts are small, and what must be hidden beside them took the district's numbers,
 * too.
 */
#include "base/spill.h"
#include "report/release_table.h"

#include "cohort/process_counts.h"

#define MOST_TIERS 17 /* tier + 1 */

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

size_t psyi_progress_row_of(const psyi_progress *of, size_t school)
{
    const size_t n = of->n - of->first_school;
    return school < n ? of->first_school + school : 0;
}

static void add_value(int64_t *to, uint64_t value)
{
    /* Not known of one: not known of all. */
    *to = value == PSYI_PROCESS_UNKNOWN || *to < 0 ? -1 : *to + (int64_t)value;
}

static void add_counts(const psyi_progress *to, size_t row, const uint64_t *counts)
{
    for (size_t k = 0; k < PSYI_PROCESS_COUNTS; k++)
        add_value(&to->table.values[row * PSYI_PROCESS_COUNTS + k], counts[k]);
}

/* The cases of a school that has sent nothing are those on its list; the rest is not known, and
 * is never 0. */
static void fill_missing(const psyi_results *results, const psyi_progress *out)
{
    for (size_t school = 0; school < results->n_schools; school++) {
        int64_t *const values =
            out->table.values + (out->first_school + school) * PSYI_PROCESS_COUNTS;
        if (out->collected[school])
            continue;
        const psyi_school *const of = &results->schools[school];
        for (size_t i = of->first_student; i < of->first_student + of->n_students; i++) {
            psyi_spill_pass(results->allocator, i);
            values[PSYI_PROCESS_CASES] += psyi_listed(results, i);
        }
        for (size_t k = PSYI_PROCESS_CASES + 1; k < PSYI_PROCESS_COUNTS; k++)
            values[k] = -1;
    }
}

/* Whoever is listed without a tier stands in one row, judged or not: there are few of them. */
static int8_t tier_row(int8_t tier)
{
    return tier > 0 ? tier : PSYI_NOT_JUDGED;
}

static void name_rows(psyi_progress *out, const psyi_process *from, const psyi_scheme *scheme,
                      uint32_t n_schools)
{
    bool wanted[MOST_TIERS] = {false};
    for (size_t i = 0; i < from->n_rows; i++)
        wanted[tier_row(from->rows[i].tier) + 1] = true;
    for (size_t i = 0; scheme != NULL && i < scheme->n_tiers; i++)
        if (scheme->tiers[i].rank > 0 && scheme->tiers[i].rank < MOST_TIERS - 1)
            wanted[scheme->tiers[i].rank + 1] = true;
    out->rows[out->n++] = (psyi_progress_row){n_schools, PSYI_ALL_TIERS};
    for (int tier = MOST_TIERS - 2; tier >= PSYI_NOT_JUDGED; tier--)
        if (wanted[tier + 1])
            out->rows[out->n++] = (psyi_progress_row){n_schools, (int8_t)tier};
    out->first_school = out->n;
    for (uint32_t school = 0; school < n_schools; school++)
        out->rows[out->n++] = (psyi_progress_row){school, PSYI_ALL_TIERS};
}

bool psyi_progress_make(psyi_report *report, psyi_progress *out)
{
    const psyi_results *const results = report->results;
    const psyi_process *const from = results->process != NULL   ? results->process
                                     : results->carried != NULL ? psyi_entry_counts(report)
                                                                : NULL;
    const size_t n = results->n_schools;
    if (from == NULL)
        return !psyi_book_failed(report->book);
    out->collected = psyi_arena_alloc(&report->arena, n + 1, sizeof *out->collected);
    out->rows = psyi_arena_alloc(&report->arena, n + MOST_TIERS + 1, sizeof *out->rows);
    if (out->collected == NULL || out->rows == NULL) {
        psyi_book_fail(report->book, PSY_E_NOMEM, "out of memory: counts of ledgers");
        return false;
    }
    find_collected(results, from, out);
    name_rows(out, from, results->plan->scheme, (uint32_t)n);
    if (!psyi_release_table_make(report, &out->table, out->n, PSYI_PROCESS_COUNTS))
        return false;
    for (size_t i = 0; i < from->n_rows; i++) {
        const psyi_process_row *const row = &from->rows[i];
        add_counts(out, 0, row->counts);
        add_counts(out, psyi_progress_row_of(out, row->school), row->counts);
        for (size_t at = 1; at < out->first_school; at++)
            if (out->rows[at].tier == tier_row(row->tier))
                add_counts(out, at, row->counts);
    }
    fill_missing(results, out);
    return true;
}

/* ---- cells ---- */

/* What a reader looks for first is hidden last: how many there are, and how many were spoken to. */
static uint8_t price_of(const psyi_progress *of, size_t row, size_t k)
{
    if (row == 0)
        return PSYI_PRICE_ALL;
    if (k > PSYI_PROCESS_INTERVIEWED)
        return row < of->first_school ? PSYI_PRICE_PART : PSYI_PRICE_ASIDE;
    return row < of->first_school ? PSYI_PRICE_SUM : PSYI_PRICE_PART;
}

static void order(psyi_release_cells *cells, const int64_t *values, const uint32_t *own,
                  size_t part, size_t whole)
{
    if (values[part] >= 0 && values[part] <= values[whole])
        psyi_release_order(cells, own[part], own[whole]);
}

/* No case is of two kinds that exclude each other: what is left of the cases when both are taken
 * off it stands nowhere, and is at least nobody. */
static void apart(psyi_release_cells *cells, const int64_t *values, const uint32_t *own, size_t a,
                  size_t b)
{
    const int64_t left = values[PSYI_PROCESS_CASES] - values[a] - values[b];
    if (values[a] < 0 || values[b] < 0 || left < 0 || own[PSYI_PROCESS_CASES] == PSYI_NO_CELL)
        return;
    const uint32_t sum[4] = {
        own[PSYI_PROCESS_CASES], own[a], own[b],
        psyi_release_value(cells, left, 0, values[PSYI_PROCESS_CASES], false, PSYI_PRICE_ASIDE)};
    psyi_release_sum(cells, sum, 4);
}

/* The cells of a row.  That nothing was done for the few is said: it tells of the school, and of
 * nobody; how few they are is hidden. */
static void add_row(psyi_progress *of, psyi_release_cells *cells, size_t row, uint64_t tested)
{
    const int64_t *const values = of->table.values + row * PSYI_PROCESS_COUNTS;
    uint32_t *const own = of->table.cells + row * PSYI_PROCESS_COUNTS;
    const uint64_t cases = (uint64_t)values[PSYI_PROCESS_CASES];
    const uint64_t base = tested > cases ? tested : cases;
    for (size_t k = 0; k < PSYI_PROCESS_COUNTS; k++) {
        if (values[k] < 0)
            continue;
        own[k] = psyi_release_count(cells, (uint64_t)values[k], base, k == PSYI_PROCESS_CASES,
                                    price_of(of, row, k));
        if (k > PSYI_PROCESS_CASES)
            order(cells, values, own, k, PSYI_PROCESS_CASES);
    }
    if (values[PSYI_PROCESS_INTERVIEWED] < 0)
        return;
    order(cells, values, own, PSYI_PROCESS_ON_TIME, PSYI_PROCESS_DUE);
    order(cells, values, own, PSYI_PROCESS_ON_TIME, PSYI_PROCESS_INTERVIEWED);
    apart(cells, values, own, PSYI_PROCESS_CLOSED, PSYI_PROCESS_OVERDUE);
    apart(cells, values, own, PSYI_PROCESS_CLOSED, PSYI_PROCESS_TREATED);
}

/* The listed of a tier stand in 学校汇总, by school and of all: cases of a tier are those of the
 * schools whose ledgers have come. */
static void tie_tier(const psyi_progress *of, const psyi_release_ties *ties,
                     psyi_release_cells *cells, size_t row, uint32_t *room)
{
    const psyi_outcomes *const table = ties->schools;
    const uint32_t own = of->table.cells[row * PSYI_PROCESS_COUNTS + PSYI_PROCESS_CASES];
    for (size_t i = 0; i < table->n_ranks; i++) {
        uint64_t sum = 0;
        size_t n = 0;
        if (table->ranks[i] != of->rows[row].tier || own == PSYI_NO_CELL)
            continue;
        room[n++] = own;
        for (size_t school = 0; school + 1 < table->n_rows; school++)
            if (of->collected[school]) {
                room[n++] = ties->school_cells[school * table->n_columns + 2 * i];
                sum += table->counts[school * table->n_columns + 2 * i];
            }
        if (sum == (uint64_t)of->table.values[row * PSYI_PROCESS_COUNTS + PSYI_PROCESS_CASES])
            psyi_release_sum(cells, room, n);
    }
}

/* Whoever is listed without a tier is the difference to all tiers together. */
static void tie_school(const psyi_progress *of, const psyi_release_ties *ties,
                       psyi_release_cells *cells, size_t school)
{
    const psyi_outcomes *const table = ties->schools;
    const size_t any = 2 * table->n_ranks + PSYI_OUT_ANY_LISTED;
    const size_t row = psyi_progress_row_of(of, school);
    if (table->n_ranks > 0)
        psyi_release_rest(cells, of->table.cells[row * PSYI_PROCESS_COUNTS + PSYI_PROCESS_CASES],
                          ties->school_cells[school * table->n_columns + any],
                          table->rows[school]->tested);
}

/* The district is its tiers, and the schools whose ledgers have come. */
static void add_sums(const psyi_progress *of, psyi_release_cells *cells, size_t k, uint32_t *room)
{
    size_t n = 0;
    room[n++] = of->table.cells[k];
    if (of->table.values[k] < 0)
        return;
    for (size_t row = 1; row < of->first_school; row++)
        room[n++] = of->table.cells[row * PSYI_PROCESS_COUNTS + k];
    psyi_release_sum(cells, room, n);
    n = 1;
    for (size_t row = of->first_school; row < of->n; row++)
        if (of->collected[of->rows[row].school])
            room[n++] = of->table.cells[row * PSYI_PROCESS_COUNTS + k];
    psyi_release_sum(cells, room, n);
}

void psyi_progress_cells(psyi_report *report, psyi_progress *of, const psyi_release_ties *ties,
                         psyi_release_cells *cells)
{
    const size_t n_schools = report->results->n_schools;
    uint32_t *const room = psyi_arena_alloc(&report->arena, of->n + 1, sizeof *room);
    if (room == NULL) {
        cells->failed = true;
        return;
    }
    if (of->n == 0)
        return;
    for (size_t row = 0; row < of->n; row++)
        add_row(of, cells, row, ties->schools->rows[of->rows[row].school]->tested);
    for (size_t row = 1; row < of->first_school; row++)
        tie_tier(of, ties, cells, row, room);
    for (size_t school = 0; school < n_schools; school++)
        tie_school(of, ties, cells, school);
    if (of->n_collected == n_schools)
        tie_school(of, ties, cells, n_schools);
    for (size_t k = 0; k < PSYI_PROCESS_COUNTS; k++)
        add_sums(of, cells, k, room);
}
