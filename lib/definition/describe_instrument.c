/*
 * describe_instrument.c -- the scoring key of an instrument in words, in English or Chinese.
 *
 * Written for a psychologist who holds it against the manual: what is scored how, from which
 * numbers, by which source, and how sure anyone is of it.  Everything comes from the compiled
 * definition, so what is described is what is computed.
 */
#include "definition/describe.h"

#include <psyscreen/instrument.h>

#include "base/fail.h"

#include <string.h>

/* ---- pieces ------------------------------------------------------------------------------ */

void psyi_say(psyi_words *words, const char *en, const char *zh)
{
    psyi_buffer_text(words->out, words->language == PSYI_ZH ? zh : en);
}

void psyi_say_ratio(psyi_words *words, psyi_ratio value)
{
    char text[32];
    if (value.den == 0) {
        psyi_buffer_char(words->out, '?');
        return;
    }
    psyi_ratio_print(value, text);
    psyi_buffer_text(words->out, text);
}

void psyi_say_confidence(psyi_words *words, psyi_confidence confidence)
{
    switch (confidence) {
    case PSYI_VERIFIED:
        psyi_say(words, " (verified)", "（已核实）");
        break;
    case PSYI_SINGLE:
        psyi_say(words, " (one source)", "（单一来源）");
        break;
    case PSYI_MEMORY:
        psyi_say(words, " (from memory: check)", "（凭记忆，须核对）");
        break;
    case PSYI_CONFLICT:
        psyi_say(words, " (sources disagree)", "（来源不一致）");
        break;
    case PSYI_UNSTATED:
        break;
    }
}

static void say_label(psyi_words *words, psyi_label label, const char *otherwise)
{
    psyi_buffer_text(words->out, psyi_label_text(label, words->language, otherwise));
}

void psyi_say_items(psyi_words *words, const uint16_t *items, size_t n, bool mark_reversed)
{
    const psyi_item *const all = words->instrument->items;
    for (size_t i = 0; i < n;) {
        size_t last = i;
        while (last + 1 < n && all[items[last]].number > 0 &&
               all[items[last + 1]].number == all[items[last]].number + 1 &&
               (!mark_reversed || (!all[items[last]].reversed && !all[items[last + 1]].reversed)))
            last++;
        if (i > 0)
            psyi_say(words, ", ", "、");
        psyi_buffer_text(words->out, all[items[i]].id);
        if (mark_reversed && all[items[i]].reversed)
            psyi_buffer_char(words->out, 'R');
        if (last > i + 1)
            psyi_say(words, " to ", "至");
        else if (last == i + 1)
            psyi_say(words, ", ", "、");
        if (last > i)
            psyi_buffer_text(words->out, all[items[last]].id);
        i = last + 1;
    }
}

static void say_mask(psyi_words *words, unsigned mask, const psyi_label *names, unsigned n)
{
    bool first = true;
    for (unsigned i = 1; i <= n; i++) {
        if ((mask >> i & 1u) == 0)
            continue;
        if (!first)
            psyi_say(words, " or ", "或");
        say_label(words, names[i - 1], "");
        first = false;
    }
}

static void say_informants(psyi_words *words, unsigned mask)
{
    static const psyi_label names[] = {{"self", "本人"}, {"parent", "家长"}, {"teacher", "教师"}};
    say_mask(words, mask, names, 3);
}

static void say_range(psyi_words *words, int low, int high)
{
    psyi_buffer_integer(words->out, low);
    if (high > low) {
        psyi_say(words, " to ", "至");
        psyi_buffer_integer(words->out, high);
    }
}

