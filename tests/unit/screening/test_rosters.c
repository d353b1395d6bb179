/*
 * test_rosters.c -- a roster of each school: as one of all, in any order, whole, in parts and in
 * shares, and with memory that runs out.
 */
#include "run_directory.h"

#include "base/file.h"

#include <psyscreen/local_norms.h>
#include <psyscreen/wave.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SCHOOLS = 3 };

/* There are many of both: which roster it is fits where there was nothing. */
_Static_assert(sizeof(void *) != 8 || sizeof(psyi_student) == 152, "a student has not grown");
_Static_assert(sizeof(void *) != 8 || sizeof(psyi_roster_row) == 104, "a row has not grown");

static run_directory d;
static char paths[SCHOOLS][700];

/* The roster of the directory in a file of each school; all are called roster.csv but the last, and
 * each has its columns in another order.  `S001` of school B is in the file of school A, too. */
static void cut_roster(void)
{
    static const char *const names[SCHOOLS] = {"b/roster.csv", "a/roster.csv", "late.csv"};
    size_t length;
    psyi_buffer texts[SCHOOLS];
    char *const text = psy_test_read_file(d.roster, &length);
    psyi_directory_make(psy_test_path(d.ward.directory, "a"), NULL);
    psyi_directory_make(psy_test_path(d.ward.directory, "b"), NULL);
    for (size_t i = 0; i < SCHOOLS; i++) {
        psyi_buffer_init(&texts[i], NULL);
        psyi_buffer_text(&texts[i], i == 0   ? WARD_ROSTER
                                    : i == 1 ? "name,student,school,grade,class,sex,required,"
                                               "consent\n"
                                             : "x,school,student,grade,class,sex,required,"
                                               "consent,name\n");
    }
    for (char *line = strtok(strchr(text, '\n') + 1, "\n"); line != NULL;
         line = strtok(NULL, "\n")) {
        const int school = line[0] - 'A';
        const char *const name = strrchr(line, ',');
        psyi_buffer *const out = &texts[school];
        if (school == 0)
            psyi_buffer_format(out, "%s\n", line);
        else if (school == 1)
            psyi_buffer_format(out, "%s,%.4s,B%.*s\n", name + 1, line + 2, (int)(name - line - 6),
                               line + 6);
        else
            psyi_buffer_format(out, ",%s\n", line);
    }
    psyi_buffer_text(&texts[0], "B,S001,8,1,m,1,,n1\n");
    for (size_t i = 0; i < SCHOOLS; i++) {
        snprintf(paths[i], sizeof paths[i], "%s/%s", d.ward.directory, names[i]);
        psy_test_write_file(paths[i], texts[i].data, texts[i].length);
        psyi_buffer_done(&texts[i]);
    }
    free(text);
}

static psy_status go(const char *const *rosters, size_t n, const psy_allocator *allocator)
{
    const char *const responses[] = {d.responses};
    d.options.allocator = allocator;
    memset(&d.error, 0, sizeof d.error);
    psy_findings_free(d.findings);
    d.findings = NULL;
    if (allocator == NULL)
        assert_int_equal(psy_findings_new(&d.findings, NULL, NULL), PSY_OK);
    return psy_screening_run(d.ward.plan, rosters, n, responses, 1, d.results, &d.options,
                             d.findings, NULL, &d.error);
}

