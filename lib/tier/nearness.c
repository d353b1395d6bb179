/*
 * nearness.c -- how far a case is from the next tier.
 *
 * A score counts as near a rule when moving this score alone would make the rule fire: the
 * rule is asked again with the score moved, so that "and", counts and several limits on one
 * score mean what they say.  Rules that are one comparison need no asking.
 *
 * A plan like "three of forty scales are high" has eighty cuts, and each asks a rule that reads all
 * forty scores: so the columns of a block are gathered once for all, and a score is moved only in
 * the lanes in which the rule would fire with that comparison met.
 */
#include "tier/nearness.h"

#include "base/fail.h"
#include "base/memory.h"
#include "tier/gathered.h"
#include "tier/interval_words.h"
#include "tier/shifted.h"

#include <string.h>

static bool is_simple(const psyi_rule *rule, const psyi_comparison *comparison, size_t n)
{
    return n == 1 && comparison->offset == 0 &&
           comparison->length == strlen(psyi_program_text(rule->when));
}

struct psyi_nearness {
    const psyi_rulebook *book;
    const psy_allocator *allocator;
    psyi_workspace *workspace;
    psyi_gathered *gathered;
    size_t n_scores; /* that have a cut */
    psyi_near *room; /* so many for each lane */
};

static bool insert_once(uint32_t *columns, size_t n, uint32_t column)
{
    size_t at = 0;
    while (at < n && columns[at] < column)
        at++;
    if (at < n && columns[at] == column)
        return false;
    memmove(columns + at + 1, columns + at, (n - at) * sizeof *columns);
    columns[at] = column;
    return true;
}

/* How many scores have a cut in a rule that somebody can be near; SIZE_MAX without memory. */
static size_t count_scores(const psyi_rulebook *book, const psy_allocator *allocator)
{
    const psyi_comparison *comparisons;
    size_t most = 0, n = 0;
    for (size_t r = book->n_critical; r < book->n_rules; r++)
        most += psyi_program_comparisons(book->rules[r].rule->when, &comparisons);
    uint32_t *const columns = psyi_alloc(allocator, most, sizeof *columns);
    if (columns == NULL)
        return SIZE_MAX;
    for (size_t r = book->n_critical; r < book->n_rules; r++) {
        const size_t here = psyi_program_comparisons(book->rules[r].rule->when, &comparisons);
        for (size_t i = 0; i < here; i++)
            n += psyi_is_cut(book, &comparisons[i]) && insert_once(columns, n, comparisons[i].id);
    }
    psyi_free(allocator, columns);
    return n;
}

psy_status psyi_nearness_new(psyi_nearness **out, const psyi_rulebook *book,
                             const psy_allocator *allocator, psy_error *error)
{
    psyi_nearness *const made = psyi_alloc(allocator, 1, sizeof *made);
    if (made == NULL)
        return psyi_fail_memory(error, "what is near a tier");
    made->book = book;
    made->allocator = allocator;
    psy_status status = psyi_gathered_new(&made->gathered, allocator, error);
    if (status == PSY_OK)
        status = psyi_workspace_new(&made->workspace, book->programs, book->n_programs, allocator,
                                    error);
    if (status == PSY_OK) {
        made->n_scores = count_scores(book, allocator);
        made->room = psyi_alloc(allocator, made->n_scores, PSYI_LANES * sizeof *made->room);
        if (made->room == NULL)
            status = psyi_fail_memory(error, "what is near a tier");
    }
    if (status == PSY_OK)
        *out = made;
    else
        psyi_nearness_free(made);
    return status;
}

void psyi_nearness_free(psyi_nearness *nearness)
{
    if (nearness == NULL)
        return;
    psyi_workspace_free(nearness->workspace);
    psyi_gathered_free(nearness->gathered);
    psyi_free(nearness->allocator, nearness->room);
    psyi_free(nearness->allocator, nearness);
}

/* One cut of one rule over the cases of a block. */
typedef struct cut_run {
    const psyi_rulebook *book;
    psyi_block values;
    psyi_mask there;
    const psyi_rule *rule;
    const psyi_comparison *cut;
    psyi_workspace *workspace;
    bool worse_low;
    bool kept; /* the workspace holds what the rule's comparisons gave */
    psyi_numbers value;
    psyi_ratio distance[PSYI_LANES];
} cut_run;

/* Those of `lanes` that are short of the cut, and by how much. */
static psyi_mask short_of(cut_run *run, psyi_mask lanes)
{
    psyi_mask out = 0;
    run->values.number(run->values.context, run->cut->id, &run->value);
    for (psyi_mask rest = lanes & run->there & run->value.known; rest != 0; rest &= rest - 1) {
        const unsigned lane = (unsigned)__builtin_ctzll(rest);
        const psyi_ratio distance = psyi_distance(run->book, run->cut, run->value.value[lane]);
        if (distance.den == 0 || distance.num <= 0)
            continue;
        run->distance[lane] = distance;
        out |= (psyi_mask)1 << lane;
    }
    return out;
}

