/*
 * dossier_read.c -- one student's rows from the directories of several runs.
 *
 * A run is known by its run.json, which comes last: a directory without one is not finished,
 * and nothing is read from it.
 */
#include "base/digest.h"
#include "base/fail.h"
#include "base/file.h"
#include "base/json_reader.h"
#include "cohort/assembly.h"
#include "cohort/pseudonym.h"
#include "intake/csv.h"
#include "report/dossier_book.h"
#include "screening/dossier_entries.h"
#include "screening/key_file.h"
#include "screening/single_book.h"

#include <psyscreen/dossier.h>

#include <stdlib.h>
#include <string.h>

#define MOST_MANIFEST ((size_t)64 << 20)

typedef struct reading {
    const psy_plan *plan;
    const psy_allocator *allocator;
    const psy_dossier_options *options; /* may be NULL */
    psyi_arena arena, ledgers;
    const char *student, *school; /* school: NULL any */
    unsigned char key[PSYI_KEY_BYTES];
    bool with_key;
    psyi_dossier_wave *wave; /* being read */
    bool no_memory;
} reading;

/* ---- run.json ---- */

static const char *keep(reading *r, const char *text)
{
    const char *const copy = psyi_arena_copy(&r->arena, text);
    r->no_memory = r->no_memory || copy == NULL;
    return copy;
}

/* "uses/12/edition": the number and what follows it; NULL for another list. */
static const char *in_list(const char *place, const char *list, size_t most, size_t *index)
{
    const size_t length = strlen(list);
    if (strncmp(place, list, length) != 0 || place[length] != '/')
        return NULL;
    char *end;
    *index = strtoul(place + length + 1, &end, 10);
    return *end == '/' && *index < most ? end + 1 : NULL;
}

typedef struct slot {
    const char *name;
    const char **to;
} slot;

static bool put(reading *r, const slot *slots, size_t n, const char *name, const char *value)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(slots[i].name, name) == 0)
            *slots[i].to = keep(r, value);
    return !r->no_memory;
}

/* Critical flags of all uses and the rules of the plan: there may be thousands.  They come one
 * behind the other, whatever else a file may say. */
static bool room_for_rule(reading *r, size_t index)
{
    psyi_dossier_wave *const w = r->wave;
    if (index < w->room_for_rules || index > w->n_rules)
        return index < w->room_for_rules;
    const size_t room = w->room_for_rules == 0 ? 64 : 2 * w->room_for_rules;
    psyi_dossier_rule *const rules = psyi_arena_alloc(&r->arena, room, sizeof *rules);
    r->no_memory = r->no_memory || rules == NULL;
    if (rules == NULL)
        return false;
    if (w->n_rules > 0)
        memcpy(rules, w->rules, w->n_rules * sizeof *rules);
    w->rules = rules;
    w->room_for_rules = room;
    return true;
}

static bool take_value(void *context, const char *place, const char *value, bool string)
{
    reading *const r = context;
    psyi_dossier_wave *const w = r->wave;
    size_t index = 0;
    const char *rest;
    if (!string && strcmp(value, "null") == 0)
        return true;
    if ((rest = in_list(place, "uses", PSYI_DOSSIER_USES, &index)) != NULL) {
        psyi_dossier_use *const use = &w->uses[index];
        const slot slots[] = {{"id", &use->id},
                              {"instrument", &use->instrument},
                              {"edition", &use->edition},
                              {"fingerprint", &use->fingerprint},
                              {"variant", &use->variant}};
        w->n_uses = index + 1 > w->n_uses ? index + 1 : w->n_uses;
        return put(r, slots, sizeof slots / sizeof slots[0], rest, value);
    }
    if ((rest = in_list(place, "rules", SIZE_MAX, &index)) != NULL) {
        if (!room_for_rule(r, index))
            return false;
        psyi_dossier_rule *const rule = &w->rules[index];
        const slot slots[] = {{"id", &rule->id},
                              {"rank", &rule->rank},
                              {"when", &rule->when},
                              {"text/en", &rule->text.en},
                              {"text/zh", &rule->text.zh}};
        w->n_rules = index + 1 > w->n_rules ? index + 1 : w->n_rules;
        return put(r, slots, sizeof slots / sizeof slots[0], rest, value);
    }
    if ((rest = in_list(place, "tier_scheme/tiers", PSYI_DOSSIER_TIERS, &index)) != NULL) {
        psyi_dossier_tier *const tier = &w->tiers[index];
        const slot slots[] = {
            {"rank", &tier->rank}, {"name/en", &tier->name.en}, {"name/zh", &tier->name.zh}};
        w->n_tiers = index + 1 > w->n_tiers ? index + 1 : w->n_tiers;
        return put(r, slots, sizeof slots / sizeof slots[0], rest, value);
    }
    const slot slots[] = {{"format", &w->format},
                          {"as_of", &w->as_of},
                          {"psyscreen", &w->version},
                          {"plan/id", &w->plan},
                          {"plan/wave", &w->wave},
                          {"plan/fingerprint", &w->plan_fingerprint},
                          {"tier_scheme/id", &w->scheme},
                          {"tier_scheme/legend/en", &w->legend.en},
                          {"tier_scheme/legend/zh", &w->legend.zh}};
    return put(r, slots, sizeof slots / sizeof slots[0], place, value);
}

