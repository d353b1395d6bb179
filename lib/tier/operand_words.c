/*
 * operand_words.c -- names of what rules read, in the words of the definitions.
 *
 * An instrument is called by the abbreviation its label carries in brackets, "(PHQ-9)"; by a
 * short label as it stands; else by its id in capitals.  Where a plan uses one instrument
 * several times, whose sheet it is stands behind it.
 */
#include "base/text.h"
#include "tier/rule_block.h"

#include <string.h>

#define MOST_SHORT 12 /* code points of a label that is short enough to stand in a line */

static const char *in(psyi_language language, const char *en, const char *zh)
{
    return language == PSYI_ZH ? zh : en;
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_abbreviation(const char *text, size_t length)
{
    if (length < 2 || length > MOST_SHORT || !is_upper(text[0]))
        return false;
    for (size_t i = 0; i < length; i++)
        if (!is_upper(text[i]) && !is_digit(text[i]) && !(text[i] >= 'a' && text[i] <= 'z') &&
            text[i] != '-')
            return false;
    return is_upper(text[1]) || is_digit(text[1]) || text[1] == '-';
}

/* The last bracketed abbreviation of a label. */
static bool bracketed(const char *label, psyi_buffer *out)
{
    if (label == NULL)
        return false;
    for (size_t end = strlen(label); end > 0; end--) {
        const bool wide = end >= 3 && memcmp(label + end - 3, "）", 3) == 0;
        if (label[end - 1] != ')' && !wide)
            continue;
        const size_t stop = end - (wide ? 3 : 1);
        size_t start = stop;
        while (start > 0 && label[start - 1] != '(' &&
               !(start >= 3 && memcmp(label + start - 3, "（", 3) == 0))
            start--;
        if (start > 0 && is_abbreviation(label + start, stop - start)) {
            psyi_buffer_add(out, label + start, stop - start);
            return true;
        }
    }
    return false;
}

/* "phq9" -> "PHQ-9", "snap_iv_26" -> "SNAP-IV-26", "k10" -> "K10". */
static void capitals(const char *id, psyi_buffer *out)
{
    unsigned letters = 0;
    for (const char *c = id; *c != '\0'; c++) {
        if (*c == '_') {
            psyi_buffer_char(out, '-');
            letters = 0;
        } else if (*c >= 'a') { /* an id has small letters, digits and underscores */
            psyi_buffer_char(out, (char)(*c - 'a' + 'A'));
            letters++;
        } else {
            if (letters >= 3)
                psyi_buffer_char(out, '-');
            psyi_buffer_char(out, *c);
            letters = 0;
        }
    }
}

static const char *informant_words(psyi_informant informant, psyi_language language)
{
    switch (informant) {
    case PSYI_INFORMANT_SELF:
        return in(language, "self", "自评");
    case PSYI_INFORMANT_PARENT:
        return in(language, "parent", "家长");
    case PSYI_INFORMANT_TEACHER:
        return in(language, "teacher", "教师");
    case PSYI_INFORMANT_UNKNOWN:
        break;
    }
    return NULL;
}

void psyi_use_words(const psy_plan *plan, unsigned use, psyi_language language, psyi_buffer *out)
{
    const psy_instrument *const instrument = plan->uses[use].instrument;
    const char *const label = language == PSYI_ZH ? instrument->name.zh : instrument->name.en;
    const char *const other = language == PSYI_ZH ? instrument->name.en : instrument->name.zh;
    if (!bracketed(label, out) && !bracketed(other, out)) {
        if (label != NULL && psyi_utf8_count(label, strlen(label)) <= MOST_SHORT)
            psyi_buffer_text(out, label);
        else
            capitals(instrument->id, out);
    }
    bool alone = true;
    for (size_t i = 0; i < plan->n_uses; i++)
        alone = alone && (i == use || plan->uses[i].instrument != instrument);
    if (alone)
        return;
    const char *whose = informant_words(plan->uses[use].informant, language);
    if (whose == NULL)
        whose = plan->uses[use].id;
    psyi_buffer_format(out, language == PSYI_ZH ? "（%s）" : " (%s)", whose);
}

void psyi_item_words(const psy_instrument *instrument, unsigned item, psyi_language language,
                     psyi_buffer *out)
{
    const psyi_item *const at = &instrument->items[item];
    if (language == PSYI_ZH)
        psyi_buffer_format(out, at->number > 0 ? "第%s题" : "%s 题", at->id);
    else
        psyi_buffer_format(out, "item %s", at->id);
}

const char *psyi_metric_text(psyi_metric metric, psyi_language language)
{
    switch (metric) {
    case PSYI_METRIC_T:
        return in(language, "T", "T分");
    case PSYI_METRIC_Z:
        return in(language, "z", "z分");
    case PSYI_METRIC_IQ:
        return in(language, "IQ metric", "离差智商");
    case PSYI_METRIC_PERCENTILE:
        return in(language, "percentile", "百分等级");
    case PSYI_METRIC_STANINE_LINEAR:
        return in(language, "stanine (linear)", "标准九分（线性）");
    case PSYI_METRIC_STEN_LINEAR:
        return in(language, "sten (linear)", "标准十分（线性）");
    case PSYI_METRIC_STANINE_PERCENT:
        return in(language, "stanine (by percentage)", "标准九分（按百分比）");
    case PSYI_METRIC_STEN_PERCENT:
        return in(language, "sten (by percentage)", "标准十分（按百分比）");
    case PSYI_METRIC_T_BLOM:
        return in(language, "normalised T (Blom)", "正态化T分（Blom）");
    case PSYI_METRIC_T_TUKEY:
        return in(language, "normalised T (Tukey)", "正态化T分（Tukey）");
    case PSYI_METRIC_T_WAERDEN:
        return in(language, "normalised T (van der Waerden)", "正态化T分（van der Waerden）");
    case PSYI_METRIC_T_RANKIT:
        return in(language, "normalised T (Rankit)", "正态化T分（Rankit）");
    default:
        return in(language, "standard score", "标准分");
    }
}

/* Use and scale, or use and flag. */
static void scale_words(const psy_plan *plan, unsigned use, unsigned scale, psyi_language language,
                        psyi_buffer *out)
{
    const psyi_scale *const at = psyi_use_scale(plan, use, scale);
    psyi_use_words(plan, use, language, out);
    psyi_buffer_char(out, ' ');
    psyi_buffer_text(out, psyi_label_text(at->name, language, at->id));
}

static void sheet_column_words(const psy_plan *plan, uint32_t id, psyi_language language,
                               psyi_buffer *out)
{
    const unsigned use = psyi_column_use(id), index = psyi_column_index(id);
    const unsigned sub = psyi_column_sub(id);
    const psy_instrument *const instrument = plan->uses[use].instrument;
    if (psyi_column_kind_of(id) == PSYI_COLUMN_FLAG) {
        const psyi_flag *const flag = &instrument->flags[index];
        psyi_use_words(plan, use, language, out);
        psyi_buffer_char(out, ' ');
        psyi_buffer_text(out, psyi_label_text(flag->name, language, flag->id));
        return;
    }
    scale_words(plan, use, index, language, out);
    switch (psyi_column_kind_of(id)) {
    case PSYI_COLUMN_ANSWERED:
        psyi_buffer_text(out, in(language, " items answered", " 已答题数"));
        break;
    case PSYI_COLUMN_BAND:
        psyi_buffer_text(out, in(language, " band", " 等级"));
        break;
    case PSYI_COLUMN_STANDARD: {
        const psyi_standard *const standard = &instrument->standards[sub];
        psyi_buffer_char(out, ' ');
        psyi_buffer_text(out, psyi_metric_text((psyi_metric)standard->metric, language));
        if (standard->norm < instrument->n_norms)
            psyi_buffer_format(out, language == PSYI_ZH ? "（常模 %s）" : " (norm %s)",
                               instrument->norms[standard->norm]->id);
        break;
    }
    default:
        break;
    }
}

static const char *person_words(uint32_t id, psyi_language language)
{
    static const char *const student[][2] = {
        [PSYI_STUDENT_SEX] = {"sex", "性别"},
        [PSYI_STUDENT_GRADE] = {"grade", "年级"},
        [PSYI_STUDENT_AGE] = {"age", "年龄"},
        [PSYI_STUDENT_STAGE] = {"stage", "学段"},
        [PSYI_STUDENT_INFORMANT] = {"informant", "填写人"},
    };
    static const char *const quality[][2] = {
        [PSYI_QUALITY_BLANKS] = {"blank items", "空题数"},
        [PSYI_QUALITY_ANSWERED] = {"items answered", "已答题数"},
        [PSYI_QUALITY_SECONDS] = {"seconds taken", "用时（秒）"},
        [PSYI_QUALITY_SECONDS_PER_ITEM] = {"seconds per item", "每题秒数"},
    };
    const unsigned index = psyi_column_index(id);
    switch (psyi_column_kind_of(id)) {
    case PSYI_COLUMN_STUDENT:
        if (index < sizeof student / sizeof student[0])
            return student[index][language == PSYI_ZH];
        break;
    case PSYI_COLUMN_QUALITY:
        if (index < sizeof quality / sizeof quality[0])
            return quality[index][language == PSYI_ZH];
        break;
    default:
        break;
    }
    return "?";
}

/* A code as the district's files write it. */
static void external_words(const psy_plan *plan, unsigned code, psyi_language language,
                           psyi_buffer *out)
{
    psyi_buffer_text(out, in(language, "reported: ", "外部信息："));
    psyi_buffer_text(out, code < plan->n_external_codes ? plan->external_codes[code].text : "?");
}

void psyi_operand_words(const psy_plan *plan, bool is_item, uint32_t id, psyi_language language,
                        psyi_buffer *out)
{
    if (is_item) {
        const unsigned use = psyi_item_use(id);
        psyi_use_words(plan, use, language, out);
        psyi_buffer_char(out, ' ');
        psyi_item_words(plan->uses[use].instrument, psyi_item_index(id), language, out);
        return;
    }
    switch (psyi_column_kind_of(id)) {
    case PSYI_COLUMN_SCORE:
    case PSYI_COLUMN_ANSWERED:
    case PSYI_COLUMN_BAND:
    case PSYI_COLUMN_STANDARD:
    case PSYI_COLUMN_FLAG:
        sheet_column_words(plan, id, language, out);
        break;
    case PSYI_COLUMN_LOCAL: {
        psyi_metric metric = PSYI_METRIC_T;
        const psyi_local_norm *const norm = psyi_local_of(plan, psyi_column_sub(id), &metric);
        if (norm == NULL)
            break;
        scale_words(plan, norm->use, norm->scale, language, out);
        psyi_buffer_char(out, ' ');
        psyi_buffer_text(out, psyi_metric_text(metric, language));
        psyi_buffer_format(out, language == PSYI_ZH ? "（本地常模 %s）" : " (local norm %s)",
                           norm->id);
        break;
    }
    case PSYI_COLUMN_EXTERNAL:
        external_words(plan, psyi_column_index(id), language, out);
        break;
    case PSYI_COLUMN_PREVIOUS:
        psyi_buffer_text(out, in(language, "wave before: ", "上次"));
        if (psyi_column_sub(id) == 1)
            scale_words(plan, psyi_column_use(id), psyi_column_index(id), language, out);
        else
            psyi_buffer_text(out, in(language, "tier", "等级"));
        break;
    default:
        psyi_buffer_text(out, person_words(id, language));
        break;
    }
}
