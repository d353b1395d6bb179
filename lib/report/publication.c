/*
 * publication.c -- the numbers of a release as a list, and written down.
 */
#include "report/publication.h"

#include "base/fail.h"
#include "cohort/previous_wave.h"
#include "cohort/process_counts.h"
#include "cohort/published_file.h"
#include "report/csv_safe.h"
#include "report/release_shared.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct listing {
    psyi_report *report;
    const psyi_release *release;
    const psyi_release_places *places;
    psyi_printed *out;
    bool failed;
} listing;

static const char *say(listing *l, const char *text)
{
    l->failed = l->failed || text == NULL;
    return text != NULL ? text : "";
}

static void begin(listing *l, const char *sheet, const char *row, psyi_printed_kind kind, size_t of)
{
    psyi_printed *const to = l->out;
    if (to->n_rows == to->room_rows) {
        const size_t room = to->room_rows > 0 ? 2 * to->room_rows : 256;
        psyi_printed_row *const rows = psyi_arena_alloc(&l->report->arena, room, sizeof *rows);
        if (rows == NULL) {
            l->failed = true;
            return;
        }
        if (to->n_rows > 0)
            memcpy(rows, to->rows, to->n_rows * sizeof *rows);
        to->rows = rows;
        to->room_rows = room;
    }
    to->rows[to->n_rows++] =
        (psyi_printed_row){.sheet = sheet, .row = row, .kind = kind, .of = of, .first = to->n};
}

static void base(listing *l, const char *name, uint64_t value)
{
    if (l->failed)
        return;
    psyi_printed_row *const row = &l->out->rows[l->out->n_rows - 1];
    row->base_names[row->n_bases] = name;
    row->bases[row->n_bases++] = value;
}

static void bases_of(listing *l, const psyi_counts *counts)
{
    base(l, "target", counts->target);
    base(l, "exempt", counts->exempt);
    base(l, "tested", counts->tested);
    base(l, "valid", counts->valid);
}

static psyi_printed_number *add(listing *l, const char *figure, const char *text, uint32_t cell,
                                const bool *hidden)
{
    psyi_printed *const to = l->out;
    if (l->failed)
        return NULL;
    if (to->n == to->room) {
        const size_t room = to->room > 0 ? 2 * to->room : 1024;
        psyi_printed_number *const numbers =
            psyi_arena_alloc(&l->report->arena, room, sizeof *numbers);
        if (numbers == NULL) {
            l->failed = true;
            return NULL;
        }
        if (to->n > 0)
            memcpy(numbers, to->numbers, to->n * sizeof *numbers);
        to->numbers = numbers;
        to->room = room;
    }
    to->numbers[to->n] =
        (psyi_printed_number){.figure = figure, .text = text, .cell = cell, .hidden = hidden};
    to->rows[to->n_rows - 1].n++;
    return &to->numbers[to->n++];
}

static void count(listing *l, const char *figure, int64_t value, uint32_t cell, const bool *hidden)
{
    psyi_arena *const arena = &l->report->arena;
    psyi_printed_number *const made =
        add(l, figure, value < 0 ? "—" : say(l, psyi_arena_format(arena, "%lld", (long long)value)),
            cell, hidden);
    if (made != NULL)
        made->value = value;
}

static uint32_t cell_at(const uint32_t *cells, size_t at)
{
    return cells != NULL ? cells[at] : PSYI_NO_CELL;
}

/* ---- tables of outcomes ---- */

static const char *school_code(const listing *l, size_t school)
{
    return l->report->results->schools[school].code;
}

/* "7/1": grade, and sex as the code of the enumeration; 255 for all. */
static const char *group_name(listing *l, const psyi_group *group)
{
    return say(l,
               psyi_arena_format(&l->report->arena, "%d/%u", group->grade, (unsigned)group->sex));
}

