/*
 * test_careless.c -- the policy of validity in a plan: what a sheet's signs lead to, in
 * status and words, and what they never touch.
 *
 * The sheets are of the SDS (20 items of both directions, so that patterns can tell) and the
 * PHQ-9 (9 items of one direction, where they cannot).
 */
#include "policy_sheets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const made_up BATTERY = {"", {"sds", "phq9", NULL}};
/* Items 2, 5, 6, 11, 12, 14, 16, 17, 18 and 20 of the SDS are turned round. */
static const char WELL[] = "14114411114414144414";
static const char VARIED[] = "23213312214413243324";
static const char CALM[] = "000000000"; /* PHQ-9 */

typedef struct sheet {
    const char *student, *seconds, *sds, *phq;
} sheet;

static void open_ward(ward *w, const char *validity)
{
    psyi_buffer plan;
    psyi_buffer_init(&plan, NULL);
    made_up_plan(&plan, &BATTERY, validity);
    ward_open_text(w, plan.data, BATTERY.instruments);
    psyi_buffer_done(&plan);
}

static void run_sheets(ward *w, const sheet *sheets, size_t n)
{
    psyi_buffer text;
    psy_error error = {.status = PSY_OK};
    psyi_buffer_init(&text, NULL);
    psyi_buffer_text(&text, "student,school,grade,class,time,seconds");
    for (unsigned i = 1; i <= 20; i++)
        psyi_buffer_format(&text, ",sds_%u", i);
    for (unsigned i = 1; i <= 10; i++)
        psyi_buffer_format(&text, ",phq9_%u", i);
    psyi_buffer_char(&text, '\n');
    for (size_t i = 0; i < n; i++) {
        psyi_buffer_format(&text, "%s,1,8,1,2026-10-10 09:00:00,%s", sheets[i].student,
                           sheets[i].seconds);
        for (const char *at = sheets[i].sds; *at != '\0'; at++)
            psyi_buffer_format(&text, ",%.1s", *at == '.' ? "" : at);
        for (const char *at = sheets[i].phq; *at != '\0'; at++)
            psyi_buffer_format(&text, ",%c", *at);
        psyi_buffer_text(&text, ",\n");
    }
    if (ward_try_text(w, NULL, text.data, 1, NULL, &error) != PSY_OK)
        fail_msg("%s", error.message);
    psyi_buffer_done(&text);
}

static psyi_status status_of(const ward *w, const char *student)
{
    return (psyi_status)w->results->students[ward_student(w, NULL, student)].status;
}

/* The reasons of a student, in a static buffer. */
static const char *words_of(const ward *w, const char *student, psyi_language language)
{
    static char text[1024];
    psyi_buffer out;
    psyi_buffer_init(&out, NULL);
    psyi_status_words(w->results, ward_student(w, NULL, student), language, &out);
    snprintf(text, sizeof text, "%s", out.data != NULL ? out.data : "");
    psyi_buffer_done(&out);
    return text;
}

static const sheet SHEETS[] = {
    {"slow", "300", VARIED, CALM},
    {"fast", "25", VARIED, CALM},   /* 29 answers in 25 s */
    {"second", "29", VARIED, CALM}, /* exactly one second an item */
    {"line", "300", "22222222222222222222", CALM},
    {"gap", "300", "2222222222222222222.", CALM},   /* a line with a blank */
    {"run", "300", "33333333333213312214", CALM},   /* 11 in a row: across the key */
    {"short", "300", "33333333321331221441", CALM}, /* 9 in a row */
    {"zigzag", "300", "12121212121212121212", CALM},
    {"both", "20", "12121212121212121212", CALM},
    {"well", "300", WELL, CALM}, /* the lowest score everywhere */
    {"worst", "300", "41441144441141411141", "333333333"},
};
enum { N_SHEETS = sizeof SHEETS / sizeof *SHEETS };

