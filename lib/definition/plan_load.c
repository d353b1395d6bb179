/*
 * plan_load.c -- a whole screening from its file.
 *
 * A plan without sound uses cannot be read any further: every rule would be a list of unknown
 * names.  Everything else is reported together.  What loads is then linted, because a plan is
 * checked where it is used, not only when somebody remembers to.
 */
#include "base/fail.h"
#include "definition/build.h"
#include "definition/expression_load.h"
#include "definition/fingerprint.h"
#include "definition/load.h"
#include "definition/plan_build.h"

#include <stdlib.h>
#include <string.h>

typedef struct raw_identity {
    int output;  /* 1 pseudonym, 2 plain */
    int schools; /* 1 pseudonym, 2 names */
    const char *key_file;
} raw_identity;

typedef struct raw_plan {
    struct psy_plan head;
    const psyi_node *format, *identity, *inputs, *uses, *batteries, *grades, *consent, *norms;
    const psyi_node *validity, *tiers, *as_of, *outputs, *match, *change;
    int duplicates;
    struct {
        psyi_duty urgent, review;
    } duty;
} raw_plan;

static const psyi_word output_words[] = {{"pseudonym", 1}, {"plain", 2}, {NULL, 0}};
static const psyi_word school_words[] = {{"pseudonym", 1}, {"names", 2}, {NULL, 0}};
static const psyi_key identity_keys[] = {
    {"output", PSYI_SHAPE_WORD, true, PSYI_AT(raw_identity, output), .words = output_words},
    {"key_file", PSYI_SHAPE_TEXT, false, PSYI_AT(raw_identity, key_file)},
    {"schools", PSYI_SHAPE_WORD, false, PSYI_AT(raw_identity, schools), .words = school_words},
    {0},
};

static const psyi_word duplicate_words[] = {{"manual", PSYI_DUPLICATES_MANUAL},
                                            {"first", PSYI_DUPLICATES_FIRST},
                                            {"last", PSYI_DUPLICATES_LAST},
                                            {"most_complete", PSYI_DUPLICATES_MOST_COMPLETE},
                                            {NULL, 0}};

static const psyi_key person_keys[] = {
    {"hours", PSYI_SHAPE_INTEGER, true, PSYI_AT(psyi_duty, hours), .low = 1, .high = 8760},
    {"who", PSYI_SHAPE_TEXT, false, PSYI_AT(psyi_duty, who)},
    {0},
};
#define DUTY(member)                                                                               \
    .offset = (uint16_t)(offsetof(raw_plan, duty.member) - offsetof(raw_plan, duty)),              \
    .size = sizeof(psyi_duty)
static const psyi_key duty_keys[] = {
    {"urgent", PSYI_SHAPE_MAP, false, DUTY(urgent), .keys = person_keys},
    {"review", PSYI_SHAPE_MAP, false, DUTY(review), .keys = person_keys},
    {0},
};

