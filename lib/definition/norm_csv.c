/*
 * norm_csv.c -- the table of a norm: its groups, and the checks they must pass.
 *
 * Norm tables are typed from books, so everything a typist gets wrong is refused with its
 * line and column: a cell twice, rows out of order, a standard score that falls while the raw
 * score rises, groups that overlap.  Nothing is sorted or repaired here.
 */
#include "definition/norm_csv.h"

#include "base/fail.h"
#include "base/file.h"
#include "base/text.h"
#include "definition/norm_sheet.h"

#include <string.h>

enum { MOST_BYTES = 8 << 20, MOST_GROUPS = 5000 };

typedef struct table {
    psyi_norm_sheet sheet;
    psyi_norm *norm;
    psyi_norm_group *groups;
    size_t n_groups, groups_room;
    psyi_norm_cell *all; /* the cells of all groups */
    size_t n_all;
    psyi_norm_row *rows; /* the rows of all groups, for kinds without cells */
    size_t n_rows;
} table;

/* ---- groups --------------------------------------------------------------------------- */

static bool meets(uint8_t a, uint8_t b)
{
    return a == 0 || b == 0 || (a & b) != 0;
}

static bool overlap(const psyi_who *a, const psyi_who *b)
{
    return meets(a->informants, b->informants) && meets(a->sexes, b->sexes) &&
           meets(a->stages, b->stages) && a->grade_low <= b->grade_high &&
           b->grade_low <= a->grade_high && a->age_low <= b->age_high &&
           b->age_low <= a->age_high && a->months_low <= b->months_high &&
           b->months_low <= a->months_high;
}

static bool same_who(const psyi_who *a, const psyi_who *b)
{
    return a->informants == b->informants && a->sexes == b->sexes && a->stages == b->stages &&
           a->grade_low == b->grade_low && a->grade_high == b->grade_high &&
           a->age_low == b->age_low && a->age_high == b->age_high &&
           a->months_low == b->months_low && a->months_high == b->months_high;
}

static bool read_confidence(table *t, psyi_confidence *out)
{
    const psyi_norm_text *const at = psyi_norm_at(&t->sheet, PSYI_NORM_COLUMN_CONFIDENCE);
    for (const psyi_word *words = psyi_confidence_words; words->word != NULL; words++)
        if (psyi_norm_is(at, words->word)) {
            *out = (psyi_confidence)words->value;
            return true;
        }
    psyi_norm_problem(&t->sheet, at->column, psyi_norm_width(at), PSYI_PROBLEM_VALUE,
                      "confidence: '%.*s' is none of verified, single, memory and conflict",
                      psyi_norm_shown(at), at->text);
    return false;
}

