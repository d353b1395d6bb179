/*
 * explain.c -- the results of one student in words.
 *
 * A rule is explained from the case or sheet on which it fired; where several sheets are
 * disputed, that need not be the first.
 */
#include "cohort/assembly.h"
#include "tier/rule_block.h"

static const char *in(psyi_language language, const char *en, const char *zh)
{
    return language == PSYI_ZH ? zh : en;
}

/* The case that speaks: where the rule fired, else where it is open, else the first. */
size_t psyi_telling_case(const psyi_results *r, size_t index, size_t rule)
{
    const psyi_student *const student = &r->students[index];
    const psyi_mask *const planes[] = {r->verdicts->yes, r->verdicts->undecided};
    for (size_t p = 0; p < 2 && !r->book->rules[rule].critical; p++)
        for (uint32_t i = 0; i < student->n_cases; i++)
            if (psyi_verdict(planes[p], r->verdicts, rule, student->first_case + i))
                return student->first_case + i;
    return student->first_case;
}

void psyi_explain(const psyi_results *results, size_t student, size_t rule, psyi_language language,
                  psyi_buffer *out)
{
    const size_t item = psyi_telling_case(results, student, rule);
    const bool blanks = psyi_fired(results, student, rule) &&
                        !results->book->rules[rule].critical &&
                        psyi_reads_blanks(results->book, &results->cases, item, rule);
    psyi_reason(results->book, &results->cases, item, rule, blanks, language, out);
}

void psyi_reason_bits_words(uint32_t bits, psyi_language language, psyi_buffer *out)
{
    static const struct {
        uint32_t bit;
        const char *en, *zh;
    } words[] = {
        {PSYI_WHY_CONSENT_REFUSED, "consent refused", "未同意"},
        {PSYI_WHY_CONSENT_UNANSWERED, "consent not answered", "知情同意未回复"},
        {PSYI_WHY_EXEMPT, "exempt", "免测"},
        {PSYI_WHY_LIE_SCALE, "validity scale", "效度量表"},
        {PSYI_WHY_VALIDITY_RULE, "validity rule", "作答质量规则"},
        {PSYI_WHY_USE_NOT_GIVEN, "a questionnaire was not given", "有量表未作答"},
        {PSYI_WHY_SECOND_PASS, "the second pass is due", "待做第二轮评估"},
        {PSYI_WHY_RULE_UNDECIDED, "a rule is open because of blanks", "因缺答有规则未能判定"},
        {PSYI_WHY_CRITICAL_UNDECIDED, "a critical item is blank", "重点题缺答"},
        {PSYI_WHY_DUPLICATES, "sheets differ, undecided", "多份答卷不一致，待确认"},
        {PSYI_WHY_NO_BATTERY, "no battery fits (grade unknown?)", "无适用的测评组合（年级不详？）"},
        {PSYI_WHY_NO_NORM, "norm, sex or grade missing", "缺常模、性别或年级"},
        {PSYI_WHY_NO_RULE, "no rule speaks about this battery", "无适用规则"},
        {PSYI_WHY_AMBIGUOUS, "may have sent a critical sheet: ask in person",
         "可能为某份重点题阳性答卷的作答者：需当面核实"},
        {PSYI_WHY_CLASS_DIFFERS, "another class on the sheet", "答卷班级与名册不同"},
    };
    bool any = false;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if ((bits & words[i].bit) == 0)
            continue;
        if (any)
            psyi_buffer_text(out, in(language, "; ", "；"));
        any = true;
        psyi_buffer_text(out, in(language, words[i].en, words[i].zh));
    }
}

/* The flag or rule behind the validity, with its score: "（MHT 效度量表 = 8）". */
static void add_validity(const psyi_results *r, const psyi_student *student, psyi_language language,
                         psyi_buffer *out)
{
    const psy_plan *const plan = r->plan;
    if (student->validity_rule != PSYI_NO_RULE) {
        const psyi_rule *const rule = &plan->validity_rules[student->validity_rule];
        psyi_buffer_text(out, in(language, " (", "（"));
        psyi_buffer_text(out, psyi_label_text(rule->text, language, psyi_program_text(rule->when)));
        psyi_buffer_text(out, in(language, ")", "）"));
        return;
    }
    if (student->validity_use == PSYI_NO_RULE)
        return;
    const unsigned use = student->validity_use;
    const psyi_flag *const flag = &plan->uses[use].instrument->flags[student->validity_flag];
    const psyi_operand *operands = NULL;
    const size_t n = flag->when != NULL ? psyi_program_operands(flag->when, &operands) : 0;
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        if (operands[i].is_item || psyi_column_kind_of(operands[i].id) != PSYI_COLUMN_SCORE)
            continue;
        const unsigned scale = psyi_column_index(operands[i].id);
        /* Of disputed sheets, the first on which the flag holds. */
        psyi_ratio value = PSYI_RATIO_NONE;
        for (uint32_t c = 0; c < student->n_cases && value.den == 0; c++) {
            const uint32_t sheet = r->cases.sheets[use * r->cases.n + student->first_case + c];
            if (sheet != PSYI_NO_SHEET &&
                psyi_scores_flag(r->scores[use], student->validity_flag, sheet) == 1)
                value = psyi_scores_value(r->scores[use], scale, sheet);
        }
        if (value.den == 0)
            continue;
        psyi_buffer_text(out, any ? in(language, "; ", "；") : in(language, " (", "（"));
        any = true;
        psyi_operand_words(plan, false, psyi_column(PSYI_COLUMN_SCORE, use, scale, 0), language,
                           out);
        char text[40];
        psyi_buffer_text(out, " = ");
        psyi_buffer_add(out, text, psyi_ratio_print(value, text));
    }
    if (any)
        psyi_buffer_text(out, in(language, ")", "）"));
}

void psyi_status_words(const psyi_results *results, size_t student, psyi_language language,
                       psyi_buffer *out)
{
    const psyi_student *const s = &results->students[student];
    const uint32_t validity = PSYI_WHY_LIE_SCALE | PSYI_WHY_VALIDITY_RULE;
    psyi_reason_bits_words(s->why & validity, language, out);
    if ((s->why & validity) != 0) {
        add_validity(results, s, language, out);
        if ((s->why & ~validity) != 0)
            psyi_buffer_text(out, in(language, "; ", "；"));
    }
    const uint32_t rest = s->why & ~(validity | PSYI_WHY_EVIDENCE);
    if ((s->why & PSYI_WHY_EVIDENCE) != 0) {
        psyi_evidence_words(results, student, language, out);
        if (rest != 0)
            psyi_buffer_text(out, in(language, "; ", "；"));
    }
    psyi_reason_bits_words(rest, language, out);
}

void psyi_items_to_ask(const psyi_results *results, size_t student, psyi_language language,
                       psyi_buffer *out)
{
    const psyi_student *const s = &results->students[student];
    if (s->tier_upper <= s->tier || !psyi_printable(results, student))
        return;
    bool *const rules = psyi_alloc(results->allocator, results->book->n_rules, sizeof *rules);
    if (rules == NULL) {
        out->failed = true;
        return;
    }
    for (size_t rule = 0; rule < results->book->n_rules; rule++)
        rules[rule] = results->book->rules[rule].rank > s->tier &&
                      results->book->rules[rule].rank > 0 &&
                      psyi_plane_get(results->could, results->n_blocks, rule, student);
    /* Of disputed sheets the first: which one counts is asked before any item. */
    psyi_blank_items(results->book, &results->cases, s->first_case, rules, language, out);
    psyi_free(results->allocator, rules);
}
