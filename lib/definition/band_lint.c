/*
 * band_lint.c -- ranges and bands of scores.
 *
 * Bands cannot overlap or leave holes in the middle, because each begins where the one before
 * ends; what can be wrong is where they lie on the range of the score, and for whom.
 */
#include "definition/build.h"
#include "definition/lint.h"

#include <stdio.h>
#include <string.h>

static const psyi_lint_rule declared_range = {"declared_range", PSY_ERROR, false,
                                              "correct `range:`, or the items and steps"};
static const psyi_lint_rule proration_range = {
    "proration_range", PSY_WARNING, false,
    "items with different ranges: think about which may be missing"};
static const psyi_lint_rule missing_allow = {"missing_allow", PSY_ERROR, false,
                                             "allow fewer missing answers than there are items"};
static const psyi_lint_rule band_gap = {"band_gap", PSY_ERROR, false,
                                        "begin the first band at the lowest score"};
static const psyi_lint_rule band_outside = {"band_outside", PSY_ERROR, false,
                                            "correct the band, or the range of the score"};
static const psyi_lint_rule band_bottom = {"band_bottom", PSY_NOTE, false,
                                           "begin the first band at the lowest score"};
static const psyi_lint_rule band_empty = {"band_empty", PSY_ERROR, false,
                                          "move its beginning to a score that can occur"};
static const psyi_lint_rule band_people = {"band_people", PSY_WARNING, false,
                                           "limit the sets so that each person fits one"};
static const psyi_lint_rule norm_gap = {"norm_gap", PSY_WARNING, false,
                                        "complete the table, or say why these scores have no norm"};
static const psyi_lint_rule only_remembered = {"only_remembered", PSY_NOTE, false,
                                               "check it against a page and say `verified`"};

static void print_ratio(psyi_ratio value, char out[32])
{
    if (value.den == 0)
        strcpy(out, "?");
    else
        psyi_ratio_print(value, out);
}

static bool equal(psyi_ratio a, psyi_ratio b)
{
    return a.num == b.num && a.den == b.den;
}

/* ---- ranges ------------------------------------------------------------------------------ */

static void check_declared(psyi_lint *lint, const psyi_scale *scale, const char *at)
{
    char a[32], b[32], c[32], d[32];
    const psyi_ratio low = scale->declared_low, high = scale->declared_high;
    if (low.den == 0 || scale->low.den == 0 || scale->high.den == 0)
        return;
    /* What was worked out of an expression may be wider than the truth, never narrower. */
    const bool good =
        scale->score == PSYI_SCORE_EXPRESSION
            ? psyi_ratio_compare(scale->low, low) <= 0 && psyi_ratio_compare(scale->high, high) >= 0
            : equal(scale->low, low) && equal(scale->high, high);
    if (good)
        return;
    print_ratio(low, a), print_ratio(high, b), print_ratio(scale->low, c);
    print_ratio(scale->high, d);
    psyi_lint_find(lint, &declared_range, scale->place, at, scale->id,
                   "the declared range is %s..%s, the items give %s..%s", a, b, c, d);
}

static void check_missing(psyi_lint *lint, const struct psy_instrument *instrument,
                          const psyi_variant *variant, const psyi_scale *scale, const char *at)
{
    if (scale->missing == PSYI_MISSING_NONE)
        return;
    /* Where blanks count 0, a form gate may be what keeps empty sheets out. */
    if (scale->allow >= scale->n_items &&
        !(scale->missing == PSYI_MISSING_ZERO && instrument->has_form_gate))
        psyi_lint_find(lint, &missing_allow, scale->place, at, scale->id,
                       "%u of %zu items may be missing: an empty sheet would have a score",
                       (unsigned)scale->allow, scale->n_items);
    if (scale->missing != PSYI_MISSING_PRORATE || scale->n_steps > 0 || scale->low.den == 0)
        return;
    psyi_ratio low, high;
    bool integer;
    char a[32], b[32], c[32], d[32];
    psyi_complete_range(instrument, variant, scale, &low, &high, &integer);
    if (low.den == 0 || high.den == 0 || (equal(low, scale->low) && equal(high, scale->high)))
        return;
    print_ratio(low, a), print_ratio(high, b);
    print_ratio(scale->low, c), print_ratio(scale->high, d);
    psyi_lint_find(lint, &proration_range, scale->place, at, scale->id,
                   "a complete score is %s..%s, a prorated one can be %s..%s", a, b, c, d);
}