static void outcomes(listing *l, const psyi_outcomes *table, size_t row, const uint32_t *cells)
{
    static const char *const names[PSYI_OUT_COUNTS] = {"any.listed", "any.valid", "critical",
                                                       "not_judged", "retest"};
    psyi_arena *const arena = &l->report->arena;
    const size_t first = row * table->n_columns;
    for (size_t i = 0; i < table->n_columns; i++) {
        const char *const name =
            i >= 2 * table->n_ranks
                ? names[i - 2 * table->n_ranks]
                : say(l, psyi_arena_format(arena, "tier%d.%s", table->ranks[i / 2],
                                           i % 2 == 0 ? "listed" : "valid"));
        count(l, name, (int64_t)table->counts[first + i], cell_at(cells, first + i),
              &table->hidden[first + i]);
    }
}

static void list_outcomes(listing *l)
{
    const psyi_release *const of = l->release;
    const bool leader = l->report->school != PSYI_ALL_SCHOOLS;
    for (size_t row = 0; row < of->schools.n_rows && !leader; row++) {
        const bool all = row + 1 == of->schools.n_rows;
        begin(l, all ? "district" : "school", all ? "" : school_code(l, row),
              all ? PSYI_PRINTED_DISTRICT : PSYI_PRINTED_PART, 0);
        bases_of(l, of->schools.rows[row]);
        outcomes(l, &of->schools, row, l->places != NULL ? l->places->school_cells : NULL);
    }
    /* Everybody is the last of both tables; of one school it is the line of the district's. */
    const char *const sheet = leader ? say(l, psyi_arena_format(&l->report->arena, "leader %s",
                                                                school_code(l, l->report->school)))
                                     : "grade";
    for (size_t i = 0; i + 1 < of->groups.n; i++) {
        const psyi_group *const group = &of->groups.groups[i];
        begin(l, sheet, group_name(l, group),
              group->whole == 0 ? PSYI_PRINTED_FINEST : PSYI_PRINTED_PART, 0);
        bases_of(l, &group->counts);
        outcomes(l, &of->grades, i, l->places != NULL ? l->places->grade_cells : NULL);
    }
}

/* ---- scales and rules ---- */

static const char *hundredths(listing *l, double value)
{
    return isnan(value) ? "—"
                        : say(l, psyi_arena_format(&l->report->arena, "%.2f",
                                                   round(value * 100) / 100 + 0.0));
}

static void list_scale(listing *l, const char *name, size_t at)
{
    const psyi_release *const of = l->release;
    const psyi_release_scale *const scale = &of->scales[at];
    const psyi_release_places *const places = l->places;
    const size_t n = of->groups.n;
    for (size_t i = 0; i < n && scale->moments != NULL; i++) {
        const psyi_group *const group = &of->groups.groups[i];
        const psyi_moments *const m = &scale->moments[i];
        const uint32_t cell = cell_at(places != NULL ? places->moment_cells : NULL, at * n + i);
        const bool *const hidden = &scale->hide_moments[i];
        begin(l, "scale",
              say(l, psyi_arena_format(&l->report->arena, "%s %s", name, group_name(l, group))),
              group->whole == 0   ? PSYI_PRINTED_FINEST
              : group->whole == 1 ? PSYI_PRINTED_PART
                                  : PSYI_PRINTED_ALL,
              at + 1);
        base(l, "n", m->n);
        add(l, "mean", hundredths(l, m->mean), cell, hidden);
        add(l, "sd", hundredths(l, m->sd), cell, hidden);
        add(l, "median", hundredths(l, m->median), cell, hidden);
        add(l, "p25", hundredths(l, m->p25), cell, hidden);
        add(l, "p75", hundredths(l, m->p75), cell, hidden);
        if (scale->has_cut)
            count(l, "high", (int64_t)m->high,
                  cell_at(places != NULL ? places->high_cells : NULL, at * n + i),
                  &scale->hide_high[i]);
        if (group->whole < 2)
            continue;
        const uint32_t share = cell_at(places != NULL ? places->share_cells : NULL, at);
        if (places == NULL || share != PSYI_NO_CELL)
            count(l, "at_least", (int64_t)of->at_least[at], share, &of->hide_at_least[at]);
        /* The means of the sexes stand nowhere, but their difference does. */
        for (size_t k = 0; k < (places != NULL ? 2u : 1u); k++)
            add(l, PSYI_PRINTED_SEXES, "—",
                cell_at(places != NULL ? places->sex_cells : NULL, 2 * at + k), &scale->hide_sexes);
    }
}

