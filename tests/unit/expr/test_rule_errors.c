/*
 * test_rule_errors.c -- rules that must not compile: where the error points, how long the
 * token is, and the whole sentence, because the sentence is what people work with.
 */
#include "expr/syntax.h"
#include "rule_fixture.h"
#include "test_support.h"

#include <stdio.h>
#include <string.h>

/* All on line 1; columns and lengths in code points. */
static const struct wrong_rule {
    const char *text;
    uint32_t column, length;
    const char *message;
} wrong_rules[] = {
    /* clang-format off */
    {"", 1, 1,
     "the rule is empty"},
    {"   ", 1, 1,
     "the rule is empty"},
    {"total >=", 9, 1,
     "expected a value, found the end of the text"},
    {"total >= 5 and", 15, 1,
     "expected a value, found the end of the text"},
    {"total >= 5 6", 12, 1,
     "expected an operator or the end, found '6'"},
    {"total = 5", 7, 1,
     "'=' is not used here: write '=='"},
    {"total => 5", 7, 2,
     "'=>' is not used here: write '>='"},
    {"total =< 5", 7, 2,
     "'=<' is not used here: write '<='"},
    {"total <> 5", 7, 2,
     "'<>' is not used here: write '!='"},
    {"total === 5", 7, 3,
     "'===' is not used here: write '=='"},
    {"total && f", 7, 2,
     "'&&' is not used here: write 'and'"},
    {"total || f", 7, 2,
     "'||' is not used here: write 'or'"},
    {"!f", 1, 1,
     "'!' is not used here: write 'not'"},
    {"f & g", 3, 1,
     "'&' is not used here: write 'and'"},
    {"f | g", 3, 1,
     "'|' is not used here: write 'or'"},
    {"total \xEF\xBC\x9E 5", 7, 1,
     "'\xEF\xBC\x9E' is full-width: write '>'"},
    {"\xEF\xBC\x88total > 5\xEF\xBC\x89", 1, 1,
     "'\xEF\xBC\x88' is full-width: write '('"},
    {"total \xEF\xBC\x9D 5", 7, 1,
     "'\xEF\xBC\x9D' is not used here: write '=='"},
    {"count(items(1..9) >= 2\xEF\xBC\x8C" "f)", 23, 1,
     "'\xEF\xBC\x8C' is full-width: write ','"},
    {"count(f\xEF\xBC\x9Bg)", 8, 1,
     "'\xEF\xBC\x9B' is not used here: write ','"},
    {"count(f; g)", 8, 1,
     "';' is not used here: write ','"},
    {"count(f\xE3\x80\x81g)", 8, 1,
     "'\xE3\x80\x81' is not used here: write ','"},
    {"total \xE2\x89\xA7 5", 7, 1,
     "'\xE2\x89\xA7' is not used here: write '>='"},
    {"total > \xEF\xBC\x95", 9, 1,
     "'\xEF\xBC\x95' is full-width: write '5'"},
    {"total\xEF\xBC\x9A" "5", 6, 1,
     "'\xEF\xBC\x9A' is not part of the rule language"},
    {"total\xE3\x80\x80> 5", 6, 1,
     "a blank of another kind (U+3000): write an ordinary blank"},
    {"total > 5 AND f", 11, 3,
     "'AND' is not used here: write 'and' in small letters"},
    {"Not f", 1, 3,
     "'Not' is not used here: write 'not' in small letters"},
    {"TRUE", 1, 4,
     "'TRUE' is not used here: write 'true' in small letters"},
    {"\"female\" == student.sex", 1, 1,
     "texts in quotes are not used here: write the bare word, as in 'student.sex == female'"},
    {"student.sex == \"female\"", 16, 1,
     "texts in quotes are not used here: write the bare word, as in 'student.sex == female'"},
    {"student.sex == 'female'", 16, 1,
     "texts in quotes are not used here: write the bare word, as in 'student.sex == female'"},
    {"student.sex == \xE2\x80\x9C" "female\xE2\x80\x9D", 16, 1,
     "texts in quotes are not used here: write the bare word, as in 'student.sex == female'"},
    {"total % 2", 7, 1,
     "'%' is not part of the rule language"},
    {"total ^ 2", 7, 1,
     "'^' is not part of the rule language"},
    {"a ** 2", 4, 1,
     "expected a value, found '*'"},
    {"total @ 2", 7, 1,
     "'@' is not part of the rule language"},
    {"total.t@ >= 5", 8, 1,
     "after '@' comes the id of a norm or population, as in 'total.t@local26'"},
    {"\xE5\xAD\xA6\xE7\x94\x9F > 5", 1, 1,
     "'\xE5\xAD\xA6' is not part of the rule language"},
    {"1. + 2", 1, 2,
     "'1.' ends in a point: write '1'"},
    {".5 + 2", 1, 2,
     "'.5' needs a digit before the point: write '0.5'"},
    {"1234567890123456789", 1, 19,
     "'1234567890123456789' has 19 digits: at most 18 are exact"},
    {"5b + 1", 1, 2,
     "'5b' begins like a number and goes on like a name"},
    {"item(5b)", 6, 2,
     "'5b' begins like a number and goes on like a name"},
    {"1.2.3", 4, 2,
     "'.3' does not belong to a name: an item is written 'phq9.item(9)'"},
    {"1 < a < 3", 7, 1,
     "comparisons do not chain: join two with 'and', as in 'a > 1 and a < 3'"},
    {"a == b == c", 8, 2,
     "comparisons do not chain: join two with 'and', as in 'a > 1 and a < 3'"},
    {"a in 1..2 in 3..4", 11, 2,
     "comparisons do not chain: join two with 'and', as in 'a > 1 and a < 3'"},
    {"a not in 1..2", 3, 3,
     "'not' stands before a condition, as in 'not (a in (b, c))'"},
    {"a in 7", 7, 1,
     "expected '..' and the upper end of the range, found the end of the text"},
    {"a in 7..", 9, 1,
     "expected the upper end of the range, found the end of the text"},
    {"a in (7", 8, 1,
     "expected ',' or ')', found the end of the text"},
    {"a in ()", 7, 1,
     "expected a number or a name, found ')'"},
    {"a in (1..2)", 8, 2,
     "a range stands without parentheses, as in 'in 7..9'"},
    {"a in mild..severe", 6, 4,
     "behind 'in' names stand in parentheses, as in 'in (mild, moderate)'"},
    {"a in 9..7", 6, 4,
     "the range runs backwards: write the lower end first"},
    {"a in (mild)", 7, 4,
     "'a' is compared with numbers, not with names"},
    {"total + not f", 9, 3,
     "'not' needs parentheses here: write '(not ...)'"},
    {"total.band >= not f", 15, 3,
     "'not' needs parentheses here: write '(not ...)'"},
    {"(total", 7, 1,
     "expected ')', found the end of the text"},
    {"total)", 6, 1,
     "expected an operator or the end, found ')'"},
    {"count(", 7, 1,
     "expected a value, found the end of the text"},
    {"count()", 1, 5,
     "'count' takes at least 1 argument, 0 given, as in 'count(items(1..9) >= 2), count(a >= 1, b >= 2)'"},
    {"floor(total, 2)", 1, 5,
     "'floor' takes 1 argument, 2 given, as in 'floor(a)'"},
    {"floor()", 1, 5,
     "'floor' takes 1 argument, 0 given, as in 'floor(a)'"},
    {"if(f, 1)", 1, 2,
     "'if' takes 3 arguments, 2 given, as in 'if(condition, a, b)'"},
    {"case(f, 1, g, 2)", 1, 4,
     "'case' takes pairs of condition and value and a last value for all else, so an odd number of arguments; 4 given"},
    {"case(f, 1)", 1, 4,
     "'case' takes at least 3 arguments, 2 given, as in 'case(c1, v1, c2, v2, otherwise)'"},
    {"round_half_up(1, 2, 3)", 1, 13,
     "'round_half_up' takes 1 or 2 arguments, 3 given, as in 'round_half_up(a), round_half_up(a, 1)'"},
    {"round_half_up(total, 10)", 22, 2,
     "the decimals of 'round_half_up' are a number from 0 to 9"},
    {"round_half_up(total, a)", 22, 1,
     "the decimals of 'round_half_up' are a number from 0 to 9"},
    {"round_half_up(total, 1.5)", 22, 3,
     "the decimals of 'round_half_up' are a number from 0 to 9"},
    {"item()", 6, 1,
     "expected an item number or an item name, found ')'"},
    {"item(1, 2)", 1, 4,
     "'item' takes 1 argument, 2 given, as in 'item(9), item(self_harm)'"},
    {"item(1..3)", 1, 10,
     "'item' takes one item: for several use items(...)"},
    {"item(1.5)", 6, 3,
     "'1.5' is not an item number"},
    {"items(1..2.5)", 10, 3,
     "expected the last item number of the range, found '2.5'"},
    {"items(9..1)", 7, 4,
     "the range runs backwards: write the lower number first"},
    {"items(a..b)", 8, 2,
     "ranges are for item numbers: list the names, as in 'items(q5b, q5c)'"},
    {"items(1..12)", 10, 2,
     "'12' is not an item here: items are 1 to 9"},
    {"items(0..3)", 7, 1,
     "'0' is not an item here: items are 1 to 9"},
    {"items(1, 3, 1..2)", 13, 4,
     "'1..2' repeats an item of this set"},
    {"item(10)", 6, 2,
     "'10' is not an item here: items are 1 to 9"},
    {"item(q10)", 6, 3,
     "'q10' is not an item here: items are 1 to 9; did you mean 'q1'?"},
    {"item(intrest)", 6, 7,
     "'intrest' is not an item here: items are 1 to 9; did you mean 'interest'?"},
    {"item(sefl_harm)", 6, 9,
     "'sefl_harm' is not an item here: items are 1 to 9; did you mean 'self_harm'?"},
    {"item(moood)", 6, 5,
     "'moood' is not an item here: items are 1 to 9; did you mean 'mood'?"},
    {"phq9.item(11)", 11, 2,
     "'11' is not an item of 'phq9': items are 1 to 10"},
    {"phq9.item(selfharm)", 11, 8,
     "'selfharm' is not an item of 'phq9': items are 1 to 10; did you mean 'self_harm'?"},
    {"phq.item(9)", 10, 1,
     "'9' is not an item of 'phq'; did you mean 'phq9.item(9)'?"},
    {"xyz.item(9)", 10, 1,
     "'9' is not an item of 'xyz'"},
    {"item(phq9.9)", 10, 2,
     "'.9' does not belong to a name: an item is written 'phq9.item(9)'"},
    {"item(zzzzzz)", 6, 6,
     "'zzzzzz' is not an item here: items are 1 to 9"},
    {"mht.item(101)", 10, 3,
     "'101' is not an item of 'mht': items are 1 to 100"},
    {"scale(totl).items", 7, 4,
     "'totl' is not a scale here; did you mean 'total'?"},
    {"scale(total)", 13, 1,
     "expected '.items' behind 'scale(...)', found the end of the text"},
    {"scale(total).item", 14, 4,
     "expected 'items' behind 'scale(...).', found 'item'"},
    {"scale(nothing).items", 7, 7,
     "'nothing' has no items"},
    {"scale(9).items", 7, 1,
     "expected the id of a scale, found '9'"},
    {"phq9.scale(totl).items", 12, 4,
     "'totl' is not a scale here; did you mean 'total'?"},
    {"sdq.scale(prosocal).items", 11, 8,
     "'prosocal' is not a scale here; did you mean 'prosocial'?"},
    {"sum(scale(total).items) >", 26, 1,
     "expected a value, found the end of the text"},
    {"maximum(a, b)", 1, 7,
     "there is no function 'maximum'; did you mean 'max'?"},
    {"maks(a, b)", 1, 4,
     "there is no function 'maks'; did you mean 'max'?"},
    {"Max(a, b)", 1, 3,
     "there is no function 'Max'; did you mean 'max'?"},
    {"frobnicate(a)", 1, 10,
     "there is no function 'frobnicate'"},
    {"phq9.sum(items(1..9))", 1, 8,
     "'sum' takes no prefix: it belongs to item, answer, items or scale, as in 'phq9.items(1..9)'"},
    {"phq9.items", 1, 10,
     "'phq9.items' is a function and needs '(...)', as in 'items(1..9), items(1, 3, 5..7)'"},
    {"totl >= 5", 1, 4,
     "'totl' is not known here; did you mean 'total'?"},
    {"Total >= 5", 1, 5,
     "'Total' is not known here; did you mean 'total'?"},
    {"phq9.totl >= 5", 1, 9,
     "'phq9.totl' is not known here; did you mean 'phq9.total'?"},
    {"q5b >= 1", 1, 3,
     "'q5b' is an item: write 'item(q5b)'"},
    {"phq9.self_harm >= 1", 1, 14,
     "'phq9.self_harm' is an item: write 'phq9.item(self_harm)'"},
    {"phq9.9 >= 1", 5, 2,
     "'.9' does not belong to a name: an item is written 'phq9.item(9)'"},
    {"count >= 2", 1, 5,
     "'count' is a function and needs '(...)', as in 'count(items(1..9) >= 2), count(a >= 1, b >= 2)'"},
    {"items >= 2", 1, 5,
     "'items' is a function and needs '(...)', as in 'items(1..9), items(1, 3, 5..7)'"},
    {"zzz >= 5", 1, 3,
     "'zzz' is not known here"},
    {"null", 1, 4,
     "'null' is not known here: ask with 'is_missing(...)'"},
    {"total == null", 10, 4,
     "'null' is not known here: ask with 'is_missing(...)'"},
    {"total == NA", 10, 2,
     "'NA' is not known here: ask with 'is_missing(...)'"},
    {"student.sex == femal", 16, 5,
     "'femal' is not a value of 'student.sex': male, female; did you mean 'female'?"},
    {"student.sex == x", 16, 1,
     "'x' is not a value of 'student.sex': male, female"},
    {"student.sex >= female", 13, 2,
     "the values of 'student.sex' have no order: use '==', '!=' or 'in'"},
    {"student.sex == 1", 16, 1,
     "'student.sex' is compared with one of its values: male, female"},
    {"student.sex in (male, femal)", 23, 5,
     "'femal' is not a value of 'student.sex': male, female; did you mean 'female'?"},
    {"student.sex in (1, 2)", 17, 1,
     "'student.sex' has no number among its values: male, female"},
    {"student.sex in 1..2", 16, 4,
     "'student.sex' has no ranges of numbers: list its values, as in 'in (male, female)'"},
    {"student.sex", 1, 11,
     "'student.sex' is a category: compare it with one of its values: male, female"},
    {"student.sex == student.stage", 16, 13,
     "'student.stage' is not a value of 'student.sex': male, female"},
    {"female == student.sex", 1, 6,
     "the column stands on the left, its value on the right, as in 'student.sex == female'"},
    {"mild <= total.band", 1, 4,
     "the column stands on the left, its value on the right, as in 'total.band == mild'"},
    {"total.band >= 2", 15, 1,
     "'total.band' is compared with one of its values: minimal, mild, moderate, moderately_severe, severe"},
    {"total.band >= bad", 15, 3,
     "'bad' is not a value of 'total.band': minimal, mild, moderate, moderately_severe, severe"},
    {"total.band in mild", 15, 4,
     "behind 'in' names stand in parentheses, as in 'in (mild, moderate)'"},
    {"total >= moderate", 10, 8,
     "'moderate' is a band: write 'total.band' on the left"},
    {"phq9.total >= moderate", 15, 8,
     "'moderate' is a band: write 'phq9.total.band' on the left"},
    {"total.band + 1", 1, 10,
     "'total.band' is a band: compare it with one of its values: minimal, mild, moderate, moderately_severe, severe"},
    {"total in (mild, 2)", 11, 4,
     "'total' is compared with numbers, not with names"},
    {"total == student.sex", 10, 11,
     "'student.sex' stands on the left, one of its values on the right"},
    {"5 == student.sex", 6, 11,
     "'student.sex' stands on the left, one of its values on the right"},
    {"items(1..9) >= 2", 1, 16,
     "'items(1..9) >= 2' is a condition on a set of items: put it into any(...), all(...) or count(...)"},
    {"items(1..9)", 1, 11,
     "'items(1..9)' is a set of items: use sum(...), mean(...), min(...), max(...), answered(...) or count(... >= 1)"},
    {"items(1..9) + 1", 1, 11,
     "'items(1..9)' is a set of items: use sum(...), mean(...), min(...), max(...), answered(...) or count(... >= 1)"},
    {"items(1..9) >= a", 16, 1,
     "a set of items is compared with a fixed number, and 'a' is none"},
    {"2 <= items(1..9)", 6, 11,
     "the set stands on the left, as in 'items(1..9) >= 2'"},
    {"sum(items(1..9) >= 2)", 1, 3,
     "'sum' takes a set without a condition: with one use 'sum_if'"},
    {"sum(a)", 5, 1,
     "'sum' takes a set of items or at least two numbers"},
    {"sum(items(1..3), items(4..6))", 5, 11,
     "'sum' takes one set alone: put all items into one items(...)"},
    {"sum(items(1..3), a)", 5, 11,
     "'sum' takes one set alone: put all items into one items(...)"},
    {"sum(f, g)", 5, 1,
     "'f' is true or false where a number is needed: count(...) and if(..., 1, 0) make numbers of conditions"},
    {"count(items(1..9))", 7, 11,
     "'items(1..9)' needs a condition, as in 'items(1..9) >= 1'"},
    {"count(a)", 7, 1,
     "'a' is a number where a condition is needed: compare it, as in 'a >= 1'"},
    {"any(items(1..9))", 5, 11,
     "'items(1..9)' needs a condition, as in 'items(1..9) >= 1'"},
    {"any(not items(1..9) >= 2)", 9, 16,
     "'items(1..9) >= 2' is a condition on a set of items: put it into any(...), all(...) or count(...)"},
    {"items(1..9) >= 2 and f", 1, 16,
     "'items(1..9) >= 2' is a condition on a set of items: put it into any(...), all(...) or count(...)"},
    {"sum_if(items(1..9))", 8, 11,
     "'sum_if' takes a condition on a set, as in 'items(1..90) >= 2'"},
    {"mean_if(f)", 9, 1,
     "'mean_if' takes a condition on a set, as in 'items(1..90) >= 2'"},
    {"sum_if(a >= 2)", 8, 6,
     "'sum_if' takes a condition on a set, as in 'items(1..90) >= 2'"},
    {"answered(total)", 10, 5,
     "'answered' is about items: of a score ask 'not is_missing(...)'"},
    {"answered(f)", 10, 1,
     "'answered' is about items: of a score ask 'not is_missing(...)'"},
    {"refused(items(1..9))", 9, 11,
     "'refused' is about one item, as in 'refused(item(4))'"},
    {"refused(total)", 9, 5,
     "'refused' is about one item, as in 'refused(item(4))'"},
    {"is_missing(items(1..9))", 12, 11,
     "'items(1..9)' is a set of items: use sum(...), mean(...), min(...), max(...), answered(...) or count(... >= 1)"},
    {"is_missing(items(1..9) >= 2)", 12, 16,
     "'items(1..9) >= 2' is a condition on a set of items: put it into any(...), all(...) or count(...)"},
    {"ifna(a, f)", 9, 1,
     "the values of 'ifna' are of one kind: 'a' is a number, 'f' is true or false"},
    {"ifna(f, a)", 9, 1,
     "the values of 'ifna' are of one kind: 'f' is true or false, 'a' is a number"},
    {"ifna(student.sex, male)", 19, 4,
     "'male' is not known here"},
    {"if(a, 1, 2)", 4, 1,
     "'a' is a number where a condition is needed: compare it, as in 'a >= 1'"},
    {"if(f, 1, g)", 10, 1,
     "the values of 'if' are of one kind: '1' is a number, 'g' is true or false"},
    {"if(f, g, 1)", 10, 1,
     "the values of 'if' are of one kind: 'g' is true or false, '1' is a number"},
    {"if(f, student.sex, 1)", 7, 11,
     "'student.sex' is a category: compare it with one of its values: male, female"},
    {"if(f, items(1..2), 1)", 7, 11,
     "'items(1..2)' is a set of items: use sum(...), mean(...), min(...), max(...), answered(...) or count(... >= 1)"},
    {"case(f, 1, a, 2, 3)", 12, 1,
     "'a' is a number where a condition is needed: compare it, as in 'a >= 1'"},
    {"f == true", 1, 1,
     "'f' is true or false already: write it alone, or with 'not'"},
    {"f == g", 1, 1,
     "'f' is true or false already: write it alone, or with 'not'"},
    {"total == true", 10, 4,
     "'true' is true or false where a number is needed: count(...) and if(..., 1, 0) make numbers of conditions"},
    {"f >= 1", 1, 1,
     "'f' is true or false already: write it alone, or with 'not'"},
    {"-f", 2, 1,
     "'f' is true or false where a number is needed: count(...) and if(..., 1, 0) make numbers of conditions"},
    {"f / 2", 1, 1,
     "'f' is true or false where a number is needed: count(...) and if(..., 1, 0) make numbers of conditions"},
    {"abs(f)", 5, 1,
     "'f' is true or false where a number is needed: count(...) and if(..., 1, 0) make numbers of conditions"},
    {"total and f", 1, 5,
     "'total' is a number where a condition is needed: compare it, as in 'a >= 1'"},
    {"f or total", 6, 5,
     "'total' is a number where a condition is needed: compare it, as in 'a >= 1'"},
    {"not total", 5, 5,
     "'total' is a number where a condition is needed: compare it, as in 'a >= 1'"},
    {"a / 0", 5, 1,
     "a division by 0 never has a value"},
    {"a / (1 - 1)", 5, 7,
     "a division by 0 never has a value"},
    {"999999999999999999 * 99", 1, 23,
     "the number is too large or too small to be exact"},
    {"floor(999999999999999999 * 99)", 7, 23,
     "the number is too large or too small to be exact"},
    {"total >= 5 # comment", 12, 1,
     "'#' is not part of the rule language"},
    {"$total", 1, 1,
     "'$' is not part of the rule language"},
    {"total >= 5`", 11, 1,
     "'`' is not part of the rule language"},
    {"AVERAGE(items(1..9))", 1, 7,
     "there is no function 'AVERAGE'; did you mean 'mean'?"},
    {"COUNTIF(items(1..9))", 1, 7,
     "there is no function 'COUNTIF'; did you mean 'count'?"},
    {"and(f, g)", 1, 3,
     "'and' stands between two conditions, as in 'a > 1 and b > 2'"},
    {"f or or g", 6, 2,
     "'or' stands between two conditions, as in 'a > 1 or b > 2'"},
    {"f and", 6, 1,
     "expected a value, found the end of the text"},
    {"mean(items(1..9) >= 2)", 1, 4,
     "'mean' takes a set without a condition: with one use 'mean_if'"},
    {"min(items(1..9) >= 2)", 5, 16,
     "'items(1..9) >= 2' is a condition on a set of items: put it into any(...), all(...) or count(...)"},
    {"round(a)", 1, 5,
     "there is no function 'round'; did you mean 'round_half_up'?"},
    {"student.sex and f", 1, 11,
     "'student.sex' is a category: compare it with one of its values: male, female"},
    {"(item(99) >= 1) and f", 7, 2,
     "'99' is not an item here: items are 1 to 9"},
    {"zz == yy", 1, 2,
     "'zz' is not known here"},
    {"zz == total", 1, 2,
     "'zz' is not known here"},
    {"(items(1..9) >= 2) >= 1", 1, 18,
     "'(items(1..9) >= 2)' is a condition on a set of items: put it into any(...), all(...) or count(...)"},
    {"many.item(0)", 11, 1,
     "'0' is not an item of 'many': items are 1 to 2000"},
    {"item(z)", 6, 1,
     "'z' is not an item here: items are 1 to 9"},
    {"item(mxod)", 6, 4,
     "'mxod' is not an item here: items are 1 to 9; did you mean 'mood'?"},
    {"sum(items(99, 1))", 11, 2,
     "'99' is not an item here: items are 1 to 9"},
    {"sum(items(1..9, 99, 1))", 17, 2,
     "'99' is not an item here: items are 1 to 9"},
    {"total.t@x >= 5", 1, 9,
     "'total.t@x' is not known here"},
    {"total.t@locl26 >= 5", 1, 14,
     "'total.t@locl26' is not known here; did you mean 'total.t@local26'?"},
    {"a + b >= moderate", 10, 8,
     "'moderate' is not known here"},
    {"total >= moderat", 10, 7,
     "'moderat' is not known here; did you mean 'moderate', a band of 'total.band'?"},
    {"total \xE2\x89\xA5 $5", 9, 1,
     "'$' is not part of the rule language"},
    {"a in\x09(1..2)", 8, 2,
     "a range stands without parentheses, as in 'in 7..9'"},
    {"1.x", 1, 3,
     "'1.x' begins like a number and goes on like a name"},
    {"12345678901234567890123. + 1", 1, 24,
     "'12345678901234567890123.' ends in a point: write '12345678901234567890'"},
    {".12345678901234567890123", 1, 24,
     "'.1234567890123456789' needs a digit before the point: write '0.1234567890123456789'"},
    {"\xEF\xBC\x82" "female\xEF\xBC\x82", 1, 1,
     "texts in quotes are not used here: write the bare word, as in 'student.sex == female'"},
    {"\xEF\xBC\x87" "female\xEF\xBC\x87", 1, 1,
     "texts in quotes are not used here: write the bare word, as in 'student.sex == female'"},
    {"total \xEF\xBD\xA1", 7, 1,
     "'\xEF\xBD\xA1' is not part of the rule language"},
    {"a + .5", 5, 2,
     "'.5' needs a digit before the point: write '0.5'"},
    {"item(a.b)", 6, 3,
     "'a.b' is not one name: a prefix stands in front of the function, as in 'phq9.item(9)'"},
    {"item(a@b)", 6, 3,
     "'a@b' is not one name: a prefix stands in front of the function, as in 'phq9.item(9)'"},
    {"items(1..a)", 10, 1,
     "expected the last item number of the range, found 'a'"},
    {"scale(total).itemz", 14, 5,
     "expected 'items' behind 'scale(...).', found 'itemz'"},
    {"scale(total).(", 14, 1,
     "expected 'items' behind 'scale(...).', found '('"},
    {"scale(total) items", 14, 5,
     "expected '.items' behind 'scale(...)', found 'items'"},
    {"total not f", 7, 3,
     "'not' stands before a condition, as in 'not (a in (b, c))'"},
    {"a in -x..3", 7, 1,
     "expected a range like 7..9 or a list like (1, 3), found 'x'"},
    {"a in 1..-x", 10, 1,
     "expected the upper end of the range, found 'x'"},
    {"a in (-x)", 8, 1,
     "expected a number or a name, found 'x'"},
    {"a in (1 2)", 9, 1,
     "expected ',' or ')', found '2'"},
    {"a in 1.5.2", 9, 2,
     "'.2' does not belong to a name: an item is written 'phq9.item(9)'"},
    {"4611686018427387904 * 1", 1, 19,
     "'4611686018427387904' has 19 digits: at most 18 are exact"},
    {"0.000000000000000001 / 1000", 1, 27,
     "the number is too large or too small to be exact"},
    {"sum(items(1..3)).x", 17, 1,
     "expected an operator or the end, found '.'"},
    {"phq9.item(0)", 11, 1,
     "'0' is not an item of 'phq9': items are 1 to 10"},
    {"refused(item(9), 1)", 1, 7,
     "'refused' takes 1 argument, 2 given, as in 'refused(item(4))'"},
    {"phq9.scale(zzz).items", 12, 3,
     "'zzz' is not a scale here"},
    {"student.age.band >= 3", 1, 16,
     "'student.age.band' is not known here; did you mean 'student.age'?"},
    {"count(student.sex)", 7, 11,
     "'student.sex' is a category: compare it with one of its values: male, female"},
    {"item(9) item(8)", 9, 4,
     "expected an operator or the end, found 'item'"},
    {"total\xC2\xA0> 5", 6, 1,
     "a blank of another kind (U+00A0): write an ordinary blank"},
    {"total\xE2\x80\x83> 5", 6, 1,
     "a blank of another kind (U+2003): write an ordinary blank"},
    {"total\xEF\xBB\xBF > 5", 6, 1,
     "a blank of another kind (U+FEFF): write an ordinary blank"},
    {"6 * 900000000000000000 + a", 1, 22,
     "the number is too large or too small to be exact"},
    {"a + 6 * -900000000000000000", 5, 23,
     "the number is too large or too small to be exact"},
    {"a + 0.000000000000000001 / 5", 5, 24,
     "the number is too large or too small to be exact"},
    {"a + 900000000000000000 * 900000000000000000", 5, 39,
     "the number is too large or too small to be exact"},
    /* clang-format on */
};

