/* policy_sheets.c -- see policy_sheets.h. */
#include "policy_sheets.h"

#include <math.h>
#include <stdio.h>

void made_up_plan(psyi_buffer *out, const made_up *battery, const char *validity)
{
    psyi_buffer_text(out, "format: psyscreen/plan/1\nid: ward\nname: {en: Ward}\n"
                          "wave: 2026-autumn\nas_of: 2026-10-15\nidentity: {output: plain}\n"
                          "inputs:\n  responses:\n    encoding: utf-8\n"
                          "    columns: {student: student, school: school, grade: grade, class: "
                          "class, submitted_at: time, duration: seconds}\n    items: {");
    for (size_t i = 0; battery->instruments[i] != NULL; i++)
        psyi_buffer_format(out, "%s%s: \"%s_{id}\"", i > 0 ? ", " : "", battery->instruments[i],
                           battery->instruments[i]);
    psyi_buffer_text(out, "}\n    dates: ymd\nuses:\n");
    for (size_t i = 0; battery->instruments[i] != NULL; i++)
        psyi_buffer_format(out, "  %s: {instrument: %s, informant: self}\n",
                           battery->instruments[i], battery->instruments[i]);
    psyi_buffer_text(out, "grades: {accept: [arabic]}\nduplicates: manual\n");
    if (validity != NULL)
        psyi_buffer_format(out, "validity: %s\n", validity);
    psyi_buffer_text(out, "tiers:\n  scheme: three_first_worst\n  rules: [{id: never, rank: 1, "
                          "when: \"quality.answered >= 2000\"}]\n");
    psyi_buffer_text(out, "outputs: {language: [zh, en], small_cell: 5}\n");
}

static void add_person(psyi_buffer *out, const ward *w, psyi_answer_model *const *models,
                       psyi_manner manner, bool hurries, size_t index, psyi_chance *chance)
{
    static const char letters[2][MANNERS + 1] = {"ASPR", "aspr"};
    const double severity = psyi_chance_normal(chance);
    size_t n_items = 0;
    for (size_t use = 0; use < w->plan->n_uses; use++)
        n_items += w->plan->uses[use].instrument->n_items;
    /* 4 s an item, a third of all between 2.7 and 6 s; who hurries needs 0.6 s. */
    const double pace = hurries ? .6 : exp(log(4) + .4 * psyi_chance_normal(chance));
    psyi_buffer_format(out, "%c%05zu,%zu,8,%zu,2026-10-10 09:00:%02u,%d", letters[hurries][manner],
                       index, index % 3 + 1, index / 45 % 30 + 1, psyi_chance_below(chance, 60),
                       (int)(pace * (double)n_items));
    for (size_t use = 0; use < w->plan->n_uses; use++) {
        const psy_instrument *const instrument = w->plan->uses[use].instrument;
        int32_t codes[2000];
        psyi_answers_draw(models[use], severity, manner, chance, codes);
        for (size_t i = 0; i < instrument->n_items; i++) {
            psyi_buffer_char(out, ',');
            psyi_draw_text(instrument, &instrument->items[i], codes[i], out);
        }
    }
    psyi_buffer_char(out, '\n');
}

void made_up_responses(psyi_buffer *out, const ward *w, size_t attentive, size_t others,
                       uint64_t seed)
{
    psyi_answer_model *models[8] = {NULL};
    psy_error error = {.status = PSY_OK};
    psyi_buffer_text(out, "student,school,grade,class,time,seconds");
    for (size_t use = 0; use < w->plan->n_uses; use++) {
        const psy_instrument *const instrument = w->plan->uses[use].instrument;
        assert_int_equal(psyi_answer_model_new(&models[use], instrument, NULL, &error), PSY_OK);
        for (size_t i = 0; i < instrument->n_items; i++)
            psyi_buffer_format(out, ",%s_%s", w->plan->uses[use].id, instrument->items[i].id);
    }
    psyi_buffer_char(out, '\n');
    size_t index = 0;
    for (psyi_manner manner = PSYI_ATTENTIVE; manner <= PSYI_RANDOM; manner++)
        for (int hurries = 0; hurries < 2; hurries++) {
            if (manner == PSYI_ATTENTIVE && hurries)
                continue;
            const size_t n = manner == PSYI_ATTENTIVE ? attentive : others;
            for (size_t i = 0; i < n; i++, index++) {
                psyi_chance chance = psyi_chance_stream(seed, 77, index);
                add_person(out, w, models, manner, hurries, index, &chance);
            }
        }
    for (size_t use = 0; use < w->plan->n_uses; use++)
        psyi_answer_model_free(models[use]);
    assert_false(out->failed);
}
