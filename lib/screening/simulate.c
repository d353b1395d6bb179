/* simulate.c -- a district that does not exist, with what was planted in it written down.
 *
 * Students, classes, absentees, refusals, duplicates, blanks and careless sheets are drawn
 * per student from (seed, student), so that a file of ten students is the head of a file of
 * a million.  truth.csv says what was planted, so that a test can ask whether it was found. */
#include "screening/simulate.h"
#include "screening/simulate_files.h"

#include "base/digest.h"
#include "base/fail.h"
#include "base/file.h"
#include "base/number.h"
#include "cohort/pseudonym.h"
#include "definition/item_pattern.h"
#include "intake/header.h"
#include "table/collect.h"

#include <psyscreen/screening.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { STREAM_SHEET = 16, STREAM_SECOND };

/* What is written while pupils are drawn, in this order once they all are. */
enum { LATE_GBK, LATE_BOOK, ROSTER, IN_TIME, SECOND, TRUTH, N_FILES };
static const struct {
    const char *name;
    psyi_simulated_kind kind;
} files_written[N_FILES] = {
    [LATE_GBK] = {"responses_3.csv", PSYI_SIMULATED_GB18030},
    [LATE_BOOK] = {"responses_4.xlsx", PSYI_SIMULATED_WORKBOOK},
    [ROSTER] = {"roster.csv", PSYI_SIMULATED_UTF8},
    [IN_TIME] = {"responses_1.csv", PSYI_SIMULATED_UTF8},
    [SECOND] = {"responses_2.csv", PSYI_SIMULATED_UTF8},
    [TRUTH] = {"truth.csv", PSYI_SIMULATED_UTF8},
};

typedef struct simulation {
    const psy_plan *plan;
    const psy_allocator *allocator;
    uint64_t seed, n_students;
    uint64_t school_start, school_end; /* pupils of the school at hand */
    uint32_t n_schools;
    unsigned char key[32];
    psyi_answer_model *models[PSYI_MAX_USES];
    psyi_arena arena;
    psyi_pseudonyms *pseudonyms; /* NULL: the plan prints plain codes */
    psyi_simulated_file files[N_FILES];
    psyi_battery_map battery;
    int32_t *codes[PSYI_MAX_USES]; /* of the student at hand */
} simulation;

static bool tested(const psyi_pupil *p)
{
    return !p->absent && !p->exempt;
}

/* The text for a value of a coded column ("sex", "consent"), as the plan's map reads it. */
static const char *mapped(const psyi_input *input, const char *of, const char *value,
                          const char *otherwise)
{
    for (size_t i = 0; i < input->n_codes; i++)
        if (strcmp(input->codes[i].of, of) == 0)
            for (size_t k = 0; k < input->codes[i].n_texts; k++)
                if (strcmp(input->codes[i].texts[k].value, value) == 0)
                    return input->codes[i].texts[k].text;
    return otherwise;
}

static const char *header_name(const psyi_input *input, psyi_field field)
{
    return input->columns[field].n_names ? input->columns[field].names[0] : NULL;
}

static void add_cell(psyi_buffer *row, bool *first, const char *text, size_t length)
{
    if (!*first)
        psyi_buffer_char(row, ',');
    *first = false;
    psyi_csv_cell(row, text, length);
}

/* ---- truth -------------------------------------------------------------------------- */

static void tell(simulation *sim, const psyi_pupil *p, const char *kind, const char *use,
                 const psyi_item *item, int32_t value)
{
    psyi_buffer *out = &sim->files[TRUTH].text;

    psyi_buffer_format(out, "%s,%s,%s,%s,", p->school_code, p->code, p->id, kind);
    if (use && item)
        psyi_buffer_format(out, "%s.%s,%d\n", use, item->id, (int)value);
    else
        psyi_buffer_text(out, ",\n");
}

/* Critical answers are told by the thresholds the definitions state for single items, not
 * by running the scorer. */
