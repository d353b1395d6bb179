/*
 * parser.c -- tokens to a tree, by precedence climbing over the levels of opcodes.def.
 *
 * Depth counts what nests in writing: parentheses, calls and prefix operators.  A chain
 * "a + b + c + ..." leans to the left and does not nest.  The parser knows no names but
 * those of functions; what a name means is the checker's business.
 */
#include "base/fail.h"
#include "base/text.h"
#include "expr/syntax.h"

#include <string.h>

typedef struct parser {
    const psyi_expr_text *text;
    psyi_arena *arena;
    psyi_token token; /* the next one, not yet consumed */
    size_t depth, n_nodes;
} parser;

enum { LEVEL_OR = 1, LEVEL_NOT = 3, LEVEL_COMPARE = 4, LEVEL_NEGATE = 7 };

static psy_status parse_level(parser *p, unsigned level, psyi_node **out);

static psy_status advance(parser *p)
{
    return psyi_expr_lex(p->text, p->token.offset + p->token.length, &p->token);
}

static psy_status expected(const parser *p, const char *what)
{
    char shown[PSYI_SHOWN];
    return psyi_expr_fail(p->text, p->token.offset, p->token.length, "expected %s, found %s", what,
                          p->token.kind == PSYI_TOKEN_END
                              ? "the end of the text"
                              : psyi_expr_shown(p->text, p->token.offset, p->token.length, shown));
}

/* Consume a token of one kind. */
static psy_status take(parser *p, psyi_token_kind kind, const char *what)
{
    return p->token.kind == kind ? advance(p) : expected(p, what);
}

static psy_status enter(parser *p)
{
    if (p->depth == PSYI_EXPR_MAX_DEPTH)
        return psyi_expr_fail(p->text, p->token.offset, p->token.length,
                              "nested more than %d deep: split the rule", PSYI_EXPR_MAX_DEPTH);
    p->depth++;
    return PSY_OK;
}

/* A node for `length` bytes at `offset`, with room for a copy of the first `kept` of them
 * behind it. */
static psy_status new_node(parser *p, psyi_node_kind kind, psyi_op op, size_t offset, size_t length,
                           size_t kept, psyi_node **out)
{
    if (p->n_nodes == PSYI_EXPR_MAX_NODES)
        return psyi_expr_fail(p->text, offset, length, "more than %d parts: split the rule",
                              PSYI_EXPR_MAX_NODES);
    psyi_node *const node = psyi_arena_alloc(p->arena, 1, sizeof *node + kept + 1);
    if (node == NULL)
        return psyi_fail_memory(p->text->error, "a rule");
    char *const copy = (char *)(node + 1);
    memcpy(copy, p->text->bytes + offset, kept);
    p->n_nodes++;
    node->kind = kind;
    node->op = op;
    node->name = node->use = copy;
    node->offset = node->outer_offset = offset;
    node->length = node->outer_length = length;
    *out = node;
    return PSY_OK;
}

static void set_end(psyi_node *node, size_t end)
{
    node->length = node->outer_length = end - node->offset;
}

static size_t outer_end(const psyi_node *node)
{
    return node->outer_offset + node->outer_length;
}

static void append(psyi_node *parent, psyi_node *child)
{
    psyi_node **end = &parent->first;
    while (*end != NULL)
        end = &(*end)->next;
    *end = child;
    parent->n_children++;
}

/* A node of the current token with a copy of its text, consumed. */
static psy_status parse_leaf(parser *p, psyi_node_kind kind, psyi_node **out)
{
    const char *const bytes = p->text->bytes + p->token.offset;
    psy_status status =
        new_node(p, kind, PSYI_OP_NONE, p->token.offset, p->token.length, p->token.length, out);
    if (status != PSY_OK)
        return status;
    if (kind == PSYI_NODE_NUMBER)
        psyi_ratio_parse(bytes, p->token.length, &(*out)->number); /* the lexer checked it */
    return advance(p);
}

