/*
 * previous_manifest.c -- what the run.json of an earlier wave says about comparing with it.
 */
#include "base/digest.h"
#include "base/fail.h"
#include "base/file.h"
#include "base/json_fields.h"
#include "cohort/previous_read.h"
#include "table/collect.h"

#include <string.h>

#define MOST_BYTES ((size_t)16 << 20)

#define TEXT(key_, out_)                                                                           \
    {                                                                                              \
        .key = (key_), .out = (out_), .size = sizeof(out_)                                         \
    }

/* Rules that read the wave before or outside information came with them: last year's plan
 * could not have them, and they are left out of the comparison. */
static bool reads_outside(const psyi_program *program)
{
    const psyi_operand *operands = NULL;
    const size_t n = psyi_program_operands(program, &operands);
    for (size_t i = 0; i < n; i++)
        if (!operands[i].is_item && (psyi_column_kind_of(operands[i].id) == PSYI_COLUMN_PREVIOUS ||
                                     psyi_column_kind_of(operands[i].id) == PSYI_COLUMN_EXTERNAL))
            return true;
    return false;
}

typedef struct earlier_rule {
    char id[130], when[8192];
    int64_t rank;
    bool critical;
} earlier_rule;

static bool text_names_outside(const char *when)
{
    return strstr(when, "previous.") != NULL || strstr(when, "external.") != NULL;
}

/* The next rule of the plan that has to be matched. */
static const psyi_rule *next_rule(const psy_plan *plan, size_t *at)
{
    while (*at < plan->n_rules && reads_outside(plan->rules[*at].when))
        ++*at;
    return *at < plan->n_rules ? &plan->rules[(*at)++] : NULL;
}

static bool read_rules(psyi_json_reader *r, psyi_manifest_of_wave *m, earlier_rule *rule)
{
    size_t at = 0;
    bool alike = true;
    if (!psyi_json_take(r, '['))
        return false;
    while (psyi_json_peek(r) != ']') {
        *rule = (earlier_rule){.rank = -1};
        const psyi_json_field fields[] = {TEXT("id", rule->id),
                                          TEXT("when", rule->when),
                                          {.key = "rank", .number = &rule->rank},
                                          {.key = "critical", .flag = &rule->critical}};
        if (!psyi_json_fields(r, fields, 4) || !psyi_json_next(r, ']'))
            return false;
        if (rule->critical || text_names_outside(rule->when))
            continue; /* those of the instruments are compared by their fingerprints */
        const psyi_rule *const mine = next_rule(m->previous->plan, &at);
        alike = alike && mine != NULL && mine->rank == rule->rank &&
                strcmp(mine->id, rule->id) == 0 &&
                strcmp(psyi_program_text(mine->when), rule->when) == 0;
    }
    m->rules_alike = alike && next_rule(m->previous->plan, &at) == NULL;
    return psyi_json_take(r, ']');
}

static bool read_uses(psyi_json_reader *r, psyi_manifest_of_wave *m)
{
    const psy_plan *const plan = m->previous->plan;
    static const char *const informants[] = {"", "self", "parent", "teacher"};
    if (!psyi_json_take(r, '['))
        return false;
    while (psyi_json_peek(r) != ']') {
        char id[65] = "", instrument[65] = "", edition[129] = "", fingerprint[65] = "";
        char variant[65] = "", informant[16] = "", population[65] = "";
        const psyi_json_field fields[] = {TEXT("id", id),
                                          TEXT("instrument", instrument),
                                          TEXT("edition", edition),
                                          TEXT("fingerprint", fingerprint),
                                          TEXT("variant", variant),
                                          TEXT("informant", informant),
                                          TEXT("population", population)};
        if (!psyi_json_fields(r, fields, sizeof fields / sizeof *fields) || !psyi_json_next(r, ']'))
            return false;
        for (size_t i = 0; i < plan->n_uses; i++) {
            const psyi_use *const use = &plan->uses[i];
            if (strcmp(use->id, id) != 0)
                continue;
            m->uses_there |= UINT64_C(1) << i;
            /* Whose cut-offs a band has: scores are the same, tiers are not. */
            if (strcmp(use->population != NULL ? use->population : "", population) != 0)
                m->previous->populations_differ = true;
            if (strcmp(use->instrument->id, instrument) == 0 &&
                strcmp(use->instrument->edition, edition) == 0 &&
                strcmp(use->instrument->fingerprint, fingerprint) == 0 &&
                strcmp(use->instrument->variants[use->variant].id, variant) == 0 &&
                strcmp(informants[use->informant], informant) == 0)
                m->previous->uses_alike |= UINT64_C(1) << i;
        }
    }
    return psyi_json_take(r, ']');
}

