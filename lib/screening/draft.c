/*
 * draft.c -- psy_plan_draft: look at a file, find columns, prove the answers, write the plan.
 */
#include "base/locale.h"
#include "screening/drafting.h"

#include "base/fail.h"
#include "base/text.h"
#include "intake/tally.h"
#include "score/named_use.h"
#include "table/collect.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

psy_status psyi_draft_ask(psyi_draft *d, uint32_t column, uint64_t row, const char *rule,
                          const char *remedy, const char *format, ...)
{
    char message[700];
    va_list arguments;
    va_start(arguments, format);
    if (psyi_vformat(message, sizeof message, format, arguments) < 0)
        message[0] = '\0';
    va_end(arguments);
    const bool known = column < d->survey.n_columns;
    const psy_finding finding = {.file = d->survey.text.name,
                                 .row = row > 0 ? row
                                        : known ? d->survey.header_row
                                                : 0,
                                 .field = known ? d->survey.columns[column].name : NULL,
                                 .rule = rule,
                                 .severity = PSY_ERROR,
                                 .remedy = remedy};
    if (d->n_open++ == 0) {
        const psy_location where = psyi_location(d->survey.text.name, 0, 0, 0);
        psyi_fail(d->error, PSY_E_DATA, &where, "%s: %s", message, remedy);
    }
    psy_error ignored;
    return d->findings != NULL &&
                   psyi_find(d->findings, &finding, &ignored, "%s", message) != PSY_OK
               ? psyi_fail_memory(d->error, "findings")
               : PSY_OK;
}

/* "phq9:index": numbers are option numbers. */
static psy_status find_use(psyi_draft *d, const psy_catalog *catalog, const char *text)
{
    psyi_draft_use *const use = &d->uses[d->n_uses];
    const char *const colon = strchr(text, ':');
    use->index = colon != NULL && strcmp(colon, ":index") == 0;
    use->stated = colon != NULL && !use->index;
    const char *const name =
        use->index ? psyi_arena_text(&d->arena, text, (size_t)(colon - text)) : text;
    if (name == NULL)
        return psyi_fail_memory(d->error, "a plan");
    psy_status status = psyi_named_use(&use->use, name, catalog, NULL, &d->arena, d->error);
    if (status != PSY_OK)
        return status;
    const psy_instrument *const instrument = use->use.instrument;
    use->column = psyi_arena_alloc(&d->arena, instrument->n_items, sizeof *use->column);
    use->books = psyi_arena_alloc(&d->arena, instrument->n_responses, sizeof *use->books);
    if (use->column == NULL || use->books == NULL)
        return psyi_fail_memory(d->error, "a plan");
    for (size_t i = 0; i < instrument->n_items; i++)
        use->column[i] = PSYI_NO_COLUMN;
    for (size_t i = 0; i < d->n_uses; i++)
        if (strcmp(d->uses[i].use.id, use->use.id) == 0)
            return psyi_fail(d->error, PSY_E_ARGUMENT, NULL, "%s is named twice", use->use.id);
    d->n_uses++;
    for (unsigned r = 0; r < instrument->n_responses && status == PSY_OK; r++)
        status = psyi_codebook_make(&use->books[r], instrument, use->use.variant, r, &d->input,
                                    use->use.id, &d->arena, d->error);
    return status;
}

/* "phq9=12,gad7=21" */
static psy_status read_places(psyi_draft *d)
{
    for (const char *at = d->options->at; at != NULL && *at != '\0';) {
        const size_t length = strcspn(at, ","), name = strcspn(at, "=,");
        int64_t column = 0;
        size_t u = 0;
        while (u < d->n_uses &&
               (strlen(d->uses[u].use.id) != name || memcmp(d->uses[u].use.id, at, name) != 0))
            u++;
        if (u == d->n_uses || name == length ||
            !psyi_integer_parse(at + name + 1, length - name - 1, &column) || column < 1 ||
            (uint64_t)column > d->survey.n_columns)
            return psyi_fail(d->error, PSY_E_ARGUMENT, NULL,
                             "'%.*s' does not say the column of an instrument's first item, as in "
                             "phq9=12",
                             (int)(length < 60 ? length : 60), at);
        d->uses[u].at = (uint32_t)column;
        at += length + (at[length] == ',');
    }
    return PSY_OK;
}

