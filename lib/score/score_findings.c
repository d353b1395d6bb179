/*
 * score_findings.c -- what scoring noticed, in sentences without names or answers.
 */
#include "base/fail.h"
#include "norm/norm_marks.h"
#include "score/compiled.h"
#include "score/score_table.h"
#include "score/standard_mark.h"
#include "table/collect.h"

#include <stdio.h>

static psy_status tell_event(const psyi_scores *scores, const psyi_event *event,
                             const psyi_score_places *places, psy_findings *findings,
                             psy_error *error)
{
    const psy_instrument *const instrument = psyi_scorer_instrument(scores->scorer);
    const bool gate = event->kind == PSYI_EVENT_CLOSED_GATE;
    const char *const what = gate ? instrument->items[event->index].id
                             : event->index < scores->n_scales
                                 ? instrument->scales[event->index].id
                                 : instrument->flags[event->index - scores->n_scales].id;
    char field[200];
    snprintf(field, sizeof field, "%s%s%s", instrument->id, gate ? "_" : ".", what);
    const psy_finding finding = {.file = places->file(places->context, event->sheet),
                                 .row = places->line(places->context, event->sheet),
                                 .field = field,
                                 .rule = gate ? "closed_gate" : "no_value",
                                 .severity = PSY_WARNING,
                                 .subject = instrument->id};
    return psyi_find(findings, &finding, error,
                     gate ? "item %s was answered positively although its gate was closed; flags "
                            "read it: ask which answer is right"
                          : "%s has no value: a division by zero or a number out of bounds",
                     what);
}

static bool outside(int low, int high, int value, int none)
{
    return low != none && (value < low || value > high); /* both ends are there or neither */
}

static psy_status tell_persons(const psyi_scores *scores, const psyi_person *people,
                               psy_findings *findings, psy_error *error)
{
    const psy_instrument *const instrument = psyi_scorer_instrument(scores->scorer);
    size_t grades = 0, ages = 0;
    for (size_t row = 0; row < scores->n_sheets; row++) {
        if (!psyi_sheets_given(scores->sheets, row))
            continue;
        grades += people[row].grade > 0 &&
                  outside(instrument->grade_low, instrument->grade_high, people[row].grade, 0);
        ages += people[row].age >= 0 &&
                outside(instrument->age_low, instrument->age_high, people[row].age, -1);
    }
    psy_finding finding = {.rule = "outside_use",
                           .severity = PSY_WARNING,
                           .subject = instrument->id,
                           .field = "grade"};
    psy_status status = PSY_OK;
    if (grades > 0)
        status = psyi_find(findings, &finding, error,
                           "%zu %s outside grades %d to %d, for which %s is meant", grades,
                           grades == 1 ? "sheet is" : "sheets are", instrument->grade_low,
                           instrument->grade_high, instrument->id);
    finding.field = "age";
    if (ages > 0 && status == PSY_OK)
        status = psyi_find(findings, &finding, error,
                           "%zu %s outside ages %d to %d, for which %s is meant", ages,
                           ages == 1 ? "sheet is" : "sheets are", instrument->age_low,
                           instrument->age_high, instrument->id);
    return status;
}

/* Whether some band or norm of the instrument is only for certain informants. */
static bool asks_informant(const psyi_scorer *scorer)
{
    for (size_t b = 0; b < scorer->n_bands; b++)
        for (size_t i = 0; i < scorer->band[b].n_sets; i++)
            if (scorer->band[b].sets[i].set->who.informants != 0)
                return true;
    for (size_t s = 0; s < scorer->n_standards; s++)
        for (size_t i = 0; i < scorer->standard[s].n_groups; i++)
            if (scorer->standard[s].groups[i]->who.informants != 0)
                return true;
    for (size_t s = 0; s < scorer->n_scales; s++)
        if (scorer->scales[s].informants != 0)
            return true;
    return false;
}

