/*
 * header_words.c -- what to say about a header that does not fit.
 *
 * Sentences name header texts only, never cells.  The nearest unused header is named, since
 * most missing columns are misspelt ones; a header that ends in the wanted name behind
 * stray characters (a broken byte order mark, a wrong encoding) gets the declaration that
 * helps.
 */
#include "answers/needed.h"
#include "base/fail.h"
#include "base/text.h"
#include "definition/item_pattern.h"
#include "intake/header.h"
#include "table/collect.h"

#include <stdio.h>
#include <string.h>

enum { NAMES_SHOWN = 10, NAMES_MISSING = 4 };

typedef struct about {
    const psyi_header *header;
    const char *file;
    const psyi_wanted_list *wanted;
    const uint32_t *column;
    const bool *used;
    const psy_allocator *allocator;
    psy_findings *findings;
    psy_error *error;
} about;

/* 'text', cut to 40 code points, or which question is meant. */
static void quote(psyi_buffer *out, const char *text)
{
    psyi_question_name question;
    if (psyi_question_name_read(text, &question)) {
        psyi_buffer_format(out, "question %u", question.question);
        if (question.row > 0)
            psyi_buffer_format(out, " row %u", question.row);
        return;
    }
    const size_t length = strlen(text);
    const size_t shown = psyi_utf8_prefix(text, length, 40);
    psyi_buffer_char(out, '\'');
    psyi_buffer_add(out, text, shown);
    psyi_buffer_text(out, shown < length ? "...'" : "'");
}

static psy_status refuse(const about *at, psyi_buffer *words)
{
    if (words->failed)
        return psyi_fail_memory(at->error, "a message");
    const psy_location where = psyi_location(at->file, (size_t)at->header->line, 1, 1);
    const psy_status status =
        psyi_fail(at->error, PSY_E_DATA, &where, "%s", words->data != NULL ? words->data : "");
    return at->wanted->where != NULL ? psyi_fail_within(at->error, status, at->wanted->where)
                                     : status;
}

static psy_status find(const about *at, const char *rule, psy_severity severity, const char *field,
                       psyi_buffer *words)
{
    if (words->failed)
        return psyi_fail_memory(at->error, "a finding");
    const psy_finding finding = {.file = at->file,
                                 .row = at->header->line,
                                 .field = field,
                                 .rule = rule,
                                 .severity = severity};
    return psyi_find(at->findings, &finding, at->error, "%s",
                     words->data != NULL ? words->data : "");
}

/* Whether `name` is what `cell` ends in, behind characters no name begins with. */
static bool stray_before(const char *cell, const char *name)
{
    const size_t length = strlen(cell), end = strlen(name);
    if (end == 0 || length <= end || strcmp(cell + length - end, name) != 0)
        return false;
    bool odd = false;
    for (size_t i = 0; i < length - end; i++) {
        const unsigned char c = (unsigned char)cell[i];
        if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))
            return false;
        odd = odd || c >= 0x80 || c < 0x20;
    }
    return odd;
}

/* Behind a sentence about a missing column: what may have been meant; false: nothing near. */
static bool add_hint(const about *at, psyi_buffer *words, const char *name)
{
    const psyi_header *const header = at->header;
    size_t nearest = header->n_columns, limit = strlen(name) / 3;
    /* Distances are in bytes: of two Chinese characters one may be wrong. */
    if (limit < 3 && strlen(name) >= 6 && (unsigned char)name[0] >= 0x80)
        limit = 3;
    for (size_t i = 0; i < header->n_columns; i++) {
        const char *const cell = header->names[i];
        if (at->used[i] || cell[0] == '\0')
            continue;
        if (stray_before(cell, name)) {
            psyi_buffer_format(words, "; cell %zu of the header is ", i + 1);
            quote(words, cell);
            psyi_buffer_text(words, ", with stray characters before the name: ");
            if (at->wanted->where != NULL)
                psyi_buffer_format(words,
                                   "declare `header: {%zu: %s}` and the `encoding:` under %s",
                                   i + 1, name, at->wanted->where);
            else
                psyi_buffer_text(words, "write the header anew, in UTF-8");
            return true;
        }
        if (psyi_ascii_compare(name, cell) == 0 || strstr(cell, name) != NULL) {
            nearest = i; /* another case, or a star or a remark around it */
            break;
        }
        if (psyi_edit_distance(name, cell, limit) > limit)
            continue;
        nearest = i;
        limit = psyi_edit_distance(name, cell, limit);
        limit -= limit > 0; /* the first of equally near ones stays */
    }
    if (nearest < header->n_columns) {
        psyi_buffer_text(words, "; the nearest unused one is ");
        quote(words, header->names[nearest]);
    }
    return nearest < header->n_columns;
}

static const char *first_name(const psyi_wanted *what)
{
    return what->n_names > 0 ? what->names[0] : "";
}

static const psy_instrument *instrument_of(const about *at, const psyi_wanted *what)
{
    return at->wanted->options->uses[what->use].instrument;
}

