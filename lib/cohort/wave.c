/*
 * wave.c -- counts of a wave, added up over its parts.
 *
 * Everything in it is an integer or a maximum, so parts may be added in any order and on any
 * machine.  As text it is lines of words; nothing in it says who anybody is.
 */
#include "base/fail.h"
#include "cohort/wave_parts.h"
#include "definition/validity_policy.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_LINE "psyscreen/wave/1 "

/* Signs that rank sheets among all others, which no sums of parts tell. */
bool psyi_wave_ranks(const psy_plan *plan)
{
    const psyi_validity_policy *const policy = plan->policy;
    static const psyi_sign ranked[] = {PSYI_SIGN_SPEED, PSYI_SIGN_SYNONYMS, PSYI_SIGN_ANTONYMS,
                                       PSYI_SIGN_GUTTMAN, PSYI_SIGN_U3};
    for (size_t i = 0; policy != NULL && i < sizeof ranked / sizeof *ranked; i++)
        if (policy->on[ranked[i]])
            return true;
    return false;
}

/* What is decided over all students at once, and does not add up. */
const char *psyi_wave_undivided(const psy_plan *plan)
{
    if (psyi_wave_ranks(plan))
        return "a sign of its validity policy that ranks sheets among all others "
               "(relative_speed, synonyms, antonyms, guttman, u3; say `off`)";
    if (plan->n_rungs > 1)
        return "match: with more than the student code (a sheet could be anybody's)";
    if (plan->links.present)
        return "inputs: links (numbers that have changed)";
    if (plan->roster.present && plan->roster.columns[PSYI_FIELD_FORMER].n_names > 0)
        return "a roster column `former` (numbers that have changed)";
    if (plan->previous != NULL || plan->external.present)
        return "inputs: previous or external (parts read this wave's files only)";
    if (plan->passwords != NULL)
        return "outputs: passwords (workbooks of parts are not encrypted)";
    return NULL;
}

psy_status psy_wave_new(psy_wave **out, const psy_plan *plan, const psy_allocator *allocator,
                        psy_error *error)
{
    if (out == NULL || plan == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "a wave needs a plan");
    psy_wave *const wave = psyi_alloc(allocator, 1, sizeof *wave);
    psyi_wave_norm *const norms = psyi_alloc(allocator, plan->n_locals, sizeof *norms);
    psyi_reference *const references = psyi_alloc(allocator, plan->n_uses, sizeof *references);
    if (wave == NULL || norms == NULL || references == NULL) {
        psyi_free(allocator, wave);
        psyi_free(allocator, norms);
        psyi_free(allocator, references);
        return psyi_fail_memory(error, "a wave");
    }
    *wave = (psy_wave){.allocator = allocator,
                       .plan = plan,
                       .latest = PSYI_NO_TIME,
                       .norms = norms,
                       .references = references};
    for (size_t i = 0; i < plan->n_locals; i++)
        for (size_t slot = 0; slot < PSYI_LOCAL_GROUPS; slot++)
            psyi_histogram_init(&norms[i].at[slot], allocator);
    *out = wave;
    return PSY_OK;
}

void psy_wave_free(psy_wave *wave)
{
    if (wave == NULL)
        return;
    for (size_t i = 0; i < wave->plan->n_locals; i++)
        for (size_t slot = 0; slot < PSYI_LOCAL_GROUPS; slot++)
            psyi_histogram_done(&wave->norms[i].at[slot]);
    for (size_t i = 0; i < wave->n_files; i++)
        psyi_free(wave->allocator, wave->files[i].name);
    psyi_free(wave->allocator, wave->files);
    for (size_t use = 0; use < wave->plan->n_uses; use++)
        psyi_reference_done(&wave->references[use], wave->allocator);
    psyi_free(wave->allocator, wave->references);
    psyi_free(wave->allocator, wave->norms);
    psyi_free(wave->allocator, wave);
}

/* ---- adding up ---- */

psy_status psy_wave_merge(psy_wave *to, const psy_wave *from, psy_error *error)
{
    if (to == NULL || from == NULL || strcmp(to->plan->fingerprint, from->plan->fingerprint) != 0)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "waves of different plans do not add up");
    psy_status status = psyi_wave_files_merge(to, from, error);
    if (from->latest > to->latest)
        to->latest = from->latest;
    for (size_t use = 0; use < from->plan->n_uses && status == PSY_OK; use++)
        status =
            psyi_reference_add(&to->references[use], &from->references[use], to->allocator, error);
    for (size_t i = 0; i < from->plan->n_locals; i++)
        for (size_t slot = 0; slot < PSYI_LOCAL_GROUPS && status == PSY_OK; slot++) {
            to->norms[i].full[slot] = to->norms[i].full[slot] || from->norms[i].full[slot];
            status = psyi_histogram_merge(&to->norms[i].at[slot], &from->norms[i].at[slot], error);
        }
    return status;
}

