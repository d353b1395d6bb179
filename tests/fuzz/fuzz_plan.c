/*
 * fuzz_plan.c -- any bytes as a plan over the shipped catalogue.
 *
 * What loads can be linted; what does not load has a sentence with a place, and the first
 * finding is the error.
 */
#include "base/text.h"
#include "definition/load.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void must(int condition)
{
    if (!condition)
        abort();
}

/* One catalogue serves all inputs; it is reachable until the end. */
static const psy_catalog *shipped(void)
{
    static psy_catalog *catalog;
    static const char *const directory = PSY_SOURCE_DIR "/instruments";
    if (catalog == NULL)
        must(psy_catalog_open(&catalog, &directory, 1, NULL, NULL) == PSY_OK);
    return catalog;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    psy_plan *plan = NULL;
    psy_findings *findings = NULL;
    psy_error error = {.status = PSY_OK};
    must(psy_findings_new(&findings, NULL, NULL) == PSY_OK);
    const psy_status status = psyi_plan_read(&plan, NULL, (const char *)bytes, size, "f.yaml",
                                             shipped(), NULL, findings, &error);
    if (status == PSY_OK) {
        must(plan->n_batteries >= 1 && strlen(plan->fingerprint) == 64);
        must(psyi_plan_lint(plan, findings, NULL) == PSY_OK);
    } else {
        must(plan == NULL && error.status == status && psy_findings_count(findings) > 0);
        const psy_finding first = psy_findings_get(findings, 0);
        must(strcmp(first.message, error.message) == 0 && first.row == error.where.line);
    }
    for (size_t i = 0; i < psy_findings_count(findings); i++) {
        const psy_finding one = psy_findings_get(findings, i);
        must(one.row >= 1 && one.message[0] != '\0');
        must(psyi_utf8_check(one.message, strlen(one.message)) == strlen(one.message));
    }
    psy_plan_free(plan);
    psy_findings_free(findings);
    return 0;
}
