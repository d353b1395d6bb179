/*
 * package_member.c -- see package_member.h.
 */
#include "package_member.h"
#include "test_support.h"

#include <stdlib.h>
#include <zip.h>

char *package_member(const char *path, const char *name)
{
    int code;
    zip_t *const archive = zip_open(path, ZIP_RDONLY, &code);
    assert_non_null(archive);
    zip_stat_t about;
    assert_int_equal(zip_stat(archive, name, 0, &about), 0);
    char *const text = calloc(about.size + 1, 1);
    zip_file_t *const file = zip_fopen(archive, name, 0);
    assert_non_null(file);
    assert_int_equal(zip_fread(file, text, about.size), about.size);
    zip_fclose(file);
    zip_discard(archive);
    return text;
}
