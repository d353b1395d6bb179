/*
 * test_dossier.c -- a dossier from two runs: what it refuses, and memory that runs out.
 */
#include "run_directory.h"

#include "base/file.h"
#include "report/agile.h"
#include "report/entry_columns.h"

#include <psyscreen/dossier.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

static run_directory d;
static char book[700];

static void open_run(const char *identity)
{
    run_open(&d, &(ward_plan){.identity = identity}, 12);
    d.options.no_workbooks = true;
    assert_int_equal(run_go(&d), PSY_OK);
    snprintf(book, sizeof book, "%s.dossier.xlsx", d.responses);
}

/* The id of the first row of scores.csv. */
static const char *first_student(void)
{
    static char id[64];
    size_t length;
    char *const text = psy_test_read_file(run_path(&d, "scores.csv"), &length);
    const char *const row = strchr(text, '\n') + 1;
    snprintf(id, sizeof id, "%.*s", (int)strcspn(row, ","), row);
    free(text);
    return id;
}

/* A contact of the first student, as psyscreen collect writes it. */
static const char *write_ledger(const char *student)
{
    static char path[800];
    char school[64], number[PSYI_CASE_NUMBER];
    size_t length;
    char *const text = psy_test_read_file(run_path(&d, "scores.csv"), &length);
    const char *const cell = strchr(strchr(text, '\n'), ',') + 1;
    snprintf(school, sizeof school, "%.*s", (int)strcspn(cell, ","), cell);
    free(text);
    assert_true(
        psyi_case_number(d.ward.plan->id, d.ward.plan->wave, school, student, NULL, number));
    snprintf(path, sizeof path, "%s.ledger.csv", d.responses);
    FILE *const out = fopen(path, "w");
    assert_non_null(out);
    fprintf(out,
            "sheet,school,case_id,touched,problem,seq,date,facts\n"
            "follow_up,%s,%s,true,,1,2026-10-20,seen\n",
            school, number);
    assert_int_equal(fclose(out), 0);
    return path;
}

static psy_status write_once(const psy_allocator *allocator, void *context)
{
    const char *const directories[] = {d.results, d.results};
    const char *const ledger = write_ledger(context), *const ledgers[] = {ledger, ledger};
    const psy_dossier_options options = {.version = PSY_DOSSIER_OPTIONS_VERSION,
                                         .allocator = allocator,
                                         .entries = ledgers,
                                         .n_entries = 2};
    size_t n = 0;
    psy_error error;
    unlink(book);
    const psy_status status =
        psy_dossier_write(d.ward.plan, context, directories, 2, book, &options, &n, &error);
    /* The file is there when all went well, and only then. */
    assert_int_equal(psyi_file_exists(book), status == PSY_OK);
    assert_int_equal(n, status == PSY_OK ? 2 : n);
    return status;
}

static void test_every_allocation_of_a_dossier_may_fail(void **state)
{
    (void)state;
    open_run("{output: pseudonym, key_file: k}");
    char id[64];
    snprintf(id, sizeof id, "%s", first_student());
    assert_true(psy_sweep(write_once, id) > 50);
    unlink(book);
    run_close(&d);
}

static psy_status write_for(const char *student, size_t *n, psy_error *error)
{
    const char *const directories[] = {d.results};
    unlink(book);
    return psy_dossier_write(d.ward.plan, student, directories, 1, book, NULL, n, error);
}

