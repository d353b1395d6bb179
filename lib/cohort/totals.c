/*
 * totals.c -- totals that a file brings along, held against those scored from its answers.
 *
 * Only the answers count.  A platform that scores by another key, a column that was sorted
 * apart from the others, a total typed by hand: all of them show as totals that differ.
 * Values are not quoted, since they are results of children.
 */
#include "base/fail.h"
#include "base/number.h"
#include "base/spill.h"
#include "cohort/assembly.h"
#include "intake/cell.h"
#include "table/collect.h"

#include <string.h>

enum { TOLD = 20 }; /* of one column; the rest is counted */

/* Whether the file gives a total that differs; *compared when both were there. */
static bool differs(const psyi_assembly *a, const psyi_total *total, size_t column, uint32_t i,
                    bool *compared)
{
    const psyi_record *const record = &a->results->intake->records[i];
    const psyi_scores *const scores = a->results->scores[total->use];
    char room[PSYI_CELL_ROOM];
    const char *text = record->kept[column];
    size_t length = strlen(text);
    psyi_ratio given;
    *compared = false;
    const bool is_short = psyi_cell_clean(&text, &length, room); /* else it is no number */
    if (length == 0 || scores->status[psyi_scale_at(scores, total->scale, i)] != PSYI_SCORED)
        return false;
    *compared = true;
    const psyi_ratio scored = psyi_scores_value(scores, total->scale, i);
    return !is_short || !psyi_ratio_parse(text, length, &given) || scored.den == 0 ||
           psyi_ratio_compare(given, scored) != 0;
}

static psy_status check(const psyi_assembly *a, size_t column, psy_error *error)
{
    const psyi_input *const input = &a->plan->responses;
    const psyi_total *const total = &input->totals[column];
    const psyi_intake *const intake = a->results->intake;
    unsigned long long n = 0, compared = 0;
    psy_status status = PSY_OK;
    if (a->results->scores[total->use] == NULL)
        return PSY_OK;
    for (uint32_t i = 0; i < intake->n_records && status == PSY_OK; i++) {
        psyi_spill_pass(a->allocator, i);
        bool both = false;
        if (intake->records[i].kept == NULL)
            continue;
        const bool wrong = differs(a, total, column, i, &both);
        compared += both;
        if (!wrong || ++n > TOLD)
            continue;
        psy_finding finding =
            psyi_record_finding(a, i, PSY_WARNING, "total_differs", input->total_names[column]);
        finding.remedy = "find out which key the file was scored with, and whether its rows are "
                         "still in one piece";
        status = psyi_find(a->findings, &finding, error,
                           "the total in the file is not the one of the answers, which counts");
    }
    if (status != PSY_OK || n <= TOLD)
        return status;
    const psy_finding finding = {
        .field = input->total_names[column], .rule = "total_differs", .severity = PSY_WARNING};
    return psyi_find(a->findings, &finding, error, "%llu of %llu totals differ, %d were told", n,
                     compared, (int)TOLD);
}

psy_status psyi_check_totals(psyi_assembly *a, psy_error *error)
{
    psy_status status = PSY_OK;
    for (size_t i = 0; i < a->plan->responses.n_totals && status == PSY_OK; i++)
        status = check(a, i, error);
    return status;
}
