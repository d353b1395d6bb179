/* precision.h -- how exactly a score measures: a standard error of measurement with its source. */
#ifndef PSYSCREEN_DEFINITION_PRECISION_H
#define PSYSCREEN_DEFINITION_PRECISION_H

#include "definition/schema.h"

/* The table of `precision:`, read into a psyi_precision. */
extern const psyi_key psyi_precision_keys[];
/* Works the error out (psyi_precision.sem); false after a reported problem. */
bool psyi_precision_settle(psyi_loader *loader, const psyi_node *node, psyi_precision *precision);

#endif
