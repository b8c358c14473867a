/* Cuts a file into rows and cells. Unlike corridor/table.c it asks for no header and no width:
 * Flee's own files have headers of another width than their rows, and some have none. */
#include "flee/rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/utf8.h"
#include "corridor/file.h"
#include "corridor/number.h"

#define MOST_WHOLE 2e9 /* days and people fit into 32 bits */

typedef struct cells {
    const char **items;
    size_t n, cap;
} cells;

typedef struct columns {
    int *items;
    size_t n, cap;
} columns;

typedef struct row_list {
    flee_row *items;
    size_t n, cap;
} row_list;

/* Where in the file: cells may hold line ends, in quotes. */
typedef struct cursor {
    paso_arena *arena;
    paso_diags *diags;
    const char *file, *at;
    const char *start; /* of the line */
    int line;
    char *cell; /* room for one */
} cursor;

static bool ends(char c) {
    return c == '\0' || c == '\n' || c == '\r';
}

static void end_line(cursor *c) {
    if (c->at[0] == '\r' && c->at[1] == '\n') c->at++;
    if (*c->at != '\0') c->at++;
    c->start = c->at;
    c->line++;
}

static int column_of(const cursor *c) {
    return (int)paso_utf8_count(c->start, (size_t)(c->at - c->start)) + 1;
}

/* What stands in quotes, written to `to`; NULL if they stay open. */
static char *take_quoted(cursor *c, char *to) {
    const char *line = c->start;
    int number = c->line;
    c->at++;
    while (*c->at != '\0' && (*c->at != '"' || c->at[1] == '"')) {
        if (*c->at == '"') c->at++;
        if (*c->at == '\n') {
            line = c->at + 1;
            number++;
        }
        *to++ = *c->at++;
    }
    if (*c->at == '\0') return NULL;
    c->at++;
    c->start = line;
    c->line = number;
    return to;
}

/* As Python's csv: quotes count at a cell's very beginning, and what follows them belongs to it. */
static char *take_cell(cursor *c) {
    char *to = c->cell;
    if (*c->at == '"') to = take_quoted(c, to);
    while (to && !ends(*c->at) && *c->at != ',') *to++ = *c->at++;
    return to;
}

static bool is_blank(const char *text) {
    return text[strspn(text, " \t")] == '\0';
}

static paso_status keep_row(const cursor *c, int line, const cells *cell, const columns *column,
                            flee_row *row) {
    bool empty = cell->n == 1 && is_blank(cell->items[0]);
    *row = (flee_row){.line = line, .n = empty ? 0 : cell->n};
    row->cell = paso_arena_alloc(c->arena, cell->n, sizeof *row->cell);
    row->column = paso_arena_alloc(c->arena, cell->n, sizeof *row->column);
    if (!row->cell || !row->column) return PASO_ERR_MEMORY;
    if (cell->n == 0) return PASO_OK;
    memcpy(row->cell, cell->items, cell->n * sizeof *row->cell);
    memcpy(row->column, column->items, cell->n * sizeof *row->column);
    return PASO_OK;
}

static paso_status take_row(cursor *c, flee_row *row) {
    cells cell = {0};
    columns column = {0};
    paso_status status = PASO_OK;
    int line = c->line;
    bool more = true;
    while (more && status == PASO_OK) {
        paso_mark mark = {.file = c->file, .line = c->line, .column = column_of(c), .length = 1};
        const char *end = take_cell(c);
        if (!end) {
            status = paso_error(c->diags, "csv-quote", mark, "", NULL,
                                "expected a closing quote, found the end of the file");
            break;
        }
        more = *c->at == ',';
        const char *text = paso_arena_text_n(c->arena, c->cell, (size_t)(end - c->cell));
        if (!text || PASO_PUSH(&cell, text) != 0 || PASO_PUSH(&column, mark.column) != 0)
            status = PASO_ERR_MEMORY;
        if (more) c->at++;
    }
    if (status == PASO_OK) status = keep_row(c, line, &cell, &column, row);
    if (status == PASO_OK) end_line(c);
    free(cell.items);
    free(column.items);
    return status;
}