/* The group of this record: the last one, or a new one.  NULL after a problem. */
static psyi_norm_group *group_of(table *t, const psyi_who *who)
{
    psyi_loader *const loader = t->sheet.loader;
    const psyi_norm_text *const scale = psyi_norm_at(&t->sheet, PSYI_NORM_COLUMN_SCALE);
    psyi_norm_group *const last = t->n_groups > 0 ? &t->groups[t->n_groups - 1] : NULL;
    const bool same_scale = last != NULL && psyi_norm_is(scale, last->scale);
    if (same_scale && same_who(&last->who, who) && t->norm->kind != PSYI_NORM_MEAN_SD)
        return last;
    if (scale->length == 0) {
        psyi_norm_problem(&t->sheet, scale->column, 1, PSYI_PROBLEM_VALUE,
                          "scale: expected the id of a scale");
        return NULL;
    }
    for (size_t i = 0; i < t->n_groups; i++)
        if (psyi_norm_is(scale, t->groups[i].scale) && overlap(&t->groups[i].who, who)) {
            psyi_norm_problem(&t->sheet, 1, 1, PSYI_PROBLEM_TWICE,
                              same_who(&t->groups[i].who, who)
                                  ? "this group stands in line %u already"
                                  : "this group overlaps with the one in line %u",
                              (unsigned)t->groups[i].place.line);
            return NULL;
        }
    if (t->n_groups == MOST_GROUPS) {
        psyi_norm_problem(&t->sheet, 1, 1, PSYI_PROBLEM_LIMIT, "more than %d groups", MOST_GROUPS);
        return NULL;
    }
    const char *const id =
        same_scale ? last->scale : psyi_arena_text(loader->arena, scale->text, scale->length);
    if (id == NULL || !psyi_grow(loader->allocator, (void **)&t->groups, &t->groups_room,
                                 t->n_groups + 1, sizeof *t->groups)) {
        psyi_loader_nomem(loader);
        return NULL;
    }
    psyi_confidence confidence = t->norm->confidence;
    if (t->sheet.where[PSYI_NORM_COLUMN_CONFIDENCE] >= 0 && !read_confidence(t, &confidence))
        return NULL;
    psyi_norm_group *const group = &t->groups[t->n_groups++];
    *group = (psyi_norm_group){
        .scale = id,
        .who = *who,
        .cells = t->all + t->n_all,
        .rows = t->rows + t->n_rows,
        .confidence = confidence,
        .place = {(uint32_t)t->sheet.row_line, 1, (uint32_t)psyi_norm_width(scale)}};
    return group;
}

static void add_cell(table *t, psyi_norm_group *group, psyi_norm_cell add, psyi_norm_column raw)
{
    const psyi_norm_cell *const before =
        group->n_cells > 0 ? &group->cells[group->n_cells - 1] : NULL;
    const psyi_norm_text *const at = psyi_norm_at(&t->sheet, raw);
    const int order = before != NULL ? psyi_ratio_compare(before->raw, add.raw) : -1;
    if (order >= 0) {
        psyi_norm_problem(&t->sheet, at->column, psyi_norm_width(at), PSYI_PROBLEM_TWICE,
                          order == 0 ? "raw score %.*s stands in the line before already"
                                     : "raw score %.*s is below the line before: rows ascend",
                          psyi_norm_shown(at), at->text);
        return;
    }
    if (before != NULL && t->norm->kind == PSYI_NORM_TABLE &&
        psyi_ratio_compare(before->standard, add.standard) > 0) {
        const psyi_norm_text *const standard = psyi_norm_at(&t->sheet, PSYI_NORM_COLUMN_STANDARD);
        psyi_norm_problem(&t->sheet, standard->column, psyi_norm_width(standard),
                          PSYI_PROBLEM_VALUE,
                          "the standard score %.*s falls while the raw score rises",
                          psyi_norm_shown(standard), standard->text);
    }
    t->all[t->n_all++] = add;
    group->n_cells++;
}

static void read_table_row(table *t, const psyi_who *who)
{
    psyi_norm_cell add = {0};
    if (!psyi_norm_number(&t->sheet, PSYI_NORM_COLUMN_RAW, &add.raw) ||
        !psyi_norm_number(&t->sheet, PSYI_NORM_COLUMN_STANDARD, &add.standard))
        return;
    psyi_ratio ignored;
    if (t->sheet.where[PSYI_NORM_COLUMN_SE] >= 0 &&
        !psyi_norm_number(&t->sheet, PSYI_NORM_COLUMN_SE, &ignored))
        return;
    psyi_norm_group *const group = group_of(t, who);
    if (group != NULL)
        add_cell(t, group, add, PSYI_NORM_COLUMN_RAW);
}

static void read_histogram_row(table *t, const psyi_who *who)
{
    int64_t num = 0, den = 0, count = 0;
    if (!psyi_norm_integer(&t->sheet, PSYI_NORM_COLUMN_NUM, INT32_MIN, INT32_MAX, &num) ||
        !psyi_norm_integer(&t->sheet, PSYI_NORM_COLUMN_DEN, 1, INT32_MAX, &den) ||
        !psyi_norm_integer(&t->sheet, PSYI_NORM_COLUMN_COUNT, 0, INT64_C(1000000000000), &count))
        return;
    const psyi_norm_cell add = {.raw = psyi_ratio_make(num, den), .count = (uint64_t)count};
    psyi_norm_group *const group = group_of(t, who);
    if (group != NULL)
        add_cell(t, group, add, PSYI_NORM_COLUMN_NUM);
}

