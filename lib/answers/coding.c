/*
 * coding.c -- given integers to bytes.
 *
 * A coding variant (answers written 0-4 where the definition says 1-5) renames the codes of
 * those responses that have all the codes it speaks about; other responses of the same form
 * keep their own.
 */
#include "answers/coding.h"
#include "answers/sheets.h"

static bool find(const int32_t *codes, size_t n, int64_t code, size_t *out)
{
    for (size_t i = 0; i < n; i++)
        if (codes[i] == code) {
            *out = i;
            return true;
        }
    return false;
}

/* What may be given as an answer comes first: a variant may give a new meaning to an integer
 * that is a kind of missing in the default coding. */
static uint8_t search(const psyi_coding *coding, int64_t given)
{
    const psyi_response *const response = coding->response;
    const psyi_variant *const renames = coding->variant;
    size_t at;
    if (renames == NULL) {
        if (find(response->codes, response->n_codes, given, &at))
            return (uint8_t)at;
    } else if (find(renames->given, renames->n_codes, given, &at) &&
               find(response->codes, response->n_codes, renames->canonical[at], &at)) {
        return (uint8_t)at;
    }
    if (find(response->refused, response->n_refused, given, &at))
        return PSYI_REFUSED;
    if (find(response->not_applicable, response->n_not_applicable, given, &at))
        return PSYI_NOT_APPLICABLE;
    return PSYI_OUT_OF_RANGE;
}

void psyi_coding_init(psyi_coding *coding, const psy_instrument *instrument, unsigned variant,
                      unsigned response)
{
    coding->response = &instrument->responses[response];
    coding->variant = NULL;
    if (variant < instrument->n_variants && instrument->variants[variant].given != NULL) {
        const psyi_variant *const renames = &instrument->variants[variant];
        bool speaks = true;
        size_t at;
        for (size_t i = 0; i < renames->n_codes && speaks; i++)
            speaks = find(coding->response->codes, coding->response->n_codes, renames->canonical[i],
                          &at);
        if (speaks)
            coding->variant = renames;
    }
    for (int i = 0; i < PSYI_CODING_SPAN; i++)
        coding->table[i] = search(coding, i - PSYI_CODING_SPAN / 2);
}

uint8_t psyi_coding_byte(const psyi_coding *coding, int64_t given)
{
    const int64_t at =
        given < -PSYI_CODING_SPAN || given > PSYI_CODING_SPAN ? -1 : given + PSYI_CODING_SPAN / 2;
    return at >= 0 && at < PSYI_CODING_SPAN ? coding->table[at] : search(coding, given);
}

void psyi_coding_words(const psyi_coding *coding, psyi_buffer *out)
{
    const bool renamed = coding->variant != NULL;
    const int32_t *const codes = renamed ? coding->variant->given : coding->response->codes;
    const size_t n = renamed ? coding->variant->n_codes : coding->response->n_codes;
    for (size_t i = 0; i < n; i++) {
        if (n > 12 && i == 9) { /* the first nine and the last say enough */
            psyi_buffer_text(out, ", ...");
            i = n - 1;
        }
        if (i > 0)
            psyi_buffer_text(out, ", ");
        psyi_buffer_integer(out, codes[i]);
    }
}

uint8_t psyi_number_byte(const psyi_response *response, const psyi_item *item, psyi_ratio value,
                         int32_t *out)
{
    if (value.den == 0)
        return PSYI_UNREADABLE;
    if (response->high.den != 0 && psyi_ratio_compare(value, response->high) > 0)
        return PSYI_OUT_OF_RANGE;
    if (response->low.den != 0 && psyi_ratio_compare(value, response->low) < 0)
        return PSYI_OUT_OF_RANGE;
    const psyi_ratio scaled = psyi_ratio_mul(value, psyi_ratio_make(item->scale, 1));
    if (scaled.den != 1)
        return PSYI_UNREADABLE;
    if (scaled.num < INT32_MIN || scaled.num > INT32_MAX)
        return PSYI_OUT_OF_RANGE;
    *out = (int32_t)scaled.num;
    return 0;
}
