/* What the readers of a scenario folder share. Each reports every mistake it finds and goes on
 * where it can; the status of the whole is taken from the diagnostics. */
#ifndef PASO_FLEE_READ_H
#define PASO_FLEE_READ_H

#include "flee/flee.h"
#include "flee/rows.h"

enum { FLEE_FASTEST = 30000 }; /* km a day: kilometres of a day are counted in 16 bits */

typedef struct flee_reader {
    paso_arena *arena;
    paso_diags *diags;
    paso_flee_scenario *s;
    const char *folder, *input, *data;
    const char **names; /* [n_places] */
} flee_reader;

paso_status paso_flee_read_settings(flee_reader *r, const char *file);
paso_status paso_flee_read_period(flee_reader *r, int days);
paso_status paso_flee_read_places(flee_reader *r);
paso_status paso_flee_read_links(flee_reader *r);
paso_status paso_flee_find_spans(flee_reader *r);
paso_status paso_flee_read_closures(flee_reader *r);
paso_status paso_flee_read_changes(flee_reader *r);
paso_status paso_flee_read_conflicts(flee_reader *r);
paso_status paso_flee_read_counts(flee_reader *r);
paso_status paso_flee_read_classes(flee_reader *r);

const char *paso_flee_path(flee_reader *r, const char *folder, const char *name);
bool paso_flee_file_exists(const char *path);
/* The last place of a name, which alone has links in Flee; -1 if there is none. */
int paso_flee_place_index(const flee_reader *r, const char *name);
/* The place a cell names, or -1 after saying so with the nearest name. */
int paso_flee_cell_place(flee_reader *r, const flee_rows *rows, size_t row, size_t cell,
                         const char *what);
flee_kind paso_flee_kind_of(const char *text);

#endif
