/* What the files of the server share: the corridor that is shown, the runs, and replies. */
#ifndef PASO_SERVE_INTERNAL_H
#define PASO_SERVE_INTERNAL_H

#include <pthread.h>

#include "base/json.h"
#include "base/sha256.h"
#include "ensemble/ensemble.h"
#include "live/timeline.h"
#include "page/page.h"
#include "serve/serve.h"

enum {
    PASO_SERVE_MEMBERS = 20000,           /* most of one run */
    PASO_SERVE_WAITING = 8,               /* runs that wait */
    PASO_SERVE_KEPT = 16,                 /* runs that have ended */
    PASO_SERVE_CHANGES = PASO_LIVE_STEPS, /* of one side of a run */
    PASO_SERVE_TABLE = 128 * 1024,
    PASO_SERVE_ID = 33,
};
static const size_t PASO_SERVE_BYTES = (size_t)1 << 30; /* numbers of one run */

/* ---- the corridor that is shown (shown.c) ---- */

typedef enum paso_shown_state {
    PASO_SHOWN_NEW,
    PASO_SHOWN_BUILT,
    PASO_SHOWN_FAILED
} paso_shown_state;

/* Never changed once it is shown, but for what the builder adds under the server's lock. */
typedef struct paso_shown {
    size_t n_refs;
    paso_texts texts; /* closed */
    paso_model *model;
    char *corridor; /* corridor.json */
    int32_t from, until;
    paso_shown_state state;
    bool told;       /* its claims were run too, or could not be */
    paso_page page;  /* once built */
    paso_live *live; /* once built; the running thread's */
    char failure[256];
} paso_shown;

/* From a path (NULL texts) or from closed texts, which it takes over. */
paso_status paso_shown_create(const paso_serve *s, const char *path, paso_texts *texts,
                              paso_diags *diags, paso_shown **shown);
/* Under the lock: one more user. */
paso_shown *paso_shown_take(paso_shown *shown);
void paso_shown_drop(paso_serve *s, paso_shown *shown); /* NULL is fine */
/* The present one, built; NULL when the server stops. Failed ones are handed out too. */
paso_shown *paso_shown_built(paso_serve *s);
/* The present one once its claims are there too, or could not be made: then page.claims is NULL. */
paso_shown *paso_shown_told(paso_serve *s);
/* Under the lock, which they leave while they work: make what is new. */
void paso_shown_build(paso_serve *s);
void paso_shown_tell(paso_serve *s);
/* Puts it in the place of the present one and takes it over. */
void paso_shown_replace(paso_serve *s, paso_shown *shown);
/* The name of a file within the corridor's folder, NULL for one elsewhere. */
const char *paso_shown_name(const paso_shown *shown, const char *path);

/* ---- what is asked for (ask.c) ---- */

typedef struct paso_ask_step {
    uint32_t lever, cell;
    int32_t day;
    double value; /* internal */
} paso_ask_step;

typedef struct paso_ask_side {
    uint32_t policy;
    paso_ask_step *step;
    size_t n_steps;
} paso_ask_side;

typedef struct paso_ask {
    paso_ask_side side[2];
    uint32_t members;
    uint64_t seed;
    int32_t until;
} paso_ask;

/* Fills `reply` with what is wrong and returns false. */
bool paso_ask_read(const paso_shown *shown, json_t *json, paso_ask *ask, paso_reply *reply);
void paso_ask_clear(paso_ask *ask);
/* Numbers that one member has under one policy. */
size_t paso_ask_width(const paso_model *m, int32_t from, int32_t until);
uint32_t paso_ask_most(const paso_shown *shown, int32_t until);

/* ---- runs (runs.c) ---- */

typedef enum paso_run_state {
    PASO_RUN_QUEUED,
    PASO_RUN_RUNNING,
    PASO_RUN_DONE,
    PASO_RUN_FAILED,
    PASO_RUN_CANCELLED
} paso_run_state;