void psyi_say_who(psyi_words *words, const psyi_who *who)
{
    static const psyi_label sexes[] = {{"boys", "男生"}, {"girls", "女生"}};
    static const psyi_label stages[] = {{"primary school", "小学"},
                                        {"junior high", "初中"},
                                        {"senior high", "高中"},
                                        {"university", "大学"}};
    if (who->informants != 0) {
        psyi_say(words, "; answered by ", "；填写人：");
        say_informants(words, who->informants);
    }
    if (who->sexes != 0) {
        psyi_say(words, "; ", "；");
        say_mask(words, who->sexes, sexes, 2);
    }
    if (who->stages != 0) {
        psyi_say(words, "; ", "；");
        say_mask(words, who->stages, stages, 4);
    }
    if (who->grade_high != 0) {
        psyi_say(words, "; grades ", "；年级");
        say_range(words, who->grade_low, who->grade_high);
    }
    if (who->age_high >= 0) {
        psyi_say(words, "; ages ", "；年龄");
        say_range(words, who->age_low, who->age_high);
    }
    if (who->months_high != 0) {
        psyi_say(words, "; months of age ", "；月龄");
        say_range(words, who->months_low, who->months_high);
    }
}

/* ---- head and items ------------------------------------------------------------------------ */

static void describe_head(psyi_words *words)
{
    const struct psy_instrument *const it = words->instrument;
    psyi_buffer *const out = words->out;
    say_label(words, it->name, it->id);
    psyi_buffer_format(out, " [%s", it->id);
    psyi_say(words, ", edition ", "，版本 ");
    psyi_buffer_format(out, "%s]\n\n", it->edition);
    psyi_say(words, "Answered by: ", "填写人：");
    say_informants(words, it->informants);
    psyi_buffer_char(out, '\n');
    if (it->grade_high > 0) {
        psyi_say(words, "Grades: ", "适用年级：");
        say_range(words, it->grade_low, it->grade_high);
        psyi_buffer_char(out, '\n');
    }
    if (it->age_high >= 0) {
        psyi_say(words, "Ages: ", "适用年龄：");
        say_range(words, it->age_low, it->age_high);
        psyi_buffer_char(out, '\n');
    }
    if (it->recall != NULL) {
        psyi_say(words, "Asks about: ", "询问的时间：");
        psyi_buffer_format(out, "%s\n", it->recall);
    }
    if (it->sensitive)
        psyi_say(words, "Asks about suicide or self-harm.\n", "含自杀或自伤题目。\n");
    psyi_say(words, "Licence of the item texts: ", "题目文本许可：");
    psyi_buffer_text(
        out, it->text_licence != NULL
                 ? it->text_licence
                 : psyi_label_text((psyi_label){"not stated", "未说明"}, words->language, ""));
    psyi_buffer_char(out, '\n');
}

/* What a file may also say for a code: the labels of the other language, and aliases. */
static void describe_further_words(psyi_words *words, const psyi_response *response)
{
    psyi_buffer *const out = words->out;
    bool first = true;
    for (size_t i = 0; i < response->n_codes; i++) {
        const psyi_label label =
            response->labels != NULL ? response->labels[i] : (psyi_label){NULL, NULL};
        const char *const shown = psyi_label_text(label, words->language, NULL);
        const char *const other = shown == label.en ? label.zh : label.en;
        bool any = false;
        for (size_t j = 0; j <= response->n_aliases; j++) {
            const char *const text = j == 0 ? other : response->aliases[j - 1].text;
            if (text == NULL || (j > 0 && response->aliases[j - 1].code != i))
                continue;
            if (first)
                psyi_say(words, "    also read: ", "    另可读作：");
            else if (!any)
                psyi_say(words, "; ", "；");
            else
                psyi_say(words, ", ", "、");
            if (!any)
                psyi_buffer_format(out, "%d ", (int)response->codes[i]);
            psyi_buffer_text(out, text);
            any = true;
            first = false;
        }
    }
    if (!first)
        psyi_buffer_char(out, '\n');
}

