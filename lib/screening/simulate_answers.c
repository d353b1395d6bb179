/* simulate_answers.c -- plausible answers from a definition.
 *
 * A common factor (distress), a factor a scale and noise make a latent response; cut points
 * turn it into an option.  The cut points come from target shares: for MHT, PHQ-9 and GAD-7
 * after published district studies (see the table), else a skewed default.  Critical items
 * are rarer than their scale's others. */
#include "screening/simulate.h"

#include "base/fail.h"
#include "base/hash.h"

#include <gsl/gsl_cdf.h>

#include <math.h>
#include <string.h>

/* Draws of an instrument with fewer scales stay what they were. */
enum { LEAST_FACTORS = 64, MOST_SCALES = 500 /* of a definition */ };
/* Of more options each share is a part of the way to the next of a five-point answer. */
enum { FEW_CODES = 11, USUAL_STEPS = 4 };

struct psyi_answer_model {
    const psy_allocator *allocator;
    const psy_instrument *instrument;
    double *cuts;         /* latent response above cuts[first_cut[item] + k] reaches step k + 1 */
    size_t *first_cut;    /* [item] */
    uint8_t (*step)[256]; /* [item]: step -> code index, ascending canonical score */
    uint16_t *scale;      /* [item]: its first scale, PSYI_NO_INDEX */
};

/* ---- chance ----------------------------------------------------------------------- */

psyi_chance psyi_chance_stream(uint64_t seed, uint64_t stream, uint64_t index)
{
    const uint64_t golden = UINT64_C(0x9E3779B97F4A7C15);
    return (psyi_chance){
        psyi_hash_spread(psyi_hash_spread(psyi_hash_spread(seed + golden) ^ (stream * golden)) ^
                         index),
        0};
}

uint64_t psyi_chance_bits(psyi_chance *chance)
{
    return psyi_hash_spread(chance->key + UINT64_C(0x9E3779B97F4A7C15) * ++chance->counter);
}

double psyi_chance_uniform(psyi_chance *chance)
{
    return (double)(psyi_chance_bits(chance) >> 11) * 0x1p-53;
}

double psyi_chance_normal(psyi_chance *chance)
{
    uint32_t sum = 0; /* twelve 16-bit uniforms out of three draws */

    for (int i = 0; i < 3; i++) {
        const uint64_t bits = psyi_chance_bits(chance);
        sum += (uint32_t)(bits & 0xFFFF) + (uint32_t)((bits >> 16) & 0xFFFF) +
               (uint32_t)((bits >> 32) & 0xFFFF) + (uint32_t)(bits >> 48);
    }
    return ((double)sum + 6.0) / 65536.0 - 6.0;
}

unsigned psyi_chance_below(psyi_chance *chance, unsigned n)
{
    return n ? (unsigned)(psyi_chance_bits(chance) % n) : 0;
}

/* ---- targets ---------------------------------------------------------------------- */

static const struct {
    const char *instrument, *scale;
    double first; /* share that reaches the first step */
    double next;  /* share of those that reach the next, and so on */
} targets[] = {
    /* Study anxiety .57 and loneliness .27 of the items: Huining 2020 (n = 1,050); total near
     * 40 of 90: western Yunnan 2024 (n = 4,584). */
    {"mht", "study_anxiety", .57, 0},
    {"mht", "social_anxiety", .42, 0},
    {"mht", "loneliness", .27, 0},
    {"mht", "self_blame", .50, 0},
    {"mht", "sensitivity", .52, 0},
    {"mht", "somatic", .38, 0},
    {"mht", "phobia", .32, 0},
    {"mht", "impulsivity", .30, 0},
    {"mht", "validity", .20, 0},
    /* PHQ-9 >= 10 in 5 to 30 %, GAD-7 a little rarer: Zigong (n = 63,205). */
    {"phq9", "total", .40, .33},
    {"phq_a", "total", .40, .33},
    {"gad7", "total", .38, .32},
};

