/*
 * digest.c -- SHA-256, HMAC-SHA-256 and base32 for fingerprints and pseudonyms.
 *
 * The algorithms are libcrypto's.  A failure inside it (no memory, no provider) turns into
 * an empty digest, never into a wrong one.
 */
#include "base/digest.h"
#include "base/memory.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <limits.h>
#include <string.h>

struct psyi_sha256 {
    EVP_MD_CTX *context;
    bool failed;
};

psyi_sha256 *psyi_sha256_new(void)
{
    psyi_sha256 *const digest = psyi_alloc(NULL, 1, sizeof *digest);
    if (digest == NULL)
        return NULL;
    digest->context = EVP_MD_CTX_new();
    if (digest->context == NULL || EVP_DigestInit_ex(digest->context, EVP_sha256(), NULL) != 1) {
        EVP_MD_CTX_free(digest->context);
        psyi_free(NULL, digest);
        return NULL;
    }
    return digest;
}

void psyi_sha256_add(psyi_sha256 *digest, const void *bytes, size_t length)
{
    if (length > 0 && EVP_DigestUpdate(digest->context, bytes, length) != 1)
        digest->failed = true;
}

static void print_hex(const uint8_t bytes[32], char out[65])
{
    for (size_t i = 0; i < 32; i++) {
        out[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
        out[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
    }
    out[64] = '\0';
}

void psyi_sha256_hex(psyi_sha256 *digest, char out[65])
{
    uint8_t bytes[EVP_MAX_MD_SIZE];
    if (digest->failed || EVP_DigestFinal_ex(digest->context, bytes, NULL) != 1)
        out[0] = '\0';
    else
        print_hex(bytes, out);
    EVP_MD_CTX_free(digest->context);
    psyi_free(NULL, digest);
}

int psyi_sha256_bytes(const void *bytes, size_t length, char out[65])
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    if (EVP_Digest(bytes, length, digest, NULL, EVP_sha256(), NULL) != 1)
        return 0;
    print_hex(digest, out);
    return 1;
}

int psyi_hmac_sha256(const void *key, size_t key_length, const void *bytes, size_t length,
                     uint8_t out[32])
{
    if (key_length > INT_MAX)
        return 0;
    /* A NULL key would mean "the key of last time" to HMAC. */
    return HMAC(EVP_sha256(), key_length > 0 ? key : "", (int)key_length, bytes, length, out,
                NULL) != NULL;
}

/* RFC 2104: the two digests after their padded keys, ready to be copied for each message. */
struct psyi_hmac {
    EVP_MD_CTX *inner, *outer, *work;
};

#define BLOCK_SIZE 64

psyi_hmac *psyi_hmac_new(const void *key, size_t key_length)
{
    uint8_t block[BLOCK_SIZE] = {0};
    unsigned used = 0;
    if (key_length <= BLOCK_SIZE) {
        if (key_length > 0)
            memcpy(block, key, key_length);
    } else if (EVP_Digest(key, key_length, block, &used, EVP_sha256(), NULL) != 1) {
        return NULL;
    }
    psyi_hmac *hmac = psyi_alloc(NULL, 1, sizeof *hmac);
    if (hmac != NULL) {
        hmac->inner = EVP_MD_CTX_new();
        hmac->outer = EVP_MD_CTX_new();
        hmac->work = EVP_MD_CTX_new();
        bool good = hmac->inner != NULL && hmac->outer != NULL && hmac->work != NULL;
        for (size_t i = 0; i < BLOCK_SIZE; i++)
            block[i] ^= 0x36;
        good = good && EVP_DigestInit_ex(hmac->inner, EVP_sha256(), NULL) == 1 &&
               EVP_DigestUpdate(hmac->inner, block, BLOCK_SIZE) == 1;
        for (size_t i = 0; i < BLOCK_SIZE; i++)
            block[i] ^= 0x36 ^ 0x5C;
        good = good && EVP_DigestInit_ex(hmac->outer, EVP_sha256(), NULL) == 1 &&
               EVP_DigestUpdate(hmac->outer, block, BLOCK_SIZE) == 1;
        if (!good) {
            psyi_hmac_free(hmac);
            hmac = NULL;
        }
    }
    psyi_wipe(block, sizeof block);
    return hmac;
}

int psyi_hmac_bytes(psyi_hmac *hmac, const void *bytes, size_t length, uint8_t out[32])
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    if (EVP_MD_CTX_copy_ex(hmac->work, hmac->inner) != 1 ||
        (length > 0 && EVP_DigestUpdate(hmac->work, bytes, length) != 1) ||
        EVP_DigestFinal_ex(hmac->work, digest, NULL) != 1 ||
        EVP_MD_CTX_copy_ex(hmac->work, hmac->outer) != 1 ||
        EVP_DigestUpdate(hmac->work, digest, 32) != 1 ||
        EVP_DigestFinal_ex(hmac->work, digest, NULL) != 1)
        return 0;
    memcpy(out, digest, 32);
    return 1;
}

void psyi_hmac_free(psyi_hmac *hmac)
{
    if (hmac == NULL)
        return;
    EVP_MD_CTX_free(hmac->inner); /* overwrites the state, which holds the key */
    EVP_MD_CTX_free(hmac->outer);
    EVP_MD_CTX_free(hmac->work);
    psyi_free(NULL, hmac);
}

void psyi_base32(const uint8_t *bytes, size_t length, char *out, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const size_t bit = i * 5, at = bit / 8;
        const unsigned high = at < length ? bytes[at] : 0;
        const unsigned low = at + 1 < length ? bytes[at + 1] : 0;
        out[i] = "abcdefghijklmnopqrstuvwxyz234567"[(high << 8 | low) >> (11 - bit % 8) & 31];
    }
    out[n] = '\0';
}

void psyi_wipe(void *block, size_t length)
{
    if (block != NULL)
        OPENSSL_cleanse(block, length);
}
