/*
 * reliability.c -- classical reliability from the covariance matrix of the items.
 *
 * Everything but item_total_r and the correlations of alpha_standardised is a function of one
 * matrix, so that listwise and pairwise differ in one place.  Constant items are left out and
 * said so: they would count in k and give nothing to the sum.
 */
#include "base/fail.h"
#include "base/memory.h"
#include "math/linear.h"
#include "stats/covariance.h"

#include <psyscreen/distribution.h>

#include <math.h>

#define DEFAULT_LEVEL 0.95
#define CANCELS       1e-12 /* variance of a sum, in those of its parts, that is but rounding */

psy_status psy_alpha_interval(double alpha, size_t n, size_t k, double level, double *lo,
                              double *hi, psy_error *error)
{
    if (!(alpha <= 1) || isinf(alpha) || n < 2 || k < 2 || !(level > 0 && level < 1) ||
        lo == NULL || hi == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "alpha %g of %zu items, %zu persons, level %g has no interval", alpha, k,
                         n, level);
    const double df1 = (double)(n - 1), df2 = df1 * (double)(k - 1);
    const double outside = (1 - level) / 2;
    *lo = 1 - (1 - alpha) * psy_f_quantile(1 - outside, df1, df2);
    *hi = 1 - (1 - alpha) * psy_f_quantile(outside, df1, df2);
    return PSY_OK;
}

/* A scale of k varying items on its way. */
typedef struct scale_work {
    const double **items; /* those that vary */
    size_t *place;        /* of each among the items given */
    size_t k, n_rows;
    const uint8_t *complete; /* NULL: pairwise */
    double *s, *r;           /* covariances; unit diagonal */
    double *spare;           /* k * k + 2 * k */
} scale_work;

static double matrix_sum(const double *m, size_t k)
{
    double sum = 0;
    for (size_t i = 0; i < k * k; i++)
        sum += m[i];
    return sum;
}

static double row_sum(const double *m, size_t k, size_t row)
{
    double sum = 0;
    for (size_t j = 0; j < k; j++)
        sum += m[row * k + j];
    return sum;
}

static double trace(const double *m, size_t k)
{
    double sum = 0;
    for (size_t i = 0; i < k; i++)
        sum += m[i * k + i];
    return sum;
}

static double alpha_of(double n_items, double trace_of, double sum)
{
    return n_items / (n_items - 1) * (1 - trace_of / sum);
}

/* Spearman and Brown's formula; NaN where parts of unit variance would cancel out in their sum,
 * which then is reliable to no degree. */
static double step_up(double r, double times)
{
    const double rest = 1 + (times - 1) * r;
    return rest > CANCELS ? times * r / rest : NAN;
}

/* Mean correlation over pairs, each over rows of its own. */
static double mean_pair_r(const scale_work *work)
{
    double sum = 0;
    for (size_t i = 0; i < work->k; i++)
        for (size_t j = 0; j < i; j++) {
            const double *x = work->items[i], *y = work->items[j];
            size_t n;
            if (work->complete != NULL) {
                sum += work->r[i * work->k + j];
                continue;
            }
            /* The variances, too, are over the rows that answered both. */
            double vx = 0, vy = 0, mx = 0, my = 0, m = 0;
            for (size_t row = 0; row < work->n_rows; row++)
                if (!isnan(x[row]) && !isnan(y[row])) {
                    mx += x[row];
                    my += y[row];
                    m++;
                }
            mx /= m;
            my /= m;
            for (size_t row = 0; row < work->n_rows; row++)
                if (!isnan(x[row]) && !isnan(y[row])) {
                    vx += (x[row] - mx) * (x[row] - mx);
                    vy += (y[row] - my) * (y[row] - my);
                }
            sum += psyi_pair_covariance(x, y, NULL, work->n_rows, &n) * (m - 1) / sqrt(vx * vy);
        }
    return sum / ((double)work->k * (double)(work->k - 1) / 2);
}

static double lambda6(const scale_work *work, uint32_t *indefinite)
{
    const size_t k = work->k;
    double *const factor = work->spare, *const diagonal = factor + k * k;
    for (size_t i = 0; i < k * k; i++)
        factor[i] = work->r[i];
    *indefinite = psyi_cholesky(factor, k, PSYI_RANK_TOLERANCE, NULL) != k;
    if (*indefinite)
        return NAN;
    psyi_cholesky_inverse_diagonal(factor, k, diagonal, diagonal + k);
    double errors = 0;
    for (size_t i = 0; i < k; i++)
        errors += 1 / diagonal[i]; /* 1 - squared multiple correlation */
    return 1 - errors / matrix_sum(work->r, k);
}

