/* single_book.h -- one workbook by itself, with a password or without. */
#ifndef PSYSCREEN_SCREENING_SINGLE_BOOK_H
#define PSYSCREEN_SCREENING_SINGLE_BOOK_H

#include <psyscreen/allocator.h>
#include <psyscreen/error.h>
#include <psyscreen/findings.h>

typedef struct psyi_single_book {
    const char *path;                      /* must not be there yet */
    const char *passwords, *new_passwords; /* at most one of them; its line is the file's name */
    const char *tmpdir;                    /* NULL: a tmpfs */
    psy_status (*write)(void *context, const char *path, psy_error *error);
    void *context;
} psyi_single_book;

/* Write it: with a password in memory first, and encrypted at `path`.  PSY_E_OUTPUT when a file
 * stands there; PSY_E_ARGUMENT for both kinds of passwords; PSY_E_DATA when the file of passwords
 * has no line for it. */
psy_status psyi_single_book_write(const psyi_single_book *book, const psy_allocator *allocator,
                                  psy_findings *findings, psy_error *error);

#endif
