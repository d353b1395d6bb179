/*
 * status.c -- what may be said about each student: status and tier, each with its reasons.
 *
 * The status is the first that applies.  The tier is the worst rule that fired, whatever the
 * status; none is said only where every rule was decided false, at least one speaks about the
 * student at all, and the sheets are valid.  Everything else is "not judged", which is
 * neither zero nor green.
 */
#include "base/spill.h"
#include "cohort/assembly.h"
#include "tier/rule_block.h"

#include <string.h>

const char *psyi_status_name(psyi_status status)
{
    static const char *const names[] = {
        [PSYI_STATUS_NO_CONSENT] = "no_consent", [PSYI_STATUS_ABSENT] = "absent",
        [PSYI_STATUS_INVALID] = "invalid",       [PSYI_STATUS_RETEST] = "retest",
        [PSYI_STATUS_INCOMPLETE] = "incomplete", [PSYI_STATUS_DOUBTFUL] = "doubtful",
        [PSYI_STATUS_VALID] = "valid",
    };
    return (unsigned)status < PSYI_STATUSES ? names[status] : "";
}

psyi_label psyi_status_label(psyi_status status)
{
    static const psyi_label labels[] = {
        [PSYI_STATUS_NO_CONSENT] = {"no consent", "未同意"},
        [PSYI_STATUS_ABSENT] = {"absent", "未测"},
        [PSYI_STATUS_INVALID] = {"invalid", "无效"},
        [PSYI_STATUS_RETEST] = {"retest", "建议重测"},
        [PSYI_STATUS_INCOMPLETE] = {"incomplete", "未完成"},
        [PSYI_STATUS_DOUBTFUL] = {"doubtful", "存疑"},
        [PSYI_STATUS_VALID] = {"valid", "有效"},
    };
    return (unsigned)status < PSYI_STATUSES ? labels[status] : (psyi_label){NULL, NULL};
}

/* Rules that can put somebody into a tier. */
static bool is_tier_rule(const psyi_book_rule *rule)
{
    return rule->rank > 0;
}

/* A sheet was handed in; answered: at least one item of one sheet holds an answer. */
static void handed_in(const psyi_results *r, const psyi_student *student, bool *given,
                      bool *answered)
{
    *given = *answered = false;
    for (size_t use = 0; use < r->plan->n_uses; use++) {
        if (r->scores[use] == NULL)
            continue;
        const psyi_sheets *const sheets = r->intake->sheets[use];
        for (uint32_t i = 0; i < student->n_records && !*answered; i++) {
            const uint32_t sheet = student->records[i];
            if (!psyi_sheets_given(sheets, sheet))
                continue;
            *given = true;
            for (size_t item = 0; item < sheets->n_items && !*answered; item++)
                *answered = *psyi_sheets_byte(sheets, sheet, item) < PSYI_BLANK;
        }
    }
}

/* Forget what the rules said; of critical flags too unless they are kept. */
static void clear_rules(psyi_results *r, size_t student, bool keep_critical)
{
    for (size_t rule = 0; rule < r->book->n_rules; rule++) {
        psyi_plane_clear(r->could, r->n_blocks, rule, student);
        psyi_plane_clear(r->open, r->n_blocks, rule, student);
        psyi_plane_clear(r->open_norm, r->n_blocks, rule, student);
        psyi_plane_clear(r->applied, r->n_blocks, rule, student);
        if (!keep_critical || !r->book->rules[rule].critical)
            psyi_plane_clear(r->fired, r->n_blocks, rule, student);
    }
}

static void without_consent(psyi_assembly *a, size_t s)
{
    psyi_results *const r = a->results;
    psyi_student *const student = &r->students[s];
    const bool keep = a->plan->no_consent == PSYI_CONSENT_CRITICAL_ONLY;
    clear_rules(r, s, keep);
    student->status = PSYI_STATUS_NO_CONSENT;
    student->why = student->consent == PSYI_CONSENT_NO ? PSYI_WHY_CONSENT_REFUSED
                                                       : PSYI_WHY_CONSENT_UNANSWERED;
    student->tier = student->tier_upper = PSYI_NOT_JUDGED;
    student->exceedance = 0;
    student->sealed = keep && (psyi_critical_class(r, s) > 0 || student->verify > 0);
    if (!keep)
        student->verify = 0;
}

/* Which uses of the battery have no sheet, bit per use: of the first pass those that are in
 * some file; of the second all, for its files come later. */
static uint64_t lacking_uses(const psyi_results *r, const psyi_student *student)
{
    const uint64_t asked = psyi_asked(r->book, &r->cases, student->first_case);
    uint64_t lacking = 0;
    for (unsigned use = 0; use < r->plan->n_uses; use++) {
        const uint32_t sheet = r->cases.sheets[use * r->cases.n + student->first_case];
        const bool first =
            student->battery != 0xFF && (r->book->battery_uses[student->battery] >> use & 1u) != 0;
        if ((asked >> use & 1u) != 0 && sheet == PSYI_NO_SHEET &&
            (!first || r->scores[use] != NULL))
            lacking |= UINT64_C(1) << use;
    }
    return lacking;
}

