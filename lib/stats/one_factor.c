/*
 * one_factor.c -- a single common factor by minres and by maximum likelihood.
 *
 * Both work on the correlation matrix and scale back.  Minres by cyclic coordinates: each
 * step is the exact minimum over one loading, so the misfit never grows and the bound needs
 * no extra care.  Maximum likelihood by Fisher scoring over loadings and uniquenesses, from
 * the minres solution; the inverse of l l' + diag(u) is a formula (Sherman and Morrison), and
 * uniquenesses at their bound are held there while the gradient pushes them out.
 */
#include "base/fail.h"
#include "base/memory.h"
#include "math/linear.h"

#include <psyscreen/reliability.h>

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define LEAST_UNIQUE 0.005
#define MOST_ITEMS   512
#define MOST_SWEEPS  20000
#define MOST_STEPS   5000
#define FLAT         1e-11
#define AT_BOUND     (LEAST_UNIQUE * (1 + 1e-9))

typedef struct factor_work {
    size_t k;
    const double *r; /* correlations */
    double *l, *u;   /* loadings and uniquenesses so far */
    double *next_l, *next_u;
    double *v, *rv, *b, *rb; /* u^-1 l, R v, S^-1 l, R b */
    double *gradient, *hessian, *step;
    bool *held;
} factor_work;

static bool minres(const factor_work *work)
{
    const size_t k = work->k;
    const double most = sqrt(1 - LEAST_UNIQUE);
    double squares = 0;
    for (size_t i = 0; i < k; i++) {
        /* The first centroid: row sums, of one sign where the items agree. */
        double sum = 0;
        for (size_t j = 0; j < k; j++)
            sum += work->r[i * k + j];
        work->l[i] = sum;
        squares += sum * sum;
    }
    for (size_t i = 0; i < k; i++)
        work->l[i] = squares > 0 ? 0.7 * work->l[i] / sqrt(squares / (double)k) : 0.5;
    for (int sweep = 0; sweep < MOST_SWEEPS; sweep++) {
        double change = 0;
        for (size_t i = 0; i < k; i++) {
            double top = 0, bottom = 0;
            for (size_t j = 0; j < k; j++)
                if (j != i) {
                    top += work->r[i * k + j] * work->l[j];
                    bottom += work->l[j] * work->l[j];
                }
            const double next = bottom > 0 ? fmax(-most, fmin(most, top / bottom)) : 0;
            change = fmax(change, fabs(next - work->l[i]));
            work->l[i] = next;
        }
        if (change < 1e-14)
            break;
        if (sweep + 1 == MOST_SWEEPS)
            return change < 1e-9;
    }
    for (size_t i = 0; i < k; i++)
        work->u[i] = fmax(LEAST_UNIQUE, 1 - work->l[i] * work->l[i]);
    return true;
}

/* log det + trace of R S^-1, at l and u; leaves v, rv. */
static double misfit(const factor_work *work, const double *l, const double *u)
{
    const size_t k = work->k;
    double value = 0, c = 0, vrv = 0;
    for (size_t i = 0; i < k; i++) {
        work->v[i] = l[i] / u[i];
        c += l[i] * work->v[i];
        value += log(u[i]) + 1 / u[i];
    }
    for (size_t i = 0; i < k; i++) {
        double sum = 0;
        for (size_t j = 0; j < k; j++)
            sum += work->r[i * k + j] * work->v[j];
        work->rv[i] = sum;
        vrv += work->v[i] * sum;
    }
    return value + log1p(c) - vrv / (1 + c);
}

