/* The compressor of rows: whatever it is told, what comes out unpacks to what went in. */
#include "test_support.h"

#include "report/members.h"
#include "report/package.h"
#include "report/squeeze.h"

#include <stdlib.h>
#include <string.h>

static uint64_t state_of_random = 1;

static uint32_t draw(uint32_t below)
{
    state_of_random = state_of_random * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((state_of_random >> 33) % below);
}

/* Unpacked by another library, which checks the length and the CRC. */
static void assert_unpacks(const psyi_buffer *packed, const char *bytes, size_t length)
{
    const psyi_member member = {.method = 8,
                                .crc = psyi_package_crc(0, bytes, length),
                                .packed_length = packed->length,
                                .length = length,
                                .packed = (const unsigned char *)packed->data};
    psyi_buffer back;
    psyi_buffer_init(&back, NULL);
    if (length > 1000u * packed->length) /* no member says so */
        return;
    assert_int_equal(psyi_member_unpack(&member, &back), PSY_OK);
    assert_int_equal(back.length, length);
    if (length > 0)
        assert_memory_equal(back.data, bytes, length);
    psyi_buffer_done(&back);
}

static void check_one(bool fast, const char *bytes, size_t length, const uint32_t *cuts,
                      size_t n_cuts)
{
    psyi_squeezer *const squeezer = psyi_squeezer_new(fast, NULL);
    psyi_buffer packed;
    psyi_buffer_init(&packed, NULL);
    psyi_squeeze(squeezer, bytes, length, cuts, n_cuts, &packed);
    psyi_squeeze_end(&packed);
    assert_unpacks(&packed, bytes, length);
    psyi_buffer_done(&packed);
    psyi_squeezer_free(squeezer);
}

static void check(const char *bytes, size_t length, const uint32_t *cuts, size_t n_cuts)
{
    check_one(false, bytes, length, cuts, n_cuts);
    check_one(true, bytes, length, cuts, n_cuts);
}

static void test_edges(void **state)
{
    (void)state;
    static char same[70000];
    static const uint32_t cuts[] = {0, 0, 1, 1, 2, 258, 259, 518, 1000, 65535, 69999, 70000, 90000};
    check("", 0, NULL, 0);
    check("a", 1, NULL, 0);
    check("abc", 3, cuts, 5);
    memset(same, 'x', sizeof same);
    for (size_t n = 1; n < 600; n++)
        check(same, n, NULL, 0);
    check(same, sizeof same, NULL, 0);
    check(same, sizeof same, cuts, sizeof cuts / sizeof *cuts);
}

/* Each byte once: codes of equal length; then bytes of ever rarer kinds, whose codes would
 * be longer than the format allows. */
static void test_code_lengths(void **state)
{
    (void)state;
    static char bytes[200000];
    for (size_t i = 0; i < 256; i++)
        bytes[i] = (char)i;
    check(bytes, 256, NULL, 0);
    size_t n = 0;
    for (uint32_t kind = 0, times = 1; n + times < sizeof bytes && kind < 26; kind++) {
        for (uint32_t i = 0; i < times; i++)
            bytes[n++] = (char)kind;
        times += times / 2 + 1;
    }
    for (size_t i = n; i-- > 1;) { /* shuffled: no matches */
        const size_t other = draw((uint32_t)i + 1);
        const char kept = bytes[i];
        bytes[i] = bytes[other];
        bytes[other] = kept;
    }
    check(bytes, n, NULL, 0);
}

static void test_random_bytes_and_random_cuts(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 300; round++) {
        const size_t length = draw(round % 10 == 0 ? 200000 : 5000);
        char *const bytes = malloc(length + 1);
        uint32_t *const cuts = malloc((length + 1) * sizeof *cuts);
        size_t n_cuts = 0;
        const uint32_t kinds = 1 + draw(round % 3 == 0 ? 256 : 4), step = 1 + draw(300);
        for (size_t i = 0; i < length; i++) {
            /* Some of it copied from before, as rows are. */
            bytes[i] = i > 100 && draw(20) != 0 ? bytes[i - 1 - draw(3) * 33] : (char)draw(kinds);
            if (draw(step) == 0)
                cuts[n_cuts++] = (uint32_t)i;
        }
        check(bytes, length, cuts, n_cuts);
        free(bytes);
        free(cuts);
    }
}