static bool read_scheme(psyi_json_reader *r, psyi_previous *previous)
{
    if (!psyi_json_take(r, '{'))
        return false;
    while (psyi_json_peek(r) != '}') {
        char key[16] = "";
        if (!psyi_json_read_text(r) || !psyi_json_take(r, ':'))
            return false;
        if (r->text.length <= sizeof key)
            memcpy(key, r->text.data, r->text.length);
        bool good = true;
        if (strcmp(key, "id") == 0 && psyi_json_peek(r) == '"') {
            good = psyi_json_read_text(r) && r->text.length <= sizeof previous->scheme;
            if (good)
                memcpy(previous->scheme, r->text.data, r->text.length);
        } else if (strcmp(key, "tiers") == 0 && psyi_json_take(r, '[')) {
            while (good && psyi_json_peek(r) != ']') {
                int64_t rank = 0;
                const psyi_json_field field = {.key = "rank", .number = &rank};
                good = psyi_json_fields(r, &field, 1) && psyi_json_next(r, ']');
                if (rank > previous->highest && rank < 128)
                    previous->highest = (int)rank;
            }
            good = good && psyi_json_take(r, ']');
        } else {
            good = psyi_json_skip(r);
        }
        if (!good || !psyi_json_next(r, '}'))
            return false;
    }
    return psyi_json_take(r, '}');
}

static bool read_outputs(psyi_json_reader *r, psyi_manifest_of_wave *m)
{
    if (!psyi_json_take(r, '['))
        return false;
    while (psyi_json_peek(r) != ']') {
        char name[512] = "", digest[65] = "";
        const psyi_json_field fields[] = {TEXT("name", name), TEXT("sha256", digest)};
        if (!psyi_json_fields(r, fields, 2) || !psyi_json_next(r, ']'))
            return false;
        if (strcmp(name, "scores.csv") == 0)
            memcpy(m->scores_digest, digest, sizeof digest);
    }
    return psyi_json_take(r, ']');
}

static bool read_text_of(psyi_json_reader *r, char *out, size_t size)
{
    if (psyi_json_peek(r) != '"')
        return psyi_json_skip(r);
    if (!psyi_json_read_text(r) || r->text.length > size)
        return false;
    memcpy(out, r->text.data, r->text.length);
    return true;
}

static bool read_member(psyi_json_reader *r, const char *key, psyi_manifest_of_wave *m,
                        earlier_rule *rule)
{
    psyi_previous *const p = m->previous;
    char identity[16] = "";
    const psyi_json_field plan[] = {TEXT("id", p->plan_id), TEXT("wave", p->wave),
                                    TEXT("fingerprint", p->fingerprint),
                                    TEXT("key_mark", p->key_mark), TEXT("identity", identity)};
    if (strcmp(key, "format") == 0)
        return read_text_of(r, m->format, sizeof m->format);
    if (strcmp(key, "as_of") == 0)
        return read_text_of(r, p->as_of, sizeof p->as_of);
    if (strcmp(key, "plan") == 0) {
        const bool good = psyi_json_fields(r, plan, sizeof plan / sizeof *plan);
        p->pseudonym = strcmp(identity, "pseudonym") == 0;
        return good;
    }
    if (strcmp(key, "rules") == 0)
        return read_rules(r, m, rule);
    if (strcmp(key, "uses") == 0)
        return read_uses(r, m);
    if (strcmp(key, "tier_scheme") == 0)
        return read_scheme(r, p);
    if (strcmp(key, "outputs") == 0)
        return read_outputs(r, m);
    return psyi_json_skip(r);
}