static void tell_critical(simulation *sim, const psyi_pupil *p, const psyi_use *use,
                          const int32_t *codes, const char *suffix)
{
    const psy_instrument *instrument = use->instrument;

    for (size_t f = 0; f < instrument->n_flags; f++) {
        const psyi_flag *flag = &instrument->flags[f];
        const psyi_comparison *comparisons = NULL;
        if ((flag->kind != PSYI_FLAG_URGENT && flag->kind != PSYI_FLAG_REVIEW) || !flag->when)
            continue;
        const size_t n = psyi_program_comparisons(flag->when, &comparisons);
        if (n != 1 || comparisons[0].subject != PSYI_SUBJECT_ITEM)
            continue;
        const unsigned item = psyi_item_index(comparisons[0].id);
        if (codes[item] == PSYI_DRAW_BLANK)
            continue;
        const int32_t score = psyi_draw_score(&instrument->items[item], codes[item]);
        const int order = psyi_ratio_compare(psyi_ratio_make(score, instrument->items[item].scale),
                                             comparisons[0].constant);
        if ((comparisons[0].compare == PSYI_GE && order >= 0) ||
            (comparisons[0].compare == PSYI_GT && order > 0) ||
            (comparisons[0].compare == PSYI_EQ && order == 0)) {
            char kind[48];
            snprintf(kind, sizeof kind, "%s%s",
                     flag->kind == PSYI_FLAG_URGENT ? "urgent" : "review", suffix);
            tell(sim, p, kind, use->id, &instrument->items[item], score);
        }
    }
}

/* ---- rows --------------------------------------------------------------------------- */

/* What the plan calls the column of an item: its own name, or the pattern filled in.  NULL without
 * memory. */
static const char *item_name(simulation *sim, const psyi_input *input, size_t use, size_t item)
{
    const psyi_item *it = &sim->plan->uses[use].instrument->items[item];

    for (size_t i = 0; i < input->n_items; i++) {
        const psyi_item_columns *columns = &input->items[i];
        const char *name = NULL;
        if (columns->use != use)
            continue;
        for (size_t k = 0; k < columns->n_items; k++)
            if (columns->items[k].item == item && columns->items[k].column.n_names > 0)
                return columns->items[k].column.names[0];
        if (columns->pattern && !psyi_pattern_fill(&sim->arena, columns->pattern, it, &name))
            return NULL;
        if (name)
            return name;
    }
    return psyi_arena_format(&sim->arena, "%s_%s", sim->plan->uses[use].id, it->id);
}

/* A name as a platform would head the column: questions by their number and some words. */
static void head_cell(psyi_buffer *row, bool *first, const char *name, const char *words)
{
    psyi_question_name question;
    char text[160];
    if (!psyi_question_name_read(name, &question))
        snprintf(text, sizeof text, "%s", name);
    else if (question.row > 0)
        snprintf(text, sizeof text, "%u、请选择—%u、%s", question.question, question.row, words);
    else
        snprintf(text, sizeof text, "%u、%s", question.question, words);
    add_cell(row, first, text, strlen(text));
}

static void write_header(simulation *sim, const psyi_input *input, bool items, psyi_buffer *out)
{
    bool first = true;

    for (int field = 0; field < PSYI_FIELDS; field++) {
        const char *name = header_name(input, (psyi_field)field);
        if (name)
            head_cell(out, &first, name, psyi_field_name((psyi_field)field));
    }
    for (size_t u = 0; items && u < sim->plan->n_uses; u++) {
        const psy_instrument *instrument = sim->plan->uses[u].instrument;
        for (size_t i = 0; i < instrument->n_items; i++) {
            const char *name = item_name(sim, input, u, i);
            head_cell(out, &first, name ? name : "", instrument->items[i].id);
            out->failed = out->failed || !name;
        }
    }
    psyi_buffer_char(out, '\n');
}

