/* results.h -- students with their sheets, status, tier and reasons: all that reports read. */
#ifndef PSYSCREEN_COHORT_RESULTS_H
#define PSYSCREEN_COHORT_RESULTS_H

#include "intake/records.h"
#include "norm/apply.h"
#include "score/scorer.h"
#include "tier/nearness.h"
#include "tier/rulebook.h"
#include "validity/evidence.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum psyi_status { /* the first that applies */
                           PSYI_STATUS_NO_CONSENT,
                           PSYI_STATUS_ABSENT,
                           PSYI_STATUS_INVALID,
                           PSYI_STATUS_RETEST,
                           PSYI_STATUS_INCOMPLETE,
                           PSYI_STATUS_DOUBTFUL,
                           PSYI_STATUS_VALID,
                           PSYI_STATUSES
} psyi_status;
const char *psyi_status_name(psyi_status status); /* "no_consent" */
psyi_label psyi_status_label(psyi_status status);

typedef enum psyi_reason_bit { /* why the status is what it is */
                               PSYI_WHY_EXEMPT = 1 << 0,
                               PSYI_WHY_LIE_SCALE = 1 << 1, /* a validity flag of an instrument */
                               PSYI_WHY_VALIDITY_RULE = 1 << 2, /* a validity rule of the plan */
                               PSYI_WHY_USE_NOT_GIVEN = 1 << 3,
                               PSYI_WHY_RULE_UNDECIDED = 1 << 4, /* through blanks */
                               PSYI_WHY_CRITICAL_UNDECIDED = 1 << 5,
                               PSYI_WHY_DUPLICATES = 1 << 6, /* papers differ, nobody has decided */
                               PSYI_WHY_CONSENT_REFUSED = 1 << 7,
                               PSYI_WHY_CONSENT_UNANSWERED = 1 << 8,
                               PSYI_WHY_NO_BATTERY = 1 << 9, /* e.g. grade unknown */
                               PSYI_WHY_CLASS_DIFFERS =
                                   1 << 10, /* roster and sheet disagree: a note */
                               PSYI_WHY_AMBIGUOUS =
                                   1 << 11, /* a critical sheet may be his: 需当面核实 */
                               PSYI_WHY_NO_NORM =
                                   1 << 12, /* a rule undecided for want of a norm, sex or grade */
                               PSYI_WHY_NO_RULE = 1 << 13, /* no rule speaks about his battery */
                               PSYI_WHY_SECOND_PASS =
                                   1 << 14, /* the second pass is asked for and not there yet */
                               PSYI_WHY_EVIDENCE = 1 << 24 /* the plan's policy of validity */
} psyi_reason_bit;
void psyi_reason_bits_words(uint32_t bits, psyi_language language, psyi_buffer *out);

#define PSYI_NOT_JUDGED (-1)

typedef struct psyi_student { /* by size, there are many */
    const char *code;         /* as in roster or responses */
    const char *id;           /* what is printed: pseudonym or code */
    const char *name, *class_text, *grade_text;
    const char *exempt_reason;
    uint32_t *records;       /* all records of the student, by submission, then content */
    uint64_t undecided_uses; /* bit per use: score cells stay empty (duplicates) */
    double exceedance;
    int64_t submitted_at; /* the oldest submission among the records, PSYI_NO_TIME */
    double scores_worse;  /* largest move of a score to its bad end since the wave before, as a
                             share of its range */
    uint32_t school;      /* index into schools; the code of the unknown school is "" */
    uint32_t roster_row;  /* physical line, 0 */
    uint32_t n_records;
    uint32_t first_case, n_cases;     /* more than one: undecided duplicates */
    uint32_t why;                     /* psyi_reason_bit */
    uint32_t previous;                /* row in results->previous, UINT32_MAX none */
    uint32_t first_report, n_reports; /* into results->reports */
    int16_t grade, class_number, age;
    uint16_t validity_use, validity_flag; /* the flag behind PSYI_WHY_LIE_SCALE, or NO_RULE */
    uint16_t validity_rule; /* the plan's rule behind PSYI_WHY_VALIDITY_RULE, or NO_RULE */
    uint16_t roster_file;   /* of roster_row: index into the files of the roster */
    uint8_t sex, battery;   /* 0xFF: none */
    uint8_t consent, status;
    int8_t tier, tier_upper; /* PSYI_NOT_JUDGED */
    uint8_t verify;          /* 2 urgent, 1 review: an ambiguous sheet with a critical hit may
                                be this student's (why: PSYI_WHY_AMBIGUOUS) */
    uint8_t families;        /* bit per psyi_family that speaks against the sheets */
    bool in_roster, exempt, tested; /* tested: at least one answered item */
    bool duplicate;                 /* several sheets of one use */
    bool sealed;                    /* no consent, and a critical hit: for the sealed list alone */
} psyi_student;

