/*
 * agile.c -- encrypting a package with a password.
 *
 * From the password come, by a slow hash, three keys; under them lie a random verifier, its
 * hash, and the random key of the package.  The package is cut into segments of 4096 bytes,
 * each with a start vector of its own, and a keyed hash over the whole stream shows whether
 * a byte was changed.  Source: [MS-OFFCRYPTO] 2.3.4.10 to 2.3.4.15.
 *
 * The digest and the cipher are fetched once for a file and their contexts used again: that
 * is most of the difference between a slow and a fast hash of the password.
 */
#include "report/agile.h"

#include "base/digest.h"
#include "base/fail.h"
#include "base/file.h"
#include "base/text.h"
#include "report/compound.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SALT       16u
#define HASH       64u
#define KEY        32u
#define SEGMENT    4096u
#define MOST_UNITS 255u /* of UTF-16 in a password: what spreadsheet programs take */
#define LEAST      8u
#define MOST_SPIN  10000000u
#define MOST_BYTES ((size_t)1 << 30)

/* Block keys: what the hash of the password is hashed with, for each purpose. */
static const uint8_t for_verifier[8] = {0xFE, 0xA7, 0xD2, 0x76, 0x3B, 0x4B, 0x9E, 0x79};
static const uint8_t for_verifier_hash[8] = {0xD7, 0xAA, 0x0F, 0x6D, 0x30, 0x61, 0x34, 0x4E};
static const uint8_t for_package_key[8] = {0x14, 0x6E, 0x0B, 0xE7, 0xAB, 0xAC, 0xD0, 0xD6};
static const uint8_t for_hmac_key[8] = {0x5F, 0xB2, 0xAD, 0x01, 0x0C, 0xB9, 0xE1, 0xF6};
static const uint8_t for_hmac_value[8] = {0xA0, 0x67, 0x7F, 0x02, 0xB2, 0x2C, 0x84, 0x33};

/* What is drawn for each file. */
typedef struct secrets {
    uint8_t package_salt[SALT], password_salt[SALT], verifier[SALT], key[KEY], hmac_key[HASH];
} secrets;

typedef struct sealer {
    EVP_MD *sha512;
    EVP_CIPHER *aes;
    EVP_MAC *hmac;
    EVP_MD_CTX *digest;
    EVP_CIPHER_CTX *cipher;
    EVP_MAC_CTX *code;
    secrets secret;
    uint8_t password[2 * MOST_UNITS]; /* UTF-16, little-endian */
    size_t password_length;
    uint8_t hash[HASH]; /* of the password, after all rounds */
    uint8_t segment[SEGMENT], cipher_text[SEGMENT];
    /* what the description says, encrypted */
    uint8_t verifier[SALT], verifier_hash[HASH], package_key[KEY];
    uint8_t hmac_key[HASH], hmac_value[HASH];
} sealer;

/* Whatever is passed to libcrypto here is of fixed kinds and sizes: it fails for want of memory. */
static psy_status crypto_failed(psy_error *error)
{
    return psyi_fail_memory(error, "the encryption of a workbook");
}

/* ---- passwords ---- */

static bool is_mark(uint32_t c)
{
    return (c >= 0x300 && c <= 0x36F) || (c >= 0x1AB0 && c <= 0x1AFF) ||
           (c >= 0x1DC0 && c <= 0x1DFF) || (c >= 0x20D0 && c <= 0x20FF) ||
           (c >= 0xFE20 && c <= 0xFE2F) || c == 0x3099 || c == 0x309A;
}

