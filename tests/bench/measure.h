/*
 * measure.h -- how the benchmarks measure: turns of everybody, medians, and the processor's
 * seconds and the peak memory beside the clock on the wall.
 *
 * Ratios are taken within one turn, where all take their share of whatever else the machine
 * does, and the median of the ratios is told.
 */
#ifndef PSYSCREEN_BENCH_MEASURE_H
#define PSYSCREEN_BENCH_MEASURE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MEASURE_TURNS = 9, MEASURE_ROWS = 12 };

typedef struct measure_row {
    const char *name;
    double wall[MEASURE_TURNS], cpu[MEASURE_TURNS], peak; /* seconds, MiB */
} measure_row;

static inline double measure_clock(clockid_t which)
{
    struct timespec t;
    clock_gettime(which, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Forget the peak of the memory so far, where the system can. */
static inline void measure_forget_peak(void)
{
    FILE *const file = fopen("/proc/self/clear_refs", "w");
    if (file == NULL)
        return;
    fputs("5", file);
    fclose(file);
}

static inline double measure_peak(void)
{
    char line[200];
    double kib = 0;
    FILE *const file = fopen("/proc/self/status", "r");
    if (file == NULL)
        return 0;
    while (fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, "VmHWM:", 6) == 0)
            kib = strtod(line + 6, NULL);
    fclose(file);
    return kib / 1024;
}

static inline void measure_begin(measure_row *row, unsigned turn)
{
    measure_forget_peak();
    row->cpu[turn] = measure_clock(CLOCK_PROCESS_CPUTIME_ID);
    row->wall[turn] = measure_clock(CLOCK_MONOTONIC);
}

static inline void measure_end(measure_row *row, unsigned turn)
{
    row->wall[turn] = measure_clock(CLOCK_MONOTONIC) - row->wall[turn];
    row->cpu[turn] = measure_clock(CLOCK_PROCESS_CPUTIME_ID) - row->cpu[turn];
    const double peak = measure_peak();
    row->peak = peak > row->peak ? peak : row->peak;
}

static inline int measure_order(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static inline double measure_median(const double *values)
{
    double sorted[MEASURE_TURNS];
    memcpy(sorted, values, sizeof sorted);
    qsort(sorted, MEASURE_TURNS, sizeof *sorted, measure_order);
    return sorted[MEASURE_TURNS / 2];
}

/* The median of how many times longer `of` took than `than`, turn by turn. */
static inline double measure_ratio(const double *of, const double *than)
{
    double ratios[MEASURE_TURNS];
    for (unsigned turn = 0; turn < MEASURE_TURNS; turn++)
        ratios[turn] = of[turn] / than[turn];
    return measure_median(ratios);
}

#endif
