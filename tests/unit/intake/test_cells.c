/*
 * test_cells.c -- tables of what people write into cells: integers, clocks, dates,
 * durations, grades and classes.
 */
#include "test_support.h"

#include "intake/cell.h"
#include "intake/grade.h"

#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Cleaned as every reader gets it. */
static const char *cleaned(const char *text, size_t *length, char room[PSYI_CELL_ROOM])
{
    *length = strlen(text);
    assert_true(psyi_cell_clean(&text, length, room));
    return text;
}

static const struct {
    const char *text, *cleaned;
} cleans[] = {
    {"", ""},
    {"  3 ", "3"},
    {"\xE3\x80\x80"
     "3\xC2\xA0",
     "3"},
    {"３", "3"},
    {"－２", "-2"},
    {"　２３：３０　", "23:30"},
    {"（跳过）", "(跳过)"},
    {"男", "男"},
    {"\xEF\xBB\xBF"
     "3",
     "3"},
    {"七（１）班 ", "七(1)班"},
};

static void test_clean_trims_and_narrows(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cleans); i++) {
        char room[PSYI_CELL_ROOM];
        size_t length;
        const char *const text = cleaned(cleans[i].text, &length, room);
        print_message("  %s\n", cleans[i].cleaned);
        assert_int_equal(length, strlen(cleans[i].cleaned));
        assert_memory_equal(text, cleans[i].cleaned, length);
    }
}

/* Every byte at every place of texts of up to two steps, and none. */
static void test_digits_are_nothing_else(void **state)
{
    (void)state;
    assert_false(psyi_cell_digits("", 0));
    for (size_t length = 1; length <= 18; length++)
        for (size_t at = 0; at < length; at++)
            for (unsigned byte = 0; byte < 256; byte++) {
                char text[18];
                memset(text, at % 2 == 0 ? '9' : '0', sizeof text);
                text[at] = (char)byte;
                assert_int_equal(psyi_cell_digits(text, length), byte >= '0' && byte <= '9');
            }
}

static void test_clean_refuses_wide_text_beyond_its_room(void **state)
{
    (void)state;
    char text[PSYI_CELL_ROOM + 8], room[PSYI_CELL_ROOM];
    memset(text, 'x', sizeof text);
    memcpy(text, "３", 3);
    const char *at = text;
    size_t length = sizeof text;
    assert_false(psyi_cell_clean(&at, &length, room));
    text[0] = text[1] = text[2] = 'x';
    assert_true(psyi_cell_clean(&at, &length, room));
    assert_ptr_equal(at, text);
}

static const struct {
    const char *text;
    int ok;
    int64_t value;
} integers[] = {
    {"0", 1, 0},
    {"3", 1, 3},
    {"-2", 1, -2},
    {"03", 1, 3},
    {"3.0", 1, 3},
    {"3.", 1, 3},
    {"3.5", 0, 0},
    {"", 0, 0},
    {"-", 0, 0},
    {".0", 0, 0},
    {"3a", 0, 0},
    {"+3", 0, 0},
    {"1e3", 0, 0},
    {"3 4", 0, 0},
    {"3,0", 0, 0},
    {"999999999999999999", 1, 999999999999999999},
    {"1000000000000000000", 0, 0},
};

static void test_integer_takes_whole_cells_only(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(integers); i++) {
        int64_t value = 0;
        print_message("  '%s'\n", integers[i].text);
        assert_int_equal(psyi_cell_integer(integers[i].text, strlen(integers[i].text), &value),
                         integers[i].ok);
        if (integers[i].ok)
            assert_int_equal(value, integers[i].value);
    }
}