/* ---- bands ------------------------------------------------------------------------------- */

static psyi_ratio first_score(const psyi_band *band)
{
    /* The lowest whole score of a band. */
    return band->above ? psyi_ratio_add(psyi_ratio_floor(band->from), psyi_ratio_make(1, 1))
                       : psyi_ratio_ceil(band->from);
}

static void check_raw_set(psyi_lint *lint, const psyi_scale *scale, const psyi_band_set *set,
                          const char *at)
{
    char a[32], b[32];
    const psyi_band *const first = &set->bands[0];
    if (scale->low.den == 0 || scale->high.den == 0 || first->from.den == 0)
        return;
    print_ratio(first->from, a);
    print_ratio(scale->low, b);
    if (psyi_ratio_compare(first->from, scale->low) > 0)
        psyi_lint_find(lint, &band_gap, first->place, at, scale->id,
                       "band '%s' begins at %s, but scores begin at %s", first->id, a, b);
    else if (psyi_ratio_compare(first->from, scale->low) < 0)
        psyi_lint_find(lint, &band_bottom, first->place, at, scale->id,
                       "band '%s' begins at %s, but scores begin at %s", first->id, a, b);
    print_ratio(scale->high, b);
    for (size_t i = 1; i < set->n_bands; i++) {
        const psyi_band *const band = &set->bands[i];
        const int order = psyi_ratio_compare(band->from, scale->high);
        print_ratio(band->from, a);
        if (order > 0 || (order == 0 && band->above))
            psyi_lint_find(lint, &band_outside, band->place, at, scale->id,
                           "band '%s' begins %s %s, but scores end at %s", band->id,
                           band->above ? "above" : "at", a, b);
        else if (psyi_ratio_compare(band->from, scale->low) < 0)
            psyi_lint_find(lint, &band_outside, band->place, at, scale->id,
                           "band '%s' begins below the lowest score, so nobody is in '%s'",
                           band->id, set->bands[i - 1].id);
        else if (psyi_scale_is_whole(scale) && i + 1 < set->n_bands &&
                 psyi_ratio_compare(first_score(band), first_score(band + 1)) >= 0)
            psyi_lint_find(lint, &band_empty, band->place, at, scale->id,
                           "no score falls into band '%s'", band->id);
    }
}

static bool meets(unsigned a, unsigned b)
{
    return a == 0 || b == 0 || (a & b) != 0;
}

static bool ranges_meet(int a_low, int a_high, int b_low, int b_high, int none)
{
    return a_high == none || b_high == none || (a_low <= b_high && b_low <= a_high);
}

static bool same_people(const psyi_who *a, const psyi_who *b)
{
    return meets(a->informants, b->informants) && meets(a->sexes, b->sexes) &&
           meets(a->stages, b->stages) &&
           ranges_meet(a->grade_low, a->grade_high, b->grade_low, b->grade_high, 0) &&
           ranges_meet(a->age_low, a->age_high, b->age_low, b->age_high, -1);
}

static void check_people(psyi_lint *lint, const psyi_scale *scale, size_t index, const char *at)
{
    const psyi_band_set *const set = &scale->band_sets[index];
    for (size_t i = 0; i < index; i++)
        if (scale->band_sets[i].population == set->population &&
            same_people(&scale->band_sets[i].who, &set->who)) {
            psyi_lint_find(lint, &band_people, set->place, at, scale->id,
                           "this set and the one in line %u fit the same persons: the first is "
                           "used",
                           (unsigned)scale->band_sets[i].place.line);
            return;
        }
}

static void check_band_names(psyi_lint *lint, const psyi_scale *scale, const char *at)
{
    static const psyi_lint_rule missing = {"label_missing", PSY_WARNING, false,
                                           "write name: {en: ..., zh: ...}"};
    for (size_t i = 0; i < scale->n_band_sets; i++)
        for (size_t j = 0; j < scale->band_sets[i].n_bands; j++) {
            const psyi_band *const band = &scale->band_sets[i].bands[j];
            psyi_lint_wording(lint, band->place, at, band->name.en);
            if (band->name.zh != band->name.en)
                psyi_lint_wording(lint, band->place, at, band->name.zh);
        }
    /* An English name may be the id; a Chinese one must be written.  Once a scale. */
    for (size_t i = 0; i < scale->n_band_sets; i++)
        for (size_t j = 0; j < scale->band_sets[i].n_bands; j++) {
            const psyi_band *const band = &scale->band_sets[i].bands[j];
            if (band->name.zh != NULL)
                continue;
            psyi_lint_find(lint, &missing, band->place, at, scale->id,
                           "band '%s' has no Chinese name", band->id);
            return;
        }
}

