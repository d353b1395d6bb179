/*
 * program.c -- text in, program out: the stages in order, and what can be asked of the
 * result.  Limits on the text are checked before anything is built of it.
 */
#include "base/fail.h"
#include "base/text.h"
#include "expr/machine.h"
#include "expr/syntax.h"

#include <string.h>

/* The stages; the tree lives in `scratch`, what the program keeps in its own arena. */
static psy_status build(psyi_program *program, const psyi_expr_text *text, psyi_arena *scratch,
                        const psyi_scope *scope, psyi_type wanted)
{
    psyi_checker checker = {.text = text, .scope = scope, .arena = &program->arena};
    psyi_node *root = NULL;
    size_t n_nodes = 0;
    psy_status status = psyi_expr_parse(text, scratch, &root, &n_nodes);

    if (status != PSY_OK || (status = psyi_expr_check(&checker, root, wanted)) != PSY_OK ||
        (status = psyi_expr_emit(program, root, n_nodes, text->error)) != PSY_OK ||
        (status = psyi_expr_describe(program, root, text->bytes, n_nodes, checker.n_items,
                                     text->error)) != PSY_OK)
        return status;
    program->type = (psyi_type)root->type;
    program->low = root->range.low;
    program->high = root->range.high;
    program->integer = root->range.integer;
    program->can_yes = root->can_yes;
    program->can_no = root->can_no;
    program->text = psyi_arena_text(&program->arena, text->bytes, text->length);
    program->canonical = psyi_expr_print(&program->arena, root);
    return program->text == NULL || program->canonical == NULL
               ? psyi_fail_memory(text->error, "a rule")
               : PSY_OK;
}

psy_status psyi_program_compile(psyi_program **out, const char *text, size_t length,
                                const psyi_scope *scope, psyi_type wanted,
                                const psy_location *where, const psy_allocator *allocator,
                                psy_error *error)
{
    psyi_expr_text source = {.bytes = text, .length = length, .error = error};
    psyi_arena scratch;

    source.where = where != NULL ? *where : psyi_location("<expression>", 1, 1, 1);
    const size_t bad = psyi_utf8_check(text, length);
    if (length > PSYI_EXPR_MAX_BYTES)
        return psyi_expr_fail(&source, PSYI_EXPR_MAX_BYTES, 1,
                              "the rule has %zu bytes: at most %d are allowed", length,
                              PSYI_EXPR_MAX_BYTES);
    if (bad < length)
        return psyi_expr_fail(&source, bad, 1, "the text is not valid UTF-8 from here on");

    psyi_program *const program = psyi_alloc(allocator, 1, sizeof *program);
    if (program == NULL)
        return psyi_fail_memory(error, "a rule");
    psyi_arena_init(&program->arena, allocator);
    psyi_arena_init(&scratch, allocator);
    const psy_status status = build(program, &source, &scratch, scope, wanted);
    psyi_arena_done(&scratch);
    if (status != PSY_OK) {
        psyi_program_free(program);
        return status;
    }
    *out = program;
    return PSY_OK;
}

void psyi_program_free(psyi_program *program)
{
    if (program == NULL)
        return;
    const psy_allocator *const allocator = program->arena.allocator;
    psyi_arena_done(&program->arena);
    psyi_free(allocator, program);
}

psyi_type psyi_program_type(const psyi_program *program)
{
    return program->type;
}

void psyi_program_range(const psyi_program *program, psyi_ratio *low, psyi_ratio *high,
                        bool *integer)
{
    *low = program->low;
    *high = program->high;
    *integer = program->integer;
}

bool psyi_program_can_be(const psyi_program *program, bool outcome)
{
    return outcome ? program->can_yes : program->can_no;
}

const char *psyi_program_text(const psyi_program *program)
{
    return program->text;
}

const char *psyi_program_canonical(const psyi_program *program)
{
    return program->canonical;
}

size_t psyi_program_operands(const psyi_program *program, const psyi_operand **out)
{
    *out = program->operands;
    return program->n_operands;
}

size_t psyi_program_comparisons(const psyi_program *program, const psyi_comparison **out)
{
    *out = program->comparisons;
    return program->n_comparisons;
}
