/*
 * plan_lint.c -- a plan as a whole: what it must say, who gets what, which tiers are reached.
 */
#include "definition/lint.h"
#include "definition/load.h"

#include <stdio.h>
#include <string.h>

static const psyi_lint_rule identity_unstated = {
    "identity_unstated", PSY_ERROR, true,
    "write identity: {output: pseudonym, key_file: ...} or {output: plain}"};
static const psyi_lint_rule identity_key = {"identity_key", PSY_ERROR, true,
                                            "name the `key_file` of the pseudonyms"};
static const psyi_lint_rule consent_unstated = {
    "consent_unstated", PSY_ERROR, true,
    "write consent: {no_consent: critical_only, unanswered: refuse}"};
static const psyi_lint_rule no_tiers = {"no_tiers", PSY_NOTE, false, "add `tiers:`"};
static const psyi_lint_rule tier_unreached = {"tier_unreached", PSY_WARNING, false,
                                              "write a rule for it, or take a scheme without it"};
static const psyi_lint_rule use_unused = {"use_unused", PSY_WARNING, false,
                                          "put it into a battery, or delete it"};
static const psyi_lint_rule blind_to_suicide = {
    "blind_to_suicide", PSY_WARNING, false,
    "add an instrument that asks, or see to it that others do"};
static const psyi_lint_rule sensitive_grades = {
    "sensitive_grades", PSY_WARNING, false,
    "limit the battery to grade 7 and above, or take an instrument that does not ask"};
static const psyi_lint_rule outside_grades = {"outside_grades", PSY_WARNING, false,
                                              "limit the battery, or take another instrument"};
static const psyi_lint_rule informant_unknown = {"informant_unknown", PSY_WARNING, false,
                                                 "state `informant:`, or declare its column"};
static const psyi_lint_rule never_given = {"never_given", PSY_ERROR, false,
                                           "correct `when:` of the battery"};
static const psyi_lint_rule batteries_overlap = {
    "batteries_overlap", PSY_WARNING, false,
    "let the `when:` of one exclude the other, or drop `when:` of the last: it then gets the rest"};
static const psyi_lint_rule duty_missing = {"duty_missing", PSY_WARNING, false,
                                            "write duty: {urgent: {hours: 24, who: ...}}"};
static const psyi_lint_rule student_missing = {"student_missing", PSY_WARNING, false,
                                               "declare the column of the student's number"};
static const psyi_lint_rule hides_nothing = {
    "hides_nothing", PSY_WARNING, false,
    "write outputs: {small_cell: 5}, or hand the district's files to nobody who may not know"};

static const psyi_place top = {1, 1, 1};

static bool is_critical(const psyi_flag *flag)
{
    return flag->kind == PSYI_FLAG_URGENT || flag->kind == PSYI_FLAG_REVIEW;
}

static bool has_critical(const struct psy_instrument *instrument)
{
    for (size_t i = 0; i < instrument->n_flags; i++)
        if (is_critical(&instrument->flags[i]))
            return true;
    return false;
}

static bool has_column(const psyi_input *input, psyi_field field)
{
    return input->present && input->columns[field].n_names > 0;
}

/* ---- what must be said ----------------------------------------------------------------------- */

static void lint_statements(psyi_lint *lint, const struct psy_plan *plan)
{
    if (!plan->identity_stated)
        psyi_lint_find(lint, &identity_unstated, top, "identity", plan->id,
                       "the plan does not say whether real ids or pseudonyms are printed");
    else if (plan->pseudonym && plan->key_file == NULL)
        psyi_lint_find(lint, &identity_key, top, "identity", plan->id,
                       "pseudonyms are asked for, but no key makes them");
    if (!plan->consent_stated && (has_column(&plan->roster, PSYI_FIELD_CONSENT) ||
                                  has_column(&plan->responses, PSYI_FIELD_CONSENT)))
        psyi_lint_find(lint, &consent_unstated, top, "consent", plan->id,
                       "consent is in the data, but the plan does not say what it means");
    if (plan->responses.present && !has_column(&plan->responses, PSYI_FIELD_STUDENT) &&
        !has_column(&plan->responses, PSYI_FIELD_NAME))
        psyi_lint_find(lint, &student_missing, plan->responses.place, "inputs/responses", plan->id,
                       "no column says whose answers they are");
    bool critical = false;
    for (size_t i = 0; i < plan->n_uses; i++)
        critical = critical || has_critical(plan->uses[i].instrument);
    if (critical && plan->urgent.hours == 0)
        psyi_lint_find(lint, &duty_missing, top, "duty", plan->id,
                       "there are critical flags, but nobody's clock runs");
    if (plan->small_cell < 2) /* a count of 0 is nobody */
        psyi_lint_find(
            lint, &hides_nothing, top, "outputs", plan->id,
            "small_cell is %u: the files without names hide no count, and one pupil of a "
            "grade can be known by it",
            (unsigned)plan->small_cell);
}

