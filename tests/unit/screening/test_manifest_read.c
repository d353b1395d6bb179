/*
 * test_manifest_read.c -- run.json read back: what it takes, what it refuses, and that a
 * broken one is never taken for ours.
 */
#include "test_support.h"

#include "screening/earlier_run.h"

#include <stdlib.h>
#include <string.h>

#define A64 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B64 "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define HEAD                                                                                       \
    "\"format\": \"psyscreen/run/1\", \"psyscreen\": \"0.1.0\", \"plan\": {\"fingerprint\": "      \
    "\"" A64 "\"}"

static psy_status read_text(const char *text, size_t length, char fingerprint[65], size_t *n,
                            char name[64])
{
    const char *const path = psy_test_path(psy_test_directory(), "run.json");
    psy_test_write_file(path, text, length);
    psyi_known_files outputs;
    psyi_known_init(&outputs, NULL);
    const psy_status status = psyi_manifest_read(path, &outputs, fingerprint, NULL, NULL);
    *n = outputs.n;
    name[0] = '\0';
    if (outputs.n > 0)
        strncat(name, outputs.files[0].name, 63);
    psyi_known_done(&outputs);
    psy_test_directory_remove();
    return status;
}

static void test_reads_any_layout(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{" HEAD ", \"inputs\": [{\"role\": \"roster\", \"sha256\": \"" B64 "\"}], \"outputs\": "
        "[{\"name\": \"scores.csv\", \"sha256\": \"" B64 "\"}]}",
        "\n{ \"outputs\" :[ {\"sha256\":\"" B64 "\" , \"name\":\"s\\u0063ores.csv\", \"more\": "
        "[1, -2.5e3, true, null, {\"x\": []}]} ] ,\"inputs\":[{\"sha256\":\"" B64
        "\",\"bytes\":3,\"role\":\"roster\"}],\t" HEAD "}\n",
    };
    char first[65] = "", second[65] = "", name[64];
    size_t n;
    assert_int_equal(read_text(texts[0], strlen(texts[0]), first, &n, name), PSY_OK);
    assert_int_equal(n, 1);
    assert_string_equal(name, "scores.csv");
    assert_int_equal(read_text(texts[1], strlen(texts[1]), second, &n, name), PSY_OK);
    assert_string_equal(name, "scores.csv");
    assert_string_equal(first, second);
}

static void test_refuses_what_is_not_ours(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "[]",
        "{}",
        "null",
        "{\"format\": \"psyscreen/run/2\"}",
        "{" HEAD,
        "{" HEAD "} x",
        "{" HEAD ", \"inputs\": {}}",
        "{" HEAD ", \"inputs\": [{\"role\": \"roster\"}]}",
        "{" HEAD ", \"outputs\": [{\"name\": \"a\", \"sha256\": \"short\"}]}",
        "{" HEAD ", \"outputs\": [{\"name\": \"a\", \"sha256\": \"" B64 "b\"}]}",
        "{" HEAD ", \"outputs\": [{\"name\": \"a\" \"sha256\": \"" B64 "\"}]}",
        "{" HEAD ", \"outputs\": [{\"name\": \"\\x\", \"sha256\": \"" B64 "\"}]}",
        "{" HEAD ", \"outputs\": [{\"name\": \"\\u00g0\", \"sha256\": \"" B64 "\"}]}",
        "{" HEAD ", \"x\": \"unclosed}",
        "{" HEAD ", \"x\": }",
        "{" HEAD ", \"x\" 1}",
        "{" HEAD ", x: 1}",
        "{\"format\": 1}",
        "{\"psyscreen\": \"a version much longer than any version could ever be, and longer\"}",
        "{\"plan\": []}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char fingerprint[65], name[64];
        size_t n;
        const psy_status status = read_text(texts[i], strlen(texts[i]), fingerprint, &n, name);
        if (status != PSY_E_OUTPUT)
            fail_msg("%s: %s", texts[i], psy_status_name(status));
    }
}

static void test_depth_is_bounded(void **state)
{
    (void)state;
    enum { DEEP = 100000 };
    char *const text = malloc(DEEP + 8);
    memcpy(text, "{\"x\": ", 6);
    memset(text + 6, '[', DEEP);
    char fingerprint[65], name[64];
    size_t n;
    assert_int_equal(read_text(text, DEEP + 6, fingerprint, &n, name), PSY_E_OUTPUT);
    free(text);
}

/* Every beginning of a good manifest but the whole is refused, and none is read beyond. */
static void test_every_beginning_is_refused(void **state)
{
    (void)state;
    static const char text[] = "{" HEAD ", \"outputs\": [{\"name\": \"a\\n\", \"sha256\": \"" B64
                               "\"}], \"rest\": [1, {\"y\": \"\\\"\"}]}";
    for (size_t length = 0; length < sizeof text - 1; length++) {
        char fingerprint[65], name[64];
        size_t n;
        assert_int_equal(read_text(text, length, fingerprint, &n, name), PSY_E_OUTPUT);
    }
}

static void test_fingerprints(void **state)
{
    (void)state;
    static const char *const inputs[][2] = {
        {"responses", A64}, {"responses", B64}, {"roster", A64}};
    char digests[4][65];
    for (int turn = 0; turn < 4; turn++) {
        psyi_known_files files;
        psyi_known_init(&files, NULL);
        for (int i = 0; i < 3; i++) { /* in any order */
            const int at = turn % 2 == 0 ? i : 2 - i;
            assert_true(psyi_known_add(&files, inputs[at][0], inputs[at][1]));
        }
        if (turn == 3) /* one more file is another run */
            assert_true(psyi_known_add(&files, "responses", A64));
        assert_int_equal(
            psyi_run_fingerprint("0.1.0", turn == 2 ? B64 : A64, &files, digests[turn], NULL),
            PSY_OK);
        assert_true(psyi_known_has(&files, "roster", A64));
        assert_false(psyi_known_has(&files, "roster", B64));
        psyi_known_done(&files);
    }
    assert_string_equal(digests[0], digests[1]);
    assert_string_not_equal(digests[0], digests[2]);
    assert_string_not_equal(digests[0], digests[3]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_any_layout), cmocka_unit_test(test_refuses_what_is_not_ours),
        cmocka_unit_test(test_depth_is_bounded), cmocka_unit_test(test_every_beginning_is_refused),
        cmocka_unit_test(test_fingerprints),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
