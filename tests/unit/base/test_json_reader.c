/*
 * test_json_reader.c -- every scalar of a document with its place, and nothing of a broken one
 * taken for whole.
 */
#include "base/json_reader.h"
#include "test_support.h"

#include <stdlib.h>
#include <string.h>

static bool note(void *context, const char *place, const char *value, bool string)
{
    psyi_buffer *const out = context;
    psyi_buffer_format(out, "%s=%s%s%s\n", place, string ? "\"" : "", value, string ? "\"" : "");
    return strcmp(value, "stop") != 0;
}

static bool walk(const char *text, psyi_buffer *out)
{
    psyi_json_reader reader;
    psyi_json_reader_init(&reader, text, strlen(text), NULL);
    psyi_buffer_clear(out);
    psyi_buffer_text(out, "");
    const bool good = psyi_json_walk(&reader, note, out);
    psyi_json_reader_done(&reader);
    return good;
}

static void test_places_and_values(void **state)
{
    (void)state;
    psyi_buffer out;
    psyi_buffer_init(&out, NULL);
    assert_true(walk("{\"a\": [1, {\"b\": \"x\\n\\u00e9\"}, []], \"c\": {\"d\": null, \"e\": true},"
                     " \"f\": -1.5e3}",
                     &out));
    assert_string_equal(out.data, "a/0=1\na/1/b=\"x\n\xc3\xa9\"\nc/d=null\nc/e=true\nf=-1.5e3\n");
    assert_true(walk("\"alone\"", &out));
    assert_string_equal(out.data, "=\"alone\"\n");
    assert_true(walk("{}", &out));
    assert_string_equal(out.data, "");
    psyi_buffer_done(&out);
}

static void test_what_is_broken(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",      "{",         "[1,",   "{\"a\" 1}",    "{\"a\": }",    "{1: 2}",
        "[\"a]", "[\"\\q\"]", "[1 2]", "{\"a\": 1,,}", "[\"stop\", 1]"};
    psyi_buffer out;
    psyi_buffer_init(&out, NULL);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (walk(texts[i], &out))
            fail_msg("'%s' was taken", texts[i]);
    /* Too deep is an end, not a crash. */
    char deep[20001];
    memset(deep, '[', sizeof deep - 1);
    deep[sizeof deep - 1] = '\0';
    assert_false(walk(deep, &out));
    psyi_buffer_done(&out);
}

static psy_status walk_once(const psy_allocator *allocator, void *context)
{
    static const char text[] = "{\"abc\": [\"long enough to need memory of its own\", 12]}";
    psyi_json_reader reader;
    psyi_buffer out;
    (void)context;
    psyi_buffer_init(&out, NULL);
    psyi_json_reader_init(&reader, text, sizeof text - 1, allocator);
    const bool good = psyi_json_walk(&reader, note, &out);
    assert_int_equal(good, !reader.text.failed);
    psyi_json_reader_done(&reader);
    psyi_buffer_done(&out);
    return good ? PSY_OK : PSY_E_NOMEM;
}

static void test_memory(void **state)
{
    (void)state;
    assert_true(psy_sweep(walk_once, NULL) > 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_places_and_values),
        cmocka_unit_test(test_what_is_broken),
        cmocka_unit_test(test_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
