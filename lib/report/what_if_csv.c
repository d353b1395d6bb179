/*
 * what_if_csv.c -- whatif.csv: for every cut of every rule and every value it could have, how
 * many students, and how many of them a school could not see at once.
 *
 * One line a value; `current` marks the cut as it stands.  Only people whose results may be
 * printed are counted, as on the lists.
 */
#include "report/report.h"

#include "base/fail.h"
#include "base/spill.h"
#include "table/collect.h"
#include "tier/rule_block.h"
#include "tier/what_if.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_VALUES = 500 };

typedef struct table {
    const psyi_results *results;
    psyi_arena arena;
    psyi_buffer out;
    psyi_workspace *workspace;
    uint8_t *fires;  /* [student] with the cut that is tried */
    int8_t *other;   /* [student] worst rank of all other rules, PSYI_NOT_JUDGED none */
    uint8_t *listed; /* [student] on the list without the rule */
    uint64_t *of_school;
    psy_error *error;
} table;

/* ---- values of a cut ---- */

static int by_value(const void *x, const void *y)
{
    return psyi_ratio_compare(*(const psyi_ratio *)x, *(const psyi_ratio *)y);
}

static psyi_ratio cut_now(const table *t, const psyi_cut *cut)
{
    const psyi_comparison *const c = &cut->comparison;
    const psyi_scale *const scale =
        psyi_use_scale(t->results->plan, psyi_column_use(c->id), psyi_column_index(c->id));
    return c->compare == PSYI_IN && scale->worse_low ? c->upper : c->constant;
}

/* Every whole score of a whole scale; else the different scores there are. */
static size_t values_of(table *t, const psyi_cut *cut, psyi_ratio *out, size_t room)
{
    const psyi_results *const r = t->results;
    const unsigned use = psyi_column_use(cut->comparison.id);
    const unsigned index = psyi_column_index(cut->comparison.id);
    const psyi_scale *const scale = psyi_use_scale(r->plan, use, index);
    size_t n = 0;
    if (psyi_scale_is_whole(scale) && scale->low.den == 1 && scale->high.den == 1 &&
        scale->high.num - scale->low.num < MOST_VALUES) {
        for (int64_t value = scale->low.num; value <= scale->high.num; value++)
            out[n++] = psyi_ratio_make(value, 1);
        return n;
    }
    out[n++] = cut_now(t, cut);
    for (size_t s = 0; s < r->n_students && r->scores[use] != NULL; s++) {
        const uint32_t sheet = psyi_selected(r, s, use);
        psyi_spill_pass(r->allocator, s);
        const psyi_ratio value = sheet != PSYI_NO_SHEET
                                     ? psyi_scores_value(r->scores[use], index, sheet)
                                     : PSYI_RATIO_NONE;
        if (value.den > 0 && n < room)
            out[n++] = value;
    }
    qsort(out, n, sizeof *out, by_value);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || psyi_ratio_compare(out[kept - 1], out[i]) != 0)
            out[kept++] = out[i];
    /* Too many for a table: evenly spaced ones, and the cut as it stands. */
    const size_t step = kept / MOST_VALUES + 1;
    n = 0;
    for (size_t i = 0; i < kept; i++)
        if (i % step == 0 || psyi_ratio_compare(out[i], cut_now(t, cut)) == 0)
            out[n++] = out[i];
    return n;
}

/* ---- one cut ---- */

static void without_rule(table *t, size_t rule)
{
    const psyi_results *const r = t->results;
    for (size_t s = 0; s < r->n_students; s++) {
        psyi_spill_pass(r->allocator, s);
        int worst = PSYI_NOT_JUDGED;
        for (size_t i = 0; i < r->book->n_rules; i++)
            if (i != rule && r->book->rules[i].rank > worst && r->book->rules[i].rank > 0 &&
                psyi_fired(r, s, i))
                worst = r->book->rules[i].rank;
        t->other[s] = (int8_t)worst;
        t->listed[s] = (worst > 0 && psyi_printable(r, s)) || psyi_listed_anyhow(r, s);
    }
}

static void try_value(table *t, const psyi_cut *cut, psyi_ratio value)
{
    const psyi_results *const r = t->results;
    const size_t n_blocks = (r->cases.n + PSYI_LANES - 1) / PSYI_LANES;
    memset(t->fires, 0, r->n_students);
    for (size_t block = 0; block < n_blocks; block++)
        for (psyi_mask rest = psyi_fires_at(r->book, &r->cases, block, cut, value, t->workspace);
             rest != 0; rest &= rest - 1) {
            const uint32_t s = r->case_student[block * PSYI_LANES + (size_t)__builtin_ctzll(rest)];
            t->fires[s] = psyi_printable(r, s) && r->students[s].status != PSYI_STATUS_ABSENT;
        }
}

