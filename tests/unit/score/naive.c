/*
 * naive.c -- the scoring rules once more, one sheet and one item at a time.
 *
 * Written from docs/format.md without looking at how lib/score does it: no tables, no
 * kernels, no base, all arithmetic in ratios.  Expressions run on the same machine as in
 * the library, but on values that come from here.
 */
#include "naive.h"
#include "answers/sheets.h"
#include "norm/apply.h"
#include "test_support.h"

#include <stdlib.h>
#include <string.h>

const psyi_scale *naive_scales(const naive_sheet *sheet)
{
    return sheet->instrument->variants[sheet->variant].scales;
}

void naive_new(naive_sheet *sheet, const psy_instrument *instrument, unsigned variant)
{
    memset(sheet, 0, sizeof *sheet);
    sheet->instrument = instrument;
    sheet->variant = variant;
    sheet->items = calloc(instrument->n_items + 1, sizeof *sheet->items);
    sheet->scores = calloc(instrument->n_scales + 1, sizeof *sheet->scores);
    sheet->canonical = calloc(instrument->n_scales + 1, sizeof *sheet->canonical);
    sheet->standards = calloc(instrument->n_standards + 1, sizeof *sheet->standards);
    sheet->standard_low = calloc(instrument->n_standards + 1, sizeof(psyi_ratio));
    sheet->standard_high = calloc(instrument->n_standards + 1, sizeof(psyi_ratio));
    sheet->bands = calloc((instrument->n_scales + 1) * NAIVE_POPULATIONS, sizeof *sheet->bands);
    sheet->band_low = calloc((instrument->n_scales + 1) * NAIVE_POPULATIONS, sizeof(int));
    sheet->band_high = calloc((instrument->n_scales + 1) * NAIVE_POPULATIONS, sizeof(int));
    sheet->flags = calloc(instrument->n_flags + 1, sizeof *sheet->flags);
    sheet->flag_soft = calloc(instrument->n_flags + 1, sizeof *sheet->flag_soft);
    sheet->closed_positive = calloc(instrument->n_items + 1, sizeof *sheet->closed_positive);
    assert_int_equal(psyi_workspace_new(&sheet->workspace,
                                        (const psyi_program *const *)instrument->programs,
                                        instrument->n_programs, NULL, NULL),
                     PSY_OK);
}

void naive_free(naive_sheet *sheet)
{
    free(sheet->items);
    free(sheet->scores);
    free(sheet->canonical);
    free(sheet->standards);
    free(sheet->standard_low);
    free(sheet->standard_high);
    free(sheet->bands);
    free(sheet->band_low);
    free(sheet->band_high);
    free(sheet->flags);
    free(sheet->flag_soft);
    free(sheet->closed_positive);
    psyi_workspace_free(sheet->workspace);
}

/* What nothing in the definition can skip is a blank, whatever a file says. */
static bool can_skip(const psy_instrument *instrument, size_t item)
{
    bool critical = false;
    const psyi_item *const it = &instrument->items[item];
    for (size_t i = 0; i < instrument->n_critical_items; i++)
        critical = critical || instrument->critical_items[i] == item;
    for (size_t g = 0; g < instrument->n_gates; g++)
        for (size_t i = 0; i < instrument->gates[g].n_items; i++)
            if (instrument->gates[g].items[i] == item)
                return true;
    return !critical &&
           (!it->scored || (it->part != PSYI_NO_INDEX && instrument->parts[it->part].optional));
}

static void start_item(naive_sheet *sheet, size_t i)
{
    const psyi_item *const item = &sheet->instrument->items[i];
    naive_item *const out = &sheet->items[i];
    const uint8_t byte = sheet->bytes[i];
    *out = (naive_item){0};
    if ((byte == PSYI_SKIPPED && can_skip(sheet->instrument, i)) || byte == PSYI_NOT_APPLICABLE) {
        out->state = NAIVE_ABSENT;
    } else if (byte >= PSYI_BLANK) {
        out->state = NAIVE_BLANK;
        out->refused = byte == PSYI_REFUSED;
    } else if (naive_coded(sheet, i)) {
        out->score = psyi_ratio_make(item->scores[byte], 1);
    } else {
        out->score = psyi_ratio_make(sheet->numbers[i], item->scale);
    }
}