paso_status paso_flee_rows_read(paso_arena *arena, paso_diags *diags, const char *file,
                                flee_rows *rows) {
    size_t length = 0;
    row_list list = {0};
    memset(rows, 0, sizeof *rows);
    rows->file = paso_arena_text(arena, file);
    char *text = NULL;
    cursor c = {.arena = arena, .diags = diags, .file = file, .line = 1};
    paso_status status = paso_file_read(arena, diags, file, &text, &length);
    if (status == PASO_OK) status = paso_text_check(diags, file, text, length);
    if (status == PASO_OK && !(c.cell = malloc(length + 1))) status = PASO_ERR_MEMORY;
    c.at = c.start = text;
    while (status == PASO_OK && *c.at != '\0') {
        flee_row row;
        status = take_row(&c, &row);
        if (status == PASO_OK && PASO_PUSH(&list, row) != 0) status = PASO_ERR_MEMORY;
    }
    if (status == PASO_OK && list.n > 0) {
        rows->row = paso_arena_alloc(arena, list.n, sizeof *rows->row);
        rows->n = list.n;
        if (!rows->row)
            status = PASO_ERR_MEMORY;
        else
            memcpy(rows->row, list.items, list.n * sizeof *rows->row);
    }
    free(list.items);
    free(c.cell);
    return status;
}

paso_mark paso_flee_rows_mark(const flee_rows *rows, size_t row, size_t cell) {
    paso_mark mark = {.file = rows->file};
    if (row >= rows->n) return mark;
    const flee_row *r = &rows->row[row];
    mark.line = r->line;
    mark.column = 1;
    mark.length = 1;
    if (cell < r->n) {
        mark.column = r->column[cell];
        mark.length = (int)paso_utf8_count(r->cell[cell], strlen(r->cell[cell]));
        if (mark.length < 1) mark.length = 1;
    }
    return mark;
}

const char *paso_flee_cell(const flee_row *row, size_t cell) {
    return cell < row->n ? row->cell[cell] : "";
}

static size_t stripped(const char **text) {
    *text += strspn(*text, " \t");
    size_t n = strlen(*text);
    while (n > 0 && ((*text)[n - 1] == ' ' || (*text)[n - 1] == '\t')) n--;
    return n;
}

const char *paso_flee_cell_stripped(paso_arena *arena, const flee_row *row, size_t cell) {
    const char *text = paso_flee_cell(row, cell);
    size_t n = stripped(&text);
    const char *copy = paso_arena_text_n(arena, text, n);
    return copy ? copy : "";
}

bool paso_flee_row_is_comment(const flee_row *row) {
    return row->n == 0 || row->cell[0][0] == '#';
}

paso_status paso_flee_rows_header(paso_arena *arena, const flee_rows *rows, size_t n_fixed,
                                  flee_header *header) {
    cells name = {0};
    paso_status status = PASO_OK;
    for (size_t i = 0; i < rows->n; i++) {
        if (!paso_flee_row_is_comment(&rows->row[i])) continue;
        for (size_t c = n_fixed; c < rows->row[i].n; c++)
            if (PASO_PUSH(&name, rows->row[i].cell[c]) != 0) status = PASO_ERR_MEMORY;
    }
    *header = (flee_header){.n_fixed = n_fixed, .n = name.n};
    header->name = paso_arena_alloc(arena, name.n + 1, sizeof *header->name);
    if (!header->name) status = PASO_ERR_MEMORY;
    if (status == PASO_OK && name.n > 0)
        memcpy(header->name, name.items, name.n * sizeof *name.items);
    free(name.items);
    return status;
}

size_t paso_flee_rows_named(const flee_rows *rows, paso_diags *diags, size_t row,
                            const flee_header *header) {
    const flee_row *r = &rows->row[row];
    size_t end = header->n_fixed + header->n;
    for (size_t i = end; i < r->n; i++) {
        if (r->cell[i][0] == '\0') continue;
        paso_error(diags, "flee-cells", paso_flee_rows_mark(rows, row, i), "",
                   "name the column in the header, which begins with #, or put a cell with a "
                   "comma into quotes",
                   "row %d, column %zu: expected no value beyond the header, found \"%s\"", r->line,
                   i + 1, r->cell[i]);
        break;
    }
    return r->n < end ? r->n : end;
}

