/*
 * test_report.c -- scores.csv, run.json and the workbooks of a run with every status.
 */
#include "report_fixture.h"
#include "test_support.h"

#include "base/file.h"
#include "base/parallel.h"
#include "report/release_shared.h"
#include "report/report.h"
#include "report/role_cut.h"
#include "report/school_findings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

static report_fixture run;

static int set_up(void **state)
{
    static char directory[1024];
    (void)state;
    snprintf(directory, sizeof directory, "%s", psy_test_source("tests/golden/report"));
    return report_fixture_make(&run, directory, directory) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    report_fixture_free(&run);
    return 0;
}

/* Members of a package that are XML, one after the other; to be freed. */
static char *package_text(const char *path)
{
    int code;
    zip_t *const archive = zip_open(path, ZIP_RDONLY, &code);
    assert_non_null(archive);
    size_t length = 0;
    char *all = calloc(1, 1);
    for (zip_int64_t i = 0; i < zip_get_num_entries(archive, 0); i++) {
        zip_stat_t about;
        assert_int_equal(zip_stat_index(archive, (zip_uint64_t)i, 0, &about), 0);
        all = realloc(all, length + about.size + 1);
        assert_non_null(all);
        zip_file_t *const file = zip_fopen_index(archive, (zip_uint64_t)i, 0);
        assert_non_null(file);
        assert_int_equal(zip_fread(file, all + length, about.size), about.size);
        zip_fclose(file);
        length += about.size;
    }
    all[length] = '\0';
    zip_discard(archive);
    return all;
}

static void assert_lacks(const char *text, const char *part)
{
    if (strstr(text, part) != NULL)
        fail_msg("'%s' is there", part);
}

static size_t school_of(const char *code)
{
    for (size_t i = 0; i < run.results->n_schools; i++)
        if (strcmp(run.results->schools[i].code, code) == 0)
            return i;
    fail_msg("no school %s", code);
    return 0;
}

static void assert_ok(psy_status status, const psy_error *error)
{
    if (status != PSY_OK)
        fail_msg("%s: %s", psy_status_name(status), error->message);
}

/* ---- scores.csv ---- */

static void test_scores_are_those_of_the_golden_file(void **state)
{
    (void)state;
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    const psy_sink sink = psy_test_sink(&text);
    psy_error error;
    assert_ok(psyi_report_scores(run.results, &sink, &error), &error);
    size_t length;
    char *const golden =
        psy_test_read_file(psy_test_source("tests/golden/report/expected/scores.csv"), &length);
    assert_string_equal(text.data, golden);
    free(golden);
    psyi_buffer_done(&text);
}

static void test_a_sink_that_is_full_is_an_output_error(void **state)
{
    (void)state;
    size_t room = 100;
    const psy_sink sink = psy_test_full_sink(&room);
    assert_int_equal(psyi_report_scores(run.results, &sink, NULL), PSY_E_OUTPUT);
    room = 100;
    assert_int_equal(psyi_report_manifest(run.results, NULL, 0, run.findings, &sink, NULL),
                     PSY_E_OUTPUT);
}

/* ---- run.json ---- */

static void test_the_manifest_holds_no_path_and_no_name(void **state)
{
    (void)state;
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    const psy_sink sink = psy_test_sink(&text);
    psyi_output_file outputs[2] = {{.name = (char *)"schools/S2.xlsx"},
                                   {.name = (char *)"schools/S1.xlsx"}};
    memset(outputs[0].digest, 'b', 64);
    memset(outputs[1].digest, 'a', 64);
    psy_error error;
    assert_ok(psyi_report_manifest(run.results, outputs, 2, run.findings, &sink, &error), &error);
    assert_lacks(text.data, PSY_SOURCE_DIR);
    assert_lacks(text.data, "王");
    const char *const s1 = strstr(text.data, "schools/S1.xlsx");
    const char *const s2 = strstr(text.data, "schools/S2.xlsx");
    assert_true(s1 != NULL && s2 != NULL && s1 < s2);
    assert_non_null(strstr(text.data, "\"T_target\": 20"));
    assert_non_null(strstr(text.data, "\"as_of\": \"2026-10-15\""));
    psyi_buffer_done(&text);
}

/* ---- workbooks ---- */

