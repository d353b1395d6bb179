/*
 * test_public_score.c -- scoring without a plan: columns, notes, answers in memory.
 */
#include "catalogue.h"
#include "definition/model.h"
#include "test_support.h"

#include <psyscreen/score.h>

#include <string.h>

static psy_catalog *catalog_of(const char *const *files, size_t n)
{
    psy_catalog *catalog = NULL;
    psy_error error;
    assert_int_equal(psy_catalog_open(&catalog, NULL, 0, NULL, NULL), PSY_OK);
    for (size_t i = 0; i < n; i++)
        if (psy_catalog_add(catalog, psy_test_source(files[i]), &error) != PSY_OK)
            fail_msg("%s", error.message);
    return catalog;
}

static psy_status score_text(psy_table **out, const psy_catalog *catalog, const char *use,
                             const char *keep, const char *text, const psy_score_options *options,
                             psy_findings *findings, psy_error *error)
{
    psy_test_bytes from = {.bytes = text, .length = strlen(text)};
    const psy_source source = psy_test_source_of(&from, "<test>");
    return psy_score_csv(out, catalog, &use, 1, &keep, keep == NULL ? 0 : 1, NULL, &source, options,
                         findings, error);
}

static char *printed(const psy_table *table, psyi_buffer *buffer)
{
    const psy_sink sink = psy_test_sink(buffer);
    psyi_buffer_init(buffer, NULL);
    assert_int_equal(psy_table_write_csv(table, &sink, NULL), PSY_OK);
    return buffer->data;
}

static const char *const constructs[] = {"tests/unit/score/constructs.yaml"};

static void test_columns_come_in_the_fixed_order(void **state)
{
    (void)state;
    psy_catalog *const catalog = catalog_of(constructs, 1);
    psy_table *table = NULL;
    static const char text[] =
        "who,constructs_1,constructs_2,constructs_3,constructs_4,constructs_5,constructs_6,"
        "constructs_7,constructs_8,constructs_slept,constructs_bed,constructs_9,constructs_10,"
        "constructs_asked,constructs_11,constructs_12,constructs_13,sex,grade,age,informant\n"
        "anna,0,3,0,0,0,0,0,0,24,00:00,5,1,0,,,,female,5,11,parent\n"
        "\"b,o\",3,,3,3,3,3,1,3,6.25,23:30,1,,1,1,3,2,male,5,11,\n"
        ",,,,,,,,,,,,,,,,,,,,\n";
    static const char expected[] =
        "who,constructs.mixed,constructs.mixed.band,constructs.mixed.band@b,"
        "constructs.mixed.answered,constructs.turned,constructs.turned.band,"
        "constructs.turned.answered,constructs.far,constructs.far.band,constructs.far.answered,"
        "constructs.hours,constructs.hours.band,constructs.hours.answered,constructs.as_zero,"
        "constructs.as_zero.band,constructs.as_zero.answered,constructs.behind,"
        "constructs.behind.band,constructs.behind.answered,constructs.behind_mean,"
        "constructs.behind_mean.band,constructs.behind_mean.answered,constructs.of_parents,"
        "constructs.of_parents.band,constructs.of_parents.answered,constructs.all_of,"
        "constructs.all_of.band,constructs.all_of.answered,constructs.of_two,"
        "constructs.of_two.band,constructs.of_two.answered,constructs.ratio,"
        "constructs.ratio.band,constructs.ratio.answered,constructs.counted,"
        "constructs.counted.band,constructs.counted.answered,constructs.awake,"
        "constructs.awake.answered,constructs.critical_6,constructs.urgent_6,"
        "constructs.high_mixed,constructs.raised,constructs.odd,constructs.by_norm,"
        "constructs.by_parents,constructs.few,constructs.twice,constructs.critical_unanswered,"
        "constructs.mixed.t@constructs_norm,constructs.as_zero.standard@constructs_table,"
        "constructs.of_parents.t@constructs_norm,constructs.all_of.t@constructs_norm,"
        "constructs.counted.standard@constructs_table\n"
        "anna,3,low,x,8,10,good,4,0,,3,25,,3,0,,4,10,,1,5,,0,0,,3,13,usual,9,10,,4,0,,2,0,,6,360,"
        "2,false,false,false,false,false,false,,false,true,false,30.1,1,,38.6,10\n"
        "\"b,o\",33,high,z,6,5.5,bad,3,-597,,3,13.875,,2,12,,4,6,,4,1.6666666666666667,,3,,,2,51,"
        "very,10,,,3,,,1,,,5,390,2,true,true,true,false,,true,false,true,false,"
        "false,95.3,,,89.6,\n";
    psyi_buffer buffer;
    psy_error error = {.status = PSY_OK};
    psy_findings *findings = NULL;
    assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
    if (score_text(&table, catalog, "constructs", "who", text, NULL, findings, &error) != PSY_OK)
        fail_msg("%s", error.message);
    assert_string_equal(printed(table, &buffer), expected);
    assert_int_equal(psy_findings_count_severity(findings, PSY_ERROR), 0);
    psyi_buffer_done(&buffer);
    psy_findings_free(findings);
    psy_table_free(table);
    psy_catalog_free(catalog);
}

