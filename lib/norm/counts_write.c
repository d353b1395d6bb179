/*
 * counts_write.c -- a norm of counts as the two files that load again: a head and a table.
 *
 * The order of keys, groups and rows is fixed, so equal counts are equal bytes.
 */
#include "norm/counts.h"

#include "base/fail.h"
#include "base/file.h"
#include "norm/local_groups.h"

#include <string.h>

/* A text of YAML in double quotes. */
static void put_quoted(psyi_buffer *out, const char *text)
{
    psyi_buffer_char(out, '"');
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '"' || *at == '\\')
            psyi_buffer_char(out, '\\');
        psyi_buffer_char(out, *at);
    }
    psyi_buffer_char(out, '"');
}

static void put_metrics(const psyi_norm *norm, psyi_buffer *out)
{
    const char *between = "metrics: [";
    for (unsigned m = 0; m < PSYI_METRICS; m++)
        if (((unsigned)norm->metrics >> m & 1u) != 0) {
            psyi_buffer_format(out, "%s%s", between, psyi_metric_name((psyi_metric)m));
            between = ", ";
        }
    psyi_buffer_text(out, "]\n");
}

static void put_by(const psyi_local_rule *rule, psyi_buffer *out)
{
    psyi_buffer_char(out, '[');
    for (size_t i = 0; i < rule->n_by; i++)
        psyi_buffer_format(out, "%s%s", i > 0 ? ", " : "", psyi_local_key_name(rule->by[i]));
    psyi_buffer_char(out, ']');
}

static void put_local(const psyi_local_counts *local, psyi_buffer *out)
{
    static const char *const informants[] = {"any", "self", "parent", "teacher"};
    const psyi_local_rule *const rule = &local->rule;
    psyi_buffer_format(out, "local:\n  state: %s\n  by: ", local->frozen ? "frozen" : "counting");
    put_by(rule, out);
    psyi_buffer_format(out, "\n  min_n: %u\n  below: %s\n", rule->min_n,
                       rule->shrink ? "shrink" : "pool");
    if (rule->shrink)
        psyi_buffer_format(out, "  pool_below: %u\n  shrink: %s\n", rule->pool_below,
                           rule->moments ? "dl" : "reml");
    psyi_buffer_text(out, "  variant: ");
    put_quoted(out, local->variant);
    psyi_buffer_format(out, "\n  informant: %s\n  parts:\n", informants[local->informant & 3]);
    for (size_t i = 0; i < local->n_parts; i++) {
        psyi_buffer_text(out, "    - ");
        put_quoted(out, local->parts[i]);
        psyi_buffer_char(out, '\n');
    }
}

void psyi_counts_yaml(const psyi_norm *norm, psyi_buffer *out)
{
    size_t n_rows = 0;
    psyi_buffer_format(out, "format: psyscreen/norms/1\nid: %s\ninstrument: %s\n", norm->id,
                       norm->instrument);
    if (norm->edition != NULL) {
        psyi_buffer_text(out, "edition: ");
        put_quoted(out, norm->edition);
        psyi_buffer_char(out, '\n');
    }
    psyi_buffer_text(out, "kind: histogram\n");
    put_metrics(norm, out);
    psyi_buffer_text(out, "population: {en: ");
    put_quoted(out, psyi_label_text(norm->population, PSYI_EN, norm->id));
    psyi_buffer_text(out, ", zh: ");
    put_quoted(out, psyi_label_text(norm->population, PSYI_ZH, norm->id));
    psyi_buffer_text(out, "}\n");
    if (norm->year > 0)
        psyi_buffer_format(out, "year: %d\n", norm->year);
    psyi_buffer_format(out, "n: %llu\nsource: ", (unsigned long long)norm->n);
    put_quoted(out, norm->source);
    psyi_buffer_text(out, "\nconfidence: verified\n");
    put_local(&norm->local, out);
    psyi_buffer_text(out, "groups: ");
    put_by(&norm->local.rule, out);
    for (size_t i = 0; i < norm->n_groups; i++)
        n_rows += norm->groups[i].n_cells;
    psyi_buffer_format(out, "\noutside: none\ncontrol: {rows: %zu, sum: %llu}\n", n_rows,
                       (unsigned long long)norm->n);
}

static void put_key(const psyi_who *who, psyi_group_key key, psyi_buffer *out)
{
    static const char *const stages[] = {"", "primary", "junior", "senior", "tertiary"};
    switch (key) {
    case PSYI_BY_STAGE:
        psyi_buffer_format(out, ",%s", stages[__builtin_ctz(who->stages) & 7]);
        return;
    case PSYI_BY_GRADE:
        psyi_buffer_format(out, ",%d,%d", who->grade_low, who->grade_high);
        return;
    case PSYI_BY_SEX:
        break;
    }
    psyi_buffer_text(out, who->sexes == 1u << PSYI_SEX_MALE ? ",male" : ",female");
}

void psyi_counts_csv(const psyi_norm *norm, psyi_buffer *out)
{
    static const char *const columns[] = {"", ",stage", ",grade_from,grade_to", ",sex"};
    const psyi_local_rule *const rule = &norm->local.rule;
    psyi_buffer_text(out, "scale");
    for (size_t i = 0; i < rule->n_by; i++)
        psyi_buffer_text(out, columns[rule->by[i]]);
    psyi_buffer_text(out, ",num,den,count\n");
    for (size_t i = 0; i < norm->n_groups; i++) {
        const psyi_norm_group *const group = &norm->groups[i];
        for (size_t j = 0; j < group->n_cells; j++) {
            psyi_buffer_text(out, group->scale);
            for (size_t k = 0; k < rule->n_by; k++)
                put_key(&group->who, rule->by[k], out);
            psyi_buffer_format(out, ",%lld,%lld,%llu\n", (long long)group->cells[j].raw.num,
                               (long long)group->cells[j].raw.den,
                               (unsigned long long)group->cells[j].count);
        }
    }
}

psy_status psyi_counts_write(const psyi_norm *norm, const char *path,
                             const psy_allocator *allocator, psy_error *error)
{
    const size_t length = strlen(path);
    if (length < 6 || strcmp(path + length - 5, ".yaml") != 0)
        return psyi_fail(error, PSY_E_ARGUMENT, NULL,
                         "a norm is written to a file called <id>.yaml, not '%s'", path);
    psyi_buffer yaml, csv, beside;
    psyi_buffer_init(&yaml, allocator);
    psyi_buffer_init(&csv, allocator);
    psyi_buffer_init(&beside, allocator);
    psyi_counts_yaml(norm, &yaml);
    psyi_counts_csv(norm, &csv);
    psyi_buffer_format(&beside, "%.*s.csv", (int)(length - 5), path);
    psy_status status = PSY_OK;
    if (yaml.failed || csv.failed || beside.failed)
        status = psyi_fail_memory(error, "a norm");
    /* The head last: where it stands, the norm is complete. */
    if (status == PSY_OK)
        status = psyi_file_replace(beside.data, csv.data, csv.length, 0600, allocator, error);
    if (status == PSY_OK)
        status = psyi_file_replace(path, yaml.data, yaml.length, 0600, allocator, error);
    psyi_buffer_done(&beside);
    psyi_buffer_done(&csv);
    psyi_buffer_done(&yaml);
    return status;
}
