/*
 * wave_scales.c -- scales and items of a wave: moments, ends, reliability, keys.
 *
 * Scores are the printed ones.  Reliability is that of the sum of the scale's items, since
 * that is what alpha is about; steps behind the sum (prorating, truncating, a table) are
 * not in it.  A group below the plan's small cell prints nothing but its n.
 */
#include "base/fail.h"
#include "stats/key_fit.h"
#include "stats/wave_report.h"
#include "table/collect.h"

#include <psyscreen/change.h>

#include <math.h>
#include <string.h>

#define RELIABLE 1.96 /* Jacobson & Truax (1991) */

enum {
    S_USE,
    S_SCALE,
    S_GROUP,
    S_N,
    S_SCORED,
    S_NOT,
    S_MEAN,
    S_SD,
    S_FLOOR,
    S_CEILING,
    S_ITEMS,
    S_COMPLETE,
    S_ALPHA,
    S_LO,
    S_HI,
    S_STD,
    S_MEAN_R,
    S_SB,
    S_LAMBDA6,
    S_OMEGA,
    S_SEM,
    S_CHANGE,
    S_NOTES,
    S_COLUMNS
};
static const psyi_wave_column scale_columns[S_COLUMNS] = {
    {"use", PSY_COLUMN_TEXT},        {"scale", PSY_COLUMN_TEXT},
    {"group", PSY_COLUMN_TEXT},      {"n", PSY_COLUMN_INT64},
    {"scored", PSY_COLUMN_INT64},    {"not_scored", PSY_COLUMN_INT64},
    {"mean", PSY_COLUMN_DOUBLE},     {"sd", PSY_COLUMN_DOUBLE},
    {"floor", PSY_COLUMN_DOUBLE},    {"ceiling", PSY_COLUMN_DOUBLE},
    {"items", PSY_COLUMN_INT64},     {"complete", PSY_COLUMN_INT64},
    {"alpha", PSY_COLUMN_DOUBLE},    {"alpha_lo", PSY_COLUMN_DOUBLE},
    {"alpha_hi", PSY_COLUMN_DOUBLE}, {"alpha_std", PSY_COLUMN_DOUBLE},
    {"mean_r", PSY_COLUMN_DOUBLE},   {"spearman_brown", PSY_COLUMN_DOUBLE},
    {"lambda6", PSY_COLUMN_DOUBLE},  {"omega", PSY_COLUMN_DOUBLE},
    {"sem", PSY_COLUMN_DOUBLE},      {"reliable_change", PSY_COLUMN_INT64},
    {"notes", PSY_COLUMN_TEXT}};
enum {
    I_USE,
    I_SCALE,
    I_ITEM,
    I_N,
    I_MISSING,
    I_MEAN,
    I_SD,
    I_REST,
    I_DROPPED,
    I_LOADING,
    I_KEY,
    I_COLUMNS
};
static const psyi_wave_column item_columns[I_COLUMNS] = {{"use", PSY_COLUMN_TEXT},
                                                         {"scale", PSY_COLUMN_TEXT},
                                                         {"item", PSY_COLUMN_TEXT},
                                                         {"n", PSY_COLUMN_INT64},
                                                         {"missing", PSY_COLUMN_DOUBLE},
                                                         {"mean", PSY_COLUMN_DOUBLE},
                                                         {"sd", PSY_COLUMN_DOUBLE},
                                                         {"item_rest_r", PSY_COLUMN_DOUBLE},
                                                         {"alpha_dropped", PSY_COLUMN_DOUBLE},
                                                         {"loading", PSY_COLUMN_DOUBLE},
                                                         {"key", PSY_COLUMN_TEXT}};

typedef struct rows { /* of a table that is being collected */
    psyi_wave_cell *cells;
    size_t n, room, n_columns;
} rows;

typedef struct wave_work {
    const psyi_results *results;
    const psyi_wave_options *options;
    psy_findings *findings;
    psyi_arena arena; /* texts of the tables */
    rows scales, items;
    /* of the use being looked at */
    unsigned use;
    psyi_wave_sample sample;
    double **columns; /* item scores over the sample, NULL for what is no coded item */
    psyi_arena use_arena;
} wave_work;

