/*
 * person_fit.c -- l_z and l*_z under a graded response model with given parameters.
 *
 * The likelihoods of all categories at all quadrature points are tabulated once; a person
 * then costs one addition per item and point.  At the two estimates of theta the moments of
 * the log-likelihood are summed category by category.
 */
#include "base/fail.h"
#include "base/memory.h"
#include "math/graded.h"
#include "validity/grid.h"

#include <math.h>
#include <string.h>

#define POINTS       121
#define LOWEST_POINT (-6.0)
#define STEP         0.1
#define MOST_SCORE   63

typedef struct fit_work {
    size_t n_items;
    psyi_graded *items;
    double *log_gaps;
    size_t *first;           /* per item: its first category in `table` */
    double (*table)[POINTS]; /* log P per category and point */
    double prior[POINTS];    /* logarithm, up to a constant */
    double widest;           /* no posterior mode lies beyond minus or plus it */
    double *theta, *lz, *lz_star;
    uint8_t *state;
} fit_work;

static double point(size_t i)
{
    return LOWEST_POINT + (double)i * STEP;
}

static double expected_posterior(const fit_work *work, const int8_t *x)
{
    double log_l[POINTS];
    memcpy(log_l, work->prior, sizeof log_l);
    for (size_t i = 0; i < work->n_items; i++) {
        const double *const row = work->table[work->first[i] + (size_t)x[i]];
        for (size_t q = 0; q < POINTS; q++)
            log_l[q] += row[q];
    }
    double top = log_l[0], weight = 0, sum = 0;
    for (size_t q = 1; q < POINTS; q++)
        top = fmax(top, log_l[q]);
    for (size_t q = 0; q < POINTS; q++) {
        const double l = exp(log_l[q] - top);
        weight += l;
        sum += point(q) * l;
    }
    return sum / weight;
}

/* Root of the derivative of the log-posterior, which falls everywhere: Newton in a bracket. */
static double posterior_mode(const fit_work *work, const int8_t *x, double start)
{
    double lo = -work->widest, hi = work->widest, theta = start;
    for (int step = 0; step < 200; step++) {
        double slope = -theta, bend = -1;
        for (size_t i = 0; i < work->n_items; i++)
            psyi_graded_derivatives(&work->items[i], (size_t)x[i], theta, &slope, &bend);
        if (slope == 0)
            break;
        if (slope > 0)
            lo = theta;
        else
            hi = theta;
        double next = theta - slope / bend;
        if (!(next > lo && next < hi))
            next = lo + (hi - lo) / 2;
        if (fabs(next - theta) <= 1e-15 * fmax(1, fabs(theta)))
            return next;
        theta = next;
    }
    return theta;
}

/* Log-likelihood of the answers and its moments at theta. */
typedef struct fit_moments {
    double l, mean, variance;
    double with_score; /* covariance of log-likelihood and its slope */
    double information;
} fit_moments;

static fit_moments moments_at(const fit_work *work, const int8_t *x, double theta)
{
    psyi_category categories[MOST_SCORE + 1];
    fit_moments m = {0};
    for (size_t i = 0; i < work->n_items; i++) {
        double mean = 0, square = 0;
        psyi_graded_categories(&work->items[i], theta, categories);
        for (size_t s = 0; s <= work->items[i].highest; s++) {
            const psyi_category c = categories[s];
            mean += c.p * c.log_p;
            square += c.p * c.log_p * c.log_p;
            m.with_score += c.p * c.slope * c.log_p;
            m.information += c.p * c.slope * c.slope;
            if (s == (size_t)x[i])
                m.l += c.log_p;
        }
        m.mean += mean;
        m.variance += square - mean * mean;
    }
    return m;
}

static double ratio_or_nan(double top, double variance, double scale)
{
    /* With nothing left after the correction only rounding would be divided by. */
    return variance > 1e-12 * scale ? top / sqrt(variance) : NAN;
}

