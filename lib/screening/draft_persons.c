/*
 * draft_persons.c -- columns about the person, known by their usual headers.
 *
 * A header is compared whole, without the number of its question, without "您的" before and a
 * colon or star behind it.  Two columns of one field are an open question.
 */
#include "base/markup.h"
#include "intake/cell.h"
#include "intake/question.h"
#include "intake/tally.h"
#include "screening/drafting.h"

#include "answers/person_words.h"
#include "base/fail.h"
#include "base/text.h"
#include "table/collect.h"

#include <stdio.h>
#include <string.h>

static const struct {
    psyi_field field;
    const char *header;
} aliases[] = {
    {PSYI_FIELD_STUDENT, "学籍号"},
    {PSYI_FIELD_STUDENT, "学生编号"},
    {PSYI_FIELD_STUDENT, "学籍号码"},
    {PSYI_FIELD_STUDENT, "全国学籍号"},
    {PSYI_FIELD_STUDENT, "学生学籍号"},
    {PSYI_FIELD_STUDENT, "学生ID"},
    {PSYI_FIELD_STUDENT, "student"},
    {PSYI_FIELD_STUDENT, "student_id"},
    {PSYI_FIELD_STUDENT, "student_no"},
    {PSYI_FIELD_LOCAL_NO, "学号"},
    {PSYI_FIELD_LOCAL_NO, "学生学号"},
    {PSYI_FIELD_LOCAL_NO, "local_no"},
    {PSYI_FIELD_SCHOOL, "学校标识码"},
    {PSYI_FIELD_SCHOOL, "学校代码"},
    {PSYI_FIELD_SCHOOL, "学校"},
    {PSYI_FIELD_SCHOOL, "学校名称"},
    {PSYI_FIELD_SCHOOL, "所在学校"},
    {PSYI_FIELD_SCHOOL, "school"},
    {PSYI_FIELD_SCHOOL, "school_code"},
    {PSYI_FIELD_GRADE, "年级"},
    {PSYI_FIELD_GRADE, "所在年级"},
    {PSYI_FIELD_GRADE, "grade"},
    {PSYI_FIELD_CLASS, "班级"},
    {PSYI_FIELD_CLASS, "所在班级"},
    {PSYI_FIELD_CLASS, "class"},
    {PSYI_FIELD_NAME, "姓名"},
    {PSYI_FIELD_NAME, "学生姓名"},
    {PSYI_FIELD_NAME, "name"},
    {PSYI_FIELD_SEX, "性别"},
    {PSYI_FIELD_SEX, "sex"},
    {PSYI_FIELD_SEX, "gender"},
    {PSYI_FIELD_BIRTH_DATE, "出生日期"},
    {PSYI_FIELD_BIRTH_DATE, "出生年月日"},
    {PSYI_FIELD_BIRTH_DATE, "birth_date"},
    {PSYI_FIELD_AGE, "年龄"},
    {PSYI_FIELD_AGE, "age"},
    {PSYI_FIELD_SUBMITTED_AT, "提交答卷时间"},
    {PSYI_FIELD_SUBMITTED_AT, "提交时间"},
    {PSYI_FIELD_SUBMITTED_AT, "测评时间"},
    {PSYI_FIELD_SUBMITTED_AT, "submitted_at"},
    {PSYI_FIELD_DURATION, "所用时间"},
    {PSYI_FIELD_DURATION, "用时"},
    {PSYI_FIELD_DURATION, "duration"},
    {PSYI_FIELD_INFORMANT, "填写人"},
    {PSYI_FIELD_INFORMANT, "informant"},
    {PSYI_FIELD_CONSENT, "知情同意"},
    {PSYI_FIELD_CONSENT, "consent"},
};

/* Columns of platforms that are nothing to score. */
static const char *const others[] = {"序号", "来源", "来源详情", "来自IP",
                                     "总分", "IP",   "答题序号"};

/* Without one thing that platforms put behind a header; false where there is none. */
static bool again_behind(const char *rest, size_t *length)
{
    static const char *const behind[] = {"：", ":",     "*",        "？",    "?",
                                         "是", "_____", "（必填）", "(必填)"};
    for (size_t i = 0; i < sizeof behind / sizeof *behind; i++) {
        const size_t n = strlen(behind[i]);
        if (*length > n && memcmp(rest + *length - n, behind[i], n) == 0) {
            *length -= n;
            return true;
        }
    }
    return false;
}

