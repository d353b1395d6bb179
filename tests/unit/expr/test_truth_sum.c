/*
 * test_truth_sum.c -- sums of truths are added on planes of bits: in every lane, whatever is known
 * of the terms, the same as when each is a number.  A factor of one keeps a term out of the planes.
 */
#include "expr/machine.h"
#include "rule_fixture.h"
#include "test_support.h"

#include <stdio.h>
#include <string.h>

static const struct pair {
    const char *on_planes, *as_numbers;
    unsigned terms;
} pairs[] = {
    {"f + g", "f*1 + g*1", 2},
    {"f + g + h", "f*1 + g*1 + h*1", 3},
    {"(a >= 3) + f + (b >= 5) + g + (c >= 0)", "(a >= 3)*1 + f*1 + (b >= 5)*1 + g*1 + (c >= 0)*1",
     5},
    {"f + f + f + f + f + f + f + f + f + g", "f*1+f*1+f*1+f*1+f*1+f*1+f*1+f*1+f*1+g*1", 10},
    /* one sum within a term of another, and a sum beside numbers */
    {"f + (g + h >= 1) + g", "f*1 + (g*1 + h*1 >= 1)*1 + g*1", 5},
    {"(f + g + h) * 2 + a", "(f*1 + g*1 + h*1) * 2 + a", 3},
    {"(f + g) / (g + h)", "(f*1 + g*1) / (g*1 + h*1)", 4},
    {"(1 < 2) + f + g", "(1 < 2)*1 + f*1 + g*1", 3},
    {"((1 < 2) + (1 < 3)) * a", "2 * a", 2},
    /* no sum of truths alone: a number is among them */
    {"a + f + g", "a + f*1 + g*1", 0},
    {"f + a + g", "f*1 + a + g*1", 0},
    {"2 + f + g", "2 + f*1 + g*1", 0},
    {"f + 2 + g", "f*1 + 2 + g*1", 0},
};

static const char *const truths[] = {"y", "n", "y~", "n~", "?b", "?n", "?", "-"};
static const char *const numbers[] = {"0",     "4",      "9", "?b", "?n",
                                      "?2..7", "5~2..7", "-", "x",  "4~4..9"};

static unsigned draw(unsigned n)
{
    static uint64_t seed = 20261128;
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(seed >> 33) % n;
}

/* Lanes that are all decided take another way than lanes that are not. */
static void fill(world *w, bool decided)
{
    world_clear(w);
    for (unsigned lane = 0; lane < PSYI_LANES; lane++) {
        char data[128] = "";
        for (const char *name = "fgh"; *name != '\0'; name++)
            sprintf(data + strlen(data), "%c=%s ", *name, truths[draw(decided ? 2 : 8)]);
        for (const char *name = "abc"; *name != '\0'; name++)
            sprintf(data + strlen(data), "%c=%s ", *name, numbers[draw(decided ? 3 : 10)]);
        world_set(w, lane, data);
    }
}

static unsigned terms_on_planes(const psyi_program *program)
{
    unsigned n = 0;
    for (size_t i = 0; i < program->n_code; i++)
        n += program->code[i].code == PSYI_CODE_SUM_ADD;
    return n;
}

static void test_both_ways_agree(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        psyi_program *const fast = world_compile(pairs[i].on_planes, PSYI_TYPE_NUMBER);
        psyi_program *const slow = world_compile(pairs[i].as_numbers, PSYI_TYPE_NUMBER);
        assert_int_equal(terms_on_planes(fast), pairs[i].terms);
        assert_int_equal(terms_on_planes(slow), 0);
        for (unsigned round = 0; round < 12; round++) {
            static world w;
            fill(&w, round % 4 == 0);
            for (unsigned lane = 0; lane < PSYI_LANES; lane++) {
                char one[128];
                snprintf(one, sizeof one, "%s", world_run(&w, fast, lane));
                assert_string_equal(one, world_run(&w, slow, lane));
            }
        }
        psyi_program_free(fast);
        psyi_program_free(slow);
    }
}

/* A sum that is only compared is compared on its planes; of ranges, at both of their ends. */
static void test_comparisons_agree(void **state)
{
    (void)state;
    static const char *const tests[] = {">= 0",
                                        ">= 1",
                                        ">= 2",
                                        ">= 3",
                                        ">= 4",
                                        ">= 9",
                                        ">= -1",
                                        ">= 2.5",
                                        "> 1",
                                        "> 3",
                                        "< 1",
                                        "< 0",
                                        "< 2",
                                        "<= 0",
                                        "<= 1",
                                        "<= 2",
                                        "<= 100",
                                        "== 1",
                                        "== 2",
                                        "== 0.5",
                                        "!= 1",
                                        "!= 3",
                                        "!= 0.5",
                                        "in 1..2",
                                        "in 2..9",
                                        "in -3..0",
                                        "in 3..3",
                                        "in (0, 2)",
                                        "in (1, 2, 3)",
                                        "in (0.5, 7)",
                                        "in (0, 1, 2, 3)"};
    static world w;
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        char on_planes[80], as_numbers[80];
        snprintf(on_planes, sizeof on_planes, "f + (a >= 3) + g %s", tests[i]);
        snprintf(as_numbers, sizeof as_numbers, "f*1 + (a >= 3)*1 + g*1 %s", tests[i]);
        psyi_program *const fast = world_compile(on_planes, PSYI_TYPE_BOOLEAN);
        psyi_program *const slow = world_compile(as_numbers, PSYI_TYPE_BOOLEAN);
        for (unsigned round = 0; round < 12; round++) {
            fill(&w, round % 4 == 0);
            /* (Each run holds all lanes against those of numbers lane by lane.) */
            for (unsigned lane = round % 7; lane < PSYI_LANES; lane += 21) {
                char one[128];
                snprintf(one, sizeof one, "%s", world_run(&w, fast, lane));
                if (strcmp(one, world_run(&w, slow, lane)) != 0)
                    fail_msg("%s: %s, as numbers %s", on_planes, one, world_run(&w, slow, lane));
            }
        }
        psyi_program_free(fast);
        psyi_program_free(slow);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_both_ways_agree),
                                       cmocka_unit_test(test_comparisons_agree)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
