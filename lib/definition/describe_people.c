/*
 * describe_people.c -- who answers an instrument, and where it may be used, in words that a
 * search finds.
 */
#include "definition/describe.h"

static const struct {
    psyi_stage stage;
    const char *en, *zh;
} stages[] = {{PSYI_STAGE_PRIMARY, "primary", "小学"},
              {PSYI_STAGE_JUNIOR, "junior", "初中"},
              {PSYI_STAGE_SENIOR, "senior", "高中"},
              {PSYI_STAGE_TERTIARY, "tertiary", "大学"}};

void psyi_say_informants(psyi_words *words)
{
    static const char *const names[][2] = {
        {"self", "自评"}, {"parent", "家长"}, {"teacher", "教师"}};
    const uint8_t informants = words->instrument->informants;
    bool any = false;
    for (unsigned i = 0; i < 3; i++)
        if ((informants >> (PSYI_INFORMANT_SELF + i) & 1u) != 0) {
            psyi_say(words, any ? " " : "", any ? " " : "");
            psyi_say(words, names[i][0], names[i][1]);
            any = true;
        }
}

void psyi_say_grades(psyi_words *words)
{
    const struct psy_instrument *const it = words->instrument;
    /* Where only ages are stated: a child in grade g is g + 6 years old. */
    const bool by_age = it->grade_high == 0 && it->age_high >= 0;
    const int low = by_age ? it->age_low - 6 : it->grade_low;
    const int high = by_age ? it->age_high - 6 : it->grade_high;
    if (it->grade_high == 0 && !by_age)
        return;
    psyi_say(words, by_age ? "ages " : "grades ", by_age ? "年龄" : "年级");
    psyi_buffer_integer(words->out, by_age ? it->age_low : low);
    psyi_buffer_format(words->out, "..");
    psyi_buffer_integer(words->out, by_age ? it->age_high : high);
    psyi_buffer_format(words->out, ":");
    for (size_t s = 0; s < sizeof stages / sizeof *stages; s++)
        for (int grade = low < 1 ? 1 : low; grade <= high && grade <= 16; grade++)
            if (psyi_stage_of(grade) == stages[s].stage) {
                psyi_say(words, " ", " ");
                psyi_say(words, stages[s].en, stages[s].zh);
                break;
            }
}
