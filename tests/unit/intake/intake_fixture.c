/*
 * intake_fixture.c -- the questionnaires are constants; nothing of the loader is needed, so
 * these floors can be tested on their own.
 */
#include "test_support.h"

#include "intake_fixture.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- phq9 ---- */

static const int32_t codes_0_3[] = {0, 1, 2, 3};
static const int32_t refused_8[] = {8}, not_applicable_9[] = {9};
static const psyi_label frequency_labels[] = {{"not at all", "完全不会"},
                                              {"several days", "好几天"},
                                              {"more than half", "一半以上天数"},
                                              {"nearly every day", "几乎每天"}};
static const psyi_alias frequency_aliases[] = {{"Almost every day", 3}};
static const psyi_response phq9_responses[] = {{.id = "frequency",
                                                .kind = PSYI_CODED,
                                                .n_codes = 4,
                                                .codes = codes_0_3,
                                                .labels = frequency_labels,
                                                .aliases = frequency_aliases,
                                                .n_aliases = 1,
                                                .refused = refused_8,
                                                .n_refused = 1,
                                                .not_applicable = not_applicable_9,
                                                .n_not_applicable = 1}};

#define ITEM(text, number_, scored_)                                                               \
    {                                                                                              \
        .id = text, .number = number_, .part = PSYI_NO_INDEX, .scored = scored_,                   \
        .scores = codes_0_3, .scale = 1, .high = 3                                                 \
    }
static const psyi_item phq9_items[] = {ITEM("1", 1, true),
                                       ITEM("2", 2, true),
                                       ITEM("3", 3, true),
                                       ITEM("4", 4, true),
                                       ITEM("5", 5, true),
                                       ITEM("6", 6, true),
                                       ITEM("7", 7, true),
                                       ITEM("8", 8, true),
                                       {.id = "9",
                                        .name = "self_harm",
                                        .number = 9,
                                        .part = PSYI_NO_INDEX,
                                        .scored = true,
                                        .scores = codes_0_3,
                                        .scale = 1,
                                        .high = 3},
                                       ITEM("10", 10, false)};
static const uint16_t first_nine[] = {0, 1, 2, 3, 4, 5, 6, 7, 8};
static const psyi_scale phq9_scales[] = {{.id = "total", .items = first_nine, .n_items = 9}};
static const psyi_variant one_variant[] = {{.id = "default"}};

const psy_instrument fixture_phq9 = {.id = "phq9",
                                     .edition = "2001",
                                     .responses = phq9_responses,
                                     .n_responses = 1,
                                     .items = phq9_items,
                                     .n_items = COUNT(phq9_items),
                                     .scales = phq9_scales,
                                     .n_scales = 1,
                                     .variants = one_variant,
                                     .n_variants = 1};

/* ---- psqi ---- */

static const psyi_response psqi_responses[] = {
    {.id = "bedtime", .kind = PSYI_CLOCK, .low = {0, 1}, .high = {1439, 1}},
    {.id = "minutes", .kind = PSYI_NUMBER, .low = {0, 1}, .high = {600, 1}},
    {.id = "hours", .kind = PSYI_NUMBER, .low = {0, 1}, .high = {24, 1}, .decimals = 1},
    {.id = "often", .kind = PSYI_CODED, .n_codes = 4, .codes = codes_0_3}};
static const psyi_item psqi_items[] = {
    {.id = "q1_bed", .response = 0, .part = PSYI_NO_INDEX, .scored = true, .scale = 1},
    {.id = "q2_minutes", .response = 1, .part = PSYI_NO_INDEX, .scored = true, .scale = 1},
    {.id = "q4_hours", .response = 2, .part = PSYI_NO_INDEX, .scored = true, .scale = 10},
    {.id = "5",
     .number = 5,
     .response = 3,
     .part = PSYI_NO_INDEX,
     .scored = true,
     .scores = codes_0_3,
     .scale = 1,
     .high = 3}};
static const uint16_t psqi_all[] = {0, 1, 2, 3};
static const psyi_scale psqi_scales[] = {{.id = "global", .items = psqi_all, .n_items = 4}};

const psy_instrument fixture_psqi = {.id = "psqi",
                                     .edition = "1989",
                                     .responses = psqi_responses,
                                     .n_responses = COUNT(psqi_responses),
                                     .items = psqi_items,
                                     .n_items = COUNT(psqi_items),
                                     .scales = psqi_scales,
                                     .n_scales = 1,
                                     .variants = one_variant,
                                     .n_variants = 1};

/* ---- k2 ---- */

static const int32_t codes_1_5[] = {1, 2, 3, 4, 5}, codes_0_4[] = {0, 1, 2, 3, 4};
static const psyi_response k2_responses[] = {
    {.id = "often", .kind = PSYI_CODED, .n_codes = 5, .codes = codes_1_5}};
