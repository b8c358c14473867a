/* CSV by RFC 4180: cells between commas, quotes around cells that hold commas, quotes or new lines.
 * The file's text is cut up in place; blank lines at the end are dropped. */
#include "corridor/table.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "corridor/file.h"

/* Of one table: what a reader of 16 MiB could still be made to hold. */
enum { MAX_COLUMNS = 1000, MAX_CELLS = 2000000 };

typedef struct cells {
    const char **items;
    size_t n, cap;
} cells;

typedef struct places {
    int *items;
    size_t n, cap;
} places;

typedef struct reader {
    paso_diags *diags;
    const char *file;
    char *at;
    int line;
    char *counted; /* characters before it on its line: `column` - 1 */
    int column;
    cells cell;
    places column_of, line_of; /* a column for each cell, a line for each row, header included */
    size_t n_columns;
    paso_status status;
} reader;

static int column_here(reader *r) {
    r->column += (int)paso_utf8_count(r->counted, (size_t)(r->at - r->counted));
    r->counted = r->at;
    return r->column;
}

static void start_line(reader *r) {
    r->line++;
    r->counted = r->at;
    r->column = 1;
}

static void fail_quote(reader *r, const char *hint, const char *message) {
    paso_mark mark = {.file = r->file, .line = r->line, .column = column_here(r), .length = 1};
    r->status = paso_error(r->diags, "csv-quote", mark, "", hint, "%s", message);
}

/* Both readers of cells leave `at` on the comma or new line after the cell and return its end. */
static char *read_plain(reader *r) {
    char *end = r->at;
    while (*r->at != '\0' && *r->at != ',' && *r->at != '\n') {
        if (*r->at == '"') {
            fail_quote(r, "put quotes around the cell and write \"\" for each quote in it",
                       "expected a cell without quotes inside, found a quote");
            return end;
        }
        r->at++;
        if (r->at[-1] != ' ' && r->at[-1] != '\t' && r->at[-1] != '\r') end = r->at;
    }
    return end;
}

/* Moves the text between two quotes over the first of them; returns its end. */
static char *unquote(char *open, const char *close) {
    char *end = open;
    for (const char *from = open + 1; from < close; from++) {
        if (*from == '"') from++;
        *end++ = *from;
    }
    return end;
}

static char *read_quoted(reader *r) {
    char *open = r->at++;
    int first_line = r->line;
    while (*r->at != '\0' && (*r->at != '"' || r->at[1] == '"')) {
        if (*r->at == '"') r->at++;
        if (*r->at++ == '\n') start_line(r);
    }
    if (*r->at == '\0') {
        char hint[60];
        snprintf(hint, sizeof hint, "the cell begins in line %d", first_line);
        fail_quote(r, hint, "expected a closing quote, found the end of the file");
        return open;
    }
    const char *close = r->at++;
    while (*r->at == ' ' || *r->at == '\t' || *r->at == '\r') r->at++;
    if (*r->at != '\0' && *r->at != ',' && *r->at != '\n')
        fail_quote(r, "write \"\" for a quote inside a cell",
                   "expected a comma after the closing quote, found more text");
    (void)column_here(r); /* counts the text as it was, so before it is moved */
    return unquote(open, close);
}

/* True if another cell follows in the same row. */
static bool read_cell(reader *r) {
    while (*r->at == ' ' || *r->at == '\t') r->at++;
    int column = column_here(r);
    char *start = r->at;
    char *end = *start == '"' ? read_quoted(r) : read_plain(r);
    char after = *r->at;
    if (r->status != PASO_OK) return false;
    if (after != '\0') r->at++;
    (void)column_here(r);
    *end = '\0';
    if (PASO_PUSH(&r->cell, start) != 0 || PASO_PUSH(&r->column_of, column) != 0)
        r->status = PASO_ERR_MEMORY;
    if (after == '\n') start_line(r);
    return after == ',' && r->status == PASO_OK;
}

static bool is_too_large(reader *r) {
    paso_mark mark = {.file = r->file, .line = r->line, .column = 1, .length = 1};
    bool wide = r->line_of.n == 1 && r->cell.n > MAX_COLUMNS;
    if (wide)
        r->status = paso_error(r->diags, "file-size", mark, "", NULL,
                               "expected at most %d columns, found more", MAX_COLUMNS);
    else if (r->cell.n > MAX_CELLS)
        r->status = paso_error(r->diags, "file-size", mark, "", NULL,
                               "expected at most %d cells, found more", MAX_CELLS);
    return wide || r->cell.n > MAX_CELLS;
}

static void check_width(reader *r, int line, size_t found) {
    paso_mark mark = {.file = r->file, .line = line, .column = 1, .length = 1};
    size_t row = r->line_of.n - 1;
    if (found == r->n_columns) return;
    r->status = paso_error(
        r->diags, "csv-cells", mark, "", "a cell with a comma in it needs quotes",
        "row %zu: expected %zu cells as in the header, found %zu", row, r->n_columns, found);
}

