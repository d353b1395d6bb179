/*
 * remembered.c -- counting what nobody has checked against a page.
 *
 * A block is what carries a confidence of its own: a scale, its missing rule, a set of
 * cut-offs, the source of its precision, a flag, a coding variant, a norm.
 */
#include "screening/remembered.h"

uint64_t psyi_remembered_instrument(const psy_instrument *instrument)
{
    uint64_t n = 0;
    for (size_t i = 0; i < instrument->n_scales; i++) {
        const psyi_scale *const scale = &instrument->scales[i];
        n += psyi_is_remembered(scale->confidence);
        if (scale->missing != PSYI_MISSING_NONE)
            n += psyi_is_remembered(scale->missing_confidence);
        n += scale->precision.cite != NULL && psyi_is_remembered(scale->precision.confidence);
        for (size_t s = 0; s < scale->n_band_sets; s++)
            n += psyi_is_remembered(scale->band_sets[s].confidence);
    }
    for (size_t i = 0; i < instrument->n_flags; i++)
        n += psyi_is_remembered(instrument->flags[i].confidence);
    for (size_t i = 0; i < instrument->n_variants; i++)
        n += psyi_is_remembered(instrument->variants[i].confidence);
    for (size_t i = 0; i < instrument->n_norms; i++)
        n += psyi_is_remembered(instrument->norms[i]->confidence);
    return n;
}
