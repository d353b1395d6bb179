/* made_norm.c -- see made_norm.h. */
#include "made_norm.h"
#include "test_support.h"

#include <stdio.h>
#include <string.h>

const char *made_norm_write(const char *head, const char *rows)
{
    const char *const directory = psy_test_directory();
    char text[2000];
    const int length = snprintf(
        text, sizeof text,
        "format: psyscreen/norms/1\nid: mine\ninstrument: none\npopulation: {en: nobody, zh: "
        "无人}\nyear: 2026\nsource: made up\nconfidence: memory\noutside: none\n%s",
        head);
    assert_in_range(length, 1, sizeof text - 1);
    psy_test_write_file(psy_test_path(directory, "mine.yaml"), text, strlen(text));
    psy_test_write_file(psy_test_path(directory, "mine.csv"), rows, strlen(rows));
    return psy_test_path(directory, "mine.yaml");
}

psy_norms *made_norm_open(const char *head, const char *rows)
{
    psy_norms *norms = NULL;
    psy_error error = {.status = PSY_OK};
    if (psy_norms_load_file(&norms, made_norm_write(head, rows), NULL, NULL, &error) != PSY_OK)
        fail_msg("%s:%u: %s\n%s", error.where.source, error.where.line, error.message, rows);
    psy_test_directory_remove();
    return norms;
}
