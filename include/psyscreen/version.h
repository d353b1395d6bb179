/**
 * @file version.h
 * Which psyscreen this is: at compile time by macro, at run time by function.
 */
#ifndef PSYSCREEN_VERSION_H
#define PSYSCREEN_VERSION_H

#include <psyscreen/export.h>

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The build system reads the version from these three lines. */
#define PSY_VERSION_MAJOR 0
#define PSY_VERSION_MINOR 1
#define PSY_VERSION_PATCH 0

/** Version of the headers as one number, 0x00MMNNPP. */
#define PSY_VERSION_NUMBER                                                                         \
    ((uint32_t)((PSY_VERSION_MAJOR << 16) | (PSY_VERSION_MINOR << 8) | PSY_VERSION_PATCH))

/** Version of the library that is running, "0.1.0"; static, never NULL. */
PSY_API const char *psy_version(void);

/** The same as a number, to compare with PSY_VERSION_NUMBER. */
PSY_API uint32_t psy_version_number(void);

/**
 * Optional parts of this build, "+sav" or "-sav", separated by blanks; static.  A function
 * whose part is missing exists all the same and returns PSY_E_UNSUPPORTED.
 */
PSY_API const char *psy_build_features(void);

#ifdef __cplusplus
}
#endif
#endif
