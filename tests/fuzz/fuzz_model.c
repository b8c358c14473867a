/* A whole corridor: several files in one input, each after a line "=== NAME", the first of them
 * corridor.yml. What is read without mistakes must also compile into a sound program for each
 * policy, and run. */
#include <string.h>

#include "fuzz.h"
#include "program/compile.h"

static const uint8_t *find_head(const uint8_t *from, const uint8_t *end) {
    while (from + 4 < end) {
        from = memchr(from, '=', (size_t)(end - from) - 4);
        if (!from) return end;
        if (memcmp(from, "=== ", 4) == 0) return from;
        from++;
    }
    return end;
}

static void add_files(const uint8_t *data, size_t size) {
    const uint8_t *end = data + size, *at = find_head(data, end);
    fuzz_file_add("corridor.yml", data, (size_t)(at - data));
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
    add_files(data, size);
    paso_status status = paso_model_read("corridor.yml", &diags, &model);
    FUZZ_MUST((status == PASO_OK) == (model != NULL));
    FUZZ_MUST((status == PASO_OK) == (diags.n_errors == 0));
    if (model) run_model(model);
    paso_model_free(model);
    paso_diags_clear(&diags);
    fuzz_files_clear();
    return 0;
}
