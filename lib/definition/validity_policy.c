/*
 * validity_policy.c -- the signs of careless responding with their default marks.
 *
 * Marks are published ones where there are any: 1 s an item, Wood, Harms, Lowman & DeSimone
 * (2017), Soc. Psychol. Personal. Sci. 8, 454-464; half of the items in one run, Curran
 * (2016), J. Exp. Soc. Psychol. 66, 4-19; even-odd .30, Jackson (1977); person-total 0,
 * Donlon & Fischer (1968); D2 at p < .001, Meade & Craig (2012); synonyms .22 and antonyms
 * -.03, Johnson (2005).  Half of the items in one repeating pattern, and the upper 5 % of
 * Guttman errors, are ours.  What they do together is measured in docs/validity.md; even-odd
 * is off because in questionnaires of symptoms it doubts 14 to 68 % of the attentive.
 */
#include "definition/validity_policy.h"

#define MARK(num, den)                                                                             \
    {                                                                                              \
        num, den                                                                                   \
    }

const psyi_sign_rule psyi_sign_rules[PSYI_SIGNS] = {
    [PSYI_SIGN_SECONDS] = {"seconds_per_item", PSYI_FAMILY_TIME, false, true, MARK(1, 1),
                           MARK(0, 1), MARK(60, 1), 2, {"seconds per item", "每题秒数"}},
    [PSYI_SIGN_SPEED] = {"relative_speed", PSYI_FAMILY_TIME, true, false, MARK(2, 1), MARK(1, 1),
                         MARK(100, 1), 2, {"times the median speed", "相对中位速度的倍数"}},
    [PSYI_SIGN_LONGSTRING] = {"longstring", PSYI_FAMILY_PATTERN, true, true, MARK(1, 2),
                              MARK(0, 1), MARK(1, 1), 3, {"share in one run", "连续相同答案占比"}},
    [PSYI_SIGN_AVERAGE_RUN] = {"average_run", PSYI_FAMILY_PATTERN, true, false, MARK(5, 1),
                               MARK(1, 1), MARK(1000, 1), 2, {"mean run", "平均连续长度"}},
    [PSYI_SIGN_REPEATING] = {"repeating", PSYI_FAMILY_PATTERN, true, true, MARK(1, 2), MARK(0, 1),
                             MARK(1, 1), 3, {"share in one repeating pattern", "循环作答占比"}},
    [PSYI_SIGN_IRV] = {"irv", PSYI_FAMILY_PATTERN, false, false, MARK(1, 4), MARK(0, 1),
                       MARK(100, 1), 3, {"spread of the answers", "答案标准差"}},
    [PSYI_SIGN_EVEN_ODD] = {"even_odd", PSYI_FAMILY_INCONSISTENCY, false, false, MARK(3, 10),
                            MARK(-1, 1), MARK(1, 1), 3, {"even-odd consistency", "奇偶一致性"}},
    [PSYI_SIGN_PERSON_TOTAL] = {"person_total", PSYI_FAMILY_INCONSISTENCY, false, true,
                                MARK(0, 1), MARK(-1, 1), MARK(1, 1), 3,
                                {"agreement with the item means", "与题目均值的相关"}},
    [PSYI_SIGN_MAHALANOBIS] = {"mahalanobis", PSYI_FAMILY_INCONSISTENCY, false, true,
                               MARK(1, 1000), MARK(0, 1), MARK(1, 1), 6,
                               {"p of the Mahalanobis distance", "马氏距离的 p"}},
    [PSYI_SIGN_SYNONYMS] = {"synonyms", PSYI_FAMILY_INCONSISTENCY, false, false, MARK(22, 100),
                            MARK(-1, 1), MARK(1, 1), 3, {"synonyms", "同义题相关"}},
    [PSYI_SIGN_ANTONYMS] = {"antonyms", PSYI_FAMILY_INCONSISTENCY, true, false, MARK(-3, 100),
                            MARK(-1, 1), MARK(1, 1), 3, {"antonyms", "反义题相关"}},
    [PSYI_SIGN_GUTTMAN] = {"guttman", PSYI_FAMILY_INCONSISTENCY, true, false, MARK(95, 100),
                           MARK(0, 1), MARK(1, 1), 3,
                           {"share with fewer Guttman errors", "Guttman错误百分位"}},
    [PSYI_SIGN_U3] = {"u3", PSYI_FAMILY_INCONSISTENCY, true, false, MARK(1, 2), MARK(0, 1),
                      MARK(1, 1), 3, {"U3", "U3"}},
    [PSYI_SIGN_LZ] = {"l_z", PSYI_FAMILY_INCONSISTENCY, false, false, MARK(-164, 100),
                      MARK(-100, 1), MARK(100, 1), 3, {"person fit l_z", "个人拟合 l_z"}},
    [PSYI_SIGN_LZ_STAR] = {"l_z_star", PSYI_FAMILY_INCONSISTENCY, false, false, MARK(-164, 100),
                           MARK(-100, 1), MARK(100, 1), 3, {"person fit l*_z", "个人拟合 l*_z"}},
    [PSYI_SIGN_FAILED_ITEMS] = {"failed", PSYI_FAMILY_ATTENTION, true, true, MARK(1, 1),
                                MARK(1, 1), MARK(1000, 1), 0,
                                {"attention items failed", "注意力检测题未通过数"}},
    [PSYI_SIGN_LIE_SCALE] = {NULL, PSYI_FAMILY_ATTENTION, true, true, MARK(1, 1), MARK(0, 1),
                             MARK(1, 1), 0, {"validity scale", "效度量表"}},
    [PSYI_SIGN_FLOOR] = {NULL, PSYI_FAMILY_NOTE, true, true, MARK(1, 1), MARK(0, 1), MARK(1, 1),
                         0, {"all answers lowest", "全部选最低项"}},
    [PSYI_SIGN_CEILING] = {NULL, PSYI_FAMILY_NOTE, true, true, MARK(1, 1), MARK(0, 1), MARK(1, 1),
                           0, {"all answers highest", "全部选最高项"}},
    [PSYI_SIGN_BLANKS] = {"blanks", PSYI_FAMILY_NOTE, true, true, MARK(1, 4), MARK(0, 1),
                          MARK(1, 1), 3, {"share of blanks", "缺答比例"}},
};

