/*
 * norm_models.c -- from the rows of a norm to a model: L, M and S by age, a polynomial, items.
 *
 * A model is refused where it is wrong, not where it is used: ages that do not ascend, a
 * polynomial that gives older or abler children fewer points, intercepts out of order.
 */
#include "definition/norm_models.h"

#include "base/fail.h"

#include <math.h>
#include <string.h>

/* Steps of the monotony check: a tenth of T, and a month of six years. */
enum { NORM_STEPS = 500, AGE_STEPS = 72 };

const psyi_word psyi_completed_words[] = {{"start", 1}, {"middle", 2}, {NULL, 0}};
const psyi_word psyi_between_words[] = {{"steps", 1}, {"linear", 2}, {NULL, 0}};
const psyi_word psyi_tails_words[] = {{"plain", 1}, {"who", 2}, {NULL, 0}};
const psyi_word psyi_estimate_words[] = {
    {"eapsum", 1}, {"eap", 2}, {"map", 3}, {"wle", 4}, {NULL, 0}};

typedef struct raw_grid {
    psyi_ratio from, to;
    uint32_t points;
} raw_grid;
const psyi_key psyi_grid_keys[] = {
    {"from", PSYI_SHAPE_NUMBER, true, PSYI_AT(raw_grid, from)},
    {"to", PSYI_SHAPE_NUMBER, true, PSYI_AT(raw_grid, to)},
    {"points", PSYI_SHAPE_INTEGER, true, PSYI_AT(raw_grid, points), .low = 11, .high = 2001},
    {0},
};

const psyi_key psyi_people_keys[] = {
    {"informants", PSYI_SHAPE_WORD_SET, false, PSYI_AT(psyi_who, informants),
     .words = psyi_informant_words},
    {"sexes", PSYI_SHAPE_WORD_SET, false, PSYI_AT(psyi_who, sexes), .words = psyi_sex_words},
    {"stages", PSYI_SHAPE_WORD_SET, false, PSYI_AT(psyi_who, stages), .words = psyi_stage_words},
    {"grades", PSYI_SHAPE_RANGE, false, .offset = (uint16_t)offsetof(psyi_who, grade_low),
     .size = sizeof(int16_t), .low = 1, .high = 16},
    {"ages", PSYI_SHAPE_RANGE, false, .offset = (uint16_t)offsetof(psyi_who, age_low),
     .size = sizeof(int16_t), .low = 0, .high = 150},
    {0},
};

void psyi_norm_people(psyi_loader *loader, const psyi_node *node, psyi_norm *norm)
{
    const size_t path = psyi_enter(loader, "people");
    norm->people = (psyi_who){.age_low = -1, .age_high = -1};
    psyi_read_map(loader, node, NULL, psyi_people_keys, &norm->people, false);
    norm->has_people = true;
    psyi_leave(loader, path);
}

/* ---- head --------------------------------------------------------------------------------- */

static void need(psyi_loader *loader, const psyi_node *at, bool there, bool wanted, const char *key,
                 const char *kind)
{
    if (wanted && !there)
        psyi_problem(loader, at, PSYI_PROBLEM_MISSING, "a norm of kind %s needs `%s`", kind, key);
    else if (!wanted && there)
        psyi_problem(loader, at, PSYI_PROBLEM_KEY, "`%s` does not belong to a norm of kind %s", key,
                     kind);
}

static void read_grid(psyi_loader *loader, const psyi_node *node, psyi_norm *norm)
{
    raw_grid grid = {.points = 121};
    const size_t path = psyi_enter(loader, "grid");
    psyi_read_map(loader, node, NULL, psyi_grid_keys, &grid, false);
    norm->grid = (psy_irt_grid){
        .lo = psyi_ratio_double(grid.from), .hi = psyi_ratio_double(grid.to), .n = grid.points};
    psyi_leave(loader, path);
}

