/*
 * key_file.c -- reading the key of the pseudonyms.
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

#include <string.h>
#include <sys/stat.h>

#define MAKE_ONE "make one with: openssl rand -hex 32 > %s; chmod 600 %s"

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

static psy_status tell_readable(const char *path, const char *name, psy_findings *findings,
                                psy_error *error)
{
    struct stat about;
    if (stat(path, &about) != 0 || (about.st_mode & 077) == 0)
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
        status =
            psyi_fail(error, PSY_E_DATA, &where,
                      "the key file '%s' of the plan is not there: " MAKE_ONE, name, name, name);
    if (status == PSY_OK)
        status = psyi_file_read(path, 4096, &text, error);
    if (status == PSY_OK && (text.length == 0 || !decode(text.data, text.length, key)))
        status =
            psyi_fail(error, PSY_E_DATA, &where,
                      "the key file '%s' must hold 32 random bytes as 64 hex digits: " MAKE_ONE,
                      name, name, name);
    psyi_wipe(text.data, text.length);
    psyi_buffer_done(&text);
    return status;
}

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
