/* Requests to the page's server, one after the other: "METHOD PATH", lines of a letter and a
 * header, an empty line, the body; "%%" on a line parts requests. $ in a path is the last run, an
 * empty T the server's token. Whatever is sent, no file is asked for, and replies of JSON are JSON.
 */
#include <jansson.h>
#include <string.h>

#include "fuzz.h"
#include "serve/serve.h"

enum { MAX_REQUESTS = 8, MEMBERS = 4, PORT = 8737 };

static paso_serve *serve;
static char token[PASO_SERVE_TOKEN], run[64];
static bool is_changed;

static void ask(paso_request *request, paso_reply *reply) {
    if (!request->host) request->host = "127.0.0.1:8737";
    paso_serve_answer(serve, request, reply);
}

static void open_server(void) {
    paso_diags diags;
    paso_reply reply;
    paso_request request = {.method = PASO_GET, .path = "/api/server"};
    paso_serve_options options = {
        .path = getenv("FUZZ_CORRIDOR"), .version = "0", .git = "", .threads = 1, .edit = true};
    FUZZ_MUST(options.path && paso_diags_init(&diags) == 0);
    fuzz_files_clear();
    FUZZ_MUST(paso_serve_create(&options, &diags, &serve) == PASO_OK);
    paso_diags_clear(&diags);
    fuzz_file_add("nothing", (const uint8_t *)"", 0); /* from now on there is no other */
    paso_serve_at(serve, PORT);
    paso_serve_work(serve);
    ask(&request, &reply);
    json_t *told = json_loadb(reply.body, reply.length, 0, NULL);
    snprintf(token, sizeof token, "%s", json_string_value(json_object_get(told, "token")));
    json_decref(told);
    paso_reply_clear(&reply);
    is_changed = false;
    run[0] = '\0';
}

/* ---- one request from text ---- */

static char *next_line(char **rest) {
    char *line = *rest, *end = strchr(line, '\n');
    *rest = end ? end + 1 : line + strlen(line);
    if (end) *end = '\0';
    return line;
}

static paso_method method_of(const char *word) {
    static const char *const words[] = {"GET", "HEAD", "POST", "DELETE"};
    for (int i = 0; i < PASO_OTHER; i++)
        if (strcmp(words[i], word) == 0) return (paso_method)i;
    return PASO_OTHER;
}

static void add_header(paso_request *r, char letter, const char *value) {
    if (letter == 'H') r->host = value;
    if (letter == 'O') r->origin = value;
    if (letter == 'S') r->site = value;
    if (letter == 'T') r->token = *value ? value : token;
    if (letter == 'C') r->type = *value ? value : "application/json";
    if (letter == 'M') r->match = value;
}

static void read_request(char *text, size_t size, paso_request *r, char path[256]) {
    char *rest = text, *first = next_line(&rest), *blank = strchr(first, ' ');
    if (blank) *blank++ = '\0';
    const char *run_at = blank ? strchr(blank, '$') : NULL;
    if (run_at)
        snprintf(path, 256, "%.*s%s%s", (int)(run_at - blank), blank, run, run_at + 1);
    else
        snprintf(path, 256, "%s", blank ? blank : "/");
    *r = (paso_request){.method = method_of(first), .path = path};
    for (char *line; *rest && *(line = next_line(&rest));) add_header(r, line[0], line + 1);
    r->body = rest;
    r->length = size - (size_t)(rest - text);
}

/* ---- what must hold ---- */

static void check_reply(const paso_request *r, const paso_reply *reply) {
    bool is_json = reply->type && strcmp(reply->type, "application/json") == 0;
    FUZZ_MUST(reply->status >= 200 && reply->status < 600);
    FUZZ_MUST(reply->events || reply->body || reply->status == 304 || reply->length == 0);
    if (reply->status < 400 && r->method != PASO_GET && r->method != PASO_HEAD)
        FUZZ_MUST(r->token && strcmp(r->token, token) == 0);
    if (!is_json || !reply->body) return;
    json_t *json = json_loadb(reply->body, reply->length, JSON_REJECT_DUPLICATES, NULL);
    FUZZ_MUST(json);
    if (reply->status == 202) {
        snprintf(run, sizeof run, "%s", json_string_value(json_object_get(json, "id")));
        is_changed = true;
    }
    if (reply->status == 200 && json_object_get(json, "hash")) is_changed = true;
    json_decref(json);
}

/* Small runs are run; larger ones stay in the queue. */
static void work(const char *path) {
    paso_reply reply;
    paso_request request = {.method = PASO_GET, .path = path};
    ask(&request, &reply);
    json_t *state = json_loadb(reply.body, reply.length, 0, NULL);
    json_int_t members = json_integer_value(json_object_get(state, "asked"));
    json_decref(state);
    paso_reply_clear(&reply);
    if (members <= MEMBERS) paso_serve_work(serve);
}

static void send_request(char *text, size_t size) {
    char path[256], event[512];
    paso_request request;
    paso_reply reply;
    uint64_t seen = 0;
    read_request(text, size, &request, path);
    ask(&request, &reply);
    check_reply(&request, &reply);
    /* The first event is there at once; later ones would be waited for. */
    if (reply.events) FUZZ_MUST(paso_serve_event(&reply, &seen, event, sizeof event) > 0);
    bool is_run = reply.status == 202;
    paso_reply_clear(&reply);
    snprintf(path, sizeof path, "/api/runs/%s", run);
    if (is_run) work(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = malloc(size + 1), *at = text;
    FUZZ_MUST(text != NULL);
    if (size > 0) memcpy(text, data, size);
    text[size] = '\0';
    if (is_changed) {
        paso_serve_free(serve);
        serve = NULL;
    }
    if (!serve) open_server();
    size_t asked = fuzz_files_asked();
    for (int i = 0; i < MAX_REQUESTS && at <= text + size; i++) {
        char *end = strstr(at, "\n%%\n");
        size_t n = end ? (size_t)(end - at) : (size_t)(text + size - at);
        at[n] = '\0';
        send_request(at, n);
        at += n + 4;
    }
    FUZZ_MUST(fuzz_files_asked() == asked);
    free(text);
    return 0;
}