typedef enum psyi_unmatched_why {
    PSYI_UNMATCHED_NO_CODE,   /* the row has no student code */
    PSYI_UNMATCHED_UNKNOWN,   /* nobody of that code on the roster */
    PSYI_UNMATCHED_AMBIGUOUS, /* several it may be, and nothing that decides */
    PSYI_UNMATCHED_SCHOOL,    /* the school it names is not on the roster */
    PSYI_UNMATCHED_CLASS,     /* the school has no such class */
    PSYI_UNMATCHED_REASONS
} psyi_unmatched_why;

typedef struct psyi_school {
    const char *code, *name, *area;     /* name "" unless the roster has it */
    uint32_t first_student, n_students; /* students are sorted by school, id */
} psyi_school;

typedef struct psyi_local_result {   /* a group by which somebody is judged */
    uint16_t norm;                   /* index into plan locals */
    uint8_t stage, grade, sex;       /* 0: pooled over it */
    bool pooled;                     /* it stands for groups that are too small */
    bool shrunk;                     /* its moments are drawn towards those of all groups */
    double mean, sd, lambda;         /* as they judge; lambda: the share of its own mean */
    const psyi_histogram *histogram; /* its own counts */
} psyi_local_result;

typedef struct psyi_results {
    psyi_arena arena;
    const psy_allocator *allocator;
    const psy_plan *plan;
    psyi_intake *intake;
    psyi_roster *roster; /* NULL without */
    psyi_scorer **scorers;
    psyi_scores **scores; /* per use; NULL when in no file */
    psyi_person *people;  /* per record: from the roster where matched, else the record */
    psyi_rulebook *book;
    psyi_student *students; /* sorted by school code, then printed id, bytewise */
    size_t n_students;
    psyi_school *schools; /* by code, bytewise */
    size_t n_schools;
    bool *elsewhere;     /* per school: its sheets are in another share of the wave; NULL: none */
    uint32_t *unmatched; /* records of no student (with a roster), in input order */
    size_t n_unmatched;
    uint8_t *unmatched_why;                            /* psyi_unmatched_why, beside `unmatched` */
    uint32_t *school_unmatched, *school_unmatched_end; /* psyi_unmatched_of; NULL: none */
    /* cases: one per student, more where duplicates are undecided */
    psyi_cases cases;
    uint32_t *case_student;
    psyi_verdicts *verdicts;                               /* per case */
    psyi_mask *fired, *could, *open, *open_norm, *applied; /* per student: [rule * blocks + s/64],
                                      critical flags ORed over all sheets, rules over cases */
    size_t n_blocks;
    psyi_local_result *locals;
    size_t n_locals;
    psyi_evidence_list evidence; /* of all sheets, by sheet, use, sign; empty without a policy */
    uint32_t *evidence_first;    /* [record], one more at the end; NULL without a policy */
    struct psyi_local_set **local_sets; /* per local norm of the plan; NULL: not made */
    const psyi_norm *const *released;   /* per local norm: frozen at an earlier release, or NULL */
    uint32_t capacity;                  /* interviews a school can hold, 0: not said */
    struct psyi_previous *previous;     /* NULL without */
    struct psyi_external *external;     /* NULL without */
    const struct psyi_process *process; /* process_counts.h; NULL without */
    const struct psyi_carried *carried; /* carried.h; NULL without */
    const char *const *few_changed;     /* schools of which published_before is said */
    size_t n_few_changed;
    struct psyi_published *published;  /* published_file.h; NULL without */
    const struct psyi_release *shared; /* report/release_shared.h; NULL: each file makes its own */
    /* report/school_findings.h; NULL: each workbook looks through all findings */
    const struct psyi_finding_schools *finding_schools;
    const uint32_t *reports;     /* rows of `external` by student, then date, code, source, text */
    char key_mark[27];           /* tells keys apart without telling them; "" without a key */
    int64_t as_of;               /* the plan's, or the latest submission; PSYI_NO_TIME */
    bool reference_writer, fast; /* how workbooks are written (psy_screening_options) */
    const psy_allocator *books;  /* of workbooks (base/shelf.h); NULL: `allocator` */
    bool drafts; /* made aside, and synced before they get their names (placing.h) */
} psyi_results;

bool psyi_fired(const psyi_results *results, size_t student, size_t rule);
bool psyi_open(const psyi_results *results, size_t student, size_t rule, bool *no_norm);
/* The selected sheet of a use, or PSYI_NO_SHEET (not given, or duplicates undecided). */
uint32_t psyi_selected(const psyi_results *results, size_t student, size_t use);
/* Score cells may be printed (consent). */
bool psyi_printable(const psyi_results *results, size_t student);
/* Is the student on the warning list: a fired rule with rank >= 1, or critical_unanswered. */
bool psyi_listed(const psyi_results *results, size_t student);
/* Is he there whatever his tier? */
bool psyi_listed_anyhow(const psyi_results *results, size_t student);
/* 2 urgent, 1 review, 0 none. */
int psyi_critical_class(const psyi_results *results, size_t student);
/* Students of a school in list order (design: urgent, review, tier, exceedance, worsening
 * since the wave before, oldest submission, id); `order` has room for the school's students;
 * returns how many are listed. */
