/*
 * publication_hold.c -- two publications of one wave, subtracted.
 *
 * Whoever has both knows, number by number, by how much it has changed; and of what did not change
 * he knows that it is what it was.  So, of a row of numbers about the same people:
 *
 *  - where nobody has changed, as far as the two files show it, only what was shown is shown.
 *    (Hidden there and shown here, it would open what was hidden beside it.)
 *  - where somebody has changed, everything is hidden, and so is every sum it stands in; but for
 *  - sums over the whole district: they may be shown where so many have changed, in so many rows,
 *    that each of these rows can still be anything between nobody and all of those who came to it.
 *
 * What is left to subtract are then those sums.  The tables of before, safe by themselves, and the
 * changes between are two things that nothing shown ties together: any solution of the one goes
 * with any of the other.  So no more can be worked out of what was hidden before than from the
 * first file alone, and of a change no more than its sum.
 *
 * Several publications are held one by one: after that no number that this one shows has, in
 * any pair with it, a difference that tells of few; and pairs of those of before were held when the
 * later of them was made.
 *
 * Schools beside each other are not compared where a number of the comparison has changed: what is
 * expected of each moves with the rates of all.
 */
#include "report/publication.h"

#include "cohort/published_file.h"

#include <stdlib.h>
#include <string.h>

/* How many came to the rows that have changed. */
typedef struct growth {
    uint64_t sum, most;
    size_t n;
    bool fit; /* nobody left, and no row came or went */
} growth;

enum { BY_TESTED, BY_VALID, BY_INVALID, GROWTHS };

typedef struct holding {
    psyi_release *release;
    const psyi_published *before;
    psyi_release_cells *cells;
    const psyi_printed *all;
    bool *changed; /* per row, beside this one */
    bool *counted; /* per row: changed beside any */
    uint64_t least;
    growth schools[GROWTHS], groups[GROWTHS];
} holding;

static const char *earlier(const holding *h, const psyi_printed_row *row, const char *figure)
{
    return psyi_published_find(h->before, row->sheet, row->row, figure);
}

static bool read_count(const char *text, int64_t *out)
{
    char *end;
    if (text == NULL || text[0] < '0' || text[0] > '9' || strlen(text) > 18)
        return false;
    *out = strtoll(text, &end, 10);
    return *end == '\0';
}

/* Has it a row before?  Every row has people, or numbers. */
static bool is_known(const holding *h, const psyi_printed_row *row)
{
    const char *const figure =
        row->n_bases > 0 ? row->base_names[0] : h->all->numbers[row->first].figure;
    return (row->n_bases > 0 || row->n > 0) && earlier(h, row, figure) != NULL;
}

static bool is_changed(const holding *h, const psyi_printed_row *row)
{
    if (!is_known(h, row))
        return false;
    for (size_t i = 0; i < row->n_bases; i++) {
        int64_t before;
        if (!read_count(earlier(h, row, row->base_names[i]), &before) ||
            (uint64_t)before != row->bases[i])
            return true;
    }
    for (size_t i = row->first; i < row->first + row->n; i++) {
        const psyi_printed_number *const number = &h->all->numbers[i];
        const char *const before = earlier(h, row, number->figure);
        if (before != NULL && strcmp(before, "*") != 0 && strcmp(before, "—") != 0 &&
            strcmp(number->text, "—") != 0 && strcmp(before, number->text) != 0)
            return true;
    }
    return false;
}

/* ---- growth ---- */

static void grow(growth *to, int64_t before, uint64_t now)
{
    to->n++;
    if ((uint64_t)before > now) {
        to->fit = false;
        return;
    }
    const uint64_t more = now - (uint64_t)before;
    to->sum += more;
    to->most = more > to->most ? more : to->most;
}

/* Bases are target, exempt, tested, valid. */
static void grow_row(const holding *h, const psyi_printed_row *row, growth to[GROWTHS])
{
    int64_t tested, valid;
    if (!read_count(earlier(h, row, "tested"), &tested) ||
        !read_count(earlier(h, row, "valid"), &valid) || valid > tested) {
        for (size_t i = 0; i < GROWTHS; i++)
            to[i].fit = false;
        return;
    }
    grow(&to[BY_TESTED], tested, row->bases[2]);
    grow(&to[BY_VALID], valid, row->bases[3]);
    grow(&to[BY_INVALID], tested - valid, row->bases[2] - row->bases[3]);
}