static void keep_rule(cut_run *run)
{
    if (!run->kept)
        psyi_program_keep(run->rule->when, &run->values, run->workspace);
    run->kept = true;
}

/* Of `lanes` those that the cut may hold back, whatever the distance to it. */
static psyi_mask held_back(cut_run *run, psyi_mask lanes)
{
    keep_rule(run);
    return lanes & psyi_program_reach(run->rule->when, &run->values, run->cut->id, run->workspace);
}

static psyi_mask would_fire(cut_run *run, psyi_mask lanes)
{
    psyi_numbers moved = run->value;
    for (psyi_mask rest = lanes; rest != 0; rest &= rest - 1) {
        const unsigned lane = (unsigned)__builtin_ctzll(rest);
        const psyi_ratio by = run->distance[lane];
        psyi_shift(&moved, lane, run->worse_low ? psyi_ratio_make(-by.num, by.den) : by);
    }
    const psyi_shifted shifted = {.base = run->values, .column = run->cut->id, .numbers = &moved};
    const psyi_block values = psyi_shifted_values(&shifted);
    psyi_truths truths;
    keep_rule(run);
    psyi_program_moved(run->rule->when, &values, run->cut->id, run->workspace, &truths);
    return truths.yes & ~truths.absent;
}

/* Keep the nearest of each score; `near` has room for all that have a cut.  How many there are. */
static size_t keep(psyi_near *near, size_t n, const psyi_near *one)
{
    size_t at = 0;
    while (at < n &&
           (near[at].use < one->use || (near[at].use == one->use && near[at].scale < one->scale)))
        at++;
    if (at < n && near[at].use == one->use && near[at].scale == one->scale) {
        const int order = psyi_ratio_compare(one->distance, near[at].distance);
        if (order < 0 || (order == 0 && one->rank > near[at].rank))
            near[at] = *one;
        return n;
    }
    memmove(near + at + 1, near + at, (n - at) * sizeof *near);
    near[at] = *one;
    return n + 1;
}

static void of_cut(cut_run *run, size_t rule, bool simple, psyi_mask concerned,
                   const psyi_nearness *nearness, psyi_near_list *out)
{
    const unsigned use = psyi_column_use(run->cut->id), scale = psyi_column_index(run->cut->id);
    bool stated;
    const double sem = psyi_sem(run->book->plan, use, scale, &stated);
    run->worse_low = psyi_use_scale(run->book->plan, use, scale)->worse_low;
    psyi_mask near = simple ? concerned : held_back(run, concerned & run->there);
    if (near != 0)
        near = short_of(run, near);
    if (near != 0 && !simple)
        near &= would_fire(run, near);
    for (; near != 0; near &= near - 1) {
        const unsigned lane = (unsigned)__builtin_ctzll(near);
        const psyi_near one = {.use = (uint16_t)use,
                               .scale = (uint16_t)scale,
                               .rule = rule,
                               .rank = run->book->rules[rule].rank,
                               .score = run->value.value[lane],
                               .distance = run->distance[lane],
                               .sem = stated ? sem : 0,
                               .within = stated &&
                                         psyi_ratio_double(run->distance[lane]) <= PSYI_Z95 * sem};
        out[lane].n = keep(&nearness->room[lane * nearness->n_scores], out[lane].n, &one);
    }
}

void psyi_near_run(psyi_nearness *nearness, const psyi_cases *cases, size_t first, size_t n,
                   const int8_t *tiers, psyi_near_list *out)
{
    const psyi_rulebook *const book = nearness->book;
    const psyi_rule_block block = psyi_rule_block_at(book, cases, first, n);
    cut_run run = {.book = book, .there = block.there, .workspace = nearness->workspace};
    const psyi_block values = psyi_rule_block_values(&block);
    run.values = psyi_gathered_values(nearness->gathered, &values);
    for (size_t i = 0; i < n; i++)
        out[i] = (psyi_near_list){.near = &nearness->room[i * nearness->n_scores]};
    for (size_t r = book->n_critical; r < book->n_rules; r++) {
        const psyi_comparison *comparisons;
        psyi_mask concerned = 0;
        run.rule = book->rules[r].rule;
        run.kept = false;
        for (size_t i = 0; i < n; i++)
            if (book->rules[r].rank > tiers[i] &&
                psyi_rule_concerns(run.rule, cases->people[first + i].grade,
                                   cases->people[first + i].sex) == 1)
                concerned |= (psyi_mask)1 << i;
        const size_t n_comparisons = psyi_program_comparisons(run.rule->when, &comparisons);
        for (size_t i = 0; i < n_comparisons && concerned != 0; i++) {
            run.cut = &comparisons[i];
            if (psyi_is_cut(book, run.cut))
                of_cut(&run, r, is_simple(run.rule, run.cut, n_comparisons), concerned, nearness,
                       out);
        }
    }
}
