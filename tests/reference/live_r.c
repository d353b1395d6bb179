/*
 * live_r.c -- see live_r.h.
 */
#include "live_r.h"
#include "test_support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

bool live_r_run(const char *script_in_project, const char **directory)
{
    char command[2000];
    *directory = psy_test_directory();
    snprintf(command, sizeof command, "Rscript --vanilla '%s' '%s' >/dev/null",
             psy_test_source(script_in_project), *directory);
    const int status = system(command);
    if (status != -1 && WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    psy_test_directory_remove();
    /* 127: the shell found no Rscript; 77: the script found no package. */
    if (status == -1 || !WIFEXITED(status) ||
        (WEXITSTATUS(status) != 127 && WEXITSTATUS(status) != 77))
        fail_msg("%s failed", script_in_project);
    print_message("%s skipped: no Rscript, or a package of it is missing\n", script_in_project);
    return false;
}

bool live_r_tables(const char *script_in_project, const live_r_table *tables, size_t n)
{
    const char *directory;
    if (!live_r_run(script_in_project, &directory))
        return false;
    for (size_t i = 0; i < n; i++)
        *tables[i].csv = plain_csv_open(psy_test_path(directory, tables[i].name));
    psy_test_directory_remove();
    return true;
}

double live_r_number(const plain_csv *csv, size_t row, const char *column)
{
    const char *const text = plain_csv_text(csv, row, column);
    return *text == '\0' ? NAN : strtod(text, NULL);
}

void live_r_near(const char *what, size_t row, double got, double want, double tolerance)
{
    if (isnan(want) ? isnan(got) : isinf(want) ? got == want : false)
        return;
    if (!(fabs(got - want) <= tolerance * fmax(1, fabs(want))))
        fail_msg("%s of row %zu is %.17g, R has %.17g", what, row, got, want);
}
