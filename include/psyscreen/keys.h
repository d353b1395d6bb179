/**
 * @file keys.h
 * The secret of the pseudonyms.
 *
 * A printed id is base32(HMAC-SHA-256(key, ...)) of the student's code, 130 bits of it: without the
 * key it leads back to nobody, and trying all student numbers does not help; with the key it
 * does.  So the key is made once for a purpose and a school year, is readable by its owner
 * alone, and is never replaced by accident.  See docs/security.md.
 */
#ifndef PSYSCREEN_KEYS_H
#define PSYSCREEN_KEYS_H

#include <psyscreen/error.h>
#include <psyscreen/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Characters of a fingerprint, with its NUL: four groups of four letters and digits. */
#define PSY_KEY_FINGERPRINT 20

/**
 * Make a key: 32 random bytes of libcrypto as 64 hex digits in a new file that its owner alone
 * may read (0600, whatever the umask), synced to disk.
 *
 * @param fingerprint  receives PSY_KEY_FINGERPRINT characters; may be NULL
 * @retval PSY_E_OUTPUT    something of that name is there (it is never overwritten), or the
 *                         file cannot be written
 * @retval PSY_E_INTERNAL  libcrypto has no random bytes
 */
PSY_API psy_status psy_key_new(const char *path, char *fingerprint, psy_error *error);

/**
 * The fingerprint of a key: 80 bits of HMAC-SHA-256(key, "psyscreen/fingerprint/1"), by which two
 * people find out whether they hold the same key.  It tells nothing about the key itself.
 *
 * @param fingerprint  receives PSY_KEY_FINGERPRINT characters
 * @param exposed      receives whether others than the owner may read the file; may be NULL
 * @retval PSY_E_DATA  the file is not there or holds no key
 */
PSY_API psy_status psy_key_fingerprint(const char *path, char *fingerprint, int *exposed,
                                       psy_error *error);

#ifdef __cplusplus
}
#endif
#endif