static psyi_wave_cell *new_row(wave_work *work, rows *to, psy_error *error)
{
    void *cells = to->cells;
    if (!psyi_grow(work->results->allocator, &cells, &to->room, to->n + 1,
                   to->n_columns * sizeof *to->cells)) {
        to->cells = cells;
        psyi_fail_memory(error, "rows of a report");
        return NULL;
    }
    to->cells = cells;
    psyi_wave_cell *const row = to->cells + to->n++ * to->n_columns;
    for (size_t i = 0; i < to->n_columns; i++)
        row[i] = (psyi_wave_cell){.number = NAN};
    return row;
}

/* ---- items of one use ---- */

static psy_status fill_columns(wave_work *work, psy_error *error)
{
    const psyi_results *const r = work->results;
    const psy_instrument *const instrument = r->plan->uses[work->use].instrument;
    const psyi_sheets *const sheets = r->intake->sheets[work->use];
    work->columns = psyi_arena_alloc(&work->use_arena, instrument->n_items, sizeof *work->columns);
    if (work->columns == NULL)
        return psyi_fail_memory(error, "item scores");
    for (size_t item = 0; item < instrument->n_items; item++) {
        const psyi_item *const at = &instrument->items[item];
        if (instrument->responses[at->response].kind != PSYI_CODED)
            continue;
        double *const column =
            psyi_arena_alloc(&work->use_arena, work->sample.n + 1, sizeof *column);
        if (column == NULL)
            return psyi_fail_memory(error, "item scores");
        for (size_t i = 0; i < work->sample.n; i++) {
            const uint8_t byte = *psyi_sheets_byte(sheets, work->sample.sheet[i], item);
            column[i] = byte < PSYI_BLANK ? (double)at->scores[byte] / at->scale : NAN;
        }
        work->columns[item] = column;
    }
    return PSY_OK;
}

/* ---- one scale in one group ---- */

typedef struct scale_group {
    const psyi_scale *scale;
    unsigned index;
    const psyi_wave_group *group;
    size_t n;             /* sheets of the group */
    const double **items; /* the scale's items over the group; NULL: does not add up items */
    psyi_wave_cell *row;
    psyi_buffer notes;
} scale_group;

static void add_note(scale_group *g, const char *note)
{
    if (g->notes.length > 0)
        psyi_buffer_char(&g->notes, ';');
    psyi_buffer_text(&g->notes, note);
}

/* Two passes in the order of students: mean, then squares. */
static psy_status moments(wave_work *work, scale_group *g, psy_error *error)
{
    const psyi_results *const r = work->results;
    double *const values = psyi_alloc(r->allocator, work->sample.n + 1, sizeof *values);
    double sum = 0, squares = 0;
    size_t n = 0, lowest = 0, highest = 0;
    if (values == NULL)
        return psyi_fail_memory(error, "scores");
    for (size_t i = 0; i < work->sample.n; i++) {
        if (!psyi_wave_in_group(r, work->sample.student[i], g->group))
            continue;
        const psyi_ratio score =
            psyi_scores_value(r->scores[work->use], g->index, work->sample.sheet[i]);
        if (score.den == 0)
            continue;
        values[n] = psyi_ratio_double(score);
        sum += values[n++];
        lowest += g->scale->low.den > 0 && psyi_ratio_compare(score, g->scale->low) <= 0;
        highest += g->scale->high.den > 0 && psyi_ratio_compare(score, g->scale->high) >= 0;
    }
    g->row[S_SCORED].number = (double)n;
    g->row[S_NOT].number = (double)(g->n - n);
    const double mean = n > 0 ? sum / (double)n : NAN;
    for (size_t i = 0; i < n; i++)
        squares += (values[i] - mean) * (values[i] - mean);
    g->row[S_MEAN].number = mean;
    g->row[S_SD].number = n > 1 ? sqrt(squares / (double)(n - 1)) : NAN;
    if (n > 0 && g->scale->low.den > 0)
        g->row[S_FLOOR].number = (double)lowest / (double)n;
    if (n > 0 && g->scale->high.den > 0)
        g->row[S_CEILING].number = (double)highest / (double)n;
    psyi_free(r->allocator, values);
    return PSY_OK;
}

