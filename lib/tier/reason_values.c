/*
 * reason_values.c -- what a rule read, operand by operand, for programs.
 *
 * The same values that reason.c puts into words are handed out as they are: exact numbers,
 * what they could have been, and why there is none.
 */
#include "tier/reason_values.h"
#include "tier/case_marks.h"

#include <string.h>

static psyi_reason_value of_item(const psyi_item_lanes *seen)
{
    psyi_reason_value out = {.state = "blank"};
    if ((seen->known & 1u) != 0) {
        out.state = "known";
        out.value = psyi_ratio_make(seen->value[0], seen->scale);
    } else if ((seen->refused & 1u) != 0) {
        out.state = "refused";
    }
    if ((seen->known & 1u) == 0 && seen->low <= seen->high) {
        out.low = psyi_ratio_make(seen->low, seen->scale);
        out.high = psyi_ratio_make(seen->high, seen->scale);
    }
    return out;
}

static psyi_reason_value of_number(const psyi_rule_block *block, uint32_t id,
                                   const psyi_numbers *seen)
{
    psyi_reason_value out = {.state = "unknown"};
    if ((seen->known & 1u) != 0) {
        out.state = psyi_reason_prorated(block, id) ? "prorated" : "known";
        out.value = seen->value[0];
        out.marks = psyi_case_marks(block->cases, block->first, id);
    } else if ((seen->blank & 1u) != 0) {
        out.state = "blank";
    } else if ((seen->no_record & 1u) != 0) {
        out.state = "no_record";
    } else if ((seen->no_norm & 1u) != 0) {
        out.state = "no_norm";
    }
    const bool exact = out.value.den != 0 &&
                       psyi_ratio_compare(seen->low[0], seen->value[0]) == 0 &&
                       psyi_ratio_compare(seen->high[0], seen->value[0]) == 0;
    if ((seen->bounded & 1u) != 0 && !exact) {
        out.low = seen->low[0];
        out.high = seen->high[0];
    }
    return out;
}

static const char *category_word(unsigned field, unsigned token)
{
    static const char *const words[PSYI_STUDENT_FIELDS][4] = {
        [PSYI_STUDENT_SEX] = {"male", "female"},
        [PSYI_STUDENT_STAGE] = {"primary", "junior", "senior", "tertiary"},
        [PSYI_STUDENT_INFORMANT] = {"self", "parent", "teacher"},
    };
    return field < PSYI_STUDENT_FIELDS && token < 4 ? words[field][token] : NULL;
}

static const char *band_word(const psyi_rule_block *block, uint32_t id, unsigned token)
{
    const unsigned use = psyi_column_use(id), index = psyi_column_index(id);
    const unsigned sub = psyi_column_sub(id);
    const psyi_scores *const scores = block->cases->scores[use];
    if (scores == NULL)
        return NULL;
    const size_t population = sub > 0 ? sub - 1 : psyi_scorer_population(scores->scorer, index);
    const char *const *ids;
    const size_t n =
        psyi_scale_bands(psyi_use_scale(block->book->plan, use, index), (unsigned)population, &ids);
    return token < n ? ids[token] : NULL;
}

static psyi_reason_value of_token(const psyi_rule_block *block, uint32_t id,
                                  const psyi_tokens *seen)
{
    psyi_reason_value out = {.state = "unknown"};
    if ((seen->known & 1u) != 0) {
        out.state = "known";
        out.word = psyi_column_kind_of(id) == PSYI_COLUMN_BAND
                       ? band_word(block, id, seen->value[0])
                       : category_word(psyi_column_index(id), seen->value[0]);
    } else if ((seen->blank & 1u) != 0) {
        out.state = "blank";
    } else { /* nothing else keeps a band, a sex or a stage from being known */
        out.state = "no_norm";
    }
    return out;
}

static psyi_reason_value of_truth(const psyi_truths *seen)
{
    psyi_reason_value out = {.state = "unknown"};
    if (((seen->yes | seen->no) & 1u) != 0) {
        out.state = "known";
        out.word = (seen->yes & 1u) != 0 ? "true" : "false";
    } else if ((seen->blank & 1u) != 0) {
        out.state = "blank";
    } else if ((seen->no_norm & 1u) != 0) {
        out.state = "no_norm";
    }
    return out;
}

/* False when the operand took no part. */
static bool read_operand(const psyi_rule_block *block, bool is_item, uint32_t id,
                         psyi_reason_value *out)
{
    const psyi_block values = psyi_rule_block_values(block);
    psyi_mask absent;
    if (is_item) {
        psyi_item_lanes seen;
        values.item(values.context, id, false, &seen);
        absent = seen.absent;
        *out = of_item(&seen);
    } else if (psyi_reason_is_token(id)) {
        psyi_tokens seen;
        values.token(values.context, id, &seen);
        absent = seen.absent;
        *out = of_token(block, id, &seen);
    } else if (psyi_column_kind_of(id) == PSYI_COLUMN_FLAG ||
               psyi_column_kind_of(id) == PSYI_COLUMN_EXTERNAL) {
        psyi_truths seen;
        values.truth(values.context, id, &seen);
        absent = seen.absent;
        *out = of_truth(&seen);
    } else {
        psyi_numbers seen;
        values.number(values.context, id, &seen);
        absent = seen.absent;
        *out = of_number(block, id, &seen);
    }
    out->is_item = is_item;
    out->id = id;
    return (absent & 1u) == 0;
}