/* ---- as text ---- */

static void write_reference(psyi_buffer *out, size_t use, const psyi_reference *at)
{
    const size_t k = at->n_items;
    if (at->sums == NULL)
        return;
    psyi_buffer_format(out, "sheets %zu %zu %" PRIu64 "\n", use, k, at->n);
    for (size_t i = 0; i < k; i++)
        psyi_buffer_format(out, "sum %zu %zu %" PRId64 " %" PRId64 "\n", use, i, at->sums[i],
                           at->given[i]);
    for (size_t i = 0; i < k; i++)
        for (size_t j = i; j < k; j++)
            psyi_buffer_format(out, "product %zu %zu %zu %" PRId64 "\n", use, i, j,
                               at->xy[i * k + j]);
}

/* A line of sums; *known: it is one. */
static psy_status read_reference(psy_wave *wave, const char *line, const int64_t *n, size_t got,
                                 bool *known, psy_error *error)
{
    const psy_plan *const plan = wave->plan;
    *known = got >= 3 && n[0] >= 0 && (uint64_t)n[0] < plan->n_uses && n[1] >= 0;
    if (!*known)
        return PSY_OK;
    psyi_reference *const at = &wave->references[n[0]];
    const uint64_t k = at->n_items;
    if (strncmp(line, "sheets ", 7) == 0 && got == 3 && at->sums == NULL && n[1] > 0 &&
        (uint64_t)n[1] <= plan->uses[n[0]].instrument->n_items && n[2] >= 0) {
        const psy_status status = psyi_reference_new(at, (size_t)n[1], wave->allocator, error);
        at->n = status == PSY_OK ? (uint64_t)n[2] : 0;
        return status;
    }
    if (strncmp(line, "sum ", 4) == 0 && got == 4 && (uint64_t)n[1] < k) {
        at->sums[n[1]] = n[2];
        at->given[n[1]] = n[3];
    } else if (strncmp(line, "product ", 8) == 0 && got == 4 && n[1] <= n[2] && (uint64_t)n[2] < k)
        at->xy[(uint64_t)n[1] * k + (uint64_t)n[2]] = n[3];
    else
        *known = false;
    return PSY_OK;
}

psy_status psy_wave_write(const psy_wave *wave, const psy_sink *sink, psy_error *error)
{
    psyi_buffer out;
    psyi_buffer_init(&out, wave->allocator);
    psyi_buffer_format(&out, FIRST_LINE "%s\n", wave->plan->fingerprint);
    if (wave->latest != PSYI_NO_TIME)
        psyi_buffer_format(&out, "latest %" PRId64 "\n", wave->latest);
    for (size_t i = 0; i < wave->n_files; i++)
        psyi_buffer_format(&out, "%s %" PRIu64 " %s\n", i < wave->n_rosters ? "roster" : "file",
                           wave->files[i].rows, wave->files[i].name);
    for (size_t i = 0; i < wave->plan->n_locals; i++)
        for (size_t slot = 0; slot < PSYI_LOCAL_GROUPS; slot++) {
            const psyi_histogram *const at = &wave->norms[i].at[slot];
            if (wave->norms[i].full[slot])
                psyi_buffer_format(&out, "group %zu %zu\n", i, slot);
            for (size_t bin = 0; bin < at->n_bins; bin++)
                psyi_buffer_format(&out, "bin %zu %zu %" PRId64 " %" PRId64 " %" PRIu64 "\n", i,
                                   slot, at->bins[bin].score.num, at->bins[bin].score.den,
                                   at->bins[bin].count);
        }
    for (size_t use = 0; use < wave->plan->n_uses; use++)
        write_reference(&out, use, &wave->references[use]);
    psyi_buffer_text(&out, "end\n");
    psy_status status = PSY_OK;
    if (out.failed)
        status = psyi_fail_memory(error, "a wave");
    else if (sink->write(sink->context, out.data, out.length) != 0)
        status = psyi_fail(error, PSY_E_OUTPUT, NULL, "the wave could not be written");
    psyi_buffer_done(&out);
    return status;
}

