/* quick_turn.h -- sixty-four rows of staged answers turned into columns of lanes. */
#ifndef PSYSCREEN_INTAKE_QUICK_TURN_H
#define PSYSCREEN_INTAKE_QUICK_TURN_H

#include <stddef.h>
#include <stdint.h>

enum { PSYI_TURN_ROWS = 64, PSYI_TURN_COLUMNS = 16 };

/* out[c * 64 + r] = rows[r][column + c], for sixteen columns. */
typedef void psyi_turn(const uint8_t *const rows[PSYI_TURN_ROWS], size_t column,
                       uint8_t out[PSYI_TURN_COLUMNS * PSYI_TURN_ROWS]);
psyi_turn psyi_turn_plain;
/* The best this processor has. */
psyi_turn *psyi_turn_choose(void);

/* Lanes of `n` columns that follow each other: none[r] stays 0xFF only where all answers are
 * `blank` or `other`, and becomes 0 elsewhere. */
void psyi_lanes_none(const uint8_t *columns, size_t n, uint8_t blank, uint8_t other,
                     uint8_t none[PSYI_TURN_ROWS]);

#endif
