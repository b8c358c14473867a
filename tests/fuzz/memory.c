/* Files of fuzz targets in memory: a target that writes its input to a disk first tests the disk.
 * Linked with --wrap=fopen,stat,access,realpath; what SQLite opens stands in database.c. */
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"

enum { MAX_FILES = 16 };

static struct {
    char name[64];
    const uint8_t *data;
    size_t size;
} files[MAX_FILES];
static size_t n_files, n_asked;

FILE *__wrap_fopen(const char *name, const char *mode);
int __wrap_stat(const char *name, struct stat *about);
char *__wrap_realpath(const char *name, char *result);
FILE *__real_fopen(const char *name, const char *mode);
int __real_stat(const char *name, struct stat *about);
int __wrap_access(const char *name, int how);
int __real_access(const char *name, int how);
char *__real_realpath(const char *name, char *result);

void fuzz_files_clear(void) {
    n_files = 0;
}

void fuzz_file_add(const char *name, const uint8_t *data, size_t size) {
    if (n_files == MAX_FILES) return;
    snprintf(files[n_files].name, sizeof files[0].name, "%s", name);
    files[n_files].data = data;
    files[n_files++].size = size;
}

size_t fuzz_files_asked(void) {
    return n_asked;
}

static const uint8_t *find_head(const uint8_t *from, const uint8_t *end) {
    while (from + 4 < end) {
        from = memchr(from, '=', (size_t)(end - from) - 4);
        if (!from) return end;
        if (memcmp(from, "=== ", 4) == 0) return from;
        from++;
    }
    return end;
}

void fuzz_files_split(const char *first, const uint8_t *data, size_t size) {
    const uint8_t *end = data + size, *at = find_head(data, end);
    fuzz_file_add(first, data, (size_t)(at - data));
    while (at < end) {
        char name[64] = "";
        size_t n = 0;
        for (at += 4; at < end && *at != '\n'; at++) {
            if (n < sizeof name - 1) name[n++] = (char)*at;
        }
        const uint8_t *body = at < end ? at + 1 : end;
        at = find_head(body, end);
        fuzz_file_add(name, body, (size_t)(at - body));
    }
}

static int find(const char *name) {
    n_asked++;
    for (size_t i = 0; i < n_files; i++) {
        if (strcmp(files[i].name, name) == 0) return (int)i;
    }
    errno = ENOENT;
    return -1;
}

const uint8_t *fuzz_file_find(const char *name, size_t *size) {
    int i = n_files == 0 ? -1 : find(name);
    if (i >= 0) *size = files[i].size;
    return i < 0 ? NULL : files[i].data;
}

/* Without files in memory, or to write, it is the program around the target that opens one. */
FILE *__wrap_fopen(const char *name, const char *mode) {
    if (strncmp(name, FUZZ_NOWHERE, sizeof FUZZ_NOWHERE - 1) == 0) name = "/dev/null";
    if (n_files == 0 || mode[0] != 'r') return __real_fopen(name, mode);
    int i = find(name);
    if (i < 0) return NULL;
    return fmemopen((void *)(uintptr_t)files[i].data, files[i].size, "rb");
}

int __wrap_stat(const char *name, struct stat *about) {
    if (n_files == 0) return __real_stat(name, about);
    memset(about, 0, sizeof *about);
    about->st_mode = S_IFREG;
    return find(name) < 0 ? -1 : 0;
}

char *__wrap_realpath(const char *name, char *result) {
    if (n_files == 0) return __real_realpath(name, result);
    return find(name) < 0 ? NULL : strdup(name);
}

int __wrap_access(const char *name, int how) {
    if (n_files == 0) return __real_access(name, how);
    return find(name) < 0 ? -1 : 0;
}

/* libfyaml 0.7 itself loses a buffer where a long quoted text does not end. */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) {
    return "leak:libfyaml";
}