static const struct {
    const char *text;
    psyi_clock_outcome outcome;
    int hours, minutes, seconds;
} clocks[] = {
    {"23:30", PSYI_CLOCK_OK, 23, 30, 0},
    {"7:05", PSYI_CLOCK_OK, 7, 5, 0},
    {"07:05:09", PSYI_CLOCK_OK, 7, 5, 9},
    {"07:05:09.123", PSYI_CLOCK_OK, 7, 5, 9},
    {"０：０５", PSYI_CLOCK_OK, 0, 5, 0},
    {"23：30", PSYI_CLOCK_OK, 23, 30, 0},
    {"11:00 PM", PSYI_CLOCK_OK, 23, 0, 0},
    {"11:00pm", PSYI_CLOCK_OK, 23, 0, 0},
    {"12:10 a.m.", PSYI_CLOCK_OK, 0, 10, 0},
    {"12:10 PM", PSYI_CLOCK_OK, 12, 10, 0},
    {"上午 6:40", PSYI_CLOCK_OK, 6, 40, 0},
    {"下午11:00", PSYI_CLOCK_OK, 23, 0, 0},
    {"23点30分", PSYI_CLOCK_OK, 23, 30, 0},
    {"6点", PSYI_CLOCK_OK, 6, 0, 0},
    {"6时5分", PSYI_CLOCK_OK, 6, 5, 0},
    {"0:00", PSYI_CLOCK_OK, 0, 0, 0},
    {"23.30", PSYI_CLOCK_DOTTED, 0, 0, 0},
    {"6.05", PSYI_CLOCK_DOTTED, 0, 0, 0},
    {"24:00", PSYI_CLOCK_OUTSIDE, 0, 0, 0},
    {"25:00", PSYI_CLOCK_OUTSIDE, 0, 0, 0},
    {"23:60", PSYI_CLOCK_OUTSIDE, 0, 0, 0},
    {"下午23:00", PSYI_CLOCK_OUTSIDE, 0, 0, 0},
    {"0:30 PM", PSYI_CLOCK_OUTSIDE, 0, 0, 0},
    {"11", PSYI_CLOCK_UNREADABLE, 0, 0, 0},
    {"2330", PSYI_CLOCK_UNREADABLE, 0, 0, 0},
    {"7.5", PSYI_CLOCK_UNREADABLE, 0, 0, 0},
    {"7:5", PSYI_CLOCK_UNREADABLE, 0, 0, 0},
    {"7:055", PSYI_CLOCK_UNREADABLE, 0, 0, 0},
    {"123:05", PSYI_CLOCK_UNREADABLE, 0, 0, 0},
    {"11 PM", PSYI_CLOCK_UNREADABLE, 0, 0, 0},
    {"23:30 yes", PSYI_CLOCK_UNREADABLE, 0, 0, 0},
    {"", PSYI_CLOCK_UNREADABLE, 0, 0, 0},
    {":30", PSYI_CLOCK_UNREADABLE, 0, 0, 0},
    {"晚上11点", PSYI_CLOCK_UNREADABLE, 0, 0, 0},
    {"6点3x", PSYI_CLOCK_UNREADABLE, 0, 0, 0},
};

static void test_clock(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(clocks); i++) {
        char room[PSYI_CELL_ROOM];
        size_t length;
        int32_t seconds = -1;
        const char *const text = cleaned(clocks[i].text, &length, room);
        print_message("  '%s'\n", clocks[i].text);
        assert_int_equal(psyi_clock_read(text, length, &seconds), clocks[i].outcome);
        if (clocks[i].outcome == PSYI_CLOCK_OK)
            assert_int_equal(seconds,
                             clocks[i].hours * 3600 + clocks[i].minutes * 60 + clocks[i].seconds);
    }
}

static const struct {
    const char *text;
    int ok, seconds;
} durations[] = {
    {"123秒", 1, 123},
    {"5340秒", 1, 5340},
    {"3600s", 1, 3600},
    {"3600", 1, 3600},
    {"2分3秒", 1, 123},
    {"00:12:30", 1, 750},
    {"1:00:05", 1, 3605},
    {"1小时2分3秒", 1, 3723},
    {"12分钟", 1, 720},
    {"90 sec", 1, 90},
    {"2 min 3 s", 1, 123},
    {"1h", 1, 3600},
    {"123.4", 1, 123},
    {"123.5秒", 1, 124},
    {"0", 1, 0},
    {"12:30", 0, 0},
    {"3秒2分", 0, 0},
    {"2分2分", 0, 0},
    {"5 6", 0, 0},
    {"abc", 0, 0},
    {"-5", 0, 0},
    {"1.5分", 0, 0},
    {"", 0, 0},
    {"2分3", 0, 0},
    {"00:61:00", 0, 0},
    {"99999999999", 0, 0},
    {"999999999h", 0, 0},
    {"5.", 0, 0},
};

