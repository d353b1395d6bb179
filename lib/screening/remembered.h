/* remembered.h -- how many blocks of a definition rest on memory or on sources that differ. */
#ifndef PSYSCREEN_SCREENING_REMEMBERED_H
#define PSYSCREEN_SCREENING_REMEMBERED_H

#include "definition/model.h"

#include <psyscreen/instrument.h>

static inline unsigned psyi_is_remembered(psyi_confidence confidence)
{
    return confidence == PSYI_MEMORY || confidence == PSYI_CONFLICT;
}
uint64_t psyi_remembered_instrument(const psy_instrument *instrument);

#endif
