/*
 * squeeze.c -- deflate for the rows of sheets, told where they repeat.
 *
 * The pieces between cuts are looked up whole: one hash and one comparison instead of a walk
 * along a chain.  What is new is searched by its first four bytes, within its piece.
 *
 * Layout that matters: positions are kept in tables that fit the second cache; matches of three
 * to five bytes are taken only from nearby, because a far one costs more bits than its bytes;
 * and pieces that are known do not begin or end but at a cut, which would leave the next one
 * without its place in the table.  A value that is new is searched together with what follows
 * it up to the next column: alone, its digits were literals and what follows a match of its own
 * (1 % of the sheet).  Looking at eight places instead of two is another 2.5 %, in a third more
 * time.  Tried, and no smaller: a cell as one piece, from its digits to the next column's last
 * letter, which is what zlib finds most often.
 */
#include "report/squeeze.h"

#include "report/prefix_code.h"

#include <string.h>

#define WINDOW      32768u
#define LONGEST     258u
#define PIECE_BITS  15
#define FOUR_BITS   13
#define VALUE       6u  /* a value is shorter */
#define LAZY        16u /* a match so long is not improved upon, */
#define GOOD        64u /* and after one so long no other place is looked at */
#define DEPTH       8u  /* 16 places pack 0.5 % smaller, in a fifth more time */
#define FAST_DEPTH  2u
#define MOST_TOKENS 16384u

struct psyi_squeezer {
    const psy_allocator *allocator;
    bool fast;
    unsigned depth; /* how many places of four bytes are looked at */
    uint32_t base;  /* positions of this call begin after it; what is not above it is forgotten */
    uint32_t piece[(size_t)1 << PIECE_BITS]; /* position + 1 of the last piece with this hash */
    uint32_t four[(size_t)1 << FOUR_BITS];   /* the last place of four bytes, */
    uint32_t before[WINDOW];                 /* and the one before a place */
    uint32_t tokens[MOST_TOKENS];
    size_t n_tokens;
    uint32_t lengths[PSYI_LITERALS], distances[PSYI_DISTANCES]; /* how often */
    psyi_bits bits;
    psyi_buffer *out;
};

psyi_squeezer *psyi_squeezer_new(bool fast, const psy_allocator *allocator)
{
    psyi_squeezer *const squeezer = psyi_alloc(allocator, 1, sizeof *squeezer);
    if (squeezer == NULL)
        return NULL;
    squeezer->allocator = allocator;
    squeezer->fast = fast;
    squeezer->depth = fast ? FAST_DEPTH : DEPTH;
    return squeezer;
}

void psyi_squeezer_free(psyi_squeezer *squeezer)
{
    if (squeezer != NULL)
        psyi_free(squeezer->allocator, squeezer);
}

/* ---- tokens ---- */

static void flush(psyi_squeezer *s)
{
    if (s->n_tokens == 0)
        return;
    psyi_prefix_block(s->out, &s->bits, s->tokens, s->n_tokens, s->lengths, s->distances);
    s->n_tokens = 0;
    memset(s->lengths, 0, sizeof s->lengths);
    memset(s->distances, 0, sizeof s->distances);
}

static inline void add_byte(psyi_squeezer *s, unsigned char byte)
{
    s->tokens[s->n_tokens++] = byte;
    s->lengths[byte]++;
    if (s->n_tokens == MOST_TOKENS)
        flush(s);
}

static inline void add_match(psyi_squeezer *s, uint32_t length, uint32_t distance)
{
    s->tokens[s->n_tokens++] = PSYI_TOKEN_MATCH | (length - 3) << 16 | (distance - 1);
    s->lengths[257 + psyi_length_code(length)]++;
    s->distances[psyi_distance_code(distance)]++;
    if (s->n_tokens == MOST_TOKENS)
        flush(s);
}

static void add_long_match(psyi_squeezer *s, uint32_t length, uint32_t distance)
{
    while (length > LONGEST) {
        /* What is left must be a match too. */
        const uint32_t part = length - LONGEST < 3 ? LONGEST - 3 : LONGEST;
        add_match(s, part, distance);
        length -= part;
    }
    add_match(s, length, distance);
}

/* ---- finding ---- */

static inline uint32_t load4(const char *at)
{
    uint32_t value;
    memcpy(&value, at, 4);
    return value;
}

