/*
 * bench_intake.c -- reading a CSV of answers, and scoring what was read.
 *
 *     bench_intake [DISTRICT]        a directory that make_district.py made
 *     bench_intake DISTRICT read [N]     only read it, once or N times: for a profile
 *     bench_intake DISTRICT score [N]    only read and score it
 *
 * The peer is libcsv with a callback a cell that turns a digit into a byte, as its users
 * write it; it checks nothing but the shape of rows and the digit.  psyscreen checks UTF-8, NUL
 * bytes, every code, keeps who answered, and takes the SHA-256 of the file (its row without that is
 * what libcsv is held against; the digest has a row of its own).  Answers are compared first.
 */
#include "base/digest.h"
#include "base/file.h"
#include "heap.h"
#include "intake/records.h"
#include "measure.h"
#include "score/scorer.h"

#include <psyscreen/catalog.h>
#include <psyscreen/plan.h>

#include <fcntl.h>
#include <unistd.h>

#ifdef PSY_HAVE_LIBCSV
#include <csv.h>
#endif

enum { ITEMS = 231, FIELDS = 5, BLOCK = 1 << 18 };

typedef struct district {
    char plan_path[600], responses[600], instruments[600];
    psy_catalog *catalog;
    psy_plan *plan;
    size_t students;
} district;

static int fail(const char *what, const psy_error *error)
{
    fprintf(stderr, "bench_intake: %s: %s\n", what, error != NULL ? error->message : "failed");
    exit(1);
}

/* ---- floor and peer ---- */

static unsigned long long read_file(const char *path)
{
    static char block[BLOCK];
    unsigned long long sum = 0;
    const int descriptor = open(path, O_RDONLY);
    ssize_t n;
    while ((n = read(descriptor, block, sizeof block)) > 0)
        sum += (unsigned long long)n + (unsigned char)block[0];
    close(descriptor);
    return sum;
}

static void digest_file(const char *path, char hex[65])
{
    if (psyi_file_digest(path, hex, NULL) != PSY_OK)
        fail(path, NULL);
}

#ifdef PSY_HAVE_LIBCSV
typedef struct peer {
    unsigned char *answers; /* row by row */
    size_t row, room, column, bad;
} peer;

static void peer_cell(void *text, size_t length, void *context)
{
    peer *const p = context;
    const char *const cell = text;
    const size_t item = p->column++ - FIELDS;
    if (p->column <= FIELDS || p->row == 0 || item >= ITEMS)
        return;
    unsigned char byte = PSYI_BLANK;
    if (length == 1 && cell[0] >= '0' && cell[0] <= '4')
        byte = (unsigned char)(cell[0] - '0');
    else
        p->bad += length > 0;
    p->answers[(p->row - 1) * ITEMS + item] = byte;
}

static void peer_row(int c, void *context)
{
    peer *const p = context;
    (void)c;
    p->bad += p->column != ITEMS + FIELDS;
    p->column = 0;
    if (++p->row > p->room) {
        p->room *= 2;
        p->answers = realloc(p->answers, p->room * ITEMS);
        if (p->answers == NULL)
            fail("libcsv", NULL);
    }
}

static peer read_libcsv(const char *path)
{
    static char block[BLOCK];
    peer p = {.room = 1024};
    struct csv_parser parser;
    FILE *const file = fopen(path, "rb");
    p.answers = malloc(p.room * ITEMS);
    if (file == NULL || p.answers == NULL || csv_init(&parser, 0) != 0)
        fail("libcsv", NULL);
    size_t n;
    while ((n = fread(block, 1, sizeof block, file)) > 0)
        if (csv_parse(&parser, block, n, peer_cell, peer_row, &p) != n)
            fail("libcsv", NULL);
    csv_fini(&parser, peer_cell, peer_row, &p);
    csv_free(&parser);
    fclose(file);
    return p;
}

static void compare_answers(const peer *p, const psyi_intake *intake)
{
    const psyi_sheets *const sheets = intake->sheets[0];
    if (p->row - 1 != intake->n_records || p->bad > 0)
        fail("libcsv counts other rows", NULL);
    for (size_t row = 0; row < intake->n_records; row++)
        for (size_t item = 0; item < ITEMS; item++)
            if (p->answers[row * ITEMS + item] != *psyi_sheets_byte(sheets, row, item))
                fail("libcsv reads another answer", NULL);
}
#endif

/* ---- psyscreen ---- */

