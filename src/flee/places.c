/* locations.csv and routes.csv: the map. Flee reads columns by their place in the row; so does
 * this, and a cell that is not what its column holds is told with row and column. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "flee/read.h"

#define EXPECTED_ONCE "row %d, column 1 (name): expected each place once, found \"%s\" again"
#define TYPES "conflict_zone, town, camp, idpcamp, forwarding_hub or marker"

enum { NAME, REGION, COUNTRY, X, Y, TYPE, CONFLICT_DATE, POP_CAP, N_FIXED };

static bool holds(const char *text, const char *word) {
    size_t n = strlen(word);
    for (; *text; text++)
        if (strncasecmp(text, word, n) == 0) return true;
    return false;
}

flee_kind paso_flee_kind_of(const char *text) {
    if (holds(text, "camp")) return holds(text, "idp") ? FLEE_IDP_CAMP : FLEE_CAMP;
    if (holds(text, "conflict")) return FLEE_CONFLICT;
    if (holds(text, "forward")) return FLEE_FORWARD;
    if (holds(text, "marker")) return FLEE_MARKER;
    if (holds(text, "default") || holds(text, "town")) return FLEE_TOWN;
    return FLEE_OTHER;
}

static double floor_div(double value, double by) {
    return floor(value / by);
}

/* ---- locations ---- */

/* The built-in attributes, as far as something reads them; Flee keeps others, used by nothing. */
static void read_attributes(flee_reader *r, const flee_rows *rows, const flee_header *header,
                            size_t row, flee_place *place) {
    bool camp = place->kind == FLEE_CAMP || place->kind == FLEE_IDP_CAMP;
    const struct {
        const char *name;
        double *value;
        bool used;
    } known[] = {{"conflict_intensity", &place->conflict_intensity, place->kind == FLEE_CONFLICT},
                 {"capacity_per_day", &place->capacity_per_day, true},
                 {"initial_idps", &place->initial_idps, camp},
                 {"trade_volume", &place->trade_volume, r->s->set.use_economic_pull},
                 {"hdi", &place->hdi, r->s->set.use_economic_pull}};
    size_t end = paso_flee_rows_named(rows, r->diags, row, header);
    for (size_t i = N_FIXED; i < end; i++) {
        for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
            if (!known[k].used || strcmp(header->name[i - N_FIXED], known[k].name) != 0) continue;
            if (paso_flee_cell(&rows->row[row], i)[0] == '\0') continue;
            paso_flee_rows_number(rows, r->diags, row, i, known[k].name, known[k].value);
        }
    }
}

static bool narrow(flee_reader *r, const flee_rows *rows, size_t row, size_t least) {
    if (rows->row[row].n >= least) return false;
    paso_error(r->diags, "flee-cells", paso_flee_rows_mark(rows, row, 0), "",
               "columns: name,region,country,latitude,longitude,location_type,conflict_date,"
               "population",
               "row %d: expected at least %zu cells, found %zu", rows->row[row].line, least,
               rows->row[row].n);
    return true;
}

/* False after a mistake that leaves little sense in the rest of the row. */
static bool check_type(flee_reader *r, const flee_rows *rows, size_t row, flee_place *place) {
    const char *type = paso_flee_cell(&rows->row[row], TYPE);
    double number;
    paso_mark mark = paso_flee_rows_mark(rows, row, TYPE);
    int line = rows->row[row].line;
    place->kind = paso_flee_kind_of(type);
    if (holds(type, "flood_zone") && (place->kind == FLEE_TOWN || place->kind == FLEE_OTHER)) {
        paso_error(r->diags, "flee-unsupported", mark, "location_type", NULL,
                   "row %d, column 6 (location_type): flood zones are not supported by Paso", line);
        return false;
    }
    if (place->kind != FLEE_OTHER) return true;
    if (paso_flee_cell_number(&rows->row[row], TYPE, &number) == 0) {
        paso_error(r->diags, "flee-type", mark, "location_type",
                   "a number here means a shifted column: name,region,country,latitude,"
                   "longitude,location_type,conflict_date,population",
                   "row %d, column 6 (location_type): expected " TYPES ", found \"%s\"", line,
                   type);
        return false;
    }
    paso_warn(r->diags, "flee-type", mark, "location_type",
              "everybody leaves such a place on the day after they came, as in Flee",
              "row %d, column 6 (location_type): expected " TYPES ", found \"%s\"", line, type);
    return true;
}

/* Flee takes a header without # for a place. */
static bool is_header(flee_reader *r, const flee_rows *rows, size_t row) {
    const char *type = paso_flee_cell(&rows->row[row], TYPE);
    if (r->s->n_places > 0 ||
        (strcasecmp(type, "location_type") != 0 && strcasecmp(type, "type") != 0))
        return false;
    paso_error(r->diags, "flee-header", paso_flee_rows_mark(rows, row, 0), "name",
               "write # before the header's first name", "row %d: expected a place, found a header",
               rows->row[row].line);
    return true;
}

