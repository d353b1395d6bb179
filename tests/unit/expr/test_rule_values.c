/*
 * test_rule_values.c -- what rules come out as: one line a case, with the data of one lane
 * and the expected result in words (rule_fixture.h explains both).
 *
 * Each case runs in its own lane among 63 lanes of other cases' data, in the shared and in
 * the ratio form.
 */
#include "rule_fixture.h"
#include "test_support.h"

#include <stdio.h>
#include <string.h>

static const struct value_case {
    const char *rule, *data, *expected;
} value_cases[] = {
    /* literals and names */
    {"2.50", "", "5/2"},
    {"true", "", "yes"},
    {"false", "", "no"},
    {"total", "total=9", "9"},
    {"total", "total=5/2", "5/2"},
    {"total", "total=-", "absent"},
    {"total", "total=x", "no_record"},
    {"total", "total=?", "?"},
    {"total", "total=?n", "? no_norm"},
    {"total", "total=?2..7", "? in 2..7 blank"},
    {"total", "total=5~2..7", "5 in 2..7"},
    {"total", "total=1~2..7", "1 in 1..7"},
    {"total", "total=9~2..7", "9 in 2..9"},
    {"total", "total=?7..2", "? blank"},
    {"total.t@local26 >= 65", "total.t@local26=65", "yes"},
    {"f", "f=y", "yes"},
    {"f", "f=?b", "undecided blank"},
    {"f", "f=?n", "undecided no_norm"},
    {"f", "f=?", "undecided"},
    {"f", "f=n~", "no?"},
    {"f", "f=y~", "yes?"},
    {"f", "f=-", "absent"},

    /* items */
    {"item(9)", "9=2", "2"},
    {"item(9)", "9=_", "? in 0..3 blank"},
    {"item(9)", "9=r", "? in 0..3 blank"},
    {"item(9)", "9=-", "absent"},
    {"item(self_harm)", "9=2", "2"},
    {"answer(9)", "9=2", "1"},
    {"phq9.item(self_harm) >= 1", "phq9.9=1", "yes"},
    {"phq9.answer(3)", "phq9.3=3", "0"},
    {"item(hours)", "hours=7.5", "15/2"},
    {"item(hours)", "hours=_", "? in 0..24 blank"},
    {"item(free)", "free=_", "? blank"},
    {"item(unread)", "unread=1", "? blank"},
    {"item(9) >= 1", "9=1", "yes"},
    {"item(9) >= 1", "9=0", "no"},
    {"item(9) >= 1", "9=_", "undecided blank"},
    {"item(9) >= 0", "9=_", "yes"},
    {"item(9) > 3", "9=_", "no"},
    {"item(9) >= 1", "9=-", "absent"},
    {"answer(9) >= 3", "9=0", "yes"},
    {"item(free) >= 0", "free=_", "undecided blank"},
    {"item(9) == 2.5", "9=_", "no"},
    {"item(9) != 2.5", "9=_", "yes"},
    {"item(9) in (0, 1, 2, 3)", "9=_", "yes"},
    {"item(9) in (0, 1, 3)", "9=_", "undecided blank"},
    {"item(9) in (7, 5.5, 9)", "9=_", "no"},
    {"item(9) in 0..3", "9=_", "yes"},
    {"item(9) in 4..5", "9=_", "no"},
    {"item(9) in 1..2", "9=_", "undecided blank"},
    {"item(hours) >= 7", "hours=6.999", "no"},
    {"item(hours) in (6.5, 7)", "hours=6.5", "yes"},
    {"item(hours) == 7.0005", "hours=_", "no"},
    {"item(large) >= 99999999999", "large=5", "no"},
    {"item(large) <= 99999999999", "large=5", "yes"},
    {"item(large) <= -99999999999", "large=5", "no"},
    {"item(large) < 0", "large=-2147483648", "yes"},

    /* comparison of numbers with constants */
    {"total >= 5", "total=5", "yes"},
    {"total > 5", "total=5", "no"},
    {"total <= 5", "total=5", "yes"},
    {"total < 5", "total=5", "no"},
    {"total == 5", "total=5", "yes"},
    {"total != 5", "total=5", "no"},
    {"5 <= total", "total=5", "yes"},
    {"5 < total", "total=5", "no"},
    {"5 >= total", "total=6", "no"},
    {"5 > total", "total=4", "yes"},
    {"5 == total", "total=5", "yes"},
    {"5 != total", "total=5", "no"},
    {"total in 5..7", "total=7", "yes"},
    {"total in 5..7", "total=15/2", "no"},
    {"total in (5, 7)", "total=6", "no"},
    {"total in (5, 7)", "total=7", "yes"},
    {"c in -5..-3", "c=-4", "yes"},
    {"c in (-4, 4)", "c=-4", "yes"},
    {"1 < 2", "", "yes"},
    {"3 in (1, 2)", "", "no"},
    {"3 in 1..5", "", "yes"},
    {"2 + 2 == 4", "", "yes"},
    {"total \xE2\x89\xA5 5 and total \xE2\x89\xA4 5 and total \xE2\x89\xA0 6", "total=5", "yes"},
    /* ... unknown, but within bounds */
    {"total >= 2", "total=?2..7", "yes"},
    {"total >= 3", "total=?2..7", "undecided blank"},
    {"total >= 8", "total=?2..7", "no"},
    {"total > 7", "total=?2..7", "no"},
    {"total > 1", "total=?2..7", "yes"},
    {"total < 2", "total=?2..7", "no"},
    {"total <= 7", "total=?2..7", "yes"},
    {"total < 8", "total=?2..7", "yes"},
    {"total == 8", "total=?2..7", "no"},
    {"total == 5", "total=?2..7", "undecided blank"},
    {"total == 5", "total=?5..5", "yes"},
    {"total != 8", "total=?2..7", "yes"},
    {"total != 5", "total=?2..7", "undecided blank"},
    {"total != 5", "total=?5..5", "no"},
    {"total in 1..9", "total=?2..7", "yes"},
    {"total in 8..9", "total=?2..7", "no"},
    {"total in 5..9", "total=?2..7", "undecided blank"},
    {"total in (5, 9)", "total=?2..7", "undecided blank"},
    {"total in (8, 9)", "total=?2..7", "no"},
    {"total in (2, 3, 4, 5, 6, 7)", "total=?2..7", "yes"},
    {"d in (2, 3, 4)", "d=?2..4", "undecided blank"},
    {"d in (2, 3, 4)", "d=?3..3", "yes"},
    {"x == 2.5", "x=?2..3", "undecided blank"},
    {"x in 2.2..2.8", "x=?2..3", "undecided blank"},
    {"x in 2.2..2.8", "x=?3..4", "no"},
    {"total >= 5", "total=?", "undecided"},
    {"total >= 5", "total=?b", "undecided blank"},
    {"total >= 5", "total=?n", "undecided no_norm"},
    {"total >= 5", "total=-", "absent"},
    {"total >= 5", "total=x", "no"},
    {"total != 5", "total=x", "no"},
    {"total < 5", "total=x", "no"},
    {"not total >= 5", "total=x", "yes"},
    /* ... known, with wider bounds: the value decides, the bounds say what could be */
    {"total >= 5", "total=5~2..7", "yes?"},
    {"total >= 5", "total=4~2..7", "no?"},
    {"total >= 2", "total=4~2..7", "yes"},
    {"total >= 8", "total=4~2..7", "no"},
    {"total == 4", "total=4~2..7", "yes?"},
    {"total != 4", "total=4~2..7", "no?"},
    {"total == 9", "total=4~2..7", "no"},
    {"total in 4..5", "total=4~2..7", "yes?"},
    {"total in (4, 5)", "total=4~2..7", "yes?"},
    {"total in (5, 6)", "total=4~2..7", "no?"},
    {"not total >= 5", "total=5~2..7", "no?"},

    /* comparison of numbers with each other */
    {"a < b", "a=3 b=4", "yes"},
    {"a < b", "a=4 b=4", "no"},
    {"a <= b", "a=4 b=4", "yes"},
    {"a > b", "a=4 b=4", "no"},
    {"a >= b", "a=4 b=4", "yes"},
    {"a == b", "a=4 b=4", "yes"},
    {"a != b", "a=4 b=4", "no"},
    {"a == b", "a=5/2 b=2.5", "yes"},
    {"a < b", "a=1/3 b=1/2", "yes"},
    {"a < b", "a=?1..3 b=?4..6", "yes"},
    {"a < b", "a=?1..4 b=?4..6", "undecided blank"},
    {"a <= b", "a=?1..4 b=?4..6", "yes"},
    {"a > b", "a=?1..4 b=?4..6", "no"},
    {"a >= b", "a=?1..4 b=?4..6", "undecided blank"},
    {"a >= b", "a=?7..8 b=?4..6", "yes"},
    {"a == b", "a=?1..3 b=?4..6", "no"},
    {"a == b", "a=?1..4 b=?4..6", "undecided blank"},
    {"a == b", "a=?4..4 b=?4..4", "yes"},
    {"a != b", "a=?1..3 b=?4..6", "yes"},
    {"a != b", "a=?4..4 b=4", "no"},
    {"a < b", "a=2~1..5 b=4", "yes?"},
    {"a < b", "a=4~1..5 b=3", "no?"},
    {"a < b", "a=2~1..5 b=?3..6", "yes?"},
    {"a == b", "a=2~1..5 b=2", "yes?"},
    {"a != b", "a=2~1..5 b=2", "no?"},
    {"a < b", "a=?b b=?n", "undecided blank no_norm"},
    {"a < b", "a=5 b=?n", "undecided no_norm"},
    {"a < b", "a=5~2..7 b=?n", "undecided no_norm"},
    {"a < b", "a=- b=3", "absent"},
    {"a < b", "a=3 b=-", "absent"},
    {"a < b", "a=x b=3", "no"},
    {"a != b", "a=3 b=x", "no"},
    {"a < b", "a=- b=x", "absent"},

    /* categories and bands */
    {"student.sex == female", "student.sex=female", "yes"},
    {"student.sex == female", "student.sex=male", "no"},
    {"student.sex != female", "student.sex=male", "yes"},
    {"student.sex == female", "student.sex=?n", "undecided no_norm"},
    {"student.sex == female", "student.sex=-", "absent"},
    {"student.sex != female", "student.sex=x", "no"},
    {"student.stage in (junior, senior)", "student.stage=senior", "yes"},
    {"student.stage in (junior, senior)", "student.stage=primary", "no"},
    {"total.band >= moderate", "total.band=moderate", "yes"},
    {"total.band >= moderate", "total.band=mild", "no"},
    {"total.band > moderate", "total.band=moderate", "no"},
    {"total.band > moderate", "total.band=severe", "yes"},
    {"total.band < moderate", "total.band=mild", "yes"},
    {"total.band <= moderate", "total.band=moderate", "yes"},
    {"total.band <= moderate", "total.band=severe", "no"},
    {"total.band == mild", "total.band=mild", "yes"},
    {"total.band != mild", "total.band=severe", "yes"},
    {"total.band in (minimal, severe)", "total.band=severe", "yes"},
    {"total.band@china >= mild", "total.band@china=mild", "yes"},
    {"total.band >= moderate", "total.band=?moderate..severe", "yes"},
    {"total.band >= moderate", "total.band=?mild..severe", "undecided blank"},
    {"total.band >= moderate", "total.band=?minimal..mild", "no"},
    {"total.band >= moderate", "total.band=mild~minimal..severe", "no?"},
    {"total.band >= moderate", "total.band=severe~mild..severe", "yes?"},
    {"total.band >= moderate", "total.band=?severe..mild", "undecided blank"},
    {"total.band >= moderate", "total.band=?", "undecided"},
    {"is_missing(total.band)", "total.band=?n", "yes"},
    {"is_missing(total.band)", "total.band=mild", "no"},
    {"is_missing(student.sex)", "student.sex=-", "yes"},
    {"is_missing(student.sex)", "student.sex=x", "yes"},

    /* and, or, not: causes only where they decide; what is absent leaves */
    {"f and g", "f=n g=?b", "no"},
    {"f and g", "f=y g=?b", "undecided blank"},
    {"f and g", "f=?n g=?b", "undecided blank no_norm"},
    {"f and g", "f=- g=y", "yes"},
    {"f and g", "f=- g=?n", "undecided no_norm"},
    {"f and g", "f=- g=-", "absent"},
    {"f or g", "f=y g=?b", "yes"},
    {"f or g", "f=n g=?b", "undecided blank"},
    {"f or g", "f=n g=-", "no"},
    {"f or g", "f=y~ g=n", "yes?"},
    {"f or g", "f=y~ g=y", "yes"},
    {"f and g", "f=n~ g=y", "no?"},
    {"f and g", "f=n~ g=n", "no"},
    {"f and g", "f=n~ g=-", "no?"},
    {"not f", "f=-", "absent"},
    {"not f", "f=?b", "undecided blank"},
    {"not f", "f=y~", "no?"},
    {"f and (g or h)", "f=y g=n h=?n", "undecided no_norm"},
    {"f or g and h", "f=n g=y h=y", "yes"},
    {"(f or g) and h", "f=y g=n h=n", "no"},

    /* arithmetic */
    {"a + b", "a=3 b=4", "7"},
    {"a - b", "a=3 b=4", "-1"},
    {"a * b", "a=3 b=4", "12"},
    {"a / b", "a=3 b=4", "3/4"},
    {"-a", "a=3", "-3"},
    {"-a", "a=?1..3", "? in -3..-1 blank"},
    {"a + b", "a=1/3 b=1/6", "1/2"},
    {"a + b", "a=?1..3 b=?2..5", "? in 3..8 blank"},
    {"a - b", "a=?1..3 b=?2..5", "? in -4..1 blank"},
    {"c * b", "c=?-2..3 b=?2..5", "? in -10..15 blank"},
    {"c * c", "c=?-2..3", "? in -6..9 blank"},
    {"a / b", "a=?1..3 b=?2..4", "? in 1/4..3/2 blank"},
    {"a / c", "a=?1..3 c=?-4..-2", "? in -3/2..-1/4 blank"},
    {"a / c", "a=?1..3 c=?-4..2", "? blank"},
    {"a / b", "a=3 b=0", "? trouble"},
    {"a / b", "a=?1..3 b=0", "? blank trouble"},
    {"a / b", "a=- b=0", "absent"},
    {"a / b", "a=6 b=2~0..4", "3"},
    {"a / b", "a=6 b=2~1..4", "3 in 3/2..6"},
    {"a / b", "a=6 b=?b", "? blank"},
    {"a + b", "a=3~1..4 b=4", "7 in 5..8"},
    {"a + b", "a=3 b=?n", "? no_norm"},
    {"a + b", "a=3~1..4 b=?n", "? no_norm"},
    {"a + b", "a=- b=?n", "absent"},
    {"a + b", "a=x b=?n", "no_record"},
    {"a + b", "a=x b=-", "absent"},
    {"a + 1.5", "a=3", "9/2"},
    {"1.5 + a", "a=3", "9/2"},
    {"a - 1.5", "a=3", "3/2"},
    {"1.5 - a", "a=3", "-3/2"},
    {"1.25 * a", "a=3", "15/4"},
    {"a * -2", "a=?1..3", "? in -6..-2 blank"},
    {"a / 4", "a=3", "3/4"},
    {"a / -4", "a=?1..3", "? in -3/4..-1/4 blank"},
    {"12 / a", "a=3", "4"},
    {"0 * a", "a=?1..3", "? in 0..0 blank"},
    {"a * 0", "a=?n", "? no_norm"},
    {"1.25 * a + b / 3", "a=1 b=1", "19/12"},
    {"f + g", "f=y g=y", "2"},
    {"f + 1", "f=?b", "? in 1..2 blank"},
    {"f + 1", "f=y~", "2 in 1..2"},
    {"f + 1", "f=-", "absent"},
    {"f * 3 - g", "f=y g=n", "3"},
    {"3 - f", "f=y", "2"},
    {"count(items(1..8) >= 2) + (item(9) >= 1)", "1=2 2=2 9=1", "3"},
    {"count(items(1..8) >= 2) + (item(9) >= 1)", "1=2 9=_", "? in 1..2 blank"},
    {"floor(1.25 * a)", "a=3", "3"},
    {"ceil(1.25 * a)", "a=3", "4"},
    {"floor(c / 2)", "c=-3", "-2"},
    {"ceil(c / 2)", "c=-3", "-1"},
    {"round_half_up(a / 2)", "a=3", "2"},
    {"round_half_up(c / 2)", "c=-3", "-1"},
    {"round_half_up(a / 3, 2)", "a=2", "67/100"},
    {"round_half_up(a / 8, 2)", "a=1", "13/100"},
    {"round_half_up(a, 2)", "a=3", "3"},
    {"round_half_up(total.t@local26, 9)", "total.t@local26=1/3", "333333333/1000000000"},
    {"floor(a / 2)", "a=?1..5", "? in 0..2 blank"},
    {"floor(a)", "a=3", "3"},
    {"abs(c)", "c=-3", "3"},
    {"abs(c)", "c=3", "3"},
    {"abs(c)", "c=?-3..2", "? in 0..3 blank"},
    {"abs(c)", "c=?-3..-2", "? in 2..3 blank"},
    {"abs(c)", "c=?2..3", "? in 2..3 blank"},
    {"min(a, b)", "a=3 b=4", "3"},
    {"max(a, b, c)", "a=3 b=4 c=5", "5"},
    {"max(a, b)", "a=?1..3 b=2", "? in 2..3 blank"},
    {"max(a, b)", "a=?1..3 b=3", "3"},
    {"max(a, b)", "a=?1..3 b=?n", "? blank no_norm"},
    {"min(a, b)", "a=?1..3 b=1", "1"},
    {"max(a, b)", "a=- b=3", "3"},
    {"max(a, b)", "a=3 b=-", "3"},
    {"max(a, b)", "a=- b=-", "absent"},
    {"max(a, b)", "a=x b=3", "3"},
    {"max(a, b)", "a=x b=-", "no_record"},
    {"max(a, b)", "a=x b=x", "no_record"},
    {"max(a, b)", "a=- b=?2..3", "? in 2..3 blank"},
    {"max(a, b)", "a=5~2..7 b=4", "5 in 4..7"},
    {"max(a, b)", "a=1/2 b=1/3", "1/2"},
    {"min(a, b)", "a=1/2 b=1/3", "1/3"},
    {"sum(a, b, c)", "a=1 b=2 c=3", "6"},
    {"sum(a, b)", "a=1 b=-", "absent"},
    {"mean(a, b, c)", "a=1 b=2 c=4", "7/3"},
    {"mean(a, b)", "a=1 b=?1..2", "? in 1..3/2 blank"},

    /* clock */
    {"clock_minutes(item(bed), item(up))", "bed=1410 up=390", "420"},
    {"clock_minutes(item(bed), item(up))", "bed=60 up=480", "420"},
    {"clock_minutes(item(bed), item(up))", "bed=60 up=60", "0"},
    {"clock_minutes(item(bed), item(up))", "bed=_ up=480", "? in 0..1439 blank"},
    {"clock_minutes(a, b)", "a=10 b=?20..30", "? in 10..20 blank"},
    {"clock_minutes(a, b)", "a=25 b=?20..30", "? in 0..1439 blank"},
    {"clock_minutes(d, b)", "d=25 b=?20..30", "? in 0..1440 blank"},
    {"clock_minutes(a, b)", "a=40 b=?20..30", "? in 1420..1430 blank"},
    {"clock_minutes(a, b)", "a=1/2 b=1/3", "8639/6"},
    {"clock_minutes(a, b)", "a=10~5..15 b=20", "10 in 5..15"},
    {"clock_minutes(a, b)", "a=x b=20", "no_record"},
    {"100 * item(hours) * 60 / clock_minutes(item(bed), item(up))", "hours=6 bed=1410 up=390",
     "600/7"},

    /* sets */
    {"sum(items(1..9))", "1=1 5=2 9=3", "6"},
    {"sum(items(1, 3, 5..7))", "1=1 2=3 3=1 6=1", "3"},
    {"sum(items(mood, interest))", "1=1 2=2 3=3", "3"},
    {"sum(scale(total).items)", "1=1 9=2", "3"},
    {"phq9.item(1) + sum(phq9.scale(total).items)", "phq9.1=1 phq9.9=2", "4"},
    {"sum(items(1..9))", "1=3 2=_", "? in 3..6 blank"},
    {"sum(items(1..9))", "1=3 2=_ 3=_", "? in 3..9 blank"},
    {"sum(items(1..9))", "1=3 2=-", "3"},
    {"sum(items(1, 2))", "1=- 2=-", "absent"},
    {"sum(items(1, 2))", "1=- 2=_", "? in 0..3 blank"},
    {"sum(items(fixed, 1))", "fixed=_ 1=1", "3"},
    {"sum(items(free, 1))", "free=_ 1=1", "? blank"},
    {"sum(items(odd, 1))", "odd=-2 1=1", "-1"},
    {"sum(items(hours, 1))", "hours=7.5 1=1", "17/2"},
    {"sum(items(1, hours))", "hours=7.5 1=1", "17/2"},
    {"sum(items(1, hours))", "hours=_ 1=1", "? in 1..25 blank"},
    {"sum(items(strange, hours))", "strange=0 hours=1", "?"},
    {"sum(items(unread, 1))", "unread=1 1=1", "? blank"},
    {"sum(items(large, 1))", "large=2147483647 1=1", "2147483648"},
    {"mean(items(1..3))", "1=1 2=2 3=2", "5/3"},
    {"mean(items(1..3))", "1=1 2=2 3=-", "3/2"},
    {"mean(items(1..3))", "1=- 2=- 3=-", "absent"},
    {"mean(items(1..3))", "1=1 2=2 3=_", "? in 1..2 blank"},
    {"mean(items(1..3))", "1=- 2=2 3=_", "? in 1..5/2 blank"},
    {"min(items(1..3))", "1=1 2=2 3=2", "1"},
    {"max(items(1..3))", "1=1 2=2 3=2", "2"},
    {"min(items(1..3))", "1=0 2=2 3=_", "0"},
    {"max(items(1..3))", "1=0 2=2 3=_", "? in 2..3 blank"},
    {"max(items(1..3))", "1=3 2=2 3=_", "3"},
    {"max(items(1, free))", "1=3 free=_", "? blank"},
    {"max(items(1..3))", "1=- 2=- 3=1", "1"},
    {"max(items(1..3))", "1=- 2=- 3=-", "absent"},
    {"max(items(1, hours))", "1=1 hours=1.5", "3/2"},
    {"min(items(strange, hours))", "strange=0 hours=1", "?"},
    {"answered(items(1..9))", "1=_ 2=r 3=-", "6"},
    {"answered(items(1, 2))", "1=- 2=-", "absent"},
    {"answered(item(1))", "1=2", "yes"},
    {"answered(item(1))", "1=_", "no"},
    {"answered(item(1))", "1=r", "no"},
    {"answered(item(1))", "1=-", "absent"},
    {"answered(answer(1))", "1=2", "yes"},
    {"refused(item(1))", "1=r", "yes"},
    {"refused(item(1))", "1=_", "no"},
    {"refused(item(1))", "1=2", "no"},
    {"refused(item(1))", "1=-", "absent"},

    /* conditions on sets */
    {"count(items(1..9) >= 2)", "1=2 2=3 3=1", "2"},
    {"count(items(1..9) in 1..2)", "1=2 2=3 3=1", "2"},
    {"count(items(1..9) in (1, 3))", "1=2 2=3 3=1", "2"},
    {"count(items(1..9) == 1)", "1=2 2=3 3=1", "1"},
    {"count(items(1..9) != 0)", "1=2 2=3 3=1", "3"},
    {"count(items(1..9) < 1)", "1=2 2=3 3=1", "6"},
    {"count(items(1..9) <= 1)", "1=2 2=3 3=1", "7"},
    {"count(items(1..9) > 1.5)", "1=2 2=3 3=1", "2"},
    {"count(items(1..9) == 1.5)", "1=2 2=3 3=_", "0"},
    {"count(items(1..9) >= 2)", "1=2 2=_", "? in 1..2 blank"},
    {"count(items(1..9) >= 4)", "1=2 2=_", "0"},
    {"count(items(1..3) >= 0)", "1=2 2=_", "3"},
    {"count(items(1..3) >= 1)", "1=2 2=- 3=1", "2"},
    {"count(items(1..3) >= 1)", "1=- 2=- 3=-", "absent"},
    {"count(items(1, free) >= 1)", "1=2 free=_", "? in 1..2 blank"},
    {"count(items(1, hours) >= 1.5)", "1=1 hours=1.5", "1"},
    {"count(f, g, h)", "f=y g=n h=y", "2"},
    {"count(f, g, h)", "f=y g=?b h=y", "? in 2..3 blank"},
    {"count(f, g, h)", "f=y g=- h=y", "2"},
    {"count(f, g)", "f=- g=-", "absent"},
    {"count(f, g)", "f=y~ g=n~", "1 in 0..2"},
    {"count(f, g)", "f=?n g=n~", "? in 0..2 no_norm"},
    {"count(a >= 1, b >= 2, items(1..2) >= 2)", "a=1 b=1 1=2 2=2", "3"},
    {"any(items(1..9) >= 2)", "1=2", "yes"},
    {"any(items(1..9) >= 2)", "1=1", "no"},
    {"any(items(1..9) >= 2)", "1=1 2=_", "undecided blank"},
    {"any(items(1..9) >= 2)", "1=2 2=_", "yes"},
    {"any(items(1..2) >= 2)", "1=- 2=-", "absent"},
    {"any(items(1..2) >= 2)", "1=- 2=1", "no"},
    {"any(items(1..2) >= 2, f)", "1=1 2=1 f=y", "yes"},
    {"any(f, items(1..2) >= 2)", "1=1 2=1 f=?n", "undecided no_norm"},
    {"any(f)", "f=y~", "yes?"},
    {"all(items(1..3) == 1)", "1=1 2=1 3=1", "yes"},
    {"all(items(1..3) == 1)", "1=1 2=1 3=0", "no"},
    {"all(items(1..3) == 1)", "1=1 2=1 3=_", "undecided blank"},
    {"all(items(1..3) == 1)", "1=0 2=1 3=_", "no"},
    {"all(items(1..3) == 1)", "1=1 2=- 3=1", "yes"},
    {"all(items(1..3) >= 1, f)", "1=1 2=1 3=1 f=n", "no"},
    {"sum_if(items(1..9) >= 2)", "1=2 2=3 3=1", "5"},
    {"sum_if(items(1..9) >= 2)", "1=2 2=_ 3=1", "? in 2..5 blank"},
    {"sum_if(items(1..9) >= 4)", "1=2 2=_ 3=1", "0"},
    {"sum_if(items(1, fixed) >= 2)", "1=2 fixed=_", "4"},
    {"sum_if(items(1..9) != 3)", "1=2 2=_ 3=3", "? in 2..4 blank"},
    {"sum_if(items(1..9) != 0)", "1=2 2=_ 3=3", "? in 5..8 blank"},
    {"sum_if(items(odd, 1) <= -1)", "odd=_ 1=1", "? in -2..0 blank"},
    {"sum_if(items(free, 1) >= 1)", "free=_ 1=1", "? blank"},
    {"sum_if(items(1, 2) >= 1)", "1=- 2=-", "absent"},
    {"sum_if(items(strange, hours) >= 0)", "strange=0 hours=1", "? blank"},
    {"mean_if(items(1..9) >= 2)", "1=2 2=3 3=1", "5/2"},
    {"mean_if(items(1..9) >= 2)", "", "?"},
    {"mean_if(items(1..9) >= 2)", "1=2 2=_", "? in 2..5/2 blank"},
    {"mean_if(items(1..9) >= 1)", "1=2 2=_", "? in 3/2..5/2 blank"},
    {"mean_if(items(1..9) >= 1)", "1=3 2=_ 3=_", "? in 5/3..3 blank"},
    {"mean_if(items(1..3) >= 1)", "1=_ 2=0", "? blank"},
    {"mean_if(items(1..3) >= 0)", "1=_ 2=0 3=0", "? in 0..1 blank"},
    {"mean_if(items(1..3) >= 4)", "1=_", "?"},
    {"mean_if(items(free, 1) >= 1)", "free=_ 1=1", "? blank"},
    {"mean_if(items(1, 2) >= 1)", "1=- 2=-", "absent"},
    {"mean_if(items(fixed, 1) >= 1)", "fixed=_ 1=1", "3/2"},
    {"mean_if(items(hours, 1) >= 1)", "hours=_ 1=3", "? in 2..27/2 blank"},

    /* missing */
    {"is_missing(total)", "total=?n", "yes"},
    {"is_missing(total)", "total=5", "no"},
    {"is_missing(total)", "total=-", "yes"},
    {"is_missing(total)", "total=x", "yes"},
    {"is_missing(total)", "total=?2..7", "yes"},
    {"is_missing(item(1))", "1=_", "yes"},
    {"is_missing(f)", "f=?b", "yes"},
    {"is_missing(f)", "f=-", "yes"},
    {"is_missing(f)", "f=n", "no"},
    {"is_missing(a / b)", "a=1 b=0", "yes"},
    {"ifna(a, b)", "a=1 b=2", "1"},
    {"ifna(a, b)", "a=?1..3 b=2", "2"},
    {"ifna(a, b)", "a=- b=2", "2"},
    {"ifna(a, b)", "a=x b=2", "2"},
    {"ifna(a, 0)", "a=?b", "0"},
    {"ifna(a, b)", "a=?n b=?2..3", "? in 2..3 blank no_norm"},
    {"ifna(a, b)", "a=?n b=-", "absent"},
    {"ifna(a, b)", "a=1~0..4 b=9", "1 in 0..4"},
    {"ifna(a / b, 7)", "a=1 b=0", "7"},
    {"ifna(f, g)", "f=y g=n", "yes"},
    {"ifna(f, g)", "f=?b g=n", "no"},
    {"ifna(f, g)", "f=- g=y", "yes"},
    {"ifna(f, g)", "f=?b g=?n", "undecided blank no_norm"},
    {"ifna(f, g)", "f=?b g=-", "absent"},
    {"ifna(f, g)", "f=y~ g=n", "yes?"},
    {"ifna(f, false)", "f=?n", "no"},

    /* if and case */
    {"if(f, a, b)", "f=y a=1 b=2", "1"},
    {"if(f, a, b)", "f=n a=1 b=2", "2"},
    {"if(f, a, b)", "f=?b a=1 b=2", "? in 1..2 blank"},
    {"if(f, a, b)", "f=?b a=1 b=1", "? in 1..1 blank"},
    {"if(f, a, b)", "f=?n a=?2..3 b=5", "? in 2..5 blank no_norm"},
    {"if(f, a, b)", "f=-", "absent"},
    {"if(f, a, b)", "f=y a=- b=1", "absent"},
    {"if(f, a, b)", "f=y a=x b=1", "no_record"},
    {"if(f, a, b)", "f=?b a=- b=1", "? blank"},
    {"if(f, a, b)", "f=?b a=x b=1", "? blank"},
    {"if(f, a, b)", "f=y a=?n b=1", "? no_norm"},
    {"if(f, a, b)", "f=n a=?n b=1", "1"},
    {"if(f, a, b)", "f=y~ a=1 b=5", "1 in 1..5"},
    {"if(f, a, b)", "f=y~ a=1 b=?n", "1"},
    {"if(b == 0, 0, a / b)", "a=1 b=0", "0"},
    {"if(b == 0, 0, a / b)", "a=1 b=4", "1/4"},
    {"if(f, a / b, 3)", "f=?b a=1 b=0", "? blank trouble"},
    {"if(f, g, h)", "f=y g=n h=y", "no"},
    {"if(f, g, h)", "f=?b g=y h=y", "yes"},
    {"if(f, g, h)", "f=?b g=n h=n", "no"},
    {"if(f, g, h)", "f=?b g=n h=y", "undecided blank"},
    {"if(f, g, h)", "f=-", "absent"},
    {"if(f, g, h)", "f=y g=-", "absent"},
    {"if(f, g, h)", "f=?b g=- h=y", "undecided blank"},
    {"if(f, g, h)", "f=y g=?n h=y", "undecided no_norm"},
    {"if(f, g, h)", "f=y~ g=y h=n", "yes?"},
    {"case(a >= 6, 3, a >= 3, 2, a >= 1, 1, 0)", "a=7", "3"},
    {"case(a >= 6, 3, a >= 3, 2, a >= 1, 1, 0)", "a=3", "2"},
    {"case(a >= 6, 3, a >= 3, 2, a >= 1, 1, 0)", "a=0", "0"},
    {"case(a >= 6, 3, a >= 3, 2, a >= 1, 1, 0)", "a=?1..4", "? in 1..2 blank"},
    {"case(a >= 6, 3, a >= 3, 2, a >= 1, 1, 0)", "a=5~4..6", "2 in 2..3"},
    {"case(a >= 6, 3, a >= 3, 2, a >= 1, 1, 0)", "a=x", "0"},
    {"case(f, 3, g, 2, 0)", "f=- g=y", "2"},
    {"case(f, 3, g, 2, 0)", "f=- g=n", "0"},
    {"case(f, 3, g, 2, 0)", "f=- g=-", "absent"},
    {"case(f, 3, g, 2, 0)", "f=?b g=y", "? in 2..3 blank"},
    {"case(f, 3, g, 2, 0)", "f=?b g=?n", "? in 0..3 blank no_norm"},
    {"case(f, 3, g, 2, 0)", "f=y g=?n", "3"},
    {"case(f, true, g, false, h)", "f=n g=n h=?b", "undecided blank"},
    {"case(f, 1/3, g, 1/2, 0)", "f=n g=y", "1/2"},
    {"if(f, if(g, 1, 2), if(h, 3, 4))", "f=n g=y h=n", "4"},
    {"if(if(f, g, h), a, b)", "f=y g=n a=1 b=2", "2"},

    /* rules from the instruments */
    {"count(items(1..2) >= 2) >= 1 and count(items(1..8) >= 2) + (item(9) >= 1) >= 5",
     "1=2 2=2 3=2 4=2 9=1", "yes"},
    {"count(items(1..2) >= 2) >= 1 and count(items(1..8) >= 2) + (item(9) >= 1) >= 5",
     "1=2 2=2 3=2 4=2 9=_", "undecided blank"},
    {"count(items(1..2) >= 2) >= 1 and count(items(1..8) >= 2) + (item(9) >= 1) >= 5",
     "1=0 2=0 3=2 4=2 9=_", "no"},
    {"sum(mht.items(1..90)) >= 65", "", "no"},
    {"floor(1.25 * total)", "total=?40..50", "? in 50..62 blank"},
    {"mean(items(1..3)) >= 2.0", "1=2 2=2 3=2", "yes"},
    {"mean(items(1..3)) >= 2.0", "1=1 2=2 3=3", "yes"},
    {"mean(items(1..3)) >= 2.0", "1=1 2=2 3=2", "no"},
    {"mean(items(1..3)) > 5/3", "1=1 2=2 3=2", "no"},
    {"mean(items(1..3)) >= 2.0", "1=_ 2=2 3=2", "undecided blank"},
    {"mean(items(1..3)) >= 2.0", "1=_ 2=3 3=3", "yes"},
    {"mean(items(1..3)) >= 2.0", "1=_ 2=1 3=1", "no"},
    {"sum(many.items(1..1100))", "many.7=1 many.1100=1", "2"},
    {"item(coarse)", "coarse=1", "? blank"},
    {"item(hours) >= 900000000000000000", "hours=1", "no"},
    {"item(hours) >= -900000000000000000", "hours=1", "yes"},
    {"a * b", "a=3 b=0", "0"},
    {"phq9.total.band >= moderate and previous.tier >= 2", "phq9.total.band=severe previous.tier=x",
     "no"},
    {"phq9.total >= 10 or mht.total >= 65", "phq9.total=- mht.total=70", "yes"},
    {"phq9.total >= 10 or mht.total >= 65", "phq9.total=- mht.total=-", "absent"},
    {"false and a / b > 1", "a=1 b=0", "no"},
    {"a / b > 1", "a=1 b=0", "undecided trouble"},
    {"f or a / b > 1", "f=n a=1 b=0", "undecided trouble"},
    {"a / b > c", "a=1 b=0", "undecided trouble"},
    {"count(f, a / b > 1)", "f=y a=1 b=0", "? in 1..2 trouble"},
    {"if(a / b > 1, f, g)", "a=1 b=0 f=y g=n", "undecided trouble"},
    {"ifna(a / b > 1, f)", "a=1 b=0 f=?b", "undecided blank trouble"},
};

