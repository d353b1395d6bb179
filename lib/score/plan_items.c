/*
 * plan_items.c -- how an answer byte becomes a score, worked out once per item.
 *
 * Most items are codes in a row, so their score is the answer byte plus or minus something;
 * the rest goes through a table.  All bytes of a form count from one base, so that scales
 * may mix items.  What does not fit into a byte is kept in 32-bit lanes.
 */
#include "score/compiled.h"

#include <string.h>

#define TABLE_SIZE 256

static int32_t least(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

static int32_t most(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

/* The item's range, widened by what gates put in its place. */
static void reach(const psy_instrument *instrument, unsigned item, int32_t *low, int32_t *high)
{
    *low = instrument->items[item].low;
    *high = instrument->items[item].high;
    for (size_t g = 0; g < instrument->n_gates; g++) {
        const psyi_gate *const gate = &instrument->gates[g];
        for (size_t i = 0; gate->has_value && i < gate->n_items; i++)
            if (gate->items[i] == item) {
                *low = least(*low, gate->value);
                *high = most(*high, gate->value);
            }
    }
}

static bool fits(int32_t low, int32_t high, int32_t base)
{
    return low >= base && (int64_t)high - base < PSYI_NO_SCORE;
}

static bool is_coded(const psyi_scorer *scorer, unsigned item)
{
    const psy_instrument *const instrument = scorer->instrument;
    return instrument->responses[instrument->items[item].response].kind == PSYI_CODED;
}

/* The base that lets most items be bytes: scores start at 0 or 1 in nearly all forms, so the
 * lowest score of the items with a small range will do. */
static int32_t find_base(const psyi_scorer *scorer)
{
    bool found = false;
    int32_t base = 0;
    for (unsigned i = 0; i < scorer->n_items; i++) {
        int32_t low, high;
        reach(scorer->instrument, i, &low, &high);
        if (!is_coded(scorer, i) || !fits(low, high, low))
            continue;
        base = found ? least(base, low) : low;
        found = true;
    }
    return base;
}

/* The codes as they were given: those of the variant where it has its own. */
static const int32_t *given_codes(psyi_scorer *scorer, const psyi_response *response)
{
    int32_t *const given = psyi_arena_alloc(&scorer->arena, response->n_codes, sizeof *given);
    if (given == NULL)
        return NULL;
    for (size_t i = 0; i < response->n_codes; i++) {
        given[i] = response->codes[i];
        for (size_t j = 0; j < scorer->variant->n_codes; j++)
            if (scorer->variant->canonical[j] == response->codes[i]) {
                given[i] = scorer->variant->given[j];
                break;
            }
    }
    return given;
}

static bool plan_coded(psyi_scorer *scorer, unsigned index)
{
    const psyi_item *const item = &scorer->instrument->items[index];
    const psyi_response *const response = &scorer->instrument->responses[item->response];
    psyi_item_plan *const plan = &scorer->items[index];
    const size_t n = response->n_codes;
    if ((plan->given = given_codes(scorer, response)) == NULL)
        return false;
    plan->answer_low = plan->answer_high = plan->given[0];
    for (size_t i = 1; i < n; i++) {
        plan->answer_low = least(plan->answer_low, plan->given[i]);
        plan->answer_high = most(plan->answer_high, plan->given[i]);
    }
    int32_t low, high;
    reach(scorer->instrument, index, &low, &high);
    if (!fits(low, high, scorer->base)) {
        int32_t *const scores = psyi_arena_alloc(&scorer->arena, TABLE_SIZE, sizeof *scores);
        if (scores == NULL)
            return false;
        memcpy(scores, item->scores, n * sizeof *scores);
        plan->way = PSYI_ITEM_WIDE;
        plan->scores = scores;
        return true;
    }
    bool along = true, against = true;
    for (size_t i = 0; i < n; i++) {
        along = along && item->scores[i] == item->scores[0] + (int32_t)i;
        against = against && item->scores[i] == item->scores[0] - (int32_t)i;
    }
    plan->add = (uint8_t)(item->scores[0] - scorer->base);
    plan->way = along ? PSYI_ITEM_ALONG : against ? PSYI_ITEM_AGAINST : PSYI_ITEM_TABLE;
    if (plan->way != PSYI_ITEM_TABLE)
        return true;
    uint8_t *const table = psyi_arena_alloc(&scorer->arena, TABLE_SIZE, sizeof *table);
    if (table == NULL)
        return false;
    memset(table, (int)PSYI_NO_SCORE, TABLE_SIZE);
    for (size_t i = 0; i < n; i++)
        table[i] = (uint8_t)(item->scores[i] - scorer->base);
    plan->table = table;
    return true;
}

static bool plan_gates(psyi_scorer *scorer)
{
    const psy_instrument *const instrument = scorer->instrument;
    size_t n = 0;
    for (size_t g = 0; g < instrument->n_gates; g++)
        n += instrument->gates[g].n_items;
    scorer->n_skips = n;
    scorer->skips = psyi_arena_alloc(&scorer->arena, n, sizeof *scorer->skips);
    scorer->gate_first =
        psyi_arena_alloc(&scorer->arena, instrument->n_gates + 1, sizeof *scorer->gate_first);
    if (scorer->skips == NULL || scorer->gate_first == NULL)
        return false;
    n = 0;
    for (size_t g = 0; g < instrument->n_gates; g++) {
        scorer->gate_first[g] = n;
        for (size_t i = 0; i < instrument->gates[g].n_items; i++)
            scorer->skips[n++] = (psyi_skip){(uint16_t)g, instrument->gates[g].items[i]};
    }
    for (size_t i = 0; i < instrument->n_items; i++)
        scorer->items[i].may_skip = instrument->items[i].may_skip;
    scorer->gate_first[instrument->n_gates] = n;
    return true;
}

bool psyi_plan_items(psyi_scorer *scorer)
{
    const psy_instrument *const instrument = scorer->instrument;
    scorer->items = psyi_arena_alloc(&scorer->arena, scorer->n_items, sizeof *scorer->items);
    scorer->scored_items =
        psyi_arena_alloc(&scorer->arena, scorer->n_items, sizeof *scorer->scored_items);
    if (scorer->items == NULL || scorer->scored_items == NULL)
        return false;
    scorer->base = find_base(scorer);
    for (unsigned i = 0; i < scorer->n_items; i++) {
        psyi_item_plan *const plan = &scorer->items[i];
        const psyi_item *const item = &instrument->items[i];
        if (item->scored)
            scorer->scored_items[scorer->n_scored++] = (uint16_t)i;
        if (is_coded(scorer, i)) {
            if (!plan_coded(scorer, i))
                return false;
        } else {
            plan->way = PSYI_ITEM_WIDE;
            plan->answer_low = item->low;
            plan->answer_high = item->high;
        }
        plan->wide = plan->way == PSYI_ITEM_WIDE ? (uint16_t)scorer->n_wide++ : PSYI_NO_INDEX;
    }
    for (size_t i = scorer->n_items; i-- > 0;) {
        psyi_item_plan *const plan = &scorer->items[i], *const next = plan + 1;
        if (plan->way != PSYI_ITEM_ALONG && plan->way != PSYI_ITEM_AGAINST)
            continue;
        const bool alike = i + 1 < scorer->n_items && next->run > 0 && next->way == plan->way &&
                           next->add == plan->add && next->run < PSYI_MOST_RUN;
        plan->run = (uint8_t)(alike ? next->run + 1 : 1);
    }
    return plan_gates(scorer);
}
