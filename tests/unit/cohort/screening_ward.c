/* screening_ward.c -- see screening_ward.h. */
#include "screening_ward.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <psyscreen/catalog.h>

static const char PLAIN_RULES[] = "    - {id: crisis, rank: 3, when: \"phq9.total > 20 and "
                                  "phq9.item(self_harm) > 1\", text: {en: crisis, zh: 危机}}\n"
                                  "    - {id: mht_65, rank: 2, when: \"mht.total >= 65\", text: "
                                  "{en: MHT total at least 65, zh: MHT总分≥65}}\n"
                                  "    - {id: phq_15, rank: 2, when: \"phq9.total >= 15\"}\n"
                                  "    - {id: mht_56, rank: 1, when: \"mht.total >= 56\"}\n"
                                  "    - {id: phq_10, rank: 1, when: \"phq9.total >= 10\"}\n";
static const char PLAIN_BATTERIES[] =
    "  - {id: primary, when: \"student.grade in 4..6\", uses: [mht]}\n"
    "  - {id: secondary, when: \"student.grade in 7..12\", uses: [mht, phq9]}\n";

static void add_plan(psyi_buffer *out, const ward_plan *plan)
{
    psyi_buffer_text(out, "format: psyscreen/plan/1\nid: ward\nname: {en: Ward}\n"
                          "wave: 2026-autumn\nas_of: 2026-10-15\n");
    psyi_buffer_format(out, "identity: %s\n",
                       plan->identity != NULL ? plan->identity : "{output: plain}");
    psyi_buffer_text(
        out,
        "inputs:\n"
        "  responses:\n"
        "    encoding: utf-8\n"
        "    columns: {student: student, school: school, grade: grade, class: class, sex: sex, "
        "name: name, submitted_at: time, duration: seconds, consent: consent, informant: "
        "informant}\n"
        "    items: {mht: \"M{n}\", phq9: \"P{n}\"}\n"
        "    codes: {sex: {m: male, f: female}, consent: {y: yes, n: no, u: unanswered}}\n"
        "    missing: {refused: [\"-\"]}\n"
        "    dates: ymd\n"
        "  roster:\n"
        "    encoding: utf-8\n"
        "    columns: {student: student, school: school, grade: grade, class: class, sex: sex, "
        "name: name, required: required, consent: consent}\n"
        "    codes: {sex: {m: male, f: female}, consent: {y: yes, n: no, u: unanswered}, "
        "required: {\"1\": yes, \"0\": no}}\n");
    psyi_buffer_text(out, plan->inputs != NULL ? plan->inputs : "");
    psyi_buffer_text(out, "uses:\n"
                          "  mht: {instrument: mht, edition: \"1991\", informant: self}\n"
                          "  phq9: {instrument: phq9, edition: \"2001\", informant: self}\n"
                          "batteries:\n");
    psyi_buffer_text(out, plan->batteries != NULL ? plan->batteries : PLAIN_BATTERIES);
    if (plan->consent != NULL)
        psyi_buffer_format(out, "consent: %s\n", plan->consent);
    psyi_buffer_format(out, "duplicates: %s\n",
                       plan->duplicates != NULL ? plan->duplicates : "manual");
    if (plan->norms != NULL)
        psyi_buffer_format(out, "norms: [%s]\n", plan->norms);
    if (plan->validity != NULL || plan->policy != NULL)
        psyi_buffer_format(out, "validity: {policy: %s, rules: [%s]}\n",
                           plan->policy != NULL ? plan->policy : "none",
                           plan->validity != NULL ? plan->validity : "");
    psyi_buffer_text(out, "tiers:\n  scheme: three_first_worst\n");
    psyi_buffer_text(out, plan->tiers != NULL ? plan->tiers : "");
    psyi_buffer_text(out, "  rules:\n");
    psyi_buffer_text(out, plan->rules != NULL ? plan->rules : PLAIN_RULES);
    psyi_buffer_text(out, "duty: {urgent: {hours: 24, who: a}, review: {hours: 72, who: b}}\n"
                          "outputs: {language: [zh, en], small_cell: 5}\n");
}

