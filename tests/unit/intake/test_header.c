/*
 * test_header.c -- names to columns: patterns, declared lists, positions, overrides, the
 * separator, and every sentence about a header that does not fit.
 */
#include "test_support.h"

#include "definition/item_pattern.h"
#include "intake/header.h"
#include "intake/question_columns.h"
#include "intake_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

#define PHQ9_HEADER "phq9_1,phq9_2,phq9_3,phq9_4,phq9_5,phq9_6,phq9_7,phq9_8,phq9_9"

static const psy_instrument *const phq9_only[] = {&fixture_phq9};

/* ---- patterns ---- */

static const struct {
    const char *pattern;
    size_t item; /* of phq9 */
    const char *filled;
} patterns[] = {
    {"PHQ_{n}", 0, "PHQ_1"},
    {"MHT_{n:03}", 8, "MHT_009"},
    {"Q{n:2}", 8, "Q09"},
    {"{id}-{name}", 8, "9-self_harm"},
    {"x{name}", 0, NULL},
    {"第{n}题", 9, "第10题"},
    {"{n}{n:02}", 2, "303"},
    {"{unknown}{n}", 0, "{unknown}1"},
    {"{n", 0, "{n"},
    {"{n:}", 0, "{n:}"},
    {"plain", 0, "plain"},
    {"{question}", 4, "{question:5}"},
    {"{question+4}", 4, "{question:9}"},
    {"{question-4}", 4, "{question:1}"},
    {"{question-5}", 4, NULL},
    {"{question:7}{row}", 4, "{question:7}{row:5}"},
    {"{question:7}{row+10}", 4, "{question:7}{row:15}"},
    {"{question:7}{row-4}", 4, "{question:7}{row:1}"},
    {"{question:7}{row-5}", 4, NULL},
};

static void test_pattern(void **state)
{
    (void)state;
    psyi_arena arena;
    psyi_arena_init(&arena, NULL);
    for (size_t i = 0; i < COUNT(patterns); i++) {
        const char *filled;
        print_message("  %s\n", patterns[i].pattern);
        assert_true(psyi_pattern_fill(&arena, patterns[i].pattern,
                                      &fixture_phq9.items[patterns[i].item], &filled));
        if (patterns[i].filled == NULL)
            assert_null(filled);
        else
            assert_string_equal(filled, patterns[i].filled);
    }
    const char *filled;
    assert_true(psyi_pattern_fill(&arena, "Q{n}", &fixture_psqi.items[0], &filled));
    assert_null(filled); /* q1_bed has no number */
    psyi_arena_done(&arena);
}

/* Every pattern, and the columns of a header by the numbers of their questions. */
static psy_status fill_and_find(const psy_allocator *allocator, void *context)
{
    (void)context;
    const char *names[] = {"1、性别", "2、第一行", "2、第二行", "3.晚睡"};
    const psyi_header header = {.names = names, .n_columns = COUNT(names), .line = 1};
    psyi_question_columns columns;
    psyi_question_name name;
    psyi_arena arena;
    psyi_arena_init(&arena, allocator);
    bool good = psyi_question_columns_make(&columns, &header, "export.csv", &arena);
    for (size_t i = 0; i < COUNT(patterns) && good; i++) {
        const char *filled;
        uint32_t column;
        good = psyi_pattern_fill(&arena, patterns[i].pattern, &fixture_phq9.items[patterns[i].item],
                                 &filled);
        if (good && filled != NULL && psyi_question_name_read(filled, &name))
            assert_int_equal(psyi_question_column(&columns, &name, &column, NULL), PSY_OK);
    }
    if (good) {
        uint32_t column = 0;
        name = (psyi_question_name){.question = 2, .row = 2};
        assert_int_equal(psyi_question_column(&columns, &name, &column, NULL), PSY_OK);
        assert_int_equal(column, 2);
    }
    psyi_arena_done(&arena);
    return good ? PSY_OK : PSY_E_NOMEM;
}

static void test_names_without_memory(void **state)
{
    (void)state;
    assert_true(psy_sweep(fill_and_find, NULL) > 0);
}

/* ---- what is found ---- */

