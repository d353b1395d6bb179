/*
 * release_stages.c -- the numbers of a stage, added up over its schools and over its grades.
 *
 * A primary school has no pupil in grade 8, and everybody can read that.  So the primary schools
 * together have what grades 1 to 6 have, and one hidden school among them would be found by
 * subtraction, though another one is hidden among the junior schools.  Stages that a school has
 * both of are added up together; which of them its pupils of a stage belong to is in its parts.
 */
#include "report/release_stages.h"
#include "base/spill.h"

#include <string.h>

#define STAGES 5

typedef struct stages {
    psyi_release_cells *cells;
    uint8_t of_stage[STAGES]; /* which stages are added up together: the least of them */
    uint8_t *of_school;       /* [schools]: one of its stages; STAGES: nobody is there */
    uint32_t *room;           /* of one sum */
} stages;

static void join(stages *s, uint8_t a, uint8_t b)
{
    const uint8_t x = s->of_stage[a], y = s->of_stage[b];
    for (size_t i = 0; i < STAGES; i++)
        if (s->of_stage[i] == x || s->of_stage[i] == y)
            s->of_stage[i] = x < y ? x : y;
}

static void find(stages *s, const psyi_results *results)
{
    for (uint8_t i = 0; i < STAGES; i++)
        s->of_stage[i] = i;
    for (size_t k = 0; k < results->n_schools; k++) {
        const psyi_school *const school = &results->schools[k];
        s->of_school[k] = STAGES;
        for (size_t i = school->first_student; i < school->first_student + school->n_students;
             i++) {
            psyi_spill_pass(results->allocator, i);
            const uint8_t stage = (uint8_t)psyi_stage_of(results->students[i].grade);
            if (s->of_school[k] != STAGES)
                join(s, s->of_school[k], stage);
            s->of_school[k] = stage;
        }
    }
}

static bool is_in(const stages *s, uint8_t stage, uint8_t together)
{
    return stage < STAGES && s->of_stage[stage] == together;
}

/* `n` cells are in the room, behind a place for what they add up to.  Nobody prints that. */
static uint32_t total(stages *s, size_t n)
{
    int64_t value = 0, high = 0;
    for (size_t i = 1; i <= n; i++) {
        value += s->cells->cells[s->room[i]].value;
        high += s->cells->cells[s->room[i]].high;
    }
    s->room[0] = psyi_release_unprinted(s->cells, value, 0, high);
    if (s->room[0] != PSYI_NO_CELL)
        psyi_release_sum(s->cells, s->room, n + 1);
    return s->room[0];
}

/* The grades of it, from the room as above, are the same people. */
static void same(stages *s, uint32_t whole, size_t n)
{
    int64_t value = 0;
    for (size_t i = 1; i <= n; i++)
        value += s->cells->cells[s->room[i]].value;
    if (whole == PSYI_NO_CELL || value != s->cells->cells[whole].value)
        return;
    s->room[0] = whole;
    psyi_release_sum(s->cells, s->room, n + 1);
}

static size_t add(stages *s, size_t n, uint32_t cell)
{
    if (cell == PSYI_NO_CELL)
        return n;
    s->room[n + 1] = cell;
    return n + 1;
}

static size_t grades_of(stages *s, const psyi_release *of, uint8_t together, bool alone,
                        const uint32_t *grade_cells, size_t column)
{
    size_t n = 0;
    for (size_t row = 0; row < of->groups.n; row++) {
        const uint8_t stage = (uint8_t)psyi_stage_of(of->groups.groups[row].grade);
        if (of->groups.groups[row].whole == 1 &&
            (alone ? stage == together : is_in(s, stage, together)))
            n = add(s, n, grade_cells[row * of->grades.n_columns + column]);
    }
    return n;
}

