/* columns.h -- what a column number of the rule language means.
 *
 * An instrument is compiled with use 0; whoever runs it knows which use it is. */
#ifndef PSYSCREEN_DEFINITION_COLUMNS_H
#define PSYSCREEN_DEFINITION_COLUMNS_H

#include <stdint.h>

typedef enum psyi_column_kind {
    PSYI_COLUMN_SCORE = 1, /* index = scale */
    PSYI_COLUMN_ANSWERED,  /* index = scale */
    PSYI_COLUMN_BAND,      /* index = scale, sub = population + 1 (0: the one the use names) */
    PSYI_COLUMN_STANDARD,  /* index = scale, sub = standard-score column of the instrument */
    PSYI_COLUMN_LOCAL,     /* index = scale, sub = local norm column of the plan */
    PSYI_COLUMN_FLAG,      /* index = flag */
    PSYI_COLUMN_STUDENT,   /* index = psyi_student_field */
    PSYI_COLUMN_QUALITY,   /* index = psyi_quality_field */
    PSYI_COLUMN_PREVIOUS,  /* sub 0: index = psyi_previous_field; sub 1: index = scale */
    PSYI_COLUMN_EXTERNAL   /* index = external code of the plan */
} psyi_column_kind;

typedef enum psyi_student_field {
    PSYI_STUDENT_SEX, /* category; its tokens, like those below, are the values 1, 2, ... less 1 */
    PSYI_STUDENT_GRADE,     /* 1..16 */
    PSYI_STUDENT_AGE,       /* completed years */
    PSYI_STUDENT_STAGE,     /* category: primary, junior, senior, tertiary */
    PSYI_STUDENT_INFORMANT, /* category: self, parent, teacher */
    PSYI_STUDENT_FIELDS
} psyi_student_field;

typedef enum psyi_quality_field {
    PSYI_QUALITY_BLANKS,
    PSYI_QUALITY_ANSWERED,
    PSYI_QUALITY_SECONDS,
    PSYI_QUALITY_SECONDS_PER_ITEM,
    PSYI_QUALITY_FIELDS
} psyi_quality_field;

typedef enum psyi_previous_field { PSYI_PREVIOUS_TIER, PSYI_PREVIOUS_FIELDS } psyi_previous_field;

typedef enum psyi_sex { PSYI_SEX_UNKNOWN = 0, PSYI_SEX_MALE = 1, PSYI_SEX_FEMALE = 2 } psyi_sex;
typedef enum psyi_informant {
    PSYI_INFORMANT_UNKNOWN = 0,
    PSYI_INFORMANT_SELF = 1,
    PSYI_INFORMANT_PARENT = 2,
    PSYI_INFORMANT_TEACHER = 3
} psyi_informant;
typedef enum psyi_stage {
    PSYI_STAGE_UNKNOWN = 0,
    PSYI_STAGE_PRIMARY = 1, /* grades 1-6 */
    PSYI_STAGE_JUNIOR = 2,  /* 7-9 */
    PSYI_STAGE_SENIOR = 3,  /* 10-12, vocational included */
    PSYI_STAGE_TERTIARY = 4 /* 13-16 */
} psyi_stage;

psyi_stage psyi_stage_of(int grade); /* unknown outside 1..16 */

/* kind 6 bits | use 6 bits | index 10 bits | sub 10 bits */
#define PSYI_MAX_USES 64
static inline uint32_t psyi_column(psyi_column_kind kind, unsigned use, unsigned index,
                                   unsigned sub)
{
    return ((uint32_t)kind << 26) | ((uint32_t)use << 20) | ((uint32_t)index << 10) | (uint32_t)sub;
}
static inline psyi_column_kind psyi_column_kind_of(uint32_t column)
{
    return (psyi_column_kind)(column >> 26);
}
static inline unsigned psyi_column_use(uint32_t column)
{
    return (column >> 20) & 63u;
}
static inline unsigned psyi_column_index(uint32_t column)
{
    return (column >> 10) & 1023u;
}
static inline unsigned psyi_column_sub(uint32_t column)
{
    return column & 1023u;
}
/* Items: use 16 bits | item 16 bits. */
static inline uint32_t psyi_item_of(unsigned use, unsigned item)
{
    return ((uint32_t)use << 16) | (uint32_t)item;
}
static inline unsigned psyi_item_use(uint32_t item)
{
    return item >> 16;
}
static inline unsigned psyi_item_index(uint32_t item)
{
    return item & 0xFFFFu;
}

#endif
