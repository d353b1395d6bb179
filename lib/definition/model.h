/* model.h -- a loaded instrument, norm and plan, as everything below reads them.
 *
 * Immutable once loaded.  All texts live in the document's arena.  Indices stand for
 * pointers: items, scales and flags are numbered in file order. */
#ifndef PSYSCREEN_DEFINITION_MODEL_H
#define PSYSCREEN_DEFINITION_MODEL_H

#include "base/number.h"
#include "definition/columns.h"
#include "expr/rule_program.h"

#include <psyscreen/irt.h>
#include <psyscreen/lms.h>
#include <psyscreen/regression_norm.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct psyi_label { /* either may be NULL; psyi_label_text chooses */
    const char *en, *zh;
} psyi_label;
typedef enum psyi_language { PSYI_EN, PSYI_ZH } psyi_language;
const char *psyi_label_text(psyi_label label, psyi_language language, const char *otherwise);

typedef struct psyi_place { /* in the definition's own file */
    uint32_t line, column, length;
} psyi_place;

typedef enum psyi_confidence {
    PSYI_VERIFIED,
    PSYI_SINGLE,
    PSYI_MEMORY,
    PSYI_CONFLICT,
    PSYI_UNSTATED
} psyi_confidence;
const char *psyi_confidence_name(psyi_confidence confidence);

typedef struct psyi_source_note {
    const char *cite;
    const char *covers; /* "scoring, bands" or NULL */
    psyi_confidence confidence;
} psyi_source_note;

typedef struct psyi_silence {
    const char *rule, *at, *reason; /* at: the path of the finding; NULL: anywhere */
    psyi_place place;
} psyi_silence;

/* ---- instrument ------------------------------------------------------------------- */

typedef enum psyi_response_kind { PSYI_CODED, PSYI_NUMBER, PSYI_CLOCK } psyi_response_kind;

typedef struct psyi_alias {
    const char *text;
    uint8_t code; /* index into codes */
} psyi_alias;

typedef struct psyi_response {
    const char *id;
    psyi_response_kind kind;
    uint16_t n_codes; /* coded: codes in order, then none of the missing ones */
    const int32_t *codes;
    const psyi_label *labels; /* n_codes, or NULL */
    const psyi_alias *aliases;
    size_t n_aliases;
    const int32_t *refused, *not_applicable; /* codes outside `codes` */
    size_t n_refused, n_not_applicable;
    psyi_ratio low, high; /* numbers; clock 0..1439 */
    unsigned decimals;    /* numbers: scale is 10^decimals */
} psyi_response;

#define PSYI_NO_INDEX 0xFFFFu

typedef struct psyi_item {
    const char *id;   /* "9", "q1_bed" */
    const char *name; /* "self_harm" or NULL */
    uint16_t number;  /* 9; 0 for items with a word as id */
    uint16_t response;
    uint16_t part; /* index into parts, or PSYI_NO_INDEX */
    bool scored, reversed;
    bool may_skip; /* a file may call it skipped: answers/sheets.h, psyi_was_asked */
    /* Coded items: canonical score of each code (after map and reversal).  Number items:
     * scores are the numbers times `scale`. */
    const int32_t *scores;
    int32_t scale;     /* 1 for coded items and clocks */
    int32_t low, high; /* range of the canonical score, times scale */
    psyi_place place;
} psyi_item;

typedef struct psyi_part {
    const char *id;
    psyi_label name;
    bool optional;
} psyi_part;

typedef struct psyi_gate {
    const char *id;
    psyi_program *when;
    const uint16_t *items;
    size_t n_items;
    bool has_value;
    int32_t value;
    psyi_place place;
} psyi_gate;

typedef enum psyi_step_kind {
    PSYI_STEP_MULTIPLY,
    PSYI_STEP_ADD,
    PSYI_STEP_FLOOR,
    PSYI_STEP_CEIL,
    PSYI_STEP_ROUND /* half up, to `decimals` */
} psyi_step_kind;
typedef struct psyi_step {
    psyi_step_kind kind;
    psyi_ratio by;
    unsigned decimals;
} psyi_step;

typedef struct psyi_band {
    const char *id;
    psyi_label name;
    psyi_ratio from; /* inclusive unless `above` */
    bool above;      /* starts strictly above `from` */
    bool bottom;     /* the first: no lower end */
    psyi_place place;
} psyi_band;