static void list_scales(listing *l)
{
    const psy_plan *const plan = l->report->results->plan;
    size_t at = 0;
    for (size_t use = 0; use < plan->n_uses; use++)
        for (size_t i = 0; i < plan->uses[use].instrument->n_scales; i++)
            list_scale(l,
                       say(l, psyi_arena_format(&l->report->arena, "%s.%s", plan->uses[use].id,
                                                plan->uses[use].instrument->scales[i].id)),
                       at++);
}

static void list_rules(listing *l)
{
    const psyi_rulebook *const book = l->report->results->book;
    for (size_t i = 0; i < book->n_rules; i++) {
        const psyi_release_rule *const rule = &l->release->rules[i];
        const uint32_t *const cells = l->places != NULL ? l->places->rule_cells : NULL;
        begin(l, "rule", book->rules[i].id, PSYI_PRINTED_RULE, 0);
        base(l, "tested", l->report->counts.tested);
        base(l, "valid", l->report->counts.valid);
        count(l, "fired", (int64_t)rule->fired, cell_at(cells, 3 * i), &rule->hide_fired);
        count(l, "fired.valid", (int64_t)rule->valid, cell_at(cells, 3 * i + 1), &rule->hide_valid);
        count(l, "alone", (int64_t)rule->unique, cell_at(cells, 3 * i + 2), &rule->hide_unique);
    }
}

static void list_parts(listing *l)
{
    const psyi_release *const of = l->release;
    for (size_t i = 0; i < of->n_parts && of->schools.n_ranks > 0; i++)
        for (size_t j = 0; j < of->parts[i].n; j++) {
            const psyi_release_school *const school = &of->parts[i].schools[j];
            begin(l, "part",
                  say(l, psyi_arena_format(
                             &l->report->arena, "%u/%u %s", (unsigned)of->parts[i].stage,
                             (unsigned)of->parts[i].battery, school_code(l, school->school))),
                  PSYI_PRINTED_PART, 0);
            base(l, "due", school->due);
            base(l, "tested", school->tested);
            base(l, "valid", school->valid);
            count(l, "found", (int64_t)school->found,
                  cell_at(l->places != NULL ? l->places->part_cells : NULL,
                          i * (of->schools.n_rows - 1) + j),
                  &school->hide);
        }
}

/* Of a closed release: what the comparison prints of each school. */
static void list_funnels(listing *l)
{
    static const char *const names[5] = {"rate", "low95", "high95", "low998", "high998"};
    const psyi_release *const of = l->release;
    size_t most = 0;
    for (size_t i = 0; i < of->n_parts; i++)
        most = of->parts[i].n > most ? of->parts[i].n : most;
    psy_funnel_point *const points = psyi_arena_alloc(&l->report->arena, most + 1, sizeof *points);
    l->failed = l->failed || points == NULL;
    for (size_t i = 0; i < of->n_parts && of->schools.n_ranks > 0 && !l->failed; i++) {
        psy_funnel all = {0};
        if (of->parts[i].battery == 0xFF || (of->held_parts != NULL && of->held_parts[i]) ||
            !psyi_funnel_compare(l->report, &of->parts[i], points, &all))
            continue;
        for (size_t j = 0; j < of->parts[i].n; j++) {
            const psy_funnel_point *const p = &points[j];
            const double values[5] = {p->rate, p->low[0], p->high[0], p->low[1], p->high[1]};
            if (isnan(p->rate))
                continue;
            begin(l, "funnel",
                  say(l,
                      psyi_arena_format(&l->report->arena, "%u/%u %s", (unsigned)of->parts[i].stage,
                                        (unsigned)of->parts[i].battery,
                                        school_code(l, of->parts[i].schools[j].school))),
                  PSYI_PRINTED_FUNNEL, i);
            for (size_t k = 0; k < 5; k++)
                add(l, names[k],
                    say(l, psyi_arena_format(&l->report->arena, "%.3f",
                                             round(fmin(1, values[k]) * 1e3) / 1e3 + 0.0)),
                    PSYI_NO_CELL, NULL);
        }
    }
}

