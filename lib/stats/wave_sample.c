/*
 * wave_sample.c -- who counts in the report of a wave, in which groups, and its tables.
 */
#include "base/fail.h"
#include "base/spill.h"
#include "stats/wave_report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

psy_status psyi_wave_sample_make(psyi_wave_sample *out, const psyi_results *results, unsigned use,
                                 psy_error *error)
{
    *out = (psyi_wave_sample){.n = 0};
    psyi_arena_init(&out->arena, results->allocator);
    out->student = psyi_arena_alloc(&out->arena, results->n_students, sizeof *out->student);
    out->sheet = psyi_arena_alloc(&out->arena, results->n_students, sizeof *out->sheet);
    if (out->student == NULL || out->sheet == NULL) {
        psyi_arena_done(&out->arena);
        return psyi_fail_memory(error, "a sample");
    }
    for (size_t s = 0; s < results->n_students && results->scores[use] != NULL; s++) {
        const psyi_student *const student = &results->students[s];
        const uint32_t sheet = psyi_selected(results, s, use);
        psyi_spill_pass(results->allocator, s);
        if (sheet == PSYI_NO_SHEET || !psyi_printable(results, s) ||
            student->status == PSYI_STATUS_NO_CONSENT || student->status == PSYI_STATUS_ABSENT)
            continue;
        if (student->status == PSYI_STATUS_INVALID || student->status == PSYI_STATUS_RETEST) {
            out->n_set_aside++;
            continue;
        }
        out->student[out->n] = (uint32_t)s;
        out->sheet[out->n++] = sheet;
    }
    return PSY_OK;
}

void psyi_wave_sample_done(psyi_wave_sample *sample)
{
    psyi_arena_done(&sample->arena);
}

static int value_of(const psyi_results *results, uint32_t student, uint8_t by)
{
    const psyi_student *const s = &results->students[student];
    return by == PSY_QUALITY_BY_STAGE   ? (int)psyi_stage_of(s->grade)
           : by == PSY_QUALITY_BY_GRADE ? s->grade
                                        : s->sex;
}

bool psyi_wave_in_group(const psyi_results *results, uint32_t student, const psyi_wave_group *group)
{
    return group->by == 0 || value_of(results, student, group->by) == group->value;
}

static void name_group(psyi_wave_group *group)
{
    static const char *const stages[] = {"", "primary", "junior", "senior", "tertiary"};
    static const char *const sexes[] = {"", "male", "female"};
    if (group->by == PSY_QUALITY_BY_STAGE)
        snprintf(group->name, sizeof group->name, "stage=%s", stages[group->value]);
    else if (group->by == PSY_QUALITY_BY_GRADE)
        snprintf(group->name, sizeof group->name, "grade=%d", group->value);
    else
        snprintf(group->name, sizeof group->name, "sex=%s", sexes[group->value]);
}

size_t psyi_wave_groups(const psyi_results *results, const psyi_wave_sample *sample, uint32_t by,
                        psyi_wave_group out[PSYI_MOST_WAVE_GROUPS])
{
    static const struct {
        uint8_t by;
        int most;
    } kinds[] = {{PSY_QUALITY_BY_STAGE, 4}, {PSY_QUALITY_BY_GRADE, 16}, {PSY_QUALITY_BY_SEX, 2}};
    size_t n = 1;
    out[0] = (psyi_wave_group){.name = "all"};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        bool there[17] = {false};
        int n_there = 0;
        if ((by & kinds[k].by) == 0)
            continue;
        for (size_t i = 0; i < sample->n; i++) {
            const int value = value_of(results, sample->student[i], kinds[k].by);
            if (value > 0 && value <= kinds[k].most && !there[value]) {
                there[value] = true;
                n_there++;
            }
        }
        for (int value = 1; value <= kinds[k].most && n_there > 1; value++)
            if (there[value]) {
                out[n] = (psyi_wave_group){.by = kinds[k].by, .value = value};
                name_group(&out[n++]);
            }
    }
    return n;
}

static psy_status set_cell(psy_table *table, size_t column, size_t row, psy_column_type type,
                           const psyi_wave_cell *cell, psy_error *error)
{
    if (type == PSY_COLUMN_TEXT)
        return cell->text == NULL
                   ? PSY_OK
                   : psy_table_set_text(table, column, row, cell->text, strlen(cell->text), error);
    if (isnan(cell->number))
        return PSY_OK;
    return type == PSY_COLUMN_INT64 ? psy_table_set_int(table, column, row, (int64_t)cell->number)
                                    : psy_table_set_double(table, column, row, cell->number);
}

psy_status psyi_wave_table(psy_table **out, const psyi_wave_column *columns, size_t n_columns,
                           const psyi_wave_cell *cells, size_t n_rows,
                           const psy_allocator *allocator, psy_error *error)
{
    psy_table *table = NULL;
    psy_status status = psy_table_new(&table, n_rows, allocator, error);
    for (size_t i = 0; i < n_columns && status == PSY_OK; i++) {
        size_t column;
        status = psy_table_add_column(table, columns[i].name, columns[i].type, &column, error);
        for (size_t row = 0; row < n_rows && status == PSY_OK; row++)
            status =
                set_cell(table, column, row, columns[i].type, &cells[row * n_columns + i], error);
    }
    if (status != PSY_OK) {
        psy_table_free(table);
        return status;
    }
    *out = table;
    return PSY_OK;
}
