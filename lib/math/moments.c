/*
 * moments.c -- power sums of doubles as integers.
 *
 * Every double is an integer times a power of two.  With X = (x - smallest)/2^e all X are
 * non-negative integers, sums of their powers are exact, and each moment is one quotient of
 * integers, rounded once.
 */
#include "base/fail.h"
#include "math/big.h"

#include <psyscreen/moments.h>

#include <limits.h>
#include <math.h>
#include <stdbool.h>

enum { MOST_BITS = 300 };

/* What all values of a sample have in common. */
typedef struct frame {
    size_t n;
    double low;    /* the smallest */
    int unit;      /* every value is an integer times 2^unit */
    psyi_big base; /* |low|/2^unit */
} frame;

static void scale_up(psyi_big *a, int bits)
{
    for (; bits >= 32; bits -= 32)
        psyi_big_scale(a, UINT64_C(1) << 32);
    psyi_big_scale(a, UINT64_C(1) << bits);
}

/* |x|/2^unit */
static psyi_big magnitude(double x, int unit)
{
    psyi_big out;
    int exponent;
    const double fraction = frexp(fabs(x), &exponent);
    psyi_big_set(&out, (psyi_u128)(uint64_t)ldexp(fraction, 53));
    if (x != 0) {
        /* Trailing zeros may lie beneath the unit. */
        const int shift = exponent - 53 - unit;
        if (shift >= 0)
            scale_up(&out, shift);
        else
            psyi_big_divide(&out, UINT64_C(1) << -shift);
    }
    return out;
}

static int lowest_bit(double x)
{
    int exponent;
    const uint64_t digits = (uint64_t)ldexp(frexp(fabs(x), &exponent), 53);
    return exponent - 53 + __builtin_ctzll(digits);
}

static psy_status find_frame(const double *x, const double *with, size_t n, frame *out,
                             psy_error *error)
{
    *out = (frame){.low = INFINITY, .unit = INT_MAX};
    int top = INT_MIN;
    for (size_t i = 0; i < n; i++) {
        if (isnan(x[i]) || (with != NULL && isnan(with[i])))
            continue;
        if (isinf(x[i]))
            return psyi_fail(error, PSY_E_ARGUMENT, NULL, "value %zu is infinite", i + 1);
        out->n++;
        out->low = fmin(out->low, x[i]);
        if (x[i] == 0)
            continue;
        const int bit = lowest_bit(x[i]), high = ilogb(x[i]);
        out->unit = bit < out->unit ? bit : out->unit;
        top = high > top ? high : top;
    }
    if (out->unit == INT_MAX)
        out->unit = 0;
    else if (top - out->unit > MOST_BITS)
        return psyi_fail(error, PSY_E_LIMIT, NULL,
                         "the values lie more than %d bits apart: no exact sum", (int)MOST_BITS);
    if (out->n > 0)
        out->base = magnitude(out->low, out->unit);
    return PSY_OK;
}

/* (x - low)/2^unit */
static psyi_big distance(const frame *of, double x)
{
    psyi_big far = magnitude(x, of->unit);
    if (of->low < 0 && x >= 0) {
        psyi_big_add(&far, &of->base);
    } else if (of->low < 0) {
        psyi_big less = of->base;
        psyi_big_subtract(&less, &far);
        far = less;
    } else {
        psyi_big_subtract(&far, &of->base);
    }
    return far;
}

static void add_product(psyi_big *to, const psyi_big *a, const psyi_big *b)
{
    psyi_big product;
    psyi_big_multiply(&product, a, b);
    psyi_big_add(to, &product);
}

/* (plus - minus)/den * 2^unit, rounded once. */
static double quotient(const psyi_big *plus, const psyi_big *minus, const psyi_big *den, int unit)
{
    psyi_big difference;
    const bool negative = psyi_big_compare(plus, minus) < 0;
    difference = negative ? *minus : *plus;
    psyi_big_subtract(&difference, negative ? plus : minus);
    const double size = ldexp(psyi_big_quotient(&difference, den), unit);
    return negative ? -size : size;
}

/* out = a * b * times */
static psyi_big product(const psyi_big *a, const psyi_big *b, uint64_t times)
{
    psyi_big out;
    psyi_big_multiply(&out, a, b);
    psyi_big_scale(&out, times);
    return out;
}

typedef struct power_sums {
    psyi_big s1, s2, s3, s4;
} power_sums;

