/*
 * person_columns.c -- the columns that say who a line is about: the same, in the same order,
 * on every sheet of students, so that a person finds his way and a program finds its key.
 */
#include "report/common_fields.h"

static const psyi_cell_field person[] = {
    {.key = "no", .head = PSYI_LABEL("序号", "No."), .width = 5.5, .fill = psyi_fill_number},
    PSYI_FIELD_GRADE(7.5),
    PSYI_FIELD_CLASS(7.5),
    PSYI_FIELD_NAME,
    {.key = "student_code",
     .head = PSYI_LABEL("学生编号", "Student"),
     .width = 29,
     .style = PSYI_STYLE_ID,
     .fill = psyi_fill_id,
     .note = PSYI_LABEL("学籍号，或方案规定的假名；文本格式，不会变成科学计数",
                        "student number, or the pseudonym the plan asks for; always text")},
    {.key = "sex", .head = PSYI_LABEL("性别", "Sex"), .width = 5.5, .fill = psyi_fill_sex},
};

const psyi_cell_field *psyi_person_fields(size_t *n)
{
    *n = sizeof person / sizeof person[0];
    return person;
}

size_t psyi_person_columns(psyi_report *report, psyi_layout *layout, psyi_person_look look)
{
    size_t kept = 0;
    for (size_t i = 0; i < sizeof person / sizeof person[0]; i++) {
        psyi_cell_field field = person[i];
        /* A pseudonym of 26 letters goes into two lines where rows are high anyway. */
        if (look == PSYI_PERSON_COMPACT && field.fill == psyi_fill_id) {
            field.width = 16;
            field.style = PSYI_STYLE_ID_WRAP;
        }
        psyi_layout_add(report, layout, &field);
        if (field.fill == psyi_fill_name || (!report->names && field.fill == psyi_fill_id))
            kept = layout->n;
    }
    return kept;
}