/* A number, perhaps with a minus, behind `in`. */
static psy_status parse_signed(parser *p, const char *what, psyi_node **out)
{
    const size_t start = p->token.offset;
    const bool negative = p->token.kind == PSYI_TOKEN_OP && p->token.op == PSYI_OP_SUB;
    psy_status status = PSY_OK;

    if (negative)
        status = advance(p);
    if (status == PSY_OK && p->token.kind != PSYI_TOKEN_NUMBER)
        status = expected(p, what);
    if (status == PSY_OK)
        status = parse_leaf(p, PSYI_NODE_NUMBER, out);
    if (status == PSY_OK && negative) {
        const size_t end = outer_end(*out);
        (*out)->number.num = -(*out)->number.num;
        (*out)->offset = (*out)->outer_offset = start;
        set_end(*out, end);
    }
    return status;
}

static psy_status parse_range(parser *p, psyi_node **out)
{
    static const char what[] = "a range like 7..9 or a list like (1, 3)";
    psyi_node *low = NULL, *high = NULL;

    if (p->token.kind == PSYI_TOKEN_NAME)
        return psyi_expr_fail(
            p->text, p->token.offset, p->token.length,
            "behind 'in' names stand in parentheses, as in 'in (mild, moderate)'");
    psy_status status = parse_signed(p, what, &low);
    if (status == PSY_OK)
        status = take(p, PSYI_TOKEN_RANGE, "'..' and the upper end of the range");
    if (status == PSY_OK)
        status = parse_signed(p, "the upper end of the range", &high);
    if (status == PSY_OK)
        status = new_node(p, PSYI_NODE_RANGE, PSYI_OP_NONE, low->offset,
                          outer_end(high) - low->offset, 0, out);
    if (status != PSY_OK)
        return status;
    append(*out, low);
    append(*out, high);
    if (psyi_ratio_compare(low->number, high->number) > 0)
        return psyi_expr_fail(p->text, (*out)->offset, (*out)->length,
                              "the range runs backwards: write the lower end first");
    return PSY_OK;
}

static psy_status parse_list(parser *p, psyi_node **out)
{
    psy_status status =
        new_node(p, PSYI_NODE_LIST, PSYI_OP_NONE, p->token.offset, p->token.length, 0, out);
    if (status == PSY_OK)
        status = advance(p);
    while (status == PSY_OK) {
        psyi_node *element = NULL;
        if ((*out)->n_children == PSYI_EXPR_MAX_LIST)
            return psyi_expr_fail(p->text, p->token.offset, p->token.length,
                                  "more than %d values behind 'in'", PSYI_EXPR_MAX_LIST);
        status = p->token.kind == PSYI_TOKEN_NAME ? parse_leaf(p, PSYI_NODE_NAME, &element)
                                                  : parse_signed(p, "a number or a name", &element);
        if (status != PSY_OK)
            return status;
        append(*out, element);
        if (p->token.kind == PSYI_TOKEN_RANGE)
            return psyi_expr_fail(p->text, p->token.offset, p->token.length,
                                  "a range stands without parentheses, as in 'in 7..9'");
        if (p->token.kind != PSYI_TOKEN_COMMA)
            break;
        status = advance(p);
    }
    if (status != PSY_OK)
        return status;
    set_end(*out, p->token.offset + p->token.length);
    return take(p, PSYI_TOKEN_CLOSE, "',' or ')'");
}

