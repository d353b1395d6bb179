/*
 * irt.c -- trait estimates of answer patterns and sums under given item parameters.
 *
 * Likelihoods are sums of logarithms, so that no number of items underflows.  The equations
 * of MAP and ML fall with theta, so a bracket and halving with Newton steps find their one
 * root; Warm's may have several, and is taken where it first crosses zero downwards from -12.
 */
#include "base/fail.h"
#include "base/memory.h"
#include "math/graded.h"

#include <psyscreen/irt.h>

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { MOST_ITEMS = 1000, MOST_SCORE = 63 };

struct psy_irt {
    const psy_allocator *allocator;
    psyi_arena arena;
    size_t n_items, n_points, n_sums;
    psyi_graded *items;
    size_t *first; /* of the item's categories among all */
    size_t n_categories;
    double *theta, *weight, *log_weight; /* [point] */
    double *log_p, *p;                   /* [category * n_points + point] */
};

static psy_status check_items(const double *a, const double *d, const uint32_t *highest,
                              size_t n_items, psy_error *error)
{
    if (n_items < 1 || n_items > MOST_ITEMS)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "a model has 1 to %d items, not %zu",
                         MOST_ITEMS, n_items);
    for (size_t i = 0, at = 0; i < n_items; i++) {
        if (highest[i] < 1 || highest[i] > MOST_SCORE)
            return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                             "the highest score of item %zu is within 1 and %d", i + 1, MOST_SCORE);
        if (!(a[i] > 0) || isinf(a[i]))
            return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                             "the discrimination of item %zu is not above 0", i + 1);
        for (uint32_t s = 0; s < highest[i]; s++, at++)
            if (!isfinite(d[at]) || (s > 0 && d[at] >= d[at - 1]))
                return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                                 "intercept %u of item %zu does not fall", s + 1, i + 1);
    }
    return PSY_OK;
}

static bool take_items(psy_irt *irt, const double *a, const double *d, const uint32_t *highest)
{
    irt->items = psyi_arena_alloc(&irt->arena, irt->n_items, sizeof *irt->items);
    irt->first = psyi_arena_alloc(&irt->arena, irt->n_items, sizeof *irt->first);
    if (irt->items == NULL || irt->first == NULL)
        return false;
    irt->n_sums = 1;
    for (size_t i = 0; i < irt->n_items; i++) {
        const size_t n = highest[i];
        double *const own = psyi_arena_alloc(&irt->arena, n, sizeof *own);
        double *const gap = psyi_arena_alloc(&irt->arena, n, sizeof *gap);
        if (own == NULL || gap == NULL)
            return false;
        memcpy(own, d, n * sizeof *own);
        for (size_t s = 1; s < n; s++)
            gap[s - 1] = psyi_graded_log_gap(own[s - 1], own[s]);
        irt->items[i] = (psyi_graded){.a = a[i], .highest = n, .d = own, .log_gap = gap};
        irt->first[i] = irt->n_categories;
        irt->n_categories += n + 1;
        irt->n_sums += n;
        d += n;
    }
    return true;
}

