/*
 * test_norms_live.c -- norms of other data sets, against the R that is installed.
 *
 * Closed forms to 1e-12.  REML by the height of its likelihood (1e-9) because R's optimiser
 * leaves tau^2 itself at 1e-6; LMS the same way.  EAP to 2e-6: our grid of 121 points ends at
 * -6 and 6, R integrates over the whole line.
 */
#include "../plain_csv.h"
#include "test_support.h"

#include <psyscreen/irt.h>
#include <psyscreen/lms.h>
#include <psyscreen/moments.h>
#include <psyscreen/shrinkage.h>
#include <psyscreen/standard_score.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static plain_csv people, scores, shrinkage, rivers_csv, parameters, patterns;
static bool have_r;

static void near(const char *what, size_t row, double got, double want, double tolerance)
{
    if (!(fabs(got - want) <= tolerance * fmax(1, fabs(want))))
        fail_msg("%s of row %zu: %.17g, R has %.17g", what, row, got, want);
}

static plain_csv table(const char *directory, const char *name)
{
    return plain_csv_open(psy_test_path(directory, name));
}

static int load(void **state)
{
    (void)state;
    const char *const directory = psy_test_directory();
    const char *const elfe = psy_test_shared("data/cnorm/elfe.csv.xz");
    char command[2000], unpacked[600];
    snprintf(unpacked, sizeof unpacked, "%s/elfe.csv", directory);
    int known = 1;
    if (elfe != NULL) {
        snprintf(command, sizeof command, "xz -dc '%s' > '%s' 2>/dev/null", elfe, unpacked);
        known = system(command);
    }
    if (known != 0)
        print_message("without the elfe data\n");
    snprintf(command, sizeof command, "Rscript '%s' '%s' %s%s%s >/dev/null 2>&1",
             psy_test_source("tests/reference/norms_live/live.R"), directory, known == 0 ? "'" : "",
             known == 0 ? unpacked : "", known == 0 ? "'" : "");
    const int status = system(command);
    have_r = status != -1 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (have_r) {
        people = table(directory, "people.csv");
        scores = table(directory, "scores.csv");
        shrinkage = table(directory, "shrinkage.csv");
        rivers_csv = table(directory, "rivers.csv");
        parameters = table(directory, "parameters.csv");
        patterns = table(directory, "patterns.csv");
    } else if (!WIFEXITED(status) || WEXITSTATUS(status) != 127) {
        return -1; /* 127: the shell found no Rscript */
    } else {
        print_message("skipped: no Rscript\n");
    }
    psy_test_directory_remove();
    return 0;
}

static double cell(const plain_csv *csv, size_t row, const char *column)
{
    return *plain_csv_text(csv, row, column) == '\0' ? NAN : plain_csv_number(csv, row, column);
}

static void test_conventions(void **state)
{
    (void)state;
    static const char *const ranks[] = {"blom", "tukey", "waerden", "rankit"};
    double x[2000];
    if (!have_r)
        skip();
    for (size_t row = 1; row < scores.n_rows; row++) {
        const double raw = cell(&scores, row, "raw");
        uint64_t below = 0, equal = 0, n = 0;
        for (size_t i = 1; i < people.n_rows; i++)
            if (cell(&people, i, "set") == cell(&scores, row, "set") &&
                cell(&people, i, "group") == cell(&scores, row, "group")) {
                assert_true(n < 2000);
                x[n++] = cell(&people, i, "raw");
                below += x[n - 1] < raw;
                equal += x[n - 1] == raw;
            }
        psy_moments m;
        assert_int_equal(psy_moments_of(x, n, &m, NULL), PSY_OK);
        const double z = psy_standard_z(raw, m.mean, m.sd);
        near("z", row, z, cell(&scores, row, "z"), 1e-12);
        near("percentile", row, psy_percentile_rank(PSY_PERCENTILE_MID, below, equal, n),
             cell(&scores, row, "percentile"), 1e-12);
        near("stanine", row, psy_stanine_linear(z), cell(&scores, row, "stanine"), 0);
        near("sten", row, psy_sten_linear(z), cell(&scores, row, "sten"), 0);
        for (int k = 0; k < 4; k++)
            near(ranks[k], row, psy_normal_score((psy_rank_method)k, below, equal, n),
                 cell(&scores, row, ranks[k]), 1e-12);
    }
    assert_true(scores.n_rows > 400);
}

