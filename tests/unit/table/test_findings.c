/*
 * test_findings.c -- adding, ordering, merging and writing findings, and a million of them.
 */
#include "test_support.h"

#include "base/text.h"
#include "table/collect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static psy_findings *new_findings(void)
{
    psy_findings *findings;
    assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
    return findings;
}

static void add(psy_findings *findings, const psy_finding *finding)
{
    assert_int_equal(psy_findings_add(findings, finding, NULL), PSY_OK);
}

static void test_texts_are_copied_and_shared(void **state)
{
    (void)state;
    psy_findings *const findings = new_findings();
    char file[] = "a.csv", rule[] = "out_of_range", subject[] = "s1", message[] = "m1";
    const psy_finding finding = {.file = file,
                                 .row = 7,
                                 .field = "PHQ_1",
                                 .rule = rule,
                                 .severity = PSY_WARNING,
                                 .subject = subject,
                                 .message = message};
    add(findings, &finding);
    add(findings, &finding);
    memset(file, '?', 5);
    memset(rule, '?', 5);
    memset(subject, '?', 2);
    memset(message, '?', 2);
    const psy_finding first = psy_findings_get(findings, 0), second = psy_findings_get(findings, 1);
    assert_string_equal(first.file, "a.csv");
    assert_string_equal(first.rule, "out_of_range");
    assert_string_equal(first.subject, "s1");
    assert_string_equal(first.message, "m1");
    assert_int_equal(first.row, 7);
    assert_int_equal(first.severity, PSY_WARNING);
    assert_null(first.remedy);
    assert_ptr_equal(first.file, second.file);
    assert_ptr_equal(first.message, second.message);
    assert_ptr_equal(first.subject, second.subject);
    assert_int_equal(psy_findings_count(findings), 2);
    assert_null(psy_findings_get(findings, 2).file);
    psy_findings_free(findings);
}

static void test_counts_by_severity(void **state)
{
    (void)state;
    psy_findings *const findings = new_findings();
    for (int i = 0; i < 10; i++) {
        const psy_finding finding = {.severity = i < 5   ? PSY_NOTE
                                                 : i < 8 ? PSY_WARNING
                                                         : PSY_ERROR};
        add(findings, &finding);
    }
    assert_int_equal(psy_findings_count_severity(findings, PSY_NOTE), 5);
    assert_int_equal(psy_findings_count_severity(findings, PSY_WARNING), 3);
    assert_int_equal(psy_findings_count_severity(findings, PSY_ERROR), 2);
    assert_int_equal(psy_findings_count_severity(findings, (psy_severity)3), 0);
    const psy_finding strange = {.severity = (psy_severity)9};
    assert_int_equal(psy_findings_add(findings, &strange, NULL), PSY_E_ARGUMENT);
    psy_findings_free(findings);
}

static void test_no_list_is_fine(void **state)
{
    (void)state;
    const psy_finding finding = {.rule = "x"};
    assert_int_equal(psy_findings_add(NULL, &finding, NULL), PSY_OK);
    assert_int_equal(psyi_find(NULL, &finding, NULL, "%d", 1), PSY_OK);
    assert_int_equal(psyi_findings_merge(NULL, NULL, NULL), PSY_OK);
    assert_int_equal(psy_findings_count(NULL), 0);
    assert_int_equal(psy_findings_count_severity(NULL, PSY_NOTE), 0);
    psy_findings_sort(NULL);
    psy_findings_free(NULL);
}

static void test_file_names_that_are_not_utf8_are_repaired(void **state)
{
    (void)state;
    psy_findings *const findings = new_findings();
    const psy_finding finding = {.file = "\xD1\xFF.csv", .subject = "\xFF"};
    add(findings, &finding);
    add(findings, &finding);
    for (size_t i = 0; i < 2; i++) {
        const psy_finding got = psy_findings_get(findings, i);
        assert_string_equal(got.file, "\xEF\xBF\xBD\xEF\xBF\xBD.csv");
        assert_string_equal(got.subject, "\xEF\xBF\xBD");
    }
    psy_findings_free(findings);
}

