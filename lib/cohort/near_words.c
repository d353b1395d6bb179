/*
 * near_words.c -- "just under the line", in words; and where a list is cut by capacity.
 */
#include "cohort/assembly.h"
#include "tier/interval_words.h"
#include "tier/nearness.h"
#include "tier/rule_block.h"

#include <string.h>

static const char *in(psyi_language language, const char *en, const char *zh)
{
    return language == PSYI_ZH ? zh : en;
}

static void add_ratio(psyi_buffer *out, psyi_ratio value)
{
    char text[40];
    /* Repeating fractions to four places, as reasons have them. */
    if (value.den > 10000 || (value.den > 1 && 10000 % value.den != 0))
        value = psyi_ratio_round_to(value, 4);
    psyi_buffer_add(out, text, psyi_ratio_print(value, text));
}

static const char *tier_name(const psy_plan *plan, int rank, psyi_language language)
{
    for (size_t i = 0; plan->scheme != NULL && i < plan->scheme->n_tiers; i++)
        if (plan->scheme->tiers[i].rank == rank)
            return psyi_label_text(plan->scheme->tiers[i].name, language, "?");
    return "?";
}

/* "level 3 (mildest)" without what the legend says; one line of paper holds two scores then. */
static void add_tier(const psy_plan *plan, int rank, psyi_language language, psyi_buffer *out)
{
    const char *const name = tier_name(plan, rank, language);
    const char *const remark = language == PSYI_EN ? strstr(name, " (") : NULL;
    psyi_buffer_add(out, name, remark != NULL ? (size_t)(remark - name) : strlen(name));
}

/* How far it is, as a share of the scale's range. */
static double share_of_range(const psy_plan *plan, const psyi_near *near)
{
    const psyi_scale *const scale = psyi_use_scale(plan, near->use, near->scale);
    const double range = scale->low.den != 0 && scale->high.den != 0
                             ? psyi_ratio_double(scale->high) - psyi_ratio_double(scale->low)
                             : 0;
    return psyi_ratio_double(near->distance) / (range > 0 ? range : 100);
}

static void take_nearest(const psyi_results *results, const psyi_student *student,
                         const psyi_near_list *list, psyi_near_told *out)
{
    double shares[PSYI_NEAR_TOLD];
    out->n = 0;
    for (size_t i = 0; i < list->n; i++) {
        const psyi_near *const near = &list->near[i];
        if ((student->undecided_uses >> near->use & 1u) != 0)
            continue;
        const double share = share_of_range(results->plan, near);
        size_t at = out->n < PSYI_NEAR_TOLD ? out->n : PSYI_NEAR_TOLD;
        out->n++;
        for (; at > 0 && share < shares[at - 1]; at--)
            if (at < PSYI_NEAR_TOLD) {
                shares[at] = shares[at - 1];
                out->near[at] = out->near[at - 1];
            }
        if (at < PSYI_NEAR_TOLD) {
            shares[at] = share;
            out->near[at] = *near;
        }
    }
}

void psyi_near_words(const psyi_results *results, size_t student, const psyi_near_told *nearest,
                     psyi_language language, psyi_buffer *out)
{
    const psyi_student *const s = &results->students[student];
    if (!psyi_printable(results, student) || s->status == PSYI_STATUS_ABSENT)
        return;
    for (size_t i = 0; i < nearest->n && i < PSYI_NEAR_TOLD; i++) {
        const psyi_near *const near = &nearest->near[i];
        if (i > 0)
            psyi_buffer_text(out, in(language, "; ", "；"));
        psyi_operand_words(results->plan, false,
                           psyi_column(PSYI_COLUMN_SCORE, near->use, near->scale, 0), language,
                           out);
        psyi_buffer_text(out, " ");
        add_ratio(out, near->score);
        psyi_sem_words(results->plan, near->use, near->scale, psyi_ratio_double(near->score), false,
                       language, out);
        psyi_buffer_text(out, in(language, ": ", "：还差 "));
        add_ratio(out, near->distance);
        psyi_buffer_text(out, in(language, " below ", " 分即达"));
        add_tier(results->plan, near->rank, language, out);
        if (near->within)
            psyi_buffer_text(out, in(language, ", within the error", "，在误差范围内"));
    }
    if (nearest->n > PSYI_NEAR_TOLD)
        psyi_buffer_format(out, language == PSYI_ZH ? "；另%zu项更远" : "; %zu more",
                           nearest->n - PSYI_NEAR_TOLD);
}

psy_status psyi_near_students(const psyi_results *results, size_t first, size_t n,
                              psyi_near_told *out, psy_error *error)
{
    psyi_nearness *nearness;
    const psy_status status =
        psyi_nearness_new(&nearness, results->book, results->allocator, error);
    if (status != PSY_OK)
        return status;
    /* The first case of each student; cases of one student stand together. */
    for (size_t s = first; s < first + n;) {
        const size_t base = results->students[s].first_case;
        int8_t tiers[PSYI_LANES];
        psyi_near_list lists[PSYI_LANES];
        size_t n_lanes = 0, next = s;
        while (next < first + n && results->students[next].first_case < base + PSYI_LANES) {
            const size_t stop = next + 1 < results->n_students
                                    ? results->students[next + 1].first_case
                                    : results->cases.n;
            for (; n_lanes < PSYI_LANES && base + n_lanes < stop; n_lanes++)
                tiers[n_lanes] = results->students[next].tier;
            next++;
        }
        psyi_near_run(nearness, &results->cases, base, n_lanes, tiers, lists);
        for (; s < next; s++)
            take_nearest(results, &results->students[s],
                         &lists[results->students[s].first_case - base], &out[s - first]);
    }
    psyi_nearness_free(nearness);
    return PSY_OK;
}

size_t psyi_list_line(const psyi_results *results, const uint32_t *order, size_t n)
{
    size_t urgent = 0;
    if (results->capacity == 0)
        return n;
    while (urgent < n && (psyi_critical_class(results, order[urgent]) == 2 ||
                          results->students[order[urgent]].verify == 2))
        urgent++;
    const size_t line = results->capacity > urgent ? results->capacity : urgent;
    return line < n ? line : n;
}
