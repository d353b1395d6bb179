/*
 * catalogue.c -- instruments and random numbers for the tests of scoring.
 */
#include "catalogue.h"
#include "base/file.h"
#include "test_support.h"

#include <stdio.h>
#include <string.h>

void catalogue_open(catalogue *all)
{
    char **names = NULL;
    size_t n_names = 0;
    all->n = 0;
    if (psyi_directory_list(psy_test_source("instruments"), NULL, &names, &n_names, NULL) != PSY_OK)
        n_names = 0;
    for (size_t i = 0; i < n_names && all->n + 2 < CATALOGUE_ROOM; i++) {
        const size_t length = strlen(names[i]);
        if (length < 6 || strcmp(names[i] + length - 5, ".yaml") != 0)
            continue;
        char path[600];
        snprintf(path, sizeof path, "%s/%s", psy_test_source("instruments"), names[i]);
        psy_error error;
        if (psy_instrument_load_file(&all->instruments[all->n], path, NULL, NULL, &error) == PSY_OK)
            all->n++;
        else
            print_message("  does not load: %s: %s\n", names[i], error.message);
    }
    psyi_free(NULL, names);
    all->instruments[all->n++] = instrument_of_test("constructs.yaml");
    all->instruments[all->n++] = instrument_of_test("long_form.yaml");
}

void catalogue_close(catalogue *all)
{
    for (size_t i = 0; i < all->n; i++)
        psy_instrument_free(all->instruments[i]);
}

psy_instrument *instrument_of_test(const char *name)
{
    char path[100];
    psy_instrument *instrument = NULL;
    psy_error error = {.status = PSY_OK};
    snprintf(path, sizeof path, "tests/unit/score/%s", name);
    if (psy_instrument_load_file(&instrument, psy_test_source(path), NULL, NULL, &error) != PSY_OK)
        fail_msg("%s:%u:%u: %s", name, (unsigned)error.where.line, (unsigned)error.where.column,
                 error.message);
    return instrument;
}

psy_instrument *instrument_of_text(const char *text)
{
    psy_instrument *instrument = NULL;
    psy_error error = {.status = PSY_OK};
    if (psy_instrument_load_memory(&instrument, text, strlen(text), "<test>", NULL, NULL, &error) !=
        PSY_OK)
        fail_msg("%u:%u: %s", (unsigned)error.where.line, (unsigned)error.where.column,
                 error.message);
    return instrument;
}

unsigned roll(dice *from, unsigned sides)
{
    return psy_test_below(&from->state, sides);
}
