/*
 * test_g_comparison.c -- funnels, clustering and Wilson's interval against R (README.md).
 *
 * Tolerance: 1e-12 relative for closed forms; 1e-10 for exact limits, which divide by a binomial
 * probability (R's and ours agree to 1e-12 of themselves).
 */
#include "../plain_csv.h"
#include "test_support.h"

#include <psyscreen/comparison.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#define FOLDER "tests/reference/g_comparison/"
#define MOST   64

static void close_to(double got, double wanted, double relative, const char *what, size_t row)
{
    if (!(fabs(got - wanted) <= relative * fmax(1e-3, fabs(wanted))))
        fail_msg("%s of row %zu: %.17g instead of %.17g", what, row, got, wanted);
}

static size_t read_schools(psy_funnel_point *points)
{
    plain_csv in = plain_csv_read(FOLDER "input.csv");
    const size_t n = in.n_rows - 1;
    assert_true(n <= MOST);
    for (size_t i = 0; i < n; i++)
        points[i] = (psy_funnel_point){
            .observed = (uint64_t)plain_csv_number(&in, i + 1, "observed"),
            .people = (uint64_t)plain_csv_number(&in, i + 1, "people"),
            .expected = plain_csv_number(&in, i + 1, "expected"),
        };
    plain_csv_free(&in);
    return n;
}

/* A column by what stands before, in and after its name: "low_", "plain", "_0.025". */
static double cell(const plain_csv *csv, size_t row, const char *head, const char *scale,
                   const char *tail)
{
    char name[64];
    snprintf(name, sizeof name, "%s%s%s%s", head, scale, tail[0] != '\0' ? "_" : "", tail);
    return plain_csv_number(csv, row, name);
}

static void test_funnels(void **state)
{
    (void)state;
    static const char *const scales[] = {"plain", "arcsine"};
    static const char *const tails[] = {"0.025", "0.001"};
    plain_csv expected = plain_csv_read(FOLDER "expected.csv");
    plain_csv summary = plain_csv_read(FOLDER "summary.csv");
    for (int scale = 0; scale < 2; scale++) {
        psy_funnel_point points[MOST];
        psy_funnel all;
        const size_t n = read_schools(points);
        assert_int_equal(psy_funnel_of(points, n, (psy_funnel_scale)scale, 0.1, &all, NULL, NULL),
                         PSY_OK);
        assert_int_equal(all.n_used, n);
        const size_t line = (size_t)scale + 1;
        close_to(all.target, plain_csv_number(&summary, line, "target"), 1e-12, "target", line);
        close_to(all.phi, plain_csv_number(&summary, line, "phi"), 1e-12, "phi", line);
        close_to(all.tau, plain_csv_number(&summary, line, "tau"), 1e-12, "tau", line);
        for (size_t i = 0; i < n; i++) {
            const psy_funnel_point *const p = &points[i];
            const char *const s = scales[scale];
            close_to(p->rate, plain_csv_number(&expected, i + 1, "rate"), 1e-12, "rate", i);
            close_to(p->z, cell(&expected, i + 1, "z_", s, ""), 1e-11, "z", i);
            close_to(p->z_adjusted, cell(&expected, i + 1, "z_adjusted_", s, ""), 1e-11,
                     "z_adjusted", i);
            for (size_t t = 0; t < 2; t++) {
                close_to(p->exact_low[t], cell(&expected, i + 1, "exact_low_", tails[t], ""), 1e-10,
                         "exact_low", i);
                close_to(p->exact_high[t], cell(&expected, i + 1, "exact_high_", tails[t], ""),
                         1e-10, "exact_high", i);
                close_to(p->low[t], cell(&expected, i + 1, "low_", s, tails[t]), 1e-11, "low", i);
                close_to(p->high[t], cell(&expected, i + 1, "high_", s, tails[t]), 1e-11, "high",
                         i);
            }
        }
    }
    plain_csv_free(&expected);
    plain_csv_free(&summary);
}

static void test_clustering(void **state)
{
    (void)state;
    psy_funnel_point points[MOST];
    uint64_t k[MOST + 1] = {0}, n[MOST + 1] = {0};
    const size_t n_schools = read_schools(points);
    for (size_t i = 0; i < n_schools; i++) {
        k[i] = points[i].observed;
        n[i] = points[i].people;
    }
    plain_csv wanted = plain_csv_read(FOLDER "clustering.csv");
    psy_clustering c;
    /* An empty school more changes nothing. */
    assert_int_equal(psy_clustering_of(k, n, n_schools + 1, 0.95, &c, NULL), PSY_OK);
    assert_int_equal(c.n_clusters, n_schools);
    close_to(c.people, plain_csv_number(&wanted, 1, "people"), 0, "people", 1);
    close_to(c.share, plain_csv_number(&wanted, 1, "share"), 1e-12, "share", 1);
    /* aov works on 9433 rows of 0 and 1. */
    close_to(c.icc, plain_csv_number(&wanted, 1, "icc"), 1e-10, "icc", 1);
    close_to(c.design_effect, plain_csv_number(&wanted, 1, "design_effect"), 1e-10, "deff", 1);
    close_to(c.effective, plain_csv_number(&wanted, 1, "effective"), 1e-10, "effective", 1);
    close_to(c.low, plain_csv_number(&wanted, 1, "low"), 1e-10, "low", 1);
    close_to(c.high, plain_csv_number(&wanted, 1, "high"), 1e-10, "high", 1);
    plain_csv_free(&wanted);
}

