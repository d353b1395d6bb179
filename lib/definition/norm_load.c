/*
 * norm_load.c -- a norm: its YAML head, and its table beside it.
 *
 * A norm stands on its own; which scales an instrument really has is checked when the
 * instrument takes it up (norm_attach.c).
 */
#include "definition/document.h"
#include "definition/load.h"
#include "definition/norm_csv.h"
#include "definition/norm_models.h"

#include "base/fail.h"
#include "definition/fingerprint.h"

#include <math.h>
#include <string.h>

typedef struct raw_norm {
    struct psyi_norm head;
    const psyi_node *format, *metric, *decimals_at;
    int kind, rounding, print, outside, decimals;
    uint16_t metric_mask, metrics_mask;
    uint8_t groups;
    const psyi_node *control, *local, *people;
    psyi_norm_head_more more;
} raw_norm;

/* What the head says the table adds up to, so that a lost row or a mistyped cell is seen. */
typedef struct raw_control {
    uint64_t rows;
    psyi_ratio sum; /* of the standard scores, of all means and sds, or of the counts */
} raw_control;

static const psyi_key control_keys[] = {
    {"rows", PSYI_SHAPE_INTEGER, true, PSYI_AT(raw_control, rows), .low = 1, .high = 1000000000},
    {"sum", PSYI_SHAPE_NUMBER, true, PSYI_AT(raw_control, sum)},
    {0},
};

static const psyi_word kind_words[] = {{"table", PSYI_NORM_TABLE + 1},
                                       {"mean_sd", PSYI_NORM_MEAN_SD + 1},
                                       {"histogram", PSYI_NORM_HISTOGRAM + 1},
                                       {"lms", PSYI_NORM_LMS + 1},
                                       {"regression", PSYI_NORM_REGRESSION + 1},
                                       {"irt", PSYI_NORM_IRT + 1},
                                       {NULL, 0}};
const psyi_word psyi_metric_words[] = {{"t", PSYI_METRIC_T},
                                       {"z", PSYI_METRIC_Z},
                                       {"iq", PSYI_METRIC_IQ},
                                       {"percentile", PSYI_METRIC_PERCENTILE},
                                       {"standard", PSYI_METRIC_STANDARD},
                                       {"stanine_linear", PSYI_METRIC_STANINE_LINEAR},
                                       {"sten_linear", PSYI_METRIC_STEN_LINEAR},
                                       {"stanine_percent", PSYI_METRIC_STANINE_PERCENT},
                                       {"sten_percent", PSYI_METRIC_STEN_PERCENT},
                                       {"t_blom", PSYI_METRIC_T_BLOM},
                                       {"t_tukey", PSYI_METRIC_T_TUKEY},
                                       {"t_waerden", PSYI_METRIC_T_WAERDEN},
                                       {"t_rankit", PSYI_METRIC_T_RANKIT},
                                       {NULL, 0}};
static const psyi_word rounding_words[] = {
    {"half_up", PSYI_ROUND_HALF_UP}, {"up", PSYI_ROUND_UP}, {"down", PSYI_ROUND_DOWN}, {NULL, 0}};
static const psyi_word use_words[] = {{"print", 1}, {NULL, 0}};
static const psyi_word outside_words[] = {{"none", 1}, {NULL, 0}};
static const psyi_word group_words[] = {{"informant", PSYI_GROUP_INFORMANT},
                                        {"sex", PSYI_GROUP_SEX},
                                        {"grade", PSYI_GROUP_GRADE},
                                        {"age", PSYI_GROUP_AGE},
                                        {"months", PSYI_GROUP_MONTHS},
                                        {"stage", PSYI_GROUP_STAGE},
                                        {NULL, 0}};