static psyi_intake *read_answers(const district *d, unsigned n_threads)
{
    psyi_intake *intake = NULL;
    psy_findings *findings = NULL;
    psy_error error;
    const char *const paths[] = {d->responses};
    const psyi_intake_options options = {.input = &d->plan->responses,
                                         .uses = d->plan->uses,
                                         .n_uses = d->plan->n_uses,
                                         .n_threads = n_threads};
    if (psy_findings_new(&findings, NULL, &error) != PSY_OK ||
        psyi_intake_read(&intake, &options, paths, NULL, 1, NULL, findings, &error) != PSY_OK)
        fail("reading", &error);
    psy_findings_free(findings);
    return intake;
}

static psyi_scores *score_all(const district *d, const psyi_scorer *scorer,
                              const psyi_intake *intake, unsigned n_threads)
{
    psyi_scores *scores = NULL;
    psyi_events events = {0};
    psy_error error;
    psyi_person *const people = malloc(intake->n_records * sizeof *people);
    (void)d;
    for (size_t i = 0; people != NULL && i < intake->n_records; i++) {
        const psyi_record *const record = &intake->records[i];
        people[i] = (psyi_person){
            .sex = record->sex, .informant = 1, .grade = record->grade, .age = record->age};
    }
    if (people == NULL ||
        psyi_scores_new(&scores, scorer, intake->sheets[0], NULL, &error) != PSY_OK ||
        psyi_scores_run_all(scores, people, n_threads, &events, &error) != PSY_OK)
        fail("scoring", &error);
    free(people);
    free(events.events);
    return scores;
}

static void compare_scores(const psyi_scores *a, const psyi_scores *b)
{
    const size_t lanes = a->n_tiles * PSYI_LANES, n = a->n_scales * lanes,
                 m = a->n_standards * lanes;
    if (a->n_sheets != b->n_sheets || memcmp(a->status, b->status, n) != 0 ||
        memcmp(a->score, b->score, n * sizeof *a->score) != 0 ||
        memcmp(a->standard, b->standard, m * sizeof *a->standard) != 0)
        fail("two threads score otherwise than one", NULL);
}

static void open_district(district *d, const char *directory)
{
    psy_error error;
    snprintf(d->instruments, sizeof d->instruments, "%s/instruments", directory);
    snprintf(d->plan_path, sizeof d->plan_path, "%s/plan.yaml", directory);
    snprintf(d->responses, sizeof d->responses, "%s/responses.csv", directory);
    const char *const directories[] = {d->instruments};
    if (psy_catalog_open(&d->catalog, directories, 1, NULL, &error) != PSY_OK ||
        psy_plan_load_file(&d->plan, d->plan_path, d->catalog, NULL, NULL, &error) != PSY_OK)
        fail(directory, &error);
}

enum { ROW_READ, ROW_DIGEST, ROW_LIBCSV, ROW_ONE, ROW_TWO, ROW_SCORE_ONE, ROW_SCORE_TWO, N_ROWS };

