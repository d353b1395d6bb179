/* public_norms.h -- what stands behind a psy_norms. */
#ifndef PSYSCREEN_NORM_PUBLIC_NORMS_H
#define PSYSCREEN_NORM_PUBLIC_NORMS_H

#include "norm/local_set.h"

#include <psyscreen/norms.h>

struct psy_norms {
    const psy_allocator *allocator;
    psyi_norm *norm;
    psyi_local_set *set; /* settled; NULL: not counted by psyscreen */
};

/* Takes the norm over, also on failure. */
psy_status psyi_norms_wrap(psy_norms **out, psyi_norm *norm, const psy_allocator *allocator,
                           psy_error *error);

#endif