static psy_status compile_text(const char *text, size_t length, const psyi_scope *scope,
                               psyi_type wanted, const psy_location *where, psy_error *error)
{
    psyi_program *program = PSY_UNTOUCHED;
    const psy_status status =
        psyi_program_compile(&program, text, length, scope, wanted, where, NULL, error);
    if (status == PSY_OK)
        psyi_program_free(program);
    else
        psy_assert_untouched(program);
    return status;
}

static void expect_error(const char *text, psyi_type wanted, uint32_t line, uint32_t column,
                         uint32_t length, const char *message)
{
    psy_error error = {0};
    const psy_status status = compile_text(text, strlen(text), &world_scope, wanted, NULL, &error);
    if (status != PSY_E_EXPR || error.where.line != line || error.where.column != column ||
        error.where.length != length || strcmp(error.message, message) != 0)
        fail_msg("%s: %u:%u+%u: %s", text, error.where.line, error.where.column, error.where.length,
                 error.message);
    assert_string_equal(error.where.source, "<expression>");
}

static void test_wrong_rules_point_at_the_token(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof wrong_rules / sizeof *wrong_rules; i++)
        expect_error(wrong_rules[i].text, 0, 1, wrong_rules[i].column, wrong_rules[i].length,
                     wrong_rules[i].message);
}

