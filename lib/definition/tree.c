/*
 * tree.c -- YAML text to a located tree.
 *
 * libyaml reads the syntax; this file decides what of YAML a definition may use (maps, lists
 * and texts, nothing that points elsewhere) and how much of it, and says where a mistake is
 * in the words of someone who types definitions in an editor.  The limits are kept while the
 * events are pulled, because libyaml needs quadratic time for deep nesting.  What a text
 * means is left to the schema: nothing here guesses a type.
 */
#include "definition/tree.h"

#include "base/fail.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

enum { MAX_BYTES = 1 << 20, MAX_DEPTH = 64, MAX_NODES = 20000 };

/* Children are chained while their number is not known. */
typedef struct chained {
    psyi_node node;
    struct chained *next;
} chained;

typedef struct level {
    psyi_node *node;
    chained *first, *last;
    size_t n; /* children so far; of a map, keys and values */
} level;

typedef struct reading {
    yaml_parser_t parser;
    const char *text, *source;
    size_t length;
    psyi_arena *arena, *texts;
    psy_error *error;
    size_t at, index; /* a cursor over the text: bytes and code points passed */
    size_t n_nodes;
    psyi_node *root;
    level levels[MAX_DEPTH];
    size_t depth;
} reading;

/* ---- before libyaml sees it ---------------------------------------------------------- */

static psy_location place_of_byte(const char *text, size_t at, const char *source)
{
    size_t line = 1, start = 0;
    for (size_t i = 0; i < at; i++)
        if (text[i] == '\n' || (text[i] == '\r' && text[i + 1] != '\n')) {
            line++;
            start = i + 1;
        }
    return psyi_location(source, line, psyi_utf8_count(text + start, at - start) + 1, 1);
}

static psy_status refuse_bytes(const char *text, size_t length, size_t bad, const char *source,
                               psy_error *error)
{
    const unsigned char *const bytes = (const unsigned char *)text;
    if (length >= 2 &&
        ((bytes[0] == 0xFF && bytes[1] == 0xFE) || (bytes[0] == 0xFE && bytes[1] == 0xFF))) {
        const psy_location start = psyi_location(source, 1, 1, 1);
        return psyi_fail(error, PSY_E_SYNTAX, &start,
                         "this file is UTF-16: save the file as UTF-8");
    }
    const psy_location where = place_of_byte(text, bad, source);
    psyi_buffer decoded;
    psyi_buffer_init(&decoded, NULL);
    const bool gbk =
        psyi_decode(text, length, PSYI_ENCODING_GB18030, source, &decoded, NULL) == PSY_OK;
    psyi_buffer_done(&decoded);
    if (gbk)
        return psyi_fail(error, PSY_E_SYNTAX, &where,
                         "this looks like GBK; save the file as UTF-8");
    return psyi_fail(error, PSY_E_SYNTAX, &where,
                     "byte 0x%02X is not UTF-8: save the file as UTF-8", bytes[bad]);
}

/* Characters that no editor shows and that would shift lines or hide text. */
static bool is_hidden(uint32_t c)
{
    return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || (c >= 0x7F && c < 0xA0) ||
           c == 0x2028 || c == 0x2029 || c == 0xFEFF || (c & 0xFFFE) == 0xFFFE;
}

static psy_status check_bytes(const char *text, size_t length, const char *source, psy_error *error)
{
    if (length > MAX_BYTES) {
        const psy_location where = psyi_location(source, 1, 1, 1);
        return psyi_fail(error, PSY_E_LIMIT, &where,
                         "the file has %zu bytes; a definition has at most 1 MiB", length);
    }
    const size_t good = psyi_utf8_check(text, length);
    if (good < length)
        return refuse_bytes(text, length, good, source, error);
    for (size_t at = 0; at < length;) {
        uint32_t c;
        const size_t used = psyi_utf8_decode(text + at, length - at, &c);
        if (is_hidden(c)) {
            const psy_location where = place_of_byte(text, at, source);
            return psyi_fail(error, PSY_E_SYNTAX, &where,
                             "the invisible character U+%04X does not belong here: delete it",
                             (unsigned)c);
        }
        at += used;
    }
    return PSY_OK;
}

