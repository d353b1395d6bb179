/* grade.h -- how schools write grades and classes. */
#ifndef PSYSCREEN_INTAKE_GRADE_H
#define PSYSCREEN_INTAKE_GRADE_H

#include <stdbool.h>
#include <stddef.h>

/* What a text says; 0 for what it does not say. */
typedef struct psyi_grade_words {
    int grade;        /* 1..16 */
    int class_number; /* 1..99 */
    int bare;         /* a number with nothing that says what it counts */
    bool contradicts; /* the text names two different grades */
} psyi_grade_words;

/* Understands 7, 初一, 初中一年级, 七年级, 七年级(初一), 十年级（高一）, 小学四年级,
 * 中职一年级 (10), 大一 (13), G7, Grade 7, 7年级; a class behind it (七年级一班, 七(1)班,
 * 初一3班, 7(1), 704班) or alone (1班, 第一班).  false for any other text. */
bool psyi_grade_words_read(const char *text, size_t length, psyi_grade_words *out);

typedef enum psyi_grade_outcome {
    PSYI_GRADE_OK,
    PSYI_GRADE_CONTRADICTS,
    PSYI_GRADE_UNREADABLE
} psyi_grade_outcome;
/* A cell of a grade column. */
psyi_grade_outcome psyi_grade_read(const char *text, size_t length, int *grade);
/* A cell of a class column beside a grade (0: unknown).  *class_number is 0 for classes with
 * names; *grade is filled in from the text where it was unknown and the text says it in
 * words.  PSYI_GRADE_CONTRADICTS: the class belongs to another grade. */
psyi_grade_outcome psyi_class_read(const char *text, size_t length, int *grade, int *class_number);

typedef enum psyi_year_outcome {
    PSYI_YEAR_OK,
    PSYI_YEAR_NONE,         /* the text names no year of entry or leaving */
    PSYI_YEAR_OF_NO_SCHOOL, /* 2023级: of which school type? */
    PSYI_YEAR_WITHOUT_DATE, /* the school year is not known (0) */
    PSYI_YEAR_OUTSIDE       /* nobody of that year is at school */
} psyi_year_outcome;
/* 初中2023级, 2023级初中, 高2026届: the grade in a school year (2026: from autumn 2026 on). */
psyi_year_outcome psyi_grade_of_year(const char *text, size_t length, int school_year, int *grade);

#endif