/* Who a band set or norm row is for; 0 and full ranges mean anybody. */
typedef struct psyi_who {
    uint8_t informants, sexes; /* bit (1 << value) set: allowed; 0: any */
    uint8_t stages;
    int16_t grade_low, grade_high;   /* 0, 0: any */
    int16_t age_low, age_high;       /* completed years; -1, -1: any */
    int16_t months_low, months_high; /* of norm groups: completed months; 0, 0: any */
} psyi_who;

typedef struct psyi_band_set {
    uint16_t population; /* index into the scale's populations */
    psyi_who who;
    uint16_t standard; /* banded standard-score column, PSYI_NO_INDEX: the raw score */
    psyi_confidence confidence;
    const char *source;
    const psyi_band *bands; /* ascending */
    size_t n_bands;
    psyi_place place;
} psyi_band_set;

typedef enum psyi_score_kind {
    PSYI_SCORE_SUM,
    PSYI_SCORE_MEAN,
    PSYI_SCORE_PARTS, /* sum of printed parts */
    PSYI_SCORE_EXPRESSION
} psyi_score_kind;
typedef enum psyi_missing_rule {
    PSYI_MISSING_NONE, /* all items needed */
    PSYI_MISSING_PRORATE,
    PSYI_MISSING_MEAN,
    PSYI_MISSING_ZERO
} psyi_missing_rule;

typedef struct psyi_precision {         /* standard error of measurement */
    psyi_ratio stated, reliability, sd; /* as the source has them; den 0: not stated */
    psyi_ratio mean;                    /* of the same sample; den 0: not stated */
    const char *cite;
    psyi_confidence confidence;
    double sem; /* 0: nobody says */
} psyi_precision;

typedef struct psyi_scale {
    const char *id;
    psyi_label name;
    psyi_score_kind score;
    const uint16_t *items; /* of the scale; of a composite: distinct items beneath it */
    size_t n_items;
    const uint16_t *parts; /* composites: scales */
    size_t n_parts;
    psyi_program *program; /* expressions */
    psyi_missing_rule missing;
    /* How many items may be missing.  An expression is evaluated when no more are; one without
     * `items:` needs none by itself (its missing operands decide). */
    uint16_t allow;
    psyi_confidence missing_confidence;
    const psyi_step *steps;
    size_t n_steps;
    bool worse_low;
    bool derived;         /* shown, but no scale */
    uint8_t informants;   /* bit mask, 0: all */
    psyi_ratio low, high; /* derived range in the printed metric; den 0: unknown */
    bool integer;         /* every score is an integer when complete */
    psyi_ratio declared_low, declared_high; /* `range:`; den 0: unstated */
    const char *metric;                     /* or NULL */
    psyi_precision precision;
    psyi_confidence confidence;
    const char *const *populations; /* slugs, "default" for an unnamed set */
    size_t n_populations;
    const psyi_band_set *band_sets;
    size_t n_band_sets;
    const char *const *band_tokens; /* of population 0, 1, ... : see psyi_scale_bands */
    psyi_place place;
} psyi_scale;

typedef enum psyi_flag_kind {
    PSYI_FLAG_URGENT,
    PSYI_FLAG_REVIEW,
    PSYI_FLAG_UNANSWERED, /* critical_unanswered: lists, sets no tier */
    PSYI_FLAG_VALIDITY,
    PSYI_FLAG_NOTE
} psyi_flag_kind;
typedef enum psyi_effect {
    PSYI_EFFECT_NONE,
    PSYI_EFFECT_DOUBTFUL,
    PSYI_EFFECT_RETEST,
    PSYI_EFFECT_INVALID
} psyi_effect;

typedef struct psyi_flag {
    const char *id;
    psyi_label name;
    psyi_flag_kind kind;
    psyi_effect effect;
    psyi_program *when; /* NULL for critical_unanswered */
    psyi_confidence confidence;
    psyi_place place;
} psyi_flag;

/* One printed standard-score column: <scale>.<metric>@<norm>.  Sorted by scale, norm, metric. */
typedef struct psyi_standard {
    uint16_t scale;
    uint16_t norm;  /* index into the instrument's norms; PSYI_NO_INDEX: a band set reads a norm
                       that is not at hand (loaded from memory), so nobody has a score */
    uint8_t metric; /* psyi_metric */
    uint8_t decimals;
    const char *name; /* "t@us_users_guide" */
} psyi_standard;