static void test_families_are_counted_not_signs(void **state)
{
    (void)state;
    ward w;
    open_ward(&w, "{policy: default}");
    run_sheets(&w, SHEETS, N_SHEETS);
    assert_int_equal(status_of(&w, "slow"), PSYI_STATUS_VALID);
    assert_int_equal(status_of(&w, "fast"), PSYI_STATUS_DOUBTFUL);
    assert_int_equal(status_of(&w, "second"), PSYI_STATUS_VALID);
    assert_int_equal(status_of(&w, "line"), PSYI_STATUS_RETEST); /* pattern, and no variance */
    assert_int_equal(status_of(&w, "gap"), PSYI_STATUS_RETEST);
    assert_int_equal(status_of(&w, "run"), PSYI_STATUS_DOUBTFUL);
    assert_int_equal(status_of(&w, "short"), PSYI_STATUS_VALID);
    assert_int_equal(status_of(&w, "zigzag"), PSYI_STATUS_DOUBTFUL);
    assert_int_equal(status_of(&w, "both"), PSYI_STATUS_RETEST);
    assert_int_equal(status_of(&w, "well"), PSYI_STATUS_VALID);
    assert_int_equal(status_of(&w, "worst"), PSYI_STATUS_VALID);
    assert_string_equal(words_of(&w, "fast", PSYI_EN), "too fast: seconds per item 0.86 (mark <1)");
    assert_string_equal(words_of(&w, "fast", PSYI_ZH), "用时过短：每题秒数 0.86（标准<1）");
    assert_string_equal(words_of(&w, "zigzag", PSYI_EN),
                        "answers in a pattern: SDS 20 items repeat every 2 (of 20; mark 10)");
    assert_string_equal(words_of(&w, "both", PSYI_ZH),
                        "用时过短：每题秒数 0.69（标准<1）；规律作答：SDS "
                        "20题按每2题循环作答（共20题，标准≥10题）");
    assert_string_equal(words_of(&w, "line", PSYI_EN),
                        "answers in a pattern: SDS 20 items in a row the same (of 20; mark 10); "
                        "answers contradict each other: SDS agreement with the item means: none, "
                        "the answers do not vary");
    assert_non_null(strstr(words_of(&w, "line", PSYI_ZH), "无法计算（答案无变化）"));
    assert_string_equal(words_of(&w, "slow", PSYI_EN), "");
    ward_close(&w);
}

static void test_the_floor_is_a_note(void **state)
{
    (void)state;
    ward w;
    open_ward(&w, "{policy: default}");
    run_sheets(&w, SHEETS, N_SHEETS);
    const size_t s = ward_student(&w, NULL, "well");
    const uint32_t record = w.results->students[s].records[0];
    bool floor[2] = {false};
    for (uint32_t e = w.results->evidence_first[record]; e < w.results->evidence_first[record + 1];
         e++) {
        assert_int_equal(psyi_sign_rules[w.results->evidence.list[e].sign].family,
                         PSYI_FAMILY_NOTE);
        if (w.results->evidence.list[e].sign == PSYI_SIGN_FLOOR)
            floor[w.results->evidence.list[e].use] = true;
    }
    assert_true(floor[0] && floor[1]);
    assert_int_equal(w.results->students[s].families, 0);
    ward_close(&w);
}

