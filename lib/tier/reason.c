/*
 * reason.c -- why a rule fired or stays open, in words.
 *
 * Nothing of this is stored: the sentence is made again from the sheet whenever it is
 * written, so that it cannot differ from what was decided.  After the rule's own text come
 * the values it read, "（MHT 总分 = 71；PHQ-9 第9题 = 2）"; operands that were not administered
 * took no part and are not named.
 */
#include "norm/norm_marks.h"
#include "tier/case_marks.h"
#include "tier/limit_words.h"
#include "tier/rule_block.h"

#include <string.h>

#define MOST_VALUES 8 /* values named in one reason; more are counted */

static const char *in(psyi_language language, const char *en, const char *zh)
{
    return language == PSYI_ZH ? zh : en;
}

static void add_ratio(psyi_buffer *out, psyi_ratio value)
{
    char text[40];
    /* Four decimals are enough for a person; a repeating mean would fill the line. */
    psyi_ratio shown = psyi_ratio_round_to(value, 4);
    if (shown.den == 0)
        shown = value;
    psyi_buffer_add(out, text, psyi_ratio_print(shown, text));
}

static void add_bounds(psyi_buffer *out, psyi_ratio low, psyi_ratio high, psyi_language language)
{
    psyi_buffer_text(out, in(language, "could be ", "可能为 "));
    add_ratio(out, low);
    psyi_buffer_text(out, in(language, " to ", "–"));
    add_ratio(out, high);
}

bool psyi_reason_prorated(const psyi_rule_block *block, uint32_t column)
{
    const unsigned use = psyi_column_use(column);
    const psyi_scores *const scores = block->cases->scores[use];
    const uint32_t sheet = block->cases->sheets[use * block->cases->n + block->first];
    if (psyi_column_kind_of(column) != PSYI_COLUMN_SCORE)
        return false;
    return scores->status[psyi_scale_at(scores, psyi_column_index(column), sheet)] == PSYI_PRORATED;
}

/* A rank never stands without the words of its scheme. */
static void rank_in_words(const psy_plan *plan, psyi_ratio rank, psyi_language language,
                          psyi_buffer *out)
{
    for (size_t i = 0; i < plan->scheme->n_tiers; i++)
        if (plan->scheme->tiers[i].rank == rank.num)
            psyi_buffer_text(out, psyi_label_text(plan->scheme->tiers[i].name, language, "?"));
}

/* Behind a standard score that is no exact reading of its norm. */
static void add_marks(uint8_t marks, psyi_language language, psyi_buffer *out)
{
    if (marks == 0)
        return;
    psyi_buffer_text(out, in(language, " (", "（"));
    psyi_norm_mark_words(marks, language, out);
    psyi_buffer_text(out, in(language, ")", "）"));
}

static void number_in_words(const psyi_rule_block *block, uint32_t column,
                            const psyi_numbers *value, psyi_language language, psyi_buffer *out)
{
    const bool bounded = (value->bounded & 1u) != 0;
    if ((value->known & 1u) != 0 && psyi_column_kind_of(column) == PSYI_COLUMN_PREVIOUS &&
        psyi_column_sub(column) == 0) {
        rank_in_words(block->book->plan, value->value[0], language, out);
    } else if ((value->known & 1u) != 0) {
        add_ratio(out, value->value[0]);
        if (psyi_reason_prorated(block, column))
            psyi_buffer_text(out, in(language, " (prorated)", "（推算）"));
        add_marks(psyi_case_marks(block->cases, block->first, column), language, out);
    } else if ((value->blank & 1u) != 0) {
        psyi_buffer_text(out, in(language, "not scored", "未计分"));
        if (bounded) {
            psyi_buffer_text(out, in(language, ", ", "，"));
            add_bounds(out, value->low[0], value->high[0], language);
        }
    } else if ((value->no_record & 1u) != 0) {
        psyi_buffer_text(out, in(language, "not recorded", "无记录"));
    } else if (psyi_column_kind_of(column) == PSYI_COLUMN_STUDENT) {
        psyi_buffer_text(out, in(language, "unknown", "不详"));
    } else {
        /* A raw score needs no norm: it was divided by zero, or is too large. */
        psyi_buffer_text(out, psyi_column_kind_of(column) == PSYI_COLUMN_SCORE
                                  ? in(language, "undefined", "无法计算")
                                  : in(language, "no norm", "无常模"));
    }
}

