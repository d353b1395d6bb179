/*
 * examples.c -- the worked examples of a definition, run as they stand.
 *
 * An example is one sheet.  What it expects is compared with what would be printed: numbers
 * as exact values (with four or more decimals: to half of the fourth), bands and states by
 * name, null for what is not there.  Every difference is a finding at the place of the
 * expectation.
 */
#include "base/fail.h"
#include "intake/codes.h"
#include "score/compiled.h"
#include "table/collect.h"

#include <psyscreen/findings.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct outcome {
    const char *text; /* what came out, as printed; NULL with `none` */
    bool none, is_number, no_memory;
    double number;
    char digits[48]; /* the text of a number */
} outcome;

typedef struct run {
    const psy_instrument *instrument;
    const psyi_example *example;
    psyi_scorer *scorer;
    psyi_sheets *sheets;
    psyi_scores *scores;
    psyi_events events;
    psy_findings *findings;
    const psy_allocator *allocator;
    psyi_arena *arena;
    bool failed;
} run;

static void set_number(outcome *out, psyi_ratio value)
{
    out->none = value.den <= 0;
    out->is_number = true;
    out->number = psyi_ratio_double(value);
    psyi_ratio_print(value, out->digits);
    out->text = out->digits;
}

static void set_text(outcome *out, const char *text)
{
    out->none = text == NULL;
    out->text = text;
}

/* At which end of its range a score stands: what `worse` and the range say together. */
static const char *end_of(const psyi_scale *scale, psyi_ratio value)
{
    if (value.den == 0 || scale->low.den == 0)
        return NULL;
    const bool low = psyi_ratio_compare(value, scale->low) == 0;
    const bool high = psyi_ratio_compare(value, scale->high) == 0;
    return low == high ? "between" : low == scale->worse_low ? "worst" : "best";
}

/* What stands in `part` of a scale ("", ".band", ".t@norm"); false when there is no such. */
static bool scale_outcome(const run *r, size_t scale, const char *part, outcome *out)
{
    const psyi_scores *const scores = r->scores;
    const psyi_scale *const s = psyi_scorer_scale(r->scorer, scale);
    if (part[0] == '\0') {
        set_number(out, psyi_scores_value(scores, scale, 0));
        return true;
    }
    if (strcmp(part, ".status") == 0) {
        set_text(out, psyi_score_status_name(
                          (psyi_score_status)scores->status[psyi_scale_at(scores, scale, 0)]));
        return true;
    }
    if (strcmp(part, ".end") == 0) {
        set_text(out, end_of(s, psyi_scores_value(scores, scale, 0)));
        return true;
    }
    if (strcmp(part, ".answered") == 0) {
        set_number(out, (psyi_ratio){psyi_score_of(scores, scale, 0).answered, 1});
        return true;
    }
    if (strncmp(part, ".band", 5) == 0 && (part[5] == '\0' || part[5] == '@')) {
        size_t population = part[5] == '\0' ? psyi_scorer_population(r->scorer, scale) : 0;
        while (part[5] == '@' && population < s->n_populations &&
               strcmp(s->populations[population], part + 6) != 0)
            population++;
        if (population >= s->n_populations)
            return false;
        set_text(out, psyi_scores_band(scores, scale, population, 0));
        return true;
    }
    for (size_t i = 0; i < r->instrument->n_standards; i++) {
        const psyi_standard *const standard = &r->instrument->standards[i];
        if (standard->scale == scale && strcmp(standard->name, part + 1) == 0) {
            set_number(out, psyi_scores_standard(scores, i, 0));
            return true;
        }
    }
    return false;
}

/* The items answered positively although their gate was closed, as the finding names them. */
static void set_closed_gate(const run *r, outcome *out)
{
    out->none = true;
    for (size_t e = 0; e < r->events.n; e++) {
        const psyi_event *const event = &r->events.events[e];
        if (event->kind != PSYI_EVENT_CLOSED_GATE)
            continue;
        const char *const id = r->instrument->items[event->index].id;
        out->text = out->none ? id : psyi_arena_format(r->arena, "%s %s", out->text, id);
        out->none = false;
        if (out->text == NULL) {
            out->no_memory = true;
            return;
        }
    }
}

