/* cmd_list.c -- psyscreen list [WORD...] */
#include "commands.h"
#include "exitcode.h"
#include "session.h"
#include "show.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const command_help help = {
    "list", "psyscreen list [OPTIONS] [WORD...]",
    "One line an instrument of the catalogue: id, edition, items, scales, name, topics,\n"
    "licence, who answers (self, parent, teacher), grades or ages with their school stages\n"
    "(primary, junior, senior, tertiary).  With words only the lines that hold them all\n"
    "(ASCII letters in any case), in English or Chinese: psyscreen list depression junior self."};

typedef struct line {
    char *text; /* NULL before anything was written */
    size_t length;
} line;

static int line_write(void *context, const void *bytes, size_t size)
{
    line *l = context;
    char *grown = realloc(l->text, l->length + size + 1);

    if (!grown)
        return -1;
    l->text = grown;
    memcpy(l->text + l->length, bytes, size);
    l->length += size;
    l->text[l->length] = '\0';
    return 0;
}

static bool holds(const line *l, const char *word)
{
    return l->text && strcasestr(l->text, word);
}

int cmd_list(int argc, char **argv)
{
    session s = {0};
    const char *language = "en";
    bool plans = false;
    const option_spec specs[] = {
        {"plans", 0, OPTION_FLAG, NULL, "list the plans instead: id and path", &plans},
        {"language", 'l', OPTION_TEXT, "en|zh", "language of names", &language},
        SESSION_OPTIONS(s),
        {0}};
    psy_error error = {0};
    int code = EXIT_DONE;
    size_t shown = 0;
    line l = {0}, other = {0};
    const psy_sink sink = {line_write, &l}, other_sink = {line_write, &other};
    const int first = options_parse(argc, argv, &help, specs, &code);

    if (first < 0 || (code = session_open(&s)) != EXIT_DONE)
        goto done;
    for (size_t i = 0; plans && i < psy_catalog_plan_count(s.catalog); i++) {
        const char *id = psy_catalog_plan_id(s.catalog, i);
        printf("%s\t%s\n", id, psy_catalog_plan_path(s.catalog, id));
    }
    for (size_t i = 0; !plans && i < psy_catalog_count(s.catalog); i++) {
        const psy_instrument *instrument = psy_catalog_get(s.catalog, i);
        bool wanted = true;

        l.length = other.length = 0;
        if (psy_instrument_summary(instrument, language, &sink, &error) != PSY_OK ||
            (first < argc &&
             psy_instrument_summary(instrument, strcmp(language, "zh") == 0 ? "en" : "zh",
                                    &other_sink, &error) != PSY_OK)) {
            code = session_fail(&error);
            goto done;
        }
        for (int word = first; word < argc; word++)
            wanted = wanted && (holds(&l, argv[word]) || holds(&other, argv[word]));
        if (!wanted)
            continue;
        shown++;
        if (s.json)
            printf("{\"id\":\"%s\",\"edition\":\"%s\",\"items\":%zu,\"scales\":%zu,"
                   "\"fingerprint\":\"%s\"}\n",
                   psy_instrument_id(instrument), psy_instrument_edition(instrument),
                   psy_instrument_item_count(instrument), psy_instrument_scale_count(instrument),
                   psy_instrument_fingerprint(instrument));
        else
            printf("%s%s", l.text, l.length && l.text[l.length - 1] == '\n' ? "" : "\n");
    }
    if (!plans && shown == 0 && first < argc && !s.quiet)
        fprintf(stderr, "psyscreen: no instrument has %s in its line, in English or Chinese\n",
                argc - first > 1 ? "all these words" : "this word");
    if (!finish_stdout())
        code = EXIT_OUTPUT;
done:
    free(l.text);
    free(other.text);
    session_close(&s);
    options_release(specs);
    return code;
}
