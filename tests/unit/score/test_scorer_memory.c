/*
 * test_scorer_memory.c -- compiling an instrument and scoring with it, with every allocation
 * failing once and for good: the error, no leak, nothing half made.
 *
 * Arenas are those of small_arena.c, so that each table of a plan fails on its own.
 */
#include "answers/sheets.h"
#include "catalogue.h"
#include "definition/load.h"
#include "score/scorer.h"
#include "test_support.h"

#include <psyscreen/catalog.h>

#include <stdio.h>
#include <string.h>

typedef struct scoring {
    const psy_instrument *instrument;
    unsigned variant;
    psyi_sheets *sheets;
    psyi_person people[70];
} scoring;

static psy_status score_once(const psy_allocator *allocator, void *context)
{
    scoring *const from = context;
    psyi_scorer *scorer = PSY_UNTOUCHED;
    psyi_scores *scores = PSY_UNTOUCHED;
    psyi_events events = {0};
    psy_status status =
        psyi_scorer_new(&scorer, from->instrument, from->variant, NULL, allocator, NULL);
    if (status != PSY_OK) {
        psy_assert_untouched(scorer);
        return status;
    }
    status = psyi_scores_new(&scores, scorer, from->sheets, allocator, NULL);
    if (status == PSY_OK) {
        status = psyi_scores_run_all(scores, from->people, 1, &events, NULL);
        psyi_free(allocator, events.events);
        psyi_scores_free(scores);
    } else {
        psy_assert_untouched(scores);
    }
    psyi_scorer_free(scorer);
    return status;
}

/* Sixty-six sheets: a whole tile, and a second that is not full; blanks in every third. */
static size_t sweep(const psy_instrument *instrument, unsigned variant)
{
    scoring from = {.instrument = instrument, .variant = variant};
    const size_t n = 66;
    dice d = {1};
    assert_int_equal(psyi_sheets_new(&from.sheets, instrument, n, NULL, NULL), PSY_OK);
    for (size_t sheet = 0; sheet < n; sheet++) {
        from.people[sheet] = (psyi_person){.sex = (uint8_t)(sheet % 3),
                                           .informant = (uint8_t)(sheet % 4),
                                           .grade = (int16_t)(sheet % 17),
                                           .age = (int16_t)(sheet % 20)};
        psyi_sheets_mark(from.sheets, sheet);
        for (size_t i = 0; i < instrument->n_items; i++) {
            const psyi_item *const item = &instrument->items[i];
            const psyi_response *const response = &instrument->responses[item->response];
            uint8_t *const byte = psyi_sheets_byte(from.sheets, sheet, i);
            *byte = 0;
            if (sheet % 3 == 0 && roll(&d, 8) == 0)
                *byte = PSYI_BLANK;
            else if (response->kind == PSYI_CODED)
                *byte = (uint8_t)roll(&d, response->n_codes);
            else
                from.sheets->numbers[i][sheet] = item->low;
        }
    }
    const size_t calls = psy_sweep(score_once, &from);
    psyi_sheets_free(from.sheets);
    return calls;
}

static void test_instruments_of_every_kind(void **state)
{
    (void)state;
    static const char *const ids[] = {"phq_a", "scl90", "psqi",        "sdq", "promis_ped_dep8a",
                                      "sas",   "cesdc", "asq_suicide", "ais", "dass21"};
    const char *const directories[] = {PSY_SOURCE_DIR "/instruments"};
    psy_catalog *catalog = NULL;
    assert_int_equal(psy_catalog_open(&catalog, directories, 1, NULL, NULL), PSY_OK);
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        const psy_instrument *instrument = NULL;
        assert_int_equal(psy_catalog_find(catalog, ids[i], NULL, &instrument, NULL), PSY_OK);
        const size_t calls = sweep(instrument, (unsigned)instrument->n_variants - 1);
        if (calls < 20)
            fail_msg("%s: %zu allocations", ids[i], calls);
    }
    psy_catalog_free(catalog);
}

/* Scores by sum and by answer pattern; and one with every construct of the format. */
static void test_item_response_theory(void **state)
{
    (void)state;
    const char *const directories[] = {PSY_SOURCE_DIR "/tests/reference/c_irt/definitions"};
    psy_catalog *catalog = NULL;
    const psy_instrument *instrument = NULL;
    assert_int_equal(psy_catalog_open(&catalog, directories, 1, NULL, NULL), PSY_OK);
    assert_int_equal(psy_catalog_find(catalog, "grm5", NULL, &instrument, NULL), PSY_OK);
    assert_true(sweep(instrument, 0) > 20);
    psy_catalog_free(catalog);
}

static void test_every_construct(void **state)
{
    (void)state;
    psy_instrument *const instrument = instrument_of_test("constructs.yaml");
    for (unsigned variant = 0; variant < instrument->n_variants; variant++)
        assert_true(sweep(instrument, variant) > 50);
    psy_instrument_free(instrument);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_instruments_of_every_kind),
        cmocka_unit_test(test_item_response_theory),
        cmocka_unit_test(test_every_construct),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
