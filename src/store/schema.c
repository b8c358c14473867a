/* The tables of the store; docs/store.md tells what each column means.
 * The view `tidy` is the long format of the export: one value a row. */
#include "store/store_internal.h"

/* A date has quantiles that are dates, and the chance that there is one; a chance has no quantiles.
 */
#define TIDY(name, value, unit, which)                                                             \
    "SELECT p.name AS policy, o.name AS observable, coalesce(c.name, '') AS cell,"                 \
    " d.first_day AS date, " name " AS statistic, " value " AS value, " unit " AS unit"            \
    " FROM summary s JOIN policy p ON p.id = s.policy JOIN observable o ON o.id = s.observable"    \
    " JOIN period d ON d.observable = s.observable AND d.id = s.period"                            \
    " LEFT JOIN cell c ON c.observable = s.observable AND c.id = s.cell" which
#define MEAN                                                                                       \
    TIDY("CASE WHEN o.take IN ('any', 'first') THEN 'chance' ELSE 'mean' END", "s.mean",           \
         "CASE o.take WHEN 'first' THEN '1' ELSE o.unit END", "")
#define QUANTILE(q)                                                                                \
    TIDY("'" q "'",                                                                                \
         "CASE o.take WHEN 'first' THEN date(round(s." q ") * 86400, 'unixepoch') ELSE s." q       \
         " END",                                                                                   \
         "o.unit", " WHERE o.take <> 'any'")

const char paso_store_schema[] =
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;"
    "CREATE TABLE policy(id INTEGER PRIMARY KEY, name TEXT NOT NULL, en TEXT, es TEXT, base TEXT,"
    " doc TEXT, doc_es TEXT, politics INTEGER NOT NULL) STRICT;"
    "CREATE TABLE setting(policy INTEGER NOT NULL REFERENCES policy, lever TEXT NOT NULL,"
    " cell TEXT NOT NULL, date TEXT NOT NULL, value TEXT NOT NULL, unit TEXT NOT NULL) STRICT;"
    "CREATE TABLE observable(id INTEGER PRIMARY KEY, name TEXT NOT NULL, en TEXT, es TEXT,"
    " unit TEXT NOT NULL, every TEXT NOT NULL, take TEXT NOT NULL, headline INTEGER NOT NULL,"
    " total INTEGER NOT NULL, layers TEXT NOT NULL, doc TEXT, doc_es TEXT) STRICT;"
    "CREATE TABLE cell(observable INTEGER NOT NULL REFERENCES observable, id INTEGER NOT NULL,"
    " name TEXT NOT NULL, label_en TEXT, label_es TEXT, PRIMARY KEY(observable, id))"
    " STRICT, WITHOUT ROWID;"
    "CREATE TABLE period(observable INTEGER NOT NULL REFERENCES observable, id INTEGER NOT NULL,"
    " first_day TEXT NOT NULL, PRIMARY KEY(observable, id)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE sample(policy INTEGER NOT NULL REFERENCES policy, member INTEGER NOT NULL,"
    " observable INTEGER NOT NULL REFERENCES observable, value BLOB NOT NULL) STRICT;"
    "CREATE TABLE summary(policy INTEGER NOT NULL, observable INTEGER NOT NULL,"
    " cell INTEGER NOT NULL, period INTEGER NOT NULL, mean REAL, q05 REAL, q25 REAL, q50 REAL,"
    " q75 REAL, q95 REAL, PRIMARY KEY(policy, observable, cell, period)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE observed(observable INTEGER NOT NULL REFERENCES observable,"
    " cell INTEGER NOT NULL, first_day TEXT NOT NULL, value REAL,"
    " PRIMARY KEY(observable, cell, first_day)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE assumption(kind TEXT NOT NULL, name TEXT NOT NULL, cell TEXT NOT NULL, en TEXT,"
    " es TEXT, value REAL, low REAL, high REAL, unit TEXT, layer TEXT, source TEXT, doc TEXT,"
    " who TEXT, grp TEXT, doc_es TEXT) STRICT;"
    "CREATE TABLE place(over TEXT NOT NULL, member TEXT NOT NULL, en TEXT, es TEXT, lat REAL,"
    " lon REAL) STRICT;"
    "CREATE TABLE mechanism(key TEXT PRIMARY KEY, en TEXT, es TEXT, doc TEXT, doc_es TEXT,"
    " number INTEGER, rests TEXT, sources TEXT) STRICT, WITHOUT ROWID;"
    "CREATE TABLE move(mechanism TEXT NOT NULL REFERENCES mechanism, lever TEXT NOT NULL,"
    " value TEXT, output TEXT NOT NULL, sign TEXT NOT NULL, delay TEXT NOT NULL) STRICT;"
    "CREATE TABLE tag(kind TEXT NOT NULL, name TEXT NOT NULL,"
    " mechanism TEXT NOT NULL REFERENCES mechanism) STRICT;"
    "CREATE TABLE source(key TEXT PRIMARY KEY, title TEXT, publisher TEXT, url TEXT)"
    " STRICT, WITHOUT ROWID;";

/* Apart, because compilers need not take longer strings than 4,095 characters. */
const char paso_store_more[] =
    "CREATE TABLE claim(id INTEGER PRIMARY KEY,"
    " observable INTEGER NOT NULL REFERENCES observable, says REAL NOT NULL,"
    " first_day TEXT NOT NULL, last_day TEXT NOT NULL, total INTEGER NOT NULL, by TEXT, doc TEXT,"
    " by_es TEXT, doc_es TEXT, said_en TEXT, said_es TEXT, seen_en TEXT, seen_es TEXT, why_en TEXT,"
    " why_es TEXT, seen REAL, mean REAL, q05 REAL, q25 REAL, q50 REAL, q75 REAL, q95 REAL) STRICT;"
    "CREATE TABLE claimed(claim INTEGER NOT NULL REFERENCES claim, member INTEGER NOT NULL,"
    " value REAL) STRICT;"
    "CREATE TABLE rests(policy INTEGER NOT NULL REFERENCES policy,"
    " observable INTEGER NOT NULL REFERENCES observable, PRIMARY KEY(policy, observable))"
    " STRICT, WITHOUT ROWID;"
    "CREATE TABLE split(policy INTEGER NOT NULL REFERENCES policy,"
    " observable INTEGER NOT NULL REFERENCES observable, cell INTEGER NOT NULL, over TEXT NOT NULL,"
    " noise REAL NOT NULL, parameters REAL NOT NULL, politics REAL NOT NULL) STRICT;"
    "CREATE TABLE unit(name TEXT PRIMARY KEY, es TEXT) STRICT, WITHOUT ROWID;";

const char paso_store_view[] =
    "CREATE VIEW tidy AS " MEAN
    " UNION ALL " QUANTILE("q05") " UNION ALL " QUANTILE("q25") " UNION ALL " QUANTILE(
        "q50") " UNION ALL " QUANTILE("q75") " UNION ALL " QUANTILE("q95") ";";