static bool find_outcome(const run *r, const char *column, outcome *out)
{
    const psy_instrument *const instrument = r->instrument;
    const size_t length = strcspn(column, ".");
    memset(out, 0, sizeof *out);
    for (size_t s = 0; s < instrument->n_scales; s++) {
        const char *const id = instrument->scales[s].id;
        if (strncmp(id, column, length) == 0 && id[length] == '\0')
            return scale_outcome(r, s, column + length, out);
    }
    for (size_t f = 0; f < instrument->n_flags; f++)
        if (strcmp(instrument->flags[f].id, column) == 0) {
            const int truth = psyi_scores_flag(r->scores, f, 0);
            set_text(out, truth < 0 ? NULL : truth ? "true" : "false");
            return true;
        }
    if (strcmp(column, PSYI_EXAMPLE_CLOSED_GATE) == 0) {
        set_closed_gate(r, out);
        return true;
    }
    return false;
}

/* Decimals written, as a wish for a tolerance. */
static bool many_decimals(const char *text)
{
    const char *const point = strchr(text, '.');
    return point != NULL && strlen(point + 1) >= 4;
}

static bool agrees(const outcome *out, const char *expected)
{
    double number;
    if (expected == NULL || out->none)
        return expected == NULL && out->none;
    if (!out->is_number || !psyi_number_parse(expected, strlen(expected), &number))
        return strcmp(out->text, expected) == 0;
    return number == out->number || (many_decimals(expected) && fabs(number - out->number) < 5e-5);
}

static psy_status tell(run *r, psyi_place place, const char *field, psy_error *error,
                       const char *message)
{
    r->failed = true;
    const psy_finding finding = {
        .file = r->instrument->file,
        .row = place.line,
        .column = place.column,
        .length = place.length,
        .field = field,
        .rule = "example_failed",
        .severity = PSY_ERROR,
        .subject = r->instrument->id,
    };
    return psyi_find(r->findings, &finding, error, "%s", message);
}

static psy_status compare(run *r, const psyi_expectation *expect, psy_error *error)
{
    outcome out;
    const bool found = find_outcome(r, expect->column, &out);
    if (out.no_memory)
        return psyi_fail_memory(error, "an example");
    if (found && agrees(&out, expect->value))
        return PSY_OK;
    const char *const field = psyi_arena_format(r->arena, "examples/%s", r->example->name);
    const char *const message =
        found ? psyi_arena_format(r->arena, "example '%s': %s is %s, expected %s", r->example->name,
                                  expect->column, out.none ? "null" : out.text,
                                  expect->value == NULL ? "null" : expect->value)
              : psyi_arena_format(r->arena, "example '%s': there is no result '%s'",
                                  r->example->name, expect->column);
    if (field == NULL || message == NULL)
        return psyi_fail_memory(error, "an example");
    return tell(r, expect->place, field, error, message);
}

/* ---- the sheet ------------------------------------------------------------------------ */

/* Reasons for a gap that an example may name instead of an answer. */
static const struct {
    const char *word;
    uint8_t byte;
} gap_words[] = {
    {"skipped", PSYI_SKIPPED},         {"not_applicable", PSYI_NOT_APPLICABLE},
    {"refused", PSYI_REFUSED},         {"out_of_range", PSYI_OUT_OF_RANGE},
    {"not_readable", PSYI_UNREADABLE},
};

