/* run_directory.c -- see run_directory.h. */
#include "run_directory.h"

#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 60 };
static ward_row rows[MOST];
static char codes[MOST][8];

const ward_row *run_rows(void)
{
    return rows;
}

void run_write_rows(run_directory *d, const ward_row *from, size_t n)
{
    psyi_buffer csv;
    psyi_buffer_init(&csv, NULL);
    ward_csv(&csv, from, n);
    psy_test_write_file(d->responses, csv.data, csv.length);
    psyi_buffer_done(&csv);
}

void run_open(run_directory *d, const ward_plan *plan, size_t n_rows)
{
    static const char *const phqs[] = {"000000000", "222222000", "000000002", "00000000."};
    memset(d, 0, sizeof *d);
    ward_open(&d->ward, plan);
    snprintf(d->responses, sizeof d->responses, "%s/responses.csv", d->ward.directory);
    snprintf(d->roster, sizeof d->roster, "%s/roster.csv", d->ward.directory);
    snprintf(d->results, sizeof d->results, "%s/results", d->ward.directory);
    psy_test_write_file(psy_test_path(d->ward.directory, "k"),
                        "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n", 65);
    char roster[8192];
    int length = snprintf(roster, sizeof roster, "%s", WARD_ROSTER);
    for (unsigned i = 0; i < MOST; i++) {
        static const char *const schools[] = {"A", "B", "C"};
        snprintf(codes[i], sizeof codes[i], "S%03u", i);
        rows[i] = (ward_row){.student = codes[i],
                             .school = schools[i % 3],
                             .grade = "8",
                             .class_text = "1",
                             .sex = i % 2 == 0 ? "f" : "m",
                             .time = "2026-10-01 08:00",
                             .seconds = "700",
                             .mht = mht(i, i % 9, NULL),
                             .phq = phqs[i % 4]};
        if (i % 10 != 9) /* every tenth stands in no roster, every eleventh is absent */
            length +=
                snprintf(roster + length, sizeof roster - (size_t)length, "%s,%s,8,1,%s,1,,n%u\n",
                         schools[i % 3], codes[i], i % 2 == 0 ? "f" : "m", i);
        if (i % 11 == 10)
            rows[i].mht = rows[i].phq = NULL;
    }
    psy_test_write_file(d->roster, roster, (size_t)length);
    run_write_rows(d, rows, n_rows);
    d->options.version = PSY_SCREENING_OPTIONS_VERSION;
    d->options.n_threads = 2;
}

psy_status run_go(run_directory *d)
{
    const char *const rosters[] = {d->roster}, *const responses[] = {d->responses};
    psy_findings_free(d->findings);
    d->findings = NULL;
    assert_int_equal(psy_findings_new(&d->findings, NULL, NULL), PSY_OK);
    memset(&d->error, 0, sizeof d->error);
    return psy_screening_run(d->ward.plan, rosters, 1, responses, 1, d->results, &d->options,
                             d->findings, &d->summary, &d->error);
}

psy_status run_once(const psy_allocator *allocator, void *context)
{
    run_directory *const d = context;
    const char *const rosters[] = {d->roster}, *const responses[] = {d->responses};
    d->options.allocator = allocator;
    return psy_screening_run(d->ward.plan, rosters, 1, responses, 1, d->results, &d->options, NULL,
                             NULL, NULL);
}

void run_close(run_directory *d)
{
    psy_findings_free(d->findings);
    ward_close(&d->ward);
}

const char *run_path(const run_directory *d, const char *name)
{
    return psy_test_path(d->results, name);
}

static void add_files(psyi_buffer *out, const char *directory, const char *prefix,
                      const char *without)
{
    char **names;
    size_t n;
    assert_int_equal(psyi_directory_list(directory, NULL, &names, &n, NULL), PSY_OK);
    for (size_t i = 0; i < n; i++) {
        char path[1024], digest[65];
        snprintf(path, sizeof path, "%s/%s", directory, names[i]);
        if (without != NULL && strncmp(names[i], without, strlen(without)) == 0)
            continue;
        if (psyi_is_directory(path)) {
            add_files(out, path, names[i], without);
            continue;
        }
        assert_int_equal(psyi_file_digest(path, digest, NULL), PSY_OK);
        psyi_buffer_format(out, "%s/%s %s\n", prefix, names[i], digest);
    }
    psyi_free(NULL, names);
}

char *run_digest(const run_directory *d, const char *without)
{
    psyi_buffer out;
    psyi_buffer_init(&out, NULL);
    psyi_buffer_text(&out, "");
    add_files(&out, d->results, "", without);
    assert_false(out.failed);
    return out.data;
}

char *run_write_plan(const run_directory *d, const char *norms)
{
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    psyi_buffer_add(&text, d->ward.plan->text, d->ward.plan->text_length);
    char *const at = strstr(text.data, "norms:");
    assert_non_null(at);
    const size_t end = (size_t)(at - text.data) + strcspn(at, "\n");
    psyi_buffer next;
    psyi_buffer_init(&next, NULL);
    psyi_buffer_format(&next, "%.*s%s%s", (int)(at - text.data), text.data, norms, text.data + end);
    const char *const path = psy_test_path(d->ward.directory, "ward.yaml");
    psy_test_write_file(path, next.data, next.length);
    psyi_buffer_done(&next);
    psyi_buffer_done(&text);
    return strdup(path);
}
