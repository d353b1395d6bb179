/*
 * district_checks.c -- 质量与口径: do the numbers look like those of other districts?
 *
 * The ranges come from published surveys of pupils.  They are no norms: a value outside one
 * asks for a look at the coding (yes and no exchanged, validity items counted, 1 and 2
 * instead of 0 and 1) before any list is printed.
 */
#include "base/spill.h"
#include "report/release.h"

#include <math.h>
#include <string.h>

#include "report/report.h"

typedef enum check_kind {
    MEAN,
    SD,
    SHARE_AT_LEAST,
    VALID_RATE,
    GIRLS_MINUS_BOYS,
    HIGHEST_SUBSCALE,
    LOWEST_SUBSCALE
} check_kind;

typedef struct check {
    check_kind kind;
    const char *instrument, *scale;
    int cut;
    psyi_label name;
    double low, high;   /* plausible */
    double least, most; /* beyond: probably a coding error */
    psyi_label remedy;
    psyi_label source;
} check;

#define MHT_SOURCE                                                                                 \
    PSYI_LABEL("2010—2024年MHT调查（doi 10.16835/j.cnki.1000-9817.2025211 等）",                   \
               "MHT surveys 2010-2024 (doi 10.16835/j.cnki.1000-9817.2025211 and others)")

static const check checks[] = {
    {VALID_RATE, NULL, NULL, 0, PSYI_LABEL("有效率 V/C", "valid rate V/C"), 0.90, 0.99, 0, 1.01,
     PSYI_LABEL("过低：查施测组织；100%：查效度规则是否生效",
                "low: look at how it was given; 100 %: do validity rules run?"),
     PSYI_LABEL("一项17,086人的调查（2021年）中为96.3%；另见 doi 10.1186/s12888-023-05068-1",
                "96.3 % in a survey of 17,086 (2021); see also doi 10.1186/s12888-023-05068-1")},
    {MEAN, "mht", "total", 0, PSYI_LABEL("MHT 总分均值", "MHT total, mean"), 30, 45, 15, 60,
     PSYI_LABEL("查是否把“是/否”编反，或计入了效度题",
                "yes and no exchanged, or validity items counted?"),
     MHT_SOURCE},
    {SD, "mht", "total", 0, PSYI_LABEL("MHT 总分标准差", "MHT total, SD"), 14, 20, 5, 30,
     PSYI_LABEL("查编码", "look at the coding"), MHT_SOURCE},
    {SHARE_AT_LEAST, "mht", "total", 65, PSYI_LABEL("MHT 总分≥65 的比例", "MHT total ≥ 65"), 0.01,
     0.15, 1e-9, 0.25,
     PSYI_LABEL("为 0 或超过 25% 多为编码错误", "0 or above 25 % is mostly a coding error"),
     MHT_SOURCE},
    {HIGHEST_SUBSCALE, "mht", "study_anxiety", 8,
     PSYI_LABEL("MHT 内容量表≥8 比例最高者是学习焦虑",
                "MHT: learning anxiety has the highest share ≥ 8"),
     1, 1, -1, 2, PSYI_LABEL("否则查题目次序", "else look at the order of items"), MHT_SOURCE},
    {LOWEST_SUBSCALE, "mht", "loneliness", 8,
     PSYI_LABEL("MHT 内容量表≥8 比例最低者是孤独倾向", "MHT: loneliness has the lowest share ≥ 8"),
     1, 1, -1, 2, PSYI_LABEL("否则查题目次序", "else look at the order of items"), MHT_SOURCE},
    {GIRLS_MINUS_BOYS, "mht", "total", 0,
     PSYI_LABEL("MHT 总分：女生均值 − 男生均值", "MHT total: girls − boys"), 0, 15, -10, 30,
     PSYI_LABEL("为负：查性别编码 1/2 是否颠倒", "negative: are the codes of sex exchanged?"),
     MHT_SOURCE},
    {SHARE_AT_LEAST, "phq9", "total", 10, PSYI_LABEL("PHQ-9 总分≥10 的比例", "PHQ-9 total ≥ 10"),
     0.05, 0.30, 1e-9, 0.5, PSYI_LABEL("查编码起点 0 还是 1", "do the codes begin at 0 or 1?"),
     PSYI_LABEL("中学生调查（doi 10.1186/s12888-023-05068-1）；元分析（PMC12169870）",
                "a survey of pupils (doi 10.1186/s12888-023-05068-1); a meta-analysis "
                "(PMC12169870)")},
    {SHARE_AT_LEAST, "gad7", "total", 10, PSYI_LABEL("GAD-7 总分≥10 的比例", "GAD-7 total ≥ 10"),
     0.03, 0.25, 1e-9, 0.5, PSYI_LABEL("查编码起点 0 还是 1", "do the codes begin at 0 or 1?"),
     PSYI_LABEL("中学生调查（doi 10.1186/s12888-023-05068-1）",
                "a survey of pupils (doi 10.1186/s12888-023-05068-1)")},
};

