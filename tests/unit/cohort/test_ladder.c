/*
 * test_ladder.c -- sheets without a code that says anything: the plan's ladder of fields, old
 * student numbers, and what is said about those whom nobody finds.
 */
#include "screening_ward.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEAD "sid,no,school,sname,grade,class,name,sex,born,old,consent\n"
static const char ROSTER[] = HEAD "G1,01,A,Same,7,1班,王小,男,2013-01-05,L1,\n"
                                  "G2,02,A,Same,7,1班,王小,女,2013-02-05,,\n"
                                  "G3,03,A,Same,7,2班,李,男,2013-03-05,,\n"
                                  "G4,04,A,Same,7,2班,买买提·艾力,男,2013-04-05,,\n"
                                  "G5,05,A,Same,7,2班,双子,女,2013-05-05,,\n"
                                  "G6,06,A,Same,7,2班,双子,女,2013-05-05,,\n"
                                  "G7,07,A,Same,7,2班,同名,女,2012-05-05,,\n"
                                  "G8,08,A,Same,7,2班,同名,女,2013-11-30,,\n"
                                  "H1,01,B,sAME,7,1班,王小,男,2013-01-05,,\n"
                                  "H2,02,B,sAME,7,1班,=HYPERLINK(\"x\"),男,2013-01-05,,\n"
                                  "H3,03,B,sAME,7,../../x,某某,男,2013-01-05,,\n";

static const char ALL_RUNGS[] =
    "[student, local_no, [school, grade, class, name], [school, grade, class, name, sex], "
    "[school, grade, class, name, sex, age]]";

static void open_plan(ward *w, const char *match)
{
    static const char *const instruments[] = {"phq9", NULL};
    psyi_buffer text;
    psyi_buffer_init(&text, NULL);
    psyi_buffer_text(
        &text,
        "format: psyscreen/plan/1\nid: ward\nwave: w\nas_of: 2026-10-15\n"
        "identity: {output: plain}\nconsent: {no_consent: critical_only, unanswered: allow}\n"
        "inputs:\n  responses:\n    columns: {student: sid, local_no: no, school: school, "
        "grade: grade, class: class, name: name, sex: sex, birth_date: born, "
        "consent: consent}\n"
        "    items: {phq9: {pattern: \"P{n}\", q10: x}}\n"
        "    totals: {phq9.total: 总分}\n"
        "  roster:\n    columns: {student: sid, local_no: no, school: school, school_name: "
        "sname, grade: grade, class: class, name: name, sex: sex, birth_date: born, former: "
        "old, consent: consent}\n");
    if (match != NULL)
        psyi_buffer_format(&text, "match: %s\n", match);
    psyi_buffer_text(&text, "uses:\n  phq9: {instrument: phq9}\n");
    ward_open_text(w, text.data, instruments);
    psyi_buffer_done(&text);
}

/* One sheet; its cells as "sid,no,school,grade,class,name,sex,born,consent". */
static void run_sheets(ward *w, const char *roster, const char *const *sheets, size_t n)
{
    psyi_buffer text;
    psy_error error = {.message = ""};
    psyi_buffer_init(&text, NULL);
    psyi_buffer_text(&text, "sid,no,school,grade,class,name,sex,born,consent,"
                            "P1,P2,P3,P4,P5,P6,P7,P8,P9\n");
    for (size_t i = 0; i < n; i++) /* each with a positive critical item */
        psyi_buffer_format(&text, "%s,%zu,%zu,0,0,0,0,0,0,2\n", sheets[i], i % 4, i / 4 % 4);
    if (ward_try_text(w, roster, text.data, 1, NULL, &error) != PSY_OK)
        fail_msg("%s", error.message);
    psyi_buffer_done(&text);
}

