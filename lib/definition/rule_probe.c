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
    int grade;           /* batteries */
    unsigned use, scale; /* the one at its worst */
    bool everything_known;
    bool sweeping; /* scores run from `first` upwards, one a lane */
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

/* Far beyond any standard score there is. */
enum { FAR = 100000 };

static psyi_ratio score_value(const psyi_probe *probe, uint32_t column)
{
    const psyi_scale *const scale = scale_of(probe, column);
    return is_worst(probe, column) == scale->worse_low ? scale->low : scale->high;
}

static psyi_ratio number_value(const psyi_probe *probe, uint32_t column)
{
    const unsigned index = psyi_column_index(column);
    switch (psyi_column_kind_of(column)) {
    case PSYI_COLUMN_SCORE:
        return score_value(probe, column);
    case PSYI_COLUMN_ANSWERED:
        return psyi_ratio_make((int64_t)scale_of(probe, column)->n_items, 1);
    case PSYI_COLUMN_STANDARD:
    case PSYI_COLUMN_LOCAL:
        return psyi_ratio_make(
            is_worst(probe, column) == scale_of(probe, column)->worse_low ? -FAR : FAR, 1);
    case PSYI_COLUMN_STUDENT:
        if (index == PSYI_STUDENT_GRADE)
            return psyi_ratio_make(probe->grade, 1);
        return probe->everything_known ? psyi_ratio_make(probe->grade + 6, 1) : PSYI_RATIO_NONE;
    case PSYI_COLUMN_QUALITY:
        return psyi_ratio_make(index == PSYI_QUALITY_BLANKS ? 0 : FAR, 1);
    default:
        return PSYI_RATIO_NONE;
    }
}

static void number(const void *context, uint32_t column, psyi_numbers *out)
{
    const psyi_probe *const probe = context;
    const psyi_ratio value = number_value(probe, column);
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < PSYI_LANES; i++) {
        psyi_ratio one = value.den != 0 ? value : psyi_ratio_make(0, 1);
        if (probe->sweeping)
            one = psyi_ratio_make(probe->first + (int64_t)i, 1);
        out->value[i] = out->low[i] = out->high[i] = one;
    }
    if (value.den != 0)
        out->known = out->bounded = ~UINT64_C(0);
    else
        out->no_norm = ~UINT64_C(0);
}

static void truth(const void *context, uint32_t column, psyi_truths *out)
{
    (void)context, (void)column;
    memset(out, 0, sizeof *out);
    out->no = out->maybe_no = ~UINT64_C(0); /* no flag is up */
}

static void token(const void *context, uint32_t column, psyi_tokens *out)
{
    const psyi_probe *const probe = context;
    uint8_t value = 0;
    bool known = true;
    memset(out, 0, sizeof *out);
    if (psyi_column_kind_of(column) == PSYI_COLUMN_BAND) {
        const psyi_scale *const scale = scale_of(probe, column);
        const char *const *ids = NULL;
        const unsigned sub = psyi_column_sub(column);
        const char *const named = probe->plan->uses[psyi_column_use(column)].population;
        const size_t n =
            psyi_scale_bands(scale, sub > 0 ? sub - 1 : psyi_scale_population(scale, named), &ids);
        value = is_worst(probe, column) && n > 0 ? (uint8_t)(n - 1) : 0;
    } else if (psyi_column_index(column) == PSYI_STUDENT_STAGE) {
        value = (uint8_t)(psyi_stage_of(probe->grade) - 1);
    } else {
        known = probe->everything_known;
    }
    memset(out->value, value, sizeof out->value);
    memset(out->low, value, sizeof out->low);
    memset(out->high, value, sizeof out->high);
    if (known)
        out->known = out->bounded = ~UINT64_C(0);
    else
        out->no_norm = ~UINT64_C(0);
}

static void item(const void *context, uint32_t number_of_item, bool answer, psyi_item_lanes *out)
{
    const psyi_probe *const probe = context;
    const psyi_item *const it = &probe->plan->uses[psyi_item_use(number_of_item)]
                                     .instrument->items[psyi_item_index(number_of_item)];
    (void)answer;
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < PSYI_LANES; i++)
        out->value[i] = it->low;
    out->scale = it->scale;
    out->low = out->high = it->low;
    out->known = ~UINT64_C(0);
}

static bool could_be_true(psyi_probe *probe, const psyi_program *program, bool surely)
{
    const psyi_block block = {
        .context = probe, .number = number, .truth = truth, .token = token, .item = item};
    psyi_truths out;
    psyi_program_truth(program, &block, probe->workspace, &out, NULL);
    return surely ? (out.yes & 1u) != 0 : (out.no & 1u) == 0;
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
    probe->grade = grade;
    probe->everything_known = false;
    return could_be_true(probe, battery->when, false);
}

bool psyi_probe_scale(psyi_probe *probe, const psyi_rule *rule, unsigned use, unsigned scale)
{
    probe->grade = rule->grade_low > 0 ? rule->grade_low : 8;
    probe->everything_known = true;
    probe->use = use;
    probe->scale = scale;
    return could_be_true(probe, rule->when, true);
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
    const psyi_block block = {
        .context = probe, .number = number, .truth = truth, .token = token, .item = item};
    *can_fire = *can_rest = false;
    probe->sweeping = true;
    for (probe->first = scale->low.num; probe->first <= scale->high.num;
         probe->first += PSYI_LANES) {
        const int64_t left = scale->high.num - probe->first + 1;
        const psyi_mask lanes =
            left >= PSYI_LANES ? ~UINT64_C(0) : (UINT64_C(1) << (unsigned)left) - 1;
        psyi_truths out;
        psyi_program_truth(rule->when, &block, probe->workspace, &out, NULL);
        *can_fire = *can_fire || (out.yes & lanes) != 0;
        *can_rest = *can_rest || (~out.yes & lanes) != 0;
    }
    probe->sweeping = false;
    return true;
}