/* One argument of item, answer, items or scale. */
static psy_status parse_selector(parser *p, psyi_op op, psyi_node **out)
{
    static const char what[] = "an item number or an item name";
    char shown[PSYI_SHOWN];
    const psyi_token token = p->token;

    if (token.kind == PSYI_TOKEN_NAME) {
        psy_status status = parse_leaf(p, PSYI_NODE_NAME, out);
        if (status != PSY_OK)
            return status;
        if (strpbrk((*out)->name, ".@") != NULL)
            return psyi_expr_fail(p->text, token.offset, token.length,
                                  "%s is not one name: a prefix stands in front of the function, "
                                  "as in 'phq9.item(9)'",
                                  psyi_expr_shown(p->text, token.offset, token.length, shown));
        if (p->token.kind == PSYI_TOKEN_RANGE)
            return psyi_expr_fail(p->text, p->token.offset, p->token.length,
                                  "ranges are for item numbers: list the names, as in "
                                  "'items(q5b, q5c)'");
        return PSY_OK;
    }
    if (token.kind != PSYI_TOKEN_NUMBER || op == PSYI_OP_SCALE)
        return expected(p, op == PSYI_OP_SCALE ? "the id of a scale" : what);
    if (memchr(p->text->bytes + token.offset, '.', token.length) != NULL)
        return psyi_expr_fail(p->text, token.offset, token.length, "%s is not an item number",
                              psyi_expr_shown(p->text, token.offset, token.length, shown));
    psyi_node *low = NULL, *high = NULL;
    psy_status status = parse_leaf(p, PSYI_NODE_NUMBER, &low);
    *out = low;
    if (status != PSY_OK || p->token.kind != PSYI_TOKEN_RANGE)
        return status;
    if ((status = advance(p)) != PSY_OK)
        return status;
    if (p->token.kind != PSYI_TOKEN_NUMBER ||
        memchr(p->text->bytes + p->token.offset, '.', p->token.length) != NULL)
        return expected(p, "the last item number of the range");
    if ((status = parse_leaf(p, PSYI_NODE_NUMBER, &high)) != PSY_OK)
        return status;
    status = new_node(p, PSYI_NODE_RANGE, PSYI_OP_NONE, low->offset, outer_end(high) - low->offset,
                      0, out);
    if (status != PSY_OK)
        return status;
    append(*out, low);
    append(*out, high);
    if (psyi_ratio_compare(low->number, high->number) > 0)
        return psyi_expr_fail(p->text, (*out)->offset, (*out)->length,
                              "the range runs backwards: write the lower number first");
    return PSY_OK;
}

/* Names of functions in spreadsheets and elsewhere. */
static const struct {
    const char *word;
    psyi_op op;
} elsewhere[] = {
    {"average", PSYI_OP_MEAN},       {"avg", PSYI_OP_MEAN},
    {"maximum", PSYI_OP_MAX},        {"minimum", PSYI_OP_MIN},
    {"countif", PSYI_OP_COUNT},      {"sumif", PSYI_OP_SUM_IF},
    {"averageif", PSYI_OP_MEAN_IF},  {"round", PSYI_OP_ROUND_HALF_UP},
    {"int", PSYI_OP_FLOOR},          {"trunc", PSYI_OP_FLOOR},
    {"rounddown", PSYI_OP_FLOOR},    {"roundup", PSYI_OP_CEIL},
    {"isblank", PSYI_OP_IS_MISSING}, {"isna", PSYI_OP_IS_MISSING},
    {"iferror", PSYI_OP_IFNA},       {"coalesce", PSYI_OP_IFNA},
    {"ifs", PSYI_OP_CASE},           {"switch", PSYI_OP_CASE},
    {"every", PSYI_OP_ALL},          {"some", PSYI_OP_ANY},
};

/* The function that was probably meant, or NULL. */
static const char *function_like(const char *name, size_t length)
{
    const char *calls[PSYI_OP_COUNT_OF];
    size_t n_calls = 0;
    char lower[64];

    if (length >= sizeof lower)
        return NULL;
    for (size_t i = 0; i < length; i++)
        lower[i] = (char)(name[i] >= 'A' && name[i] <= 'Z' ? name[i] + 32 : name[i]);
    lower[length] = '\0';
    for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++)
        if (strcmp(elsewhere[i].word, lower) == 0)
            return psyi_op_table[elsewhere[i].op].name;
    for (int op = 1; op < PSYI_OP_COUNT_OF; op++)
        if (psyi_op_table[op].kind == PSYI_KIND_CALL)
            calls[n_calls++] = psyi_op_table[op].name;
    const size_t nearest = psyi_nearest(lower, calls, n_calls);
    return nearest != SIZE_MAX ? calls[nearest] : NULL;
}

/* The function a call names, after its prefix; `*prefix` bytes of prefix, dot included. */
static psy_status find_function(const parser *p, const psyi_token *name, psyi_op *op,
                                size_t *prefix)
{
    const char *const bytes = p->text->bytes + name->offset;
    char shown[PSYI_SHOWN];
    size_t length = name->length;

    *prefix = 0;
    for (size_t i = 0; i < name->length; i++)
        if (bytes[i] == '.')
            *prefix = i + 1;
    length -= *prefix;
    *op = psyi_expr_call_named(bytes + *prefix, length);
    psyi_expr_shown(p->text, name->offset + *prefix, length, shown);
    if (*op == PSYI_OP_NONE) {
        const char *const meant = function_like(bytes + *prefix, length);
        if (meant == NULL)
            return psyi_expr_fail(p->text, name->offset, name->length, "there is no function %s",
                                  shown);
        return psyi_expr_fail(p->text, name->offset, name->length,
                              "there is no function %s; did you mean '%s'?", shown, meant);
    }
    const uint8_t takes = psyi_op_table[*op].takes;
    if (*prefix > 0 && takes != PSYI_TAKES_SELECTOR && takes != PSYI_TAKES_SELECTORS &&
        takes != PSYI_TAKES_SCALE_ID)
        return psyi_expr_fail(p->text, name->offset, name->length,
                              "%s takes no prefix: it belongs to item, answer, items or scale, as "
                              "in 'phq9.items(1..9)'",
                              shown);
    return PSY_OK;
}

