/*
 * manifest.c -- run.json: everything a result depends on, and what came out.
 *
 * Keys are in alphabetical order on every level and lists are sorted, so that two runs of
 * the same inputs give the same bytes.  There is no clock, host or directory in it: files
 * go by their last names, and their digests say which they were.
 */
#include "report/json.h"
#include "report/layout.h"
#include "report/report.h"

#include "cohort/carried.h"
#include "cohort/previous_wave.h"
#include "cohort/process_counts.h"
#include "cohort/published_file.h"
#include "intake/external.h"

#include "base/fail.h"
#include "base/file.h"

#include <psyscreen/plan.h>
#include <psyscreen/version.h>

#include <expat.h>
#include <math.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <xlsxwriter.h>
#include <zip.h>

static void write_label(psyi_json *json, const char *key, psyi_label label)
{
    psyi_json_open(json, key, '{');
    if (label.en != NULL)
        psyi_json_put_text(json, "en", label.en);
    if (label.zh != NULL)
        psyi_json_put_text(json, "zh", label.zh);
    psyi_json_close(json, '}');
}

static void write_day(psyi_json *json, const char *key, int64_t seconds)
{
    const time_t when = (time_t)seconds;
    struct tm parts;
    char text[48] = "";
    const bool known = seconds != PSYI_NO_TIME && gmtime_r(&when, &parts) != NULL &&
                       strftime(text, sizeof text, "%Y-%m-%d", &parts) > 0;
    psyi_json_put_text(json, key, known ? text : NULL);
}

static void write_counts(psyi_json *json, const psyi_counts *counts, size_t n_schools)
{
    psyi_json_open(json, "counts", '{');
    psyi_json_put_integer(json, "C_tested", (int64_t)counts->tested);
    psyi_json_put_integer(json, "D_due", (int64_t)counts->due);
    psyi_json_put_integer(json, "E_exempt", (int64_t)counts->exempt);
    psyi_json_put_integer(json, "T_target", (int64_t)counts->target);
    psyi_json_put_integer(json, "V_valid", (int64_t)counts->valid);
    psyi_json_put_integer(json, "critical_unanswered", (int64_t)counts->critical_unanswered);
    psyi_json_put_integer(json, "duplicates", (int64_t)counts->duplicates);
    psyi_json_put_integer(json, "not_judged", (int64_t)counts->not_judged);
    psyi_json_put_integer(json, "records", (int64_t)counts->records);
    psyi_json_put_integer(json, "review", (int64_t)counts->review);
    psyi_json_put_integer(json, "schools", (int64_t)n_schools);
    psyi_json_put_integer(json, "sealed", (int64_t)counts->sealed);
    psyi_json_put_integer(json, "unmatched", (int64_t)counts->unmatched);
    psyi_json_put_integer(json, "urgent", (int64_t)counts->urgent);
    psyi_json_close(json, '}');
}

static void write_findings(psyi_json *json, const psy_findings *findings)
{
    static const char *const names[] = {"error", "note", "warning"};
    static const psy_severity severities[] = {PSY_ERROR, PSY_NOTE, PSY_WARNING};
    psyi_json_open(json, "findings", '{');
    for (int i = 0; i < 3; i++)
        psyi_json_put_integer(
            json, names[i],
            findings != NULL ? (int64_t)psy_findings_count_severity(findings, severities[i]) : 0);
    psyi_json_close(json, '}');
}

static int compare_files(const void *a, const void *b)
{
    const psyi_input_file *const x = *(const psyi_input_file *const *)a;
    const psyi_input_file *const y = *(const psyi_input_file *const *)b;
    const int order = strcmp(psyi_base_name(x->name), psyi_base_name(y->name));
    return order != 0 ? order : strcmp(x->digest, y->digest);
}

static void write_file(psyi_json *json, const psyi_input_file *file, const char *role)
{
    psyi_json_open(json, NULL, '{');
    psyi_json_put_integer(json, "bytes", (int64_t)file->bytes);
    psyi_json_put_text(json, "name", psyi_base_name(file->name));
    psyi_json_put_text(json, "role", role);
    psyi_json_put_integer(json, "rows", (int64_t)file->rows);
    psyi_json_put_text(json, "sha256", file->digest);
    psyi_json_close(json, '}');
}

