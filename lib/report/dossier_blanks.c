/*
 * dossier_blanks.c -- the sheets of a dossier that people fill in.
 *
 * Deliberately absent: income, employer, the address below the street, ranks in exams.
 */
#include "report/dossier_tables.h"

#include "base/digest.h"

#include <string.h>

#define BLANK_ROWS 15

/* ---- 基本信息 ---- */

typedef struct entry {
    const char *key;
    psyi_label head;
    const psyi_label *choices;
} entry;

static const psyi_label told[] = {
    PSYI_LABEL("有", "yes"), PSYI_LABEL("无", "no"), PSYI_LABEL("不详", "unknown"), {NULL, NULL}};
static const psyi_label care[] = {
    PSYI_LABEL("留守", "left behind"), PSYI_LABEL("流动", "migrant"),
    PSYI_LABEL("孤儿", "orphan"),      PSYI_LABEL("困境", "in hardship"),
    PSYI_LABEL("单亲", "one parent"),  PSYI_LABEL("残疾", "disabled"),
    PSYI_LABEL("无", "none"),          {NULL, NULL}};

static const entry entries[] = {
    {"dossier_id", PSYI_LABEL("档案编号", "Dossier"), NULL},
    {"student_code", PSYI_LABEL("学生编号", "Student"), NULL},
    {"school", PSYI_LABEL("学校", "School"), NULL},
    {"grade", PSYI_LABEL("年级", "Grade"), NULL},
    {"class", PSYI_LABEL("班级", "Class"), NULL},
    {"sex", PSYI_LABEL("性别", "Sex"), NULL},
    {"name", PSYI_LABEL("姓名", "Name"), NULL},
    {"birth_month", PSYI_LABEL("出生年月", "Born (month)"), NULL},
    {"guardian", PSYI_LABEL("监护人1 关系", "Guardian, relation"), NULL},
    {"guardian_phone", PSYI_LABEL("监护人1 电话", "Guardian, telephone"), NULL},
    {"category", PSYI_LABEL("特殊关注类别（可多项）", "Special circumstances"), care},
    {"treated_before", PSYI_LABEL("既往就诊", "Earlier treatment"), told},
    {"consent_on", PSYI_LABEL("知情同意日期", "Consent given on"), NULL},
    {"opened_by", PSYI_LABEL("建档人", "Opened by"), NULL},
    {"opened_on", PSYI_LABEL("建档日期", "Opened on"), NULL},
};

const char *psyi_dossier_id(psyi_report *report, const psyi_dossier *dossier)
{
    char digest[65];
    const char *const text =
        psyi_report_format(report, "psyscreen/dossier/1\n%s", dossier->student);
    if (!psyi_sha256_bytes(text, strlen(text), digest)) {
        psyi_book_fail(report->book, PSY_E_NOMEM, "out of memory: a dossier");
        return "";
    }
    return psyi_report_format(report, "D-%.4s-%.4s-%.4s", digest, digest + 4, digest + 8);
}

/* What the latest wave says; the name is in no result file. */
static const char *known(psyi_report *report, const psyi_dossier *dossier, const char *key)
{
    const psyi_dossier_wave *const last = dossier->waves[dossier->n_waves - 1];
    if (strcmp(key, "student_code") == 0)
        return dossier->student;
    if (strcmp(key, "dossier_id") == 0)
        return psyi_dossier_id(report, dossier);
    if (strcmp(key, "sex") == 0) {
        const char *const sex = psyi_dossier_cell(last, "sex");
        return strcmp(sex, "male") == 0     ? PSYI_WORD(report, "男", "male")
               : strcmp(sex, "female") == 0 ? PSYI_WORD(report, "女", "female")
                                            : sex;
    }
    if (strcmp(key, "school") == 0 || strcmp(key, "grade") == 0 || strcmp(key, "class") == 0)
        return psyi_dossier_cell(last, key);
    return "";
}

