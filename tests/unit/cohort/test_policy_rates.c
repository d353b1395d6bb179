/*
 * test_policy_rates.c -- what the default policy of validity says of made-up respondents:
 * how many attentive ones it doubts, how many careless ones it finds.
 *
 * Run with "table" it prints the table of docs/validity.md; otherwise it asserts the limits
 * published there, on fewer people.
 */
#include "policy_sheets.h"

#include <stdio.h>
#include <string.h>

static const made_up BATTERIES[] = {
    {"MHT, PHQ-9, GAD-7 (junior high)", {"mht", "phq9", "gad7", NULL}},
    {"MHT, PHQ-9, GAD-7, SDS (senior high)", {"mht", "phq9", "gad7", "sds", NULL}},
    {"MSSMHS-60", {"mssmhs", NULL}},
    {"SCL-90", {"scl90", NULL}},
    {"SDQ, CES-D", {"sdq", "cesd", NULL}},
};
enum { N_BATTERIES = sizeof BATTERIES / sizeof *BATTERIES };

typedef struct rates {
    size_t n, status[PSYI_STATUSES], family[PSYI_FAMILIES], sign[PSYI_SIGNS];
} rates;

static const char *validity = "{policy: default}";

static void measure(const made_up *battery, size_t attentive, size_t others, uint64_t seed,
                    rates out[MANNERS][2])
{
    ward w;
    psyi_buffer plan, responses;
    psy_error error = {.status = PSY_OK};
    psyi_buffer_init(&plan, NULL);
    psyi_buffer_init(&responses, NULL);
    made_up_plan(&plan, battery, validity);
    ward_open_text(&w, plan.data, battery->instruments);
    made_up_responses(&responses, &w, attentive, others, seed);
    if (ward_try_text(&w, NULL, responses.data, 0, NULL, &error) != PSY_OK)
        fail_msg("%s", error.message);
    memset(out, 0, MANNERS * 2 * sizeof **out);
    for (size_t s = 0; s < w.results->n_students; s++) {
        const psyi_student *const student = &w.results->students[s];
        static const char letters[] = "ASPRaspr";
        const size_t at = (size_t)(strchr(letters, student->code[0]) - letters);
        rates *const r = &out[at % MANNERS][at / MANNERS];
        bool seen[PSYI_SIGNS] = {false};
        r->n++;
        r->status[student->status]++;
        for (unsigned family = 0; family < PSYI_FAMILIES; family++)
            r->family[family] += (unsigned)student->families >> family & 1u;
        const uint32_t record = student->records[0];
        for (uint32_t e = w.results->evidence_first[record];
             e < w.results->evidence_first[record + 1]; e++)
            seen[w.results->evidence.list[e].sign] = true;
        for (unsigned sign = 0; sign < PSYI_SIGNS; sign++)
            r->sign[sign] += seen[sign];
    }
    psyi_buffer_done(&plan);
    psyi_buffer_done(&responses);
    ward_close(&w);
}

static double share(size_t n, size_t of)
{
    return of > 0 ? 100.0 * (double)n / (double)of : 0;
}

static const char *const NAMES[MANNERS][2] = {{"attentive", ""},
                                              {"straight line", "straight line, 0.6 s"},
                                              {"pattern", "pattern, 0.6 s"},
                                              {"random", "random, 0.6 s"}};