/* An item of an optional part is needed once another item of the part is there. */
static bool is_needed(const about *at, size_t i)
{
    const psyi_wanted *const what = &at->wanted->items[i];
    if (what->need != PSYI_NEED_PART)
        return what->need == PSYI_NEED_ALWAYS;
    const psyi_item *const items = instrument_of(at, what)->items;
    for (size_t j = 0; j < at->wanted->n; j++) {
        const psyi_wanted *const other = &at->wanted->items[j];
        if (other->kind == PSYI_WANT_ITEM && other->use == what->use &&
            at->column[j] != PSYI_NO_COLUMN && items[other->index].part == items[what->index].part)
            return true;
    }
    return false;
}

static const char *use_name(const about *at, size_t use)
{
    const psyi_use *const it = &at->wanted->options->uses[use];
    return at->wanted->options->generated_names ? it->instrument->id : it->id;
}

/* The columns a use needs and has not got: refused, or noted on a partial export. */
static psy_status missing_items(const about *at, size_t use)
{
    psyi_buffer words;
    psyi_buffer_init(&words, at->allocator);
    size_t n = 0;
    const psyi_wanted *first = NULL;
    for (size_t i = 0; i < at->wanted->n; i++) {
        const psyi_wanted *const what = &at->wanted->items[i];
        if (what->kind != PSYI_WANT_ITEM || what->use != use || at->column[i] != PSYI_NO_COLUMN ||
            !is_needed(at, i))
            continue;
        if (n++ == 0)
            first = what;
        if (n > NAMES_MISSING)
            continue;
        psyi_buffer_text(&words, n > 1 ? ", " : "");
        quote(&words, first_name(what));
    }
    psy_status status = PSY_OK;
    if (n > 0) {
        psyi_buffer sentence;
        psyi_buffer_init(&sentence, at->allocator);
        psyi_buffer_format(&sentence,
                           "%s needs %zu column%s that %s not there: ", use_name(at, use), n,
                           n > 1 ? "s" : "", n > 1 ? "are" : "is");
        psyi_buffer_add(&sentence, words.data != NULL ? words.data : "", words.length);
        if (n > NAMES_MISSING)
            psyi_buffer_format(&sentence, " and %zu more", n - NAMES_MISSING);
        add_hint(at, &sentence, first_name(first));
        sentence.failed = sentence.failed || words.failed;
        status = at->wanted->options->partial ? find(at, "items_absent", PSY_NOTE, NULL, &sentence)
                                              : refuse(at, &sentence);
        psyi_buffer_done(&sentence);
    }
    psyi_buffer_done(&words);
    return status;
}

static psy_status missing_one(const about *at, const psyi_wanted *what)
{
    psyi_buffer words;
    psyi_buffer_init(&words, at->allocator);
    psyi_buffer_text(&words, "there is no column ");
    quote(&words, first_name(what));
    if (what->kind == PSYI_WANT_FIELD)
        psyi_buffer_format(&words, " (%s)", psyi_field_name((psyi_field)what->index));
    else
        psyi_buffer_text(&words, " to keep");
    /* What nothing here resembles was left out of the file, or is called otherwise in it. */
    if (!add_hint(at, &words, first_name(what)) && at->wanted->where != NULL)
        psyi_buffer_format(&words, ": write what the file calls it under %s%s", at->wanted->where,
                           what->need == 1 ? "" : ", or take it out there if the file has none");
    const psy_status status =
        what->need == 1 ? refuse(at, &words)
                        : find(at, "column_missing", PSY_WARNING, first_name(what), &words);
    psyi_buffer_done(&words);
    return status;
}

/* The separator that a header of one cell has within it, or NULL. */
static const char *other_separator(const psyi_header *header)
{
    if (header->n_columns != 1)
        return NULL;
    const char *const at = strpbrk(header->names[0], "\t;,");
    return at == NULL ? NULL : *at == '\t' ? "tab" : *at == ';' ? "semicolon" : "comma";
}

/* Not one item column of any use. */
static psy_status no_items(const about *at)
{
    const psyi_wanted *first = NULL;
    bool anything = false;
    for (size_t i = 0; i < at->wanted->n; i++) {
        anything = anything || at->column[i] != PSYI_NO_COLUMN;
        if (first == NULL && at->wanted->items[i].kind == PSYI_WANT_ITEM &&
            at->wanted->items[i].n_names > 0)
            first = &at->wanted->items[i];
    }
    psyi_buffer words;
    psyi_buffer_init(&words, at->allocator);
    psyi_buffer_text(&words,
                     "no item column of any questionnaire is here; the first looked for is ");
    quote(&words, first != NULL ? first_name(first) : "");
    const char *const separator = other_separator(at->header);
    if (separator == NULL)
        add_hint(at, &words, first != NULL ? first_name(first) : "");
    if (separator != NULL && at->wanted->where != NULL)
        psyi_buffer_format(&words,
                           "; the header is one cell, with another separator in it: declare "
                           "`separator: %s` under %s, or none",
                           separator, at->wanted->where);
    else if (!anything && at->wanted->where != NULL)
        psyi_buffer_text(&words, "; if the header stands in another line, declare `header_row:`");
    const psy_status status = refuse(at, &words);
    psyi_buffer_done(&words);
    return status;
}

