/* States as files: little-endian, versioned, and closed by the SHA-256 of all before it, so that a
 * file that was cut or changed is never gone on from. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"
#include "base/target.h"
#include "ensemble/state.h"

/* Numbers go to the file as they stand in memory. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the state file is little-endian");

enum { MAX_NAME = 4096, MAX_POLICIES = 4096, HASH = PASO_SHA256_HEX - 1 };

static const char magic[8] = {'P', 'A', 'S', 'O', 'S', 'T', 'A', 'T'};

typedef struct stream {
    FILE *file;
    bool failed;
    uint64_t left; /* bytes still to be read: no size in the file is believed beyond it */
    paso_sha256 hash;
} stream;

static paso_status fail(paso_diags *diags, paso_status status, const char *file,
                        const char *message) {
    if (status == PASO_ERR_MEMORY) return status;
    paso_error(diags, "state", (paso_mark){.file = file}, "", NULL, "%s", message);
    return status;
}

/* ---- writing ---- */

static void put(stream *s, const void *data, size_t size) {
    paso_sha256_add(&s->hash, data, size);
    if (!s->failed && size && fwrite(data, 1, size, s->file) != size) s->failed = true;
}

static void put_number(stream *s, uint64_t number) {
    put(s, &number, sizeof number);
}

static void put_text(stream *s, const char *text) {
    put_number(s, strlen(text));
    put(s, text, strlen(text));
}

static void put_state(stream *s, const paso_state *state) {
    char hex[PASO_SHA256_HEX];
    put(s, magic, sizeof magic);
    put_number(s, PASO_STATE_VERSION);
    put_text(s, state->corridor);
    put_number(s, state->seed);
    put_number(s, (uint64_t)(int64_t)state->day);
    put_number(s, (uint64_t)(int64_t)state->known_until);
    put_number(s, state->quick);
    put_number(s, state->first_member);
    put_number(s, state->n_members);
    put_number(s, state->n_policies);
    for (size_t p = 0; p < state->n_policies; p++) {
        const paso_state_policy *policy = &state->policy[p];
        put_text(s, policy->name);
        put(s, policy->hash, HASH);
        put_number(s, policy->n_values);
        put(s, policy->value, policy->n_values * state->n_members * sizeof *policy->value);
    }
    paso_sha256_finish(&s->hash, hex);
    if (!s->failed && fwrite(hex, 1, HASH, s->file) != HASH) s->failed = true;
}

paso_status paso_state_save(const paso_state *state, const char *file, bool force,
                            paso_diags *diags) {
    paso_target target;
    paso_status status = paso_target_open(&target, file, force);
    if (status == PASO_OK) {
        stream s = {.file = target.file};
        paso_sha256_init(&s.hash);
        put_state(&s, state);
    }
    status = paso_target_end(&target, status);
    return status == PASO_OK ? status : fail(diags, status, file, target.why);
}

/* ---- reading ---- */

static bool get(stream *s, void *data, size_t size) {
    if (s->failed || size > s->left || (size && fread(data, 1, size, s->file) != size)) {
        s->failed = true;
        return false;
    }
    s->left -= size;
    paso_sha256_add(&s->hash, data, size);
    return true;
}

static uint64_t get_number(stream *s) {
    uint64_t number = 0;
    get(s, &number, sizeof number);
    return number;
}

/* A number of `most` at the most; a larger one fails the whole file. */
static uint64_t get_count(stream *s, uint64_t most) {
    uint64_t number = get_number(s);
    if (number <= most) return number;
    s->failed = true;
    return 0;
}

static int32_t get_day(stream *s) {
    int64_t day = (int64_t)get_number(s);
    if (day < INT32_MIN || day > INT32_MAX) s->failed = true;
    return s->failed ? 0 : (int32_t)day;
}

