/*
 * seats.c -- one seat for every student: rows of the roster, or senders of sheets.
 *
 * A pupil whom the roster lists twice is one student: which of two rows that differ counts is
 * decided by their content, never by their order.  Without a roster a sheet that names no
 * school belongs to the one student of its code, where there is one.
 */
#include "base/fail.h"
#include "base/file_names.h"
#include "base/spill.h"
#include "cohort/roll.h"
#include "cohort/row_order.h"
#include "table/collect.h"

#include <string.h>

/* ---- schools ---- */

static psy_status find_school(psyi_roll *roll, const char *code, uint32_t *out, psy_error *error)
{
    psyi_assembly *const a = roll->a;
    size_t slot = (size_t)psyi_code_hash(code) & (roll->n_slots - 1);
    for (; roll->slots[slot] != 0; slot = (slot + 1) & (roll->n_slots - 1))
        if (strcmp(roll->schools[roll->slots[slot] - 1].code, code) == 0) {
            *out = roll->slots[slot] - 1;
            return PSY_OK;
        }
    void *schools = roll->schools;
    const bool good = psyi_grow(a->allocator, &schools, &roll->schools_room, roll->n_schools + 1,
                                sizeof *roll->schools);
    roll->schools = schools;
    if (!good)
        return psyi_fail_memory(error, "schools");
    roll->schools[roll->n_schools] = (psyi_school){.code = code, .name = "", .area = ""};
    roll->slots[slot] = (uint32_t)++roll->n_schools;
    *out = (uint32_t)(roll->n_schools - 1);
    return PSY_OK;
}

/* Of two descriptions the bytewise smaller, so that the order of rows does not matter. */
static void describe_school(psyi_school *school, const psyi_roster_row *row)
{
    if (row->school_name != NULL && row->school_name[0] != '\0' &&
        (school->name[0] == '\0' || strcmp(row->school_name, school->name) < 0))
        school->name = row->school_name;
    if (row->area != NULL && row->area[0] != '\0' &&
        (school->area[0] == '\0' || strcmp(row->area, school->area) < 0))
        school->area = row->area;
}

/* ---- seats ---- */

static psy_status add_seat(psyi_roll *roll, const char *code, uint32_t school, uint32_t source,
                           psy_error *error)
{
    psyi_assembly *const a = roll->a;
    void *seats = a->seats;
    bool good =
        psyi_grow_raw(a->allocator, &seats, &a->seats_room, a->n_seats + 1, sizeof *a->seats);
    a->seats = seats;
    good = good && a->n_seats < UINT32_MAX - 1 &&
           (code[0] == '\0' || psyi_index_add(a, code, school, (uint32_t)a->n_seats));
    if (!good)
        return psyi_fail_memory(error, "students");
    a->seats[a->n_seats++] =
        (psyi_seat){.code = code, .id = code, .school = school, .source = source};
    return PSY_OK;
}

/* No consent comes before consent and due before exempt; the rest is any fixed order. */
int psyi_compare_rows(const psyi_roster_row *x, const psyi_roster_row *y)
{
    static const uint8_t strict[] = {[PSYI_CONSENT_UNKNOWN] = 2,
                                     [PSYI_CONSENT_YES] = 3,
                                     [PSYI_CONSENT_NO] = 0,
                                     [PSYI_CONSENT_UNANSWERED] = 1};
    const int numbers[][2] = {
        {strict[x->consent & 3], strict[y->consent & 3]},
        {!x->required, !y->required},
        {x->grade, y->grade},
        {x->class_number, y->class_number},
        {x->sex, y->sex},
        {x->age, y->age},
        {x->born, y->born},
    };
    const char *const texts[][2] = {{x->class_text, y->class_text},
                                    {x->grade_text, y->grade_text},
                                    {x->name, y->name},
                                    {x->exempt_reason, y->exempt_reason}};
    return psyi_row_order(numbers, sizeof numbers / sizeof *numbers, texts,
                          sizeof texts / sizeof *texts);
}

static psy_status roster_finding(const psyi_assembly *a, uint32_t row, psy_severity severity,
                                 const char *rule, const char *message, const char *remedy,
                                 psy_error *error)
{
    const psyi_roster *const roster = a->results->roster;
    const psy_finding finding = {.file = roster->files[roster->rows[row].file].name,
                                 .row = roster->rows[row].row,
                                 .field = "student",
                                 .rule = rule,
                                 .severity = severity,
                                 .message = message,
                                 .remedy = remedy};
    return psy_findings_add(a->findings, &finding, error);
}