/* A row that came or went is itself what has changed. */
static growth *grow_all(const holding *h, const char *sheet, const char *base, growth *to)
{
    size_t n_known = 0;
    for (size_t k = 0; k < GROWTHS; k++)
        to[k] = (growth){.fit = true};
    for (size_t i = 0; i < h->all->n_rows; i++) {
        const psyi_printed_row *const row = &h->all->rows[i];
        if (strcmp(row->sheet, sheet) != 0)
            continue;
        const bool known = is_known(h, row);
        n_known += known;
        for (size_t k = 0; k < GROWTHS && !known; k++)
            to[k].fit = false;
        if (h->changed[i] && (row->kind == PSYI_PRINTED_FINEST || strcmp(sheet, "school") == 0))
            grow_row(h, row, to);
    }
    for (size_t k = 0; k < GROWTHS; k++)
        to[k].fit = to[k].fit && psyi_published_rows(h->before, sheet, base) == n_known;
    return to;
}

static growth grow_scale(const holding *h, size_t of)
{
    growth to = {.fit = true};
    for (size_t i = 0; i < h->all->n_rows; i++) {
        const psyi_printed_row *const row = &h->all->rows[i];
        int64_t before;
        if (strcmp(row->sheet, "scale") != 0 || row->of != of || row->kind != PSYI_PRINTED_FINEST)
            continue;
        if (!is_known(h, row) || !read_count(earlier(h, row, "n"), &before))
            to.fit = false;
        else if (h->changed[i])
            grow(&to, before, row->bases[0]);
    }
    return to;
}

/* May it be told that `more` of those who came are of a kind?  Not of few, not all but few, of
 * several rows, and each of these may have none of them. */
static bool is_enough(const holding *h, const growth *of, int64_t more)
{
    if (!of->fit || of->n < 2 || more < 0 || of->sum < (uint64_t)more)
        return false;
    const uint64_t hits = (uint64_t)more;
    return of->sum >= 4 * h->least && of->sum - of->most >= hits &&
           (hits == 0 || (hits >= h->least && of->sum - hits >= h->least));
}

/* ---- rows ---- */

static bool was_shown(const holding *h, const psyi_printed_row *row,
                      const psyi_printed_number *number)
{
    const char *const before = earlier(h, row, number->figure);
    return before != NULL && strcmp(before, "*") != 0;
}

static void hide(holding *h, const psyi_printed_row *row, const psyi_printed_number *number)
{
    if (psyi_release_hide(h->cells, number->cell))
        h->release->n_held += was_shown(h, row, number);
}

static bool more_of(const holding *h, const psyi_printed_row *row,
                    const psyi_printed_number *number, int64_t *more)
{
    int64_t before;
    if (!read_count(earlier(h, row, number->figure), &before))
        return false;
    *more = number->value - before;
    return true;
}

static bool ends_in(const char *text, const char *end)
{
    const size_t a = strlen(text), b = strlen(end);
    return a >= b && strcmp(text + a - b, end) == 0;
}

static bool both_enough(const holding *h, int by, int64_t more)
{
    return is_enough(h, &h->schools[by], more) && is_enough(h, &h->groups[by], more);
}

static int base_of(const char *figure)
{
    return strcmp(figure, "retest") == 0 ? BY_INVALID
           : ends_in(figure, ".valid")   ? BY_VALID
                                         : BY_TESTED;
}

/* That none of many who came is of a kind is known of each row by the district's line: hidden
 * there, a number that stands would only seem to be unknown. */
static bool stands(const holding *h, const psyi_printed_row *row, const psyi_printed_number *number)
{
    const char *const before = earlier(h, row, number->figure);
    if ((strcmp(row->sheet, "school") != 0 && strcmp(row->sheet, "grade") != 0) || before == NULL ||
        strcmp(before, number->text) != 0)
        return false;
    for (size_t i = 0; i < h->all->n_rows; i++) {
        const psyi_printed_row *const all = &h->all->rows[i];
        if (all->kind != PSYI_PRINTED_DISTRICT)
            continue;
        for (size_t k = all->first; k < all->first + all->n; k++) {
            int64_t more;
            if (strcmp(h->all->numbers[k].figure, number->figure) == 0)
                return more_of(h, all, &h->all->numbers[k], &more) && more == 0 &&
                       both_enough(h, base_of(number->figure), 0);
        }
    }
    return false;
}

static void hide_row(holding *h, const psyi_printed_row *row)
{
    for (size_t i = row->first; i < row->first + row->n; i++)
        if (!stands(h, row, &h->all->numbers[i]))
            hide(h, row, &h->all->numbers[i]);
}

/* Tiers hang together: their sum is all tiers, and listed less valid are those on invalid sheets.
 */
