/*
 * bench_score.c -- nanoseconds a sheet: the byte kernels beside the reading of their input,
 * and whole instruments, complete and with 1 % of answers missing.
 *
 * Run from the project's directory; prints the best of several runs, one thread, in time of
 * the processor, since a machine is seldom alone.
 */
#include "answers/sheets.h"
#include "measure.h"
#include "score/kernel.h"
#include "score/scorer.h"

#include <psyscreen/instrument.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static unsigned roll(unsigned sides)
{
    static unsigned long long state = 1;
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    return (unsigned)(state >> 33) % sides;
}

/* ---- kernels: 231 items mapped, 40 scales, 561 pairs ------------ */

enum { ITEMS = 231, SCALES = 40, PAIRS = 561, KERNEL_TILES = 15000 };

static unsigned long long read_floor(const uint8_t *bytes, size_t n)
{
    unsigned long long sum = 0, word;
    for (size_t i = 0; i < n; i += sizeof word) {
        memcpy(&word, bytes + i, sizeof word);
        sum += word;
    }
    return sum;
}

/* All tiles mapped and summed, the next tile asked for meanwhile, as psyi_tile_ask_next does. */
static unsigned long long run_kernels(const psyi_kernels *kernels, const uint8_t *bytes,
                                      const uint16_t *items)
{
    static uint8_t scored[ITEMS * PSYI_LANES];
    const size_t tile = (size_t)ITEMS * PSYI_LANES;
    uint16_t sums[PSYI_LANES], missing[PSYI_LANES];
    bool gaps[ITEMS];
    unsigned long long keep = 0;
    for (size_t t = 0; t < KERNEL_TILES; t++) {
        const uint8_t *const next = bytes + (t + 1 < KERNEL_TILES ? t + 1 : t) * tile;
        for (size_t i = 0, n; i < ITEMS; i += n) { /* every fortieth item is reversed */
            const size_t left = ITEMS - i;
            n = i % 40 == 0 ? 1 : left < 39 ? left : 39;
            kernels->map(bytes + t * tile + i * PSYI_LANES, scored + i * PSYI_LANES, n, n == 1, 5,
                         gaps);
            keep += gaps[0];
        }
        for (size_t s = 0; s < SCALES; s++) {
            const size_t first = PAIRS * s / SCALES;
            for (size_t k = ITEMS * s / SCALES; k < ITEMS * (s + 1) / SCALES; k++)
                __builtin_prefetch(next + k * PSYI_LANES);
            kernels->sum(scored, items + first, PAIRS * (s + 1) / SCALES - first, 25, sums,
                         missing);
            keep += (unsigned long long)sums[s] + missing[s];
        }
    }
    return keep;
}

/* The floor and each kernel in turns, since the machine is seldom quiet for two of them. */
static void bench_kernels(void)
{
    static measure_row floor_row, rows[4];
    const size_t size = (size_t)ITEMS * PSYI_LANES * KERNEL_TILES;
    uint8_t *const bytes = malloc(size);
    uint16_t items[PAIRS];
    const psyi_kernels *kernels[4];
    volatile unsigned long long keep = 0;
    if (bytes == NULL)
        return;
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(roll(100) == 0 ? PSYI_BLANK : roll(6));
    for (size_t i = 0; i < PAIRS; i++)
        items[i] = (uint16_t)roll(ITEMS);
    const size_t n = psyi_kernels_all(kernels, 4);
    for (size_t k = 1; k < n; k++)
        if (run_kernels(kernels[k], bytes, items) != run_kernels(kernels[0], bytes, items)) {
            fprintf(stderr, "bench_score: kernels 0 and %zu differ\n", k);
            exit(1);
        }
    for (unsigned turn = 0; turn < MEASURE_TURNS; turn++) {
        measure_begin(&floor_row, turn);
        keep += read_floor(bytes, size);
        measure_end(&floor_row, turn);
        for (size_t k = 0; k < n; k++) {
            measure_begin(&rows[k], turn);
            keep += run_kernels(kernels[k], bytes, items);
            measure_end(&rows[k], turn);
        }
    }
    const double sheets = (double)KERNEL_TILES * PSYI_LANES;
    printf("%.0f MB of answers, medians of %d turns, CPU\n", (double)size * 1e-6, MEASURE_TURNS);
    printf("%-28s %8.1f ns/sheet\n", "reading the bytes",
           measure_median(floor_row.cpu) * 1e9 / sheets);
    for (size_t k = 0; k < n; k++)
        printf("kernel %zu, 40 scales          %8.1f ns/sheet, %.2f of the floor (goal %s)\n", k,
               measure_median(rows[k].cpu) * 1e9 / sheets,
               measure_ratio(rows[k].cpu, floor_row.cpu), k == 0 ? "2.1" : "1.4");
    free(bytes);
}