static psy_status read_manifest(reading *r, const char *path, psy_error *error)
{
    psyi_buffer text;
    psyi_buffer_init(&text, r->allocator);
    psy_status status = psyi_file_read(path, MOST_MANIFEST, &text, error);
    if (status == PSY_E_IO)
        status = psyi_fail(error, PSY_E_DATA, NULL,
                           "'%s' cannot be read: the directory holds no finished results", path);
    if (status == PSY_OK) {
        psyi_json_reader json;
        psyi_json_reader_init(&json, text.data != NULL ? text.data : "", text.length, r->allocator);
        const bool good = psyi_json_walk(&json, take_value, r);
        if (r->no_memory || json.text.failed)
            status = psyi_fail_memory(error, path);
        else if (!good || r->wave->format == NULL ||
                 strcmp(r->wave->format, "psyscreen/run/1") != 0)
            status = psyi_fail(error, PSY_E_DATA, NULL,
                               "'%s' is not the manifest of a run of psyscreen", path);
        psyi_json_reader_done(&json);
    }
    psyi_buffer_done(&text);
    return status;
}

/* ---- scores.csv ---- */

/* A cell as it was before the apostrophe that keeps spreadsheets from reading a formula. */
static char *copy_cell(reading *r, const psyi_cell *cell)
{
    const char *text = cell->text;
    size_t length = cell->length;
    if (length > 1 && text[0] == '\'') {
        text++;
        length--;
    }
    char *const copy = psyi_arena_alloc(&r->arena, length + 1, 1);
    if (copy == NULL)
        r->no_memory = true;
    else
        memcpy(copy, text, length);
    return copy;
}

static bool is_text(const psyi_cell *cell, const char *text)
{
    const size_t length = strlen(text);
    const size_t skip = cell->length == length + 1 && cell->text[0] == '\'';
    return cell->length == length + skip && memcmp(cell->text + skip, text, length) == 0;
}

typedef struct row {
    psyi_cell *cells;
    size_t n, capacity;
} row;

static psy_status read_row(reading *r, psyi_csv *csv, row *out, psy_error *error)
{
    bool last = false;
    out->n = 0;
    while (!last) {
        void *cells = out->cells;
        const bool room =
            psyi_grow(r->allocator, &cells, &out->capacity, out->n + 1, sizeof *out->cells);
        out->cells = cells;
        if (!room)
            return psyi_fail_memory(error, "scores.csv");
        const psy_status status = psyi_csv_read(csv, &out->cells[out->n], &last, error);
        if (status != PSY_OK)
            return status;
        out->n++;
    }
    return PSY_OK;
}

static psy_status keep_row(reading *r, const row *from, const char ***out, psy_error *error)
{
    const char **const texts = psyi_arena_alloc(&r->arena, from->n, sizeof *texts);
    for (size_t i = 0; texts != NULL && i < from->n; i++)
        texts[i] = copy_cell(r, &from->cells[i]);
    *out = texts;
    return texts == NULL || r->no_memory ? psyi_fail_memory(error, "scores.csv") : PSY_OK;
}

