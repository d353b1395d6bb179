/*
 * test_ranges.c -- however a text is cut into ranges and windows, and however many threads
 * read them, the outcome is that of the general way from first to last.
 *
 * Texts are hostile: quotes that are closed late, or never, line ends of three kinds, also in
 * cells, rows too short and too long, wide characters at every cut, cells of nearly a record's
 * length.
 */
#include "test_support.h"

#include "intake/csv.h"
#include "intake/quick_run.h"
#include "intake/quick_turn.h"
#include "intake/text_window.h"
#include "intake_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* ---- what the plan says ---- */

static const char *const student[] = {"student"}, *const school[] = {"school"},
                         *const sex[] = {"sex"}, *const grade[] = {"grade"},
                         *const class_name[] = {"class"}, *const name[] = {"name"},
                         *const moment[] = {"time"};
static const char *const keep[] = {"keep"};
static const char *const skipped_texts[] = {"-", "(跳过)"};
static const psy_instrument *const three[] = {&fixture_phq9, &fixture_psqi, &fixture_sdq};

static const char header[] =
    "student,phq9_1,phq9_2,phq9_3,phq9_4,phq9_5,phq9_6,phq9_7,phq9_8,phq9_9,school,name,sex,time,"
    "psqi_q1_bed,psqi_q2_minutes,psqi_q4_hours,psqi_5,sdq_1,sdq_2,keep,grade,class\n";
enum { N_COLUMNS = 23 };

static void plan(fixture_reading *reading)
{
    fixture_plan(reading, three, 3);
    reading->input.skipped = (psyi_text_list){skipped_texts, 2};
    fixture_column(reading, PSYI_FIELD_STUDENT, student, 1);
    fixture_column(reading, PSYI_FIELD_SCHOOL, school, 1);
    fixture_column(reading, PSYI_FIELD_SEX, sex, 1);
    fixture_column(reading, PSYI_FIELD_GRADE, grade, 1);
    fixture_column(reading, PSYI_FIELD_CLASS, class_name, 1);
    fixture_column(reading, PSYI_FIELD_NAME, name, 1);
    fixture_column(reading, PSYI_FIELD_SUBMITTED_AT, moment, 1);
    reading->options.keep = keep;
    reading->options.n_keep = 1;
    reading->options.n_threads = 1;
}

/* ---- hostile rows ---- */

static const char *const answers[] = {"0",
                                      "1",
                                      "2",
                                      "3",
                                      "0",
                                      "1",
                                      "2",
                                      "3",
                                      "",
                                      "",
                                      "\"1\"",
                                      "8",
                                      "9",
                                      "7",
                                      "x",
                                      "-",
                                      "(跳过)",
                                      " 1",
                                      "1.0",
                                      "１",
                                      "not at all",
                                      "\"1\" ",
                                      "\"1\"x",
                                      "a\"b",
                                      "12",
                                      "\"1\n2\"",
                                      "\"a\r\nb,\"\"c\"\"\"",
                                      "\"\"",
                                      "一半以上天数",
                                      "=\"1\"",
                                      "23:30"};
static const char *const words[] = {"",
                                    "G1",
                                    "G2",
                                    " G3 ",
                                    "１２",
                                    "\"G,4\"",
                                    "=\"G5\"",
                                    "\"=\"\"G6\"\"\"",
                                    "=G7",
                                    "=\"",
                                    "七年级",
                                    "8",
                                    "七(1)班",
                                    "702",
                                    "初一",
                                    "#N/A",
                                    "-",
                                    "\"x\ny\"",
                                    "李佳琪",
                                    "\"李\"\"琪\"",
                                    "2026-09-03",
                                    "2026/9/3 12:00",
                                    "no date",
                                    ("\xE3\x80\x80"
                                     "7"),
                                    "a\"b\"c"};
static const char *const sexes[] = {"男", "女", "", "male", "FEMALE"};
static const char *const ends[] = {"\n", "\n", "\n", "\r\n", "\r", "\n\n", "\n,,,,\n", "\r\r\n"};

