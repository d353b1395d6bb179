/*
 * release_waves.c -- this wave and the one before, as numbers that may be hidden.
 *
 * What is printed of everybody and of those who are in both waves gives away those who are in
 * one only: their number, tiers and means are cells, too, though they stand nowhere.
 */
#include "report/release_table.h"

#include "cohort/previous_wave.h"

#include <math.h>
#include <string.h>

#define UNIT 100 /* sums of scores, as in release.c */

static bool is_of_a_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* Does a rule of the plan read a norm that each wave makes anew? */
static bool reads_local(const psy_plan *plan)
{
    for (size_t i = 0; i < plan->n_rules; i++)
        for (size_t local = 0; local < plan->n_locals; local++) {
            const char *at = psyi_program_text(plan->rules[i].when);
            const char *const id = plan->locals[local].id;
            const size_t length = strlen(id);
            while ((at = strchr(at, '@')) != NULL) {
                at++;
                if (strncmp(at, id, length) == 0 && !is_of_a_name(at[length]))
                    return true;
            }
        }
    return false;
}

bool psyi_waves_count(psyi_report *report, psyi_waves *out)
{
    psy_error error = {0};
    const psy_status status = psyi_wave_compare(report->results, NULL, NULL, NULL, &report->arena,
                                                &out->figures, &out->n, &error);
    if (status != PSY_OK) {
        psyi_book_fail(report->book, status, error.message);
        return false;
    }
    out->local_norms = reads_local(report->results->plan);
    if (out->local_norms)
        for (size_t i = 0; i < out->n; i++)
            if (out->figures[i].kind != PSYI_WAVE_MEAN)
                out->figures[i].comparable = false;
    return psyi_release_table_make(report, &out->table, out->n, 2);
}

static uint32_t add_mean(psyi_release_cells *cells, const psyi_scale *scale, int64_t sum,
                         uint64_t n, bool hide, uint8_t price)
{
    const double least = scale->low.den > 0 ? psyi_ratio_double(scale->low) : -1e6;
    const double most = scale->high.den > 0 ? psyi_ratio_double(scale->high) : 1e6;
    int64_t low = llround(floor(least * (double)n * UNIT)) - (int64_t)n;
    int64_t high = llround(ceil(most * (double)n * UNIT)) + (int64_t)n;
    /* Rounded parts of a rounded whole may leave a little more than there can be. */
    low = low < sum ? low : sum;
    high = high > sum ? high : sum;
    return n == 0 ? psyi_release_value(cells, sum, low, high, false, PSY_CELL_FIXED)
                  : psyi_release_value(cells, sum, low, high, hide, price);
}

/* Of one wave (now, or before): everybody, those of both waves, and the rest between them. */
static void add_pair(psyi_report *report, psyi_waves *of, size_t all, size_t same, bool now,
                     uint32_t tied, psyi_release_cells *cells)
{
    const psyi_wave_figure *const a = &of->figures[all], *const b = &of->figures[same];
    const uint64_t n = now ? a->n_now : a->n_before, m = now ? b->n_now : b->n_before;
    const uint64_t rest = n > m ? n - m : 0;
    const uint64_t least = cells->least;
    uint32_t *const whole = &of->table.cells[2 * all + now];
    uint32_t *const part = &of->table.cells[2 * same + now];
    if (a->kind != PSYI_WAVE_MEAN) {
        const uint64_t hits = now ? a->hits_now : a->hits_before;
        const uint64_t hits_same = now ? b->hits_now : b->hits_before;
        of->table.values[2 * all + now] = (int64_t)hits;
        of->table.values[2 * same + now] = (int64_t)hits_same;
        *whole = tied != PSYI_NO_CELL && cells->cells[tied].value == (int64_t)hits
                     ? tied
                     : psyi_release_count(cells, hits, n, true, PSYI_PRICE_SUM);
        *part =
            rest == 0 ? *whole : psyi_release_count(cells, hits_same, m, true, PSYI_PRICE_ASIDE);
        if (rest > 0)
            psyi_release_rest(cells, *whole, *part, rest);
        return;
    }
    const psyi_scale *const scale = psyi_scorer_scale(report->results->scorers[a->use], a->scale);
    const double mean = now ? a->now : a->before, mean_same = now ? b->now : b->before;
    const int64_t sum = tied != PSYI_NO_CELL ? cells->cells[tied].value
                        : n > 0              ? llround(mean * (double)n * UNIT)
                                             : 0;
    const int64_t sum_same = m > 0 ? llround(mean_same * (double)m * UNIT) : 0;
    *whole =
        tied != PSYI_NO_CELL ? tied : add_mean(cells, scale, sum, n, n < least, PSYI_PRICE_SUM);
    *part = rest == 0 ? *whole : add_mean(cells, scale, sum_same, m, m < least, PSYI_PRICE_ASIDE);
    if (rest == 0)
        return;
    const uint32_t parts[3] = {
        *whole, *part,
        add_mean(cells, scale, sum - sum_same, rest, rest < least, PSYI_PRICE_ASIDE)};
    psyi_release_sum(cells, parts, 3);
}