void ward_open_text(ward *w, const char *plan, const char *const *instruments)
{
    memset(w, 0, sizeof *w);
    psy_error error = {.status = PSY_OK};
    snprintf(w->directory, sizeof w->directory, "%s", psy_test_directory());
    const char *const directories[] = {w->directory};
    assert_int_equal(psy_catalog_open(&w->catalog, directories, 1, NULL, &error), PSY_OK);
    for (size_t i = 0; instruments[i] != NULL; i++) {
        char file[128];
        snprintf(file, sizeof file, "instruments/%s.yaml", instruments[i]);
        if (psy_catalog_add(w->catalog, psy_test_source(file), &error) != PSY_OK)
            fail_msg("%s: %s", file, error.message);
    }
    const char *const path = psy_test_path(w->directory, "ward.yaml");
    psy_test_write_file(path, plan, strlen(plan));
    psy_findings *lint;
    assert_int_equal(psy_findings_new(&lint, NULL, &error), PSY_OK);
    if (psy_plan_load_file(&w->plan, path, w->catalog, NULL, lint, &error) != PSY_OK)
        fail_msg("plan: %u:%u: %s", error.where.line, error.where.column, error.message);
    psy_findings_free(lint);
}

void ward_open(ward *w, const ward_plan *plan)
{
    static const char *const instruments[] = {"mht", "phq9", NULL};
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    add_plan(&text, plan);
    ward_open_text(w, text.data, instruments);
    psyi_buffer_done(&text);
}

void ward_close(ward *w)
{
    psyi_results_free(w->results);
    psy_findings_free(w->findings);
    psy_plan_free(w->plan);
    psy_catalog_free(w->catalog);
    psy_test_directory_remove();
}

static void add_cell(psyi_buffer *out, const char *text)
{
    psyi_buffer_text(out, text != NULL ? text : "");
    psyi_buffer_char(out, ',');
}

static void add_answers(psyi_buffer *out, const char *answers, size_t n)
{
    if (answers != NULL)
        assert_int_equal(strlen(answers), n);
    for (size_t i = 0; i < n; i++) {
        if (answers != NULL && answers[i] != '.')
            psyi_buffer_char(out, answers[i]);
        psyi_buffer_char(out, ',');
    }
}

void ward_csv(psyi_buffer *out, const ward_row *rows, size_t n)
{
    psyi_buffer_text(out, "student,school,grade,class,sex,name,time,seconds,consent,informant,");
    for (unsigned i = 1; i <= 100; i++)
        psyi_buffer_format(out, "M%u,", i);
    for (unsigned i = 1; i <= 9; i++)
        psyi_buffer_format(out, "P%u,", i);
    psyi_buffer_text(out, "phq9_q10,end\n"); /* not scored; nobody answers it */
    for (size_t i = 0; i < n; i++) {
        const ward_row *const r = &rows[i];
        const char *const cells[] = {r->student, r->school,   r->grade, r->class_text,
                                     r->sex,     r->name,     r->time,  r->seconds,
                                     r->consent, r->informant};
        for (size_t c = 0; c < sizeof cells / sizeof cells[0]; c++)
            add_cell(out, cells[c]);
        add_answers(out, r->mht, 100);
        add_answers(out, r->phq, 9);
        psyi_buffer_text(out, ",.\n");
    }
}

void ward_add(ward_crowd *c, const char *grade, unsigned content, unsigned validity)
{
    assert_true(c->n < WARD_CROWD);
    snprintf(c->codes[c->n], sizeof c->codes[c->n], "S%02zu", c->n);
    c->rows[c->n] = (ward_row){.student = c->codes[c->n],
                               .school = "A",
                               .grade = grade,
                               .time = "2026-10-01 08:00",
                               .mht = mht(content, validity, NULL),
                               .phq = "000000000"};
    c->n++;
}