static const psy_finding *find(const psy_findings *findings, const char *rule)
{
    static psy_finding finding;
    for (size_t i = 0; i < psy_findings_count(findings); i++) {
        finding = psy_findings_get(findings, i);
        if (strcmp(finding.rule, rule) == 0)
            return &finding;
    }
    return NULL;
}

static void test_what_was_noticed_is_told_with_its_place(void **state)
{
    (void)state;
    psy_catalog *const catalog = catalog_of(constructs, 1);
    psy_findings *findings = NULL;
    psy_table *table = NULL;
    static const char text[] =
        "constructs_1,constructs_2,constructs_3,constructs_4,constructs_5,constructs_6,"
        "constructs_7,constructs_8,constructs_slept,constructs_bed,constructs_9,constructs_10,"
        "constructs_asked,constructs_11,constructs_12,constructs_13,grade\n"
        "1,2,0,0,0,0,0,0,24,00:00,5,1,0,3,,1,16\n";
    assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
    assert_int_equal(score_text(&table, catalog, "constructs", NULL, text, NULL, findings, NULL),
                     PSY_OK);
    const psy_finding *finding = find(findings, "closed_gate");
    assert_non_null(finding);
    assert_string_equal(finding->file, "<test>");
    assert_int_equal(finding->row, 2);
    assert_string_equal(finding->field, "constructs_11");
    assert_int_equal(finding->severity, PSY_WARNING);
    /* item(2) is 3 - 2: the ratio divides by 0 */
    finding = find(findings, "no_value");
    assert_non_null(finding);
    assert_int_equal(finding->row, 2);
    assert_string_equal(finding->field, "constructs.ratio");
    finding = find(findings, "informant_unknown");
    assert_non_null(finding);
    assert_int_equal(finding->severity, PSY_NOTE);
    assert_null(find(findings, "outside_use"));
    psy_findings_free(findings);
    psy_table_free(table);
    psy_catalog_free(catalog);
}

static const char *const two[] = {"instruments/phq9.yaml", "instruments/gad7.yaml"};

