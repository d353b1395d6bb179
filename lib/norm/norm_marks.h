/* norm_marks.h -- why a standard score is no exact reading of its norm. */
#ifndef PSYSCREEN_NORM_NORM_MARKS_H
#define PSYSCREEN_NORM_NORM_MARKS_H

#include "norm/apply.h"

typedef enum psyi_norm_mark {                             /* bits */
                              PSYI_NORM_CLIPPED = 1 << 0, /* the raw score lies beyond the norm: the
                                                             value is its end */
                              PSYI_NORM_POOLED =
                                  1 << 1, /* by a wider group, the own one was too small */
                              PSYI_NORM_SHRUNK =
                                  1 << 2, /* by moments drawn towards those of all groups */
                              PSYI_NORM_STALE = 1 << 3, /* the norm is older than the plan allows */
                              PSYI_NORM_OTHERS =
                                  1 << 4 /* the reference group holds nobody like him */
} psyi_norm_mark;
#define PSYI_NORM_MARKS 5

/* CLIPPED or 0: did psyi_norm_standard_at give the end of the norm for want of more? */
uint8_t psyi_norm_clipped(const psyi_norm *norm, const psyi_norm_group *group, psyi_metric metric,
                          psyi_ratio raw, psyi_ratio age);
/* The same from a printed value alone, where the raw score is not at hand: at the end counts as
 * beyond it. */
uint8_t psyi_norm_at_end(const psyi_norm *norm, psyi_metric metric, psyi_ratio value);
/* The same of counts: a rank of a score beyond all that were counted. */
uint8_t psyi_counts_clipped(const psyi_histogram *counts, psyi_metric metric, psyi_ratio score);
/* Whether a value of this norm can be clipped at all. */
bool psyi_norm_clips(const psyi_norm *norm);

/* `year` is the wave's, 0 unknown; `most` years are allowed, 0: any number. */
bool psyi_norm_too_old(const psyi_norm *norm, uint32_t most, int year);

/* "clipped;pooled", as files have it; and in words: "超出常模端点、合并组". */
void psyi_norm_mark_ids(uint8_t marks, psyi_buffer *out);
void psyi_norm_mark_words(uint8_t marks, psyi_language language, psyi_buffer *out);
/* One mark by its id, 0 when there is none of that name. */
uint8_t psyi_norm_mark_of(const char *id, size_t length);
/* All marks explained, for the legend of a column. */
extern const psyi_label psyi_norm_mark_legend;

#endif
