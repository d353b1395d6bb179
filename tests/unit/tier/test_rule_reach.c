/*
 * test_rule_reach.c -- rules of every shape over an instrument of every shape: limits at either
 * end, ranges, negations, two limits on one score, filters by grade and stage, a second pass in
 * one battery alone; and that the distance to a cut, the what-if table and the verdict agree.
 */
#include "screening_ward.h"
#include "tier/nearness.h"
#include "tier/reason_values.h"
#include "tier/rule_block.h"
#include "tier/shifted.h"
#include "tier/what_if.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char HEAD[] =
    "format: psyscreen/plan/1\nid: ward\nname: {en: Ward}\nwave: 2026-autumn\n"
    "identity: {output: plain}\n"
    "inputs:\n"
    "  responses:\n"
    "    encoding: utf-8\n"
    "    columns: {student: student, school: school, grade: grade, sex: sex}\n"
    "    items: {one: \"one_{id}\", other: \"other_{id}\", rses: \"R{n}\", phq9: \"P{n}\"}\n"
    "    codes: {sex: {m: male, f: female}}\n"
    "    missing: {refused: [\"-\"]}\n"
    "    dates: ymd\n"
    "uses:\n"
    "  one: {instrument: constructs, variant: plain, informant: self}\n"
    "  other: {instrument: constructs, variant: higher, informant: parent}\n"
    "  rses: {instrument: rses, informant: self}\n"
    "  phq9: {instrument: phq9, edition: \"2001\", informant: self}\n"
    "batteries:\n"
    "  - {id: young, when: \"student.grade in 1..6\", uses: [one], second: {when: \"one.mixed >= "
    "20\", uses: [rses]}}\n"
    "  - {id: old, when: \"student.grade in 7..12\", uses: [one, rses, phq9], second: {when: "
    "\"one.mixed >= "
    "25\", uses: [other]}}\n"
    "duplicates: manual\n"
    "norms: [{id: a, scale: one.mixed, local: {by: [sex], min_n: 3, below: pool}, metrics: [t]}, "
    "{id: b, scale: rses.total, local: {by: [sex], min_n: 3, below: pool}, metrics: [z, t]}]\n"
    "validity: {rules: [{id: v1, when: \"one.as_zero >= 6\", status: retest, text: {en: v1}}, {id: "
    "v2, when: \"one.as_zero >= 4\", status: doubtful, text: {en: v2}}]}\n"
    "tiers:\n  scheme: three_first_worst\n"
    "  precision: {phq9.total: {sem: 2, cite: \"made up\"}}\n  rules:\n";
static const char TAIL[] = "duty: {urgent: {hours: 24, who: a}, review: {hours: 72, who: b}}\n"
                           "outputs: {language: [zh, en], small_cell: 5}\n";

static const struct {
    const char *id, *more, *when;
    int rank;
} RULES[] = {
    {"low", "", "rses.total <= 15", 2},
    {"low_in", "", "rses.total in 0..20", 1},
    {"low_strict", "", "rses.total < 12", 3},
    {"high_in", "", "one.mixed in 25..90", 1},
    {"strict", "", "one.mixed > 22", 1},
    {"negated", "", "not (one.mixed < 30)", 1},
    {"equal", "", "one.as_zero == 4 and one.mixed >= 3", 1},
    {"other_end", "", "one.as_zero < 3 and phq9.total > 4", 1},
    {"twice", "", "one.as_zero >= 3 and one.as_zero >= 6", 2},
    {"of_grades", "grades: 7..8, ", "one.mixed >= 12", 1},
    {"of_stage", "stages: [junior], grades: 8..12, ", "one.mixed >= 12", 2},
    {"of_girls", "sex: female, ", "phq9.total >= 5", 2},
    {"clock", "", "one.item(bed) >= 60 and one.item(bed) != 90.5 and one.mixed >= 12", 1},
    {"hours", "", "one.item(slept) < 6 and one.mixed >= 12", 1},
    {"bands", "", "one.turned.band == bad or one.all_of.band >= raised", 1},
    {"derived", "", "one.ratio > 1 and one.mixed >= 20", 1},
    {"flags", "", "one.high_mixed and not one.odd", 1},
    {"norm_a", "", "one.mixed.t@a >= 65", 1},
    {"norm_b", "", "rses.total.z@b <= -1.5", 1},
    {"same", "", "phq9.total >= 5", 1},
    {"severe", "", "phq9.total >= 18", 3},
    {"sooner", "", "phq9.total >= 3", 1},
    {"as_near", "", "phq9.total >= 3", 2},
    {"in_brackets", "", "(phq9.total >= 19)", 3},
    {"or_flag", "", "phq9.total >= 20 or phq9.mds", 3},
    {"within_or", "", "one.mixed >= 95 or one.mixed >= 40", 3},
    {"by_item", "", "one.item(3) >= 1 and one.mixed in 30..200", 2},
    {"counted", "", "count(one.items(1..6) >= 2) >= 5", 1},
    {"refused", "", "one.item(1) >= 2", 1},
    {"as_given", "", "one.answer(8) >= 3 and one.answer(slept) >= 5", 1},
    {"sum", "", "(one.mixed >= 30) + (rses.total <= 15) + (phq9.total > 5) >= 2", 2},
    {"sum_not", "", "(one.mixed > 26) + (not (rses.total > 15)) + (phq9.total in 4..9) == 2", 1},
    {"low_beside", "", "rses.total <= 15 and one.mixed >= 12", 3},
};
enum { N_RULES = sizeof RULES / sizeof *RULES, STUDENTS = 150 };