/* ---- uses and batteries ---------------------------------------------------------------------- */

static void lint_uses(psyi_lint *lint, const struct psy_plan *plan)
{
    for (size_t i = 0; i < plan->n_uses; i++) {
        const psyi_use *const use = &plan->uses[i];
        char at[96];
        bool given = false;
        snprintf(at, sizeof at, "uses/%.64s", use->id);
        for (size_t j = 0; j < plan->n_batteries; j++)
            given = given || psyi_battery_gives(&plan->batteries[j], (unsigned)i);
        if (!given)
            psyi_lint_find(lint, &use_unused, use->place, at, use->id, "use '%s' is in no battery",
                           use->id);
        if (use->informant == PSYI_INFORMANT_UNKNOWN &&
            !has_column(&plan->responses, PSYI_FIELD_INFORMANT))
            psyi_lint_find(lint, &informant_unknown, use->place, at, use->id,
                           "several persons can answer '%s', and nothing says who did: its bands "
                           "and norms stay empty",
                           use->id);
    }
}

/* "4 to 6" of the grades below `until` in which the battery may be given; false for none. */
static bool grades_given(psyi_probe *probe, const psyi_battery *battery, int from, int until,
                         char out[32])
{
    int low = 0, high = 0;
    for (int grade = from; grade <= until; grade++)
        if (psyi_probe_battery(probe, battery, grade)) {
            low = low == 0 ? grade : low;
            high = grade;
        }
    if (low == 0)
        return false;
    if (low == high)
        snprintf(out, 32, "%d", low);
    else
        snprintf(out, 32, "%d to %d", low, high);
    return true;
}

static void lint_battery(psyi_lint *lint, const struct psy_plan *plan, const psyi_battery *battery,
                         psyi_probe *probe)
{
    char at[96], grades[32];
    bool sees = false;
    snprintf(at, sizeof at, "batteries/%.64s", battery->id);
    if (battery->when != NULL && !grades_given(probe, battery, 1, 16, grades)) {
        psyi_lint_find(lint, &never_given, battery->place, at, battery->id,
                       "battery '%s' is given in no grade", battery->id);
        return;
    }
    for (size_t i = 0; i < battery->n_uses + battery->n_second_uses; i++) {
        const bool first = i < battery->n_uses;
        const psyi_use *const use =
            &plan->uses[first ? battery->uses[i] : battery->second_uses[i - battery->n_uses]];
        const struct psy_instrument *const instrument = use->instrument;
        sees = sees || (first && has_critical(instrument)); /* a second pass sees a few only */
        if (instrument->sensitive && grades_given(probe, battery, 1, 6, grades)) {
            psyi_lint_find(lint, &sensitive_grades, battery->place, at, battery->id,
                           "'%s' asks about suicide or self-harm, and battery '%s' gives it in "
                           "grade %s",
                           use->id, battery->id, grades);
            continue;
        }
        if (instrument->grade_high == 0 || battery->when == NULL)
            continue;
        if (grades_given(probe, battery, 1, instrument->grade_low - 1, grades) ||
            grades_given(probe, battery, instrument->grade_high + 1, 16, grades))
            psyi_lint_find(lint, &outside_grades, battery->place, at, battery->id,
                           "'%s' is for grades %d to %d, and battery '%s' gives it in grade %s",
                           use->id, instrument->grade_low, instrument->grade_high, battery->id,
                           grades);
    }
    if (!sees)
        psyi_lint_find(lint, &blind_to_suicide, battery->place, at, battery->id,
                       "battery '%s' cannot see suicide risk: nothing in it has a critical flag",
                       battery->id);
}

