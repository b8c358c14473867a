/* CSV: any bytes are a table whose cells all have a place, or a mistake with one. */
#include "corridor/table.h"

#include <string.h>

#include "fuzz.h"

static void walk(const paso_table *table) {
    for (size_t c = 0; c < table->n_columns; c++)
        FUZZ_MUST(paso_table_column(table, table->header[c]) == (int)c);
    for (int row = -1; row < (int)table->n_rows; row++) {
        for (size_t c = 0; c < table->n_columns; c++) {
            paso_mark mark = paso_table_mark(table, row, (int)c);
            FUZZ_MUST(mark.line >= 1 && mark.column >= 1 && mark.length >= 1);
            if (row >= 0)
                FUZZ_MUST(strlen(table->cell[(size_t)row * table->n_columns + c]) < 1 << 24);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    paso_arena *arena = paso_arena_create();
    paso_diags diags;
    paso_table *table;
    paso_diags_init(&diags);
    fuzz_files_clear();
    fuzz_file_add("a.csv", data, size);
    paso_status status = paso_table_read(arena, &diags, "a.csv", &table);
    FUZZ_MUST((status == PASO_OK) == (table != NULL));
    FUZZ_MUST((status == PASO_OK) == (diags.n_errors == 0));
    if (table) walk(table);
    fuzz_files_clear();
    paso_diags_clear(&diags);
    paso_arena_free(arena);
    return 0;
}
