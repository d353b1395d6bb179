/*
 * keycheck.c -- the key of an instrument held against answers: a table and warnings.
 */
#include <psyscreen/keycheck.h>

#include "answers/memory_answers.h"
#include "base/fail.h"
#include "intake/records.h"
#include "score/named_use.h"
#include "stats/key_fit.h"
#include "table/collect.h"

#include <math.h>
#include <string.h>

enum {
    COLUMN_SCALE,
    COLUMN_ITEM,
    COLUMN_REVERSED,
    COLUMN_N,
    COLUMN_R,
    COLUMN_LOW,
    COLUMN_HIGH,
    COLUMN_LOADING,
    COLUMN_VERDICT,
    COLUMNS
};

typedef struct check {
    const psy_instrument *instrument;
    const psyi_sheets *sheets;
    const char *file; /* for findings, or NULL */
    double level;
    const psy_allocator *allocator;
    double **columns; /* [item]: its scores, NaN missing */
    psy_table *table;
    size_t column[COLUMNS], row;
    psy_findings *findings;
    psy_error *error;
} check;

static bool adds_up(const psyi_scale *scale)
{
    return (scale->score == PSYI_SCORE_SUM || scale->score == PSYI_SCORE_MEAN) &&
           scale->n_items >= 2;
}

/* Canonical item scores: what a scale adds up. */
static psy_status fill_column(check *c, size_t index)
{
    const psyi_item *const item = &c->instrument->items[index];
    const size_t n = c->sheets->n_sheets;
    double *const column = c->columns[index] = psyi_alloc(c->allocator, n, sizeof *column);
    if (column == NULL)
        return psyi_fail_memory(c->error, "item scores");
    for (size_t row = 0; row < n; row++) {
        const uint8_t byte = *psyi_sheets_byte(c->sheets, row, index);
        column[row] = byte >= PSYI_BLANK ? NAN
                      : c->sheets->numbers[index] != NULL
                          ? (double)c->sheets->numbers[index][row] / item->scale
                          : (double)item->scores[byte];
    }
    return PSY_OK;
}

static psy_status set_number(check *c, int column, double value)
{
    return isnan(value) ? PSY_OK : psy_table_set_double(c->table, c->column[column], c->row, value);
}

static psy_status set_text(check *c, int column, const char *text)
{
    return psy_table_set_text(c->table, c->column[column], c->row, text, strlen(text), c->error);
}

static psy_status write_row(check *c, const psyi_scale *scale, const psyi_item *item,
                            const psyi_key_item *found)
{
    psy_status status;
    if ((status = set_text(c, COLUMN_SCALE, scale->id)) != PSY_OK ||
        (status = set_text(c, COLUMN_ITEM, item->id)) != PSY_OK ||
        (status = psy_table_set_bool(c->table, c->column[COLUMN_REVERSED], c->row,
                                     item->reversed)) != PSY_OK ||
        (status = psy_table_set_int(c->table, c->column[COLUMN_N], c->row, (int64_t)found->n)) !=
            PSY_OK ||
        (status = set_number(c, COLUMN_R, found->item_rest_r)) != PSY_OK ||
        (status = set_number(c, COLUMN_LOW, found->low)) != PSY_OK ||
        (status = set_number(c, COLUMN_HIGH, found->high)) != PSY_OK ||
        (status = set_number(c, COLUMN_LOADING, found->loading)) != PSY_OK)
        return status;
    status = set_text(c, COLUMN_VERDICT, psyi_key_verdict_name(found->verdict));
    c->row++;
    return status;
}

static psy_status tell_item(check *c, const psyi_scale *scale, const psyi_item *item,
                            const psyi_key_item *found, const char *field)
{
    const psy_finding finding = {
        .file = c->file,
        .field = field,
        .rule = "key_against",
        .severity = PSY_WARNING,
        .subject = c->instrument->id,
        .remedy = "compare the key of this item with the manual, and its wording and options with "
                  "the form that was handed out; nothing was changed"};
    return psyi_find(c->findings, &finding, c->error,
                     "item %s of %s looks mis-keyed: it is%s reversed and correlates %.2f (%.2f to "
                     "%.2f, n %zu) with the others",
                     item->id, scale->id, item->reversed ? "" : " not", found->item_rest_r,
                     found->low, found->high, found->n);
}

static psy_status tell_scale(check *c, const psyi_scale *scale, size_t n_unclear,
                             const char *field)
{
    const psy_finding finding = {
        .file = c->file,
        .field = field,
        .rule = "key_unclear",
        .severity = PSY_WARNING,
        .subject = c->instrument->id,
        .remedy = "compare the whole key of this scale with the manual; it may also measure two "
                  "things"};
    return psyi_find(c->findings, &finding, c->error,
                     "%zu of the %zu items of %s run against the others: which of them are keyed "
                     "wrongly cannot be told",
                     n_unclear, scale->n_items, scale->id);
}

