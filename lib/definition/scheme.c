/*
 * scheme.c -- the tier schemes that Chinese schools and platforms really use.
 *
 * The same words name opposite ends in different districts, so there is no default and every
 * scheme has a legend that says which end is worst.  Inside the library only ranks count;
 * a scheme is converted to another by rank.
 */
#include "definition/load.h"

#include <string.h>

#define RED    "#D0021B"
#define ORANGE "#F5A623"
#define YELLOW "#F8E71C"
#define BLUE   "#4A90E2"
#define GREY   "#D8D8D8"
#define WHITE  "#FFFFFF"
#define NO_TIER                                                                                    \
    {                                                                                              \
        0, "none", {"no warning", "一般"}, WHITE                                                   \
    }

static const psyi_tier three_first_worst[] = {
    {3, "1", {"level 1 (most severe)", "一级预警"}, RED},
    {2, "2", {"level 2", "二级预警"}, ORANGE},
    {1, "3", {"level 3 (mildest)", "三级预警"}, YELLOW},
    NO_TIER,
};
static const psyi_tier three_third_worst[] = {
    {3, "3", {"level 3 (most severe)", "三级预警"}, RED},
    {2, "2", {"level 2", "二级预警"}, ORANGE},
    {1, "1", {"level 1 (mildest)", "一级预警"}, YELLOW},
    NO_TIER,
};
static const psyi_tier red_orange_yellow[] = {
    {3, "red", {"red (most severe)", "红色预警"}, RED},
    {2, "orange", {"orange", "橙色预警"}, ORANGE},
    {1, "yellow", {"yellow (mildest)", "黄色预警"}, YELLOW},
    NO_TIER,
};
static const psyi_tier red_orange_yellow_blue[] = {
    {4, "red", {"red (most severe)", "红色预警"}, RED},
    {3, "orange", {"orange", "橙色预警"}, ORANGE},
    {2, "yellow", {"yellow", "黄色预警"}, YELLOW},
    {1, "blue", {"blue (mildest)", "蓝色预警"}, BLUE},
    NO_TIER,
};
/* The fifth level is everybody else: the guidance it asks for is for all pupils. */
static const psyi_tier five_first_worst[] = {
    {4, "1", {"level 1 (most severe)", "一级"}, RED},
    {3, "2", {"level 2", "二级"}, ORANGE},
    {2, "3", {"level 3", "三级"}, YELLOW},
    {1, "4", {"level 4", "四级"}, GREY},
    {0, "5", {"level 5 (everybody else)", "五级"}, WHITE},
};
static const psyi_tier words[] = {
    {3, "high", {"high (most severe)", "高级预警"}, RED},
    {2, "medium", {"medium", "中级预警"}, ORANGE},
    {1, "low", {"low (mildest)", "初级预警"}, YELLOW},
    NO_TIER,
};

#define SCHEME(name, highest, en, zh)                                                              \
    {                                                                                              \
#name, {en, zh }, name, sizeof name / sizeof *name, highest                                \
    }

static const psyi_scheme presets[] = {
    SCHEME(three_first_worst, 3, "Level 1 is the most severe, level 3 the mildest.",
           "一级最重，三级最轻。"),
    SCHEME(three_third_worst, 3, "Level 3 is the most severe, level 1 the mildest.",
           "三级最重，一级最轻。"),
    SCHEME(red_orange_yellow, 3, "Red is the most severe, then orange, then yellow.",
           "红色最重，其次橙色、黄色。"),
    SCHEME(red_orange_yellow_blue, 4, "Red is the most severe, then orange, yellow and blue.",
           "红色最重，其次橙色、黄色、蓝色。"),
    SCHEME(five_first_worst, 4,
           "Level 1 is the most severe; level 5 is everybody without a warning.",
           "一级最重，五级为无预警的全体学生。"),
    SCHEME(words, 3, "High is the most severe, then medium, then low.",
           "高级最重，其次中级、初级。"),
};

size_t psyi_scheme_presets(const psyi_scheme **out)
{
    *out = presets;
    return sizeof presets / sizeof *presets;
}

const psyi_scheme *psyi_scheme_preset(const char *id)
{
    for (size_t i = 0; i < sizeof presets / sizeof *presets; i++)
        if (strcmp(presets[i].id, id) == 0)
            return &presets[i];
    return NULL;
}
