/*
 * rule_fixture.c -- see rule_fixture.h.
 */
#include "rule_fixture.h"
#include "expr/machine.h"
#include "test_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const sexes[] = {"male", "female"};
static const char *const stages[] = {"primary", "junior", "senior", "tertiary"};
static const char *const levels[] = {"minimal", "mild", "moderate", "moderately_severe", "severe"};

static const char *const judgements[] = {"normal", "borderline", "abnormal"};

/* Columns; their index is their number. */
static const struct column {
    const char *name;
    psyi_type type;
    psyi_ratio low, high;
    bool integer;
    const char *const *tokens;
    size_t n_tokens;
} columns[] = {
    {"total", PSYI_TYPE_NUMBER, {0, 1}, {27, 1}, true, NULL, 0},
    {"a", PSYI_TYPE_NUMBER, {0, 1}, {10, 1}, true, NULL, 0},
    {"b", PSYI_TYPE_NUMBER, {0, 1}, {10, 1}, true, NULL, 0},
    {"c", PSYI_TYPE_NUMBER, {-5, 1}, {5, 1}, true, NULL, 0},
    {"d", PSYI_TYPE_NUMBER, {0, 1}, {4, 1}, false, NULL, 0},
    {"x", PSYI_TYPE_NUMBER, {0, 0}, {0, 0}, false, NULL, 0},
    {"y", PSYI_TYPE_NUMBER, {0, 0}, {0, 0}, false, NULL, 0},
    {"total.t@local26", PSYI_TYPE_NUMBER, {0, 0}, {0, 0}, false, NULL, 0},
    {"phq9.total", PSYI_TYPE_NUMBER, {0, 1}, {27, 1}, true, NULL, 0},
    {"previous.tier", PSYI_TYPE_NUMBER, {0, 1}, {3, 1}, true, NULL, 0},
    {"student.grade", PSYI_TYPE_NUMBER, {1, 1}, {16, 1}, true, NULL, 0},
    {"quality.seconds_per_item", PSYI_TYPE_NUMBER, {0, 1}, {0, 0}, false, NULL, 0},
    {"f", PSYI_TYPE_BOOLEAN, {0, 0}, {0, 0}, false, NULL, 0},
    {"g", PSYI_TYPE_BOOLEAN, {0, 0}, {0, 0}, false, NULL, 0},
    {"h", PSYI_TYPE_BOOLEAN, {0, 0}, {0, 0}, false, NULL, 0},
    {"student.sex", PSYI_TYPE_CATEGORY, {0, 0}, {0, 0}, false, sexes, 2},
    {"student.stage", PSYI_TYPE_CATEGORY, {0, 0}, {0, 0}, false, stages, 4},
    {"total.band", PSYI_TYPE_BAND, {0, 0}, {0, 0}, false, levels, 5},
    {"total.band@china", PSYI_TYPE_BAND, {0, 0}, {0, 0}, false, levels, 5},
    {"phq9.total.band", PSYI_TYPE_BAND, {0, 0}, {0, 0}, false, levels, 5},
    {"mht.total", PSYI_TYPE_NUMBER, {0, 1}, {90, 1}, true, NULL, 0},
    {"sdq.prosocial", PSYI_TYPE_NUMBER, {0, 1}, {10, 1}, true, NULL, 0},
    {"sdq.prosocial.band", PSYI_TYPE_BAND, {0, 0}, {0, 0}, false, judgements, 3},
    {"sdq.total_difficulties", PSYI_TYPE_NUMBER, {0, 1}, {40, 1}, true, NULL, 0},
    {"phq9.critical_9", PSYI_TYPE_BOOLEAN, {0, 0}, {0, 0}, false, NULL, 0},
    {"student.age", PSYI_TYPE_NUMBER, {6, 1}, {99, 1}, true, NULL, 0},
};
enum { N_COLUMNS = sizeof columns / sizeof *columns };

