/*
 * rule_imply.c -- does one rule, or one of several, fire whenever another does?
 *
 * A rule of comparisons with constants, put together by and, or, not and counts, changes its
 * mind only where a score crosses one of the constants.  So the rules are run on one person
 * for every combination of the pieces between the constants, and of what may be missing: exact,
 * and done only where there are few enough.  Rules that compute (a sum of scores, sets of items)
 * are left alone: nothing is said of them.
 *
 * What the other rules read beyond the one in question is not known of any of these persons:
 * knowing less never makes a rule fire, and somebody may have left just that blank.
 */
#include "base/fail.h"
#include "definition/lint.h"
#include "definition/scope.h"

#include <stdlib.h>
#include <string.h>

enum {
    MOST_OPERANDS = 24,
    MOST_POINTS = 64,
    MOST_RULES = 64,
    MOST_PERSONS = 32768 /* combinations that are tried */
};

typedef enum point_kind { VALUE, UNKNOWN, ABSENT } point_kind;
typedef struct point { /* one state of an operand */
    point_kind kind;
    psyi_ratio value; /* of flags 0 or 1, of bands the index of the token */
} point;

typedef struct axis { /* an operand and all states of it that a rule can tell apart */
    psyi_operand operand;
    point points[MOST_POINTS];
    size_t n;
} axis;

typedef struct grid {
    const struct psy_plan *plan;
    const psyi_program *programs[MOST_RULES];
    size_t n_programs, n_asked; /* the first n_asked of them say what is tried */
    axis axes[MOST_OPERANDS];
    size_t n_axes, n_asked_axes, n_persons;
    uint64_t given; /* bit per use: every battery gives it */
    size_t first;   /* the person of lane 0 */
} grid;

/* ---- is the rule made of comparisons alone? ------------------------------------------------ */

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '@';
}

static bool is_flag_name(const struct psy_plan *plan, const char *word, size_t length)
{
    const char *const dot = memchr(word, '.', length);
    const size_t head = dot != NULL ? (size_t)(dot - word) : length;
    if (dot == NULL)
        return false;
    const char *const tail = dot + 1;
    const size_t rest = length - head - 1;
    for (size_t i = 0; head == 8 && memcmp(word, "external", 8) == 0 && i < plan->n_external_codes;
         i++)
        if (strlen(plan->external_codes[i].id) == rest &&
            memcmp(plan->external_codes[i].id, tail, rest) == 0)
            return true;
    for (size_t use = 0; use < plan->n_uses; use++) {
        const struct psy_instrument *const instrument = plan->uses[use].instrument;
        if (strlen(plan->uses[use].id) != head || memcmp(plan->uses[use].id, word, head) != 0)
            continue;
        for (size_t i = 0; i < instrument->n_flags; i++)
            if (strlen(instrument->flags[i].id) == rest &&
                memcmp(instrument->flags[i].id, tail, rest) == 0)
                return true;
    }
    return false;
}

static bool is_plain_word(const struct psy_plan *plan, const char *word, size_t length)
{
    static const char *const plain[] = {"and", "or", "not", "count", "any", "all", "true", "false"};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (strlen(plain[i]) == length && memcmp(plain[i], word, length) == 0)
            return true;
    bool number = true;
    for (size_t i = 0; i < length; i++)
        number = number && ((word[i] >= '0' && word[i] <= '9') || word[i] == '.');
    return number || is_flag_name(plan, word, length);
}

/* The words between the comparisons say nothing but how these belong together. */
static bool only_comparisons(const struct psy_plan *plan, const psyi_program *program)
{
    const char *const text = psyi_program_text(program);
    const size_t length = strlen(text);
    const psyi_comparison *all = NULL;
    const size_t n = psyi_program_comparisons(program, &all);
    for (size_t at = 0; at < length;) {
        size_t next = at + 1;
        for (size_t i = 0; i < n; i++)
            if (all[i].subject != PSYI_SUBJECT_OTHER && at >= all[i].offset &&
                at < all[i].offset + all[i].length)
                next = all[i].offset + all[i].length;
        if (next == at + 1 && is_word(text[at])) {
            while (next < length && is_word(text[next]))
                next++;
            if (!is_plain_word(plan, text + at, next - at))
                return false;
        } else if (next == at + 1 && strchr(" (),<>=!\t", text[at]) == NULL) {
            return false;
        }
        at = next;
    }
    return true;
}

