/*
 * bench_decide.c -- from scores to decisions: what norms, validity and tiers take in a whole
 * screening of the demonstration district, 60,000 students, two threads.
 *
 * The steps are the library's own, in their own order; the linker puts a clock around each
 * (--wrap).  The plan is given the norms that cost most: every metric, by stage, grade and sex,
 * with groups below the limit shrunk.  Results are held against plain arithmetic: every tier is
 * the worst rule that fired, every T that of the group's mean and deviation in long doubles.
 * Prints; quits with 1 when a result is wrong.  usage: bench_decide [STUDENTS [DIRECTORY]]
 */
#include "base/file.h"
#include "cohort/assembly.h"
#include "norm/local_set.h"

#include <psyscreen/catalog.h>
#include <psyscreen/screening.h>

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SCHOOLS 58
#define THREADS 2

enum { SCORE, SHEETS, NORMS, COHORT, VALIDITY, JUDGE, STATUS, STEPS };
static const char *const names[STEPS] = {"scoring, with published norms",
                                         "validity: each sheet by itself",
                                         "local norms: count, settle, look up",
                                         "validity: beside the others",
                                         "validity: verdicts",
                                         "tiers: rules, bounds, exceedance",
                                         "status and tier of each student"};
static double wall[STEPS], cpu[STEPS];