/* Flee reads the date of conflict zones alone; of others it may be anything. */
static void read_conflict_date(flee_reader *r, const flee_rows *rows, size_t row,
                               flee_place *place) {
    double number = 0;
    if (place->kind == FLEE_CONFLICT)
        paso_flee_rows_whole(rows, r->diags, row, CONFLICT_DATE, "conflict_date", &number);
    else if (paso_flee_cell_number(&rows->row[row], CONFLICT_DATE, &number) != 0)
        number = 0;
    place->conflict_date = fabs(number) < 1e6 ? (int)number : 0;
}

static void read_size(flee_reader *r, const flee_rows *rows, size_t row, flee_place *place) {
    double number = 0, hasten = r->s->set.hasten;
    bool camp = place->kind == FLEE_CAMP || place->kind == FLEE_IDP_CAMP;
    bool given = paso_flee_cell(&rows->row[row], POP_CAP)[0] != '\0';
    if (given) paso_flee_rows_whole(rows, r->diags, row, POP_CAP, "population", &number);
    if (!camp && number < 0)
        paso_error(r->diags, "flee-population", paso_flee_rows_mark(rows, row, POP_CAP),
                   "population", NULL,
                   "row %d, column 8 (population): expected people from 0, found %g",
                   rows->row[row].line, number);
    place->population = camp ? 0 : floor_div(number, hasten);
    if (camp) place->capacity = floor_div(number, hasten);
    /* Blank is no limit and 0 is none at all, says the documentation; the code says no limit twice.
     */
    if (camp && r->s->fixed && !given) place->capacity = -1;
}

/* A name again: Flee makes two places of it, of which the last has all links. */
static bool find_first(flee_reader *r, const flee_rows *rows, size_t row, flee_place *place) {
    int same = paso_flee_place_index(r, place->name);
    paso_mark mark = paso_flee_rows_mark(rows, row, NAME);
    place->first = same < 0 ? (int)r->s->n_places : r->s->place[same].first;
    if (same < 0) return true;
    if (r->s->fixed)
        paso_error(r->diags, "flee-name", mark, "name", NULL, EXPECTED_ONCE, rows->row[row].line,
                   place->name);
    else
        paso_warn(
            r->diags, "flee-name", mark, "name",
            "in Flee conflicts begin in the first place of a name, and routes lead to the last",
            EXPECTED_ONCE, rows->row[row].line, place->name);
    return !r->s->fixed;
}

static void read_place(flee_reader *r, const flee_rows *rows, const flee_header *header,
                       size_t row) {
    const flee_row *cells = &rows->row[row];
    flee_place *place = &r->s->place[r->s->n_places];
    *place = (flee_place){.name = paso_flee_cell(cells, NAME),
                          .capacity = -1,
                          .camp = -1,
                          .conflict_intensity = 1,
                          .conflict_column = -1};
    if (is_header(r, rows, row) || narrow(r, rows, row, TYPE + 1)) return;
    if (place->name[0] == '\0') {
        paso_error(r->diags, "flee-name", paso_flee_rows_mark(rows, row, NAME), "name", NULL,
                   "row %d, column 1 (name): expected a name, found nothing", cells->line);
        return;
    }
    if (!find_first(r, rows, row, place)) return;
    place->region = paso_flee_cell(cells, REGION)[0] ? paso_flee_cell(cells, REGION) : "unknown";
    place->country = paso_flee_cell(cells, COUNTRY)[0] ? paso_flee_cell(cells, COUNTRY) : "unknown";
    if (paso_flee_cell(cells, X)[0])
        paso_flee_rows_number(rows, r->diags, row, X, "latitude", &place->x);
    if (paso_flee_cell(cells, Y)[0])
        paso_flee_rows_number(rows, r->diags, row, Y, "longitude", &place->y);
    if (!check_type(r, rows, row, place) || narrow(r, rows, row, POP_CAP + 1)) return;
    read_conflict_date(r, rows, row, place);
    read_size(r, rows, row, place);
    read_attributes(r, rows, header, row, place);
    if (place->kind == FLEE_CONFLICT && place->conflict_date > 0) place->kind = FLEE_TOWN;
    r->s->n_places++;
}

static paso_status index_places(flee_reader *r) {
    paso_flee_scenario *s = r->s;
    r->names = paso_arena_alloc(r->arena, s->n_places, sizeof *r->names);
    s->camp = paso_arena_alloc(r->arena, s->n_places, sizeof *s->camp);
    if (!r->names || !s->camp) return PASO_ERR_MEMORY;
    for (size_t i = 0; i < s->n_places; i++) {
        flee_place *place = &s->place[i];
        r->names[i] = place->name;
        place->foreign = strcmp(place->country, s->place[0].country) != 0;
        bool camp = place->kind == FLEE_CAMP || place->kind == FLEE_IDP_CAMP;
        /* Flee takes a low move chance for the mark of a camp. */
        bool town = place->kind == FLEE_TOWN, zone = place->kind == FLEE_CONFLICT;
        if (!s->fixed && ((town && s->set.default_movechance < 0.005) ||
                          (zone && s->set.conflict_movechance < 0.005)))
            camp = true;
        if (!camp) continue;
        place->camp = (int)s->n_camps;
        s->camp[s->n_camps++] = paso_flee_place_index(r, place->name);
    }
    return PASO_OK;
}

