/* Memory that lives and dies together: a model, a program and a run each own one arena.
 * Nothing in an arena is freed alone. All blocks come zeroed and aligned for any type. */
#ifndef PASO_BASE_ARENA_H
#define PASO_BASE_ARENA_H

#include "base/status.h"

typedef struct paso_arena paso_arena;

paso_arena *paso_arena_create(void); /* NULL when there is no memory */
void paso_arena_free(paso_arena *arena);
/* n * size bytes, zeroed; NULL when there is no memory or the product overflows. */
void *paso_arena_alloc(paso_arena *arena, size_t n, size_t size);
/* True once a request was refused: for writers that would rather go on and ask at the end. */
bool paso_arena_failed(const paso_arena *arena);
char *paso_arena_text(paso_arena *arena, const char *text);
char *paso_arena_text_n(paso_arena *arena, const char *text, size_t n);
char *paso_arena_format(paso_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Grows a malloc'ed array to hold n more items after *count; doubles, checks overflow. 0 or -1. */
int paso_array_reserve(void **items, size_t *cap, size_t count, size_t more, size_t size);
/* PASO_PUSH(list, value): list has fields items, n, cap. Evaluates to 0, or -1 without memory. */
#define PASO_PUSH(list, value)                                                                     \
    (paso_array_reserve((void **)&(list)->items, &(list)->cap, (list)->n, 1,                       \
                        sizeof *(list)->items) == 0                                                \
         ? ((list)->items[(list)->n++] = (value), 0)                                               \
         : -1)

#endif