static void check_header(reader *r) {
    for (size_t i = 0; i < r->n_columns; i++) {
        paso_mark mark = {r->file, r->line_of.items[0], r->column_of.items[i], 1};
        bool repeated = false;
        for (size_t j = 0; j < i; j++) repeated |= strcmp(r->cell.items[i], r->cell.items[j]) == 0;
        if (r->cell.items[i][0] == '\0')
            r->status = paso_error(r->diags, "csv-header", mark, "", NULL,
                                   "expected a name for column %zu, found nothing", i + 1);
        else if (repeated)
            r->status =
                paso_error(r->diags, "csv-header", mark, "", NULL,
                           "expected each column once, found \"%s\" again", r->cell.items[i]);
    }
}

/* Rows of a wrong width are all told; anything after a broken quote would be noise. */
static void read_rows(reader *r) {
    while (*r->at != '\0') {
        size_t before = r->cell.n;
        int line = r->line;
        paso_status status = r->status;
        r->status = PASO_OK;
        if (PASO_PUSH(&r->line_of, line) != 0) r->status = PASO_ERR_MEMORY;
        while (r->status == PASO_OK && !is_too_large(r) && read_cell(r)) continue;
        if (r->status != PASO_OK) return;
        if (r->line_of.n == 1) {
            r->n_columns = r->cell.n;
            check_header(r);
        } else {
            check_width(r, line, r->cell.n - before);
        }
        if (r->status == PASO_OK) r->status = status;
    }
}

static void *copy(paso_arena *arena, const void *items, size_t n, size_t size) {
    void *result = paso_arena_alloc(arena, n, size);
    if (result != NULL && n > 0) memcpy(result, items, n * size);
    return result;
}

static paso_status build(paso_arena *arena, const reader *r, paso_table **table) {
    if (r->line_of.n == 0) return PASO_ERR_INPUT; /* no header */
    paso_table *t = paso_arena_alloc(arena, 1, sizeof *t);
    if (t == NULL) return PASO_ERR_MEMORY;
    t->file = r->file;
    t->n_columns = r->n_columns;
    t->n_rows = r->line_of.n - 1;
    t->header = copy(arena, r->cell.items, r->cell.n, sizeof *r->cell.items);
    t->header_line = r->line_of.items[0];
    t->line = copy(arena, r->line_of.items + 1, t->n_rows, sizeof *t->line);
    t->column = copy(arena, r->column_of.items, r->cell.n, sizeof *t->column);
    if (t->header == NULL || t->line == NULL || t->column == NULL) return PASO_ERR_MEMORY;
    t->cell = t->header + t->n_columns;
    *table = t;
    return PASO_OK;
}

static void drop_blank_end(char *text, size_t length) {
    while (length > 0 && strchr(" \t\r\n", text[length - 1]) != NULL) text[--length] = '\0';
}

paso_status paso_table_read(paso_arena *arena, paso_diags *diags, const char *file,
                            paso_table **table) {
    char *text;
    size_t length;
    *table = NULL;
    paso_status status = paso_file_read(arena, diags, file, &text, &length);
    return status == PASO_OK ? paso_table_parse(arena, diags, file, text, length, table) : status;
}

paso_status paso_table_parse(paso_arena *arena, paso_diags *diags, const char *name, char *text,
                             size_t length, paso_table **table) {
    reader r = {.diags = diags, .line = 1, .column = 1, .at = text};
    *table = NULL;
    r.file = paso_arena_text(arena, name);
    if (r.file == NULL) return PASO_ERR_MEMORY;
    r.status = paso_text_check(diags, r.file, text, length);
    if (r.status != PASO_OK) return r.status;
    drop_blank_end(r.at, length);
    r.counted = r.at;
    paso_mark top = {.file = r.file, .line = 1, .column = 1, .length = 1};
    if (*r.at == '\0')
        return paso_error(diags, "csv-header", top, "", NULL,
                          "expected a line with the names of the columns, found nothing");
    read_rows(&r);
    if (r.status == PASO_OK) r.status = build(arena, &r, table);
    free(r.cell.items);
    free(r.column_of.items);
    free(r.line_of.items);
    return r.status;
}

int paso_table_column(const paso_table *table, const char *name) {
    for (size_t i = 0; i < table->n_columns; i++) {
        if (strcmp(table->header[i], name) == 0) return (int)i;
    }
    return -1;
}

paso_mark paso_table_mark(const paso_table *table, int row, int column) {
    size_t cell = (size_t)(row + 1) * table->n_columns + (size_t)column;
    int length = (int)paso_utf8_count(table->header[cell], strlen(table->header[cell]));
    paso_mark mark = {.file = table->file,
                      .line = row < 0 ? table->header_line : table->line[row],
                      .column = table->column[cell],
                      .length = length > 0 ? length : 1};
    return mark;
}
