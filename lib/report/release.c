/*
 * release.c -- the tables of the district workbook as cells and sums.
 *
 * What is shown as it is: who took part (T, E, D, C, V), and how many have a score (N).  All
 * else is a count of people among them, or a sum of their scores (a mean times N), and may be
 * hidden.  Numbers that stand in several sheets are one cell; the sums of schools and of grades
 * meet in the district's total; girls of all grades are a sum that 质量与口径 shows by its
 * difference to the boys'.
 */
#include "report/release.h"
#include "base/fail.h"
#include "base/spill.h"
#include "report/publication.h"
#include "report/release_cells.h"
#include "report/release_school.h"
#include "report/release_stages.h"

#include <math.h>
#include <string.h>

/* Sums of scores are counted in hundredths. */
#define UNIT 100

typedef struct builder {
    psyi_report *report;
    psyi_release *out;
    psyi_release_cells cells;
    uint32_t *room;                                                /* of one sum */
    uint32_t *school_cells, *grade_cells;                          /* of the tables of outcomes */
    uint32_t *moment_cells, *high_cells, *sex_cells, *share_cells; /* of scales */
    uint32_t *rule_cells;                                          /* three a rule */
    uint32_t *part_cells; /* [part * schools + place in the part] */
} builder;

static void *take(builder *b, size_t count, size_t size)
{
    void *const made = psyi_arena_alloc(&b->report->arena, count + 1, size);
    if (made == NULL)
        b->cells.failed = true;
    return made;
}

/* ---- outcomes ---- */

static uint64_t at_least(uint64_t base, uint64_t value)
{
    return base > value ? base : value;
}

/* The cells of one row, and the sums and orders within it. */
static void add_row(builder *b, const psyi_outcomes *table, size_t row, uint8_t price,
                    uint32_t *cells)
{
    const psyi_counts *const of = table->rows[row];
    const uint64_t *const values = table->counts + row * table->n_columns;
    const size_t n = table->n_ranks, others = 2 * n;
    for (size_t i = 0; i < n; i++) {
        cells[2 * i] = psyi_release_count(&b->cells, values[2 * i],
                                          at_least(of->tested, values[2 * i]), true, price);
        cells[2 * i + 1] = psyi_release_count(&b->cells, values[2 * i + 1], of->valid, true, price);
        psyi_release_order(&b->cells, cells[2 * i + 1], cells[2 * i]);
        /* Who is listed on an invalid sheet is the difference of both. */
        psyi_release_rest(&b->cells, cells[2 * i], cells[2 * i + 1], of->tested - of->valid);
    }
    const uint8_t dearer = price < PSYI_PRICE_ALL ? (uint8_t)(price + 1) : price;
    const uint64_t invalid = of->tested - of->valid;
    cells[others + PSYI_OUT_ANY_LISTED] = psyi_release_count(
        &b->cells, values[others + PSYI_OUT_ANY_LISTED],
        at_least(of->tested, values[others + PSYI_OUT_ANY_LISTED]), true, dearer);
    cells[others + PSYI_OUT_ANY_VALID] =
        psyi_release_count(&b->cells, values[others + PSYI_OUT_ANY_VALID], of->valid, true, dearer);
    cells[others + PSYI_OUT_CRITICAL] =
        psyi_release_count(&b->cells, values[others + PSYI_OUT_CRITICAL],
                           at_least(of->tested, values[others + PSYI_OUT_CRITICAL]), true, price);
    cells[others + PSYI_OUT_NOT_JUDGED] = psyi_release_count(
        &b->cells, values[others + PSYI_OUT_NOT_JUDGED],
        at_least(of->tested, values[others + PSYI_OUT_NOT_JUDGED]), false, price);
    cells[others + PSYI_OUT_RETEST] =
        psyi_release_count(&b->cells, values[others + PSYI_OUT_RETEST],
                           at_least(invalid, values[others + PSYI_OUT_RETEST]), false, price);
    if (n == 0)
        return;
    psyi_release_none_of_few(&b->cells, cells[others + PSYI_OUT_ANY_LISTED], of->tested);
    psyi_release_none_of_few(&b->cells, cells[others + PSYI_OUT_ANY_VALID], of->valid);
    psyi_release_order(&b->cells, cells[others + PSYI_OUT_ANY_VALID],
                       cells[others + PSYI_OUT_ANY_LISTED]);
    psyi_release_rest(&b->cells, cells[others + PSYI_OUT_ANY_LISTED],
                      cells[others + PSYI_OUT_ANY_VALID], of->tested - of->valid);
    if (values[others + PSYI_OUT_CRITICAL] <= values[others + PSYI_OUT_ANY_LISTED])
        psyi_release_order(&b->cells, cells[others + PSYI_OUT_CRITICAL],
                           cells[others + PSYI_OUT_ANY_LISTED]);
    for (size_t kind = 0; kind < 2; kind++) {
        b->room[0] = cells[others + (kind == 0 ? PSYI_OUT_ANY_LISTED : PSYI_OUT_ANY_VALID)];
        for (size_t i = 0; i < n; i++)
            b->room[i + 1] = cells[2 * i + kind];
        psyi_release_sum(&b->cells, b->room, n + 1);
    }
}