static psy_status to_utf16(const char *password, uint8_t *out, size_t *out_length, psy_error *error)
{
    const size_t length = strlen(password);
    size_t units = 0, points = 0;
    if (psyi_utf8_check(password, length) < length)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "a password is not valid UTF-8");
    for (size_t at = 0; at < length; points++) {
        uint32_t c;
        at += psyi_utf8_decode(password + at, length - at, &c);
        if (c < 0x20 || (c >= 0x7F && c < 0xA0) || is_mark(c))
            return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                             "a password has a control character or a combining mark at character "
                             "%zu: not every keyboard types it the same",
                             points + 1);
        uint16_t pair[2] = {(uint16_t)c, 0};
        const size_t n = c >= 0x10000 ? 2 : 1;
        if (n == 2) {
            pair[0] = (uint16_t)(0xD800u | (c - 0x10000) >> 10);
            pair[1] = (uint16_t)(0xDC00u | ((c - 0x10000) & 0x3FF));
        }
        if (units + n > MOST_UNITS)
            return psyi_fail(
                error, PSY_E_ARGUMENT, NULL,
                "a password is longer than the %u characters spreadsheet programs take",
                MOST_UNITS);
        for (size_t i = 0; i < n; i++, units++) {
            out[2 * units] = (uint8_t)(pair[i] & 255);
            out[2 * units + 1] = (uint8_t)(pair[i] >> 8);
        }
    }
    *out_length = 2 * units;
    if (points < LEAST)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "a password of %zu characters is too short: at least %u, better a phrase "
                         "of several random words",
                         points, LEAST);
    return PSY_OK;
}

psy_status psyi_password_check(const char *password, psy_error *error)
{
    uint8_t units[2 * MOST_UNITS];
    size_t length;
    const psy_status status = to_utf16(password, units, &length, error);
    psyi_wipe(units, sizeof units);
    return status;
}

/* ---- primitives ---- */

/* Everything that takes memory of libcrypto, once. */
static bool fetch(sealer *s)
{
    char name[] = OSSL_DIGEST_NAME_SHA2_512;
    const OSSL_PARAM how[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
                              OSSL_PARAM_construct_end()};
    s->sha512 = EVP_MD_fetch(NULL, "SHA512", NULL);
    s->aes = EVP_CIPHER_fetch(NULL, "AES-256-CBC", NULL);
    s->hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    s->digest = EVP_MD_CTX_new();
    s->cipher = EVP_CIPHER_CTX_new();
    s->code = s->hmac != NULL ? EVP_MAC_CTX_new(s->hmac) : NULL;
    return s->sha512 != NULL && s->aes != NULL && s->digest != NULL && s->cipher != NULL &&
           s->code != NULL && EVP_DigestInit_ex(s->digest, s->sha512, NULL) == 1 &&
           EVP_CipherInit_ex(s->cipher, s->aes, NULL, NULL, NULL, 1) == 1 &&
           EVP_MAC_CTX_set_params(s->code, how) == 1;
}

static void release(sealer *s, const psy_allocator *allocator)
{
    EVP_MAC_CTX_free(s->code);
    EVP_CIPHER_CTX_free(s->cipher);
    EVP_MD_CTX_free(s->digest);
    EVP_MAC_free(s->hmac);
    EVP_CIPHER_free(s->aes);
    EVP_MD_free(s->sha512);
    psyi_wipe(s, sizeof *s);
    psyi_free(allocator, s);
}

/* SHA-512 of a and b, one behind the other. */
static bool hash(sealer *s, const void *a, size_t na, const void *b, size_t nb, uint8_t out[HASH])
{
    return EVP_DigestInit_ex(s->digest, NULL, NULL) == 1 &&
           EVP_DigestUpdate(s->digest, a, na) == 1 && EVP_DigestUpdate(s->digest, b, nb) == 1 &&
           EVP_DigestFinal_ex(s->digest, out, NULL) == 1;
}

/* Whole blocks of 16 bytes; in and out may be the same. */
static bool crypt(sealer *s, bool encrypt, const uint8_t *key, const uint8_t *iv, const void *in,
                  size_t length, void *out)
{
    int done = 0;
    return EVP_CipherInit_ex(s->cipher, NULL, NULL, key, iv, encrypt) == 1 &&
           EVP_CIPHER_CTX_set_padding(s->cipher, 0) == 1 &&
           EVP_CipherUpdate(s->cipher, out, &done, in, (int)length) == 1 && (size_t)done == length;
}

static void put32(uint8_t out[4], uint32_t value)
{
    for (int i = 0; i < 4; i++)
        out[i] = (uint8_t)(value >> 8 * i & 255);
}

/* The slow hash: the reason why guessing is dear. */
static bool hash_password(sealer *s, const uint8_t salt[SALT], uint32_t spin)
{
    bool good = hash(s, salt, SALT, s->password, s->password_length, s->hash);
    for (uint32_t i = 0; i < spin && good; i++) {
        uint8_t round[4];
        put32(round, i);
        good = hash(s, round, sizeof round, s->hash, HASH, s->hash);
    }
    return good;
}