#define HEAD(member) PSYI_AT(raw_plan, head.member)
#define RAW(member)  PSYI_AT(raw_plan, member)
const psyi_key psyi_plan_keys[] = {
    {"format", PSYI_SHAPE_NODE, true, RAW(format)},
    {"id", PSYI_SHAPE_ID, true, HEAD(id)},
    {"name", PSYI_SHAPE_LABEL, false, HEAD(name)},
    {"wave", PSYI_SHAPE_TEXT, true, HEAD(wave)},
    {"as_of", PSYI_SHAPE_NODE, false, RAW(as_of)},
    {"identity", PSYI_SHAPE_NODE, false, RAW(identity), .keys = identity_keys,
     .holds = PSYI_HOLDS_ONE},
    {"inputs", PSYI_SHAPE_NODE, true, RAW(inputs)},
    {"uses", PSYI_SHAPE_NODE, true, RAW(uses), .keys = psyi_use_keys, .holds = PSYI_HOLDS_BY_NAME},
    {"batteries", PSYI_SHAPE_NODE, false, RAW(batteries), .keys = psyi_battery_keys,
     .holds = PSYI_HOLDS_LIST},
    {"grades", PSYI_SHAPE_NODE, false, RAW(grades)},
    {"consent", PSYI_SHAPE_NODE, false, RAW(consent)},
    {"match", PSYI_SHAPE_NODE, false, RAW(match)},
    {"duplicates", PSYI_SHAPE_WORD, false, RAW(duplicates), .words = duplicate_words},
    {"norm_years", PSYI_SHAPE_INTEGER, false, HEAD(norm_years), .low = 1, .high = 200},
    {"norms", PSYI_SHAPE_NODE, false, RAW(norms), .keys = psyi_local_norm_keys,
     .holds = PSYI_HOLDS_LIST},
    {"change", PSYI_SHAPE_NODE, false, RAW(change), .keys = psyi_change_keys,
     .holds = PSYI_HOLDS_LIST},
    {"validity", PSYI_SHAPE_NODE, false, RAW(validity), .keys = psyi_validity_keys,
     .holds = PSYI_HOLDS_ONE},
    {"tiers", PSYI_SHAPE_NODE, false, RAW(tiers)},
    {"duty", PSYI_SHAPE_MAP, false, RAW(duty), .keys = duty_keys},
    {"outputs", PSYI_SHAPE_NODE, false, RAW(outputs)},
    {"silence", PSYI_SHAPE_LIST, false, HEAD(silences), .keys = psyi_silence_keys,
     .item_size = sizeof(psyi_silence)},
    {0},
};

/* ---- uses -------------------------------------------------------------------------------- */

typedef struct raw_use {
    const psyi_node *instrument, *edition, *variant, *population;
    int informant;
} raw_use;

const psyi_key psyi_use_keys[] = {
    {"instrument", PSYI_SHAPE_NODE, true, PSYI_AT(raw_use, instrument)},
    {"edition", PSYI_SHAPE_NODE, false, PSYI_AT(raw_use, edition)},
    {"informant", PSYI_SHAPE_WORD, false, PSYI_AT(raw_use, informant),
     .words = psyi_informant_words},
    {"variant", PSYI_SHAPE_NODE, false, PSYI_AT(raw_use, variant)},
    {"population", PSYI_SHAPE_NODE, false, PSYI_AT(raw_use, population)},
    {0},
};

unsigned psyi_plan_use(psyi_plan_build *build, const psyi_node *node)
{
    psyi_loader *const loader = build->loader;
    const size_t n = build->plan->n_uses;
    if (!psyi_want(loader, node, PSYI_NODE_TEXT, "the id of a use"))
        return PSYI_NO_INDEX;
    const char *names[PSYI_MAX_USES];
    for (size_t i = 0; i < n; i++) {
        if (strcmp(build->uses[i].id, node->text) == 0)
            return (unsigned)i;
        names[i] = build->uses[i].id;
    }
    psyi_problem(loader, node, PSYI_PROBLEM_NAME, "'%s' is not a use of this plan%s",
                 psyi_shown(loader, node->text), psyi_meant(loader, node->text, names, n));
    return PSYI_NO_INDEX;
}

static void find_instrument(psyi_plan_build *build, const raw_use *raw, psyi_use *use)
{
    psyi_loader *const loader = build->loader;
    const char *id = NULL, *edition = NULL;
    if (!psyi_read_text(loader, raw->instrument, &id) ||
        (raw->edition != NULL && !psyi_read_text(loader, raw->edition, &edition)))
        return;
    psy_error error = {.status = PSY_OK};
    if (psy_catalog_find(build->catalog, id, edition, &use->instrument, &error) == PSY_OK)
        return;
    /* A broken definition keeps its own place; a name that is not there is ours. */
    if (error.where.line == 0 && error.status != PSY_E_NOMEM) {
        const psy_location where = psyi_node_location(
            error.status == PSY_E_NOT_FOUND && edition != NULL ? raw->edition : raw->instrument,
            loader->source);
        psyi_fail(&error, error.status, &where, "%s", error.message);
    }
    psyi_problem_error(loader, &error, PSYI_PROBLEM_NAME);
}