static void random_rows(psyi_buffer *text, uint32_t *seed, unsigned n_rows)
{
    for (unsigned row = 0; row < n_rows; row++) {
        const bool plain = next(seed) % 3 != 0; /* mostly what files are made of */
        const unsigned n = next(seed) % 12 == 0 ? next(seed) % (N_COLUMNS + 4) : N_COLUMNS;
        for (unsigned column = 0; column < n; column++) {
            const bool is_item = (column >= 1 && column <= 9) || (column >= 14 && column <= 19);
            psyi_buffer_text(text, column > 0 ? "," : "");
            if (column == 12)
                psyi_buffer_text(text, sexes[next(seed) % (plain ? 3 : COUNT(sexes))]);
            else if (is_item)
                psyi_buffer_text(text, answers[next(seed) % (plain ? 9 : COUNT(answers))]);
            else
                psyi_buffer_text(text, words[next(seed) % COUNT(words)]);
        }
        psyi_buffer_text(text, ends[next(seed) % (plain ? 4 : COUNT(ends))]);
    }
    if (next(seed) % 9 == 0) /* both end the reading */
        psyi_buffer_text(text, next(seed) % 2 == 0 ? "G9,0,\"never closed\n0,1\n2,3\n"
                                                   : "\nG9,,,,,,,,,,,,f,,,,,,,,,,refused\nG10,1\n");
}

static void assert_cut_alike(const psyi_buffer *text, size_t range_bytes, unsigned n_threads)
{
    fixture_reading slow, cut;
    plan(&slow);
    plan(&cut);
    slow.options.input = &slow.input;
    slow.options.general_only = true;
    cut.options.input = &cut.input;
    cut.options.range_bytes = range_bytes;
    cut.options.n_threads = n_threads;
    fixture_read(&slow, text->data, text->length);
    fixture_read(&cut, text->data, text->length);
    fixture_assert_same(&slow, &cut);
    fixture_done(&slow);
    fixture_done(&cut);
}

static void test_hostile_rows_are_read_alike(void **state)
{
    static const size_t sizes[] = {0, 1, 7, 64, 300, 1000, 5000};
    psyi_buffer text;
    (void)state;
    psyi_buffer_init(&text, NULL);
    for (uint32_t seed = 1; seed <= 110; seed++) {
        uint32_t roll = seed * 2654435761u;
        psyi_buffer_clear(&text);
        if (seed % 10 == 0)
            psyi_buffer_text(&text, "\xEF\xBB\xBF");
        psyi_buffer_text(&text, header);
        random_rows(&text, &roll, 10 + next(&roll) % 120);
        assert_cut_alike(&text, sizes[seed % COUNT(sizes)], 1 + seed % 3);
    }
    psyi_buffer_done(&text);
}

/* A cut at every byte of a text with all that could be cut badly. */
static void test_every_offset_is_a_good_cut(void **state)
{
    static const char rows[] =
        "G1,0,1,2,3,0,1,2,3,0,510,李佳琪,女,2026-09-03,23:30,10,6.5,1,0,1,k,七年级,七(1)班\n"
        "\"G\n2\",0,1,\"2\r\n\",3,0,1,2,3,0,510,\"孙\"\"浩\",男,,,,,,0,1,\"a,\n\nb\",8,801\r\n"
        "\n,,,\n"
        "G3,x,1,2,3,0,1,2,3,0,510,吴,男,,,,,,0,1,k,8,801,too long\r"
        "G4,0,1,2\n"
        "G5,0,1,2,3,0,1,2,3,7,511,\"a\"b,女,9,25:00,601,6.55,5,3,1,k,9,八年级一班\n";
    psyi_buffer text;
    (void)state;
    psyi_buffer_init(&text, NULL);
    psyi_buffer_text(&text, header);
    psyi_buffer_text(&text, rows);
    for (size_t size = 1; size <= sizeof rows; size++)
        assert_cut_alike(&text, size, size % 5 == 0 ? 3 : 1);
    psyi_buffer_text(&text, "G6,0,\"never closed\nG7,0,0\nG8,1,1\n");
    for (size_t size = 1; size <= sizeof rows; size += 3)
        assert_cut_alike(&text, size, 1);
    psyi_buffer_done(&text);
}

/* ---- windows ---- */

static void write_file(const char *path, const psyi_buffer *text)
{
    FILE *const file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text->data, 1, text->length, file), text->length);
    assert_int_equal(fclose(file), 0);
}

