/* test_instrument_model.c -- what the loader makes of an instrument. */
#include "definition_fixture.h"

#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void assert_ratio(psyi_ratio found, int64_t num, int64_t den)
{
    assert_int_equal(found.num, num);
    assert_int_equal(found.den, den);
}

/* ---- ranges -------------------------------------------------------------------------------- */

/* The rest of scale x over items 1..4 of 0..3, and item 5 of 0..10. */
static const struct {
    const char *name, *scale;
    int64_t low_num, low_den, high_num, high_den;
    bool integer;
} ranges[] = {
    {"sum", "items: 1..4, score: sum", 0, 1, 12, 1, true},
    {"mean", "items: 1..4, score: mean", 0, 1, 3, 1, false},
    {"mean of one item", "items: [2], score: mean", 0, 1, 3, 1, true},
    {"sum with another range", "items: 1..5, score: sum", 0, 1, 22, 1, true},
    {"doubled", "items: 1..4, score: sum, steps: [{multiply: 2}]", 0, 1, 24, 1, true},
    {"1.25 times", "items: 1..4, score: sum, steps: [{multiply: 1.25}]", 0, 1, 15, 1, false},
    {"1.25 times, cut", "items: 1..3, score: sum, steps: [{multiply: 1.25}, floor]", 0, 1, 11, 1,
     true},
    {"turned round", "items: 1..4, score: sum, steps: [{multiply: -1}, {add: 12}]", 0, 1, 12, 1,
     true},
    /* Four items answered of five, the widest among them: 5 x 19/4. */
    {"prorated over unequal items", "items: 1..5, score: sum, missing: {allow: 1, then: prorate}",
     0, 1, 95, 4, true},
    {"prorated and rounded",
     "items: 1..5, score: sum, missing: {allow: 1, then: prorate, round: half_up}", 0, 1, 24, 1,
     true},
    {"prorated over equal items", "items: 1..4, score: sum, missing: {allow: 2, then: prorate}", 0,
     1, 12, 1, true},
    {"mean of the answered", "items: 1..5, score: mean, missing: {allow: 4, then: mean}", 0, 1, 10,
     1, false},
    {"expression", "score: \"2 * item(1) + item(5)\"", 0, 1, 16, 1, true},
    {"expression with a declared range", "score: \"item(1) / item(2)\", range: 0..3", 0, 1, 3, 1,
     false},
    {"composite", "parts: [p, q]", 0, 1, 19, 1, true},
};

static char *with_scale(const char *scale)
{
    char text[2000];
    snprintf(text, sizeof text,
             "format: psyscreen/instrument/1\nid: mine\nedition: \"1\"\nname: x\n"
             "informants: [self]\n"
             "responses: {few: {codes: 0..3}, many: {codes: 0..10}}\n"
             "items:\n  - {ids: 1..4, response: few}\n  - {ids: 5, response: many}\n"
             "scales:\n  x: {%s, worse: high}\n"
             "  p: {items: 1..3, score: sum, worse: high}\n"
             "  q: {items: 5, score: sum, worse: high}\n",
             scale);
    return strdup(text);
}

static void test_scale_range_follows_from_items_and_rules(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        print_message("  %s\n", ranges[i].name);
        char *const text = with_scale(ranges[i].scale);
        psy_instrument *const instrument = fixture_load(text);
        const psyi_scale *const scale = &instrument->scales[0];
        assert_ratio(scale->low, ranges[i].low_num, ranges[i].low_den);
        assert_ratio(scale->high, ranges[i].high_num, ranges[i].high_den);
        assert_int_equal(scale->integer, ranges[i].integer);
        psy_instrument_free(instrument);
        free(text);
    }
}

/* ---- items --------------------------------------------------------------------------------- */

