/* The page from end to end: opening the store, the sections in their order, and the file that gets
 * its name when it is whole. */
#include "report/report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/page.h"

static paso_status fail(paso_diags *diags, const char *file, const char *message) {
    paso_error(diags, "report", (paso_mark){.file = file}, "", NULL, "%s", message);
    return PASO_ERR_IO;
}

static paso_status write_sections(paso_report_page *page) {
    paso_status status = paso_report_load(page);
    if (status != PASO_OK) return status;
    paso_report_head(page);
    paso_report_headline(page);
    status = paso_report_charts(page);
    paso_report_results(page);
    if (status == PASO_OK) status = paso_report_dates(page);
    paso_report_lanes(page);
    paso_report_claims(page);
    paso_report_assumptions(page);
    paso_report_foot(page);
    return status;
}

static const char *base_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static paso_status write_page(const char *path, paso_language language, FILE *out,
                              paso_diags *diags) {
    paso_report_page page = {
        .out = out, .language = language, .file = base_name(path), .arena = paso_arena_create()};
    paso_status status = page.arena ? PASO_OK : PASO_ERR_MEMORY;
    if (status == PASO_OK) status = paso_store_open(path, diags, &page.store);
    if (status == PASO_OK) {
        page.c = paso_store_read(page.store);
        status = write_sections(&page);
        if (status == PASO_OK) status = paso_store_status(page.store);
        if (paso_arena_failed(page.arena)) status = PASO_ERR_MEMORY;
        paso_report_unload(&page);
    }
    paso_store_close(page.store);
    paso_arena_free(page.arena);
    return status;
}

/* On the disk before it gets its name, so that a name is always a whole page. */
static bool close_safely(FILE *file) {
    bool safe = fflush(file) == 0 && !ferror(file) && fsync(fileno(file)) == 0;
    return fclose(file) == 0 && safe;
}

paso_status paso_report_write_in(const char *store, const char *out, paso_language language,
                                 bool force, paso_diags *diags) {
    if (!force && access(out, F_OK) == 0) {
        return fail(diags, out, "exists already; --force overwrites it");
    }
    size_t size = strlen(out) + 32;
    char *temporary = malloc(size);
    if (!temporary) return PASO_ERR_MEMORY;
    snprintf(temporary, size, "%s.%ld.partial", out, (long)getpid());
    paso_status status = PASO_OK;
    FILE *file = fopen(temporary, "wb");
    if (!file) {
        status = fail(diags, out, strerror(errno));
        goto out;
    }
    status = write_page(store, language, file, diags);
    bool safe = close_safely(file);
    if (status == PASO_OK && (!safe || rename(temporary, out) != 0)) {
        status = fail(diags, out, strerror(errno));
    }
    if (status != PASO_OK) unlink(temporary);
out:
    free(temporary);
    return status;
}

paso_status paso_report_write(const char *store, const char *out, bool force, paso_diags *diags) {
    return paso_report_write_in(store, out, PASO_EN, force, diags);
}