static void find_variant(psyi_plan_build *build, const psyi_node *node, psyi_use *use)
{
    const char *id = NULL;
    if (!psyi_read_text(build->loader, node, &id))
        return;
    const unsigned variant = psyi_find_variant(use->instrument, id);
    const char *names[16];
    size_t n = 0;
    for (; n < use->instrument->n_variants && n < 16; n++)
        names[n] = use->instrument->variants[n].id;
    if (variant != PSYI_NO_INDEX)
        use->variant = (uint16_t)variant;
    else
        psyi_problem(build->loader, node, PSYI_PROBLEM_NAME,
                     "'%s' is not a variant of instrument '%s'%s", psyi_shown(build->loader, id),
                     use->instrument->id, psyi_meant(build->loader, id, names, n));
}

static void find_population(psyi_plan_build *build, const psyi_node *node, psyi_use *use)
{
    const psyi_scale *const scales = use->instrument->variants[use->variant].scales;
    const char *id = NULL, *names[64];
    size_t n = 0;
    if (!psyi_read_text(build->loader, node, &id))
        return;
    for (size_t i = 0; i < use->instrument->n_scales; i++)
        for (size_t j = 0; j < scales[i].n_populations; j++) {
            if (strcmp(scales[i].populations[j], id) == 0) {
                use->population = id;
                return;
            }
            if (n < 64)
                names[n++] = scales[i].populations[j];
        }
    psyi_problem(build->loader, node, PSYI_PROBLEM_NAME,
                 "instrument '%s' has no cut-offs for '%s'%s", use->instrument->id,
                 psyi_shown(build->loader, id), psyi_meant(build->loader, id, names, n));
}

static void read_informant(psyi_plan_build *build, const psyi_node *node, int informant,
                           psyi_use *use)
{
    const unsigned possible = use->instrument->informants;
    use->informant = (psyi_informant)informant;
    if (informant != 0 && (possible >> informant & 1u) == 0)
        psyi_problem(build->loader, node, PSYI_PROBLEM_VALUE,
                     "instrument '%s' is not answered by '%s'", use->instrument->id,
                     psyi_informant_words[informant - 1].word);
    /* Where only one person can answer, nobody need say who did. */
    for (int i = PSYI_INFORMANT_SELF; informant == 0 && i <= PSYI_INFORMANT_TEACHER; i++)
        if (possible == 1u << i)
            use->informant = (psyi_informant)i;
}

static void read_uses(psyi_plan_build *build, const psyi_node *node)
{
    psyi_loader *const loader = build->loader;
    struct psy_plan *const plan = build->plan;
    if (node == NULL || !psyi_want(loader, node, PSYI_NODE_MAP, "a mapping of uses"))
        return;
    if (node->n == 0 || node->n > PSYI_MAX_USES) {
        psyi_problem(loader, node, PSYI_PROBLEM_LIMIT, "%zu uses; 1 to %d are possible", node->n,
                     PSYI_MAX_USES);
        return;
    }
    build->uses = psyi_loader_alloc(loader, node->n, sizeof *build->uses);
    const size_t path = psyi_enter(loader, "uses");
    for (size_t i = 0; build->uses != NULL && i < node->n && psyi_loader_ok(loader); i++) {
        static const char *const taken[] = {"student", "quality", "previous", "external"};
        const psyi_node *const key = node->keys[i];
        psyi_use *const use = &build->uses[i];
        raw_use raw = {0};
        const size_t inner = psyi_enter(loader, key->text);
        *use = (psyi_use){.id = key->text, .place = psyi_place_of(key)};
        psyi_check_id(loader, key);
        for (size_t j = 0; j < sizeof taken / sizeof *taken; j++)
            if (strcmp(key->text, taken[j]) == 0)
                psyi_problem(loader, key, PSYI_PROBLEM_TWICE,
                             "'%s' means something else in rules: choose another id", key->text);
        psyi_read_map(loader, node->values[i], key, psyi_use_keys, &raw, false);
        if (raw.instrument != NULL)
            find_instrument(build, &raw, use);
        if (use->instrument != NULL) {
            read_informant(build, key, raw.informant, use);
            if (raw.variant != NULL)
                find_variant(build, raw.variant, use);
            if (raw.population != NULL)
                find_population(build, raw.population, use);
        }
        psyi_leave(loader, inner);
    }
    psyi_leave(loader, path);
    plan->uses = build->uses;
    plan->n_uses = build->uses != NULL ? node->n : 0;
}