/* The label of a band in whichever of the scale's sets names it.  Ids are English words, so
 * an English label that is not there is the id. */
void psyi_band_words(const psyi_scale *scale, const char *id, psyi_language language,
                     psyi_buffer *out)
{
    for (size_t s = 0; s < scale->n_band_sets; s++)
        for (size_t b = 0; b < scale->band_sets[s].n_bands; b++) {
            const psyi_band *const band = &scale->band_sets[s].bands[b];
            const char *const name = language == PSYI_ZH ? band->name.zh : band->name.en;
            if (strcmp(band->id, id) != 0 || name == NULL)
                continue;
            psyi_buffer_text(out, name);
            return;
        }
    for (const char *c = id; *c != '\0'; c++)
        psyi_buffer_char(out, *c == '_' ? ' ' : *c);
}

static void band_in_words(const psyi_rule_block *block, uint32_t column, psyi_language language,
                          unsigned token, psyi_buffer *out)
{
    const unsigned use = psyi_column_use(column), index = psyi_column_index(column);
    const unsigned sub = psyi_column_sub(column);
    const psyi_scale *const scale = psyi_use_scale(block->book->plan, use, index);
    const psyi_scores *const scores = block->cases->scores[use];
    const size_t population = sub > 0 ? sub - 1 : psyi_scorer_population(scores->scorer, index);
    const char *const *ids;
    const size_t n = psyi_scale_bands(scale, (unsigned)population, &ids);
    psyi_band_words(scale, token < n ? ids[token] : "?", language, out);
}

static const char *student_token(unsigned field, unsigned token, psyi_language language)
{
    static const char *const sexes[][2] = {{"male", "男"}, {"female", "女"}};
    static const char *const stages[][2] = {
        {"primary", "小学"}, {"junior", "初中"}, {"senior", "高中"}, {"tertiary", "大学"}};
    static const char *const informants[][2] = {
        {"self", "自评"}, {"parent", "家长"}, {"teacher", "教师"}};
    const unsigned zh = language == PSYI_ZH;
    if (field == PSYI_STUDENT_SEX && token < 2)
        return sexes[token][zh];
    if (field == PSYI_STUDENT_STAGE && token < 4)
        return stages[token][zh];
    if (field == PSYI_STUDENT_INFORMANT && token < 3)
        return informants[token][zh];
    return "?";
}

static void token_in_words(const psyi_rule_block *block, uint32_t column, const psyi_tokens *value,
                           psyi_language language, psyi_buffer *out)
{
    if ((value->known & 1u) == 0)
        psyi_buffer_text(out, (value->blank & 1u) != 0 ? in(language, "not scored", "未计分")
                                                       : in(language, "unknown", "不详"));
    else if (psyi_column_kind_of(column) == PSYI_COLUMN_BAND)
        band_in_words(block, column, language, value->value[0], out);
    else
        psyi_buffer_text(out, student_token(psyi_column_index(column), value->value[0], language));
}

static void item_in_words(const psyi_rule_block *block, uint32_t id, const psyi_item_lanes *seen,
                          psyi_language language, psyi_buffer *out)
{
    const psy_instrument *const instrument = block->book->plan->uses[psyi_item_use(id)].instrument;
    const psyi_item *const item = &instrument->items[psyi_item_index(id)];
    if ((seen->known & 1u) == 0) {
        psyi_buffer_text(out, (seen->refused & 1u) != 0 ? in(language, "refused", "拒答")
                                                        : in(language, "not answered", "未答"));
    } else if (instrument->responses[item->response].kind == PSYI_CLOCK) { /* whole minutes */
        psyi_buffer_format(out, "%02d:%02d", (int)seen->value[0] / 60, (int)seen->value[0] % 60);
    } else {
        add_ratio(out, psyi_ratio_make(seen->value[0], seen->scale));
    }
}