static void test_what_is_refused(void **state)
{
    (void)state;
    open_run("{output: plain}");
    psy_error error;
    size_t n = 7;
    const char *const nowhere[] = {"/nowhere/at/all"};
    assert_int_equal(write_for("not there", &n, &error), PSY_E_ARGUMENT);
    assert_int_equal(n, 7);
    assert_null(strstr(error.message, "not there")); /* an id is nobody's business */
    assert_int_equal(write_for("", &n, &error), PSY_E_ARGUMENT);
    assert_int_equal(psy_dossier_write(d.ward.plan, "x", nowhere, 1, book, NULL, NULL, &error),
                     PSY_E_DATA);
    assert_int_equal(psy_dossier_write(d.ward.plan, "x", nowhere, 0, book, NULL, NULL, &error),
                     PSY_E_ARGUMENT);
    assert_int_equal(psy_dossier_write(NULL, "x", nowhere, 1, book, NULL, NULL, &error),
                     PSY_E_ARGUMENT);
    const psy_dossier_options future = {.version = 99};
    assert_int_equal(psy_dossier_write(d.ward.plan, "x", nowhere, 1, book, &future, NULL, &error),
                     PSY_E_ARGUMENT);
    /* Neither a manifest of something else nor a table of something else is read. */
    static const char other[] = "{\"format\": \"psyscreen/plan/1\"}";
    char id[64];
    snprintf(id, sizeof id, "%s", first_student());
    assert_int_equal(write_for(id, &n, &error), PSY_OK);
    assert_int_equal(n, 1);
    static const char table[] = "a,b\n1,2\n";
    psy_test_write_file(run_path(&d, "scores.csv"), table, sizeof table - 1);
    assert_int_equal(write_for(id, &n, &error), PSY_E_DATA);
    psy_test_write_file(run_path(&d, "run.json"), other, sizeof other - 1);
    assert_int_equal(write_for(id, &n, &error), PSY_E_DATA);
    assert_false(psyi_file_exists(book));
    run_close(&d);
}

/* run.json with so many critical flags more, before the rules, and `tail` behind the text of a
 * rule; scores.csv as it is.  Into a directory beside the results, which is named. */
static const char *copy_with_flags(const char *name, size_t n_flags, const char *tail)
{
    static char paths[2][700];
    static unsigned turn;
    char *const path = paths[turn++ % 2];
    static const char head[] = "\"rules\": [", when[] = "\"when\": \"";
    size_t length;
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    snprintf(path, sizeof paths[0], "%s.%s", d.results, name);
    assert_int_equal(mkdir(path, 0700), 0);
    char *const scores = psy_test_read_file(run_path(&d, "scores.csv"), &length);
    psy_test_write_file(psy_test_path(path, "scores.csv"), scores, length);
    char *const run = psy_test_read_file(run_path(&d, "run.json"), &length);
    char *const rules = strstr(run, head) + sizeof head - 1;
    char *const last = strstr(rules, when) + sizeof when - 1;
    psyi_buffer_add(&text, run, (size_t)(rules - run));
    for (size_t i = 0; i < n_flags; i++)
        psyi_buffer_format(&text, "{\"critical\": true, \"id\": \"x.f%zu\", \"rank\": 1},", i);
    psyi_buffer_add(&text, rules, (size_t)(last - rules));
    psyi_buffer_text(&text, tail);
    psyi_buffer_text(&text, last);
    psy_test_write_file(psy_test_path(path, "run.json"), text.data, text.length);
    psyi_buffer_done(&text);
    free(scores);
    free(run);
    return path;
}

static void remove_copy(const char *path)
{
    remove(psy_test_path(path, "scores.csv"));
    remove(psy_test_path(path, "run.json"));
    remove(path);
}

/* Does the dossier of these two say that tiers may not be compared? */
static bool is_not_comparable(const char *id, const char *const *directories)
{
    static const char words[] = "量表、规则或等级方案不同";
    bool found = false;
    psy_error error;
    unlink(book);
    assert_int_equal(psy_dossier_write(d.ward.plan, id, directories, 2, book, NULL, NULL, &error),
                     PSY_OK);
    zip_t *const archive = zip_open(book, ZIP_RDONLY, NULL);
    assert_non_null(archive);
    for (zip_int64_t i = 0; i < zip_get_num_entries(archive, 0); i++) {
        zip_stat_t about;
        assert_int_equal(zip_stat_index(archive, (zip_uint64_t)i, 0, &about), 0);
        char *const text = calloc(about.size + 1, 1);
        zip_file_t *const file = zip_fopen_index(archive, (zip_uint64_t)i, 0);
        assert_int_equal(zip_fread(file, text, about.size), about.size);
        found = found || strstr(text, words) != NULL;
        zip_fclose(file);
        free(text);
    }
    zip_discard(archive);
    unlink(book);
    return found;
}

