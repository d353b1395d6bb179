/* decide_rule.c -- the rule language over columns of one's own: true, false, or undecided. */
#include <psyscreen/psyscreen.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    enum { ROWS = 4 };
    const double total[ROWS] = {21, 9, NAN, 16}, item_9[ROWS] = {2, 3, 0, NAN};
    const double *const columns[] = {total, item_9};
    const char *const names[] = {"total", "item_9"};
    int8_t outcome[ROWS];
    psy_program *program = NULL;
    psy_error error;

    psy_status status = psy_program_compile(&program, "total >= 20 or item_9 >= 2", names, 2,
                                            NULL, &error);
    if (status == PSY_OK)
        status = psy_program_decide(program, columns, ROWS, outcome, &error);
    for (size_t row = 0; status == PSY_OK && row < ROWS; row++)
        printf("row %zu: %s\n", row + 1,
               outcome[row] < 0 ? "undecided" : outcome[row] ? "true" : "false");
    if (status != PSY_OK)
        fprintf(stderr, "%s\n", error.message);
    psy_program_free(program);
    return status == PSY_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