/* ---- what libyaml did not like ------------------------------------------------------- */

static const struct {
    const char *problem, *sentence;
} sentences[] = {
    {"mapping values are not allowed in this context",
     "a ':' cannot stand here: put the text in quotes, or check the indentation"},
    {"found character that cannot start any token",
     "this character cannot begin a value: put the text in quotes"},
    {"did not find expected key", "expected a key: check the indentation and the quotes above"},
    {"did not find expected '-' indicator",
     "expected '-' like the lines above: check the indentation"},
    {"did not find expected ',' or ']'", "expected ',' or ']'"},
    {"did not find expected ',' or '}'", "expected ',' or '}'"},
    {"could not find expected ':'", "expected ':' behind a key"},
    {"block sequence entries are not allowed in this context",
     "a '-' cannot stand here: begin the list on its own line"},
    {"did not find expected <document start>", "expected the end of the file"},
    {"did not find expected node content", "expected a value"},
};

static const struct {
    const char *context, *words;
} contexts[] = {
    {"while parsing a flow sequence", "the list"},
    {"while parsing a flow mapping", "the {...}"},
    {"while parsing a block mapping", "the mapping"},
    {"while parsing a block collection", "the list"},
    {"while scanning a quoted scalar", "the text"},
    {"while scanning a simple key", "the key"},
};

static const char *context_words(const char *context)
{
    if (context != NULL)
        for (size_t i = 0; i < sizeof contexts / sizeof *contexts; i++)
            if (strcmp(context, contexts[i].context) == 0)
                return contexts[i].words;
    return NULL;
}

/* A tab before the first other character of `line` (0-based): its column, else 0. */
static size_t tab_in_indentation(const reading *r, size_t line)
{
    const char *at = r->text;
    const char *const end = r->text + r->length;
    for (; line > 0 && at < end; at++)
        if (*at == '\n' || (*at == '\r' && (at + 1 == end || at[1] != '\n')))
            line--;
    for (size_t column = 1; at < end && (*at == ' ' || *at == '\t'); at++, column++)
        if (*at == '\t')
            return column;
    return 0;
}

/* The column of a sign in `line` (0-based), in characters, else 0. */
static size_t sign_in_line(const reading *r, size_t line, const char *sign)
{
    const char *at = r->text;
    const char *const end = r->text + r->length;
    const size_t n = strlen(sign);
    for (; line > 0 && at < end; at++)
        line -= *at == '\n';
    for (size_t column = 1; at < end && *at != '\n'; at++) {
        if ((size_t)(end - at) >= n && memcmp(at, sign, n) == 0)
            return column;
        column += ((unsigned char)*at & 0xC0) != 0x80;
    }
    return 0;
}

/* Chinese keyboards write them, and they look the same. */
static psy_status refuse_wide_sign(const reading *r, size_t line, const char *problem)
{
    const bool colon = strcmp(problem, "could not find expected ':'") == 0;
    const bool comma = strstr(problem, "expected ','") != NULL;
    const size_t column = colon   ? sign_in_line(r, line, "：")
                          : comma ? sign_in_line(r, line, "，")
                                  : 0;
    if (column == 0)
        return PSY_OK;
    const psy_location where = psyi_location(r->source, line + 1, column, 1);
    return psyi_fail(r->error, PSY_E_SYNTAX, &where,
                     "a full-width '%s' stands here: write '%s' and a blank", colon ? "：" : "，",
                     colon ? ":" : ",");
}

