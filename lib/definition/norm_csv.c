/*
 * norm_csv.c -- norm tables: a small strict CSV reader and the checks a table must pass.
 *
 * Norm tables are typed from books, so everything a typist gets wrong is refused with its
 * line and column: a cell twice, rows out of order, a standard score that falls while the raw
 * score rises, groups that overlap.  Nothing is sorted or repaired here.
 */
#include "definition/norm_csv.h"
#include "base/locale.h"

#include "base/fail.h"
#include "base/file.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { MOST_BYTES = 8 << 20, MOST_CELLS = 16, MOST_GROUPS = 5000 };

typedef enum column {
    COLUMN_SCALE,
    COLUMN_INFORMANT,
    COLUMN_SEX,
    COLUMN_GRADE_FROM,
    COLUMN_GRADE_TO,
    COLUMN_AGE_FROM,
    COLUMN_AGE_TO,
    COLUMN_MONTHS_FROM,
    COLUMN_MONTHS_TO,
    COLUMN_STAGE,
    COLUMN_MEAN,
    COLUMN_SD,
    COLUMN_RAW,
    COLUMN_STANDARD,
    COLUMN_SE,
    COLUMN_NUM,
    COLUMN_DEN,
    COLUMN_COUNT,
    COLUMN_AGE, /* LMS: a point in years, not a group */
    COLUMN_L,
    COLUMN_M,
    COLUMN_S,
    COLUMN_POWER_L,
    COLUMN_POWER_A,
    COLUMN_COEFFICIENT,
    COLUMN_ITEM,
    COLUMN_STEP, /* 0: discrimination; s: intercept of reaching score s */
    COLUMN_VALUE,
    COLUMN_CONFIDENCE, /* optional: of this row's group, where it is not that of the norm */
    COLUMNS
} column;

static const char *const column_names[COLUMNS] = {[COLUMN_SCALE] = "scale",
                                                  [COLUMN_INFORMANT] = "informant",
                                                  [COLUMN_SEX] = "sex",
                                                  [COLUMN_GRADE_FROM] = "grade_from",
                                                  [COLUMN_GRADE_TO] = "grade_to",
                                                  [COLUMN_AGE_FROM] = "age_from",
                                                  [COLUMN_AGE_TO] = "age_to",
                                                  [COLUMN_MONTHS_FROM] = "months_from",
                                                  [COLUMN_MONTHS_TO] = "months_to",
                                                  [COLUMN_STAGE] = "stage",
                                                  [COLUMN_MEAN] = "mean",
                                                  [COLUMN_SD] = "sd",
                                                  [COLUMN_RAW] = "raw",
                                                  [COLUMN_STANDARD] = "standard",
                                                  [COLUMN_SE] = "se",
                                                  [COLUMN_NUM] = "num",
                                                  [COLUMN_DEN] = "den",
                                                  [COLUMN_COUNT] = "count",
                                                  [COLUMN_AGE] = "age",
                                                  [COLUMN_L] = "l",
                                                  [COLUMN_M] = "m",
                                                  [COLUMN_S] = "s",
                                                  [COLUMN_POWER_L] = "power_l",
                                                  [COLUMN_POWER_A] = "power_a",
                                                  [COLUMN_COEFFICIENT] = "coefficient",
                                                  [COLUMN_ITEM] = "item",
                                                  [COLUMN_STEP] = "step",
                                                  [COLUMN_VALUE] = "value",
                                                  [COLUMN_CONFIDENCE] = "confidence"};

typedef struct cell {
    const char *text; /* not NUL-terminated */
    size_t length;
    size_t column; /* of its first character, from 1 */
} cell;

typedef struct csv {
    psyi_loader *loader;
    psyi_norm *norm;
    const char *text;
    size_t length, at, line;
    char *room; /* unquoted texts of the line; as long as the file */
    cell cells[MOST_CELLS];
    size_t n_cells, row_line;
    int where[COLUMNS]; /* index of the cell, or -1 */
    size_t n_header;
    psyi_norm_group *groups;
    size_t n_groups, groups_room;
    psyi_norm_cell *all; /* the cells of all groups */
    size_t n_all;
    psyi_norm_row *rows; /* the rows of all groups, for kinds without cells */
    size_t n_rows;
} csv;