/* NULL only without memory. */
static char *get_text(stream *s) {
    size_t n = get_count(s, MAX_NAME);
    char *text = calloc(n + 1, 1);
    if (!text) return NULL;
    get(s, text, n);
    return text;
}

static paso_status get_policy(stream *s, paso_state_policy *policy, uint32_t n_members) {
    policy->name = get_text(s);
    if (!policy->name) return PASO_ERR_MEMORY;
    get(s, policy->hash, HASH);
    policy->n_values = get_count(s, s->left / (sizeof(double) * n_members));
    if (s->failed) return PASO_ERR_INPUT;
    size_t size = policy->n_values * n_members * sizeof(double);
    policy->value = malloc(size + 1);
    if (!policy->value) return PASO_ERR_MEMORY;
    return get(s, policy->value, size) ? PASO_OK : PASO_ERR_INPUT;
}

static paso_status get_state(stream *s, paso_state *state) {
    char found[HASH + 1] = "", expected[PASO_SHA256_HEX];
    paso_status status = PASO_OK;
    state->corridor = get_text(s);
    if (!state->corridor) return PASO_ERR_MEMORY;
    state->seed = get_number(s);
    state->day = get_day(s);
    state->known_until = get_day(s);
    state->quick = get_count(s, 1) == 1;
    state->first_member = (uint32_t)get_count(s, UINT32_MAX);
    state->n_members = (uint32_t)get_count(s, UINT32_MAX);
    state->n_policies = get_count(s, MAX_POLICIES);
    if (s->failed || state->n_members == 0) return PASO_ERR_INPUT;
    state->policy = calloc(state->n_policies + 1, sizeof *state->policy);
    if (!state->policy) return PASO_ERR_MEMORY;
    for (size_t p = 0; p < state->n_policies && status == PASO_OK; p++) {
        status = get_policy(s, &state->policy[p], state->n_members);
    }
    if (status != PASO_OK) return status;
    paso_sha256_finish(&s->hash, expected);
    bool same = s->left == HASH && get(s, found, HASH) && memcmp(found, expected, HASH) == 0;
    return same ? PASO_OK : PASO_ERR_INPUT;
}

/* The bytes of the file; a folder or a pipe has none. */
static uint64_t size_of(FILE *file) {
    long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    if (fseek(file, 0, SEEK_SET) != 0 || size < 0) return 0;
    return (uint64_t)size;
}

static paso_status get_head(stream *s, const char *file, paso_diags *diags) {
    char start[sizeof magic] = "";
    char message[96];
    get(s, start, sizeof start);
    if (s->failed || memcmp(start, magic, sizeof magic) != 0) {
        return fail(diags, PASO_ERR_INPUT, file, "expected a state of Paso, found another file");
    }
    uint64_t version = get_number(s);
    if (version == PASO_STATE_VERSION) return PASO_OK;
    snprintf(message, sizeof message, "expected a state of format %d, found %llu",
             PASO_STATE_VERSION, (unsigned long long)version);
    return fail(diags, PASO_ERR_INPUT, file, message);
}

paso_status paso_state_load(const char *file, paso_diags *diags, paso_state **state) {
    stream s = {.file = fopen(file, "rb")};
    if (!s.file) {
        char why[160];
        snprintf(why, sizeof why, "cannot be read: %s", strerror(errno));
        return fail(diags, PASO_ERR_IO, file, why);
    }
    s.left = size_of(s.file);
    paso_sha256_init(&s.hash);
    paso_state *loaded = calloc(1, sizeof *loaded);
    paso_status status = loaded ? get_head(&s, file, diags) : PASO_ERR_MEMORY;
    if (status == PASO_OK) {
        status = get_state(&s, loaded);
        if (status == PASO_ERR_INPUT) fail(diags, status, file, "the state is cut or was changed");
    }
    if (status == PASO_OK) {
        *state = loaded;
        loaded = NULL;
    }
    paso_state_free(loaded);
    fclose(s.file);
    return status;
}