/* Behind "（1）", "[1]", "问题1、" or "No.1 ", which say a number only where nothing else begins a
 * header; `rest` where there is none. */
static const char *behind_other_number(const char *rest)
{
    static const char *const opening[] = {"（", "(", "【", "[", "问题", "题目", "No.", "NO."};
    for (size_t i = 0; i < sizeof opening / sizeof *opening; i++) {
        const size_t n = strlen(opening[i]);
        const char *text = rest;
        if (strncmp(rest, opening[i], n) == 0 && psyi_question_number(rest + n, &text) > 0)
            return text;
    }
    return rest;
}

/* The header without what platforms put around it, into `out`. */
static void bare_header(const char *header, char out[120])
{
    char name[400];
    size_t all = strlen(header);
    all = psyi_without_markup(header, all < sizeof name ? all : 0, name);
    name[all] = '\0';
    static const char *const before[] = {"请选择", "请填写", "请输入", "您孩子的",
                                         "孩子的", "学生的", "您的",   "你的",
                                         "您",     "你",     "所在的", "就读的"};
    static const char *const opening[] = {"（", "(", "【", "["}, *const closing[] = {"）", ")",
                                                                                     "】", "]"};
    const char *rest = name;
    psyi_trim(&rest, &all);
    name[(size_t)(rest - name) + all] = '\0';
    if (psyi_question_number(rest, &rest) == 0)
        rest = behind_other_number(rest);
    size_t length = strlen(rest);
    psyi_trim(&rest, &length);
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        const size_t n = strlen(before[i]);
        if (length > n && memcmp(rest, before[i], n) == 0) {
            rest += n;
            length -= n;
        }
    }
    while (again_behind(rest, &length))
        ;
    /* A remark in brackets: 班级（如：3班）. */
    for (size_t i = 0; i < sizeof closing / sizeof *closing; i++) {
        const size_t n = strlen(closing[i]), m = strlen(opening[i]);
        if (length <= n || memcmp(rest + length - n, closing[i], n) != 0)
            continue;
        for (size_t at = length - n; at > 0; at--)
            if (at + m <= length && memcmp(rest + at, opening[i], m) == 0) {
                length = at;
                break;
            }
    }
    while (again_behind(rest, &length))
        ;
    psyi_trim(&rest, &length);
    if (length > 119)
        length = 0;
    memcpy(out, rest, length);
    out[length] = '\0';
}

static psy_status find_fields(psyi_draft *d)
{
    psy_status status = PSY_OK;
    for (uint32_t c = 0; c < d->survey.n_columns && d->options->student != NULL; c++)
        if (strcmp(d->survey.columns[c].name, d->options->student) == 0) {
            d->field[PSYI_FIELD_STUDENT] = c;
            d->taken[c] = true;
        }
    for (uint32_t c = 0; c < d->survey.n_columns && status == PSY_OK; c++) {
        char header[120];
        if (d->field[PSYI_FIELD_STUDENT] == c || d->taken[c])
            continue;
        bare_header(d->survey.columns[c].name, header);
        for (size_t i = 0; i < sizeof others / sizeof *others; i++)
            d->taken[c] = d->taken[c] || strcmp(header, others[i]) == 0;
        for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++) {
            if (psyi_ascii_compare(header, aliases[i].header) != 0)
                continue;
            const psyi_field field = aliases[i].field;
            if (field == PSYI_FIELD_STUDENT && d->options->student != NULL)
                continue;
            d->taken[c] = true;
            if (d->field[field] != PSYI_NO_COLUMN)
                status = psyi_draft_ask(d, c, 0, "two_columns",
                                        "leave out the one that is not meant, as in --without N "
                                        "with the number of its column, or rename its header",
                                        "columns %u and %u could both be the %s",
                                        d->field[field] + 1, c + 1, psyi_field_name(field));
            else
                d->field[field] = c;
        }
    }
    /* Where there is no 学籍号, 学号 or the name must do. */
    if (d->field[PSYI_FIELD_STUDENT] == PSYI_NO_COLUMN) {
        d->field[PSYI_FIELD_STUDENT] = d->field[PSYI_FIELD_LOCAL_NO];
        d->field[PSYI_FIELD_LOCAL_NO] = PSYI_NO_COLUMN;
    }
    return status;
}