psyi_label psyi_family_label(psyi_family family)
{
    static const psyi_label labels[] = {
        [PSYI_FAMILY_TIME] = {"too fast", "用时过短"},
        [PSYI_FAMILY_PATTERN] = {"answers in a pattern", "规律作答"},
        [PSYI_FAMILY_INCONSISTENCY] = {"answers contradict each other", "前后不一致"},
        [PSYI_FAMILY_ATTENTION] = {"attention or lie items", "效度题或注意力题异常"},
        [PSYI_FAMILY_NOTE] = {"note", "备注"},
    };
    return labels[family];
}

psyi_validity_policy psyi_validity_defaults(void)
{
    psyi_validity_policy policy = {.needed = 2,
                                          .then = PSYI_EFFECT_RETEST,
                                          .single = PSYI_EFFECT_DOUBTFUL,
                                          .pattern_items = 20,
                                          .consistency_items = 20,
                                          .consistency_needed = 2,
                                          .min_n = 200,
                                          .pair_r = {60, 100},
                                          .min_pairs = 5,
                                          .copies_items = 20,
                                          .copies_share = {1, 1},
                                          .burst_n = 10,
                                          .burst_seconds = 1};
    for (unsigned sign = 0; sign < PSYI_SIGNS; sign++) {
        policy.on[sign] = psyi_sign_rules[sign].on;
        policy.mark[sign] = psyi_sign_rules[sign].mark;
    }
    return policy;
}
