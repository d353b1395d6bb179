/* package_member.h -- what stands in a workbook's package. */
#ifndef PSYSCREEN_TEST_PACKAGE_MEMBER_H
#define PSYSCREEN_TEST_PACKAGE_MEMBER_H

/* A member of the package at `path` as text; to be freed.  Fails the test where there is none. */
char *package_member(const char *path, const char *name);

#endif
