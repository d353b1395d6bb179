/*
 * header_map.c -- matching names to columns.
 *
 * A name either stands in the header exactly (blanks at the ends aside) or it does not.  A
 * name that stands there twice, and an item that two columns claim, are refused: taking
 * either one would be a guess.  A question is found by its number, however that is spelt
 * (question_columns.c).
 */
#include "answers/needed.h"
#include "base/fail.h"
#include "base/text.h"
#include "definition/item_pattern.h"
#include "intake/cell_grid.h"
#include "intake/header.h"
#include "intake/question_columns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct place { /* a column under its name, for sorting */
    const char *name;
    uint32_t column;
} place;

static int by_name(const void *a, const void *b)
{
    const place *const x = a;
    const place *const y = b;
    const int order = strcmp(x->name, y->name);
    return order != 0 ? order : x->column < y->column ? -1 : x->column > y->column;
}

static int by_column(const void *a, const void *b)
{
    const psyi_target *const x = a;
    const psyi_target *const y = b;
    if (x->column != y->column)
        return x->column < y->column ? -1 : 1;
    if (x->use != y->use)
        return x->use < y->use ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

typedef struct search {
    const psyi_header *header;
    const psyi_intake_options *options;
    const char *file;
    const place *places; /* sorted; a column with a label has two */
    size_t n_places;
    psyi_question_columns questions;
    bool declared; /* there is a plan that can name columns */
    psy_error *error;
} search;

/* First of the places whose name is not before `name`, as far as that goes. */
static size_t find(const search *in, const char *name, size_t length)
{
    size_t low = 0, high = in->n_places;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (strncmp(in->places[middle].name, name, length) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool fits(const search *in, size_t at, const char *name, size_t length, bool in_full)
{
    return at < in->n_places && strncmp(in->places[at].name, name, length) == 0 &&
           (!in_full || in->places[at].name[length] == '\0');
}

/* "column 3", in a workbook "C1". */
static const char *column_name(const psyi_header *header, uint32_t column, char out[40])
{
    if (header->cells)
        return psyi_cell_name(header->line, column + 1, out);
    snprintf(out, 40, "column %u", column + 1);
    return out;
}

static psy_status refuse_two(const search *in, const psyi_wanted *what, uint32_t first,
                             uint32_t second)
{
    const psy_location where = psyi_location(in->file, (size_t)in->header->line, 1, 1);
    const char *const name = in->header->names[first], *const other = in->header->names[second];
    if (strcmp(name, other) == 0) {
        char a[40], b[40];
        return psyi_fail(
            in->error, PSY_E_DATA, &where, "two columns are called '%.120s': %s and %s: %s", other,
            column_name(in->header, first, a), column_name(in->header, second, b),
            in->declared ? "take one of them out, or declare which is meant by its place, as "
                           "\"#3\" for the third"
                         : "take one of them out");
    }
    if (what->kind != PSYI_WANT_ITEM)
        return psyi_fail(in->error, PSY_E_DATA, &where,
                         "'%.80s' (column %u) and '%.80s' (column %u) are both declared as %s",
                         name, first + 1, other, second + 1,
                         psyi_field_name((psyi_field)what->index));
    const psyi_use *const use = &in->options->uses[what->use];
    return psyi_fail(in->error, PSY_E_DATA, &where,
                     "'%.80s' (column %u) and '%.80s' (column %u) are both item %.40s of %.40s",
                     name, first + 1, other, second + 1, use->instrument->items[what->index].id,
                     use->id);
}

/* "#3" is the third column; PSYI_NO_COLUMN for anything else. */
static uint32_t position(const psyi_header *header, const char *name)
{
    int64_t number;
    if (name[0] != '#' || !psyi_integer_parse(name + 1, strlen(name + 1), &number) || number < 1 ||
        (uint64_t)number > header->n_columns)
        return PSYI_NO_COLUMN;
    return (uint32_t)number - 1;
}

static psy_status match(const search *in, const psyi_wanted *wanted, uint32_t *out)
{
    *out = PSYI_NO_COLUMN;
    for (size_t i = 0; i < wanted->n_names; i++) {
        const char *const name = wanted->names[i];
        uint32_t column = position(in->header, name);
        psyi_question_name question;
        if (psyi_question_name_read(name, &question)) {
            const psy_status status =
                psyi_question_column(&in->questions, &question, &column, in->error);
            if (status != PSY_OK)
                return status;
        } else if (column == PSYI_NO_COLUMN && name[0] != '\0') {
            const size_t starred = psyi_starred(wanted, name);
            const size_t length = starred > 0 ? starred : strlen(name);
            const size_t first = find(in, name, length);
            for (size_t at = first; fits(in, at, name, length, starred == 0); at++) {
                if (at > first && in->places[at].column != column)
                    return refuse_two(in, wanted, column, in->places[at].column);
                column = in->places[at].column;
            }
        }
        if (column == PSYI_NO_COLUMN || column == *out)
            continue;
        if (*out != PSYI_NO_COLUMN)
            return refuse_two(in, wanted, *out, column);
        *out = column;
    }
    return PSY_OK;
}

/* Numbers of questions run on from one questionnaire to the next: an item of the first that
 * the form has not got would be read from an answer to the second. */
static psy_status refuse_shared(const search *in, const psyi_wanted_list *wanted,
                                const uint32_t *column, size_t i)
{
    const psyi_wanted *const what = &wanted->items[i];
    if (column[i] == PSYI_NO_COLUMN || what->kind != PSYI_WANT_ITEM)
        return PSY_OK;
    for (size_t j = 0; j < i; j++) {
        const psyi_wanted *const other = &wanted->items[j];
        if (column[j] != column[i] || other->kind != PSYI_WANT_ITEM ||
            !(what->runs_on || other->runs_on))
            continue;
        const psy_location where = psyi_location(in->file, (size_t)in->header->line, 1, 1);
        const psyi_use *const a = &in->options->uses[other->use];
        const psyi_use *const b = &in->options->uses[what->use];
        return psyi_fail(in->error, PSY_E_DATA, &where,
                         "column %u ('%.80s') would be item %.40s of %.40s and item %.40s of "
                         "%.40s: give each questionnaire the numbers of its own items, as in "
                         "`%.40s: {1..9: \"{question+3}\"}`",
                         column[i] + 1, in->header->names[column[i]],
                         a->instrument->items[other->index].id, a->id,
                         b->instrument->items[what->index].id, b->id, a->id);
    }
    return PSY_OK;
}

static bool note_targets(psyi_header *header, const psyi_wanted_list *wanted,
                         const uint32_t *column, bool *used, psyi_arena *arena)
{
    psyi_target *const targets = psyi_arena_alloc(arena, wanted->n, sizeof *targets);
    psyi_absent_item *const absent = psyi_arena_alloc(arena, wanted->n, sizeof *absent);
    header->use_here = psyi_arena_alloc(arena, wanted->options->n_uses, sizeof *header->use_here);
    if (targets == NULL || absent == NULL || header->use_here == NULL)
        return false;
    for (size_t i = 0; i < wanted->n; i++) {
        if (column[i] == PSYI_NO_COLUMN)
            continue;
        const psyi_wanted *const what = &wanted->items[i];
        targets[header->n_targets++] = (psyi_target){column[i], what->kind, what->use, what->index};
        used[column[i]] = true;
        if (what->kind == PSYI_WANT_ITEM)
            header->use_here[what->use] = true;
    }
    if (header->n_targets > 0)
        qsort(targets, header->n_targets, sizeof *targets, by_column);
    for (size_t i = 0; i < wanted->n; i++)
        if (column[i] == PSYI_NO_COLUMN && wanted->items[i].kind == PSYI_WANT_ITEM &&
            header->use_here[wanted->items[i].use])
            absent[header->n_absent++] =
                (psyi_absent_item){wanted->items[i].use, wanted->items[i].index};
    header->targets = targets;
    header->absent = absent;
    return true;
}

psy_status psyi_header_map(psyi_header *header, const char *file, const psyi_wanted_list *wanted,
                           psyi_arena *arena, psy_findings *findings, psy_error *error)
{
    place *const places = psyi_arena_alloc(arena, 2 * header->n_columns, sizeof *places);
    size_t n_places = 0;
    uint32_t *const column = psyi_arena_alloc(arena, wanted->n, sizeof *column);
    bool *const used = psyi_arena_alloc(arena, header->n_columns, sizeof *used);
    if (places == NULL || column == NULL || used == NULL)
        return psyi_fail_memory(error, "a header");
    for (uint32_t i = 0; i < header->n_columns; i++) {
        places[n_places++] = (place){header->names[i], i};
        if (i < header->n_labels && header->labels[i][0] != '\0')
            places[n_places++] = (place){header->labels[i], i};
    }
    qsort(places, n_places, sizeof *places, by_name);

    search in = {.header = header,
                 .options = wanted->options,
                 .file = file,
                 .places = places,
                 .n_places = n_places,
                 .declared = wanted->where != NULL,
                 .error = error};
    if (!psyi_question_columns_make(&in.questions, header, file, arena))
        return psyi_fail_memory(error, "a header");
    for (size_t i = 0; i < wanted->n; i++) {
        const psy_status status = match(&in, &wanted->items[i], &column[i]);
        if (status != PSY_OK)
            return status;
    }
    for (size_t i = 0; wanted->has_questions && i < wanted->n; i++) {
        const psy_status status = refuse_shared(&in, wanted, column, i);
        if (status != PSY_OK)
            return status;
    }
    if (!note_targets(header, wanted, column, used, arena))
        return psyi_fail_memory(error, "a header");
    psy_status status =
        psyi_header_missing(header, file, wanted, column, used, arena, findings, error);
    if (status == PSY_OK)
        status = psyi_header_notes(header, file, wanted, column, used, arena, findings, error);
    return status;
}

psy_status psyi_header_own(const psyi_header *header, psyi_input_file *file, psyi_arena *arena,
                           psy_error *error)
{
    const char **const own = psyi_arena_alloc(arena, header->n_targets, sizeof *own);
    if (own == NULL)
        return psyi_fail_memory(error, "a header");
    file->own = own;
    for (size_t i = 0; i < header->n_targets; i++) {
        if (header->targets[i].kind != PSYI_WANT_FIELD)
            continue;
        own[file->n_own] = psyi_arena_copy(arena, header->names[header->targets[i].column]);
        if (own[file->n_own++] == NULL)
            return psyi_fail_memory(error, "a header");
    }
    return PSY_OK;
}
