/*
 * responses.c -- response files into one intake.
 *
 * Files may hold different questionnaires: a record has sheets only of those whose columns
 * are in its file.  The codebooks are compiled once; each file has its own header.
 */
#include "base/fail.h"
#include "intake/decode_input.h"
#include "intake/rows.h"
#include "intake/second_header.h"
#include "table/collect.h"

#include <string.h>

typedef struct reading {
    psyi_intake *intake;
    const psyi_intake_options *options;
    psyi_wanted_list wanted;
    psyi_row_codes codes;
    size_t room;
    psyi_arena arena; /* codebooks and wanted names, gone afterwards */
    psy_findings *findings;
    psy_error *error;
} reading;

void psyi_intake_free(psyi_intake *intake)
{
    if (intake == NULL)
        return;
    const psy_allocator *const allocator = intake->allocator;
    for (size_t use = 0; intake->sheets != NULL && use < intake->n_uses; use++)
        psyi_sheets_free(intake->sheets[use]);
    psyi_free(allocator, intake->sheets);
    psyi_free(allocator, intake->use_present);
    psyi_free(allocator, intake->records);
    psyi_free(allocator, intake->files);
    psyi_free(allocator, (void *)intake->kept_names);
    psyi_arena_done(&intake->arena);
    psyi_arena_done(&intake->texts);
    psyi_free(allocator, intake);
}

static psy_status new_intake(psyi_intake **out, const psyi_intake_options *options, size_t n_inputs,
                             const psy_allocator *allocator, psy_error *error)
{
    psyi_intake *const intake = psyi_alloc(allocator, 1, sizeof *intake);
    if (intake == NULL)
        return psyi_fail_memory(error, "records");
    *out = intake;
    intake->allocator = allocator;
    psyi_arena_init(&intake->arena, allocator);
    psyi_arena_init(&intake->texts, allocator);
    intake->n_uses = options->n_uses;
    intake->n_kept = options->n_keep;
    intake->sheets = psyi_alloc(allocator, options->n_uses, sizeof *intake->sheets);
    intake->use_present = psyi_alloc(allocator, options->n_uses, sizeof *intake->use_present);
    intake->files = psyi_alloc(allocator, n_inputs, sizeof *intake->files);
    intake->kept_names = psyi_alloc(allocator, options->n_keep, sizeof *intake->kept_names);
    if (intake->sheets == NULL || intake->use_present == NULL || intake->files == NULL ||
        intake->kept_names == NULL)
        return psyi_fail_memory(error, "records");
    for (size_t i = 0; i < options->n_keep; i++) {
        intake->kept_names[i] = psyi_arena_copy(&intake->arena, options->keep[i]);
        if (intake->kept_names[i] == NULL)
            return psyi_fail_memory(error, "records");
    }
    for (size_t use = 0; use < options->n_uses; use++) {
        const psy_status status = psyi_sheets_new(
            &intake->sheets[use], options->uses[use].instrument, 0, allocator, error);
        if (status != PSY_OK)
            return status;
    }
    return PSY_OK;
}

static const psyi_input *declared(const psyi_intake_options *options)
{
    return options->generated_names ? NULL : options->input;
}

/* A meaning the plan gives to a text must be one that some item of the use has. */
static psy_status check_codes(const reading *in, size_t use, const psyi_codebook *books)
{
    const psyi_input *const input = declared(in->options);
    const psyi_use *const it = &in->options->uses[use];
    for (size_t i = 0; input != NULL && i < input->n_codes; i++) {
        const psyi_code_map *const map = &input->codes[i];
        if (strcmp(map->of, it->id) != 0)
            continue;
        for (size_t j = 0; j < map->n_texts; j++) {
            bool known = false;
            for (size_t k = 0; k < it->instrument->n_responses && !known; k++)
                known = psyi_codebook_knows(&books[k], map->texts[j].value);
            if (!known)
                return psyi_fail_within(in->error,
                                        psyi_fail(in->error, PSY_E_DATA, NULL,
                                                  "'%.40s' is no code or label of any item of %s",
                                                  map->texts[j].value, it->instrument->id),
                                        "inputs/responses/codes");
        }
    }
    return PSY_OK;
}

static psy_status make_codes(reading *in)
{
    const size_t n_uses = in->options->n_uses;
    psyi_codebook **const books = psyi_arena_alloc(&in->arena, n_uses, sizeof *books);
    if (books == NULL)
        return psyi_fail_memory(in->error, "codes");
    for (size_t use = 0; use < n_uses; use++) {
        const psyi_use *const it = &in->options->uses[use];
        const size_t n = it->instrument->n_responses;
        books[use] = psyi_arena_alloc(&in->arena, n, sizeof *books[use]);
        if (books[use] == NULL)
            return psyi_fail_memory(in->error, "codes");
        for (unsigned i = 0; i < n; i++) {
            const psy_status status =
                psyi_codebook_make(&books[use][i], it->instrument, it->variant, i,
                                   declared(in->options), it->id, &in->arena, in->error);
            if (status != PSY_OK)
                return status;
        }
        const psy_status status = check_codes(in, use, books[use]);
        if (status != PSY_OK)
            return status;
    }
    in->codes.books = books;
    return PSY_OK;
}

