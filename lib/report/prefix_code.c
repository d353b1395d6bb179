/*
 * prefix_code.c -- blocks of deflate from tokens.
 *
 * RFC 1951 §3.2.7: prefix codes made for the block, their lengths run-length coded in front
 * of it.  The codes are Huffman's; lengths beyond the limit are cut to it, and the space this
 * overdraws is won back from the longest codes that are shorter, which costs next to nothing
 * in size because such symbols are rare.
 */
#include "report/prefix_code.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define MOST_SYMBOLS 288
#define END_OF_BLOCK 256u

/* ---- code lengths ---- */

typedef struct weighed {
    uint32_t weight;
    uint16_t symbol;
} weighed;

static int by_weight(const void *x, const void *y)
{
    const weighed *const a = x, *const b = y;
    if (a->weight != b->weight)
        return a->weight < b->weight ? -1 : 1;
    return a->symbol < b->symbol ? -1 : a->symbol > b->symbol;
}

/* How many codes of each length, for `n` > 1 leaves in ascending order: Huffman's tree with
 * two queues, the leaves and the nodes, which come into being in ascending order too. */
static void count_lengths(const weighed *leaves, size_t n, unsigned limit, uint32_t counts[64])
{
    uint32_t weight[MOST_SYMBOLS];
    uint16_t parent[2 * MOST_SYMBOLS];
    uint8_t depth[MOST_SYMBOLS];
    size_t leaf = 0, node = 0;
    for (size_t made = 0; made + 1 < n; made++) {
        weight[made] = 0;
        for (unsigned k = 0; k < 2; k++) {
            if (leaf < n && (node >= made || leaves[leaf].weight <= weight[node])) {
                weight[made] += leaves[leaf].weight;
                parent[leaf++] = (uint16_t)made;
            } else {
                weight[made] += weight[node];
                parent[n + node++] = (uint16_t)made;
            }
        }
    }
    const size_t root = n - 2;
    depth[root] = 0;
    for (size_t i = root; i-- > 0;)
        depth[i] = (uint8_t)(depth[parent[n + i]] + 1 < 63 ? depth[parent[n + i]] + 1 : 62);
    memset(counts, 0, 64 * sizeof *counts);
    for (size_t i = 0; i < n; i++) {
        const unsigned length = depth[parent[i]] + 1u;
        counts[length < limit ? length : limit]++;
    }
    /* In units of the longest code: a code of length l takes 2^(limit - l). */
    uint32_t taken = 0;
    for (unsigned l = 1; l <= limit; l++)
        taken += counts[l] << (limit - l);
    for (; taken > 1u << limit; taken--) {
        /* A longest code moves under a shorter one, which grows by a bit. */
        unsigned l = limit - 1;
        while (counts[l] == 0)
            l--;
        counts[l]--;
        counts[l + 1] += 2;
        counts[limit]--;
    }
}

static void make_lengths(const uint32_t *weights, size_t n_symbols, unsigned limit,
                         uint8_t *lengths)
{
    weighed leaves[MOST_SYMBOLS];
    uint32_t counts[64];
    size_t n = 0;
    memset(lengths, 0, n_symbols);
    for (size_t i = 0; i < n_symbols; i++)
        if (weights[i] > 0)
            leaves[n++] = (weighed){weights[i], (uint16_t)i};
    if (n < 2) {
        /* One bit, though nothing is to be told; and some readers want two codes. */
        if (n == 1)
            lengths[leaves[0].symbol] = 1;
        lengths[n == 1 && leaves[0].symbol == 0 ? 1 : 0] = 1;
        return;
    }
    qsort(leaves, n, sizeof *leaves, by_weight);
    count_lengths(leaves, n, limit, counts);
    size_t at = 0;
    for (unsigned l = limit; l > 0; l--)
        for (uint32_t i = 0; i < counts[l]; i++)
            lengths[leaves[at++].symbol] = (uint8_t)l;
}

