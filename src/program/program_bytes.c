/* The program file: lists of 32-bit words and doubles, little-endian (docs/program.md), in memory.
 * Reading one checks it whole, because the engine trusts every index in it. */
#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"
#include "program/program.h"

/* Lists go to the file as they stand in memory. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the program file is little-endian");

enum { MAX_ITEMS = 1 << 26 };

static const char magic[8] = {'P', 'A', 'S', 'O', 'P', 'R', 'O', 'G'};

/* Every list of a program and of a schedule, in the order of the file. */
#define PROGRAM_LISTS(X)                                                                           \
    X(op)                                                                                          \
    X(pool)                                                                                        \
    X(number)                                                                                      \
    X(text)                                                                                        \
    X(constant)                                                                                    \
    X(parameter)                                                                                   \
    X(lever)                                                                                       \
    X(data) X(shock) X(signal) X(event) X(ring) X(stage) X(junction) X(exit) X(part) X(observable)
#define SCHEDULE_LISTS(X) X(op) X(pool) X(number) X(assignment) X(change)

/* What is written grows at `to`, or only goes through a hash; what is read is taken from `from`. */
typedef struct file {
    uint8_t *to;
    size_t n, cap;
    const uint8_t *from;
    size_t left; /* bytes not read yet */
    bool failed, no_memory;
    paso_sha256 *hash;
} file;

static bool make_room(file *f, size_t size) {
    size_t cap = f->cap;
    if (f->cap - f->n >= size) return true;
    while (cap - f->n < size) cap = cap ? cap * 2 : 4096;
    uint8_t *to = realloc(f->to, cap);
    if (!to) return false;
    f->to = to, f->cap = cap;
    return true;
}

static void put(file *f, const void *data, size_t size) {
    if (f->hash) {
        paso_sha256_add(f->hash, data, size);
    } else if (size && !f->no_memory) {
        f->no_memory = !make_room(f, size);
        if (f->no_memory) return;
        memcpy(f->to + f->n, data, size);
        f->n += size;
    }
}

static void put_word(file *f, int32_t word) {
    put(f, &word, sizeof word);
}

/* Text is padded with zeros so that words stay aligned. */
static void put_list(file *f, const void *items, size_t n, size_t size) {
    static const char zeros[4] = {0};
    put_word(f, (int32_t)n);
    put(f, items, n * size);
    put(f, zeros, (4 - n * size % 4) % 4);
}

static void put_program(file *f, const paso_program *p) {
    put(f, magic, sizeof magic);
    int32_t head[5] = {PASO_PROGRAM_VERSION, p->n_rows, p->start, p->now, p->end};
    put(f, head, sizeof head);
    put(f, p->block, sizeof p->block);
#define PUT(list) put_list(f, p->list.items, p->list.n, sizeof *p->list.items);
    PROGRAM_LISTS(PUT)
#undef PUT
}

static void put_schedule(file *f, const paso_schedule *s) {
    put_word(f, s->n_rows);
#define PUT(list) put_list(f, s->list.items, s->list.n, sizeof *s->list.items);
    SCHEDULE_LISTS(PUT)
#undef PUT
}

void paso_program_hash(const paso_program *program, char hex[65]) {
    paso_sha256 hash;
    file f = {.hash = &hash};
    paso_sha256_init(&hash);
    put_program(&f, program);
    paso_sha256_finish(&hash, hex);
}

static void get(file *f, void *data, size_t size) {
    if (f->failed || size == 0) return;
    f->failed = size > f->left;
    if (f->failed) return;
    memcpy(data, f->from, size);
    f->from += size;
    f->left -= size;
}

static int32_t get_word(file *f) {
    int32_t word = 0;
    get(f, &word, sizeof word);
    return word;
}

/* A length that the file cannot hold is refused before memory is asked for it. */
static void *get_list(file *f, size_t *n, size_t *cap, size_t size) {
    char pad[4];
    int32_t count = get_word(f);
    f->failed |= count < 0 || count > MAX_ITEMS || (size_t)count * size > f->left;
    if (f->failed) return NULL;
    void *items = calloc((size_t)count + 1, size);
    if (!items) {
        f->failed = f->no_memory = true;
        return NULL;
    }
    *n = *cap = (size_t)count;
    get(f, items, *n * size);
    get(f, pad, (4 - *n * size % 4) % 4);
    return items;
}

static void get_program(file *f, paso_program *p) {
    char start[8] = "";
    int32_t head[5] = {0};
    get(f, start, sizeof start);
    get(f, head, sizeof head);
    if (memcmp(start, magic, sizeof magic) != 0 || head[0] != PASO_PROGRAM_VERSION)
        f->failed = true;
    p->n_rows = head[1], p->start = head[2], p->now = head[3], p->end = head[4];
    get(f, p->block, sizeof p->block);
#define GET(list) p->list.items = get_list(f, &p->list.n, &p->list.cap, sizeof *p->list.items);
    PROGRAM_LISTS(GET)
#undef GET
}

static void get_schedule(file *f, paso_schedule *s) {
    s->n_rows = get_word(f);
#define GET(list) s->list.items = get_list(f, &s->list.n, &s->list.cap, sizeof *s->list.items);
    SCHEDULE_LISTS(GET)
#undef GET
}

static paso_status hand_out(file *f, uint8_t **bytes, size_t *size) {
    if (f->no_memory) {
        free(f->to);
        return PASO_ERR_MEMORY;
    }
    *bytes = f->to, *size = f->n;
    return PASO_OK;
}

paso_status paso_program_pack(const paso_program *program, const paso_schedule *schedule,
                              uint8_t **bytes, size_t *size) {
    file f = {0};
    put_program(&f, program);
    put_schedule(&f, schedule);
    return hand_out(&f, bytes, size);
}

paso_status paso_schedule_pack(const paso_schedule *schedule, uint8_t **bytes, size_t *size) {
    file f = {0};
    put_schedule(&f, schedule);
    return hand_out(&f, bytes, size);
}

static paso_status checked(const file *f, const paso_program *p, const paso_schedule *s) {
    char message[128];
    if (f->failed) return f->no_memory ? PASO_ERR_MEMORY : PASO_ERR_INPUT;
    return paso_program_check(p, s, message, sizeof message);
}

paso_status paso_schedule_unpack(const paso_program *program, const uint8_t *bytes, size_t size,
                                 paso_schedule **schedule) {
    file f = {.from = bytes, .left = size};
    paso_schedule *s = calloc(1, sizeof *s);
    *schedule = NULL;
    if (!s) return PASO_ERR_MEMORY;
    get_schedule(&f, s);
    paso_status status = checked(&f, program, s);
    if (status == PASO_OK)
        *schedule = s;
    else
        paso_schedule_free(s);
    return status;
}

paso_status paso_program_unpack(const uint8_t *bytes, size_t size, paso_program **program,
                                paso_schedule **schedule) {
    file f = {.from = bytes, .left = size};
    paso_program *p = calloc(1, sizeof *p);
    paso_schedule *s = calloc(1, sizeof *s);
    paso_status status = PASO_ERR_MEMORY;
    *program = NULL, *schedule = NULL;
    if (!p || !s) goto out;
    get_program(&f, p);
    get_schedule(&f, s);
    status = checked(&f, p, s);
    if (status) goto out;
    *program = p, *schedule = s;
    p = NULL, s = NULL;
out:
    paso_program_free(p);
    paso_schedule_free(s);
    return status;
}
