/*
 * quality_write.c -- the report of a wave to be read: Markdown with its conventions.
 */
#include "base/fail.h"
#include "base/file.h"
#include "screening/quality_tables.h"

#include <psyscreen/version.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct writing {
    const psy_quality *quality;
    bool zh;
    psyi_buffer out;
} writing;

static void say(writing *w, const char *en, const char *zh)
{
    psyi_buffer_text(&w->out, w->zh ? zh : en);
}

/* Columns of a printed table: which of the psy_table, its head, and how a number looks. */
typedef struct shown {
    const char *column, *en, *zh;
    int decimals; /* of numbers; -1: a share in per cent; -2: as it is */
} shown;

static bool text_of(const psy_table *table, const char *name, size_t row, const char **text,
                    size_t *length)
{
    const size_t column = psy_table_find(table, name);
    return column != SIZE_MAX && psy_table_get_text(table, column, row, text, length);
}

static void put_number(psyi_buffer *out, double value, int decimals)
{
    if (decimals == -1)
        psyi_buffer_format(out, "%.1f %%", 100 * value);
    else if (decimals == -2)
        psyi_buffer_format(out, "%.4g", value);
    else
        psyi_buffer_format(out, "%.*f", decimals, value);
}

static void put_cell(psyi_buffer *out, const psy_table *table, size_t row, const shown *at)
{
    const size_t column = psy_table_find(table, at->column);
    const char *text;
    size_t length;
    int64_t whole;
    double value;
    if (column == SIZE_MAX)
        return;
    switch (psy_table_column_type(table, column)) {
    case PSY_COLUMN_TEXT:
        if (psy_table_get_text(table, column, row, &text, &length))
            psyi_buffer_add(out, text, length);
        break;
    case PSY_COLUMN_INT64:
        if (psy_table_get_int(table, column, row, &whole))
            psyi_buffer_integer(out, whole);
        break;
    case PSY_COLUMN_DOUBLE:
        if (psy_table_get_double(table, column, row, &value))
            put_number(out, value, at->decimals);
        break;
    case PSY_COLUMN_BOOL:
        break;
    }
}

typedef bool wanted(const psy_table *table, size_t row);

static void put_table(writing *w, const psy_table *table, const shown *columns, size_t n,
                      wanted *want)
{
    psyi_buffer_text(&w->out, "\n|");
    for (size_t i = 0; i < n; i++)
        psyi_buffer_format(&w->out, " %s |", w->zh ? columns[i].zh : columns[i].en);
    psyi_buffer_text(&w->out, "\n|");
    for (size_t i = 0; i < n; i++)
        psyi_buffer_text(&w->out, "---|");
    psyi_buffer_char(&w->out, '\n');
    for (size_t row = 0; row < psy_table_row_count(table); row++) {
        if (want != NULL && !want(table, row))
            continue;
        psyi_buffer_char(&w->out, '|');
        for (size_t i = 0; i < n; i++) {
            psyi_buffer_char(&w->out, ' ');
            put_cell(&w->out, table, row, &columns[i]);
            psyi_buffer_text(&w->out, " |");
        }
        psyi_buffer_char(&w->out, '\n');
    }
}

#define PUT_TABLE(w, part, columns, want)                                                          \
    put_table(w, (w)->quality->tables[part], columns, sizeof(columns) / sizeof *(columns), want)

static void put_head(writing *w)
{
    const psy_quality *const q = w->quality;
    psyi_buffer_format(&w->out,
                       w->zh ? "# 测评质量报告：%s（%s）\n\n" : "# Quality of a wave: %s (%s)\n\n",
                       q->plan, q->wave);
    psyi_buffer_format(
        &w->out,
        w->zh ? "应测 D %llu，实测 C %llu，有效 V %llu。psyscreen %s，方案指纹 %.16s。\n\n"
              : "Due D %llu, tested C %llu, valid V %llu. psyscreen %s, plan %.16s.\n\n",
        (unsigned long long)q->due, (unsigned long long)q->tested, (unsigned long long)q->valid,
        psy_version(), q->fingerprint);
    say(w,
        "Screening is not a diagnosis, and these numbers are about questionnaires, not about "
        "children.\nWho counts: students who consent and whose sheet is chosen and not set aside "
        "(invalid, retest).\n",
        "筛查结果不是诊断；以下数字说的是量表与答卷，不是学生。\n统计范围：已同意、答卷被采用且未被"
        "搁置"
        "（无效、建议重测）的学生。\n");
}

