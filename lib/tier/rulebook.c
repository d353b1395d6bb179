/*
 * rulebook.c -- the rules of a plan in one list, and the planes their verdicts go to.
 *
 * Critical flags come first, use by use and flag by flag in file order, because design
 * prints them first; a flag of an instrument that two uses share is two rules.  What a rule
 * means for one case is decided in rule_run.c, in words in reason.c.
 */
#include "tier/rulebook.h"
#include "base/fail.h"
#include "tier/rule_block.h"

#include <string.h>

static bool is_critical(psyi_flag_kind kind)
{
    return kind == PSYI_FLAG_URGENT || kind == PSYI_FLAG_REVIEW || kind == PSYI_FLAG_UNANSWERED;
}

/* "PHQ-9 <name of the flag>"; a flag without a name is called by its expression. */
static bool flag_text(psyi_rulebook *book, unsigned use, const psyi_flag *flag,
                      psyi_language language, const char **out)
{
    const char *name = language == PSYI_ZH ? flag->name.zh : flag->name.en;
    if (name == NULL) /* not of "left unanswered", which has both names and no expression */
        name = psyi_label_text(flag->name, language, psyi_program_text(flag->when));
    psyi_buffer text;
    psyi_buffer_init(&text, book->allocator);
    psyi_use_words(book->plan, use, language, &text);
    psyi_buffer_char(&text, ' ');
    psyi_buffer_text(&text, name);
    *out = text.failed ? NULL : psyi_arena_text(&book->arena, text.data, text.length);
    psyi_buffer_done(&text);
    return *out != NULL;
}

static bool add_critical(psyi_rulebook *book, unsigned use, unsigned index)
{
    const psyi_flag *const flag = &book->plan->uses[use].instrument->flags[index];
    psyi_book_rule *const rule = &book->rules[book->n_rules++];
    rule->id = psyi_arena_format(&book->arena, "%s.%s", book->plan->uses[use].id, flag->id);
    rule->critical = true;
    rule->kind = flag->kind;
    rule->use = (uint16_t)use;
    rule->flag = (uint16_t)index;
    if (flag->kind == PSYI_FLAG_URGENT)
        rule->rank = book->highest;
    else if (flag->kind == PSYI_FLAG_REVIEW)
        rule->rank = book->middle;
    return rule->id != NULL && flag_text(book, use, flag, PSYI_EN, &rule->text.en) &&
           flag_text(book, use, flag, PSYI_ZH, &rule->text.zh);
}

static bool fill_rules(psyi_rulebook *book)
{
    const psy_plan *const plan = book->plan;
    size_t n = plan->n_rules;
    for (size_t use = 0; use < plan->n_uses; use++)
        n += plan->uses[use].instrument->n_flags;
    book->rules = psyi_arena_alloc(&book->arena, n, sizeof *book->rules);
    if (book->rules == NULL)
        return false;
    for (unsigned use = 0; use < plan->n_uses; use++) {
        const psy_instrument *const instrument = plan->uses[use].instrument;
        for (unsigned flag = 0; flag < instrument->n_flags; flag++)
            if (is_critical(instrument->flags[flag].kind) && !add_critical(book, use, flag))
                return false;
    }
    book->n_critical = book->n_rules;
    for (size_t i = 0; i < plan->n_rules; i++) {
        psyi_book_rule *const rule = &book->rules[book->n_rules++];
        rule->id = plan->rules[i].id;
        rule->rank = plan->rules[i].rank;
        rule->rule = &plan->rules[i];
        rule->text = plan->rules[i].text;
    }
    return true;
}

