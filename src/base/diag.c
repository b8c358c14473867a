/* Collecting mistakes and showing them where they stand.
 * The offending line is read again from its file, so that a report needs nothing kept open.
 * Text of users goes to terminals: control characters become '?', bytes that are not UTF-8 too. */
#include "base/diag.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

enum { MAX_WORD = 64, MAX_LINE = 200, LINE_BYTES = 4 * MAX_LINE + 8 };

int paso_diags_init(paso_diags *diags) {
    memset(diags, 0, sizeof *diags);
    diags->arena = paso_arena_create();
    return diags->arena == NULL ? -1 : 0;
}

void paso_diags_clear(paso_diags *diags) {
    if (diags == NULL) return;
    paso_arena_free(diags->arena);
    free(diags->items);
    memset(diags, 0, sizeof *diags);
}

static void clean(char *text) {
    size_t n = strlen(text);
    for (size_t i = 0; i < n;) {
        size_t step = paso_utf8_step(text + i, n - i);
        unsigned char c = (unsigned char)text[i];
        if (step == 0 || (c < 0x20 && c != '\t') || c == 0x7F) text[i] = '?';
        i += step == 0 ? 1 : step;
    }
}

static const char *keep(paso_diags *diags, const char *text) {
    if (text == NULL) return NULL;
    char *copy = paso_arena_text(diags->arena, text);
    if (copy == NULL) return "";
    clean(copy);
    return copy;
}