static void roster_cell(const simulation *sim, const psyi_pupil *p, psyi_field field,
                        psyi_buffer *cell)
{
    const psyi_input *input = &sim->plan->roster;

    switch (field) {
    case PSYI_FIELD_STUDENT:
        psyi_buffer_text(cell, p->code);
        break;
    case PSYI_FIELD_SCHOOL:
        psyi_buffer_text(cell, p->school_code);
        break;
    case PSYI_FIELD_SCHOOL_NAME:
        psyi_buffer_format(cell, "模拟%s%u",
                           p->grade < 7    ? "小学"
                           : p->grade < 10 ? "初中"
                                           : "高中",
                           p->school + 1);
        break;
    case PSYI_FIELD_GRADE:
        psyi_buffer_integer(cell, p->grade);
        break;
    case PSYI_FIELD_CLASS:
        psyi_buffer_format(cell, "%d班", p->class_number);
        break;
    case PSYI_FIELD_SEX:
        psyi_buffer_text(cell, p->girl ? mapped(input, "sex", "female", "女")
                                       : mapped(input, "sex", "male", "男"));
        break;
    case PSYI_FIELD_NAME:
        psyi_pupil_name(p, cell);
        break;
    case PSYI_FIELD_BIRTH_DATE:
        psyi_buffer_format(cell, "%.4s-%02u-%02u", p->code + 7, 1 + (unsigned)(p->index % 12),
                           1 + (unsigned)(p->index % 28));
        break;
    case PSYI_FIELD_REQUIRED:
        psyi_buffer_text(cell, p->exempt ? mapped(input, "required", "no", "否")
                                         : mapped(input, "required", "yes", "是"));
        break;
    case PSYI_FIELD_EXEMPT_REASON:
        if (p->exempt)
            psyi_buffer_text(cell, p->index % 2 ? "请假" : "免测");
        break;
    case PSYI_FIELD_CONSENT:
        psyi_buffer_text(cell, p->refused      ? mapped(input, "consent", "no", "不同意")
                               : p->unanswered ? mapped(input, "consent", "unanswered", "未回")
                                               : mapped(input, "consent", "yes", "同意"));
        break;
    case PSYI_FIELD_FORMER:
        if (p->plant == PSYI_PLANT_FORMER)
            psyi_buffer_format(cell, "L%s", p->code + 1);
        break;
    case PSYI_FIELD_AREA:
        psyi_buffer_text(cell, p->school % 3 ? "乡村" : "城镇");
        break;
    default:
        break;
    }
}

static void response_cell(const simulation *sim, const psyi_pupil *p, psyi_field field, bool second,
                          psyi_chance *chance, psyi_buffer *cell)
{
    const psyi_input *input = &sim->plan->responses;
    const unsigned way = psyi_chance_below(chance, 12);

    switch (field) {
    case PSYI_FIELD_STUDENT:
        if (p->plant == PSYI_PLANT_FORMER)
            psyi_buffer_format(cell, "L%s", p->code + 1);
        else if (p->plant == PSYI_PLANT_MISTYPED)
            psyi_buffer_format(cell, "%.*sX", (int)strlen(p->code) - 1, p->code);
        else if (p->plant != PSYI_PLANT_NO_CODE)
            psyi_buffer_text(cell, p->code);
        break;
    case PSYI_FIELD_GRADE:
        psyi_pupil_grade(p, way, cell);
        break;
    case PSYI_FIELD_CLASS: {
        psyi_pupil said = *p;
        said.class_number += p->plant == PSYI_PLANT_CLASS;
        psyi_pupil_class(&said, way / 3, cell);
        break;
    }
    case PSYI_FIELD_SEX:
        psyi_buffer_text(cell, p->girl ? mapped(input, "sex", "female", "女")
                                       : mapped(input, "sex", "male", "男"));
        break;
    case PSYI_FIELD_SUBMITTED_AT:
        psyi_buffer_format(cell, "2026/%02u/%02u %02u:%02u:%02u", second ? 10u : 9u,
                           second ? 12 + (unsigned)(p->school % 3)
                                  : 14 + (unsigned)(p->school % 12),
                           8 + psyi_chance_below(chance, 9), psyi_chance_below(chance, 60),
                           psyi_chance_below(chance, 60));
        break;
    case PSYI_FIELD_DURATION:
        psyi_buffer_format(cell, "%d秒",
                           p->manner == PSYI_ATTENTIVE
                               ? 380 + (int)(90 * psyi_chance_normal(chance)) / 1
                               : 60 + (int)psyi_chance_below(chance, 90));
        break;
    case PSYI_FIELD_INFORMANT:
        psyi_buffer_text(cell, mapped(input, "informant", "self", "self"));
        break;
    default:
        roster_cell(sim, p, field, cell);
    }
}

static void write_fields(const simulation *sim, const psyi_pupil *p, bool roster, bool second,
                         psyi_chance *chance, psyi_buffer *out, bool *first)
{
    const psyi_input *input = roster ? &sim->plan->roster : &sim->plan->responses;
    psyi_buffer cell;

    psyi_buffer_init(&cell, sim->allocator);
    for (int field = 0; field < PSYI_FIELDS; field++) {
        if (!header_name(input, (psyi_field)field))
            continue;
        psyi_buffer_clear(&cell);
        if (roster)
            roster_cell(sim, p, (psyi_field)field, &cell);
        else
            response_cell(sim, p, (psyi_field)field, second, chance, &cell);
        add_cell(out, first, cell.length ? cell.data : "", cell.length);
        out->failed = out->failed || cell.failed;
    }
    psyi_buffer_done(&cell);
}