/* Encrypt (or decrypt) under the key the password gives for a purpose. */
static bool under_password(sealer *s, bool encrypt, const uint8_t purpose[8],
                           const uint8_t salt[SALT], const void *in, size_t length, void *out)
{
    uint8_t key[HASH];
    const bool good =
        hash(s, s->hash, HASH, purpose, 8, key) && crypt(s, encrypt, key, salt, in, length, out);
    psyi_wipe(key, sizeof key);
    return good;
}

static bool under_package_key(sealer *s, const void *what, size_t n, const void *in, size_t length,
                              void *out)
{
    uint8_t iv[HASH];
    return hash(s, s->secret.package_salt, SALT, what, n, iv) &&
           crypt(s, true, s->secret.key, iv, in, length, out);
}

/* ---- the description ---- */

/* 4 n / 3 letters, rounded up to four, and NUL. */
#define LETTERS(n) (((n) + 2) / 3 * 4 + 1)

static size_t describe(const sealer *s, uint32_t spin, char out[PSYI_COMPOUND_INFO])
{
    static const char space[] = "http://schemas.microsoft.com/office/2006/";
    static const char how[] = "saltSize=\"16\" blockSize=\"16\" keyBits=\"256\" hashSize=\"64\" "
                              "cipherAlgorithm=\"AES\" cipherChaining=\"ChainingModeCBC\" "
                              "hashAlgorithm=\"SHA512\"";
    const struct {
        const uint8_t *bytes;
        int length;
    } parts[] = {{s->secret.package_salt, SALT},
                 {s->hmac_key, HASH},
                 {s->hmac_value, HASH},
                 {s->secret.password_salt, SALT},
                 {s->verifier, SALT},
                 {s->verifier_hash, HASH},
                 {s->package_key, KEY}};
    char text[sizeof parts / sizeof parts[0]][LETTERS(HASH)];
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        EVP_EncodeBlock((unsigned char *)text[i], parts[i].bytes, parts[i].length);
    static const char head[8] = {4, 0, 4, 0, 0x40, 0, 0, 0}; /* version 4.4, agile */
    memcpy(out, head, sizeof head);
    const size_t room = PSYI_COMPOUND_INFO - sizeof head;
    const int n = snprintf(
        out + sizeof head, room,
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\r\n"
        "<encryption xmlns=\"%sencryption\" xmlns:p=\"%skeyEncryptor/password\" "
        "xmlns:c=\"%skeyEncryptor/certificate\"><keyData %s saltValue=\"%s\"/>"
        "<dataIntegrity encryptedHmacKey=\"%s\" encryptedHmacValue=\"%s\"/>"
        "<keyEncryptors><keyEncryptor uri=\"%skeyEncryptor/password\">"
        "<p:encryptedKey spinCount=\"%u\" %s saltValue=\"%s\" encryptedVerifierHashInput=\"%s\" "
        "encryptedVerifierHashValue=\"%s\" encryptedKeyValue=\"%s\"/>"
        "</keyEncryptor></keyEncryptors></encryption>",
        space, space, space, how, text[0], text[1], text[2], space, spin, how, text[3], text[4],
        text[5], text[6]);
    return n > 0 && (size_t)n < room ? (size_t)n + sizeof head : 0;
}

/* ---- the package ---- */

static bool draw(const psy_encryption_options *options, void *bytes, size_t size)
{
    if (options->random != NULL)
        return options->random(options->random_context, bytes, size) == 0;
    return RAND_bytes(bytes, (int)size) == 1;
}

static bool prepare(sealer *s, uint32_t spin)
{
    uint8_t digest[HASH];
    return hash_password(s, s->secret.password_salt, spin) &&
           under_password(s, true, for_verifier, s->secret.password_salt, s->secret.verifier, SALT,
                          s->verifier) &&
           hash(s, s->secret.verifier, SALT, "", 0, digest) &&
           under_password(s, true, for_verifier_hash, s->secret.password_salt, digest, HASH,
                          s->verifier_hash) &&
           under_password(s, true, for_package_key, s->secret.password_salt, s->secret.key, KEY,
                          s->package_key);
}

