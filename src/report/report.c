/* The page from end to end: opening the store, the sections in their order, and the file that gets
 * its name when it is whole. */
#include "report/report.h"

#include <string.h>

#include "base/target.h"
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

paso_status paso_report_write_in(const char *store, const char *out, paso_language language,
                                 bool force, paso_diags *diags) {
    paso_target target;
    if (paso_is_same_file(store, out)) return fail(diags, out, "is the store itself");
    paso_status status = paso_target_open(&target, out, force);
    if (status == PASO_OK) status = write_page(store, language, target.file, diags);
    status = paso_target_end(&target, status);
    return target.why[0] ? fail(diags, out, target.why) : status;
}

paso_status paso_report_write(const char *store, const char *out, bool force, paso_diags *diags) {
    return paso_report_write_in(store, out, PASO_EN, force, diags);
}