/* A file that psyscreen wrote: under the name it gave it, wherever it lies now. */
static void write_own_file(psyi_json *json, const char *name, const char *role, const char *digest)
{
    psyi_json_open(json, NULL, '{');
    psyi_json_put_text(json, "name", name);
    psyi_json_put_text(json, "role", role);
    psyi_json_put_text(json, "sha256", digest);
    psyi_json_close(json, '}');
}

static bool write_inputs(psyi_json *json, const psyi_results *results)
{
    const psyi_intake *const intake = results->intake;
    const psyi_input_file **const files =
        psyi_alloc(results->allocator, intake->n_files, sizeof *files);
    if (files == NULL)
        return false;
    for (size_t i = 0; i < intake->n_files; i++)
        files[i] = &intake->files[i];
    qsort(files, intake->n_files, sizeof *files, compare_files);
    psyi_json_open(json, "inputs", '[');
    if (results->external != NULL)
        write_file(json, &results->external->file, "external");
    if (results->previous != NULL)
        write_own_file(json, "run.json", "previous", results->previous->digest);
    if (results->process != NULL)
        write_own_file(json, "counts.csv", "counts", results->process->digest);
    if (results->carried != NULL)
        write_own_file(json, "ledger.csv", "entries", results->carried->digest);
    for (const psyi_published *of = results->published; of != NULL; of = of->next)
        write_own_file(json, "published.csv", "published", of->digest);
    for (size_t i = 0; i < intake->n_files; i++)
        write_file(json, files[i], "responses");
    for (size_t i = 0; results->roster != NULL && i < results->roster->n_files; i++)
        write_file(json, &results->roster->files[i], "roster");
    if (results->roster != NULL && results->roster->links != NULL)
        write_file(json, &results->roster->links->files[0], "links");
    psyi_json_close(json, ']');
    psyi_free(results->allocator, files);
    return true;
}

static void write_libraries(psyi_json *json)
{
    psyi_json_open(json, "libraries", '{');
    psyi_json_put_text(json, "expat", XML_ExpatVersion());
    psyi_json_put_text(json, "libcrypto", OpenSSL_version(OPENSSL_VERSION));
    psyi_json_put_text(json, "libxlsxwriter", lxw_version());
    psyi_json_put_text(json, "libzip", zip_libzip_version());
    psyi_json_close(json, '}');
}

static void write_local_norms(psyi_json *json, const psyi_results *results)
{
    static const char *const keys[] = {"", "stage", "grade", "sex"};
    const psy_plan *const plan = results->plan;
    psyi_json_open(json, "local_norms", '[');
    for (size_t i = 0; i < plan->n_locals; i++) {
        const psyi_local_norm *const norm = &plan->locals[i];
        const psyi_use *const use = &plan->uses[norm->use];
        const psyi_norm *const given = results->released != NULL && results->released[i] != NULL
                                           ? results->released[i]
                                           : norm->given;
        const psyi_local_rule *const rule = given != NULL ? &given->local.rule : &norm->rule;
        psyi_json_open(json, NULL, '{');
        psyi_json_open(json, "by", '[');
        for (size_t j = 0; j < rule->n_by; j++)
            psyi_json_put_text(json, NULL, keys[rule->by[j]]);
        psyi_json_close(json, ']');
        psyi_json_put_text(json, "fingerprint", given != NULL ? given->fingerprint : NULL);
        psyi_json_put_bool(json, "frozen_before", given != NULL);
        psyi_json_open(json, "groups", '[');
        for (size_t j = 0; j < results->n_locals; j++) {
            const psyi_local_result *const group = &results->locals[j];
            if (group->norm != i)
                continue;
            psyi_json_open(json, NULL, '{');
            psyi_json_put_integer(json, "grade", group->grade);
            if (group->shrunk)
                psyi_json_put_number(json, "lambda", group->lambda);
            psyi_json_put_number(json, "mean", group->mean);
            psyi_json_put_integer(json, "n", (int64_t)group->histogram->n);
            /* It stands for groups too small for a norm of their own. */
            psyi_json_put_bool(json, "pooled", group->pooled);
            psyi_json_put_number(json, "sd", group->sd);
            psyi_json_put_integer(json, "sex", group->sex);
            psyi_json_put_bool(json, "shrunk", group->shrunk);
            psyi_json_put_integer(json, "stage", group->stage);
            psyi_json_close(json, '}');
        }
        psyi_json_close(json, ']');
        psyi_json_put_text(json, "id", norm->id);
        psyi_json_put_integer(json, "min_n", rule->min_n);
        psyi_json_put_text(json, "scale", use->instrument->scales[norm->scale].id);
        psyi_json_put_text(json, "use", use->id);
        psyi_json_close(json, '}');
    }
    psyi_json_close(json, ']');
}