static void test_generated_names(void **state)
{
    (void)state;
    fixture_reading reading;
    fixture_ad_hoc(&reading, &fixture_psqi);
    assert_int_equal(fixture_read_text(&reading, "grade,psqi_q4_hours,psqi_5,psqi_q1_bed,"
                                                 "psqi_q2_minutes,sex\n"
                                                 "七年级,6.5,2,23:30,20,男\n"),
                     PSY_OK);
    assert_int_equal(reading.intake->n_records, 1);
    assert_int_equal(reading.intake->records[0].grade, 7);
    assert_int_equal(reading.intake->records[0].sex, PSYI_SEX_MALE);
    assert_int_equal(reading.intake->sheets[0]->numbers[0][0], 1410);
    assert_int_equal(reading.intake->sheets[0]->numbers[1][0], 20);
    assert_int_equal(reading.intake->sheets[0]->numbers[2][0], 65);
    assert_int_equal(fixture_byte(&reading, 0, 0, 0), 0);
    assert_int_equal(fixture_byte(&reading, 0, 0, 3), 2);
    assert_int_equal(psy_findings_count(reading.findings), 0);
    fixture_done(&reading);
}

static void test_plan_patterns_lists_and_positions(void **state)
{
    static const char *const third[] = {"SDQ3", "3、"}, *const position[] = {"#2"};
    static const psyi_item_column own[] = {{2, {third, 2, {0, 0, 0}}},
                                           {3, {position, 1, {0, 0, 0}}}};
    static const psyi_item_columns columns[] = {{0, "SDQ_{n}", own, 2, {0, 0, 0}}};
    static const psy_instrument *const sdq[] = {&fixture_sdq};
    static const char *const students[] = {"学号", "学籍号"};
    (void)state;
    fixture_reading reading;
    fixture_plan(&reading, sdq, 1);
    reading.input.items = columns;
    reading.input.n_items = 1;
    fixture_column(&reading, PSYI_FIELD_STUDENT, students, 2);
    assert_int_equal(fixture_read_text(&reading, "\xEF\xBB\xBF 学籍号 ,whatever,SDQ_1,SDQ_2,3、\n"
                                                 "L1,3,1,2,0\n"),
                     PSY_OK);
    assert_string_equal(reading.intake->records[0].student, "L1");
    assert_int_equal(fixture_byte(&reading, 0, 0, 0), 1);
    assert_int_equal(fixture_byte(&reading, 0, 0, 1), 2);
    assert_int_equal(fixture_byte(&reading, 0, 0, 2), 0);
    assert_int_equal(fixture_byte(&reading, 0, 0, 3), 3);
    assert_int_equal(psy_findings_count(reading.findings), 0);
    fixture_done(&reading);
}

static void test_names_that_say_how_a_header_begins(void **state)
{
    static const psyi_item_columns columns[] = {{0, "{n}、*", NULL, 0, {0, 0, 0}}};
    static const psy_instrument *const k2[] = {&fixture_k2};
    static const char *const keep[] = {"1班*"}, *const student[] = {"学籍号*"};
    (void)state;
    fixture_reading reading;
    fixture_plan(&reading, k2, 1);
    reading.input.items = columns;
    reading.input.n_items = 1;
    reading.options.keep = keep;
    reading.options.n_keep = 1;
    fixture_column(&reading, PSYI_FIELD_STUDENT, student, 1);
    assert_int_equal(fixture_read_text(&reading, "11、第十一题;1班*;2、你会,紧张吗;1、你怕吗？;"
                                                 "学籍号（必填）\n5;a;2;1;G1\n"),
                     PSY_OK);
    assert_int_equal(fixture_byte(&reading, 0, 0, 0), 0);
    assert_int_equal(fixture_byte(&reading, 0, 0, 1), 1);
    assert_string_equal(reading.intake->records[0].student, "G1");
    assert_string_equal(reading.intake->records[0].kept[0], "a");
    fixture_done(&reading);
    assert_int_equal(fixture_read_text(&reading, "1、a,1、b,2、c,学籍号,1班*\n"), PSY_E_DATA);
    assert_string_equal(reading.error.message,
                        "'1、a' (column 1) and '1、b' (column 2) are both item 1 of k2");
    fixture_done(&reading);
    assert_int_equal(fixture_read_text(&reading, "1班人数,2、c,学籍号,1班*\n"), PSY_E_DATA);
    assert_string_equal(reading.error.message, "k2 needs 1 column that is not there: '1、*'");
    fixture_done(&reading);
}

