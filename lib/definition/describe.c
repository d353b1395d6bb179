/*
 * describe.c -- the scoring key of an instrument in words.
 */
#include <psyscreen/instrument.h>

#include "base/fail.h"
#include "definition/model.h"

psy_status psy_instrument_describe(const psy_instrument *instrument, const char *language,
                                   const psy_sink *sink, psy_error *error)
{
    (void)instrument, (void)language, (void)sink;
    return psyi_fail(error, PSY_E_UNSUPPORTED, NULL, "describe is not written yet");
}

psy_status psy_instrument_summary(const psy_instrument *instrument, const char *language,
                                  const psy_sink *sink, psy_error *error)
{
    (void)instrument, (void)language, (void)sink;
    return psyi_fail(error, PSY_E_UNSUPPORTED, NULL, "summary is not written yet");
}