static inline uint64_t load8(const char *at)
{
    uint64_t value;
    memcpy(&value, at, 8);
    return value;
}

static inline uint32_t hash_four(uint32_t value)
{
    return value * 0x9E3779B1u >> (32 - FOUR_BITS);
}

/* Bytes in words of eight, the last of which may overlap the one before. */
static inline uint32_t hash_piece(const char *at, size_t length)
{
    uint64_t hash = length * 0x9E3779B97F4A7C15u;
    if (length >= 8) {
        const char *const last = at + length - 8;
        for (; at < last; at += 8) {
            hash = (hash ^ load8(at)) * 0xD6E8FEB86659FD93u;
            hash ^= hash >> 32;
        }
        hash = (hash ^ load8(last)) * 0xD6E8FEB86659FD93u;
    } else if (length >= 4) {
        hash = (hash ^ load4(at) ^ (uint64_t)load4(at + length - 4) << 32) * 0xD6E8FEB86659FD93u;
    } else {
        uint32_t rest = 0;
        for (size_t i = 0; i < length; i++)
            rest = rest << 8 | (unsigned char)at[i];
        hash = (hash ^ rest) * 0xD6E8FEB86659FD93u;
    }
    return (uint32_t)(hash >> (64 - PIECE_BITS));
}

static inline bool same(const char *a, const char *b, size_t length)
{
    if (length < 8)
        return length >= 4 ? load4(a) == load4(b) && load4(a + length - 4) == load4(b + length - 4)
                           : memcmp(a, b, length) == 0;
    const char *const last = a + length - 8;
    const uint64_t differ = load8(last) ^ load8(b + length - 8);
    for (; differ == 0 && a < last; a += 8, b += 8)
        if (load8(a) != load8(b))
            return false;
    return differ == 0;
}

static inline uint32_t common(const char *a, const char *b, uint32_t most)
{
    uint32_t n = 0;
    while (n + 8 <= most) {
        const uint64_t differ = load8(a + n) ^ load8(b + n);
        if (differ != 0)
            return n + (uint32_t)(__builtin_ctzll(differ) >> 3);
        n += 8;
    }
    while (n < most && a[n] == b[n])
        n++;
    return n;
}

/* Are the bits of this match fewer than those of its bytes? */
static inline bool pays(uint32_t length, uint32_t distance)
{
    return length > 5 || (length == 5 && distance <= 4096) || (length == 4 && distance <= 512) ||
           (length == 3 && distance <= 64);
}

typedef struct found {
    uint32_t length, distance;
} found;

static inline void know_four(psyi_squeezer *s, const char *bytes, uint32_t at)
{
    uint32_t *const last = &s->four[hash_four(load4(bytes + at))];
    const uint32_t here = s->base + at + 1;
    s->before[here % WINDOW] = *last;
    *last = here;
}

/* The longest match of the last few places of these four bytes. */
static inline found find_four(psyi_squeezer *s, const char *bytes, uint32_t at, uint32_t most)
{
    const uint32_t here = s->base + at + 1;
    uint32_t *const last = &s->four[hash_four(load4(bytes + at))];
    uint32_t stored = *last;
    found best = {0, 0};
    s->before[here % WINDOW] = stored;
    *last = here;
    for (unsigned left = s->depth;
         left > 0 && stored > s->base && here - stored < WINDOW && stored < here; left--) {
        const uint32_t known = stored - s->base - 1;
        if (best.length == 0 ||
            (best.length < most && bytes[known + best.length] == bytes[at + best.length])) {
            const uint32_t n = common(bytes + known, bytes + at, most);
            if (n > best.length && pays(n, at - known)) {
                best = (found){n, at - known};
                if (n >= GOOD)
                    break;
            }
        }
        const uint32_t next = s->before[stored % WINDOW];
        if (next >= stored)
            break;
        stored = next;
    }
    return best;
}

