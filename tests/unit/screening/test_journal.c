/*
 * test_journal.c -- runs that were stopped, directories of other runs, and workbooks that
 * people have worked in.
 */
#include "run_directory.h"

#include "base/file.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void edit(const char *path)
{
    FILE *const file = fopen(path, "ab");
    assert_non_null(file);
    fputs("x", file);
    fclose(file);
}

static int stop_in_writing(void *context, const psy_progress *progress)
{
    (void)context;
    return strcmp(progress->phase, "write") == 0 && progress->done > 0;
}

static int stop_at_phase(void *context, const psy_progress *progress)
{
    return strcmp(progress->phase, context) == 0;
}

static void check_says(const run_directory *d, const char *part)
{
    if (strstr(d->error.message, part) == NULL)
        fail_msg("'%s' does not say '%s'", d->error.message, part);
}

static void test_cancelling_before_writing_leaves_nothing(void **state)
{
    (void)state;
    static char *const phases[] = {"read", "score", "write"};
    for (size_t i = 0; i < 3; i++) {
        run_directory d;
        run_open(&d, &(ward_plan){.rules = NULL}, 40);
        d.options.progress = stop_at_phase;
        d.options.progress_context = phases[i];
        assert_int_equal(run_go(&d), PSY_E_CANCELLED);
        assert_false(psyi_file_exists(d.results));
        run_close(&d);
    }
}

static void test_a_stopped_run_is_resumed(void **state)
{
    (void)state;
    run_directory d;
    run_open(&d, &(ward_plan){.rules = NULL}, 60);
    d.options.n_threads = 1;
    assert_int_equal(run_go(&d), PSY_OK);
    char *const whole = run_digest(&d, NULL);
    snprintf(d.results, sizeof d.results, "%s/stopped", d.ward.directory);
    d.options.progress = stop_in_writing;
    assert_int_equal(run_go(&d), PSY_E_CANCELLED);
    assert_false(psyi_file_exists(run_path(&d, "run.json")));
    assert_true(psyi_file_exists(run_path(&d, ".psyscreen/journal")));
    /* Other answers: not this directory. */
    run_write_rows(&d, run_rows(), 59);
    d.options.progress = NULL;
    assert_int_equal(run_go(&d), PSY_E_OUTPUT);
    check_says(&d, "belongs to another run: use --force");
    run_write_rows(&d, run_rows(), 60);
    assert_int_equal(run_go(&d), PSY_OK);
    char *const resumed = run_digest(&d, NULL);
    assert_string_equal(resumed, whole);
    free(whole);
    free(resumed);
    run_close(&d);
}

static void test_finished_outputs_are_not_written_again(void **state)
{
    (void)state;
    run_directory d;
    run_open(&d, &(ward_plan){.rules = NULL}, 60);
    d.options.n_threads = 1;
    d.options.progress = stop_in_writing; /* after the first output */
    assert_int_equal(run_go(&d), PSY_E_CANCELLED);
    d.options.progress = NULL;
    char **names;
    size_t n;
    assert_int_equal(psyi_directory_list(d.results, NULL, &names, &n, NULL), PSY_OK);
    psyi_free(NULL, names);
    const char *const first = run_path(&d, "district.xlsx");
    assert_true(psyi_file_exists(first));
    struct timespec old = {.tv_sec = 1000000000};
    const struct timespec times[2] = {old, old};
    assert_int_equal(utimensat(AT_FDCWD, first, times, 0), 0);
    assert_int_equal(run_go(&d), PSY_OK);
    struct stat about;
    assert_int_equal(stat(first, &about), 0);
    assert_int_equal(about.st_mtim.tv_sec, 1000000000);
    run_close(&d);
}

static void test_an_edited_workbook_is_never_overwritten(void **state)
{
    (void)state;
    run_directory d;
    run_open(&d, &(ward_plan){.rules = NULL}, 60);
    assert_int_equal(run_go(&d), PSY_OK);
    assert_int_equal(run_go(&d), PSY_OK); /* the same again is fine */
    edit(run_path(&d, "schools/B.xlsx"));
    char *const before = run_digest(&d, NULL);
    for (int force = 0; force < 2; force++) {
        d.options.force = force;
        assert_int_equal(run_go(&d), PSY_E_OUTPUT);
        check_says(&d, "schools/B.xlsx' has been edited");
        char *const after = run_digest(&d, NULL);
        assert_string_equal(after, before);
        free(after);
    }
    free(before);
    assert_int_equal(rename(run_path(&d, "schools/B.xlsx"), run_path(&d, "mine.xlsx")), 0);
    assert_int_equal(run_go(&d), PSY_OK);
    run_close(&d);
}

