/*
 * draft_write.c -- the plan's text.
 *
 * Every header and text is quoted, so that nothing in a file can become YAML.  What a person
 * must think about (identity, duty, tiers) stands there as a comment.
 */
#include "screening/drafting.h"

#include "base/text.h"

#include <string.h>

static void quote(psyi_buffer *out, const char *text)
{
    psyi_buffer_char(out, '"');
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\')
            psyi_buffer_char(out, '\\');
        if (*c == '\n')
            psyi_buffer_text(out, "\\n");
        else if (*c == '\r')
            psyi_buffer_text(out, "\\r");
        else if (*c == '\t')
            psyi_buffer_text(out, "\\t");
        else if ((unsigned char)*c < 0x20 || *c == 0x7F)
            psyi_buffer_format(out, "\\x%02X", (unsigned char)*c);
        else
            psyi_buffer_char(out, *c);
    }
    psyi_buffer_char(out, '"');
}

/* A column by its header, or by its position where the header does not tell it apart. */
static void column(const psyi_draft *d, uint32_t c, psyi_buffer *out)
{
    const char *const name = d->survey.columns[c].name;
    size_t same = 0;
    for (size_t i = 0; i < d->survey.n_columns; i++)
        same += strcmp(d->survey.columns[i].name, name) == 0;
    const size_t length = strlen(name);
    if (same == 1 && length > 0 && name[0] != '#' && name[length - 1] != '*')
        quote(out, name);
    else
        psyi_buffer_format(out, "\"#%u\"", c + 1);
}

static void write_columns(const psyi_draft *d, psyi_buffer *out)
{
    psyi_buffer_text(out, "    columns:\n");
    for (unsigned f = 0; f < PSYI_FIELDS; f++) {
        if (d->field[f] == PSYI_NO_COLUMN)
            continue;
        psyi_buffer_format(out, "      %s: ", psyi_field_name((psyi_field)f));
        column(d, d->field[f], out);
        psyi_buffer_char(out, '\n');
    }
}

static void write_items(const psyi_draft *d, psyi_buffer *out)
{
    psyi_buffer_text(out, "    items:\n");
    for (size_t u = 0; u < d->n_uses; u++) {
        const psyi_draft_use *const use = &d->uses[u];
        psyi_buffer_format(out, "      %s:", use->use.id);
        if (use->pattern != NULL) {
            psyi_buffer_char(out, ' ');
            quote(out, use->pattern);
            psyi_buffer_char(out, '\n');
            continue;
        }
        psyi_buffer_char(out, '\n');
        for (size_t i = 0; i < use->use.instrument->n_items; i++) {
            if (use->column[i] == PSYI_NO_COLUMN)
                continue;
            psyi_buffer_format(out, "        \"%s\": ", use->use.instrument->items[i].id);
            column(d, use->column[i], out);
            psyi_buffer_char(out, '\n');
        }
    }
}

/* What a person said of texts of the file. */
static void write_answers(const psyi_draft *d, const char *use, psyi_buffer *out)
{
    for (size_t i = 0; i < d->input.n_codes; i++) {
        const psyi_code_map *const map = &d->input.codes[i];
        int64_t code;
        if (strcmp(map->of, use) != 0)
            continue;
        psyi_buffer_text(out, "        ");
        quote(out, map->texts->text);
        psyi_buffer_text(out, ": ");
        if (psyi_integer_parse(map->texts->value, strlen(map->texts->value), &code))
            psyi_buffer_format(out, "%lld", (long long)code);
        else
            quote(out, map->texts->value);
        psyi_buffer_char(out, '\n');
    }
}

/* "1=male,2=female" as entries of a mapping. */
static void write_sexes(const char *codes, bool first, psyi_buffer *out)
{
    for (const char *at = codes; *at != '\0'; first = false) {
        const size_t length = strcspn(at, ",");
        const size_t name = strcspn(at, "=,");
        psyi_buffer_text(out, first ? "\"" : ", \"");
        for (size_t i = 0; i < name; i++)
            if (at[i] != '"' && at[i] != '\\')
                psyi_buffer_char(out, at[i]);
        psyi_buffer_text(out, "\": ");
        if (name < length)
            psyi_buffer_add(out, at + name + 1, length - name - 1);
        at += length + (at[length] == ',');
    }
}

static void write_codes(const psyi_draft *d, psyi_buffer *out)
{
    const char *const said = d->options->sex, *const seen = d->sex.data;
    if (d->n_codes == 0 && said == NULL && seen == NULL && d->input.n_codes == 0)
        return;
    psyi_buffer_text(out, "    codes:\n");
    if (said != NULL || seen != NULL) {
        psyi_buffer_text(out, "      sex: {");
        write_sexes(said != NULL ? said : "", true, out);
        write_sexes(seen != NULL ? seen : "", said == NULL, out);
        psyi_buffer_text(out, "}\n");
    }
    for (size_t u = 0; u < d->n_uses; u++) {
        const char *const id = d->uses[u].use.id;
        bool some = false;
        for (size_t i = 0; i < d->n_codes; i++)
            some = some || d->codes[i].use == u;
        for (size_t i = 0; i < d->input.n_codes; i++)
            some = some || strcmp(d->input.codes[i].of, id) == 0;
        if (some)
            psyi_buffer_format(out, "      %s:\n", id);
        write_answers(d, id, out);
        for (size_t i = 0; i < d->n_codes; i++) {
            if (d->codes[i].use != u)
                continue;
            psyi_buffer_text(out, "        ");
            quote(out, d->codes[i].text);
            psyi_buffer_format(out, ": %d\n", (int)d->codes[i].code);
        }
    }
}

