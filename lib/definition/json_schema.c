/*
 * json_schema.c -- the tables of the loaders, printed as a JSON Schema for editors.
 *
 * Nothing is described twice: what a key may hold comes from the table that reads it.  Places
 * that code reads by itself (item lists, conditions, maps of codes) are left open.
 */
#include "base/fail.h"
#include "base/text.h"
#include "definition/schema.h"

#include <psyscreen/catalog.h>

#include <string.h>

static const char id_pattern[] = "^[a-z][a-z0-9_]*$";
static const char text_type[] = "{\"type\": [\"string\", \"number\", \"boolean\"]}";

static void newline(psyi_buffer *out, unsigned depth)
{
    psyi_buffer_format(out, "\n%*s", (int)(2 * depth), "");
}

static void write_words(psyi_buffer *out, const psyi_word *words)
{
    psyi_buffer_format(out, "{\"enum\": [");
    for (size_t i = 0; words[i].word != NULL; i++)
        psyi_buffer_format(out, "%s\"%s\"", i > 0 ? ", " : "", words[i].word);
    psyi_buffer_format(out, "]}");
}

static void write_mapping(psyi_buffer *out, const psyi_key *keys, bool all_optional,
                          unsigned depth);

static void write_node(psyi_buffer *out, const psyi_key *key, unsigned depth)
{
    if (key->keys == NULL || key->holds == PSYI_HOLDS_ANYTHING) {
        psyi_buffer_format(out, "true");
    } else if (key->holds == PSYI_HOLDS_ONE) {
        write_mapping(out, key->keys, false, depth);
    } else if (key->holds == PSYI_HOLDS_LIST) {
        psyi_buffer_format(out, "{\"type\": \"array\", \"items\": ");
        write_mapping(out, key->keys, false, depth);
        psyi_buffer_format(out, "}");
    } else {
        psyi_buffer_format(out, "{\"type\": \"object\", \"additionalProperties\": ");
        write_mapping(out, key->keys, key->holds == PSYI_HOLDS_CHANGES, depth);
        psyi_buffer_format(out, "}");
    }
}

static void write_value(psyi_buffer *out, const psyi_key *key, unsigned depth)
{
    switch (key->shape) {
    case PSYI_SHAPE_TEXT:
        psyi_buffer_format(out, "%s", text_type);
        break;
    case PSYI_SHAPE_ID:
        psyi_buffer_format(out, "{\"type\": \"string\", \"pattern\": \"%s\"}", id_pattern);
        break;
    case PSYI_SHAPE_FILE_ID:
        psyi_buffer_format(out, "{\"type\": \"string\", \"pattern\": \"^[A-Za-z0-9_-]+$\"}");
        break;
    case PSYI_SHAPE_LABEL:
        psyi_buffer_format(out,
                           "{\"anyOf\": [%s, {\"type\": \"object\", \"properties\": {\"en\": %s, "
                           "\"zh\": %s}, \"additionalProperties\": false}]}",
                           text_type, text_type, text_type);
        break;
    case PSYI_SHAPE_BOOL:
        psyi_buffer_format(out, "{\"type\": \"boolean\"}");
        break;
    case PSYI_SHAPE_INTEGER:
        psyi_buffer_format(out, "{\"type\": \"integer\", \"minimum\": %lld, \"maximum\": %lld}",
                           (long long)key->low, (long long)key->high);
        break;
    case PSYI_SHAPE_NUMBER:
        psyi_buffer_format(out, "{\"type\": [\"number\", \"string\"]}");
        break;
    case PSYI_SHAPE_WORD:
        write_words(out, key->words);
        break;
    case PSYI_SHAPE_WORD_SET:
        psyi_buffer_format(out, "{\"anyOf\": [");
        write_words(out, key->words);
        psyi_buffer_format(out, ", {\"type\": \"array\", \"items\": ");
        write_words(out, key->words);
        psyi_buffer_format(out, "}]}");
        break;
    case PSYI_SHAPE_TEXTS:
    case PSYI_SHAPE_JOINED:
        psyi_buffer_format(out, "{\"anyOf\": [%s, {\"type\": \"array\", \"items\": %s}]}",
                           text_type, text_type);
        break;
    case PSYI_SHAPE_RANGE:
        psyi_buffer_format(out, "{\"type\": [\"string\", \"integer\"]}");
        break;
    case PSYI_SHAPE_NUMBERS:
        psyi_buffer_format(out, "{\"type\": \"string\", \"pattern\": \"\\\\.\\\\.\"}");
        break;
    case PSYI_SHAPE_MAP:
        write_mapping(out, key->keys, false, depth);
        break;
    case PSYI_SHAPE_LIST:
        psyi_buffer_format(out, "{\"type\": \"array\", \"items\": ");
        write_mapping(out, key->keys, false, depth);
        psyi_buffer_format(out, "}");
        break;
    case PSYI_SHAPE_NODE:
        write_node(out, key, depth);
        break;
    case PSYI_SHAPE_PLACE:
        break;
    }
}

