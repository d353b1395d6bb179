/*
 * cover.c -- 说明: what this workbook is, how to use it, what its words and numbers mean,
 * and what it was made from.
 *
 * Two columns, a word and what it says.  Everything that a reader needs to repeat a number
 * or to doubt it stands here, and no clock: the date is the plan's.
 */
#include "report/layout.h"

#include "base/file.h"
#include "base/text.h"

#include <psyscreen/plan.h>
#include <psyscreen/version.h>

#include <stdio.h>
#include <string.h>

typedef struct cover {
    psyi_report *report;
    psyi_sheet *sheet;
    size_t row;
} cover;

static void head(cover *page, const char *text)
{
    page->row++;
    psyi_put_text(page->sheet, page->row, 0, text, PSYI_STYLE_HEAD);
    psyi_put_blank(page->sheet, page->row++, 1, PSYI_STYLE_HEAD);
}

static void say(cover *page, const char *key, const char *text)
{
    psyi_put_text(page->sheet, page->row, 0, key, PSYI_STYLE_KEY);
    psyi_put_text(page->sheet, page->row++, 1, text, PSYI_STYLE_SAY);
}

#define W(zh, en) PSYI_WORD(page->report, zh, en)

/* ---- what it is ---- */

static void write_title(cover *page, psyi_cover_kind kind)
{
    psyi_report *const report = page->report;
    const psy_plan *const plan = report->results->plan;
    const psyi_school *const school =
        report->school != PSYI_ALL_SCHOOLS ? &report->results->schools[report->school] : NULL;
    const char *const what =
        kind == PSYI_COVER_SCHOOL
            ? W("学校心理健康筛查工作簿", "Psychological screening: school workbook")
        : kind == PSYI_COVER_DISTRICT ? W("区级心理健康筛查汇总（不含姓名）",
                                          "Psychological screening: district summary, nameless")
        : kind == PSYI_COVER_UNMATCHED
            ? W("未匹配答卷", "Unmatched answer sheets")
            : W("密封名单：无知情同意而重点题命中", "Sealed list: critical items without consent");
    psyi_put_text(page->sheet, 0, 0, what, PSYI_STYLE_TITLE);
    static const psyi_label lists =
        PSYI_LABEL("筛查结果不是诊断。名单只说明先找谁谈、为什么；结论由专业人员访谈后作出。",
                   "Screening is not a diagnosis. The lists say whom to talk to first, and why; "
                   "conclusions are "
                   "drawn by professionals after an interview.");
    static const psyi_label sums =
        PSYI_LABEL("筛查结果不是诊断。这里只有人数与均值，不含姓名；学校不排名。",
                   "Screening is not a diagnosis. Here are counts and means without names; schools "
                   "are not ranked.");
    const psyi_label warning = kind == PSYI_COVER_DISTRICT ? sums : lists;
    psyi_put_text(page->sheet, 1, 0, psyi_text(report, warning), PSYI_STYLE_WARN);
    if (report->both)
        psyi_put_text(page->sheet, 2, 0, report->language == PSYI_ZH ? warning.en : warning.zh,
                      PSYI_STYLE_NOTE);
    page->row = 3;
    if (school != NULL)
        say(page, W("学校", "School"),
            school->name != NULL && school->name[0] != '\0'
                ? psyi_report_format(report, W("%s（%s）", "%s (%s)"), school->name, school->code)
                : school->code);
    say(page, W("方案", "Plan"),
        psyi_report_format(report, W("%s（%s）", "%s (%s)"),
                           psyi_label_text(plan->name, report->language, plan->id), plan->id));
    if (plan->wave != NULL)
        say(page, W("波次", "Wave"), plan->wave);
    if (plan->as_of != NULL)
        say(page, W("截止日期", "As of"), plan->as_of);
    say(page, W("保密级别", "Confidentiality"),
        kind == PSYI_COVER_DISTRICT
            ? W("区内部使用；人数过少的格以 * 隐去。", "internal; small counts are hidden")
        : kind == PSYI_COVER_SCHOOL
            ? W("仅供本校心理教师。不得转发班主任、家长或学生；不得用于评优、排名。",
                "for this school's psychology teacher only; never for grades or ranking")
        : kind == PSYI_COVER_UNMATCHED
            ? W("仅供区里负责查找的人员。", "for those who look for the children only")
            : W("密封：仅区里指定负责人可启封。", "sealed: for the person in charge only"));
}