static void add_schools(builder *b)
{
    const psyi_outcomes *const table = &b->out->schools;
    const size_t n = table->n_rows - 1, columns = table->n_columns;
    for (size_t row = 0; row <= n; row++)
        add_row(b, table, row, row == n ? PSYI_PRICE_ALL : PSYI_PRICE_PART,
                b->school_cells + row * columns);
    for (size_t column = 0; column < columns; column++) {
        b->room[0] = b->school_cells[n * columns + column];
        for (size_t row = 0; row < n; row++)
            b->room[row + 1] = b->school_cells[row * columns + column];
        psyi_release_sum(&b->cells, b->room, n + 1);
    }
}

/* Everybody is the last row of both tables. */
static void add_grades(builder *b)
{
    const psyi_outcomes *const table = &b->out->grades;
    const psyi_groups *const groups = &b->out->groups;
    const size_t columns = table->n_columns, all = groups->n - 1;
    for (size_t row = 0; row < all; row++)
        add_row(b, table, row, groups->groups[row].whole > 0 ? PSYI_PRICE_SUM : PSYI_PRICE_PART,
                b->grade_cells + row * columns);
    memcpy(b->grade_cells + all * columns, b->school_cells + (b->out->schools.n_rows - 1) * columns,
           columns * sizeof(uint32_t));
    for (size_t whole = 0; whole < groups->n; whole++)
        for (size_t column = 0; column < columns && groups->groups[whole].whole > 0; column++) {
            size_t n = 0;
            b->room[n++] = b->grade_cells[whole * columns + column];
            for (size_t row = 0; row < groups->n; row++)
                if (psyi_groups_parent(groups, row) == whole)
                    b->room[n++] = b->grade_cells[row * columns + column];
            psyi_release_sum(&b->cells, b->room, n);
        }
}

static void set_hidden(const builder *b, psyi_outcomes *table, const uint32_t *cells)
{
    table->n_hidden = 0;
    for (size_t i = 0; i < table->n_rows * table->n_columns; i++) {
        table->hidden[i] = psyi_release_hidden(&b->cells, cells[i]);
        table->n_hidden += table->hidden[i];
    }
}

/* ---- scales ---- */

/* The cells of everybody, of grades and of sexes add up as the groups do. */
static void add_group_sums(builder *b, const uint32_t *cells)
{
    const psyi_groups *const groups = &b->out->groups;
    for (size_t whole = 0; whole < groups->n; whole++) {
        size_t n = 0;
        if (groups->groups[whole].whole == 0)
            continue;
        b->room[n++] = cells[whole];
        for (size_t i = 0; i < groups->n; i++)
            if (psyi_groups_parent(groups, i) == whole)
                b->room[n++] = cells[i];
        psyi_release_sum(&b->cells, b->room, n);
    }
}

static uint8_t group_price(const psyi_group *group)
{
    return group->whole == 2   ? PSYI_PRICE_ALL
           : group->whole == 1 ? PSYI_PRICE_SUM
                               : PSYI_PRICE_PART;
}

