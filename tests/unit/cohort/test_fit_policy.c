/*
 * test_fit_policy.c -- l_z and l*_z in a plan: the item parameters of a norm, the sheets of a
 * wave, and the values of the public function, which agrees with R's mirt.
 */
#include "screening_ward.h"

#include <psyscreen/validity.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ITEMS = 9, ROWS = 5 };

static const char *const sheets[ROWS] = {
    "111000000",                           /* what is often said is said */
    "000000222",                           /* only what is hardly ever said */
    "333333333", "000000000", "11100000.", /* a blank: no fit */
};

static void write_norm(const char *directory, double *a, double *d)
{
    static const char head[] =
        "format: psyscreen/norms/1\nid: fit\ninstrument: phq9\nkind: irt\nmetric: t\n"
        "population: {en: made up, zh: 虚构}\nyear: 2026\nsource: made up\nconfidence: memory\n"
        "outside: none\nestimate: eapsum\nraw_range: 0..27\ngrid: {from: -6, to: 6, points: 121}\n";
    psyi_buffer rows;
    psyi_buffer_init(&rows, NULL);
    psyi_buffer_text(&rows, "scale,item,step,value\n");
    for (int i = 0; i < ITEMS; i++) {
        a[i] = 2;
        psyi_buffer_format(&rows, "total,%d,0,2\n", i + 1);
        for (int s = 0; s < 3; s++) {
            d[3 * i + s] = 1 - i / 2.0 - s; /* the later items are rarer */
            psyi_buffer_format(&rows, "total,%d,%d,%g\n", i + 1, s + 1, d[3 * i + s]);
        }
    }
    psy_test_write_file(psy_test_path(directory, "fit.yaml"), head, strlen(head));
    psy_test_write_file(psy_test_path(directory, "fit.csv"), rows.data, rows.length);
    psyi_buffer_done(&rows);
}

/* What the public function says of the complete ones. */
static void expect(const double *a, const double *d, double *lz, double *lz_star, uint8_t *state)
{
    static int8_t columns[ITEMS][ROWS];
    static const uint8_t highest[ITEMS] = {3, 3, 3, 3, 3, 3, 3, 3, 3};
    const int8_t *items[ITEMS];
    for (int i = 0; i < ITEMS; i++) {
        items[i] = columns[i];
        for (int row = 0; row < ROWS; row++)
            columns[i][row] = sheets[row][i] == '.' ? -1 : (int8_t)(sheets[row][i] - '0');
    }
    const psy_answer_grid grid = {.version = PSY_ANSWER_GRID_VERSION,
                                  .n_threads = 1,
                                  .n_items = ITEMS,
                                  .n_rows = ROWS,
                                  .items = items};
    const psy_graded_items model = {ITEMS, highest, a, d};
    assert_int_equal(psy_validity_person_fit(&grid, &model, NULL, lz, lz_star, state, NULL),
                     PSY_OK);
}

static const psyi_evidence *evidence_of(const ward *w, const char *student, unsigned sign)
{
    const psyi_results *const r = w->results;
    const psyi_student *const s = &r->students[ward_student(w, NULL, student)];
    for (uint32_t i = r->evidence_first[s->records[0]]; i < r->evidence_first[s->records[0] + 1];
         i++)
        if (r->evidence.list[i].sign == sign)
            return &r->evidence.list[i];
    return NULL;
}

static void test_misfit_is_evidence(void **state)
{
    (void)state;
    double a[ITEMS], d[3 * ITEMS], lz[ROWS], lz_star[ROWS];
    uint8_t states[ROWS];
    char directory[512], norm[700];
    snprintf(directory, sizeof directory, "%s/fit-XXXXXX", PSY_BINARY_DIR);
    assert_non_null(mkdtemp(directory));
    write_norm(directory, a, d);
    expect(a, d, lz, lz_star, states);
    snprintf(norm, sizeof norm, "{id: fit, scale: phq9.total, file: %s/fit.yaml, metrics: [t]}",
             directory);
    ward w;
    ward_open(&w, &(ward_plan){.norms = norm,
                               .policy = "{inconsistency: {min_items: 9, needed: 1, person_total: "
                                         "off, mahalanobis: off, l_z: -1.64, l_z_star: -1.64}}"});
    ward_row rows[ROWS];
    char codes[ROWS][8];
    for (int i = 0; i < ROWS; i++) {
        snprintf(codes[i], sizeof codes[i], "S%d", i);
        rows[i] = (ward_row){.student = codes[i],
                             .school = "A",
                             .grade = "8",
                             .time = "2026-10-01 08:00",
                             .mht = mht(0, 0, NULL),
                             .phq = sheets[i]};
    }
    ward_run(&w, NULL, rows, ROWS, 1);
    assert_true(states[1] == PSY_INDEX_DEFINED && lz[1] < -1.64); /* the case is one */
    assert_int_equal(states[4], PSY_INDEX_BLANKS);
    for (int i = 0; i < ROWS; i++)
        for (int star = 0; star < 2; star++) {
            const double value = star ? lz_star[i] : lz[i];
            const psyi_evidence *const one =
                evidence_of(&w, codes[i], star ? PSYI_SIGN_LZ_STAR : PSYI_SIGN_LZ);
            const bool misfit = states[i] == PSY_INDEX_DEFINED && value < -1.64;
            assert_true((one != NULL) == misfit);
            if (one != NULL)
                assert_true(fabs(one->value - value) <= 0.0005 + 1e-12); /* three decimals */
        }
    const psyi_student *const odd = &w.results->students[ward_student(&w, NULL, "S1")];
    assert_int_equal(odd->families, 1 << PSYI_FAMILY_INCONSISTENCY);
    assert_int_equal(odd->status, PSYI_STATUS_DOUBTFUL);
    psyi_buffer words;
    psyi_buffer_init(&words, NULL);
    psyi_evidence_words(w.results, ward_student(&w, NULL, "S1"), PSYI_ZH, &words);
    assert_non_null(strstr(words.data, "l_z"));
    psyi_buffer_done(&words);
    ward_close(&w);
    remove(psy_test_path(directory, "fit.yaml"));
    remove(psy_test_path(directory, "fit.csv"));
    remove(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_misfit_is_evidence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
