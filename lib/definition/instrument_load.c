/*
 * instrument_load.c -- a whole instrument from its file.
 *
 * The order matters: items before what chooses among them, the names of scales, flags and
 * norms before any expression, gates before scores, the default variant before the others.
 * Each part reports its own problems and leaves something usable behind, so that the next
 * part can report its own.
 */
#include "definition/build.h"
#include "definition/document.h"
#include "definition/norm_files.h"

#include "base/fail.h"
#include "base/text.h"
#include "definition/expression_load.h"
#include "definition/fingerprint.h"
#include "definition/load.h"

#include <string.h>

typedef struct raw_form {
    bool given;
    int max_blank;
} raw_form;

typedef struct raw_instrument {
    struct psy_instrument head;
    const psyi_node *format, *responses, *items, *reverse, *parts, *gates, *form, *scales;
    const psyi_node *derived, *flags, *unanswered, *variants, *examples;
} raw_instrument;

static const psyi_key source_keys[] = {
    {"cite", PSYI_SHAPE_TEXT, true, PSYI_AT(psyi_source_note, cite)},
    {"for", PSYI_SHAPE_JOINED, false, PSYI_AT(psyi_source_note, covers)},
    {"confidence", PSYI_SHAPE_WORD, false, PSYI_AT(psyi_source_note, confidence),
     .words = psyi_confidence_words},
    {0},
};
static const psyi_source_note no_source = {.confidence = PSYI_UNSTATED};

const psyi_key psyi_silence_keys[] = {
    {"rule", PSYI_SHAPE_TEXT, true, PSYI_AT(psyi_silence, rule)},
    {"at", PSYI_SHAPE_TEXT, false, PSYI_AT(psyi_silence, at)},
    {"reason", PSYI_SHAPE_TEXT, true, PSYI_AT(psyi_silence, reason)},
    {"place", PSYI_SHAPE_PLACE, false, PSYI_AT(psyi_silence, place)},
    {0},
};

static const psyi_key form_keys[] = {
    {"max_blank", PSYI_SHAPE_INTEGER, true, PSYI_AT(raw_form, max_blank), .low = 0,
     .high = PSYI_MAX_ITEMS},
    {0},
};

#define HEAD(member) PSYI_AT(raw_instrument, head.member)
#define NODE(member) PSYI_AT(raw_instrument, member)
const psyi_key psyi_instrument_keys[] = {
    {"format", PSYI_SHAPE_NODE, true, NODE(format)},
    {"id", PSYI_SHAPE_ID, true, HEAD(id)},
    {"edition", PSYI_SHAPE_TEXT, true, HEAD(edition)},
    {"name", PSYI_SHAPE_LABEL, true, HEAD(name)},
    {"topics", PSYI_SHAPE_TEXTS, false, HEAD(topics)},
    {"informants", PSYI_SHAPE_WORD_SET, true, HEAD(informants), .words = psyi_informant_words},
    {"grades", PSYI_SHAPE_RANGE, false, HEAD(grade_low), .low = 1, .high = 16},
    {"ages", PSYI_SHAPE_RANGE, false, HEAD(age_low), .low = 0, .high = 150},
    {"recall", PSYI_SHAPE_TEXT, false, HEAD(recall)},
    {"sensitive", PSYI_SHAPE_BOOL, false, HEAD(sensitive)},
    {"text_licence", PSYI_SHAPE_TEXT, false, HEAD(text_licence)},
    {"sources", PSYI_SHAPE_LIST, false, HEAD(sources), .keys = source_keys,
     .item_size = sizeof(psyi_source_note), .initial = &no_source},
    {"notes", PSYI_SHAPE_TEXTS, false, HEAD(notes)},
    {"responses", PSYI_SHAPE_NODE, true, NODE(responses), .keys = psyi_response_keys,
     .holds = PSYI_HOLDS_BY_NAME},
    {"items", PSYI_SHAPE_NODE, true, NODE(items), .keys = psyi_item_row_keys,
     .holds = PSYI_HOLDS_LIST},
    {"reverse", PSYI_SHAPE_NODE, false, NODE(reverse)},
    {"parts", PSYI_SHAPE_NODE, false, NODE(parts), .keys = psyi_part_keys,
     .holds = PSYI_HOLDS_BY_NAME},
    {"gates", PSYI_SHAPE_NODE, false, NODE(gates), .keys = psyi_gate_keys,
     .holds = PSYI_HOLDS_LIST},
    {"form", PSYI_SHAPE_NODE, false, NODE(form), .keys = form_keys, .holds = PSYI_HOLDS_ONE},
    {"scales", PSYI_SHAPE_NODE, true, NODE(scales), .keys = psyi_scale_keys,
     .holds = PSYI_HOLDS_BY_NAME},
    {"derived", PSYI_SHAPE_NODE, false, NODE(derived), .keys = psyi_scale_keys,
     .holds = PSYI_HOLDS_BY_NAME},
    {"flags", PSYI_SHAPE_NODE, false, NODE(flags), .keys = psyi_flag_keys,
     .holds = PSYI_HOLDS_BY_NAME},
    {"critical_unanswered", PSYI_SHAPE_NODE, false, NODE(unanswered), .keys = psyi_unanswered_keys,
     .holds = PSYI_HOLDS_ONE},
    {"variants", PSYI_SHAPE_NODE, false, NODE(variants), .keys = psyi_variant_keys,
     .holds = PSYI_HOLDS_CHANGES},
    {"silence", PSYI_SHAPE_LIST, false, HEAD(silences), .keys = psyi_silence_keys,
     .item_size = sizeof(psyi_silence)},
    {"examples", PSYI_SHAPE_NODE, false, NODE(examples), .keys = psyi_example_keys,
     .holds = PSYI_HOLDS_LIST},
    {0},
};

