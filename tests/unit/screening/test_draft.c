/*
 * test_draft.c -- drafting a plan without memory, with wrong arguments, and from files that
 * are hardly any.
 */
#include "test_support.h"

#include <psyscreen/draft.h>

#include <stdio.h>
#include <string.h>

typedef struct drafting {
    psy_catalog *catalog;
    const char *path;
    size_t written;
} drafting;

static int count(void *context, const void *bytes, size_t size)
{
    (void)bytes;
    *(size_t *)context += size;
    return 0;
}

static void open_catalog(drafting *d)
{
    psy_error error;
    const char *const directories[] = {psy_test_directory()};
    memset(d, 0, sizeof *d);
    assert_int_equal(psy_catalog_open(&d->catalog, directories, 1, NULL, &error), PSY_OK);
    assert_int_equal(psy_catalog_add(d->catalog, psy_test_source("instruments/phq9.yaml"), &error),
                     PSY_OK);
}

static void write_text(drafting *d, const char *text)
{
    d->path = psy_test_path(psy_test_directory(), "export.csv");
    psy_test_write_file(d->path, text, strlen(text));
}

static psy_status draft(drafting *d, const psy_draft_options *options, psy_error *error)
{
    static const char *const uses[] = {"phq9"};
    const psy_sink sink = {count, &d->written};
    d->written = 0;
    return psy_plan_draft(d->catalog, d->path, uses, 1, &sink, &sink, options, NULL, error);
}

static const char GOOD[] = "学号,phq9_1,phq9_2,phq9_3,phq9_4,phq9_5,phq9_6,phq9_7,phq9_8,phq9_9\n"
                           "a,0,1,2,3,0,0,0,0,0\nb,0,0,0,0,0,好几天,(跳过),(空),3\n";

static psy_status draft_again(const psy_allocator *allocator, void *context)
{
    psy_error error;
    const psy_draft_options options = {.version = PSY_DRAFT_OPTIONS_VERSION,
                                       .allocator = allocator};
    return draft(context, &options, &error);
}

static void without_memory(void **state)
{
    (void)state;
    drafting d;
    open_catalog(&d);
    write_text(&d, GOOD);
    psy_sweep(draft_again, &d);
    assert_true(d.written > 0);
    psy_catalog_free(d.catalog);
    psy_test_directory_remove();
}

static const struct {
    const char *name, *text, *says;
} refusals[] = {
    {"nothing", "", "nothing in the file"},
    {"empty rows", "\n,,\n\n", "nothing in the file"},
    {"a header alone", "学号,phq9_1\n", "no column is called phq9_1 or alike"},
    {"one column", "x\n1\n", "no column holds a student number"},
    {"two students", "学籍号,学籍号,phq9_1\n1,1,1\n", "columns 1 and 2 could both be the student"},
    {"a number of no coding",
     "学号,phq9_1,phq9_2,phq9_3,phq9_4,phq9_5,phq9_6,phq9_7,phq9_8,phq9_9\n"
     "1,0,1,2,3,4,0,0,0,0\n2,0,0,0,0,0,99,0,0,0\n",
     "no coding of phq9 has all the numbers of the file: 0, 1, 2, 3, 4, and larger ones"},
    {"a question nobody answered",
     "学号,a,b,c,d,e,f,g,h,i\n1,0,1,2,0,(跳过),1,2,0,0\n2,0,0,0,0,(跳过),1,0,0,0\n",
     "4 items fit from column 2 on, and column 6 has no answer in any row"},
    {"NUL", "a\0b", "no column holds"},
};

/* A form with words of its own, in enough rows to be told from names. */
static void write_words(drafting *d)
{
    char text[4096] = "学号,甲1,甲2,甲3,甲4,甲5,甲6,甲7,甲8,甲9\n";
    for (int row = 0; row < 20; row++) {
        char line[200];
        snprintf(line, sizeof line,
                 "s%d,偶有几天,好几天,完全不会,几乎每天,%s,偶有几天,%s,好几天,偶有几天\n", row,
                 row % 2 ? "(跳过)" : "好几天", row % 2 ? "(空)" : "一半以上的天数");
        strcat(text, line);
    }
    write_text(d, text);
}

static const char *const MEANINGS[] = {"phq9:偶有几天=1"};

static psy_status draft_words(const psy_allocator *allocator, void *context)
{
    psy_error error;
    const psy_draft_options options = {.version = PSY_DRAFT_OPTIONS_VERSION,
                                       .allocator = allocator,
                                       .answers = MEANINGS,
                                       .n_answers = 1};
    return draft(context, &options, &error);
}

