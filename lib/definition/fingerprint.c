/*
 * fingerprint.c -- the identity of what a definition computes.
 *
 * The compiled content is written down in one canonical text and hashed.  What changes a
 * score, a band, a flag, a norm or a tier is in it; names, labels, notes, sources,
 * confidences, examples and the layout of the file are not.  The text carries a version, so
 * that a later way of writing cannot collide with this one.
 */
#include "definition/fingerprint.h"
#include "definition/validity_policy.h"

#include "base/digest.h"
#include "base/fail.h"

#include <string.h>

/* Texts are written with their length, so that no text can look like what follows it. */
static void put_text(psyi_buffer *out, const char *text)
{
    if (text == NULL) {
        psyi_buffer_text(out, "- ");
        return;
    }
    psyi_buffer_integer(out, (long long)strlen(text));
    psyi_buffer_char(out, ':');
    psyi_buffer_text(out, text);
    psyi_buffer_char(out, ' ');
}

static void put_integer(psyi_buffer *out, long long value)
{
    psyi_buffer_integer(out, value);
    psyi_buffer_char(out, ' ');
}

static void put_ratio(psyi_buffer *out, psyi_ratio value)
{
    psyi_buffer_integer(out, (long long)value.num);
    psyi_buffer_char(out, '/');
    put_integer(out, (long long)value.den);
}

static void put_codes(psyi_buffer *out, const int32_t *codes, size_t n)
{
    put_integer(out, (long long)n);
    for (size_t i = 0; i < n; i++)
        put_integer(out, codes[i]);
}

static void put_indices(psyi_buffer *out, const uint16_t *indices, size_t n)
{
    put_integer(out, (long long)n);
    for (size_t i = 0; i < n; i++)
        put_integer(out, indices[i]);
}

static void put_program(psyi_buffer *out, const psyi_program *program)
{
    put_text(out, program != NULL ? psyi_program_canonical(program) : NULL);
}

static void put_who(psyi_buffer *out, const psyi_who *who)
{
    put_integer(out, who->informants);
    put_integer(out, who->sexes);
    put_integer(out, who->stages);
    put_integer(out, who->grade_low);
    put_integer(out, who->grade_high);
    put_integer(out, who->age_low);
    put_integer(out, who->age_high);
    if (who->months_high != 0) {
        put_text(out, "months");
        put_integer(out, who->months_low);
        put_integer(out, who->months_high);
    }
}

static psy_status finish(psyi_buffer *out, char fingerprint[65], psy_error *error)
{
    psy_status status = PSY_OK;
    if (out->failed || !psyi_sha256_bytes(out->data, out->length, fingerprint))
        status = psyi_fail_memory(error, "a fingerprint");
    psyi_buffer_done(out);
    return status;
}

/* ---- instrument ------------------------------------------------------------------------- */

static void put_item(psyi_buffer *out, const struct psy_instrument *instrument,
                     const psyi_item *item)
{
    const psyi_response *const response = &instrument->responses[item->response];
    psyi_buffer_text(out, "\nitem ");
    put_text(out, item->id);
    put_integer(out, response->kind);
    put_integer(out, item->scored);
    put_integer(out, item->part == PSYI_NO_INDEX ? -1 : item->part);
    put_integer(out, item->scale);
    put_integer(out, item->low);
    put_integer(out, item->high);
    if (response->kind != PSYI_CODED)
        return;
    put_codes(out, response->codes, response->n_codes);
    put_codes(out, item->scores, response->n_codes);
    put_codes(out, response->refused, response->n_refused);
    put_codes(out, response->not_applicable, response->n_not_applicable);
    for (size_t i = 0; i < response->n_aliases; i++) {
        put_text(out, response->aliases[i].text);
        put_integer(out, response->aliases[i].code);
    }
}

static void put_band_set(psyi_buffer *out, const struct psy_instrument *instrument,
                         const psyi_scale *scale, const psyi_band_set *set)
{
    psyi_buffer_text(out, "\nbands ");
    put_text(out, scale->populations[set->population]);
    put_who(out, &set->who);
    put_text(out,
             set->standard == PSYI_NO_INDEX ? NULL : instrument->standards[set->standard].name);
    for (size_t i = 0; i < set->n_bands; i++) {
        put_text(out, set->bands[i].id);
        put_ratio(out, i == 0 ? PSYI_RATIO_NONE : set->bands[i].from); /* bottom has no end */
        put_integer(out, set->bands[i].above);
    }
}