/* One battery a student: of two that fit, the first is given.  Meant where the last one has no
 * `when:` and takes the rest. */
static void lint_overlaps(psyi_lint *lint, const struct psy_plan *plan, size_t later,
                          psyi_probe *probe)
{
    const psyi_battery *const battery = &plan->batteries[later];
    char at[96];
    snprintf(at, sizeof at, "batteries/%.64s", battery->id);
    for (size_t i = 0; i < later; i++) {
        const psyi_battery *const before = &plan->batteries[i];
        if (before->when == NULL) {
            psyi_lint_find(lint, &never_given, battery->place, at, battery->id,
                           "battery '%s' is given to nobody: '%s' before it is for everybody",
                           battery->id, before->id);
            return;
        }
        const int grade = battery->when == NULL ? 0 : psyi_probe_overlap(probe, before, battery);
        if (grade > 0)
            psyi_lint_find(lint, &batteries_overlap, battery->place, at, battery->id,
                           "somebody in grade %d fits battery '%s' and battery '%s': the first "
                           "is given, the second not",
                           grade, before->id, battery->id);
    }
}

static void lint_batteries(psyi_lint *lint, const struct psy_plan *plan)
{
    psyi_probe *probe = NULL;
    if (lint->status == PSY_OK)
        lint->status = psyi_probe_new(&probe, plan, plan->arena.allocator, lint->error);
    for (size_t i = 0; i < plan->n_batteries && lint->status == PSY_OK; i++) {
        lint_battery(lint, plan, &plan->batteries[i], probe);
        lint_overlaps(lint, plan, i, probe);
    }
    psyi_probe_free(probe);
}

/* ---- tiers ------------------------------------------------------------------------------------
 */

static bool is_reached(const struct psy_plan *plan, int rank)
{
    const int highest = plan->scheme->highest, middle = (highest + 1) / 2;
    for (size_t i = 0; i < plan->n_rules; i++)
        if (plan->rules[i].rank == rank)
            return true;
    for (size_t i = 0; i < plan->n_uses; i++) {
        const struct psy_instrument *const instrument = plan->uses[i].instrument;
        for (size_t j = 0; j < instrument->n_flags; j++)
            if ((instrument->flags[j].kind == PSYI_FLAG_URGENT && rank == highest) ||
                (instrument->flags[j].kind == PSYI_FLAG_REVIEW && rank == middle))
                return true;
    }
    return false;
}

static void lint_tiers(psyi_lint *lint, const struct psy_plan *plan)
{
    if (plan->scheme == NULL) {
        psyi_lint_find(lint, &no_tiers, top, "tiers", plan->id,
                       "the plan has no tiers: only critical flags make lists");
        return;
    }
    for (size_t i = 0; i < plan->scheme->n_tiers; i++) {
        const psyi_tier *const tier = &plan->scheme->tiers[i];
        if (tier->rank > 0 && !is_reached(plan, tier->rank))
            psyi_lint_find(lint, &tier_unreached, top, "tiers/scheme", plan->id,
                           "no rule leads to tier '%s' (rank %d, %s)", tier->code, tier->rank,
                           psyi_lint_tier(plan, tier->rank));
    }
    psyi_lint_label(lint, top, "tiers/scheme", "the legend of the tier scheme",
                    plan->scheme->legend);
}

psy_status psyi_plan_lint(const psy_plan *plan, psy_findings *findings, psy_error *error)
{
    const psy_allocator *const allocator = plan->arena.allocator;
    psyi_lint lint;
    psyi_lint_open(&lint, plan->file, plan->silences, plan->n_silences, allocator, findings, error);
    lint_statements(&lint, plan);
    lint_uses(&lint, plan);
    lint_batteries(&lint, plan);
    lint_tiers(&lint, plan);
    psyi_lint_rules(&lint, plan);
    return psyi_lint_close(&lint, allocator);
}
