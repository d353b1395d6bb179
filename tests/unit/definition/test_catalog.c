/* test_catalog.c -- directories of definitions: finding, shadowing, what does not load. */
#include "definition_fixture.h"

#include "base/file.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Two directories: the first holds mine (edition 1) and broken, the second both again. */
static const char *two_directories(void)
{
    static char directory[1024];
    psy_error error;
    strcpy(directory, psy_test_directory());
    assert_int_equal(psyi_directory_make(psy_test_path(directory, "one"), &error), PSY_OK);
    assert_int_equal(psyi_directory_make(psy_test_path(directory, "two"), &error), PSY_OK);
    assert_int_equal(psyi_directory_make(psy_test_path(directory, "one/plans"), &error), PSY_OK);
    return directory;
}

static void write_in(const char *directory, const char *name, const char *text)
{
    psy_test_write_file(psy_test_path(directory, name), text, strlen(text));
}

static psy_catalog *open_two(const char *directory, psy_status wanted, psy_error *error)
{
    char one[1100], two[1100];
    strcpy(one, psy_test_path(directory, "one"));
    strcpy(two, psy_test_path(directory, "two"));
    const char *const directories[] = {one, two};
    psy_catalog *catalog = PSY_UNTOUCHED;
    assert_int_equal(psy_catalog_open(&catalog, directories, 2, NULL, error), wanted);
    if (wanted != PSY_OK)
        psy_assert_untouched(catalog);
    return catalog;
}

static void test_the_shipped_catalogue_loads_without_errors(void **state)
{
    (void)state;
    psy_catalog *const catalog = fixture_catalog();
    assert_true(psy_catalog_count(catalog) >= 50);
    char **names = NULL;
    size_t n = 0, n_yaml = 0;
    assert_int_equal(psyi_directory_list(psy_test_source("instruments"), NULL, &names, &n, NULL),
                     PSY_OK);
    for (size_t i = 0; i < n; i++)
        n_yaml += strlen(names[i]) > 5 && strcmp(names[i] + strlen(names[i]) - 5, ".yaml") == 0;
    assert_int_equal(psy_catalog_count(catalog), n_yaml);
    free(names);
    for (size_t i = 0; i < psy_catalog_count(catalog); i++) {
        const psy_instrument *const it = psy_catalog_get(catalog, i);
        psy_findings *findings = NULL;
        assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
        assert_int_equal(psyi_instrument_lint(it, findings, NULL), PSY_OK);
        for (size_t j = 0; j < psy_findings_count(findings); j++)
            if (psy_findings_get(findings, j).severity == PSY_ERROR)
                fail_msg("%s: %s", it->id, psy_findings_get(findings, j).message);
        psy_findings_free(findings);
        if (i > 0)
            assert_true(strcmp(psy_catalog_get(catalog, i - 1)->id, it->id) < 0);
    }
    assert_null(psy_catalog_get(catalog, psy_catalog_count(catalog)));
    psy_catalog_free(catalog);
    psy_catalog_free(NULL);
}

static void test_the_first_directory_wins(void **state)
{
    (void)state;
    const char *const directory = two_directories();
    char *const other = fixture_replace(fixture_instrument, "from: 6", "from: 7");
    char *const second = fixture_replace(fixture_instrument, "edition: \"1\"", "edition: \"2\"");
    write_in(directory, "one/mine.yaml", fixture_instrument);
    write_in(directory, "two/mine.yaml", other);
    write_in(directory, "two/mine@2.yaml", second);
    write_in(directory, "one/plans/p.yaml", fixture_plan);
    psy_error error = {.status = PSY_OK};
    psy_catalog *const catalog = open_two(directory, PSY_OK, &error);
    const psy_instrument *found = NULL;
    assert_int_equal(psy_catalog_count(catalog), 2);
    assert_int_equal(psy_catalog_find(catalog, "mine", "1", &found, &error), PSY_OK);
    assert_int_equal(found->scales[0].band_sets[0].bands[1].from.num, 6);
    assert_int_equal(psy_catalog_find(catalog, "mine", "2", &found, &error), PSY_OK);
    assert_int_equal(psy_catalog_find(catalog, "mine", NULL, &found, &error), PSY_E_ARGUMENT);
    assert_string_equal(error.message, "instrument 'mine' has several editions: '1', '2'");
    assert_int_equal(psy_catalog_find(catalog, "mine", "3", &found, &error), PSY_E_NOT_FOUND);
    assert_string_equal(error.message, "instrument 'mine' has no edition '3': there is '1', '2'");
    assert_int_equal(psy_catalog_find(catalog, "mien", NULL, &found, &error), PSY_E_NOT_FOUND);
    assert_non_null(psy_catalog_plan_path(catalog, "p"));
    assert_null(psy_catalog_plan_path(catalog, "q"));
    psy_catalog_free(catalog);
    psy_test_directory_remove();
    free(other);
    free(second);
}