static void put_scales(writing *w)
{
    static const shown columns[] = {{"use", "use", "量表", 0},
                                    {"scale", "scale", "维度", 0},
                                    {"group", "group", "群体", 0},
                                    {"n", "n", "人数", 0},
                                    {"not_scored", "not scored", "无分", 0},
                                    {"mean", "mean", "均值", 2},
                                    {"sd", "SD", "标准差", 2},
                                    {"floor", "floor", "地板", -1},
                                    {"ceiling", "ceiling", "天花板", -1},
                                    {"items", "items", "题数", 0},
                                    {"complete", "complete", "完整", 0},
                                    {"alpha", "alpha", "α", 3},
                                    {"alpha_lo", "from", "下限", 3},
                                    {"alpha_hi", "to", "上限", 3},
                                    {"alpha_std", "standardised", "标准化α", 3},
                                    {"omega", "omega", "ω", 3},
                                    {"lambda6", "lambda 6", "λ6", 3},
                                    {"spearman_brown", "halves", "分半", 3},
                                    {"sem", "SEM", "测量标准误", 2},
                                    {"reliable_change", "change", "可靠变化", 0},
                                    {"notes", "notes", "备注", 0}};
    say(w, "\n## Scales\n", "\n## 量表\n");
    PUT_TABLE(w, PSY_QUALITY_SCALES, columns, NULL);
    psyi_buffer_format(
        &w->out,
        w->zh
            ? "\nα 及其 %g %% "
              "区间（Feldt）、ω（单因子，模型分母）、λ6、分半（奇偶，Spearman-"
              "Brown）都指题目之和；%s。"
              "测量标准误 = 和的标准差·√(1−α)；可靠变化 = "
              "同一人两次测评之间超出测量误差的最小整数差"
              "（1.96·√2·测量标准误，Jacobson-Truax）。地板、天花板是得分在可能最低、最高值的比例。"
              "不足 %u 人的群体标 few，结果不稳；不足 %u 人的不印（suppressed）。"
              "备注：constant_items 有题无变异，已去掉；few_rows 人数不多于题数；negative_alpha "
              "多为计分方向有误；"
              "heywood、no_factor 单因子不成立，无 ω；minres 最大似然无解，用最小残差；"
              "many_items 题数过多（超过 512 题无 ω，超过 1024 题无信度）。\n"
            : "\nAlpha with its %g %% interval (Feldt), omega (one factor, the model's "
              "denominator), "
              "lambda 6 and halves (odd and even items, Spearman-Brown) are those of the sum of "
              "the items; %s. SEM = SD of the sum times sqrt(1 - alpha); change: the "
              "smallest whole difference between two testings of one person that is reliable "
              "(1.96 sqrt 2 SEM, Jacobson-Truax). Floor and ceiling: share "
              "at the lowest and highest possible score. Groups of fewer than %u are marked few: "
              "their numbers are unstable; of fewer than %u nothing is printed (suppressed). "
              "Notes: constant_items do not vary and are left out; few_rows: no more persons than "
              "items; negative_alpha: mostly a matter of keying; heywood, no_factor: one factor "
              "does "
              "not fit, no omega; minres: maximum likelihood had no minimum; many_items: too many "
              "items for omega (above 512) or any of it (above 1,024).\n",
        100 * w->quality->level,
        w->quality->rows == PSY_ROWS_PAIRWISE
            ? (w->zh ? "缺答：两两有答" : "missing answers: pairs that answered both")
            : (w->zh ? "缺答：只用答全者" : "missing answers: complete sheets only"),
        w->quality->few, w->quality->small_cell);
}

/* Items that want a look. */
static bool is_odd(const psy_table *table, size_t row)
{
    const char *key;
    size_t length;
    double r = 0, missing = 0;
    const size_t rest = psy_table_find(table, "item_rest_r");
    const size_t lacks = psy_table_find(table, "missing");
    const bool weak = psy_table_get_double(table, rest, row, &r) && r < .2;
    const bool blank = psy_table_get_double(table, lacks, row, &missing) && missing > .05;
    const bool keyed =
        text_of(table, "key", row, &key, &length) && (length != 4 || memcmp(key, "fits", 4) != 0);
    return weak || blank || keyed;
}