#define HEAD(member) PSYI_AT(raw_norm, head.member)
#define RAW(member)  PSYI_AT(raw_norm, member)
const psyi_key psyi_norm_keys[] = {
    {"format", PSYI_SHAPE_NODE, true, RAW(format)},
    {"id", PSYI_SHAPE_ID, true, HEAD(id)},
    {"instrument", PSYI_SHAPE_ID, true, HEAD(instrument)},
    {"edition", PSYI_SHAPE_TEXT, false, HEAD(edition)},
    {"kind", PSYI_SHAPE_WORD, true, RAW(kind), .words = kind_words},
    {"metric", PSYI_SHAPE_WORD_SET, false, RAW(metric_mask), .words = psyi_metric_words},
    {"metrics", PSYI_SHAPE_WORD_SET, false, RAW(metrics_mask), .words = psyi_metric_words},
    {"decimals", PSYI_SHAPE_NODE, false, RAW(decimals_at)},
    {"round", PSYI_SHAPE_WORD, false, RAW(rounding), .words = rounding_words},
    {"population", PSYI_SHAPE_LABEL, true, HEAD(population)},
    {"year", PSYI_SHAPE_INTEGER, false, HEAD(year), .low = 1900, .high = 2200},
    {"n", PSYI_SHAPE_INTEGER, false, HEAD(n), .low = 0, .high = 1000000000},
    {"source", PSYI_SHAPE_TEXT, false, HEAD(source)},
    {"confidence", PSYI_SHAPE_WORD, false, HEAD(confidence), .words = psyi_confidence_words},
    {"use", PSYI_SHAPE_WORD, false, RAW(print), .words = use_words},
    {"people", PSYI_SHAPE_NODE, false, RAW(people), .keys = psyi_people_keys,
     .holds = PSYI_HOLDS_ONE},
    {"ages", PSYI_SHAPE_NUMBERS, false, HEAD(ages)},
    {"norm_range", PSYI_SHAPE_NUMBERS, false, HEAD(norm_range)},
    {"raw_range", PSYI_SHAPE_NUMBERS, false, HEAD(raw_range)},
    {"completed_years", PSYI_SHAPE_WORD, false, RAW(more.completed), .words = psyi_completed_words},
    {"between_ages", PSYI_SHAPE_WORD, false, RAW(more.between), .words = psyi_between_words},
    {"shift", PSYI_SHAPE_INTEGER, false, HEAD(shift), .low = 0, .high = 1000},
    {"tails", PSYI_SHAPE_WORD, false, RAW(more.tails), .words = psyi_tails_words},
    {"grid", PSYI_SHAPE_NODE, false, RAW(more.grid), .keys = psyi_grid_keys,
     .holds = PSYI_HOLDS_ONE},
    {"estimate", PSYI_SHAPE_WORD, false, RAW(more.estimate), .words = psyi_estimate_words},
    {"answered", PSYI_SHAPE_INTEGER, false, HEAD(answered), .low = 1, .high = 1000},
    {"local", PSYI_SHAPE_NODE, false, RAW(local), .keys = psyi_counts_keys,
     .holds = PSYI_HOLDS_ONE},
    {"groups", PSYI_SHAPE_WORD_SET, false, RAW(groups), .words = group_words},
    {"outside", PSYI_SHAPE_WORD, false, RAW(outside), .words = outside_words},
    {"control", PSYI_SHAPE_NODE, false, RAW(control), .keys = control_keys,
     .holds = PSYI_HOLDS_ONE},
    {0},
};

static unsigned count_bits(unsigned mask)
{
    unsigned n = 0;
    for (; mask != 0; mask &= mask - 1)
        n++;
    return n;
}

