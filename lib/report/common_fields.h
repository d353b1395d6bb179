/*
 * common_fields.h -- columns that several lists have, said once: their keys, heads and drop-downs are
 * what `psyscreen collect` and readers of two lists rely on.
 */
#ifndef PSYSCREEN_REPORT_COMMON_FIELDS_H
#define PSYSCREEN_REPORT_COMMON_FIELDS_H

#include "report/layout.h"

/* clang-format off: initialisers in a list of columns */

/* Who somebody on the roster is. */
#define PSYI_FIELD_GRADE(width_) \
    {.key = "grade", .head = PSYI_LABEL("年级", "Grade"), .width = (width_), \
     .style = PSYI_STYLE_GRADE, .fill = psyi_fill_grade}
#define PSYI_FIELD_CLASS(width_) \
    {.key = "class", .head = PSYI_LABEL("班级", "Class"), .width = (width_), \
     .style = PSYI_STYLE_ID_WRAP, .fill = psyi_fill_class}
#define PSYI_FIELD_NAME \
    {.key = "name", .head = PSYI_LABEL("姓名", "Name"), .width = 10, \
     .style = PSYI_STYLE_ID_WRAP, .fill = psyi_fill_name}
#define PSYI_FIELD_SCHOOL_CODE(width_) \
    {.key = "school", .head = PSYI_LABEL("学校标识码", "School code"), .width = (width_), \
     .style = PSYI_STYLE_ID, .fill = psyi_fill_school}

#define PSYI_FIELD_TIER_PREV \
    {.key = "tier_prev", .head = PSYI_LABEL("上次等级", "Tier before"), .width = 15, \
     .fill = psyi_fill_previous, \
     .note = PSYI_LABEL("上一波次的系统等级；规则不同时只供参考", \
                        "the tier of the wave before; for information where rules differ")}

/* What whoever talks with the child writes. */
#define PSYI_FIELD_TIER_FINAL \
    {.key = "tier_final", .head = PSYI_LABEL("复核等级", "Final tier"), .width = 11, \
     .style = PSYI_STYLE_FILL, \
     .note = PSYI_LABEL("由人确定；可升，降级须注明依据", \
                        "set by a person; a lower one needs a reason")}
#define PSYI_FIELD_CONCLUSION \
    {.key = "interview_result", .head = PSYI_LABEL("访谈结论", "Conclusion"), .width = 11, \
     .style = PSYI_STYLE_FILL, .choices = psyi_conclusions}
#define PSYI_FIELDS_INTERVIEW(width_) \
    {.key = "interviewer", .head = PSYI_LABEL("访谈人", "Interviewer"), .width = (width_), \
     .style = PSYI_STYLE_FILL}, \
    {.key = "interview_date", .head = PSYI_LABEL("访谈日期", "Interview date"), .width = 11, \
     .style = PSYI_STYLE_FILL_DATE}, \
    PSYI_FIELD_CONCLUSION, \
    {.key = "guardian_informed", .head = PSYI_LABEL("已告知监护人", "Guardian told"), .width = 9, \
     .style = PSYI_STYLE_FILL, .choices = psyi_guardian_told}, \
    {.key = "status", .head = PSYI_LABEL("状态", "Status"), .width = 9, \
     .style = PSYI_STYLE_FILL, .choices = psyi_case_states}

/* clang-format on */

#endif
