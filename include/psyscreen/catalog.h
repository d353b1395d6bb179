/**
 * @file catalog.h
 * The catalogue: every instrument and norm found in the directories a caller names.
 */
#ifndef PSYSCREEN_CATALOG_H
#define PSYSCREEN_CATALOG_H

#include <psyscreen/allocator.h>
#include <psyscreen/error.h>
#include <psyscreen/export.h>
#include <psyscreen/instrument.h>
#include <psyscreen/stream.h>

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Instruments with their norms.  Immutable once opened; may be shared between threads (it
 *  reads a file when somebody asks for what is in it, under a lock of its own). */
typedef struct psy_catalog psy_catalog;

/**
 * Find `<directory>/<id>.yaml` and `<directory>/norms/<id>.yaml`, which are read when the id
 * is asked for, and remember where `<directory>/plans/<id>.yaml` are.  Only these directories are searched; the first that
 * holds an id and edition wins and the same id and edition twice in one directory is an
 * error.  A file that does not load does not stop the others: asking for its id returns its
 * error.
 *
 * @retval PSY_E_IO  a directory cannot be read
 */
PSY_API psy_status psy_catalog_open(psy_catalog **out, const char *const *directories,
                                    size_t n_directories, const psy_allocator *allocator,
                                    psy_error *error);
PSY_API void psy_catalog_free(psy_catalog *catalog);
/** Add one instrument file from elsewhere, before the catalogue is shared. */
PSY_API psy_status psy_catalog_add(psy_catalog *catalog, const char *path, psy_error *error);
/** How many instruments load: reads all that were not asked for yet; 0 without memory. */
PSY_API size_t psy_catalog_count(const psy_catalog *catalog);
/** Instrument `index`, ordered by id and edition; borrowed. */
PSY_API const psy_instrument *psy_catalog_get(const psy_catalog *catalog, size_t index);
/**
 * The instrument `id`; `edition` NULL means the only one (PSY_E_ARGUMENT when there are
 * several).  Borrowed from the catalogue.
 *
 * @retval PSY_E_NOT_FOUND  no such id or edition; the sentence names the nearest
 */
PSY_API psy_status psy_catalog_find(const psy_catalog *catalog, const char *id,
                                    const char *edition, const psy_instrument **out,
                                    psy_error *error);
/** How many plans were found, and the id of plan `index` (bytewise order within a directory). */
PSY_API size_t psy_catalog_plan_count(const psy_catalog *catalog);
PSY_API const char *psy_catalog_plan_id(const psy_catalog *catalog, size_t index);
/** Path of the plan `id` in the searched directories, or NULL; borrowed. */
PSY_API const char *psy_catalog_plan_path(const psy_catalog *catalog, const char *id);

/**
 * Write the JSON Schema of a kind of file, for editors: made from the tables that the loaders
 * read by, so it names exactly the keys they know.
 *
 * It is wider than the loader: item lists, conditions and maps of codes are left open.
 *
 * @param kind  "instrument", "norms" (the head) or "plan"
 * @param sink  receives UTF-8 with LF
 * @retval PSY_E_NOT_FOUND  another kind
 * @retval PSY_E_OUTPUT     the sink refused
 * @retval PSY_E_NOMEM
 */
PSY_API psy_status psy_definition_schema(const char *kind, const psy_sink *sink,
                                         psy_error *error);

#ifdef __cplusplus
}
#endif
#endif
