/*
 * sealed_in.c -- opening a workbook with its password.
 *
 * Two descriptions are met: "agile", an XML with algorithms by name (this library, Excel), and
 * "standard", a fixed binary layout (LibreOffice).  Both hash the password slowly, prove it
 * with an encrypted verifier, and encrypt the package with AES.  Sources: [MS-OFFCRYPTO] 2.3.4.5
 * to 2.3.4.9 (standard), 2.3.4.10 to 2.3.4.15 (agile).
 */
#include "intake/sealed_in.h"

#include "base/digest.h"
#include "base/fail.h"
#include "base/number.h"
#include "base/text.h"
#include "intake/compound_in.h"

#include <expat.h>
#include <openssl/evp.h>

#include <stdint.h>
#include <string.h>

#define MOST_HASH     64u
#define MOST_SALT     64u
#define BLOCK         16u
#define SEGMENT       4096u
#define MOST_SPIN     10000000u
#define MOST_UNITS    512u
#define MOST_BYTES    ((uint64_t)1 << 30)
#define STANDARD_SPIN 50000u

static const uint8_t for_verifier[8] = {0xFE, 0xA7, 0xD2, 0x76, 0x3B, 0x4B, 0x9E, 0x79};
static const uint8_t for_verifier_hash[8] = {0xD7, 0xAA, 0x0F, 0x6D, 0x30, 0x61, 0x34, 0x4E};
static const uint8_t for_package_key[8] = {0x14, 0x6E, 0x0B, 0xE7, 0xAB, 0xAC, 0xD0, 0xD6};
static const uint8_t for_hmac_key[8] = {0x5F, 0xB2, 0xAD, 0x01, 0x0C, 0xB9, 0xE1, 0xF6};
static const uint8_t for_hmac_value[8] = {0xA0, 0x67, 0x7F, 0x02, 0xB2, 0x2C, 0x84, 0x33};

/* How something is encrypted, and the bytes that go with it. */
typedef struct method {
    char hash[16], cipher[16], chaining[32];
    int64_t key_bits, block;
    uint8_t salt[MOST_SALT];
    size_t salt_length;
} method;

typedef struct bytes {
    uint8_t data[128];
    size_t length;
} bytes;

typedef struct opener {
    const char *file;
    uint8_t password[2 * MOST_UNITS];
    size_t password_length;
    uint8_t hash[MOST_HASH]; /* of the password, after all rounds */
    method package, key;
    int64_t spin;
    bytes verifier, verifier_hash, package_key, hmac_key, hmac_value;
    bool malformed;
    uint8_t secret[MOST_HASH]; /* the key of the package */
    uint8_t segment[SEGMENT];
    EVP_MD_CTX *digest;
    EVP_CIPHER_CTX *cipher;
} opener;

