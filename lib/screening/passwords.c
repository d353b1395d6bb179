/*
 * passwords.c -- reading and making the file of passwords.
 *
 * It has a small reader of its own, because what it reads is wiped.  Messages name lines and
 * keys, never a password.  A passphrase is five groups of four letters and digits, of an
 * alphabet without those that look alike (Crockford's base 32: no i, l, o, u): 100 bits, which
 * stay out of reach even though the hash of the file format is cheap to try.
 */
#include "screening/passwords.h"
#include "base/digest.h"
#include "base/fail.h"
#include "base/file.h"
#include "report/agile.h"
#include "table/collect.h"

#include <openssl/rand.h>
#include <string.h>
#include <sys/stat.h>

#define MOST_BYTES ((size_t)4 << 20)
#define HEAD       "school,password"
#define GROUPS     5u
#define LETTERS    4u

typedef struct row {
    const char *key, *password;
    size_t line;
} row;

struct psyi_passwords {
    const psy_allocator *allocator;
    psyi_buffer text; /* keys and passwords lie in it */
    row *rows;
    size_t n, capacity;
};

void psyi_passwords_free(psyi_passwords *passwords)
{
    if (passwords == NULL)
        return;
    if (passwords->text.data != NULL)
        psyi_wipe(passwords->text.data, passwords->text.length);
    psyi_buffer_done(&passwords->text);
    psyi_free(passwords->allocator, passwords->rows);
    psyi_free(passwords->allocator, passwords);
}

const char *psyi_passwords_find(const psyi_passwords *passwords, const char *key)
{
    for (size_t i = 0; i < passwords->n; i++)
        if (strcmp(passwords->rows[i].key, key) == 0)
            return passwords->rows[i].password;
    return NULL;
}

const char *psyi_passwords_of_file(const psyi_passwords *passwords, const char *name)
{
    const char *best = NULL;
    size_t longest = 0;
    for (size_t i = 0; i < passwords->n; i++) {
        const size_t length = strlen(passwords->rows[i].key);
        if (length > longest && strncmp(passwords->rows[i].key, name, length) == 0) {
            best = passwords->rows[i].password;
            longest = length;
        }
    }
    return best;
}

/* ---- reading ---- */

/* One field at *at, unquoted in place and ended by NUL; *end is what followed it: ',', '\n' or
 * '\0'.  NULL when a quote does not close. */
static char *take_field(char **at, char *end)
{
    char *const start = *at;
    char *from = start, *to = start;
    if (*from == '"') {
        for (from++; *from != '\0' && (*from != '"' || from[1] == '"'); from++) {
            from += *from == '"';
            *to++ = *from;
        }
        if (*from != '"' || (from[1] != ',' && from[1] != '\n' && from[1] != '\r' && from[1] != 0))
            return NULL;
        from++;
    } else {
        while (*from != '\0' && *from != ',' && *from != '\n')
            *to++ = *from++;
        to -= to > start && to[-1] == '\r';
    }
    from += *from == '\r';
    *end = *from;
    *at = from + (*from != '\0');
    *to = '\0';
    return start;
}

static psy_status refuse(const char *path, size_t line, psy_error *error, const char *what)
{
    const psy_location where = psyi_location(path, line, 1, 0);
    return psyi_fail(error, PSY_E_DATA, &where, "%s", what);
}

static psy_status add(psyi_passwords *p, const char *path, const row *one, psy_error *error)
{
    psy_error why = {0};
    if (one->key[0] == '\0')
        return refuse(path, one->line, error, "a password of no school: give its code");
    if (psyi_passwords_find(p, one->key) != NULL)
        return refuse(path, one->line, error, "this school has a password already");
    if (psyi_password_check(one->password, &why) != PSY_OK)
        return refuse(path, one->line, error, why.message);
    void *rows = p->rows;
    if (!psyi_grow(p->allocator, &rows, &p->capacity, p->n + 1, sizeof *p->rows))
        return psyi_fail_memory(error, path);
    p->rows = rows;
    p->rows[p->n++] = *one;
    return PSY_OK;
}

