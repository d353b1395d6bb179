/*
 * wave_validity.c -- how the indices of careless answering lie in a wave, how often each sign
 * fired, and what became of the students.
 *
 * Values are those of every chosen sheet of students who consent, whatever its verdict; marks
 * and counts of the plan's policy, where it has one.  Without one the same indices are shown
 * without marks.
 */
#include "base/fail.h"
#include "base/spill.h"
#include "stats/wave_report.h"
#include "validity/evidence.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    V_USE,
    V_SIGN,
    V_N,
    V_NO_VARIANCE,
    V_UNDEFINED,
    V_P01,
    V_P05,
    V_P25,
    V_P50,
    V_P75,
    V_P95,
    V_P99,
    V_MARK,
    V_FIRED,
    V_SHARE,
    V_COLUMNS
};
static const psyi_wave_column columns[V_COLUMNS] = {
    {"use", PSY_COLUMN_TEXT},        {"sign", PSY_COLUMN_TEXT},
    {"n", PSY_COLUMN_INT64},         {"no_variance", PSY_COLUMN_INT64},
    {"undefined", PSY_COLUMN_INT64}, {"p01", PSY_COLUMN_DOUBLE},
    {"p05", PSY_COLUMN_DOUBLE},      {"p25", PSY_COLUMN_DOUBLE},
    {"p50", PSY_COLUMN_DOUBLE},      {"p75", PSY_COLUMN_DOUBLE},
    {"p95", PSY_COLUMN_DOUBLE},      {"p99", PSY_COLUMN_DOUBLE},
    {"mark", PSY_COLUMN_DOUBLE},     {"fired", PSY_COLUMN_INT64},
    {"share", PSY_COLUMN_DOUBLE}};

enum { MOST_ROWS = PSYI_MAX_USES * PSYI_SIGNS + PSYI_FAMILIES + PSYI_STATUSES + 2 };

typedef struct validity_work {
    const psyi_results *results;
    const psyi_validity_policy *policy; /* the plan's, or the default */
    unsigned n_threads;
    psyi_arena arena;
    psyi_wave_cell *cells;
    size_t n;
    uint32_t *rows; /* chosen sheets of a use */
    size_t n_rows;
    double *value, *sorted;
    uint8_t *state;
    uint32_t *fired; /* [use * PSYI_SIGNS + sign], whole submissions behind the uses */
} validity_work;

