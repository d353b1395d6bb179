/*
 * dossier_contacts.c -- 跟进与家校沟通: what was done for the student, from the entries of ledgers.
 *
 * Rows of the ledger in the order of waves, below each case what was written into the warning
 * list; room below for what follows.  A contact that was collected twice stands once.
 */
#include "report/dossier_tables.h"

#include "cohort/carried.h"
#include "report/entry_columns.h"

#include <string.h>

typedef struct contacts {
    psyi_report *report;
    psyi_results *about; /* of the report: the file a row is from */
    const psyi_dossier *dossier;
    const psyi_layout *layout;
    psyi_sheet *sheet;
    size_t n;
} contacts;

static const char *tier_name(const contacts *c, const psyi_dossier_wave *wave)
{
    const char *const rank = psyi_dossier_cell(wave, "tier");
    for (size_t i = 0; i < wave->n_tiers; i++)
        if (rank[0] != '\0' && wave->tiers[i].rank != NULL &&
            strcmp(wave->tiers[i].rank, rank) == 0)
            return psyi_text(c->report, wave->tiers[i].name);
    return rank;
}

static void put_row(contacts *c, const psyi_dossier_wave *wave, const psyi_carried_row *row)
{
    const psyi_line line = {.report = c->report, .carried = row};
    const size_t at = ++c->n;
    for (size_t i = 0; i < c->layout->n; i++) {
        const psyi_cell_field *const field = &c->layout->fields[i];
        if (strcmp(field->key, "wave") == 0)
            psyi_put_text(c->sheet, at, i, wave->wave, field->style);
        else if (strcmp(field->key, "tier_auto") == 0)
            psyi_put_text(c->sheet, at, i, tier_name(c, wave), field->style);
        else
            psyi_put_carried(c->sheet, at, i, &line, field);
    }
}

/* Do both say the same, wherever they stand? */
static bool is_same(const contacts *c, const psyi_carried *in, const psyi_carried_row *row,
                    const psyi_carried *other_in, const psyi_carried_row *other)
{
    for (size_t i = 0; i < c->layout->n; i++) {
        const char *const key = c->layout->fields[i].key;
        if (strcmp(psyi_carried_cell(in, row, key), psyi_carried_cell(other_in, other, key)) != 0)
            return false;
    }
    return strcmp(psyi_carried_cell(in, row, "note"), psyi_carried_cell(other_in, other, "note")) ==
           0;
}

static bool was_there(const contacts *c, size_t school, const char *id, size_t file,
                      const psyi_carried_row *row)
{
    for (size_t before = 0; before < file; before++) {
        const psyi_carried *const in = c->dossier->entries[before];
        const psyi_carried_row *rows;
        const size_t n = psyi_carried_of_case(in, school, id, row->of_list, &rows);
        for (size_t i = 0; i < n; i++)
            if (rows[i].touched && is_same(c, c->dossier->entries[file], row, in, &rows[i]))
                return true;
    }
    return false;
}

static const char *school_of(const psyi_dossier *dossier, size_t at)
{
    return psyi_dossier_cell(dossier->waves[at], "school");
}

/* A case of wave `at`: rows were read with the schools of all waves in the order of their codes,
 * and have the first one of theirs. */
static void put_case(contacts *c, size_t at, const char *id)
{
    const psyi_dossier_wave *const wave = c->dossier->waves[at];
    size_t school = 0;
    for (size_t i = 0; i < c->dossier->n_waves; i++)
        school += strcmp(school_of(c->dossier, i), school_of(c->dossier, at)) < 0;
    for (int of_list = 0; of_list < 2; of_list++)
        for (size_t file = 0; file < c->dossier->n_entries; file++) {
            const psyi_carried_row *rows;
            const size_t n =
                psyi_carried_of_case(c->dossier->entries[file], school, id, of_list != 0, &rows);
            c->about->carried = c->dossier->entries[file];
            for (size_t i = 0; i < n; i++)
                if (rows[i].touched && !was_there(c, school, id, file, &rows[i]))
                    put_row(c, wave, &rows[i]);
        }
}

/* Two directories may hold one wave: its case is one. */
static bool is_first(const char *const *ids, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (strcmp(ids[i], ids[at]) == 0)
            return false;
    return true;
}

static void put_all(contacts *c)
{
    const psyi_dossier *const dossier = c->dossier;
    const char **const ids = psyi_arena_alloc(&c->report->arena, dossier->n_waves, sizeof *ids);
    for (size_t i = 0; ids != NULL && i < dossier->n_waves && dossier->n_entries > 0; i++) {
        const psyi_dossier_wave *const wave = dossier->waves[i];
        char number[PSYI_CASE_NUMBER];
        if (!psyi_case_number(wave->plan != NULL ? wave->plan : "", wave->wave,
                              school_of(dossier, i), wave->values[0], c->report->arena.allocator,
                              number)) {
            psyi_book_fail(c->report->book, PSY_E_NOMEM, "out of memory: a case number");
            return;
        }
        ids[i] = psyi_report_format(c->report, "%s", number);
        if (is_first(ids, i))
            put_case(c, i, ids[i]);
    }
    if (ids == NULL)
        psyi_book_fail(c->report->book, PSY_E_NOMEM, "out of memory: contacts");
    c->about->carried = NULL;
}

/* The columns of the ledger in its order, so that its rows can be pasted over. */
static psyi_layout *columns_of(psyi_report *report)
{
    size_t n;
    const psyi_cell_field *const ledger = psyi_ledger_fields(&n);
    psyi_layout *const layout =
        psyi_layout_new(report, "contacts", (psyi_label)PSYI_LABEL("跟进与家校沟通", "Contacts"));
    for (size_t i = 0; i < n; i++) {
        psyi_cell_field field = ledger[i];
        field.fill = NULL;
        field.style = field.style == PSYI_STYLE_DATE || field.style == PSYI_STYLE_FILL_DATE
                          ? PSYI_STYLE_FILL_DATE
                          : PSYI_STYLE_FILL;
        psyi_layout_add(report, layout, &field);
    }
    psyi_offer_tiers(report, layout);
    return layout;
}

void psyi_dossier_contacts(psyi_report *report, psyi_results *about, const psyi_dossier *dossier)
{
    psyi_layout *const layout = columns_of(report);
    if (psyi_book_failed(report->book))
        return;
    contacts c = {.report = report, .about = about, .dossier = dossier, .layout = layout};
    c.sheet = psyi_layout_sheet(report, layout, true);
    psyi_layout_head(report, c.sheet, layout, 0);
    put_all(&c);
    psyi_dossier_room(report, c.sheet, layout, c.n);
}
