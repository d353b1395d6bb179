/*
 * test_sealed_run.c -- runs whose workbooks open with passwords: where the passwords come from,
 * that nothing stands in plain on the disk, and that a stopped run is finished with them.
 */
#include "run_directory.h"

#include "base/file.h"
#include "report/agile.h"
#include "screening/passwords.h"
#include "screening/private_place.h"

#include <psyscreen/keys.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char passwords[700], place[700];

static void open_run(run_directory *d)
{
    run_open(d, &(ward_plan){.rules = NULL}, 60);
    snprintf(passwords, sizeof passwords, "%s/passwords.csv", d->ward.directory);
    snprintf(place, sizeof place, "%s/place", d->ward.directory);
    assert_int_equal(psyi_directory_make(place, NULL), PSY_OK);
    d->options.new_passwords = passwords;
    d->options.tmpdir = place;
}

static void check_says(const run_directory *d, const char *part)
{
    if (strstr(d->error.message, part) == NULL)
        fail_msg("'%s' does not say '%s'", d->error.message, part);
}

/* Files below a directory that begin as zip archives do. */
static size_t plain_packages(const char *directory)
{
    char **names;
    size_t n, found = 0;
    if (psyi_directory_list(directory, NULL, &names, &n, NULL) != PSY_OK)
        return 0;
    for (size_t i = 0; i < n; i++) {
        char path[1024];
        snprintf(path, sizeof path, "%s/%s", directory, names[i]);
        if (psyi_is_directory(path)) {
            found += plain_packages(path);
            continue;
        }
        char *const text = psy_test_read_file(path, NULL);
        found += strncmp(text, "PK", 2) == 0;
        free(text);
    }
    psyi_free(NULL, names);
    return found;
}

static bool opens(const run_directory *d, const char *name, const char *key)
{
    psyi_passwords *all;
    bool good = false;
    assert_int_equal(psyi_passwords_read(&all, passwords, NULL, d->findings, NULL), PSY_OK);
    const char *const password = psyi_passwords_find(all, key);
    assert_non_null(password);
    assert_int_equal(psyi_password_opens(run_path(d, name), password, &good, NULL, NULL), PSY_OK);
    psyi_passwords_free(all);
    return good;
}

static bool is_empty(const char *directory)
{
    char **names;
    size_t n;
    assert_int_equal(psyi_directory_list(directory, NULL, &names, &n, NULL), PSY_OK);
    psyi_free(NULL, names);
    return n == 0;
}

/* Lines of the manifest that do not depend on salts and keys. */
static char *plain_lines(const char *manifest)
{
    char *const text = psy_test_read_file(manifest, NULL);
    psyi_buffer out;
    psyi_buffer_init(&out, NULL);
    for (const char *at = text; (at = strstr(at, "\"plain_sha256\"")) != NULL; at++)
        psyi_buffer_add(&out, at, 84);
    free(text);
    assert_true(out.length > 3 * 84);
    return out.data;
}

