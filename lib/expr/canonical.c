/*
 * canonical.c -- a tree back to text, in one spelling.
 *
 * Two texts that differ in blanks, needless parentheses or the writing of numbers come out
 * alike, so that a fingerprint does not change when a file is tidied.  Nothing is computed:
 * "1 + 1" stays.  Parsing the result gives the same tree.
 */
#include "expr/syntax.h"

#include <string.h>

static void print_node(psyi_buffer *out, const psyi_node *node, unsigned level);

/* "007" as 7, "2.50" as 2.5, "3.0" as 3. */
static void print_number(psyi_buffer *out, const psyi_node *node)
{
    const char *digits = node->name;
    size_t length = strlen(digits);

    if (node->number.num < 0)
        psyi_buffer_char(out, '-');
    if (memchr(digits, '.', length) != NULL) {
        while (digits[length - 1] == '0')
            length--;
        if (digits[length - 1] == '.')
            length--;
    }
    while (length > 1 && digits[0] == '0' && digits[1] != '.') {
        digits++;
        length--;
    }
    psyi_buffer_add(out, digits, length);
}

static void print_children(psyi_buffer *out, const psyi_node *node, const char *between)
{
    for (const psyi_node *child = node->first; child != NULL; child = child->next) {
        print_node(out, child, 0);
        if (child->next != NULL)
            psyi_buffer_text(out, between);
    }
}

static void print_call(psyi_buffer *out, const psyi_node *node)
{
    if (node->use[0] != '\0') {
        psyi_buffer_text(out, node->use);
        psyi_buffer_char(out, '.');
    }
    psyi_buffer_text(out, psyi_op_table[node->op].name);
    psyi_buffer_char(out, '(');
    print_children(out, node, ", ");
    psyi_buffer_text(out, node->op == PSYI_OP_SCALE ? ").items" : ")");
}

static void print_operator(psyi_buffer *out, const psyi_node *node)
{
    const psyi_op_info *const op = &psyi_op_table[node->op];

    if (op->kind == PSYI_KIND_PREFIX) {
        psyi_buffer_text(out, op->name);
        if (node->op == PSYI_OP_NOT)
            psyi_buffer_char(out, ' ');
        print_node(out, node->first, op->level);
        return;
    }
    /* Comparisons do not chain, so a comparison on the left of one needs parentheses. */
    const bool chains = op->takes == PSYI_TAKES_TRUTHS || op->takes == PSYI_TAKES_NUMBERS;
    print_node(out, node->first, op->level + (chains ? 0u : 1u));
    psyi_buffer_char(out, ' ');
    psyi_buffer_text(out, op->name);
    psyi_buffer_char(out, ' ');
    print_node(out, node->first->next, op->level + 1u);
}

static void print_node(psyi_buffer *out, const psyi_node *node, unsigned level)
{
    switch (node->kind) {
    case PSYI_NODE_NUMBER:
        print_number(out, node);
        break;
    case PSYI_NODE_TRUTH:
    case PSYI_NODE_NAME:
        psyi_buffer_text(out, node->name);
        break;
    case PSYI_NODE_RANGE:
        print_children(out, node, "..");
        break;
    case PSYI_NODE_LIST:
        psyi_buffer_char(out, '(');
        print_children(out, node, ", ");
        psyi_buffer_char(out, ')');
        break;
    default:
        if (psyi_op_table[node->op].kind == PSYI_KIND_CALL) {
            print_call(out, node);
        } else if (psyi_op_table[node->op].level < level) {
            psyi_buffer_char(out, '(');
            print_operator(out, node);
            psyi_buffer_char(out, ')');
        } else {
            print_operator(out, node);
        }
        break;
    }
}

char *psyi_expr_print(psyi_arena *arena, const psyi_node *root)
{
    psyi_buffer buffer;
    char *copy = NULL;

    psyi_buffer_init(&buffer, arena->allocator);
    print_node(&buffer, root, 0);
    if (!buffer.failed)
        copy = psyi_arena_text(arena, buffer.data, buffer.length);
    psyi_buffer_done(&buffer);
    return copy;
}