static void fit_rows(void *context, const psyi_row_block *block)
{
    const fit_work *const work = context;
    for (size_t r = 0; r < block->n; r++) {
        const int8_t *const x = block->rows + r * block->n_items;
        const size_t row = block->first + r;
        double theta = NAN, lz = NAN, star = NAN;
        bool complete = true;
        for (size_t i = 0; i < block->n_items; i++)
            complete = complete && x[i] >= 0;
        if (complete) {
            theta = expected_posterior(work, x);
            const fit_moments m = moments_at(work, x, theta);
            lz = ratio_or_nan(m.l - m.mean, m.variance, 1);
        }
        if (complete && work->lz_star != NULL) {
            const double mode = posterior_mode(work, x, theta);
            const fit_moments m = moments_at(work, x, mode);
            const double c = m.with_score / m.information;
            /* -mode is the slope of the log prior, which the mode balances. */
            star = ratio_or_nan(m.l - m.mean - c * mode, m.variance - c * m.with_score, m.variance);
        }
        if (work->theta != NULL)
            work->theta[row] = theta;
        if (work->lz != NULL)
            work->lz[row] = lz;
        if (work->lz_star != NULL)
            work->lz_star[row] = star;
        const bool short_of = isnan(lz) || (work->lz_star != NULL && isnan(star));
        psyi_set_state(work->state, row,
                       !complete  ? PSY_INDEX_BLANKS
                       : short_of ? PSY_INDEX_TOO_FEW
                                  : PSY_INDEX_DEFINED);
    }
}

static psy_status check_model(const psy_answer_grid *grid, const psy_graded_items *model,
                              psy_error *error)
{
    if (model == NULL || model->highest == NULL || model->a == NULL || model->d == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "no item parameters");
    if (model->n_items != grid->n_items)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "parameters of %zu items for a grid of %zu",
                         model->n_items, grid->n_items);
    const double *d = model->d;
    for (size_t i = 0; i < model->n_items; i++) {
        const size_t highest = model->highest[i];
        if (highest < 1 || highest > MOST_SCORE || !isfinite(model->a[i]) || model->a[i] == 0)
            return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                             "item %zu has highest score %zu and slope %g: expected 1 to %d, and "
                             "not 0",
                             i, highest, model->a[i], MOST_SCORE);
        for (size_t s = 0; s < highest; s++)
            if (!isfinite(d[s]) || (s > 0 && d[s] >= d[s - 1]))
                return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                                 "intercept %zu of item %zu is %g: expected below the one before",
                                 s + 1, i, d[s]);
        d += highest;
    }
    return psyi_grid_check_highest(grid, model->highest, error);
}

static void fill_tables(fit_work *work, const psy_graded_items *model)
{
    size_t category = 0;
    const double *d = model->d;
    double *log_gap = work->log_gaps;
    psyi_category categories[MOST_SCORE + 1];
    /* Item slopes of log P are at most |a|, and the prior's is -theta. */
    work->widest = 1;
    for (size_t i = 0; i < model->n_items; i++) {
        const size_t highest = model->highest[i];
        work->items[i] = (psyi_graded){model->a[i], highest, d, log_gap};
        work->first[i] = category;
        for (size_t s = 1; s < highest; s++)
            log_gap[s - 1] = psyi_graded_log_gap(d[s - 1], d[s]);
        for (size_t q = 0; q < POINTS; q++) {
            psyi_graded_categories(&work->items[i], point(q), categories);
            for (size_t s = 0; s <= highest; s++)
                work->table[category + s][q] = categories[s].log_p;
        }
        category += highest + 1;
        d += highest;
        log_gap += highest;
        work->widest += fabs(model->a[i]);
    }
    for (size_t q = 0; q < POINTS; q++)
        work->prior[q] = -point(q) * point(q) / 2;
}

psy_status psy_validity_person_fit(const psy_answer_grid *grid, const psy_graded_items *model,
                                   double *theta, double *lz, double *lz_star, uint8_t *state,
                                   psy_error *error)
{
    psy_status status = psyi_grid_check(grid, error);
    if (status == PSY_OK)
        status = check_model(grid, model, error);
    if (status != PSY_OK)
        return status;
    const psy_allocator *const allocator = grid->allocator;
    const size_t n = model->n_items;
    fit_work work = {.n_items = n, .theta = theta, .lz = lz, .lz_star = lz_star, .state = state};
    size_t n_steps = 0;
    for (size_t i = 0; i < n; i++)
        n_steps += model->highest[i];
    work.items = psyi_alloc(allocator, n, sizeof *work.items);
    work.log_gaps = psyi_alloc(allocator, n_steps, sizeof *work.log_gaps);
    work.first = psyi_alloc(allocator, n, sizeof *work.first);
    work.table = psyi_alloc(allocator, n_steps + n, sizeof *work.table);
    if (!work.items || !work.log_gaps || !work.first || !work.table) {
        status = psyi_fail_memory(error, "category likelihoods");
    } else {
        fill_tables(&work, model);
        status = psyi_grid_rows(grid, 0, fit_rows, &work, error);
    }
    psyi_free(allocator, work.items);
    psyi_free(allocator, work.log_gaps);
    psyi_free(allocator, work.first);
    psyi_free(allocator, work.table);
    return status;
}
