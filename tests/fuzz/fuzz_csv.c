/*
 * fuzz_csv.c -- any bytes as a responses file and as a roster.
 *
 * The quick and the general way, and the quick way in short ranges on two threads, must agree
 * on everything: status, place, records, answers and findings.  Answers must lie in the code list
 * or be a kind of missing, messages must be UTF-8, and an error about data must have a sentence.
 */
#include "base/text.h"
#include "intake/quick_run.h"
#include "intake/records.h"
#include "test_support.h"

#include <psyscreen/findings.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static const int32_t codes[] = {0, 1, 2, 3}, refused[] = {8};
static const psyi_label labels[] = {
    {"never", "从不"}, {"some", "有时"}, {"often", "经常"}, {"always", "总是"}};
static const psyi_response responses[] = {
    {.id = "f",
     .kind = PSYI_CODED,
     .n_codes = 4,
     .codes = codes,
     .labels = labels,
     .refused = refused,
     .n_refused = 1},
    {.id = "c", .kind = PSYI_CLOCK, .low = {0, 1}, .high = {1439, 1}},
    {.id = "n", .kind = PSYI_NUMBER, .low = {0, 1}, .high = {600, 1}, .decimals = 1}};
static const psyi_item items[] = {
    {.id = "1", .number = 1, .part = PSYI_NO_INDEX, .scale = 1},
    {.id = "2", .number = 2, .part = PSYI_NO_INDEX, .scale = 1},
    {.id = "3", .number = 3, .part = PSYI_NO_INDEX, .scale = 1},
    {.id = "bed", .response = 1, .part = PSYI_NO_INDEX, .scale = 1},
    {.id = "long", .response = 2, .part = PSYI_NO_INDEX, .scale = 10},
/* One after the other, so that steps of thirty-two bytes have something to do. */
#define MORE(n)                                                                                    \
    {                                                                                              \
        .id = #n, .number = n, .part = PSYI_NO_INDEX, .scale = 1                                   \
    }
    MORE(4),
    MORE(5),
    MORE(6),
    MORE(7),
    MORE(8),
    MORE(9),
    MORE(10),
    MORE(11),
    MORE(12),
    MORE(13),
    MORE(14),
    MORE(15),
    MORE(16),
    MORE(17),
    MORE(18),
    MORE(19),
    MORE(20),
    MORE(21),
    MORE(22),
    MORE(23),
    MORE(24),
    MORE(25),
    MORE(26),
    MORE(27),
    MORE(28),
    MORE(29),
    MORE(30),
    MORE(31),
    MORE(32),
    MORE(33),
    MORE(34),
    MORE(35),
    MORE(36),
    MORE(37),
    MORE(38),
    MORE(39),
    MORE(40),
#undef MORE
};
enum { N_ITEMS = sizeof items / sizeof *items };
static const uint16_t scored[] = {0, 1};
static const psyi_scale scales[] = {{.id = "total", .items = scored, .n_items = 2}};
static const psyi_variant variants[] = {{.id = "default"}};
static const psy_instrument instrument = {.id = "q",
                                          .edition = "1",
                                          .responses = responses,
                                          .n_responses = 3,
                                          .items = items,
                                          .n_items = N_ITEMS,
                                          .scales = scales,
                                          .n_scales = 1,
                                          .variants = variants,
                                          .n_variants = 1};

static const char *const names[PSYI_FIELDS] = {
    "student", "school", "sname",  "grade", "class",   "sex",      "name",   "born",
    "age",     "time",   "took",   "who",   "consent", "required", "reason", "area",
    "no",      "former", "source", "code",  "text",    "date",     "by"};
static const char *const skipped[] = {"(跳过)", "-"};
static const psyi_code_text sexes[] = {{"1", "male", {0, 0, 0}}, {"2", "female", {0, 0, 0}}};
static const psyi_code_map maps[] = {{"sex", sexes, 2}};

static void require(bool holds)
{
    if (!holds)
        abort();
}

static bool is_utf8(const char *text)
{
    return text == NULL || psyi_utf8_check(text, strlen(text)) == strlen(text);
}

static psyi_input declared(uint8_t choice)
{
    static const char *const encodings[] = {NULL, "utf-8", "gb18030", "windows-1252"};
    psyi_input input = {.present = true,
                        .encoding = encodings[choice & 3],
                        .separator = choice & 4 ? ',' : '\0',
                        .header_row = choice & 8 ? 2 : 1,
                        .codes = maps,
                        .n_codes = 1,
                        .skipped = {skipped, 2},
                        .dates = choice & 16 ? "dmy" : NULL};
    for (size_t i = 0; i < PSYI_FIELDS; i++)
        input.columns[i] = (psyi_column_names){&names[i], 1, {0, 0, 0}};
    return input;
}

