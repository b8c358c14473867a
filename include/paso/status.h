/* What functions return, and the record of mistakes and warnings that they fill for people. */
#ifndef PASO_STATUS_H
#define PASO_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* All other symbols of the library are hidden. */
#define PASO_API __attribute__((visibility("default")))

/* 0 is success, negative an error by group, positive a reason to stop early. */
typedef enum paso_status {
    PASO_OK = 0,
    PASO_STOPPED = 1, /* interrupted on request; finished members are kept */
    PASO_ERR_MODEL =
        -100, /* the run failed a check: not a number, conservation, clipped with strict */
    PASO_ERR_USAGE = -200, /* an option or argument is wrong */
    PASO_ERR_INPUT = -300, /* a corridor, table, state or store does not say what it must */
    PASO_ERR_IO = -400,    /* the system refused to read or write */
    PASO_ERR_MEMORY = -500 /* no memory */
} paso_status;

/* A status in a few words, such as "bad input". Never NULL; static. */
PASO_API const char *paso_status_text(paso_status status);

/* The library's version, such as "0.1.0". Static. */
PASO_API const char *paso_version(void);

/* ---- the record of mistakes ---- */

/* Collects what calls report, in their order, until it is cleared: at most 20 errors and 20
 * warnings are kept, more are only counted. */
typedef struct paso_errors paso_errors;

/* One mistake or warning. Texts belong to the record until it is cleared or freed. */
typedef struct paso_message {
    const char *text; /* "expected people/day, found people" */
    const char *hint; /* "" if none */
    const char *path; /* dotted, "stages.queue.enters"; "" if none */
    const char *file; /* "" where there is no place, as for a setting */
    const char *id;   /* stable identifier, such as "name-unknown" */
    int32_t line;     /* from 1; 0: unknown */
    int32_t column;   /* in characters, from 1; 0: unknown */
    bool warning;
} paso_message;

/* An empty record, or NULL without memory. Free it with paso_errors_free. */
PASO_API paso_errors *paso_errors_create(void);
PASO_API void paso_errors_free(paso_errors *errors);

/* Forgets all messages; texts that it gave become invalid. */
PASO_API void paso_errors_clear(paso_errors *errors);

/* Messages kept, errors and warnings together. */
PASO_API size_t paso_errors_count(const paso_errors *errors);

/* Message i of paso_errors_count, in order of reporting; empty texts if there is none. */
PASO_API paso_message paso_errors_get(const paso_errors *errors, size_t i);

/* All messages as the command prints them, by file and line, with the source line, a caret and the
 * hint; "" if there are none. Belongs to the record until the next call on it. NULL: no memory. */
PASO_API const char *paso_errors_text(paso_errors *errors);

/* The same as one JSON object a line with severity, id, file, line, column, length, path, message,
 * hint. Ownership as paso_errors_text. */
PASO_API const char *paso_errors_json(paso_errors *errors);

/* ---- days ---- */

/* "2024-02-01", "2024-02" or "2024" (a missing part is its first) to a day: 0, or -1 if the text is
 * no such date. */
PASO_API int paso_day_read(const char *text, int32_t *day);

/* A day as "2024-02-01". `text` has room for 16 bytes. */
PASO_API void paso_day_write(int32_t day, char text[16]);

#ifdef __cplusplus
}
#endif

#endif