typedef struct paso_run {
    struct paso_run *next;
    size_t n_refs, n_readers; /* readers of numbers that are not all there yet */
    size_t n_watchers;        /* streams of its events */
    double left;              /* when the last of them ended; 0: none did */
    char id[PASO_SERVE_ID];
    paso_run_state state;
    bool answering;
    paso_shown *shown;
    paso_ask ask;
    paso_grid *grid;
    size_t width;
    double *value[2]; /* [members][width] of each side */
    bool *have;       /* [members] pairs that are there */
    uint32_t n_done;
    double share;
    uint64_t version; /* one more whenever there is something to tell */
    double told;      /* when, in seconds */
    char failure[256];
    char *answer; /* of answer_n pairs */
    size_t answer_length;
    uint32_t answer_n;
} paso_run;

void paso_runs_add(paso_serve *s, const paso_request *request, paso_reply *reply);
/* path: what follows "/api/runs/". */
void paso_runs_answer(paso_serve *s, const paso_request *request, const char *path,
                      paso_reply *reply);
void paso_run_drop(paso_serve *s, paso_run *run); /* NULL is fine */
void paso_runs_clear(paso_serve *s);
/* After a run has ended, without the lock: frees those that it pushed out of the list. */
void paso_runs_trim(paso_serve *s);
/* These under the lock. Tells those who wait, ten times a second at most unless `at_once`. */
void paso_run_tell(paso_serve *s, paso_run *run, bool at_once);
/* Whoever watched it has gone, and nobody has come back since. */
bool paso_run_is_left(const paso_run *run);
/* A stream of its events begins or ends. */
void paso_run_watch(paso_run *run, bool begins);
/* Only the first end counts. The oldest that ended leave the list, if they are too many. */
void paso_run_end(paso_serve *s, paso_run *run, paso_run_state state);
/* Once nobody reads them any more, the numbers go; the answer, which may be NULL, stays. */
void paso_run_finish(paso_serve *s, paso_run *run, char *answer, size_t length);
void paso_run_forget(paso_run *run);

/* The first run that waits, from start to end; false: none does (work.c). Under the lock, which it
 * leaves while it works. */
bool paso_runs_work(paso_serve *s);

/* ---- bands (answer.c) ---- */

/* Of the members in `have`; NULL without memory. */
char *paso_answer_write(const paso_run *run, const bool *have, bool done, size_t *length);

/* ---- the corridor's text (edit.c) ---- */

void paso_edit_text(paso_serve *s, paso_reply *reply);
void paso_edit_check(paso_serve *s, json_t *json, paso_reply *reply);
void paso_edit_apply(paso_serve *s, json_t *json, paso_reply *reply);
void paso_edit_save(paso_serve *s, json_t *json, paso_reply *reply);
/* What the present texts were read as from the disk. */
paso_status paso_edit_begin(paso_serve *s);

/* ---- the server ---- */

typedef struct paso_page_tag {
    const paso_page_file *file;
    char etag[40];
} paso_page_tag;

struct paso_serve {
    paso_serve_options options;
    char token[PASO_SERVE_TOKEN];
    char host[2][32], origin[2][48];
    paso_page_tag *tag;
    size_t n_tags;
    pthread_mutex_t lock;
    pthread_cond_t changed; /* anything: a run, what is shown, the end */
    pthread_t builder, runner;
    bool has_builder, has_runner, stopping;
    paso_shown *shown;
    paso_run *run;                /* oldest first */
    paso_run *gone;               /* out of the list, for paso_runs_trim */
    pthread_mutex_t edit;         /* one change of text at a time */
    char (*was)[PASO_SHA256_HEX]; /* [shown->texts.n] */
};

/* ---- JSON (json.c) ---- */

/* 32 hexadecimal digits of the system's randomness. */
paso_status paso_random_hex(char text[33]);
/* Strict: NULL after filling the reply. */
json_t *paso_json_read(const paso_request *request, paso_reply *reply);
/* Takes over `json`; NULL is no memory. */
void paso_reply_json(paso_reply *reply, int status, json_t *json);
/* Whether the object has the keys and no others; `keys` ends with NULL, '?' before those that may
 * be absent. Fills the reply. */
bool paso_json_keys(json_t *o, const char *path, const char *const *keys, paso_reply *reply);

#endif
