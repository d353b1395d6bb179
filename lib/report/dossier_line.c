/*
 * dossier_line.c -- what a cell of a dossier says of a wave and of a score in it.
 */
#include "report/dossier_line.h"

#include "base/number.h"
#include "tier/interval_words.h"

#include <stdlib.h>
#include <string.h>

void psyi_dossier_put(psyi_sheet *sheet, size_t row, size_t column, const char *text)
{
    psyi_put_text(sheet, row, column, text, PSYI_STYLE_PLAIN);
}

const char *psyi_dossier_score_cell(const psyi_line *line, const psyi_dossier_wave *wave,
                                    const char *tail)
{
    return psyi_dossier_cell(
        wave, psyi_report_format(line->report, "%s%s", psyi_dossier_line_of(line)->base, tail));
}

static psyi_label tier_name(const psyi_dossier_wave *wave, const char *rank)
{
    for (size_t i = 0; i < wave->n_tiers; i++)
        if (psyi_dossier_same(wave->tiers[i].rank, rank))
            return wave->tiers[i].name;
    return (psyi_label){NULL, NULL};
}

const char *psyi_dossier_tier_words(const psyi_report *report, const psyi_dossier_wave *wave,
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

bool psyi_dossier_plan_scale(const psyi_dossier_line *about, bool as_then, size_t *use,
                             size_t *scale)
{
    const psy_plan *const plan = about->dossier->plan;
    const size_t length = strcspn(about->base, ".");
    const psyi_dossier_use *const was = psyi_dossier_use_of(about->wave, about->base, length);
    for (size_t i = 0; was != NULL && i < plan->n_uses; i++) {
        const psyi_use *const now = &plan->uses[i];
        if (!psyi_dossier_same(now->id, was->id) ||
            !psyi_dossier_same(now->instrument->id, was->instrument) ||
            (as_then && !psyi_dossier_same(now->instrument->fingerprint, was->fingerprint)))
            continue;
        for (size_t j = 0; j < now->instrument->n_scales; j++)
            if (psyi_dossier_same(now->instrument->scales[j].id, about->base + length + 1)) {
                *use = i;
                *scale = j;
                return true;
            }
    }
    return false;
}

static const char *scale_words(psyi_report *report, const psyi_dossier_line *about)
{
    size_t use, scale;
    return psyi_dossier_plan_scale(about, false, &use, &scale)
               ? psyi_text(report, psyi_scale_label(report, use, scale))
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

static const char *band_words(psyi_report *report, const psyi_dossier_line *about, const char *id)
{
    size_t use, scale;
    if (!psyi_dossier_plan_scale(about, false, &use, &scale))
        return id;
    const psyi_scale *const of = &about->dossier->plan->uses[use].instrument->scales[scale];
    for (size_t i = 0; i < of->n_band_sets; i++)
        for (size_t j = 0; j < of->band_sets[i].n_bands; j++)
            if (strcmp(of->band_sets[i].bands[j].id, id) == 0)
                return psyi_band_text(report, &of->band_sets[i].bands[j]);
    return id;
}

/* "t@local26 54.3" as "T分（local26） 54.3". */
static void add_standard(const psyi_report *report, const char *name, const char *value,
                         psyi_buffer *text)
{
    const char *const norm = strchr(name, '@');
    const char *metric = NULL;
    for (unsigned i = 0; i < PSYI_METRICS; i++) {
        const char *const id = psyi_metric_name((psyi_metric)i);
        if (strncmp(id, name, (size_t)(norm - name)) == 0 && id[norm - name] == '\0')
            metric = psyi_metric_text((psyi_metric)i, report->language);
    }
    if (metric == NULL)
        psyi_buffer_format(text, "%s %s", name, value);
    else
        psyi_buffer_format(text, PSYI_WORD(report, "%s（%s） %s", "%s (%s) %s"), metric, norm + 1,
                           value);
}

/* Whatever stands behind the score with a norm. */
static const char *standards(psyi_report *report, const psyi_dossier_line *about)
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
        add_standard(report, name + length + 1, value, text);
    }
    return psyi_report_format(report, "%s", psyi_report_take(report, text));
}

/* How exactly the score measures, where the plan or the instrument says; by today's plan, and only
 * for scores that are still made in the same way. */
static const char *intervals(psyi_report *report, const psyi_dossier_line *about, const char *score)
{
    size_t use, scale;
    double value;
    psyi_buffer *const text = &report->text;
    psyi_buffer_clear(text);
    psyi_buffer_text(text, "");
    if (psyi_number_parse(score, strlen(score), &value) &&
        psyi_dossier_plan_scale(about, true, &use, &scale))
        psyi_interval_words(about->dossier->plan, (unsigned)use, (unsigned)scale, value,
                            report->language, text);
    return psyi_report_format(report, "%s", psyi_report_take(report, text));
}

