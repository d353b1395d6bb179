/*
 * critical.c -- the critical list alone, while the data are still coming in.
 *
 * No roster, no norms, no duplicates: every row with a critical flag is a line, because the
 * clock of a duty runs from the moment a sheet was handed in.  Missing columns are notes.
 * An answer without consent is not looked at where the plan says `ignore`.
 */
#include "base/digest.h"
#include "base/fail.h"
#include "base/file.h"
#include "cohort/assembly.h"
#include "cohort/pseudonym.h"
#include "report/critical_book.h"
#include "screening/key_file.h"
#include "screening/outputs.h"
#include "screening/single_book.h"
#include "table/collect.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef enum urgency { URGENT, REVIEW, UNANSWERED, NOTHING } urgency;

typedef struct line {
    urgency class;
    int64_t due, submitted_at; /* PSYI_NO_TIME */
    const char *id, *school, *file;
    uint32_t row, record;
} line;

typedef struct listing {
    const psy_plan *plan;
    const psy_allocator *allocator;
    psy_screening_options options;
    psy_findings *findings;
    psyi_arena arena;
    psyi_intake *intake;
    psyi_scorer *scorers[PSYI_MAX_USES];
    psyi_scores *scores[PSYI_MAX_USES];
    psyi_rulebook *book;
    line *lines;
    size_t n_lines, room;
    psyi_buffer left_out; /* names of files that could not be read, for people */
} listing;

static void listing_done(listing *l)
{
    for (size_t use = 0; use < l->plan->n_uses; use++) {
        psyi_scores_free(l->scores[use]);
        psyi_scorer_free(l->scorers[use]);
    }
    psyi_free(l->allocator, l->lines);
    psyi_rulebook_free(l->book);
    psyi_intake_free(l->intake);
    psyi_arena_done(&l->arena);
    psyi_buffer_done(&l->left_out);
}

static psy_status read_files(listing *l, const char *const *responses, size_t n,
                             psy_findings *findings, psyi_intake **out, psy_error *error)
{
    const psy_plan *const plan = l->plan;
    const psyi_intake_options options = {.input = &plan->responses,
                                         .uses = plan->uses,
                                         .n_uses = plan->n_uses,
                                         .partial = true,
                                         .n_threads = l->options.n_threads};
    return psyi_intake_read(out, &options, responses, NULL, n, l->allocator, findings, error);
}

static bool is_about_a_file(psy_status status)
{
    return status == PSY_E_DATA || status == PSY_E_IO || status == PSY_E_LIMIT;
}

static psy_status leave_out(listing *l, const char *path, const psy_error *why, psy_error *error)
{
    psyi_buffer_text(&l->left_out, l->left_out.length > 0 ? ", " : "");
    psyi_buffer_text(&l->left_out, psyi_base_name(path));
    if (l->left_out.failed)
        return psyi_fail_memory(error, "critical list");
    const psy_finding finding = {.file = path,
                                 .row = why->where.line,
                                 .rule = "file_left_out",
                                 .severity = PSY_ERROR,
                                 .remedy = "export the file again and make the list anew"};
    return psyi_find(l->findings, &finding, error,
                     "the list is not complete, the students of this file are not on it: %s",
                     why->message);
}

/* Some file cannot be read.  The clock of those in the others runs: each file is tried alone, and
 * the list is made of those that can be read.  Without one the first error stands. */
static psy_status read_the_good(listing *l, const char *const *responses, size_t n,
                                const psy_error *first, psy_error *error)
{
    const char **const good = psyi_arena_alloc(&l->arena, n, sizeof *good);
    size_t n_good = 0;
    psy_status status = good != NULL ? PSY_OK : psyi_fail_memory(error, "critical list");
    for (size_t i = 0; i < n && status == PSY_OK; i++) {
        psyi_intake *alone = NULL;
        psy_error why = {0};
        status = read_files(l, &responses[i], 1, NULL, &alone, &why);
        psyi_intake_free(alone);
        if (status == PSY_OK)
            good[n_good++] = responses[i];
        else if (is_about_a_file(status))
            status = leave_out(l, responses[i], &why, error);
        else if (error != NULL)
            *error = why;
    }
    if (status != PSY_OK)
        return status;
    if (n_good == 0 || n_good == n) { /* all of them, or only together */
        if (error != NULL)
            *error = *first;
        return first->status;
    }
    return read_files(l, good, n_good, l->findings, &l->intake, error);
}