/* Columns by the numbers of their questions, and rows of matrix questions. */
static void test_questions(void **state)
{
    static const psyi_item_columns plain[] = {{0, "{question+1}", NULL, 0, {0, 0, 0}}};
    static const psyi_item_columns matrix[] = {{0, "{question:7}{row}", NULL, 0, {0, 0, 0}}};
    static const struct {
        const psyi_item_columns *items;
        const char *header, *row,
            *refused; /* the two items are answered with their first and second option */
    } cases[] = {
        {plain, "Q3 x,1、学号,2．y,z", "2,G1,1,9", NULL},
        {plain, "第3题：你会紧张吗;第1题 学号;2) 怕;10、怕", "2,G1,1,9", NULL},
        {plain, "3、x,1、学号,2、y,2、z", "",
         "question 2: column 4 ('2、z') is a second one of this number: rows of a matrix question "
         "are named {question:7}{row}, single columns by their header"},
        {plain, "4、x,1、学号,2、y,0、z", "", "k2 needs 1 column that is not there: question 3"},
        {matrix, "7、甲—1、a,1、学号,7、甲—2、b,z", "1,G1,2,9", NULL},
        {matrix, "7、甲—二,1、学号,7、甲—一,z", "",
         "question 7: column 3 ('7、甲—一') does not stand beside the other rows, which have no "
         "numbers: name the columns by their headers"},
        {matrix, "7、甲—一,7、甲—一,1、学号,z", "",
         "question 7: column 2 ('7、甲—一') stands there twice, and rows without numbers count by "
         "their order"},
        {matrix, "1、学号,x,7、甲—一,7、甲—二", "G1,9,1,2", NULL},
        {matrix, "Q7_2,1、学号,Q7_1,Q17_1", "2,G1,1,9", NULL},
        {matrix, "7(2),1、学号,7(1),7", "", /* a bare 7 is no row */
         "question 7: column 1 ('7(2)') begins a matrix only some of whose rows have numbers: name "
         "its columns by their headers"},
        {matrix, "7(1),1、学号,7(1),8", "",
         "question 7: column 3 ('7(1)') is a second row of its number"},
        {matrix, "7(1),1、学号,7(3),8", "",
         "k2 needs 1 column that is not there: question 7 row 2"},
    };
    static const psy_instrument *const k2[] = {&fixture_k2};
    static const char *const student[] = {"{question:1}"};
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        fixture_reading reading;
        char text[400];
        const bool semicolons = strchr(cases[i].header, ';') != NULL;
        fixture_plan(&reading, k2, 1);
        reading.input.items = cases[i].items;
        reading.input.n_items = 1;
        fixture_column(&reading, PSYI_FIELD_STUDENT, student, 1);
        snprintf(text, sizeof text, "%s\n%s\n", cases[i].header, cases[i].row);
        for (char *c = strchr(text, '\n'); semicolons && *c != '\0'; c++)
            *c = *c == ',' ? ';' : *c;
        print_message("  %s\n", cases[i].header);
        assert_int_equal(fixture_read_text(&reading, text),
                         cases[i].refused == NULL ? PSY_OK : PSY_E_DATA);
        if (cases[i].refused != NULL) {
            assert_string_equal(reading.error.message, cases[i].refused);
        } else {
            assert_string_equal(reading.intake->records[0].student, "G1");
            assert_int_equal(fixture_byte(&reading, 0, 0, 0), 0);
            assert_int_equal(fixture_byte(&reading, 0, 0, 1), 1);
        }
        fixture_done(&reading);
    }
}

static void test_questions_of_two_questionnaires_do_not_run_on(void **state)
{
    static const psyi_item_columns run[] = {{0, "{question}", NULL, 0, {0, 0, 0}},
                                            {1, "{question+1}", NULL, 0, {0, 0, 0}}};
    static const psy_instrument *const both[] = {&fixture_k2, &fixture_k2};
    static const char *const student[] = {"学号"};
    (void)state;
    fixture_reading reading;
    fixture_plan(&reading, both, 2);
    reading.input.items = run;
    reading.input.n_items = 2;
    fixture_column(&reading, PSYI_FIELD_STUDENT, student, 1);
    assert_int_equal(fixture_read_text(&reading, "学号,1、a,2、b,3、c\nG1,0,1,1\n"), PSY_E_DATA);
    assert_non_null(
        strstr(reading.error.message, "column 3 ('2、b') would be item 2 of k2 and item 1"));
    assert_non_null(strstr(reading.error.message, "numbers of its own items"));
    fixture_done(&reading);
}