static const char *const INSTRUMENTS[] = {"../tests/unit/score/constructs", "rses", "phq9", NULL};

static uint64_t seed = 7;

static unsigned below(unsigned n)
{
    return psy_test_below(&seed, n);
}

static void add_header(psyi_buffer *out, const psy_plan *plan, unsigned use, const char *pattern)
{
    const psy_instrument *const of = plan->uses[use].instrument;
    for (size_t i = 0; i < of->n_items; i++) {
        psyi_buffer_char(out, ',');
        psyi_buffer_format(out, pattern, of->items[i].id);
    }
}

/* One answer of a use: mostly one that is there. */
static void add_answer(psyi_buffer *out, const psy_plan *plan, unsigned use, size_t item, bool well)
{
    const psy_instrument *const of = plan->uses[use].instrument;
    const psyi_response *const response = &of->responses[of->items[item].response];
    const unsigned gap = below(60);
    psyi_buffer_char(out, ',');
    if (gap == 0)
        return;
    if (gap == 1)
        psyi_buffer_char(out, '-');
    else if (well && use == 3)
        psyi_buffer_char(out, below(9) == 0 ? '1' : '0');
    else if (response->kind == PSYI_CLOCK)
        psyi_buffer_format(out, "%02u:%02u", below(24), below(60));
    else if (response->kind != PSYI_CODED)
        psyi_buffer_format(out, "%u.25", below(23));
    else
        psyi_buffer_format(out, "%u",
                           strcmp(of->id, "constructs") == 0 && response->n_codes == 5
                               ? 1 + below(5)
                               : below(response->n_codes));
}

/* With the rules from `first` on. */
static void open_rules(ward *w, size_t first)
{
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    psyi_buffer_text(&text, HEAD);
    for (size_t i = first; i < N_RULES; i++)
        psyi_buffer_format(&text, "    - {id: %s, rank: %d, %swhen: \"%s\"}\n", RULES[i].id,
                           RULES[i].rank, RULES[i].more, RULES[i].when);
    psyi_buffer_text(&text, TAIL);
    ward_open_text(w, text.data, INSTRUMENTS);
    psyi_buffer_done(&text);
}

static void open_plan(ward *w)
{
    open_rules(w, 0);
}