static double seconds_of(clockid_t clock_id)
{
    struct timespec t;
    clock_gettime(clock_id, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

#define CLOCKED(function, step)                                                                    \
    psy_status __real_##function(psyi_assembly *a, psy_error *error);                              \
    psy_status __wrap_##function(psyi_assembly *a, psy_error *error);                              \
    psy_status __wrap_##function(psyi_assembly *a, psy_error *error)                               \
    {                                                                                              \
        const double w = seconds_of(CLOCK_MONOTONIC), c = seconds_of(CLOCK_PROCESS_CPUTIME_ID);    \
        const psy_status status = __real_##function(a, error);                                     \
        wall[step] += seconds_of(CLOCK_MONOTONIC) - w;                                             \
        cpu[step] += seconds_of(CLOCK_PROCESS_CPUTIME_ID) - c;                                     \
        return status;                                                                             \
    }
CLOCKED(psyi_score_all, SCORE)
CLOCKED(psyi_sheet_validity, SHEETS)
CLOCKED(psyi_freeze_norms, NORMS)
CLOCKED(psyi_cohort_validity, COHORT)
CLOCKED(psyi_judge_validity, VALIDITY)
CLOCKED(psyi_judge, JUDGE)
CLOCKED(psyi_settle_status, STATUS)

static void need(psy_status status, const psy_error *error)
{
    if (status == PSY_OK)
        return;
    fprintf(stderr, "bench_decide: %s\n", error->message);
    exit(1);
}

/* The demonstration plan with more norms; its text begins as the original's. */
static psy_plan *richer_plan(const psy_catalog *catalog, const char *directory)
{
    static const char more[] =
        "norms:\n  - {id: every, scale: mht.total, local: {by: [stage, grade, sex], min_n: 3000, "
        "below: shrink, pool_below: 30}, metrics: [t, z, iq, percentile, stanine_linear, "
        "sten_linear, stanine_percent, sten_percent, t_blom, t_rankit]}\n";
    char path[700];
    psyi_buffer text;
    psy_error error;
    psy_plan *plan = NULL;
    psyi_buffer_init(&text, NULL);
    need(psyi_file_read(psy_catalog_plan_path(catalog, "district_demo"), 1 << 20, &text, &error),
         &error);
    psyi_buffer out;
    psyi_buffer_init(&out, NULL);
    const char *const at = strstr(text.data, "norms:\n");
    if (at == NULL)
        exit(1);
    psyi_buffer_add(&out, text.data, (size_t)(at - text.data));
    psyi_buffer_text(&out, more);
    psyi_buffer_text(&out, at + strlen("norms:\n"));
    snprintf(path, sizeof path, "%s/plan.yaml", directory);
    need(psyi_file_replace(path, out.data, out.length, 0600, NULL, &error), &error);
    need(psy_plan_load_file(&plan, path, catalog, NULL, NULL, &error), &error);
    psyi_buffer_done(&out);
    psyi_buffer_done(&text);
    return plan;
}

/* ---- results against plain arithmetic --------------------------------------------------- */

static size_t wrong;

static void check_tiers(const psyi_results *r)
{
    size_t judged = 0;
    for (size_t s = 0; s < r->n_students; s++) {
        int worst = 0;
        for (size_t rule = 0; rule < r->book->n_rules; rule++)
            if (psyi_fired(r, s, rule) && r->book->rules[rule].rank > worst)
                worst = r->book->rules[rule].rank;
        const int tier = r->students[s].tier;
        if (r->students[s].status == PSYI_STATUS_NO_CONSENT)
            continue; /* nothing is said of them */
        judged += tier > 0;
        if (worst > 0 ? tier != worst : tier > 0)
            wrong++;
    }
    printf("%-40s %zu of %zu students have a tier, %zu wrong\n", "checked", judged, r->n_students,
           wrong);
}

static void check_norm(const psyi_results *r, size_t norm)
{
    const psyi_local_norm *const local = &r->plan->locals[norm];
    const psyi_local_set *const set = r->local_sets[norm];
    size_t n = 0, bad = 0, slot_of_way[4] = {0};
    for (size_t item = 0; item < r->cases.n; item++) {
        psyi_local_group group;
        const uint32_t sheet = r->cases.sheets[local->use * r->cases.n + item];
        const psyi_person *const person = &r->cases.people[item];
        if (sheet == PSYI_NO_SHEET ||
            !psyi_local_group_of(&local->rule, person->grade, (psyi_sex)person->sex, &group))
            continue;
        const psyi_ratio score = psyi_scores_value(r->scores[local->use], local->scale, sheet);
        const psyi_local_serving *const by = &set->serving[psyi_local_slot(group)];
        if (score.den == 0)
            continue;
        const double got =
            psyi_ratio_double(psyi_local_set_standard(set, group, PSYI_METRIC_T, score));
        const long double exact =
            50 + 10 * ((long double)psyi_ratio_double(score) - by->mean) / by->sd;
        n++;
        slot_of_way[by->way]++;
        bad += !(fabsl((long double)got - exact) <= 0.05L + 1e-9L);
    }
    printf("%-40s %zu T of norm %s, %zu wrong (by the own group %zu, shrunk %zu, pooled %zu)\n",
           "checked", n, local->id, bad, slot_of_way[PSYI_LOCAL_OWN],
           slot_of_way[PSYI_LOCAL_SHRUNK], slot_of_way[PSYI_LOCAL_POOLED]);
    wrong += bad + (n == 0);
}

/* ---- rules by themselves ------------------------------------------------------------------ */

/* Processor time of all rules over all cases, one thread, the least of nine turns. */
static double time_rules(psyi_results *r, const psyi_cases *cases)
{
    double least = 1e9;
    psy_error error;
    for (unsigned turn = 0; turn < 9; turn++) {
        const double begun = seconds_of(CLOCK_THREAD_CPUTIME_ID);
        need(psyi_rulebook_run(r->book, cases, 0, r->verdicts->n_blocks, r->verdicts, &error),
             &error);
        const double took = seconds_of(CLOCK_THREAD_CPUTIME_ID) - begun;
        least = took < least ? took : least;
    }
    return least;
}

static bool fires(const psyi_verdicts *v, size_t item)
{
    bool any = false;
    for (size_t rule = 0; rule < v->n_rules; rule++)
        any = any || (v->yes[rule * v->n_blocks + item / PSYI_LANES] >> item % PSYI_LANES & 1) != 0;
    return any;
}

/* The same rules over the district, and over as many cases for whom none of them fires: where a
 * rule had a branch a student, the two would differ.  (Without local norms, which have columns of
 * their own.)  The verdicts of the run are overwritten. */
static void bench_rules(psyi_results *r)
{
    const size_t n = r->cases.n, n_uses = r->plan->n_uses;
    psyi_cases mixed = r->cases;
    mixed.local = NULL;
    mixed.local_marks = NULL;
    const double all = time_rules(r, &mixed);
    uint32_t *const sheets = malloc(n * n_uses * sizeof *sheets);
    psyi_person *const people = malloc(n * sizeof *people);
    uint8_t *const battery = malloc(n);
    size_t quiet = 0, n_fire = 0, n_still = 0;
    if (sheets == NULL || people == NULL || battery == NULL)
        exit(2);
    while (quiet < n && fires(r->verdicts, quiet))
        quiet++;
    for (size_t i = 0; quiet < n && i < n; i++) {
        if (fires(r->verdicts, i))
            n_fire++;
        else
            quiet = i; /* who stands in for those behind him for whom one fires */
        people[i] = mixed.people[quiet];
        battery[i] = mixed.battery[quiet];
        for (size_t use = 0; use < n_uses; use++)
            sheets[use * n + i] = mixed.sheets[use * n + quiet];
    }
    psyi_cases still = mixed;
    still.sheets = sheets;
    still.people = people;
    still.battery = battery;
    still.second = NULL;
    const double none = time_rules(r, &still);
    for (size_t i = 0; i < n; i++)
        n_still += fires(r->verdicts, i);
    const double each = 1e9 / (double)n, rules = (double)r->book->n_rules;
    printf("rules alone, one thread: %.0f ns a student and %.1f a rule (one fires for %zu of %zu); "
           "%.0f and %.1f where none fires (%zu)\n",
           all * each, all * each / rules, n_fire, n, none * each, none * each / rules, n_still);
    free(sheets);
    free(people);
    free(battery);
}

/* ---- the run ------------------------------------------------------------------------------ */

static size_t responses_of(const char *directory, char (*paths)[700], size_t room)
{
    size_t n = 0;
    DIR *const folder = opendir(directory);
    for (struct dirent *one; folder != NULL && (one = readdir(folder)) != NULL;)
        if (strncmp(one->d_name, "responses", 9) == 0 && n < room)
            snprintf(paths[n++], sizeof *paths, "%s/%s", directory, one->d_name);
    if (folder != NULL)
        closedir(folder);
    return n;
}

int main(int argc, char **argv)
{
    const unsigned long students = argc > 1 ? strtoul(argv[1], NULL, 10) : 60000;
    const char *const directory = argc > 2 ? argv[2] : "build/bench/decide";
    static char files[16][700];
    const char *paths[16];
    const char *const instruments[] = {"instruments"};
    psy_catalog *catalog;
    psy_error error;
    psyi_intake *intake;
    psyi_roster *roster;
    psyi_results *results;
    char path[700];
    need(psy_catalog_open(&catalog, instruments, 1, NULL, &error), &error);
    (void)psyi_directory_make("build", &error);
    (void)psyi_directory_make("build/bench", &error);
    need(psyi_directory_make(directory, &error), &error);
    psy_plan *const plan = richer_plan(catalog, directory);
    need(psy_simulate(plan, students, SCHOOLS, 1, directory, NULL, &error), &error);
    const size_t n = responses_of(directory, files, 16);
    for (size_t i = 0; i < n; i++)
        paths[i] = files[i];
    const psyi_intake_options options = {
        .input = &plan->responses, .uses = plan->uses, .n_uses = plan->n_uses};
    need(psyi_intake_read(&intake, &options, paths, NULL, n, NULL, NULL, &error), &error);
    snprintf(path, sizeof path, "%s/roster.csv", directory);
    need(psyi_roster_read(&roster, &plan->roster, path, NULL, NULL, NULL, &error), &error);
    static const unsigned char key[32] = {1};
    need(psyi_cohort_run(&results, plan, intake, roster, key, sizeof key, THREADS, NULL, NULL,
                         &error),
         &error);
    printf("%zu students, %zu sheets of paper, %zu rules, %u threads\n", results->n_students,
           results->intake->n_records, results->book->n_rules, THREADS);
    for (size_t i = 0; i < STEPS; i++)
        printf("%-40s %8.1f ms, cpu %8.1f ms\n", names[i], 1e3 * wall[i], 1e3 * cpu[i]);
    const double validity = wall[SHEETS] + wall[COHORT] + wall[VALIDITY];
    const double validity_cpu = cpu[SHEETS] + cpu[COHORT] + cpu[VALIDITY];
    const double decisions = wall[NORMS] + wall[JUDGE] + wall[STATUS];
    const double decisions_cpu = cpu[NORMS] + cpu[JUDGE] + cpu[STATUS];
    printf("%-40s %8.1f ms, cpu %8.1f ms  (goal: below 1000 ms)\n", "validity, all of it",
           1e3 * validity, 1e3 * validity_cpu);
    printf("%-40s %8.1f ms, cpu %8.1f ms  (goal: below 200 ms)\n", "norms and tiers, all of it",
           1e3 * decisions, 1e3 * decisions_cpu);
    check_tiers(results);
    for (size_t i = 0; i < plan->n_locals; i++)
        check_norm(results, i);
    bench_rules(results);
    psyi_results_free(results);
    psy_plan_free(plan);
    psy_catalog_free(catalog);
    if (wrong > 0)
        printf("WRONG: %zu results\n", wrong);
    return wrong > 0;
}