/* One line through twenty questionnaires: what speaks against the last is told, too. */
static void test_all_that_speaks_against_a_sheet_is_told(void **state)
{
    (void)state;
    enum { USES = 20 };
    static const char *const sds[] = {"sds", NULL};
    ward w;
    psyi_buffer plan, text;
    psy_error error = {.status = PSY_OK};
    psyi_buffer_init(&plan, NULL);
    psyi_buffer_init(&text, NULL);
    psyi_buffer_text(&plan, "format: psyscreen/plan/1\nid: ward\nname: {en: Ward}\n"
                            "wave: 2026-autumn\nas_of: 2026-10-15\nidentity: {output: plain}\n"
                            "inputs: {responses: {encoding: utf-8, columns: {student: student, "
                            "school: school, grade: grade}, items: {");
    for (int u = 1; u <= USES; u++)
        psyi_buffer_format(&plan, "s%02d: \"s%02d_{id}\", ", u, u);
    psyi_buffer_text(&plan, "}}}\nuses:\n");
    for (int u = 1; u <= USES; u++)
        psyi_buffer_format(&plan, "  s%02d: {instrument: sds, informant: self}\n", u);
    psyi_buffer_text(&plan, "grades: {accept: [arabic]}\nduplicates: manual\nvalidity: {policy: "
                            "{pattern: {average_run: 5, irv: 0.25}}}\ntiers:\n  scheme: "
                            "three_first_worst\n  rules: [{id: never, rank: 1, when: "
                            "\"quality.answered >= 2000\"}]\noutputs: {language: [zh, en]}\n");
    ward_open_text(&w, plan.data, sds);
    psyi_buffer_text(&text, "student,school,grade");
    for (int i = 0; i < 20 * USES; i++)
        psyi_buffer_format(&text, ",s%02d_%d", i / 20 + 1, i % 20 + 1);
    psyi_buffer_text(&text, "\nline,1,8");
    for (int i = 0; i < 20 * USES; i++)
        psyi_buffer_text(&text, ",2");
    psyi_buffer_char(&text, '\n');
    assert_int_equal(ward_try_text(&w, NULL, text.data, 1, NULL, &error), PSY_OK);
    psyi_buffer_clear(&text);
    psyi_evidence_words(w.results, ward_student(&w, NULL, "line"), PSYI_EN, &text);
    size_t n[3] = {0};
    static const char *const signs[] = {"20 items in a row the same", "mean run 20",
                                        "agreement with the item means: none"};
    for (int i = 0; i < 3; i++)
        for (const char *at = text.data; (at = strstr(at, signs[i])) != NULL; at++)
            n[i]++;
    for (int i = 0; i < 3; i++)
        assert_int_equal(n[i], USES);
    psyi_buffer_done(&plan);
    psyi_buffer_done(&text);
    ward_close(&w);
}

/* Items 4, 8, 12 and 16 of the CES-D are turned round: whoever is well answers 0 0 0 3 in turn. */
static void test_an_honest_pattern_is_none(void **state)
{
    (void)state;
    static const made_up cesd = {"", {"cesd", NULL}};
    ward w;
    psyi_buffer plan, text;
    psy_error error = {.status = PSY_OK};
    psyi_buffer_init(&plan, NULL);
    psyi_buffer_init(&text, NULL);
    made_up_plan(&plan, &cesd, "{policy: default}");
    ward_open_text(&w, plan.data, cesd.instruments);
    psyi_buffer_text(&text, "student,school,grade,class,time,seconds");
    for (unsigned i = 1; i <= 20; i++)
        psyi_buffer_format(&text, ",cesd_%u", i);
    psyi_buffer_text(&text, "\nwell,1,10,1,,");
    for (unsigned i = 1; i <= 20; i++)
        psyi_buffer_text(&text, i % 4 == 0 && i < 20 ? ",3" : ",0");
    psyi_buffer_text(&text, "\nthirds,1,10,1,,");
    for (unsigned i = 1; i <= 20; i++)
        psyi_buffer_text(&text, i % 3 == 0 ? ",3" : ",0");
    psyi_buffer_char(&text, '\n');
    assert_int_equal(ward_try_text(&w, NULL, text.data, 1, NULL, &error), PSY_OK);
    assert_int_equal(status_of(&w, "well"), PSYI_STATUS_VALID);
    assert_int_equal(status_of(&w, "thirds"), PSYI_STATUS_DOUBTFUL);
    psyi_buffer_done(&plan);
    psyi_buffer_done(&text);
    ward_close(&w);
}