static void split_halves(const scale_work *work, psy_reliability *out)
{
    const size_t k = work->k;
    double odd = 0, even = 0, both = 0;
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++) {
            const double s = work->s[i * k + j];
            if (i % 2 != j % 2)
                both += s / 2;
            else if (i % 2 == 0)
                odd += s;
            else
                even += s;
        }
    const double r = both / sqrt(odd * even);
    const double p = (double)((k + 1) / 2) / (double)k, pq = p * (1 - p), rest = 1 - r * r;
    out->r_halves = odd > 0 && even > 0 ? r : NAN;
    out->spearman_brown = step_up(out->r_halves, 2);
    /* At |r| = 1 the quotient is 0/0 and its limit the half's own reliability. */
    out->horst = rest > 0 ? r * (sqrt(r * r + 4 * pq * rest) - r) / (2 * pq * rest) : r;
    if (isnan(out->r_halves))
        out->horst = NAN;
    out->rulon = 4 * both / (odd + even + 2 * both);
}

static double item_total(const scale_work *work, size_t item, double *total, double *own)
{
    const double *const x = work->items[item];
    for (size_t row = 0; row < work->n_rows; row++) {
        const bool counts = work->complete != NULL ? work->complete[row] : !isnan(x[row]);
        own[row] = counts ? x[row] : NAN;
    }
    size_t n;
    const double c = psyi_pair_covariance(own, total, NULL, work->n_rows, &n);
    double mean = 0, mean_own = 0, v = 0, v_own = 0;
    for (size_t row = 0; row < work->n_rows; row++)
        if (!isnan(own[row])) {
            mean += total[row];
            mean_own += own[row];
        }
    for (size_t row = 0; row < work->n_rows; row++)
        if (!isnan(own[row])) {
            const double d = total[row] - mean / (double)n, d_own = own[row] - mean_own / (double)n;
            v += d * d;
            v_own += d_own * d_own;
        }
    return v > 0 ? c * (double)(n - 1) / sqrt(v * v_own) : NAN;
}

static void fill_items(const scale_work *work, double sum, double trace_of, double *total,
                       double *own, psy_reliability_item *out)
{
    const size_t k = work->k;
    for (size_t row = 0; row < work->n_rows; row++) {
        double answers = 0, n = 0;
        for (size_t i = 0; i < k; i++)
            if (!isnan(work->items[i][row])) {
                answers += work->items[i][row];
                n++;
            }
        total[row] = answers / n;
    }
    for (size_t i = 0; i < k; i++) {
        psy_reliability_item *const item = &out[work->place[i]];
        const double own_variance = work->s[i * k + i], rows = row_sum(work->s, k, i);
        const double rest = sum - 2 * rows + own_variance;
        item->alpha_if_dropped =
            k > 2 && rest > 0 ? alpha_of((double)k - 1, trace_of - own_variance, rest) : NAN;
        item->item_rest_r = rest > 0 ? (rows - own_variance) / sqrt(own_variance * rest) : NAN;
        item->item_total_r = item_total(work, i, total, own);
    }
}

/* Means, deviations and which items vary, over the rows that count. */
static void look_at_items(const double *const *items, size_t n_items, size_t n_rows,
                          const uint8_t *complete, psy_reliability_item *about)
{
    for (size_t i = 0; i < n_items; i++) {
        psy_reliability_item item = {.mean = NAN,
                                     .sd = NAN,
                                     .alpha_if_dropped = NAN,
                                     .item_rest_r = NAN,
                                     .item_total_r = NAN};
        double sum = 0, first = NAN;
        bool varies = false;
        for (size_t row = 0; row < n_rows; row++) {
            const double x = items[i][row];
            if (complete != NULL ? !complete[row] : isnan(x))
                continue;
            first = item.n == 0 ? x : first;
            varies = varies || x != first;
            sum += x;
            item.n++;
        }
        item.constant = !varies;
        if (item.n > 0)
            item.mean = sum / (double)item.n;
        size_t n;
        const double variance = psyi_pair_covariance(items[i], items[i], complete, n_rows, &n);
        item.sd = varies ? sqrt(variance) : n >= 2 ? 0 : NAN;
        about[i] = item;
    }
}

static psy_status summarise(const scale_work *work, psy_reliability *out, double level,
                            psy_error *error)
{
    const size_t k = work->k;
    const double sum = matrix_sum(work->s, k), trace_of = trace(work->s, k);
    /* Items that cancel leave a sum of pure rounding. */
    if (!(sum > trace_of * 1e-13))
        return psyi_fail(error, PSY_E_NUMERIC, NULL, "the sum of the %zu items does not vary", k);
    out->alpha = alpha_of((double)k, trace_of, sum);
    out->alpha_lo = out->alpha_hi = NAN;
    if (out->alpha <= 1)
        psy_alpha_interval(out->alpha, out->n_used, k, level, &out->alpha_lo, &out->alpha_hi, NULL);
    out->mean_r = (matrix_sum(work->r, k) - (double)k) / ((double)k * (double)(k - 1));
    out->alpha_standardised_from_covariance = step_up(out->mean_r, (double)k);
    out->alpha_standardised = step_up(mean_pair_r(work), (double)k);
    out->lambda6 = lambda6(work, &out->indefinite);
    split_halves(work, out);
    out->sd_total = sqrt(sum);
    out->sem = out->alpha <= 1 ? out->sd_total * sqrt(1 - out->alpha) : NAN;
    return PSY_OK;
}

