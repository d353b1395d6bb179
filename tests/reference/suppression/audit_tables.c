/*
 * audit_tables.c -- audits and suppresses the tables on standard input.
 *
 * A table: "cells sums orders", then for each cell "value low high spread reach price hidden" (high
 * -1: none), for each sum "n cell...", for each order "part whole".  For each table a line of
 * "exposure:low:high" of its cells, and one of the cells hidden after suppression, with an
 * asterisk where the audit of that still finds a leak.
 */
#include "test_support.h"

#include <psyscreen/suppression.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static void *room(size_t count, size_t size)
{
    void *const made = calloc(count + 1, size);
    if (made == NULL)
        exit(2);
    return made;
}

static int64_t number(void)
{
    int64_t value;
    if (scanf("%" SCNd64, &value) != 1)
        exit(2);
    return value;
}

static void audit(const psy_tables *t, uint8_t *hidden)
{
    uint8_t *const exposure = room(t->n_cells, 1);
    int64_t *const low = room(t->n_cells, sizeof *low), *const high =
                                                            room(t->n_cells, sizeof *high);
    size_t n_leaks;
    psy_error error = {0};
    if (psy_tables_audit(t, hidden, exposure, low, high, &n_leaks, NULL, &error) != PSY_OK) {
        fprintf(stderr, "%s\n", error.message);
        exit(1);
    }
    for (size_t i = 0; i < t->n_cells; i++)
        printf("%d:%" PRId64 ":%" PRId64 "%c", exposure[i], low[i], high[i],
               i + 1 < t->n_cells ? ' ' : '\n');
    if (psy_tables_suppress(t, hidden, NULL, &error) != PSY_OK) {
        fprintf(stderr, "%s\n", error.message);
        exit(1);
    }
    if (psy_tables_audit(t, hidden, exposure, low, high, &n_leaks, NULL, &error) != PSY_OK)
        exit(1);
    for (size_t i = 0; i < t->n_cells; i++)
        printf("%d%s%c", hidden[i], exposure[i] >= PSY_CELL_NARROW ? "*" : "",
               i + 1 < t->n_cells ? ' ' : '\n');
    free(exposure);
    free(low);
    free(high);
}

int main(void)
{
    long long n_cells, n_sums, n_orders;
    while (scanf("%lld %lld %lld", &n_cells, &n_sums, &n_orders) == 3) {
        psy_cell *const cells = room((size_t)n_cells, sizeof *cells);
        uint8_t *const hidden = room((size_t)n_cells, 1);
        psy_sum *const sums = room((size_t)n_sums, sizeof *sums);
        psy_order *const orders = room((size_t)n_orders, sizeof *orders);
        for (long long i = 0; i < n_cells; i++) {
            cells[i].value = number();
            cells[i].low = number();
            cells[i].high = number();
            if (cells[i].high < 0)
                cells[i].high = INT64_MAX;
            cells[i].spread = number();
            cells[i].reach = number();
            cells[i].price = (uint8_t)number();
            hidden[i] = (uint8_t)number();
        }
        for (long long i = 0; i < n_sums; i++) {
            sums[i].n = (size_t)number();
            uint32_t *const of = room(sums[i].n, sizeof *of);
            for (size_t j = 0; j < sums[i].n; j++)
                of[j] = (uint32_t)number();
            sums[i].cells = of;
        }
        for (long long i = 0; i < n_orders; i++) {
            orders[i].part = (uint32_t)number();
            orders[i].whole = (uint32_t)number();
        }
        const psy_tables tables = {cells,          (size_t)n_cells, sums,
                                   (size_t)n_sums, orders,          (size_t)n_orders};
        audit(&tables, hidden);
        for (long long i = 0; i < n_sums; i++)
            free((void *)sums[i].cells);
        free(cells);
        free(hidden);
        free(sums);
        free(orders);
    }
    return 0;
}
