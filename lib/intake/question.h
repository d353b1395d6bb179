/* question.h -- headers of questionnaire platforms: "1、题干", "Q1 ...", "第1题". */
#ifndef PSYSCREEN_INTAKE_QUESTION_H
#define PSYSCREEN_INTAKE_QUESTION_H

#include <stddef.h>

/* The number of the question a header begins with, or 0; *rest (may be NULL) is where its text
 * begins.  1、 1. 1． 1) 1） 1: 1： "1 " 第1题 Q1 and a number alone; "1班人数" is no question. */
unsigned psyi_question_number(const char *header, const char **rest);

/* The number of the question of a header, and the row of a matrix question where the header
 * numbers its rows: 7、3、行 · 7、题干—3、行 · 7(3) · 7_3 · Q7_R3; *row is 0 where it does not. */
unsigned psyi_question_row(const char *header, unsigned *row);

#endif
