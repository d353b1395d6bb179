/*
 * plain_json.c -- see plain_json.h.  Reads files that R wrote; not a general parser.
 */
#include "plain_json.h"
#include "test_support.h"

#include <ctype.h>
#include <math.h>
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

double plain_json_number(const char *text, const char *path)
{
    const char *at = text;
    for (const char *name = path; *name != '\0';) {
        const size_t length = strcspn(name, "/");
        at = member(at, name, length);
        if (at == NULL)
            fail_msg("nothing at %s", path);
        name += length + (name[length] == '/');
    }
    if (strncmp(at, "null", 4) == 0)
        return NAN;
    char *end;
    const double value = strtod(at, &end);
    if (end == at)
        fail_msg("no number at %s", path);
    return value;
}