typedef struct psyi_expectation {
    const char *column; /* "total", "total.band", "critical_9" */
    const char *value;  /* text; NULL for null */
    psyi_place place;
} psyi_expectation;

typedef struct psyi_example {
    const char *name, *by;
    const char **answers; /* one per item; NULL = blank, absent items PSYI_ABSENT_ANSWER */
    psyi_informant informant;
    psyi_sex sex;
    int grade, age; /* 0 / -1 unknown */
    const char *variant;
    const psyi_expectation *expect;
    size_t n_expect;
    psyi_place place;
} psyi_example;
extern const char psyi_absent_answer[];
#define PSYI_ABSENT_ANSWER psyi_absent_answer
/* An expectation of examples alone: the items answered positively behind a closed gate. */
#define PSYI_EXAMPLE_CLOSED_GATE "closed_gate"

typedef struct psyi_variant {
    const char *id;
    const int32_t *given;     /* NULL: every code of an item, as it is */
    const int32_t *canonical; /* given[i] means canonical code canonical[i] */
    size_t n_codes;
    int32_t shift;            /* printed item score = canonical - shift */
    const psyi_scale *scales; /* all scales as this variant has them */
    psyi_confidence confidence;
} psyi_variant;

typedef struct psyi_norm psyi_norm;

struct psy_instrument {
    psyi_arena arena;
    const char *file; /* as opened */
    const char *id, *edition;
    psyi_label name;
    const char *const *topics;
    size_t n_topics;
    uint8_t informants;                           /* bit mask */
    int grade_low, grade_high, age_low, age_high; /* 0,0 / -1,-1: unstated */
    const char *recall, *text_licence;
    bool sensitive;
    const psyi_source_note *sources;
    size_t n_sources;
    const char *const *notes;
    size_t n_notes;
    const psyi_response *responses;
    size_t n_responses;
    const psyi_item *items;
    size_t n_items;
    const psyi_part *parts;
    size_t n_parts;
    const psyi_gate *gates;
    size_t n_gates;
    bool has_form_gate;
    uint16_t form_max_blank;
    const psyi_scale *scales; /* of the default variant */
    size_t n_scales;
    const psyi_flag *flags; /* critical_unanswered last where there is one */
    size_t n_flags;
    const uint16_t *critical_items; /* read by critical_unanswered */
    size_t n_critical_items;
    psyi_ratio critical_share; /* 1/2 */
    const psyi_variant *variants;
    size_t n_variants; /* at least 1 */
    psyi_norm *const *norms;
    size_t n_norms;
    const psyi_standard *standards;
    size_t n_standards;
    const psyi_example *examples;
    size_t n_examples;
    const psyi_silence *silences;
    size_t n_silences;
    /* Columns (columns.h, use 0) in an order in which each comes after what it reads: SCORE
     * (index scale), STANDARD (index scale, sub standard), BAND (index scale, sub population
     * + 1) and FLAG (index flag).  The same order serves every variant. */
    const uint32_t *order;
    size_t n_order;
    psyi_program **programs; /* every program once, to be freed with the instrument */
    size_t n_programs, programs_capacity;
    char fingerprint[65];
};

/* Band ids of a population of a scale, from best to worst; sets of one population must
 * have the same ids. */
size_t psyi_scale_bands(const psyi_scale *scale, unsigned population, const char *const **ids);
/* A validity flag reads it: it asks how far the answers can be relied on, not what others ask. */
bool psyi_scale_is_lie(const struct psy_instrument *instrument, size_t scale);
/* Every score that is printed is a whole number, prorated ones too. */
bool psyi_scale_is_whole(const psyi_scale *scale);
/* The population of `.band`: the one called `name` where the scale has it, else the first. */
unsigned psyi_scale_population(const psyi_scale *scale, const char *name);
/* Index or PSYI_NO_INDEX. */
unsigned psyi_find_item(const struct psy_instrument *instrument, const char *selector);
unsigned psyi_find_scale(const struct psy_instrument *instrument, const char *id);
unsigned psyi_find_flag(const struct psy_instrument *instrument, const char *id);
unsigned psyi_find_variant(const struct psy_instrument *instrument, const char *id);

/* ---- norms ------------------------------------------------------------------------ */