static psy_status ask_words(const psy_allocator *allocator, void *context)
{
    psy_error error;
    const psy_draft_options options = {.version = PSY_DRAFT_OPTIONS_VERSION,
                                       .allocator = allocator};
    const psy_status status = draft(context, &options, &error);
    if (status != PSY_E_DATA)
        return status;
    assert_non_null(strstr(error.message, "columns 2 to 10 could be phq9, but 1 of the 5 texts in "
                                          "them is no answer of it: '偶有几天' (60 times, first in "
                                          "row 2)"));
    return PSY_OK;
}

static void words_of_a_form(void **state)
{
    (void)state;
    drafting d;
    open_catalog(&d);
    write_words(&d);
    psy_sweep(ask_words, &d);
    psy_sweep(draft_words, &d);
    assert_true(d.written > 0);
    static const char *const wrong[][2] = {
        {"有几天", "does not say what a text"},
        {"phq9:偶有几天", "does not say what a text"},
        {":有几天=1", "does not say what a text"},
        {"phq9:=1", "does not say what a text"},
        {"phq9:偶有几天=", "does not say what a text"},
        {"phq9:偶有几天=4", "is no code and no answer"},
        {"phq9:偶有几天=多", "is no code and no answer"},
        {"gad7:偶有几天=1", "none of the instruments"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        psy_error error;
        const psy_draft_options options = {
            .version = PSY_DRAFT_OPTIONS_VERSION, .answers = &wrong[i][0], .n_answers = 1};
        assert_int_equal(draft(&d, &options, &error), PSY_E_ARGUMENT);
        if (strstr(error.message, wrong[i][1]) == NULL)
            fail_msg("%s: %s", wrong[i][0], error.message);
    }
    const char *const twice[] = {"phq9:偶有几天=1", "phq9:偶有几天=2"};
    psy_error error;
    const psy_draft_options options = {
        .version = PSY_DRAFT_OPTIONS_VERSION, .answers = twice, .n_answers = 2};
    assert_int_equal(draft(&d, &options, &error), PSY_E_ARGUMENT);
    psy_catalog_free(d.catalog);
    psy_test_directory_remove();
}

static void hardly_files(void **state)
{
    (void)state;
    drafting d;
    open_catalog(&d);
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        psy_error error = {.message = ""};
        write_text(&d, refusals[i].text);
        assert_int_equal(draft(&d, NULL, &error), PSY_E_DATA);
        if (strstr(error.message, refusals[i].says) == NULL)
            fail_msg("%s: %s", refusals[i].name, error.message);
    }
    psy_catalog_free(d.catalog);
    psy_test_directory_remove();
}

static void wrong_arguments(void **state)
{
    (void)state;
    drafting d;
    psy_error error;
    open_catalog(&d);
    write_text(&d, GOOD);
    const psy_draft_options good = {.version = PSY_DRAFT_OPTIONS_VERSION};
    assert_int_equal(draft(&d, &good, &error), PSY_OK);
    psy_draft_options wrong = {.version = 99};
    assert_int_equal(draft(&d, &wrong, &error), PSY_E_ARGUMENT);
    wrong = (psy_draft_options){.version = 1, .id = "No Id"};
    assert_int_equal(draft(&d, &wrong, &error), PSY_E_ARGUMENT);
    wrong = (psy_draft_options){.version = 1, .at = "phq9"};
    assert_int_equal(draft(&d, &wrong, &error), PSY_E_ARGUMENT);
    wrong = (psy_draft_options){.version = 1, .at = "phq9=11"};
    assert_int_equal(draft(&d, &wrong, &error), PSY_E_ARGUMENT);
    wrong = (psy_draft_options){.version = 1, .at = "gad7=1"};
    assert_int_equal(draft(&d, &wrong, &error), PSY_E_ARGUMENT);
    wrong = (psy_draft_options){.version = 1, .consent = "yes"};
    assert_int_equal(draft(&d, &wrong, &error), PSY_E_ARGUMENT);
    const char *const unknown[] = {"nothing"}, *const twice[] = {"phq9", "phq9"};
    assert_int_equal(psy_plan_draft(d.catalog, d.path, unknown, 1, NULL, NULL, NULL, NULL, &error),
                     PSY_E_NOT_FOUND);
    assert_int_equal(psy_plan_draft(d.catalog, d.path, twice, 2, NULL, NULL, NULL, NULL, &error),
                     PSY_E_ARGUMENT);
    psy_catalog_free(d.catalog);
    psy_test_directory_remove();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_memory), cmocka_unit_test(words_of_a_form),
        cmocka_unit_test(hardly_files), cmocka_unit_test(wrong_arguments)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
