/*
 * test_operand_edges.c -- what rules seldom meet: an instrument's own norm that is old, of other
 * people and beyond its end; scores without a range or without a value; a use that no file
 * carries; more blocks than there are.
 */
#include "norm/norm_marks.h"
#include "screening_ward.h"
#include "tier/case_marks.h"
#include "tier/interval_words.h"
#include "tier/nearness.h"
#include "tier/reason_values.h"
#include "tier/rule_block.h"
#include "tier/shifted.h"
#include "tier/what_if.h"

#include <string.h>

static const char PLAN[] =
    "format: psyscreen/plan/1\nid: ward\nname: {en: Ward}\nwave: 2026-autumn\nas_of: 2026-10-15\n"
    "norm_years: 10\n"
    "identity: {output: plain}\n"
    "inputs:\n"
    "  responses:\n"
    "    encoding: utf-8\n"
    "    columns: {student: student, school: school, grade: grade, sex: sex, age: age, duration: "
    "seconds}\n"
    "    items: {e: \"E_{id}\", phq9: \"P{n}\"}\n"
    "    codes: {sex: {m: male, f: female}}\n"
    "    missing: {refused: [\"-\"], skipped: [\"/\"]}\n"
    "    dates: ymd\n"
    "uses:\n"
    "  e: {instrument: edges, informant: self}\n"
    "  phq9: {instrument: phq9, edition: \"2001\", informant: self}\n"
    "batteries:\n"
    "  - {id: all, uses: [e, phq9]}\n"
    "duplicates: manual\n"
    "tiers:\n  scheme: three_first_worst\n"
    "  precision: {e.quotient: {sem: 1, cite: made up}}\n"
    "  rules:\n"
    "    - {id: wrong_way, rank: 1, when: \"phq9.total <= 1 and e.total >= 20\"}\n"
    "    - {id: score, rank: 1, when: \"phq9.total >= 10\"}\n"
    "    - {id: flag, rank: 1, when: \"phq9.mds\"}\n"
    "    - {id: band, rank: 1, when: \"e.quotient.band >= very_high\"}\n"
    "    - {id: quotient, rank: 2, when: \"e.quotient >= 2\"}\n"
    "    - {id: between, rank: 1, when: \"e.quotient > 1\"}\n"
    "    - {id: norm, rank: 1, when: \"e.total.t@edges_model >= 60\"}\n"
    "    - {id: slope, rank: 1, when: \"e.slope >= 5\"}\n"
    "    - {id: steep, rank: 1, when: \"e.steep\"}\n"
    "    - {id: fine, rank: 3, when: \"e.fine >= 0.01000000000000001\"}\n"
    "    - {id: large, rank: 1, when: \"e.large >= 1000000000000\"}\n"
    "    - {id: named, rank: 1, when: \"e.item(first) >= 3 and e.item(second) >= 3\"}\n"
    "    - {id: pace, rank: 1, when: \"quality.seconds_per_item < 1\"}\n"
    "    - {id: blanks, rank: 1, when: \"quality.blanks >= 14\"}\n"
    "    - {id: item, rank: 1, when: \"phq9.item(1) >= 3\"}\n"
    "    - {id: level, rank: 1, when: \"phq9.total.band >= severe\"}\n"
    "duty: {urgent: {hours: 24, who: a}, review: {hours: 72, who: b}}\n"
    "outputs: {language: [zh, en], small_cell: 5}\n";

static const char *const INSTRUMENTS[] = {"../tests/unit/tier/edges", "phq9", NULL};

#define HEADER                                                                                     \
    "student,school,grade,sex,age,seconds,E_first,E_second,E_third,E_asked,E_amount,E_1,E_2,E_3,"  \
    "E_4,E_5,E_6,E_7,E_8,E_9,E_10,P1,P2,P3,P4,P5,P6,P7,P8,P9\n"
static const char ROWS[] =
    HEADER "YOUNG,A,4,f,10,100,3,1,/,0,100,1,1,1,1,1,1,1,1,1,1,0,0,0,0,0,0,0,0,0\n"
           "END,A,8,m,13,,2,0,0,1,1000000,3,3,3,3,3,3,3,3,3,3,1,1,1,1,1,1,1,1,0\n"
           "PART,A,8,m,13,,,,0,1,0,0,0,0,0,0,0,0,0,0,0,3,3,3,3,3,3,3,3,\n"
           "AGELESS,A,8,f,,9,1,1,0,1,100,1,1,1,1,1,1,1,1,1,0,0,0,0,0,0,0,0,0,0\n"
           "REFUSED,A,8,f,13,60,,,,,,,,,,,,,,,,-,-,-,-,-,-,-,-,-\n"
           "EMPTY,A,9,f,14,50,,,,,,,,,,,,,,,,,,,,,,,,\n";