static psy_status write_one(size_t which, const char *directory, psy_error *error)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%zu.xlsx", directory, which);
    if (which < run.results->n_schools)
        return psyi_report_school(run.results, which, path, run.findings, error);
    if (which == run.results->n_schools)
        return psyi_report_district(run.results, path, run.findings, error);
    return which == run.results->n_schools + 1 ? psyi_report_unmatched(run.results, path, error)
                                               : psyi_report_sealed(run.results, path, error);
}

static psy_status write_task(void *context, size_t index, psy_error *error)
{
    /* Each workbook several times at once. */
    const size_t n = run.results->n_schools + 3;
    char directory[1024];
    snprintf(directory, sizeof directory, "%s/%zu", (const char *)context, index / n);
    return write_one(index % n, directory, error);
}

static void test_workbooks_are_the_same_on_any_number_of_threads(void **state)
{
    (void)state;
    char root[1024];
    psy_error error;
    snprintf(root, sizeof root, "%s", psy_test_directory());
    const size_t n = run.results->n_schools + 3;
    for (size_t i = 0; i < 6; i++) {
        char directory[1100];
        snprintf(directory, sizeof directory, "%s/%zu", root, i);
        assert_ok(psyi_directory_make(directory, &error), &error);
    }
    assert_ok(psyi_parallel(1, n, write_task, root, NULL, &error), &error);
    assert_ok(psyi_parallel(4, 6 * n, write_task, root, NULL, &error), &error);
    for (size_t copy = 1; copy < 6; copy++)
        for (size_t i = 0; i < n; i++) {
            char one[1100], two[1100], first[65], second[65];
            snprintf(one, sizeof one, "%s/0/%zu.xlsx", root, i);
            snprintf(two, sizeof two, "%s/%zu/%zu.xlsx", root, copy, i);
            assert_ok(psyi_file_digest(one, first, &error), &error);
            assert_ok(psyi_file_digest(two, second, &error), &error);
            assert_string_equal(first, second);
        }
    psy_test_directory_remove();
}

/* The header, then the lines from the last to the first. */
static void reverse_lines(const char *from, const char *to)
{
    size_t length;
    char *const text = psy_test_read_file(from, &length);
    char *const out = calloc(length + 1, 1);
    const char *const head = strchr(text, '\n') + 1;
    size_t at = (size_t)(head - text);
    memcpy(out, text, at);
    for (const char *end = text + length; end > head;) {
        const char *begin = end - 1;
        while (begin > head && begin[-1] != '\n')
            begin--;
        memcpy(out + at, begin, (size_t)(end - begin));
        at += (size_t)(end - begin);
        end = begin;
    }
    psy_test_write_file(to, out, at);
    free(out);
    free(text);
}

static void test_the_order_of_rows_changes_no_workbook(void **state)
{
    (void)state;
    const char *const inputs = psy_test_source("tests/golden/report");
    const char *const directory = psy_test_directory();
    reverse_lines(psy_test_path(inputs, "roster.csv"), psy_test_path(directory, "roster.csv"));
    reverse_lines(psy_test_path(inputs, "responses.csv"),
                  psy_test_path(directory, "responses.csv"));
    const report_fixture before = run;
    report_fixture reversed;
    assert_true(report_fixture_make(&reversed, inputs, directory));
    psy_error error;
    /* The workbook of unmatched sheets names their lines, so it differs. */
    for (size_t which = 0; which < run.results->n_schools + 1; which++) {
        char digests[2][65], path[1024];
        for (int i = 0; i < 2; i++) {
            run = i == 0 ? before : reversed;
            assert_ok(write_one(which, directory, &error), &error);
            snprintf(path, sizeof path, "%s/%zu.xlsx", directory, which);
            assert_ok(psyi_file_digest(path, digests[i], &error), &error);
        }
        run = before;
        assert_string_equal(digests[0], digests[1]);
    }
    report_fixture_free(&reversed);
    psy_test_directory_remove();
}

/* Findings dealt out to schools: the workbook of each says what it said when it looked through all
 * of them, whatever a finding knows of its place. */
