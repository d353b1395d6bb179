/*
 * test_rule_property.c -- random rules against all completions of their blanks.
 *
 * Trees are drawn at random, printed, compiled and run over 64 sheets with blanks, items and
 * scores that were not given, and missing records.  An evaluator of its own walks the same
 * tree for every way the blanks could have been answered.  What the program decides must
 * hold for all of them, its bounds must contain all of them, and where no variable occurs
 * twice the bounds must be attained and undecided must mean that both can come out.
 */
#include "rule_fixture.h"
#include "rule_trees.h"
#include "test_support.h"

#include <stdio.h>
#include <string.h>

static char sheets_text[PSYI_LANES][512]; /* for messages */

static void draw_sheet(world *w, unsigned lane, unsigned max_blanks)
{
    unsigned blanks = 0;
    char *const data = sheets_text[lane];
    data[0] = '\0';
    for (unsigned var = 0; var < N_VARS; var++) {
        variable *const v = &vars[var];
        const unsigned fate = used[var] ? draw(10) : 9;
        *v = (variable){.state = KNOWN, .low = 0, .high = 1};
        if (var < N_ITEMS) {
            v->low = item_low[var];
            v->high = item_high[var];
        } else if (var < VAR_F) {
            v->low = (int32_t)draw(6) - (var == VAR_C ? 4 : 0); /* within the declared range */
            v->high = v->low + (int32_t)draw(3);
        }
        if (fate == 6 && (var == VAR_C || var == VAR_B)) {
            v->state = RANGED;
        } else if (fate < 4 && blanks < max_blanks && strcmp(var_names[var], "hours") != 0) {
            v->state = BLANK;
            blanks++;
        } else if (fate == 4) {
            v->state = ABSENT;
        } else if (fate == 5 && (var == VAR_C || var == VAR_B)) {
            v->state = NO_RECORD;
        }
        v->value = strcmp(var_names[var], "hours") == 0
                       ? psyi_ratio_make((int64_t)draw(24001), 1000)
                       : (psyi_ratio){v->low + (int64_t)draw((unsigned)(v->high - v->low) + 1), 1};
        char *const at = data + strlen(data);
        if (v->state == ABSENT || v->state == NO_RECORD)
            sprintf(at, " %s=%s", var_names[var], v->state == ABSENT ? "-" : "x");
        else if (var >= VAR_F)
            sprintf(at, " %s=%s", var_names[var],
                    v->state == BLANK   ? "?b"
                    : v->value.num != 0 ? "y"
                                        : "n");
        else if (v->state == RANGED)
            sprintf(at, " %s=%lld~%d..%d", var_names[var], (long long)v->value.num, v->low,
                    v->high);
        else if (v->state == BLANK && var >= N_ITEMS)
            sprintf(at, " %s=?%d..%d", var_names[var], v->low, v->high);
        else if (v->state == BLANK)
            sprintf(at, " %s=_", var_names[var]);
        else
            sprintf(at, " %s=%lld/%lld", var_names[var], (long long)v->value.num,
                    (long long)v->value.den);
    }
    world_set(w, lane, data);
}

typedef struct summary {
    bool yes, no, gone, without_record, nothing, number; /* what came out at least once */
    psyi_ratio low, high;
    bool blanks, ranged; /* in the sheet */
} summary;

static void add_outcome(summary *all, value a)
{
    all->yes = all->yes || a.outcome == TRUE;
    all->no = all->no || a.outcome == FALSE;
    all->gone = all->gone || a.outcome == GONE;
    all->without_record = all->without_record || a.outcome == WITHOUT_RECORD;
    all->nothing = all->nothing || a.outcome == NOTHING;
    if (a.outcome != NUMBER)
        return;
    if (!all->number || psyi_ratio_compare(a.number, all->low) < 0)
        all->low = a.number;
    if (!all->number || psyi_ratio_compare(a.number, all->high) > 0)
        all->high = a.number;
    all->number = true;
}

/* All completions; `wide`: values with bounds range over them too. */
static void complete(const tree *t, unsigned var, bool wide, summary *all)
{
    while (var < N_VARS && vars[var].state != BLANK && !(wide && vars[var].state == RANGED))
        var++;
    if (var == N_VARS) {
        add_outcome(all, evaluate(t));
        return;
    }
    all->blanks = true;
    for (int32_t code = vars[var].low; code <= vars[var].high; code++) {
        vars[var].value = (psyi_ratio){code, 1};
        complete(t, var + 1, wide, all);
    }
}

static bool lane_of(psyi_mask mask, unsigned lane)
{
    return (mask >> lane & 1) != 0;
}

