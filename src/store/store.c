/* Opening, closing and naming stores, and the few ways in which the other files talk to SQLite.
 * How a store that is being written is kept apart from finished ones stands in partial.c. */
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/target.h"
#include "store/store_internal.h"

/* ---- failures ---- */

paso_status paso_store_fail(paso_store *store, paso_status status, const char *format, ...) {
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    paso_error(store->diags, "store", (paso_mark){.file = store->path}, "", NULL, "%s", text);
    return status;
}

paso_status paso_store_no_memory(paso_store *store) {
    store->no_memory = true;
    return PASO_ERR_MEMORY;
}

paso_status paso_store_status(const paso_store *store) {
    return store->no_memory || paso_arena_failed(store->arena) ? PASO_ERR_MEMORY : PASO_OK;
}

paso_status paso_store_fail_sql(paso_store *store) {
    int code = sqlite3_errcode(store->db);
    if (code == SQLITE_NOMEM) return paso_store_no_memory(store);
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED) {
        return paso_store_fail(store, PASO_ERR_IO, "another process is writing it");
    }
    if (code == SQLITE_NOTADB) {
        return paso_store_fail(store, PASO_ERR_INPUT,
                               "expected a store of Paso, found another file");
    }
    if (sqlite3_extended_errcode(store->db) == SQLITE_READONLY_ROLLBACK) {
        return paso_store_fail(store, PASO_ERR_INPUT,
                               "the process that wrote it was killed; paso run --resume goes on");
    }
    paso_status status = code == SQLITE_CORRUPT ? PASO_ERR_INPUT : PASO_ERR_IO;
    bool full = sqlite3_extended_errcode(store->db) == SQLITE_IOERR_WRITE;
    return paso_store_fail(store, status, "%s%s", sqlite3_errmsg(store->db),
                           full ? " in writing: is the disk full, or the size of files limited?"
                                : "");
}

/* ---- statements ---- */

paso_status paso_store_do(paso_store *store, const char *sql) {
    if (sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK) return PASO_OK;
    return paso_store_fail_sql(store);
}

sqlite3_stmt *paso_store_prepare(paso_store *store, const char *sql) {
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) != SQLITE_OK) {
        paso_store_fail_sql(store);
    }
    return statement;
}

static int bind_next(sqlite3_stmt *statement, int at, char type, va_list *args) {
    if (type == 'i') return sqlite3_bind_int64(statement, at, va_arg(*args, int64_t));
    if (type == 's') {
        return sqlite3_bind_text(statement, at, va_arg(*args, const char *), -1, SQLITE_TRANSIENT);
    }
    return sqlite3_bind_double(statement, at, va_arg(*args, double)); /* NaN is bound as NULL */
}

paso_status paso_store_put(paso_store *store, sqlite3_stmt *statement, const char *types, ...) {
    if (!statement) return paso_store_failed(store);
    va_list args;
    va_start(args, types);
    int code = SQLITE_OK;
    for (int i = 0; types[i] != '\0' && code == SQLITE_OK; i++) {
        code = bind_next(statement, i + 1, types[i], &args);
    }
    va_end(args);
    if (code == SQLITE_OK) code = sqlite3_step(statement);
    paso_status status = code == SQLITE_DONE ? PASO_OK : paso_store_fail_sql(store);
    sqlite3_reset(statement);
    return status;
}

bool paso_store_next(paso_store *store, sqlite3_stmt *statement, paso_status *status) {
    if (!statement) {
        *status = paso_store_failed(store);
        return false;
    }
    int code = sqlite3_step(statement);
    *status = code == SQLITE_ROW || code == SQLITE_DONE ? PASO_OK : paso_store_fail_sql(store);
    return code == SQLITE_ROW;
}

double paso_store_number(sqlite3_stmt *statement, int column) {
    if (sqlite3_column_type(statement, column) == SQLITE_NULL) return NAN;
    return sqlite3_column_double(statement, column);
}

/* ---- handles ---- */

paso_store *paso_store_alloc(paso_diags *diags, const char *path) {
    paso_store *store = calloc(1, sizeof *store);
    if (!store) return NULL;
    store->diags = diags;
    store->arena = paso_arena_create();
    store->path = path ? strdup(path) : NULL;
    if (store->arena && (store->path || !path)) return store;
    paso_store_close(store);
    return NULL;
}

void paso_store_close(paso_store *store) {
    if (!store) return;
    sqlite3_finalize(store->sample);
    sqlite3_finalize(store->claimed);
    paso_store_partial_drop(store); /* before the lock goes */
    sqlite3_close(store->db);
    free(store->path);
    free(store->factor);
    free(store->scaled);
    free(store->split);
    paso_arena_free(store->arena);
    free(store);
}

