/*
 * previous_scores.c -- the scores.csv of an earlier wave.
 *
 * It must be the file that run wrote: a copy that went through a spreadsheet may have lost
 * digits of ids, and would then speak about other children.
 */
#include "base/digest.h"
#include "base/fail.h"
#include "base/file.h"
#include "cohort/previous_read.h"
#include "intake/csv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    COLUMN_IGNORED,
    COLUMN_STUDENT,
    COLUMN_SCHOOL,
    COLUMN_GRADE,
    COLUMN_SEX,
    COLUMN_STATUS,
    COLUMN_TIER,
    COLUMN_UPPER,
    COLUMN_SCORE /* and behind it, one number a score */
};

typedef struct table {
    psyi_previous *previous;
    psyi_csv csv;
    uint32_t *columns; /* what each column of the file is */
    size_t n_columns, columns_room, rows_room, values_room, n_scores;
    psyi_ratio *by_row; /* [row * n_scores + score] */
    psy_error *error;
} table;

static psy_status broken(const table *t, const char *what)
{
    const psy_location where = psyi_location(t->csv.file, (size_t)t->csv.record_line, 0, 0);
    return psyi_fail(t->error, PSY_E_DATA, &where, "this is no scores.csv of psyscreen: %s", what);
}

/* ---- numbers ---- */

/* scores.csv prints the nearest double of an exact ratio; what is read must be that ratio
 * again, or "2/3 more than before" would be a hair off.  The simplest ratio that prints
 * alike is found by continued fractions (no score of ours has a larger denominator). */
static psyi_ratio exact(const char *text, size_t length)
{
    enum { MOST_DENOMINATOR = 100000 };
    psyi_ratio plain;
    double value;
    if (length < 12 && psyi_ratio_parse(text, length, &plain))
        return plain;
    if (!psyi_number_parse(text, length, &value) || fabs(value) > 1e9)
        return PSYI_RATIO_NONE;
    int64_t p0 = 0, q0 = 1, p1 = 1, q1 = 0;
    double rest = fabs(value);
    for (int i = 0; i < 40; i++) {
        const double whole = floor(rest);
        if (whole > 1e9)
            break;
        const int64_t a = (int64_t)whole;
        const int64_t p2 = a * p1 + p0, q2 = a * q1 + q0;
        if (q2 > MOST_DENOMINATOR)
            break;
        p0 = p1, q0 = q1, p1 = p2, q1 = q2;
        const double now = (double)p1 / (double)q1;
        if (!(now < fabs(value)) && !(now > fabs(value)))
            return psyi_ratio_make(value < 0 ? -p1 : p1, q1);
        rest = 1 / (rest - whole);
    }
    return psyi_ratio_parse(text, length, &plain) ? plain : PSYI_RATIO_NONE;
}

static bool small(const psyi_cell *cell, int64_t low, int64_t high, int64_t *out)
{
    return psyi_integer_parse(cell->text, cell->length, out) && *out >= low && *out <= high;
}

/* ---- header ---- */

static bool is(const psyi_cell *cell, const char *text)
{
    return cell->length == strlen(text) && memcmp(cell->text, text, cell->length) == 0;
}

/* "phq9.total" -> its number among the scores of the plan; SIZE_MAX: no score. */
static size_t find_score(const table *t, const psyi_cell *cell)
{
    const psyi_previous *const p = t->previous;
    for (size_t use = 0; use < p->plan->n_uses; use++) {
        const psyi_use *const at = &p->plan->uses[use];
        const size_t n = strlen(at->id);
        if ((p->uses_alike >> use & 1u) == 0 || cell->length <= n + 1 ||
            memcmp(cell->text, at->id, n) != 0 || cell->text[n] != '.')
            continue;
        for (size_t i = 0; i < at->instrument->n_scales; i++) {
            const char *const id = at->instrument->scales[i].id;
            if (cell->length == n + 1 + strlen(id) &&
                memcmp(cell->text + n + 1, id, strlen(id)) == 0)
                return p->first_score[use] + i;
        }
    }
    return SIZE_MAX;
}