/* ---- expressions ------------------------------------------------------------------------ */

psyi_program *psyi_build_program(psyi_build *build, const psyi_node *node, psyi_type wanted)
{
    struct psy_instrument *const instrument = build->instrument;
    const psyi_scope scope = psyi_scope_of_instrument(&build->scope);
    build->refusal = NULL;
    psyi_program *const program =
        psyi_compile(build->loader, node, &scope, wanted, &build->refusal);
    build->refusal = NULL;
    if (program == NULL ||
        !psyi_keep_program(build->loader, program, &instrument->programs, &instrument->n_programs,
                           &instrument->programs_capacity))
        return NULL;
    return program;
}

static bool make_ready(void *loading, psyi_column_kind kind, unsigned index)
{
    psyi_build *const build = loading;
    return kind == PSYI_COLUMN_FLAG ? psyi_ready_flag(build, index)
                                    : psyi_ready_scale(build, index);
}

/* ---- variants --------------------------------------------------------------------------- */

typedef struct raw_variant {
    const psyi_node *codes, *scales;
    int shift;
    psyi_confidence confidence;
} raw_variant;

const psyi_key psyi_variant_keys[] = {
    {"codes", PSYI_SHAPE_NODE, false, PSYI_AT(raw_variant, codes)},
    {"shift", PSYI_SHAPE_INTEGER, false, PSYI_AT(raw_variant, shift), .low = -PSYI_MAX_CODE,
     .high = PSYI_MAX_CODE},
    {"scales", PSYI_SHAPE_NODE, false, PSYI_AT(raw_variant, scales), .keys = psyi_scale_keys,
     .holds = PSYI_HOLDS_CHANGES},
    {"confidence", PSYI_SHAPE_WORD, false, PSYI_AT(raw_variant, confidence),
     .words = psyi_confidence_words},
    {0},
};

static bool is_code(const struct psy_instrument *instrument, int64_t code)
{
    for (size_t i = 0; i < instrument->n_responses; i++)
        for (size_t j = 0; j < instrument->responses[i].n_codes; j++)
            if (instrument->responses[i].codes[j] == code)
                return true;
    return false;
}

