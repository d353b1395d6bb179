/*
 * near_copies.c -- the most similar other sheet of a class.
 *
 * All pairs within a class are compared, sixteen answers at a time.  A row looks at all
 * others of its class and writes only its own result, so classes and threads do not meet.
 */
#include "base/fail.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "validity/grid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LANES       16
#define MOST_SHEETS 20000

/* A vector of bytes; comparisons give -1 where true.  Both compilers have it. */
typedef signed char bytes16 __attribute__((vector_size(LANES)));

typedef struct member {
    uint32_t class_of;
    bool constant; /* all answers the same, or fewer than two */
    size_t row;
} member;

typedef struct copy_work {
    const psy_answer_grid *grid;
    member *members;      /* by class, then row */
    size_t *class_begins; /* one more than there are classes */
    size_t stride;        /* bytes of a padded row */
    uint32_t min_common;
    double *same;
    size_t *twin;
    uint8_t *state;
} copy_work;

static int by_class(const void *a, const void *b)
{
    const member *const x = a, *const y = b;
    if (x->class_of != y->class_of)
        return x->class_of < y->class_of ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

/* Counts over two padded rows.  A lane's sum fits a byte for up to 127 steps of 16. */
static void compare(const int8_t *a, const int8_t *b, size_t stride, uint32_t *common,
                    uint32_t *equal)
{
    uint32_t n_common = 0, n_equal = 0;
    for (size_t begin = 0; begin < stride;) {
        const size_t end = stride - begin > 127 * LANES ? begin + 127 * LANES : stride;
        bytes16 both = {0}, alike = {0};
        for (; begin < end; begin += LANES) {
            bytes16 x, y;
            memcpy(&x, a + begin, LANES);
            memcpy(&y, b + begin, LANES);
            const bytes16 there = (bytes16)((x | y) >= 0);
            both -= there;
            alike -= there & (bytes16)(x == y);
        }
        for (size_t i = 0; i < LANES; i++) {
            n_common += (unsigned char)both[i];
            n_equal += (unsigned char)alike[i];
        }
    }
    *common = n_common;
    *equal = n_equal;
}

static bool is_constant(const int8_t *x, size_t n)
{
    int8_t first = -1;
    for (size_t i = 0; i < n; i++) {
        if (x[i] < 0)
            continue;
        if (first >= 0 && x[i] != first)
            return false;
        first = x[i];
    }
    return true;
}

static void best_match(const copy_work *work, const member *members, const int8_t *rows, size_t n,
                       size_t own)
{
    const size_t row = members[own].row;
    uint32_t best_equal = 0, best_common = 0;
    size_t twin = PSY_NO_ROW;
    for (size_t other = 0; other < n && !members[own].constant; other++) {
        if (other == own || members[other].constant)
            continue;
        uint32_t common, equal;
        compare(rows + own * work->stride, rows + other * work->stride, work->stride, &common,
                &equal);
        /* Shares are compared by cross-multiplication, so that ties are ties. */
        if (common < work->min_common || common == 0 ||
            (twin != PSY_NO_ROW && (uint64_t)equal * best_common <= (uint64_t)best_equal * common))
            continue;
        best_equal = equal;
        best_common = common;
        twin = members[other].row;
    }
    const bool found = twin != PSY_NO_ROW;
    if (work->same != NULL)
        work->same[row] = found ? (double)best_equal / best_common : NAN;
    if (work->twin != NULL)
        work->twin[row] = twin;
    psyi_set_state(work->state, row,
                   members[own].constant ? PSY_INDEX_NO_VARIANCE
                   : found               ? PSY_INDEX_DEFINED
                                         : PSY_INDEX_TOO_FEW);
}

static psy_status compare_class(void *context, size_t index, psy_error *error)
{
    const copy_work *const work = context;
    const size_t begin = work->class_begins[index], n = work->class_begins[index + 1] - begin;
    const size_t k = work->grid->n_items;
    member *const members = work->members + begin;
    int8_t *const rows = psyi_alloc(work->grid->allocator, n, work->stride);
    if (rows == NULL)
        return psyi_fail_memory(error, "the sheets of a class");
    memset(rows, -1, n * work->stride);
    for (size_t i = 0; i < k; i++)
        for (size_t m = 0; m < n; m++)
            rows[m * work->stride + i] = work->grid->items[i][members[m].row];
    for (size_t m = 0; m < n; m++)
        members[m].constant = is_constant(rows + m * work->stride, k);
    for (size_t m = 0; m < n; m++)
        best_match(work, members, rows, n, m);
    psyi_free(work->grid->allocator, rows);
    return PSY_OK;
}

psy_status psy_validity_near_copies(const psy_answer_grid *grid, const uint32_t *class_of,
                                    uint32_t min_common, double *same, size_t *twin, uint8_t *state,
                                    psy_error *error)
{
    psy_status status = psyi_grid_check(grid, error);
    if (status != PSY_OK)
        return status;
    if (class_of == NULL && grid->n_rows > 0)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "no classes");
    const size_t n = grid->n_rows, k = grid->n_items;
    copy_work work = {.grid = grid, .same = same, .twin = twin, .state = state};
    work.stride = (k + LANES - 1) / LANES * LANES;
    work.min_common = min_common > 0 ? min_common : (uint32_t)((k + 1) / 2);
    work.members = psyi_alloc(grid->allocator, n, sizeof *work.members);
    work.class_begins = psyi_alloc(grid->allocator, n + 1, sizeof *work.class_begins);
    if (work.members == NULL || work.class_begins == NULL) {
        status = psyi_fail_memory(error, "classes");
        goto done;
    }
    for (size_t row = 0; row < n; row++)
        work.members[row] = (member){class_of[row], false, row};
    if (n > 0)
        qsort(work.members, n, sizeof *work.members, by_class);
    size_t n_classes = 0;
    for (size_t m = 0; m < n; m++)
        if (m == 0 || work.members[m].class_of != work.members[m - 1].class_of)
            work.class_begins[n_classes++] = m;
    work.class_begins[n_classes] = n;
    for (size_t c = 0; c < n_classes && status == PSY_OK; c++)
        if (work.class_begins[c + 1] - work.class_begins[c] > MOST_SHEETS)
            status = psyi_fail(error, PSY_E_LIMIT, NULL,
                               "a class of %zu sheets: pairs are compared within at most %d",
                               work.class_begins[c + 1] - work.class_begins[c], MOST_SHEETS);
    if (status == PSY_OK && n_classes > 0)
        status =
            psyi_parallel(grid->n_threads, n_classes, compare_class, &work, grid->allocator, error);

done:
    psyi_free(grid->allocator, work.members);
    psyi_free(grid->allocator, work.class_begins);
    return status;
}