static void test_several_instruments_stand_one_behind_the_other(void **state)
{
    (void)state;
    psy_catalog *const catalog = catalog_of(two, 2);
    psy_findings *findings = NULL;
    psy_table *table = NULL;
    static const char text[] =
        "phq9_1,phq9_2,phq9_3,phq9_4,phq9_5,phq9_6,phq9_7,phq9_8,phq9_9,gad7_1,gad7_2,gad7_3,"
        "gad7_4,gad7_5,gad7_6,gad7_7,grade,age\n"
        "1,1,1,1,1,1,1,1,1,2,2,2,2,2,2,2,3,8\n"
        "0,0,0,0,0,0,0,0,2,,,,,,,,7,\n";
    static const char *const uses[] = {"gad7", "phq9@2001"};
    psy_test_bytes from = {.bytes = text, .length = sizeof text - 1};
    const psy_source source = psy_test_source_of(&from, "<test>");
    bool flag = false;
    double number = 0;
    int64_t answered;
    assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
    assert_int_equal(
        psy_score_csv(&table, catalog, uses, 2, NULL, 0, NULL, &source, NULL, findings, NULL),
        PSY_OK);
    assert_string_equal(psy_table_column_name(table, 0), "gad7.total");
    assert_true(psy_table_find(table, "phq9.total") > psy_table_find(table, "gad7.total"));
    assert_true(psy_table_get_double(table, psy_table_find(table, "gad7.total"), 0, &number));
    assert_true(number == 14);
    /* A row is a sheet of every instrument, also of one without an answer. */
    assert_false(psy_table_get_double(table, psy_table_find(table, "gad7.total"), 1, &number));
    assert_true(
        psy_table_get_int(table, psy_table_find(table, "gad7.total.answered"), 1, &answered));
    assert_int_equal(answered, 0);
    assert_true(psy_table_get_bool(table, psy_table_find(table, "phq9.urgent_9"), 1, &flag));
    assert_true(flag);
    const psy_finding *const finding = find(findings, "outside_use");
    assert_non_null(finding);
    assert_int_equal(finding->severity, PSY_WARNING);
    psy_findings_free(findings);
    psy_table_free(table);
    psy_catalog_free(catalog);
}

static void test_a_population_is_for_the_instruments_that_have_it(void **state)
{
    (void)state;
    psy_catalog *const catalog = catalog_of(two, 2);
    psy_table *table = NULL;
    static const char text[] =
        "phq9_1,phq9_2,phq9_3,phq9_4,phq9_5,phq9_6,phq9_7,phq9_8,phq9_9,gad7_1,gad7_2,gad7_3,"
        "gad7_4,gad7_5,gad7_6,gad7_7\n1,1,1,1,1,1,1,1,2,2,2,2,2,2,2,2\n";
    static const char *const uses[] = {"phq9", "gad7"};
    psy_test_bytes from = {.bytes = text, .length = sizeof text - 1};
    const psy_source source = psy_test_source_of(&from, "<test>");
    const psy_score_options options = {.version = 1, .population = "adults"};
    const char *band;
    size_t length;
    assert_int_equal(
        psy_score_csv(&table, catalog, uses, 2, NULL, 0, NULL, &source, &options, NULL, NULL),
        PSY_OK);
    assert_true(
        psy_table_get_text(table, psy_table_find(table, "phq9.total.band"), 0, &band, &length));
    assert_int_equal(length, strlen("screen_positive"));
    assert_memory_equal(band, "screen_positive", length);
    assert_true(psy_table_find(table, "phq9.total.band@default") != SIZE_MAX);
    assert_true(
        psy_table_get_text(table, psy_table_find(table, "gad7.total.band"), 0, &band, &length));
    psy_table_free(table);
    psy_catalog_free(catalog);
}