/* Sums over students in V who have the score. */
typedef struct sums {
    uint64_t n, at_least;
    double sum, squares;
} sums;

static sums sum_up(const psyi_results *results, size_t use, size_t scale, int cut, int sex)
{
    sums out = {0};
    const psyi_scores *const scores = results->scores[use];
    for (size_t i = 0; scores != NULL && i < results->n_students; i++) {
        const psyi_student *const who = &results->students[i];
        uint32_t sheet;
        psyi_spill_pass(results->allocator, i);
        if ((who->status != PSYI_STATUS_VALID && who->status != PSYI_STATUS_DOUBTFUL) ||
            (sex != 0 && who->sex != sex) || !psyi_printable(results, i) ||
            !psyi_score_at(results, i, use, scale, &sheet))
            continue;
        const psyi_ratio ratio = psyi_scores_value(scores, scale, sheet);
        const double value = psyi_ratio_double(ratio);
        out.n++;
        out.sum += value;
        out.squares += value * value;
        out.at_least += psyi_ratio_compare(ratio, psyi_ratio_make(cut, 1)) >= 0;
    }
    return out;
}

static double share(const sums *of)
{
    return of->n > 0 ? (double)of->at_least / (double)of->n : NAN;
}

static double mean(const sums *of)
{
    return of->n > 0 ? of->sum / (double)of->n : NAN;
}

/* Is `scale` the content scale with the highest (lowest) share at the cut? 1, 0, NaN. */
static double is_extreme(const psyi_results *results, size_t use, size_t scale, int cut,
                         bool highest)
{
    const psy_instrument *const instrument = results->plan->uses[use].instrument;
    const sums own = sum_up(results, use, scale, cut, 0);
    for (size_t i = 0; i < instrument->n_scales; i++) {
        if (i == scale || strcmp(instrument->scales[i].id, "total") == 0 ||
            strcmp(instrument->scales[i].id, "validity") == 0 || instrument->scales[i].derived)
            continue;
        const sums other = sum_up(results, use, i, cut, 0);
        if (highest ? share(&other) > share(&own) : share(&other) < share(&own))
            return 0;
    }
    return isnan(share(&own)) ? NAN : 1;
}

int psyi_check_cut(const psy_instrument *instrument, const char *scale)
{
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++)
        if (checks[i].kind == SHARE_AT_LEAST && strcmp(checks[i].instrument, instrument->id) == 0 &&
            strcmp(checks[i].scale, scale) == 0)
            return checks[i].cut;
    return 0;
}

const psyi_label *psyi_check_mean(const psy_instrument *instrument, const char *scale, double *low,
                                  double *high)
{
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++)
        if (checks[i].kind == MEAN && strcmp(checks[i].instrument, instrument->id) == 0 &&
            strcmp(checks[i].scale, scale) == 0) {
            *low = checks[i].low;
            *high = checks[i].high;
            return &checks[i].source;
        }
    return NULL;
}

/* What the tables hide must not stand here. */
static bool is_hidden(const psyi_report *report, const check *what, size_t use, size_t scale)
{
    const psyi_release *const release = report->release;
    if (what->instrument == NULL)
        return false;
    const psyi_release_scale *const of =
        psyi_release_scale_of(release, report->results->plan, use, scale);
    switch (what->kind) {
    case MEAN:
    case SD:
        return of->hide_moments[release->groups.n - 1];
    case GIRLS_MINUS_BOYS:
        return of->hide_sexes || of->hide_moments[release->groups.n - 1];
    case SHARE_AT_LEAST:
        return release->hide_at_least[of - release->scales];
    case VALID_RATE:
    case HIGHEST_SUBSCALE:
    case LOWEST_SUBSCALE:
        break;
    }
    return false;
}