static void describe_response(psyi_words *words, const psyi_response *response)
{
    psyi_buffer *const out = words->out;
    psyi_buffer_format(out, "  %s: ", response->id);
    if (response->kind == PSYI_CLOCK) {
        psyi_say(words, "a time of day\n", "时刻\n");
        return;
    }
    if (response->kind == PSYI_NUMBER) {
        psyi_say(words, "a number, ", "数值，");
        psyi_say_ratio(words, response->low);
        psyi_say(words, " to ", "至");
        psyi_say_ratio(words, response->high);
        psyi_buffer_char(out, '\n');
        return;
    }
    for (size_t i = 0; i < response->n_codes; i++) {
        if (i > 0)
            psyi_say(words, ", ", "、");
        psyi_buffer_integer(out, response->codes[i]);
        const char *const label = response->labels != NULL
                                      ? psyi_label_text(response->labels[i], words->language, NULL)
                                      : NULL;
        if (label != NULL)
            psyi_buffer_format(out, " %s", label);
    }
    for (size_t i = 0; i < response->n_refused; i++) {
        psyi_say(words, "; refused ", "；拒答 ");
        psyi_buffer_integer(out, response->refused[i]);
    }
    for (size_t i = 0; i < response->n_not_applicable; i++) {
        psyi_say(words, "; does not apply ", "；不适用 ");
        psyi_buffer_integer(out, response->not_applicable[i]);
    }
    psyi_buffer_char(out, '\n');
    describe_further_words(words, response);
}

/* Do two items get the same scores from the same answers? */
static bool same_kind(const struct psy_instrument *instrument, const psyi_item *a,
                      const psyi_item *b)
{
    const psyi_response *const response = &instrument->responses[a->response];
    return a->response == b->response && a->scored == b->scored && a->part == b->part &&
           a->reversed == b->reversed &&
           (a->scores == b->scores ||
            (a->scores != NULL && b->scores != NULL &&
             memcmp(a->scores, b->scores, response->n_codes * sizeof *a->scores) == 0));
}

static void describe_item_kind(psyi_words *words, const psyi_item *item)
{
    const struct psy_instrument *const it = words->instrument;
    const psyi_response *const response = &it->responses[item->response];
    psyi_buffer *const out = words->out;
    psyi_buffer_format(out, ": %s", response->id);
    if (!item->scored)
        psyi_say(words, ", not scored", "，不计分");
    if (item->part != PSYI_NO_INDEX) {
        psyi_say(words, ", part ", "，部分 ");
        psyi_buffer_text(out, it->parts[item->part].id);
        if (it->parts[item->part].optional)
            psyi_say(words, " (may be absent)", "（可不施测）");
    }
    bool mapped = item->reversed;
    for (size_t i = 0; item->scores != NULL && i < response->n_codes; i++)
        mapped = mapped || item->scores[i] != response->codes[i];
    if (item->reversed)
        psyi_say(words, ", reverse-keyed", "，反向计分");
    for (size_t i = 0; mapped && i < response->n_codes; i++)
        psyi_buffer_format(out, "%s%d->%d", i == 0 ? " (" : ", ", (int)response->codes[i],
                           (int)item->scores[i]);
    psyi_buffer_text(out, mapped ? ")\n" : "\n");
}

