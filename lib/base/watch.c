/* watch.c -- see watch.h. */
#include "base/watch.h"
#include "base/fail.h"

psy_status psyi_watch_tell(const psyi_watch *watch, const char *phase, uint64_t done,
                           uint64_t total, psy_error *error)
{
    if (watch == NULL || watch->tell == NULL ||
        watch->tell(watch->context, phase, done, total) == 0)
        return PSY_OK;
    return psyi_fail(error, PSY_E_CANCELLED, NULL, "stopped in \"%s\" (%llu of %llu)", phase,
                     (unsigned long long)done, (unsigned long long)total);
}