/* A precision may end within a character, and a cell may hold anything. */
static void test_messages_are_printable_lines(void **state)
{
    (void)state;
    psy_findings *findings = NULL;
    const psy_finding place = {.file = "f.csv", .row = 1, .rule = "r", .severity = PSY_NOTE};
    assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
    assert_int_equal(psyi_find(findings, &place, NULL, "'%.4s' is\tno\nsex", "男女"), PSY_OK);
    assert_int_equal(psyi_find(findings, &place, NULL, "no sex: %.5s", "男女"), PSY_OK);
    assert_string_equal(psy_findings_get(findings, 0).message, "'男?' is no sex");
    assert_string_equal(psy_findings_get(findings, 1).message, "no sex: 男");
    psy_findings_free(findings);
}

static void test_find_formats_and_cuts(void **state)
{
    (void)state;
    psy_findings *const findings = new_findings();
    const psy_finding place = {.rule = "r", .message = "ignored"};
    assert_int_equal(psyi_find(findings, &place, NULL, "answer %d of %s", 7, "item 3"), PSY_OK);
    assert_string_equal(psy_findings_get(findings, 0).message, "answer 7 of item 3");
    char large[2000] = "";
    for (int i = 0; i < 600; i++)
        memcpy(large + 3 * i, "学", 4);
    for (int before = 0; before < 4; before++) {
        assert_int_equal(psyi_find(findings, &place, NULL, "%.*s%s", before, "abc", large), PSY_OK);
        const char *const message =
            psy_findings_get(findings, psy_findings_count(findings) - 1).message;
        const size_t n = strlen(message);
        assert_true(n > 507 && n <= 511);
        assert_null(strstr(message, "\xEF\xBF\xBD"));
    }
    psy_findings_free(findings);
}

static void test_order_is_by_place_and_stable(void **state)
{
    (void)state;
    psy_findings *const findings = new_findings();
    static const psy_finding rows[] = {
        {.file = "b", .row = 1, .message = "7"},
        {.file = "a", .row = 10, .message = "6"},
        {.file = "a", .row = 9, .field = "q", .rule = "z", .subject = "s", .message = "5"},
        {.file = "a",
         .row = 9,
         .field = "q",
         .rule = "z",
         .subject = "s",
         .message = "5",
         .severity = PSY_ERROR},
        {.file = "a", .row = 9, .field = "q", .rule = "z", .message = "4"},
        {.file = "a", .row = 9, .field = "q", .rule = "y", .message = "3"},
        {.file = "a", .row = 9, .field = "p", .rule = "z", .message = "2"},
        {.file = "a", .row = 9, .rule = "zz", .message = "1"},
        {.file = "a", .row = 9, .column = 2, .message = "5.5"},
        {.row = 99, .message = "0"},
        {.file = "学", .message = "8"},
    };
    static const char *const expected[] = {"0", "1", "2", "3", "4", "5", "5", "5.5", "6", "7", "8"};
    for (size_t i = 0; i < 11; i++)
        add(findings, &rows[i]);
    for (int round = 0; round < 2; round++) {
        psy_findings_sort(findings);
        for (size_t i = 0; i < 11; i++)
            assert_string_equal(psy_findings_get(findings, i).message, expected[i]);
        assert_int_equal(psy_findings_get(findings, 5).severity, PSY_NOTE);
        assert_int_equal(psy_findings_get(findings, 6).severity, PSY_ERROR);
    }
    psy_findings_free(findings);
}

static void test_merge_appends(void **state)
{
    (void)state;
    psy_findings *const a = new_findings(), *const b = new_findings();
    const psy_finding one = {.message = "1", .severity = PSY_ERROR}, two = {.message = "2"};
    add(a, &one);
    add(b, &two);
    add(b, &one);
    assert_int_equal(psyi_findings_merge(a, b, NULL), PSY_OK);
    psy_findings_free(b);
    assert_int_equal(psy_findings_count(a), 3);
    assert_string_equal(psy_findings_get(a, 1).message, "2");
    assert_int_equal(psy_findings_count_severity(a, PSY_ERROR), 2);
    psy_findings_free(a);
}

