/* Saved states: the bytes as they are, and the same closed by the hash that they need, because a
 * changed state would go no further than that. What is read is gone on from for three days, as a
 * state of the corridor at FUZZ_CORRIDOR; faults are fine. */
#include <string.h>

#include "base/sha256.h"
#include "corridor/model.h"
#include "ensemble/state.h"
#include "fuzz.h"
#include "program/compile.h"

enum { HASH = PASO_SHA256_HEX - 1, DAYS = 3 };

static paso_model *model;
static paso_program *program;
static paso_schedule *schedule;

static void open_corridor(void) {
    const char *path = getenv("FUZZ_CORRIDOR");
    paso_diags diags;
    FUZZ_MUST(path != NULL && paso_diags_init(&diags) == 0);
    FUZZ_MUST(paso_model_read(path, &diags, &model) == PASO_OK);
    FUZZ_MUST(paso_program_compile(model, NULL, &program) == PASO_OK);
    FUZZ_MUST(paso_schedule_compile(model, program, NULL, 0, NULL, 0, &schedule) == PASO_OK);
    paso_diags_clear(&diags);
}

static paso_status drop(void *context, size_t policy, uint32_t member, size_t observable,
                        const double *value, size_t n) {
    (void)context, (void)policy, (void)member, (void)observable, (void)value, (void)n;
    return PASO_OK;
}

static void go_on(paso_state *state, paso_diags *diags) {
    static const size_t first = 0;
    const paso_program *programs[1] = {program};
    const paso_schedule *schedules[1] = {schedule};
    paso_ensemble_hooks hooks = {.sink = drop};
    paso_fault fault;
    uint64_t n_clipped;
    paso_plan plan = {.program = programs,
                      .schedule = schedules,
                      .n_policies = 1,
                      .seed = state->seed,
                      .first_member = state->first_member,
                      .n_members = state->n_members < 2 ? state->n_members : 2,
                      .from = state->day,
                      .until = state->day + DAYS,
                      .known_until = state->known_until,
                      .lanes = 2,
                      .threads = 1,
                      .quick = state->quick,
                      .start = state,
                      .start_policy = &first};
    if (paso_state_check(&plan, "fuzz", "a.state", diags) != PASO_OK) return;
    if (state->day < model->clock_start || state->day > model->clock_end - DAYS) return;
    paso_ensemble_run(&plan, &hooks, &fault, &n_clipped);
}

static void load(const uint8_t *data, size_t size) {
    paso_state *state = NULL;
    paso_diags diags;
    paso_diags_init(&diags);
    fuzz_files_clear();
    fuzz_file_add("a.state", data, size);
    paso_status status = paso_state_load("a.state", &diags, &state);
    fuzz_files_clear();
    FUZZ_MUST((status == PASO_OK) == (state != NULL) && (status == PASO_OK) == (diags.n == 0));
    if (state && state->n_policies > 0) go_on(state, &diags);
    paso_state_free(state);
    paso_diags_clear(&diags);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char hex[PASO_SHA256_HEX];
    paso_sha256 hash;
    uint8_t *closed = malloc(size + HASH);
    FUZZ_MUST(closed != NULL);
    if (!model) open_corridor();
    paso_sha256_init(&hash);
    if (size > 0) memcpy(closed, data, size);
    paso_sha256_add(&hash, data, size);
    paso_sha256_finish(&hash, hex);
    memcpy(closed + size, hex, HASH);
    load(data, size);
    load(closed, size + HASH);
    free(closed);
    return 0;
}
