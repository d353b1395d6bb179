/*
 * plan_inputs.c -- how responses and roster are read: columns, items, codes, missing texts.
 *
 * Nothing is guessed later, so what can be checked without the files is checked here: fields,
 * uses, items, placeholders, and the words that codes of a fixed meaning may have.
 */
#include "definition/plan_build.h"

#include "base/text.h"
#include "definition/item_pattern.h"

#include <string.h>

typedef struct raw_input {
    const psyi_node *encoding, *header, *columns, *items, *codes, *totals;
    const char *sheet, *file;
    int separator, values;
    uint32_t header_row;
    struct {
        psyi_text_list blank, skipped, refused, not_applicable;
    } missing;
    int dates;
    psyi_place place;
} raw_input;

static const psyi_word separator_words[] = {
    {"comma", ','}, {"semicolon", ';'}, {"tab", '\t'}, {NULL, 0}};
static const psyi_word value_words[] = {{"labels", 1}, {"codes", 2}, {NULL, 0}};
static const psyi_word date_words[] = {{"ymd", 1}, {"dmy", 2}, {"mdy", 3}, {NULL, 0}};

#define MISSING(member)                                                                            \
    .offset = (uint16_t)(offsetof(raw_input, missing.member) - offsetof(raw_input, missing)),      \
    .size = sizeof(psyi_text_list)
static const psyi_key missing_keys[] = {
    {"blank", PSYI_SHAPE_TEXTS, false, MISSING(blank)},
    {"skipped", PSYI_SHAPE_TEXTS, false, MISSING(skipped)},
    {"refused", PSYI_SHAPE_TEXTS, false, MISSING(refused)},
    {"not_applicable", PSYI_SHAPE_TEXTS, false, MISSING(not_applicable)},
    {0},
};

static const psyi_key input_keys[] = {
    {"encoding", PSYI_SHAPE_NODE, false, PSYI_AT(raw_input, encoding)},
    {"file", PSYI_SHAPE_TEXT, false, PSYI_AT(raw_input, file)}, /* of links only */
    {"sheet", PSYI_SHAPE_TEXT, false, PSYI_AT(raw_input, sheet)},
    {"separator", PSYI_SHAPE_WORD, false, PSYI_AT(raw_input, separator), .words = separator_words},
    {"values", PSYI_SHAPE_WORD, false, PSYI_AT(raw_input, values), .words = value_words},
    {"header_row", PSYI_SHAPE_INTEGER, false, PSYI_AT(raw_input, header_row), .low = 1,
     .high = 1000},
    {"header", PSYI_SHAPE_NODE, false, PSYI_AT(raw_input, header)},
    {"columns", PSYI_SHAPE_NODE, true, PSYI_AT(raw_input, columns)},
    {"items", PSYI_SHAPE_NODE, false, PSYI_AT(raw_input, items)},
    {"totals", PSYI_SHAPE_NODE, false, PSYI_AT(raw_input, totals)},
    {"codes", PSYI_SHAPE_NODE, false, PSYI_AT(raw_input, codes)},
    {"missing", PSYI_SHAPE_MAP, false, PSYI_AT(raw_input, missing), .keys = missing_keys},
    {"dates", PSYI_SHAPE_WORD, false, PSYI_AT(raw_input, dates), .words = date_words},
    {"place", PSYI_SHAPE_PLACE, false, PSYI_AT(raw_input, place)},
    {0},
};

/* ---- columns --------------------------------------------------------------------------- */

/* "#3" must be a number; anything else is a header text. */
static void check_column_name(psyi_loader *loader, const psyi_node *node, const char *name)
{
    int64_t position = 0;
    if (name[0] == '\0')
        psyi_problem(loader, node, PSYI_PROBLEM_VALUE, "the name of a column is empty");
    else if (name[0] == '#' && (!psyi_integer_parse(name + 1, strlen(name + 1), &position) ||
                                position < 1 || position > 4096))
        psyi_problem(loader, node, PSYI_PROBLEM_VALUE,
                     "'%s' is no position: columns are #1 to #4096", psyi_shown(loader, name));
    else if (psyi_question_name_problem(name) != NULL)
        psyi_problem(loader, node, PSYI_PROBLEM_VALUE, "'%s': %s", psyi_shown(loader, name),
                     psyi_question_name_problem(name));
}

