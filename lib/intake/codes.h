/* codes.h -- from the text of a cell to the byte of an answer.
 *
 * One codebook serves one response format of one use: the plan's own texts, the texts for
 * missing answers, then the declared codes, labels and aliases. */
#ifndef PSYSCREEN_INTAKE_CODES_H
#define PSYSCREEN_INTAKE_CODES_H

#include "answers/coding.h"
#include "answers/sheets.h"

#include <psyscreen/error.h>

enum { PSYI_NOT_QUICK = 0xFF };

typedef struct psyi_code_word psyi_code_word;

typedef struct psyi_codebook {
    psyi_coding coding;
    psyi_code_word *words; /* open addressing */
    size_t n_words, mask;
    /* The plan gives an integer another meaning than the definition does: the file is in a
     * coding of its own, and integers the plan does not mention are no answers. */
    bool recoded;
    /* What a cell of this one byte is; PSYI_NOT_QUICK: ask psyi_codebook_read.  Never a
     * missing answer, so that whoever uses it knows that the sheet was given. */
    uint8_t quick[256];
} psyi_codebook;

/* Compile.  `input` may be NULL.  All memory is the arena's.  PSY_E_DATA when one text would
 * have two meanings.  Texts of the plan that mean nothing to this response are left out. */
psy_status psyi_codebook_make(psyi_codebook *out, const psy_instrument *instrument,
                              unsigned variant, unsigned response, const psyi_input *input,
                              const char *use, psyi_arena *arena, psy_error *error);
/* The byte of a cell: an index into the codes (coded items), 0 (number and clock items, the
 * value in *number), or why there is no answer. */
uint8_t psyi_codebook_read(const psyi_codebook *book, const psyi_item *item, const char *text,
                           size_t length, int32_t *number);
/* Whether a plan's value ("3", "skipped") means anything to this response. */
bool psyi_codebook_knows(const psyi_codebook *book, const char *value);

/* The plan's value for a text of column `of` ("sex", "consent"), or NULL. */
const char *psyi_code_map_find(const psyi_input *input, const char *of, const char *text,
                               size_t length);

#endif
