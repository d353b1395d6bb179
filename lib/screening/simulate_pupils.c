/* simulate_pupils.c -- who goes to the district that does not exist, and how files spell it.
 *
 * Drawn per pupil from (seed, pupil), with school and class effects on distress of about
 * three per cent of its variance each.  Grades, classes and sexes are spelt in the ways real
 * exports mix. */
#include "screening/simulate.h"

#include <stdio.h>

enum { STREAM_STUDENT = 1, STREAM_SCHOOL, STREAM_CLASS };

/* Schools are primary (grades 4-6), junior (7-9) or senior (10-12), 20 : 22 : 16 of 58, mixed
 * so that a few schools have all three. */
static int first_grade(uint32_t school)
{
    const uint32_t at = school % 58 * 23 % 58;
    return at < 20 ? 4 : at < 42 ? 7 : 10;
}

/* Schools differ in size by a factor of about three, always the same for their number. */
static uint64_t school_weight(uint32_t school)
{
    return 60 + (school * 37u) % 121;
}

uint64_t psyi_school_start(uint64_t n_students, uint32_t n_schools, uint32_t school)
{
    uint64_t before = 0, total = 0;

    for (uint32_t i = 0; i < n_schools; i++) {
        before += i < school ? school_weight(i) : 0;
        total += school_weight(i);
    }
    /* Every school keeps at least one student. */
    return school + before * (n_students - n_schools) / total;
}

void psyi_pupil_draw(uint64_t seed, uint64_t index, uint32_t school, uint64_t in_school,
                     uint64_t school_size, psyi_pupil *p)
{
    psyi_chance chance = psyi_chance_stream(seed, STREAM_STUDENT, index);
    psyi_chance school_chance = psyi_chance_stream(seed, STREAM_SCHOOL, school);
    const uint64_t per_class = 44;
    const uint64_t in_grade = (school_size + 2) / 3;
    const int step = (int)(in_school / in_grade);

    *p = (psyi_pupil){.index = index, .school = school};
    p->grade = first_grade(school) + (step > 2 ? 2 : step);
    p->class_number = 1 + (int)((in_school % in_grade) / per_class);
    psyi_chance class_chance = psyi_chance_stream(
        seed, STREAM_CLASS,
        (uint64_t)school * 4096 + (uint64_t)p->grade * 128 + (uint64_t)p->class_number);
    p->girl = psyi_chance_uniform(&chance) < .48;
    p->severity = .17 * psyi_chance_normal(&school_chance) + .17 * psyi_chance_normal(&class_chance) +
                  .95 * psyi_chance_normal(&chance) + (p->girl ? .12 : -.11);
    snprintf(p->school_code, sizeof p->school_code, "36%08u", 51080000u % 100000000u + school + 1);
    /* G + region 000000, which no child has, + year of birth + running number. */
    const int born = 2026 - 6 - p->grade;
    snprintf(p->code, sizeof p->code, "G000000%04u%08u", (unsigned)born % 10000u,
             (unsigned)(index % 100000000u));

    const double u = psyi_chance_uniform(&chance), v = psyi_chance_uniform(&chance);
    const double w = psyi_chance_uniform(&chance), x = psyi_chance_uniform(&chance);
    p->absent = u < .03;
    p->exempt = u >= .03 && u < .036;
    p->stranger = u >= .036 && u < .038; /* answers, but stands in no roster */
    if (!p->exempt && !p->stranger) {
        p->refused = v < .008;
        p->unanswered = v >= .008 && v < .012;
    }
    p->twin_paper = w < .005;
    p->changed_paper = w >= .005 && w < .010;
    p->manner = x < .006   ? PSYI_STRAIGHT
                : x < .009 ? PSYI_PATTERN
                : x < .018 ? PSYI_RANDOM
                           : PSYI_ATTENTIVE;
    p->chance = chance;
}

static const char *const digits[] = {"零", "一", "二", "三", "四", "五", "六",
                                     "七", "八", "九", "十", "十一", "十二"};

void psyi_pupil_grade(const psyi_pupil *p, unsigned way, psyi_buffer *out)
{
    static const char *const named[] = {"初一", "初二", "初三", "高一", "高二", "高三"};

    if (way % 3 == 0 || (way % 3 == 1 && p->grade < 7))
        psyi_buffer_integer(out, p->grade);
    else if (way % 3 == 1)
        psyi_buffer_text(out, named[p->grade - 7]);
    else if (p->grade <= 9)
        psyi_buffer_format(out, "%s年级", digits[p->grade]);
    else
        psyi_buffer_text(out, named[p->grade - 7]);
}

void psyi_pupil_class(const psyi_pupil *p, unsigned way, psyi_buffer *out)
{
    switch (way % 4) {
    case 0:
        psyi_buffer_integer(out, p->class_number);
        break;
    case 1:
        psyi_buffer_format(out, "%d班", p->class_number);
        break;
    case 2:
        psyi_buffer_format(out, "%d%02d", p->grade, p->class_number);
        break;
    default:
        if (p->grade <= 9)
            psyi_buffer_format(out, "%s(%d)班", digits[p->grade], p->class_number);
        else
            psyi_buffer_format(out, "%d班", p->class_number);
    }
}

void psyi_pupil_name(const psyi_pupil *p, psyi_buffer *out)
{
    static const char *const family[] = {"王", "李", "张", "刘", "陈", "杨", "赵", "黄",
                                         "周", "吴", "徐", "孙", "欧阳", "买买提·"};
    static const char *const given[] = {"子涵", "雨桐", "浩然", "欣怡", "宇轩", "梓萱", "伟",
                                        "静",   "明",   "思远", "佳琪", "俊杰", "婷",   "一诺"};
    psyi_chance chance = psyi_chance_stream(7, 7, p->index);

    psyi_buffer_text(out, family[psyi_chance_below(&chance, sizeof family / sizeof *family)]);
    psyi_buffer_text(out, given[psyi_chance_below(&chance, sizeof given / sizeof *given)]);
}