bool psyi_reason_is_token(uint32_t column)
{
    const unsigned field = psyi_column_index(column);
    if (psyi_column_kind_of(column) == PSYI_COLUMN_BAND)
        return true;
    return psyi_column_kind_of(column) == PSYI_COLUMN_STUDENT && field != PSYI_STUDENT_GRADE &&
           field != PSYI_STUDENT_AGE;
}

/* What an operand was in this case; false when it took no part.  *blank: not complete. */
static bool operand_value(const psyi_rule_block *block, bool is_item, uint32_t id,
                          psyi_language language, psyi_buffer *out, bool *blank)
{
    const psyi_block values = psyi_rule_block_values(block);
    *blank = false;
    if (is_item) {
        psyi_item_lanes seen;
        values.item(values.context, id, false, &seen);
        *blank = (seen.blank & 1u) != 0;
        if ((seen.absent & 1u) != 0)
            return false;
        if (out != NULL)
            item_in_words(block, id, &seen, language, out);
        return true;
    }
    if (psyi_reason_is_token(id)) {
        psyi_tokens value;
        values.token(values.context, id, &value);
        *blank = (value.blank & ~value.known & 1u) != 0;
        if ((value.absent & 1u) != 0)
            return false;
        if (out != NULL)
            token_in_words(block, id, &value, language, out);
        return true;
    }
    if (psyi_column_kind_of(id) == PSYI_COLUMN_FLAG ||
        psyi_column_kind_of(id) == PSYI_COLUMN_EXTERNAL) {
        psyi_truths value;
        values.truth(values.context, id, &value);
        *blank = (value.blank & ~value.yes & ~value.no & 1u) != 0;
        if ((value.absent & 1u) != 0)
            return false;
        if (out != NULL)
            psyi_buffer_text(out, (value.yes & 1u) != 0  ? in(language, "yes", "是")
                                  : (value.no & 1u) != 0 ? in(language, "no", "否")
                                                         : in(language, "open", "未能判定"));
        return true;
    }
    psyi_numbers value;
    values.number(values.context, id, &value);
    *blank = (value.blank & ~value.known & 1u) != 0;
    if ((value.absent & 1u) != 0)
        return false;
    if (out != NULL)
        number_in_words(block, id, &value, language, out);
    return true;
}

/* Operand `id` of a flag's program, moved to the use it stands for. */
uint32_t psyi_reason_moved(bool is_item, uint32_t id, unsigned use)
{
    if (is_item)
        return psyi_item_of(use, psyi_item_index(id));
    return psyi_column(psyi_column_kind_of(id), use, psyi_column_index(id), psyi_column_sub(id));
}

static const psyi_program *program_of(const psyi_book_rule *rule, const psy_plan *plan)
{
    return rule->critical ? plan->uses[rule->use].instrument->flags[rule->flag].when
                          : rule->rule->when;
}

size_t psyi_reason_operands(const psyi_book_rule *rule, const psy_plan *plan,
                            const psyi_operand **out)
{
    const psyi_program *const program = program_of(rule, plan);
    *out = NULL;
    return program != NULL ? psyi_program_operands(program, out) : 0;
}

bool psyi_reads_blanks(const psyi_rulebook *book, const psyi_cases *cases, size_t item, size_t rule)
{
    const psyi_book_rule *const at = &book->rules[rule];
    const psyi_rule_block block = psyi_rule_block_at(book, cases, item, 1);
    const psyi_operand *operands;
    const size_t n = psyi_reason_operands(at, book->plan, &operands);
    for (size_t i = 0; i < n; i++) {
        const uint32_t id = at->critical
                                ? psyi_reason_moved(operands[i].is_item, operands[i].id, at->use)
                                : operands[i].id;
        bool blank;
        operand_value(&block, operands[i].is_item, id, PSYI_EN, NULL, &blank);
        if (blank)
            return true;
    }
    return false;
}

