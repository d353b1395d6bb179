/*
 * norm_marks.c -- what keeps a standard score from being exact, and how that is said.
 *
 * A number beside a mark is still the number that is compared with cuts; the mark tells the
 * reader that it is the end of a table, that of other people, or of another time.
 */
#include "norm/norm_marks.h"

#include <psyscreen/regression_norm.h>

#include <string.h>

static bool is_rank(psyi_metric metric)
{
    return (PSYI_RANK_METRICS >> metric & 1u) != 0;
}

/* ---- beyond the end --------------------------------------------------------------------- */

static uint8_t beyond_cells(const psyi_norm_group *group, psyi_ratio raw)
{
    size_t low = 0, high = group->n_cells;
    while (low < high && group->cells[low].count == 0)
        low++;
    while (high > low && group->cells[high - 1].count == 0)
        high--;
    if (low == high)
        return 0;
    return psyi_ratio_compare(raw, group->cells[low].raw) < 0 ||
                   psyi_ratio_compare(raw, group->cells[high - 1].raw) > 0
               ? PSYI_NORM_CLIPPED
               : 0;
}

uint8_t psyi_norm_clipped(const psyi_norm *norm, const psyi_norm_group *group, psyi_metric metric,
                          psyi_ratio raw, psyi_ratio age)
{
    if (group == NULL || raw.den <= 0)
        return 0;
    if (norm->kind == PSYI_NORM_HISTOGRAM && is_rank(metric))
        return beyond_cells(group, raw);
    if (norm->kind == PSYI_NORM_REGRESSION && age.den > 0) {
        int32_t clipped;
        psy_regression_standard(&group->model->regression, psyi_ratio_double(raw),
                                psyi_ratio_double(age), &clipped);
        return clipped != 0 ? PSYI_NORM_CLIPPED : 0;
    }
    return 0;
}

uint8_t psyi_norm_at_end(const psyi_norm *norm, psyi_metric metric, psyi_ratio value)
{
    if (norm->kind != PSYI_NORM_REGRESSION || value.den <= 0)
        return 0;
    for (int end = 0; end < 2; end++) {
        const psyi_ratio last =
            psyi_z_standard(norm, metric, (psyi_ratio_double(norm->norm_range[end]) - 50) / 10);
        const int order = last.den > 0 ? psyi_ratio_compare(value, last) : 1;
        if (last.den > 0 && (end == 0 ? order <= 0 : order >= 0))
            return PSYI_NORM_CLIPPED;
    }
    return 0;
}

uint8_t psyi_counts_clipped(const psyi_histogram *counts, psyi_metric metric, psyi_ratio score)
{
    if (!is_rank(metric) || counts == NULL || counts->n_bins == 0 || score.den <= 0)
        return 0;
    return psyi_ratio_compare(score, counts->bins[0].score) < 0 ||
                   psyi_ratio_compare(score, counts->bins[counts->n_bins - 1].score) > 0
               ? PSYI_NORM_CLIPPED
               : 0;
}

bool psyi_norm_clips(const psyi_norm *norm)
{
    return norm->kind == PSYI_NORM_REGRESSION ||
           (norm->kind == PSYI_NORM_HISTOGRAM && (norm->metrics & PSYI_RANK_METRICS) != 0);
}

bool psyi_norm_too_old(const psyi_norm *norm, uint32_t most, int year)
{
    return most != 0 && norm->year != 0 && year != 0 && year - norm->year > (int)most;
}

/* ---- words ------------------------------------------------------------------------------ */

static const struct {
    const char *id;
    psyi_label words;
} marks_said[PSYI_NORM_MARKS] = {
    {"clipped", {.en = "beyond the norm's end", .zh = "超出常模端点"}},
    {"pooled", {.en = "wider group", .zh = "合并组"}},
    {"shrunk", {.en = "shrunk group", .zh = "收缩组"}},
    {"stale", {.en = "old norm", .zh = "常模过旧"}},
    {"others", {.en = "norm of other people", .zh = "非本人群常模"}},
};

const psyi_label psyi_norm_mark_legend = {
    .en = "the standard score beside it is no exact reading; beyond the norm's end: the score lies "
          "outside what the norm holds and the value is its end; wider group: the own group is "
          "too small and a wider one judges; shrunk group: mean and deviation of a small group, "
          "drawn towards those of all; old norm: older than the plan allows; norm of other people: "
          "the reference group holds nobody of this sex, grade, age or informant; empty: none of "
          "these",
    .zh = "旁边的标准分不可当作精确值：超出常模端点＝原始分在常模范围之外，所列为端点值；"
          "合并组＝所在组人数不足，按更大的组评定；收缩组＝人数较少，均值和标准差向各组收缩；"
          "常模过旧＝超过方案允许的年数；非本人群常模＝参照组不含该性别、年级、年龄或填写人；"
          "空白＝无以上情况"};

void psyi_norm_mark_ids(uint8_t marks, psyi_buffer *out)
{
    bool any = false;
    for (unsigned i = 0; i < PSYI_NORM_MARKS; i++)
        if (((unsigned)marks >> i & 1u) != 0) {
            psyi_buffer_text(out, any ? ";" : "");
            psyi_buffer_text(out, marks_said[i].id);
            any = true;
        }
}

void psyi_norm_mark_words(uint8_t marks, psyi_language language, psyi_buffer *out)
{
    bool any = false;
    for (unsigned i = 0; i < PSYI_NORM_MARKS; i++)
        if (((unsigned)marks >> i & 1u) != 0) {
            psyi_buffer_text(out, !any ? "" : language == PSYI_ZH ? "、" : ", ");
            psyi_buffer_text(out, psyi_label_text(marks_said[i].words, language, ""));
            any = true;
        }
}

uint8_t psyi_norm_mark_of(const char *id, size_t length)
{
    for (unsigned i = 0; i < PSYI_NORM_MARKS; i++)
        if (strlen(marks_said[i].id) == length && memcmp(marks_said[i].id, id, length) == 0)
            return (uint8_t)(1u << i);
    return 0;
}