static const psyi_item k2_items[] = {{.id = "1",
                                      .number = 1,
                                      .part = PSYI_NO_INDEX,
                                      .scored = true,
                                      .scores = codes_1_5,
                                      .scale = 1,
                                      .low = 1,
                                      .high = 5},
                                     {.id = "2",
                                      .number = 2,
                                      .part = PSYI_NO_INDEX,
                                      .scored = true,
                                      .scores = codes_1_5,
                                      .scale = 1,
                                      .low = 1,
                                      .high = 5}};
static const psyi_scale k2_scales[] = {{.id = "total", .items = first_nine, .n_items = 2}};
static const psyi_variant k2_variants[] = {
    {.id = "1-5"},
    {.id = "0-4", .given = codes_0_4, .canonical = codes_1_5, .n_codes = 5, .shift = 1}};

const psy_instrument fixture_k2 = {.id = "k2",
                                   .edition = "1",
                                   .responses = k2_responses,
                                   .n_responses = 1,
                                   .items = k2_items,
                                   .n_items = 2,
                                   .scales = k2_scales,
                                   .n_scales = 1,
                                   .variants = k2_variants,
                                   .n_variants = 2};

/* ---- sdq ---- */

static const psyi_response sdq_responses[] = {
    {.id = "true", .kind = PSYI_CODED, .n_codes = 3, .codes = codes_0_3},
    {.id = "degree", .kind = PSYI_CODED, .n_codes = 4, .codes = codes_0_3}};
static const psyi_part sdq_parts[] = {{.id = "impact", .optional = true}};
static const psyi_item sdq_items[] = {
    {.id = "1", .number = 1, .part = PSYI_NO_INDEX, .scored = true, .scale = 1, .high = 2},
    {.id = "2", .number = 2, .part = PSYI_NO_INDEX, .scored = true, .scale = 1, .high = 2},
    {.id = "distress", .response = 1, .part = 0, .scored = true, .scale = 1, .high = 3},
    {.id = "home", .response = 1, .part = 0, .scored = true, .scale = 1, .high = 3}};
static const uint16_t sdq_two[] = {0, 1}, sdq_impact[] = {2, 3};
static const psyi_scale sdq_scales[] = {{.id = "total", .items = sdq_two, .n_items = 2},
                                        {.id = "impact", .items = sdq_impact, .n_items = 2}};

const psy_instrument fixture_sdq = {.id = "sdq",
                                    .edition = "1997",
                                    .responses = sdq_responses,
                                    .n_responses = 2,
                                    .items = sdq_items,
                                    .n_items = COUNT(sdq_items),
                                    .parts = sdq_parts,
                                    .n_parts = 1,
                                    .scales = sdq_scales,
                                    .n_scales = 2,
                                    .variants = one_variant,
                                    .n_variants = 1};

/* ---- reading ---- */

psyi_use fixture_use(const psy_instrument *instrument)
{
    return (psyi_use){.id = instrument->id, .instrument = instrument};
}

void fixture_plan(fixture_reading *reading, const psy_instrument *const *instruments, size_t n)
{
    memset(reading, 0, sizeof *reading);
    assert_true(n <= COUNT(reading->uses));
    for (size_t i = 0; i < n; i++)
        reading->uses[i] = fixture_use(instruments[i]);
    reading->input.present = true;
    reading->options =
        (psyi_intake_options){.input = &reading->input, .uses = reading->uses, .n_uses = n};
}

void fixture_ad_hoc(fixture_reading *reading, const psy_instrument *instrument)
{
    fixture_plan(reading, &instrument, 1);
    reading->options.input = NULL;
    reading->options.generated_names = true;
}

void fixture_column(fixture_reading *reading, psyi_field field, const char *const *names,
                    size_t n_names)
{
    reading->input.columns[field].names = names;
    reading->input.columns[field].n_names = n_names;
}

psy_status fixture_read(fixture_reading *reading, const char *text, size_t length)
{
    psy_test_bytes bytes = {.bytes = text, .length = length};
    const psy_source source = psy_test_source_of(&bytes, "answers.csv");
    reading->intake = PSY_UNTOUCHED;
    reading->findings = NULL;
    memset(&reading->error, 0, sizeof reading->error);
    assert_int_equal(psy_findings_new(&reading->findings, NULL, NULL), PSY_OK);
    reading->status = psyi_intake_read(&reading->intake, &reading->options, NULL, &source, 1,
                                       reading->allocator, reading->findings, &reading->error);
    if (reading->status != PSY_OK) {
        psy_assert_untouched(reading->intake);
        reading->intake = NULL;
    }
    return reading->status;
}

