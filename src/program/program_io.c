/* The program file on disk: written to a temporary name, then renamed. */
#include <stdlib.h>
#include <string.h>

#include "base/target.h"
#include "program/program.h"

paso_status paso_program_save(const paso_program *program, const paso_schedule *schedule,
                              const char *name, bool force, paso_diags *diags) {
    size_t size = 0;
    uint8_t *bytes = NULL;
    paso_target target;
    paso_status status = paso_program_pack(program, schedule, &bytes, &size);
    if (status) return status;
    status = paso_target_open(&target, name, force);
    if (!status) fwrite(bytes, 1, size, target.file);
    status = paso_target_end(&target, status);
    free(bytes);
    if (target.why[0])
        paso_error(diags, "program", (paso_mark){.file = name}, "", NULL, "%s", target.why);
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