static bool read_manifest(psyi_json_reader *r, psyi_manifest_of_wave *m, earlier_rule *rule)
{
    if (!psyi_json_take(r, '{'))
        return false;
    while (psyi_json_peek(r) != '}') {
        char key[64] = "";
        if (!psyi_json_read_text(r) || !psyi_json_take(r, ':'))
            return false;
        if (r->text.length <= sizeof key)
            memcpy(key, r->text.data, r->text.length);
        if (!read_member(r, key, m, rule) || !psyi_json_next(r, '}'))
            return false;
    }
    return psyi_json_take(r, '}') && psyi_json_peek(r) == '\0' && r->at == r->end;
}

psy_status psyi_previous_manifest(psyi_manifest_of_wave *m, const char *path, psy_error *error)
{
    const psy_allocator *const allocator = m->previous->allocator;
    psyi_buffer text;
    psyi_json_reader r;
    psyi_buffer_init(&text, allocator);
    psyi_json_reader_init(&r, "", 0, allocator);
    earlier_rule *const rule = psyi_alloc(allocator, 1, sizeof *rule);
    psy_status status = rule != NULL ? psyi_file_read(path, MOST_BYTES, &text, error)
                                     : psyi_fail_memory(error, path);
    if (status == PSY_OK) {
        r.at = text.data != NULL ? text.data : "";
        r.end = r.at + text.length;
        const bool good = read_manifest(&r, m, rule) && strcmp(m->format, "psyscreen/run/1") == 0;
        if (r.text.failed ||
            !psyi_sha256_bytes(r.end - text.length, text.length, m->previous->digest))
            status = psyi_fail_memory(error, path);
        else if (!good)
            status = psyi_fail(error, PSY_E_DATA, NULL,
                               "'%s' is not the manifest of a run of psyscreen", path);
    }
    psyi_free(allocator, rule);
    psyi_json_reader_done(&r);
    psyi_buffer_done(&text);
    return status;
}

/* ---- what can be compared ---- */

static psy_status tell(const psyi_previous *p, const char *rule, psy_severity severity,
                       const char *subject, psy_findings *findings, psy_error *error,
                       const char *sentence)
{
    const psy_finding finding = {.file = p->plan->file,
                                 .row = p->plan->previous_place.line,
                                 .column = p->plan->previous_place.column,
                                 .field = "inputs/previous",
                                 .rule = rule,
                                 .severity = severity,
                                 .subject = subject};
    return psyi_find(findings, &finding, error, "%s", sentence);
}

psy_status psyi_previous_compare(psyi_manifest_of_wave *m, psy_findings *findings, psy_error *error)
{
    psyi_previous *const p = m->previous;
    const psy_plan *const plan = p->plan;
    const uint64_t all = plan->n_uses >= 64 ? ~UINT64_C(0) : (UINT64_C(1) << plan->n_uses) - 1;
    psy_status status = PSY_OK;
    p->ranks_alike = plan->scheme != NULL && plan->scheme->highest == p->highest;
    p->texts_alike = m->rules_alike;
    p->rules_alike =
        p->ranks_alike && m->rules_alike && p->uses_alike == all && !p->populations_differ;
    for (size_t i = 0; i < plan->n_uses && status == PSY_OK; i++) {
        const uint64_t bit = UINT64_C(1) << i;
        if ((p->uses_alike & bit) == 0)
            status = tell(p, "previous_use", PSY_NOTE, plan->uses[i].id, findings, error,
                          (m->uses_there & bit) != 0
                              ? "the wave before had another instrument, edition, coding or "
                                "informant under this name: its scores are not compared"
                              : "the wave before did not have this questionnaire");
    }
    if (status == PSY_OK && !p->ranks_alike)
        status = tell(p, "previous_scheme", PSY_WARNING, NULL, findings, error,
                      "the tier scheme of the wave before has another number of ranks: its tiers "
                      "are not read");
    else if (status == PSY_OK && !p->rules_alike)
        status = tell(p, "previous_rules", PSY_NOTE, NULL, findings, error,
                      "the wave before had other rules or editions: its tiers are shown, and a "
                      "change of tier is not counted");
    return status;
}