static void read_column(psyi_loader *loader, const psyi_node *node, psyi_column_names *out)
{
    out->place = psyi_place_of(node);
    if (!psyi_read_texts(loader, node, &out->names, &out->n_names))
        return;
    if (out->n_names == 0)
        psyi_problem(loader, node, PSYI_PROBLEM_VALUE, "expected a column, found an empty list");
    for (size_t i = 0; i < out->n_names; i++)
        check_column_name(loader, node->kind == PSYI_NODE_LIST ? node->values[i] : node,
                          out->names[i]);
}

/* The field a node names, or PSYI_FIELDS. */
static psyi_field find_field(const psyi_node *node)
{
    unsigned field = 0;
    while (field < PSYI_FIELDS && strcmp(psyi_field_name((psyi_field)field), node->text) != 0)
        field++;
    return (psyi_field)field;
}

/* Has this kind of file such a column? */
static bool has_field(bool external, psyi_field field)
{
    if (field == PSYI_FIELD_STUDENT || field == PSYI_FIELD_SCHOOL)
        return true;
    return external == (field >= PSYI_FIELD_SOURCE);
}

static void read_columns(psyi_loader *loader, const psyi_node *node, bool external,
                         psyi_input *input)
{
    if (!psyi_want(loader, node, PSYI_NODE_MAP, "a mapping from field to column"))
        return;
    const size_t path = psyi_enter(loader, "columns");
    for (size_t i = 0; i < node->n && psyi_loader_ok(loader); i++) {
        const psyi_field field = find_field(node->keys[i]);
        if (field < PSYI_FIELDS && has_field(external, field)) {
            if (!psyi_node_is_null(node->values[i]))
                read_column(loader, node->values[i], &input->columns[field]);
            continue;
        }
        const char *names[PSYI_FIELDS];
        size_t n = 0;
        for (unsigned j = 0; j < PSYI_FIELDS; j++)
            if (has_field(external, (psyi_field)j))
                names[n++] = psyi_field_name((psyi_field)j);
        psyi_problem(loader, node->keys[i], PSYI_PROBLEM_KEY, "unknown field '%s'%s",
                     psyi_shown(loader, node->keys[i]->text),
                     psyi_meant(loader, node->keys[i]->text, names, n));
    }
    psyi_leave(loader, path);
}

static void read_header(psyi_loader *loader, const psyi_node *node, psyi_input *input)
{
    if (!psyi_want(loader, node, PSYI_NODE_MAP, "a mapping from position to name"))
        return;
    psyi_header_cell *const cells = psyi_loader_alloc(loader, node->n, sizeof *cells);
    if (cells == NULL)
        return;
    size_t n = 0;
    for (size_t i = 0; i < node->n; i++) {
        int64_t position = 0;
        const char *name = NULL;
        if (!psyi_read_integer(loader, node->keys[i], 1, 4096, &position) ||
            !psyi_read_text(loader, node->values[i], &name))
            continue;
        cells[n++] = (psyi_header_cell){(uint32_t)position, name};
    }
    input->header = cells;
    input->n_header = n;
}

/* ---- items ----------------------------------------------------------------------------- */

static void check_pattern(psyi_loader *loader, const psyi_node *node, const char *pattern)
{
    const char *const problem = psyi_pattern_problem(pattern);
    if (problem != NULL)
        psyi_problem(loader, node, PSYI_PROBLEM_VALUE, "the pattern '%s': %s",
                     psyi_shown(loader, pattern), problem);
}