static void csv_problem(csv *c, size_t column_number, size_t length, const char *rule,
                        const char *format, ...) __attribute__((format(printf, 5, 6)));

static void csv_problem(csv *c, size_t column_number, size_t length, const char *rule,
                        const char *format, ...)
{
    char message[400];
    va_list arguments;
    va_start(arguments, format);
    if (psyi_vformat(message, sizeof message, format, arguments) < 0)
        message[0] = '\0';
    va_end(arguments);
    const psy_location where = psyi_location(c->loader->source, c->row_line, column_number, length);
    psy_error error;
    psyi_fail(&error, strcmp(rule, PSYI_PROBLEM_LIMIT) == 0 ? PSY_E_LIMIT : PSY_E_SCHEMA, &where,
              "%s", message);
    psyi_problem_error(c->loader, &error, rule);
}

/* ---- records -------------------------------------------------------------------------- */

static bool at_break(const csv *c)
{
    return c->at == c->length || c->text[c->at] == '\n' || c->text[c->at] == '\r';
}

/* A quoted cell into `room`; false when the quote is never closed. */
static bool read_quoted(csv *c, cell *out, char **room)
{
    char *to = *room;
    out->text = to;
    for (c->at++; c->at < c->length; c->at++) {
        const char byte = c->text[c->at];
        if (byte == '"' && (c->at + 1 == c->length || c->text[c->at + 1] != '"')) {
            c->at++;
            out->length = (size_t)(to - out->text);
            *room = to;
            return true;
        }
        if (byte == '\n' || byte == '\r')
            break;
        c->at += byte == '"';
        *to++ = byte;
    }
    return false;
}

/* Read one record; false at the end of the file.  Problems leave the record without cells. */
static bool read_record(csv *c)
{
    c->n_cells = 0;
    if (c->at == c->length)
        return false;
    const char *const start = c->text + c->at;
    char *room = c->room;
    c->row_line = ++c->line;
    for (;;) {
        cell one = {.text = c->text + c->at};
        one.column = psyi_utf8_count(start, (size_t)(c->text + c->at - start)) + 1;
        bool good = true;
        if (!at_break(c) && c->text[c->at] == '"') {
            good = read_quoted(c, &one, &room) && (at_break(c) || c->text[c->at] == ',');
        } else {
            while (!at_break(c) && c->text[c->at] != ',') {
                good = good && c->text[c->at] != '"';
                c->at++;
            }
            one.length = (size_t)(c->text + c->at - one.text);
        }
        if (!good || c->n_cells == MOST_CELLS) {
            csv_problem(c, one.column, 1, PSYI_PROBLEM_SHAPE,
                        good ? "more cells than a norm table has columns"
                             : "this cell is not quoted properly");
            while (!at_break(c))
                c->at++;
            c->n_cells = 0;
            break;
        }
        c->cells[c->n_cells++] = one;
        if (at_break(c))
            break;
        c->at++; /* the comma */
    }
    if (c->at < c->length && c->text[c->at] == '\r')
        c->at++;
    if (c->at < c->length && c->text[c->at] == '\n')
        c->at++;
    return true;
}

static bool is(const cell *one, const char *text)
{
    return one->length == strlen(text) && memcmp(one->text, text, one->length) == 0;
}

static size_t width(const cell *one)
{
    const size_t n = psyi_utf8_count(one->text, one->length);
    return n > 0 ? n : 1;
}

static int shown(const cell *one)
{
    return (int)psyi_utf8_prefix(one->text, one->length, 40);
}

/* ---- header --------------------------------------------------------------------------- */