static void test_values(void **state)
{
    (void)state;
    const size_t n = sizeof value_cases / sizeof *value_cases;
    for (size_t i = 0; i < n; i++) {
        static world w;
        const unsigned own = (unsigned)(i * 7 % PSYI_LANES);
        psyi_program *const program = world_compile(value_cases[i].rule, 0);
        world_clear(&w);
        for (unsigned lane = 0; lane < PSYI_LANES; lane++) {
            const size_t other = lane == own ? i : (i + 31 * lane + 1) % n;
            world_set(&w, lane, value_cases[other].data);
        }
        const char *const found = world_run(&w, program, own);
        if (strcmp(found, value_cases[i].expected) != 0)
            fail_msg("%s with %s: expected %s, found %s", value_cases[i].rule, value_cases[i].data,
                     value_cases[i].expected, found);

        /* The same data in all lanes: the ways that need all lanes alike. */
        world_clear(&w);
        for (unsigned lane = 0; lane < PSYI_LANES; lane++)
            world_set(&w, lane, value_cases[i].data);
        assert_string_equal(world_run(&w, program, own), value_cases[i].expected);
        psyi_program_free(program);
    }
}

/* Kleene's tables with "not given" as a fourth value, for every pair. */
static void test_three_valued_tables(void **state)
{
    static const char *const values[] = {"y", "n", "?b", "-"};
    static const char *const and_table[4][4] = {
        {"yes", "no", "undecided blank", "yes"},
        {"no", "no", "no", "no"},
        {"undecided blank", "no", "undecided blank", "undecided blank"},
        {"yes", "no", "undecided blank", "absent"}};
    static const char *const or_table[4][4] = {
        {"yes", "yes", "yes", "yes"},
        {"yes", "no", "undecided blank", "no"},
        {"yes", "undecided blank", "undecided blank", "undecided blank"},
        {"yes", "no", "undecided blank", "absent"}};
    static const char *const not_table[4] = {"no", "yes", "undecided blank", "absent"};
    static const char *const rules[] = {"f and g", "all(f, g)", "f or g", "any(f, g)", "not f"};

    (void)state;
    for (size_t rule = 0; rule < sizeof rules / sizeof *rules; rule++) {
        psyi_program *const program = world_compile(rules[rule], PSYI_TYPE_BOOLEAN);
        for (size_t i = 0; i < 4; i++)
            for (size_t k = 0; k < 4; k++) {
                static world w;
                char data[32];
                snprintf(data, sizeof data, "f=%s g=%s", values[i], values[k]);
                world_clear(&w);
                world_set(&w, 5, data);
                assert_string_equal(world_run(&w, program, 5), rule < 2   ? and_table[i][k]
                                                               : rule < 4 ? or_table[i][k]
                                                                          : not_table[i]);
            }
        psyi_program_free(program);
    }
}

