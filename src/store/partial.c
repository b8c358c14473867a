/* A run on its way to its name: X.partial beside X, each batch of finished members in a transaction
 * of its own, so that a process that is killed loses no more than what it was at. An exclusive lock
 * keeps a second writer away; a complete store is renamed, so a name is always a whole store. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/target.h"
#include "store/store_internal.h"

/* The journal undoes a transaction that was cut off. Not waiting for the disk is safe against the
 * end of the process; the last transaction does wait. */
static const char writer_settings[] =
    "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF;"
    "PRAGMA cache_size = -65536;";
static const char private_settings[] =
    "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;";

/* ---- names ---- */

static bool exists(const char *path) {
    struct stat about;
    return lstat(path, &about) == 0;
}

char *paso_store_partial_name(const char *path) {
    size_t size = strlen(path) + sizeof ".partial";
    char *name = malloc(size);
    if (name) snprintf(name, size, "%s.partial", path);
    return name;
}

/* Ends the transaction that runs and its journal, whose name the next writer will use. */
static void end_journal(paso_store *store) {
    if (!sqlite3_get_autocommit(store->db)) sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    sqlite3_exec(store->db, "PRAGMA journal_mode = MEMORY", NULL, NULL, NULL);
}

void paso_store_partial_drop(paso_store *store) {
    if (store->temporary && store->owned) {
        end_journal(store);
        if (!store->keep) unlink(store->temporary);
    }
    free(store->temporary);
    store->temporary = NULL;
}

void paso_store_keep(paso_store *store) {
    store->keep = store->temporary && store->n_safe > 0;
}

size_t paso_store_kept(const paso_store *store) {
    return store->keep ? store->n_safe : 0;
}

/* ---- the writer's handle ---- */

static int64_t ask_number(paso_store *store, const char *sql) {
    int64_t value = -1;
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW) {
        value = sqlite3_column_int64(statement, 0);
    }
    sqlite3_finalize(statement);
    return value;
}

static int take_lock(paso_store *store) {
    int code = sqlite3_exec(store->db, writer_settings, NULL, NULL, NULL);
    if (code != SQLITE_OK) return code;
    code = sqlite3_exec(store->db, "BEGIN EXCLUSIVE; COMMIT", NULL, NULL, NULL);
    store->owned = code == SQLITE_OK;
    return code;
}

/* Opens X.partial and keeps others from writing it. What is no database has no lock yet. */
static paso_status lock_partial(paso_store *store) {
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    int file = open(store->temporary, O_RDWR | O_CREAT, 0666); /* for the system's own words */
    if (file < 0) {
        return paso_store_fail(store, PASO_ERR_IO, "cannot be written: %s", strerror(errno));
    }
    close(file);
    if (sqlite3_open_v2(store->temporary, &store->db, flags, NULL) != SQLITE_OK) {
        return paso_store_fail_sql(store);
    }
    int code = take_lock(store);
    if (code == SQLITE_OK || code == SQLITE_NOTADB) return PASO_OK;
    return paso_store_fail_sql(store);
}

/* What of an earlier run stands in X.partial: members, -1 if it is not a beginning of a run, 0 if
 * nothing is lost with it. */
static int64_t count_kept(paso_store *store) {
    if (ask_number(store, "SELECT count(*) FROM sqlite_schema") == 0) return 0;
    if (ask_number(store, "PRAGMA application_id") != PASO_STORE_ID) return -1;
    return ask_number(store, "SELECT count(DISTINCT member) FROM sample");
}

/* A fresh run may not take the place of an unfinished one unasked. */
static paso_status clear_place(paso_store *store, bool force) {
    int64_t kept = count_kept(store);
    if (kept == 0 && ask_number(store, "SELECT count(*) FROM sqlite_schema") == 0) return PASO_OK;
    if (kept != 0 && !force) {
        store->owned = false;
        return paso_store_fail(store, PASO_ERR_IO,
                               kept > 0 ? "%s holds %lld finished members of a run that was cut "
                                          "off; --resume goes on with it, --force starts anew"
                                        : "%s is in the way; --force overwrites it",
                               store->temporary, (long long)kept);
    }
    /* Emptied under the lock: to remove the file would let a second writer in. */
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_RESET_DATABASE, 1, 0);
    int code = sqlite3_exec(store->db, "VACUUM", NULL, NULL, NULL);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_RESET_DATABASE, 0, 0);
    if (code == SQLITE_OK && !store->owned) code = take_lock(store);
    return code == SQLITE_OK ? PASO_OK : paso_store_fail_sql(store);
}

static paso_status create_tables(paso_store *store) {
    char head[96];
    snprintf(head, sizeof head, "BEGIN; PRAGMA application_id = %d; PRAGMA user_version = %d;",
             PASO_STORE_ID, PASO_STORE_FORMAT);
    paso_status status = paso_store_do(store, head);
    if (status == PASO_OK) status = paso_store_do(store, paso_store_schema);
    if (status == PASO_OK) status = paso_store_do(store, paso_store_more);
    if (status == PASO_OK) status = paso_store_do(store, paso_store_view);
    return status == PASO_OK ? paso_store_do(store, "COMMIT") : status;
}

static paso_status check_place(paso_store *store, bool force) {
    const char *refused = paso_place_refused(store->path, force);
    return refused ? paso_store_fail(store, PASO_ERR_IO, "%s", refused) : PASO_OK;
}

