/* plain_json.h -- picking numbers out of the JSON reference files of this folder. */
#ifndef PSYSCREEN_TEST_PLAIN_JSON_H
#define PSYSCREEN_TEST_PLAIN_JSON_H

/* A whole file of the project; to be freed with plain_json_free(). */
char *plain_json_read(const char *path_in_project);
void plain_json_free(char *text); /* NULL is fine */
/* The number at a path of names and indices, "complete_cases/agree/alpha_raw" or
 * "given/general/3"; fails the test where there is none. */
double plain_json_number(const char *text, const char *path);
/* Fails the test unless the value at a path is this word or number, letter by letter. */
void plain_json_is(const char *text, const char *path, const char *word);
/* Fails the test unless every number of the text has been asked for.  `leave`: patterns of
 * fnmatch() for paths that nobody need ask for, ending with NULL; each must match a number that
 * nobody asked for. */
void plain_json_all_read(const char *text, const char *const *leave);

#endif