/* Rows as they are written, packed in chunks that are put together. */
static void pack_rows(bool fast)
{
    psyi_squeezer *const squeezer = psyi_squeezer_new(fast, NULL);
    psyi_buffer all, chunk, packed;
    uint32_t *const cuts = malloc(600000 * sizeof *cuts), crc = 0;
    psyi_buffer_init(&all, NULL);
    psyi_buffer_init(&chunk, NULL);
    psyi_buffer_init(&packed, NULL);
    for (unsigned row = 1; row <= 1500;) {
        size_t n_cuts = 0;
        psyi_buffer_clear(&chunk);
        for (unsigned end = row + 1 + draw(400); row < end && row <= 1500; row++) {
            psyi_buffer_format(&chunk, "<row r=\"%u\">", row);
            for (char column = 'A'; column <= 'Z'; column++) {
                psyi_buffer_format(&chunk, "<c s=\"13\" r=\"%c", column);
                cuts[n_cuts++] = (uint32_t)chunk.length;
                psyi_buffer_format(&chunk, "%u\"><v>", row);
                cuts[n_cuts++] = (uint32_t)chunk.length;
                psyi_buffer_format(&chunk, "%u", draw(column > 'T' ? 5000 : 7));
                cuts[n_cuts++] = (uint32_t)chunk.length;
                psyi_buffer_text(&chunk, "</v></c>");
            }
            psyi_buffer_text(&chunk, "</row>");
        }
        psyi_squeeze(squeezer, chunk.data, chunk.length, cuts, n_cuts, &packed);
        crc = psyi_crc32_join(crc, psyi_package_crc(0, chunk.data, chunk.length), chunk.length);
        psyi_buffer_add(&all, chunk.data, chunk.length);
    }
    psyi_squeeze_end(&packed);
    assert_int_equal(crc, psyi_package_crc(0, all.data, all.length));
    assert_unpacks(&packed, all.data, all.length);
    /* Not merely valid: the references alone would be a seventh. */
    assert_true(packed.length * 8 < all.length);
    psyi_buffer_done(&all);
    psyi_buffer_done(&chunk);
    psyi_buffer_done(&packed);
    psyi_squeezer_free(squeezer);
    free(cuts);
}

static void test_rows_in_chunks(void **state)
{
    (void)state;
    pack_rows(false);
    pack_rows(true);
}

static void test_checksums_join(void **state)
{
    (void)state;
    char bytes[3000];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)draw(256);
    for (size_t i = 0; i < sizeof bytes; i += i < 20 ? 1 : 97)
        assert_int_equal(psyi_crc32_join(psyi_package_crc(0, bytes, i),
                                         psyi_package_crc(0, bytes + i, sizeof bytes - i),
                                         sizeof bytes - i),
                         psyi_package_crc(0, bytes, sizeof bytes));
    assert_int_equal(psyi_crc32_join(psyi_package_crc(0, bytes, 9), 0, 0),
                     psyi_package_crc(0, bytes, 9));
}

/* ---- unpacked in pieces ---- */

typedef struct taken {
    psyi_buffer all;
    size_t n;
} taken;

static void take_piece(void *context, const char *bytes, size_t length)
{
    taken *const to = context;
    psyi_buffer_add(&to->all, bytes, length);
    to->n++;
}

/* How many pieces; they are the bytes. */
static size_t assert_pieces(const psyi_member *member, const char *bytes)
{
    taken to = {.n = 0};
    psyi_buffer room;
    psyi_buffer_init(&room, NULL);
    psyi_buffer_init(&to.all, NULL);
    assert_int_equal(psyi_member_pieces(member, &room, take_piece, &to), PSY_OK);
    assert_int_equal(to.all.length, member->length);
    assert_memory_equal(to.all.data, bytes, member->length);
    psyi_buffer_done(&room);
    psyi_buffer_done(&to.all);
    return to.n;
}

static void assert_no_pieces(psyi_member member, size_t packed_length, size_t length, uint32_t crc)
{
    taken to = {.n = 0};
    psyi_buffer room;
    psyi_buffer_init(&room, NULL);
    psyi_buffer_init(&to.all, NULL);
    member.packed_length = packed_length;
    member.length = length;
    member.crc = crc;
    assert_int_equal(psyi_member_pieces(&member, &room, take_piece, &to), PSY_E_DATA);
    psyi_buffer_done(&room);
    psyi_buffer_done(&to.all);
}