static void central(const frame *of, const power_sums *p, psy_moments *out)
{
    const uint64_t n = of->n;
    psyi_big none, den, plus, minus, square, cube;
    psyi_big_set(&none, 0);
    square = product(&p->s1, &p->s1, 1);
    cube = product(&square, &p->s1, 1);
    /* m2 = (n S2 - S1^2)/n */
    plus = p->s2;
    psyi_big_scale(&plus, n);
    psyi_big_set(&den, n);
    out->m2 = quotient(&plus, &square, &den, 2 * of->unit);
    if (n > 1) {
        psyi_big_scale(&den, n - 1);
        out->variance = quotient(&plus, &square, &den, 2 * of->unit);
    }
    /* m3 = (n^2 S3 + 2 S1^3 - 3 n S1 S2)/n^2 */
    plus = p->s3;
    psyi_big_scale(&plus, n);
    psyi_big_scale(&plus, n);
    psyi_big_add(&plus, &cube);
    psyi_big_add(&plus, &cube);
    minus = product(&p->s1, &p->s2, 3);
    psyi_big_scale(&minus, n);
    psyi_big_set(&den, (psyi_u128)n * n);
    out->m3 = quotient(&plus, &minus, &den, 3 * of->unit);
    /* m4 = (n^3 S4 + 6 n S1^2 S2 - 4 n^2 S1 S3 - 3 S1^4)/n^3 */
    plus = p->s4;
    for (int i = 0; i < 3; i++)
        psyi_big_scale(&plus, n);
    psyi_big more = product(&square, &p->s2, 6);
    psyi_big_scale(&more, n);
    psyi_big_add(&plus, &more);
    minus = product(&p->s1, &p->s3, 4);
    psyi_big_scale(&minus, n);
    psyi_big_scale(&minus, n);
    more = product(&cube, &p->s1, 3);
    psyi_big_add(&minus, &more);
    psyi_big_scale(&den, n);
    out->m4 = quotient(&plus, &minus, &den, 4 * of->unit);
}

/* n * low + s1 and its mean, in the unit. */
static void first_moments(const frame *of, const psyi_big *s1, psy_moments *out)
{
    psyi_big all = of->base, one, den;
    psyi_big_scale(&all, of->n);
    psyi_big_set(&one, 1);
    psyi_big_set(&den, of->n);
    psyi_big plus = *s1, none;
    psyi_big_set(&none, 0);
    if (of->low >= 0)
        psyi_big_add(&plus, &all);
    const psyi_big *const minus = of->low < 0 ? &all : &none;
    out->sum = quotient(&plus, minus, &one, of->unit);
    out->mean = quotient(&plus, minus, &den, of->unit);
}

psy_status psy_moments_of(const double *x, size_t n, psy_moments *out, psy_error *error)
{
    frame of;
    const psy_status status = find_frame(x, NULL, n, &of, error);
    if (status != PSY_OK)
        return status;
    *out = (psy_moments){.n = of.n,
                         .sum = 0,
                         .mean = NAN,
                         .m2 = NAN,
                         .m3 = NAN,
                         .m4 = NAN,
                         .variance = NAN,
                         .sd = NAN,
                         .skewness = NAN,
                         .kurtosis = NAN};
    if (of.n == 0)
        return PSY_OK;
    power_sums p;
    psyi_big_set(&p.s1, 0);
    p.s2 = p.s3 = p.s4 = p.s1;
    for (size_t i = 0; i < n; i++) {
        if (isnan(x[i]))
            continue;
        const psyi_big far = distance(&of, x[i]), square = product(&far, &far, 1);
        psyi_big_add(&p.s1, &far);
        psyi_big_add(&p.s2, &square);
        add_product(&p.s3, &square, &far);
        add_product(&p.s4, &square, &square);
    }
    first_moments(&of, &p.s1, out);
    central(&of, &p, out);
    out->sd = sqrt(out->variance);
    if (out->m2 > 0) {
        const double spread = out->m2 / (double)of.n;
        out->skewness = out->m3 / (double)of.n / (spread * sqrt(spread));
        out->kurtosis = out->m4 / (double)of.n / (spread * spread) - 3;
    }
    return PSY_OK;
}

psy_status psy_joint_moments_of(const double *x, const double *y, size_t n, psy_joint_moments *out,
                                psy_error *error)
{
    frame of_x, of_y;
    psy_status status = find_frame(x, y, n, &of_x, error);
    if (status == PSY_OK)
        status = find_frame(y, x, n, &of_y, error);
    if (status != PSY_OK)
        return status;
    *out = (psy_joint_moments){.n = of_x.n, .c = NAN, .covariance = NAN, .r = NAN};
    if (of_x.n == 0)
        return PSY_OK;
    psyi_big s, t, ss, tt, st;
    psyi_big_set(&s, 0);
    t = ss = tt = st = s;
    for (size_t i = 0; i < n; i++) {
        if (isnan(x[i]) || isnan(y[i]))
            continue;
        const psyi_big a = distance(&of_x, x[i]), b = distance(&of_y, y[i]);
        psyi_big_add(&s, &a);
        psyi_big_add(&t, &b);
        add_product(&ss, &a, &a);
        add_product(&tt, &b, &b);
        add_product(&st, &a, &b);
    }
    psyi_big den;
    const psyi_big s_t = product(&s, &t, 1), s_s = product(&s, &s, 1), t_t = product(&t, &t, 1);
    psyi_big_scale(&st, of_x.n);
    psyi_big_scale(&ss, of_x.n);
    psyi_big_scale(&tt, of_x.n);
    psyi_big_set(&den, of_x.n);
    out->c = quotient(&st, &s_t, &den, of_x.unit + of_y.unit);
    const double of_squares = quotient(&ss, &s_s, &den, 2 * of_x.unit);
    const double of_others = quotient(&tt, &t_t, &den, 2 * of_y.unit);
    if (of_squares > 0 && of_others > 0)
        out->r = out->c / sqrt(of_squares) / sqrt(of_others);
    if (of_x.n > 1) {
        psyi_big_scale(&den, of_x.n - 1);
        out->covariance = quotient(&st, &s_t, &den, of_x.unit + of_y.unit);
    }
    return PSY_OK;
}
