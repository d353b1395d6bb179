/* digest.h -- SHA-256 and HMAC-SHA256 over libcrypto. */
#ifndef PSYSCREEN_BASE_DIGEST_H
#define PSYSCREEN_BASE_DIGEST_H

#include <psyscreen/status.h>

#include <stddef.h>
#include <stdint.h>

typedef struct psyi_sha256 psyi_sha256;

/* NULL when libcrypto has no memory. */
psyi_sha256 *psyi_sha256_new(void);
void psyi_sha256_add(psyi_sha256 *digest, const void *bytes, size_t length);
/* Writes 64 lower-case hex digits and NUL, and frees the digest. */
void psyi_sha256_hex(psyi_sha256 *digest, char out[65]);
/* All at once; false when libcrypto fails. */
int psyi_sha256_bytes(const void *bytes, size_t length, char out[65]);
int psyi_hmac_sha256(const void *key, size_t key_length, const void *bytes, size_t length,
                     uint8_t out[32]);
/* The same key many times, at a tenth of the cost.  One thread at a time.  NULL when
 * libcrypto fails. */
typedef struct psyi_hmac psyi_hmac;
psyi_hmac *psyi_hmac_new(const void *key, size_t key_length);
int psyi_hmac_bytes(psyi_hmac *hmac, const void *bytes, size_t length, uint8_t out[32]);
void psyi_hmac_free(psyi_hmac *hmac);
/* RFC 4648 base32, lower case, no padding: `n` characters of it and NUL. */
void psyi_base32(const uint8_t *bytes, size_t length, char *out, size_t n);
/* Overwrite memory that held a secret. */
void psyi_wipe(void *block, size_t length);

#endif