static psy_status refuse_syntax(const reading *r)
{
    const yaml_parser_t *const p = &r->parser;
    if (p->error == YAML_MEMORY_ERROR)
        return psyi_fail_memory(r->error, "reading YAML");
    const char *const problem = p->problem != NULL ? p->problem : "not YAML";
    const size_t line = p->problem_mark.line, column = p->problem_mark.column;
    /* The tab is often a line above the place where libyaml gives up. */
    for (size_t back = 0; back < 2 && back <= line; back++) {
        const size_t tab = tab_in_indentation(r, line - back);
        if (tab > 0) {
            const psy_location where = psyi_location(r->source, line - back + 1, tab, 1);
            return psyi_fail(r->error, PSY_E_SYNTAX, &where, "a tab indents this line: use spaces");
        }
    }
    psy_location where = psyi_location(r->source, line + 1, column + 1, 1);
    if (strcmp(problem, "found unexpected end of stream") == 0 && p->context != NULL) {
        /* The end of the file tells nobody which quote it was. */
        where = psyi_location(r->source, p->context_mark.line + 1, p->context_mark.column + 1, 1);
        return psyi_fail(r->error, PSY_E_SYNTAX, &where,
                         "the text in quotes that begins here is never closed");
    }
    const size_t begun = p->context != NULL ? p->context_mark.line : line;
    const bool colon = strcmp(problem, "could not find expected ':'") == 0;
    const psy_status wide = refuse_wide_sign(r, colon ? begun : line, problem);
    if (wide != PSY_OK)
        return wide;
    const char *sentence = problem;
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
        if (strcmp(problem, sentences[i].problem) == 0)
            sentence = sentences[i].sentence;
    const char *const inside = context_words(p->context);
    if (inside != NULL && p->context_mark.line + 1 != line + 1)
        return psyi_fail(r->error, PSY_E_SYNTAX, &where, "%s (in %s that begins at %zu:%zu)",
                         sentence, inside, p->context_mark.line + 1, p->context_mark.column + 1);
    return psyi_fail(r->error, PSY_E_SYNTAX, &where, "%s", sentence);
}

static psy_status refuse(const reading *r, const yaml_mark_t *mark, psy_status status,
                         const char *sentence)
{
    const psy_location where = psyi_location(r->source, mark->line + 1, mark->column + 1, 1);
    return psyi_fail(r->error, status, &where, "%s", sentence);
}

/* ---- places -------------------------------------------------------------------------- */

/* Byte offset of a mark.  Marks come in ascending order, so one cursor serves all. */
static size_t byte_at(reading *r, const yaml_mark_t *mark)
{
    if (mark->index < r->index)
        r->at = r->index = 0;
    while (r->index < mark->index && r->at < r->length) {
        uint32_t c;
        r->at += psyi_utf8_decode(r->text + r->at, r->length - r->at, &c);
        r->index++;
    }
    return r->at;
}

static bool is_break(char c)
{
    return c == '\n' || c == '\r';
}

/* From the '|' or '>' of a block to the first character of its text. */
static void skip_block_header(const reading *r, psyi_node *node)
{
    size_t at = node->at, line = node->line, start = 0;
    for (;;) {
        while (at < r->length && !is_break(r->text[at]))
            at++;
        if (at == r->length)
            return; /* an empty block: its indicator is all there is to point at */
        at += r->text[at] == '\r' && at + 1 < r->length && r->text[at + 1] == '\n' ? 2 : 1;
        line++;
        start = at;
        while (at < r->length && r->text[at] == ' ')
            at++;
        if (at < r->length && !is_break(r->text[at]))
            break;
    }
    node->at = at;
    node->line = (uint32_t)line;
    node->column = (uint32_t)(at - start + 1);
}

