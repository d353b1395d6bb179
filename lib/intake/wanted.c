/*
 * wanted.c -- everything a header may hold, and under which names.
 *
 * A plan declares exact texts, beginnings of texts ("1、*"), lists of them, positions,
 * numbers of questions and patterns; nothing else is accepted, so a column is never taken for
 * another because it looks similar.  Only where no plan speaks (ad-hoc scoring, a use or roster
 * without declarations) do generated names hold: `<use>_<item id>` and the English names of the
 * fields.
 */
#include "answers/needed.h"
#include "base/fail.h"
#include "definition/item_pattern.h"
#include "intake/header.h"

#include <stdlib.h>
#include <string.h>

enum { MUST = 1, WARN = 2 };

static void add(psyi_wanted_list *list, psyi_wanted wanted)
{
    list->items[list->n++] = wanted;
    list->n_sorted += wanted.n_names;
}

static bool add_one_name(psyi_wanted_list *list, psyi_wanted wanted, const char *name,
                         psyi_arena *arena)
{
    const char **const names = psyi_arena_alloc(arena, 1, sizeof *names);
    if (names == NULL)
        return false;
    names[0] = name;
    wanted.names = names;
    wanted.n_names = 1;
    add(list, wanted);
    return true;
}

static uint8_t field_need(const psyi_intake_options *options, bool roster, unsigned field)
{
    const bool must = field == PSYI_FIELD_STUDENT || field == PSYI_FIELD_CONSENT ||
                      field == PSYI_FIELD_CODE ||
                      (roster && (field == PSYI_FIELD_SCHOOL || field == PSYI_FIELD_REQUIRED));
    return must && !options->partial ? MUST : WARN;
}

static bool add_fields(psyi_wanted_list *list, bool roster, psyi_arena *arena)
{
    const psyi_intake_options *const options = list->options;
    const bool declared =
        !options->generated_names && options->input != NULL && options->input->present;
    for (unsigned field = 0; field < PSYI_FIELDS; field++) {
        psyi_wanted wanted = {.kind = PSYI_WANT_FIELD, .index = (uint16_t)field};
        if (declared) {
            wanted.names = options->input->columns[field].names;
            wanted.n_names = options->input->columns[field].n_names;
            wanted.need = field_need(options, roster, field);
            if (wanted.n_names > 0)
                add(list, wanted);
            continue;
        }
        if (field >= PSYI_FIELD_SOURCE) /* of a file that is always declared */
            continue;
        if (options->generated_names && field != PSYI_FIELD_SEX && field != PSYI_FIELD_GRADE &&
            field != PSYI_FIELD_AGE && field != PSYI_FIELD_INFORMANT)
            continue;
        if (!add_one_name(list, wanted, psyi_field_name((psyi_field)field), arena))
            return false;
    }
    return true;
}

static const psyi_item_columns *columns_of(const psyi_intake_options *options, size_t use)
{
    if (options->generated_names || options->input == NULL)
        return NULL;
    for (size_t i = 0; i < options->input->n_items; i++)
        if (options->input->items[i].use == use)
            return &options->input->items[i];
    return NULL;
}

/* The part of a pattern that all its names begin with. */
static const char *prefix_of(const char *pattern, psyi_arena *arena)
{
    return psyi_arena_text(arena, pattern, strcspn(pattern, "{"));
}