/* ---- the pieces of an operand --------------------------------------------------------------- */

static const psyi_scale *scale_of(const struct psy_plan *plan, uint32_t column)
{
    const psyi_use *const use = &plan->uses[psyi_column_use(column)];
    return &use->instrument->variants[use->variant].scales[psyi_column_index(column)];
}

static bool add_point(axis *on, point_kind kind, psyi_ratio value)
{
    for (size_t i = 0; i < on->n; i++)
        if (on->points[i].kind == kind &&
            (kind != VALUE || psyi_ratio_compare(on->points[i].value, value) == 0))
            return true;
    if (on->n == MOST_POINTS || (kind == VALUE && value.den == 0))
        return false;
    on->points[on->n++] = (point){kind, value};
    return true;
}

static size_t bands_of(const struct psy_plan *plan, uint32_t column, const char *const **ids)
{
    const psyi_scale *const scale = scale_of(plan, column);
    const unsigned sub = psyi_column_sub(column);
    const psyi_use *const use = &plan->uses[psyi_column_use(column)];
    return psyi_scale_bands(scale,
                            sub > 0 ? sub - 1 : psyi_scale_population(scale, use->population), ids);
}

static int by_value(const void *a, const void *b)
{
    return psyi_ratio_compare(*(const psyi_ratio *)a, *(const psyi_ratio *)b);
}

/* Each constant, and a value between each two and beyond the outer ones; those that the operand
 * cannot have are left out. */
static bool add_pieces(axis *on, psyi_ratio *constants, size_t n, psyi_ratio low, psyi_ratio high,
                       bool whole)
{
    const psyi_ratio one = {1, 1}, half = {1, 2};
    qsort(constants, n, sizeof *constants, by_value);
    bool good = n > 0;
    for (size_t i = 0; i <= n && good; i++) {
        psyi_ratio between =
            i == 0   ? psyi_ratio_sub(constants[0], one)
            : i == n ? psyi_ratio_add(constants[n - 1], one)
                     : psyi_ratio_mul(psyi_ratio_add(constants[i - 1], constants[i]), half);
        if (whole && i == 0)
            between = psyi_ratio_sub(psyi_ratio_ceil(constants[0]), one);
        else if (whole)
            between = psyi_ratio_add(psyi_ratio_floor(constants[i - 1]), one);
        for (int k = 0; k < 2 && good; k++) {
            const psyi_ratio value = k == 0 ? between : i < n ? constants[i] : between;
            if ((whole && value.den != 1) || (low.den != 0 && psyi_ratio_compare(value, low) < 0) ||
                (high.den != 0 && psyi_ratio_compare(value, high) > 0))
                continue;
            good = add_point(on, VALUE, value);
        }
    }
    return good;
}

/* The constants that a rule compares this operand with. */
static bool constants_of(const psyi_program *program, const psyi_operand *operand,
                         psyi_ratio *constants, size_t *n)
{
    const psyi_comparison *all = NULL;
    const size_t n_all = psyi_program_comparisons(program, &all);
    for (size_t i = 0; i < n_all; i++) {
        if (all[i].id != operand->id ||
            all[i].subject != (operand->is_item ? PSYI_SUBJECT_ITEM : PSYI_SUBJECT_COLUMN))
            continue;
        if (*n + 2 > MOST_POINTS / 2 || all[i].constant.den == 0)
            return false;
        constants[(*n)++] = all[i].constant;
        if (all[i].compare == PSYI_IN)
            constants[(*n)++] = all[i].upper;
    }
    return true;
}

static bool add_bands(axis *on, const struct psy_plan *plan)
{
    const char *const *ids;
    const size_t n = bands_of(plan, on->operand.id, &ids);
    bool good = n > 0;
    for (size_t i = 0; i < n && good; i++)
        good = add_point(on, VALUE, psyi_ratio_make((int64_t)i, 1));
    return good;
}

