/*
 * simulate_plants.c -- what goes wrong between a school and a data office, planted in a few
 * papers each: the wrong class, an old number, a slip of the pen, no number at all, a file in
 * the encoding of Windows, a workbook.
 *
 * Drawn from a stream of their own, so that nobody's answers depend on them.
 */
#include "screening/simulate.h"

#include <string.h>

enum { STREAM_PLANT = 5, CLASS_SIZE = 44 };

#define BIT(field) (1u << (field))
#define NAMED                                                                                      \
    (BIT(PSYI_FIELD_SCHOOL) | BIT(PSYI_FIELD_GRADE) | BIT(PSYI_FIELD_CLASS) | BIT(PSYI_FIELD_NAME))

static bool has_rung(const psy_plan *plan, uint32_t fields)
{
    for (size_t i = 0; i < plan->n_rungs; i++)
        if (plan->rungs[i].fields == fields)
            return true;
    return false;
}

/* What the plan can reconcile. */
static bool possible(const psy_plan *plan, psyi_plant plant)
{
    const psyi_input *const sheets = &plan->responses, *const roster = &plan->roster;
    switch (plant) {
    case PSYI_PLANT_GBK:
        return sheets->encoding_else != NULL && strcmp(sheets->encoding_else, "gb18030") == 0;
    case PSYI_PLANT_CLASS:
        return sheets->columns[PSYI_FIELD_CLASS].n_names > 0 &&
               roster->columns[PSYI_FIELD_CLASS].n_names > 0;
    case PSYI_PLANT_FORMER:
        return roster->columns[PSYI_FIELD_FORMER].n_names > 0;
    case PSYI_PLANT_NO_CODE:
        return has_rung(plan, NAMED) && has_rung(plan, BIT(PSYI_FIELD_STUDENT));
    default:
        return true;
    }
}

void psyi_pupil_plant(uint64_t seed, const psy_plan *plan, psyi_pupil *p)
{
    static const struct {
        psyi_plant plant;
        double share;
    } shares[] = {{PSYI_PLANT_GBK, .008},      {PSYI_PLANT_XLSX, .008},
                  {PSYI_PLANT_CLASS, .010},    {PSYI_PLANT_FORMER, .010},
                  {PSYI_PLANT_MISTYPED, .004}, {PSYI_PLANT_NO_CODE, .010}};
    psyi_chance chance = psyi_chance_stream(seed, STREAM_PLANT, p->index);
    double u = psyi_chance_uniform(&chance);
    p->plant = PSYI_PLANT_NONE;
    if (p->absent || p->exempt || p->stranger || p->refused || p->unanswered || p->twin_paper ||
        p->changed_paper)
        return;
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        if (u < shares[i].share) {
            p->plant = possible(plan, shares[i].plant) ? shares[i].plant : PSYI_PLANT_NONE;
            return;
        }
        u -= shares[i].share;
    }
}

static bool same_name(const psyi_pupil *a, const psyi_pupil *b)
{
    psyi_buffer x, y;
    psyi_buffer_init(&x, NULL);
    psyi_buffer_init(&y, NULL);
    psyi_pupil_name(a, &x);
    psyi_pupil_name(b, &y);
    const bool same = !x.failed && !y.failed && strcmp(x.data, y.data) == 0;
    psyi_buffer_done(&x);
    psyi_buffer_done(&y);
    return same;
}

bool psyi_pupil_is_named_alone(uint64_t seed, const psy_plan *plan, const psyi_pupil *p,
                               uint64_t school_start, uint64_t school_end)
{
    const bool by_sex = has_rung(plan, NAMED | BIT(PSYI_FIELD_SEX));
    const uint64_t first =
        p->index - school_start > CLASS_SIZE ? p->index - CLASS_SIZE : school_start;
    for (uint64_t other = first; other < school_end && other <= p->index + CLASS_SIZE; other++) {
        psyi_pupil q;
        if (other == p->index)
            continue;
        psyi_pupil_draw(seed, other, p->school, other - school_start, school_end - school_start,
                        &q);
        if (q.grade == p->grade && q.class_number == p->class_number && !q.stranger &&
            same_name(p, &q) && (!by_sex || q.girl == p->girl))
            return false;
    }
    return true;
}
