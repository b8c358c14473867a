/* Every allocation of the server failed in turn (failing.h): while it starts, and while it answers.
 * A request must be refused, or be answered as if nothing had been wrong; the server must go on. */
#define _XOPEN_SOURCE 700
#include <string.h>

#include "failing.h"
#include "serve/serve.h"

enum { PORT = 8737, MAX_CALLS = 16 };

static paso_serve *serve;
static char token[PASO_SERVE_TOKEN], run[40];

/* ---- asking ---- */

typedef struct call {
    paso_method method;
    const char *path; /* $ is the last run */
    const char *body;
    int status;
} call;

static json_t *json_of(const paso_reply *reply) {
    json_t *json = json_loadb(reply->body, reply->length, JSON_REJECT_DUPLICATES, NULL);
    ck_assert_msg(json != NULL, "no JSON: %.*s", (int)reply->length, reply->body);
    return json;
}

static void keep_text(json_t *o, const char *key, char *text, size_t size) {
    const char *word = json_string_value(json_object_get(o, key));
    if (word) snprintf(text, size, "%s", word);
}

static bool is_failed(const char *state) {
    return state && strcmp(state, "failed") == 0;
}

typedef struct kept {
    char *body;
    size_t length;
} kept;

static char *copy_of(const paso_reply *reply) {
    char *copy = malloc(reply->length + 1);
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, reply->body, reply->length);
    copy[reply->length] = '\0';
    return copy;
}

/* A reply that is no refusal is the same as ever: `was` is the one when nothing failed. */
static bool is_whole(const call *c, const paso_reply *reply, kept *was) {
    bool is_json = reply->type && strcmp(reply->type, "application/json") == 0;
    json_t *json = is_json && reply->body ? json_of(reply) : NULL;
    bool lost = is_failed(json_string_value(json_object_get(json, "state")));
    if (reply->status == 202) keep_text(json, "id", run, sizeof run);
    if (strcmp(c->path, "/api/server") == 0) keep_text(json, "token", token, sizeof token);
    if (reply->status >= 400 && reply->status != c->status)
        ck_assert_ptr_nonnull(json_object_get(json, "error"));
    json_decref(json);
    if (reply->status != c->status) {
        ck_assert_msg(reply->status >= 400 || reply->status == 204, "%s: %d", c->path,
                      reply->status);
        return false;
    }
    if (lost || reply->status != 200 || reply->events) return !lost;
    if (!was->body) *was = (kept){copy_of(reply), reply->length};
    ck_assert_msg(was->length == reply->length && memcmp(was->body, reply->body, was->length) == 0,
                  "%s: %.*s\nis not\n%s", c->path, (int)reply->length, reply->body, was->body);
    return true;
}

static bool ask(const call *c, kept *was) {
    char path[96], event[512];
    paso_reply reply;
    uint64_t seen = 0;
    const char *at = strchr(c->path, '$');
    snprintf(path, sizeof path, "%.*s%s%s", at ? (int)(at - c->path) : 96, c->path, at ? run : "",
             at ? at + 1 : "");
    paso_request request = {.method = c->method,
                            .path = path,
                            .host = "127.0.0.1:8737",
                            .token = token,
                            .type = "application/json",
                            .body = c->body,
                            .length = c->body ? strlen(c->body) : 0};
    paso_serve_answer(serve, &request, &reply);
    size_t n = reply.events ? paso_serve_event(&reply, &seen, event, sizeof event) : 1;
    is_paused = true; /* the test's own assertions ask for memory, too */
    ck_assert_uint_gt(n, 0);
    bool whole = is_whole(c, &reply, was);
    is_paused = false;
    paso_reply_clear(&reply);
    return whole;
}

/* All of them, whatever becomes of one. A failure that changed no reply was one that could be done
 * without, as for a hint. */
static paso_status ask_all(const call *calls, kept was[MAX_CALLS]) {
    bool whole = true;
    for (int i = 0; calls[i].path; i++) {
        whole = ask(&calls[i], &was[i]) && whole;
        if (calls[i].status == 202) paso_serve_work(serve);
    }
    if (atomic_load(&n_failed) > 0) return PASO_ERR_MEMORY;
    return whole ? PASO_OK : PASO_ERR_INPUT;
}

/* ---- work ---- */

static const char run_body[] =
    "{\"base\":{\"policy\":\"as-happened\",\"changes\":[]},\"other\":{\"policy\":\"more-slots\","
    "\"changes\":[{\"lever\":\"judges\",\"cell\":\"\",\"from\":\"2023-08-03\",\"value\":9}]},"
    "\"members\":2,\"seed\":\"1\",\"until\":\"2023-09-01\",\"first\":2}";