static const psyi_seen_column *column_of(const psyi_draft *d, psyi_field field)
{
    return d->field[field] != PSYI_NO_COLUMN ? &d->survey.columns[d->field[field]] : NULL;
}

/* Whether the options say what a text of the sex column means. */
static bool said(const char *codes, const char *text)
{
    const size_t length = strlen(text);
    for (const char *at = codes; at != NULL && *at != '\0';) {
        if (strncmp(at, text, length) == 0 && at[length] == '=')
            return true;
        at = strchr(at, ',');
        at = at != NULL ? at + 1 : NULL;
    }
    return false;
}

/* "A.男" and "男&nbsp;" say which; "1" and "M" are asked. */
static bool says_itself(psyi_draft *d, const char *text)
{
    char plain[PSYI_CELL_ROOM];
    const char *at = plain;
    size_t length = strlen(text);
    if (length > sizeof plain || strpbrk(text, ",=\"\\") != NULL)
        return false;
    length = psyi_without_markup(text, length, plain);
    psyi_draft_strip(&at, &length);
    const psyi_sex sex = psyi_sex_word(at, length);
    if (sex == PSYI_SEX_UNKNOWN)
        return false;
    psyi_buffer_format(&d->sex, "%s%s=%s", d->sex.length > 0 ? "," : "", text,
                       sex == PSYI_SEX_MALE ? "male" : "female");
    return true;
}

static psy_status check_sex(psyi_draft *d)
{
    const psyi_seen_column *const column = column_of(d, PSYI_FIELD_SEX);
    const char *open[2] = {NULL, NULL};
    size_t n = 0;
    for (size_t i = 0; column != NULL && i < column->n_texts; i++) {
        const char *const text = column->texts[i].text;
        if (psyi_sex_word(text, strlen(text)) != PSYI_SEX_UNKNOWN || said(d->options->sex, text) ||
            says_itself(d, text))
            continue;
        if (n < 2)
            open[n] = text;
        n++;
    }
    if (d->sex.failed)
        return psyi_fail_memory(d->error, "a plan");
    if (n == 0)
        return PSY_OK;
    char remedy[600];
    const int length = psyi_quotable(open[0], strlen(open[0]));
    if (n == 2)
        snprintf(remedy, sizeof remedy,
                 "say which is which: --sex '%.*s=male,%.*s=female' (or the other way round)",
                 length, open[0], psyi_quotable(open[1], strlen(open[1])), open[1]);
    else
        snprintf(remedy, sizeof remedy,
                 "say what it stands for: --sex '%.*s=male' or --sex '%.*s=female'; a cell that is "
                 "neither is to be corrected",
                 length, open[0], length, open[0]);
    return psyi_draft_ask(d, d->field[PSYI_FIELD_SEX], 0, "sex_code", remedy,
                          "'%.*s' stands for a sex, and the file does not say which",
                          psyi_quotable(open[0], strlen(open[0])), open[0]);
}

static psy_status check_consent(psyi_draft *d)
{
    if (column_of(d, PSYI_FIELD_CONSENT) == NULL || d->options->consent != NULL)
        return PSY_OK;
    return psyi_draft_ask(d, d->field[PSYI_FIELD_CONSENT], 0, "consent_open",
                          "choose --consent critical_only (a positive critical item of a child "
                          "without consent goes to the sealed list) or --consent ignore",
                          "the file has consent, and there is no default for what follows from "
                          "a refusal");
}

static psy_status check_dates(psyi_draft *d)
{
    static const psyi_field fields[] = {PSYI_FIELD_SUBMITTED_AT, PSYI_FIELD_BIRTH_DATE};
    for (size_t i = 0; i < 2; i++) {
        const psyi_seen_column *const column = column_of(d, fields[i]);
        for (size_t j = 0; column != NULL && j < column->n_texts; j++) {
            int32_t days, seconds;
            const char *const text = column->texts[j].text;
            if (psyi_date_read(text, strlen(text), d->options->dates, &days, &seconds) !=
                PSYI_DATE_AMBIGUOUS)
                continue;
            return psyi_draft_ask(d, d->field[fields[i]], 0, "date_order",
                                  "say which comes first: --dates dmy or --dates mdy",
                                  "day and month of the dates cannot be told apart");
        }
    }
    return PSY_OK;
}