static psy_status read_answer(run *r, const psyi_codebook *book, size_t item, bool *given,
                              psy_error *error)
{
    const char *const text = r->example->answers[item];
    uint8_t *const byte = psyi_sheets_byte(r->sheets, 0, item);
    *byte = PSYI_BLANK;
    if (text == NULL)
        return PSY_OK;
    if (text == PSYI_ABSENT_ANSWER) {
        *byte = PSYI_NOT_APPLICABLE;
        return PSY_OK;
    }
    int32_t number = 0;
    *byte = psyi_codebook_read(book, &r->instrument->items[item], text, strlen(text), &number);
    if (*byte == PSYI_OUT_OF_RANGE || *byte == PSYI_UNREADABLE) {
        size_t i = 0;
        const size_t n = sizeof gap_words / sizeof *gap_words;
        while (i < n && strcmp(gap_words[i].word, text) != 0)
            i++;
        if (i == n) {
            const char *const message =
                psyi_arena_format(r->arena, "example '%s': '%.40s' is no answer to item %s",
                                  r->example->name, text, r->instrument->items[item].id);
            if (message == NULL)
                return psyi_fail_memory(error, "an example");
            return tell(r, r->example->place, "examples", error, message);
        }
        *byte = gap_words[i].byte;
    }
    if (*byte < PSYI_BLANK && r->sheets->numbers[item] != NULL)
        r->sheets->numbers[item][0] = number;
    *given = *given || (*byte != PSYI_BLANK && *byte != PSYI_NOT_APPLICABLE);
    return PSY_OK;
}

static psy_status fill_sheet(run *r, unsigned variant, psy_error *error)
{
    const psy_instrument *const instrument = r->instrument;
    psyi_codebook *const books = psyi_arena_alloc(r->arena, instrument->n_responses, sizeof *books);
    if (books == NULL)
        return psyi_fail_memory(error, "an example");
    for (size_t i = 0; i < instrument->n_responses; i++) {
        const psy_status status = psyi_codebook_make(&books[i], instrument, variant, (unsigned)i,
                                                     NULL, instrument->id, r->arena, error);
        if (status != PSY_OK)
            return status;
    }
    bool given = false;
    for (size_t i = 0; i < instrument->n_items; i++) {
        const psy_status status =
            read_answer(r, &books[instrument->items[i].response], i, &given, error);
        if (status != PSY_OK)
            return status;
    }
    if (given)
        psyi_sheets_mark(r->sheets, 0);
    return PSY_OK;
}

static psy_status run_example(run *r, psy_error *error)
{
    const psyi_example *const example = r->example;
    const unsigned variant =
        example->variant == NULL ? 0 : psyi_find_variant(r->instrument, example->variant);
    psyi_person person = {.sex = (uint8_t)example->sex,
                          .informant = (uint8_t)example->informant,
                          .grade = (int16_t)example->grade,
                          .age = (int16_t)example->age};
    psy_status status;
    if ((status = psyi_scorer_new(&r->scorer, r->instrument, variant, NULL, r->allocator, error)) !=
            PSY_OK ||
        (status = psyi_sheets_new(&r->sheets, r->instrument, 1, r->allocator, error)) != PSY_OK ||
        (status = fill_sheet(r, variant, error)) != PSY_OK ||
        (status = psyi_scores_new(&r->scores, r->scorer, r->sheets, r->allocator, error)) !=
            PSY_OK ||
        (status = psyi_scores_run(r->scores, &person, 0, r->scores->n_tiles, &r->events, error)) !=
            PSY_OK)
        return status;
    for (size_t i = 0; i < example->n_expect; i++)
        if ((status = compare(r, &example->expect[i], error)) != PSY_OK)
            return status;
    return PSY_OK;
}

psy_status psyi_examples_run(const psy_instrument *instrument, psy_findings *findings,
                             size_t *n_run, size_t *n_failed, const psy_allocator *allocator,
                             psy_error *error)
{
    *n_run = *n_failed = 0;
    for (size_t i = 0; i < instrument->n_examples; i++) {
        psyi_arena arena;
        psyi_arena_init(&arena, allocator);
        run r = {.instrument = instrument,
                 .example = &instrument->examples[i],
                 .findings = findings,
                 .allocator = allocator,
                 .arena = &arena};
        const psy_status status = run_example(&r, error);
        psyi_free(allocator, r.events.events);
        psyi_scores_free(r.scores);
        psyi_sheets_free(r.sheets);
        psyi_scorer_free(r.scorer);
        psyi_arena_done(&arena);
        if (status != PSY_OK)
            return status;
        ++*n_run;
        *n_failed += r.failed;
    }
    return PSY_OK;
}