static unsigned wanted_columns(const psyi_norm *norm, uint8_t groups)
{
    static const unsigned of_group[] = {
        [PSYI_GROUP_INFORMANT] = 1u << COLUMN_INFORMANT,
        [PSYI_GROUP_SEX] = 1u << COLUMN_SEX,
        [PSYI_GROUP_GRADE] = 1u << COLUMN_GRADE_FROM | 1u << COLUMN_GRADE_TO,
        [PSYI_GROUP_AGE] = 1u << COLUMN_AGE_FROM | 1u << COLUMN_AGE_TO,
        [PSYI_GROUP_MONTHS] = 1u << COLUMN_MONTHS_FROM | 1u << COLUMN_MONTHS_TO,
        [PSYI_GROUP_STAGE] = 1u << COLUMN_STAGE,
    };
    unsigned wanted = 1u << COLUMN_SCALE;
    for (unsigned i = 0; i <= PSYI_GROUP_STAGE; i++)
        if (((unsigned)groups >> i & 1u) != 0)
            wanted |= of_group[i];
    switch (norm->kind) {
    case PSYI_NORM_TABLE:
        return wanted | 1u << COLUMN_RAW | 1u << COLUMN_STANDARD;
    case PSYI_NORM_MEAN_SD:
        return wanted | 1u << COLUMN_MEAN | 1u << COLUMN_SD;
    case PSYI_NORM_HISTOGRAM:
        return wanted | 1u << COLUMN_NUM | 1u << COLUMN_DEN | 1u << COLUMN_COUNT;
    case PSYI_NORM_LMS:
        return wanted | 1u << COLUMN_AGE | 1u << COLUMN_L | 1u << COLUMN_M | 1u << COLUMN_S;
    case PSYI_NORM_REGRESSION:
        return wanted | 1u << COLUMN_POWER_L | 1u << COLUMN_POWER_A | 1u << COLUMN_COEFFICIENT;
    case PSYI_NORM_IRT:
        return wanted | 1u << COLUMN_ITEM | 1u << COLUMN_STEP | 1u << COLUMN_VALUE;
    }
    return wanted;
}

static bool read_header(csv *c, uint8_t groups)
{
    const unsigned wanted = wanted_columns(c->norm, groups);
    const unsigned allowed = wanted | 1u << COLUMN_CONFIDENCE |
                             (c->norm->kind == PSYI_NORM_TABLE ? 1u << COLUMN_SE : 0u);
    for (int i = 0; i < COLUMNS; i++)
        c->where[i] = -1;
    c->row_line = 1;
    if (!read_record(c)) {
        csv_problem(c, 1, 1, PSYI_PROBLEM_VALUE, "the table is empty");
        return false;
    }
    bool good = c->n_cells > 0;
    for (size_t i = 0; i < c->n_cells; i++) {
        int found = 0;
        while (found < COLUMNS && !is(&c->cells[i], column_names[found]))
            found++;
        if (found == COLUMNS || (allowed >> found & 1u) == 0 || c->where[found] >= 0) {
            csv_problem(c, c->cells[i].column, width(&c->cells[i]), PSYI_PROBLEM_KEY,
                        "column '%.*s' %s", shown(&c->cells[i]), c->cells[i].text,
                        found < COLUMNS && c->where[found] >= 0 ? "stands here twice"
                        : found >= COLUMN_INFORMANT && found <= COLUMN_STAGE
                            ? "is of a group that `groups:` in the head does not name"
                            : "does not belong to this kind of norm and its groups");
            good = false;
        } else {
            c->where[found] = (int)i;
        }
    }
    for (int i = 0; i < COLUMNS && c->n_cells > 0; i++)
        if ((wanted >> i & 1u) != 0 && c->where[i] < 0) {
            csv_problem(c, 1, 1, PSYI_PROBLEM_MISSING, "column '%s' is missing", column_names[i]);
            good = false;
        }
    c->n_header = c->n_cells;
    return good;
}

/* ---- cells ---------------------------------------------------------------------------- */

