/* What happens when: sim_period.csv, conflicts.csv, closures.csv and location_changes.csv. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/calendar.h"
#include "flee/read.h"

/* ---- sim_period.csv ---- */

static void read_period_row(flee_reader *r, const flee_rows *rows, size_t row, bool got[2]) {
    const flee_row *cells = &rows->row[row];
    double length;
    if (strcasecmp(paso_flee_cell(cells, 0), "StartDate") == 0) {
        got[0] = paso_flee_rows_date(rows, r->diags, row, 1, "StartDate", &r->s->start) == 0;
    } else if (strcasecmp(paso_flee_cell(cells, 0), "Length") == 0) {
        got[1] = paso_flee_rows_whole(rows, r->diags, row, 1, "Length", &length) == 0;
        if (got[1] && length >= 1 && length < 40000)
            r->s->days = (int)length;
        else if (got[1])
            paso_error(r->diags, "flee-period", paso_flee_rows_mark(rows, row, 1), "Length", NULL,
                       "row %d, column 2 (Length): expected days from 1 to 40000, found \"%s\"",
                       cells->line, paso_flee_cell(cells, 1));
    }
}

paso_status paso_flee_read_period(flee_reader *r, int days) {
    flee_rows rows;
    bool got[2] = {false, false};
    const char *file = paso_flee_path(r, r->input, "sim_period.csv");
    if (!paso_flee_file_exists(file) &&
        paso_flee_file_exists(paso_flee_path(r, r->input, "conflict_period.csv")))
        return paso_error(r->diags, "flee-period", (paso_mark){.file = file}, "",
                          "conflict_period.csv is its old name: rename the file",
                          "expected this file, found none");
    paso_status status = paso_flee_rows_read(r->arena, r->diags, file, &rows);
    if (status != PASO_OK) return status;
    for (size_t i = 0; i < rows.n; i++) {
        if (rows.row[i].n > 0)
            read_period_row(r, &rows, i, got);
        else
            paso_error(r->diags, "flee-period", paso_flee_rows_mark(&rows, i, 0), "",
                       "take the line out: Flee stops at it too",
                       "row %d: expected StartDate,2012-02-29 or Length,300, found an empty line",
                       rows.row[i].line);
    }
    for (int k = 0; k < 2; k++) {
        if (!got[k] && r->diags->n_errors == 0)
            paso_error(r->diags, "flee-period", (paso_mark){.file = rows.file}, "",
                       "the file has two rows: StartDate,2012-02-29 and Length,300",
                       "expected a row %s, found none", k ? "Length" : "StartDate");
    }
    if (days > 0) r->s->days = days;
    return paso_diags_status(r->diags);
}

/* ---- conflicts.csv ---- */

static void forbid_values(flee_reader *r, const flee_rows *rows, size_t cell) {
    for (size_t k = 1; k < rows->n; k++) {
        if (!paso_flee_cell(&rows->row[k], cell)[0]) continue;
        paso_error(r->diags, "flee-conflicts", paso_flee_rows_mark(rows, k, cell), "", NULL,
                   "row %d, column %zu: expected no value under an empty name, found \"%s\"",
                   rows->row[k].line, cell + 1, paso_flee_cell(&rows->row[k], cell));
        return;
    }
}

/* The place of a column, or -1 if it has no effect. */
static int read_conflict_name(flee_reader *r, const flee_rows *rows, size_t cell) {
    const char *name = paso_flee_cell_stripped(r->arena, &rows->row[0], cell), *hint = NULL;
    if (name[0] == '\0') {
        forbid_values(r, rows, cell);
        return -1;
    }
    int place = paso_flee_place_index(r, name);
    if (place >= 0) return r->s->place[place].first;
    const char *nearest = paso_nearest(name, r->names, r->s->n_places);
    if (nearest) hint = paso_arena_format(r->arena, "did you mean %s?", nearest);
    paso_warn(r->diags, "flee-conflicts", paso_flee_rows_mark(rows, 0, cell), "", hint,
              "\"%s\" is no place of locations.csv; the column has no effect", name);
    return -1;
}