static void put_scale(psyi_buffer *out, const struct psy_instrument *instrument,
                      const psyi_scale *scale)
{
    psyi_buffer_text(out, "\nscale ");
    put_text(out, scale->id);
    put_integer(out, scale->score);
    put_indices(out, scale->items, scale->n_items);
    put_indices(out, scale->parts, scale->n_parts);
    put_program(out, scale->program);
    put_integer(out, scale->missing);
    put_integer(out, scale->allow);
    put_integer(out, scale->worse_low);
    put_integer(out, scale->informants);
    for (size_t i = 0; i < scale->n_steps; i++) {
        put_integer(out, scale->steps[i].kind);
        put_ratio(out, scale->steps[i].by);
        put_integer(out, scale->steps[i].decimals);
    }
    for (size_t i = 0; i < scale->n_band_sets; i++)
        put_band_set(out, instrument, scale, &scale->band_sets[i]);
}

static void put_instrument(psyi_buffer *out, const struct psy_instrument *instrument)
{
    psyi_buffer_text(out, "psyscreen instrument 1 ");
    put_text(out, instrument->id);
    put_text(out, instrument->edition);
    put_integer(out, instrument->has_form_gate ? instrument->form_max_blank : -1);
    for (size_t i = 0; i < instrument->n_items; i++)
        put_item(out, instrument, &instrument->items[i]);
    for (size_t i = 0; i < instrument->n_parts; i++)
        put_integer(out, instrument->parts[i].optional);
    for (size_t i = 0; i < instrument->n_gates; i++) {
        const psyi_gate *const gate = &instrument->gates[i];
        psyi_buffer_text(out, "\ngate ");
        put_program(out, gate->when);
        put_indices(out, gate->items, gate->n_items);
        put_integer(out, gate->has_value);
        put_integer(out, gate->value);
    }
    for (size_t v = 0; v < instrument->n_variants; v++) {
        const psyi_variant *const variant = &instrument->variants[v];
        psyi_buffer_text(out, "\nvariant ");
        put_text(out, variant->id);
        put_codes(out, variant->given, variant->n_codes);
        put_codes(out, variant->canonical, variant->n_codes);
        put_integer(out, variant->shift);
        for (size_t i = 0; i < instrument->n_scales; i++)
            put_scale(out, instrument, &variant->scales[i]);
    }
    for (size_t i = 0; i < instrument->n_flags; i++) {
        psyi_buffer_text(out, "\nflag ");
        put_text(out, instrument->flags[i].id);
        put_integer(out, instrument->flags[i].kind);
        put_integer(out, instrument->flags[i].effect);
        put_program(out, instrument->flags[i].when);
    }
    psyi_buffer_text(out, "\nunanswered ");
    put_indices(out, instrument->critical_items, instrument->n_critical_items);
    put_ratio(out, instrument->critical_share);
    for (size_t i = 0; i < instrument->n_norms; i++) {
        psyi_buffer_text(out, "\nnorm ");
        put_text(out, instrument->norms[i]->id);
        put_text(out, instrument->norms[i]->fingerprint);
    }
}

psy_status psyi_instrument_fingerprint(struct psy_instrument *instrument, psy_error *error)
{
    psyi_buffer out;
    psyi_buffer_init(&out, instrument->arena.allocator);
    put_instrument(&out, instrument);
    return finish(&out, instrument->fingerprint, error);
}

/* ---- norm --------------------------------------------------------------------------------- */

static void put_local_rule(psyi_buffer *out, const psyi_local_rule *rule)
{
    for (size_t i = 0; i < rule->n_by; i++)
        put_integer(out, rule->by[i]);
    put_integer(out, rule->min_n);
    if (rule->shrink) {
        put_text(out, rule->moments ? "shrink dl" : "shrink reml");
        put_integer(out, rule->pool_below);
    }
}

