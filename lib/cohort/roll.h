/* roll.h -- what roll_call.c keeps while it runs. */
#ifndef PSYSCREEN_COHORT_ROLL_H
#define PSYSCREEN_COHORT_ROLL_H

#include "cohort/assembly.h"

typedef struct psyi_school_order {
    const char *code;
    uint32_t at;
} psyi_school_order;

typedef struct psyi_seat_order {
    uint64_t prefix; /* first eight bytes of the id: most comparisons end there */
    const char *id;
    uint32_t school, seat;
} psyi_seat_order;

typedef struct psyi_roll {
    psyi_assembly *a;
    psyi_school *schools; /* as they come, then sorted into the results */
    size_t n_schools, schools_room;
    uint32_t *slots; /* open addressing: index + 1, 0 free */
    size_t n_slots;
    uint32_t *school_rank;
    char (*ids)[27];
} psyi_roll;

/* A seat of the same code, in the same school, as a seat before it: the same student. */
typedef struct psyi_repeat {
    uint32_t seat, first;
} psyi_repeat;
typedef struct psyi_repeats {
    psyi_repeat *list; /* by seat */
    size_t n;
} psyi_repeats;

/* code_index.c.  `school` UINT32_MAX: the seat of a sheet that names none.  false without memory.
 */
bool psyi_index_add(psyi_assembly *a, const char *code, uint32_t school, uint32_t seat);
/* Sort it and find the repeats, whose list is the caller's to free, also on failure. */
psy_status psyi_index_sort(psyi_assembly *a, psyi_repeats *repeats, psy_error *error);
/* Take repeats out of the index and the seats; those that stay keep their order. */
void psyi_index_drop(psyi_assembly *a, const psyi_repeats *repeats);
/* Behind the entries that hash as entry `first`. */
size_t psyi_index_group(const psyi_assembly *a, size_t first);

/* By content: no consent before consent, due before exempt, then any fixed order. */
int psyi_compare_rows(const psyi_roster_row *x, const psyi_roster_row *y);
/* numberless.c: printed ids of the pupils without a code, told apart by what is known of them. */
psy_status psyi_name_numberless(psyi_roll *roll, psy_error *error);
psy_status psyi_seats_from_roster(psyi_roll *roll, psy_error *error);
psy_status psyi_seats_from_records(psyi_roll *roll, psy_error *error);
#endif
