/* Building JSON when memory may end: a container that could not take a value becomes NULL, which
 * no container takes and json_pack refuses, so that a failure anywhere shows at the root. */
#ifndef PASO_BASE_JSON_H
#define PASO_BASE_JSON_H

#include <jansson.h>

/* Both take over `value`. `*to` may be NULL and stays so. */
void paso_json_set(json_t **to, const char *key, json_t *value);
void paso_json_append(json_t **to, json_t *value);

#endif
