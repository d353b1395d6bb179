/*
 * test_outside.c -- what is not in this wave's questionnaires: the results of the wave before,
 * and reports of teachers, parents and others.
 */
#include "run_directory.h"

#include "base/file.h"
#include "cohort/previous_wave.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PSEUDONYMS "{output: pseudonym, key_file: k}"
#define RULES                                                                                      \
    "    - {id: mht_65, rank: 2, when: \"mht.total >= 65\", text: {en: total, zh: 总分}}\n"      \
    "    - {id: phq_10, rank: 1, when: \"phq9.total >= 10\", text: {en: ten, zh: 十}}\n"
#define NEW_RULES                                                                                  \
    RULES "    - {id: again, rank: 2, when: \"previous.tier >= 1 and phq9.total >= 10\", "         \
          "text: {en: again, zh: 再次}}\n"                                                       \
          "    - {id: rose, rank: 1, when: \"phq9.total - previous.phq9.total >= 6\", "            \
          "text: {en: rose, zh: 升高}}\n"
#define EXTERNAL                                                                                   \
    "  external:\n"                                                                                \
    "    encoding: utf-8\n"                                                                        \
    "    columns: {student: no, school: school, source: from, code: what, text: text, "            \
    "date: day, by: who}\n"                                                                        \
    "    codes: {code: {自杀言论: talks_of_death, T1: talks_of_death, 就诊: treated}, "      \
    "source: {班主任: teacher, 医院: hospital}}\n"                                            \
    "    dates: ymd\n"
#define EXTERNAL_RULES                                                                             \
    RULES "    - {id: told, rank: 2, when: \"external.talks_of_death\", "                          \
          "text: {en: reported, zh: 外部反映}}\n"

static size_t findings_of(const run_directory *d, const char *rule, psy_severity severity)
{
    size_t n = 0;
    for (size_t i = 0; i < psy_findings_count(d->findings); i++) {
        const psy_finding one = psy_findings_get(d->findings, i);
        n += strcmp(one.rule, rule) == 0 && one.severity == severity;
    }
    return n;
}

/* "tier,upper,rules" of a student in scores.csv; `id` as printed. */
static const char *line_of(const run_directory *d, const char *id)
{
    static char out[512];
    char *const text = psy_test_read_file(run_path(d, "scores.csv"), NULL);
    char start[64];
    snprintf(start, sizeof start, "\n%s,", id);
    const char *at = strstr(text, start);
    snprintf(out, sizeof out, "nobody");
    if (at != NULL) {
        at++;
        for (int i = 0; i < 7; i++)
            at = strchr(at, ',') + 1;
        const char *end = at;
        for (int i = 0; i < 3; i++)
            end = strchr(end, ',') + (i < 2);
        snprintf(out, sizeof out, "%.*s", (int)(end - at), at);
    }
    free(text);
    return out;
}

/* A first wave with RULES in <directory>/before, then a ward whose plan reads it. */
static void two_waves(run_directory *d, const char *before_identity, const char *identity,
                      const char *rules, const char *key)
{
    static char before[700], inputs[900];
    char *scores, *manifest;
    size_t n_scores, n_manifest;
    run_open(d, &(ward_plan){.identity = before_identity, .rules = RULES}, 60);
    d->options.no_workbooks = true;
    assert_int_equal(run_go(d), PSY_OK);
    scores = psy_test_read_file(run_path(d, "scores.csv"), &n_scores);
    manifest = psy_test_read_file(run_path(d, "run.json"), &n_manifest);
    run_close(d);
    snprintf(inputs, sizeof inputs, "  previous: before\n");
    run_open(d, &(ward_plan){.identity = identity, .rules = rules, .inputs = inputs}, 60);
    d->options.no_workbooks = true;
    snprintf(before, sizeof before, "%s/before", d->ward.directory);
    assert_int_equal(psyi_directory_make(before, NULL), PSY_OK);
    psy_test_write_file(psy_test_path(before, "scores.csv"), scores, n_scores);
    psy_test_write_file(psy_test_path(before, "run.json"), manifest, n_manifest);
    if (key != NULL)
        psy_test_write_file(psy_test_path(d->ward.directory, "k"), key, strlen(key));
    free(scores);
    free(manifest);
}

static const char other_key[] =
    "99112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n";