/* The current token is '('; `name` stands before it. */
static psy_status parse_call(parser *p, const psyi_token *name, psyi_node **out)
{
    psyi_op op = PSYI_OP_NONE;
    size_t prefix = 0;
    psyi_node *call = NULL;
    psy_status status = find_function(p, name, &op, &prefix);

    if (status != PSY_OK || (status = enter(p)) != PSY_OK ||
        (status = new_node(p, PSYI_NODE_OP, op, name->offset, name->length,
                           prefix > 0 ? prefix - 1 : 0, &call)) != PSY_OK)
        return status;
    call->name_length = name->length;
    if ((status = advance(p)) != PSY_OK)
        return status;
    const uint8_t takes = psyi_op_table[op].takes;
    const bool selectors = takes == PSYI_TAKES_SELECTOR || takes == PSYI_TAKES_SELECTORS ||
                           takes == PSYI_TAKES_SCALE_ID;
    while (selectors || call->n_children > 0 || p->token.kind != PSYI_TOKEN_CLOSE) {
        psyi_node *argument = NULL;
        status = selectors ? parse_selector(p, op, &argument) : parse_level(p, LEVEL_OR, &argument);
        if (status != PSY_OK)
            return status;
        append(call, argument);
        if (p->token.kind != PSYI_TOKEN_COMMA)
            break;
        if ((status = advance(p)) != PSY_OK)
            return status;
    }
    p->depth--;
    set_end(call, p->token.offset + p->token.length);
    *out = call;
    if ((status = take(p, PSYI_TOKEN_CLOSE, "',' or ')'")) != PSY_OK || op != PSYI_OP_SCALE)
        return status;
    if ((status = take(p, PSYI_TOKEN_DOT, "'.items' behind 'scale(...)'")) != PSY_OK)
        return status;
    if (p->token.kind != PSYI_TOKEN_NAME || p->token.length != 5 ||
        memcmp(p->text->bytes + p->token.offset, "items", 5) != 0)
        return expected(p, "'items' behind 'scale(...).'");
    set_end(call, p->token.offset + p->token.length);
    return advance(p);
}

static psy_status parse_primary(parser *p, psyi_node **out)
{
    const psyi_token token = p->token;
    psy_status status = PSY_OK;

    switch (token.kind) {
    case PSYI_TOKEN_NUMBER:
        return parse_leaf(p, PSYI_NODE_NUMBER, out);
    case PSYI_TOKEN_TRUE:
    case PSYI_TOKEN_FALSE:
        if ((status = parse_leaf(p, PSYI_NODE_TRUTH, out)) == PSY_OK)
            (*out)->truth = token.kind == PSYI_TOKEN_TRUE;
        return status;
    case PSYI_TOKEN_OPEN:
        if ((status = enter(p)) != PSY_OK || (status = advance(p)) != PSY_OK ||
            (status = parse_level(p, LEVEL_OR, out)) != PSY_OK)
            return status;
        p->depth--;
        (*out)->outer_offset = token.offset;
        (*out)->outer_length = p->token.offset + p->token.length - token.offset;
        return take(p, PSYI_TOKEN_CLOSE, "')'");
    case PSYI_TOKEN_NAME: {
        psyi_token next = {0};
        status = psyi_expr_lex(p->text, token.offset + token.length, &next);
        if (status == PSY_OK && next.kind == PSYI_TOKEN_OPEN) {
            p->token = next;
            return parse_call(p, &token, out);
        }
        return parse_leaf(p, PSYI_NODE_NAME, out); /* a bad token behind it shows up there */
    }
    case PSYI_TOKEN_OP:
        if (token.op == PSYI_OP_AND || token.op == PSYI_OP_OR)
            return psyi_expr_fail(p->text, token.offset, token.length,
                                  "'%s' stands between two conditions, as in 'a > 1 %s b > 2'",
                                  psyi_op_table[token.op].name, psyi_op_table[token.op].name);
        return expected(p, "a value");
    default:
        return expected(p, "a value");
    }
}