static const char item_text[] =
    "format: psyscreen/instrument/1\n"
    "id: mine\n"
    "edition: \"1\"\n"
    "name: x\n"
    "informants: [parent, teacher]\n"
    "responses:\n"
    "  often: {codes: [0, 1, 2, 3], aliases: {Always: 3}, refused: [8], not_applicable: [9]}\n"
    "  minutes: {number: 0..24.5, decimals: 1}\n"
    "  bed: {clock: true}\n"
    "items:\n"
    "  - {ids: [1..3, 7], response: often, names: [first, null, third, last]}\n"
    "  - {ids: [extra], response: often, map: {0: 0, 1: 1, 2: 3, 3: 5}, part: more}\n"
    "  - {ids: [q_len], response: minutes}\n"
    "  - {ids: [q_bed], response: bed, scored: false}\n"
    "reverse: [3, extra]\n"
    "parts: {more: {optional: true, name: {en: More, zh: 更多}}}\n"
    "gates:\n"
    "  - {id: none, when: \"item(1) == 0\", skips: [2, third], value: 1}\n"
    "form: {max_blank: 2}\n"
    "scales:\n"
    "  total: {items: [1..3, last], score: sum, worse: low}\n"
    "  both: {items: {all_of: [total, more]}, score: sum, worse: high}\n"
    "  more: {items: [third, extra], score: sum, worse: high}\n"
    "  late: {items: last..q_len, score: mean, worse: high}\n";

static void test_items_get_their_canonical_scores(void **state)
{
    (void)state;
    psy_instrument *const it = fixture_load(item_text);
    assert_int_equal(it->n_items, 7);
    assert_int_equal(it->informants, 1 << PSYI_INFORMANT_PARENT | 1 << PSYI_INFORMANT_TEACHER);
    assert_int_equal(psyi_find_item(it, "7"), 3);
    assert_int_equal(psyi_find_item(it, "last"), 3);
    assert_int_equal(psyi_find_item(it, "extra"), 4);
    assert_int_equal(psyi_find_item(it, "4"), PSYI_NO_INDEX);
    assert_null(it->items[1].name);
    const int32_t reversed[] = {3, 2, 1, 0}, mapped[] = {5, 4, 2, 0};
    assert_memory_equal(it->items[2].scores, reversed, sizeof reversed);
    assert_memory_equal(it->items[4].scores, mapped, sizeof mapped);
    assert_true(it->items[2].reversed && !it->items[1].reversed);
    assert_int_equal(it->items[5].scale, 10);
    assert_int_equal(it->items[5].high, 245);
    assert_int_equal(it->items[6].high, 1439);
    assert_false(it->items[6].scored);
    assert_int_equal(it->items[4].part, 0);
    assert_true(it->parts[0].optional);
    assert_int_equal(it->responses[0].n_aliases, 1);
    assert_int_equal(it->responses[0].refused[0], 8);
    assert_int_equal(it->responses[0].not_applicable[0], 9);
    psy_instrument_free(it);
}

static void test_scales_choose_items_by_number_name_and_scale(void **state)
{
    (void)state;
    psy_instrument *const it = fixture_load(item_text);
    const uint16_t total[] = {0, 1, 2, 3}, both[] = {0, 1, 2, 3, 4}, late[] = {3, 4, 5};
    assert_int_equal(it->scales[0].n_items, 4);
    assert_memory_equal(it->scales[0].items, total, sizeof total);
    assert_int_equal(it->scales[1].n_items, 5);
    assert_memory_equal(it->scales[1].items, both, sizeof both);
    assert_int_equal(it->scales[3].n_items, 3);
    assert_memory_equal(it->scales[3].items, late, sizeof late);
    assert_true(it->scales[0].worse_low);
    psy_instrument_free(it);
}

static void test_names_may_be_a_mapping(void **state)
{
    (void)state;
    char *const text =
        fixture_replace(fixture_instrument, "names: [a, b, c, d]", "names: {4: d, 1: first}");
    psy_instrument *const it = fixture_load(text);
    assert_int_equal(psyi_find_item(it, "first"), 0);
    assert_int_equal(psyi_find_item(it, "d"), 3);
    assert_null(it->items[1].name);
    psy_instrument_free(it);
    free(text);
}

static void test_expressions_may_read_the_items_of_a_scale(void **state)
{
    (void)state;
    char *const text =
        fixture_replace(fixture_instrument, "flags:\n",
                        "  twice: {score: \"2 * sum(scale(total).items)\", worse: high}\nflags:\n");
    psy_instrument *const it = fixture_load(text);
    assert_ratio(it->scales[1].high, 24, 1);
    assert_int_equal(it->scales[1].n_items, 4);
    psy_instrument_free(it);
    free(text);
}