static bool add_items(psyi_wanted_list *list, size_t use, psyi_arena *arena)
{
    const psyi_intake_options *const options = list->options;
    const psy_instrument *const instrument = options->uses[use].instrument;
    const psyi_item_columns *const declared = columns_of(options, use);
    const char *pattern = declared != NULL ? declared->pattern : NULL;
    if (declared == NULL)
        pattern = psyi_arena_format(
            arena, "%s_{id}", options->generated_names ? instrument->id : options->uses[use].id);
    if (declared == NULL && pattern == NULL)
        return false;
    list->prefixes[use] = prefix_of(pattern != NULL ? pattern : "", arena);
    uint8_t *const need = psyi_arena_alloc(arena, instrument->n_items, 1);
    if (need == NULL || list->prefixes[use] == NULL)
        return false;
    psyi_items_needed(instrument, options->uses[use].variant, options->uses[use].informant, need);

    for (size_t i = 0; i < instrument->n_items; i++) {
        const psyi_item_column *own = NULL;
        for (size_t j = 0; declared != NULL && j < declared->n_items && own == NULL; j++)
            if (declared->items[j].item == i)
                own = &declared->items[j];
        const size_t n_own = own != NULL ? own->column.n_names : 0;
        const char **const names = psyi_arena_alloc(arena, n_own + 1, sizeof *names);
        const char *filled = NULL;
        if (names == NULL ||
            (pattern != NULL && !psyi_pattern_fill(arena, pattern, &instrument->items[i], &filled)))
            return false;
        size_t n = 0;
        psyi_question_name question;
        const bool runs_on =
            filled != NULL && psyi_question_name_read(filled, &question) && question.row == 0;
        for (size_t j = 0; j < n_own; j++)
            names[n++] = own->column.names[j];
        if (filled == NULL && n == 0) /* the pattern has no name for it, e.g. {n} for a word */
            filled =
                psyi_arena_format(arena, "%s_%s", options->uses[use].id, instrument->items[i].id);
        if (filled == NULL && n == 0)
            return false;
        if (filled != NULL)
            names[n++] = filled;
        add(list, (psyi_wanted){.kind = PSYI_WANT_ITEM,
                                .use = (uint16_t)use,
                                .index = (uint16_t)i,
                                .need = need[i],
                                .runs_on = runs_on,
                                .names = names,
                                .n_names = n});
    }
    return true;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

size_t psyi_starred(const psyi_wanted *wanted, const char *name)
{
    const size_t length = strlen(name);
    return wanted->kind != PSYI_WANT_KEEP && length > 1 && name[length - 1] == '*' ? length - 1 : 0;
}

static bool sort_names(psyi_wanted_list *list, psyi_arena *arena)
{
    const size_t room = list->n_sorted;
    list->sorted = psyi_arena_alloc(arena, room, sizeof *list->sorted);
    list->starred = psyi_arena_alloc(arena, room, sizeof *list->starred);
    if (list->sorted == NULL || list->starred == NULL)
        return false;
    list->n_sorted = 0;
    for (size_t i = 0; i < list->n; i++)
        for (size_t j = 0; j < list->items[i].n_names; j++) {
            const char *const name = list->items[i].names[j];
            psyi_question_name question;
            list->has_questions = list->has_questions || psyi_question_name_read(name, &question);
            if (psyi_starred(&list->items[i], name) > 0)
                list->starred[list->n_starred++] = name;
            else
                list->sorted[list->n_sorted++] = name;
        }
    if (list->n_sorted > 0)
        qsort(list->sorted, list->n_sorted, sizeof *list->sorted, by_text);
    return true;
}

psy_status psyi_wanted_make(psyi_wanted_list *out, const psyi_intake_options *options, bool roster,
                            psyi_arena *arena, psy_error *error)
{
    size_t n = PSYI_FIELDS + options->n_keep;
    for (size_t use = 0; use < options->n_uses; use++)
        n += options->uses[use].instrument->n_items;
    *out = (psyi_wanted_list){.options = options};
    if (!options->generated_names)
        out->where = roster ? "inputs/roster" : "inputs/responses";
    out->items = psyi_arena_alloc(arena, n, sizeof *out->items);
    out->prefixes = psyi_arena_alloc(arena, options->n_uses, sizeof *out->prefixes);
    bool good = out->items != NULL && out->prefixes != NULL && add_fields(out, roster, arena);
    for (size_t use = 0; use < options->n_uses && good; use++)
        good = add_items(out, use, arena);
    for (size_t i = 0; i < options->n_keep && good; i++)
        good = add_one_name(out,
                            (psyi_wanted){.kind = PSYI_WANT_KEEP,
                                          .index = (uint16_t)i,
                                          .need = options->generated_names ? MUST : 0},
                            options->keep[i], arena);
    if (!good || !sort_names(out, arena))
        return psyi_fail_memory(error, "column names");
    return PSY_OK;
}