static bool make_grid(psy_irt *irt, const psy_irt_grid *grid)
{
    const size_t n = irt->n_points = grid->n;
    irt->theta = psyi_arena_alloc(&irt->arena, n, sizeof(double));
    irt->weight = psyi_arena_alloc(&irt->arena, n, sizeof(double));
    irt->log_weight = psyi_arena_alloc(&irt->arena, n, sizeof(double));
    irt->log_p = psyi_arena_alloc(&irt->arena, irt->n_categories * n, sizeof(double));
    irt->p = psyi_arena_alloc(&irt->arena, irt->n_categories * n, sizeof(double));
    if (irt->theta == NULL || irt->weight == NULL || irt->log_weight == NULL ||
        irt->log_p == NULL || irt->p == NULL)
        return false;
    double sum = 0;
    for (size_t q = 0; q < n; q++) {
        irt->theta[q] = grid->lo + (grid->hi - grid->lo) * (double)q / (double)(n - 1);
        irt->weight[q] = exp(-irt->theta[q] * irt->theta[q] / 2);
        sum += irt->weight[q];
    }
    for (size_t q = 0; q < n; q++) {
        irt->weight[q] /= sum;
        irt->log_weight[q] = -irt->theta[q] * irt->theta[q] / 2;
        for (size_t i = 0; i < irt->n_items; i++) {
            psyi_category of[MOST_SCORE + 1];
            psyi_graded_categories(&irt->items[i], irt->theta[q], of);
            for (size_t s = 0; s <= irt->items[i].highest; s++) {
                irt->log_p[(irt->first[i] + s) * n + q] = of[s].log_p;
                irt->p[(irt->first[i] + s) * n + q] = of[s].p;
            }
        }
    }
    return true;
}

psy_status psy_irt_new(psy_irt **out, const double *a, const double *d, const uint32_t *highest,
                       size_t n_items, const psy_irt_grid *grid, const psy_allocator *allocator,
                       psy_error *error)
{
    static const psy_irt_grid usual = {.lo = -6, .hi = 6, .n = 121};
    if (grid == NULL)
        grid = &usual;
    psy_status status = check_items(a, d, highest, n_items, error);
    if (status != PSY_OK)
        return status;
    if (!isfinite(grid->lo) || !isfinite(grid->hi) || !(grid->lo < grid->hi) || grid->n < 11 ||
        grid->n > 2001)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "a grid rises and has 11 to 2001 points, not %zu", grid->n);
    psy_irt *const irt = psyi_alloc(allocator, 1, sizeof *irt);
    if (irt == NULL)
        return psyi_fail_memory(error, "item parameters");
    *irt = (psy_irt){.allocator = allocator, .n_items = n_items};
    psyi_arena_init(&irt->arena, allocator);
    if (!take_items(irt, a, d, highest) || !make_grid(irt, grid)) {
        psy_irt_free(irt);
        return psyi_fail_memory(error, "item parameters");
    }
    *out = irt;
    return PSY_OK;
}

void psy_irt_free(psy_irt *irt)
{
    if (irt == NULL)
        return;
    psyi_arena_done(&irt->arena);
    psyi_free(irt->allocator, irt);
}

size_t psy_irt_n_sums(const psy_irt *irt)
{
    return irt->n_sums;
}

/* ---- patterns ------------------------------------------------------------------------- */

static void posterior(const psy_irt *irt, const int8_t *pattern, double *work, double *mean,
                      double *deviation)
{
    const size_t n = irt->n_points;
    memcpy(work, irt->log_weight, n * sizeof *work);
    for (size_t i = 0; i < irt->n_items; i++) {
        if (pattern[i] < 0)
            continue;
        const double *const log_p = &irt->log_p[(irt->first[i] + (size_t)pattern[i]) * n];
        for (size_t q = 0; q < n; q++)
            work[q] += log_p[q];
    }
    double most = -INFINITY, all = 0, sum = 0, squares = 0;
    for (size_t q = 0; q < n; q++)
        most = fmax(most, work[q]);
    for (size_t q = 0; q < n; q++) {
        work[q] = exp(work[q] - most);
        all += work[q];
        sum += work[q] * irt->theta[q];
    }
    *mean = sum / all;
    for (size_t q = 0; q < n; q++) {
        const double far = irt->theta[q] - *mean;
        squares += work[q] * far * far;
    }
    *deviation = sqrt(squares / all);
}

typedef struct equation {
    const psy_irt *irt;
    const int8_t *pattern;
    psy_irt_method method;
} equation;