static const char wrong_body[] =
    "{\"base\":{\"policy\":\"as-hapened\",\"changes\":[]},\"other\":{\"policy\":\"more-slots\","
    "\"changes\":[]},\"members\":2,\"seed\":\"1\",\"until\":\"2023-09-01\",\"first\":2}";
static const char broken_table[] =
    "{\"files\":[{\"file\":\"arrivals_invented.csv\",\"text\":\"date,origin,value\\n2,x\\n\"}]}";

static const call looking[] = {{PASO_GET, "/api/server", NULL, 200},
                               {PASO_GET, "/api/text", NULL, 200},
                               {PASO_GET, "/data/corridor.json", NULL, 200},
                               {PASO_GET, "/data/program.bin", NULL, 200},
                               {PASO_GET, "/data/claims.json", NULL, 200},
                               {PASO_GET, "/nothing", NULL, 404},
                               {PASO_POST, "/api/runs", "{\"base\":", 400},
                               {PASO_POST, "/api/runs", wrong_body, 400},
                               {0}};
static const call checking[] = {{PASO_POST, "/api/check", "{\"files\":[]}", 200},
                                {PASO_POST, "/api/check", broken_table, 200},
                                {0}};
static const call applying[] = {{PASO_POST, "/api/apply", "{\"files\":[]}", 200},
                                {PASO_POST, "/api/apply", broken_table, 409},
                                {0}};
static const call running[] = {{PASO_POST, "/api/runs", run_body, 202},
                               {PASO_GET, "/api/runs/$", NULL, 200},
                               {PASO_GET, "/api/runs/$/events", NULL, 200},
                               {PASO_GET, "/api/runs/$/answer", NULL, 200},
                               {PASO_DELETE, "/api/runs/$", NULL, 200},
                               {PASO_DELETE, "/api/runs/$", NULL, 404},
                               {0}};

static paso_serve_options options = {.path = "corridors/tutorial",
                                     .version = "1",
                                     .git = "a",
                                     .n_members = 2,
                                     .threads = 1,
                                     .edit = true};

static paso_status open_server(void) {
    char why[256] = "";
    paso_diags own;
    if (paso_diags_init(&own) != 0) return PASO_ERR_MEMORY;
    paso_status status = paso_serve_create(&options, &own, &serve);
    if (paso_diags_lost(&own)) status = PASO_ERR_MEMORY;
    paso_diags_clear(&own);
    if (serve) paso_serve_at(serve, PORT);
    if (serve) paso_serve_work(serve);
    if (status == PASO_OK) status = paso_serve_wait(serve, why, sizeof why);
    return strcmp(why, "no memory") == 0 ? PASO_ERR_MEMORY : status;
}

/* The claims are run once the server answers, and their failure is told where they are asked for.
 */
static paso_status work_start(void) {
    static const call claims[] = {{PASO_GET, "/data/claims.json", NULL, 200}, {0}};
    static kept was[MAX_CALLS];
    paso_status status = open_server();
    if (status == PASO_OK) status = ask_all(claims, was);
    paso_serve_free(serve);
    serve = NULL;
    return status;
}

static const call *calls;

static paso_status work_calls(void) {
    static kept was[MAX_CALLS];
    if (calls) return ask_all(calls, was);
    for (int i = 0; i < MAX_CALLS; i++) free(was[i].body);
    memset(was, 0, sizeof was);
    return PASO_OK;
}

/* First as it should be, then with each failure. */
static long fail_each_call(const call *list) {
    fail_at = 0;
    ck_assert_int_eq(open_server(), PASO_OK);
    calls = looking; /* the token */
    ck_assert_int_eq(work_calls(), PASO_OK);
    calls = NULL;
    work_calls();
    calls = list;
    ck_assert_int_eq(work_calls(), PASO_OK);
    long n = fail_each(work_calls);
    calls = NULL;
    work_calls();
    paso_serve_free(serve);
    return n;
}

/* ---- the tests ---- */

static void setup(void) {
    fail_at = 0;
    hand_out();
    stride = 1;
}

#define EACH_CALL(name, least)                                                                     \
    START_TEST(each_##name) {                                                                      \
        long n = fail_each_call(name);                                                             \
        printf("%s: %ld allocations failed in turn\n", #name, n);                                  \
        ck_assert_int_ge(n, least);                                                                \
    }                                                                                              \
    END_TEST

EACH(start, 100)
EACH_CALL(looking, 5)
EACH_CALL(checking, 30)
EACH_CALL(applying, 30)
EACH_CALL(running, 30)

int main(void) {
    step = getenv("PASO_LONG") ? 1 : 31;
    const TTest *tests[] = {each_start, each_looking, each_checking, each_applying, each_running};
    return run_each("allocations of the server", tests, sizeof tests / sizeof tests[0], setup,
                    NULL);
}