static void read_moments_row(table *t, const psyi_who *who)
{
    psyi_ratio mean, sd;
    if (!psyi_norm_number(&t->sheet, PSYI_NORM_COLUMN_MEAN, &mean) ||
        !psyi_norm_number(&t->sheet, PSYI_NORM_COLUMN_SD, &sd))
        return;
    if (sd.num <= 0) {
        const psyi_norm_text *const at = psyi_norm_at(&t->sheet, PSYI_NORM_COLUMN_SD);
        psyi_norm_problem(&t->sheet, at->column, psyi_norm_width(at), PSYI_PROBLEM_VALUE,
                          "sd: a standard deviation is above 0");
        return;
    }
    psyi_norm_group *const group = group_of(t, who);
    if (group == NULL)
        return;
    group->mean = mean;
    group->sd = sd;
}

/* ---- rows of models ---------------------------------------------------------------------- */

static void add_row(table *t, const psyi_who *who, psyi_norm_row row)
{
    psyi_norm_group *const group = group_of(t, who);
    if (group == NULL)
        return;
    row.place = (psyi_place){(uint32_t)t->sheet.row_line, 1, 1};
    t->rows[t->n_rows++] = row;
    group->n_rows++;
}

static void read_lms_row(table *t, const psyi_who *who)
{
    psyi_norm_row row = {.item = NULL};
    if (psyi_norm_real(&t->sheet, PSYI_NORM_COLUMN_AGE, &row.value[0]) &&
        psyi_norm_real(&t->sheet, PSYI_NORM_COLUMN_L, &row.value[1]) &&
        psyi_norm_real(&t->sheet, PSYI_NORM_COLUMN_M, &row.value[2]) &&
        psyi_norm_real(&t->sheet, PSYI_NORM_COLUMN_S, &row.value[3]))
        add_row(t, who, row);
}

static void read_term_row(table *t, const psyi_who *who)
{
    psyi_norm_row row = {.item = NULL};
    int64_t power_l = 0, power_a = 0;
    if (!psyi_norm_integer(&t->sheet, PSYI_NORM_COLUMN_POWER_L, 0, 9, &power_l) ||
        !psyi_norm_integer(&t->sheet, PSYI_NORM_COLUMN_POWER_A, 0, 9, &power_a) ||
        !psyi_norm_real(&t->sheet, PSYI_NORM_COLUMN_COEFFICIENT, &row.value[0]))
        return;
    row.power_l = (uint32_t)power_l;
    row.power_a = (uint32_t)power_a;
    add_row(t, who, row);
}

static void read_parameter_row(table *t, const psyi_who *who)
{
    const psyi_norm_text *const item = psyi_norm_at(&t->sheet, PSYI_NORM_COLUMN_ITEM);
    psyi_norm_row row = {.item = psyi_arena_text(t->sheet.loader->arena, item->text, item->length)};
    int64_t step = 0;
    if (row.item == NULL) {
        psyi_loader_nomem(t->sheet.loader);
        return;
    }
    if (!psyi_norm_integer(&t->sheet, PSYI_NORM_COLUMN_STEP, 0, 63, &step) ||
        !psyi_norm_real(&t->sheet, PSYI_NORM_COLUMN_VALUE, &row.value[0]))
        return;
    row.power_l = (uint32_t)step;
    add_row(t, who, row);
}

