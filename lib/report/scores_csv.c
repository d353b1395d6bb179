/*
 * scores_csv.c -- scores.csv: one line a student, columns as design §9 fixes them.
 *
 * The columns are compiled once into a list of small instructions, so that a row is a walk
 * over them.  Nearly all cells are empty or small whole numbers; these are written without
 * a detour.  A text that a spreadsheet would take for a formula gets an apostrophe in
 * front, because CSV files are opened in spreadsheets.
 */
#include "report/csv_safe.h"
#include "report/digits.h"
#include "report/layout.h"
#include "report/report.h"

#include "base/fail.h"
#include "base/number.h"
#include "base/spill.h"
#include "norm/norm_marks.h"
#include "tier/case_marks.h"

#include <stdio.h>
#include <string.h>

typedef enum cell_kind { SCORE, STATUS, ANSWERED, BAND, STANDARD, LOCAL, MARK, FLAG } cell_kind;

typedef struct cell {
    uint8_t kind, use;
    uint8_t decimals; /* STANDARD, LOCAL */
    uint16_t index;   /* scale, standard, local column, or flag */
    uint16_t scale;   /* MARK; its index counts the norms of the instrument, then the plan's */
    uint16_t run;     /* so many cells from here on are plain: a score and what stands with it */
    uint32_t rule;    /* FLAG: its place in the rulebook, or UINT32_MAX */
    const char *const *words; /* BAND: ids by number */
    size_t n_words;
    size_t column; /* BAND: band column */
} cell;

/* How a score came about, in a word: copied at the length of all, not measured each time. */
typedef struct status_name {
    char text[16];
    size_t length;
} status_name;
enum { STATUSES = PSYI_PRORATED + 1 };

typedef struct writing {
    const psyi_results *results;
    status_name status[STATUSES];
    psyi_buffer out;
    cell *cells;
    size_t n_cells, capacity;
} writing;

/* ---- header ---- */

static void add_cell(writing *job, const cell *one)
{
    void *cells = job->cells;
    if (!psyi_grow(job->results->allocator, &cells, &job->capacity, job->n_cells + 1,
                   sizeof *job->cells)) {
        job->out.failed = true;
        return;
    }
    job->cells = cells;
    job->cells[job->n_cells++] = *one;
}

static void name_column(writing *job, const char *use, const char *what, const char *tail)
{
    psyi_buffer_char(&job->out, ',');
    psyi_buffer_text(&job->out, use);
    psyi_buffer_char(&job->out, '.');
    psyi_buffer_text(&job->out, what);
    psyi_buffer_text(&job->out, tail);
}

static void add_bands(writing *job, size_t use, size_t scale, const psyi_scale *about)
{
    const psyi_results *const results = job->results;
    const psyi_scores *const scores = results->scores[use];
    const char *const prefix = results->plan->uses[use].id;
    const size_t own =
        about->n_populations > 0 ? psyi_scorer_population(results->scorers[use], scale) : 0;
    cell one = {.kind = BAND, .use = (uint8_t)use, .index = (uint16_t)scale};
    if (about->n_populations == 0) {
        name_column(job, prefix, about->id, ".band");
        add_cell(job, &one);
        return;
    }
    /* The set the use names comes first; the others keep their order behind it. */
    for (size_t i = 0; i < about->n_populations; i++) {
        const size_t population = i == 0 ? own : i <= own ? i - 1 : i;
        name_column(job, prefix, about->id, ".band");
        if (i > 0) {
            psyi_buffer_char(&job->out, '@');
            psyi_buffer_text(&job->out, about->populations[population]);
        }
        one.n_words = psyi_scale_bands(about, (unsigned)population, &one.words);
        one.column = scores != NULL ? scores->band_first[scale] + population : 0;
        add_cell(job, &one);
    }
}

/* Behind the standard scores of a norm: what keeps them from being exact. */
static void add_mark(writing *job, size_t use, size_t scale, size_t norm, const char *id)
{
    const psy_plan *const plan = job->results->plan;
    if (!psyi_norm_markable(plan, (unsigned)use, norm))
        return;
    name_column(job, plan->uses[use].id, plan->uses[use].instrument->scales[scale].id, ".mark@");
    psyi_buffer_text(&job->out, id);
    add_cell(job, &(cell){.kind = MARK,
                          .use = (uint8_t)use,
                          .index = (uint16_t)norm,
                          .scale = (uint16_t)scale});
}