static void test_items_the_pattern_cannot_name(void **state)
{
    static const psyi_item_columns columns[] = {{0, "Q{n}", NULL, 0, {0, 0, 0}}};
    static const psy_instrument *const psqi[] = {&fixture_psqi};
    (void)state;
    fixture_reading reading;
    fixture_plan(&reading, psqi, 1);
    reading.input.items = columns;
    reading.input.n_items = 1;
    assert_int_equal(
        fixture_read_text(&reading, "Q5,psqi_q1_bed,psqi_q2_minutes,psqi_q4_hours\n1,23:00,5,7\n"),
        PSY_OK);
    assert_int_equal(fixture_byte(&reading, 0, 0, 3), 1);
    assert_int_equal(reading.intake->sheets[0]->numbers[2][0], 70);
    fixture_done(&reading);
}

static void test_header_cell_override(void **state)
{
    static const psyi_header_cell cells[] = {{1, "phq9_1"}};
    (void)state;
    fixture_reading reading;
    fixture_plan(&reading, phq9_only, 1);
    reading.input.header = cells;
    reading.input.n_header = 1;
    assert_int_equal(fixture_read_text(&reading, "\xC3\xAF\xC2\xBB\xE2\x84\xA2" PHQ9_HEADER
                                                 "\n1,2,3,0,0,0,0,0,1\n"),
                     PSY_OK);
    assert_int_equal(fixture_byte(&reading, 0, 0, 0), 1);
    fixture_done(&reading);
}

static void test_one_column_may_serve_two_uses(void **state)
{
    static const psy_instrument *const both[] = {&fixture_phq9, &fixture_k2};
    static const char *const first[] = {"phq9_1"}, *const second[] = {"phq9_2"};
    static const psyi_item_column own[] = {{0, {first, 1, {0, 0, 0}}}, {1, {second, 1, {0, 0, 0}}}};
    static const psyi_item_columns columns[] = {{1, NULL, own, 2, {0, 0, 0}}};
    (void)state;
    fixture_reading reading;
    fixture_plan(&reading, both, 2);
    reading.input.items = columns;
    reading.input.n_items = 1;
    assert_int_equal(fixture_read_text(&reading, PHQ9_HEADER "\n1,2,3,0,0,0,0,0,1\n"), PSY_OK);
    assert_int_equal(fixture_byte(&reading, 0, 0, 0), 1);
    assert_int_equal(fixture_byte(&reading, 1, 0, 0), 0); /* code 1 is the first of 1..5 */
    assert_int_equal(fixture_byte(&reading, 1, 0, 1), 1);
    fixture_done(&reading);
}

static const struct {
    const char *name, *text;
    char declared;
} separators[] = {
    {"comma", PHQ9_HEADER "\n1,1,1,1,1,1,1,1,1\n", 0},
    {"semicolon",
     "phq9_1;phq9_2;phq9_3;phq9_4;phq9_5;phq9_6;phq9_7;phq9_8;phq9_9\n"
     "1;1;1;1;1;1;1;1;1\n",
     0},
    {"tab",
     "phq9_1\tphq9_2\tphq9_3\tphq9_4\tphq9_5\tphq9_6\tphq9_7\tphq9_8\tphq9_9\n"
     "1\t1\t1\t1\t1\t1\t1\t1\t1\n",
     0},
    {"semicolon, a comma in another header",
     "a,b;phq9_1;phq9_2;phq9_3;phq9_4;phq9_5;phq9_6;"
     "phq9_7;phq9_8;phq9_9\nx;1;1;1;1;1;1;1;1;1\n",
     0},
    {"comma, the others in quotes", "\"a;b\tc\"," PHQ9_HEADER "\nx,1,1,1,1,1,1,1,1,1\n", 0},
    {"declared",
     "phq9_1;phq9_2;phq9_3;phq9_4;phq9_5;phq9_6;phq9_7;phq9_8;phq9_9;a,b\n"
     "1;1;1;1;1;1;1;1;1\n",
     ';'},
};