static void write_steps(cover *page)
{
    const psy_plan *const plan = page->report->results->plan;
    psyi_report *const report = page->report;
    head(page, W("怎样使用", "How to use"));
    say(page, "1",
        plan->urgent.hours > 0
            ? psyi_report_format(
                  report,
                  W("先看“预警名单”：红色“紧急”%d 小时内面谈；橙色“复核”随后；再按次序往下。",
                    "Open the warning list: red 'urgent' within %d h, then 'review', then on "
                    "down."),
                  plan->urgent.hours)
            : W("先看“预警名单”：红色“紧急”最先面谈；橙色“复核”随后；再按次序往下。",
                "Open the warning list: red 'urgent' first, then 'review', then on down."));
    say(page, "2",
        W("“复测名单”和“未测名单”同样重要：无效不等于安全，未测不等于安全。首测有重点题的，先访谈再"
          "复测。",
          "The retest and not-tested lists matter as much: invalid is not safe, absent is not "
          "safe."));
    say(page, "3",
        W("黄色列由人填写（访谈、结论、状态）；填写后的文件不会被再次运行覆盖。",
          "Yellow columns are for people; a file that people have filled in is not overwritten."));
    if ((plan->sheets & PSYI_SHEET_SCORES) != 0)
        say(page, "4",
            W("“得分总表”里空白是“没有分”，不是 0；“未能判定”不等于没有问题。",
              "An empty score is no score, not 0; 'not judged' does not mean that all is well."));
}

/* How many to expect, before the lists themselves. */
static void write_lists(cover *page)
{
    psyi_report *const report = page->report;
    const psyi_results *const results = report->results;
    const psy_plan *const plan = results->plan;
    const psyi_scheme *const scheme = plan->scheme;
    const psyi_list_counts counts = psyi_list_counts_of(report);
    head(page, W("名单人数", "How many are on the lists"));
    say(page, W("预警名单", "Warning list"),
        psyi_report_format(report,
                           W("共 %zu 人；下面按重点题、按等级各列一次，不可相加",
                             "%zu in all; below by critical item and by tier: do not add"),
                           report->n_list));
    const struct {
        const char *name;
        size_t n;
        int hours, style;
    } urgencies[] = {
        {W("　紧急", "  urgent"), counts.urgent, plan->urgent.hours, PSYI_STYLE_URGENT},
        {W("　复核", "  review"), counts.review, plan->review.hours, PSYI_STYLE_REVIEW},
        {W("　需当面核实", "  verify in person"), counts.verify, 0, PSYI_STYLE_REVIEW},
        {W("　重点题缺答", "  critical item blank"), counts.unanswered, plan->review.hours,
         PSYI_STYLE_REVIEW},
    };
    for (size_t i = 0; i < sizeof urgencies / sizeof urgencies[0]; i++) {
        if (i >= 2 && urgencies[i].n == 0)
            continue;
        psyi_put_text(page->sheet, page->row, 0, urgencies[i].name, urgencies[i].style);
        psyi_put_text(page->sheet, page->row++, 1,
                      urgencies[i].hours > 0
                          ? psyi_report_format(report, W("%zu 人，%d 小时内", "%zu, within %d h"),
                                               urgencies[i].n, urgencies[i].hours)
                          : psyi_report_format(report, W("%zu 人", "%zu"), urgencies[i].n),
                      PSYI_STYLE_SAY);
    }
    for (size_t i = 0; scheme != NULL && i < scheme->n_tiers; i++) {
        const psyi_tier *const tier = &scheme->tiers[i];
        if (tier->rank <= 0 || tier->rank >= PSYI_STYLE_RANKS)
            continue;
        psyi_put_text(page->sheet, page->row, 0, psyi_text(report, tier->name),
                      psyi_tier_style(tier->rank));
        psyi_put_text(page->sheet, page->row++, 1,
                      psyi_report_format(report, W("%zu 人", "%zu"), counts.tiers[tier->rank]),
                      PSYI_STYLE_SAY);
    }
    if (counts.no_tier > 0)
        say(page, W("　未定级", "  no tier"),
            psyi_report_format(report, W("%zu 人", "%zu"), counts.no_tier));
    say(page, W("复测名单", "Retest list"),
        psyi_report_format(report,
                           W("%zu 人（与预警名单有重叠，不可相加）",
                             "%zu (some are on the warning list too: do not add)"),
                           psyi_retest_count(report)));
    say(page, W("未测名单", "Not tested"),
        psyi_report_format(report, W("%zu 人", "%zu"), psyi_untested_count(report)));
}