static void test_one_id_and_edition_twice_in_a_directory_is_an_error(void **state)
{
    (void)state;
    const char *const directory = two_directories();
    psy_error error = {.status = PSY_OK};
    write_in(directory, "one/mine.yaml", fixture_instrument);
    write_in(directory, "one/mine@again.yaml", fixture_instrument);
    open_two(directory, PSY_E_SCHEMA, &error);
    assert_non_null(strstr(error.message, "instrument 'mine' edition '1' stands in"));
    psy_test_directory_remove();
}

static void test_a_broken_file_stops_only_who_asks_for_it(void **state)
{
    (void)state;
    const char *const directory = two_directories();
    char *const broken = fixture_replace(fixture_instrument, "worse: high", "wrose: high");
    char *const sound = fixture_replace(fixture_instrument, "id: mine", "id: other");
    write_in(directory, "one/mine.yaml", broken);
    write_in(directory, "one/other.yaml", sound);
    write_in(directory, "two/mine.yaml", fixture_instrument);
    psy_error error = {.status = PSY_OK};
    psy_catalog *const catalog = open_two(directory, PSY_OK, &error);
    const psy_instrument *found = NULL;
    assert_int_equal(psy_catalog_find(catalog, "other", NULL, &found, &error), PSY_OK);
    /* Not passed over for the sound one in the second directory. */
    assert_int_equal(psy_catalog_find(catalog, "mine", NULL, &found, &error), PSY_E_SCHEMA);
    assert_non_null(strstr(error.message, "unknown key 'wrose'"));
    assert_int_equal(error.where.line, 18);
    psy_catalog_free(catalog);
    psy_test_directory_remove();
    free(broken);
    free(sound);
}

/* What nobody asks for is not read: it may go away meanwhile. */
static void test_a_file_is_read_when_it_is_asked_for(void **state)
{
    (void)state;
    const char *const directory = two_directories();
    char *const other = fixture_replace(fixture_instrument, "id: mine", "id: other");
    char *const third = fixture_replace(fixture_instrument, "id: mine", "id: third");
    char gone[1100];
    write_in(directory, "one/mine.yaml", fixture_instrument);
    write_in(directory, "one/other.yaml", other);
    write_in(directory, "two/third.yaml", third);
    psy_error error = {.status = PSY_OK};
    psy_catalog *const catalog = open_two(directory, PSY_OK, &error);
    const psy_instrument *first = NULL, *again = NULL;
    assert_int_equal(psy_catalog_find(catalog, "mine", NULL, &first, &error), PSY_OK);
    strcpy(gone, psy_test_path(directory, "one/mine.yaml"));
    assert_int_equal(remove(gone), 0);
    strcpy(gone, psy_test_path(directory, "one/other.yaml"));
    assert_int_equal(remove(gone), 0);
    assert_int_equal(psy_catalog_find(catalog, "mine", NULL, &again, &error), PSY_OK);
    assert_ptr_equal(first, again);
    /* Unread names are near ones, too. */
    assert_int_equal(psy_catalog_find(catalog, "thirt", NULL, &again, &error), PSY_E_NOT_FOUND);
    assert_non_null(strstr(error.message, "did you mean 'third'"));
    assert_int_equal(psy_catalog_find(catalog, "other", NULL, &again, &error), PSY_E_IO);
    /* The others are counted; the one that is gone stays what it was found to be. */
    assert_int_equal(psy_catalog_count(catalog), 2);
    assert_ptr_equal(psy_catalog_get(catalog, 0), first);
    assert_string_equal(psy_catalog_get(catalog, 1)->id, "third");
    assert_int_equal(psy_catalog_find(catalog, "other", NULL, &again, &error), PSY_E_IO);
    psy_catalog_free(catalog);
    psy_test_directory_remove();
    free(other);
    free(third);
}