/* place_of [n_conflict_columns]. */
static void read_conflict_names(flee_reader *r, const flee_rows *rows, int *place_of) {
    for (size_t i = 0; i < r->s->n_conflict_columns; i++) {
        place_of[i] = read_conflict_name(r, rows, i + 1);
        if (place_of[i] < 0) continue;
        flee_place *place = &r->s->place[place_of[i]];
        if (place->conflict_column < 0)
            place->conflict_column = (int)i;
        else
            paso_warn(r->diags, "flee-conflicts", paso_flee_rows_mark(rows, 0, i + 1), "",
                      "give each place one column",
                      "\"%s\" again: Flee takes the values of its columns in turn, one a day, so "
                      "that they come late",
                      place->name);
    }
}

/* Places of one name have one column. */
static void share_columns(paso_flee_scenario *s) {
    for (size_t p = 0; p < s->n_places; p++)
        s->place[p].conflict_column = s->place[s->place[p].first].conflict_column;
}

/* To Flee the columns of one name are one list: of each row first the one's value, then the
 * other's. Day by day from the last, because a day's value comes from an earlier row. */
static void weave(paso_flee_scenario *s, const int *place_of) {
    size_t n = s->n_conflict_columns;
    for (size_t first = 0; first < n; first++) {
        size_t k = 0;
        if (place_of[first] < 0 || s->place[place_of[first]].conflict_column != (int)first)
            continue;
        for (size_t c = first; c < n; c++) k += place_of[c] == place_of[first];
        for (size_t t = (size_t)s->days; t-- > 0 && k > 1;) {
            size_t c = first;
            for (size_t skip = t % k; skip > 0; skip -= place_of[c] == place_of[first]) c++;
            s->intensity[t * n + first] = s->intensity[t / k * n + c];
        }
    }
}

static void read_conflict_day(flee_reader *r, const flee_rows *rows, size_t row, size_t day) {
    const flee_row *head = &rows->row[0];
    size_t n = r->s->n_conflict_columns;
    for (size_t i = head->n; i < rows->row[row].n; i++)
        if (paso_flee_cell(&rows->row[row], i)[0])
            paso_error(r->diags, "flee-conflicts", paso_flee_rows_mark(rows, row, i), "", NULL,
                       "row %d, column %zu: expected no value beyond the header, found \"%s\"",
                       rows->row[row].line, i + 1, paso_flee_cell(&rows->row[row], i));
    for (size_t i = 1; i < head->n; i++) {
        if (paso_flee_cell(head, i)[0] == '\0') continue;
        paso_flee_rows_number(rows, r->diags, row, i, paso_flee_cell(head, i),
                              &r->s->intensity[day * n + i - 1]);
    }
}

paso_status paso_flee_read_conflicts(flee_reader *r) {
    flee_rows rows;
    const char *file = paso_flee_path(r, r->input, "conflicts.csv");
    paso_status status = paso_flee_rows_read(r->arena, r->diags, file, &rows);
    if (status != PASO_OK) return status;
    size_t days = (size_t)r->s->days, found = 0;
    if (rows.n == 0)
        return paso_error(r->diags, "flee-conflicts", paso_flee_rows_mark(&rows, 0, 0), "", NULL,
                          "expected a header #Day,NAME,... and a row for each day, found nothing");
    r->s->n_conflict_columns = rows.row[0].n > 0 ? rows.row[0].n - 1 : 0;
    r->s->intensity =
        paso_arena_alloc(r->arena, days * (r->s->n_conflict_columns + 1), sizeof *r->s->intensity);
    int *place_of = paso_arena_alloc(r->arena, r->s->n_conflict_columns + 1, sizeof *place_of);
    if (!r->s->intensity || !place_of) return PASO_ERR_MEMORY;
    read_conflict_names(r, &rows, place_of);
    for (size_t i = 1; i < rows.n && found < days; i++) {
        /* To Flee a row counts by its cells, whatever it begins with. */
        if (rows.row[i].n < 2 && paso_flee_row_is_comment(&rows.row[i])) continue;
        read_conflict_day(r, &rows, i, found++);
    }
    if (found < days)
        return paso_error(r->diags, "flee-conflicts", paso_flee_rows_mark(&rows, rows.n - 1, 0), "",
                          "run fewer days with --days, or add rows",
                          "expected a row for each of the %zu days, found %zu", days, found);
    if (!r->s->fixed) weave(r->s, place_of);
    share_columns(r->s);
    return PASO_OK;
}