static bool in_battery(const simulation *sim, size_t battery, size_t use)
{
    if (battery == SIZE_MAX)
        return false;
    for (size_t i = 0; i < sim->plan->batteries[battery].n_uses; i++)
        if (sim->plan->batteries[battery].uses[i] == use)
            return true;
    return false;
}

/* Blanks: most sheets none; one in twenty a few, one in two hundred many. */
static void plant_blanks(simulation *sim, const psyi_pupil *p, const psyi_use *use, int32_t *codes,
                         psyi_chance *chance)
{
    const size_t n = use->instrument->n_items;
    const double u = psyi_chance_uniform(chance);
    size_t blanks = u < .005 ? n / 3 + 1 : u < .05 ? 1 + psyi_chance_below(chance, 2) : 0;

    while (blanks-- > 0) {
        const unsigned item = psyi_chance_below(chance, (unsigned)n);
        if (codes[item] != PSYI_DRAW_BLANK)
            tell(sim, p, "blank", use->id, &use->instrument->items[item], 0);
        codes[item] = PSYI_DRAW_BLANK;
    }
}

/* The text of an answer as the file has it: the plan's code map read backwards. */
static void item_cell(const simulation *sim, const psyi_use *use, const psyi_item *item,
                      int32_t code, psyi_buffer *cell)
{
    psyi_draw_text(use->instrument, item, code, cell);
    if (cell->length > 0 && !cell->failed) {
        const char *text = mapped(&sim->plan->responses, use->id, cell->data, NULL);
        if (text) {
            psyi_buffer_clear(cell);
            psyi_buffer_text(cell, text);
        }
    }
}

static void write_paper(simulation *sim, const psyi_pupil *p, size_t battery, bool second,
                        const char *suffix)
{
    psyi_buffer *out = &sim->files[second                        ? SECOND
                                   : p->plant == PSYI_PLANT_GBK  ? LATE_GBK
                                   : p->plant == PSYI_PLANT_XLSX ? LATE_BOOK
                                                                 : IN_TIME]
                            .text;
    psyi_chance chance =
        psyi_chance_stream(sim->seed, second ? STREAM_SECOND : STREAM_SHEET, p->index);
    psyi_buffer cell;
    bool first = true;

    psyi_buffer_init(&cell, sim->allocator);
    write_fields(sim, p, false, second, &chance, out, &first);
    for (size_t u = 0; u < sim->plan->n_uses; u++) {
        const psyi_use *use = &sim->plan->uses[u];
        const bool given = in_battery(sim, battery, u);
        for (size_t i = 0; i < use->instrument->n_items; i++) {
            const psyi_item *item = &use->instrument->items[i];
            psyi_buffer_clear(&cell);
            if (given)
                item_cell(sim, use, item, sim->codes[u][i], &cell);
            out->failed = out->failed || cell.failed;
            add_cell(out, &first, cell.length ? cell.data : "", cell.length);
        }
        if (given)
            tell_critical(sim, p, use, sim->codes[u], suffix);
    }
    psyi_buffer_char(out, '\n');
    psyi_buffer_done(&cell);
}

/* What was planted in a paper; what becomes of its critical answers goes by the suffix. */
static const char *tell_plant(simulation *sim, const psyi_pupil *p)
{
    static const char *const kinds[] = {
        [PSYI_PLANT_GBK] = "late_gbk",      [PSYI_PLANT_XLSX] = "late_xlsx",
        [PSYI_PLANT_CLASS] = "wrong_class", [PSYI_PLANT_FORMER] = "former_number",
        [PSYI_PLANT_MISTYPED] = "mistyped", [PSYI_PLANT_NO_CODE] = "no_code_found"};
    const bool lost =
        p->plant == PSYI_PLANT_NO_CODE &&
        !psyi_pupil_is_named_alone(sim->seed, sim->plan, p, sim->school_start, sim->school_end);
    if (p->plant != PSYI_PLANT_NONE)
        tell(sim, p, lost ? "no_code_ambiguous" : kinds[p->plant], NULL, NULL, 0);
    return lost || p->plant == PSYI_PLANT_MISTYPED ? "_unmatched" : "";
}