static void add_norms(writing *job, size_t use, size_t scale, const psyi_scale *about)
{
    const psy_plan *const plan = job->results->plan;
    const psy_instrument *const instrument = plan->uses[use].instrument;
    for (size_t i = 0; i < instrument->n_standards; i++) {
        const psyi_standard *const standard = &instrument->standards[i];
        if (standard->scale != scale)
            continue;
        name_column(job, plan->uses[use].id, about->id, ".");
        psyi_buffer_text(&job->out, standard->name);
        add_cell(job, &(cell){.kind = STANDARD,
                              .use = (uint8_t)use,
                              .index = (uint16_t)i,
                              .decimals = standard->decimals});
        if (psyi_last_of_norm(instrument, i))
            add_mark(job, use, scale, standard->norm, instrument->norms[standard->norm]->id);
    }
    for (size_t i = 0; i < plan->n_locals; i++) {
        const psyi_local_norm *const local = &plan->locals[i];
        unsigned column = local->first_column;
        for (unsigned metric = 0; metric < PSYI_METRICS; metric++) {
            if ((local->metrics & 1u << metric) == 0)
                continue;
            if (local->use == use && local->scale == scale) {
                name_column(job, plan->uses[use].id, about->id, ".");
                psyi_buffer_text(&job->out, psyi_metric_name((psyi_metric)metric));
                psyi_buffer_char(&job->out, '@');
                psyi_buffer_text(&job->out, local->id);
                add_cell(job,
                         &(cell){.kind = LOCAL,
                                 .use = (uint8_t)use,
                                 .index = (uint16_t)column,
                                 .decimals = (uint8_t)psyi_metric_decimals((psyi_metric)metric)});
            }
            column++;
        }
        if (local->use == use && local->scale == scale)
            add_mark(job, use, scale, instrument->n_norms + i, local->id);
    }
}

static uint32_t find_rule(const psyi_rulebook *book, size_t use, size_t flag)
{
    for (size_t i = 0; i < book->n_critical; i++)
        if (book->rules[i].use == use && book->rules[i].flag == flag)
            return (uint32_t)i;
    return UINT32_MAX;
}

/* Of one use and without texts of the plan: written without looking for room at each. */
static bool is_plain(const cell *one)
{
    return one->kind == SCORE || one->kind == STATUS || one->kind == ANSWERED ||
           one->kind == STANDARD;
}

static void find_runs(writing *job)
{
    for (size_t i = job->n_cells; i-- > 0;) {
        cell *const one = &job->cells[i];
        const cell *const next = i + 1 < job->n_cells ? one + 1 : NULL;
        const bool goes_on = next != NULL && next->use == one->use && next->run < UINT16_MAX;
        one->run = (uint16_t)(!is_plain(one) ? 0 : 1 + (goes_on ? next->run : 0));
    }
}

static void name_statuses(writing *job)
{
    for (unsigned i = 0; i < STATUSES; i++) {
        status_name *const name = &job->status[i];
        const char *const text = psyi_score_status_name((psyi_score_status)i);
        name->length = strnlen(text, sizeof name->text);
        memcpy(name->text, text, name->length);
    }
}

static void write_header(writing *job)
{
    const psyi_results *const results = job->results;
    const psy_plan *const plan = results->plan;
    psyi_buffer_text(&job->out, "student,school,grade,class,sex,battery,status,tier,tier_upper,"
                                "rules,undecided");
    for (size_t use = 0; use < plan->n_uses; use++) {
        const psy_instrument *const instrument = plan->uses[use].instrument;
        const char *const prefix = plan->uses[use].id;
        for (size_t i = 0; i < instrument->n_scales; i++) {
            const psyi_scale *const scale = psyi_scorer_scale(results->scorers[use], i);
            cell one = {.use = (uint8_t)use, .index = (uint16_t)i};
            static const char *const tails[] = {"", ".status", ".answered"};
            for (unsigned kind = SCORE; kind <= ANSWERED; kind++) {
                name_column(job, prefix, scale->id, tails[kind]);
                one.kind = (uint8_t)kind;
                add_cell(job, &one);
            }
            add_bands(job, use, i, scale);
            add_norms(job, use, i, scale);
        }
        for (size_t i = 0; i < instrument->n_flags; i++) {
            name_column(job, prefix, instrument->flags[i].id, "");
            add_cell(job, &(cell){.kind = FLAG,
                                  .use = (uint8_t)use,
                                  .index = (uint16_t)i,
                                  .rule = find_rule(results->book, use, i)});
        }
    }
    psyi_buffer_char(&job->out, '\n');
    find_runs(job);
    name_statuses(job);
}

/* ---- rows ---- */

static void write_decimal(psyi_buffer *out, int64_t value, unsigned decimals)
{
    char text[PSYI_MOST_DIGITS];
    psyi_buffer_add(out, text, (size_t)(psyi_decimal_digits(text, value, decimals) - text));
}

