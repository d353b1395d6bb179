/* cmd_key.c -- psyscreen key: make the key of the pseudonyms, or say which one a file holds. */
#include "commands.h"
#include "exitcode.h"
#include "session.h"
#include "show.h"

#include <psyscreen/keys.h>

#include <string.h>

static const command_help help = {
    "key", "psyscreen key new FILE\n       psyscreen key show FILE",
    "new:  make a key of 32 random bytes in a new file that you alone may read; a file that\n"
    "      is there is never overwritten.  Name it in the plan: identity: {output: pseudonym,\n"
    "      key_file: FILE}.  Whoever has it can lead every pseudonym back to a child; whoever\n"
    "      loses it can lead none back.  Keep a copy apart from the results.\n"
    "show: print the fingerprint of a key, by which two people know that they hold the same\n"
    "      one.  The key itself is never printed."};

static int show_fingerprint(const char *file)
{
    char fingerprint[PSY_KEY_FINGERPRINT];
    int exposed = 0;
    psy_error error = {0};

    if (psy_key_fingerprint(file, fingerprint, &exposed, &error) != PSY_OK)
        return session_fail(&error);
    printf("%s  %s\n", fingerprint, file);
    if (exposed)
        fprintf(stderr, "psyscreen: others than its owner may read '%s': chmod 600\n", file);
    return finish_stdout() ? EXIT_DONE : EXIT_OUTPUT;
}

static int make_key(const char *file)
{
    char fingerprint[PSY_KEY_FINGERPRINT];
    psy_error error = {0};

    if (psy_key_new(file, fingerprint, &error) != PSY_OK)
        return session_fail(&error);
    printf("%s  %s\n", fingerprint, file);
    return finish_stdout() ? EXIT_DONE : EXIT_OUTPUT;
}

int cmd_key(int argc, char **argv)
{
    const option_spec specs[] = {{0}};
    int code = EXIT_DONE;
    const int first = options_parse(argc, argv, &help, specs, &code);

    if (first < 0)
        return code;
    if (argc - first != 2)
        return usage_error(&help, "say new or show, and one file");
    if (strcmp(argv[first], "new") == 0)
        return make_key(argv[first + 1]);
    if (strcmp(argv[first], "show") == 0)
        return show_fingerprint(argv[first + 1]);
    return usage_error(&help, "there is no 'key %s': new or show", argv[first]);
}