static void put_real(psyi_buffer *out, double value)
{
    psyi_buffer_number(out, value);
    psyi_buffer_char(out, ' ');
}

/* Only what is there: norms without it keep the fingerprints they had. */
static void put_model_head(psyi_buffer *out, const psyi_norm *norm)
{
    if (norm->between_ages)
        put_text(out, norm->middle_of_year ? "between ages, middle" : "between ages");
    if (norm->kind < PSYI_NORM_LMS)
        return;
    put_integer(out, norm->middle_of_year);
    put_integer(out, norm->shift);
    put_integer(out, norm->who_tails);
    for (int i = 0; i < 2; i++) {
        put_ratio(out, norm->ages[i]);
        put_ratio(out, norm->norm_range[i]);
        put_ratio(out, norm->raw_range[i]);
    }
    put_real(out, norm->grid.lo);
    put_real(out, norm->grid.hi);
    put_integer(out, (long long)norm->grid.n);
    put_integer(out, norm->by_pattern ? (long long)norm->method : -1);
    put_integer(out, norm->answered);
}

static void put_rows(psyi_buffer *out, const psyi_norm_group *group)
{
    for (size_t i = 0; i < group->n_rows; i++) {
        const psyi_norm_row *const row = &group->rows[i];
        if (row->item != NULL)
            put_text(out, row->item);
        put_integer(out, row->power_l);
        put_integer(out, row->power_a);
        for (int j = 0; j < 4; j++)
            put_real(out, row->value[j]);
    }
}

psy_status psyi_norm_fingerprint(psyi_norm *norm, const psy_allocator *allocator, psy_error *error)
{
    psyi_buffer out;
    psyi_buffer_init(&out, allocator);
    psyi_buffer_text(&out, "psyscreen norm 1 ");
    put_text(&out, norm->id);
    put_text(&out, norm->instrument);
    put_integer(&out, norm->kind);
    put_integer(&out, norm->rounding);
    for (unsigned i = 0; i < PSYI_METRICS; i++) {
        const bool has = ((unsigned)norm->metrics >> i & 1u) != 0;
        if (has || i <= PSYI_METRIC_STANDARD) /* later metrics leave older fingerprints alone */
            put_integer(&out, has ? (long long)norm->decimals[i] : -1);
        if (has && i > PSYI_METRIC_STANDARD)
            put_text(&out, psyi_metric_name((psyi_metric)i));
    }
    if (norm->local.present)
        put_local_rule(&out, &norm->local.rule);
    put_model_head(&out, norm);
    for (size_t i = 0; i < norm->n_groups; i++) {
        const psyi_norm_group *const group = &norm->groups[i];
        psyi_buffer_text(&out, "\ngroup ");
        put_text(&out, group->scale);
        put_who(&out, &group->who);
        put_ratio(&out, group->mean);
        put_ratio(&out, group->sd);
        put_rows(&out, group);
        for (size_t j = 0; j < group->n_cells; j++) {
            put_ratio(&out, group->cells[j].raw);
            put_ratio(&out, group->cells[j].standard);
            put_integer(&out, (long long)group->cells[j].count);
        }
    }
    return finish(&out, norm->fingerprint, error);
}

/* ---- plan --------------------------------------------------------------------------------- */

static void put_texts(psyi_buffer *out, const char *const *texts, size_t n)
{
    put_integer(out, (long long)n);
    for (size_t i = 0; i < n; i++)
        put_text(out, texts[i]);
}

