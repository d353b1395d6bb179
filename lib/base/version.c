/*
 * version.c -- what the running library calls itself.
 *
 * The number comes from the header, the text from the build, which read it out of the same
 * header; a test compares the two.
 */
#include <psyscreen/version.h>

const char *psy_version(void)
{
    return PSY_VERSION_TEXT;
}

uint32_t psy_version_number(void)
{
    return PSY_VERSION_NUMBER;
}

const char *psy_build_features(void)
{
#ifdef PSY_HAVE_READSTAT
    return "+sav";
#else
    return "-sav";
#endif
}