static bool number(csv *c, column which, psyi_ratio *out)
{
    const cell *const one = &c->cells[c->where[which]];
    if (psyi_ratio_parse(one->text, one->length, out))
        return true;
    csv_problem(c, one->column, width(one), PSYI_PROBLEM_VALUE,
                "%s: expected a number, found '%.*s'", column_names[which], shown(one), one->text);
    return false;
}

static bool integer(csv *c, column which, int64_t low, int64_t high, int64_t *out)
{
    const cell *const one = &c->cells[c->where[which]];
    if (psyi_integer_parse(one->text, one->length, out) && *out >= low && *out <= high)
        return true;
    csv_problem(c, one->column, width(one), PSYI_PROBLEM_VALUE,
                "%s: expected a whole number from %lld to %lld, found '%.*s'", column_names[which],
                (long long)low, (long long)high, shown(one), one->text);
    return false;
}

static bool word(csv *c, column which, const psyi_word *words, uint8_t *mask)
{
    if (c->where[which] < 0)
        return true;
    const cell *const one = &c->cells[c->where[which]];
    for (; words->word != NULL; words++)
        if (is(one, words->word)) {
            *mask = (uint8_t)(1u << words->value);
            return true;
        }
    csv_problem(c, one->column, width(one), PSYI_PROBLEM_VALUE, "%s: '%.*s' is not known",
                column_names[which], shown(one), one->text);
    return false;
}

static bool range(csv *c, column from, column to, int64_t most, int16_t *low, int16_t *high)
{
    int64_t a = 0, b = 0;
    if (c->where[from] < 0)
        return true;
    if (!integer(c, from, from == COLUMN_AGE_FROM ? 0 : 1, most, &a) ||
        !integer(c, to, 0, most, &b))
        return false;
    if (a > b) {
        csv_problem(c, c->cells[c->where[from]].column, width(&c->cells[c->where[from]]),
                    PSYI_PROBLEM_VALUE, "%s %lld is above %s %lld", column_names[from],
                    (long long)a, column_names[to], (long long)b);
        return false;
    }
    *low = (int16_t)a;
    *high = (int16_t)b;
    return true;
}

static bool read_who(csv *c, psyi_who *who)
{
    *who = (psyi_who){.age_low = -1, .age_high = -1};
    return word(c, COLUMN_INFORMANT, psyi_informant_words, &who->informants) &&
           word(c, COLUMN_SEX, psyi_sex_words, &who->sexes) &&
           word(c, COLUMN_STAGE, psyi_stage_words, &who->stages) &&
           range(c, COLUMN_GRADE_FROM, COLUMN_GRADE_TO, 16, &who->grade_low, &who->grade_high) &&
           range(c, COLUMN_AGE_FROM, COLUMN_AGE_TO, 150, &who->age_low, &who->age_high) &&
           range(c, COLUMN_MONTHS_FROM, COLUMN_MONTHS_TO, 1811, &who->months_low,
                 &who->months_high);
}

/* ---- groups --------------------------------------------------------------------------- */

static bool meets(uint8_t a, uint8_t b)
{
    return a == 0 || b == 0 || (a & b) != 0;
}

static bool overlap(const psyi_who *a, const psyi_who *b)
{
    return meets(a->informants, b->informants) && meets(a->sexes, b->sexes) &&
           meets(a->stages, b->stages) && a->grade_low <= b->grade_high &&
           b->grade_low <= a->grade_high && a->age_low <= b->age_high &&
           b->age_low <= a->age_high && a->months_low <= b->months_high &&
           b->months_low <= a->months_high;
}

static bool same_who(const psyi_who *a, const psyi_who *b)
{
    return a->informants == b->informants && a->sexes == b->sexes && a->stages == b->stages &&
           a->grade_low == b->grade_low && a->grade_high == b->grade_high &&
           a->age_low == b->age_low && a->age_high == b->age_high &&
           a->months_low == b->months_low && a->months_high == b->months_high;
}

