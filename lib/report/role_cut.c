/*
 * role_cut.c -- the allow-lists of the roles.
 *
 * Who may see what follows the practice of the field: a class teacher learns who is done and
 * who needs care, without scores and reasons; a head and the bureau see sums; the centre sees
 * the names of those in the worst tier, under seal.
 */
#include "report/role_cut.h"

#include <string.h>

static const char *const homeroom_keys[] = {"grade", "class", "name", "done", "care_note", NULL};
static const psyi_allowed_sheet homeroom_sheets[] = {{"homeroom", homeroom_keys}, {NULL, NULL}};

static const char *const participation_keys[] = {"grade",      "class",  "target",        "exempt",
                                                 "due",        "tested", "participation", "valid",
                                                 "valid_rate", NULL};
static const char *const grade_keys[] = {
    "stage", "grade",      "sex",    "target", "exempt",   "due",        "tested", "participation",
    "valid", "valid_rate", "tier_*", "any_*",  "critical", "not_judged", "retest", NULL};
static const psyi_allowed_sheet leader_sheets[] = {
    {"participation", participation_keys}, {"grade_sex", grade_keys}, {NULL, NULL}};

static const char *const key_list_keys[] = {
    "no",     "school",           "school_name",       "grade",      "class",
    "name",   "code_tail",        "tier_auto",         "tier_final", "rules_text",
    "due_by", "interview_result", "guardian_informed", "contact",    "referred_to",
    NULL};
static const psyi_allowed_sheet centre_sheets[] = {{"key_list", key_list_keys}, {NULL, NULL}};

static const char *const school_keys[] = {"school",   "school_name", "area",
                                          "stage",    "target",      "exempt",
                                          "due",      "tested",      "participation",
                                          "valid",    "valid_rate",  "tier_*",
                                          "any_*",    "critical",    "not_judged",
                                          "retest",   "interviewed", "interviewed_rate",
                                          "referred", "suppressed",  NULL};
static const psyi_allowed_sheet bureau_sheets[] = {
    {"school_summary", school_keys}, {"grade_sex", grade_keys}, {NULL, NULL}};

static const psyi_role_cut cuts[] = {
    {.role = PSY_ROLE_HOMEROOM,
     .id = "homeroom",
     .name = PSYI_LABEL("班主任", "class teacher"),
     .title = PSYI_LABEL("班级关怀提示", "Care notes of a class"),
     .audience = PSYI_LABEL("仅供本班班主任。请勿张贴、转发，勿在班上提及；有疑问请找心理教师。",
                            "For the teacher of this class alone. Do not post, pass on or mention "
                            "it in class; ask the psychology teacher."),
     .what = PSYI_LABEL("“需关注”请多留意、多关心，不要询问测评内容，不要贴标签，由心理教师跟进；"
                        "“常规”照常关心；空白表示还没有结果。不含分数、等级与原因。",
                        "'needs care': keep an eye on the child, do not ask about the screening; "
                        "the psychology teacher follows it up. Empty: no result yet. No scores, "
                        "tiers or reasons stand here."),
     .sheets = homeroom_sheets,
     .names = true},
    {.role = PSY_ROLE_LEADER,
     .id = "leader",
     .name = PSYI_LABEL("校领导", "head of school"),
     .title = PSYI_LABEL("学校汇总（不含姓名）", "School summary, nameless"),
     .audience = PSYI_LABEL("仅供本校领导。只有合计，不得据此评比班级与教师。",
                            "For the head of this school. Sums only; never to rank classes or "
                            "teachers."),
     .what = PSYI_LABEL("参测情况与各年级、性别的等级人数；人数过少的格以 * 隐去。",
                        "participation, and tiers by grade and sex; small counts are hidden as *"),
     .sheets = leader_sheets,
     .legend = true},
    {.role = PSY_ROLE_CENTRE,
     .id = "centre",
     .name = PSYI_LABEL("区心理中心", "district centre"),
     .title = PSYI_LABEL("区级重点名单（密封）", "District list, sealed"),
     .audience = PSYI_LABEL("密封：仅供区心理中心指定负责人；不得转发、打印或并入其他表。",
                            "Sealed: for the person in charge at the district centre alone."),
     .what = PSYI_LABEL("有紧急重点题或最重等级的学生，按学校；其余在各校名单上，由学校处理。",
                        "students with an urgent item or in the worst tier, by school; the others "
                        "are with their schools"),
     .sheets = centre_sheets,
     .legend = true,
     .names = true},
    {.role = PSY_ROLE_BUREAU,
     .id = "bureau",
     .name = PSYI_LABEL("区教育局", "education bureau"),
     .title = PSYI_LABEL("区级合计（不含姓名）", "District sums, nameless"),
     .audience = PSYI_LABEL("供区教育局。只有合计；学校不排名。",
                            "For the education bureau. Sums only; schools are not ranked."),
     .what = PSYI_LABEL("各校、各年级与性别的参测与等级人数；人数过少的格以 * 隐去。",
                        "participation and tiers by school, grade and sex; small counts are "
                        "hidden as *"),
     .sheets = bureau_sheets,
     .legend = true},
};

const psyi_role_cut *psyi_role_cut_of(psy_role role)
{
    for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++)
        if (cuts[i].role == role)
            return &cuts[i];
    return NULL;
}

static bool matches(const char *allowed, const char *key)
{
    const size_t length = strlen(allowed);
    return length > 0 && allowed[length - 1] == '*' ? strncmp(allowed, key, length - 1) == 0
                                                    : strcmp(allowed, key) == 0;
}

bool psyi_role_allows(const psyi_role_cut *cut, const char *layout, const char *key)
{
    for (const psyi_allowed_sheet *sheet = cut->sheets; sheet->layout != NULL; sheet++)
        for (size_t i = 0; strcmp(sheet->layout, layout) == 0 && sheet->keys[i] != NULL; i++)
            if (matches(sheet->keys[i], key))
                return true;
    return false;
}

uint32_t psy_role_named(const char *name)
{
    static const struct {
        const char *name;
        psy_role role;
    } names[] = {{"homeroom", PSY_ROLE_HOMEROOM},     {"班主任", PSY_ROLE_HOMEROOM},
                 {"psychology", PSY_ROLE_PSYCHOLOGY}, {"心理教师", PSY_ROLE_PSYCHOLOGY},
                 {"leader", PSY_ROLE_LEADER},         {"校领导", PSY_ROLE_LEADER},
                 {"centre", PSY_ROLE_CENTRE},         {"区中心", PSY_ROLE_CENTRE},
                 {"bureau", PSY_ROLE_BUREAU},         {"区局", PSY_ROLE_BUREAU}};
    for (size_t i = 0; name != NULL && i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i].name, name) == 0)
            return names[i].role;
    return 0;
}