psy_status ward_try_text(ward *w, const char *roster_text, const char *responses_text,
                         unsigned n_threads, const psy_allocator *allocator, psy_error *error)
{
    static const unsigned char key[32] = {1, 2, 3};
    psy_test_bytes responses = {.bytes = responses_text, .length = strlen(responses_text)};
    const psy_source source = psy_test_source_of(&responses, "responses.csv");
    const psyi_intake_options options = {
        .input = &w->plan->responses, .uses = w->plan->uses, .n_uses = w->plan->n_uses};
    const char *const paths[] = {NULL};
    psyi_intake *intake;
    psyi_roster *roster = NULL;
    psyi_results_free(w->results);
    psy_findings_free(w->findings);
    w->results = NULL;
    w->findings = NULL;
    psy_status status = psy_findings_new(&w->findings, NULL, error);
    if (status == PSY_OK)
        status = psyi_intake_read(&intake, &options, paths, &source, 1, NULL, w->findings, error);
    if (status == PSY_OK && roster_text != NULL) {
        psy_test_bytes text = {.bytes = roster_text, .length = strlen(roster_text)};
        const psy_source from = psy_test_source_of(&text, "roster.csv");
        status = psyi_roster_read(&roster, &w->plan->roster, NULL, &from, NULL, w->findings, error);
        if (status != PSY_OK)
            psyi_intake_free(intake);
    }
    if (status == PSY_OK)
        status = psyi_cohort_run(&w->results, w->plan, intake, roster, key, sizeof key, n_threads,
                                 allocator, w->findings, error);
    return status;
}

psy_status ward_try(ward *w, const char *roster, const ward_row *rows, size_t n, unsigned n_threads,
                    const psy_allocator *allocator, psy_error *error)
{
    psyi_buffer csv;
    psyi_buffer_init(&csv, NULL);
    ward_csv(&csv, rows, n);
    const psy_status status = ward_try_text(w, roster, csv.data, n_threads, allocator, error);
    psyi_buffer_done(&csv);
    return status;
}

void ward_run(ward *w, const char *roster, const ward_row *rows, size_t n, unsigned n_threads)
{
    psy_error error = {.status = PSY_OK};
    if (ward_try(w, roster, rows, n, n_threads, NULL, &error) != PSY_OK)
        fail_msg("%s: %s", error.where.source, error.message);
    psy_findings_sort(w->findings);
}

const char *mht(unsigned content, unsigned validity, const char *changes)
{
    static char buffers[64][101];
    static unsigned turn;
    char *const out = buffers[turn++ % 64];
    memset(out, '0', 100);
    out[100] = '\0';
    for (unsigned i = 1; i <= 100; i++) {
        const bool lie = i > 81 && i % 2 == 0;
        if (lie && validity > 0) {
            out[i - 1] = '1';
            validity--;
        } else if (!lie && i != 85 && i != 97 && content > 0) {
            out[i - 1] = '1';
            content--;
        }
    }
    for (const char *at = changes; at != NULL && *at != '\0';) {
        char *end;
        const long item = strtol(at, &end, 10);
        out[item - 1] = end[1];
        at = end + 2 + (end[2] == ',');
    }
    return out;
}

size_t ward_student(const ward *w, const char *school, const char *student)
{
    for (size_t i = 0; i < w->results->n_students; i++) {
        const psyi_student *const s = &w->results->students[i];
        if (strcmp(s->code, student) == 0 &&
            (school == NULL || strcmp(w->results->schools[s->school].code, school) == 0))
            return i;
    }
    return SIZE_MAX;
}

static void add_rules(psyi_buffer *out, const psyi_results *r, size_t student, bool open)
{
    const size_t before = out->length;
    for (size_t rule = 0; rule < r->book->n_rules; rule++) {
        bool no_norm = false;
        const bool here =
            open ? psyi_open(r, student, rule, &no_norm) : psyi_fired(r, student, rule);
        if (!here)
            continue;
        if (out->length > before)
            psyi_buffer_char(out, ';');
        psyi_buffer_text(out, r->book->rules[rule].id);
        if (open && no_norm)
            psyi_buffer_text(out, ":no_norm");
    }
    if (out->length == before)
        psyi_buffer_char(out, '-');
}

static void add_rank(psyi_buffer *out, int rank)
{
    if (rank == PSYI_NOT_JUDGED)
        psyi_buffer_text(out, " -");
    else
        psyi_buffer_format(out, " %d", rank);
}

static void add_line(psyi_buffer *out, const psyi_results *r, size_t student)
{
    const psyi_student *const s = &r->students[student];
    psyi_buffer_text(out, psyi_status_name((psyi_status)s->status));
    add_rank(out, s->tier);
    add_rank(out, s->tier_upper);
    psyi_buffer_char(out, ' ');
    add_rules(out, r, student, false);
    psyi_buffer_char(out, ' ');
    add_rules(out, r, student, true);
}

