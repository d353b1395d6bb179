/* compiled.h -- inside a scorer: what was worked out once, and one tile being scored.
 *
 * A byte of a scored tile is the canonical item score minus the scorer's base.  Items that
 * do not fit into bytes (numbers, clocks, far-flung codes) are wide: 32-bit lanes beside. */
#ifndef PSYSCREEN_SCORE_COMPILED_H
#define PSYSCREEN_SCORE_COMPILED_H

#include "norm/apply.h"
#include "score/kernel.h"
#include "score/scorer.h"

#include <psyscreen/error.h>

typedef enum psyi_item_way {
    PSYI_ITEM_ALONG,   /* byte = answer + add */
    PSYI_ITEM_AGAINST, /* byte = add - answer */
    PSYI_ITEM_TABLE,   /* byte = table[answer] */
    PSYI_ITEM_WIDE     /* in wide lanes; its byte only says whether there is a score */
} psyi_item_way;

enum { PSYI_MOST_RUN = 64 };

typedef struct psyi_item_plan {
    psyi_item_way way;
    uint8_t add;
    uint8_t run;           /* items from here on that are mapped alike; 0: not by the kernel */
    const uint8_t *table;  /* 256 entries */
    const int32_t *scores; /* of wide coded items: 256 entries */
    uint16_t wide;         /* index among the wide items, or PSYI_NO_INDEX */
    bool may_skip; /* psyi_item.may_skip */
    int32_t answer_low, answer_high;
    const int32_t *given; /* coded: the code as given, per answer byte */
} psyi_item_plan;

/* One item that one gate skips. */
typedef struct psyi_skip {
    uint16_t gate, item;
} psyi_skip;

typedef struct psyi_scale_plan {
    const psyi_scale *scale; /* of the variant */
    const psyi_scale *base;  /* of the default variant, which norms speak of */
    bool wide;
    bool uniform; /* all items have the range item_low..item_high */
    int32_t item_low, item_high;
    size_t flush;
    const uint16_t *beneath; /* distinct items answered beneath it */
    size_t n_beneath;
    /* Scores by the number of blank items and the sum of the bytes of the others, blanks *
     * n_sums + sum; NULL where that is too many.  Of composites and expressions whose scores
     * are integers (by_value): by the score itself, from value_low. */
    const psyi_score *table;
    const psyi_ratio *base_table; /* in the default variant */
    size_t n_sums, n_table;
    unsigned allowed; /* how many may be blank */
    bool falling;     /* a larger sum is a smaller score */
    bool by_value;
    int32_t value_low;
    size_t first_band, n_bands; /* band columns */
    size_t n_standards;
    bool by_pattern; /* has a standard score by answer pattern */
} psyi_scale_plan;

#define PSYI_CLASSES (4u * 3u * 17u) /* informant, sex, grade */

typedef struct psyi_standard_plan {
    const psyi_norm *norm;
    psyi_metric metric;
    uint16_t scale;
    uint16_t rank; /* among the standard scores of the scale */
    bool by_age;
    int32_t ten;                    /* 10^decimals */
    const int16_t *group_of;        /* [class]: index into groups, -1 none; NULL when by_age */
    const psyi_norm_group **groups; /* of this scale */
    size_t n_groups;
    int32_t **tables; /* [group]: by the scale's table index, or NULL */
    /* All of them behind one of a group that nobody is in; NULL: there are none.  [class] where
     * that of its group begins. */
    const int32_t *flat;
    const uint32_t *flat_of;
    const uint16_t *
        *pattern; /* [group]: items of a norm by answer pattern; NULL: of no such norm */
} psyi_standard_plan;

typedef struct psyi_set_plan {
    const psyi_band_set *set;
    const uint8_t *band;  /* index among the set's bands -> index into psyi_scale_bands */
    const uint8_t *table; /* by the scale's table index, or NULL */
} psyi_set_plan;

typedef struct psyi_band_plan { /* one column: a population of a scale */
    uint16_t scale, population;
    bool by_age;
    const int16_t *set_of; /* [class]: index into sets, -1 none; NULL when by_age */
    psyi_set_plan *sets;
    size_t n_sets;
} psyi_band_plan;

