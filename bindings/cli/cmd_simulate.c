/* cmd_simulate.c -- psyscreen simulate --plan P --students N --schools K --seed S --out DIR */
#include "commands.h"
#include "exitcode.h"
#include "session.h"
#include "show.h"

static const command_help help = {
    "simulate", "psyscreen simulate --plan PLAN --students N --schools K --seed S --out DIR",
    "A plausible district that does not exist: roster.csv, responses_*, truth.csv (what was\n"
    "planted), plan.yaml and district.key in DIR.  The same seed gives the same files."};

int cmd_simulate(int argc, char **argv)
{
    session s = {0};
    const char *plan_name = NULL, *out = NULL;
    uint64_t students = 0, schools = 0, seed = 1;
    const option_spec specs[] = {
        {"plan", 'p', OPTION_TEXT, "PLAN", "path or id of a plan", &plan_name},
        {"students", 'n', OPTION_COUNT, "N", "how many students", &students},
        {"schools", 'k', OPTION_COUNT, "K", "how many schools", &schools},
        {"seed", 's', OPTION_COUNT, "S", "any whole number (default 1)", &seed},
        {"out", 'o', OPTION_TEXT, "DIR", "where the files go; made if it is not there", &out},
        SESSION_OPTIONS(s),
        {0}};
    psy_plan *plan = NULL;
    psy_error error = {0};
    int code = EXIT_DONE;
    const int first = options_parse(argc, argv, &help, specs, &code);

    if (first < 0)
        goto done;
    if (!plan_name || !out || !students || !schools || first < argc) {
        code = usage_error(&help, "--plan, --students, --schools and --out are needed%s",
                           first < argc ? ", and nothing else" : "");
        goto done;
    }
    if (schools > 100000 || students < schools) {
        code = usage_error(&help, "there must be at most 100000 schools and a student for each");
        goto done;
    }
    if ((code = session_open(&s)) != EXIT_DONE ||
        (code = session_plan(&s, plan_name, &plan)) != EXIT_DONE)
        goto done;
    if (psy_simulate(plan, students, (uint32_t)schools, seed, out, NULL, &error) != PSY_OK)
        code = session_fail(&error);
    else if (!s.quiet)
        printf("%llu student%s of %llu school%s (seed %llu) in %s\n", (unsigned long long)students,
               plural(students), (unsigned long long)schools, plural(schools),
               (unsigned long long)seed, out);
done:
    psy_plan_free(plan);
    session_close(&s);
    options_release(specs);
    return code;
}