/* Columns that are nothing, "14,20", are stepped over. */
static psy_status leave_out(psyi_draft *d)
{
    const size_t n = d->survey.n_columns;
    d->taken = psyi_arena_alloc(&d->arena, n, sizeof *d->taken);
    d->after = psyi_arena_alloc(&d->arena, n + 1, sizeof *d->after);
    d->before = psyi_arena_alloc(&d->arena, n + 1, sizeof *d->before);
    if (d->taken == NULL || d->after == NULL || d->before == NULL)
        return psyi_fail_memory(d->error, "a plan");
    for (const char *at = d->options->without; at != NULL && *at != '\0';) {
        const size_t length = strcspn(at, ",");
        int64_t column = 0;
        if (!psyi_integer_parse(at, length, &column) || column < 1 || (uint64_t)column > n)
            return psyi_fail(d->error, PSY_E_ARGUMENT, NULL,
                             "'%.*s' is no number of a column: 1 to %zu, as in 14,20",
                             (int)(length < 60 ? length : 60), at, n);
        d->taken[column - 1] = true;
        at += length + (at[length] == ',');
    }
    uint32_t next = (uint32_t)n;
    for (uint32_t c = (uint32_t)n + 1; c-- > 0; next = c < n && !d->taken[c] ? c : next)
        d->after[c] = next;
    for (uint32_t c = 0, last = 0; c <= n; c++) {
        d->before[c] = last;
        last = c < n && !d->taken[c] ? c : last;
    }
    return PSY_OK;
}

/* ---- the report -------------------------------------------------------------------------- */

static void report_answers(psyi_draft *d, const psyi_draft_use *use)
{
    const psy_instrument *const instrument = use->use.instrument;
    psyi_buffer *const out = &d->report;
    for (size_t r = 0; r < instrument->n_responses; r++) {
        const psyi_response *const response = &instrument->responses[r];
        if (response->kind != PSYI_CODED)
            continue;
        /* Distinct texts over all items of this response, with how often they stand there. */
        for (size_t i = 0; i < instrument->n_items; i++) {
            if (instrument->items[i].response != r || use->column[i] == PSYI_NO_COLUMN)
                continue;
            const psyi_seen_column *const column = &d->survey.columns[use->column[i]];
            for (size_t t = 0; t < column->n_texts; t++) {
                const char *const text = column->texts[t].text;
                uint64_t count = 0;
                bool earlier = false;
                for (size_t j = 0; j < instrument->n_items; j++) {
                    if (instrument->items[j].response != r || use->column[j] == PSYI_NO_COLUMN)
                        continue;
                    const psyi_seen_column *const other = &d->survey.columns[use->column[j]];
                    for (size_t k = 0; k < other->n_texts; k++)
                        if (strcmp(other->texts[k].text, text) == 0) {
                            earlier = earlier || j < i;
                            count += other->texts[k].count;
                        }
                }
                if (earlier)
                    continue;
                bool bare;
                uint8_t byte = psyi_draft_byte(use, i, text, &bare);
                for (size_t k = 0; k < d->n_codes; k++)
                    if (&d->uses[d->codes[k].use] == use && strcmp(d->codes[k].text, text) == 0)
                        byte = d->codes[k].byte;
                psyi_buffer_format(out, "    '%.*s' -> ",
                                   (int)psyi_utf8_prefix(text, strlen(text), 40), text);
                if (byte < response->n_codes) {
                    const psyi_label label = response->labels != NULL ? response->labels[byte]
                                                                      : (psyi_label){NULL, NULL};
                    psyi_buffer_format(out, "%d", (int)response->codes[byte]);
                    if (label.zh != NULL || label.en != NULL)
                        psyi_buffer_format(out, " (%s)", label.zh != NULL ? label.zh : label.en);
                } else {
                    psyi_buffer_text(out, byte == PSYI_BLANK            ? "blank"
                                          : byte == PSYI_SKIPPED        ? "skipped"
                                          : byte == PSYI_REFUSED        ? "refused"
                                          : byte == PSYI_NOT_APPLICABLE ? "not applicable"
                                                                        : "?");
                }
                psyi_buffer_format(out, ", %llu time%s\n", (unsigned long long)count,
                                   psyi_s(count));
            }
        }
    }
}

