/* needed.h -- which items of an instrument must be there to be read. */
#ifndef PSYSCREEN_ANSWERS_NEEDED_H
#define PSYSCREEN_ANSWERS_NEEDED_H

#include "definition/model.h"

#include <psyscreen/instrument.h>

typedef enum psyi_need {
    PSYI_NEED_NOT,  /* no scale and no critical flag reads it */
    PSYI_NEED_PART, /* needed once any item of its (optional) part is there */
    PSYI_NEED_ALWAYS
} psyi_need;

/* need[i] for every item.  Scales that are not meant for `informant` (unknown: all are)
 * need nothing; derived numbers only what a scale or critical flag reads through them. */
void psyi_items_needed(const psy_instrument *instrument, unsigned variant, psyi_informant informant,
                       uint8_t *need);

#endif
