/*
 * screening_ward.h -- a small ward for tests: the MHT and the PHQ-9, a plan that can be bent,
 * rosters and responses from short texts, and one line that says what became of a student.
 */
#ifndef PSYSCREEN_SCREENING_WARD_H
#define PSYSCREEN_SCREENING_WARD_H

#include "test_support.h"

#include "cohort/cohort.h"
#include "definition/load.h"

#include <psyscreen/findings.h>
#include <psyscreen/plan.h>

/* What differs from the plain plan; NULL everywhere: plain ids, duplicates manual, no
 * consent policy, grades 4-6 MHT, 7-12 MHT and PHQ-9, five rules. */
typedef struct ward_plan {
    const char *identity, *duplicates, *consent, *batteries, *norms, *validity, *rules, *policy;
    const char *inputs; /* further lines of `inputs:` */
    const char *tiers;  /* further lines of `tiers:` */
} ward_plan;

/* A row of responses.  `mht` has 100 characters and `phq` nine: a digit, '.' for blank, '-'
 * for refused; NULL leaves all cells empty. */
typedef struct ward_row {
    const char *student, *school, *grade, *class_text, *sex, *time, *mht, *phq;
    const char *seconds, *consent, *name, *informant;
} ward_row;

typedef struct ward {
    char directory[512];
    psy_catalog *catalog;
    psy_plan *plan;
    psy_findings *findings;
    psyi_results *results;
} ward;

/* The directory, the catalogue and a plan in it; fails the test when one does not load. */
void ward_open(ward *w, const ward_plan *plan);
/* The same with a plan (id: ward) and instruments ("sdq", ...; NULL ends them) of one's own. */
void ward_open_text(ward *w, const char *plan, const char *const *instruments);
/* Run the cohort over rows (and a roster, CSV text or NULL); fails the test on an error. */
void ward_run(ward *w, const char *roster, const ward_row *rows, size_t n, unsigned n_threads);
/* The same, returning the status instead; the cohort alone takes memory from `allocator`. */
psy_status ward_try(ward *w, const char *roster, const ward_row *rows, size_t n, unsigned n_threads,
                    const psy_allocator *allocator, psy_error *error);
/* The same from the text of a responses file. */
psy_status ward_try_text(ward *w, const char *roster, const char *responses, unsigned n_threads,
                         const psy_allocator *allocator, psy_error *error);
void ward_close(ward *w);

/* "school,student,grade,class,sex,required,consent" lines -> a roster with a header. */
#define WARD_ROSTER "school,student,grade,class,sex,required,consent,name\n"

/* MHT answers in one of 64 static buffers that take turns: so many yes among the content items but
 * 85 and 97, so many among the validity items, then changes "85=1,12=.". */
const char *mht(unsigned content, unsigned validity, const char *changes);

/* Students S00, S01, ... of school A, who answered MHT at one time and said no to all of PHQ-9. */
enum { WARD_CROWD = 64 };
typedef struct ward_crowd {
    ward_row rows[WARD_CROWD];
    char codes[WARD_CROWD][8];
    size_t n;
} ward_crowd;
void ward_add(ward_crowd *c, const char *grade, unsigned content, unsigned validity);

/* Append responses as CSV. */
void ward_csv(psyi_buffer *out, const ward_row *rows, size_t n);
/* "status tier upper rules undecided", e.g. "retest 2 2 mht.critical_85 -"; "nobody" when no
 * student has this code.  `school` NULL: any. */
const char *ward_line(const ward *w, const char *school, const char *student);
size_t ward_student(const ward *w, const char *school, const char *student); /* SIZE_MAX */
/* How many findings of this rule, about this subject (NULL: any). */
size_t ward_findings(const ward *w, const char *rule, const char *subject);
const char *ward_message(const ward *w, const char *rule); /* of the first; NULL: there is none */
/* Which of the sheets that were handed in a record is, counted from 0; for one file of them. */
size_t ward_sheet(const ward *w, uint32_t record);
/* Everything that should not depend on order or threads, as one text; to be freed. */
char *ward_dump(const ward *w);

#endif