static psy_status read_header(table *t)
{
    static const char *const names[] = {"",    "student", "school", "grade",
                                        "sex", "status",  "tier",   "tier_upper"};
    bool last = false, seen[COLUMN_SCORE] = {false};
    if (!psyi_csv_record(&t->csv))
        return broken(t, "it is empty");
    while (!last) {
        psyi_cell cell;
        const psy_status status = psyi_csv_read(&t->csv, &cell, &last, t->error);
        if (status != PSY_OK)
            return status;
        void *columns = t->columns;
        if (!psyi_grow(t->previous->allocator, &columns, &t->columns_room, t->n_columns + 1,
                       sizeof *t->columns))
            return psyi_fail_memory(t->error, t->csv.file);
        t->columns = columns;
        uint32_t kind = COLUMN_IGNORED;
        for (uint32_t i = COLUMN_STUDENT; i < COLUMN_SCORE; i++)
            if (is(&cell, names[i])) {
                kind = i;
                seen[i] = true;
            }
        if (kind == COLUMN_IGNORED) {
            const size_t score = find_score(t, &cell);
            if (score != SIZE_MAX)
                kind = COLUMN_SCORE + (uint32_t)score;
        }
        t->columns[t->n_columns++] = kind;
    }
    for (int i = COLUMN_STUDENT; i < COLUMN_SCORE; i++)
        if (!seen[i])
            return broken(t, "a column is missing");
    return PSY_OK;
}

/* ---- rows ---- */

/* An apostrophe before what a spreadsheet would run is not part of the id. */
static const char *keep_text(table *t, const psyi_cell *cell)
{
    const char *text = cell->text;
    size_t length = cell->length;
    if (length > 1 && text[0] == '\'' && (strchr("=+-@\t\r", text[1]) != NULL || text[1] == '\xEF'))
        text++, length--;
    return psyi_arena_text(&t->previous->arena, text, length);
}

static bool take_cell(table *t, uint32_t kind, const psyi_cell *cell, psyi_previous_row *row,
                      psyi_ratio *scores)
{
    int64_t number = 0;
    switch (kind) {
    case COLUMN_STUDENT:
        row->student = keep_text(t, cell);
        return row->student != NULL;
    case COLUMN_SCHOOL:
        row->school = keep_text(t, cell);
        return row->school != NULL;
    case COLUMN_GRADE:
        if (cell->length > 0 && small(cell, 1, 16, &number))
            row->grade = (int16_t)number;
        return true;
    case COLUMN_SEX:
        row->sex = is(cell, "male")     ? PSYI_SEX_MALE
                   : is(cell, "female") ? PSYI_SEX_FEMALE
                                        : PSYI_SEX_UNKNOWN;
        return true;
    case COLUMN_STATUS:
        for (unsigned i = 0; i < PSYI_STATUSES; i++)
            if (is(cell, psyi_status_name((psyi_status)i)))
                row->status = (uint8_t)i;
        return true;
    case COLUMN_TIER:
        if (small(cell, 0, 127, &number))
            row->tier = (int8_t)number;
        return true;
    case COLUMN_UPPER:
        if (small(cell, 0, 127, &number))
            row->tier_upper = (int8_t)number;
        return true;
    case COLUMN_IGNORED:
        return true;
    default:
        if (cell->length > 0)
            scores[kind - COLUMN_SCORE] = exact(cell->text, cell->length);
        return true;
    }
}

