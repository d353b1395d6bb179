/* beside.h -- the tables of all files, made while workbooks that do not need them are written.
 *
 * What of a district may be shown takes one thread some tenths of a second to find out, and
 * workbooks of schools do not ask for it. */
#ifndef PSYSCREEN_SCREENING_BESIDE_H
#define PSYSCREEN_SCREENING_BESIDE_H

#include "screening/outputs.h"

#include <pthread.h>

typedef struct psyi_beside {
    const psyi_outputs *outputs;
    pthread_mutex_t lock;
    pthread_cond_t made;
    size_t *order; /* of tasks: first those that need no tables, as far as half of them */
    size_t *late;  /* tasks that must wait for what is to be said of the tables */
    size_t n_late;
    bool done, failed, news;
} psyi_beside;

psy_status psyi_beside_begin(psyi_beside *out, const psyi_outputs *outputs, psy_error *error);
void psyi_beside_end(psyi_beside *beside);
/* Makes the tables; on one thread, which nobody may have to wait for before it has begun. */
psy_status psyi_beside_make(psyi_beside *beside, psy_error *error);
/* May the task be written?  Waits where it needs the tables.  If not, it is among `late` (there is
 * news), or the tables failed. */
bool psyi_beside_ready(psyi_beside *beside, size_t task);

#endif
