/*
 * bench_validity.c -- all indices over 60,000 sheets of 116 items, two threads.
 *
 * Results are held against plain loops over every 997th sheet.  With a directory, answers and
 * results go into files there, which peers/validity_peers.R reads: it compares them with R's and
 * says how long R takes.  usage: bench_validity [DIRECTORY]
 */
#include <psyscreen/validity.h>

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define N_ITEMS 116
#define N_ROWS  60000

static int8_t answers[N_ITEMS][N_ROWS];
static const int8_t *columns[N_ITEMS];
static double out[N_ROWS], other[N_ROWS], third[N_ROWS];
static uint32_t count[N_ROWS], count2[N_ROWS], count3[N_ROWS], class_of[N_ROWS];
static uint8_t state[N_ROWS], state2[N_ROWS], period[N_ROWS];
static int64_t when[N_ROWS];
static size_t twin[N_ROWS];
static double total, total_cpu, cpu_begin;

static double seconds_of(clockid_t clock_id)
{
    struct timespec t;
    clock_gettime(clock_id, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double now(void)
{
    cpu_begin = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
    return seconds_of(CLOCK_MONOTONIC);
}

static void report(const char *name, double begin, psy_status status)
{
    const double seconds = seconds_of(CLOCK_MONOTONIC) - begin;
    const double cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - cpu_begin;
    total += seconds;
    total_cpu += cpu;
    printf("%-24s %8.1f ms, cpu %8.1f ms  %s\n", name, 1e3 * seconds, 1e3 * cpu,
           psy_status_name(status));
}

static void fill(void)
{
    uint64_t s = 1;
    for (size_t row = 0; row < N_ROWS; row++) {
        s = s * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        const unsigned trait = (unsigned)(s >> 61);
        class_of[row] = (uint32_t)(row / 45);
        when[row] = (int64_t)(s >> 40) % 864000;
        out[row] = 100 + (double)((s >> 33) % 1000);
        for (size_t i = 0; i < N_ITEMS; i++) {
            s = s * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            const unsigned noise = (unsigned)(s >> 59);
            /* One answer in 600 is missing: a fifth of the sheets. */
            answers[i][row] =
                (s >> 20) % 600 == 0 ? -1 : (int8_t)((noise * 2 + trait * 3) * 4 / 84);
        }
    }
    for (size_t i = 0; i < N_ITEMS; i++)
        columns[i] = answers[i];
}

/* ---- results ---------------------------------------------------------------------------- */

static const char *directory;
static size_t wrong;

static void keep(const char *name, const double *values)
{
    char path[600];
    if (directory == NULL)
        return;
    snprintf(path, sizeof path, "%s/%s.bin", directory, name);
    FILE *const file = fopen(path, "wb");
    if (file == NULL || fwrite(values, sizeof *values, N_ROWS, file) != N_ROWS) {
        fprintf(stderr, "bench_validity: cannot write %s\n", path);
        exit(1);
    }
    fclose(file);
}

static void keep_answers(void)
{
    char path[600];
    if (directory == NULL)
        return;
    snprintf(path, sizeof path, "%s/answers.bin", directory);
    FILE *const file = fopen(path, "wb");
    if (file == NULL || fwrite(answers, 1, sizeof answers, file) != sizeof answers) {
        fprintf(stderr, "bench_validity: cannot write %s\n", path);
        exit(1);
    }
    fclose(file);
}

static void expect(const char *name, size_t row, double got, double want)
{
    if (isnan(want) ? isnan(got) : fabs(got - want) <= 1e-9 * fmax(1, fabs(want)))
        return;
    if (wrong++ < 5)
        printf("WRONG: %s of row %zu is %.17g, plain loops have %.17g\n", name, row, got, want);
}

/* Longest run and deviation of a row's answers, blanks ending runs. */
static void check_runs(const uint32_t *longest)
{
    for (size_t row = 0; row < N_ROWS; row += 997) {
        unsigned run = 0, most = 0;
        for (size_t i = 0; i < N_ITEMS; i++) {
            run = answers[i][row] < 0                                      ? 0
                  : i > 0 && answers[i][row] == answers[i - 1][row] && run ? run + 1
                                                                           : 1;
            most = run > most ? run : most;
        }
        expect("longest run", row, longest[row], most);
    }
}

static void check_irv(const double *values)
{
    for (size_t row = 0; row < N_ROWS; row += 997) {
        double n = 0, mean = 0, spread = 0;
        for (size_t i = 0; i < N_ITEMS; i++)
            if (answers[i][row] >= 0) {
                n++;
                mean += answers[i][row];
            }
        mean /= n;
        for (size_t i = 0; i < N_ITEMS; i++)
            if (answers[i][row] >= 0)
                spread += (answers[i][row] - mean) * (answers[i][row] - mean);
        expect("IRV", row, values[row], sqrt(spread / (n - 1)));
    }
}

/* Correlation with the means of the other complete rows. */
static void check_person_total(const double *values)
{
    static double sums[N_ITEMS];
    static bool complete[N_ROWS];
    double n = 0;
    for (size_t row = 0; row < N_ROWS; row++) {
        complete[row] = true;
        for (size_t i = 0; i < N_ITEMS; i++)
            complete[row] = complete[row] && answers[i][row] >= 0;
        n += complete[row];
        for (size_t i = 0; i < N_ITEMS && complete[row]; i++)
            sums[i] += answers[i][row];
    }
    for (size_t row = 0; row < N_ROWS; row += 997) {
        double mx = 0, my = 0, xx = 0, yy = 0, xy = 0;
        for (size_t i = 0; i < N_ITEMS; i++) {
            mx += answers[i][row] / (double)N_ITEMS;
            my += (sums[i] - answers[i][row]) / (n - 1) / N_ITEMS;
        }
        for (size_t i = 0; i < N_ITEMS; i++) {
            const double x = answers[i][row] - mx, y = (sums[i] - answers[i][row]) / (n - 1) - my;
            xx += x * x;
            yy += y * y;
            xy += x * y;
        }
        expect("person-total", row, values[row], complete[row] ? xy / sqrt(xx * yy) : NAN);
    }
}

int main(int argc, char **argv)
{
    directory = argc > 1 ? argv[1] : NULL;
    psy_answer_grid grid = {PSY_ANSWER_GRID_VERSION, 2, N_ITEMS, N_ROWS, columns, NULL};
    static uint32_t scale_of[N_ITEMS], n_items[N_ROWS];
    static uint8_t highest[N_ITEMS], three[N_ITEMS];
    static psy_item_pair pairs[1000];
    static double a[20], d[60];
    size_t n_pairs, rank;
    fill();
    for (size_t i = 0; i < N_ITEMS; i++) {
        scale_of[i] = (uint32_t)(i % 8);
        highest[i] = 3;
        three[i] = 2;
    }
    for (size_t row = 0; row < N_ROWS; row++)
        n_items[row] = N_ITEMS;
    double t = now();
    report("seconds per item", t,
           psy_validity_time(out, n_items, N_ROWS, other, third, state, NULL, NULL));
    t = now();
    report("runs", t, psy_validity_runs(&grid, PSY_BLANKS_END_RUNS, count, out, state, NULL));
    check_runs(count);
    for (size_t row = 0; row < N_ROWS; row++)
        third[row] = count[row];
    keep_answers();
    keep("longstring", third);
    keep("average", out);
    t = now();
    report("patterns", t, psy_validity_patterns(&grid, count, period, NULL));
    t = now();
    report("irv", t, psy_validity_irv(&grid, out, state, NULL));
    check_irv(out);
    keep("irv", out);
    t = now();
    report("even-odd", t, psy_validity_even_odd(&grid, scale_of, 8, out, state, NULL));
    t = now();
    report("mahalanobis", t,
           psy_validity_mahalanobis(&grid, PSY_DEPENDENT_REFUSED, out, other, state, NULL, &rank,
                                    NULL));
    keep("mahalanobis", out);
    t = now();
    report("find synonyms", t, psy_validity_find_pairs(&grid, 0.25, pairs, 1000, &n_pairs, NULL));
    n_pairs = n_pairs < 100 ? n_pairs : 100;
    t = now();
    report("synonyms", t, psy_validity_pairs(&grid, pairs, n_pairs, out, state, NULL));
    t = now();
    report("person-total", t, psy_validity_person_total(&grid, out, state, NULL));
    check_person_total(out);
    keep("person_total", out);
    t = now();
    report("guttman, u3", t, psy_validity_guttman(&grid, highest, count, out, state, state2, NULL));
    t = now();
    report("counts", t, psy_validity_counts(&grid, NULL, highest, count, count2, count3, NULL));
    t = now();
    report("infrequency", t, psy_validity_infrequency(&grid, three, highest, count, count2, NULL));
    t = now();
    report("near copies", t, psy_validity_near_copies(&grid, class_of, 0, out, twin, state, NULL));
    t = now();
    report("bursts", t, psy_validity_bursts(when, class_of, N_ROWS, 60, count, NULL, NULL));
    printf("%-24s %8.1f ms, cpu %8.1f ms  (2 threads, %d sheets, %d items)\n", "all of these",
           1e3 * total, 1e3 * total_cpu, N_ROWS, N_ITEMS);
    /* Person fit needs item parameters, which few instruments have: a scale of 20 items. */
    for (size_t i = 0; i < 20; i++) {
        a[i] = 1.5;
        for (size_t s = 0; s < 3; s++)
            d[3 * i + s] = 1.5 - 1.2 * (double)s;
    }
    grid.n_items = 20;
    const psy_graded_items model = {20, highest, a, d};
    t = now();
    report("l_z, l*_z (20 items)", t,
           psy_validity_person_fit(&grid, &model, out, other, third, state, NULL));
    printf("%-24s %8.1f ms, cpu %8.1f ms  (goal on two free cores: below 1000 ms)\n",
           "all, with l_z", 1e3 * total, 1e3 * total_cpu);
    printf("checked against plain loops: %zu wrong\n", wrong);
    return wrong > 0;
}