/* Gradient at l and u, and who is held; the largest free gradient. */
static double derive(const factor_work *work)
{
    const size_t k = work->k;
    misfit(work, work->l, work->u);
    double c = 0, vrv = 0;
    for (size_t i = 0; i < k; i++) {
        c += work->l[i] * work->v[i];
        vrv += work->v[i] * work->rv[i];
    }
    const double scale = 1 / (1 + c);
    double b_rb = 0, largest = 0;
    for (size_t i = 0; i < k; i++) {
        work->b[i] = work->v[i] * scale;
        work->rb[i] = work->rv[i] * scale;
        b_rb += work->v[i] * work->rb[i];
    }
    for (size_t i = 0; i < k; i++) {
        const double u = work->u[i], v = work->v[i];
        const double a_ii = 1 / u - v * v * scale;
        /* S^-1 R S^-1, its product with l and its diagonal */
        const double arb = work->rb[i] / u - v * b_rb * scale;
        const double ara =
            1 / (u * u) - 2 * v * work->rv[i] * scale / u + v * v * vrv * scale * scale;
        work->gradient[i] = 2 * (work->b[i] - arb);
        work->gradient[k + i] = a_ii - ara;
        work->held[i] = u <= AT_BOUND && work->gradient[k + i] >= 0;
        largest = fmax(largest, fabs(work->gradient[i]));
        if (!work->held[i])
            largest = fmax(largest, u * fabs(work->gradient[k + i]));
    }
    return largest;
}

/* The scoring step of the free parameters, from expected second derivatives. */
static bool solve_step(const factor_work *work)
{
    const size_t k = work->k, n = 2 * k;
    double c = 0;
    for (size_t i = 0; i < k; i++)
        c += work->l[i] * work->v[i];
    const double scale = 1 / (1 + c), q = c * scale;
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++) {
            const double a = (i == j ? 1 / work->u[i] : 0) - work->v[i] * work->v[j] * scale;
            work->hessian[i * n + j] = 2 * (work->b[i] * work->b[j] + a * q);
            work->hessian[i * n + k + j] = work->hessian[(k + j) * n + i] =
                work->held[j] ? 0 : 2 * a * work->b[j];
            work->hessian[(k + i) * n + k + j] = work->held[i] || work->held[j] ? (i == j) : a * a;
        }
    for (size_t i = 0; i < n; i++)
        work->step[i] = i >= k && work->held[i - k] ? 0 : -work->gradient[i];
    if (psyi_cholesky(work->hessian, n, 1e-14, NULL) != n)
        return false;
    psyi_cholesky_solve(work->hessian, n, work->step);
    return true;
}

/* Hold what stands at the bound and would step out of it; true where there was any. */
static bool hold_more(const factor_work *work)
{
    bool any = false;
    for (size_t i = 0; i < work->k; i++)
        if (!work->held[i] && work->u[i] <= AT_BOUND && work->step[work->k + i] < 0)
            any = work->held[i] = true;
    return any;
}

/* The step, halved until the misfit falls.  false where it never does. */
static bool descend(const factor_work *work)
{
    const size_t k = work->k;
    const double before = misfit(work, work->l, work->u);
    double longest = 1;
    /* Up to the first bound and not along it: beyond, the direction is another one. */
    for (size_t i = 0; i < k; i++)
        if (work->step[k + i] < 0)
            longest = fmin(longest, (work->u[i] - LEAST_UNIQUE) / -work->step[k + i]);
    for (double part = longest; part > 1e-12 * longest; part /= 2) {
        for (size_t i = 0; i < k; i++) {
            work->next_l[i] = work->l[i] + part * work->step[i];
            work->next_u[i] = fmax(LEAST_UNIQUE, work->u[i] + part * work->step[k + i]);
        }
        if (misfit(work, work->next_l, work->next_u) < before) {
            memcpy(work->l, work->next_l, k * sizeof *work->l);
            memcpy(work->u, work->next_u, k * sizeof *work->u);
            return true;
        }
    }
    return false;
}

static bool maximum_likelihood(const factor_work *work)
{
    for (int step = 0; step < MOST_STEPS; step++) {
        const double largest = derive(work);
        if (largest <= FLAT)
            return true;
        do
            if (!solve_step(work))
                return false;
        while (hold_more(work));
        /* Near the minimum rounding hides the last gain. */
        if (!descend(work))
            return largest <= 1e-6;
    }
    return false;
}

