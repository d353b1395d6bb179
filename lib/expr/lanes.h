/*
 * lanes.h -- numbers of 64 lanes as the machine holds them, in one of two forms.
 *
 * Shared form: whole numbers over one denominator for all lanes, which is nearly always what
 * scores are; loops over it need no division and vectorise.  Ratio form: a ratio a lane.
 * An operation tries the shared form and falls back when a denominator differs too much or a
 * number grows too large; both forms give the same exact results (tests/unit/expr compares
 * them by running every program a second time with `ratios_only`).
 *
 * Unlike psyi_numbers, known lanes always have bounds here, lanes that are absent or without
 * record have neither, and division by zero travels along as a cause of its own.
 */
#ifndef PSYSCREEN_EXPR_LANES_H
#define PSYSCREEN_EXPR_LANES_H

#include "expr/value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PSYI_ALL_LANES UINT64_MAX

typedef struct psyi_lanes {
    bool ratios;  /* which form */
    bool tight;   /* shared form: low and high are the value and not written */
    int64_t den;  /* shared form */
    int64_t size; /* shared form: no number is larger than this, either way */
    int64_t value[PSYI_LANES], low[PSYI_LANES], high[PSYI_LANES]; /* 0 where meaningless */
    psyi_ratio ratio[PSYI_LANES], ratio_low[PSYI_LANES], ratio_high[PSYI_LANES];
    psyi_mask known, bounded, absent, no_record;
    psyi_mask maybe_absent;            /* unknown lanes that may turn out absent */
    psyi_mask blank, no_norm, trouble; /* causes */
} psyi_lanes;

/* Truths with trouble; a lane is yes, no, absent, or none of them: undecided.  maybe_yes and
 * maybe_no contain yes and no, and both hold where undecided.  An undecided choice between a
 * value and one that was not given may still turn out absent. */
typedef struct psyi_verdict_lanes {
    psyi_mask yes, no, maybe_yes, maybe_no, absent, maybe_absent, blank, no_norm, trouble;
} psyi_verdict_lanes;

static inline psyi_mask psyi_undecided(const psyi_verdict_lanes *a)
{
    return ~(a->yes | a->no | a->absent);
}

/* What of two operands has no record: not what was not given, or may turn out so. */
static inline psyi_mask psyi_lanes_without_record(const psyi_lanes *a, const psyi_lanes *b)
{
    return (a->no_record & ~(b->absent | b->maybe_absent)) |
           (b->no_record & ~(a->absent | a->maybe_absent));
}

/* A comparison with constants: PSYI_IN has two, PSYI_ONE_OF `n`, all others one. */
typedef struct psyi_test {
    psyi_compare kind;
    bool integer; /* what is tested is a whole number, blank or not */
    const psyi_ratio *constants;
    size_t n;
} psyi_test;

/* A test as intervals of whole numbers over `den`: met by v when lo <= v <= hi for one of
 * them, or for none when `negated`. */
#define PSYI_MAX_INTERVALS 64
typedef struct psyi_intervals {
    size_t n;
    bool negated;
    int64_t lo[PSYI_MAX_INTERVALS], hi[PSYI_MAX_INTERVALS];
} psyi_intervals;

void psyi_test_intervals(const psyi_test *test, int64_t den, psyi_intervals *out);
bool psyi_test_ratio(const psyi_test *test, psyi_ratio value);
/* What some number between low and high makes of the test. */
void psyi_test_between(const psyi_test *test, psyi_ratio low, psyi_ratio high, bool *can_yes,
                       bool *can_no);

/* ---- in and out (lanes.c) ---- */

void psyi_lanes_clear(psyi_lanes *lanes); /* all unknown, shared, den 1 */
/* Constants lie within 62 bits (check.c). */
void psyi_lanes_constant(psyi_lanes *lanes, psyi_ratio value);
void psyi_lanes_load(psyi_lanes *lanes, const psyi_numbers *numbers);
void psyi_lanes_load_item(psyi_lanes *lanes, const psyi_item_lanes *item);
void psyi_lanes_store(const psyi_lanes *lanes, psyi_numbers *out);
void psyi_lanes_to_ratios(psyi_lanes *lanes);
void psyi_lanes_loosen(psyi_lanes *lanes); /* shared form: write low and high */
/* The same form for both: shared over one denominator if it fits, else ratios; not tight
 * unless both are. */