static void test_findings_dealt_out_leave_workbooks_as_they_were(void **state)
{
    (void)state;
    const psyi_results *const r = run.results;
    char digests[2][8][65];
    psy_error error;
    assert_true(r->n_schools > 1 && r->n_schools <= 8);
    psy_findings *findings;
    assert_ok(psy_findings_new(&findings, NULL, &error), &error);
    for (size_t i = 0; i < r->n_students; i++) {
        const psyi_student *const who = &r->students[i];
        const char *path = r->roster->files[0].name;
        const psy_finding by_row = {
            .file = path, .row = who->roster_row, .rule = "by_row", .severity = PSY_NOTE};
        const psy_finding by_both = {.file = strrchr(path, '/') + 1,
                                     .row = who->roster_row,
                                     .subject = who->id,
                                     .rule = "by_both"};
        const psy_finding no_line = {.file = path, .row = 900000 + i, .rule = "no_line"};
        assert_ok(psy_findings_add(findings, &by_row, &error), &error);
        assert_ok(psy_findings_add(findings, &by_both, &error), &error);
        assert_ok(psy_findings_add(findings, &no_line, &error), &error);
        for (uint32_t j = 0; j < who->n_records; j++) {
            const psyi_record *const record = &r->intake->records[who->records[j]];
            path = r->intake->files[record->file].name;
            const psy_finding of_sheet = {
                .file = strrchr(path, '/') + 1, .row = record->row, .rule = "of_sheet"};
            assert_ok(psy_findings_add(findings, &of_sheet, &error), &error);
        }
    }
    for (size_t s = 0; s < r->n_schools; s++) {
        const psy_finding burst = {.rule = "burst", .subject = r->schools[s].code};
        assert_ok(psy_findings_add(findings, &burst, &error), &error);
    }
    psy_findings_sort(findings);
    const char *const path = psy_test_path(psy_test_directory(), "s.xlsx");
    for (int dealt = 0; dealt < 2; dealt++) {
        if (dealt)
            assert_ok(psyi_findings_by_school(run.results, findings, &error), &error);
        for (size_t s = 0; s < r->n_schools; s++) {
            assert_ok(psyi_report_school(r, s, path, findings, &error), &error);
            assert_ok(psyi_file_digest(path, digests[dealt][s], &error), &error);
        }
    }
    size_t all = 0;
    for (size_t s = 0, n; s < r->n_schools; s++) {
        assert_string_equal(digests[0][s], digests[1][s]);
        const uint32_t *const own = psyi_findings_of_school(r, s, &n);
        assert_true(own != NULL && (n == 0) == (r->schools[s].n_students == 0));
        for (size_t i = 1; i < n; i++)
            assert_true(own[i - 1] < own[i]);
        all += n;
    }
    /* Those of no line are nobody's. */
    assert_true(all <= psy_findings_count(findings) - r->n_students);
    run.results->finding_schools = NULL;
    psy_findings_free(findings);
    psy_test_directory_remove();
}

static void test_the_district_workbook_knows_no_students(void **state)
{
    (void)state;
    const char *const path = psy_test_path(psy_test_directory(), "district.xlsx");
    psy_error error;
    assert_ok(psyi_report_district(run.results, path, run.findings, &error), &error);
    char *const text = package_text(path);
    for (size_t i = 0; i < run.results->n_students; i++) {
        char cell[64];
        snprintf(cell, sizeof cell, ">%s<", run.results->students[i].id);
        assert_lacks(text, cell);
        assert_lacks(text, run.results->students[i].name);
    }
    assert_non_null(strstr(text, "第一学校"));
    free(text);
    psy_test_directory_remove();
}

/* However many kinds of findings there are, the district's workbook has a line for each. */
static void test_every_kind_of_finding_has_its_line(void **state)
{
    (void)state;
    enum { KINDS = 150 };
    const char *const path = psy_test_path(psy_test_directory(), "district.xlsx");
    psy_findings *findings;
    psy_error error;
    assert_ok(psy_findings_new(&findings, NULL, &error), &error);
    for (int i = 0; i < KINDS; i++) {
        char rule[16];
        snprintf(rule, sizeof rule, "kind_%03d", (i * 7) % KINDS);
        const psy_finding one = {.rule = rule, .severity = PSY_NOTE};
        assert_ok(psy_findings_add(findings, &one, &error), &error);
    }
    assert_ok(psyi_report_district(run.results, path, findings, &error), &error);
    char *const text = package_text(path);
    for (int i = 0; i < KINDS; i++) {
        char cell[24];
        snprintf(cell, sizeof cell, ">kind_%03d<", i);
        if (strstr(text, cell) == NULL)
            fail_msg("%s is not there", cell);
    }
    free(text);
    psy_findings_free(findings);
    psy_test_directory_remove();
}

