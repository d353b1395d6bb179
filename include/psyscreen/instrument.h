/**
 * @file instrument.h
 * One questionnaire definition, in one edition.
 */
#ifndef PSYSCREEN_INSTRUMENT_H
#define PSYSCREEN_INSTRUMENT_H

#include <psyscreen/allocator.h>
#include <psyscreen/error.h>
#include <psyscreen/export.h>
#include <psyscreen/findings.h>
#include <psyscreen/stream.h>

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** An immutable definition.  May be shared between threads. */
typedef struct psy_instrument psy_instrument;

/**
 * Load a definition and the norms that stand beside it (`norms/` in its directory).
 *
 * @param findings  receives every problem, with line and column; may be NULL
 * @param error     the first problem
 * @retval PSY_E_SYNTAX PSY_E_SCHEMA PSY_E_EXPR PSY_E_LIMIT PSY_E_IO
 */
PSY_API psy_status psy_instrument_load_file(psy_instrument **out, const char *path,
                                            const psy_allocator *allocator,
                                            psy_findings *findings, psy_error *error);
/** The same from memory; `name` is what messages call it.  No norms. */
PSY_API psy_status psy_instrument_load_memory(psy_instrument **out, const char *text,
                                              size_t length, const char *name,
                                              const psy_allocator *allocator,
                                              psy_findings *findings, psy_error *error);
/** Only for instruments the caller loaded; those of a catalogue die with it. */
PSY_API void psy_instrument_free(psy_instrument *instrument);

PSY_API const char *psy_instrument_id(const psy_instrument *instrument);
PSY_API const char *psy_instrument_edition(const psy_instrument *instrument);
/** Name in "en" or "zh"; the other language where one is missing. */
PSY_API const char *psy_instrument_name(const psy_instrument *instrument, const char *language);
/** 64 hex digits: SHA-256 of the canonical compiled scoring content. */
PSY_API const char *psy_instrument_fingerprint(const psy_instrument *instrument);
PSY_API size_t psy_instrument_item_count(const psy_instrument *instrument);
PSY_API const char *psy_instrument_item_id(const psy_instrument *instrument, size_t item);
/** Index of the item with this id or name, or SIZE_MAX. */
PSY_API size_t psy_instrument_find_item(const psy_instrument *instrument, const char *id);
PSY_API size_t psy_instrument_scale_count(const psy_instrument *instrument);
PSY_API const char *psy_instrument_scale_id(const psy_instrument *instrument, size_t scale);
PSY_API size_t psy_instrument_flag_count(const psy_instrument *instrument);
PSY_API const char *psy_instrument_flag_id(const psy_instrument *instrument, size_t flag);

/** The scoring key in words, for a psychologist to hold against the manual. */
PSY_API psy_status psy_instrument_describe(const psy_instrument *instrument,
                                           const char *language, const psy_sink *sink,
                                           psy_error *error);
/**
 * One line a catalogue listing prints, with tabs between: id, edition, items, scales, name,
 * topics, licence, informants ("self parent"), grades or ages with their school stages
 * ("grades 7..12: junior senior").
 */
PSY_API psy_status psy_instrument_summary(const psy_instrument *instrument,
                                          const char *language, const psy_sink *sink,
                                          psy_error *error);

#ifdef __cplusplus
}
#endif
#endif