/* Expected information at theta over the answered items, and J = sum of P' P''/P. */
static void information(const equation *of, double theta, double *information_out, double *j)
{
    *information_out = 0;
    *j = 0;
    for (size_t i = 0; i < of->irt->n_items; i++) {
        const psyi_graded *const item = &of->irt->items[i];
        psyi_category category[MOST_SCORE + 1];
        if (of->pattern[i] < 0)
            continue;
        psyi_graded_categories(item, theta, category);
        for (size_t s = 0; s <= item->highest; s++) {
            /* P'/P is the slope of log P, and P''/P its square plus its own slope. */
            double slope = 0, bend = 0;
            psyi_graded_derivatives(item, s, theta, &slope, &bend);
            *information_out += category[s].p * slope * slope;
            *j += category[s].p * slope * (slope * slope + bend);
        }
    }
}

static double equation_at(const equation *of, double theta)
{
    double slope = 0, bend = 0;
    for (size_t i = 0; i < of->irt->n_items; i++)
        if (of->pattern[i] >= 0)
            psyi_graded_derivatives(&of->irt->items[i], (size_t)of->pattern[i], theta, &slope,
                                    &bend);
    if (of->method == PSY_IRT_MAP)
        return slope - theta;
    if (of->method == PSY_IRT_WLE) {
        double information_here, j;
        information(of, theta, &information_here, &j);
        return information_here > 0 ? slope + j / (2 * information_here) : slope;
    }
    return slope;
}

/* Halving to the last double between a (above 0) and b (not above 0). */
static double halve(const equation *of, double a, double b)
{
    for (int i = 0; i < 200; i++) {
        const double middle = a + (b - a) / 2;
        if (middle == a || middle == b)
            break;
        if (equation_at(of, middle) > 0)
            a = middle;
        else
            b = middle;
    }
    return a + (b - a) / 2;
}

static double solve(const equation *of)
{
    if (of->method == PSY_IRT_WLE) {
        double before = equation_at(of, -12);
        for (int i = 1; i <= 48; i++) {
            const double here = equation_at(of, -12 + i / 2.0);
            if (before > 0 && here <= 0)
                return halve(of, -12 + (i - 1) / 2.0, -12 + i / 2.0);
            before = here;
        }
        return NAN;
    }
    double reach = 4;
    while (reach < 4096 && equation_at(of, -reach) <= 0)
        reach *= 2;
    while (reach < 4096 && equation_at(of, reach) > 0)
        reach *= 2;
    return reach < 4096 ? halve(of, -reach, reach) : NAN;
}

/* -1 all lowest, 1 all highest, 0 otherwise, of the answered items. */
static int extreme(const psy_irt *irt, const int8_t *pattern)
{
    bool lowest = true, highest = true;
    for (size_t i = 0; i < irt->n_items; i++)
        if (pattern[i] >= 0) {
            lowest = lowest && pattern[i] == 0;
            highest = highest && (size_t)pattern[i] == irt->items[i].highest;
        }
    return lowest ? -1 : highest ? 1 : 0;
}

static void estimate(const psy_irt *irt, psy_irt_method method, const int8_t *pattern, double *work,
                     double *theta, double *deviation)
{
    const equation of = {.irt = irt, .pattern = pattern, .method = method};
    if (method == PSY_IRT_EAP) {
        posterior(irt, pattern, work, theta, deviation);
        return;
    }
    const int end = method == PSY_IRT_ML ? extreme(irt, pattern) : 0;
    *theta = end < 0 ? -INFINITY : end > 0 ? INFINITY : solve(&of);
    *deviation = NAN;
    if (!isfinite(*theta))
        return;
    double information_here, j;
    information(&of, *theta, &information_here, &j);
    *deviation = 1 / sqrt(information_here + (method == PSY_IRT_MAP ? 1 : 0));
}

