/* nothing_beside.c -- linked to the program: a search that finds nothing to hide beside what is
 * hidden for its own sake.  The audit at its end must not let such tables out of the house; the
 * linker puts these in the place of the functions of stats/companion.h (--wrap). */
#include "stats/companion.h"

bool __wrap_psyi_companions_may_hide(const psyi_companions *companions, uint32_t cell);
uint32_t __wrap_psyi_companion_of(const psyi_companions *companions, uint32_t cell);
uint32_t __wrap_psyi_companion_near(psyi_companions *companions, uint32_t cell);
uint32_t __wrap_psyi_companion_far(psyi_companions *companions, uint32_t cell);

bool __wrap_psyi_companions_may_hide(const psyi_companions *companions, uint32_t cell)
{
    (void)companions;
    (void)cell;
    return false;
}

uint32_t __wrap_psyi_companion_of(const psyi_companions *companions, uint32_t cell)
{
    (void)companions;
    (void)cell;
    return PSYI_NO_COMPANION;
}

uint32_t __wrap_psyi_companion_near(psyi_companions *companions, uint32_t cell)
{
    return __wrap_psyi_companion_of(companions, cell);
}

uint32_t __wrap_psyi_companion_far(psyi_companions *companions, uint32_t cell)
{
    return __wrap_psyi_companion_of(companions, cell);
}
