/* What the page's engine does, natively: reads a site's data folder, runs members of a policy with
 * a lever moved at the opening of the first day, and prints a hash of all bits. page/wasm/live.mjs
 * does the same through the module; tests/test_wasm.py wants the same line from both.
 * Usage: live FOLDER POLICY FROM UNTIL KNOWN FIRST N [LEVER CELL DAY VALUE] */
#include <stdio.h>
#include <stdlib.h>
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

static paso_status run(paso_live *l, char **word, int n_words) {
    int32_t from = atoi(word[1]), until = atoi(word[2]), known = atoi(word[3]);
    uint32_t first = (uint32_t)atoi(word[4]), n = (uint32_t)atoi(word[5]);
    paso_status status = paso_live_begin(l, (uint32_t)atoi(word[0]));
    if (!status && n_words > 9)
        status = paso_live_step(l, (uint32_t)atoi(word[6]), (uint32_t)atoi(word[7]), atoi(word[8]),
                                atof(word[9]));
    if (!status) status = paso_live_plan(l, from, until, known);
    size_t width = paso_live_n_values(l);
    double *out = calloc(width * n + 1, sizeof *out);
    struct timespec a, b;
    clock_gettime(CLOCK_MONOTONIC, &a);
    if (!status && out) status = paso_live_run(l, 1, first, n, out);
    clock_gettime(CLOCK_MONOTONIC, &b);
    if (!status && out) printf("%zu values, hash %08x\n", width * n, hash_of(out, width * n));
    fprintf(stderr, "%.1f ms\n",
            (double)(b.tv_sec - a.tv_sec) * 1e3 + (double)(b.tv_nsec - a.tv_nsec) / 1e6);
    free(out);
    return out ? status : PASO_ERR_MEMORY;
}

int main(int argc, char **argv) {
    size_t n_program, n_state;
    if (argc < 8) return 2;
    uint8_t *program = read_whole(argv[1], "program.bin", &n_program);
    uint8_t *state = read_whole(argv[1], "state.bin", &n_state);
    paso_live *l = paso_live_open(program, n_program);
    paso_status status = l ? PASO_OK : PASO_ERR_INPUT;
    if (!status && n_state > 0) status = paso_live_states(l, state, n_state);
    if (!status) status = run(l, argv + 2, argc - 2);
    if (status) fprintf(stderr, "status %d\n", (int)status);
    paso_live_close(l);
    free(program);
    free(state);
    return status ? 1 : 0;
}
