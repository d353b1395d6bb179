/*
 * instrument.c -- the public face of an instrument: loading, freeing, asking.
 */
#include <psyscreen/instrument.h>

#include "base/fail.h"
#include "base/file.h"
#include "definition/load.h"
#include "definition/norm_files.h"

#include <string.h>

psy_status psy_instrument_load_file(psy_instrument **out, const char *path,
                                    const psy_allocator *allocator, psy_findings *findings,
                                    psy_error *error)
{
    if (out == NULL || path == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "no place for the instrument or no path");
    const char *const slash = strrchr(path, '/');
    char *const directory =
        slash == NULL ? psyi_text_copy(allocator, ".", 1)
                      : psyi_text_copy(allocator, path, slash == path ? 1 : (size_t)(slash - path));
    if (directory == NULL)
        return psyi_fail_memory(error, "a path");
    psyi_norm_index norms;
    psy_status status = psyi_norm_index_open(&norms, directory, allocator, error);
    if (status == PSY_OK)
        status = psyi_instrument_read(out, path, NULL, 0, NULL, &norms, allocator, findings, error);
    psyi_norm_index_close(&norms);
    psyi_free(allocator, directory);
    return status;
}

psy_status psy_instrument_load_memory(psy_instrument **out, const char *text, size_t length,
                                      const char *name, const psy_allocator *allocator,
                                      psy_findings *findings, psy_error *error)
{
    if (out == NULL || text == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "no place for the instrument or no text");
    return psyi_instrument_read(out, NULL, text, length, name, NULL, allocator, findings, error);
}

void psy_instrument_free(psy_instrument *instrument)
{
    if (instrument == NULL)
        return;
    for (size_t i = 0; i < instrument->n_programs; i++)
        psyi_program_free(instrument->programs[i]);
    for (size_t i = 0; i < instrument->n_norms; i++)
        psyi_norm_free(instrument->norms[i]);
    psyi_arena arena = instrument->arena;
    const psy_allocator *const allocator = arena.allocator;
    psyi_free(allocator, instrument->programs);
    psyi_arena_done(&arena);
    psyi_free(allocator, instrument);
}

const char *psy_instrument_id(const psy_instrument *instrument)
{
    return instrument->id;
}

const char *psy_instrument_edition(const psy_instrument *instrument)
{
    return instrument->edition;
}

const char *psy_instrument_name(const psy_instrument *instrument, const char *language)
{
    const bool chinese = language != NULL && strcmp(language, "zh") == 0;
    return psyi_label_text(instrument->name, chinese ? PSYI_ZH : PSYI_EN, instrument->id);
}

const char *psy_instrument_fingerprint(const psy_instrument *instrument)
{
    return instrument->fingerprint;
}

size_t psy_instrument_item_count(const psy_instrument *instrument)
{
    return instrument->n_items;
}

const char *psy_instrument_item_id(const psy_instrument *instrument, size_t item)
{
    return item < instrument->n_items ? instrument->items[item].id : NULL;
}

size_t psy_instrument_find_item(const psy_instrument *instrument, const char *id)
{
    const unsigned item = psyi_find_item(instrument, id);
    return item == PSYI_NO_INDEX ? SIZE_MAX : item;
}

size_t psy_instrument_scale_count(const psy_instrument *instrument)
{
    return instrument->n_scales;
}

const char *psy_instrument_scale_id(const psy_instrument *instrument, size_t scale)
{
    return scale < instrument->n_scales ? instrument->scales[scale].id : NULL;
}

size_t psy_instrument_flag_count(const psy_instrument *instrument)
{
    return instrument->n_flags;
}

const char *psy_instrument_flag_id(const psy_instrument *instrument, size_t flag)
{
    return flag < instrument->n_flags ? instrument->flags[flag].id : NULL;
}
