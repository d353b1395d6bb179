/*
 * release_untested.c -- who did not answer, and whose answers do not count, by school and by
 * grade, with the reason.
 *
 * Of the grades of one school the numbers stand there, not the reasons: nearly all of them are
 * small, and hiding them would take those of the school along.
 *
 * Reasons part those without a sheet (T - C) and those with one who are not in V (C - V), each
 * person once, so that every column adds up; 待复测 of the other tables is the sum of four of
 * them.
 */
#include "base/spill.h"
#include "report/release_table.h"

#include <string.h>

static unsigned why_untested(const psyi_student *who)
{
    const char *const reason = who->exempt_reason != NULL ? who->exempt_reason : "";
    if (who->exempt)
        return strstr(reason, "假") != NULL || strstr(reason, "leave") != NULL ? PSYI_UNTESTED_LEAVE
               : strstr(reason, "不同意") != NULL || strstr(reason, "consent") != NULL
                   ? PSYI_UNTESTED_EXEMPT_REFUSED
               : reason[0] == '\0' || strstr(reason, "免") != NULL ||
                       strstr(reason, "exempt") != NULL
                   ? PSYI_UNTESTED_EXEMPT
                   : PSYI_UNTESTED_EXEMPT_OTHER;
    if ((who->why & PSYI_WHY_CONSENT_REFUSED) != 0)
        return PSYI_UNTESTED_REFUSED;
    if ((who->why & PSYI_WHY_CONSENT_UNANSWERED) != 0 || who->status == PSYI_STATUS_NO_CONSENT)
        return PSYI_UNTESTED_NOT_RETURNED;
    return PSYI_UNTESTED_ABSENT;
}

static unsigned why_invalid(const psyi_student *who)
{
    if (who->status == PSYI_STATUS_INVALID || who->status == PSYI_STATUS_RETEST)
        return (who->why & PSYI_WHY_LIE_SCALE) != 0       ? PSYI_INVALID_SCALE
               : (who->why & PSYI_WHY_VALIDITY_RULE) != 0 ? PSYI_INVALID_RULE
               : (who->why & PSYI_WHY_EVIDENCE) != 0      ? PSYI_INVALID_CARELESS
                                                          : PSYI_INVALID_OTHER;
    if (who->status == PSYI_STATUS_NO_CONSENT)
        return PSYI_INVALID_NO_CONSENT;
    return (who->why & PSYI_WHY_USE_NOT_GIVEN) != 0 ? PSYI_INVALID_NOT_GIVEN : PSYI_INVALID_BLANKS;
}

static void add_student(const psyi_student *who, psyi_untested_row *row, int64_t *values)
{
    const bool valid = who->status == PSYI_STATUS_VALID || who->status == PSYI_STATUS_DOUBTFUL;
    row->target++;
    row->exempt += who->exempt && !who->tested;
    row->tested += who->tested;
    row->valid += valid;
    if (!who->tested)
        values[why_untested(who)]++;
    else if (!valid)
        values[why_invalid(who)]++;
}

static void add_row(psyi_untested *of, size_t to, size_t from)
{
    psyi_untested_row *const whole = &of->rows[to];
    const psyi_untested_row *const part = &of->rows[from];
    whole->target += part->target;
    whole->exempt += part->exempt;
    whole->tested += part->tested;
    whole->valid += part->valid;
    for (size_t i = 0; i < PSYI_UNTESTED_COLUMNS; i++)
        of->table.values[to * PSYI_UNTESTED_COLUMNS + i] +=
            of->table.values[from * PSYI_UNTESTED_COLUMNS + i];
}

#define GRADES 32 /* and above: unknown */

static size_t grade_of(const psyi_student *who)
{
    return who->grade > 0 && who->grade < GRADES ? (size_t)who->grade : 0;
}

/* Rows of schools first .. first + n - 1 by grade (unknown last), put at of->rows[at]; returns how
 * many, and with `of` NULL only that. */
static size_t grade_rows(const psyi_results *results, size_t first, size_t n, psyi_untested *of,
                         size_t at, psyi_untested_row like)
{
    size_t row_of[GRADES], n_rows = 0;
    bool seen[GRADES] = {false};
    const size_t from = n > 0 ? results->schools[first].first_student : 0;
    const size_t to = n > 0 ? results->schools[first + n - 1].first_student +
                                  results->schools[first + n - 1].n_students
                            : 0;
    for (size_t i = from; i < to; i++) {
        psyi_spill_pass(results->allocator, i);
        seen[grade_of(&results->students[i])] = true;
    }
    for (size_t k = 0; k < GRADES; k++) {
        const size_t grade = (k + 1) % GRADES;
        row_of[grade] = at + n_rows;
        n_rows += seen[grade];
    }
    for (size_t grade = 0; of != NULL && grade < GRADES; grade++)
        if (seen[grade]) {
            of->rows[row_of[grade]] = like;
            of->rows[row_of[grade]].grade = (int16_t)grade;
        }
    for (size_t i = from; of != NULL && i < to; i++) {
        const psyi_student *const who = &results->students[i];
        const size_t row = row_of[grade_of(who)];
        psyi_spill_pass(results->allocator, i);
        add_student(who, &of->rows[row], of->table.values + row * PSYI_UNTESTED_COLUMNS);
    }
    return n_rows;
}

