/*
 * norms_table.c -- the groups of a norm as a table for people.
 */
#include "norm/public_norms.h"

#include "base/fail.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { NORM, SCALE, STAGE, GRADE, SEX, N, MEAN, SD, LOWEST, HIGHEST, WAY, LAMBDA, J_MEAN, J_SD };

static const struct {
    const char *name;
    psy_column_type type;
} columns[] = {{"norm", PSY_COLUMN_TEXT},
               {"scale", PSY_COLUMN_TEXT},
               {"stage", PSY_COLUMN_TEXT},
               {"grade", PSY_COLUMN_TEXT},
               {"sex", PSY_COLUMN_TEXT},
               {"n", PSY_COLUMN_INT64},
               {"mean", PSY_COLUMN_DOUBLE},
               {"sd", PSY_COLUMN_DOUBLE},
               {"lowest", PSY_COLUMN_DOUBLE},
               {"highest", PSY_COLUMN_DOUBLE},
               {"judged_by", PSY_COLUMN_TEXT},
               {"lambda", PSY_COLUMN_DOUBLE},
               {"judging_mean", PSY_COLUMN_DOUBLE},
               {"judging_sd", PSY_COLUMN_DOUBLE}};

static psy_status put_text(psy_table *table, size_t column, size_t row, const char *text,
                           psy_error *error)
{
    return psy_table_set_text(table, column, row, text, strlen(text), error);
}

static void put_number(psy_table *table, size_t column, size_t row, double value)
{
    if (!isnan(value))
        psy_table_set_double(table, column, row, value);
}

static psy_status put_who(psy_table *table, size_t row, const psyi_who *who, psy_error *error)
{
    static const char *const stages[] = {"", "primary", "junior", "senior", "tertiary"};
    static const char *const sexes[] = {"", "male", "female"};
    char grade[40] = "";
    const unsigned stage = who->stages == 0 ? 0 : (unsigned)__builtin_ctz(who->stages);
    const unsigned sex = who->sexes == 0 ? 0 : (unsigned)__builtin_ctz(who->sexes);
    psy_status status = put_text(table, STAGE, row, stages[stage], error);
    if (who->grade_high > 0 && who->grade_high != who->grade_low)
        snprintf(grade, sizeof grade, "%d-%d", who->grade_low, who->grade_high);
    else if (who->grade_high > 0)
        snprintf(grade, sizeof grade, "%d", who->grade_low);
    if (status == PSY_OK)
        status = put_text(table, GRADE, row, grade, error);
    return status == PSY_OK ? put_text(table, SEX, row, sexes[sex], error) : status;
}

static psy_status put_counts(psy_table *table, size_t row, const psyi_norm_group *group,
                             const psy_allocator *allocator, psy_error *error)
{
    psyi_histogram counts;
    psyi_histogram_init(&counts, allocator);
    psy_status status = PSY_OK;
    for (size_t i = 0; i < group->n_cells && status == PSY_OK; i++)
        status = psyi_histogram_add(&counts, group->cells[i].raw, group->cells[i].count, error);
    double mean, variance;
    if (status == PSY_OK && psyi_histogram_moments(&counts, &mean, &variance)) {
        psy_table_set_int(table, N, row, (int64_t)counts.n);
        put_number(table, MEAN, row, mean);
        put_number(table, SD, row, sqrt(variance));
        put_number(table, LOWEST, row, psyi_ratio_double(counts.bins[0].score));
        put_number(table, HIGHEST, row, psyi_ratio_double(counts.bins[counts.n_bins - 1].score));
    }
    psyi_histogram_done(&counts);
    return status;
}

static psy_status put_judging(const psy_norms *norms, psy_table *table, size_t row,
                              const psyi_who *who, psy_error *error)
{
    static const char *const ways[] = {"none", "own", "shrunk", "pooled"};
    psyi_local_group group;
    const psyi_sex sex = who->sexes == 0 ? PSYI_SEX_UNKNOWN : (psyi_sex)__builtin_ctz(who->sexes);
    if (norms->set == NULL)
        return put_text(table, WAY, row, "", error);
    /* A group by stage alone has no grade to find the stage by. */
    group = (psyi_local_group){.stage = who->stages == 0 ? 0 : (unsigned)__builtin_ctz(who->stages),
                               .grade = (unsigned)who->grade_low,
                               .sex = (unsigned)sex};
    const psyi_local_serving *const serving = &norms->set->serving[psyi_local_slot(group)];
    if (serving->way == PSYI_LOCAL_SHRUNK)
        put_number(table, LAMBDA, row, serving->lambda);
    put_number(table, J_MEAN, row, serving->mean);
    put_number(table, J_SD, row, serving->sd);
    return put_text(table, WAY, row, ways[serving->way], error);
}

static psy_status put_group(const psy_norms *norms, psy_table *table, size_t row,
                            const psy_allocator *allocator, psy_error *error)
{
    const psyi_norm_group *const group = &norms->norm->groups[row];
    psy_status status = put_text(table, NORM, row, norms->norm->id, error);
    if (status == PSY_OK)
        status = put_text(table, SCALE, row, group->scale, error);
    if (status == PSY_OK)
        status = put_who(table, row, &group->who, error);
    if (status == PSY_OK && norms->norm->kind == PSYI_NORM_HISTOGRAM)
        status = put_counts(table, row, group, allocator, error);
    if (norms->norm->kind == PSYI_NORM_MEAN_SD) {
        put_number(table, MEAN, row, psyi_ratio_double(group->mean));
        put_number(table, SD, row, psyi_ratio_double(group->sd));
    }
    return status == PSY_OK ? put_judging(norms, table, row, &group->who, error) : status;
}

psy_status psy_norms_table(psy_table **out, const psy_norms *norms, const psy_allocator *allocator,
                           psy_error *error)
{
    psy_table *table = NULL;
    psy_status status = psy_table_new(&table, norms->norm->n_groups, allocator, error);
    for (size_t i = 0; i < sizeof columns / sizeof *columns && status == PSY_OK; i++) {
        size_t column;
        status = psy_table_add_column(table, columns[i].name, columns[i].type, &column, error);
    }
    for (size_t row = 0; row < norms->norm->n_groups && status == PSY_OK; row++)
        status = put_group(norms, table, row, allocator, error);
    if (status == PSY_OK)
        *out = table;
    else
        psy_table_free(table);
    return status;
}