static void test_small_questions_have_small_answers(void **state)
{
    (void)state;
    psy_instrument *const it = fixture_load(fixture_instrument);
    assert_int_equal(psyi_find_scale(it, "total"), 0);
    assert_int_equal(psyi_find_scale(it, "none"), PSYI_NO_INDEX);
    assert_int_equal(psyi_find_flag(it, "critical_unanswered"), 1);
    assert_int_equal(psyi_find_flag(it, "none"), PSYI_NO_INDEX);
    psy_instrument_free(it);
    assert_int_equal(psyi_stage_of(0), PSYI_STAGE_UNKNOWN);
    assert_int_equal(psyi_stage_of(6), PSYI_STAGE_PRIMARY);
    assert_int_equal(psyi_stage_of(7), PSYI_STAGE_JUNIOR);
    assert_int_equal(psyi_stage_of(12), PSYI_STAGE_SENIOR);
    assert_int_equal(psyi_stage_of(16), PSYI_STAGE_TERTIARY);
    assert_int_equal(psyi_stage_of(17), PSYI_STAGE_UNKNOWN);
    assert_string_equal(psyi_confidence_name(PSYI_CONFLICT), "conflict");
    assert_string_equal(psyi_metric_name(PSYI_METRIC_PERCENTILE), "percentile");
    assert_int_equal(psyi_metric_decimals(PSYI_METRIC_Z), 2);
    assert_string_equal(psyi_field_name(PSYI_FIELD_EXEMPT_REASON), "exempt_reason");
    assert_string_equal(psyi_label_text((psyi_label){NULL, "总分"}, PSYI_EN, "x"), "总分");
    assert_string_equal(psyi_label_text((psyi_label){NULL, NULL}, PSYI_EN, "x"), "x");
}

static void test_gates_and_form_are_kept(void **state)
{
    (void)state;
    psy_instrument *const it = fixture_load(item_text);
    assert_true(it->has_form_gate);
    assert_int_equal(it->form_max_blank, 2);
    assert_int_equal(it->n_gates, 1);
    assert_int_equal(it->gates[0].n_items, 2);
    assert_int_equal(it->gates[0].items[1], 2);
    assert_true(it->gates[0].has_value);
    assert_int_equal(it->gates[0].value, 1);
    psy_instrument_free(it);
}

/* ---- bands, flags, order -----------------------------------------------------------------------
 */

static void test_bands_run_from_best_to_worst(void **state)
{
    (void)state;
    const char *const *ids = NULL;
    psy_instrument *it = fixture_load(fixture_instrument);
    assert_int_equal(psyi_scale_bands(&it->scales[0], 0, &ids), 2);
    assert_string_equal(ids[0], "low");
    assert_string_equal(ids[1], "high");
    assert_int_equal(psyi_scale_bands(&it->scales[0], 1, &ids), 0);
    psy_instrument_free(it);
    char *const text = fixture_replace(fixture_instrument, "worse: high", "worse: low");
    it = fixture_load(text);
    assert_int_equal(psyi_scale_bands(&it->scales[0], 0, &ids), 2);
    assert_string_equal(ids[0], "high");
    assert_string_equal(ids[1], "low");
    assert_true(it->scales[0].band_sets[0].bands[0].bottom);
    psy_instrument_free(it);
    free(text);
}

static void test_band_sets_of_populations(void **state)
{
    (void)state;
    char *const text = fixture_replace(fixture_instrument,
                                       "bands: [{id: low, from: 0, name: {en: low, zh: 低}}, {id: "
                                       "high, from: 6, name: {en: high, zh: 高}}]",
                                       "bands:\n"
                                       "      - {population: cn, sexes: [male], levels: [{id: low, "
                                       "from: 0}, {id: high, from: 6}]}\n"
                                       "      - {population: us, grades: 3..4, levels: [{id: a}, "
                                       "{id: b, above: 2.5}, {id: c, from: 9}]}\n"
                                       "      - {population: cn, sexes: [female], levels: [{id: "
                                       "low, from: 0}, {id: high, from: 7}]}");
    char *const bad = fixture_replace(text, "total.band: low", "total.band@us: b");
    psy_instrument *const it = fixture_load(bad);
    const psyi_scale *const scale = &it->scales[0];
    const char *const *ids = NULL;
    assert_int_equal(scale->n_populations, 2);
    assert_string_equal(scale->populations[1], "us");
    assert_int_equal(scale->n_band_sets, 3);
    assert_int_equal(psyi_scale_bands(scale, 1, &ids), 3);
    assert_string_equal(ids[2], "c");
    assert_int_equal(scale->band_sets[1].who.grade_high, 4);
    assert_int_equal(scale->band_sets[1].who.age_high, -1);
    assert_int_equal(scale->band_sets[2].who.sexes, 1 << PSYI_SEX_FEMALE);
    assert_true(scale->band_sets[1].bands[1].above);
    assert_ratio(scale->band_sets[1].bands[1].from, 5, 2);
    assert_ratio(scale->band_sets[1].bands[0].from, 0, 1);
    assert_int_equal(psyi_scale_population(scale, "us"), 1);
    assert_int_equal(psyi_scale_population(scale, "nowhere"), 0);
    assert_int_equal(psyi_scale_population(scale, NULL), 0);
    psy_instrument_free(it);
    free(text);
    free(bad);
}