static void read_row(table *t, const psyi_who *who)
{
    switch (t->norm->kind) {
    case PSYI_NORM_TABLE:
        read_table_row(t, who);
        break;
    case PSYI_NORM_HISTOGRAM:
        read_histogram_row(t, who);
        break;
    case PSYI_NORM_MEAN_SD:
        read_moments_row(t, who);
        break;
    case PSYI_NORM_LMS:
        read_lms_row(t, who);
        break;
    case PSYI_NORM_REGRESSION:
        read_term_row(t, who);
        break;
    case PSYI_NORM_IRT:
        read_parameter_row(t, who);
        break;
    }
}

static void read_rows(table *t)
{
    while (psyi_loader_ok(t->sheet.loader) && psyi_norm_next(&t->sheet)) {
        psyi_who who;
        if (t->sheet.n_cells == 0 || (t->sheet.n_cells == 1 && t->sheet.cells[0].length == 0))
            continue; /* reported, or an empty line */
        if (t->sheet.n_cells != t->sheet.n_header) {
            psyi_norm_problem(&t->sheet, 1, 1, PSYI_PROBLEM_SHAPE, "%zu cell%s; the header has %zu",
                              t->sheet.n_cells, psyi_s(t->sheet.n_cells), t->sheet.n_header);
            continue;
        }
        if (!psyi_norm_who(&t->sheet, &who))
            continue;
        read_row(t, &who);
    }
    if (t->n_groups == 0 && t->sheet.loader->status == PSY_OK)
        psyi_norm_problem(&t->sheet, 1, 1, PSYI_PROBLEM_VALUE, "the table has no rows");
}

static void keep_groups(table *t)
{
    psyi_norm_group *const groups =
        psyi_loader_alloc(t->sheet.loader, t->n_groups, sizeof *t->groups);
    if (groups == NULL)
        return;
    if (t->n_groups > 0)
        memcpy(groups, t->groups, t->n_groups * sizeof *groups);
    t->norm->groups = groups;
    t->norm->n_groups = t->n_groups;
}

static void read_text(psyi_loader *loader, psyi_norm *norm, uint8_t groups, const char *text,
                      size_t length)
{
    table t = {.sheet = {.loader = loader, .text = text, .length = length}, .norm = norm};
    size_t lines = 1;
    for (size_t i = 0; i < length; i++)
        lines += text[i] == '\n' || text[i] == '\r';
    const bool cells = norm->kind == PSYI_NORM_TABLE || norm->kind == PSYI_NORM_HISTOGRAM;
    t.all = psyi_loader_alloc(loader, cells ? lines : 0, sizeof *t.all);
    t.rows = psyi_loader_alloc(loader, norm->kind >= PSYI_NORM_LMS ? lines : 0, sizeof *t.rows);
    t.sheet.room = psyi_alloc(loader->allocator, length, 1);
    if (t.sheet.room == NULL)
        psyi_loader_nomem(loader);
    if (psyi_loader_ok(loader) && psyi_norm_header(&t.sheet, norm->kind, groups)) {
        read_rows(&t);
        keep_groups(&t);
    }
    psyi_free(loader->allocator, t.groups);
    psyi_free(loader->allocator, t.sheet.room);
}

void psyi_norm_read_csv(psyi_loader *loader, psyi_norm *norm, uint8_t groups)
{
    const char *const head = loader->source;
    psyi_buffer file, text;
    psy_error error = {.status = PSY_OK};
    psyi_buffer_init(&file, loader->allocator);
    psyi_buffer_init(&text, loader->allocator);
    loader->source = norm->csv_file;
    if (psyi_file_read(norm->csv_file, MOST_BYTES, &file, &error) != PSY_OK ||
        psyi_decode(file.data != NULL ? file.data : "", file.length, PSYI_ENCODING_UTF8,
                    norm->csv_file, &text, &error) != PSY_OK)
        psyi_problem_error(loader, &error, error.status == PSY_E_LIMIT ? "limit" : "file");
    else
        read_text(loader, norm, groups, text.data != NULL ? text.data : "", text.length);
    loader->source = head;
    psyi_buffer_done(&file);
    psyi_buffer_done(&text);
}