static psy_status read_all(listing *l, const char *const *responses, size_t n, psy_error *error)
{
    psy_findings *findings = NULL;
    psy_error first = {0};
    psy_status status =
        l->findings != NULL ? psy_findings_new(&findings, l->allocator, error) : PSY_OK;
    if (status != PSY_OK)
        return status;
    status = read_files(l, responses, n, findings, &l->intake, &first);
    const bool good = status == PSY_OK || n == 1 || l->findings == NULL || !is_about_a_file(status);
    if (good && findings != NULL) {
        const psy_status merged = psyi_findings_merge(l->findings, findings, error);
        status = status == PSY_OK ? merged : status;
    }
    psy_findings_free(findings);
    if (!good)
        return read_the_good(l, responses, n, &first, error);
    if (status != PSY_OK && first.status != PSY_OK && error != NULL)
        *error = first;
    return status;
}

static psy_status read_and_score(listing *l, const char *const *responses, size_t n,
                                 psy_error *error)
{
    const psy_plan *const plan = l->plan;
    psy_status status = read_all(l, responses, n, error);
    bool asks = false;
    for (size_t i = 0; status == PSY_OK && i < l->intake->n_records; i++)
        asks = asks || l->intake->records[i].consent != PSYI_CONSENT_UNKNOWN;
    if (status == PSY_OK)
        status = psyi_consent_policy(plan, false, asks, "", error);
    for (size_t use = 0; use < plan->n_uses && status == PSY_OK; use++) {
        const psyi_use *const at = &plan->uses[use];
        psyi_events events = {.n = 0};
        if (!l->intake->use_present[use])
            continue;
        status = psyi_scorer_new(&l->scorers[use], at->instrument, at->variant, at->population,
                                 l->allocator, error);
        if (status == PSY_OK)
            status = psyi_scores_new(&l->scores[use], l->scorers[use], l->intake->sheets[use],
                                     l->allocator, error);
        if (status == PSY_OK)
            status =
                psyi_scores_run_all(l->scores[use], NULL, l->options.n_threads, &events, error);
        psyi_free(l->allocator, events.events);
    }
    return status;
}

static bool may_look(const listing *l, const psyi_record *record)
{
    const bool refused =
        record->consent == PSYI_CONSENT_NO ||
        (record->consent == PSYI_CONSENT_UNANSWERED && !l->plan->consent_unanswered_allowed);
    return !refused || l->plan->no_consent != PSYI_CONSENT_IGNORE;
}

static bool fires(const listing *l, const psyi_book_rule *rule, uint32_t record)
{
    return l->scores[rule->use] != NULL &&
           psyi_scores_flag(l->scores[rule->use], rule->flag, record) == 1;
}

static urgency urgency_of(const listing *l, uint32_t record)
{
    urgency worst = NOTHING;
    for (size_t i = 0; i < l->book->n_critical; i++) {
        const psyi_book_rule *const rule = &l->book->rules[i];
        const urgency class = rule->kind == PSYI_FLAG_URGENT   ? URGENT
                              : rule->kind == PSYI_FLAG_REVIEW ? REVIEW
                                                               : UNANSWERED;
        if (class < worst && fires(l, rule, record))
            worst = class;
    }
    return worst;
}

static psy_status printed_id(listing *l, psyi_pseudonyms *pseudonyms, const char *student,
                             const char **out, psy_error *error)
{
    *out = psyi_canonical(&l->arena, student);
    if (*out == NULL)
        return psyi_fail_memory(error, "critical list");
    if (pseudonyms == NULL || (*out)[0] == '\0')
        return PSY_OK;
    char *const id = psyi_arena_alloc(&l->arena, 27, 1);
    if (id == NULL)
        return psyi_fail_memory(error, "critical list");
    const psy_status status = psyi_pseudonym_of(pseudonyms, *out, id, error);
    *out = id;
    return status;
}

