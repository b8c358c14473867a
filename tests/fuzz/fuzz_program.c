/* Saved programs: what the loader lets through the engine may run. */
#include "fuzz.h"
#include "program/program.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    paso_program *program;
    paso_schedule *schedule;
    fuzz_files_clear();
    fuzz_file_add("a.program", data, size);
    paso_status status = paso_program_load("a.program", &program, &schedule);
    fuzz_files_clear();
    FUZZ_MUST((status == PASO_OK) == (program != NULL && schedule != NULL));
    if (status == PASO_OK) fuzz_run(program, schedule);
    paso_program_free(program);
    paso_schedule_free(schedule);
    return 0;
}