static psy_status read_row(table *t)
{
    psyi_previous *const p = t->previous;
    void *rows = p->rows, *values = t->by_row;
    bool good = psyi_grow(p->allocator, &rows, &t->rows_room, p->n_rows + 1, sizeof *p->rows);
    p->rows = rows;
    good = good && psyi_grow(p->allocator, &values, &t->values_room, (p->n_rows + 1) * t->n_scores,
                             sizeof *t->by_row);
    t->by_row = values;
    if (!good)
        return psyi_fail_memory(t->error, t->csv.file);
    psyi_previous_row *const row = &p->rows[p->n_rows];
    psyi_ratio *const scores = t->by_row + p->n_rows * t->n_scores;
    *row = (psyi_previous_row){
        .tier = PSYI_NOT_JUDGED, .tier_upper = PSYI_NOT_JUDGED, .status = PSYI_STATUS_ABSENT};
    for (size_t i = 0; i < t->n_scores; i++)
        scores[i] = PSYI_RATIO_NONE;
    bool last = false;
    size_t n = 0;
    while (!last) {
        psyi_cell cell;
        const psy_status status = psyi_csv_read(&t->csv, &cell, &last, t->error);
        if (status != PSY_OK)
            return status;
        if (n < t->n_columns && !take_cell(t, t->columns[n], &cell, row, scores))
            return psyi_fail_memory(t->error, t->csv.file);
        n++;
    }
    if (n != t->n_columns || row->student == NULL || row->school == NULL)
        return broken(t, "a row has another number of cells than the header");
    p->n_rows++;
    return PSY_OK;
}

/* ---- order ---- */

static int by_id(const void *x, const void *y, void *context)
{
    const psyi_previous *const p = context;
    const psyi_previous_row *const a = &p->rows[*(const uint32_t *)x];
    const psyi_previous_row *const b = &p->rows[*(const uint32_t *)y];
    const int order = strcmp(a->student, b->student);
    return order != 0 ? order : strcmp(a->school, b->school);
}

/* Rows by id, scores column by column. */
static psy_status settle(table *t)
{
    psyi_previous *const p = t->previous;
    uint32_t *const order = psyi_alloc(p->allocator, p->n_rows, sizeof *order);
    psyi_previous_row *const rows = psyi_alloc(p->allocator, p->n_rows, sizeof *rows);
    p->scores = psyi_alloc(p->allocator, p->n_rows * t->n_scores, sizeof *p->scores);
    const bool good = order != NULL && rows != NULL && p->scores != NULL;
    if (good) {
        for (uint32_t i = 0; i < p->n_rows; i++)
            order[i] = i;
        if (p->n_rows > 1)
            qsort_r(order, p->n_rows, sizeof *order, by_id, p);
        for (size_t i = 0; i < p->n_rows; i++) {
            rows[i] = p->rows[order[i]];
            for (size_t j = 0; j < t->n_scores; j++)
                p->scores[j * p->n_rows + i] = t->by_row[order[i] * t->n_scores + j];
        }
        psyi_free(p->allocator, p->rows);
        p->rows = rows;
    } else {
        psyi_free(p->allocator, rows);
    }
    psyi_free(p->allocator, order);
    return good ? PSY_OK : psyi_fail_memory(t->error, t->csv.file);
}

static psy_status read_table(psyi_previous *p, const char *path, const psyi_buffer *text,
                             psy_error *error)
{
    table t = {.previous = p, .error = error};
    for (size_t i = 0; i < p->plan->n_uses; i++)
        t.n_scores += p->plan->uses[i].instrument->n_scales;
    psyi_csv_init(&t.csv, text->data, text->length, ',', path, p->allocator);
    psy_status status = read_header(&t);
    while (status == PSY_OK && psyi_csv_record(&t.csv))
        status = read_row(&t);
    if (status == PSY_OK)
        status = settle(&t);
    psyi_csv_done(&t.csv);
    psyi_free(p->allocator, t.columns);
    psyi_free(p->allocator, t.by_row);
    return status;
}

