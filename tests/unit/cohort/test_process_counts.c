/*
 * test_process_counts.c -- counts of ledgers read back: what stands in the file, in order; files
 * that are none, or that contradict themselves, are refused with their line.
 */
#include "cohort/process_counts.h"
#include "test_support.h"

#include <psyscreen/findings.h>

#include <string.h>
#include <unistd.h>

#define HEAD                                                                                       \
    "school,tier,cases,interviewed,due,on_time,overdue,guardian_informed,referred,in_treatment,"   \
    "closed,to_review\n"
#define PATH "test_process_counts.csv"

static psyi_school schools[] = {{.code = "510801"}, {.code = "510802"}};
static const psyi_scheme scheme = {.id = "three", .highest = 3};

typedef struct reading {
    psy_plan plan;
    psyi_results results;
} reading;

static psy_status read_text(reading *r, const char *text, const psy_allocator *allocator,
                            psy_findings *findings, psy_error *error)
{
    memset(r, 0, sizeof *r);
    r->plan.scheme = &scheme;
    r->results.plan = &r->plan;
    r->results.schools = schools;
    r->results.n_schools = 2;
    r->results.allocator = allocator;
    psyi_arena_init(&r->results.arena, allocator);
    if (text != NULL)
        psy_test_write_file(PATH, text, strlen(text));
    return psyi_process_read(&r->results, PATH, findings, error);
}

static void test_what_stands_there(void **state)
{
    (void)state;
    reading r;
    psy_error error = {0};
    assert_int_equal(read_text(&r,
                               HEAD "510802,1,9,8,7,6,5,4,3,2,1,0\n"
                                    "510801,,1,0,0,0,,0,0,0,0,1\n"
                                    "510802,3,2,2,2,1,0,1,1,0,0,0\n",
                               NULL, NULL, &error),
                     PSY_OK);
    const psyi_process *const found = r.results.process;
    assert_int_equal(found->n_rows, 3);
    assert_int_equal(found->rows[0].school, 0);
    assert_int_equal(found->rows[0].tier, PSYI_NOT_JUDGED);
    assert_true(found->rows[0].counts[PSYI_PROCESS_OVERDUE] == PSYI_PROCESS_UNKNOWN);
    assert_int_equal(found->rows[1].tier, 3); /* the worst first */
    assert_int_equal(found->rows[1].counts[PSYI_PROCESS_ON_TIME], 1);
    const uint64_t wanted[PSYI_PROCESS_COUNTS] = {9, 8, 7, 6, 4, 3, 2, 1, 5};
    assert_memory_equal(found->rows[2].counts, wanted, sizeof wanted);
    assert_int_equal(strlen(found->digest), 64);
    psyi_arena_done(&r.results.arena);
}

static void test_a_school_of_nobody(void **state)
{
    (void)state;
    reading r;
    psy_findings *findings;
    assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
    assert_int_equal(read_text(&r, HEAD "999,1,9,8,7,6,5,4,3,2,1,0\n", NULL, findings, NULL),
                     PSY_OK);
    assert_int_equal(r.results.process->n_rows, 0);
    assert_int_equal(psy_findings_count(findings), 1);
    psy_findings_free(findings);
    psyi_arena_done(&r.results.arena);
}

static void test_what_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;

    } files[] = {
        {"", "empty file"},
        {"school,tier,cases\n", "a column is not there"},
        {HEAD "510801,4,1,0,0,0,0,0,0,0,0,0\n", "rank of the plan's scheme"},
        {HEAD "510801,-1,1,0,0,0,0,0,0,0,0,0\n", "rank of the plan's scheme"},
        {HEAD "510801,1,1,0,0,0,0,0,0,0,0\n", "as many cells"},
        {HEAD "510801,1,1,0,0,0,0,,0,0,0,0\n", "whole number"},
        {HEAD "510801,1,1,0,0,0,0,-2,0,0,0,0\n", "whole number"},
        {HEAD "510801,1,1,2,0,0,0,0,0,0,0,0\n", "than there are cases"},
        {HEAD "510801,1,5,2,1,2,0,0,0,0,0,0\n", "than were due"},
        {HEAD "510801,1,1,0,0,0,0,0,0,0,0,0\n510801,1,1,0,0,0,0,0,0,0,0,0\n", "twice"},
    };
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        reading r;
        psy_error error = {0};
        assert_int_equal(read_text(&r, files[i].text, NULL, NULL, &error), PSY_E_DATA);
        assert_non_null(strstr(error.message, files[i].says));
        assert_null(r.results.process);
        psyi_arena_done(&r.results.arena);
    }
}

static psy_status run_again(const psy_allocator *allocator, void *context)
{
    (void)context;
    reading r;
    const psy_status status = read_text(&r, NULL, allocator, NULL, NULL);
    psyi_arena_done(&r.results.arena);
    return status;
}

static void test_no_memory(void **state)
{
    (void)state;
    psy_test_write_file(PATH, HEAD "510801,1,5,2,2,2,0,0,0,0,0,0\n",
                        strlen(HEAD "510801,1,5,2,2,2,0,0,0,0,0,0\n"));
    assert_true(psy_sweep(run_again, NULL) > 1);
    unlink(PATH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_stands_there),
        cmocka_unit_test(test_a_school_of_nobody),
        cmocka_unit_test(test_what_is_refused),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