/* Items by use and name; numbered ones are added below. */
static const struct item {
    const char *name;
    uint32_t id;
    int32_t scale, low, high;
} named[] = {
    {"interest", 0, 1, 0, 3},     {"mood", 1, 1, 0, 3},
    {"self_harm", 8, 1, 0, 3},    {"bed", 10, 1, 0, 1439},
    {"up", 11, 1, 0, 1439},       {"hours", 12, 1000, 0, 24000},
    {"free", 13, 1, 1, 0},        {"q5b", 14, 1, 0, 3},
    {"q5c", 15, 1, 0, 3},         {"odd", 16, 1, -2, 2},
    {"fixed", 17, 1, 2, 2},       {"q1", 18, 1, 0, 3},
    {"unread", 19, 0, 0, 3},      {"large", 20, 1, INT32_MIN, INT32_MAX},
    {"strange", 21, 65521, 0, 9}, {"coarse", 24, 100000, 0, 9},
    {"minutes", 22, 1, 0, 600},   {"q5j", 23, 1, 0, 3},
};
enum {
    FIRST_PHQ9 = 30,
    FIRST_MHT = 50,
    FIRST_MANY = 200,
    N_MANY = 1100,
    N_NAMED = sizeof named / sizeof *named
};
static const uint32_t total_items[] = {0, 1, 2, 3, 4, 5, 6, 7, 8};
static const uint32_t phq9_items[] = {30, 31, 32, 33, 34, 35, 36, 37, 38};
static const uint32_t prosocial_items[] = {0, 3, 8};

static bool find_column(const void *context, const char *name, psyi_symbol *out)
{
    (void)context;
    for (uint32_t i = 0; i < N_COLUMNS; i++)
        if (strcmp(columns[i].name, name) == 0) {
            *out = (psyi_symbol){.type = columns[i].type,
                                 .column = i,
                                 .low = columns[i].low,
                                 .high = columns[i].high,
                                 .integer = columns[i].integer,
                                 .tokens = columns[i].tokens,
                                 .n_tokens = columns[i].n_tokens};
            return true;
        }
    return false;
}

static bool find_item(const void *context, const char *use, const char *selector, uint32_t *item)
{
    char *end = NULL;
    const unsigned long number = strtoul(selector, &end, 10);
    const bool is_number = *end == '\0' && end != selector;
    (void)context;
    if (strcmp(use, "phq9") == 0) {
        if (is_number && number >= 1 && number <= 10)
            *item = FIRST_PHQ9 + (uint32_t)number - 1;
        else if (strcmp(selector, "self_harm") == 0)
            *item = FIRST_PHQ9 + 8;
        else
            return false;
        return true;
    }
    if (strcmp(use, "mht") == 0) {
        if (!is_number || number < 1 || number > 100)
            return false;
        *item = FIRST_MHT + (uint32_t)number - 1;
        return true;
    }
    if (strcmp(use, "many") == 0) { /* 1 to 1100 differ, and there are more */
        *item = FIRST_MANY + (uint32_t)(number % N_MANY);
        return is_number && number >= 1;
    }
    if (use[0] != '\0')
        return false;
    if (is_number && number >= 1 && number <= 9) {
        *item = (uint32_t)number - 1;
        return true;
    }
    for (size_t i = 0; i < N_NAMED; i++)
        if (strcmp(named[i].name, selector) == 0) {
            *item = named[i].id;
            return true;
        }
    return false;
}

static bool find_scale(const void *context, const char *use, const char *scale,
                       const uint32_t **items, size_t *n_items)
{
    (void)context;
    if (strcmp(scale, "total") == 0) {
        *items = strcmp(use, "phq9") == 0 ? phq9_items : total_items;
        *n_items = 9;
        return strcmp(use, "mht") != 0;
    }
    if (strcmp(scale, "prosocial") == 0 && strcmp(use, "sdq") == 0) {
        *items = prosocial_items;
        *n_items = 3;
        return true;
    }
    *items = NULL;
    *n_items = 0;
    return strcmp(scale, "nothing") == 0;
}