static void read_path(fixture_reading *reading, const char *path, size_t window_bytes)
{
    reading->options.input = &reading->input;
    reading->options.window_bytes = window_bytes;
    reading->intake = PSY_UNTOUCHED;
    memset(&reading->error, 0, sizeof reading->error);
    assert_int_equal(psy_findings_new(&reading->findings, NULL, NULL), PSY_OK);
    reading->status = psyi_intake_read(&reading->intake, &reading->options, &path, NULL, 1, NULL,
                                       reading->findings, &reading->error);
    if (reading->status != PSY_OK) {
        psy_assert_untouched(reading->intake);
        reading->intake = NULL;
    }
}

/* Whole and the general way, beside windows of one or several threads. */
static void assert_windows_alike(const psyi_buffer *text, const char *encoding,
                                 const char *encoding_else, size_t window_bytes)
{
    char path[] = "/tmp/psyscreen_ranges_XXXXXX";
    const int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    close(descriptor);
    write_file(path, text);
    fixture_reading slow, windows;
    plan(&slow);
    plan(&windows);
    slow.input.encoding = windows.input.encoding = encoding;
    slow.input.encoding_else = windows.input.encoding_else = encoding_else;
    slow.options.general_only = true;
    windows.options.n_threads = 2;
    read_path(&slow, path, text->length + 1);
    read_path(&windows, path, window_bytes);
    if (slow.status == PSY_E_DATA && windows.status == PSY_E_DATA) {
        /* A whole text is checked before its first row is read: only the error is alike. */
        assert_string_equal(slow.error.message, windows.error.message);
        assert_int_equal(slow.error.where.line, windows.error.where.line);
        assert_int_equal(slow.error.where.column, windows.error.where.column);
    } else {
        fixture_assert_same(&slow, &windows);
    }
    fixture_done(&slow);
    fixture_done(&windows);
    unlink(path);
}

enum { LEAST_WINDOW = PSYI_LEAST_WINDOW };

static void fill_rows(psyi_buffer *text, uint32_t seed, size_t length)
{
    psyi_buffer_clear(text);
    psyi_buffer_text(text, header);
    while (text->length < length) {
        const size_t before = text->length;
        random_rows(text, &seed, 50);
        /* Nothing that ends the reading. */
        if (strstr(text->data + before, "never closed") != NULL ||
            strstr(text->data + before, "refused") != NULL) {
            text->length = before;
            text->data[before] = '\0';
        }
    }
}

static void test_windows_are_read_alike(void **state)
{
    psyi_buffer text;
    (void)state;
    psyi_buffer_init(&text, NULL);
    fill_rows(&text, 7, (size_t)LEAST_WINDOW * 2 + 100000);
    for (size_t more = 0; more < 5; more++)
        assert_windows_alike(&text, more % 2 == 0 ? NULL : "utf-8", NULL, LEAST_WINDOW + 3 * more);
    assert_windows_alike(&text, "utf-8", "gb18030", LEAST_WINDOW);
    psyi_buffer_done(&text);
}

/* Once such windows were no windows: the file was read whole, and nobody was told. */
static void test_small_windows_are_refused(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 4096, LEAST_WINDOW / 2, LEAST_WINDOW - 1};
    char path[] = "/tmp/psyscreen_ranges_XXXXXX";
    const int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    close(descriptor);
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    fill_rows(&text, 41, 5000);
    write_file(path, &text);
    for (size_t i = 0; i < COUNT(sizes); i++) {
        fixture_reading reading;
        plan(&reading);
        read_path(&reading, path, sizes[i]);
        assert_int_equal(reading.status, PSY_E_ARGUMENT);
        assert_non_null(strstr(reading.error.message, "cannot hold every row"));
        fixture_done(&reading);
    }
    unlink(path);
    psyi_buffer_done(&text);
}