/* The ids the student may have in this wave: as given, and as a pseudonym of it. */
static psy_status candidates(reading *r, const char *ids[3], size_t *n, char pseudonym[27],
                             psy_error *error)
{
    const char *const canonical = psyi_canonical(&r->arena, r->student);
    if (canonical == NULL)
        return psyi_fail_memory(error, "dossier");
    *n = 0;
    ids[(*n)++] = r->student;
    if (strcmp(canonical, r->student) != 0)
        ids[(*n)++] = canonical;
    if (!r->with_key || r->wave->plan == NULL || canonical[0] == '\0')
        return PSY_OK;
    psyi_pseudonyms *pseudonyms = NULL;
    psy_status status =
        psyi_pseudonyms_new(&pseudonyms, r->key, sizeof r->key, r->wave->plan, r->allocator, error);
    if (status == PSY_OK)
        status = psyi_pseudonym_of(pseudonyms, canonical, pseudonym, error);
    psyi_pseudonyms_free(pseudonyms);
    if (status == PSY_OK)
        ids[(*n)++] = pseudonym;
    return status;
}

static psy_status find_row(reading *r, psyi_csv *csv, const char *path, const char *const *ids,
                           size_t n_ids, psy_error *error)
{
    row cells = {NULL, 0, 0};
    psy_status status = PSY_OK;
    bool head = true;
    while (status == PSY_OK && psyi_csv_record(csv)) {
        status = read_row(r, csv, &cells, error);
        if (status != PSY_OK)
            break;
        if (head) {
            head = false;
            if (cells.n < 11 || !is_text(&cells.cells[0], "student") ||
                !is_text(&cells.cells[1], "school"))
                status = psyi_fail(error, PSY_E_DATA, NULL, "'%s' is no scores.csv", path);
            else
                status = keep_row(r, &cells, &r->wave->names, error);
            r->wave->n_cells = cells.n;
            continue;
        }
        bool his = false;
        for (size_t i = 0; i < n_ids; i++)
            his = his || is_text(&cells.cells[0], ids[i]);
        if (!his || cells.n != r->wave->n_cells ||
            (r->school != NULL && !is_text(&cells.cells[1], r->school)))
            continue;
        if (r->wave->values != NULL)
            status = psyi_fail(error, PSY_E_ARGUMENT, NULL,
                               "several schools of '%s' have a student of this id: name the school",
                               path);
        else
            status = keep_row(r, &cells, &r->wave->values, error);
    }
    psyi_free(r->allocator, cells.cells);
    return status;
}

static psy_status read_scores(reading *r, const char *path, psy_error *error)
{
    const char *ids[3];
    char pseudonym[27];
    size_t n_ids = 0;
    psyi_buffer text;
    psyi_buffer_init(&text, r->allocator);
    psy_status status = candidates(r, ids, &n_ids, pseudonym, error);
    if (status == PSY_OK)
        status = psyi_file_read(path, 0, &text, error);
    if (status == PSY_E_IO)
        status = psyi_fail(error, PSY_E_DATA, NULL,
                           "'%s' cannot be read: the directory holds no finished results", path);
    if (status == PSY_OK && text.length > 0 && memchr(text.data, '\0', text.length) != NULL)
        status = psyi_fail(error, PSY_E_DATA, NULL, "'%s' is no scores.csv", path);
    if (status == PSY_OK) {
        psyi_csv csv;
        psyi_csv_init(&csv, text.data != NULL ? text.data : "", text.length, ',', path,
                      r->allocator);
        status = find_row(r, &csv, path, ids, n_ids, error);
        psyi_csv_done(&csv);
    }
    psyi_buffer_done(&text);
    return status;
}

/* ---- all of them ---- */

static psy_status read_wave(reading *r, const char *directory, psy_error *error)
{
    r->wave = psyi_arena_alloc(&r->arena, 1, sizeof *r->wave);
    char *const manifest = psyi_path_join(r->allocator, directory, "run.json");
    char *const scores = psyi_path_join(r->allocator, directory, "scores.csv");
    psy_status status = r->wave == NULL || manifest == NULL || scores == NULL
                            ? psyi_fail_memory(error, "dossier")
                            : read_manifest(r, manifest, error);
    if (status == PSY_OK)
        status = read_scores(r, scores, error);
    psyi_free(r->allocator, scores);
    psyi_free(r->allocator, manifest);
    return status;
}