static bool has_chinese_header(const psyi_draft *d)
{
    for (size_t i = 0; i < d->survey.n_columns; i++)
        for (const char *at = d->survey.columns[i].name; *at != '\0'; at++)
            if ((unsigned char)*at >= 0xE4 && (unsigned char)*at <= 0xE9)
                return true;
    return false;
}

static void write_responses(const psyi_draft *d, psyi_buffer *out)
{
    const psy_draft_options *const o = d->options;
    psyi_buffer_text(out, "inputs:\n  responses:\n");
    psyi_encoding encoding = PSYI_ENCODING_UTF8;
    if (o->encoding != NULL)
        psyi_encoding_find(o->encoding, &encoding);
    if (encoding == PSYI_ENCODING_GB18030 || encoding == PSYI_ENCODING_GBK ||
        (encoding == PSYI_ENCODING_UTF8 && has_chinese_header(d))) {
        /* What is no valid UTF-8 is in the second: exports of one form come in both. */
        psyi_buffer_text(out, "    encoding: [utf-8, gb18030]\n");
    } else if (o->encoding != NULL) {
        psyi_buffer_text(out, "    encoding: ");
        quote(out, o->encoding);
        psyi_buffer_char(out, '\n');
    }
    if (o->sheet != NULL) {
        psyi_buffer_text(out, "    sheet: ");
        quote(out, o->sheet);
        psyi_buffer_char(out, '\n');
    }
    if (d->survey.text.format == PSYI_FORMAT_CSV)
        psyi_buffer_format(out, "    separator: %s\n",
                           d->survey.separator == ','   ? "comma"
                           : d->survey.separator == ';' ? "semicolon"
                                                        : "tab");
    if (d->survey.header_row > 1)
        psyi_buffer_format(out, "    header_row: %llu\n", (unsigned long long)d->survey.header_row);
    write_columns(d, out);
    write_items(d, out);
    write_codes(d, out);
    psyi_buffer_text(out,
                     "    missing: {blank: [\"(空)\", \"-2\"], skipped: [\"(跳过)\", \"-3\"]}\n");
    if (o->dates != NULL) {
        psyi_buffer_text(out, "    dates: ");
        quote(out, o->dates);
        psyi_buffer_char(out, '\n');
    }
}

static void write_uses(const psyi_draft *d, psyi_buffer *out)
{
    psyi_buffer_text(out, "uses:\n");
    for (size_t u = 0; u < d->n_uses; u++) {
        const psyi_use *const use = &d->uses[u].use;
        psyi_buffer_format(out, "  %s: {instrument: %s, edition: ", use->id, use->instrument->id);
        quote(out, use->instrument->edition);
        if (use->variant > 0) {
            psyi_buffer_text(out, ", variant: ");
            quote(out, use->instrument->variants[use->variant].id);
        }
        psyi_buffer_text(out, "}\n");
    }
}

void psyi_draft_write(const psyi_draft *d, psyi_buffer *out)
{
    const psy_draft_options *const o = d->options;
    psyi_buffer_text(out, "# A first plan, drafted from an export.  Read it before it is used.\n"
                          "format: psyscreen/plan/1\nid: ");
    psyi_buffer_text(out, o->id != NULL ? o->id : "draft");
    psyi_buffer_text(out, "\nwave: ");
    quote(out, o->wave != NULL ? o->wave : "draft");
    psyi_buffer_text(out, "\n");
    if (o->key_file != NULL) {
        psyi_buffer_text(out, "identity: {output: pseudonym, key_file: ");
        quote(out, o->key_file);
        psyi_buffer_text(out, "}\n");
    } else {
        psyi_buffer_text(out, "# Real ids, for a first look inside the school.  Whatever leaves it "
                              "should carry pseudonyms:\n"
                              "#   identity: {output: pseudonym, key_file: district.key}\n"
                              "identity: {output: plain}\n");
    }
    write_responses(d, out);
    write_uses(d, out);
    if (o->consent != NULL)
        psyi_buffer_format(out, "consent: {no_consent: %s, unanswered: refuse}\n", o->consent);
    psyi_buffer_text(
        out,
        "duplicates: manual\n"
        "# Who acts on a critical answer, and within how many hours: write the "
        "names.\n"
        "duty: {urgent: {hours: 24}, review: {hours: 72}}\n"
        "# Not in an export, and yours to add (README.md, \"Run a screening\"): who should have\n"
        "# answered (inputs: roster), who takes what (batteries), and the warning levels, which "
        "have\n"
        "# no default (tiers: see docs/format.md).\n");
}