/* A distance that nobody reaches by chance has a small probability, and not none. */
static void test_no_probability_is_nought(void **state)
{
    (void)state;
    static const struct {
        double p;
        const char *words;
    } said[] = {{0.0004, " 0.000400 ("},
                {1e-6, " 0.000001 ("},
                {9e-7, " <0.000001 ("},
                {0, " <0.000001 ("}};
    ward w;
    open_ward(&w, "{policy: {inconsistency: {needed: 1}}}");
    run_sheets(&w, SHEETS, N_SHEETS);
    const size_t line = ward_student(&w, NULL, "line");
    const uint32_t record = w.results->students[line].records[0];
    psyi_evidence *found = NULL;
    for (uint32_t e = w.results->evidence_first[record]; e < w.results->evidence_first[record + 1];
         e++)
        if (psyi_sign_rules[w.results->evidence.list[e].sign].family == PSYI_FAMILY_INCONSISTENCY)
            found = &w.results->evidence.list[e];
    assert_non_null(found);
    found->sign = PSYI_SIGN_MAHALANOBIS;
    found->state = PSY_INDEX_DEFINED;
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        found->value = said[i].p;
        if (strstr(words_of(&w, "line", PSYI_EN), said[i].words) == NULL)
            fail_msg("%s", words_of(&w, "line", PSYI_EN));
    }
    ward_close(&w);
}

static void test_no_policy_says_nothing(void **state)
{
    (void)state;
    static const char *const without[] = {NULL, "{policy: none}", "{rules: []}"};
    for (size_t i = 0; i < 3; i++) {
        ward w;
        open_ward(&w, without[i]);
        assert_null(w.plan->policy);
        run_sheets(&w, SHEETS, N_SHEETS);
        for (size_t s = 0; s < w.results->n_students; s++)
            if (strcmp(w.results->students[s].code, "gap") != 0)
                assert_int_equal(w.results->students[s].status, PSYI_STATUS_VALID);
        assert_int_equal(w.results->evidence.n, 0);
        ward_close(&w);
    }
}

static void test_a_plan_may_say_otherwise(void **state)
{
    (void)state;
    ward w;
    open_ward(&w, "{policy: {single: note, then: invalid, time: {seconds_per_item: 1.5}, "
                  "pattern: {longstring: off}}}");
    run_sheets(&w, SHEETS, N_SHEETS);
    assert_int_equal(status_of(&w, "fast"), PSYI_STATUS_VALID); /* one family: a note */
    assert_int_equal(w.results->students[ward_student(&w, NULL, "fast")].families,
                     1u << PSYI_FAMILY_TIME);
    assert_string_equal(words_of(&w, "fast", PSYI_EN), "");
    assert_int_equal(status_of(&w, "run"), PSYI_STATUS_VALID);
    assert_int_equal(status_of(&w, "both"), PSYI_STATUS_INVALID);
    ward_close(&w);
    open_ward(&w, "{policy: {needed: 1, pattern: {min_items: 21}}}");
    run_sheets(&w, SHEETS, N_SHEETS);
    assert_int_equal(status_of(&w, "fast"), PSYI_STATUS_RETEST);
    assert_int_equal(status_of(&w, "zigzag"), PSYI_STATUS_VALID);
    ward_close(&w);
    /* The PHQ-9 is too short and of one direction; a plan may want it all the same. */
    open_ward(&w, "{policy: {pattern: {min_items: 9, directions: any}}}");
    static const sheet phq[] = {{"a", "300", VARIED, "012012012"}, {"b", "300", VARIED, CALM}};
    run_sheets(&w, phq, 2);
    assert_int_equal(status_of(&w, "a"), PSYI_STATUS_DOUBTFUL);
    ward_close(&w);
}

