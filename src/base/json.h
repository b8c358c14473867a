/* Building JSON when memory may end: a container that could not take a value becomes NULL, which
 * no container takes and json_pack refuses, so that a failure anywhere shows at the root. */
#ifndef PASO_BASE_JSON_H
#define PASO_BASE_JSON_H

#include <jansson.h>

/* Both take over `value`. `*to` may be NULL and stays so. */
void paso_json_set(json_t **to, const char *key, json_t *value);
void paso_json_append(json_t **to, json_t *value);
/* As json_dumps, which leaves out a key that found no memory and tells nobody. NULL for NULL, and
 * without memory. */
char *paso_json_write(const json_t *json, size_t flags);

#endif
