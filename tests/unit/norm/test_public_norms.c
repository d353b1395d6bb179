/*
 * test_public_norms.c -- norm files through the public header.
 */
#include "test_support.h"

#include <psyscreen/norms.h>

#include <math.h>
#include <string.h>

static const char head[] = "format: psyscreen/norms/1\nid: made_up\ninstrument: none\n"
                           "kind: mean_sd\nmetrics: [t, z]\npopulation: {en: nobody, zh: 无人}\n"
                           "year: 2026\nsource: made up\nconfidence: memory\n"
                           "groups: [sex, age]\noutside: none\n";
static const char rows[] = "scale,sex,age_from,age_to,mean,sd\n"
                           "total,male,6,11,10,2.5\ntotal,female,6,11,12.1,3\n";

static const char *write_norms(void)
{
    const char *const directory = psy_test_directory();
    psy_test_write_file(psy_test_path(directory, "made_up.yaml"), head, sizeof head - 1);
    psy_test_write_file(psy_test_path(directory, "made_up.csv"), rows, sizeof rows - 1);
    return psy_test_path(directory, "made_up.yaml");
}

static psy_norms *open_norms(void)
{
    psy_norms *norms = NULL;
    psy_error error = {.status = PSY_OK};
    if (psy_norms_load_file(&norms, write_norms(), NULL, NULL, &error) != PSY_OK)
        fail_msg("%s", error.message);
    return norms;
}

static void test_norms_answer_for_a_person(void **state)
{
    (void)state;
    psy_norms *const norms = open_norms();
    double out = 0;
    const psy_norm_person boy = {.sex = 1, .has_age = 1, .age = 8};
    const psy_norm_person girl = {.sex = 2, .has_age = 1, .age = 11};
    const psy_norm_person nobody = {.sex = 0, .has_age = 1, .age = 8};
    const psy_norm_person ageless = {.sex = 1, .age = 8};
    assert_string_equal(psy_norms_id(norms), "made_up");
    assert_string_equal(psy_norms_population(norms, "en"), "nobody");
    assert_string_equal(psy_norms_population(norms, "zh"), "无人");
    assert_int_equal(psy_norms_standard(norms, "total", "t", &boy, 12.5, &out, NULL), PSY_OK);
    assert_true(out == 60);
    assert_int_equal(psy_norms_standard(norms, "total", "z", &boy, 12.5, &out, NULL), PSY_OK);
    assert_true(out == 1);
    /* 12.1 stands for the decimal: T is 50 exactly. */
    assert_int_equal(psy_norms_standard(norms, "total", "t", &girl, 12.1, &out, NULL), PSY_OK);
    assert_true(out == 50);
    assert_int_equal(psy_norms_standard(norms, "total", "t", &nobody, 12, &out, NULL), PSY_OK);
    assert_true(isnan(out));
    assert_int_equal(psy_norms_standard(norms, "total", "t", &ageless, 12, &out, NULL), PSY_OK);
    assert_true(isnan(out));
    assert_int_equal(psy_norms_standard(norms, "total", "t", &boy, NAN, &out, NULL), PSY_OK);
    assert_true(isnan(out));
    psy_norms_free(norms);
    psy_norms_free(NULL);
    psy_test_directory_remove();
}

static void test_questions_that_make_no_sense_are_refused(void **state)
{
    (void)state;
    psy_norms *const norms = open_norms();
    double out = 3;
    psy_error error;
    const psy_norm_person boy = {.sex = 1, .has_age = 1, .age = 8}, odd = {.sex = 40};
    assert_int_equal(psy_norms_standard(norms, "total", NULL, &boy, 1, &out, &error),
                     PSY_E_ARGUMENT);
    assert_int_equal(psy_norms_standard(norms, "total", "iq", &boy, 1, &out, &error),
                     PSY_E_NOT_FOUND);
    assert_int_equal(psy_norms_standard(norms, "other", "t", &boy, 1, &out, &error),
                     PSY_E_NOT_FOUND);
    assert_int_equal(psy_norms_standard(norms, "total", "t", &odd, 1, &out, &error),
                     PSY_E_ARGUMENT);
    assert_true(out == 3);
    psy_norms_free(norms);
    psy_norms *none = PSY_UNTOUCHED;
    assert_int_equal(psy_norms_load_file(&none, psy_test_path(psy_test_directory(), "no.yaml"),
                                         NULL, NULL, &error),
                     PSY_E_IO);
    assert_int_equal(psy_norms_load_file(&none, NULL, NULL, NULL, &error), PSY_E_ARGUMENT);
    psy_assert_untouched(none);
    psy_test_directory_remove();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_norms_answer_for_a_person),
        cmocka_unit_test(test_questions_that_make_no_sense_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