static void test_separator_is_seen_from_the_header(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(separators); i++) {
        fixture_reading reading;
        fixture_plan(&reading, phq9_only, 1);
        reading.input.separator = separators[i].declared;
        print_message("  %s\n", separators[i].name);
        assert_int_equal(fixture_read_text(&reading, separators[i].text), PSY_OK);
        for (size_t item = 0; item < 9; item++)
            assert_int_equal(fixture_byte(&reading, 0, 0, item), 1);
        fixture_done(&reading);
    }
}

static void test_title_rows_are_skipped(void **state)
{
    (void)state;
    fixture_reading reading;
    fixture_plan(&reading, phq9_only, 1);
    reading.input.header_row = 3;
    assert_int_equal(
        fixture_read_text(&reading, "Results, \"2026;\n\n" PHQ9_HEADER "\n1,1,1,1,1,1,1,1,1\n"),
        PSY_OK);
    assert_int_equal(reading.intake->n_records, 1);
    assert_int_equal(reading.intake->records[0].row, 4);
    fixture_done(&reading);
}

/* ---- what is refused ---- */

static const struct {
    const char *name, *text, *message;
    psy_status status;
    uint32_t line;
    bool ad_hoc;
} refused[] = {
    {"empty file", "", "the file is empty", PSY_E_DATA, 0, true},
    {"only a byte order mark", "\xEF\xBB\xBF", "the file is empty", PSY_E_DATA, 0, true},
    {"empty header row", "\n1,2\n", "line 1, where the header row should be, is empty", PSY_E_DATA,
     1, true},
    {"one missing column", "phq9_1,phq9_2,phq9_3,phq9_4,phq9_5,phq9_6,phq9_7,phq9_8,phq9-9\n",
     "phq9 needs 1 column that is not there: 'phq9_9'; the nearest unused one is 'phq9-9'",
     PSY_E_DATA, 1, true},
    {"many missing columns", "phq9_1,phq9_2,name\n",
     "phq9 needs 7 columns that are not there: 'phq9_3', 'phq9_4', 'phq9_5', 'phq9_6' and 3 more",
     PSY_E_DATA, 1, true},
    {"no item column at all", "a,b\n",
     "phq9 needs 9 columns that are not there: 'phq9_1', 'phq9_2', 'phq9_3', 'phq9_4' and 5 more",
     PSY_E_DATA, 1, true},
    {"no item column in a plan", "a,b\n",
     "no item column of any questionnaire is here; the first looked for is 'phq9_1'; if the "
     "header stands in another line, declare `header_row:`",
     PSY_E_DATA, 1, false},
    {"stray characters before a name", "\xC3\xAF\xC2\xBB\xE2\x84\xA2" PHQ9_HEADER "\n",
     "phq9 needs 1 column that is not there: 'phq9_1'; cell 1 of the header is 'ï»™phq9_1', "
     "with stray characters before the name: declare `header: {1: phq9_1}` and the `encoding:` "
     "under inputs/responses",
     PSY_E_DATA, 1, false},
    {"stray characters, no plan", "\xC3\xAF\xC2\xBB\xE2\x84\xA2" PHQ9_HEADER "\n",
     "phq9 needs 1 column that is not there: 'phq9_1'; cell 1 of the header is 'ï»™phq9_1', "
     "with stray characters before the name: write the header anew, in UTF-8",
     PSY_E_DATA, 1, true},
    {"a needed column twice", PHQ9_HEADER ",phq9_3\n",
     "two columns are called 'phq9_3': column 3 and column 10: take one of them out", PSY_E_DATA, 1,
     true},
    {"an unscored column twice", PHQ9_HEADER ",phq9_10,phq9_10\n",
     "two columns are called 'phq9_10': column 10 and column 11: take one of them out", PSY_E_DATA,
     1, true},
    {"two separators fit", PHQ9_HEADER ";phq9_10;phq9_10\n",
     "commas, semicolons or tabs could separate the columns of this header row: declare "
     "`separator: comma`, `semicolon` or `tab` under inputs/responses",
     PSY_E_DATA, 1, false},
    {"two separators, none fits", "a,b;c\n",
     "commas, semicolons or tabs could separate the columns of this header row: declare "
     "`separator: comma`, `semicolon` or `tab`",
     PSY_E_DATA, 1, true},
    {"names differ in case", "PHQ9_1,phq9_2,phq9_3,phq9_4,phq9_5,phq9_6,phq9_7,phq9_8,phq9_9\n",
     "phq9 needs 1 column that is not there: 'phq9_1'; the nearest unused one is 'PHQ9_1'",
     PSY_E_DATA, 1, true},
    {"a star before the name", "*phq9_1,phq9_2,phq9_3,phq9_4,phq9_5,phq9_6,phq9_7,phq9_8,phq9_9\n",
     "phq9 needs 1 column that is not there: 'phq9_1'; the nearest unused one is '*phq9_1'",
     PSY_E_DATA, 1, true},
    {"a title above the header", "2026年秋季心理普查\n\n" PHQ9_HEADER "\n0,0,0,0,0,0,0,0,0\n",
     "line 3 is the header, not line 1: declare `header_row:` with this number under "
     "inputs/responses",
     PSY_E_DATA, 3, false},
    {"a title, semicolons, no plan", "title\nid;phq9_1;phq9_2\n",
     "line 2 is the header, not line 1: take out the lines above it", PSY_E_DATA, 2, true},
    {"bars", "id|phq9_1|phq9_2\n",
     "the columns of line 1 are separated by '|': save the file with commas, semicolons or tabs",
     PSY_E_DATA, 1, true},
    {"unclosed quote in the header", "a,\"b\n1,2\n",
     "a quote opened in line 1 is not closed: close it, or write \"\" for a quote within a "
     "quoted cell",
     PSY_E_DATA, 1, true},
};