static psyi_wave_cell *new_row(validity_work *work)
{
    psyi_wave_cell *const row = work->cells + work->n++ * V_COLUMNS;
    for (size_t i = 0; i < V_COLUMNS; i++)
        row[i] = (psyi_wave_cell){.number = NAN};
    return row;
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void describe(validity_work *work, psyi_wave_cell *row, unsigned sign)
{
    static const struct {
        int column;
        double p;
    } points[] = {{V_P01, .01}, {V_P05, .05}, {V_P25, .25}, {V_P50, .5},
                  {V_P75, .75}, {V_P95, .95}, {V_P99, .99}};
    size_t n = 0, flat = 0, other = 0;
    for (size_t i = 0; i < work->n_rows; i++) {
        if (work->state[i] == PSY_INDEX_DEFINED)
            work->sorted[n++] = psyi_sign_round(sign, work->value[i]);
        else if (work->state[i] == PSY_INDEX_NO_VARIANCE)
            flat++;
        else
            other++;
    }
    if (n > 1)
        qsort(work->sorted, n, sizeof *work->sorted, by_value);
    row[V_N].number = (double)n;
    row[V_NO_VARIANCE].number = (double)flat;
    row[V_UNDEFINED].number = (double)other;
    /* Fewer than the small cell would show somebody's value. */
    for (size_t i = 0;
         i < sizeof points / sizeof *points && n > 0 && n >= work->results->plan->small_cell; i++) {
        const double rank = ceil(points[i].p * (double)n);
        row[points[i].column].number = work->sorted[rank > 0 ? (size_t)rank - 1 : 0];
    }
}

static void put_fired(const validity_work *work, psyi_wave_cell *row, size_t use, unsigned sign)
{
    const psyi_sign_rule *const rule = &psyi_sign_rules[sign];
    if (work->results->plan->policy == NULL || !work->policy->on[sign])
        return;
    const uint32_t fired = work->fired[use * PSYI_SIGNS + sign];
    if (rule->key != NULL)
        row[V_MARK].number = psyi_ratio_double(work->policy->mark[sign]);
    row[V_FIRED].number = fired;
    row[V_SHARE].number = work->n_rows > 0 ? (double)fired / (double)work->n_rows : NAN;
}

/* Signs of chosen sheets, each once a sheet. */
static void count_fired(validity_work *work)
{
    const psyi_results *const r = work->results;
    for (size_t s = 0; s < r->n_students && r->evidence_first != NULL; s++) {
        psyi_spill_pass(r->allocator, s);
        bool whole[PSYI_SIGNS] = {false};
        for (size_t use = 0; use < r->plan->n_uses; use++) {
            const uint32_t sheet = psyi_selected(r, s, use);
            bool seen[PSYI_SIGNS] = {false};
            if (sheet == PSYI_NO_SHEET || !psyi_printable(r, s))
                continue;
            for (uint32_t e = r->evidence_first[sheet]; e < r->evidence_first[sheet + 1]; e++) {
                const psyi_evidence *const at = &r->evidence.list[e];
                if (at->use == PSYI_NO_INDEX)
                    whole[at->sign] = true;
                else if (at->use == use)
                    seen[at->sign] = true;
            }
            for (unsigned sign = 0; sign < PSYI_SIGNS; sign++)
                work->fired[use * PSYI_SIGNS + sign] += seen[sign];
        }
        for (unsigned sign = 0; sign < PSYI_SIGNS; sign++)
            work->fired[r->plan->n_uses * PSYI_SIGNS + sign] += whole[sign];
    }
}

static const char *name_of(unsigned sign)
{
    return psyi_sign_rules[sign].key != NULL ? psyi_sign_rules[sign].key
           : sign == PSYI_SIGN_FLOOR         ? "floor"
           : sign == PSYI_SIGN_CEILING       ? "ceiling"
                                             : "lie_scale";
}

static psy_status look_at_use(validity_work *work, unsigned use, psy_error *error)
{
    const psyi_results *const r = work->results;
    psyi_use_grid grid;
    work->n_rows = 0;
    for (size_t s = 0; s < r->n_students; s++) {
        psyi_spill_pass(r->allocator, s);
        const uint32_t sheet = psyi_selected(r, s, use);
        if (sheet != PSYI_NO_SHEET && psyi_printable(r, s))
            work->rows[work->n_rows++] = sheet;
    }
    psy_status status =
        psyi_use_grid_make(&grid, r->intake->sheets[use], use, work->policy, work->rows,
                           work->n_rows, work->n_threads, r->allocator, error);
    if (status != PSY_OK)
        return status;
    const bool long_enough = grid.n_items >= work->policy->consistency_items;
    for (unsigned sign = PSYI_SIGN_LONGSTRING; sign < PSYI_SIGNS && status == PSY_OK; sign++) {
        const bool computed = sign <= PSYI_SIGN_LZ_STAR;
        /* U3 grows with the square of the item steps, and person fit asks for item parameters: only
         * where they are asked for. */
        if (sign == PSYI_SIGN_LIE_SCALE || (computed && !long_enough) ||
            (sign == PSYI_SIGN_FAILED_ITEMS && work->policy->n_attention == 0) ||
            (sign >= PSYI_SIGN_U3 && sign <= PSYI_SIGN_LZ_STAR && !work->policy->on[sign]))
            continue;
        psyi_wave_cell *const row = new_row(work);
        row[V_USE].text = r->plan->uses[use].id;
        row[V_SIGN].text = name_of(sign);
        if (computed) {
            status = psyi_sign_values(&grid, work->policy, NULL, sign, work->n_threads, work->value,
                                      work->state, error);
            if (status == PSY_OK)
                describe(work, row, sign);
        }
        put_fired(work, row, use, sign);
    }
    psyi_use_grid_done(&grid);
    return status;
}

/* ---- submissions and students ---- */

static void look_at_times(validity_work *work)
{
    const psyi_results *const r = work->results;
    work->n_rows = 0;
    for (size_t s = 0; s < r->n_students; s++) {
        psyi_spill_pass(r->allocator, s);
        for (uint32_t i = 0; i < r->students[s].n_records && psyi_printable(r, s); i++) {
            const double pace = psyi_record_pace(r, r->students[s].records[i]);
            work->value[work->n_rows] = pace;
            work->state[work->n_rows++] = isnan(pace) ? PSY_INDEX_BLANKS : PSY_INDEX_DEFINED;
        }
    }
    psyi_wave_cell *const row = new_row(work);
    row[V_USE].text = "";
    row[V_SIGN].text = name_of(PSYI_SIGN_SECONDS);
    describe(work, row, PSYI_SIGN_SECONDS);
    put_fired(work, row, r->plan->n_uses, PSYI_SIGN_SECONDS);
}

static void look_at_students(validity_work *work)
{
    static const char *const families[] = {"family:time", "family:pattern", "family:inconsistency",
                                           "family:attention"};
    static const char *const statuses[] = {[PSYI_STATUS_NO_CONSENT] = "status:no_consent",
                                           [PSYI_STATUS_ABSENT] = "status:absent",
                                           [PSYI_STATUS_INVALID] = "status:invalid",
                                           [PSYI_STATUS_RETEST] = "status:retest",
                                           [PSYI_STATUS_INCOMPLETE] = "status:incomplete",
                                           [PSYI_STATUS_DOUBTFUL] = "status:doubtful",
                                           [PSYI_STATUS_VALID] = "status:valid"};
    const psyi_results *const r = work->results;
    size_t by_family[PSYI_FAMILIES] = {0}, by_status[PSYI_STATUSES] = {0}, tested = 0;
    for (size_t s = 0; s < r->n_students; s++) {
        psyi_spill_pass(r->allocator, s);
        by_status[r->students[s].status]++;
        if (!r->students[s].tested || !psyi_printable(r, s))
            continue;
        tested++;
        for (unsigned family = 0; family < PSYI_FAMILIES; family++)
            by_family[family] += (unsigned)r->students[s].families >> family & 1u;
    }
    for (unsigned family = 0; family < PSYI_FAMILIES && r->plan->policy != NULL; family++) {
        psyi_wave_cell *const row = new_row(work);
        row[V_USE].text = "";
        row[V_SIGN].text = families[family];
        row[V_FIRED].number = (double)by_family[family];
        row[V_SHARE].number = tested > 0 ? (double)by_family[family] / (double)tested : NAN;
    }
    for (unsigned status = 0; status < PSYI_STATUSES; status++) {
        psyi_wave_cell *const row = new_row(work);
        row[V_USE].text = "";
        row[V_SIGN].text = statuses[status];
        row[V_FIRED].number = (double)by_status[status];
        row[V_SHARE].number =
            r->n_students > 0 ? (double)by_status[status] / (double)r->n_students : NAN;
    }
}

psy_status psyi_wave_validity(const psyi_results *results, const psyi_wave_options *options,
                              psy_table **out, psy_error *error)
{
    const size_t most = results->intake->n_records + results->n_students + 1;
    const psyi_validity_policy otherwise = psyi_validity_defaults();
    validity_work work = {.results = results,
                          .n_threads = options->n_threads,
                          .policy =
                              results->plan->policy != NULL ? results->plan->policy : &otherwise};
    psyi_arena_init(&work.arena, results->allocator);
    work.cells = psyi_arena_alloc(&work.arena, (size_t)MOST_ROWS * V_COLUMNS, sizeof *work.cells);
    work.rows = psyi_arena_alloc(&work.arena, most, sizeof *work.rows);
    work.value = psyi_arena_alloc(&work.arena, most, sizeof *work.value);
    work.sorted = psyi_arena_alloc(&work.arena, most, sizeof *work.sorted);
    work.state = psyi_arena_alloc(&work.arena, most, 1);
    work.fired =
        psyi_arena_alloc(&work.arena, (results->plan->n_uses + 1) * PSYI_SIGNS, sizeof *work.fired);
    psy_status status = PSY_OK;
    if (work.cells == NULL || work.rows == NULL || work.value == NULL || work.sorted == NULL ||
        work.state == NULL || work.fired == NULL)
        status = psyi_fail_memory(error, "indices of a wave");
    if (status == PSY_OK)
        count_fired(&work);
    for (unsigned use = 0; use < results->plan->n_uses && status == PSY_OK; use++)
        if (results->scores[use] != NULL)
            status = look_at_use(&work, use, error);
    if (status == PSY_OK) {
        look_at_times(&work);
        look_at_students(&work);
        status =
            psyi_wave_table(out, columns, V_COLUMNS, work.cells, work.n, results->allocator, error);
    }
    psyi_arena_done(&work.arena);
    return status;
}
