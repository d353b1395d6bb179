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

static const psyi_response *response_of(const naive_sheet *sheet, size_t item)
{
    return &sheet->instrument->responses[sheet->instrument->items[item].response];
}

static bool coded(const naive_sheet *sheet, size_t item)
{
    return response_of(sheet, item)->kind == PSYI_CODED;
}

static void start_item(naive_sheet *sheet, size_t i)
{
    const psyi_item *const item = &sheet->instrument->items[i];
    naive_item *const out = &sheet->items[i];
    const uint8_t byte = sheet->bytes[i];
    *out = (naive_item){0};
    if (byte == PSYI_SKIPPED || byte == PSYI_NOT_APPLICABLE) {
        out->state = NAIVE_ABSENT;
    } else if (byte >= PSYI_BLANK) {
        out->state = NAIVE_BLANK;
        out->refused = byte == PSYI_REFUSED;
    } else if (coded(sheet, i)) {
        out->score = psyi_ratio_make(item->scores[byte], 1);
    } else {
        out->score = psyi_ratio_make(sheet->numbers[i], item->scale);
    }
}

/* ---- the block: every lane holds the same sheet ------------------------------------------ */

static psyi_mask all(bool condition)
{
    return condition ? ~(psyi_mask)0 : 0;
}

static void fill(psyi_ratio *lanes, psyi_ratio value)
{
    for (size_t i = 0; i < PSYI_LANES; i++)
        lanes[i] = value;
}

static void block_number(const void *context, uint32_t column, psyi_numbers *out)
{
    const naive_sheet *const sheet = context;
    const unsigned index = psyi_column_index(column);
    psyi_ratio value = PSYI_RATIO_NONE, low = PSYI_RATIO_NONE, high = PSYI_RATIO_NONE;
    naive_why why = NAIVE_THERE;
    bool no_norm = false;
    switch (psyi_column_kind_of(column)) {
    case PSYI_COLUMN_SCORE: {
        const naive_score *const score = &sheet->scores[index];
        value = score->value;
        why = score->why;
        low = score->bounded ? score->low : value;
        high = score->bounded ? score->high : value;
        break;
    }
    case PSYI_COLUMN_ANSWERED:
        value = psyi_ratio_make(sheet->scores[index].answered, 1);
        why = sheet->scores[index].why == NAIVE_WHY_ABSENT ? NAIVE_WHY_ABSENT : NAIVE_THERE;
        low = high = value;
        break;
    case PSYI_COLUMN_STANDARD:
        value = sheet->standards[psyi_column_sub(column)];
        low = sheet->standard_low[psyi_column_sub(column)];
        high = sheet->standard_high[psyi_column_sub(column)];
        why = sheet->scores[index].why;
        no_norm = why == NAIVE_THERE && value.den == 0;
        break;
    case PSYI_COLUMN_STUDENT: {
        const int number =
            index == PSYI_STUDENT_GRADE ? sheet->person.grade : sheet->person.age;
        const bool known = index == PSYI_STUDENT_GRADE ? number > 0 : number >= 0;
        if (known)
            value = low = high = psyi_ratio_make(number, 1);
        no_norm = !known;
        break;
    }
    default:
        why = NAIVE_WHY_ABSENT;
    }
    fill(out->value, value);
    fill(out->low, low);
    fill(out->high, high);
    out->known = all(why == NAIVE_THERE && value.den > 0);
    out->bounded = all(low.den > 0 && why != NAIVE_WHY_ABSENT);
    out->absent = all(why == NAIVE_WHY_ABSENT);
    out->blank = all(why == NAIVE_WHY_BLANK);
    out->no_norm = all(why == NAIVE_WHY_OTHER || no_norm);
    out->no_record = 0;
}

static void block_truth(const void *context, uint32_t column, psyi_truths *out)
{
    const naive_sheet *const sheet = context;
    const int flag = sheet->flags[psyi_column_index(column)];
    const bool soft = sheet->flag_soft[psyi_column_index(column)];
    memset(out, 0, sizeof *out);
    out->yes = all(flag == 1);
    out->no = all(flag == 0);
    out->absent = all(flag == -2);
    out->maybe_yes = all(flag == 1 || flag == -1 || (flag == 0 && soft));
    out->maybe_no = all(flag == 0 || flag == -1 || (flag == 1 && soft));
    out->blank = all(flag == -1);
}

