/*
 * locale.c -- the C locale for one thread, for a while.
 *
 * It changes the calling thread only.  Reading asks no locale; printing does where printf is at
 * work, in our sentences (psyi_vformat) and in libxlsxwriter.
 */
#include "base/locale.h"

#include "base/memory.h"

#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

int psyi_vformat(char *out, size_t size, const char *format, va_list arguments)
{
    /* Nearly always so, and then there is nothing to change and to change back. */
    if (strcmp(nl_langinfo(RADIXCHAR), ".") == 0)
        return vsnprintf(out, size, format, arguments);
    const locale_t ours = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (ours == (locale_t)0)
        return -1;
    const locale_t before = uselocale(ours);
    const int length = vsnprintf(out, size, format, arguments);
    uselocale(before);
    freelocale(ours);
    return length;
}

typedef struct pinned_locale {
    locale_t ours, before;
} pinned_locale;

void *psyi_c_locale_enter(void)
{
    pinned_locale *const token = psyi_alloc(NULL, 1, sizeof *token);
    if (token == NULL)
        return NULL;
    token->ours = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (token->ours == (locale_t)0) {
        psyi_free(NULL, token);
        return NULL;
    }
    token->before = uselocale(token->ours);
    return token;
}

void psyi_c_locale_leave(void *token)
{
    if (token == NULL)
        return;
    const pinned_locale *const pinned = token;
    uselocale(pinned->before);
    freelocale(pinned->ours);
    psyi_free(NULL, token);
}