static void item_limits(uint32_t item, int32_t *low, int32_t *high, int32_t *scale)
{
    *scale = 1;
    *low = 0;
    *high = item >= FIRST_MHT ? 1 : 3;
    for (size_t i = 0; i < N_NAMED; i++)
        if (named[i].id == item) {
            *low = named[i].low;
            *high = named[i].high;
            *scale = named[i].scale;
        }
}

static void item_range(const void *context, uint32_t item, psyi_ratio *low, psyi_ratio *high)
{
    int32_t from = 0, to = 0, scale = 1;
    (void)context;
    item_limits(item, &from, &to, &scale);
    if (from > to || scale == 0)
        return;
    *low = psyi_ratio_make(from, scale);
    *high = psyi_ratio_make(to, scale);
}

static bool item_integer(const void *context, uint32_t item)
{
    int32_t from = 0, to = 0, scale = 1;
    (void)context;
    item_limits(item, &from, &to, &scale);
    return scale == 1;
}

static const char *const *all_names(const void *context, size_t *n_names)
{
    static const char *names[N_COLUMNS];
    (void)context;
    for (size_t i = 0; i < N_COLUMNS; i++)
        names[i] = columns[i].name;
    *n_names = N_COLUMNS;
    return names;
}

const psyi_scope world_scope = {.column = find_column,
                                .item = find_item,
                                .scale_items = find_scale,
                                .item_range = item_range,
                                .names = all_names,
                                .item_integer = item_integer};
const psyi_scope world_bare_scope = {
    .column = find_column, .item = find_item, .scale_items = find_scale, .item_range = item_range};

/* ---- values ---- */

void world_clear(world *w)
{
    memset(w, 0, sizeof *w);
    for (uint32_t i = 0; i < WORLD_ITEMS; i++) {
        item_limits(i, &w->items[i].low, &w->items[i].high, &w->items[i].scale);
        w->items[i].known = PSYI_ALL_LANES;
    }
    for (size_t i = 0; i < WORLD_COLUMNS; i++) {
        for (unsigned lane = 0; lane < PSYI_LANES; lane++)
            w->numbers[i].value[lane] = (psyi_ratio){0, 1};
        w->numbers[i].known = w->tokens[i].known = PSYI_ALL_LANES;
        w->truths[i].no = w->truths[i].maybe_no = PSYI_ALL_LANES;
    }
}

static psyi_ratio read_decimal(const char *text, size_t length)
{
    int64_t whole = 0; /* of more digits than a decimal may have */
    psyi_ratio ratio = {0, 0};
    if (psyi_integer_parse(text, length, &whole))
        return (psyi_ratio){whole, 1};
    assert_true(psyi_ratio_parse(text, length, &ratio));
    return ratio;
}

/* "5", "5/4" or "2.5" up to `stop`. */
static psyi_ratio read_ratio(const char *text, const char *stop)
{
    const size_t length = stop != NULL ? (size_t)(stop - text) : strlen(text);
    const char *const slash = memchr(text, '/', length);
    if (slash == NULL)
        return read_decimal(text, length);
    return psyi_ratio_div(read_decimal(text, (size_t)(slash - text)),
                          read_decimal(slash + 1, length - (size_t)(slash - text) - 1));
}

static void set_item(psyi_item_lanes *item, psyi_mask bit, unsigned lane, const char *value)
{
    item->known &= ~bit;
    item->value[lane] = 77; /* must not be read unless known */
    if (value[0] == '_' || value[0] == 'r')
        item->blank |= bit;
    if (value[0] == 'r')
        item->refused |= bit;
    else if (strcmp(value, "-") == 0)
        item->absent |= bit;
    if (value[0] == '_' || value[0] == 'r' || strcmp(value, "-") == 0)
        return;
    const psyi_ratio ratio =
        psyi_ratio_mul(read_ratio(value, NULL), (psyi_ratio){item->scale > 0 ? item->scale : 1, 1});
    assert_int_equal(ratio.den, 1);
    item->known |= bit;
    item->value[lane] = (int32_t)ratio.num;
}

