/* JSON of strangers, read strictly: keys once, few levels, only known keys. And replies of JSON. */
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "serve/serve_internal.h"

enum { MAX_DEPTH = 16 };

paso_status paso_random_hex(char text[33]) {
    unsigned char bytes[16];
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes) return PASO_ERR_IO;
    for (size_t i = 0; i < sizeof bytes; i++) snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    return PASO_OK;
}

/* Levels of brackets outside texts: the reader itself would follow 2048 of them. */
static bool is_deep(const char *text, size_t n) {
    int depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < n && depth <= MAX_DEPTH; i++) {
        if (quoted && text[i] == '\\') {
            i++;
        } else if (text[i] == '"') {
            quoted = !quoted;
        } else if (!quoted) {
            depth += (text[i] == '{' || text[i] == '[') - (text[i] == '}' || text[i] == ']');
        }
    }
    return depth > MAX_DEPTH;
}

json_t *paso_json_read(const paso_request *request, paso_reply *reply) {
    json_error_t error;
    char text[256];
    if (request->length > 0 && is_deep(request->body, request->length)) {
        paso_reply_error(reply, 400, "expected at most 16 levels, found more", "", "");
        return NULL;
    }
    json_t *json = request->length == 0
                       ? NULL
                       : json_loadb(request->body, request->length, JSON_REJECT_DUPLICATES, &error);
    if (json) return json;
    if (request->length > 0 && error.text[0] == '\0') { /* no mistake: no memory */
        paso_reply_json(reply, 500, NULL);
        return NULL;
    }
    if (request->length == 0) {
        snprintf(text, sizeof text, "expected JSON, found nothing");
    } else {
        snprintf(text, sizeof text, "expected JSON, found a mistake in line %d, column %d: %s",
                 error.line, error.column, error.text);
    }
    paso_reply_error(reply, 400, text, "", "");
    return NULL;
}

void paso_reply_json(paso_reply *reply, int status, json_t *json) {
    char *text = paso_json_write(json, JSON_COMPACT | JSON_REAL_PRECISION(17));
    json_decref(json);
    paso_reply_clear(reply);
    reply->status = text ? status : 500;
    reply->type = "application/json";
    reply->own = text;
    reply->body =
        text ? text : "{\"error\":{\"message\":\"no memory\",\"path\":\"\",\"hint\":\"\"}}";
    reply->length = strlen(reply->body);
}

/* What is told may repeat what was sent, which JSON allows to be any text but jansson only UTF-8.
 */
void paso_reply_error(paso_reply *reply, int status, const char *message, const char *path,
                      const char *hint) {
    paso_reply_json(
        reply, status,
        json_pack("{s:{s:s, s:s, s:s}}", "error", "message", message, "path", path, "hint", hint));
}

static bool is_key(const char *const *keys, const char *word) {
    for (; *keys; keys++)
        if (strcmp(**keys == '?' ? *keys + 1 : *keys, word) == 0) return true;
    return false;
}

static void refuse_key(const char *path, const char *const *keys, const char *word,
                       paso_reply *reply) {
    char at[256], message[512] = "expected the keys";
    size_t n = strlen(message);
    for (size_t i = 0; keys[i] && n < sizeof message; i++)
        n += (size_t)snprintf(message + n, sizeof message - n, "%s %s", i ? "," : "",
                              *keys[i] == '?' ? keys[i] + 1 : keys[i]);
    snprintf(at, sizeof at, "%s%s%.40s", path, *path ? "." : "", word);
    paso_reply_error(reply, 400, message, at, "");
}

bool paso_json_keys(json_t *o, const char *path, const char *const *keys, paso_reply *reply) {
    const char *word;
    json_t *value;
    if (!json_is_object(o)) {
        paso_reply_error(reply, 400, "expected an object", path, "");
        return false;
    }
    for (size_t i = 0; keys[i]; i++) {
        if (*keys[i] == '?' || json_object_get(o, keys[i])) continue;
        char message[128];
        snprintf(message, sizeof message, "expected the key %s, which is missing", keys[i]);
        paso_reply_error(reply, 400, message, path, "");
        return false;
    }
    json_object_foreach(o, word, value) {
        if (is_key(keys, word)) continue;
        refuse_key(path, keys, word, reply);
        return false;
    }
    return true;
}