static void test_refused_headers(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(refused); i++) {
        fixture_reading reading;
        if (refused[i].ad_hoc)
            fixture_ad_hoc(&reading, &fixture_phq9);
        else
            fixture_plan(&reading, phq9_only, 1);
        print_message("  %s\n", refused[i].name);
        assert_int_equal(fixture_read_text(&reading, refused[i].text), refused[i].status);
        assert_string_equal(reading.error.message, refused[i].message);
        assert_string_equal(reading.error.where.source, "answers.csv");
        assert_int_equal(reading.error.where.line, refused[i].line);
        fixture_done(&reading);
    }
}

static void test_two_columns_for_one_item_are_refused(void **state)
{
    static const char *const names[] = {"Q1", "第1题"};
    static const psyi_item_column own[] = {{0, {names, 2, {0, 0, 0}}}};
    static const psyi_item_columns columns[] = {{0, "phq9_{n}", own, 1, {0, 0, 0}}};
    (void)state;
    fixture_reading reading;
    fixture_plan(&reading, phq9_only, 1);
    reading.input.items = columns;
    reading.input.n_items = 1;
    assert_int_equal(fixture_read_text(&reading, "第1题," PHQ9_HEADER "\n"), PSY_E_DATA);
    assert_string_equal(reading.error.message,
                        "'第1题' (column 1) and 'phq9_1' (column 2) are both item 1 of phq9");
    fixture_done(&reading);
}

static void test_column_limit(void **state)
{
    (void)state;
    for (size_t n = PSYI_CSV_MAX_COLUMNS; n <= PSYI_CSV_MAX_COLUMNS + 1; n++) {
        fixture_reading reading;
        psyi_buffer text;
        psyi_buffer_init(&text, NULL);
        psyi_buffer_text(&text, PHQ9_HEADER);
        for (size_t i = 9; i < n; i++)
            psyi_buffer_format(&text, ",c%zu", i);
        psyi_buffer_text(&text, "\n1,1,1,1,1,1,1,1,1\n");
        fixture_ad_hoc(&reading, &fixture_phq9);
        assert_int_equal(fixture_read(&reading, text.data, text.length),
                         n > PSYI_CSV_MAX_COLUMNS ? PSY_E_LIMIT : PSY_OK);
        if (n > PSYI_CSV_MAX_COLUMNS) {
            assert_string_equal(reading.error.message, "there are more than 4096 columns");
            assert_int_equal(reading.error.where.line, 1);
            assert_true(reading.error.where.column > 9 * 7);
        }
        fixture_done(&reading);
        psyi_buffer_done(&text);
    }
}

