/*
 * findings_write.c -- findings as CSV (for people and spreadsheets) and as JSON lines.
 *
 * CSV has one column for the place within a row: the field of data, the column number of a
 * definition.  A place that does not apply is empty, in JSON null.
 */
#include "table/collect.h"
#include "table/findings_internal.h"
#include "table/writing.h"

#include <string.h>

static const char *severity_name(uint32_t severity)
{
    static const char *const names[] = {"note", "warning", "error"};
    return names[severity];
}

static void csv_text(psyi_buffer *out, const char *text)
{
    if (text != NULL)
        psyi_csv_cell(out, text, strlen(text));
}

static void csv_number(psyi_buffer *out, uint64_t value)
{
    if (value > 0)
        psyi_buffer_format(out, "%llu", (unsigned long long)value);
}

static void write_csv_row(psyi_buffer *out, const psyi_finding *finding)
{
    csv_text(out, finding->file);
    psyi_buffer_char(out, ',');
    csv_number(out, finding->row);
    psyi_buffer_char(out, ',');
    if (finding->column > 0)
        csv_number(out, finding->column);
    else
        csv_text(out, finding->field);
    psyi_buffer_char(out, ',');
    csv_text(out, finding->rule);
    psyi_buffer_char(out, ',');
    psyi_buffer_text(out, severity_name(finding->severity));
    psyi_buffer_char(out, ',');
    csv_text(out, finding->subject);
    psyi_buffer_char(out, ',');
    csv_text(out, finding->message);
    psyi_buffer_char(out, '\n');
}

/* One member with the sign in front of it: '{' for the first, ',' for the others. */
static void json_text(psyi_buffer *out, char sign, const char *name, const char *text)
{
    psyi_buffer_format(out, "%c\"%s\":", sign, name);
    psyi_json_text(out, text, text == NULL ? 0 : strlen(text));
}

static void json_number(psyi_buffer *out, const char *name, uint64_t value)
{
    if (value > 0)
        psyi_buffer_format(out, ",\"%s\":%llu", name, (unsigned long long)value);
    else
        psyi_buffer_format(out, ",\"%s\":null", name);
}

static void write_json_row(psyi_buffer *out, const psyi_finding *finding)
{
    json_text(out, '{', "file", finding->file);
    json_number(out, "row", finding->row);
    json_number(out, "column", finding->column);
    json_number(out, "length", finding->length);
    json_text(out, ',', "field", finding->field);
    json_text(out, ',', "rule", finding->rule);
    json_text(out, ',', "severity", severity_name(finding->severity));
    json_text(out, ',', "subject", finding->subject);
    json_text(out, ',', "message", finding->message);
    json_text(out, ',', "remedy", finding->remedy);
    psyi_buffer_text(out, "}\n");
}

static psy_status write_all(const psy_findings *findings, const char *header,
                            void (*write_row)(psyi_buffer *out, const psyi_finding *finding),
                            const psy_sink *sink, psy_error *error)
{
    psyi_buffer out;
    psyi_buffer_init(&out, findings == NULL ? NULL : findings->texts.allocator);
    psyi_buffer_text(&out, header);
    psy_status status = psyi_flush(&out, sink, false, error);
    const size_t n = psy_findings_count(findings);
    for (size_t i = 0; i < n && status == PSY_OK; i++) {
        psyi_spill_pass(findings->room, i); /* texts lie as they came, not as they are sorted */
        write_row(&out, &findings->records[i]);
        status = psyi_flush(&out, sink, false, error);
    }
    if (status == PSY_OK)
        status = psyi_flush(&out, sink, true, error);
    psyi_buffer_done(&out);
    return status;
}

psy_status psy_findings_write_csv(const psy_findings *findings, const psy_sink *sink,
                                  psy_error *error)
{
    return write_all(findings, "file,row,column,rule,severity,subject,message\n", write_csv_row,
                     sink, error);
}

psy_status psy_findings_write_json(const psy_findings *findings, const psy_sink *sink,
                                   psy_error *error)
{
    return write_all(findings, "", write_json_row, sink, error);
}
