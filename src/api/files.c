/* Results as files: the store, a table with its manifest, the page. Each is written beside its name
 * and renamed when complete. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/api.h"
#include "base/target.h"
#include "report/report.h"
#include "store/export.h"

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

/* ---- tables ---- */

static const char *const formats[] = {"csv", "json", "hubverse", "hxl"};
enum { N_FORMATS = 4 };

static int find_format(const char *format) {
    int i = 0;
    while (i < N_FORMATS && strcmp(formats[i], format) != 0) i++;
    return i;
}

static paso_status write_table(paso_store *store, int format, FILE *out) {
    size_t n_left_out = 0;
    if (format == 2) return paso_store_hubverse(store, out, &n_left_out);
    if (format == 3) return paso_store_hxl(store, out);
    return paso_store_export(store, format == 0 ? PASO_TIDY_CSV : PASO_TIDY_JSON, out);
}

static paso_status open_target(paso_target *t, const char *path, bool force, paso_errors *errors) {
    paso_status status = refuse_existing(path, force, errors);
    return status ? status : paso_target_open(t, path, force);
}

/* Both whole, or neither. */
static paso_status write_pair(paso_results *results, int format, const char *path,
                              const char *beside, bool force, paso_errors *errors) {
    paso_target table = {0}, manifest = {0};
    const char *last = strrchr(path, '/');
    paso_status status = open_target(&table, path, force, errors);
    if (status == PASO_OK) status = open_target(&manifest, beside, force, errors);
    if (status == PASO_OK) status = write_table(results->store, format, table.file);
    if (status == PASO_OK) {
        status = paso_store_manifest(results->store, last ? last + 1 : path, formats[format],
                                     "libpaso", manifest.file);
    }
    if (status == PASO_OK) status = paso_target_finish(&table);
    if (status == PASO_OK) status = paso_target_finish(&manifest);
    if (status == PASO_OK) status = paso_target_name(&manifest);
    if (status == PASO_OK) status = paso_target_name(&table);
    if (table.why[0]) fail(errors, path, table.why);
    if (manifest.why[0]) fail(errors, beside, manifest.why);
    paso_target_clear(&table);
    paso_target_clear(&manifest);
    paso_api_errors_move(errors, results->errors);
    return status;
}

paso_status paso_results_export(paso_results *results, const char *format, const char *path,
                                bool force, paso_errors *errors) {
    int found = find_format(format);
    if (found == N_FORMATS) {
        return paso_usage(&errors->diags, "format", "", NULL,
                          "expected csv, json, hubverse or hxl, found \"%s\"", format);
    }
    size_t size = strlen(path) + sizeof ".manifest.json";
    char *beside = malloc(size);
    if (!beside) return PASO_ERR_MEMORY;
    snprintf(beside, size, "%s.manifest.json", path);
    paso_status status = write_pair(results, found, path, beside, force, errors);
    free(beside);
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
