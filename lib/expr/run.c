/*
 * run.c -- the machine: one loop over the instructions, each over 64 lanes.
 *
 * Nothing is allocated here and nothing can fail; a workspace holds the registers of one
 * thread.
 */
#include "base/fail.h"
#include "expr/machine.h"

#include <assert.h>

static void grow(unsigned *have, unsigned n)
{
    if (n > *have)
        *have = n;
}

psy_status psyi_workspace_new(psyi_workspace **out, const psyi_program *const *programs,
                              size_t n_programs, const psy_allocator *allocator, psy_error *error)
{
    psyi_workspace *const made = psyi_alloc(allocator, 1, sizeof *made);

    if (made == NULL)
        return psyi_fail_memory(error, "a workspace for rules");
    made->allocator = allocator;
    for (size_t i = 0; i < n_programs; i++) {
        grow(&made->n_numbers, programs[i]->n_numbers);
        grow(&made->n_truths, programs[i]->n_truths);
        grow(&made->n_counters, programs[i]->n_counters);
        grow(&made->n_sums, programs[i]->n_sums);
        grow(&made->n_choices, programs[i]->n_choices);
        if (programs[i]->n_code > made->n_kept)
            made->n_kept = programs[i]->n_code;
    }
    made->numbers = psyi_alloc(allocator, made->n_numbers, sizeof *made->numbers);
    made->truths = psyi_alloc(allocator, made->n_truths, sizeof *made->truths);
    made->counters = psyi_alloc(allocator, made->n_counters, sizeof *made->counters);
    made->sums = psyi_alloc(allocator, made->n_sums, sizeof *made->sums);
    made->choices = psyi_alloc(allocator, made->n_choices, sizeof *made->choices);
    made->kept = psyi_alloc(allocator, made->n_kept, sizeof *made->kept);
    if (made->numbers == NULL || made->truths == NULL || made->counters == NULL ||
        made->sums == NULL || made->choices == NULL || made->kept == NULL) {
        psyi_workspace_free(made);
        return psyi_fail_memory(error, "a workspace for rules");
    }
    *out = made;
    return PSY_OK;
}

void psyi_workspace_free(psyi_workspace *workspace)
{
    if (workspace == NULL)
        return;
    psyi_free(workspace->allocator, workspace->numbers);
    psyi_free(workspace->allocator, workspace->truths);
    psyi_free(workspace->allocator, workspace->counters);
    psyi_free(workspace->allocator, workspace->sums);
    psyi_free(workspace->allocator, workspace->choices);
    psyi_free(workspace->allocator, workspace->kept);
    psyi_free(workspace->allocator, workspace);
}

/* ---- categories and bands ---- */

static bool is_member(const psyi_members *members, unsigned token)
{
    return (members->bits[token / 64] >> token % 64 & 1) != 0;
}

static void compare_tokens(const psyi_tokens *a, const psyi_members *members,
                           psyi_verdict_lanes *out)
{
    const psyi_mask no_record = a->no_record & ~a->absent;
    const psyi_mask live = ~(a->absent | no_record);

    *out = (psyi_verdict_lanes){.absent = a->absent, .no = no_record, .maybe_no = no_record};
    for (unsigned i = 0; i < PSYI_LANES; i++) {
        const psyi_mask bit = (psyi_mask)1 << i;
        const bool known = (a->known & bit) != 0, bounded = (a->bounded & bit) != 0;
        bool can_yes = !known && !bounded, can_no = can_yes;
        if ((live & bit) == 0)
            continue;
        for (unsigned token = a->low[i]; bounded && token <= a->high[i]; token++) {
            const bool member = is_member(members, token);
            can_yes = can_yes || member;
            can_no = can_no || !member;
        }
        if (known && is_member(members, a->value[i])) {
            out->yes |= bit;
            can_yes = true;
        } else if (known) {
            out->no |= bit;
            can_no = true;
        } else if (can_yes != can_no) {
            out->yes |= can_yes ? bit : 0;
            out->no |= can_no ? bit : 0;
        }
        out->maybe_yes |= can_yes ? bit : 0;
        out->maybe_no |= can_no ? bit : 0;
    }
    const psyi_mask undecided = psyi_undecided(out);
    out->maybe_yes |= undecided; /* a range without a token: nothing is known after all */
    out->maybe_no |= undecided;
    out->blank = a->blank & undecided;
    out->no_norm = a->no_norm & undecided;
}