static psy_status add_line(listing *l, psyi_pseudonyms *pseudonyms, uint32_t record, urgency class,
                           psy_error *error)
{
    const psyi_record *const at = &l->intake->records[record];
    const int hours = class == URGENT ? l->plan->urgent.hours : l->plan->review.hours;
    void *lines = l->lines;
    const bool good = psyi_grow(l->allocator, &lines, &l->room, l->n_lines + 1, sizeof *l->lines);
    l->lines = lines;
    const char *const school = psyi_canonical(&l->arena, at->school);
    if (!good || school == NULL)
        return psyi_fail_memory(error, "critical list");
    line *const next = &l->lines[l->n_lines];
    *next = (line){.class = class,
                   .due = PSYI_NO_TIME,
                   .submitted_at = at->submitted_at,
                   .school = school,
                   .file = l->intake->files[at->file].name,
                   .row = at->row,
                   .record = record};
    if (hours > 0 && at->submitted_at != PSYI_NO_TIME)
        next->due = at->submitted_at + (int64_t)hours * 3600;
    l->n_lines++;
    return printed_id(l, pseudonyms, at->student, &next->id, error);
}

static int by_time(int64_t a, int64_t b)
{
    if (a == b)
        return 0;
    if (a == PSYI_NO_TIME || b == PSYI_NO_TIME)
        return a == PSYI_NO_TIME ? 1 : -1;
    return a < b ? -1 : 1;
}

static int by_urgency(const void *x, const void *y)
{
    const line *const a = x, *const b = y;
    if (a->class != b->class)
        return a->class < b->class ? -1 : 1;
    int order = by_time(a->due, b->due);
    if (order == 0)
        order = by_time(a->submitted_at, b->submitted_at);
    if (order == 0)
        order = strcmp(a->school, b->school);
    if (order == 0)
        order = strcmp(a->id, b->id);
    if (order == 0)
        order = strcmp(a->file, b->file);
    return order != 0 ? order : a->row < b->row ? -1 : a->row > b->row;
}

/* One paper in two exports of a morning: the same child, moment and answers. */
static bool is_same_paper(const listing *l, const line *a, const line *b)
{
    if (a->class != b->class || a->submitted_at != b->submitted_at ||
        a->submitted_at == PSYI_NO_TIME || a->id[0] == '\0' || strcmp(a->id, b->id) != 0 ||
        strcmp(a->school, b->school) != 0)
        return false;
    for (size_t use = 0; use < l->plan->n_uses; use++)
        if (l->scores[use] != NULL &&
            !psyi_same_answers(l->intake->sheets[use], a->record, b->record))
            return false;
    return true;
}

/* Lines stand in order: those of one paper follow each other, but for others of the same child at
 * the same moment. */
static psy_status drop_repeated(listing *l, psy_error *error)
{
    size_t kept = 0, n_dropped = 0;
    for (size_t i = 0; i < l->n_lines; i++) {
        bool again = false;
        for (size_t j = kept; j-- > 0 && !again;) {
            if (strcmp(l->lines[j].id, l->lines[i].id) != 0 ||
                l->lines[j].submitted_at != l->lines[i].submitted_at)
                break;
            again = is_same_paper(l, &l->lines[j], &l->lines[i]);
        }
        if (!again)
            l->lines[kept++] = l->lines[i];
    }
    n_dropped = l->n_lines - kept;
    l->n_lines = kept;
    if (n_dropped == 0 || l->findings == NULL)
        return PSY_OK;
    const psy_finding finding = {.rule = "duplicate_identical", .severity = PSY_NOTE};
    return psyi_find(l->findings, &finding, error,
                     "%zu sheet%s of the list stood in two exports, and %s listed once", n_dropped,
                     psyi_s(n_dropped), psyi_one_many(n_dropped, "is", "are"));
}

static psy_status collect(listing *l, psyi_pseudonyms *pseudonyms, psy_error *error)
{
    psy_status status = PSY_OK;
    for (uint32_t i = 0; i < l->intake->n_records && status == PSY_OK; i++) {
        const urgency class = may_look(l, &l->intake->records[i]) ? urgency_of(l, i) : NOTHING;
        if (class != NOTHING)
            status = add_line(l, pseudonyms, i, class, error);
    }
    if (status == PSY_OK && l->n_lines > 1)
        qsort(l->lines, l->n_lines, sizeof *l->lines, by_urgency);
    return status == PSY_OK ? drop_repeated(l, error) : status;
}