void psyi_lanes_align(psyi_lanes *a, psyi_lanes *b);
/* Lanes of `mask` of `from` into `to`; both aligned. */
void psyi_lanes_copy(psyi_lanes *to, const psyi_lanes *from, psyi_mask mask);
/* Shared form: can all numbers be multiplied by `factor`? */
bool psyi_lanes_fit(psyi_lanes *lanes, int64_t factor);

/* ---- arithmetic, a := a op b (arithmetic.c) ---- */

void psyi_lanes_add(psyi_lanes *a, psyi_lanes *b, bool subtract);
void psyi_lanes_multiply(psyi_lanes *a, psyi_lanes *b);
void psyi_lanes_divide(psyi_lanes *a, psyi_lanes *b);
void psyi_lanes_scale(psyi_lanes *a, psyi_ratio factor);
void psyi_lanes_offset(psyi_lanes *a, psyi_ratio term);
void psyi_lanes_absolute(psyi_lanes *a);
typedef enum psyi_rounding { PSYI_FLOOR = 1, PSYI_CEIL, PSYI_HALF_UP } psyi_rounding;
void psyi_lanes_round(psyi_lanes *a, psyi_rounding rounding, unsigned decimals);
void psyi_lanes_clock(psyi_lanes *from, psyi_lanes *to, bool integer); /* into `from` */
void psyi_lanes_extreme(psyi_lanes *a, psyi_lanes *b, bool largest);
void psyi_lanes_ifna(psyi_lanes *a, psyi_lanes *b);
void psyi_lanes_from_verdict(psyi_lanes *a, const psyi_verdict_lanes *truth);

/* ---- comparison (compare_lanes.c) ---- */

void psyi_lanes_test(const psyi_lanes *a, const psyi_test *test, psyi_verdict_lanes *out);
/* The same from which numbers meet the test and, of ranges, which could and could fail to. */
void psyi_lanes_conclude(const psyi_lanes *a, psyi_mask met, psyi_mask could_yes,
                         psyi_mask could_no, psyi_verdict_lanes *out);
/* `kind` one of LT .. NE. */
void psyi_lanes_compare(psyi_lanes *a, psyi_lanes *b, psyi_compare kind, psyi_verdict_lanes *out);

/* ---- truths (verdicts.c) ---- */

void psyi_verdict_constant(psyi_verdict_lanes *out, bool truth);
void psyi_verdict_load(psyi_verdict_lanes *out, const psyi_truths *truths);
void psyi_verdict_store(const psyi_verdict_lanes *truth, psyi_truths *out);
void psyi_verdict_and(psyi_verdict_lanes *a, const psyi_verdict_lanes *b);
void psyi_verdict_or(psyi_verdict_lanes *a, const psyi_verdict_lanes *b);
void psyi_verdict_not(psyi_verdict_lanes *a);
void psyi_verdict_ifna(psyi_verdict_lanes *a, const psyi_verdict_lanes *b);
/* Decided in every lane of ~absent: yes in `yes`, else no. */
void psyi_verdict_plain(psyi_verdict_lanes *out, psyi_mask yes, psyi_mask absent);

/* ---- if and case (choose.c) ---- */

typedef struct psyi_choice {
    psyi_mask open;       /* all conditions so far were decided false */
    psyi_mask maybe_open; /* ... or could have been */
    psyi_mask vague;      /* a condition was undecided before one was true */
    psyi_mask all_absent; /* no condition was given */
    psyi_mask may_absent; /* ... or none may turn out given */
    psyi_mask loose;      /* a value without bounds could come out */
    psyi_mask blank, no_norm, trouble;
} psyi_choice;

void psyi_choice_begin(psyi_choice *choice);
void psyi_choice_number(psyi_choice *choice, const psyi_verdict_lanes *condition, psyi_lanes *value,
                        psyi_lanes *result);
void psyi_choice_truth(psyi_choice *choice, const psyi_verdict_lanes *condition,
                       const psyi_verdict_lanes *value, psyi_verdict_lanes *result);
/* After the last value, whose condition is "otherwise" (psyi_choice_otherwise). */
void psyi_choice_otherwise(const psyi_choice *choice, psyi_verdict_lanes *out);
void psyi_choice_end_number(const psyi_choice *choice, psyi_lanes *result);
void psyi_choice_end_truth(const psyi_choice *choice, psyi_verdict_lanes *result);

#endif
