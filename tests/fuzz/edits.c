/* Edits of a good store (FUZZ_STORE), because SQLite finds most broken bytes of a file before we
 * see them. The store stays open in memory: edits are made in a transaction that is rolled back
 * after the input, by statements that stay prepared. To open it anew took most of the time.
 * An edit is four bytes: column, what is done, row, value; a value from OWN_TEXT on is eight
 * more bytes of the input. */
#include <sqlite3.h>
#include <string.h>

#include "fuzz.h"

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
    "meta.key",         "meta.value",        "observable.layers",  "setting.lever",
    "claim.by",         "claim.last_day",    "claim.total",        "assumption.name",
    "assumption.who",   "policy.en",         "policy.doc",         "observable.doc",
    "assumption.cell",  "source.title",      "summary.q25",        "claim.id",
    "claim.seen",       "claim.q50",         "claim.why_es",       "claimed.claim",
    "claimed.value",    "rests.observable",  "split.over",         "split.noise",
    "unit.es"};
enum { N_COLUMNS = sizeof column / sizeof column[0] };

static const char *const odd[] = {"NULL",
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
enum { N_ODD = sizeof odd / sizeof odd[0] };

enum { OWN_TEXT = 250, OWN_NUMBER = 253, OWN_SIZE = 8, MOST_EDITS = 8 };
typedef enum verb { DROP, COPY, UPDATE, N_VERBS } verb;

static sqlite3 *db;
static sqlite3_stmt *prepared[N_COLUMNS][N_VERBS];
static sqlite3_value *odd_value[N_ODD];

static void open_base(void) {
    sqlite3 *file = NULL;
    sqlite3_stmt *get;
    sqlite3_int64 n;
    char sql[64];
    unsigned flags = SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE;
    FUZZ_MUST(getenv("FUZZ_STORE") && sqlite3_open(getenv("FUZZ_STORE"), &file) == SQLITE_OK);
    unsigned char *bytes = sqlite3_serialize(file, "main", &n, 0);
    sqlite3_close(file);
    FUZZ_MUST(bytes && sqlite3_open(":memory:", &db) == SQLITE_OK);
    FUZZ_MUST(sqlite3_deserialize(db, "main", bytes, n, n, flags) == SQLITE_OK);
    sqlite3_exec(db, "PRAGMA temp_store = MEMORY", NULL, NULL, NULL);
    for (int i = 0; i < N_ODD; i++) {
        snprintf(sql, sizeof sql, "SELECT %s", odd[i]);
        FUZZ_MUST(sqlite3_prepare_v2(db, sql, -1, &get, NULL) == SQLITE_OK);
        FUZZ_MUST(sqlite3_step(get) == SQLITE_ROW);
        odd_value[i] = sqlite3_value_dup(sqlite3_column_value(get, 0));
        sqlite3_finalize(get);
    }
}

/* ?1 and ?2 are rows (the ?1st of ?2 in turn), ?3 is the value. */
static sqlite3_stmt *prepare(int at, verb how) {
    const char *name = column[at], *dot = strchr(name, '.');
    int n = (int)(dot - name);
    char sql[256];
    if (how == DROP) snprintf(sql, sizeof sql, "DELETE FROM %.*s WHERE rowid %% ?2 = ?1", n, name);
    if (how == COPY)
        snprintf(sql, sizeof sql, "INSERT INTO %.*s SELECT * FROM %.*s WHERE rowid %% ?2 = ?1", n,
                 name, n, name);
    if (how == UPDATE)
        snprintf(sql, sizeof sql, "UPDATE %.*s SET %s = ?3 WHERE rowid %% ?2 = ?1", n, name,
                 dot + 1);
    FUZZ_MUST(sqlite3_prepare_v2(db, sql, -1, &prepared[at][how], NULL) == SQLITE_OK);
    return prepared[at][how];
}

/* How many bytes of the input the value took. */
static size_t bind_value(sqlite3_stmt *put, int value, const uint8_t *own, size_t size) {
    double number;
    if (value < OWN_TEXT || size < OWN_SIZE) {
        sqlite3_bind_value(put, 3, odd_value[value % N_ODD]);
        return 0;
    }
    memcpy(&number, own, sizeof number);
    if (value < OWN_NUMBER)
        sqlite3_bind_text(put, 3, (const char *)own, OWN_SIZE, SQLITE_TRANSIENT);
    else
        sqlite3_bind_double(put, 3, number);
    return OWN_SIZE;
}

/* How many bytes the edit took: four, or with a value of its own twelve. */
static size_t edit(const uint8_t *data, size_t size) {
    static const int rows_of[] = {32, 32, 1, 1, 1, 1};
    int at = data[0] % N_COLUMNS, what = data[1] % 16;
    int rows = what < 6 ? rows_of[what] : data[1];
    verb how = what == 0 || what == 2 ? DROP : what == 1 ? COPY : UPDATE;
    sqlite3_stmt *put = prepared[at][how] ? prepared[at][how] : prepare(at, how);
    size_t taken = 4;
    sqlite3_bind_int(put, 1, data[2] % rows);
    sqlite3_bind_int(put, 2, rows);
    if (how == UPDATE) taken += bind_value(put, data[3], data + 4, size - 4);
    sqlite3_step(put);
    sqlite3_reset(put);
    return taken;
}

/* One of "BEGIN" and "ROLLBACK". */
static void run(sqlite3_stmt **statement, const char *sql) {
    if (!*statement) FUZZ_MUST(sqlite3_prepare_v2(db, sql, -1, statement, NULL) == SQLITE_OK);
    FUZZ_MUST(sqlite3_step(*statement) == SQLITE_DONE);
    sqlite3_reset(*statement);
}

void fuzz_edits_begin(const uint8_t *data, size_t size) {
    static sqlite3_stmt *begin;
    size_t at = 0;
    if (!db) open_base();
    run(&begin, "BEGIN");
    for (int i = 0; i < MOST_EDITS && at + 4 <= size; i++) at += edit(data + at, size - at);
    fuzz_files_clear();
    fuzz_database(FUZZ_STORE_NAME, db);
}

void fuzz_edits_end(void) {
    static sqlite3_stmt *rollback;
    fuzz_files_clear();
    run(&rollback, "ROLLBACK");
}