static const char *owner(const ward *w, size_t record)
{
    for (size_t s = 0; s < w->results->n_students; s++)
        for (uint32_t i = 0; i < w->results->students[s].n_records; i++)
            if (ward_sheet(w, w->results->students[s].records[i]) == record)
                return w->results->students[s].code;
    for (size_t i = 0; i < w->results->n_unmatched; i++)
        if (ward_sheet(w, w->results->unmatched[i]) == record) {
            static const char *const words[PSYI_UNMATCHED_REASONS] = {
                [PSYI_UNMATCHED_NO_CODE] = "?code",
                [PSYI_UNMATCHED_UNKNOWN] = "?student",
                [PSYI_UNMATCHED_AMBIGUOUS] = "?which",
                [PSYI_UNMATCHED_SCHOOL] = "?school",
                [PSYI_UNMATCHED_CLASS] = "?class"};
            return words[w->results->unmatched_why[i]];
        }
    return "lost";
}

static const struct {
    const char *name, *sheet, *owner;
} climbs[] = {
    {"by code", "G3,,,,,,,,", "G3"},
    {"by code, whatever else it says", "G3,,B,7,1班,王小,男,,", "G3"},
    {"local number in its school", ",01,B,,,,,,", "H1"},
    {"local number without a school", ",01,,,,,,,", "?student"},
    {"school by its name", ",01,sAME,,,,,,", "H1"},
    {"school by its name in other letters", ",01,SAME,,,,,,", "?school"},
    {"class and name", ",,B,7,1,王小,,,", "H1"},
    {"class in words", ",,B,7,七年级一班,王小,,,", "H1"},
    {"same name, same class", ",,A,7,1,王小,,,", "?which"},
    {"and the sex", ",,A,7,1,王小,女,,", "G2"},
    {"same name and sex, and the age", ",,A,7,2,同名,女,2013-11-30,", "G8"},
    {"an age that is nobody's", ",,A,7,2,同名,女,2001-01-01,", "?which"},
    {"twins", ",,A,7,2,双子,女,2013-05-05,", "?which"},
    {"one letter", ",,A,7,2班,李,,,", "G3"},
    {"a name with a dot, written without", ",,A,7,2班,买买提艾力,,,", "G4"},
    {"a name with another dot", ",,A,7,2班,买买提•艾力,,,", "G4"},
    {"a name that is a formula", ",,B,7,1班,=HYPERLINK(\"x\"),,,", "H2"},
    {"a class that is a path", ",,B,7,../../x,某某,,,", "H3"},
    {"wrong code, right name", "G9,,A,7,2班,李,,,", "?which"},
    {"nobody of this name in the class", ",,A,7,1班,李,,,", "?student"},
    {"no such class", ",,A,7,9班,李,,,", "?class"},
    {"no such grade", ",,A,8,1班,王小,,,", "?class"},
    {"no such school", ",,C,7,1班,王小,,,", "?school"},
    {"an old number", "L1,,,,,,,,", "G1"},
    {"nothing at all", ",,,,,,,,", "?student"},
};

static void every_rung(void **state)
{
    (void)state;
    const size_t n = sizeof climbs / sizeof *climbs;
    const char *sheets[sizeof climbs / sizeof *climbs];
    for (size_t i = 0; i < n; i++)
        sheets[i] = climbs[i].sheet;
    ward w;
    open_plan(&w, ALL_RUNGS);
    run_sheets(&w, ROSTER, sheets, n);
    for (uint32_t i = 0; i < n; i++)
        if (strcmp(owner(&w, i), climbs[i].owner) != 0)
            fail_msg("%s: %s instead of %s", climbs[i].name, owner(&w, i), climbs[i].owner);
    assert_int_equal(ward_findings(&w, "former_number", NULL), 1);
    assert_int_equal(ward_findings(&w, "unmatched_critical", NULL), 11);
    assert_int_equal(ward_findings(&w, "match_rate", "A"), 1);
    ward_close(&w);
}

/* A pupil without a number on the roster is matched by the rest, whatever number the sheet has;
 * a number that is another pupil's is never given away. */
