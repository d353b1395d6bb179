/* test_tree.c -- positions, limits and refusals of the located tree. */
#include "definition_fixture.h"

#include "base/memory.h"
#include "definition/tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct parsed {
    psyi_arena arena;
    psyi_node *root;
    psy_error error;
    psy_status status;
} parsed;

static parsed parse(const char *text, size_t length)
{
    parsed p = {.root = PSY_UNTOUCHED};
    psyi_arena_init(&p.arena, NULL);
    p.status = psyi_tree_parse(&p.root, text, length, "t.yaml", &p.arena, &p.arena, &p.error);
    if (p.status != PSY_OK)
        psy_assert_untouched(p.root);
    return p;
}

/* ---- positions ---------------------------------------------------------------------------- */

static const struct {
    const char *name, *text, *key;
    unsigned line, column;
    const char *value;
    bool plain, exact;
} places[] = {
    {"plain", "a: b c\n", "a", 1, 4, "b c", true, true},
    {"double quotes: behind the quote", "a: \"b c\"\n", "a", 1, 5, "b c", false, true},
    {"single quotes", "a: 'b c'\n", "a", 1, 5, "b c", false, true},
    {"code points, not bytes", "量表: 总分\n", "量表", 1, 5, "总分", true, true},
    {"four-byte characters", "\xF0\x9F\x98\x80: x\n", "\xF0\x9F\x98\x80", 1, 4, "x", true, true},
    {"escapes are not exact", "a: \"b\\tc\"\n", "a", 1, 5, "b\tc", false, false},
    {"doubled quote is not exact", "a: 'b''c'\n", "a", 1, 5, "b'c", false, false},
    {"literal block of one line", "a: |\n   b c\n", "a", 2, 4, "b c\n", false, true},
    {"literal block of two lines", "a: |\n  b\n  c\n", "a", 2, 3, "b\nc\n", false, false},
    {"folded block behind a blank line", "a: >-\n\n  b\n  c\n", "a", 3, 3, "\nb c", false, false},
    {"plain over two lines", "a: b\n  c\n", "a", 1, 4, "b c", true, false},
    {"windows line ends", "x: 1\r\na: b\r\n", "a", 2, 4, "b", true, true},
    {"byte order mark",
     "\xEF\xBB\xBF"
     "a: b\n",
     "a", 1, 4, "b", true, true},
    {"null", "a: ~\n", "a", 1, 4, "~", true, true},
};

static void test_tree_places_values_as_editors_count(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        print_message("  %s\n", places[i].name);
        parsed p = parse(places[i].text, strlen(places[i].text));
        assert_int_equal(p.status, PSY_OK);
        const psyi_node *const node = psyi_node_get(p.root, places[i].key);
        assert_non_null(node);
        assert_string_equal(node->text, places[i].value);
        assert_int_equal(node->line, places[i].line);
        assert_int_equal(node->column, places[i].column);
        assert_int_equal(node->plain, places[i].plain);
        assert_int_equal(node->exact, places[i].exact);
        psyi_arena_done(&p.arena);
    }
}

static const struct {
    const char *name, *text, *word;
    unsigned line, column;
} words[] = {
    {"plain", "a: one two\n", "two", 1, 8},
    {"literal block", "a: |\n  one\n   two three\n", "three", 3, 8},
    {"folded block", "a: >-\n    one\n    two\n", "two", 3, 5},
    {"wide characters before", "a: |\n  分 分\n  two\n", "two", 3, 3},
    {"plain over two lines", "a: one\n    two\n", "two", 2, 5},
    {"quoted over two lines", "a: \"one\n  two\"\n", "two", 2, 3},
};

static void test_tree_finds_words_inside_folded_texts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        print_message("  %s\n", words[i].name);
        parsed p = parse(words[i].text, strlen(words[i].text));
        assert_int_equal(p.status, PSY_OK);
        const psyi_node *const node = psyi_node_get(p.root, "a");
        const char *const at = strstr(node->text, words[i].word);
        assert_non_null(at);
        const psy_location where =
            psyi_node_locate(node, words[i].text, strlen(words[i].text), "t.yaml",
                             (size_t)(at - node->text), strlen(words[i].word));
        assert_int_equal(where.line, words[i].line);
        assert_int_equal(where.column, words[i].column);
        assert_int_equal(where.length, strlen(words[i].word));
        psyi_arena_done(&p.arena);
    }
}

static void test_tree_points_at_the_whole_of_an_escaped_text(void **state)
{
    (void)state;
    static const char text[] = "a: \"one\\ttwo\"\n";
    parsed p = parse(text, sizeof text - 1);
    const psyi_node *const node = psyi_node_get(p.root, "a");
    const psy_location where = psyi_node_locate(node, text, sizeof text - 1, "t.yaml", 4, 3);
    assert_int_equal(where.column, 5);
    assert_int_equal(where.length, 8);
    psyi_arena_done(&p.arena);
}

/* ---- encodings ----------------------------------------------------------------------------- */

