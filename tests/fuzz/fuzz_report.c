/* What is made of a store: its exports and its report. The input is a database file, or edits of a
 * good store (edits.c). Nothing is written to a disk: it would take most of the time. */
#include "report/report.h"

#include <string.h>

#include "fuzz.h"
#include "store/export.h"

static void export_store(paso_store *store, unsigned how, FILE *nowhere) {
    size_t n_left_out;
    if (how == 0) paso_store_export(store, PASO_TIDY_CSV, nowhere);
    if (how == 1) paso_store_export(store, PASO_TIDY_JSON, nowhere);
    if (how == 2) paso_store_hubverse(store, nowhere, &n_left_out);
    if (how == 3) paso_store_manifest(store, "a.csv", "csv", "paso export", nowhere);
}

/* One way for each input, which is faster than all for each. */
static void read_store(unsigned how, FILE *nowhere) {
    paso_store *store = NULL;
    paso_diags diags;
    paso_diags_init(&diags);
    if (how > 3) {
        paso_report_write(FUZZ_STORE_NAME, FUZZ_NOWHERE, true, &diags);
    } else if (paso_store_open(FUZZ_STORE_NAME, &diags, &store) == PASO_OK) {
        export_store(store, how, nowhere);
        paso_store_close(store);
    } else {
        FUZZ_MUST(diags.n_errors > 0);
    }
    paso_diags_clear(&diags);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static FILE *nowhere;
    unsigned how = 0;
    if (!nowhere) nowhere = fopen("/dev/null", "w");
    FUZZ_MUST(nowhere != NULL);
    for (size_t i = 0; i < size; i++) how += data[i];
    if (size > 15 && memcmp(data, "SQLite format 3", 15) == 0) {
        fuzz_files_clear();
        fuzz_file_add(FUZZ_STORE_NAME, data, size);
        read_store(how % 8, nowhere);
        fuzz_files_clear();
    } else {
        fuzz_edits_begin(data, size);
        read_store(how % 8, nowhere);
        fuzz_edits_end();
    }
    return 0;
}
