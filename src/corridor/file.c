/* Reading a file whole, with the limits that protect every reader behind it.
 * The limit is applied while reading, so that an endless device cannot fill the memory. */
#include "corridor/file.h"

#include <errno.h>
#include <string.h>

#include "base/utf8.h"

static const char too_long[] = "expected at most 16 MiB, found more";

static paso_status fail_io(paso_diags *diags, const char *file, const char *what) {
    paso_mark mark = {.file = file};
    const char *why = errno == 0 ? "unknown reason" : strerror(errno);
    paso_error(diags, "file-open", mark, "", NULL, "cannot be %s: %s", what, why);
    return PASO_ERR_IO;
}

/* Reads in steps into doubling blocks of the arena: the size of a pipe is not known beforehand. */
static paso_status read_all(paso_arena *arena, FILE *in, char **text, size_t *length) {
    size_t cap = 64 * 1024, n = 0;
    char *bytes = paso_arena_alloc(arena, cap + 1, 1);
    while (bytes != NULL) {
        n += fread(bytes + n, 1, cap - n, in);
        if (n < cap || n > PASO_FILE_LIMIT) break;
        char *grown = paso_arena_alloc(arena, 2 * cap + 1, 1);
        if (grown != NULL) memcpy(grown, bytes, n);
        bytes = grown;
        cap *= 2;
    }
    if (bytes == NULL) return PASO_ERR_MEMORY;
    *text = bytes;
    *length = n;
    return PASO_OK;
}

paso_status paso_file_read(paso_arena *arena, paso_diags *diags, const char *file, char **text,
                           size_t *length) {
    paso_mark mark = {.file = file};
    errno = 0;
    FILE *in = fopen(file, "rb");
    if (in == NULL) return fail_io(diags, file, "opened");
    paso_status status = read_all(arena, in, text, length);
    if (status == PASO_OK && ferror(in)) status = fail_io(diags, file, "read");
    fclose(in);
    if (status != PASO_OK) return status;
    if (*length > PASO_FILE_LIMIT) return paso_error(diags, "file-size", mark, "", NULL, too_long);
    if (*length >= 3 && memcmp(*text, "\xEF\xBB\xBF", 3) == 0) {
        *text += 3;
        *length -= 3;
    }
    return PASO_OK;
}

static paso_mark place(const char *file, const char *text, size_t offset) {
    paso_mark mark = {.file = file, .line = 1, .length = 1};
    size_t start = 0;
    for (size_t i = 0; i < offset; i++) {
        if (text[i] != '\n') continue;
        mark.line++;
        start = i + 1;
    }
    mark.column = (int)paso_utf8_count(text + start, offset - start) + 1;
    return mark;
}

paso_status paso_text_check(paso_diags *diags, const char *file, const char *text, size_t length) {
    paso_mark mark = {.file = file};
    if (length > PASO_FILE_LIMIT) return paso_error(diags, "file-size", mark, "", NULL, too_long);
    size_t end = paso_utf8_valid(text, length);
    if (end < length)
        return paso_error(diags, "file-utf8", place(file, text, end), "", "save the file as UTF-8",
                          "expected UTF-8 text, found byte 0x%02X", (unsigned char)text[end]);
    const char *zero = length == 0 ? NULL : memchr(text, 0, length);
    if (zero != NULL)
        return paso_error(diags, "file-utf8", place(file, text, (size_t)(zero - text)), "", NULL,
                          "expected text, found a zero byte");
    return PASO_OK;
}