static void report_use(psyi_draft *d, const psyi_draft_use *use)
{
    psyi_buffer *const out = &d->report;
    const psy_instrument *const instrument = use->use.instrument;
    psyi_buffer_format(out, "%s (%s):\n", use->use.id, instrument->variants[use->use.variant].id);
    for (size_t i = 0; i < instrument->n_items; i++) {
        psyi_buffer_format(out, "  item %s: ", instrument->items[i].id);
        if (use->column[i] == PSYI_NO_COLUMN) {
            psyi_buffer_text(out, "no column\n");
            continue;
        }
        const char *const name = d->survey.columns[use->column[i]].name;
        const size_t shown = psyi_utf8_prefix(name, strlen(name), 40);
        psyi_buffer_format(out, "column %u '%.*s%s'\n", use->column[i] + 1, (int)shown, name,
                           name[shown] != '\0' ? "..." : "");
    }
    psyi_buffer_text(out, "  what was observed -> code\n");
    report_answers(d, use);
}

static void write_report(psyi_draft *d)
{
    psyi_buffer *const out = &d->report;
    psyi_buffer_format(out, "%llu row%s below the header in row %llu, %zu column%s\n",
                       (unsigned long long)d->survey.n_rows, psyi_s(d->survey.n_rows),
                       (unsigned long long)d->survey.header_row, d->survey.n_columns,
                       psyi_s(d->survey.n_columns));
    for (unsigned f = 0; f < PSYI_FIELDS; f++) {
        if (d->field[f] == PSYI_NO_COLUMN)
            continue;
        const char *const name = d->survey.columns[d->field[f]].name;
        psyi_buffer_format(out, "%s: column %u '%.*s'\n", psyi_field_name((psyi_field)f),
                           d->field[f] + 1, psyi_quotable(name, strlen(name)), name);
    }
    for (size_t u = 0; u < d->n_uses; u++)
        report_use(d, &d->uses[u]);
    bool first = true;
    for (uint32_t c = 0; c < d->survey.n_columns; c++) {
        const char *const name = d->survey.columns[c].name;
        bool used = name[0] == '\0';
        for (unsigned f = 0; f < PSYI_FIELDS; f++)
            used = used || d->field[f] == c;
        for (size_t u = 0; u < d->n_uses; u++)
            for (size_t i = 0; i < d->uses[u].use.instrument->n_items; i++)
                used = used || d->uses[u].column[i] == c;
        if (used)
            continue;
        psyi_buffer_format(out, "%s'%.*s'", first ? "not used: " : ", ",
                           (int)psyi_utf8_prefix(name, strlen(name), 40), name);
        first = false;
    }
    psyi_buffer_text(out, first ? "" : "\n");
}

/* ---- the whole --------------------------------------------------------------------------- */

static psy_status send(const psyi_buffer *text, const psy_sink *sink, psy_error *error)
{
    if (text->failed)
        return psyi_fail_memory(error, "a plan");
    if (sink == NULL || text->length == 0 ||
        sink->write(sink->context, text->data, text->length) == 0)
        return PSY_OK;
    return psyi_fail(error, PSY_E_OUTPUT, NULL, "the plan could not be written");
}

