/*
 * report_base.c -- what every workbook begins and ends with: whose students, which
 * language, whether names may be printed, and the two sentences no sheet goes without.
 */
#include "base/spill.h"
#include "report/groups.h"
#include "report/role_cut.h"

#include "base/fail.h"

#include <string.h>

const char *psyi_not_a_diagnosis(psyi_report *report)
{
    return psyi_report_format(
        report, "%s%s", PSYI_WORD(report, "筛查结果不是诊断。", "Screening is not a diagnosis. "),
        psyi_text(report, report->reader));
}

const char *psyi_legend(const psyi_report *report)
{
    const psyi_scheme *const scheme = report->results->plan->scheme;
    if (report->role != NULL && !report->role->legend)
        return "";
    return scheme != NULL ? psyi_text(report, scheme->legend) : "";
}

const char *psyi_report_about(const psyi_report *report)
{
    if (report->whose != NULL || report->school >= report->results->n_schools)
        return report->whose;
    const psyi_school *const school = &report->results->schools[report->school];
    return school->name != NULL && school->name[0] != '\0' ? school->name : school->code;
}

const char *psyi_legend_phrase(psyi_report *report)
{
    const char *const legend = psyi_legend(report);
    size_t length = strlen(legend);
    if (length >= 3 && memcmp(legend + length - 3, "。", 3) == 0)
        length -= 3;
    else if (length > 0 && legend[length - 1] == '.')
        length--;
    return psyi_report_format(report, "%.*s", (int)length, legend);
}

/* Once, in the first language: headers are narrow. */
psyi_label psyi_tier_head(psyi_report *report, psyi_label name)
{
    const char *const legend = psyi_legend_phrase(report);
    if (legend[0] == '\0')
        return name;
    if (report->language == PSYI_ZH && name.zh != NULL)
        name.zh = psyi_report_format(report, "%s\n（%s）", name.zh, legend);
    else if (report->language == PSYI_EN && name.en != NULL)
        name.en = psyi_report_format(report, "%s\n(%s)", name.en, legend);
    return name;
}

/* A school of small children has no columns for what they are not asked. */
static uint64_t find_uses(const psyi_report *report)
{
    const psyi_results *const results = report->results;
    uint64_t uses = 0;
    for (size_t i = report->first; i < report->first + report->n; i++) {
        const psyi_student *const who = &results->students[i];
        psyi_spill_pass(results->allocator, i);
        if (who->battery < results->plan->n_batteries)
            uses |= results->book->battery_uses[who->battery] |
                    results->book->second_uses[who->battery];
        for (size_t use = 0; use < results->plan->n_uses; use++)
            if ((uses >> use & 1) == 0 && who->n_records > 0 &&
                psyi_selected(results, i, use) != PSYI_NO_SHEET)
                uses |= (uint64_t)1 << use;
    }
    return uses;
}

/* The list once, for the sheets that need it. */
static psy_status find_list(psyi_report *report, psy_error *error)
{
    const psyi_results *const results = report->results;
    if (report->school == PSYI_ALL_SCHOOLS)
        return PSY_OK;
    report->list = psyi_arena_alloc(&report->arena, report->n + 1, sizeof *report->list);
    if (report->list == NULL)
        return psyi_fail_memory(error, "a warning list");
    report->by_class = psyi_order_by_class(report);
    if (report->by_class == NULL)
        return psyi_fail_memory(error, "students by class");
    report->near = psyi_arena_alloc(&report->arena, report->n, sizeof *report->near);
    if (report->near == NULL)
        return psyi_fail_memory(error, "a warning list");
    const psy_status status =
        psyi_near_students(results, report->first, report->n, report->near, error);
    if (status != PSY_OK)
        return status;
    const size_t n = psyi_list_order(results, report->school, report->list);
    /* Who did not consent is on the sealed list alone. */
    for (size_t i = 0; i < n; i++)
        if (psyi_printable(results, report->list[i]))
            report->list[report->n_list++] = report->list[i];
    return PSY_OK;
}

psy_status psyi_report_open(psyi_report *report, const psyi_results *results,
                            const psy_findings *findings, size_t school, const char *title,
                            const char *path, psy_error *error)
{
    const psy_plan *const plan = results->plan;
    memset(report, 0, sizeof *report);
    report->results = results;
    report->findings = findings;
    report->school = school;
    report->language = plan->n_languages > 0 ? plan->languages[0] : PSYI_ZH;
    report->both = plan->n_languages != 1;
    /* What spans schools leaves them, and then bears no names. */
    report->names = school == PSYI_ALL_SCHOOLS ? !plan->pseudonym : plan->school_names;
    report->reader =
        school == PSYI_ALL_SCHOOLS
            ? (psyi_label)PSYI_LABEL("供区级心理中心与教育局内部使用：只有合计，学校不排名。",
                                     "For the district's centre and bureau: sums only, schools are "
                                     "not ranked.")
            : (psyi_label)PSYI_LABEL("仅供心理教师按职责使用，请勿外传。",
                                     "For the psychology teacher only.");
    report->first = school == PSYI_ALL_SCHOOLS ? 0 : results->schools[school].first_student;
    report->n =
        school == PSYI_ALL_SCHOOLS ? results->n_students : results->schools[school].n_students;
    report->uses = find_uses(report);
    psyi_arena_init(&report->arena, results->allocator);
    psyi_buffer_init(&report->text, results->allocator);
    psyi_buffer_init(&report->more, results->allocator);
    psyi_count(results, report->first, report->n, NULL, NULL, &report->counts);
    const psyi_book_options options = {
        .path = path,
        .title = title,
        .created = results->as_of != PSYI_NO_TIME ? results->as_of : 0,
        .scheme = plan->scheme,
        .language = report->language,
        .reference = results->reference_writer,
        .fast = results->fast,
        .draft = results->drafts,
        .allocator = results->books != NULL ? results->books : results->allocator,
    };
    psy_status status = find_list(report, error);
    if (status == PSY_OK)
        status = psyi_book_new(&report->book, &options, error);
    if (status != PSY_OK) {
        psyi_arena_done(&report->arena);
        psyi_buffer_done(&report->text);
        psyi_buffer_done(&report->more);
    }
    return status;
}

psy_status psyi_report_close(psyi_report *report, psy_error *error)
{
    const psy_status status = psyi_book_close(report->book, error);
    psyi_arena_done(&report->arena);
    psyi_buffer_done(&report->text);
    psyi_buffer_done(&report->more);
    return status;
}