static void describe_items(psyi_words *words)
{
    const struct psy_instrument *const it = words->instrument;
    uint16_t run[2000];
    psyi_say(words, "\nAnswers\n", "\n作答\n");
    for (size_t i = 0; i < it->n_responses; i++)
        describe_response(words, &it->responses[i]);
    psyi_say(words, "\nItems (R marks reverse-keyed ones below)\n",
             "\n题目（下文 R 表示反向计分题）\n");
    for (size_t i = 0; i < it->n_items; i++) {
        /* Every kind is described at its first item. */
        size_t first = 0, n = 0;
        while (!same_kind(it, &it->items[first], &it->items[i]))
            first++;
        if (first < i)
            continue;
        for (size_t j = i; j < it->n_items && n < sizeof run / sizeof *run; j++)
            if (same_kind(it, &it->items[i], &it->items[j]))
                run[n++] = (uint16_t)j;
        psyi_buffer_text(words->out, "  ");
        psyi_say_items(words, run, n, false);
        describe_item_kind(words, &it->items[i]);
    }
    if (it->has_form_gate) {
        psyi_say(words, "More than ", "空白题超过 ");
        psyi_buffer_integer(words->out, it->form_max_blank);
        psyi_say(words, " blanks among the scored items: no scale is scored.\n",
                 " 题时，所有量表均不计分。\n");
    }
    for (size_t i = 0; i < it->n_gates; i++) {
        const psyi_gate *const gate = &it->gates[i];
        psyi_say(words, "When ", "当 ");
        psyi_buffer_text(words->out, psyi_program_canonical(gate->when));
        psyi_say(words, ", these items are not asked: ", " 时，不再询问：");
        psyi_say_items(words, gate->items, gate->n_items, false);
        if (gate->has_value) {
            psyi_say(words, "; they count ", "；按 ");
            psyi_buffer_integer(words->out, gate->value);
            psyi_say(words, "", " 计");
        } else {
            psyi_say(words, "; they add nothing", "；不计入");
        }
        psyi_buffer_char(words->out, '\n');
    }
}

/* ---- flags ----------------------------------------------------------------------------------- */

static void describe_flag_kind(psyi_words *words, const psyi_flag *flag)
{
    static const psyi_label kinds[] = {{"critical, urgent", "危急（紧急）"},
                                       {"critical, review", "危急（须复核）"},
                                       {"interview list, sets no tier", "列入访谈名单，不定级"},
                                       {"validity", "效度"},
                                       {"note", "备注"}};
    static const psyi_label effects[] = {{"", ""},
                                         {"the sheet is doubtful", "答卷存疑"},
                                         {"retest", "建议重测"},
                                         {"the sheet is invalid", "答卷无效"}};
    say_label(words, kinds[flag->kind], "");
    if (flag->effect != PSYI_EFFECT_NONE) {
        psyi_say(words, ": ", "：");
        say_label(words, effects[flag->effect], "");
    }
}

/* "item 9 is at least 1" for a flag that is one comparison with a number. */
static bool describe_comparison(psyi_words *words, const psyi_program *program)
{
    static const psyi_label signs[] = {{"", ""},
                                       {" is below ", "小于"},
                                       {" is at most ", "不大于"},
                                       {" is above ", "大于"},
                                       {" is at least ", "不小于"},
                                       {" is ", "等于"},
                                       {" is not ", "不等于"}};
    const struct psy_instrument *const it = words->instrument;
    const psyi_comparison *comparisons = NULL;
    if (psyi_program_comparisons(program, &comparisons) != 1)
        return false;
    const psyi_comparison *const one = comparisons;
    if (one->offset != 0 || one->length != strlen(psyi_program_text(program)) || one->negated ||
        one->token != NULL || one->compare == PSYI_IN || one->subject == PSYI_SUBJECT_OTHER)
        return false;
    if (one->subject == PSYI_SUBJECT_ITEM) {
        const psyi_item *const item = &it->items[psyi_item_index(one->id)];
        psyi_say(words, "item ", "第");
        psyi_buffer_text(words->out, item->id);
        psyi_say(words, "", "题");
        if (item->name != NULL)
            psyi_buffer_format(words->out, " (%s)", item->name);
    } else if (psyi_column_kind_of(one->id) == PSYI_COLUMN_SCORE) {
        const psyi_scale *const scale = &it->scales[psyi_column_index(one->id)];
        say_label(words, scale->name, scale->id);
    } else {
        return false;
    }
    say_label(words, signs[one->compare], "");
    psyi_say_ratio(words, one->constant);
    psyi_say(words, ";  ", "；  ");
    return true;
}

