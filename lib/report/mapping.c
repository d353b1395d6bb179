/*
 * mapping.c -- which pseudonym is which student.
 *
 * The only file of a run that holds both, so it is asked for by name, lies apart from the
 * results, and replaces nothing.  Students without consent are in it too: their answers stay
 * where they are, but the sealed list names them by pseudonym.
 */
#include "base/digest.h"
#include "base/fail.h"
#include "base/file.h"
#include "base/spill.h"
#include "report/csv_safe.h"
#include "report/report.h"

#include <string.h>

psy_status psyi_report_mapping(const psyi_results *results, const char *path, psy_error *error)
{
    psyi_buffer text;
    psyi_buffer_init(&text, results->allocator);
    psyi_buffer_text(&text, "student,code,name,school,grade,class\n");
    for (size_t i = 0; i < results->n_students; i++) {
        psyi_spill_pass(results->allocator, i);
        const psyi_student *const who = &results->students[i];
        const char *const cells[] = {who->id,         who->code,
                                     who->name,       results->schools[who->school].code,
                                     who->grade_text, who->class_text};
        for (size_t j = 0; j < sizeof cells / sizeof cells[0]; j++) {
            if (j > 0)
                psyi_buffer_char(&text, ',');
            psyi_csv_safe(&text, cells[j]);
        }
        psyi_buffer_char(&text, '\n');
    }
    const psy_status status = text.failed
                                  ? psyi_fail_memory(error, path)
                                  : psyi_file_new_secret(path, text.data, text.length, error);
    if (text.data != NULL)
        psyi_wipe(text.data, text.length);
    psyi_buffer_done(&text);
    return status;
}