static void test_rules_behind_thousands_of_flags_are_compared(void **state)
{
    (void)state;
    open_run("{output: plain}");
    char id[64];
    snprintf(id, sizeof id, "%s", first_student());
    for (size_t n_flags = 0; n_flags <= 3000; n_flags += 1500)
        for (int other = 0; other < 2; other++) {
            const char *const directories[] = {copy_with_flags("a", n_flags, ""),
                                               copy_with_flags("b", n_flags, other ? "1 + " : "")};
            assert_int_equal(is_not_comparable(id, directories), other);
            remove_copy(directories[0]);
            remove_copy(directories[1]);
        }
    run_close(&d);
}

static void test_with_a_password(void **state)
{
    (void)state;
    open_run("{output: plain}");
    char passwords[700], id[64], line[900];
    const char *const directories[] = {d.results};
    psy_error error;
    bool opens = false;
    snprintf(passwords, sizeof passwords, "%s/pw.csv", d.ward.directory);
    snprintf(id, sizeof id, "%s", first_student());
    psy_dossier_options options = {.version = PSY_DOSSIER_OPTIONS_VERSION,
                                   .new_passwords = passwords,
                                   .tmpdir = d.ward.directory};
    assert_int_equal(
        psy_dossier_write(d.ward.plan, id, directories, 1, book, &options, NULL, &error), PSY_OK);
    char *const made = psy_test_read_file(passwords, NULL);
    const char *const password = strrchr(made, ',') + 1;
    made[strlen(made) - 1] = '\0';
    assert_int_equal(psyi_password_opens(book, password, &opens, NULL, NULL), PSY_OK);
    assert_true(opens);
    /* Neither the workbook nor the passwords are overwritten. */
    assert_int_equal(
        psy_dossier_write(d.ward.plan, id, directories, 1, book, &options, NULL, &error),
        PSY_E_OUTPUT);
    unlink(book);
    assert_int_equal(
        psy_dossier_write(d.ward.plan, id, directories, 1, book, &options, NULL, &error),
        PSY_E_OUTPUT);
    assert_false(psyi_file_exists(book));
    /* With the file that is there it opens again; without a line for it there is none. */
    options.passwords = passwords;
    assert_int_equal(
        psy_dossier_write(d.ward.plan, id, directories, 1, book, &options, NULL, &error),
        PSY_E_ARGUMENT);
    options.new_passwords = NULL;
    assert_int_equal(
        psy_dossier_write(d.ward.plan, id, directories, 1, book, &options, NULL, &error), PSY_OK);
    opens = false;
    assert_int_equal(psyi_password_opens(book, password, &opens, NULL, NULL), PSY_OK);
    assert_true(opens);
    unlink(book);
    const int n = snprintf(line, sizeof line, "school,password\nother.xlsx,%s\n", password);
    psy_test_write_file(passwords, line, (size_t)n);
    assert_int_equal(
        psy_dossier_write(d.ward.plan, id, directories, 1, book, &options, NULL, &error),
        PSY_E_DATA);
    assert_null(strstr(error.message, password));
    assert_false(psyi_file_exists(book));
    /* A caller of before passwords has a shorter structure. */
    options.version = 1;
    assert_int_equal(
        psy_dossier_write(d.ward.plan, id, directories, 1, book, &options, NULL, &error), PSY_OK);
    free(made);
    unlink(book);
    run_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_allocation_of_a_dossier_may_fail),
        cmocka_unit_test(test_what_is_refused),
        cmocka_unit_test(test_rules_behind_thousands_of_flags_are_compared),
        cmocka_unit_test(test_with_a_password),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
