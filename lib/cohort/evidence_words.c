/*
 * evidence_words.c -- what speaks against a student's sheet, in words: family by family, each
 * sign with its value and its mark.
 */
#include "cohort/assembly.h"
#include "tier/rule_block.h"
#include "validity/evidence.h"

#include <math.h>

static const char *in(psyi_language language, const char *en, const char *zh)
{
    return language == PSYI_ZH ? zh : en;
}

#define LEAST_P 1e-6 /* at the decimals of its sign */

static void add_number(psyi_buffer *out, double value, unsigned decimals)
{
    psyi_buffer_format(out, "%.*f", (int)decimals, value);
}

/* "连续18题答案相同（共20题，标准≥11题）" */
static void add_stretch(const psyi_evidence *e, psyi_language language, psyi_buffer *out)
{
    if (e->sign == PSYI_SIGN_LONGSTRING)
        psyi_buffer_format(out, in(language, "%u items in a row the same", "连续%u题答案相同"),
                           e->length);
    else
        psyi_buffer_format(out, in(language, "%u items repeat every %u", "%u题按每%u题循环作答"),
                           e->length, e->period);
    psyi_buffer_format(out, in(language, " (of %u; mark %g)", "（共%u题，标准≥%g题）"), e->of,
                       e->mark);
}

static void add_sign(const psyi_evidence *e, psyi_language language, psyi_buffer *out)
{
    const psyi_sign_rule *const rule = &psyi_sign_rules[e->sign];
    if (e->sign == PSYI_SIGN_LONGSTRING || e->sign == PSYI_SIGN_REPEATING) {
        add_stretch(e, language, out);
        return;
    }
    psyi_buffer_text(out, psyi_label_text(rule->name, language, rule->key));
    if (e->state == PSY_INDEX_NO_VARIANCE) {
        psyi_buffer_text(out,
                         in(language, ": none, the answers do not vary", "无法计算（答案无变化）"));
        return;
    }
    psyi_buffer_text(out, " ");
    if (e->sign == PSYI_SIGN_MAHALANOBIS && e->value < LEAST_P)
        psyi_buffer_text(out, "<0.000001"); /* no probability is 0 */
    else
        add_number(out, e->value, rule->decimals);
    if (e->sign == PSYI_SIGN_FAILED_ITEMS)
        psyi_buffer_format(out, in(language, " of %u", "/%u"), e->of);
    psyi_buffer_text(out, in(language, " (mark ", "（标准"));
    psyi_buffer_text(out, rule->above ? "≥" : "<");
    psyi_buffer_number(out, e->mark);
    psyi_buffer_text(out, in(language, ")", "）"));
}

/* Names of the instruments' validity flags that hold in the case. */
static void add_flags(const psyi_results *r, size_t item, psyi_language language, bool *any,
                      psyi_buffer *out)
{
    for (unsigned use = 0; use < r->plan->n_uses; use++) {
        const uint32_t sheet = r->cases.sheets[use * r->cases.n + item];
        const psy_instrument *const instrument = r->plan->uses[use].instrument;
        for (unsigned flag = 0; sheet != PSYI_NO_SHEET && flag < instrument->n_flags; flag++) {
            const psyi_flag *const at = &instrument->flags[flag];
            if (at->kind != PSYI_FLAG_VALIDITY ||
                psyi_scores_flag(r->scores[use], flag, sheet) != 1)
                continue;
            psyi_buffer_text(out, *any ? in(language, ", ", "、") : "");
            psyi_use_words(r->plan, use, language, out);
            psyi_buffer_text(out, " ");
            psyi_buffer_text(out, psyi_label_text(at->name, language, at->id));
            *any = true;
        }
    }
}

static void add_family(const psyi_results *r, size_t item, psyi_family family,
                       psyi_language language, psyi_buffer *out)
{
    psyi_evidence_place at = {0};
    const psyi_evidence *e;
    bool any = false;
    unsigned before = PSYI_NO_INDEX;
    psyi_buffer_text(out, psyi_label_text(psyi_family_label(family), language, ""));
    psyi_buffer_text(out, in(language, ": ", "："));
    while ((e = psyi_next_evidence(r, item, &at)) != NULL) {
        if (psyi_sign_rules[e->sign].family != family)
            continue;
        psyi_buffer_text(out, any ? in(language, ", ", "、") : "");
        if (e->use != PSYI_NO_INDEX && e->use != before) {
            psyi_use_words(r->plan, e->use, language, out);
            psyi_buffer_text(out, " ");
        }
        before = e->use;
        add_sign(e, language, out);
        any = true;
    }
    if (family == PSYI_FAMILY_ATTENTION)
        add_flags(r, item, language, &any, out);
}

void psyi_evidence_words(const psyi_results *results, size_t student, psyi_language language,
                         psyi_buffer *out)
{
    const psyi_student *const s = &results->students[student];
    /* Of disputed sheets the first that has all the families of the student. */
    size_t item = s->first_case;
    uint8_t families = psyi_case_families(results, item);
    for (uint32_t i = 1; i < s->n_cases && families != s->families; i++) {
        item = s->first_case + i;
        families = psyi_case_families(results, item);
    }
    bool any = false;
    for (unsigned family = 0; family < PSYI_FAMILIES; family++) {
        if (((unsigned)families >> family & 1u) == 0)
            continue;
        psyi_buffer_text(out, any ? in(language, "; ", "；") : "");
        add_family(results, item, (psyi_family)family, language, out);
        any = true;
    }
}

void psyi_family_words(uint8_t families, psyi_language language, psyi_buffer *out)
{
    bool any = false;
    for (unsigned family = 0; family < PSYI_FAMILIES; family++) {
        if (((unsigned)families >> family & 1u) == 0)
            continue;
        psyi_buffer_text(out, any ? in(language, ", ", "、") : "");
        psyi_buffer_text(out,
                         psyi_label_text(psyi_family_label((psyi_family)family), language, ""));
        any = true;
    }
}