/* Messages are one clause: no capital, no full stop, no newline. */
static void test_messages_have_one_style(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof wrong_rules / sizeof *wrong_rules; i++) {
        const char *const message = wrong_rules[i].message;
        assert_false(message[0] >= 'A' && message[0] <= 'Z');
        assert_true(message[strlen(message) - 1] != '.');
        assert_null(strchr(message, '\n'));
    }
}

static void test_the_wanted_type_is_checked(void **state)
{
    (void)state;
    expect_error("total", PSYI_TYPE_BOOLEAN, 1, 1, 5,
                 "'total' is a number where a condition is needed: compare it, as in 'a >= 1'");
    expect_error("total >= 5", PSYI_TYPE_NUMBER, 1, 1, 10,
                 "'total >= 5' is true or false where a number is needed: count(...) and "
                 "if(..., 1, 0) make numbers of conditions");
    expect_error("total >= 5", PSYI_TYPE_BAND, 1, 1, 10,
                 "'total >= 5' is not a category: a rule gives a number, or true or false");
    expect_error("total.band", PSYI_TYPE_BAND, 1, 1, 10,
                 "'total.band' is a band: compare it with one of its values: minimal, mild, "
                 "moderate, moderately_severe, severe");
}

static void test_lines_and_columns_follow_the_place_given(void **state)
{
    static const char text[] = "total >= 5\n  and \xE5\xAD\xA6 > 1\r\n or f";
    psy_location where = {.source = "plan.yaml", .line = 12, .column = 20, .length = 1};
    psy_error error = {0};

    (void)state;
    /* The first line goes on from the place, later ones begin anew. */
    assert_int_equal(compile_text("total >= x9", 11, &world_scope, 0, &where, &error), PSY_E_EXPR);
    assert_string_equal(error.where.source, "plan.yaml");
    assert_int_equal(error.where.line, 12);
    assert_int_equal(error.where.column, 29);
    assert_int_equal(error.where.length, 2);
    assert_int_equal(compile_text(text, strlen(text), &world_scope, 0, &where, &error), PSY_E_EXPR);
    assert_int_equal(error.where.line, 13);
    assert_int_equal(error.where.column, 7);
    assert_int_equal(error.where.length, 1);
    expect_error("total\n>\n", 0, 3, 1, 1, "expected a value, found the end of the text");
    /* A span over lines is cut at the end of its first. */
    expect_error("student.sex == (a\n+ 1)", 0, 1, 16, 2,
                 "'student.sex' is compared with one of its values: male, female");
    expect_error("sum(items(1..3)\n,\nf)", 0, 1, 5, 11,
                 "'sum' takes one set alone: put all items into one items(...)");
    expect_error("items(1,\n2)", 0, 1, 1, 8,
                 "'items(1, 2)' is a set of items: use sum(...), mean(...), min(...), max(...), "
                 "answered(...) or count(... >= 1)");
}