#define claim(condition)                                                                           \
    do {                                                                                           \
        if (!(condition))                                                                          \
            fail_msg("%s with%s: %s (%s)", tree_text, sheets_text[lane], #condition, words);       \
    } while (0)

/* `s`: all completions of the blanks; `wide`: and of the bounds around known values. */
static void check_truth(const psyi_truths *r, unsigned lane, const summary *s, const summary *wide,
                        bool strict)
{
    const char *const words = truth_words(r, 0, lane);
    const bool yes = lane_of(r->yes, lane), no = lane_of(r->no, lane);
    const bool absent = lane_of(r->absent, lane);
    claim(!yes || (!s->no && !s->gone && !s->nothing));
    claim(!no || (!s->yes && !s->gone && !s->nothing));
    claim(!absent || (s->gone && !s->yes && !s->no && !s->nothing));
    if (!s->blanks)
        claim(yes == s->yes && no == s->no && absent == s->gone);
    /* An unknown sum has one pair of ends, in which the bounds around a known part and those
     * of a blank part are one: it may stay undecided where the known value would decide. */
    if (strict && !yes && !no && !absent && !s->ranged)
        claim((s->yes && s->no) || s->gone || s->nothing);
    if (!yes && !no && !absent)
        claim(lane_of(r->blank, lane) || s->nothing);
    claim(!wide->yes || lane_of(r->maybe_yes, lane) || wide->nothing);
    claim(!wide->no || lane_of(r->maybe_no, lane) || wide->nothing);
    if (strict && (yes || no) && !wide->gone && !wide->nothing) {
        claim(lane_of(r->maybe_yes, lane) == wide->yes);
        claim(lane_of(r->maybe_no, lane) == wide->no);
    }
}

static void check_number(const psyi_numbers *r, unsigned lane, const summary *s,
                         const summary *wide, bool strict)
{
    const char *const words = number_words(r, 0, lane);
    const bool known = lane_of(r->known, lane), bounded = lane_of(r->bounded, lane);
    const bool absent = lane_of(r->absent, lane), no_record = lane_of(r->no_record, lane);
    const bool other = s->gone || s->without_record || s->nothing;
    const bool beyond = wide->gone || wide->without_record || wide->nothing;
    claim(!known || (s->number && !other && psyi_ratio_compare(s->low, s->high) == 0));
    claim(!known || psyi_ratio_compare(s->low, r->value[lane]) == 0);
    claim(!bounded || (s->number && !other));
    /* A known number keeps what bounds it can when another choice would have none. */
    claim(!bounded || beyond || psyi_ratio_compare(r->low[lane], wide->low) <= 0);
    claim(!bounded || beyond || psyi_ratio_compare(r->high[lane], wide->high) >= 0);
    claim(!absent || (s->gone && !s->number && !s->nothing && !s->without_record));
    claim(!no_record || (s->without_record && !s->number && !s->nothing && !s->gone));
    if (!s->blanks) {
        claim(known == s->number && absent == s->gone && no_record == s->without_record);
    }
    if (strict && bounded && !beyond) {
        claim(psyi_ratio_compare(r->low[lane], wide->low) == 0);
        claim(psyi_ratio_compare(r->high[lane], wide->high) == 0);
    }
    if (!known && !absent && !no_record)
        claim(lane_of(r->blank, lane) || s->nothing);
}

/* What was proved when the rule was compiled holds, where everything was given. */
static void check_analysis(const psyi_program *program, unsigned lane, const summary *s)
{
    const char *const words = psyi_program_text(program);
    psyi_ratio low = {0, 0}, high = {0, 0};
    bool integer = false;
    psyi_program_range(program, &low, &high, &integer);
    claim(!s->yes || psyi_program_can_be(program, true));
    claim(!s->no || psyi_program_can_be(program, false));
    claim(!s->number || low.den == 0 || psyi_ratio_compare(low, s->low) <= 0);
    claim(!s->number || high.den == 0 || psyi_ratio_compare(s->high, high) <= 0);
    claim(!s->number || !integer || (s->low.den == 1 && s->high.den == 1));
}

static unsigned n_strict, n_undecided, n_wide;

static void try_tree(unsigned depth, bool boolean)
{
    static world w;
    static variable sheets[PSYI_LANES][N_VARS];

    const tree *const t = draw_tree(depth, boolean);
    psy_error error = {0};
    psyi_program *program = NULL;
    if (psyi_program_compile(&program, tree_text, strlen(tree_text), &world_scope, 0, NULL, NULL,
                             &error) != PSY_OK) {
        /* What a random tree may contain, but nobody should write. */
        if (strstr(error.message, "division by 0") == NULL &&
            strstr(error.message, "too large") == NULL && strstr(error.message, "parts") == NULL &&
            strstr(error.message, "bytes") == NULL)
            fail_msg("%s: %u: %s", tree_text, error.where.column, error.message);
        return;
    }
    world_clear(&w);
    for (unsigned lane = 0; lane < PSYI_LANES; lane++) {
        draw_sheet(&w, lane, lane % 5);
        memcpy(sheets[lane], vars, sizeof vars);
    }
    world_run(&w, program, 0); /* both forms agree */

    const psyi_block block = world_block(&w);
    psyi_workspace *workspace = NULL;
    psyi_truths truths;
    psyi_numbers numbers;
    const psyi_program *const only = program;
    assert_int_equal(psyi_workspace_new(&workspace, &only, 1, NULL, NULL), PSY_OK);
    if (boolean)
        psyi_program_truth(program, &block, workspace, &truths, NULL);
    else
        psyi_program_number(program, &block, workspace, &numbers, NULL);
    for (unsigned lane = 0; lane < PSYI_LANES; lane++) {
        summary all = {.yes = false}, wide = {.yes = false};
        bool strict = tight && !used_twice;
        memcpy(vars, sheets[lane], sizeof vars);
        /* A choice between a value and one that is not there has no bounds, and is undecided
         * though "x and it" may be x in either case. */
        for (unsigned var = 0; var < N_VARS; var++)
            strict = strict && !(chooses && vars[var].state >= ABSENT);
        complete(t, 0, true, &wide);
        memcpy(vars, sheets[lane], sizeof vars);
        complete(t, 0, false, &all);
        /* A truth without a value counts 0 to 1 all the same, and leaves a choice between its
         * values: there the bounds say more than this evaluator. */
        const bool without_value = all.nothing || wide.nothing;
        if ((counts || chooses) && without_value)
            continue;
        n_strict += strict;
        bool all_there = true;
        for (unsigned var = 0; var < N_VARS; var++) {
            all_there = all_there && vars[var].state < ABSENT;
            all.ranged = all.ranged || vars[var].state == RANGED;
        }
        if (all_there)
            check_analysis(program, lane, &all);
        if (boolean) {
            check_truth(&truths, lane, &all, &wide, strict);
            n_undecided += lane_of(~(truths.yes | truths.no | truths.absent), lane);
        } else {
            check_number(&numbers, lane, &all, &wide, strict);
            n_wide += lane_of(numbers.bounded & ~numbers.known, lane);
        }
    }
    psyi_workspace_free(workspace);
    psyi_program_free(program);
}

static void test_random_rules_hold_for_all_completions(void **state)
{
    (void)state;
    draw_state = 0x9E3779B97F4A7C15u;
    for (unsigned i = 0; i < 3000; i++)
        try_tree(1 + i % 3, i % 2 == 0);
    print_message("strict %u, undecided %u, bounded %u\n", n_strict, n_undecided, n_wide);
    /* The trial means something: there was enough of everything. */
    assert_true(n_strict > 50000 && n_undecided > 10000 && n_wide > 20000);
}

/* Printing what was parsed and parsing it again gives the same text and the same program. */
static void test_canonical_text_is_a_fixed_point(void **state)
{
    (void)state;
    draw_state = 88172645463325252u;
    for (unsigned i = 0; i < 4000; i++) {
        psyi_program *first = NULL, *second = NULL;
        psy_error error = {0};
        draw_tree(1 + i % 4, i % 2 == 0);
        if (psyi_program_compile(&first, tree_text, strlen(tree_text), &world_scope, 0, NULL, NULL,
                                 NULL) != PSY_OK)
            continue;
        const char *const canonical = psyi_program_canonical(first);
        if (psyi_program_compile(&second, canonical, strlen(canonical), &world_scope, 0, NULL, NULL,
                                 &error) != PSY_OK)
            fail_msg("%s -> %s: %u: %s", tree_text, canonical, error.where.column, error.message);
        assert_string_equal(psyi_program_canonical(second), canonical);
        /* The same sheets give the same results. */
        static world w;
        world_clear(&w);
        memset(used, 1, sizeof used);
        for (unsigned lane = 0; lane < PSYI_LANES; lane++)
            draw_sheet(&w, lane, N_VARS);
        for (unsigned lane = 0; lane < PSYI_LANES; lane += 9) {
            char words[160]; /* the buffers take turns */
            strcpy(words, world_run(&w, first, lane));
            assert_string_equal(world_run(&w, second, lane), words);
        }
        psyi_program_free(first);
        psyi_program_free(second);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_rules_hold_for_all_completions),
        cmocka_unit_test(test_canonical_text_is_a_fixed_point),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