/* Sums of scores: those of finest groups rounded, the others added up from them. */
static void add_moments(builder *b, const psyi_release_scale *scale, const psyi_scale *about,
                        uint32_t *cells, uint32_t *sexes)
{
    const psyi_groups *const groups = &b->out->groups;
    int64_t *const sums = take(b, groups->n, sizeof *sums);
    if (sums == NULL)
        return;
    const double least = about->low.den > 0 ? psyi_ratio_double(about->low) : -1e6;
    const double most = about->high.den > 0 ? psyi_ratio_double(about->high) : 1e6;
    for (size_t i = 0; i < groups->n; i++)
        if (groups->groups[i].whole == 0 && scale->moments[i].n > 0)
            sums[i] = llround(scale->moments[i].mean * (double)scale->moments[i].n * UNIT);
    for (int level = 0; level < 2; level++)
        for (size_t i = 0; i < groups->n; i++)
            if (groups->groups[i].whole == level && psyi_groups_parent(groups, i) != SIZE_MAX)
                sums[psyi_groups_parent(groups, i)] += sums[i];
    int64_t sex_sum[2] = {0}, sex_n[2] = {0};
    for (size_t i = 0; i < groups->n; i++) {
        const psyi_group *const group = &groups->groups[i];
        const uint64_t n = scale->moments[i].n;
        const int64_t low = llround(floor(least * (double)n * UNIT)) - (int64_t)n;
        const int64_t high = llround(ceil(most * (double)n * UNIT)) + (int64_t)n;
        cells[i] = n == 0 ? psyi_release_fixed(&b->cells, 0)
                          : psyi_release_value(&b->cells, sums[i], low, high, n < b->cells.least,
                                               group_price(group));
        const int which = group->sex == PSYI_SEX_MALE ? 0 : group->sex == PSYI_SEX_FEMALE ? 1 : -1;
        if (which >= 0 && group->whole == 0) {
            sex_sum[which] += sums[i];
            sex_n[which] += (int64_t)n;
        }
    }
    add_group_sums(b, cells);
    for (int which = 0; sexes != NULL && which < 2; which++) {
        const int64_t n = sex_n[which];
        size_t at = 0;
        sexes[which] = psyi_release_value(&b->cells, sex_sum[which],
                                          llround(floor(least * (double)n * UNIT)) - n,
                                          llround(ceil(most * (double)n * UNIT)) + n,
                                          n > 0 && (uint64_t)n < b->cells.least, PSYI_PRICE_ASIDE);
        b->room[at++] = sexes[which];
        for (size_t i = 0; i < groups->n; i++)
            if (groups->groups[i].whole == 0 &&
                groups->groups[i].sex == (which == 0 ? PSYI_SEX_MALE : PSYI_SEX_FEMALE))
                b->room[at++] = cells[i];
        psyi_release_sum(&b->cells, b->room, at);
    }
}

static void add_high(builder *b, const psyi_release_scale *scale, uint32_t *cells)
{
    const psyi_groups *const groups = &b->out->groups;
    for (size_t i = 0; i < groups->n; i++)
        cells[i] = psyi_release_count(&b->cells, scale->moments[i].high, scale->moments[i].n, true,
                                      group_price(&groups->groups[i]));
    add_group_sums(b, cells);
}

/* How many reach the cut of a check, over students in V who have the score. */
static uint64_t count_at_least(const psyi_results *results, size_t use, size_t scale, int cut)
{
    uint64_t n = 0;
    for (size_t i = 0; i < results->n_students; i++) {
        const uint8_t status = results->students[i].status;
        uint32_t sheet;
        psyi_spill_pass(results->allocator, i);
        n += (status == PSYI_STATUS_VALID || status == PSYI_STATUS_DOUBTFUL) &&
             psyi_printable(results, i) && psyi_score_at(results, i, use, scale, &sheet) &&
             psyi_ratio_compare(psyi_scores_value(results->scores[use], scale, sheet),
                                psyi_ratio_make(cut, 1)) >= 0;
    }
    return n;
}