/* ---- closures.csv ---- */

static const struct {
    const char *name;
    flee_closure_kind kind;
} closure_kinds[] = {
    {"country", FLEE_CLOSE_COUNTRY}, {"location", FLEE_CLOSE_LOCATION},
    {"camp", FLEE_CLOSE_CAMP},       {"idpcamp", FLEE_CLOSE_IDP_CAMP},
    {"link", FLEE_CLOSE_LINK},       {"remove_forced_redirection", FLEE_CLOSE_FORCED}};
enum { N_CLOSURES = sizeof closure_kinds / sizeof *closure_kinds };

#define EXPECTED_CLOSURE                                                                           \
    "row %d, column 1 (closure_type): expected country, location, camp, idpcamp, link or "         \
    "remove_forced_redirection, found \"%s\""

static int read_closure_kind(flee_reader *r, const flee_rows *rows, size_t row,
                             flee_closure_kind *kind) {
    const char *type = paso_flee_cell(&rows->row[row], 0);
    const char *names[N_CLOSURES];
    for (size_t i = 0; i < N_CLOSURES; i++) {
        names[i] = closure_kinds[i].name;
        if (strcmp(type, names[i]) == 0) {
            *kind = closure_kinds[i].kind;
            return 0;
        }
    }
    const char *nearest = paso_nearest(type, names, N_CLOSURES);
    const char *hint = nearest ? paso_arena_format(r->arena, "did you mean %s?", nearest) : NULL;
    paso_mark mark = paso_flee_rows_mark(rows, row, 0);
    if (r->s->fixed)
        paso_error(r->diags, "flee-closure", mark, "closure_type", hint, EXPECTED_CLOSURE,
                   rows->row[row].line, type);
    else
        paso_warn(r->diags, "flee-closure", mark, "closure_type", hint,
                  EXPECTED_CLOSURE "; it closes nothing, in Flee neither", rows->row[row].line,
                  type);
    return -1;
}

static bool is_country(const flee_reader *r, const char *name) {
    for (size_t i = 0; i < r->s->n_places; i++)
        if (strcmp(r->s->place[i].country, name) == 0) return true;
    return false;
}

static void check_country(flee_reader *r, const flee_rows *rows, size_t row, size_t cell) {
    const char *name = paso_flee_cell(&rows->row[row], cell);
    if (is_country(r, name)) return;
    const char **names = paso_arena_alloc(r->arena, r->s->n_places + 1, sizeof *names);
    for (size_t i = 0; names && i < r->s->n_places; i++) names[i] = r->s->place[i].country;
    const char *nearest = names ? paso_nearest(name, names, r->s->n_places) : NULL;
    paso_warn(r->diags, "flee-closure", paso_flee_rows_mark(rows, row, cell), "",
              nearest ? paso_arena_format(r->arena, "did you mean %s?", nearest) : NULL,
              "row %d, column %zu: no place is in \"%s\"; the closure has no effect",
              rows->row[row].line, cell + 1, name);
}

/* What Flee closes without effect where the name is unknown: links, which it closes never, and
 * places. A camp of an unknown name closes another one there: a mistake here. */
static bool has_no_effect(flee_reader *r, const flee_rows *rows, size_t row,
                          const flee_closure *c) {
    bool link = c->kind == FLEE_CLOSE_LINK || c->kind == FLEE_CLOSE_FORCED;
    if (r->s->fixed || (!link && c->kind != FLEE_CLOSE_LOCATION)) return false;
    for (size_t cell = 1; cell <= (link ? 2 : 1); cell++) {
        const char *name = paso_flee_cell(&rows->row[row], cell);
        if (paso_flee_place_index(r, name) >= 0) continue;
        const char *nearest = paso_nearest(name, r->names, r->s->n_places);
        paso_warn(r->diags, "flee-closure", paso_flee_rows_mark(rows, row, cell), "",
                  nearest ? paso_arena_format(r->arena, "did you mean %s?", nearest) : NULL,
                  "row %d, column %zu: \"%s\" is no place of locations.csv; the closure has no "
                  "effect",
                  rows->row[row].line, cell + 1, name);
        return true;
    }
    return false;
}