static psy_status parse(psyi_passwords *p, const char *path, psy_error *error)
{
    char *at = p->text.data;
    if (at == NULL || at[0] == '\0' || strlen(at) != p->text.length)
        return refuse(path, 1, error, "this is no file of passwords: its head is " HEAD);
    if (strncmp(at, "\xEF\xBB\xBF", 3) == 0)
        at += 3;
    psy_status status = PSY_OK;
    for (size_t line = 1; *at != '\0' && status == PSY_OK; line++) {
        char after = '\0', last = '\0';
        const char *const key = take_field(&at, &after);
        const char *const password = key != NULL && after == ',' ? take_field(&at, &last) : NULL;
        if (key != NULL && key[0] == '\0' && after != ',')
            continue; /* an empty line */
        if (password == NULL || last == ',') {
            status = refuse(path, line, error,
                            line == 1 ? "this is no file of passwords: its head is " HEAD
                                      : "a line must hold a school and its password; put a "
                                        "password with a comma into \"quotes\"");
        } else if (line == 1) {
            if (strcmp(key, "school") != 0 || strcmp(password, "password") != 0)
                status =
                    refuse(path, line, error, "this is no file of passwords: its head is " HEAD);
        } else {
            const row one = {key, password, line};
            status = add(p, path, &one, error);
        }
    }
    return status;
}

/* What a person should know about the file; keys are named, passwords are not. */
static psy_status tell(const psyi_passwords *p, const char *path, psy_findings *findings,
                       psy_error *error)
{
    struct stat about;
    const char *const name = psyi_base_name(path);
    psy_status status = PSY_OK;
    if (stat(path, &about) == 0 && (about.st_mode & 077) != 0) {
        const psy_finding finding = {.file = name,
                                     .rule = "passwords_readable",
                                     .severity = PSY_WARNING,
                                     .remedy = "chmod 600"};
        status = psyi_find(findings, &finding, error,
                           "others than its owner may read the passwords of the workbooks");
    }
    for (size_t i = 1; i < p->n && status == PSY_OK; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(p->rows[i].password, p->rows[j].password) == 0) {
                const psy_finding finding = {.file = name,
                                             .row = p->rows[i].line,
                                             .field = "password",
                                             .rule = "password_shared",
                                             .severity = PSY_WARNING,
                                             .subject = p->rows[i].key,
                                             .remedy = "give every file its own"};
                status = psyi_find(findings, &finding, error,
                                   "this workbook has the password of another: whoever may open "
                                   "one opens both");
                break;
            }
    return status;
}

psy_status psyi_passwords_read(psyi_passwords **out, const char *path,
                               const psy_allocator *allocator, psy_findings *findings,
                               psy_error *error)
{
    psyi_passwords *const p = psyi_alloc(allocator, 1, sizeof *p);
    if (p == NULL)
        return psyi_fail_memory(error, path);
    p->allocator = allocator;
    psyi_buffer_init(&p->text, allocator);
    psy_status status = psyi_file_read(path, MOST_BYTES, &p->text, error);
    if (status == PSY_OK)
        status = parse(p, path, error);
    if (status == PSY_OK)
        status = tell(p, path, findings, error);
    if (status != PSY_OK) {
        psyi_passwords_free(p);
        return status;
    }
    *out = p;
    return PSY_OK;
}

/* ---- making ---- */

static void add_quoted(psyi_buffer *out, const char *text)
{
    if (strpbrk(text, "\",\r\n") == NULL) {
        psyi_buffer_text(out, text);
        return;
    }
    psyi_buffer_char(out, '"');
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '"')
            psyi_buffer_char(out, '"');
        psyi_buffer_char(out, *c);
    }
    psyi_buffer_char(out, '"');
}

psy_status psyi_passwords_make(const char *path, const char *const *keys, size_t n,
                               const psy_allocator *allocator, psy_error *error)
{
    static const char letters[] = "0123456789abcdefghjkmnpqrstvwxyz";
    _Static_assert(sizeof letters == 33, "32 of them, so that five bits are one");
    psyi_buffer text;
    psy_status status = PSY_OK;
    psyi_buffer_init(&text, allocator);
    psyi_buffer_text(&text, HEAD "\n");
    for (size_t i = 0; i < n && status == PSY_OK; i++) {
        unsigned char random[GROUPS * LETTERS];
        if (RAND_bytes(random, sizeof random) != 1)
            status = psyi_fail(error, PSY_E_INTERNAL, NULL,
                               "libcrypto has no random bytes: no passwords were made");
        add_quoted(&text, keys[i]);
        psyi_buffer_char(&text, ',');
        for (size_t j = 0; j < sizeof random; j++) {
            if (j > 0 && j % LETTERS == 0)
                psyi_buffer_char(&text, '-');
            psyi_buffer_char(&text, letters[random[j] & 31]);
        }
        psyi_buffer_char(&text, '\n');
        psyi_wipe(random, sizeof random);
    }
    if (status == PSY_OK && text.failed)
        status = psyi_fail_memory(error, path);
    if (status == PSY_OK)
        status = psyi_file_new_secret(path, text.data, text.length, error);
    if (text.data != NULL)
        psyi_wipe(text.data, text.length);
    psyi_buffer_done(&text);
    return status;
}
