/*
 * reason_table.c -- reasons for programs: one row for each value that a rule read.
 *
 * Rows are counted first and filled in a second pass, both by the same walk, since a table
 * has its rows from the start.
 */
#include "cohort/reason_table.h"
#include "base/fail.h"
#include "cohort/assembly.h"
#include "norm/norm_marks.h"
#include "tier/reason_values.h"

#include <string.h>

enum {
    STUDENT,
    SCHOOL,
    RULE,
    KIND,
    RANK,
    OUTCOME,
    CAUSE,
    EVEN,
    OPERAND,
    STATE,
    VALUE,
    LOW,
    HIGH,
    WORD,
    TEXT_EN,
    TEXT_ZH,
    MARK,
    COLUMNS
};

static const struct {
    const char *name;
    psy_column_type type;
} columns[COLUMNS] = {
    [STUDENT] = {"student", PSY_COLUMN_TEXT}, [SCHOOL] = {"school", PSY_COLUMN_TEXT},
    [RULE] = {"rule", PSY_COLUMN_TEXT},       [KIND] = {"kind", PSY_COLUMN_TEXT},
    [RANK] = {"rank", PSY_COLUMN_INT64},      [OUTCOME] = {"outcome", PSY_COLUMN_TEXT},
    [CAUSE] = {"cause", PSY_COLUMN_TEXT},     [EVEN] = {"even_with_blanks", PSY_COLUMN_BOOL},
    [OPERAND] = {"operand", PSY_COLUMN_TEXT}, [STATE] = {"state", PSY_COLUMN_TEXT},
    [VALUE] = {"value", PSY_COLUMN_DOUBLE},   [LOW] = {"low", PSY_COLUMN_DOUBLE},
    [HIGH] = {"high", PSY_COLUMN_DOUBLE},     [WORD] = {"word", PSY_COLUMN_TEXT},
    [TEXT_EN] = {"text_en", PSY_COLUMN_TEXT}, [TEXT_ZH] = {"text_zh", PSY_COLUMN_TEXT},
    [MARK] = {"mark", PSY_COLUMN_TEXT},
};

typedef struct walk {
    const psyi_results *results;
    psy_table *table;       /* NULL: only count */
    psyi_buffer name, mark; /* scratch */
    size_t row;
    size_t student, rule;
    bool fired, no_norm, even;
} walk;

static const char *kind_of(const psyi_book_rule *rule)
{
    if (!rule->critical)
        return "tier";
    switch (rule->kind) {
    case PSYI_FLAG_URGENT:
        return "urgent";
    case PSYI_FLAG_REVIEW:
        return "review";
    default:
        return "unanswered";
    }
}

static psy_status put(const walk *w, size_t column, const char *text, psy_error *error)
{
    if (text == NULL || text[0] == '\0')
        return PSY_OK;
    return psy_table_set_text(w->table, column, w->row, text, strlen(text), error);
}

static void put_number(const walk *w, size_t column, psyi_ratio value)
{
    if (value.den != 0)
        psy_table_set_double(w->table, column, w->row, psyi_ratio_double(value));
}

static psy_status fill_row(walk *w, const psyi_reason_value *value, psy_error *error)
{
    const psyi_results *const r = w->results;
    const psyi_student *const student = &r->students[w->student];
    const psyi_book_rule *const rule = &r->book->rules[w->rule];
    const char *const otherwise =
        rule->rule != NULL ? psyi_program_text(rule->rule->when) : rule->id;
    const char *texts[COLUMNS] = {
        [STUDENT] = student->id,
        [SCHOOL] = r->schools[student->school].code,
        [RULE] = rule->id,
        [KIND] = kind_of(rule),
        [OUTCOME] = w->fired ? "fired" : "undecided",
        [CAUSE] = w->fired     ? NULL
                  : w->no_norm ? "no_norm"
                               : "blank",
        [TEXT_EN] = psyi_label_text(rule->text, PSYI_EN, otherwise),
        [TEXT_ZH] = psyi_label_text(rule->text, PSYI_ZH, otherwise),
    };
    if (rule->rank > 0)
        psy_table_set_int(w->table, RANK, w->row, rule->rank);
    psy_table_set_bool(w->table, EVEN, w->row, w->even);
    psyi_buffer_clear(&w->name);
    psyi_buffer_clear(&w->mark);
    if (value != NULL) {
        psyi_operand_name(r->plan, value->is_item, value->id, &w->name);
        psyi_norm_mark_ids(value->marks, &w->mark);
        if (w->name.failed || w->mark.failed)
            return psyi_fail_memory(error, "reasons");
        texts[OPERAND] = w->name.data;
        texts[STATE] = value->state;
        texts[WORD] = value->word;
        texts[MARK] = w->mark.data;
        put_number(w, VALUE, value->value);
        put_number(w, LOW, value->low);
        put_number(w, HIGH, value->high);
    }
    psy_status status = PSY_OK;
    for (size_t i = 0; i < COLUMNS && status == PSY_OK; i++)
        status = put(w, i, texts[i], error);
    return status;
}

static psy_status told(void *context, const psyi_reason_value *value, psy_error *error)
{
    walk *const w = context;
    const psy_status status = w->table != NULL ? fill_row(w, value, error) : PSY_OK;
    w->row++;
    return status;
}

static psy_status walk_rule(walk *w, psy_error *error)
{
    const psyi_results *const r = w->results;
    bool no_norm;
    w->fired = psyi_fired(r, w->student, w->rule);
    if (!w->fired && !psyi_open(r, w->student, w->rule, &no_norm))
        return PSY_OK;
    w->no_norm = !w->fired && no_norm;
    const size_t item = psyi_telling_case(r, w->student, w->rule);
    w->even = w->fired && !r->book->rules[w->rule].critical &&
              psyi_reads_blanks(r->book, &r->cases, item, w->rule);
    const size_t before = w->row;
    const psy_status status = psyi_reason_values(r->book, &r->cases, item, w->rule, told, w, error);
    /* A rule that read nothing that was administered is told all the same. */
    return status == PSY_OK && w->row == before ? told(w, NULL, error) : status;
}

static bool is_here(const psyi_results *r, size_t student)
{
    return (r->elsewhere == NULL || !r->elsewhere[r->students[student].school]) &&
           psyi_printable(r, student);
}

static psy_status walk_all(walk *w, psy_error *error)
{
    const psyi_results *const r = w->results;
    psy_status status = PSY_OK;
    w->row = 0;
    for (w->student = 0; w->student < r->n_students && status == PSY_OK; w->student++)
        for (w->rule = 0;
             w->rule < r->book->n_rules && is_here(r, w->student) && status == PSY_OK;
             w->rule++)
            status = walk_rule(w, error);
    return status;
}

psy_status psyi_reason_table(psy_table **out, const psyi_results *results,
                             const psy_allocator *allocator, psy_error *error)
{
    walk w = {.results = results};
    psyi_buffer_init(&w.name, results->allocator);
    psyi_buffer_init(&w.mark, results->allocator);
    psy_status status = walk_all(&w, error);
    if (status == PSY_OK)
        status = psy_table_new(&w.table, w.row, allocator, error);
    for (size_t i = 0; i < COLUMNS && status == PSY_OK; i++)
        status = psy_table_add_column(w.table, columns[i].name, columns[i].type, NULL, error);
    if (status == PSY_OK)
        status = walk_all(&w, error);
    psyi_buffer_done(&w.name);
    psyi_buffer_done(&w.mark);
    if (status == PSY_OK)
        *out = w.table;
    else
        psy_table_free(w.table);
    return status;
}
