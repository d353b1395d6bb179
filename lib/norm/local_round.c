/*
 * local_round.c -- T and z of a local group, rounded once and never by a rounded root.
 *
 * With integers X over a common denominator the group has N = n, S = sum of X and
 * V = n * sum of X^2 - S^2, and z = (n X - S) sqrt((n - 1) / (n V)).  Whether a printed step j
 * is reached is a comparison of z with a rational, that is, of two squares of integers.
 * Prorated scores bring denominators whose common multiple passes 64 bits, so the last
 * steps are taken in wide integers: there is no case that is decided by floating point.  A
 * root in doubles only says where to start looking.
 */
#include "norm/local_round.h"

#include <psyscreen/standard_score.h>

#include <math.h>

int64_t psyi_common_divisor(int64_t a, int64_t b)
{
    while (b != 0) {
        const int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* (score - offset) * score.den, or false when it does not fit. */
static bool distance(const psyi_group_sums *sums, psyi_ratio score, int64_t *out)
{
    int64_t shift;
    return score.den > 0 && !__builtin_mul_overflow(sums->offset, score.den, &shift) &&
           !__builtin_sub_overflow(score.num, shift, out);
}

void psyi_sums_start(psyi_group_sums *sums, psyi_ratio smallest)
{
    sums->n = 0;
    sums->n_parts = 0;
    sums->failed = smallest.den <= 0;
    sums->offset = sums->failed ? 0 : psyi_ratio_floor(smallest).num;
}

void psyi_sums_add(psyi_group_sums *sums, psyi_ratio score, uint64_t count)
{
    int64_t far;
    if (count == 0 || sums->failed)
        return;
    if (!distance(sums, score, &far) || far < 0 ||
        __builtin_add_overflow(sums->n, count, &sums->n)) {
        sums->failed = true;
        return;
    }
    size_t i = 0;
    while (i < sums->n_parts && sums->parts[i].den != score.den)
        i++;
    if (i == PSYI_SUMS_DENOMINATORS) {
        sums->failed = true;
        return;
    }
    psyi_part_sums *const part = &sums->parts[i];
    if (i == sums->n_parts) {
        sums->n_parts++;
        *part = (psyi_part_sums){.den = score.den};
    }
    psyi_u128 times, squared;
    if (__builtin_mul_overflow((psyi_u128)far, count, &times) ||
        __builtin_mul_overflow(times, (psyi_u128)far, &squared) ||
        __builtin_add_overflow(part->sum, times, &part->sum) ||
        __builtin_add_overflow(part->squares, squared, &part->squares))
        sums->failed = true;
}

/* den / divisor, which must divide it. */
static void share_of(psyi_big *out, const psyi_big *den, int64_t divisor)
{
    *out = *den;
    psyi_big_divide(out, (uint64_t)divisor);
}

void psyi_sums_finish(psyi_group_sums *sums)
{
    psyi_big_set(&sums->den, 1);
    for (size_t i = 0; i < sums->n_parts; i++) {
        psyi_big rest = sums->den;
        const uint64_t den = (uint64_t)sums->parts[i].den;
        const uint64_t left = psyi_big_divide(&rest, den);
        psyi_big_scale(&sums->den,
                       den / (uint64_t)psyi_common_divisor((int64_t)den, (int64_t)left));
    }
    psyi_big squares, part, share, scaled;
    psyi_big_set(&sums->sum, 0);
    psyi_big_set(&squares, 0);
    for (size_t i = 0; i < sums->n_parts; i++) {
        share_of(&share, &sums->den, sums->parts[i].den);
        psyi_big_set(&part, sums->parts[i].sum);
        psyi_big_multiply(&scaled, &part, &share);
        psyi_big_add(&sums->sum, &scaled);
        psyi_big_set(&part, sums->parts[i].squares);
        psyi_big_multiply(&scaled, &part, &share);
        psyi_big_multiply(&part, &scaled, &share);
        psyi_big_add(&squares, &part);
    }
    psyi_big_scale(&squares, sums->n);
    psyi_big_multiply(&part, &sums->sum, &sums->sum);
    sums->spread = squares;
    psyi_big_subtract(&sums->spread, &part);
    sums->failed = sums->failed || sums->spread.too_big || sums->sum.too_big;
}

double psyi_sums_mean(const psyi_group_sums *sums)
{
    if (sums->failed || sums->n < 1)
        return NAN;
    psyi_big den = sums->den, num = sums->sum, shift;
    psyi_big_scale(&den, sums->n);
    shift = den;
    psyi_big_scale(&shift, sums->offset < 0 ? 0 - (uint64_t)sums->offset : (uint64_t)sums->offset);
    if (sums->offset >= 0) {
        psyi_big_add(&num, &shift);
        return psyi_big_quotient(&num, &den);
    }
    if (psyi_big_compare(&num, &shift) >= 0) {
        psyi_big_subtract(&num, &shift);
        return psyi_big_quotient(&num, &den);
    }
    psyi_big_subtract(&shift, &num);
    return -psyi_big_quotient(&shift, &den);
}

double psyi_sums_variance(const psyi_group_sums *sums)
{
    if (sums->failed || sums->n < 2)
        return NAN;
    psyi_big den, square;
    psyi_big_multiply(&square, &sums->den, &sums->den);
    den = square;
    psyi_big_scale(&den, sums->n);
    psyi_big_scale(&den, sums->n - 1);
    return psyi_big_quotient(&sums->spread, &den);
}

/* z = sign * sqrt(over / under). */
typedef struct exact_z {
    int sign;
    psyi_big over, under;
} exact_z;

static bool find_z(const psyi_group_sums *sums, psyi_ratio score, exact_z *z)
{
    /* On the common denominator of the group and this score, which may be new to it. */
    psyi_big rest = sums->den;
    const uint64_t left = psyi_big_divide(&rest, (uint64_t)score.den);
    const uint64_t more =
        (uint64_t)score.den / (uint64_t)psyi_common_divisor(score.den, (int64_t)left);
    psyi_big den = sums->den, all = sums->sum, share, x, from, difference;
    psyi_big_scale(&den, more);
    psyi_big_scale(&all, more);
    share_of(&share, &den, score.den);
    int64_t far;
    if (!distance(sums, score, &far))
        return false;
    psyi_big_set(&x, far < 0 ? 0 - (uint64_t)far : (uint64_t)far);
    psyi_big_multiply(&from, &x, &share);
    psyi_big_scale(&from, sums->n); /* |n X| */
    if (far < 0) {
        difference = from;
        psyi_big_add(&difference, &all);
        z->sign = -1;
    } else {
        z->sign = psyi_big_compare(&from, &all);
        difference = z->sign >= 0 ? from : all;
        psyi_big_subtract(&difference, z->sign >= 0 ? &all : &from);
    }
    psyi_big_multiply(&z->over, &difference, &difference);
    psyi_big_scale(&z->over, sums->n - 1);
    z->under = sums->spread;
    psyi_big_scale(&z->under, sums->n);
    psyi_big_scale(&z->under, more);
    psyi_big_scale(&z->under, more);
    return !z->over.too_big && !z->under.too_big;
}

/* Is `u` <= m z, decided on squares?  *too_big when they do not fit. */
static bool not_above(int64_t u, int64_t m, const exact_z *z, bool *too_big)
{
    if (u <= 0 && z->sign >= 0)
        return true;
    if (u >= 0 && z->sign < 0)
        return false;
    if (u > 0 && z->sign == 0)
        return false;
    psyi_big left = z->under, right = z->over;
    const uint64_t size = u < 0 ? 0 - (uint64_t)u : (uint64_t)u;
    psyi_big_scale(&left, size);
    psyi_big_scale(&left, size);
    psyi_big_scale(&right, (uint64_t)m);
    psyi_big_scale(&right, (uint64_t)m);
    *too_big = *too_big || left.too_big || right.too_big;
    const int order = psyi_big_compare(&left, &right);
    return u > 0 ? order <= 0 : order >= 0;
}

static const int64_t power_of_ten[] = {1, 10, 100, 1000, 10000, 100000, 1000000};

psyi_ratio psyi_sums_standard(const psyi_group_sums *sums, psyi_ratio score, int64_t centre,
                              int64_t unit, unsigned decimals, psyi_rounding rounding)
{
    exact_z z;
    if (sums->failed || sums->n < 2 || sums->spread.n == 0 || score.den <= 0 ||
        decimals >= sizeof power_of_ten / sizeof *power_of_ten || !find_z(sums, score, &z))
        return PSYI_RATIO_NONE;
    /* Upwards is downwards of the negative. */
    const bool up = rounding == PSYI_ROUND_UP;
    if (up) {
        z.sign = -z.sign;
        centre = -centre;
    }
    const int64_t ten = power_of_ten[decimals];
    const int64_t half = rounding == PSYI_ROUND_HALF_UP;
    const double guess = psyi_big_quotient(&z.over, &z.under);
    if (!(guess < 1e18))
        return PSYI_RATIO_NONE;
    double near = floor((double)(centre * ten) + (double)half / 2 +
                        z.sign * sqrt(guess) * (double)(unit * ten));
    if (!(fabs(near) < 1e15))
        return PSYI_RATIO_NONE;
    /* The largest j with j - half/2 <= ten (centre + unit z). */
    int64_t j = (int64_t)near;
    bool too_big = false;
    while (not_above(2 * (j + 1) - half - 2 * centre * ten, 2 * unit * ten, &z, &too_big) &&
           !too_big)
        j++;
    while (!not_above(2 * j - half - 2 * centre * ten, 2 * unit * ten, &z, &too_big) && !too_big)
        j--;
    return too_big ? PSYI_RATIO_NONE : psyi_ratio_make(up ? -j : j, ten);
}

psyi_ratio psyi_mid_rank(uint64_t below, uint64_t equal, uint64_t n, unsigned decimals,
                         psyi_rounding rounding)
{
    if (n < 1 || n > (uint64_t)1 << 48)
        return PSYI_RATIO_NONE;
    const psyi_ratio rank =
        psyi_ratio_make(100 * (2 * (int64_t)below + (int64_t)equal), 2 * (int64_t)n);
    return psyi_percentile_within(psyi_round_ratio(rank, decimals, rounding), decimals);
}

psyi_ratio psyi_percentile_within(psyi_ratio percentile, unsigned decimals)
{
    if (percentile.den <= 0 || decimals >= sizeof power_of_ten / sizeof *power_of_ten)
        return percentile;
    const psyi_ratio least = psyi_ratio_make(1, power_of_ten[decimals]);
    const psyi_ratio most = psyi_ratio_sub((psyi_ratio){100, 1}, least);
    return psyi_ratio_compare(percentile, least) < 0  ? least
           : psyi_ratio_compare(percentile, most) > 0 ? most
                                                      : percentile;
}

psyi_ratio psyi_round_ratio(psyi_ratio value, unsigned decimals, psyi_rounding rounding)
{
    if (rounding == PSYI_ROUND_HALF_UP)
        return psyi_ratio_round_to(value, decimals);
    if (decimals >= sizeof power_of_ten / sizeof *power_of_ten)
        return PSYI_RATIO_NONE;
    const psyi_ratio ten = {power_of_ten[decimals], 1};
    const psyi_ratio scaled = psyi_ratio_mul(value, ten);
    return psyi_ratio_div(
        rounding == PSYI_ROUND_UP ? psyi_ratio_ceil(scaled) : psyi_ratio_floor(scaled), ten);
}

psyi_ratio psyi_round_double(double value, unsigned decimals, psyi_rounding rounding)
{
    if (!(fabs(value) < 1e9) || decimals >= sizeof power_of_ten / sizeof *power_of_ten)
        return PSYI_RATIO_NONE;
    const int64_t ten = power_of_ten[decimals];
    const double scaled = value * (double)ten;
    const double whole = rounding == PSYI_ROUND_UP     ? ceil(scaled)
                         : rounding == PSYI_ROUND_DOWN ? floor(scaled)
                                                       : floor(scaled + 0.5);
    return psyi_ratio_make((int64_t)whole, ten);
}

bool psyi_metric_line(psyi_metric metric, int64_t *centre, int64_t *unit)
{
    static const struct {
        psyi_metric metric;
        int64_t centre, unit;
    } lines[] = {{PSYI_METRIC_T, 50, 10},
                 {PSYI_METRIC_Z, 0, 1},
                 {PSYI_METRIC_IQ, 100, 15},
                 {PSYI_METRIC_STANINE_LINEAR, 5, 2},
                 {PSYI_METRIC_STEN_LINEAR, 6, 2}};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (lines[i].metric == metric) {
            *centre = lines[i].centre;
            *unit = lines[i].unit;
            return true;
        }
    return false;
}

psyi_rounding psyi_metric_rounding(psyi_metric metric, psyi_rounding otherwise)
{
    return metric == PSYI_METRIC_STANINE_LINEAR ? PSYI_ROUND_HALF_UP
           : metric == PSYI_METRIC_STEN_LINEAR  ? PSYI_ROUND_DOWN
                                                : otherwise;
}

psyi_ratio psyi_metric_within(psyi_metric metric, psyi_ratio value)
{
    const bool stanine = metric == PSYI_METRIC_STANINE_LINEAR;
    if (value.den <= 0 || (!stanine && metric != PSYI_METRIC_STEN_LINEAR))
        return value;
    const psyi_ratio least = {1, 1}, most = {stanine ? 9 : 10, 1};
    return psyi_ratio_compare(value, least) < 0  ? least
           : psyi_ratio_compare(value, most) > 0 ? most
                                                 : value;
}

static double normal_score(const psyi_rank_place *at, psy_rank_method method, psyi_ratio score)
{
    if (at->equal > 0)
        return psy_normal_score(method, at->below, at->equal, at->n);
    const double low = psy_normal_score(method, at->low_below, at->low_count, at->n);
    const double high = psy_normal_score(method, at->below, at->high_count, at->n);
    if (at->low_count == 0 || at->high_count == 0)
        return at->low_count == 0 ? high : low;
    const double share = psyi_ratio_double(
        psyi_ratio_div(psyi_ratio_sub(score, at->low), psyi_ratio_sub(at->high, at->low)));
    return low + (high - low) * share;
}

psyi_ratio psyi_rank_standard(const psyi_rank_place *at, psyi_metric metric, psyi_ratio score,
                              unsigned decimals, psyi_rounding rounding)
{
    switch (metric) {
    case PSYI_METRIC_PERCENTILE:
        return psyi_mid_rank(at->below, at->equal, at->n, decimals, rounding);
    case PSYI_METRIC_STANINE_PERCENT:
        return (psyi_ratio){psy_stanine_percent(at->below, at->equal, at->n), 1};
    case PSYI_METRIC_STEN_PERCENT:
        return (psyi_ratio){psy_sten_percent(at->below, at->equal, at->n), 1};
    case PSYI_METRIC_T_BLOM:
    case PSYI_METRIC_T_TUKEY:
    case PSYI_METRIC_T_WAERDEN:
    case PSYI_METRIC_T_RANKIT:
        return psyi_round_double(
            psy_standard_t(normal_score(at, (psy_rank_method)(metric - PSYI_METRIC_T_BLOM), score)),
            decimals, rounding);
    default:
        return PSYI_RATIO_NONE;
    }
}
