/*
 * count_parts.c -- what a count is a count of, so that nobody is counted twice.
 *
 * A part reads "plan wave n digest schools": the digest tells the same counts again, the schools
 * (eight signs of the digest of each code) tell another count of the same children: a wave
 * counted a second time, with more sheets.
 */
#include "norm/counts.h"

#include "base/digest.h"
#include "base/fail.h"

#include <stdlib.h>
#include <string.h>

enum { SIGNS = 8 };

static bool add_schools(const char *const *codes, size_t n, psyi_buffer *out)
{
    char digest[65];
    for (size_t i = 0; i < n; i++) {
        if (!psyi_sha256_bytes(codes[i], strlen(codes[i]), digest))
            return false;
        psyi_buffer_char(out, i == 0 ? ' ' : ',');
        psyi_buffer_add(out, digest, SIGNS);
    }
    return true;
}

const char *psyi_counts_part(psyi_local_set *set, const char *plan, const char *wave,
                             const char *const *schools, size_t n_schools)
{
    psyi_buffer text;
    char digest[65];
    uint64_t n = 0;
    psyi_buffer_init(&text, set->allocator);
    psyi_buffer_format(&text, "%s %s\n", plan, wave);
    for (size_t slot = 0; slot < PSYI_LOCAL_GROUPS; slot++) {
        const psyi_histogram *const counts = set->full[slot];
        for (size_t i = 0; counts != NULL && i < counts->n_bins; i++) {
            const psyi_histogram_bin *const bin = &counts->bins[i];
            psyi_buffer_format(&text, "%zu %lld/%lld %llu\n", slot, (long long)bin->score.num,
                               (long long)bin->score.den, (unsigned long long)bin->count);
            n += bin->count;
        }
    }
    bool good = !text.failed && psyi_sha256_bytes(text.data, text.length, digest);
    psyi_buffer_clear(&text);
    psyi_buffer_text(&text, ""); /* a text also without schools */
    good = good && add_schools(schools, n_schools, &text) && !text.failed;
    const char *const part = good ? psyi_arena_format(&set->arena, "%s %s %llu %.16s%s", plan, wave,
                                                      (unsigned long long)n, digest, text.data)
                                  : NULL;
    psyi_buffer_done(&text);
    return part;
}

/* ---- apart ------------------------------------------------------------------------------ */

typedef struct school { /* of one part */
    const char *wave;   /* "plan wave" */
    size_t wave_length;
    const char *sign; /* NULL: the part does not say which schools */
} school;

static size_t back_over(const char *text, size_t end, const char *signs)
{
    while (end > 0 && strchr(signs, text[end - 1]) != NULL)
        end--;
    return end;
}

/* Cuts "plan wave n digest[ schools]" into its ends; false when it is not of that form. */
static bool cut(const char *part, size_t *wave_length, const char **schools)
{
    static const char hex[] = "0123456789abcdef";
    const char *const last = strrchr(part, ' ');
    if (last == NULL)
        return false;
    const size_t length = strlen(part);
    const bool listed = strspn(last + 1, "0123456789abcdef,") == strlen(last + 1) &&
                        strlen(last + 1) % (SIGNS + 1) == SIGNS;
    *schools = listed ? last + 1 : NULL;
    size_t at = listed ? (size_t)(last - part) : length;
    size_t start = back_over(part, at, hex);
    if (at - start != 16 || start == 0 || part[start - 1] != ' ')
        return false;
    at = start - 1;
    start = back_over(part, at, "0123456789");
    if (start == at || start == 0 || part[start - 1] != ' ')
        return false;
    *wave_length = start - 1;
    return true;
}

static size_t schools_in(const char *text)
{
    return text == NULL ? 1 : (strlen(text) + 1) / (SIGNS + 1);
}

static int by_wave(const void *x, const void *y)
{
    const school *const a = x, *const b = y;
    const size_t least = a->wave_length < b->wave_length ? a->wave_length : b->wave_length;
    const int order = memcmp(a->wave, b->wave, least);
    if (order != 0 || a->wave_length != b->wave_length)
        return order != 0 ? order : a->wave_length < b->wave_length ? -1 : 1;
    if (a->sign == NULL || b->sign == NULL)
        return (a->sign != NULL) - (b->sign != NULL);
    return memcmp(a->sign, b->sign, SIGNS);
}

static psy_status look(school *all, size_t n, psy_error *error)
{
    qsort(all, n, sizeof *all, by_wave);
    for (size_t i = 1; i < n; i++) {
        const school *const a = &all[i - 1], *const b = &all[i];
        if (a->wave_length != b->wave_length || memcmp(a->wave, b->wave, a->wave_length) != 0)
            continue;
        if (a->sign == NULL)
            return psyi_fail(error, PSY_E_DATA, NULL,
                             "two of the norms count '%.*s', and one does not say which schools it "
                             "counted: the same children might count twice; build that wave once, "
                             "from all its sheets",
                             (int)a->wave_length, a->wave);
        if (by_wave(a, b) == 0)
            return psyi_fail(
                error, PSY_E_DATA, NULL,
                "two of the norms count '%.*s' and have a school in common: its "
                "children would count twice; build that wave once, from all its sheets",
                (int)a->wave_length, a->wave);
    }
    return PSY_OK;
}

psy_status psyi_parts_apart(const char *const *parts, size_t n, const psy_allocator *allocator,
                            psy_error *error)
{
    size_t n_all = 0, at = 0, length = 0;
    const char *schools = NULL;
    for (size_t i = 0; i < n; i++)
        n_all += cut(parts[i], &length, &schools) ? schools_in(schools) : 0;
    if (n_all == 0)
        return PSY_OK;
    school *const all = psyi_alloc(allocator, n_all, sizeof *all);
    if (all == NULL)
        return psyi_fail_memory(error, "norms");
    for (size_t i = 0; i < n; i++) {
        if (!cut(parts[i], &length, &schools))
            continue; /* a name of somebody's own; the same one twice is refused elsewhere */
        for (size_t j = 0; j < schools_in(schools); j++)
            all[at++] = (school){.wave = parts[i],
                                 .wave_length = length,
                                 .sign = schools != NULL ? schools + j * (SIGNS + 1) : NULL};
    }
    const psy_status status = look(all, n_all, error);
    psyi_free(allocator, all);
    return status;
}