static psy_status check_scale(check *c, const psyi_scale *scale)
{
    const double **const items = psyi_alloc(c->allocator, scale->n_items, sizeof *items);
    psyi_key_item *const found = psyi_alloc(c->allocator, scale->n_items, sizeof *found);
    psyi_buffer field;
    psyi_buffer_init(&field, c->allocator);
    psyi_buffer_format(&field, "%s/%s", scale->derived ? "derived" : "scales", scale->id);
    psy_status status = PSY_OK;
    size_t n_unclear = 0;
    if (items == NULL || found == NULL || field.failed)
        status = psyi_fail_memory(c->error, "a scale");
    for (size_t i = 0; status == PSY_OK && i < scale->n_items; i++)
        items[i] = c->columns[scale->items[i]];
    if (status == PSY_OK)
        status = psyi_key_fit(items, scale->n_items, c->sheets->n_sheets, c->level, found,
                              c->allocator, c->error);
    for (size_t i = 0; status == PSY_OK && i < scale->n_items; i++) {
        const psyi_item *const item = &c->instrument->items[scale->items[i]];
        status = write_row(c, scale, item, &found[i]);
        n_unclear += found[i].verdict == PSYI_KEY_UNCLEAR;
        if (status == PSY_OK && found[i].verdict == PSYI_KEY_AGAINST)
            status = tell_item(c, scale, item, &found[i], field.data);
    }
    if (status == PSY_OK && n_unclear > 0)
        status = tell_scale(c, scale, n_unclear, field.data);
    psyi_buffer_done(&field);
    psyi_free(c->allocator, items);
    psyi_free(c->allocator, found);
    return status;
}

static psy_status make_table(check *c)
{
    static const struct {
        const char *name;
        psy_column_type type;
    } columns[COLUMNS] = {{"scale", PSY_COLUMN_TEXT},         {"item", PSY_COLUMN_TEXT},
                          {"reversed", PSY_COLUMN_BOOL},      {"n", PSY_COLUMN_INT64},
                          {"item_rest_r", PSY_COLUMN_DOUBLE}, {"low", PSY_COLUMN_DOUBLE},
                          {"high", PSY_COLUMN_DOUBLE},        {"loading", PSY_COLUMN_DOUBLE},
                          {"verdict", PSY_COLUMN_TEXT}};
    size_t n_rows = 0;
    for (size_t s = 0; s < c->instrument->n_scales; s++)
        n_rows += adds_up(&c->instrument->scales[s]) ? c->instrument->scales[s].n_items : 0;
    psy_status status = psy_table_new(&c->table, n_rows, c->allocator, c->error);
    for (size_t i = 0; status == PSY_OK && i < COLUMNS; i++)
        status = psy_table_add_column(c->table, columns[i].name, columns[i].type, &c->column[i],
                                      c->error);
    return status;
}

static psy_status run(check *c, psy_table **out)
{
    const size_t n_items = c->instrument->n_items;
    c->columns = psyi_alloc(c->allocator, n_items, sizeof *c->columns);
    psy_status status =
        c->columns == NULL ? psyi_fail_memory(c->error, "item scores") : make_table(c);
    for (size_t i = 0; status == PSY_OK && i < n_items; i++)
        status = fill_column(c, i);
    for (size_t s = 0; status == PSY_OK && s < c->instrument->n_scales; s++)
        if (adds_up(&c->instrument->scales[s]))
            status = check_scale(c, &c->instrument->scales[s]);
    for (size_t i = 0; c->columns != NULL && i < n_items; i++)
        psyi_free(c->allocator, c->columns[i]);
    psyi_free(c->allocator, c->columns);
    if (status == PSY_OK)
        *out = c->table;
    else
        psy_table_free(c->table);
    return status;
}

static psy_status open_check(check *c, const psy_keycheck_options *options, psy_findings *findings,
                             psy_error *error)
{
    *c = (check){.level = 0.95, .findings = findings, .error = error};
    if (options == NULL)
        return PSY_OK;
    if (options->version > PSY_KEYCHECK_OPTIONS_VERSION)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "options of version %u; this library knows version %u",
                         (unsigned)options->version, PSY_KEYCHECK_OPTIONS_VERSION);
    if (!(options->level >= 0 && options->level < 1))
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "the level of an interval is between 0 and 1");
    if (options->level > 0)
        c->level = options->level;
    c->allocator = options->allocator;
    return PSY_OK;
}

psy_status psy_keycheck(psy_table **out, const psy_answers *answers,
                        const psy_keycheck_options *options, psy_findings *findings,
                        psy_error *error)
{
    check c;
    const psy_status status = open_check(&c, options, findings, error);
    if (status != PSY_OK)
        return status;
    c.instrument = answers->instrument;
    c.sheets = answers->sheets;
    return run(&c, out);
}

psy_status psy_keycheck_csv(psy_table **out, const psy_catalog *catalog, const char *use,
                            const char *path, const psy_source *source,
                            const psy_keycheck_options *options, psy_findings *findings,
                            psy_error *error)
{
    check c;
    psy_status status = open_check(&c, options, findings, error);
    if (status != PSY_OK)
        return status;
    if (path == NULL && source == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "neither a file nor a source to read");
    psyi_arena arena;
    psyi_arena_init(&arena, c.allocator);
    psyi_use made;
    psyi_intake *intake = NULL;
    status = psyi_named_use(&made, use, catalog, NULL, &arena, error);
    if (status == PSY_OK) {
        const psyi_intake_options how = {.uses = &made,
                                         .n_uses = 1,
                                         .generated_names = true,
                                         .encoding = options != NULL ? options->encoding : NULL};
        status = psyi_intake_read(&intake, &how, path == NULL ? NULL : &path,
                                  path == NULL ? source : NULL, 1, c.allocator, findings, error);
    }
    if (status == PSY_OK) {
        c.instrument = made.instrument;
        c.sheets = intake->sheets[0];
        c.file = path != NULL ? path : source->name;
        status = run(&c, out);
    }
    psyi_intake_free(intake);
    psyi_arena_done(&arena);
    return status;
}