static void add_scale(builder *b, size_t use, size_t at_scale, size_t at)
{
    psyi_report *const report = b->report;
    const psyi_results *const results = report->results;
    const psy_instrument *const instrument = results->plan->uses[use].instrument;
    const char *const id = instrument->scales[at_scale].id;
    psyi_release_scale *const scale = &b->out->scales[at];
    const size_t n = b->out->groups.n, all = n - 1;
    uint32_t *const moments = b->moment_cells + at * n, *const high = b->high_cells + at * n;
    b->sex_cells[2 * at] = b->sex_cells[2 * at + 1] = b->share_cells[at] = PSYI_NO_CELL;
    for (size_t i = 0; i < n; i++)
        moments[i] = high[i] = PSYI_NO_CELL;
    scale->hide_moments = take(b, n, sizeof *scale->hide_moments);
    scale->hide_high = take(b, n, sizeof *scale->hide_high);
    if (results->scores[use] == NULL || b->cells.failed)
        return;
    scale->moments = psyi_groups_moments(report, &b->out->groups, use, at_scale);
    if (scale->moments == NULL)
        return;
    scale->has_cut = psyi_scale_cut(results->plan, use, at_scale, &scale->cut, &scale->compare);
    const bool sexes = strcmp(instrument->id, "mht") == 0 && strcmp(id, "total") == 0;
    add_moments(b, scale, psyi_scorer_scale(results->scorers[use], at_scale), moments,
                sexes ? b->sex_cells + 2 * at : NULL);
    if (scale->has_cut)
        add_high(b, scale, high);
    const int cut = psyi_check_cut(instrument, id);
    if (cut == 0)
        return;
    b->out->at_least[at] = count_at_least(results, use, at_scale, cut);
    b->share_cells[at] = psyi_release_count(&b->cells, b->out->at_least[at], scale->moments[all].n,
                                            true, PSYI_PRICE_ASIDE);
    if (!scale->has_cut)
        return;
    if (b->out->at_least[at] == scale->moments[all].high)
        psyi_release_same(&b->cells, b->share_cells[at], high[all]);
    else if (b->out->at_least[at] < scale->moments[all].high)
        psyi_release_order(&b->cells, b->share_cells[at], high[all]);
    else
        psyi_release_order(&b->cells, high[all], b->share_cells[at]);
}

/* ---- rules ---- */

static void count_rules(builder *b)
{
    const psyi_results *const results = b->report->results;
    psyi_release_rule *const rules = b->out->rules;
    for (size_t student = 0; student < results->n_students; student++) {
        const uint8_t status = results->students[student].status;
        size_t n_fired = 0, last = 0;
        psyi_spill_pass(results->allocator, student);
        if (!psyi_printable(results, student))
            continue;
        for (size_t rule = 0; rule < results->book->n_rules; rule++) {
            if (!psyi_fired(results, student, rule))
                continue;
            rules[rule].fired++;
            rules[rule].valid += status == PSYI_STATUS_VALID || status == PSYI_STATUS_DOUBTFUL;
            n_fired++;
            last = rule;
        }
        if (n_fired == 1)
            rules[last].unique++;
    }
}

/* A rule that found as many as stand in its tier, or at the cut of a scale, found just them. */
static void tie_rule(builder *b, size_t rule, const uint32_t cells[3])
{
    const psyi_release_rule *const counts = &b->out->rules[rule];
    const psyi_outcomes *const table = &b->out->schools;
    const uint32_t *const all = b->school_cells + (table->n_rows - 1) * table->n_columns;
    const size_t last = b->out->groups.n - 1;
    for (size_t i = 0; i < table->n_ranks; i++)
        if (table->ranks[i] == b->report->results->book->rules[rule].rank) {
            psyi_release_same(&b->cells, cells[0], all[2 * i]);
            psyi_release_same(&b->cells, cells[1], all[2 * i + 1]);
        }
    for (size_t i = 0; i < b->out->n_scales && counts->valid > 0; i++)
        if (b->out->scales[i].has_cut && b->out->scales[i].moments != NULL)
            psyi_release_same(&b->cells, cells[1], b->high_cells[i * b->out->groups.n + last]);
}