static void test_a_tier_of_before_decides(void **state)
{
    (void)state;
    run_directory d;
    two_waves(&d, "{output: plain}", "{output: plain}", NEW_RULES, NULL);
    assert_int_equal(run_go(&d), PSY_OK);
    /* S001 had ten and more then as now: rank 1 before, so rank 2 now. */
    assert_string_equal(line_of(&d, "S001"), "2,2,phq_10;again");
    assert_string_equal(line_of(&d, "S000"), "0,0,");
    /* Rules that came with the wave before do not make the others incomparable. */
    assert_int_equal(findings_of(&d, "previous_rules", PSY_NOTE), 0);
    assert_int_equal(findings_of(&d, "previous_use", PSY_NOTE), 0);
    run_close(&d);
}

static void test_a_score_of_before_is_compared(void **state)
{
    (void)state;
    run_directory d;
    two_waves(&d, "{output: plain}", "{output: plain}", NEW_RULES, NULL);
    ward_row rows[60];
    memcpy(rows, run_rows(), sizeof rows);
    rows[0].phq = "222000000"; /* 0 before: six more */
    rows[4].phq = "221000000"; /* five more */
    run_write_rows(&d, rows, 60);
    assert_int_equal(run_go(&d), PSY_OK);
    assert_string_equal(line_of(&d, "S000"), "1,1,rose");
    assert_string_equal(line_of(&d, "S004"), "0,0,");
    run_close(&d);
}

static void test_who_was_not_there_is_no_record(void **state)
{
    (void)state;
    run_directory d;
    two_waves(&d, "{output: plain}", "{output: plain}", NEW_RULES, NULL);
    ward_row rows[60];
    memcpy(rows, run_rows(), sizeof rows);
    rows[9].phq = "333330000"; /* stands in no roster, then as now */
    run_write_rows(&d, rows, 60);
    /* A pupil who is new: the rule on the wave before is false, not open. */
    psy_test_write_file(d.roster, WARD_ROSTER "A,S009,8,1,m,1,,n\n", strlen(WARD_ROSTER) + 18);
    assert_int_equal(run_go(&d), PSY_OK);
    assert_string_equal(line_of(&d, "S009"), "1,1,phq_10");
    assert_int_equal(findings_of(&d, "previous_unknown", PSY_ERROR), 1); /* nobody was found */
    run_close(&d);
}

static void test_pseudonyms_are_made_again(void **state)
{
    (void)state;
    run_directory d;
    two_waves(&d, PSEUDONYMS, PSEUDONYMS, NEW_RULES, NULL);
    assert_int_equal(run_go(&d), PSY_OK);
    char *const text = psy_test_read_file(run_path(&d, "scores.csv"), NULL);
    size_t n = 0;
    for (const char *at = strstr(text, ";again"); at != NULL; at = strstr(at + 1, ";again"))
        n++;
    assert_true(n >= 10);
    assert_int_equal(findings_of(&d, "previous_key", PSY_ERROR), 0);
    free(text);
    run_close(&d);
}

static void test_pseudonyms_of_before_and_plain_ids_now(void **state)
{
    (void)state;
    run_directory d;
    two_waves(&d, PSEUDONYMS, "{output: plain}", NEW_RULES, NULL);
    assert_int_equal(run_go(&d), PSY_OK);
    assert_string_equal(line_of(&d, "S001"), "1,1,phq_10");
    assert_int_equal(findings_of(&d, "previous_key", PSY_ERROR), 1);
    run_close(&d);
}

static void test_plain_ids_of_before_and_pseudonyms_now(void **state)
{
    (void)state;
    run_directory d;
    two_waves(&d, "{output: plain}", PSEUDONYMS, NEW_RULES, NULL);
    assert_int_equal(run_go(&d), PSY_OK);
    char *const text = psy_test_read_file(run_path(&d, "scores.csv"), NULL);
    assert_non_null(strstr(text, ";again"));
    free(text);
    run_close(&d);
}

static void test_another_key_finds_nobody_and_says_so(void **state)
{
    (void)state;
    run_directory d;
    two_waves(&d, PSEUDONYMS, PSEUDONYMS, NEW_RULES, other_key);
    assert_int_equal(run_go(&d), PSY_OK);
    char *const text = psy_test_read_file(run_path(&d, "scores.csv"), NULL);
    assert_null(strstr(text, ";again"));
    free(text);
    assert_int_equal(findings_of(&d, "previous_key", PSY_ERROR), 1);
    run_close(&d);
}