/* 高一3班 was written, and is no number of an option. */
static bool all_numbers(const psyi_seen_column *column)
{
    int64_t value;
    for (size_t t = 0; t < column->n_texts; t++)
        if (!psyi_cell_integer(column->texts[t].text, strlen(column->texts[t].text), &value))
            return false;
    return true;
}

/* Where answers are option numbers so are grades and classes that were chosen from a list: 2 may be
 * 初二, the second of the list.  They are left out and said. */
static psy_status check_option_numbers(psyi_draft *d)
{
    static const psyi_field fields[] = {PSYI_FIELD_GRADE, PSYI_FIELD_CLASS};
    bool index = false;
    for (size_t u = 0; u < d->n_uses; u++)
        index = index || d->uses[u].index;
    for (size_t i = 0; i < 2 && index; i++) {
        const psyi_seen_column *const column = column_of(d, fields[i]);
        const char *rest;
        if (column == NULL || psyi_question_number(column->name, &rest) == 0 ||
            !all_numbers(column))
            continue;
        const psy_finding finding = {.file = d->survey.text.name,
                                     .field = column->name,
                                     .rule = "option_number",
                                     .severity = PSY_WARNING,
                                     .remedy = "declare the column and its `codes:` in the plan, "
                                               "or export the texts of the options"};
        d->field[fields[i]] = PSYI_NO_COLUMN;
        const psy_status status =
            psyi_find(d->findings, &finding, d->error,
                      "the %s may be a number of an option, which stands for another one: it was "
                      "left out of the plan",
                      psyi_field_name(fields[i]));
        if (status != PSY_OK)
            return status;
    }
    return PSY_OK;
}

/* Columns in which (nearly) every row has a value of its own may hold the number. */
static psy_status ask_student(psyi_draft *d)
{
    psyi_buffer words;
    psyi_buffer_init(&words, d->allocator);
    if (d->options->student != NULL)
        psyi_buffer_format(
            &words, "no column is called '%.*s'",
            (int)psyi_utf8_prefix(d->options->student, strlen(d->options->student), 60),
            d->options->student);
    else
        psyi_buffer_text(&words, "no column holds a student number (学籍号, 学号, student)");
    size_t n = 0;
    for (uint32_t c = 0; c < d->survey.n_columns; c++) {
        const psyi_seen_column *const column = &d->survey.columns[c];
        const bool own = column->many || column->n_texts >= column->filled;
        if (d->taken[c] || !own || column->filled < 2 || 10 * column->filled < 9 * d->survey.n_rows)
            continue;
        if (++n <= 4)
            psyi_buffer_format(&words, "%s'%.*s'", n > 1 ? ", " : "; columns with many values: ",
                               (int)psyi_utf8_prefix(column->name, strlen(column->name), 40),
                               column->name);
    }
    const psy_status status =
        words.failed
            ? psyi_fail_memory(d->error, "a plan")
            : psyi_draft_ask(d, PSYI_NO_COLUMN, 0, "student_missing",
                             "name the column that tells students apart: --student HEADER. With "
                             "names alone two of one name would be one: better match them with a "
                             "roster (docs/data.md, `match:`)",
                             "%s%s", words.data, n > 4 ? ", ..." : "");
    psyi_buffer_done(&words);
    return status;
}

psy_status psyi_draft_persons(psyi_draft *d)
{
    psy_status status = find_fields(d);
    if (status == PSY_OK)
        status = check_option_numbers(d);
    if (status == PSY_OK)
        status = check_sex(d);
    if (status == PSY_OK)
        status = check_consent(d);
    if (status == PSY_OK)
        status = check_dates(d);
    if (status == PSY_OK && d->field[PSYI_FIELD_STUDENT] == PSYI_NO_COLUMN)
        status = ask_student(d);
    return status;
}
