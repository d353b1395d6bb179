/*
 * cross_products.c -- sums of products of answers, in integers.
 *
 * Integer sums are the same in any order, which makes every covariance, correlation and
 * Mahalanobis distance after them independent of threads, and correct to one rounding.  Work
 * goes in blocks of rows turned to 16 bits, whose fixed length lets the compiler use
 * multiply-and-add instructions; where a block has no missing answer the sums with masks are
 * known without multiplying.
 */
#include "base/fail.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "validity/grid.h"

#include <string.h>

/* 127 * 127 * 256 stays far below 2^31. */
#define BLOCK 256
/* Each task has matrices of its own; more of them than this would only cost memory. */
#define MOST_TASKS     16
#define MOST_BYTES     ((size_t)64 << 20)
#define LEAST_ROWS     (4 * BLOCK)
#define MOST_PER_BLOCK 4 /* matrices */

static int32_t dot(const int16_t *restrict a, const int16_t *restrict b)
{
    int32_t sum = 0;
    for (size_t i = 0; i < BLOCK; i++)
        sum += (int32_t)a[i] * b[i];
    return sum;
}

/* One block of one column. */
typedef struct column_block {
    int16_t x[BLOCK]; /* 0 where missing */
    int16_t q[BLOCK]; /* x * x */
    int16_t m[BLOCK]; /* 1 where answered */
    int32_t n, sum, squares;
    bool full; /* nothing missing among the rows there are */
} column_block;

typedef struct cross_work {
    const psy_answer_grid *grid;
    const uint8_t *complete;
    size_t n_tasks;
    int64_t *partial; /* [task][matrix][i * n_items + j] */
    size_t n_matrices;
} cross_work;

static void fill_block(column_block *block, const int8_t *column, const uint8_t *complete, size_t n)
{
    memset(block->x, 0, sizeof block->x);
    memset(block->m, 0, sizeof block->m);
    block->n = block->sum = 0;
    for (size_t row = 0; row < n; row++) {
        const int16_t there = complete != NULL ? complete[row] : column[row] >= 0;
        block->m[row] = there;
        block->x[row] = (int16_t)(there ? column[row] : 0);
        block->n += there;
        block->sum += block->x[row];
    }
    block->squares = 0;
    for (size_t row = 0; row < BLOCK; row++) {
        block->q[row] = (int16_t)(block->x[row] * block->x[row]);
        block->squares += block->q[row];
    }
    block->full = block->n == (int32_t)n;
}

static void add_masked(const cross_work *work, int64_t *into, const column_block *a,
                       const column_block *b, size_t i, size_t j)
{
    const size_t k = work->grid->n_items, matrix = k * k;
    const int32_t n = a->full ? b->n : b->full ? a->n : dot(a->m, b->m);
    into[matrix + i * k + j] += n;
    into[2 * matrix + i * k + j] += b->full ? a->sum : dot(a->x, b->m);
    into[3 * matrix + i * k + j] += b->full ? a->squares : dot(a->q, b->m);
    if (i == j)
        return;
    into[matrix + j * k + i] += n;
    into[2 * matrix + j * k + i] += a->full ? b->sum : dot(b->x, a->m);
    into[3 * matrix + j * k + i] += a->full ? b->squares : dot(b->q, a->m);
}

static psy_status multiply_rows(void *context, size_t index, psy_error *error)
{
    const cross_work *const work = context;
    const psy_answer_grid *const grid = work->grid;
    const size_t k = grid->n_items;
    int64_t *const into = work->partial + index * work->n_matrices * k * k;
    column_block *const columns = psyi_alloc(grid->allocator, k, sizeof *columns);
    if (columns == NULL)
        return psyi_fail_memory(error, "a block of answers");
    const size_t n_blocks = (grid->n_rows + BLOCK - 1) / BLOCK;
    /* Blocks are dealt out in turn, so that all tasks are equally long. */
    for (size_t block = index; block < n_blocks; block += work->n_tasks) {
        const size_t first = block * BLOCK;
        const size_t n = grid->n_rows - first < BLOCK ? grid->n_rows - first : BLOCK;
        for (size_t i = 0; i < k; i++)
            fill_block(&columns[i], grid->items[i] + first,
                       work->complete != NULL ? work->complete + first : NULL, n);
        for (size_t i = 0; i < k; i++)
            for (size_t j = i; j < k; j++) {
                into[i * k + j] += dot(columns[i].x, columns[j].x);
                if (work->n_matrices > 1)
                    add_masked(work, into, &columns[i], &columns[j], i, j);
            }
    }
    psyi_free(grid->allocator, columns);
    return PSY_OK;
}

psy_status psyi_cross_make(psyi_cross *out, const psy_answer_grid *grid, const uint8_t *complete,
                           psy_error *error)
{
    const size_t k = grid->n_items;
    cross_work work = {.grid = grid, .complete = complete, .n_tasks = MOST_TASKS};
    work.n_matrices = complete != NULL ? 1 : MOST_PER_BLOCK;
    const size_t one = work.n_matrices * k * k;
    while (work.n_tasks > 1 && (work.n_tasks * one * sizeof *work.partial > MOST_BYTES ||
                                work.n_tasks * LEAST_ROWS > grid->n_rows))
        work.n_tasks--;
    work.partial = psyi_alloc(grid->allocator, work.n_tasks * one, sizeof *work.partial);
    if (work.partial == NULL)
        return psyi_fail_memory(error, "cross-products of items");
    const psy_status status =
        psyi_parallel(grid->n_threads, work.n_tasks, multiply_rows, &work, grid->allocator, error);
    if (status != PSY_OK) {
        psyi_free(grid->allocator, work.partial);
        return status;
    }
    for (size_t task = 1; task < work.n_tasks; task++)
        for (size_t i = 0; i < one; i++)
            work.partial[i] += work.partial[task * one + i];
    *out = (psyi_cross){.n_items = k, .xy = work.partial};
    if (complete == NULL) {
        out->n = work.partial + k * k;
        out->x = work.partial + 2 * k * k;
        out->xx = work.partial + 3 * k * k;
    }
    return PSY_OK;
}

void psyi_cross_done(psyi_cross *cross, const psy_allocator *allocator)
{
    psyi_free(allocator, cross->xy);
    *cross = (psyi_cross){0};
}
