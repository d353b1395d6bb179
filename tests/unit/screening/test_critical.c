/*
 * test_critical.c -- the critical list alone: classes, clocks, order, partial exports.
 */
#include "package_member.h"
#include "run_directory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char HEAD[] =
    "due,class,student,school,grade,class_name,submitted_at,flags,row,file\n";

typedef struct list {
    run_directory d;
    psyi_buffer text;
    psy_findings *findings;
    uint64_t n;
    psy_error error;
} list;

static void open_list(list *l, const ward_plan *plan)
{
    memset(l, 0, sizeof *l);
    run_open(&l->d, plan, 4);
    psyi_buffer_init(&l->text, NULL);
    assert_int_equal(psy_findings_new(&l->findings, NULL, NULL), PSY_OK);
}

static psy_status go(list *l)
{
    const char *const responses[] = {l->d.responses};
    const psy_sink sink = psy_test_sink(&l->text);
    psyi_buffer_clear(&l->text);
    return psy_critical_run(l->d.ward.plan, responses, 1, &sink, &l->d.options, l->findings, &l->n,
                            &l->error);
}

static void close_list(list *l)
{
    psyi_buffer_done(&l->text);
    psy_findings_free(l->findings);
    run_close(&l->d);
}

static ward_row row_of(const char *student, const char *time, const char *answers, const char *phq)
{
    return (ward_row){.student = student,
                      .school = "A",
                      .grade = "8",
                      .class_text = "1",
                      .time = time,
                      .mht = answers,
                      .phq = phq};
}

static void test_most_urgent_first(void **state)
{
    (void)state;
    const char *const none = mht(0, 0, NULL);
    const ward_row rows[] = {
        row_of("calm", "2026-10-01 08:00", none, "000000000"),
        row_of("blank", "2026-10-01 08:00", none, "00000000."),
        row_of("review_late", "2026-10-02 08:00", mht(0, 9, "97=1"), "000000000"),
        row_of("urgent_late", "2026-10-03 09:30", none, "000000003"),
        row_of("review_no_time", "", none, "000000001"),
        row_of("urgent", "2026-10-01 08:00", mht(0, 0, "85=1"), "000000002"),
        row_of("review", "2026-10-01 08:00", none, "000000001"),
        row_of("", "2026-10-04 08:00", none, "000000002"), /* nobody knows who: listed */
    };
    list l;
    open_list(&l, &(ward_plan){.rules = NULL});
    run_write_rows(&l.d, rows, sizeof rows / sizeof rows[0]);
    assert_int_equal(go(&l), PSY_OK);
    assert_int_equal(l.n, 7);
    char expected[8192];
    const char *const f = l.d.responses;
    snprintf(
        expected, sizeof expected,
        "%s"
        "2026-10-02 08:00:00,urgent,urgent,A,8,1,2026-10-01 08:00:00,"
        "mht.critical_85;phq9.critical_9;phq9.urgent_9,7,%s\n"
        "2026-10-04 09:30:00,urgent,urgent_late,A,8,1,2026-10-03 09:30:00,"
        "phq9.critical_9;phq9.urgent_9,5,%s\n"
        "2026-10-05 08:00:00,urgent,,A,8,1,2026-10-04 08:00:00,"
        "phq9.critical_9;phq9.urgent_9,9,%s\n"
        "2026-10-04 08:00:00,review,review,A,8,1,2026-10-01 08:00:00,phq9.critical_9,8,%s\n"
        "2026-10-05 08:00:00,review,review_late,A,8,1,2026-10-02 08:00:00,mht.critical_97,4,%s\n"
        ",review,review_no_time,A,8,1,,phq9.critical_9,6,%s\n"
        "2026-10-04 08:00:00,unanswered,blank,A,8,1,2026-10-01 08:00:00,"
        "phq9.critical_unanswered,3,%s\n",
        HEAD, f, f, f, f, f, f, f);
    assert_string_equal(l.text.data, expected);
    close_list(&l);
}

static void test_partial_exports(void **state)
{
    (void)state;
    static const char csv[] = "student,P9,M85\nx,2,\ny,0,1\nz,0,0\n";
    list l;
    open_list(&l, &(ward_plan){.rules = NULL});
    psy_test_write_file(l.d.responses, csv, sizeof csv - 1);
    assert_int_equal(go(&l), PSY_OK);
    assert_int_equal(l.n, 2);
    assert_non_null(strstr(l.text.data, ",urgent,x,,,,,phq9.critical_9;phq9.urgent_9,2,"));
    assert_non_null(strstr(l.text.data, ",review,y,,,,,mht.critical_85,3,"));
    close_list(&l);
}