static void write_plan(psyi_json *json, const psyi_results *results)
{
    const psy_plan *const plan = results->plan;
    psyi_json_open(json, "plan", '{');
    psyi_json_put_text(json, "as_of", plan->as_of);
    psyi_json_put_integer(json, "capacity", results->capacity);
    psyi_json_put_text(json, "fingerprint", plan->fingerprint);
    psyi_json_put_text(json, "id", plan->id);
    psyi_json_put_text(json, "identity", plan->pseudonym ? "pseudonym" : "plain");
    psyi_json_put_text(json, "key_mark", results->key_mark[0] != '\0' ? results->key_mark : NULL);
    psyi_json_put_integer(json, "small_cell", plan->small_cell);
    psyi_json_put_text(json, "wave", plan->wave);
    psyi_json_close(json, '}');
}

static void write_rules(psyi_json *json, const psyi_rulebook *book)
{
    psyi_json_open(json, "rules", '[');
    for (size_t i = 0; i < book->n_rules; i++) {
        const psyi_book_rule *const rule = &book->rules[i];
        psyi_json_open(json, NULL, '{');
        psyi_json_put_bool(json, "critical", rule->critical);
        psyi_json_put_text(json, "id", rule->id);
        psyi_json_put_integer(json, "rank", rule->rank);
        write_label(json, "text", rule->text);
        psyi_json_put_text(json, "when",
                           rule->rule != NULL ? psyi_program_text(rule->rule->when) : NULL);
        psyi_json_close(json, '}');
    }
    psyi_json_close(json, ']');
}

static void write_tiers(psyi_json *json, const psy_plan *plan, const psyi_counts *counts)
{
    const psyi_scheme *const scheme = plan->scheme;
    psyi_json_open(json, "statuses", '{');
    /* In alphabetical order of their names. */
    static const psyi_status order[PSYI_STATUSES] = {
        PSYI_STATUS_ABSENT,     PSYI_STATUS_DOUBTFUL, PSYI_STATUS_INCOMPLETE, PSYI_STATUS_INVALID,
        PSYI_STATUS_NO_CONSENT, PSYI_STATUS_RETEST,   PSYI_STATUS_VALID};
    for (int i = 0; i < PSYI_STATUSES; i++)
        psyi_json_put_integer(json, psyi_status_name(order[i]), (int64_t)counts->status[order[i]]);
    psyi_json_close(json, '}');
    psyi_json_open(json, "tier_scheme", '{');
    if (scheme != NULL) {
        psyi_json_put_text(json, "id", scheme->id);
        write_label(json, "legend", scheme->legend);
        psyi_json_open(json, "tiers", '[');
        for (size_t i = 0; i < scheme->n_tiers; i++) {
            psyi_json_open(json, NULL, '{');
            psyi_json_put_text(json, "code", scheme->tiers[i].code);
            write_label(json, "name", scheme->tiers[i].name);
            psyi_json_put_integer(json, "rank", scheme->tiers[i].rank);
            if (scheme->tiers[i].rank >= 0 && scheme->tiers[i].rank < 16) {
                psyi_json_put_integer(json, "students",
                                      (int64_t)counts->tier[scheme->tiers[i].rank]);
                psyi_json_put_integer(json, "students_valid",
                                      (int64_t)counts->tier_valid[scheme->tiers[i].rank]);
            }
            psyi_json_close(json, '}');
        }
        psyi_json_close(json, ']');
    }
    psyi_json_close(json, '}');
}

