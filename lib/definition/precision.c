/*
 * precision.c -- the standard error of measurement of a scale, as its source states it.
 *
 * SEM = SD * sqrt(1 - r), with SD and r of one sample (Lord & Novick, Statistical Theories of
 * Mental Test Scores, 1968, ch. 2); a manual may also state the SEM itself.  Without a source
 * there is none: a reliability that nobody can look up is no reason for anything.
 */
#include "definition/precision.h"

#include <math.h>

const psyi_key psyi_precision_keys[] = {
    {"sem", PSYI_SHAPE_NUMBER, false, PSYI_AT(psyi_precision, stated)},
    {"reliability", PSYI_SHAPE_NUMBER, false, PSYI_AT(psyi_precision, reliability)},
    {"sd", PSYI_SHAPE_NUMBER, false, PSYI_AT(psyi_precision, sd)},
    {"mean", PSYI_SHAPE_NUMBER, false, PSYI_AT(psyi_precision, mean)},
    {"cite", PSYI_SHAPE_TEXT, true, PSYI_AT(psyi_precision, cite)},
    {"confidence", PSYI_SHAPE_WORD, false, PSYI_AT(psyi_precision, confidence),
     .words = psyi_confidence_words},
    {0},
};

bool psyi_precision_settle(psyi_loader *loader, const psyi_node *node, psyi_precision *precision)
{
    const psyi_ratio stated = precision->stated, r = precision->reliability, sd = precision->sd;
    precision->sem = 0;
    if (stated.den == 0 ? r.den == 0 || sd.den == 0 : r.den != 0 || sd.den != 0) {
        psyi_problem(loader, node, PSYI_PROBLEM_VALUE,
                     "state either `sem`, or `reliability` with the `sd` of the same sample");
        return false;
    }
    if (precision->mean.den != 0 && stated.den != 0) {
        psyi_problem(loader, node, PSYI_PROBLEM_VALUE,
                     "a mean serves the intervals of a reliability; beside `sem` it serves none");
        return false;
    }
    if (stated.den != 0 ? stated.num <= 0 : sd.num <= 0 || r.num < 0 || r.num >= r.den) {
        psyi_problem(loader, node, PSYI_PROBLEM_VALUE,
                     "an error of measurement and a standard deviation are above 0, a reliability "
                     "from 0 to below 1");
        return false;
    }
    precision->sem = stated.den != 0
                         ? psyi_ratio_double(stated)
                         : psyi_ratio_double(sd) * sqrt(1 - psyi_ratio_double(r));
    return true;
}