/* The use an item or a score belongs to; PSYI_MAX_USES for other operands. */
static unsigned use_of(bool is_item, uint32_t id)
{
    if (is_item)
        return psyi_item_use(id);
    return psyi_column_kind_of(id) == PSYI_COLUMN_SCORE ? psyi_column_use(id) : PSYI_MAX_USES;
}

/* The operand's name, without that of a use which has just been named: a rule about eight scales
 * of one questionnaire is read at a glance or not at all. */
static void add_name(const psy_plan *plan, bool is_item, uint32_t id, unsigned *before,
                     psyi_language language, psyi_buffer *out)
{
    const unsigned use = use_of(is_item, id);
    const size_t start = out->length;
    psyi_operand_words(plan, is_item, id, language, out);
    if (use != PSYI_MAX_USES && use == *before && !out->failed) {
        psyi_buffer named;
        psyi_buffer_init(&named, out->allocator);
        psyi_use_words(plan, use, language, &named);
        psyi_buffer_char(&named, ' ');
        out->failed = named.failed;
        char *const text = out->data + start;
        const size_t length = out->length - start;
        if (!named.failed && length > named.length && memcmp(text, named.data, named.length) == 0) {
            memmove(text, text + named.length, length - named.length + 1);
            out->length -= named.length;
        }
        psyi_buffer_done(&named);
    }
    *before = use;
}

/* "PHQ-9 第9题 = 2；..." of the rule's operands. */
static void add_values(const psyi_rule_block *block, const psyi_book_rule *rule,
                       psyi_language language, psyi_buffer *out)
{
    const psyi_operand *operands;
    const size_t n = psyi_reason_operands(rule, block->book->plan, &operands);
    const psyi_program *const program = program_of(rule, block->book->plan);
    const char *const text = psyi_label_text(
        rule->text, language, rule->rule != NULL ? psyi_program_text(rule->rule->when) : rule->id);
    size_t told = 0, more = 0;
    unsigned before = PSYI_MAX_USES;
    for (size_t i = 0; i < n; i++) {
        const bool is_item = operands[i].is_item;
        const uint32_t id =
            rule->critical ? psyi_reason_moved(is_item, operands[i].id, rule->use) : operands[i].id;
        bool blank;
        if (!operand_value(block, is_item, id, language, NULL, &blank))
            continue;
        if (told == MOST_VALUES) {
            more++;
            continue;
        }
        if (told++ > 0)
            psyi_buffer_text(out, in(language, "; ", "；"));
        add_name(block->book->plan, is_item, id, &before, language, out);
        psyi_buffer_text(out, " = ");
        operand_value(block, is_item, id, language, out, &blank);
        psyi_limit_words(block->book->plan, program, is_item, operands[i].id, id, text, language,
                         out);
    }
    if (more > 0)
        psyi_buffer_format(out, language == PSYI_ZH ? "；另%zu项" : "; %zu more", more);
    if (program != NULL)
        psyi_computed_limit_words(program, text, language, out);
}

/* The sheet of the student on which a critical flag fired, the chosen one first. */
static uint32_t firing_sheet(const psyi_cases *cases, size_t item, const psyi_book_rule *rule)
{
    const psyi_scores *const scores = cases->scores[rule->use];
    const uint32_t chosen = cases->sheets[rule->use * cases->n + item];
    if (scores == NULL)
        return PSYI_NO_SHEET;
    if (chosen != PSYI_NO_SHEET && psyi_scores_flag(scores, rule->flag, chosen) == 1)
        return chosen;
    for (size_t i = 0; i < cases->n_records[item]; i++)
        if (psyi_scores_flag(scores, rule->flag, cases->records[item][i]) == 1)
            return cases->records[item][i];
    return chosen;
}

/* A further part of a list in brackets. */
static void add_part(psyi_buffer *out, const char *text, psyi_language language)
{
    if (out->length > 0)
        psyi_buffer_text(out, in(language, "; ", "；"));
    psyi_buffer_text(out, text);
}

