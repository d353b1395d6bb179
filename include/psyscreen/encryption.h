/**
 * @file encryption.h
 * Workbooks that open with a password.
 *
 * ECMA-376 agile encryption, as spreadsheet programs write it: AES-256-CBC, keys from the
 * password by 100,000 rounds of SHA-512, the whole package under HMAC-SHA-512.  What is
 * protected is the file; whoever knows the password can do with it what he likes.
 *
 * Sources: [MS-OFFCRYPTO] 2.3.4.10 to 2.3.4.15 (agile encryption), [MS-CFB] (the container).
 */
#ifndef PSYSCREEN_ENCRYPTION_H
#define PSYSCREEN_ENCRYPTION_H

#include <psyscreen/allocator.h>
#include <psyscreen/error.h>
#include <psyscreen/export.h>
#include <psyscreen/stream.h>

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Options of an encryption; zero means the default everywhere. */
typedef struct psy_encryption_options {
    uint32_t version; /**< PSY_ENCRYPTION_OPTIONS_VERSION */
    uint32_t spin;    /**< rounds of the password hash, 100,000 (the default) to 10,000,000 */
    /**
     * Where salts and keys come from; NULL: the random generator of libcrypto.  Returns 0 when
     * all `size` bytes were filled.  A source that is not random makes a file that is not
     * secret: it is for tests, which need the same bytes twice.
     */
    int (*random)(void *context, void *bytes, size_t size);
    void *random_context;
    const psy_allocator *allocator;
} psy_encryption_options;
#define PSY_ENCRYPTION_OPTIONS_VERSION 1u

/**
 * Encrypt a workbook (or any other file that is to be a package).
 *
 * The bytes come from `path`, or where that is NULL from memory (`bytes`, `length`, at most
 * 1 GiB) and leave through `sink` in one pass, in order, as a compound file.  Two calls give
 * different files, because salts and keys are new each time; both decrypt to the same bytes.
 *
 * The password is UTF-8, 8 to 255 UTF-16 units long, without control characters and without
 * combining marks, which different keyboards compose differently (an "e" and an accent, or
 * one letter).  It is used as it is, blanks included.  The strength of the file is that of the
 * password: see docs/security.md.
 *
 * Cost: about 20 ms for the password and 4 ms for each MB; a copy of a file that is given by
 * path, which is wiped.  Takes no locks, keeps nothing; any thread.
 *
 * @retval PSY_E_ARGUMENT  the password is too short, too long, or cannot be typed reliably;
 *                         rounds out of range; options of a later version
 * @retval PSY_E_IO        `path` cannot be read
 * @retval PSY_E_LIMIT     more than 1 GiB
 * @retval PSY_E_OUTPUT    the sink refused; what it took is not a workbook
 * @retval PSY_E_INTERNAL  libcrypto or the random source failed
 */
PSY_API psy_status psy_encrypt_workbook(const char *path, const void *bytes, size_t length,
                                        const char *password,
                                        const psy_encryption_options *options,
                                        const psy_sink *sink, psy_error *error);

#ifdef __cplusplus
}
#endif
#endif