static void check_metrics(psyi_document *document, const raw_norm *raw, psyi_norm *norm)
{
    psyi_loader *const loader = &document->loader;
    const psyi_node *const at = document->root;
    const unsigned mask = (unsigned)(raw->metric_mask | raw->metrics_mask);
    norm->metrics = (uint16_t)mask;
    if (mask == 0)
        psyi_problem(loader, at, PSYI_PROBLEM_MISSING, "the key 'metric' is missing");
    else if (norm->kind == PSYI_NORM_TABLE && count_bits(mask) > 1)
        psyi_problem(loader, at, PSYI_PROBLEM_VALUE, "a table gives one metric");
    else if (norm->kind == PSYI_NORM_MEAN_SD && (mask & ~PSYI_LINE_METRICS) != 0)
        psyi_problem(loader, at, PSYI_PROBLEM_VALUE,
                     "mean and sd give t, z, iq and the linear stanine and sten");
    else if (norm->kind == PSYI_NORM_HISTOGRAM &&
             (mask & ~(PSYI_LINE_METRICS | PSYI_RANK_METRICS)) != 0)
        psyi_problem(loader, at, PSYI_PROBLEM_VALUE,
                     "a histogram gives no 'standard': name the metric");
    else if (norm->kind >= PSYI_NORM_LMS &&
             (mask & ~(PSYI_LINE_METRICS | 1u << PSYI_METRIC_PERCENTILE)) != 0)
        psyi_problem(loader, at, PSYI_PROBLEM_VALUE,
                     "a model gives t, z, iq, percentile and the linear stanine and sten");
    for (unsigned i = 0; i < PSYI_METRICS; i++)
        norm->decimals[i] = psyi_metric_decimals((psyi_metric)i);
    int64_t decimals = 0;
    if (raw->decimals_at == NULL || !psyi_read_integer(loader, raw->decimals_at, 0, 6, &decimals))
        return;
    if (count_bits(mask) > 1)
        psyi_problem(loader, raw->decimals_at, PSYI_PROBLEM_VALUE,
                     "`decimals` is for one metric; several have their usual ones");
    for (unsigned i = 0; i < PSYI_METRICS; i++)
        if ((mask >> i & 1u) != 0)
            norm->decimals[i] = (unsigned)decimals;
}

/* "<path without .yaml>.csv", in the arena. */
static const char *csv_beside(psyi_loader *loader, const char *path)
{
    const size_t length = strlen(path);
    const size_t stem = length > 5 && strcmp(path + length - 5, ".yaml") == 0 ? length - 5 : length;
    const char *const csv = psyi_arena_format(loader->arena, "%.*s.csv", (int)stem, path);
    if (csv == NULL)
        psyi_loader_nomem(loader);
    return csv;
}

static void check_control(psyi_loader *loader, const psyi_node *node, const psyi_norm *norm)
{
    raw_control said = {0};
    psyi_read_map(loader, node, NULL, control_keys, &said, false);
    if (loader->status != PSY_OK)
        return;
    raw_control found = {0, {0, 1}};
    for (size_t g = 0; g < norm->n_groups; g++) {
        const psyi_norm_group *const group = &norm->groups[g];
        found.rows += norm->kind == PSYI_NORM_MEAN_SD ? 1 : group->n_cells + group->n_rows;
        if (norm->kind == PSYI_NORM_MEAN_SD)
            found.sum = psyi_ratio_add(found.sum, psyi_ratio_add(group->mean, group->sd));
        for (size_t i = 0; i < group->n_cells; i++)
            found.sum =
                psyi_ratio_add(found.sum, norm->kind == PSYI_NORM_TABLE
                                              ? group->cells[i].standard
                                              : (psyi_ratio){(int64_t)group->cells[i].count, 1});
    }
    char sum[96];
    psyi_ratio_print(found.sum, sum);
    if (found.rows != said.rows)
        psyi_problem(loader, node, PSYI_PROBLEM_VALUE,
                     "the table has %llu row%s, its control says %llu: a row was lost or added",
                     (unsigned long long)found.rows, psyi_s(found.rows),
                     (unsigned long long)said.rows);
    else if (norm->kind >= PSYI_NORM_LMS) {
        const double total = psyi_norm_rows_sum(norm), wanted = psyi_ratio_double(said.sum);
        if (!(fabs(total - wanted) <= 1e-9 * fmax(1, fabs(wanted))))
            psyi_problem(loader, node, PSYI_PROBLEM_VALUE,
                         "the table adds up to %.12g, not to what its control says: a cell was "
                         "changed",
                         total);
    } else if (found.sum.den == 0 || psyi_ratio_compare(found.sum, said.sum) != 0)
        psyi_problem(loader, node, PSYI_PROBLEM_VALUE,
                     "the table adds up to %s, not to what its control says: a cell was changed",
                     sum);
}