/* ---- the other sheets ---- */

static void table_row(listing *l, const psyi_release_table *table, size_t row,
                      const char *const *names)
{
    for (size_t k = 0; k < table->n_columns; k++) {
        const size_t at = row * table->n_columns + k;
        count(l, names[k], table->cells[at] == PSYI_NO_CELL ? -1 : table->values[at],
              l->places != NULL ? table->cells[at] : PSYI_NO_CELL, &table->hidden[at]);
    }
}

static void list_untested(listing *l)
{
    static const char *const names[PSYI_UNTESTED_COLUMNS] = {
        "exempt.leave",   "exempt.exempt",     "exempt.refused", "exempt.other",   "absent.refused",
        "absent.pending", "absent.absent",     "invalid.scale",  "invalid.rule",   "invalid.signs",
        "invalid.other",  "invalid.not_given", "invalid.blanks", "invalid.consent"};
    const psyi_untested *const of = &l->release->untested;
    const size_t district = l->report->results->n_schools;
    for (size_t row = 0; row < of->table.n_rows; row++) {
        const psyi_untested_row *const own = &of->rows[row];
        if (own->whole == PSYI_UNTESTED_PART)
            continue;
        begin(l, own->school < district ? "untested" : "untested all",
              say(l, own->school < district ? school_code(l, own->school)
                     : own->whole == PSYI_UNTESTED_DISTRICT
                         ? ""
                         : psyi_arena_format(&l->report->arena, "%d", own->grade)),
              PSYI_PRINTED_PART, 0);
        base(l, "target", own->target);
        base(l, "exempt", own->exempt);
        base(l, "tested", own->tested);
        base(l, "valid", own->valid);
        table_row(l, &of->table, row, names);
    }
}

static void list_process(listing *l)
{
    static const char *const names[PSYI_PROCESS_COUNTS] = {
        "cases",    "interviewed",  "due",    "on_time", "guardian_informed",
        "referred", "in_treatment", "closed", "overdue"};
    const psyi_progress *const of = &l->release->progress;
    const size_t district = l->report->results->n_schools;
    psyi_arena *const arena = &l->report->arena;
    for (size_t row = 0; row < of->n; row++) {
        const size_t school = of->rows[row].school;
        const int tier = of->rows[row].tier;
        begin(l, school < district ? "process" : "process all",
              school < district        ? school_code(l, school)
              : tier == PSYI_ALL_TIERS ? ""
                                       : say(l, psyi_arena_format(arena, "%d", tier)),
              school < district ? PSYI_PRINTED_PART : PSYI_PRINTED_CASES, row);
        table_row(l, &of->table, row, names);
    }
}

static void list_waves(listing *l)
{
    static const char *const names[2] = {"before", "now"};
    const psyi_waves *const of = &l->release->waves;
    for (size_t i = 0; i < of->n; i++) {
        const psyi_wave_figure *const figure = &of->figures[i];
        if (!figure->comparable)
            continue;
        begin(l, "wave",
              say(l, psyi_arena_format(&l->report->arena, "%d %d %u %u %d", (int)figure->kind,
                                       figure->rank, (unsigned)figure->use, (unsigned)figure->scale,
                                       (int)figure->same_students)),
              PSYI_PRINTED_WAVE, 0);
        base(l, "n_before", figure->n_before);
        base(l, "n_now", figure->n_now);
        for (size_t k = 0; k < 2; k++) {
            const double value = k == 0 ? figure->before : figure->now;
            psyi_printed_number *const made =
                add(l, names[k],
                    isnan(value)
                        ? "—"
                        : say(l, psyi_arena_format(&l->report->arena,
                                                   figure->kind == PSYI_WAVE_MEAN ? "%.2f" : "%.4f",
                                                   value)),
                    l->places != NULL ? of->table.cells[2 * i + k] : PSYI_NO_CELL,
                    &of->table.hidden[2 * i]);
            if (made != NULL)
                made->also = &of->table.hidden[2 * i + 1];
        }
    }
}

