/*
 * describe_scales.c -- scales and their bands in words.
 */
#include "definition/describe.h"

#include <string.h>

static void say_number(psyi_words *words, long long value)
{
    psyi_buffer_integer(words->out, value);
}

/* ---- score -------------------------------------------------------------------------------- */

static void describe_step(psyi_words *words, const psyi_step *step)
{
    psyi_say(words, ", then ", "，再");
    switch (step->kind) {
    case PSYI_STEP_MULTIPLY:
        psyi_say(words, "times ", "乘以 ");
        psyi_say_ratio(words, step->by);
        break;
    case PSYI_STEP_ADD:
        psyi_say(words, "plus ", "加 ");
        psyi_say_ratio(words, step->by);
        break;
    case PSYI_STEP_FLOOR:
        psyi_say(words, "cut to the whole number below", "取整数部分（向下）");
        break;
    case PSYI_STEP_CEIL:
        psyi_say(words, "rounded up", "向上取整");
        break;
    case PSYI_STEP_ROUND:
        psyi_say(words, "rounded half up", "四舍五入");
        if (step->decimals > 0) {
            psyi_say(words, " to decimals: ", "，小数位数：");
            say_number(words, step->decimals);
        }
        break;
    }
}

static void describe_score(psyi_words *words, const psyi_scale *scale)
{
    const struct psy_instrument *const it = words->instrument;
    psyi_say(words, "    score: ", "    计分：");
    switch (scale->score) {
    case PSYI_SCORE_SUM:
        psyi_say(words, "sum of the items", "各题之和");
        break;
    case PSYI_SCORE_MEAN:
        psyi_say(words, "mean of the items", "各题均分");
        break;
    case PSYI_SCORE_PARTS:
        psyi_say(words, "sum of ", "下列分数之和：");
        for (size_t i = 0; i < scale->n_parts; i++) {
            if (i > 0)
                psyi_say(words, ", ", "、");
            psyi_buffer_text(words->out, it->scales[scale->parts[i]].id);
        }
        psyi_say(words, " as printed; none if one of them is missing", "（取打印值，缺一则无）");
        break;
    case PSYI_SCORE_EXPRESSION:
        psyi_buffer_text(words->out, psyi_program_canonical(scale->program));
        break;
    }
    for (size_t i = 0; i < scale->n_steps; i++)
        describe_step(words, &scale->steps[i]);
    if (scale->low.den != 0 && scale->high.den != 0) {
        psyi_say(words, "; from ", "；范围 ");
        psyi_say_ratio(words, scale->low);
        psyi_say(words, " to ", "至");
        psyi_say_ratio(words, scale->high);
    }
    if (psyi_scale_is_lie(it, (size_t)(scale - it->scales)))
        psyi_say(words,
                 scale->worse_low ? "; the lower, the less the answers can be relied on"
                                  : "; the higher, the less the answers can be relied on",
                 scale->worse_low ? "；越低答卷越不可信" : "；越高答卷越不可信");
    else
        psyi_say(words,
                 scale->worse_low ? "; a low score is the bad end"
                                  : "; a high score is the bad end",
                 scale->worse_low ? "；越低越需关注" : "；越高越需关注");
    if (scale->metric != NULL)
        psyi_buffer_format(words->out, "; %s", scale->metric);
    psyi_buffer_char(words->out, '\n');
}

static void describe_missing(psyi_words *words, const psyi_scale *scale)
{
    if (scale->score == PSYI_SCORE_PARTS)
        return;
    psyi_say(words, "    missing: ", "    缺答：");
    if (scale->score == PSYI_SCORE_EXPRESSION && scale->allow > 0) {
        psyi_say(words, "as the formula says", "按公式处理");
        if (scale->allow < scale->n_items) {
            psyi_say(words,
                     "; no score when more than this many are missing: ", "；缺答超过此数不计分：");
            say_number(words, scale->allow);
        }
    } else if (scale->missing == PSYI_MISSING_NONE && scale->allow == 0) {
        psyi_say(words, "no score unless all items are answered", "须全部作答，否则不计分");
    } else {
        psyi_say(words, "up to ", "至多 ");
        say_number(words, scale->allow);
        psyi_say(words, " of ", "/");
        say_number(words, (long long)scale->n_items);
        switch (scale->missing) {
        case PSYI_MISSING_PRORATE:
            psyi_say(words, ": the sum of the answered ones times items / answered",
                     " 题：已答题之和×题数÷已答题数");
            break;
        case PSYI_MISSING_MEAN:
            psyi_say(words, ": the mean of the answered ones", " 题：取已答题均分");
            break;
        default:
            psyi_say(words, ": a blank counts 0", " 题：空白按0计");
            break;
        }
        psyi_say(words, "; more: no score", "；更多则不计分");
    }
    psyi_say_confidence(words, scale->missing_confidence);
    psyi_buffer_char(words->out, '\n');
}

