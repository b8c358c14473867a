/* JSON that is whole or not there. */
#include "base/json.h"

static void keep(json_t **to, int failed) {
    if (!failed) return;
    json_decref(*to);
    *to = NULL;
}

/* Jansson refuses a value that is NULL, and frees one that it could not take. */
void paso_json_set(json_t **to, const char *key, json_t *value) {
    keep(to, json_object_set_new(*to, key, value));
}

void paso_json_append(json_t **to, json_t *value) {
    keep(to, json_array_append_new(*to, value));
}
