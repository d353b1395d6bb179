/*
 * test_simulate.c -- a simulated district is written while it is drawn: in little memory, whole
 * or not at all.
 */
#include "test_support.h"

#include "base/file.h"
#include "screening/simulate.h"

#include <psyscreen/catalog.h>
#include <psyscreen/plan.h>
#include <psyscreen/screening.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MIB ((size_t)1 << 20)

static psy_plan *shipped_plan(psy_catalog **catalog)
{
    const char *const instruments = psy_test_path(PSY_SOURCE_DIR, "instruments");
    psy_plan *plan = NULL;
    char path[600];
    assert_int_equal(psy_catalog_open(catalog, &instruments, 1, NULL, NULL), PSY_OK);
    snprintf(path, sizeof path, "%s/instruments/plans/district_demo.yaml", PSY_SOURCE_DIR);
    assert_int_equal(psy_plan_load_file(&plan, path, *catalog, NULL, NULL, NULL), PSY_OK);
    return plan;
}

/* ---- an allocator that knows how much is taken ---- */

typedef struct taken {
    size_t now, most;
} taken;

static void taken_release(void *context, void *block)
{
    taken *const of = context;
    if (block == NULL)
        return;
    size_t *const head = (size_t *)block - 2;
    of->now -= *head;
    free(head);
}

static void *taken_resize(void *context, void *block, size_t size)
{
    taken *const of = context;
    size_t *const before = block != NULL ? (size_t *)block - 2 : NULL;
    const size_t had = before != NULL ? *before : 0;
    size_t *const head = realloc(before, size + 2 * sizeof *head);
    if (head == NULL)
        return NULL;
    *head = size;
    of->now = of->now - had + size;
    of->most = of->now > of->most ? of->now : of->most;
    return head + 2;
}

static size_t size_of(const char *directory, const char *name)
{
    size_t size = 0;
    assert_true(psyi_file_size(psy_test_path(directory, name), &size));
    return size;
}

static void test_memory_does_not_grow(void **state)
{
    (void)state;
    psy_catalog *catalog;
    psy_plan *const plan = shipped_plan(&catalog);
    const char *const directory = psy_test_directory();
    taken of = {0};
    const psy_allocator allocator = {
        .resize = taken_resize, .release = taken_release, .context = &of};
    assert_int_equal(psy_simulate(plan, 12000, 12, 3, directory, &allocator, NULL), PSY_OK);
    assert_int_equal(of.now, 0);
    assert_true(size_of(directory, "responses_1.csv") > 3 * MIB);
    assert_true(size_of(directory, "roster.csv") > MIB);
    assert_true(of.most < 3 * MIB);
    psy_plan_free(plan);
    psy_catalog_free(catalog);
    psy_test_directory_remove();
}

/* ---- whole or not at all ---- */

static size_t entries(const char *directory)
{
    char **names;
    size_t n;
    assert_int_equal(psyi_directory_list(directory, NULL, &names, &n, NULL), PSY_OK);
    psyi_free(NULL, names);
    return n;
}

static void test_what_cannot_be_named_is_not_left(void **state)
{
    (void)state;
    psy_catalog *catalog;
    psy_plan *const plan = shipped_plan(&catalog);
    const char *const directory = psy_test_directory();
    psy_error error;
    /* Directories stand where the first file, and where the workbook should. */
    static const char *const taken_names[] = {"responses_3.csv", "responses_4.xlsx"};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(mkdir(psy_test_path(directory, taken_names[i]), 0700), 0);
        const size_t before = entries(directory);
        assert_int_equal(psy_simulate(plan, 60, 2, 3, directory, NULL, &error), PSY_E_OUTPUT);
        assert_non_null(strstr(error.message, taken_names[0]));
        assert_int_equal(entries(directory), before);
    }
    assert_int_equal(rmdir(psy_test_path(directory, taken_names[0])), 0);
    assert_int_equal(psy_simulate(plan, 60, 2, 3, directory, NULL, &error), PSY_E_OUTPUT);
    assert_non_null(strstr(error.message, taken_names[1]));
    assert_int_equal(entries(directory), 2); /* the first file has its name already */
    psy_plan_free(plan);
    psy_catalog_free(catalog);
    psy_test_directory_remove();
}

static psy_status simulate_few(const psy_allocator *allocator, void *plan)
{
    const char *const directory = psy_test_directory();
    const psy_status status = psy_simulate(plan, 12, 1, 3, directory, allocator, NULL);
    psy_test_directory_remove();
    return status;
}

static void test_sweep(void **state)
{
    (void)state;
    psy_catalog *catalog;
    psy_plan *const plan = shipped_plan(&catalog);
    assert_true(psy_sweep_every(5, simulate_few, plan) > 50);
    psy_plan_free(plan);
    psy_catalog_free(catalog);
}

/* ---- answers ---- */

/* Every option is drawn, however many there are, and every scale has chances of its own. */
static void test_many_options_and_many_scales(void **state)
{
    (void)state;
    enum { SCALES = 65, DRAWS = 6000 };
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    psyi_buffer_text(&text, "format: psyscreen/instrument/1\nid: wide\nedition: \"1\"\n"
                            "name: {en: Wide}\ninformants: [self]\ntext_licence: none\n"
                            "sources: [{cite: made up, for: [scoring], confidence: memory}]\n"
                            "responses: {slider: {codes: 0..100}}\n"
                            "items: [{ids: 1..65, response: slider}]\nscales:\n");
    for (int i = 1; i <= SCALES; i++)
        psyi_buffer_format(&text,
                           "  s%d: {name: {en: S}, items: [%d], score: sum, worse: high, range: "
                           "0..100, confidence: memory}\n",
                           i, i);
    psy_instrument *instrument;
    psyi_answer_model *model;
    psy_error error = {.status = PSY_OK};
    if (psy_instrument_load_memory(&instrument, text.data, text.length, "wide", NULL, NULL,
                                   &error) != PSY_OK)
        fail_msg("%s", error.message);
    assert_int_equal(psyi_answer_model_new(&model, instrument, NULL, &error), PSY_OK);
    unsigned seen[101] = {0};
    double x = 0, y = 0, xx = 0, yy = 0, xy = 0;
    for (uint64_t i = 0; i < DRAWS; i++) {
        psyi_chance chance = psyi_chance_stream(1, 3, i);
        int32_t codes[SCALES];
        psyi_answers_draw(model, 0, PSYI_ATTENTIVE, &chance, codes);
        for (int k = 0; k < SCALES; k++)
            seen[codes[k]]++;
        x += codes[0], y += codes[64];
        xx += (double)codes[0] * codes[0], yy += (double)codes[64] * codes[64];
        xy += (double)codes[0] * codes[64];
    }
    for (int code = 0; code <= 100; code++)
        assert_true(seen[code] > 0);
    const double r = (DRAWS * xy - x * y) / sqrt((DRAWS * xx - x * x) * (DRAWS * yy - y * y));
    assert_true(fabs(r) < .06); /* chance alone: .013 */
    psyi_answer_model_free(model);
    psy_instrument_free(instrument);
    psyi_buffer_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory_does_not_grow),
        cmocka_unit_test(test_what_cannot_be_named_is_not_left),
        cmocka_unit_test(test_sweep),
        cmocka_unit_test(test_many_options_and_many_scales),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