static int compare_texts(const char *a, const char *b)
{
    return strcmp(a != NULL ? a : "", b != NULL ? b : "");
}

static int by_date(const void *x, const void *y)
{
    const psyi_dossier_wave *const a = *(psyi_dossier_wave *const *)x;
    const psyi_dossier_wave *const b = *(psyi_dossier_wave *const *)y;
    int order = compare_texts(a->as_of, b->as_of);
    if (order == 0)
        order = compare_texts(a->wave, b->wave);
    return order != 0 ? order : compare_texts(a->plan_fingerprint, b->plan_fingerprint);
}

typedef struct writing {
    const psyi_dossier *dossier;
    const psy_allocator *allocator;
} writing;

static psy_status write_plain(void *context, const char *path, psy_error *error)
{
    const writing *const w = context;
    return psyi_report_dossier(w->dossier, path, w->allocator, error);
}

static psy_status write_dossier(reading *r, const char *const *directories, size_t n,
                                const char *path, size_t *n_waves, psy_error *error)
{
    psyi_dossier_wave **const waves = psyi_arena_alloc(&r->arena, n, sizeof *waves);
    if (waves == NULL)
        return psyi_fail_memory(error, "dossier");
    size_t found = 0;
    for (size_t i = 0; i < n; i++) {
        const psy_status status = read_wave(r, directories[i], error);
        if (status != PSY_OK)
            return status;
        if (r->wave->values != NULL)
            waves[found++] = r->wave;
    }
    if (found == 0)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "nobody of this id stands in any of the results%s",
                         r->with_key ? ""
                                     : "; a student number is found under pseudonyms only "
                                       "with the plan's key file");
    qsort(waves, found, sizeof *waves, by_date);
    if (n_waves != NULL)
        *n_waves = found;
    psyi_dossier dossier = {
        .plan = r->plan, .student = waves[found - 1]->values[0], .waves = waves, .n_waves = found};
    if (r->options != NULL && r->options->version >= 3 && r->options->n_entries > 0) {
        const psy_status status =
            psyi_dossier_entries(&dossier, r->options->entries, r->options->n_entries, &r->arena,
                                 &r->ledgers, r->allocator, error);
        if (status != PSY_OK)
            return status;
    }
    writing w = {.dossier = &dossier, .allocator = r->allocator};
    psyi_single_book book = {.path = path, .write = write_plain, .context = &w};
    if (r->options != NULL && r->options->version >= 2) {
        book.passwords = r->options->passwords;
        book.new_passwords = r->options->new_passwords;
        book.tmpdir = r->options->tmpdir;
    }
    return psyi_single_book_write(&book, r->allocator, NULL, error);
}

psy_status psy_dossier_write(const psy_plan *plan, const char *student,
                             const char *const *directories, size_t n_directories, const char *path,
                             const psy_dossier_options *options, size_t *n_waves, psy_error *error)
{
    if (plan == NULL || student == NULL || student[0] == '\0' || directories == NULL ||
        n_directories == 0 || path == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "a dossier needs a plan, a student, directories of results and a path");
    if (options != NULL && options->version > PSY_DOSSIER_OPTIONS_VERSION)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "options of version %u are newer than this library", options->version);
    reading r = {.plan = plan,
                 .options = options,
                 .allocator = options != NULL ? options->allocator : NULL,
                 .school = options != NULL ? options->school : NULL,
                 .student = student};
    psyi_arena_init(&r.arena, r.allocator);
    psyi_arena_init(&r.ledgers, r.allocator);
    /* Without its key file a dossier of printed ids is still possible. */
    psy_status status = plan->pseudonym
                            ? psyi_key_read(plan, r.key, &r.with_key, r.allocator, NULL, error)
                            : PSY_OK;
    if (status != PSY_E_NOMEM)
        status = write_dossier(&r, directories, n_directories, path, n_waves, error);
    psyi_wipe(r.key, sizeof r.key);
    psyi_arena_done(&r.ledgers);
    psyi_arena_done(&r.arena);
    return status;
}