static void add_line(table *t, const psyi_cut *cut, psyi_ratio value)
{
    const psyi_results *const r = t->results;
    const psyi_book_rule *const rule = &r->book->rules[cut->rule];
    const psyi_comparison *const c = &cut->comparison;
    uint64_t fires = 0, decides = 0, listed = 0, waiting = 0, schools = 0;
    char text[40];
    memset(t->of_school, 0, r->n_schools * sizeof *t->of_school);
    for (size_t s = 0; s < r->n_students; s++) {
        psyi_spill_pass(r->allocator, s);
        fires += t->fires[s];
        decides += t->fires[s] && rule->rank > t->other[s];
        if (t->listed[s] || t->fires[s]) {
            listed++;
            t->of_school[r->students[s].school]++;
        }
    }
    for (size_t i = 0; i < r->n_schools && r->capacity > 0; i++)
        if (t->of_school[i] > r->capacity) {
            waiting += t->of_school[i] - r->capacity;
            schools++;
        }
    psyi_buffer_text(&t->out, rule->id);
    psyi_buffer_format(&t->out, ",%d,", rule->rank);
    psyi_csv_cell(&t->out, c->text, strlen(c->text));
    psyi_buffer_char(&t->out, ',');
    psyi_buffer_add(&t->out, text, psyi_ratio_print(value, text));
    psyi_buffer_text(&t->out, psyi_ratio_compare(value, cut_now(t, cut)) == 0 ? ",true" : ",false");
    psyi_buffer_format(&t->out, ",%llu,%llu,%llu,", (unsigned long long)fires,
                       (unsigned long long)decides, (unsigned long long)listed);
    if (r->capacity > 0)
        psyi_buffer_format(&t->out, "%llu,%llu,", (unsigned long long)waiting,
                           (unsigned long long)schools);
    else
        psyi_buffer_text(&t->out, ",,");
    /* A rank alone does not say which end is worst. */
    const char *const tier = psy_plan_tier_name(r->plan, rule->rank, "en");
    psyi_csv_cell(&t->out, tier != NULL ? tier : "", tier != NULL ? strlen(tier) : 0);
    psyi_buffer_char(&t->out, '\n');
}

static psy_status add_cut(table *t, const psyi_cut *cut)
{
    const psyi_results *const r = t->results;
    const size_t room = r->n_students + MOST_VALUES + 1;
    psyi_ratio *const values = psyi_alloc(r->allocator, room, sizeof *values);
    if (values == NULL)
        return psyi_fail_memory(t->error, "whatif.csv");
    const size_t n = values_of(t, cut, values, room);
    without_rule(t, cut->rule);
    for (size_t i = 0; i < n; i++) {
        try_value(t, cut, values[i]);
        add_line(t, cut, values[i]);
    }
    psyi_free(r->allocator, values);
    return PSY_OK;
}

static psy_status fill(table *t)
{
    const psyi_results *const r = t->results;
    psyi_cut *cuts;
    size_t n_cuts;
    t->fires = psyi_arena_alloc(&t->arena, r->n_students, sizeof *t->fires);
    t->other = psyi_arena_alloc(&t->arena, r->n_students, sizeof *t->other);
    t->listed = psyi_arena_alloc(&t->arena, r->n_students, sizeof *t->listed);
    t->of_school = psyi_arena_alloc(&t->arena, r->n_schools, sizeof *t->of_school);
    if (t->fires == NULL || t->other == NULL || t->listed == NULL || t->of_school == NULL)
        return psyi_fail_memory(t->error, "whatif.csv");
    psy_status status = psyi_cuts(r->book, &t->arena, &cuts, &n_cuts, t->error);
    if (status == PSY_OK)
        status = psyi_workspace_new(&t->workspace, r->book->programs, r->book->n_programs,
                                    r->allocator, t->error);
    for (size_t i = 0; i < n_cuts && status == PSY_OK; i++)
        status = add_cut(t, &cuts[i]);
    return status;
}

psy_status psyi_report_what_if(const psyi_results *results, const psy_sink *sink, psy_error *error)
{
    table t = {.results = results, .error = error};
    psyi_arena_init(&t.arena, results->allocator);
    psyi_buffer_init(&t.out, results->allocator);
    psyi_buffer_text(
        &t.out, "rule,rank,score,cut,current,fires,decides,listed,waiting,schools_over,tier\n");
    psy_status status = fill(&t);
    if (status == PSY_OK && t.out.failed)
        status = psyi_fail_memory(error, "whatif.csv");
    if (status == PSY_OK && sink->write(sink->context, t.out.data, t.out.length) != 0)
        status = psyi_fail(error, PSY_E_OUTPUT, NULL, "whatif.csv could not be written");
    psyi_workspace_free(t.workspace);
    psyi_buffer_done(&t.out);
    psyi_arena_done(&t.arena);
    return status;
}