static void run_random(ward *w)
{
    psyi_buffer text;
    psy_error error = {.status = PSY_OK};
    psyi_buffer_init(&text, NULL);
    psyi_buffer_text(&text, "student,school,grade,sex");
    static const char *const patterns[] = {"one_%s", "other_%s", "R%s", "P%s"};
    for (unsigned use = 0; use < 4; use++)
        add_header(&text, w->plan, use, patterns[use]);
    psyi_buffer_char(&text, '\n');
    for (unsigned i = 0; i < STUDENTS; i++) {
        static const char *const sexes[] = {"m", "f", ""};
        const unsigned grade = i % 14;
        psyi_buffer_format(&text, "S%u,A,", i);
        if (grade > 0 && grade < 13)
            psyi_buffer_format(&text, "%u", grade);
        psyi_buffer_format(&text, ",%s", sexes[i % 3]);
        for (unsigned use = 0; use < 4; use++) {
            const bool given = use == 1 ? i % 5 == 0 : below(12) != 0;
            for (size_t item = 0; item < w->plan->uses[use].instrument->n_items; item++)
                if (given)
                    add_answer(&text, w->plan, use, item, i % 4 == 0);
                else
                    psyi_buffer_char(&text, ',');
        }
        psyi_buffer_char(&text, '\n');
    }
    if (ward_try_text(w, NULL, text.data, 1, NULL, &error) != PSY_OK)
        fail_msg("%s", error.message);
    psyi_buffer_done(&text);
}

static psyi_workspace *workspace_of(const psyi_rulebook *book)
{
    psyi_workspace *workspace = NULL;
    assert_int_equal(psyi_workspace_new(&workspace, book->programs, book->n_programs, NULL, NULL),
                     PSY_OK);
    return workspace;
}

/* Where a cut stands now: its constant, or the upper end of a range on a score that is worse
 * when low. */
static psyi_ratio standing(const psy_plan *plan, const psyi_comparison *comparison)
{
    const psyi_scale *const scale =
        psyi_use_scale(plan, psyi_column_use(comparison->id), psyi_column_index(comparison->id));
    return comparison->compare == PSYI_IN && scale->worse_low ? comparison->upper
                                                              : comparison->constant;
}

/* With the cut where it stands, the what-if table says what the run said; with the cut moved to
 * the milder side it fires for no fewer. */
static void test_what_if_agrees_with_the_verdict(void **state)
{
    (void)state;
    ward w;
    psyi_cut *cuts;
    size_t n_cuts, fired = 0;
    psyi_arena arena;
    open_plan(&w);
    run_random(&w);
    const psyi_results *const r = w.results;
    psyi_arena_init(&arena, NULL);
    assert_int_equal(psyi_cuts(r->book, &arena, &cuts, &n_cuts, NULL), PSY_OK);
    assert_true(n_cuts > 12);
    psyi_workspace *const workspace = workspace_of(r->book);
    bool same_rule = false;
    for (size_t c = 0; c < n_cuts; c++) {
        const psyi_ratio now = standing(w.plan, &cuts[c].comparison);
        const psyi_scale *const scale =
            psyi_use_scale(w.plan, psyi_column_use(cuts[c].comparison.id),
                           psyi_column_index(cuts[c].comparison.id));
        const psyi_ratio step = psyi_ratio_make(scale->worse_low ? 2 : -2, 1);
        same_rule = same_rule || cuts[c].same > 0;
        for (size_t b = 0; b * PSYI_LANES < r->cases.n; b++) {
            const psyi_mask fires = psyi_fires_at(r->book, &r->cases, b, &cuts[c], now, workspace);
            const psyi_mask yes = r->verdicts->yes[cuts[c].rule * r->verdicts->n_blocks + b];
            if (fires != yes)
                fail_msg("%s at its own cut: %llx, the run has %llx",
                         r->book->rules[cuts[c].rule].id, (unsigned long long)fires,
                         (unsigned long long)yes);
            fired += (size_t)__builtin_popcountll(fires);
            const psyi_mask milder = psyi_fires_at(r->book, &r->cases, b, &cuts[c],
                                                   psyi_ratio_add(now, step), workspace);
            if (cuts[c].comparison.compare != PSYI_IN && cuts[c].same == 0 &&
                strstr(psyi_program_text(r->book->rules[cuts[c].rule].rule->when), "==") == NULL)
                assert_int_equal(yes & ~milder, 0);
        }
    }
    assert_true(same_rule && fired > 200);
    psyi_workspace_free(workspace);
    psyi_arena_done(&arena);
    ward_close(&w);
}

/* The least a score of a case has to move for a rule of a rank above `tier` to fire, asked of every
 * cut of every rule in full; 0 where none does. */