static void test_a_changed_file_is_refused(void **state)
{
    (void)state;
    run_directory d;
    two_waves(&d, "{output: plain}", "{output: plain}", NEW_RULES, NULL);
    const char *const path = psy_test_path(psy_test_path(d.ward.directory, "before"), "scores.csv");
    size_t length;
    char *const text = psy_test_read_file(path, &length);
    text[length - 2] = '9';
    psy_test_write_file(path, text, length);
    free(text);
    assert_int_equal(run_go(&d), PSY_E_DATA);
    assert_non_null(strstr(d.error.message, "changed since"));
    run_close(&d);
}

static void test_a_directory_that_is_none_is_refused(void **state)
{
    (void)state;
    run_directory d;
    run_open(&d, &(ward_plan){.rules = NEW_RULES, .inputs = "  previous: nowhere\n"}, 6);
    d.options.no_workbooks = true;
    assert_int_equal(run_go(&d), PSY_E_DATA);
    assert_non_null(strstr(d.error.path, "inputs/previous"));
    char before[700];
    snprintf(before, sizeof before, "%s/nowhere", d.ward.directory);
    assert_int_equal(psyi_directory_make(before, NULL), PSY_OK);
    static const char *const manifests[] = {"{}",
                                            "[",
                                            "{\"format\": \"psyscreen/run/1\"",
                                            "{\"format\": \"psyscreen/run/9\"}",
                                            "{\"format\": \"psyscreen/run/1\", \"rules\": 3}",
                                            "{\"format\": \"psyscreen/run/1\", \"uses\": [{]}",
                                            "{\"format\": \"psyscreen/run/1\", \"outputs\": {}}",
                                            ("{\"format\": \"psyscreen/run/1\","
                                             " \"tier_scheme\": {\"tiers\": [3]}}")};
    for (size_t i = 0; i < sizeof manifests / sizeof *manifests; i++) {
        psy_test_write_file(psy_test_path(before, "run.json"), manifests[i], strlen(manifests[i]));
        assert_int_equal(run_go(&d), PSY_E_DATA);
    }
    run_close(&d);
}

static void test_scores_that_are_none_are_refused(void **state)
{
    (void)state;
    run_directory d;
    run_open(&d, &(ward_plan){.rules = NEW_RULES, .inputs = "  previous: before\n"}, 6);
    d.options.no_workbooks = true;
    char before[700];
    snprintf(before, sizeof before, "%s/before", d.ward.directory);
    assert_int_equal(psyi_directory_make(before, NULL), PSY_OK);
    static const char *const texts[] = {"", "a,b\n",
                                        "student,school,grade,sex,status,tier,tier_upper\nx,y\n",
                                        "student,school,grade,sex,status,tier,tier_upper\n\"x,y\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char manifest[400], digest[65];
        psy_test_write_file(psy_test_path(before, "scores.csv"), texts[i], strlen(texts[i]));
        assert_int_equal(psyi_file_digest(psy_test_path(before, "scores.csv"), digest, NULL),
                         PSY_OK);
        snprintf(manifest, sizeof manifest,
                 "{\"format\": \"psyscreen/run/1\", \"outputs\": [{\"name\": \"scores.csv\", "
                 "\"sha256\": \"%s\"}]}",
                 digest);
        psy_test_write_file(psy_test_path(before, "run.json"), manifest, strlen(manifest));
        assert_int_equal(run_go(&d), PSY_E_DATA);
    }
    run_close(&d);
}

