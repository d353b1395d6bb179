/*
 * dossier_scores.c -- the sheets of a dossier that the program fills in: every score of every
 * wave, the history of tiers, and what changed.
 *
 * What may be set beside what is decided here, from what the runs say about themselves.
 */
#include "report/dossier_tables.h"

#include "base/number.h"
#include "tier/interval_words.h"

#include <psyscreen/change.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RELIABLE 1.96 /* the usual mark of a reliable change, 5 % two-sided */

const char *psyi_dossier_cell(const psyi_dossier_wave *wave, const char *name)
{
    for (size_t i = 0; i < wave->n_cells; i++)
        if (strcmp(wave->names[i], name) == 0)
            return wave->values[i];
    return "";
}

static const psyi_dossier_use *use_of(const psyi_dossier_wave *wave, const char *id, size_t length)
{
    for (size_t i = 0; i < wave->n_uses; i++)
        if (wave->uses[i].id != NULL && strncmp(wave->uses[i].id, id, length) == 0 &&
            wave->uses[i].id[length] == '\0')
            return &wave->uses[i];
    return NULL;
}

static bool same(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

bool psyi_dossier_comparable(const psyi_dossier_wave *a, const psyi_dossier_wave *b,
                             const char *use, size_t use_length)
{
    const psyi_dossier_use *const x = use_of(a, use, use_length);
    const psyi_dossier_use *const y = use_of(b, use, use_length);
    return x != NULL && y != NULL && same(x->instrument, y->instrument) &&
           same(x->edition, y->edition) && same(x->fingerprint, y->fingerprint) &&
           same(x->variant, y->variant);
}

bool psyi_dossier_same_rules(const psyi_dossier_wave *a, const psyi_dossier_wave *b)
{
    bool equal = a->n_rules == b->n_rules && a->n_uses == b->n_uses && same(a->scheme, b->scheme);
    for (size_t i = 0; equal && i < a->n_rules; i++) {
        const psyi_dossier_rule *const x = &a->rules[i], *const y = &b->rules[i];
        /* A critical flag has no text of its own: its instrument's fingerprint stands for it. */
        equal = same(x->id, y->id) && same(x->rank, y->rank) &&
                (same(x->when, y->when) || (x->when == NULL && y->when == NULL));
    }
    for (size_t i = 0; equal && i < a->n_uses; i++)
        equal = a->uses[i].id != NULL &&
                psyi_dossier_comparable(a, b, a->uses[i].id, strlen(a->uses[i].id));
    return equal;
}

/* ---- words ---- */

typedef struct subject { /* of a line */
    const psyi_dossier *dossier;
    const psyi_dossier_wave *wave, *before;
    const char *base; /* "phq9.total" */
} subject;

static const subject *subject_of(const psyi_line *line)
{
    return line->data;
}

static void put(psyi_sheet *sheet, size_t row, size_t column, const char *text)
{
    psyi_put_text(sheet, row, column, text, PSYI_STYLE_PLAIN);
}

static const char *cell(const psyi_line *line, const psyi_dossier_wave *wave, const char *tail)
{
    return psyi_dossier_cell(
        wave, psyi_report_format(line->report, "%s%s", subject_of(line)->base, tail));
}

static psyi_label tier_name(const psyi_dossier_wave *wave, const char *rank)
{
    for (size_t i = 0; i < wave->n_tiers; i++)
        if (same(wave->tiers[i].rank, rank))
            return wave->tiers[i].name;
    return (psyi_label){NULL, NULL};
}

static const char *tier_words(const psyi_report *report, const psyi_dossier_wave *wave,
                              const char *rank)
{
    if (rank[0] == '\0')
        return PSYI_WORD(report, "未能判定", "not judged");
    return psyi_label_text(tier_name(wave, rank), report->language, rank);
}

static const char *status_words(const psyi_report *report, const char *id)
{
    for (int i = 0; i < PSYI_STATUSES; i++)
        if (strcmp(psyi_status_name((psyi_status)i), id) == 0)
            return psyi_text(report, psyi_status_label((psyi_status)i));
    return id;
}

/* The plan's use and scale of this name, if it is scored as it was in the wave. */
static bool plan_scale(const subject *about, size_t *use, size_t *scale)
{
    const psy_plan *const plan = about->dossier->plan;
    const size_t length = strcspn(about->base, ".");
    const psyi_dossier_use *const was = use_of(about->wave, about->base, length);
    for (size_t i = 0; was != NULL && i < plan->n_uses; i++) {
        const psyi_use *const now = &plan->uses[i];
        if (!same(now->id, was->id) || !same(now->instrument->fingerprint, was->fingerprint))
            continue;
        for (size_t j = 0; j < now->instrument->n_scales; j++)
            if (same(now->instrument->scales[j].id, about->base + length + 1)) {
                *use = i;
                *scale = j;
                return true;
            }
    }
    return false;
}

static const char *scale_words(psyi_report *report, const subject *about)
{
    size_t use, scale;
    return plan_scale(about, &use, &scale) ? psyi_text(report, psyi_scale_label(report, use, scale))
                                           : about->base;
}

/* Does one of the lines say just this? */
static bool has_line(const psyi_buffer *text, const char *words)
{
    const size_t length = strlen(words);
    const char *at = text->data;
    while (at != NULL && *at != '\0') {
        const size_t own = strcspn(at, "\n");
        if (own == length && memcmp(at, words, length) == 0)
            return true;
        at += own + (at[own] == '\n');
    }
    return false;
}

static const char *rules_words(psyi_report *report, const psyi_dossier_wave *wave)
{
    const char *at = psyi_dossier_cell(wave, "rules");
    psyi_buffer *const text = &report->text;
    psyi_buffer_clear(text);
    psyi_buffer_text(text, "");
    while (*at != '\0') {
        const size_t length = strcspn(at, ";");
        const char *words = NULL;
        for (size_t i = 0; i < wave->n_rules && words == NULL; i++)
            if (wave->rules[i].id != NULL && strncmp(wave->rules[i].id, at, length) == 0 &&
                wave->rules[i].id[length] == '\0')
                words = psyi_label_text(wave->rules[i].text, report->language, NULL);
        /* Two flags of one item say the same of it. */
        if (words == NULL || !has_line(text, words)) {
            if (text->length > 0)
                psyi_buffer_char(text, '\n');
            if (words != NULL)
                psyi_buffer_text(text, words);
            else
                psyi_buffer_add(text, at, length);
        }
        at += length + (at[length] == ';');
    }
    return psyi_report_format(report, "%s", psyi_report_take(report, text));
}

/* ---- 测评记录 ---- */

typedef enum what {
    WAVE,
    DATE,
    SCHOOL,
    GRADE,
    CLASS,
    EDITION,
    RULES_VERSION,
    VALIDITY,
    SCALE,
    SCORE,
    ANSWERED,
    BAND,
    STANDARD,
    INTERVAL,
    SCORED,
    TIER,
    FIRED
} what;

static const char *band_words(psyi_report *report, const subject *about, const char *id)
{
    size_t use, scale;
    if (!plan_scale(about, &use, &scale))
        return id;
    const psyi_scale *const of = &about->dossier->plan->uses[use].instrument->scales[scale];
    for (size_t i = 0; i < of->n_band_sets; i++)
        for (size_t j = 0; j < of->band_sets[i].n_bands; j++)
            if (strcmp(of->band_sets[i].bands[j].id, id) == 0)
                return psyi_band_text(report, &of->band_sets[i].bands[j]);
    return id;
}

/* "t@local26 54.3": whatever stands behind the score with a norm. */
static const char *standards(psyi_report *report, const subject *about)
{
    const size_t length = strlen(about->base);
    psyi_buffer *const text = &report->text;
    psyi_buffer_clear(text);
    psyi_buffer_text(text, "");
    for (size_t i = 0; i < about->wave->n_cells; i++) {
        const char *const name = about->wave->names[i];
        const char *const value = about->wave->values[i];
        if (strncmp(name, about->base, length) != 0 || name[length] != '.' ||
            strchr(name + length, '@') == NULL || strncmp(name + length, ".band@", 6) == 0 ||
            value[0] == '\0')
            continue;
        if (strncmp(name + length, ".mark@", 6) == 0) { /* of the scores before it */
            psyi_buffer_text(text, PSYI_WORD(report, "（", " ("));
            psyi_add_mark_words(value, report->language, text);
            psyi_buffer_text(text, PSYI_WORD(report, "）", ")"));
            continue;
        }
        if (text->length > 0)
            psyi_buffer_char(text, '\n');
        psyi_buffer_format(text, "%s %s", name + length + 1, value);
    }
    return psyi_report_format(report, "%s", psyi_report_take(report, text));
}

/* How exactly the score measures, where the plan or the instrument says; by today's plan, and only
 * for scores that are still made in the same way. */
static const char *intervals(psyi_report *report, const subject *about, const char *score)
{
    size_t use, scale;
    double value;
    psyi_buffer *const text = &report->text;
    psyi_buffer_clear(text);
    psyi_buffer_text(text, "");
    if (psyi_number_parse(score, strlen(score), &value) && plan_scale(about, &use, &scale))
        psyi_interval_words(about->dossier->plan, (unsigned)use, (unsigned)scale, value,
                            report->language, text);
    return psyi_report_format(report, "%s", psyi_report_take(report, text));
}

static void put_score(psyi_sheet *sheet, size_t row, size_t column, const char *text)
{
    double value;
    if (psyi_number_parse(text, strlen(text), &value))
        psyi_put_number(sheet, row, column, value, PSYI_STYLE_PLAIN);
}

static void fill_record(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                        const psyi_cell_field *field)
{
    const subject *const about = subject_of(line);
    const psyi_dossier_wave *const wave = about->wave;
    psyi_report *const report = line->report;
    const char *const scored = about->base != NULL ? cell(line, wave, ".status") : "";
    const psyi_dossier_use *const use =
        about->base != NULL ? use_of(wave, about->base, strcspn(about->base, ".")) : NULL;
    switch ((what)field->a) {
    case WAVE:
        put(sheet, row, column, wave->wave);
        return;
    case DATE:
        put(sheet, row, column, wave->as_of);
        return;
    case SCHOOL:
        put(sheet, row, column, psyi_dossier_cell(wave, "school"));
        return;
    case GRADE:
        put_score(sheet, row, column, psyi_dossier_cell(wave, "grade"));
        return;
    case CLASS:
        put(sheet, row, column, psyi_dossier_cell(wave, "class"));
        return;
    case EDITION:
        if (use != NULL && use->instrument != NULL)
            put(sheet, row, column,
                psyi_report_format(report, "%s@%s", use->instrument,
                                   use->edition != NULL ? use->edition : "?"));
        return;
    case RULES_VERSION:
        if (wave->plan_fingerprint != NULL)
            put(sheet, row, column, psyi_report_format(report, "%.12s…", wave->plan_fingerprint));
        return;
    case VALIDITY:
        put(sheet, row, column, status_words(report, psyi_dossier_cell(wave, "status")));
        return;
    case SCALE:
        put(sheet, row, column, scale_words(report, about));
        return;
    case SCORE:
        put_score(sheet, row, column, cell(line, wave, ""));
        return;
    case ANSWERED:
        put_score(sheet, row, column, cell(line, wave, ".answered"));
        return;
    case BAND:
        put(sheet, row, column, band_words(report, about, cell(line, wave, ".band")));
        return;
    case STANDARD:
        put(sheet, row, column, standards(report, about));
        return;
    case INTERVAL:
        put(sheet, row, column, intervals(report, about, cell(line, wave, "")));
        return;
    case SCORED:
        put(sheet, row, column,
            strcmp(scored, "scored") == 0     ? PSYI_WORD(report, "已计分", "scored")
            : strcmp(scored, "prorated") == 0 ? PSYI_WORD(report, "折算", "prorated")
                                              : PSYI_WORD(report, "未计分", "not scored"));
        return;
    case TIER: {
        const char *const rank = psyi_dossier_cell(wave, "tier");
        psyi_put_text(sheet, row, column, tier_words(report, wave, rank),
                      rank[0] != '\0' && same(wave->scheme, about->dossier->plan->scheme != NULL
                                                                ? about->dossier->plan->scheme->id
                                                                : NULL)
                          ? psyi_tier_style(atoi(rank))
                          : PSYI_STYLE_MUTED);
        return;
    }
    case FIRED:
        put(sheet, row, column, rules_words(report, wave));
        return;
    }
}

#define RECORD(key_, zh_, en_, width_, what_)                                                      \
    {                                                                                              \
        .key = (key_), .head = PSYI_LABEL(zh_, en_), .width = (width_), .style = PSYI_STYLE_WRAP,  \
        .fill = fill_record, .a = (what_)                                                          \
    }

/* A page wide: on a second one nobody would know which scale a score is of. */
static const psyi_cell_field record_columns[] = {
    RECORD("wave", "波次", "Wave", 12, WAVE),
    RECORD("date", "日期", "Date", 11, DATE),
    RECORD("school", "当时学校", "School then", 12, SCHOOL),
    {.key = "grade",
     .head = PSYI_LABEL("当时年级", "Grade then"),
     .width = 7,
     .style = PSYI_STYLE_GRADE,
     .fill = fill_record,
     .a = GRADE},
    RECORD("class", "当时班级", "Class then", 8, CLASS),
    RECORD("scale_version", "量表与版本", "Scale, edition", 11, EDITION),
    RECORD("rule_version", "规则版本", "Rules", 14, RULES_VERSION),
    RECORD("validity", "效度", "Validity", 9, VALIDITY),
    RECORD("scale", "总分与维度", "Score of", 22, SCALE),
    {.key = "score",
     .head = PSYI_LABEL("得分", "Score"),
     .width = 7,
     .fill = fill_record,
     .a = SCORE},
    {.key = "answered",
     .head = PSYI_LABEL("作答题数", "Answered"),
     .width = 7,
     .fill = fill_record,
     .a = ANSWERED},
    RECORD("score_status", "计分", "Scored", 8, SCORED),
    {.key = "interval",
     .head = PSYI_LABEL("95%区间", "95 % intervals"),
     .width = 24,
     .style = PSYI_STYLE_WRAP,
     .fill = fill_record,
     .a = INTERVAL,
     .note = PSYI_LABEL("有出处写明信度时才印；每个区间写明名称，各自回答不同的问题",
                        "only where a source states the reliability; each by its name, for each "
                        "answers another question")},
    RECORD("band", "等次", "Band", 14, BAND),
    RECORD("standard", "标准分", "Standard scores", 22, STANDARD),
};

static bool is_score(const psyi_dossier_wave *wave, size_t column, size_t *length)
{
    static const char tail[] = ".status";
    const char *const name = wave->names[column];
    const size_t all = strlen(name);
    if (all <= sizeof tail - 1 || strcmp(name + all - (sizeof tail - 1), tail) != 0)
        return false;
    *length = all - (sizeof tail - 1);
    const char *const status = wave->values[column];
    return status[0] != '\0' && strcmp(status, "not_given") != 0;
}

static const char *base_of(psyi_report *report, const psyi_dossier_wave *wave, size_t column)
{
    size_t length;
    return is_score(wave, column, &length)
               ? psyi_report_format(report, "%.*s", (int)length, wave->names[column])
               : NULL;
}

void psyi_dossier_records(psyi_report *report, const psyi_dossier *dossier)
{
    psyi_layout *const layout =
        psyi_layout_new(report, "records", (psyi_label)PSYI_LABEL("测评记录", "Screenings"));
    psyi_layout_add_all(report, layout, record_columns,
                        sizeof record_columns / sizeof record_columns[0]);
    psyi_sheet *const sheet = psyi_layout_sheet(report, layout, true);
    psyi_layout_head(report, sheet, layout, 0);
    size_t n = 0;
    for (size_t i = dossier->n_waves; i-- > 0;) /* the latest first */
        for (size_t j = 0; j < dossier->waves[i]->n_cells; j++) {
            const char *const base = base_of(report, dossier->waves[i], j);
            const subject about = {dossier, dossier->waves[i], NULL, base};
            const psyi_line line = {.report = report, .data = &about};
            if (base != NULL)
                psyi_layout_row(sheet, ++n, layout, &line);
        }
    psyi_layout_end(report, sheet, layout, 0, n, 2, n + 1);
}

/* ---- 等级历程 ---- */

static void fill_rank(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                      const psyi_cell_field *field)
{
    const char *const rank =
        psyi_dossier_cell(subject_of(line)->wave, field->a == 0 ? "tier" : "tier_upper");
    if (field->a == 0)
        put_score(sheet, row, column, rank);
    else if (strcmp(rank, psyi_dossier_cell(subject_of(line)->wave, "tier")) != 0)
        put(sheet, row, column, tier_words(line->report, subject_of(line)->wave, rank));
}

static void fill_scheme(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                        const psyi_cell_field *field)
{
    const psyi_dossier_wave *const wave = subject_of(line)->wave;
    (void)field;
    put(sheet, row, column, psyi_label_text(wave->legend, line->report->language, wave->scheme));
}

static void fill_since(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                       const psyi_cell_field *field)
{
    const subject *const about = subject_of(line);
    const psyi_report *const report = line->report;
    (void)field;
    if (about->before == NULL)
        return;
    const char *const now = psyi_dossier_cell(about->wave, "tier");
    const char *const then = psyi_dossier_cell(about->before, "tier");
    put(sheet, row, column,
        !psyi_dossier_same_rules(about->before, about->wave)
            ? PSYI_WORD(report, "量表、规则或等级方案不同，不可比",
                        "scales, rules or scheme differ: not comparable")
        : now[0] == '\0' || then[0] == '\0' ? PSYI_WORD(report, "有一次未能判定", "once not judged")
        : atoi(now) > atoi(then)            ? PSYI_WORD(report, "等级加重", "a worse tier")
        : atoi(now) < atoi(then)            ? PSYI_WORD(report, "等级减轻", "a milder tier")
                                            : PSYI_WORD(report, "等级相同", "the same tier"));
}

static const psyi_cell_field history_columns[] = {
    RECORD("wave", "波次", "Wave", 12, WAVE),
    RECORD("date", "日期", "Date", 11, DATE),
    RECORD("validity", "效度", "Validity", 10, VALIDITY),
    {.key = "tier_auto",
     .head = PSYI_LABEL("系统等级", "Tier"),
     .width = 14,
     .fill = fill_record,
     .a = TIER},
    {.key = "tier_rank",
     .head = PSYI_LABEL("等级序（大=重）", "Rank (large = worse)"),
     .width = 9,
     .fill = fill_rank,
     .a = 0,
     .note = PSYI_LABEL("0为没有；空白为未能判定，不是没有",
                        "0 none; empty: not judged, which is not none")},
    {.key = "tier_upper",
     .head = PSYI_LABEL("可能等级", "Possible tier"),
     .width = 13,
     .fill = fill_rank,
     .a = 1},
    RECORD("rules_text", "命中规则", "Rules fired", 36, FIRED),
    {.key = "legend",
     .head = PSYI_LABEL("哪级最重", "Which is worst"),
     .width = 14,
     .style = PSYI_STYLE_WRAP,
     .fill = fill_scheme},
    {.key = "since_before",
     .head = PSYI_LABEL("与上次", "Since the last"),
     .width = 16,
     .style = PSYI_STYLE_WRAP,
     .fill = fill_since},
    {.key = "tier_final",
     .head = PSYI_LABEL("复核等级", "Final tier"),
     .width = 11,
     .style = PSYI_STYLE_FILL},
    {.key = "reviewed_by",
     .head = PSYI_LABEL("复核人", "Reviewed by"),
     .width = 10,
     .style = PSYI_STYLE_FILL},
    {.key = "reviewed_on",
     .head = PSYI_LABEL("复核日期", "Reviewed on"),
     .width = 11,
     .style = PSYI_STYLE_FILL_DATE},
};
enum { RANK_COLUMN = 4 };

void psyi_dossier_history(psyi_report *report, const psyi_dossier *dossier)
{
    psyi_layout *const layout =
        psyi_layout_new(report, "tier_history", (psyi_label)PSYI_LABEL("等级历程", "Tiers"));
    psyi_layout_add_all(report, layout, history_columns,
                        sizeof history_columns / sizeof history_columns[0]);
    psyi_offer_tiers(report, layout);
    psyi_sheet *const sheet = psyi_layout_sheet(report, layout, false);
    psyi_layout_head(report, sheet, layout, 0);
    for (size_t i = 0; i < dossier->n_waves; i++) {
        const subject about = {dossier, dossier->waves[i], i > 0 ? dossier->waves[i - 1] : NULL,
                               NULL};
        const psyi_line line = {.report = report, .data = &about};
        psyi_layout_row(sheet, i + 1, layout, &line);
    }
    const psyi_series series[] = {{RANK_COLUMN, 0xC55A11, NULL}};
    const psyi_chart chart = {.title =
                                  PSYI_WORD(report, "各波次等级序（大=重；空=未能判定）",
                                            "Rank by wave (large = worse; empty = not judged)"),
                              .first_row = 1,
                              .last_row = dossier->n_waves,
                              .category_first = 0,
                              .category_last = 0,
                              .series = series,
                              .n_series = 1,
                              .width = 620,
                              .height = 300};
    const bool drawn = dossier->n_waves > 1 && dossier->plan->scheme != NULL;
    const size_t at = dossier->n_waves + 2, end = drawn ? at + 16 : at - 1;
    psyi_layout_end(report, sheet, layout, 0, dossier->n_waves, 2, end);
    if (drawn)
        psyi_sheet_chart(sheet, at, 0, sheet, &chart);
}

/* ---- 变化 ---- */

static const psyi_change_basis *basis_of(const subject *about)
{
    size_t use, scale;
    const psy_plan *const plan = about->dossier->plan;
    if (!plan_scale(about, &use, &scale))
        return NULL;
    for (size_t i = 0; i < plan->n_changes; i++)
        if (plan->changes[i].use == use && plan->changes[i].scale == scale)
            return &plan->changes[i];
    return NULL;
}

/* NaN where it cannot be said. */
static double change_index(const subject *about, double before, double now)
{
    const psyi_change_basis *const basis = basis_of(about);
    double index = NAN;
    if (basis == NULL)
        return NAN;
    const psy_change_group group = {.sd_pre = psyi_ratio_double(basis->sd),
                                    .sd_post = psyi_ratio_double(basis->sd),
                                    .reliability = psyi_ratio_double(basis->reliability)};
    if (psy_change_index(&group, PSY_CHANGE_JACOBSON_TRUAX, &before, &now, 1, &index, NULL) !=
        PSY_OK)
        return NAN;
    return index;
}

typedef enum change_what { FROM, TO, OLD, NEW, DIFFERENCE, INDEX, VERDICT, SOURCE } change_what;

static void fill_change(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                        const psyi_cell_field *field)
{
    const subject *const about = subject_of(line);
    psyi_report *const report = line->report;
    const bool comparable =
        psyi_dossier_comparable(about->before, about->wave, about->base, strcspn(about->base, "."));
    const char *const then = cell(line, about->before, ""), *const today =
                                                                cell(line, about->wave, "");
    double before = NAN, now = NAN;
    const bool both = psyi_number_parse(then, strlen(then), &before) &&
                      psyi_number_parse(today, strlen(today), &now);
    const double index = comparable && both ? change_index(about, before, now) : NAN;
    const psyi_change_basis *const basis = basis_of(about);
    switch ((change_what)field->a) {
    case FROM:
    case TO: {
        const psyi_dossier_wave *const wave = field->a == FROM ? about->before : about->wave;
        put(sheet, row, column,
            psyi_report_format(report, "%s\n%s", wave->wave != NULL ? wave->wave : "",
                               wave->as_of != NULL ? wave->as_of : ""));
        return;
    }
    case OLD:
        put_score(sheet, row, column, then);
        return;
    case NEW:
        put_score(sheet, row, column, today);
        return;
    case DIFFERENCE:
        if (comparable && both)
            psyi_put_number(sheet, row, column, round((now - before) * 1e6) / 1e6 + 0.0,
                            PSYI_STYLE_PLAIN);
        return;
    case INDEX:
        if (!isnan(index))
            psyi_put_number(sheet, row, column, round(index * 100) / 100 + 0.0, PSYI_STYLE_TWO);
        return;
    case VERDICT:
        put(sheet, row, column,
            !comparable     ? PSYI_WORD(report, "量表、版本或计分不同，不可比",
                                        "instrument, edition or scoring differ: not comparable")
            : !both         ? PSYI_WORD(report, "有一次没有得分", "no score once")
            : basis == NULL ? PSYI_WORD(report, "方案没有写明信度与标准差，不作判断",
                                        "the plan states no reliability: nothing is said")
            : index >= RELIABLE ? PSYI_WORD(report, "上升，超出测量误差", "a rise beyond error")
            : index <= -RELIABLE ? PSYI_WORD(report, "下降，超出测量误差", "a fall beyond error")
                                 : PSYI_WORD(report, "未超出测量误差", "within error"));
        return;
    case SOURCE:
        if (comparable && basis != NULL)
            put(sheet, row, column,
                psyi_report_format(report, "r = %g, SD = %g：%s",
                                   psyi_ratio_double(basis->reliability),
                                   psyi_ratio_double(basis->sd), basis->cite));
        return;
    }
}

#define CHANGE(key_, zh_, en_, width_, what_)                                                      \
    {                                                                                              \
        .key = (key_), .head = PSYI_LABEL(zh_, en_), .width = (width_), .style = PSYI_STYLE_WRAP,  \
        .fill = fill_change, .a = (what_)                                                          \
    }
#define CHANGE_NUMBER(key_, zh_, en_, width_, what_)                                               \
    {                                                                                              \
        .key = (key_), .head = PSYI_LABEL(zh_, en_), .width = (width_), .fill = fill_change,       \
        .a = (what_)                                                                               \
    }

static const psyi_cell_field change_columns[] = {
    RECORD("scale", "总分与维度", "Score of", 24, SCALE),
    CHANGE("wave_before", "上次", "Before", 14, FROM),
    CHANGE("wave", "本次", "Now", 14, TO),
    CHANGE_NUMBER("score_before", "上次得分", "Score before", 9, OLD),
    CHANGE_NUMBER("score", "本次得分", "Score now", 9, NEW),
    CHANGE_NUMBER("difference", "差", "Difference", 9, DIFFERENCE),
    {.key = "change_index",
     .head = PSYI_LABEL("变化指数", "Index"),
     .width = 9,
     .fill = fill_change,
     .a = INDEX,
     .note =
         PSYI_LABEL("(本次 − 上次) ÷ (√2 · SD · √(1 − r))，Jacobson & Truax 1991；|指数| ≥ 1.96 "
                    "为超出测量误差",
                    "(now − before) / (sqrt 2 SD sqrt(1 − r)), Jacobson & Truax 1991; 1.96")},
    CHANGE("change", "判断", "What it says", 26, VERDICT),
    CHANGE("basis", "依据", "From", 40, SOURCE),
};

void psyi_dossier_changes(psyi_report *report, const psyi_dossier *dossier)
{
    psyi_layout *const layout =
        psyi_layout_new(report, "change", (psyi_label)PSYI_LABEL("变化", "Change"));
    psyi_layout_add_all(report, layout, change_columns,
                        sizeof change_columns / sizeof change_columns[0]);
    psyi_sheet *const sheet = psyi_layout_sheet(report, layout, true);
    psyi_sheet_plain(sheet, 0);
    psyi_put_text(
        sheet, 0, 0,
        PSYI_WORD(report,
                  "只比较同一量表、版本、计分的原始分；标准分因常模不同不比较。学期初与学期末"
                  "本有差别，请看月份；上升或下降不等于好转或恶化，由人判断。",
                  "Raw scores of one edition and scoring only; standard scores are not "
                  "compared. Mind the month; what a change means, people decide."),
        PSYI_STYLE_NOTE);
    psyi_layout_head(report, sheet, layout, 1);
    size_t n = 0;
    for (size_t i = dossier->n_waves; i-- > 1;)
        for (size_t j = 0; j < dossier->waves[i]->n_cells; j++) {
            const char *const base = base_of(report, dossier->waves[i], j);
            const subject about = {dossier, dossier->waves[i], dossier->waves[i - 1], base};
            const psyi_line line = {.report = report, .data = &about};
            if (base != NULL)
                psyi_layout_row(sheet, ++n + 1, layout, &line);
        }
    psyi_layout_end(report, sheet, layout, 1, n, 1, n + 2);
}