typedef struct outcome {
    psy_status status;
    psyi_intake *intake;
    psy_findings *findings;
    psy_error error;
} outcome;

/* With `range_bytes`, on two threads, cut wherever that falls. */
static outcome read_responses(const uint8_t *bytes, size_t size, uint8_t choice, bool general,
                              size_t range_bytes)
{
    static const char *const keep[] = {"keep"};
    const psyi_input input = declared(choice);
    const psyi_use use = {.id = "q", .instrument = &instrument};
    const psyi_intake_options options = {.input = &input,
                                         .uses = &use,
                                         .n_uses = 1,
                                         .generated_names = (choice & 32) != 0,
                                         .partial = (choice & 64) != 0,
                                         .keep = keep,
                                         .n_keep = choice >> 7,
                                         .general_only = general,
                                         .n_threads = range_bytes > 0 ? 2 : 1,
                                         .range_bytes = range_bytes};
    psy_test_bytes text = {.bytes = (const char *)bytes, .length = size};
    const psy_source source = psy_test_source_of(&text, "fuzz.csv");
    outcome out = {.status = PSY_OK};
    require(psy_findings_new(&out.findings, NULL, NULL) == PSY_OK);
    out.status =
        psyi_intake_read(&out.intake, &options, NULL, &source, 1, NULL, out.findings, &out.error);
    return out;
}

static void check_findings(const psy_findings *findings)
{
    for (size_t i = 0; i < psy_findings_count(findings); i++) {
        const psy_finding finding = psy_findings_get(findings, i);
        require(is_utf8(finding.message) && is_utf8(finding.field) && finding.rule != NULL);
    }
}

static void check_intake(const psyi_intake *intake)
{
    const psyi_sheets *const sheets = intake->sheets[0];
    require(sheets->n_sheets == intake->n_records);
    for (size_t record = 0; record < intake->n_records; record++)
        for (size_t item = 0; item < sheets->n_items; item++) {
            const uint8_t byte = *psyi_sheets_byte(sheets, record, item);
            require(byte >= PSYI_BLANK || (sheets->numbers[item] != NULL ? byte == 0 : byte < 4));
            if (byte < PSYI_BLANK)
                require(psyi_sheets_given(sheets, record));
            if (sheets->numbers[item] != NULL && byte == 0)
                require(sheets->numbers[item][record] >= 0 &&
                        sheets->numbers[item][record] <= 6000);
        }
}

static void compare(const outcome *a, const outcome *b)
{
    require(a->status == b->status);
    require(psy_findings_count(a->findings) == psy_findings_count(b->findings));
    for (size_t i = 0; i < psy_findings_count(a->findings); i++) {
        const psy_finding x = psy_findings_get(a->findings, i);
        const psy_finding y = psy_findings_get(b->findings, i);
        require(x.row == y.row && strcmp(x.rule, y.rule) == 0 && strcmp(x.message, y.message) == 0);
    }
    if (a->status != PSY_OK) {
        require(strcmp(a->error.message, b->error.message) == 0);
        require(a->error.where.line == b->error.where.line &&
                a->error.where.column == b->error.where.column);
        require(a->error.message[0] != '\0' && is_utf8(a->error.message));
        return;
    }
    require(a->intake->n_records == b->intake->n_records);
    const psyi_sheets *const x = a->intake->sheets[0], *const y = b->intake->sheets[0];
    for (size_t tile = 0; tile < x->n_tiles; tile++) {
        require(x->given[tile] == y->given[tile]);
        require(memcmp(x->tiles[tile], y->tiles[tile], x->n_items * PSYI_LANES) == 0);
    }
    for (size_t i = 0; i < a->intake->n_records; i++) {
        const psyi_record *const r = &a->intake->records[i], *const s = &b->intake->records[i];
        require(r->row == s->row && r->grade == s->grade && r->class_number == s->class_number &&
                r->age == s->age && r->sex == s->sex && r->informant == s->informant &&
                r->consent == s->consent && r->submitted_at == s->submitted_at &&
                r->seconds == s->seconds && r->born == s->born);
        require(strcmp(r->student, s->student) == 0 && strcmp(r->school, s->school) == 0 &&
                strcmp(r->grade_text, s->grade_text) == 0 && strcmp(r->name, s->name) == 0 &&
                strcmp(r->class_text, s->class_text) == 0 && strcmp(r->local_no, s->local_no) == 0);
    }
}