/* ---- reliability ---- */

/* The smallest whole change of one sum that errors alone hardly make: sqrt 2 SEM is the error of a
 * difference, as of two testings that vary by SEM and have nothing in common. */
static double smallest_change(double sem)
{
    const psy_change_group errors = {.sd_pre = sem};
    psy_change_limits limits;
    psy_error why;
    return psy_change_limits_of(&errors, PSY_CHANGE_JACOBSON_TRUAX, 0, RELIABLE, &limits, &why) ==
                   PSY_OK
               ? limits.high_score
               : NAN;
}

/* One factor over the items that vary: omega, and the standardised loading of each item of
 * the scale (NaN where constant). */
static psy_status factor(wave_work *work, scale_group *g, const psy_reliability_item *items,
                         double *loadings, psy_error *error)
{
    const psy_allocator *const allocator = work->results->allocator;
    const size_t k = g->scale->n_items;
    psyi_arena arena;
    psyi_arena_init(&arena, allocator);
    const double **const varying = psyi_arena_alloc(&arena, k, sizeof *varying);
    size_t *const place = psyi_arena_alloc(&arena, k, sizeof *place);
    double *const covariance = psyi_arena_alloc(&arena, k * k, sizeof *covariance);
    double *const l = psyi_arena_alloc(&arena, k, sizeof *l);
    double *const u = psyi_arena_alloc(&arena, k, sizeof *u);
    psy_status status = PSY_OK;
    size_t n = 0, at_bound = 0;
    if (varying == NULL || place == NULL || covariance == NULL || l == NULL || u == NULL)
        status = psyi_fail_memory(error, "loadings");
    for (size_t i = 0; i < k && status == PSY_OK; i++)
        if (!items[i].constant) {
            place[n] = i;
            varying[n++] = g->items[i];
        }
    if (status == PSY_OK && n >= 3) {
        psy_error why = {.status = PSY_OK}; /* a scale without a factor is a note */
        status = psy_covariance(varying, n, g->n, work->options->rows, covariance, NULL, allocator,
                                error);
        psy_status fit = status;
        if (status == PSY_OK)
            fit = psy_factor_fit(covariance, n, PSY_FACTOR_ML, l, u, &at_bound, allocator, &why);
        if (fit == PSY_E_NUMERIC) {
            fit =
                psy_factor_fit(covariance, n, PSY_FACTOR_MINRES, l, u, &at_bound, allocator, &why);
            if (fit == PSY_OK)
                add_note(g, "minres");
        }
        if (fit == PSY_E_NUMERIC)
            add_note(g, "no_factor");
        else if (fit == PSY_E_ARGUMENT && status == PSY_OK) /* more items than a factor may have */
            add_note(g, "many_items");
        else if (fit != PSY_OK && status == PSY_OK)
            status = psyi_fail_memory(error, "loadings");
        else if (fit == PSY_OK && at_bound > 0)
            add_note(g, "heywood");
        if (fit == PSY_OK && at_bound == 0 &&
            psy_omega_total(l, u, n, NAN, &g->row[S_OMEGA].number, &why) != PSY_OK)
            g->row[S_OMEGA].number = NAN;
        for (size_t i = 0; fit == PSY_OK && i < n; i++)
            loadings[place[i]] = l[i] / sqrt(covariance[i * n + i]);
    }
    psyi_arena_done(&arena);
    return status;
}

