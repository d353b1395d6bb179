/*
 * score_table.c -- columns of the ad-hoc table, in the fixed order of the design.
 *
 * A score that is not there is an empty cell, and so is a flag that is not decided; states
 * and reasons are for runs with a plan.
 */
#include "score/score_table.h"
#include "base/fail.h"
#include "score/compiled.h"

#include <string.h>

typedef struct filling {
    psy_table *table;
    const psyi_scores *scores;
    const char *instrument;
    psyi_buffer name;
    psy_error *error;
} filling;

static psy_status add_column(filling *f, psy_column_type type, size_t *column, const char *middle,
                             const char *end, const char *tail)
{
    psyi_buffer_clear(&f->name);
    psyi_buffer_format(&f->name, "%s.%s%s%s", f->instrument, middle, end, tail);
    if (f->name.failed)
        return psyi_fail_memory(f->error, "the name of a column");
    return psy_table_add_column(f->table, f->name.data, type, column, f->error);
}

static psy_status add_scores(filling *f, size_t scale)
{
    size_t column;
    const psyi_scores *const scores = f->scores;
    psy_status status = add_column(f, PSY_COLUMN_DOUBLE, &column,
                                   psyi_scorer_scale(scores->scorer, scale)->id, "", "");
    for (size_t row = 0; row < scores->n_sheets && status == PSY_OK; row++) {
        const psyi_ratio value = psyi_scores_value(scores, scale, row);
        if (value.den != 0)
            status = psy_table_set_double(f->table, column, row, psyi_ratio_double(value));
    }
    return status;
}

static psy_status add_bands(filling *f, size_t scale, size_t population, bool chosen)
{
    size_t column;
    const psyi_scores *const scores = f->scores;
    const psyi_scale *const s = psyi_scorer_scale(scores->scorer, scale);
    psy_status status = add_column(f, PSY_COLUMN_TEXT, &column, s->id, chosen ? ".band" : ".band@",
                                   chosen ? "" : s->populations[population]);
    for (size_t row = 0; row < scores->n_sheets && status == PSY_OK; row++) {
        const char *const band = psyi_scores_band(scores, scale, population, row);
        if (band != NULL)
            status = psy_table_set_text(f->table, column, row, band, strlen(band), f->error);
    }
    return status;
}

static psy_status add_answered(filling *f, size_t scale)
{
    size_t column;
    const psyi_scores *const scores = f->scores;
    psy_status status = add_column(f, PSY_COLUMN_INT64, &column,
                                   psyi_scorer_scale(scores->scorer, scale)->id, ".answered", "");
    for (size_t row = 0; row < scores->n_sheets && status == PSY_OK; row++)
        if (scores->status[psyi_scale_at(scores, scale, row)] != PSYI_NOT_GIVEN)
            status = psy_table_set_int(f->table, column, row,
                                       psyi_score_of(scores, scale, row).answered);
    return status;
}

static psy_status add_scale(filling *f, size_t scale)
{
    const psyi_scorer *const scorer = f->scores->scorer;
    const psyi_scale *const s = psyi_scorer_scale(scorer, scale);
    const size_t chosen = psyi_scorer_population(scorer, scale);
    psy_status status = add_scores(f, scale);
    /* A derived number is no scale: it has a band column only where it has bands. */
    if (status == PSY_OK && (!s->derived || s->n_populations > 0))
        status = add_bands(f, scale, chosen, true);
    for (size_t p = 0; p < s->n_populations && status == PSY_OK; p++)
        if (p != chosen)
            status = add_bands(f, scale, p, false);
    return status == PSY_OK ? add_answered(f, scale) : status;
}

static psy_status add_flag(filling *f, size_t flag)
{
    size_t column;
    psy_status status =
        add_column(f, PSY_COLUMN_BOOL, &column,
                   psyi_scorer_instrument(f->scores->scorer)->flags[flag].id, "", "");
    for (size_t row = 0; row < f->scores->n_sheets && status == PSY_OK; row++) {
        const int truth = psyi_scores_flag(f->scores, flag, row);
        if (truth >= 0)
            status = psy_table_set_bool(f->table, column, row, truth != 0);
    }
    return status;
}

static psy_status add_standard(filling *f, size_t standard)
{
    size_t column;
    const psy_instrument *const instrument = psyi_scorer_instrument(f->scores->scorer);
    const psyi_standard *const from = &instrument->standards[standard];
    psy_status status = add_column(f, PSY_COLUMN_DOUBLE, &column,
                                   instrument->scales[from->scale].id, ".", from->name);
    for (size_t row = 0; row < f->scores->n_sheets && status == PSY_OK; row++) {
        const psyi_ratio value = psyi_scores_standard(f->scores, standard, row);
        if (value.den != 0)
            status = psy_table_set_double(f->table, column, row, psyi_ratio_double(value));
    }
    return status;
}

psy_status psyi_score_table(psy_table *table, const psyi_scores *scores, psy_error *error)
{
    filling f = {.table = table,
                 .scores = scores,
                 .instrument = psyi_scorer_instrument(scores->scorer)->id,
                 .error = error};
    psy_status status = PSY_OK;
    psyi_buffer_init(&f.name, scores->allocator);
    for (size_t s = 0; s < scores->n_scales && status == PSY_OK; s++)
        status = add_scale(&f, s);
    for (size_t i = 0; i < scores->n_flags && status == PSY_OK; i++)
        status = add_flag(&f, i);
    for (size_t i = 0; i < scores->n_standards && status == PSY_OK; i++)
        if (psyi_scorer_instrument(scores->scorer)->standards[i].norm != PSYI_NO_INDEX)
            status = add_standard(&f, i);
    psyi_buffer_done(&f.name);
    return status;
}