static bool read_confidence(csv *c, psyi_confidence *out)
{
    const cell *const at = &c->cells[c->where[COLUMN_CONFIDENCE]];
    for (const psyi_word *words = psyi_confidence_words; words->word != NULL; words++)
        if (is(at, words->word)) {
            *out = (psyi_confidence)words->value;
            return true;
        }
    csv_problem(c, at->column, width(at), PSYI_PROBLEM_VALUE,
                "confidence: '%.*s' is none of verified, single, memory and conflict", shown(at),
                at->text);
    return false;
}

/* The group of this record: the last one, or a new one.  NULL after a problem. */
static psyi_norm_group *group_of(csv *c, const psyi_who *who)
{
    psyi_loader *const loader = c->loader;
    const cell *const scale = &c->cells[c->where[COLUMN_SCALE]];
    psyi_norm_group *const last = c->n_groups > 0 ? &c->groups[c->n_groups - 1] : NULL;
    const bool same_scale = last != NULL && is(scale, last->scale);
    if (same_scale && same_who(&last->who, who) && c->norm->kind != PSYI_NORM_MEAN_SD)
        return last;
    if (scale->length == 0) {
        csv_problem(c, scale->column, 1, PSYI_PROBLEM_VALUE, "scale: expected the id of a scale");
        return NULL;
    }
    for (size_t i = 0; i < c->n_groups; i++)
        if (is(scale, c->groups[i].scale) && overlap(&c->groups[i].who, who)) {
            csv_problem(c, 1, 1, PSYI_PROBLEM_TWICE,
                        same_who(&c->groups[i].who, who)
                            ? "this group stands in line %u already"
                            : "this group overlaps with the one in line %u",
                        (unsigned)c->groups[i].place.line);
            return NULL;
        }
    if (c->n_groups == MOST_GROUPS) {
        csv_problem(c, 1, 1, PSYI_PROBLEM_LIMIT, "more than %d groups", MOST_GROUPS);
        return NULL;
    }
    const char *const id =
        same_scale ? last->scale : psyi_arena_text(loader->arena, scale->text, scale->length);
    if (id == NULL || !psyi_grow(loader->allocator, (void **)&c->groups, &c->groups_room,
                                 c->n_groups + 1, sizeof *c->groups)) {
        psyi_loader_nomem(loader);
        return NULL;
    }
    psyi_confidence confidence = c->norm->confidence;
    if (c->where[COLUMN_CONFIDENCE] >= 0 && !read_confidence(c, &confidence))
        return NULL;
    psyi_norm_group *const group = &c->groups[c->n_groups++];
    *group = (psyi_norm_group){.scale = id,
                               .who = *who,
                               .cells = c->all + c->n_all,
                               .rows = c->rows + c->n_rows,
                               .confidence = confidence,
                               .place = {(uint32_t)c->row_line, 1, (uint32_t)width(scale)}};
    return group;
}

static void add_cell(csv *c, psyi_norm_group *group, psyi_norm_cell add, column raw)
{
    const psyi_norm_cell *const before =
        group->n_cells > 0 ? &group->cells[group->n_cells - 1] : NULL;
    const cell *const at = &c->cells[c->where[raw]];
    const int order = before != NULL ? psyi_ratio_compare(before->raw, add.raw) : -1;
    if (order >= 0) {
        csv_problem(c, at->column, width(at), PSYI_PROBLEM_TWICE,
                    order == 0 ? "raw score %.*s stands in the line before already"
                               : "raw score %.*s is below the line before: rows ascend",
                    shown(at), at->text);
        return;
    }
    if (before != NULL && c->norm->kind == PSYI_NORM_TABLE &&
        psyi_ratio_compare(before->standard, add.standard) > 0) {
        const cell *const standard = &c->cells[c->where[COLUMN_STANDARD]];
        csv_problem(c, standard->column, width(standard), PSYI_PROBLEM_VALUE,
                    "the standard score %.*s falls while the raw score rises", shown(standard),
                    standard->text);
    }
    c->all[c->n_all++] = add;
    group->n_cells++;
}