/* Canonical codes, their bits in the order in which they are sent. */
static void make_codes(const uint8_t *lengths, size_t n_symbols, uint16_t *codes)
{
    unsigned counts[16] = {0}, next[16] = {0}, code = 0;
    for (size_t i = 0; i < n_symbols; i++)
        counts[lengths[i]]++;
    counts[0] = 0;
    for (unsigned l = 1; l < 16; l++) {
        code = (code + counts[l - 1]) << 1;
        next[l] = code;
    }
    for (size_t i = 0; i < n_symbols; i++) {
        unsigned from = lengths[i] > 0 ? next[lengths[i]]++ : 0, turned = 0;
        for (unsigned b = 0; b < lengths[i]; b++, from >>= 1)
            turned = turned << 1 | (from & 1);
        codes[i] = (uint16_t)turned;
    }
}

/* ---- bits ---- */

typedef struct sending {
    unsigned char *at;
    uint64_t held;
    unsigned n;
} sending;

/* At most 32 bits at a time, 48 between calls of drain. */
static inline void send(sending *to, uint64_t bits, unsigned n)
{
    to->held |= bits << to->n;
    to->n += n;
}

static inline void drain(sending *to)
{
    memcpy(to->at, &to->held, 8);
    const unsigned whole = to->n >> 3;
    to->at += whole;
    to->held = whole < 8 ? to->held >> (whole * 8) : 0;
    to->n &= 7;
}

/* ---- code lengths, coded ---- */

typedef struct run {
    uint8_t symbol, extra;
} run;

static size_t make_runs(const uint8_t *lengths, size_t n, run *runs)
{
    size_t n_runs = 0;
    for (size_t i = 0; i < n;) {
        size_t same = 1;
        while (i + same < n && lengths[i + same] == lengths[i])
            same++;
        i += same;
        const uint8_t length = lengths[i - 1];
        if (length == 0) {
            for (; same >= 11; same -= same < 138 ? same : 138)
                runs[n_runs++] = (run){18, (uint8_t)((same < 138 ? same : 138) - 11)};
            if (same >= 3) {
                runs[n_runs++] = (run){17, (uint8_t)(same - 3)};
                same = 0;
            }
        } else {
            runs[n_runs++] = (run){length, 0};
            for (same--; same >= 3; same -= same < 6 ? same : 6)
                runs[n_runs++] = (run){16, (uint8_t)((same < 6 ? same : 6) - 3)};
        }
        for (; same > 0; same--)
            runs[n_runs++] = (run){length, 0};
    }
    return n_runs;
}

static void send_head(sending *to, const uint8_t *literal_lengths, size_t n_literals,
                      const uint8_t *distance_lengths, size_t n_distances)
{
    static const uint8_t order[19] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                      11, 4,  12, 3, 13, 2, 14, 1, 15};
    static const uint8_t extra_bits[19] = {[16] = 2, [17] = 3, [18] = 7};
    uint8_t all[MOST_SYMBOLS + 32], lengths[19];
    run runs[MOST_SYMBOLS + 32];
    uint32_t weights[19] = {0};
    uint16_t codes[19];
    memcpy(all, literal_lengths, n_literals);
    memcpy(all + n_literals, distance_lengths, n_distances);
    const size_t n_runs = make_runs(all, n_literals + n_distances, runs);
    for (size_t i = 0; i < n_runs; i++)
        weights[runs[i].symbol]++;
    make_lengths(weights, 19, 7, lengths);
    make_codes(lengths, 19, codes);
    size_t n_order = 19;
    while (n_order > 4 && lengths[order[n_order - 1]] == 0)
        n_order--;
    send(to, 4, 3); /* not the last; codes of its own */
    send(to, n_literals - 257, 5);
    send(to, n_distances - 1, 5);
    send(to, n_order - 4, 4);
    drain(to);
    for (size_t i = 0; i < n_order; i++) {
        send(to, lengths[order[i]], 3);
        drain(to);
    }
    for (size_t i = 0; i < n_runs; i++) {
        send(to, codes[runs[i].symbol], lengths[runs[i].symbol]);
        send(to, runs[i].extra, extra_bits[runs[i].symbol]);
        drain(to);
    }
}

/* ---- a block ---- */