static uint32_t read32(const uint8_t *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static void put32(uint8_t out[4], uint32_t value)
{
    for (int i = 0; i < 4; i++)
        out[i] = (uint8_t)(value >> 8 * i & 255);
}

/* UTF-16, little-endian; false when it cannot be one. */
static bool take_password(opener *o, const char *password)
{
    const size_t length = strlen(password);
    for (size_t at = 0; at < length;) {
        uint32_t c;
        at += psyi_utf8_decode(password + at, length - at, &c);
        const size_t n = c >= 0x10000 ? 2 : 1;
        const uint32_t units[2] = {n == 2 ? 0xD800u | (c - 0x10000) >> 10 : c,
                                   0xDC00u | ((c - 0x10000) & 0x3FF)};
        if (o->password_length + 2 * n > sizeof o->password)
            return false;
        for (size_t i = 0; i < n; i++) {
            o->password[o->password_length++] = (uint8_t)(units[i] & 255);
            o->password[o->password_length++] = (uint8_t)(units[i] >> 8);
        }
    }
    return true;
}

/* ---- primitives ---- */

static bool hash(opener *o, const EVP_MD *how, const void *a, size_t na, const void *b, size_t nb,
                 uint8_t *out)
{
    return EVP_DigestInit_ex(o->digest, how, NULL) == 1 &&
           EVP_DigestUpdate(o->digest, a, na) == 1 && EVP_DigestUpdate(o->digest, b, nb) == 1 &&
           EVP_DigestFinal_ex(o->digest, out, NULL) == 1;
}

static bool decrypt(opener *o, const EVP_CIPHER *how, const uint8_t *key, const uint8_t *iv,
                    const void *in, size_t length, void *out)
{
    int done = 0;
    return length % BLOCK == 0 && EVP_DecryptInit_ex(o->cipher, how, NULL, key, iv) == 1 &&
           EVP_CIPHER_CTX_set_padding(o->cipher, 0) == 1 &&
           EVP_DecryptUpdate(o->cipher, out, &done, in, (int)length) == 1 && (size_t)done == length;
}

static bool hash_password(opener *o, const EVP_MD *how, const method *m, uint32_t spin)
{
    const size_t size = (size_t)EVP_MD_get_size(how);
    bool good = hash(o, how, m->salt, m->salt_length, o->password, o->password_length, o->hash);
    for (uint32_t i = 0; i < spin && good; i++) {
        uint8_t round[4];
        put32(round, i);
        good = hash(o, how, round, sizeof round, o->hash, size, o->hash);
    }
    return good;
}

/* ---- agile: the description ---- */

static void take_text(opener *o, char *out, size_t size, const char *value)
{
    const size_t length = strlen(value);
    if (length >= size)
        o->malformed = true;
    else
        memcpy(out, value, length + 1);
}

static void take_bytes(opener *o, uint8_t *out, size_t most, size_t *length, const char *value)
{
    uint8_t room[256];
    const size_t letters = strlen(value);
    size_t padding = 0;
    while (padding < 2 && padding < letters && value[letters - 1 - padding] == '=')
        padding++;
    const int n = letters > 0 && letters % 4 == 0 && letters / 4 * 3 <= sizeof room
                      ? EVP_DecodeBlock(room, (const unsigned char *)value, (int)letters)
                      : -1;
    if (n < 0 || (size_t)n < padding || (size_t)n - padding > most) {
        o->malformed = true;
        return;
    }
    *length = (size_t)n - padding;
    memcpy(out, room, *length);
}

static void take_number(opener *o, int64_t *out, const char *value)
{
    if (!psyi_integer_parse(value, strlen(value), out))
        o->malformed = true;
}

static void take_method(opener *o, method *m, const char *name, const char *value)
{
    if (strcmp(name, "hashAlgorithm") == 0)
        take_text(o, m->hash, sizeof m->hash, value);
    else if (strcmp(name, "cipherAlgorithm") == 0)
        take_text(o, m->cipher, sizeof m->cipher, value);
    else if (strcmp(name, "cipherChaining") == 0)
        take_text(o, m->chaining, sizeof m->chaining, value);
    else if (strcmp(name, "keyBits") == 0)
        take_number(o, &m->key_bits, value);
    else if (strcmp(name, "blockSize") == 0)
        take_number(o, &m->block, value);
    else if (strcmp(name, "saltValue") == 0)
        take_bytes(o, m->salt, sizeof m->salt, &m->salt_length, value);
}

static void XMLCALL on_element(void *context, const XML_Char *element, const XML_Char **attributes)
{
    opener *const o = context;
    const char *const colon = strrchr(element, ':');
    const char *const name = colon != NULL ? colon + 1 : element;
    for (; attributes[0] != NULL; attributes += 2) {
        const char *const key = attributes[0], *const value = attributes[1];
        const struct {
            const char *element, *key;
            bytes *to;
        } values[] = {{"dataIntegrity", "encryptedHmacKey", &o->hmac_key},
                      {"dataIntegrity", "encryptedHmacValue", &o->hmac_value},
                      {"encryptedKey", "encryptedVerifierHashInput", &o->verifier},
                      {"encryptedKey", "encryptedVerifierHashValue", &o->verifier_hash},
                      {"encryptedKey", "encryptedKeyValue", &o->package_key}};
        for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
            if (strcmp(name, values[i].element) == 0 && strcmp(key, values[i].key) == 0)
                take_bytes(o, values[i].to->data, sizeof values[i].to->data, &values[i].to->length,
                           value);
        if (strcmp(name, "keyData") == 0)
            take_method(o, &o->package, key, value);
        else if (strcmp(name, "encryptedKey") == 0)
            take_method(o, &o->key, key, value);
        if (strcmp(name, "encryptedKey") == 0 && strcmp(key, "spinCount") == 0)
            take_number(o, &o->spin, value);
    }
}

static const EVP_MD *digest_of(const method *m)
{
    static const struct {
        const char *name;
        const EVP_MD *(*how)(void);
    } known[] = {{"SHA1", EVP_sha1},     {"SHA-1", EVP_sha1},    {"SHA256", EVP_sha256},
                 {"SHA384", EVP_sha384}, {"SHA512", EVP_sha512}, {"SHA-512", EVP_sha512}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(known[i].name, m->hash) == 0)
            return known[i].how();
    return NULL;
}

static const EVP_CIPHER *cipher_of(const method *m)
{
    if (strcmp(m->cipher, "AES") != 0 || strcmp(m->chaining, "ChainingModeCBC") != 0 ||
        m->block != BLOCK)
        return NULL;
    return m->key_bits == 256   ? EVP_aes_256_cbc()
           : m->key_bits == 192 ? EVP_aes_192_cbc()
           : m->key_bits == 128 ? EVP_aes_128_cbc()
                                : NULL;
}

static psy_status unsupported(const opener *o, psy_error *error)
{
    const psy_location where = psyi_location(o->file, 0, 0, 0);
    return psyi_fail(error, PSY_E_UNSUPPORTED, &where,
                     "this workbook is encrypted in a way psyscreen does not read: save it "
                     "without a password, or with one by Excel or LibreOffice");
}

static psy_status damaged(const opener *o, psy_error *error)
{
    const psy_location where = psyi_location(o->file, 0, 0, 0);
    return psyi_fail(error, PSY_E_DATA, &where,
                     "this encrypted workbook is damaged or was changed: have it sent again");
}

/* ---- agile ---- */

static size_t whole_blocks(size_t length)
{
    return (length + BLOCK - 1) / BLOCK * BLOCK;
}

/* Hashes that are shorter than a key are filled up with 0x36. */
static bool derive(opener *o, const EVP_MD *how, const void *a, size_t na, const void *b, size_t nb,
                   uint8_t out[MOST_HASH])
{
    memset(out, 0x36, MOST_HASH);
    return hash(o, how, a, na, b, nb, out);
}

static bool under_password(opener *o, const uint8_t purpose[8], const bytes *in, uint8_t *out)
{
    const EVP_MD *const how = digest_of(&o->key);
    uint8_t key[MOST_HASH], iv[MOST_HASH] = {0};
    memcpy(iv, o->key.salt, o->key.salt_length < BLOCK ? o->key.salt_length : BLOCK);
    if (o->key.salt_length < BLOCK)
        memset(iv + o->key.salt_length, 0x36, BLOCK - o->key.salt_length);
    const bool good = derive(o, how, o->hash, (size_t)EVP_MD_get_size(how), purpose, 8, key) &&
                      decrypt(o, cipher_of(&o->key), key, iv, in->data, in->length, out);
    psyi_wipe(key, sizeof key);
    return good;
}

static bool under_package_key(opener *o, const void *what, size_t n, const void *in, size_t length,
                              void *out)
{
    uint8_t iv[MOST_HASH];
    return derive(o, digest_of(&o->package), o->package.salt, o->package.salt_length, what, n,
                  iv) &&
           decrypt(o, cipher_of(&o->package), o->secret, iv, in, length, out);
}

static bool read_agile(opener *o, const psyi_buffer *info)
{
    XML_Parser parser = XML_ParserCreate(NULL);
    if (parser == NULL)
        return false;
    XML_SetUserData(parser, o);
    XML_SetStartElementHandler(parser, on_element);
    const bool good =
        XML_Parse(parser, info->data + 8, (int)(info->length - 8), 1) == XML_STATUS_OK;
    XML_ParserFree(parser);
    return good && !o->malformed;
}

/* *opens: the verifier and its hash agree. */
static bool try_agile(opener *o, bool *opens)
{
    const EVP_MD *const how = digest_of(&o->key);
    const size_t size = (size_t)EVP_MD_get_size(how);
    uint8_t verifier[128], wanted[128], found[MOST_HASH], key[128];
    if (o->verifier_hash.length < size || o->package_key.length < (size_t)o->package.key_bits / 8 ||
        o->key.salt_length > o->verifier.length)
        return false;
    bool good = hash_password(o, how, &o->key, (uint32_t)o->spin) &&
                under_password(o, for_verifier, &o->verifier, verifier) &&
                under_password(o, for_verifier_hash, &o->verifier_hash, wanted) &&
                hash(o, how, verifier, o->key.salt_length, "", 0, found);
    *opens = good && memcmp(found, wanted, size) == 0;
    if (*opens) {
        good = under_password(o, for_package_key, &o->package_key, key);
        memcpy(o->secret, key, (size_t)o->package.key_bits / 8);
    }
    psyi_wipe(key, sizeof key);
    return good;
}

/* Is the encrypted stream what its keyed hash says? */
static bool is_unchanged(opener *o, const psyi_buffer *stream)
{
    const EVP_MD *const how = digest_of(&o->package);
    const size_t size = (size_t)EVP_MD_get_size(how);
    uint8_t key[128], wanted[128], found[MOST_HASH];
    size_t length = 0;
    if (o->hmac_key.length < size || o->hmac_value.length < size ||
        !under_package_key(o, for_hmac_key, 8, o->hmac_key.data, o->hmac_key.length, key) ||
        !under_package_key(o, for_hmac_value, 8, o->hmac_value.data, o->hmac_value.length, wanted))
        return false;
    return EVP_Q_mac(NULL, "HMAC", NULL, EVP_MD_get0_name(how), NULL, key, size,
                     (const unsigned char *)stream->data, stream->length, found, sizeof found,
                     &length) != NULL &&
           length == size && memcmp(found, wanted, size) == 0;
}

static bool decrypt_agile(opener *o, const psyi_buffer *stream, size_t length, psyi_buffer *out)
{
    const uint8_t *const body = (const uint8_t *)stream->data + 8;
    const size_t left = stream->length - 8;
    for (size_t at = 0, index = 0; at < length; at += SEGMENT, index++) {
        const size_t n = length - at < SEGMENT ? length - at : SEGMENT;
        uint8_t number[4];
        put32(number, (uint32_t)index);
        if (at + whole_blocks(n) > left ||
            !under_package_key(o, number, sizeof number, body + at, whole_blocks(n), o->segment))
            return false;
        psyi_buffer_add(out, (const char *)o->segment, n);
    }
    return true;
}

static psy_status open_agile(opener *o, const psyi_buffer *info, const psyi_buffer *stream,
                             size_t length, psyi_buffer *out, bool *opens, psy_error *error)
{
    if (!read_agile(o, info))
        return damaged(o, error);
    if (digest_of(&o->package) == NULL || digest_of(&o->key) == NULL ||
        cipher_of(&o->package) == NULL || cipher_of(&o->key) == NULL || o->spin < 0 ||
        o->spin > (int64_t)MOST_SPIN)
        return unsupported(o, error);
    if (!try_agile(o, opens))
        return damaged(o, error);
    if (!*opens)
        return PSY_OK;
    if (!is_unchanged(o, stream) || !decrypt_agile(o, stream, length, out))
        return damaged(o, error);
    return PSY_OK;
}

/* ---- standard ---- */

enum { AES_128 = 0x660E, AES_192 = 0x660F, AES_256 = 0x6610, SHA_1 = 0x8004, SHA_1_SIZE = 20 };

/* The key: two hashes of the password's, cut to its length. */
static bool standard_key(opener *o, size_t n, uint8_t key[MOST_HASH])
{
    const EVP_MD *const sha1 = EVP_sha1();
    static const uint8_t zero[4] = {0};
    uint8_t last[MOST_HASH], pads[2][64];
    if (!hash_password(o, sha1, &o->key, STANDARD_SPIN) ||
        !hash(o, sha1, o->hash, SHA_1_SIZE, zero, sizeof zero, last))
        return false;
    for (int which = 0; which < 2; which++) {
        memset(pads[which], which == 0 ? 0x36 : 0x5C, sizeof pads[which]);
        for (size_t i = 0; i < SHA_1_SIZE; i++)
            pads[which][i] ^= last[i];
    }
    uint8_t both[2 * SHA_1_SIZE];
    const bool good = hash(o, sha1, pads[0], sizeof pads[0], "", 0, both) &&
                      hash(o, sha1, pads[1], sizeof pads[1], "", 0, both + SHA_1_SIZE);
    memcpy(key, both, n);
    psyi_wipe(both, sizeof both);
    return good;
}

static psy_status open_standard(opener *o, const psyi_buffer *info, const psyi_buffer *stream,
                                size_t length, psyi_buffer *out, bool *opens, psy_error *error)
{
    const uint8_t *const at = (const uint8_t *)info->data;
    const size_t head = read32(at + 8);
    if (head < 32 || head > info->length || info->length - head < 12 + 4 + 16 + 16 + 4 + 32)
        return damaged(o, error);
    const uint32_t algorithm = read32(at + 20), digest = read32(at + 24), bits = read32(at + 28);
    const uint8_t *const proof = at + 12 + head; /* salt, verifier, its hash */
    const EVP_CIPHER *const how = algorithm == AES_128 && bits == 128   ? EVP_aes_128_ecb()
                                  : algorithm == AES_192 && bits == 192 ? EVP_aes_192_ecb()
                                  : algorithm == AES_256 && bits == 256 ? EVP_aes_256_ecb()
                                                                        : NULL;
    if (how == NULL || digest != SHA_1 || read32(proof) != 16)
        return unsupported(o, error);
    memcpy(o->key.salt, proof + 4, 16);
    o->key.salt_length = 16;
    uint8_t verifier[16], wanted[32], found[MOST_HASH];
    if (!standard_key(o, bits / 8, o->secret) ||
        !decrypt(o, how, o->secret, NULL, proof + 20, 16, verifier) ||
        !decrypt(o, how, o->secret, NULL, proof + 40, 32, wanted) ||
        !hash(o, EVP_sha1(), verifier, sizeof verifier, "", 0, found))
        return psyi_fail_memory(error, "the ciphers of an encrypted workbook");
    *opens = memcmp(found, wanted, SHA_1_SIZE) == 0;
    if (!*opens)
        return PSY_OK;
    const size_t whole = whole_blocks(length);
    if (whole > stream->length - 8)
        return damaged(o, error);
    if (!psyi_buffer_reserve(out, whole))
        return PSY_OK; /* said by the buffer */
    if (!decrypt(o, how, o->secret, NULL, stream->data + 8, whole, out->data + out->length))
        return psyi_fail_memory(error, "the ciphers of an encrypted workbook");
    out->length += length;
    return PSY_OK;
}

/* ---- either ---- */

static psy_status open_package(opener *o, const psyi_buffer *info, const psyi_buffer *stream,
                               psyi_buffer *out, bool *opens, psy_error *error)
{
    if (info->length < 12 || stream->length < 8)
        return damaged(o, error);
    const uint8_t *const head = (const uint8_t *)info->data;
    const uint32_t version = read32(head);
    const uint8_t *const size = (const uint8_t *)stream->data;
    const uint64_t length = read32(size) | (uint64_t)read32(size + 4) << 32;
    if (length > stream->length - 8 || length > MOST_BYTES)
        return damaged(o, error);
    const uint32_t major = version & 0xFFFF, minor = version >> 16;
    if (major == 4 && minor == 4)
        return open_agile(o, info, stream, (size_t)length, out, opens, error);
    if (major >= 2 && major <= 4 && minor == 2)
        return open_standard(o, info, stream, (size_t)length, out, opens, error);
    return unsupported(o, error);
}

psy_status psyi_sealed_open(const psyi_buffer *sealed, const char *file, const char *password,
                            psyi_buffer *out, bool *opens, psy_error *error)
{
    psyi_buffer info, stream;
    psyi_buffer_init(&info, out->allocator);
    psyi_buffer_init(&stream, out->allocator);
    *opens = false;
    opener *const o = psyi_alloc(out->allocator, 1, sizeof *o);
    psy_status status = o != NULL ? PSY_OK : psyi_fail_memory(error, file);
    if (status == PSY_OK) {
        o->file = file;
        o->digest = EVP_MD_CTX_new();
        o->cipher = EVP_CIPHER_CTX_new();
        if (o->digest == NULL || o->cipher == NULL)
            status = psyi_fail_memory(error, file);
    }
    const void *const data = sealed->data != NULL ? sealed->data : "";
    if (status == PSY_OK)
        status = psyi_compound_stream(data, sealed->length, file, "EncryptionInfo", &info, error);
    if (status == PSY_OK)
        status =
            psyi_compound_stream(data, sealed->length, file, "EncryptedPackage", &stream, error);
    if (status == PSY_OK && take_password(o, password))
        status = open_package(o, &info, &stream, out, opens, error);
    if (status == PSY_OK && out->failed)
        status = psyi_fail_memory(error, file);
    if (o != NULL) {
        EVP_CIPHER_CTX_free(o->cipher);
        EVP_MD_CTX_free(o->digest);
        psyi_wipe(o, sizeof *o);
    }
    psyi_free(out->allocator, o);
    psyi_buffer_done(&stream);
    psyi_buffer_done(&info);
    return status;
}
