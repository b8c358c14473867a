/* What SQLite opens: a file in memory, or the database that is open already. To open one, to read
 * its schema and to prepare statements took most of the time of a target that reads stores.
 * Linked with --wrap=sqlite3_open_v2,sqlite3_close,sqlite3_prepare_v2,sqlite3_finalize. */
#include <sqlite3.h>
#include <string.h>

#include "fuzz.h"

enum { MAX_KEPT = 64 };

static struct {
    const char *sql; /* literals of the library: their addresses tell them apart */
    sqlite3_stmt *statement;
    int used;
} kept[MAX_KEPT];
static size_t n_kept;
static sqlite3 *standing;
static const uint8_t marker[1]; /* the bytes of a file that is `standing` */

int __wrap_sqlite3_open_v2(const char *name, sqlite3 **db, int flags, const char *vfs);
int __real_sqlite3_open_v2(const char *name, sqlite3 **db, int flags, const char *vfs);
int __wrap_sqlite3_close(sqlite3 *db);
int __real_sqlite3_close(sqlite3 *db);
int __wrap_sqlite3_prepare_v2(sqlite3 *db, const char *sql, int n, sqlite3_stmt **statement,
                              const char **tail);
int __real_sqlite3_prepare_v2(sqlite3 *db, const char *sql, int n, sqlite3_stmt **statement,
                              const char **tail);
int __wrap_sqlite3_finalize(sqlite3_stmt *statement);
int __real_sqlite3_finalize(sqlite3_stmt *statement);

/* No locks, and room for pages at hand: SQLite is not what is tested. */
__attribute__((constructor)) static void configure(void) {
    static char page[512 * 1024];
    FUZZ_MUST(sqlite3_config(SQLITE_CONFIG_SINGLETHREAD) == SQLITE_OK);
    FUZZ_MUST(sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK);
    FUZZ_MUST(sqlite3_config(SQLITE_CONFIG_PAGECACHE, page, 1024, 512) == SQLITE_OK);
    FUZZ_MUST(sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 1200, 400) == SQLITE_OK);
}

void fuzz_database(const char *name, sqlite3 *db) {
    FUZZ_MUST(!standing || standing == db);
    standing = db;
    fuzz_file_add(name, marker, 0);
}

/* Read-only, so that the caller's bytes are left alone: SQLite's type does not say so. */
int __wrap_sqlite3_open_v2(const char *name, sqlite3 **db, int flags, const char *vfs) {
    size_t size = 0;
    const uint8_t *data = fuzz_file_find(name, &size);
    if (!data) return __real_sqlite3_open_v2(name, db, flags, vfs);
    if (data == marker) {
        *db = standing;
        return SQLITE_OK;
    }
    int code = __real_sqlite3_open_v2(":memory:", db, flags | SQLITE_OPEN_MEMORY, vfs);
    if (code != SQLITE_OK) return code;
    return sqlite3_deserialize(*db, "main", (unsigned char *)(uintptr_t)data, (sqlite3_int64)size,
                               (sqlite3_int64)size, SQLITE_DESERIALIZE_READONLY);
}

int __wrap_sqlite3_close(sqlite3 *db) {
    return db && db == standing ? SQLITE_OK : __real_sqlite3_close(db);
}

static int keep(const char *sql, sqlite3_stmt **statement) {
    int code = __real_sqlite3_prepare_v2(standing, sql, -1, statement, NULL);
    if (code != SQLITE_OK || n_kept == MAX_KEPT) return code;
    kept[n_kept].sql = sql;
    kept[n_kept].used = 1;
    kept[n_kept++].statement = *statement;
    return code;
}

int __wrap_sqlite3_prepare_v2(sqlite3 *db, const char *sql, int n, sqlite3_stmt **statement,
                              const char **tail) {
    if (!db || db != standing || n >= 0 || tail)
        return __real_sqlite3_prepare_v2(db, sql, n, statement, tail);
    for (size_t i = 0; i < n_kept; i++) {
        if (kept[i].used || kept[i].sql != sql) continue;
        kept[i].used = 1;
        *statement = kept[i].statement;
        return SQLITE_OK;
    }
    return keep(sql, statement);
}

int __wrap_sqlite3_finalize(sqlite3_stmt *statement) {
    for (size_t i = 0; statement && i < n_kept; i++) {
        if (kept[i].statement != statement) continue;
        kept[i].used = 0;
        sqlite3_clear_bindings(statement);
        return sqlite3_reset(statement);
    }
    return __real_sqlite3_finalize(statement);
}