/* Everything, given work space. */
static psy_status estimate(scale_work *work, const double *const *items, size_t n_items,
                           const psy_reliability_item *about, double level, psy_reliability *out,
                           psy_error *error)
{
    for (size_t i = 0; i < n_items; i++) {
        if (about[i].constant) {
            out->n_constant++;
            continue;
        }
        out->mean_total += about[i].mean;
        work->place[work->k] = i;
        work->items[work->k++] = items[i];
    }
    const size_t k = out->n_items = work->k;
    if (k < 2)
        return psyi_fail(error, PSY_E_NUMERIC, NULL,
                         "reliability needs 2 items that vary: %zu of %zu do, over %zu complete "
                         "rows",
                         k, n_items, out->n_complete);
    out->n_used = out->n_rows;
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j <= i; j++) {
            size_t n;
            const double c = psyi_pair_covariance(work->items[i], work->items[j], work->complete,
                                                  out->n_rows, &n);
            if (n < 2)
                return psyi_fail(error, PSY_E_NUMERIC, NULL,
                                 "items %zu and %zu have %zu row%s in common", work->place[j],
                                 work->place[i], n, psyi_s(n));
            work->s[i * k + j] = work->s[j * k + i] = c;
            out->n_used = n < out->n_used ? n : out->n_used;
        }
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++)
            work->r[i * k + j] =
                i == j ? 1 : work->s[i * k + j] / sqrt(work->s[i * k + i] * work->s[j * k + j]);
    out->few_rows = out->n_used <= k;
    return summarise(work, out, level, error);
}

psy_status psy_reliability_estimate(const double *const *items, size_t n_items, size_t n_rows,
                                    const psy_reliability_options *options, psy_reliability *out,
                                    psy_reliability_item *out_items, psy_error *error)
{
    static const psy_reliability_options defaults = {PSY_RELIABILITY_OPTIONS_VERSION,
                                                     PSY_ROWS_LISTWISE, 0, NULL};
    const psy_reliability_options *const o = options != NULL ? options : &defaults;
    const double level = o->level != 0 ? o->level : DEFAULT_LEVEL;
    psy_status status = psyi_columns_check(items, n_items, n_rows, 2, error);
    if (status != PSY_OK)
        return status;
    if (o->version != PSY_RELIABILITY_OPTIONS_VERSION || out == NULL ||
        (o->rows != PSY_ROWS_LISTWISE && o->rows != PSY_ROWS_PAIRWISE) || !(level > 0 && level < 1))
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "options of reliability are not as declared");
    psyi_arena arena;
    psyi_arena_init(&arena, o->allocator);
    psy_reliability made = {.n_rows = n_rows};
    uint8_t *const complete = psyi_arena_alloc(&arena, n_rows, sizeof *complete);
    psy_reliability_item *const about = psyi_arena_alloc(&arena, n_items, sizeof *about);
    double *const total = psyi_arena_alloc(&arena, n_rows, sizeof *total);
    double *const own = psyi_arena_alloc(&arena, n_rows, sizeof *own);
    scale_work work = {.n_rows = n_rows};
    work.items = psyi_arena_alloc(&arena, n_items, sizeof *work.items);
    work.place = psyi_arena_alloc(&arena, n_items, sizeof *work.place);
    work.s = psyi_arena_alloc(&arena, n_items * n_items, sizeof *work.s);
    work.r = psyi_arena_alloc(&arena, n_items * n_items, sizeof *work.r);
    work.spare = psyi_arena_alloc(&arena, n_items * (n_items + 2), sizeof *work.spare);
    if (!complete || !about || !total || !own || !work.items || !work.place || !work.s || !work.r ||
        !work.spare) {
        status = psyi_fail_memory(error, "a covariance matrix");
        goto done;
    }
    made.n_complete = psyi_complete_rows(items, n_items, n_rows, complete);
    work.complete = o->rows == PSY_ROWS_LISTWISE ? complete : NULL;
    look_at_items(items, n_items, n_rows, work.complete, about);
    status = estimate(&work, items, n_items, about, level, &made, error);
    if (status != PSY_OK)
        goto done;
    if (out_items != NULL) {
        fill_items(&work, matrix_sum(work.s, work.k), trace(work.s, work.k), total, own, about);
        for (size_t i = 0; i < n_items; i++)
            out_items[i] = about[i];
    }
    *out = made;

done:
    psyi_arena_done(&arena);
    return status;
}