static void test_csv_and_json(void **state)
{
    (void)state;
    psy_findings *const findings = new_findings();
    const psy_finding data = {.file = "四年级.csv",
                              .row = 18446744073709551615u,
                              .field = "PHQ_1",
                              .rule = "out_of_range",
                              .severity = PSY_WARNING,
                              .subject = "abc",
                              .message = "'7' is no answer, \"0\" to \"3\" are",
                              .remedy = "ask again"};
    const psy_finding definition = {.file = "x.yaml",
                                    .row = 3,
                                    .column = 14,
                                    .length = 2,
                                    .field = "scales/total",
                                    .rule = "gap",
                                    .severity = PSY_ERROR,
                                    .message = "=a\nb"};
    const psy_finding bare = {.severity = PSY_NOTE};
    add(findings, &data);
    add(findings, &definition);
    add(findings, &bare);
    psyi_buffer out;
    psyi_buffer_init(&out, NULL);
    const psy_sink sink = psy_test_sink(&out);
    assert_int_equal(psy_findings_write_csv(findings, &sink, NULL), PSY_OK);
    assert_string_equal(out.data, "file,row,column,rule,severity,subject,message\n"
                                  "四年级.csv,18446744073709551615,PHQ_1,out_of_range,warning,abc,"
                                  "\"'7' is no answer, \"\"0\"\" to \"\"3\"\" are\"\n"
                                  "x.yaml,3,14,gap,error,,\"'=a\nb\"\n"
                                  ",,,,note,,\n");
    psyi_buffer_clear(&out);
    assert_int_equal(psy_findings_write_json(findings, &sink, NULL), PSY_OK);
    assert_string_equal(
        out.data,
        "{\"file\":\"四年级.csv\",\"row\":18446744073709551615,\"column\":null,\"length\":null,"
        "\"field\":\"PHQ_1\",\"rule\":\"out_of_range\",\"severity\":\"warning\",\"subject\":"
        "\"abc\",\"message\":\"'7' is no answer, \\\"0\\\" to \\\"3\\\" are\",\"remedy\":"
        "\"ask again\"}\n"
        "{\"file\":\"x.yaml\",\"row\":3,\"column\":14,\"length\":2,\"field\":\"scales/total\","
        "\"rule\":\"gap\",\"severity\":\"error\",\"subject\":null,\"message\":\"=a\\nb\","
        "\"remedy\":null}\n"
        "{\"file\":null,\"row\":null,\"column\":null,\"length\":null,\"field\":null,\"rule\":null,"
        "\"severity\":\"note\",\"subject\":null,\"message\":null,\"remedy\":null}\n");
    psyi_buffer_clear(&out);
    assert_int_equal(psy_findings_write_csv(NULL, &sink, NULL), PSY_OK);
    assert_string_equal(out.data, "file,row,column,rule,severity,subject,message\n");
    size_t room = 10;
    const psy_sink full = psy_test_full_sink(&room);
    assert_int_equal(psy_findings_write_json(findings, &full, NULL), PSY_E_OUTPUT);
    psyi_buffer_done(&out);
    psy_findings_free(findings);
}

/* An allocator that only counts bytes. */
typedef struct meter {
    size_t bytes;
} byte_meter;

static void *meter_resize(void *context, void *block, size_t size)
{
    byte_meter *const meter = context;
    size_t *const old = block == NULL ? NULL : (size_t *)block - 2;
    const size_t before = old == NULL ? 0 : *old;
    size_t *const made = realloc(old, size + 16);
    if (made == NULL)
        return NULL;
    *made = size;
    meter->bytes += size - before;
    return made + 2;
}

static void meter_release(void *context, void *block)
{
    if (block == NULL)
        return;
    byte_meter *const meter = context;
    meter->bytes -= *((size_t *)block - 2);
    free((size_t *)block - 2);
}

static void test_a_million_findings_are_cheap(void **state)
{
    (void)state;
    byte_meter meter = {0};
    const psy_allocator allocator = {meter_resize, meter_release, &meter};
    psy_findings *findings;
    assert_int_equal(psy_findings_new(&findings, &allocator, NULL), PSY_OK);
    enum { N = 1000000 };
    for (unsigned i = 0; i < N; i++) {
        char field[16], subject[16];
        snprintf(field, sizeof field, "MHT_%03u", i % 100 + 1);
        snprintf(subject, sizeof subject, "%010u", i / 4);
        const psy_finding place = {.file = i % 2 == 0 ? "responses_1.csv" : "responses_2.csv",
                                   .row = N - i,
                                   .field = field,
                                   .rule = "out_of_range",
                                   .severity = PSY_WARNING,
                                   .subject = subject};
        assert_int_equal(
            psyi_find(findings, &place, NULL, "'%u' is none of the codes 0, 1", i % 50), PSY_OK);
    }
    assert_true(meter.bytes < (size_t)N * 180);
    psy_findings_sort(findings);
    for (size_t i = 1; i < N / 2; i++)
        assert_true(psy_findings_get(findings, i - 1).row < psy_findings_get(findings, i).row);
    assert_int_equal(psy_findings_count_severity(findings, PSY_WARNING), N);
    psy_findings_free(findings);
    assert_int_equal(meter.bytes, 0);
}