static void run_rows(ward *w)
{
    psy_error error = {.status = PSY_OK};
    ward_open_text(w, PLAN, INSTRUMENTS);
    if (ward_try_text(w, NULL, ROWS, 1, NULL, &error) != PSY_OK)
        fail_msg("%s", error.message);
}

static size_t rule_of(const ward *w, const char *id)
{
    for (size_t i = 0; i < w->results->book->n_rules; i++)
        if (strcmp(w->results->book->rules[i].id, id) == 0)
            return i;
    fail_msg("no rule %s", id);
    return 0;
}

static size_t case_of(const ward *w, const char *student)
{
    return w->results->students[ward_student(w, NULL, student)].first_case;
}

static void check_reason(const ward *w, const char *student, const char *rule,
                         psyi_language language, const char *words)
{
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    psyi_explain(w->results, ward_student(w, NULL, student), rule_of(w, rule), language, &text);
    if (strstr(text.data, words) == NULL)
        fail_msg("%s of %s: '%s' without '%s'", rule, student, text.data, words);
    psyi_buffer_done(&text);
}

static psy_status take_state(void *context, const psyi_reason_value *value, psy_error *error)
{
    psyi_buffer *const out = context;
    (void)error;
    psyi_buffer_format(out, "%s;", value->state);
    return PSY_OK;
}

static void check_states(const ward *w, const char *student, const char *rule, const char *states)
{
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    psyi_buffer_text(&text, "");
    assert_int_equal(psyi_reason_values(w->results->book, &w->results->cases, case_of(w, student),
                                        rule_of(w, rule), take_state, &text, NULL),
                     PSY_OK);
    if (strcmp(text.data, states) != 0)
        fail_msg("%s of %s: '%s', expected '%s'", rule, student, text.data, states);
    psyi_buffer_done(&text);
}

/* The marks of a norm that belongs to the instrument: T = raw + 40, from 40 to 60. */
static void test_marks_of_an_instruments_norm(void **state)
{
    (void)state;
    ward w;
    run_rows(&w);
    const psyi_cases *const cases = &w.results->cases;
    const psy_instrument *const edges = w.plan->uses[0].instrument;
    const unsigned total = (unsigned)psyi_find_scale(edges, "total");
    const unsigned fine = (unsigned)psyi_find_scale(edges, "fine");
    size_t model = 0;
    while (strcmp(edges->norms[model]->id, "edges_model") != 0)
        model++;
    assert_int_equal(edges->n_norms, 2);
    assert_true(psyi_norm_markable(w.plan, 0, model));
    assert_false(psyi_norm_markable(w.plan, 0, 1 - model)); /* a mean, of no year */
    /* T 50, of a grade that the norm does not know. */
    assert_int_equal(psyi_case_norm_marks(cases, case_of(&w, "YOUNG"), 0, total, model),
                     PSYI_NORM_STALE | PSYI_NORM_OTHERS);
    /* Raw 30 would be 70. */
    assert_int_equal(psyi_case_norm_marks(cases, case_of(&w, "END"), 0, total, model),
                     PSYI_NORM_STALE | PSYI_NORM_CLIPPED);
    /* No score, no mark; nor where the norm has no scale. */
    assert_int_equal(psyi_case_norm_marks(cases, case_of(&w, "EMPTY"), 0, total, model), 0);
    assert_int_equal(psyi_case_norm_marks(cases, case_of(&w, "END"), 0, fine, model), 0);
    assert_int_equal(psyi_case_norm_marks(cases, case_of(&w, "AGELESS"), 0, total, model), 0);
    check_reason(&w, "END", "norm", PSYI_EN, "= 60 (beyond the norm's end, old norm)");
    check_reason(&w, "YOUNG", "norm", PSYI_ZH, "= 50（常模过旧、非本人群常模）");
    /* A sheet is of the student when nobody says whose it is. */
    psyi_cases own = *cases;
    own.sheet_people = NULL;
    assert_int_equal(psyi_case_norm_marks(&own, case_of(&w, "YOUNG"), 0, total, model),
                     PSYI_NORM_STALE | PSYI_NORM_OTHERS);
    ((psyi_use *)&w.plan->uses[0])->informant = PSYI_INFORMANT_UNKNOWN; /* each sheet says it */
    assert_int_equal(psyi_case_norm_marks(cases, case_of(&w, "YOUNG"), 0, total, model),
                     PSYI_NORM_STALE | PSYI_NORM_OTHERS);
    const psyi_scores *const scores[PSYI_MAX_USES] = {NULL}; /* the use is in no file */
    own.scores = scores;
    assert_int_equal(psyi_case_norm_marks(&own, case_of(&w, "YOUNG"), 0, total, model), 0);
    /* Without a limit of years there is no old norm and no mark of a mean. */
    const size_t means = 1 - model;
    ((psy_plan *)w.plan)->norm_years = 0;
    assert_int_equal(psyi_case_norm_marks(cases, case_of(&w, "END"), 0, total, model),
                     PSYI_NORM_CLIPPED);
    assert_true(psyi_norm_markable(w.plan, 0, model) && !psyi_norm_markable(w.plan, 0, means));
    /* A mean says of whom it speaks, or when it was found. */
    psyi_norm *const mean = edges->norms[means];
    mean->year = 2001;
    assert_false(psyi_norm_markable(w.plan, 0, means));
    ((psy_plan *)w.plan)->norm_years = 10;
    assert_true(psyi_norm_markable(w.plan, 0, means));
    mean->year = 0;
    mean->has_people = true;
    assert_true(psyi_norm_markable(w.plan, 0, means));
    ward_close(&w);
}