/* All that concerns one pupil: a roster line, papers, truth. */
static void write_pupil(simulation *sim, psyi_pupil *p)
{
    const size_t battery = sim->battery[p->girl][p->grade];
    bool first = true;

    if (!p->stranger) {
        write_fields(sim, p, true, false, &p->chance, &sim->files[ROSTER].text, &first);
        psyi_buffer_char(&sim->files[ROSTER].text, '\n');
    }
    if (p->exempt)
        tell(sim, p, "exempt", NULL, NULL, 0);
    if (p->absent)
        tell(sim, p, "absent", NULL, NULL, 0);
    if (p->refused)
        tell(sim, p, "no_consent", NULL, NULL, 0);
    if (p->unanswered)
        tell(sim, p, "consent_unanswered", NULL, NULL, 0);
    if (!tested(p))
        return;
    if (p->stranger)
        tell(sim, p, "unmatched", NULL, NULL, 0);
    if (p->manner != PSYI_ATTENTIVE)
        tell(sim, p,
             p->manner == PSYI_STRAIGHT  ? "straight"
             : p->manner == PSYI_PATTERN ? "pattern"
                                         : "random",
             NULL, NULL, 0);
    for (size_t u = 0; u < sim->plan->n_uses; u++)
        if (in_battery(sim, battery, u)) {
            psyi_answers_draw(sim->models[u], p->severity, p->manner, &p->chance, sim->codes[u]);
            plant_blanks(sim, p, &sim->plan->uses[u], sim->codes[u], &p->chance);
        }
    write_paper(sim, p, battery, false, tell_plant(sim, p));
    if (p->twin_paper) {
        tell(sim, p, "duplicate_same", NULL, NULL, 0);
        write_paper(sim, p, battery, true, "_second");
    } else if (p->changed_paper) {
        tell(sim, p, "duplicate_differs", NULL, NULL, 0);
        for (size_t u = 0; u < sim->plan->n_uses; u++)
            if (in_battery(sim, battery, u))
                psyi_answers_draw(sim->models[u], p->severity, PSYI_ATTENTIVE, &p->chance,
                                  sim->codes[u]);
        write_paper(sim, p, battery, true, "_second");
    }
}

static psy_status check_plan(const psy_plan *plan, psy_error *error)
{
    const psyi_input *inputs[] = {&plan->responses, &plan->roster};

    for (size_t k = 0; k < 2; k++)
        for (int field = 0; field < PSYI_FIELDS; field++) {
            const char *name = header_name(inputs[k], (psyi_field)field);
            if (name && name[0] == '#')
                return psyi_fail(error, PSY_E_UNSUPPORTED, NULL,
                                 "the plan names column '%s' by position (%s): a simulated file "
                                 "needs a header text for every column",
                                 psyi_field_name((psyi_field)field), name);
        }
    if (!header_name(&plan->responses, PSYI_FIELD_STUDENT) ||
        !header_name(&plan->roster, PSYI_FIELD_STUDENT) ||
        !header_name(&plan->roster, PSYI_FIELD_GRADE))
        return psyi_fail(error, PSY_E_UNSUPPORTED, NULL,
                         "the plan has no student column in responses and roster, or no grade "
                         "column in the roster: nothing to simulate by");
    return PSY_OK;
}

static psy_status write_one(const simulation *sim, const char *directory, const char *name,
                            const char *bytes, size_t length, unsigned mode, psy_error *error)
{
    char *const path = psyi_path_join(sim->allocator, directory, name);
    const psy_status status =
        path != NULL ? psyi_file_replace(path, bytes, length, mode, sim->allocator, error)
                     : psyi_fail_memory(error, "path");
    psyi_free(sim->allocator, path);
    return status;
}

/* All names at the end: a run that fails before leaves nothing. */
static psy_status commit_files(simulation *sim, const char *directory, psy_error *error)
{
    char hex[66];
    psy_status status = PSY_OK;
    for (size_t f = 0; f < N_FILES && status == PSY_OK; f++)
        status = psyi_simulated_commit(&sim->files[f], error);
    if (status == PSY_OK)
        status = write_one(sim, directory, "plan.yaml", sim->plan->text, sim->plan->text_length,
                           0644, error);
    for (size_t i = 0; i < sizeof sim->key; i++)
        snprintf(hex + 2 * i, 3, "%02x", sim->key[i]);
    hex[64] = '\n';
    if (status == PSY_OK && sim->plan->key_file != NULL)
        status = write_one(sim, directory, sim->plan->key_file, hex, 65, 0600, error);
    return status;
}

