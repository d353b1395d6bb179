/*
 * key_fit.c -- which items of a scale run against the others.
 *
 * The first principal component of the correlations does not care how an item is keyed: a
 * flipped item changes the sign of its own loading and nothing else.  So the component says
 * which items go together, and the correlation of an item with the others, all of them turned
 * to the component, says how sure one can be, also where a flipped item spoils the plain sum
 * of a short scale.
 */
#include "stats/key_fit.h"

#include "base/fail.h"
#include "base/memory.h"
#include "stats/covariance.h"

#include <psyscreen/distribution.h>

#include <math.h>

#define FEWEST_ROWS 30
#define MOST_STEPS  2000

const char *psyi_key_verdict_name(psyi_key_verdict verdict)
{
    static const char *const names[] = {"fits", "against", "weak", "unclear", "few", "constant"};
    return names[verdict];
}

typedef struct fit {
    size_t n; /* items that vary */
    size_t *which; /* their indices */
    double *covariance, *vector, *next, *turned;
    psyi_key_item *out;
    double normal; /* quantile of the interval */
} fit;

static double at(const fit *f, size_t i, size_t j)
{
    return f->covariance[i * f->n + j];
}

static bool fill_covariance(fit *f, const double *const *items, size_t n_rows)
{
    for (size_t i = 0; i < f->n; i++)
        f->out[f->which[i]].n = n_rows;
    bool whole = true;
    for (size_t i = 0; i < f->n; i++)
        for (size_t j = 0; j <= i; j++) {
            size_t rows;
            const double c =
                psyi_pair_covariance(items[f->which[i]], items[f->which[j]], NULL, n_rows, &rows);
            f->covariance[i * f->n + j] = f->covariance[j * f->n + i] = c;
            psyi_key_item *const one = &f->out[f->which[i]], *const other = &f->out[f->which[j]];
            if (i != j || f->n == 1) {
                one->n = rows < one->n ? rows : one->n;
                other->n = rows < other->n ? rows : other->n;
            }
            whole = whole && !isnan(c);
        }
    return whole;
}

/* Correlation of item i with the sum of the others, each times its sign (NULL: as keyed). */
static double rest_correlation(const fit *f, size_t i, const double *signs)
{
    double with = 0, rest = 0;
    for (size_t j = 0; j < f->n; j++) {
        const double sign_j = signs == NULL ? 1 : signs[j];
        if (j == i)
            continue;
        with += sign_j * at(f, i, j);
        for (size_t k = 0; k < f->n; k++)
            if (k != i)
                rest += sign_j * (signs == NULL ? 1 : signs[k]) * at(f, j, k);
    }
    const double scale = sqrt(at(f, i, i) * rest);
    if (!(scale > 0))
        return NAN;
    const double r = with / scale;
    return r > 1 ? 1 : r < -1 ? -1 : r;
}

/* Power iteration on the correlations plus n times the identity: that has no negative
 * eigenvalue, pairwise or not, so the largest one dominates. */
static void first_component(fit *f)
{
    double *v = f->vector, *w = f->next;
    size_t start = 0;
    double most = -1;
    for (size_t i = 0; i < f->n; i++) {
        double sum = 0;
        for (size_t j = 0; j < f->n; j++)
            sum += fabs(at(f, i, j)) / sqrt(at(f, i, i) * at(f, j, j));
        if (sum > most) {
            most = sum;
            start = i;
        }
    }
    for (size_t j = 0; j < f->n; j++)
        v[j] = at(f, start, j) / sqrt(at(f, start, start) * at(f, j, j));
    double eigenvalue = 0;
    for (int step = 0; step < MOST_STEPS; step++) {
        double norm = 0, change = 0;
        for (size_t i = 0; i < f->n; i++) {
            w[i] = (double)f->n * v[i];
            for (size_t j = 0; j < f->n; j++)
                w[i] += at(f, i, j) / sqrt(at(f, i, i) * at(f, j, j)) * v[j];
            norm += w[i] * w[i];
        }
        norm = sqrt(norm);
        for (size_t i = 0; i < f->n; i++) {
            change += fabs(w[i] / norm - v[i]);
            v[i] = w[i] / norm;
        }
        eigenvalue = norm - (double)f->n;
        if (step > 0 && change < 1e-12)
            break;
    }
    double sum = 0;
    for (size_t i = 0; i < f->n; i++)
        sum += v[i];
    const double scale = (sum < 0 ? -1 : 1) * sqrt(eigenvalue > 0 ? eigenvalue : 0);
    for (size_t i = 0; i < f->n; i++)
        f->out[f->which[i]].loading = v[i] * scale;
}