/* What the sheets are for. */
static void write_contents(cover *page)
{
    static const struct {
        psyi_label sheet, what;
        uint8_t bit; /* PSYI_SHEET_; 0: always there */
    } sheets[] = {
        {PSYI_LABEL("预警名单", "Warning list"),
         PSYI_LABEL("先找谁谈、为什么、何时之前；访谈结果填在黄色列",
                    "whom to talk to first, why and by when; yellow columns are yours"),
         0},
        {PSYI_LABEL("复测名单", "Retest list"),
         PSYI_LABEL("答卷不能采信或没有答全的学生",
                    "whose answers cannot be relied on or are incomplete"),
         0},
        {PSYI_LABEL("未测名单", "Not tested"),
         PSYI_LABEL("没有参加的学生及原因", "who did not take part, and why"), 0},
        {PSYI_LABEL("跟进台账", "Follow-up"),
         PSYI_LABEL("每次访谈、家访、转介一行；名单上的学生已预填第一行",
                    "a line for each contact; the first one of each listed student is begun"),
         PSYI_SHEET_LEDGER},
        {PSYI_LABEL("参测情况", "Participation"),
         PSYI_LABEL("各班应测、实测、有效", "due, tested and valid by class"),
         PSYI_SHEET_PARTICIPATION},
        {PSYI_LABEL("得分总表", "Scores"),
         PSYI_LABEL("全部学生的得分、等次与状态", "scores, bands and status of every student"),
         PSYI_SHEET_SCORES},
        {PSYI_LABEL("名单剖面", "List profile"),
         PSYI_LABEL("预警名单上的学生各量表的平均分，与全体相比",
                    "mean scores of the students on the warning list beside everybody's"),
         PSYI_SHEET_PROFILE},
        {PSYI_LABEL("班级汇总", "Classes"),
         PSYI_LABEL("各班与同年级比较，不排名；图见“班级图表”",
                    "classes beside their grade, not ranked; drawn in 'Class charts'"),
         PSYI_SHEET_CLASSES},
        {PSYI_LABEL("班级量表", "Class scales"),
         PSYI_LABEL("各班每个量表与维度的平均分与高分人数",
                    "means and high scores of each class on every scale"),
         PSYI_SHEET_CLASS_SCALES},
        {PSYI_LABEL("数据质量", "Data quality"),
         PSYI_LABEL("数据中需要有人核实的地方", "what somebody should look at in the data"),
         PSYI_SHEET_QUALITY},
        {PSYI_LABEL("字段说明", "Dictionary"), PSYI_LABEL("每一列是什么", "what every column is"),
         PSYI_SHEET_DICTIONARY},
    };
    head(page, W("工作表", "Sheets"));
    for (size_t i = 0; i < sizeof sheets / sizeof sheets[0]; i++)
        if (sheets[i].bit == 0 || (page->report->results->plan->sheets & sheets[i].bit) != 0)
            say(page, psyi_text(page->report, sheets[i].sheet),
                psyi_text(page->report, sheets[i].what));
}