static void read_variant_codes(psyi_build *build, const psyi_node *node, psyi_variant *variant)
{
    psyi_loader *const loader = build->loader;
    if (!psyi_want(loader, node, PSYI_NODE_MAP, "a mapping from given to canonical code"))
        return;
    int32_t *const given = psyi_loader_alloc(loader, node->n, sizeof *given);
    int32_t *const canonical = psyi_loader_alloc(loader, node->n, sizeof *canonical);
    if (given == NULL || canonical == NULL)
        return;
    size_t n = 0;
    for (size_t i = 0; i < node->n; i++) {
        int64_t from = 0, to = 0;
        if (!psyi_read_integer(loader, node->keys[i], -PSYI_MAX_CODE, PSYI_MAX_CODE, &from) ||
            !psyi_read_integer(loader, node->values[i], -PSYI_MAX_CODE, PSYI_MAX_CODE, &to))
            continue;
        if (!is_code(build->instrument, to))
            psyi_problem(loader, node->values[i], PSYI_PROBLEM_NAME,
                         "%d is not a code of any response", (int)to);
        for (size_t j = 0; j < n; j++)
            if (given[j] == from)
                psyi_problem(loader, node->keys[i], PSYI_PROBLEM_TWICE, "code %d stands here twice",
                             (int)from);
        given[n] = (int32_t)from;
        canonical[n++] = (int32_t)to;
    }
    variant->given = given;
    variant->canonical = canonical;
    variant->n_codes = n;
}

static void build_variants(psyi_build *build, const psyi_raw_scale *raw, const psyi_node *node)
{
    psyi_loader *const loader = build->loader;
    struct psy_instrument *const instrument = build->instrument;
    if (node != NULL && !psyi_want(loader, node, PSYI_NODE_MAP, "a mapping of variants"))
        node = NULL;
    const size_t n = node != NULL && node->n > 0 ? node->n : 1;
    if (n > 16) {
        psyi_problem(loader, node, PSYI_PROBLEM_LIMIT, "%zu variants; at most 16 are possible", n);
        return;
    }
    psyi_variant *const variants = psyi_loader_alloc(loader, n, sizeof *variants);
    raw_variant rows[16] = {{0}};
    if (variants == NULL)
        return;
    variants[0].id = "default";
    const size_t path = psyi_enter(loader, "variants");
    for (size_t i = 0; node != NULL && i < node->n && psyi_loader_ok(loader); i++) {
        const psyi_node *const key = node->keys[i];
        const size_t inner = psyi_enter(loader, key->text);
        variants[i].id = key->text;
        rows[i].confidence = PSYI_UNSTATED;
        if (!psyi_is_file_id(key->text, key->length))
            psyi_problem(loader, key, PSYI_PROBLEM_VALUE,
                         "'%s' is no id: use letters, digits, '_' and '-'",
                         psyi_shown(loader, key->text));
        psyi_read_map(loader, node->values[i], key, psyi_variant_keys, &rows[i], false);
        if (i == 0 && (rows[i].scales != NULL || rows[i].shift != 0))
            psyi_problem(loader, key, PSYI_PROBLEM_VALUE,
                         "the first variant is the one the file is written in: it has no scales "
                         "or shift of its own");
        if (rows[i].codes != NULL)
            read_variant_codes(build, rows[i].codes, &variants[i]);
        variants[i].shift = rows[i].shift;
        variants[i].confidence = rows[i].confidence;
        psyi_leave(loader, inner);
    }
    psyi_leave(loader, path);
    if (!psyi_loader_ok(loader))
        return;
    psyi_scale_build *const builds = psyi_loader_scratch(loader, n, sizeof *builds);
    if (builds == NULL)
        return;
    psyi_build_scales(build, &builds[0], raw, NULL, &variants[0]);
    for (size_t i = 0; i < instrument->n_flags && psyi_loader_ok(loader); i++)
        psyi_ready_flag(build, (unsigned)i);
    variants[0].scales = builds[0].scales;
    /* Mistakes in the scales themselves would only be repeated for every variant. */
    const bool sound = loader->status == PSY_OK;
    for (size_t i = 1; i < n && sound && psyi_loader_ok(loader); i++) {
        const size_t outer = psyi_enter(loader, "variants");
        psyi_enter(loader, variants[i].id);
        psyi_build_scales(build, &builds[i], raw, rows[i].scales, &variants[i]);
        psyi_leave(loader, outer);
        variants[i].scales = builds[i].scales;
    }
    for (size_t i = 1; i < n && !sound; i++)
        variants[i].scales = builds[0].scales; /* so that examples can be checked */
    build->variant = &builds[0];
    build->scope.scales = builds[0].scales;
    build->scope.item_lists = builds[0].item_lists;
    instrument->variants = variants;
    instrument->n_variants = n;
}

/* ---- the whole ---------------------------------------------------------------------------- */