static void a_pupil_without_a_number(void **state)
{
    (void)state;
    static const char *const sheets[] = {",,B,7,1班,无号,,,", "X7,,B,7,1班,无号,,,",
                                         "G3,,B,7,1班,无号,,,", "X8,,B,7,1班,二人,,,"};
    psyi_buffer roster;
    psyi_buffer_init(&roster, NULL);
    psyi_buffer_text(&roster, ROSTER);
    psyi_buffer_text(&roster, ",,B,sAME,7,1班,无号,男,2013-01-05,,\n");
    psyi_buffer_text(&roster, ",,B,sAME,7,1班,二人,男,2013-01-05,,\n");
    psyi_buffer_text(&roster, ",,B,sAME,7,1班,二人,女,2013-01-05,,\n");
    ward w;
    open_plan(&w, ALL_RUNGS);
    run_sheets(&w, roster.data, sheets, 4);
    assert_string_equal(owner(&w, 0), "");
    assert_string_equal(owner(&w, 1), "");
    assert_string_equal(owner(&w, 2), "G3");
    assert_string_equal(owner(&w, 3), "?which");
    assert_int_equal(ward_findings(&w, "matched_otherwise", NULL), 2);
    assert_int_equal(ward_findings(&w, "no_code", NULL), 3);
    psyi_buffer_done(&roster);
    ward_close(&w);
}

#define NUMBERLESS                                                                                 \
    ",,B,sAME,7,1班,无号,男,2013-01-05,,\n"                                                    \
    ",,B,sAME,7,1班,二人,男,2013-01-05,,\n"                                                    \
    ",,B,sAME,7,1班,二人,女,2013-01-05,,\n"                                                    \
    ",,B,sAME,7,1班,二人,女,2013-01-06,,\n"                                                    \
    ",09,B,sAME,7,1班,二人,女,2013-01-06,,\n"                                                  \
    ",,A,Same,7,1班,二人,女,2013-01-06,,\n"

/* The printed id of the pupil on a line of the roster. */
static const char *id_of_line(const ward *w, uint32_t line)
{
    for (size_t s = 0; s < w->results->n_students; s++)
        if (w->results->students[s].roster_row == line)
            return w->results->students[s].id;
    fail_msg("nobody on line %u", line);
    return NULL;
}

/* Pupils without a number have an id each, which a second roster gives them again. */
static void ids_without_a_number(void **state)
{
    (void)state;
    static const char *const rosters[] = {
        HEAD NUMBERLESS,
        /* In another order, among others, one without consent now, one with blanks in the name. */
        HEAD ",,A,Same,7,1班,二人,女,2013-01-06,,\n"
             ",09,B,sAME,7,1班,二人,女,2013-01-06,,\n"
             ",,B,sAME,7,1班, 二人 ,女,2013-01-06,,\n"
             "G1,01,B,Same,7,1班,王小,男,2013-01-05,L1,\n"
             ",,B,sAME,7,1班,二人,女,2013-01-05,,\n"
             ",,B,sAME,7,1班,二人,男,2013-01-05,,不同意\n"
             ",,B,sAME,七年级,一班,无号,男,2013-01-05,,\n"};
    static const uint32_t lines[2][6] = {{2, 3, 4, 5, 6, 7}, {8, 7, 6, 4, 3, 2}};
    static const char *const sheets[] = {",,B,7,1班,无号,,,"};
    char ids[6][64];
    for (size_t round = 0; round < 2; round++) {
        ward w;
        open_plan(&w, ALL_RUNGS);
        run_sheets(&w, rosters[round], sheets, 1);
        for (size_t i = 0; i < 6; i++) {
            const char *const id = id_of_line(&w, lines[round][i]);
            assert_true(strlen(id) == 30 && strncmp(id, "no-number-", 10) == 0);
            if (round == 0)
                snprintf(ids[i], sizeof ids[i], "%s", id);
            assert_string_equal(id, ids[i]);
            for (size_t j = 0; j < i; j++)
                assert_string_not_equal(ids[i], ids[j]);
        }
        assert_int_equal(ward_findings(&w, "no_code_alike", NULL), 0);
        ward_close(&w);
    }
}