/* Cells as long as a record may be, longer ones, and text that is none in a later window. */
static void test_windows_end_in_bad_places(void **state)
{
    static const char *const inside[] = {"\xFF", "\xE6\x9D", "\xED\xA0\x80"};
    psyi_buffer text;
    (void)state;
    psyi_buffer_init(&text, NULL);
    for (unsigned i = 0; i < 4; i++) {
        fill_rows(&text, 11 + i, (size_t)LEAST_WINDOW - 200000);
        psyi_buffer_text(&text, "\n\"");
        const size_t long_cell = PSYI_CSV_MAX_RECORD - 200 + 150 * i;
        for (size_t n = 0; n < long_cell; n++)
            psyi_buffer_char(&text, n % 1000 == 999 ? '\n' : 'x');
        psyi_buffer_text(&text, "\",0,1\nG1,0,1,2\n");
        assert_windows_alike(&text, NULL, NULL, LEAST_WINDOW);
    }
    for (unsigned i = 0; i < COUNT(inside); i++) {
        fill_rows(&text, 21 + i, (size_t)LEAST_WINDOW * 2);
        psyi_buffer_text(&text, "G1,0,1,");
        psyi_buffer_text(&text, inside[i]);
        psyi_buffer_text(&text, ",2\nG2,0\n");
        assert_windows_alike(&text, NULL, NULL, LEAST_WINDOW);
        assert_windows_alike(&text, "utf-8", "gb18030", LEAST_WINDOW);
    }
    fill_rows(&text, 31, (size_t)LEAST_WINDOW * 2);
    psyi_buffer_add(&text, "G1,0\0,1\n", 8);
    assert_windows_alike(&text, NULL, NULL, LEAST_WINDOW);
    psyi_buffer_done(&text);
}

/* ---- allocation sweep ---- */

static psy_status read_windows_once(const psy_allocator *allocator, void *context)
{
    const char *const path = context;
    fixture_reading reading;
    psyi_intake *intake = PSY_UNTOUCHED;
    psy_findings *findings = NULL;
    psy_error error;
    plan(&reading);
    reading.options.input = &reading.input;
    reading.options.window_bytes = LEAST_WINDOW;
    assert_int_equal(psy_findings_new(&findings, NULL, NULL), PSY_OK);
    const psy_status status =
        psyi_intake_read(&intake, &reading.options, &path, NULL, 1, allocator, findings, &error);
    if (status == PSY_OK)
        psyi_intake_free(intake);
    else
        psy_assert_untouched(intake);
    psy_findings_free(findings);
    return status;
}

static void test_windows_survive_failed_allocations(void **state)
{
    (void)state;
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    psyi_buffer_text(&text, header);
    /* Long names make few rows of it. */
    for (unsigned row = 0; text.length < (size_t)LEAST_WINDOW + 200000; row++) {
        psyi_buffer_format(&text, "G%u,0,1,x,3,0,1,2,3,0,510,", row);
        for (unsigned i = 0; i < 4000; i++)
            psyi_buffer_char(&text, 'n');
        psyi_buffer_text(&text, ",女,,23:30,10,6.5,1,0,1,k,8,801\n");
    }
    char path[1100];
    strcpy(path, psy_test_path(psy_test_directory(), "windows.csv"));
    write_file(path, &text);
    const size_t n = psy_sweep_every(5, read_windows_once, path);
    print_message("  %zu allocations\n", n);
    assert_true(n > 40);
    psy_test_directory_remove();
    psyi_buffer_done(&text);
}

/* ---- sixteen bytes at a time ---- */