/* What could come out, for every pair of what could come out of the operands. */
static void test_what_could_come_out(void **state)
{
    static const char *const values[] = {"y", "y~", "n~", "n", "?b"};
    static const bool can_yes[] = {true, true, true, false, true};
    static const bool can_no[] = {false, true, true, true, true};

    (void)state;
    psyi_program *const both = world_compile("f and g", PSYI_TYPE_BOOLEAN);
    psyi_program *const some = world_compile("f or g", PSYI_TYPE_BOOLEAN);
    for (size_t i = 0; i < 5; i++)
        for (size_t k = 0; k < 5; k++) {
            static world w;
            char data[32];
            snprintf(data, sizeof data, "f=%s g=%s", values[i], values[k]);
            world_clear(&w);
            world_set(&w, 63, data);
            const char *const and_words = world_run(&w, both, 63);
            const char *const or_words = world_run(&w, some, 63);
            const bool and_open = strpbrk(and_words, "?u") != NULL;
            const bool or_open = strpbrk(or_words, "?u") != NULL;
            assert_int_equal(and_open, can_yes[i] && can_yes[k] && (can_no[i] || can_no[k]));
            assert_int_equal(or_open, can_no[i] && can_no[k] && (can_yes[i] || can_yes[k]));
        }
    psyi_program_free(both);
    psyi_program_free(some);
}