/* Numbers that scores.csv prints as the nearest double are the exact ratios again. */
static void test_printed_means_are_exact_again(void **state)
{
    (void)state;
    run_directory d;
    run_open(&d, &(ward_plan){.rules = NEW_RULES, .inputs = "  previous: before\n"}, 6);
    char before[700];
    snprintf(before, sizeof before, "%s/before", d.ward.directory);
    assert_int_equal(psyi_directory_make(before, NULL), PSY_OK);
    static const struct {
        int64_t num, den;
    } ratios[] = {{2, 3}, {-7, 9}, {1234, 97}, {5, 1}, {-1, 8}, {99, 100}, {31, 7000}};
    char text[1000] = "student,school,grade,sex,status,tier,tier_upper,mht.total\n";
    for (size_t i = 0; i < sizeof ratios / sizeof *ratios; i++) {
        char number[40];
        psyi_ratio_print(psyi_ratio_make(ratios[i].num, ratios[i].den), number);
        snprintf(text + strlen(text), sizeof text - strlen(text), "'=S%zu,A,8,male,valid,0,0,%s\n",
                 i, number);
    }
    char manifest[900], digest[65];
    const psy_instrument *const mht_is = d.ward.plan->uses[0].instrument;
    psy_test_write_file(psy_test_path(before, "scores.csv"), text, strlen(text));
    assert_int_equal(psyi_file_digest(psy_test_path(before, "scores.csv"), digest, NULL), PSY_OK);
    snprintf(manifest, sizeof manifest,
             "{\"format\": \"psyscreen/run/1\", \"as_of\": null, \"outputs\": [{\"name\": "
             "\"scores.csv\", \"sha256\": \"%s\"}], \"tier_scheme\": {\"id\": \"x\", \"tiers\": "
             "[{\"rank\": 4}]}, \"uses\": [{\"id\": \"mht\", \"instrument\": \"mht\", "
             "\"edition\": \"1991\", \"fingerprint\": \"%s\", \"informant\": \"self\", "
             "\"variant\": \"%s\"}]}",
             digest, mht_is->fingerprint, mht_is->variants[0].id);
    psy_test_write_file(psy_test_path(before, "run.json"), manifest, strlen(manifest));
    psyi_previous *previous;
    psy_error error;
    assert_int_equal(psyi_previous_read(&previous, d.ward.plan, before, NULL, NULL, &error),
                     PSY_OK);
    assert_false(previous->ranks_alike);
    assert_int_equal(previous->uses_alike, 1);
    const unsigned total = psyi_find_scale(mht_is, "total");
    for (size_t i = 0; i < sizeof ratios / sizeof *ratios; i++) {
        char id[8];
        snprintf(id, sizeof id, "=S%zu", i);
        const uint32_t row = psyi_previous_find(previous, id, "other");
        assert_int_not_equal(row, PSYI_NO_PREVIOUS);
        const psyi_ratio value = psyi_previous_score(previous, row, 0, total);
        assert_int_equal(value.num, ratios[i].num);
        assert_int_equal(value.den, ratios[i].den);
    }
    assert_int_equal(psyi_previous_find(previous, "S0", "A"), PSYI_NO_PREVIOUS);
    assert_int_equal(psyi_previous_score(previous, 0, 1, 0).den, 0);
    psyi_previous_free(previous);
    run_close(&d);
}

static void test_other_rules_are_told_and_change_is_not_counted(void **state)
{
    (void)state;
    run_directory d;
    two_waves(&d, "{output: plain}", "{output: plain}",
              "    - {id: mht_65, rank: 2, when: \"mht.total >= 64\", text: {en: t, zh: 总分}}\n",
              NULL);
    assert_int_equal(run_go(&d), PSY_OK);
    assert_int_equal(findings_of(&d, "previous_rules", PSY_NOTE), 1);
    run_close(&d);
}

