/**
 * @file psyscreen.h
 * The umbrella header, and the reading order of the library.
 *
 * **Words.**  An *instrument* is a questionnaire definition in one edition; its *items* get
 * *answers* (as given) and *item scores* (canonical: after coding variant, option map and
 * reversal); a *scale* gives a *raw score*, which has a *band* and, against a *norm*, a
 * *standard score*; a *flag* is a yes or no with a kind.  A *use* is an instrument in a
 * *plan*; a *sheet* is one submission of one use; a *student* selects one sheet per use.  A
 * *tier* is a warning level with a *rank*: 0 is none and larger is worse.  A *finding* is
 * something about the data, with a place.
 *
 * **Errors.**  Functions that can fail return a psy_status and take a psy_error last, which
 * may be NULL; on failure `*out` is untouched.  The library never prints, exits, aborts or
 * reads the environment.
 *
 * **Ownership.**  What comes through `T **out` is the caller's and has one `_free`, which
 * accepts NULL.  What a getter returns is borrowed from its first argument.
 *
 * **Threads.**  There is no global state and nothing to initialise.  Objects documented as
 * immutable may be used from any number of threads at once; all others belong to one thread
 * at a time.  Threads are started only by functions that take a number of them, and joined
 * before these return.  Results are identical, bit for bit, for any number of threads.
 *
 * **Missing.**  A computed number that is missing is NaN in arrays and a missing cell in
 * tables; it is never 0.
 */
#ifndef PSYSCREEN_PSYSCREEN_H
#define PSYSCREEN_PSYSCREEN_H

#include <psyscreen/version.h>

#include <psyscreen/status.h>

#include <psyscreen/error.h>

#include <psyscreen/allocator.h>

#include <psyscreen/stream.h>

#include <psyscreen/table.h>

#include <psyscreen/findings.h>

#include <psyscreen/program.h>

#include <psyscreen/instrument.h>

#include <psyscreen/norms.h>

#include <psyscreen/catalog.h>

#include <psyscreen/plan.h>

#include <psyscreen/answers.h>

#include <psyscreen/score.h>

#include <psyscreen/screening.h>

#include <psyscreen/wave.h>

#include <psyscreen/dossier.h>
#include <psyscreen/collected.h>

#include <psyscreen/local_norms.h>

#include <psyscreen/draft.h>

#include <psyscreen/encryption.h>

#include <psyscreen/keys.h>

#include <psyscreen/validity.h>

#include <psyscreen/reliability.h>

#include <psyscreen/keycheck.h>

#include <psyscreen/quality.h>

#include <psyscreen/change.h>

#include <psyscreen/comparison.h>

#include <psyscreen/suppression.h>

#include <psyscreen/distribution.h>

#include <psyscreen/standard_score.h>

#include <psyscreen/interval.h>

#include <psyscreen/shrinkage.h>

#include <psyscreen/lms.h>

#include <psyscreen/regression_norm.h>

#include <psyscreen/irt.h>

#include <psyscreen/moments.h>

#endif