static void tie_outcomes(stages *s, const psyi_release *of, uint8_t together,
                         const uint32_t *school_cells, const uint32_t *grade_cells)
{
    const size_t columns = of->schools.n_columns;
    for (size_t column = 0; column < columns && !s->cells->failed; column++) {
        size_t n = 0;
        for (size_t k = 0; k + 1 < of->schools.n_rows; k++)
            if (is_in(s, s->of_school[k], together))
                n = add(s, n, school_cells[k * columns + column]);
        const uint32_t whole = n > 0 ? total(s, n) : PSYI_NO_CELL;
        if (whole != PSYI_NO_CELL)
            same(s, whole, grades_of(s, of, together, false, grade_cells, column));
    }
}

static void tie_untested(stages *s, const psyi_release *of, size_t n_schools, uint8_t together)
{
    for (size_t column = 0; column < of->untested.table.n_columns && !s->cells->failed; column++) {
        uint32_t whole = PSYI_NO_CELL;
        for (int grades = 0; grades < 2; grades++) {
            size_t n = 0;
            for (size_t row = 0; row < of->untested.table.n_rows; row++) {
                const psyi_untested_row *const own = &of->untested.rows[row];
                const bool wanted =
                    grades != 0 ? own->whole == PSYI_UNTESTED_GRADE &&
                                      is_in(s, (uint8_t)psyi_stage_of(own->grade), together)
                                : own->whole == PSYI_UNTESTED_SCHOOL && own->school < n_schools &&
                                      is_in(s, s->of_school[own->school], together);
                if (wanted)
                    n = add(s, n, of->untested.table.cells[row * PSYI_UNTESTED_COLUMNS + column]);
            }
            if (grades == 0)
                whole = n > 0 ? total(s, n) : PSYI_NO_CELL;
            else if (whole != PSYI_NO_CELL)
                same(s, whole, n);
        }
    }
}

/* What 学校比较 shows of a stage that some schools have beside another one. */
static void tie_parts(stages *s, const psyi_release *of, const uint32_t *part_cells,
                      const uint32_t *grade_cells, size_t n_schools, uint8_t stage)
{
    size_t n = 0;
    for (size_t i = 0; i < of->n_parts; i++)
        for (size_t j = 0; j < of->parts[i].n && of->parts[i].stage == stage; j++)
            n = add(s, n, part_cells[i * n_schools + j]);
    const uint32_t whole = n > 0 && !s->cells->failed ? total(s, n) : PSYI_NO_CELL;
    if (whole != PSYI_NO_CELL)
        same(s, whole,
             grades_of(s, of, stage, true, grade_cells,
                       2 * of->schools.n_ranks + PSYI_OUT_ANY_VALID));
}

void psyi_release_stages(psyi_report *report, const psyi_release *release,
                         const uint32_t *school_cells, const uint32_t *grade_cells,
                         const uint32_t *part_cells, psyi_release_cells *cells)
{
    const size_t n_schools = release->schools.n_rows - 1;
    stages s = {.cells = cells};
    s.of_school = psyi_arena_alloc(&report->arena, n_schools + 1, sizeof *s.of_school);
    s.room = psyi_arena_alloc(&report->arena,
                              release->groups.n + release->untested.table.n_rows +
                                  (release->n_parts + 1) * (n_schools + 1) + 1,
                              sizeof *s.room);
    if (s.of_school == NULL || s.room == NULL) {
        cells->failed = true;
        return;
    }
    find(&s, report->results);
    /* All schools together are the district's line, where both tables meet already. */
    uint8_t some = STAGES;
    bool several = false;
    for (size_t k = 0; k < n_schools; k++) {
        const uint8_t own = s.of_school[k];
        several = several || (own < STAGES && some < STAGES && s.of_stage[own] != s.of_stage[some]);
        some = own < STAGES ? own : some;
    }
    for (uint8_t stage = 0; stage < STAGES; stage++) {
        bool alone = true;
        for (uint8_t i = 0; i < STAGES; i++)
            alone = alone && (i == stage || s.of_stage[i] != s.of_stage[stage]);
        if (several && s.of_stage[stage] == stage) {
            tie_outcomes(&s, release, stage, school_cells, grade_cells);
            tie_untested(&s, release, n_schools, stage);
        }
        if (!alone && part_cells != NULL)
            tie_parts(&s, release, part_cells, grade_cells, n_schools, stage);
    }
}