static void add_rules(builder *b)
{
    const psyi_counts *const all = &b->report->counts;
    for (size_t rule = 0; rule < b->report->results->book->n_rules; rule++) {
        const psyi_release_rule *const counts = &b->out->rules[rule];
        uint32_t *const cells = b->rule_cells + 3 * rule;
        const uint64_t base = counts->fired > all->tested ? counts->fired : all->tested;
        cells[0] = psyi_release_count(&b->cells, counts->fired, base, true, PSYI_PRICE_SUM);
        cells[1] = psyi_release_count(&b->cells, counts->valid, all->valid, true, PSYI_PRICE_PART);
        cells[2] = psyi_release_count(&b->cells, counts->unique, base, false, PSYI_PRICE_PART);
        /* Who was found on an invalid sheet is the difference of both. */
        psyi_release_rest(&b->cells, cells[0], cells[1], all->tested - all->valid);
        psyi_release_order(&b->cells, cells[2], cells[0]);
        tie_rule(b, rule, cells);
    }
}

/* ---- schools of one stage and battery ---- */

/* A school with one part has its count in 学校汇总 already; of several it is their sum. */
static void add_parts(builder *b)
{
    const psyi_outcomes *const table = &b->out->schools;
    const size_t n_schools = table->n_rows - 1;
    uint32_t *const parts_of = take(b, n_schools, sizeof *parts_of);
    for (size_t i = 0; parts_of != NULL && i < b->out->n_parts; i++)
        for (size_t j = 0; j < b->out->parts[i].n; j++)
            parts_of[b->out->parts[i].schools[j].school]++;
    for (size_t school = 0; parts_of != NULL && school < n_schools; school++) {
        const uint32_t whole =
            b->school_cells[school * table->n_columns + 2 * table->n_ranks + PSYI_OUT_ANY_VALID];
        size_t n = 0;
        b->room[n++] = whole;
        for (size_t i = 0; i < b->out->n_parts; i++)
            for (size_t j = 0; j < b->out->parts[i].n; j++) {
                const psyi_release_school *const of = &b->out->parts[i].schools[j];
                if (of->school != school)
                    continue;
                const uint32_t cell = parts_of[school] == 1
                                          ? whole
                                          : psyi_release_count(&b->cells, of->found, of->valid,
                                                               true, PSYI_PRICE_PART);
                b->part_cells[i * n_schools + j] = cell;
                b->room[n++] = cell;
            }
        if (parts_of[school] > 1)
            psyi_release_sum(&b->cells, b->room, n);
    }
}

/* ---- all ---- */

static bool count_all(builder *b)
{
    psyi_report *const report = b->report;
    const psyi_results *const results = report->results;
    psyi_release *const out = b->out;
    const size_t n = report->school == PSYI_ALL_SCHOOLS ? results->n_schools : 0;
    if (!psyi_groups_by_sex(report, &out->groups))
        return false;
    psyi_counts *const counts = take(b, n, sizeof *counts);
    const psyi_counts **const schools = take(b, n, sizeof *schools);
    const psyi_counts **const grades = take(b, out->groups.n, sizeof *grades);
    if (counts == NULL || schools == NULL || grades == NULL)
        return false;
    for (size_t i = 0; i < n; i++) {
        psyi_count(results, results->schools[i].first_student, results->schools[i].n_students, NULL,
                   NULL, &counts[i]);
        psyi_counts_add(&counts[n], &counts[i]);
        schools[i] = &counts[i];
    }
    if (report->school != PSYI_ALL_SCHOOLS)
        counts[n] = report->counts;
    schools[n] = &counts[n];
    for (size_t i = 0; i < out->groups.n; i++)
        grades[i] = &out->groups.groups[i].counts;
    if (report->school == PSYI_ALL_SCHOOLS) {
        out->parts = psyi_parts_make(report, &out->n_parts);
        if (out->parts == NULL || !psyi_untested_make(report, &out->untested) ||
            !psyi_waves_count(report, &out->waves) || !psyi_progress_make(report, &out->progress))
            return false;
    }
    return psyi_outcomes_count(report, schools, n + 1, &out->schools) &&
           psyi_outcomes_count(report, grades, out->groups.n, &out->grades);
}