static void test_scores_without_value(void **state)
{
    (void)state;
    ward w;
    run_rows(&w);
    /* Divided by zero: no norm is missing. */
    check_reason(&w, "END", "quotient", PSYI_EN, "= undefined");
    check_reason(&w, "END", "quotient", PSYI_ZH, "= 无法计算");
    check_states(&w, "END", "band", "no_norm;");
    check_states(&w, "END", "steep", "no_norm;");
    check_states(&w, "YOUNG", "steep", "known;");
    check_states(&w, "EMPTY", "steep", "blank;");
    /* A band without a label is its id, as words. */
    check_reason(&w, "YOUNG", "band", PSYI_EN, "= very high");
    check_reason(&w, "YOUNG", "band", PSYI_EN, "EDGES");
    /* Too large to be a score; the ends that it could have are told as they are. */
    check_reason(&w, "END", "large", PSYI_EN, "= undefined");
    check_reason(&w, "EMPTY", "large", PSYI_EN, "could be 0 to 1.4285714285714286e17;");
    check_reason(&w, "PART", "large", PSYI_EN, "= 0");
    /* Items without a number are named. */
    check_reason(&w, "PART", "named", PSYI_EN, "EDGES items first, second");
    /* Nobody knows how long one answer took when there is none. */
    check_states(&w, "EMPTY", "pace", "no_record;");
    check_states(&w, "REFUSED", "pace", "no_record;");
    check_states(&w, "YOUNG", "pace", "known;");
    check_states(&w, "YOUNG", "blanks", "known;");
    ward_close(&w);
}

static void test_a_critical_flag_on_a_score(void **state)
{
    (void)state;
    ward w;
    run_rows(&w);
    const psyi_results *const r = w.results;
    const size_t rule = rule_of(&w, "e.critical_total");
    assert_true(psyi_fired(r, ward_student(&w, NULL, "END"), rule));
    check_reason(&w, "END", "e.critical_total", PSYI_EN, "total = 30");
    const size_t self_harm = rule_of(&w, "phq9.critical_9");
    assert_true(psyi_reads_blanks(r->book, &r->cases, case_of(&w, "PART"), self_harm));
    assert_false(psyi_reads_blanks(r->book, &r->cases, case_of(&w, "END"), self_harm));
    ward_close(&w);
}