/* Two whom nothing tells apart: an id each all the same, and somebody hears of it. */
static void alike_without_a_number(void **state)
{
    (void)state;
    static const char *const sheets[] = {",,B,7,1班,无号,,,"};
    ward w;
    open_plan(&w, ALL_RUNGS);
    run_sheets(&w, HEAD NUMBERLESS ",,B,sAME,7,1班,无号,男,2013-01-05,,不同意\n", sheets, 1);
    assert_string_not_equal(id_of_line(&w, 2), id_of_line(&w, 8));
    assert_int_equal(ward_findings(&w, "no_code_alike", NULL), 1);
    ward_close(&w);
}

/* Without `match:` the code alone counts, as ever. */
static void no_ladder(void **state)
{
    (void)state;
    static const char *const sheets[] = {"G3,,,,,,,,", ",,B,7,1,王小,,,", "G9,,A,7,2班,李,,,"};
    ward w;
    open_plan(&w, NULL);
    run_sheets(&w, ROSTER, sheets, 3);
    assert_string_equal(owner(&w, 0), "G3");
    assert_string_equal(owner(&w, 1), "?code");
    assert_string_equal(owner(&w, 2), "?student");
    ward_close(&w);
}

/* A critical sheet that may be either twin's asks for both; nobody else. */
static void candidates_are_listed(void **state)
{
    (void)state;
    static const char *const sheets[] = {",,A,7,2,双子,女,2013-05-05,"};
    ward w;
    open_plan(&w, ALL_RUNGS);
    run_sheets(&w, ROSTER, sheets, 1);
    for (size_t s = 0; s < w.results->n_students; s++) {
        const psyi_student *const student = &w.results->students[s];
        const bool twin = strcmp(student->code, "G5") == 0 || strcmp(student->code, "G6") == 0;
        assert_int_equal(student->verify, twin ? 2 : 0);
        assert_int_equal((student->why & PSYI_WHY_AMBIGUOUS) != 0, twin);
    }
    ward_close(&w);
}

/* The order of sheets and of the roster changes nothing. */
static void order_does_not_matter(void **state)
{
    (void)state;
    const size_t n = sizeof climbs / sizeof *climbs;
    const char *sheets[sizeof climbs / sizeof *climbs];
    for (size_t i = 0; i < n; i++)
        sheets[i] = climbs[n - 1 - i].sheet;
    psyi_buffer roster;
    psyi_buffer_init(&roster, NULL);
    psyi_buffer_text(&roster, HEAD);
    for (const char *end = ROSTER + sizeof ROSTER - 2; end > ROSTER + sizeof HEAD - 1;) {
        const char *begin = end;
        while (begin[-1] != '\n')
            begin--;
        psyi_buffer_add(&roster, begin, (size_t)(end - begin) + 1);
        end = begin - 1;
    }
    ward w;
    open_plan(&w, ALL_RUNGS);
    run_sheets(&w, roster.data, sheets, n);
    for (uint32_t i = 0; i < n; i++)
        if (strcmp(owner(&w, i), climbs[n - 1 - i].owner) != 0)
            fail_msg("%s: %s", climbs[n - 1 - i].name, owner(&w, i));
    ward_close(&w);
    psyi_buffer_done(&roster);
}

static psy_status try_roster(ward *w, const char *rows, psy_error *error)
{
    psyi_buffer roster;
    psyi_buffer_init(&roster, NULL);
    psyi_buffer_text(&roster, HEAD);
    psyi_buffer_text(&roster, rows);
    const psy_status status =
        ward_try_text(w, roster.data,
                      "sid,no,school,grade,class,name,sex,born,consent,P1,P2,P3,P4,P5,P6,P7,P8,P9\n"
                      "L1,,,,,,,,,0,0,0,0,0,0,0,0,0\n",
                      1, NULL, error);
    psyi_buffer_done(&roster);
    return status;
}