typedef enum psyi_metric {
    PSYI_METRIC_T,
    PSYI_METRIC_Z,
    PSYI_METRIC_IQ,
    PSYI_METRIC_PERCENTILE,
    PSYI_METRIC_STANDARD,
    PSYI_METRIC_STANINE_LINEAR,
    PSYI_METRIC_STEN_LINEAR,
    PSYI_METRIC_STANINE_PERCENT,
    PSYI_METRIC_STEN_PERCENT,
    PSYI_METRIC_T_BLOM, /* normalised T, in the order of psy_rank_method */
    PSYI_METRIC_T_TUKEY,
    PSYI_METRIC_T_WAERDEN,
    PSYI_METRIC_T_RANKIT,
    PSYI_METRICS
} psyi_metric;
const char *psyi_metric_name(psyi_metric metric); /* "t", "z", ..., "stanine_linear", "t_blom" */
unsigned psyi_metric_decimals(psyi_metric metric);
/* Metrics that a mean and a standard deviation give; that counts give besides. */
#define PSYI_LINE_METRICS                                                                          \
    (1u << PSYI_METRIC_T | 1u << PSYI_METRIC_Z | 1u << PSYI_METRIC_IQ |                            \
     1u << PSYI_METRIC_STANINE_LINEAR | 1u << PSYI_METRIC_STEN_LINEAR)
#define PSYI_RANK_METRICS                                                                          \
    (1u << PSYI_METRIC_PERCENTILE | 1u << PSYI_METRIC_STANINE_PERCENT |                            \
     1u << PSYI_METRIC_STEN_PERCENT | 1u << PSYI_METRIC_T_BLOM | 1u << PSYI_METRIC_T_TUKEY |       \
     1u << PSYI_METRIC_T_WAERDEN | 1u << PSYI_METRIC_T_RANKIT)

/* How the groups of a local norm judge: a group of at least min_n by itself; below that, with
 * `shrink`, one of at least pool_below by moments shrunk towards all groups; else by the group
 * that is left when the last keys are dropped. */
typedef enum psyi_group_key { PSYI_BY_STAGE = 1, PSYI_BY_GRADE, PSYI_BY_SEX } psyi_group_key;
typedef struct psyi_local_rule {
    psyi_group_key by[3];
    size_t n_by;
    uint32_t min_n, pool_below;
    bool shrink;
    bool moments; /* tau^2 by DerSimonian-Laird, not REML */
} psyi_local_rule;

/* What a file of counts says about where they come from. */
typedef struct psyi_local_counts {
    bool present;
    bool frozen;
    psyi_local_rule rule;
    const char *variant;      /* coding variant */
    int informant;            /* psyi_informant, 0: any */
    const char *const *parts; /* ascending: "district_demo 2026-autumn 1234 0123456789abcdef" */
    size_t n_parts;
} psyi_local_counts;

typedef enum psyi_norm_kind {
    PSYI_NORM_TABLE,
    PSYI_NORM_MEAN_SD,
    PSYI_NORM_HISTOGRAM,
    PSYI_NORM_LMS,        /* L, M and S by age */
    PSYI_NORM_REGRESSION, /* coefficients of powers of norm score and age */
    PSYI_NORM_IRT         /* item parameters */
} psyi_norm_kind;
typedef enum psyi_rounding { PSYI_ROUND_HALF_UP, PSYI_ROUND_UP, PSYI_ROUND_DOWN } psyi_rounding;

typedef struct psyi_norm_cell { /* one raw score of a group */
    psyi_ratio raw;
    psyi_ratio standard; /* table */
    uint64_t count;      /* histogram */
} psyi_norm_cell;

typedef struct psyi_norm_row { /* LMS: age l m s; regression: coefficient; IRT: value */
    const char *item;          /* IRT */
    uint32_t power_l, power_a; /* regression; of IRT the step */
    double value[4];
    psyi_place place; /* in the CSV */
} psyi_norm_row;

/* What the rows of a group say; norm_models.c. */
typedef struct psyi_norm_model {
    double *ages; /* LMS */
    psy_lms *lms;
    psy_regression_norm regression;
    psy_irt *irt;
    const char **items; /* IRT, in the order of the model */
    uint32_t *highest;
    size_t n;     /* ages, terms or items */
    double *sums; /* IRT: theta by sum of item scores above their lowest */
    size_t n_sums;
} psyi_norm_model;

