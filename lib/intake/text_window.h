/* text_window.h -- a text file a window at a time.
 *
 * While the rows of one window are read, the next can be fetched and the digest taken on other
 * threads.  Only plain UTF-8 files that are larger than a window come this way; everything else
 * is one window that holds it whole. */
#ifndef PSYSCREEN_INTAKE_TEXT_WINDOW_H
#define PSYSCREEN_INTAKE_TEXT_WINDOW_H

#include "base/digest.h"
#include "intake/csv.h"
#include "intake/decode_input.h"
#include "intake/records.h"

/* More would leave the caches, and with less the threads wait for each other too often.  Not by
 * the number of threads: where windows end shows in what was told before an error. */
enum { PSYI_WINDOW_BYTES = 3 << 19 };
/* A row may be so long, and a little stands before it: with less, every file would be read whole.
 */
enum { PSYI_LEAST_WINDOW = PSYI_CSV_MAX_RECORD + 4096 };
_Static_assert((int)PSYI_WINDOW_BYTES >= (int)PSYI_LEAST_WINDOW, "a window holds any row");

typedef struct psyi_text_block {
    char *room;
    const char *text; /* of the window: what was left of the one before, then the new bytes */
    size_t length;    /* of the text; NUL behind it */
    const char *fresh;
    size_t n_fresh; /* new bytes, not yet in the digest */
    bool last;
    psy_status status; /* of reading and checking it */
    psy_error error;
} psyi_text_block;

typedef struct psyi_text_window {
    psyi_input_text input; /* text and length are those of the window */
    bool last;             /* nothing comes behind it */
    size_t window_bytes;   /* as wanted */
    int descriptor;        /* -1: the input is whole */
    uint64_t n_bytes;      /* of the file, so far */
    size_t size;           /* it announced, or the whole input's */
    psyi_sha256 *digest;
    psyi_text_block blocks[2];
    unsigned current;
    const psyi_input *declared;
    const char *where;
    bool cut;
    const psy_allocator *allocator;
} psyi_text_window;

/* As psyi_input_text_read; `window_bytes` 0: as is best; PSY_E_ARGUMENT
 * for less than PSYI_LEAST_WINDOW.  On failure nothing is left to close. */
psy_status psyi_text_window_open(psyi_text_window *out, const psyi_input *input, const char *path,
                                 const psy_source *source, const char *where, bool cut,
                                 size_t window_bytes,
                                 const psy_allocator *allocator, psy_error *error);
/* Read and check what comes behind the window; take the digest of the window.  Each once a
 * window and on one thread; nothing to do for an input that is whole. */
void psyi_text_window_fetch(psyi_text_window *window);
void psyi_text_window_hash(psyi_text_window *window);
/* Go on to what was fetched; `*at` is the first byte of the window that is still wanted, and is
 * where it lies then.  The first place that is no text, or an error of reading. */
psy_status psyi_text_window_turn(psyi_text_window *window, const char **at, psy_error *error);
/* What is known of the file when all of it was read. */
psy_status psyi_text_window_end(psyi_text_window *window, psyi_input_file *file, psy_error *error);
void psyi_text_window_close(psyi_text_window *window);

#endif
