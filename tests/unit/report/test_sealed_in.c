/*
 * test_sealed_in.c -- opening what was sealed: any length, any changed byte, any cut, memory that
 * runs out; and a file that LibreOffice encrypted in its own way.
 */
#include "test_support.h"

#include "base/memory.h"
#include "intake/compound_in.h"
#include "intake/sealed_in.h"
#include "intake/workbook.h"
#include "report/agile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PASSWORD "correct 马 \xF0\x9F\x90\x8E battery"

/* Not random: the same file each time. */
static int count_up(void *context, void *bytes, size_t size)
{
    unsigned char *const at = bytes, *const state = context;
    for (size_t i = 0; i < size; i++)
        at[i] = (*state)++;
    return 0;
}

static void seal(psyi_buffer *out, size_t length)
{
    unsigned char state = 7;
    psyi_buffer plain;
    psyi_buffer_init(&plain, NULL);
    for (size_t i = 0; i < length; i++)
        psyi_buffer_char(&plain, (char)(i * 31 + i / 257));
    const psy_encryption_options how = {.version = PSY_ENCRYPTION_OPTIONS_VERSION,
                                        .spin = 3,
                                        .random = count_up,
                                        .random_context = &state};
    const psy_sink sink = psy_test_sink(out);
    psyi_buffer_init(out, NULL);
    assert_int_equal(psyi_agile_seal(NULL, plain.data != NULL ? plain.data : "", length, PASSWORD,
                                     &how, &sink, NULL),
                     PSY_OK);
    psyi_buffer_done(&plain);
}

static void test_any_length_comes_back(void **state)
{
    (void)state;
    static const size_t lengths[] = {0,    1,    15,   16,    17,    4071,  4079,   4080,
                                     4095, 4096, 4097, 70000, 65536, 69632, 8000000};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        psyi_buffer sealed, plain;
        bool opens;
        seal(&sealed, lengths[i]);
        psyi_buffer_init(&plain, NULL);
        assert_int_equal(psyi_sealed_open(&sealed, "a.xlsx", PASSWORD, &plain, &opens, NULL),
                         PSY_OK);
        assert_true(opens);
        assert_int_equal(plain.length, lengths[i]);
        for (size_t j = 0; j < lengths[i]; j++)
            if (plain.data[j] != (char)(j * 31 + j / 257))
                fail_msg("byte %zu of %zu differs", j, lengths[i]);
        psyi_buffer_clear(&plain);
        assert_int_equal(psyi_sealed_open(&sealed, "a.xlsx", "another one", &plain, &opens, NULL),
                         PSY_OK);
        assert_false(opens);
        assert_int_equal(plain.length, 0);
        psyi_buffer_done(&plain);
        psyi_buffer_done(&sealed);
    }
}

/* Is there a way in which `sealed` opens with other contents? */
static void check_no_other(const psyi_buffer *sealed, const psyi_buffer *plain)
{
    psyi_buffer out;
    bool opens;
    psyi_buffer_init(&out, NULL);
    const psy_status status = psyi_sealed_open(sealed, "a.xlsx", PASSWORD, &out, &opens, NULL);
    assert_true(status == PSY_OK || status == PSY_E_DATA || status == PSY_E_UNSUPPORTED);
    if (status == PSY_OK && opens) {
        assert_int_equal(out.length, plain->length);
        assert_memory_equal(out.data, plain->data, out.length);
    }
    psyi_buffer_done(&out);
}

static void test_changed_bytes_and_cuts(void **state)
{
    (void)state;
    psyi_buffer sealed, plain;
    bool opens;
    seal(&sealed, 9000);
    psyi_buffer_init(&plain, NULL);
    assert_int_equal(psyi_sealed_open(&sealed, "a.xlsx", PASSWORD, &plain, &opens, NULL), PSY_OK);
    for (size_t i = 0; i < sealed.length; i++) {
        const char was = sealed.data[i];
        sealed.data[i] = (char)(was ^ (1 << i % 8));
        check_no_other(&sealed, &plain);
        sealed.data[i] = (char)0xFF;
        check_no_other(&sealed, &plain);
        sealed.data[i] = was;
    }
    const size_t whole = sealed.length;
    for (size_t length = 0; length < whole; length += 97) {
        /* A copy of just that size, so that reading behind it is seen. */
        psyi_buffer cut;
        psyi_buffer_init(&cut, NULL);
        psyi_buffer_add(&cut, sealed.data, length);
        check_no_other(&cut, &plain);
        psyi_buffer_done(&cut);
    }
    psyi_buffer_done(&plain);
    psyi_buffer_done(&sealed);
}