static void test_duration(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(durations); i++) {
        int32_t seconds = -1;
        print_message("  '%s'\n", durations[i].text);
        assert_int_equal(psyi_duration_read(durations[i].text, strlen(durations[i].text), &seconds),
                         durations[i].ok);
        if (durations[i].ok)
            assert_int_equal(seconds, durations[i].seconds);
    }
}

static const struct {
    const char *text, *order;
    psyi_date_outcome outcome;
    int year, month, day, seconds;
} dates[] = {
    {"2026-09-03", NULL, PSYI_DATE_OK, 2026, 9, 3, 0},
    {"2026/9/3", NULL, PSYI_DATE_OK, 2026, 9, 3, 0},
    {"2026.09.03", NULL, PSYI_DATE_OK, 2026, 9, 3, 0},
    {"20260903", NULL, PSYI_DATE_OK, 2026, 9, 3, 0},
    {"2026年9月3日", NULL, PSYI_DATE_OK, 2026, 9, 3, 0},
    {"2026年9月3日12:00", NULL, PSYI_DATE_OK, 2026, 9, 3, 43200},
    {"2026/09/03 12:00:00", NULL, PSYI_DATE_OK, 2026, 9, 3, 43200},
    {"2026-09-03T12:00:01", NULL, PSYI_DATE_OK, 2026, 9, 3, 43201},
    {"2026-09-03 12:00", NULL, PSYI_DATE_OK, 2026, 9, 3, 43200},
    {"2026-09-03  7:05", NULL, PSYI_DATE_OK, 2026, 9, 3, 25500},
    {"2026-09-03 下午1:00", NULL, PSYI_DATE_OK, 2026, 9, 3, 46800},
    {"2024-02-29", NULL, PSYI_DATE_OK, 2024, 2, 29, 0},
    {"1969-12-31", NULL, PSYI_DATE_OK, 1969, 12, 31, 0},
    {"2026-09-03", "dmy", PSYI_DATE_OK, 2026, 9, 3, 0},
    {"03/09/2026", "dmy", PSYI_DATE_OK, 2026, 9, 3, 0},
    {"03/09/2026", "mdy", PSYI_DATE_OK, 2026, 3, 9, 0},
    {"3.9.2026 08:00", "dmy", PSYI_DATE_OK, 2026, 9, 3, 28800},
    {"13/09/2026", NULL, PSYI_DATE_OK, 2026, 9, 13, 0},
    {"09/13/2026", NULL, PSYI_DATE_OK, 2026, 9, 13, 0},
    {"09/09/2026", NULL, PSYI_DATE_OK, 2026, 9, 9, 0},
    {"03/09/2026", NULL, PSYI_DATE_AMBIGUOUS, 0, 0, 0, 0},
    {"3-9-2026", NULL, PSYI_DATE_AMBIGUOUS, 0, 0, 0, 0},
    {"03/09/2026", "ymd", PSYI_DATE_UNREADABLE, 0, 0, 0, 0},
    {"13/09/2026", "mdy", PSYI_DATE_UNREADABLE, 0, 0, 0, 0},
    {"2026-02-29", NULL, PSYI_DATE_UNREADABLE, 0, 0, 0, 0},
    {"2026-13-01", NULL, PSYI_DATE_UNREADABLE, 0, 0, 0, 0},
    {"2026-00-10", NULL, PSYI_DATE_UNREADABLE, 0, 0, 0, 0},
    {"1899-01-01", NULL, PSYI_DATE_UNREADABLE, 0, 0, 0, 0},
    {"46268", NULL, PSYI_DATE_UNREADABLE, 0, 0, 0, 0},
    {"46268.5", NULL, PSYI_DATE_UNREADABLE, 0, 0, 0, 0},
    {"03/09/26", NULL, PSYI_DATE_UNREADABLE, 0, 0, 0, 0},
    {"2026-09/03", NULL, PSYI_DATE_UNREADABLE, 0, 0, 0, 0},
    {"2026-09", NULL, PSYI_DATE_UNREADABLE, 0, 0, 0, 0},
    {"2026-09-03 25:00", NULL, PSYI_DATE_UNREADABLE, 0, 0, 0, 0},
    {"2026-09-0312:00", NULL, PSYI_DATE_UNREADABLE, 0, 0, 0, 0},
    {"2026-09-03x", NULL, PSYI_DATE_UNREADABLE, 0, 0, 0, 0},
    {"2026-09-03T12:00:00Z", NULL, PSYI_DATE_UNREADABLE, 0, 0, 0, 0},
    {"", NULL, PSYI_DATE_UNREADABLE, 0, 0, 0, 0},
    {"2026年9月", NULL, PSYI_DATE_UNREADABLE, 0, 0, 0, 0},
};