static double observe(const psyi_report *report, const check *what, size_t use, size_t scale)
{
    const psyi_results *const results = report->results;
    if (what->kind == VALID_RATE)
        return report->counts.tested > 0
                   ? (double)report->counts.valid / (double)report->counts.tested
                   : NAN;
    if (what->kind == HIGHEST_SUBSCALE || what->kind == LOWEST_SUBSCALE)
        return is_extreme(results, use, scale, what->cut, what->kind == HIGHEST_SUBSCALE);
    if (what->kind == GIRLS_MINUS_BOYS) {
        const sums girls = sum_up(results, use, scale, 0, PSYI_SEX_FEMALE);
        const sums boys = sum_up(results, use, scale, 0, PSYI_SEX_MALE);
        return mean(&girls) - mean(&boys);
    }
    const sums all = sum_up(results, use, scale, what->cut, 0);
    /* Below the least cell a mean would say who it is. */
    if (all.n < report->results->plan->small_cell || all.n < 2)
        return NAN;
    const double m = mean(&all);
    return what->kind == MEAN ? m
           : what->kind == SD
               ? sqrt(fmax(0, (all.squares - (double)all.n * m * m) / (double)(all.n - 1)))
               : share(&all);
}

typedef struct check_line {
    const check *what;
    const char *use;
    bool hidden;
    double value;
} check_line;

static bool is_share(const check *what)
{
    return what->kind == SHARE_AT_LEAST || what->kind == VALID_RATE;
}

static bool is_question(const check *what)
{
    return what->kind == HIGHEST_SUBSCALE || what->kind == LOWEST_SUBSCALE;
}

static void put_value(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                      double value)
{
    const check *const what = ((const check_line *)line->data)->what;
    if (isnan(value))
        psyi_put_text(sheet, row, column, "—", PSYI_STYLE_MUTED);
    else if (is_question(what))
        psyi_put_text(sheet, row, column,
                      value > 0 ? PSYI_WORD(line->report, "是", "yes")
                                : PSYI_WORD(line->report, "否", "no"),
                      PSYI_STYLE_PLAIN);
    else
        psyi_put_number(sheet, row, column,
                        is_share(what) ? round(value * 1e4) / 1e4 : round(value * 100) / 100,
                        is_share(what) ? PSYI_STYLE_PERCENT : PSYI_STYLE_TWO);
}

static void fill_check(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                       const psyi_cell_field *field)
{
    const check_line *const subject = line->data;
    const check *const what = subject->what;
    const double value = subject->value;
    switch (field->a) {
    case 0:
        psyi_put_text(sheet, row, column, psyi_text(line->report, what->name), PSYI_STYLE_PLAIN);
        break;
    case 1:
        if (subject->hidden)
            psyi_put_text(sheet, row, column, "*", PSYI_STYLE_MUTED);
        else
            put_value(sheet, row, column, line, value);
        break;
    case 2:
        put_value(sheet, row, column, line, what->low);
        break;
    case 3:
        put_value(sheet, row, column, line, what->high);
        break;
    case 4:
        if (subject->hidden)
            psyi_put_text(sheet, row, column, "*", PSYI_STYLE_MUTED);
        else if (isnan(value))
            psyi_put_text(sheet, row, column,
                          PSYI_WORD(line->report, "无法检查", "cannot be checked"),
                          PSYI_STYLE_MUTED);
        else if (value >= what->low && value <= what->high)
            psyi_put_text(sheet, row, column, PSYI_WORD(line->report, "在范围内", "in range"),
                          PSYI_STYLE_PLAIN);
        else if (value < what->least || value > what->most)
            psyi_put_text(
                sheet, row, column,
                PSYI_WORD(line->report, "疑似编码错误，先查后用", "coding error? look before use"),
                PSYI_STYLE_ALARM);
        else
            psyi_put_text(sheet, row, column,
                          PSYI_WORD(line->report, "偏离，请核对", "outside: have a look"),
                          PSYI_STYLE_REVIEW);
        break;
    case 5:
        psyi_put_text(sheet, row, column, psyi_text(line->report, what->remedy), PSYI_STYLE_PLAIN);
        break;
    case 6:
        psyi_put_text(sheet, row, column, subject->use, PSYI_STYLE_PLAIN);
        break;
    default:
        psyi_put_text(sheet, row, column, psyi_text(line->report, what->source), PSYI_STYLE_PLAIN);
        break;
    }
}