static void put_input(psyi_buffer *out, const psyi_input *input)
{
    put_integer(out, input->present);
    if (!input->present)
        return;
    put_text(out, input->encoding);
    put_text(out, input->encoding_else);
    put_text(out, input->sheet);
    put_integer(out, input->value_codes);
    put_integer(out, input->separator);
    put_integer(out, input->header_row);
    for (size_t i = 0; i < input->n_header; i++) {
        put_integer(out, input->header[i].position);
        put_text(out, input->header[i].name);
    }
    for (size_t i = 0; i < PSYI_FIELDS; i++)
        if (i < PSYI_FIELD_SOURCE || input->columns[i].n_names > 0)
            put_texts(out, input->columns[i].names, input->columns[i].n_names);
    for (size_t i = 0; i < input->n_totals; i++) {
        put_integer(out, input->totals[i].use);
        put_integer(out, input->totals[i].scale);
        put_text(out, input->total_names[i]);
    }
    for (size_t i = 0; i < input->n_items; i++) {
        put_integer(out, input->items[i].use);
        put_text(out, input->items[i].pattern);
        for (size_t j = 0; j < input->items[i].n_items; j++) {
            const psyi_item_column *const item = &input->items[i].items[j];
            put_integer(out, item->item);
            put_texts(out, item->column.names, item->column.n_names);
        }
    }
    for (size_t i = 0; i < input->n_codes; i++) {
        put_text(out, input->codes[i].of);
        for (size_t j = 0; j < input->codes[i].n_texts; j++) {
            put_text(out, input->codes[i].texts[j].text);
            put_text(out, input->codes[i].texts[j].value);
        }
    }
    put_texts(out, input->blank.texts, input->blank.n_texts);
    put_texts(out, input->skipped.texts, input->skipped.n_texts);
    put_texts(out, input->refused.texts, input->refused.n_texts);
    put_texts(out, input->not_applicable.texts, input->not_applicable.n_texts);
    put_text(out, input->dates);
}

static void put_uses(psyi_buffer *out, const struct psy_plan *plan)
{
    for (size_t i = 0; i < plan->n_uses; i++) {
        const psyi_use *const use = &plan->uses[i];
        psyi_buffer_text(out, "\nuse ");
        put_text(out, use->id);
        put_text(out, use->instrument->fingerprint);
        put_integer(out, use->informant);
        put_integer(out, use->variant);
        put_text(out, use->population);
    }
    for (size_t i = 0; i < plan->n_batteries; i++) {
        const psyi_battery *const battery = &plan->batteries[i];
        psyi_buffer_text(out, "\nbattery ");
        put_text(out, battery->id);
        put_program(out, battery->when);
        put_indices(out, battery->uses, battery->n_uses);
        if (battery->second_when != NULL) {
            psyi_buffer_text(out, "\nsecond ");
            put_program(out, battery->second_when);
            put_indices(out, battery->second_uses, battery->n_second_uses);
        }
    }
    for (size_t i = 0; i < plan->n_locals; i++) {
        const psyi_local_norm *const norm = &plan->locals[i];
        psyi_buffer_text(out, "\nlocal ");
        put_text(out, norm->id);
        put_integer(out, norm->use);
        put_integer(out, norm->scale);
        if (norm->given == NULL)
            put_local_rule(out, &norm->rule);
        else
            put_text(out, norm->given->fingerprint);
        put_integer(out, norm->metrics);
        if (norm->freeze)
            put_text(out, "freeze");
    }
}

static void put_rules(psyi_buffer *out, const psyi_rule *rules, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        psyi_buffer_text(out, "\nrule ");
        put_text(out, rules[i].id);
        put_integer(out, rules[i].rank);
        put_program(out, rules[i].when);
        put_integer(out, rules[i].stages);
        put_integer(out, rules[i].grade_low);
        put_integer(out, rules[i].grade_high);
        put_integer(out, rules[i].status);
        if (rules[i].sex != PSYI_SEX_UNKNOWN)
            put_integer(out, rules[i].sex);
    }
}