static void write_members(psyi_buffer *out, const psyi_key *keys, bool all_optional, unsigned depth)
{
    bool any = false;
    psyi_buffer_format(out, "\"properties\": {");
    for (const psyi_key *key = keys; key->name != NULL; key++) {
        if (key->shape == PSYI_SHAPE_PLACE)
            continue;
        psyi_buffer_format(out, "%s", any ? "," : "");
        newline(out, depth + 1);
        psyi_buffer_format(out, "\"%s\": ", key->name);
        write_value(out, key, depth + 1);
        any = true;
    }
    psyi_buffer_format(out, "}, \"additionalProperties\": false");
    any = false;
    for (const psyi_key *key = keys; key->name != NULL && !all_optional; key++)
        if (key->required) {
            psyi_buffer_format(out, "%s\"%s\"", any ? ", " : ", \"required\": [", key->name);
            any = true;
        }
    psyi_buffer_format(out, "%s", any ? "]" : "");
}

static void write_mapping(psyi_buffer *out, const psyi_key *keys, bool all_optional, unsigned depth)
{
    /* Nothing at all is an empty mapping where every key may be missing. */
    psyi_buffer_format(out, "{\"type\": %s, ",
                       all_optional ? "[\"object\", \"null\"]" : "\"object\"");
    write_members(out, keys, all_optional, depth);
    psyi_buffer_format(out, "}");
}

psy_status psy_definition_schema(const char *kind, const psy_sink *sink, psy_error *error)
{
    static const struct {
        const char *kind;
        const psyi_key *keys;
    } kinds[] = {
        {"instrument", psyi_instrument_keys}, {"norms", psyi_norm_keys}, {"plan", psyi_plan_keys}};
    size_t k = 0;
    while (k < sizeof kinds / sizeof *kinds && strcmp(kinds[k].kind, kind) != 0)
        k++;
    if (k == sizeof kinds / sizeof *kinds)
        return psyi_fail(error, PSY_E_NOT_FOUND, NULL,
                         "there is no schema of '%.40s': instrument, norms or plan", kind);
    psyi_buffer out;
    psyi_buffer_init(&out, NULL);
    psyi_buffer_format(&out,
                       "{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", "
                       "\"title\": \"psyscreen/%s/1\", \"type\": \"object\",\n",
                       kind);
    write_members(&out, kinds[k].keys, false, 0);
    psyi_buffer_format(&out, "}\n");
    psy_status status = PSY_OK;
    if (out.failed)
        status = psyi_fail_memory(error, "a schema");
    else if (sink->write(sink->context, out.data, out.length) != 0)
        status = psyi_fail(error, PSY_E_OUTPUT, NULL, "the schema could not be written");
    psyi_buffer_done(&out);
    return status;
}
