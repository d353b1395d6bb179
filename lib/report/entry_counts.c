/*
 * entry_counts.c -- the counts of 处置进度 from the entries of ledgers, as psyscreen collect
 * --counts makes them; but of the cases on the lists of this run, in the tiers it gives them.
 *
 * A school is known to have sent its ledger by any row of it.  Whoever stands on its list and in
 * none of its rows came to the list later: a case about which nothing was written.
 */
#include "base/spill.h"
#include "cohort/carried.h"
#include "cohort/own_csv.h"
#include "cohort/process_counts.h"
#include "intake/cell.h"
#include "report/case_progress.h"
#include "report/layout.h"
#include "report/release_table.h"

#include <string.h>

#define TIERS 17 /* tier + 1 */

typedef struct counting {
    psyi_report *report;
    const psyi_carried *carried;
    int32_t as_of; /* the day for which the entries were collected; PSYI_NO_DAY */
} counting;

static int32_t day_of(const psyi_carried *carried, const psyi_carried_row *row, const char *key)
{
    const char *const text = psyi_carried_cell(carried, row, key);
    int32_t days, seconds;
    return text[0] != '\0' &&
                   psyi_date_read(text, strlen(text), "ymd", &days, &seconds) == PSYI_DATE_OK
               ? days
               : PSYI_NO_DAY;
}

/* Entries of several schools may have been collected at several times. */
static int32_t latest_as_of(const psyi_carried *carried)
{
    int32_t latest = PSYI_NO_DAY;
    for (size_t i = 0; i < carried->n_rows; i++) {
        const int32_t day = day_of(carried, &carried->rows[i], "as_of");
        latest = day > latest ? day : latest;
    }
    return latest;
}

static bool says(const counting *c, const psyi_carried_row *row, const char *key, const char *word)
{
    return strcmp(psyi_carried_cell(c->carried, row, key), word) == 0;
}

static int8_t state_of(const char *word)
{
    for (int8_t i = 0; psyi_case_states[i].en != NULL; i++)
        if (strcmp(psyi_case_states[i].en, word) == 0)
            return i;
    return -1;
}

static psyi_contact contact_of(const counting *c, const psyi_carried_row *row)
{
    const char *const state = psyi_carried_cell(c->carried, row, "status");
    return (psyi_contact){
        .ledger = !row->of_list,
        .touched = row->touched,
        .interview = says(c, row, "mode", "interview"),
        .concluded = psyi_carried_cell(c->carried, row, "conclusion")[0] != '\0',
        .guardian = says(c, row, "guardian_informed", "yes"),
        .referred = says(c, row, "referral", "made"),
        .with_state = state[0] != '\0',
        .state = state_of(state),
        .day = day_of(c->carried, row, "date"),
        .next = day_of(c->carried, row, "next_date"),
    };
}

/* The program's own, where no row says it. */
static int32_t due_of(const counting *c, size_t student)
{
    int hours;
    const int64_t since = psyi_critical_since(c->report->results, student, &hours);
    return hours > 0 && since != PSYI_NO_TIME ? (int32_t)((since + (int64_t)hours * 3600) / 86400)
                                              : PSYI_NO_DAY;
}

static void count_student(const counting *c, size_t student, uint64_t *counts)
{
    const char *const id = psyi_case_id(c->report, student);
    const size_t school = c->report->results->students[student].school;
    psyi_case_progress progress;
    int32_t due = PSYI_NO_DAY;
    bool known = false;
    psyi_case_begin(&progress);
    for (int of_list = 0; of_list < 2; of_list++) {
        const psyi_carried_row *rows;
        const size_t n = psyi_carried_of_case(c->carried, school, id, of_list != 0, &rows);
        for (size_t i = 0; i < n; i++) {
            const psyi_contact contact = contact_of(c, &rows[i]);
            psyi_case_take(&progress, &contact);
            if (due == PSYI_NO_DAY)
                due = day_of(c->carried, &rows[i], "due_by");
            known = true;
        }
    }
    psyi_case_count(&progress, known ? due : due_of(c, student), c->as_of, counts);
    if (c->as_of == PSYI_NO_DAY)
        counts[PSYI_PROCESS_OVERDUE] = PSYI_PROCESS_UNKNOWN;
}

/* One row for each tier of a school that has cases; false without memory. */
static bool count_school(const counting *c, size_t school, psyi_process *out, size_t *room)
{
    const psyi_results *const results = c->report->results;
    const psyi_school *const of = &results->schools[school];
    uint64_t counts[TIERS][PSYI_PROCESS_COUNTS] = {{0}};
    for (size_t i = of->first_student; i < of->first_student + of->n_students; i++) {
        psyi_spill_pass(results->allocator, i);
        if (psyi_listed(results, i))
            count_student(c, i, counts[results->students[i].tier + 1]);
    }
    for (int tier = TIERS - 2; tier >= PSYI_NOT_JUDGED; tier--) {
        if (counts[tier + 1][PSYI_PROCESS_CASES] == 0)
            continue;
        void *const rows =
            psyi_own_csv_room(&c->report->arena, out->rows, out->n_rows, room, sizeof *out->rows);
        if (rows == NULL)
            return false;
        out->rows = rows;
        psyi_process_row *const row = &out->rows[out->n_rows++];
        *row = (psyi_process_row){.school = (uint32_t)school, .tier = (int8_t)tier};
        memcpy(row->counts, counts[tier + 1], sizeof row->counts);
    }
    return true;
}

const psyi_process *psyi_entry_counts(psyi_report *report)
{
    const psyi_results *const results = report->results;
    const counting c = {report, results->carried, latest_as_of(results->carried)};
    psyi_process *const out = psyi_arena_alloc(&report->arena, 1, sizeof *out);
    size_t room = 0;
    bool good = out != NULL;
    for (size_t school = 0; school < results->n_schools && good; school++) {
        const psyi_carried_row *rows;
        if (psyi_carried_of_school(results->carried, school, &rows) > 0)
            good = count_school(&c, school, out, &room);
    }
    if (good)
        return out;
    psyi_book_fail(report->book, PSY_E_NOMEM, "out of memory: counts of ledgers");
    return NULL;
}
