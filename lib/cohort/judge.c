/*
 * judge.c -- from verdicts over cases to planes over students.
 *
 * Critical flags are ORed over every sheet of a student, losers of duplicates included; an
 * unmatched sheet whose code several students share marks each of them.  Whether a critical
 * flag is open is asked of the sheets that count.  Rules of the plan hold for a student when
 * they hold for one of his cases.
 */
#include "base/fail.h"
#include "base/parallel.h"
#include "base/spill.h"
#include "cohort/assembly.h"
#include "cohort/roll.h"

#include <string.h>

#define BLOCKS_A_TASK 16

static psy_status judge_some(void *context, size_t index, psy_error *error)
{
    psyi_results *const r = ((psyi_assembly *)context)->results;
    return psyi_rulebook_run(r->book, &r->cases, index * BLOCKS_A_TASK, BLOCKS_A_TASK, r->verdicts,
                             error);
}

static psy_status exceed_some(void *context, size_t index, psy_error *error)
{
    (void)error;
    psyi_results *const r = ((psyi_assembly *)context)->results;
    const size_t per_task = BLOCKS_A_TASK * PSYI_LANES;
    for (size_t s = index * per_task; s < r->n_students && s < (index + 1) * per_task; s++) {
        psyi_student *const student = &r->students[s];
        psyi_spill_pass(r->allocator, s);
        for (uint32_t i = 0; i < student->n_cases; i++) {
            const double over =
                psyi_exceedance_of(r->book, &r->cases, r->verdicts, student->first_case + i);
            if (over > student->exceedance)
                student->exceedance = over;
        }
    }
    return PSY_OK;
}

/* ---- critical flags ---- */

/* Everybody one of whose sheets has the flag. */
static void fire_flag(psyi_assembly *a, size_t rule)
{
    psyi_results *const r = a->results;
    const psyi_book_rule *const at = &r->book->rules[rule];
    const psyi_scores *const scores = r->scores[at->use];
    for (size_t tile = 0; tile < scores->n_tiles; tile++)
        for (psyi_mask rest = scores->flag_yes[psyi_flag_at(scores, at->flag, tile)]; rest != 0;
             rest &= rest - 1) {
            const size_t record = tile * PSYI_LANES + (size_t)__builtin_ctzll(rest);
            if (record < r->intake->n_records && a->record_student[record] != PSYI_NO_STUDENT)
                psyi_plane_set(r->fired, r->n_blocks, rule, a->record_student[record]);
        }
}

/* What the sheet of one case says about a flag. */
typedef enum flag_state { FLAG_ABSENT, FLAG_DECIDED, FLAG_OPEN } flag_state;

static flag_state flag_of_case(const psyi_results *r, const psyi_book_rule *rule, size_t item)
{
    const psyi_scores *const scores = r->scores[rule->use];
    const uint32_t sheet = r->cases.sheets[rule->use * r->cases.n + item];
    const bool asked = (psyi_asked(r->book, &r->cases, item) >> rule->use & 1u) != 0;
    if (sheet == PSYI_NO_SHEET)
        return asked ? FLAG_OPEN : FLAG_ABSENT;
    if (psyi_scores_flag(scores, rule->flag, sheet) >= 0)
        return FLAG_DECIDED;
    const size_t at = psyi_flag_at(scores, rule->flag, sheet / PSYI_LANES);
    const bool blank = (scores->flag_blank[at] >> (sheet % PSYI_LANES) & 1u) != 0;
    return blank ? FLAG_OPEN : FLAG_ABSENT;
}

static void open_flag(psyi_results *r, size_t rule)
{
    const psyi_book_rule *const at = &r->book->rules[rule];
    for (size_t item = 0; item < r->cases.n; item++) {
        const size_t student = r->case_student[item];
        const flag_state state = flag_of_case(r, at, item);
        psyi_spill_pass(r->allocator, item);
        if (state == FLAG_ABSENT)
            continue;
        psyi_plane_set(r->applied, r->n_blocks, rule, student);
        /* "Not answered" is a yes or no of its own. */
        if (state == FLAG_OPEN && at->kind != PSYI_FLAG_UNANSWERED) {
            psyi_plane_set(r->open, r->n_blocks, rule, student);
            psyi_plane_set(r->could, r->n_blocks, rule, student);
        }
    }
}

int psyi_record_critical(const psyi_results *results, uint32_t record)
{
    int worst = 0;
    for (size_t i = 0; i < results->book->n_critical; i++) {
        const psyi_book_rule *const rule = &results->book->rules[i];
        const int class = rule->kind == PSYI_FLAG_URGENT   ? 2
                          : rule->kind == PSYI_FLAG_REVIEW ? 1
                                                           : 0;
        if (class > worst && results->scores[rule->use] != NULL &&
            psyi_scores_flag(results->scores[rule->use], rule->flag, record) == 1)
            worst = class;
    }
    return worst;
}

