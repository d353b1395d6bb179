/*
 * rule_block.c -- the columns of sixty-four cases, gathered from the sheets they chose.
 *
 * Scores, flags and items come from the floor above by sheet number; here it is decided what
 * a case without a sheet means (rule_block.h says what), and the columns that belong to the
 * student rather than to a sheet are made.  An unknown sex or grade is a gap in the data, not
 * in the child's answers, and so has its own cause; an unknown duration is no record.
 */
#include "tier/rule_block.h"

#include <string.h>

psyi_rule_block psyi_rule_block_at(const psyi_rulebook *book, const psyi_cases *cases, size_t first,
                                   size_t n)
{
    return (psyi_rule_block){
        .book = book,
        .cases = cases,
        .first = first,
        .there = n >= PSYI_LANES ? ~(psyi_mask)0 : ((psyi_mask)1 << n) - 1,
    };
}

static size_t lanes_of(const psyi_rule_block *block)
{
    const size_t left = block->cases->n - block->first;
    return left < PSYI_LANES ? left : PSYI_LANES;
}

uint64_t psyi_asked(const psyi_rulebook *book, const psyi_cases *cases, size_t item)
{
    const uint8_t battery = cases->battery != NULL ? cases->battery[item] : 0xFF;
    if (battery == 0xFF)
        return 0;
    const bool second = cases->second != NULL && cases->second[item] != 0;
    return book->battery_uses[battery] | (second ? book->second_uses[battery] : 0);
}

void psyi_use_lanes_of(const psyi_rule_block *block, unsigned use, psyi_use_lanes *out)
{
    const psyi_cases *const cases = block->cases;
    const size_t n = lanes_of(block);
    const bool present = cases->scores[use] != NULL;
    psyi_mask given = 0, asked = 0;
    memset(out->sheets, 0xFF, sizeof out->sheets); /* PSYI_NO_SHEET */
    psyi_mask rest = block->there;
    if (n < PSYI_LANES)
        rest &= ((psyi_mask)1 << n) - 1;
    for (; rest != 0; rest &= rest - 1) {
        const unsigned lane = (unsigned)__builtin_ctzll(rest);
        const psyi_mask bit = (psyi_mask)1 << lane;
        const size_t item = block->first + lane;
        const uint32_t sheet = present ? cases->sheets[use * cases->n + item] : PSYI_NO_SHEET;
        out->sheets[lane] = sheet;
        if (sheet != PSYI_NO_SHEET)
            given |= bit;
        if ((psyi_asked(block->book, cases, item) >> use & 1u) != 0)
            asked |= bit;
    }
    /* A use that no file carries was not administered, whatever the battery says. */
    out->given = given;
    out->missing = present ? asked & ~given : 0;
    out->outside = ~(given | out->missing);
}

int64_t psyi_power_of_ten(unsigned exponent)
{
    int64_t power = 1;
    while (exponent-- > 0)
        power *= 10;
    return power;
}

const psyi_scale *psyi_use_scale(const psy_plan *plan, unsigned use, unsigned scale)
{
    const psyi_use *const at = &plan->uses[use];
    if (at->variant < at->instrument->n_variants)
        return &at->instrument->variants[at->variant].scales[scale];
    return &at->instrument->scales[scale];
}

const psyi_local_norm *psyi_local_of(const psy_plan *plan, unsigned column, psyi_metric *metric)
{
    for (size_t i = 0; i < plan->n_locals; i++) {
        const psyi_local_norm *const norm = &plan->locals[i];
        unsigned at = norm->first_column;
        for (unsigned m = 0; m < PSYI_METRICS; m++) {
            if ((norm->metrics >> m & 1u) == 0)
                continue;
            if (at == column) {
                *metric = (psyi_metric)m;
                return norm;
            }
            at++;
        }
    }
    return NULL;
}

/* ---- numbers ---- */

static void absent_numbers(psyi_numbers *out)
{
    memset(out, 0, sizeof *out);
    out->absent = ~(psyi_mask)0;
}

static void settle_numbers(const psyi_use_lanes *lanes, psyi_ratio low, psyi_ratio high,
                           psyi_numbers *out)
{
    const psyi_mask keep = lanes->given;
    out->known &= keep;
    out->bounded &= keep;
    out->absent = (out->absent & keep) | lanes->outside;
    out->blank = (out->blank & keep) | lanes->missing;
    out->no_norm &= keep;
    out->no_record &= keep;
    if (low.den <= 0 || high.den <= 0)
        return;
    for (psyi_mask rest = lanes->missing; rest != 0; rest &= rest - 1) {
        const unsigned lane = (unsigned)__builtin_ctzll(rest);
        out->low[lane] = low;
        out->high[lane] = high;
    }
    out->bounded |= lanes->missing;
}