static void test_attention_items_and_order(void **state)
{
    (void)state;
    ward w;
    open_ward(&w, "{policy: {attention: {failed: 2, items: [{use: sds, item: 1, pass: 2}, {use: "
                  "sds, item: 2, pass: 3..4}, {use: phq9, item: 1, pass: 0}]}}}");
    static const sheet sheets[] = {{"passes", "300", VARIED, CALM},
                                   {"one", "300",
                                    "1321331221441324332"
                                    "4",
                                    CALM},
                                   {"two", "300", "11213312214413243324", CALM},
                                   {"blank", "300", "..213312214413243324", CALM}};
    run_sheets(&w, sheets, 4);
    assert_int_equal(status_of(&w, "passes"), PSYI_STATUS_VALID);
    assert_int_equal(status_of(&w, "one"), PSYI_STATUS_VALID);
    assert_int_equal(status_of(&w, "two"), PSYI_STATUS_DOUBTFUL);
    assert_string_equal(words_of(&w, "two", PSYI_ZH),
                        "效度题或注意力题异常：SDS 注意力检测题未通过数 2/2（标准≥2）");
    assert_int_equal(w.results->students[ward_student(&w, NULL, "blank")].families, 0);
    ward_close(&w);
    /* Shown even items first: then the zigzag is two runs of ten, and "halves" a zigzag. */
    open_ward(&w, "{policy: {order: {sds: [2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 1, 3, 5, 7, 9, 11, "
                  "13, 15, 17, 19]}}}");
    run_sheets(&w, SHEETS, N_SHEETS);
    assert_non_null(strstr(words_of(&w, "zigzag", PSYI_EN), "10 items in a row"));
    ward_close(&w);
    open_ward(&w, "{policy: {order: {sds: [\"11..20\", \"1..10\"]}}}");
    assert_int_equal(w.plan->policy->order[0].items[0], 10);
    assert_int_equal(w.plan->policy->order[0].items[19], 9);
    assert_null(w.plan->policy->order[1].items);
    ward_close(&w);
}

/* 300 attentive sheets; 40 at random.  What compares with others needs others. */
static void test_cohort_signs_need_a_cohort(void **state)
{
    (void)state;
    static const made_up battery = {"", {"mht", "sds", NULL}};
    for (int enough = 0; enough < 2; enough++) {
        ward w;
        psyi_buffer plan, text;
        psy_error error = {.status = PSY_OK};
        psyi_buffer_init(&plan, NULL);
        psyi_buffer_init(&text, NULL);
        made_up_plan(&plan, &battery,
                     enough ? "{policy: default}" : "{policy: {inconsistency: {min_n: 5000}}}");
        ward_open_text(&w, plan.data, battery.instruments);
        made_up_responses(&text, &w, 1000, 25, 5);
        assert_int_equal(ward_try_text(&w, NULL, text.data, 0, NULL, &error), PSY_OK);
        size_t random = 0;
        for (size_t s = 0; s < w.results->n_students; s++)
            random +=
                w.results->students[s].code[0] == 'R' &&
                ((unsigned)w.results->students[s].families >> PSYI_FAMILY_INCONSISTENCY & 1u) != 0;
        assert_int_equal(ward_findings(&w, "careless_few", "mht"), enough ? 0 : 1);
        assert_int_equal(ward_findings(&w, "careless_few", "sds"), enough ? 0 : 1);
        if (enough)
            assert_true(random >= 5);
        else
            assert_int_equal(random, 0);
        psyi_buffer_done(&plan);
        psyi_buffer_done(&text);
        ward_close(&w);
    }
}

/* The cohort's verdicts change no norm: with and without them the histogram is the same. */
static void test_cohort_signs_never_enter_a_norm(void **state)
{
    (void)state;
    static const made_up battery = {"", {"mssmhs", NULL}};
    static const char *const policies[] = {"{policy: {needed: 1, then: invalid}}",
                                           "{policy: {needed: 1, then: invalid, inconsistency: "
                                           "{person_total: off, mahalanobis: off}}}"};
    double sums[2] = {0};
    uint64_t counts[2] = {0}, invalid[2] = {0};
    for (int i = 0; i < 2; i++) {
        ward w;
        psyi_buffer plan, text;
        psy_error error = {.status = PSY_OK};
        psyi_buffer_init(&plan, NULL);
        psyi_buffer_init(&text, NULL);
        made_up_plan(&plan, &battery, policies[i]);
        psyi_buffer_text(&plan, "norms: [{id: here, scale: mssmhs.total_sum, local: {by: [stage], "
                                "min_n: 20, below: pool}, metrics: [t]}]\n");
        ward_open_text(&w, plan.data, battery.instruments);
        made_up_responses(&text, &w, 600, 25, 9);
        assert_int_equal(ward_try_text(&w, NULL, text.data, 0, NULL, &error), PSY_OK);
        assert_true(w.results->n_locals > 0);
        for (size_t l = 0; l < w.results->n_locals; l++) {
            const psyi_histogram *const h = w.results->locals[l].histogram;
            double mean = 0, variance = 0;
            assert_true(psyi_histogram_moments(h, &mean, &variance));
            counts[i] += h->n;
            sums[i] += mean + variance;
        }
        for (size_t s = 0; s < w.results->n_students; s++)
            invalid[i] += w.results->students[s].status == PSYI_STATUS_INVALID;
        psyi_buffer_done(&plan);
        psyi_buffer_done(&text);
        ward_close(&w);
    }
    assert_true(invalid[0] > invalid[1]); /* the cohort's signs did say something */
    assert_true(invalid[1] > 0);          /* and those who hurry are in no norm */
    assert_int_equal(counts[0], counts[1]);
    assert_true(counts[0] > 0 && sums[0] == sums[1]);
}