static void target_shares(const psyi_answer_model *model, size_t item, bool critical, double *first,
                          double *next)
{
    const psy_instrument *instrument = model->instrument;
    const uint16_t scale = model->scale[item];

    *first = .38;
    *next = .40;
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++)
        if (scale != PSYI_NO_INDEX && strcmp(targets[i].instrument, instrument->id) == 0 &&
            strcmp(targets[i].scale, instrument->scales[scale].id) == 0) {
            *first = targets[i].first;
            *next = targets[i].next;
        }
    if (critical) {
        *first = .06;
        *next = .28;
    }
}

static bool is_critical(const psy_instrument *instrument, size_t item)
{
    for (size_t i = 0; i < instrument->n_critical_items; i++)
        if (instrument->critical_items[i] == item)
            return true;
    return false;
}

/* Code indices in ascending order of canonical score, so that "more" means worse for
 * reversed and mapped items too; scales where low is worse are turned round. */
static void order_steps(const psyi_answer_model *model, size_t item)
{
    const psyi_item *it = &model->instrument->items[item];
    const psyi_response *response = &model->instrument->responses[it->response];
    const bool turned = model->scale[item] != PSYI_NO_INDEX &&
                        model->instrument->scales[model->scale[item]].worse_low;
    uint8_t *step = model->step[item];
    const unsigned n = response->n_codes;

    for (unsigned i = 0; i < n; i++)
        step[i] = (uint8_t)i;
    for (unsigned i = 1; i < n; i++)
        for (unsigned k = i; k > 0; k--) {
            const int32_t a = it->scores[step[k - 1]], b = it->scores[step[k]];
            if (turned ? a >= b : a <= b)
                break;
            const uint8_t swap = step[k];
            step[k] = step[k - 1];
            step[k - 1] = swap;
        }
}

static void fill_cuts(psyi_answer_model *model, size_t item)
{
    const psyi_item *it = &model->instrument->items[item];
    const psyi_response *response = &model->instrument->responses[it->response];
    double first = 0, next = 0;

    if (response->kind != PSYI_CODED)
        return;
    order_steps(model, item);
    target_shares(model, item, is_critical(model->instrument, item), &first, &next);
    double share = first;
    next = next > 0 ? next : .4;
    if (response->n_codes > FEW_CODES)
        next = pow(next, (double)USUAL_STEPS / (response->n_codes - 1));
    for (unsigned k = 0; k + 1 < response->n_codes; k++) {
        /* Items of a scale differ a little; rounded, so that a last bit of the quantile
         * cannot change an answer on another machine. */
        const double shifted = share * (1 + .12 * ((double)((item * 7) % 5) - 2) / 2);
        const double p = shifted < .001 ? .001 : shifted > .97 ? .97 : shifted;
        model->cuts[model->first_cut[item] + k] = nearbyint(gsl_cdf_ugaussian_Qinv(p) * 1e6) / 1e6;
        share *= next;
    }
}

psy_status psyi_answer_model_new(psyi_answer_model **out, const psy_instrument *instrument,
                                 const psy_allocator *allocator, psy_error *error)
{
    psyi_answer_model *model = psyi_alloc(allocator, 1, sizeof *model);

    if (!model)
        return psyi_fail_memory(error, "answer model");
    model->allocator = allocator;
    model->instrument = instrument;
    size_t n_cuts = 0;
    for (size_t item = 0; item < instrument->n_items; item++)
        n_cuts += instrument->responses[instrument->items[item].response].n_codes;
    model->cuts = psyi_alloc(allocator, n_cuts + 1, sizeof *model->cuts);
    model->first_cut = psyi_alloc(allocator, instrument->n_items, sizeof *model->first_cut);
    model->step = psyi_alloc(allocator, instrument->n_items, sizeof *model->step);
    model->scale = psyi_alloc(allocator, instrument->n_items, sizeof *model->scale);
    if (!model->cuts || !model->first_cut || !model->step || !model->scale) {
        psyi_answer_model_free(model);
        return psyi_fail_memory(error, "answer model");
    }
    n_cuts = 0;
    for (size_t item = 0; item < instrument->n_items; item++) {
        model->first_cut[item] = n_cuts;
        n_cuts += instrument->responses[instrument->items[item].response].n_codes;
        model->scale[item] = PSYI_NO_INDEX;
        for (size_t s = instrument->n_scales; s-- > 0;)
            for (size_t k = 0; k < instrument->scales[s].n_items; k++)
                if (instrument->scales[s].items[k] == item && instrument->scales[s].n_parts == 0)
                    model->scale[item] = (uint16_t)s;
        fill_cuts(model, item);
    }
    *out = model;
    return PSY_OK;
}