static void set_number(psyi_numbers *column, psyi_mask bit, unsigned lane, const char *value)
{
    const char *const range = strpbrk(value, "?~");
    column->known &= ~bit;
    column->value[lane] = (psyi_ratio){99, 1};
    if (strcmp(value, "-") == 0)
        column->absent |= bit;
    else if (strcmp(value, "x") == 0)
        column->no_record |= bit;
    else if (strcmp(value, "?n") == 0)
        column->no_norm |= bit;
    else if (value[0] != '?') {
        column->known |= bit;
        column->value[lane] = read_ratio(value, range);
    }
    if (value[0] == '?' && strcmp(value, "?n") != 0 && value[1] != '\0')
        column->blank |= bit;
    const char *const dots = range != NULL ? strstr(range, "..") : NULL;
    if (dots == NULL)
        return;
    column->blank |= bit;
    column->bounded |= bit;
    column->low[lane] = read_ratio(range + 1, dots);
    column->high[lane] = read_ratio(dots + 2, NULL);
}

static void set_truth(psyi_truths *column, psyi_mask bit, const char *value)
{
    column->no &= ~bit;
    column->maybe_no &= ~bit;
    if (strcmp(value, "-") == 0) {
        column->absent |= bit;
        return;
    }
    if (value[0] == 'y' || strcmp(value, "n~") == 0)
        column->maybe_yes |= bit;
    if (value[0] == 'n' || strcmp(value, "y~") == 0)
        column->maybe_no |= bit;
    if (value[0] == 'y')
        column->yes |= bit;
    if (value[0] == 'n')
        column->no |= bit;
    if (strcmp(value, "?b") == 0)
        column->blank |= bit;
    if (strcmp(value, "?n") == 0)
        column->no_norm |= bit;
}

static uint8_t token_index(const struct column *column, const char *word, size_t length)
{
    for (size_t i = 0; i < column->n_tokens; i++)
        if (strlen(column->tokens[i]) == length && memcmp(column->tokens[i], word, length) == 0)
            return (uint8_t)i;
    fail_msg("'%.*s' is no value of %s", (int)length, word, column->name);
    return 0;
}

static void set_token(const struct column *column, psyi_tokens *tokens, psyi_mask bit,
                      unsigned lane, const char *value)
{
    const char *const range = strpbrk(value, "?~");
    tokens->known &= ~bit;
    tokens->value[lane] = 200;
    if (strcmp(value, "-") == 0)
        tokens->absent |= bit;
    else if (strcmp(value, "x") == 0)
        tokens->no_record |= bit;
    else if (strcmp(value, "?n") == 0)
        tokens->no_norm |= bit;
    else if (value[0] != '?') {
        tokens->known |= bit;
        tokens->value[lane] =
            token_index(column, value, range != NULL ? (size_t)(range - value) : strlen(value));
    }
    const char *const dots = range != NULL ? strstr(range, "..") : NULL;
    if (dots == NULL)
        return;
    tokens->blank |= bit;
    tokens->bounded |= bit;
    tokens->low[lane] = token_index(column, range + 1, (size_t)(dots - range) - 1);
    tokens->high[lane] = token_index(column, dots + 2, strlen(dots + 2));
}

