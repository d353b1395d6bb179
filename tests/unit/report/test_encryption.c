/*
 * test_encryption.c -- passwords that are refused, sinks that fill up, memory that runs out,
 * and the password of a file asked again.  Whether other programs open what comes out is the
 * matter of tests/reference/encryption.
 */
#include "test_support.h"

#include "base/memory.h"
#include "malloc_sweep.h"
#include "report/agile.h"

#include <psyscreen/encryption.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PASSWORD "correct horse battery"

static int numbers(void *context, void *bytes, size_t size)
{
    uint64_t *const state = context;
    for (size_t i = 0; i < size; i++) {
        *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        ((unsigned char *)bytes)[i] = (unsigned char)(*state >> 56);
    }
    return 0;
}

static int no_numbers(void *context, void *bytes, size_t size)
{
    (void)context, (void)bytes, (void)size;
    return 1;
}

enum { FEW = 16 }; /* rounds of the password hash where a test seals or opens often */

static psy_status seal_quickly(const char *path, size_t length, const psy_allocator *allocator,
                               const psy_sink *sink)
{
    static const char bytes[5000] = "plain";
    uint64_t state = 1;
    const psy_encryption_options options = {.version = PSY_ENCRYPTION_OPTIONS_VERSION,
                                            .spin = FEW,
                                            .random = numbers,
                                            .random_context = &state,
                                            .allocator = allocator};
    return psyi_agile_seal(path, path == NULL ? bytes : NULL, length, PASSWORD, &options, sink,
                           NULL);
}

static psy_status encrypt(const char *password, psyi_buffer *out, psy_error *error)
{
    static const char bytes[5000] = "plain";
    uint64_t state = 1;
    const psy_encryption_options options = {
        .version = PSY_ENCRYPTION_OPTIONS_VERSION, .random = numbers, .random_context = &state};
    const psy_sink sink = psy_test_sink(out);
    return psy_encrypt_workbook(NULL, bytes, sizeof bytes, password, &options, &sink, error);
}

static void test_passwords(void **state)
{
    static const struct {
        const char *password, *says;
    } bad[] = {
        {"", "0 characters is too short"},
        {"seven77", "7 characters is too short"},
        {"学校学校学校学", "7 characters is too short"},
        {"tab\tin the middle", "character 4"},
        {"e\xCC\x81l\xC3\xA8ve de classe", "character 2"},
        {"not utf-8 \xFF\xFF", "not valid UTF-8"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        psyi_buffer out;
        psy_error error = {0};
        psyi_buffer_init(&out, NULL);
        assert_int_equal(encrypt(bad[i].password, &out, &error), PSY_E_ARGUMENT);
        assert_non_null(strstr(error.message, bad[i].says));
        assert_int_equal(psyi_password_check(bad[i].password, &error), PSY_E_ARGUMENT);
        assert_int_equal(out.length, 0);
        psyi_buffer_done(&out);
    }
    /* 255 units are the most: 127 letters outside the first plane and one inside. */
    char longest[4 * 127 + 2] = "";
    for (int i = 0; i < 127; i++)
        strcat(longest, "😀");
    assert_int_equal(psyi_password_check(longest, NULL), PSY_OK);
    strcat(longest, "a");
    assert_int_equal(psyi_password_check(longest, NULL), PSY_OK);
    char too_long[257];
    memset(too_long, 'a', 256);
    too_long[256] = '\0';
    assert_int_equal(psyi_password_check(too_long, NULL), PSY_E_ARGUMENT);
    too_long[255] = '\0';
    assert_int_equal(psyi_password_check(too_long, NULL), PSY_OK);
    assert_int_equal(psyi_password_check("eight888", NULL), PSY_OK);
}

static void test_arguments(void **state)
{
    size_t room = 0;
    const psy_sink sink = psy_test_full_sink(&room);
    psy_encryption_options options = {.version = PSY_ENCRYPTION_OPTIONS_VERSION + 1};
    (void)state;
    assert_int_equal(psy_encrypt_workbook(NULL, "x", 1, PASSWORD, &options, &sink, NULL),
                     PSY_E_ARGUMENT);
    options.version = PSY_ENCRYPTION_OPTIONS_VERSION;
    options.spin = 99999;
    assert_int_equal(psy_encrypt_workbook(NULL, "x", 1, PASSWORD, &options, &sink, NULL),
                     PSY_E_ARGUMENT);
    options.spin = 10000001;
    assert_int_equal(psy_encrypt_workbook(NULL, "x", 1, PASSWORD, &options, &sink, NULL),
                     PSY_E_ARGUMENT);
    assert_int_equal(psy_encrypt_workbook(NULL, NULL, 1, PASSWORD, NULL, &sink, NULL),
                     PSY_E_ARGUMENT);
    assert_int_equal(psy_encrypt_workbook(NULL, "x", 1, NULL, NULL, &sink, NULL), PSY_E_ARGUMENT);
    assert_int_equal(
        psy_encrypt_workbook(NULL, "x", ((size_t)1 << 30) + 1, PASSWORD, NULL, &sink, NULL),
        PSY_E_LIMIT);
    assert_int_equal(psy_encrypt_workbook("no such file", NULL, 0, PASSWORD, NULL, &sink, NULL),
                     PSY_E_IO);
    options.spin = 0;
    options.random = no_numbers;
    assert_int_equal(psy_encrypt_workbook(NULL, "x", 1, PASSWORD, &options, &sink, NULL),
                     PSY_E_INTERNAL);
}

/* A sink that refuses anywhere is PSY_E_OUTPUT: at the header, in the package, at the end. */
static void test_full_sinks(void **state)
{
    psyi_buffer whole;
    (void)state;
    psyi_buffer_init(&whole, NULL);
    assert_int_equal(encrypt(PASSWORD, &whole, NULL), PSY_OK);
    const size_t rooms[] = {0, 511, 512, 1024, 2000, whole.length - 513, whole.length - 1};
    for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) {
        size_t room = rooms[i];
        const psy_sink sink = psy_test_full_sink(&room);
        assert_int_equal(seal_quickly(NULL, 5000, NULL, &sink), PSY_E_OUTPUT);
    }
    psyi_buffer_done(&whole);
}