static const psyi_cell_field columns[] = {
    {.key = "check",
     .head = PSYI_LABEL("检查项", "Check"),
     .width = 38,
     .style = PSYI_STYLE_WRAP,
     .fill = fill_check,
     .a = 0},
    {.key = "use",
     .head = PSYI_LABEL("量表", "Instrument"),
     .width = 12,
     .fill = fill_check,
     .a = 6},
    {.key = "observed",
     .head = PSYI_LABEL("本次", "Observed"),
     .width = 10,
     .fill = fill_check,
     .a = 1},
    {.key = "low",
     .head = PSYI_LABEL("参考下限", "From"),
     .width = 10,
     .fill = fill_check,
     .a = 2,
     .note = PSYI_LABEL("来自已发表调查，不是常模", "from published surveys; no norm")},
    {.key = "high", .head = PSYI_LABEL("参考上限", "To"), .width = 10, .fill = fill_check, .a = 3},
    {.key = "verdict",
     .head = PSYI_LABEL("判断", "Verdict"),
     .width = 20,
     .fill = fill_check,
     .a = 4},
    {.key = "remedy",
     .head = PSYI_LABEL("偏离时", "If outside"),
     .width = 36,
     .style = PSYI_STYLE_WRAP,
     .fill = fill_check,
     .a = 5},
    {.key = "source",
     .head = PSYI_LABEL("来源", "Source"),
     .width = 50,
     .style = PSYI_STYLE_WRAP,
     .fill = fill_check,
     .a = 7},
};

static size_t write_check(psyi_report *report, psyi_sheet *sheet, const psyi_layout *layout,
                          const check *what, size_t n)
{
    const psy_plan *const plan = report->results->plan;
    check_line subject = {.what = what};
    const psyi_line line = {.report = report, .data = &subject};
    if (what->instrument == NULL) {
        subject.value = observe(report, what, 0, 0);
        psyi_layout_row(sheet, ++n, layout, &line);
        return n;
    }
    for (size_t use = 0; use < plan->n_uses; use++) {
        const psy_instrument *const instrument = plan->uses[use].instrument;
        const unsigned scale = psyi_find_scale(instrument, what->scale);
        if (strcmp(instrument->id, what->instrument) != 0 || scale == PSYI_NO_INDEX)
            continue;
        subject.use = psyi_use_name(report, use);
        subject.value = observe(report, what, use, scale);
        subject.hidden = is_hidden(report, what, use, scale);
        psyi_layout_row(sheet, ++n, layout, &line);
    }
    return n;
}

/* Findings by kind: how often what was noticed in the files. */
typedef struct kind {
    const char *rule;
    uint64_t counts[PSY_ERROR + 1];
} kind;

typedef struct kinds {
    kind *list; /* alphabetically */
    size_t n, room;
} kinds;

static bool room_for_kind(psyi_report *report, kinds *out)
{
    if (out->n < out->room)
        return true;
    const size_t room = out->room == 0 ? 64 : 2 * out->room;
    kind *const list = psyi_arena_alloc(&report->arena, room, sizeof *list);
    if (list == NULL) {
        psyi_book_fail(report->book, PSY_E_NOMEM, "out of memory: findings by kind");
        return false;
    }
    if (out->n > 0)
        memcpy(list, out->list, out->n * sizeof *list);
    out->list = list;
    out->room = room;
    return true;
}

static void count_findings(psyi_report *report, kinds *out)
{
    const size_t n = report->findings != NULL ? psy_findings_count(report->findings) : 0;
    *out = (kinds){.n = 0};
    for (size_t i = 0; i < n; i++) {
        const psy_finding one = psy_findings_get(report->findings, i);
        const char *const rule = one.rule != NULL ? one.rule : "";
        size_t at = 0;
        while (at < out->n && strcmp(out->list[at].rule, rule) < 0)
            at++;
        if (at == out->n || strcmp(out->list[at].rule, rule) != 0) {
            if (!room_for_kind(report, out))
                return;
            memmove(&out->list[at + 1], &out->list[at], (out->n - at) * sizeof out->list[0]);
            out->list[at] = (kind){.rule = rule};
            out->n++;
        }
        if (one.severity <= PSY_ERROR)
            out->list[at].counts[one.severity]++;
    }
}