psy_status fixture_read_text(fixture_reading *reading, const char *text)
{
    return fixture_read(reading, text, strlen(text));
}

void fixture_done(fixture_reading *reading)
{
    psyi_intake_free(reading->intake);
    psy_findings_free(reading->findings);
    reading->intake = NULL;
    reading->findings = NULL;
}

static void assert_same_text(const char *a, const char *b)
{
    assert_string_equal(a != NULL ? a : "", b != NULL ? b : "");
}

static void assert_same_findings(const psy_findings *a, const psy_findings *b)
{
    assert_int_equal(psy_findings_count(a), psy_findings_count(b));
    for (size_t i = 0; i < psy_findings_count(a); i++) {
        const psy_finding x = psy_findings_get(a, i), y = psy_findings_get(b, i);
        assert_int_equal(x.row, y.row);
        assert_int_equal(x.severity, y.severity);
        assert_same_text(x.rule, y.rule);
        assert_same_text(x.field, y.field);
        assert_same_text(x.message, y.message);
        assert_same_text(x.remedy, y.remedy);
    }
}

static void assert_same_record(const psyi_record *x, const psyi_record *y, size_t n_kept)
{
    assert_int_equal(x->file, y->file);
    assert_int_equal(x->row, y->row);
    assert_string_equal(x->student, y->student);
    assert_string_equal(x->school, y->school);
    assert_string_equal(x->class_text, y->class_text);
    assert_string_equal(x->grade_text, y->grade_text);
    assert_string_equal(x->name, y->name);
    assert_string_equal(x->local_no, y->local_no);
    assert_int_equal(x->grade, y->grade);
    assert_int_equal(x->class_number, y->class_number);
    assert_int_equal(x->age, y->age);
    assert_int_equal(x->sex, y->sex);
    assert_int_equal(x->informant, y->informant);
    assert_int_equal(x->consent, y->consent);
    assert_true(x->submitted_at == y->submitted_at);
    assert_int_equal(x->seconds, y->seconds);
    assert_int_equal(x->born, y->born);
    assert_int_equal(x->kept == NULL, y->kept == NULL);
    for (size_t i = 0; x->kept != NULL && i < n_kept; i++)
        assert_string_equal(x->kept[i], y->kept[i]);
}

void fixture_assert_same(const fixture_reading *a, const fixture_reading *b)
{
    assert_int_equal(a->status, b->status);
    assert_same_findings(a->findings, b->findings);
    if (a->status != PSY_OK) {
        assert_string_equal(a->error.message, b->error.message);
        assert_string_equal(a->error.path, b->error.path);
        assert_int_equal(a->error.where.line, b->error.where.line);
        assert_int_equal(a->error.where.column, b->error.where.column);
        return;
    }
    assert_int_equal(a->intake->n_records, b->intake->n_records);
    assert_string_equal(a->intake->files[0].digest, b->intake->files[0].digest);
    assert_true(a->intake->files[0].bytes == b->intake->files[0].bytes);
    assert_true(a->intake->files[0].rows == b->intake->files[0].rows);
    for (size_t i = 0; i < a->intake->n_records; i++)
        assert_same_record(&a->intake->records[i], &b->intake->records[i], a->intake->n_kept);
    for (size_t use = 0; use < a->intake->n_uses; use++) {
        const psyi_sheets *const x = a->intake->sheets[use];
        const psyi_sheets *const y = b->intake->sheets[use];
        assert_int_equal(x->n_sheets, y->n_sheets);
        assert_memory_equal(x->given, y->given, x->n_tiles * sizeof *x->given);
        for (size_t tile = 0; tile < x->n_tiles; tile++)
            assert_memory_equal(x->tiles[tile], y->tiles[tile], x->n_items * PSYI_LANES);
        for (size_t item = 0; item < x->n_items; item++)
            if (x->numbers[item] != NULL)
                assert_memory_equal(x->numbers[item], y->numbers[item],
                                    x->n_sheets * sizeof **x->numbers);
    }
}

unsigned fixture_byte(const fixture_reading *reading, size_t use, size_t record, size_t item)
{
    return *psyi_sheets_byte(reading->intake->sheets[use], record, item);
}

const psy_finding *fixture_finding(const psy_findings *findings, const char *rule)
{
    static psy_finding found;
    for (size_t i = 0; i < psy_findings_count(findings); i++) {
        found = psy_findings_get(findings, i);
        if (strcmp(found.rule, rule) == 0)
            return &found;
    }
    return NULL;
}

size_t fixture_count(const psy_findings *findings, const char *rule)
{
    size_t n = 0;
    for (size_t i = 0; i < psy_findings_count(findings); i++)
        n += strcmp(psy_findings_get(findings, i).rule, rule) == 0;
    return n;
}
