/*
 * test_consent.c -- whose answers may be looked at, and where a hit of theirs may stand.
 */
#include "screening_ward.h"

#include <string.h>

static const char ROSTER[] = WARD_ROSTER "A,YES,8,1,f,1,y,\n"
                                         "A,NO,8,1,f,1,n,\n"
                                         "A,WAIT,8,1,f,1,u,\n"
                                         "A,EMPTY,8,1,f,1,,\n"
                                         "A,CALM,8,1,f,1,n,\n";

static size_t fill(ward_row rows[5])
{
    static const char *const codes[] = {"YES", "NO", "WAIT", "EMPTY", "CALM"};
    for (size_t i = 0; i < 5; i++)
        rows[i] = (ward_row){.student = codes[i],
                             .school = "A",
                             .grade = "8",
                             .mht = mht(70, 0, NULL),
                             .phq = i == 4 ? "000000000" : "000000002"};
    return 5;
}

#define ALL    "phq9.critical_9;phq9.urgent_9;mht_65;mht_56"
#define SEALED "no_consent - - phq9.critical_9;phq9.urgent_9 -"

typedef struct policy {
    const char *consent, *no, *waiting;
    size_t sealed, listed;
} policy;

static void test_policies(void **state)
{
    (void)state;
    const policy policies[] = {
        {"{no_consent: critical_only, unanswered: refuse}", SEALED, SEALED, 3, 1},
        {"{no_consent: critical_only, unanswered: allow}", SEALED, "valid 3 3 " ALL " -", 1, 3},
        {"{no_consent: ignore, unanswered: refuse}", "no_consent - - - -", "no_consent - - - -", 0,
         1},
        {"{no_consent: ignore, unanswered: allow}", "no_consent - - - -", "valid 3 3 " ALL " -", 0,
         3},
    };
    for (size_t i = 0; i < sizeof policies / sizeof policies[0]; i++) {
        ward w;
        ward_row rows[5];
        ward_open(&w, &(ward_plan){.consent = policies[i].consent});
        ward_run(&w, ROSTER, rows, fill(rows), 1);
        assert_string_equal(ward_line(&w, NULL, "YES"), "valid 3 3 " ALL " -");
        assert_string_equal(ward_line(&w, NULL, "NO"), policies[i].no);
        assert_string_equal(ward_line(&w, NULL, "WAIT"), policies[i].waiting);
        assert_string_equal(ward_line(&w, NULL, "EMPTY"), policies[i].waiting);
        assert_string_equal(ward_line(&w, NULL, "CALM"), "no_consent - - - -");
        psyi_counts counts;
        psyi_count(w.results, 0, 5, NULL, NULL, &counts);
        assert_int_equal(counts.sealed, policies[i].sealed);
        assert_int_equal(counts.urgent, policies[i].listed);
        assert_int_equal(counts.tested, 5);
        assert_int_equal(counts.target, 5);
        uint32_t order[5];
        assert_int_equal(psyi_list_order(w.results, 0, order), policies[i].listed);
        const size_t no = ward_student(&w, NULL, "NO");
        assert_false(psyi_printable(w.results, no));
        assert_false(psyi_listed(w.results, no));
        assert_int_equal(w.results->students[no].why, PSYI_WHY_CONSENT_REFUSED);
        ward_close(&w);
    }
}

static void test_data_with_consent_need_a_policy(void **state)
{
    (void)state;
    ward w;
    ward_row rows[5];
    psy_error error = {.status = PSY_OK};
    ward_open(&w, &(ward_plan){.rules = NULL});
    assert_int_equal(ward_try(&w, ROSTER, rows, fill(rows), 1, NULL, &error), PSY_E_DATA);
    assert_non_null(strstr(error.message, "consent"));
    assert_non_null(strstr(error.message, "critical_only"));
    rows[0].consent = "y";
    assert_int_equal(ward_try(&w, NULL, rows, 5, 1, NULL, &error), PSY_E_DATA);
    rows[0].consent = NULL;
    assert_int_equal(ward_try(&w, NULL, rows, 5, 1, NULL, &error), PSY_OK);
    ward_close(&w);
}

static void test_consent_of_sheets_counts_where_the_roster_is_silent(void **state)
{
    (void)state;
    ward w;
    ward_row rows[5];
    const size_t n = fill(rows);
    rows[0].consent = "y";
    rows[1].consent = "n";
    ward_open(&w, &(ward_plan){.consent = "{no_consent: critical_only, unanswered: refuse}"});
    ward_run(&w, NULL, rows, n, 1);
    assert_string_equal(ward_line(&w, NULL, "YES"), "valid 3 3 " ALL " -");
    assert_string_equal(ward_line(&w, NULL, "NO"), SEALED);
    assert_string_equal(ward_line(&w, NULL, "EMPTY"), SEALED); /* the file asks, he is silent */
    ward_close(&w);
}

static void test_a_refusal_counts_wherever_it_stands(void **state)
{
    (void)state;
    ward w;
    ward_row rows[5];
    const size_t n = fill(rows);
    for (size_t i = 0; i < n; i++)
        rows[i].consent = i == 0 ? "n" : "y";
    ward_open(&w, &(ward_plan){.consent = "{no_consent: ignore, unanswered: refuse}"});
    ward_run(&w, ROSTER, rows, n, 1);
    assert_string_equal(ward_line(&w, NULL, "YES"), "no_consent - - - -");
    assert_int_equal(ward_findings(&w, "consent_differs", "YES"), 1);
    assert_string_equal(ward_line(&w, NULL, "NO"), "no_consent - - - -");
    ward_close(&w);
}

static void test_unmatched_sheets_without_consent(void **state)
{
    (void)state;
    ward_row rows[5];
    const size_t n = fill(rows);
    for (size_t i = 0; i < n; i++) {
        rows[i].student = "STRANGER";
        rows[i].consent = "n";
    }
    static const struct {
        const char *consent;
        size_t critical;
    } cases[] = {{"{no_consent: ignore, unanswered: refuse}", 0},
                 {"{no_consent: critical_only, unanswered: refuse}", 4}};
    for (size_t i = 0; i < 2; i++) {
        ward w;
        ward_open(&w, &(ward_plan){.consent = cases[i].consent});
        ward_run(&w, ROSTER, rows, n, 1);
        assert_int_equal(ward_findings(&w, "unmatched_critical", NULL), cases[i].critical);
        ward_close(&w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_policies),
        cmocka_unit_test(test_data_with_consent_need_a_policy),
        cmocka_unit_test(test_consent_of_sheets_counts_where_the_roster_is_silent),
        cmocka_unit_test(test_a_refusal_counts_wherever_it_stands),
        cmocka_unit_test(test_unmatched_sheets_without_consent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