static bool add_numbers(const grid *g, axis *on)
{
    const struct psy_plan *const plan = g->plan;
    psyi_ratio constants[MOST_POINTS], low = PSYI_RATIO_NONE, high = PSYI_RATIO_NONE;
    size_t n = 0;
    bool whole = false;
    for (size_t i = 0; i < g->n_programs; i++)
        if (!constants_of(g->programs[i], &on->operand, constants, &n))
            return false;
    if (on->operand.is_item) {
        const psyi_use *const use = &plan->uses[psyi_item_use(on->operand.id)];
        psyi_scope_item_range(use->instrument, psyi_item_index(on->operand.id), &low, &high);
        whole = use->instrument->items[psyi_item_index(on->operand.id)].scale == 1;
    } else if (psyi_column_kind_of(on->operand.id) == PSYI_COLUMN_SCORE) {
        const psyi_scale *const scale = scale_of(plan, on->operand.id);
        low = scale->low;
        high = scale->high;
        whole = psyi_scale_is_whole(scale);
    }
    return add_pieces(on, constants, n, low, high, whole);
}

static unsigned use_of(const psyi_operand *operand)
{
    if (operand->is_item)
        return psyi_item_use(operand->id);
    const psyi_column_kind kind = psyi_column_kind_of(operand->id);
    return kind == PSYI_COLUMN_STUDENT || kind == PSYI_COLUMN_QUALITY ||
                   kind == PSYI_COLUMN_PREVIOUS || kind == PSYI_COLUMN_EXTERNAL
               ? PSYI_NO_INDEX
               : psyi_column_use(operand->id);
}

static bool make_axis(const grid *g, axis *on)
{
    const psyi_column_kind kind =
        on->operand.is_item ? PSYI_COLUMN_SCORE : psyi_column_kind_of(on->operand.id);
    const unsigned use = use_of(&on->operand);
    bool good = false;
    switch (kind) {
    case PSYI_COLUMN_BAND:
        good = add_bands(on, g->plan);
        break;
    case PSYI_COLUMN_FLAG:
    case PSYI_COLUMN_EXTERNAL:
        good = add_point(on, VALUE, psyi_ratio_make(0, 1)) &&
               add_point(on, VALUE, psyi_ratio_make(1, 1));
        break;
    case PSYI_COLUMN_SCORE:
    case PSYI_COLUMN_ANSWERED:
    case PSYI_COLUMN_STANDARD:
    case PSYI_COLUMN_LOCAL:
        good = add_numbers(g, on);
        break;
    default:
        return false; /* who the student is, and how he answered: not looked into */
    }
    good = good && add_point(on, UNKNOWN, PSYI_RATIO_NONE);
    if (good && use != PSYI_NO_INDEX && (g->given >> use & 1u) == 0)
        good = add_point(on, ABSENT, PSYI_RATIO_NONE);
    return good;
}

static bool add_operands(grid *g, const psyi_program *program)
{
    const psyi_operand *operands = NULL;
    const size_t n = psyi_program_operands(program, &operands);
    for (size_t i = 0; i < n; i++) {
        bool there = false;
        for (size_t j = 0; j < g->n_axes; j++)
            there = there || (g->axes[j].operand.is_item == operands[i].is_item &&
                              g->axes[j].operand.id == operands[i].id);
        if (there)
            continue;
        if (g->n_axes == MOST_OPERANDS)
            return false;
        g->axes[g->n_axes++] = (axis){.operand = operands[i]};
    }
    return true;
}

static bool make_grid(grid *g)
{
    bool one_use = true;
    for (size_t i = 0; i < g->n_programs; i++) {
        if (!only_comparisons(g->plan, g->programs[i]) || !add_operands(g, g->programs[i]))
            return false;
        if (i + 1 == g->n_asked && g->n_asked_axes == 0)
            g->n_asked_axes = g->n_axes;
    }
    if (g->n_asked_axes == 0)
        return false;
    for (size_t i = 0; i < g->n_asked_axes; i++)
        one_use = one_use && use_of(&g->axes[i].operand) == use_of(&g->axes[0].operand);
    /* Rules that read one use apply together or not at all. */
    for (unsigned use = 0; use < g->plan->n_uses; use++) {
        bool always = g->plan->n_batteries > 0;
        for (size_t i = 0; i < g->plan->n_batteries; i++)
            always = always && psyi_battery_gives(&g->plan->batteries[i], use);
        g->given |= (uint64_t)(always || one_use) << use;
    }
    g->n_persons = 1;
    for (size_t i = 0; i < g->n_axes; i++) {
        if (i < g->n_asked_axes ? !make_axis(g, &g->axes[i])
                                : !add_point(&g->axes[i], UNKNOWN, PSYI_RATIO_NONE))
            return false;
        g->n_persons *= g->axes[i].n;
        if (g->n_persons > MOST_PERSONS)
            return false;
    }
    return true;
}

