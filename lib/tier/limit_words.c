/*
 * limit_words.c -- the limits that a rule holds a value against, in words.
 *
 * A value says little without the limit that it met.  Authors of rules mostly write it into their
 * text; what stands there with its sign ("≥ 65") is not said again.
 */
#include "tier/limit_words.h"

#include <string.h>

#define MOST_LIMITS 3 /* of one value that are named; more are counted */

static const char *in(psyi_language language, const char *en, const char *zh)
{
    return language == PSYI_ZH ? zh : en;
}

/* The comparison as it decides, with the nots around it counted in. */
static psyi_compare sense_of(const psyi_comparison *comparison)
{
    static const psyi_compare turned[] = {
        [PSYI_LT] = PSYI_GE, [PSYI_LE] = PSYI_GT, [PSYI_GT] = PSYI_LE, [PSYI_GE] = PSYI_LT,
        [PSYI_EQ] = PSYI_NE, [PSYI_NE] = PSYI_EQ, [PSYI_IN] = PSYI_IN};
    return comparison->negated ? turned[comparison->compare] : comparison->compare;
}

static const char *const signs[] = {
    [PSYI_LT] = "<", [PSYI_LE] = "≤", [PSYI_GT] = ">", [PSYI_GE] = "≥",
    [PSYI_EQ] = "=", [PSYI_NE] = "≠", [PSYI_IN] = ""};

static void add_number(psyi_buffer *out, psyi_ratio value, bool clock)
{
    char text[40];
    if (clock && value.den == 1)
        psyi_buffer_format(out, "%02d:%02d", (int)(value.num / 60), (int)(value.num % 60));
    else
        psyi_buffer_add(out, text, psyi_ratio_print(value, text));
}

static void cut_back(psyi_buffer *out, size_t length)
{
    if (!out->failed && length < out->length) {
        out->length = length;
        out->data[length] = '\0';
    }
}

/* Does the text say this number behind one of these signs? */
static bool says(const char *text, const char *number)
{
    static const char *const before[] = {"≥",  "≤",  ">",  "<",    "=",       "≠",
                                         "＞", "＜", "＝", "至少", "at least"};
    const size_t length = strlen(number);
    for (const char *at = strstr(text, number); at != NULL; at = strstr(at + 1, number)) {
        const char *sign = at;
        if ((at[length] >= '0' && at[length] <= '9') ||
            (at[length] == '.' && at[length + 1] >= '0' && at[length + 1] <= '9'))
            continue;
        while (sign > text && sign[-1] == ' ')
            sign--;
        for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
            const size_t wide = strlen(before[i]);
            if ((size_t)(sign - text) >= wide && memcmp(sign - wide, before[i], wide) == 0)
                return true;
        }
    }
    return false;
}

/* "≥65", "20–24", "≥ moderate"; nothing where the text says it. */
static void add_limit(const psy_plan *plan, const psyi_comparison *comparison, uint32_t moved,
                      bool clock, const char *text, psyi_language language, psyi_buffer *out)
{
    const psyi_compare sense = sense_of(comparison);
    const size_t before = out->length;
    if (comparison->token != NULL) {
        psyi_buffer_text(out, signs[sense]);
        psyi_buffer_text(out, " ");
        psyi_band_words(psyi_use_scale(plan, psyi_column_use(moved), psyi_column_index(moved)),
                        comparison->token, language, out);
        return;
    }
    if (sense == PSYI_IN) {
        if (comparison->negated)
            psyi_buffer_text(out, in(language, "not ", "不在"));
        add_number(out, comparison->constant, clock);
        psyi_buffer_text(out, "–");
        add_number(out, comparison->upper, clock);
        if (!out->failed && strstr(text, out->data + before) != NULL)
            cut_back(out, before);
        return;
    }
    add_number(out, comparison->constant, clock);
    const bool said = !out->failed && says(text, out->data + before);
    cut_back(out, before);
    if (said)
        return;
    psyi_buffer_text(out, signs[sense]);
    add_number(out, comparison->constant, clock);
}

