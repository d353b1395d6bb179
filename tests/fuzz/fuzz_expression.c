/*
 * fuzz_expression.c -- any text as a rule.  What does not compile has a place in the text and
 * a sentence; what compiles prints to a text that gives the same rule, and computes the same
 * in the shared form and in the ratio form.
 *
 * The scope makes up its columns: the last letters of a name decide its type, and names with
 * a 'z' do not exist, so that the search for what was meant is tried too.
 */
#include "expr/machine.h"
#include "expr/rule_program.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static const char *const words[] = {"male", "female", "mild", "moderate", "severe"};
static const char *const some_names[] = {"phq9.total", "total", "student.sex", "total.band", "f"};
static const uint32_t scale_items[] = {0, 1, 2, 300};

static uint64_t mix(uint64_t a)
{
    a ^= a >> 31;
    a *= 0x9E3779B97F4A7C15u;
    return a ^ a >> 29;
}

static bool find_column(const void *context, const char *name, psyi_symbol *out)
{
    const size_t length = strlen(name);
    uint64_t hash = length;
    (void)context;
    for (size_t i = 0; i < length; i++)
        hash = mix(hash ^ (unsigned char)name[i]);
    if (strchr(name, 'z') != NULL)
        return false;
    *out = (psyi_symbol){.type = PSYI_TYPE_NUMBER, .column = (uint32_t)(hash << 1) | 1};
    const char last = name[length - 1];
    if (last == 'f' || last == 'g' || last == 'h') {
        out->type = PSYI_TYPE_BOOLEAN;
    } else if (last == 'x' || last == 'd') {
        out->type = last == 'd' ? PSYI_TYPE_BAND : PSYI_TYPE_CATEGORY;
        out->tokens = words;
        out->n_tokens = 5;
    } else if (last != 'y') { /* y: nothing is known of its range */
        out->low = (psyi_ratio){-3, 1};
        out->high = (psyi_ratio){27, 1};
        out->integer = last != 'e';
        out->column = (uint32_t)(hash << 1) | !out->integer;
    }
    return true;
}

static bool find_item(const void *context, const char *use, const char *selector, uint32_t *item)
{
    const size_t length = strlen(selector);
    (void)context;
    *item = use[0] != '\0' ? 300 : 0;
    if (selector[0] >= '0' && selector[0] <= '9') {
        const unsigned long number = strtoul(selector, NULL, 10);
        *item += (uint32_t)number;
        return number >= 1 && number <= 250;
    }
    *item += 250 + (uint32_t)length;
    return length < 20 && strchr(selector, 'z') == NULL && strchr(use, 'z') == NULL;
}

static bool find_scale(const void *context, const char *use, const char *scale,
                       const uint32_t **items, size_t *n_items)
{
    (void)context;
    (void)use;
    *items = scale_items;
    *n_items = strlen(scale) % 5;
    return strchr(scale, 'z') == NULL;
}

/* Some items have odd limits. */
static void limits(uint32_t item, int32_t *low, int32_t *high, int32_t *scale)
{
    *low = item % 7 == 0 ? -2 : 0;
    *high = item % 5 == 0 ? 1 : 3;
    *scale = item % 11 == 0 ? 1000 : 1;
}

static void item_range(const void *context, uint32_t item, psyi_ratio *low, psyi_ratio *high)
{
    int32_t from, to, scale;
    (void)context;
    limits(item, &from, &to, &scale);
    *low = psyi_ratio_make(from, scale);
    *high = psyi_ratio_make(to, scale);
}

static bool item_integer(const void *context, uint32_t item)
{
    (void)context;
    return item % 11 != 0;
}

static const char *const *list_names(const void *context, size_t *n_names)
{
    (void)context;
    *n_names = sizeof some_names / sizeof *some_names;
    return some_names;
}

static const psyi_scope scope = {.column = find_column,
                                 .item = find_item,
                                 .scale_items = find_scale,
                                 .item_range = item_range,
                                 .names = list_names,
                                 .item_integer = item_integer};

/* ---- values from a hash of column and lane ---- */

static psyi_mask draw_mask(uint64_t seed)
{
    return mix(seed) & mix(seed + 1) & mix(seed + 2); /* one lane in eight */
}

static void give_number(const void *context, uint32_t column, psyi_numbers *out)
{
    const uint64_t seed = mix(*(const uint64_t *)context ^ column);
    memset(out, 0xA5, sizeof *out);
    out->absent = draw_mask(seed);
    out->no_record = draw_mask(seed + 10);
    out->no_norm = draw_mask(seed + 20);
    out->blank = draw_mask(seed + 30);
    out->bounded = mix(seed + 40) & mix(seed + 41);
    out->known = mix(seed + 50) | mix(seed + 51);
    for (unsigned i = 0; i < PSYI_LANES; i++) {
        const uint64_t own = mix(seed + 100 + i);
        const int64_t den = own % 16 == 0 && column % 2 == 1 ? 3 : 1;
        out->value[i] = psyi_ratio_make((int64_t)(own >> 8) % 25 - 2, den);
        out->low[i] = psyi_ratio_make((int64_t)(own >> 16) % 12 - 3, den);
        out->high[i] = psyi_ratio_add(out->low[i], psyi_ratio_make((int64_t)(own >> 24) % 4, den));
        if (seed % 61 == 0) /* numbers at the limits */
            out->value[i].num = (int64_t)own;
    }
}

static void give_truth(const void *context, uint32_t column, psyi_truths *out)
{
    const uint64_t seed = mix(*(const uint64_t *)context ^ column);
    out->absent = draw_mask(seed);
    out->yes = mix(seed + 10);
    out->no = mix(seed + 20) & ~out->yes;
    out->maybe_yes = mix(seed + 30) | out->yes;
    out->maybe_no = mix(seed + 40) | out->no;
    out->blank = draw_mask(seed + 50);
    out->no_norm = draw_mask(seed + 60);
}