/* "1..9": the items of these numbers have a pattern of their own. */
static size_t read_range(psyi_plan_build *build, const psyi_node *key, const psyi_node *value,
                         const psy_instrument *instrument, psyi_item_column *out, size_t n)
{
    psyi_loader *const loader = build->loader;
    const char *const dots = strstr(key->text, "..");
    int64_t first = 0, last = 0;
    const char *pattern = NULL;
    if (!psyi_integer_parse(key->text, (size_t)(dots - key->text), &first) ||
        !psyi_integer_parse(dots + 2, strlen(dots + 2), &last) || first < 1 || last < first) {
        psyi_problem(loader, key, PSYI_PROBLEM_VALUE,
                     "'%s' is no range of item numbers, as in 1..9", psyi_shown(loader, key->text));
        return n;
    }
    if (!psyi_read_text(loader, value, &pattern))
        return n;
    check_pattern(loader, value, pattern);
    size_t found = 0;
    for (size_t i = 0; i < instrument->n_items && psyi_loader_ok(loader); i++) {
        const psyi_item *const item = &instrument->items[i];
        if (item->number < first || item->number > last)
            continue;
        const char **const names = psyi_loader_alloc(loader, 1, sizeof *names);
        found++;
        if (names == NULL || !psyi_pattern_fill(loader->arena, pattern, item, names)) {
            psyi_loader_nomem(loader);
            return n;
        }
        if (names[0] == NULL) {
            psyi_problem(loader, value, PSYI_PROBLEM_VALUE,
                         "the pattern '%s' names nothing for item %u", psyi_shown(loader, pattern),
                         (unsigned)item->number);
            return n;
        }
        out[n++] = (psyi_item_column){
            .item = (uint16_t)i,
            .column = {.names = names, .n_names = 1, .place = psyi_place_of(value)}};
    }
    if (found < (size_t)(last - first + 1))
        psyi_problem(loader, key, PSYI_PROBLEM_NAME,
                     "instrument '%s' has %zu items of the numbers %s", instrument->id, found,
                     psyi_shown(loader, key->text));
    return n;
}

static void read_item_map(psyi_plan_build *build, const psyi_node *node, psyi_item_columns *out)
{
    psyi_loader *const loader = build->loader;
    const struct psy_instrument *const instrument = build->uses[out->use].instrument;
    size_t ranges = 0;
    for (size_t i = 0; i < node->n; i++)
        ranges += strstr(node->keys[i]->text, "..") != NULL;
    psyi_item_column *const items =
        psyi_loader_alloc(loader, node->n + ranges * instrument->n_items, sizeof *items);
    if (items == NULL)
        return;
    size_t n = 0;
    for (size_t i = 0; i < node->n && psyi_loader_ok(loader); i++) {
        const psyi_node *const key = node->keys[i];
        if (strstr(key->text, "..") != NULL) {
            n = read_range(build, key, node->values[i], instrument, items, n);
            continue;
        }
        if (strcmp(key->text, "pattern") == 0) {
            if (psyi_read_text(loader, node->values[i], &out->pattern))
                check_pattern(loader, node->values[i], out->pattern);
            continue;
        }
        const unsigned item = psyi_find_item(instrument, key->text);
        if (item == PSYI_NO_INDEX) {
            psyi_problem(loader, key, PSYI_PROBLEM_NAME, "'%s' is not an item of instrument '%s'",
                         psyi_shown(loader, key->text), instrument->id);
            continue;
        }
        items[n].item = (uint16_t)item;
        read_column(loader, node->values[i], &items[n++].column);
    }
    for (size_t i = 1; i < n && psyi_loader_ok(loader); i++)
        for (size_t j = 0; j < i; j++)
            if (items[i].item == items[j].item) {
                psyi_problem(loader, node, PSYI_PROBLEM_TWICE, "item '%s' stands here twice",
                             instrument->items[items[i].item].id);
                i = n;
                break;
            }
    out->items = items;
    out->n_items = n;
}

static void read_items(psyi_plan_build *build, const psyi_node *node, psyi_input *input)
{
    psyi_loader *const loader = build->loader;
    if (!psyi_want(loader, node, PSYI_NODE_MAP, "a mapping from use to columns"))
        return;
    psyi_item_columns *const items = psyi_loader_alloc(loader, node->n, sizeof *items);
    if (items == NULL)
        return;
    size_t n = 0;
    const size_t path = psyi_enter(loader, "items");
    for (size_t i = 0; i < node->n && psyi_loader_ok(loader); i++) {
        const unsigned use = psyi_plan_use(build, node->keys[i]);
        const psyi_node *const value = node->values[i];
        if (use == PSYI_NO_INDEX || build->uses[use].instrument == NULL)
            continue;
        const size_t inner = psyi_enter(loader, node->keys[i]->text);
        psyi_item_columns *const one = &items[n++];
        *one = (psyi_item_columns){.use = use, .place = psyi_place_of(node->keys[i])};
        if (value->kind == PSYI_NODE_MAP)
            read_item_map(build, value, one);
        else if (psyi_read_text(loader, value, &one->pattern))
            check_pattern(loader, value, one->pattern);
        psyi_leave(loader, inner);
    }
    psyi_leave(loader, path);
    input->items = items;
    input->n_items = n;
}