static void hold_district(holding *h, const psyi_printed_row *row)
{
    bool tiers = true;
    int64_t listed = 0;
    for (size_t i = row->first; i < row->first + row->n; i++) {
        const psyi_printed_number *const number = &h->all->numbers[i];
        const bool valid = ends_in(number->figure, ".valid");
        int64_t more = 0;
        if (!valid && !ends_in(number->figure, ".listed"))
            continue;
        tiers = tiers && more_of(h, row, number, &more) &&
                both_enough(h, base_of(number->figure), more) &&
                (!valid || both_enough(h, BY_INVALID, listed - more) || listed == more);
        listed = more; /* the valid of a tier follow its listed */
    }
    for (size_t i = row->first; i < row->first + row->n; i++) {
        const psyi_printed_number *const number = &h->all->numbers[i];
        const bool of_tiers =
            ends_in(number->figure, ".valid") || ends_in(number->figure, ".listed");
        int64_t more;
        if (of_tiers
                ? !tiers
                : !more_of(h, row, number, &more) || !both_enough(h, base_of(number->figure), more))
            hide(h, row, number);
    }
}

static void hold_rule(holding *h, const psyi_printed_row *row)
{
    static const int by[3] = {BY_TESTED, BY_VALID, BY_TESTED};
    int64_t more[3] = {0};
    bool good = row->n == 3;
    for (size_t i = 0; i < 3 && good; i++)
        good = more_of(h, row, &h->all->numbers[row->first + i], &more[i]) &&
               both_enough(h, by[i], more[i]);
    if (!good || !(more[0] == more[1] || both_enough(h, BY_INVALID, more[0] - more[1])))
        hide_row(h, row);
}

static void hold_scale(holding *h, const psyi_printed_row *row)
{
    const growth came = grow_scale(h, row->of);
    bool good = is_enough(h, &came, 0) && came.sum - came.most >= h->least;
    for (size_t i = row->first; i < row->first + row->n && good; i++) {
        const psyi_printed_number *const number = &h->all->numbers[i];
        int64_t more;
        if (strcmp(number->figure, "high") == 0 || strcmp(number->figure, "at_least") == 0)
            good = more_of(h, row, number, &more) && is_enough(h, &came, more);
    }
    for (size_t i = row->first; i < row->first + row->n; i++)
        if (!good || strcmp(h->all->numbers[i].figure, PSYI_PRINTED_SEXES) == 0)
            hide(h, row, &h->all->numbers[i]);
}

/* Cases of a school in the tier of a row of the district; of no tier that 学校汇总 tells, no more
 * than are listed without one. */
static uint64_t cases_of(const holding *h, size_t school_row, size_t row)
{
    const psyi_progress *const of = &h->release->progress;
    const psyi_outcomes *const table = &h->release->schools;
    const uint64_t *const counts = table->counts + of->rows[school_row].school * table->n_columns;
    const uint64_t all = (uint64_t)of->table.values[school_row * of->table.n_columns];
    const uint64_t listed = counts[2 * table->n_ranks + PSYI_OUT_ANY_LISTED];
    for (size_t i = 0; i < table->n_ranks; i++)
        if (table->ranks[i] == of->rows[row].tier)
            return counts[2 * i];
    return row == 0 ? all : all > listed ? all - listed : 0;
}

/* Of cases nobody knows which of them something was done for: all of them may be it. */
static void hold_cases(holding *h, const psyi_printed_row *row)
{
    growth cases = {.fit = true};
    for (size_t i = 0; i < h->all->n_rows; i++) {
        const psyi_printed_row *const part = &h->all->rows[i];
        if (strcmp(part->sheet, "process") == 0 && h->changed[i])
            grow(&cases, 0, cases_of(h, part->of, row->of));
    }
    bool good = cases.n >= 2;
    for (size_t i = row->first; i < row->first + row->n && good; i++) {
        const psyi_printed_number *const number = &h->all->numbers[i];
        int64_t more = 0;
        if (number->value < 0)
            continue;
        if (more_of(h, row, number, &more))
            good = more == 0 || ((uint64_t)llabs(more) >= h->least &&
                                 cases.sum - cases.most >= (uint64_t)llabs(more));
    }
    if (!good)
        hide_row(h, row);
}

/* Nobody has changed: what was not shown is not shown. */
static void keep_hidden(holding *h, const psyi_printed_row *row)
{
    if (!is_known(h, row))
        return;
    for (size_t i = row->first; i < row->first + row->n; i++) {
        const char *const before = earlier(h, row, h->all->numbers[i].figure);
        if (before == NULL || strcmp(before, "*") == 0)
            hide(h, row, &h->all->numbers[i]);
    }
}

/* What stands in the district's line, too, is judged there. */
static bool is_of_district(const holding *h, uint32_t cell)
{
    for (size_t i = 0; i < h->all->n_rows; i++) {
        const psyi_printed_row *const row = &h->all->rows[i];
        if (row->kind != PSYI_PRINTED_DISTRICT && row->kind != PSYI_PRINTED_ALL)
            continue;
        for (size_t k = row->first; k < row->first + row->n; k++)
            if (h->all->numbers[k].cell == cell)
                return true;
    }
    return false;
}

