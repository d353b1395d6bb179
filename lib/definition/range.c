/*
 * range.c -- between which ends a score lies, worked out from its items.
 *
 * The range counts what the missing rule and the steps can make of a score: a prorated sum of
 * items with different ranges can lie outside the sum of the ranges.  Everything is exact; an
 * overflow makes a range unknown, never wrong.
 */
#include "definition/build.h"

#include <stdlib.h>
#include <string.h>

typedef struct span {
    psyi_ratio low, high;
    bool integer;
} span;

static const span unknown = {{0, 0}, {0, 0}, false};

static bool is_known(span s)
{
    return s.low.den != 0 && s.high.den != 0;
}

static psyi_ratio whole(int64_t value)
{
    return psyi_ratio_make(value, 1);
}

/* Can the canonical code come from a code of this variant? */
static bool reachable(const psyi_variant *variant, int32_t code)
{
    if (variant->given == NULL)
        return true;
    for (size_t i = 0; i < variant->n_codes; i++)
        if (variant->canonical[i] == code)
            return true;
    return false;
}

/* Item scores as they enter a sum: canonical, of the variant's codes, less its shift. */
static span item_span(const struct psy_instrument *instrument, unsigned index,
                      const psyi_variant *variant)
{
    const psyi_item *const item = &instrument->items[index];
    const psyi_response *const response = &instrument->responses[item->response];
    int32_t low = item->high, high = item->low;
    for (size_t i = 0; item->scores != NULL && i < response->n_codes; i++)
        if (reachable(variant, response->codes[i])) {
            low = item->scores[i] < low ? item->scores[i] : low;
            high = item->scores[i] > high ? item->scores[i] : high;
        }
    if (low > high || item->scores == NULL) {
        low = item->low;
        high = item->high;
    }
    const psyi_ratio shift = whole(variant->shift);
    return (span){psyi_ratio_sub(psyi_ratio_make(low, item->scale), shift),
                  psyi_ratio_sub(psyi_ratio_make(high, item->scale), shift), item->scale == 1};
}

static span add(span a, span b)
{
    return (span){psyi_ratio_add(a.low, b.low), psyi_ratio_add(a.high, b.high),
                  a.integer && b.integer};
}

static span sum_of_items(const struct psy_instrument *instrument, const psyi_scale *scale,
                         const psyi_variant *variant)
{
    span total = {whole(0), whole(0), true};
    for (size_t i = 0; i < scale->n_items; i++)
        total = add(total, item_span(instrument, scale->items[i], variant));
    return total;
}

static span divide(span s, size_t n)
{
    const psyi_ratio by = whole((int64_t)n);
    return (span){psyi_ratio_div(s.low, by), psyi_ratio_div(s.high, by), s.integer && n == 1};
}

static span complete(const struct psy_instrument *instrument, const psyi_scale *scales,
                     const psyi_scale *scale, const psyi_variant *variant)
{
    span s = {whole(0), whole(0), true};
    switch (scale->score) {
    case PSYI_SCORE_SUM:
        return scale->n_items == 0 ? unknown : sum_of_items(instrument, scale, variant);
    case PSYI_SCORE_MEAN:
        return scale->n_items == 0
                   ? unknown
                   : divide(sum_of_items(instrument, scale, variant), scale->n_items);
    case PSYI_SCORE_PARTS:
        if (scale->n_parts == 0)
            return unknown;
        for (size_t i = 0; i < scale->n_parts; i++) {
            const psyi_scale *const part = &scales[scale->parts[i]];
            s = add(s, (span){part->low, part->high, part->integer});
        }
        return is_known(s) ? s : unknown;
    case PSYI_SCORE_EXPRESSION:
        if (scale->program == NULL)
            return unknown;
        psyi_program_range(scale->program, &s.low, &s.high, &s.integer);
        return s;
    }
    return unknown;
}

void psyi_complete_range(const struct psy_instrument *instrument, const psyi_variant *variant,
                         const psyi_scale *scale, psyi_ratio *low, psyi_ratio *high, bool *integer)
{
    const span s = complete(instrument, variant->scales, scale, variant);
    *low = s.low;
    *high = s.high;
    *integer = s.integer;
}

/* ---- what missing answers add ----------------------------------------------------------- */

static int ascending(const void *a, const void *b)
{
    const psyi_ratio *const x = a, *const y = b;
    return psyi_ratio_compare(*x, *y);
}