static psyi_ratio least_move(const psyi_results *r, size_t item, int tier, uint32_t column,
                             psyi_workspace *workspace)
{
    const psyi_rule_block block = psyi_rule_block_at(r->book, &r->cases, item, 1);
    const psyi_block base = psyi_rule_block_values(&block);
    const psyi_person *const person = &r->cases.people[item];
    psyi_ratio least = {0, 1};
    psyi_numbers was;
    base.number(base.context, column, &was);
    for (size_t at = r->book->n_critical; at < r->book->n_rules && (was.known & 1) != 0; at++) {
        const psyi_book_rule *const rule = &r->book->rules[at];
        const psyi_comparison *cuts;
        const size_t n = psyi_program_comparisons(rule->rule->when, &cuts);
        for (size_t i = 0; i < n; i++) {
            const psyi_ratio by = psyi_distance(r->book, &cuts[i], was.value[0]);
            const bool low =
                psyi_use_scale(r->plan, psyi_column_use(column), psyi_column_index(column))
                    ->worse_low;
            psyi_numbers moved = was;
            psyi_truths truths;
            if (cuts[i].id != column || !psyi_is_cut(r->book, &cuts[i]) || rule->rank <= tier ||
                by.den == 0 || by.num <= 0 ||
                psyi_rule_concerns(rule->rule, person->grade, person->sex) != 1)
                continue;
            psyi_shift(&moved, 0, low ? psyi_ratio_make(-by.num, by.den) : by);
            const psyi_shifted shifted = {.base = base, .column = column, .numbers = &moved};
            const psyi_block values = psyi_shifted_values(&shifted);
            psyi_program_truth(rule->rule->when, &values, workspace, &truths, NULL);
            if ((truths.yes & ~truths.absent & 1u) != 0 &&
                (least.num == 0 || psyi_ratio_compare(by, least) < 0))
                least = by;
        }
    }
    return least;
}

static void check_near(const psyi_results *r, size_t s, const psyi_near_list *list,
                       psyi_workspace *workspace, size_t *found, size_t *none)
{
    size_t at = 0;
    for (unsigned use = 0; use < r->plan->n_uses; use++)
        for (size_t scale = 0; scale < r->plan->uses[use].instrument->n_scales; scale++) {
            const uint32_t column = psyi_column(PSYI_COLUMN_SCORE, use, (unsigned)scale, 0);
            const psyi_ratio least = least_move(r, s, r->students[s].tier, column, workspace);
            const psyi_near *const near = &list->near[at];
            const bool has = at < list->n && near->use == use && near->scale == scale;
            if (has != (least.num > 0) || (has && psyi_ratio_compare(near->distance, least) != 0))
                fail_msg("%s of %s: %s, asked in full %lld/%lld", r->students[s].code,
                         r->plan->uses[use].instrument->scales[scale].id, has ? "near" : "not near",
                         (long long)least.num, (long long)least.den);
            at += has;
            *found += has;
            *none += !has;
        }
    assert_int_equal(at, list->n);
}

static double share(const psy_plan *plan, const psyi_near *near)
{
    const psyi_scale *const scale = psyi_use_scale(plan, near->use, near->scale);
    const double range = psyi_ratio_double(scale->high) - psyi_ratio_double(scale->low);
    return psyi_ratio_double(near->distance) / (range > 0 ? range : 100);
}

/* All are counted, and those that are told are the nearest. */
static void check_nearest(const psy_plan *plan, const psyi_near_list *list,
                          const psyi_near_told *nearest)
{
    size_t nearer = 0;
    assert_int_equal(nearest->n, list->n);
    const size_t told = list->n < PSYI_NEAR_TOLD ? list->n : PSYI_NEAR_TOLD;
    for (size_t i = 1; i < told; i++)
        assert_true(share(plan, &nearest->near[i - 1]) <= share(plan, &nearest->near[i]));
    for (size_t i = 0; i < list->n && told > 0; i++)
        nearer += share(plan, &list->near[i]) < share(plan, &nearest->near[told - 1]);
    assert_true(nearer < PSYI_NEAR_TOLD);
}

