/* dossier_line.h -- a line of a dossier's tables: a wave, or a score in it, and what its cells
 * say. */
#ifndef PSYSCREEN_REPORT_DOSSIER_LINE_H
#define PSYSCREEN_REPORT_DOSSIER_LINE_H

#include "report/dossier_tables.h"

typedef struct psyi_dossier_line {
    const psyi_dossier *dossier;
    const psyi_dossier_wave *wave, *before; /* before: NULL where there is none */
    const char *base;                       /* "phq9.total"; NULL: the line is about the wave */
} psyi_dossier_line;

static inline const psyi_dossier_line *psyi_dossier_line_of(const psyi_line *line)
{
    return line->data;
}

typedef enum psyi_dossier_what {
    PSYI_DOSSIER_WAVE,
    PSYI_DOSSIER_DATE,
    PSYI_DOSSIER_SCHOOL,
    PSYI_DOSSIER_GRADE,
    PSYI_DOSSIER_CLASS,
    PSYI_DOSSIER_EDITION,
    PSYI_DOSSIER_RULES_VERSION,
    PSYI_DOSSIER_VALIDITY,
    PSYI_DOSSIER_SCALE,
    PSYI_DOSSIER_SCORE,
    PSYI_DOSSIER_ANSWERED,
    PSYI_DOSSIER_BAND,
    PSYI_DOSSIER_STANDARD,
    PSYI_DOSSIER_INTERVAL,
    PSYI_DOSSIER_SCORED,
    PSYI_DOSSIER_TIER,
    PSYI_DOSSIER_FIRED
} psyi_dossier_what;

/* Fill a cell of a column whose `a` is a psyi_dossier_what. */
void psyi_dossier_fill(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                       const psyi_cell_field *field);
#define PSYI_DOSSIER_COLUMN(key_, zh_, en_, width_, what_)                                         \
    {                                                                                              \
        .key = (key_), .head = PSYI_LABEL(zh_, en_), .width = (width_), .style = PSYI_STYLE_WRAP,  \
        .fill = psyi_dossier_fill, .a = (what_)                                                    \
    }

void psyi_dossier_put(psyi_sheet *sheet, size_t row, size_t column, const char *text);
/* As a number; nothing where the text is none. */
void psyi_dossier_put_score(psyi_sheet *sheet, size_t row, size_t column, const char *text);
/* The line's score in a wave, or with a tail (".band") what is said of it; "" where there is
 * nothing. */
const char *psyi_dossier_score_cell(const psyi_line *line, const psyi_dossier_wave *wave,
                                    const char *tail);
const char *psyi_dossier_tier_words(const psyi_report *report, const psyi_dossier_wave *wave,
                                    const char *rank);
/* The plan's use and scale of this name, of the same instrument: it lends its words.  With
 * `as_then` only if it is scored as it was in the wave: what it says of scores holds for those
 * alone. */
bool psyi_dossier_plan_scale(const psyi_dossier_line *about, bool as_then, size_t *use,
                             size_t *scale);
/* The base of the score whose status stands in this cell of the wave; NULL: it is another cell, or
 * the score was not asked for. */
const char *psyi_dossier_score_at(psyi_report *report, const psyi_dossier_wave *wave,
                                  size_t column);

/* dossier_compare.c: the wave's use whose id is the first `length` bytes; NULL. */
const psyi_dossier_use *psyi_dossier_use_of(const psyi_dossier_wave *wave, const char *id,
                                            size_t length);
/* Both are there and say the same. */
bool psyi_dossier_same(const char *a, const char *b);

#endif