static psy_status parse_prefix(parser *p, unsigned level, psyi_node **out)
{
    const psyi_token token = p->token;
    psyi_node *node = NULL, *operand = NULL;
    psy_status status;

    if (token.kind != PSYI_TOKEN_OP || (token.op != PSYI_OP_NOT && token.op != PSYI_OP_SUB))
        return parse_primary(p, out);
    const bool negates = token.op == PSYI_OP_SUB;
    if (!negates && level > LEVEL_NOT)
        return psyi_expr_fail(p->text, token.offset, token.length,
                              "'not' needs parentheses here: write '(not ...)'");
    if ((status = enter(p)) != PSY_OK ||
        (status = new_node(p, PSYI_NODE_OP, negates ? PSYI_OP_NEG : PSYI_OP_NOT, token.offset,
                           token.length, 0, &node)) != PSY_OK ||
        (status = advance(p)) != PSY_OK ||
        (status = parse_level(p, negates ? LEVEL_NEGATE : LEVEL_NOT, &operand)) != PSY_OK)
        return status;
    p->depth--;
    append(node, operand);
    set_end(node, outer_end(operand));
    *out = node;
    return PSY_OK;
}

/* Everything that binds at least as tightly as `level`. */
static psy_status parse_level(parser *p, unsigned level, psyi_node **out)
{
    psyi_node *left = NULL;
    psy_status status = parse_prefix(p, level, &left);

    while (status == PSY_OK && p->token.kind == PSYI_TOKEN_OP &&
           psyi_op_table[p->token.op].level >= level) {
        const psyi_token token = p->token;
        const psyi_op_info *const info = &psyi_op_table[token.op];
        psyi_node *node = NULL, *right = NULL;
        if (info->kind != PSYI_KIND_INFIX)
            break;
        if ((status = advance(p)) != PSY_OK)
            return status;
        if (token.op == PSYI_OP_IN)
            status =
                p->token.kind == PSYI_TOKEN_OPEN ? parse_list(p, &right) : parse_range(p, &right);
        else
            status = parse_level(p, info->level + 1u, &right);
        if (status == PSY_OK)
            status = new_node(p, PSYI_NODE_OP, token.op, left->outer_offset,
                              outer_end(right) - left->outer_offset, 0, &node);
        if (status != PSY_OK)
            return status;
        append(node, left);
        append(node, right);
        node->sign_offset = token.offset;
        node->sign_length = token.length;
        left = node;
        if (info->level == LEVEL_COMPARE && p->token.kind == PSYI_TOKEN_OP &&
            psyi_op_table[p->token.op].level == LEVEL_COMPARE)
            return psyi_expr_fail(p->text, p->token.offset, p->token.length,
                                  "comparisons do not chain: join two with 'and', as in "
                                  "'a > 1 and a < 3'");
    }
    *out = left;
    return status;
}

psy_status psyi_expr_parse(const psyi_expr_text *text, psyi_arena *arena, psyi_node **out,
                           size_t *n_nodes)
{
    parser p = {.text = text, .arena = arena};
    psy_status status = psyi_expr_lex(text, 0, &p.token);

    if (status == PSY_OK && p.token.kind == PSYI_TOKEN_END)
        return psyi_expr_fail(text, 0, 1, "the rule is empty");
    if (status == PSY_OK)
        status = parse_level(&p, LEVEL_OR, out);
    if (status != PSY_OK)
        return status;
    if (p.token.kind == PSYI_TOKEN_OP) /* all others have been taken */
        return psyi_expr_fail(text, p.token.offset, p.token.length,
                              "'not' stands before a condition, as in 'not (a in (b, c))'");
    if (p.token.kind != PSYI_TOKEN_END)
        return expected(&p, "an operator or the end");
    *n_nodes = p.n_nodes;
    return PSY_OK;
}