static void add_time(psyi_buffer *out, int64_t seconds)
{
    const time_t when = (time_t)seconds;
    struct tm parts;
    char text[64];
    if (seconds != PSYI_NO_TIME && gmtime_r(&when, &parts) != NULL &&
        strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts) > 0)
        psyi_buffer_text(out, text);
    psyi_buffer_char(out, ',');
}

static void add_text(psyi_buffer *out, const char *text)
{
    psyi_csv_cell(out, text, text != NULL ? strlen(text) : 0);
    psyi_buffer_char(out, ',');
}

static void add_row(const listing *l, const line *at, psyi_buffer *out)
{
    static const char *const classes[] = {"urgent", "review", "unanswered"};
    const psyi_record *const record = &l->intake->records[at->record];
    add_time(out, at->due);
    psyi_buffer_format(out, "%s,", classes[at->class]);
    add_text(out, at->id);
    add_text(out, at->school);
    if (record->grade > 0)
        psyi_buffer_integer(out, record->grade);
    psyi_buffer_char(out, ',');
    add_text(out, record->class_text);
    add_time(out, at->submitted_at);
    bool any = false;
    for (size_t i = 0; i < l->book->n_critical; i++) {
        if (!fires(l, &l->book->rules[i], at->record))
            continue;
        if (any)
            psyi_buffer_char(out, ';');
        any = true;
        psyi_buffer_text(out, l->book->rules[i].id);
    }
    psyi_buffer_format(out, ",%u,", at->row);
    psyi_csv_cell(out, at->file, strlen(at->file));
    psyi_buffer_char(out, '\n');
}

static psy_status write_list(const listing *l, const psy_sink *sink, psy_error *error)
{
    psyi_buffer out;
    psyi_buffer_init(&out, l->allocator);
    psyi_buffer_text(&out, "due,class,student,school,grade,class_name,submitted_at,flags,row,"
                           "file\n");
    for (size_t i = 0; i < l->n_lines; i++)
        add_row(l, &l->lines[i], &out);
    psy_status status = PSY_OK;
    if (out.failed)
        status = psyi_fail_memory(error, "critical list");
    else if (sink->write(sink->context, out.data, out.length) != 0)
        status = psyi_fail(error, PSY_E_OUTPUT, NULL, "the critical list could not be written");
    psyi_buffer_done(&out);
    return status;
}

static psy_status make_list(listing *l, const char *const *responses, size_t n, psy_error *error)
{
    unsigned char key[PSYI_KEY_BYTES] = {0};
    bool with_key = false;
    psyi_pseudonyms *pseudonyms = NULL;
    psy_status status = psyi_key_read(l->plan, key, &with_key, l->allocator, l->findings, error);
    if (status == PSY_OK && with_key)
        status =
            psyi_pseudonyms_new(&pseudonyms, key, sizeof key, l->plan->id, l->allocator, error);
    psyi_wipe(key, sizeof key);
    if (status == PSY_OK)
        status = psyi_rulebook_new(&l->book, l->plan, l->allocator, error);
    if (status == PSY_OK)
        status = read_and_score(l, responses, n, error);
    if (status == PSY_OK)
        status = collect(l, pseudonyms, error);
    psyi_pseudonyms_free(pseudonyms);
    return status;
}

/* The flags of a sheet in words, a line each, none twice. */
static const char *words_of(listing *l, uint32_t record)
{
    const psyi_language language = l->plan->n_languages > 0 ? l->plan->languages[0] : PSYI_ZH;
    psyi_buffer text;
    psyi_buffer_init(&text, l->allocator);
    psyi_buffer_text(&text, "");
    for (size_t i = 0; i < l->book->n_critical; i++) {
        const psyi_book_rule *const rule = &l->book->rules[i];
        const char *const words = psyi_label_text(rule->text, language, rule->id);
        if (!fires(l, rule, record) || (text.data != NULL && strstr(text.data, words) != NULL))
            continue;
        if (text.length > 0)
            psyi_buffer_char(&text, '\n');
        psyi_buffer_text(&text, words);
    }
    const char *const copy =
        text.failed ? NULL : psyi_arena_copy(&l->arena, text.data != NULL ? text.data : "");
    psyi_buffer_done(&text);
    return copy;
}