static void test_critical_unanswered_comes_by_itself(void **state)
{
    (void)state;
    psy_instrument *it = fixture_load(fixture_instrument);
    assert_int_equal(it->n_flags, 2);
    assert_string_equal(it->flags[1].id, "critical_unanswered");
    assert_int_equal(it->flags[1].kind, PSYI_FLAG_UNANSWERED);
    assert_null(it->flags[1].when);
    assert_int_equal(it->n_critical_items, 1);
    assert_int_equal(it->critical_items[0], 3);
    assert_ratio(it->critical_share, 1, 2);
    psy_instrument_free(it);
    char *text = fixture_replace(fixture_instrument, "critical_review", "note");
    it = fixture_load(text);
    assert_int_equal(it->n_flags, 1);
    psy_instrument_free(it);
    free(text);
    text = fixture_replace(
        fixture_instrument,
        "examples:", "critical_unanswered: {min_answered_share: 0.25, items: [c, d]}\nexamples:");
    it = fixture_load(text);
    assert_int_equal(it->n_critical_items, 2);
    assert_ratio(it->critical_share, 1, 4);
    psy_instrument_free(it);
    free(text);
    /* Flags that read scales alone mean the items beneath. */
    text = fixture_replace(fixture_instrument, "item(d) >= 1", "total >= 6");
    it = fixture_load(text);
    assert_int_equal(it->n_critical_items, 4);
    psy_instrument_free(it);
    free(text);
}

static size_t place_in_order(const psy_instrument *it, uint32_t column)
{
    for (size_t i = 0; i < it->n_order; i++)
        if (it->order[i] == column)
            return i;
    fail_msg("column %x is not in the order", (unsigned)column);
    return 0;
}

static void test_order_puts_a_column_behind_what_it_reads(void **state)
{
    (void)state;
    char *const text = fixture_replace(
        fixture_instrument, "flags:\n",
        "  early: {parts: [middle], worse: high}\n"
        "  middle: {score: \"if(flagged, total, 0)\", worse: high}\n"
        "flags:\n"
        "  first: {kind: note, when: \"critical_4 and early >= 1 and total.band >= high\"}\n"
        "  flagged: {kind: note, when: \"total >= 3\"}\n");
    psy_instrument *const it = fixture_load(text);
    const size_t total = place_in_order(it, psyi_column(PSYI_COLUMN_SCORE, 0, 0, 0));
    const size_t early = place_in_order(it, psyi_column(PSYI_COLUMN_SCORE, 0, 1, 0));
    const size_t middle = place_in_order(it, psyi_column(PSYI_COLUMN_SCORE, 0, 2, 0));
    const size_t band = place_in_order(it, psyi_column(PSYI_COLUMN_BAND, 0, 0, 1));
    const size_t first = place_in_order(it, psyi_column(PSYI_COLUMN_FLAG, 0, 0, 0));
    const size_t flagged = place_in_order(it, psyi_column(PSYI_COLUMN_FLAG, 0, 1, 0));
    const size_t critical = place_in_order(it, psyi_column(PSYI_COLUMN_FLAG, 0, 2, 0));
    assert_true(total < band && total < flagged && flagged < middle && middle < early);
    assert_true(band < first && early < first && critical < first);
    assert_int_equal(it->n_order, 3 + 1 + 4);
    /* An expression without items has those beneath what it reads. */
    assert_int_equal(it->scales[2].n_items, 4);
    assert_int_equal(it->scales[2].allow, 4);
    psy_instrument_free(it);
    free(text);
}