static void sheet_number(const psyi_rule_block *block, uint32_t column, psyi_numbers *out)
{
    const unsigned use = psyi_column_use(column), index = psyi_column_index(column);
    const psyi_scale *const scale = psyi_use_scale(block->book->plan, use, index);
    psyi_use_lanes lanes;
    psyi_use_lanes_of(block, use, &lanes);
    if (block->cases->scores[use] == NULL) {
        absent_numbers(out);
        return;
    }
    psyi_scores_number(block->cases->scores[use], column, lanes.sheets, lanes.given, out);
    psyi_ratio low = PSYI_RATIO_NONE, high = PSYI_RATIO_NONE;
    if (psyi_column_kind_of(column) == PSYI_COLUMN_SCORE) {
        low = scale->low;
        high = scale->high;
    } else if (psyi_column_kind_of(column) == PSYI_COLUMN_ANSWERED) {
        low = psyi_ratio_make(0, 1);
        high = psyi_ratio_make((int64_t)scale->n_items, 1);
    }
    settle_numbers(&lanes, low, high, out);
}

static void local_number(const psyi_rule_block *block, uint32_t column, psyi_numbers *out)
{
    const psyi_cases *const cases = block->cases;
    const unsigned index = psyi_column_sub(column);
    psyi_metric metric = PSYI_METRIC_T;
    const psyi_local_norm *const norm = psyi_local_of(block->book->plan, index, &metric);
    absent_numbers(out);
    if (norm == NULL || cases->scores[norm->use] == NULL)
        return;
    psyi_use_lanes lanes;
    psyi_use_lanes_of(block, norm->use, &lanes);
    const int64_t scale = psyi_power_of_ten(psyi_metric_decimals(metric));
    out->absent = 0;
    for (unsigned lane = 0; lane < PSYI_LANES; lane++) {
        const psyi_mask bit = (psyi_mask)1 << lane;
        if ((lanes.given & bit) == 0)
            continue;
        const size_t item = block->first + lane;
        const int32_t value =
            cases->local != NULL ? cases->local[(size_t)index * cases->n + item] : PSYI_NO_STANDARD;
        const psyi_scores *const scores = cases->scores[norm->use];
        if (value != PSYI_NO_STANDARD) {
            out->value[lane] = psyi_ratio_make(value, scale);
            out->known |= bit;
        } else if (psyi_scores_value(scores, norm->scale, lanes.sheets[lane]).den > 0) {
            out->no_norm |= bit;
        } else {
            out->blank |= bit;
        }
    }
    settle_numbers(&lanes, PSYI_RATIO_NONE, PSYI_RATIO_NONE, out);
}

static void student_number(const psyi_rule_block *block, unsigned field, psyi_numbers *out)
{
    absent_numbers(out);
    out->absent = ~block->there;
    for (size_t lane = 0; lane < lanes_of(block); lane++) {
        const psyi_mask bit = (psyi_mask)1 << lane;
        if ((block->there & bit) == 0)
            continue;
        const psyi_person *const person = &block->cases->people[block->first + lane];
        const bool of_grade = field == PSYI_STUDENT_GRADE; /* the other number is the age */
        if (of_grade ? person->grade > 0 : person->age >= 0) {
            out->value[lane] = psyi_ratio_make(of_grade ? person->grade : person->age, 1);
            out->known |= bit;
        } else {
            out->no_norm |= bit;
        }
    }
}

/* Blank and answered items over all sheets of each case. */
static void count_items(const psyi_rule_block *block, uint32_t blanks[PSYI_LANES],
                        uint32_t answered[PSYI_LANES])
{
    const psyi_cases *const cases = block->cases;
    memset(blanks, 0, PSYI_LANES * sizeof *blanks);
    memset(answered, 0, PSYI_LANES * sizeof *answered);
    for (unsigned use = 0; use < cases->plan->n_uses; use++) {
        if (cases->scores[use] == NULL)
            continue;
        psyi_use_lanes lanes;
        psyi_use_lanes_of(block, use, &lanes);
        const psyi_sheets *const sheets = cases->scores[use]->sheets;
        const bool gated = sheets->instrument->n_gates > 0;
        for (unsigned item = 0; item < sheets->n_items && lanes.given != 0; item++) {
            psyi_item_lanes seen = {.blank = ~(psyi_mask)0};
            if (gated) /* a blank behind a closed gate is none */
                psyi_scores_item(cases->scores[use], item, false, lanes.sheets, lanes.given, &seen);
            for (psyi_mask rest = lanes.given; rest != 0; rest &= rest - 1) {
                const unsigned lane = (unsigned)__builtin_ctzll(rest);
                const uint8_t byte = *psyi_sheets_byte(sheets, lanes.sheets[lane], item);
                if (byte < PSYI_BLANK)
                    answered[lane]++;
                else if (psyi_was_asked(&sheets->instrument->items[item], byte))
                    blanks[lane] += (uint32_t)(seen.blank >> lane & 1u);
            }
        }
    }
}