static void block_token(const void *context, uint32_t column, psyi_tokens *out)
{
    const naive_sheet *const sheet = context;
    const unsigned index = psyi_column_index(column), sub = psyi_column_sub(column);
    int value = -1, low = -1, high = -1;
    naive_why why = NAIVE_THERE;
    if (psyi_column_kind_of(column) == PSYI_COLUMN_STUDENT) {
        value = (index == PSYI_STUDENT_SEX     ? (int)sheet->person.sex
                 : index == PSYI_STUDENT_STAGE ? (int)psyi_stage_of(sheet->person.grade)
                                               : (int)sheet->person.informant) -
                1;
    } else {
        const size_t at = index * NAIVE_POPULATIONS + (sub > 0 ? sub - 1 : 0);
        value = sheet->bands[at];
        low = sheet->band_low[at];
        high = sheet->band_high[at];
        why = sheet->scores[index].why;
    }
    memset(out, 0, sizeof *out);
    memset(out->value, value < 0 ? 0 : value, sizeof out->value);
    memset(out->low, low < 0 ? 0 : low, sizeof out->low);
    memset(out->high, high < 0 ? 0 : high, sizeof out->high);
    out->known = all(value >= 0);
    out->bounded = all(low >= 0 && high >= 0 && why != NAIVE_WHY_ABSENT);
    out->absent = all(value < 0 && why == NAIVE_WHY_ABSENT);
    out->blank = all(value < 0 && why == NAIVE_WHY_BLANK);
    out->no_norm = all(value < 0 && (why == NAIVE_THERE || why == NAIVE_WHY_OTHER));
}

static int32_t given_code(const naive_sheet *sheet, unsigned item)
{
    const psyi_variant *const variant = &sheet->instrument->variants[sheet->variant];
    const int32_t code = response_of(sheet, item)->codes[sheet->bytes[item]];
    for (size_t i = 0; i < variant->n_codes; i++)
        if (variant->canonical[i] == code)
            return variant->given[i];
    return code;
}

static void block_item(const void *context, uint32_t which, bool answer, psyi_item_lanes *out)
{
    const naive_sheet *const sheet = context;
    const unsigned index = psyi_item_index(which);
    const psyi_item *const item = &sheet->instrument->items[index];
    const naive_item *const from = &sheet->items[index];
    const bool known =
        from->state == NAIVE_ANSWERED || (from->state == NAIVE_VALUED && !answer);
    int32_t value = 0;
    if (known && answer && coded(sheet, index))
        value = given_code(sheet, index);
    else if (known && answer)
        value = sheet->numbers[index];
    else if (known)
        value = (int32_t)(from->score.num * (item->scale / from->score.den));
    for (size_t i = 0; i < PSYI_LANES; i++)
        out->value[i] = value;
    out->scale = item->scale;
    out->low = item->low;
    out->high = item->high;
    if (answer && coded(sheet, index)) {
        const psyi_response *const response = response_of(sheet, index);
        uint8_t byte = 0;
        naive_sheet probe = *sheet;
        uint8_t *const bytes = calloc(sheet->instrument->n_items, 1);
        probe.bytes = bytes;
        out->low = INT32_MAX;
        out->high = INT32_MIN;
        for (; byte < response->n_codes; byte++) {
            bytes[index] = byte;
            const int32_t code = given_code(&probe, index);
            out->low = code < out->low ? code : out->low;
            out->high = code > out->high ? code : out->high;
        }
        free(bytes);
    }
    out->known = all(known);
    out->blank = all(from->state == NAIVE_BLANK);
    out->refused = all(from->state == NAIVE_BLANK && from->refused);
    out->absent = all(!known && from->state != NAIVE_BLANK);
}

static psyi_block block_of(const naive_sheet *sheet)
{
    return (psyi_block){.context = sheet, .number = block_number, .truth = block_truth,
                        .token = block_token, .item = block_item};
}

/* ---- gates ---------------------------------------------------------------------------- */

