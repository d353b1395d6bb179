/*
 * locale.c -- the C locale for one thread, for a while.
 *
 * Our own printing and reading ask no locale.  This is for other libraries that do
 * (libxlsxwriter prints numbers with printf); it changes the calling thread only.
 */
#include "base/memory.h"
#include "base/parallel.h"

#include <locale.h>

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