static const struct {
    const char *name, *bytes;
    size_t length;
    unsigned line, column;
    const char *message;
} encodings[] = {
    {"GBK", "a: b\nname: \xD7\xDC\xB7\xD6\n", 16, 2, 7,
     "this looks like GBK; save the file as UTF-8"},
    {"UTF-16, little end first",
     "\xFF\xFE"
     "a\0:\0",
     6, 1, 1, "this file is UTF-16: save the file as UTF-8"},
    {"UTF-16, big end first", "\xFE\xFF\0a\0:", 6, 1, 1,
     "this file is UTF-16: save the file as UTF-8"},
    {"neither", "a: \xFF\xFF", 5, 1, 4, "byte 0xFF is not UTF-8: save the file as UTF-8"},
    {"the two bytes that hang another parser", "%\xC3", 2, 1, 2,
     "byte 0xC3 is not UTF-8: save the file as UTF-8"},
    {"a bell", "a: \x07", 4, 1, 4,
     "the invisible character U+0007 does not belong here: delete it"},
    {"NUL", "a: \0b", 5, 1, 4, "the invisible character U+0000 does not belong here: delete it"},
};

static void test_tree_says_what_broken_bytes_look_like(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++) {
        print_message("  %s\n", encodings[i].name);
        parsed p = parse(encodings[i].bytes, encodings[i].length);
        assert_int_equal(p.status, PSY_E_SYNTAX);
        assert_string_equal(p.error.message, encodings[i].message);
        assert_int_equal(p.error.where.line, encodings[i].line);
        assert_int_equal(p.error.where.column, encodings[i].column);
        psyi_arena_done(&p.arena);
    }
}

/* ---- limits -------------------------------------------------------------------------------- */

static char *repeat(const char *piece, size_t n, size_t *length)
{
    const size_t size = strlen(piece);
    char *const text = malloc(n * size + 1);
    assert_non_null(text);
    for (size_t i = 0; i < n; i++)
        memcpy(text + i * size, piece, size);
    text[n * size] = '\0';
    *length = n * size;
    return text;
}

static void test_tree_limits_size(void **state)
{
    (void)state;
    size_t length = 0;
    char *const text = repeat("# comment comment comment comment\n", 40000, &length);
    parsed p = parse(text, length);
    assert_int_equal(p.status, PSY_E_LIMIT);
    free(text);
}

static void test_tree_limits_depth_quickly(void **state)
{
    (void)state;
    size_t length = 0;
    char *const text = repeat("[", 200000, &length);
    const clock_t start = clock();
    parsed p = parse(text, length);
    assert_int_equal(p.status, PSY_E_LIMIT);
    assert_int_equal(p.error.where.line, 1);
    assert_int_equal(p.error.where.column, 65);
    /* libyaml alone would need many seconds. */
    assert_true((double)(clock() - start) / CLOCKS_PER_SEC < 2);
    psyi_arena_done(&p.arena);
    free(text);
}

static void test_tree_accepts_64_levels(void **state)
{
    (void)state;
    char text[200];
    memset(text, '[', 64);
    memset(text + 64, ']', 64);
    parsed p = parse(text, 128);
    assert_int_equal(p.status, PSY_OK);
    psyi_arena_done(&p.arena);
}

static void test_tree_limits_nodes(void **state)
{
    (void)state;
    size_t length = 0;
    char *const few = repeat("- a\n", 19999, &length); /* the list itself is the 20,000th */
    parsed p = parse(few, length);
    assert_int_equal(p.status, PSY_OK);
    assert_int_equal(p.root->n, 19999);
    psyi_arena_done(&p.arena);
    free(few);
    char *const many = repeat("- a\n", 20000, &length);
    p = parse(many, length);
    assert_int_equal(p.status, PSY_E_LIMIT);
    assert_int_equal(p.error.where.line, 20000);
    psyi_arena_done(&p.arena);
    free(many);
}

static void test_tree_finds_the_first_repeated_key_of_many(void **state)
{
    (void)state;
    char text[9000];
    size_t length = 0;
    for (int i = 0; i < 900; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, "k%d: 1\n",
                                   i == 500 || i == 700 ? 3 : i);
    parsed p = parse(text, length);
    assert_int_equal(p.status, PSY_E_SCHEMA);
    assert_string_equal(p.error.message, "duplicate key 'k3'");
    assert_int_equal(p.error.where.line, 501);
    psyi_arena_done(&p.arena);
}

static void test_definition_kind_reads_the_format_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *kind;
    } rows[] = {
        {"format: psyscreen/plan/1\n", "plan"},
        {"# note\nid: x\nformat: \"psyscreen/norms/1\"\n", "norms"},
        {"\xEF\xBB\xBF"
         "format: psyscreen/instrument/2\r\n",
         "instrument"},
        {"  format: psyscreen/plan/1\n", NULL},
        {"format: other/plan/1\n", NULL},
        {"format: psyscreen/planet/1\n", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *const kind = psyi_definition_kind(rows[i].text, strlen(rows[i].text));
        if (rows[i].kind == NULL)
            assert_null(kind);
        else
            assert_string_equal(kind, rows[i].kind);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tree_places_values_as_editors_count),
        cmocka_unit_test(test_tree_finds_words_inside_folded_texts),
        cmocka_unit_test(test_tree_points_at_the_whole_of_an_escaped_text),
        cmocka_unit_test(test_tree_says_what_broken_bytes_look_like),
        cmocka_unit_test(test_tree_limits_size),
        cmocka_unit_test(test_tree_limits_depth_quickly),
        cmocka_unit_test(test_tree_accepts_64_levels),
        cmocka_unit_test(test_tree_limits_nodes),
        cmocka_unit_test(test_tree_finds_the_first_repeated_key_of_many),
        cmocka_unit_test(test_definition_kind_reads_the_format_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