static void *ask_for_all(void *context)
{
    static const char *const ids[] = {"phq9", "mht", "gad7", "sdq", "scl90"};
    const psy_catalog *const catalog = context;
    const psy_instrument *found = NULL;
    size_t good = 0;
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        good += psy_catalog_find(catalog, ids[i], NULL, &found, NULL) == PSY_OK;
    good += psy_catalog_count(catalog) >= 50;
    return (void *)(good == sizeof ids / sizeof *ids + 1 ? catalog : NULL);
}

static void test_threads_ask_one_catalogue(void **state)
{
    (void)state;
    const char *const directory = PSY_SOURCE_DIR "/instruments";
    psy_catalog *catalog = NULL;
    pthread_t threads[3];
    assert_int_equal(psy_catalog_open(&catalog, &directory, 1, NULL, NULL), PSY_OK);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_for_all, catalog), 0);
    for (size_t i = 0; i < 3; i++) {
        void *result = NULL;
        assert_int_equal(pthread_join(threads[i], &result), 0);
        assert_ptr_equal(result, catalog);
    }
    psy_catalog_free(catalog);
}

static void test_catalog_add_takes_a_file_from_elsewhere(void **state)
{
    (void)state;
    psy_catalog *catalog = NULL;
    psy_error error = {.status = PSY_OK};
    const psy_instrument *found = NULL;
    const char *const directory = psy_test_directory();
    char file[1100];
    strcpy(file, psy_test_path(directory, "mine.yaml"));
    psy_test_write_file(file, fixture_instrument, strlen(fixture_instrument));
    assert_int_equal(psy_catalog_open(&catalog, NULL, 0, NULL, &error), PSY_OK);
    assert_int_equal(psy_catalog_add(catalog, file, &error), PSY_OK);
    assert_int_equal(psy_catalog_add(catalog, file, &error), PSY_E_SCHEMA);
    assert_int_equal(psy_catalog_count(catalog), 1);
    assert_int_equal(psy_catalog_find(catalog, "mine", NULL, &found, &error), PSY_OK);
    assert_ptr_equal(found, psy_catalog_get(catalog, 0));
    assert_int_equal(psy_catalog_add(catalog, "/nowhere/mine.yaml", &error), PSY_E_IO);
    psy_catalog_free(catalog);
    psy_test_directory_remove();
}

static void test_a_directory_that_is_not_there_is_an_error(void **state)
{
    (void)state;
    psy_catalog *catalog = PSY_UNTOUCHED;
    psy_error error = {.status = PSY_OK};
    const char *const directory = "/nowhere/at/all";
    assert_int_equal(psy_catalog_open(&catalog, &directory, 1, NULL, &error), PSY_E_IO);
    psy_assert_untouched(catalog);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_shipped_catalogue_loads_without_errors),
        cmocka_unit_test(test_the_first_directory_wins),
        cmocka_unit_test(test_one_id_and_edition_twice_in_a_directory_is_an_error),
        cmocka_unit_test(test_a_broken_file_stops_only_who_asks_for_it),
        cmocka_unit_test(test_a_file_is_read_when_it_is_asked_for),
        cmocka_unit_test(test_threads_ask_one_catalogue),
        cmocka_unit_test(test_catalog_add_takes_a_file_from_elsewhere),
        cmocka_unit_test(test_a_directory_that_is_not_there_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