/* The next bytes of the encrypted stream, into the file and under the code. */
static psy_status pass_on(sealer *s, psyi_compound *file, const void *bytes, size_t length,
                          psy_error *error)
{
    if (EVP_MAC_update(s->code, bytes, length) != 1)
        return crypto_failed(error);
    return psyi_compound_package(file, bytes, length, error);
}

static psy_status encrypt_all(sealer *s, const uint8_t *bytes, size_t length, psyi_compound *file,
                              psy_error *error)
{
    uint8_t size[8];
    put32(size, (uint32_t)length);
    put32(size + 4, 0);
    psy_status status = pass_on(s, file, size, sizeof size, error);
    for (size_t at = 0, index = 0; at < length && status == PSY_OK; at += SEGMENT, index++) {
        const size_t n = length - at < SEGMENT ? length - at : SEGMENT;
        const size_t padded = (n + 15) / 16 * 16;
        uint8_t number[4];
        put32(number, (uint32_t)index);
        memcpy(s->segment, bytes + at, n);
        memset(s->segment + n, 0, padded - n);
        status = under_package_key(s, number, sizeof number, s->segment, padded, s->cipher_text)
                     ? pass_on(s, file, s->cipher_text, padded, error)
                     : crypto_failed(error);
    }
    return status;
}

static psy_status end_code(sealer *s, psy_error *error)
{
    uint8_t value[HASH];
    size_t length = 0;
    /* It copies contexts, and can fail for nothing else. */
    if (EVP_MAC_final(s->code, value, &length, sizeof value) != 1 || length != HASH)
        return psyi_fail_memory(error, "the ciphers of an encrypted workbook");
    return under_package_key(s, for_hmac_key, sizeof for_hmac_key, s->secret.hmac_key, HASH,
                             s->hmac_key) &&
                   under_package_key(s, for_hmac_value, sizeof for_hmac_value, value, HASH,
                                     s->hmac_value)
               ? PSY_OK
               : crypto_failed(error);
}

static psy_status seal(sealer *s, const uint8_t *bytes, size_t length, const char *password,
                       const psy_encryption_options *options, const psy_sink *sink,
                       psy_error *error)
{
    psy_status status = to_utf16(password, s->password, &s->password_length, error);
    if (status != PSY_OK)
        return status;
    if (!fetch(s))
        return psyi_fail_memory(error, "the ciphers of an encrypted workbook");
    if (!draw(options, &s->secret, sizeof s->secret))
        return psyi_fail(error, PSY_E_INTERNAL, NULL,
                         "the source of random bytes failed: nothing was encrypted");
    /* Once everything is fetched, first use can fail for want of memory alone. */
    if (EVP_MAC_init(s->code, s->secret.hmac_key, HASH, NULL) != 1 || !prepare(s, options->spin))
        return psyi_fail_memory(error, "the ciphers of an encrypted workbook");
    char info[PSYI_COMPOUND_INFO];
    psyi_compound file;
    /* Its length does not depend on what the code will be. */
    const uint64_t padded = 8 + ((uint64_t)length + 15) / 16 * 16;
    status = psyi_compound_begin(&file, padded, describe(s, options->spin, info), sink, error);
    if (status == PSY_OK)
        status = encrypt_all(s, bytes, length, &file, error);
    if (status == PSY_OK)
        status = end_code(s, error);
    if (status != PSY_OK)
        return status;
    describe(s, options->spin, info);
    return psyi_compound_end(&file, info, error);
}

static psy_status check_options(const psy_encryption_options *from, psy_encryption_options *out,
                                psy_error *error)
{
    *out =
        from != NULL ? *from : (psy_encryption_options){.version = PSY_ENCRYPTION_OPTIONS_VERSION};
    if (out->version > PSY_ENCRYPTION_OPTIONS_VERSION)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "options of version %u are newer than this library", out->version);
    if (out->spin == 0)
        out->spin = PSYI_SPIN;
    if (out->spin < PSYI_SPIN || out->spin > MOST_SPIN)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "%u rounds of the password hash: give %u to %u", out->spin, PSYI_SPIN,
                         MOST_SPIN);
    return PSY_OK;
}