static void read_table_row(csv *c, const psyi_who *who)
{
    psyi_norm_cell add = {0};
    if (!number(c, COLUMN_RAW, &add.raw) || !number(c, COLUMN_STANDARD, &add.standard))
        return;
    psyi_ratio ignored;
    if (c->where[COLUMN_SE] >= 0 && !number(c, COLUMN_SE, &ignored))
        return;
    psyi_norm_group *const group = group_of(c, who);
    if (group != NULL)
        add_cell(c, group, add, COLUMN_RAW);
}

static void read_histogram_row(csv *c, const psyi_who *who)
{
    int64_t num = 0, den = 0, count = 0;
    if (!integer(c, COLUMN_NUM, INT32_MIN, INT32_MAX, &num) ||
        !integer(c, COLUMN_DEN, 1, INT32_MAX, &den) ||
        !integer(c, COLUMN_COUNT, 0, INT64_C(1000000000000), &count))
        return;
    const psyi_norm_cell add = {.raw = psyi_ratio_make(num, den), .count = (uint64_t)count};
    psyi_norm_group *const group = group_of(c, who);
    if (group != NULL)
        add_cell(c, group, add, COLUMN_NUM);
}

static void read_moments_row(csv *c, const psyi_who *who)
{
    psyi_ratio mean, sd;
    if (!number(c, COLUMN_MEAN, &mean) || !number(c, COLUMN_SD, &sd))
        return;
    if (sd.num <= 0) {
        const cell *const at = &c->cells[c->where[COLUMN_SD]];
        csv_problem(c, at->column, width(at), PSYI_PROBLEM_VALUE,
                    "sd: a standard deviation is above 0");
        return;
    }
    psyi_norm_group *const group = group_of(c, who);
    if (group == NULL)
        return;
    group->mean = mean;
    group->sd = sd;
}

/* ---- rows of models ---------------------------------------------------------------------- */

static bool real(csv *c, column which, double *out)
{
    const cell *const one = &c->cells[c->where[which]];
    if (psyi_number_parse(one->text, one->length, out) && *out >= -1e15 && *out <= 1e15)
        return true;
    csv_problem(c, one->column, width(one), PSYI_PROBLEM_VALUE,
                "%s: expected a number, found '%.*s'", column_names[which], shown(one), one->text);
    return false;
}

static void add_row(csv *c, const psyi_who *who, psyi_norm_row row)
{
    psyi_norm_group *const group = group_of(c, who);
    if (group == NULL)
        return;
    row.place = (psyi_place){(uint32_t)c->row_line, 1, 1};
    c->rows[c->n_rows++] = row;
    group->n_rows++;
}

static void read_lms_row(csv *c, const psyi_who *who)
{
    psyi_norm_row row = {.item = NULL};
    if (real(c, COLUMN_AGE, &row.value[0]) && real(c, COLUMN_L, &row.value[1]) &&
        real(c, COLUMN_M, &row.value[2]) && real(c, COLUMN_S, &row.value[3]))
        add_row(c, who, row);
}

static void read_term_row(csv *c, const psyi_who *who)
{
    psyi_norm_row row = {.item = NULL};
    int64_t power_l = 0, power_a = 0;
    if (!integer(c, COLUMN_POWER_L, 0, 9, &power_l) ||
        !integer(c, COLUMN_POWER_A, 0, 9, &power_a) || !real(c, COLUMN_COEFFICIENT, &row.value[0]))
        return;
    row.power_l = (uint32_t)power_l;
    row.power_a = (uint32_t)power_a;
    add_row(c, who, row);
}

static void read_parameter_row(csv *c, const psyi_who *who)
{
    const cell *const item = &c->cells[c->where[COLUMN_ITEM]];
    psyi_norm_row row = {.item = psyi_arena_text(c->loader->arena, item->text, item->length)};
    int64_t step = 0;
    if (row.item == NULL) {
        psyi_loader_nomem(c->loader);
        return;
    }
    if (!integer(c, COLUMN_STEP, 0, 63, &step) || !real(c, COLUMN_VALUE, &row.value[0]))
        return;
    row.power_l = (uint32_t)step;
    add_row(c, who, row);
}