void psyi_answer_model_free(psyi_answer_model *model)
{
    if (!model)
        return;
    psyi_free(model->allocator, model->cuts);
    psyi_free(model->allocator, model->first_cut);
    psyi_free(model->allocator, model->step);
    psyi_free(model->allocator, model->scale);
    psyi_free(model->allocator, model);
}

/* ---- answers ---------------------------------------------------------------------- */

static int32_t draw_number(const psyi_response *response, int32_t scale, unsigned clocks_before,
                           psyi_chance *chance)
{
    if (response->kind == PSYI_CLOCK) { /* to bed about 22:30, up about 6:30 */
        const int32_t about = clocks_before == 0 ? 1350 : 390;
        return (about + (int32_t)(40 * psyi_chance_normal(chance)) + 1440) % 1440;
    }
    const double low = psyi_ratio_double(response->low), high = psyi_ratio_double(response->high);
    const double u = psyi_chance_uniform(chance);
    return (int32_t)floor((low + (high - low) * u * u) * (double)scale);
}

static int32_t draw_attentive(const psyi_answer_model *model, size_t item, double latent)
{
    const psyi_item *it = &model->instrument->items[item];
    const unsigned n = model->instrument->responses[it->response].n_codes;
    const double *const cuts = model->cuts + model->first_cut[item];
    unsigned step = 0;

    while (step + 1 < n && latent > cuts[step])
        step++;
    return model->step[item][step];
}

void psyi_answers_draw(const psyi_answer_model *model, double severity, psyi_manner manner,
                       psyi_chance *chance, int32_t *codes)
{
    const psy_instrument *instrument = model->instrument;
    double factor[MOST_SCALES];
    const unsigned chosen = psyi_chance_below(chance, 250);
    const unsigned period = 2 + psyi_chance_below(chance, 3);
    unsigned clocks = 0;

    for (size_t s = 0; s < LEAST_FACTORS || (s < instrument->n_scales && s < MOST_SCALES); s++)
        factor[s] = .75 * severity + .66 * psyi_chance_normal(chance);
    for (size_t i = 0; i < instrument->n_items; i++) {
        const psyi_item *it = &instrument->items[i];
        const psyi_response *response = &instrument->responses[it->response];
        if (response->kind != PSYI_CODED) {
            codes[i] = draw_number(response, it->scale, clocks, chance);
            clocks += response->kind == PSYI_CLOCK;
            continue;
        }
        const double noise = psyi_chance_normal(chance);
        const unsigned any = psyi_chance_below(chance, response->n_codes);
        const size_t scale = model->scale[i] == PSYI_NO_INDEX ? 0 : model->scale[i] % MOST_SCALES;
        switch (manner) {
        case PSYI_STRAIGHT:
            codes[i] = (int32_t)(chosen % response->n_codes);
            break;
        case PSYI_PATTERN:
            codes[i] = (int32_t)((chosen + i % period) % response->n_codes);
            break;
        case PSYI_RANDOM:
            codes[i] = (int32_t)any;
            break;
        default:
            codes[i] = draw_attentive(model, i, .6 * factor[scale] + .8 * noise);
        }
    }
}

int32_t psyi_draw_score(const psyi_item *item, int32_t code)
{
    return item->scores ? item->scores[code] : code;
}

void psyi_draw_text(const psy_instrument *instrument, const psyi_item *item, int32_t code,
                    psyi_buffer *out)
{
    const psyi_response *response = &instrument->responses[item->response];

    if (code == PSYI_DRAW_BLANK)
        return;
    if (response->kind == PSYI_CODED)
        psyi_buffer_integer(out, response->codes[code]);
    else if (response->kind == PSYI_CLOCK)
        psyi_buffer_format(out, "%02d:%02d", (int)code / 60 % 24, (int)code % 60);
    else
        psyi_buffer_number(out, (double)code / (double)item->scale);
}