/* Of several rosters the sentence names the other place, too. */
static psy_status tell_twice(const psyi_assembly *a, const psyi_file_names *names, uint32_t row,
                             uint32_t kept, bool same, psy_error *error)
{
    const psyi_roster *const roster = a->results->roster;
    const psyi_roster_row *const left_out = &roster->rows[row], *const counts = &roster->rows[kept];
    const psy_finding finding = {.file = roster->files[left_out->file].name,
                                 .row = left_out->row,
                                 .field = "student",
                                 .rule = same ? "roster_repeated" : "roster_conflict",
                                 .severity = same ? PSY_WARNING : PSY_ERROR,
                                 .remedy =
                                     same ? NULL : "keep one row of the pupil in the rosters"};
    return psyi_find(a->findings, &finding, error,
                     "the rosters list this pupil twice with %s, here and in row %u of '%s'; %s",
                     same ? "the same data" : "different data", (unsigned)counts->row,
                     psyi_file_name(names, roster->files[counts->file].name),
                     same ? "counted once" : "this row is left out");
}

static psy_status same_pupil(psyi_assembly *a, const psyi_file_names *names, uint32_t seat,
                             uint32_t row, psy_error *error)
{
    const psyi_roster_row *const rows = a->results->roster->rows;
    const int order = psyi_compare_rows(&rows[row], &rows[a->seats[seat].source]);
    uint32_t left_out = row;
    if (order < 0) {
        left_out = a->seats[seat].source;
        a->seats[seat].source = row;
    }
    if (a->results->roster->n_files > 1)
        return tell_twice(a, names, left_out, a->seats[seat].source, order == 0, error);
    if (order == 0)
        return roster_finding(a, left_out, PSY_WARNING, "roster_repeated",
                              "the roster lists this pupil twice with the same data; counted once",
                              NULL, error);
    return roster_finding(a, left_out, PSY_ERROR, "roster_conflict",
                          "the roster lists this pupil twice with different data; this row is "
                          "left out",
                          "keep one row of the pupil in the roster", error);
}

/* Rows of a file that leave a column empty. */
typedef struct row_gap {
    size_t n, first;
} row_gap;

static void count_gap(row_gap *gap, size_t row)
{
    if (gap->n++ == 0)
        gap->first = row;
}

/* Pupils whose row names no school, in rosters that name some: one sentence for all of a file, at
 * the first.  (A column merged over the pupils of a school has its value in one row alone.) */
static psy_status tell_no_school(const psyi_assembly *a, const row_gap *gap, psy_error *error)
{
    const psyi_roster *const roster = a->results->roster;
    const size_t n = gap->n;
    const psy_finding finding = {
        .file = roster->files[roster->rows[gap->first].file].name,
        .row = roster->rows[gap->first].row,
        .field = "school",
        .rule = "school_blank",
        .severity = PSY_ERROR,
        .remedy = "write the school into every row; of merged cells only the first has a value"};
    return psyi_find(a->findings, &finding, error,
                     "%zu row%s of the roster name%s no school, this is the first: these pupils "
                     "are in no school's workbook",
                     n, psyi_s(n), n == 1 ? "s" : "");
}

/* A pupil without a class who answered stands in the class his sheet names; one who did not, in
 * none: each class then seems to have been there to the last pupil. */
static psy_status tell_no_class(const psyi_assembly *a, const row_gap *gap, psy_error *error)
{
    const psyi_roster *const roster = a->results->roster;
    const size_t n = gap->n;
    const psy_finding finding = {
        .file = roster->files[roster->rows[gap->first].file].name,
        .row = roster->rows[gap->first].row,
        .field = "class",
        .rule = "class_blank",
        .severity = PSY_WARNING,
        .remedy = "write the class into every row; of merged cells only the first has a value"};
    return psyi_find(a->findings, &finding, error,
                     "%zu row%s of the roster name%s no class, this is the first: those of these "
                     "pupils who answered stand in the class of their sheet, the others in none, "
                     "and the participation of classes comes out too high",
                     n, psyi_s(n), n == 1 ? "s" : "");
}

/* Of each file. */
static psy_status tell_gaps(const psyi_assembly *a, const row_gap *schools, const row_gap *classes,
                            psy_error *error)
{
    const psyi_roster *const roster = a->results->roster;
    const bool with_class = a->plan->roster.columns[PSYI_FIELD_CLASS].n_names > 0;
    size_t blank = 0;
    psy_status status = PSY_OK;
    for (size_t i = 0; i < roster->n_files; i++)
        blank += schools[i].n;
    for (size_t i = 0; i < roster->n_files && status == PSY_OK; i++)
        if (schools[i].n > 0 && blank < roster->n_rows)
            status = tell_no_school(a, &schools[i], error);
    for (size_t i = 0; i < roster->n_files && status == PSY_OK; i++)
        if (classes[i].n > 0 && with_class)
            status = tell_no_class(a, &classes[i], error);
    return status;
}