static psy_status tell_informants(const psyi_scores *scores, const psyi_person *people,
                                  psy_findings *findings, psy_error *error)
{
    const psyi_scorer *const scorer = scores->scorer;
    if (scorer->only_informant != PSYI_INFORMANT_UNKNOWN || !asks_informant(scorer))
        return PSY_OK;
    size_t unknown = 0;
    for (size_t row = 0; row < scores->n_sheets; row++)
        unknown += psyi_sheets_given(scores->sheets, row) &&
                   people[row].informant == PSYI_INFORMANT_UNKNOWN;
    if (unknown == 0)
        return PSY_OK;
    const psy_finding finding = {.rule = "informant_unknown",
                                 .severity = PSY_NOTE,
                                 .subject = scorer->instrument->id,
                                 .field = "informant"};
    return psyi_find(
        findings, &finding, error,
        "%zu sheet%s of %s without an informant: bands, norms and scales that depend on "
        "it are empty",
        unknown, psyi_s(unknown), scorer->instrument->id);
}

/* Standard scores that are no exact readings of their norm: a table without a plan has no column
 * that says so of each, so the first place and their number are told. */
static psy_status tell_marks(const psyi_scores *scores, const psyi_person *people, size_t standard,
                             uint8_t mark, const psyi_score_places *places, psy_findings *findings,
                             psy_error *error)
{
    const psy_instrument *const instrument = psyi_scorer_instrument(scores->scorer);
    const psyi_standard *const column = &instrument->standards[standard];
    const psyi_norm *const norm = instrument->norms[column->norm];
    size_t n = 0, first = 0;
    for (size_t row = scores->n_sheets; row-- > 0;)
        if ((psyi_standard_mark(scores, standard, row, &people[row]) & mark) != 0) {
            first = row;
            n++;
        }
    if (n == 0)
        return PSY_OK;
    char field[300];
    snprintf(field, sizeof field, "%s.%s.%s", instrument->id, instrument->scales[column->scale].id,
             column->name);
    const bool clipped = mark == PSYI_NORM_CLIPPED;
    const psy_finding finding = {
        .file = places->file(places->context, first),
        .row = places->line(places->context, first),
        .field = field,
        .rule = clipped ? "norm_clipped" : "norm_people",
        .severity = clipped ? PSY_NOTE : PSY_WARNING,
        .subject = norm->id,
        .remedy = clipped ? NULL
                          : "read these standard scores as those of another population, or take a "
                            "norm of these people"};
    return psyi_find(findings, &finding, error,
                     clipped ? "%zu score%s beyond what norm '%s' holds, the value is its end; "
                               "this is the first"
                             : "%zu score%s of people whom norm '%s' does not speak of; this is "
                               "the first",
                     n, psyi_one_many(n, " is", "s are"), norm->id);
}

static psy_status tell_standards(const psyi_scores *scores, const psyi_person *people,
                                 const psyi_score_places *places, psy_findings *findings,
                                 psy_error *error)
{
    const psy_instrument *const instrument = psyi_scorer_instrument(scores->scorer);
    psy_status status = PSY_OK;
    for (size_t i = 0; i < scores->n_standards && status == PSY_OK; i++) {
        if (instrument->standards[i].norm == PSYI_NO_INDEX)
            continue;
        const psyi_norm *const norm = instrument->norms[instrument->standards[i].norm];
        if (psyi_norm_clips(norm))
            status = tell_marks(scores, people, i, PSYI_NORM_CLIPPED, places, findings, error);
        if (norm->has_people && status == PSY_OK)
            status = tell_marks(scores, people, i, PSYI_NORM_OTHERS, places, findings, error);
    }
    return status;
}

psy_status psyi_score_findings(const psyi_scores *scores, const psyi_person *people,
                               const psyi_events *events, const psyi_score_places *places,
                               psy_findings *findings, psy_error *error)
{
    if (findings == NULL)
        return PSY_OK;
    psy_status status = PSY_OK;
    for (size_t i = 0; i < events->n && status == PSY_OK; i++)
        status = tell_event(scores, &events->events[i], places, findings, error);
    if (status == PSY_OK)
        status = tell_persons(scores, people, findings, error);
    if (status == PSY_OK)
        status = tell_standards(scores, people, places, findings, error);
    return status == PSY_OK ? tell_informants(scores, people, findings, error) : status;
}
