/*
 * blank_items.c -- which answers a rule still waits for.
 *
 * A rule reads scores, scores read items, flags read both; what is asked of the child in the
 * end is always items.  They are collected as marks, one byte an item of every use, so that
 * an item that three rules wait for is named once, in the order of the form.
 */
#include "tier/rule_block.h"

#define MOST_ITEMS 20 /* of one use that are named; more are counted */
#define BLANK      1

typedef struct blank_marks {
    const psyi_rulebook *book;
    psyi_block values;
    uint8_t *marks; /* [first[use] + item] */
    size_t first[PSYI_MAX_USES + 1];
    uint64_t whole; /* uses of which there is no sheet at all */
} blank_marks;

static void mark_item(blank_marks *to, unsigned use, unsigned item)
{
    uint8_t *const mark = &to->marks[to->first[use] + item];
    if (*mark == BLANK)
        return;
    psyi_item_lanes seen;
    to->values.item(to->values.context, psyi_item_of(use, item), false, &seen);
    if ((seen.blank & 1u) != 0)
        *mark = BLANK;
}

static void mark_program(blank_marks *to, unsigned use, const psyi_program *program, bool of_plan);

static void mark_scale(blank_marks *to, unsigned use, unsigned index)
{
    const psyi_scale *const scale = psyi_use_scale(to->book->plan, use, index);
    for (size_t i = 0; i < scale->n_items; i++)
        mark_item(to, use, scale->items[i]);
    for (size_t i = 0; i < scale->n_parts; i++)
        mark_scale(to, use, scale->parts[i]);
    if (scale->program != NULL)
        mark_program(to, use, scale->program, false);
}

static void mark_flag(blank_marks *to, unsigned use, unsigned index)
{
    const psy_instrument *const instrument = to->book->plan->uses[use].instrument;
    const psyi_flag *const flag = &instrument->flags[index];
    if (flag->when != NULL)
        mark_program(to, use, flag->when, false);
    for (size_t i = 0; flag->when == NULL && i < instrument->n_critical_items; i++)
        mark_item(to, use, instrument->critical_items[i]);
}

static void mark_column(blank_marks *to, unsigned use, uint32_t column)
{
    switch (psyi_column_kind_of(column)) {
    case PSYI_COLUMN_SCORE:
    case PSYI_COLUMN_ANSWERED:
    case PSYI_COLUMN_BAND:
    case PSYI_COLUMN_STANDARD:
        mark_scale(to, use, psyi_column_index(column));
        break;
    case PSYI_COLUMN_FLAG:
        mark_flag(to, use, psyi_column_index(column));
        break;
    case PSYI_COLUMN_LOCAL: {
        psyi_metric metric = PSYI_METRIC_T;
        const psyi_local_norm *const norm =
            psyi_local_of(to->book->plan, psyi_column_sub(column), &metric);
        if (norm != NULL)
            mark_scale(to, norm->use, norm->scale);
        break;
    }
    default:
        break;
    }
}

/* A program of the plan names its uses; one of an instrument speaks of `use`. */
static void mark_program(blank_marks *to, unsigned use, const psyi_program *program, bool of_plan)
{
    const psyi_operand *operands;
    const size_t n = psyi_program_operands(program, &operands);
    for (size_t i = 0; i < n; i++) {
        const uint32_t id = operands[i].id;
        if (operands[i].is_item)
            mark_item(to, of_plan ? psyi_item_use(id) : use, psyi_item_index(id));
        else
            mark_column(to, of_plan ? psyi_column_use(id) : use, id);
    }
}

static void ids_in_words(const blank_marks *from, unsigned use, psyi_language language,
                         psyi_buffer *out)
{
    const psy_instrument *const instrument = from->book->plan->uses[use].instrument;
    size_t n = 0;
    bool numbered = true;
    for (size_t i = 0; i < instrument->n_items; i++)
        if (from->marks[from->first[use] + i] == BLANK) {
            n++;
            numbered = numbered && instrument->items[i].number > 0;
        }
    if (language == PSYI_ZH)
        psyi_buffer_text(out, numbered ? " 第" : " ");
    else
        psyi_buffer_text(out, n == 1 ? " item " : " items ");
    size_t named = 0;
    for (size_t i = 0; i < instrument->n_items && named < MOST_ITEMS; i++) {
        if (from->marks[from->first[use] + i] != BLANK)
            continue;
        if (named++ > 0)
            psyi_buffer_text(out, language == PSYI_ZH ? "、" : ", ");
        psyi_buffer_text(out, instrument->items[i].id);
    }
    if (language == PSYI_ZH) {
        psyi_buffer_text(out, numbered ? "题" : " 题");
        if (n > named)
            psyi_buffer_format(out, "等%zu题", n);
    } else if (n > named) {
        psyi_buffer_format(out, " and %zu more", n - named);
    }
}

static void in_words(const blank_marks *from, psyi_language language, psyi_buffer *out)
{
    const psy_plan *const plan = from->book->plan;
    bool any = false;
    for (unsigned use = 0; use < plan->n_uses; use++) {
        bool blank = false;
        for (size_t i = from->first[use]; i < from->first[use + 1]; i++)
            blank = blank || from->marks[i] == BLANK;
        if (!blank)
            continue;
        if (any)
            psyi_buffer_text(out, language == PSYI_ZH ? "；" : "; ");
        any = true;
        psyi_use_words(plan, use, language, out);
        if (from->whole >> use & 1u)
            psyi_buffer_text(out, language == PSYI_ZH ? "（整份未作答）" : " (the whole form)");
        else
            ids_in_words(from, use, language, out);
    }
}

void psyi_blank_items(const psyi_rulebook *book, const psyi_cases *cases, size_t item,
                      const bool *rules, psyi_language language, psyi_buffer *out)
{
    const psyi_rule_block block = psyi_rule_block_at(book, cases, item, 1);
    blank_marks marks = {.book = book, .values = psyi_rule_block_values(&block)};
    for (unsigned use = 0; use < book->plan->n_uses; use++) {
        psyi_use_lanes lanes;
        psyi_use_lanes_of(&block, use, &lanes);
        marks.first[use + 1] = marks.first[use] + book->plan->uses[use].instrument->n_items;
        if ((lanes.missing & 1u) != 0)
            marks.whole |= (uint64_t)1 << use;
    }
    marks.marks = psyi_alloc(book->allocator, marks.first[book->plan->n_uses], 1);
    if (marks.marks == NULL) {
        out->failed = true;
        return;
    }
    for (size_t r = 0; r < book->n_rules; r++) {
        if (!rules[r])
            continue;
        if (book->rules[r].critical)
            mark_flag(&marks, book->rules[r].use, book->rules[r].flag);
        else
            mark_program(&marks, 0, book->rules[r].rule->when, true);
    }
    in_words(&marks, language, out);
    psyi_free(book->allocator, marks.marks);
}
