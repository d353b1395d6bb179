/*
 * wave_compare.c -- this wave beside the one before, in figures.
 *
 * Everybody of each wave is one comparison, those who are in both another: schools change
 * their children, and a share can rise while nobody changed.  Nothing here says "improved".
 */
#include "base/fail.h"
#include "base/spill.h"
#include "cohort/assembly.h"
#include "cohort/previous_wave.h"

#include <math.h>

typedef struct comparing {
    const psyi_results *results;
    psyi_student_filter wanted;
    psyi_previous_filter previous_wanted;
    void *context;
    bool same;
} comparing;

static bool takes_student(const comparing *c, size_t s)
{
    const psyi_results *const r = c->results;
    if (c->same && r->students[s].previous == PSYI_NO_PREVIOUS)
        return false;
    return c->wanted == NULL || c->wanted(r, s, c->context);
}

static bool takes_row(const comparing *c, uint32_t row)
{
    return c->previous_wanted == NULL || c->previous_wanted(c->results->previous, row, c->context);
}

static bool is_valid(uint8_t status)
{
    return status == PSYI_STATUS_VALID || status == PSYI_STATUS_DOUBTFUL;
}

static bool hits(const psyi_wave_figure *figure, int tier)
{
    return figure->kind == PSYI_WAVE_ANY ? tier > 0 : tier == figure->rank;
}

static void divide(psyi_wave_figure *figure)
{
    figure->before =
        figure->n_before > 0 ? (double)figure->hits_before / (double)figure->n_before : (double)NAN;
    figure->now =
        figure->n_now > 0 ? (double)figure->hits_now / (double)figure->n_now : (double)NAN;
}

static void count_tiers(const comparing *c, psyi_wave_figure *figure)
{
    const psyi_results *const r = c->results;
    const psyi_previous *const p = r->previous;
    for (size_t s = 0; s < r->n_students; s++) {
        psyi_spill_pass(r->allocator, s);
        const psyi_student *const student = &r->students[s];
        if (!takes_student(c, s))
            continue;
        if (c->same) {
            /* In both denominators, or in neither. */
            const psyi_previous_row *const row = &p->rows[student->previous];
            if (!is_valid(student->status) || !is_valid(row->status))
                continue;
            figure->n_before++;
            figure->hits_before += hits(figure, row->tier);
        } else if (!is_valid(student->status)) {
            continue;
        }
        figure->n_now++;
        figure->hits_now += hits(figure, student->tier);
    }
    for (uint32_t i = 0; !c->same && i < p->n_rows; i++)
        if (is_valid(p->rows[i].status) && takes_row(c, i)) {
            figure->n_before++;
            figure->hits_before += hits(figure, p->rows[i].tier);
        }
    divide(figure);
}

static psyi_ratio score_now(const psyi_results *r, size_t s, const psyi_wave_figure *figure)
{
    const uint32_t sheet = psyi_selected(r, s, figure->use);
    if (sheet == PSYI_NO_SHEET || r->scores[figure->use] == NULL ||
        !is_valid(r->students[s].status))
        return PSYI_RATIO_NONE;
    return psyi_scores_value(r->scores[figure->use], figure->scale, sheet);
}

static void add_means(const comparing *c, psyi_wave_figure *figure)
{
    const psyi_results *const r = c->results;
    const psyi_previous *const p = r->previous;
    double before = 0, now = 0;
    for (size_t s = 0; s < r->n_students; s++) {
        psyi_spill_pass(r->allocator, s);
        if (!takes_student(c, s))
            continue;
        const psyi_ratio value = score_now(r, s, figure);
        if (value.den == 0)
            continue;
        if (c->same) {
            const uint32_t row = r->students[s].previous;
            const psyi_ratio old = psyi_previous_score(p, row, figure->use, figure->scale);
            if (old.den == 0 || !is_valid(p->rows[row].status))
                continue;
            before += psyi_ratio_double(old);
            figure->n_before++;
        }
        now += psyi_ratio_double(value);
        figure->n_now++;
    }
    for (uint32_t i = 0; !c->same && i < p->n_rows; i++) {
        const psyi_ratio old = psyi_previous_score(p, i, figure->use, figure->scale);
        if (old.den == 0 || !is_valid(p->rows[i].status) || !takes_row(c, i))
            continue;
        before += psyi_ratio_double(old);
        figure->n_before++;
    }
    figure->before = figure->n_before > 0 ? before / (double)figure->n_before : (double)NAN;
    figure->now = figure->n_now > 0 ? now / (double)figure->n_now : (double)NAN;
}

psy_status psyi_wave_compare(const psyi_results *results, psyi_student_filter wanted,
                             psyi_previous_filter previous_wanted, void *context, psyi_arena *arena,
                             psyi_wave_figure **out, size_t *n_out, psy_error *error)
{
    const psy_plan *const plan = results->plan;
    const psyi_previous *const p = results->previous;
    size_t most = plan->scheme != NULL ? (size_t)plan->scheme->highest + 1 : 0, n = 0;
    *out = NULL;
    *n_out = 0;
    if (p == NULL)
        return PSY_OK;
    for (size_t use = 0; use < plan->n_uses; use++)
        most += plan->uses[use].instrument->n_scales;
    psyi_wave_figure *const figures = psyi_arena_alloc(arena, 2 * most, sizeof *figures);
    if (figures == NULL)
        return psyi_fail_memory(error, "the wave before");
    for (int same = 0; same < 2; same++) {
        const comparing c = {results, wanted, previous_wanted, context, same == 1};
        for (int rank = plan->scheme != NULL ? plan->scheme->highest : -1; rank >= 0; rank--) {
            psyi_wave_figure *const figure = &figures[n++];
            *figure = (psyi_wave_figure){.kind = rank > 0 ? PSYI_WAVE_TIER : PSYI_WAVE_ANY,
                                         .rank = rank,
                                         .same_students = c.same,
                                         .comparable = p->rules_alike};
            if (p->ranks_alike)
                count_tiers(&c, figure);
            else
                figure->before = figure->now = (double)NAN;
        }
        for (uint16_t use = 0; use < plan->n_uses; use++)
            for (uint16_t scale = 0; scale < plan->uses[use].instrument->n_scales; scale++) {
                psyi_wave_figure *const figure = &figures[n++];
                *figure = (psyi_wave_figure){.kind = PSYI_WAVE_MEAN,
                                             .use = use,
                                             .scale = scale,
                                             .same_students = c.same,
                                             .comparable = (p->uses_alike >> use & 1u) != 0};
                add_means(&c, figure);
            }
    }
    *out = figures;
    *n_out = n;
    return PSY_OK;
}