static psy_status read_text(reading *in, psyi_text_window *window, uint32_t index)
{
    psyi_input_file *const file = &in->intake->files[index];
    const size_t before = in->intake->n_records;
    file->name = psyi_arena_copy(&in->intake->arena, window->input.name);
    if (file->name == NULL)
        return psyi_fail_memory(in->error, "records");

    psyi_arena arena;
    psyi_arena_init(&arena, in->intake->allocator);
    psyi_csv csv;
    psyi_header header;
    psy_status status = psyi_header_read(&header, &csv, &window->input, file->name, &in->wanted,
                                         &arena, in->findings, in->error);
    if (status == PSY_OK)
        status = psyi_header_own(&header, file, &in->intake->arena, in->error);
    if (status == PSY_OK) {
        for (size_t use = 0; use < in->options->n_uses; use++)
            in->intake->use_present[use] = in->intake->use_present[use] || header.use_here[use];
        status = psyi_second_header_tell(in->options, &in->codes, &header, &csv, in->findings,
                                         in->error);
    }
    if (status == PSY_OK)
        status = psyi_rows_read(in->intake, in->options, &in->codes, &header, &csv, window, index,
                                &in->room, &arena, in->findings, in->error);
    psyi_csv_done(&csv);
    psyi_arena_done(&arena);
    file->rows = in->intake->n_records - before;
    if (status == PSY_OK)
        status = psyi_text_window_end(window, file, in->error);
    if (status != PSY_OK || file->rows > 0)
        return status;
    const psy_finding finding = {.file = file->name, .rule = "no_rows", .severity = PSY_WARNING};
    return psyi_find(in->findings, &finding, in->error, "there is no row below the header");
}

/* Ad hoc this was refused by the header; in a plan it is told once a wave. */
static psy_status warn_absent_uses(const reading *in)
{
    psy_status status = PSY_OK;
    for (size_t use = 0; use < in->options->n_uses && status == PSY_OK; use++) {
        if (in->intake->use_present[use])
            continue;
        const psy_finding finding = {.field = in->options->uses[use].id,
                                     .rule = "use_absent",
                                     .subject = in->options->uses[use].id,
                                     .severity = in->options->partial ? PSY_NOTE : PSY_WARNING};
        const char *first = "";
        for (size_t i = 0; i < in->wanted.n && first[0] == '\0'; i++)
            if (in->wanted.items[i].kind == PSYI_WANT_ITEM && in->wanted.items[i].use == use &&
                in->wanted.items[i].n_names > 0)
                first = in->wanted.items[i].names[0];
        status = psyi_find(in->findings, &finding, in->error,
                           "no column of %s is in any file (the first would be '%.80s'): it "
                           "counts as not administered",
                           in->options->uses[use].id, first);
    }
    return status;
}

psy_status psyi_intake_read(psyi_intake **out, const psyi_intake_options *options,
                            const char *const *paths, const psy_source *sources, size_t n_inputs,
                            const psy_allocator *allocator, psy_findings *findings,
                            psy_error *error)
{
    /* A plan keeps the totals that its files bring along. */
    psyi_intake_options with_totals = *options;
    if (declared(options) != NULL && options->n_keep == 0) {
        with_totals.keep = declared(options)->total_names;
        with_totals.n_keep = declared(options)->n_totals;
        options = &with_totals;
    }
    reading in = {.options = options, .findings = findings, .error = error};
    psyi_arena_init(&in.arena, allocator);
    psy_status status = new_intake(&in.intake, options, n_inputs, allocator, error);
    if (status == PSY_OK)
        status = psyi_wanted_make(&in.wanted, options, false, &in.arena, error);
    if (status == PSY_OK)
        status = make_codes(&in);
    for (size_t i = 0; i < n_inputs && status == PSY_OK; i++) {
        psyi_text_window window;
        status = psyi_watch_tell(options->watch, "read", i, options->n_files, error);
        if (status != PSY_OK)
            break;
        const psyi_input by_caller = {.encoding = options->encoding};
        status = psyi_text_window_open(
            &window, options->generated_names ? &by_caller : declared(options),
            paths != NULL ? paths[i] : NULL, sources != NULL ? &sources[i] : NULL, in.wanted.where,
            options->partial, options->window_bytes, allocator, error);
        if (status != PSY_OK)
            break;
        in.intake->n_files = i + 1;
        status = read_text(&in, &window, (uint32_t)i);
        psyi_text_window_close(&window);
    }
    for (size_t use = 0; use < options->n_uses && status == PSY_OK; use++)
        status = psyi_sheets_resize(in.intake->sheets[use], in.intake->n_records, error);
    if (status == PSY_OK)
        status = warn_absent_uses(&in);
    psyi_arena_done(&in.arena);
    if (status == PSY_OK)
        *out = in.intake;
    else
        psyi_intake_free(in.intake);
    return status;
}
