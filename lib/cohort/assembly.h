/* assembly.h -- the state of a cohort while it is put together, step by step.
 *
 * The steps run in the order of design: roll call (students and schools), matching, consent,
 * scoring, selection, local norms, tiers, status.  Each is one file and one function here;
 * cohort.c calls them.  What reports need ends in psyi_results; what only the steps need
 * lives in psyi_assembly and dies with it. */
#ifndef PSYSCREEN_COHORT_ASSEMBLY_H
#define PSYSCREEN_COHORT_ASSEMBLY_H

#include "cohort/cohort.h"
#include "cohort/results.h"

#define PSYI_NO_STUDENT UINT32_MAX

/* Candidates for one use of one student that nobody has decided between. */
typedef struct psyi_dispute {
    uint32_t student;
    uint16_t use;
    uint32_t first, n; /* into `candidates` */
} psyi_dispute;

/* An earlier number of a student and the one that came after it. */
typedef struct psyi_link {
    const char *former, *now;
    const char *file;
    uint32_t row;
} psyi_link;

typedef struct psyi_name_place psyi_name_place;

/* known_classes.c: the classes of schools that were asked for. */
typedef struct psyi_known_class {
    const char *text;
    int32_t grade, number;
} psyi_known_class;
typedef struct psyi_classes_at {
    size_t first, n;
} psyi_classes_at;
typedef struct psyi_known_classes {
    psyi_known_class *list;
    size_t n, room;
    psyi_classes_at *of_school;
} psyi_known_classes;

typedef struct psyi_assembly {
    psyi_results *results;
    const psy_plan *plan;
    psy_findings *findings;
    const unsigned char *key;
    size_t key_length;
    unsigned n_threads;
    const psy_allocator *allocator;

    /* Roll call: one seat a student, in the order of reading; `rank` is where the student
     * stands in the end. */
    struct psyi_seat *seats;
    size_t n_seats, seats_room;
    uint32_t *rank;                /* seats -> students */
    struct psyi_code_entry *index; /* of those with a code, by its hash, then seat */
    size_t n_index, index_room;

    const char **codes, **school_codes; /* canonical texts of each record */
    uint32_t *record_school;            /* index into results->schools, UINT32_MAX unknown */
    uint32_t *record_student;           /* PSYI_NO_STUDENT: unmatched */
    bool *by_ladder;                    /* matched otherwise than by code */
    struct psyi_code_hit *hits;         /* of PSYI_HITS_AT_ONCE records; NULL: no budget */
    psyi_link *links;                   /* by former number */
    size_t n_links;
    psyi_name_place *by_name, *by_local; /* the roster's students, for the ladder; or NULL */
    psyi_known_classes classes;
    uint32_t *hopefuls; /* candidates of the ambiguous records, one after the other */
    size_t n_hopefuls, hopefuls_room;
    uint32_t *hopeful_ends; /* of each unmatched record */
    uint32_t *row_of;       /* student -> roster row, UINT32_MAX */

    uint32_t *chosen; /* [use * n_students + student] */
    uint32_t *candidates;
    size_t n_candidates, candidates_room;
    psyi_dispute *disputes; /* by student, then use */
    size_t n_disputes, disputes_room;

    uint8_t *effect;                    /* per case: worst of flags and validity rules */
    uint16_t *effect_rule;              /* per case: the plan's validity rule, or PSYI_NO_RULE */
    uint16_t *effect_use, *effect_flag; /* per case: the instrument's flag */
    uint8_t *families;                  /* per case: bit per psyi_family */

    size_t locals_room;
    const psyi_norm *const *released; /* see psyi_outside_inputs */
    const psyi_watch *watch;
    uint64_t done, total; /* steps of the phase, for the watch; scoring has one a use */
} psyi_assembly;

typedef struct psyi_seat {
    const char *code; /* canonical */
    const char *id;   /* as printed */
    uint32_t school;  /* index into results->schools once those are sorted */
    uint32_t source;  /* roster row, or record */
} psyi_seat;

/* code_index.c */
typedef struct psyi_code_entry {
    uint64_t hash;
    const char *code;
    uint32_t school, seat; /* as in the seat */
} psyi_code_entry;
/* All whose code hashes as this one (letters of both cases do), *n of them, by seat. */
const psyi_code_entry *psyi_index_find(const psyi_assembly *a, const char *code, size_t *n);
/* The same for many codes at once: hits[i] is how many have the hash of codes[i] and, where it is
 * one, a copy of it.  false without memory. */
typedef struct psyi_code_hit {
    psyi_code_entry only;
    size_t n;
} psyi_code_hit;
enum { PSYI_HITS_AT_ONCE = 65536 };
bool psyi_index_find_many(const psyi_assembly *a, const char *const *codes, size_t n,
                          psyi_code_hit *hits);

/* A text without blanks at its ends and with narrow letters; the same pointer when nothing
 * changes, NULL without memory. */
const char *psyi_canonical(psyi_arena *arena, const char *text);

/* number_links.c */
psy_status psyi_link_numbers(psyi_assembly *a, psy_error *error);
const char *psyi_newest_number(const psyi_assembly *a, const char *code);
psy_status psyi_tell_links(const psyi_assembly *a, psy_error *error);
/* match_ladder.c; with a roster only */
psy_status psyi_ladder_begin(psyi_assembly *a, psy_error *error);
/* The one student that agrees with a record by the plan's ladder, or PSYI_NO_STUDENT; he, or
 * the several candidates, are the last *n_candidates of a->hopefuls. */