/* ---- running ------------------------------------------------------------------------------- */

static const point *state_of(const grid *g, bool is_item, uint32_t id, size_t lane)
{
    size_t person = (g->first + lane) % g->n_persons;
    for (size_t i = 0; i < g->n_axes; i++) {
        const axis *const on = &g->axes[i];
        if (on->operand.is_item == is_item && on->operand.id == id)
            return &on->points[person % on->n];
        person /= on->n;
    }
    return &g->axes[0].points[0]; /* not reached: all operands are there */
}

static void number(const void *context, uint32_t column, psyi_numbers *out)
{
    const grid *const g = context;
    const psyi_column_kind kind = psyi_column_kind_of(column);
    memset(out, 0, sizeof *out);
    for (size_t lane = 0; lane < PSYI_LANES; lane++) {
        const point *const at = state_of(g, false, column, lane);
        const psyi_mask bit = (psyi_mask)1 << lane;
        out->value[lane] = out->low[lane] = out->high[lane] =
            at->kind == VALUE ? at->value : (psyi_ratio){0, 1};
        if (at->kind == VALUE)
            out->known |= bit, out->bounded |= bit;
        else if (at->kind == ABSENT)
            out->absent |= bit;
        else if (kind == PSYI_COLUMN_STANDARD || kind == PSYI_COLUMN_LOCAL)
            out->no_norm |= bit;
        else
            out->blank |= bit;
    }
}

static void truth(const void *context, uint32_t column, psyi_truths *out)
{
    memset(out, 0, sizeof *out);
    for (size_t lane = 0; lane < PSYI_LANES; lane++) {
        const point *const at = state_of(context, false, column, lane);
        const psyi_mask bit = (psyi_mask)1 << lane;
        const bool yes = at->kind == VALUE && at->value.num != 0;
        out->yes |= yes ? bit : 0;
        out->no |= at->kind == VALUE && !yes ? bit : 0;
        out->maybe_yes |= yes || at->kind == UNKNOWN ? bit : 0;
        out->maybe_no |= (at->kind == VALUE && !yes) || at->kind == UNKNOWN ? bit : 0;
        out->absent |= at->kind == ABSENT ? bit : 0;
        out->blank |= at->kind == UNKNOWN ? bit : 0;
    }
}

static void token(const void *context, uint32_t column, psyi_tokens *out)
{
    memset(out, 0, sizeof *out);
    for (size_t lane = 0; lane < PSYI_LANES; lane++) {
        const point *const at = state_of(context, false, column, lane);
        const psyi_mask bit = (psyi_mask)1 << lane;
        out->value[lane] = out->low[lane] = out->high[lane] =
            at->kind == VALUE ? (uint8_t)at->value.num : 0;
        out->known |= at->kind == VALUE ? bit : 0;
        out->bounded |= at->kind == VALUE ? bit : 0;
        out->absent |= at->kind == ABSENT ? bit : 0;
        out->blank |= at->kind == UNKNOWN ? bit : 0;
    }
}

static void item(const void *context, uint32_t id, bool answer, psyi_item_lanes *out)
{
    const grid *const g = context;
    (void)answer; /* a rule that compares the answer as given is not looked into */
    memset(out, 0, sizeof *out);
    out->scale = 1;
    out->low = 1; /* a blank is not bounded */
    for (size_t lane = 0; lane < PSYI_LANES; lane++) {
        const point *const at = state_of(g, true, id, lane);
        const psyi_mask bit = (psyi_mask)1 << lane;
        out->value[lane] = at->kind == VALUE ? (int32_t)at->value.num : 0;
        out->known |= at->kind == VALUE ? bit : 0;
        out->absent |= at->kind == ABSENT ? bit : 0;
        out->blank |= at->kind == UNKNOWN ? bit : 0;
    }
}