/* ---- opening ---- */

static paso_status check_head(paso_store *store, const char *pragma, int64_t *value) {
    paso_status status = PASO_OK;
    sqlite3_stmt *statement = paso_store_prepare(store, pragma);
    *value = paso_store_next(store, statement, &status) ? sqlite3_column_int64(statement, 0) : -1;
    sqlite3_finalize(statement);
    return status;
}

paso_status paso_store_check_format(paso_store *store) {
    int64_t id, version;
    paso_status status = check_head(store, "PRAGMA application_id", &id);
    if (status == PASO_OK) status = check_head(store, "PRAGMA user_version", &version);
    if (status != PASO_OK) return status;
    if (id != PASO_STORE_ID) {
        return paso_store_fail(store, PASO_ERR_INPUT,
                               "expected a store of Paso, found another file");
    }
    if (version != PASO_STORE_FORMAT) {
        return paso_store_fail(store, PASO_ERR_INPUT, "expected a store of format %d, found %lld",
                               PASO_STORE_FORMAT, (long long)version);
    }
    return PASO_OK;
}

/* A run that was cut off: how far it came, which is said instead of showing a part as a whole. */
static paso_status refuse_partial(paso_store *store) {
    int64_t n;
    paso_status status = check_head(store, "SELECT count(DISTINCT member) FROM sample", &n);
    if (status != PASO_OK) return status;
    return paso_store_fail(store, PASO_ERR_INPUT,
                           "expected a finished run, found its beginning: %lld of %s members are "
                           "finished; paso run --resume goes on with it",
                           (long long)n, paso_store_meta(store, "members_planned"));
}

/* The name is not there, but X.partial beside it is. */
static paso_status refuse_missing(paso_store *store) {
    int cause = errno;
    char *partial = paso_store_partial_name(store->path);
    bool begun = partial && access(partial, F_OK) == 0;
    free(partial);
    return paso_store_fail(store, PASO_ERR_IO, "cannot be read: %s%s", strerror(cause),
                           begun ? "; its run is not finished: paso run --resume goes on with it"
                                 : "");
}

paso_status paso_store_open(const char *path, paso_diags *diags, paso_store **store) {
    paso_store *s = paso_store_alloc(diags, path);
    if (!s) return PASO_ERR_MEMORY;
    paso_status status = PASO_OK;
    if (access(path, R_OK) != 0) {
        status = refuse_missing(s);
    } else if (paso_is_folder(path)) {
        status = paso_store_fail(s, PASO_ERR_IO, "is a folder");
    } else if (sqlite3_open_v2(path, &s->db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) {
        status = paso_store_fail_sql(s);
    }
    if (status == PASO_OK) status = paso_store_check_format(s);
    bool partial = status == PASO_OK && paso_store_meta(s, "finished")[0] == '\0';
    if (status == PASO_OK) status = paso_store_status(s);
    if (status == PASO_OK && partial) status = refuse_partial(s);
    if (status == PASO_OK) status = paso_store_load(s);
    if (status == PASO_OK) {
        *store = s;
    } else {
        paso_store_close(s);
    }
    return status;
}

const char *paso_store_meta(paso_store *store, const char *key) {
    paso_status status = PASO_OK;
    const char *value = "";
    sqlite3_stmt *statement = paso_store_prepare(store, "SELECT value FROM meta WHERE key = ?");
    if (statement) sqlite3_bind_text(statement, 1, key, -1, SQLITE_STATIC);
    if (paso_store_next(store, statement, &status) &&
        sqlite3_column_type(statement, 0) != SQLITE_NULL) {
        const char *text = (const char *)sqlite3_column_text(statement, 0);
        if (!text) store->no_memory = true;
        value = paso_arena_text(store->arena, text ? text : "");
    }
    sqlite3_finalize(statement);
    return value ? value : "";
}

const paso_store_contents *paso_store_read(const paso_store *store) {
    return &store->contents;
}

int paso_store_policy_find(const paso_store *store, const char *name) {
    for (size_t i = 0; i < store->contents.n_policies; i++) {
        if (strcmp(store->contents.policy[i].name, name) == 0) return (int)i;
    }
    return -1;
}

int paso_store_observable_find(const paso_store *store, const char *name) {
    for (size_t i = 0; i < store->contents.n_observables; i++) {
        if (strcmp(store->contents.observable[i].name, name) == 0) return (int)i;
    }
    return -1;
}
