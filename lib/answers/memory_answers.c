/*
 * memory_answers.c -- making and freeing answers held in memory.
 *
 * Which items a form carries is not known before its columns come: those that something
 * scored depends on start as blank, all others as not applicable, so that a part nobody
 * handed out is not counted as unanswered.
 */
#include "answers/memory_answers.h"
#include "answers/needed.h"
#include "base/fail.h"

#include <string.h>

static psy_status find_variant(const psy_instrument *instrument, const char *id, unsigned *out,
                               psy_error *error)
{
    *out = 0;
    if (id == NULL)
        return PSY_OK;
    for (size_t i = 0; i < instrument->n_variants; i++)
        if (strcmp(instrument->variants[i].id, id) == 0) {
            *out = (unsigned)i;
            return PSY_OK;
        }
    char names[200] = "";
    for (size_t i = 0; i < instrument->n_variants; i++) {
        const size_t used = strlen(names);
        const char *const name = instrument->variants[i].id;
        if (used + strlen(name) + 3 > sizeof names)
            break;
        memcpy(names + used, i > 0 ? ", " : "", i > 0 ? 3 : 1);
        memcpy(names + strlen(names), name, strlen(name) + 1);
    }
    return psyi_fail(error, PSY_E_NOT_FOUND, NULL, "%s has no coding variant '%.64s'; it has %s",
                     instrument->id, id, names[0] != '\0' ? names : "none with a name");
}

psy_status psy_answers_new(psy_answers **out, const psy_instrument *instrument, const char *variant,
                           size_t n_rows, const psy_allocator *allocator, psy_error *error)
{
    if (out == NULL || instrument == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "answers need an instrument");
    unsigned index;
    psy_status status = find_variant(instrument, variant, &index, error);
    if (status != PSY_OK)
        return status;
    psy_answers *const answers = psyi_alloc(allocator, 1, sizeof *answers);
    uint8_t *const need = psyi_alloc(allocator, instrument->n_items, 1);
    if (answers == NULL || need == NULL) {
        psyi_free(allocator, answers);
        psyi_free(allocator, need);
        return psyi_fail_memory(error, "answers");
    }
    answers->allocator = allocator;
    answers->instrument = instrument;
    answers->variant = index;
    answers->sex = psyi_alloc(allocator, n_rows, sizeof *answers->sex);
    answers->informant = psyi_alloc(allocator, n_rows, sizeof *answers->informant);
    answers->grade = psyi_alloc(allocator, n_rows, sizeof *answers->grade);
    answers->age = psyi_alloc(allocator, n_rows, sizeof *answers->age);
    answers->set = psyi_alloc(allocator, instrument->n_items, sizeof *answers->set);
    if (answers->sex == NULL || answers->informant == NULL || answers->grade == NULL ||
        answers->age == NULL || answers->set == NULL)
        status = psyi_fail_memory(error, "answers");
    if (status == PSY_OK)
        status = psyi_sheets_new(&answers->sheets, instrument, n_rows, allocator, error);
    if (status == PSY_OK) {
        for (size_t i = 0; i < n_rows; i++)
            answers->age[i] = -1;
        psyi_items_needed(instrument, index, PSYI_INFORMANT_UNKNOWN, need);
        for (size_t i = 0; i < instrument->n_items; i++)
            for (size_t row = 0; row < n_rows && need[i] != PSYI_NEED_ALWAYS; row++)
                *psyi_sheets_byte(answers->sheets, row, i) = PSYI_NOT_APPLICABLE;
        *out = answers;
    } else {
        psy_answers_free(answers);
    }
    psyi_free(allocator, need);
    return status;
}

void psy_answers_free(psy_answers *answers)
{
    if (answers == NULL)
        return;
    const psy_allocator *const allocator = answers->allocator;
    psyi_sheets_free(answers->sheets);
    psyi_free(allocator, answers->sex);
    psyi_free(allocator, answers->informant);
    psyi_free(allocator, answers->grade);
    psyi_free(allocator, answers->age);
    psyi_free(allocator, answers->set);
    psyi_free(allocator, answers);
}

size_t psy_answers_row_count(const psy_answers *answers)
{
    return answers == NULL ? 0 : answers->sheets->n_sheets;
}
