/*
 * column_order.c -- the order in which the columns of an instrument are computed.
 *
 * Score, standard score, band and flag are nodes of one graph; the order is that of a depth
 * first walk in file order, so that it is the same on every machine.  One order serves all
 * variants: what any variant reads counts as read.
 */
#include "definition/build.h"

#include <stdlib.h>
#include <string.h>

typedef struct graph {
    psyi_build *build;
    const struct psy_instrument *instrument;
    size_t *first_band;   /* scale -> number of its first band node */
    size_t n_populations; /* of all scales together, the most any variant has */
    uint32_t *order;
    size_t n_order;
    uint8_t *progress;
} graph;

/* Nodes are numbered scores, standards, bands, flags. */
static size_t standards_at(const graph *g)
{
    return g->instrument->n_scales;
}
static size_t bands_at(const graph *g)
{
    return standards_at(g) + g->instrument->n_standards;
}
static size_t flags_at(const graph *g)
{
    return bands_at(g) + g->n_populations;
}

static void visit(graph *g, size_t node, uint32_t column);

static void visit_score(graph *g, unsigned scale)
{
    visit(g, scale, psyi_column(PSYI_COLUMN_SCORE, 0, scale, 0));
}

static void visit_standard(graph *g, unsigned standard)
{
    visit(g, standards_at(g) + standard,
          psyi_column(PSYI_COLUMN_STANDARD, 0, g->instrument->standards[standard].scale, standard));
}

static void visit_bands(graph *g, unsigned scale)
{
    const size_t first = g->first_band[scale], last = g->first_band[scale + 1];
    for (size_t i = first; i < last; i++)
        visit(g, bands_at(g) + i,
              psyi_column(PSYI_COLUMN_BAND, 0, scale, (unsigned)(i - first) + 1));
}

static void visit_flag(graph *g, unsigned flag)
{
    visit(g, flags_at(g) + flag, psyi_column(PSYI_COLUMN_FLAG, 0, flag, 0));
}

static void visit_program(graph *g, const psyi_program *program)
{
    const psyi_operand *operands = NULL;
    const size_t n = program == NULL ? 0 : psyi_program_operands(program, &operands);
    for (size_t i = 0; i < n; i++) {
        if (operands[i].is_item)
            continue;
        const unsigned index = psyi_column_index(operands[i].id);
        switch (psyi_column_kind_of(operands[i].id)) {
        case PSYI_COLUMN_SCORE:
        case PSYI_COLUMN_ANSWERED:
            visit_score(g, index);
            break;
        case PSYI_COLUMN_BAND: /* which population it is, a use decides: all */
            visit_bands(g, index);
            break;
        case PSYI_COLUMN_STANDARD:
            visit_standard(g, psyi_column_sub(operands[i].id));
            break;
        case PSYI_COLUMN_FLAG:
            visit_flag(g, index);
            break;
        default:
            break;
        }
    }
}

static void visit_what_it_reads(graph *g, uint32_t column)
{
    const struct psy_instrument *const instrument = g->instrument;
    const unsigned index = psyi_column_index(column);
    switch (psyi_column_kind_of(column)) {
    case PSYI_COLUMN_SCORE:
        for (size_t v = 0; v < instrument->n_variants; v++) {
            const psyi_scale *const scale = &instrument->variants[v].scales[index];
            for (size_t i = 0; i < scale->n_parts; i++)
                visit_score(g, scale->parts[i]);
            visit_program(g, scale->program);
        }
        break;
    case PSYI_COLUMN_STANDARD:
        visit_score(g, index);
        break;
    case PSYI_COLUMN_BAND:
        visit_score(g, index);
        for (size_t v = 0; v < instrument->n_variants; v++) {
            const psyi_scale *const scale = &instrument->variants[v].scales[index];
            for (size_t i = 0; i < scale->n_band_sets; i++)
                if (scale->band_sets[i].population + 1u == psyi_column_sub(column) &&
                    scale->band_sets[i].standard != PSYI_NO_INDEX)
                    visit_standard(g, scale->band_sets[i].standard);
        }
        break;
    case PSYI_COLUMN_FLAG:
        visit_program(g, instrument->flags[index].when);
        break;
    default:
        break;
    }
}

static void visit(graph *g, size_t node, uint32_t column)
{
    if (g->progress[node] == PSYI_DONE)
        return;
    if (g->progress[node] == PSYI_DOING) {
        /* One variant alone has no circle: that was noticed when it was built. */
        psyi_problem(g->build->loader, NULL, PSYI_PROBLEM_VALUE,
                     "the variants together read one another in a circle");
        return;
    }
    g->progress[node] = PSYI_DOING;
    visit_what_it_reads(g, column);
    g->progress[node] = PSYI_DONE;
    g->order[g->n_order++] = column;
}

void psyi_build_order(psyi_build *build)
{
    psyi_loader *const loader = build->loader;
    struct psy_instrument *const instrument = build->instrument;
    const size_t n_scales = instrument->n_scales;
    graph g = {.build = build, .instrument = instrument};
    g.first_band = psyi_loader_scratch(loader, n_scales + 1, sizeof *g.first_band);
    if (g.first_band == NULL)
        return;
    for (size_t i = 0; i < n_scales; i++) {
        size_t most = 0;
        for (size_t v = 0; v < instrument->n_variants; v++)
            if (instrument->variants[v].scales[i].n_populations > most)
                most = instrument->variants[v].scales[i].n_populations;
        g.first_band[i + 1] = g.first_band[i] + most;
    }
    g.n_populations = g.first_band[n_scales];
    const size_t n = flags_at(&g) + instrument->n_flags;
    g.order = psyi_loader_alloc(loader, n, sizeof *g.order);
    g.progress = psyi_loader_scratch(loader, n, sizeof *g.progress);
    if (!psyi_loader_ok(loader))
        return;
    for (unsigned i = 0; i < n_scales; i++) {
        visit_score(&g, i);
        for (unsigned j = 0; j < instrument->n_standards; j++)
            if (instrument->standards[j].scale == i)
                visit_standard(&g, j);
        visit_bands(&g, i);
    }
    for (unsigned i = 0; i < instrument->n_flags; i++)
        visit_flag(&g, i);
    instrument->order = g.order;
    instrument->n_order = g.n_order;
}
