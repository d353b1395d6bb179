/*
 * scheme_load.c -- a tier scheme of a plan: the name of a preset, or one of its own.
 *
 * Ranks run from 0 (none) upwards without gaps, so that "the middle rank" and "one rank
 * worse" mean something in every scheme.
 */
#include "definition/load.h"
#include "definition/plan_build.h"

#include <string.h>

typedef struct raw_tier {
    psyi_tier tier;
    psyi_place place;
} raw_tier;
static const raw_tier no_rank = {.tier = {.rank = -1}};

static const psyi_key tier_keys[] = {
    {"rank", PSYI_SHAPE_INTEGER, true, PSYI_AT(raw_tier, tier.rank), .low = 0,
     .high = PSYI_MAX_RANK},
    {"code", PSYI_SHAPE_TEXT, true, PSYI_AT(raw_tier, tier.code)},
    {"name", PSYI_SHAPE_LABEL, true, PSYI_AT(raw_tier, tier.name)},
    {"colour", PSYI_SHAPE_TEXT, true, PSYI_AT(raw_tier, tier.colour)},
    {"place", PSYI_SHAPE_PLACE, false, PSYI_AT(raw_tier, place)},
    {0},
};

typedef struct raw_scheme {
    const char *id;
    psyi_label legend;
    raw_tier *tiers;
    size_t n_tiers;
} raw_scheme;

static const psyi_key scheme_keys[] = {
    {"id", PSYI_SHAPE_ID, true, PSYI_AT(raw_scheme, id)},
    {"legend", PSYI_SHAPE_LABEL, true, PSYI_AT(raw_scheme, legend)},
    {"tiers", PSYI_SHAPE_LIST, true, PSYI_AT(raw_scheme, tiers), .keys = tier_keys,
     .item_size = sizeof(raw_tier), .initial = &no_rank},
    {0},
};

static bool is_colour(const char *text)
{
    return strlen(text) == 7 && text[0] == '#' && strspn(text + 1, "0123456789ABCDEFabcdef") == 6;
}

/* Put the tiers of a scheme into descending order of rank; every rank must be there once. */
static bool order_tiers(psyi_loader *loader, const psyi_node *node, const raw_scheme *raw,
                        psyi_tier *tiers)
{
    bool taken[PSYI_MAX_RANK + 1] = {false};
    for (size_t i = 0; i < raw->n_tiers; i++) {
        const psyi_tier *const tier = &raw->tiers[i].tier;
        if (tier->colour != NULL && !is_colour(tier->colour))
            psyi_problem(loader, node, PSYI_PROBLEM_VALUE,
                         "'%s' is no colour: write it like \"#D0021B\"",
                         psyi_shown(loader, tier->colour));
        if (tier->rank < 0)
            return false; /* reported */
        if ((size_t)tier->rank >= raw->n_tiers || taken[tier->rank]) {
            psyi_problem(loader, node, PSYI_PROBLEM_VALUE,
                         "the ranks of a scheme run from 0 (none) upwards, each once");
            return false;
        }
        taken[tier->rank] = true;
        tiers[raw->n_tiers - 1 - (size_t)tier->rank] = *tier;
    }
    return true;
}

/* Workbooks offer the tiers to choose from, in a list of at most 255 bytes with its commas. */
static void check_names(psyi_loader *loader, const psyi_node *node, const psyi_tier *tiers,
                        size_t n)
{
    enum { MOST = 255 };
    static const psyi_language languages[] = {PSYI_EN, PSYI_ZH};
    for (size_t k = 0; k < sizeof languages / sizeof languages[0]; k++) {
        size_t length = 0;
        for (size_t i = 0; i < n; i++)
            length += strlen(psyi_label_text(tiers[i].name, languages[k], "")) + 1;
        if (length > MOST) {
            psyi_problem(loader, node, PSYI_PROBLEM_LIMIT,
                         "the names of all tiers together are too long: workbooks offer them in "
                         "one list of %d bytes (a Chinese character has 3), and these have %zu",
                         MOST, length);
            return;
        }
    }
}

static const psyi_scheme *own_scheme(psyi_loader *loader, const psyi_node *node)
{
    raw_scheme raw = {0};
    const size_t path = psyi_enter(loader, "scheme");
    psyi_read_map(loader, node, NULL, scheme_keys, &raw, false);
    psyi_scheme *const scheme = psyi_loader_alloc(loader, 1, sizeof *scheme);
    psyi_tier *const tiers = psyi_loader_alloc(loader, raw.n_tiers, sizeof *tiers);
    bool good = scheme != NULL && tiers != NULL;
    if (good && (raw.n_tiers < 2 || raw.n_tiers > PSYI_MAX_RANK + 1)) {
        if (raw.tiers != NULL)
            psyi_problem(loader, node, PSYI_PROBLEM_VALUE,
                         "a scheme has 2 to %d tiers, the one without warning included",
                         PSYI_MAX_RANK + 1);
        good = false;
    }
    good = good && order_tiers(loader, node, &raw, tiers);
    if (good)
        check_names(loader, node, tiers, raw.n_tiers);
    psyi_leave(loader, path);
    if (!good)
        return NULL;
    *scheme = (psyi_scheme){.id = raw.id,
                            .legend = raw.legend,
                            .tiers = tiers,
                            .n_tiers = raw.n_tiers,
                            .highest = (int)raw.n_tiers - 1};
    return scheme;
}

const psyi_scheme *psyi_plan_scheme(psyi_loader *loader, const psyi_node *node)
{
    if (node->kind == PSYI_NODE_MAP)
        return own_scheme(loader, node);
    if (!psyi_want(loader, node, PSYI_NODE_TEXT, "the name of a tier scheme"))
        return NULL;
    const psyi_scheme *const preset = psyi_scheme_preset(node->text);
    if (preset != NULL)
        return preset;
    const psyi_scheme *presets = NULL;
    const char *names[16];
    const size_t n = psyi_scheme_presets(&presets);
    for (size_t i = 0; i < n && i < 16; i++)
        names[i] = presets[i].id;
    const char *const meant = psyi_meant(loader, node->text, names, n < 16 ? n : 16);
    psyi_problem(loader, node, PSYI_PROBLEM_NAME, "there is no tier scheme '%s'%s",
                 psyi_shown(loader, node->text),
                 meant[0] != '\0' ? meant
                                  : ": three_first_worst, three_third_worst, five_first_worst, "
                                    "red_orange_yellow, red_orange_yellow_blue, words");
    return NULL;
}