static void test_bytes_that_are_no_text_are_refused(void **state)
{
    psy_error error = {0};
    (void)state;
    assert_int_equal(compile_text("total\xFF > 1", 10, &world_scope, 0, NULL, &error), PSY_E_EXPR);
    assert_int_equal(error.where.column, 6);
    assert_string_equal(error.message, "the text is not valid UTF-8 from here on");
    assert_int_equal(compile_text("total\0> 1", 9, &world_scope, 0, NULL, &error), PSY_E_EXPR);
    assert_int_equal(error.where.column, 6);
    assert_string_equal(error.message, "a control character (U+0000) in the text");
    assert_int_equal(compile_text("\x7F", 1, &world_scope, 0, NULL, &error), PSY_E_EXPR);
    /* No error wanted. */
    assert_int_equal(compile_text("total >", 7, &world_scope, 0, NULL, NULL), PSY_E_EXPR);
}

/* `n` copies of `piece` between `before` and `after`. */
static char *repeated(const char *before, const char *piece, size_t n, const char *after)
{
    static char text[20000];
    size_t used = strlen(before);
    memcpy(text, before, used);
    for (size_t i = 0; i < n; i++) {
        memcpy(text + used, piece, strlen(piece));
        used += strlen(piece);
    }
    memcpy(text + used, after, strlen(after) + 1);
    return text;
}

