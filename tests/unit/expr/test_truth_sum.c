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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_both_ways_agree)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