static psy_status open_once(const psy_allocator *allocator, void *context)
{
    psyi_buffer out;
    bool opens;
    psyi_buffer_init(&out, allocator);
    const psy_status status = psyi_sealed_open(context, "a.xlsx", PASSWORD, &out, &opens, NULL);
    psyi_buffer_done(&out);
    return status;
}

static void test_every_allocation_may_fail(void **state)
{
    (void)state;
    static const size_t lengths[] = {100, 9000};
    for (size_t i = 0; i < 2; i++) {
        psyi_buffer sealed;
        seal(&sealed, lengths[i]);
        assert_true(psy_sweep(open_once, &sealed) >= 5);
        psyi_buffer_done(&sealed);
    }
}

static void test_other_compound_files(void **state)
{
    (void)state;
    psyi_buffer sealed, out;
    psy_error error;
    seal(&sealed, 100);
    psyi_buffer_init(&out, NULL);
    assert_true(psyi_is_compound(sealed.data, sealed.length));
    assert_false(psyi_is_compound("PK\003\004", 4));
    assert_int_equal(
        psyi_compound_stream(sealed.data, sealed.length, "a.xls", "Workbook", &out, &error),
        PSY_E_UNSUPPORTED);
    assert_non_null(strstr(error.message, ".xls"));
    psyi_buffer_done(&out);
    psyi_buffer_done(&sealed);
}

/* tests/reference/encryption/libreoffice_7.4.xlsx: two cells, saved with a password. */
static void test_standard_encryption_of_libreoffice(void **state)
{
    (void)state;
    static const char path[] = PSY_SOURCE_DIR "/tests/reference/encryption/libreoffice_7.4.xlsx";
    static const char *const names[] = {"Follow-up", "跟进台账"};
    psyi_buffer sealed, plain, grid;
    size_t length;
    bool opens, found;
    char *const bytes = psy_test_read_file(path, &length);
    psyi_buffer_init(&sealed, NULL);
    psyi_buffer_init(&plain, NULL);
    psyi_buffer_init(&grid, NULL);
    psyi_buffer_add(&sealed, bytes, length);
    assert_int_equal(psyi_sealed_open(&sealed, path, "libreoffice 口令 8", &plain, &opens, NULL),
                     PSY_OK);
    assert_false(opens);
    assert_int_equal(psyi_sealed_open(&sealed, path, "libreoffice 口令 7", &plain, &opens, NULL),
                     PSY_OK);
    assert_true(opens);
    assert_int_equal(psyi_xlsx_named(&plain, path, names, 2, &found, &grid, NULL), PSY_OK);
    assert_true(found);
    assert_string_equal(grid.data, "案例编号\nC-0000-1111-2222");
    /* No byte of it leads out of the file. */
    for (size_t i = 0; i < sealed.length; i += 61) {
        const char was = sealed.data[i];
        sealed.data[i] = (char)(was ^ 0x10);
        psyi_buffer_clear(&plain);
        psyi_sealed_open(&sealed, path, "short one", &plain, &opens, NULL);
        sealed.data[i] = was;
    }
    psyi_buffer_done(&grid);
    psyi_buffer_done(&plain);
    psyi_buffer_done(&sealed);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_length_comes_back),
        cmocka_unit_test(test_changed_bytes_and_cuts),
        cmocka_unit_test(test_every_allocation_may_fail),
        cmocka_unit_test(test_other_compound_files),
        cmocka_unit_test(test_standard_encryption_of_libreoffice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
