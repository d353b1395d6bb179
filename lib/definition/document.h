/* document.h -- opening a definition: file, tree and loader of one YAML document. */
#ifndef PSYSCREEN_DEFINITION_DOCUMENT_H
#define PSYSCREEN_DEFINITION_DOCUMENT_H

#include "definition/schema.h"

typedef struct psyi_document {
    psyi_buffer file;
    psyi_arena scratch;
    psyi_loader loader;
    psyi_node *root; /* NULL unless opened */
} psyi_document;

/* Read `path` (or, where it is NULL, take `text`), parse it, and check that its `format:` is
 * psyscreen/<kind>/1.  What is kept goes to `arena`.  Returns the loader's status; the document
 * must be closed either way. */
psy_status psyi_document_open(psyi_document *document, const char *kind, const char *path,
                              const char *text, size_t length, const char *name,
                              psyi_arena *arena, psy_findings *findings, psy_error *error);
void psyi_document_close(psyi_document *document);

/* "phq9" of "some/where/phq9.yaml" and of "phq9@2013.yaml"; its length. */
const char *psyi_file_stem(const char *path, size_t *length);
/* Report an id that is not the name of its file. */
void psyi_check_file_name(psyi_document *document, const char *path, const char *id);

#endif
