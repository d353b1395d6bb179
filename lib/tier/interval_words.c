/*
 * interval_words.c -- how exactly a score measures, in words.
 *
 * Three intervals go by the name of a confidence interval; each is printed under its own.  Where
 * no source states a reliability there is none, and the list says what stood in for it.
 */
#include "tier/interval_words.h"
#include "tier/shifted.h"

#include <psyscreen/interval.h>

#include <math.h>

static const char *in(psyi_language language, const char *en, const char *zh)
{
    return language == PSYI_ZH ? zh : en;
}

/* One place, half up, whatever the locale. */
static void add_decimal(psyi_buffer *out, double value)
{
    char text[40];
    psyi_buffer_add(out, text,
                    psyi_ratio_print(psyi_ratio_make((int64_t)floor(value * 10 + 0.5), 10), text));
}

static bool interval_of(const psyi_precision *precision, psy_interval_kind kind, double score,
                        psy_interval *out)
{
    /* A stated error of measurement is a deviation that nothing of is explained. */
    const bool plain = precision->stated.den != 0;
    const double sd = plain ? precision->sem : psyi_ratio_double(precision->sd);
    const double r = plain ? 0 : psyi_ratio_double(precision->reliability);
    if (kind != PSY_INTERVAL_OBSERVED && precision->mean.den == 0)
        return false;
    return psy_interval_of(kind, score,
                           precision->mean.den != 0 ? psyi_ratio_double(precision->mean) : 0, sd, r,
                           0.95, out, NULL) == PSY_OK;
}

static void add_ends(const psyi_scale *scale, const psy_interval *interval, psyi_language language,
                     psyi_buffer *out)
{
    double low = interval->lo, high = interval->hi;
    if (scale->low.den != 0)
        low = fmax(low, psyi_ratio_double(scale->low));
    if (scale->high.den != 0)
        high = fmin(high, psyi_ratio_double(scale->high));
    add_decimal(out, low);
    psyi_buffer_text(out, in(language, " to ", "–"));
    add_decimal(out, high);
}

void psyi_sem_words(const psy_plan *plan, unsigned use, unsigned scale, double score, bool brief,
                    psyi_language language, psyi_buffer *out)
{
    const psyi_precision *const precision = psyi_plan_precision(plan, use, scale);
    psy_interval interval;
    if (precision == NULL || !interval_of(precision, PSY_INTERVAL_OBSERVED, score, &interval))
        return;
    if (brief)
        psyi_buffer_text(out, in(language, " (SEM ", "（SEM "));
    else
        psyi_buffer_text(out, in(language, " (SEM 95 % interval ", "（测量标准误95%区间 "));
    add_ends(psyi_use_scale(plan, use, scale), &interval, language, out);
    psyi_buffer_text(out, in(language, ")", "）"));
}

void psyi_interval_words(const psy_plan *plan, unsigned use, unsigned scale, double score,
                         psyi_language language, psyi_buffer *out)
{
    const psyi_precision *const precision = psyi_plan_precision(plan, use, scale);
    bool any = false;
    if (precision == NULL)
        return;
    for (int kind = PSY_INTERVAL_OBSERVED; kind <= PSY_INTERVAL_RETEST; kind++) {
        psy_interval interval;
        if (!interval_of(precision, (psy_interval_kind)kind, score, &interval))
            continue;
        psyi_buffer_text(out, any ? "\n" : "");
        any = true;
        psyi_buffer_text(
            out, psy_interval_name((psy_interval_kind)kind, language == PSYI_ZH ? "zh" : "en"));
        psyi_buffer_text(out, in(language, ": ", "："));
        add_ends(psyi_use_scale(plan, use, scale), &interval, language, out);
    }
    if (precision->confidence == PSYI_MEMORY)
        psyi_buffer_text(out, in(language, "\n(reliability from memory, not checked)",
                                 "\n（信度系凭记忆引用，未核对）"));
}

/* Is the scale of a comparison one without a stated precision that no earlier cut named? */
static bool stands_in(const psyi_rulebook *book, uint64_t uses, const psyi_comparison *comparison)
{
    bool stated;
    if (!psyi_is_cut(book, comparison))
        return false;
    const unsigned use = psyi_column_use(comparison->id);
    return (uses >> use & 1u) != 0 &&
           psyi_sem(book->plan, use, psyi_column_index(comparison->id), &stated) > 0 && !stated;
}

static bool named_before(const psyi_rulebook *book, size_t rule, size_t cut, uint32_t id)
{
    for (size_t r = book->n_critical; r <= rule; r++) {
        const psyi_comparison *comparisons;
        const size_t n = psyi_program_comparisons(book->rules[r].rule->when, &comparisons);
        for (size_t i = 0; i < (r == rule ? cut : n); i++)
            if (comparisons[i].id == id && psyi_is_cut(book, &comparisons[i]))
                return true;
    }
    return false;
}

size_t psyi_stand_in_words(const psyi_rulebook *book, uint64_t uses, size_t most,
                           psyi_language language, psyi_buffer *out)
{
    size_t found = 0;
    for (size_t r = book->n_critical; r < book->n_rules; r++) {
        const psyi_comparison *comparisons;
        const size_t n = psyi_program_comparisons(book->rules[r].rule->when, &comparisons);
        for (size_t i = 0; i < n; i++) {
            const uint32_t id = comparisons[i].id;
            if (!stands_in(book, uses, &comparisons[i]) || named_before(book, r, i, id))
                continue;
            if (found++ >= most)
                continue;
            psyi_buffer_text(out, found > 1 ? in(language, ", ", "、") : "");
            psyi_operand_words(book->plan, false, id, language, out);
        }
    }
    if (found > most)
        psyi_buffer_format(out, language == PSYI_ZH ? "等%zu个得分" : " and %zu more",
                           language == PSYI_ZH ? found : found - most);
    return found;
}