static void test_steps_equal_their_plain_forms(void **state)
{
    static const char alphabet[] = "0123456789,,,,,,,,;\n\r\"x \xE6\x9D\x8E";
    uint32_t seed = 5;
    psyi_shuffles shuffles;
    psyi_take_run *const take_run = psyi_take_run_choose();
    (void)state;
    psyi_shuffles_make(&shuffles);
    if (take_run == NULL)
        print_message("no AVX2 here: its steps are not compared\n");
    for (unsigned round = 0; round < 20000; round++) {
        char text[176];
        uint8_t a[80], b[80];
        memset(a, 250, sizeof a);
        memset(b, 250, sizeof b);
        for (size_t i = 0; i < sizeof text - 1; i++)
            text[i] = round % 2 == 0 ? (i % 2 == 0 ? '0' : ',')
                                     : alphabet[next(&seed) % (sizeof alphabet - 1)];
        for (unsigned n = round % 4; n > 0; n--)
            text[next(&seed) % (sizeof text - 1)] = alphabet[next(&seed) % (sizeof alphabet - 1)];
        /* Near the end the two stop at different places, and may. */
        memset(text + sizeof text - 57, 'x', 56);
        text[sizeof text - 1] = '\0';
        const char *const end = text + sizeof text - 1 - next(&seed) % 20;
        const psyi_digits digits = {(uint8_t)('0' + next(&seed) % 3), (uint8_t)(next(&seed) % 9),
                                    (uint8_t)(next(&seed) % 4)};
        const size_t room = next(&seed) % (sizeof a - 8);
        bool any_a = false, any_b = false;
        const psyi_taken x = psyi_take(text, end, ',', digits, 250, a, room, &any_a);
        const psyi_taken y = psyi_take_plain(text, end, ',', digits, 250, b, room, &any_b);
        assert_int_equal(x.cells, y.cells);
        assert_ptr_equal(x.at, y.at);
        assert_int_equal(any_a, any_b);
        assert_memory_equal(a, b, sizeof a);
        text[0] = ',';
        if (take_run != NULL) { /* near the end it stops earlier, too */
            bool any_c = false, any_d = false;
            uint8_t c[sizeof a], d[sizeof a];
            memset(c, 250, sizeof c);
            memset(d, 250, sizeof d);
            const psyi_taken w =
                take_run(text + 1, end, ',', digits, 250, c, room, &any_c, &shuffles);
            const psyi_taken z = psyi_take_plain(text + 1, end, ',', digits, 250, d, room, &any_d);
            assert_int_equal(w.cells, z.cells);
            assert_ptr_equal(w.at, z.at);
            assert_int_equal(any_c, any_d);
            assert_memory_equal(c, d, sizeof c);
        }
        assert_ptr_equal(psyi_stop_find(text, end, ','), psyi_stop_plain(text, end, ','));
    }
}

static void test_turned_rows_are_columns(void **state)
{
    uint32_t seed = 7;
    (void)state;
    for (unsigned round = 0; round < 2000; round++) {
        uint8_t table[PSYI_TURN_ROWS][50], turned[PSYI_TURN_COLUMNS * PSYI_TURN_ROWS];
        uint8_t plain[sizeof turned], none[PSYI_TURN_ROWS];
        const uint8_t *rows[PSYI_TURN_ROWS];
        const size_t column = next(&seed) % (sizeof table[0] - PSYI_TURN_COLUMNS + 1);
        for (size_t r = 0; r < PSYI_TURN_ROWS; r++) {
            rows[r] = table[r];
            for (size_t c = 0; c < sizeof table[r]; c++)
                table[r][c] = (uint8_t)(round % 2 == 0 ? next(&seed) : 245 + next(&seed) % 11);
        }
        psyi_turn_choose()(rows, column, turned);
        psyi_turn_plain(rows, column, plain);
        assert_memory_equal(turned, plain, sizeof turned);
        const size_t n = next(&seed) % (PSYI_TURN_COLUMNS + 1);
        memset(none, 0xFF, sizeof none);
        none[round % PSYI_TURN_ROWS] = 0;
        for (size_t c = 0; c < n; c++)
            if (round % 3 == 0)
                turned[c * PSYI_TURN_ROWS + 5] = c % 2 == 0 ? 250 : 252;
        psyi_lanes_none(turned, n, 250, 252, none);
        for (size_t r = 0; r < PSYI_TURN_ROWS; r++) {
            bool all = r != round % PSYI_TURN_ROWS;
            for (size_t c = 0; c < n; c++)
                all = all && (turned[c * PSYI_TURN_ROWS + r] == 250 ||
                              turned[c * PSYI_TURN_ROWS + r] == 252);
            assert_int_equal(none[r], all ? 0xFF : 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_turned_rows_are_columns),
        cmocka_unit_test(test_hostile_rows_are_read_alike),
        cmocka_unit_test(test_every_offset_is_a_good_cut),
        cmocka_unit_test(test_windows_are_read_alike),
        cmocka_unit_test(test_small_windows_are_refused),
        cmocka_unit_test(test_windows_end_in_bad_places),
        cmocka_unit_test(test_windows_survive_failed_allocations),
        cmocka_unit_test(test_steps_equal_their_plain_forms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