static void expect_limit(const char *text, uint32_t column, const char *message)
{
    psy_error error = {0};
    assert_int_equal(compile_text(text, strlen(text), &world_scope, 0, NULL, &error), PSY_E_EXPR);
    assert_int_equal(error.where.column, column);
    assert_string_equal(error.message, message);
}

static void expect_fine(const char *text)
{
    psy_error error = {0};
    if (compile_text(text, strlen(text), &world_scope, 0, NULL, &error) != PSY_OK)
        fail_msg("%.60s...: %u: %s", text, error.where.column, error.message);
}

static void test_limits(void **state)
{
    (void)state;
    /* bytes */
    expect_fine(repeated("total", " ", 4091, ""));
    expect_limit(repeated("total", " ", 4092, ""), 4097,
                 "the rule has 4097 bytes: at most 4096 are allowed");
    /* parts: a + 1 has three */
    expect_fine(repeated("a", " + 1", 255, ""));
    expect_limit(repeated("a", " + 1", 256, ""), 1, "more than 512 parts: split the rule");
    /* depth */
    expect_fine(repeated("", "(", 32, "a))))))))))))))))))))))))))))))))"));
    expect_limit(repeated("", "(", 33, "a)))))))))))))))))))))))))))))))))"), 33,
                 "nested more than 32 deep: split the rule");
    expect_fine(repeated("", "-", 32, "a"));
    expect_limit(repeated("", "-", 33, "a"), 33, "nested more than 32 deep: split the rule");
    expect_limit(repeated("", "abs(", 33, "a"), 132, "nested more than 32 deep: split the rule");
    expect_limit(repeated("", "not ", 33, "f"), 129, "nested more than 32 deep: split the rule");
    /* a chain does not nest */
    expect_fine(repeated("f", " or f", 200, ""));
    /* values behind `in` */
    expect_fine(repeated("a in (0", ", 1", 63, ")"));
    expect_limit(repeated("a in (0", ", 1", 64, ")"), 199, "more than 64 values behind 'in'");
    /* items in all sets: 81 times 100 */
    expect_fine(repeated("a", " + sum(mht.items(1..100))", 81, ""));
    expect_limit(repeated("a", " + sum(mht.items(1..100))", 82, ""), 2044,
                 "more than 8192 items in all sets: split the rule");
}

