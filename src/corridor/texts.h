/* The texts that a corridor was read from, kept beside it: for whoever shows or edits them, and to
 * be read again, changed, in the place of the files. */
#ifndef PASO_CORRIDOR_TEXTS_H
#define PASO_CORRIDOR_TEXTS_H

#include "base/arena.h"

typedef struct paso_source_text {
    char *path; /* as reached from the command line */
    char *real; /* for telling files apart */
    char *text; /* without a byte order mark; ends with a zero */
    size_t length;
} paso_source_text;

typedef struct paso_texts {
    paso_source_text *items; /* the corridor's file first */
    size_t n, cap;
    bool closed; /* these are all there is: reading touches no file */
} paso_texts;

/* Copies everything. PASO_ERR_MEMORY with the list as it was. */
paso_status paso_texts_add(paso_texts *texts, const char *path, const char *real, const char *text,
                           size_t length);
paso_source_text *paso_texts_find(const paso_texts *texts, const char *path); /* or NULL */
/* Puts a copy in the place of the text that is there. */
paso_status paso_texts_replace(paso_source_text *item, const char *text, size_t length);
void paso_texts_clear(paso_texts *texts);

#endif