/* What a workspace must serve, and which uses a battery asks for. */
static bool fill_tables(psyi_rulebook *book)
{
    const psy_plan *const plan = book->plan;
    const size_t most = plan->n_rules + plan->n_validity_rules + 2 * plan->n_batteries;
    book->programs = psyi_arena_alloc(&book->arena, most, sizeof *book->programs);
    book->battery_uses =
        psyi_arena_alloc(&book->arena, plan->n_batteries, sizeof *book->battery_uses);
    book->second_uses =
        psyi_arena_alloc(&book->arena, plan->n_batteries, sizeof *book->second_uses);
    if (book->programs == NULL || book->battery_uses == NULL || book->second_uses == NULL)
        return false;
    for (size_t i = 0; i < plan->n_rules; i++)
        book->programs[book->n_programs++] = plan->rules[i].when;
    for (size_t i = 0; i < plan->n_validity_rules; i++)
        book->programs[book->n_programs++] = plan->validity_rules[i].when;
    for (size_t i = 0; i < plan->n_batteries; i++) {
        const psyi_battery *const battery = &plan->batteries[i];
        if (battery->when != NULL)
            book->programs[book->n_programs++] = battery->when;
        for (size_t j = 0; j < battery->n_uses; j++)
            book->battery_uses[i] |= (uint64_t)1 << battery->uses[j];
        if (battery->second_when != NULL)
            book->programs[book->n_programs++] = battery->second_when;
        for (size_t j = 0; j < battery->n_second_uses; j++)
            book->second_uses[i] |= (uint64_t)1 << battery->second_uses[j];
    }
    return true;
}

psy_status psyi_rulebook_new(psyi_rulebook **out, const psy_plan *plan,
                             const psy_allocator *allocator, psy_error *error)
{
    psyi_rulebook *const book = psyi_alloc(allocator, 1, sizeof *book);
    if (book == NULL)
        return psyi_fail_memory(error, "rules");
    book->allocator = allocator;
    book->plan = plan;
    psyi_arena_init(&book->arena, allocator);
    book->highest = plan->scheme != NULL ? plan->scheme->highest : 0;
    book->middle = (book->highest + 1) / 2;
    if (!fill_rules(book) || !fill_tables(book)) {
        psyi_rulebook_free(book);
        return psyi_fail_memory(error, "rules");
    }
    *out = book;
    return PSY_OK;
}

void psyi_rulebook_free(psyi_rulebook *book)
{
    if (book == NULL)
        return;
    psyi_arena_done(&book->arena);
    psyi_free(book->allocator, book);
}

psy_status psyi_verdicts_new(psyi_verdicts **out, const psyi_rulebook *book, size_t n_cases,
                             const psy_allocator *allocator, psy_error *error)
{
    psyi_verdicts *const verdicts = psyi_alloc(allocator, 1, sizeof *verdicts);
    if (verdicts == NULL)
        return psyi_fail_memory(error, "verdicts");
    verdicts->allocator = allocator;
    verdicts->n = n_cases;
    verdicts->n_blocks = n_cases / PSYI_LANES + (n_cases % PSYI_LANES != 0);
    verdicts->n_rules = book->n_rules;
    /* The planes lie in one block; `yes` is its beginning. */
    const size_t plane = verdicts->n_blocks * verdicts->n_rules;
    psyi_mask *const planes = psyi_alloc(allocator, plane, 6 * sizeof *planes);
    if (planes == NULL) {
        psyi_free(allocator, verdicts);
        return psyi_fail_memory(error, "verdicts");
    }
    verdicts->yes = planes;
    verdicts->maybe = planes + plane;
    verdicts->undecided = planes + 2 * plane;
    verdicts->no_norm = planes + 3 * plane;
    verdicts->applies = planes + 4 * plane;
    verdicts->trouble = planes + 5 * plane;
    *out = verdicts;
    return PSY_OK;
}

void psyi_verdicts_free(psyi_verdicts *verdicts)
{
    if (verdicts == NULL)
        return;
    psyi_free(verdicts->allocator, verdicts->yes);
    psyi_free(verdicts->allocator, verdicts);
}

bool psyi_verdict(const psyi_mask *plane, const psyi_verdicts *verdicts, size_t rule, size_t item)
{
    return (plane[rule * verdicts->n_blocks + item / PSYI_LANES] >> (item % PSYI_LANES) & 1u) != 0;
}