static void test_password_of_a_file(void **state)
{
    const char *const path = psy_test_path(psy_test_directory(), "sealed.xlsx");
    psyi_buffer out;
    bool opens = false;
    (void)state;
    psyi_buffer_init(&out, NULL);
    const psy_sink sink = psy_test_sink(&out);
    assert_int_equal(seal_quickly(NULL, 5000, NULL, &sink), PSY_OK);
    psy_test_write_file(path, out.data, out.length);
    assert_int_equal(psyi_password_opens(path, PASSWORD, &opens, NULL, NULL), PSY_OK);
    assert_true(opens);
    assert_int_equal(psyi_password_opens(path, PASSWORD "!", &opens, NULL, NULL), PSY_OK);
    assert_false(opens);
    /* Cut anywhere: never opens, never reads past the end. */
    for (size_t n = 0; n<out.length; n += out.length> 600 && n + 600 < out.length ? 97 : 7) {
        char *const cut = malloc(n + 1);
        assert_non_null(cut);
        memcpy(cut, out.data, n);
        psy_test_write_file(path, cut, n);
        free(cut);
        assert_int_equal(psyi_password_opens(path, PASSWORD, &opens, NULL, NULL), PSY_OK);
        if (n < out.length - 3 * 512 - 512 - 2048)
            assert_false(opens);
    }
    assert_int_equal(psyi_password_opens("no such file", PASSWORD, &opens, NULL, NULL), PSY_E_IO);
    psyi_buffer_done(&out);
    psy_test_directory_remove();
}

static psy_status sweep_ours(const psy_allocator *allocator, void *context)
{
    size_t room = (size_t)1 << 20;
    const psy_sink sink = psy_test_full_sink(&room);
    return seal_quickly(context, 0, allocator, &sink);
}

static void test_no_memory(void **state)
{
    const char *const path = psy_test_path(psy_test_directory(), "plain.bin");
    (void)state;
    psy_test_write_file(path, "plain", 5);
    assert_true(psy_sweep(sweep_ours, (void *)path) >= 2);
    psy_test_directory_remove();
}

static psy_status sweep_libcrypto(void *context)
{
    size_t room = (size_t)1 << 20;
    const psy_sink sink = psy_test_full_sink(&room);
    (void)context;
    return seal_quickly(NULL, 5, NULL, &sink);
}

static void test_no_memory_in_libcrypto(void **state)
{
    (void)state;
    assert_int_equal(sweep_libcrypto(NULL), PSY_OK); /* what it keeps for itself */
    psy_malloc_sweep(sweep_libcrypto, NULL, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_passwords),  cmocka_unit_test(test_arguments),
        cmocka_unit_test(test_full_sinks), cmocka_unit_test(test_password_of_a_file),
        cmocka_unit_test(test_no_memory),  cmocka_unit_test(test_no_memory_in_libcrypto),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