static void test_class_rooms(void **state)
{
    (void)state;
    ward w;
    psyi_buffer text;
    psy_error error = {.status = PSY_OK};
    psyi_buffer_init(&text, NULL);
    open_ward(&w, "{policy: default}");
    psyi_buffer_text(&text, "student,school,grade,class,time,seconds");
    for (unsigned i = 1; i <= 20; i++)
        psyi_buffer_format(&text, ",sds_%u", i);
    for (unsigned i = 1; i <= 10; i++)
        psyi_buffer_format(&text, ",phq9_%u", i);
    psyi_buffer_char(&text, '\n');
    /* Class 1 hands in twelve sheets in one second, class 2 one each ten seconds; pupils 1
     * and 5 of class 2 have the same varied sheet, those of class 1 are all well. */
    for (unsigned class = 1; class <= 2; class ++)
        for (unsigned i = 0; i < 12; i++) {
            const bool copy = class == 2 && (i == 1 || i == 5);
            const char *const sds = copy ? VARIED : WELL;
            psyi_buffer_format(&text, "c%u_%02u,1,8,%u,2026-10-10 09:%02u:%02u,300", class, i,
                               class, class == 1 ? 0 : 1 + i / 5, class == 1 ? 7 : 1 + i % 5 * 10);
            for (unsigned j = 0; j < 20; j++)
                psyi_buffer_format(&text, ",%c", sds[j]);
            for (unsigned j = 0; j < 9; j++)
                psyi_buffer_text(&text, copy && j < 4 ? ",1" : ",0");
            psyi_buffer_text(&text, ",\n");
        }
    assert_int_equal(ward_try_text(&w, NULL, text.data, 1, NULL, &error), PSY_OK);
    assert_int_equal(ward_findings(&w, "near_copies", NULL), 2);
    assert_int_equal(ward_findings(&w, "near_copies", "c2_01"), 1);
    assert_int_equal(ward_findings(&w, "near_copies", "c2_05"), 1);
    assert_int_equal(ward_findings(&w, "burst", "1"), 1);
    for (size_t s = 0; s < w.results->n_students; s++)
        assert_int_equal(w.results->students[s].families, 0);
    psyi_buffer_done(&text);
    ward_close(&w);
}

