/* role_cut.h -- what each role may see: sheets and columns by allow-list.
 *
 * A column that is not named here does not exist for the role, whoever adds it to a sheet
 * later: the lists are asked when a layout is built, not when it is written. */
#ifndef PSYSCREEN_REPORT_ROLE_CUT_H
#define PSYSCREEN_REPORT_ROLE_CUT_H

#include "report/layout.h"

#include <psyscreen/screening.h>

typedef struct psyi_allowed_sheet {
    const char *layout;      /* key of the sheet */
    const char *const *keys; /* of its columns, NULL at the end; "tier_*" for a beginning */
} psyi_allowed_sheet;
typedef struct psyi_role_cut {
    psy_role role;
    const char *id; /* "homeroom" */
    psyi_label name, title, audience, what;
    const psyi_allowed_sheet *sheets; /* ends with {NULL, NULL} */
    bool legend;                      /* may hear of tiers */
    bool names;                       /* cannot do without the children's names */
} psyi_role_cut;

/* The cut of one role; NULL for PSY_ROLE_PSYCHOLOGY, whose file is the school's workbook. */
const psyi_role_cut *psyi_role_cut_of(psy_role role);
bool psyi_role_allows(const psyi_role_cut *cut, const char *layout, const char *key);

#endif