/* A use whose columns no file has takes part in nothing. */
static void test_a_use_in_no_file(void **state)
{
    (void)state;
    ward w;
    run_rows(&w);
    psyi_results *const r = w.results;
    const psyi_scores *scores[PSYI_MAX_USES] = {r->cases.scores[0], NULL};
    const psyi_scores *const *const before = r->cases.scores;
    const size_t item = case_of(&w, "PART");
    psyi_verdicts *verdicts;
    static const char *const of_it[] = {"score", "flag", "item", "level"};
    for (size_t i = 0; i < 4; i++)
        assert_true(psyi_verdict(r->verdicts->applies, r->verdicts, rule_of(&w, of_it[i]), item));
    assert_true(psyi_verdict(r->verdicts->yes, r->verdicts, rule_of(&w, "score"), item));
    r->cases.scores = scores;
    assert_int_equal(psyi_verdicts_new(&verdicts, r->book, r->cases.n, NULL, NULL), PSY_OK);
    /* Of blocks that are not there nothing is written, nor read. */
    assert_int_equal(psyi_rulebook_run(r->book, &r->cases, 0, 9, verdicts, NULL), PSY_OK);
    for (size_t i = 0; i < 4; i++) {
        const size_t rule = rule_of(&w, of_it[i]);
        assert_false(psyi_verdict(verdicts->applies, verdicts, rule, item));
        assert_false(psyi_verdict(verdicts->yes, verdicts, rule, item));
        assert_false(psyi_verdict(verdicts->undecided, verdicts, rule, item));
        check_states(&w, "PART", of_it[i], "");
    }
    psyi_numbers items;
    const psyi_rule_block block = psyi_rule_block_at(r->book, &r->cases, item, 1);
    const psyi_block values = psyi_rule_block_values(&block);
    values.number(values.context, psyi_column(PSYI_COLUMN_QUALITY, 0, PSYI_QUALITY_ANSWERED, 0),
                  &items);
    assert_int_equal(items.value[0].num, 13); /* the third, asked, amount, ten */
    psyi_verdicts_free(verdicts);
    /* A critical flag of it has no sheet, and so no value to tell. */
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    psyi_explain(r, ward_student(&w, NULL, "PART"), rule_of(&w, "phq9.critical_9"), PSYI_EN, &text);
    assert_true(!text.failed && text.length > 0 && strstr(text.data, " = ") == NULL);
    psyi_buffer_done(&text);
    r->cases.scores = before;
    ward_close(&w);
}

static void test_who_is_asked(void **state)
{
    (void)state;
    ward w;
    run_rows(&w);
    const psyi_results *const r = w.results;
    psyi_cases none = r->cases;
    uint8_t battery[8];
    memset(battery, 7, sizeof battery);
    assert_int_equal(psyi_asked(r->book, &r->cases, 0), 3);
    none.battery = NULL; /* not given out yet */
    assert_int_equal(psyi_asked(r->book, &none, 0), 0);
    assert_int_equal(psyi_battery_run(r->book, &none, 0, 9, battery, NULL), PSY_OK);
    for (size_t i = 0; i < sizeof battery; i++)
        assert_int_equal(battery[i], i < r->cases.n ? 0 : 7);
    ward_close(&w);
}

static psyi_comparison cut_of(const ward *w, const char *rule)
{
    const psyi_comparison *comparisons;
    assert_int_equal(psyi_program_comparisons(w->results->book->rules[rule_of(w, rule)].rule->when,
                                              &comparisons),
                     1);
    return comparisons[0];
}

static void check_distance(const ward *w, const psyi_comparison *cut, psyi_ratio score,
                           psyi_ratio distance)
{
    const psyi_ratio got = psyi_distance(w->results->book, cut, score);
    assert_int_equal(got.num, distance.num);
    assert_int_equal(got.den, distance.den);
}

static void test_distances(void **state)
{
    (void)state;
    ward w;
    run_rows(&w);
    psyi_comparison cut = cut_of(&w, "score");
    check_distance(&w, &cut, psyi_ratio_make(7, 1), psyi_ratio_make(3, 1));
    cut.compare = PSYI_GT; /* a whole score must go past it */
    check_distance(&w, &cut, psyi_ratio_make(7, 1), psyi_ratio_make(4, 1));
    cut.constant = psyi_ratio_make(1, INT64_MAX - 1); /* no 64 bits hold the difference */
    check_distance(&w, &cut, psyi_ratio_make(1, 7), PSYI_RATIO_NONE);
    cut.constant = PSYI_RATIO_NONE;
    assert_false(psyi_is_cut(w.results->book, &cut));
    cut = cut_of(&w, "between"); /* a quotient needs only a little more */
    check_distance(&w, &cut, psyi_ratio_make(1, 3), psyi_ratio_make(2, 3));
    /* A cut finer than 64 bits can tell from the score is met or not, but at no distance. */
    const psyi_results *const r = w.results;
    const size_t fine = rule_of(&w, "fine"), young = ward_student(&w, NULL, "YOUNG");
    const size_t other = ward_student(&w, NULL, "AGELESS");
    psyi_near_told list;
    assert_true(psyi_fired(r, young, fine));  /* 3/101 */
    assert_false(psyi_fired(r, other, fine)); /* 1/101 */
    assert_true(r->students[other].tier < 3); /* or nobody would ask */
    assert_int_equal(psyi_near_students(r, other, 1, &list, NULL), PSY_OK);
    assert_true(list.n <= PSYI_NEAR_TOLD);
    for (size_t i = 0; i < list.n; i++)
        assert_int_not_equal(list.near[i].rule, fine);
    assert_true(psyi_exceedance_of(r->book, &r->cases, r->verdicts, r->students[young].first_case) >
                0); /* of the quotient */
    /* Ranges far beyond what a score can be keep no score from being one. */
    const psy_instrument *const edges = w.plan->uses[0].instrument;
    const uint32_t sheet = r->cases.sheets[r->students[young].first_case];
    assert_int_equal(
        psyi_scores_value(r->cases.scores[0], (size_t)psyi_find_scale(edges, "vast"), sheet).num,
        100000000);
    assert_int_equal(
        psyi_scores_value(r->cases.scores[0], (size_t)psyi_find_scale(edges, "debt"), sheet).num,
        -100000000);
    ward_close(&w);
}