/* Nothing that is near is left out, and nothing is said to be farther than it is. */
static void test_all_that_is_near_is_found(void **state)
{
    (void)state;
    ward w;
    size_t found = 0, none = 0;
    open_plan(&w);
    run_random(&w);
    const psyi_results *const r = w.results;
    psyi_workspace *const workspace = workspace_of(r->book);
    psyi_near_told *const nearest = malloc(r->n_students * sizeof *nearest);
    psyi_nearness *nearness = NULL;
    assert_non_null(nearest);
    assert_int_equal(psyi_near_students(r, 0, r->n_students, nearest, NULL), PSY_OK);
    assert_int_equal(psyi_nearness_new(&nearness, r->book, NULL, NULL), PSY_OK);
    assert_int_equal(r->cases.n, r->n_students);
    for (size_t first = 0; first < r->n_students; first += PSYI_LANES) {
        /* All at once: what is asked of one lane must not hang on another. */
        const size_t left = r->n_students - first, n = left < PSYI_LANES ? left : PSYI_LANES;
        psyi_near_list lists[PSYI_LANES];
        int8_t tiers[PSYI_LANES];
        for (size_t i = 0; i < n; i++)
            tiers[i] = r->students[first + i].tier;
        psyi_near_run(nearness, &r->cases, first, n, tiers, lists);
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(r->students[first + i].first_case, first + i);
            check_near(r, first + i, &lists[i], workspace, &found, &none);
            check_nearest(w.plan, &lists[i], &nearest[first + i]);
        }
    }
    if (found < 60 || none < 60)
        fail_msg("%zu near, %zu not", found, none);
    psyi_nearness_free(nearness);
    free(nearest);
    psyi_workspace_free(workspace);
    ward_close(&w);
}

/* How many are near a worse tier; a score that is said to be so far from one reaches it when it is
 * moved that far. */
static size_t count_near(const ward *w, size_t *within)
{
    const psyi_results *const r = w->results;
    psyi_workspace *const workspace = workspace_of(r->book);
    psyi_nearness *nearness = NULL;
    size_t n_near = 0;
    assert_int_equal(psyi_nearness_new(&nearness, r->book, NULL, NULL), PSY_OK);
    for (size_t s = 0; s < r->n_students; s++) {
        psyi_near_list list;
        psyi_near_run(nearness, &r->cases, r->students[s].first_case, 1, &r->students[s].tier,
                      &list);
        for (size_t i = 0; i < list.n; i++) {
            const psyi_near *const near = &list.near[i];
            assert_true(near->rank > r->students[s].tier || r->students[s].tier == PSYI_NOT_JUDGED);
            assert_true(near->distance.num > 0);
            *within += near->within;
            n_near++;
            const psyi_scale *const scale = psyi_use_scale(w->plan, near->use, near->scale);
            psyi_numbers moved;
            const size_t item = r->students[s].first_case;
            const psyi_rule_block block = psyi_rule_block_at(r->book, &r->cases, item, 1);
            const psyi_block base = psyi_rule_block_values(&block);
            const uint32_t column = psyi_column(PSYI_COLUMN_SCORE, near->use, near->scale, 0);
            base.number(base.context, column, &moved);
            psyi_shift(&moved, 0,
                       scale->worse_low ? psyi_ratio_make(-near->distance.num, near->distance.den)
                                        : near->distance);
            const psyi_shifted shifted = {.base = base, .column = column, .numbers = &moved};
            const psyi_block values = psyi_shifted_values(&shifted);
            bool reached = false;
            for (size_t rule = r->book->n_critical; rule < r->book->n_rules && !reached; rule++) {
                psyi_truths truths;
                if (r->book->rules[rule].rank != near->rank)
                    continue;
                psyi_program_truth(r->book->rules[rule].rule->when, &values, workspace, &truths,
                                   NULL);
                reached = (truths.yes & ~truths.absent & 1u) != 0;
            }
            if (!reached)
                fail_msg("%s is not reached from %s", scale->id, r->students[s].code);
        }
    }
    psyi_nearness_free(nearness);
    psyi_workspace_free(workspace);
    return n_near;
}