/* Nothing where there is none, so that plans without a policy keep their fingerprints. */
static void put_policy(psyi_buffer *out, const struct psy_plan *plan)
{
    const struct psyi_validity_policy *const policy = plan->policy;
    if (policy == NULL)
        return;
    psyi_buffer_text(out, "\npolicy ");
    const int64_t numbers[] = {policy->needed,
                               policy->then,
                               policy->single,
                               policy->pattern_items,
                               policy->any_direction,
                               policy->consistency_items,
                               policy->consistency_needed,
                               policy->min_n,
                               policy->min_pairs,
                               policy->copies_items,
                               policy->burst_n,
                               policy->burst_seconds};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        put_integer(out, numbers[i]);
    put_ratio(out, policy->pair_r);
    put_ratio(out, policy->copies_share);
    for (unsigned sign = 0; sign < PSYI_SIGNS; sign++) {
        put_integer(out, policy->on[sign]);
        if (policy->on[sign])
            put_ratio(out, policy->mark[sign]);
    }
    for (size_t i = 0; i < policy->n_attention; i++) {
        const psyi_attention_item *const item = &policy->attention[i];
        put_integer(out, item->use);
        put_integer(out, item->item);
        put_integer(out, item->low);
        put_integer(out, item->high);
    }
    for (size_t use = 0; policy->order != NULL && use < plan->n_uses; use++)
        if (policy->order[use].items != NULL)
            put_indices(out, policy->order[use].items, plan->uses[use].instrument->n_items);
}

/* They order lists, so they belong to a plan; no score depends on them. */
static void put_precisions(psyi_buffer *out, const struct psy_plan *plan)
{
    for (unsigned use = 0; use < plan->n_uses; use++)
        for (unsigned scale = 0; scale < plan->uses[use].instrument->n_scales; scale++) {
            const psyi_precision *const precision = psyi_plan_precision(plan, use, scale);
            if (precision == NULL)
                continue;
            psyi_buffer_text(out, "\nprecision ");
            put_integer(out, use);
            put_integer(out, scale);
            put_ratio(out, precision->stated);
            put_ratio(out, precision->reliability);
            put_ratio(out, precision->sd);
        }
}

static void put_plan(psyi_buffer *out, const struct psy_plan *plan)
{
    psyi_buffer_text(out, "psyscreen plan 1 ");
    put_text(out, plan->id);
    put_text(out, plan->wave);
    put_text(out, plan->as_of);
    put_integer(out, plan->identity_stated);
    put_integer(out, plan->pseudonym);
    put_integer(out, plan->school_names);
    put_integer(out, plan->no_consent);
    put_integer(out, plan->consent_stated);
    put_integer(out, plan->consent_unanswered_allowed);
    put_integer(out, plan->duplicates);
    for (size_t i = 0; i < plan->n_rungs; i++)
        put_integer(out, plan->rungs[i].fields);
    put_integer(out, plan->grade_forms);
    put_integer(out, plan->small_cell);
    for (size_t i = 0; i < plan->n_languages; i++)
        put_integer(out, plan->languages[i]);
    if (plan->sheets != PSYI_SHEETS_ALL)
        put_integer(out, plan->sheets);
    put_integer(out, plan->urgent.hours);
    put_integer(out, plan->review.hours);
    psyi_buffer_text(out, "\nresponses ");
    put_input(out, &plan->responses);
    psyi_buffer_text(out, "\nroster ");
    put_input(out, &plan->roster);
    put_input(out, &plan->links);
    /* Plans without them keep the fingerprint they always had. */
    if (plan->external.present) {
        psyi_buffer_text(out, "\nexternal ");
        put_input(out, &plan->external);
    }
    if (plan->previous != NULL)
        psyi_buffer_text(out, "\nprevious ");
    put_uses(out, plan);
    psyi_buffer_text(out, "\nvalidity ");
    put_rules(out, plan->validity_rules, plan->n_validity_rules);
    put_policy(out, plan);
    psyi_buffer_text(out, "\ntiers ");
    put_integer(out, plan->scheme != NULL ? plan->scheme->highest : -1);
    for (size_t i = 0; plan->scheme != NULL && i < plan->scheme->n_tiers; i++) {
        put_integer(out, plan->scheme->tiers[i].rank);
        put_text(out, plan->scheme->tiers[i].code);
    }
    put_rules(out, plan->rules, plan->n_rules);
    if (plan->capacity > 0) {
        psyi_buffer_text(out, "\ncapacity ");
        put_integer(out, plan->capacity);
    }
    put_precisions(out, plan);
}

psy_status psyi_plan_fingerprint(struct psy_plan *plan, psy_error *error)
{
    psyi_buffer out;
    psyi_buffer_init(&out, plan->arena.allocator);
    put_plan(&out, plan);
    return finish(&out, plan->fingerprint, error);
}