/* ---- instructions ---- */

static psyi_lanes *number_at(const psyi_workspace *workspace, unsigned index)
{
    return &workspace->numbers[index];
}

static void run_number(const psyi_program *program, const psyi_reader *reader,
                       const psyi_instruction *in)
{
    psyi_workspace *const workspace = reader->workspace;
    const psyi_block *const block = reader->block;
    psyi_lanes *const to = &workspace->numbers[in->to];

    switch ((psyi_code)in->code) {
    case PSYI_CODE_NUMBER:
        block->number(block->context, in->id, &workspace->column);
        psyi_lanes_load(to, &workspace->column);
        break;
    case PSYI_CODE_ITEM:
        psyi_item_load(reader, in->id, in->flag, to);
        break;
    case PSYI_CODE_CONSTANT:
        psyi_lanes_constant(to, program->constants[in->first]);
        break;
    case PSYI_CODE_ADD:
    case PSYI_CODE_SUBTRACT:
        psyi_lanes_add(to, number_at(workspace, in->from), in->code == PSYI_CODE_SUBTRACT);
        break;
    case PSYI_CODE_MULTIPLY:
        psyi_lanes_multiply(to, number_at(workspace, in->from));
        break;
    case PSYI_CODE_DIVIDE:
        psyi_lanes_divide(to, number_at(workspace, in->from));
        break;
    case PSYI_CODE_CLOCK:
        psyi_lanes_clock(to, number_at(workspace, in->from), in->flag);
        break;
    case PSYI_CODE_EXTREME:
        psyi_lanes_extreme(to, number_at(workspace, in->from), in->flag);
        break;
    case PSYI_CODE_IFNA:
        psyi_lanes_ifna(to, number_at(workspace, in->from));
        break;
    case PSYI_CODE_SCALE:
        psyi_lanes_scale(to, program->constants[in->first]);
        break;
    case PSYI_CODE_OFFSET:
        psyi_lanes_offset(to, program->constants[in->first]);
        break;
    case PSYI_CODE_ABSOLUTE:
        psyi_lanes_absolute(to);
        break;
    case PSYI_CODE_ROUND:
        psyi_lanes_round(to, (psyi_rounding)in->kind, in->n);
        break;
    case PSYI_CODE_FROM_TRUTH:
        psyi_lanes_from_verdict(to, &workspace->truths[in->from]);
        break;
    case PSYI_CODE_SET:
        psyi_set_compute(reader, &program->sets[in->id], (psyi_set_function)in->kind, to);
        break;
    case PSYI_CODE_SET_IF:
        psyi_set_compute_if(reader, &program->sets[in->id], &program->tests[in->first],
                            (psyi_set_function)in->kind, to);
        break;
    case PSYI_CODE_COUNT_END:
        psyi_count_end(&workspace->counters[in->from], to);
        break;
    case PSYI_CODE_SUM_END:
        psyi_truth_sum_end(&workspace->sums[in->from], to);
        break;
    default: /* PSYI_CODE_CHOICE_NUMBER */
        psyi_choice_number(&workspace->choices[in->id], &workspace->truths[in->from], to + 1, to);
        break;
    }
    if (workspace->ratios_only)
        psyi_lanes_to_ratios(to);
}

