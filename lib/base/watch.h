/* watch.h -- told how far a long job is; may stop it. */
#ifndef PSYSCREEN_BASE_WATCH_H
#define PSYSCREEN_BASE_WATCH_H

#include <psyscreen/error.h>

#include <stdint.h>

typedef struct psyi_watch {
    /* On the thread of the caller; non-zero stops the job. */
    int (*tell)(void *context, const char *phase, uint64_t done, uint64_t total);
    void *context;
} psyi_watch;

/* PSY_E_CANCELLED when it is to stop; a NULL watch never does. */
psy_status psyi_watch_tell(const psyi_watch *watch, const char *phase, uint64_t done,
                           uint64_t total, psy_error *error);

#endif