static void write_uses(psyi_json *json, const psyi_results *results)
{
    const psy_plan *const plan = results->plan;
    static const char *const informants[] = {NULL, "self", "parent", "teacher"};
    psyi_json_open(json, "uses", '[');
    for (size_t i = 0; i < plan->n_uses; i++) {
        const psyi_use *const use = &plan->uses[i];
        const psy_instrument *const instrument = use->instrument;
        psyi_json_open(json, NULL, '{');
        psyi_json_put_text(json, "edition", instrument->edition);
        psyi_json_put_text(json, "fingerprint", instrument->fingerprint);
        psyi_json_put_text(json, "id", use->id);
        psyi_json_put_bool(json, "in_files", results->scores[i] != NULL);
        psyi_json_put_text(json, "informant",
                           use->informant <= PSYI_INFORMANT_TEACHER ? informants[use->informant]
                                                                    : NULL);
        psyi_json_put_text(json, "instrument", instrument->id);
        psyi_json_open(json, "norms", '[');
        for (size_t j = 0; j < instrument->n_norms; j++) {
            psyi_json_open(json, NULL, '{');
            psyi_json_put_text(json, "confidence",
                               psyi_confidence_name(instrument->norms[j]->confidence));
            psyi_json_put_text(json, "fingerprint", instrument->norms[j]->fingerprint);
            psyi_json_put_text(json, "id", instrument->norms[j]->id);
            psyi_json_close(json, '}');
        }
        psyi_json_close(json, ']');
        psyi_json_put_text(json, "population", use->population);
        psyi_json_put_text(json, "variant", instrument->variants[use->variant].id);
        psyi_json_close(json, '}');
    }
    psyi_json_close(json, ']');
}

static int compare_outputs(const void *a, const void *b)
{
    const psyi_output_file *const x = *(const psyi_output_file *const *)a;
    const psyi_output_file *const y = *(const psyi_output_file *const *)b;
    return strcmp(x->name, y->name);
}

static bool write_outputs(psyi_json *json, const psyi_results *results,
                          const psyi_output_file *outputs, size_t n_outputs)
{
    const psyi_output_file **const sorted =
        psyi_alloc(results->allocator, n_outputs, sizeof *sorted);
    if (sorted == NULL)
        return false;
    for (size_t i = 0; i < n_outputs; i++)
        sorted[i] = &outputs[i];
    qsort(sorted, n_outputs, sizeof *sorted, compare_outputs);
    psyi_json_open(json, "outputs", '[');
    for (size_t i = 0; i < n_outputs; i++) {
        psyi_json_open(json, NULL, '{');
        psyi_json_put_text(json, "name", sorted[i]->name);
        psyi_json_put_text(json, "sha256", sorted[i]->digest);
        if (sorted[i]->plain[0] != '\0')
            psyi_json_put_text(json, "plain_sha256", sorted[i]->plain);
        psyi_json_close(json, '}');
    }
    psyi_json_close(json, ']');
    psyi_free(results->allocator, sorted);
    return true;
}

psy_status psyi_report_manifest(const psyi_results *results, const psyi_output_file *outputs,
                                size_t n_outputs, const psy_findings *findings,
                                const psy_sink *sink, psy_error *error)
{
    psyi_counts counts;
    psyi_json json;
    psyi_count(results, 0, results->n_students, NULL, NULL, &counts);
    psyi_json_init(&json, results->allocator);
    psyi_json_open(&json, NULL, '{');
    write_day(&json, "as_of", results->as_of);
    write_counts(&json, &counts, results->n_schools);
    write_findings(&json, findings);
    psyi_json_put_text(&json, "format", "psyscreen/run/1");
    bool done = write_inputs(&json, results);
    write_libraries(&json);
    write_local_norms(&json, results);
    done = done && write_outputs(&json, results, outputs, n_outputs);
    write_plan(&json, results);
    psyi_json_put_text(&json, "psyscreen", psy_version());
    psyi_json_put_text(&json, "psyscreen_features", psy_build_features());
    if (results->n_few_changed > 0) {
        psyi_json_open(&json, "published_before", '[');
        for (size_t i = 0; i < results->n_few_changed; i++)
            psyi_json_put_text(&json, NULL, results->few_changed[i]);
        psyi_json_close(&json, ']');
    }
    write_rules(&json, results->book);
    write_tiers(&json, results->plan, &counts);
    write_uses(&json, results);
    psyi_json_close(&json, '}');
    psy_status status = PSY_OK;
    if (!done || json.out.failed)
        status = psyi_fail_memory(error, "run.json");
    else if (sink->write(sink->context, json.out.data, json.out.length) != 0)
        status = psyi_fail(error, PSY_E_OUTPUT, NULL, "run.json could not be written");
    psyi_json_done(&json);
    return status;
}