/* Counts are of as many people as the head says: a file that lost rows tells of others. */
static void check_people(psyi_loader *loader, const psyi_node *root, const psyi_norm *norm)
{
    uint64_t found = 0;
    for (size_t g = 0; g < norm->n_groups; g++)
        for (size_t i = 0; i < norm->groups[g].n_cells; i++)
            found += norm->groups[g].cells[i].count;
    if (norm->n > 0 && found != norm->n)
        psyi_problem(loader, root, PSYI_PROBLEM_VALUE,
                     "the counts add up to %llu, the head says n: %llu: rows were lost or changed",
                     (unsigned long long)found, (unsigned long long)norm->n);
}

static void read_norm(psyi_document *document, const char *path, psyi_norm *norm)
{
    psyi_loader *const loader = &document->loader;
    raw_norm raw = {.head = {.confidence = PSYI_UNSTATED}};
    psyi_read_map(loader, document->root, NULL, psyi_norm_keys, &raw, false);
    raw.head.arena = norm->arena;
    *norm = raw.head;
    norm->kind = raw.kind > 0 ? (psyi_norm_kind)(raw.kind - 1) : PSYI_NORM_TABLE;
    norm->rounding = (psyi_rounding)raw.rounding;
    norm->print_only = raw.print != 0;
    norm->file = psyi_arena_copy(&norm->arena, loader->source);
    if (norm->file == NULL)
        psyi_loader_nomem(loader);
    psyi_check_file_name(document, path, norm->id);
    if (raw.kind > 0)
        check_metrics(document, &raw, norm);
    norm->csv_file = csv_beside(loader, path);
    /* Without a sound head the table would only be misread. */
    if (loader->status == PSY_OK)
        psyi_norm_head(loader, document->root, &raw.more, norm);
    if ((raw.groups >> PSYI_GROUP_AGE & raw.groups >> PSYI_GROUP_MONTHS & 1) != 0)
        psyi_problem(loader, document->root, PSYI_PROBLEM_VALUE,
                     "`groups:` has age and months: a group goes by completed years or by "
                     "completed months");
    if (loader->status == PSY_OK && raw.people != NULL)
        psyi_norm_people(loader, raw.people, norm);
    if (loader->status == PSY_OK && raw.local != NULL)
        psyi_norm_counts(loader, raw.local, raw.groups, norm);
    if (loader->status == PSY_OK)
        psyi_norm_read_csv(loader, norm, raw.groups);
    if (loader->status == PSY_OK && norm->kind >= PSYI_NORM_LMS)
        psyi_norm_models(loader, norm);
    if (loader->status == PSY_OK && raw.control != NULL)
        check_control(loader, raw.control, norm);
    if (loader->status == PSY_OK && norm->local.present)
        check_people(loader, document->root, norm);
}

psy_status psyi_norm_load_file(psyi_norm **out, const char *path, const psy_allocator *allocator,
                               psy_findings *findings, psy_error *error)
{
    psyi_norm *const norm = psyi_alloc(allocator, 1, sizeof *norm);
    if (norm == NULL)
        return psyi_fail_memory(error, "a norm");
    psyi_arena_init(&norm->arena, allocator);
    psyi_document document;
    psy_status status =
        psyi_document_open(&document, "norms", path, NULL, 0, NULL, &norm->arena, findings, error);
    if (status == PSY_OK) {
        read_norm(&document, path, norm);
        status = document.loader.status;
    }
    if (status == PSY_OK)
        status = psyi_norm_fingerprint(norm, allocator, error);
    psyi_document_close(&document);
    if (status == PSY_OK)
        *out = norm;
    else
        psyi_norm_free(norm);
    return status;
}

void psyi_norm_free(psyi_norm *norm)
{
    if (norm == NULL)
        return;
    for (size_t i = 0; i < norm->n_groups; i++)
        if (norm->groups[i].model != NULL)
            psy_irt_free(norm->groups[i].model->irt);
    psyi_arena arena = norm->arena;
    const psy_allocator *const allocator = arena.allocator;
    psyi_arena_done(&arena);
    psyi_free(allocator, norm);
}