static void quality_number(const psyi_rule_block *block, unsigned field, psyi_numbers *out)
{
    uint32_t blanks[PSYI_LANES] = {0}, answered[PSYI_LANES] = {0};
    const int32_t *const seconds = block->cases->seconds;
    absent_numbers(out);
    out->absent = ~block->there;
    if (field != PSYI_QUALITY_SECONDS)
        count_items(block, blanks, answered);
    for (size_t lane = 0; lane < lanes_of(block); lane++) {
        const psyi_mask bit = (psyi_mask)1 << lane;
        if ((block->there & bit) == 0)
            continue;
        const int32_t took = seconds[block->first + lane];
        psyi_ratio value = PSYI_RATIO_NONE;
        if (field == PSYI_QUALITY_BLANKS)
            value = psyi_ratio_make(blanks[lane], 1);
        else if (field == PSYI_QUALITY_ANSWERED)
            value = psyi_ratio_make(answered[lane], 1);
        else if (field == PSYI_QUALITY_SECONDS && took >= 0)
            value = psyi_ratio_make(took, 1);
        else if (field == PSYI_QUALITY_SECONDS_PER_ITEM && took >= 0 && answered[lane] > 0)
            value = psyi_ratio_make(took, answered[lane]);
        if (value.den > 0) {
            out->value[lane] = value;
            out->known |= bit;
        } else {
            out->no_record |= bit;
        }
    }
}

/* Where there is no record of the wave before, every comparison is false. */
static void previous_number(const psyi_rule_block *block, uint32_t column, psyi_numbers *out)
{
    const psyi_cases *const cases = block->cases;
    const psyi_ratio *scores = NULL;
    const bool score = psyi_column_sub(column) == 1;
    if (score && cases->previous_scores != NULL)
        scores = cases->previous_scores[psyi_column_use(column)];
    absent_numbers(out);
    out->absent = ~block->there;
    for (size_t lane = 0; lane < lanes_of(block); lane++) {
        const psyi_mask bit = (psyi_mask)1 << lane;
        const size_t at = block->first + lane;
        psyi_ratio value = PSYI_RATIO_NONE;
        if ((block->there & bit) == 0)
            continue;
        if (scores != NULL)
            value = scores[(size_t)psyi_column_index(column) * cases->n + at];
        else if (!score && cases->previous_tier != NULL && cases->previous_tier[at] >= 0)
            value = psyi_ratio_make(cases->previous_tier[at], 1);
        out->value[lane] = value;
        if (value.den > 0)
            out->known |= bit;
        else
            out->no_record |= bit;
    }
}

static void number(const void *context, uint32_t column, psyi_numbers *out)
{
    const psyi_rule_block *const block = context;
    switch (psyi_column_kind_of(column)) {
    case PSYI_COLUMN_SCORE:
    case PSYI_COLUMN_ANSWERED:
    case PSYI_COLUMN_STANDARD:
        sheet_number(block, column, out);
        break;
    case PSYI_COLUMN_LOCAL:
        local_number(block, column, out);
        break;
    case PSYI_COLUMN_STUDENT:
        student_number(block, psyi_column_index(column), out);
        break;
    case PSYI_COLUMN_QUALITY:
        quality_number(block, psyi_column_index(column), out);
        break;
    case PSYI_COLUMN_PREVIOUS:
        previous_number(block, column, out);
        break;
    default: /* no other column is a number */
        absent_numbers(out);
        break;
    }
}

/* ---- truths, tokens, items ---- */

static psyi_mask external_lanes(const psyi_rule_block *block, unsigned code)
{
    const psyi_cases *const cases = block->cases;
    const size_t n_blocks = (cases->n + PSYI_LANES - 1) / PSYI_LANES;
    if (cases->external == NULL)
        return 0;
    const psyi_mask *const plane = cases->external + (size_t)code * n_blocks;
    const unsigned shift = block->first % PSYI_LANES;
    const size_t at = block->first / PSYI_LANES;
    psyi_mask lanes = plane[at] >> shift;
    if (shift > 0 && at + 1 < n_blocks)
        lanes |= plane[at + 1] << (PSYI_LANES - shift);
    return lanes & block->there;
}

