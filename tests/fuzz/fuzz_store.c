/* The reader of stores: a good store with edits (edits.c), opened, and one of its observables read
 * in every way. Files as bytes, exports and the report are in fuzz_report.c, where an input takes
 * twenty times as long. */
#include "fuzz.h"
#include "store/store.h"

/* Summaries, samples, windows and pairs of the first policies and cells. */
static void read_cells(paso_store *store, size_t o, paso_summary *summary, paso_pair *pair) {
    const paso_store_contents *c = paso_store_read(store);
    for (int cell = -1; cell < (int)c->observable[o].n_cells && cell < 2; cell++) {
        paso_summary window;
        paso_pair all;
        paso_store_point *point = NULL;
        size_t n, last = c->n_policies > 1 ? 1 : 0;
        paso_store_series(store, last, o, cell, summary);
        paso_store_window(store, last, o, cell, &window);
        paso_store_pairs(store, 0, last, o, cell, pair, &all);
        if (paso_store_observed(store, o, cell, &point, &n) == PASO_OK) free(point);
    }
}

static void read_members(paso_store *store, size_t o) {
    const paso_store_contents *c = paso_store_read(store);
    size_t n = c->n_members, width = c->observable[o].n_cells * c->observable[o].n_periods;
    if (n > 64 || width > 4096) return;
    uint32_t *member = calloc(n + 1, sizeof *member);
    double *value = calloc(n * width + 1, sizeof *value);
    FUZZ_MUST(member && value);
    paso_store_members(store, member);
    paso_store_values(store, 0, o, value);
    free(member);
    free(value);
}

static void read_observable(paso_store *store, size_t o) {
    size_t n_periods = paso_store_read(store)->observable[o].n_periods;
    paso_summary *summary = calloc(n_periods + 1, sizeof *summary);
    paso_pair *pair = calloc(n_periods + 1, sizeof *pair);
    FUZZ_MUST(summary && pair);
    read_cells(store, o, summary, pair);
    read_members(store, o);
    free(summary);
    free(pair);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    paso_store *store = NULL;
    paso_diags diags;
    size_t which = 0;
    for (size_t i = 0; i < size; i++) which += data[i];
    paso_diags_init(&diags);
    fuzz_edits_begin(data, size);
    if (paso_store_open(FUZZ_STORE_NAME, &diags, &store) == PASO_OK) {
        size_t n = paso_store_read(store)->n_observables;
        if (n > 0) read_observable(store, which % n);
        paso_store_close(store);
    } else {
        FUZZ_MUST(diags.n_errors > 0);
    }
    fuzz_edits_end();
    paso_diags_clear(&diags);
    return 0;
}