size_t psyi_list_order(const psyi_results *results, size_t school, uint32_t *order);
/* Rule `rule` of the student in words, read from the case or sheet on which it fired (or, not
 * fired, from the first that leaves it open).  Says "even with blanks" by itself. */
void psyi_explain(const psyi_results *results, size_t student, size_t rule, psyi_language language,
                  psyi_buffer *out);
/* The case that speaks: where the rule fired, else where it is open, else the first. */
size_t psyi_telling_case(const psyi_results *results, size_t student, size_t rule);
/* Why the status is what it is, with the validity score or rule that decided it. */
void psyi_status_words(const psyi_results *results, size_t student, psyi_language language,
                       psyi_buffer *out);
/* Seconds per answered item of a submission; NaN unless it says how long it took. */
double psyi_record_pace(const psyi_results *results, size_t record);
/* What speaks against the student's sheets, family by family with values and marks; and the
 * families alone ("用时过短、规律作答"). */
void psyi_evidence_words(const psyi_results *results, size_t student, psyi_language language,
                         psyi_buffer *out);
void psyi_family_words(uint8_t families, psyi_language language, psyi_buffer *out);
/* Indices into `unmatched` of the sheets that name a school, in input order. */
const uint32_t *psyi_unmatched_of(const psyi_results *results, size_t school, size_t *n);
/* A critical flag of any sheet of an unmatched record: 2 urgent, 1 review, 0 none. */
int psyi_record_critical(const psyi_results *results, uint32_t record);
/* The items to ask when tier_upper > tier: appended in words. */
void psyi_items_to_ask(const psyi_results *results, size_t student, psyi_language language,
                       psyi_buffer *out);

/* How many of a list of `n` are before the line of the capacity: all without one.  Whoever is
 * urgent stands before it whatever the capacity; nobody leaves the list. */
size_t psyi_list_line(const psyi_results *results, const uint32_t *order, size_t n);
/* The scores of a student that are near a worse tier: how many, and the nearest of them, by the
 * share of their range that is wanting. */
enum { PSYI_NEAR_TOLD = 2 };
typedef struct psyi_near_told {
    psyi_near near[PSYI_NEAR_TOLD]; /* as many as there are */
    size_t n;
} psyi_near_told;
/* Of students first .. first + n - 1.  (Of papers that nobody has decided between no score counts.)
 */
psy_status psyi_near_students(const psyi_results *results, size_t first, size_t n,
                              psyi_near_told *out, psy_error *error);
/* How far those are from it, with the 95 % interval where a source states the error, and how many
 * others there are: "MHT 总分 60（95%区间 50.2–69.8）：还差 5 分即达二级预警，在误差范围内". */
void psyi_near_words(const psyi_results *results, size_t student, const psyi_near_told *nearest,
                     psyi_language language, psyi_buffer *out);
/* What others reported of the student, "班主任：自杀言论（2026-09-12）；...", by date.  Free text
 * and writers only `with_text`: in the workbook of the student's own school, nowhere else. */
void psyi_external_words(const psyi_results *results, size_t student, psyi_language language,
                         bool with_text, psyi_buffer *out);

/* Denominators of practice: T target, E exempt, D due = T - E, C tested, V valid or doubtful. */
typedef struct psyi_counts {
    uint64_t target, exempt, due, tested, valid;
    uint64_t status[PSYI_STATUSES];
    uint64_t tier[16];       /* listed students by tier rank, whatever their status */
    uint64_t tier_valid[16]; /* of them in V */
    /* People by their worst class, each once: urgent, else review, else critical_unanswered.
     * not_judged: tested, with consent, without a tier. */
    uint64_t not_judged, urgent, review, critical_unanswered, records, unmatched, duplicates;
    uint64_t sealed; /* no consent and a critical hit; in none of the above */
} psyi_counts;
typedef bool (*psyi_student_filter)(const psyi_results *, size_t student, void *context);
/* By grade, then by number where the class has one (3班 and 高一(3)班 are one class), else by its
 * text; 0 for students of one class of a school. */
int psyi_class_order(const psyi_student *a, const psyi_student *b);
void psyi_count(const psyi_results *results, size_t first, size_t n, psyi_student_filter filter,
                void *context, psyi_counts *out);

/* The (first) school of a code (`length` bytes), or their number: there is none.  Schools stand in
 * the order of their codes. */
size_t psyi_school_of_code(const psyi_results *results, const char *code, size_t length);

#endif
