/*
 * test_markup.c -- tags and entities are taken away, and nothing that only looks like them.
 */
#include "test_support.h"

#include "base/markup.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *text, *left;
} cases[] = {
    {"好几天&nbsp;", "好几天 "},
    {"好几天<br>", "好几天"},
    {"<p>1、题干<br/></p>", "1、题干"},
    {"<span style=\"a\">b</span>", "b"},
    {"a &amp; b", "a & b"},
    {"&lt;3&gt;", "<3>"},
    {"<3 次", "<3 次"},
    {"a<b", "a<b"},
    {"a<b<i>c", "a<bc"},
    {"<", "<"},
    {"</", "</"},
    {"<br", "<br"},
    {"< br>", "< br>"},
    {"&nbsp", "&nbsp"},
    {"&", "&"},
    {"", ""},
};

static void texts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const size_t length = strlen(cases[i].text);
        char *const text = malloc(length + (length == 0)), out[100];
        assert_non_null(text);
        memcpy(text, cases[i].text, length); /* not a byte more is there to be read */
        const size_t n = psyi_without_markup(text, length, out);
        if (n != strlen(cases[i].left) || memcmp(out, cases[i].left, n) != 0)
            fail_msg("'%s': '%.*s'", cases[i].text, (int)n, out);
        free(text);
    }
    assert_true(psyi_has_markup("a<", 2) && psyi_has_markup("&", 1));
    assert_false(psyi_has_markup("a<", 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(texts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