/* ---- norms -------------------------------------------------------------------------------- */

static void check_norms(psyi_lint *lint, const struct psy_instrument *instrument)
{
    for (size_t i = 0; i < instrument->n_norms; i++) {
        const psyi_norm *const norm = instrument->norms[i];
        const char *before = NULL;
        for (size_t j = 0; norm->kind == PSYI_NORM_TABLE && j < norm->n_groups; j++) {
            const psyi_norm_group *const group = &norm->groups[j];
            const unsigned index = psyi_find_scale(instrument, group->scale);
            if (index == PSYI_NO_INDEX || (before != NULL && strcmp(before, group->scale) == 0))
                continue;
            const psyi_scale *const scale = &instrument->scales[index];
            if (!psyi_scale_is_whole(scale) || scale->low.den != 1 || scale->high.den != 1)
                continue;
            const size_t scores = (size_t)(scale->high.num - scale->low.num) + 1;
            size_t covered = 0;
            for (size_t k = 0; k < group->n_cells; k++)
                covered += group->cells[k].raw.den == 1 &&
                           psyi_ratio_compare(group->cells[k].raw, scale->low) >= 0 &&
                           psyi_ratio_compare(group->cells[k].raw, scale->high) <= 0;
            if (covered == scores)
                continue;
            before = group->scale;
            char at[96];
            snprintf(at, sizeof at, "norms/%.40s/%.40s", norm->id, group->scale);
            psyi_lint_find(lint, &norm_gap, scale->place, at, norm->id,
                           "norm '%s' has %zu of the %zu possible scores of '%s' (line %u of its "
                           "table)",
                           norm->id, covered, scores, scale->id, (unsigned)group->place.line);
        }
    }
}

/* ---- all ----------------------------------------------------------------------------------- */

static void check_confidence(psyi_lint *lint, const psyi_scale *scale, const char *at)
{
    if (scale->confidence == PSYI_MEMORY)
        psyi_lint_find(lint, &only_remembered, scale->place, at, scale->id,
                       "the key of '%s' is remembered, not verified", scale->id);
    if (scale->missing_confidence == PSYI_MEMORY)
        psyi_lint_find(lint, &only_remembered, scale->place, at, scale->id,
                       "the missing rule of '%s' is remembered, not verified", scale->id);
    for (size_t i = 0; i < scale->n_band_sets; i++)
        if (scale->band_sets[i].confidence == PSYI_MEMORY)
            psyi_lint_find(lint, &only_remembered, scale->band_sets[i].place, at, scale->id,
                           "the bands '%s' of '%s' are remembered, not verified",
                           scale->populations[scale->band_sets[i].population], scale->id);
}

static void lint_scale(psyi_lint *lint, const struct psy_instrument *instrument,
                       const psyi_variant *variant, const psyi_scale *scale, bool other_variant)
{
    char at[160];
    const char *const section = scale->derived ? "derived" : "scales";
    if (other_variant)
        snprintf(at, sizeof at, "variants/%.40s/%s/%.40s", variant->id, section, scale->id);
    else
        snprintf(at, sizeof at, "%s/%.64s", section, scale->id);
    if (!other_variant) {
        char what[96];
        snprintf(what, sizeof what, "scale '%.64s'", scale->id);
        psyi_lint_label(lint, scale->place, at, what, scale->name);
        check_declared(lint, scale, at);
        check_missing(lint, instrument, variant, scale, at);
        check_band_names(lint, scale, at);
        check_confidence(lint, scale, at);
    }
    for (size_t i = 0; i < scale->n_band_sets; i++) {
        const psyi_band_set *const set = &scale->band_sets[i];
        if (set->standard == PSYI_NO_INDEX && set->n_bands > 0)
            check_raw_set(lint, scale, set, at);
        if (!other_variant)
            check_people(lint, scale, i, at);
    }
}

void psyi_lint_bands(psyi_lint *lint, const struct psy_instrument *instrument)
{
    for (size_t v = 0; v < instrument->n_variants; v++)
        for (size_t i = 0; i < instrument->n_scales; i++)
            lint_scale(lint, instrument, &instrument->variants[v],
                       &instrument->variants[v].scales[i], v > 0);
    check_norms(lint, instrument);
}