static void read_roster(const uint8_t *bytes, size_t size, uint8_t choice)
{
    const psyi_input input = declared(choice);
    psy_test_bytes text = {.bytes = (const char *)bytes, .length = size};
    const psy_source source = psy_test_source_of(&text, "fuzz.csv");
    psyi_roster *roster = NULL;
    psy_findings *findings = NULL;
    psy_error error;
    require(psy_findings_new(&findings, NULL, NULL) == PSY_OK);
    const psy_status status =
        psyi_roster_read(&roster, &input, NULL, &source, NULL, findings, &error);
    require((status == PSY_OK) == (roster != NULL));
    check_findings(findings);
    psyi_roster_free(roster);
    psy_findings_free(findings);
}

static void read_three_ways(const uint8_t *bytes, size_t size, uint8_t choice, size_t range_bytes)
{
    outcome quick = read_responses(bytes, size, choice, false, 0);
    outcome general = read_responses(bytes, size, choice, true, 0);
    outcome cut = read_responses(bytes, size, choice, false, range_bytes);
    compare(&quick, &general);
    compare(&cut, &general);
    check_findings(quick.findings);
    if (quick.status == PSY_OK)
        check_intake(quick.intake);
    psyi_intake_free(quick.intake);
    psyi_intake_free(general.intake);
    psyi_intake_free(cut.intake);
    psy_findings_free(quick.findings);
    psy_findings_free(general.findings);
    psy_findings_free(cut.findings);
}

/* The same bytes as rows under a header with a run of forty answers. */
static void read_rows(const uint8_t *bytes, size_t size, uint8_t choice)
{
    static const char begin[] = "student,school,grade,class,sex";
    static const char end[] = ",q_bed,time,name\n";
    char *const text = malloc(1024 + size);
    require(text != NULL);
    size_t length = sizeof begin - 1;
    memcpy(text, begin, length);
    for (unsigned i = 1; i <= 40; i++)
        length += (size_t)snprintf(text + length, 16, ",q_%u", i);
    memcpy(text + length, end, sizeof end - 1);
    length += sizeof end - 1;
    memcpy(text + length, bytes, size);
    read_three_ways((const uint8_t *)text, length + size, choice & (uint8_t)~8, 1 + size % 61);
    free(text);
}

/* Steps of thirty-two bytes and the plain form take the same.  Near the end both stop, at places
 * of their own: what no cell can be stands there. */
static void take_both_ways(const uint8_t *bytes, size_t size, uint8_t choice)
{
    enum { ROOM = 300, TAIL = 40 };
    psyi_take_run *const take_run = psyi_take_run_choose();
    const psyi_digits digits = {(uint8_t)('0' + choice % 3), (uint8_t)(choice / 4 % 8), choice % 2};
    const size_t room = 1 + (size_t)choice * 7 % (ROOM - 1);
    char *const text = malloc(1 + size + TAIL);
    psyi_shuffles shuffles;
    uint8_t a[ROOM + 8], b[ROOM + 8];
    bool any_a = false, any_b = false;
    require(text != NULL);
    text[0] = ',';
    memcpy(text + 1, bytes, size);
    memset(text + 1 + size, 'x', TAIL);
    memset(a, PSYI_BLANK, sizeof a);
    memset(b, PSYI_BLANK, sizeof b);
    psyi_shuffles_make(&shuffles);
    const char *const end = text + 1 + size + TAIL;
    const psyi_taken x = psyi_take_plain(text + 1, end, ',', digits, PSYI_BLANK, a, room, &any_a);
    if (take_run != NULL) {
        const psyi_taken y =
            take_run(text + 1, end, ',', digits, PSYI_BLANK, b, room, &any_b, &shuffles);
        require(x.cells == y.cells && x.at == y.at && any_a == any_b);
        require(memcmp(a, b, sizeof a) == 0);
    }
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size == 0)
        return 0;
    const uint8_t choice = bytes[0];
    read_three_ways(bytes + 1, size - 1, choice, 1 + size % 61);
    read_rows(bytes + 1, size - 1, choice);
    take_both_ways(bytes + 1, size - 1, choice);
    read_roster(bytes + 1, size - 1, choice);
    return 0;
}