static void put_items(writing *w)
{
    static const shown columns[] = {{"use", "use", "量表", 0},
                                    {"scale", "scale", "维度", 0},
                                    {"item", "item", "题", 0},
                                    {"n", "n", "人数", 0},
                                    {"missing", "missing", "缺答", -1},
                                    {"mean", "mean", "均值", 2},
                                    {"sd", "SD", "标准差", 2},
                                    {"item_rest_r", "item-rest r", "题总相关", 3},
                                    {"alpha_dropped", "alpha if dropped", "删题后α", 3},
                                    {"loading", "loading", "载荷", 3},
                                    {"key", "key", "计分方向", 0}};
    say(w, "\n## Items that want a look\n", "\n## 需要看一看的题\n");
    PUT_TABLE(w, PSY_QUALITY_ITEMS, columns, is_odd);
    say(w,
        "\nItem-rest r below .20, more than 5 % missing, or a key that does not fit the data. All "
        "items are in items.csv. A weak item is no reason to change a published key.\n",
        "\n题总相关低于 .20、缺答超过 5 %，或计分方向与数据不合。全部题目见 "
        "items.csv。题弱不是改动既有计分的理由。\n");
}

static bool is_of_use(const psy_table *table, size_t row)
{
    const char *text;
    size_t length;
    double share;
    const size_t n = psy_table_find(table, "n");
    const size_t column = psy_table_find(table, "share");
    int64_t defined;
    return text_of(table, "use", row, &text, &length) && length > 0 &&
           ((psy_table_get_int(table, n, row, &defined) && defined > 0) ||
            psy_table_get_double(table, column, row, &share));
}

static bool is_of_students(const psy_table *table, size_t row)
{
    const char *text;
    size_t length;
    return text_of(table, "use", row, &text, &length) && length == 0;
}

static void put_validity(writing *w)
{
    static const shown columns[] = {{"use", "use", "量表", 0},
                                    {"sign", "sign", "指标", 0},
                                    {"n", "n", "人数", 0},
                                    {"no_variance", "no variance", "无变异", 0},
                                    {"undefined", "undefined", "无法计算", 0},
                                    {"p01", "1 %", "1 %", -2},
                                    {"p05", "5 %", "5 %", -2},
                                    {"p50", "median", "中位", -2},
                                    {"p95", "95 %", "95 %", -2},
                                    {"p99", "99 %", "99 %", -2},
                                    {"mark", "mark", "标准", -2},
                                    {"fired", "reached", "达到", 0},
                                    {"share", "share", "比例", -1}};
    static const shown students[] = {
        {"sign", "", "", 0},           {"n", "n", "人数", 0},
        {"p01", "1 %", "1 %", -2},     {"p50", "median", "中位", -2},
        {"p99", "99 %", "99 %", -2},   {"fired", "students", "学生", 0},
        {"share", "share", "比例", -1}};
    say(w, "\n## How the sheets were filled in\n", "\n## 作答质量\n");
    PUT_TABLE(w, PSY_QUALITY_VALIDITY, columns, is_of_use);
    PUT_TABLE(w, PSY_QUALITY_VALIDITY, students, is_of_students);
    if (w->quality->has_policy)
        say(w,
            "\nOne sign says how unusual a sheet is, not that a child was careless; the policy "
            "counts families. If a tenth of a wave is doubted, look at the marks first. A run "
            "counts "
            "only across items of both directions, so that fewer reach the mark than the "
            "distribution shows. Conventions: docs/validity.md.\n",
            "\n单个指标只说明答卷少见，不说明学生不认真；方案按“族”计数。若一成答卷存疑，先检查标准"
            "。"
            "连续相同答案只有跨越正反向题才算，所以达到者少于分布所示。口径见 "
            "docs/validity.md。\n");
    else
        say(w,
            "\nThe plan has no policy of validity: nothing is marked, and only the instruments' "
            "own "
            "flags and the plan's rules decide.\n",
            "\n方案没有效度策略：这里只显示分布，由量表自带效度指标与方案规则决定。\n");
}

