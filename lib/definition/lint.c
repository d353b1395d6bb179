/*
 * lint.c -- reporting and silencing of lint findings.
 *
 * A finding can be answered in writing where it stands: the definition names the rule, the
 * place and the reason.  Some rules protect a child and take no answer.  An answer that
 * nothing needs any more is itself a finding.
 */
#include "definition/lint.h"
#include "base/locale.h"

#include "base/fail.h"
#include "table/collect.h"

#include <psyscreen/plan.h>

#include <stdio.h>
#include <string.h>

void psyi_lint_open(psyi_lint *lint, const char *file, const psyi_silence *silences,
                    size_t n_silences, const psy_allocator *allocator, psy_findings *findings,
                    psy_error *error)
{
    *lint = (psyi_lint){.file = file,
                        .findings = findings,
                        .silences = silences,
                        .n_silences = n_silences,
                        .error = error};
    lint->used = psyi_alloc(allocator, n_silences, sizeof *lint->used);
    if (lint->used == NULL)
        lint->status = psyi_fail_memory(error, "lint");
}

static bool silenced(psyi_lint *lint, const psyi_lint_rule *rule, const char *at)
{
    for (size_t i = 0; i < lint->n_silences && !rule->firm; i++) {
        const psyi_silence *const silence = &lint->silences[i];
        if (strcmp(silence->rule, rule->name) != 0 ||
            (silence->at != NULL && strcmp(silence->at, at) != 0))
            continue;
        lint->used[i] = true;
        return true;
    }
    return false;
}

void psyi_lint_find(psyi_lint *lint, const psyi_lint_rule *rule, psyi_place place, const char *at,
                    const char *subject, const char *format, ...)
{
    if (lint->status != PSY_OK || silenced(lint, rule, at))
        return;
    char message[512];
    va_list arguments;
    va_start(arguments, format);
    if (psyi_vformat(message, sizeof message, format, arguments) < 0)
        message[0] = '\0';
    va_end(arguments);
    const psy_finding finding = {.file = lint->file,
                                 .row = place.line,
                                 .column = place.column,
                                 .length = place.length,
                                 .field = at,
                                 .rule = rule->name,
                                 .severity = rule->severity,
                                 .subject = subject,
                                 .message = message,
                                 .remedy = rule->remedy};
    lint->status = psy_findings_add(lint->findings, &finding, lint->error);
}

psy_status psyi_lint_close(psyi_lint *lint, const psy_allocator *allocator)
{
    static const psyi_lint_rule unused = {"unused_silence", PSY_NOTE, true,
                                          "delete it from `silence:`"};
    for (size_t i = 0; i < lint->n_silences && lint->status == PSY_OK; i++)
        if (!lint->used[i])
            psyi_lint_find(lint, &unused, lint->silences[i].place, "silence", NULL,
                           "nothing here needs to be silenced: no finding '%s'%s%s",
                           lint->silences[i].rule, lint->silences[i].at != NULL ? " at " : "",
                           lint->silences[i].at != NULL ? lint->silences[i].at : "");
    psyi_free(allocator, lint->used);
    lint->used = NULL;
    return lint->status;
}

void psyi_lint_wording(psyi_lint *lint, psyi_place place, const char *at, const char *text)
{
    static const psyi_lint_rule wording = {"wording", PSY_WARNING, false,
                                           "say what was measured, not what the child has"};
    static const char *const words[] = {"确诊",           "患病",         "心理疾病",
                                        "精神病人",       "最差班级",     "diagnosed as",
                                        "diagnosed with", "mentally ill", "worst class"};
    for (size_t i = 0; text != NULL && i < sizeof words / sizeof *words; i++)
        if (strstr(text, words[i]) != NULL) {
            psyi_lint_find(lint, &wording, place, at, NULL,
                           "'%s' has no place in a screening, which is not a diagnosis", words[i]);
            return;
        }
}

void psyi_lint_label(psyi_lint *lint, psyi_place place, const char *at, const char *what,
                     psyi_label label)
{
    static const psyi_lint_rule missing = {"label_missing", PSY_WARNING, false,
                                           "write {en: ..., zh: ...}"};
    if (label.en == NULL && label.zh == NULL)
        psyi_lint_find(lint, &missing, place, at, NULL, "%s has no name", what);
    else if (label.zh == NULL)
        psyi_lint_find(lint, &missing, place, at, NULL, "%s has no Chinese name", what);
    else if (label.en == NULL)
        psyi_lint_find(lint, &missing, place, at, NULL, "%s has no English name", what);
    psyi_lint_wording(lint, place, at, label.en);
    if (label.zh != label.en)
        psyi_lint_wording(lint, place, at, label.zh);
}

const char *psyi_lint_tier(const struct psy_plan *plan, int rank)
{
    const char *const name = psy_plan_tier_name(plan, rank, "en");
    return name != NULL ? name : "no tier of the scheme";
}

bool psyi_rule_covers(const psyi_rule *a, const psyi_rule *b)
{
    const bool stages = a->stages == 0 || (b->stages != 0 && (b->stages & ~a->stages) == 0);
    const bool grades = a->grade_high == 0 || (b->grade_high != 0 && b->grade_low >= a->grade_low &&
                                               b->grade_high <= a->grade_high);
    return stages && grades && (a->sex == PSYI_SEX_UNKNOWN || a->sex == b->sex);
}
