/*
 * merged.c -- merged cells.
 *
 * A class merged over the rows of its pupils is seen beside each of them, and stands in the
 * first row alone.  Which of the others it was meant for is not guessed: the area is told, and
 * its other cells are empty.
 */
#include "intake/merged.h"
#include "base/fail.h"
#include "intake/cell_grid.h"
#include "table/collect.h"

#include <string.h>

enum { AREAS_TOLD = 20 };

static const char *read_cell(const char *at, uint64_t *row, uint32_t *column)
{
    const char *const begin = at;
    *row = 0;
    *column = 0;
    for (; *at >= 'A' && *at <= 'Z' && at - begin < 4; at++)
        *column = *column * 26 + (uint32_t)(*at - 'A' + 1);
    const char *const digits = at;
    for (; *at >= '0' && *at <= '9' && at - digits < 8; at++)
        *row = *row * 10 + (uint64_t)(*at - '0');
    return at > digits && digits > begin && *row > 0 ? at : NULL;
}

bool psyi_merged_read(const char *reference, psyi_merged *out)
{
    const char *at = read_cell(reference, &out->row, &out->column);
    if (at == NULL || *at != ':')
        return false;
    at = read_cell(at + 1, &out->last_row, &out->last_column);
    return at != NULL && *at == '\0' && out->last_row >= out->row &&
           out->last_column >= out->column;
}

/* Whether it leaves a cell empty that is looked for.  What spans a row from its beginning to its
 * end is a title or a note. */
static bool matters(const psyi_merged *area, const psyi_header *header)
{
    const psyi_target *const targets = header->targets;
    if (area->last_row <= header->line || header->n_targets == 0)
        return false;
    if (area->row == area->last_row && area->column <= targets[0].column + 1 &&
        area->last_column > targets[header->n_targets - 1].column)
        return false;
    for (size_t i = 0; i < header->n_targets; i++) {
        const uint32_t column = targets[i].column + 1;
        if (column >= area->column && column <= area->last_column &&
            (column > area->column || area->last_row > area->row))
            return true;
    }
    return false;
}

psy_status psyi_merged_tell(const psyi_buffer *areas, const psyi_header *header, const char *file,
                            psy_findings *findings, psy_error *error)
{
    psy_status status = PSY_OK;
    size_t n = 0;
    psy_finding finding = {.file = file,
                           .rule = "merged_cells",
                           .severity = PSY_ERROR,
                           .remedy = "unmerge them and fill in every row"};
    for (size_t i = 0; i + sizeof(psyi_merged) <= areas->length && status == PSY_OK;
         i += sizeof(psyi_merged)) {
        psyi_merged area;
        char from[32], to[32];
        memcpy(&area, areas->data + i, sizeof area);
        if (!matters(&area, header) || ++n > AREAS_TOLD)
            continue;
        finding.row = area.row;
        status = psyi_find(findings, &finding, error,
                           "the cells %s to %s are merged: the first of them alone has a value, "
                           "the others are read as empty",
                           psyi_cell_name(area.row, area.column, from),
                           psyi_cell_name(area.last_row, area.last_column, to));
    }
    if (n <= AREAS_TOLD || status != PSY_OK)
        return status;
    finding.row = 0;
    return psyi_find(findings, &finding, error, "%zu further areas are merged", n - AREAS_TOLD);
}