/* ---- gates ---------------------------------------------------------------------------- */

static void run_gates(naive_sheet *sheet)
{
    const psy_instrument *const instrument = sheet->instrument;
    for (size_t g = 0; g < instrument->n_gates; g++) {
        const psyi_gate *const gate = &instrument->gates[g];
        const psyi_block block = naive_block(sheet);
        psyi_truths truths;
        psyi_program_truth(gate->when, &block, sheet->workspace, &truths, NULL);
        if ((truths.yes & 1) == 0)
            continue;
        for (size_t i = 0; i < gate->n_items; i++) {
            const unsigned item = gate->items[i];
            naive_item *const to = &sheet->items[item];
            if (to->state == NAIVE_ANSWERED && to->score.num > 0)
                sheet->closed_positive[item] = true;
            if (to->state == NAIVE_VALUED ||
                (sheet->bytes[item] != PSYI_BLANK && sheet->bytes[item] != PSYI_SKIPPED))
                continue;
            to->state = gate->has_value ? NAIVE_VALUED : NAIVE_ABSENT;
            to->score = psyi_ratio_make(gate->value, 1);
        }
    }
}

static bool form_void(const naive_sheet *sheet)
{
    size_t blanks = 0;
    for (size_t i = 0; i < sheet->instrument->n_items; i++)
        blanks += sheet->instrument->items[i].scored && sheet->items[i].state == NAIVE_BLANK;
    return sheet->instrument->has_form_gate && blanks > sheet->instrument->form_max_blank;
}

/* ---- scales --------------------------------------------------------------------------- */

static psyi_ratio steps(const psyi_scale *scale, psyi_ratio x)
{
    for (size_t i = 0; i < scale->n_steps; i++) {
        const psyi_step *const step = &scale->steps[i];
        x = step->kind == PSYI_STEP_MULTIPLY ? psyi_ratio_mul(x, step->by)
            : step->kind == PSYI_STEP_ADD    ? psyi_ratio_add(x, step->by)
            : step->kind == PSYI_STEP_FLOOR  ? psyi_ratio_floor(x)
            : step->kind == PSYI_STEP_CEIL   ? psyi_ratio_ceil(x)
                                             : psyi_ratio_round_to(x, step->decimals);
    }
    return x;
}

static void set_bounds(naive_score *out, psyi_ratio low, psyi_ratio high)
{
    const bool turned = psyi_ratio_compare(low, high) > 0;
    out->bounded = true;
    out->low = turned ? high : low;
    out->high = turned ? low : high;
}

typedef struct item_sums {
    psyi_ratio sum, low, high; /* of the known; with blanks at their lowest and highest */
    int64_t known, blank, applies;
} item_sums;

static item_sums add_items(const naive_sheet *sheet, const psyi_scale *scale, int32_t shift)
{
    item_sums s = {{0, 1}, {0, 1}, {0, 1}, 0, 0, 0};
    for (size_t i = 0; i < scale->n_items; i++) {
        const naive_item *const item = &sheet->items[scale->items[i]];
        const psyi_item *const definition = &sheet->instrument->items[scale->items[i]];
        const psyi_ratio less = {-(int64_t)shift, 1};
        if (item->state == NAIVE_ABSENT)
            continue;
        s.applies++;
        psyi_ratio low = item->score, high = item->score;
        if (item->state == NAIVE_BLANK) {
            s.blank++;
            low = psyi_ratio_make(definition->low, definition->scale);
            high = psyi_ratio_make(definition->high, definition->scale);
        } else {
            s.known++;
            s.sum = psyi_ratio_add(s.sum, psyi_ratio_add(item->score, less));
        }
        s.low = psyi_ratio_add(s.low, psyi_ratio_add(low, less));
        s.high = psyi_ratio_add(s.high, psyi_ratio_add(high, less));
    }
    return s;
}

static psyi_ratio over(psyi_ratio sum, int64_t n)
{
    return psyi_ratio_div(sum, psyi_ratio_make(n, 1));
}

static psyi_ratio from_sums(const psyi_scale *scale, const item_sums *s)
{
    psyi_ratio value = s->sum;
    const bool mean = scale->score == PSYI_SCORE_MEAN;
    if (s->blank == 0)
        value = mean ? over(value, s->applies) : value;
    else if (scale->missing == PSYI_MISSING_ZERO)
        value = mean ? over(value, s->applies) : value;
    else if (mean)
        value = over(value, s->known);
    else /* the mean of the answered stands for the others */
        value = psyi_ratio_mul(over(value, s->known), psyi_ratio_make(s->applies, 1));
    return steps(scale, value);
}