static void test_a_long_chain_of_scales_is_refused(void **state)
{
    (void)state;
    char text[4000];
    size_t n =
        (size_t)snprintf(text, sizeof text,
                         "format: psyscreen/instrument/1\nid: mine\nedition: \"1\"\nname: x\n"
                         "informants: [self]\nresponses: {r: {codes: 0..1}}\n"
                         "items: [{ids: 1, response: r}]\nscales:\n");
    for (int i = 0; i < 40; i++)
        n +=
            (size_t)snprintf(text + n, sizeof text - n, "  s%d: {score: \"%s%d%s\", worse: high}\n",
                             i, i < 39 ? "s" : "item(", i < 39 ? i + 1 : 1, i < 39 ? "" : ")");
    psy_instrument *it = PSY_UNTOUCHED;
    psy_error error = {.status = PSY_OK};
    assert_int_equal(psy_instrument_load_memory(&it, text, n, NULL, NULL, NULL, &error),
                     PSY_E_EXPR);
    assert_non_null(strstr(error.message, "more than 32 scales and flags read one another"));
    psy_assert_untouched(it);
}

/* ---- variants and examples --------------------------------------------------------------------
 */

static void test_variants_have_their_own_metric(void **state)
{
    (void)state;
    char *const text = fixture_replace(fixture_instrument, "flags:\n",
                                       "variants:\n"
                                       "  0-3: {}\n"
                                       "  1-4: {codes: {1: 0, 2: 1, 3: 2, 4: 3}, shift: -1,\n"
                                       "        scales: {total: {range: 4..16, bands: [{id: low, "
                                       "from: 4}, {id: high, from: 10}]}}}\n"
                                       "flags:\n");
    psy_instrument *const it = fixture_load(text);
    assert_int_equal(it->n_variants, 2);
    assert_null(it->variants[0].given);
    assert_ptr_equal(it->variants[0].scales, it->scales);
    assert_int_equal(it->variants[1].n_codes, 4);
    assert_int_equal(it->variants[1].given[3], 4);
    assert_int_equal(it->variants[1].canonical[3], 3);
    assert_ratio(it->variants[1].scales[0].low, 4, 1);
    assert_ratio(it->variants[1].scales[0].high, 16, 1);
    assert_ratio(it->variants[1].scales[0].band_sets[0].bands[1].from, 10, 1);
    assert_ratio(it->scales[0].band_sets[0].bands[1].from, 6, 1);
    assert_int_equal(psyi_find_variant(it, "1-4"), 1);
    psy_instrument_free(it);
    free(text);
}

static void test_a_variant_may_leave_codes_out(void **state)
{
    (void)state;
    char *const text =
        fixture_replace(fixture_instrument, "flags:\n",
                        "variants: {1-3: {codes: {1: 1, 2: 2, 3: 3}}, 0-3: {}}\nflags:\n");
    psy_instrument *const it = fixture_load(text);
    assert_ratio(it->scales[0].low, 4, 1);
    assert_ratio(it->variants[1].scales[0].low, 0, 1);
    psy_instrument_free(it);
    free(text);
}

static void test_examples_tell_blank_from_absent(void **state)
{
    (void)state;
    char *const text = fixture_replace(
        item_text, "scales:\n",
        "examples:\n"
        "  - {name: in order, answers: [1, null, 2, 3], also: {q_len: 2.5}, expect: {total: "
        "null}}\n"
        "  - {name: by item, answers: {1: 3, q_bed: \"23:30\"}, informant: parent, sex: female,\n"
        "     grade: 3, age: 9, expect: {total.status: not_scored, total.answered: 1}}\n"
        "scales:\n");
    psy_instrument *const it = fixture_load(text);
    const psyi_example *one = &it->examples[0];
    assert_string_equal(one->answers[0], "1");
    assert_null(one->answers[1]);
    assert_ptr_equal(one->answers[4], PSYI_ABSENT_ANSWER);
    assert_string_equal(one->answers[5], "2.5");
    assert_int_equal(one->age, -1);
    assert_string_equal(one->variant, "default");
    one = &it->examples[1];
    assert_null(one->answers[1]);                          /* a mapping leaves out blanks */
    assert_ptr_equal(one->answers[4], PSYI_ABSENT_ANSWER); /* of an optional part */
    assert_string_equal(one->answers[6], "23:30");
    assert_int_equal(one->sex, PSYI_SEX_FEMALE);
    assert_int_equal(one->informant, PSYI_INFORMANT_PARENT);
    assert_int_equal(one->age, 9);
    assert_int_equal(one->n_expect, 2);
    psy_instrument_free(it);
    free(text);
}