static void fill_entry(psyi_sheet *sheet, size_t row, size_t column, const psyi_line *line,
                       const psyi_cell_field *field)
{
    const char *const text =
        field->a == 0 ? psyi_text_both(line->report, ((const entry *)line->data)->head) : NULL;
    psyi_put_text(sheet, row, column, text, PSYI_STYLE_WRAP);
}

void psyi_dossier_basics(psyi_report *report, const psyi_dossier *dossier)
{
    static const psyi_cell_field columns[] = {
        {.key = "entry",
         .head = PSYI_LABEL("项目", "Entry"),
         .width = 26,
         .style = PSYI_STYLE_WRAP,
         .fill = fill_entry,
         .a = 0},
        {.key = "value",
         .head = PSYI_LABEL("内容", "Value"),
         .width = 50,
         .style = PSYI_STYLE_FILL},
    };
    psyi_layout *const layout =
        psyi_layout_new(report, "basics", (psyi_label)PSYI_LABEL("基本信息", "Basics"));
    psyi_layout_add_all(report, layout, columns, sizeof columns / sizeof columns[0]);
    psyi_sheet *const sheet = psyi_layout_sheet(report, layout, true);
    psyi_layout_head(report, sheet, layout, 0);
    const size_t n = sizeof entries / sizeof entries[0];
    for (size_t i = 0; i < n; i++) {
        const psyi_line line = {.report = report, .data = &entries[i]};
        fill_entry(sheet, i + 1, 0, &line, &columns[0]);
        const char *const value = known(report, dossier, entries[i].key);
        if (value[0] != '\0')
            psyi_put_text(sheet, i + 1, 1, value, PSYI_STYLE_ID);
        else
            psyi_put_blank(sheet, i + 1, 1, PSYI_STYLE_FILL);
    }
    for (size_t i = 0; i < n; i++) {
        const char *texts[16];
        size_t count = 0;
        for (; entries[i].choices != NULL && count < 15 && entries[i].choices[count].zh != NULL;
             count++)
            texts[count] = psyi_text(report, entries[i].choices[count]);
        texts[count] = NULL;
        if (count > 0)
            psyi_sheet_choices(sheet, i + 1, i + 1, 1, texts);
    }
    psyi_layout_end(report, sheet, layout, 0, n, 1, n + 1);
}

/* ---- empty tables ---- */

#define FILL(key_, zh_, en_, width_)                                                               \
    {                                                                                              \
        .key = (key_), .head = PSYI_LABEL(zh_, en_), .width = (width_), .style = PSYI_STYLE_FILL   \
    }
#define FILL_DATE(key_, zh_, en_)                                                                  \
    {                                                                                              \
        .key = (key_), .head = PSYI_LABEL(zh_, en_), .width = 12, .style = PSYI_STYLE_FILL_DATE    \
    }

static const psyi_label sources[] = {PSYI_LABEL("班主任", "class teacher"),
                                     PSYI_LABEL("家长", "parent"),
                                     PSYI_LABEL("同伴", "peer"),
                                     PSYI_LABEL("医院", "hospital"),
                                     PSYI_LABEL("既往名单", "earlier list"),
                                     {NULL, NULL}};
static const psyi_label seen_by[] = {PSYI_LABEL("心理教师", "psychology teacher"),
                                     PSYI_LABEL("班主任", "class teacher"),
                                     PSYI_LABEL("监护人", "guardian"),
                                     PSYI_LABEL("区中心", "district centre"),
                                     PSYI_LABEL("医院", "hospital"),
                                     {NULL, NULL}};

