/* Time of the engine alone on a saved program: no reading of YAML, no summaries, no store, one
 * thread. Beside bench/yardstick.c, on the same corridor, it gives the price of generality. */
#include "engine/engine.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static long option(int argc, char **argv, const char *name, long otherwise) {
    for (int i = 2; i + 1 < argc; i++)
        if (strcmp(argv[i], name) == 0) return strtol(argv[i + 1], NULL, 10);
    return otherwise;
}

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Members first ... first + lanes - 1 over the whole clock; adds up every observable of every day,
 * as a run would. */
static paso_status run_block(paso_engine *engine, const paso_program *program, uint32_t *member,
                             size_t lanes, size_t first, double *sum) {
    paso_status status;
    for (size_t i = 0; i < lanes; i++) member[i] = (uint32_t)(first + i);
    status = paso_engine_start(engine, 1, member, program->start, program->now);
    for (int32_t day = program->start; day < program->end && !status; day++) {
        status = paso_engine_day(engine);
        for (size_t o = 0; o < program->observable.n && !status; o++) {
            const double *v = paso_engine_observe(engine, o);
            size_t n = (size_t)program->observable.items[o].n * lanes;
            for (size_t i = 0; i < n; i++) *sum += v[i];
        }
    }
    return status;
}

int main(int argc, char **argv) {
    paso_program *program = NULL;
    paso_schedule *schedule = NULL;
    paso_engine *engine = NULL;
    const size_t n_members = (size_t)option(argc, argv, "--members", 256);
    const size_t lanes = (size_t)option(argc, argv, "--lanes", 64);
    uint32_t *member = calloc(lanes, sizeof *member);
    double started, sum = 0.0;
    paso_status status = PASO_ERR_USAGE;
    if (argc < 2 || lanes == 0 || n_members % lanes != 0 || !member) {
        fputs("usage: engine PROGRAM [--members N] [--lanes L], L a divisor of N\n", stderr);
        goto out;
    }
    status = paso_program_load(argv[1], &program, &schedule);
    if (status) goto out;
    status = PASO_ERR_MEMORY;
    engine = paso_engine_create(program, schedule, lanes);
    if (!engine) goto out;
    started = seconds();
    status = PASO_OK;
    for (size_t first = 0; first < n_members && !status; first += lanes)
        status = run_block(engine, program, member, lanes, first, &sum);
    printf("%.6f ms per member\n", 1e3 * (seconds() - started) / (double)n_members);
    printf("sum of observables %a\n", sum);
out:
    if (status) fprintf(stderr, "failed: %d\n", (int)status);
    paso_engine_free(engine);
    paso_schedule_free(schedule);
    paso_program_free(program);
    free(member);
    return status ? EXIT_FAILURE : EXIT_SUCCESS;
}