/* Correlations of `covariance` into r; false where a variance is not above 0. */
static bool to_correlations(const double *covariance, size_t k, double *r)
{
    for (size_t i = 0; i < k; i++)
        if (!(covariance[i * k + i] > 0) || isinf(covariance[i * k + i]))
            return false;
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++) {
            const double both = (covariance[i * k + j] + covariance[j * k + i]) / 2;
            r[i * k + j] =
                i == j ? 1 : both / (sqrt(covariance[i * k + i]) * sqrt(covariance[j * k + j]));
            if (!isfinite(r[i * k + j]))
                return false;
        }
    return true;
}

static psy_status fit(factor_work *work, double *r, const double *covariance,
                      psy_factor_method method, psy_error *error)
{
    const size_t k = work->k;
    if (!to_correlations(covariance, k, r))
        return psyi_fail(error, PSY_E_NUMERIC, NULL,
                         "the covariance matrix has a variance that is not above 0");
    work->r = r;
    if (method == PSY_FACTOR_ML) {
        memcpy(work->hessian, r, k * k * sizeof *r);
        if (psyi_cholesky(work->hessian, k, PSYI_RANK_TOLERANCE, NULL) != k)
            return psyi_fail(error, PSY_E_NUMERIC, NULL,
                             "the covariance matrix is not positive definite");
    }
    if (!minres(work) || (method == PSY_FACTOR_ML && !maximum_likelihood(work)))
        return psyi_fail(error, PSY_E_NUMERIC, NULL, "no single factor was found");
    return PSY_OK;
}

psy_status psy_factor_fit(const double *covariance, size_t n_items, psy_factor_method method,
                          double *loadings, double *unique, size_t *at_bound,
                          const psy_allocator *allocator, psy_error *error)
{
    if (covariance == NULL || loadings == NULL || unique == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "matrix or place missing");
    if (n_items < 3 || n_items > MOST_ITEMS)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "a factor of %zu items: expected 3 to %d",
                         n_items, MOST_ITEMS);
    if (method != PSY_FACTOR_ML && method != PSY_FACTOR_MINRES)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "no method %d", (int)method);
    const size_t k = n_items;
    psyi_arena arena;
    psyi_arena_init(&arena, allocator);
    double *const r = psyi_arena_alloc(&arena, k * k, sizeof *r);
    double *const vectors = psyi_arena_alloc(&arena, 12 * k, sizeof *vectors);
    factor_work work = {.k = k};
    work.hessian = psyi_arena_alloc(&arena, 4 * k * k, sizeof *work.hessian);
    work.held = psyi_arena_alloc(&arena, k, sizeof *work.held);
    psy_status status;
    if (!r || !vectors || !work.hessian || !work.held) {
        status = psyi_fail_memory(error, "a factor");
        goto done;
    }
    double **const parts[] = {&work.l, &work.u,  &work.next_l, &work.next_u,
                              &work.v, &work.rv, &work.b,      &work.rb};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        *parts[i] = vectors + i * k;
    work.gradient = vectors + 8 * k;
    work.step = vectors + 10 * k;
    if ((status = fit(&work, r, covariance, method, error)) != PSY_OK)
        goto done;
    double sum = 0;
    size_t n_bound = 0;
    for (size_t i = 0; i < k; i++)
        sum += work.l[i] * sqrt(covariance[i * k + i]);
    for (size_t i = 0; i < k; i++) {
        const double variance = covariance[i * k + i];
        n_bound += work.u[i] <= AT_BOUND;
        loadings[i] = (sum < 0 ? -1 : 1) * work.l[i] * sqrt(variance);
        unique[i] = work.u[i] * variance;
    }
    if (at_bound != NULL)
        *at_bound = n_bound;

done:
    psyi_arena_done(&arena);
    return status;
}
