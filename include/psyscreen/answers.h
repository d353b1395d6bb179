/**
 * @file answers.h
 * Answers of one questionnaire held in memory: columns of numbers in, no file needed.
 */
#ifndef PSYSCREEN_ANSWERS_H
#define PSYSCREEN_ANSWERS_H

#include <psyscreen/allocator.h>
#include <psyscreen/error.h>
#include <psyscreen/export.h>
#include <psyscreen/findings.h>
#include <psyscreen/instrument.h>
#include <psyscreen/table.h>

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Answers to one instrument, one row a person, one column an item, beside what norms and
 * bands ask about the person.  One thread at a time while it is filled; may be shared once
 * it no longer changes.
 */
typedef struct psy_answers psy_answers;

/** How the numbers of a column lie in memory; values are frozen. */
typedef enum psy_number_type {
    PSY_INT8 = 0,
    PSY_INT16 = 1,
    PSY_INT32 = 2,
    PSY_INT64 = 3,
    PSY_FLOAT = 4,  /**< 32 bits; NaN is a blank */
    PSY_DOUBLE = 5, /**< 64 bits; NaN is a blank */
    PSY_UINT8 = 6,  /**< unsigned, as the following */
    PSY_UINT16 = 7,
    PSY_UINT32 = 8,
    PSY_UINT64 = 9
} psy_number_type;

/** What is known about the person behind a row; values are frozen. */
typedef enum psy_person_field {
    PSY_PERSON_SEX = 0,      /**< 1 male, 2 female */
    PSY_PERSON_GRADE = 1,    /**< 1 to 12 school, 13 to 16 university */
    PSY_PERSON_AGE = 2,      /**< completed years, 0 to 120 */
    PSY_PERSON_INFORMANT = 3 /**< 1 self, 2 parent, 3 teacher */
} psy_person_field;

/**
 * Make an empty set of answers: all items blank, nothing known of the persons.
 *
 * Items that no scale and no critical flag needs, and items of a part declared optional,
 * start as not applicable and become part of the form when their column is set.
 *
 * @param out         receives the answers, the caller's; untouched on failure
 * @param instrument  must outlive the answers
 * @param variant     coding variant the answers are written in; NULL: the first
 * @param n_rows      how many persons; 0 is fine
 * @param allocator   NULL: malloc
 * @retval PSY_E_NOT_FOUND  no such variant; the sentence names those there are
 * @retval PSY_E_NOMEM
 */
PSY_API psy_status psy_answers_new(psy_answers **out, const psy_instrument *instrument,
                                   const char *variant, size_t n_rows,
                                   const psy_allocator *allocator, psy_error *error);
/** NULL is fine. */
PSY_API void psy_answers_free(psy_answers *answers);
/** How many rows there are. */
PSY_API size_t psy_answers_row_count(const psy_answers *answers);

/**
 * Set the answers to one item, all rows at once.  The numbers are copied.
 *
 * Coded items take the codes of the definition, as given: before reversal and before any
 * map to item scores.  Number items take the number itself; clock items take minutes after
 * midnight, 0 to 1439.  A code the item does not have, a number outside its range and an
 * infinite or fractional code become missing, with a warning finding each (its row counts
 * from 1); after twenty of one kind in the column the rest is counted in one finding.
 *
 * A float or double stands for the decimal it is nearest to: 6.7 is accepted by an item of
 * one decimal, 6.75 is not.
 *
 * @param item          index of the item, below psy_instrument_item_count()
 * @param data          first value; any alignment; may be NULL when there are no rows
 * @param type          how one value is stored
 * @param stride_bytes  from one value to the next; negative for reversed views, 0 repeats
 * @param missing       a number that means blank, beside NaN; NULL: none
 * @param findings      receives warnings; may be NULL
 * @retval PSY_E_ARGUMENT  no such item, an unknown type, or no data
 * @retval PSY_E_NOMEM     a finding could not be kept
 *
 * Time O(n_rows); no memory but for findings.
 */
PSY_API psy_status psy_answers_set_column(psy_answers *answers, size_t item, const void *data,
                                          psy_number_type type, ptrdiff_t stride_bytes,
                                          const double *missing, psy_findings *findings,
                                          psy_error *error);