static psy_status run(psyi_draft *d, const psy_catalog *catalog, const char *file,
                      const char *const *instruments, size_t n, const psy_sink *plan,
                      const psy_sink *report)
{
    psy_status status = psyi_survey_read(&d->survey, &d->input, file, d->options->header_row,
                                         d->allocator, d->error);
    if (status == PSY_OK)
        status = psyi_draft_read_answers(d);
    for (size_t i = 0; i < n && status == PSY_OK; i++)
        status = find_use(d, catalog, instruments[i]);
    if (status == PSY_OK)
        status = psyi_draft_check_answers(d);
    if (status == PSY_OK)
        status = read_places(d);
    if (status == PSY_OK)
        status = leave_out(d);
    if (status != PSY_OK)
        return status;
    status = psyi_draft_second_header(d);
    if (status == PSY_OK && d->n_open > 0)
        return PSY_E_DATA; /* every other question would be a wrong one */
    if (status == PSY_OK)
        status = psyi_draft_persons(d);
    if (status == PSY_OK)
        status = psyi_draft_items(d);
    if (status == PSY_OK && d->n_open == 0)
        status = psyi_draft_order(d);
    if (status == PSY_OK && d->n_open == 0)
        status = psyi_draft_codes(d);
    if (status != PSY_OK)
        return status;
    write_report(d);
    status = send(&d->report, report, d->error);
    if (status == PSY_OK && d->n_open > 0)
        return PSY_E_DATA; /* the error is the first question */
    psyi_buffer text;
    psyi_buffer_init(&text, d->allocator);
    if (status == PSY_OK) {
        psyi_draft_write(d, &text);
        status = send(&text, plan, d->error);
    }
    psyi_buffer_done(&text);
    return status;
}

psy_status psy_plan_draft(const psy_catalog *catalog, const char *file,
                          const char *const *instruments, size_t n_instruments,
                          const psy_sink *plan, const psy_sink *report,
                          const psy_draft_options *options, psy_findings *findings,
                          psy_error *error)
{
    static const psy_draft_options none = {.version = PSY_DRAFT_OPTIONS_VERSION};
    static const char *const blank[] = {"(空)", "-2"}, *const skipped[] = {"(跳过)", "-3"};
    const psy_draft_options *const o = options != NULL ? options : &none;
    if (catalog == NULL || file == NULL || n_instruments == 0 || instruments == NULL ||
        o->version != PSY_DRAFT_OPTIONS_VERSION)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "a draft needs a catalogue, a file, instruments and options of this "
                         "version");
    if (n_instruments > PSYI_DRAFT_USES)
        return psyi_fail(error, PSY_E_LIMIT, NULL, "a draft takes at most %d instruments",
                         PSYI_DRAFT_USES);
    if (o->id != NULL && !psyi_is_id(o->id))
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "'%.40s' is no id: small letters, digits and _", o->id);
    if (o->consent != NULL && strcmp(o->consent, "critical_only") != 0 &&
        strcmp(o->consent, "ignore") != 0)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "consent is critical_only or ignore, not '%.40s'", o->consent);
    psy_error local;
    psyi_draft d = {.options = o,
                    .allocator = o->allocator,
                    .findings = findings,
                    .error = error != NULL ? error : &local,
                    .input = {.present = true,
                              .encoding = o->encoding,
                              .sheet = o->sheet,
                              .blank = {blank, 2},
                              .skipped = {skipped, 2}}};
    psyi_arena_init(&d.arena, o->allocator);
    psyi_buffer_init(&d.report, o->allocator);
    psyi_buffer_init(&d.sex, o->allocator);
    for (unsigned f = 0; f < PSYI_FIELDS; f++)
        d.field[f] = PSYI_NO_COLUMN;
    const psy_status status = run(&d, catalog, file, instruments, n_instruments, plan, report);
    psyi_survey_done(&d.survey);
    psyi_buffer_done(&d.report);
    psyi_buffer_done(&d.sex);
    psyi_free(d.allocator, d.codes);
    psyi_arena_done(&d.arena);
    return status;
}