psy_status psy_encrypt_workbook(const char *path, const void *bytes, size_t length,
                                const char *password, const psy_encryption_options *options,
                                const psy_sink *sink, psy_error *error)
{
    psy_encryption_options how;
    if (password == NULL || sink == NULL || sink->write == NULL ||
        (path == NULL && bytes == NULL && length > 0))
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "an encryption needs a file or bytes, a password and a sink");
    const psy_status status = check_options(options, &how, error);
    return status == PSY_OK ? psyi_agile_seal(path, bytes, length, password, &how, sink, error)
                            : status;
}

psy_status psyi_agile_seal(const char *path, const void *bytes, size_t length, const char *password,
                           const psy_encryption_options *how, const psy_sink *sink,
                           psy_error *error)
{
    psy_status status = PSY_OK;
    psyi_buffer plain;
    psyi_buffer_init(&plain, how->allocator);
    if (path != NULL) {
        status = psyi_file_read(path, MOST_BYTES, &plain, error);
        bytes = plain.data;
        length = plain.length;
    } else if (length > MOST_BYTES) {
        status = psyi_fail(error, PSY_E_LIMIT, NULL, "an encrypted workbook holds at most 1 GiB");
    }
    if (status == PSY_OK) {
        sealer *const s = psyi_alloc(how->allocator, 1, sizeof *s);
        status = s != NULL ? seal(s, bytes, length, password, how, sink, error)
                           : psyi_fail_memory(error, "an encrypted workbook");
        if (s != NULL)
            release(s, how->allocator);
    }
    if (plain.data != NULL)
        psyi_wipe(plain.data, plain.length);
    psyi_buffer_done(&plain);
    return status;
}

/* ---- does a password open a file? ---- */

/* Value of an attribute of the element at `from`, decoded; false unless it has `length` bytes. */
static bool decode(const char *from, const char *end, const char *name, uint8_t *out, size_t length)
{
    uint8_t bytes[LETTERS(HASH)];
    const char *at = memmem(from, (size_t)(end - from), name, strlen(name));
    const size_t letters = LETTERS(length) - 1;
    if (at == NULL || (size_t)(end - at) < strlen(name) + letters + 1)
        return false;
    at += strlen(name);
    if (at[letters] != '"' ||
        EVP_DecodeBlock(bytes, (const unsigned char *)at, (int)letters) < (int)length)
        return false;
    memcpy(out, bytes, length);
    return true;
}

static bool opens_with(sealer *s, const psyi_buffer *file)
{
    static const char element[] = "<p:encryptedKey spinCount=\"";
    uint8_t salt[SALT], wanted[HASH], digest[HASH];
    const char *const end = file->data + file->length;
    const char *at = memmem(file->data, file->length, element, sizeof element - 1);
    if (at == NULL)
        return false;
    at += sizeof element - 1;
    uint32_t spin = 0;
    while (at < end && *at >= '0' && *at <= '9' && spin <= MOST_SPIN)
        spin = spin * 10 + (uint32_t)(*at++ - '0');
    return spin <= MOST_SPIN && decode(at, end, " saltValue=\"", salt, SALT) &&
           decode(at, end, "encryptedVerifierHashInput=\"", s->verifier, SALT) &&
           decode(at, end, "encryptedVerifierHashValue=\"", wanted, HASH) && fetch(s) &&
           hash_password(s, salt, spin) &&
           under_password(s, false, for_verifier, salt, s->verifier, SALT, s->verifier) &&
           under_password(s, false, for_verifier_hash, salt, wanted, HASH, wanted) &&
           hash(s, s->verifier, SALT, "", 0, digest) && memcmp(digest, wanted, HASH) == 0;
}

psy_status psyi_password_opens(const char *path, const char *password, bool *opens,
                               const psy_allocator *allocator, psy_error *error)
{
    psyi_buffer file;
    psyi_buffer_init(&file, allocator);
    *opens = false;
    sealer *const s = psyi_alloc(allocator, 1, sizeof *s);
    psy_status status = s == NULL ? psyi_fail_memory(error, path) : PSY_OK;
    if (status == PSY_OK)
        status = to_utf16(password, s->password, &s->password_length, error);
    if (status == PSY_OK)
        status = psyi_file_read(path, 0, &file, error);
    if (status == PSY_OK && file.data != NULL)
        *opens = opens_with(s, &file);
    if (s != NULL)
        release(s, allocator);
    psyi_buffer_done(&file);
    return status;
}