static void run_truth(const psyi_program *program, const psyi_reader *reader,
                      const psyi_instruction *in)
{
    psyi_workspace *const workspace = reader->workspace;
    const psyi_block *const block = reader->block;
    psyi_verdict_lanes *const to = &workspace->truths[in->to];

    switch ((psyi_code)in->code) {
    case PSYI_CODE_TRUTH:
        block->truth(block->context, in->id, &workspace->verdicts);
        psyi_verdict_load(to, &workspace->verdicts);
        break;
    case PSYI_CODE_FIXED:
        psyi_verdict_constant(to, in->flag);
        break;
    case PSYI_CODE_TOKEN:
        block->token(block->context, in->id, &workspace->tokens);
        compare_tokens(&workspace->tokens, &program->members[in->first], to);
        break;
    case PSYI_CODE_TOKEN_MISSING: {
        const psyi_tokens *const tokens = &workspace->tokens;
        block->token(block->context, in->id, &workspace->tokens);
        psyi_verdict_plain(to, ~tokens->known | tokens->absent | tokens->no_record, 0);
        break;
    }
    case PSYI_CODE_TEST:
        psyi_lanes_test(&workspace->numbers[in->from], &program->tests[in->first], to);
        break;
    case PSYI_CODE_COMPARE:
        psyi_lanes_compare(&workspace->numbers[in->from], &workspace->numbers[in->from + 1],
                           (psyi_compare)in->kind, to);
        break;
    case PSYI_CODE_NUMBER_MISSING:
        psyi_verdict_plain(to, ~workspace->numbers[in->from].known, 0);
        break;
    case PSYI_CODE_TRUTH_MISSING:
        psyi_verdict_plain(to, ~(to->yes | to->no), 0);
        break;
    case PSYI_CODE_AND:
        psyi_verdict_and(to, &workspace->truths[in->from]);
        break;
    case PSYI_CODE_OR:
        psyi_verdict_or(to, &workspace->truths[in->from]);
        break;
    case PSYI_CODE_NOT:
        psyi_verdict_not(to);
        break;
    case PSYI_CODE_TRUTH_IFNA:
        psyi_verdict_ifna(to, &workspace->truths[in->from]);
        break;
    case PSYI_CODE_SET_ANY:
    case PSYI_CODE_SET_ALL:
        psyi_set_any(reader, &program->sets[in->id], &program->tests[in->first], in->flag,
                     in->code == PSYI_CODE_SET_ALL, to);
        break;
    case PSYI_CODE_ITEM_ANSWERED:
    case PSYI_CODE_ITEM_REFUSED:
        psyi_item_answered(reader, in->id, in->code == PSYI_CODE_ITEM_REFUSED, to);
        break;
    case PSYI_CODE_CHOICE_TRUTH:
        psyi_choice_truth(&workspace->choices[in->id], &workspace->truths[in->from],
                          &workspace->truths[in->from + 1], to);
        break;
    default: /* PSYI_CODE_CHOICE_OTHERWISE */
        psyi_choice_otherwise(&workspace->choices[in->id], to);
        break;
    }
}

/* Does instruction `i` only make a number for the comparison that follows it? */
static bool is_tested(const psyi_program *program, size_t i)
{
    return i + 1 < program->n_code && program->code[i + 1].code == PSYI_CODE_TEST &&
           program->code[i + 1].from == program->code[i].to;
}

static bool run_sum_test(const psyi_program *program, psyi_workspace *workspace, size_t i)
{
    const psyi_instruction *const end = &program->code[i], *const test = end + 1;
    return end->code == PSYI_CODE_SUM_END && is_tested(program, i) && !workspace->ratios_only &&
           psyi_truth_sum_test(&workspace->sums[end->from], &program->tests[test->first],
                               &workspace->numbers[end->to], &workspace->truths[test->to]);
}

typedef enum keeping {
    KEEP_NOTHING,
    KEEP_TESTS,
    USE_KEPT, /* but of the column that moved */
    USE_MET   /* and of the column that moves, that its test is met */
} keeping;

typedef struct way {
    keeping keep;
    uint32_t moved;
    unsigned n_tests; /* USE_MET: of that column */
    bool elsewhere;   /* it is read by something else */
} way;

/* A column's test whose outcome is not asked again; false: it is. */
static bool recall_test(const psyi_program *program, psyi_workspace *workspace, size_t i, way *how)
{
    const psyi_instruction *const in = &program->code[i];
    if (how->keep < USE_KEPT)
        return false;
    const bool moved = in->id == how->moved, tests = is_tested(program, i);
    if (how->keep == USE_MET && moved) {
        how->n_tests += tests;
        how->elsewhere = how->elsewhere || !tests;
    }
    if (!tests || (moved && how->keep == USE_KEPT))
        return false;
    workspace->truths[in[1].to] =
        moved ? (psyi_verdict_lanes){.yes = PSYI_ALL_LANES, .maybe_yes = PSYI_ALL_LANES}
              : workspace->kept[i + 1];
    return true;
}