static psy_status read_pattern(const psy_irt *irt, const double *scores, size_t row,
                               int8_t *pattern, bool *answered, psy_error *error)
{
    *answered = false;
    for (size_t i = 0; i < irt->n_items; i++) {
        const double score = scores[row * irt->n_items + i];
        pattern[i] = -1;
        if (isnan(score))
            continue;
        if (!(score >= 0 && score <= (double)irt->items[i].highest) || score != floor(score))
            return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                             "row %zu: item %zu has no score %g; its scores are 0 to %zu", row + 1,
                             i + 1, score, irt->items[i].highest);
        pattern[i] = (int8_t)score;
        *answered = true;
    }
    return PSY_OK;
}

psy_status psy_irt_score(const psy_irt *irt, psy_irt_method method, const double *scores,
                         size_t n_rows, double *theta, double *error_of_theta, psy_error *error)
{
    if ((unsigned)method > PSY_IRT_ML)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "there is no method %d", (int)method);
    double *const work = psyi_alloc(irt->allocator, irt->n_points, sizeof *work);
    int8_t *const pattern = psyi_alloc(irt->allocator, irt->n_items, sizeof *pattern);
    psy_status status = PSY_OK;
    if (work == NULL || pattern == NULL)
        status = psyi_fail_memory(error, "answer patterns");
    for (size_t row = 0; row < n_rows && status == PSY_OK; row++) {
        double value = NAN, deviation = NAN;
        bool answered;
        status = read_pattern(irt, scores, row, pattern, &answered, error);
        if (status == PSY_OK && answered)
            estimate(irt, method, pattern, work, &value, &deviation);
        if (status == PSY_OK) {
            theta[row] = value;
            if (error_of_theta != NULL)
                error_of_theta[row] = deviation;
        }
    }
    psyi_free(irt->allocator, pattern);
    psyi_free(irt->allocator, work);
    return status;
}

/* ---- sums ----------------------------------------------------------------------------- */

/* The distribution of the sum at one point: the recursion of Lord and Wingersky. */
static void sums_at(const psy_irt *irt, size_t point, double *chance, double *next)
{
    size_t n = 1;
    chance[0] = 1;
    for (size_t i = 0; i < irt->n_items; i++) {
        const size_t highest = irt->items[i].highest;
        memset(next, 0, (n + highest) * sizeof *next);
        for (size_t s = 0; s <= highest; s++) {
            const double p = irt->p[(irt->first[i] + s) * irt->n_points + point];
            for (size_t t = 0; t < n; t++)
                next[t + s] += chance[t] * p;
        }
        n += highest;
        memcpy(chance, next, n * sizeof *next);
    }
}

psy_status psy_irt_sums(const psy_irt *irt, double *theta, double *errors, double *share,
                        psy_error *error)
{
    const size_t n = irt->n_sums, n_points = irt->n_points;
    double *const all = psyi_alloc(irt->allocator, n * n_points, sizeof *all);
    double *const next = psyi_alloc(irt->allocator, n, sizeof *next);
    psy_status status = PSY_OK;
    if (all == NULL || next == NULL)
        status = psyi_fail_memory(error, "sum scores");
    for (size_t q = 0; q < n_points && status == PSY_OK; q++)
        sums_at(irt, q, &all[q * n], next);
    for (size_t s = 0; s < n && status == PSY_OK; s++) {
        double p = 0, sum = 0, squares = 0;
        for (size_t q = 0; q < n_points; q++) {
            p += all[q * n + s] * irt->weight[q];
            sum += all[q * n + s] * irt->weight[q] * irt->theta[q];
        }
        const double mean = sum / p;
        for (size_t q = 0; q < n_points; q++) {
            const double far = irt->theta[q] - mean;
            squares += all[q * n + s] * irt->weight[q] * far * far;
        }
        if (theta != NULL)
            theta[s] = mean;
        if (errors != NULL)
            errors[s] = sqrt(squares / p);
        if (share != NULL)
            share[s] = p;
    }
    psyi_free(irt->allocator, next);
    psyi_free(irt->allocator, all);
    return status;
}
