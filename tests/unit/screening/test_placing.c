/*
 * test_placing.c -- drafts get their names once the journal knows them, on a thread of its own or
 * not; after a failure nothing is placed any more, and no draft is left.
 */
#include "test_support.h"

#include "base/file.h"
#include "base/memory.h"
#include "screening/placing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define N 5

typedef struct place {
    char directory[64];
    psyi_journal *journal;
    psyi_output_file files[N];
} place;

static const char digest[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

static char *text(const psy_allocator *allocator, const char *directory, const char *name)
{
    return psyi_path_join(allocator, directory, name);
}

static void begin(place *p)
{
    memset(p, 0, sizeof *p);
    snprintf(p->directory, sizeof p->directory, "/tmp/psyscreen_placing_XXXXXX");
    assert_non_null(mkdtemp(p->directory));
    char path[128];
    snprintf(path, sizeof path, "%s/schools", p->directory);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(
        psyi_journal_open(&p->journal, p->directory, digest, digest, false, NULL, NULL), PSY_OK);
    assert_int_equal(psyi_journal_begin(p->journal, NULL), PSY_OK);
}

static void end(place *p)
{
    psyi_journal_leave(p->journal);
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", p->directory);
    assert_int_equal(system(command), 0);
}

static psy_status give(place *p, psyi_placing *placing, size_t i, const char *target,
                       const psy_allocator *allocator, psy_error *error)
{
    static char names[N][32];
    char made[32];
    snprintf(names[i], sizeof names[i], "%s/%zu.xlsx", target, i);
    snprintf(made, sizeof made, "draft%zu", i);
    p->files[i].name = names[i];
    memcpy(p->files[i].digest, digest, sizeof digest);
    memcpy(p->files[i].plain, digest, sizeof digest);
    char *const draft = text(allocator, p->directory, made);
    char *const path = text(allocator, p->directory, names[i]);
    if (draft == NULL || path == NULL) {
        psyi_free(allocator, draft);
        psyi_free(allocator, path);
        return PSY_E_NOMEM;
    }
    FILE *const file = fopen(draft, "wb");
    assert_non_null(file);
    fputs(names[i], file);
    fclose(file);
    return psyi_placing_give(placing, draft, path, &p->files[i], i == 2, error);
}

static size_t count(const place *p, const char *what)
{
    char path[128];
    psyi_buffer journal;
    size_t n = 0;
    snprintf(path, sizeof path, "%s/.psyscreen/journal", p->directory);
    psyi_buffer_init(&journal, NULL);
    assert_int_equal(psyi_file_read(path, 0, &journal, NULL), PSY_OK);
    for (const char *at = journal.data; (at = strstr(at, what)) != NULL; at++)
        n++;
    psyi_buffer_done(&journal);
    return n;
}

static bool is_there(const place *p, const char *name)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", p->directory, name);
    return psyi_file_exists(path);
}

static void place_all(bool aside)
{
    place p;
    psyi_placing *placing;
    begin(&p);
    assert_int_equal(psyi_placing_begin(&placing, p.journal, N, aside, true, NULL, NULL), PSY_OK);
    for (size_t i = 0; i < N; i++)
        assert_int_equal(give(&p, placing, i, i % 2 == 0 ? "schools" : ".", NULL, NULL), PSY_OK);
    assert_int_equal(psyi_placing_end(placing, NULL), PSY_OK);
    assert_true(is_there(&p, "schools/0.xlsx") && is_there(&p, "1.xlsx"));
    assert_true(is_there(&p, "schools/2.xlsx") && is_there(&p, "3.xlsx"));
    assert_true(is_there(&p, "schools/4.xlsx"));
    assert_false(is_there(&p, "draft0") || is_there(&p, "draft4"));
    assert_int_equal(count(&p, "\ndone "), N);
    assert_int_equal(count(&p, "\nplain "), 1);
    end(&p);
}

static void test_all_are_placed(void **state)
{
    (void)state;
    place_all(false);
    place_all(true);
}

