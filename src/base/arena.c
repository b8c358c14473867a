/* Arena and growing arrays.
 * An arena is a chain of zeroed blocks; small requests share a block, large ones get their own.
 * Arrays that grow are malloc'ed instead, so that growing does not leave copies behind. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 64 * 1024, FIRST_CAP = 8 };

typedef struct block block;
struct block {
    block *next;
    size_t used, cap;
    alignas(max_align_t) unsigned char bytes[];
};

struct paso_arena {
    block *first;
    bool failed;
};

static block *block_create(size_t cap) {
    if (cap > SIZE_MAX - sizeof(block)) return NULL;
    block *b = calloc(1, sizeof *b + cap);
    if (b != NULL) b->cap = cap;
    return b;
}

paso_arena *paso_arena_create(void) {
    return calloc(1, sizeof(paso_arena));
}

void paso_arena_free(paso_arena *arena) {
    if (arena == NULL) return;
    for (block *b = arena->first; b != NULL;) {
        block *next = b->next;
        free(b);
        b = next;
    }
    free(arena);
}

/* A large block goes behind the first one, so that the room left in the first stays in use. */
static void *large_alloc(paso_arena *arena, size_t bytes) {
    block *b = block_create(bytes);
    if (b == NULL) return NULL;
    b->used = bytes;
    if (arena->first == NULL) {
        arena->first = b;
    } else {
        b->next = arena->first->next;
        arena->first->next = b;
    }
    return b->bytes;
}

static void *small_alloc(paso_arena *arena, size_t bytes) {
    block *b = arena->first;
    if (b == NULL || b->cap - b->used < bytes) {
        b = block_create(BLOCK_SIZE);
        if (b == NULL) return NULL;
        b->next = arena->first;
        arena->first = b;
    }
    void *result = b->bytes + b->used;
    b->used += bytes;
    return result;
}

void *paso_arena_alloc(paso_arena *arena, size_t n, size_t size) {
    const size_t align = alignof(max_align_t);
    void *result = NULL;
    if (size == 0 || n <= (SIZE_MAX - align) / size) {
        size_t bytes = (n * size + align - 1) / align * align;
        /* Nothing still gets an address of its own: callers take NULL for "no memory". */
        if (bytes == 0) bytes = align;
        result = bytes > BLOCK_SIZE / 4 ? large_alloc(arena, bytes) : small_alloc(arena, bytes);
    }
    arena->failed |= result == NULL;
    return result;
}

bool paso_arena_failed(const paso_arena *arena) {
    return arena->failed;
}

char *paso_arena_text_n(paso_arena *arena, const char *text, size_t n) {
    char *copy = paso_arena_alloc(arena, n == SIZE_MAX ? n : n + 1, 1);
    if (copy != NULL && n > 0) memcpy(copy, text, n);
    return copy;
}

char *paso_arena_text(paso_arena *arena, const char *text) {
    return paso_arena_text_n(arena, text, strlen(text));
}

char *paso_arena_format(paso_arena *arena, const char *format, ...) {
    va_list args, again;
    char *text = NULL;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    if (n >= 0) text = paso_arena_alloc(arena, (size_t)n + 1, 1);
    if (text != NULL) vsnprintf(text, (size_t)n + 1, format, again);
    va_end(again);
    va_end(args);
    return text;
}

int paso_array_reserve(void **items, size_t *cap, size_t count, size_t more, size_t size) {
    if (more > SIZE_MAX - count) return -1;
    size_t need = count + more;
    if (need <= *cap) return 0;
    size_t grown = *cap == 0 ? FIRST_CAP : *cap;
    while (grown < need) grown = grown > SIZE_MAX / 2 ? need : 2 * grown;
    if (size == 0 || grown > SIZE_MAX / size) return -1;
    /* `items` really points at a pointer of another type: only bytes may be read through it. */
    void *old, *fresh;
    memcpy(&old, (const void *)items, sizeof old);
    fresh = realloc(old, grown * size);
    if (fresh == NULL) return -1;
    memcpy((void *)items, &fresh, sizeof fresh);
    *cap = grown;
    return 0;
}