static void run_sum(naive_sheet *sheet, size_t index, bool is_void)
{
    const psyi_scale *const scale = &naive_scales(sheet)[index];
    naive_score *const out = &sheet->scores[index];
    const item_sums s = add_items(sheet, scale, sheet->instrument->variants[sheet->variant].shift);
    if (s.applies == 0) {
        out->why = NAIVE_WHY_ABSENT;
        return;
    }
    item_sums least = s, most = s;
    least.blank = most.blank = 0;
    least.known = most.known = s.applies;
    least.sum = s.low;
    most.sum = s.high;
    set_bounds(out, from_sums(scale, &least), from_sums(scale, &most));
    const int64_t allowed = scale->missing == PSYI_MISSING_NONE ? 0 : scale->allow;
    if (is_void || s.blank > allowed || s.known == 0) {
        out->status = PSYI_NOT_SCORED;
        out->why = NAIVE_WHY_BLANK;
        return;
    }
    out->value = from_sums(scale, &s);
    out->status = s.blank > 0 && scale->missing != PSYI_MISSING_ZERO ? PSYI_PRORATED : PSYI_SCORED;
    const psyi_scale *const plain = &sheet->instrument->scales[index];
    const item_sums canonical = add_items(sheet, plain, 0);
    sheet->canonical[index] = from_sums(plain, &canonical);
}

static void run_parts(naive_sheet *sheet, size_t index)
{
    const psyi_scale *const scale = &naive_scales(sheet)[index];
    naive_score *const out = &sheet->scores[index];
    psyi_ratio value = {0, 1}, low = {0, 1}, high = {0, 1}, canonical = {0, 1};
    size_t absent = 0, other = 0, blank = 0;
    bool bounded = true, prorated = false;
    for (size_t i = 0; i < scale->n_parts; i++) {
        const naive_score *const part = &sheet->scores[scale->parts[i]];
        absent += part->why == NAIVE_WHY_ABSENT;
        other += part->why == NAIVE_WHY_OTHER;
        blank += part->why == NAIVE_WHY_BLANK;
        prorated = prorated || part->status == PSYI_PRORATED;
        value = psyi_ratio_add(value, part->value);
        canonical = psyi_ratio_add(canonical, sheet->canonical[scale->parts[i]]);
        bounded = bounded && part->bounded;
        low = psyi_ratio_add(low, part->low);
        high = psyi_ratio_add(high, part->high);
    }
    if (bounded)
        set_bounds(out, steps(scale, low), steps(scale, high));
    if (absent == scale->n_parts) {
        out->why = NAIVE_WHY_ABSENT;
        out->bounded = false;
    } else if (absent + other + blank > 0) {
        out->status = PSYI_NOT_SCORED;
        out->why = absent + other > 0 ? NAIVE_WHY_OTHER : NAIVE_WHY_BLANK;
        out->bounded = out->bounded && out->why == NAIVE_WHY_BLANK;
    } else {
        out->value = steps(scale, value);
        out->status = prorated ? PSYI_PRORATED : PSYI_SCORED;
        sheet->canonical[index] = steps(&sheet->instrument->scales[index], canonical);
    }
}

/* A sheet whose scores are those of the default variant, for the formula of that variant. */
static void canonical_expression(naive_sheet *sheet, size_t index)
{
    const psyi_scale *const plain = &sheet->instrument->scales[index];
    const size_t n = sheet->instrument->n_scales;
    naive_score *const printed = malloc(n * sizeof *printed);
    memcpy(printed, sheet->scores, n * sizeof *printed);
    for (size_t i = 0; i < n; i++)
        if (sheet->canonical[i].den != 0)
            sheet->scores[i].value = sheet->scores[i].low = sheet->scores[i].high =
                sheet->canonical[i];
    psyi_numbers numbers;
    const psyi_block block = naive_block(sheet);
    psyi_program_number(plain->program, &block, sheet->workspace, &numbers, NULL);
    memcpy(sheet->scores, printed, n * sizeof *printed);
    free(printed);
    if ((numbers.known & 1) != 0)
        sheet->canonical[index] = steps(plain, numbers.value[0]);
}