static void test_without_consent_there_is_identity_and_status_only(void **state)
{
    (void)state;
    const char *const path = psy_test_path(psy_test_directory(), "s.xlsx");
    psy_error error;
    assert_ok(psyi_report_school(run.results, school_of("S1"), path, run.findings, &error), &error);
    char *const text = package_text(path);
    /* A14 refused and has a critical hit: in the score sheet and the list of those not
     * tested, nowhere else. */
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, ">A14<")) != NULL; at++)
        n++;
    assert_int_equal(n, 2);
    free(text);
    psy_test_directory_remove();
    const char *const sealed = psy_test_path(psy_test_directory(), "u.xlsx");
    assert_true(psyi_report_has_sealed(run.results));
    assert_ok(psyi_report_sealed(run.results, sealed, &error), &error);
    char *const list = package_text(sealed);
    assert_non_null(strstr(list, ">A14<"));
    assert_lacks(list, ">A15<"); /* no consent either, but no hit */
    assert_non_null(strstr(list, "密封名单"));
    free(list);
    /* Whoever looks for the owners of sheets does not see it. */
    assert_ok(psyi_report_unmatched(run.results, sealed, &error), &error);
    char *const others = package_text(sealed);
    assert_lacks(others, ">A14<");
    free(others);
    psy_test_directory_remove();
}

static void test_a_role_has_no_column_but_its_own(void **state)
{
    (void)state;
    static const psy_role roles[] = {PSY_ROLE_HOMEROOM, PSY_ROLE_LEADER, PSY_ROLE_CENTRE,
                                     PSY_ROLE_BUREAU};
    const char *const path = psy_test_path(psy_test_directory(), "r.xlsx");
    psy_error error;
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        const psyi_role_cut *const cut = psyi_role_cut_of(roles[i]);
        psyi_report report;
        assert_ok(psyi_report_open(&report, run.results, NULL, school_of("S1"), "r", path, &error),
                  &error);
        report.role = cut;
        for (const psyi_allowed_sheet *sheet = cut->sheets; sheet->layout != NULL; sheet++) {
            psyi_layout *const layout =
                psyi_layout_new(&report, sheet->layout, (psyi_label)PSYI_LABEL("表", "sheet"));
            /* A column that somebody adds tomorrow, every column of the school's lists. */
            const psyi_cell_field secret = {.key = "secret", .fill = psyi_fill_rules};
            const psyi_cell_field known = {.key = "student_code", .fill = psyi_fill_id};
            psyi_layout_add(&report, layout, &secret);
            psyi_layout_add(&report, layout, &known);
            assert_int_equal(layout->n, 0);
            const psyi_cell_field own = {.key = sheet->keys[0], .fill = psyi_fill_grade};
            psyi_layout_add(&report, layout, &own);
            assert_int_equal(layout->n, 1);
        }
        /* A sheet that is not on the list has no columns at all. */
        psyi_layout *const other =
            psyi_layout_new(&report, "alert_list", (psyi_label)PSYI_LABEL("单", "list"));
        psyi_person_columns(&report, other, PSYI_PERSON_WIDE);
        assert_int_equal(other->n, 0);
        (void)psyi_book_sheet(report.book, "x", true);
        assert_ok(psyi_report_close(&report, &error), &error);
    }
    assert_null(psyi_role_cut_of(PSY_ROLE_PSYCHOLOGY));
    assert_int_equal(psy_role_named("班主任"), PSY_ROLE_HOMEROOM);
    assert_int_equal(psy_role_named("bureau"), PSY_ROLE_BUREAU);
    assert_int_equal(psy_role_named("Bureau"), 0);
    assert_int_equal(psy_role_named(NULL), 0);
    psy_test_directory_remove();
}