typedef struct psyi_norm_group {
    const char *scale;
    psyi_who who;
    psyi_ratio mean, sd;         /* mean_sd */
    const psyi_norm_cell *cells; /* ascending by raw */
    size_t n_cells;
    const psyi_norm_row *rows; /* LMS, regression, IRT */
    size_t n_rows;
    psyi_norm_model *model;
    psyi_confidence confidence; /* of the norm, or of this group in its CSV */
    psyi_place place;           /* in the CSV */
} psyi_norm_group;

struct psyi_norm {
    psyi_arena arena;
    const char *file, *csv_file;
    const char *id, *instrument, *edition; /* edition may be NULL */
    psyi_norm_kind kind;
    uint16_t metrics; /* bit mask of psyi_metric */
    unsigned decimals[PSYI_METRICS];
    psyi_rounding rounding;
    psyi_label population;
    int year;
    uint64_t n;
    const char *source;
    psyi_confidence confidence;
    bool print_only;
    psyi_norm_group *groups; /* in file order */
    size_t n_groups;
    bool between_ages;   /* linear between the middles of age groups, exact, clamped at the ends */
    bool middle_of_year; /* somebody of 10 completed years is 10.5, not 10 */
    uint32_t shift;      /* LMS: added to a raw score before it is looked up */
    bool who_tails;      /* LMS */
    psyi_ratio ages[2], norm_range[2], raw_range[2]; /* regression */
    psy_irt_grid grid;                               /* IRT */
    bool by_pattern;       /* IRT: from the pattern of answers (EAP), not from their sum */
    psy_irt_method method; /* IRT by pattern */
    uint32_t answered;     /* IRT by pattern: at least so many answers */
    bool has_people;
    psyi_who people;         /* whom the reference group consists of */
    psyi_local_counts local; /* counts of children's scores, made by psyscreen */
    char fingerprint[65];
};

/* ---- plan ------------------------------------------------------------------------- */

typedef enum psyi_field { /* columns of responses and roster that are no items */
                          PSYI_FIELD_STUDENT,
                          PSYI_FIELD_SCHOOL,
                          PSYI_FIELD_SCHOOL_NAME,
                          PSYI_FIELD_GRADE,
                          PSYI_FIELD_CLASS,
                          PSYI_FIELD_SEX,
                          PSYI_FIELD_NAME,
                          PSYI_FIELD_BIRTH_DATE,
                          PSYI_FIELD_AGE,
                          PSYI_FIELD_SUBMITTED_AT,
                          PSYI_FIELD_DURATION,
                          PSYI_FIELD_INFORMANT,
                          PSYI_FIELD_CONSENT,
                          PSYI_FIELD_REQUIRED,
                          PSYI_FIELD_EXEMPT_REASON,
                          PSYI_FIELD_AREA,
                          PSYI_FIELD_LOCAL_NO, /* a number inside a school */
                          PSYI_FIELD_FORMER,   /* an earlier student number */
                          PSYI_FIELD_SOURCE,   /* from here on of external information only */
                          PSYI_FIELD_CODE,
                          PSYI_FIELD_TEXT,
                          PSYI_FIELD_DATE,
                          PSYI_FIELD_BY,
                          PSYI_FIELDS
} psyi_field;
const char *psyi_field_name(psyi_field field); /* "submitted_at" */

typedef struct psyi_column_names { /* accepted header texts; "#3" means the third column */
    const char *const *names;
    size_t n_names;
    psyi_place place;
} psyi_column_names;

typedef struct psyi_code_text { /* observed text -> value */
    const char *text, *value;
    psyi_place place;
} psyi_code_text;
typedef struct psyi_code_map {
    const char *of; /* "sex", "consent", or a use */
    const psyi_code_text *texts;
    size_t n_texts;
} psyi_code_map;

typedef struct psyi_item_column { /* one item of a use with its own names */
    uint16_t item;
    psyi_column_names column;
} psyi_item_column;
typedef struct psyi_item_columns { /* of one use */
    unsigned use;
    const char *pattern; /* or NULL */
    const psyi_item_column *items;
    size_t n_items;
    psyi_place place;
} psyi_item_columns;

typedef struct psyi_header_cell {
    uint32_t position; /* 1-based */
    const char *name;
} psyi_header_cell;

typedef struct psyi_text_list {
    const char *const *texts;
    size_t n_texts;
} psyi_text_list;