static void test_ids_as_the_plan_prints_them(void **state)
{
    (void)state;
    const ward_row rows[] = {row_of(" Ｕ1", "2026-10-01", mht(0, 0, NULL), "000000002")};
    list l;
    open_list(&l, &(ward_plan){.identity = "{output: pseudonym, key_file: k}"});
    run_write_rows(&l.d, rows, 1);
    assert_int_equal(go(&l), PSY_OK);
    unsigned char key[32];
    for (size_t i = 0; i < 32; i++)
        key[i] = (unsigned char)(i % 16 * 17);
    char id[27];
    assert_int_equal(psyi_pseudonym(key, 32, "ward", "U1", id, NULL), PSY_OK);
    assert_non_null(strstr(l.text.data, id));
    remove(psy_test_path(l.d.ward.directory, "k"));
    assert_int_equal(go(&l), PSY_E_DATA);
    close_list(&l);
}

static void test_consent_of_the_sheets(void **state)
{
    (void)state;
    ward_row rows[] = {row_of("no", "2026-10-01", mht(0, 0, NULL), "000000002"),
                       row_of("yes", "2026-10-01", mht(0, 0, NULL), "000000002")};
    rows[0].consent = "n";
    rows[1].consent = "y";
    static const struct {
        const char *consent;
        psy_status status;
        uint64_t n;
    } cases[] = {{NULL, PSY_E_DATA, 0},
                 {"{no_consent: ignore, unanswered: refuse}", PSY_OK, 1},
                 {"{no_consent: critical_only, unanswered: refuse}", PSY_OK, 2}};
    for (size_t i = 0; i < 3; i++) {
        list l;
        open_list(&l, &(ward_plan){.consent = cases[i].consent});
        run_write_rows(&l.d, rows, 2);
        assert_int_equal(go(&l), cases[i].status);
        assert_int_equal(l.n, cases[i].n);
        close_list(&l);
    }
}

static void test_a_sink_that_is_full(void **state)
{
    (void)state;
    list l;
    open_list(&l, &(ward_plan){.rules = NULL});
    size_t room = 10;
    const psy_sink sink = psy_test_full_sink(&room);
    const char *const responses[] = {l.d.responses};
    assert_int_equal(psy_critical_run(l.d.ward.plan, responses, 1, &sink, NULL, NULL, NULL, NULL),
                     PSY_E_OUTPUT);
    assert_int_equal(psy_critical_run(l.d.ward.plan, responses, 0, &sink, NULL, NULL, NULL, NULL),
                     PSY_E_ARGUMENT);
    close_list(&l);
}

static void test_a_workbook_in_the_same_order(void **state)
{
    (void)state;
    const char *const none = mht(0, 0, NULL);
    const ward_row rows[] = {
        row_of("calm", "2026-10-01 08:00", none, "000000000"),
        row_of("review", "2026-10-01 08:00", none, "000000001"),
        row_of("=1+1", "2026-10-01 08:00", mht(0, 0, "85=1"), "000000002"),
    };
    list l;
    open_list(&l, &(ward_plan){.rules = NULL});
    run_write_rows(&l.d, rows, sizeof rows / sizeof rows[0]);
    const char *const responses[] = {l.d.responses};
    char path[1100];
    snprintf(path, sizeof path, "%s.xlsx", l.d.responses);
    const psy_sink sink = psy_test_sink(&l.text);
    assert_int_equal(psy_critical_write(l.d.ward.plan, responses, 1, &sink, path, &l.d.options,
                                        l.findings, &l.n, &l.error),
                     PSY_OK);
    assert_int_equal(l.n, 2);
    assert_non_null(strstr(l.text.data, ",urgent,'=1+1,"));
    char *const sheet = package_member(path, "xl/worksheets/sheet1.xml");
    const char *const urgent = strstr(sheet, ">=1+1<"), *const review = strstr(sheet, ">review<");
    assert_true(urgent != NULL && review != NULL && urgent < review);
    assert_null(strstr(sheet, "<f>"));    /* a text, not a formula */
    assert_null(strstr(sheet, ">calm<")); /* nobody else */
    assert_non_null(strstr(sheet, "筛查结果不是诊断"));
    assert_non_null(strstr(sheet, "dataValidation"));
    free(sheet);
    /* Twice the same words of one item stand there once; long texts are in the table of strings. */
    char *const words = package_member(path, "xl/sharedStrings.xml");
    assert_non_null(strstr(words, "PHQ-9 第9题（死亡或自伤的想法）"));
    assert_null(strstr(words, "PHQ-9 第9题（死亡或自伤的想法）\nPHQ-9"));
    free(words);
    /* People may have written into it. */
    assert_int_equal(psy_critical_write(l.d.ward.plan, responses, 1, NULL, path, &l.d.options,
                                        l.findings, &l.n, &l.error),
                     PSY_E_OUTPUT);
    assert_non_null(strstr(l.error.message, "name another file"));
    assert_int_equal(
        psy_critical_write(l.d.ward.plan, responses, 1, NULL, NULL, NULL, NULL, NULL, NULL),
        PSY_E_ARGUMENT);
    close_list(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_most_urgent_first),
        cmocka_unit_test(test_partial_exports),
        cmocka_unit_test(test_ids_as_the_plan_prints_them),
        cmocka_unit_test(test_consent_of_the_sheets),
        cmocka_unit_test(test_a_sink_that_is_full),
        cmocka_unit_test(test_a_workbook_in_the_same_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