static void test_the_ledger_knows_its_cases_again(void **state)
{
    (void)state;
    const char *const path = psy_test_path(psy_test_directory(), "s.xlsx");
    psy_plan *const plan = run.plan;
    psy_error error;
    char *texts[3];
    for (int i = 0; i < 3; i++) {
        const char *const wave = plan->wave;
        if (i == 2)
            plan->wave = "2027-spring";
        assert_ok(psyi_report_school(run.results, school_of("S1"), path, run.findings, &error),
                  &error);
        plan->wave = wave;
        texts[i] = package_text(path);
    }
    /* The first case of the ledger, which is also on the warning list. */
    const char *const at = strstr(texts[0], ">C-");
    assert_non_null(at);
    char number[18] = "";
    memcpy(number, at, 17);
    const char *const again = strstr(at + 1, number);
    assert_non_null(again);
    assert_non_null(strstr(texts[1], number));
    assert_lacks(texts[2], number); /* another wave, another case */
    assert_non_null(strstr(texts[0], "跟进台账"));
    for (int i = 0; i < 3; i++)
        free(texts[i]);
    psy_test_directory_remove();
}

static void test_pseudonyms_leave_no_names(void **state)
{
    (void)state;
    psy_plan *const plan = run.plan;
    const bool before = plan->school_names;
    plan->pseudonym = true; /* what is printed is then students[].id */
    plan->school_names = false;
    const char *const path = psy_test_path(psy_test_directory(), "s.xlsx");
    psy_error error;
    assert_ok(psyi_report_school(run.results, school_of("S1"), path, run.findings, &error), &error);
    char *const text = package_text(path);
    for (size_t i = 0; i < run.results->n_students; i++)
        assert_lacks(text, run.results->students[i].name);
    assert_lacks(text, "某某"); /* the name on an unmatched sheet */
    assert_lacks(text, "Z99");
    free(text);
    plan->pseudonym = false;
    plan->school_names = before;
    psy_test_directory_remove();
}

static void test_names_stay_in_the_school_they_belong_to(void **state)
{
    (void)state;
    psy_plan *const plan = run.plan;
    const bool before = plan->school_names;
    plan->pseudonym = plan->school_names = true;
    const char *const path = psy_test_path(psy_test_directory(), "s.xlsx");
    psy_error error;
    assert_ok(psyi_report_school(run.results, school_of("S1"), path, run.findings, &error), &error);
    char *const text = package_text(path);
    assert_non_null(strstr(text, "王二"));
    assert_non_null(strstr(text, "某某"));
    assert_lacks(text, "Z99");  /* a student number, not a name */
    assert_lacks(text, "李一"); /* of the other school */
    free(text);
    assert_ok(psyi_report_unmatched(run.results, path, &error), &error);
    char *const list = package_text(path);
    assert_lacks(list, "某某"); /* what spans schools bears no names */
    assert_lacks(list, "王十四");
    free(list);
    assert_ok(psyi_report_sealed(run.results, path, &error), &error);
    char *const sealed = package_text(path);
    assert_lacks(sealed, "王十四");
    free(sealed);
    plan->pseudonym = false;
    plan->school_names = before;
    psy_test_directory_remove();
}

static void test_one_language_gives_one_line_headers(void **state)
{
    (void)state;
    psy_plan *const plan = run.plan;
    const psyi_language before[2] = {plan->languages[0], plan->languages[1]};
    const size_t n = plan->n_languages;
    plan->languages[0] = PSYI_EN;
    plan->n_languages = 1;
    const char *const path = psy_test_path(psy_test_directory(), "s.xlsx");
    psy_error error;
    assert_ok(psyi_report_school(run.results, school_of("S1"), path, run.findings, &error), &error);
    char *const text = package_text(path);
    assert_non_null(strstr(text, "name=\"Warning list\""));
    assert_non_null(strstr(text, "Screening is not a diagnosis"));
    assert_lacks(text, "预警名单");
    assert_lacks(text, "筛查结果不是诊断");
    free(text);
    plan->languages[0] = before[0];
    plan->languages[1] = before[1];
    plan->n_languages = n;
    psy_test_directory_remove();
}

