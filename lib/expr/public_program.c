/*
 * public_program.c -- rules over plain columns of doubles, for callers with data of their
 * own.
 *
 * Doubles become exact thousandths before anything is compared, so that 0.1 means a tenth
 * here as everywhere else in the library; what is no such number counts as missing.
 */
#include "base/fail.h"
#include "expr/rule_program.h"

#include <psyscreen/program.h>

#include <math.h>
#include <string.h>

struct psy_program {
    const psy_allocator *allocator;
    psyi_program *program;
};

typedef struct name_list {
    const char *const *names;
    size_t n;
} name_list;

static bool find_column(const void *context, const char *name, psyi_symbol *out)
{
    const name_list *const list = context;
    for (size_t i = 0; i < list->n; i++)
        if (strcmp(list->names[i], name) == 0) {
            *out = (psyi_symbol){.type = PSYI_TYPE_NUMBER, .column = (uint32_t)i};
            return true;
        }
    return false;
}

static bool no_item(const void *context, const char *use, const char *selector, uint32_t *item)
{
    (void)context;
    (void)use;
    (void)selector;
    (void)item;
    return false;
}

static bool no_scale(const void *context, const char *use, const char *scale,
                     const uint32_t **items, size_t *n_items)
{
    (void)context;
    (void)use;
    (void)scale;
    (void)items;
    (void)n_items;
    return false;
}

static const char *const *list_names(const void *context, size_t *n_names)
{
    const name_list *const list = context;
    *n_names = list->n;
    return list->names;
}

psy_status psy_program_compile(psy_program **out, const char *text, const char *const *names,
                               size_t n_names, const psy_allocator *allocator, psy_error *error)
{
    const name_list list = {.names = names, .n = n_names};
    /* Without items no range is ever asked for. */
    const psyi_scope scope = {.context = &list,
                              .column = find_column,
                              .item = no_item,
                              .scale_items = no_scale,
                              .names = list_names};

    if (out == NULL || text == NULL || (names == NULL && n_names > 0) || n_names > UINT32_MAX)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "a rule needs a text and its names");
    for (size_t i = 0; i < n_names; i++)
        if (names[i] == NULL)
            return psyi_fail(error, PSY_E_ARGUMENT, NULL, "name %zu of %zu is NULL", i + 1,
                             n_names);
    psy_program *const made = psyi_alloc(allocator, 1, sizeof *made);
    if (made == NULL)
        return psyi_fail_memory(error, "a rule");
    made->allocator = allocator;
    const psy_status status =
        psyi_program_compile(&made->program, text, strlen(text), &scope, 0, NULL, allocator, error);
    if (status != PSY_OK) {
        psyi_free(allocator, made);
        return status;
    }
    *out = made;
    return PSY_OK;
}

void psy_program_free(psy_program *program)
{
    if (program == NULL)
        return;
    psyi_program_free(program->program);
    psyi_free(program->allocator, program);
}

typedef struct rows {
    const double *const *columns;
    size_t first, n;
} rows;

static void read_column(const void *context, uint32_t column, psyi_numbers *out)
{
    const rows *const block = context;
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < block->n; i++) {
        const double value = block->columns[column][block->first + i];
        if (!(fabs(value) <= 1e12)) /* NaN too */
            continue;
        const long long thousandths = llround(value * 1000);
        if ((double)thousandths / 1000 != value)
            continue;
        out->value[i] = psyi_ratio_make(thousandths, 1000);
        out->known |= (psyi_mask)1 << i;
    }
    out->blank = ~out->known;
}

/* Run over all rows; exactly one of `truths` and `numbers` is wanted. */
static psy_status run_rows(const psy_program *program, const double *const *columns, size_t n_rows,
                           int8_t *truths, double *numbers, psy_error *error)
{
    const psyi_program *const inner = program->program;
    psyi_workspace *workspace = NULL;
    psy_status status = psyi_workspace_new(&workspace, &inner, 1, program->allocator, error);

    for (size_t first = 0; status == PSY_OK && first < n_rows; first += PSYI_LANES) {
        const rows block = {.columns = columns,
                            .first = first,
                            .n = n_rows - first < PSYI_LANES ? n_rows - first : PSYI_LANES};
        const psyi_block source = {.context = &block, .number = read_column};
        if (truths != NULL) {
            psyi_truths result;
            psyi_program_truth(inner, &source, workspace, &result, NULL);
            for (size_t i = 0; i < block.n; i++)
                truths[first + i] = (int8_t)((result.yes >> i & 1) != 0  ? 1
                                             : (result.no >> i & 1) != 0 ? 0
                                                                         : -1);
        } else {
            psyi_numbers result;
            psyi_program_number(inner, &source, workspace, &result, NULL);
            for (size_t i = 0; i < block.n; i++)
                numbers[first + i] =
                    (result.known >> i & 1) != 0 ? psyi_ratio_double(result.value[i]) : (double)NAN;
        }
    }
    psyi_workspace_free(workspace);
    return status;
}

psy_status psy_program_decide(const psy_program *program, const double *const *columns,
                              size_t n_rows, int8_t *out, psy_error *error)
{
    if (program == NULL || out == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "a program and room for the results are "
                         "needed");
    if (psyi_program_type(program->program) != PSYI_TYPE_BOOLEAN)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "the program computes a number: use psy_program_compute");
    return run_rows(program, columns, n_rows, out, NULL, error);
}

psy_status psy_program_compute(const psy_program *program, const double *const *columns,
                               size_t n_rows, double *out, psy_error *error)
{
    if (program == NULL || out == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "a program and room for the results are "
                         "needed");
    if (psyi_program_type(program->program) != PSYI_TYPE_NUMBER)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "the program is true or false: use psy_program_decide");
    return run_rows(program, columns, n_rows, NULL, out, error);
}