static void locate_scalar(reading *r, const yaml_event_t *event, psyi_node *node)
{
    const yaml_scalar_style_t style = event->data.scalar.style;
    node->plain = style == YAML_PLAIN_SCALAR_STYLE;
    node->at = byte_at(r, &event->start_mark);
    node->line = (uint32_t)event->start_mark.line + 1;
    node->column = (uint32_t)event->start_mark.column + 1;
    node->end_line = (uint32_t)event->end_mark.line + 1;
    node->end_column = (uint32_t)event->end_mark.column + 1;
    const bool quoted =
        style == YAML_SINGLE_QUOTED_SCALAR_STYLE || style == YAML_DOUBLE_QUOTED_SCALAR_STYLE;
    const bool block = style == YAML_LITERAL_SCALAR_STYLE || style == YAML_FOLDED_SCALAR_STYLE;
    if (quoted) {
        node->at++;
        node->column++;
        if (node->end_column > 1)
            node->end_column--;
    } else if (block) {
        skip_block_header(r, node);
    }
    size_t length = node->length;
    while (block && length > 0 && node->text[length - 1] == '\n')
        length--;
    node->exact = length <= r->length - node->at &&
                  memcmp(r->text + node->at, node->text, length) == 0 &&
                  memchr(node->text, '\n', length) == NULL;
    /* Escapes and doubled quotes change more than blanks. */
    const size_t end = byte_at(r, &event->end_mark);
    const size_t shown = end > node->at ? end - node->at : 0;
    node->folded = !node->exact && (!quoted || (memchr(r->text + node->at, '\\', shown) == NULL &&
                                                memchr(node->text, '\'', node->length) == NULL));
}

psy_location psyi_node_location(const psyi_node *node, const char *source)
{
    size_t length = 1;
    if (node->kind == PSYI_NODE_TEXT) {
        if (node->end_line == node->line && node->end_column > node->column)
            length = node->end_column - node->column;
        else if (node->exact)
            length = psyi_utf8_count(node->text, strcspn(node->text, "\n"));
    }
    return psyi_location(source, node->line, node->column, length);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || is_break(c);
}

psy_location psyi_node_locate(const psyi_node *node, const char *file, size_t file_length,
                              const char *source, size_t offset, size_t length)
{
    const size_t points =
        offset < node->length
            ? psyi_utf8_count(node->text + offset,
                              length < node->length - offset ? length : node->length - offset)
            : 1;
    if (node->exact && offset <= node->length)
        return psyi_location(source, node->line, node->column + psyi_utf8_count(node->text, offset),
                             points);
    if (!node->folded || offset >= node->length)
        return psyi_node_location(node, source);
    /* The same characters in the same order: count those that are no blanks. */
    size_t wanted = 0;
    for (size_t i = 0; i < offset; i++)
        wanted += !is_blank(node->text[i]);
    size_t line = node->line, column = node->column, at = node->at;
    for (; at < file_length; at++) {
        if (!is_blank(file[at]) && wanted-- == 0)
            break;
        if (file[at] == '\n' ||
            (file[at] == '\r' && (at + 1 == file_length || file[at + 1] != '\n'))) {
            line++;
            column = 1;
        } else if (((unsigned char)file[at] & 0xC0) != 0x80) {
            column++;
        }
    }
    return psyi_location(source, line, column, points);
}

/* ---- the tree ------------------------------------------------------------------------ */

static psy_status add_node(reading *r, const yaml_event_t *event, psyi_node_kind kind,
                           psyi_node **out)
{
    if (++r->n_nodes > MAX_NODES)
        return refuse(r, &event->start_mark, PSY_E_LIMIT,
                      "more than 20000 values: a definition cannot be that large");
    chained *const link = psyi_arena_alloc(r->arena, 1, sizeof *link);
    if (link == NULL)
        return psyi_fail_memory(r->error, "a definition");
    link->node.kind = kind;
    link->node.line = (uint32_t)event->start_mark.line + 1;
    link->node.column = (uint32_t)event->start_mark.column + 1;
    link->node.end_line = (uint32_t)event->end_mark.line + 1;
    link->node.end_column = (uint32_t)event->end_mark.column + 1;
    if (r->depth == 0) {
        r->root = &link->node;
    } else {
        level *const top = &r->levels[r->depth - 1];
        if (top->node->kind == PSYI_NODE_MAP && top->n % 2 == 0 && kind != PSYI_NODE_TEXT)
            return refuse(r, &event->start_mark, PSY_E_SYNTAX, "a key must be a text");
        if (top->last != NULL)
            top->last->next = link;
        else
            top->first = link;
        top->last = link;
        top->n++;
    }
    *out = &link->node;
    return PSY_OK;
}