static void test_texts_that_never_repeat(void **state)
{
    (void)state;
    psy_findings *const findings = new_findings();
    for (int i = 0; i < 30000; i++) {
        const psy_finding place = {.rule = "r"};
        assert_int_equal(psyi_find(findings, &place, NULL, "message %d", i), PSY_OK);
    }
    for (int i = 0; i < 30000; i++) {
        char expected[32];
        snprintf(expected, sizeof expected, "message %d", i);
        assert_string_equal(psy_findings_get(findings, (size_t)i).message, expected);
    }
    psy_findings_free(findings);
}

static psy_status findings_once(const psy_allocator *allocator, void *context)
{
    (void)context;
    psy_findings *findings = PSY_UNTOUCHED, *more = NULL;
    psy_status status = psy_findings_new(&findings, allocator, NULL);
    if (status != PSY_OK) {
        psy_assert_untouched(findings);
        return status;
    }
    status = psy_findings_new(&more, allocator, NULL);
    for (int i = 0; i < 200 && status == PSY_OK; i++) {
        const size_t before = psy_findings_count(findings);
        const psy_finding place = {.file = "f", .field = "\xFF", .rule = "r", .subject = "s"};
        status = psyi_find(findings, &place, NULL, "a message that is not short: %d", i);
        if (status == PSY_OK)
            status = psyi_find(more, &place, NULL, "another one: %d", i);
        else
            assert_int_equal(psy_findings_count(findings), before);
    }
    if (status == PSY_OK) {
        status = psyi_findings_merge(findings, more, NULL);
        const size_t n = psy_findings_count(findings);
        assert_int_equal(n, status == PSY_OK ? 400 : 200);
        assert_int_equal(psy_findings_count_severity(findings, PSY_NOTE), n);
    }
    size_t room = SIZE_MAX;
    const psy_sink sink = psy_test_full_sink(&room);
    if (status == PSY_OK)
        status = psy_findings_write_csv(findings, &sink, NULL);
    if (status == PSY_OK)
        status = psy_findings_write_json(findings, &sink, NULL);
    psy_findings_free(more);
    psy_findings_free(findings);
    return status;
}

static void test_findings_survive_every_failing_allocation(void **state)
{
    (void)state;
    assert_true(psy_sweep(findings_once, NULL) > 20);
}

static void test_findings_as_a_table(void **state)
{
    (void)state;
    psy_findings *findings = NULL;
    psy_table *table = NULL;
    assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
    const psy_finding data = {.file = "a.csv",
                              .row = 7,
                              .field = "phq9_1",
                              .rule = "out_of_range",
                              .severity = PSY_WARNING,
                              .message = "'9' is not one of the codes"};
    const psy_finding definition = {.file = "x.yaml",
                                    .row = 3,
                                    .column = 5,
                                    .length = 2,
                                    .rule = "unknown_key",
                                    .severity = PSY_ERROR,
                                    .subject = "x",
                                    .message = "m",
                                    .remedy = "r"};
    assert_int_equal(psy_findings_add(findings, &data, NULL), PSY_OK);
    assert_int_equal(psy_findings_add(findings, &definition, NULL), PSY_OK);
    assert_int_equal(psy_findings_table(&table, findings, NULL, NULL), PSY_OK);
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    const psy_sink sink = psy_test_sink(&text);
    assert_int_equal(psy_table_write_csv(table, &sink, NULL), PSY_OK);
    assert_string_equal(text.data,
                        "file,row,column,rule,severity,subject,message,remedy,position,length\n"
                        "a.csv,7,phq9_1,out_of_range,warning,,'9' is not one of the codes,,,\n"
                        "x.yaml,3,,unknown_key,error,x,m,r,5,2\n");
    psyi_buffer_done(&text);
    psy_table_free(table);
    psy_findings_free(findings);
}

static psy_status make_table(const psy_allocator *allocator, void *findings)
{
    psy_table *table = NULL;
    const psy_status status = psy_findings_table(&table, findings, allocator, NULL);
    psy_table_free(table);
    return status;
}