static void test_a_directory_that_is_not_there_is_an_output_error(void **state)
{
    (void)state;
    const char *const path = psy_test_path(psy_test_directory(), "no/s.xlsx");
    psy_error error;
    assert_int_equal(psyi_report_school(run.results, 0, path, run.findings, &error), PSY_E_OUTPUT);
    assert_int_equal(psyi_report_district(run.results, path, run.findings, &error), PSY_E_OUTPUT);
    assert_int_equal(psyi_report_unmatched(run.results, path, &error), PSY_E_OUTPUT);
    assert_int_equal(psyi_report_sealed(run.results, path, &error), PSY_E_OUTPUT);
    psy_test_directory_remove();
}

/* ---- without memory (ours; the libraries' own is another matter) ---- */

static psy_status sweep_scores(const psy_allocator *allocator, void *context)
{
    (void)context;
    const psy_allocator *const before = run.results->allocator;
    run.results->allocator = allocator;
    size_t room = SIZE_MAX;
    const psy_sink sink = psy_test_full_sink(&room);
    psy_status status = psyi_report_scores(run.results, &sink, NULL);
    if (status == PSY_OK)
        status = psyi_report_manifest(run.results, NULL, 0, run.findings, &sink, NULL);
    run.results->allocator = before;
    return status;
}

/* A sanitizer makes the sweep of all workbooks a matter of many minutes. */
#ifdef __SANITIZE_ADDRESS__
enum { STEP = 7 };
#else
enum { STEP = 1 };
#endif

static psy_status sweep_tables(const psy_allocator *allocator, void *context)
{
    (void)context;
    const psy_allocator *const before = run.results->allocator;
    run.results->allocator = allocator;
    psyi_shared_release *shared = NULL;
    psy_error error;
    const psy_status status = psyi_release_share(run.results, &shared, &error);
    psyi_release_unshare(run.results, shared);
    run.results->allocator = before;
    return status;
}

static psy_status sweep_book(const psy_allocator *allocator, void *context)
{
    const psy_allocator *const before = run.results->allocator;
    run.results->allocator = allocator;
    const psy_status status = write_one(*(const size_t *)context, PSY_BINARY_DIR, NULL);
    run.results->allocator = before;
    char path[1024];
    snprintf(path, sizeof path, "%s/%zu.xlsx", PSY_BINARY_DIR, *(const size_t *)context);
    /* Complete or not there. */
    assert_int_equal(psyi_file_exists(path), status == PSY_OK);
    remove(path);
    return status;
}

static void test_every_failed_allocation_is_told(void **state)
{
    (void)state;
    assert_true(psy_sweep(sweep_scores, NULL) > 2);
    /* The tables of the district by themselves, and the workbooks with them at hand, as a run has
     * them: the search for what is to be hidden is not repeated for each allocation after it. */
    assert_true(psy_sweep_every(STEP, sweep_tables, NULL) > 20);
    psyi_shared_release *shared = NULL;
    psy_error error;
    assert_int_equal(psyi_release_share(run.results, &shared, &error), PSY_OK);
    for (size_t i = 0; i < run.results->n_schools + 3; i++)
        assert_true(psy_sweep_every(STEP, sweep_book, &i) > 20);
    psyi_release_unshare(run.results, shared);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scores_are_those_of_the_golden_file),
        cmocka_unit_test(test_a_sink_that_is_full_is_an_output_error),
        cmocka_unit_test(test_the_manifest_holds_no_path_and_no_name),
        cmocka_unit_test(test_workbooks_are_the_same_on_any_number_of_threads),
        cmocka_unit_test(test_the_order_of_rows_changes_no_workbook),
        cmocka_unit_test(test_findings_dealt_out_leave_workbooks_as_they_were),
        cmocka_unit_test(test_the_district_workbook_knows_no_students),
        cmocka_unit_test(test_every_kind_of_finding_has_its_line),
        cmocka_unit_test(test_without_consent_there_is_identity_and_status_only),
        cmocka_unit_test(test_a_role_has_no_column_but_its_own),
        cmocka_unit_test(test_the_ledger_knows_its_cases_again),
        cmocka_unit_test(test_pseudonyms_leave_no_names),
        cmocka_unit_test(test_names_stay_in_the_school_they_belong_to),
        cmocka_unit_test(test_one_language_gives_one_line_headers),
        cmocka_unit_test(test_a_directory_that_is_not_there_is_an_output_error),
        cmocka_unit_test(test_every_failed_allocation_is_told),
    };
    return cmocka_run_group_tests_name("report", tests, set_up, tear_down);
}
