/*
 * number_links.c -- students whose number has changed.
 *
 * A temporary number (L...) is one day replaced by the permanent one (G...), a wrong one by
 * the right one; sheets and rosters go on carrying the old.  The plan's table, and a column
 * of the roster, say which number came after which; everybody is known by the last of them.
 */
#include "base/fail.h"
#include "base/sort.h"
#include "base/spill.h"
#include "cohort/assembly.h"
#include "table/collect.h"

#include <string.h>

static int by_former(const void *x, const void *y, void *context)
{
    (void)context;
    const psyi_link *const a = x, *const b = y;
    const int order = strcmp(a->former, b->former);
    return order != 0 ? order : strcmp(a->now, b->now);
}

static const psyi_link *find(const psyi_assembly *a, const char *code)
{
    size_t low = 0, high = a->n_links;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = strcmp(a->links[middle].former, code);
        if (order == 0)
            return &a->links[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const char *psyi_newest_number(const psyi_assembly *a, const char *code)
{
    for (const psyi_link *link = find(a, code); link != NULL; link = find(a, link->now))
        code = link->now;
    return code;
}

static psy_status add_links(psyi_assembly *a, const psyi_roster *from, psy_error *error)
{
    psyi_arena *const arena = &a->results->arena;
    for (size_t i = 0; i < from->n_rows; i++) {
        psyi_spill_pass(a->allocator, i);
        const psyi_roster_row *const row = &from->rows[i];
        if (row->former[0] == '\0' || row->student[0] == '\0')
            continue;
        const char *const former = psyi_canonical(arena, row->former);
        const char *const now = psyi_canonical(arena, row->student);
        if (former == NULL || now == NULL)
            return psyi_fail_memory(error, "student numbers");
        /* Copied, so that they lie together: every pupil's number is looked for among them. */
        psyi_link *const link = &a->links[a->n_links];
        *link = (psyi_link){.former = psyi_arena_text(arena, former, strlen(former)),
                            .now = psyi_arena_text(arena, now, strlen(now)),
                            .file = from->files[row->file].name,
                            .row = row->row};
        if (link->former == NULL || link->now == NULL)
            return psyi_fail_memory(error, "student numbers");
        a->n_links += strcmp(link->former, link->now) != 0;
    }
    return PSY_OK;
}

static psy_status refuse(const psyi_link *link, const char *what, psy_error *error)
{
    const psy_location where = psyi_location(link->file, link->row, 1, 1);
    return psyi_fail(error, PSY_E_DATA, &where, "%s", what);
}

/* One number has one successor, and nobody comes back to a number he has left. */
static psy_status check(psyi_assembly *a, psy_error *error)
{
    size_t kept = 0;
    for (size_t i = 0; i < a->n_links; i++) {
        if (kept == 0 || strcmp(a->links[i].former, a->links[kept - 1].former) != 0)
            a->links[kept++] = a->links[i];
        else if (strcmp(a->links[i].now, a->links[kept - 1].now) != 0)
            return refuse(&a->links[i],
                          "a former student number has two different successors: keep the line "
                          "that is right",
                          error);
    }
    a->n_links = kept;
    for (size_t i = 0; i < a->n_links; i++) {
        size_t steps = 0;
        psyi_spill_pass(a->allocator, i * 8); /* every step jumps */
        for (const psyi_link *at = &a->links[i]; at != NULL; at = find(a, at->now))
            if (steps++ > a->n_links)
                return refuse(&a->links[i],
                              "this former student number leads back to itself: take out the "
                              "line that is wrong",
                              error);
    }
    return PSY_OK;
}

psy_status psyi_link_numbers(psyi_assembly *a, psy_error *error)
{
    const psyi_roster *const roster = a->results->roster;
    if (roster == NULL)
        return PSY_OK;
    const size_t most = roster->n_rows + (roster->links != NULL ? roster->links->n_rows : 0);
    a->links = psyi_alloc(a->allocator, most, sizeof *a->links);
    if (a->links == NULL)
        return psyi_fail_memory(error, "student numbers");
    psy_status status = add_links(a, roster, error);
    if (status == PSY_OK && roster->links != NULL)
        status = add_links(a, roster->links, error);
    if (status != PSY_OK)
        return status;
    if (!psyi_merge_sort(a->links, a->n_links, sizeof *a->links, by_former, NULL, a->allocator))
        return psyi_fail_memory(error, "student numbers");
    return check(a, error);
}

psy_status psyi_tell_links(const psyi_assembly *a, psy_error *error)
{
    const psyi_intake *const intake = a->results->intake;
    psy_status status = PSY_OK;
    for (uint32_t i = 0; a->n_links > 0 && i < intake->n_records && status == PSY_OK; i++) {
        psyi_spill_pass(a->allocator, i);
        if (a->record_student[i] == PSYI_NO_STUDENT)
            continue;
        const char *const given = psyi_canonical(&a->results->arena, intake->records[i].student);
        if (given == NULL)
            return psyi_fail_memory(error, "student numbers");
        if (find(a, given) == NULL)
            continue;
        const psy_finding finding = psyi_record_finding(a, i, PSY_NOTE, "former_number", "student");
        status = psyi_find(a->findings, &finding, error,
                           "the sheet carries an earlier number of the student, whom the table "
                           "of numbers names");
    }
    return status;
}