typedef struct lengths_table {
    uint32_t code[256]; /* of a length - 3 with its extra bits, and above bit 24 how many */
} lengths_table;

static void make_table(const uint16_t *codes, const uint8_t *lengths, lengths_table *out)
{
    for (unsigned from = 0; from < 256; from++) {
        const unsigned code = psyi_length_code(from + 3);
        const unsigned extra = code < 8 || code == 28 ? 0 : (code >> 2) - 1;
        const unsigned n = lengths[257 + code];
        const unsigned rest = from & ((1u << extra) - 1);
        out->code[from] = codes[257 + code] | rest << n | (n + extra) << 24;
    }
}

void psyi_prefix_block(psyi_buffer *out, psyi_bits *bits, const uint32_t *tokens, size_t n_tokens,
                       const uint32_t lengths[PSYI_LITERALS],
                       const uint32_t distances[PSYI_DISTANCES])
{
    uint8_t literal_lengths[MOST_SYMBOLS], distance_lengths[32];
    uint16_t literal_codes[MOST_SYMBOLS], distance_codes[32];
    uint32_t weights[PSYI_LITERALS];
    memcpy(weights, lengths, sizeof weights);
    weights[END_OF_BLOCK] = 1;
    make_lengths(weights, PSYI_LITERALS, 15, literal_lengths);
    make_lengths(distances, PSYI_DISTANCES, 15, distance_lengths);
    make_codes(literal_lengths, PSYI_LITERALS, literal_codes);
    make_codes(distance_lengths, PSYI_DISTANCES, distance_codes);
    size_t n_literals = PSYI_LITERALS, n_distances = PSYI_DISTANCES;
    while (n_literals > 257 && literal_lengths[n_literals - 1] == 0)
        n_literals--;
    while (n_distances > 1 && distance_lengths[n_distances - 1] == 0)
        n_distances--;
    /* Exactly how much room: 5 and 13 are the most extra bits. */
    uint64_t room = 0;
    for (unsigned i = 0; i < PSYI_LITERALS; i++)
        room += (uint64_t)weights[i] * (literal_lengths[i] + (i > 256 ? 5u : 0u));
    for (unsigned i = 0; i < PSYI_DISTANCES; i++)
        room += (uint64_t)distances[i] * (distance_lengths[i] + 13u);
    if (!psyi_buffer_reserve(out, room / 8 + 1024))
        return;
    lengths_table table;
    make_table(literal_codes, literal_lengths, &table);
    sending to = {(unsigned char *)out->data + out->length, bits->held, bits->n};
    send_head(&to, literal_lengths, n_literals, distance_lengths, n_distances);
    for (size_t i = 0; i < n_tokens; i++) {
        const uint32_t token = tokens[i];
        if ((token & PSYI_TOKEN_MATCH) == 0) {
            send(&to, literal_codes[token], literal_lengths[token]);
        } else {
            const uint32_t length = table.code[token >> 16 & 255];
            send(&to, length & 0xFFFFFF, length >> 24);
            const unsigned distance = (token & 0xFFFF) + 1, code = psyi_distance_code(distance);
            const unsigned extra = code < 4 ? 0 : (code >> 1) - 1;
            send(&to, distance_codes[code], distance_lengths[code]);
            send(&to, (distance - 1) & ((1u << extra) - 1), extra);
        }
        drain(&to);
    }
    send(&to, literal_codes[END_OF_BLOCK], literal_lengths[END_OF_BLOCK]);
    drain(&to);
    out->length = (size_t)((char *)to.at - out->data);
    bits->held = to.held;
    bits->n = to.n;
}

void psyi_prefix_align(psyi_buffer *out, psyi_bits *bits)
{
    char block[8] = {0};
    /* Three bits say "stored, not the last"; then to the end of the byte. */
    const size_t n = bits->n + 3 > 8 ? 2 : 1;
    block[0] = (char)bits->held;
    memcpy(block + n, "\0\0\xFF\xFF", 4);
    psyi_buffer_add(out, block, n + 4);
    *bits = (psyi_bits){0};
}