/* ---- instruments ---------------------------------------------------------------------- */

enum { SHEETS = 60000 };

static void fill(psyi_sheets *sheets, const psy_instrument *instrument, unsigned gaps_in_1000)
{
    for (size_t sheet = 0; sheet < SHEETS; sheet++) {
        psyi_sheets_mark(sheets, sheet);
        for (size_t i = 0; i < instrument->n_items; i++) {
            const psyi_item *const item = &instrument->items[i];
            const psyi_response *const response = &instrument->responses[item->response];
            uint8_t *const byte = psyi_sheets_byte(sheets, sheet, i);
            if (roll(1000) < gaps_in_1000) {
                *byte = PSYI_BLANK;
            } else if (response->kind == PSYI_CODED) {
                *byte = (uint8_t)roll(response->n_codes);
            } else {
                *byte = 0;
                sheets->numbers[i][sheet] = item->low + (int32_t)roll((unsigned)item->high);
            }
        }
    }
}

static double score(const psy_instrument *instrument, const psyi_person *people, unsigned gaps)
{
    psyi_sheets *sheets = NULL;
    psyi_scorer *scorer = NULL;
    double best = 1e9;
    if (psyi_sheets_new(&sheets, instrument, SHEETS, NULL, NULL) != PSY_OK ||
        psyi_scorer_new(&scorer, instrument, 0, NULL, NULL, NULL) != PSY_OK)
        return 0;
    fill(sheets, instrument, gaps);
    for (int run = 0; run < 5; run++) {
        psyi_scores *scores = NULL;
        psyi_events events = {0};
        const double start = now();
        if (psyi_scores_new(&scores, scorer, sheets, NULL, NULL) != PSY_OK ||
            psyi_scores_run_all(scores, people, 1, &events, NULL) != PSY_OK)
            break;
        const double took = now() - start;
        best = took < best ? took : best;
        free(events.events);
        psyi_scores_free(scores);
    }
    psyi_scorer_free(scorer);
    psyi_sheets_free(sheets);
    return best * 1e9 / SHEETS;
}

int main(int argc, char **argv)
{
    static const char *const usual[] = {"phq9",  "gad7",    "mht",  "sdq",   "dass21",
                                        "scl90", "rcads47", "psqi", "mssmhs"};
    psyi_person *const people = calloc(SHEETS, sizeof *people);
    bench_kernels();
    printf("\n%-10s %5s %6s %5s %12s %12s\n", "instrument", "items", "scales", "flags", "complete",
           "1% missing");
    for (size_t i = 0; people != NULL && i < SHEETS; i++)
        people[i] = (psyi_person){.sex = (uint8_t)(1 + i % 2),
                                  .informant = (uint8_t)(1 + i % 3),
                                  .grade = (int16_t)(3 + i % 10),
                                  .age = (int16_t)(9 + i % 10)};
    const size_t n = argc > 1 ? (size_t)argc - 1 : sizeof usual / sizeof *usual;
    for (size_t i = 0; people != NULL && i < n; i++) {
        char path[300];
        const char *const id = argc > 1 ? argv[i + 1] : usual[i];
        psy_instrument *instrument = NULL;
        psy_error error;
        snprintf(path, sizeof path, "instruments/%s.yaml", id);
        if (psy_instrument_load_file(&instrument, path, NULL, NULL, &error) != PSY_OK) {
            printf("%-10s %s\n", id, error.message);
            continue;
        }
        const double complete = score(instrument, people, 0);
        printf("%-10s %5zu %6zu %5zu %9.1f ns %9.1f ns\n", id, instrument->n_items,
               instrument->n_scales, instrument->n_flags, complete, score(instrument, people, 10));
        psy_instrument_free(instrument);
    }
    free(people);
    return 0;
}