bool psyi_printed_list(psyi_report *report, const psyi_release *release,
                       const psyi_release_places *places, psyi_printed *out)
{
    listing l = {.report = report, .release = release, .places = places, .out = out};
    memset(out, 0, sizeof *out);
    list_outcomes(&l);
    if (report->school == PSYI_ALL_SCHOOLS) {
        list_scales(&l);
        list_rules(&l);
        list_parts(&l);
        if (places == NULL)
            list_funnels(&l);
        list_untested(&l);
        list_process(&l);
        list_waves(&l);
    }
    if (l.failed)
        psyi_book_fail(report->book, PSY_E_NOMEM, "out of memory: numbers of a publication");
    return !l.failed;
}

/* ---- writing ---- */

typedef struct sealed_file {
    psyi_buffer text;
    psyi_sha256 *seal;
} sealed_file;

static void put(sealed_file *out, const psyi_printed_row *row, const char *figure,
                const char *value)
{
    const char *const cells[4] = {row->sheet, row->row, figure, value};
    for (size_t i = 0; i < 4; i++) {
        psyi_csv_safe(&out->text, cells[i]);
        psyi_buffer_char(&out->text, i < 3 ? ',' : '\n');
    }
    psyi_published_seal(out->seal, cells);
}

static void put_all(sealed_file *out, const psyi_printed *numbers)
{
    for (size_t i = 0; i < numbers->n_rows; i++) {
        const psyi_printed_row *const row = &numbers->rows[i];
        char text[24];
        for (size_t k = 0; k < row->n_bases; k++) {
            snprintf(text, sizeof text, "%llu", (unsigned long long)row->bases[k]);
            put(out, row, row->base_names[k], text);
        }
        for (size_t k = row->first; k < row->first + row->n; k++) {
            const psyi_printed_number *const number = &numbers->numbers[k];
            const bool hidden = (number->hidden != NULL && *number->hidden) ||
                                (number->also != NULL && *number->also);
            put(out, row, number->figure, hidden ? "*" : number->text);
        }
    }
}

/* The tables of one file, made as the file makes them. */
static psy_status put_file(const psyi_results *results, size_t school, sealed_file *out,
                           psy_error *error)
{
    psyi_shared_release *aside;
    psy_status status = psyi_release_aside(results, school, &aside, error);
    psyi_printed numbers;
    if (status != PSY_OK)
        return status;
    psyi_report *const report = psyi_release_report(aside);
    if (psyi_printed_list(report, report->release, NULL, &numbers))
        put_all(out, &numbers);
    else
        status = psyi_fail_memory(error, "published.csv");
    psyi_release_put_away(results, aside);
    return status;
}

psy_status psyi_report_published(const psyi_results *results, bool leaders, const psy_sink *sink,
                                 psy_error *error)
{
    const psy_plan *const plan = results->plan;
    const psyi_printed_row about = {.sheet = "publication", .row = ""};
    sealed_file out = {.seal = psyi_sha256_new()};
    if (out.seal == NULL)
        return psyi_fail_memory(error, "published.csv");
    psyi_buffer_init(&out.text, results->allocator);
    psyi_buffer_text(&out.text, PSYI_PUBLISHED_HEAD "\n");
    put(&out, &about, "format", PSYI_PUBLISHED_FORMAT);
    put(&out, &about, "plan", plan->id);
    put(&out, &about, "wave", plan->wave != NULL ? plan->wave : "");
    psy_status status = put_file(results, PSYI_ALL_SCHOOLS, &out, error);
    for (size_t school = 0; leaders && school < results->n_schools && status == PSY_OK; school++)
        status = put_file(results, school, &out, error);
    char seal[65];
    psyi_sha256_hex(out.seal, seal);
    psyi_buffer_text(&out.text, "publication,," PSYI_PUBLISHED_SEAL ",");
    psyi_buffer_text(&out.text, seal);
    psyi_buffer_char(&out.text, '\n');
    if (status == PSY_OK && out.text.failed)
        status = psyi_fail_memory(error, "published.csv");
    if (status == PSY_OK && sink->write(sink->context, out.text.data, out.text.length) != 0)
        status = psyi_fail(error, PSY_E_OUTPUT, NULL, "published.csv could not be written");
    psyi_buffer_done(&out.text);
    return status;
}
