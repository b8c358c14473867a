/* Whole stores and whole samples: a copy under another name, the numbers of members, and every
 * value of an observable. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/store_internal.h"

/* ---- values ---- */

paso_status paso_store_members(paso_store *store, uint32_t *member) {
    paso_status status = PASO_OK;
    size_t n = 0;
    sqlite3_stmt *get = paso_store_prepare(store, "SELECT member FROM sample WHERE policy = 0"
                                                  " AND observable = 0 ORDER BY member");
    while (n < store->contents.n_members && paso_store_next(store, get, &status)) {
        member[n++] = (uint32_t)sqlite3_column_int64(get, 0);
    }
    sqlite3_finalize(get);
    if (status == PASO_OK && n < store->contents.n_members) {
        return paso_store_fail(store, PASO_ERR_INPUT, "fewer members than it says");
    }
    return status;
}

paso_status paso_store_values(paso_store *store, size_t policy, size_t observable, double *value) {
    const paso_store_observable *o = &store->contents.observable[observable];
    size_t width = o->n_cells * o->n_periods, n = 0;
    paso_status status = PASO_OK;
    sqlite3_stmt *get = paso_store_prepare(store, "SELECT value FROM sample WHERE policy = ?"
                                                  " AND observable = ? ORDER BY member");
    if (get) {
        sqlite3_bind_int64(get, 1, (int64_t)policy);
        sqlite3_bind_int64(get, 2, (int64_t)observable);
    }
    while (n < store->contents.n_members && paso_store_next(store, get, &status)) {
        const void *blob = sqlite3_column_blob(get, 0);
        if ((size_t)sqlite3_column_bytes(get, 0) != width * sizeof *value) break;
        if (width > 0) memcpy(value + n * width, blob, width * sizeof *value);
        n++;
    }
    sqlite3_finalize(get);
    if (status == PASO_OK && n < store->contents.n_members) {
        return paso_store_fail(store, PASO_ERR_INPUT, "sample of another size than its grid");
    }
    return status;
}

/* ---- copies ---- */

static bool make_safe(const char *file) {
    int in = open(file, O_RDONLY);
    bool safe = in >= 0 && fsync(in) == 0;
    if (in >= 0) close(in);
    return safe;
}

static paso_status copy_to(paso_store *store, const char *temporary) {
    paso_status status = PASO_OK;
    sqlite3_stmt *copy = paso_store_prepare(store, "VACUUM INTO ?");
    if (copy) sqlite3_bind_text(copy, 1, temporary, -1, SQLITE_STATIC);
    while (paso_store_next(store, copy, &status)) continue;
    sqlite3_finalize(copy);
    return status;
}

paso_status paso_store_save(paso_store *store, const char *path) {
    size_t size = strlen(path) + 32;
    char *temporary = malloc(size);
    if (!temporary) return PASO_ERR_MEMORY;
    snprintf(temporary, size, "%s.%ld.partial", path, (long)getpid());
    unlink(temporary); /* left by a crash under the same process number */
    paso_status status = copy_to(store, temporary);
    if (status == PASO_OK && (!make_safe(temporary) || rename(temporary, path) != 0)) {
        status = paso_store_fail(store, PASO_ERR_IO, "no copy as %s: %s", path, strerror(errno));
    }
    if (status != PASO_OK) unlink(temporary);
    free(temporary);
    return status;
}
