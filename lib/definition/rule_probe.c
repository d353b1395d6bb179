/*
 * rule_probe.c -- asking a plan's programs about persons who do not exist.
 *
 * Some questions of the lint are about what a rule does, not how it is written: "can a
 * fourth-grader get this battery", "does one subscale alone put a child on the list".  The
 * programs are run on one made-up person, so that every way of writing them is understood.
 */
#include "definition/lint.h"

#include "base/fail.h"

#include <string.h>

struct psyi_probe {
    const psy_allocator *allocator;
    const struct psy_plan *plan;
    psyi_workspace *workspace;
    unsigned use, scale;   /* the one at its worst */
    bool everything_known; /* sex and age, too; else only the grade */
    bool items_too;        /* the items of that scale, too */
    bool sweeping;         /* scores run from `first` upwards, one a lane */
    int64_t first;
};

static const psyi_scale *scale_of(const psyi_probe *probe, uint32_t column)
{
    const psyi_use *const use = &probe->plan->uses[psyi_column_use(column)];
    return &use->instrument->variants[use->variant].scales[psyi_column_index(column)];
}

static bool is_worst(const psyi_probe *probe, uint32_t column)
{
    return psyi_column_use(column) == probe->use && psyi_column_index(column) == probe->scale;
}

enum {
    GRADES = 16,
    FAR = 100000 /* far beyond any standard score there is */
};

/* The lanes are made-up persons: one of each sex in every grade. */
static int grade_of(size_t lane)
{
    return (int)(lane % GRADES) + 1;
}

static psyi_ratio score_value(const psyi_probe *probe, uint32_t column)
{
    const psyi_scale *const scale = scale_of(probe, column);
    return is_worst(probe, column) == scale->worse_low ? scale->low : scale->high;
}

/* What a column of a scale or of the answering holds for every lane. */
static psyi_ratio number_value(const psyi_probe *probe, uint32_t column)
{
    switch (psyi_column_kind_of(column)) {
    case PSYI_COLUMN_SCORE:
        return score_value(probe, column);
    case PSYI_COLUMN_ANSWERED:
        return psyi_ratio_make((int64_t)scale_of(probe, column)->n_items, 1);
    case PSYI_COLUMN_STANDARD:
    case PSYI_COLUMN_LOCAL:
        return psyi_ratio_make(
            is_worst(probe, column) == scale_of(probe, column)->worse_low ? -FAR : FAR, 1);
    case PSYI_COLUMN_QUALITY:
        return psyi_ratio_make(psyi_column_index(column) == PSYI_QUALITY_BLANKS ? 0 : FAR, 1);
    default:
        return PSYI_RATIO_NONE;
    }
}

static void number(const void *context, uint32_t column, psyi_numbers *out)
{
    const psyi_probe *const probe = context;
    const bool student = psyi_column_kind_of(column) == PSYI_COLUMN_STUDENT;
    const bool grade = student && psyi_column_index(column) == PSYI_STUDENT_GRADE;
    const psyi_ratio value = number_value(probe, column);
    const bool known = student ? grade || probe->everything_known : value.den != 0;
    const bool previous = psyi_column_kind_of(column) == PSYI_COLUMN_PREVIOUS;
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < PSYI_LANES; i++) {
        psyi_ratio one = known ? value : psyi_ratio_make(0, 1);
        if (probe->sweeping)
            one = psyi_ratio_make(probe->first + (int64_t)i, 1);
        else if (student)
            one = psyi_ratio_make(grade_of(i) + (grade ? 0 : 6), 1);
        out->value[i] = out->low[i] = out->high[i] = one;
    }
    if (known)
        out->known = out->bounded = ~UINT64_C(0);
    else if (previous)
        out->no_record = ~UINT64_C(0);
    else
        out->no_norm = ~UINT64_C(0);
}

static void truth(const void *context, uint32_t column, psyi_truths *out)
{
    (void)context, (void)column;
    memset(out, 0, sizeof *out);
    out->no = out->maybe_no = ~UINT64_C(0); /* no flag is up */
}

static uint8_t band_value(const psyi_probe *probe, uint32_t column)
{
    const psyi_scale *const scale = scale_of(probe, column);
    const char *const *ids = NULL;
    const unsigned sub = psyi_column_sub(column);
    const char *const named = probe->plan->uses[psyi_column_use(column)].population;
    const size_t n =
        psyi_scale_bands(scale, sub > 0 ? sub - 1 : psyi_scale_population(scale, named), &ids);
    return is_worst(probe, column) && n > 0 ? (uint8_t)(n - 1) : 0;
}

static void token(const void *context, uint32_t column, psyi_tokens *out)
{
    const psyi_probe *const probe = context;
    const bool band = psyi_column_kind_of(column) == PSYI_COLUMN_BAND;
    const bool stage = !band && psyi_column_index(column) == PSYI_STUDENT_STAGE;
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < PSYI_LANES; i++)
        out->value[i] = out->low[i] = out->high[i] = band ? band_value(probe, column)
                                                     : stage
                                                         ? (uint8_t)(psyi_stage_of(grade_of(i)) - 1)
                                                         : (uint8_t)(i / GRADES % 2);
    if (band || stage || probe->everything_known)
        out->known = out->bounded = ~UINT64_C(0);
    else
        out->no_norm = ~UINT64_C(0);
}