/* Without the blanks around it, which Python's numbers may have too; false if it is too long. */
static bool trim(const char *text, char copy[64]) {
    size_t n = stripped(&text);
    if (n > 60) return false;
    memcpy(copy, text, n);
    copy[n] = '\0';
    return true;
}

/* The digits of 1_000 without what holds them apart. */
static void join_digits(char *text) {
    char *to = text;
    for (const char *from = text; *from; from++)
        if (*from != '_' || from == text || !strchr("0123456789", from[-1])) *to++ = *from;
    *to = '\0';
}

int paso_flee_number(const char *text, double *value) {
    char bare[64], full[66];
    if (!trim(text, bare)) return -1;
    const char *digits = bare + (*bare == '+');
    snprintf(full, sizeof full, "%s%s", digits[0] == '.' ? "0" : "", digits);
    join_digits(full);
    size_t n = strlen(full);
    if (n > 1 && full[n - 1] == '.') full[n - 1] = '\0';
    return paso_number_parse(full, value);
}

int paso_flee_cell_number(const flee_row *row, size_t cell, double *value) {
    return paso_flee_number(paso_flee_cell(row, cell), value);
}

int paso_flee_rows_number(const flee_rows *rows, paso_diags *diags, size_t row, size_t cell,
                          const char *what, double *value) {
    const char *text = paso_flee_cell(&rows->row[row], cell);
    if (paso_flee_cell_number(&rows->row[row], cell, value) == 0) return 0;
    paso_error(diags, "flee-number", paso_flee_rows_mark(rows, row, cell), what,
               text[0] ? "cells are separated by commas: look for a shifted column"
                       : "fill in the cell",
               "row %d, column %zu (%s): expected a number, found \"%s\"", rows->row[row].line,
               cell + 1, what, text);
    return -1;
}

/* 1,234 in quotes, 1 234: what a spreadsheet shows. */
static bool has_separators(const char *text) {
    return strpbrk(text, "0123456789") && strpbrk(text, ", '") &&
           text[strspn(text, "-+0123456789, '")] == '\0';
}

static const char *hint_whole(const char *text) {
    if (strchr(text, '.')) return "write it without a decimal point";
    if (has_separators(text)) return "write it without separators, as 1234";
    return "cells are separated by commas: look for a shifted column";
}

int paso_flee_rows_whole(const flee_rows *rows, paso_diags *diags, size_t row, size_t cell,
                         const char *what, double *value) {
    const char *text = paso_flee_cell(&rows->row[row], cell);
    char copy[64] = "";
    bool fits = trim(text, copy);
    const char *digits = copy + (*copy == '-' || *copy == '+');
    if (fits && *digits && digits[strspn(digits, "0123456789")] == '\0' &&
        paso_flee_cell_number(&rows->row[row], cell, value) == 0 && fabs(*value) < MOST_WHOLE)
        return 0;
    paso_error(diags, "flee-whole", paso_flee_rows_mark(rows, row, cell), what, hint_whole(text),
               "row %d, column %zu (%s): expected a whole number, found \"%s\"",
               rows->row[row].line, cell + 1, what, text);
    return -1;
}

int paso_flee_rows_date(const flee_rows *rows, paso_diags *diags, size_t row, size_t cell,
                        const char *what, int *day) {
    const char *text = paso_flee_cell(&rows->row[row], cell);
    int year, month, of_month, length = 0; /* Python takes 2012-2-9 too */
    char full[48] = "", copy[64] = "";
    if (trim(text, copy) && sscanf(copy, "%4d-%2d-%2d%n", &year, &month, &of_month, &length) == 3 &&
        !copy[length])
        snprintf(full, sizeof full, "%04d-%02d-%02d", year, month, of_month);
    if (strlen(full) == 10 && paso_date_parse(full, day, NULL) == 0) return 0;
    paso_error(diags, "flee-date", paso_flee_rows_mark(rows, row, cell), what,
               "write dates as 2012-02-29",
               "row %d, column %zu (%s): expected a date, found \"%s\"", rows->row[row].line,
               cell + 1, what, text);
    return -1;
}