void psyi_norm_head(psyi_loader *loader, const psyi_node *at, const psyi_norm_head_more *more,
                    psyi_norm *norm)
{
    static const char *const kinds[] = {"table", "mean_sd",    "histogram",
                                        "lms",   "regression", "irt"};
    const char *const kind = kinds[norm->kind];
    const bool lms = norm->kind == PSYI_NORM_LMS, regression = norm->kind == PSYI_NORM_REGRESSION;
    const bool irt = norm->kind == PSYI_NORM_IRT, linear = more->between == 2;
    norm->between_ages = linear;
    norm->middle_of_year = more->completed == 2;
    norm->who_tails = more->tails == 2;
    norm->by_pattern = more->estimate > 1;
    static const psy_irt_method methods[] = {PSY_IRT_EAP, PSY_IRT_EAP, PSY_IRT_EAP, PSY_IRT_MAP,
                                             PSY_IRT_WLE};
    norm->method = methods[more->estimate];
    if (linear && norm->kind != PSYI_NORM_TABLE && norm->kind != PSYI_NORM_MEAN_SD)
        psyi_problem(loader, at, PSYI_PROBLEM_VALUE,
                     "`between_ages: linear` is for tables and for means and sds");
    need(loader, at, more->completed != 0, lms || regression || linear, "completed_years", kind);
    need(loader, at, more->tails != 0, lms, "tails", kind);
    need(loader, at, norm->shift != 0, lms && norm->shift != 0, "shift", kind);
    need(loader, at, norm->ages[0].den != 0, regression, "ages", kind);
    need(loader, at, norm->norm_range[0].den != 0, regression, "norm_range", kind);
    need(loader, at, norm->raw_range[0].den != 0, regression || (irt && more->estimate == 1),
         "raw_range", kind);
    need(loader, at, more->grid != NULL, irt, "grid", kind);
    need(loader, at, more->estimate != 0, irt, "estimate", kind);
    need(loader, at, norm->answered != 0, irt && norm->by_pattern, "answered", kind);
    if (more->grid != NULL)
        read_grid(loader, more->grid, norm);
}

/* ---- models ------------------------------------------------------------------------------- */

static void problem_at(psyi_loader *loader, const psyi_norm *norm, psyi_place place,
                       const char *rule, const char *message)
{
    const psy_location where =
        psyi_location(norm->csv_file, place.line, place.column, place.length);
    psy_error error;
    psyi_fail(&error, PSY_E_SCHEMA, &where, "%s", message);
    const char *const head = loader->source;
    loader->source = norm->csv_file;
    psyi_problem_error(loader, &error, rule);
    loader->source = head;
}

static bool make_lms(psyi_loader *loader, const psyi_norm *norm, const psyi_norm_group *group)
{
    psyi_norm_model *const model = group->model;
    model->ages = psyi_loader_alloc(loader, group->n_rows, sizeof *model->ages);
    model->lms = psyi_loader_alloc(loader, group->n_rows, sizeof *model->lms);
    if (model->ages == NULL || model->lms == NULL)
        return false;
    model->n = group->n_rows;
    for (size_t i = 0; i < group->n_rows; i++) {
        const psyi_norm_row *const row = &group->rows[i];
        model->ages[i] = row->value[0];
        model->lms[i] = (psy_lms){row->value[1], row->value[2], row->value[3]};
        if (!(row->value[2] > 0) || !(row->value[3] > 0))
            problem_at(loader, norm, row->place, PSYI_PROBLEM_VALUE, "m and s are above 0");
        else if (i > 0 && !(row->value[0] > model->ages[i - 1]))
            problem_at(loader, norm, row->place, PSYI_PROBLEM_TWICE, "ages ascend within a group");
    }
    return true;
}

static bool make_regression(psyi_loader *loader, const psyi_norm *norm,
                            const psyi_norm_group *group)
{
    psyi_norm_model *const model = group->model;
    psy_regression_term *const terms = psyi_loader_alloc(loader, group->n_rows, sizeof *terms);
    if (terms == NULL)
        return false;
    for (size_t i = 0; i < group->n_rows; i++) {
        const psyi_norm_row *const row = &group->rows[i];
        terms[i] = (psy_regression_term){row->power_l, row->power_a, row->value[0]};
        for (size_t j = 0; j < i; j++)
            if (terms[j].power_l == row->power_l && terms[j].power_a == row->power_a)
                problem_at(loader, norm, row->place, PSYI_PROBLEM_TWICE,
                           "this pair of powers stands there already");
    }
    model->n = group->n_rows;
    model->regression = (psy_regression_norm){.terms = terms,
                                              .n_terms = group->n_rows,
                                              .norm_lo = psyi_ratio_double(norm->norm_range[0]),
                                              .norm_hi = psyi_ratio_double(norm->norm_range[1]),
                                              .raw_lo = psyi_ratio_double(norm->raw_range[0]),
                                              .raw_hi = psyi_ratio_double(norm->raw_range[1]),
                                              .age_lo = psyi_ratio_double(norm->ages[0]),
                                              .age_hi = psyi_ratio_double(norm->ages[1])};
    psy_error error;
    if (loader->status == PSY_OK &&
        psy_regression_check(&model->regression, NORM_STEPS, AGE_STEPS, NULL, &error) != PSY_OK)
        problem_at(loader, norm, group->place, PSYI_PROBLEM_VALUE, error.message);
    return true;
}

