/*
 * gathered.c -- a column that several rules of a plan read is gathered once a block.
 *
 * Two rules over the same forty scores, "six are high" and "three are high", gathered each of
 * them twice: lane by lane, since the sheets of a block may lie anywhere.  A copy of a column
 * is a tenth of that.
 */
#include "tier/gathered.h"

#include "base/fail.h"
#include "base/memory.h"

enum { MOST = 64 }; /* 3 KiB each; what is beyond is gathered each time */

struct psyi_gathered {
    const psy_allocator *allocator;
    psyi_block base;
    uint32_t columns[MOST];
    size_t n;
    psyi_numbers *numbers; /* [MOST] */
};

psy_status psyi_gathered_new(psyi_gathered **out, const psy_allocator *allocator, psy_error *error)
{
    psyi_gathered *const made = psyi_alloc(allocator, 1, sizeof *made);
    if (made == NULL)
        return psyi_fail_memory(error, "columns of a rule");
    made->allocator = allocator;
    made->numbers = psyi_alloc(allocator, MOST, sizeof *made->numbers);
    if (made->numbers == NULL) {
        psyi_free(allocator, made);
        return psyi_fail_memory(error, "columns of a rule");
    }
    *out = made;
    return PSY_OK;
}

void psyi_gathered_free(psyi_gathered *gathered)
{
    if (gathered == NULL)
        return;
    psyi_free(gathered->allocator, gathered->numbers);
    psyi_free(gathered->allocator, gathered);
}

static void number(const void *context, uint32_t column, psyi_numbers *out)
{
    psyi_gathered *const g = (psyi_gathered *)(uintptr_t)context;
    size_t at = 0;
    while (at < g->n && g->columns[at] != column)
        at++;
    if (at == MOST) {
        g->base.number(g->base.context, column, out);
        return;
    }
    if (at == g->n) {
        g->columns[g->n++] = column;
        g->base.number(g->base.context, column, &g->numbers[at]);
    }
    *out = g->numbers[at];
}

static void truth(const void *context, uint32_t column, psyi_truths *out)
{
    const psyi_block *const base = &((const psyi_gathered *)context)->base;
    base->truth(base->context, column, out);
}

static void token(const void *context, uint32_t column, psyi_tokens *out)
{
    const psyi_block *const base = &((const psyi_gathered *)context)->base;
    base->token(base->context, column, out);
}

static void item(const void *context, uint32_t which, bool answer, psyi_item_lanes *out)
{
    const psyi_block *const base = &((const psyi_gathered *)context)->base;
    base->item(base->context, which, answer, out);
}

psyi_block psyi_gathered_values(psyi_gathered *gathered, const psyi_block *base)
{
    gathered->base = *base;
    gathered->n = 0;
    return (psyi_block){
        .context = gathered, .number = number, .truth = truth, .token = token, .item = item};
}