static psy_status write_plain(void *context, const char *path, psy_error *error)
{
    listing *const l = context;
    psyi_results about = {.allocator = l->allocator,
                          .plan = l->plan,
                          .intake = l->intake,
                          .book = l->book,
                          .as_of = PSYI_NO_TIME};
    psyi_critical_line *const lines = psyi_arena_alloc(&l->arena, l->n_lines + 1, sizeof *lines);
    if (lines == NULL)
        return psyi_fail_memory(error, "critical list");
    for (size_t i = 0; i < l->n_lines; i++) {
        const line *const at = &l->lines[i];
        lines[i] = (psyi_critical_line){.class = at->class == URGENT   ? 2
                                                 : at->class == REVIEW ? 1
                                                                       : 0,
                                        .due = at->due,
                                        .submitted_at = at->submitted_at,
                                        .id = at->id,
                                        .school = at->school,
                                        .file = at->file,
                                        .record = &l->intake->records[at->record],
                                        .why = words_of(l, at->record)};
        if (lines[i].why == NULL)
            return psyi_fail_memory(error, "critical list");
        if (at->submitted_at != PSYI_NO_TIME &&
            (about.as_of == PSYI_NO_TIME || at->submitted_at > about.as_of))
            about.as_of = at->submitted_at;
    }
    return psyi_report_critical(&about, lines, l->n_lines,
                                l->left_out.length > 0 ? l->left_out.data : NULL, path, error);
}

static psy_status write_workbook(listing *l, const char *path, psy_error *error)
{
    const psyi_single_book book = {.path = path,
                                   .passwords = l->options.passwords,
                                   .new_passwords = l->options.new_passwords,
                                   .tmpdir = l->options.tmpdir,
                                   .write = write_plain,
                                   .context = l};
    const psy_finding finding = {.file = path,
                                 .rule = "critical_plain",
                                 .severity = PSY_WARNING,
                                 .remedy = "give --passwords or --new-passwords"};
    psy_status status = psyi_single_book_write(&book, l->allocator, l->findings, error);
    if (status == PSY_OK && l->plan->passwords != NULL && book.passwords == NULL &&
        book.new_passwords == NULL)
        status = psyi_find(l->findings, &finding, error,
                           "the workbooks of this plan have passwords, and this list has none");
    return status;
}

psy_status psy_critical_run(const psy_plan *plan, const char *const *responses, size_t n_responses,
                            const psy_sink *sink, const psy_screening_options *options,
                            psy_findings *findings, uint64_t *n_listed, psy_error *error)
{
    if (sink == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "a critical list needs a sink");
    return psy_critical_write(plan, responses, n_responses, sink, NULL, options, findings, n_listed,
                              error);
}

psy_status psy_critical_write(const psy_plan *plan, const char *const *responses,
                              size_t n_responses, const psy_sink *sink, const char *workbook,
                              const psy_screening_options *options, psy_findings *findings,
                              uint64_t *n_listed, psy_error *error)
{
    if (plan == NULL || responses == NULL || n_responses == 0 || (sink == NULL && workbook == NULL))
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "a critical list needs a plan, files of responses, and a sink or the "
                         "path of a workbook");
    listing l = {.plan = plan, .findings = findings};
    psy_status status = psyi_options_check(options, &l.options, error);
    if (status != PSY_OK)
        return status;
    l.allocator = l.options.allocator;
    psyi_arena_init(&l.arena, l.allocator);
    psyi_buffer_init(&l.left_out, l.allocator);
    status = make_list(&l, responses, n_responses, error);
    if (status == PSY_OK && workbook != NULL)
        status = write_workbook(&l, workbook, error);
    if (status == PSY_OK && sink != NULL)
        status = write_list(&l, sink, error);
    if (status == PSY_OK && n_listed != NULL)
        *n_listed = l.n_lines;
    listing_done(&l);
    return status;
}