static void run_expression(naive_sheet *sheet, size_t index, bool is_void)
{
    const psyi_scale *const scale = &naive_scales(sheet)[index];
    naive_score *const out = &sheet->scores[index];
    psyi_numbers numbers;
    const psyi_block block = naive_block(sheet);
    psyi_program_number(scale->program, &block, sheet->workspace, &numbers, NULL);
    size_t blank = 0, absent = 0;
    for (size_t i = 0; i < scale->n_items; i++) {
        blank += sheet->items[scale->items[i]].state == NAIVE_BLANK;
        absent += sheet->items[scale->items[i]].state == NAIVE_ABSENT;
    }
    const bool known = (numbers.known & 1) != 0;
    if ((numbers.absent & 1) != 0 || (!known && absent > 0 && absent == scale->n_items)) {
        out->why = NAIVE_WHY_ABSENT;
        return;
    }
    if ((numbers.bounded & 1) != 0)
        set_bounds(out, steps(scale, numbers.low[0]), steps(scale, numbers.high[0]));
    if (known && blank <= scale->allow && !is_void) {
        out->value = steps(scale, numbers.value[0]);
        out->status = PSYI_SCORED;
        canonical_expression(sheet, index);
        return;
    }
    out->status = PSYI_NOT_SCORED;
    out->why = blank > scale->allow || (numbers.blank & 1) != 0 || is_void ? NAIVE_WHY_BLANK
                                                                           : NAIVE_WHY_OTHER;
    out->bounded = out->bounded && out->why == NAIVE_WHY_BLANK;
}

static void run_scale(naive_sheet *sheet, size_t index, bool is_void)
{
    const psyi_scale *const scale = &naive_scales(sheet)[index];
    naive_score *const out = &sheet->scores[index];
    *out = (naive_score){.status = PSYI_NOT_GIVEN};
    sheet->canonical[index] = PSYI_RATIO_NONE;
    if (scale->informants != 0 && (scale->informants >> sheet->person.informant & 1) == 0) {
        const bool unknown = sheet->person.informant == PSYI_INFORMANT_UNKNOWN;
        for (size_t i = 0; i < scale->n_items && unknown; i++)
            out->answered += sheet->items[scale->items[i]].state == NAIVE_ANSWERED;
        out->why = unknown ? NAIVE_WHY_OTHER : NAIVE_WHY_ABSENT;
        out->status = unknown ? PSYI_NOT_SCORED : PSYI_NOT_GIVEN;
        return;
    }
    for (size_t i = 0; i < scale->n_items; i++)
        out->answered += sheet->items[scale->items[i]].state == NAIVE_ANSWERED;
    if (scale->score == PSYI_SCORE_PARTS)
        run_parts(sheet, index);
    else if (scale->score == PSYI_SCORE_EXPRESSION)
        run_expression(sheet, index, is_void);
    else
        run_sum(sheet, index, is_void);
}

/* ---- all ------------------------------------------------------------------------------ */

void naive_run(naive_sheet *sheet)
{
    const psy_instrument *const instrument = sheet->instrument;
    if (sheet->person.informant == PSYI_INFORMANT_UNKNOWN)
        for (uint8_t i = 1; i <= 3; i++)
            if (instrument->informants == 1u << i)
                sheet->person.informant = i;
    for (size_t i = 0; i < instrument->n_items; i++) {
        start_item(sheet, i);
        sheet->closed_positive[i] = false;
    }
    run_gates(sheet);
    const bool is_void = form_void(sheet);
    for (size_t i = 0; i < instrument->n_order; i++) {
        const uint32_t column = instrument->order[i];
        const unsigned index = psyi_column_index(column);
        switch (psyi_column_kind_of(column)) {
        case PSYI_COLUMN_SCORE:
            run_scale(sheet, index, is_void);
            break;
        case PSYI_COLUMN_STANDARD:
            naive_standard(sheet, psyi_column_sub(column));
            break;
        case PSYI_COLUMN_BAND:
            naive_band(sheet, index, psyi_column_sub(column) - 1);
            break;
        case PSYI_COLUMN_FLAG:
            naive_flag(sheet, index);
            break;
        default:
            fail();
        }
    }
}