/* Numbers behind the word of a line; how many there were, at most `n`.  *rest: what follows. */
static size_t read_numbers(const char *at, int64_t *out, size_t n, const char **rest)
{
    size_t got = 0;
    while (got < n && *at == ' ') {
        char *end;
        const long long value = strtoll(at + 1, &end, 10);
        if (end == at + 1)
            break;
        out[got++] = value;
        at = end;
    }
    *rest = at;
    return got;
}

static psy_status read_line(psy_wave *wave, const char *line, size_t *file, bool *ended,
                            psy_error *error)
{
    const psy_plan *const plan = wave->plan;
    const size_t word = strcspn(line, " ");
    int64_t n[5];
    const char *rest;
    const size_t got = read_numbers(line + word, n, 5, &rest);
    const bool norm = got >= 2 && n[0] >= 0 && (uint64_t)n[0] < plan->n_locals && n[1] >= 0 &&
                      n[1] < PSYI_LOCAL_GROUPS;
    if (strncmp(line, "latest ", 7) == 0 && got == 1) {
        wave->latest = n[0];
        return PSY_OK;
    }
    if ((strncmp(line, "roster ", 7) == 0 || strncmp(line, "file ", 5) == 0) &&
        read_numbers(line + word, n, 1, &rest) == 1 && n[0] >= 0 && rest[0] == ' ' &&
        *file < wave->n_files)
        return psyi_wave_add_file(wave, (*file)++, rest + 1, (uint64_t)n[0], error);
    if (strncmp(line, "group ", 6) == 0 && got == 2 && norm) {
        wave->norms[n[0]].full[n[1]] = true;
        return PSY_OK;
    }
    if (strncmp(line, "bin ", 4) == 0 && got == 5 && norm && n[3] > 0 && n[4] > 0)
        return psyi_histogram_add(&wave->norms[n[0]].at[n[1]], psyi_ratio_make(n[2], n[3]),
                                  (uint64_t)n[4], error);
    bool known;
    const psy_status status = read_reference(wave, line, n, got, &known, error);
    if (status != PSY_OK || known)
        return status;
    *ended = strcmp(line, "end") == 0;
    return *ended ? PSY_OK : psyi_fail(error, PSY_E_DATA, NULL, "not the text of a wave");
}

static psy_status read_lines(psy_wave *wave, char *text, psy_error *error)
{
    size_t n_files = 0, n_rosters = 0, file = 0;
    bool ended = false;
    const size_t first = strlen(FIRST_LINE), print = strlen(wave->plan->fingerprint);
    for (const char *at = text; at != NULL; at = strchr(at, '\n')) {
        at += *at == '\n';
        n_rosters += strncmp(at, "roster ", 7) == 0;
        n_files += strncmp(at, "roster ", 7) == 0 || strncmp(at, "file ", 5) == 0;
    }
    if (strncmp(text, FIRST_LINE, first) != 0)
        return psyi_fail(error, PSY_E_DATA, NULL, "not the text of a wave");
    if (strncmp(text + first, wave->plan->fingerprint, print) != 0 || text[first + print] != '\n')
        return psyi_fail(error, PSY_E_DATA, NULL, "the wave is one of another plan");
    psy_status status =
        n_files > 0 ? psyi_wave_make_files(wave, n_files, n_rosters, error) : PSY_OK;
    char *line = text + first + print + 1;
    while (status == PSY_OK && !ended) {
        char *const end = strchr(line, '\n');
        if (end == NULL)
            return psyi_fail(error, PSY_E_DATA, NULL, "the text of the wave is cut off");
        *end = '\0';
        status = read_line(wave, line, &file, &ended, error);
        line = end + 1;
    }
    return status;
}

psy_status psy_wave_read(psy_wave **out, const psy_plan *plan, const char *text, size_t length,
                         const psy_allocator *allocator, psy_error *error)
{
    psy_wave *wave = NULL;
    psy_status status = psy_wave_new(&wave, plan, allocator, error);
    if (status != PSY_OK)
        return status;
    char *const copy = psyi_text_copy(allocator, text, length);
    status = copy != NULL ? read_lines(wave, copy, error) : psyi_fail_memory(error, "a wave");
    psyi_free(allocator, copy);
    if (status == PSY_OK)
        *out = wave;
    else
        psy_wave_free(wave);
    return status;
}
