/*
 * test_bad_definitions.c -- every mistake in tests/bad is reported where it is, in these words.
 *
 * The first comment lines of a file are all that must be found, in order:
 * "# line:column: message", for norms "# file:line:column: message".  The first of them is
 * also the error of the call, and *out stays as it was.
 */
#include "definition_fixture.h"

#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static psy_catalog *catalog;

static size_t n_files;

static bool is_yaml(const char *name)
{
    const size_t length = strlen(name);
    return length > 5 && strcmp(name + length - 5, ".yaml") == 0;
}

/* Compare one finding with its comment line and return the text behind that line. */
static const char *compare(const char *name, const char *expected, const char *found)
{
    const size_t length = strcspn(expected, "\n");
    if (strncmp(expected, "# ", 2) != 0 || length - 2 != strlen(found) ||
        strncmp(expected + 2, found, length - 2) != 0)
        fail_msg("%s\nwanted: %.*s\nfound:  # %s", name, (int)length, expected, found);
    return expected + length + 1;
}

static void check(const char *name, const char *text, psy_status status, const psy_error *error,
                  const psy_findings *findings, bool with_file)
{
    char found[1024];
    const char *expected = text;
    if (status == PSY_OK)
        fail_msg("%s loads", name);
    assert_int_equal(status, error->status);
    assert_true(psy_findings_count(findings) > 0);
    for (size_t i = 0; i < psy_findings_count(findings); i++) {
        const psy_finding one = psy_findings_get(findings, i);
        const char *const slash = strrchr(one.file, '/');
        assert_int_equal(one.severity, PSY_ERROR);
        assert_true(one.length >= 1);
        snprintf(found, sizeof found, "%s%s%u:%u: %s",
                 with_file ? slash != NULL ? slash + 1 : one.file : "", with_file ? ":" : "",
                 (unsigned)one.row, (unsigned)one.column, one.message);
        expected = compare(name, expected, found);
        if (i == 0) {
            assert_string_equal(error->message, one.message);
            assert_int_equal(error->where.line, one.row);
            assert_int_equal(error->where.column, one.column);
        }
    }
    if (strncmp(expected, "# ", 2) == 0)
        fail_msg("%s\nwanted, too: %.*s", name, (int)strcspn(expected, "\n"), expected);
    n_files++;
}

static void try_file(const char *directory, const char *name)
{
    const char *const path = psy_test_path(directory, name);
    size_t length = 0;
    char *const text = psy_test_read_file(path, &length);
    psy_findings *findings = NULL;
    psy_error error = {.status = PSY_OK};
    psy_status status;
    assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
    if (strncmp(name, "plan_", 5) == 0) {
        psy_plan *plan = PSY_UNTOUCHED;
        status = psy_plan_load_file(&plan, path, catalog, NULL, findings, &error);
        if (status != PSY_OK)
            psy_assert_untouched(plan);
        check(name, text, status, &error, findings, false);
    } else {
        psy_instrument *instrument = PSY_UNTOUCHED;
        status =
            psy_instrument_load_memory(&instrument, text, length, name, NULL, findings, &error);
        if (status != PSY_OK)
            psy_assert_untouched(instrument);
        check(name, text, status, &error, findings, false);
    }
    psy_findings_free(findings);
    free(text);
}

static void try_norm(const char *directory, const char *name)
{
    const char *const path = psy_test_path(directory, name);
    char *const text = psy_test_read_file(path, NULL);
    psy_findings *findings = NULL;
    psy_error error = {.status = PSY_OK};
    psyi_norm *norm = PSY_UNTOUCHED;
    assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
    const psy_status status = psyi_norm_load_file(&norm, path, NULL, findings, &error);
    if (status != PSY_OK)
        psy_assert_untouched(norm);
    check(name, text, status, &error, findings, true);
    psy_findings_free(findings);
    free(text);
}

static void try_all(const char *folder, void (*try_one)(const char *, const char *))
{
    char directory[1024];
    snprintf(directory, sizeof directory, "%s", psy_test_source(folder));
    char **names = NULL;
    size_t n = 0;
    assert_int_equal(psyi_directory_list(directory, NULL, &names, &n, NULL), PSY_OK);
    n_files = 0;
    for (size_t i = 0; i < n; i++)
        if (is_yaml(names[i]))
            try_one(directory, names[i]);
    print_message("  %zu files in %s\n", n_files, folder);
    free(names);
}

static void test_bad_definitions_are_refused_where_they_are_wrong(void **state)
{
    (void)state;
    catalog = fixture_catalog();
    try_all("tests/bad", try_file);
    assert_true(n_files >= 120);
    psy_catalog_free(catalog);
}

static void test_bad_norms_are_refused_where_they_are_wrong(void **state)
{
    (void)state;
    try_all("tests/bad/norms", try_norm);
    assert_true(n_files >= 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bad_definitions_are_refused_where_they_are_wrong),
        cmocka_unit_test(test_bad_norms_are_refused_where_they_are_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
