/* The glue to libmicrohttpd: a thread for each connection, bodies collected up to a limit, replies
 * and streams of events handed over. What a request means is decided in handle.c. */
#include "serve/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    CONNECTIONS = 256,
    IDLE = 10,         /* seconds */
    BODY_SECONDS = 30, /* for all of a body */
    HEADERS = 16 * 1024,
    IGNORED = 16 * 1024 * 1024, /* bytes of a body too long that are read away */
    EVENT = 512,
    BACKLOG = 128
};

struct paso_http {
    struct MHD_Daemon *daemon;
    paso_serve *serve;
    int port;
};

/* One request while it comes in, and its reply while it goes out. */
typedef struct call {
    char *body;
    size_t length, cap, received;
    bool keeps; /* its body, which is counted otherwise */
    time_t began;
    paso_reply reply;
} call;

/* A stream's event that is being sent. */
typedef struct stream {
    const paso_reply *reply; /* the call's */
    uint64_t seen;
    char text[EVENT];
    size_t n, at;
} stream;

static time_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec;
}

/* ---- replies ---- */

static ssize_t send_events(void *context, uint64_t position, char *to, size_t most) {
    stream *t = context;
    (void)position;
    if (t->at == t->n) {
        t->n = paso_serve_event(t->reply, &t->seen, t->text, sizeof t->text);
        t->at = 0;
    }
    if (t->n == 0) return MHD_CONTENT_READER_END_OF_STREAM;
    size_t n = t->n - t->at < most ? t->n - t->at : most;
    memcpy(to, t->text + t->at, n);
    t->at += n;
    return (ssize_t)n;
}

static struct MHD_Response *events_of(const paso_reply *reply) {
    stream *t = calloc(1, sizeof *t);
    if (!t) return NULL;
    t->reply = reply;
    return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 2 * EVENT, send_events, t, free);
}

static struct MHD_Response *response_of(const paso_reply *reply) {
    if (reply->events) return events_of(reply);
    struct MHD_IoVec body = {reply->body, reply->length};
    return MHD_create_response_from_iovec(&body, reply->length > 0, NULL, NULL);
}

static enum MHD_Result send_reply(struct MHD_Connection *connection, const paso_reply *reply) {
    struct MHD_Response *response = response_of(reply);
    if (!response) return MHD_NO;
    for (const char *const *h = paso_serve_headers; h[0]; h += 2)
        MHD_add_response_header(response, h[0], h[1]);
    if (reply->type) MHD_add_response_header(response, "Content-Type", reply->type);
    if (reply->etag[0]) MHD_add_response_header(response, "ETag", reply->etag);
    MHD_add_response_header(response, "Cache-Control", reply->etag[0] ? "no-cache" : "no-store");
    if (reply->status == MHD_HTTP_METHOD_NOT_ALLOWED)
        MHD_add_response_header(response, "Allow", "GET, HEAD, POST, DELETE");
    enum MHD_Result result = MHD_queue_response(connection, (unsigned)reply->status, response);
    MHD_destroy_response(response);
    return result;
}

/* ---- requests ---- */