void world_set(world *w, unsigned lane, const char *data)
{
    const psyi_mask bit = (psyi_mask)1 << lane;
    char copy[512], *save = NULL;

    assert_true(strlen(data) < sizeof copy);
    memcpy(copy, data, strlen(data) + 1);
    for (char *word = strtok_r(copy, " ", &save); word != NULL; word = strtok_r(NULL, " ", &save)) {
        char *const value = strchr(word, '=');
        psyi_symbol symbol = {0};
        uint32_t item = 0;
        assert_non_null(value);
        *value = '\0';
        const char *const dot = strchr(word, '.');
        char use[16] = "";
        if (dot != NULL && (size_t)(dot - word) < sizeof use)
            memcpy(use, word, (size_t)(dot - word));
        if (find_item(NULL, use, use[0] != '\0' ? dot + 1 : word, &item))
            set_item(&w->items[item], bit, lane, value + 1);
        else if (!find_column(NULL, word, &symbol))
            fail_msg("'%s' is neither item nor column", word);
        else if (symbol.type == PSYI_TYPE_NUMBER)
            set_number(&w->numbers[symbol.column], bit, lane, value + 1);
        else if (symbol.type == PSYI_TYPE_BOOLEAN)
            set_truth(&w->truths[symbol.column], bit, value + 1);
        else
            set_token(&columns[symbol.column], &w->tokens[symbol.column], bit, lane, value + 1);
    }
}

static void give_number(const void *context, uint32_t column, psyi_numbers *out)
{
    *out = ((const world *)context)->numbers[column];
}

static void give_truth(const void *context, uint32_t column, psyi_truths *out)
{
    *out = ((const world *)context)->truths[column];
}

static void give_token(const void *context, uint32_t column, psyi_tokens *out)
{
    *out = ((const world *)context)->tokens[column];
}

/* Answers are scores upside down, to tell them apart. */
static void give_item(const void *context, uint32_t item, bool answer, psyi_item_lanes *out)
{
    *out = ((const world *)context)->items[item];
    for (unsigned lane = 0; lane < PSYI_LANES && answer; lane++)
        out->value[lane] = out->low + out->high - out->value[lane];
}

psyi_block world_block(const world *w)
{
    return (psyi_block){.context = w,
                        .number = give_number,
                        .truth = give_truth,
                        .token = give_token,
                        .item = give_item};
}

/* ---- running ---- */

psyi_program *world_compile(const char *text, psyi_type wanted)
{
    psyi_program *program = NULL;
    psy_error error = {0};
    if (psyi_program_compile(&program, text, strlen(text), &world_scope, wanted, NULL, NULL,
                             &error) != PSY_OK)
        fail_msg("%s: %u: %s", text, error.where.column, error.message);
    return program;
}

static char *next_buffer(void)
{
    static char buffers[4][160];
    static unsigned turn;
    return buffers[turn++ % 4];
}

static void add_causes(char *out, psyi_mask blank, psyi_mask no_norm, psyi_mask trouble,
                       psyi_mask bit)
{
    if ((blank & bit) != 0)
        strcat(out, " blank");
    if ((no_norm & bit) != 0)
        strcat(out, " no_norm");
    if ((trouble & bit) != 0)
        strcat(out, " trouble");
}

const char *truth_words(const psyi_truths *t, psyi_mask trouble, unsigned lane)
{
    const psyi_mask bit = (psyi_mask)1 << lane;
    char *const out = next_buffer();

    assert_false((t->yes & t->no) | (t->absent & (t->yes | t->no)));
    assert_false((t->yes & ~t->maybe_yes) | (t->no & ~t->maybe_no));
    assert_false(t->absent & (t->maybe_yes | t->maybe_no | t->blank | t->no_norm));
    if ((t->absent & bit) != 0)
        return "absent";
    if ((t->yes & bit) != 0)
        return (t->maybe_no & bit) != 0 ? "yes?" : "yes";
    if ((t->no & bit) != 0)
        return (t->maybe_yes & bit) != 0 ? "no?" : "no";
    /* Undecided: either way it could come out, if blanks are what it hangs on. */
    assert_true(((t->maybe_yes & bit) != 0) == ((t->blank & bit) != 0));
    assert_true(((t->maybe_no & bit) != 0) == ((t->blank & bit) != 0));
    strcpy(out, "undecided");
    add_causes(out, t->blank, t->no_norm, trouble, bit);
    return out;
}