/* Cut-offs on means: sum >= 2 n, on all sums, and the 5/4 multiples of SDS and SAS. */
static void test_cut_offs_are_exact(void **state)
{
    static world w;
    (void)state;
    psyi_program *const mean = world_compile("mean(items(1..9)) >= 2.0", PSYI_TYPE_BOOLEAN);
    psyi_program *const third = world_compile("mean(items(1..3)) >= 5/3", PSYI_TYPE_BOOLEAN);
    psyi_program *const truncated = world_compile("floor(1.25 * x) >= 53", PSYI_TYPE_BOOLEAN);
    psyi_program *const tenth = world_compile("x * 0.1 + 0.2 == 0.3", PSYI_TYPE_BOOLEAN);

    world_clear(&w);
    for (unsigned sum = 0; sum <= 27; sum++) {
        char data[64] = "";
        for (unsigned i = 0; i < 9; i++)
            sprintf(data + strlen(data), "%u=%u ", i + 1,
                    sum > 3 * i ? (sum - 3 * i > 3 ? 3 : sum - 3 * i) : 0);
        world_set(&w, sum, data);
    }
    for (unsigned sum = 0; sum <= 27; sum++)
        assert_string_equal(world_run(&w, mean, sum), sum >= 18 ? "yes" : "no");
    world_clear(&w);
    for (unsigned i = 0; i < 64; i++) {
        char data[64];
        sprintf(data, "1=%u 2=%u 3=%u x=%u", i % 4, i / 4 % 4, i / 16, i + 20);
        world_set(&w, i, data);
    }
    for (unsigned i = 0; i < 64; i++) {
        const unsigned sum = i % 4 + i / 4 % 4 + i / 16;
        assert_string_equal(world_run(&w, third, i), sum >= 5 ? "yes" : "no");
        /* raw 43 is 53.75, raw 42 is 52.5 */
        assert_string_equal(world_run(&w, truncated, i), i + 20 >= 43 ? "yes" : "no");
    }
    world_set(&w, 0, "x=1");
    assert_string_equal(world_run(&w, tenth, 0), "yes");
    psyi_program_free(mean);
    psyi_program_free(third);
    psyi_program_free(truncated);
    psyi_program_free(tenth);
}