static void describe_precision(psyi_words *words, const psyi_precision *precision)
{
    if (precision->cite == NULL)
        return;
    psyi_say(words, "    precision: ", "    测量精度：");
    if (precision->stated.den != 0) {
        psyi_say(words, "standard error of measurement ", "测量标准误 ");
        psyi_say_ratio(words, precision->stated);
    } else {
        psyi_say(words, "reliability ", "信度 ");
        psyi_say_ratio(words, precision->reliability);
        psyi_say(words, ", SD ", "，标准差 ");
        psyi_say_ratio(words, precision->sd);
    }
    psyi_say(words, "; ", "；");
    psyi_buffer_text(words->out, precision->cite);
    psyi_say_confidence(words, precision->confidence);
    psyi_buffer_char(words->out, '\n');
}

/* ---- bands -------------------------------------------------------------------------------- */

/* The lowest whole number of a band. */
static long long first_whole(const psyi_band *band)
{
    return band->above ? psyi_ratio_floor(band->from).num + 1 : psyi_ratio_ceil(band->from).num;
}

static void describe_whole_band(psyi_words *words, const psyi_scale *scale,
                                const psyi_band_set *set, size_t index, bool raw)
{
    const psyi_band *const band = &set->bands[index];
    const bool bottom = band->from.den == 0;
    const bool top = index + 1 == set->n_bands;
    const bool end = !top || (raw && scale->high.den != 0);
    const long long high = !end  ? 0
                           : top ? (long long)psyi_ratio_floor(scale->high).num
                                 : first_whole(band + 1) - 1;
    if (bottom) {
        psyi_say(words, "up to ", "≤");
        say_number(words, high);
    } else if (!end) {
        say_number(words, first_whole(band));
        psyi_say(words, " and more", "及以上");
    } else {
        say_number(words, first_whole(band));
        if (high > first_whole(band))
            psyi_buffer_format(words->out, "-%lld", high);
    }
}

/* In the language asked for, else the id, which is the English label in other letters. */
static void say_band_name(psyi_words *words, const psyi_band *band)
{
    const char *const name = words->language == PSYI_ZH ? band->name.zh : band->name.en;
    for (const char *at = name != NULL ? name : band->id; *at != '\0'; at++)
        psyi_buffer_char(words->out, name == NULL && *at == '_' ? ' ' : *at);
}

static void describe_band(psyi_words *words, const psyi_scale *scale, const psyi_band_set *set,
                          size_t index)
{
    const struct psy_instrument *const it = words->instrument;
    const psyi_band *const band = &set->bands[index];
    const bool raw = set->standard == PSYI_NO_INDEX;
    const bool whole =
        raw ? psyi_scale_is_whole(scale) : it->standards[set->standard].decimals == 0;
    if (index > 0)
        psyi_say(words, "; ", "；");
    say_band_name(words, band);
    psyi_buffer_char(words->out, ' ');
    if (whole) {
        describe_whole_band(words, scale, set, index, raw);
        return;
    }
    const bool bottom = index == 0;
    if (!bottom) {
        psyi_buffer_text(words->out, band->above ? ">" : "≥");
        psyi_say_ratio(words, band->from);
    }
    if (index + 1 < set->n_bands) {
        psyi_buffer_text(words->out, bottom ? "" : " ");
        psyi_buffer_text(words->out, set->bands[index + 1].above ? "≤" : "<");
        psyi_say_ratio(words, set->bands[index + 1].from);
    }
}

