/* Results as files: the store, the tidy table, the page. Each is written beside its name and
 * renamed when complete. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/api.h"
#include "report/report.h"

static paso_status fail(paso_errors *errors, const char *path, const char *message) {
    paso_error(&errors->diags, "file", (paso_mark){.file = path}, "", NULL, "%s", message);
    return PASO_ERR_IO;
}

static char *name_beside(const char *path, const char *suffix) {
    size_t size = strlen(path) + 48;
    char *name = malloc(size);
    if (name) snprintf(name, size, "%s.%ld.%s", path, (long)getpid(), suffix);
    return name;
}

static paso_status refuse_existing(const char *path, bool force, paso_errors *errors) {
    if (force || access(path, F_OK) != 0) return PASO_OK;
    return fail(errors, path, "exists already; force overwrites it");
}

paso_status paso_results_save(paso_results *results, const char *path, bool force,
                              paso_errors *errors) {
    paso_status status = refuse_existing(path, force, errors);
    if (status != PASO_OK) return status;
    status = paso_store_save(results->store, path);
    paso_api_errors_move(errors, results->errors);
    return status;
}

/* ---- the table ---- */

/* On the disk before it gets its name. */
static bool close_safely(FILE *file) {
    bool safe = fflush(file) == 0 && !ferror(file) && fsync(fileno(file)) == 0;
    return fclose(file) == 0 && safe;
}

static paso_status write_table(paso_results *results, paso_tidy_format format, const char *path,
                               const char *temporary, paso_errors *errors) {
    FILE *out = fopen(temporary, "wb");
    if (!out) return fail(errors, path, strerror(errno));
    paso_status status = paso_store_export(results->store, format, out);
    bool safe = close_safely(out);
    if (status == PASO_OK && (!safe || rename(temporary, path) != 0)) {
        status = fail(errors, path, strerror(errno));
    }
    if (status != PASO_OK) unlink(temporary);
    paso_api_errors_move(errors, results->errors);
    return status;
}

paso_status paso_results_export(paso_results *results, const char *format, const char *path,
                                bool force, paso_errors *errors) {
    bool csv = strcmp(format, "csv") == 0;
    if (!csv && strcmp(format, "json") != 0) {
        return paso_api_usage(errors, "format", "", NULL, "expected csv or json, found \"%s\"",
                              format);
    }
    paso_status status = refuse_existing(path, force, errors);
    if (status != PASO_OK) return status;
    char *temporary = name_beside(path, "partial");
    if (!temporary) return PASO_ERR_MEMORY;
    status = write_table(results, csv ? PASO_TIDY_CSV : PASO_TIDY_JSON, path, temporary, errors);
    free(temporary);
    return status;
}

/* ---- the page ---- */

/* The page is made from a store that has a name; results without one lend a copy beside it. */
paso_status paso_results_report(paso_results *results, const char *path, bool force,
                                paso_errors *errors) {
    paso_status status = refuse_existing(path, force, errors);
    if (status != PASO_OK) return status;
    char *copy = name_beside(path, "db");
    if (!copy) return PASO_ERR_MEMORY;
    status = paso_store_save(results->store, copy);
    paso_api_errors_move(errors, results->errors);
    if (status == PASO_OK) status = paso_report_write(copy, path, force, &errors->diags);
    unlink(copy);
    free(copy);
    return status;
}