static void release(simulation *sim)
{
    for (size_t u = 0; u < PSYI_MAX_USES; u++) {
        psyi_answer_model_free(sim->models[u]);
        psyi_free(sim->allocator, sim->codes[u]);
    }
    for (size_t f = 0; f < N_FILES; f++)
        psyi_simulated_close(&sim->files[f]);
    psyi_pseudonyms_free(sim->pseudonyms);
    psyi_arena_done(&sim->arena);
    psyi_wipe(sim->key, sizeof sim->key);
}

static psy_status prepare(simulation *sim, const char *directory, psy_error *error)
{
    psy_status found = PSY_OK;

    psyi_arena_init(&sim->arena, sim->allocator);
    for (size_t i = 0; i < sizeof sim->key; i++) /* a key of the demonstration, not a secret */
        sim->key[i] = (unsigned char)psyi_chance_bits(
            &(psyi_chance){psyi_chance_stream(sim->seed, 99, i).key, 0});
    if ((found = psyi_find_batteries(sim->plan, sim->allocator, sim->battery, error)) != PSY_OK ||
        (sim->plan->pseudonym &&
         (found = psyi_pseudonyms_new(&sim->pseudonyms, sim->key, sizeof sim->key, sim->plan->id,
                                      sim->allocator, error)) != PSY_OK))
        return found;
    for (size_t u = 0; u < sim->plan->n_uses; u++) {
        const psy_instrument *instrument = sim->plan->uses[u].instrument;
        const psy_status status =
            psyi_answer_model_new(&sim->models[u], instrument, sim->allocator, error);
        if (status != PSY_OK)
            return status;
        if (!(sim->codes[u] = psyi_alloc(sim->allocator, instrument->n_items, sizeof(int32_t))))
            return psyi_fail_memory(error, "simulated answers");
    }
    for (size_t f = 0; f < N_FILES && found == PSY_OK; f++) {
        psyi_simulated_file *const file = &sim->files[f];
        found = psyi_simulated_open(file, directory, files_written[f].name, files_written[f].kind,
                                    sim->allocator, error);
        if (found == PSY_OK && f == TRUTH)
            psyi_buffer_text(&file->text, "school,student,id,kind,what,value\n");
        else if (found == PSY_OK)
            write_header(sim, f == ROSTER ? &sim->plan->roster : &sim->plan->responses, f != ROSTER,
                         &file->text);
    }
    return found;
}

psy_status psy_simulate(const psy_plan *plan, uint64_t n_students, uint32_t n_schools,
                        uint64_t seed, const char *directory, const psy_allocator *allocator,
                        psy_error *error)
{
    simulation sim = {.plan = plan,
                      .allocator = allocator,
                      .seed = seed,
                      .n_students = n_students,
                      .n_schools = n_schools};
    psy_status status = PSY_OK;

    if (n_schools == 0 || n_students < n_schools || n_students > 100000000u)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "%llu student%s in %u school%s: there must be a student for each school, "
                         "and at most 100,000,000",
                         (unsigned long long)n_students, psyi_s(n_students), (unsigned)n_schools,
                         psyi_s(n_schools));
    if ((status = check_plan(plan, error)) != PSY_OK ||
        (status = psyi_directory_make_all(directory, allocator, error)) != PSY_OK ||
        (status = prepare(&sim, directory, error)) != PSY_OK)
        goto done;
    for (uint32_t school = 0; school < n_schools; school++) {
        const uint64_t start = psyi_school_start(n_students, n_schools, school);
        const uint64_t end = school + 1 < n_schools
                                 ? psyi_school_start(n_students, n_schools, school + 1)
                                 : n_students;
        sim.school_start = start;
        sim.school_end = end;
        for (uint64_t index = start; index < end; index++) {
            psyi_pupil p;
            psyi_pupil_draw(seed, index, school, index - start, end - start, &p);
            psyi_pupil_plant(seed, plan, &p);
            if (!sim.pseudonyms)
                memcpy(p.id, p.code, sizeof p.code);
            else if ((status = psyi_pseudonym_of(sim.pseudonyms, p.code, p.id, error)) != PSY_OK)
                goto done;
            write_pupil(&sim, &p);
            for (size_t f = 0; f < N_FILES && status == PSY_OK; f++)
                status = psyi_simulated_row(&sim.files[f], error);
            if (status != PSY_OK)
                goto done;
        }
    }
    status = commit_files(&sim, directory, error);
done:
    release(&sim);
    return status;
}