/* More items than a grid has: that nobody looked for sheets that are alike is told, once. */
static void test_sheets_of_thousands_of_items(void **state)
{
    (void)state;
    enum { USES = 3, ITEMS = 1400, FILES = 2 };
    static const made_up battery = {"", {"n0", "n1", "n2", NULL}};
    static const char *const paths[FILES] = {NULL, NULL};
    psy_error error = {.status = PSY_OK};
    psyi_buffer text, files[FILES];
    psyi_intake *intake = NULL;
    ward w = {.results = NULL};
    psyi_buffer_init(&text, NULL);
    snprintf(w.directory, sizeof w.directory, "%s", psy_test_directory());
    for (int use = 0; use < USES; use++) {
        char name[16];
        snprintf(name, sizeof name, "n%d.yaml", use);
        psyi_buffer_clear(&text);
        psyi_buffer_format(&text,
                           "format: psyscreen/instrument/1\nid: n%d\nedition: \"1\"\nname: {en: "
                           "N}\ninformants: [self]\ntext_licence: none\nsources: [{cite: made up, "
                           "for: [scoring], confidence: memory}]\nresponses: {r: {codes: [0, 1]}}\n"
                           "items: [{ids: 1..%d, response: r}]\nscales: {all: {name: {en: All}, "
                           "items: 1..%d, score: sum, worse: high, range: 0..%d, confidence: "
                           "memory}}\n",
                           use, ITEMS, ITEMS, ITEMS);
        psy_test_write_file(psy_test_path(w.directory, name), text.data, text.length);
    }
    const char *const directory = w.directory;
    assert_int_equal(psy_catalog_open(&w.catalog, &directory, 1, NULL, &error), PSY_OK);
    psyi_buffer_clear(&text);
    made_up_plan(&text, &battery, "{policy: default}");
    psy_test_write_file(psy_test_path(directory, "ward.yaml"), text.data, text.length);
    if (psy_plan_load_file(&w.plan, psy_test_path(directory, "ward.yaml"), w.catalog, NULL, NULL,
                           &error) != PSY_OK)
        fail_msg("%s", error.message);
    /* A file has 4,096 columns: the third questionnaire is in another. */
    psy_test_bytes bytes[FILES];
    psy_source sources[FILES];
    for (int f = 0; f < FILES; f++) {
        const int from = f == 0 ? 0 : 2, to = f == 0 ? 2 : USES;
        psyi_buffer_init(&files[f], NULL);
        psyi_buffer_text(&files[f], "student,school,grade,class,time,seconds");
        for (int use = from; use < to; use++)
            for (int i = 1; i <= ITEMS; i++)
                psyi_buffer_format(&files[f], ",n%d_%d", use, i);
        for (int who = 0; who < 2; who++) {
            psyi_buffer_format(&files[f], "\nS%d,1,8,1,,", who);
            for (int i = 0; i < (to - from) * ITEMS; i++)
                psyi_buffer_format(&files[f], ",%d", i * 7 % 5 < 2);
        }
        psyi_buffer_char(&files[f], '\n');
        bytes[f] = (psy_test_bytes){.bytes = files[f].data, .length = files[f].length};
        sources[f] = psy_test_source_of(&bytes[f], f == 0 ? "a.csv" : "b.csv");
    }
    const psyi_intake_options options = {
        .input = &w.plan->responses, .uses = w.plan->uses, .n_uses = w.plan->n_uses};
    assert_int_equal(psy_findings_new(&w.findings, NULL, &error), PSY_OK);
    if (psyi_intake_read(&intake, &options, paths, sources, FILES, NULL, w.findings, &error) !=
            PSY_OK ||
        psyi_cohort_run(&w.results, w.plan, intake, NULL, NULL, 0, 1, NULL, w.findings, &error) !=
            PSY_OK)
        fail_msg("%s", error.message);
    assert_int_equal(w.results->n_students, 2);
    assert_int_equal(ward_findings(&w, "copies_many_items", NULL), 1);
    assert_non_null(strstr(ward_message(&w, "copies_many_items"), "4200 items"));
    for (int f = 0; f < FILES; f++)
        psyi_buffer_done(&files[f]);
    psyi_buffer_done(&text);
    ward_close(&w);
}

/* ---- what a plan may not say ---- */

