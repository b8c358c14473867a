/* Sets: a list of members; or a table, in place or in a file, whose columns are maps onto other
 * sets, labels, or attributes with a unit. Sets 0 and 1 are built in. */
#include <math.h>
#include <string.h>

#include "corridor/model_internal.h"
#include "corridor/number.h"
#include "corridor/table.h"

static const char *const month_name[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                         "jul", "aug", "sep", "oct", "nov", "dec"};
static const char *const month_en[] = {"January",   "February", "March",    "April",
                                       "May",       "June",     "July",     "August",
                                       "September", "October",  "November", "December"};
static const char *const month_es[] = {"enero",      "febrero", "marzo",     "abril",
                                       "mayo",       "junio",   "julio",     "agosto",
                                       "septiembre", "octubre", "noviembre", "diciembre"};
static const char *const day_name[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
static const char *const day_en[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                     "Friday", "Saturday", "Sunday"};
static const char *const day_es[] = {"lunes",   "martes", "miércoles", "jueves",
                                     "viernes", "sábado", "domingo"};

static void built_in(paso_reader *r, paso_set *set, const char *name, int n,
                     const char *const *member, const char *const *en, const char *const *es) {
    set->item.name = name;
    set->member = PASO_NEW(r, n, const char *);
    set->en = PASO_NEW(r, n, const char *);
    set->es = PASO_NEW(r, n, const char *);
    if (set->member == NULL || set->en == NULL || set->es == NULL) return;
    memcpy(set->member, member, (size_t)n * sizeof *member);
    memcpy(set->en, en, (size_t)n * sizeof *en);
    memcpy(set->es, es, (size_t)n * sizeof *es);
    set->n_members = n;
}

/* A set's table, whether in place or in a file: cells as texts with their places. */
typedef struct grid {
    int n_columns, n_rows;
    const char **column;    /* [n_columns] */
    paso_mark *column_mark; /* [n_columns] */
    const char **row;       /* [n_rows] members */
    paso_mark *row_mark;    /* [n_rows] */
    const char **cell;      /* [n_rows][n_columns] */
    paso_mark *cell_mark;
    bool is_file;
} grid;

static bool grid_alloc(paso_reader *r, grid *g) {
    int cells = g->n_columns * g->n_rows;
    g->column = PASO_NEW(r, g->n_columns, const char *);
    g->column_mark = PASO_NEW(r, g->n_columns, paso_mark);
    g->row = PASO_NEW(r, g->n_rows, const char *);
    g->row_mark = PASO_NEW(r, g->n_rows, paso_mark);
    g->cell = PASO_NEW(r, cells, const char *);
    g->cell_mark = PASO_NEW(r, cells, paso_mark);
    return !r->no_memory;
}

/* ---- three ways to write a set */

static bool grid_from_list(paso_reader *r, const paso_node *node, paso_place at, grid *g) {
    g->n_rows = node->n_children;
    if (!grid_alloc(r, g)) return false;
    int i = 0;
    for (const paso_node *n = node->child; n != NULL; n = n->next, i++) {
        g->row[i] = paso_text_read(r, n, (paso_place){n->mark, at.path});
        g->row_mark[i] = n->mark;
        if (g->row[i] == NULL) return false;
    }
    return true;
}

static bool row_from_node(paso_reader *r, const paso_node *row, paso_place at, grid *g, int i) {
    g->row[i] = row->key;
    g->row_mark[i] = row->key_mark;
    if (!paso_node_is(r, row, at, PASO_LIST)) return false;
    if (row->n_children != g->n_columns) {
        paso_err_cells(r, at, g->n_columns, row->n_children);
        return false;
    }
    const paso_node *n = row->child;
    for (int k = 0; k < g->n_columns; k++, n = n->next) {
        if (!paso_node_is(r, n, (paso_place){n->mark, at.path}, PASO_SCALAR)) return false;
        g->cell[i * g->n_columns + k] = n->text;
        g->cell_mark[i * g->n_columns + k] = n->mark;
    }
    return true;
}

static bool grid_from_rows(paso_reader *r, const paso_node *columns, const paso_node *rows,
                           paso_place at, grid *g) {
    bool good = true;
    int i = 0;
    if (!paso_node_is(r, columns, paso_place_child(r, at.path, columns), PASO_LIST)) return false;
    if (!paso_node_is(r, rows, paso_place_child(r, at.path, rows), PASO_MAP)) return false;
    g->n_columns = columns->n_children;
    g->n_rows = rows->n_children;
    if (!grid_alloc(r, g)) return false;
    for (const paso_node *n = columns->child; n != NULL; n = n->next, i++) {
        g->column[i] = paso_text_read(r, n, (paso_place){n->mark, at.path});
        g->column_mark[i] = n->mark;
        if (g->column[i] == NULL) return false;
    }
    i = 0;
    const char *path = paso_reader_format(r, "%s.rows", at.path);
    for (const paso_node *n = rows->child; n != NULL; n = n->next, i++)
        good = row_from_node(r, n, paso_place_child(r, path, n), g, i) && good;
    return good;
}

/* In a file the first column holds the members, whatever its header says. */
static bool grid_from_table(paso_reader *r, const paso_table *t, grid *g) {
    if (t == NULL) return false;
    g->is_file = true;
    g->n_columns = (int)t->n_columns - 1;
    g->n_rows = (int)t->n_rows;
    if (!grid_alloc(r, g)) return false;
    for (int k = 0; k < g->n_columns; k++) {
        g->column[k] = t->header[k + 1];
        g->column_mark[k] = paso_table_mark(t, -1, k + 1);
    }
    for (int i = 0; i < g->n_rows; i++) {
        g->row[i] = t->cell[(size_t)i * t->n_columns];
        g->row_mark[i] = paso_table_mark(t, i, 0);
        for (int k = 0; k < g->n_columns; k++) {
            g->cell[i * g->n_columns + k] = t->cell[(size_t)i * t->n_columns + (size_t)k + 1];
            g->cell_mark[i * g->n_columns + k] = paso_table_mark(t, i, k + 1);
        }
    }
    return true;
}

/* ---- from the grid to the set */

static bool member_is_good(paso_reader *r, const char *name, paso_place at) {
    int set, member;
    if (!paso_name_good(name)) {
        paso_err(r, "name", at, NULL,
                 "expected a member in lower case with underscores, found \"%s\"", name);
        return false;
    }
    if (strcmp(name, "default") == 0 || strcmp(name, "columns") == 0 ||
        strcmp(name, "today") == 0) {
        paso_err(r, "name-reserved", at, NULL, "expected a free name, found the reserved word %s",
                 name);
        return false;
    }
    if (!paso_member_find(r->model, name, &set, &member)) return true;
    paso_err(r, "name-twice", at, "a member belongs to one set only",
             "%s is a member of %s already", name, r->model->set[set].item.name);
    return false;
}

static bool take_members(paso_reader *r, const grid *g, paso_place at, paso_set *set) {
    bool good = true;
    set->member = PASO_NEW(r, g->n_rows, const char *);
    set->en = PASO_NEW(r, g->n_rows, const char *);
    set->es = PASO_NEW(r, g->n_rows, const char *);
    if (r->no_memory) return false;
    for (int i = 0; i < g->n_rows; i++) {
        paso_place here = {g->row_mark[i], at.path};
        if (!member_is_good(r, g->row[i], here)) good = false;
        set->member[i] = g->row[i];
        set->n_members = i + 1; /* now, so that a member named twice in one set is found */
    }
    if (g->n_rows == 0) paso_err(r, "value", at, NULL, "expected at least one member, found none");
    return good && g->n_rows > 0;
}

static void take_labels(const grid *g, int column, const char **labels) {
    for (int i = 0; i < g->n_rows; i++) labels[i] = g->cell[i * g->n_columns + column];
}

static bool is_map(const paso_node *maps, const char *name) {
    const paso_node *n = maps == NULL || maps->kind != PASO_LIST ? NULL : maps->child;
    for (; n != NULL; n = n->next) {
        if (n->kind == PASO_SCALAR && strcmp(n->text, name) == 0) return true;
    }
    return false;
}

static const char *cell_where(paso_reader *r, const grid *g, const char *path, int row, int col) {
    if (g->is_file)
        return paso_reader_format(r, "%s: row %s, column %s", path, g->row[row], g->column[col]);
    return paso_reader_format(r, "%s.rows.%s", path, g->row[row]);
}

static bool take_attribute(paso_reader *r, const grid *g, int column, const paso_node *unit,
                           paso_place at, paso_set *set) {
    paso_item item = {0};
    paso_context c = {.item = &item};
    paso_attribute *a = &set->attribute[set->n_attributes++];
    size_t before = r->diags->n_errors;
    paso_read_unit(r, &c, unit, paso_place_child(r, at.path, unit));
    *a = (paso_attribute){g->column[column], item.unit, PASO_NEW(r, g->n_rows, double)};
    if (a->value == NULL || r->diags->n_errors > before) return false;
    for (int i = 0; i < g->n_rows; i++) {
        int cell = i * g->n_columns + column;
        paso_place here = {g->cell_mark[cell], cell_where(r, g, at.path, i, column)};
        paso_quantity_read(r, g->cell[cell], here, item.unit, item.unit_text, &a->value[i]);
    }
    return true;
}

/* Columns lat and lon are degrees, without being told: where a member is on a map. They are not for
 * expressions, so that a member without a place may leave them empty. */
static bool is_place(const char *name) {
    return strcmp(name, "lat") == 0 || strcmp(name, "lon") == 0;
}

static bool take_place(paso_reader *r, const grid *g, int column, paso_place at, paso_set *set) {
    bool is_lat = strcmp(g->column[column], "lat") == 0, good = true;
    const double bound[2] = {is_lat ? -90 : -180, is_lat ? 90 : 180};
    const paso_item degrees = {.unit = paso_unit_pure()};
    double *value = PASO_NEW(r, g->n_rows, double);
    for (int i = 0; value != NULL && i < g->n_rows; i++) {
        int cell = i * g->n_columns + column;
        paso_place here = {g->cell_mark[cell], cell_where(r, g, at.path, i, column)};
        value[i] = NAN;
        if (g->cell[cell][0] == '\0') continue;
        if (!paso_quantity_read(r, g->cell[cell], here, degrees.unit, "1", &value[i])) {
            good = false;
        } else if (!(value[i] >= bound[0] && value[i] <= bound[1])) {
            paso_err_bounds(r, here, &degrees, bound, value[i], "");
            good = false;
        }
    }
    *(is_lat ? &set->lat : &set->lon) = value;
    return good && value != NULL;
}

static bool take_map(paso_reader *r, const grid *g, int column, int onto, paso_place at,
                     paso_set *set) {
    const paso_set *target = &r->model->set[onto];
    int *map = PASO_NEW(r, g->n_rows, int);
    if (map == NULL) return false;
    set->maps[set->n_maps] = onto;
    set->map[set->n_maps++] = map;
    for (int i = 0; i < g->n_rows; i++) {
        int cell = i * g->n_columns + column, of, member;
        paso_place here = {g->cell_mark[cell], cell_where(r, g, at.path, i, column)};
        if (paso_member_find(r->model, g->cell[cell], &of, &member) && of == onto) {
            map[i] = member;
            continue;
        }
        paso_err_unknown(r, here, paso_reader_format(r, "a member of %s", target->item.name),
                         g->cell[cell], target->member, (size_t)target->n_members);
        return false;
    }
    return true;
}

/* ---- reading */

const char *const paso_set_keys[] = {"maps", "units", "columns", "rows", "table", "en",
                                     "es",   "doc",   "source",  "tags", NULL};

static void refuse_set_key(paso_reader *r, const paso_node *node, paso_place at) {
    for (const paso_node *n = node->child; n != NULL; n = n->next) {
        bool known = false;
        size_t n_keys = 0;
        for (; paso_set_keys[n_keys] != NULL; n_keys++)
            known = known || strcmp(n->key, paso_set_keys[n_keys]) == 0;
        if (known) continue;
        paso_place here = paso_place_child(r, at.path, n);
        here.mark = n->key_mark;
        paso_err_unknown(r, here, "a key of a set", n->key, paso_set_keys, n_keys);
    }
}

static void read_set_labels(paso_reader *r, const paso_node *node, paso_place at, paso_set *set) {
    const struct {
        const char *key;
        paso_handler *read;
    } part[] = {{"en", paso_read_en},
                {"es", paso_read_es},
                {"doc", paso_read_doc},
                {"source", paso_read_source},
                {"tags", paso_read_tags}};
    paso_context c = {.item = &set->item};
    for (size_t i = 0; i < sizeof part / sizeof part[0]; i++) {
        const paso_node *n = paso_node_get(node, part[i].key);
        if (n != NULL) part[i].read(r, &c, n, paso_place_child(r, at.path, n));
    }
}

static bool read_grid(paso_reader *r, const paso_entry *entry, grid *g) {
    paso_place at = {entry->mark, entry->path};
    const paso_node *node = entry->node;
    if (node->kind == PASO_LIST) return grid_from_list(r, node, at, g);
    const paso_node *table = paso_node_get(node, "table");
    const paso_node *columns = paso_node_get(node, "columns"), *rows = paso_node_get(node, "rows");
    if (table != NULL && columns == NULL && rows == NULL) {
        paso_place here = paso_place_child(r, at.path, table);
        return grid_from_table(r, paso_table_open(r, entry, table, here), g);
    }
    if (table == NULL && columns != NULL && rows != NULL)
        return grid_from_rows(r, columns, rows, at, g);
    paso_err(r, "missing", at, "or a plain list: [a, b]",
             "expected either table, or columns and rows");
    return false;
}

static bool column_is(const char *name, const char *key) {
    return strcmp(name, key) == 0;
}

/* Maps are taken in a second pass, when all members are known; `maps_only` says which this is. */
static void take_columns(paso_reader *r, const grid *g, paso_entry *entry, paso_set *set,
                         bool maps_only) {
    paso_place at = {entry->mark, entry->path};
    const paso_node *maps = paso_node_get(entry->node, "maps");
    const paso_node *units = paso_node_get(entry->node, "units");
    for (int k = 0; k < g->n_columns; k++) {
        const paso_node *unit = units == NULL ? NULL : paso_node_get(units, g->column[k]);
        if (is_map(maps, g->column[k]) != maps_only) continue;
        if (maps_only) {
            int onto = paso_set_find(r->model, g->column[k]);
            if (onto >= 0 && !take_map(r, g, k, onto, at, set)) entry->broken = true;
        } else if (column_is(g->column[k], "en") || column_is(g->column[k], "es")) {
            take_labels(g, k, column_is(g->column[k], "en") ? set->en : set->es);
        } else if (is_place(g->column[k])) {
            if (!take_place(r, g, k, at, set)) entry->broken = true;
        } else if (unit == NULL) {
            paso_err(r, "unit", (paso_place){g->column_mark[k], at.path},
                     paso_reader_format(r, "units: {%s: ...}, or maps: [%s]", g->column[k],
                                        g->column[k]),
                     "expected a unit for the column %s, found none", g->column[k]);
            entry->broken = true;
        } else if (!take_attribute(r, g, k, unit, at, set)) {
            entry->broken = true;
        }
    }
}

/* Half a place is a mistake: of a set, and of a member. */
static void check_places(paso_reader *r, const grid *g, paso_entry *entry, const paso_set *set) {
    if (entry->broken || (set->lat == NULL && set->lon == NULL)) return;
    if (set->lat == NULL || set->lon == NULL) {
        paso_err(r, "missing", (paso_place){entry->mark, entry->path}, "degrees north and east",
                 "expected the columns lat and lon together, found no %s",
                 set->lat == NULL ? "lat" : "lon");
        return;
    }
    for (int i = 0; i < set->n_members; i++) {
        if (isnan(set->lat[i]) == isnan(set->lon[i])) continue;
        paso_err(r, "missing", (paso_place){g->row_mark[i], entry->path}, NULL,
                 "expected lat and lon of %s, or none of them, found one", g->row[i]);
    }
}

static bool has_column(const grid *g, const char *name) {
    for (int k = 0; k < g->n_columns; k++) {
        if (strcmp(g->column[k], name) == 0) return true;
    }
    return false;
}

static void refuse_repeated_columns(paso_reader *r, const grid *g, paso_entry *entry) {
    for (int k = 1; k < g->n_columns; k++) {
        for (int i = 0; i < k; i++) {
            if (strcmp(g->column[i], g->column[k]) != 0) continue;
            paso_err(r, "name-twice", (paso_place){g->column_mark[k], entry->path}, NULL,
                     "the column %s stands twice", g->column[k]);
            entry->broken = true;
        }
    }
}

/* Every set under `maps` and every name under `units` must be a column. */
static void check_columns(paso_reader *r, const grid *g, paso_entry *entry) {
    const paso_node *maps = paso_node_get(entry->node, "maps");
    const paso_node *units = paso_node_get(entry->node, "units");
    const paso_node *n = maps != NULL && maps->kind == PASO_LIST ? maps->child : NULL;
    if (maps != NULL && maps->kind != PASO_LIST)
        paso_err_expected(r, paso_place_child(r, entry->path, maps), "a list of sets", maps);
    for (; n != NULL; n = n->next) {
        paso_place at = {n->mark, paso_reader_format(r, "%s.maps", entry->path)};
        const char *name = paso_text_read(r, n, at);
        if (name == NULL) continue;
        if (paso_set_find(r->model, name) < 0)
            paso_err_unknown_in(r, at, "a set", name, PASO_IN_SETS), entry->broken = true;
        if (!has_column(g, name))
            paso_err_unknown(r, at, "a column", name, g->column, (size_t)g->n_columns);
    }
    n = units != NULL && units->kind == PASO_MAP ? units->child : NULL;
    if (units != NULL && units->kind != PASO_MAP)
        paso_err_expected(r, paso_place_child(r, entry->path, units), "column: unit", units);
    for (; n != NULL; n = n->next) {
        paso_place at = {n->key_mark, paso_reader_format(r, "%s.units", entry->path)};
        if (!has_column(g, n->key))
            paso_err_unknown(r, at, "a column", n->key, g->column, (size_t)g->n_columns);
    }
}

static void read_set(paso_reader *r, paso_entry *entry, paso_set *set, grid *g) {
    const paso_node *node = entry->node;
    paso_place at = {entry->mark, entry->path};
    entry->broken = true;
    if (node->kind == PASO_SCALAR) {
        paso_err_expected(r, (paso_place){node->mark, at.path}, "a list of members or a table",
                          node);
        return;
    }
    if (node->kind == PASO_MAP) {
        size_t before = r->diags->n_errors;
        refuse_set_key(r, node, at);
        read_set_labels(r, node, at, set);
        if (r->diags->n_errors > before) return;
    }
    if (!read_grid(r, entry, g) || !take_members(r, g, at, set)) return;
    set->attribute = PASO_NEW(r, g->n_columns, paso_attribute);
    set->maps = PASO_NEW(r, r->model->n_sets, int);
    set->map = PASO_NEW(r, r->model->n_sets, int *);
    entry->broken = r->no_memory;
}

/* ---- maps of maps: closed, so that all that follows looks one step far */

static bool add_map_through(paso_reader *r, paso_set *set, int via) {
    const paso_set *middle = &r->model->set[set->maps[via]];
    bool added = false;
    for (int k = 0; k < middle->n_maps; k++) {
        bool known = false;
        for (int i = 0; i < set->n_maps; i++) known = known || set->maps[i] == middle->maps[k];
        if (known) continue;
        int *map = PASO_NEW(r, set->n_members, int);
        if (map == NULL) return false;
        for (int i = 0; i < set->n_members; i++) map[i] = middle->map[k][set->map[via][i]];
        set->maps[set->n_maps] = middle->maps[k];
        set->map[set->n_maps++] = map;
        added = true;
    }
    return added;
}

static void close_maps(paso_reader *r) {
    bool added = true;
    while (added && !r->no_memory) {
        added = false;
        for (int s = 2; s < r->model->n_sets; s++) {
            paso_set *set = &r->model->set[s];
            if (paso_entry_of(r, PASO_IN_SETS, s)->broken) continue;
            for (int i = 0; i < set->n_maps; i++) added = add_map_through(r, set, i) || added;
        }
    }
    for (int s = 2; s < r->model->n_sets; s++) {
        paso_entry *entry = paso_entry_of(r, PASO_IN_SETS, s);
        if (entry->broken || paso_set_map(r->model, s, s) < 0) continue;
        paso_err(r, "sets-ring", (paso_place){entry->mark, entry->path}, NULL,
                 "%s maps onto itself, directly or through others", entry->node->key);
        entry->broken = true;
    }
}

void paso_sets_read(paso_reader *r) {
    paso_entries *list = &r->section[PASO_IN_SETS];
    paso_model *m = r->model;
    grid *grids = PASO_NEW(r, list->n, grid);
    m->set = PASO_NEW(r, list->n + 2, paso_set);
    if (grids == NULL || m->set == NULL) return;
    m->n_sets = (int)list->n + 2;
    built_in(r, &m->set[0], "calendar_month", 12, month_name, month_en, month_es);
    built_in(r, &m->set[1], "weekday", 7, day_name, day_en, day_es);
    for (size_t i = 0; i < list->n; i++) {
        m->set[i + 2].item.name = list->items[i].node->key;
        m->set[i + 2].item.mark = list->items[i].mark;
    }
    for (size_t i = 0; i < list->n; i++) read_set(r, &list->items[i], &m->set[i + 2], &grids[i]);
    for (size_t i = 0; i < list->n && !r->no_memory; i++) {
        if (list->items[i].broken) continue;
        check_columns(r, &grids[i], &list->items[i]);
        refuse_repeated_columns(r, &grids[i], &list->items[i]);
        if (list->items[i].broken) continue;
        take_columns(r, &grids[i], &list->items[i], &m->set[i + 2], false);
        take_columns(r, &grids[i], &list->items[i], &m->set[i + 2], true);
        check_places(r, &grids[i], &list->items[i], &m->set[i + 2]);
    }
    if (!r->no_memory) close_maps(r);
}
