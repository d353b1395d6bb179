/* score_arrays.c -- score PHQ-9 answers that are already in memory.
 *
 *     score_arrays DIRECTORY     where DIRECTORY holds phq9.yaml
 *
 * Prints the total, its band and the critical flag of three people. */
#include <psyscreen/psyscreen.h>

#include <stdio.h>
#include <stdlib.h>

static int fail(const psy_error *error)
{
    char text[1024];
    psy_error_format(error, NULL, 0, text, sizeof text);
    fprintf(stderr, "%s\n", text);
    return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    enum { PEOPLE = 3, ITEMS = 9 };
    /* One row a person, -1 where nothing was answered. */
    static const int8_t answers[PEOPLE][ITEMS] = {
        {0, 0, 0, 0, 0, 0, 0, 0, 0},
        {2, 2, 2, 2, 0, 0, 0, 0, 1},
        {2, 2, 2, 2, 0, 0, 0, -1, -1},
    };
    const char *directories[] = {argc > 1 ? argv[1] : "."};
    psy_catalog *catalog = NULL;
    const psy_instrument *phq9 = NULL;
    psy_answers *sheets = NULL;
    psy_table *table = NULL;
    psy_error error;
    psy_status status;

    if ((status = psy_catalog_open(&catalog, directories, 1, NULL, &error)) != PSY_OK ||
        (status = psy_catalog_find(catalog, "phq9", NULL, &phq9, &error)) != PSY_OK ||
        (status = psy_answers_new(&sheets, phq9, NULL, PEOPLE, NULL, &error)) != PSY_OK)
        goto done;
    for (size_t item = 0; item < ITEMS; item++) {
        const double blank = -1;
        status = psy_answers_set_column(sheets, item, &answers[0][item], PSY_INT8,
                                        sizeof answers[0], &blank, NULL, &error);
        if (status != PSY_OK)
            goto done;
    }
    if ((status = psy_score_answers(&table, sheets, NULL, NULL, &error)) != PSY_OK)
        goto done;

    const size_t total = psy_table_find(table, "phq9.total");
    const size_t band = psy_table_find(table, "phq9.total.band");
    const size_t critical = psy_table_find(table, "phq9.critical_9");
    for (size_t person = 0; person < PEOPLE; person++) {
        double score = 0;
        const char *name = "";
        size_t length = 0;
        bool flag = false;
        const bool scored = psy_table_get_double(table, total, person, &score);
        psy_table_get_text(table, band, person, &name, &length);
        const bool decided = psy_table_get_bool(table, critical, person, &flag);
        printf("person %zu: ", person + 1);
        if (scored)
            printf("total %g (%.*s)", score, (int)length, name);
        else
            printf("not scored");
        printf(", item 9 %s\n", !decided ? "not answered: ask" : flag ? "positive" : "negative");
    }
done:
    psy_table_free(table);
    psy_answers_free(sheets);
    psy_catalog_free(catalog);
    return status == PSY_OK ? EXIT_SUCCESS : fail(&error);
}
