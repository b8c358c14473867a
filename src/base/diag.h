/* The list of mistakes and warnings that reading a corridor collects, and how they are printed.
 * At most 20 errors are kept (more are counted). Text is copied. Format:
 * file:line:column: error: path: expected X, found Y / source line / caret / hint. */
#ifndef PASO_BASE_DIAG_H
#define PASO_BASE_DIAG_H

#include "base/arena.h"

enum { PASO_DIAG_LIMIT = 20 };

typedef enum paso_severity { PASO_ERROR, PASO_WARNING } paso_severity;

typedef struct paso_diag {
    paso_severity severity;
    const char *id;      /* stable identifier such as "name-unknown" */
    paso_mark mark;      /* file NULL when there is no place, as for a --set argument */
    const char *path;    /* dotted path, "" if none */
    const char *message; /* "expected people/day, found people" */
    const char *hint;    /* NULL if none */
} paso_diag;

typedef struct paso_diags {
    paso_arena *arena;
    paso_diag *items; /* in order of reporting, errors and warnings, at most PASO_DIAG_LIMIT each */
    size_t n, cap;
    size_t n_errors, n_warnings; /* counted even beyond the limit */
} paso_diags;

int paso_diags_init(paso_diags *diags); /* 0, or -1 without memory */
void paso_diags_clear(paso_diags *diags);
/* Both return PASO_ERR_INPUT, so that `return paso_error(...)` reads well. `hint` may be NULL. */
paso_status paso_error(paso_diags *diags, const char *id, paso_mark mark, const char *path,
                       const char *hint, const char *format, ...)
    __attribute__((format(printf, 6, 7)));
/* A mistake of the caller, which stands in no file. Returns PASO_ERR_USAGE. */
paso_status paso_usage(paso_diags *diags, const char *id, const char *path, const char *hint,
                       const char *format, ...) __attribute__((format(printf, 5, 6)));
void paso_warn(paso_diags *diags, const char *id, paso_mark mark, const char *path,
               const char *hint, const char *format, ...) __attribute__((format(printf, 6, 7)));
/* Hands out all in order of file, line, column, and how many more there were. */
typedef void paso_diag_told(void *context, const paso_diag *diag);
void paso_diags_tell(const paso_diags *diags, paso_diag_told *told, void *context);
/* Prints all in order of file, line, column. The source line is read from the file again.
 * json: one JSON object a line, for the page and for tools. */
void paso_diags_print(const paso_diags *diags, FILE *out, bool json);
paso_status paso_diags_status(const paso_diags *diags); /* PASO_OK or PASO_ERR_INPUT */
/* Whether some of what was told found no memory. */
bool paso_diags_lost(const paso_diags *diags);

/* The nearest of n names within a third of the word's length in edits, or NULL. */
const char *paso_nearest(const char *word, const char *const *names, size_t n);
/* "did you mean X?", or, where no name is near, "there are X, Y": as many as there is room for. */
void paso_nearest_hint(const char *word, const char *const *names, size_t n, char *hint,
                       size_t size);

#endif