static void give_token(const void *context, uint32_t column, psyi_tokens *out)
{
    const uint64_t seed = mix(*(const uint64_t *)context ^ column);
    out->absent = draw_mask(seed);
    out->no_record = draw_mask(seed + 10);
    out->no_norm = draw_mask(seed + 20);
    out->blank = draw_mask(seed + 30);
    out->bounded = mix(seed + 40);
    out->known = mix(seed + 50) | mix(seed + 51);
    for (unsigned i = 0; i < PSYI_LANES; i++) {
        out->value[i] = (uint8_t)(mix(seed + 100 + i) % 5);
        out->low[i] = (uint8_t)(mix(seed + 200 + i) % 5);
        out->high[i] = (uint8_t)(mix(seed + 300 + i) % 5);
    }
}

static void give_item(const void *context, uint32_t item, bool answer, psyi_item_lanes *out)
{
    const uint64_t seed = mix(*(const uint64_t *)context ^ item * 3u ^ answer);
    limits(item, &out->low, &out->high, &out->scale);
    if (item % 13 == 0)
        out->low = out->high + 1; /* unbounded */
    out->absent = draw_mask(seed);
    out->known = mix(seed + 10) | mix(seed + 11) | mix(seed + 12);
    out->blank = ~(out->known | out->absent);
    out->refused = out->blank & mix(seed + 20);
    for (unsigned i = 0; i < PSYI_LANES; i++)
        out->value[i] = (int32_t)(mix(seed + 100 + i) % 4) - (item % 7 == 0);
}

/* ---- properties ---- */

static void demand(bool condition)
{
    if (!condition)
        abort();
}

static bool same(psyi_ratio a, psyi_ratio b)
{
    return a.num == b.num && a.den == b.den;
}

static void compare_numbers(const psyi_numbers *a, const psyi_numbers *b)
{
    demand(a->known == b->known && a->bounded == b->bounded && a->absent == b->absent);
    demand(a->blank == b->blank && a->no_norm == b->no_norm && a->no_record == b->no_record);
    demand((a->known & ~a->bounded) == 0);
    demand(((a->absent | a->no_record) & a->bounded) == 0 && (a->absent & a->no_record) == 0);
    for (unsigned i = 0; i < PSYI_LANES; i++) {
        if ((a->bounded >> i & 1) == 0)
            continue;
        demand(same(a->low[i], b->low[i]) && same(a->high[i], b->high[i]));
        demand(a->low[i].den > 0 && psyi_ratio_compare(a->low[i], a->high[i]) <= 0);
        if ((a->known >> i & 1) == 0)
            continue;
        demand(same(a->value[i], b->value[i]));
        demand(psyi_ratio_compare(a->low[i], a->value[i]) <= 0);
        demand(psyi_ratio_compare(a->value[i], a->high[i]) <= 0);
    }
}

static void compare_truths(const psyi_truths *a, const psyi_truths *b)
{
    demand(memcmp(a, b, sizeof *a) == 0);
    demand((a->yes & a->no) == 0 && (a->absent & (a->yes | a->no)) == 0);
    demand((a->yes & ~a->maybe_yes) == 0 && (a->no & ~a->maybe_no) == 0);
    demand(((a->blank | a->no_norm) & (a->yes | a->no | a->absent)) == 0);
}

static void run(const psyi_program *program, uint64_t seed)
{
    const psyi_block block = {.context = &seed,
                              .number = give_number,
                              .truth = give_truth,
                              .token = give_token,
                              .item = give_item};
    psyi_workspace *workspace = NULL;
    psyi_mask trouble[2] = {0, 0};
    demand(psyi_workspace_new(&workspace, &program, 1, NULL, NULL) == PSY_OK);
    if (psyi_program_type(program) == PSYI_TYPE_NUMBER) {
        psyi_numbers numbers[2];
        for (unsigned form = 0; form < 2; form++) {
            workspace->ratios_only = form == 1;
            psyi_program_number(program, &block, workspace, &numbers[form], &trouble[form]);
        }
        compare_numbers(&numbers[0], &numbers[1]);
    } else {
        psyi_truths truths[2];
        for (unsigned form = 0; form < 2; form++) {
            workspace->ratios_only = form == 1;
            psyi_program_truth(program, &block, workspace, &truths[form], &trouble[form]);
        }
        compare_truths(&truths[0], &truths[1]);
    }
    demand(trouble[0] == trouble[1]);
    psyi_workspace_free(workspace);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    psyi_program *program = NULL, *again = NULL;
    psy_error error = {0};
    uint64_t seed = size;

    if (psyi_program_compile(&program, (const char *)bytes, size, &scope, 0, NULL, NULL, &error) !=
        PSY_OK) {
        demand(error.status == PSY_E_EXPR && error.message[0] != '\0');
        demand(error.where.line >= 1 && error.where.column >= 1 && error.where.length >= 1);
        demand(error.where.line + error.where.column <= size + 3);
        return 0;
    }
    const char *const canonical = psyi_program_canonical(program);
    if (strlen(canonical) <= 4096) {
        demand(psyi_program_compile(&again, canonical, strlen(canonical), &scope, 0, NULL, NULL,
                                    &error) == PSY_OK);
        demand(strcmp(psyi_program_canonical(again), canonical) == 0);
        psyi_program_free(again);
    }
    for (size_t i = 0; i < size; i++)
        seed = mix(seed ^ bytes[i]);
    run(program, seed);
    psyi_program_free(program);
    return 0;
}