static void hold_wave(holding *h, const psyi_printed_row *row)
{
    for (size_t i = row->first; i < row->first + row->n; i++)
        if (!is_of_district(h, h->all->numbers[i].cell))
            hide(h, row, &h->all->numbers[i]);
}

static void hold_row(holding *h, size_t at)
{
    const psyi_printed_row *const row = &h->all->rows[at];
    keep_hidden(h, row);
    if (!h->changed[at])
        return;
    h->release->n_changed += !h->counted[at];
    h->counted[at] = true;
    switch (row->kind) {
    case PSYI_PRINTED_PART:
    case PSYI_PRINTED_FINEST:
        hide_row(h, row);
        break;
    case PSYI_PRINTED_DISTRICT:
        hold_district(h, row);
        break;
    case PSYI_PRINTED_RULE:
        hold_rule(h, row);
        break;
    case PSYI_PRINTED_ALL:
        hold_scale(h, row);
        break;
    case PSYI_PRINTED_CASES:
        hold_cases(h, row);
        break;
    case PSYI_PRINTED_WAVE:
        hold_wave(h, row);
        break;
    case PSYI_PRINTED_FUNNEL: /* not yet: see psyi_publication_compare() */
        break;
    }
}

/* What is left of a number when another is taken off it stands nowhere: where one of both is
 * hidden, nobody has it. */
static void hide_rests(holding *h, bool *printed)
{
    psyi_release_cells *const cells = h->cells;
    for (size_t i = 0; i < h->all->n; i++)
        if (h->all->numbers[i].cell != PSYI_NO_CELL)
            printed[h->all->numbers[i].cell] = true;
    for (size_t i = 0; i < cells->n_sums; i++) {
        const uint32_t *const of = cells->sums[i].cells;
        if (cells->sums[i].n == 3 && !printed[of[2]] &&
            (cells->hidden[of[0]] != 0 || cells->hidden[of[1]] != 0))
            psyi_release_hide(cells, of[2]);
    }
}

static void hold_one(holding *h, const psyi_published *before)
{
    h->before = before;
    for (size_t i = 0; i < h->all->n_rows; i++)
        h->changed[i] = is_changed(h, &h->all->rows[i]);
    grow_all(h, "school", "tested", h->schools);
    grow_all(h, "grade", "tested", h->groups);
    for (size_t i = 0; i < h->all->n_rows; i++)
        hold_row(h, i);
}

void psyi_publication_hold(psyi_report *report, psyi_release *release,
                           const psyi_release_places *places, psyi_release_cells *cells)
{
    psyi_printed all;
    if (report->results->published == NULL || cells->least == 0 || cells->failed ||
        !psyi_printed_list(report, release, places, &all))
        return;
    holding h = {.release = release, .cells = cells, .all = &all, .least = cells->least};
    h.changed = psyi_arena_alloc(&report->arena, all.n_rows + 1, sizeof *h.changed);
    h.counted = psyi_arena_alloc(&report->arena, all.n_rows + 1, sizeof *h.counted);
    bool *const printed = psyi_arena_alloc(&report->arena, cells->n_cells + 1, sizeof *printed);
    if (h.changed == NULL || h.counted == NULL || printed == NULL) {
        cells->failed = true;
        return;
    }
    cells->held = true;
    for (const psyi_published *of = report->results->published; of != NULL; of = of->next)
        hold_one(&h, of);
    hide_rests(&h, printed);
}

static void compare_with(psyi_release *release, const psyi_printed *all,
                         const psyi_published *before)
{
    for (size_t i = 0; i < all->n_rows; i++) {
        const psyi_printed_row *const row = &all->rows[i];
        for (size_t k = row->first; row->kind == PSYI_PRINTED_FUNNEL && k < row->first + row->n;
             k++) {
            const char *const was =
                psyi_published_find(before, row->sheet, row->row, all->numbers[k].figure);
            if (was != NULL && strcmp(was, all->numbers[k].text) != 0)
                release->held_parts[row->of] = true;
        }
    }
}

void psyi_publication_compare(psyi_report *report, psyi_release *release)
{
    psyi_printed all;
    if (report->results->published == NULL || report->results->plan->small_cell == 0)
        return;
    release->held_parts =
        psyi_arena_alloc(&report->arena, release->n_parts + 1, sizeof *release->held_parts);
    if (release->held_parts == NULL) {
        psyi_book_fail(report->book, PSY_E_NOMEM, "out of memory: numbers of a publication");
        return;
    }
    if (!psyi_printed_list(report, release, NULL, &all))
        return;
    for (const psyi_published *of = report->results->published; of != NULL; of = of->next)
        compare_with(release, &all, of);
}