static psy_status seats_of_rows(psyi_roll *roll, row_gap *schools, row_gap *classes,
                                psy_error *error)
{
    psyi_assembly *const a = roll->a;
    const psyi_roster *const roster = a->results->roster;
    psy_status status = PSY_OK;
    for (size_t i = 0; i < roster->n_rows && status == PSY_OK; i++) {
        psyi_spill_pass(a->allocator, i);
        const psyi_roster_row *const row = &roster->rows[i];
        const char *code = psyi_canonical(&a->results->arena, row->student);
        const char *const school = psyi_canonical(&a->results->arena, row->school);
        uint32_t at;
        if (code == NULL || school == NULL)
            return psyi_fail_memory(error, "students");
        code = psyi_newest_number(a, code);
        status = find_school(roll, school, &at, error);
        if (status != PSY_OK)
            return status;
        describe_school(&roll->schools[at], row);
        if (school[0] == '\0')
            count_gap(&schools[row->file], i);
        if (row->class_text[0] == '\0')
            count_gap(&classes[row->file], i);
        status = add_seat(roll, code, at, (uint32_t)i, error);
        if (status == PSY_OK && code[0] == '\0')
            status =
                a->plan->n_rungs > 1
                    ? roster_finding(a, (uint32_t)i, PSY_WARNING, "no_code",
                                     "this row has no student code: a sheet can be matched to "
                                     "it only by the other fields of the plan's `match:`",
                                     "write the number into the roster", error)
                    : roster_finding(a, (uint32_t)i, PSY_ERROR, "no_code",
                                     "this row has no student code: no sheet can be matched to "
                                     "it",
                                     NULL, error);
    }
    return status;
}

static psy_status same_pupils(psyi_assembly *a, const psyi_repeats *repeats, psy_error *error)
{
    const psyi_roster *const roster = a->results->roster;
    psyi_file_names names;
    psyi_file_names_init(&names, a->allocator);
    bool good = true;
    for (size_t i = 0; i < roster->n_files && good; i++)
        good = psyi_file_names_add(&names, roster->files[i].name);
    psy_status status =
        good && psyi_file_names_make(&names) ? PSY_OK : psyi_fail_memory(error, "students");
    for (size_t i = 0; i < repeats->n && status == PSY_OK; i++) {
        psyi_spill_pass(a->allocator, i * 8); /* every step jumps */
        const psyi_repeat *const repeat = &repeats->list[i];
        status = same_pupil(a, &names, repeat->first, a->seats[repeat->seat].source, error);
    }
    psyi_file_names_done(&names);
    return status;
}

psy_status psyi_seats_from_roster(psyi_roll *roll, psy_error *error)
{
    psyi_assembly *const a = roll->a;
    const size_t n_files = a->results->roster->n_files;
    row_gap *const gaps = psyi_alloc(a->allocator, 2 * n_files, sizeof *gaps);
    psy_status status = gaps != NULL ? seats_of_rows(roll, gaps, gaps + n_files, error)
                                     : psyi_fail_memory(error, "students");
    psyi_repeats repeats = {NULL, 0};
    if (status == PSY_OK)
        status = psyi_index_sort(a, &repeats, error);
    if (status == PSY_OK && repeats.n > 0)
        status = same_pupils(a, &repeats, error);
    if (status == PSY_OK && repeats.n > 0)
        psyi_index_drop(a, &repeats);
    psyi_free(a->allocator, repeats.list);
    if (status == PSY_OK)
        status = tell_gaps(a, gaps, gaps + n_files, error);
    psyi_free(a->allocator, gaps);
    return status;
}

/* Of those whose file names no school the ones whom no file with a school has. */
static psy_status settle_no_school(psyi_roll *roll, psy_error *error)
{
    psyi_assembly *const a = roll->a;
    uint32_t none = UINT32_MAX;
    psy_status status = PSY_OK;
    for (size_t i = 0; i < a->n_seats && status == PSY_OK; i++) {
        psyi_spill_pass(a->allocator, i);
        if (a->seats[i].school != UINT32_MAX)
            continue;
        if (none == UINT32_MAX)
            status = find_school(roll, "", &none, error);
        a->seats[i].school = none;
    }
    for (size_t i = 0; i < a->n_index && none != UINT32_MAX; i++) {
        psyi_spill_pass(a->allocator, i);
        if (a->index[i].school == UINT32_MAX)
            a->index[i].school = none;
    }
    return status;
}

/* Everybody with a code and a school; then those whose file names no school. */
psy_status psyi_seats_from_records(psyi_roll *roll, psy_error *error)
{
    psyi_assembly *const a = roll->a;
    const size_t n = a->results->intake->n_records;
    psy_status status = PSY_OK;
    for (size_t step = 0; step < 2 * n && status == PSY_OK; step++) {
        const uint32_t i = (uint32_t)(step % n);
        psyi_spill_pass(a->allocator, step);
        const char *const code = a->codes[i], *const school = a->school_codes[i];
        uint32_t at = UINT32_MAX;
        if (code[0] == '\0' || (school[0] != '\0') != (step < n))
            continue;
        if (school[0] != '\0')
            status = find_school(roll, school, &at, error);
        if (status == PSY_OK)
            status = add_seat(roll, code, at, i, error);
    }
    psyi_repeats repeats = {NULL, 0};
    if (status == PSY_OK)
        status = psyi_index_sort(a, &repeats, error);
    if (status == PSY_OK && repeats.n > 0)
        psyi_index_drop(a, &repeats);
    psyi_free(a->allocator, repeats.list);
    return status == PSY_OK ? settle_no_school(roll, error) : status;
}