static void write_numbers(cover *page)
{
    psyi_report *const report = page->report;
    const psyi_counts *const counts = &report->counts;
    head(page, W("人数与分母", "Numbers and denominators"));
    say(page, W("应测 D", "Due D"),
        psyi_report_format(
            report,
            W("%llu = 目标人数 T %llu − 非应测 E %llu", "%llu = target T %llu − exempt E %llu"),
            (unsigned long long)counts->due, (unsigned long long)counts->target,
            (unsigned long long)counts->exempt));
    say(page, W("实测 C", "Tested C"),
        psyi_report_format(report, W("%llu（至少答了一题）", "%llu (at least one answer)"),
                           (unsigned long long)counts->tested));
    say(page, W("有效 V", "Valid V"),
        psyi_report_format(report, W("%llu（状态有效或存疑）", "%llu (valid or doubtful)"),
                           (unsigned long long)counts->valid));
    say(page, W("公式", "Formulas"),
        W("参测率 = C ÷ D；有效率 = V ÷ C；检出率 = 该等级且在 V 中 ÷ "
          "V；名单人数含无效卷的重点题，不能除以 V；各量表 N 为有分的人数；分母为 0 印 —。",
          "participation = C / D; valid rate = V / C; tier rate = those of the tier in V / V; list "
          "counts include invalid sheets with a critical item; — where a denominator is 0"));
    /* Not for the district: what its tables hide must not stand here. */
    if (report->school != PSYI_ALL_SCHOOLS)
        say(page, W("未能判定", "Not judged"),
            psyi_report_format(report,
                               W("%llu 人参测但没有等级（缺答、缺常模等，见状态原因）",
                                 "%llu tested without a tier"),
                               (unsigned long long)counts->not_judged));
    say(page, W("符号", "Signs"),
        W("空白 = 没有或未知；— = 无法计算；* = 人数太少已隐去；蓝色斜体 = 折算分。",
          "empty = none or unknown; — = cannot be computed; * = hidden, too few; blue italics = "
          "prorated"));
}

/* ---- words ---- */

static void write_tiers(cover *page)
{
    psyi_report *const report = page->report;
    const psyi_scheme *const scheme = report->results->plan->scheme;
    if (scheme == NULL)
        return;
    head(page, W("等级说明", "Tiers"));
    say(page, W("哪级最重", "Which is worst"), psyi_text(report, scheme->legend));
    for (size_t i = 0; i < scheme->n_tiers; i++) {
        const psyi_tier *const tier = &scheme->tiers[i];
        psyi_put_text(page->sheet, page->row, 0, psyi_text(report, tier->name),
                      psyi_tier_style(tier->rank));
        psyi_put_text(page->sheet, page->row++, 1,
                      tier->rank == 0 ? W("没有规则命中，且全部计分规则都能判定",
                                          "no rule fired, and every score rule was decided")
                      : tier->rank == scheme->highest
                          ? W("最重", "the most severe")
                          : psyi_report_format(
                                report, W("由重到轻第 %d 级", "number %d from the most severe"),
                                scheme->highest - tier->rank + 1),
                      PSYI_STYLE_SAY);
    }
    say(page, W("未能判定", "not judged"),
        W("没有规则命中，但有规则因缺答或缺常模不能判定，或答卷不是有效：不等于没有问题",
          "no rule fired, but one stayed open or the answers are not valid: it does not mean "
          "that all is well"));
}