static void test_order_is_nothing(void **state)
{
    (void)state;
    static const size_t orders[][SCHOOLS] = {{0, 1, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    run_open(&d, &(ward_plan){.identity = "{output: plain}"}, 40);
    cut_roster();
    const char *const one[] = {d.roster};
    size_t length, again;
    assert_int_equal(go(one, 1, NULL), PSY_OK);
    char *const scores = psy_test_read_file(run_path(&d, "scores.csv"), &length);
    d.options.force = true;
    char *first = NULL;
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        const char *const rosters[] = {paths[orders[i][0]], paths[orders[i][1]],
                                       paths[orders[i][2]]};
        if (go(rosters, SCHOOLS, NULL) != PSY_OK)
            fail_msg("%s", d.error.message);
        d.options.force = false; /* the same run from now on */
        char *const digest = run_digest(&d, NULL);
        if (first != NULL)
            assert_string_equal(digest, first);
        free(first);
        first = digest;
        char *const found = psy_test_read_file(run_path(&d, "scores.csv"), &again);
        assert_string_equal(found, scores);
        free(found);
    }
    free(first);
    free(scores);
    /* S001 stands in the last row of b/roster.csv and in the first of the other. */
    size_t n = 0;
    for (size_t i = 0; i < psy_findings_count(d.findings); i++) {
        const psy_finding one_of = psy_findings_get(d.findings, i);
        if (strcmp(one_of.rule, "roster_repeated") != 0)
            continue;
        n++;
        assert_non_null(strstr(one_of.message, "/roster.csv'; counted once"));
        assert_true((strstr(one_of.file, "b/roster.csv") != NULL) ==
                    (strstr(one_of.message, "row 2 of 'a/roster.csv'") != NULL));
    }
    assert_int_equal(n, 1);
    const char *const two[] = {paths[0], paths[1]};
    assert_int_equal(go(two, 2, NULL), PSY_E_OUTPUT);
    run_close(&d);
}

static void test_mistakes(void **state)
{
    (void)state;
    run_open(&d, &(ward_plan){.identity = "{output: plain}"}, 10);
    cut_roster();
    const char *const copy = psy_test_path(d.ward.directory, "copy.csv");
    size_t length;
    char *const text = psy_test_read_file(paths[2], &length);
    psy_test_write_file(copy, text, length);
    const char *const twice[] = {paths[0], copy, paths[2]};
    assert_int_equal(go(twice, 3, NULL), PSY_E_DATA);
    assert_non_null(strstr(d.error.message, "the same, byte for byte, as '"));
    assert_non_null(strstr(d.error.message, "copy.csv'"));
    assert_string_equal(d.error.where.source, paths[2]);
    const char *const itself[] = {paths[2], paths[2]};
    assert_int_equal(go(itself, 2, NULL), PSY_E_DATA);
    psy_test_write_file(copy, WARD_ROSTER, strlen(WARD_ROSTER));
    const char *const empty[] = {copy, paths[2]};
    assert_int_equal(go(empty, 2, NULL), PSY_E_DATA);
    assert_string_equal(d.error.message, "this roster lists nobody: leave it out, or get it again");
    assert_string_equal(d.error.where.source, copy);
    assert_int_equal(go(empty, 1, NULL), PSY_OK); /* the only one may be */
    psy_test_write_file(copy, "school,student\nA,S900\n", 22);
    assert_int_equal(go(empty, 2, NULL), PSY_E_DATA);
    assert_string_equal(d.error.where.source, copy);
    assert_int_equal(go(NULL, 1, NULL), PSY_E_ARGUMENT);
    const char *const nothing[] = {paths[0], NULL};
    assert_int_equal(go(nothing, 2, NULL), PSY_E_ARGUMENT);
    assert_string_equal(d.error.message, "a roster without a path");
    const char *const names[] = {paths[0], psy_test_path(d.ward.directory, "c/roster.csv")};
    assert_int_equal(go(names, 2, NULL), PSY_E_IO); /* its digest is asked for first */
    free(text);
    run_close(&d);
}

/* ---- parts and shares ---- */

static int collect(void *context, const char *school, const char *lines, size_t length)
{
    (void)school;
    psyi_buffer_add(context, lines, length);
    return 0;
}

static void expect_missing(psy_error *error)
{
    char message[sizeof paths];
    snprintf(message, sizeof message,
             "the parts of a wave have the same rosters: 2 here, 3 elsewhere; '%s' is elsewhere "
             "only",
             paths[2]);
    assert_string_equal(error->message, message);
    *error = (psy_error){0};
}

static void part_of_sources(psyi_buffer *out)
{
    psyi_buffer texts[SCHOOLS + 1];
    psy_test_bytes bytes[SCHOOLS + 1];
    psy_source sources[SCHOOLS + 1];
    psy_wave *wave = NULL, *copy = NULL, *other = NULL;
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    const psy_sink sink = psy_test_sink(&text);
    psy_screening_part part = {
        .rosters = sources, .n_rosters = SCHOOLS, .responses = &sources[SCHOOLS], .n_responses = 1};
    for (size_t turn = 0; turn < 3; turn++) {
        for (size_t i = 0; i <= SCHOOLS; i++) {
            const char *const path = i < SCHOOLS ? paths[i] : d.responses;
            if (turn == 0) {
                psyi_buffer_init(&texts[i], NULL);
                assert_int_equal(psyi_file_read(path, 1 << 20, &texts[i], NULL), PSY_OK);
            }
            bytes[i] = (psy_test_bytes){.bytes = texts[i].data, .length = texts[i].length};
            /* What is run may lie elsewhere than what was counted. */
            sources[i] = psy_test_source_of(&bytes[i], turn == 1 ? path + 1 : path);
        }
        if (turn == 0) {
            assert_int_equal(psy_wave_new(&wave, d.ward.plan, NULL, NULL), PSY_OK);
            assert_int_equal(psy_wave_fold(wave, &part, NULL, NULL), PSY_OK);
            assert_int_equal(psy_wave_write(wave, &sink, NULL), PSY_OK);
            for (size_t i = 0; i < SCHOOLS; i++)
                assert_non_null(strstr(text.data, paths[i]));
            assert_int_equal(psy_wave_read(&copy, d.ward.plan, text.data, text.length, NULL, NULL),
                             PSY_OK);
            assert_int_equal(psy_wave_merge(copy, wave, NULL), PSY_OK);
        } else if (turn == 1) {
            psy_error error = {0};
            assert_int_equal(psy_screening_run_part(d.ward.plan, copy, &part, NULL, collect, out,
                                                    NULL, NULL, &error),
                             PSY_OK);
        } else {
            /* One roster less is another wave, also where it is one of the files of responses. */
            psy_error error = {0};
            const psy_screening_part whole = part;
            const psy_source first = sources[0];
            sources[0] = sources[1];
            sources[1] = first;
            assert_int_equal(psy_wave_fold(wave, &part, NULL, &error), PSY_E_ARGUMENT);
            assert_non_null(strstr(error.message, "the same rosters in the same order: '"));
            sources[1] = sources[0];
            sources[0] = first;
            for (size_t i = 0; i <= SCHOOLS; i++)
                bytes[i].at = 0;
            assert_int_equal(psy_wave_new(&other, d.ward.plan, NULL, NULL), PSY_OK);
            part.n_rosters--;
            assert_int_equal(psy_wave_fold(wave, &part, NULL, &error), PSY_E_ARGUMENT);
            expect_missing(&error);
            for (size_t i = 0; i <= SCHOOLS; i++)
                bytes[i].at = 0;
            bytes[SCHOOLS - 1] = bytes[SCHOOLS];
            part.responses--;
            part.n_responses++;
            assert_int_equal(psy_wave_fold(wave, &part, NULL, &error), PSY_E_ARGUMENT);
            expect_missing(&error);
            part = whole;
            part.rosters = NULL;
            assert_int_equal(psy_wave_fold(other, &part, NULL, NULL), PSY_E_ARGUMENT);
        }
    }
    for (size_t i = 0; i <= SCHOOLS; i++)
        psyi_buffer_done(&texts[i]);
    psyi_buffer_done(&text);
    psy_wave_free(wave);
    psy_wave_free(copy);
    psy_wave_free(other);
}

/* In a part schools have no rows, and their rosters are alike then: nothing is wrong with that. */
static void part_without_some_schools(void)
{
    const char *const texts[] = {WARD_ROSTER "A,S000,8,1,f,1,,n0\n", WARD_ROSTER, WARD_ROSTER};
    psy_test_bytes bytes[SCHOOLS + 1];
    psy_source sources[SCHOOLS + 1];
    psy_wave *wave = NULL;
    psyi_buffer csv;
    psyi_buffer_init(&csv, NULL);
    ward_csv(&csv, run_rows(), 1);
    for (size_t i = 0; i <= SCHOOLS; i++) {
        bytes[i] = (psy_test_bytes){.bytes = i < SCHOOLS ? texts[i] : csv.data,
                                    .length = i < SCHOOLS ? strlen(texts[i]) : csv.length};
        sources[i] = psy_test_source_of(&bytes[i], i < SCHOOLS ? paths[i] : d.responses);
    }
    const psy_screening_part part = {
        .rosters = sources, .n_rosters = SCHOOLS, .responses = &sources[SCHOOLS], .n_responses = 1};
    assert_int_equal(psy_wave_new(&wave, d.ward.plan, NULL, NULL), PSY_OK);
    assert_int_equal(psy_wave_fold(wave, &part, NULL, NULL), PSY_OK);
    psy_wave_free(wave);
    psyi_buffer_done(&csv);
}

static psy_status shares(psyi_buffer *out, const psy_allocator *allocator)
{
    const char *const forth[] = {paths[0], paths[1], paths[2]};
    const char *const back[] = {paths[2], paths[1], paths[0]};
    const char *const responses[] = {d.responses};
    const psy_screening_options options = {.allocator = allocator, .n_threads = 1};
    psy_screening_part part = {.n_shares = 2,
                               .roster_paths = forth,
                               .n_rosters = SCHOOLS,
                               .response_paths = responses,
                               .n_responses = 1,
                               .run = d.results};
    psy_wave *wave = NULL;
    psy_status status = psy_wave_new(&wave, d.ward.plan, allocator, NULL);
    for (; part.share < 2 && status == PSY_OK; part.share++)
        status = psy_wave_fold(wave, &part, &options, NULL);
    part.roster_paths = back;
    for (part.share = 0; part.share < 2 && status == PSY_OK; part.share++)
        status = psy_screening_run_part(d.ward.plan, wave, &part, NULL,
                                        out != NULL ? collect : NULL, out, &options, NULL, NULL);
    psy_wave_free(wave);
    return status;
}

/* Which list of files differs, and how, by name. */
static void test_waves_of_other_files(void **state)
{
    (void)state;
    static const char *const known =
        "roster 1 a/r.csv\nroster 1 b/r.csv\nfile 3 x.csv\nfile 4 y.csv\n";
    static const struct {
        const char *files, *message;
    } cases[] = {
        {"roster 0 a/r.csv\nroster 9 b/r.csv\nfile 3 x.csv\nfile 4 y.csv\n", NULL},
        {"roster 1 a/r.csv\nroster 1 b/r.csv\nroster 1 c.csv\nfile 3 x.csv\nfile 4 y.csv\n",
         "rosters: 3 here, 2 elsewhere; 'c.csv' is here only"},
        {"roster 1 b/r.csv\nfile 3 x.csv\nfile 4 y.csv\n",
         "rosters: 1 here, 2 elsewhere; 'a/r.csv' is elsewhere only"},
        {"file 3 x.csv\nfile 4 y.csv\n",
         "rosters: 0 here, 2 elsewhere; 'a/r.csv' is elsewhere only"},
        {"roster 1 a/r.csv\nfile 1 b/r.csv\nfile 3 x.csv\nfile 4 y.csv\n",
         "rosters: 1 here, 2 elsewhere; 'b/r.csv' is elsewhere only"},
        {"roster 1 a/r.csv\nroster 1 c/r.csv\nfile 3 x.csv\nfile 4 y.csv\n",
         "rosters: 'c/r.csv' here, 'b/r.csv' elsewhere"},
        {"roster 1 b/r.csv\nroster 1 a/r.csv\nfile 3 x.csv\nfile 4 y.csv\n",
         "rosters in the same order: 'b/r.csv' here, 'a/r.csv' elsewhere"},
        {"roster 1 a/r.csv\nroster 1 b/r.csv\nroster 1 b/r.csv\nfile 3 x.csv\nfile 4 y.csv\n",
         "rosters: 3 here, 2 elsewhere"},
        {"roster 1 a/r.csv\nroster 1 b/r.csv\nfile 3 x.csv\n",
         "files of responses: 1 here, 2 elsewhere; 'y.csv' is elsewhere only"},
        {"roster 1 a/r.csv\nroster 1 b/r.csv\nfile 3 x.csv\nfile 4 a/r.csv\n",
         "files of responses: 'a/r.csv' here, 'y.csv' elsewhere"},
        {"roster 1 a/r.csv\nroster 1 b/r.csv\nfile 3 y.csv\nfile 4 x.csv\n",
         "files of responses in the same order: 'y.csv' here, 'x.csv' elsewhere"},
    };
    run_open(&d, &(ward_plan){.identity = "{output: plain}"}, 10);
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        psy_wave *waves[2];
        psy_error error = {0};
        for (size_t i = 0; i < 2; i++) {
            psyi_buffer text;
            psyi_buffer_init(&text, NULL);
            psyi_buffer_format(&text, "psyscreen/wave/1 %s\n%send\n",
                               psy_plan_fingerprint(d.ward.plan), i == 0 ? known : cases[c].files);
            assert_int_equal(
                psy_wave_read(&waves[i], d.ward.plan, text.data, text.length, NULL, NULL), PSY_OK);
            psyi_buffer_done(&text);
        }
        const bool same = cases[c].message == NULL;
        assert_int_equal(psy_wave_merge(waves[0], waves[1], &error),
                         same ? PSY_OK : PSY_E_ARGUMENT);
        if (!same) {
            assert_ptr_equal(strstr(error.message, "the parts of a wave have the same "),
                             error.message);
            assert_string_equal(error.message + strlen("the parts of a wave have the same "),
                                cases[c].message);
        }
        psy_wave_free(waves[0]);
        psy_wave_free(waves[1]);
    }
    run_close(&d);
}