static double restricted(const double *y, const double *v, size_t n, double tau2)
{
    double w1 = 0, wy = 0, logs = 0, q = 0;
    for (size_t i = 0; i < n; i++) {
        w1 += 1 / (v[i] + tau2);
        wy += y[i] / (v[i] + tau2);
        logs += log(v[i] + tau2);
    }
    for (size_t i = 0; i < n; i++)
        q += (y[i] - wy / w1) * (y[i] - wy / w1) / (v[i] + tau2);
    return -(logs + log(w1) + q) / 2;
}

static void test_shrinkage(void **state)
{
    (void)state;
    double y[40], v[40];
    psy_shrinkage out;
    if (!have_r)
        skip();
    const size_t n = shrinkage.n_rows - 1;
    assert_true(n >= 10 && n < 40);
    for (size_t i = 0; i < n; i++) {
        y[i] = cell(&shrinkage, i + 1, "mean");
        v[i] = cell(&shrinkage, i + 1, "v");
    }
    assert_int_equal(psy_shrink(PSY_SHRINKAGE_REML, y, v, n, &out, NULL, NULL, NULL, NULL), PSY_OK);
    near("REML", 0, restricted(y, v, n, out.tau2), cell(&shrinkage, 1, "at"), 1e-9);
    near("tau2", 0, out.tau2, cell(&shrinkage, 1, "reml"), 1e-5);
    assert_int_equal(psy_shrink(PSY_SHRINKAGE_DL, y, v, n, &out, NULL, NULL, NULL, NULL), PSY_OK);
    near("DL", 0, out.tau2, cell(&shrinkage, 1, "dl"), 1e-12);
    near("Q", 0, out.q, cell(&shrinkage, 1, "q"), 1e-12);
}

static void test_lms_of_rivers(void **state)
{
    (void)state;
    double x[300], likelihood;
    psy_lms lms;
    if (!have_r)
        skip();
    const size_t n = rivers_csv.n_rows - 1;
    for (size_t i = 0; i < n; i++)
        x[i] = cell(&rivers_csv, i + 1, "raw");
    assert_int_equal(psy_lms_fit(x, n, &lms, &likelihood, NULL), PSY_OK);
    near("L", 0, lms.l, cell(&rivers_csv, 1, "L"), 1e-5);
    near("likelihood", 0, -likelihood, cell(&rivers_csv, 1, "profile"), 1e-10);
}

static void test_traits(void **state)
{
    (void)state;
    double a[6], d[20];
    uint32_t highest[6] = {0};
    size_t n_items = 0, n_d = 0;
    if (!have_r)
        skip();
    for (size_t row = 1; row < parameters.n_rows; row++) {
        if (cell(&parameters, row, "step") == 0) {
            a[n_items++] = cell(&parameters, row, "value");
        } else {
            d[n_d++] = cell(&parameters, row, "value");
            highest[n_items - 1]++;
        }
    }
    psy_irt *irt = NULL;
    assert_int_equal(psy_irt_new(&irt, a, d, highest, n_items, NULL, NULL, NULL), PSY_OK);
    for (size_t row = 1; row < patterns.n_rows; row++) {
        double answers[6], theta, error;
        for (int i = 0; i < 6; i++) {
            char column[8];
            snprintf(column, sizeof column, "i%d", i + 1);
            answers[i] = cell(&patterns, row, column);
        }
        assert_int_equal(psy_irt_score(irt, PSY_IRT_EAP, answers, 1, &theta, &error, NULL), PSY_OK);
        near("EAP", row, theta, cell(&patterns, row, "eap"), 2e-6);
        near("its error", row, error, cell(&patterns, row, "error"), 2e-6);
    }
    assert_true(patterns.n_rows > 35);
    psy_irt_free(irt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conventions),
        cmocka_unit_test(test_shrinkage),
        cmocka_unit_test(test_lms_of_rivers),
        cmocka_unit_test(test_traits),
    };
    return cmocka_run_group_tests(tests, load, NULL);
}
