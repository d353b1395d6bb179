/*
 * score_stdin.c -- the public way to score a file, as a filter for comparing scripts:
 * `score_stdin DEFINITION ID [KEEP...]` reads CSV from stdin and writes the table.
 */
#include <psyscreen/catalog.h>
#include <psyscreen/score.h>

#include <stdio.h>

static size_t read_stdin(void *context, void *buffer, size_t size)
{
    (void)context;
    const size_t n = fread(buffer, 1, size, stdin);
    return ferror(stdin) ? (size_t)-1 : n;
}

static int write_stdout(void *context, const void *bytes, size_t size)
{
    (void)context;
    return fwrite(bytes, 1, size, stdout) != size;
}

static psy_status score(const char *definition, const char *id, const char *const *keep,
                        size_t n_keep, psy_error *error)
{
    psy_catalog *catalog = NULL;
    psy_table *table = NULL;
    const psy_source source = {read_stdin, NULL, "<stdin>"};
    const psy_sink sink = {write_stdout, NULL};
    psy_status status;
    if ((status = psy_catalog_open(&catalog, NULL, 0, NULL, error)) != PSY_OK ||
        (status = psy_catalog_add(catalog, definition, error)) != PSY_OK ||
        (status = psy_score_csv(&table, catalog, &id, 1, keep, n_keep, NULL, &source, NULL, NULL,
                                error)) != PSY_OK)
        goto done;
    status = psy_table_write_csv(table, &sink, error);
done:
    psy_table_free(table);
    psy_catalog_free(catalog);
    return status;
}

int main(int argc, char **argv)
{
    psy_error error = {.status = PSY_OK};
    if (argc < 3) {
        fprintf(stderr, "usage: score_stdin DEFINITION ID [KEEP...]\n");
        return 2;
    }
    if (score(argv[1], argv[2], (const char *const *)argv + 3, (size_t)argc - 3, &error) !=
        PSY_OK) {
        fprintf(stderr, "%s:%u: %s\n", error.where.source, (unsigned)error.where.line,
                error.message);
        return 1;
    }
    return 0;
}