static void item(const void *context, uint32_t number_of_item, bool answer, psyi_item_lanes *out)
{
    const psyi_probe *const probe = context;
    const psyi_use *const use = &probe->plan->uses[psyi_item_use(number_of_item)];
    const unsigned index = psyi_item_index(number_of_item);
    const psyi_item *const it = &use->instrument->items[index];
    int32_t value = it->low;
    (void)answer;
    if (psyi_item_use(number_of_item) == probe->use && probe->everything_known && probe->items_too) {
        const psyi_scale *const scale =
            &use->instrument->variants[use->variant].scales[probe->scale];
        for (size_t i = 0; i < scale->n_items; i++)
            if (scale->items[i] == index && !scale->worse_low)
                value = it->high;
    }
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < PSYI_LANES; i++)
        out->value[i] = value;
    out->scale = it->scale;
    out->low = out->high = value;
    out->known = ~UINT64_C(0);
}

static psyi_truths run(psyi_probe *probe, const psyi_program *program)
{
    const psyi_block block = {
        .context = probe, .number = number, .truth = truth, .token = token, .item = item};
    psyi_truths out;
    psyi_program_truth(program, &block, probe->workspace, &out, NULL);
    return out;
}

psy_status psyi_probe_new(psyi_probe **out, const struct psy_plan *plan,
                          const psy_allocator *allocator, psy_error *error)
{
    psyi_probe *const probe = psyi_alloc(allocator, 1, sizeof *probe);
    if (probe == NULL)
        return psyi_fail_memory(error, "lint");
    probe->allocator = allocator;
    probe->plan = plan;
    const psy_status status =
        psyi_workspace_new(&probe->workspace, (const psyi_program *const *)plan->programs,
                           plan->n_programs, allocator, error);
    if (status == PSY_OK)
        *out = probe;
    else
        psyi_free(allocator, probe);
    return status;
}

psyi_workspace *psyi_probe_workspace(const psyi_probe *probe)
{
    return probe->workspace;
}

void psyi_probe_free(psyi_probe *probe)
{
    if (probe == NULL)
        return;
    psyi_workspace_free(probe->workspace);
    psyi_free(probe->allocator, probe);
}

bool psyi_probe_battery(psyi_probe *probe, const psyi_battery *battery, int grade)
{
    if (battery->when == NULL)
        return true;
    probe->everything_known = false;
    const psyi_truths out = run(probe, battery->when);
    return (out.no >> (unsigned)(grade - 1) & 1u) == 0;
}

int psyi_probe_overlap(psyi_probe *probe, const psyi_battery *one, const psyi_battery *other)
{
    psyi_mask both = ~UINT64_C(0);
    probe->everything_known = true;
    if (one->when != NULL)
        both &= run(probe, one->when).yes;
    if (other->when != NULL)
        both &= run(probe, other->when).yes;
    int lowest = 0;
    for (size_t lane = 0; lane < PSYI_LANES; lane++)
        if ((both >> lane & 1u) != 0 && (lowest == 0 || grade_of(lane) < lowest))
            lowest = grade_of(lane);
    return lowest;
}

/* A rule over a few items is about these items, whichever scale they belong to. */
static bool reads_many_items(const psyi_probe *probe, const psyi_rule *rule)
{
    enum { A_FEW = 3 };
    const psyi_operand *operands = NULL;
    const size_t n = psyi_program_operands(rule->when, &operands);
    size_t n_items = 0;
    for (size_t i = 0; i < n; i++)
        n_items += operands[i].is_item && psyi_item_use(operands[i].id) == probe->use;
    return n_items > A_FEW;
}

bool psyi_probe_scale(psyi_probe *probe, const psyi_rule *rule, unsigned use, unsigned scale)
{
    probe->everything_known = true;
    probe->items_too = false;
    /* What fires when every scale is at its best does not fire for this one. */
    probe->use = PSYI_MAX_USES;
    const psyi_mask always = run(probe, rule->when).yes;
    probe->use = use;
    probe->scale = scale;
    probe->items_too = reads_many_items(probe, rule);
    return (run(probe, rule->when).yes & ~always) != 0;
}

psyi_mask psyi_probe_scores(psyi_probe *probe, const psyi_rule *rule, int64_t first)
{
    probe->sweeping = true;
    probe->first = first;
    const psyi_truths out = run(probe, rule->when);
    probe->sweeping = false;
    return out.yes;
}

bool psyi_probe_sweep(psyi_probe *probe, const psyi_rule *rule, bool *can_fire, bool *can_rest)
{
    enum { MOST_SCORES = 4096 };
    const psyi_operand *operands = NULL;
    if (psyi_program_operands(rule->when, &operands) != 1 || operands->is_item ||
        psyi_column_kind_of(operands->id) != PSYI_COLUMN_SCORE)
        return false;
    const psyi_scale *const scale = scale_of(probe, operands->id);
    if (!psyi_scale_is_whole(scale) || scale->low.den != 1 || scale->high.den != 1 ||
        scale->high.num - scale->low.num >= MOST_SCORES)
        return false;
    *can_fire = *can_rest = false;
    probe->sweeping = true;
    for (probe->first = scale->low.num; probe->first <= scale->high.num;
         probe->first += PSYI_LANES) {
        const int64_t left = scale->high.num - probe->first + 1;
        const psyi_mask lanes =
            left >= PSYI_LANES ? ~UINT64_C(0) : (UINT64_C(1) << (unsigned)left) - 1;
        const psyi_truths out = run(probe, rule->when);
        *can_fire = *can_fire || (out.yes & lanes) != 0;
        *can_rest = *can_rest || (~out.yes & lanes) != 0;
    }
    probe->sweeping = false;
    return true;
}
