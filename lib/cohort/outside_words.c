/*
 * outside_words.c -- the wave before and reports from outside, as lists print them.
 */
#include "cohort/assembly.h"
#include "cohort/previous_wave.h"
#include "intake/external.h"

#include <stdio.h>
#include <time.h>

static const char *in(psyi_language language, const char *en, const char *zh)
{
    return language == PSYI_ZH ? zh : en;
}

uint32_t psyi_previous_row_of(const psyi_results *results, size_t student)
{
    return results->previous != NULL ? results->students[student].previous : PSYI_NO_PREVIOUS;
}

int psyi_ranks_worse(const psyi_results *results, size_t student)
{
    const uint32_t row = psyi_previous_row_of(results, student);
    if (row == PSYI_NO_PREVIOUS || !results->previous->rules_alike)
        return 0;
    const int before = results->previous->rows[row].tier, now = results->students[student].tier;
    return before != PSYI_NOT_JUDGED && now > before ? now - before : 0;
}

static const char *tier_name(const psy_plan *plan, int rank, psyi_language language)
{
    for (size_t i = 0; plan->scheme != NULL && i < plan->scheme->n_tiers; i++)
        if (plan->scheme->tiers[i].rank == rank)
            return psyi_label_text(plan->scheme->tiers[i].name, language, "?");
    return in(language, "not judged", "未能判定");
}

void psyi_previous_words(const psyi_results *results, size_t student, psyi_language language,
                         psyi_buffer *out)
{
    const uint32_t row = psyi_previous_row_of(results, student);
    if (row == PSYI_NO_PREVIOUS || !psyi_printable(results, student))
        return;
    const psyi_previous *const previous = results->previous;
    const psyi_previous_row *const before = &previous->rows[row];
    if (!previous->ranks_alike)
        psyi_buffer_text(out, in(language, "another tier scheme", "等级方案不同"));
    else if (before->tier == PSYI_NOT_JUDGED && before->status <= PSYI_STATUS_ABSENT)
        psyi_buffer_text(
            out, psyi_label_text(psyi_status_label((psyi_status)before->status), language, ""));
    else
        psyi_buffer_text(out, tier_name(results->plan, before->tier, language));
    if (psyi_ranks_worse(results, student) > 0)
        psyi_buffer_text(out, in(language, ", worse now", "，现加重"));
    else if (previous->ranks_alike && !previous->rules_alike)
        psyi_buffer_text(out, in(language, ", other rules", "，规则不同"));
}

static void add_day(int32_t day, psyi_buffer *out)
{
    const time_t when = (time_t)day * 86400;
    struct tm parts;
    if (day != INT32_MIN && gmtime_r(&when, &parts) != NULL)
        psyi_buffer_format(out, "%04d-%02d-%02d", parts.tm_year + 1900, parts.tm_mon + 1,
                           parts.tm_mday);
}

void psyi_external_words(const psyi_results *results, size_t student, psyi_language language,
                         bool with_text, psyi_buffer *out)
{
    const psyi_student *const s = &results->students[student];
    if (results->external == NULL || !psyi_printable(results, student))
        return;
    for (uint32_t i = 0; i < s->n_reports; i++) {
        const psyi_external_row *const row =
            &results->external->rows[results->reports[s->first_report + i]];
        if (i > 0)
            psyi_buffer_text(out, in(language, "; ", "；"));
        psyi_buffer_text(out, psyi_label_text(psyi_source_label((psyi_external_source)row->source),
                                              language, ""));
        psyi_buffer_text(out, in(language, ": ", "："));
        psyi_buffer_text(out, results->plan->external_codes[row->code].text);
        if (row->day != INT32_MIN) {
            psyi_buffer_text(out, in(language, " (", "（"));
            add_day(row->day, out);
            psyi_buffer_text(out, in(language, ")", "）"));
        }
        if (with_text && row->text[0] != '\0') {
            psyi_buffer_text(out, in(language, ", ", "，"));
            psyi_buffer_text(out, row->text);
        }
        if (with_text && row->by[0] != '\0') {
            psyi_buffer_text(out, in(language, ", by ", "，填写人："));
            psyi_buffer_text(out, row->by);
        }
    }
}
