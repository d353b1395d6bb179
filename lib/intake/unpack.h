/* unpack.h -- parts of a zipped document, within limits that are counted, not believed.
 *
 * What the headers of a zip file say about sizes is not asked.  Parts are inflated block by
 * block into an XML parser that takes no document type, so that there are no entities. */
#ifndef PSYSCREEN_INTAKE_UNPACK_H
#define PSYSCREEN_INTAKE_UNPACK_H

#include "base/memory.h"

#include <psyscreen/error.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PSYI_UNPACK_ENTRIES = 1000, PSYI_UNPACK_DEPTH = 64, PSYI_UNPACK_RATIO = 100 };

typedef struct psyi_unpack {
    struct zip *zip;
    const char *file;      /* for messages */
    uint64_t limit, total; /* bytes that may be and were inflated */
} psyi_unpack;

/* Handlers of one part.  Names come without their namespace prefix.  A handler that cannot go
 * on calls psyi_xml_stop. */
typedef struct psyi_xml {
    void (*begin)(void *context, const char *name, const char **attributes);
    void (*end)(void *context, const char *name);
    void (*text)(void *context, const char *text, size_t length);
    void *context;
    psy_status status; /* of a stop */
    unsigned depth;
    void *parser;
    const char *file, *part;
    psy_error *error;
} psyi_xml;

/* `bytes` must stay as long as *out, which is psyi_unpack_done also after a failure. */
psy_status psyi_unpack_open(psyi_unpack *out, const char *bytes, size_t length, const char *file,
                            psy_error *error);
void psyi_unpack_done(psyi_unpack *unpack);
bool psyi_unpack_has(const psyi_unpack *unpack, const char *part);
/* Read one part to its end, or to a stop with PSY_OK. */
psy_status psyi_unpack_xml(psyi_unpack *unpack, const char *part, psyi_xml *xml, psy_error *error);
/* Stop reading; `status` PSY_OK when all that was wanted is known. */
void psyi_xml_stop(psyi_xml *xml, psy_status status);
/* The attribute with this local name, or NULL. */
const char *psyi_xml_attribute(const char **attributes, const char *name);

#endif