/* ---- small sections ------------------------------------------------------------------------ */

static bool is_date(const char *text)
{
    int64_t y = 0, m = 0, d = 0;
    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-' ||
        !psyi_integer_parse(text, 4, &y) || !psyi_integer_parse(text + 5, 2, &m) ||
        !psyi_integer_parse(text + 8, 2, &d))
        return false;
    const bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return y >= 1900 && m >= 1 && m <= 12 && d >= 1 && d <= days[m - 1] + (m == 2 && leap);
}

static void read_identity(psyi_loader *loader, const psyi_node *node, struct psy_plan *plan)
{
    raw_identity raw = {0};
    if (node == NULL)
        return;
    const size_t path = psyi_enter(loader, "identity");
    psyi_read_map(loader, node, NULL, identity_keys, &raw, false);
    if (raw.output == 2 && raw.key_file != NULL)
        psyi_problem(loader, node, PSYI_PROBLEM_VALUE, "plain ids need no key_file");
    psyi_leave(loader, path);
    plan->identity_stated = raw.output != 0;
    plan->pseudonym = raw.output != 2;
    plan->school_names = raw.schools == 2 || (raw.output == 2 && raw.schools == 0);
    plan->key_file = raw.key_file;
}

static void read_consent(psyi_loader *loader, const psyi_node *node, struct psy_plan *plan)
{
    struct raw_consent {
        int no_consent, unanswered;
    } raw = {0};
    static const psyi_word no_words[] = {
        {"critical_only", PSYI_CONSENT_CRITICAL_ONLY}, {"ignore", PSYI_CONSENT_IGNORE}, {NULL, 0}};
    static const psyi_word unanswered_words[] = {{"refuse", 1}, {"allow", 2}, {NULL, 0}};
    static const psyi_key keys[] = {
        {"no_consent", PSYI_SHAPE_WORD, true, PSYI_AT(struct raw_consent, no_consent),
         .words = no_words},
        {"unanswered", PSYI_SHAPE_WORD, true, PSYI_AT(struct raw_consent, unanswered),
         .words = unanswered_words},
        {0},
    };
    if (node == NULL)
        return;
    const size_t path = psyi_enter(loader, "consent");
    psyi_read_map(loader, node, NULL, keys, &raw, false);
    psyi_leave(loader, path);
    plan->consent_stated = true;
    plan->no_consent = (psyi_no_consent)raw.no_consent;
    plan->consent_unanswered_allowed = raw.unanswered == 2;
}

static void read_grades(psyi_loader *loader, const psyi_node *node, struct psy_plan *plan)
{
    struct raw_grades {
        uint8_t accept;
    } raw = {0};
    /* A word's value is the number of its bit. */
    static const psyi_word words[] = {{"arabic", 0}, {"chinese", 1}, {NULL, 0}};
    static const psyi_key keys[] = {
        {"accept", PSYI_SHAPE_WORD_SET, true, PSYI_AT(struct raw_grades, accept), .words = words},
        {0},
    };
    plan->grade_forms = PSYI_GRADES_ARABIC | PSYI_GRADES_CHINESE;
    if (node == NULL)
        return;
    const size_t path = psyi_enter(loader, "grades");
    psyi_read_map(loader, node, NULL, keys, &raw, false);
    psyi_leave(loader, path);
    if (raw.accept != 0)
        plan->grade_forms = raw.accept;
}

