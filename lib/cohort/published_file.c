/*
 * published_file.c -- what was published before, read back.
 */
#include "cohort/published_file.h"

#include "base/fail.h"
#include "cohort/own_csv.h"

#include <stdlib.h>
#include <string.h>

#define MOST_BYTES ((size_t)64 << 20)

static const char what[] = "published numbers";

enum { SHEET, ROW, FIGURE, VALUE, COLUMNS };

typedef struct reading {
    psyi_results *results;
    psyi_csv csv;
    psyi_published *into;
    size_t room;
    psyi_sha256 *seal;
    const char *said; /* by its last line; NULL: not yet */
    psy_error *error;
} reading;

static psy_status refuse(const reading *r, const char *why)
{
    const psy_location where = psyi_location(r->csv.file, (size_t)r->csv.record_line, 0, 0);
    return psyi_fail(r->error, PSY_E_DATA, &where,
                     "this is no published.csv of a run of psyscreen: %s", why);
}

static psy_status read_cells(reading *r, const char *cells[COLUMNS], bool *empty)
{
    size_t at = 0;
    *empty = false;
    for (bool last = false; !last; at++) {
        psyi_cell cell;
        const psy_status status = psyi_csv_read(&r->csv, &cell, &last, r->error);
        if (status != PSY_OK)
            return status;
        if (at == 0 && last && cell.length == 0) {
            *empty = true;
            return PSY_OK;
        }
        if (at >= COLUMNS)
            return refuse(r, "a line has more than four cells");
        cells[at] = psyi_own_csv_text(&r->results->arena, &cell);
        if (cells[at] == NULL)
            return psyi_fail_memory(r->error, what);
    }
    return at == COLUMNS ? PSY_OK : refuse(r, "a line has fewer than four cells");
}

static psy_status read_head(void *context)
{
    reading *const r = context;
    static const char *const names[COLUMNS] = {"sheet", "row", "figure", "value"};
    const char *cells[COLUMNS];
    bool empty;
    if (!psyi_csv_record(&r->csv))
        return refuse(r, "the file is empty");
    const psy_status status = read_cells(r, cells, &empty);
    if (status != PSY_OK)
        return status;
    for (size_t i = 0; i < COLUMNS; i++)
        if (empty || strcmp(cells[i], names[i]) != 0)
            return refuse(r, "its columns are not sheet, row, figure, value");
    return PSY_OK;
}

void psyi_published_seal(psyi_sha256 *seal, const char *const cells[4])
{
    for (size_t i = 0; i < COLUMNS; i++)
        psyi_sha256_add(seal, cells[i], strlen(cells[i]) + 1);
}

static psy_status read_row(void *context)
{
    reading *const r = context;
    const char *cells[COLUMNS];
    bool empty;
    const psy_status status = read_cells(r, cells, &empty);
    if (status != PSY_OK || empty)
        return status;
    if (r->said != NULL)
        return refuse(r, "a line stands behind the last");
    if (strcmp(cells[SHEET], "publication") == 0 &&
        strcmp(cells[FIGURE], PSYI_PUBLISHED_SEAL) == 0) {
        r->said = cells[VALUE];
        return PSY_OK;
    }
    psyi_published_seal(r->seal, cells);
    psyi_published *const into = r->into;
    void *const numbers = psyi_own_csv_room(&r->results->arena, into->numbers, into->n, &r->room,
                                            sizeof *into->numbers);
    if (numbers == NULL)
        return psyi_fail_memory(r->error, what);
    into->numbers = numbers;
    into->numbers[into->n++] =
        (psyi_published_number){cells[SHEET], cells[ROW], cells[FIGURE], cells[VALUE]};
    return PSY_OK;
}

static int by_place(const void *x, const void *y)
{
    const psyi_published_number *const a = x, *const b = y;
    const int sheets = strcmp(a->sheet, b->sheet);
    const int rows = sheets != 0 ? sheets : strcmp(a->row, b->row);
    return rows != 0 ? rows : strcmp(a->figure, b->figure);
}

const char *psyi_published_find(const psyi_published *published, const char *sheet, const char *row,
                                const char *figure)
{
    const psyi_published_number wanted = {sheet, row, figure, ""};
    const psyi_published_number *const found =
        published->n == 0 ? NULL
                          : bsearch(&wanted, published->numbers, published->n,
                                    sizeof *published->numbers, by_place);
    return found != NULL ? found->value : NULL;
}

