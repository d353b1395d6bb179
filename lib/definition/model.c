/*
 * model.c -- small questions about loaded definitions: names of words, finding things by id.
 */
#include "definition/model.h"

#include "base/number.h"
#include "base/text.h"

#include <string.h>

const char *psyi_label_text(psyi_label label, psyi_language language, const char *otherwise)
{
    const char *const first = language == PSYI_ZH ? label.zh : label.en;
    const char *const second = language == PSYI_ZH ? label.en : label.zh;
    return first != NULL ? first : second != NULL ? second : otherwise;
}

const char *psyi_confidence_name(psyi_confidence confidence)
{
    static const char *const names[] = {"verified", "single", "memory", "conflict", "unstated"};
    return (size_t)confidence < sizeof names / sizeof *names ? names[confidence] : "unstated";
}

const char *psyi_metric_name(psyi_metric metric)
{
    static const char *const names[PSYI_METRICS] = {
        "t",           "z",          "iq",   "percentile", "standard",  "stanine_linear",
        "sten_linear", "stanine_percent", "sten_percent", "t_blom",     "t_tukey",   "t_waerden",
        "t_rankit"};
    return metric < PSYI_METRICS ? names[metric] : "?";
}

unsigned psyi_metric_decimals(psyi_metric metric)
{
    static const unsigned decimals[PSYI_METRICS] = {1, 2, 0, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1};
    return metric < PSYI_METRICS ? decimals[metric] : 0;
}

const char *psyi_field_name(psyi_field field)
{
    static const char *const names[PSYI_FIELDS] = {
        "student", "school",     "school_name",   "grade",        "class",    "sex",
        "name",    "birth_date", "age",           "submitted_at", "duration", "informant",
        "consent", "required",   "exempt_reason", "area",         "local_no", "former",
        "source",  "code",       "text",          "date",         "by"};
    return field < PSYI_FIELDS ? names[field] : "?";
}

psyi_stage psyi_stage_of(int grade)
{
    if (grade < 1 || grade > 16)
        return PSYI_STAGE_UNKNOWN;
    return grade <= 6    ? PSYI_STAGE_PRIMARY
           : grade <= 9  ? PSYI_STAGE_JUNIOR
           : grade <= 12 ? PSYI_STAGE_SENIOR
                         : PSYI_STAGE_TERTIARY;
}

static const psyi_band_set *first_set(const psyi_scale *scale, unsigned population)
{
    for (size_t i = 0; i < scale->n_band_sets; i++)
        if (scale->band_sets[i].population == population)
            return &scale->band_sets[i];
    return NULL;
}

size_t psyi_scale_bands(const psyi_scale *scale, unsigned population, const char *const **ids)
{
    size_t offset = 0;
    *ids = NULL;
    if (population >= scale->n_populations || scale->band_tokens == NULL)
        return 0;
    for (unsigned i = 0; i < population; i++)
        offset += first_set(scale, i)->n_bands;
    *ids = scale->band_tokens + offset;
    return first_set(scale, population)->n_bands;
}

bool psyi_scale_is_lie(const struct psy_instrument *instrument, size_t scale)
{
    for (size_t f = 0; f < instrument->n_flags; f++) {
        const psyi_operand *operands = NULL;
        if (instrument->flags[f].kind != PSYI_FLAG_VALIDITY || instrument->flags[f].when == NULL)
            continue;
        const size_t n = psyi_program_operands(instrument->flags[f].when, &operands);
        for (size_t i = 0; i < n; i++)
            if (!operands[i].is_item && psyi_column_kind_of(operands[i].id) == PSYI_COLUMN_SCORE &&
                psyi_column_index(operands[i].id) == scale)
                return true;
    }
    return false;
}

bool psyi_scale_is_whole(const psyi_scale *scale)
{
    if (!scale->integer)
        return false;
    const psyi_step *const last = scale->n_steps > 0 ? &scale->steps[scale->n_steps - 1] : NULL;
    return scale->missing == PSYI_MISSING_NONE || scale->missing == PSYI_MISSING_ZERO ||
           (last != NULL && (last->kind == PSYI_STEP_FLOOR || last->kind == PSYI_STEP_CEIL ||
                             (last->kind == PSYI_STEP_ROUND && last->decimals == 0)));
}

unsigned psyi_scale_population(const psyi_scale *scale, const char *name)
{
    for (unsigned i = 0; name != NULL && i < scale->n_populations; i++)
        if (strcmp(scale->populations[i], name) == 0)
            return i;
    return 0;
}

unsigned psyi_find_item(const struct psy_instrument *instrument, const char *selector)
{
    int64_t number = 0;
    const bool numeric = psyi_integer_parse(selector, strlen(selector), &number);
    for (size_t i = 0; i < instrument->n_items; i++) {
        const psyi_item *const item = &instrument->items[i];
        if (numeric ? item->number == number && number > 0
                    : strcmp(item->id, selector) == 0 ||
                          (item->name != NULL && strcmp(item->name, selector) == 0))
            return (unsigned)i;
    }
    return PSYI_NO_INDEX;
}

unsigned psyi_find_scale(const struct psy_instrument *instrument, const char *id)
{
    for (size_t i = 0; i < instrument->n_scales; i++)
        if (strcmp(instrument->scales[i].id, id) == 0)
            return (unsigned)i;
    return PSYI_NO_INDEX;
}

unsigned psyi_find_flag(const struct psy_instrument *instrument, const char *id)
{
    for (size_t i = 0; i < instrument->n_flags; i++)
        if (strcmp(instrument->flags[i].id, id) == 0)
            return (unsigned)i;
    return PSYI_NO_INDEX;
}

unsigned psyi_find_variant(const struct psy_instrument *instrument, const char *id)
{
    for (size_t i = 0; i < instrument->n_variants; i++)
        if (strcmp(instrument->variants[i].id, id) == 0)
            return (unsigned)i;
    return PSYI_NO_INDEX;
}

const psyi_precision *psyi_plan_precision(const struct psy_plan *plan, unsigned use, unsigned scale)
{
    for (size_t i = 0; i < plan->n_precisions; i++)
        if (plan->precisions[i].use == use && plan->precisions[i].scale == scale)
            return &plan->precisions[i].precision;
    const psyi_use *const at = &plan->uses[use];
    const psyi_scale *const about = &at->instrument->variants[at->variant].scales[scale];
    return about->precision.sem > 0 ? &about->precision : NULL;
}

bool psyi_battery_gives(const psyi_battery *battery, unsigned use)
{
    for (size_t i = 0; i < battery->n_uses; i++)
        if (battery->uses[i] == use)
            return true;
    for (size_t i = 0; i < battery->n_second_uses; i++)
        if (battery->second_uses[i] == use)
            return true;
    return false;
}
