/* What the page's engine does, natively: reads a site's data folder, runs members of a policy, or
 * of it with a lever moved at the opening of a day, and prints a hash of all bits; of several
 * levers one after the other. page/wasm/live.mjs does the same through the module;
 * tests/test_wasm.py wants the same lines from both. With --kept a run makes use of the one before,
 * which changes no line either: see paso_live_keep.
 * Usage: live [--kept BYTES] FOLDER POLICY FROM UNTIL KNOWN FIRST N [LEVER CELL DAY VALUE]... */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "live/live.h"

static uint8_t *read_whole(const char *folder, const char *name, size_t *size) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = malloc(1 << 28);
    *size = file && bytes ? fread(bytes, 1, 1 << 28, file) : 0;
    if (file) fclose(file);
    return bytes;
}

static unsigned hash_of(const double *value, size_t n) {
    unsigned hash = 2166136261U;
    const unsigned char *byte = (const unsigned char *)value;
    for (size_t i = 0; i < n * sizeof *value; i++) hash = (hash ^ byte[i]) * 16777619U;
    return hash;
}

static paso_status timed(paso_live *l, uint32_t first, uint32_t n, bool say) {
    size_t width = paso_live_n_values(l);
    double *out = calloc(width * n + 1, sizeof *out);
    struct timespec a, b;
    clock_gettime(CLOCK_MONOTONIC, &a);
    paso_status status = out ? paso_live_run(l, 1, first, n, out) : PASO_ERR_MEMORY;
    clock_gettime(CLOCK_MONOTONIC, &b);
    if (!status && say) printf("%zu values, hash %08x\n", width * n, hash_of(out, width * n));
    fprintf(stderr, "%.1f ms\n",
            (double)(b.tv_sec - a.tv_sec) * 1e3 + (double)(b.tv_nsec - a.tv_nsec) / 1e6);
    free(out);
    return status;
}

/* `step`: LEVER CELL DAY VALUE, or NULL. */
static paso_status run(paso_live *l, char **word, char **step, bool say) {
    int32_t from = atoi(word[1]), until = atoi(word[2]), known = atoi(word[3]);
    paso_status status = paso_live_begin(l, (uint32_t)atoi(word[0]));
    if (!status && step)
        status = paso_live_step(l, (uint32_t)atoi(step[0]), (uint32_t)atoi(step[1]), atoi(step[2]),
                                atof(step[3]));
    if (!status) status = paso_live_plan(l, from, until, known);
    if (status) return status;
    return timed(l, (uint32_t)atoi(word[4]), (uint32_t)atoi(word[5]), say);
}

static paso_status run_all(paso_live *l, char **word, int n_steps, bool kept) {
    paso_status status = PASO_OK;
    if (kept || n_steps == 0) status = run(l, word, NULL, n_steps == 0);
    for (int i = 0; i < n_steps && !status; i++) status = run(l, word, word + 6 + 4 * i, true);
    return status;
}

int main(int argc, char **argv) {
    size_t n_program, n_state;
    size_t kept = 0;
    if (argc > 2 && strcmp(argv[1], "--kept") == 0) {
        kept = (size_t)atoll(argv[2]);
        argv += 2, argc -= 2;
    }
    if (argc < 8 || argc % 4 != 0) return 2;
    uint8_t *program = read_whole(argv[1], "program.bin", &n_program);
    uint8_t *state = read_whole(argv[1], "state.bin", &n_state);
    paso_live *l = paso_live_open(program, n_program);
    paso_status status = l ? PASO_OK : PASO_ERR_INPUT;
    if (!status && n_state > 0) status = paso_live_states(l, state, n_state);
    if (!status) paso_live_keep(l, kept);
    if (!status) status = run_all(l, argv + 2, (argc - 8) / 4, kept > 0);
    if (status) fprintf(stderr, "status %d\n", (int)status);
    paso_live_close(l);
    free(program);
    free(state);
    return status ? 1 : 0;
}