static void put_reliability(scale_group *g, const psy_reliability *r, psy_missing_rows rows_policy)
{
    const struct {
        int at;
        double value;
    } cells[] = {{S_ITEMS, (double)r->n_items},
                 {S_COMPLETE, (double)r->n_complete},
                 {S_ALPHA, r->alpha},
                 {S_LO, r->alpha_lo},
                 {S_HI, r->alpha_hi},
                 {S_STD, r->alpha_standardised},
                 {S_MEAN_R, r->mean_r},
                 {S_SB, r->spearman_brown},
                 {S_LAMBDA6, r->lambda6},
                 {S_SEM, r->sem},
                 {S_CHANGE, smallest_change(r->sem)}};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
        g->row[cells[i].at].number = cells[i].value;
    if (rows_policy == PSY_ROWS_PAIRWISE)
        add_note(g, "pairwise");
    if (r->n_constant > 0)
        add_note(g, "constant_items");
    if (r->few_rows)
        add_note(g, "few_rows");
    if (r->indefinite)
        add_note(g, "indefinite");
    if (r->alpha < 0)
        add_note(g, "negative_alpha");
}

/* ---- items, over everybody ---- */

static psy_status tell_key(wave_work *work, const scale_group *g, size_t i,
                           const psyi_key_item *key, psy_error *error)
{
    const psyi_use *const use = &work->results->plan->uses[work->use];
    const psyi_item *const item = &use->instrument->items[g->scale->items[i]];
    const psy_finding finding = {
        .field = use->id,
        .rule = "key_against",
        .severity = PSY_WARNING,
        .subject = use->instrument->id,
        .remedy = "compare the key of this item with the manual, and its wording and options with "
                  "the form that was handed out; nothing was changed"};
    return psyi_find(work->findings, &finding, error,
                     "item %s of %s looks mis-keyed: it is%s reversed and correlates %.2f (%.2f to "
                     "%.2f, n %zu) with the others",
                     item->id, g->scale->id, item->reversed ? "" : " not", key->item_rest_r,
                     key->low, key->high, key->n);
}

static psy_status write_items(wave_work *work, const scale_group *g,
                              const psy_reliability_item *items, const double *loadings,
                              psy_error *error)
{
    const psyi_results *const r = work->results;
    const psyi_use *const use = &r->plan->uses[work->use];
    psyi_key_item *const keys = psyi_alloc(r->allocator, g->scale->n_items, sizeof *keys);
    if (keys == NULL)
        return psyi_fail_memory(error, "keys of items");
    psy_status status = psyi_key_fit(g->items, g->scale->n_items, g->n, work->options->level, keys,
                                     r->allocator, error);
    for (size_t i = 0; i < g->scale->n_items && status == PSY_OK; i++) {
        psyi_wave_cell *const row = new_row(work, &work->items, error);
        if (row == NULL) {
            status = PSY_E_NOMEM;
            break;
        }
        /* Each item over all who answered it, whatever the policy of reliability. */
        double sum = 0, squares = 0;
        size_t n = 0;
        for (size_t s = 0; s < g->n; s++)
            if (!isnan(g->items[i][s])) {
                sum += g->items[i][s];
                n++;
            }
        const double mean = n > 0 ? sum / (double)n : NAN;
        for (size_t s = 0; s < g->n; s++)
            if (!isnan(g->items[i][s]))
                squares += (g->items[i][s] - mean) * (g->items[i][s] - mean);
        row[I_USE].text = use->id;
        row[I_SCALE].text = g->scale->id;
        row[I_ITEM].text = use->instrument->items[g->scale->items[i]].id;
        row[I_N].number = (double)n;
        row[I_MISSING].number = (double)(g->n - n) / (double)g->n;
        row[I_MEAN].number = mean;
        row[I_SD].number = n > 1 ? sqrt(squares / (double)(n - 1)) : NAN;
        row[I_REST].number = items != NULL ? items[i].item_rest_r : NAN;
        row[I_DROPPED].number = items != NULL ? items[i].alpha_if_dropped : NAN;
        row[I_LOADING].number = loadings[i];
        row[I_KEY].text = psyi_key_verdict_name(keys[i].verdict);
        if (keys[i].verdict == PSYI_KEY_AGAINST)
            status = tell_key(work, g, i, &keys[i], error);
    }
    psyi_free(r->allocator, keys);
    return status;
}

