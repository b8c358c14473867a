/* Three days of the engine for targets that end in a program. */
#include "engine/engine.h"
#include "fuzz.h"

enum { LANES = 2, DAYS = 3, MOST_ROWS = 4096, MOST_WORK = 1 << 18 };

/* What is sound but large would only slow the search. */
static int is_small(const paso_program *program, const paso_schedule *schedule) {
    int64_t work = 0;
    for (size_t i = 0; i < program->op.n; i++) work += program->op.items[i].n;
    for (size_t i = 0; i < schedule->op.n; i++) work += schedule->op.items[i].n;
    return program->n_rows <= MOST_ROWS && schedule->n_rows <= MOST_ROWS && work <= MOST_WORK;
}

static void look(paso_engine *engine, const paso_program *program) {
    for (size_t o = 0; o < program->observable.n; o++) {
        const double *value = paso_engine_observe(engine, o);
        for (int32_t i = 0; i < program->observable.items[o].n * LANES; i++) {
            volatile double seen = value[i];
            (void)seen;
        }
    }
}

static void run(paso_engine *engine, const paso_program *program) {
    static const uint32_t member[LANES] = {0, 7};
    paso_status status = paso_engine_start(engine, 1, member, program->start, program->now);
    for (int day = 0; day < DAYS && status == PASO_OK; day++) {
        status = paso_engine_day(engine);
        if (status == PASO_OK) look(engine, program);
    }
    FUZZ_MUST(status == PASO_OK || status == PASO_ERR_MODEL);
    if (status == PASO_OK) return;
    FUZZ_MUST(paso_engine_fault(engine)->kind != PASO_FAULT_NONE);
    FUZZ_MUST(paso_program_name(program, paso_engine_fault(engine)->name) != NULL);
}

void fuzz_run(const paso_program *program, const paso_schedule *schedule) {
    char message[128];
    FUZZ_MUST(paso_program_check(program, schedule, message, sizeof message) == PASO_OK);
    if (!is_small(program, schedule)) return;
    paso_engine *engine = paso_engine_create(program, schedule, LANES);
    if (!engine) return;
    run(engine, program);
    paso_engine_quick(engine, true);
    run(engine, program);
    paso_engine_free(engine);
}