/* A scope that cannot list names, and names that are too long to compare. */
static void test_hints_without_names(void **state)
{
    static const char *const texts[] = {"totl >= 5", "xyz.item(9)", "scale(totl).items",
                                        "item(zz) >= 1"};
    psy_error error = {0};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_int_equal(
            compile_text(texts[i], strlen(texts[i]), &world_bare_scope, 0, NULL, &error),
            PSY_E_EXPR);
        assert_null(strstr(error.message, "did you mean"));
    }
    expect_error(repeated("", "total", 30, ""), 0, 1, 1, 150,
                 "'totaltotaltotaltotaltotaltotaltotaltotal...' is not known here");
    expect_error(repeated("item(", "total", 30, ")"), 0, 1, 6, 150,
                 "'totaltotaltotaltotaltotaltotaltotaltotal...' is not an item here: items are 1 "
                 "to 9");
    expect_error(repeated("", "total", 30, "(a)"), 0, 1, 1, 150,
                 "there is no function 'totaltotaltotaltotaltotaltotaltotaltotal...'");
    expect_error(repeated("a.", "total", 30, " >= 5"), 0, 1, 1, 152,
                 "'a.totaltotaltotaltotaltotaltotaltotaltot...' is not known here");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wrong_rules_point_at_the_token),
        cmocka_unit_test(test_messages_have_one_style),
        cmocka_unit_test(test_the_wanted_type_is_checked),
        cmocka_unit_test(test_lines_and_columns_follow_the_place_given),
        cmocka_unit_test(test_bytes_that_are_no_text_are_refused),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_hints_without_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
