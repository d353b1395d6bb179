/*
 * evidence.c -- the list of what speaks against sheets.
 */
#include "validity/evidence.h"
#include "base/fail.h"
#include "base/sort.h"

#include <math.h>
#include <stdlib.h>

psy_status psyi_evidence_add(psyi_evidence_list *list, const psyi_evidence *evidence,
                             psy_error *error)
{
    void *block = list->list;
    const bool good =
        psyi_grow_raw(list->allocator, &block, &list->room, list->n + 1, sizeof *list->list);
    list->list = block;
    if (!good)
        return psyi_fail_memory(error, "evidence");
    list->list[list->n++] = *evidence;
    return PSY_OK;
}

static int by_sheet(const void *x, const void *y, void *context)
{
    (void)context;
    const psyi_evidence *const a = x, *const b = y;
    if (a->sheet != b->sheet)
        return a->sheet < b->sheet ? -1 : 1;
    if (a->use != b->use)
        return a->use < b->use ? -1 : 1;
    if (a->sign != b->sign)
        return a->sign < b->sign ? -1 : 1;
    /* Blocks of one use: the longest first. */
    return a->length != b->length ? (a->length > b->length ? -1 : 1) : 0;
}

psy_status psyi_evidence_sort(psyi_evidence_list *list, psy_error *error)
{
    return psyi_merge_sort(list->list, list->n, sizeof *list->list, by_sheet, NULL, list->allocator)
               ? PSY_OK
               : psyi_fail_memory(error, "evidence");
}

void psyi_evidence_done(psyi_evidence_list *list)
{
    psyi_free(list->allocator, list->list);
    list->list = NULL;
    list->n = list->room = 0;
}

double psyi_sign_round(unsigned sign, double value)
{
    double unit = 1;
    for (unsigned i = 0; i < psyi_sign_rules[sign].decimals; i++)
        unit *= 10;
    return floor(value * unit + .5) / unit;
}

bool psyi_sign_fires(const psyi_validity_policy *policy, unsigned sign, double value)
{
    const double mark = psyi_ratio_double(policy->mark[sign]);
    return policy->on[sign] && (psyi_sign_rules[sign].above ? value >= mark : value < mark);
}
