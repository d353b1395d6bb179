/* cmd_dossier.c -- psyscreen dossier --plan PLAN --student ID --out FILE DIR... */
#include "commands.h"
#include "exitcode.h"
#include "session.h"
#include "show.h"

static const command_help help = {
    "dossier",
    "psyscreen dossier --plan PLAN --student ID --out FILE.xlsx [--entries LEDGER.csv]... DIR...",
    "The dossier of one student from the results of one or more waves: the scores, the history\n"
    "of tiers, what changed, contacts that were collected from ledgers, and tables for\n"
    "interviews, support, referral and transfer.  ID is the student as scores.csv prints it or,\n"
    "with the plan's key, the student number."};

int cmd_dossier(int argc, char **argv)
{
    session s = {0};
    const char *path = NULL, *student = NULL, *out = NULL, *school = NULL, *passwords = NULL;
    const char *new_passwords = NULL, *tmpdir = NULL;
    text_list entries = {0};
    const option_spec specs[] = {
        {"plan", 'p', OPTION_TEXT, "PLAN", "path or id of a plan: words, tiers, key, change",
         &path},
        {"student", 's', OPTION_TEXT, "ID", "whose dossier", &student},
        {"school", 0, OPTION_TEXT, "CODE", "where several schools have this id", &school},
        {"out", 'o', OPTION_TEXT, "FILE.xlsx", "the workbook, which must not be there yet", &out},
        {"entries", 0, OPTION_LIST, "FILE",
         "what collect --out wrote: contacts of the student; may be given again", &entries},
        PASSWORD_OPTIONS(passwords, new_passwords, tmpdir),
        SESSION_OPTIONS(s),
        {0}};
    psy_plan *plan = NULL;
    psy_error error = {0};
    size_t waves = 0;
    int code = EXIT_DONE;
    const int first = options_parse(argc, argv, &help, specs, &code);

    if (first < 0)
        goto done;
    if (!path || !student || !out || first >= argc) {
        code = usage_error(&help, "give --plan, --student, --out and a directory of results");
        goto done;
    }
    if ((code = session_open(&s)) != EXIT_DONE ||
        (code = session_plan(&s, path, &plan)) != EXIT_DONE)
        goto done;
    const psy_dossier_options options = {.version = PSY_DOSSIER_OPTIONS_VERSION,
                                         .school = school,
                                         .passwords = passwords,
                                         .new_passwords = new_passwords,
                                         .tmpdir = tmpdir,
                                         .entries = entries.texts,
                                         .n_entries = entries.n};
    if (psy_dossier_write(plan, student, (const char *const *)argv + first, (size_t)(argc - first),
                          out, &options, &waves, &error) != PSY_OK)
        code = session_fail(&error);
    else if (!s.quiet)
        printf("%s: the student stands in %zu of %d results\n", out, waves, argc - first);
    if (code == EXIT_DONE && !finish_stdout())
        code = EXIT_OUTPUT;
done:
    psy_plan_free(plan);
    session_close(&s);
    options_release(specs);
    return code;
}