static void test_date(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(dates); i++) {
        int32_t days = 0, seconds = 0;
        print_message("  '%s' %s\n", dates[i].text, dates[i].order ? dates[i].order : "");
        assert_int_equal(
            psyi_date_read(dates[i].text, strlen(dates[i].text), dates[i].order, &days, &seconds),
            dates[i].outcome);
        if (dates[i].outcome == PSYI_DATE_OK) {
            assert_int_equal(days, psyi_days(dates[i].year, dates[i].month, dates[i].day));
            assert_int_equal(seconds, dates[i].seconds);
        }
    }
}

static void test_days_count_every_day_once(void **state)
{
    (void)state;
    assert_int_equal(psyi_days(1970, 1, 1), 0);
    assert_int_equal(psyi_days(2000, 3, 1), 11017); /* 951868800 / 86400 */
    assert_int_equal(psyi_days(2026, 9, 3), 20699);
    int32_t expected = psyi_days(1899, 12, 31) + 1;
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    for (int year = 1900; year < 2200; year++)
        for (int month = 1; month <= 12; month++) {
            const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
            for (int day = 1; day <= lengths[month - 1] + (month == 2 && leap); day++)
                assert_int_equal(psyi_days(year, month, day), expected++);
        }
}

static const struct {
    const char *text;
    psyi_grade_outcome outcome;
    int grade;
} grades[] = {
    {"1", PSYI_GRADE_OK, 1},
    {"7", PSYI_GRADE_OK, 7},
    {"7.0", PSYI_GRADE_OK, 7},
    {"7.5", PSYI_GRADE_UNREADABLE, 0},
    {"七", PSYI_GRADE_OK, 7},
    {"１２", PSYI_GRADE_OK, 12},
    {"16", PSYI_GRADE_OK, 16},
    {"初一", PSYI_GRADE_OK, 7},
    {"初二", PSYI_GRADE_OK, 8},
    {"初三", PSYI_GRADE_OK, 9},
    {"初1", PSYI_GRADE_OK, 7},
    {"初中二年级", PSYI_GRADE_OK, 8},
    {"初中七年级", PSYI_GRADE_OK, 7},
    {"高一", PSYI_GRADE_OK, 10},
    {"高二", PSYI_GRADE_OK, 11},
    {"高三", PSYI_GRADE_OK, 12},
    {"高中一年级", PSYI_GRADE_OK, 10},
    {"高12年级", PSYI_GRADE_OK, 12},
    {"一年级", PSYI_GRADE_OK, 1},
    {"九年级", PSYI_GRADE_OK, 9},
    {"十年级", PSYI_GRADE_OK, 10},
    {"十二年级", PSYI_GRADE_OK, 12},
    {"十年级(高一)", PSYI_GRADE_OK, 10},
    {"七年级（初一）", PSYI_GRADE_OK, 7},
    {"小学四年级", PSYI_GRADE_OK, 4},
    {"小四", PSYI_GRADE_OK, 4},
    {"中职一年级", PSYI_GRADE_OK, 10},
    {"职高二年级", PSYI_GRADE_OK, 11},
    {"大一", PSYI_GRADE_OK, 13},
    {"大四", PSYI_GRADE_OK, 16},
    {"G7", PSYI_GRADE_OK, 7},
    {"g 10", PSYI_GRADE_OK, 10},
    {"Grade 7", PSYI_GRADE_OK, 7},
    {"7年级", PSYI_GRADE_OK, 7},
    {" 7 年级 ", PSYI_GRADE_OK, 7},
    {"七年级一班", PSYI_GRADE_OK, 7},
    {"七年级(1)班", PSYI_GRADE_OK, 7},
    {"七年级(初二)", PSYI_GRADE_CONTRADICTS, 0},
    {"十年级(初三)", PSYI_GRADE_CONTRADICTS, 0},
    {"0", PSYI_GRADE_UNREADABLE, 0},
    {"17", PSYI_GRADE_UNREADABLE, 0},
    {"704", PSYI_GRADE_UNREADABLE, 0},
    {"初四", PSYI_GRADE_UNREADABLE, 0},
    {"高四", PSYI_GRADE_UNREADABLE, 0},
    {"小学七年级", PSYI_GRADE_UNREADABLE, 0},
    {"2023级", PSYI_GRADE_UNREADABLE, 0},
    {"2026届", PSYI_GRADE_UNREADABLE, 0},
    {"初中", PSYI_GRADE_UNREADABLE, 0},
    {"1班", PSYI_GRADE_UNREADABLE, 0},
    {"七年级(初一", PSYI_GRADE_UNREADABLE, 0},
    {"unknown", PSYI_GRADE_UNREADABLE, 0},
    {"99999", PSYI_GRADE_UNREADABLE, 0},
};