static void write_statuses(cover *page)
{
    static const psyi_label meanings[PSYI_STATUSES] = {
        [PSYI_STATUS_NO_CONSENT] =
            PSYI_LABEL("没有知情同意：只印身份与状态", "no consent: identity and status only"),
        [PSYI_STATUS_ABSENT] = PSYI_LABEL("没有作答", "no answers"),
        [PSYI_STATUS_INVALID] =
            PSYI_LABEL("不计入有效 V；保留答案，重点题照常上名单",
                       "not in V; answers are kept, critical items still count"),
        [PSYI_STATUS_RETEST] = PSYI_LABEL("不计入有效 V；保留答案，重点题照常上名单",
                                          "not in V; answers are kept, critical items still count"),
        [PSYI_STATUS_INCOMPLETE] = PSYI_LABEL("有量表未作答，或有规则因缺答不能判定",
                                              "a scale was not given, or blanks leave a rule open"),
        [PSYI_STATUS_DOUBTFUL] = PSYI_LABEL("有质量提示或重复答卷；计入有效 V",
                                            "signs of careless answers, or answer sheets that "
                                            "differ; in V"),
        [PSYI_STATUS_VALID] = PSYI_LABEL("答全，没有质量提示", "complete, no signs against it"),
    };
    head(page, W("状态说明", "Statuses"));
    for (int i = 0; i < PSYI_STATUSES; i++)
        say(page, psyi_text(page->report, psyi_status_label((psyi_status)i)),
            psyi_text(page->report, meanings[i]));
}

static void write_limits(cover *page)
{
    const psy_plan *const plan = page->report->results->plan;
    psyi_report *const report = page->report;
    head(page, W("这次筛查看不到什么", "What this screening cannot see"));
    for (size_t i = 0; i < plan->n_batteries; i++) {
        const psyi_battery *const battery = &plan->batteries[i];
        bool critical = false;
        for (size_t j = 0; j < battery->n_uses; j++)
            critical = critical || plan->uses[battery->uses[j]].instrument->n_critical_items > 0;
        if (!critical)
            say(page, battery->id,
                W("此组合没有自伤自杀相关的重点题，不能发现自杀风险。",
                  "this battery has no critical items: it cannot see suicide risk"));
    }
    if (plan->no_consent == PSYI_CONSENT_IGNORE)
        say(page, W("无知情同意", "No consent"),
            W("按方案，这些学生的答卷完全不看，重点题也不看。",
              "by the plan their sheets are not read at all, critical items included"));
    else if (plan->no_consent == PSYI_CONSENT_CRITICAL_ONLY)
        say(page, W("无知情同意", "No consent"),
            W("按方案，这些学生只查重点题；命中者只进区里的密封名单（_sealed.xlsx）。",
              "by the plan only critical items are looked at; hits go to the district's sealed "
              "list alone"));
    for (size_t i = 0; i < plan->n_uses; i++)
        if (strcmp(plan->uses[i].instrument->id, "mht") == 0)
            say(page, "MHT",
                W("“过敏倾向”不是医学上的过敏；学习焦虑与身体症状满分 15，其余内容量表满分 "
                  "10，“≥8”在 15 题量表上很常见。",
                  "'hypersensitivity' is no allergy; learning anxiety and somatic symptoms go to "
                  "15, the others to 10"));
    say(page, W("误报与漏报", "False alarms"),
        psyi_report_format(
            report, "%s",
            W("一次自陈问卷有误报和漏报；未上名单不代表没有困难。",
              "one self-report raises false alarms and misses others: who is not listed may still "
              "need help")));
}

/* ---- what it was made from ---- */