static const psyi_cell_field observations[] = {
    FILL_DATE("date", "日期", "Date"),
    {.key = "source",
     .head = PSYI_LABEL("来源", "Source"),
     .width = 12,
     .style = PSYI_STYLE_FILL,
     .choices = sources},
    FILL("facts", "事实", "Facts", 80),
    FILL("by", "填写人", "Entered by", 12),
};
static const psyi_cell_field interviews[] = {
    FILL_DATE("date", "日期", "Date"),
    FILL("interviewer", "访谈人", "Interviewer", 12),
    FILL("protective", "保护因素", "Protective factors", 28),
    FILL("risks", "风险因素", "Risk factors", 28),
    FILL("self_harm", "自伤自杀评估", "Self-harm and suicide", 28),
    {.key = "conclusion",
     .head = PSYI_LABEL("结论", "Conclusion"),
     .width = 14,
     .style = PSYI_STYLE_FILL,
     .choices = psyi_conclusions},
    FILL("advice", "建议", "Advice", 28),
};
static const psyi_cell_field support[] = {
    FILL("goal", "目标", "Goal", 30),
    FILL("measures", "措施", "Measures", 40),
    FILL("owner", "责任人", "Owner", 12),
    FILL("frequency", "频次", "How often", 12),
    FILL_DATE("from", "开始", "From"),
    FILL_DATE("until", "结束", "Until"),
    FILL("evaluation", "评价", "Evaluation", 34),
};
static const psyi_cell_field referrals[] = {
    FILL_DATE("date", "日期", "Date"),
    FILL("referred_to", "去向", "Where to", 22),
    FILL("slip_no", "单号", "Slip no.", 14),
    FILL("feedback", "反馈", "Feedback", 40),
    FILL("return_review", "复学评估", "Review before return", 28),
    FILL("return_plan", "复学安排", "Plan of return", 28),
};
static const psyi_cell_field transfers[] = {
    FILL("school_from", "移出校", "From school", 20),
    FILL("school_to", "接收校", "To school", 20),
    FILL_DATE("date", "日期", "Date"),
    FILL("handed_by", "移交人", "Handed over by", 12),
    FILL("received_by", "接收人", "Received by", 12),
    FILL("contents", "内容清单", "Contents", 36),
    FILL("file_hash", "文件校验值", "SHA-256 of the file", 40),
};
static const psyi_cell_field looks[] = {
    FILL_DATE("at", "时间", "When"),
    FILL("person", "人", "Who", 16),
    {.key = "role",
     .head = PSYI_LABEL("角色", "Role"),
     .width = 14,
     .style = PSYI_STYLE_FILL,
     .choices = seen_by},
    FILL("purpose", "事由", "Purpose", 70),
};

static void write_blank(psyi_report *report, const char *key, psyi_label name,
                        const psyi_cell_field *fields, size_t n_fields)
{
    psyi_layout *const layout = psyi_layout_new(report, key, name);
    psyi_layout_add_all(report, layout, fields, n_fields);
    psyi_sheet *const sheet = psyi_layout_sheet(report, layout, true);
    psyi_layout_head(report, sheet, layout, 0);
    psyi_dossier_room(report, sheet, layout, 0);
}

void psyi_dossier_room(psyi_report *report, psyi_sheet *sheet, psyi_layout *layout, size_t n)
{
    const psyi_line line = {.report = report};
    for (size_t i = 0; i < BLANK_ROWS; i++) {
        psyi_sheet_height(sheet, n + 1, 24); /* for a pen, too */
        psyi_layout_row(sheet, ++n, layout, &line);
    }
    psyi_layout_end(report, sheet, layout, 0, n, 1, n + 1);
}

#define BLANK(key, zh, en, fields)                                                                 \
    write_blank(report, key, (psyi_label)PSYI_LABEL(zh, en), fields,                               \
                sizeof(fields) / sizeof(fields)[0])

void psyi_dossier_blanks(psyi_report *report, psyi_results *about, const psyi_dossier *dossier)
{
    BLANK("observations", "观察与外部信息", "Observations", observations);
    BLANK("interviews", "访谈评估", "Interviews", interviews);
    BLANK("support", "支持方案", "Support plan", support);
    psyi_dossier_contacts(report, about, dossier);
    BLANK("referrals", "转介与复学", "Referral and return", referrals);
    BLANK("transfers", "移交记录", "Transfers", transfers);
    BLANK("looks", "查阅记录", "Access log", looks);
}