static void run_gates(naive_sheet *sheet)
{
    const psy_instrument *const instrument = sheet->instrument;
    for (size_t g = 0; g < instrument->n_gates; g++) {
        const psyi_gate *const gate = &instrument->gates[g];
        const psyi_block block = block_of(sheet);
        psyi_truths truths;
        psyi_program_truth(gate->when, &block, sheet->workspace, &truths, NULL);
        if ((truths.yes & 1) == 0)
            continue;
        for (size_t i = 0; i < gate->n_items; i++) {
            const unsigned item = gate->items[i];
            naive_item *const to = &sheet->items[item];
            if (to->state == NAIVE_ANSWERED && to->score.num > 0)
                sheet->closed_positive[item] = true;
            if (to->state == NAIVE_VALUED || (sheet->bytes[item] != PSYI_BLANK &&
                                              sheet->bytes[item] != PSYI_SKIPPED))
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
    const item_sums s =
        add_items(sheet, scale, sheet->instrument->variants[sheet->variant].shift);
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
    const psyi_block block = block_of(sheet);
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
    const psyi_block block = block_of(sheet);
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

/* ---- people --------------------------------------------------------------------------- */

static void standard_bounds(naive_sheet *sheet, size_t index, const psyi_norm *norm,
                            const psyi_norm_group *group)
{
    const psyi_standard *const standard = &sheet->instrument->standards[index];
    const naive_score *const score = &sheet->scores[standard->scale];
    psyi_ratio *const low = &sheet->standard_low[index], *const high = &sheet->standard_high[index];
    const psyi_metric metric = (psyi_metric)standard->metric;
    if (norm->kind == PSYI_NORM_TABLE &&
        (!naive_scales(sheet)[standard->scale].integer || score->low.den != 1 ||
         score->high.den != 1) &&
        psyi_ratio_compare(score->low, score->high) != 0)
        return;
    psyi_ratio least = psyi_norm_standard(norm, group, metric, score->low);
    psyi_ratio most = psyi_norm_standard(norm, group, metric, score->high);
    for (int64_t raw = score->low.num; norm->kind == PSYI_NORM_TABLE && raw <= score->high.num;
         raw++) {
        const psyi_ratio value =
            psyi_norm_standard(norm, group, metric, psyi_ratio_make(raw, score->low.den));
        if (value.den == 0)
            return;
    }
    if (least.den == 0 || most.den == 0)
        return;
    *low = least;
    *high = most;
}

static void run_standard(naive_sheet *sheet, size_t index)
{
    const psyi_standard *const standard = &sheet->instrument->standards[index];
    const psyi_person *const p = &sheet->person;
    const naive_score *const score = &sheet->scores[standard->scale];
    sheet->standards[index] = sheet->standard_low[index] = sheet->standard_high[index] =
        PSYI_RATIO_NONE;
    if (standard->norm == PSYI_NO_INDEX)
        return;
    const psyi_norm *const norm = sheet->instrument->norms[standard->norm];
    const psyi_norm_group *const group =
        psyi_norm_group_for(norm, sheet->instrument->scales[standard->scale].id,
                            (psyi_informant)p->informant, (psyi_sex)p->sex, p->grade, p->age);
    const bool shifted = sheet->instrument->variants[sheet->variant].shift != 0;
    if (score->bounded && !shifted && group != NULL)
        standard_bounds(sheet, index, norm, group);
    if (score->why != NAIVE_THERE)
        return;
    sheet->standards[index] =
        psyi_norm_standard(norm, group, (psyi_metric)standard->metric,
                           shifted ? sheet->canonical[standard->scale] : score->value);
}

static int band_in(const psyi_scale *scale, const psyi_band_set *set, psyi_ratio value)
{
    const char *const *ids;
    const size_t n = psyi_scale_bands(scale, set->population, &ids);
    const psyi_band *hit = NULL;
    for (size_t i = 0; i < set->n_bands; i++) {
        const psyi_band *const band = &set->bands[i];
        const int order = band->bottom ? 1 : psyi_ratio_compare(value, band->from);
        if (order > 0 || (order == 0 && !band->above))
            hit = band;
    }
    for (size_t i = 0; hit != NULL && i < n; i++)
        if (strcmp(ids[i], hit->id) == 0)
            return (int)i;
    return -1;
}

static psyi_fit fits(const naive_sheet *sheet, const psyi_band_set *set)
{
    const psyi_person *const p = &sheet->person;
    return psyi_who_fit(&set->who, (psyi_informant)p->informant, (psyi_sex)p->sex, p->grade,
                        p->age);
}

static bool same_levels(const psyi_band_set *a, const psyi_band_set *b)
{
    bool same = a->n_bands == b->n_bands && a->standard == b->standard;
    for (size_t k = 1; same && k < a->n_bands; k++)
        same = strcmp(a->bands[k].id, b->bands[k].id) == 0 &&
               psyi_ratio_compare(a->bands[k].from, b->bands[k].from) == 0 &&
               a->bands[k].above == b->bands[k].above;
    return same;
}

/* The first set that fits; none when an earlier one might, and says otherwise. */
static const psyi_band_set *choose_set(const naive_sheet *sheet, const psyi_scale *scale,
                                       size_t population)
{
    for (size_t i = 0; i < scale->n_band_sets; i++) {
        const psyi_band_set *const set = &scale->band_sets[i];
        if (set->population != population || fits(sheet, set) != PSYI_FIT_YES)
            continue;
        for (size_t j = 0; j < i; j++)
            if (scale->band_sets[j].population == population &&
                fits(sheet, &scale->band_sets[j]) == PSYI_FIT_UNKNOWN &&
                !same_levels(&scale->band_sets[j], set))
                return NULL;
        return set;
    }
    return NULL;
}

static void run_band(naive_sheet *sheet, size_t index, size_t population)
{
    const psyi_scale *const scale = &naive_scales(sheet)[index];
    const naive_score *const score = &sheet->scores[index];
    const size_t at = index * NAIVE_POPULATIONS + population;
    const psyi_band_set *const set = choose_set(sheet, scale, population);
    sheet->bands[at] = sheet->band_low[at] = sheet->band_high[at] = -1;
    if (set == NULL)
        return;
    psyi_ratio value = score->value;
    if (set->standard != PSYI_NO_INDEX)
        value = sheet->standards[set->standard];
    sheet->bands[at] = value.den > 0 ? band_in(scale, set, value) : -1;
    psyi_ratio least = score->low, most = score->high;
    if (set->standard != PSYI_NO_INDEX) {
        least = sheet->standard_low[set->standard];
        most = sheet->standard_high[set->standard];
    }
    if (!score->bounded || least.den == 0 || most.den == 0)
        return;
    const int low = band_in(scale, set, least), high = band_in(scale, set, most);
    sheet->band_low[at] = low < high ? low : high;
    sheet->band_high[at] = low < high ? high : low;
}

static void run_flag(naive_sheet *sheet, size_t index)
{
    const psy_instrument *const instrument = sheet->instrument;
    const psyi_flag *const flag = &instrument->flags[index];
    int *const out = &sheet->flags[index];
    sheet->flag_soft[index] = false;
    if (flag->when != NULL) {
        psyi_truths truths;
        const psyi_block block = block_of(sheet);
        psyi_program_truth(flag->when, &block, sheet->workspace, &truths, NULL);
        *out = (truths.yes & 1) != 0      ? 1
               : (truths.no & 1) != 0     ? 0
               : (truths.absent & 1) != 0 ? -2
                                          : -1;
        sheet->flag_soft[index] = (*out == 1 && (truths.maybe_no & 1) != 0) ||
                                  (*out == 0 && (truths.maybe_yes & 1) != 0);
        return;
    }
    int64_t answered = 0, carried = 0;
    bool blank = false;
    for (size_t i = 0; i < instrument->n_items; i++) {
        const naive_state state = sheet->items[i].state;
        if (!instrument->items[i].scored)
            continue;
        answered += state == NAIVE_ANSWERED;
        carried += state == NAIVE_ANSWERED || state == NAIVE_BLANK;
    }
    for (size_t i = 0; i < instrument->n_critical_items; i++)
        blank = blank || sheet->items[instrument->critical_items[i]].state == NAIVE_BLANK;
    *out = blank && carried > 0 &&
           psyi_ratio_compare(psyi_ratio_make(answered, carried),
                              instrument->critical_share) >= 0;
}

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
            run_standard(sheet, psyi_column_sub(column));
            break;
        case PSYI_COLUMN_BAND:
            run_band(sheet, index, psyi_column_sub(column) - 1);
            break;
        case PSYI_COLUMN_FLAG:
            run_flag(sheet, index);
            break;
        default:
            fail();
        }
    }
}