/* ---- what is noted ---- */

static void test_unused_and_absent_columns_are_noted_once(void **state)
{
    (void)state;
    fixture_reading reading;
    fixture_ad_hoc(&reading, &fixture_phq9);
    assert_int_equal(fixture_read_text(&reading,
                                       "id,a,b,c,d,e,f,g,h,i,j,k,phq9_11,phq9_total,," PHQ9_HEADER
                                       "\nx,,,,,,,,,,,,,,,1,1,1,1,1,1,1,1,1\n"),
                     PSY_OK);
    assert_int_equal(psy_findings_count(reading.findings), 3);
    const psy_finding *finding = fixture_finding(reading.findings, "columns_unused");
    assert_non_null(finding);
    assert_int_equal(finding->severity, PSY_NOTE);
    assert_string_equal(finding->message,
                        "columns that are not used: 'id', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', "
                        "'i' and 2 more");
    finding = fixture_finding(reading.findings, "item_columns_unused");
    assert_non_null(finding);
    assert_string_equal(
        finding->message,
        "columns that look like items of phq9 and are none: 'phq9_11', 'phq9_total'");
    finding = fixture_finding(reading.findings, "items_absent");
    assert_non_null(finding);
    assert_string_equal(finding->message,
                        "items of phq9 without a column count as not applicable: '10'");
    assert_int_equal(fixture_byte(&reading, 0, 0, 9), PSYI_NOT_APPLICABLE);
    fixture_done(&reading);
}

static void test_optional_part_may_be_absent_as_a_whole(void **state)
{
    (void)state;
    fixture_reading reading;
    fixture_ad_hoc(&reading, &fixture_sdq);
    assert_int_equal(fixture_read_text(&reading, "sdq_1,sdq_2\n0,1\n"), PSY_OK);
    assert_int_equal(fixture_byte(&reading, 0, 0, 2), PSYI_NOT_APPLICABLE);
    assert_int_equal(fixture_byte(&reading, 0, 0, 3), PSYI_NOT_APPLICABLE);
    assert_int_equal(fixture_count(reading.findings, "items_absent"), 1);
    fixture_done(&reading);

    assert_int_equal(fixture_read_text(&reading, "sdq_1,sdq_2,sdq_home\n0,1,2\n"), PSY_E_DATA);
    assert_string_equal(reading.error.message,
                        "sdq needs 1 column that is not there: 'sdq_distress'");
    fixture_done(&reading);

    assert_int_equal(fixture_read_text(&reading, "sdq_1,sdq_2,sdq_home,sdq_distress\n0,1,2,\n"),
                     PSY_OK);
    assert_int_equal(fixture_byte(&reading, 0, 0, 2), PSYI_BLANK);
    assert_int_equal(fixture_byte(&reading, 0, 0, 3), 2);
    fixture_done(&reading);
}

static void test_partial_reading_notes_what_is_missing(void **state)
{
    static const char *const students[] = {"id"};
    (void)state;
    fixture_reading reading;
    fixture_plan(&reading, phq9_only, 1);
    fixture_column(&reading, PSYI_FIELD_STUDENT, students, 1);
    reading.options.partial = true;
    assert_int_equal(fixture_read_text(&reading, "phq9_9\n3\n"), PSY_OK);
    const psy_finding *const finding = fixture_finding(reading.findings, "items_absent");
    assert_non_null(finding);
    assert_int_equal(finding->severity, PSY_NOTE);
    assert_int_equal(fixture_byte(&reading, 0, 0, 8), 3);
    assert_int_equal(fixture_byte(&reading, 0, 0, 0), PSYI_NOT_APPLICABLE);
    fixture_done(&reading);
}