static void read_outputs(psyi_loader *loader, const psyi_node *node, struct psy_plan *plan)
{
    struct raw_outputs {
        const psyi_node *language;
        uint32_t small_cell;
        uint8_t roles, sheets;
        const char *passwords;
    } raw = {.small_cell = 5, .sheets = PSYI_SHEETS_ALL};
    /* A word's value is the number of its bit in psy_role. */
    static const psyi_word roles[] = {{"homeroom", 0}, {"leader", 1},     {"centre", 2},
                                      {"bureau", 3},   {"psychology", 4}, {NULL, 0}};
    /* Here, that of PSYI_SHEET_. */
    static const psyi_word sheets[] = {{"ledger", 0},  {"participation", 1}, {"scores", 2},
                                       {"profile", 3}, {"classes", 4},       {"class_scales", 5},
                                       {"quality", 6}, {"dictionary", 7},    {NULL, 0}};
    static const psyi_word words[] = {{"en", PSYI_EN}, {"zh", PSYI_ZH}, {NULL, 0}};
    static const psyi_key keys[] = {
        {"language", PSYI_SHAPE_NODE, false, PSYI_AT(struct raw_outputs, language)},
        {"small_cell", PSYI_SHAPE_INTEGER, false, PSYI_AT(struct raw_outputs, small_cell), .low = 0,
         .high = 1000},
        {"roles", PSYI_SHAPE_WORD_SET, false, PSYI_AT(struct raw_outputs, roles), .words = roles},
        {"sheets", PSYI_SHAPE_WORD_SET, false, PSYI_AT(struct raw_outputs, sheets),
         .words = sheets},
        {"passwords", PSYI_SHAPE_TEXT, false, PSYI_AT(struct raw_outputs, passwords)},
        {0},
    };
    const size_t path = psyi_enter(loader, "outputs");
    if (node != NULL)
        psyi_read_map(loader, node, NULL, keys, &raw, false);
    plan->small_cell = raw.small_cell;
    plan->roles = raw.roles;
    plan->sheets = raw.sheets;
    plan->passwords = raw.passwords;
    const bool list = raw.language != NULL && raw.language->kind == PSYI_NODE_LIST;
    for (size_t i = 0; raw.language != NULL && i < (list ? raw.language->n : 1); i++) {
        const psyi_node *const at = list ? raw.language->values[i] : raw.language;
        int word = 0;
        if (!psyi_read_word(loader, at, words, &word))
            continue;
        if (plan->n_languages == 2 ||
            (plan->n_languages == 1 && plan->languages[0] == (psyi_language)word))
            psyi_problem(loader, at, PSYI_PROBLEM_TWICE, "'%s' stands here twice", at->text);
        else
            plan->languages[plan->n_languages++] = (psyi_language)word;
    }
    psyi_leave(loader, path);
    if (plan->n_languages == 0) {
        plan->languages[0] = PSYI_ZH;
        plan->languages[1] = PSYI_EN;
        plan->n_languages = 2;
    }
}

static void read_inputs(psyi_plan_build *build, const psyi_node *node)
{
    struct raw_inputs {
        const psyi_node *responses, *roster, *links, *external, *previous, *published;
    } raw = {0};
    static const psyi_key keys[] = {
        {"responses", PSYI_SHAPE_NODE, true, PSYI_AT(struct raw_inputs, responses)},
        {"roster", PSYI_SHAPE_NODE, false, PSYI_AT(struct raw_inputs, roster)},
        {"links", PSYI_SHAPE_NODE, false, PSYI_AT(struct raw_inputs, links)},
        {"external", PSYI_SHAPE_NODE, false, PSYI_AT(struct raw_inputs, external)},
        {"previous", PSYI_SHAPE_NODE, false, PSYI_AT(struct raw_inputs, previous)},
        {"previous_publication", PSYI_SHAPE_NODE, false, PSYI_AT(struct raw_inputs, published)},
        {0},
    };
    psyi_loader *const loader = build->loader;
    if (node == NULL)
        return;
    const size_t path = psyi_enter(loader, "inputs");
    psyi_read_map(loader, node, NULL, keys, &raw, false);
    if (raw.responses != NULL)
        psyi_plan_input(build, raw.responses, false, &build->plan->responses);
    if (raw.roster != NULL)
        psyi_plan_input(build, raw.roster, true, &build->plan->roster);
    if (raw.links != NULL)
        psyi_plan_links(build, raw.links);
    if (raw.external != NULL)
        psyi_plan_external(build, raw.external);
    if (raw.previous != NULL)
        psyi_plan_previous(build, raw.previous);
    if (raw.published != NULL) {
        const size_t below = psyi_enter(loader, "previous_publication");
        psyi_read_texts(loader, raw.published, &build->plan->published, &build->plan->n_published);
        psyi_leave(loader, below);
    }
    psyi_leave(loader, path);
}