psy_status psyi_climb(psyi_assembly *a, uint32_t record, uint32_t *student, size_t *n_candidates,
                      psy_error *error);
psy_status psyi_who_is_unknown(psyi_assembly *a, uint32_t record, psyi_unmatched_why *why,
                               psy_error *error);
/* The classes of the roster's pupils of a school, each once. */
psy_status psyi_classes_of(psyi_assembly *a, uint32_t school, const psyi_known_class **out,
                           size_t *n, psy_error *error);
/* record_order.c: once every record has its student. */
psy_status psyi_order_records(psyi_assembly *a, psy_error *error);
/* record_texts.c: what only matching asked for is gone afterwards. */
psy_status psyi_settle_texts(psyi_assembly *a, psy_error *error);
/* totals.c */
psy_status psyi_check_totals(psyi_assembly *a, psy_error *error);
/* code_near.c: numbers of unmatched sheets that are somebody's but for zeros, a G, or marks. */
psy_status psyi_tell_code_near(const psyi_assembly *a, psy_error *error);
/* match_rate.c */
psy_status psyi_tell_match_rates(const psyi_assembly *a, psy_error *error);

/* Letters of both cases hash alike. */
uint64_t psyi_code_hash(const char *code);

psy_status psyi_roll_call(psyi_assembly *a, psy_error *error);
psy_status psyi_match(psyi_assembly *a, psy_error *error);
/* For psyi_unmatched_of, once they are known. */
psy_status psyi_unmatched_by_school(psyi_assembly *a, psy_error *error);
psy_status psyi_settle_people(psyi_assembly *a, psy_error *error);
/* PSY_E_DATA when data speak of consent and the plan does not. */
psy_status psyi_consent_policy(const psy_plan *plan, bool in_roster, bool in_records,
                               const char *roster, psy_error *error);
psy_status psyi_consent_required(const psyi_assembly *a, psy_error *error);
psy_status psyi_settle_consent(psyi_assembly *a, psy_error *error);
/* Of a wave in shares: from here on the sheets of this share, and those nobody owns. */
psy_status psyi_keep_share(psyi_assembly *a, psy_error *error);
bool psyi_consents(const psyi_assembly *a, size_t student);
psy_status psyi_score_all(psyi_assembly *a, psy_error *error);
psy_status psyi_select(psyi_assembly *a, psy_error *error);
psy_status psyi_make_cases(psyi_assembly *a, psy_error *error);
psy_status psyi_settle_outside(psyi_assembly *a, psy_error *error);
psy_status psyi_settle_worse(psyi_assembly *a, psy_error *error);
psy_status psyi_ask_second(psyi_assembly *a, psy_error *error);
psy_status psyi_judge_validity(psyi_assembly *a, psy_error *error);
/* The policy of validity: sheets by themselves, before matching; beside the others, after
 * norms are frozen; classes; and what a set of families leads to. */
psy_status psyi_sheet_validity(psyi_assembly *a, psy_error *error);
psy_status psyi_cohort_validity(psyi_assembly *a, psy_error *error);
psy_status psyi_look_at_classes(psyi_assembly *a, psy_error *error);
/* The evidence of a case, one after another, use by use; begins as {0}, ends with NULL. */
typedef struct psyi_evidence_place {
    unsigned use;
    uint32_t next; /* in the list, where the use has begun; else 0 */
} psyi_evidence_place;
const psyi_evidence *psyi_next_evidence(const psyi_results *r, size_t item,
                                        psyi_evidence_place *at);
uint8_t psyi_case_families(const psyi_results *r, size_t item);
psyi_effect psyi_weigh(const psyi_validity_policy *policy, uint8_t families);
psy_status psyi_freeze_norms(psyi_assembly *a, psy_error *error);
psy_status psyi_tell_norms(const psyi_assembly *a, psy_error *error);
psy_status psyi_judge(psyi_assembly *a, psy_error *error);
psy_status psyi_settle_status(psyi_assembly *a, psy_error *error);
psy_status psyi_tell(psyi_assembly *a, psy_error *error);

/* Sheets of one use that answer the same; and a total order of a student's sheets that looks
 * at the submission and the answers, never at the row. */
bool psyi_same_answers(const psyi_sheets *sheets, uint32_t a, uint32_t b);
int psyi_compare_answers(const psyi_sheets *sheets, uint32_t a, uint32_t b);
int psyi_compare_records(const psyi_record *a, const psyi_record *b);

/* Findings with their place filled in. */
psy_finding psyi_record_finding(const psyi_assembly *a, uint32_t record, psy_severity severity,
                                const char *rule, const char *field);
psy_finding psyi_student_finding(const psyi_assembly *a, size_t student, psy_severity severity,
                                 const char *rule, const char *field);

static inline void psyi_plane_set(psyi_mask *plane, size_t n_blocks, size_t rule, size_t student)
{
    plane[rule * n_blocks + student / PSYI_LANES] |= (psyi_mask)1 << (student % PSYI_LANES);
}
static inline void psyi_plane_clear(psyi_mask *plane, size_t n_blocks, size_t rule, size_t student)
{
    plane[rule * n_blocks + student / PSYI_LANES] &= ~((psyi_mask)1 << (student % PSYI_LANES));
}
static inline bool psyi_plane_get(const psyi_mask *plane, size_t n_blocks, size_t rule,
                                  size_t student)
{
    return (plane[rule * n_blocks + student / PSYI_LANES] >> (student % PSYI_LANES) & 1u) != 0;
}

#endif