static void fail_in_the_middle(bool aside)
{
    place p;
    psyi_placing *placing;
    psy_error error = {.status = PSY_OK};
    begin(&p);
    assert_int_equal(psyi_placing_begin(&placing, p.journal, N, aside, true, NULL, NULL), PSY_OK);
    assert_int_equal(give(&p, placing, 0, "schools", NULL, NULL), PSY_OK);
    const psy_status second = give(&p, placing, 1, "nowhere", NULL, &error);
    if (!aside)
        assert_int_equal(second, PSY_E_OUTPUT);
    (void)give(&p, placing, 2, "schools", NULL, NULL);
    error = (psy_error){.status = PSY_OK};
    assert_int_equal(psyi_placing_end(placing, &error), PSY_E_OUTPUT);
    assert_int_equal(error.status, PSY_E_OUTPUT);
    assert_non_null(strstr(error.message, "nowhere/1.xlsx"));
    if (!aside) {
        assert_true(is_there(&p, "schools/0.xlsx"));
        assert_false(is_there(&p, "schools/2.xlsx"));
    }
    assert_false(is_there(&p, "draft0") || is_there(&p, "draft1") || is_there(&p, "draft2"));
    end(&p);
}

static void test_after_a_failure_nothing_is_placed(void **state)
{
    (void)state;
    fail_in_the_middle(false);
    for (int i = 0; i < 20; i++)
        fail_in_the_middle(true);
}

static void test_a_draft_that_is_gone_is_an_error(void **state)
{
    (void)state;
    place p;
    psyi_placing *placing;
    psy_error error = {.status = PSY_OK};
    begin(&p);
    p.files[0] = (psyi_output_file){.name = p.directory};
    assert_int_equal(psyi_placing_begin(&placing, p.journal, 1, false, true, NULL, NULL), PSY_OK);
    assert_int_equal(psyi_placing_give(placing, text(NULL, p.directory, "none"),
                                       text(NULL, p.directory, "x.xlsx"), &p.files[0], false,
                                       &error),
                     PSY_E_OUTPUT);
    assert_non_null(strstr(error.message, "none"));
    assert_int_equal(psyi_placing_end(placing, NULL), PSY_E_OUTPUT);
    assert_int_equal(count(&p, "done "), 0);
    end(&p);
}

/* What came before it was known whether anything may be placed. */
static void hold(bool aside, psy_status verdict, bool said)
{
    place p;
    psyi_placing *placing;
    begin(&p);
    assert_int_equal(psyi_placing_begin(&placing, p.journal, N, aside, false, NULL, NULL), PSY_OK);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(give(&p, placing, i, "schools", NULL, NULL), PSY_OK);
    usleep(aside ? 2000 : 0);
    assert_true(is_there(&p, "draft0") && is_there(&p, "draft1"));
    assert_int_equal(count(&p, "\ndone "), 0);
    if (said)
        psyi_placing_open(placing, verdict);
    assert_int_equal(give(&p, placing, 2, "schools", NULL, NULL), said ? verdict : PSY_OK);
    assert_int_equal(psyi_placing_end(placing, NULL), verdict);
    for (int i = 0; i < 3; i++) {
        char name[32];
        snprintf(name, sizeof name, "schools/%d.xlsx", i);
        assert_true(is_there(&p, name) == (verdict == PSY_OK));
    }
    assert_false(is_there(&p, "draft0") || is_there(&p, "draft1") || is_there(&p, "draft2"));
    assert_int_equal(count(&p, "\ndone "), verdict == PSY_OK ? 3 : 0);
    end(&p);
}

static void test_nothing_is_placed_before_it_may_be(void **state)
{
    (void)state;
    for (int aside = 0; aside < 2; aside++) {
        hold(aside != 0, PSY_OK, true);
        hold(aside != 0, PSY_E_INTERNAL, true);
    }
    hold(true, PSY_E_INTERNAL, false);
}

static psy_status place_once(const psy_allocator *allocator, void *context)
{
    place p;
    psyi_placing *placing;
    (void)context;
    begin(&p);
    psy_status status = psyi_placing_begin(&placing, p.journal, N, false, true, allocator, NULL);
    if (status == PSY_OK) {
        for (size_t i = 0; i < 2 && status == PSY_OK; i++)
            status = give(&p, placing, i, "schools", allocator, NULL);
        const psy_status ended = psyi_placing_end(placing, NULL);
        status = status == PSY_OK ? ended : status;
    }
    end(&p);
    return status;
}

static void test_survives_every_failing_allocation(void **state)
{
    (void)state;
    assert_true(psy_sweep(place_once, NULL) >= 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_are_placed),
        cmocka_unit_test(test_nothing_is_placed_before_it_may_be),
        cmocka_unit_test(test_after_a_failure_nothing_is_placed),
        cmocka_unit_test(test_a_draft_that_is_gone_is_an_error),
        cmocka_unit_test(test_survives_every_failing_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