static void add_ratio(char *out, psyi_ratio a)
{
    assert_true(a.den > 0);
    sprintf(out + strlen(out), "%lld", (long long)a.num);
    if (a.den != 1)
        sprintf(out + strlen(out), "/%lld", (long long)a.den);
}

const char *number_words(const psyi_numbers *n, psyi_mask trouble, unsigned lane)
{
    const psyi_mask bit = (psyi_mask)1 << lane;
    char *const out = next_buffer();

    assert_false((n->absent & n->no_record) |
                 ((n->absent | n->no_record) & (n->known | n->bounded)));
    assert_false(n->known & ~n->bounded);
    if ((n->absent & bit) != 0)
        return "absent";
    if ((n->no_record & bit) != 0)
        return "no_record";
    strcpy(out, (n->known & bit) != 0 ? "" : "?");
    if ((n->known & bit) != 0) {
        add_ratio(out, n->value[lane]);
        assert_true(psyi_ratio_compare(n->low[lane], n->value[lane]) <= 0);
        assert_true(psyi_ratio_compare(n->value[lane], n->high[lane]) <= 0);
        assert_false(trouble & bit);
    }
    if ((n->bounded & bit) != 0 &&
        ((n->known & bit) == 0 || psyi_ratio_compare(n->low[lane], n->high[lane]) != 0)) {
        strcat(out, " in ");
        add_ratio(out, n->low[lane]);
        strcat(out, "..");
        add_ratio(out, n->high[lane]);
    }
    if ((n->known & bit) == 0)
        add_causes(out, n->blank, n->no_norm, trouble, bit);
    return out;
}

/* A world in which the lanes of one column have changed places. */
typedef struct turned_world {
    psyi_block base;
    uint32_t column;
} turned_world;

static void turned_number(const void *context, uint32_t column, psyi_numbers *out)
{
    const turned_world *const turned = context;
    turned->base.number(turned->base.context, column, out);
    if (column != turned->column)
        return;
    psyi_numbers was = *out;
    for (unsigned i = 0; i < PSYI_LANES; i++) {
        const unsigned from = (i + 7) % PSYI_LANES;
        out->value[i] = was.value[from];
        out->low[i] = was.low[from];
        out->high[i] = was.high[from];
    }
    psyi_mask *const masks[] = {&out->known,     &out->bounded, &out->absent,
                                &out->no_record, &out->blank,   &out->no_norm};
    for (size_t i = 0; i < sizeof masks / sizeof *masks; i++)
        *masks[i] = *masks[i] >> 7 | *masks[i] << (PSYI_LANES - 7);
}

static void turned_truth(const void *context, uint32_t column, psyi_truths *out)
{
    const turned_world *const turned = context;
    turned->base.truth(turned->base.context, column, out);
}

static void turned_token(const void *context, uint32_t column, psyi_tokens *out)
{
    const turned_world *const turned = context;
    turned->base.token(turned->base.context, column, out);
}

static void turned_item(const void *context, uint32_t item, bool answer, psyi_item_lanes *out)
{
    const turned_world *const turned = context;
    turned->base.item(turned->base.context, item, answer, out);
}

/* Whether a column is read by one comparison alone, and that one. */
static const psyi_test *only_test(const psyi_program *program, uint32_t column)
{
    const psyi_test *test = NULL;
    for (size_t i = 0; i < program->n_code; i++) {
        const psyi_instruction *const in = &program->code[i];
        if (in->code != PSYI_CODE_NUMBER || in->id != column)
            continue;
        if (test != NULL || i + 1 == program->n_code || in[1].code != PSYI_CODE_TEST ||
            in[1].from != in->to)
            return NULL;
        test = &program->tests[in[1].first];
    }
    return test;
}