static bool same_text(const char *a, const char *b) {
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool is_known(const paso_diags *diags, const paso_diag *d) {
    for (size_t i = 0; i < diags->n; i++) {
        const paso_diag *o = &diags->items[i];
        if (o->severity == d->severity && o->mark.line == d->mark.line &&
            o->mark.column == d->mark.column && same_text(o->mark.file, d->mark.file) &&
            same_text(o->id, d->id) && same_text(o->message, d->message) &&
            same_text(o->path, d->path))
            return true;
    }
    return false;
}

static void add(paso_diags *diags, paso_diag d) {
    size_t *count = d.severity == PASO_ERROR ? &diags->n_errors : &diags->n_warnings;
    if (is_known(diags, &d)) return;
    if (++*count > PASO_DIAG_LIMIT) return;
    d.id = keep(diags, d.id);
    d.path = keep(diags, d.path == NULL ? "" : d.path);
    d.hint = keep(diags, d.hint);
    /* The name opens the file again: it is kept byte for byte and cleaned only when shown. */
    if (d.mark.file != NULL) d.mark.file = paso_arena_text(diags->arena, d.mark.file);
    /* Without memory the mistake is still counted, so the status stays an error. */
    (void)PASO_PUSH(diags, d);
}

static const char *format_message(paso_diags *diags, const char *format, va_list args) {
    char text[2048];
    vsnprintf(text, sizeof text, format, args);
    return keep(diags, text);
}

paso_status paso_error(paso_diags *diags, const char *id, paso_mark mark, const char *path,
                       const char *hint, const char *format, ...) {
    va_list args;
    va_start(args, format);
    paso_diag d = {.severity = PASO_ERROR, .id = id, .mark = mark, .path = path, .hint = hint};
    d.message = format_message(diags, format, args);
    va_end(args);
    add(diags, d);
    return PASO_ERR_INPUT;
}

paso_status paso_usage(paso_diags *diags, const char *id, const char *path, const char *hint,
                       const char *format, ...) {
    va_list args;
    va_start(args, format);
    paso_diag d = {.severity = PASO_ERROR, .id = id, .path = path, .hint = hint};
    d.message = format_message(diags, format, args);
    va_end(args);
    add(diags, d);
    return PASO_ERR_USAGE;
}

void paso_warn(paso_diags *diags, const char *id, paso_mark mark, const char *path,
               const char *hint, const char *format, ...) {
    va_list args;
    va_start(args, format);
    paso_diag d = {.severity = PASO_WARNING, .id = id, .mark = mark, .path = path, .hint = hint};
    d.message = format_message(diags, format, args);
    va_end(args);
    add(diags, d);
}

paso_status paso_diags_status(const paso_diags *diags) {
    return diags->n_errors > 0 ? PASO_ERR_INPUT : PASO_OK;
}

static size_t at_most(size_t n) {
    return n < PASO_DIAG_LIMIT ? n : PASO_DIAG_LIMIT;
}

bool paso_diags_lost(const paso_diags *diags) {
    return paso_arena_failed(diags->arena) ||
           diags->n < at_most(diags->n_errors) + at_most(diags->n_warnings);
}

/* The first LINE_BYTES of line `number`, without its end; false if there is no such line. */
static bool read_line(const char *file, int number, char line[LINE_BYTES]) {
    FILE *in = fopen(file, "rb");
    size_t n = 0;
    int at = 1, c = 0;
    bool found = false;
    if (in == NULL) return false;
    memset(line, 0, LINE_BYTES);
    while (at <= number && (c = getc(in)) != EOF) {
        if (at == number) found = true;
        if (c == '\n') at++;
        if (at == number && c != '\n' && n < LINE_BYTES - 1) line[n++] = (char)c;
    }
    if (n > 0 && line[n - 1] == '\r') line[n - 1] = '\0';
    fclose(in);
    return found;
}

/* Bytes before character `column` (from 1). */
static size_t column_offset(const char *line, int column) {
    size_t n = strlen(line), at = 0;
    for (int i = 1; i < column && at < n; i++) {
        size_t step = paso_utf8_step(line + at, n - at);
        at += step == 0 ? 1 : step;
    }
    return at;
}

static void print_caret(const char *line, paso_mark mark, FILE *out) {
    size_t offset = column_offset(line, mark.column);
    size_t chars = paso_utf8_count(line, offset);
    size_t left = paso_utf8_count(line + offset, strlen(line + offset));
    for (size_t i = 0, at = 0; i < chars; i++) {
        fputc(line[at] == '\t' ? '\t' : ' ', out);
        size_t step = paso_utf8_step(line + at, offset - at);
        at += step == 0 ? 1 : step;
    }
    fputc('^', out);
    for (int i = 1; i < mark.length && (size_t)i < left; i++) fputc('~', out);
    fputc('\n', out);
}

static void print_source(paso_mark mark, FILE *out) {
    char line[LINE_BYTES];
    if (mark.file == NULL || mark.line < 1 || !read_line(mark.file, mark.line, line)) return;
    line[column_offset(line, MAX_LINE + 1)] = '\0';
    clean(line);
    fprintf(out, "%s\n", line);
    if (mark.column >= 1 && mark.column <= MAX_LINE) print_caret(line, mark, out);
}

static const char *severity_name(paso_severity severity) {
    return severity == PASO_ERROR ? "error" : "warning";
}

static const char more_id[] = "more";

static void print_text(void *context, const paso_diag *d) {
    FILE *out = context;
    if (d->id == more_id) {
        fprintf(out, "%s\n", d->message);
        return;
    }
    if (d->mark.file != NULL) {
        fprintf(out, "%s:", d->mark.file);
        if (d->mark.line > 0) fprintf(out, "%d:", d->mark.line);
        if (d->mark.line > 0 && d->mark.column > 0) fprintf(out, "%d:", d->mark.column);
        fputc(' ', out);
    }
    fprintf(out, "%s: ", severity_name(d->severity));
    if (d->path[0] != '\0') fprintf(out, "%s: ", d->path);
    fprintf(out, "%s\n", d->message);
    print_source(d->mark, out);
    if (d->hint != NULL) fprintf(out, "  hint: %s\n", d->hint);
}

/* Paths of the system need not be UTF-8; JSON must be. */
static json_t *json_name(const char *file) {
    char name[4096];
    if (file == NULL) return json_null();
    snprintf(name, sizeof name, "%s", file);
    clean(name);
    return json_string(name);
}

static void print_json(void *context, const paso_diag *d) {
    json_t *object =
        json_pack("{s:s, s:s, s:o, s:i, s:i, s:i, s:s, s:s, s:s?}", "severity",
                  severity_name(d->severity), "id", d->id, "file", json_name(d->mark.file), "line",
                  d->mark.line, "column", d->mark.column, "length", d->mark.length, "path", d->path,
                  "message", d->message, "hint", d->hint);
    if (object == NULL) return;
    json_dumpf(object, context, JSON_COMPACT);
    fputc('\n', context);
    json_decref(object);
}

static int compare(const paso_diag *a, const paso_diag *b) {
    const char *file_a = a->mark.file == NULL ? "" : a->mark.file;
    const char *file_b = b->mark.file == NULL ? "" : b->mark.file;
    int order = strcmp(file_a, file_b);
    if (order == 0) order = (a->mark.line > b->mark.line) - (a->mark.line < b->mark.line);
    if (order == 0) order = (a->mark.column > b->mark.column) - (a->mark.column < b->mark.column);
    return order;
}

/* Insertion keeps equal places in order of reporting; there are at most 40. */
static void sort(const paso_diags *diags, const paso_diag *sorted[2 * PASO_DIAG_LIMIT]) {
    for (size_t i = 0; i < diags->n; i++) {
        size_t at = i;
        for (; at > 0 && compare(sorted[at - 1], &diags->items[i]) > 0; at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = &diags->items[i];
    }
}

static void tell_rest(size_t count, paso_severity severity, paso_diag_told *told, void *context) {
    char text[80];
    if (count <= PASO_DIAG_LIMIT) return;
    size_t more = count - PASO_DIAG_LIMIT;
    snprintf(text, sizeof text, "… and %zu more %s%s", more, severity_name(severity),
             more == 1 ? "" : "s");
    paso_diag rest = {.severity = severity, .id = more_id, .path = "", .message = text};
    told(context, &rest);
}

void paso_diags_tell(const paso_diags *diags, paso_diag_told *told, void *context) {
    const paso_diag *sorted[2 * PASO_DIAG_LIMIT];
    sort(diags, sorted);
    for (size_t i = 0; i < diags->n; i++) told(context, sorted[i]);
    tell_rest(diags->n_errors, PASO_ERROR, told, context);
    tell_rest(diags->n_warnings, PASO_WARNING, told, context);
}

void paso_diags_print(const paso_diags *diags, FILE *out, bool json) {
    paso_diags_tell(diags, json ? print_json : print_text, out);
}

static int least(int a, int b) {
    return a < b ? a : b;
}

/* Damerau-Levenshtein with adjacent swaps (optimal string alignment); three rows suffice. */
static int edits(const char *a, const char *b) {
    int n = (int)strlen(a), m = (int)strlen(b);
    int row[3][MAX_WORD + 1];
    for (int j = 0; j <= m; j++) row[0][j] = j;
    for (int i = 1; i <= n; i++) {
        int *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];
        now[0] = i;
        for (int j = 1; j <= m; j++) {
            now[j] = least(least(last[j], now[j - 1]) + 1, last[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = least(now[j], before[j - 2] + 1);
        }
    }
    return row[n % 3][m];
}

const char *paso_nearest(const char *word, const char *const *names, size_t n) {
    const char *nearest = NULL;
    size_t length = strlen(word);
    int best = (int)(length < MAX_WORD ? length : MAX_WORD) / 3 + 1;
    if (length > MAX_WORD) return NULL;
    for (size_t i = 0; i < n; i++) {
        if (names[i] == NULL || strlen(names[i]) > MAX_WORD) continue;
        int distance = edits(word, names[i]);
        if (distance >= best) continue;
        best = distance;
        nearest = names[i];
    }
    return nearest;
}

void paso_nearest_hint(const char *word, const char *const *names, size_t n, char *hint,
                       size_t size) {
    const char *nearest = paso_nearest(word, names, n);
    if (nearest) {
        snprintf(hint, size, "did you mean %s?", nearest);
        return;
    }
    size_t at = (size_t)snprintf(hint, size, "there %s", n ? "are" : "is none");
    for (size_t i = 0; i < n && at < size; i++) {
        at += (size_t)snprintf(hint + at, size - at, "%s %s", i ? "," : "", names[i]);
    }
}