static void test_declared_fields_that_are_missing(void **state)
{
    static const char *const student[] = {"学籍号"}, *const time[] = {"提交时间"};
    static const char *const code[] = {"学号"}, *const id[] = {"编码"};
    (void)state;
    fixture_reading reading;
    /* of two characters, with one more in the file; and nothing that is near */
    fixture_plan(&reading, phq9_only, 1);
    fixture_column(&reading, PSYI_FIELD_STUDENT, code, 1);
    assert_int_equal(fixture_read_text(&reading, PHQ9_HEADER ",学籍号\n"), PSY_E_DATA);
    assert_string_equal(reading.error.message, "there is no column '学号' (student); the nearest "
                                               "unused one is '学籍号'");
    fixture_done(&reading);
    fixture_plan(&reading, phq9_only, 1);
    fixture_column(&reading, PSYI_FIELD_STUDENT, id, 1);
    assert_int_equal(fixture_read_text(&reading, PHQ9_HEADER ",姓名\n"), PSY_E_DATA);
    assert_string_equal(reading.error.message, "there is no column '编码' (student): write what "
                                               "the file calls it under inputs/responses");
    fixture_done(&reading);
    fixture_plan(&reading, phq9_only, 1);
    fixture_column(&reading, PSYI_FIELD_SUBMITTED_AT, time, 1);
    assert_int_equal(fixture_read_text(&reading, PHQ9_HEADER ",提交时刻\n"), PSY_OK);
    const psy_finding *const finding = fixture_finding(reading.findings, "column_missing");
    assert_non_null(finding);
    assert_int_equal(finding->severity, PSY_WARNING);
    assert_string_equal(finding->message, "there is no column '提交时间' (submitted_at); the "
                                          "nearest unused one is '提交时刻'");
    fixture_done(&reading);

    fixture_column(&reading, PSYI_FIELD_STUDENT, student, 1);
    assert_int_equal(fixture_read_text(&reading, PHQ9_HEADER ",学号\n"), PSY_E_DATA);
    assert_string_equal(reading.error.message, "there is no column '学籍号' (student); the "
                                               "nearest unused one is '学号'");
    assert_string_equal(reading.error.path, "inputs/responses");
    fixture_done(&reading);
}

static void test_kept_columns(void **state)
{
    static const char *const keep[] = {"id", "sex"};
    (void)state;
    fixture_reading reading;
    fixture_ad_hoc(&reading, &fixture_phq9);
    reading.options.keep = keep;
    reading.options.n_keep = 2;
    assert_int_equal(fixture_read_text(&reading, "sex,id," PHQ9_HEADER "\n男, x ,1,1,1,1,1,1,1,1,1"
                                                 "\n\nfemale\n"),
                     PSY_OK);
    assert_int_equal(reading.intake->n_kept, 2);
    assert_string_equal(reading.intake->kept_names[0], "id");
    assert_string_equal(reading.intake->records[0].kept[0], " x ");
    assert_string_equal(reading.intake->records[0].kept[1], "男");
    assert_string_equal(reading.intake->records[1].kept[0], "");
    assert_string_equal(reading.intake->records[1].kept[1], "female");
    assert_int_equal(reading.intake->records[1].sex, PSYI_SEX_FEMALE);
    fixture_done(&reading);

    assert_int_equal(fixture_read_text(&reading, "sex,ID," PHQ9_HEADER "\n"), PSY_E_DATA);
    assert_string_equal(reading.error.message,
                        "there is no column 'id' to keep; the nearest unused one is 'ID'");
    fixture_done(&reading);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pattern),
        cmocka_unit_test(test_names_without_memory),
        cmocka_unit_test(test_generated_names),
        cmocka_unit_test(test_plan_patterns_lists_and_positions),
        cmocka_unit_test(test_names_that_say_how_a_header_begins),
        cmocka_unit_test(test_questions),
        cmocka_unit_test(test_questions_of_two_questionnaires_do_not_run_on),
        cmocka_unit_test(test_items_the_pattern_cannot_name),
        cmocka_unit_test(test_header_cell_override),
        cmocka_unit_test(test_one_column_may_serve_two_uses),
        cmocka_unit_test(test_separator_is_seen_from_the_header),
        cmocka_unit_test(test_title_rows_are_skipped),
        cmocka_unit_test(test_refused_headers),
        cmocka_unit_test(test_two_columns_for_one_item_are_refused),
        cmocka_unit_test(test_column_limit),
        cmocka_unit_test(test_unused_and_absent_columns_are_noted_once),
        cmocka_unit_test(test_optional_part_may_be_absent_as_a_whole),
        cmocka_unit_test(test_partial_reading_notes_what_is_missing),
        cmocka_unit_test(test_declared_fields_that_are_missing),
        cmocka_unit_test(test_kept_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
