/*
 * test_careless_rates.c -- how often common marks of careless answering flag attentive and
 * careless respondents: the table that R computed for 45,000 simulated ones, from our indices.
 *
 * simulate.R draws the same respondents again (skipped, by name, without R, psych and MASS).
 * Every count must be R's, but for respondents whose index lies within 1e-12 of the mark: a
 * correlation of exactly 0 is 1e-17 or -1e-17 in R, and flagged or not as that falls (and one of
 * exactly -1 is sometimes below it, which the formula of even-odd turns into a high agreement).
 */
#include "../plain_csv.h"
#include "test_support.h"
#include "validity/reference.h"

#include <psyscreen/distribution.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

enum { ITEMS = 25, KINDS = 6, ATTENTIVE = 20000, CARELESS = 5000, MOST_PAIRS = 20 };
#define ROWS (ATTENTIVE + (KINDS - 1) * CARELESS)
#define KEPT 1000000 /* times the attentive: one row less of so many changes nothing */

static int8_t given[ITEMS][ROWS], scored[ITEMS][ROWS];
static const int8_t *given_items[ITEMS], *scored_items[ITEMS];
static const char *directory;
static uint32_t longest[ROWS];
static double mean_run[ROWS], irv[ROWS], d2[ROWS], p[ROWS], halves[ROWS], synonyms[ROWS],
    total[ROWS];

static const char *const marks[] = {
    "longstring_ge_6", "longstring_ge_8",   "longstring_ge_10",  "longstring_ge_13_half",
    "irv_lt_.5",       "irv_lt_.75",        "D2_p_.05",          "D2_p_.01",
    "D2_p_.001",       "evenodd_lt_.30",    "evenodd_lt_0",      "psychsyn_lt_.22",
    "psychsyn_lt_0",   "person_total_lt_0", "any_1_of_5_strict", "at_least_2_of_5_strict"};
enum { MARKS = sizeof marks / sizeof *marks };

/* Halves that run exactly against each other: r is -1, but in R -1 or -1 - 2e-16, and the
 * stepped-up 2r / (1 + r) then -Inf or 1e16. */
static bool opposite(size_t row)
{
    double n = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;
    for (size_t scale = 0; scale < 5; scale++) {
        const int8_t(*const s)[ROWS] = (const int8_t(*)[ROWS])scored + 5 * scale;
        const double odd = (s[0][row] + s[2][row] + s[4][row]) / 3.0;
        const double even = (s[1][row] + s[3][row]) / 2.0;
        n++;
        x += odd;
        y += even;
        xx += odd * odd;
        yy += even * even;
        xy += odd * even;
    }
    return (xy - x * y / n) / sqrt((xx - x * x / n) * (yy - y * y / n)) < -1 + 1e-12;
}

/* Undefined is no flag here, as in the table: NaN compares false.  `by` moves the marks. */
static void flags_of(size_t row, double by, bool *flags)
{
    const uint32_t run = longest[row];
    const bool may_be_missed = by < 0 && opposite(row);
    const bool below_30 = halves[row] < .3 + by && !may_be_missed;
    const bool below_0 = halves[row] < by && !may_be_missed;
    const bool all[] = {run >= 6,
                        run >= 8,
                        run >= 10,
                        run >= 13,
                        irv[row] < .5 + by,
                        irv[row] < .75 + by,
                        p[row] < .05 + by,
                        p[row] < .01 + by,
                        p[row] < .001 + by,
                        below_30,
                        below_0,
                        synonyms[row] < .22 + by,
                        synonyms[row] < by,
                        total[row] < by};
    const int strict =
        (run >= 10) + (irv[row] < .5 + by) + (p[row] < .001 + by) + below_0 + (total[row] < by);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        flags[i] = all[i];
    flags[MARKS - 2] = strict >= 1;
    flags[MARKS - 1] = strict >= 2;
}

static bool simulate(void)
{
    char command[2000];
    snprintf(command, sizeof command,
             "Rscript %s/tests/reference/careless_rates/simulate.R "
             "%s/tests/reference/e_careless/input.csv %s 2>/dev/null",
             PSY_SOURCE_DIR, PSY_SOURCE_DIR, directory);
    const int code = system(command);
    if (WIFEXITED(code) && (WEXITSTATUS(code) == 127 || WEXITSTATUS(code) == 77))
        return false;
    assert_int_equal(code, 0);
    return true;
}

static void read_answers(void)
{
    /* A1, C4, C5, E1, E2, O2 and O5 are keyed the other way. */
    static const bool reversed[ITEMS] = {
        [0] = true, [8] = true, [9] = true, [10] = true, [11] = true, [21] = true, [24] = true};
    char path[1200];
    size_t length;
    snprintf(path, sizeof path, "%s/answers.bin", directory);
    char *const bytes = psy_test_read_file(path, &length);
    assert_int_equal(length, ROWS * ITEMS);
    for (size_t i = 0; i < ITEMS; i++) {
        for (size_t row = 0; row < ROWS; row++) {
            given[i][row] = bytes[row * ITEMS + i];
            scored[i][row] = (int8_t)(reversed[i] ? 7 - given[i][row] : given[i][row]);
        }
        given_items[i] = given[i];
        scored_items[i] = scored[i];
    }
    free(bytes);
}