/* Numbers that leave the shared form, and numbers that leave 64 bits. */
static void test_large_numbers(void **state)
{
    static const struct value_case cases[] = {
        {"x + y", "x=4611686018427387904 y=1", "4611686018427387905"},
        {"x + y", "x=9223372036854775807 y=1", "? trouble"},
        {"x - y", "x=-9223372036854775807 y=2", "? trouble"},
        {"x * y", "x=4294967296 y=4294967296", "? trouble"},
        {"x * y", "x=2147483648 y=2147483648", "4611686018427387904"},
        {"x * 4294967296", "x=4294967296", "? trouble"},
        {"x * 1000000000000", "x=1000000", "1000000000000000000"},
        {"x * -1000000000000", "x=1000000", "-1000000000000000000"},
        {"x + 900000000000000000", "x=9000000000000000000", "? trouble"},
        {"x + 100000000000000000", "x=1152921504606846976", "1252921504606846976"},
        {"x + 0.000000000001", "x=1", "1000000000001/1000000000000"},
        {"x * 0.000000000001", "x=1", "1/1000000000000"},
        {"x / 1000000000000", "x=1", "1/1000000000000"},
        {"x / y", "x=1 y=4611686018427387904", "1/4611686018427387904"},
        {"x + y", "x=1/1073741827 y=1/1073741831", "2147483658/1152921515344265237"},
        {"x * y", "x=1/1073741827 y=1/1073741831", "1/1152921515344265237"},
        {"x == y", "x=1/1073741827 y=1/1073741831", "no"},
        {"x < y", "x=?1/1073741831..1/1073741829 y=1/1073741827", "yes"},
        {"max(x, y)", "x=1/1073741827 y=1/1073741831", "1/1073741827"},
        {"max(x, y)", "x=?1/1073741831..1/1073741827 y=1/1073741827", "1/1073741827"},
        {"abs(x)", "x=-1/1073741827", "1/1073741827"},
        {"abs(x)", "x=?-1/1073741827..1/1073741831", "? in 0..1/1073741827 blank"},
        {"floor(x)", "x=-1/1073741827", "-1"},
        {"ceil(x)", "x=1/1073741827", "1"},
        {"round_half_up(x)", "x=9223372036854775807/2", "4611686018427387904"},
        {"round_half_up(x, 9)", "x=1/1073741827", "1/1000000000"},
        {"round_half_up(x, 1)", "x=1000000000000000000", "1000000000000000000"},
        {"round_half_up(x, 1)", "x=?1000000000000000000..1000000000000000001",
         "? in 1000000000000000000..1000000000000000001 blank"},
        {"round_half_up(x / 3, 9)", "x=1000000000000000000", "? trouble"},
        {"clock_minutes(x, y)", "x=0 y=1/1073741827", "1/1073741827"},
        {"clock_minutes(x, y)", "x=0 y=?1/1073741827..3", "? in 1/1073741827..3 blank"},
        {"clock_minutes(x, y)", "x=1 y=?1/1073741827..3", "? in 0..1440 blank"},
        {"x + y", "x=?1..9223372036854775807 y=1", "? blank trouble"},
        {"x * y", "x=?-9223372036854775807..1 y=?2..3", "? blank trouble"},
        {"x * y", "x=?-9223372036854775807..1 y=?-3..1", "? blank trouble"},
        {"x * y", "x=1/1073741789 y=1/1073741783", "1/1152921423002469787"},
        {"y * (x - x + 1)", "x=288230376151711744 y=5", "5"},
        {"y * (x - x + 1)", "x=576460752303423488 y=5", "5"},
        {"x + 0.5", "x=1/1073741789", "1073741791/2147483578"},
        {"x + 0.001", "x=1152921504606846976", "? trouble"},
        {"x + 900000000000000000", "x=1/1000", "? trouble"},
        {"x - 900000000000000000", "x=1/1000", "? trouble"},
        {"x - 900000000000000000", "x=1/2", "-1799999999999999999/2"},
        {"abs(x)", "x=?-9223372036854775808..1", "? blank trouble"},
        {"clock_minutes(x, y)", "x=0 y=1000000000000000000", "640"},
        {"clock_minutes(x, y)", "x=0 y=?1/4611686018427387904..3", "? in 0..1440 blank"},
        {"clock_minutes(x, y)", "x=0 y=?1..4611686018427387905/4611686018427387904",
         "? in 0..1440 blank"},
        {"max(x, 2 * 900000000000000000)", "x=1", "1800000000000000000"},
        {"min(x, -2 * 900000000000000000)", "x=1", "-1800000000000000000"},
        {"max(x, 0.000000000001)", "x=0", "1/1000000000000"},
        {"x", "x=5/2~5/2..7/2", "5/2 in 5/2..7/2"},
        {"x", "x=5/2~3/2..5/2", "5/2 in 3/2..5/2"},
        {"x + y", "x=1/1073741789 y=1/1073741783", "2147483572/1152921423002469787"},
        {"max(x, y)", "x=576460752303423488 y=1/1073741789", "576460752303423488"},
        {"max(x, y)", "x=1/1073741789 y=576460752303423488", "576460752303423488"},
        {"x + y", "x=5~1..9223372036854775807 y=1", "6"},
        {"x * y", "x=?1..9223372036854775807 y=?1..2", "? blank trouble"},
        {"x * y", "x=?1..4 y=?1/1073741827..2", "? in 1/1073741827..8 blank"},
        {"-x", "x=-9223372036854775807", "9223372036854775807"},
        {"if(f, x, y)", "f=?b x=1/1073741827 y=1/1073741831",
         "? in 1/1073741831..1/1073741827 blank"},
        {"if(f, x, y)", "f=y x=1/1073741827 y=1/1073741831", "1/1073741827"},
        {"ifna(x, y)", "x=? y=1/1073741827", "1/1073741827"},
        {"x in (1, 2)", "x=?1/1073741827..3", "undecided blank"},
        {"x in (5, 7)", "x=?1/1073741827..3", "no"},
        {"x in 0..1", "x=1/1073741827", "yes"},
        {"x >= 999999999999999999", "x=9223372036854775807", "yes"},
        {"x >= 0.5", "x=1/4611686018427387904", "no"},
        {"x <= 0.000000000000000001", "x=1", "no"},
        {"sum(items(large, 1, strange))", "large=2147483647 1=1 strange=9/65521",
         "140705276100617/65521"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        static world w;
        psyi_program *const program = world_compile(cases[i].rule, 0);
        world_clear(&w);
        world_set(&w, 3, cases[i].data);
        const char *const found = world_run(&w, program, 3);
        if (strcmp(found, cases[i].expected) != 0)
            fail_msg("%s with %s: expected %s, found %s", cases[i].rule, cases[i].data,
                     cases[i].expected, found);
        psyi_program_free(program);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_three_valued_tables),
        cmocka_unit_test(test_what_could_come_out),
        cmocka_unit_test(test_cut_offs_are_exact),
        cmocka_unit_test(test_large_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