static psy_status add_scalar(reading *r, const yaml_event_t *event)
{
    const char *const value = (const char *)event->data.scalar.value;
    const size_t length = event->data.scalar.length;
    psyi_node *node = NULL;
    psy_status status = add_node(r, event, PSYI_NODE_TEXT, &node);
    if (status != PSY_OK)
        return status;
    if (memchr(value, '\0', length) != NULL)
        return refuse(r, &event->start_mark, PSY_E_SYNTAX,
                      "the text contains \\0, which no text here may");
    node->text = psyi_arena_text(r->texts, value, length);
    if (node->text == NULL)
        return psyi_fail_memory(r->error, "a definition");
    node->length = length;
    locate_scalar(r, event, node);
    return PSY_OK;
}

static psy_status open_level(reading *r, const yaml_event_t *event, psyi_node_kind kind)
{
    if (r->depth == MAX_DEPTH)
        return refuse(r, &event->start_mark, PSY_E_LIMIT,
                      "nested deeper than 64 levels: a definition cannot be that deep");
    psyi_node *node = NULL;
    const psy_status status = add_node(r, event, kind, &node);
    if (status == PSY_OK)
        r->levels[r->depth++] = (level){.node = node};
    return status;
}

static int by_text_then_place(const void *a, const void *b)
{
    const psyi_node *const x = *(psyi_node *const *)a, *const y = *(psyi_node *const *)b;
    const int order = strcmp(x->text, y->text);
    return order != 0 ? order : x->at < y->at ? -1 : x->at > y->at;
}

/* The first repetition of a key, or NULL through *status when memory is short. */
static const psyi_node *repeated_key(reading *r, const psyi_node *map, psy_status *status)
{
    *status = PSY_OK;
    psyi_node **const sorted = psyi_alloc(r->arena->allocator, map->n, sizeof *sorted);
    if (sorted == NULL) {
        *status = psyi_fail_memory(r->error, "a definition");
        return NULL;
    }
    memcpy(sorted, map->keys, map->n * sizeof *sorted);
    qsort(sorted, map->n, sizeof *sorted, by_text_then_place);
    const psyi_node *found = NULL;
    for (size_t i = 1; i < map->n; i++)
        if (strcmp(sorted[i - 1]->text, sorted[i]->text) == 0 &&
            (found == NULL || sorted[i]->at < found->at))
            found = sorted[i];
    psyi_free(r->arena->allocator, sorted);
    return found;
}

static psy_status close_level(reading *r)
{
    level *const top = &r->levels[--r->depth];
    psyi_node *const node = top->node;
    const bool map = node->kind == PSYI_NODE_MAP;
    node->n = map ? top->n / 2 : top->n;
    node->values = psyi_arena_alloc(r->arena, node->n, sizeof *node->values);
    node->keys = map ? psyi_arena_alloc(r->arena, node->n, sizeof *node->keys) : NULL;
    if (node->values == NULL || (map && node->keys == NULL))
        return psyi_fail_memory(r->error, "a definition");
    chained *link = top->first;
    for (size_t i = 0; i < node->n; i++) {
        if (map) {
            node->keys[i] = &link->node;
            link = link->next;
        }
        node->values[i] = &link->node;
        link = link->next;
    }
    if (!map || node->n < 2)
        return PSY_OK;
    psy_status status;
    const psyi_node *const twice = repeated_key(r, node, &status);
    if (twice == NULL)
        return status;
    const psy_location where = psyi_node_location(twice, r->source);
    return psyi_fail(r->error, PSY_E_SCHEMA, &where, "duplicate key '%.*s'",
                     (int)psyi_utf8_prefix(twice->text, twice->length, 40), twice->text);
}

