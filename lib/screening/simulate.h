/* simulate.h -- the parts of the simulator: chance, answers, files.
 *
 * Chance is drawn by counter, from (seed, stream, index), so that one student's answers do
 * not depend on how many others there are. */
#ifndef PSYSCREEN_SCREENING_SIMULATE_H
#define PSYSCREEN_SCREENING_SIMULATE_H

#include "base/memory.h"
#include "definition/model.h"

#include <psyscreen/error.h>
#include <psyscreen/instrument.h>
#include <psyscreen/plan.h>

#include <stdbool.h>
#include <stdint.h>

typedef struct psyi_chance { /* one independent stream */
    uint64_t key, counter;
} psyi_chance;
psyi_chance psyi_chance_stream(uint64_t seed, uint64_t stream, uint64_t index);
uint64_t psyi_chance_bits(psyi_chance *chance);
double psyi_chance_uniform(psyi_chance *chance); /* [0, 1) */
/* Sum of twelve uniforms less six: close to normal, and the same bits on every machine. */
double psyi_chance_normal(psyi_chance *chance);
unsigned psyi_chance_below(psyi_chance *chance, unsigned n);

/* How answers of one use are drawn: cut points on the normal scale per item and step. */
typedef struct psyi_answer_model psyi_answer_model;
psy_status psyi_answer_model_new(psyi_answer_model **out, const psy_instrument *instrument,
                                 const psy_allocator *allocator, psy_error *error);
void psyi_answer_model_free(psyi_answer_model *model);

typedef enum psyi_manner { /* how a sheet was filled in */
    PSYI_ATTENTIVE,
    PSYI_STRAIGHT, /* one option throughout */
    PSYI_PATTERN,  /* a short repeating pattern */
    PSYI_RANDOM
} psyi_manner;

/* Codes of all items of a sheet, as indices into their code lists; number and clock items
 * as the value times scale.  INT32_MIN is blank. */
void psyi_answers_draw(const psyi_answer_model *model, double severity, psyi_manner manner,
                       psyi_chance *chance, int32_t *codes);
#define PSYI_DRAW_BLANK INT32_MIN
/* The canonical score times scale of a drawn code. */
int32_t psyi_draw_score(const psyi_item *item, int32_t code);
/* The text a file would hold for it. */
void psyi_draw_text(const psy_instrument *instrument, const psyi_item *item, int32_t code,
                    psyi_buffer *out);

/* What goes wrong with a paper on its way. */
typedef enum psyi_plant {
    PSYI_PLANT_NONE,
    PSYI_PLANT_GBK,      /* handed in late, in a file in GB18030 */
    PSYI_PLANT_XLSX,     /* handed in late, in a workbook */
    PSYI_PLANT_CLASS,    /* names the class next door */
    PSYI_PLANT_FORMER,   /* carries the number the pupil had before */
    PSYI_PLANT_MISTYPED, /* carries a number that nobody has */
    PSYI_PLANT_NO_CODE   /* carries no number: the name must do */
} psyi_plant;

/* A pupil who does not exist, and what is planted with him. */
typedef struct psyi_pupil {
    uint64_t index;
    uint32_t school;
    int grade, class_number;
    bool girl;
    char code[24], school_code[16], id[27];
    double severity;
    psyi_chance chance;
    bool absent, exempt, refused, unanswered;
    bool stranger;   /* answers, but stands in no roster */
    bool twin_paper; /* hands in the same paper twice */
    bool changed_paper; /* hands in another one weeks later */
    psyi_manner manner;
    psyi_plant plant;
} psyi_pupil;

/* Where a school's pupils start among all; schools differ in size. */
uint64_t psyi_school_start(uint64_t n_students, uint32_t n_schools, uint32_t school);
void psyi_pupil_draw(uint64_t seed, uint64_t index, uint32_t school, uint64_t in_school,
                     uint64_t school_size, psyi_pupil *out);
/* Plants something the plan can reconcile in a few papers of those who have nothing else. */
void psyi_pupil_plant(uint64_t seed, const psy_plan *plan, psyi_pupil *pupil);
/* Whether the plan's ladder finds the pupil by name: nobody else of the class is called so (or
 * nobody of the same sex, where the plan goes on to ask that). */
bool psyi_pupil_is_named_alone(uint64_t seed, const psy_plan *plan, const psyi_pupil *pupil,
                               uint64_t school_start, uint64_t school_end);
/* Spellings as files have them; `way` chooses. */
void psyi_pupil_grade(const psyi_pupil *pupil, unsigned way, psyi_buffer *out);
void psyi_pupil_class(const psyi_pupil *pupil, unsigned way, psyi_buffer *out);
void psyi_pupil_name(const psyi_pupil *pupil, psyi_buffer *out);

/* [girl][grade] -> battery, SIZE_MAX for none. */
typedef size_t psyi_battery_map[2][64];
psy_status psyi_find_batteries(const psy_plan *plan, const psy_allocator *allocator,
                               psyi_battery_map out, psy_error *error);

#endif