/* ---- norms ------------------------------------------------------------------------------------
 */

static const char norm_head[] = "format: psyscreen/norms/1\n"
                                "id: here\n"
                                "instrument: mine\n"
                                "kind: table\n"
                                "metric: t\n"
                                "decimals: 0\n"
                                "population: {en: here, zh: 这里}\n"
                                "groups: [sex]\n";
static const char norm_table[] = "scale,sex,raw,standard,confidence\r\n"
                                 "total,male,0,38,verified\r\n"
                                 "total,male,1,40,verified\r\n"
                                 "\"total\",female,0.5,41,memory\r\n";

static const char *prepare(const char *instrument, const char *head, const char *table)
{
    const char *const directory = psy_test_directory();
    const char *const path = psy_test_path(directory, "mine.yaml");
    psy_error error;
    assert_int_equal(psyi_directory_make(psy_test_path(directory, "norms"), &error), PSY_OK);
    psy_test_write_file(path, instrument, strlen(instrument));
    psy_test_write_file(psy_test_path(directory, "norms/here.yaml"), head, strlen(head));
    psy_test_write_file(psy_test_path(directory, "norms/here.csv"), table, strlen(table));
    return path;
}

static void test_norms_beside_an_instrument_become_columns(void **state)
{
    (void)state;
    char *const text = fixture_replace(
        fixture_instrument,
        "bands: [{id: low, from: 0, name: {en: low, zh: 低}}, {id: high, from: 6, name: {en: high, "
        "zh: 高}}]",
        "bands: [{population: t, of: t@here, levels: [{id: low}, {id: high, from: 40}]}]");
    const char *const path = prepare(text, norm_head, norm_table);
    psy_instrument *it = NULL;
    psy_error error = {.status = PSY_OK};
    assert_int_equal(psy_instrument_load_file(&it, path, NULL, NULL, &error), PSY_OK);
    assert_int_equal(it->n_norms, 1);
    assert_int_equal(it->n_standards, 1);
    assert_string_equal(it->standards[0].name, "t@here");
    assert_int_equal(it->standards[0].decimals, 0);
    assert_int_equal(it->scales[0].band_sets[0].standard, 0);
    const psyi_norm *const norm = it->norms[0];
    assert_int_equal(norm->n_groups, 2);
    assert_int_equal(norm->groups[0].n_cells, 2);
    assert_ratio(norm->groups[1].cells[0].raw, 1, 2);
    assert_int_equal(norm->groups[1].confidence, PSYI_MEMORY);
    assert_int_equal(norm->groups[1].place.line, 4);
    assert_int_equal(norm->groups[0].who.grade_high, 0);
    /* The band is behind the standard score, that behind the score. */
    assert_true(place_in_order(it, psyi_column(PSYI_COLUMN_SCORE, 0, 0, 0)) <
                place_in_order(it, psyi_column(PSYI_COLUMN_STANDARD, 0, 0, 0)));
    assert_true(place_in_order(it, psyi_column(PSYI_COLUMN_STANDARD, 0, 0, 0)) <
                place_in_order(it, psyi_column(PSYI_COLUMN_BAND, 0, 0, 1)));
    psy_instrument_free(it);

    /* From memory there are no norms: the column is there, and nobody has a score. */
    it = fixture_load(text);
    assert_int_equal(it->n_norms, 0);
    assert_int_equal(it->n_standards, 1);
    assert_int_equal(it->standards[0].norm, PSYI_NO_INDEX);
    psy_instrument_free(it);
    psy_test_directory_remove();
    free(text);
}

static void test_norms_of_another_edition_are_left_alone(void **state)
{
    (void)state;
    char *const head = fixture_replace(norm_head, "kind:", "edition: \"2\"\nkind:");
    const char *const path = prepare(fixture_instrument, head, norm_table);
    psy_instrument *it = NULL;
    assert_int_equal(psy_instrument_load_file(&it, path, NULL, NULL, NULL), PSY_OK);
    assert_int_equal(it->n_norms, 0);
    psy_instrument_free(it);
    psy_test_directory_remove();
    free(head);
}