static void test_what_cannot_be_scored_is_refused(void **state)
{
    (void)state;
    psy_catalog *const catalog = catalog_of(two, 2);
    psy_table *table = PSY_UNTOUCHED;
    psy_error error;
    static const char header[] = "gad7_1,gad7_2,gad7_3,gad7_4,gad7_5,gad7_6,gad7_7\n";
    static const struct {
        const char *use;
        psy_status status;
    } uses[] = {
        {"gad8", PSY_E_NOT_FOUND}, {"gad7@1900", PSY_E_NOT_FOUND}, {"gad7:5-9", PSY_E_NOT_FOUND},
        {"gad7:", PSY_E_ARGUMENT}, {"@", PSY_E_ARGUMENT},          {"", PSY_E_ARGUMENT},
        {"gad7@", PSY_E_ARGUMENT}, {"phq9", PSY_E_DATA},
    };
    for (size_t i = 0; i < sizeof uses / sizeof *uses; i++) {
        const psy_status status =
            score_text(&table, catalog, uses[i].use, NULL, header, NULL, NULL, &error);
        if (status != uses[i].status)
            fail_msg("'%s': %s %s", uses[i].use, psy_status_name(status), error.message);
        psy_assert_untouched(table);
    }
    psy_score_options options = {.version = 99};
    assert_int_equal(score_text(&table, catalog, "gad7", NULL, header, &options, NULL, &error),
                     PSY_E_ARGUMENT);
    const char *many[PSYI_MAX_USES + 1];
    for (size_t i = 0; i <= PSYI_MAX_USES; i++)
        many[i] = "gad7";
    assert_int_equal(psy_score_csv(&table, catalog, many, PSYI_MAX_USES + 1, NULL, 0, "nowhere.csv",
                                   NULL, NULL, NULL, &error),
                     PSY_E_ARGUMENT);
    options = (psy_score_options){.version = 1, .population = "nowhere"};
    assert_int_equal(score_text(&table, catalog, "gad7", NULL, header, &options, NULL, &error),
                     PSY_E_NOT_FOUND);
    static const char *const twice[] = {"gad7", "gad7"};
    assert_int_equal(
        psy_score_csv(&table, catalog, twice, 2, NULL, 0, "nowhere.csv", NULL, NULL, NULL, &error),
        PSY_E_ARGUMENT);
    assert_int_equal(
        psy_score_csv(&table, catalog, twice, 1, NULL, 0, NULL, NULL, NULL, NULL, &error),
        PSY_E_ARGUMENT);
    assert_int_equal(
        psy_score_csv(&table, catalog, twice, 0, NULL, 0, "nowhere.csv", NULL, NULL, NULL, &error),
        PSY_E_ARGUMENT);
    assert_int_equal(
        psy_score_csv(&table, catalog, twice, 1, NULL, 0, "nowhere.csv", NULL, NULL, NULL, &error),
        PSY_E_IO);
    psy_assert_untouched(table);
    psy_catalog_free(catalog);
}

static void test_answers_in_memory(void **state)
{
    (void)state;
    psy_catalog *const catalog = catalog_of(two, 2);
    const psy_instrument *phq9 = NULL;
    psy_answers *answers = NULL;
    psy_table *table = NULL;
    const int8_t columns[9][4] = {{3, 1, 0, -1}, {3, 1, 0, -1},  {3, 1, 0, -1},
                                  {3, 1, 0, -1}, {3, 1, -1, -1}, {3, 1, -1, -1},
                                  {3, 1, 0, -1}, {3, 1, 0, -1},  {3, 0, 2, -1}};
    const double missing = -1;
    assert_int_equal(psy_catalog_find(catalog, "phq9", NULL, &phq9, NULL), PSY_OK);
    assert_int_equal(psy_answers_new(&answers, phq9, NULL, 4, NULL, NULL), PSY_OK);
    for (size_t i = 0; i < 9; i++)
        assert_int_equal(
            psy_answers_set_column(answers, i, columns[i], PSY_INT8, 1, &missing, NULL, NULL),
            PSY_OK);
    assert_int_equal(psy_score_answers(&table, answers, NULL, NULL, NULL), PSY_OK);
    static const double totals[] = {27, 8, 3}; /* the last: 9/7 of 2, rounded */
    for (size_t row = 0; row < 3; row++) {
        double total = 0;
        assert_true(psy_table_get_double(table, psy_table_find(table, "phq9.total"), row, &total));
        assert_true(total == totals[row]);
    }
    /* Who answered nothing has no score, but is a row, as in a file. */
    int64_t answered = -1;
    double none;
    assert_false(psy_table_get_double(table, psy_table_find(table, "phq9.total"), 3, &none));
    assert_true(
        psy_table_get_int(table, psy_table_find(table, "phq9.total.answered"), 3, &answered));
    assert_int_equal(answered, 0);
    const char *band;
    size_t length;
    assert_true(
        psy_table_get_text(table, psy_table_find(table, "phq9.total.band"), 0, &band, &length));
    assert_int_equal(length, 6);
    assert_memory_equal(band, "severe", 6);
    psy_table_free(table);
    psy_score_options options = {.population = "adults"};
    assert_int_equal(psy_score_answers(&table, answers, &options, NULL, NULL), PSY_OK);
    assert_true(
        psy_table_get_text(table, psy_table_find(table, "phq9.total.band"), 0, &band, &length));
    assert_int_equal(length, 15);
    assert_memory_equal(band, "screen_positive", 15);
    assert_int_equal(psy_table_find(table, "phq9.total.band@adults"), SIZE_MAX);
    psy_table_free(table);
    table = PSY_UNTOUCHED;
    options = (psy_score_options){.version = 99};
    assert_int_equal(psy_score_answers(&table, answers, &options, NULL, NULL), PSY_E_ARGUMENT);
    options = (psy_score_options){.variant = "none"};
    assert_int_equal(psy_score_answers(&table, answers, &options, NULL, NULL), PSY_E_NOT_FOUND);
    psy_assert_untouched(table);
    psy_answers_free(answers);
    psy_catalog_free(catalog);
}

