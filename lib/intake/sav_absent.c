/*
 * sav_absent.c -- what a build without libreadstat says of SPSS files, in the place of sav_in.c.
 */
#include "base/fail.h"
#include "intake/sav_in.h"

psy_status psyi_sav_read(const psyi_buffer *bytes, const char *file, const psyi_input *input,
                         const char *where, psyi_buffer *out, psyi_arena *arena,
                         const char *const **labels, size_t *n_labels, psy_error *error)
{
    (void)bytes;
    (void)input;
    (void)where;
    (void)out;
    (void)arena;
    (void)labels;
    (void)n_labels;
    const psy_location place = psyi_location(file, 0, 0, 0);
    return psyi_fail(error, PSY_E_UNSUPPORTED, &place,
                     "this is an SPSS file, and this psyscreen was built without libreadstat: "
                     "save it as CSV in UTF-8, or build with libreadstat installed");
}