static void test_precision(void **state)
{
    (void)state;
    ward w;
    run_rows(&w);
    const psy_instrument *const edges = w.plan->uses[0].instrument;
    const unsigned quotient = (unsigned)psyi_find_scale(edges, "quotient");
    bool stated;
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    assert_true(psyi_sem(w.plan, 0, quotient, &stated) == 1 && stated);
    /* A score that is always the same has no error to stand in. */
    assert_true(psyi_sem(w.plan, 0, (unsigned)psyi_find_scale(edges, "nothing"), &stated) == 0);
    assert_false(stated);
    /* The score has no ends at which an interval could stop: 1 +- 1.96. */
    psyi_sem_words(w.plan, 0, quotient, 1, true, PSYI_EN, &text);
    assert_string_equal(text.data, " (SEM -1 to 3)");
    /* Of scores in no battery nothing stands in. */
    psyi_buffer_clear(&text);
    assert_int_equal(psyi_stand_in_words(w.results->book, 0, 9, PSYI_EN, &text), 0);
    assert_int_equal(text.length, 0);
    /* A score without a range has no tenth of it, a stated precision needs nothing in its place. */
    psyi_buffer_clear(&text);
    assert_int_equal(psyi_stand_in_words(w.results->book, 1, 9, PSYI_EN, &text), 3);
    assert_string_equal(text.data, "EDGES total, EDGES fine, EDGES large");
    psyi_buffer_clear(&text);
    /* "<= 1" is no cut of a score that is worse when high, and so the later rule names it. */
    assert_int_equal(psyi_stand_in_words(w.results->book, 2, 9, PSYI_EN, &text), 1);
    assert_string_equal(text.data, "PHQ-9 Total");
    psyi_buffer_done(&text);
    ward_close(&w);
}

static psy_status ask_cuts(const psy_allocator *allocator, void *context)
{
    const ward *const w = context;
    psyi_arena arena;
    psyi_cut *cuts = PSY_UNTOUCHED;
    size_t n = 0;
    psyi_arena_init(&arena, allocator);
    const psy_status status = psyi_cuts(w->results->book, &arena, &cuts, &n, NULL);
    if (status != PSY_OK)
        psy_assert_untouched(cuts);
    else
        assert_int_equal(n, 7); /* wrong_way, score, quotient, between, slope, fine, large */
    psyi_arena_done(&arena);
    return status;
}

static psy_status ask_second(const psy_allocator *allocator, void *context)
{
    const ward *const w = context;
    psyi_rulebook book = *w->results->book;
    uint8_t second[8] = {0};
    book.allocator = allocator;
    assert_true(w->results->cases.n <= sizeof second);
    return psyi_second_run(&book, &w->results->cases, 0, 1, second, NULL);
}

static void test_cuts_without_memory(void **state)
{
    (void)state;
    ward w;
    run_rows(&w);
    assert_true(psy_sweep(ask_cuts, &w) > 0);
    assert_true(psy_sweep(ask_second, &w) > 0);
    ward_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_marks_of_an_instruments_norm),
        cmocka_unit_test(test_scores_without_value),
        cmocka_unit_test(test_a_critical_flag_on_a_score),
        cmocka_unit_test(test_a_use_in_no_file),
        cmocka_unit_test(test_who_is_asked),
        cmocka_unit_test(test_distances),
        cmocka_unit_test(test_precision),
        cmocka_unit_test(test_cuts_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
