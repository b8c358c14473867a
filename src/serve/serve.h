/* The page of a corridor with runs on this machine and an editable text: a function from a request
 * to a reply, with two threads behind it. Sockets are in http.h. What is answered: docs/serve.md.
 */
#ifndef PASO_SERVE_SERVE_H
#define PASO_SERVE_SERVE_H

#include "base/diag.h"

enum {
    PASO_SERVE_BODY = 4 * 1024 * 1024, /* bytes of a request's body */
    PASO_SERVE_TOKEN = 33,             /* 32 hexadecimal digits and the final zero */
};

typedef struct paso_serve paso_serve;
struct paso_run;
struct paso_shown;

typedef struct paso_serve_options {
    const char *path; /* of the corridor */
    const char *version, *git;
    uint64_t seed;
    uint32_t n_members; /* stored for the page's first answer */
    size_t threads;     /* of a run; 0: all processors */
    bool edit, save;    /* what the page may do with the corridor's text */
} paso_serve_options;

/* Reads and checks the corridor. PASO_ERR_INPUT with its mistakes in `diags`; warnings too. */
paso_status paso_serve_create(const paso_serve_options *options, paso_diags *diags,
                              paso_serve **serve);
/* Requests must name this port. */
void paso_serve_at(paso_serve *serve, int port);
/* Starts the threads. Without them requests are answered and runs wait: for tests. */
paso_status paso_serve_start(paso_serve *serve);
/* Ends streams, runs and threads; requests are still answered. */
void paso_serve_stop(paso_serve *serve);
void paso_serve_free(paso_serve *serve);

/* Waits until the stored members are run. PASO_ERR_MODEL with why in `text`. */
paso_status paso_serve_wait(paso_serve *serve, char *text, size_t size);
/* In the place of the threads: makes the stored members, runs what waits. */
void paso_serve_work(paso_serve *serve);

/* ---- requests ---- */

typedef enum paso_method { PASO_GET, PASO_HEAD, PASO_POST, PASO_DELETE, PASO_OTHER } paso_method;

/* Headers that are absent are NULL. */
typedef struct paso_request {
    paso_method method;
    const char *path; /* decoded, without the query */
    const char *host, *origin, *site, *token, *type, *match;
    const char *body;
    size_t length;
} paso_request;

typedef struct paso_reply {
    int status;
    const char *type;
    const char *body; /* NULL: none */
    size_t length;
    char etag[40];            /* "" : not to be stored */
    struct paso_run *events;  /* a stream of paso_serve_event in the place of a body */
    char *own;                /* body, where it is the reply's */
    struct paso_shown *shown; /* whose body it is */
    paso_serve *serve;
} paso_reply;

/* Headers of every reply: name, value, name, value, ..., NULL. */
extern const char *const paso_serve_headers[];

/* Whether the body of a request with these headers, which is still to come, will be read. */
bool paso_serve_reads(const paso_serve *serve, const paso_request *request);
void paso_serve_answer(paso_serve *serve, const paso_request *request, paso_reply *reply);
void paso_reply_error(paso_reply *reply, int status, const char *message, const char *path,
                      const char *hint);
/* Frees what the reply holds; `*reply` may be zeroed. */
void paso_reply_clear(paso_reply *reply);

/* The next event of a stream into `text`, after waiting for it at most a second; `seen` is 0 at
 * first. The number of characters, 0: the stream has ended. */
size_t paso_serve_event(const paso_reply *reply, uint64_t *seen, char *text, size_t size);

#endif