static psyi_member member_of(const psyi_buffer *packed, const char *bytes, size_t length)
{
    return (psyi_member){.method = 8,
                         .crc = psyi_package_crc(0, bytes, length),
                         .packed_length = packed->length,
                         .length = length,
                         .packed = (const unsigned char *)packed->data};
}

enum { PART = 300000, PARTS = 4 };

static char *random_text(size_t length)
{
    char *const text = malloc(length);
    for (size_t i = 0; i < length; i++)
        text[i] = (char)('a' + draw(6));
    return text;
}

static void test_pieces_are_unpacked_one_by_one(void **state)
{
    (void)state;
    char *const text = random_text(PART * PARTS);
    psyi_squeezer *const squeezer = psyi_squeezer_new(false, NULL);
    psyi_buffer packed;
    psyi_buffer_init(&packed, NULL);
    for (size_t i = 0; i < PARTS; i++)
        psyi_squeeze(squeezer, text + i * PART, PART, NULL, 0, &packed);
    psyi_squeeze_end(&packed);
    const psyi_member member = member_of(&packed, text, PART * PARTS);
    const size_t n = assert_pieces(&member, text); /* one, where zlib unpacks */
    assert_true(n == 1 || n == PARTS || n == PARTS + 1);
    assert_no_pieces(member, member.packed_length, member.length, member.crc ^ 1);
    assert_no_pieces(member, member.packed_length, member.length - 1, member.crc);
    assert_no_pieces(member, member.packed_length, member.length + 1, member.crc);
    for (size_t less = 1; less < packed.length; less += packed.length / 7)
        assert_no_pieces(member, packed.length - less, member.length, member.crc);
    psyi_buffer_done(&packed);
    psyi_squeezer_free(squeezer);
    free(text);
}

/* As one piece it is more than pieces are given room for. */
static void test_a_piece_may_be_large(void **state)
{
    (void)state;
    char *const text = random_text(PART * PARTS);
    psyi_squeezer *const squeezer = psyi_squeezer_new(false, NULL);
    psyi_buffer packed;
    psyi_buffer_init(&packed, NULL);
    psyi_squeeze(squeezer, text, PART * PARTS, NULL, 0, &packed);
    psyi_squeeze_end(&packed);
    const psyi_member member = member_of(&packed, text, PART * PARTS);
    assert_int_equal(assert_pieces(&member, text), 1);
    psyi_buffer_done(&packed);
    psyi_squeezer_free(squeezer);
    free(text);
}

/* Stored blocks (RFC 1951, 3.2.4) whose bytes look like the end of a piece. */
static void test_the_mark_may_stand_elsewhere(void **state)
{
    (void)state;
    enum { BLOCK = 50000 };
    char *const text = random_text(BLOCK * PARTS * 2);
    psyi_buffer packed;
    psyi_buffer_init(&packed, NULL);
    for (size_t i = 0; i < PARTS * 2; i++) {
        const bool last = i + 1 == PARTS * 2;
        const char head[] = {last, (char)(BLOCK & 255), (char)(BLOCK >> 8), (char)(~BLOCK & 255),
                             (char)(~BLOCK >> 8 & 255)};
        memcpy(text + i * BLOCK + BLOCK / 2, "\0\0\xFF\xFF", 4);
        psyi_buffer_add(&packed, head, sizeof head);
        psyi_buffer_add(&packed, text + i * BLOCK, BLOCK);
    }
    const psyi_member member = member_of(&packed, text, BLOCK * PARTS * 2);
    assert_int_equal(assert_pieces(&member, text), 1);
    psyi_buffer_done(&packed);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_edges),
        cmocka_unit_test(test_code_lengths),
        cmocka_unit_test(test_random_bytes_and_random_cuts),
        cmocka_unit_test(test_rows_in_chunks),
        cmocka_unit_test(test_checksums_join),
        cmocka_unit_test(test_pieces_are_unpacked_one_by_one),
        cmocka_unit_test(test_a_piece_may_be_large),
        cmocka_unit_test(test_the_mark_may_stand_elsewhere),
    };
    return cmocka_run_group_tests_name("squeeze", tests, NULL, NULL);
}