static void truth(const void *context, uint32_t column, psyi_truths *out)
{
    const psyi_rule_block *const block = context;
    const unsigned use = psyi_column_use(column);
    if (psyi_column_kind_of(column) == PSYI_COLUMN_EXTERNAL) {
        const psyi_mask yes = external_lanes(block, psyi_column_index(column));
        const psyi_mask no = block->there & ~yes; /* nobody reported it */
        *out = (psyi_truths){
            .yes = yes, .no = no, .maybe_yes = yes, .maybe_no = no, .absent = ~block->there};
        return;
    }
    if (block->cases->scores[use] == NULL) {
        *out = (psyi_truths){.absent = ~(psyi_mask)0};
        return;
    }
    psyi_use_lanes lanes;
    psyi_use_lanes_of(block, use, &lanes);
    psyi_scores_truth(block->cases->scores[use], column, lanes.sheets, lanes.given, out);
    const psyi_mask keep = lanes.given;
    out->yes &= keep;
    out->no &= keep;
    out->maybe_yes = (out->maybe_yes & keep) | lanes.missing;
    out->maybe_no = (out->maybe_no & keep) | lanes.missing;
    out->absent = (out->absent & keep) | lanes.outside;
    out->blank = (out->blank & keep) | lanes.missing;
    out->no_norm &= keep;
}

static void absent_tokens(psyi_tokens *out)
{
    memset(out, 0, sizeof *out);
    out->absent = ~(psyi_mask)0;
}

static void student_token(const psyi_rule_block *block, unsigned field, psyi_tokens *out)
{
    absent_tokens(out);
    out->absent = ~block->there;
    for (size_t lane = 0; lane < lanes_of(block); lane++) {
        const psyi_mask bit = (psyi_mask)1 << lane;
        if ((block->there & bit) == 0)
            continue;
        const psyi_person *const person = &block->cases->people[block->first + lane];
        const unsigned value = field == PSYI_STUDENT_SEX         ? person->sex
                               : field == PSYI_STUDENT_STAGE     ? psyi_stage_of(person->grade)
                               : field == PSYI_STUDENT_INFORMANT ? person->informant
                                                                 : 0u;
        if (value > 0) {
            out->value[lane] = (uint8_t)(value - 1);
            out->known |= bit;
        } else {
            out->no_norm |= bit;
        }
    }
}

static void token(const void *context, uint32_t column, psyi_tokens *out)
{
    const psyi_rule_block *const block = context;
    const unsigned use = psyi_column_use(column);
    if (psyi_column_kind_of(column) == PSYI_COLUMN_STUDENT) {
        student_token(block, psyi_column_index(column), out);
        return;
    }
    absent_tokens(out);
    if (block->cases->scores[use] == NULL)
        return;
    psyi_use_lanes lanes;
    psyi_use_lanes_of(block, use, &lanes);
    psyi_scores_token(block->cases->scores[use], column, lanes.sheets, lanes.given, out);
    const psyi_mask keep = lanes.given;
    out->known &= keep;
    out->bounded &= keep;
    out->absent = (out->absent & keep) | lanes.outside;
    out->blank = (out->blank & keep) | lanes.missing;
    out->no_norm &= keep;
    out->no_record &= keep;
}

static void item(const void *context, uint32_t which, bool answer, psyi_item_lanes *out)
{
    const psyi_rule_block *const block = context;
    const unsigned use = psyi_item_use(which);
    if (block->cases->scores[use] == NULL) {
        memset(out, 0, sizeof *out);
        *out = (psyi_item_lanes){.scale = 1, .low = 1, .high = 0, .absent = ~(psyi_mask)0};
        return;
    }
    psyi_use_lanes lanes;
    psyi_use_lanes_of(block, use, &lanes);
    psyi_scores_item(block->cases->scores[use], psyi_item_index(which), answer, lanes.sheets,
                     lanes.given, out);
    const psyi_mask keep = lanes.given;
    out->known &= keep;
    out->refused &= keep;
    out->blank = (out->blank & keep) | lanes.missing;
    out->absent = (out->absent & keep) | lanes.outside;
}

psyi_block psyi_rule_block_values(const psyi_rule_block *block)
{
    return (psyi_block){
        .context = block, .number = number, .truth = truth, .token = token, .item = item};
}