static void make_room(builder *b)
{
    const psyi_results *const results = b->report->results;
    psyi_release *const out = b->out;
    for (size_t use = 0; use < results->plan->n_uses; use++)
        out->n_scales += results->plan->uses[use].instrument->n_scales;
    const size_t groups = out->groups.n, scales = out->n_scales, rules = results->book->n_rules;
    out->scales = take(b, scales, sizeof *out->scales);
    out->at_least = take(b, scales, sizeof *out->at_least);
    out->hide_at_least = take(b, scales, sizeof *out->hide_at_least);
    out->rules = take(b, rules, sizeof *out->rules);
    b->room =
        take(b, groups + results->n_schools + out->n_parts + PSYI_STYLE_RANKS + 2, sizeof *b->room);
    b->school_cells =
        take(b, out->schools.n_rows * out->schools.n_columns, sizeof *b->school_cells);
    b->grade_cells = take(b, out->grades.n_rows * out->grades.n_columns, sizeof *b->grade_cells);
    b->moment_cells = take(b, scales * groups, sizeof *b->moment_cells);
    b->high_cells = take(b, scales * groups, sizeof *b->high_cells);
    b->sex_cells = take(b, 2 * scales, sizeof *b->sex_cells);
    b->share_cells = take(b, scales, sizeof *b->share_cells);
    b->rule_cells = take(b, 3 * rules, sizeof *b->rule_cells);
    b->part_cells = take(b, out->n_parts * results->n_schools, sizeof *b->part_cells);
}

static void collect(builder *b)
{
    const psy_plan *const plan = b->report->results->plan;
    size_t at = 0;
    add_schools(b);
    add_grades(b);
    psyi_release_none_of_all(&b->cells);
    if (b->report->school != PSYI_ALL_SCHOOLS) {
        if (b->report->results->shared != NULL)
            psyi_release_of_school(b->report->results->shared, b->out, b->report->school,
                                   b->school_cells, b->grade_cells, &b->cells);
        return;
    }
    for (size_t use = 0; use < plan->n_uses; use++)
        for (size_t scale = 0; scale < plan->uses[use].instrument->n_scales; scale++)
            add_scale(b, use, scale, at++);
    count_rules(b);
    add_rules(b);
    if (b->out->schools.n_ranks > 0)
        add_parts(b);
    const psyi_release_ties ties = {&b->out->schools, &b->out->grades, &b->out->groups,
                                    b->school_cells,  b->grade_cells,  b->moment_cells};
    psyi_untested_cells(b->report, &b->out->untested, &ties, &b->cells);
    psyi_release_stages(b->report, b->out, b->school_cells, b->grade_cells,
                        b->out->schools.n_ranks > 0 ? b->part_cells : NULL, &b->cells);
    psyi_waves_cells(b->report, &b->out->waves, &ties, &b->cells);
    psyi_progress_cells(b->report, &b->out->progress, &ties, &b->cells);
    psyi_release_none_of_all(&b->cells);
}

