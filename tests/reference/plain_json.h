/* plain_json.h -- picking numbers out of the JSON reference files of this folder. */
#ifndef PSYSCREEN_TEST_PLAIN_JSON_H
#define PSYSCREEN_TEST_PLAIN_JSON_H

/* The number at a path of names and indices, "complete_cases/agree/alpha_raw" or
 * "given/general/3"; fails the test where there is none. */
double plain_json_number(const char *text, const char *path);

#endif