/* A comma and a plain cell: at most PSYI_MOST_DIGITS + 1 characters. */
static char *put_plain(const writing *job, char *at, const cell *one, uint32_t sheet)
{
    const psyi_scores *const scores = job->results->scores[one->use];
    *at++ = ',';
    if (one->kind == STANDARD) {
        const int32_t standard = psyi_standard_of(scores, one->index, sheet);
        return standard == PSYI_NO_STANDARD ? at : psyi_decimal_digits(at, standard, one->decimals);
    }
    const uint8_t status = scores->status[psyi_scale_at(scores, one->index, sheet)];
    if (one->kind == STATUS) {
        const status_name *const name = &job->status[status < STATUSES ? status : PSYI_NOT_GIVEN];
        memcpy(at, name->text, sizeof name->text);
        return at + name->length;
    }
    const psyi_score score = psyi_score_of(scores, one->index, sheet);
    if (one->kind == ANSWERED)
        return status != PSYI_NOT_GIVEN ? psyi_integer_digits(at, score.answered) : at;
    if (status < PSYI_SCORED || score.den == 0)
        return at;
    return score.den == 1 ? psyi_integer_digits(at, score.num)
                          : at + psyi_ratio_print(psyi_ratio_make(score.num, score.den), at);
}

/* Those of a run, of a sheet that is there. */
static void write_run(writing *job, const cell *first, uint32_t sheet)
{
    psyi_buffer *const out = &job->out;
    const size_t n = first->run;
    if (!psyi_buffer_reserve(out, n * (PSYI_MOST_DIGITS + 1)))
        return;
    char *at = out->data + out->length;
    for (size_t i = 0; i < n; i++)
        at = put_plain(job, at, &first[i], sheet);
    *at = '\0';
    out->length = (size_t)(at - out->data);
}

static void write_cell(writing *job, const cell *one, size_t student, uint32_t sheet)
{
    const psyi_results *const results = job->results;
    const psyi_scores *const scores = results->scores[one->use];
    psyi_buffer *const out = &job->out;
    if (one->kind == FLAG && one->rule != UINT32_MAX && psyi_fired(results, student, one->rule)) {
        psyi_buffer_add(out, "true", 4); /* on whichever sheet */
        return;
    }
    if (scores == NULL || sheet == PSYI_NO_SHEET) {
        const psyi_student *const who = &results->students[student];
        if (one->kind == STATUS &&
            (psyi_asked(results->book, &results->cases, who->first_case) >> one->use & 1) != 0 &&
            (who->undecided_uses >> one->use & 1) == 0)
            psyi_buffer_text(out, psyi_score_status_name(PSYI_NOT_GIVEN));
        return;
    }
    switch ((cell_kind)one->kind) {
    case SCORE:
    case STATUS:
    case ANSWERED:
    case STANDARD: /* in runs */
        break;
    case BAND: {
        if (one->n_words == 0)
            break;
        const uint8_t band = scores->band[psyi_band_at(scores, one->column, sheet)];
        if (band < one->n_words)
            psyi_buffer_text(out, one->words[band]);
        break;
    }
    case LOCAL: {
        const psyi_cases *const cases = &results->cases;
        const psyi_student *const who = &results->students[student];
        if (cases->local == NULL || who->n_cases == 0)
            break;
        const int32_t value = cases->local[(size_t)one->index * cases->n + who->first_case];
        if (value != PSYI_NO_STANDARD)
            write_decimal(out, value, one->decimals);
        break;
    }
    case MARK: {
        const psyi_student *const who = &results->students[student];
        psyi_norm_mark_ids(who->n_cases == 0
                               ? 0
                               : psyi_case_norm_marks(&results->cases, who->first_case, one->use,
                                                      one->scale, one->index),
                           out);
        break;
    }
    case FLAG: {
        const size_t tile = psyi_flag_at(scores, one->index, sheet / PSYI_LANES);
        const psyi_mask bit = (psyi_mask)1 << sheet % PSYI_LANES;
        if (scores->flag_yes[tile] & bit)
            psyi_buffer_add(out, "true", 4);
        else if (scores->flag_no[tile] & bit)
            psyi_buffer_add(out, "false", 5);
        break;
    }
    }
}

static void write_rules(writing *job, size_t student)
{
    const psyi_results *const results = job->results;
    const psyi_rulebook *const book = results->book;
    psyi_buffer *const out = &job->out;
    bool first = true, no_norm;
    for (size_t rule = 0; rule < book->n_rules; rule++) {
        if (!psyi_fired(results, student, rule))
            continue;
        if (!first)
            psyi_buffer_char(out, ';');
        psyi_buffer_text(out, book->rules[rule].id);
        first = false;
    }
    psyi_buffer_char(out, ',');
    first = true;
    for (size_t rule = 0; rule < book->n_rules; rule++) {
        if (!psyi_open(results, student, rule, &no_norm))
            continue;
        if (!first)
            psyi_buffer_char(out, ';');
        psyi_buffer_text(out, book->rules[rule].id);
        psyi_buffer_text(out, no_norm ? ":no_norm" : ":blank");
        first = false;
    }
}