static void test_another_run_needs_force(void **state)
{
    (void)state;
    run_directory d;
    run_open(&d, &(ward_plan){.rules = NULL}, 60);
    assert_int_equal(run_go(&d), PSY_OK);
    run_write_rows(&d, run_rows(), 50);
    char *const before = run_digest(&d, NULL);
    assert_int_equal(run_go(&d), PSY_E_OUTPUT);
    check_says(&d, "belongs to another run: use --force");
    char *const after = run_digest(&d, NULL);
    assert_string_equal(after, before);
    d.options.force = true;
    d.options.no_workbooks = true; /* the old workbooks would pass for results of this run */
    edit(run_path(&d, "schools/B.xlsx"));
    assert_int_equal(run_go(&d), PSY_OK);
    assert_false(psyi_file_exists(run_path(&d, "schools/A.xlsx")));
    assert_true(psyi_file_exists(run_path(&d, "schools/B.xlsx"))); /* somebody's work */
    free(before);
    free(after);
    run_close(&d);
}

static void test_strange_directories(void **state)
{
    (void)state;
    run_directory d;
    run_open(&d, &(ward_plan){.rules = NULL}, 30);
    assert_int_equal(psyi_directory_make(d.results, NULL), PSY_OK);
    psy_test_write_file(run_path(&d, "notes.txt"), "mine", 4);
    assert_int_equal(run_go(&d), PSY_OK); /* other people's files are no run */
    assert_true(psyi_file_exists(run_path(&d, "notes.txt")));
    psy_test_write_file(run_path(&d, "run.json"), "{\"format\": \"other\"}", 19);
    assert_int_equal(run_go(&d), PSY_E_OUTPUT);
    check_says(&d, "is not the manifest of a run");
    remove(run_path(&d, "run.json"));
    assert_int_equal(run_go(&d), PSY_E_OUTPUT); /* scores.csv of nobody knows whom */
    check_says(&d, "belongs to another run");
    d.options.force = true;
    assert_int_equal(run_go(&d), PSY_E_OUTPUT); /* and workbooks of nobody knows whom */
    check_says(&d, "has been edited");
    run_close(&d);
}

static void test_two_runs_at_once(void **state)
{
    (void)state;
    run_directory d;
    run_open(&d, &(ward_plan){.rules = NULL}, 30);
    assert_int_equal(psyi_directory_make(d.results, NULL), PSY_OK);
    assert_int_equal(psyi_directory_make(run_path(&d, ".psyscreen"), NULL), PSY_OK);
    const int lock = open(run_path(&d, ".psyscreen/lock"), O_RDWR | O_CREAT, 0600);
    assert_int_equal(flock(lock, LOCK_EX), 0);
    assert_int_equal(run_go(&d), PSY_E_OUTPUT);
    check_says(&d, "another run is at work");
    close(lock);
    assert_int_equal(run_go(&d), PSY_OK);
    run_close(&d);
}

static void test_leftovers_of_a_killed_run_are_removed(void **state)
{
    (void)state;
    run_directory d;
    run_open(&d, &(ward_plan){.rules = NULL}, 30);
    assert_int_equal(psyi_directory_make(d.results, NULL), PSY_OK);
    psy_test_write_file(run_path(&d, ".scores.csv.123-0.tmp"), "half", 4);
    psy_test_write_file(run_path(&d, ".notes.tmp"), "mine", 4);
    assert_int_equal(run_go(&d), PSY_OK);
    assert_false(psyi_file_exists(run_path(&d, ".scores.csv.123-0.tmp")));
    assert_true(psyi_file_exists(run_path(&d, ".notes.tmp")));
    run_close(&d);
}

/* Killed at any moment, finished by the next call, the same bytes as undisturbed. */
static void test_killed_at_any_moment(void **state)
{
    (void)state;
    run_directory d;
    run_open(&d, &(ward_plan){.rules = NULL}, 60);
    assert_int_equal(run_go(&d), PSY_OK);
    char *const whole = run_digest(&d, NULL);
    for (unsigned turn = 0; turn < 30; turn++) {
        snprintf(d.results, sizeof d.results, "%s/killed%u", d.ward.directory, turn);
        const pid_t child = fork();
        if (child == 0) {
            run_go(&d);
            _exit(0);
        }
        const struct timespec wait = {.tv_nsec = (long)(turn * 1700000 % 90000000)};
        nanosleep(&wait, NULL);
        kill(child, SIGKILL);
        int ended;
        waitpid(child, &ended, 0);
        if (run_go(&d) != PSY_OK)
            fail_msg("turn %u: %s", turn, d.error.message);
        char *const resumed = run_digest(&d, NULL);
        assert_string_equal(resumed, whole);
        free(resumed);
    }
    free(whole);
    run_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cancelling_before_writing_leaves_nothing),
        cmocka_unit_test(test_a_stopped_run_is_resumed),
        cmocka_unit_test(test_finished_outputs_are_not_written_again),
        cmocka_unit_test(test_an_edited_workbook_is_never_overwritten),
        cmocka_unit_test(test_another_run_needs_force),
        cmocka_unit_test(test_strange_directories),
        cmocka_unit_test(test_two_runs_at_once),
        cmocka_unit_test(test_leftovers_of_a_killed_run_are_removed),
        cmocka_unit_test(test_killed_at_any_moment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
