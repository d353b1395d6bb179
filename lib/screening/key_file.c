/*
 * key_file.c -- making and reading the key of the pseudonyms.
 *
 * The file holds 64 hex digits and nothing else.  Who has it can lead every printed id back
 * to a child, so a file that others may read is said; it is used all the same, because a
 * screening must not wait for a permission bit.
 */
#include "screening/key_file.h"
#include "base/digest.h"
#include "base/fail.h"
#include "base/file.h"
#include "base/memory.h"
#include "table/collect.h"

#include <psyscreen/keys.h>

#include <openssl/rand.h>
#include <string.h>
#include <sys/stat.h>

#define MAKE_ONE "make one with: psyscreen key new %s"

char *psyi_path_beside(const psy_plan *plan, const char *name, const psy_allocator *allocator)
{
    const char *const slash = plan->file != NULL ? strrchr(plan->file, '/') : NULL;
    if (name[0] == '/' || slash == NULL)
        return psyi_text_copy(allocator, name, strlen(name));
    char *const directory = psyi_text_copy(allocator, plan->file, (size_t)(slash - plan->file) + 1);
    if (directory == NULL)
        return NULL;
    char *const path = psyi_path_join(allocator, directory, name);
    psyi_free(allocator, directory);
    return path;
}

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static bool decode(const char *text, size_t length, unsigned char key[PSYI_KEY_BYTES])
{
    while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == '\r' ||
                          text[length - 1] == ' ' || text[length - 1] == '\t'))
        length--;
    if (length != 2 * PSYI_KEY_BYTES)
        return false;
    for (size_t i = 0; i < PSYI_KEY_BYTES; i++) {
        const int high = hex(text[2 * i]), low = hex(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        key[i] = (unsigned char)(high * 16 + low);
    }
    return true;
}

static bool is_exposed(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && (about.st_mode & 077) != 0;
}

static psy_status tell_readable(const char *path, const char *name, psy_findings *findings,
                                psy_error *error)
{
    if (!is_exposed(path))
        return PSY_OK;
    const psy_finding finding = {
        .file = name, .rule = "key_readable", .severity = PSY_WARNING, .remedy = "chmod 600"};
    return psyi_find(findings, &finding, error,
                     "others than its owner may read the key of the pseudonyms");
}

static psy_status read_from(const char *path, const char *name, unsigned char key[PSYI_KEY_BYTES],
                            const psy_allocator *allocator, psy_error *error)
{
    psy_location where = psyi_location(path, 0, 0, 0);
    psyi_buffer text;
    psyi_buffer_init(&text, allocator);
    psy_status status = PSY_OK;
    if (!psyi_file_exists(path))
        status = psyi_fail(error, PSY_E_DATA, &where, "the key file '%s' is not there: " MAKE_ONE,
                           name, name);
    if (status == PSY_OK)
        status = psyi_file_read(path, 4096, &text, error);
    if (status == PSY_OK && (text.length == 0 || !decode(text.data, text.length, key)))
        status = psyi_fail(
            error, PSY_E_DATA, &where,
            "the key file '%s' must hold 32 random bytes as 64 hex digits: " MAKE_ONE, name, name);
    psyi_wipe(text.data, text.length);
    psyi_buffer_done(&text);
    return status;
}

/* ---- keys.h ---- */

#define ABOUT "psyscreen/fingerprint/1"

/* "k7m2-9xqt-..." */
static psy_status fingerprint(const unsigned char key[PSYI_KEY_BYTES], char *out, psy_error *error)
{
    uint8_t mac[32];
    char letters[17];
    if (!psyi_hmac_sha256(key, PSYI_KEY_BYTES, ABOUT, sizeof ABOUT - 1, mac))
        return psyi_fail_memory(error, "the fingerprint of a key");
    psyi_base32(mac, sizeof mac, letters, 16);
    for (size_t i = 0; i < 16; i++)
        out[i + i / 4] = letters[i];
    out[4] = out[9] = out[14] = '-';
    out[PSY_KEY_FINGERPRINT - 1] = '\0';
    return PSY_OK;
}

psy_status psy_key_new(const char *path, char *print, psy_error *error)
{
    unsigned char key[PSYI_KEY_BYTES];
    char text[2 * PSYI_KEY_BYTES + 2];
    if (path == NULL || path[0] == '\0')
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "a key needs the name of a file");
    if (RAND_bytes(key, sizeof key) != 1)
        return psyi_fail(error, PSY_E_INTERNAL, NULL,
                         "libcrypto has no random bytes: no key was made");
    for (size_t i = 0; i < sizeof key; i++) {
        text[2 * i] = "0123456789abcdef"[key[i] >> 4];
        text[2 * i + 1] = "0123456789abcdef"[key[i] & 15];
    }
    text[sizeof text - 2] = '\n';
    text[sizeof text - 1] = '\0';
    psy_status status = PSY_OK;
    if (print != NULL)
        status = fingerprint(key, print, error);
    if (status == PSY_OK)
        status = psyi_file_new_secret(path, text, sizeof text - 1, error);
    psyi_wipe(key, sizeof key);
    psyi_wipe(text, sizeof text);
    return status;
}

psy_status psy_key_fingerprint(const char *path, char *print, int *exposed, psy_error *error)
{
    unsigned char key[PSYI_KEY_BYTES] = {0};
    if (path == NULL || print == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "a fingerprint needs the name of a key file");
    psy_status status = read_from(path, path, key, NULL, error);
    if (status == PSY_OK)
        status = fingerprint(key, print, error);
    if (status == PSY_OK && exposed != NULL)
        *exposed = is_exposed(path);
    psyi_wipe(key, sizeof key);
    return status;
}

/* ---- for a run ---- */

psy_status psyi_key_read(const psy_plan *plan, unsigned char key[PSYI_KEY_BYTES], bool *present,
                         const psy_allocator *allocator, psy_findings *findings, psy_error *error)
{
    *present = false;
    const psy_location where = psyi_location(plan->file, 0, 0, 0);
    /* A student's number may hold his national id: printing it is never a default. */
    if (!plan->identity_stated)
        return psyi_fail(error, PSY_E_DATA, &where,
                         "the plan does not say whether real ids or pseudonyms are printed: "
                         "declare identity: {output: pseudonym, key_file: district.key} or "
                         "{output: plain}");
    if (!plan->pseudonym)
        return PSY_OK;
    if (plan->key_file == NULL)
        return psyi_fail(error, PSY_E_DATA, &where,
                         "the plan prints pseudonyms but names no key: declare identity: "
                         "{output: pseudonym, key_file: district.key}");
    char *const path = psyi_path_beside(plan, plan->key_file, allocator);
    if (path == NULL)
        return psyi_fail_memory(error, "key file");
    psy_status status = read_from(path, plan->key_file, key, allocator, error);
    if (status == PSY_OK)
        status = tell_readable(path, plan->key_file, findings, error);
    *present = status == PSY_OK;
    psyi_free(allocator, path);
    return status;
}