/* "mht.total": a scale of a use. */
static bool find_total(psyi_plan_build *build, const psyi_node *key, psyi_total *out)
{
    const char *const dot = strchr(key->text, '.');
    for (size_t u = 0; dot != NULL && u < build->plan->n_uses; u++) {
        const psyi_use *const use = &build->uses[u];
        if (strlen(use->id) != (size_t)(dot - key->text) ||
            memcmp(use->id, key->text, strlen(use->id)) != 0 || use->instrument == NULL)
            continue;
        const unsigned scale = psyi_find_scale(use->instrument, dot + 1);
        *out = (psyi_total){(uint16_t)u, (uint16_t)scale};
        return scale != PSYI_NO_INDEX;
    }
    return false;
}

static void read_totals(psyi_plan_build *build, const psyi_node *node, psyi_input *input)
{
    psyi_loader *const loader = build->loader;
    if (!psyi_want(loader, node, PSYI_NODE_MAP, "a mapping from use.scale to a header text"))
        return;
    psyi_total *const totals = psyi_loader_alloc(loader, node->n, sizeof *totals);
    const char **const names = psyi_loader_alloc(loader, node->n, sizeof *names);
    if (totals == NULL || names == NULL)
        return;
    size_t n = 0;
    for (size_t i = 0; i < node->n && psyi_loader_ok(loader); i++) {
        if (!find_total(build, node->keys[i], &totals[n])) {
            psyi_problem(loader, node->keys[i], PSYI_PROBLEM_NAME,
                         "'%s' is no scale of a use of this plan, as in mht.total",
                         psyi_shown(loader, node->keys[i]->text));
            continue;
        }
        if (psyi_read_text(loader, node->values[i], &names[n]))
            n++;
    }
    input->totals = totals;
    input->total_names = names;
    input->n_totals = n;
}

/* ---- codes ------------------------------------------------------------------------------ */

/* What a code of this field may mean; NULL: anything. */
static const psyi_word *words_of(psyi_field field)
{
    static const psyi_word sexes[] = {{"male", 1}, {"female", 2}, {"unknown", 3}, {NULL, 0}};
    static const psyi_word consents[] = {{"yes", 1}, {"no", 2}, {"unanswered", 3}, {NULL, 0}};
    static const psyi_word yes_no[] = {{"yes", 1}, {"no", 2}, {NULL, 0}};
    static const psyi_word sources[] = {{"teacher", 1}, {"parent", 2}, {"peer", 3}, {"hospital", 4},
                                        {"history", 5}, {"other", 6},  {NULL, 0}};
    static const psyi_word informants[] = {
        {"self", 1}, {"parent", 2}, {"teacher", 3}, {"unknown", 4}, {NULL, 0}};
    switch (field) {
    case PSYI_FIELD_SEX:
        return sexes;
    case PSYI_FIELD_CONSENT:
        return consents;
    case PSYI_FIELD_REQUIRED:
        return yes_no;
    case PSYI_FIELD_INFORMANT:
        return informants;
    case PSYI_FIELD_SOURCE:
        return sources;
    default:
        return NULL;
    }
}

static void read_code_map(psyi_plan_build *build, const psyi_node *key, const psyi_node *node,
                          psyi_code_map *out)
{
    psyi_loader *const loader = build->loader;
    if (!psyi_want(loader, node, PSYI_NODE_MAP, "a mapping from text to code"))
        return;
    const psyi_field field = find_field(key);
    if (field == PSYI_FIELDS && psyi_plan_use(build, key) == PSYI_NO_INDEX)
        return;
    const psyi_word *const words = field < PSYI_FIELDS ? words_of(field) : NULL;
    psyi_code_text *const texts = psyi_loader_alloc(loader, node->n, sizeof *texts);
    if (texts == NULL)
        return;
    size_t n = 0;
    for (size_t i = 0; i < node->n && psyi_loader_ok(loader); i++) {
        int ignored = 0;
        const char *value = NULL;
        if (words != NULL ? !psyi_read_word(loader, node->values[i], words, &ignored)
                          : !psyi_read_text(loader, node->values[i], &value))
            continue;
        texts[n++] = (psyi_code_text){node->keys[i]->text, node->values[i]->text,
                                      psyi_place_of(node->keys[i])};
    }
    *out = (psyi_code_map){key->text, texts, n};
}