static void read_closure(flee_reader *r, const flee_rows *rows, size_t row) {
    flee_closure c = {.place = -1, .other = -1};
    double start = 0, end = 0;
    if (read_closure_kind(r, rows, row, &c.kind) != 0) return;
    c.name1 = paso_flee_cell(&rows->row[row], 1);
    c.name2 = paso_flee_cell(&rows->row[row], 2);
    int bad = paso_flee_rows_whole(rows, r->diags, row, 3, "closure_start", &start);
    bad |= paso_flee_rows_whole(rows, r->diags, row, 4, "closure_end", &end);
    if (has_no_effect(r, rows, row, &c)) return;
    for (size_t i = 1; i <= 2 && c.kind == FLEE_CLOSE_COUNTRY; i++) check_country(r, rows, row, i);
    if (c.kind != FLEE_CLOSE_COUNTRY) {
        c.place = paso_flee_cell_place(r, rows, row, 1, "name1");
        if (c.place < 0) return;
    }
    if (c.kind == FLEE_CLOSE_LINK || c.kind == FLEE_CLOSE_FORCED) {
        c.other = paso_flee_cell_place(r, rows, row, 2, "name2");
        if (c.other < 0) return;
    }
    if (bad) return;
    c.start = (int)start;
    c.end = (int)end;
    r->s->closure[r->s->n_closures++] = c;
}

paso_status paso_flee_read_closures(flee_reader *r) {
    flee_rows rows;
    paso_status status =
        paso_flee_rows_read(r->arena, r->diags, paso_flee_path(r, r->input, "closures.csv"), &rows);
    if (status != PASO_OK) return status;
    r->s->closure = paso_arena_alloc(r->arena, rows.n + 1, sizeof *r->s->closure);
    if (!r->s->closure) return PASO_ERR_MEMORY;
    for (size_t i = 0; i < rows.n; i++)
        if (!paso_flee_row_is_comment(&rows.row[i])) read_closure(r, &rows, i);
    return PASO_OK;
}

/* ---- location_changes.csv ---- */

static void read_change(flee_reader *r, const flee_rows *rows, size_t row) {
    double day = 0;
    flee_change change = {.place = paso_flee_cell_place(r, rows, row, 0, "location_name")};
    change.kind = paso_flee_kind_of(paso_flee_cell(&rows->row[row], 1));
    if (change.kind == FLEE_OTHER)
        paso_error(r->diags, "flee-type", paso_flee_rows_mark(rows, row, 1), "new_type", NULL,
                   "row %d, column 2 (new_type): expected conflict_zone, town, camp, idpcamp, "
                   "forwarding_hub or marker, found \"%s\"",
                   rows->row[row].line, paso_flee_cell(&rows->row[row], 1));
    if (paso_flee_rows_whole(rows, r->diags, row, 2, "day", &day) != 0 || change.place < 0) return;
    change.day = (int)day;
    r->s->change[r->s->n_changes++] = change;
}

/* Flee looks in the folder it is started from, which is the scenario's. */
paso_status paso_flee_read_changes(flee_reader *r) {
    flee_rows rows;
    const char *file = paso_flee_path(r, r->folder, "location_changes.csv");
    if (!paso_flee_file_exists(file)) return PASO_OK;
    paso_status status = paso_flee_rows_read(r->arena, r->diags, file, &rows);
    if (status != PASO_OK) return status;
    r->s->change = paso_arena_alloc(r->arena, rows.n + 1, sizeof *r->s->change);
    if (!r->s->change) return PASO_ERR_MEMORY;
    for (size_t i = 0; i < rows.n; i++)
        if (!paso_flee_row_is_comment(&rows.row[i])) read_change(r, &rows, i);
    return PASO_OK;
}