static void test_bad_policies(void **state)
{
    (void)state;
    static const struct {
        const char *policy, *says;
    } bad[] = {
        {"often", "default, none, or a mapping"},
        {"{neded: 2}", "neded"},
        {"{needed: 0}", "0"},
        {"{needed: 5}", "5"},
        {"{then: perhaps}", "perhaps"},
        {"{time: {seconds_per_item: -1}}", "seconds_per_item lies between 0 and 60"},
        {"{time: {seconds_per_item: soon}}", "expected a number"},
        {"{pattern: {longstring: 1.5}}", "longstring lies between 0 and 1"},
        {"{pattern: {min_items: 2}}", "2"},
        {"{pattern: {directions: up}}", "up"},
        {"{inconsistency: {pair_r: 0}}", "pair_r is above 0 and at most 1"},
        {"{attention: {items: [{use: sds, item: 21, pass: 1}]}}", "'21' is not an item of 'sds'"},
        {"{attention: {items: [{use: nobody, item: 1, pass: 1}]}}", "'nobody' is not a use"},
        {"{attention: {items: [{use: sds, item: 1, pass: 7}]}}", "`pass` holds no codes"},
        {"{attention: {items: [{use: sds, item: 1, pass: 1}, {use: sds, item: 1, pass: 2}]}}",
         "stands here twice"},
        {"{order: {sds: [1, 2]}}", "names 2 of the 20 items"},
        {"{order: {sds: [1, 1]}}", "item 1 stands here twice"},
        {"{order: {sds: [\"15..25\"]}}", "has no item 21"},
        {"{order: {phq: [1]}}", "'phq' is not a use"},
    };
    ward w;
    open_ward(&w, NULL);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        psyi_buffer plan, block;
        psy_plan *loaded = NULL;
        psy_error error = {.status = PSY_OK};
        psyi_buffer_init(&plan, NULL);
        psyi_buffer_init(&block, NULL);
        psyi_buffer_format(&block, "{policy: %s}", bad[i].policy);
        made_up_plan(&plan, &BATTERY, block.data);
        const psy_status status = psyi_plan_read(&loaded, NULL, plan.data, plan.length, "plan.yaml",
                                                 w.catalog, NULL, NULL, &error);
        if (status == PSY_OK || strstr(error.message, bad[i].says) == NULL || error.where.line == 0)
            fail_msg("%s: %u: %s", bad[i].policy, error.where.line, error.message);
        psyi_buffer_done(&plan);
        psyi_buffer_done(&block);
    }
    ward_close(&w);
}

static void test_the_policy_is_in_the_fingerprint(void **state)
{
    (void)state;
    static const char *const policies[] = {NULL,
                                           "{policy: none}",
                                           "{policy: default}",
                                           "{policy: {needed: 2}}",
                                           "{policy: {needed: 3}}",
                                           "{policy: {time: {seconds_per_item: 2}}}",
                                           "{policy: {order: {phq9: [\"2..9\", 1, q10]}}}",
                                           "{policy: {notes: {burst_n: 0}}}"};
    char prints[8][65];
    for (size_t i = 0; i < 8; i++) {
        ward w;
        open_ward(&w, policies[i]);
        snprintf(prints[i], sizeof prints[i], "%s", psy_plan_fingerprint(w.plan));
        ward_close(&w);
    }
    assert_string_equal(prints[0], prints[1]);
    assert_string_equal(prints[2], prints[3]);
    for (size_t i = 3; i < 8; i++)
        for (size_t j = 0; j < i; j++)
            if (!(i == 3 && j == 2))
                assert_string_not_equal(prints[i], prints[j]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_families_are_counted_not_signs),
        cmocka_unit_test(test_the_floor_is_a_note),
        cmocka_unit_test(test_all_that_speaks_against_a_sheet_is_told),
        cmocka_unit_test(test_an_honest_pattern_is_none),
        cmocka_unit_test(test_no_probability_is_nought),
        cmocka_unit_test(test_no_policy_says_nothing),
        cmocka_unit_test(test_a_plan_may_say_otherwise),
        cmocka_unit_test(test_attention_items_and_order),
        cmocka_unit_test(test_cohort_signs_need_a_cohort),
        cmocka_unit_test(test_cohort_signs_never_enter_a_norm),
        cmocka_unit_test(test_class_rooms),
        cmocka_unit_test(test_sheets_of_thousands_of_items),
        cmocka_unit_test(test_bad_policies),
        cmocka_unit_test(test_the_policy_is_in_the_fingerprint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