static void describe_bands(psyi_words *words, const psyi_scale *scale)
{
    for (size_t i = 0; i < scale->n_band_sets; i++) {
        const psyi_band_set *const set = &scale->band_sets[i];
        psyi_say(words, "    bands", "    分级");
        if (set->standard != PSYI_NO_INDEX) {
            psyi_say(words, " of ", "（按 ");
            psyi_buffer_text(words->out, words->instrument->standards[set->standard].name);
            psyi_say(words, "", "）");
        }
        if (strcmp(scale->populations[set->population], "default") != 0)
            psyi_buffer_format(words->out, " [%s]", scale->populations[set->population]);
        psyi_say_who(words, &set->who);
        psyi_say(words, ": ", "：");
        for (size_t j = 0; j < set->n_bands; j++)
            describe_band(words, scale, set, j);
        psyi_say_confidence(words, set->confidence);
        if (set->source != NULL)
            psyi_buffer_format(words->out, " [%s]", set->source);
        psyi_buffer_char(words->out, '\n');
    }
}

static bool same_bands(const psyi_scale *a, const psyi_scale *b)
{
    if (a->n_band_sets != b->n_band_sets)
        return false;
    for (size_t i = 0; i < a->n_band_sets; i++) {
        const psyi_band_set *const x = &a->band_sets[i], *const y = &b->band_sets[i];
        if (x->n_bands != y->n_bands)
            return false;
        for (size_t j = 0; j < x->n_bands; j++)
            if (strcmp(x->bands[j].id, y->bands[j].id) != 0 ||
                x->bands[j].from.num != y->bands[j].from.num ||
                x->bands[j].from.den != y->bands[j].from.den)
                return false;
    }
    return true;
}

static bool same_range(const psyi_scale *a, const psyi_scale *b)
{
    return a->low.num == b->low.num && a->low.den == b->low.den && a->high.num == b->high.num &&
           a->high.den == b->high.den;
}

void psyi_describe_variant(psyi_words *words, const psyi_variant *variant)
{
    const struct psy_instrument *const it = words->instrument;
    for (size_t i = 0; i < it->n_scales; i++) {
        const psyi_scale *const scale = &variant->scales[i];
        if (same_bands(scale, &it->scales[i]) && same_range(scale, &it->scales[i]))
            continue;
        psyi_buffer_format(words->out, "    %s", scale->id);
        if (scale->low.den != 0 && scale->high.den != 0) {
            psyi_say(words, ": from ", "：范围 ");
            psyi_say_ratio(words, scale->low);
            psyi_say(words, " to ", "至");
            psyi_say_ratio(words, scale->high);
        }
        psyi_buffer_char(words->out, '\n');
        describe_bands(words, scale);
    }
}

/* ---- all ----------------------------------------------------------------------------------- */

void psyi_describe_scales(psyi_words *words)
{
    const struct psy_instrument *const it = words->instrument;
    psyi_say(words, "\nScales\n", "\n量表\n");
    for (size_t i = 0; i < it->n_scales; i++) {
        const psyi_scale *const scale = &it->scales[i];
        const psyi_who who = {.informants = scale->informants, .age_low = -1, .age_high = -1};
        psyi_buffer_format(words->out, "  %s", scale->id);
        const char *const name = psyi_label_text(scale->name, words->language, NULL);
        if (name != NULL) {
            psyi_say(words, " (", "（");
            psyi_buffer_text(words->out, name);
            psyi_say(words, ")", "）");
        }
        if (scale->derived)
            psyi_say(words, ", shown beside the scales", "，辅助数值");
        psyi_say_who(words, &who);
        psyi_say_confidence(words, scale->confidence);
        psyi_buffer_char(words->out, '\n');
        if (scale->score != PSYI_SCORE_PARTS) {
            psyi_say(words, "    items: ", "    题目：");
            psyi_say_items(words, scale->items, scale->n_items, true);
            psyi_buffer_char(words->out, '\n');
        }
        describe_score(words, scale);
        describe_missing(words, scale);
        describe_precision(words, &scale->precision);
        describe_bands(words, scale);
    }
}