/* What fired for each person of the block. */
static psyi_mask fired(const grid *g, psyi_workspace *workspace, const psyi_program *program)
{
    const psyi_block block = {
        .context = g, .number = number, .truth = truth, .token = token, .item = item};
    psyi_truths out;
    psyi_program_truth(program, &block, workspace, &out, NULL);
    return out.yes & ~out.absent;
}

psy_status psyi_rule_implies(const struct psy_plan *plan, psyi_workspace *workspace,
                             const psyi_program *a, const psyi_program *b, bool *forward,
                             bool *backward, psy_error *error)
{
    *forward = *backward = false;
    grid *const g = psyi_alloc(plan->arena.allocator, 1, sizeof *g);
    if (g == NULL)
        return psyi_fail_memory(error, "lint");
    g->plan = plan;
    g->programs[g->n_programs++] = a;
    g->programs[g->n_programs++] = b;
    g->n_asked = 2;
    if (make_grid(g)) {
        psyi_mask ever_a = 0, ever_b = 0;
        *forward = *backward = true;
        for (g->first = 0; g->first < g->n_persons && (*forward || *backward);
             g->first += PSYI_LANES) {
            const psyi_mask yes_a = fired(g, workspace, a), yes_b = fired(g, workspace, b);
            *forward = *forward && (yes_a & ~yes_b) == 0;
            *backward = *backward && (yes_b & ~yes_a) == 0;
            ever_a |= yes_a;
            ever_b |= yes_b;
        }
        /* What never fires is told as such, and implies nothing. */
        *forward = *forward && ever_a != 0;
        *backward = *backward && ever_b != 0;
    }
    psyi_free(plan->arena.allocator, g);
    return PSY_OK;
}

/* Does one of the others in `set` fire for every person for whom the first rule does? */
static bool covered(grid *g, psyi_workspace *workspace, uint64_t set, bool *ever)
{
    psyi_mask open = 0;
    for (g->first = 0; g->first < g->n_persons && open == 0; g->first += PSYI_LANES) {
        const psyi_mask asked = fired(g, workspace, g->programs[0]);
        open = asked;
        *ever = *ever || asked != 0;
        for (size_t i = 1; i < g->n_programs && open != 0; i++)
            if ((set >> (i - 1) & 1u) != 0)
                open &= ~fired(g, workspace, g->programs[i]);
    }
    return open == 0;
}

static bool reads_some(const psyi_program *of, const psyi_program *what)
{
    const psyi_operand *mine = NULL, *theirs = NULL;
    const size_t n = psyi_program_operands(of, &mine), m = psyi_program_operands(what, &theirs);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < m; j++)
            if (mine[i].is_item == theirs[j].is_item && mine[i].id == theirs[j].id)
                return true;
    return false;
}

psy_status psyi_rule_covered(const struct psy_plan *plan, psyi_workspace *workspace,
                             const psyi_program *rule, const psyi_program *const *others, size_t n,
                             uint64_t *needed, psy_error *error)
{
    uint64_t set = 0;
    bool ever = false;
    *needed = 0;
    grid *const g = psyi_alloc(plan->arena.allocator, 1, sizeof *g);
    if (g == NULL)
        return psyi_fail_memory(error, "lint");
    g->plan = plan;
    g->programs[g->n_programs++] = rule;
    g->n_asked = 1;
    if (!add_operands(g, rule))
        n = 0;
    g->n_asked_axes = g->n_axes;
    /* The places of `others` are kept: where one computes, reads nothing that the rule reads (and
     * so knows nothing here), or too much, the rule itself stands, in no set. */
    for (size_t i = 0; i < n && i + 1 < MOST_RULES; i++) {
        const bool useful = only_comparisons(plan, others[i]) && reads_some(others[i], rule) &&
                            add_operands(g, others[i]);
        g->programs[g->n_programs++] = useful ? others[i] : rule;
        set |= (uint64_t)useful << i;
    }
    if (make_grid(g) && covered(g, workspace, set, &ever) && ever) {
        /* The last that can be left out first: the strictest, and the earliest, stay. */
        for (size_t i = g->n_programs - 1; i-- > 0;)
            if ((set >> i & 1u) != 0 && covered(g, workspace, set & ~((uint64_t)1 << i), &ever))
                set &= ~((uint64_t)1 << i);
        *needed = set;
    }
    psyi_free(plan->arena.allocator, g);
    return PSY_OK;
}