static psy_status read_scores(psyi_previous *p, const char *path, const char *digest,
                              psy_error *error)
{
    psyi_buffer text;
    char found[65];
    psyi_buffer_init(&text, p->allocator);
    psy_status status = psyi_file_read(path, 0, &text, error);
    if (status == PSY_OK && !psyi_sha256_bytes(text.data, text.length, found))
        status = psyi_fail_memory(error, path);
    const size_t length = text.length;
    psyi_buffer_char(&text, '\0'); /* the reader of CSV wants one behind the text */
    if (status == PSY_OK && text.failed)
        status = psyi_fail_memory(error, path);
    text.length = length;
    if (status == PSY_OK && strcmp(found, digest) != 0)
        status = psyi_fail(error, PSY_E_DATA, NULL,
                           "'%s' is not the file that its run.json speaks of: it was changed "
                           "since; restore the original",
                           path);
    if (status == PSY_OK)
        status = read_table(p, path, &text, error);
    psyi_buffer_done(&text);
    return status;
}

/* ---- all ---- */

static psy_status read_directory(psyi_previous *p, const char *directory, psy_findings *findings,
                                 psy_error *error)
{
    psyi_manifest_of_wave m = {.previous = p};
    size_t *const first = psyi_arena_alloc(&p->arena, p->plan->n_uses, sizeof *first);
    char *const manifest = psyi_path_join(p->allocator, directory, "run.json");
    char *const scores = psyi_path_join(p->allocator, directory, "scores.csv");
    psy_status status = first != NULL && manifest != NULL && scores != NULL
                            ? psyi_previous_manifest(&m, manifest, error)
                            : psyi_fail_memory(error, directory);
    if (first != NULL) {
        for (size_t i = 0, n = 0; i < p->plan->n_uses; i++) {
            first[i] = n;
            n += p->plan->uses[i].instrument->n_scales;
        }
        p->first_score = first;
    }
    if (status == PSY_OK)
        status = psyi_previous_compare(&m, findings, error);
    if (status == PSY_OK)
        status = read_scores(p, scores, m.scores_digest, error);
    psyi_free(p->allocator, manifest);
    psyi_free(p->allocator, scores);
    return status;
}

psy_status psyi_previous_read(psyi_previous **out, const psy_plan *plan, const char *directory,
                              const psy_allocator *allocator, psy_findings *findings,
                              psy_error *error)
{
    psyi_previous *const previous = psyi_alloc(allocator, 1, sizeof *previous);
    if (previous == NULL)
        return psyi_fail_memory(error, "the wave before");
    previous->allocator = allocator;
    previous->plan = plan;
    psyi_arena_init(&previous->arena, allocator);
    psy_status status = read_directory(previous, directory, findings, error);
    if (status == PSY_OK)
        *out = previous;
    else
        psyi_previous_free(previous);
    if (status == PSY_E_IO)
        status = psyi_fail(error, PSY_E_DATA, NULL,
                           "the results of the wave before cannot be read from '%s': %s", directory,
                           "run.json and scores.csv of a finished run must stand there");
    return status == PSY_OK ? status : psyi_fail_within(error, status, "inputs/previous");
}

void psyi_previous_free(psyi_previous *previous)
{
    if (previous == NULL)
        return;
    psyi_free(previous->allocator, previous->rows);
    psyi_free(previous->allocator, previous->scores);
    psyi_arena_done(&previous->arena);
    psyi_free(previous->allocator, previous);
}

uint32_t psyi_previous_find(const psyi_previous *previous, const char *id, const char *school)
{
    size_t low = 0, high = previous->n_rows;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (strcmp(previous->rows[middle].student, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    size_t n = 0;
    for (; low + n < previous->n_rows && strcmp(previous->rows[low + n].student, id) == 0; n++)
        if (strcmp(previous->rows[low + n].school, school) == 0)
            return (uint32_t)(low + n);
    /* A pupil may have changed school; of several with his number nobody knows which. */
    return n == 1 ? (uint32_t)low : PSYI_NO_PREVIOUS;
}

psyi_ratio psyi_previous_score(const psyi_previous *previous, uint32_t row, unsigned use,
                               unsigned scale)
{
    if (row == PSYI_NO_PREVIOUS || (previous->uses_alike >> use & 1u) == 0)
        return PSYI_RATIO_NONE;
    return previous->scores[(previous->first_score[use] + scale) * previous->n_rows + row];
}