/* All rows, or (`of` NULL) how many. */
static size_t make_rows(const psyi_results *results, psyi_untested *of)
{
    const uint32_t n = (uint32_t)results->n_schools;
    size_t at = 0;
    for (uint32_t school = 0; school < n; school++) {
        const psyi_untested_row part = {.school = school, .whole = PSYI_UNTESTED_PART};
        const size_t first = at;
        at += grade_rows(results, school, 1, of, at, part);
        if (of != NULL)
            of->rows[at] = (psyi_untested_row){.school = school, .whole = PSYI_UNTESTED_SCHOOL};
        for (size_t row = first; of != NULL && row < at; row++)
            add_row(of, at, row);
        at++;
    }
    const psyi_untested_row grade = {.school = n, .whole = PSYI_UNTESTED_GRADE};
    const size_t first = at;
    at += grade_rows(results, 0, n, of, at, grade);
    if (of != NULL)
        of->rows[at] = (psyi_untested_row){.school = n, .whole = PSYI_UNTESTED_DISTRICT};
    for (size_t row = first; of != NULL && row < at; row++)
        add_row(of, at, row);
    return at + 1;
}

bool psyi_untested_make(psyi_report *report, psyi_untested *out)
{
    const size_t n = make_rows(report->results, NULL);
    out->rows = psyi_arena_alloc(&report->arena, n, sizeof *out->rows);
    if (out->rows == NULL) {
        psyi_book_fail(report->book, PSY_E_NOMEM, "out of memory: a table of the district");
        return false;
    }
    if (!psyi_release_table_make(report, &out->table, n, PSYI_UNTESTED_COLUMNS))
        return false;
    make_rows(report->results, out);
    return true;
}

/* ---- cells ---- */

/* Reasons add up to what everybody can subtract: E, D less C, and C less V. */
static void add_sums(psyi_release_cells *cells, const psyi_untested_row *row, const uint32_t *own)
{
    static const struct {
        size_t first, n;
    } parts[] = {{PSYI_UNTESTED_LEAVE, 4}, {PSYI_UNTESTED_REFUSED, 3}, {PSYI_INVALID_SCALE, 7}};
    const uint64_t wholes[] = {row->exempt, row->target - row->exempt - row->tested,
                               row->tested - row->valid};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        uint32_t sum[8] = {psyi_release_fixed(cells, wholes[i])};
        memcpy(sum + 1, own + parts[i].first, parts[i].n * sizeof *own);
        psyi_release_sum(cells, sum, parts[i].n + 1);
    }
}

static uint64_t base_of(const psyi_untested_row *row, size_t column)
{
    return column < PSYI_UNTESTED_REFUSED ? row->exempt
           : column < PSYI_INVALID_SCALE  ? row->target - row->exempt - row->tested
                                          : row->tested - row->valid;
}

/* The retest count of a row of another table is the sum of four of these. */
static void tie(const psyi_untested *of, psyi_release_cells *cells, uint32_t retest, uint64_t value,
                size_t row)
{
    const size_t first = row * PSYI_UNTESTED_COLUMNS + PSYI_INVALID_SCALE;
    uint32_t sum[5] = {retest};
    int64_t all = 0;
    for (size_t k = 0; k < 4; k++) {
        sum[k + 1] = of->table.cells[first + k];
        all += of->table.values[first + k];
    }
    if (all == (int64_t)value)
        psyi_release_sum(cells, sum, 5);
}

static void tie_row(const psyi_untested *of, const psyi_release_ties *ties,
                    psyi_release_cells *cells, size_t row)
{
    const size_t column = 2 * ties->schools->n_ranks + PSYI_OUT_RETEST;
    const psyi_untested_row *const own = &of->rows[row];
    if (own->whole != PSYI_UNTESTED_GRADE) {
        const size_t at = own->school * ties->schools->n_columns + column;
        tie(of, cells, ties->school_cells[at], ties->schools->counts[at], row);
        return;
    }
    for (size_t i = 0; i < ties->groups->n; i++) {
        const size_t at = i * ties->grades->n_columns + column;
        if (ties->groups->groups[i].whole == 1 && ties->groups->groups[i].grade == own->grade)
            tie(of, cells, ties->grade_cells[at], ties->grades->counts[at], row);
    }
}

void psyi_untested_cells(psyi_report *report, psyi_untested *of, const psyi_release_ties *ties,
                         psyi_release_cells *cells)
{
    const psyi_release_table *const table = &of->table;
    const size_t n = table->n_rows;
    uint32_t *const room = psyi_arena_alloc(&report->arena, n + 1, sizeof *room);
    if (room == NULL) {
        cells->failed = true;
        return;
    }
    for (size_t row = 0; row < n; row++) {
        uint32_t *const own = table->cells + row * PSYI_UNTESTED_COLUMNS;
        const psyi_untested_whole whole = of->rows[row].whole;
        if (whole == PSYI_UNTESTED_PART)
            continue;
        for (size_t k = 0; k < PSYI_UNTESTED_COLUMNS; k++)
            own[k] =
                psyi_release_count(cells, (uint64_t)table->values[row * PSYI_UNTESTED_COLUMNS + k],
                                   base_of(&of->rows[row], k), false,
                                   whole == PSYI_UNTESTED_DISTRICT ? PSYI_PRICE_ALL
                                   : whole == PSYI_UNTESTED_GRADE  ? PSYI_PRICE_SUM
                                                                   : PSYI_PRICE_PART);
        add_sums(cells, &of->rows[row], own);
        tie_row(of, ties, cells, row);
    }
    /* Schools, and grades, to the district. */
    for (size_t k = 0; k < PSYI_UNTESTED_COLUMNS; k++)
        for (psyi_untested_whole part = PSYI_UNTESTED_SCHOOL; part <= PSYI_UNTESTED_GRADE; part++) {
            size_t at = 0;
            room[at++] = table->cells[(n - 1) * PSYI_UNTESTED_COLUMNS + k];
            for (size_t row = 0; row < n; row++)
                if (of->rows[row].whole == part)
                    room[at++] = table->cells[row * PSYI_UNTESTED_COLUMNS + k];
            psyi_release_sum(cells, room, at);
        }
}