static void write_rules(cover *page)
{
    psyi_report *const report = page->report;
    const psyi_rulebook *const book = report->results->book;
    head(page, W("规则全文", "All rules"));
    for (size_t i = 0; i < book->n_rules; i++) {
        const psyi_book_rule *const rule = &book->rules[i];
        const char *const text = psyi_label_text(rule->text, report->language, rule->id);
        const char *const tier = rule->rank > 0 && report->results->plan->scheme != NULL
                                     ? psyi_tier_words(report, rule->rank)
                                     : W("列入名单，不定级", "listed, no tier");
        /* Two flags of one item have the same words, and differ in their limit. */
        const psyi_program *const when =
            rule->rule != NULL
                ? rule->rule->when
                : report->results->plan->uses[rule->use].instrument->flags[rule->flag].when;
        say(page, rule->id,
            psyi_report_format(report, "%s → %s%s%s%s", text, tier,
                               rule->rule != NULL               ? ""
                               : rule->kind == PSYI_FLAG_URGENT ? W("，紧急", ", urgent")
                               : rule->kind == PSYI_FLAG_REVIEW ? W("，复核", ", review")
                                                                : "",
                               when != NULL ? "\n" : "",
                               when != NULL ? psyi_program_text(when) : ""));
    }
}

static int compare_files(const psyi_input_file *files, size_t a, size_t b)
{
    const psyi_input_file *const x = &files[a], *const y = &files[b];
    const int order = strcmp(psyi_base_name(x->name), psyi_base_name(y->name));
    if (order != 0)
        return order;
    if (x->rows != y->rows)
        return x->rows < y->rows ? -1 : 1;
    return a < b ? -1 : a > b;
}

/* The file that follows `last` by name and size, SIZE_MAX at the beginning and at the end. */
static size_t next_file(const psyi_input_file *files, size_t n, size_t last)
{
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < n; i++)
        if ((last == SIZE_MAX || compare_files(files, i, last) > 0) &&
            (best == SIZE_MAX || compare_files(files, i, best) < 0))
            best = i;
    return best;
}

/* Rows, but no digest: the order of rows must not change a workbook. */
static void say_file(cover *page, const char *key, const psyi_input_file *file)
{
    say(page, key,
        psyi_report_format(
            page->report,
            W("%s：%llu 行；SHA-256 见 run.json", "%s: rows %llu; SHA-256 in run.json"),
            psyi_base_name(file->name), (unsigned long long)file->rows));
}

/* By name, in whatever order they were given. */
static void say_files(cover *page, const char *key, const psyi_input_file *files, size_t n)
{
    for (size_t i = 0, last = SIZE_MAX; i < n; i++) {
        last = next_file(files, n, last);
        if (last == SIZE_MAX)
            break;
        say_file(page, key, &files[last]);
    }
}

/* A school's workbook names the rosters on which its students are, and no other school's. */
static void say_rosters(cover *page)
{
    psyi_report *const report = page->report;
    const psyi_roster *const roster = report->results->roster;
    const bool all = report->school == PSYI_ALL_SCHOOLS || roster->n_files == 1;
    bool *const here = psyi_arena_alloc(&report->arena, roster->n_files, sizeof *here);
    psyi_input_file *const files = psyi_arena_alloc(&report->arena, roster->n_files, sizeof *files);
    size_t n = 0;
    if (here == NULL || files == NULL) {
        psyi_book_fail(report->book, PSY_E_NOMEM, "out of memory for the list of rosters");
        return;
    }
    for (size_t i = report->first; i < report->first + report->n && !all; i++)
        here[report->results->students[i].roster_file] = true;
    for (size_t i = 0; i < roster->n_files; i++)
        if (all || here[i])
            files[n++] = roster->files[i];
    say_files(page, W("名册文件", "Roster"), files, n);
}

