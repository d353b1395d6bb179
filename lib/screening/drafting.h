/* drafting.h -- a plan while it is being drafted. */
#ifndef PSYSCREEN_SCREENING_DRAFTING_H
#define PSYSCREEN_SCREENING_DRAFTING_H

#include "intake/codes.h"
#include "intake/header.h"
#include "intake/survey.h"

#include <psyscreen/draft.h>

enum { PSYI_DRAFT_USES = 16 };

typedef struct psyi_draft_code { /* a text that the plan gives a meaning to */
    uint16_t use;
    uint8_t byte;
    const char *text;
    int32_t code;
} psyi_draft_code;

typedef struct psyi_draft_use {
    psyi_use use;
    bool stated;          /* a variant was named */
    bool index;           /* numbers are option numbers */
    uint32_t at;          /* 1-based column of the first item, 0 not said */
    uint32_t *column;     /* per item; PSYI_NO_COLUMN */
    psyi_codebook *books; /* per response */
    const char *pattern;  /* of a numbered series, or NULL */
    bool placed;          /* by what stands in the columns: no name and nobody said so */
} psyi_draft_use;

typedef struct psyi_draft {
    const psy_draft_options *options;
    const psy_allocator *allocator;
    psyi_arena arena;
    psyi_input input; /* what is declared: encoding, sheet, separator, missing texts */
    psyi_survey survey;
    psyi_draft_use uses[PSYI_DRAFT_USES];
    size_t n_uses;
    uint32_t field[PSYI_FIELDS]; /* columns, PSYI_NO_COLUMN */
    bool *taken;                 /* columns that are something already */
    uint32_t *after, *before;    /* the next column that was not left out, the one before */
    bool lenient;                /* a few cells of a column may be no answers */
    psyi_draft_code *codes;
    size_t n_codes, codes_room;
    psyi_buffer sex;   /* codes of the sex column that the file itself explains: A.男=male */
    const char *dates; /* order of dates where it must be said */
    size_t n_open;     /* questions */
    psyi_buffer report;
    psy_findings *findings;
    psy_error *error;
} psyi_draft;

/* An open question about a column (or PSYI_NO_COLUMN), with what to do.  `row`: of the file, 0 is
 * the header's. */
psy_status psyi_draft_ask(psyi_draft *draft, uint32_t column, uint64_t row, const char *rule,
                          const char *remedy, const char *format, ...)
    __attribute__((format(printf, 6, 7)));
/* draft_rows.c: a question where the first row is a second header. */
psy_status psyi_draft_second_header(psyi_draft *draft);
/* draft_persons.c */
psy_status psyi_draft_persons(psyi_draft *draft);
/* draft_items.c */
psy_status psyi_draft_items(psyi_draft *draft);
/* draft_order.c: questionnaires side by side that could as well stand the other way round. */
psy_status psyi_draft_order(psyi_draft *draft);
/* draft_codes.c: what is left of "A.完全不会(0分)" without what stands around it; the byte of a
 * text for an item, also without a letter or points around it. */
void psyi_draft_strip(const char **text, size_t *length);
uint8_t psyi_draft_byte(const psyi_draft_use *use, size_t item, const char *text, bool *bare);
psy_status psyi_draft_codes(psyi_draft *draft);
/* draft_numbers.c */
psy_status psyi_draft_coding(psyi_draft *draft, size_t use);
/* draft_words.c: what `answers` of the options say, before the codebooks are made and after; a
 * question where `n` columns could be a use but for their words, in columns from *behind on. */
psy_status psyi_draft_read_answers(psyi_draft *draft);
psy_status psyi_draft_check_answers(psyi_draft *draft);
psy_status psyi_draft_ask_words(psyi_draft *draft, const psyi_draft_use *use, size_t n,
                                uint32_t *behind, bool *asked);
/* draft_write.c */
void psyi_draft_write(const psyi_draft *draft, psyi_buffer *out);

#endif