/* The figures of both waves, against a count by hand. */
static void test_waves_side_by_side(void **state)
{
    (void)state;
    run_directory d;
    two_waves(&d, "{output: plain}", "{output: plain}", RULES, NULL);
    ward *const w = &d.ward;
    ward_row rows[4] = {{.student = "S000",
                         .school = "A",
                         .grade = "8",
                         .sex = "f",
                         .seconds = "700",
                         .mht = mht(66, 0, NULL),
                         .phq = "000000000"},
                        {.student = "S002",
                         .school = "C",
                         .grade = "8",
                         .sex = "f",
                         .seconds = "700",
                         .mht = mht(3, 0, NULL),
                         .phq = "000000000"},
                        {.student = "S004",
                         .school = "B",
                         .grade = "8",
                         .sex = "f",
                         .seconds = "700",
                         .mht = mht(9, 0, NULL),
                         .phq = "222220000"},
                        {.student = "NEW",
                         .school = "B",
                         .grade = "8",
                         .sex = "f",
                         .seconds = "700",
                         .mht = mht(70, 0, NULL),
                         .phq = "222220000"}};
    psyi_previous *previous;
    psyi_intake *intake;
    psy_error error;
    psy_findings *findings;
    assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
    assert_int_equal(psyi_previous_read(&previous, w->plan, psy_test_path(w->directory, "before"),
                                        NULL, findings, &error),
                     PSY_OK);
    run_write_rows(&d, rows, 4);
    const char *const paths[] = {d.responses};
    const psyi_intake_options options = {
        .input = &w->plan->responses, .uses = w->plan->uses, .n_uses = w->plan->n_uses};
    assert_int_equal(psyi_intake_read(&intake, &options, paths, NULL, 1, NULL, findings, &error),
                     PSY_OK);
    const psyi_outside_inputs outside = {.previous = previous};
    psyi_results *results;
    assert_int_equal(psyi_cohort_run_with(&results, w->plan, intake, NULL, &outside, NULL, 0, 1,
                                          NULL, findings, &error),
                     PSY_OK);
    psyi_wave_figure *figures;
    size_t n;
    assert_int_equal(
        psyi_wave_compare(results, NULL, NULL, NULL, &results->arena, &figures, &n, &error),
        PSY_OK);
    bool seen_any = false, seen_mean = false;
    for (size_t i = 0; i < n; i++) {
        const psyi_wave_figure *const f = &figures[i];
        if (!f->same_students)
            continue;
        if (f->kind == PSYI_WAVE_ANY) {
            /* S000 and S004 were of rank 0; now 2 and 1.  S002 had a critical item then. */
            assert_true(f->comparable);
            assert_int_equal(f->n_now, 3);
            assert_int_equal(f->hits_before, 1);
            assert_int_equal(f->hits_now, 2);
            seen_any = true;
        } else if (f->kind == PSYI_WAVE_MEAN && f->use == 1) {
            assert_int_equal(f->n_now, 3);
            assert_true(fabs(f->before - 2.0 / 3) < 1e-12 && fabs(f->now - 10.0 / 3) < 1e-12);
            seen_mean = true;
        }
    }
    assert_true(seen_any && seen_mean);
    /* Who got worse comes before who did not, all else equal; the words say it. */
    size_t who = SIZE_MAX;
    for (size_t s = 0; s < results->n_students; s++)
        if (strcmp(results->students[s].code, "S000") == 0)
            who = s;
    assert_int_equal(psyi_ranks_worse(results, who), 2);
    psyi_buffer words;
    psyi_buffer_init(&words, NULL);
    psyi_previous_words(results, who, PSYI_ZH, &words);
    assert_string_equal(words.data, "一般，现加重");
    psyi_buffer_done(&words);
    psyi_results_free(results);
    psy_findings_free(findings);
    run_close(&d);
}

/* ---- reports ---- */

static void open_external(run_directory *d, const char *rules, const char *reports)
{
    static char path[700];
    run_open(d, &(ward_plan){.rules = rules, .inputs = EXTERNAL}, 60);
    snprintf(path, sizeof path, "%s/external.csv", d->ward.directory);
    psy_test_write_file(path, reports, strlen(reports));
    d->options.external = path;
}

#define REPORTS                                                                                    \
    "no,school,from,what,text,day,who\n"                                                           \
    "S000,A,班主任,自杀言论,说过不想活,2026-09-12,王老师\n"                         \
    "S001,B,医院,就诊,,2026-09-01,\n"                                                          \
    "S000,A,hospital,就诊,,,\n"

static void test_a_report_raises(void **state)
{
    (void)state;
    run_directory d;
    open_external(&d, EXTERNAL_RULES, REPORTS);
    d.options.no_workbooks = true;
    assert_int_equal(run_go(&d), PSY_OK);
    assert_string_equal(line_of(&d, "S000"), "2,2,told");
    assert_string_equal(line_of(&d, "S001"), "1,1,phq_10"); /* in treatment: nothing changes */
    /* No free text and no names where others read. */
    static const char *const files[] = {"scores.csv", "findings.csv", "run.json"};
    for (size_t i = 0; i < 3; i++) {
        char *const text = psy_test_read_file(run_path(&d, files[i]), NULL);
        assert_null(strstr(text, "不想活"));
        assert_null(strstr(text, "王老师"));
        free(text);
    }
    run_close(&d);
}