static int compare_lines(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Its lines in the order of their bytes, the header once; in place. */
static char *sorted(psyi_buffer *text)
{
    const char *lines[200];
    size_t n = 0;
    psyi_buffer out;
    psyi_buffer_init(&out, NULL);
    for (char *line = strtok(text->data, "\n"); line != NULL && n < 200; line = strtok(NULL, "\n"))
        lines[n++] = line;
    qsort(lines, n, sizeof *lines, compare_lines);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || strcmp(lines[i], lines[i - 1]) != 0)
            psyi_buffer_format(&out, "%s\n", lines[i]);
    psyi_buffer_done(text);
    return out.data;
}

static void test_parts_and_shares(void **state)
{
    (void)state;
    psyi_buffer whole, part, share;
    psyi_buffer_init(&whole, NULL);
    psyi_buffer_init(&part, NULL);
    psyi_buffer_init(&share, NULL);
    run_open(&d, &(ward_plan){.identity = "{output: plain}"}, 40);
    cut_roster();
    const char *const rosters[] = {paths[2], paths[0], paths[1]};
    assert_int_equal(go(rosters, SCHOOLS, NULL), PSY_OK);
    assert_int_equal(psyi_file_read(run_path(&d, "scores.csv"), 1 << 24, &whole, NULL), PSY_OK);
    part_of_sources(&part);
    part_without_some_schools();
    assert_int_equal(shares(&share, NULL), PSY_OK);
    char *const texts[] = {sorted(&whole), sorted(&part), sorted(&share)};
    assert_string_equal(texts[1], texts[0]);
    assert_string_equal(texts[2], texts[0]);
    assert_non_null(strstr(texts[0], "S001"));
    for (size_t i = 0; i < 3; i++)
        free(texts[i]);
    run_close(&d);
}

/* ---- memory ---- */

static psy_status run_all(const psy_allocator *allocator, void *context)
{
    const char *const rosters[] = {paths[0], paths[1], paths[2]};
    (void)context;
    return go(rosters, SCHOOLS, allocator);
}

static psy_status fold_all(const psy_allocator *allocator, void *context)
{
    (void)context;
    return shares(NULL, allocator);
}

static void test_memory(void **state)
{
    (void)state;
    run_open(&d, &(ward_plan){.identity = "{output: plain}"}, 12);
    cut_roster();
    d.options.no_workbooks = true;
    d.options.n_threads = 1;
    assert_int_equal(run_all(NULL, NULL), PSY_OK);
    assert_true(psy_sweep(run_all, NULL) > 100);
    assert_true(psy_sweep(fold_all, NULL) > 100);
    run_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_is_nothing), cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_parts_and_shares), cmocka_unit_test(test_waves_of_other_files),
        cmocka_unit_test(test_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