static int print_tables(void)
{
    for (size_t b = 0; b < N_BATTERIES; b++) {
        rates all[MANNERS][2];
        measure(&BATTERIES[b], 8000, 200, 20261127 + b, all);
        printf("\n%s\n\n| | n | time | pattern | inconsistency | attention | doubtful | retest |\n"
               "|---|---|---|---|---|---|---|---|\n",
               BATTERIES[b].title);
        for (unsigned m = 0; m < MANNERS; m++)
            for (unsigned fast = 0; fast < 2; fast++) {
                const rates *const r = &all[m][fast];
                if (r->n == 0)
                    continue;
                printf("| %s | %zu | %.1f %% | %.1f %% | %.1f %% | %.1f %% | %.1f %% | %.1f %% |\n",
                       NAMES[m][fast], r->n, share(r->family[0], r->n), share(r->family[1], r->n),
                       share(r->family[2], r->n), share(r->family[3], r->n),
                       share(r->status[PSYI_STATUS_DOUBTFUL], r->n),
                       share(r->status[PSYI_STATUS_RETEST], r->n));
            }
        printf("\nsigns: ");
        for (unsigned m = 0; m < MANNERS; m++) {
            printf("%s", NAMES[m][0]);
            for (unsigned sign = 0; sign < PSYI_SIGNS; sign++)
                if (all[m][0].sign[sign] > 0 && psyi_sign_rules[sign].key != NULL)
                    printf(" %s %.1f %%", psyi_sign_rules[sign].key,
                           share(all[m][0].sign[sign], all[m][0].n));
            printf("; ");
        }
        printf("\n");
    }
    return 0;
}

/* Of so many, at most or at least this share in per cent. */
static void at_most(size_t n, size_t of, double limit, const char *what)
{
    if (share(n, of) > limit)
        fail_msg("%s: %.1f %%, published is at most %.1f %%", what, share(n, of), limit);
}

static void at_least(size_t n, size_t of, double limit, const char *what)
{
    if (share(n, of) < limit)
        fail_msg("%s: %.1f %%, published is at least %.1f %%", what, share(n, of), limit);
}

static void test_published_rates(void **state)
{
    (void)state;
    for (size_t b = 0; b < N_BATTERIES; b++) {
        rates all[MANNERS][2];
        const bool lie = b < 2, both = b == 1 || b == 4; /* the MHT; items of both directions */
        measure(&BATTERIES[b], 2000, 60, 7 + b, all);
        const rates *const honest = &all[PSYI_ATTENTIVE][0];
        at_most(honest->family[PSYI_FAMILY_TIME], honest->n, .2, "attentive, time");
        at_most(honest->family[PSYI_FAMILY_PATTERN], honest->n, 1.5, "attentive, pattern");
        at_most(honest->family[PSYI_FAMILY_INCONSISTENCY], honest->n, 3,
                "attentive, inconsistency");
        at_most(honest->status[PSYI_STATUS_DOUBTFUL], honest->n, 4, "attentive, doubtful");
        if (!lie) /* what the lie scale of the MHT says is its own */
            at_most(honest->status[PSYI_STATUS_RETEST], honest->n, .2, "attentive, retest");
        for (unsigned m = PSYI_STRAIGHT; m <= PSYI_RANDOM; m++) {
            const rates *const fast = &all[m][1];
            at_least(fast->family[PSYI_FAMILY_TIME], fast->n, 100, "0.6 s, time");
            at_least(fast->status[PSYI_STATUS_DOUBTFUL] + fast->status[PSYI_STATUS_RETEST], fast->n,
                     100, "0.6 s, doubtful or retest");
        }
        if (both) {
            const rates *const line = &all[PSYI_STRAIGHT][0], *const zigzag = &all[PSYI_PATTERN][0];
            at_least(line->status[PSYI_STATUS_RETEST], line->n, 100, "line, retest");
            at_least(all[PSYI_STRAIGHT][1].status[PSYI_STATUS_RETEST], all[PSYI_STRAIGHT][1].n, 100,
                     "fast line, retest");
            at_least(all[PSYI_PATTERN][1].status[PSYI_STATUS_RETEST], all[PSYI_PATTERN][1].n, 100,
                     "fast pattern, retest");
            at_least(zigzag->family[PSYI_FAMILY_PATTERN], zigzag->n, 95, "pattern, pattern");
        }
        at_least(all[PSYI_RANDOM][0].family[PSYI_FAMILY_INCONSISTENCY], all[PSYI_RANDOM][0].n, 15,
                 "random, inconsistency");
    }
}

int main(int argc, char **argv)
{
    if (argc > 2)
        validity = argv[2];
    if (argc > 1 && strcmp(argv[1], "table") == 0)
        return print_tables();
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_published_rates)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