/* Mean of the `n` lowest lows and of the `n` highest highs. */
static span extreme_means(psyi_build *build, const psyi_scale *scale, const psyi_variant *variant,
                          size_t n)
{
    psyi_loader *const loader = build->loader;
    psyi_ratio *const ends = psyi_alloc(loader->allocator, 2 * scale->n_items, sizeof *ends);
    if (ends == NULL) {
        psyi_loader_nomem(loader);
        return unknown;
    }
    psyi_ratio *const highs = ends + scale->n_items;
    for (size_t i = 0; i < scale->n_items; i++) {
        const span item = item_span(build->instrument, scale->items[i], variant);
        ends[i] = item.low;
        highs[i] = item.high;
    }
    qsort(ends, scale->n_items, sizeof *ends, ascending);
    qsort(highs, scale->n_items, sizeof *highs, ascending);
    span s = {whole(0), whole(0), false};
    for (size_t i = 0; i < n; i++) {
        s.low = psyi_ratio_add(s.low, ends[i]);
        s.high = psyi_ratio_add(s.high, highs[scale->n_items - 1 - i]);
    }
    psyi_free(loader->allocator, ends);
    return divide(s, n);
}

static void widen(span *s, span by)
{
    if (!is_known(by))
        return;
    if (psyi_ratio_compare(by.low, s->low) < 0)
        s->low = by.low;
    if (psyi_ratio_compare(by.high, s->high) > 0)
        s->high = by.high;
}

static span with_missing(psyi_build *build, const psyi_scale *scale, const psyi_variant *variant,
                         span s)
{
    const size_t k = scale->n_items;
    if (scale->missing == PSYI_MISSING_NONE || scale->allow == 0 || k == 0 || !is_known(s))
        return s;
    if (scale->missing == PSYI_MISSING_ZERO) {
        /* Any item may count 0 instead; more than `allow` of them at once cannot, but the
         * difference matters to nobody. */
        span zeros = {whole(0), whole(0), true};
        for (size_t i = 0; i < k; i++) {
            span item = item_span(build->instrument, scale->items[i], variant);
            widen(&item, (span){whole(0), whole(0), true});
            zeros = add(zeros, item);
        }
        widen(&s, scale->score == PSYI_SCORE_MEAN ? divide(zeros, k) : zeros);
        return s;
    }
    /* Fewer answered items leave more extreme means. */
    const size_t fewest = scale->allow < k ? k - scale->allow : 1;
    span means = extreme_means(build, scale, variant, fewest);
    if (scale->score == PSYI_SCORE_SUM) {
        means.low = psyi_ratio_mul(means.low, whole((int64_t)k));
        means.high = psyi_ratio_mul(means.high, whole((int64_t)k));
    }
    widen(&s, means);
    return s;
}

static span with_step(const psyi_step *step, span s)
{
    const bool whole_by = step->by.den == 1;
    psyi_ratio swap;
    switch (step->kind) {
    case PSYI_STEP_MULTIPLY:
        s = (span){psyi_ratio_mul(s.low, step->by), psyi_ratio_mul(s.high, step->by),
                   s.integer && whole_by};
        if (step->by.num < 0) {
            swap = s.low;
            s.low = s.high;
            s.high = swap;
        }
        return s;
    case PSYI_STEP_ADD:
        return (span){psyi_ratio_add(s.low, step->by), psyi_ratio_add(s.high, step->by),
                      s.integer && whole_by};
    case PSYI_STEP_FLOOR:
        return (span){psyi_ratio_floor(s.low), psyi_ratio_floor(s.high), true};
    case PSYI_STEP_CEIL:
        return (span){psyi_ratio_ceil(s.low), psyi_ratio_ceil(s.high), true};
    case PSYI_STEP_ROUND:
        return (span){psyi_ratio_round_to(s.low, step->decimals),
                      psyi_ratio_round_to(s.high, step->decimals),
                      s.integer || step->decimals == 0};
    }
    return s;
}

void psyi_scale_range(psyi_build *build, psyi_scale *scale, const psyi_variant *variant)
{
    span s = complete(build->instrument, build->variant->scales, scale, variant);
    if (is_known(s)) {
        s = with_missing(build, scale, variant, s);
        for (size_t i = 0; i < scale->n_steps && is_known(s); i++)
            s = with_step(&scale->steps[i], s);
    }
    if (!is_known(s)) {
        /* What cannot be worked out may be declared. */
        s.low = scale->declared_low;
        s.high = scale->declared_high;
        for (size_t i = 0; i < scale->n_steps; i++)
            s.integer = s.integer || scale->steps[i].kind == PSYI_STEP_FLOOR ||
                        scale->steps[i].kind == PSYI_STEP_CEIL;
    }
    scale->low = s.low;
    scale->high = s.high;
    scale->integer = s.integer;
}