static void run(const psyi_program *program, const psyi_block *block, psyi_workspace *workspace,
                way *how)
{
    const psyi_reader reader = {.block = block, .workspace = workspace};

    assert(program->n_numbers <= workspace->n_numbers && program->n_truths <= workspace->n_truths &&
           program->n_counters <= workspace->n_counters && program->n_sums <= workspace->n_sums &&
           program->n_choices <= workspace->n_choices);
    for (size_t i = 0; i < program->n_code; i++) {
        const psyi_instruction *const in = &program->code[i];
        switch ((psyi_code)in->code) {
        case PSYI_CODE_COUNT_BEGIN:
            psyi_count_begin(&workspace->counters[in->to]);
            break;
        case PSYI_CODE_COUNT_SET:
            psyi_set_count(&reader, &program->sets[in->id], &program->tests[in->first],
                           &workspace->counters[in->to]);
            break;
        case PSYI_CODE_COUNT_TRUTH:
            psyi_count_truth(&workspace->counters[in->to], &workspace->truths[in->from]);
            break;
        case PSYI_CODE_SUM_BEGIN:
            psyi_truth_sum_begin(&workspace->sums[in->to]);
            break;
        case PSYI_CODE_SUM_ADD:
            psyi_truth_sum_add(&workspace->sums[in->to], &workspace->truths[in->from]);
            break;
        case PSYI_CODE_CHOICE_BEGIN:
            psyi_choice_begin(&workspace->choices[in->id]);
            if (in->flag)
                workspace->truths[in->to] = (psyi_verdict_lanes){0};
            else
                psyi_lanes_clear(&workspace->numbers[in->to]);
            break;
        case PSYI_CODE_CHOICE_END:
            if (in->flag)
                psyi_choice_end_truth(&workspace->choices[in->id], &workspace->truths[in->to]);
            else
                psyi_choice_end_number(&workspace->choices[in->id], &workspace->numbers[in->to]);
            break;
        default:
            if ((in->code == PSYI_CODE_NUMBER && recall_test(program, workspace, i, how)) ||
                run_sum_test(program, workspace, i)) {
                i++;
            } else if (in->makes_truth) {
                run_truth(program, &reader, in);
                if (how->keep == KEEP_TESTS && in->code == PSYI_CODE_TEST)
                    workspace->kept[i] = workspace->truths[in->to];
            } else {
                run_number(program, &reader, in);
            }
            break;
        }
    }
    if (how->keep < USE_KEPT)
        workspace->kept_of = how->keep == KEEP_TESTS ? program : NULL;
}

void psyi_program_number(const psyi_program *program, const psyi_block *block,
                         psyi_workspace *workspace, psyi_numbers *out, psyi_mask *trouble)
{
    assert(program->type == PSYI_TYPE_NUMBER);
    run(program, block, workspace, &(way){.keep = KEEP_NOTHING});
    psyi_lanes_store(&workspace->numbers[0], out);
    if (trouble != NULL)
        *trouble = workspace->numbers[0].trouble;
}

void psyi_program_truth(const psyi_program *program, const psyi_block *block,
                        psyi_workspace *workspace, psyi_truths *out, psyi_mask *trouble)
{
    assert(program->type == PSYI_TYPE_BOOLEAN);
    run(program, block, workspace, &(way){.keep = KEEP_NOTHING});
    psyi_verdict_store(&workspace->truths[0], out);
    if (trouble != NULL)
        *trouble = workspace->truths[0].trouble;
}

void psyi_program_keep(const psyi_program *program, const psyi_block *block,
                       psyi_workspace *workspace)
{
    assert(program->n_code <= workspace->n_kept);
    run(program, block, workspace, &(way){.keep = KEEP_TESTS});
    workspace->kept_yes = workspace->truths[0].yes;
}

void psyi_program_moved(const psyi_program *program, const psyi_block *block, uint32_t moved,
                        psyi_workspace *workspace, psyi_truths *out)
{
    assert(program->type == PSYI_TYPE_BOOLEAN && workspace->kept_of == program);
    run(program, block, workspace, &(way){.keep = USE_KEPT, .moved = moved});
    psyi_verdict_store(&workspace->truths[0], out);
}

psyi_mask psyi_program_reach(const psyi_program *program, const psyi_block *block, uint32_t column,
                             psyi_workspace *workspace)
{
    way met = {.keep = USE_MET, .moved = column};
    assert(program->type == PSYI_TYPE_BOOLEAN && workspace->kept_of == program);
    run(program, block, workspace, &met);
    return met.n_tests == 1 && !met.elsewhere ? workspace->kept_yes | workspace->truths[0].yes
                                              : PSYI_ALL_LANES;
}