/* A kept cell that is empty stays empty, and a row without an answer is a sheet too. */
static void test_empty_cells_and_sheets(void **state)
{
    (void)state;
    psy_catalog *const catalog = catalog_of(constructs, 1);
    psy_table *table = NULL;
    psy_findings *findings = NULL;
    psy_error error;
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    psyi_buffer_text(&text, "who,age,informant");
    for (unsigned i = 1; i <= 14; i++)
        psyi_buffer_format(&text, ",constructs_%u", i);
    psyi_buffer_text(&text, ",constructs_slept,constructs_bed,constructs_asked\n");
    psyi_buffer_text(&text, "a,10,,1,1,1,1,1,1,1,1,1,1,1,1,1,1,7,22:00,0\n"
                            ",10,,1,1,1,1,1,1,1,1,1,1,1,1,1,1,7,22:00,0\n"
                            "b,10,,,,,,,,,,,,,,,,,,\n");
    assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
    if (score_text(&table, catalog, "constructs", "who", text.data, NULL, findings, &error) !=
        PSY_OK)
        fail_msg("%s", error.message);
    const char *kept;
    size_t length, informants = 0;
    const size_t who = psy_table_find(table, "who");
    assert_true(psy_table_get_text(table, who, 0, &kept, &length) && length == 1);
    assert_false(psy_table_get_text(table, who, 1, &kept, &length));
    assert_true(psy_table_get_text(table, who, 2, &kept, &length) && kept[0] == 'b');
    for (size_t i = 0; i < psy_findings_count(findings); i++)
        if (strcmp(psy_findings_get(findings, i).rule, "informant_unknown") == 0) {
            informants++;
            assert_memory_equal(psy_findings_get(findings, i).message, "3 sheets of", 11);
        }
    assert_int_equal(informants, 1);
    psy_findings_free(findings);
    psy_table_free(table);
    psyi_buffer_done(&text);
    psy_catalog_free(catalog);
}

/* A norm speaks of the default coding variant, whatever the variant prints: the mean of the
 * positive items is 2, 0.6 below a mean of 2.6 with an sd of 0.59, also where 1 is printed. */
static void test_a_norm_of_a_formula_takes_the_default_metric(void **state)
{
    (void)state;
    static const char *const one[] = {"instruments/scl90.yaml"};
    psy_catalog *const catalog = catalog_of(one, 1);
    const psy_instrument *scl90 = NULL;
    assert_int_equal(psy_catalog_find(catalog, "scl90", NULL, &scl90, NULL), PSY_OK);
    static const char *const variants[] = {"1-5", "0-4"};
    for (int8_t v = 0; v < 2; v++) {
        psy_answers *answers = NULL;
        psy_table *table = NULL;
        const int8_t low = (int8_t)(1 - v + 1);
        double value = 0;
        assert_int_equal(psy_answers_new(&answers, scl90, variants[v], 1, NULL, NULL), PSY_OK);
        for (size_t i = 0; i < 90; i++)
            assert_int_equal(
                psy_answers_set_column(answers, i, &low, PSY_INT8, 1, NULL, NULL, NULL), PSY_OK);
        assert_int_equal(psy_score_answers(&table, answers, NULL, NULL, NULL), PSY_OK);
        assert_true(psy_table_get_double(table, psy_table_find(table, "scl90.psdi"), 0, &value));
        assert_true(value == low);
        assert_true(
            psy_table_get_double(table, psy_table_find(table, "scl90.psdi.z@cn1986"), 0, &value));
        assert_true(value == -1.02);
        psy_table_free(table);
        psy_answers_free(answers);
    }
    psy_catalog_free(catalog);
}