static double median(double *values, size_t n)
{
    for (size_t i = 1; i < n; i++)
        for (size_t j = i; j > 0 && values[j] < values[j - 1]; j--) {
            const double swapped = values[j];
            values[j] = values[j - 1];
            values[j - 1] = swapped;
        }
    return n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

static void set_interval(const fit *f, psyi_key_item *item)
{
    if (item->n <= 3 || isnan(item->item_rest_r))
        return;
    const double z = atanh(item->item_rest_r), width = f->normal / sqrt((double)item->n - 3);
    item->low = tanh(z - width);
    item->high = tanh(z + width);
}

static void judge(fit *f)
{
    double *const signs = f->next;
    size_t n_against = 0;
    for (size_t i = 0; i < f->n; i++)
        signs[i] = f->out[f->which[i]].loading < 0 ? -1 : 1;
    for (size_t i = 0; i < f->n; i++) {
        psyi_key_item *const item = &f->out[f->which[i]];
        item->turned_r = f->vector[i] = signs[i] * rest_correlation(f, i, signs);
        item->item_rest_r = rest_correlation(f, i, NULL);
        set_interval(f, item);
    }
    const double typical = median(f->vector, f->n);
    for (size_t i = 0; i < f->n; i++) {
        psyi_key_item *const item = &f->out[f->which[i]];
        const double noise = 1.645 / sqrt((double)item->n - 3);
        const double threshold = noise < typical / 4 ? noise : typical / 4;
        item->verdict = PSYI_KEY_FITS;
        if (item->n < FEWEST_ROWS)
            item->verdict = PSYI_KEY_FEW;
        else if (signs[i] < 0 && item->turned_r > threshold)
            item->verdict = PSYI_KEY_AGAINST;
        else if (!(item->low > 0))
            item->verdict = PSYI_KEY_WEAK;
        n_against += item->verdict == PSYI_KEY_AGAINST;
    }
    /* Of two items that disagree, as of two halves, neither is the wrong one. */
    const bool two = f->n == 2 && at(f, 0, 1) < 0;
    for (size_t i = 0; i < f->n; i++) {
        psyi_key_item *const item = &f->out[f->which[i]];
        if (two && item->n >= FEWEST_ROWS)
            item->verdict = item->high < 0 ? PSYI_KEY_UNCLEAR : PSYI_KEY_WEAK;
        else if (n_against * 3 > f->n && item->verdict == PSYI_KEY_AGAINST)
            item->verdict = PSYI_KEY_UNCLEAR;
    }
}

static bool varies(const double *column, size_t n_rows)
{
    double first = NAN;
    for (size_t row = 0; row < n_rows; row++) {
        if (isnan(first))
            first = column[row];
        else if (!isnan(column[row]) && (column[row] < first || column[row] > first))
            return true;
    }
    return false;
}

psy_status psyi_key_fit(const double *const *items, size_t n_items, size_t n_rows, double level,
                        psyi_key_item *out, const psy_allocator *allocator, psy_error *error)
{
    fit f = {.out = out};
    f.normal = psy_normal_quantile(0.5 + level / 2);
    f.which = psyi_alloc(allocator, n_items, sizeof *f.which);
    if (f.which == NULL)
        return psyi_fail_memory(error, "a key check");
    for (size_t i = 0; i < n_items; i++) {
        out[i] = (psyi_key_item){.item_rest_r = NAN, .low = NAN, .high = NAN, .loading = NAN,
                                 .turned_r = NAN, .verdict = PSYI_KEY_CONSTANT};
        for (size_t row = 0; row < n_rows; row++)
            out[i].n += isnan(items[i][row]) ? 0u : 1u;
        if (varies(items[i], n_rows))
            f.which[f.n++] = i;
    }
    psy_status status = PSY_OK;
    if (f.n >= 2) {
        double *const room = psyi_alloc(allocator, f.n * f.n + 2 * f.n, sizeof *room);
        if (room == NULL)
            status = psyi_fail_memory(error, "a key check");
        if (status == PSY_OK) {
            f.covariance = room;
            f.vector = room + f.n * f.n;
            f.next = f.vector + f.n;
            bool whole = fill_covariance(&f, items, n_rows);
            for (size_t i = 0; i < f.n; i++)
                whole = whole && at(&f, i, i) > 0;
            if (whole) {
                first_component(&f);
                judge(&f);
            } else {
                for (size_t i = 0; i < f.n; i++)
                    out[f.which[i]].verdict = PSYI_KEY_FEW;
            }
        }
        psyi_free(allocator, room);
    } else if (f.n == 1) {
        out[f.which[0]].verdict = PSYI_KEY_FEW;
    }
    psyi_free(allocator, f.which);
    return status;
}