/**
 * Set what is known about the persons, all rows at once.
 *
 * Parameters as in psy_answers_set_column(); NaN and `missing` mean unknown.  Nothing is
 * guessed: a value outside the list of psy_person_field is an error, not a finding.
 *
 * @retval PSY_E_DATA      a value has no meaning; the sentence names the row, from 1
 * @retval PSY_E_ARGUMENT  an unknown field or type, or no data
 */
PSY_API psy_status psy_answers_set_person(psy_answers *answers, psy_person_field field,
                                          const void *data, psy_number_type type,
                                          ptrdiff_t stride_bytes, const double *missing,
                                          psy_error *error);

/**
 * Take answers from an Arrow struct array, as a table or record batch exports itself.
 *
 * Children called `<instrument>_<item>` ("phq9_1", "psqi_q1_bed") are items; `sex`, `grade`,
 * `age` and `informant` are what is known about the person.  Integers of 8 to 64 bits,
 * signed or not, booleans (1 and 0), floats and doubles are read as by
 * psy_answers_set_column().  Texts (string, large string, string view) are read as the cells
 * of a file: a code, a label of the definition in either language, an alias, a clock time;
 * sex and informant as words ("male", "女", "parent"), grade and age as a file has them.
 * Dictionaries of any of these are read through.  Nulls, NaN and empty texts are blank.
 * Other children are ignored.  The structs are only read: the caller keeps and releases
 * them.  Sliced arrays are fine.
 *
 * @param answers   with as many rows as the array
 * @param findings  receives warnings about values and a note about absent columns
 * @retval PSY_E_DATA         a column that a scale or critical flag needs is missing or
 *                            there twice; row counts differ; a value of sex, grade, age or
 *                            informant has no meaning; two labels would mean one answer
 * @retval PSY_E_UNSUPPORTED  a needed column has another type; the sentence names both
 * @retval PSY_E_ARGUMENT     not a struct array
 */
PSY_API psy_status psy_answers_import_arrow(psy_answers *answers, const struct ArrowSchema *schema,
                                            const struct ArrowArray *array, psy_findings *findings,
                                            psy_error *error);

/**
 * Take one column from an Arrow array, whatever the array is called.
 *
 * @param answers   with as many rows as the array
 * @param name      what it is: `<instrument>_<item>`, `sex`, `grade`, `age` or `informant`
 * @param schema    of the one column, not of a struct
 * @param array     only read
 * @param findings  receives warnings about values
 * @retval PSY_E_NOT_FOUND  the answers have no column of that name
 *
 * Types, meanings and errors as in psy_answers_import_arrow(); no column is missed here, see
 * psy_answers_complete().
 */
PSY_API psy_status psy_answers_import_column(psy_answers *answers, const char *name,
                                             const struct ArrowSchema *schema,
                                             const struct ArrowArray *array, psy_findings *findings,
                                             psy_error *error);

/**
 * Say which columns were never set: an error where something scored needs one of them (as
 * in a file that lacks it), otherwise one note.  For answers set column by column.
 *
 * @param findings  receives the note; may be NULL
 * @retval PSY_E_DATA  the sentence names the first column that is needed
 */
PSY_API psy_status psy_answers_complete(const psy_answers *answers, psy_findings *findings,
                                        psy_error *error);

/**
 * Make answers of everything an Arrow stream gives: the batches one under the other.
 *
 * @param out         receives the answers, the caller's; untouched on failure
 * @param instrument  must outlive the answers
 * @param variant     as in psy_answers_new()
 * @param stream      of struct arrays, read to its end; the caller releases it.  Batches are
 *                    kept until all are read and released before this returns
 * @param allocator   NULL: malloc
 * @param findings    rows count from 1 over all batches; may be NULL
 * @retval PSY_E_IO   the stream failed; its own words are in the message
 *
 * Everything else as in psy_answers_new() and psy_answers_import_arrow().
 */
PSY_API psy_status psy_answers_import_stream(psy_answers **out, const psy_instrument *instrument,
                                             const char *variant, struct ArrowArrayStream *stream,
                                             const psy_allocator *allocator, psy_findings *findings,
                                             psy_error *error);

#ifdef __cplusplus
}
#endif
#endif