static void test_what_is_near_gets_there(void **state)
{
    (void)state;
    ward w;
    open_plan(&w);
    run_random(&w);
    size_t within = 0;
    const size_t n_near = count_near(&w, &within);
    if (n_near < 60 || within < 5)
        fail_msg("only %zu are near, %zu within the error", n_near, within);
    ward_close(&w);
    /* A low score that is worse, tried together with the rest of its rule. */
    open_rules(&w, N_RULES - 1);
    run_random(&w);
    assert_true(count_near(&w, &within) > 0); /* most have a worse tier by an item */
    ward_close(&w);
}

/* With a rule for each score of four questionnaires most are near it by more scores than any list
 * is long: all are counted, and none of the nearest is missed. */
static void test_more_than_are_told(void **state)
{
    (void)state;
    static const char *const uses[] = {"one", "other", "rses", "phq9"};
    ward w;
    psyi_buffer text;
    size_t most = 0;
    open_plan(&w);
    psyi_buffer_init(&text, NULL);
    psyi_buffer_text(&text, HEAD);
    for (unsigned use = 0; use < 4; use++)
        for (size_t i = 0; i < w.plan->uses[use].instrument->n_scales; i++) {
            const psyi_scale *const scale = psyi_use_scale(w.plan, use, (unsigned)i);
            const bool bounded = scale->low.den != 0 && scale->high.den != 0;
            psyi_buffer_format(&text, "    - {id: r%u_%zu, rank: 3, when: \"%s.%s %s %lld\"}\n",
                               use, i, uses[use], scale->id, scale->worse_low ? "<=" : ">=",
                               !bounded           ? 7LL
                               : scale->worse_low ? (long long)psyi_ratio_ceil(scale->low).num
                                                  : (long long)psyi_ratio_floor(scale->high).num);
        }
    psyi_buffer_text(&text, TAIL);
    ward_close(&w);
    ward_open_text(&w, text.data, INSTRUMENTS);
    psyi_buffer_done(&text);
    run_random(&w);
    const psyi_results *const r = w.results;
    psyi_nearness *nearness = NULL;
    assert_int_equal(psyi_nearness_new(&nearness, r->book, NULL, NULL), PSY_OK);
    for (size_t s = 0; s < r->n_students; s++) {
        psyi_near_list list;
        psyi_near_told nearest;
        psyi_near_run(nearness, &r->cases, r->students[s].first_case, 1, &r->students[s].tier,
                      &list);
        assert_int_equal(psyi_near_students(r, s, 1, &nearest, NULL), PSY_OK);
        check_nearest(w.plan, &list, &nearest);
        most = list.n > most ? list.n : most;
    }
    assert_true(most > 16);
    psyi_nearness_free(nearness);
    ward_close(&w);
}

/* Reasons of every rule for every student: never empty, in both languages, nothing told twice. */
static psy_status take_value(void *context, const psyi_reason_value *value, psy_error *error)
{
    size_t *const n = context;
    (void)error;
    assert_non_null(value->state);
    /* A number that is known needs no bounds; bounds are in order. */
    if (value->low.den != 0 && value->high.den != 0)
        assert_true(psyi_ratio_compare(value->low, value->high) <= 0);
    ++*n;
    return PSY_OK;
}

static psy_status stop_at_once(void *context, const psyi_reason_value *value, psy_error *error)
{
    size_t *const n = context;
    (void)value;
    (void)error;
    ++*n;
    return PSY_E_CANCELLED;
}

static void test_reasons_of_everything(void **state)
{
    (void)state;
    ward w;
    psyi_buffer text;
    open_plan(&w);
    run_random(&w);
    const psyi_results *const r = w.results;
    psyi_buffer_init(&text, NULL);
    size_t n = 0, refused = 0, clocks = 0, stopped = 0;
    for (size_t s = 0; s < r->n_students; s++)
        for (size_t rule = 0; rule < r->book->n_rules; rule++) {
            for (int language = 0; language < 2; language++) {
                psyi_buffer_clear(&text);
                psyi_explain(r, s, rule, language == 0 ? PSYI_EN : PSYI_ZH, &text);
                assert_true(!text.failed && text.length > 0);
                refused += strstr(text.data, "= refused") != NULL;
                clocks += strstr(text.data, "bed = ") != NULL;
            }
            assert_int_equal(psyi_reason_values(r->book, &r->cases, r->students[s].first_case, rule,
                                                take_value, &n, NULL),
                             PSY_OK);
        }
    assert_true(n > 2000 && refused > 0 && clocks > 0);
    assert_int_equal(psyi_reason_values(r->book, &r->cases, 0, r->book->n_rules - 1, stop_at_once,
                                        &stopped, NULL),
                     PSY_E_CANCELLED);
    assert_int_equal(stopped, 1);
    for (size_t rule = 0; rule < r->book->n_rules; rule++) /* further values are not told */
        psyi_reason_values(r->book, &r->cases, 0, rule, stop_at_once, &stopped, NULL);
    assert_in_range(stopped, 2, 1 + r->book->n_rules);
    psyi_buffer_done(&text);
    ward_close(&w);
}

