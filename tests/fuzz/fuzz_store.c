/* Stores: a database file, opened, read in every way and reported. The input is the file itself, or
 * a list of edits of a good store, because SQLite finds most broken bytes before we see them.
 * FUZZ_STORE: the store that is edited. No file is written: it would take most of the time. */
#include <sqlite3.h>
#include <string.h>

#include "fuzz.h"
#include "report/report.h"
#include "store/store.h"

#define STORE "a.db"

/* ---- edits: four bytes each, which are table, column, row and the value put there ---- */

static const char *const column[] = {
    "policy.id",        "policy.name",       "policy.base",        "setting.policy",
    "setting.date",     "setting.value",     "observable.id",      "observable.name",
    "observable.en",    "observable.every",  "observable.take",    "observable.headline",
    "observable.total", "observable.unit",   "cell.observable",    "cell.id",
    "cell.name",        "cell.label_en",     "period.observable",  "period.id",
    "period.first_day", "sample.policy",     "sample.member",      "sample.observable",
    "sample.value",     "summary.policy",    "summary.observable", "summary.cell",
    "summary.period",   "summary.mean",      "summary.q05",        "summary.q50",
    "summary.q95",      "observed.cell",     "observed.first_day", "observed.value",
    "claim.says",       "claim.first_day",   "claim.last_day",     "claim.observable",
    "assumption.kind",  "assumption.value",  "assumption.low",     "assumption.high",
    "assumption.layer", "assumption.source", "source.key",         "source.url",
    "meta.key",         "meta.value"};

static const char *const value[] = {"NULL",
                                    "''",
                                    "0",
                                    "1",
                                    "-1",
                                    "9e999",
                                    "-9e999",
                                    "1e308",
                                    "-1e308",
                                    "5e-324",
                                    "4611686018427387904",
                                    "2147483647",
                                    "-2147483648",
                                    "2147483648",
                                    "'x'",
                                    "x''",
                                    "x'00'",
                                    "zeroblob(8)",
                                    "zeroblob(1024)",
                                    "x'000000000000f87f000000000000f07f'",
                                    "'9999-12-31'",
                                    "'0001-01-01'",
                                    "'2024-02-30'",
                                    "'<b>&\"'",
                                    "char(10,13,9,0,65533)",
                                    "hex(zeroblob(300))",
                                    "'month'",
                                    "'sum'",
                                    "'last'",
                                    "'day'"};

static void edit(sqlite3 *db, const uint8_t *at) {
    const char *name = column[at[0] % (sizeof column / sizeof column[0])];
    const char *dot = strchr(name, '.');
    int n = (int)(dot - name);
    char sql[512];
    if (at[1] % 16 == 0)
        snprintf(sql, sizeof sql, "DELETE FROM %.*s WHERE rowid = %d", n, name, at[2] % 32);
    else if (at[1] % 16 == 1)
        snprintf(sql, sizeof sql, "INSERT INTO %.*s SELECT * FROM %.*s WHERE rowid = %d", n, name,
                 n, name, at[2] % 32);
    else if (at[1] % 16 == 2)
        snprintf(sql, sizeof sql, "DELETE FROM %.*s", n, name);
    else if (at[1] % 16 < 6)
        snprintf(sql, sizeof sql, "UPDATE %.*s SET %s = %s", n, name, dot + 1,
                 value[at[3] % (sizeof value / sizeof value[0])]);
    else
        snprintf(sql, sizeof sql, "UPDATE %.*s SET %s = %s WHERE rowid %% %d = %d", n, name,
                 dot + 1, value[at[3] % (sizeof value / sizeof value[0])], at[1], at[2] % at[1]);
    sqlite3_exec(db, sql, NULL, NULL, NULL);
}

/* The bytes of the edited store; sqlite3_free. */
static unsigned char *edited(const uint8_t *data, size_t size, sqlite3_int64 *n) {
    static unsigned char *base;
    static sqlite3_int64 n_base;
    sqlite3 *db = NULL;
    if (!base) {
        FUZZ_MUST(getenv("FUZZ_STORE") && sqlite3_open(getenv("FUZZ_STORE"), &db) == SQLITE_OK);
        base = sqlite3_serialize(db, "main", &n_base, 0);
        sqlite3_close(db);
        FUZZ_MUST(base != NULL);
    }
    unsigned flags = SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE;
    unsigned char *copy = sqlite3_malloc64((sqlite3_uint64)n_base);
    FUZZ_MUST(copy && sqlite3_open(":memory:", &db) == SQLITE_OK);
    memcpy(copy, base, (size_t)n_base);
    FUZZ_MUST(sqlite3_deserialize(db, "main", copy, n_base, n_base, flags) == SQLITE_OK);
    sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);
    for (size_t i = 0; i + 4 <= size && i < 64; i += 4) edit(db, data + i);
    sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
    unsigned char *bytes = sqlite3_serialize(db, "main", n, 0);
    FUZZ_MUST(bytes != NULL);
    sqlite3_close(db);
    return bytes;
}

/* ---- reading ---- */

static void read_observable(paso_store *store, size_t o) {
    const paso_store_contents *c = paso_store_read(store);
    size_t n_periods = c->observable[o].n_periods, n = 0;
    paso_summary *summary = calloc(n_periods + 1, sizeof *summary), window;
    paso_pair *pair = calloc(n_periods + 1, sizeof *pair), all;
    paso_store_point *point = NULL;
    for (int cell = -1; cell < (int)c->observable[o].n_cells && cell < 3; cell++) {
        for (size_t p = 0; p < c->n_policies && p < 2; p++) {
            paso_store_series(store, p, o, cell, summary);
            paso_store_window(store, p, o, cell, &window);
            paso_store_pairs(store, 0, p, o, cell, pair, &all);
        }
        if (paso_store_observed(store, o, cell, &point, &n) == PASO_OK) free(point);
    }
    free(summary);
    free(pair);
}

static void read_numbers(paso_store *store) {
    size_t n = paso_store_read(store)->n_observables;
    for (size_t o = 0; o < n && o < 4; o++) read_observable(store, o);
}

/* One way of reading for each input, which is faster than all for each. */
static void read_store(unsigned how, FILE *nowhere) {
    paso_store *store = NULL;
    paso_diags diags;
    paso_diags_init(&diags);
    if (paso_store_open(STORE, &diags, &store) == PASO_OK) {
        if (how == 0) read_numbers(store);
        if (how == 1) paso_store_export(store, PASO_TIDY_CSV, nowhere);
        if (how == 2) paso_store_export(store, PASO_TIDY_JSON, nowhere);
        paso_store_close(store);
        if (how == 3) paso_report_write(STORE, FUZZ_NOWHERE, true, &diags);
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
    sqlite3_int64 n = (sqlite3_int64)size;
    bool whole = size > 15 && memcmp(data, "SQLite format 3", 15) == 0;
    unsigned char *bytes = whole ? NULL : edited(data, size, &n);
    fuzz_files_clear();
    fuzz_file_add(STORE, whole ? data : bytes, (size_t)n);
    read_store(how % 4, nowhere);
    fuzz_files_clear();
    sqlite3_free(bytes);
    return 0;
}
