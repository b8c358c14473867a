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

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}

/* The cell between *at and its comma or line end, quotes removed; NULL if a quote stays open. */
static char *take_cell(char **at) {
    char *from = *at, *end;
    if (*from == '"') {
        char *to = from, *read = from + 1;
        while (*read != '\0' && *read != '\n' && (*read != '"' || read[1] == '"')) {
            if (*read == '"') read++;
            *to++ = *read++;
        }
        if (*read != '"') return NULL;
        end = to;
        *at = read + 1;
        while (**at != '\0' && **at != ',' && **at != '\n') (*at)++;
    } else {
        while (**at != '\0' && **at != ',' && **at != '\n') (*at)++;
        end = *at;
        while (end > from && is_blank(end[-1])) end--;
    }
    return end;
}

static paso_status take_row(paso_arena *arena, paso_diags *diags, const char *file, char **at,
                            int line, flee_row *row) {
    cells cell = {0};
    columns column = {0};
    paso_status status = PASO_OK;
    const char *start = *at;
    char after = ',';
    while (after == ',' && status == PASO_OK) {
        while (is_blank(**at)) (*at)++;
        char *from = *at;
        int place = (int)paso_utf8_count(start, (size_t)(from - start)) + 1;
        char *end = take_cell(at);
        if (!end) {
            paso_mark mark = {.file = file, .line = line, .column = place, .length = 1};
            status = paso_error(diags, "csv-quote", mark, "", NULL,
                                "expected a closing quote, found the end of the line");
            break;
        }
        after = **at;
        const char *text = paso_arena_text_n(arena, from, (size_t)(end - from));
        if (!text || PASO_PUSH(&cell, text) != 0 || PASO_PUSH(&column, place) != 0)
            status = PASO_ERR_MEMORY;
        if (after == ',') (*at)++;
    }
    if (status == PASO_OK) {
        bool empty = cell.n == 1 && cell.items[0][0] == '\0';
        *row = (flee_row){.line = line, .n = empty ? 0 : cell.n};
        row->cell = paso_arena_alloc(arena, cell.n, sizeof *row->cell);
        row->column = paso_arena_alloc(arena, cell.n, sizeof *row->column);
        if (!row->cell || !row->column) {
            status = PASO_ERR_MEMORY;
        } else if (cell.n > 0) {
            memcpy(row->cell, cell.items, cell.n * sizeof *row->cell);
            memcpy(row->column, column.items, cell.n * sizeof *row->column);
        }
    }
    free(cell.items);
    free(column.items);
    return status;
}

paso_status paso_flee_rows_read(paso_arena *arena, paso_diags *diags, const char *file,
                                flee_rows *rows) {
    char *text = NULL;
    size_t length = 0;
    row_list list = {0};
    memset(rows, 0, sizeof *rows);
    rows->file = paso_arena_text(arena, file);
    paso_status status = paso_file_read(arena, diags, file, &text, &length);
    if (status == PASO_OK) status = paso_text_check(diags, file, text, length);
    if (status == PASO_OK && strncmp(text, "\xef\xbb\xbf", 3) == 0)
        text += 3; /* of a spreadsheet */
    for (int line = 1; status == PASO_OK && *text != '\0'; line++) {
        flee_row row;
        status = take_row(arena, diags, file, &text, line, &row);
        if (status == PASO_OK && PASO_PUSH(&list, row) != 0) status = PASO_ERR_MEMORY;
        if (*text == '\n') text++;
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

bool paso_flee_row_is_comment(const flee_row *row) {
    return row->n == 0 || row->cell[0][0] == '#';
}

/* Python's float() takes "5." and ".5" and "+1"; what it takes beyond that is a mistake here. */
static int number_of(const char *text, double *value) {
    char copy[64];
    if (*text == '+') text++;
    snprintf(copy, sizeof copy, "%s%s", text[0] == '.' ? "0" : "", text);
    size_t n = strlen(copy);
    if (n > 1 && copy[n - 1] == '.') copy[n - 1] = '\0';
    return paso_number_parse(copy, value);
}

int paso_flee_rows_number(const flee_rows *rows, paso_diags *diags, size_t row, size_t cell,
                          const char *what, double *value) {
    const char *text = paso_flee_cell(&rows->row[row], cell);
    if (number_of(text, value) == 0) return 0;
    paso_error(diags, "flee-number", paso_flee_rows_mark(rows, row, cell), what,
               text[0] ? "cells are separated by commas: look for a shifted column"
                       : "fill in the cell",
               "row %d, column %zu (%s): expected a number, found \"%s\"", rows->row[row].line,
               cell + 1, what, text);
    return -1;
}

int paso_flee_rows_whole(const flee_rows *rows, paso_diags *diags, size_t row, size_t cell,
                         const char *what, double *value) {
    const char *text = paso_flee_cell(&rows->row[row], cell);
    const char *digits = text + (*text == '-' || *text == '+');
    if (digits[strspn(digits, "0123456789")] == '\0' && *digits && number_of(text, value) == 0 &&
        fabs(*value) < MOST_WHOLE)
        return 0;
    paso_error(diags, "flee-whole", paso_flee_rows_mark(rows, row, cell), what,
               strchr(text, '.') ? "write it without a decimal point"
                                 : "cells are separated by commas: look for a shifted column",
               "row %d, column %zu (%s): expected a whole number, found \"%s\"",
               rows->row[row].line, cell + 1, what, text);
    return -1;
}

int paso_flee_rows_date(const flee_rows *rows, paso_diags *diags, size_t row, size_t cell,
                        const char *what, int *day) {
    const char *text = paso_flee_cell(&rows->row[row], cell);
    int year, month, of_month, length = 0; /* Python takes 2012-2-9 too */
    char full[48] = "";
    if (sscanf(text, "%4d-%2d-%2d%n", &year, &month, &of_month, &length) == 3 && !text[length])
        snprintf(full, sizeof full, "%04d-%02d-%02d", year, month, of_month);
    if (strlen(full) == 10 && paso_date_parse(full, day, NULL) == 0) return 0;
    paso_error(diags, "flee-date", paso_flee_rows_mark(rows, row, cell), what,
               "write dates as 2012-02-29",
               "row %d, column %zu (%s): expected a date, found \"%s\"", rows->row[row].line,
               cell + 1, what, text);
    return -1;
}