/* What the engine decided, back into the tables. */
static void spread_out(const builder *b)
{
    psyi_release *const out = b->out;
    const size_t n = out->groups.n;
    set_hidden(b, &out->schools, b->school_cells);
    set_hidden(b, &out->grades, b->grade_cells);
    if (b->report->school != PSYI_ALL_SCHOOLS)
        return;
    for (size_t at = 0; at < out->n_scales; at++) {
        for (size_t i = 0; i < n; i++) {
            out->scales[at].hide_moments[i] =
                psyi_release_hidden(&b->cells, b->moment_cells[at * n + i]);
            out->scales[at].hide_high[i] =
                psyi_release_hidden(&b->cells, b->high_cells[at * n + i]);
        }
        out->scales[at].hide_sexes = psyi_release_hidden(&b->cells, b->sex_cells[2 * at]) ||
                                     psyi_release_hidden(&b->cells, b->sex_cells[2 * at + 1]);
        out->hide_at_least[at] = psyi_release_hidden(&b->cells, b->share_cells[at]);
    }
    for (size_t rule = 0; rule < b->report->results->book->n_rules; rule++) {
        const uint32_t *const cells = b->rule_cells + 3 * rule;
        out->rules[rule].hide_fired = psyi_release_hidden(&b->cells, cells[0]);
        out->rules[rule].hide_valid = psyi_release_hidden(&b->cells, cells[1]);
        out->rules[rule].hide_unique = psyi_release_hidden(&b->cells, cells[2]);
    }
    for (size_t i = 0; i < out->n_parts && out->schools.n_ranks > 0; i++)
        for (size_t j = 0; j < out->parts[i].n; j++)
            out->parts[i].schools[j].hide =
                psyi_release_hidden(&b->cells, b->part_cells[i * (out->schools.n_rows - 1) + j]);
    psyi_release_table_hide(&out->untested.table, &b->cells);
    psyi_release_table_hide(&out->waves.table, &b->cells);
    psyi_release_table_hide(&out->progress.table, &b->cells);
    out->n_cells = b->cells.n_cells;
    out->n_primary = b->cells.n_primary;
    for (size_t i = 0; i < b->cells.n_cells; i++)
        out->n_hidden += b->cells.hidden[i] != 0 && b->cells.cells[i].spread != PSY_SPREAD_NONE;
    out->all_hidden = out->n_hidden > 0 && psyi_release_all_hidden(&b->cells);
}

static const char *whose_tables(psyi_report *report)
{
    if (report->school == PSYI_ALL_SCHOOLS)
        return "tables of the district";
    const char *const said = psyi_arena_format(&report->arena, "tables of school %s",
                                               report->results->schools[report->school].code);
    return said != NULL ? said : "tables of a school";
}

const psyi_release *psyi_release_make(psyi_report *report)
{
    if (report->school == PSYI_ALL_SCHOOLS && report->results->shared != NULL)
        return report->results->shared;
    psyi_release *const out = psyi_arena_alloc(&report->arena, 1, sizeof *out);
    builder b = {.report = report, .out = out};
    psy_error error = {0};
    if (out == NULL || psyi_book_failed(report->book)) {
        psyi_book_fail(report->book, PSY_E_NOMEM, "out of memory: tables of the district");
        return NULL;
    }
    psyi_release_cells_init(&b.cells, report->results->plan->small_cell,
                            report->results->allocator);
    bool good = count_all(&b);
    if (good)
        make_room(&b);
    good = good && !b.cells.failed;
    if (good)
        collect(&b);
    const psyi_release_places places = {b.school_cells, b.grade_cells, b.moment_cells,
                                        b.high_cells,   b.sex_cells,   b.share_cells,
                                        b.rule_cells,   b.part_cells};
    if (good)
        psyi_publication_hold(report, out, &places, &b.cells);
    psy_status status = PSY_E_NOMEM;
    if (good && !psyi_book_failed(report->book))
        status = psyi_release_cells_close(&b.cells, &error);
    if (status == PSY_OK) {
        spread_out(&b);
        if (report->school == PSYI_ALL_SCHOOLS)
            psyi_parts_expect(report, out->parts, out->n_parts, &out->groups, &out->grades);
        if (report->school == PSYI_ALL_SCHOOLS)
            psyi_publication_compare(report, out);
    }
    psyi_release_cells_done(&b.cells);
    if (status == PSY_OK)
        return psyi_book_failed(report->book) ? NULL : out;
    if (error.status == PSY_OK)
        psyi_fail_memory(&error, "tables of the district");
    psyi_fail_within(&error, error.status, whose_tables(report));
    psyi_book_fail_with(report->book, &error);
    return NULL;
}

const psyi_release_scale *psyi_release_scale_of(const psyi_release *release, const psy_plan *plan,
                                                size_t use, size_t scale)
{
    size_t at = scale;
    for (size_t i = 0; i < use; i++)
        at += plan->uses[i].instrument->n_scales;
    return &release->scales[at];
}