static const char *header(struct MHD_Connection *connection, const char *name) {
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static paso_method method_of(const char *word) {
    static const char *const words[] = {"GET", "HEAD", "POST", "DELETE"};
    for (int i = 0; i < PASO_OTHER; i++)
        if (strcmp(words[i], word) == 0) return (paso_method)i;
    return PASO_OTHER;
}

/* What nobody will read is counted only: the reply comes once all has come. */
static enum MHD_Result collect(call *c, const char *data, size_t size) {
    c->received += size;
    if (c->received > IGNORED || now() - c->began > BODY_SECONDS) return MHD_NO;
    if (!c->keeps || c->received > PASO_SERVE_BODY) return MHD_YES;
    if (c->received > c->cap) {
        size_t cap = 2 * c->received;
        char *body = realloc(c->body, cap);
        if (!body) return MHD_NO;
        c->body = body;
        c->cap = cap;
    }
    memcpy(c->body + c->length, data, size);
    c->length = c->received;
    return MHD_YES;
}

static paso_request request_of(struct MHD_Connection *connection, const char *path,
                               const char *method, const call *c) {
    return (paso_request){.method = method_of(method),
                          .path = path,
                          .host = header(connection, "Host"),
                          .origin = header(connection, "Origin"),
                          .site = header(connection, "Sec-Fetch-Site"),
                          .token = header(connection, "X-Paso-Token"),
                          .type = header(connection, "Content-Type"),
                          .match = header(connection, "If-None-Match"),
                          .body = c->body,
                          .length = c->received};
}

/* The headers are there and the body is to come: of strangers it is not kept. */
static call *begin(const paso_http *http, struct MHD_Connection *connection, const char *path,
                   const char *method) {
    call *c = calloc(1, sizeof *c);
    if (!c) return NULL;
    paso_request request = request_of(connection, path, method, c);
    c->began = now();
    c->keeps = paso_serve_reads(http->serve, &request);
    return c;
}

static enum MHD_Result answer(paso_http *http, struct MHD_Connection *connection, const char *path,
                              const char *method, call *c) {
    paso_request request = request_of(connection, path, method, c);
    paso_serve_answer(http->serve, &request, &c->reply);
    return send_reply(connection, &c->reply);
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection,
                                  const char *path, const char *method, const char *version,
                                  const char *data, size_t *size, void **kept) {
    call *c = *kept;
    (void)version;
    if (!c) {
        c = *kept = begin(context, connection, path, method);
        return c ? MHD_YES : MHD_NO;
    }
    if (*size == 0) return answer(context, connection, path, method, c);
    enum MHD_Result result = collect(c, data, *size);
    *size = 0;
    return result;
}

static void on_completed(void *context, struct MHD_Connection *connection, void **kept,
                         enum MHD_RequestTerminationCode why) {
    call *c = *kept;
    (void)context, (void)connection, (void)why;
    if (!c) return;
    paso_reply_clear(&c->reply);
    free(c->body);
    free(c);
    *kept = NULL;
}

/* ---- listening ---- */

/* The socket, or -1 with errno. */
static int listen_on(int port, int *bound) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    socklen_t n = sizeof address;
    int yes = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0) return -1;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    /* A port that is only waiting to be forgotten is free. */
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(fd, (struct sockaddr *)&address, n) == 0 && listen(fd, BACKLOG) == 0 &&
        getsockname(fd, (struct sockaddr *)&address, &n) == 0) {
        *bound = ntohs(address.sin_port);
        return fd;
    }
    int why = errno;
    close(fd);
    errno = why;
    return -1;
}

static struct MHD_Daemon *start_daemon(paso_http *http, int fd) {
    return MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL, 0, NULL,
        NULL, on_request, http, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEADERS * 2, MHD_OPTION_NOTIFY_COMPLETED,
        on_completed, NULL, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
}

paso_status paso_http_start(paso_serve *serve, int port, int n_tries, paso_http **result) {
    paso_http *http = calloc(1, sizeof *http);
    *result = NULL;
    if (!http) return PASO_ERR_MEMORY;
    int fd = listen_on(port, &http->port);
    for (int i = 0; i < n_tries && fd < 0 && errno == EADDRINUSE; i++)
        fd = listen_on(++port, &http->port);
    if (fd >= 0) {
        http->serve = serve;
        paso_serve_at(serve, http->port);
        http->daemon = start_daemon(http, fd);
        if (!http->daemon) close(fd);
    }
    if (!http->daemon) {
        int why = errno;
        free(http);
        errno = why;
        return PASO_ERR_IO;
    }
    *result = http;
    return PASO_OK;
}

int paso_http_port(const paso_http *http) {
    return http->port;
}

void paso_http_stop(paso_http *http) {
    if (!http) return;
    MHD_stop_daemon(http->daemon);
    free(http);
}