static void test_grade(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(grades); i++) {
        int grade = -1;
        print_message("  '%s'\n", grades[i].text);
        assert_int_equal(psyi_grade_read(grades[i].text, strlen(grades[i].text), &grade),
                         grades[i].outcome);
        assert_int_equal(grade, grades[i].grade);
    }
}

static const struct {
    const char *text;
    int known;
    psyi_grade_outcome outcome;
    int class_number, grade;
} classes[] = {
    {"4", 7, PSYI_GRADE_OK, 4, 7},
    {"4", 0, PSYI_GRADE_OK, 4, 0},
    {"04", 7, PSYI_GRADE_OK, 4, 7},
    {"4.0", 7, PSYI_GRADE_OK, 4, 7},
    {"704.0", 7, PSYI_GRADE_OK, 4, 7},
    {"1班", 7, PSYI_GRADE_OK, 1, 7},
    {"一班", 0, PSYI_GRADE_OK, 1, 0},
    {"第十二班", 7, PSYI_GRADE_OK, 12, 7},
    {"(3)班", 7, PSYI_GRADE_OK, 3, 7},
    {"704", 7, PSYI_GRADE_OK, 4, 7},
    {"704班", 7, PSYI_GRADE_OK, 4, 7},
    {"1204", 12, PSYI_GRADE_OK, 4, 12},
    {"七年级一班", 7, PSYI_GRADE_OK, 1, 7},
    {"七年级一班", 0, PSYI_GRADE_OK, 1, 7},
    {"七(1)班", 7, PSYI_GRADE_OK, 1, 7},
    {"七（1）班", 0, PSYI_GRADE_OK, 1, 7},
    {"7(1)", 7, PSYI_GRADE_OK, 1, 7},
    {"7-1", 7, PSYI_GRADE_OK, 1, 7},
    {"七1班", 7, PSYI_GRADE_OK, 1, 7},
    {"初一3班", 7, PSYI_GRADE_OK, 3, 7},
    {"初一(3)班", 0, PSYI_GRADE_OK, 3, 7},
    {"高二 12班", 11, PSYI_GRADE_OK, 12, 11},
    {"804", 7, PSYI_GRADE_CONTRADICTS, 0, 7},
    {"八年级一班", 7, PSYI_GRADE_CONTRADICTS, 0, 7},
    {"初二(3)班", 7, PSYI_GRADE_CONTRADICTS, 0, 7},
    {"104", 7, PSYI_GRADE_CONTRADICTS, 0, 7},
    {"704", 0, PSYI_GRADE_UNREADABLE, 0, 0},
    {"2304", 7, PSYI_GRADE_UNREADABLE, 0, 7},
    {"700", 7, PSYI_GRADE_UNREADABLE, 0, 7},
    {"实验班", 7, PSYI_GRADE_UNREADABLE, 0, 7},
    {"A班", 0, PSYI_GRADE_UNREADABLE, 0, 0},
    {"初一", 0, PSYI_GRADE_UNREADABLE, 0, 7},
    {"0", 7, PSYI_GRADE_UNREADABLE, 0, 7},
};