typedef struct psyi_total { /* a score the file brings along */
    uint16_t use, scale;
} psyi_total;

typedef struct psyi_input {
    bool present;
    const char *encoding;      /* NULL: undeclared */
    const char *encoding_else; /* of files that are no UTF-8, where `encoding` is; or NULL */
    const char *file;          /* of links; responses and rosters are given when a plan is run */
    const char *sheet;         /* of a workbook; NULL: the only one */
    bool value_codes;          /* SPSS: values as codes, not as their labels */
    char separator;            /* 0: undeclared */
    uint32_t header_row;       /* 1-based physical line */
    const psyi_header_cell *header;
    size_t n_header;
    psyi_column_names columns[PSYI_FIELDS];
    const psyi_item_columns *items;
    size_t n_items;
    const psyi_code_map *codes;
    size_t n_codes;
    const psyi_total *totals; /* held against the scores; their columns beside them */
    const char *const *total_names;
    size_t n_totals;
    psyi_text_list blank, skipped, refused, not_applicable; /* "" is always blank */
    const char *dates;                                      /* "ymd", "dmy", "mdy" or NULL */
    int school_year; /* in which the plan's day lies, 2026 from August 2026 on; 0 unknown */
    psyi_place place;
} psyi_input;

/* What a person outside the questionnaires may report of a child, as the plan names it. */
typedef struct psyi_external_code {
    const char *id;   /* "talks_of_death": a name in rules */
    const char *text; /* as files write it, the first of several */
} psyi_external_code;

typedef struct psyi_use {
    const char *id;
    const struct psy_instrument *instrument; /* owned by the catalog */
    psyi_informant informant;                /* unknown: taken from the data */
    uint16_t variant;
    const char *population; /* or NULL */
    psyi_place place;
} psyi_use;

typedef struct psyi_battery {
    const char *id;
    psyi_label name;
    psyi_program *when; /* over student.* only; NULL: everybody */
    const uint16_t *uses;
    size_t n_uses;
    /* A second pass: what is given to those of whom this holds once the first is scored. */
    psyi_program *second_when; /* NULL: there is none */
    const uint16_t *second_uses;
    size_t n_second_uses;
    psyi_place place;
} psyi_battery;

typedef enum psyi_no_consent {
    PSYI_CONSENT_UNSET,
    PSYI_CONSENT_CRITICAL_ONLY,
    PSYI_CONSENT_IGNORE
} psyi_no_consent;
typedef enum psyi_grade_form { PSYI_GRADES_ARABIC = 1, PSYI_GRADES_CHINESE = 2 } psyi_grade_form;
typedef enum psyi_duplicates {
    PSYI_DUPLICATES_MANUAL,
    PSYI_DUPLICATES_FIRST,
    PSYI_DUPLICATES_LAST,
    PSYI_DUPLICATES_MOST_COMPLETE
} psyi_duplicates;

typedef struct psyi_local_norm {
    const char *id;
    uint16_t use, scale;
    psyi_local_rule rule;
    bool freeze;           /* at the first release of a wave */
    const char *given_at;  /* `file:` as written, or NULL */
    psyi_norm *given;      /* the norm in that file; the plan's */
    uint32_t max_years;    /* a norm older than this is stale; 0: no limit */
    uint16_t metrics;      /* bit mask of psyi_metric */
    unsigned first_column; /* sub of PSYI_COLUMN_LOCAL of its first metric; metrics ascend */
    psyi_place place;
} psyi_local_norm;

/* What a reliable change of a score is reckoned from (Jacobson & Truax). */
typedef struct psyi_change_basis {
    uint16_t use, scale;
    psyi_ratio reliability, sd;
    const char *cite;
    psyi_place place;
} psyi_change_basis;

typedef struct psyi_tier {
    int rank; /* 0 = none, larger = worse */
    const char *code;
    psyi_label name;
    const char *colour; /* "#RRGGBB" */
} psyi_tier;
typedef struct psyi_scheme {
    const char *id;
    psyi_label legend;      /* says which end is worst */
    const psyi_tier *tiers; /* descending rank, rank 0 last */
    size_t n_tiers;
    int highest;
} psyi_scheme;

typedef struct psyi_rule {
    const char *id;
    int rank;
    psyi_program *when;
    psyi_label text;
    uint8_t stages;            /* bit mask, 0: all */
    int grade_low, grade_high; /* 0,0: all */
    psyi_sex sex;              /* unknown: all */
    psyi_effect status;        /* validity rules only */
    psyi_place place;          /* of `when` */
} psyi_rule;