static void make_items(psyi_loader *loader, const psyi_norm *norm, const psyi_norm_group *group,
                       double *a, double *d)
{
    psyi_norm_model *const model = group->model;
    size_t n_d = 0;
    for (size_t i = 0; i < group->n_rows; i++) {
        const psyi_norm_row *const row = &group->rows[i];
        const bool same = model->n > 0 && strcmp(model->items[model->n - 1], row->item) == 0;
        if (row->power_l == 0) {
            for (size_t j = 0; j < model->n; j++)
                if (strcmp(model->items[j], row->item) == 0)
                    problem_at(loader, norm, row->place, PSYI_PROBLEM_TWICE,
                               "this item stands there already");
            model->items[model->n] = row->item;
            a[model->n++] = row->value[0];
        } else if (!same || row->power_l != model->highest[model->n - 1] + 1) {
            problem_at(loader, norm, row->place, PSYI_PROBLEM_VALUE,
                       "the steps of an item are 0, 1, 2, ... in this order");
        } else {
            model->highest[model->n - 1]++;
            d[n_d++] = row->value[0];
        }
    }
}

static bool make_irt(psyi_loader *loader, const psyi_norm *norm, const psyi_norm_group *group)
{
    psyi_norm_model *const model = group->model;
    double *const a = psyi_loader_scratch(loader, group->n_rows, sizeof *a);
    double *const d = psyi_loader_scratch(loader, group->n_rows, sizeof *d);
    model->items = psyi_loader_alloc(loader, group->n_rows, sizeof *model->items);
    model->highest = psyi_loader_alloc(loader, group->n_rows, sizeof *model->highest);
    if (a == NULL || d == NULL || model->items == NULL || model->highest == NULL)
        return false;
    make_items(loader, norm, group, a, d);
    if (loader->status != PSY_OK)
        return true;
    psy_error error;
    psy_status status = psy_irt_new(&model->irt, a, d, model->highest, model->n, &norm->grid,
                                    loader->allocator, &error);
    if (status == PSY_OK && !norm->by_pattern) {
        model->n_sums = psy_irt_n_sums(model->irt);
        model->sums = psyi_loader_alloc(loader, model->n_sums, sizeof *model->sums);
        if (model->sums == NULL)
            return false;
        status = psy_irt_sums(model->irt, model->sums, NULL, NULL, &error);
    }
    const psyi_ratio sums = psyi_ratio_sub(norm->raw_range[1], norm->raw_range[0]);
    if (status == PSY_OK && !norm->by_pattern &&
        (sums.den != 1 || sums.num + 1 != (int64_t)model->n_sums))
        status =
            psyi_fail(&error, PSY_E_SCHEMA, NULL,
                      "the items have %zu sums, which is not what raw_range says", model->n_sums);
    if (status == PSY_E_NOMEM)
        psyi_loader_nomem(loader);
    else if (status != PSY_OK)
        problem_at(loader, norm, group->place, PSYI_PROBLEM_VALUE, error.message);
    else if (norm->by_pattern && norm->answered > model->n)
        problem_at(loader, norm, group->place, PSYI_PROBLEM_VALUE,
                   "`answered` is more than the items of this group");
    return true;
}

void psyi_norm_models(psyi_loader *loader, psyi_norm *norm)
{
    for (size_t i = 0; i < norm->n_groups && psyi_loader_ok(loader); i++) {
        psyi_norm_group *const group = &norm->groups[i];
        group->model = psyi_loader_alloc(loader, 1, sizeof *group->model);
        if (group->model == NULL)
            return;
        const bool good = norm->kind == PSYI_NORM_LMS ? make_lms(loader, norm, group)
                          : norm->kind == PSYI_NORM_REGRESSION
                              ? make_regression(loader, norm, group)
                              : make_irt(loader, norm, group);
        if (!good)
            return;
    }
}

double psyi_norm_rows_sum(const psyi_norm *norm)
{
    double sum = 0;
    for (size_t i = 0; i < norm->n_groups; i++)
        for (size_t j = 0; j < norm->groups[i].n_rows; j++)
            for (int k = 0; k < 4; k++)
                sum += norm->groups[i].rows[j].value[k];
    return sum;
}