typedef struct sweep {
    const psy_catalog *catalog;
    const psy_answers *answers;
} sweep;

static psy_status score_once(const psy_allocator *allocator, void *context)
{
    const sweep *const from = context;
    psy_table *table = PSY_UNTOUCHED;
    psy_findings *findings = NULL;
    const psy_score_options options = {.n_threads = 1, .allocator = allocator};
    psy_status status = psy_findings_new(&findings, allocator, NULL);
    if (status != PSY_OK)
        return status;
    status = psy_score_answers(&table, from->answers, &options, findings, NULL);
    if (status == PSY_OK)
        psy_table_free(table);
    else
        psy_assert_untouched(table);
    psy_findings_free(findings);
    return status;
}

static psy_status score_file_once(const psy_allocator *allocator, void *context)
{
    const sweep *const from = context;
    psy_table *table = PSY_UNTOUCHED;
    psy_findings *findings = NULL;
    const psy_score_options options = {.n_threads = 1, .allocator = allocator};
    static const char text[] = "who,gad7_1,gad7_2,gad7_3,gad7_4,gad7_5,gad7_6,gad7_7,age\n"
                               "a,1,2,,0,1,2,3,5\nb,0,0,0,7,0,0,0,44\n";
    psy_status status = psy_findings_new(&findings, allocator, NULL);
    if (status != PSY_OK)
        return status;
    status = score_text(&table, from->catalog, "gad7@2006", "who", text, &options, findings, NULL);
    if (status == PSY_OK)
        psy_table_free(table);
    else
        psy_assert_untouched(table);
    psy_findings_free(findings);
    return status;
}

static void test_out_of_memory_is_reported_and_nothing_leaks(void **state)
{
    (void)state;
    psy_instrument *const instrument = instrument_of_test("constructs.yaml");
    psy_answers *answers = NULL;
    sweep from = {.catalog = catalog_of(two, 2)};
    static const int8_t column[] = {0, 1, 2, 3, -1, 0};
    const double missing = -1;
    assert_int_equal(psy_answers_new(&answers, instrument, NULL, 6, NULL, NULL), PSY_OK);
    for (size_t i = 0; i < psy_instrument_item_count(instrument); i++)
        assert_int_equal(
            psy_answers_set_column(answers, i, column, PSY_INT8, 1, &missing, NULL, NULL), PSY_OK);
    from.answers = answers;
    print_message("  %zu allocations\n", psy_sweep(score_once, &from));
    const psy_instrument *gad7 = NULL;
    assert_int_equal(psy_catalog_find(from.catalog, "gad7", NULL, &gad7, NULL), PSY_OK);
    if (strcmp(psy_instrument_edition(gad7), "2006") == 0)
        print_message("  %zu allocations\n", psy_sweep(score_file_once, &from));
    psy_answers_free(answers);
    psy_catalog_free((psy_catalog *)from.catalog);
    psy_instrument_free(instrument);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns_come_in_the_fixed_order),
        cmocka_unit_test(test_what_was_noticed_is_told_with_its_place),
        cmocka_unit_test(test_several_instruments_stand_one_behind_the_other),
        cmocka_unit_test(test_a_population_is_for_the_instruments_that_have_it),
        cmocka_unit_test(test_what_cannot_be_scored_is_refused),
        cmocka_unit_test(test_answers_in_memory),
        cmocka_unit_test(test_empty_cells_and_sheets),
        cmocka_unit_test(test_a_norm_of_a_formula_takes_the_default_metric),
        cmocka_unit_test(test_out_of_memory_is_reported_and_nothing_leaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