const char *ward_line(const ward *w, const char *school, const char *student)
{
    static char line[1024];
    const size_t index = ward_student(w, school, student);
    if (index == SIZE_MAX)
        return "nobody";
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    add_line(&text, w->results, index);
    snprintf(line, sizeof line, "%s", text.data);
    psyi_buffer_done(&text);
    return line;
}

size_t ward_findings(const ward *w, const char *rule, const char *subject)
{
    size_t n = 0;
    for (size_t i = 0; i < psy_findings_count(w->findings); i++) {
        const psy_finding finding = psy_findings_get(w->findings, i);
        if (strcmp(finding.rule, rule) == 0 &&
            (subject == NULL || (finding.subject != NULL && strcmp(finding.subject, subject) == 0)))
            n++;
    }
    return n;
}

const char *ward_message(const ward *w, const char *rule)
{
    for (size_t i = 0; i < psy_findings_count(w->findings); i++) {
        const psy_finding finding = psy_findings_get(w->findings, i);
        if (strcmp(finding.rule, rule) == 0)
            return finding.message;
    }
    return NULL;
}

static void dump_student(psyi_buffer *out, const psyi_results *r, size_t student)
{
    const psyi_student *const s = &r->students[student];
    psyi_buffer_format(out, "%s %s ", r->schools[s->school].code, s->id);
    add_line(out, r, student);
    psyi_buffer_format(out, " why %x grade %d sex %d exceed %.17g listed %d class %d\n", s->why,
                       s->grade, s->sex, s->exceedance, psyi_listed(r, student),
                       psyi_critical_class(r, student));
    for (size_t use = 0; use < r->plan->n_uses; use++) {
        const uint32_t sheet = psyi_selected(r, student, use);
        for (size_t scale = 0; sheet != PSYI_NO_SHEET && scale < r->scores[use]->n_scales;
             scale++) {
            char text[40];
            const size_t n =
                psyi_ratio_print(psyi_scores_value(r->scores[use], scale, sheet), text);
            psyi_buffer_add(out, text, n);
            psyi_buffer_char(out, ',');
        }
    }
    for (size_t c = 0; c < r->plan->n_local_columns; c++)
        psyi_buffer_format(out, " %d", r->cases.local[c * r->cases.n + s->first_case]);
    psyi_buffer_char(out, '\n');
    for (size_t rule = 0; rule < r->book->n_rules; rule++)
        if (psyi_fired(r, student, rule) || psyi_open(r, student, rule, NULL)) {
            psyi_explain(r, student, rule, PSYI_ZH, out);
            psyi_buffer_char(out, '\n');
            psyi_explain(r, student, rule, PSYI_EN, out);
            psyi_buffer_char(out, '\n');
        }
    psyi_items_to_ask(r, student, PSYI_ZH, out);
    psyi_status_words(r, student, PSYI_EN, out);
}

char *ward_dump(const ward *w)
{
    const psyi_results *const r = w->results;
    psyi_buffer out;
    psyi_buffer_init(&out, NULL);
    for (size_t i = 0; i < r->n_students; i++)
        dump_student(&out, r, i);
    uint32_t *const order = calloc(r->n_students + 1, sizeof *order);
    for (size_t s = 0; s < r->n_schools; s++) {
        const size_t n = psyi_list_order(r, s, order);
        psyi_buffer_format(&out, "list %s", r->schools[s].code);
        for (size_t i = 0; i < n; i++)
            psyi_buffer_format(&out, " %s", r->students[order[i]].id);
        psyi_buffer_char(&out, '\n');
    }
    free(order);
    for (size_t i = 0; i < r->n_locals; i++)
        psyi_buffer_format(&out, "norm %u %u %u %u n %llu\n", r->locals[i].norm, r->locals[i].stage,
                           r->locals[i].grade, r->locals[i].sex,
                           (unsigned long long)r->locals[i].histogram->n);
    psyi_counts counts;
    psyi_count(r, 0, r->n_students, NULL, NULL, &counts);
    for (size_t i = 0; i < sizeof counts / sizeof(uint64_t); i++)
        psyi_buffer_format(&out, "%llu ", (unsigned long long)((const uint64_t *)&counts)[i]);
    assert_false(out.failed);
    return out.data;
}

size_t ward_sheet(const ward *w, uint32_t record)
{
    return w->results->intake->records[record].row - 2; /* below the header */
}