/* Where a known number goes from failing its comparison to meeting it, or fails both times, a
 * program fires only in reach. */
static void check_reach(const psyi_program *program, const psyi_block *before,
                        const psyi_block *after, uint32_t column, psyi_workspace *workspace)
{
    const psyi_test *const test = only_test(program, column);
    psyi_numbers was, is;
    psyi_truths truths;
    psyi_program_keep(program, before, workspace);
    const psyi_mask reach = psyi_program_reach(program, before, column, workspace);
    if (test == NULL) {
        assert_true(reach == PSYI_ALL_LANES);
        return;
    }
    psyi_program_moved(program, after, column, workspace, &truths);
    before->number(before->context, column, &was);
    after->number(after->context, column, &is);
    const psyi_mask live = was.known & ~was.absent & ~was.no_record & is.known & ~is.absent &
                           ~is.no_record & truths.yes & ~truths.absent;
    for (unsigned i = 0; i < PSYI_LANES; i++)
        if ((live >> i & 1) != 0 && !psyi_test_ratio(test, was.value[i]) && (reach >> i & 1) == 0)
            fail_msg("%s: fires in lane %u, out of reach", psyi_program_text(program), i);
}

/* With what was kept, a program says of another column of numbers what it says without. */
static void check_moved(const psyi_program *program, const psyi_block *block,
                        psyi_workspace *workspace)
{
    const psyi_operand *operands;
    const size_t n = psyi_program_operands(program, &operands);
    for (size_t i = 0; i < n; i++) {
        const turned_world turned = {*block, operands[i].id};
        const psyi_block changed = {.context = &turned,
                                    .number = turned_number,
                                    .truth = turned_truth,
                                    .token = turned_token,
                                    .item = turned_item};
        psyi_truths without, with;
        if (operands[i].is_item)
            continue;
        psyi_program_truth(program, &changed, workspace, &without, NULL);
        psyi_program_keep(program, block, workspace);
        for (unsigned twice = 0; twice < 2; twice++) {
            psyi_program_moved(program, &changed, operands[i].id, workspace, &with);
            if (memcmp(&with, &without, sizeof with) != 0)
                fail_msg("%s: another result with what was kept", psyi_program_text(program));
        }
        check_reach(program, block, &changed, operands[i].id, workspace);
    }
}

const char *world_run(const world *w, const psyi_program *program, unsigned lane)
{
    const psyi_block block = world_block(w);
    psyi_workspace *workspace = NULL;
    psyi_numbers numbers[2];
    psyi_truths truths[2];
    psyi_mask trouble[2] = {0, 0};
    const bool truth = psyi_program_type(program) == PSYI_TYPE_BOOLEAN;

    assert_int_equal(psyi_workspace_new(&workspace, &program, 1, NULL, NULL), PSY_OK);
    for (unsigned form = 0; form < 2; form++) {
        workspace->ratios_only = form == 1;
        if (truth) {
            psyi_program_truth(program, &block, workspace, &truths[form], &trouble[form]);
            check_moved(program, &block, workspace);
        } else {
            psyi_program_number(program, &block, workspace, &numbers[form], &trouble[form]);
        }
    }
    psyi_workspace_free(workspace);
    for (unsigned i = 0; i < PSYI_LANES; i++) {
        const char *const shared = truth ? truth_words(&truths[0], trouble[0], i)
                                         : number_words(&numbers[0], trouble[0], i);
        const char *const ratios = truth ? truth_words(&truths[1], trouble[1], i)
                                         : number_words(&numbers[1], trouble[1], i);
        if (strcmp(shared, ratios) != 0)
            fail_msg("%s: lane %u: shared form %s, ratio form %s", psyi_program_text(program), i,
                     shared, ratios);
    }
    return truth ? truth_words(&truths[0], trouble[0], lane)
                 : number_words(&numbers[0], trouble[0], lane);
}