void psyi_dossier_put_score(psyi_sheet *sheet, size_t row, size_t column, const char *text)
{
    double value;
    if (psyi_number_parse(text, strlen(text), &value))
        psyi_put_number(sheet, row, column, value, PSYI_STYLE_PLAIN);
}

void psyi_dossier_fill(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                       const psyi_cell_field *field)
{
    const psyi_dossier_line *const about = psyi_dossier_line_of(line);
    const psyi_dossier_wave *const wave = about->wave;
    psyi_report *const report = line->report;
    const char *const scored =
        about->base != NULL ? psyi_dossier_score_cell(line, wave, ".status") : "";
    const psyi_dossier_use *const use =
        about->base != NULL ? psyi_dossier_use_of(wave, about->base, strcspn(about->base, "."))
                            : NULL;
    switch ((psyi_dossier_what)field->a) {
    case PSYI_DOSSIER_WAVE:
        psyi_dossier_put(sheet, row, column, wave->wave);
        return;
    case PSYI_DOSSIER_DATE:
        psyi_dossier_put(sheet, row, column, wave->as_of);
        return;
    case PSYI_DOSSIER_SCHOOL:
        psyi_dossier_put(sheet, row, column, psyi_dossier_cell(wave, "school"));
        return;
    case PSYI_DOSSIER_GRADE:
        psyi_dossier_put_score(sheet, row, column, psyi_dossier_cell(wave, "grade"));
        return;
    case PSYI_DOSSIER_CLASS:
        psyi_dossier_put(sheet, row, column, psyi_dossier_cell(wave, "class"));
        return;
    case PSYI_DOSSIER_EDITION:
        if (use != NULL && use->instrument != NULL)
            psyi_dossier_put(sheet, row, column,
                             psyi_report_format(report, "%s@%s", use->instrument,
                                                use->edition != NULL ? use->edition : "?"));
        return;
    case PSYI_DOSSIER_RULES_VERSION:
        if (wave->plan_fingerprint != NULL)
            psyi_dossier_put(sheet, row, column,
                             psyi_report_format(report, "%.12s…", wave->plan_fingerprint));
        return;
    case PSYI_DOSSIER_VALIDITY:
        psyi_dossier_put(sheet, row, column,
                         status_words(report, psyi_dossier_cell(wave, "status")));
        return;
    case PSYI_DOSSIER_SCALE:
        psyi_dossier_put(sheet, row, column, scale_words(report, about));
        return;
    case PSYI_DOSSIER_SCORE:
        psyi_dossier_put_score(sheet, row, column, psyi_dossier_score_cell(line, wave, ""));
        return;
    case PSYI_DOSSIER_ANSWERED:
        psyi_dossier_put_score(sheet, row, column,
                               psyi_dossier_score_cell(line, wave, ".answered"));
        return;
    case PSYI_DOSSIER_BAND:
        psyi_dossier_put(sheet, row, column,
                         band_words(report, about, psyi_dossier_score_cell(line, wave, ".band")));
        return;
    case PSYI_DOSSIER_STANDARD:
        psyi_dossier_put(sheet, row, column, standards(report, about));
        return;
    case PSYI_DOSSIER_INTERVAL:
        psyi_dossier_put(sheet, row, column,
                         intervals(report, about, psyi_dossier_score_cell(line, wave, "")));
        return;
    case PSYI_DOSSIER_SCORED:
        psyi_dossier_put(sheet, row, column,
                         strcmp(scored, "scored") == 0 ? PSYI_WORD(report, "已计分", "scored")
                         : strcmp(scored, "prorated") == 0
                             ? PSYI_WORD(report, "折算", "prorated")
                             : PSYI_WORD(report, "未计分", "not scored"));
        return;
    case PSYI_DOSSIER_TIER: {
        const char *const rank = psyi_dossier_cell(wave, "tier");
        psyi_put_text(sheet, row, column, psyi_dossier_tier_words(report, wave, rank),
                      rank[0] != '\0' &&
                              psyi_dossier_same(wave->scheme, about->dossier->plan->scheme != NULL
                                                                  ? about->dossier->plan->scheme->id
                                                                  : NULL)
                          ? psyi_tier_style(atoi(rank))
                          : PSYI_STYLE_MUTED);
        return;
    }
    case PSYI_DOSSIER_FIRED:
        psyi_dossier_put(sheet, row, column, rules_words(report, wave));
        return;
    }
}

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

const char *psyi_dossier_score_at(psyi_report *report, const psyi_dossier_wave *wave, size_t column)
{
    size_t length;
    return is_score(wave, column, &length)
               ? psyi_report_format(report, "%.*s", (int)length, wave->names[column])
               : NULL;
}