/* "... = 1 [=1": the value before `end` is the one that was asked for, and says it. */
static bool is_said_by_value(const psyi_buffer *out, size_t end)
{
    static const char sign[] = " [=";
    const size_t wide = sizeof sign - 1;
    if (out->failed || out->length <= end + wide || memcmp(out->data + end, sign, wide) != 0)
        return false;
    const char *const number = out->data + end + wide;
    const size_t length = out->length - end - wide;
    return end > length && out->data[end - length - 1] == ' ' &&
           memcmp(out->data + end - length, number, length) == 0;
}

static bool is_clock(const psy_plan *plan, bool is_item, uint32_t moved)
{
    if (!is_item)
        return false;
    const psy_instrument *const instrument = plan->uses[psyi_item_use(moved)].instrument;
    const psyi_item *const item = &instrument->items[psyi_item_index(moved)];
    return instrument->responses[item->response].kind == PSYI_CLOCK;
}

/* Is it something whose limit is a number or a band?  Who somebody is needs none, and a level of
 * an earlier wave is told by its name alone. */
static bool has_limits(bool is_item, uint32_t id)
{
    const psyi_column_kind kind = is_item ? PSYI_COLUMN_SCORE : psyi_column_kind_of(id);
    return kind != PSYI_COLUMN_STUDENT &&
           !(kind == PSYI_COLUMN_PREVIOUS && psyi_column_sub(id) == 0);
}

void psyi_limit_words(const psy_plan *plan, const psyi_program *program, bool is_item, uint32_t id,
                      uint32_t moved, const char *text, psyi_language language, psyi_buffer *out)
{
    const psyi_comparison *all = NULL;
    const size_t n = psyi_program_comparisons(program, &all);
    const psyi_subject subject = is_item ? PSYI_SUBJECT_ITEM : PSYI_SUBJECT_COLUMN;
    const bool clock = is_clock(plan, is_item, moved);
    const size_t end = out->length;
    size_t told = 0, more = 0;
    for (size_t i = 0; i < n && has_limits(is_item, id); i++) {
        if (all[i].subject != subject || all[i].id != id ||
            (all[i].token == NULL && all[i].constant.den == 0))
            continue;
        const size_t before = out->length;
        psyi_buffer_text(out, told > 0 ? ", " : " [");
        const size_t inside = out->length;
        add_limit(plan, &all[i], moved, clock, text, language, out);
        const bool is_said = out->length == inside; /* by the text of the rule */
        if (is_said || told == MOST_LIMITS) {
            cut_back(out, before);
            more += !is_said;
        } else {
            told++;
        }
    }
    if (more > 0)
        psyi_buffer_format(out, in(language, ", %zu more", "，另%zu个"), more);
    if (told == 1 && is_said_by_value(out, end)) {
        cut_back(out, end);
        return;
    }
    if (told > 0)
        psyi_buffer_text(out, "]");
}

void psyi_computed_limit_words(const psyi_program *program, const char *text,
                               psyi_language language, psyi_buffer *out)
{
    const psyi_comparison *all = NULL;
    const size_t n = psyi_program_comparisons(program, &all);
    for (size_t i = 0; i < n; i++) {
        if (all[i].subject != PSYI_SUBJECT_OTHER || all[i].token != NULL ||
            all[i].constant.den == 0)
            continue;
        const size_t before = out->length;
        const bool count = strncmp(all[i].text, "count(", 6) == 0;
        if (before > 0)
            psyi_buffer_text(out, in(language, "; ", "；"));
        psyi_buffer_text(out, count ? in(language, "count ", "符合数")
                                    : in(language, "computed ", "计算值"));
        const size_t inside = out->length;
        add_limit(NULL, &all[i], 0, false, text, language, out);
        if (out->length == inside)
            cut_back(out, before);
    }
}
