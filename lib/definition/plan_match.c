/*
 * plan_match.c -- how sheets find their students: the ladder and the table of old numbers.
 *
 * A rung that no file can serve would never be stepped on without anybody noticing, so every
 * field of a rung must have a column on both sides.
 */
#include "definition/plan_build.h"

#include <string.h>

#define BIT(field) (1u << (field))
#define WHO        (BIT(PSYI_FIELD_STUDENT) | BIT(PSYI_FIELD_LOCAL_NO) | BIT(PSYI_FIELD_NAME))

static const psyi_word rung_words[] = {{"student", PSYI_FIELD_STUDENT + 1},
                                       {"local_no", PSYI_FIELD_LOCAL_NO + 1},
                                       {"school", PSYI_FIELD_SCHOOL + 1},
                                       {"grade", PSYI_FIELD_GRADE + 1},
                                       {"class", PSYI_FIELD_CLASS + 1},
                                       {"name", PSYI_FIELD_NAME + 1},
                                       {"sex", PSYI_FIELD_SEX + 1},
                                       {"age", PSYI_FIELD_AGE + 1},
                                       {"birth_date", PSYI_FIELD_BIRTH_DATE + 1},
                                       {NULL, 0}};

static bool has(const psyi_input *input, psyi_field field)
{
    return input->columns[field].n_names > 0;
}

/* An age also comes from a birth date, and a school may be the only one. */
static bool can_serve(const psyi_input *input, psyi_field field, bool roster)
{
    if (field == PSYI_FIELD_AGE)
        return has(input, PSYI_FIELD_AGE) || has(input, PSYI_FIELD_BIRTH_DATE);
    return has(input, field) || (field == PSYI_FIELD_SCHOOL && !roster);
}

static void read_field(psyi_plan_build *build, const psyi_node *node, psyi_rung *rung)
{
    psyi_loader *const loader = build->loader;
    const struct psy_plan *const plan = build->plan;
    int word = 0;
    if (!psyi_read_word(loader, node, rung_words, &word))
        return;
    const psyi_field field = (psyi_field)(word - 1);
    if (rung->fields & BIT(field))
        psyi_problem(loader, node, PSYI_PROBLEM_TWICE, "'%s' stands here twice", node->text);
    rung->fields |= BIT(field);
    if (field == PSYI_FIELD_LOCAL_NO) /* such a number says nothing outside its school */
        rung->fields |= BIT(PSYI_FIELD_SCHOOL);
    const bool roster = plan->roster.present && !can_serve(&plan->roster, field, true);
    if (roster || !can_serve(&plan->responses, field, false))
        psyi_problem(loader, node, PSYI_PROBLEM_VALUE,
                     "the %s has no column for '%s': declare it under `columns:`, or match "
                     "without it",
                     roster ? "roster" : "response file", node->text);
}

static void read_rung(psyi_plan_build *build, const psyi_node *node, psyi_rung *rung)
{
    if (node->kind == PSYI_NODE_LIST)
        for (size_t i = 0; i < node->n; i++)
            read_field(build, node->values[i], rung);
    else
        read_field(build, node, rung);
    if (psyi_loader_ok(build->loader) && (rung->fields & WHO) == 0)
        psyi_problem(build->loader, node, PSYI_PROBLEM_VALUE,
                     "nothing here names a student: a rung needs student, local_no or name");
}

void psyi_plan_match(psyi_plan_build *build, const psyi_node *node)
{
    psyi_loader *const loader = build->loader;
    const size_t n = node != NULL ? node->n : 1;
    if (node != NULL &&
        (!psyi_want(loader, node, PSYI_NODE_LIST, "a list of ways to match") || node->n == 0))
        return;
    psyi_rung *const rungs = psyi_loader_alloc(loader, n, sizeof *rungs);
    if (rungs == NULL)
        return;
    const size_t path = psyi_enter(loader, "match");
    for (size_t i = 0; node != NULL && i < n; i++)
        read_rung(build, node->values[i], &rungs[i]);
    psyi_leave(loader, path);
    if (node == NULL)
        rungs[0].fields = BIT(PSYI_FIELD_STUDENT);
    build->plan->rungs = rungs;
    build->plan->n_rungs = n;
}

void psyi_plan_links(psyi_plan_build *build, const psyi_node *node)
{
    psyi_loader *const loader = build->loader;
    psyi_input *const links = &build->plan->links;
    psyi_plan_table(build, node, "links", links);
    if (!psyi_loader_ok(loader))
        return;
    if (links->file == NULL)
        psyi_problem(loader, node, PSYI_PROBLEM_MISSING,
                     "say which file holds the old and new numbers: file: links.csv");
    if (!has(links, PSYI_FIELD_STUDENT) || !has(links, PSYI_FIELD_FORMER))
        psyi_problem(loader, node, PSYI_PROBLEM_MISSING,
                     "declare columns: {student: ..., former: ...}: the number that holds now, "
                     "and the one before");
}