static void put_checks(writing *w)
{
    static const shown columns[] = {
        {"check", "check", "检查项", 0},      {"use", "use", "量表", 0},
        {"observed", "observed", "本次", 3},  {"low", "from", "参考下限", 2},
        {"high", "to", "参考上限", 2},        {"verdict", "verdict", "判断", 0},
        {"remedy", "if outside", "偏离时", 0}};
    say(w, "\n## Do the numbers look like those of other surveys?\n", "\n## 与已发表调查相比\n");
    PUT_TABLE(w, PSY_QUALITY_CHECKS, columns, NULL);
    say(w, "\nRanges from published surveys of pupils: no norms. 1 and 0 stand for yes and no.\n",
        "\n范围来自已发表的学生调查，不是常模。1、0 表示是、否。\n");
}

psy_status psy_quality_write(const psy_quality *quality, const char *language, const psy_sink *sink,
                             psy_error *error)
{
    writing w = {.quality = quality};
    if (language == NULL || (strcmp(language, "en") != 0 && strcmp(language, "zh") != 0))
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "a report is written in en or zh");
    for (size_t part = 0; part < PSY_QUALITY_PARTS; part++)
        if (quality->tables[part] == NULL)
            return psyi_fail(error, PSY_E_ARGUMENT, NULL, "a table of the report was taken away");
    w.zh = strcmp(language, "zh") == 0;
    psyi_buffer_init(&w.out, quality->allocator);
    put_head(&w);
    put_scales(&w);
    put_items(&w);
    put_validity(&w);
    put_checks(&w);
    psy_status status = PSY_OK;
    if (w.out.failed)
        status = psyi_fail_memory(error, "a report");
    else if (sink->write(sink->context, w.out.data, w.out.length) != 0)
        status = psyi_fail(error, PSY_E_OUTPUT, NULL, "the report could not be written");
    psyi_buffer_done(&w.out);
    return status;
}

/* ---- to files ---- */

static int take(void *context, const void *bytes, size_t size)
{
    psyi_buffer *const to = context;
    psyi_buffer_add(to, bytes, size);
    return to->failed ? -1 : 0;
}

static psy_status save(const psy_quality *quality, const char *directory, const char *name,
                       const psyi_buffer *text, psy_error *error)
{
    char *const path = psyi_path_join(quality->allocator, directory, name);
    if (path == NULL)
        return psyi_fail_memory(error, name);
    const psy_status status = psyi_file_replace(path, text->data != NULL ? text->data : "",
                                                text->length, 0644, quality->allocator, error);
    psyi_free(quality->allocator, path);
    return status;
}

psy_status psy_quality_save(const psy_quality *quality, const char *directory, psy_error *error)
{
    static const struct {
        const char *name, *language;
        psy_quality_part part;
    } files[] = {
        {"scales.csv", NULL, PSY_QUALITY_SCALES},     {"items.csv", NULL, PSY_QUALITY_ITEMS},
        {"validity.csv", NULL, PSY_QUALITY_VALIDITY}, {"checks.csv", NULL, PSY_QUALITY_CHECKS},
        {"quality.en.md", "en", PSY_QUALITY_PARTS},   {"quality.zh.md", "zh", PSY_QUALITY_PARTS}};
    psy_status status = psyi_directory_make_all(directory, quality->allocator, error);
    for (size_t i = 0; i < sizeof files / sizeof *files && status == PSY_OK; i++) {
        psyi_buffer text;
        psyi_buffer_init(&text, quality->allocator);
        const psy_sink sink = {take, &text};
        if (files[i].language != NULL)
            status = psy_quality_write(quality, files[i].language, &sink, error);
        else if (quality->tables[files[i].part] == NULL)
            status = psyi_fail(error, PSY_E_ARGUMENT, NULL, "a table of the report was taken away");
        else
            status = psy_table_write_csv(quality->tables[files[i].part], &sink, error);
        if (text.failed)
            status = psyi_fail_memory(error, files[i].name);
        if (status == PSY_OK)
            status = save(quality, directory, files[i].name, &text, error);
        psyi_buffer_done(&text);
    }
    return status;
}
