/*
 * single_book.c -- a workbook that is no part of a run: a critical list, a dossier.
 *
 * What people may have written into is never overwritten.
 */
#include "screening/single_book.h"

#include "base/fail.h"
#include "base/file.h"
#include "screening/outputs.h"
#include "screening/private_place.h"

#include <string.h>
#include <unistd.h>

static psy_status find_password(const psyi_passwords *all, const psyi_single_book *book,
                                const char **out, psy_error *error)
{
    const psy_location where = psyi_location(book->passwords, 0, 0, 0);
    *out = psyi_passwords_find(all, psyi_base_name(book->path));
    if (*out != NULL)
        return PSY_OK;
    return psyi_fail(error, PSY_E_DATA, &where,
                     "no line gives a password to '%.80s': add one (%.80s,...), or have a file "
                     "made with --new-passwords",
                     psyi_base_name(book->path), psyi_base_name(book->path));
}

static psy_status seal(const psyi_single_book *book, const char *plain,
                       const psy_allocator *allocator, psy_findings *findings, psy_error *error)
{
    const char *const keys[] = {psyi_base_name(book->path)};
    const char *const from = book->passwords != NULL ? book->passwords : book->new_passwords;
    const char *password = NULL;
    char digest[65];
    psyi_passwords *all = NULL;
    psy_status status = PSY_OK;
    if (book->new_passwords != NULL)
        status = psyi_passwords_make(book->new_passwords, keys, 1, allocator, error);
    const bool made = status == PSY_OK && book->new_passwords != NULL;
    if (status == PSY_OK)
        status = psyi_passwords_read(&all, from, allocator, findings, error);
    if (status == PSY_OK)
        status = find_password(all, book, &password, error);
    if (status == PSY_OK)
        status = psyi_seal_file(plain, book->path, password, digest, allocator, error);
    if (status != PSY_OK && made)
        unlink(book->new_passwords); /* of no file */
    psyi_passwords_free(all);
    return status;
}

psy_status psyi_single_book_write(const psyi_single_book *book, const psy_allocator *allocator,
                                  psy_findings *findings, psy_error *error)
{
    if (book->passwords != NULL && book->new_passwords != NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "passwords are either read from a file or made: not both");
    if (psyi_file_exists(book->path))
        return psyi_fail(error, PSY_E_OUTPUT, NULL,
                         "'%s' is there already, and people may have written into it: name "
                         "another file",
                         book->path);
    if (book->passwords == NULL && book->new_passwords == NULL)
        return book->write(book->context, book->path, error);
    psyi_private_place place = {.path = NULL};
    psy_status status = psyi_private_place_make(&place, book->tmpdir, allocator, error);
    char *const plain = status == PSY_OK ? psyi_path_join(allocator, place.path, "one.xlsx") : NULL;
    if (status == PSY_OK && plain == NULL)
        status = psyi_fail_memory(error, "a workbook");
    if (status == PSY_OK)
        status = book->write(book->context, plain, error);
    if (status == PSY_OK)
        status = seal(book, plain, allocator, findings, error);
    psyi_free(allocator, plain);
    psyi_private_place_remove(&place);
    return status;
}