static void test_wilson(void **state)
{
    (void)state;
    plain_csv wanted = plain_csv_read(FOLDER "wilson.csv");
    for (size_t i = 1; i < wanted.n_rows; i++) {
        double low, high;
        assert_int_equal(
            psy_share_interval(plain_csv_number(&wanted, i, "k"), plain_csv_number(&wanted, i, "n"),
                               plain_csv_number(&wanted, i, "level"), &low, &high, NULL),
            PSY_OK);
        close_to(low, plain_csv_number(&wanted, i, "low"), 1e-12, "low", i);
        close_to(high, plain_csv_number(&wanted, i, "high"), 1e-12, "high", i);
    }
    plain_csv_free(&wanted);
}

/* Newcombe (1998), Statistics in Medicine 17:857-872, table I: four decimals as printed. */
static void test_wilson_agrees_with_newcombe(void **state)
{
    (void)state;
    static const double rows[][4] = {{81, 263, 0.2553, 0.3662},
                                     {15, 148, 0.0624, 0.1605},
                                     {0, 20, 0.0000, 0.1611},
                                     {1, 29, 0.0061, 0.1718}};
    for (size_t i = 0; i < 4; i++) {
        double low, high;
        assert_int_equal(psy_share_interval(rows[i][0], rows[i][1], 0.95, &low, &high, NULL),
                         PSY_OK);
        assert_true(fabs(low - rows[i][2]) < 5.1e-5);
        assert_true(fabs(high - rows[i][3]) < 5.1e-5);
    }
}

static void test_what_cannot_be_computed(void **state)
{
    (void)state;
    double low, high;
    psy_clustering c;
    psy_funnel all;
    assert_int_equal(psy_share_interval(1, 0, 0.95, &low, &high, NULL), PSY_E_ARGUMENT);
    assert_int_equal(psy_share_interval(2, 1, 0.95, &low, &high, NULL), PSY_E_ARGUMENT);
    assert_int_equal(psy_share_interval(NAN, 1, 0.95, &low, &high, NULL), PSY_E_ARGUMENT);
    assert_int_equal(psy_share_interval(1, 1, 1, &low, &high, NULL), PSY_E_ARGUMENT);
    assert_int_equal(psy_share_interval(7, 7, 0.95, &low, &high, NULL), PSY_OK);
    assert_true(high == 1.0 && low > 0 && low < 1);
    static const uint64_t ones[] = {1, 0, 1}, one_each[] = {1, 1, 1}, more[] = {2, 1, 1};
    assert_int_equal(psy_clustering_of(ones, one_each, 3, 0.95, &c, NULL), PSY_E_NUMERIC);
    assert_int_equal(psy_clustering_of(ones, more, 1, 0.95, &c, NULL), PSY_E_NUMERIC);
    assert_int_equal(psy_clustering_of(more, ones, 3, 0.95, &c, NULL), PSY_E_ARGUMENT);
    assert_int_equal(psy_clustering_of(more, more, 3, 0.95, &c, NULL), PSY_OK); /* all alike */
    assert_true(c.icc == 0 && c.design_effect == 1 && c.high == 1);
    psy_funnel_point points[] = {{.observed = 1, .people = 10, .expected = 2},
                                 {.observed = 0, .people = 0, .expected = 0},
                                 {.observed = 3, .people = 3, .expected = 3}};
    assert_int_equal(psy_funnel_of(points, 3, PSY_FUNNEL_PLAIN, 0.1, &all, NULL, NULL),
                     PSY_E_NUMERIC);
    points[1] = (psy_funnel_point){.observed = 4, .people = 10, .expected = 3};
    assert_int_equal(psy_funnel_of(points, 3, PSY_FUNNEL_PLAIN, 0.1, &all, NULL, NULL), PSY_OK);
    assert_int_equal(all.n_used, 2);
    assert_true(isnan(points[2].rate) && isnan(points[2].high[1]));
    assert_int_equal(psy_funnel_of(points, 3, PSY_FUNNEL_PLAIN, 0.6, &all, NULL, NULL),
                     PSY_E_ARGUMENT);
    points[0].observed = 11;
    assert_int_equal(psy_funnel_of(points, 3, PSY_FUNNEL_PLAIN, 0.1, &all, NULL, NULL),
                     PSY_E_ARGUMENT);
}

static psy_status sweep(const psy_allocator *allocator, void *context)
{
    psy_funnel_point points[] = {{.observed = 1, .people = 10, .expected = 2},
                                 {.observed = 4, .people = 10, .expected = 3}};
    psy_funnel all;
    (void)context;
    return psy_funnel_of(points, 2, PSY_FUNNEL_ARCSINE, 0.1, &all, allocator, NULL);
}

static void test_no_memory(void **state)
{
    (void)state;
    assert_int_equal(psy_sweep(sweep, NULL), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_funnels),   cmocka_unit_test(test_clustering),
        cmocka_unit_test(test_wilson),
        cmocka_unit_test(test_wilson_agrees_with_newcombe),    cmocka_unit_test(test_what_cannot_be_computed),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