struct psyi_scorer {
    const psy_allocator *allocator;
    psyi_arena arena;
    const psyi_kernels *kernels;
    const psy_instrument *instrument;
    const psyi_variant *variant;
    const psyi_scale *scales; /* of the variant */
    size_t n_items, n_scales, n_standards, n_bands, n_flags;
    int32_t base;
    bool shifted;           /* printed and canonical scores differ and a norm needs the latter */
    uint8_t only_informant; /* of an instrument that has one */
    psyi_item_plan *items;
    size_t n_wide;
    psyi_skip *skips;
    size_t n_skips;
    size_t *gate_first; /* [gate] first of its skips; n_gates + 1 entries */
    uint16_t *scored_items;
    size_t n_scored;
    psyi_scale_plan *scale;
    size_t *population; /* [scale] of `.band` */
    psyi_standard_plan *standard;
    psyi_band_plan *band;
};

/* Why a score is not there; kept beside its bounds. */
enum { PSYI_WHY_BLANK = 1, PSYI_WHY_OTHER = 2, PSYI_WHY_ABSENT = 4 };

typedef struct psyi_tile {
    const psyi_scorer *scorer;
    psyi_scores *scores;
    const psyi_person *people; /* of the first lane, or NULL */
    size_t tile;
    psyi_mask given, partial; /* partial: given, with a blank somewhere */
    bool gaps;                /* some item of some lane has no answer */
    uint8_t *bytes;           /* [item * 64] */
    int32_t *wide;            /* [wide item * 64] */
    psyi_mask *answered, *blank, *refused, *absent, *valued; /* [item] */
    psyi_mask form_void;
    psyi_person person[PSYI_LANES];
    uint16_t class_of[PSYI_LANES];
    uint32_t *index;                  /* [scale * 64] place in the scale's table */
    psyi_mask *indexed;               /* [scale] where `index` holds */
    uint32_t *low_index, *high_index; /* [scale * 64] of the bounds, among complete sheets */
    psyi_mask *bound_indexed;         /* [scale] where they hold */
    /* [scale] lanes of `partial` that could still become something else, or whose score is not
     * there because of blanks.  Only for them there are bounds: of the score, of its standard
     * scores and of its bands.  What the others could be is what they are. */
    psyi_mask *open;
    uint32_t *place;  /* [scale] of its entries among those that are kept; kept_bounds.c */
    psyi_mask *known; /* [scale] has a score */
    psyi_mask *why_blank, *why_other, *why_absent; /* [scale] why not */
    psyi_mask *estimated;                          /* [scale] prorated, or a part was */
    psyi_score *score;                             /* [scale * 64] */
    int32_t *standard;                             /* [standard * 64] times 10^decimals */
    psyi_bounds *bounds;                           /* [scale * 64], for lanes of `open` */
    psyi_ratio *base_score;   /* [scale * 64] in the default variant, when shifted */
    bool canonical;           /* programs read scores in the default variant */
    int32_t *standard_bounds; /* [(standard * 64 + lane) * 2] */
    uint8_t *band_bounds;     /* [(band * 64 + lane) * 2] */
    psyi_workspace *workspace;
    psyi_numbers numbers;
    psyi_truths truths;
    psyi_tokens tokens;
    psyi_block block;
    psyi_events *events;
    size_t first_event;
    bool no_memory; /* an event was lost */
} psyi_tile;

/* A band or standard score whose bounds are not kept. */
enum { PSYI_OPEN_BLANK = 1, PSYI_OPEN_OTHER = 2 };
/* Bounds of a standard score, or why there are none, as a lane of `out`. */
void psyi_put_standard_bounds(const int32_t bounds[2], int32_t ten, unsigned lane,
                              psyi_numbers *out);

/* plan_items.c, plan_scales.c, plan_people.c: filling a scorer; false without memory */
bool psyi_plan_items(psyi_scorer *scorer);
bool psyi_plan_scales(psyi_scorer *scorer);
bool psyi_plan_standards(psyi_scorer *scorer);
bool psyi_plan_bands(psyi_scorer *scorer);
/* pattern_score.c: norms by answer pattern */
bool psyi_plan_patterns(psyi_scorer *scorer, psyi_standard_plan *plan);
void psyi_tile_pattern(psyi_tile *tile, unsigned standard);

