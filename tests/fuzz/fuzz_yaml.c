/*
 * fuzz_yaml.c -- any bytes as an instrument definition.
 *
 * What loads can be linted and described in both languages, and its columns are ordered so
 * that each stands once; what does not load has a sentence with a place inside the file, and
 * the first finding is the error.
 */
#include "base/memory.h"
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

static int take(void *context, const void *bytes, size_t size)
{
    psyi_buffer_add(context, bytes, size);
    return 0;
}

static void check_sound(const psy_instrument *it)
{
    static const char *const languages[] = {"en", "zh"};
    psy_findings *findings = NULL;
    must(strlen(it->fingerprint) == 64);
    must(it->n_variants >= 1 && it->variants[0].scales == it->scales);
    for (size_t i = 0; i < it->n_order; i++)
        for (size_t j = i + 1; j < it->n_order && j < i + 50; j++)
            must(it->order[i] != it->order[j]);
    must(psy_findings_new(&findings, NULL, NULL) == PSY_OK);
    must(psyi_instrument_lint(it, findings, NULL) == PSY_OK);
    psy_findings_free(findings);
    for (size_t i = 0; i < 2; i++) {
        psyi_buffer out;
        psyi_buffer_init(&out, NULL);
        const psy_sink sink = {take, &out};
        must(psy_instrument_describe(it, languages[i], &sink, NULL) == PSY_OK);
        must(psyi_utf8_check(out.data, out.length) == out.length);
        psyi_buffer_done(&out);
    }
}

static void check_problems(const psy_findings *findings, const psy_error *error)
{
    must(psy_findings_count(findings) > 0);
    const psy_finding first = psy_findings_get(findings, 0);
    must(strcmp(first.message, error->message) == 0);
    must(first.row == error->where.line && first.column == error->where.column);
    for (size_t i = 0; i < psy_findings_count(findings); i++) {
        const psy_finding one = psy_findings_get(findings, i);
        must(one.row >= 1 && one.column >= 1 && one.message[0] != '\0');
        must(psyi_utf8_check(one.message, strlen(one.message)) == strlen(one.message));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    psy_instrument *it = NULL;
    psy_findings *findings = NULL;
    psy_error error = {.status = PSY_OK};
    must(psy_findings_new(&findings, NULL, NULL) == PSY_OK);
    const psy_status status = psy_instrument_load_memory(&it, (const char *)bytes, size, "f.yaml",
                                                         NULL, findings, &error);
    if (status == PSY_OK) {
        must(it != NULL && psy_findings_count_severity(findings, PSY_ERROR) == 0);
        check_sound(it);
    } else {
        must(it == NULL && error.status == status);
        must(status == PSY_E_SYNTAX || status == PSY_E_SCHEMA || status == PSY_E_EXPR ||
             status == PSY_E_LIMIT);
        check_problems(findings, &error);
    }
    psy_instrument_free(it);
    psy_findings_free(findings);
    return 0;
}