static void describe_flags(psyi_words *words)
{
    const struct psy_instrument *const it = words->instrument;
    if (it->n_flags > 0)
        psyi_say(words, "\nFlags\n", "\n标记\n");
    for (size_t i = 0; i < it->n_flags; i++) {
        const psyi_flag *const flag = &it->flags[i];
        psyi_buffer_format(words->out, "  %s", flag->id);
        const char *const name = psyi_label_text(flag->name, words->language, NULL);
        if (name != NULL) {
            psyi_say(words, " (", "（");
            psyi_buffer_text(words->out, name);
            psyi_say(words, ")", "）");
        }
        psyi_say(words, ", ", "，");
        describe_flag_kind(words, flag);
        psyi_say_confidence(words, flag->confidence);
        psyi_buffer_text(words->out, "\n    ");
        if (flag->kind == PSYI_FLAG_UNANSWERED) {
            psyi_say(words, "one of these is blank although at least ", "作答不少于 ");
            psyi_say_ratio(words, psyi_ratio_mul(it->critical_share, psyi_ratio_make(100, 1)));
            psyi_say(words, " % of the form is answered: items ", "% 而下列题目未作答：第 ");
            psyi_say_items(words, it->critical_items, it->n_critical_items, false);
            psyi_say(words, "", " 题");
        } else {
            describe_comparison(words, flag->when);
            psyi_say(words, "when ", "条件：");
            psyi_buffer_text(words->out, psyi_program_canonical(flag->when));
        }
        psyi_buffer_char(words->out, '\n');
    }
}

/* ---- norms, variants, sources --------------------------------------------------------------- */

static void describe_norms(psyi_words *words)
{
    const struct psy_instrument *const it = words->instrument;
    psyi_buffer *const out = words->out;
    if (it->n_norms > 0)
        psyi_say(words, "\nNorms\n", "\n常模\n");
    for (size_t i = 0; i < it->n_norms; i++) {
        const psyi_norm *const norm = it->norms[i];
        psyi_buffer_format(out, "  %s: ", norm->id);
        say_label(words, norm->population, norm->id);
        if (norm->year > 0)
            psyi_buffer_format(out, ", %d", norm->year);
        if (norm->n > 0)
            psyi_buffer_format(out, ", n = %llu", (unsigned long long)norm->n);
        psyi_say_confidence(words, norm->confidence);
        if (norm->print_only)
            psyi_say(words, "; for print only, no tier may rest on it", "；仅供打印，不得据以定级");
        psyi_buffer_text(out, "\n    ");
        bool first = true;
        for (size_t j = 0; j < it->n_standards; j++) {
            if (it->standards[j].norm != i)
                continue;
            psyi_buffer_format(out, "%s%s.%s", first ? "" : ", ",
                               it->scales[it->standards[j].scale].id, it->standards[j].name);
            first = false;
        }
        psyi_buffer_char(out, '\n');
        if (norm->source != NULL)
            psyi_buffer_format(out, "    %s\n", norm->source);
    }
}

static void describe_variants(psyi_words *words)
{
    const struct psy_instrument *const it = words->instrument;
    psyi_buffer *const out = words->out;
    if (it->n_variants > 1)
        psyi_say(words, "\nCoding variants\n", "\n编码变式\n");
    for (size_t i = 0; i < it->n_variants && it->n_variants > 1; i++) {
        const psyi_variant *const variant = &it->variants[i];
        psyi_buffer_format(out, "  %s", variant->id);
        if (i == 0)
            psyi_say(words, " (default; everything above)", "（默认，即上文）");
        psyi_say_confidence(words, variant->confidence);
        for (size_t j = 0; j < variant->n_codes; j++)
            psyi_buffer_format(out, "%s%d->%d", j == 0 ? ": " : ", ", (int)variant->given[j],
                               (int)variant->canonical[j]);
        if (variant->shift != 0) {
            psyi_say(words, "; sums and means of item scores less ", "；求和与平均时每题减 ");
            psyi_buffer_integer(out, variant->shift);
        }
        psyi_buffer_char(out, '\n');
        if (i > 0)
            psyi_describe_variant(words, variant);
    }
}