/* The cell of this wave's figure that another sheet has, or none. */
static uint32_t tied_cell(const psyi_report *report, const psyi_wave_figure *figure,
                          const psyi_release_ties *ties)
{
    const psyi_outcomes *const table = ties->schools;
    const uint32_t *const all = ties->school_cells + (table->n_rows - 1) * table->n_columns;
    if (figure->kind == PSYI_WAVE_ANY)
        return all[2 * table->n_ranks + PSYI_OUT_ANY_VALID];
    for (size_t i = 0; i < table->n_ranks && figure->kind == PSYI_WAVE_TIER; i++)
        if (table->ranks[i] == figure->rank)
            return all[2 * i + 1];
    if (figure->kind != PSYI_WAVE_MEAN)
        return PSYI_NO_CELL;
    size_t at = figure->scale;
    for (size_t use = 0; use < figure->use; use++)
        at += report->results->plan->uses[use].instrument->n_scales;
    return ties->moment_cells[at * ties->groups->n + ties->groups->n - 1];
}

void psyi_waves_cells(psyi_report *report, psyi_waves *of, const psyi_release_ties *ties,
                      psyi_release_cells *cells)
{
    const size_t half = of->n / 2;
    for (size_t i = 0; i < half; i++) {
        const psyi_wave_figure *const figure = &of->figures[i];
        if (!figure->comparable ||
            (figure->kind == PSYI_WAVE_MEAN && report->results->scorers[figure->use] == NULL))
            continue;
        add_pair(report, of, i, half + i, false, PSYI_NO_CELL, cells);
        add_pair(report, of, i, half + i, true, tied_cell(report, figure, ties), cells);
    }
    /* Tiers of one row add up to any. */
    for (size_t from = 0; from < of->n && half > 0; from += half)
        for (size_t now = 0; now < 2; now++) {
            uint32_t sum[PSYI_STYLE_RANKS + 2];
            size_t n = 1;
            int64_t value = 0, whole = -1;
            for (size_t i = from; i < from + half; i++) {
                const uint32_t cell = of->table.cells[2 * i + now];
                if (cell == PSYI_NO_CELL || of->figures[i].kind == PSYI_WAVE_MEAN)
                    continue;
                if (of->figures[i].kind == PSYI_WAVE_ANY) {
                    sum[0] = cell;
                    whole = cells->cells[cell].value;
                } else if (n < PSYI_STYLE_RANKS + 2) {
                    sum[n++] = cell;
                    value += cells->cells[cell].value;
                }
            }
            if (whole == value && !(from == 0 && now == 1)) /* that one is there already */
                psyi_release_sum(cells, sum, n);
        }
}
