/* The program file on disk: written to a temporary name, then renamed. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "program/program.h"

static bool write_and_rename(const char *temporary, const char *name, const uint8_t *bytes,
                             size_t size) {
    FILE *stream = fopen(temporary, "wb");
    if (!stream) return false;
    bool good = fwrite(bytes, 1, size, stream) == size;
    if (fclose(stream) != 0) good = false;
    if (good && rename(temporary, name) != 0) good = false;
    int cause = errno; /* what the caller may tell */
    if (!good) unlink(temporary);
    errno = cause;
    return good;
}

paso_status paso_program_save(const paso_program *program, const paso_schedule *schedule,
                              const char *name) {
    size_t room = strlen(name) + 32, size = 0;
    uint8_t *bytes = NULL;
    char *temporary = malloc(room);
    paso_status status = paso_program_pack(program, schedule, &bytes, &size);
    if (!temporary) status = PASO_ERR_MEMORY;
    if (status) goto out;
    snprintf(temporary, room, "%s.%ld.partial", name, (long)getpid());
    if (!write_and_rename(temporary, name, bytes, size)) status = PASO_ERR_IO;
out:;
    int cause = errno;
    free(bytes);
    free(temporary);
    errno = cause;
    return status;
}

/* The whole file; PASO_ERR_IO where it cannot be read to its end. */
static paso_status read_whole(const char *name, uint8_t **bytes, size_t *size) {
    FILE *stream = fopen(name, "rb");
    long end = stream && fseek(stream, 0, SEEK_END) == 0 ? ftell(stream) : -1;
    paso_status status = end < 0 || fseek(stream, 0, SEEK_SET) != 0 ? PASO_ERR_IO : PASO_OK;
    if (status) goto out;
    *size = (size_t)end;
    *bytes = malloc(*size + 1);
    if (!*bytes)
        status = PASO_ERR_MEMORY;
    else if (fread(*bytes, 1, *size, stream) != *size)
        status = PASO_ERR_IO;
out:
    if (stream) fclose(stream);
    return status;
}

paso_status paso_program_load(const char *name, paso_program **program, paso_schedule **schedule) {
    uint8_t *bytes = NULL;
    size_t size = 0;
    *program = NULL, *schedule = NULL;
    paso_status status = read_whole(name, &bytes, &size);
    if (!status) status = paso_program_unpack(bytes, size, program, schedule);
    free(bytes);
    return status;
}
