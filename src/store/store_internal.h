/* What the store's files share: the handle, and short ways to run statements and report failures.
 * Nothing here is seen outside src/store. */
#ifndef PASO_STORE_STORE_INTERNAL_H
#define PASO_STORE_STORE_INTERNAL_H

#include <sqlite3.h>

#include "store/store.h"

enum { PASO_STORE_ID = 0x5041534f /* "PASO", the application id in the file's head */ };

struct paso_store {
    sqlite3 *db;
    paso_diags *diags;
    paso_arena *arena;
    char *path, *temporary;         /* NULL: private, or only read */
    bool force, owned;              /* the name may be taken; X.partial is locked by us */
    bool keep;                      /* leave X.partial when closed */
    size_t n_safe;                  /* members in finished transactions */
    uint64_t n_clipped;             /* of those members */
    double saved;                   /* when the last transaction ended, seconds */
    sqlite3_stmt *sample;           /* while writing */
    sqlite3_stmt *claimed;          /* likewise */
    const paso_model *model;        /* likewise */
    struct paso_store_split *split; /* [n_splits] waits for the end */
    size_t n_splits, n_split_members;
    double *factor; /* [n_observables] internal units in one of the written unit */
    double *scaled; /* one sample in written units */
    size_t n_scaled;
    bool no_memory; /* met on the way, also where no status is returned */
    uint32_t n_members_planned;
    paso_store_contents contents;
};

extern const char paso_store_schema[], paso_store_more[], paso_store_view[];

paso_store *paso_store_alloc(paso_diags *diags, const char *path); /* NULL without memory */
char *paso_store_partial_name(const char *path);                   /* "X.partial"; free it */
void paso_store_partial_drop(paso_store *store);
paso_status paso_store_give_name(paso_store *store); /* after the last transaction */
paso_status paso_store_check_format(paso_store *store);

/* Reports to the store's diagnostics and returns `status`. */
paso_status paso_store_fail(paso_store *store, paso_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
paso_status paso_store_no_memory(paso_store *store); /* remembers it; returns PASO_ERR_MEMORY */
/* After a failure that was reported where it happened. */
static inline paso_status paso_store_failed(const paso_store *store) {
    return store->no_memory ? PASO_ERR_MEMORY : PASO_ERR_IO;
}
/* Reports SQLite's own words about what went wrong. */
paso_status paso_store_fail_sql(paso_store *store);
paso_status paso_store_do(paso_store *store, const char *sql);
/* NULL after reporting a failure. Finalize it. */
sqlite3_stmt *paso_store_prepare(paso_store *store, const char *sql);
/* Binds the arguments by letters (i int64_t, d double, s text or NULL), runs the statement, resets
 * it. A double that is not a number is bound as NULL. A NULL statement is an earlier failure. */
paso_status paso_store_put(paso_store *store, sqlite3_stmt *statement, const char *types, ...);
/* The next row: true. At the end or after a failure: false, with *status set. */
bool paso_store_next(paso_store *store, sqlite3_stmt *statement, paso_status *status);
double paso_store_number(sqlite3_stmt *statement, int column); /* NULL is NAN */

paso_status paso_store_load(paso_store *store); /* fills contents from the tables */
paso_status paso_store_check(paso_store *store);

/* value [n_members][n] of one policy in the order of members: a cell, or the total of all (-1).
 * With `member` not NULL, their numbers too. Free both with free(). */
typedef struct paso_store_samples {
    size_t n_members, n_periods;
    double *value;
    int64_t *member;
} paso_store_samples;
paso_status paso_store_samples_read(paso_store *store, size_t policy, size_t observable, int cell,
                                    paso_store_samples *samples);
bool paso_store_is_take(const paso_store_observable *observable, const char *take);
/* As suits the take. value [n] may be sorted. */
paso_summary paso_store_summarise(const paso_store_observable *observable, double *value, size_t n);
void paso_store_samples_clear(paso_store_samples *samples);

/* ---- claims.c, split.c ---- */

void paso_store_load_claims(paso_store *store, paso_status *status);
paso_status paso_store_end_claims(paso_store *store);
paso_status paso_store_end_split(paso_store *store);
void paso_store_load_rests(paso_store *store, paso_status *status);
void paso_store_load_shares(paso_store *store, paso_status *status);

/* The rows of `sql`, each put by `read_row` into an item of `size` bytes of a new array in the
 * store's arena. A ? in it is bound to `key`. */
typedef struct paso_store_reader {
    paso_store *store;
    sqlite3_stmt *statement;
    paso_status status;
} paso_store_reader;
void paso_store_read_rows(paso_store *store, paso_status *status, const char *sql, size_t key,
                          size_t size, void (*read_row)(paso_store_reader *r, void *item),
                          void *items, size_t *count);
const char *paso_store_text_at(paso_store_reader *r, int column); /* "" where absent */
const char *paso_store_label_at(paso_store_reader *r, int column, const char *otherwise);
int paso_store_day_at(paso_store_reader *r, int column);

#endif
