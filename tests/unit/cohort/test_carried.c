/*
 * test_carried.c -- entries of ledgers read back: what belongs to whom, in which order; what is
 * left out, with a finding; files that are none; and memory that runs out.
 */
#include "cohort/carried.h"
#include "test_support.h"

#include <psyscreen/findings.h>

#include <string.h>
#include <unistd.h>

#define HEAD "file,sheet,row,school,case_id,touched,problem,seq,facts\n"
#define PATH "test_carried.csv"

static psyi_school schools[] = {{.code = "510801"}, {.code = "510802"}};

static psy_status read_text(psyi_results *results, const char *text, const psy_allocator *allocator,
                            psy_findings *findings, psy_error *error)
{
    *results = (psyi_results){.schools = schools, .n_schools = 2, .allocator = allocator};
    psyi_arena_init(&results->arena, allocator);
    if (text != NULL)
        psy_test_write_file(PATH, text, strlen(text));
    return psyi_carried_read(results, PATH, findings, error);
}

static const char ENTRIES[] =
    "\xEF\xBB\xBF" HEAD "b.xlsx,follow_up,3,510802,C-2,true,,2,second\n"
    "b.xlsx,alert_list,2,510802,C-2,true,,,'=1+1\n"
    "\n"
    "b.xlsx,follow_up,2,510802,C-2,true,,1,\"first, \"\"quoted\"\"\nand long\"\n"
    "a.xlsx,follow_up,9,510801,C-9,false,,1,\n"
    "a.xlsx,follow_up,4,510801,,true,case_unknown,1,nobody's\n"
    "a.xlsx,follow_up,5,510801,C-8,true,case_edited,1,whose?\n"
    "a.xlsx,follow_up,6,999,C-7,true,,1,elsewhere\n"
    "a.xlsx,follow_up,7,999,C-7,false,,1,\n";

static void test_what_stands_there(void **state)
{
    (void)state;
    psyi_results r;
    psy_findings *findings;
    psy_error error = {0};
    assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
    assert_int_equal(read_text(&r, ENTRIES, NULL, findings, &error), PSY_OK);
    assert_int_equal(psy_findings_count(findings), 3); /* two of no case, one of no school */
    const psyi_carried_row *rows;
    assert_int_equal(psyi_carried_of_school(r.carried, 0, &rows), 1);
    assert_string_equal(rows[0].case_id, "C-9");
    assert_false(rows[0].touched);
    assert_int_equal(psyi_carried_of_school(r.carried, 1, &rows), 3);
    /* Of a case the ledger before the list, and contacts in the order of the file. */
    assert_int_equal(psyi_carried_of_case(r.carried, 1, "C-2", false, &rows), 2);
    assert_string_equal(psyi_carried_cell(r.carried, &rows[0], "facts"), "second");
    assert_string_equal(psyi_carried_cell(r.carried, &rows[1], "facts"),
                        "first, \"quoted\"\nand long");
    assert_string_equal(psyi_carried_cell(r.carried, &rows[1], "no such column"), "");
    assert_int_equal(psyi_carried_of_case(r.carried, 1, "C-2", true, &rows), 1);
    assert_string_equal(psyi_carried_cell(r.carried, &rows[0], "facts"), "=1+1"); /* as typed */
    assert_int_equal(psyi_carried_of_case(r.carried, 0, "C-2", false, &rows), 0);
    psy_findings_free(findings);
    psyi_arena_done(&r.arena);
}

static void test_what_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } files[] = {
        {"", "the file is empty"},
        {"school,case_id\n", "a column is not there"},
        {HEAD "x,follow_up,1\n", "fewer cells"},
        {HEAD "x,follow_up,1,510801,C-1,true,,1,a,b\n", "more cells"},
    };
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        psyi_results r;
        psy_error error = {0};
        assert_int_equal(read_text(&r, files[i].text, NULL, NULL, &error), PSY_E_DATA);
        assert_non_null(strstr(error.message, files[i].says));
        assert_null(r.carried);
        psyi_arena_done(&r.arena);
    }
    /* A byte that no text has; a file that is not there. */
    psyi_results r;
    psy_test_write_file(PATH, HEAD "x\0y\n", sizeof HEAD + 3);
    assert_int_equal(read_text(&r, NULL, NULL, NULL, NULL), PSY_E_DATA);
    psyi_arena_done(&r.arena);
    unlink(PATH);
    assert_int_equal(read_text(&r, NULL, NULL, NULL, NULL), PSY_E_IO);
    psyi_arena_done(&r.arena);
}

static psy_status run_again(const psy_allocator *allocator, void *context)
{
    (void)context;
    psyi_results r;
    psy_findings *findings;
    psy_status status = psy_findings_new(&findings, allocator, NULL);
    if (status != PSY_OK)
        return status;
    status = read_text(&r, NULL, allocator, findings, NULL);
    psyi_arena_done(&r.arena);
    psy_findings_free(findings);
    return status;
}

static void test_no_memory(void **state)
{
    (void)state;
    psy_test_write_file(PATH, ENTRIES, sizeof ENTRIES - 1);
    assert_true(psy_sweep(run_again, NULL) > 3);
    unlink(PATH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_stands_there),
        cmocka_unit_test(test_what_is_refused),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
