/* A whole corridor: several files in one input, each after a line "=== NAME", the first of them
 * corridor.yml. What is read without mistakes must also compile into a sound program for each
 * policy, and run. */
#include "fuzz.h"
#include "program/compile.h"

static void run_policy(const paso_model *model, const paso_program *program, int policy) {
    paso_schedule *schedule;
    paso_status status =
        paso_schedule_compile(model, program, &policy, policy < 0 ? 0 : 1, NULL, 0, &schedule);
    FUZZ_MUST(status == PASO_OK || status == PASO_ERR_INPUT);
    if (status != PASO_OK) return;
    fuzz_run(program, schedule);
    paso_schedule_free(schedule);
}

static void run_model(const paso_model *model) {
    paso_program *program;
    paso_status status = paso_program_compile(model, NULL, &program);
    FUZZ_MUST(status == PASO_OK || status == PASO_ERR_INPUT); /* more rows than there may be */
    if (status != PASO_OK) return;
    run_policy(model, program, -1);
    for (int i = 0; i < model->n_policies && i < 4; i++) run_policy(model, program, i);
    paso_program_free(program);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    paso_diags diags;
    paso_model *model;
    paso_diags_init(&diags);
    fuzz_files_clear();
    fuzz_files_split("corridor.yml", data, size);
    paso_status status = paso_model_read("corridor.yml", &diags, &model);
    FUZZ_MUST((status == PASO_OK) == (model != NULL));
    FUZZ_MUST((status == PASO_OK) == (diags.n_errors == 0));
    if (model) run_model(model);
    paso_model_free(model);
    paso_diags_clear(&diags);
    fuzz_files_clear();
    return 0;
}