/* Append the items that rule waits for to the list in `out`. */
static void add_missing(const psyi_rule_block *block, size_t rule, psyi_language language,
                        psyi_buffer *out)
{
    const psyi_rulebook *const book = block->book;
    bool *const rules = psyi_alloc(book->allocator, book->n_rules, sizeof *rules);
    psyi_buffer items;
    psyi_buffer_init(&items, book->allocator);
    if (rules != NULL) {
        rules[rule] = true;
        psyi_blank_items(book, block->cases, block->first, rules, language, &items);
    }
    if (rules == NULL || items.failed) {
        out->failed = true;
    } else if (items.length > 0) {
        add_part(out, in(language, "missing: ", "缺答："), language);
        psyi_buffer_add(out, items.data, items.length);
    }
    psyi_buffer_done(&items);
    psyi_free(book->allocator, rules);
}

psyi_cases psyi_reason_critical_case(const psyi_rulebook *book, const psyi_cases *cases,
                                     size_t item, const psyi_book_rule *rule, uint32_t *sheets)
{
    for (unsigned use = 0; use < book->plan->n_uses; use++)
        sheets[use] = cases->sheets[use * cases->n + item];
    sheets[rule->use] = firing_sheet(cases, item, rule);
    return (psyi_cases){
        .plan = cases->plan,
        .scores = cases->scores,
        .n = 1,
        .sheets = sheets,
        .people = &cases->people[item],
        .battery = &cases->battery[item],
        .seconds = &cases->seconds[item],
    };
}

static void critical_reason(const psyi_rulebook *book, const psyi_cases *cases, size_t item,
                            size_t rule, psyi_language language, psyi_buffer *out)
{
    const psyi_book_rule *const at = &book->rules[rule];
    uint32_t sheets[PSYI_MAX_USES];
    const psyi_cases one = psyi_reason_critical_case(book, cases, item, at, sheets);
    const uint32_t sheet = sheets[at->use];
    const bool other = sheet != cases->sheets[at->use * cases->n + item];
    const psyi_rule_block block = psyi_rule_block_at(book, &one, 0, 1);
    psyi_buffer values;
    psyi_buffer_init(&values, book->allocator);
    add_values(&block, at, language, &values);
    if (at->kind == PSYI_FLAG_UNANSWERED || sheet == PSYI_NO_SHEET ||
        psyi_scores_flag(cases->scores[at->use], at->flag, sheet) < 0)
        add_missing(&block, rule, language, &values);
    if (other)
        add_part(&values, in(language, "on another sheet", "另一份答卷"), language);
    if (values.length > 0) {
        psyi_buffer_text(out, in(language, " (", "（"));
        psyi_buffer_add(out, values.data, values.length);
        psyi_buffer_text(out, in(language, ")", "）"));
    }
    out->failed = out->failed || values.failed;
    psyi_buffer_done(&values);
}

void psyi_reason(const psyi_rulebook *book, const psyi_cases *cases, size_t item, size_t rule,
                 bool even_with_blanks, psyi_language language, psyi_buffer *out)
{
    const psyi_book_rule *const at = &book->rules[rule];
    const psyi_rule_block block = psyi_rule_block_at(book, cases, item, 1);
    const char *const otherwise = at->rule != NULL ? psyi_program_text(at->rule->when) : at->id;
    psyi_buffer_text(out, psyi_label_text(at->text, language, otherwise));
    if (at->critical) {
        critical_reason(book, cases, item, rule, language, out);
        return;
    }
    psyi_buffer values;
    psyi_buffer_init(&values, book->allocator);
    add_values(&block, at, language, &values);
    if (psyi_reads_blanks(book, cases, item, rule))
        add_missing(&block, rule, language, &values);
    if (values.length > 0) {
        psyi_buffer_text(out, in(language, " (", "（"));
        psyi_buffer_add(out, values.data, values.length);
        psyi_buffer_text(out, in(language, ")", "）"));
    }
    out->failed = out->failed || values.failed;
    psyi_buffer_done(&values);
    if (even_with_blanks)
        psyi_buffer_text(out, in(language, " (even with blanks)", "（有缺答，仍达到）"));
}
