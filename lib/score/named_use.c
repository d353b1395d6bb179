/*
 * named_use.c -- instruments as a command names them.
 */
#include "score/named_use.h"

#include "base/fail.h"

#include <string.h>

psy_status psyi_named_variant(const psy_instrument *instrument, const char *name, unsigned *out,
                              psy_error *error)
{
    *out = 0;
    if (name == NULL)
        return PSY_OK;
    *out = psyi_find_variant(instrument, name);
    if (*out != PSYI_NO_INDEX)
        return PSY_OK;
    return psyi_fail(error, PSY_E_NOT_FOUND, NULL, "%s has no coding variant '%.40s'",
                     instrument->id, name);
}

psy_status psyi_named_use(psyi_use *use, const char *text, const psy_catalog *catalog,
                          const char *variant, psyi_arena *arena, psy_error *error)
{
    const char *const colon = strchr(text, ':');
    const size_t head = colon == NULL ? strlen(text) : (size_t)(colon - text);
    const char *const at = memchr(text, '@', head);
    const char *const id =
        psyi_arena_text(arena, text, at == NULL ? head : (size_t)(at - text));
    const char *const edition =
        at == NULL ? NULL : psyi_arena_text(arena, at + 1, head - (size_t)(at + 1 - text));
    if (id == NULL || (at != NULL && edition == NULL))
        return psyi_fail_memory(error, "the instruments");
    if (id[0] == '\0' || (edition != NULL && edition[0] == '\0') ||
        (colon != NULL && colon[1] == '\0'))
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "'%.80s' is not ID[@EDITION][:VARIANT]",
                         text);
    const psy_instrument *instrument = NULL;
    psy_status status = psy_catalog_find(catalog, id, edition, &instrument, error);
    if (status != PSY_OK)
        return status;
    unsigned index;
    status = psyi_named_variant(instrument, colon != NULL ? colon + 1 : variant, &index, error);
    if (status != PSY_OK)
        return status;
    *use = (psyi_use){.id = instrument->id, .instrument = instrument, .variant = (uint16_t)index};
    return PSY_OK;
}