static paso_status open_partial(paso_store *store, bool force) {
    paso_status status = check_place(store, force);
    if (status != PASO_OK) return status;
    store->force = force;
    store->temporary = paso_store_partial_name(store->path);
    if (!store->temporary) return PASO_ERR_MEMORY;
    status = lock_partial(store);
    return status == PASO_OK ? clear_place(store, force) : status;
}

static paso_status open_private(paso_store *store) {
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    if (sqlite3_open_v2("", &store->db, flags, NULL) != SQLITE_OK) {
        return paso_store_fail_sql(store);
    }
    return paso_store_do(store, private_settings);
}

paso_status paso_store_create(const char *path, bool force, paso_diags *diags, paso_store **store) {
    paso_store *s = paso_store_alloc(diags, path);
    if (!s) return PASO_ERR_MEMORY;
    paso_status status = path ? open_partial(s, force) : open_private(s);
    if (status == PASO_OK) status = create_tables(s);
    if (status == PASO_OK) {
        *store = s;
    } else {
        paso_store_close(s);
    }
    return status;
}

/* ---- going on ---- */

/* X was interrupted: its members go into a new X.partial, X stays until that is complete. */
static paso_status copy_interrupted(paso_store *store) {
    sqlite3 *from = NULL;
    int code = sqlite3_open_v2(store->path, &from, SQLITE_OPEN_READONLY, NULL);
    sqlite3_backup *copy =
        code == SQLITE_OK ? sqlite3_backup_init(store->db, "main", from, "main") : NULL;
    if (copy) sqlite3_backup_step(copy, -1);
    code = copy ? sqlite3_backup_finish(copy) : SQLITE_ERROR;
    sqlite3_close(from);
    if (code != SQLITE_OK) return paso_store_fail_sql(store);
    if (strcmp(paso_store_meta(store, "interrupted"), "0") != 0) return PASO_OK;
    return paso_store_fail(store, PASO_ERR_USAGE, "the run is complete: nothing is to be resumed");
}

/* Without the end that was written for a part. */
static paso_status take_end_off(paso_store *store) {
    return paso_store_do(
        store, "BEGIN; DELETE FROM summary; DROP INDEX IF EXISTS sample_of;"
               "DELETE FROM split; DELETE FROM meta WHERE key IN ('finished', 'interrupted');"
               "COMMIT");
}

/* Every member that is there must be there for every policy and observable, once. */
static paso_status check_samples(paso_store *store) {
    const paso_store_contents *c = &store->contents;
    char sql[160];
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM (SELECT 1 FROM sample GROUP BY member HAVING count(*) <> %zu)",
             c->n_policies * c->n_observables);
    if (ask_number(store, sql) == 0) return PASO_OK;
    return paso_store_fail(store, PASO_ERR_INPUT, "expected whole members, found parts of some");
}

static paso_status read_partial(paso_store *store, bool was_there) {
    paso_status status = was_there ? PASO_OK : copy_interrupted(store);
    if (status == PASO_OK) status = paso_store_check_format(store);
    if (status == PASO_OK) status = take_end_off(store);
    if (status == PASO_OK) status = paso_store_load(store);
    if (status != PASO_OK) return status;
    int64_t n = ask_number(store, "SELECT count(DISTINCT member) FROM sample");
    store->contents.n_members = store->n_safe = n > 0 ? (size_t)n : 0;
    return check_samples(store);
}

paso_status paso_store_resume(const char *path, paso_diags *diags, paso_store **store) {
    paso_store *s = paso_store_alloc(diags, path);
    if (!s) return PASO_ERR_MEMORY;
    paso_status status = PASO_OK;
    s->force = true;
    s->temporary = paso_store_partial_name(path);
    bool was_there = s->temporary && exists(s->temporary);
    if (!s->temporary) {
        status = PASO_ERR_MEMORY;
    } else if (!was_there && !exists(path)) {
        status = paso_store_fail(s, PASO_ERR_IO, "there is nothing to resume");
    } else if (paso_is_folder(path)) {
        status = paso_store_fail(s, PASO_ERR_IO, "is a folder");
    }
    if (status == PASO_OK) status = lock_partial(s);
    s->keep = was_there;
    if (status == PASO_OK) status = read_partial(s, was_there);
    if (status == PASO_OK) {
        *store = s;
    } else {
        paso_store_close(s);
    }
    return status;
}

paso_status paso_store_finished(paso_store *store, uint32_t **member, size_t *n) {
    PASO_LIST_OF(uint32_t) list = {0};
    paso_status status = PASO_OK;
    sqlite3_stmt *get =
        paso_store_prepare(store, "SELECT DISTINCT member FROM sample ORDER BY member");
    while (paso_store_next(store, get, &status)) {
        uint32_t one = (uint32_t)sqlite3_column_int64(get, 0);
        if (PASO_PUSH(&list, one) != 0) {
            status = PASO_ERR_MEMORY;
            break;
        }
    }
    sqlite3_finalize(get);
    *member = list.items;
    *n = list.n;
    return status;
}

/* ---- the name ---- */

/* Renamed while the lock is held, so that nobody can begin in between. */
paso_status paso_store_give_name(paso_store *store) {
    paso_status status = check_place(store, store->force);
    if (status != PASO_OK) return status;
    end_journal(store);
    if (rename(store->temporary, store->path) != 0) {
        return paso_store_fail(store, PASO_ERR_IO, "cannot be written: %s", strerror(errno));
    }
    sqlite3_close(store->db);
    store->db = NULL;
    free(store->temporary);
    store->temporary = NULL;
    store->keep = false;
    if (sqlite3_open_v2(store->path, &store->db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) {
        return paso_store_fail_sql(store);
    }
    return PASO_OK;
}