static uint8_t worst_effect(const psyi_assembly *a, psyi_student *student)
{
    uint8_t worst = PSYI_EFFECT_NONE;
    student->validity_use = student->validity_flag = student->validity_rule = PSYI_NO_RULE;
    student->families = 0;
    for (uint32_t i = 0; i < student->n_cases; i++) {
        const size_t item = student->first_case + i;
        student->families |= a->families[item];
        if (a->effect[item] <= worst)
            continue;
        worst = a->effect[item];
        student->validity_use = a->effect_use[item];
        student->validity_flag = a->effect_flag[item];
        student->validity_rule = a->effect_rule[item];
    }
    if (student->validity_rule != PSYI_NO_RULE)
        student->why |= PSYI_WHY_VALIDITY_RULE;
    else if (student->validity_use != PSYI_NO_RULE)
        student->why |= PSYI_WHY_LIE_SCALE;
    /* A lie scale alone is said as such. */
    if (a->plan->policy != NULL &&
        psyi_weigh(a->plan->policy, student->families) != PSYI_EFFECT_NONE &&
        (student->families != 1u << PSYI_FAMILY_ATTENTION || student->validity_use == PSYI_NO_RULE))
        student->why |= PSYI_WHY_EVIDENCE;
    return worst;
}

/* Which rules of any rank stay open, and whether any speaks about the student. */
typedef struct open_rules {
    bool rule_blank, critical_blank, no_norm, any_applies;
} open_rules;

static open_rules look_at_rules(const psyi_results *r, size_t s)
{
    open_rules seen = {.rule_blank = false};
    for (size_t rule = 0; rule < r->book->n_rules; rule++) {
        const psyi_book_rule *const at = &r->book->rules[rule];
        if (!is_tier_rule(at) && !at->critical)
            continue;
        if (is_tier_rule(at) && psyi_plane_get(r->applied, r->n_blocks, rule, s))
            seen.any_applies = true;
        if (!psyi_plane_get(r->open, r->n_blocks, rule, s))
            continue;
        if (psyi_plane_get(r->open_norm, r->n_blocks, rule, s))
            seen.no_norm = true;
        else if (at->critical)
            seen.critical_blank = true;
        else
            seen.rule_blank = true;
    }
    return seen;
}

static void set_tier(psyi_results *r, size_t s, const open_rules *seen)
{
    psyi_student *const student = &r->students[s];
    int worst = PSYI_NOT_JUDGED, upper = PSYI_NOT_JUDGED;
    for (size_t rule = 0; rule < r->book->n_rules; rule++) {
        const psyi_book_rule *const at = &r->book->rules[rule];
        if (!is_tier_rule(at))
            continue;
        if (psyi_plane_get(r->fired, r->n_blocks, rule, s) && at->rank > worst)
            worst = at->rank;
        if (psyi_plane_get(r->could, r->n_blocks, rule, s) && at->rank > upper)
            upper = at->rank;
    }
    if (worst == PSYI_NOT_JUDGED && r->plan->scheme != NULL &&
        student->status == PSYI_STATUS_VALID && seen->any_applies && !seen->rule_blank &&
        !seen->critical_blank && !seen->no_norm)
        worst = 0;
    student->tier = (int8_t)worst;
    student->tier_upper = (int8_t)(upper > worst ? upper : worst);
}

static void settle(psyi_assembly *a, size_t s)
{
    psyi_results *const r = a->results;
    psyi_student *const student = &r->students[s];
    bool given;
    handed_in(r, student, &given, &student->tested);
    if (!psyi_consents(a, s)) {
        without_consent(a, s);
        return;
    }
    if (!given) {
        clear_rules(r, s, true);
        student->status = PSYI_STATUS_ABSENT;
        student->tier = student->tier_upper = PSYI_NOT_JUDGED;
        student->validity_use = student->validity_flag = student->validity_rule = PSYI_NO_RULE;
        if (student->exempt)
            student->why |= PSYI_WHY_EXEMPT;
        return;
    }
    const uint8_t effect = worst_effect(a, student);
    const open_rules seen = look_at_rules(r, s);
    const uint64_t lacking = lacking_uses(r, student);
    const bool lacks = lacking != 0;
    const uint64_t second = student->battery != 0xFF ? r->book->second_uses[student->battery] : 0;
    if ((lacking & ~second) != 0)
        student->why |= PSYI_WHY_USE_NOT_GIVEN;
    if ((lacking & second) != 0)
        student->why |= PSYI_WHY_SECOND_PASS;
    if (seen.rule_blank)
        student->why |= PSYI_WHY_RULE_UNDECIDED;
    if (seen.critical_blank)
        student->why |= PSYI_WHY_CRITICAL_UNDECIDED;
    if (seen.no_norm)
        student->why |= PSYI_WHY_NO_NORM;
    if (student->battery == 0xFF)
        student->why |= PSYI_WHY_NO_BATTERY;
    else if (!seen.any_applies)
        student->why |= PSYI_WHY_NO_RULE;
    if (student->undecided_uses != 0)
        student->why |= PSYI_WHY_DUPLICATES;
    if (effect == PSYI_EFFECT_INVALID)
        student->status = PSYI_STATUS_INVALID;
    else if (effect == PSYI_EFFECT_RETEST)
        student->status = PSYI_STATUS_RETEST;
    else if (lacks || seen.rule_blank || seen.critical_blank || student->battery == 0xFF ||
             !student->tested)
        student->status = PSYI_STATUS_INCOMPLETE;
    else if (effect == PSYI_EFFECT_DOUBTFUL || student->undecided_uses != 0)
        student->status = PSYI_STATUS_DOUBTFUL;
    else
        student->status = PSYI_STATUS_VALID;
    set_tier(r, s, &seen);
}

psy_status psyi_settle_status(psyi_assembly *a, psy_error *error)
{
    (void)error;
    for (size_t s = 0; s < a->results->n_students; s++) {
        psyi_spill_pass(a->allocator, s);
        settle(a, s);
    }
    return PSY_OK;
}