static void chains_of_numbers(void **state)
{
    (void)state;
    ward w;
    psy_error error;
    open_plan(&w, NULL);
    /* L1 became L2 became G1; the roster still has a row under the old number. */
    assert_int_equal(try_roster(&w,
                                "G1,,A,,7,1,x,,,L2,\n"
                                "L2,,A,,7,1,x,,,L1,\n",
                                &error),
                     PSY_OK);
    assert_int_equal(w.results->n_students, 1);
    assert_string_equal(owner(&w, 0), "G1");
    assert_int_equal(try_roster(&w, "G1,,A,,7,1,x,,,L1,\nG2,,A,,7,1,y,,,L1,\n", &error),
                     PSY_E_DATA);
    assert_non_null(strstr(error.message, "two different successors"));
    assert_int_equal(error.where.line, 3);
    assert_int_equal(
        try_roster(&w, "G1,,A,,7,1,x,,,L1,\nL1,,A,,7,1,x,,,L2,\nL2,,A,,7,1,x,,,G1,\n", &error),
        PSY_E_DATA);
    assert_non_null(strstr(error.message, "leads back to itself"));
    ward_close(&w);
}

/* Whoever says no is heard, wherever it is written. */
static void the_stricter_consent_wins(void **state)
{
    (void)state;
    static const struct {
        const char *roster, *sheet;
        uint8_t counts;
        size_t findings;
    } known[] = {{"yes", "no", PSYI_CONSENT_NO, 1},
                 {"no", "yes", PSYI_CONSENT_NO, 1},
                 {"no", "no", PSYI_CONSENT_NO, 0},
                 {"yes", "yes", PSYI_CONSENT_YES, 0},
                 {"yes", "", PSYI_CONSENT_YES, 0},
                 {"unanswered", "no", PSYI_CONSENT_NO, 0},
                 {"", "no", PSYI_CONSENT_NO, 0},
                 {"no", "", PSYI_CONSENT_NO, 0},
                 {"unanswered", "yes", PSYI_CONSENT_UNANSWERED, 0}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        char roster[400], sheet[80];
        const char *const sheets[] = {sheet};
        ward w;
        snprintf(roster, sizeof roster, HEAD "G1,,A,,7,1,x,,,,%s\nG2,,A,,7,1,y,,,,yes\n",
                 known[i].roster);
        snprintf(sheet, sizeof sheet, "G1,,,,,,,,%s", known[i].sheet);
        open_plan(&w, NULL);
        run_sheets(&w, roster, sheets, 1);
        const psyi_student *const student = &w.results->students[0];
        if (student->consent != known[i].counts)
            fail_msg("%s and %s: %d", known[i].roster, known[i].sheet, student->consent);
        assert_int_equal(ward_findings(&w, "consent_differs", NULL), known[i].findings);
        ward_close(&w);
    }
}

/* A total that the file brings along is held against the answers; the answers count. */
static void totals_are_compared(void **state)
{
    (void)state;
    psyi_buffer text;
    psy_error error = {.message = ""};
    psyi_buffer_init(&text, NULL);
    psyi_buffer_text(&text, "sid,no,school,grade,class,name,sex,born,consent,P1,P2,P3,P4,P5,P6,P7,"
                            "P8,P9,总分\n"
                            "G1,,,,,,,,,1,1,1,0,0,0,0,0,0,3\n"   /* agrees */
                            "G2,,,,,,,,,1,1,1,0,0,0,0,0,0,3.0\n" /* so does this */
                            "G3,,,,,,,,,1,1,1,0,0,0,0,0,0,\n"    /* says nothing */
                            "G4,,,,,,,,,1,,,,,0,0,0,0,9\n"       /* there is no score */
                            "G5,,,,,,,,,1,1,1,0,0,0,0,0,0,91\n"
                            "G6,,,,,,,,,1,1,1,0,0,0,0,0,0,三\n");
    psyi_buffer_text(&text, "G7,,,,,,,,,1,1,1,0,0,0,0,0,0,");
    for (int i = 0; i < 100; i++)
        psyi_buffer_text(&text, "３"); /* whatever is as long as this is no total */
    psyi_buffer_char(&text, '\n');
    ward w;
    open_plan(&w, NULL);
    if (ward_try_text(&w, ROSTER, text.data, 1, NULL, &error) != PSY_OK)
        fail_msg("%s", error.message);
    assert_int_equal(ward_findings(&w, "total_differs", NULL), 3);
    assert_int_equal(ward_findings(&w, "total_differs", "G5"), 1);
    assert_int_equal(ward_findings(&w, "total_differs", "G6"), 1);
    for (int i = 0; i < 30; i++)
        psyi_buffer_format(&text, "X%d,,,,,,,,,1,1,1,0,0,0,0,0,0,4\n", i);
    assert_int_equal(ward_try_text(&w, ROSTER, text.data, 1, NULL, &error), PSY_OK);
    assert_int_equal(ward_findings(&w, "total_differs", NULL), 21);
    ward_close(&w);
    psyi_buffer_done(&text);
}

