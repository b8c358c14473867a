/* The program file: lists of 32-bit words and doubles, little-endian (docs/program.md). Reading one
 * checks it whole, because the engine trusts every index in it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

/* Bytes go to a stream, or only through a hash. */
typedef struct file {
    FILE *stream;
    size_t left; /* bytes not read yet */
    bool failed, no_memory;
    paso_sha256 *hash;
} file;

static void put(file *f, const void *data, size_t size) {
    if (f->hash)
        paso_sha256_add(f->hash, data, size);
    else if (size && fwrite(data, 1, size, f->stream) != size)
        f->failed = true;
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

paso_status paso_program_save(const paso_program *program, const paso_schedule *schedule,
                              const char *name) {
    size_t size = strlen(name) + 32;
    char *temporary = malloc(size);
    file f = {0};
    if (!temporary) return PASO_ERR_MEMORY;
    snprintf(temporary, size, "%s.%ld.partial", name, (long)getpid());
    f.stream = fopen(temporary, "wb");
    if (f.stream) {
        put_program(&f, program);
        put_schedule(&f, schedule);
        if (fclose(f.stream) != 0) f.failed = true;
        if (!f.failed && rename(temporary, name) != 0) f.failed = true;
    }
    int cause = errno; /* what the caller may tell */
    if (f.stream && f.failed) unlink(temporary);
    paso_status status = f.stream && !f.failed ? PASO_OK : PASO_ERR_IO;
    free(temporary);
    errno = cause;
    return status;
}

static void open_file(file *f, const char *name) {
    f->stream = fopen(name, "rb");
    long size = f->stream && fseek(f->stream, 0, SEEK_END) == 0 ? ftell(f->stream) : -1;
    f->failed = size < 0 || fseek(f->stream, 0, SEEK_SET) != 0;
    f->left = f->failed ? 0 : (size_t)size;
}

static void get(file *f, void *data, size_t size) {
    if (f->failed || size == 0) return;
    f->failed = size > f->left || fread(data, 1, size, f->stream) != size;
    f->left -= f->failed ? 0 : size;
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

paso_status paso_program_load(const char *name, paso_program **program, paso_schedule **schedule) {
    file f = {0};
    open_file(&f, name);
    paso_program *p = calloc(1, sizeof *p);
    paso_schedule *s = calloc(1, sizeof *s);
    paso_status status = f.failed ? PASO_ERR_IO : PASO_OK;
    char message[128];
    *program = NULL, *schedule = NULL;
    if (!p || !s) status = PASO_ERR_MEMORY;
    if (status) goto out;
    get_program(&f, p);
    get_schedule(&f, s);
    if (f.failed)
        status = f.no_memory ? PASO_ERR_MEMORY : PASO_ERR_INPUT;
    else
        status = paso_program_check(p, s, message, sizeof message);
    if (status) goto out;
    *program = p, *schedule = s;
    p = NULL, s = NULL;
out:
    if (f.stream) fclose(f.stream);
    paso_program_free(p);
    paso_schedule_free(s);
    return status;
}
