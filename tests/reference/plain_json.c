/*
 * plain_json.c -- see plain_json.h.  Reads files that R wrote; not a general parser.
 */
#include "plain_json.h"
#include "test_support.h"

#include <ctype.h>
#include <fnmatch.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *blanks(const char *at)
{
    while (isspace((unsigned char)*at))
        at++;
    return at;
}

static const char *skip_string(const char *at)
{
    for (at++; *at != '"'; at++)
        assert_true(*at != '\0' && *at != '\\');
    return at + 1;
}

static const char *skip_value(const char *at)
{
    at = blanks(at);
    if (*at == '"')
        return skip_string(at);
    if (*at != '{' && *at != '[')
        return at + strcspn(at, ",]} \n");
    int depth = 0;
    do {
        if (*at == '"') {
            at = skip_string(at);
            continue;
        }
        assert_true(*at != '\0');
        depth += *at == '{' || *at == '[';
        depth -= *at == '}' || *at == ']';
        at++;
    } while (depth > 0);
    return at;
}

/* The value of one name or index inside the value at `at`, or NULL. */
static const char *member(const char *at, const char *name, size_t length)
{
    const bool object = *(at = blanks(at)) == '{';
    assert_true(object || *at == '[');
    const unsigned long wanted = object ? 0 : strtoul(name, NULL, 10);
    for (unsigned long index = 0;; index++) {
        at = blanks(at + 1);
        if (*at == '}' || *at == ']')
            return NULL;
        bool found = index == wanted;
        if (object) {
            const char *const end = skip_string(at);
            found = (size_t)(end - at) == length + 2 && strncmp(at + 1, name, length) == 0;
            at = blanks(end);
            assert_int_equal(*at, ':');
            at++;
        }
        if (found)
            return blanks(at);
        at = blanks(skip_value(at));
        if (*at != ',')
            return NULL;
    }
}

/* Where numbers have been asked for, in the texts of this program: they are few, and read by
 * one thread. */
static struct read_text {
    const char *text;
    unsigned char *seen; /* [offset in text] */
} texts[8];

static unsigned char *seen_of(const char *text)
{
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (texts[i].text == NULL) {
            texts[i].text = text;
            texts[i].seen = calloc(strlen(text) + 1, 1);
            assert_non_null(texts[i].seen);
        }
        if (texts[i].text == text)
            return texts[i].seen;
    }
    fail_msg("more texts than places");
    return NULL;
}

char *plain_json_read(const char *path_in_project)
{
    return psy_test_read_file(psy_test_source(path_in_project), NULL);
}

void plain_json_free(char *text)
{
    for (size_t i = 0; text != NULL && i < sizeof texts / sizeof *texts; i++)
        if (texts[i].text == text) {
            free(texts[i].seen);
            texts[i] = (struct read_text){0};
        }
    free(text);
}

static const char *value_at(const char *text, const char *path)
{
    const char *at = text;
    for (const char *name = path; *name != '\0';) {
        const size_t length = strcspn(name, "/");
        at = member(at, name, length);
        if (at == NULL)
            fail_msg("nothing at %s", path);
        name += length + (name[length] == '/');
    }
    seen_of(text)[at - text] = 1;
    return at;
}

void plain_json_is(const char *text, const char *path, const char *word)
{
    const char *const at = value_at(text, path);
    const size_t length = (size_t)(skip_value(at) - at);
    if (length != strlen(word) || strncmp(at, word, length) != 0)
        fail_msg("%s is %.*s, expected %s", path, (int)length, at, word);
}

double plain_json_number(const char *text, const char *path)
{
    const char *const at = value_at(text, path);
    if (strncmp(at, "null", 4) == 0)
        return NAN;
    char *end;
    const double value = strtod(at, &end);
    if (end == at)
        fail_msg("no number at %s", path);
    return value;
}

typedef struct leaf_walk {
    const char *text;
    const unsigned char *seen;
    const char *const *leave;
    bool matched[40];
    size_t n_unread;
    char path[400];
} leaf_walk;

static void check_leaf(leaf_walk *walk, const char *at)
{
    if (*at == '"' || walk->seen[at - walk->text])
        return;
    bool left = false;
    for (size_t i = 0; walk->leave != NULL && walk->leave[i] != NULL; i++)
        if (fnmatch(walk->leave[i], walk->path, 0) == 0)
            left = walk->matched[i] = true;
    if (!left)
        print_message("nobody asked for %s\n", walk->path);
    walk->n_unread += !left;
}

static void check_value(leaf_walk *walk, const char *at, size_t length)
{
    at = blanks(at);
    if (*at != '{' && *at != '[') {
        check_leaf(walk, at);
        return;
    }
    const bool object = *at == '{';
    for (unsigned long index = 0;; index++) {
        at = blanks(at + 1);
        if (*at == '}' || *at == ']')
            return;
        char *const name = walk->path + length;
        const size_t room = sizeof walk->path - length;
        int n = snprintf(name, room, "%s%lu", length > 0 ? "/" : "", index);
        if (object) {
            const char *const end = skip_string(at);
            n = snprintf(name, room, "%s%.*s", length > 0 ? "/" : "", (int)(end - at - 2), at + 1);
            at = blanks(end) + 1;
        }
        assert_true(n > 0 && (size_t)n < room);
        check_value(walk, at, length + (size_t)n);
        at = blanks(skip_value(at));
        if (*at != ',')
            return;
    }
}

void plain_json_all_read(const char *text, const char *const *leave)
{
    leaf_walk walk = {.text = text, .seen = seen_of(text), .leave = leave};
    check_value(&walk, text, 0);
    assert_int_equal(walk.n_unread, 0);
    for (size_t i = 0; leave != NULL && leave[i] != NULL; i++)
        if (!walk.matched[i])
            fail_msg("nothing is left by %s", leave[i]);
}