static psy_status refuse_reference(const reading *r, const yaml_event_t *event,
                                   const yaml_char_t *anchor, const yaml_char_t *tag)
{
    if (anchor != NULL)
        return refuse(r, &event->start_mark, PSY_E_SYNTAX,
                      "anchors (&) and aliases (*) are not used here: write it out");
    if (tag != NULL)
        return refuse(r, &event->start_mark, PSY_E_SYNTAX, "tags (!) are not used here");
    return PSY_OK;
}

static psy_status take(reading *r, const yaml_event_t *event, bool *done)
{
    psy_status status = PSY_OK;
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        status = refuse_reference(r, event, event->data.scalar.anchor, event->data.scalar.tag);
        return status == PSY_OK ? add_scalar(r, event) : status;
    case YAML_SEQUENCE_START_EVENT:
        status = refuse_reference(r, event, event->data.sequence_start.anchor,
                                  event->data.sequence_start.tag);
        return status == PSY_OK ? open_level(r, event, PSYI_NODE_LIST) : status;
    case YAML_MAPPING_START_EVENT:
        status = refuse_reference(r, event, event->data.mapping_start.anchor,
                                  event->data.mapping_start.tag);
        return status == PSY_OK ? open_level(r, event, PSYI_NODE_MAP) : status;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return close_level(r);
    case YAML_ALIAS_EVENT:
        return refuse_reference(r, event, event->data.alias.anchor, NULL);
    case YAML_DOCUMENT_START_EVENT:
        if (r->root != NULL)
            return refuse(r, &event->start_mark, PSY_E_SYNTAX,
                          "a second document begins here: one file holds one");
        return PSY_OK;
    case YAML_STREAM_END_EVENT:
        *done = true;
        if (r->root == NULL)
            return refuse(r, &(const yaml_mark_t){0, 0, 0}, PSY_E_SYNTAX, "the file is empty");
        return PSY_OK;
    default:
        return PSY_OK;
    }
}

psy_status psyi_tree_parse(psyi_node **out, const char *text, size_t length, const char *source,
                           psyi_arena *arena, psyi_arena *texts, psy_error *error)
{
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3; /* a byte order mark is no part of the first line */
        length -= 3;
    }
    psy_status status = check_bytes(text, length, source, error);
    if (status != PSY_OK)
        return status;
    reading *const r = psyi_alloc(arena->allocator, 1, sizeof *r);
    if (r == NULL)
        return psyi_fail_memory(error, "reading YAML");
    r->text = text;
    r->length = length;
    r->source = source;
    r->arena = arena;
    r->texts = texts;
    r->error = error;
    if (!yaml_parser_initialize(&r->parser)) {
        psyi_free(arena->allocator, r);
        return psyi_fail_memory(error, "reading YAML");
    }
    yaml_parser_set_encoding(&r->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r->parser, (const unsigned char *)text, length);
    bool done = false;
    while (status == PSY_OK && !done) {
        yaml_event_t event;
        if (!yaml_parser_parse(&r->parser, &event)) {
            status = refuse_syntax(r);
            break;
        }
        status = take(r, &event, &done);
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&r->parser);
    if (status == PSY_OK)
        *out = r->root;
    psyi_free(arena->allocator, r);
    return status;
}

const psyi_node *psyi_node_get(const psyi_node *map, const char *key)
{
    if (map->kind == PSYI_NODE_MAP)
        for (size_t i = 0; i < map->n; i++)
            if (strcmp(map->keys[i]->text, key) == 0)
                return map->values[i];
    return NULL;
}

bool psyi_node_is_null(const psyi_node *node)
{
    return node->kind == PSYI_NODE_TEXT && node->plain &&
           (node->length == 0 || strcmp(node->text, "~") == 0 || strcmp(node->text, "null") == 0 ||
            strcmp(node->text, "Null") == 0 || strcmp(node->text, "NULL") == 0);
}