/* The school year of the plan's day; Chinese school years begin in autumn. */
static void read_school_year(struct psy_plan *plan)
{
    int64_t year = 0, month = 0;
    if (plan->as_of == NULL || !is_date(plan->as_of) ||
        !psyi_integer_parse(plan->as_of, 4, &year) ||
        !psyi_integer_parse(plan->as_of + 5, 2, &month))
        return;
    plan->responses.school_year = plan->roster.school_year = (int)(month >= 8 ? year : year - 1);
}

/* ---- the whole ------------------------------------------------------------------------------ */

psyi_program *psyi_plan_program(psyi_plan_build *build, const psyi_node *node)
{
    struct psy_plan *const plan = build->plan;
    const psyi_scope scope = psyi_scope_of_plan(&build->scope);
    build->refusal = NULL;
    psyi_program *const program =
        psyi_compile(build->loader, node, &scope, PSYI_TYPE_BOOLEAN, &build->refusal);
    build->refusal = NULL;
    if (program == NULL || !psyi_keep_program(build->loader, program, &plan->programs,
                                              &plan->n_programs, &plan->programs_capacity))
        return NULL;
    return program;
}

static bool uses_are_sound(const psyi_plan_build *build)
{
    for (size_t i = 0; i < build->plan->n_uses; i++)
        if (build->uses[i].instrument == NULL)
            return false;
    return build->plan->n_uses > 0 && psyi_loader_ok(build->loader);
}

static void build_all(psyi_plan_build *build, const raw_plan *raw)
{
    psyi_loader *const loader = build->loader;
    struct psy_plan *const plan = build->plan;
    plan->urgent = raw->duty.urgent;
    plan->review = raw->duty.review;
    plan->duplicates = (psyi_duplicates)raw->duplicates;
    if (raw->as_of != NULL && psyi_read_text(loader, raw->as_of, &plan->as_of) &&
        !is_date(plan->as_of))
        psyi_problem(loader, raw->as_of, PSYI_PROBLEM_VALUE, "'%s' is no date like 2026-10-15",
                     psyi_shown(loader, plan->as_of));
    read_identity(loader, raw->identity, plan);
    read_consent(loader, raw->consent, plan);
    read_grades(loader, raw->grades, plan);
    read_outputs(loader, raw->outputs, plan);
    read_uses(build, raw->uses);
    if (!uses_are_sound(build))
        return;
    read_inputs(build, raw->inputs);
    read_school_year(plan);
    psyi_plan_match(build, raw->match);
    if (raw->norms != NULL)
        psyi_plan_norms(build, raw->norms);
    if (raw->change != NULL)
        psyi_plan_change(build, raw->change);
    if (!psyi_loader_ok(loader))
        return;
    if (!psyi_plan_scope_make(&build->scope, plan, loader->scratch)) {
        psyi_loader_nomem(loader);
        return;
    }
    build->scope.refusal = &build->refusal;
    psyi_plan_batteries(build, raw->batteries);
    if (raw->validity != NULL)
        psyi_plan_validity(build, raw->validity);
    if (raw->tiers != NULL)
        psyi_plan_tiers(build, raw->tiers);
}

