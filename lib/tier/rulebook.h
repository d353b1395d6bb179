/* rulebook.h -- all rules of a plan, run over cases; tiers and reasons.
 *
 * A case is a student with one choice of sheets.  The rules of the book are, in order, every
 * critical flag of every use (urgent: the highest rank; review: half of it, rounded up;
 * critical_unanswered: no rank), then the plan's tier rules. */
#ifndef PSYSCREEN_TIER_RULEBOOK_H
#define PSYSCREEN_TIER_RULEBOOK_H

#include "score/scorer.h"

#include <psyscreen/plan.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PSYI_NO_SHEET UINT32_MAX

typedef struct psyi_book_rule {
    const char *id; /* "phq9.critical_9" or the plan's */
    int rank;       /* 0: sets no tier */
    bool critical;
    psyi_flag_kind kind;   /* critical rules */
    uint16_t use, flag;    /* critical rules */
    const psyi_rule *rule; /* the plan's rules */
    psyi_label text;
} psyi_book_rule;

typedef struct psyi_rulebook {
    const psy_allocator *allocator;
    psyi_arena arena;
    const psy_plan *plan;
    psyi_book_rule *rules;
    size_t n_rules, n_critical;    /* critical ones first */
    int highest, middle;           /* ranks; middle = ceil(highest / 2) */
    uint64_t *battery_uses;        /* [battery] bit per use of the first pass */
    uint64_t *second_uses;         /* [battery] bit per use of the second */
    const psyi_program **programs; /* every program a workspace must serve */
    size_t n_programs;
} psyi_rulebook;
psy_status psyi_rulebook_new(psyi_rulebook **out, const psy_plan *plan,
                             const psy_allocator *allocator, psy_error *error);
void psyi_rulebook_free(psyi_rulebook *book);

typedef struct psyi_cases { /* borrowed columns over n cases */
    const psy_plan *plan;
    const psyi_scores *const *scores; /* per use; NULL: the use is in no file */
    size_t n;
    const uint32_t *sheets;          /* [use * n + case], PSYI_NO_SHEET */
    const psyi_person *people;       /* [case] */
    const uint8_t *battery;          /* [case]; 0xFF: none */
    const uint8_t *second;           /* [case] the second pass is asked for, too; may be NULL */
    const int32_t *seconds;          /* [case] of the main record, -1 unknown */
    const int32_t *local;            /* [local column * n + case], PSYI_NO_STANDARD; may be NULL */
    const uint8_t *local_marks;      /* [local column * n + case] psyi_norm_mark; may be NULL */
    const psyi_person *sheet_people; /* [sheet] whose it is; may be NULL */
    int year;                        /* of the wave; 0 unknown */
    /* What is not in this wave's questionnaires; NULL where there is nothing of the kind. */
    const int8_t *previous_tier;              /* [case] rank in the wave before, -1 none */
    const psyi_ratio *const *previous_scores; /* [use] -> [scale * n + case], den 0 none */
    const psyi_mask *external;                /* [code * blocks + block] somebody reported it */
    /* All sheets of the student of a case, losers of duplicates too.  The reason
     * of a critical rule is read from the sheet on which it fired. */
    const uint32_t *const *records; /* [case] */
    const uint32_t *n_records;      /* [case] */
} psyi_cases;

/* Per rule and case; a rule that is neither yes nor maybe was decided false. */
typedef struct psyi_verdicts {
    size_t n, n_blocks, n_rules;
    psyi_mask *yes;       /* [rule * n_blocks + block] fired */
    psyi_mask *maybe;     /* could still fire through blanks (not already yes) */
    psyi_mask *undecided; /* not decided */
    psyi_mask *no_norm;   /* undecided for want of a norm, sex or grade (else: blank) */
    psyi_mask *applies;   /* something of the rule was administered */
    psyi_mask *trouble;   /* a division by zero or an overflow was met on the way */
    const psy_allocator *allocator;
} psyi_verdicts;
psy_status psyi_verdicts_new(psyi_verdicts **out, const psyi_rulebook *book, size_t n_cases,
                             const psy_allocator *allocator, psy_error *error);
void psyi_verdicts_free(psyi_verdicts *verdicts);
/* Who is given which battery: the first whose condition is true; 0xFF when there is none or
 * when an earlier one cannot be decided (a grade is not known).  Reads people only. */
psy_status psyi_battery_run(const psyi_rulebook *book, const psyi_cases *cases, size_t first,
                            size_t n, uint8_t *battery, psy_error *error);
/* The uses a case is asked for: bit per use. */
uint64_t psyi_asked(const psyi_rulebook *book, const psyi_cases *cases, size_t item);
/* Who is asked for a second pass: everybody of whom its condition is not decided false, for a
 * blank answer must not spare a child the second look. */
psy_status psyi_second_run(const psyi_rulebook *book, const psyi_cases *cases, size_t first,
                           size_t n, uint8_t *second, psy_error *error);
/* 1 the rule's stage, grade and sex filter lets this person in, 0 it does not, -1 nobody
 * knows. */
int psyi_rule_concerns(const psyi_rule *rule, int grade, unsigned sex);
/* Runs the plan's rules (not the critical ones, which the cohort ORs over all sheets) over
 * blocks first .. first + n - 1; disjoint ranges on different threads. */
psy_status psyi_rulebook_run(const psyi_rulebook *book, const psyi_cases *cases, size_t first,
                             size_t n, psyi_verdicts *verdicts, psy_error *error);
/* The plan's validity rules: worst effect per case into effect[case]. */
psy_status psyi_validity_run(const psyi_rulebook *book, const psyi_cases *cases, size_t first,
                             size_t n, uint8_t *effect, uint16_t *which, psy_error *error);
bool psyi_verdict(const psyi_mask *plane, const psyi_verdicts *verdicts, size_t rule, size_t item);

#define PSYI_NO_RULE 0xFFFFu
/* A score the rule reads was not complete in this case. */
bool psyi_reads_blanks(const psyi_rulebook *book, const psyi_cases *cases, size_t item,
                       size_t rule);
/* The blank items a rule of this case waits for, "PHQ-9 第9题；MHT 第12、45题"; nothing when
 * there are none. */
void psyi_blank_items(const psyi_rulebook *book, const psyi_cases *cases, size_t item,
                      const bool *rules, psyi_language language, psyi_buffer *out);

/* One rule of one case in words: its text, then what was read ("MHT 总分 = 71"), and for an
 * undecided rule what is missing.  Appended to `out`. */
void psyi_reason(const psyi_rulebook *book, const psyi_cases *cases, size_t item, size_t rule,
                 bool even_with_blanks, psyi_language language, psyi_buffer *out);
/* "T分" or "T". */
const char *psyi_metric_text(psyi_metric metric, psyi_language language);
/* "phq9.total" -> "PHQ-9 总分"; the name of an operand in words. */
void psyi_operand_words(const psy_plan *plan, bool is_item, uint32_t id, psyi_language language,
                        psyi_buffer *out);
/* The largest (score - cut) / SEM among the cuts that hold in rules that fired; where no
 * source states an SEM, a tenth of the score's range stands in.  0 when nothing fired. */
double psyi_exceedance_of(const psyi_rulebook *book, const psyi_cases *cases,
                          const psyi_verdicts *verdicts, size_t item);

#endif