size_t psyi_published_rows(const psyi_published *published, const char *sheet, const char *figure)
{
    size_t n = 0;
    for (size_t i = 0; i < published->n; i++)
        n += strcmp(published->numbers[i].sheet, sheet) == 0 &&
             strcmp(published->numbers[i].figure, figure) == 0;
    return n;
}

psy_status psyi_published_of_these(const psyi_results *results, psy_error *error)
{
    for (const psyi_published *of = results->published; of != NULL; of = of->next) {
        bool any = results->n_schools == 0 || psyi_published_rows(of, "school", "target") == 0;
        for (size_t i = 0; i < results->n_schools && !any; i++)
            any = psyi_published_find(of, "school", results->schools[i].code, "target") != NULL;
        if (!any)
            return psyi_fail(error, PSY_E_DATA, NULL,
                             "an earlier publication has none of these schools: it is of another "
                             "district; leave it out");
    }
    return PSY_OK;
}

static psy_status check(const reading *r, const char *path, bool sealed)
{
    const psyi_published *const in = r->into;
    const psy_plan *const plan = r->results->plan;
    const char *const format = psyi_published_find(in, "publication", "", "format");
    const char *const id = psyi_published_find(in, "publication", "", "plan");
    const char *const wave = psyi_published_find(in, "publication", "", "wave");
    for (size_t i = 1; i < in->n; i++)
        if (by_place(&in->numbers[i - 1], &in->numbers[i]) == 0)
            return psyi_fail(r->error, PSY_E_DATA, NULL, "'%s' says a number of %s twice", path,
                             in->numbers[i].sheet);
    if (format == NULL || id == NULL || wave == NULL || strcmp(format, PSYI_PUBLISHED_FORMAT) != 0)
        return psyi_fail(r->error, PSY_E_DATA, NULL,
                         "'%s' is no published.csv of a run of psyscreen: it says no plan and wave",
                         path);
    if (!sealed)
        return psyi_fail(
            r->error, PSY_E_DATA, NULL,
            "'%s' is not what psyscreen wrote: lines are missing, or a number was changed (a "
            "spreadsheet that saves it does so); name the file of the run that was handed out",
            path);
    if (strcmp(id, plan->id) != 0 || strcmp(wave, plan->wave != NULL ? plan->wave : "") != 0)
        return psyi_fail(
            r->error, PSY_E_DATA, NULL,
            "'%s' is a publication of plan '%s', wave '%s', this one is of '%s', '%s': "
            "only publications of one wave can be subtracted; leave it out",
            path, id, wave, plan->id, plan->wave != NULL ? plan->wave : "");
    return PSY_OK;
}

/* In the order of their digests, whichever was named first; named twice it is one. */
static void add(psyi_results *results, psyi_published *one)
{
    psyi_published **at = &results->published;
    while (*at != NULL && strcmp((*at)->digest, one->digest) < 0)
        at = &(*at)->next;
    if (*at != NULL && strcmp((*at)->digest, one->digest) == 0)
        return;
    one->next = *at;
    *at = one;
}

psy_status psyi_published_read(psyi_results *results, const char *path, psy_error *error)
{
    psyi_published *const into = psyi_arena_alloc(&results->arena, 1, sizeof *into);
    if (into == NULL)
        return psyi_fail_memory(error, what);
    reading r = {.results = results, .into = into, .error = error};
    static const psyi_own_csv kind = {
        .what = what, .most = MOST_BYTES, .head = read_head, .row = read_row};
    r.seal = psyi_sha256_new();
    if (r.seal == NULL)
        return psyi_fail_memory(error, what);
    psy_status status =
        psyi_own_csv_read(&kind, &r.csv, path, into->digest, results->allocator, &r, error);
    char seal[65];
    psyi_sha256_hex(r.seal, seal);
    if (status != PSY_OK)
        return status;
    if (into->n > 0)
        qsort(into->numbers, into->n, sizeof *into->numbers, by_place);
    status = check(&r, path, r.said != NULL && strcmp(r.said, seal) == 0);
    if (status == PSY_OK)
        add(results, into);
    return status;
}