static void read_row(csv *c, const psyi_who *who)
{
    switch (c->norm->kind) {
    case PSYI_NORM_TABLE:
        read_table_row(c, who);
        break;
    case PSYI_NORM_HISTOGRAM:
        read_histogram_row(c, who);
        break;
    case PSYI_NORM_MEAN_SD:
        read_moments_row(c, who);
        break;
    case PSYI_NORM_LMS:
        read_lms_row(c, who);
        break;
    case PSYI_NORM_REGRESSION:
        read_term_row(c, who);
        break;
    case PSYI_NORM_IRT:
        read_parameter_row(c, who);
        break;
    }
}

static void read_rows(csv *c)
{
    while (psyi_loader_ok(c->loader) && read_record(c)) {
        psyi_who who;
        if (c->n_cells == 0 || (c->n_cells == 1 && c->cells[0].length == 0))
            continue; /* reported, or an empty line */
        if (c->n_cells != c->n_header) {
            csv_problem(c, 1, 1, PSYI_PROBLEM_SHAPE, "%zu cell%s; the header has %zu", c->n_cells,
                        psyi_s(c->n_cells), c->n_header);
            continue;
        }
        if (!read_who(c, &who))
            continue;
        read_row(c, &who);
    }
    if (c->n_groups == 0 && c->loader->status == PSY_OK)
        csv_problem(c, 1, 1, PSYI_PROBLEM_VALUE, "the table has no rows");
}

static void keep_groups(csv *c)
{
    psyi_norm_group *const groups = psyi_loader_alloc(c->loader, c->n_groups, sizeof *c->groups);
    if (groups == NULL)
        return;
    if (c->n_groups > 0)
        memcpy(groups, c->groups, c->n_groups * sizeof *groups);
    c->norm->groups = groups;
    c->norm->n_groups = c->n_groups;
}

static void read_text(psyi_loader *loader, psyi_norm *norm, uint8_t groups, const char *text,
                      size_t length)
{
    csv c = {.loader = loader, .norm = norm, .text = text, .length = length};
    size_t lines = 1;
    for (size_t i = 0; i < length; i++)
        lines += text[i] == '\n' || text[i] == '\r';
    const bool cells = norm->kind == PSYI_NORM_TABLE || norm->kind == PSYI_NORM_HISTOGRAM;
    c.all = psyi_loader_alloc(loader, cells ? lines : 0, sizeof *c.all);
    c.rows = psyi_loader_alloc(loader, norm->kind >= PSYI_NORM_LMS ? lines : 0, sizeof *c.rows);
    c.room = psyi_alloc(loader->allocator, length, 1);
    if (c.room == NULL)
        psyi_loader_nomem(loader);
    if (psyi_loader_ok(loader) && read_header(&c, groups)) {
        read_rows(&c);
        keep_groups(&c);
    }
    psyi_free(loader->allocator, c.groups);
    psyi_free(loader->allocator, c.room);
}

void psyi_norm_read_csv(psyi_loader *loader, psyi_norm *norm, uint8_t groups)
{
    const char *const head = loader->source;
    psyi_buffer file, text;
    psy_error error = {.status = PSY_OK};
    psyi_buffer_init(&file, loader->allocator);
    psyi_buffer_init(&text, loader->allocator);
    loader->source = norm->csv_file;
    if (psyi_file_read(norm->csv_file, MOST_BYTES, &file, &error) != PSY_OK ||
        psyi_decode(file.data != NULL ? file.data : "", file.length, PSYI_ENCODING_UTF8,
                    norm->csv_file, &text, &error) != PSY_OK)
        psyi_problem_error(loader, &error, error.status == PSY_E_LIMIT ? "limit" : "file");
    else
        read_text(loader, norm, groups, text.data != NULL ? text.data : "", text.length);
    loader->source = head;
    psyi_buffer_done(&file);
    psyi_buffer_done(&text);
}