psy_status psyi_header_missing(const psyi_header *header, const char *file,
                               const psyi_wanted_list *wanted, const uint32_t *column,
                               const bool *used, psyi_arena *arena, psy_findings *findings,
                               psy_error *error)
{
    const about at = {header, file, wanted, column, used, arena->allocator, findings, error};
    const psyi_intake_options *const options = wanted->options;
    bool any_use = options->n_uses == 0;
    psy_status status = PSY_OK;
    for (size_t use = 0; use < options->n_uses && status == PSY_OK; use++) {
        any_use = any_use || header->use_here[use];
        /* Ad hoc, every instrument was asked for by name; in a plan, another file may hold it. */
        if (header->use_here[use] || (options->generated_names && !options->partial))
            status = missing_items(&at, use);
    }
    if (status == PSY_OK && !any_use)
        status = no_items(&at);
    for (size_t i = 0; i < wanted->n && status == PSY_OK; i++)
        if (column[i] == PSYI_NO_COLUMN && wanted->items[i].kind != PSYI_WANT_ITEM &&
            wanted->items[i].need != 0)
            status = missing_one(&at, &wanted->items[i]);
    return status;
}

/* Up to ten names of a list that is being told, then how many more. */
typedef struct name_list {
    psyi_buffer words;
    size_t n;
} name_list;

static void list_begin(name_list *list, const about *at)
{
    psyi_buffer_init(&list->words, at->allocator);
    list->n = 0;
}

static void list_name(name_list *list, const char *name)
{
    if (++list->n > NAMES_SHOWN)
        return;
    psyi_buffer_text(&list->words, list->n > 1 ? ", " : "");
    quote(&list->words, name);
}

static psy_status tell(const about *at, name_list *list, const char *rule, const char *before,
                       const char *whose, const char *behind)
{
    psy_status status = PSY_OK;
    if (list->n > 0) {
        psyi_buffer words;
        psyi_buffer_init(&words, at->allocator);
        psyi_buffer_format(&words, "%s%s%s: ", before, whose, behind);
        psyi_buffer_add(&words, list->words.data != NULL ? list->words.data : "",
                        list->words.length);
        if (list->n > NAMES_SHOWN)
            psyi_buffer_format(&words, " and %zu more", list->n - NAMES_SHOWN);
        words.failed = words.failed || list->words.failed;
        status = find(at, rule, PSY_NOTE, NULL, &words);
        psyi_buffer_done(&words);
    }
    psyi_buffer_done(&list->words);
    return status;
}

static bool begins(const char *text, const char *prefix)
{
    const size_t length = strlen(prefix);
    return length > 0 && strncmp(text, prefix, length) == 0 && text[length] != '\0';
}

psy_status psyi_header_notes(const psyi_header *header, const char *file,
                             const psyi_wanted_list *wanted, const uint32_t *column,
                             const bool *used, psyi_arena *arena, psy_findings *findings,
                             psy_error *error)
{
    const about at = {header, file, wanted, column, used, arena->allocator, findings, error};
    const psyi_intake_options *const options = wanted->options;
    bool *const told = psyi_arena_alloc(arena, header->n_columns, sizeof *told);
    if (told == NULL)
        return psyi_fail_memory(error, "a header");
    psy_status status = PSY_OK;
    for (size_t use = 0; use < options->n_uses && status == PSY_OK; use++) {
        name_list absent, like;
        list_begin(&absent, &at);
        list_begin(&like, &at);
        for (size_t i = 0; i < header->n_absent; i++)
            if (header->absent[i].use == use)
                list_name(&absent, options->uses[use].instrument->items[header->absent[i].item].id);
        for (size_t i = 0; i < header->n_columns; i++)
            if (!used[i] && !told[i] && begins(header->names[i], wanted->prefixes[use])) {
                told[i] = true;
                list_name(&like, header->names[i]);
            }
        /* On a partial export what is missing has been told already. */
        if (options->partial)
            absent.n = 0;
        status = tell(&at, &absent, "items_absent", "items of ", use_name(&at, use),
                      " without a column count as not applicable");
        const psy_status second =
            tell(&at, &like, "item_columns_unused", "columns that look like items of ",
                 use_name(&at, use), " and are none");
        if (status == PSY_OK)
            status = second;
    }
    name_list unknown;
    list_begin(&unknown, &at);
    for (size_t i = 0; i < header->n_columns; i++)
        if (!used[i] && !told[i] && header->names[i][0] != '\0')
            list_name(&unknown, header->names[i]);
    const psy_status last =
        tell(&at, &unknown, "columns_unused", "columns that are not used", "", "");
    return status != PSY_OK ? status : last;
}