static psy_status reliability(wave_work *work, scale_group *g, psy_error *error)
{
    const psy_allocator *const allocator = work->results->allocator;
    const size_t k = g->scale->n_items;
    const psy_reliability_options how = {.version = PSY_RELIABILITY_OPTIONS_VERSION,
                                         .rows = work->options->rows,
                                         .level = work->options->level,
                                         .allocator = allocator};
    psy_reliability found;
    psy_reliability_item *const items = psyi_alloc(allocator, k, sizeof *items);
    double *const loadings = psyi_alloc(allocator, k, sizeof *loadings);
    psy_error why = {.status = PSY_OK};
    psy_status status = PSY_OK;
    if (items == NULL || loadings == NULL)
        status = psyi_fail_memory(error, "reliability");
    for (size_t i = 0; i < k && status == PSY_OK; i++)
        loadings[i] = NAN;
    psy_status estimated = PSY_OK;
    if (status == PSY_OK)
        estimated = psy_reliability_estimate(g->items, k, g->n, &how, &found, items, &why);
    if (estimated == PSY_E_NUMERIC)
        add_note(g, "no_reliability");
    else if (estimated == PSY_E_ARGUMENT) /* more items than it is estimated for */
        add_note(g, "many_items");
    else if (estimated != PSY_OK)
        status = psyi_fail_memory(error, "reliability");
    if (status == PSY_OK && estimated == PSY_OK) {
        put_reliability(g, &found, work->options->rows);
        status = factor(work, g, items, loadings, error);
    }
    if (status == PSY_OK && g->group->by == 0)
        status = write_items(work, g, estimated == PSY_OK ? items : NULL, loadings, error);
    psyi_free(allocator, items);
    psyi_free(allocator, loadings);
    return status;
}

/* ---- the whole ---- */

/* The same items as an earlier scale: its sum in another metric, looked at already. */
static bool is_again(const wave_work *work, unsigned index)
{
    const psyi_scorer *const scorer = work->results->scorers[work->use];
    const psyi_scale *const scale = psyi_scorer_scale(scorer, index);
    for (unsigned earlier = 0; earlier < index; earlier++) {
        const psyi_scale *const other = psyi_scorer_scale(scorer, earlier);
        if (!other->derived && other->n_items == scale->n_items &&
            memcmp(other->items, scale->items, scale->n_items * sizeof *scale->items) == 0)
            return true;
    }
    return false;
}

/* A scale that adds up items, itself or through its parts. */
static bool adds_up(const wave_work *work, unsigned index)
{
    const psyi_scale *const scale = psyi_scorer_scale(work->results->scorers[work->use], index);
    if (scale->score == PSYI_SCORE_EXPRESSION || scale->n_items < 2 || is_again(work, index))
        return false;
    for (size_t i = 0; i < scale->n_items; i++)
        if (work->columns[scale->items[i]] == NULL)
            return false;
    return true;
}

/* The scale's item columns, of the group's rows only. */
static psy_status gather_items(wave_work *work, scale_group *g, psyi_arena *arena, psy_error *error)
{
    const psyi_scale *const scale = g->scale;
    g->items = psyi_arena_alloc(arena, scale->n_items, sizeof *g->items);
    if (g->items == NULL)
        return psyi_fail_memory(error, "items of a group");
    for (size_t j = 0; j < scale->n_items; j++) {
        const double *const all = work->columns[scale->items[j]];
        double *const column = psyi_arena_alloc(arena, g->n + 1, sizeof *column);
        if (column == NULL)
            return psyi_fail_memory(error, "items of a group");
        size_t n = 0;
        for (size_t i = 0; i < work->sample.n; i++)
            if (psyi_wave_in_group(work->results, work->sample.student[i], g->group))
                column[n++] = all[i];
        g->items[j] = column;
    }
    return PSY_OK;
}