static void write_provenance(cover *page)
{
    psyi_report *const report = page->report;
    const psyi_results *const results = report->results;
    const psy_plan *const plan = results->plan;
    head(page, W("出处", "Provenance"));
    say(page, W("软件", "Software"), psyi_report_format(report, "psyscreen %s", psy_version()));
    say(page, W("方案与规则的指纹", "Fingerprint of plan and rules"), plan->fingerprint);
    if (plan->scheme != NULL)
        say(page, W("等级方案", "Tier scheme"), plan->scheme->id);
    for (size_t i = 0; i < plan->n_uses; i++) {
        const psyi_use *const use = &plan->uses[i];
        const psy_instrument *const instrument = use->instrument;
        say(page, psyi_report_format(report, W("量表 %s", "instrument %s"), use->id),
            psyi_report_format(
                report, W("%s，版本 %s，指纹 %.16s…", "%s, edition %s, fingerprint %.16s..."),
                psyi_label_text(instrument->name, report->language, instrument->id),
                instrument->edition, instrument->fingerprint));
    }
    for (size_t i = 0; i < plan->n_locals; i++) {
        size_t n_groups = 0, n_pooled = 0, n_shrunk = 0;
        for (size_t j = 0; j < results->n_locals; j++)
            if (results->locals[j].norm == i) {
                n_groups++;
                n_pooled += results->locals[j].pooled;
                n_shrunk += results->locals[j].shrunk;
            }
        const char *words = psyi_report_format(
            report,
            W("%zu 组，其中 %zu 组人数不足而并入上一层；n 见 run.json",
              "%zu groups, %zu of them too small and pooled with others; n in run.json"),
            n_groups, n_pooled);
        if (n_shrunk > 0)
            words = psyi_report_format(report,
                                       W("%s；%zu 组人数较少，均值和标准差向总体收缩",
                                         "%s; shrunk towards all groups in mean and sd: %zu"),
                                       words, n_shrunk);
        say(page, psyi_report_format(report, W("本区常模 %s", "local norm %s"), plan->locals[i].id),
            words);
    }
    say_files(page, W("答卷文件", "Responses"), results->intake->files, results->intake->n_files);
    if (results->roster != NULL)
        say_rosters(page);
    say(page, W("学生编号", "Student ids"),
        !plan->pseudonym ? W("学籍号原样（方案明示）。", "plain, as the plan says")
        : report->names
            ? W("假名；姓名只印在本校的工作簿里，不得带出学校。",
                "pseudonyms; names stand in this school's own workbook only and must not leave it")
            : W("假名：对照须由区里持密钥者完成；本工作簿不印姓名与学籍号。",
                "pseudonyms: only the keeper of the district's key can look them up"));
}

void psyi_cover(psyi_report *report, psyi_cover_kind kind)
{
    cover page_of = {.report = report};
    cover *const page = &page_of;
    page->sheet = psyi_book_sheet(report->book, W("说明", "Read me"), true);
    psyi_sheet_column(page->sheet, 0, 32, PSYI_STYLE_PLAIN);
    psyi_sheet_column(page->sheet, 1, 102, PSYI_STYLE_PLAIN);
    psyi_sheet_gridlines_hidden(page->sheet);
    write_title(page, kind);
    if (kind == PSYI_COVER_SCHOOL) {
        write_lists(page);
        write_steps(page);
        write_contents(page);
    }
    if (kind == PSYI_COVER_UNMATCHED) {
        head(page, W("怎样使用", "How to use"));
        say(page, W("未匹配", "Unmatched"),
            W("答卷上的学生或学校在名册中找不到，不计入应测、实测、有效。有重点题命中的排在最前：须"
              "查明是谁，当面核实。",
              "sheets whose student or school is not on the roster, in no denominator; those with "
              "a critical item come first and must be found in person"));
    }
    if (kind == PSYI_COVER_SEALED) {
        head(page, W("怎样使用", "How to use"));
        say(page, W("密封名单", "Sealed list"),
            W("没有知情同意但有重点题命中的学生。只供指定负责人启封；不得并入学校工作簿。",
              "children without consent who have a critical item; for the person in charge alone"));
    }
    if (kind == PSYI_COVER_SCHOOL || kind == PSYI_COVER_DISTRICT) {
        write_numbers(page);
        write_tiers(page);
        write_statuses(page);
        write_limits(page);
        write_rules(page);
    }
    write_provenance(page);
    const psyi_print print = {.last_row = page->row,
                              .last_column = 1,
                              .portrait = true,
                              .header = psyi_legend(report),
                              .footer = psyi_not_a_diagnosis(report)};
    psyi_sheet_print(page->sheet, &print);
}