typedef struct psyi_use_precision {
    uint16_t use, scale;
    psyi_precision precision;
} psyi_use_precision;

typedef struct psyi_duty {
    int hours; /* 0: unset */
    const char *who;
} psyi_duty;

/* One way for a sheet to find its student: fields that must all agree, as bits of psyi_field. */
typedef struct psyi_rung {
    uint32_t fields;
} psyi_rung;

/* Sheets of a school's workbook that a plan may leave out (outputs.sheets).  The others it may
 * not: the first one, which says what tiers mean, and the lists on which a child could be lost. */
enum {
    PSYI_SHEET_LEDGER = 1,
    PSYI_SHEET_PARTICIPATION = 2,
    PSYI_SHEET_SCORES = 4,
    PSYI_SHEET_PROFILE = 8,
    PSYI_SHEET_CLASSES = 16,
    PSYI_SHEET_CLASS_SCALES = 32,
    PSYI_SHEET_QUALITY = 64,
    PSYI_SHEET_DICTIONARY = 128,
    PSYI_SHEETS_ALL = 255
};

struct psy_plan {
    psyi_arena arena;
    const char *file;
    const char *id, *wave, *as_of; /* as_of: YYYY-MM-DD or NULL */
    psyi_label name;
    bool pseudonym;        /* identity.output */
    bool school_names;     /* identity.schools: names: a school's own workbook prints names */
    bool identity_stated;  /* false: the plan says nothing (a lint error) */
    const char *key_file;  /* relative to the plan's directory, or NULL */
    const char *passwords; /* of the workbooks, likewise; NULL: not encrypted */
    psyi_input responses, roster;
    psyi_input links;       /* earlier numbers of students; its file is relative to the plan's */
    const psyi_rung *rungs; /* tried in order; at least one */
    size_t n_rungs;
    psyi_input external; /* what teachers, parents and others report */
    const psyi_external_code *external_codes;
    size_t n_external_codes;
    const char *previous; /* directory of the wave before, relative to the plan's; or NULL */
    psyi_place previous_place;
    const char *const *published; /* published.csv of earlier runs of this wave, likewise */
    size_t n_published;
    const psyi_use *uses;
    size_t n_uses;
    const psyi_battery *batteries; /* at least one */
    size_t n_batteries;
    psyi_no_consent no_consent;
    bool consent_unanswered_allowed, consent_stated;
    psyi_duplicates duplicates;
    uint8_t grade_forms; /* how grades may be written: psyi_grade_form */
    const psyi_local_norm *locals;
    size_t n_locals;
    size_t n_local_columns;
    const psyi_change_basis *changes;
    size_t n_changes;
    uint32_t norm_years;             /* a norm older than this is stale; 0: no limit */
    const psyi_rule *validity_rules; /* when true: status */
    size_t n_validity_rules;
    const struct psyi_validity_policy *policy; /* validity_policy.h; NULL: none */
    const psyi_scheme *scheme;                 /* NULL: the plan has no tiers */
    const psyi_rule *rules;                    /* in file order */
    size_t n_rules;
    uint32_t capacity;                           /* how many a school can interview, 0: unstated */
    const struct psyi_use_precision *precisions; /* of scales as this plan knows them */
    size_t n_precisions;
    psyi_duty urgent, review;
    psyi_language languages[2];
    size_t n_languages;
    uint32_t small_cell;
    uint8_t roles;  /* psy_role bits of outputs.roles */
    uint8_t sheets; /* PSYI_SHEET_ bits: what a school's workbook holds beside its lists */
    const psyi_silence *silences;
    size_t n_silences;
    psyi_program **programs; /* every program once, to be freed with the plan */
    size_t n_programs, programs_capacity;
    const char *text; /* the whole file, for the manifest and for carets */
    size_t text_length;
    char fingerprint[65]; /* of the canonical compiled plan, instruments included */
};

/* In its first or second pass. */
bool psyi_battery_gives(const psyi_battery *battery, unsigned use);
/* The standard error of measurement of a scale of a use: the plan's, else its definition's;
 * NULL where neither states one. */
const psyi_precision *psyi_plan_precision(const struct psy_plan *plan, unsigned use,
                                          unsigned scale);

#endif
