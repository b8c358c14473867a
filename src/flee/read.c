/* A scenario folder from its files: settings first, then places, what stands between them, what
 * happens when, and the counts. Later files are read even after mistakes in earlier ones, as long
 * as the names of places are known. */
#include "flee/read.h"

#include <string.h>
#include <unistd.h>

const char *paso_flee_path(flee_reader *r, const char *folder, const char *name) {
    size_t n = strlen(folder);
    const char *slash = n > 0 && folder[n - 1] == '/' ? "" : "/";
    const char *path = paso_arena_format(r->arena, "%s%s%s", folder, slash, name);
    return path ? path : name;
}

bool paso_flee_file_exists(const char *path) {
    return access(path, F_OK) == 0;
}

int paso_flee_place_index(const flee_reader *r, const char *name) {
    for (size_t i = r->s->n_places; i-- > 0;)
        if (strcmp(r->s->place[i].name, name) == 0) return (int)i;
    return -1;
}

int paso_flee_cell_place(flee_reader *r, const flee_rows *rows, size_t row, size_t cell,
                         const char *what) {
    const char *name = paso_flee_cell(&rows->row[row], cell), *hint = NULL;
    int index = paso_flee_place_index(r, name);
    if (index >= 0) return index;
    const char *bare = paso_flee_cell_stripped(r->arena, &rows->row[row], cell);
    const char *nearest = paso_nearest(name, r->names, r->s->n_places);
    if (paso_flee_place_index(r, bare) >= 0)
        hint = paso_arena_format(r->arena, "blanks count in names: write %s without them", bare);
    else if (nearest)
        hint = paso_arena_format(r->arena, "did you mean %s?", nearest);
    paso_error(r->diags, "flee-place-unknown", paso_flee_rows_mark(rows, row, cell), what,
               hint ? hint : "names are those of locations.csv, letter by letter",
               "row %d, column %zu (%s): expected a place of locations.csv, found \"%s\"",
               rows->row[row].line, cell + 1, what, name);
    return -1;
}

/* The folder's last part, without a final slash. */
static const char *name_of(paso_arena *arena, const char *folder) {
    size_t end = strlen(folder);
    while (end > 1 && folder[end - 1] == '/') end--;
    size_t start = end;
    while (start > 0 && folder[start - 1] != '/') start--;
    const char *name = paso_arena_text_n(arena, folder + start, end - start);
    return name ? name : folder;
}

/* Where a scenario is of an older kind, or lies otherwise. */
static paso_status check_settings(flee_reader *r, const char *file) {
    if (paso_flee_file_exists(file)) return PASO_OK;
    const char *hint = "name a file with --settings FILE";
    if (paso_flee_file_exists(paso_flee_path(r, r->folder, "simsetting.csv")))
        hint = "simsetting.csv is of old versions of Flee: write its settings as simsetting.yml";
    paso_error(r->diags, "file-open", (paso_mark){.file = file}, "", hint,
               "cannot be opened: there is no such file");
    return PASO_ERR_IO;
}

static paso_status read_all(flee_reader *r, const paso_flee_source *source) {
    static paso_status (*const part[])(flee_reader *) = {
        paso_flee_read_links,     paso_flee_read_closures, paso_flee_read_changes,
        paso_flee_read_conflicts, paso_flee_read_counts,   paso_flee_read_classes};
    const char *file =
        source->settings ? source->settings : paso_flee_path(r, source->folder, "simsetting.yml");
    paso_status status = check_settings(r, file);
    if (status == PASO_OK) status = paso_flee_read_settings(r, file);
    if (status == PASO_ERR_MEMORY || status == PASO_ERR_IO) return status;
    if (source->hasten > 0) r->s->set.hasten = source->hasten;
    if (r->s->set.hasten < 1) return paso_diags_status(r->diags);
    status = paso_flee_read_period(r, source->days);
    if (status == PASO_OK) status = paso_flee_read_places(r);
    if (status != PASO_OK) return status;
    for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
        paso_status one = part[i](r);
        if (one != PASO_OK && (status == PASO_OK || one < PASO_ERR_INPUT)) status = one;
    }
    if (status == PASO_OK) status = paso_diags_status(r->diags);
    return status == PASO_OK ? paso_flee_find_spans(r) : status;
}

paso_status paso_flee_read(const paso_flee_source *source, paso_diags *diags,
                           paso_flee_scenario **scenario) {
    paso_arena *arena = paso_arena_create();
    paso_flee_scenario *s = arena ? paso_arena_alloc(arena, 1, sizeof *s) : NULL;
    *scenario = NULL;
    if (!s) {
        paso_arena_free(arena);
        return PASO_ERR_MEMORY;
    }
    flee_reader r = {.arena = arena, .diags = diags, .s = s, .folder = source->folder};
    s->arena = arena;
    s->fixed = source->fixed;
    s->name = name_of(arena, source->folder);
    s->settings_name = source->settings ? name_of(arena, source->settings) : "simsetting.yml";
    r.input = source->input ? source->input : paso_flee_path(&r, source->folder, "input_csv");
    r.data = source->data ? source->data : paso_flee_path(&r, source->folder, "source_data");
    paso_status status = read_all(&r, source);
    if (paso_arena_failed(arena)) status = PASO_ERR_MEMORY;
    if (status == PASO_OK)
        *scenario = s;
    else
        paso_arena_free(arena);
    return status;
}

void paso_flee_free(paso_flee_scenario *scenario) {
    if (scenario) paso_arena_free(scenario->arena);
}