static size_t read_pairs(psy_item_pair *pairs)
{
    char path[1200];
    snprintf(path, sizeof path, "%s/pairs.csv", directory);
    plain_csv csv = plain_csv_open(path);
    assert_true(csv.n_rows - 1 <= MOST_PAIRS);
    for (size_t i = 1; i < csv.n_rows; i++)
        pairs[i - 1] = (psy_item_pair){.first = (size_t)plain_csv_number(&csv, i, "row"),
                                       .second = (size_t)plain_csv_number(&csv, i, "col")};
    const size_t n = csv.n_rows - 1;
    plain_csv_free(&csv);
    return n;
}

/* Everybody is held against the attentive. */
static void against_the_attentive(const psy_answer_grid *grid)
{
    psy_answer_grid attentive = *grid;
    psyi_reference reference;
    size_t rank;
    attentive.n_rows = ATTENTIVE;
    assert_int_equal(psyi_reference_make(&reference, &attentive, NULL), PSY_OK);
    assert_int_equal(psyi_mahalanobis_from(grid, &reference, PSY_DEPENDENT_REFUSED, d2, p, NULL,
                                           NULL, &rank, NULL),
                     PSY_OK);
    assert_int_equal(rank, ITEMS);
    reference.n *= KEPT;
    for (size_t i = 0; i < ITEMS; i++)
        reference.given[i] *= KEPT;
    assert_int_equal(psyi_person_total_from(grid, &reference, total, NULL, NULL), PSY_OK);
    psyi_reference_done(&reference, NULL);
}

static void test_the_table(void **state)
{
    static uint32_t scale_of[ITEMS];
    psy_item_pair pairs[MOST_PAIRS];
    size_t n_exact = 0;
    (void)state;
    directory = psy_test_directory();
    if (!simulate()) {
        psy_test_directory_remove();
        skip();
    }
    read_answers();
    const size_t n_pairs = read_pairs(pairs);
    psy_test_directory_remove();
    const psy_answer_grid raw = {PSY_ANSWER_GRID_VERSION, 2, ITEMS, ROWS, given_items, NULL};
    const psy_answer_grid keyed = {PSY_ANSWER_GRID_VERSION, 2, ITEMS, ROWS, scored_items, NULL};
    for (size_t i = 0; i < ITEMS; i++)
        scale_of[i] = (uint32_t)(i / 5);
    assert_int_equal(psy_validity_runs(&raw, PSY_BLANKS_END_RUNS, longest, mean_run, NULL, NULL),
                     PSY_OK);
    assert_int_equal(psy_validity_irv(&raw, irv, NULL, NULL), PSY_OK);
    assert_int_equal(psy_validity_even_odd(&keyed, scale_of, 5, halves, NULL, NULL), PSY_OK);
    assert_int_equal(psy_validity_pairs(&raw, pairs, n_pairs, synonyms, NULL, NULL), PSY_OK);
    against_the_attentive(&raw);

    plain_csv expected = plain_csv_read("tests/reference/careless_rates/expected.csv");
    assert_int_equal(expected.n_rows, KINDS + 1);
    for (size_t kind = 0, first = 0; kind < KINDS; kind++) {
        const size_t n = kind == 0 ? ATTENTIVE : CARELESS;
        const char *const name = plain_csv_text(&expected, kind + 1, "kind");
        double lowest[MARKS] = {0}, highest[MARKS] = {0};
        bool below[MARKS], above[MARKS];
        assert_int_equal((size_t)plain_csv_number(&expected, kind + 1, "n"), n);
        for (size_t row = first; row < first + n; row++) {
            flags_of(row, -1e-12, below);
            flags_of(row, 1e-12, above);
            for (size_t mark = 0; mark < MARKS; mark++) {
                lowest[mark] += below[mark];
                highest[mark] += above[mark];
            }
        }
        for (size_t mark = 0; mark < MARKS; mark++) {
            /* Five decimals of a share of 20,000 or 5,000: the count itself. */
            const double wanted =
                round(plain_csv_number(&expected, kind + 1, marks[mark]) * (double)n);
            if (!(lowest[mark] <= wanted && wanted <= highest[mark]))
                fail_msg("%s flags %.0f to %.0f of the %zu %s, in R %.0f", marks[mark],
                         lowest[mark], highest[mark], n, name, wanted);
            n_exact += lowest[mark] == highest[mark];
        }
        first += n;
    }
    printf("%zu of %d rates are the same to the last respondent, the others but for those on the "
           "mark\n",
           n_exact, KINDS * MARKS);
    assert_true(n_exact >= 72);
    plain_csv_all_read(&expected, NULL);
    plain_csv_free(&expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_the_table)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
