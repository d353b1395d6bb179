/* simulate_batteries.c -- which battery a pupil of a sex and grade takes: the plan's own
 * conditions, run once over a block whose lanes are the grades. */
#include "screening/simulate.h"

#include <string.h>

static void grade_lanes(const void *context, uint32_t column, psyi_numbers *out)
{
    (void)context;
    memset(out, 0, sizeof *out);
    if (column != psyi_column(PSYI_COLUMN_STUDENT, 0, PSYI_STUDENT_GRADE, 0)) {
        out->no_norm = ~(psyi_mask)0;
        return;
    }
    out->known = out->bounded = ~(psyi_mask)1;
    for (int grade = 1; grade < PSYI_LANES; grade++)
        out->value[grade] = out->low[grade] = out->high[grade] = psyi_ratio_make(grade, 1);
}

static void person_lanes(const void *context, uint32_t column, psyi_tokens *out)
{
    const bool *girl = context;
    const unsigned field = psyi_column_index(column);

    memset(out, 0, sizeof *out);
    for (int grade = 1; grade < PSYI_LANES; grade++) {
        const unsigned value = field == PSYI_STUDENT_SEX ? (*girl ? PSYI_SEX_FEMALE : PSYI_SEX_MALE)
                               : field == PSYI_STUDENT_STAGE ? (unsigned)psyi_stage_of(grade)
                                                             : (unsigned)PSYI_INFORMANT_SELF;
        if (value == 0)
            continue;
        out->value[grade] = out->low[grade] = out->high[grade] = (uint8_t)(value - 1);
        out->known |= (psyi_mask)1 << grade;
    }
    out->bounded = out->known;
}

psy_status psyi_find_batteries(const psy_plan *plan, const psy_allocator *allocator,
                               psyi_battery_map out, psy_error *error)
{
    for (int girl = 0; girl < 2; girl++)
        for (int grade = 0; grade < PSYI_LANES; grade++)
            out[girl][grade] = SIZE_MAX;
    for (size_t b = plan->n_batteries; b-- > 0;) { /* the first that fits wins */
        const psyi_program *program = plan->batteries[b].when;
        psyi_workspace *workspace = NULL;
        psy_status status = PSY_OK;

        if (program && (status = psyi_workspace_new(&workspace, &program, 1, allocator,
                                                    error)) != PSY_OK)
            return status;
        for (int girl = 0; girl < 2; girl++) {
            const bool is_girl = girl == 1;
            const psyi_block block = {
                .context = &is_girl, .number = grade_lanes, .token = person_lanes};
            psyi_truths truths = {.yes = ~(psyi_mask)0};
            if (program)
                psyi_program_truth(program, &block, workspace, &truths, NULL);
            for (int grade = 0; grade < PSYI_LANES; grade++)
                if (truths.yes >> grade & 1u)
                    out[girl][grade] = b;
        }
        psyi_workspace_free(workspace);
    }
    return PSY_OK;
}