static void test_every_workbook_has_its_password(void **state)
{
    (void)state;
    run_directory d;
    open_run(&d);
    const mode_t before = umask(0);
    assert_int_equal(run_go(&d), PSY_OK);
    umask(before);
    struct stat about;
    assert_int_equal(stat(passwords, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_int_equal(plain_packages(d.results), 0);
    assert_true(is_empty(place));
    assert_true(opens(&d, "schools/A.xlsx", "A"));
    assert_true(opens(&d, "district.xlsx", "district.xlsx"));
    assert_true(opens(&d, "schools/_unmatched.xlsx", "schools/_unmatched.xlsx"));
    assert_false(opens(&d, "schools/A.xlsx", "B"));
    /* The manifest says what they decrypt to: what a run without passwords writes. */
    char *const plain = plain_lines(run_path(&d, "run.json"));
    d.options.new_passwords = NULL;
    snprintf(d.results, sizeof d.results, "%s/plain", d.ward.directory);
    assert_int_equal(run_go(&d), PSY_OK);
    static const char *const names[] = {"schools/A.xlsx", "schools/C.xlsx", "district.xlsx"};
    for (size_t i = 0; i < 3; i++) {
        char digest[65];
        assert_int_equal(psyi_file_digest(run_path(&d, names[i]), digest, NULL), PSY_OK);
        assert_non_null(strstr(plain, digest));
    }
    free(plain);
    run_close(&d);
}

static void test_passwords_that_are_refused(void **state)
{
    (void)state;
    run_directory d;
    open_run(&d);
    /* Nothing is overwritten. */
    psy_test_write_file(passwords, "mine", 4);
    assert_int_equal(run_go(&d), PSY_E_OUTPUT);
    check_says(&d, "is not overwritten");
    d.options.new_passwords = NULL;
    d.options.passwords = passwords;
    assert_int_equal(run_go(&d), PSY_E_DATA);
    check_says(&d, "its head is school,password");
    static const char few[] = "school,password\r\nA,twelve letters\r\n\r\nB,\"with, comma\"\r\n";
    psy_test_write_file(passwords, few, strlen(few));
    assert_int_equal(run_go(&d), PSY_E_DATA);
    check_says(&d, "workbooks of this run have no password (district.xlsx, ");
    static const char *const bad[][2] = {
        {"school,password\nA,short\n", "5 characters is too short"},
        {"school,password\nA,long enough\nA,long enough\n", "has a password already"},
        {"school,password\n,long enough\n", "give its code"},
        {"school,password\nA\n", "must hold a school and its password"},
        {"school,password\nA,long enough,more\n", "must hold a school and its password"},
        {"school,password\nA,\"long enough\n", "must hold a school and its password"},
        {"school;password\nA;long enough\n", "its head is school,password"},
        {"", "its head is school,password"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        psy_test_write_file(passwords, bad[i][0], strlen(bad[i][0]));
        assert_int_equal(run_go(&d), PSY_E_DATA);
        check_says(&d, bad[i][1]);
        assert_null(strstr(d.error.message, "long enough"));
    }
    d.options.new_passwords = passwords;
    assert_int_equal(run_go(&d), PSY_E_ARGUMENT);
    d.options.passwords = NULL;
    snprintf(passwords, sizeof passwords, "%s/p.csv", d.results);
    assert_int_equal(run_go(&d), PSY_E_ARGUMENT);
    check_says(&d, "beside the results");
    run_close(&d);
}

static void test_warnings_about_the_file(void **state)
{
    (void)state;
    run_directory d;
    open_run(&d);
    d.options.new_passwords = NULL;
    d.options.passwords = passwords;
    static const char shared[] =
        "\xEF\xBB\xBFschool,password\nA,one for all\nB,one for all\n"
        "C,another one\nR,\"say \"\"please\"\"\"\ndistrict.xlsx,not for schools\n"
        "schools/_unmatched.xlsx,nobody's sheets";
    psy_test_write_file(passwords, shared, strlen(shared));
    chmod(passwords, 0644);
    const psy_status status = run_go(&d);
    if (status != PSY_OK)
        fail_msg("%s", d.error.message);
    size_t n_shared = 0, n_readable = 0;
    for (size_t i = 0; i < psy_findings_count(d.findings); i++) {
        const psy_finding one = psy_findings_get(d.findings, i);
        n_shared += one.rule != NULL && strcmp(one.rule, "password_shared") == 0;
        n_readable += one.rule != NULL && strcmp(one.rule, "passwords_readable") == 0;
    }
    assert_int_equal(n_shared, 1);
    assert_int_equal(n_readable, 1);
    assert_true(opens(&d, "schools/B.xlsx", "A"));
    run_close(&d);
}

static int stop_in_writing(void *context, const psy_progress *progress)
{
    (void)context;
    return strcmp(progress->phase, "write") == 0 && progress->done > 0;
}

static void test_a_stopped_run_is_resumed(void **state)
{
    (void)state;
    run_directory d;
    open_run(&d);
    d.options.n_threads = 1;
    assert_int_equal(run_go(&d), PSY_OK);
    char *const whole = plain_lines(run_path(&d, "run.json"));
    snprintf(d.results, sizeof d.results, "%s/stopped", d.ward.directory);
    unlink(passwords);
    d.options.progress = stop_in_writing;
    assert_int_equal(run_go(&d), PSY_E_CANCELLED);
    assert_true(is_empty(place));
    assert_int_equal(plain_packages(d.results), 0);
    d.options.progress = NULL;
    assert_int_equal(run_go(&d), PSY_E_OUTPUT); /* there are passwords already */
    d.options.new_passwords = NULL;
    assert_int_equal(run_go(&d), PSY_E_OUTPUT); /* without passwords it is another run */
    check_says(&d, "belongs to another run");
    char first[65], again[65];
    const char *const made = run_path(&d, "district.xlsx");
    assert_int_equal(psyi_file_digest(made, first, NULL), PSY_OK);
    d.options.passwords = passwords;
    assert_int_equal(run_go(&d), PSY_OK);
    assert_int_equal(psyi_file_digest(made, again, NULL), PSY_OK);
    assert_string_equal(first, again); /* not encrypted anew */
    char *const resumed = plain_lines(run_path(&d, "run.json"));
    assert_string_equal(resumed, whole);
    free(whole);
    free(resumed);
    run_close(&d);
}

/* What was finished with other passwords is done again. */
static void test_other_passwords_after_a_stop(void **state)
{
    (void)state;
    run_directory d;
    open_run(&d);
    d.options.n_threads = 1;
    d.options.progress = stop_in_writing;
    assert_int_equal(run_go(&d), PSY_E_CANCELLED);
    assert_true(opens(&d, "district.xlsx", "district.xlsx"));
    psyi_passwords *all;
    assert_int_equal(psyi_passwords_read(&all, passwords, NULL, d.findings, NULL), PSY_OK);
    unlink(passwords);
    static const char *const keys[] = {
        "A", "B", "C", "R", "district.xlsx", "schools/_unmatched.xlsx"};
    assert_int_equal(psyi_passwords_make(passwords, keys, 6, NULL, NULL), PSY_OK);
    assert_false(opens(&d, "district.xlsx", "district.xlsx"));
    psyi_passwords_free(all);
    d.options.progress = NULL;
    d.options.new_passwords = NULL;
    d.options.passwords = passwords;
    assert_int_equal(run_go(&d), PSY_OK);
    assert_true(opens(&d, "district.xlsx", "district.xlsx"));
    run_close(&d);
}

/* Killed at any moment: no plain workbook in the directory; the next run finishes it, and
 * clears what lay in memory. */
static void test_killed_at_any_moment(void **state)
{
    (void)state;
    run_directory d;
    open_run(&d);
    assert_int_equal(run_go(&d), PSY_OK);
    char *const whole = plain_lines(run_path(&d, "run.json"));
    d.options.new_passwords = NULL;
    d.options.passwords = passwords;
    for (unsigned turn = 0; turn < 10; turn++) {
        snprintf(d.results, sizeof d.results, "%s/killed%u", d.ward.directory, turn);
        const pid_t child = fork();
        if (child == 0) {
            run_go(&d);
            _exit(0);
        }
        const struct timespec wait = {.tv_nsec = (long)(20000000 + turn * 30000000)};
        nanosleep(&wait, NULL);
        kill(child, SIGKILL);
        int ended;
        waitpid(child, &ended, 0);
        assert_int_equal(plain_packages(d.results), 0);
        if (run_go(&d) != PSY_OK)
            fail_msg("turn %u: %s", turn, d.error.message);
        assert_true(is_empty(place));
        char *const resumed = plain_lines(run_path(&d, "run.json"));
        assert_string_equal(resumed, whole);
        free(resumed);
    }
    free(whole);
    run_close(&d);
}

static void test_passphrases(void **state)
{
    (void)state;
    static const char *const keys[] = {"a", "b,c", "d\"e"};
    const char *const path = psy_test_path(psy_test_directory(), "p.csv");
    psyi_passwords *all;
    psy_findings *findings;
    assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
    assert_int_equal(psyi_passwords_make(path, keys, 3, NULL, NULL), PSY_OK);
    assert_int_equal(psyi_passwords_make(path, keys, 3, NULL, NULL), PSY_E_OUTPUT);
    assert_int_equal(psyi_passwords_read(&all, path, NULL, findings, NULL), PSY_OK);
    for (size_t i = 0; i < 3; i++) {
        const char *const one = psyi_passwords_find(all, keys[i]);
        assert_non_null(one);
        /* Twenty letters of 32, five bits each. */
        assert_int_equal(strlen(one), 24);
        assert_int_equal(strspn(one, "0123456789abcdefghjkmnpqrstvwxyz-"), 24);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(one, psyi_passwords_find(all, keys[j]));
    }
    assert_null(psyi_passwords_find(all, "B,C"));
    psyi_passwords_free(all);
    psy_findings_free(findings);
    psy_test_directory_remove();
}

/* A file that is not ours, where a secret should go, and a link that leads elsewhere. */
static void test_secrets_replace_nothing(void **state)
{
    (void)state;
    const char *const directory = psy_test_directory();
    const char *const link = psy_test_path(directory, "link");
    const char *const aim = psy_test_path(directory, "aim");
    assert_int_equal(symlink(aim, link), 0);
    assert_int_equal(psyi_file_new_secret(link, "x", 1, NULL), PSY_E_OUTPUT);
    assert_false(psyi_file_exists(aim));
    assert_int_equal(psyi_file_new_secret(psy_test_path(directory, "no/where"), "x", 1, NULL),
                     PSY_E_OUTPUT);
    psy_test_directory_remove();
}

static void test_private_places(void **state)
{
    (void)state;
    char parent[600], left[700], file[800];
    snprintf(parent, sizeof parent, "%s", psy_test_directory());
    snprintf(left, sizeof left, "%s/psyscreen-plain.abcdef", parent);
    snprintf(file, sizeof file, "%s/0.xlsx", left);
    assert_int_equal(mkdir(left, 0700), 0);
    psy_test_write_file(file, "PK", 2);
    psyi_private_place one, two;
    assert_int_equal(psyi_private_place_make(&one, parent, NULL, NULL), PSY_OK);
    assert_false(psyi_file_exists(left)); /* nobody held it */
    struct stat about;
    assert_int_equal(stat(one.path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0700);
    assert_int_equal(psyi_private_place_make(&two, parent, NULL, NULL), PSY_OK);
    assert_true(psyi_file_exists(one.path)); /* somebody does */
    psyi_private_place_remove(&one);
    psyi_private_place_remove(&one);
    psyi_private_place_remove(&two);
    assert_true(is_empty(parent));
    assert_int_equal(psyi_private_place_make(&one, "/no/such/place", NULL, NULL), PSY_E_OUTPUT);
    psy_test_directory_remove();
}

static void test_mapping(void **state)
{
    (void)state;
    run_directory d;
    char mapping[700];
    run_open(&d, &(ward_plan){.identity = "{output: pseudonym, key_file: k}"}, 60);
    snprintf(mapping, sizeof mapping, "%s/mapping.csv", d.ward.directory);
    d.options.mapping = mapping;
    d.options.no_workbooks = true;
    const mode_t before = umask(0);
    assert_int_equal(run_go(&d), PSY_OK);
    umask(before);
    struct stat about;
    assert_int_equal(stat(mapping, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    char *const text = psy_test_read_file(mapping, NULL);
    char *const scores = psy_test_read_file(run_path(&d, "scores.csv"), NULL);
    assert_non_null(strstr(text, ",S001,n1,B,"));
    assert_null(strstr(scores, "S001"));
    /* Each pseudonym of scores.csv is led back, in the same order. */
    char *line = strchr(text, '\n') + 1, *row = strchr(scores, '\n') + 1;
    size_t n = 0;
    for (; *line != '\0'; n++) {
        assert_memory_equal(line, row, 27);
        line = strchr(line, '\n') + 1;
        row = strchr(row, '\n') + 1;
    }
    assert_int_equal(*row, '\0');
    assert_true(n > 50);
    free(text);
    free(scores);
    assert_int_equal(run_go(&d), PSY_E_OUTPUT);
    check_says(&d, "is not overwritten");
    snprintf(mapping, sizeof mapping, "%s/mapping.csv", d.results);
    assert_int_equal(run_go(&d), PSY_E_ARGUMENT);
    run_close(&d);
    run_open(&d, &(ward_plan){.rules = NULL}, 60);
    snprintf(mapping, sizeof mapping, "%s/mapping.csv", d.ward.directory);
    d.options.mapping = mapping;
    assert_int_equal(run_go(&d), PSY_E_ARGUMENT);
    check_says(&d, "plain ids");
    run_close(&d);
}

static void test_keys(void **state)
{
    (void)state;
    char path[600], print[PSY_KEY_FINGERPRINT], again[PSY_KEY_FINGERPRINT];
    int exposed = 2;
    psy_error error;
    snprintf(path, sizeof path, "%s/k", psy_test_directory());
    const mode_t before = umask(0777);
    assert_int_equal(psy_key_new(path, print, NULL), PSY_OK);
    umask(before);
    struct stat about;
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_int_equal(about.st_size, 65);
    assert_int_equal(psy_key_fingerprint(path, again, &exposed, NULL), PSY_OK);
    assert_string_equal(print, again);
    assert_int_equal(exposed, 0);
    chmod(path, 0640);
    assert_int_equal(psy_key_fingerprint(path, again, &exposed, NULL), PSY_OK);
    assert_int_equal(exposed, 1);
    assert_int_equal(psy_key_new(path, print, &error), PSY_E_OUTPUT);
    assert_non_null(strstr(error.message, "is not overwritten"));
    /* HMAC-SHA-256 of "psyscreen/fingerprint/1" under 00112233..., by Python's hmac, base32 */
    static const char fixed[] =
        "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n";
    psy_test_write_file(path, fixed, sizeof fixed - 1);
    assert_int_equal(psy_key_fingerprint(path, print, NULL, NULL), PSY_OK);
    assert_string_equal(print, "xt5f-2qod-f7rh-xeqs");
    psy_test_write_file(path, "no key", 6);
    assert_int_equal(psy_key_fingerprint(path, print, NULL, NULL), PSY_E_DATA);
    unlink(path);
    assert_int_equal(psy_key_fingerprint(path, print, NULL, &error), PSY_E_DATA);
    assert_non_null(strstr(error.message, "psyscreen key new"));
    assert_int_equal(psy_key_new("", NULL, NULL), PSY_E_ARGUMENT);
    psy_test_directory_remove();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_workbook_has_its_password),
        cmocka_unit_test(test_passwords_that_are_refused),
        cmocka_unit_test(test_warnings_about_the_file),
        cmocka_unit_test(test_a_stopped_run_is_resumed),
        cmocka_unit_test(test_other_passwords_after_a_stop),
        cmocka_unit_test(test_killed_at_any_moment),
        cmocka_unit_test(test_passphrases),
        cmocka_unit_test(test_secrets_replace_nothing),
        cmocka_unit_test(test_private_places),
        cmocka_unit_test(test_mapping),
        cmocka_unit_test(test_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
