/*
 * test_digest.c -- published vectors: FIPS 180-4 examples, RFC 4231, RFC 4648.
 */
#include "test_support.h"

#include "base/digest.h"
#include "malloc_sweep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *text, *digest;
} sha_rows[] = {
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
};

static void test_sha256_of_published_texts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof sha_rows / sizeof *sha_rows; i++) {
        char hex[65];
        assert_true(psyi_sha256_bytes(sha_rows[i].text, strlen(sha_rows[i].text), hex));
        assert_string_equal(hex, sha_rows[i].digest);
        psyi_sha256 *const digest = psyi_sha256_new();
        assert_non_null(digest);
        for (const char *c = sha_rows[i].text; *c != '\0'; c++)
            psyi_sha256_add(digest, c, 1);
        psyi_sha256_add(digest, NULL, 0);
        psyi_sha256_hex(digest, hex);
        assert_string_equal(hex, sha_rows[i].digest);
    }
}

static void test_sha256_of_a_million_letters(void **state)
{
    (void)state;
    psyi_sha256 *const digest = psyi_sha256_new();
    assert_non_null(digest);
    char block[1000];
    memset(block, 'a', sizeof block);
    for (int i = 0; i < 1000; i++)
        psyi_sha256_add(digest, block, sizeof block);
    char hex[65];
    psyi_sha256_hex(digest, hex);
    assert_string_equal(hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

typedef struct hmac_row {
    const char *name;
    int key_byte; /* -1: the key is 1, 2, 3, ...; -2: `key` */
    const char *key;
    size_t key_length;
    const char *data;
    size_t data_length;
    const char *expected;
} hmac_row;

static const hmac_row hmac_rows[] = {
    {"RFC 4231 case 1", 0x0b, NULL, 20, "Hi There", 8,
     "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
    {"RFC 4231 case 2", -2, "Jefe", 4, "what do ya want for nothing?", 28,
     "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
    {"RFC 4231 case 3", 0xaa, NULL, 20,
     "\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd"
     "\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd"
     "\xdd\xdd\xdd\xdd",
     50, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
    {"RFC 4231 case 6", 0xaa, NULL, 131, "Test Using Larger Than Block-Size Key - Hash Key First",
     54, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
    {"RFC 4231 case 7", 0xaa, NULL, 131,
     "This is a test using a larger than block-size key and a larger than block-size data. The "
     "key needs to be hashed before being used by the HMAC algorithm.",
     152, "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
    {"empty key and data", 0, NULL, 0, "", 0,
     "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"},
};

static void test_hmac_of_published_vectors(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof hmac_rows / sizeof *hmac_rows; i++) {
        const hmac_row *const row = &hmac_rows[i];
        unsigned char key[200];
        if (row->key_byte == -2)
            memcpy(key, row->key, row->key_length);
        else
            memset(key, row->key_byte, sizeof key);
        uint8_t once[32], again[32];
        assert_true(psyi_hmac_sha256(key, row->key_length, row->data, row->data_length, once));
        char hex[65];
        for (size_t k = 0; k < 32; k++)
            snprintf(hex + 2 * k, 3, "%02x", once[k]);
        if (strcmp(hex, row->expected) != 0)
            fail_msg("%s: %s", row->name, hex);
        psyi_hmac *const hmac = psyi_hmac_new(key, row->key_length);
        assert_non_null(hmac);
        for (int round = 0; round < 3; round++) {
            memset(again, 0, sizeof again);
            assert_true(psyi_hmac_bytes(hmac, row->data, row->data_length, again));
            assert_memory_equal(once, again, 32);
        }
        psyi_hmac_free(hmac);
    }
    psyi_hmac_free(NULL);
}

static void test_base32(void **state)
{
    (void)state;
    static const struct {
        const char *text, *expected;
    } rows[] = {
        {"", ""},
        {"f", "my"},
        {"fo", "mzxq"},
        {"foo", "mzxw6"},
        {"foob", "mzxw6yq"},
        {"fooba", "mzxw6ytb"},
        {"foobar", "mzxw6ytboi"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char out[32];
        const size_t n = strlen(rows[i].expected);
        psyi_base32((const uint8_t *)rows[i].text, strlen(rows[i].text), out, n);
        assert_string_equal(out, rows[i].expected);
    }
    uint8_t all[32];
    memset(all, 0xFF, sizeof all);
    char out[53];
    psyi_base32(all, sizeof all, out, 13);
    assert_string_equal(out, "7777777777777");
    psyi_base32(all, sizeof all, out, 52);
    assert_int_equal(strlen(out), 52);
}

static void test_wipe(void **state)
{
    (void)state;
    char secret[] = "password";
    psyi_wipe(secret, sizeof secret);
    for (size_t i = 0; i < sizeof secret; i++)
        assert_int_equal(secret[i], 0);
    psyi_wipe(NULL, 0);
}

static psy_status digest_once(void *context)
{
    (void)context;
    char hex[65] = "";
    psyi_sha256 *const digest = psyi_sha256_new();
    if (digest == NULL)
        return PSY_E_NOMEM;
    psyi_sha256_add(digest, "abc", 3);
    psyi_sha256_hex(digest, hex);
    if (hex[0] == '\0')
        return PSY_E_NOMEM;
    assert_string_equal(hex, sha_rows[1].digest);
    if (!psyi_sha256_bytes("abc", 3, hex))
        return PSY_E_NOMEM;
    assert_string_equal(hex, sha_rows[1].digest);
    return PSY_OK;
}

static psy_status hmac_once(void *context)
{
    (void)context;
    static const char key[131] = "a key that is longer than the block of the digest";
    uint8_t once[32], again[32];
    if (!psyi_hmac_sha256(key, sizeof key, "x", 1, once))
        return PSY_E_NOMEM;
    psyi_hmac *const hmac = psyi_hmac_new(key, sizeof key);
    if (hmac == NULL)
        return PSY_E_NOMEM;
    const int good = psyi_hmac_bytes(hmac, "x", 1, again);
    psyi_hmac_free(hmac);
    if (!good)
        return PSY_E_NOMEM;
    assert_memory_equal(once, again, 32);
    return PSY_OK;
}

static void test_a_failing_malloc_gives_no_wrong_digest(void **state)
{
    (void)state;
    /* Let libcrypto fill its caches first; what it keeps is its own business. */
    assert_int_equal(digest_once(NULL), PSY_OK);
    assert_int_equal(hmac_once(NULL), PSY_OK);
    psy_malloc_sweep(digest_once, NULL, 0);
    psy_malloc_sweep(hmac_once, NULL, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sha256_of_published_texts),
        cmocka_unit_test(test_sha256_of_a_million_letters),
        cmocka_unit_test(test_hmac_of_published_vectors),
        cmocka_unit_test(test_base32),
        cmocka_unit_test(test_wipe),
        cmocka_unit_test(test_a_failing_malloc_gives_no_wrong_digest),
    };
    return cmocka_run_group_tests_name("digest", tests, NULL, NULL);
}
