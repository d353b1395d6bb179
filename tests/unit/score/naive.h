/* naive.h -- one sheet scored in the plainest way, straight from the definition. */
#ifndef PSYSCREEN_TEST_NAIVE_H
#define PSYSCREEN_TEST_NAIVE_H

#include "score/scorer.h"

typedef enum naive_state {
    NAIVE_ANSWERED,
    NAIVE_VALUED, /* skipped by a gate that declares a score */
    NAIVE_BLANK,
    NAIVE_ABSENT
} naive_state;

typedef enum naive_why {
    NAIVE_THERE,
    NAIVE_WHY_BLANK,
    NAIVE_WHY_OTHER,
    NAIVE_WHY_ABSENT
} naive_why;

typedef struct naive_item {
    naive_state state;
    bool refused;
    psyi_ratio score; /* where answered or valued */
} naive_item;

typedef struct naive_score {
    psyi_score_status status;
    naive_why why;
    psyi_ratio value, low, high;
    bool bounded;
    unsigned answered;
} naive_score;

typedef struct naive_sheet {
    const psy_instrument *instrument;
    unsigned variant;
    psyi_person person;
    bool given;
    const uint8_t *bytes;   /* one an item */
    const int32_t *numbers; /* one an item */
    /* filled by naive_run; taken and freed by the caller of naive_new and naive_free */
    naive_item *items;
    naive_score *scores;
    psyi_ratio *standards, *standard_low, *standard_high;
    psyi_ratio *canonical; /* in the default variant, one a scale */
    /* [scale * 32 + population]: index into psyi_scale_bands, -1 none; and the ends of what
     * it could be (of bands of raw scores) */
    int *bands, *band_low, *band_high;
    int *flags;            /* 1, 0, -1 */
    bool *flag_soft;       /* decided, but blanks could turn it */
    bool *closed_positive; /* an answer behind a closed gate, one an item */
    psyi_workspace *workspace;
} naive_sheet;

#define NAIVE_POPULATIONS 32

void naive_new(naive_sheet *sheet, const psy_instrument *instrument, unsigned variant);
void naive_free(naive_sheet *sheet);
void naive_run(naive_sheet *sheet);
const psyi_scale *naive_scales(const naive_sheet *sheet);
/* Its steps: columns of a sheet whose earlier columns are there. */
const psyi_response *naive_response(const naive_sheet *sheet, size_t item);
bool naive_coded(const naive_sheet *sheet, size_t item);
psyi_block naive_block(const naive_sheet *sheet);
void naive_standard(naive_sheet *sheet, size_t index);
void naive_band(naive_sheet *sheet, size_t index, size_t population);
void naive_flag(naive_sheet *sheet, size_t index);

#endif
