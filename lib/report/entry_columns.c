/*
 * entry_columns.c -- what 跟进台账 and 预警名单 have to fill in, from the tables that make them.
 */
#include "report/entry_columns.h"

#include "base/digest.h"
#include "report/layout.h"

#include <stdio.h>
#include <string.h>

const char *psyi_entry_sheet_key(psyi_entry_sheet sheet)
{
    return sheet == PSYI_ENTRY_LEDGER ? "follow_up" : "alert_list";
}

psyi_label psyi_entry_sheet_name(psyi_entry_sheet sheet)
{
    return sheet == PSYI_ENTRY_LEDGER ? psyi_ledger_name : psyi_alert_name;
}

static psyi_entry_kind kind_of(const psyi_cell_field *field)
{
    if (strcmp(field->key, "tier_final") == 0)
        return PSYI_ENTRY_TIER;
    if (field->style == PSYI_STYLE_FILL_DATE)
        return PSYI_ENTRY_DATE;
    if (field->choices != NULL)
        return PSYI_ENTRY_CHOICE;
    return field->style == PSYI_STYLE_FILL ? PSYI_ENTRY_TEXT : PSYI_ENTRY_GIVEN;
}

bool psyi_entry_column_at(psyi_entry_sheet sheet, size_t i, psyi_entry_column *out)
{
    size_t n_person, n;
    const psyi_cell_field *const person = psyi_person_fields(&n_person);
    const psyi_cell_field *const own =
        sheet == PSYI_ENTRY_LEDGER ? psyi_ledger_fields(&n) : psyi_alert_fields(&n);
    if (i >= n_person + n)
        return false;
    const psyi_cell_field *const field = i < n_person ? &person[i] : &own[i - n_person];
    *out = (psyi_entry_column){.key = field->key,
                               .head = field->head,
                               .kind = kind_of(field),
                               .choices = field->choices,
                               .begun = field->fill != NULL};
    return true;
}

bool psyi_case_number(const char *plan, const char *wave, const char *school, const char *student,
                      const psy_allocator *allocator, char out[PSYI_CASE_NUMBER])
{
    char digest[65];
    psyi_buffer text;
    psyi_buffer_init(&text, allocator);
    psyi_buffer_format(&text, "psyscreen/case/1\n%s\n%s\n%s\n%s", plan, wave != NULL ? wave : "",
                       school, student);
    const bool good = !text.failed && psyi_sha256_bytes(text.data, text.length, digest);
    if (good)
        snprintf(out, PSYI_CASE_NUMBER, "C-%.4s-%.4s-%.4s", digest, digest + 4, digest + 8);
    psyi_buffer_done(&text);
    return good;
}