static void read_form(psyi_loader *loader, const psyi_node *node, struct psy_instrument *instrument)
{
    raw_form form = {0};
    if (node == NULL)
        return;
    const size_t path = psyi_enter(loader, "form");
    psyi_read_map(loader, node, NULL, form_keys, &form, false);
    psyi_leave(loader, path);
    instrument->has_form_gate = true;
    instrument->form_max_blank = (uint16_t)form.max_blank;
}

/* A form may leave out what a gate of the definition skips, what nothing scored needs, and parts
 * that the definition calls optional.  Any other item was not answered, whatever a file calls it.
 */
static void mark_skippable(const struct psy_instrument *instrument, psyi_item *items)
{
    for (size_t i = 0; i < instrument->n_items; i++) {
        const uint16_t part = items[i].part;
        items[i].may_skip =
            !items[i].scored || (part != PSYI_NO_INDEX && instrument->parts[part].optional);
    }
    for (size_t i = 0; i < instrument->n_critical_items; i++)
        items[instrument->critical_items[i]].may_skip = false;
    for (size_t g = 0; g < instrument->n_gates; g++)
        for (size_t i = 0; i < instrument->gates[g].n_items; i++)
            items[instrument->gates[g].items[i]].may_skip = true;
}

static void build_all(psyi_build *build, const raw_instrument *raw, const psyi_norm_index *norms)
{
    psyi_loader *const loader = build->loader;
    struct psy_instrument *const instrument = build->instrument;
    const psyi_raw_items items = {raw->responses, raw->items, raw->reverse, raw->parts};
    psyi_raw_scale *scales = NULL;
    size_t n_scales = 0;
    psyi_build_items(build, &items);
    read_form(loader, raw->form, instrument);
    if (!psyi_loader_ok(loader) || instrument->n_items == 0 || instrument->n_responses == 0 ||
        !psyi_collect_scales(build, raw->scales, raw->derived, &scales, &n_scales) ||
        !psyi_collect_flags(build, raw->flags, scales, n_scales))
        return;
    instrument->n_scales = n_scales;
    build->scope =
        (psyi_instrument_scope){.instrument = instrument, .ready = make_ready, .loading = build};
    psyi_build_norms(build, scales, norms);
    psyi_build_gates(build, raw->gates);
    build_variants(build, scales, raw->variants);
    if (!psyi_loader_ok(loader) || instrument->n_variants == 0)
        return;
    psyi_build_flags(build, raw->unanswered);
    if (!psyi_loader_ok(loader))
        return;
    mark_skippable(instrument, build->items);
    psyi_build_order(build);
    if (!psyi_scope_names(&build->scope, "", loader->scratch, &build->scope.names,
                          &build->scope.n_names))
        psyi_loader_nomem(loader);
    psyi_build_examples(build, raw->examples);
}

psy_status psyi_instrument_read(psy_instrument **out, const char *path, const char *text,
                                size_t length, const char *name, const psyi_norm_index *norms,
                                const psy_allocator *allocator, psy_findings *findings,
                                psy_error *error)
{
    struct psy_instrument *instrument = psyi_alloc(allocator, 1, sizeof *instrument);
    if (instrument == NULL)
        return psyi_fail_memory(error, "an instrument");
    psyi_arena_init(&instrument->arena, allocator);
    psyi_document document;
    psy_status status = psyi_document_open(&document, "instrument", path, text, length, name,
                                           &instrument->arena, findings, error);
    psyi_loader *const loader = &document.loader;
    if (status == PSY_OK) {
        raw_instrument raw = {.head = {.age_low = -1, .age_high = -1}};
        raw.head.arena = instrument->arena;
        psyi_read_map(loader, document.root, NULL, psyi_instrument_keys, &raw, false);
        raw.head.arena = instrument->arena; /* reading may have added a chunk */
        *instrument = raw.head;
        instrument->file = psyi_arena_copy(&instrument->arena, loader->source);
        if (instrument->file == NULL)
            psyi_loader_nomem(loader);
        psyi_check_file_name(&document, path, instrument->id);
        psyi_build build = {
            .loader = loader, .instrument = instrument, .have_norms = norms != NULL};
        build_all(&build, &raw, norms);
        status = loader->status;
    }
    if (status == PSY_OK)
        status = psyi_instrument_fingerprint(instrument, error);
    psyi_document_close(&document);
    if (status == PSY_OK)
        *out = instrument;
    else
        psy_instrument_free(instrument);
    return status;
}