/* A critical sheet that may be any of several students' is a question about each of them. */
static void mark_candidates(psyi_assembly *a)
{
    psyi_results *const r = a->results;
    for (size_t i = 0; i < r->n_unmatched; i++) {
        const uint32_t record = r->unmatched[i];
        psyi_spill_pass(r->allocator, i);
        if (r->unmatched_why[i] != PSYI_UNMATCHED_AMBIGUOUS)
            continue;
        const int class = psyi_record_critical(r, record);
        for (uint32_t at = i > 0 ? a->hopeful_ends[i - 1] : 0; class > 0 && at < a->hopeful_ends[i];
             at++) {
            psyi_student *const student = &r->students[a->hopefuls[at]];
            student->why |= PSYI_WHY_AMBIGUOUS;
            if (student->verify < (uint8_t) class)
                student->verify = (uint8_t) class;
        }
    }
}

/* ---- rules of the plan ---- */

static void fold_rule(psyi_results *r, size_t rule)
{
    const psyi_verdicts *const v = r->verdicts;
    const size_t row = rule * v->n_blocks;
    for (size_t item = 0; item < r->cases.n; item++) {
        const size_t block = row + item / PSYI_LANES;
        const unsigned lane = item % PSYI_LANES;
        const size_t student = r->case_student[item];
        psyi_spill_pass(r->allocator, item);
        if (v->yes[block] >> lane & 1u)
            psyi_plane_set(r->fired, r->n_blocks, rule, student);
        if (v->maybe[block] >> lane & 1u)
            psyi_plane_set(r->could, r->n_blocks, rule, student);
        if (v->applies[block] >> lane & 1u)
            psyi_plane_set(r->applied, r->n_blocks, rule, student);
        if ((v->undecided[block] >> lane & 1u) == 0)
            continue;
        psyi_plane_set(r->open, r->n_blocks, rule, student);
        if (v->no_norm[block] >> lane & 1u)
            psyi_plane_set(r->open_norm, r->n_blocks, rule, student);
    }
    /* Of several cases one may be open for a blank: then it is not the norm's fault alone. */
    for (size_t item = 0; item < r->cases.n; item++) {
        const size_t block = row + item / PSYI_LANES;
        const psyi_mask blank = v->undecided[block] & ~v->no_norm[block];
        if (blank >> (item % PSYI_LANES) & 1u)
            psyi_plane_clear(r->open_norm, r->n_blocks, rule, r->case_student[item]);
    }
}

static psy_status make_planes(psyi_results *r, psy_error *error)
{
    r->n_blocks = r->n_students / PSYI_LANES + (r->n_students % PSYI_LANES != 0);
    psyi_mask **const planes[] = {&r->fired, &r->could, &r->open, &r->open_norm, &r->applied};
    for (size_t i = 0; i < sizeof planes / sizeof planes[0]; i++) {
        *planes[i] =
            psyi_arena_alloc(&r->arena, r->book->n_rules * r->n_blocks, sizeof **planes[i]);
        if (*planes[i] == NULL)
            return psyi_fail_memory(error, "verdicts");
    }
    return PSY_OK;
}

psy_status psyi_judge(psyi_assembly *a, psy_error *error)
{
    psyi_results *const r = a->results;
    const size_t per_task = BLOCKS_A_TASK * PSYI_LANES;
    psy_status status = psyi_verdicts_new(&r->verdicts, r->book, r->cases.n, a->allocator, error);
    if (status == PSY_OK)
        status = psyi_parallel(a->n_threads, (r->cases.n + per_task - 1) / per_task, judge_some, a,
                               a->allocator, error);
    if (status == PSY_OK)
        status = psyi_parallel(a->n_threads, (r->n_students + per_task - 1) / per_task, exceed_some,
                               a, a->allocator, error);
    if (status == PSY_OK)
        status = make_planes(r, error);
    if (status != PSY_OK)
        return status;
    for (size_t rule = 0; rule < r->book->n_rules; rule++) {
        if (!r->book->rules[rule].critical) {
            fold_rule(r, rule);
        } else if (r->scores[r->book->rules[rule].use] != NULL) {
            fire_flag(a, rule);
            open_flag(r, rule);
        }
        /* What has fired is decided. */
        for (size_t b = rule * r->n_blocks; b < (rule + 1) * r->n_blocks; b++) {
            r->could[b] &= ~r->fired[b];
            r->open[b] &= ~r->fired[b];
            r->open_norm[b] &= r->open[b];
        }
    }
    mark_candidates(a);
    return PSY_OK;
}