static void describe_sources(psyi_words *words)
{
    const struct psy_instrument *const it = words->instrument;
    psyi_buffer *const out = words->out;
    psyi_say(words, "\nSources\n", "\n来源\n");
    if (it->n_sources == 0)
        psyi_say(words, "  none stated\n", "  未说明\n");
    for (size_t i = 0; i < it->n_sources; i++) {
        psyi_buffer_format(out, "  %s", it->sources[i].cite);
        if (it->sources[i].covers != NULL)
            psyi_buffer_format(out, " [%s]", it->sources[i].covers);
        psyi_say_confidence(words, it->sources[i].confidence);
        psyi_buffer_char(out, '\n');
    }
    if (it->n_notes > 0)
        psyi_say(words, "\nNotes\n", "\n说明\n");
    for (size_t i = 0; i < it->n_notes; i++)
        psyi_buffer_format(out, "  %s\n", it->notes[i]);
    psyi_say(words, "\nA screening result is not a diagnosis.\n", "\n筛查结果不是诊断。\n");
    psyi_say(words, "Fingerprint: ", "指纹：");
    psyi_buffer_format(out, "%s\n", it->fingerprint);
}

/* ---- the public functions ---------------------------------------------------------------------
 */

static psy_status give(psyi_buffer *out, const psy_sink *sink, psy_error *error)
{
    psy_status status = PSY_OK;
    if (out->failed)
        status = psyi_fail_memory(error, "a description");
    else if (sink->write(sink->context, out->data, out->length) != 0)
        status = psyi_fail(error, PSY_E_OUTPUT, NULL, "the description could not be written");
    psyi_buffer_done(out);
    return status;
}

static psy_status begin(psyi_words *words, psyi_buffer *out, const psy_instrument *instrument,
                        const char *language, psy_error *error)
{
    const bool zh = language != NULL && strcmp(language, "zh") == 0;
    if (language != NULL && !zh && strcmp(language, "en") != 0)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "languages are 'en' and 'zh'");
    psyi_buffer_init(out, instrument->arena.allocator);
    *words = (psyi_words){
        .out = out, .instrument = instrument, .language = zh ? PSYI_ZH : PSYI_EN};
    return PSY_OK;
}

psy_status psy_instrument_describe(const psy_instrument *instrument, const char *language,
                                   const psy_sink *sink, psy_error *error)
{
    psyi_buffer out;
    psyi_words words;
    const psy_status status = begin(&words, &out, instrument, language, error);
    if (status != PSY_OK)
        return status;
    describe_head(&words);
    describe_items(&words);
    psyi_describe_scales(&words);
    describe_flags(&words);
    describe_norms(&words);
    describe_variants(&words);
    describe_sources(&words);
    return give(&out, sink, error);
}

psy_status psy_instrument_summary(const psy_instrument *instrument, const char *language,
                                  const psy_sink *sink, psy_error *error)
{
    psyi_buffer out;
    psyi_words words;
    const psy_status status = begin(&words, &out, instrument, language, error);
    if (status != PSY_OK)
        return status;
    psyi_buffer_format(&out, "%s\t%s\t", instrument->id, instrument->edition);
    psyi_buffer_integer(&out, (long long)instrument->n_items);
    psyi_say(&words, " items\t", "题\t");
    psyi_buffer_integer(&out, (long long)instrument->n_scales);
    psyi_say(&words, instrument->n_scales == 1 ? " scale\t" : " scales\t", "量表\t");
    say_label(&words, instrument->name, instrument->id);
    psyi_buffer_char(&out, '\t');
    for (size_t i = 0; i < instrument->n_topics; i++)
        psyi_buffer_format(&out, "%s%s", i > 0 ? ", " : "", instrument->topics[i]);
    psyi_buffer_format(&out, "\t%s\t",
                       instrument->text_licence != NULL ? instrument->text_licence : "");
    psyi_say_informants(&words);
    psyi_buffer_char(&out, '\t');
    psyi_say_grades(&words);
    psyi_buffer_char(&out, '\n');
    return give(&out, sink, error);
}