static void test_a_broken_norm_refuses_its_instrument(void **state)
{
    (void)state;
    char *const table = fixture_replace(norm_table, "total,male,1", "totl,male,1");
    const char *const path = prepare(fixture_instrument, norm_head, table);
    psy_instrument *it = PSY_UNTOUCHED;
    psy_error error = {.status = PSY_OK};
    assert_int_equal(psy_instrument_load_file(&it, path, NULL, NULL, &error), PSY_E_SCHEMA);
    assert_string_equal(error.message, "'totl' is not a scale of instrument 'mine'");
    assert_int_equal(error.where.line, 3);
    assert_non_null(strstr(error.where.source, "norms/here.csv"));
    psy_assert_untouched(it);
    psy_test_directory_remove();
    free(table);
}

static void test_file_name_is_the_id(void **state)
{
    (void)state;
    const char *const directory = psy_test_directory();
    psy_instrument *it = PSY_UNTOUCHED;
    psy_error error = {.status = PSY_OK};
    psy_test_write_file(psy_test_path(directory, "yours.yaml"), fixture_instrument,
                        strlen(fixture_instrument));
    psy_test_write_file(psy_test_path(directory, "mine@old.yaml"), fixture_instrument,
                        strlen(fixture_instrument));
    assert_int_equal(
        psy_instrument_load_file(&it, psy_test_path(directory, "yours.yaml"), NULL, NULL, &error),
        PSY_E_SCHEMA);
    assert_string_equal(error.message, "the id 'mine' is not the name of the file");
    psy_assert_untouched(it);
    assert_int_equal(psy_instrument_load_file(&it, psy_test_path(directory, "mine@old.yaml"), NULL,
                                              NULL, &error),
                     PSY_OK);
    psy_instrument_free(it);
    psy_test_directory_remove();
}

static void test_getters_answer(void **state)
{
    (void)state;
    psy_instrument *const it = fixture_load(fixture_instrument);
    assert_string_equal(psy_instrument_id(it), "mine");
    assert_string_equal(psy_instrument_edition(it), "1");
    assert_string_equal(psy_instrument_name(it, "zh"), "我的");
    assert_string_equal(psy_instrument_name(it, "en"), "Mine");
    assert_int_equal(psy_instrument_item_count(it), 4);
    assert_string_equal(psy_instrument_item_id(it, 3), "4");
    assert_null(psy_instrument_item_id(it, 4));
    assert_int_equal(psy_instrument_find_item(it, "d"), 3);
    assert_int_equal(psy_instrument_find_item(it, "e"), SIZE_MAX);
    assert_int_equal(psy_instrument_scale_count(it), 1);
    assert_string_equal(psy_instrument_scale_id(it, 0), "total");
    assert_string_equal(psy_instrument_flag_id(it, 0), "critical_4");
    assert_int_equal(strlen(psy_instrument_fingerprint(it)), 64);
    psy_instrument_free(it);
    psy_instrument_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scale_range_follows_from_items_and_rules),
        cmocka_unit_test(test_items_get_their_canonical_scores),
        cmocka_unit_test(test_scales_choose_items_by_number_name_and_scale),
        cmocka_unit_test(test_names_may_be_a_mapping),
        cmocka_unit_test(test_expressions_may_read_the_items_of_a_scale),
        cmocka_unit_test(test_small_questions_have_small_answers),
        cmocka_unit_test(test_gates_and_form_are_kept),
        cmocka_unit_test(test_bands_run_from_best_to_worst),
        cmocka_unit_test(test_band_sets_of_populations),
        cmocka_unit_test(test_critical_unanswered_comes_by_itself),
        cmocka_unit_test(test_order_puts_a_column_behind_what_it_reads),
        cmocka_unit_test(test_a_long_chain_of_scales_is_refused),
        cmocka_unit_test(test_variants_have_their_own_metric),
        cmocka_unit_test(test_a_variant_may_leave_codes_out),
        cmocka_unit_test(test_examples_tell_blank_from_absent),
        cmocka_unit_test(test_norms_beside_an_instrument_become_columns),
        cmocka_unit_test(test_norms_of_another_edition_are_left_alone),
        cmocka_unit_test(test_a_broken_norm_refuses_its_instrument),
        cmocka_unit_test(test_file_name_is_the_id),
        cmocka_unit_test(test_getters_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
