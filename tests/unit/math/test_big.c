/*
 * test_big.c -- wide integers against 128-bit ones, and against identities beyond those.
 */
#include "math/big.h"
#include "test_support.h"

#include <math.h>

static uint64_t state = 7;

static uint64_t random_word(void)
{
    return psy_test_random(&state);
}

static uint64_t random_short(void)
{
    return random_word() >> (random_word() % 64);
}

static psyi_u128 narrow(const psyi_big *a)
{
    assert_true(a->n <= 2 && !a->too_big);
    return (a->n > 1 ? (psyi_u128)a->limb[1] << 64 : 0) | (a->n > 0 ? a->limb[0] : 0);
}

static void test_small_values_agree_with_machine_arithmetic(void **context)
{
    (void)context;
    for (unsigned i = 0; i < 100000; i++) {
        const uint64_t x = random_short(), y = random_short();
        psyi_big a, b, c;
        psyi_big_set(&a, x);
        psyi_big_set(&b, y);
        assert_int_equal(psyi_big_compare(&a, &b), (x > y) - (x < y));
        psyi_big_multiply(&c, &a, &b);
        assert_true(narrow(&c) == (psyi_u128)x * y);
        c = a;
        psyi_big_scale(&c, y);
        assert_true(narrow(&c) == (psyi_u128)x * y);
        c = a;
        psyi_big_add(&c, &b);
        assert_true(narrow(&c) == (psyi_u128)x + y);
        psyi_big_subtract(&c, &a);
        assert_true(narrow(&c) == y);
        if (y == 0)
            continue;
        c = a;
        assert_true(psyi_big_divide(&c, y) == x % y);
        assert_true(narrow(&c) == x / y);
    }
}

static psyi_big random_big(unsigned limbs)
{
    psyi_big a, one;
    psyi_big_set(&a, random_word() | 1);
    for (unsigned i = 1; i < limbs; i++) {
        psyi_big_scale(&a, UINT64_MAX);
        psyi_big_set(&one, random_word());
        psyi_big_add(&a, &one);
    }
    return a;
}

static void test_square_of_a_sum_is_what_it_is(void **context)
{
    (void)context;
    for (unsigned i = 0; i < 2000; i++) {
        psyi_big a = random_big(1 + i % 10), b = random_big(1 + i % 7), sum = a;
        psyi_big left, aa, ab, bb;
        psyi_big_add(&sum, &b);
        psyi_big_multiply(&left, &sum, &sum);
        psyi_big_multiply(&aa, &a, &a);
        psyi_big_multiply(&ab, &a, &b);
        psyi_big_multiply(&bb, &b, &b);
        psyi_big_scale(&ab, 2);
        psyi_big_add(&aa, &ab);
        psyi_big_add(&aa, &bb);
        assert_int_equal(psyi_big_compare(&left, &aa), 0);
        psyi_big_subtract(&aa, &left);
        assert_int_equal(aa.n, 0);
    }
}

static void test_division_undoes_scaling(void **context)
{
    (void)context;
    for (unsigned i = 0; i < 2000; i++) {
        const uint64_t by = random_short() + 2;
        psyi_big a = random_big(1 + i % 20), b = a, one;
        psyi_big_scale(&b, by);
        psyi_big_set(&one, by - 1);
        psyi_big_add(&b, &one);
        assert_true(psyi_big_divide(&b, by) == by - 1);
        assert_int_equal(psyi_big_compare(&a, &b), 0);
    }
}

static void test_what_does_not_fit_is_marked(void **context)
{
    (void)context;
    psyi_big a = random_big(23), b = random_big(13), c;
    assert_false(a.too_big);
    psyi_big_multiply(&c, &a, &b);
    assert_true(c.too_big);
    psyi_big_add(&c, &b); /* the mark stays */
    assert_true(c.too_big);
    assert_true(isnan(psyi_big_quotient(&c, &b)));
    for (int i = 0; i < 3; i++)
        psyi_big_scale(&a, UINT64_MAX);
    assert_true(a.too_big);
}

static void test_quotient_is_the_nearest_double(void **context)
{
    (void)context;
    psyi_big a, b, c;
    for (unsigned i = 0; i < 50000; i++) {
        /* Both exact in a double: its own division rounds correctly. */
        const uint64_t x = random_word() >> 11, y = (random_word() >> (11 + i % 53)) + 1;
        psyi_big_set(&a, x);
        psyi_big_set(&b, y);
        assert_true(psyi_big_quotient(&a, &b) == (double)x / (double)y);
        /* A common factor changes nothing. */
        c = random_big(1 + i % 9);
        psyi_big d, e;
        psyi_big_multiply(&d, &a, &c);
        psyi_big_multiply(&e, &b, &c);
        assert_true(psyi_big_quotient(&d, &e) == (double)x / (double)y);
    }
    /* 1 + 2^-53 lies in the middle and goes to even, a trifle more goes up. */
    psyi_big_set(&b, (psyi_u128)1 << 120);
    psyi_big_set(&a, ((psyi_u128)1 << 120) + ((psyi_u128)1 << 67));
    assert_true(psyi_big_quotient(&a, &b) == 1.0);
    psyi_big_set(&a, ((psyi_u128)1 << 120) + ((psyi_u128)1 << 67) + 1);
    assert_true(psyi_big_quotient(&a, &b) == 1.0 + 0x1p-52);
    psyi_big_set(&a, 0);
    assert_true(psyi_big_quotient(&a, &b) == 0);
    assert_true(isnan(psyi_big_quotient(&b, &a)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small_values_agree_with_machine_arithmetic),
        cmocka_unit_test(test_square_of_a_sum_is_what_it_is),
        cmocka_unit_test(test_division_undoes_scaling),
        cmocka_unit_test(test_what_does_not_fit_is_marked),
        cmocka_unit_test(test_quotient_is_the_nearest_double),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