static psy_status tell_all(const psyi_rule_block *block, const psyi_book_rule *rule,
                           psyi_reason_told *told, void *context, psy_error *error)
{
    const psyi_operand *operands;
    const size_t n = psyi_reason_operands(rule, block->book->plan, &operands);
    psy_status status = PSY_OK;
    for (size_t i = 0; i < n && status == PSY_OK; i++) {
        const bool is_item = operands[i].is_item;
        const uint32_t id =
            rule->critical ? psyi_reason_moved(is_item, operands[i].id, rule->use) : operands[i].id;
        psyi_reason_value value;
        if (read_operand(block, is_item, id, &value))
            status = told(context, &value, error);
    }
    return status;
}

psy_status psyi_reason_values(const psyi_rulebook *book, const psyi_cases *cases, size_t item,
                              size_t rule, psyi_reason_told *told, void *context, psy_error *error)
{
    const psyi_book_rule *const at = &book->rules[rule];
    if (!at->critical) {
        const psyi_rule_block block = psyi_rule_block_at(book, cases, item, 1);
        return tell_all(&block, at, told, context, error);
    }
    uint32_t sheets[PSYI_MAX_USES];
    const psyi_cases one = psyi_reason_critical_case(book, cases, item, at, sheets);
    const psyi_rule_block block = psyi_rule_block_at(book, &one, 0, 1);
    return tell_all(&block, at, told, context, error);
}

/* ---- names ---- */

static void add_scale(const psy_plan *plan, unsigned use, unsigned scale, const char *part,
                      psyi_buffer *out)
{
    psyi_buffer_format(out, "%s.%s", plan->uses[use].id, psyi_use_scale(plan, use, scale)->id);
    if (part[0] != '\0')
        psyi_buffer_format(out, ".%s", part);
}

static void add_item(const psy_plan *plan, uint32_t id, psyi_buffer *out)
{
    const unsigned use = psyi_item_use(id);
    const psyi_item *const item = &plan->uses[use].instrument->items[psyi_item_index(id)];
    psyi_buffer_format(out, "%s.item(%s)", plan->uses[use].id, item->id);
}

void psyi_operand_name(const psy_plan *plan, bool is_item, uint32_t id, psyi_buffer *out)
{
    static const char *const student[] = {"sex", "grade", "age", "stage", "informant"};
    static const char *const quality[] = {"blanks", "answered", "seconds", "seconds_per_item"};
    if (is_item) {
        add_item(plan, id, out);
        return;
    }
    const unsigned use = psyi_column_use(id), index = psyi_column_index(id);
    const unsigned sub = psyi_column_sub(id);
    const psy_instrument *const instrument = plan->uses[use].instrument;
    psyi_metric metric = PSYI_METRIC_T;
    const psyi_local_norm *local;
    switch (psyi_column_kind_of(id)) {
    case PSYI_COLUMN_SCORE:
        add_scale(plan, use, index, "", out);
        break;
    case PSYI_COLUMN_ANSWERED:
        add_scale(plan, use, index, "answered", out);
        break;
    case PSYI_COLUMN_BAND:
        add_scale(plan, use, index, "band", out);
        if (sub > 0)
            psyi_buffer_format(out, "@%s", psyi_use_scale(plan, use, index)->populations[sub - 1]);
        break;
    case PSYI_COLUMN_STANDARD:
        add_scale(plan, use, index, instrument->standards[sub].name, out);
        break;
    case PSYI_COLUMN_LOCAL:
        local = psyi_local_of(plan, sub, &metric);
        if (local == NULL)
            break;
        add_scale(plan, local->use, local->scale, psyi_metric_name(metric), out);
        psyi_buffer_format(out, "@%s", local->id);
        break;
    case PSYI_COLUMN_FLAG:
        psyi_buffer_format(out, "%s.%s", plan->uses[use].id, instrument->flags[index].id);
        break;
    case PSYI_COLUMN_STUDENT:
        psyi_buffer_format(out, "student.%s", student[index]);
        break;
    case PSYI_COLUMN_QUALITY:
        psyi_buffer_format(out, "quality.%s", quality[index]);
        break;
    case PSYI_COLUMN_PREVIOUS:
        psyi_buffer_text(out, "previous.");
        if (sub == 1)
            add_scale(plan, use, index, "", out);
        else
            psyi_buffer_text(out, "tier");
        break;
    case PSYI_COLUMN_EXTERNAL:
        psyi_buffer_format(out, "external.%s", plan->external_codes[index].id);
        break;
    }
}