static void test_class(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(classes); i++) {
        int grade = classes[i].known, number = -1;
        print_message("  '%s' in grade %d\n", classes[i].text, classes[i].known);
        assert_int_equal(psyi_class_read(classes[i].text, strlen(classes[i].text), &grade, &number),
                         classes[i].outcome);
        assert_int_equal(number, classes[i].class_number);
        assert_int_equal(grade, classes[i].grade);
    }
}

static void test_grades_by_year(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int year, grade;
        psyi_year_outcome outcome;
    } years[] = {
        {"初中2026级", 2026, 7, PSYI_YEAR_OK},
        {"2024级初中", 2026, 9, PSYI_YEAR_OK},
        {"初2025级", 2026, 8, PSYI_YEAR_OK},
        {"高２０２４级", 2026, 12, PSYI_YEAR_OK},
        {"高2027届", 2026, 12, PSYI_YEAR_OK},
        {"2029届高中", 2026, 10, PSYI_YEAR_OK},
        {"小学2021级", 2026, 6, PSYI_YEAR_OK},
        {"中职2026级", 2026, 10, PSYI_YEAR_OK},
        {"初中2023级", 2026, 0, PSYI_YEAR_OUTSIDE},
        {"初中2027级", 2026, 0, PSYI_YEAR_OUTSIDE},
        {"高2026届", 2026, 0, PSYI_YEAR_OUTSIDE},
        {"2026级", 2026, 0, PSYI_YEAR_OF_NO_SCHOOL},
        {"2026届", 2026, 0, PSYI_YEAR_OF_NO_SCHOOL},
        {"初中2026级", 0, 0, PSYI_YEAR_WITHOUT_DATE},
        {"初中26级", 2026, 0, PSYI_YEAR_NONE},
        {"2026", 2026, 0, PSYI_YEAR_NONE},
        {"初中2026", 2026, 0, PSYI_YEAR_NONE},
        {"初中2026级一班", 2026, 0, PSYI_YEAR_NONE},
        {"", 2026, 0, PSYI_YEAR_NONE},
    };
    for (size_t i = 0; i < sizeof years / sizeof *years; i++) {
        int grade = -1;
        const psyi_year_outcome outcome =
            psyi_grade_of_year(years[i].text, strlen(years[i].text), years[i].year, &grade);
        if (outcome != years[i].outcome || grade != years[i].grade)
            fail_msg("%s: %d, grade %d", years[i].text, (int)outcome, grade);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clean_trims_and_narrows),
        cmocka_unit_test(test_digits_are_nothing_else),
        cmocka_unit_test(test_clean_refuses_wide_text_beyond_its_room),
        cmocka_unit_test(test_integer_takes_whole_cells_only),
        cmocka_unit_test(test_clock),
        cmocka_unit_test(test_duration),
        cmocka_unit_test(test_date),
        cmocka_unit_test(test_days_count_every_day_once),
        cmocka_unit_test(test_grade),
        cmocka_unit_test(test_class),
        cmocka_unit_test(test_grades_by_year),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