static void read_codes(psyi_plan_build *build, const psyi_node *node, psyi_input *input)
{
    psyi_loader *const loader = build->loader;
    if (!psyi_want(loader, node, PSYI_NODE_MAP, "a mapping from use or field to codes"))
        return;
    psyi_code_map *const codes = psyi_loader_alloc(loader, node->n, sizeof *codes);
    if (codes == NULL)
        return;
    size_t n = 0;
    const size_t path = psyi_enter(loader, "codes");
    for (size_t i = 0; i < node->n && psyi_loader_ok(loader); i++) {
        const size_t inner = psyi_enter(loader, node->keys[i]->text);
        read_code_map(build, node->keys[i], node->values[i], &codes[n]);
        n += codes[n].of != NULL;
        psyi_leave(loader, inner);
    }
    psyi_leave(loader, path);
    input->codes = codes;
    input->n_codes = n;
}

/* One encoding, or [utf-8, another]: what is no valid UTF-8 is in the other. */
static void read_encoding(psyi_loader *loader, const psyi_node *node, psyi_input *input)
{
    const char *const *names = NULL;
    size_t n = 0;
    psyi_encoding encoding = PSYI_ENCODING_UTF8, first = PSYI_ENCODING_UTF8;
    if (!psyi_read_texts(loader, node, &names, &n))
        return;
    for (size_t i = 0; i < n; i++) {
        if (!psyi_encoding_find(names[i], &encoding))
            psyi_problem(loader, node, PSYI_PROBLEM_NAME,
                         "'%s' is no known encoding: utf-8, gb18030, gbk, utf-16 or windows-1252",
                         psyi_shown(loader, names[i]));
        first = i == 0 ? encoding : first;
    }
    if (n > 2 || n == 0 || (n == 2 && first != PSYI_ENCODING_UTF8))
        psyi_problem(loader, node, PSYI_PROBLEM_VALUE,
                     "name one encoding, or two of which the first is utf-8: files that are no "
                     "valid UTF-8 are in the second");
    input->encoding = n > 0 ? names[0] : NULL;
    input->encoding_else = n > 1 ? names[1] : NULL;
}

/* ---- an input ---------------------------------------------------------------------------- */

void psyi_plan_input(psyi_plan_build *build, const psyi_node *node, bool roster, psyi_input *input)
{
    psyi_plan_table(build, node, roster ? "roster" : "responses", input);
}

void psyi_plan_table(psyi_plan_build *build, const psyi_node *node, const char *name,
                     psyi_input *input)
{
    const bool items = strcmp(name, "responses") == 0;
    psyi_loader *const loader = build->loader;
    raw_input raw = {.header_row = 1};
    const size_t path = psyi_enter(loader, name);
    psyi_read_map(loader, node, NULL, input_keys, &raw, false);
    *input = (psyi_input){.present = true,
                          .file = raw.file,
                          .sheet = raw.sheet,
                          .value_codes = raw.values == 2,
                          .separator = (char)raw.separator,
                          .header_row = raw.header_row,
                          .blank = raw.missing.blank,
                          .skipped = raw.missing.skipped,
                          .refused = raw.missing.refused,
                          .not_applicable = raw.missing.not_applicable,
                          .dates = raw.dates > 0 ? date_words[raw.dates - 1].word : NULL,
                          .place = raw.place};
    if (raw.encoding != NULL)
        read_encoding(loader, raw.encoding, input);
    if (raw.header != NULL)
        read_header(loader, raw.header, input);
    if (raw.columns != NULL)
        read_columns(loader, raw.columns, strcmp(name, "external") == 0, input);
    if (raw.file != NULL && strcmp(name, "links") != 0)
        psyi_problem(loader, node, PSYI_PROBLEM_VALUE,
                     "responses and rosters are named when the plan is run, not here");
    if (raw.items != NULL && !items)
        psyi_problem(loader, raw.items, PSYI_PROBLEM_VALUE, "only responses have items");
    else if (raw.items != NULL)
        read_items(build, raw.items, input);
    if (raw.totals != NULL && !items)
        psyi_problem(loader, raw.totals, PSYI_PROBLEM_VALUE, "a roster has no totals");
    else if (raw.totals != NULL)
        read_totals(build, raw.totals, input);
    if (raw.codes != NULL)
        read_codes(build, raw.codes, input);
    psyi_leave(loader, path);
}