static void test_reports_that_cannot_be_used_are_told(void **state)
{
    (void)state;
    run_directory d;
    open_external(&d, EXTERNAL_RULES,
                  "no,school,from,what,text,day,who\n"
                  "S000,A,邻居,自杀言论,,,\n"
                  "S999,A,班主任,自杀言论,,,\n"
                  ",A,班主任,自杀言论,,,\n"
                  "S001,B,班主任,他想死,,,\n"
                  "S001,B,班主任,,,,\n");
    d.options.no_workbooks = true;
    assert_int_equal(run_go(&d), PSY_OK);
    assert_int_equal(findings_of(&d, "external_source", PSY_WARNING), 1);
    assert_int_equal(findings_of(&d, "external_unmatched", PSY_ERROR), 1);
    assert_int_equal(findings_of(&d, "external_student", PSY_ERROR), 1);
    assert_int_equal(findings_of(&d, "external_code", PSY_ERROR), 2);
    for (size_t i = 0; i < psy_findings_count(d.findings); i++)
        assert_null(strstr(psy_findings_get(d.findings, i).message, "他想死"));
    assert_string_equal(line_of(&d, "S000"), "2,2,told");
    run_close(&d);
}

static void test_no_reports_are_told_once(void **state)
{
    (void)state;
    run_directory d;
    open_external(&d, EXTERNAL_RULES, REPORTS);
    d.options.no_workbooks = true;
    d.options.external = NULL;
    assert_int_equal(run_go(&d), PSY_OK);
    assert_int_equal(findings_of(&d, "no_external", PSY_WARNING), 1);
    assert_string_equal(line_of(&d, "S000"), "0,0,");
    run_close(&d);
    run_open(&d, &(ward_plan){.rules = RULES}, 6);
    d.options.external = "somewhere.csv";
    assert_int_equal(run_go(&d), PSY_E_DATA);
    run_close(&d);
}

/* The order of the rows of reports changes nothing but the file's own digest. */
static void test_the_order_of_reports_changes_nothing(void **state)
{
    (void)state;
    char *digests[2];
    static const char *const reports[] = {REPORTS,
                                          "no,school,from,what,text,day,who\n"
                                          "S000,A,hospital,就诊,,,\n"
                                          "S001,B,医院,就诊,,2026-09-01,\n"
                                          "S000,A,班主任,自杀言论,说过不想活,2026-09-12,王老师\n"};
    run_directory d;
    open_external(&d, EXTERNAL_RULES, reports[0]);
    d.options.force = true;
    for (size_t i = 0; i < 2; i++) {
        psy_test_write_file(d.options.external, reports[i], strlen(reports[i]));
        assert_int_equal(run_go(&d), PSY_OK);
        digests[i] = run_digest(&d, "run.json");
    }
    run_close(&d);
    assert_string_equal(digests[0], digests[1]);
    free(digests[0]);
    free(digests[1]);
}

/* ---- memory ---- */

static void test_every_allocation_may_fail(void **state)
{
    (void)state;
    run_directory swept;
    static char path[700];
    two_waves(&swept, PSEUDONYMS, PSEUDONYMS, NEW_RULES, NULL);
    snprintf(path, sizeof path, "%s/external.csv", swept.ward.directory);
    run_write_rows(&swept, run_rows(), 12);
    psy_sweep(run_once, &swept);
    run_close(&swept);
    open_external(&swept, EXTERNAL_RULES, REPORTS);
    swept.options.no_workbooks = true;
    run_write_rows(&swept, run_rows(), 12);
    psy_sweep(run_once, &swept);
    run_close(&swept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_tier_of_before_decides),
        cmocka_unit_test(test_a_score_of_before_is_compared),
        cmocka_unit_test(test_who_was_not_there_is_no_record),
        cmocka_unit_test(test_pseudonyms_are_made_again),
        cmocka_unit_test(test_pseudonyms_of_before_and_plain_ids_now),
        cmocka_unit_test(test_plain_ids_of_before_and_pseudonyms_now),
        cmocka_unit_test(test_another_key_finds_nobody_and_says_so),
        cmocka_unit_test(test_a_changed_file_is_refused),
        cmocka_unit_test(test_a_directory_that_is_none_is_refused),
        cmocka_unit_test(test_scores_that_are_none_are_refused),
        cmocka_unit_test(test_printed_means_are_exact_again),
        cmocka_unit_test(test_other_rules_are_told_and_change_is_not_counted),
        cmocka_unit_test(test_waves_side_by_side),
        cmocka_unit_test(test_a_report_raises),
        cmocka_unit_test(test_reports_that_cannot_be_used_are_told),
        cmocka_unit_test(test_no_reports_are_told_once),
        cmocka_unit_test(test_the_order_of_reports_changes_nothing),
        cmocka_unit_test(test_every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