static void test_the_table_survives_every_failing_allocation(void **state)
{
    (void)state;
    psy_findings *findings = NULL;
    assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
    const psy_finding one = {.file = "a.csv", .row = 7, .rule = "r", .message = "m"};
    assert_int_equal(psy_findings_add(findings, &one, NULL), PSY_OK);
    assert_true(psy_sweep(make_table, findings) >= 10);
    psy_findings_free(findings);
}

/* However a path was typed, the file has the same name; two of one name are told apart. */
static void test_names_of_files(void **state)
{
    (void)state;
    static const struct {
        const char *typed[4], *names[4];
    } cases[] = {
        {{"./a.csv", "in/b.csv", "/x/y/c.csv", NULL}, {"a.csv", "b.csv", "c.csv", NULL}},
        {{"1/a.csv", "./2/a.csv", "../2/b.csv", NULL}, {"1/a.csv", "2/a.csv", "b.csv", NULL}},
        /* What is the end of another path is called so, too, and no other file is. */
        {{"a.csv", "d/a.csv", "/e/d/a.csv", NULL}, {"./a.csv", "./d/a.csv", "e/d/a.csv", NULL}},
        {{"a//b.csv", "b.csv", "", NULL}, {"/b.csv", "./b.csv", "", NULL}},
        {{"a.csv", "b-a.csv", "x/a.csv", NULL}, {"./a.csv", "b-a.csv", "x/a.csv", NULL}},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        psy_findings *findings;
        assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
        for (int twice = 0; twice < 2; twice++)
            for (size_t i = 0; cases[c].typed[i] != NULL; i++)
                add(findings,
                    &(psy_finding){.file = cases[c].typed[i], .rule = "r", .message = "m"});
        add(findings, &(psy_finding){.rule = "r", .message = "of no file"});
        assert_int_equal(psyi_findings_short_names(findings, NULL, 0, NULL), PSY_OK);
        for (size_t i = 0; i < 6; i++)
            assert_string_equal(psy_findings_get(findings, i).file, cases[c].names[i % 3]);
        assert_int_equal(psyi_findings_short_names(findings, NULL, 0, NULL),
                         PSY_OK); /* and stays */
        psy_findings_free(findings);
    }
    assert_int_equal(psyi_findings_short_names(NULL, NULL, 0, NULL), PSY_OK);
}

/* Of two files called alike one may have all the findings; the others' paths may go first. */
static void test_names_beside_other_files(void **state)
{
    (void)state;
    static const char *const typed[] = {"s/2/a.csv", "s/2/b.csv", "s/2/my-a.csv", "a.csv"};
    static const char *const names[] = {"2/a.csv", "2/b.csv", "my-a.csv", "./a.csv"};
    char others[][12] = {"s/1/a.csv", "s/1/b.csv", "s/1/c.csv", "s/2/b.csv", "b-a.csv"};
    const char *paths[sizeof others / sizeof *others];
    psy_findings *findings;
    assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++)
        add(findings, &(psy_finding){.file = typed[i], .rule = "r", .message = "m"});
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        paths[i] = others[i];
    assert_int_equal(
        psyi_findings_short_names(findings, paths, sizeof others / sizeof *others, NULL), PSY_OK);
    memset(others, 'x', sizeof others);
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++)
        assert_string_equal(psy_findings_get(findings, i).file, names[i]);
    psy_findings_free(findings);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_of_files),
        cmocka_unit_test(test_names_beside_other_files),
        cmocka_unit_test(test_findings_as_a_table),
        cmocka_unit_test(test_the_table_survives_every_failing_allocation),
        cmocka_unit_test(test_texts_are_copied_and_shared),
        cmocka_unit_test(test_counts_by_severity),
        cmocka_unit_test(test_no_list_is_fine),
        cmocka_unit_test(test_file_names_that_are_not_utf8_are_repaired),
        cmocka_unit_test(test_messages_are_printable_lines),
        cmocka_unit_test(test_find_formats_and_cuts),
        cmocka_unit_test(test_order_is_by_place_and_stable),
        cmocka_unit_test(test_merge_appends),
        cmocka_unit_test(test_csv_and_json),
        cmocka_unit_test(test_a_million_findings_are_cheap),
        cmocka_unit_test(test_texts_that_never_repeat),
        cmocka_unit_test(test_findings_survive_every_failing_allocation),
    };
    return cmocka_run_group_tests_name("findings", tests, NULL, NULL);
}
