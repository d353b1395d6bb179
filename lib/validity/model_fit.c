/*
 * model_fit.c -- do the answers of a sheet agree with the item parameters of a norm?
 *
 * l_z and l*_z ask nothing of the other sheets: a norm of kind irt brings the parameters.  Of a
 * norm with several scales the one that fits worst is told.
 */
#include "validity/model_fit.h"

#include "base/fail.h"

#include <math.h>
#include <string.h>

typedef struct fit_work {
    const psyi_use_grid *grid;
    psyi_arena arena;
    const int8_t **items;
    uint8_t *highest;
    double *a, *d, *fit;
    uint8_t *state;
} fit_work;

static size_t column_of(const psyi_use_grid *grid, const char *item)
{
    const unsigned wanted = psyi_find_item(grid->instrument, item);
    for (size_t i = 0; i < grid->n_items; i++)
        if (grid->item[i] == wanted && grid->scored_item[i])
            return i;
    return SIZE_MAX;
}

/* The parameters of a group beside the columns of the grid; false where they do not fit. */
static bool take(fit_work *work, const psyi_norm_group *group)
{
    const psyi_norm_model *const model = group->model;
    size_t row = 0, n_steps = 0;
    for (size_t i = 0; i < model->n; i++) {
        const size_t at = column_of(work->grid, model->items[i]);
        if (at == SIZE_MAX || work->grid->highest[at] != model->highest[i] ||
            row + model->highest[i] >= group->n_rows)
            return false;
        work->items[i] = work->grid->scored[at];
        work->highest[i] = (uint8_t)model->highest[i];
        work->a[i] = group->rows[row++].value[0];
        for (uint32_t step = 1; step <= model->highest[i]; step++)
            work->d[n_steps++] = group->rows[row++].value[0];
    }
    return model->n > 0;
}

static bool make_room(fit_work *work, const psyi_norm *norm)
{
    size_t most_items = 0, most_rows = 0;
    for (size_t i = 0; i < norm->n_groups; i++) {
        most_items = norm->groups[i].model->n > most_items ? norm->groups[i].model->n : most_items;
        most_rows = norm->groups[i].n_rows > most_rows ? norm->groups[i].n_rows : most_rows;
    }
    const size_t n = work->grid->n_rows;
    work->items = psyi_arena_alloc(&work->arena, most_items, sizeof *work->items);
    work->highest = psyi_arena_alloc(&work->arena, most_items, 1);
    work->a = psyi_arena_alloc(&work->arena, most_items, sizeof *work->a);
    work->d = psyi_arena_alloc(&work->arena, most_rows, sizeof *work->d);
    work->fit = psyi_arena_alloc(&work->arena, n, sizeof *work->fit);
    work->state = psyi_arena_alloc(&work->arena, n, 1);
    return work->items != NULL && work->highest != NULL && work->a != NULL && work->d != NULL &&
           work->fit != NULL && work->state != NULL;
}

/* Groups of one scale differ by sex or age and not by their items: the first speaks. */
static bool is_first(const psyi_norm *norm, size_t group)
{
    for (size_t i = 0; i < group; i++)
        if (strcmp(norm->groups[i].scale, norm->groups[group].scale) == 0)
            return false;
    return true;
}

psy_status psyi_model_fit(const psyi_use_grid *grid, const psyi_norm *norm, bool star,
                          unsigned n_threads, double *value, uint8_t *state, psy_error *error)
{
    fit_work work = {.grid = grid};
    psyi_arena_init(&work.arena, grid->arena.allocator);
    psy_status status = make_room(&work, norm) ? PSY_OK : psyi_fail_memory(error, "person fit");
    for (size_t g = 0; g < norm->n_groups && status == PSY_OK; g++) {
        if (!is_first(norm, g) || !take(&work, &norm->groups[g]))
            continue;
        const size_t n_items = norm->groups[g].model->n;
        const psy_answer_grid answers = {.version = PSY_ANSWER_GRID_VERSION,
                                         .n_threads = n_threads,
                                         .n_items = n_items,
                                         .n_rows = grid->n_rows,
                                         .items = work.items,
                                         .allocator = grid->arena.allocator};
        const psy_graded_items model = {n_items, work.highest, work.a, work.d};
        status = psy_validity_person_fit(&answers, &model, NULL, star ? NULL : work.fit,
                                         star ? work.fit : NULL, work.state, error);
        for (size_t row = 0; row < grid->n_rows && status == PSY_OK; row++) {
            if (work.state[row] != PSY_INDEX_DEFINED || isnan(work.fit[row]))
                continue;
            if (state[row] != PSY_INDEX_DEFINED || work.fit[row] < value[row])
                value[row] = work.fit[row];
            state[row] = PSY_INDEX_DEFINED;
        }
    }
    psyi_arena_done(&work.arena);
    return status;
}