static void write_student(writing *job, size_t student)
{
    const psyi_results *const results = job->results;
    const psy_plan *const plan = results->plan;
    const psyi_student *const who = &results->students[student];
    psyi_buffer *const out = &job->out;
    psyi_csv_safe(out, who->id);
    psyi_buffer_char(out, ',');
    psyi_csv_safe(out, results->schools[who->school].code);
    psyi_buffer_char(out, ',');
    if (who->grade > 0)
        psyi_buffer_integer(out, who->grade);
    psyi_buffer_char(out, ',');
    psyi_csv_safe(out, who->class_text);
    psyi_buffer_text(out, who->sex == PSYI_SEX_MALE     ? ",male,"
                          : who->sex == PSYI_SEX_FEMALE ? ",female,"
                                                        : ",,");
    const bool printable = psyi_printable(results, student);
    if (printable && who->battery < plan->n_batteries)
        psyi_buffer_text(out, plan->batteries[who->battery].id);
    psyi_buffer_char(out, ',');
    psyi_buffer_text(out, psyi_status_name((psyi_status)who->status));
    psyi_buffer_char(out, ',');
    if (!printable) {
        /* Identity and status; all else is empty. */
        psyi_buffer_text(out, ",,,");
        for (size_t i = 0; i < job->n_cells; i++)
            psyi_buffer_char(out, ',');
        psyi_buffer_char(out, '\n');
        return;
    }
    if (who->tier != PSYI_NOT_JUDGED)
        psyi_buffer_integer(out, who->tier);
    psyi_buffer_char(out, ',');
    if (who->tier_upper != PSYI_NOT_JUDGED)
        psyi_buffer_integer(out, who->tier_upper);
    psyi_buffer_char(out, ',');
    write_rules(job, student);
    uint32_t sheet = PSYI_NO_SHEET;
    for (size_t i = 0; i < job->n_cells; i++) {
        const cell *const one = &job->cells[i];
        if (i == 0 || one->use != job->cells[i - 1].use)
            sheet = psyi_selected(results, student, one->use);
        if (one->run > 0 && results->scores[one->use] != NULL && sheet != PSYI_NO_SHEET) {
            write_run(job, one, sheet);
            i += one->run - 1u;
            continue;
        }
        psyi_buffer_char(out, ',');
        write_cell(job, one, student, sheet);
    }
    psyi_buffer_char(out, '\n');
}

/* ---- the file ---- */

#define FULL (1u << 18)

static psy_status flush(writing *job, const psy_sink *sink, psy_error *error)
{
    if (job->out.failed)
        return psyi_fail_memory(error, "scores.csv");
    if (sink->write(sink->context, job->out.data, job->out.length) != 0)
        return psyi_fail(error, PSY_E_OUTPUT, NULL, "scores.csv could not be written");
    psyi_buffer_clear(&job->out);
    return PSY_OK;
}

psy_status psyi_report_scores(const psyi_results *results, const psy_sink *sink, psy_error *error)
{
    writing job = {.results = results};
    psyi_buffer_init(&job.out, results->allocator);
    write_header(&job);
    psy_status status = PSY_OK;
    for (size_t i = 0; i < results->n_students && status == PSY_OK && !job.out.failed; i++) {
        psyi_spill_pass(results->allocator, i);
        write_student(&job, i);
        if (job.out.length >= FULL)
            status = flush(&job, sink, error);
    }
    if (status == PSY_OK)
        status = flush(&job, sink, error);
    psyi_free(results->allocator, job.cells);
    psyi_buffer_done(&job.out);
    return status;
}

psy_status psyi_report_score_lines(const psyi_results *results, size_t first, size_t n, bool header,
                                   psyi_buffer *out, psy_error *error)
{
    writing job = {.results = results};
    psyi_buffer_init(&job.out, results->allocator);
    write_header(&job);
    if (!header)
        psyi_buffer_clear(&job.out);
    for (size_t i = first; i < first + n; i++)
        write_student(&job, i);
    if (!job.out.failed)
        psyi_buffer_add(out, job.out.data, job.out.length);
    const bool good = !job.out.failed && !out->failed;
    psyi_free(results->allocator, job.cells);
    psyi_buffer_done(&job.out);
    return good ? PSY_OK : psyi_fail_memory(error, "scores");
}