/* A filter speaks of the grades it names, and of no others. */
static void test_filters_by_grade(void **state)
{
    (void)state;
    ward w;
    open_plan(&w);
    run_random(&w);
    const psyi_results *const r = w.results;
    size_t rule_of_grades = 0, rule_of_stage = 0, seen = 0;
    for (size_t i = 0; i < r->book->n_rules; i++) {
        if (strcmp(r->book->rules[i].id, "of_grades") == 0)
            rule_of_grades = i;
        if (strcmp(r->book->rules[i].id, "of_stage") == 0)
            rule_of_stage = i;
    }
    for (size_t s = 0; s < r->n_students; s++) {
        const int grade = r->students[s].grade;
        if (psyi_fired(r, s, rule_of_grades))
            assert_true(grade == 7 || grade == 8);
        if (psyi_fired(r, s, rule_of_stage)) /* of junior school, from grade 8 */
            assert_true(grade == 8 || grade == 9);
        seen += psyi_fired(r, s, rule_of_grades) + psyi_fired(r, s, rule_of_stage);
    }
    assert_true(seen > 10);
    ward_close(&w);
}

/* Blocks are worked on apart: what belongs to others is not touched. */
static void test_second_pass_of_one_block(void **state)
{
    (void)state;
    ward w;
    uint8_t second[STUDENTS] = {0};
    size_t asked = 0;
    open_plan(&w);
    run_random(&w);
    const psyi_results *const r = w.results;
    assert_int_equal(r->cases.n, STUDENTS);
    assert_int_equal(psyi_second_run(r->book, &r->cases, 0, 1, second, NULL), PSY_OK);
    for (size_t i = 0; i < STUDENTS; i++) {
        assert_int_equal(second[i], i < PSYI_LANES ? r->cases.second[i] : 0);
        asked += second[i];
    }
    assert_in_range(asked, 3, PSYI_LANES - 3);
    uint8_t effect[STUDENTS] = {0};
    uint16_t which[STUDENTS];
    memset(which, 0xAA, sizeof which);
    assert_int_equal(psyi_validity_run(r->book, &r->cases, 0, 1, effect, which, NULL), PSY_OK);
    for (size_t i = PSYI_LANES; i < STUDENTS; i++)
        assert_true(effect[i] == 0 && which[i] == 0xAAAA);
    ward_close(&w);
}

/* A range on a score that is worse when low is reached from above its upper end. */
static void test_distance_to_a_range(void **state)
{
    (void)state;
    ward w;
    open_plan(&w);
    run_random(&w);
    for (size_t i = 0; i < w.results->book->n_rules; i++) {
        const psyi_comparison *comparisons;
        if (strcmp(w.results->book->rules[i].id, "low_in") != 0)
            continue;
        assert_int_equal(
            psyi_program_comparisons(w.results->book->rules[i].rule->when, &comparisons), 1);
        assert_int_equal(psyi_distance(w.results->book, comparisons, psyi_ratio_make(25, 1)).num,
                         5);
        assert_int_equal(psyi_distance(w.results->book, comparisons, psyi_ratio_make(20, 1)).num,
                         0);
    }
    ward_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_if_agrees_with_the_verdict),
        cmocka_unit_test(test_what_is_near_gets_there),
        cmocka_unit_test(test_all_that_is_near_is_found),
        cmocka_unit_test(test_more_than_are_told),
        cmocka_unit_test(test_reasons_of_everything),
        cmocka_unit_test(test_filters_by_grade),
        cmocka_unit_test(test_second_pass_of_one_block),
        cmocka_unit_test(test_distance_to_a_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