paso_status paso_flee_read_places(flee_reader *r) {
    flee_rows rows;
    paso_status status = paso_flee_rows_read(r->arena, r->diags,
                                             paso_flee_path(r, r->input, "locations.csv"), &rows);
    if (status != PASO_OK) return status;
    r->s->place = paso_arena_alloc(r->arena, rows.n + 1, sizeof *r->s->place);
    if (!r->s->place) return PASO_ERR_MEMORY;
    flee_header header;
    status = paso_flee_rows_header(r->arena, &rows, N_FIXED, &header);
    if (status != PASO_OK) return status;
    for (size_t i = 0; i < rows.n; i++)
        if (!paso_flee_row_is_comment(&rows.row[i])) read_place(r, &rows, &header, i);
    if (r->s->n_places == 0 && r->diags->n_errors == 0)
        return paso_error(r->diags, "flee-empty", paso_flee_rows_mark(&rows, 0, 0), "", NULL,
                          "expected at least one place, found none");
    return index_places(r);
}

/* ---- routes ---- */

static void read_speed(flee_reader *r, const flee_rows *rows, size_t row, size_t cell,
                       flee_link *link) {
    const char *name = "max_move_speed";
    if (paso_flee_rows_number(rows, r->diags, row, cell, name, &link->speed) != 0) return;
    if (link->speed > 0 && link->speed <= FLEE_FASTEST) return;
    paso_error(r->diags, "flee-speed", paso_flee_rows_mark(rows, row, cell), name, NULL,
               "row %d, column %zu (%s): expected km a day, above 0 and up to %d, found %g",
               rows->row[row].line, cell + 1, name, FLEE_FASTEST, link->speed);
    link->speed = 0;
}

/* A row that is too short for a column has Flee's ordinary speed; an empty cell is a mistake. */
static void read_link_attributes(flee_reader *r, const flee_rows *rows, const flee_header *header,
                                 size_t row, flee_link *link) {
    size_t end = paso_flee_rows_named(rows, r->diags, row, header);
    for (size_t i = header->n_fixed; i < end; i++) {
        const char *name = header->name[i - header->n_fixed];
        if (strcmp(name, "max_move_speed") == 0) read_speed(r, rows, row, i, link);
        if (strcmp(name, "walk_probability") == 0 && paso_flee_cell(&rows->row[row], i)[0])
            paso_flee_rows_number(rows, r->diags, row, i, name, &link->walk);
    }
}

static void add_pair(paso_flee_scenario *s, flee_link link, bool there, bool back) {
    link.forced = there;
    s->link[s->n_links++] = link;
    int from = link.from;
    link.from = link.to;
    link.to = from;
    link.forced = back;
    s->link[s->n_links++] = link;
}

static void read_link(flee_reader *r, const flee_rows *rows, const flee_header *header,
                      size_t row) {
    flee_link link = {0};
    double forced = 0;
    const flee_row *cells = &rows->row[row];
    if (cells->n < 3) {
        paso_error(r->diags, "flee-cells", paso_flee_rows_mark(rows, row, 0), "",
                   "columns: name1,name2,distance,forced_redirection",
                   "row %d: expected at least 3 cells, found %zu", cells->line, cells->n);
        return;
    }
    link.from = paso_flee_cell_place(r, rows, row, 0, "name1");
    link.to = paso_flee_cell_place(r, rows, row, 1, "name2");
    int bad = paso_flee_rows_number(rows, r->diags, row, 2, "distance", &link.km);
    if (bad == 0 && link.km < 0)
        paso_error(r->diags, "flee-distance", paso_flee_rows_mark(rows, row, 2), "distance", NULL,
                   "row %d, column 3 (distance): expected kilometres from 0, found %g", cells->line,
                   link.km);
    if (paso_flee_cell(cells, 3)[0])
        bad |= paso_flee_rows_whole(rows, r->diags, row, 3, "forced_redirection", &forced);
    read_link_attributes(r, rows, header, row, &link);
    if (link.from < 0 || link.to < 0 || bad) return;
    r->s->n_routes++;
    if (!r->s->fixed && forced == 1) add_pair(r->s, link, false, false); /* Flee adds it twice */
    add_pair(r->s, link, forced == 1, forced == 2);
}

paso_status paso_flee_read_links(flee_reader *r) {
    flee_rows rows;
    paso_status status =
        paso_flee_rows_read(r->arena, r->diags, paso_flee_path(r, r->input, "routes.csv"), &rows);
    if (status != PASO_OK) return status;
    r->s->link = paso_arena_alloc(r->arena, 4 * rows.n + 1, sizeof *r->s->link);
    if (!r->s->link) return PASO_ERR_MEMORY;
    flee_header header;
    status = paso_flee_rows_header(r->arena, &rows, 4, &header);
    if (status != PASO_OK) return status;
    for (size_t i = 0; i < rows.n; i++)
        if (!paso_flee_row_is_comment(&rows.row[i])) read_link(r, &rows, &header, i);
    return PASO_OK;
}