/* item_lanes.c */
void psyi_tile_load(psyi_tile *tile);
/* Before each scale: its share of the next tile's answers is fetched meanwhile. */
void psyi_tile_ask_next(const psyi_tile *tile, size_t scale);
void psyi_tile_gates(psyi_tile *tile);
void psyi_tile_item(const psyi_tile *tile, unsigned item, bool answer, psyi_item_lanes *out);
void psyi_item_frame(const psyi_scorer *scorer, unsigned item, bool answer,
                     psyi_item_lanes *out); /* scale, low, high */
/* How many of `items` have their lane in `masks`. */
void psyi_count_lanes(const psyi_mask *masks, const uint16_t *items, size_t n_items,
                      uint16_t out[PSYI_LANES]);
void psyi_tile_event(psyi_tile *tile, psyi_event_kind kind, size_t index, psyi_mask lanes);

/* tile_block.c: the columns of a tile as the rule language sees them */
psyi_block psyi_block_of_tile(const psyi_tile *tile);

/* scale_score.c, sum_score.c, steps.c */
void psyi_tile_scale(psyi_tile *tile, unsigned scale);
psyi_ratio psyi_apply_steps(const psyi_scale *scale, psyi_ratio value);
/* A sum over `known` of `applies` items, `blank` of which are missing, to a printed score. */
psyi_ratio psyi_finish_score(const psyi_scale *scale, psyi_ratio sum, unsigned known,
                             unsigned applies, unsigned blank);
bool psyi_score_pack(psyi_ratio value, psyi_score *out); /* false: does not fit */
static inline psyi_ratio psyi_score_ratio(psyi_score score)
{
    return (psyi_ratio){score.num, score.den};
}
psyi_bounds psyi_bounds_pack(psyi_ratio low, psyi_ratio high);
psyi_bounds psyi_bounds_why(int why);

/* standard_score.c, bands.c, flags.c */
void psyi_tile_standard(psyi_tile *tile, unsigned standard);
void psyi_tile_band(psyi_tile *tile, unsigned band);
void psyi_tile_flag(psyi_tile *tile, unsigned flag);
uint8_t psyi_band_of(const psyi_set_plan *set, psyi_ratio value);
/* The set for this person: index, -1 where none fits, or it cannot be told. */
int psyi_band_set_for(const psyi_scorer *scorer, const psyi_band_plan *band,
                      const psyi_person *person);
unsigned psyi_class_of(const psyi_scorer *scorer, const psyi_person *person);
/* The norm group of this person: index into the plan's groups, or -1. */
int psyi_norm_group_of(const psyi_scorer *scorer, const psyi_standard_plan *plan,
                       const psyi_person *person);
int32_t psyi_standard_pack(psyi_ratio value, int32_t ten);
/* A lane whose standard score has no bounds, and why. */
void psyi_standard_open(psyi_tile *tile, unsigned standard, unsigned lane, int32_t why);

/* kept_bounds.c: what the open lanes of a tile could become, one block of memory.  false: the
 * score of this sheet is not open. */
bool psyi_kept_score(const psyi_scores *scores, size_t scale, size_t sheet, psyi_bounds *out);
bool psyi_kept_standard(const psyi_scores *scores, size_t standard, size_t sheet, int32_t out[2]);
bool psyi_kept_band(const psyi_scores *scores, size_t scale, size_t band, size_t sheet,
                    uint8_t out[2]);
bool psyi_keep_bounds(psyi_tile *tile); /* false without memory */

/* kept_scores.c: the scores and standard scores of a tile, as small as they fit; for a tile without
 * sheets, none. */
bool psyi_keep_scores(psyi_tile *tile); /* false without memory */
void psyi_keep_no_scores(psyi_scores *scores, size_t tile);

#define PSYI_EACH_LANE(lane, mask)                                                                 \
    for (psyi_mask left_##lane = (mask); left_##lane != 0; left_##lane &= left_##lane - 1)         \
        for (unsigned lane = (unsigned)__builtin_ctzll(left_##lane), once_##lane = 1;              \
             once_##lane != 0; once_##lane = 0)

#endif