static void write_findings(psyi_report *report, psyi_sheet *sheet, size_t row, const kinds *found)
{
    static const psyi_label severities[] = {
        PSYI_LABEL("提示", "note"), PSYI_LABEL("警告", "warning"), PSYI_LABEL("错误", "error")};
    psyi_sheet_plain(sheet, row - 1);
    psyi_sheet_plain(sheet, row);
    psyi_put_text(sheet, row, 0,
                  PSYI_WORD(report, "数据问题（条数，明细见 findings.csv）",
                            "Findings (details in findings.csv)"),
                  PSYI_STYLE_HEAD);
    for (int severity = PSY_ERROR; severity >= PSY_NOTE; severity--)
        psyi_put_text(sheet, row, (size_t)(1 + PSY_ERROR - severity),
                      psyi_text(report, severities[severity]), PSYI_STYLE_HEAD);
    for (size_t i = 0; i < found->n; i++) {
        psyi_sheet_plain(sheet, ++row);
        psyi_put_text(sheet, row, 0, psyi_finding_words(report, found->list[i].rule),
                      PSYI_STYLE_TEXT);
        for (int severity = PSY_ERROR; severity >= PSY_NOTE; severity--)
            psyi_put_integer(sheet, row, (size_t)(1 + PSY_ERROR - severity),
                             (int64_t)found->list[i].counts[severity], PSYI_STYLE_INTEGER);
    }
}

void psyi_district_check_sheet(psyi_report *report)
{
    psyi_layout *const layout =
        psyi_layout_new(report, "qa", (psyi_label)PSYI_LABEL("质量与口径", "Checks"));
    psyi_layout_add_all(report, layout, columns, sizeof columns / sizeof columns[0]);
    psyi_sheet *const sheet = psyi_layout_sheet(report, layout, true);
    psyi_layout_head(report, sheet, layout, 0);
    size_t n = 0;
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++)
        n = write_check(report, sheet, layout, &checks[i], n);
    kinds found;
    count_findings(report, &found);
    psyi_layout_end(report, sheet, layout, 0, n, 1, n + 4 + found.n + PSYI_LOG_ROWS);
    write_findings(report, sheet, n + 2, &found);
    psyi_suppression_log(report, sheet, n + 4 + found.n);
}

/* ---- the same for others ---- */

size_t psyi_plausible_most(const psyi_results *results)
{
    return (results->plan->n_uses + 1) * (sizeof checks / sizeof checks[0]);
}

static psyi_plausible plausible_of(const check *what, const char *id, double value)
{
    psyi_plausible out = {.name = what->name,
                          .use = id,
                          .value = value,
                          .low = what->low,
                          .high = what->high,
                          .remedy = what->remedy,
                          .source = what->source.en};
    if (isnan(value))
        out.verdict = PSYI_PLAUSIBLE_NONE;
    else if (value >= what->low && value <= what->high)
        out.verdict = PSYI_PLAUSIBLE_IN_RANGE;
    else
        out.verdict = value < what->least || value > what->most ? PSYI_PLAUSIBLE_CODING_ERROR
                                                                : PSYI_PLAUSIBLE_OUTSIDE;
    return out;
}

size_t psyi_plausible_all(const psyi_results *results, psyi_plausible *out)
{
    psyi_report report = {.results = results};
    size_t n = 0;
    psyi_count(results, 0, results->n_students, NULL, NULL, &report.counts);
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
        const check *const what = &checks[i];
        if (what->instrument == NULL)
            out[n++] = plausible_of(what, NULL, observe(&report, what, 0, 0));
        for (size_t use = 0; use < results->plan->n_uses && what->instrument != NULL; use++) {
            const psy_instrument *const instrument = results->plan->uses[use].instrument;
            const unsigned scale = psyi_find_scale(instrument, what->scale);
            if (strcmp(instrument->id, what->instrument) == 0 && scale != PSYI_NO_INDEX)
                out[n++] = plausible_of(what, results->plan->uses[use].id,
                                        observe(&report, what, use, scale));
        }
    }
    return n;
}
