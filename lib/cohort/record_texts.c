/*
 * record_texts.c -- what sheets say of their pupils, where it is not what the roster says.
 *
 * Nine of ten texts of a matched sheet are the pupil's own: his number, his name, his class.  They
 * become the pupil's; the others are copied, and what the files were read into is given back.  A
 * pupil's text that came from a sheet is copied first.  What only matching asks for is freed, too.
 */
#include "base/fail.h"
#include "base/spill.h"
#include "cohort/assembly.h"

#include <string.h>

typedef struct moving {
    psyi_arena *into;
    const char *from, *to; /* the last text that was copied: neighbours have the same school */
    bool failed;
} moving;

static const char *copy(moving *m, const char *text)
{
    if (text[0] == '\0')
        return "";
    if (text == m->from)
        return m->to;
    const char *const to = psyi_arena_copy(m->into, text);
    m->failed = m->failed || to == NULL;
    if (to == NULL)
        return "";
    m->from = text;
    m->to = to;
    return to;
}

/* `known` where it reads alike; it outlives the sheet's. */
static const char *settled(moving *m, const char *text, const char *known)
{
    if (text == NULL)
        return NULL;
    return known != NULL && strcmp(text, known) == 0 ? known : copy(m, text);
}

/* The pupil's own texts that are a sheet's, before those go. */
static void keep_own(moving *m, psyi_student *student, const psyi_record *record)
{
    if (student->name == record->name)
        student->name = copy(m, record->name);
    if (student->class_text == record->class_text)
        student->class_text = copy(m, record->class_text);
    if (student->grade_text == record->grade_text)
        student->grade_text = copy(m, record->grade_text);
}

static void settle(moving *m, psyi_record *record, const psyi_student *student, const char *school)
{
    record->student = settled(m, record->student, student != NULL ? student->code : NULL);
    record->name = settled(m, record->name, student != NULL ? student->name : NULL);
    record->class_text =
        settled(m, record->class_text, student != NULL ? student->class_text : NULL);
    record->grade_text =
        settled(m, record->grade_text, student != NULL ? student->grade_text : NULL);
    record->local_no = settled(m, record->local_no, NULL);
    record->school = settled(m, record->school, school);
}

static void forget_matching(psyi_assembly *a)
{
    psyi_free(a->allocator, (void *)a->codes);
    psyi_free(a->allocator, (void *)a->school_codes);
    psyi_free(a->allocator, a->by_name);
    psyi_free(a->allocator, a->by_local);
    a->codes = a->school_codes = NULL;
    a->by_name = a->by_local = NULL;
}

psy_status psyi_settle_texts(psyi_assembly *a, psy_error *error)
{
    psyi_results *const r = a->results;
    psyi_intake *const intake = r->intake;
    psyi_arena texts;
    moving m = {.into = &texts};
    forget_matching(a);
    /* Without a roster the pupils' numbers are the sheets'; kept columns lie among the texts. */
    if (r->roster == NULL || intake->n_kept > 0)
        return PSY_OK;
    psyi_arena_init(&texts, intake->allocator);
    for (size_t s = 0; s < r->n_students; s++) {
        psyi_student *const student = &r->students[s];
        psyi_spill_pass(a->allocator, s * 8); /* texts lie as they were read */
        for (uint32_t i = 0; i < student->n_records; i++)
            keep_own(&m, student, &intake->records[student->records[i]]);
    }
    for (size_t i = 0; i < intake->n_records; i++) {
        const uint32_t at = a->record_student[i];
        const psyi_student *const student = at != PSYI_NO_STUDENT ? &r->students[at] : NULL;
        psyi_spill_pass(a->allocator, i * 8);
        const uint32_t school = student != NULL ? student->school : a->record_school[i];
        settle(&m, &intake->records[i], student,
               school < r->n_schools ? r->schools[school].code : NULL);
    }
    if (m.failed) {
        /* Half of the records read from either: both stay. */
        psyi_arena_join(&intake->texts, &texts);
        return psyi_fail_memory(error, "records");
    }
    psyi_arena_done(&intake->texts);
    intake->texts = texts;
    return PSY_OK;
}
