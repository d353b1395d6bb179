/*
 * dossier_compare.c -- what of two waves may be set beside what, from what the runs say about
 * themselves.
 */
#include "report/dossier_line.h"

#include <string.h>

const char *psyi_dossier_cell(const psyi_dossier_wave *wave, const char *name)
{
    for (size_t i = 0; i < wave->n_cells; i++)
        if (strcmp(wave->names[i], name) == 0)
            return wave->values[i];
    return "";
}

const psyi_dossier_use *psyi_dossier_use_of(const psyi_dossier_wave *wave, const char *id,
                                            size_t length)
{
    for (size_t i = 0; i < wave->n_uses; i++)
        if (wave->uses[i].id != NULL && strncmp(wave->uses[i].id, id, length) == 0 &&
            wave->uses[i].id[length] == '\0')
            return &wave->uses[i];
    return NULL;
}

bool psyi_dossier_same(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

bool psyi_dossier_comparable(const psyi_dossier_wave *a, const psyi_dossier_wave *b,
                             const char *use, size_t use_length)
{
    const psyi_dossier_use *const x = psyi_dossier_use_of(a, use, use_length);
    const psyi_dossier_use *const y = psyi_dossier_use_of(b, use, use_length);
    return x != NULL && y != NULL && psyi_dossier_same(x->instrument, y->instrument) &&
           psyi_dossier_same(x->edition, y->edition) &&
           psyi_dossier_same(x->fingerprint, y->fingerprint) &&
           psyi_dossier_same(x->variant, y->variant);
}

bool psyi_dossier_same_rules(const psyi_dossier_wave *a, const psyi_dossier_wave *b)
{
    bool equal = a->n_rules == b->n_rules && a->n_uses == b->n_uses &&
                 psyi_dossier_same(a->scheme, b->scheme);
    for (size_t i = 0; equal && i < a->n_rules; i++) {
        const psyi_dossier_rule *const x = &a->rules[i], *const y = &b->rules[i];
        /* A critical flag has no text of its own: its instrument's fingerprint stands for it. */
        equal = psyi_dossier_same(x->id, y->id) && psyi_dossier_same(x->rank, y->rank) &&
                (psyi_dossier_same(x->when, y->when) || (x->when == NULL && y->when == NULL));
    }
    for (size_t i = 0; equal && i < a->n_uses; i++)
        equal = a->uses[i].id != NULL &&
                psyi_dossier_comparable(a, b, a->uses[i].id, strlen(a->uses[i].id));
    return equal;
}