static psy_status look_at_group(wave_work *work, scale_group *g, psy_error *error)
{
    psyi_arena arena;
    psy_status status = PSY_OK;
    psyi_arena_init(&arena, work->results->allocator);
    if (g->n < work->results->plan->small_cell || g->n < 2) {
        add_note(g, "suppressed");
    } else {
        if (g->n < work->options->few)
            add_note(g, "few");
        status = moments(work, g, error);
        if (status == PSY_OK && adds_up(work, g->index)) {
            status = gather_items(work, g, &arena, error);
            if (status == PSY_OK)
                status = reliability(work, g, error);
        }
    }
    psyi_arena_done(&arena);
    return status;
}

static psy_status look_at_scale(wave_work *work, unsigned scale, const psyi_wave_group *group,
                                psy_error *error)
{
    const psyi_use *const use = &work->results->plan->uses[work->use];
    scale_group g = {.scale = psyi_scorer_scale(work->results->scorers[work->use], scale),
                     .index = scale,
                     .group = group};
    for (size_t i = 0; i < work->sample.n; i++)
        g.n += psyi_wave_in_group(work->results, work->sample.student[i], group);
    g.row = new_row(work, &work->scales, error);
    if (g.row == NULL)
        return PSY_E_NOMEM;
    psyi_buffer_init(&g.notes, work->results->allocator);
    g.row[S_USE].text = use->id;
    g.row[S_SCALE].text = g.scale->id;
    g.row[S_GROUP].text = psyi_arena_copy(&work->arena, group->name);
    g.row[S_N].number = (double)g.n;
    psy_status status = look_at_group(work, &g, error);
    if (status == PSY_OK) {
        g.row[S_NOTES].text = g.notes.length > 0 ? psyi_arena_copy(&work->arena, g.notes.data) : "";
        if (g.notes.failed || g.row[S_NOTES].text == NULL || g.row[S_GROUP].text == NULL)
            status = psyi_fail_memory(error, "notes");
    }
    psyi_buffer_done(&g.notes);
    return status;
}

static psy_status look_at_use(wave_work *work, unsigned use, psy_error *error)
{
    const psy_instrument *const instrument = work->results->plan->uses[use].instrument;
    psyi_wave_group groups[PSYI_MOST_WAVE_GROUPS];
    work->use = use;
    psy_status status = psyi_wave_sample_make(&work->sample, work->results, use, error);
    if (status != PSY_OK)
        return status;
    psyi_arena_init(&work->use_arena, work->results->allocator);
    status = fill_columns(work, error);
    const size_t n_groups =
        psyi_wave_groups(work->results, &work->sample, work->options->by, groups);
    for (unsigned scale = 0; scale < instrument->n_scales && status == PSY_OK; scale++) {
        if (psyi_scorer_scale(work->results->scorers[use], scale)->derived)
            continue;
        for (size_t g = 0; g < n_groups && status == PSY_OK; g++)
            status = look_at_scale(work, scale, &groups[g], error);
    }
    psyi_arena_done(&work->use_arena);
    psyi_wave_sample_done(&work->sample);
    return status;
}

psy_status psyi_wave_scales(const psyi_results *results, const psyi_wave_options *options,
                            psy_table **scales, psy_table **items, psy_findings *findings,
                            psy_error *error)
{
    wave_work work = {.results = results,
                      .options = options,
                      .findings = findings,
                      .scales = {.n_columns = S_COLUMNS},
                      .items = {.n_columns = I_COLUMNS}};
    psy_table *first = NULL;
    psy_status status = PSY_OK;
    psyi_arena_init(&work.arena, results->allocator);
    for (unsigned use = 0; use < results->plan->n_uses && status == PSY_OK; use++)
        if (results->scores[use] != NULL)
            status = look_at_use(&work, use, error);
    if (status == PSY_OK)
        status = psyi_wave_table(&first, scale_columns, S_COLUMNS, work.scales.cells, work.scales.n,
                                 results->allocator, error);
    if (status == PSY_OK)
        status = psyi_wave_table(items, item_columns, I_COLUMNS, work.items.cells, work.items.n,
                                 results->allocator, error);
    psyi_free(results->allocator, work.scales.cells);
    psyi_free(results->allocator, work.items.cells);
    psyi_arena_done(&work.arena);
    if (status != PSY_OK)
        psy_table_free(first);
    else
        *scales = first;
    return status;
}