typedef struct swept {
    ward *w;
    const char *roster, *responses;
} swept;

static psy_status run_again(const psy_allocator *allocator, void *context)
{
    swept *const s = context;
    psy_error error;
    const psy_status status = ward_try_text(s->w, s->roster, s->responses, 1, allocator, &error);
    psyi_results_free(s->w->results);
    s->w->results = NULL;
    return status;
}

static void without_memory(void **state)
{
    (void)state;
    ward w;
    open_plan(&w, ALL_RUNGS);
    swept s = {&w,
               HEAD ",,A,Same,7,1班,同号,女,2013-02-05,,\n,,A,Same,7,1班,同号,女,2013-02-05,,\n",
               "sid,no,school,grade,class,name,sex,born,consent,P1,P2,P3,P4,P5,P6,P7,P8,P9\n"};
    psy_sweep(run_again, &s);
    s = (swept){&w, ROSTER,
                "sid,no,school,grade,class,name,sex,born,consent,P1,P2,P3,P4,P5,P6,P7,P8,P9\n"
                ",,A,7,2,双子,女,2013-05-05,,0,0,0,0,0,0,0,0,1\n"
                ",,A,7,2,李,,,,0,0,0,0,0,0,0,0,1\nL1,,,,,,,,,0,0,0,0,0,0,0,0,1\n"};
    psy_sweep(run_again, &s);
    ward_close(&w);
}

/* Nobody's sheets stand in the workbook of the school they name, as whoever matches reads it. */
static void unmatched_by_school(void **state)
{
    (void)state;
    static const char *const sheets[] = {"Z1,,B,7,1班,甲,,,", "Z2,,sAME,7,1班,乙,,,",
                                         "Z3,,SAME,7,1班,丙,,,", "Z4,,A,7,1班,丁,,,",
                                         "Z5,,,7,1班,戊,,,"};
    ward w;
    size_t n;
    open_plan(&w, NULL);
    run_sheets(&w, ROSTER, sheets, 5);
    assert_int_equal(w.results->n_unmatched, 5);
    const uint32_t *of = psyi_unmatched_of(w.results, 0, &n);
    assert_int_equal(n, 1);
    assert_int_equal(ward_sheet(&w, w.results->unmatched[of[0]]), 3);
    of = psyi_unmatched_of(w.results, 1, &n);
    assert_int_equal(n, 2);
    assert_int_equal(ward_sheet(&w, w.results->unmatched[of[0]]), 0);
    assert_int_equal(ward_sheet(&w, w.results->unmatched[of[1]]), 1);
    ward_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_rung),
                                       cmocka_unit_test(a_pupil_without_a_number),
                                       cmocka_unit_test(ids_without_a_number),
                                       cmocka_unit_test(alike_without_a_number),
                                       cmocka_unit_test(no_ladder),
                                       cmocka_unit_test(candidates_are_listed),
                                       cmocka_unit_test(order_does_not_matter),
                                       cmocka_unit_test(chains_of_numbers),
                                       cmocka_unit_test(the_stricter_consent_wins),
                                       cmocka_unit_test(totals_are_compared),
                                       cmocka_unit_test(unmatched_by_school),
                                       cmocka_unit_test(without_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