static void read_plan(psyi_document *document, const psy_catalog *catalog, struct psy_plan *plan)
{
    psyi_loader *const loader = &document->loader;
    raw_plan raw = {.duplicates = PSYI_DUPLICATES_MANUAL};
    psyi_read_map(loader, document->root, NULL, psyi_plan_keys, &raw, false);
    raw.head.arena = plan->arena;
    *plan = raw.head;
    plan->file = psyi_arena_copy(&plan->arena, loader->source);
    plan->text = psyi_arena_text(&plan->arena, loader->text, loader->length);
    plan->text_length = loader->length;
    if (plan->file == NULL || plan->text == NULL) {
        psyi_loader_nomem(loader);
        return;
    }
    psyi_plan_build build = {.loader = loader, .plan = plan, .catalog = catalog};
    build_all(&build, &raw);
}

psy_status psyi_plan_read(psy_plan **out, const char *path, const char *text, size_t length,
                          const char *name, const psy_catalog *catalog,
                          const psy_allocator *allocator, psy_findings *findings, psy_error *error)
{
    struct psy_plan *const plan = psyi_alloc(allocator, 1, sizeof *plan);
    if (plan == NULL)
        return psyi_fail_memory(error, "a plan");
    psyi_arena_init(&plan->arena, allocator);
    psyi_document document;
    psy_status status = psyi_document_open(&document, "plan", path, text, length, name,
                                           &plan->arena, findings, error);
    if (status == PSY_OK) {
        read_plan(&document, catalog, plan);
        status = document.loader.status;
    }
    psyi_document_close(&document);
    if (status == PSY_OK)
        status = psyi_plan_fingerprint(plan, error);
    if (status == PSY_OK)
        *out = plan;
    else
        psy_plan_free(plan);
    return status;
}

psy_status psy_plan_load_file(psy_plan **out, const char *path, const psy_catalog *catalog,
                              const psy_allocator *allocator, psy_findings *findings,
                              psy_error *error)
{
    psy_plan *plan = NULL;
    if (out == NULL || path == NULL || catalog == NULL)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL, "a plan needs a path and a catalogue");
    psy_status status =
        psyi_plan_read(&plan, path, NULL, 0, NULL, catalog, allocator, findings, error);
    if (status == PSY_OK && findings != NULL)
        status = psyi_plan_lint(plan, findings, error);
    if (status == PSY_OK)
        *out = plan;
    else
        psy_plan_free(plan);
    return status;
}

void psy_plan_free(psy_plan *plan)
{
    if (plan == NULL)
        return;
    for (size_t i = 0; i < plan->n_programs; i++)
        psyi_program_free(plan->programs[i]);
    for (size_t i = 0; i < plan->n_locals; i++)
        psyi_norm_free(plan->locals[i].given);
    psyi_arena arena = plan->arena;
    const psy_allocator *const allocator = arena.allocator;
    psyi_free(allocator, plan->programs);
    psyi_arena_done(&arena);
    psyi_free(allocator, plan);
}

const char *psy_plan_id(const psy_plan *plan)
{
    return plan->id;
}

const char *psy_plan_fingerprint(const psy_plan *plan)
{
    return plan->fingerprint;
}

int psy_plan_highest_rank(const psy_plan *plan)
{
    return plan->scheme != NULL ? plan->scheme->highest : 0;
}

static psyi_language language_of(const char *language)
{
    return language != NULL && strcmp(language, "zh") == 0 ? PSYI_ZH : PSYI_EN;
}

const char *psy_plan_tier_name(const psy_plan *plan, int rank, const char *language)
{
    for (size_t i = 0; plan->scheme != NULL && i < plan->scheme->n_tiers; i++)
        if (plan->scheme->tiers[i].rank == rank)
            return psyi_label_text(plan->scheme->tiers[i].name, language_of(language),
                                   plan->scheme->tiers[i].code);
    return NULL;
}

const char *psy_plan_tier_legend(const psy_plan *plan, const char *language)
{
    return plan->scheme != NULL
               ? psyi_label_text(plan->scheme->legend, language_of(language), plan->scheme->id)
               : NULL;
}
