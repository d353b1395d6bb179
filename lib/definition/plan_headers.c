/* plan_headers.c -- what a plan calls the columns of its inputs, for those who divide them. */
#include "base/fail.h"
#include "definition/model.h"

#include <psyscreen/plan.h>

#include <string.h>

psy_status psy_plan_headers(const psy_plan *plan, const char *input, const char *field,
                            const psy_sink *sink, psy_error *error)
{
    if (plan == NULL || input == NULL || field == NULL || sink == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "no plan, input, field or sink");
    const psyi_input *const at = strcmp(input, "responses") == 0 ? &plan->responses
                                 : strcmp(input, "roster") == 0  ? &plan->roster
                                                                 : NULL;
    unsigned index = 0;
    while (index < PSYI_FIELDS && strcmp(psyi_field_name((psyi_field)index), field) != 0)
        index++;
    if (at == NULL || index == PSYI_FIELDS)
        return psyi_fail(error, PSY_E_NOT_FOUND, NULL, "a plan has no %s '%s'",
                         at == NULL ? "input" : "column", at == NULL ? input : field);
    for (size_t i = 0; i < at->columns[index].n_names; i++) {
        const char *const name = at->columns[index].names[i];
        if (sink->write(sink->context, name, strlen(name)) != 0 ||
            sink->write(sink->context, "\n", 1) != 0)
            return psyi_fail(error, PSY_E_OUTPUT, NULL, "the names could not be written");
    }
    return PSY_OK;
}