/* A piece that is new: four bytes at a time, within it. */
static void search(psyi_squeezer *s, const char *bytes, uint32_t from, uint32_t to, uint32_t end)
{
    uint32_t at = from;
    found now = {0, 0};
    while (at < to) {
        if (at + 5 > end) {
            add_byte(s, (unsigned char)bytes[at++]);
            continue;
        }
        if (now.length == 0)
            now = find_four(s, bytes, at, to - at < LONGEST ? to - at : LONGEST);
        if (now.length == 0) {
            add_byte(s, (unsigned char)bytes[at++]);
            continue;
        }
        /* A longer one may begin at the next byte. */
        if (now.length < LAZY && at + 1 < to) {
            const found next =
                find_four(s, bytes, at + 1, to - at - 1 < LONGEST ? to - at - 1 : LONGEST);
            if (next.length > now.length) {
                add_byte(s, (unsigned char)bytes[at++]);
                now = next;
                continue;
            }
        }
        add_match(s, now.length, now.distance);
        const uint32_t after = at + now.length;
        for (uint32_t i = at + 2; i < after && i + 4 <= end; i++)
            know_four(s, bytes, i);
        at = after;
        now = (found){0, 0};
    }
}

/* Where this piece was last, or 0 (its own position + 1 takes the place). */
static inline uint32_t find_piece(psyi_squeezer *s, const char *bytes, uint32_t from, uint32_t to)
{
    uint32_t *const entry = &s->piece[hash_piece(bytes + from, to - from)];
    const uint32_t stored = *entry;
    *entry = s->base + from + 1;
    if (stored <= s->base)
        return 0;
    const uint32_t known = stored - s->base;
    /* (known is this very place where two pieces that begin here share an entry.) */
    if (known > from || from + 1 - known > WINDOW ||
        !same(bytes + known - 1, bytes + from, to - from))
        return 0;
    return known;
}

void psyi_squeeze(psyi_squeezer *s, const char *bytes, size_t length, const uint32_t *cuts,
                  size_t n_cuts, psyi_buffer *out)
{
    s->out = out;
    const uint32_t end = (uint32_t)length;
    if (s->base > UINT32_MAX - end - 2) {
        memset(s->piece, 0, sizeof s->piece);
        memset(s->four, 0, sizeof s->four);
        s->base = 0;
    }
    uint32_t at = 0;
    size_t next = 0;
    while (at < end) {
        while (next < n_cuts && cuts[next] <= at)
            next++;
        uint32_t to = next < n_cuts && cuts[next] < end ? cuts[next] : end;
        /* A value goes with what follows it.  (Not so the digits of a row with its value: both are
         * near, and together are far, which packs 5 % larger.) */
        const uint32_t far = next + 1 < n_cuts && cuts[next + 1] < end ? cuts[next + 1] : to;
        uint32_t known = 0;
        if (to - at < VALUE && s->fast) {
            while (at < to)
                add_byte(s, (unsigned char)bytes[at++]);
            continue;
        }
        if (to - at < VALUE && far - at >= 3 && far - at <= LONGEST) {
            known = find_piece(s, bytes, at, far);
            to = far;
        } else if (to - at >= 3)
            known = find_piece(s, bytes, at, to);
        if (known != 0 && pays(to - at, at + 1 - known))
            add_long_match(s, to - at, at + 1 - known);
        else
            search(s, bytes, at, to, end);
        at = to;
    }
    flush(s);
    psyi_prefix_align(out, &s->bits);
    s->base += end + 1;
}

void psyi_squeeze_end(psyi_buffer *out)
{
    /* A final block of fixed codes that holds only its end. */
    psyi_buffer_add(out, "\x03\x00", 2);
}

/* ---- checksums ---- */

/* Multiplication by x^8 for each byte of B is a linear map over GF(2); the map of 2^k bytes is
 * that of 2^(k-1) twice. */
static uint32_t apply(const uint32_t map[32], uint32_t vector)
{
    uint32_t sum = 0;
    for (unsigned i = 0; vector != 0; i++, vector >>= 1)
        sum ^= (vector & 1) != 0 ? map[i] : 0;
    return sum;
}

static void square(const uint32_t map[32], uint32_t out[32])
{
    for (unsigned i = 0; i < 32; i++)
        out[i] = apply(map, map[i]);
}

uint32_t psyi_crc32_join(uint32_t a, uint32_t b, uint64_t length_b)
{
    uint32_t map[32], next[32];
    map[0] = 0xEDB88320u; /* one zero bit */
    for (unsigned i = 1; i < 32; i++)
        map[i] = 1u << (i - 1);
    for (unsigned k = 0; k < 3; k++) { /* eight */
        square(map, next);
        memcpy(map, next, sizeof map);
    }
    for (; length_b != 0; length_b >>= 1) {
        if ((length_b & 1) != 0)
            a = apply(map, a);
        square(map, next);
        memcpy(map, next, sizeof map);
    }
    return a ^ b;
}