int main(int argc, char **argv)
{
    static measure_row rows[N_ROWS] = {[ROW_READ] = {.name = "read(2), 256 KiB blocks"},
                                       [ROW_DIGEST] = {.name = "SHA-256 alone"},
                                       [ROW_LIBCSV] = {.name = "libcsv to bytes"},
                                       [ROW_ONE] = {.name = "to answers, 1 thread"},
                                       [ROW_TWO] = {.name = "to answers, 2 threads"},
                                       [ROW_SCORE_ONE] = {.name = "to all scores, 1 thread"},
                                       [ROW_SCORE_TWO] = {.name = "to all scores, 2 threads"}};
    static district d;
    char hex[65];
    psyi_scorer *scorer = NULL;
    psy_error error;
    volatile unsigned long long keep = 0;
    heap_settings(); /* as the program's, so that peaks can be held against its */
    open_district(&d, argc > 1 ? argv[1] : "build/bench/district");
    if (psyi_scorer_new(&scorer, d.plan->uses[0].instrument, 0, NULL, NULL, &error) != PSY_OK)
        fail("compiling", &error);

    if (argc > 2) {
        for (long n = argc > 3 ? strtol(argv[3], NULL, 10) : 1; n > 0; n--) {
            psyi_intake *const intake = read_answers(&d, 1);
            if (strcmp(argv[2], "score") == 0)
                psyi_scores_free(score_all(&d, scorer, intake, 1));
            psyi_intake_free(intake);
        }
        return 0;
    }
    psyi_intake *const one = read_answers(&d, 1), *const two = read_answers(&d, 2);
    psyi_scores *const scores_one = score_all(&d, scorer, one, 1);
    psyi_scores *const scores_two = score_all(&d, scorer, two, 2);
    compare_scores(scores_one, scores_two);
    const size_t students = one->n_records;
    const double bytes = (double)one->files[0].bytes;
    const size_t n_scales = scores_one->n_scales, n_standards = scores_one->n_standards;
#ifdef PSY_HAVE_LIBCSV
    peer first = read_libcsv(d.responses);
    compare_answers(&first, one);
    compare_answers(&first, two);
    free(first.answers);
#else
    printf("libcsv: skipped, it is not installed (libcsv-dev)\n");
#endif
    psyi_scores_free(scores_one);
    psyi_scores_free(scores_two);
    psyi_intake_free(one);
    psyi_intake_free(two);

    for (unsigned turn = 0; turn < MEASURE_TURNS; turn++) {
        measure_begin(&rows[ROW_READ], turn);
        keep += read_file(d.responses);
        measure_end(&rows[ROW_READ], turn);
        measure_begin(&rows[ROW_DIGEST], turn);
        digest_file(d.responses, hex);
        measure_end(&rows[ROW_DIGEST], turn);
#ifdef PSY_HAVE_LIBCSV
        measure_begin(&rows[ROW_LIBCSV], turn);
        peer p = read_libcsv(d.responses);
        measure_end(&rows[ROW_LIBCSV], turn);
        free(p.answers);
#endif
        for (unsigned n_threads = 1; n_threads <= 2; n_threads++) {
            measure_row *const reading = &rows[n_threads == 1 ? ROW_ONE : ROW_TWO];
            measure_begin(reading, turn);
            psyi_intake *intake = read_answers(&d, n_threads);
            measure_end(reading, turn);
            psyi_intake_free(intake);
            measure_row *const scoring = &rows[n_threads == 1 ? ROW_SCORE_ONE : ROW_SCORE_TWO];
            measure_begin(scoring, turn);
            intake = read_answers(&d, n_threads);
            psyi_scores *const scores = score_all(&d, scorer, intake, n_threads);
            measure_end(scoring, turn);
            psyi_scores_free(scores);
            psyi_intake_free(intake);
        }
    }

    printf("%zu students, %.1f MB, %zu scales, %zu standard scores; medians of %d turns\n\n",
           students, bytes * 1e-6, n_scales, n_standards, MEASURE_TURNS);
    printf("%-28s %9s %9s %9s %9s %9s\n", "", "wall ms", "CPU ms", "MB/s CPU", "ns/stud.",
           "peak MiB");
    for (size_t i = 0; i < N_ROWS; i++) {
        const double wall = measure_median(rows[i].wall), cpu = measure_median(rows[i].cpu);
        if (rows[i].peak > 0)
            printf("%-28s %9.2f %9.2f %9.0f %9.0f %9.1f\n", rows[i].name, wall * 1e3, cpu * 1e3,
                   bytes * 1e-6 / cpu, cpu * 1e9 / (double)students, rows[i].peak);
    }
    double bare[MEASURE_TURNS];
    for (unsigned turn = 0; turn < MEASURE_TURNS; turn++)
        bare[turn] = rows[ROW_ONE].cpu[turn] - rows[ROW_DIGEST].cpu[turn];
    printf("\n%-44s %6.2f\n", "to answers less the digest / read(2), CPU",
           measure_ratio(bare, rows[ROW_READ].cpu));
#ifdef PSY_HAVE_LIBCSV
    printf("%-44s %6.2f  (goal 8)\n", "libcsv / to answers less the digest, CPU",
           measure_ratio(rows[ROW_LIBCSV].cpu, bare));
    printf("%-44s %6.2f\n", "libcsv / to answers with the digest, CPU",
           measure_ratio(rows[ROW_LIBCSV].cpu, rows[ROW_ONE].cpu));
#endif
    printf("%-44s %6.0f  (goal 400)\n", "CSV to all scores, ns a student, CPU",
           measure_median(rows[ROW_SCORE_ONE].cpu) * 1e9 / (double)students);
    printf("%-44s %6.2f  (goal 1.7)\n", "1 -> 2 threads, to answers, wall",
           measure_ratio(rows[ROW_ONE].wall, rows[ROW_TWO].wall));
    printf("%-44s %6.2f  (goal 1.7)\n", "1 -> 2 threads, to all scores, wall",
           measure_ratio(rows[ROW_SCORE_ONE].wall, rows[ROW_SCORE_TWO].wall));
    printf("%-44s %6.2f\n", "2 threads / 1 thread, to all scores, CPU",
           measure_ratio(rows[ROW_SCORE_TWO].cpu, rows[ROW_SCORE_ONE].cpu));
    psyi_scorer_free(scorer);
    psy_plan_free(d.plan);
    psy_catalog_free(d.catalog);
    return 0;
}
